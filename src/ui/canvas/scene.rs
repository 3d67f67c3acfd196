//! What stands where on the canvas: cards, ports and wires, and what lies under a point.
//!
//! Must not know egui's context, colors or the snapshot: it is the drawing's geometry, made
//! anew whenever the network changes or something is being moved.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2};

use super::card_text::CardText;
use super::geometry::{self, Path};
use super::gesture::Hit;
use super::route::Router;
use crate::network::{EdgeId, Network, NodeId, Ports, Position, Wiring};

/// With more wires than this they are drawn as one bundle of straight lines: each by itself could not
/// be told from the others, and would cost more than a frame has.
const MOST_SINGLE_WIRES: usize = 4_000;

/// One node as a card.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Card {
    /// The node.
    pub(crate) id: NodeId,
    /// Where the card is.
    pub(crate) area: Rect,
    /// What is written on it.
    pub(crate) text: Arc<CardText>,
    /// Its input ports, from the top.
    pub(crate) inputs: Vec<Socket>,
    /// Where its output port is, if it has one.
    pub(crate) output: Option<Pos2>,
}

/// One input port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Socket {
    /// The number that edges use.
    pub(crate) port: usize,
    /// Where it is.
    pub(crate) at: Pos2,
    /// The edge that is plugged in.
    pub(crate) wire: Option<EdgeId>,
    /// Whether a wire must be plugged in here.
    pub(crate) needed: bool,
}

/// One edge as a wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wire {
    /// The edge.
    pub(crate) id: EdgeId,
    /// The sending node.
    pub(crate) from: NodeId,
    /// The receiving node.
    pub(crate) to: NodeId,
    /// Steps back in time.
    pub(crate) delay: usize,
    /// Its course.
    pub(crate) path: Path,
    /// A rectangle that holds it.
    pub(crate) bounds: Rect,
}

/// What is being moved: these nodes, by this much.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shift {
    /// Which nodes.
    pub(crate) nodes: BTreeSet<NodeId>,
    /// By how much.
    pub(crate) by: Vec2,
}

/// The drawing's geometry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    /// Cards by id; later ones lie on top.
    pub(crate) cards: Vec<Arc<Card>>,
    /// Wires by id.
    pub(crate) wires: Vec<Arc<Wire>>,
    /// Both ends of every wire, where there are more than could be told apart.
    pub(crate) bundle: Option<Arc<Vec<[Pos2; 2]>>>,
    /// How much larger than on cards all names could be written at most.
    pub(crate) name_growth: f32,
    places: BTreeMap<NodeId, usize>,
}

/// A network place as a point.
pub(crate) fn point(position: Position) -> Pos2 {
    Pos2::new(position.x, position.y)
}

/// A point as a network place.
pub(crate) fn position(point: Pos2) -> Position {
    Position { x: point.x, y: point.y }
}

impl Scene {
    /// Places every node and routes every edge. Costs one pass over both.
    pub(crate) fn new(network: &Network, texts: &BTreeMap<NodeId, Arc<CardText>>, shift: &Shift) -> Self {
        let wiring = network.wiring();
        let blank = Arc::new(CardText::default());
        let mut cards = Vec::with_capacity(network.nodes.len());
        let mut places = BTreeMap::new();
        for (&id, node) in &network.nodes {
            let text = texts.get(&id).unwrap_or(&blank).clone();
            let slots = slots(network, &wiring, id);
            let size = geometry::card_size(&text.name, &text.detail, slots.len());
            let mut center = point(node.position);
            if shift.nodes.contains(&id) {
                center += shift.by;
            }
            let area = Rect::from_center_size(center, size);
            let n = slots.len();
            let place = |(slot, (port, wire, needed))| Socket {
                port,
                wire,
                needed,
                at: geometry::input_place(area, slot, n),
            };
            let inputs = slots.into_iter().enumerate().map(place).collect();
            let output = text.has_output.then(|| geometry::output_place(area));
            places.insert(id, cards.len());
            cards.push(Arc::new(Card { id, area, text, inputs, output }));
        }
        let wires = Vec::with_capacity(network.edges.len());
        let growths = cards.iter().map(|card: &Arc<Card>| geometry::name_growth(&card.text.name, card.area));
        let name_growth = growths.fold(f32::INFINITY, f32::min);
        let mut scene = Self { cards, wires, bundle: None, name_growth, places };
        scene.route(network);
        scene
    }

    fn route(&mut self, network: &Network) {
        let is_bundled = network.edges.len() > MOST_SINGLE_WIRES;
        let mut bundle = Vec::with_capacity(if is_bundled { network.edges.len() } else { 0 });
        let mut router = Router::new(self.cards.iter().map(|card| card.area));
        let sockets = self.cards.iter().flat_map(|card| &card.inputs);
        let ends: HashMap<EdgeId, Pos2> =
            sockets.filter_map(|socket| Some((socket.wire?, socket.at))).collect();
        for (&id, edge) in &network.edges {
            let (Some(&from), Some(&to)) = (self.places.get(&edge.from), self.places.get(&edge.to)) else {
                continue;
            };
            let (Some(source), Some(target)) = (self.cards.get(from), self.cards.get(to)) else { continue };
            let start = geometry::output_place(source.area);
            let end = ends.get(&id).copied().unwrap_or(target.area.left_center());
            let is_loop = edge.delay > 0;
            // A way around every card would cost more than it shows.
            let path = if is_bundled {
                Path::direct(start, end)
            } else {
                router.path((from, start), (to, end), is_loop)
            };
            let bounds = path.bounds();
            if is_bundled {
                bundle.push([start, end]);
            }
            let wire = Wire { id, from: edge.from, to: edge.to, delay: edge.delay, path, bounds };
            self.wires.push(Arc::new(wire));
        }
        self.bundle = is_bundled.then(|| Arc::new(bundle));
    }

    /// The card of a node.
    pub(crate) fn card(&self, node: NodeId) -> Option<&Arc<Card>> {
        self.places.get(&node).and_then(|&place| self.cards.get(place))
    }

    /// A rectangle around all cards and wires; empty (not positive) without any.
    pub(crate) fn bounds(&self) -> Rect {
        let cards = self.cards.iter().map(|card| card.area);
        let wires = self.wires.iter().map(|wire| wire.bounds);
        cards.chain(wires).fold(Rect::NOTHING, Rect::union)
    }

    /// A rectangle around some cards and the loops between them.
    pub(crate) fn bounds_of(&self, nodes: &BTreeSet<NodeId>) -> Rect {
        let cards = nodes.iter().filter_map(|&node| self.card(node)).map(|card| card.area);
        let inside = |wire: &&Arc<Wire>| nodes.contains(&wire.from) && nodes.contains(&wire.to);
        let loops = self.wires.iter().filter(|wire| wire.delay > 0).filter(inside);
        cards.chain(loops.map(|wire| wire.bounds)).fold(Rect::NOTHING, Rect::union)
    }

    /// What lies at `at`; selected cards lie on top, then those with larger ids. `reach` is how
    /// near to a port or a wire counts.
    pub(crate) fn hit(&self, at: Pos2, reach: f32, on_top: &BTreeSet<NodeId>) -> Hit {
        let near = |card: &&Arc<Card>| card.area.expand(reach).contains(at);
        let (top, rest): (Vec<&Arc<Card>>, Vec<&Arc<Card>>) =
            self.cards.iter().rev().filter(near).partition(|card| on_top.contains(&card.id));
        for card in top.into_iter().chain(rest) {
            let port = card
                .inputs
                .iter()
                .map(|socket| (socket.at, Hit::Input(card.id, socket.port)))
                .chain(card.output.map(|output| (output, Hit::Output(card.id))))
                .map(|(place, hit)| (place.distance(at), hit))
                .filter(|(distance, _)| *distance <= reach)
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, hit)) = port {
                return hit;
            }
            if card.area.contains(at) {
                return Hit::Card(card.id);
            }
        }
        self.nearest_wire(at, reach).map_or(Hit::Empty, Hit::Wire)
    }

    /// The nearest wire within `reach`.
    pub(crate) fn nearest_wire(&self, at: Pos2, reach: f32) -> Option<EdgeId> {
        self.wires
            .iter()
            .filter(|wire| wire.bounds.expand(reach).contains(at))
            .map(|wire| (wire.path.distance(at), wire.id))
            .filter(|(distance, _)| *distance <= reach)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id)
    }

    /// The nearest card in a direction (arrow keys): a narrow way off counts less than a far one.
    pub(crate) fn neighbor(&self, node: NodeId, direction: Vec2) -> Option<NodeId> {
        let from = self.card(node)?.area.center();
        let cost = |card: &Card| {
            let way = card.area.center() - from;
            let ahead = way.dot(direction);
            (ahead > 1.0).then(|| ahead + 2.5 * way.dot(direction.rot90()).abs())
        };
        self.cards
            .iter()
            .filter(|card| card.id != node)
            .filter_map(|card| cost(card).map(|cost| (cost, card.id)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id)
    }
}

/// The input slots of a node from the top: port, plugged wire, whether one is needed. Nodes with
/// any number of inputs always show one more than they have.
fn slots(network: &Network, wiring: &Wiring, node: NodeId) -> Vec<(usize, Option<EdgeId>, bool)> {
    let Some(ports) = network.nodes.get(&node).map(|node| node.kind.ports()) else { return Vec::new() };
    let plugged = |edge: &EdgeId| network.edges.get(edge).map(|wire| (wire.port, Some(*edge), true));
    let mut slots: Vec<_> = wiring.incoming(node).iter().filter_map(plugged).collect();
    match ports {
        Ports::Fixed(names) => {
            for port in 0..names.len() {
                if !slots.iter().any(|slot| slot.0 == port) {
                    slots.push((port, None, true));
                }
            }
            slots.sort_by_key(|slot| slot.0);
        }
        Ports::Variadic { at_least } => {
            let free = slots.last().map_or(0, |slot| slot.0 + 1);
            let missing = at_least.saturating_sub(slots.len());
            slots.extend((0..missing.max(1)).map(|i| (free + i, None, i < missing)));
        }
    }
    slots
}

#[cfg(test)]
#[path = "scene_tests.rs"]
#[expect(clippy::expect_used, reason = "tests")]
mod tests;
