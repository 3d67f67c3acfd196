//! Everything that is wrong with a drawing, in one list.
//!
//! Must not know how a network is computed, nor how problems are shown.

mod data;
mod losses;
mod settings;
mod stops;
mod wires;

use super::{Network, Node, NodeId, Place, Problem, ProblemKind, Severity};
use crate::network::limits;

impl Network {
    /// All findings, errors before warnings, otherwise in the order of the drawing.
    pub fn problems(&self) -> Vec<Problem> {
        if self.nodes.is_empty() {
            return vec![network_problem(ProblemKind::Empty, Severity::Error)];
        }
        let wiring = self.wiring();
        let mut problems = Vec::new();
        wires::check(self, &wiring, &mut problems);
        settings::check(self, &mut problems);
        data::check(self, &mut problems);
        let (shapes, misfits) = self.infer_shapes();
        problems.extend(misfits);
        losses::check(self, &wiring, &shapes, &mut problems);
        stops::check(self, &wiring, &mut problems);
        limits::check(self, &wiring, &shapes, &mut problems);
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        problems
    }

    /// Where `backward()` starts: every loss, and every node that is marked as a root.
    pub fn all_roots(&self) -> impl Iterator<Item = NodeId> + '_ {
        let is_root = |id: &NodeId, node: &Node| node.kind.is_loss() || self.roots.contains(id);
        self.nodes.iter().filter(move |(id, node)| is_root(id, node)).map(|(&id, _)| id)
    }

    /// Whether there is a place where `backward()` starts at all.
    pub fn has_root(&self) -> bool {
        self.all_roots().next().is_some()
    }
}

fn network_problem(kind: ProblemKind, severity: Severity) -> Problem {
    Problem { kind, at: Place::Network, severity, fix: None }
}
