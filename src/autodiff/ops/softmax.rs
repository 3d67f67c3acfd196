//! Softmax over the features of each sample.

use super::elementwise::put;
use crate::algebra::{Expression, Function, Operand, Reduction, grad, input, number, output};
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
        shape::alike("Softmax", inputs, 1)
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

/// Softmax over an axis of values of any rank, and its logarithm.
///
/// Softmax as above. Of log-softmax Aᵢ = Zᵢ − ln Σⱼ e^Zⱼ (computed with the largest subtracted first), and
/// dZᵢ = dAᵢ − e^Aᵢ Σⱼ dAⱼ. No kinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoftmaxOver {
    /// As a rule counts it: N is 0 where there is one.
    axis: usize,
    runs: Runs,
    is_log: bool,
}

/// Values seen as `[outer, len, inner]`, of which softmax goes over `len`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Runs {
    len: usize,
    inner: usize,
}

impl SoftmaxOver {
    /// Softmax of values of this shape over `dim`, as PyTorch counts it.
    ///
    /// # Errors
    /// When there is no such axis, or it is N.
    pub fn new(x: &Shape, dim: isize) -> Result<Self, ShapeError> {
        let at = shape::feature_axis("Softmax", x, dim)?;
        let runs = Runs { len: x.dims()[at], inner: x.dims()[at + 1..].iter().product() };
        Ok(Self { axis: at + usize::from(x.is_batched()), runs, is_log: false })
    }

    /// Its logarithm.
    ///
    /// # Errors
    /// When there is no such axis, or it is N.
    pub fn log(x: &Shape, dim: isize) -> Result<Self, ShapeError> {
        Ok(Self { is_log: true, ..Self::new(x, dim)? })
    }
}

impl Runs {
    /// The places of each run among `n` numbers.
    fn of(self, n: usize) -> impl Iterator<Item = impl Iterator<Item = usize> + Clone> {
        let Self { len, inner } = self;
        let block = len * inner;
        let first = move |run: usize| run / inner * block + run % inner;
        (0..n / len.max(1)).map(move |run| (0..len).map(move |step| first(run) + step * inner))
    }
}

impl<T: Real> Op<T> for SoftmaxOver {
    fn name(&self) -> &'static str {
        if self.is_log { "LogSoftmax" } else { "Softmax" }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        let name = <Self as Op<T>>::name(self);
        shape::alike(name, inputs, 1)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (z, a) = (inputs[0].as_slice(), output.as_mut_slice());
        let Runs { len, inner } = self.runs;
        if !self.is_log && inner == 1 && len > 0 {
            return vectorized(z.len(), Forward { a, z, features: len });
        }
        for run in self.runs.of(z.len()) {
            let largest = largest_of(run.clone().map(|at| z[at]));
            let total = run.clone().fold(T::zero(), |sum, at| sum + (z[at] - largest).exp_of());
            if self.is_log {
                let all = total.ln_of();
                run.for_each(|at| a[at] = (z[at] - largest) - all);
            } else {
                let scale = T::one() / total;
                run.for_each(|at| a[at] = (z[at] - largest).exp_of() * scale);
            }
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let Runs { len, inner } = self.runs;
        if !self.is_log && inner == 1 {
            return share_of::<T, true>(args, grad_input, len);
        }
        let (a, da) = (args.output.as_slice(), args.grad_output.as_slice());
        let dz = grad_input.as_mut_slice();
        for run in self.runs.of(dz.len()) {
            if self.is_log {
                let total = run.clone().fold(T::zero(), |sum, at| sum + da[at]);
                run.for_each(|at| dz[at] += da[at] - a[at].exp_of() * total);
            } else {
                let mean = run.clone().fold(T::zero(), |sum, at| sum + a[at] * da[at]);
                run.for_each(|at| dz[at] += a[at] * (da[at] - mean));
            }
        }
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let axis = self.axis;
        if self.is_log {
            let all = input(0).over_kept(Reduction::LogSumExp, axis);
            let total = grad().over_kept(Reduction::Sum, axis);
            return Rule::of_one(input(0) - all, grad() - output().apply(Function::Exp) * total);
        }
        let mean = (grad() * output()).over_kept(Reduction::Sum, axis);
        let value = softmax_over(input(0), axis);
        // Over the last axis nothing need be said; over another it is, as in `softmax(z, 1)`.
        let named = if self.runs.inner == 1 { vec![input(0)] } else { vec![input(0), number(axis as f64)] };
        Rule::of_one(value.named("softmax", named), output() * (grad() - mean))
    }
}

/// softmax(Z) = e^Z / Σⱼ e^Z over the features, with the largest subtracted first.
pub(super) fn softmax_of(z: Expression<Operand>) -> Expression<Operand> {
    softmax_over(z.clone(), 1).named("softmax", vec![z])
}

fn softmax_over(z: Expression<Operand>, axis: usize) -> Expression<Operand> {
    let largest = z.clone().over_kept(Reduction::Max, axis);
    let odds = (z - largest).apply(Function::Exp);
    odds.clone() / odds.over_kept(Reduction::Sum, axis)
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
    largest_of(z.iter().copied())
}

#[inline(always)]
fn largest_of<T: Real>(mut z: impl Iterator<Item = T>) -> T {
    let nan = T::zero() / T::zero();
    let first = z.next().unwrap_or(nan);
    z.fold(first, |largest, z| if z <= largest { largest } else { z })
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
    fn an_axis_in_the_middle_is_one_run_for_each_place_beside_it() {
        // [2, 2] over the first axis: columns (0, ln 3) and (5, 5).
        let x = Shape::fixed(&[2, 2]);
        let over = SoftmaxOver { axis: 0, runs: Runs { len: 2, inner: 2 }, is_log: false };
        assert_eq!(SoftmaxOver::new(&x, 0), Ok(over.clone()));
        assert_eq!(SoftmaxOver::new(&x, -2), Ok(over.clone()));
        let z = Matrix::from_column_slice(2, 2, &[0.0, 5.0, 3.0_f64.ln(), 5.0]);
        let mut a = Matrix::zeros(2, 2);
        over.forward(&[&z], &mut a, &mut Matrix::zeros(0, 0));
        assert!((a - Matrix::from_column_slice(2, 2, &[0.25, 0.5, 0.75, 0.5])).amax() < 1e-15);
        assert!(SoftmaxOver::new(&Shape::batched(&[3]), 0).is_err(), "N is no axis of a sample");
        assert!(SoftmaxOver::new(&x, 2).is_err() && SoftmaxOver::new(&x, -3).is_err());
    }

    #[test]
    fn a_thousand_is_not_too_large() {
        let a = forward(&Softmax, &[&rows(&[&[1000.0, 0.0, -1000.0]])]);
        assert_eq!(a, rows(&[&[1.0, 0.0, 0.0]]));
    }
}
