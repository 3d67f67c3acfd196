//! What a run needs besides the parameters to go on exactly: where it stands and the optimizer's state,
//! as plain data that a file can hold.
//!
//! Must not know how an optimizer computes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::OptimizerSettings;
use crate::network::ParameterKey;

/// Where a run stands. Shuffling follows from the seed and the epoch, dropout from the seed and the step,
/// so that a run which goes on from here is the run that was never interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RunPosition {
    /// Finished epochs.
    pub epoch: usize,
    /// Training samples of the running epoch that were learned from.
    pub samples: usize,
    /// Optimizer steps.
    pub step: u64,
}

/// The state of an optimizer, by parameter, under PyTorch's names.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimizerState {
    /// The optimizer that it belongs to.
    pub optimizer: OptimizerSettings,
    /// One entry a parameter that has been updated at least once.
    pub parameters: BTreeMap<ParameterKey, ParameterState>,
}

/// The optimizer's state of one parameter.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ParameterState {
    /// Updates so far; PyTorch's `step`.
    pub step: u64,
    /// Tensors of the parameter's shape, in C order, by name: `exp_avg`, `exp_avg_sq`,
    /// `momentum_buffer`, `square_avg`, `sum`.
    pub tensors: BTreeMap<String, Arc<Vec<f64>>>,
}
