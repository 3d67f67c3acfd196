//! Buffers of a session, one set for each batch size that it meets, and what fills them.
//!
//! Made once and used again: a step allocates nothing after the first of its batch size.

use rand::RngExt;

use crate::autodiff::{Program, Trace};
use crate::data::Prepared;
use crate::tensor::{Real, random_stream};

use super::super::batches::mask_stream;
use super::plan::Plan;

/// More batch sizes than a run needs at once: the full and the partial batch, those two of an
/// evaluation, a row alone, and rows chosen by hand.
const MAX_TRACES: usize = 6;

/// Whether dropout acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Dropout zeroes features, with the masks of the step at hand.
    Train,
    /// Dropout off.
    Eval,
}

/// Traces by batch size, the most recently used last.
#[derive(Debug, Default)]
pub(super) struct Traces<T: Real> {
    traces: Vec<Trace<T>>,
}

impl<T: Real> Traces<T> {
    pub(super) fn new() -> Self {
        Self { traces: Vec::with_capacity(MAX_TRACES) }
    }

    /// Takes the trace of this batch size out, or makes it.
    pub(super) fn take(&mut self, program: &Program<T>, batch: usize) -> Trace<T> {
        match self.traces.iter().position(|trace| trace.batch() == batch) {
            Some(idx) => self.traces.remove(idx),
            None => program.trace(batch),
        }
    }

    /// Puts a trace back for later.
    pub(super) fn put(&mut self, trace: Trace<T>) {
        if self.traces.len() >= MAX_TRACES {
            self.traces.remove(0);
        }
        self.traces.push(trace);
    }
}

/// Writes the samples and the dropout masks into the leaves of `trace`.
pub(super) fn fill<T: Real>(
    plan: &Plan,
    data: &Prepared,
    samples: &[u32],
    mode: Mode,
    (seed, step): (u64, u64),
    trace: &mut Trace<T>,
) {
    for leaf in &plan.leaves {
        data.fill_batch(leaf.prepared_idx, leaf.time_step, samples, trace.value_mut(leaf.value));
    }
    if plan.masks.is_empty() {
        return;
    }
    let mut rng = random_stream(seed, mask_stream(step));
    for mask in &plan.masks {
        let matrix = trace.value_mut(mask.value);
        match mode {
            Mode::Eval => matrix.fill(T::one()),
            Mode::Train => {
                let kept = T::of(1.0 / (1.0 - mask.p));
                for entry in matrix.iter_mut() {
                    *entry = if rng.random::<f64>() < mask.p { T::zero() } else { kept };
                }
            }
        }
    }
}
