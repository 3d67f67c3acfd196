//! Smooth activations: sigmoid, tanh, softplus, SiLU, GELU.

use super::elementwise::{Unary, side, unary_op};
use crate::algebra::{Comparison, Expression, Function, Operand, input, number, output};
use crate::autodiff::{Probabilities, Rule};
use crate::tensor::Real;

/// A = σ(Z) = 1/(1 + e^−Z). dZ = dA ⊙ A ⊙ (1 − A), from the stored A. Overflow of e^−Z gives an
/// exact 0, so both ends are safe. Shape in = shape out. No kinks.
///
/// Rumelhart, Hinton and Williams 1986, eq. 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sigmoid;

impl<T: Real> Unary<T> for Sigmoid {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        x.sigmoid_of()
    }

    #[inline(always)]
    fn derivative(&self, _: T, a: T) -> T {
        a * (T::one() - a)
    }
}
unary_op!(
    Sigmoid,
    "Sigmoid",
    rule = |_: &Sigmoid| {
        Rule::entrywise(input(0).apply(Function::Sigmoid), "σ′", output() * (1.0 - output()))
    },
    probabilities = Probabilities::Sigmoid
);

/// A = tanh(Z). dZ = dA ⊙ (1 − A²), from the stored A. Shape in = shape out. No kinks.
///
/// LeCun et al. 1998, *Efficient `BackProp`*, section 4.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tanh;

impl<T: Real> Unary<T> for Tanh {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        x.tanh_of()
    }

    #[inline(always)]
    fn derivative(&self, _: T, a: T) -> T {
        T::one() - a * a
    }
}
unary_op!(
    Tanh,
    "Tanh",
    rule = |_: &Tanh| Rule::entrywise(input(0).apply(Function::Tanh), "tanh′", 1.0 - output().squared())
);

/// A = ln(1 + e^Z), by `log1p`; above 20, where the difference is under 3·10⁻⁹, A = Z as in
/// PyTorch (`threshold`). dZ = dA ⊙ σ(Z), above the threshold dA; at the threshold the value jumps by
/// 2·10⁻⁹, a kink for the gradient check. Shape in = shape out.
///
/// Dugas et al. 2001; Glorot, Bordes and Bengio 2011.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Softplus;

impl Softplus {
    /// PyTorch's default threshold.
    const THRESHOLD: f64 = 20.0;
}

impl<T: Real> Unary<T> for Softplus {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        if x > T::of(Self::THRESHOLD) { x } else { x.exp_of().ln_1p_of() }
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        if x > T::of(Self::THRESHOLD) { T::one() } else { x.sigmoid_of() }
    }
}
unary_op!(
    Softplus,
    "Softplus",
    rule = |_: &Softplus| {
        let is_large = || input(0).compared(Comparison::Greater, number(Softplus::THRESHOLD));
        let logarithm = input(0).apply(Function::Exp).apply(Function::Ln1p);
        let value = is_large().choose(input(0), logarithm).named("softplus", vec![input(0)]);
        let derivative = is_large().choose(number(1.0), input(0).apply(Function::Sigmoid));
        Rule::entrywise(value, "softplus′", derivative)
    },
    kink = |_: &Softplus, x: T| side(x - T::of(Softplus::THRESHOLD))
);

/// A = Z ⊙ σ(Z), also called swish. dZ = dA ⊙ σ(Z) ⊙ (1 + Z ⊙ (1 − σ(Z))). Shape in = shape out.
/// No kinks.
///
/// Elfwing, Uchibe and Doya 2018; Ramachandran, Zoph and Le 2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silu;

impl<T: Real> Unary<T> for Silu {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        x * x.sigmoid_of()
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        let s = x.sigmoid_of();
        s * (T::one() + x * (T::one() - s))
    }
}
unary_op!(
    Silu,
    "Silu",
    rule = |_: &Silu| {
        let sigmoid = || input(0).apply(Function::Sigmoid);
        let value = (input(0) * sigmoid()).named("silu", vec![input(0)]);
        Rule::entrywise(value, "silu′", sigmoid() * (1.0 + input(0) * (1.0 - sigmoid())))
    }
);

/// A = Z ⊙ Φ(Z), Φ the normal distribution function through erf: the exact form, not the tanh
/// approximation. dZ = dA ⊙ (Φ(Z) + Z ⊙ φ(Z)), φ the normal density. Shape in = shape out. No kinks.
///
/// Hendrycks and Gimpel 2016.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gelu;

impl Gelu {
    #[inline(always)]
    fn distribution<T: Real>(x: T) -> T {
        let half = T::of(0.5);
        half + half * (x * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf()
    }
}

impl<T: Real> Unary<T> for Gelu {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        x * Self::distribution(x)
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        // φ(x) = e^(−x²/2) / √(2π)
        let density = (x * x * T::of(-0.5)).exp_of() * T::of(0.398_942_280_401_432_7);
        Self::distribution(x) + x * density
    }
}
unary_op!(
    Gelu,
    "Gelu",
    rule = |_: &Gelu| {
        let value = (input(0) * normal_distribution()).named("gelu", vec![input(0)]);
        Rule::entrywise(value, "gelu′", normal_distribution() + input(0) * normal_density())
    }
);

/// Φ(Z) = ½ + ½ erf(Z/√2).
fn normal_distribution() -> Expression<Operand> {
    let erf = (input(0) / number(2.0).apply(Function::Sqrt)).apply(Function::Erf);
    (0.5 + 0.5 * erf).named("Φ", vec![input(0)])
}

/// φ(Z) = e^(−Z²/2) / √(2π).
fn normal_density() -> Expression<Operand> {
    let tau = number(2.0 * std::f64::consts::PI);
    ((-(input(0).squared() / number(2.0))).apply(Function::Exp) / tau.apply(Function::Sqrt))
        .named("φ", vec![input(0)])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;
    use crate::autodiff::Op;

    #[test]
    fn values_and_slopes_at_zero_by_hand() {
        let (x, g) = (rows(&[&[0.0]]), rows(&[&[8.0]]));
        let ln_2 = std::f64::consts::LN_2;
        let cases: [(&dyn Op<f64>, f64, f64); 5] = [
            (&Sigmoid, 0.5, 2.0), // σ′(0) = ¼
            (&Tanh, 0.0, 8.0),
            (&Softplus, ln_2, 4.0), // σ(0) = ½
            (&Silu, 0.0, 4.0),
            (&Gelu, 0.0, 4.0), // Φ(0) = ½
        ];
        for (op, value, slope) in cases {
            assert!((forward(op, &[&x])[0] - value).abs() < 1e-15, "{}", op.name());
            assert!((backward_all(op, &[&x], &g)[0][0] - slope).abs() < 1e-14, "{}", op.name());
        }
    }

    #[test]
    fn gradients_equal_differences() {
        let x = rows(&[&[-3.0, -1.0, -0.25], &[0.0, 0.5, 2.0]]);
        let ops: [&dyn Op<f64>; 5] = [&Sigmoid, &Tanh, &Softplus, &Silu, &Gelu];
        for op in ops {
            check_gradients(op, &[&x]);
        }
    }

    #[test]
    fn large_inputs_stay_finite_in_both_precisions() {
        let x = rows(&[&[1000.0, -1000.0, 88.0, -88.0, 710.0]]);
        let ops: [&dyn Op<f64>; 5] = [&Sigmoid, &Tanh, &Softplus, &Silu, &Gelu];
        for op in ops {
            let grads = backward_all(op, &[&x], &rows(&[&[1.0; 5]]));
            assert!(forward(op, &[&x]).iter().chain(grads[0].iter()).all(|v| v.is_finite()), "{}", op.name());
        }
        for z in [1000.0_f32, -1000.0, 88.0, -88.0, 100.0] {
            assert!(
                Sigmoid.value(z).is_finite() && Softplus.value(z).is_finite() && Silu.value(z).is_finite()
            );
        }
    }
}
