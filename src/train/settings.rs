//! Settings of the document in the engine's words.
//!
//! Must not hold any default: those stand with the settings.

use crate::autodiff::{Clip, OptimizerKind};
use crate::document::{ClipSettings, OptimizerSettings};

/// The optimizer as the engine names it.
pub(super) fn optimizer_kind(settings: &OptimizerSettings) -> OptimizerKind {
    match *settings {
        OptimizerSettings::Sgd { momentum, nesterov, weight_decay } => {
            OptimizerKind::Sgd { momentum, nesterov, weight_decay }
        }
        OptimizerSettings::RmsProp { alpha, eps, weight_decay, momentum } => {
            OptimizerKind::RmsProp { alpha, eps, weight_decay, momentum }
        }
        OptimizerSettings::Adagrad { eps, weight_decay } => OptimizerKind::Adagrad { eps, weight_decay },
        OptimizerSettings::Adam { beta1, beta2, eps, weight_decay } => {
            OptimizerKind::Adam { beta1, beta2, eps, weight_decay }
        }
        OptimizerSettings::AdamW { beta1, beta2, eps, weight_decay } => {
            OptimizerKind::AdamW { beta1, beta2, eps, weight_decay }
        }
    }
}

/// Clipping as the engine names it: PyTorch's `clip_grad_norm_` and `clip_grad_value_`.
pub(super) fn clip(settings: &ClipSettings) -> Clip {
    match *settings {
        ClipSettings::None => Clip::Off,
        ClipSettings::Norm { max_norm } => Clip::Norm(max_norm),
        ClipSettings::Value { clip_value } => Clip::Value(clip_value),
    }
}
