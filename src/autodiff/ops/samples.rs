//! Numbers drawn by chance. The chance itself comes in as an input that the session fills, so that ops stay
//! pure; no gradient passes a draw.

use crate::algebra::{Comparison, Expression, Operand, input};
use crate::autodiff::{BackwardArgs, Blocked, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// 1 with probability p, else 0 (`bernoulli`): 1 where a number that was drawn evenly from [0, 1) is below
/// p. No gradient passes (PyTorch sends zeros).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bernoulli;

/// A draw around a mean with a standard deviation (`normal`): mean + std · ε with ε from a normal
/// distribution. No gradient passes (PyTorch sends zeros).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// The standard deviation.
    pub std: f64,
}

fn drawn(value: Expression<Operand>) -> Rule {
    Rule::new(value, [Blocked::Drawn, Blocked::Mask].map(Share::Blocked).to_vec())
}

impl<T: Real> Op<T> for Bernoulli {
    fn name(&self) -> &'static str {
        "Bernoulli"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::alike("Bernoulli", inputs, 2)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        for (y, (&p, &u)) in output.iter_mut().zip(inputs[0].iter().zip(inputs[1].iter())) {
            *y = if u < p { T::one() } else { T::zero() };
        }
    }

    fn backward(&self, _: &BackwardArgs<'_, T>, _: usize, _: &mut Matrix<T>) {}

    fn rule(&self, _: &[&Shape]) -> Rule {
        drawn(input(1).compared(Comparison::Less, input(0)))
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        Some(if arg == 0 { Blocked::Drawn } else { Blocked::Mask })
    }
}

impl<T: Real> Op<T> for Normal {
    fn name(&self) -> &'static str {
        "Normal"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::alike("Normal", inputs, 2)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let std = T::of(self.std);
        for (y, (&mean, &drawn)) in output.iter_mut().zip(inputs[0].iter().zip(inputs[1].iter())) {
            *y = mean + std * drawn;
        }
    }

    fn backward(&self, _: &BackwardArgs<'_, T>, _: usize, _: &mut Matrix<T>) {}

    fn rule(&self, _: &[&Shape]) -> Rule {
        drawn(input(0) + crate::algebra::setting("std", self.std) * input(1))
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        Some(if arg == 0 { Blocked::Drawn } else { Blocked::Mask })
    }
}
