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

    /// Up to which |x| [`value_near`](Self::value_near) and [`derivative_near`](Self::derivative_near)
    /// may be asked instead: where `value` has a branch for what lies farther, loops over it do not
    /// vectorize. None where it has none.
    const NEAR: Option<T> = None;

    /// The bits of `value`, without a branch.
    #[inline(always)]
    fn value_near(&self, x: T) -> T {
        self.value(x)
    }

    /// The bits of `derivative`, without a branch.
    #[inline(always)]
    fn derivative_near(&self, x: T, a: T) -> T {
        self.derivative(x, a)
    }
}

/// So many numbers are looked at before one of the two forms is taken for all of them.
const LOOKED_AT: usize = 512;

/// Whether every one of these lies near enough for the form without branches.
#[inline(always)]
fn all_near<T: Real>(x: &[T], nearest: T) -> bool {
    // Not `all`, which stops and so does not vectorize. NaN is not near.
    x.iter().fold(true, |near, x| near & (x.abs() <= nearest))
}

/// a ← f(x), entry by entry.
struct Map<'a, T, U> {
    op: &'a U,
    a: &'a mut [T],
    x: &'a [T],
}

impl<T: Real, U: Unary<T>> Kernel for Map<'_, T, U> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Some(bound) = U::NEAR else { return map(self.a, self.x, |x| self.op.value(x)) };
        for (a, x) in self.a.chunks_mut(LOOKED_AT).zip(self.x.chunks(LOOKED_AT)) {
            if all_near(x, bound) {
                map(a, x, |x| self.op.value_near(x));
            } else {
                map(a, x, |x| self.op.value(x));
            }
        }
    }
}

#[inline(always)]
fn map<T: Real>(a: &mut [T], x: &[T], f: impl Fn(T) -> T) {
    for (a, &x) in a.iter_mut().zip(x) {
        *a = f(x);
    }
}

impl<T: Real, U: Unary<T>> Divisible for Map<'_, T, U> {
    fn entries(&self) -> usize {
        self.x.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let ((a_first, a_rest), (x_first, x_rest)) = (self.a.split_at_mut(at), self.x.split_at(at));
        [Self { op: self.op, a: a_first, x: x_first }, Self { op: self.op, a: a_rest, x: x_rest }]
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

impl<T: Real, F: Fn(T, T) -> T + Copy + Send, const ADD: bool> Divisible for Zip<'_, T, F, ADD> {
    fn entries(&self) -> usize {
        self.a.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let (g_first, g_rest) = self.g.split_at_mut(at);
        let ((a_first, a_rest), (b_first, b_rest)) = (self.a.split_at(at), self.b.split_at(at));
        [
            Self { g: g_first, a: a_first, b: b_first, f: self.f },
            Self { g: g_rest, a: a_rest, b: b_rest, f: self.f },
        ]
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
        let Self { op, dz, x, a, da } = self;
        let Some(bound) = U::NEAR else { return back::<T, ADD>(dz, x, a, da, |x, a| op.derivative(x, a)) };
        let inputs = x.chunks(LOOKED_AT).zip(a.chunks(LOOKED_AT)).zip(da.chunks(LOOKED_AT));
        for (dz, ((x, a), da)) in dz.chunks_mut(LOOKED_AT).zip(inputs) {
            if all_near(x, bound) {
                back::<T, ADD>(dz, x, a, da, |x, a| op.derivative_near(x, a));
            } else {
                back::<T, ADD>(dz, x, a, da, |x, a| op.derivative(x, a));
            }
        }
    }
}

#[inline(always)]
fn back<T: Real, const ADD: bool>(dz: &mut [T], x: &[T], a: &[T], da: &[T], derivative: impl Fn(T, T) -> T) {
    for (((dz, &x), &a), &da) in dz.iter_mut().zip(x).zip(a).zip(da) {
        // A gradient that vanishes through many layers or steps must not slow them all down.
        put::<T, ADD>(dz, (da * derivative(x, a)).or_zero_in_products());
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
    shared(Map { op, a, x });
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
    f: impl Fn(T, T) -> T + Copy + Send,
) {
    let (g, a, b) = (place.as_mut_slice(), a.as_slice(), b.as_slice());
    shared(Zip::<_, _, ADD> { g, a, b, f });
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
