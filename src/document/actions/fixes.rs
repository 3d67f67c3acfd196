//! The fixes that problems offer, as changes.

use super::{Change, Document, Edit};
use crate::data::{DataSettings, Scaling};
use crate::network::{Fix, LossNode, Node, NodeKind};
use crate::words::{Message, ToMessage};

/// Does what a problem offers.
pub fn fix(document: &Document, fix: &Fix) -> Change {
    let mut change = match fix {
        Fix::SetUnits { node, units } => super::set_units(document, *node, *units),
        Fix::MakeLoop { edge } => super::set_delay(document, *edge, 1),
        Fix::SetLoss { node, kind } => match document.network.nodes.get(node).map(|node| &node.kind) {
            Some(NodeKind::Loss(old)) => {
                super::set_loss(document, *node, LossNode { kind: *kind, ..old.clone() })
            }
            _ => Change::nothing(Message::new("edit-fix")),
        },
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
