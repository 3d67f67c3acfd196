//! A step that is looked at before it is taken.
//!
//! Nothing is changed, and nothing large is copied. Must not know what a step does.

#![expect(clippy::inline_always, reason = "kernels must be inlined to get wide vector instructions")]

use super::step::{Corrections, Update};
use crate::tensor::{Divisible, Kernel, OptimizerKind, Real, shared};

/// Numbers that a trial computes at a time: few enough that what it copies stays in the nearest cache.
const TRIED_TOGETHER: usize = 512;

/// A step on one parameter that is not taken: what it would make of it.
#[derive(Clone, Copy, Debug)]
pub struct Preview<'a, T: Real> {
    pub(super) kind: OptimizerKind,
    pub(super) corrections: Corrections,
    /// The tensors that the kind names, in their order; empty where there are fewer.
    pub(super) state: [&'a [T]; 2],
    pub(super) value: &'a [T],
    pub(super) grad: &'a [T],
    pub(super) learning_rate: f64,
}

impl<T: Real> Preview<'_, T> {
    /// Writes the parameter's numbers after the step.
    pub fn updated(&self, numbers: &mut [T]) {
        shared(self.try_on(numbers, |updated, _| updated));
    }

    /// Writes what the step adds to them.
    pub fn change(&self, numbers: &mut [T]) {
        shared(self.try_on(numbers, |updated, value| updated - value));
    }

    fn try_on<'b, F: Fn(T, T) -> T>(&'b self, shown: &'b mut [T], show: F) -> Trial<'b, T, F> {
        let Self { kind, corrections, state, value: w, grad: g, learning_rate } = *self;
        Trial { kind, corrections, state, w, g, learning_rate, shown, show }
    }
}

/// One step on one parameter or on a part of it that leaves all as it was.
struct Trial<'a, T: Real, F> {
    kind: OptimizerKind,
    corrections: Corrections,
    state: [&'a [T]; 2],
    w: &'a [T],
    g: &'a [T],
    learning_rate: f64,
    shown: &'a mut [T],
    /// What is shown, of a number after the step and before it.
    show: F,
}

impl<T: Real, F: Fn(T, T) -> T + Copy + Send> Divisible for Trial<'_, T, F> {
    fn entries(&self) -> usize {
        self.shown.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let Self { kind, corrections, state: [one, two], w, g, learning_rate, shown, show } = self;
        let (one_first, one_rest) = one.split_at(at.min(one.len()));
        let (two_first, two_rest) = two.split_at(at.min(two.len()));
        let ((w_first, w_rest), (g_first, g_rest)) = (w.split_at(at), g.split_at(at));
        let (shown_first, shown_rest) = shown.split_at_mut(at);
        let part = |state, w, g, shown| Trial { kind, corrections, state, w, g, learning_rate, shown, show };
        [
            part([one_first, two_first], w_first, g_first, shown_first),
            part([one_rest, two_rest], w_rest, g_rest, shown_rest),
        ]
    }
}

impl<T: Real, F: Fn(T, T) -> T> Kernel for Trial<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { kind, corrections, state: [one, two], w, g, learning_rate, shown, show } = self;
        let (mut copy_of_one, mut copy_of_two) = ([T::zero(); TRIED_TOGETHER], [T::zero(); TRIED_TOGETHER]);
        let parts =
            shown.chunks_mut(TRIED_TOGETHER).zip(w.chunks(TRIED_TOGETHER)).zip(g.chunks(TRIED_TOGETHER));
        for (idx, ((shown, w), g)) in parts.enumerate() {
            let start = idx * TRIED_TOGETHER;
            let state =
                [copied_part(one, start, &mut copy_of_one), copied_part(two, start, &mut copy_of_two)];
            shown.copy_from_slice(w);
            Update { kind, corrections, state, w: shown, g, learning_rate }.run();
            for (shown, &w) in shown.iter_mut().zip(w) {
                *shown = show(*shown, w);
            }
        }
    }
}

/// The part of a tensor that starts here, copied; nothing of an empty tensor.
#[inline(always)]
fn copied_part<'a, T: Copy>(tensor: &[T], start: usize, copy: &'a mut [T; TRIED_TOGETHER]) -> &'a mut [T] {
    let part = tensor.get(start..tensor.len().min(start + TRIED_TOGETHER)).unwrap_or(&[]);
    let copy = &mut copy[..part.len()];
    copy.copy_from_slice(part);
    copy
}
