//! What a drawing asks of the data: its Input and Target nodes and its number of steps.
//!
//! Must not know the rest of the drawing.

use crate::network::{DataNode, Network, NodeId};

/// What a drawing asks of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct DataRequest {
    /// The Input and Target nodes, in id order.
    pub nodes: Vec<NodeRequest>,
    /// The number T of time steps; 1 without loops.
    pub n_steps: usize,
}

/// One Input or Target.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRequest {
    /// Which node.
    pub node: NodeId,
    /// Its name, for errors.
    pub name: String,
    /// A Target (true) or an Input (false).
    pub is_target: bool,
    /// Its settings.
    pub data: DataNode,
}

impl DataRequest {
    /// What `network` asks for.
    pub fn of(network: &Network) -> Self {
        let nodes = network
            .nodes
            .iter()
            .filter_map(|(&node, drawn)| {
                let data = drawn.kind.data()?.clone();
                let is_target = drawn.kind.is_target();
                Some(NodeRequest { node, name: drawn.name.clone(), is_target, data })
            })
            .collect();
        Self { nodes, n_steps: network.n_steps.max(1) }
    }

    /// The same without the Target nodes: what prediction needs.
    #[must_use]
    pub fn inputs_only(mut self) -> Self {
        self.nodes.retain(|node| !node.is_target);
        self
    }
}
