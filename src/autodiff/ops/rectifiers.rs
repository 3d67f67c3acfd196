//! Activations that bend at zero: ReLU, leaky ReLU, ELU.

use super::elementwise::{Unary, side, unary_op};
use crate::algebra::{Comparison, Function, input, number, output, setting};
use crate::autodiff::Rule;
use crate::tensor::Real;

/// A = max(0, Z). dZ = dA where Z > 0, else 0; at the kink relu′(0) = 0, as in PyTorch. NaN stays
/// NaN. Shape in = shape out.
///
/// Nair and Hinton 2010; Glorot, Bordes and Bengio 2011.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relu;

impl<T: Real> Unary<T> for Relu {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        if x < T::zero() { T::zero() } else { x }
    }

    #[inline(always)]
    fn derivative(&self, _: T, a: T) -> T {
        if a > T::zero() { T::one() } else { T::zero() }
    }
}
unary_op!(
    Relu,
    "Relu",
    rule = |_: &Relu| {
        let value = input(0).at_least(number(0.0)).named("relu", vec![input(0)]);
        Rule::entrywise(value, "relu′", output().compared(Comparison::Greater, number(0.0)))
    },
    kink = |_: &Relu, x| side(x)
);

/// A = Z where Z > 0, else `negative_slope`·Z. dZ = dA where Z > 0, else `negative_slope`·dA, also
/// at the kink 0. Shape in = shape out.
///
/// Maas, Hannun and Ng 2013.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyRelu {
    /// Slope for Z ≤ 0; PyTorch's default is 0.01.
    pub negative_slope: f64,
}

impl<T: Real> Unary<T> for LeakyRelu {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        if x > T::zero() { x } else { x * T::of(self.negative_slope) }
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        if x > T::zero() { T::one() } else { T::of(self.negative_slope) }
    }
}
unary_op!(
    LeakyRelu,
    "LeakyRelu",
    rule = |op: &LeakyRelu| {
        let slope = || setting("negative_slope", op.negative_slope);
        let positive = || input(0).compared(Comparison::Greater, number(0.0));
        let value = positive().choose(input(0), slope() * input(0)).named("leaky_relu", vec![input(0)]);
        Rule::entrywise(value, "leaky_relu′", positive().choose(number(1.0), slope()))
    },
    kink = |_: &LeakyRelu, x| side(x)
);

/// A = Z where Z > 0, else α·(e^Z − 1), by `expm1`. dZ = dA where Z > 0, else dA·α·e^Z, also at 0
/// (a kink unless α = 1). Shape in = shape out.
///
/// Clevert, Unterthiner and Hochreiter 2015.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elu {
    /// α; PyTorch's default is 1.
    pub alpha: f64,
}

impl<T: Real> Unary<T> for Elu {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        if x > T::zero() { x } else { x.exp_m1() * T::of(self.alpha) }
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        if x > T::zero() { T::one() } else { x.exp_of() * T::of(self.alpha) }
    }
}
unary_op!(
    Elu,
    "Elu",
    rule = |op: &Elu| {
        let alpha = || setting("alpha", op.alpha);
        let positive = || input(0).compared(Comparison::Greater, number(0.0));
        let value = positive().choose(input(0), alpha() * input(0).apply(Function::Expm1));
        let derivative = positive().choose(number(1.0), alpha() * input(0).apply(Function::Exp));
        Rule::entrywise(value.named("elu", vec![input(0)]), "elu′", derivative)
    },
    kink = |_: &Elu, x| side(x)
);

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;

    #[test]
    fn rectifiers_by_hand_and_at_the_kink() {
        let x = rows(&[&[-2.0, 0.0, 3.0]]);
        let g = rows(&[&[10.0, 10.0, 10.0]]);
        assert_eq!(forward(&Relu, &[&x]), rows(&[&[0.0, 0.0, 3.0]]));
        assert_eq!(backward_all(&Relu, &[&x], &g)[0], rows(&[&[0.0, 0.0, 10.0]]));
        let leaky = LeakyRelu { negative_slope: 0.25 };
        assert_eq!(forward(&leaky, &[&x]), rows(&[&[-0.5, 0.0, 3.0]]));
        assert_eq!(backward_all(&leaky, &[&x], &g)[0], rows(&[&[2.5, 2.5, 10.0]]));
        let elu = Elu { alpha: 2.0 };
        assert_eq!(forward(&elu, &[&x])[0], 2.0 * (-2.0_f64).exp_m1());
        assert_eq!(backward_all(&elu, &[&x], &g)[0][1], 20.0);
    }

    #[test]
    fn a_gradient_whose_products_would_lose_digits_has_vanished() {
        let x = rows(&[&[1.0, 1.0, 1.0]]);
        let g = rows(&[&[1e-293, -1e-293, 1e-290]]);
        assert_eq!(backward_all(&Relu, &[&x], &g)[0], rows(&[&[0.0, 0.0, 1e-290]]));
    }

    #[test]
    fn gradients_equal_differences() {
        let x = rows(&[&[-3.0, -1.0, -0.25], &[0.1, 0.5, 2.0]]);
        check_gradients(&Relu, &[&x]);
        check_gradients(&LeakyRelu { negative_slope: 0.01 }, &[&x]);
        check_gradients(&Elu { alpha: 1.0 }, &[&x]);
        check_gradients(&Elu { alpha: 0.5 }, &[&x]);
    }

    #[test]
    fn not_a_number_is_not_hidden() {
        let x = rows(&[&[f64::NAN, f64::INFINITY]]);
        let a = forward(&Relu, &[&x]);
        assert!(a[0].is_nan() && a[1].is_infinite());
    }
}
