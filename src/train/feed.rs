//! Filling a batch: which leaves of a compiled drawing take which numbers of the data, and which
//! take dropout masks. The same for a session, the gradient check and predictions.
//!
//! Must not know what is done with the batch.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::autodiff::{Trace, ValueId};
use crate::compile::Links;
use crate::data::Prepared;
use crate::network::Noise;
use crate::tensor::{Real, random_stream};

use super::batches::mask_stream;

/// Whether dropout acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Dropout zeroes features, with the masks of the step at hand.
    Train,
    /// Dropout off.
    Eval,
}

/// The leaves of a compiled drawing and what fills them.
#[derive(Debug)]
pub struct Feed {
    leaves: Vec<Leaf>,
    masks: Vec<Mask>,
}

/// A leaf that the data fill.
#[derive(Debug)]
struct Leaf {
    /// The node's place in the prepared data.
    prepared_idx: usize,
    time_step: usize,
    value: ValueId,
}

/// A leaf that takes a dropout mask, or draws.
#[derive(Debug)]
struct Mask {
    value: ValueId,
    noise: Noise,
}

impl Feed {
    /// What fills the leaves of a drawing. Data nodes that the data do not hold stay zero.
    pub fn new(links: &Links, data: &Prepared) -> Self {
        let leaves = links.inputs.iter().chain(&links.targets).filter_map(|leaf| {
            let prepared_idx = data.node_index(leaf.node)?;
            Some(Leaf { prepared_idx, time_step: leaf.step, value: leaf.value })
        });
        let masks = links.masks.iter().map(|mask| Mask { value: mask.value, noise: mask.noise });
        Self { leaves: leaves.collect(), masks: masks.collect() }
    }

    /// The leaves that take dropout masks.
    pub(super) fn masks(&self) -> impl Iterator<Item = ValueId> + '_ {
        self.masks.iter().map(|mask| mask.value)
    }

    /// What data nodes read at a time step: their place in the prepared data, and the leaf.
    pub(super) fn read_at(&self, time_step: usize) -> impl Iterator<Item = (usize, ValueId)> + '_ {
        let read = self.leaves.iter().filter(move |leaf| leaf.time_step == time_step);
        read.map(|leaf| (leaf.prepared_idx, leaf.value))
    }

    /// Writes the samples into the leaves of `trace`, and the dropout masks of a step of the
    /// session with this seed.
    pub(super) fn fill<T: Real>(
        &self,
        data: &Prepared,
        samples: &[u32],
        mode: Mode,
        (seed, step): (u64, u64),
        trace: &mut Trace<T>,
    ) {
        for leaf in &self.leaves {
            data.fill_batch(leaf.prepared_idx, leaf.time_step, samples, trace.value_mut(leaf.value));
        }
        if self.masks.is_empty() {
            return;
        }
        let mut rng = random_stream(seed, mask_stream(step));
        for mask in &self.masks {
            let matrix = trace.value_mut(mask.value);
            match (mask.noise, mode) {
                (Noise::Dropout { .. }, Mode::Eval) => matrix.fill(T::one()),
                (Noise::Dropout { p }, Mode::Train) => {
                    let kept = T::of(1.0 / (1.0 - p));
                    for entry in matrix.iter_mut() {
                        *entry = if rng.random::<f64>() < p { T::zero() } else { kept };
                    }
                }
                // What is sampled is sampled in both modes, as in PyTorch.
                (Noise::Uniform, _) => matrix.iter_mut().for_each(|entry| *entry = T::of(rng.random())),
                (Noise::Normal, _) => {
                    matrix.iter_mut().for_each(|entry| *entry = T::of(StandardNormal.sample(&mut rng)));
                }
            }
        }
    }

    /// The same with dropout off.
    pub fn fill_to_look<T: Real>(&self, data: &Prepared, samples: &[u32], trace: &mut Trace<T>) {
        self.fill(data, samples, Mode::Eval, (0, 0), trace);
    }
}
