//! What PyTorch's text cannot say of free operations: refused by name, so that nothing is written wrong.
//!
//! Must not know how code is written.

use super::model::Drawing;
use crate::network::{NodeId, NodeKind, Operation};
use crate::tensor::Shape;

/// The first node that a module cannot compute as it was drawn.
pub(super) fn first_inexpressible(drawing: &Drawing<'_>) -> Option<NodeId> {
    let wiring = drawing.network.wiring();
    drawing.network.nodes.iter().find_map(|(&id, node)| {
        let edges = wiring.incoming(id).iter().filter_map(|edge| drawing.network.edges.get(edge));
        let inputs: Vec<&Shape> = edges.filter_map(|edge| drawing.shapes.node(edge.from)).collect();
        (!is_expressible(&node.kind, &inputs)).then_some(id)
    })
}

fn is_expressible(kind: &NodeKind, inputs: &[&Shape]) -> bool {
    let n_batched = inputs.iter().filter(|shape| shape.is_batched()).count();
    let is_mixed = n_batched > 0 && n_batched < inputs.len();
    match kind {
        // What the loss compares must have rows, which it divides by.
        NodeKind::Loss(_) => inputs.first().is_none_or(|prediction| prediction.is_batched()),
        NodeKind::Concat | NodeKind::Operation(Operation::Stack { .. }) => !is_mixed,
        NodeKind::Operation(Operation::MatMul) => match inputs {
            [a, b] if n_batched > 0 => fits_as_product(a, b),
            _ => true,
        },
        NodeKind::Input(_)
        | NodeKind::Target(_)
        | NodeKind::Tensor(_)
        | NodeKind::Dense(_)
        | NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Operation(_)
        | NodeKind::Reduce(_)
        | NodeKind::Reshape { .. }
        | NodeKind::Dropout { .. } => true,
    }
}

/// Whether `torch.matmul`, which takes N for one more size, still multiplies sample by sample.
fn fits_as_product(a: &Shape, b: &Shape) -> bool {
    let rank = |shape: &Shape| shape.dims().len();
    let leads = [rank(a).saturating_sub(2), rank(b).saturating_sub(2)];
    match (a.is_batched(), b.is_batched()) {
        // N rows of numbers against one matrix or one column.
        (true, false) if rank(a) == 1 => rank(b) <= 2,
        (false, true) if rank(b) == 1 => false,
        (true, true) => rank(a) >= 2 && rank(b) >= 2 && leads[0] == leads[1],
        (true, false) => leads[1] <= leads[0],
        (false, true) => leads[0] <= leads[1],
        (false, false) => true,
    }
}
