//! What follows from the drawing alone, worked out once a revision: shapes and problems.
//!
//! Must not know who asks.

use std::sync::Arc;

use egui::{Context, Id};

use crate::app::App;
use crate::explain::Formulas;
use crate::network::{NodeId, Problem, Shapes};

/// Shapes and problems of one revision of the drawing.
pub(crate) struct Findings {
    revision: u64,
    /// The shape of every node's output, where it is known.
    pub(crate) shapes: Shapes,
    /// What is wrong.
    pub(crate) problems: Vec<Problem>,
}

impl Findings {
    /// The findings about the drawing as it stands.
    pub(crate) fn of(ctx: &Context, app: &App) -> Arc<Self> {
        let id = Id::new("findings");
        let known: Option<Arc<Self>> = ctx.data(|data| data.get_temp(id));
        if let Some(known) = known.filter(|known| known.revision == app.revision()) {
            return known;
        }
        let network = &app.document().network;
        let found = Arc::new(Self {
            revision: app.revision(),
            shapes: network.infer_shapes().0,
            problems: network.problems(),
        });
        ctx.data_mut(|data| data.insert_temp(id, found.clone()));
        found
    }

    /// How many features a node gives for each sample, where that is known.
    pub(crate) fn features(&self, node: NodeId) -> Option<usize> {
        self.shapes.node(node).map(crate::tensor::Shape::features)
    }
}

/// Gives `read` the formulas of the drawing, with the shapes and fusions of the newest pass.
pub(crate) fn with_formulas<R>(app: &App, findings: &Findings, read: impl FnOnce(&Formulas<'_>) -> R) -> R {
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_ref());
    let step = app.time_step();
    let features = |node| findings.features(node);
    let fused = |node| pass.and_then(|pass| pass.node(node, step)).and_then(|node| node.fused_into);
    read(&Formulas::new(&app.document().network, &features, &fused))
}
