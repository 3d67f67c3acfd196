//! Buffers of a session, one set for each batch size that it meets.
//!
//! Made once and used again: a step allocates nothing after the first of its batch size.

use crate::autodiff::{Program, Trace};
use crate::tensor::Real;

/// More batch sizes than a run needs at once: the full and the partial batch, those two of an
/// evaluation, a row alone, and rows chosen by hand.
const MAX_TRACES: usize = 6;

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
