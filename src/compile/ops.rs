//! Which op computes which kind of node.
//!
//! The only place where the drawing's words meet the engine's.

use std::sync::Arc;

use crate::autodiff::{Op, ops};
use crate::network::{Activation, LossKind, NodeKind};
use crate::tensor::Real;

pub(super) fn dense<T: Real>(bias: bool) -> Arc<dyn Op<T>> {
    Arc::new(ops::Linear { bias })
}

pub(super) fn add<T: Real>() -> Arc<dyn Op<T>> {
    Arc::new(ops::Add)
}

pub(super) fn multiply<T: Real>() -> Arc<dyn Op<T>> {
    Arc::new(ops::Multiply)
}

pub(super) fn concat<T: Real>() -> Arc<dyn Op<T>> {
    Arc::new(ops::Concat)
}

pub(super) fn dropout<T: Real>() -> Arc<dyn Op<T>> {
    Arc::new(ops::Dropout)
}

pub(super) fn detach<T: Real>() -> Arc<dyn Op<T>> {
    Arc::new(ops::Detach)
}

pub(super) fn activation<T: Real>(activation: Activation) -> Arc<dyn Op<T>> {
    match activation {
        Activation::Identity => Arc::new(ops::Identity),
        Activation::Relu => Arc::new(ops::Relu),
        Activation::LeakyRelu { negative_slope } => Arc::new(ops::LeakyRelu { negative_slope }),
        Activation::Elu { alpha } => Arc::new(ops::Elu { alpha }),
        Activation::Gelu => Arc::new(ops::Gelu),
        Activation::Silu => Arc::new(ops::Silu),
        Activation::Softplus => Arc::new(ops::Softplus),
        Activation::Sigmoid => Arc::new(ops::Sigmoid),
        Activation::Tanh => Arc::new(ops::Tanh),
        Activation::Softmax => Arc::new(ops::Softmax),
    }
}

pub(super) fn loss<T: Real>(kind: LossKind) -> Arc<dyn Op<T>> {
    match kind {
        LossKind::Mse => Arc::new(ops::Mse),
        LossKind::HalfSumOfSquares => Arc::new(ops::HalfSumOfSquares),
        LossKind::Mae => Arc::new(ops::Mae),
        LossKind::Huber { delta } => Arc::new(ops::Huber { delta }),
        LossKind::Bce => Arc::new(ops::Bce),
        LossKind::BceWithLogits => Arc::new(ops::BceWithLogits),
        LossKind::CrossEntropy => Arc::new(ops::CrossEntropy),
        LossKind::CrossEntropyWithLogits => Arc::new(ops::CrossEntropyWithLogits),
    }
}

/// The op that computes a kind of node; `None` for data nodes, which are filled.
pub fn op_of<T: Real>(kind: &NodeKind) -> Option<Arc<dyn Op<T>>> {
    Some(match kind {
        NodeKind::Input(_) | NodeKind::Target(_) => return None,
        NodeKind::Dense(settings) => dense(settings.bias),
        NodeKind::Activation(kind) => activation(*kind),
        NodeKind::Add => add(),
        NodeKind::Multiply => multiply(),
        NodeKind::Concat => concat(),
        NodeKind::Dropout { .. } => dropout(),
        NodeKind::Loss(settings) => loss(settings.kind),
    })
}
