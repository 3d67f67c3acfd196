//! What is wrong with the drawing and its data, what is merely unfinished, and why training cannot start.
//!
//! Must not know how it is shown.

use std::sync::Arc;

use crate::network::{Problem, Severity, Shapes};
use crate::words::{Message, ToMessage};

use super::notice::Lasts;
use super::{App, Tone};

/// What is known of the drawing and its data as they stand.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) shapes: Arc<Shapes>,
    /// What is wrong with the drawing, and with the data for it.
    pub(super) problems: Arc<Vec<Problem>>,
    of_drawing: Vec<Problem>,
    pub(super) of_data: Vec<Problem>,
    /// Whether what is unfinished is told as a problem: Train was pressed, or a wire was refused.
    pub(super) insists: bool,
}

impl App {
    /// Shapes and problems of the drawing as it stands.
    pub(super) fn find_problems(&mut self) {
        self.findings.shapes = Arc::new(self.document.network.infer_shapes().0);
        self.findings.of_drawing = self.document.network.problems();
        self.gather_problems();
    }

    /// The problems of the drawing and of the data for it, the worst first.
    pub(super) fn gather_problems(&mut self) {
        let mut problems: Vec<Problem> =
            self.findings.of_drawing.iter().chain(&self.findings.of_data).cloned().collect();
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        if *self.findings.problems != problems {
            self.findings.problems = Arc::new(problems);
            // Whoever shows problems reads them again.
            self.revision += 1;
        }
        self.findings.insists &= self.findings.problems.iter().any(Problem::is_unfinished);
    }

    /// Whether a problem is only something that is still to be drawn, and nobody has tried to go on
    /// without it.
    pub fn is_to_do(&self, problem: &Problem) -> bool {
        !self.findings.insists && problem.is_unfinished()
    }

    /// From here on what is unfinished is told as a problem, until it is finished.
    pub(super) fn insist(&mut self) {
        if !self.findings.insists && self.findings.problems.iter().any(Problem::is_unfinished) {
            self.findings.insists = true;
            // Whoever shows problems reads them again.
            self.revision += 1;
        }
    }

    /// An edit that cannot be made.
    pub(super) fn refuse(&mut self, refusal: &dyn ToMessage) {
        let lasts = Lasts::UntilEdited(self.history.state());
        self.notify_as(Tone::Warning, refusal.message(), lasts);
        self.insist();
    }

    /// Whether nothing forbids to run the network.
    pub(super) fn is_runnable(&self) -> bool {
        self.findings.problems.iter().all(|problem| problem.severity != Severity::Error)
    }

    /// Why training cannot start; nothing where it can, or where what it needs is on its way.
    pub fn cannot_start(&self) -> Option<Message> {
        let mut errors = self.findings.problems.iter().filter(|problem| problem.severity == Severity::Error);
        if let Some(first) = errors.next() {
            let n = 1 + errors.count();
            return Some(if n == 1 {
                Message::new("train-cannot-one").with("problem", first.message())
            } else if !self.document.network.has_root() {
                Message::new("train-cannot-no-loss")
            } else {
                Message::new("train-cannot-problems")
            });
        }
        if self.data.loading.is_some() || self.data.preparing.is_some() || self.training.needs_load {
            return None;
        }
        match (&self.data.prepared, &self.data.error) {
            (Some(prepared), _) if prepared.train().is_empty() => Some(Message::new("train-cannot-no-rows")),
            (Some(_), _) => None,
            (None, Some(error)) => Some(error.message()),
            (None, None) => Some(Message::new("train-cannot-no-data")),
        }
    }
}
