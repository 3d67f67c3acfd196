//! Losses: whether there is one, whether a Target is there, and whether what arrives is what the
//! loss takes: probabilities or logits.

use std::collections::BTreeSet;

use super::network_problem;
use crate::network::{
    Activation, Fix, LossKind, Network, NodeId, NodeKind, Place, Problem, ProblemKind, Severity, Wiring,
};

pub(super) fn check(network: &Network, wiring: &Wiring, problems: &mut Vec<Problem>) {
    if !network.has_loss() {
        problems.push(network_problem(ProblemKind::NoLoss, Severity::Error));
        return;
    }
    let has_target = network.nodes.values().any(|node| matches!(node.kind, NodeKind::Target(_)));
    let is_open = problems.iter().any(|problem| {
        matches!(problem.kind, ProblemKind::MissingInput { port: crate::network::PortName::Target, .. })
    });
    if !has_target && is_open {
        problems.push(network_problem(ProblemKind::NoTarget, Severity::Error));
    }
    let ranges = Ranges::of(network, wiring);
    for (&id, node) in &network.nodes {
        let NodeKind::Loss(loss) = &node.kind else { continue };
        let prediction =
            wiring.incoming(id).iter().filter_map(|e| network.edges.get(e)).find(|e| e.port == 0);
        let Some(source) = prediction.map(|edge| edge.from) else { continue };
        let Some(twin) = twin(loss.kind) else { continue };
        let values = ranges.of_node(source);
        let takes_probabilities = matches!(loss.kind, LossKind::Bce | LossKind::CrossEntropy);
        let name = network.nodes.get(&source).map_or_else(String::new, |node| node.name.clone());
        let (kind, severity) = match (takes_probabilities, values) {
            (true, Values::Real) => {
                (ProblemKind::NotProbabilities { loss: node.name.clone(), source: name }, Severity::Error)
            }
            (false, Values::Probabilities) => (
                ProblemKind::AlreadyProbabilities { loss: node.name.clone(), source: name },
                Severity::Warning,
            ),
            (true, Values::Probabilities | Values::Unknown) | (false, Values::Real | Values::Unknown) => {
                continue;
            }
        };
        let fix = Some(Fix::SetLoss { node: id, kind: twin });
        problems.push(Problem { kind, at: Place::Node(id), severity, fix });
    }
}

/// The same loss for logits instead of probabilities, or the other way round.
fn twin(kind: LossKind) -> Option<LossKind> {
    match kind {
        LossKind::Bce => Some(LossKind::BceWithLogits),
        LossKind::BceWithLogits => Some(LossKind::Bce),
        LossKind::CrossEntropy => Some(LossKind::CrossEntropyWithLogits),
        LossKind::CrossEntropyWithLogits => Some(LossKind::CrossEntropy),
        LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. } => None,
    }
}

/// What the numbers of a node can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// Between 0 and 1 for certain.
    Probabilities,
    /// Anything.
    Real,
    /// Whatever the data say.
    Unknown,
}

/// What the numbers of every node can be, found in one pass over the drawing.
struct Ranges {
    /// Nodes that give any number, and those that hand such numbers on.
    real: BTreeSet<NodeId>,
    /// The same for numbers of the data.
    unknown: BTreeSet<NodeId>,
}

impl Ranges {
    fn of(network: &Network, wiring: &Wiring) -> Self {
        let (mut real, mut unknown) = (Vec::new(), Vec::new());
        for (&id, node) in &network.nodes {
            match node.kind {
                // Probabilities, or what keeps them so.
                NodeKind::Activation(Activation::Sigmoid | Activation::Softmax | Activation::Identity)
                | NodeKind::Multiply
                | NodeKind::Concat => {}
                NodeKind::Input(_) | NodeKind::Target(_) => unknown.push(id),
                NodeKind::Activation(
                    Activation::Relu
                    | Activation::LeakyRelu { .. }
                    | Activation::Elu { .. }
                    | Activation::Gelu
                    | Activation::Silu
                    | Activation::Softplus
                    | Activation::Tanh,
                )
                | NodeKind::Dense(_)
                | NodeKind::Add
                | NodeKind::Dropout { .. }
                | NodeKind::Loss(_) => real.push(id),
            }
        }
        Self { real: handed_on(network, wiring, real), unknown: handed_on(network, wiring, unknown) }
    }

    fn of_node(&self, node: NodeId) -> Values {
        if self.real.contains(&node) {
            Values::Real
        } else if self.unknown.contains(&node) {
            Values::Unknown
        } else {
            Values::Probabilities
        }
    }
}

/// Whether a kind keeps probabilities probabilities.
fn hands_on(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Activation(Activation::Identity) | NodeKind::Multiply | NodeKind::Concat)
}

/// These nodes, and all that hand their numbers on.
fn handed_on(network: &Network, wiring: &Wiring, mut stack: Vec<NodeId>) -> BTreeSet<NodeId> {
    let mut found: BTreeSet<NodeId> = stack.iter().copied().collect();
    while let Some(at) = stack.pop() {
        for edge in wiring.outgoing(at).iter().filter_map(|e| network.edges.get(e)) {
            let passes = network.nodes.get(&edge.to).is_some_and(|node| hands_on(&node.kind));
            if passes && found.insert(edge.to) {
                stack.push(edge.to);
            }
        }
    }
    found
}
