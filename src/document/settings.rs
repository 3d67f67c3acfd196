//! What a person chose about training: part of the document, saved with the model.
//!
//! Must not hold anything that a run produced.

use std::ops::RangeInclusive;

pub use crate::tensor::{Clip as ClipSettings, OptimizerKind as OptimizerSettings};

/// Everything chosen about training.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSettings {
    /// How gradients are used.
    pub optimizer: OptimizerSettings,
    /// Step size; PyTorch's `lr`.
    pub learning_rate: f64,
    /// Rows a step.
    pub batch_size: usize,
    /// Shuffle the training rows at the start of every epoch.
    pub shuffle: bool,
    /// Stop after this many epochs.
    pub epochs: usize,
    /// Stop when the training loss is at or under this.
    pub target_loss: Option<f64>,
    /// Stop after this many epochs without a better validation (or else training) loss.
    pub patience: Option<usize>,
    /// Gradient clipping, in the optimizer: panels show what backward left.
    pub clip: ClipSettings,
    /// Seeds the weights, the split, the shuffling and dropout, each with a stream of its own.
    pub seed: u64,
}

impl TrainingSettings {
    /// Step sizes that are allowed.
    pub const LEARNING_RATE: RangeInclusive<f64> = 0.0..=1e6;
}

impl OptimizerSettings {
    /// μ and α: shares of what was before.
    pub const MOMENTUM: RangeInclusive<f64> = 0.0..=1.0;
    /// β₁ and β₂: below 1, where 1/(1 − βᵗ) is infinite.
    pub const BETA: RangeInclusive<f64> = 0.0..=0.999_999_999;
    /// ε and weight decay.
    pub const POSITIVE: RangeInclusive<f64> = 0.0..=1e6;
}

impl Default for TrainingSettings {
    fn default() -> Self {
        Self {
            optimizer: OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
            learning_rate: 0.001,
            batch_size: 32,
            shuffle: true,
            epochs: 100,
            target_loss: None,
            patience: None,
            clip: ClipSettings::None,
            seed: 1,
        }
    }
}
