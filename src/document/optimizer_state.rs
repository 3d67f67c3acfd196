//! What an optimizer remembers between steps: produced by a run, saved with the model, handed
//! back to the next run.
//!
//! Must not know how an optimizer uses it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::network::ParameterKey;

/// What an optimizer remembers, parameter by parameter.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct OptimizerState {
    /// One entry a parameter that has been stepped.
    pub parameters: BTreeMap<ParameterKey, ParameterState>,
}

/// What an optimizer remembers about one parameter.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ParameterState {
    /// Steps taken; PyTorch's `step`.
    pub step: u64,
    /// Tensors of the parameter's own size in C order, under PyTorch's names: `exp_avg`,
    /// `exp_avg_sq`, `momentum_buffer`, `square_avg`, `sum`.
    pub tensors: BTreeMap<String, Arc<Vec<f64>>>,
}
