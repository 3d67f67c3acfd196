//! Inputs laid beside an output that they are repeated to: where their numbers lie, and how a rule
//! writes them.
//!
//! Must not know any particular op. A batched value lies sample after sample, each in C order; a fixed
//! one is the same for every sample.

use crate::algebra::{Expression, Operand, Reduction, Size, input, sizes_of};
use crate::tensor::{MAX_RANK, Shape};

/// Where the numbers of some inputs lie beside those of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The output's sizes after N, ones before them.
    dims: [usize; MAX_RANK],
    inputs: Vec<Strides>,
    /// Whether all inputs lie exactly as the output does.
    pub(super) is_plain: bool,
    shapes: Vec<Shape>,
    output: Shape,
}

/// How far apart neighboring numbers of an input lie: 0 where it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Strides {
    sample: usize,
    dims: [usize; MAX_RANK],
}

impl Layout {
    /// Of inputs that are repeated to `output`.
    pub(super) fn new(inputs: &[&Shape], output: &Shape) -> Self {
        let mut dims = [1; MAX_RANK];
        for (to, from) in dims.iter_mut().rev().zip(output.dims().iter().rev()) {
            *to = *from;
        }
        let strides = |shape: &&Shape| {
            let mut strides = [0; MAX_RANK];
            let mut apart = 1;
            for (stride, &size) in strides.iter_mut().rev().zip(shape.dims().iter().rev()) {
                *stride = if size == 1 { 0 } else { apart };
                apart *= size;
            }
            Strides { sample: if shape.is_batched() { shape.features() } else { 0 }, dims: strides }
        };
        Self {
            dims,
            inputs: inputs.iter().map(strides).collect(),
            is_plain: inputs.iter().all(|shape| *shape == output),
            shapes: inputs.iter().map(|&shape| shape.clone()).collect(),
            output: output.clone(),
        }
    }

    /// Calls `visit` with the place of every entry of the output, in order, and the places of the same
    /// entry in the inputs `of`. `len` is how many numbers the output holds.
    #[inline(always)]
    pub(super) fn walk<const K: usize>(
        &self,
        of: [usize; K],
        len: usize,
        mut visit: impl FnMut(usize, [usize; K]),
    ) {
        let strides = of.map(|arg| self.inputs[arg]);
        let [first, second, third, last] = self.dims;
        let n_samples = len / (first * second * third * last).max(1);
        let mut out = 0;
        for sample in 0..n_samples {
            for i in 0..first {
                for j in 0..second {
                    for k in 0..third {
                        let mut at = strides
                            .map(|s| sample * s.sample + i * s.dims[0] + j * s.dims[1] + k * s.dims[2]);
                        for _ in 0..last {
                            visit(out, at);
                            out += 1;
                            for (at, strides) in at.iter_mut().zip(&strides) {
                                *at += strides.dims[3];
                            }
                        }
                    }
                }
            }
        }
    }

    /// Where an input holds what stands at the place `at` of the output.
    pub(super) fn place(&self, arg: usize, mut at: usize) -> usize {
        let strides = self.inputs[arg];
        let mut place = 0;
        for (&size, stride) in self.dims.iter().zip(&strides.dims).rev() {
            place += at % size.max(1) * stride;
            at /= size.max(1);
        }
        place + at * strides.sample
    }

    /// How many numbers the output holds beside inputs that hold so many.
    pub(super) fn output_len(&self, lens: impl Iterator<Item = usize>) -> usize {
        let mut n_samples = 1;
        for (shape, len) in self.shapes.iter().zip(lens) {
            if shape.is_batched() {
                n_samples = len / shape.features().max(1);
            }
        }
        n_samples * self.output.features()
    }

    /// An input as a rule writes it: with ones between N and its sizes where the output has more.
    pub(super) fn written(&self, arg: usize) -> Expression<Operand> {
        let shape = &self.shapes[arg];
        let sizes = self.aligned(arg);
        if sizes == sizes_of(shape) { input(arg) } else { input(arg).reshape(sizes) }
    }

    /// What an input gets back of a share that is as large as the output: the sum over all places that it
    /// was repeated to.
    pub(super) fn returned(&self, arg: usize, share: Expression<Operand>) -> Expression<Operand> {
        summed(share, &sizes_of(&self.output), &self.aligned(arg), &sizes_of(&self.shapes[arg]))
    }

    /// The sizes of an input with ones between N and the rest, so that axes meet from the last one on.
    fn aligned(&self, arg: usize) -> Vec<Size> {
        aligned(&self.shapes[arg], self.output.dims().len())
    }
}

/// The sizes of a value that is to have `rank` sizes after N: ones stand between, where it is batched.
pub(super) fn aligned(shape: &Shape, rank: usize) -> Vec<Size> {
    let mut sizes = sizes_of(shape);
    if shape.is_batched() {
        let missing = rank.saturating_sub(shape.dims().len());
        sizes.splice(1..1, std::iter::repeat_n(Size::Fixed(1), missing));
    }
    sizes
}

/// A share of the sizes `from`, summed where `to` (aligned from the last axis on) was repeated, under the
/// sizes `own`.
pub(super) fn summed(
    mut share: Expression<Operand>,
    from: &[Size],
    to: &[Size],
    own: &[Size],
) -> Expression<Operand> {
    let missing = from.len().saturating_sub(to.len());
    let mut left = from.to_vec();
    for axis in 0..from.len() {
        let wanted = axis.checked_sub(missing).map_or(Size::Fixed(1), |at| to[at]);
        if from[axis] != wanted {
            share = share.over_kept(Reduction::Sum, axis);
            left[axis] = Size::Fixed(1);
        }
    }
    if left == own { share } else { share.reshape(own.to_vec()) }
}
