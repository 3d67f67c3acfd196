//! Nodes: adding, removing, renaming, and changing what they are.

use std::collections::{BTreeMap, BTreeSet};

use super::fragment::{Fragment, place};
use super::{Change, Document, Edit};
use crate::network::{
    DenseNode, Edge, EdgeId, LossNode, MAX_STEPS, Network, Node, NodeId, NodeKind, PatternKind, Ports,
    Position, Seed, Wiring, without_number,
};
use crate::words::{Message, ToMessage};

/// Adds a node under the next free name of its kind.
pub fn add_node(document: &Document, kind: NodeKind, position: Position) -> Change {
    let id = document.network.next_node_id();
    let name = document.network.unique_name(kind.base_name());
    let label = Message::new("edit-add-node").with("name", name.as_str());
    let node = Node::new(name, kind, position);
    let mut change = Change::structural(document, label, vec![Edit::SetNode(id, Some(node))]);
    change.nodes.push(id);
    change
}

/// Drops a pattern with its middle at `center`, as ordinary nodes. The first
/// loop of a network brings ten steps and gradient clipping along.
pub fn add_pattern(document: &Document, kind: PatternKind, units: usize, center: Position) -> Change {
    let pattern = kind.draw(units);
    let parameters = pattern.frozen.iter().filter_map(|key| {
        let spec = pattern.network.parameter_specs().into_iter().find(|spec| spec.key == *key)?;
        let mut parameter = spec.initialize(0);
        parameter.trainable = false;
        Some((*key, parameter))
    });
    let parameters = parameters.collect();
    let delay = usize::from(pattern.network.has_loops());
    let fragment = Fragment { nodes: pattern.network.nodes, edges: pattern.network.edges, parameters };
    let label = Message::new("edit-add-node").with("name", kind.message());
    let more = super::wires::for_first_loop(document, delay);
    place(document, &fragment, center, label, more)
}

/// Removes nodes and edges, with every wire of the nodes. With `heal`, what a removed node would
/// have passed on comes from its first input instead.
pub fn delete(document: &Document, nodes: &[NodeId], edges: &[EdgeId], heal: bool) -> Change {
    let network = &document.network;
    let gone: BTreeSet<NodeId> = nodes.iter().copied().filter(|id| network.nodes.contains_key(id)).collect();
    let cut: BTreeSet<EdgeId> = edges.iter().copied().collect();
    let label = match (gone.first(), gone.len()) {
        (Some(id), 1) => {
            let name = network.nodes.get(id).map_or("", |node| node.name.as_str());
            Message::new("edit-delete-node").with("name", name)
        }
        (None, _) => Message::new("edit-delete-edges").with("n", edges.len()),
        _ => Message::new("edit-delete-nodes").with("n", gone.len()),
    };
    let wiring = network.wiring();
    let mut edits = Vec::new();
    for (&id, edge) in &network.edges {
        let leaves_gap = gone.contains(&edge.from) && !gone.contains(&edge.to) && !cut.contains(&id);
        if leaves_gap
            && heal
            && let Some(healed) = healed(network, &wiring, &gone, &cut, edge)
        {
            edits.push(Edit::SetEdge(id, Some(healed)));
        } else if cut.contains(&id) || gone.contains(&edge.from) || gone.contains(&edge.to) {
            edits.push(Edit::SetEdge(id, None));
        }
    }
    edits.extend(gone.iter().map(|&id| Edit::SetNode(id, None)));
    if !network.roots.is_disjoint(&gone) {
        edits.push(Edit::SetRoots(network.roots.difference(&gone).copied().collect()));
    }
    let seeded = network.seeds.keys().filter(|id| gone.contains(id));
    edits.extend(seeded.map(|&id| Edit::SetSeed(id, None)));
    if edits.is_empty() {
        return Change::nothing(label);
    }
    Change::structural(document, label, edits)
}

/// `edge`, coming from the first node that stays behind the removed ones.
fn healed(
    network: &Network,
    wiring: &Wiring,
    gone: &BTreeSet<NodeId>,
    cut: &BTreeSet<EdgeId>,
    edge: &Edge,
) -> Option<Edge> {
    let mut healed = edge.clone();
    let mut seen = BTreeSet::new();
    while gone.contains(&healed.from) {
        if !seen.insert(healed.from) {
            return None;
        }
        let first = *wiring.incoming(healed.from).iter().find(|id| !cut.contains(id))?;
        let before = network.edges.get(&first)?;
        healed.from = before.from;
        healed.delay = healed.delay.saturating_add(before.delay).min(MAX_STEPS);
        if edge.delay == 0 && before.delay > 0 {
            healed.initial = before.initial;
        }
    }
    Some(healed)
}

/// Renames a node; where another node has the name already, the next free number is added.
pub fn rename(document: &Document, node: NodeId, name: &str) -> Change {
    let label = Message::new("edit-rename").with("name", name.trim());
    match document.network.nodes.get(&node) {
        Some(old) if !name.trim().is_empty() && old.name != name.trim() => {
            let name = document.network.unique_name_for(name.trim(), node);
            Change::new(label, vec![Edit::SetNode(node, Some(Node { name, ..old.clone() }))])
        }
        _ => Change::nothing(label),
    }
}

/// Makes a node another kind, or gives it other settings. Wires stay where the new kind has a
/// port for them; a name that only counted the kind follows it.
pub fn change_kind(document: &Document, id: NodeId, kind: NodeKind) -> Change {
    let network = &document.network;
    let Some(old) = network.nodes.get(&id) else { return Change::nothing(Message::new("edit-change-kind")) };
    let label = Message::new("edit-change-kind").with("name", old.name.as_str()).with("kind", kind.message());
    if old.kind == kind {
        return Change::nothing(label);
    }
    let mut node = Node { kind, ..old.clone() };
    let is_counted_name =
        without_number(&old.name) == old.kind.base_name() && old.name != old.kind.base_name();
    if is_counted_name && old.kind.base_name() != node.kind.base_name() {
        node.name = network.unique_name(node.kind.base_name());
    }
    let mut edits = rewired(network, id, &node.kind);
    edits.insert(0, Edit::SetNode(id, Some(node)));
    Change::structural(document, label, edits)
}

/// The wires of a node as another kind would have them: the first ones on the ports that exist,
/// none where there is no port or no output.
fn rewired(network: &Network, id: NodeId, kind: &NodeKind) -> Vec<Edit> {
    let mut edits = Vec::new();
    if let Ports::Fixed(names) = kind.ports() {
        let was_fixed = network.nodes.get(&id).is_some_and(|node| !node.kind.ports().is_variadic());
        for (place, (edge_id, edge)) in network.incoming(id).into_iter().enumerate() {
            let port = if was_fixed { edge.port } else { place };
            if port >= names.len() {
                edits.push(Edit::SetEdge(edge_id, None));
            } else if port != edge.port {
                edits.push(Edit::SetEdge(edge_id, Some(Edge { port, ..edge.clone() })));
            }
        }
    }
    if !kind.has_output() {
        edits.extend(network.outgoing(id).into_iter().map(|(edge, _)| Edit::SetEdge(edge, None)));
    }
    edits
}

/// Gives a node the same kind with other settings, under a label of its own.
fn settings(document: &Document, id: NodeId, kind: NodeKind) -> Change {
    let mut change = change_kind(document, id, kind);
    let name = document.network.nodes.get(&id).map_or("", |node| node.name.as_str());
    change.label = Message::new("edit-settings").with("name", name);
    change
}

/// Settings of a Dense node; nothing happens to other nodes.
pub fn set_dense(document: &Document, id: NodeId, dense: DenseNode) -> Change {
    match dense_at(document, id) {
        Some(_) => settings(document, id, NodeKind::Dense(dense)),
        None => Change::nothing(Message::new("edit-settings").with("name", "")),
    }
}

/// Settings of a Loss node; nothing happens to other nodes.
pub fn set_loss(document: &Document, id: NodeId, loss: LossNode) -> Change {
    match document.network.nodes.get(&id).and_then(|node| node.kind.loss()) {
        Some(_) => settings(document, id, NodeKind::Loss(loss)),
        None => Change::nothing(Message::new("edit-settings").with("name", "")),
    }
}

/// Units of a Dense node.
pub fn set_units(document: &Document, id: NodeId, units: usize) -> Change {
    match dense_at(document, id) {
        Some(old) => set_dense(document, id, DenseNode { units, ..old.clone() }),
        None => Change::nothing(Message::new("edit-settings").with("name", "")),
    }
}

/// Marks a node as a root, where `backward()` starts, or takes the mark away.
pub fn set_root(document: &Document, id: NodeId, is_root: bool) -> Change {
    let network = &document.network;
    let name = network.nodes.get(&id).map_or("", |node| node.name.as_str());
    let label = Message::new("edit-root").with("name", name);
    if !network.nodes.contains_key(&id) || network.roots.contains(&id) == is_root {
        return Change::nothing(label);
    }
    let mut roots = network.roots.clone();
    let mut edits = Vec::new();
    if is_root {
        roots.insert(id);
    } else {
        roots.remove(&id);
        edits.extend(network.seeds.contains_key(&id).then_some(Edit::SetSeed(id, None)));
    }
    edits.insert(0, Edit::SetRoots(roots));
    Change::new(label, edits)
}

/// Computes nodes under `no_grad`, or as usual.
pub fn set_no_grad(document: &Document, nodes: &[NodeId], no_grad: bool) -> Change {
    let changed = |&id: &NodeId| {
        let node = document.network.nodes.get(&id)?;
        let is_changed = node.no_grad != no_grad && node.kind.has_way_through();
        is_changed.then(|| (id, Node { no_grad, ..node.clone() }))
    };
    let changed: Vec<(NodeId, Node)> = nodes.iter().filter_map(changed).collect();
    let names: Vec<&str> = changed.iter().map(|(_, node)| node.name.as_str()).collect();
    let label = Message::new("edit-no-grad").with("name", names.join(", "));
    if changed.is_empty() {
        return Change::nothing(label);
    }
    Change::new(label, changed.into_iter().map(|(id, node)| Edit::SetNode(id, Some(node))).collect())
}

/// Sets the vector v that `backward()` starts with at a root, or takes it away.
pub fn set_seed(document: &Document, id: NodeId, seed: Option<Seed>) -> Change {
    let network = &document.network;
    let name = network.nodes.get(&id).map_or("", |node| node.name.as_str());
    let label = Message::new("edit-seed").with("name", name);
    if !network.roots.contains(&id) || network.seeds.get(&id) == seed.as_ref() {
        return Change::nothing(label);
    }
    Change::new(label, vec![Edit::SetSeed(id, seed)])
}

fn dense_at(document: &Document, id: NodeId) -> Option<&DenseNode> {
    document.network.nodes.get(&id)?.kind.dense()
}

/// Parameters brought along by new nodes, by key.
pub(super) type Known = BTreeMap<crate::network::ParameterKey, crate::network::Parameter>;
