//! Wires: drawing, moving, delaying, and putting a node on one.

use super::room::make_room;
use super::{Change, Document, Edit};
use crate::document::{ClipSettings, TrainingSettings};
use crate::network::{
    DenseNode, Edge, EdgeId, InitialState, Network, Node, NodeId, NodeKind, Position, Refusal,
};
use crate::words::Message;

fn connect_label(document: &Document, from: NodeId, to: NodeId) -> Message {
    let name = |id| document.network.nodes.get(&id).map_or("", |node: &Node| node.name.as_str());
    Message::new("edit-connect").with("from", name(from)).with("to", name(to))
}

/// Draws a wire.
///
/// # Errors
/// Why it cannot be drawn there; see [`crate::network::Network::can_connect`].
pub fn connect(document: &Document, from: NodeId, to: NodeId, port: usize) -> Result<Change, Refusal> {
    document.network.can_connect(from, to, port)?;
    Ok(draw(document, from, to, port, 0))
}

/// Draws a loop edge with a delay of `delay` steps (at least one), zeros before time began. The
/// first loop of a network brings ten steps and gradient clipping along.
///
/// # Errors
/// Why it cannot be drawn there.
pub fn connect_loop(
    document: &Document,
    from: NodeId,
    to: NodeId,
    port: usize,
    delay: usize,
) -> Result<Change, Refusal> {
    document.network.can_connect_loop(from, to, port)?;
    Ok(draw(document, from, to, port, delay.max(1)))
}

fn draw(document: &Document, from: NodeId, to: NodeId, port: usize, delay: usize) -> Change {
    let id = document.network.next_edge_id();
    let edge = Edge { from, to, port, delay, initial: InitialState::Zeros };
    let mut edits = vec![Edit::SetEdge(id, Some(edge))];
    edits.extend(for_first_loop(document, delay));
    let mut change = Change::structural(document, connect_label(document, from, to), edits);
    change.edges.push(id);
    change
}

/// What comes with the first loop: ten steps for a network of one, so that there is something to
/// remember, and gradient clipping where there is none, because gradients through time explode
/// (Pascanu, Mikolov and Bengio 2013).
pub(super) fn for_first_loop(document: &Document, delay: usize) -> Vec<Edit> {
    let network = &document.network;
    let mut edits = Vec::new();
    if delay == 0 || network.has_loops() {
        return edits;
    }
    if network.n_steps <= 1 {
        edits.push(Edit::SetNetworkSettings { n_steps: 10, truncate: network.truncate });
    }
    if document.training.clip == ClipSettings::None {
        let clip = ClipSettings::Norm { max_norm: 1.0 };
        edits.push(Edit::SetTraining(Box::new(TrainingSettings { clip, ..document.training.clone() })));
    }
    edits
}

/// Moves an end of a wire: it then runs from `from` to `port` of `to`, keeping its delay.
///
/// # Errors
/// Why it cannot run there.
pub fn reconnect(
    document: &Document,
    id: EdgeId,
    from: NodeId,
    to: NodeId,
    port: usize,
) -> Result<Change, Refusal> {
    let Some(old) = document.network.edges.get(&id) else { return Err(Refusal::NoSuchNode) };
    let mut without = document.network.clone();
    without.edges.remove(&id);
    if old.delay > 0 {
        without.can_connect_loop(from, to, port)?;
    } else {
        without.can_connect(from, to, port)?;
    }
    let edge = Edge { from, to, port, ..old.clone() };
    let label = connect_label(document, from, to);
    Ok(Change::structural(document, label, vec![Edit::SetEdge(id, Some(edge))]))
}

/// Removes wires.
pub fn delete_edges(document: &Document, edges: &[EdgeId]) -> Change {
    super::delete(document, &[], edges, false)
}

/// Puts a new node of `kind` on a wire. A kind without both an input and an output is only put
/// beside it.
pub fn insert_on_edge(document: &Document, id: EdgeId, kind: NodeKind, position: Position) -> Change {
    let network = &document.network;
    let Some(old) = network.edges.get(&id).filter(|_| kind.has_way_through()) else {
        return super::add_node(document, kind, position);
    };
    let node_id = network.next_node_id();
    let kind = as_wide_as(network, old, kind);
    let name = network.unique_name(kind.base_name());
    let label = Message::new("edit-insert-node").with("name", name.as_str());
    let node = Node::new(name, kind, position);
    let (position, pushed) = make_room(network, old, node_id, &node);
    let mut edits = vec![Edit::SetNode(node_id, Some(Node { position, ..node }))];
    edits.extend(pushed);
    let after = network.next_edge_id();
    edits.extend(split(id, old, after, node_id, 0));
    let mut change = Change::structural(document, label, edits);
    change.nodes.push(node_id);
    change.edges.push(after);
    change
}

/// A Dense node put on a wire gives as many features as the wire carries, so that what fitted
/// before fits after.
fn as_wide_as(network: &Network, wire: &Edge, kind: NodeKind) -> NodeKind {
    match (kind, network.infer_shapes().0.edge(wire)) {
        (NodeKind::Dense(dense), Some(shape)) => {
            NodeKind::Dense(DenseNode { units: shape.features(), ..dense })
        }
        (kind, _) => kind,
    }
}

/// Moves an existing node to `position` and puts it on a wire, through its first free port. Shapes that do
/// not fit are the drawing's problem afterwards.
///
/// # Errors
/// Why that cannot be: no free port, no output, or a cycle.
pub fn insert_node_on_edge(
    document: &Document,
    id: EdgeId,
    node: NodeId,
    position: Position,
) -> Result<Change, Refusal> {
    let network = &document.network;
    let (Some(old), Some(drawn)) = (network.edges.get(&id), network.nodes.get(&node)) else {
        return Err(Refusal::NoSuchNode);
    };
    if !drawn.kind.has_output() {
        return Err(Refusal::LossHasNoOutput);
    }
    if drawn.kind.ports().name(0).is_none() {
        return Err(Refusal::NoSuchPort);
    }
    let port = network.free_port(node).ok_or(Refusal::PortTaken)?;
    let is_cyclic = (old.delay == 0 && network.reaches(node, old.from)) || network.reaches(old.to, node);
    if is_cyclic {
        return Err(Refusal::Cycle);
    }
    let after = network.next_edge_id();
    let label = Message::new("edit-insert-node").with("name", drawn.name.as_str());
    let moved = Node { position, ..drawn.clone() };
    let (position, mut edits) = make_room(network, old, node, &moved);
    edits.push(Edit::SetNode(node, Some(Node { position, ..moved })));
    edits.extend(split(id, old, after, node, port));
    let mut change = Change::structural(document, label, edits);
    change.nodes.push(node);
    change.edges.push(after);
    Ok(change)
}

/// A wire in two: the first part keeps the id, the delay and the initial state, whose shape stays.
fn split(id: EdgeId, old: &Edge, after: EdgeId, node: NodeId, port: usize) -> [Edit; 2] {
    let first = Edge { to: node, port, ..old.clone() };
    let second = Edge { from: node, to: old.to, port: old.port, delay: 0, initial: InitialState::Zeros };
    [Edit::SetEdge(id, Some(first)), Edit::SetEdge(after, Some(second))]
}

/// Makes a wire what `edge` says: its ends, delay and initial state together. The caller has asked
/// whether it may end there; whatever is drawn, the parameters follow.
pub fn set_edge(document: &Document, id: EdgeId, edge: Edge) -> Change {
    let label = Message::new("edit-wire");
    match document.network.edges.get(&id) {
        Some(old) if *old != edge => {
            let more = for_first_loop(document, edge.delay);
            let mut edits = vec![Edit::SetEdge(id, Some(edge))];
            edits.extend(more);
            Change::structural(document, label, edits)
        }
        _ => Change::nothing(label),
    }
}

/// Sets how many steps back in time a wire goes; 0 makes it an ordinary wire.
pub fn set_delay(document: &Document, id: EdgeId, delay: usize) -> Change {
    let label = Message::new("edit-delay").with("n", delay);
    match document.network.edges.get(&id) {
        Some(old) => Change { label, ..set_edge(document, id, Edge { delay, ..old.clone() }) },
        None => Change::nothing(label),
    }
}

/// Sets what a delayed wire carries before time began.
pub fn set_initial(document: &Document, id: EdgeId, initial: InitialState) -> Change {
    let label = Message::new("edit-initial");
    match document.network.edges.get(&id) {
        Some(old) => Change { label, ..set_edge(document, id, Edge { initial, ..old.clone() }) },
        None => Change::nothing(label),
    }
}
