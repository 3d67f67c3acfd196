//! What a person can do, as pure functions from a document to a [`Change`].
//!
//! Must not change a document, nor know the window. Every change that touches the drawing
//! carries the parameters along: nodes that stay as they are keep theirs, new and reshaped ones
//! are drawn from the seed, and the inverse brings the old ones back.

mod arrange;
mod data;
mod expression;
mod fixes;
mod fragment;
mod parameters;
mod room;
mod runs;
mod structure;
mod wires;

use std::collections::BTreeMap;

pub use arrange::{Alignment, align, auto_layout, move_by, move_nodes};
pub use data::{set_data, set_data_node, set_features, set_steps, set_time, set_training, set_truncation};
pub use expression::draw_expression;
pub use fixes::fix;
pub use fragment::{Fragment, copy, duplicate, paste};
pub use parameters::{replace_parameters, reset, set_entries, set_trainable};
pub use runs::{delete_run, keep_runs, make_room, rename_run, restore_run};
pub use structure::{
    add_node, add_pattern, change_kind, delete, rename, set_dense, set_loss, set_no_grad, set_root, set_seed,
    set_units,
};
pub use wires::{
    connect, connect_loop, delete_edges, insert_node_on_edge, insert_on_edge, reconnect, set_delay, set_edge,
    set_initial,
};

use super::{Document, Edit};
use crate::network::{EdgeId, Network, NodeId, Parameter, ParameterKey};
use crate::words::Message;

/// One thing done: the edit, what the menu calls it, and what it made.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The edit; apply it through `History::perform`.
    pub edit: Edit,
    /// For the Edit menu: "Undo add Dense 1".
    pub label: Message,
    /// Nodes that it makes or puts to use; the selection moves there.
    pub nodes: Vec<NodeId>,
    /// Edges that it makes.
    pub edges: Vec<EdgeId>,
}

impl Change {
    fn new(label: Message, edits: Vec<Edit>) -> Self {
        let edit = match <[Edit; 1]>::try_from(edits) {
            Ok([edit]) => edit,
            Err(edits) => Edit::Batch(edits),
        };
        Self { edit, label, nodes: Vec::new(), edges: Vec::new() }
    }

    /// A change of the drawing, with the parameters that it needs.
    fn structural(document: &Document, label: Message, edits: Vec<Edit>) -> Self {
        Self::structural_with(document, label, edits, &BTreeMap::new())
    }

    /// The same, where `known` are parameters that some new nodes bring along.
    fn structural_with(
        document: &Document,
        label: Message,
        mut edits: Vec<Edit>,
        known: &BTreeMap<ParameterKey, Parameter>,
    ) -> Self {
        let mut network = document.network.clone();
        for edit in &edits {
            apply_to_network(&mut network, edit);
        }
        let changes = parameters::kept_in_step(document, &network, known);
        if !changes.is_empty() {
            edits.push(Edit::SetParameters(changes));
        }
        Self::new(label, edits)
    }

    /// A change that does nothing, for what no longer exists.
    fn nothing(label: Message) -> Self {
        Self::new(label, Vec::new())
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.edit.is_empty()
    }
}

/// The part of an edit that concerns the drawing.
fn apply_to_network(network: &mut Network, edit: &Edit) {
    match edit {
        Edit::SetNode(id, Some(node)) => {
            network.nodes.insert(*id, node.clone());
        }
        Edit::SetNode(id, None) => {
            network.nodes.remove(id);
        }
        Edit::SetEdge(id, Some(edge)) => {
            network.edges.insert(*id, edge.clone());
        }
        Edit::SetEdge(id, None) => {
            network.edges.remove(id);
        }
        Edit::SetNetworkSettings { n_steps, truncate } => {
            network.n_steps = *n_steps;
            network.truncate = *truncate;
        }
        Edit::SetRoots(roots) => network.roots.clone_from(roots),
        Edit::SetSeed(id, Some(seed)) => {
            network.seeds.insert(*id, seed.clone());
        }
        Edit::SetSeed(id, None) => {
            network.seeds.remove(id);
        }
        Edit::Batch(edits) => {
            for edit in edits {
                apply_to_network(network, edit);
            }
        }
        Edit::SetParameters(_)
        | Edit::SetEntries(..)
        | Edit::SetTrainable(_)
        | Edit::SetData(_)
        | Edit::SetTraining(_)
        | Edit::SetRun(..)
        | Edit::RenameRun(..) => {}
    }
}
