//! What follows from the drawing alone: shapes, problems and formulas, as panels ask for them.
//!
//! Must not know who asks. The application works them out once a revision.

use std::sync::Arc;

use crate::app::App;
use crate::explain::Formulas;
use crate::network::{NodeId, Problem, Shapes};

/// Shapes and problems of one revision of the drawing.
pub(crate) struct Findings {
    /// The shape of every node's output, where it is known.
    pub(crate) shapes: Arc<Shapes>,
    /// What is wrong, errors first.
    pub(crate) problems: Vec<Problem>,
    /// What is merely unfinished.
    pub(crate) to_do: Vec<Problem>,
}

impl Findings {
    /// The findings about the drawing as it stands.
    pub(crate) fn of(app: &App) -> Self {
        let (to_do, mut problems): (Vec<Problem>, Vec<Problem>) =
            app.problems().iter().cloned().partition(|problem| app.is_to_do(problem));
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        Self { shapes: app.shapes().clone(), problems, to_do }
    }

    /// How many features a node gives for each sample, where that is known.
    pub(crate) fn features(&self, node: NodeId) -> Option<usize> {
        self.shapes.node(node).map(crate::tensor::Shape::features)
    }
}

/// Gives `read` the formulas of the drawing.
pub(crate) fn with_formulas<R>(app: &App, findings: &Findings, read: impl FnOnce(&Formulas<'_>) -> R) -> R {
    let formulas = Formulas::new(&app.document().network, &findings.shapes);
    read(&formulas.in_convention(app.convention()))
}
