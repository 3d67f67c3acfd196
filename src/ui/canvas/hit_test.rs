//! The drawing as the gesture machine asks about it.
//!
//! Must not know egui's context. What a new wire would mean is asked of the network once for
//! each place and remembered until the drawing changes.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use egui::emath::{Pos2, Rect, Vec2};

use super::geometry;
use super::gesture::{DropResult, Hit, HitTest};
use super::scene::Scene;
use crate::app::Selection;
use crate::network::{EdgeId, Network, NodeId};
use crate::words::{ToMessage, Words};

/// How near to a wire a card's center must be dropped to be inserted, in canvas points.
pub(crate) const INSERTION_REACH: f32 = 22.0;

type Asked = (NodeId, NodeId, usize, Option<EdgeId>);

/// What was asked about wires since the drawing changed last.
#[derive(Debug, Default)]
pub(crate) struct Verdicts(RefCell<BTreeMap<Asked, DropResult>>);

impl Verdicts {
    /// Forgets everything: the drawing has changed.
    pub(crate) fn clear(&mut self) {
        self.0.get_mut().clear();
    }
}

/// The drawing, for one frame.
pub(crate) struct Drawing<'a> {
    /// Where everything is.
    pub(crate) scene: &'a Scene,
    /// What everything is.
    pub(crate) network: &'a Network,
    /// What lies on top.
    pub(crate) selection: &'a Selection,
    /// The person's language.
    pub(crate) words: &'a Words,
    /// What was asked before.
    pub(crate) verdicts: &'a Verdicts,
}

impl HitTest for Drawing<'_> {
    fn hit(&self, at: Pos2, reach: f32) -> Hit {
        self.scene.hit(at, reach, &self.selection.nodes)
    }

    fn cards_in(&self, area: Rect) -> Vec<NodeId> {
        self.scene.cards.iter().filter(|card| card.area.intersects(area)).map(|card| card.id).collect()
    }

    fn wire_at(&self, to: NodeId, port: usize) -> Option<EdgeId> {
        self.scene.card(to)?.inputs.iter().find(|socket| socket.port == port)?.wire
    }

    fn source_of(&self, wire: EdgeId) -> Option<NodeId> {
        self.network.edges.get(&wire).map(|edge| edge.from)
    }

    fn free_port(&self, from: NodeId, to: NodeId) -> Option<usize> {
        let sockets = &self.scene.card(to)?.inputs;
        let fits = |port| !matches!(self.drop_result(from, to, port, None), DropResult::Refused(_));
        sockets
            .iter()
            .filter(|socket| socket.wire.is_none())
            .map(|socket| socket.port)
            .find(|&port| fits(port))
            .or_else(|| sockets.first().map(|socket| socket.port))
            // A card without inputs refuses, and says why.
            .or(Some(0))
    }

    fn drop_result(&self, from: NodeId, to: NodeId, port: usize, replacing: Option<EdgeId>) -> DropResult {
        let asked = (from, to, port, replacing);
        if let Some(known) = self.verdicts.0.borrow().get(&asked) {
            return known.clone();
        }
        let network = match replacing {
            Some(edge) => {
                let mut without = self.network.clone();
                without.edges.remove(&edge);
                Cow::Owned(without)
            }
            None => Cow::Borrowed(self.network),
        };
        let drop_result = match network.can_connect(from, to, port) {
            Ok(()) => DropResult::Fits,
            Err(refusal) if refusal.offers_loop() => {
                let was_loop = replacing
                    .and_then(|edge| self.network.edges.get(&edge))
                    .is_some_and(|edge| edge.delay > 0);
                if was_loop { DropResult::Fits } else { DropResult::ClosesCycle }
            }
            Err(refusal) => DropResult::Refused(self.words.say(&refusal.message())),
        };
        self.verdicts.0.borrow_mut().insert(asked, drop_result.clone());
        drop_result
    }

    fn insertion(&self, card: NodeId, by: Vec2) -> Option<EdgeId> {
        let node = self.network.nodes.get(&card)?;
        let is_lone = !self.network.edges.values().any(|edge| edge.from == card || edge.to == card);
        if !is_lone || !super::takes_insertion(&node.kind) {
            return None;
        }
        let center = super::scene::point(node.position) + by;
        self.scene.nearest_wire(center, INSERTION_REACH)
    }

    fn snap(&self, card: NodeId, by: Vec2) -> Vec2 {
        let Some(node) = self.network.nodes.get(&card) else { return by };
        let start = super::scene::point(node.position);
        geometry::snapped(start + by) - start
    }
}
