//! Losses and other roots: whether there is one, whether a Target is there, and whether what arrives is what the
//! loss takes: probabilities or logits.

use std::collections::BTreeSet;

use super::network_problem;
use crate::network::{
    Fix, Gives, MAX_TYPED, Network, NodeId, Place, Problem, ProblemKind, Severity, Shapes, Takes, Wiring,
};
use crate::tensor::Shape;

pub(super) fn check(network: &Network, wiring: &Wiring, shapes: &Shapes, problems: &mut Vec<Problem>) {
    if !network.has_root() {
        problems.push(network_problem(ProblemKind::NoLoss, Severity::Error));
        return;
    }
    for &id in &network.roots {
        let (Some(node), Some(shape)) = (network.nodes.get(&id), shapes.node(id)) else { continue };
        let is_scalar = shape.features() == 1;
        let kind = match network.seeds.get(&id) {
            None if is_scalar => continue,
            None => ProblemKind::RootNotScalar { node: node.name.clone(), found: shape.to_string() },
            Some(seed) if seed.shape == shape.dims() => continue,
            Some(seed) => ProblemKind::SeedMisfit {
                node: node.name.clone(),
                expected: Shape::fixed(shape.dims()).to_string(),
                found: Shape::fixed(&seed.shape).to_string(),
            },
        };
        // A vector too long to be typed is not offered either.
        let has_fix = is_scalar || shape.features() <= MAX_TYPED;
        let seed = (!is_scalar).then(|| shape.dims().to_vec());
        let fix = has_fix.then_some(Fix::SetSeed { node: id, ones: seed });
        problems.push(Problem { kind, at: Place::Node(id), severity: Severity::Error, fix });
    }
    let has_target = network.nodes.values().any(|node| node.kind.is_target());
    let is_open = problems.iter().any(|problem| {
        matches!(problem.kind, ProblemKind::MissingInput { port: crate::network::PortName::Target, .. })
    });
    if !has_target && is_open {
        problems.push(network_problem(ProblemKind::NoTarget, Severity::Error));
    }
    let ranges = Ranges::of(network, wiring);
    for (&id, node) in &network.nodes {
        let Some(loss) = node.kind.loss() else { continue };
        let prediction =
            wiring.incoming(id).iter().filter_map(|e| network.edges.get(e)).find(|e| e.port == 0);
        let Some(source) = prediction.map(|edge| edge.from) else { continue };
        let Some(twin) = loss.kind.twin() else { continue };
        let gives = ranges.of_node(source);
        let name = network.nodes.get(&source).map_or_else(String::new, |node| node.name.clone());
        let (kind, severity) = match (loss.kind.takes(), gives) {
            (Takes::Probabilities, Gives::Numbers) => {
                (ProblemKind::NotProbabilities { loss: node.name.clone(), source: name }, Severity::Error)
            }
            (Takes::Logits, Gives::Probabilities) => (
                ProblemKind::AlreadyProbabilities { loss: node.name.clone(), source: name },
                Severity::Warning,
            ),
            (Takes::Numbers | Takes::Probabilities | Takes::Logits, _) => continue,
        };
        let fix = Some(Fix::SetLoss { node: id, kind: twin });
        problems.push(Problem { kind, at: Place::Node(id), severity, fix });
    }
}

/// What the numbers of every node can be, found in one pass over the drawing.
struct Ranges {
    /// Nodes that give any number, and those that hand such numbers on.
    numbers: BTreeSet<NodeId>,
    /// The same for numbers of the data.
    data: BTreeSet<NodeId>,
}

impl Ranges {
    fn of(network: &Network, wiring: &Wiring) -> Self {
        let giving = |wanted: Gives| -> Vec<NodeId> {
            let nodes = network.nodes.iter().filter(|(_, node)| node.kind.gives() == wanted);
            nodes.map(|(&id, _)| id).collect()
        };
        let handed_on = |nodes| handed_on(network, wiring, nodes);
        Self { numbers: handed_on(giving(Gives::Numbers)), data: handed_on(giving(Gives::Data)) }
    }

    fn of_node(&self, node: NodeId) -> Gives {
        if self.numbers.contains(&node) {
            Gives::Numbers
        } else if self.data.contains(&node) {
            Gives::Data
        } else {
            Gives::Probabilities
        }
    }
}

/// These nodes, and all that hand their numbers on.
fn handed_on(network: &Network, wiring: &Wiring, mut stack: Vec<NodeId>) -> BTreeSet<NodeId> {
    let mut found: BTreeSet<NodeId> = stack.iter().copied().collect();
    while let Some(at) = stack.pop() {
        for edge in wiring.outgoing(at).iter().filter_map(|e| network.edges.get(e)) {
            let gives = network.nodes.get(&edge.to).map(|node| node.kind.gives());
            if gives == Some(Gives::SameAsInputs) && found.insert(edge.to) {
                stack.push(edge.to);
            }
        }
    }
    found
}
