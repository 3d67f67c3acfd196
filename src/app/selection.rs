//! What is selected.
//!
//! Must not know the history: selecting is not an edit.

use std::collections::BTreeSet;

use crate::network::{EdgeId, Network, NodeId};

/// The selected nodes and edges.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Selection {
    /// Nodes.
    pub nodes: BTreeSet<NodeId>,
    /// Edges.
    pub edges: BTreeSet<EdgeId>,
}

impl Selection {
    /// Just these nodes.
    pub fn of_nodes(nodes: impl IntoIterator<Item = NodeId>) -> Self {
        Self { nodes: nodes.into_iter().collect(), edges: BTreeSet::new() }
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.edges.is_empty()
    }

    /// The one node that is selected, when it is the only thing selected.
    pub fn only_node(&self) -> Option<NodeId> {
        let mut nodes = self.nodes.iter();
        match (nodes.next(), nodes.next(), self.edges.is_empty()) {
            (Some(&node), None, true) => Some(node),
            _ => None,
        }
    }

    /// The one edge that is selected, when it is the only thing selected.
    pub fn only_edge(&self) -> Option<EdgeId> {
        let mut edges = self.edges.iter();
        match (edges.next(), edges.next(), self.nodes.is_empty()) {
            (Some(&edge), None, true) => Some(edge),
            _ => None,
        }
    }

    pub(crate) fn toggle_node(&mut self, node: NodeId) {
        if !self.nodes.remove(&node) {
            self.nodes.insert(node);
        }
    }

    /// Forgets what no longer exists.
    pub(crate) fn retain_existing(&mut self, network: &Network) {
        self.nodes.retain(|node| network.nodes.contains_key(node));
        self.edges.retain(|edge| network.edges.contains_key(edge));
    }
}
