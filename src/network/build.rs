//! Drawing in code: for tests, patterns and generated examples. Later calls refer to earlier
//! nodes by the ids that they gave.
//!
//! Must not check anything: a bad drawing is found by [`Network::problems`].

use super::{
    Activation, CountedSteps, DataNode, DenseNode, Edge, EdgeId, InitialState, LossKind, LossNode, Network,
    Node, NodeId, NodeKind, Position, TypedRows,
};

/// Draws a network node by node.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    network: Network,
}

impl Builder {
    /// An empty drawing of one step.
    pub fn new() -> Self {
        Self::default()
    }

    /// A drawing of T steps.
    pub fn with_steps(n_steps: usize) -> Self {
        Self { network: Network { n_steps, ..Network::default() } }
    }

    /// A node of any kind under the next free name of its kind, with a wire from each of
    /// `inputs` to ports 0, 1, …
    pub fn node(&mut self, kind: NodeKind, inputs: &[NodeId]) -> NodeId {
        let name = self.network.unique_name(kind.base_name());
        self.named(&name, kind, inputs)
    }

    /// The same under a name of one's own.
    pub fn named(&mut self, name: &str, kind: NodeKind, inputs: &[NodeId]) -> NodeId {
        let id = self.network.next_node_id();
        self.network.nodes.insert(id, Node::new(name, kind, Position::default()));
        for (port, &from) in inputs.iter().enumerate() {
            self.edge(from, id, port, 0, InitialState::Zeros);
        }
        id
    }

    /// Computes a node under `no_grad`.
    pub fn no_grad(&mut self, node: NodeId) {
        if let Some(node) = self.network.nodes.get_mut(&node) {
            node.no_grad = true;
        }
    }

    /// An Input of so many features.
    pub fn input(&mut self, features: usize) -> NodeId {
        self.node(NodeKind::Input(DataNode::new(features)), &[])
    }

    /// A Target of so many features.
    pub fn target(&mut self, features: usize) -> NodeId {
        self.node(NodeKind::Target(DataNode::new(features)), &[])
    }

    /// Gives a data node typed rows.
    pub fn rows(&mut self, node: NodeId, rows: Vec<Vec<f64>>) {
        if let Some(data) = self.network.nodes.get_mut(&node).and_then(|node| node.kind.data_mut()) {
            data.rows = Some(TypedRows { rows });
        }
    }

    /// A Dense node with bias.
    pub fn dense(&mut self, from: NodeId, units: usize) -> NodeId {
        self.node(NodeKind::Dense(DenseNode::new(units)), &[from])
    }

    /// A Dense node without bias.
    pub fn dense_without_bias(&mut self, from: NodeId, units: usize) -> NodeId {
        self.node(NodeKind::Dense(DenseNode { bias: false, ..DenseNode::new(units) }), &[from])
    }

    /// An activation.
    pub fn activation(&mut self, from: NodeId, activation: Activation) -> NodeId {
        self.node(NodeKind::Activation(activation), &[from])
    }

    /// A loss of weight 1 on the last step.
    pub fn loss(&mut self, kind: LossKind, prediction: NodeId, target: NodeId) -> NodeId {
        self.node(NodeKind::Loss(LossNode::new(kind)), &[prediction, target])
    }

    /// A loss on every step.
    pub fn loss_on_every_step(&mut self, kind: LossKind, prediction: NodeId, target: NodeId) -> NodeId {
        let loss = LossNode { counted: CountedSteps::Every, ..LossNode::new(kind) };
        self.node(NodeKind::Loss(loss), &[prediction, target])
    }

    /// A wire of any delay.
    pub fn edge(
        &mut self,
        from: NodeId,
        to: NodeId,
        port: usize,
        delay: usize,
        initial: InitialState,
    ) -> EdgeId {
        let id = self.network.next_edge_id();
        self.network.edges.insert(id, Edge { from, to, port, delay, initial });
        id
    }

    /// A loop edge marked t−1, zeros before time began.
    pub fn loop_edge(&mut self, from: NodeId, to: NodeId, port: usize) -> EdgeId {
        self.edge(from, to, port, 1, InitialState::Zeros)
    }

    /// Detaches the state before steps k, 2k, …
    pub fn truncate(&mut self, k: usize) {
        self.network.truncate = Some(k);
    }

    /// The drawing, laid out from left to right.
    pub fn finish(mut self) -> Network {
        for (id, position) in self.network.layout() {
            if let Some(node) = self.network.nodes.get_mut(&id) {
                node.position = position;
            }
        }
        self.network
    }
}
