//! Names, and settings out of their range.

use std::collections::BTreeSet;

use crate::network::{Fix, LOSS_WEIGHT, Network, Node, NodeId, Place, Problem, ProblemKind, Range, Severity};

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
    let loss_weight = node.kind.loss().map(|loss| (&LOSS_WEIGHT, loss.weight));
    for (setting, found) in node.kind.numbers().into_iter().chain(loss_weight) {
        if setting.range.contains(found) {
            continue;
        }
        let units = node.kind.dense().map(|_| Fix::SetUnits { node: id, units: 1 });
        problems.push(Problem {
            kind: ProblemKind::Setting {
                node: node.name.clone(),
                setting: setting.slug,
                expected: setting.range.expected(),
                found,
            },
            at: Place::Node(id),
            severity: Severity::Error,
            fix: units,
        });
    }
}

fn named(kind: ProblemKind, node: NodeId) -> Problem {
    Problem { kind, at: Place::Node(node), severity: Severity::Error, fix: Some(Fix::Rename { node }) }
}

fn of_network(setting: &'static str, found: f64, fix: Option<Fix>) -> Problem {
    Problem {
        kind: ProblemKind::Setting {
            node: String::new(),
            setting,
            expected: Range::AtLeastOne.expected(),
            found,
        },
        at: Place::Network,
        severity: Severity::Error,
        fix,
    }
}
