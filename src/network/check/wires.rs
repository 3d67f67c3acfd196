//! Wires: missing, loose, one too many, and cycles without delay.

use std::collections::BTreeSet;

use crate::network::{
    EdgeId, Fix, Network, Node, NodeId, Place, Ports, Problem, ProblemKind, Severity, Wiring,
};

pub(super) fn check(network: &Network, wiring: &Wiring, problems: &mut Vec<Problem>) {
    for (&id, edge) in &network.edges {
        let (Some(from), Some(to)) = (network.nodes.get(&edge.from), network.nodes.get(&edge.to)) else {
            problems.push(edge_error(ProblemKind::LooseEnd, id));
            continue;
        };
        if !from.kind.has_output() {
            problems.push(edge_error(ProblemKind::LossHasNoOutput { node: from.name.clone() }, id));
        }
        let is_for_loss = to.kind.is_loss() && edge.port == 1;
        if from.kind.is_target() && !is_for_loss {
            problems.push(Problem {
                kind: ProblemKind::TargetAsInput { target: from.name.clone(), node: to.name.clone() },
                at: Place::Edge(id),
                severity: Severity::Warning,
                fix: None,
            });
        }
    }
    for (&id, node) in &network.nodes {
        check_ports(network, wiring, id, node, problems);
    }
    for cycle in network.topological_order().err().into_iter().flatten() {
        let names = cycle.nodes.iter().filter_map(|id| network.nodes.get(id)).map(|node| node.name.clone());
        problems.push(Problem {
            kind: ProblemKind::CycleWithoutDelay { nodes: names.collect() },
            fix: cycle.edges.last().map(|&edge| Fix::MakeLoop { edge }),
            at: Place::Edges(cycle.edges),
            severity: Severity::Error,
        });
    }
    check_use(network, wiring, problems);
}

fn check_ports(network: &Network, wiring: &Wiring, id: NodeId, node: &Node, problems: &mut Vec<Problem>) {
    let incoming = wiring.incoming(id);
    match node.kind.ports() {
        Ports::Fixed(names) => {
            let mut is_wired = vec![false; names.len()];
            for &edge_id in incoming {
                let port = network.edges.get(&edge_id).map_or(usize::MAX, |edge| edge.port);
                match is_wired.get_mut(port) {
                    Some(wired) if !*wired => *wired = true,
                    _ => problems.push(edge_error(
                        ProblemKind::WireWithoutPort { node: node.name.clone(), ports: names.len() },
                        edge_id,
                    )),
                }
            }
            for (&port, _) in names.iter().zip(&is_wired).filter(|(_, wired)| !**wired) {
                let kind = ProblemKind::MissingInput { node: node.name.clone(), port };
                problems.push(node_error(kind, id));
            }
        }
        Ports::Variadic { at_least } if incoming.len() < at_least => {
            let kind = ProblemKind::TooFewInputs {
                node: node.name.clone(),
                expected: at_least,
                found: incoming.len(),
            };
            problems.push(node_error(kind, id));
        }
        Ports::Variadic { .. } => {}
    }
}

/// Nodes that no loss and no other root depends on, at any step.
fn check_use(network: &Network, wiring: &Wiring, problems: &mut Vec<Problem>) {
    let mut stack: Vec<NodeId> = network.all_roots().collect();
    if stack.is_empty() {
        return;
    }
    let mut seen: BTreeSet<NodeId> = stack.iter().copied().collect();
    while let Some(at) = stack.pop() {
        for edge in wiring.incoming(at).iter().filter_map(|e| network.edges.get(e)) {
            if seen.insert(edge.from) {
                stack.push(edge.from);
            }
        }
    }
    for (&id, node) in network.nodes.iter().filter(|(id, _)| !seen.contains(id)) {
        problems.push(Problem {
            kind: ProblemKind::Unused { node: node.name.clone() },
            at: Place::Node(id),
            severity: Severity::Warning,
            fix: None,
        });
    }
}

fn edge_error(kind: ProblemKind, edge: EdgeId) -> Problem {
    Problem { kind, at: Place::Edge(edge), severity: Severity::Error, fix: Some(Fix::RemoveEdge { edge }) }
}

fn node_error(kind: ProblemKind, node: NodeId) -> Problem {
    Problem { kind, at: Place::Node(node), severity: Severity::Error, fix: None }
}
