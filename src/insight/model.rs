//! A network with its weights and its data, as plain data that a background job takes along.
//!
//! Must not know where the weights come from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::head::Head;
use crate::data::{DataSettings, Prepared};
use crate::network::{Network, NodeId, Parameters};
use crate::train::{Precision, training_precision};

/// Everything that is needed to ask a network something.
#[derive(Clone, Debug)]
pub struct Model {
    /// The drawing.
    pub network: Arc<Network>,
    /// Its weights.
    pub parameters: Parameters,
    /// The rows.
    pub data: Arc<Prepared>,
    /// What the columns are used for.
    pub settings: Arc<DataSettings>,
}

impl Model {
    /// What the network computes with.
    pub fn precision(&self) -> Precision {
        training_precision(&self.parameters)
    }

    /// Whether the rows say what a head shall say: a file may lack the column of a target.
    pub fn has_truth(&self, head: &Head) -> bool {
        let is_lacking = |node: &NodeId| self.data.node_index(*node).is_none();
        let targets = self.network.nodes.iter().filter(|(_, node)| node.kind.is_target());
        let lacking = targets.map(|(&id, _)| id).filter(is_lacking).collect();
        !self.reached_from(lacking).contains(&head.target)
    }

    /// These nodes, and all that depend on them in any way.
    pub(super) fn reached_from(&self, mut nodes: BTreeSet<NodeId>) -> BTreeSet<NodeId> {
        let edges = &self.network.edges;
        while edges.values().any(|edge| nodes.contains(&edge.from) && nodes.insert(edge.to)) {}
        nodes
    }

    /// All that depends on a target: it is a row's own, and says nothing elsewhere.
    pub(super) fn with_target(&self) -> BTreeSet<NodeId> {
        let targets = self.network.nodes.iter().filter(|(_, node)| node.kind.is_target());
        self.reached_from(targets.map(|(&id, _)| id).collect())
    }

    /// Its heads.
    pub fn heads(&self) -> Vec<Head> {
        Head::find_in(&self.network, &self.settings, &self.data)
    }
}
