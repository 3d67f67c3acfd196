//! Softmax over the features of each sample.

use super::elementwise::put;
use crate::algebra::{Expression, Function, Operand, Reduction, grad, input, output};
use crate::autodiff::{BackwardArgs, Op, Probabilities, Rule};
use crate::tensor::{Kernel, Matrix, Real, Shape, ShapeError, shape, vectorized};

/// Aᵢ = e^Zᵢ / Σⱼ e^Zⱼ over the features of each sample, `[N, C]` → `[N, C]`.
///
/// dZᵢ = Aᵢ·(dAᵢ − Σⱼ dAⱼ Aⱼ). The largest Z of a sample is subtracted first, so nothing
/// overflows. No kinks. Bridle 1990; Goodfellow et al. 2016, section 6.2.2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Softmax;

impl<T: Real> Op<T> for Softmax {
    fn name(&self) -> &'static str {
        "Softmax"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Softmax", inputs, 1)?;
        shape::elementwise("Softmax", inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (features, z) = (output.nrows(), inputs[0].as_slice());
        if features > 0 {
            vectorized(z.len(), Forward { a: output.as_mut_slice(), z, features });
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        share::<T, true>(args, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        share::<T, false>(args, grad_input);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let mean = (grad() * output()).over_kept(Reduction::Sum, 1);
        Rule::of_one(softmax_of(input(0)), output() * (grad() - mean))
    }

    fn probabilities(&self) -> Option<Probabilities> {
        Some(Probabilities::Softmax)
    }
}

/// Softmax over the last size of values of any rank, and its logarithm.
///
/// Softmax as above. Of log-softmax Aᵢ = Zᵢ − ln Σⱼ e^Zⱼ (computed with the largest subtracted first), and
/// dZᵢ = dAᵢ − e^Aᵢ Σⱼ dAⱼ. No kinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoftmaxOver {
    size: usize,
    is_log: bool,
}

impl SoftmaxOver {
    /// Softmax of values of this shape.
    pub fn new(x: &Shape) -> Self {
        Self { size: x.dims().last().copied().unwrap_or(1), is_log: false }
    }

    /// Its logarithm.
    pub fn log(x: &Shape) -> Self {
        Self { is_log: true, ..Self::new(x) }
    }
}

impl<T: Real> Op<T> for SoftmaxOver {
    fn name(&self) -> &'static str {
        if self.is_log { "LogSoftmax" } else { "Softmax" }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        let name = <Self as Op<T>>::name(self);
        shape::arity(name, inputs, 1)?;
        shape::elementwise(name, inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (size, z) = (self.size.max(1), inputs[0].as_slice());
        if !self.is_log {
            return vectorized(z.len(), Forward { a: output.as_mut_slice(), z, features: size });
        }
        for (a, z) in output.as_mut_slice().chunks_exact_mut(size).zip(z.chunks_exact(size)) {
            let largest = largest(z);
            let total = z.iter().fold(T::zero(), |sum, &z| sum + (z - largest).exp_of());
            let all = total.ln();
            for (a, &z) in a.iter_mut().zip(z) {
                *a = (z - largest) - all;
            }
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let size = self.size.max(1);
        if !self.is_log {
            return share_of::<T, true>(args, grad_input, size);
        }
        let grads = args.grad_output.as_slice().chunks_exact(size);
        let values = args.output.as_slice().chunks_exact(size);
        for ((dz, a), da) in grad_input.as_mut_slice().chunks_exact_mut(size).zip(values).zip(grads) {
            let total = da.iter().fold(T::zero(), |sum, &da| sum + da);
            for ((dz, &a), &da) in dz.iter_mut().zip(a).zip(da) {
                *dz += da - a.exp_of() * total;
            }
        }
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let rank = |shape: &&Shape| shape.dims().len() + usize::from(shape.is_batched());
        let axis = inputs.first().map_or(1, rank).saturating_sub(1);
        if self.is_log {
            let all = input(0).over_kept(Reduction::LogSumExp, axis);
            let total = grad().over_kept(Reduction::Sum, axis);
            return Rule::of_one(input(0) - all, grad() - output().apply(Function::Exp) * total);
        }
        let mean = (grad() * output()).over_kept(Reduction::Sum, axis);
        Rule::of_one(softmax_over(input(0), axis), output() * (grad() - mean))
    }
}

/// softmax(Z) = e^Z / Σⱼ e^Z over the features, with the largest subtracted first.
pub(super) fn softmax_of(z: Expression<Operand>) -> Expression<Operand> {
    softmax_over(z, 1)
}

fn softmax_over(z: Expression<Operand>, axis: usize) -> Expression<Operand> {
    let largest = z.clone().over_kept(Reduction::Max, axis);
    let odds = (z.clone() - largest).apply(Function::Exp);
    (odds.clone() / odds.over_kept(Reduction::Sum, axis)).named("softmax", vec![z])
}

struct Forward<'a, T> {
    a: &'a mut [T],
    z: &'a [T],
    features: usize,
}

impl<T: Real> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let samples = self.z.chunks_exact(self.features);
        for (a, z) in self.a.chunks_exact_mut(self.features).zip(samples) {
            let largest = largest(z);
            for (a, &z) in a.iter_mut().zip(z) {
                *a = (z - largest).exp_of();
            }
            let total = a.iter().fold(T::zero(), |sum, &a| sum + a);
            let scale = T::one() / total;
            for a in a {
                *a *= scale;
            }
        }
    }
}

fn share<T: Real, const ADD: bool>(args: &BackwardArgs<'_, T>, grad_input: &mut Matrix<T>) {
    share_of::<T, ADD>(args, grad_input, grad_input.nrows());
}

fn share_of<T: Real, const ADD: bool>(
    args: &BackwardArgs<'_, T>,
    grad_input: &mut Matrix<T>,
    features: usize,
) {
    if features == 0 {
        return;
    }
    let samples = args.output.as_slice().chunks_exact(features);
    let grads = args.grad_output.as_slice().chunks_exact(features);
    for ((dz, a), da) in grad_input.as_mut_slice().chunks_exact_mut(features).zip(samples).zip(grads) {
        let mean = a.iter().zip(da).fold(T::zero(), |sum, (&a, &da)| sum + a * da);
        for ((dz, &a), &da) in dz.iter_mut().zip(a).zip(da) {
            put::<T, ADD>(dz, a * (da - mean));
        }
    }
}

/// The largest of some numbers; NaN where one is NaN or there is none.
#[inline(always)]
pub(super) fn largest<T: Real>(z: &[T]) -> T {
    let nan = T::zero() / T::zero();
    let Some((&first, rest)) = z.split_first() else { return nan };
    rest.iter().fold(first, |largest, &z| if z <= largest { largest } else { z })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_gradients, forward, rows};
    use super::*;

    #[test]
    fn probabilities_by_hand() {
        // e^0 : e^ln 3 = 1 : 3
        let a = forward(&Softmax, &[&rows(&[&[0.0, 3.0_f64.ln()], &[5.0, 5.0]])]);
        assert!((a - rows(&[&[0.25, 0.75], &[0.5, 0.5]])).amax() < 1e-15);
    }

    #[test]
    fn gradients_equal_differences() {
        check_gradients(&Softmax, &[&rows(&[&[-3.0, -1.0, 0.5], &[0.0, 0.5, 2.0]])]);
    }

    #[test]
    fn a_thousand_is_not_too_large() {
        let a = forward(&Softmax, &[&rows(&[&[1000.0, 0.0, -1000.0]])]);
        assert_eq!(a, rows(&[&[1.0, 0.0, 0.0]]));
    }
}
