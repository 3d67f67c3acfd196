//! Functions of one number, entry by entry, under PyTorch's names.

use super::elementwise::{Unary, side, unary_op};
use crate::algebra::{Comparison, Expression, Function, Operand, grad, input, number, output, setting};
use crate::autodiff::{BackwardArgs, Blocked, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// Declares functions of one number: value and derivative given x and a = f(x), perhaps forms of them
/// without branches for x up to a bound, and the same for the rule.
macro_rules! functions {
    ($(
        $(#[$doc:meta])*
        $op:ident $name:literal: |$x:ident, $a:ident| $value:expr, $derivative:expr;
        $(near $bound:expr, $near_value:expr, $near_derivative:expr;)?
        rule $rule_value:expr, $rule_derivative:expr $(; kink $kink:expr)?
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $op;

        impl<T: Real> Unary<T> for $op {
            #[inline(always)]
            fn value(&self, $x: T) -> T {
                $value
            }

            #[inline(always)]
            fn derivative(&self, $x: T, $a: T) -> T {
                let _ = ($x, $a);
                $derivative
            }

            $(
                const NEAR: Option<T> = $bound;

                #[inline(always)]
                fn value_near(&self, $x: T) -> T {
                    $near_value
                }

                #[inline(always)]
                fn derivative_near(&self, $x: T, $a: T) -> T {
                    let _ = ($x, $a);
                    $near_derivative
                }
            )?
        }

        unary_op!(
            $op, $name,
            rule = |_: &Self| Rule::of_one($rule_value, grad() * $rule_derivative)
            $(, kink = $kink)?
        );
    )+};
}

fn of(function: Function) -> Expression<Operand> {
    input(0).apply(function)
}

functions! {
    /// −x; its derivative is −1. No kinks.
    Neg "Neg": |x, a| -x, -T::one(); rule of(Function::Negate), number(-1.0)
    /// eˣ; its derivative is itself. No kinks.
    Exp "Exp": |x, a| x.exp_of(), a; rule of(Function::Exp), output()
    /// ln x; its derivative is 1/x. −∞ at 0, NaN below.
    Log "Log": |x, a| x.ln_of(), T::one() / x; rule of(Function::Ln), (number(1.0) / input(0))
    /// √x; its derivative is 1/(2√x), ∞ at 0. NaN below 0.
    Sqrt "Sqrt": |x, a| x.sqrt(), T::of(0.5) / a; rule of(Function::Sqrt), (number(0.5) / output())
    /// sin x, in radians; its derivative is cos x. No kinks.
    Sin "Sin": |x, a| x.sin_of(), x.cos_of(); near T::NEAR_ANGLE, x.sin_near(), x.cos_near(); rule of(Function::Sin), of(Function::Cos)
    /// cos x, in radians; its derivative is −sin x. No kinks.
    Cos "Cos": |x, a| x.cos_of(), -x.sin_of(); near T::NEAR_ANGLE, x.cos_near(), -x.sin_near(); rule of(Function::Cos), (-of(Function::Sin))
    /// tan x, in radians; its derivative is 1 + tan² x. No kinks between its poles.
    Tan "Tan": |x, a| x.tan_of(), T::one() + a * a; near T::NEAR_ANGLE, x.tan_near(), T::one() + a * a; rule of(Function::Tan), (1.0 + output().squared())
    /// |x|; its derivative is the sign of x, 0 at the kink x = 0.
    Abs "Abs": |x, a| x.abs(), sign(x); rule of(Function::Abs), of(Function::Sign);
        kink |_: &Self, x| side(x)
    /// x / (1 + |x|) (Turian, Bergstra and Bengio 2009); its derivative is 1/(1 + |x|)². Only the slope
    /// bends at 0, which is a kink to the gradient check all the same: differences across it are wrong by h.
    Softsign "Softsign": |x, a| x / (T::one() + x.abs()), {
        let below = T::one() + x.abs();
        T::one() / (below * below)
    };
        rule input(0) / (1.0 + of(Function::Abs)), (number(1.0) / (1.0 + of(Function::Abs)).squared());
        kink |_: &Self, x| side(x)
}

/// −1, 0 or 1; what is not a number stays so.
#[inline(always)]
fn sign<T: Real>(x: T) -> T {
    if x > T::zero() {
        T::one()
    } else if x < T::zero() {
        -T::one()
    } else {
        x
    }
}

/// xᵖ with a number p (`pow`); its derivative is p·xᵖ⁻¹, and 0 where p is 0. NaN for negative x where p is
/// no whole number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pow {
    /// p.
    pub exponent: f64,
}

impl<T: Real> Unary<T> for Pow {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        power(x, self.exponent)
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        if self.exponent == 0.0 {
            return T::zero();
        }
        T::of(self.exponent) * power(x, self.exponent - 1.0)
    }
}

/// The powers that are asked for most are products.
#[inline(always)]
fn power<T: Real>(x: T, exponent: f64) -> T {
    if exponent == 2.0 {
        x * x
    } else if exponent == 1.0 {
        x
    } else if exponent == 3.0 {
        x * x * x
    } else {
        x.powf(T::of(exponent))
    }
}

unary_op!(
    Pow,
    "Pow",
    rule = |op: &Self| {
        let p = |by: f64| setting("p", op.exponent + by);
        let derivative = if op.exponent == 0.0 { number(0.0) } else { p(0.0) * input(0).power(p(-1.0)) };
        Rule::of_one(input(0).power(p(0.0)), grad() * derivative)
    }
);

/// x held between two bounds (`clamp`). Its derivative is 1 between them, 0 on them and
/// outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clamp {
    /// The lower bound.
    pub min: f64,
    /// The upper bound; it wins where it is below the lower one.
    pub max: f64,
}

impl<T: Real> Unary<T> for Clamp {
    #[inline(always)]
    fn value(&self, x: T) -> T {
        let (min, max) = (T::of(self.min), T::of(self.max));
        let raised = if x < min { min } else { x };
        if raised > max { max } else { raised }
    }

    #[inline(always)]
    fn derivative(&self, x: T, _: T) -> T {
        if x > T::of(self.min) && x < T::of(self.max) { T::one() } else { T::zero() }
    }
}

unary_op!(
    Clamp,
    "Clamp",
    rule = |op: &Self| {
        let (min, max) = (setting("min", op.min), setting("max", op.max));
        let above = min.clone().compared(Comparison::Less, input(0));
        let below = input(0).compared(Comparison::Less, max.clone());
        Rule::of_one(input(0).at_least(min).at_most(max), grad() * above * below)
    },
    kink = |op: &Self, x: T| side(x - T::of(op.min)) + 3 * side(x - T::of(op.max))
);

/// What passes values and no gradients: flat almost everywhere, with jumps between.
macro_rules! flat_functions {
    ($(
        $(#[$doc:meta])*
        $op:ident $name:literal: |$x:ident| $value:expr; rule $rule:expr; place $place:expr
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $op;

        impl<T: Real> Op<T> for $op {
            fn name(&self) -> &'static str {
                $name
            }

            fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
                shape::alike($name, inputs, 1)
            }

            fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
                for (output, &$x) in output.iter_mut().zip(inputs[0].iter()) {
                    *output = $value;
                }
            }

            fn backward(&self, _: &BackwardArgs<'_, T>, _: usize, _: &mut Matrix<T>) {}

            fn rule(&self, _: &[&Shape]) -> Rule {
                Rule::new($rule, vec![Share::Blocked(Blocked::Flat)])
            }

            fn blocked(&self, _: usize) -> Option<Blocked> {
                Some(Blocked::Flat)
            }

            fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
                sides.extend(inputs[0].iter().map(|&$x| $place));
            }
        }
    )+};
}

flat_functions! {
    /// −1, 0 or 1. No gradient passes: flat, with a jump at 0 (PyTorch sends zeros).
    Sign "Sign": |x| sign(x); rule of(Function::Sign); place side(x)
    /// 1 above 0, else 0: the perceptron's threshold (`heaviside` with 0 at 0). No gradient passes.
    Step "Heaviside": |x| if x > T::zero() { T::one() } else { T::zero() };
        rule input(0).compared(Comparison::Greater, number(0.0)); place side(x)
    /// The nearest whole number, of two the even one. No gradient passes (PyTorch sends zeros).
    Round "Round": |x| T::of(x.to_f64().round_ties_even()); rule of(Function::Round); place {
        // Which whole number it is, as far as a small step can tell two apart.
        (x.to_f64().round_ties_even().rem_euclid(100.0)) as i8
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;
    use std::f64::consts::LN_2;

    #[test]
    fn values_and_slopes_by_hand() {
        let x = rows(&[&[0.0, -4.0, 4.0]]);
        let g = rows(&[&[1.0, 1.0, 1.0]]);
        assert_eq!(forward(&Abs, &[&x]), rows(&[&[0.0, 4.0, 4.0]]));
        assert_eq!(backward_all(&Abs, &[&x], &g)[0], rows(&[&[0.0, -1.0, 1.0]]));
        assert_eq!(backward_all(&Pow { exponent: 2.0 }, &[&x], &g)[0], rows(&[&[0.0, -8.0, 8.0]]));
        assert_eq!(backward_all(&Pow { exponent: 0.0 }, &[&x], &g)[0], rows(&[&[0.0, 0.0, 0.0]]));
        let clamp = Clamp { min: -4.0, max: 3.0 };
        assert_eq!(forward(&clamp, &[&x]), rows(&[&[0.0, -4.0, 3.0]]));
        assert_eq!(backward_all(&clamp, &[&x], &g)[0], rows(&[&[1.0, 0.0, 0.0]]));
        assert_eq!(forward(&Softsign, &[&x]), rows(&[&[0.0, -0.8, 0.8]]));
        assert_eq!(backward_all(&Sqrt, &[&rows(&[&[4.0]])], &rows(&[&[1.0]]))[0], rows(&[&[0.25]]));
        assert_eq!(forward(&Round, &[&rows(&[&[0.5, 1.5, -2.5]])]), rows(&[&[0.0, 2.0, -2.0]]));
        assert_eq!(forward(&Step, &[&x]), rows(&[&[0.0, 0.0, 1.0]]));
        let log = forward(&Log, &[&rows(&[&[2.0]])]);
        assert!((log[0] - LN_2).abs() < 1e-15);
    }

    #[test]
    fn an_angle_has_the_same_sine_whatever_stands_beside_it() {
        type Curve = fn(f64) -> f64;
        let angle = |n: usize| if n % 700 == 699 { 3e7 } else { n as f32 * 0.37 - 300.0 };
        let all = Matrix::from_fn(3, 900, |i, j| angle(j * 3 + i));
        let ones = Matrix::from_element(3, 900, 1.0_f32);
        let ops: [(&dyn Op<f32>, Curve, Curve); 3] = [
            (&Sin, f64::sin, f64::cos),
            (&Cos, f64::cos, |x| -x.sin()),
            (&Tan, f64::tan, |x| 1.0 + x.tan() * x.tan()),
        ];
        for (op, f, slope) in ops {
            let (values, slopes) = (forward(op, &[&all]), backward_all(op, &[&all], &ones).remove(0));
            for (at, &x) in all.iter().enumerate() {
                let alone = Matrix::from_element(1, 1, x);
                assert_eq!(values[at], forward(op, &[&alone])[0], "{} of {x}", op.name());
                let slope_alone = backward_all(op, &[&alone], &Matrix::from_element(1, 1, 1.0));
                assert_eq!(slopes[at], slope_alone[0][0], "slope of {} at {x}", op.name());
                let x = f64::from(x);
                assert!((f64::from(values[at]) - f(x)).abs() <= 1e-7 * (1.0 + f(x).abs()));
                assert!((f64::from(slopes[at]) - slope(x)).abs() <= 5e-7 * (1.0 + slope(x).abs()));
            }
        }
    }

    #[test]
    fn gradients_equal_differences() {
        let x = rows(&[&[0.5, 1.25], &[2.0, 3.5]]);
        check_gradients(&Neg, &[&x]);
        check_gradients(&Exp, &[&x]);
        check_gradients(&Log, &[&x]);
        check_gradients(&Sqrt, &[&x]);
        check_gradients(&Sin, &[&x]);
        check_gradients(&Cos, &[&x]);
        check_gradients(&Tan, &[&x]);
        check_gradients(&Abs, &[&x]);
        check_gradients(&Softsign, &[&(-&x)]);
        for exponent in [3.0, 2.0, 1.0, 0.5, -1.5] {
            check_gradients(&Pow { exponent }, &[&x]);
        }
        check_gradients(&Clamp { min: 1.0, max: 3.0 }, &[&x]);
    }

    #[test]
    fn nothing_goes_back_througha_jump() {
        let ops: [&dyn Op<f64>; 3] = [&Sign, &Step, &Round];
        for op in ops {
            assert_eq!((op.passes(0), op.blocked(0)), (false, Some(Blocked::Flat)), "{}", op.name());
        }
    }
}
