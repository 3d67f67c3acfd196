//! What a person chose about training: part of the document, saved with the model.
//!
//! Must not hold anything that a run produced.

use std::ops::RangeInclusive;

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

/// Gradient clipping.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClipSettings {
    /// None.
    None,
    /// All gradients together are scaled down to this 2-norm (`clip_grad_norm_`).
    Norm {
        /// The largest norm.
        max_norm: f64,
    },
    /// Every entry is cut to ± this (`clip_grad_value_`).
    Value {
        /// The largest magnitude.
        clip_value: f64,
    },
}

/// Optimizers with PyTorch's definitions and defaults; the learning rate stands apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptimizerSettings {
    /// `torch.optim.SGD`.
    Sgd {
        /// 0 by default.
        momentum: f64,
        /// Nesterov momentum.
        nesterov: bool,
        /// L2 penalty, added to the gradient.
        weight_decay: f64,
    },
    /// `torch.optim.RMSprop`.
    RmsProp {
        /// 0.99 by default.
        alpha: f64,
        /// 1e-8 by default.
        eps: f64,
        /// L2 penalty.
        weight_decay: f64,
        /// 0 by default.
        momentum: f64,
    },
    /// `torch.optim.Adagrad`.
    Adagrad {
        /// 1e-10 by default.
        eps: f64,
        /// L2 penalty.
        weight_decay: f64,
    },
    /// `torch.optim.Adam`.
    Adam {
        /// 0.9 by default.
        beta1: f64,
        /// 0.999 by default.
        beta2: f64,
        /// 1e-8 by default.
        eps: f64,
        /// L2 penalty, added to the gradient.
        weight_decay: f64,
    },
    /// `torch.optim.AdamW`.
    AdamW {
        /// 0.9 by default.
        beta1: f64,
        /// 0.999 by default.
        beta2: f64,
        /// 1e-8 by default.
        eps: f64,
        /// 0.01 by default; decoupled.
        weight_decay: f64,
    },
}
