//! Names, and settings out of their range.

use std::collections::BTreeSet;

use crate::network::{
    Activation, Fix, LossKind, Network, Node, NodeId, NodeKind, Place, Problem, ProblemKind, Severity,
};

pub(super) fn check(network: &Network, problems: &mut Vec<Problem>) {
    let mut names = BTreeSet::new();
    for (&id, node) in &network.nodes {
        if node.name.trim().is_empty() {
            problems.push(named(ProblemKind::EmptyName, id));
        } else if !names.insert(node.name.as_str()) {
            problems.push(named(ProblemKind::DuplicateName { name: node.name.clone() }, id));
        }
        check_node(id, node, problems);
    }
    if network.n_steps == 0 {
        let fix = Some(Fix::SetSteps { n_steps: 1 });
        problems.push(of_network("n_steps", 0.0, fix));
    }
    if network.truncate == Some(0) {
        problems.push(of_network("truncate", 0.0, None));
    }
    if network.has_loops() && network.n_steps == 1 {
        problems.push(Problem {
            kind: ProblemKind::LoopWithoutSteps,
            at: Place::Network,
            severity: Severity::Warning,
            fix: Some(Fix::SetSteps { n_steps: 10 }),
        });
    }
}

fn check_node(id: NodeId, node: &Node, problems: &mut Vec<Problem>) {
    let mut out_of_range = |setting, expected, found, fix| {
        problems.push(Problem {
            kind: ProblemKind::Setting { node: node.name.clone(), setting, expected, found },
            at: Place::Node(id),
            severity: Severity::Error,
            fix,
        });
    };
    match &node.kind {
        NodeKind::Dense(dense) if dense.units == 0 => {
            out_of_range("units", "≥ 1", 0.0, Some(Fix::SetUnits { node: id, units: 1 }));
        }
        NodeKind::Dropout { p } if !(0.0..1.0).contains(p) => out_of_range("p", "0 ≤ p < 1", *p, None),
        NodeKind::Activation(Activation::LeakyRelu { negative_slope }) if !negative_slope.is_finite() => {
            out_of_range("negative_slope", "finite", *negative_slope, None);
        }
        NodeKind::Activation(Activation::Elu { alpha }) if !alpha.is_finite() => {
            out_of_range("alpha", "finite", *alpha, None);
        }
        NodeKind::Loss(loss) => {
            if !loss.weight.is_finite() {
                out_of_range("weight", "finite", loss.weight, None);
            }
            if let LossKind::Huber { delta } = loss.kind
                && !(delta > 0.0 && delta.is_finite())
            {
                out_of_range("delta", "> 0", delta, None);
            }
        }
        NodeKind::Input(_)
        | NodeKind::Target(_)
        | NodeKind::Dense(_)
        | NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat
        | NodeKind::Dropout { .. } => {}
    }
}

fn named(kind: ProblemKind, node: NodeId) -> Problem {
    Problem { kind, at: Place::Node(node), severity: Severity::Error, fix: Some(Fix::Rename { node }) }
}

fn of_network(setting: &'static str, found: f64, fix: Option<Fix>) -> Problem {
    Problem {
        kind: ProblemKind::Setting { node: String::new(), setting, expected: "≥ 1", found },
        at: Place::Network,
        severity: Severity::Error,
        fix,
    }
}
