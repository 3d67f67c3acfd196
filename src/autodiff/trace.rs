//! The values and gradients of one run: all buffers of a program at one batch size.
//!
//! Made once a batch size and used again, so that a training step allocates nothing. Must not
//! know ops.

use super::graph::ValueId;
use super::schedule::Reach;
use crate::tensor::{Matrix, Real};

/// How far the gradients of a trace have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Nothing,
    Training,
    All,
}

/// The values and gradients of one run of a program. Parameters are not in it: they and their
/// gradients live in the `ParameterStore`.
#[derive(Clone, Debug)]
pub struct Trace<T: Real> {
    pub(super) batch: usize,
    /// By value; empty for parameters.
    pub(super) values: Vec<Matrix<T>>,
    /// By value; empty where no gradient is computed.
    pub(super) grads: Vec<Matrix<T>>,
    /// By value: which pass computes its gradient.
    pub(super) reach: Vec<Reach>,
    /// Which passes were run since the last forward pass.
    pub(super) done: Done,
    /// By instruction; empty where the op wants none.
    pub(super) workspaces: Vec<Matrix<T>>,
    /// An empty list whose memory gathers the inputs of ops with very many of them.
    pub(super) gather: Vec<&'static Matrix<T>>,
}

impl<T: Real> Trace<T> {
    /// Samples in the batch.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// A value, features × N. Empty for a parameter: ask the store for those.
    pub fn value(&self, id: ValueId) -> &Matrix<T> {
        &self.values[id.index()]
    }

    /// A leaf's buffer, to be filled before the forward pass: features × N, zeros at first. Its
    /// size must stay.
    pub fn value_mut(&mut self, id: ValueId) -> &mut Matrix<T> {
        &mut self.values[id.index()]
    }

    /// dL/d value, summed over all its uses, as the last backward pass left it. `None` where
    /// nothing reaches it, where it was not asked for (see `Program::complete_grads`), and before
    /// any backward pass. A computed zero is a matrix of zeros.
    pub fn grad(&self, id: ValueId) -> Option<&Matrix<T>> {
        let computed = match self.reach[id.index()] {
            Reach::No => false,
            Reach::Training => self.done != Done::Nothing,
            Reach::Showing => self.done == Done::All,
        };
        computed.then(|| &self.grads[id.index()])
    }
}
