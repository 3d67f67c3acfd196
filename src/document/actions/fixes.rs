//! The fixes that problems offer, as changes.

use super::{Change, Document, Edit};
use crate::data::{DataSettings, Scaling};
use crate::network::{Activation, Fix, LossKind, LossNode, Node, NodeId, NodeKind, Position};
use crate::words::{Message, ToMessage};

/// Does what a problem offers.
pub fn fix(document: &Document, fix: &Fix) -> Change {
    let mut change = match fix {
        Fix::SetUnits { node, units } => super::set_units(document, *node, *units),
        Fix::MakeLoop { edge } => super::set_delay(document, *edge, 1),
        Fix::SetLoss { node, kind } => {
            match document.network.nodes.get(node).and_then(|node| node.kind.loss()) {
                Some(old) => super::set_loss(document, *node, LossNode { kind: *kind, ..old.clone() }),
                None => Change::nothing(Message::new("edit-fix")),
            }
        }
        Fix::Classify { loss } => classify(document, *loss),
        Fix::Rename { node } => match document.network.nodes.get(node) {
            Some(old) => {
                let name = document.network.unique_name(old.kind.base_name());
                Change::new(
                    Message::new("edit-fix"),
                    vec![Edit::SetNode(*node, Some(Node { name, ..old.clone() }))],
                )
            }
            None => Change::nothing(Message::new("edit-fix")),
        },
        Fix::RemoveEdge { edge } => super::delete_edges(document, &[*edge]),
        Fix::SetSteps { n_steps } => super::set_steps(document, *n_steps),
        Fix::SetFeatures { node, features } => super::set_features(document, &[(*node, *features)]),
        Fix::SetSeed { node, ones } => {
            super::set_seed(document, *node, ones.as_deref().map(crate::network::Seed::ones))
        }
        Fix::TargetsAsInFile => scale_targets(document, Scaling::None),
        Fix::TargetsToUnitRange => scale_targets(document, Scaling::MinMax),
    };
    change.label = Message::new("edit-fix").with("fix", fix.message());
    change
}

fn scale_targets(document: &Document, target_scaling: Scaling) -> Change {
    let mut data = DataSettings { target_scaling, ..document.data.clone() };
    data.forget_changed_fits(&document.data);
    super::set_data(document, data, &[])
}

/// A Softmax before the loss, where there is none, and a cross-entropy instead of the loss.
fn classify(document: &Document, loss: NodeId) -> Change {
    let network = &document.network;
    let incoming = network.incoming(loss);
    let prediction = incoming.iter().find(|(_, edge)| edge.port == 0).copied();
    let source = prediction.and_then(|(_, edge)| Some((edge.from, network.nodes.get(&edge.from)?)));
    let softmax = NodeKind::Activation(Activation::SOFTMAX);
    let mut change = match (prediction, source) {
        (Some(_), Some((_, node))) if node.kind.activation().is_some_and(|it| !it.is_entrywise()) => {
            Change::nothing(Message::new("edit-fix"))
        }
        // Another activation right before the loss makes way.
        (Some(_), Some((id, node))) if node.kind.activation().is_some() => {
            super::change_kind(document, id, softmax)
        }
        (Some((wire, _)), Some((_, node))) => {
            let end = network.nodes.get(&loss).map_or(node.position, |end| end.position);
            let (x, y) = (f32::midpoint(node.position.x, end.x), f32::midpoint(node.position.y, end.y));
            super::insert_on_edge(document, wire, softmax, Position { x, y })
        }
        _ => Change::nothing(Message::new("edit-fix")),
    };
    // The second half builds on what the first has made of the drawing.
    let mut after = document.clone();
    after.apply(change.edit.clone());
    let Some(old) = after.network.nodes.get(&loss).and_then(|node| node.kind.loss()) else {
        return change;
    };
    let second = super::set_loss(&after, loss, LossNode { kind: LossKind::CrossEntropy, ..old.clone() });
    change.edit = Edit::Batch(vec![change.edit, second.edit]);
    change
}
