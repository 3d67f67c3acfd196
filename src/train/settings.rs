//! Settings of the document in the engine's words.
//!
//! Must not hold any default: those stand with the settings.

use crate::autodiff::{OptimizerKind, ParameterStore, clip};
use crate::document::{ClipSettings, OptimizerSettings};
use crate::tensor::Real;

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

/// Clips as PyTorch's `clip_grad_norm_` and `clip_grad_value_` do.
pub(super) fn clip_gradients<T: Real>(settings: &ClipSettings, store: &mut ParameterStore<T>) {
    match *settings {
        ClipSettings::None => {}
        ClipSettings::Norm { max_norm } => {
            clip::by_norm(store, T::of(max_norm));
        }
        ClipSettings::Value { clip_value } => clip::by_value(store, T::of(clip_value)),
    }
}
