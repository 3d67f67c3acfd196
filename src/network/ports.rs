//! Input ports: how many a kind has, what they are called, and which wires arrive at them.
//!
//! Must not know how a port is drawn.

use std::collections::BTreeMap;

use super::{Edge, EdgeId, MAX_PORT, Network, NodeId};
use crate::words::{Message, ToMessage};

/// The input ports of a kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Exactly these, in this order; one wire each. Empty for Input and Target.
    Fixed(&'static [PortName]),
    /// Any number of wires, ordered by their port number; at least so many are needed.
    Variadic {
        /// The smallest number of wires.
        at_least: usize,
    },
}

/// What a port is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortName {
    /// The only input of a node.
    Input,
    /// What a loss judges.
    Prediction,
    /// What a loss compares with; no gradient enters here.
    Target,
    /// One of any number of inputs.
    Any,
    /// The second of two inputs.
    Other,
    /// The power that something is raised to.
    Exponent,
    /// What decides between two inputs.
    Condition,
}

impl PortName {
    /// The name in PyTorch's words, for JSON and exports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Input | Self::Any => "input",
            Self::Prediction => "prediction",
            Self::Target => "target",
            Self::Other => "other",
            Self::Exponent => "exponent",
            Self::Condition => "condition",
        }
    }
}

impl ToMessage for PortName {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Input => "port-input",
            Self::Prediction => "port-prediction",
            Self::Target => "port-target",
            Self::Any => "port-any",
            Self::Other => "port-other",
            Self::Exponent => "port-exponent",
            Self::Condition => "port-condition",
        })
    }
}

impl Ports {
    /// How many wires are needed.
    pub fn needed(self) -> usize {
        match self {
            Self::Fixed(names) => names.len(),
            Self::Variadic { at_least } => at_least,
        }
    }

    /// The name of one port, `None` where there is no such port.
    pub fn name(self, port: usize) -> Option<PortName> {
        match self {
            Self::Fixed(names) => names.get(port).copied(),
            Self::Variadic { .. } => (port <= MAX_PORT).then_some(PortName::Any),
        }
    }

    /// The first port that a new wire can take beside those in `taken`, which are in order.
    pub(super) fn first_free(self, taken: &[usize]) -> Option<usize> {
        match self {
            Self::Fixed(names) => (0..names.len()).find(|port| !taken.contains(port)),
            Self::Variadic { .. } => {
                Some(taken.last().map_or(0, |last| last + 1)).filter(|port| *port <= MAX_PORT)
            }
        }
    }

    /// Whether any number of wires may arrive.
    pub fn is_variadic(self) -> bool {
        matches!(self, Self::Variadic { .. })
    }
}

/// The wires of a network by the nodes they touch: built once, asked often.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    incoming: BTreeMap<NodeId, Vec<EdgeId>>,
    outgoing: BTreeMap<NodeId, Vec<EdgeId>>,
}

impl Wiring {
    /// Wires that arrive at `node`, ordered by port, then by id.
    pub fn incoming(&self, node: NodeId) -> &[EdgeId] {
        self.incoming.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Wires that leave `node`, ordered by id.
    pub fn outgoing(&self, node: NodeId) -> &[EdgeId] {
        self.outgoing.get(&node).map_or(&[], Vec::as_slice)
    }
}

impl Network {
    /// All wires by the nodes they touch. Costs one pass over the edges.
    pub fn wiring(&self) -> Wiring {
        let mut wiring = Wiring::default();
        for (&id, edge) in &self.edges {
            wiring.incoming.entry(edge.to).or_default().push(id);
            wiring.outgoing.entry(edge.from).or_default().push(id);
        }
        for edges in wiring.incoming.values_mut() {
            edges.sort_by_key(|&id| (self.edges.get(&id).map_or(0, |edge| edge.port), id));
        }
        wiring
    }

    /// Wires that arrive at `node`, ordered by port, then by id. Costs one pass over the edges;
    /// for many nodes ask [`Network::wiring`] once.
    pub fn incoming(&self, node: NodeId) -> Vec<(EdgeId, &Edge)> {
        let mut edges: Vec<_> =
            self.edges.iter().filter(|(_, edge)| edge.to == node).map(|(&id, edge)| (id, edge)).collect();
        edges.sort_by_key(|(id, edge)| (edge.port, *id));
        edges
    }

    /// Wires that leave `node`, ordered by id.
    pub fn outgoing(&self, node: NodeId) -> Vec<(EdgeId, &Edge)> {
        self.edges.iter().filter(|(_, edge)| edge.from == node).map(|(&id, edge)| (id, edge)).collect()
    }

    /// The first port of `node` that a new wire can take: the first free one of fixed ports, or
    /// one after the last for a node with any number of inputs. `None` where all are taken.
    pub fn free_port(&self, node: NodeId) -> Option<usize> {
        let taken: Vec<usize> = self.incoming(node).iter().map(|(_, edge)| edge.port).collect();
        self.nodes.get(&node)?.kind.ports().first_free(&taken)
    }

    /// Ids that no node has, as many as are asked for: those after the largest, then the gaps.
    pub fn free_node_ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        let last = self.nodes.last_key_value().map_or(0, |(id, _)| id.0);
        after_then_gaps(last).map(NodeId).filter(|id| !self.nodes.contains_key(id))
    }

    /// Ids that no edge has, as many as are asked for: those after the largest, then the gaps.
    pub fn free_edge_ids(&self) -> impl Iterator<Item = EdgeId> + '_ {
        let last = self.edges.last_key_value().map_or(0, |(id, _)| id.0);
        after_then_gaps(last).map(EdgeId).filter(|id| !self.edges.contains_key(id))
    }

    /// An id that no node has.
    pub fn next_node_id(&self) -> NodeId {
        // A drawing that uses up every id there is does not fit into memory.
        self.free_node_ids().next().unwrap_or(NodeId(0))
    }

    /// An id that no edge has.
    pub fn next_edge_id(&self) -> EdgeId {
        self.free_edge_ids().next().unwrap_or(EdgeId(0))
    }

    /// Whether any wire goes back in time.
    pub fn has_loops(&self) -> bool {
        self.edges.values().any(|edge| edge.delay > 0)
    }
}

/// The numbers after `last`, then those up to it.
fn after_then_gaps(last: u32) -> impl Iterator<Item = u32> {
    let after = last.checked_add(1).into_iter().flat_map(|next| next..=u32::MAX);
    after.chain(1..=last)
}
