//! Loops that every entry-by-entry op shares: over flat slices, so that they vectorise.
//!
//! Must not know any particular op.

use crate::autodiff::BackwardArgs;
use crate::tensor::{Matrix, Real};

/// An activation that works on each number alone.
pub(super) trait Unary<T: Real> {
    /// f(x).
    fn value(&self, x: T) -> T;

    /// f′(x), given x and a = f(x).
    fn derivative(&self, x: T, a: T) -> T;
}

/// A ← f(Z).
#[inline]
pub(super) fn forward<T: Real>(op: &impl Unary<T>, x: &Matrix<T>, output: &mut Matrix<T>) {
    for (a, &x) in output.as_mut_slice().iter_mut().zip(x.as_slice()) {
        *a = op.value(x);
    }
}

/// dZ ← dA ⊙ f′(Z), or with `ADD` dZ ← dZ + dA ⊙ f′(Z).
#[inline]
pub(super) fn backward<T: Real, const ADD: bool>(
    op: &impl Unary<T>,
    args: &BackwardArgs<'_, T>,
    grad_input: &mut Matrix<T>,
) {
    let (x, a, g) = (args.inputs[0].as_slice(), args.output.as_slice(), args.grad_output.as_slice());
    for (((dx, &x), &a), &g) in grad_input.as_mut_slice().iter_mut().zip(x).zip(a).zip(g) {
        put::<T, ADD>(dx, g * op.derivative(x, a));
    }
}

/// Sets, or with `ADD` adds.
#[inline(always)]
pub(super) fn put<T: Real, const ADD: bool>(place: &mut T, share: T) {
    if ADD {
        *place += share;
    } else {
        *place = share;
    }
}

/// G ← f(a, b) entry by entry, or with `ADD` G ← G + f(a, b).
#[inline]
pub(super) fn put_zipped<T: Real, const ADD: bool>(
    place: &mut Matrix<T>,
    a: &Matrix<T>,
    b: &Matrix<T>,
    f: impl Fn(T, T) -> T,
) {
    for ((place, &a), &b) in place.as_mut_slice().iter_mut().zip(a.as_slice()).zip(b.as_slice()) {
        put::<T, ADD>(place, f(a, b));
    }
}

/// Σ f(a, b) over all entries, in eight running sums (which vectorise, and round less than one).
#[inline]
pub(super) fn sum_zipped<T: Real>(a: &Matrix<T>, b: &Matrix<T>, f: impl Fn(T, T) -> T) -> T {
    let (a, b) = (a.as_slice(), b.as_slice());
    let mut lanes = [T::zero(); 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    let mut sum = rest.fold(T::zero(), |sum, (&a, &b)| sum + f(a, b));
    if a.len() < 8 {
        return sum;
    }
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += f(a, b);
        }
    }
    for lane in lanes {
        sum += lane;
    }
    sum
}

/// −1, 0 or 1: on which side of a kink at zero a number lies.
pub(super) fn side<T: Real>(x: T) -> i8 {
    i8::from(x > T::zero()) - i8::from(x < T::zero())
}

/// Implements `Op` for an activation that is [`Unary`]: `unary_op!(Type, "Name", rule)`, with
/// `kink = expression of (self, x)` where it has one.
macro_rules! unary_op {
    ($op:ty, $name:literal, $derivative:literal, $step:literal $(, kink = $kink:expr)?) => {
        impl<T: $crate::tensor::Real> $crate::autodiff::Op<T> for $op {
            fn name(&self) -> &'static str {
                $name
            }

            fn infer_shape(
                &self,
                inputs: &[&$crate::tensor::Shape],
            ) -> Result<$crate::tensor::Shape, $crate::tensor::ShapeError> {
                $crate::tensor::shape::arity($name, inputs, 1)?;
                $crate::tensor::shape::elementwise($name, inputs)
            }

            fn forward(
                &self,
                inputs: &[&$crate::tensor::Matrix<T>],
                output: &mut $crate::tensor::Matrix<T>,
                _: &mut $crate::tensor::Matrix<T>,
            ) {
                $crate::autodiff::ops::elementwise::forward(self, inputs[0], output);
            }

            fn backward(
                &self,
                args: &$crate::autodiff::BackwardArgs<'_, T>,
                _: usize,
                grad_input: &mut $crate::tensor::Matrix<T>,
            ) {
                $crate::autodiff::ops::elementwise::backward::<T, true>(self, args, grad_input);
            }

            fn backward_first(
                &self,
                args: &$crate::autodiff::BackwardArgs<'_, T>,
                _: usize,
                grad_input: &mut $crate::tensor::Matrix<T>,
            ) {
                $crate::autodiff::ops::elementwise::backward::<T, false>(self, args, grad_input);
            }

            fn local_rule(&self, _: usize) -> $crate::autodiff::LocalRule {
                $crate::autodiff::LocalRule::new($crate::autodiff::RuleKind::Elementwise, $derivative, $step)
            }

            $(
                fn kink_sides(&self, inputs: &[&$crate::tensor::Matrix<T>], sides: &mut Vec<i8>) {
                    sides.extend(inputs[0].iter().map(|&x| $kink(self, x)));
                }
            )?
        }
    };
}
pub(super) use unary_op;
