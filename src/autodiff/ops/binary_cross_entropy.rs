//! Binary cross-entropy: of probabilities, of logits, and fused with the sigmoid before it.
//!
//! Good 1952; Goodfellow, Bengio and Courville 2016, section 6.2.2.2.

use super::elementwise::{put_zipped, sum_zipped};
use super::regression::{EntryLoss, OverEntries, entry_loss_op, one_over};
use crate::algebra::{Expression, Function, Operand, input, number};
use crate::autodiff::rule::{count_entries, scale_of_mean};
use crate::autodiff::{BackwardArgs, Blocked, CUT, Op, Probabilities, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// L = mean of −Y·ln A − (1 − Y)·ln(1 − A) over all N·out entries; A is a probability.
///
/// dA = (A − Y)/(A·(1 − A))·s with s = 1/(N·out). As in PyTorch, logarithms are cut at −100 and
/// the divisor at 10⁻¹², so a wrong certainty costs 100 and not infinity. Where the divisor is cut, dA is
/// not the slope of L; the gradient check leaves that out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bce;

impl<T: Real> EntryLoss<T> for Bce {
    #[inline(always)]
    fn value(&self, a: T, y: T) -> T {
        let floor = T::of(-100.0);
        let cut = |log: T| if log < floor { floor } else { log };
        (y - T::one()) * cut((-a).ln_1p_of()) - y * cut(a.ln_of())
    }

    #[inline(always)]
    fn derivative(&self, a: T, y: T) -> T {
        let (divisor, least) = (a * (T::one() - a), T::of(Self::LEAST_DIVISOR));
        (a - y) / if divisor < least { least } else { divisor }
    }
}

impl Bce {
    /// PyTorch's cut of A·(1 − A).
    const LEAST_DIVISOR: f64 = 1e-12;
}
entry_loss_op!(
    Bce,
    "BinaryCrossEntropy",
    OverEntries::Mean,
    value = |_: &Bce| {
        let yes = input(0).apply(Function::Ln).at_least(number(-100.0));
        let no = (-input(0)).apply(Function::Ln1p).at_least(number(-100.0));
        -(input(1) * yes) - (1.0 - input(1)) * no
    },
    derivative =
        |_: &Bce| (input(0) - input(1)) / (input(0) * (1.0 - input(0))).at_least(number(Bce::LEAST_DIVISOR)),
    kink = |_: &Bce, a: T, _| if a * (T::one() - a) < T::of(Bce::LEAST_DIVISOR) { CUT } else { 0 },
    fused = Probabilities::Sigmoid => SigmoidBce
);

/// −y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = max(z, 0) − z·y + ln(1 + e^−|z|), which never overflows.
#[inline(always)]
fn with_logits<T: Real>(z: T, y: T) -> T {
    let positive = if z < T::zero() { T::zero() } else { z };
    positive - z * y + (-z.abs()).exp_of().ln_1p_of()
}

/// The same as an expression of Z and of the target, which is input `target`.
fn with_logits_rule(target: usize) -> Expression<Operand> {
    let never_large = (-input(0).apply(Function::Abs)).apply(Function::Exp).apply(Function::Ln1p);
    input(0).at_least(number(0.0)) - input(0) * input(target) + never_large
}

/// The same loss of logits Z: L = mean of max(Z, 0) − Z·Y + ln(1 + e^−|Z|), stable for every Z.
///
/// dZ = (σ(Z) − Y)·s with s = 1/(N·out). No kinks (those of max and |·| cancel).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BceWithLogits;

impl<T: Real> EntryLoss<T> for BceWithLogits {
    #[inline(always)]
    fn value(&self, z: T, y: T) -> T {
        with_logits(z, y)
    }

    #[inline(always)]
    fn derivative(&self, z: T, y: T) -> T {
        z.sigmoid_of() - y
    }
}
entry_loss_op!(
    BceWithLogits,
    "BinaryCrossEntropyWithLogits",
    OverEntries::Mean,
    value = |_: &BceWithLogits| with_logits_rule(1),
    derivative = |_: &BceWithLogits| input(0).apply(Function::Sigmoid) - input(1)
);

/// [`Bce`] after a sigmoid, in one stable step: takes (Z, A = σ(Z), Y), computes the loss from Z
/// and sends dZ = (A − Y)·s, s = 1/(N·out), straight to Z. The factors A ⊙ (1 − A) of the sigmoid
/// and of the loss cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigmoidBce;

impl<T: Real> Op<T> for SigmoidBce {
    fn name(&self) -> &'static str {
        "SigmoidBinaryCrossEntropy"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        fused_shape("SigmoidBinaryCrossEntropy", inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let sum = sum_zipped(inputs[0], inputs[2], with_logits);
        output[0] = sum * one_over(inputs[0].len());
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let scale: T = args.grad_output[0] * one_over(args.inputs[1].len());
        put_zipped::<T, true>(grad_input, args.inputs[1], args.inputs[2], |a, y| scale * (a - y));
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let scale: T = args.grad_output[0] * one_over(args.inputs[1].len());
        put_zipped::<T, false>(grad_input, args.inputs[1], args.inputs[2], |a, y| scale * (a - y));
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let share = (input(1) - input(2)) * scale_of_mean(count_entries(inputs.first()));
        fused_rule(with_logits_rule(2).mean(), share)
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        fused_blocked(arg)
    }
}

/// The rule of a fused pair (Z, A, Y): all of the gradient goes to Z.
pub(super) fn fused_rule(value: Expression<Operand>, share: Expression<Operand>) -> Rule {
    Rule::new(
        value,
        vec![Share::Sent(share), Share::Blocked(Blocked::Skipped), Share::Blocked(Blocked::Target)],
    )
}

/// Why a fused pair (Z, A, Y) sends nothing to A and Y.
pub(super) fn fused_blocked(arg: usize) -> Option<Blocked> {
    match arg {
        0 => None,
        1 => Some(Blocked::Skipped),
        _ => Some(Blocked::Target),
    }
}

/// The rule of shapes of a fused pair: Z, A and Y of one shape give `[]`.
pub(super) fn fused_shape(op: &'static str, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
    shape::alike(op, inputs, 3)?;
    Ok(Shape::scalar())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::super::{Mse, Sigmoid};
    use super::*;

    #[test]
    fn a_fair_coin_costs_ln_2() {
        let (half, one, y) = (rows(&[&[0.5, 0.5]]), rows(&[&[1.0]]), rows(&[&[1.0, 0.0]]));
        assert!((forward(&Bce, &[&half, &y])[0] - std::f64::consts::LN_2).abs() < 1e-15);
        // dA = (½ − 1)/¼ · ½ = −1 and (½ − 0)/¼ · ½ = 1
        assert_eq!(backward_all(&Bce, &[&half, &y], &one)[0], rows(&[&[-1.0, 1.0]]));
        let logits = rows(&[&[0.0, 0.0]]);
        assert!((forward(&BceWithLogits, &[&logits, &y])[0] - std::f64::consts::LN_2).abs() < 1e-15);
        // dZ = (½ − 1)·½ and (½ − 0)·½
        assert_eq!(backward_all(&BceWithLogits, &[&logits, &y], &one)[0], rows(&[&[-0.25, 0.25]]));
    }

    #[test]
    fn gradients_equal_differences() {
        let y = rows(&[&[1.0, 0.0, 0.25], &[0.0, 1.0, 0.5]]);
        check_gradients(&Bce, &[&rows(&[&[0.9, 0.3, 0.5], &[0.2, 0.6, 0.01]]), &y]);
        check_gradients(&BceWithLogits, &[&rows(&[&[0.0, 3.0, -2.0], &[-0.5, 1.0, 20.0]]), &y]);
    }

    #[test]
    fn wrong_certainty_costs_a_hundred_as_in_pytorch() {
        let loss = forward(&Bce, &[&rows(&[&[0.0, 1.0]]), &rows(&[&[1.0, 0.0]])]);
        assert_eq!(loss[0], 100.0);
    }

    #[test]
    fn the_fused_pair_is_the_pair() {
        let (z, y) = (rows(&[&[0.3, -2.0], &[4.0, 0.0]]), rows(&[&[1.0, 0.0], &[0.5, 1.0]]));
        let (a, one) = (forward(&Sigmoid, &[&z]), rows(&[&[1.0]]));
        assert!((forward(&SigmoidBce, &[&z, &a, &y]) - forward(&Bce, &[&a, &y])).amax() < 1e-14);
        let long_way = backward_all(&Sigmoid, &[&z], &backward_all(&Bce, &[&a, &y], &one)[0]);
        let fused = backward_all(&SigmoidBce, &[&z, &a, &y], &one);
        assert!((&fused[0] - &long_way[0]).amax() < 1e-14);
    }

    #[test]
    fn only_a_sigmoid_fuses() {
        assert!(Op::<f64>::fused_with(&Bce, &Sigmoid).is_some());
        assert!(Op::<f64>::fused_with(&Bce, &super::super::Tanh).is_none());
        assert!(Op::<f64>::fused_with(&Mse, &Sigmoid).is_none());
    }

    #[test]
    fn a_thousand_is_not_too_large() {
        let (z, y) = (rows(&[&[1000.0, -1000.0]]), rows(&[&[0.0, 1.0]]));
        let a = forward(&Sigmoid, &[&z]);
        assert_eq!(forward(&SigmoidBce, &[&z, &a, &y])[0], 1000.0);
        assert_eq!(backward_all(&SigmoidBce, &[&z, &a, &y], &rows(&[&[1.0]]))[0], rows(&[&[0.5, -0.5]]));
    }
}
