//! Cross-entropy over classes: of probabilities, of logits, and fused with the softmax before it.
//!
//! A target row is a distribution over the classes: one-hot, or any probabilities. Bridle 1990;
//! Goodfellow, Bengio and Courville 2016, section 6.2.2.3.

use std::sync::Arc;

use super::binary_cross_entropy::{fused_blocked, fused_rule, fused_shape};
use super::elementwise::{put, sum_zipped};
use super::regression::{loss_rule, one_over};
use super::softmax::{largest, softmax_of};
use crate::algebra::{Comparison, Expression, Function, Operand, Reduction, input, number};
use crate::autodiff::rule::scale_of_mean;
use crate::autodiff::{BackwardArgs, Blocked, Op, Probabilities, Rule};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// L = −Σ Y·ln A over classes, mean over the N samples; A `[N, C]` are probabilities.
///
/// dA = −Y/A·s with s = 1/N. Where Y is 0 an entry costs 0 and gets 0, whatever A is. Nothing is cut,
/// unlike the logarithms of PyTorch's binary cross-entropy: both are infinite where A is 0 and Y is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossEntropy;

impl CrossEntropy {
    fn share<T: Real, const ADD: bool>(args: &BackwardArgs<'_, T>, grad_input: &mut Matrix<T>) {
        let scale: T = args.grad_output[0] * one_over(args.inputs[0].ncols());
        let (a, y) = (args.inputs[0].as_slice(), args.inputs[1].as_slice());
        for ((da, &a), &y) in grad_input.as_mut_slice().iter_mut().zip(a).zip(y) {
            put::<T, ADD>(da, if y == T::zero() { T::zero() } else { -scale * y / a });
        }
    }
}

impl<T: Real> Op<T> for CrossEntropy {
    fn name(&self) -> &'static str {
        "CrossEntropy"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("CrossEntropy", inputs, 2)?;
        shape::loss("CrossEntropy", inputs[0], inputs[1])
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let cost = |a: T, y: T| if y == T::zero() { T::zero() } else { -y * a.ln_of() };
        let sum = sum_zipped(inputs[0], inputs[1], cost);
        output[0] = sum * one_over(inputs[0].ncols());
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        Self::share::<T, true>(args, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        Self::share::<T, false>(args, grad_input);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let is_zero = || input(1).compared(Comparison::Equal, number(0.0));
        let cost = is_zero().choose(number(0.0), input(1) * input(0).apply(Function::Ln));
        let value = -cost.sum() / Expression::BatchSize;
        let slope = is_zero().choose(number(0.0), -input(1) / input(0));
        loss_rule(value, slope * scale_of_mean(Expression::BatchSize))
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        (arg > 0).then_some(Blocked::Target)
    }

    fn fused_with(&self, producer: &dyn Op<T>) -> Option<Arc<dyn Op<T>>> {
        (producer.probabilities() == Some(Probabilities::Softmax)).then(|| Arc::new(SoftmaxCrossEntropy) as _)
    }
}

/// Σ over samples and classes of Y·(ln Σⱼ e^Zⱼ − Z), divided by N. The largest Z of a sample is
/// subtracted first (the log-sum-exp trick), so nothing overflows.
fn loss_of_logits<T: Real>(z: &Matrix<T>, y: &Matrix<T>) -> T {
    let features = z.nrows();
    if features == 0 {
        return T::zero();
    }
    let mut sum = T::zero();
    for (z, y) in z.as_slice().chunks_exact(features).zip(y.as_slice().chunks_exact(features)) {
        let largest = largest(z);
        let total = z.iter().fold(T::zero(), |total, &z| total + (z - largest).exp_of());
        let log_total = total.ln_of();
        sum += z.iter().zip(y).fold(T::zero(), |sum, (&z, &y)| sum + y * (log_total - (z - largest)));
    }
    sum * one_over(z.ncols())
}

/// The same as an expression of Z and of the target, which is input `target`.
fn loss_of_logits_rule(target: usize) -> Expression<Operand> {
    let surprise = input(0).over_kept(Reduction::LogSumExp, 1) - input(0);
    (input(target) * surprise).sum() / Expression::BatchSize
}

/// (P·ΣY − Y)·s as an expression, for probabilities P.
fn share_of_logits_rule(probabilities: Expression<Operand>, target: usize) -> Expression<Operand> {
    let mass = input(target).over_kept(Reduction::Sum, 1);
    (probabilities * mass - input(target)) * scale_of_mean(Expression::BatchSize)
}

/// What goes back to the logits: (P·ΣY − Y)·s, s = 1/N. `odds` gives, for one sample of the input
/// `source`, its P as a function of each entry and the total that P is still to be divided by.
fn share_of_logits<T: Real, P: Fn(T) -> T, const ADD: bool>(
    args: &BackwardArgs<'_, T>,
    (source, target): (usize, usize),
    grad_input: &mut Matrix<T>,
    odds: impl Fn(&[T]) -> (P, T),
) {
    let (x, y) = (args.inputs[source], args.inputs[target]);
    let features = x.nrows();
    if features == 0 {
        return;
    }
    let scale: T = args.grad_output[0] * one_over(x.ncols());
    let samples = x.as_slice().chunks_exact(features).zip(y.as_slice().chunks_exact(features));
    for (dz, (x, y)) in grad_input.as_mut_slice().chunks_exact_mut(features).zip(samples) {
        let (odds_of, total) = odds(x);
        let mass = y.iter().fold(T::zero(), |mass, &y| mass + y) / total;
        for ((dz, &x), &y) in dz.iter_mut().zip(x).zip(y) {
            put::<T, ADD>(dz, scale * (odds_of(x) * mass - y));
        }
    }
}

/// The same loss of logits Z `[N, C]`: L = mean over N of Σ Y·(ln Σⱼ e^Zⱼ − Z), stable for every Z.
///
/// dZ = (softmax(Z)·ΣY − Y)·s with s = 1/N; ΣY is 1 for a distribution. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossEntropyWithLogits;

impl CrossEntropyWithLogits {
    fn share<T: Real, const ADD: bool>(args: &BackwardArgs<'_, T>, grad_input: &mut Matrix<T>) {
        share_of_logits::<T, _, ADD>(args, (0, 1), grad_input, |z| {
            let largest = largest(z);
            let total = z.iter().fold(T::zero(), |total, &z| total + (z - largest).exp_of());
            (move |z: T| (z - largest).exp_of(), total)
        });
    }
}

impl<T: Real> Op<T> for CrossEntropyWithLogits {
    fn name(&self) -> &'static str {
        "CrossEntropyWithLogits"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("CrossEntropyWithLogits", inputs, 2)?;
        shape::loss("CrossEntropyWithLogits", inputs[0], inputs[1])
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        output[0] = loss_of_logits(inputs[0], inputs[1]);
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        Self::share::<T, true>(args, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        Self::share::<T, false>(args, grad_input);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        loss_rule(loss_of_logits_rule(1), share_of_logits_rule(softmax_of(input(0)), 1))
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        (arg > 0).then_some(Blocked::Target)
    }
}

/// [`CrossEntropy`] after a softmax, in one stable step: takes (Z, A = softmax(Z), Y), computes the
/// loss from Z and sends dZ = (A·ΣY − Y)·s, s = 1/N, straight to Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoftmaxCrossEntropy;

impl SoftmaxCrossEntropy {
    fn share<T: Real, const ADD: bool>(args: &BackwardArgs<'_, T>, grad_input: &mut Matrix<T>) {
        share_of_logits::<T, _, ADD>(args, (1, 2), grad_input, |_| (|a| a, T::one()));
    }
}

impl<T: Real> Op<T> for SoftmaxCrossEntropy {
    fn name(&self) -> &'static str {
        "SoftmaxCrossEntropy"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        fused_shape("SoftmaxCrossEntropy", inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        output[0] = loss_of_logits(inputs[0], inputs[2]);
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        Self::share::<T, true>(args, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        Self::share::<T, false>(args, grad_input);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        fused_rule(loss_of_logits_rule(2), share_of_logits_rule(input(1), 2))
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        fused_blocked(arg)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Softmax;
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;

    #[test]
    fn equal_chances_cost_ln_of_their_number() {
        let (a, y) = (rows(&[&[0.25; 4], &[0.25; 4]]), rows(&[&[1.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 1.0, 0.0]]));
        assert!((forward(&CrossEntropy, &[&a, &y])[0] - 4.0_f64.ln()).abs() < 1e-15);
        let grads = backward_all(&CrossEntropy, &[&a, &y], &rows(&[&[1.0]]));
        // −1/¼ · ½ = −2 where the target is, else 0
        assert_eq!(grads[0], rows(&[&[-2.0, 0.0, 0.0, 0.0], &[0.0, 0.0, -2.0, 0.0]]));
        let z = rows(&[&[7.0; 4], &[0.0; 4]]);
        assert!((forward(&CrossEntropyWithLogits, &[&z, &y])[0] - 4.0_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn nothing_is_cut_however_small_a_probability_is() {
        // −ln e⁻³⁰⁰ = 300, and its slope −e³⁰⁰; an impossible class that is not there costs nothing.
        let (a, y) = (rows(&[&[(-300.0_f64).exp(), 0.0]]), rows(&[&[1.0, 0.0]]));
        assert!((forward(&CrossEntropy, &[&a, &y])[0] - 300.0).abs() < 1e-12);
        let grads = backward_all(&CrossEntropy, &[&a, &y], &rows(&[&[1.0]]));
        assert!((grads[0][0] / -(300.0_f64).exp() - 1.0).abs() < 1e-12 && grads[0][1] == 0.0);
        let sure = rows(&[&[0.0, 1.0]]);
        assert_eq!(forward(&CrossEntropy, &[&sure, &y])[0], f64::INFINITY);
    }

    #[test]
    fn gradients_equal_differences_for_any_target_rows() {
        let y = rows(&[&[1.0, 0.0, 0.0], &[0.2, 0.5, 0.9]]);
        check_gradients(&CrossEntropy, &[&rows(&[&[0.9, 0.3, 0.5], &[0.2, 0.6, 0.1]]), &y]);
        check_gradients(&CrossEntropyWithLogits, &[&rows(&[&[0.0, 3.0, -2.0], &[-0.5, 1.0, 2.0]]), &y]);
    }

    #[test]
    fn the_fused_pair_is_the_pair() {
        let (z, y) =
            (rows(&[&[0.3, -2.0, 1.0], &[4.0, 0.0, 0.5]]), rows(&[&[1.0, 0.0, 0.0], &[0.2, 0.3, 0.5]]));
        let (a, one) = (forward(&Softmax, &[&z]), rows(&[&[1.0]]));
        assert!(
            (forward(&SoftmaxCrossEntropy, &[&z, &a, &y]) - forward(&CrossEntropy, &[&a, &y])).amax() < 1e-14
        );
        let long_way = backward_all(&Softmax, &[&z], &backward_all(&CrossEntropy, &[&a, &y], &one)[0]);
        let fused = backward_all(&SoftmaxCrossEntropy, &[&z, &a, &y], &one);
        assert!((&fused[0] - &long_way[0]).amax() < 1e-14);
        let logits = backward_all(&CrossEntropyWithLogits, &[&z, &y], &one);
        assert!((&fused[0] - &logits[0]).amax() < 1e-15);
    }

    #[test]
    fn a_thousand_is_not_too_large() {
        let (z, y) = (rows(&[&[1000.0, 0.0, -1000.0]]), rows(&[&[0.0, 0.0, 1.0]]));
        let a = forward(&Softmax, &[&z]);
        assert_eq!(forward(&SoftmaxCrossEntropy, &[&z, &a, &y])[0], 2000.0);
        let grads = backward_all(&SoftmaxCrossEntropy, &[&z, &a, &y], &rows(&[&[1.0]]));
        assert_eq!(grads[0], rows(&[&[1.0, 0.0, -1.0]]));
    }

    #[test]
    fn an_empty_batch_costs_nothing() {
        let empty = Matrix::zeros(3, 0);
        for op in [&CrossEntropy as &dyn Op<f64>, &CrossEntropyWithLogits] {
            assert_eq!(forward(op, &[&empty, &empty]), Matrix::zeros(1, 1));
            assert_eq!(backward_all(op, &[&empty, &empty], &rows(&[&[1.0]]))[0], empty);
        }
    }
}
