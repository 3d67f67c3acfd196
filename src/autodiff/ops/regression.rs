//! Losses of regression: squares, absolute values, and Huber's middle way.
//!
//! Each takes (prediction A, target Y) of one shape and gives one number. No gradient enters
//! through the target.

use super::elementwise::{put_zipped, side, sum_zipped};
use crate::algebra::{Comparison, Expression, Function, Operand, input, setting};
use crate::autodiff::rule::{count_entries, scale_of_mean, scale_of_sum};
use crate::autodiff::{BackwardArgs, Blocked, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// A loss that treats every entry alone, and adds or averages.
pub(super) trait EntryLoss<T: Real> {
    /// The loss of an entry.
    fn value(&self, a: T, y: T) -> T;

    /// Its derivative with respect to a.
    fn derivative(&self, a: T, y: T) -> T;
}

/// 1 over a count; 0 over nothing, so that an empty batch costs nothing and moves nothing.
#[inline]
pub(super) fn one_over<T: Real>(count: usize) -> T {
    if count == 0 { T::zero() } else { T::one() / T::from_count(count) }
}

/// How the losses of the entries become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OverEntries {
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
}

impl OverEntries {
    /// What their sum is multiplied by: 1 over their count, or 1.
    #[inline]
    pub(super) fn scale<T: Real>(self, count: usize) -> T {
        match self {
            Self::Mean => one_over(count),
            Self::Sum => T::one(),
        }
    }

    /// The rule of a loss from the loss of an entry and its derivative.
    pub(super) fn rule(
        self,
        inputs: &[&Shape],
        value: Expression<Operand>,
        derivative: Expression<Operand>,
    ) -> Rule {
        let (value, scale) = match self {
            Self::Mean => (value.mean(), scale_of_mean(count_entries(inputs.first()))),
            Self::Sum => (value.sum(), scale_of_sum()),
        };
        loss_rule(value, derivative * scale)
    }
}

/// The rule of a loss: nothing goes back to its target.
pub(super) fn loss_rule(value: Expression<Operand>, share: Expression<Operand>) -> Rule {
    Rule::new(value, vec![Share::Sent(share), Share::Blocked(Blocked::Target)])
}

/// Implements `Op` for an [`EntryLoss`]: name, sum or mean, the loss of an entry and its derivative as
/// expressions, and its kinks if any.
macro_rules! entry_loss_op {
    ($op:ty, $name:literal, $over:expr, value = $value:expr, derivative = $derivative:expr
     $(, kink = $kink:expr)? $(, fused = $activation:expr => $fused:expr)?) => {
        impl<T: $crate::tensor::Real> $crate::autodiff::Op<T> for $op {
            fn name(&self) -> &'static str {
                $name
            }

            fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
                shape::arity($name, inputs, 2)?;
                shape::loss($name, inputs[0], inputs[1])
            }

            fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
                let scale: T = $over.scale(inputs[0].len());
                let sum = sum_zipped(inputs[0], inputs[1], |a, y| EntryLoss::value(self, a, y));
                output[0] = sum * scale;
            }

            fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
                let scale: T = args.grad_output[0] * $over.scale::<T>(args.inputs[0].len());
                let share = |a, y| scale * EntryLoss::derivative(self, a, y);
                put_zipped::<T, true>(grad_input, args.inputs[0], args.inputs[1], share);
            }

            fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
                let scale: T = args.grad_output[0] * $over.scale::<T>(args.inputs[0].len());
                let share = |a, y| scale * EntryLoss::derivative(self, a, y);
                put_zipped::<T, false>(grad_input, args.inputs[0], args.inputs[1], share);
            }

            fn rule(&self, inputs: &[&Shape]) -> $crate::autodiff::Rule {
                $over.rule(inputs, $value(self), $derivative(self))
            }

            fn blocked(&self, arg: usize) -> Option<$crate::autodiff::Blocked> {
                (arg > 0).then_some($crate::autodiff::Blocked::Target)
            }

            $(
                fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
                    sides.extend(inputs[0].iter().zip(inputs[1].iter()).map(|(&a, &y)| $kink(self, a, y)));
                }
            )?

            $(
                fn fused_with(&self, producer: &dyn Op<T>) -> Option<std::sync::Arc<dyn Op<T>>> {
                    (producer.probabilities() == Some($activation)).then(|| std::sync::Arc::new($fused) as _)
                }
            )?
        }
    };
}
pub(super) use entry_loss_op;

/// L = mean of (A − Y)² over all N·out entries. dA = 2·(A − Y)·s with s = 1/(N·out). No kinks.
///
/// Bishop 2006, *Pattern Recognition and Machine Learning*, section 1.2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mse;

impl<T: Real> EntryLoss<T> for Mse {
    #[inline(always)]
    fn value(&self, a: T, y: T) -> T {
        (a - y) * (a - y)
    }

    #[inline(always)]
    fn derivative(&self, a: T, y: T) -> T {
        (a - y) + (a - y)
    }
}
entry_loss_op!(
    Mse,
    "MseLoss",
    OverEntries::Mean,
    value = |_: &Mse| (input(0) - input(1)).squared(),
    derivative = |_: &Mse| 2.0 * (input(0) - input(1))
);

/// L = ½ Σ (A − Y)², a sum over all entries, not a mean. dA = A − Y. No kinks.
///
/// Rumelhart, Hinton and Williams 1986, eq. 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfSumOfSquares;

impl<T: Real> EntryLoss<T> for HalfSumOfSquares {
    #[inline(always)]
    fn value(&self, a: T, y: T) -> T {
        T::of(0.5) * (a - y) * (a - y)
    }

    #[inline(always)]
    fn derivative(&self, a: T, y: T) -> T {
        a - y
    }
}
entry_loss_op!(
    HalfSumOfSquares,
    "HalfSumOfSquares",
    OverEntries::Sum,
    value = |_: &HalfSumOfSquares| 0.5 * (input(0) - input(1)).squared(),
    derivative = |_: &HalfSumOfSquares| input(0) - input(1)
);

/// L = mean of |A − Y| over all N·out entries. dA = sign(A − Y)·s with s = 1/(N·out), 0 at the
/// kink A = Y, as in PyTorch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mae;

impl<T: Real> EntryLoss<T> for Mae {
    #[inline(always)]
    fn value(&self, a: T, y: T) -> T {
        (a - y).abs()
    }

    #[inline(always)]
    fn derivative(&self, a: T, y: T) -> T {
        let d = a - y;
        if d > T::zero() {
            T::one()
        } else if d < T::zero() {
            -T::one()
        } else {
            d // Zero stays zero, and NaN is not hidden.
        }
    }
}
entry_loss_op!(
    Mae,
    "L1Loss",
    OverEntries::Mean,
    value = |_: &Mae| (input(0) - input(1)).apply(Function::Abs),
    derivative = |_: &Mae| (input(0) - input(1)).apply(Function::Sign),
    kink = |_: &Mae, a: T, y: T| side(a - y)
);

/// With d = A − Y: L = mean of ½d² where |d| ≤ δ, else δ·(|d| − ½δ). dA = d clamped to ±δ, times
/// s = 1/(N·out). The slope itself has no jump; it bends at |d| = δ.
///
/// Huber 1964.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// Where the square turns into a line; PyTorch's default is 1.
    pub delta: f64,
}

impl<T: Real> EntryLoss<T> for Huber {
    #[inline(always)]
    fn value(&self, a: T, y: T) -> T {
        let (d, delta, half) = ((a - y).abs(), T::of(self.delta), T::of(0.5));
        if d <= delta { half * d * d } else { delta * (d - half * delta) }
    }

    #[inline(always)]
    fn derivative(&self, a: T, y: T) -> T {
        let (d, delta) = (a - y, T::of(self.delta));
        if d > delta {
            delta
        } else if d < -delta {
            -delta
        } else {
            d
        }
    }
}
entry_loss_op!(
    Huber,
    "HuberLoss",
    OverEntries::Mean,
    value = |op: &Huber| {
        let delta = || setting("delta", op.delta);
        let size = || (input(0) - input(1)).apply(Function::Abs);
        let square = 0.5 * (input(0) - input(1)).squared();
        size().compared(Comparison::AtMost, delta()).choose(square, delta() * (size() - 0.5 * delta()))
    },
    derivative = |op: &Huber| {
        let delta = || setting("delta", op.delta);
        (input(0) - input(1)).at_least(-delta()).at_most(delta())
    },
    kink = |op: &Huber, a: T, y: T| {
        let (d, delta) = (a - y, T::of(op.delta));
        side(d - delta) + side(d + delta)
    }
);

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;
    use crate::autodiff::Op;

    fn one() -> Matrix<f64> {
        rows(&[&[1.0]])
    }

    #[test]
    fn losses_by_hand() {
        // d = [1, −3, 0, 0.5]
        let (a, y) = (rows(&[&[2.0, -1.0], &[4.0, 1.0]]), rows(&[&[1.0, 2.0], &[4.0, 0.5]]));
        let cases: [(&dyn Op<f64>, f64, [f64; 4]); 4] = [
            (&Mse, 10.25 / 4.0, [0.5, -1.5, 0.0, 0.25]),
            (&HalfSumOfSquares, 5.125, [1.0, -3.0, 0.0, 0.5]),
            (&Mae, 4.5 / 4.0, [0.25, -0.25, 0.0, 0.25]),
            // δ = 2: ½ + 2·(3 − 1) + 0 + ⅛ = 4.625
            (&Huber { delta: 2.0 }, 4.625 / 4.0, [0.25, -0.5, 0.0, 0.125]),
        ];
        for (op, value, [p, q, r, s]) in cases {
            assert_eq!(forward(op, &[&a, &y])[0], value, "{}", op.name());
            assert_eq!(backward_all(op, &[&a, &y], &one())[0], rows(&[&[p, q], &[r, s]]), "{}", op.name());
            assert!(!op.passes(1));
        }
    }

    #[test]
    fn gradients_equal_differences_away_from_kinks() {
        let (a, y) = (rows(&[&[2.0, -1.0], &[4.25, 1.0]]), rows(&[&[1.0, 2.0], &[4.0, 0.5]]));
        let ops: [&dyn Op<f64>; 4] = [&Mse, &HalfSumOfSquares, &Mae, &Huber { delta: 1.5 }];
        for op in ops {
            check_gradients(op, &[&a, &y]);
        }
    }

    #[test]
    fn an_empty_batch_costs_nothing() {
        let empty = Matrix::zeros(2, 0);
        let ops: [&dyn Op<f64>; 4] = [&Mse, &HalfSumOfSquares, &Mae, &Huber { delta: 1.0 }];
        for op in ops {
            assert_eq!(forward(op, &[&empty, &empty]), Matrix::zeros(1, 1));
            assert_eq!(backward_all(op, &[&empty, &empty], &one())[0], empty);
        }
    }
}
