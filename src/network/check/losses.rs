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
    for (&id, node) in &network.nodes {
        let NodeKind::Loss(loss) = &node.kind else { continue };
        let prediction =
            wiring.incoming(id).iter().filter_map(|e| network.edges.get(e)).find(|e| e.port == 0);
        let Some(source) = prediction.map(|edge| edge.from) else { continue };
        let Some(twin) = twin(loss.kind) else { continue };
        let values = values_of(network, wiring, source);
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

fn values_of(network: &Network, wiring: &Wiring, node: NodeId) -> Values {
    let mut seen = BTreeSet::from([node]);
    let mut stack = vec![node];
    let mut found = Values::Probabilities;
    while let Some(at) = stack.pop() {
        let Some(kind) = network.nodes.get(&at).map(|node| &node.kind) else { return Values::Unknown };
        match kind {
            NodeKind::Activation(Activation::Sigmoid | Activation::Softmax) => {}
            NodeKind::Input(_) | NodeKind::Target(_) => found = Values::Unknown,
            // Nodes that keep probabilities probabilities.
            NodeKind::Activation(Activation::Identity) | NodeKind::Multiply | NodeKind::Concat => {
                for edge in wiring.incoming(at).iter().filter_map(|e| network.edges.get(e)) {
                    if seen.insert(edge.from) {
                        stack.push(edge.from);
                    }
                }
            }
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
            | NodeKind::Loss(_) => return Values::Real,
        }
    }
    found
}
