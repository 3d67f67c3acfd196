//! Losses joined with the activation that makes their prediction, in their stable form.
//!
//! A pair is joined whoever else reads the activation: the loss's share goes straight to the
//! activation's input, other users add theirs at its output, which flows the usual way. Must not
//! know in which order gradients go.

use std::sync::Arc;

use super::graph::{Graph, Source, ValueId};
use super::op::Op;
use crate::tensor::{Real, Shape};

/// A loss joined with the activation that makes its prediction.
#[derive(Clone, Debug)]
pub(super) struct Fused<T: Real> {
    /// The stable form.
    pub(super) op: Arc<dyn Op<T>>,
    /// Activation's input, activation's output, target.
    pub(super) inputs: Vec<ValueId>,
    /// The scratch of the stable form.
    pub(super) workspace: Option<Shape>,
}

/// By instruction: the stable form that it runs as, if it is a loss that has one.
pub(super) fn find<T: Real>(graph: &Graph<T>) -> Vec<Option<Fused<T>>> {
    let fused_form = |loss: &super::graph::Instruction<T>| {
        let (&prediction, rest) = loss.inputs.split_first()?;
        let Source::Computed(activation) = graph.value(prediction).source else { return None };
        let activation = graph.instruction(activation);
        let &[before] = activation.inputs.as_slice() else { return None };
        let op = loss.op.fused_with(&*activation.op)?;
        let inputs: Vec<ValueId> = [before, prediction].into_iter().chain(rest.iter().copied()).collect();
        let shapes: Vec<&Shape> = inputs.iter().map(|id| &graph.value(*id).shape).collect();
        let workspace = op.workspace(&shapes);
        Some(Fused { op, inputs, workspace })
    };
    graph.instructions.iter().map(fused_form).collect()
}
