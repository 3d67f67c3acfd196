//! Copy, paste and duplicate: a piece of drawing with the wires between its nodes and their
//! parameters.

use std::collections::BTreeMap;

use super::structure::Known;
use super::{Change, Document, Edit};
use crate::network::{Edge, EdgeId, FreeNames, Node, NodeId, ParameterKey, Position};
use crate::words::Message;

/// A piece of drawing, as it lies on the clipboard.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Fragment {
    /// The nodes, under the ids they had.
    pub nodes: BTreeMap<NodeId, Node>,
    /// The wires between them.
    pub edges: BTreeMap<EdgeId, Edge>,
    /// Their parameters.
    pub parameters: crate::network::Parameters,
}

impl Fragment {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The middle of the box around all nodes.
    pub fn center(&self) -> Position {
        let mut positions = self.nodes.values().map(|node| node.position);
        let Some(first) = positions.next() else { return Position::default() };
        let (low, high) = positions.fold((first, first), |(low, high), p| {
            (
                Position { x: low.x.min(p.x), y: low.y.min(p.y) },
                Position { x: high.x.max(p.x), y: high.y.max(p.y) },
            )
        });
        Position { x: f32::midpoint(low.x, high.x), y: f32::midpoint(low.y, high.y) }
    }
}

/// The chosen nodes, the wires between them, and their parameters.
pub fn copy(document: &Document, nodes: &[NodeId]) -> Fragment {
    let network = &document.network;
    let chosen: BTreeMap<NodeId, Node> =
        nodes.iter().filter_map(|id| Some((*id, network.nodes.get(id)?.clone()))).collect();
    let is_inside = |edge: &Edge| chosen.contains_key(&edge.from) && chosen.contains_key(&edge.to);
    let edges: BTreeMap<EdgeId, Edge> = network
        .edges
        .iter()
        .filter(|(_, edge)| is_inside(edge))
        .map(|(&id, edge)| (id, edge.clone()))
        .collect();
    let belongs = |key: &ParameterKey| match key {
        ParameterKey::Node(node, _) => chosen.contains_key(node),
        ParameterKey::Initial(edge) => edges.contains_key(edge),
    };
    let parameters = document
        .parameters
        .iter()
        .filter(|(key, _)| belongs(key))
        .map(|(&key, parameter)| (key, parameter.clone()))
        .collect();
    Fragment { nodes: chosen, edges, parameters }
}

/// Pastes a fragment with its middle at `center`.
pub fn paste(document: &Document, fragment: &Fragment, center: Position) -> Change {
    let label = Message::new("edit-paste").with("n", fragment.nodes.len());
    place(document, fragment, center, label, Vec::new())
}

/// Copies the chosen nodes, moved by (`dx`, `dy`) canvas points.
pub fn duplicate(document: &Document, nodes: &[NodeId], dx: f32, dy: f32) -> Change {
    let fragment = copy(document, nodes);
    let label = Message::new("edit-duplicate").with("n", fragment.nodes.len());
    let middle = fragment.center();
    place(document, &fragment, Position { x: middle.x + dx, y: middle.y + dy }, label, Vec::new())
}

/// Adds a fragment under new ids and free names, after the edits `before`.
pub(super) fn place(
    document: &Document,
    fragment: &Fragment,
    center: Position,
    label: Message,
    before: Vec<Edit>,
) -> Change {
    if fragment.is_empty() {
        return Change::nothing(label);
    }
    let network = &document.network;
    let nodes: BTreeMap<NodeId, NodeId> =
        fragment.nodes.keys().copied().zip(network.free_node_ids()).collect();
    let edges: BTreeMap<EdgeId, EdgeId> =
        fragment.edges.keys().copied().zip(network.free_edge_ids()).collect();
    let middle = fragment.center();
    let mut names = FreeNames::beside(network);
    let mut edits = before;
    for (old, node) in &fragment.nodes {
        let Some(&id) = nodes.get(old) else { continue };
        let mut node = node.clone();
        node.name = names.take(&node.name);
        node.position.x += center.x - middle.x;
        node.position.y += center.y - middle.y;
        edits.push(Edit::SetNode(id, Some(node)));
    }
    for (old, edge) in &fragment.edges {
        let (Some(&id), Some(&from), Some(&to)) =
            (edges.get(old), nodes.get(&edge.from), nodes.get(&edge.to))
        else {
            continue;
        };
        edits.push(Edit::SetEdge(id, Some(Edge { from, to, ..edge.clone() })));
    }
    let known: Known = fragment
        .parameters
        .iter()
        .filter_map(|(key, parameter)| {
            let key = match key {
                ParameterKey::Node(node, role) => ParameterKey::Node(*nodes.get(node)?, *role),
                ParameterKey::Initial(edge) => ParameterKey::Initial(*edges.get(edge)?),
            };
            Some((key, parameter.clone()))
        })
        .collect();
    let mut change = Change::structural_with(document, label, edits, &known);
    change.nodes = nodes.into_values().collect();
    change.edges = edges.into_values().collect();
    change
}
