//! Data nodes: their widths and their typed rows.

use crate::network::{DataNode, Fix, Network, Node, NodeId, Place, Problem, ProblemKind, Severity};

pub(super) fn check(network: &Network, problems: &mut Vec<Problem>) {
    let mut n_rows: Option<usize> = None;
    for (&id, node) in &network.nodes {
        let Some(data) = node.kind.data() else { continue };
        if data.features() == 0 {
            problems.push(error(ProblemKind::NoWidth { node: node.name.clone() }, id));
            continue;
        }
        let Some(typed) = &data.rows else { continue };
        check_rows(network, id, node, data, problems);
        let expected = *n_rows.get_or_insert(typed.rows.len());
        if typed.rows.len() != expected {
            let found = typed.rows.len();
            problems.push(error(ProblemKind::RowCount { node: node.name.clone(), expected, found }, id));
        }
    }
}

fn check_rows(network: &Network, id: NodeId, node: &Node, data: &DataNode, problems: &mut Vec<Problem>) {
    let steps = if data.per_step { network.n_steps } else { 1 };
    let expected = data.features().saturating_mul(steps);
    for (idx, row) in data.rows.iter().flat_map(|typed| &typed.rows).enumerate() {
        if row.len() != expected {
            let mut problem = error(
                ProblemKind::RowLength { node: node.name.clone(), row: idx + 1, expected, found: row.len() },
                id,
            );
            if steps > 0 && row.len() % steps == 0 && !row.is_empty() {
                problem.fix = Some(Fix::SetFeatures { node: id, features: row.len() / steps });
            }
            problems.push(problem);
            return;
        }
        if !row.iter().all(|value| value.is_finite()) {
            problems.push(error(ProblemKind::RowNotFinite { node: node.name.clone(), row: idx + 1 }, id));
            return;
        }
    }
}

fn error(kind: ProblemKind, node: NodeId) -> Problem {
    Problem { kind, at: Place::Node(node), severity: Severity::Error, fix: None }
}
