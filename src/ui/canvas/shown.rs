//! Which numbers the strips of the cards show: those of the newest pass, or of the What-if point while
//! inputs are changed by hand.
//!
//! Must not know how strips are painted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Canvas;
use super::strips::Strips;
use crate::app::App;
use crate::network::NodeId;

/// What strips were made of: the snapshot, the time step, and the What-if point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StripsOf {
    snapshot: Option<(u64, u64)>,
    time_step: usize,
    what_if: Option<usize>,
}

impl Canvas {
    /// Brings strips up to date.
    pub(super) fn read_strips(&mut self, app: &App) {
        let what_if = app.changed_what_if();
        let strips_of = StripsOf {
            snapshot: app.snapshot().map(|snapshot| (snapshot.revision, snapshot.sequence)),
            time_step: app.time_step(),
            what_if: what_if.as_ref().map(|answer| Arc::as_ptr(answer.result) as usize),
        };
        if self.strips_of == Some(strips_of) {
            return;
        }
        self.strips_of = Some(strips_of);
        let nodes = app.document().network.nodes.keys();
        let time_step = app.time_step();
        let made = |strips: Strips, node: NodeId| (node, Arc::new(strips));
        self.strips = match what_if {
            Some(answer) => {
                let value = |node: NodeId| answer.result.activations.get(&(node, time_step));
                nodes.filter_map(|&node| Some(made(Strips::of_value(value(node)?), node))).collect()
            }
            None => match app.snapshot().and_then(|snapshot| snapshot.pass.as_deref()) {
                Some(pass) => {
                    nodes.filter_map(|&node| Some(made(Strips::of(pass, node, time_step)?, node))).collect()
                }
                None => BTreeMap::new(),
            },
        };
    }
}
