//! Where gradients stop on their way back, and whether any parameter is reached at all.

use std::collections::BTreeSet;

use crate::network::{
    InitialState, Network, Node, NodeId, Place, Problem, ProblemKind, Severity, Stop, Wiring,
};

pub(super) fn check(network: &Network, wiring: &Wiring, problems: &mut Vec<Problem>) {
    let learning: Vec<NodeId> =
        network.nodes.iter().filter(|(_, node)| learns(node)).map(|(&id, _)| id).collect();
    let is_trained = network.edges.values().any(|edge| edge.initial == InitialState::Trained);
    let is_stopping =
        |node: &&Node| (0..node.kind.ports().needed()).any(|port| node.kind.stop(port).is_some());
    if !network.nodes.values().any(|node| is_stopping(&node)) {
        return;
    }
    let dependent = dependent(network, wiring, &learning);
    let mut first: Option<(&str, Stop)> = None;
    for (&id, node) in &network.nodes {
        let stops = wiring.incoming(id).iter().filter_map(|edge| network.edges.get(edge));
        let stop =
            stops.filter(|edge| dependent.contains(&edge.from)).find_map(|edge| node.kind.stop(edge.port));
        let Some(stop) = stop else { continue };
        first = first.or(Some((&node.name, stop)));
        let kind = ProblemKind::GradientStops { node: node.name.clone(), stop };
        problems.push(Problem { kind, at: Place::Node(id), severity: Severity::Note, fix: None });
    }
    if let Some((node, stop)) = first
        && !is_trained
        && network.has_root()
        && reached(network, wiring).is_disjoint(&learning.into_iter().collect())
    {
        let kind = ProblemKind::NothingLearns { node: node.to_owned(), stop };
        problems.push(Problem { kind, at: Place::Network, severity: Severity::Warning, fix: None });
    }
}

/// Whether a node has numbers that learn.
fn learns(node: &Node) -> bool {
    node.kind.dense().is_some() || node.kind.tensor().is_some_and(|tensor| tensor.requires_grad)
}

/// These nodes and all that are made from them.
fn dependent(network: &Network, wiring: &Wiring, from: &[NodeId]) -> BTreeSet<NodeId> {
    let mut found: BTreeSet<NodeId> = from.iter().copied().collect();
    let mut stack = from.to_vec();
    while let Some(at) = stack.pop() {
        for edge in wiring.outgoing(at).iter().filter_map(|edge| network.edges.get(edge)) {
            if found.insert(edge.to) {
                stack.push(edge.to);
            }
        }
    }
    found
}

/// The nodes that a gradient reaches from the roots.
fn reached(network: &Network, wiring: &Wiring) -> BTreeSet<NodeId> {
    let mut stack: Vec<NodeId> = network.all_roots().collect();
    let mut found: BTreeSet<NodeId> = stack.iter().copied().collect();
    while let Some(at) = stack.pop() {
        let Some(node) = network.nodes.get(&at) else { continue };
        for edge in wiring.incoming(at).iter().filter_map(|edge| network.edges.get(edge)) {
            let is_target = node.kind.is_loss() && edge.port == 1;
            if !is_target && node.kind.stop(edge.port).is_none() && found.insert(edge.from) {
                stack.push(edge.from);
            }
        }
    }
    found
}
