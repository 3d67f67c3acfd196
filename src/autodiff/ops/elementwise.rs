//! Loops that every entry-by-entry op shares: over flat slices, so that they vectorize.
//!
//! Must not know any particular op.

use crate::autodiff::BackwardArgs;
use crate::tensor::{Divisible, Kernel, Matrix, Real, shared, vectorized};

/// An activation that works on each number alone.
pub(super) trait Unary<T: Real>: Sync {
    /// f(x).
    fn value(&self, x: T) -> T;

    /// f′(x), given x and a = f(x).
    fn derivative(&self, x: T, a: T) -> T;
}

/// a ← f(x), entry by entry.
struct Map<'a, T, F> {
    a: &'a mut [T],
    x: &'a [T],
    f: F,
}

impl<T: Real, F: Fn(T) -> T> Kernel for Map<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (a, &x) in self.a.iter_mut().zip(self.x) {
            *a = (self.f)(x);
        }
    }
}

impl<T: Real, F: Fn(T) -> T + Copy + Send> Divisible for Map<'_, T, F> {
    fn entries(&self) -> usize {
        self.x.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let ((a_first, a_rest), (x_first, x_rest)) = (self.a.split_at_mut(at), self.x.split_at(at));
        [Self { a: a_first, x: x_first, f: self.f }, Self { a: a_rest, x: x_rest, f: self.f }]
    }
}

/// g ← f(a, b), or with `ADD` g ← g + f(a, b), entry by entry.
struct Zip<'a, T, F, const ADD: bool> {
    g: &'a mut [T],
    a: &'a [T],
    b: &'a [T],
    f: F,
}

impl<T: Real, F: Fn(T, T) -> T, const ADD: bool> Kernel for Zip<'_, T, F, ADD> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((g, &a), &b) in self.g.iter_mut().zip(self.a).zip(self.b) {
            put::<T, ADD>(g, (self.f)(a, b));
        }
    }
}

/// dz ← da·f′(x, a), or with `ADD` dz ← dz + da·f′(x, a).
struct Back<'a, T, U, const ADD: bool> {
    op: &'a U,
    dz: &'a mut [T],
    x: &'a [T],
    a: &'a [T],
    da: &'a [T],
}

impl<T: Real, U: Unary<T>, const ADD: bool> Kernel for Back<'_, T, U, ADD> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (((dz, &x), &a), &da) in self.dz.iter_mut().zip(self.x).zip(self.a).zip(self.da) {
            // A gradient that vanishes through many layers or steps must not slow them all down.
            put::<T, ADD>(dz, (da * self.op.derivative(x, a)).or_zero_in_products());
        }
    }
}

impl<T: Real, U: Unary<T>, const ADD: bool> Divisible for Back<'_, T, U, ADD> {
    fn entries(&self) -> usize {
        self.x.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let (dz_first, dz_rest) = self.dz.split_at_mut(at);
        let (x_first, x_rest) = self.x.split_at(at);
        let (a_first, a_rest) = self.a.split_at(at);
        let (da_first, da_rest) = self.da.split_at(at);
        let first = Self { op: self.op, dz: dz_first, x: x_first, a: a_first, da: da_first };
        let rest = Self { op: self.op, dz: dz_rest, x: x_rest, a: a_rest, da: da_rest };
        [first, rest]
    }
}

/// Σ f(a, b) over all entries, in sixteen running sums (which vectorize, and round less than one).
struct Sum<'a, T, F> {
    a: &'a [T],
    b: &'a [T],
    f: F,
}

impl<T: Real, F: Fn(T, T) -> T> Kernel for Sum<'_, T, F> {
    type Output = T;

    #[inline(always)]
    fn run(self) -> T {
        let (a_chunks, b_chunks) = (self.a.chunks_exact(16), self.b.chunks_exact(16));
        let mut sum = T::zero();
        for (&a, &b) in a_chunks.remainder().iter().zip(b_chunks.remainder()) {
            sum += (self.f)(a, b);
        }
        if self.a.len() < 16 {
            return sum;
        }
        let mut lanes = [T::zero(); 16];
        for (a, b) in a_chunks.zip(b_chunks) {
            for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
                *lane += (self.f)(a, b);
            }
        }
        for lane in lanes {
            sum += lane;
        }
        sum
    }
}

/// A ← f(Z).
#[inline]
pub(super) fn forward<T: Real>(op: &impl Unary<T>, x: &Matrix<T>, output: &mut Matrix<T>) {
    let (a, x) = (output.as_mut_slice(), x.as_slice());
    shared(Map { a, x, f: |x| op.value(x) });
}

/// dZ ← dA ⊙ f′(Z), or with `ADD` dZ ← dZ + dA ⊙ f′(Z).
#[inline]
pub(super) fn backward<T: Real, const ADD: bool>(
    op: &impl Unary<T>,
    args: &BackwardArgs<'_, T>,
    grad_input: &mut Matrix<T>,
) {
    let (x, a, da) = (args.inputs[0].as_slice(), args.output.as_slice(), args.grad_output.as_slice());
    shared(Back::<_, _, ADD> { op, dz: grad_input.as_mut_slice(), x, a, da });
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
    let (g, a, b) = (place.as_mut_slice(), a.as_slice(), b.as_slice());
    vectorized(a.len(), Zip::<_, _, ADD> { g, a, b, f });
}

/// Σ f(a, b) over all entries.
#[inline]
pub(super) fn sum_zipped<T: Real>(a: &Matrix<T>, b: &Matrix<T>, f: impl Fn(T, T) -> T) -> T {
    let (a, b) = (a.as_slice(), b.as_slice());
    vectorized(a.len(), Sum { a, b, f })
}

/// −1, 0 or 1: on which side of a kink at zero a number lies.
pub(super) fn side<T: Real>(x: T) -> i8 {
    i8::from(x > T::zero()) - i8::from(x < T::zero())
}

/// Implements `Op` for an activation that is [`Unary`]: `unary_op!(Type, "Name", rule = function of
/// self)`, with `kink = function of (self, x)` where it has one, and `probabilities = which` where a
/// loss may ask for them.
macro_rules! unary_op {
    ($op:ty, $name:literal, rule = $rule:expr
     $(, kink = $kink:expr)? $(, probabilities = $probabilities:expr)?) => {
        impl<T: $crate::tensor::Real> $crate::autodiff::Op<T> for $op {
            fn name(&self) -> &'static str {
                $name
            }

            fn infer_shape(
                &self,
                inputs: &[&$crate::tensor::Shape],
            ) -> Result<$crate::tensor::Shape, $crate::tensor::ShapeError> {
                $crate::tensor::shape::alike($name, inputs, 1)
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

            fn rule(&self, _: &[&$crate::tensor::Shape]) -> $crate::autodiff::Rule {
                $rule(self)
            }

            $(
                fn probabilities(&self) -> Option<$crate::autodiff::Probabilities> {
                    Some($probabilities)
                }
            )?

            $(
                fn kink_sides(&self, inputs: &[&$crate::tensor::Matrix<T>], sides: &mut Vec<i8>) {
                    sides.extend(inputs[0].iter().map(|&x| $kink(self, x)));
                }
            )?
        }
    };
}
pub(super) use unary_op;
