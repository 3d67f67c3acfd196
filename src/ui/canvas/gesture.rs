//! The gesture state machine of the canvas: picking, selecting, marquee, moving, pulling wires
//! and panning, from presses and moves to what the person meant.
//!
//! Must not know egui's context, how things are drawn, or how an edit is done. It is told
//! points on the canvas and asks a [`HitTest`] what lies there.

use std::collections::BTreeSet;

use egui::emath::{Pos2, Rect, Vec2};

use crate::app::{Selection, WireEnd};
use crate::network::{EdgeId, NodeId};

/// How far the pointer must travel, in screen points, before a press becomes a drag.
const DRAG_THRESHOLD: f32 = 4.0;
/// How near to a port or a wire the pointer must be, in screen points.
pub(crate) const REACH: f32 = 9.0;

/// What lies at a point of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    /// Nothing.
    Empty,
    /// The body of a card.
    Card(NodeId),
    /// The output port of a card.
    Output(NodeId),
    /// An input port of a card.
    Input(NodeId, usize),
    /// A wire.
    Wire(EdgeId),
}

/// What a new wire would mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DropResult {
    /// It fits.
    Fits,
    /// It would close a cycle: it can only be a loop edge.
    ClosesCycle,
    /// It is refused, for this reason (already in the person's language).
    Refused(String),
}

/// What the machine may ask of the drawing.
pub(crate) trait HitTest {
    /// The topmost thing at `at`; `reach` is how near counts, in canvas points.
    fn hit(&self, at: Pos2, reach: f32) -> Hit;
    /// The cards that touch an area.
    fn cards_in(&self, area: Rect) -> Vec<NodeId>;
    /// The wire that ends at an input port.
    fn wire_at(&self, to: NodeId, port: usize) -> Option<EdgeId>;
    /// Where a wire comes from.
    fn source_of(&self, wire: EdgeId) -> Option<NodeId>;
    /// The first port of `to` that could take a wire from `from`, or a port to say why none can.
    fn free_port(&self, from: NodeId, to: NodeId) -> Option<usize>;
    /// Whether a wire may run there; `replacing` is the wire that is being moved, if one is.
    fn drop_result(&self, from: NodeId, to: NodeId, port: usize, replacing: Option<EdgeId>) -> DropResult;
    /// The wire into which a lone card would be inserted if it lay at its place shifted by `by`.
    fn insertion(&self, card: NodeId, by: Vec2) -> Option<EdgeId>;
    /// The shift, near `by`, that puts the card on the grid.
    fn snap(&self, card: NodeId, by: Vec2) -> Vec2;
}

/// Keys and button held during an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// Shift adds to the selection.
    pub(crate) shift: bool,
    /// Ctrl (Cmd) toggles in the selection.
    pub(crate) ctrl: bool,
    /// Space turns a drag into a pan.
    pub(crate) space: bool,
}

/// A button of the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    /// The left one.
    Primary,
    /// The middle one: it pans.
    Middle,
}

/// A wire in the hand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pulled {
    /// The end that stays.
    pub(crate) from: WireEnd,
    /// Where the loose end is.
    pub(crate) at: Pos2,
    /// The wire that was taken off its port, if one was.
    pub(crate) replacing: Option<EdgeId>,
    /// What lies under the loose end: from, to, port, and whether it fits.
    pub(crate) over: Option<(NodeId, NodeId, usize, DropResult)>,
}

/// What is going on, for the drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Gesture {
    /// Nothing.
    Idle,
    /// A press that is no drag yet.
    Pressed {
        /// Where, on the canvas.
        at: Pos2,
        /// On what.
        hit: Hit,
        /// With which keys.
        keys: Keys,
    },
    /// A selection rectangle.
    Marquee {
        /// Its first corner.
        from: Pos2,
        /// Its other corner.
        to: Pos2,
        /// What was selected before and stays selected.
        kept: Selection,
    },
    /// Cards being moved.
    Moving {
        /// Which.
        nodes: BTreeSet<NodeId>,
        /// The card under the pointer.
        held: NodeId,
        /// Where the press was.
        from: Pos2,
        /// The shift so far, snapped.
        by: Vec2,
        /// The wire into which the lone card would be inserted.
        over: Option<EdgeId>,
    },
    /// A wire being pulled.
    Wiring(Pulled),
    /// The canvas being moved.
    Panning,
}

/// What the person meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GestureAction {
    /// This is the selection now.
    Select(Selection),
    /// Move these nodes, as one step.
    Move(BTreeSet<NodeId>, Vec2),
    /// Move a lone node and insert it into a wire, as one step.
    Insert(NodeId, EdgeId, Vec2),
    /// Draw a wire from a node to a port of another; a moved wire is replaced.
    Connect(NodeId, NodeId, usize, Option<EdgeId>),
    /// The same, but it would close a cycle: ask whether it shall be a loop edge.
    OfferLoop(NodeId, NodeId, usize, Option<EdgeId>),
    /// A wire was pulled off its port and dropped.
    Unplug(EdgeId),
    /// A wire was dropped in empty space: offer the palette there.
    OfferPalette(WireEnd, Pos2),
    /// A wire was dropped where it does not fit; the reason.
    Refuse(String),
    /// Rename a node where it stands.
    Rename(NodeId),
    /// Look elsewhere: a shift in screen points.
    Pan(Vec2),
}

/// The machine.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
    gesture: Gesture,
}

impl Default for Machine {
    fn default() -> Self {
        Self { gesture: Gesture::Idle }
    }
}

impl Machine {
    /// What is going on.
    pub(crate) fn gesture(&self) -> &Gesture {
        &self.gesture
    }

    /// Whether a drag of some kind is under way.
    pub(crate) fn is_busy(&self) -> bool {
        !matches!(self.gesture, Gesture::Idle | Gesture::Pressed { .. })
    }

    /// Whether something is in the hand that may be wanted beyond the edge of the canvas.
    pub(crate) fn drags(&self) -> bool {
        matches!(self.gesture, Gesture::Moving { .. } | Gesture::Wiring(_) | Gesture::Marquee { .. })
    }

    /// A button goes down at a point of the canvas.
    pub(crate) fn press(
        &mut self,
        at: Pos2,
        zoom: f32,
        button: Button,
        keys: Keys,
        selected: &Selection,
        hit_test: &dyn HitTest,
    ) -> Option<GestureAction> {
        if button == Button::Middle || keys.space {
            self.gesture = Gesture::Panning;
            return None;
        }
        let hit = hit_test.hit(at, REACH / zoom);
        self.gesture = Gesture::Pressed { at, hit, keys };
        let plain = !keys.shift && !keys.ctrl;
        match hit {
            Hit::Card(node) if plain && !selected.nodes.contains(&node) => {
                Some(GestureAction::Select(only_node(node)))
            }
            Hit::Wire(edge) if plain && !selected.edges.contains(&edge) => {
                Some(GestureAction::Select(only_edge(edge)))
            }
            Hit::Empty | Hit::Card(_) | Hit::Wire(_) | Hit::Output(_) | Hit::Input(..) => None,
        }
    }

    /// The pointer moves to a point of the canvas; `travel` is the way since the last event in
    /// screen points.
    pub(crate) fn drag(
        &mut self,
        at: Pos2,
        zoom: f32,
        travel: Vec2,
        selected: &Selection,
        hit_test: &dyn HitTest,
    ) -> Option<GestureAction> {
        if let Gesture::Pressed { at: start, hit, keys } = self.gesture {
            if start.distance(at) * zoom < DRAG_THRESHOLD {
                return None;
            }
            self.gesture = begin(start, hit, keys, selected, hit_test);
        }
        match &mut self.gesture {
            Gesture::Idle | Gesture::Pressed { .. } => None,
            Gesture::Panning => (travel != Vec2::ZERO).then_some(GestureAction::Pan(travel)),
            Gesture::Marquee { from, to, kept } => {
                *to = at;
                let mut now = kept.clone();
                now.nodes.extend(hit_test.cards_in(Rect::from_two_pos(*from, at)));
                (now != *selected).then_some(GestureAction::Select(now))
            }
            Gesture::Moving { nodes, held, from, by, over } => {
                *by = hit_test.snap(*held, at - *from);
                *over = if nodes.len() == 1 { hit_test.insertion(*held, *by) } else { None };
                None
            }
            Gesture::Wiring(pulled) => {
                pulled.at = at;
                pulled.over = landing(pulled, at, zoom, hit_test);
                None
            }
        }
    }

    /// The button goes up.
    pub(crate) fn release(&mut self, selected: &Selection) -> Option<GestureAction> {
        match std::mem::replace(&mut self.gesture, Gesture::Idle) {
            Gesture::Idle | Gesture::Panning | Gesture::Marquee { .. } => None,
            Gesture::Pressed { hit, keys, .. } => {
                let now = clicked(hit, keys, selected);
                (now != *selected).then_some(GestureAction::Select(now))
            }
            Gesture::Moving { held, by, over: Some(edge), .. } => Some(GestureAction::Insert(held, edge, by)),
            Gesture::Moving { by, .. } if by == Vec2::ZERO => None,
            Gesture::Moving { nodes, by, .. } => Some(GestureAction::Move(nodes, by)),
            Gesture::Wiring(pulled) => Some(dropped(pulled)),
        }
    }

    /// Two clicks on one place.
    pub(crate) fn double_click(
        &mut self,
        at: Pos2,
        zoom: f32,
        hit_test: &dyn HitTest,
    ) -> Option<GestureAction> {
        self.gesture = Gesture::Idle;
        match hit_test.hit(at, REACH / zoom) {
            Hit::Card(node) => Some(GestureAction::Rename(node)),
            Hit::Empty | Hit::Wire(_) | Hit::Output(_) | Hit::Input(..) => None,
        }
    }

    /// Esc, or the button was lost: all stays as it was before the gesture, the selection of a
    /// marquee included.
    pub(crate) fn cancel(&mut self) -> Option<GestureAction> {
        match std::mem::replace(&mut self.gesture, Gesture::Idle) {
            Gesture::Marquee { kept, .. } => Some(GestureAction::Select(kept)),
            Gesture::Idle
            | Gesture::Pressed { .. }
            | Gesture::Panning
            | Gesture::Moving { .. }
            | Gesture::Wiring(_) => None,
        }
    }
}

/// What a press becomes once the pointer has travelled.
fn begin(start: Pos2, hit: Hit, keys: Keys, selected: &Selection, hit_test: &dyn HitTest) -> Gesture {
    match hit {
        Hit::Empty | Hit::Wire(_) => {
            let kept = if keys.shift || keys.ctrl { selected.clone() } else { Selection::default() };
            Gesture::Marquee { from: start, to: start, kept }
        }
        Hit::Card(node) => {
            let nodes = if selected.nodes.contains(&node) { selected.nodes.clone() } else { [node].into() };
            Gesture::Moving { nodes, held: node, from: start, by: Vec2::ZERO, over: None }
        }
        Hit::Output(node) => Gesture::Wiring(pull(WireEnd::Output(node), start, None)),
        Hit::Input(node, port) => {
            let wire = hit_test.wire_at(node, port);
            match wire.and_then(|wire| hit_test.source_of(wire)) {
                Some(source) => Gesture::Wiring(pull(WireEnd::Output(source), start, wire)),
                None => Gesture::Wiring(pull(WireEnd::Input(node, port), start, None)),
            }
        }
    }
}

fn pull(from: WireEnd, at: Pos2, replacing: Option<EdgeId>) -> Pulled {
    Pulled { from, at, replacing, over: None }
}

/// Where the loose end of a wire would be plugged in.
fn landing(
    pulled: &Pulled,
    at: Pos2,
    zoom: f32,
    hit_test: &dyn HitTest,
) -> Option<(NodeId, NodeId, usize, DropResult)> {
    // Ports are caught from farther away while a wire is in the hand.
    let hit = hit_test.hit(at, 1.6 * REACH / zoom);
    let (from, to, port) = match (pulled.from, hit) {
        (WireEnd::Output(from), Hit::Input(to, port))
        | (WireEnd::Input(to, port), Hit::Output(from) | Hit::Card(from)) => (from, to, port),
        (WireEnd::Output(from), Hit::Card(to)) => (from, to, hit_test.free_port(from, to)?),
        (WireEnd::Output(_), Hit::Empty | Hit::Wire(_) | Hit::Output(_))
        | (WireEnd::Input(..), Hit::Empty | Hit::Wire(_) | Hit::Input(..)) => return None,
    };
    Some((from, to, port, hit_test.drop_result(from, to, port, pulled.replacing)))
}

/// What dropping a wire means.
fn dropped(pulled: Pulled) -> GestureAction {
    match (pulled.over, pulled.replacing) {
        (Some((from, to, port, DropResult::Fits)), replacing) => {
            GestureAction::Connect(from, to, port, replacing)
        }
        (Some((from, to, port, DropResult::ClosesCycle)), replacing) => {
            GestureAction::OfferLoop(from, to, port, replacing)
        }
        (Some((.., DropResult::Refused(reason))), _) => GestureAction::Refuse(reason),
        (None, Some(wire)) => GestureAction::Unplug(wire),
        (None, None) => GestureAction::OfferPalette(pulled.from, pulled.at),
    }
}

/// The selection after a click.
fn clicked(hit: Hit, keys: Keys, selected: &Selection) -> Selection {
    let mut now = selected.clone();
    match hit {
        Hit::Empty if keys.shift || keys.ctrl => {}
        Hit::Empty => now = Selection::default(),
        Hit::Card(node) | Hit::Output(node) | Hit::Input(node, _) => {
            if keys.ctrl && !now.nodes.insert(node) {
                now.nodes.remove(&node);
            } else if keys.shift || keys.ctrl {
                now.nodes.insert(node);
            } else {
                now = only_node(node);
            }
        }
        Hit::Wire(edge) => {
            if keys.ctrl && !now.edges.insert(edge) {
                now.edges.remove(&edge);
            } else if keys.shift || keys.ctrl {
                now.edges.insert(edge);
            } else {
                now = only_edge(edge);
            }
        }
    }
    now
}

fn only_node(node: NodeId) -> Selection {
    Selection::of_nodes([node])
}

fn only_edge(edge: EdgeId) -> Selection {
    Selection { nodes: BTreeSet::new(), edges: [edge].into() }
}

#[cfg(test)]
#[path = "gesture_tests.rs"]
mod tests;
