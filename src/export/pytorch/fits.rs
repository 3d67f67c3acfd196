//! Free operations on batches: here N is apart from the sizes, in PyTorch it is the first of them. What can
//! be written with other sizes is; what PyTorch's text cannot say is refused by name, never written wrong.
//!
//! Must not know how code is written.

use super::model::Drawing;
use crate::network::{NodeId, NodeKind, Operation};
use crate::tensor::Shape;
use crate::tensor::shape::Axis;

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
        NodeKind::Concat { .. } | NodeKind::Operation(Operation::Stack { .. }) => !is_mixed,
        NodeKind::Operation(Operation::MatMul) => match inputs {
            [a, b] if n_batched > 0 => fits_as_product(a, b),
            _ => true,
        },
        // N cannot stay as a size of 1.
        NodeKind::Reduce(reduce) => {
            let goes_over_samples = |x: &&Shape| {
                let axis = reduce.axis(x);
                x.is_batched() && matches!(axis, Ok(Axis::All | Axis::Samples))
            };
            !reduce.keepdim || !inputs.iter().any(goes_over_samples)
        }
        NodeKind::Input(_)
        | NodeKind::Target(_)
        | NodeKind::Tensor(_)
        | NodeKind::Dense(_)
        | NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Operation(_)
        | NodeKind::Reshape { .. }
        | NodeKind::Dropout { .. } => true,
    }
}

/// What goes into an operation entry by entry, with sizes of 1 after N where others have more sizes: PyTorch
/// would put its N beside theirs.
pub(super) fn aligned(drawing: &Drawing<'_>, node: NodeId, from: NodeId, operand: String) -> String {
    let meets_entries = drawing.network.nodes.get(&node).is_some_and(|node| node.kind.joins_entry_by_entry());
    match (drawing.shapes.node(from), drawing.shapes.node(node)) {
        (Some(from), Some(to))
            if meets_entries && from.is_batched() && from.dims().len() < to.dims().len() =>
        {
            let ones = to.dims().len() - from.dims().len();
            let sizes = std::iter::repeat_n(&1, ones).chain(from.dims());
            let sizes: Vec<String> = sizes.map(ToString::to_string).collect();
            format!("{operand}.reshape(len({operand}), {})", sizes.join(", "))
        }
        _ => operand,
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
