//! Everything that is wrong with a drawing, in one list.
//!
//! Must not know how a network is computed, nor how problems are shown.

mod data;
mod losses;
mod settings;
mod wires;

use super::{Network, Place, Problem, ProblemKind, Severity};
use crate::network::{NodeKind, limits};

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
        losses::check(self, &wiring, &mut problems);
        limits::check(self, &wiring, &shapes, &mut problems);
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        problems
    }

    /// Whether it has a Loss node at all.
    pub fn has_loss(&self) -> bool {
        self.nodes.values().any(|node| matches!(node.kind, NodeKind::Loss(_)))
    }
}

fn network_problem(kind: ProblemKind, severity: Severity) -> Problem {
    Problem { kind, at: Place::Network, severity, fix: None }
}
