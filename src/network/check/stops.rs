//! Where gradients stop on their way back, and whether any parameter is reached at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::network::{
    EdgeId, InitialState, Network, Node, NodeId, Place, Problem, ProblemKind, Severity, Stop, Wiring,
};

pub(super) fn check(network: &Network, wiring: &Wiring, problems: &mut Vec<Problem>) {
    let learning: Vec<NodeId> =
        network.nodes.iter().filter(|(_, node)| learns(node)).map(|(&id, _)| id).collect();
    let is_trained = network.edges.values().any(|edge| edge.initial == InitialState::Trained);
    let is_stopping = |node: &&Node| (0..node.kind.ports().needed()).any(|port| node.stop(port).is_some());
    if !network.nodes.values().any(|node| is_stopping(&node)) {
        return;
    }
    let cut = network.cut_wires_of(wiring, &learning);
    let mut stops: Vec<(NodeId, &str, Stop)> = Vec::new();
    for (&id, node) in &network.nodes {
        let Some(stop) = wiring.incoming(id).iter().find_map(|edge| cut.get(edge)).copied() else { continue };
        stops.push((id, &node.name, stop));
        let kind = ProblemKind::GradientStops { node: node.name.clone(), stop };
        problems.push(Problem { kind, at: Place::Node(id), severity: Severity::Note, fix: None });
    }
    if !stops.is_empty() && !is_trained {
        let learning = learning.into_iter().collect();
        problems.extend(roots_that_reach_nothing(network, wiring, &learning, &stops));
    }
}

/// One problem where no root reaches a parameter, otherwise one for every root that reaches none because
/// its gradient stops.
fn roots_that_reach_nothing(
    network: &Network,
    wiring: &Wiring,
    learning: &BTreeSet<NodeId>,
    stops: &[(NodeId, &str, Stop)],
) -> Vec<Problem> {
    let (reaching, idle): (Vec<NodeId>, Vec<NodeId>) = network
        .all_roots()
        .partition(|&root| !before(network, wiring, root, Passing::Gradient).is_disjoint(learning));
    let warning = |kind, at| Problem { kind, at, severity: Severity::Warning, fix: None };
    if reaching.is_empty() && !idle.is_empty() {
        let first = stops.first().map(|&(_, node, stop)| (node.to_owned(), stop));
        let kind = first.map(|(node, stop)| ProblemKind::NothingLearns { node, stop });
        return kind.map(|kind| warning(kind, Place::Network)).into_iter().collect();
    }
    let mut problems = Vec::new();
    for root in idle {
        let values = before(network, wiring, root, Passing::Value);
        let stop = stops.iter().find(|(id, ..)| values.contains(id));
        if let (Some(&(_, node, stop)), Some(at)) = (stop, network.nodes.get(&root)) {
            let (root_name, node) = (at.name.clone(), node.to_owned());
            let kind = ProblemKind::RootReachesNothing { root: root_name, node, stop };
            problems.push(warning(kind, Place::Node(root)));
        }
    }
    problems
}

/// Whether a node has numbers that learn.
fn learns(node: &Node) -> bool {
    node.kind.dense().is_some() && !node.is_unrecorded()
        || node.kind.tensor().is_some_and(|tensor| tensor.requires_grad)
}

impl Node {
    /// Why no gradient goes back over a port; `None` where one does.
    pub fn stop(&self, port: usize) -> Option<Stop> {
        if self.is_unrecorded() { Some(Stop::NoGrad) } else { self.kind.stop(port) }
    }
}

impl Network {
    /// The wires at whose end gradients stop, where one would come back over them otherwise: what goes in
    /// depends on numbers that learn, and what comes out does not.
    pub fn cut_wires(&self) -> BTreeMap<EdgeId, Stop> {
        let learning: Vec<NodeId> =
            self.nodes.iter().filter(|(_, node)| learns(node)).map(|(&id, _)| id).collect();
        self.cut_wires_of(&self.wiring(), &learning)
    }

    fn cut_wires_of(&self, wiring: &Wiring, learning: &[NodeId]) -> BTreeMap<EdgeId, Stop> {
        let mut cut = BTreeMap::new();
        let mut found: BTreeSet<NodeId> = learning.iter().copied().collect();
        let mut stack = learning.to_vec();
        while let Some(at) = stack.pop() {
            for &id in wiring.outgoing(at) {
                let Some(edge) = self.edges.get(&id) else { continue };
                match self.nodes.get(&edge.to).and_then(|to| to.stop(edge.port)) {
                    Some(stop) => drop(cut.insert(id, stop)),
                    None if found.insert(edge.to) => stack.push(edge.to),
                    None => {}
                }
            }
        }
        cut
    }
}

impl Network {
    /// Whether nothing that a value is made of learns or comes from data: tensors that require no gradient, what
    /// is computed under `no_grad`, and what is made of these alone. It has no gradient.
    pub fn is_constant(&self, node: NodeId) -> bool {
        let wiring = self.wiring();
        let (mut stack, mut seen) = (vec![node], BTreeSet::from([node]));
        while let Some(node) = stack.pop().and_then(|id| Some((id, self.nodes.get(&id)?))) {
            let (id, node) = node;
            let is_variable = node.kind.tensor().is_some_and(|tensor| tensor.requires_grad)
                || node.kind.data().is_some()
                || node.kind.dense().is_some() && !node.is_unrecorded();
            if is_variable {
                return false;
            }
            if node.is_unrecorded() {
                continue;
            }
            for edge in wiring.incoming(id).iter().filter_map(|edge| self.edges.get(edge)) {
                if edge.delay > 0 {
                    return false;
                }
                if seen.insert(edge.from) {
                    stack.push(edge.from);
                }
            }
        }
        true
    }
}

/// What passes over a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passing {
    Value,
    Gradient,
}

/// A root, and the nodes before it whose value it takes or that its gradient reaches.
fn before(network: &Network, wiring: &Wiring, root: NodeId, passing: Passing) -> BTreeSet<NodeId> {
    let (mut stack, mut found) = (vec![root], BTreeSet::from([root]));
    while let Some(at) = stack.pop() {
        let Some(node) = network.nodes.get(&at) else { continue };
        for edge in wiring.incoming(at).iter().filter_map(|edge| network.edges.get(edge)) {
            let is_target = node.kind.is_loss() && edge.port == 1;
            let passes = passing == Passing::Value || !is_target && node.stop(edge.port).is_none();
            if passes && found.insert(edge.from) {
                stack.push(edge.from);
            }
        }
    }
    found
}
