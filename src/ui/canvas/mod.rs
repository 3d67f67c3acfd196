//! The canvas: the drawing of the network, and what hands do to it.
//!
//! Must not know how an edit is done: gestures and menus become commands. The truth is the
//! application's network; what stands here is only how it is looked at. `egui_graphs` draws and
//! holds pan and zoom; every gesture is ours (`gesture`).

mod access;
mod card;
mod card_text;
mod curve;
mod follow;
mod geometry;
mod gesture;
mod hit_test;
mod input;
mod menu;
mod names;
mod neurons;
mod numbers;
mod opened;
mod opened_menu;
mod overlay;
mod painted;
mod pills;
mod popup;
mod rename;
mod route;
mod scene;
mod shown;
mod strips;
mod unrolled;
mod view;
mod walk_marks;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Id, Pos2, Rect, Sense, Ui, Vec2};

use self::card::CardLook;
use self::card_text::{CardTexts, Label};
use self::follow::Fit;
use self::gesture::{DropResult, Gesture, Hit, Machine};
use self::hit_test::{Drawing, Verdicts};
use self::painted::{Painted, Picture};
use self::popup::Popup;
use self::rename::Rename;
use self::scene::{Scene, Shift};
use self::shown::StripsOf;
use self::strips::Strips;
use self::unrolled::Unrolled;
use self::view::View;
use self::wire::{Flow, WireLook};
use crate::app::{App, Command, Selection, ViewCommand, WireEnd};
use crate::network::{EdgeId, Network, NodeId, NodeKind, Room};
use crate::ui::findings::Findings;
use crate::ui::palette::PaletteEntry;
use crate::words::{Language, Words};

/// With more cards than this in sight only their names are written: more could not be read, and
/// would cost more than a frame has.
const MOST_WITH_DETAILS: usize = 400;

/// With more wires than this in sight they are painted as one bundle.
const MOST_WIRES_IN_SIGHT: usize = 2_000;

/// What menus and other panels may ask of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanvasRequest {
    /// Show the whole network.
    Fit,
    /// One step nearer.
    ZoomIn,
    /// One step farther.
    ZoomOut,
    /// At 100 %.
    ZoomReset,
    /// Bring a node into sight and give it the keyboard.
    Focus(NodeId),
    /// Rename a node where it stands.
    Rename(NodeId),
    /// Show the unrolled graph instead of the drawing, or the drawing again.
    Unrolled,
    /// Open the selected nodes into neurons or curves, or close them.
    Neurons,
}

/// How the network is looked at: pan, zoom, the gesture under way, what is open.
#[derive(Default)]
pub struct Canvas {
    machine: Machine,
    view: View,
    size: Vec2,
    /// The document that was fitted into the window.
    fitted: Option<u64>,
    /// How it was fitted; nothing once a hand has moved it.
    fit: Option<Fit>,
    texts_of: Option<(u64, Language)>,
    texts: CardTexts,
    scene_of: Option<(u64, Language, Shift)>,
    scene: Scene,
    strips_of: Option<StripsOf>,
    strips: BTreeMap<NodeId, Arc<Strips>>,
    verdicts: Verdicts,
    painted: Painted,
    pills: pills::Pills,
    follow: follow::Follow,
    hovered: Option<Hit>,
    /// The one node that was selected when no button was down.
    selected_before_press: Option<NodeId>,
    last_pointer: Option<Pos2>,
    /// The card that gets the keyboard as soon as no button moves: a click takes the focus from
    /// whatever has it.
    wants_focus: Option<NodeId>,
    /// The selection that the canvas knows of; another one was made elsewhere and is brought into
    /// sight.
    known_selection: Selection,
    /// The newest node that was brought into sight.
    newest: Option<NodeId>,
    /// Whether a hand has just put a node where it wants it.
    is_dropped: bool,
    /// Since when something has been held at the edge, in seconds.
    held_at_edge: Option<f64>,
    /// Whether an entry of the palette has been carried in from outside, clear of all edges.
    carried_in: bool,
    popup: Option<Popup>,
    rename: Option<Rename>,
    refusal: Option<overlay::Bubble>,
    menu_spot: Option<(Hit, Pos2)>,
    requests: Vec<CanvasRequest>,
    unrolled: Option<Box<Unrolled>>,
    opened: opened::Opened,
}

/// What the gesture of the moment lights up.
#[derive(Default)]
struct Marks {
    /// The card where a pulled wire would end.
    node: Option<NodeId>,
    /// Its port.
    port: Option<(NodeId, usize)>,
    /// The wire that a card would be put into.
    wire: Option<EdgeId>,
    /// The wire in the hand.
    taken: Option<EdgeId>,
}

/// The response of the whole canvas.
fn canvas_id() -> Id {
    Id::new("canvas")
}

/// Whether a node of this kind can be put into a wire.
fn takes_insertion(kind: &NodeKind) -> bool {
    kind.has_way_through()
}

impl Canvas {
    /// Asks for something in the next frame.
    pub fn ask(&mut self, request: CanvasRequest) {
        self.requests.push(request);
    }

    /// The page that the drawing fills at its own size.
    pub(crate) fn page_size(&self) -> Vec2 {
        view::page_size(self.scene.bounds())
    }

    /// Screen points per canvas point.
    pub fn zoom(&self) -> f32 {
        self.view.zoom()
    }

    /// Looks elsewhere, by so many screen points.
    pub fn pan_by(&mut self, by: Vec2) {
        self.view.pan += by;
    }

    /// How often `egui_graphs` was asked to draw; an idle canvas does not count on.
    pub fn n_draws(&self) -> u64 {
        self.painted.n_shows
    }

    /// Draws the canvas in what room there is, and sends what the person means.
    pub fn ui(&mut self, ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
        let area = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(area);
        if !area.is_positive() {
            return;
        }
        let network = &app.document().network;
        self.size = area.size();
        let room = Room { width: self.size.x, height: self.size.y };
        if app.room() != Some(room) {
            out.push(Command::View(ViewCommand::Room(room)));
        }
        self.read(app, words);
        self.look(app);
        self.serve_requests(ui, app);
        if let Some(unrolled) = self.unrolled.take().filter(|_| network.has_loops()) {
            self.unrolled = self.unrolled_ui(ui, area, unrolled, app, words, out);
            return;
        }
        if !app.seen_copies().is_empty() {
            out.push(Command::View(ViewCommand::SeeCopies(std::collections::BTreeSet::new())));
        }
        self.take_input(ui, area, app, words, out);
        self.follow_walk(ui, app);
        self.arrange(app, words.language());
        let picture = self.picture(ui, app, &walk_marks::flows(app, &self.scene.wires));
        self.painted.paint(ui, area, self.view, picture, &self.strips, self.strips_of);
        let response = ui.interact(area, canvas_id(), Sense::click_and_drag());
        self.nodes_ui(ui, area, app, words, out);
        self.walk_rings_ui(ui, area, app);
        self.lit_path_ui(ui, area);
        self.pills_ui(ui, area);
        self.walk_texts_ui(ui, area, app, words);
        self.opened_ui(ui, area, app, words, out);
        self.overlay_ui(ui, area, app, words);
        self.numbers_ui(ui, area, app, out);
        self.rename_ui(ui, area, app, words, out);
        self.palette_drop_ui(ui, &response, area, app, out);
        self.menu_ui(&response, app, words, out);
        self.popup_ui(ui, area, app, words, out);
        if !out.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    /// Brings texts, geometry and strips up to date.
    fn read(&mut self, app: &App, words: &Words) {
        let network = &app.document().network;
        let texts_of = (app.revision(), words.language());
        if self.texts_of != Some(texts_of) {
            let findings = Findings::of(app);
            self.texts = CardTexts::new(network, &findings.shapes, &findings.problems, words);
            self.verdicts.clear();
            self.texts_of = Some(texts_of);
        }
        self.arrange(app, words.language());
        self.read_strips(app);
    }

    /// Places cards and wires, shifted by the gesture under way.
    fn arrange(&mut self, app: &App, language: Language) {
        let shift = match self.machine.gesture() {
            Gesture::Moving { nodes, by, .. } => Shift { nodes: nodes.clone(), by: *by },
            Gesture::Idle
            | Gesture::Pressed { .. }
            | Gesture::Marquee { .. }
            | Gesture::Wiring(_)
            | Gesture::Panning => Shift::default(),
        };
        let scene_of = (app.revision(), language, shift);
        if self.scene_of.as_ref() != Some(&scene_of) {
            self.scene = Scene::new(&app.document().network, &self.texts.nodes, &scene_of.2);
            self.scene_of = Some(scene_of);
        }
    }

    /// Fits a drawing that was just opened or begun to the window, and brings a selection made elsewhere into sight.
    fn look(&mut self, app: &App) {
        if self.fitted.replace(app.n_documents()) != Some(app.n_documents()) {
            self.view.open(self.scene.bounds(), self.size);
            self.take_as_fitted(false);
        }
        self.keep_fitted(app);
        let selection = app.selection();
        let newest = self.scene.cards.last().map(|card| card.id);
        let before = std::mem::replace(&mut self.newest, newest);
        if *selection != self.known_selection {
            self.known_selection = selection.clone();
            let nodes = &selection.nodes;
            let area = self.scene.bounds_of(nodes);
            // A pattern that was just drawn, or a piece that was pasted, is shown whole.
            let is_new_piece = nodes.len() > 1 && nodes.first().copied() > before;
            // What a hand has put down stays under it.
            let is_dropped = std::mem::take(&mut self.is_dropped) && self.shows_middles_of(nodes);
            if self.machine.is_busy() || !area.is_positive() || is_dropped {
                return;
            }
            if is_new_piece {
                self.view.show(area, self.size);
            } else if nodes.len() < self.scene.cards.len() {
                self.view.reveal(area, self.size);
            }
        }
    }

    fn serve_requests(&mut self, ui: &Ui, app: &App) {
        let network = &app.document().network;
        let middle = (self.size / 2.0).to_pos2();
        if !self.requests.is_empty() {
            self.stop_glide();
        }
        for request in std::mem::take(&mut self.requests) {
            if request == CanvasRequest::Fit && self.unrolled.is_none() {
                self.fit_all(app);
                continue;
            }
            let (view, scene) = match &mut self.unrolled {
                Some(unrolled) => (&mut unrolled.view, &unrolled.scene),
                None => (&mut self.view, &self.scene),
            };
            match request {
                CanvasRequest::Fit => view.fit(scene.bounds(), self.size),
                CanvasRequest::ZoomIn => view.zoom_by(1, middle),
                CanvasRequest::ZoomOut => view.zoom_by(-1, middle),
                CanvasRequest::ZoomReset => view.reset_zoom(self.size),
                CanvasRequest::Focus(node) => {
                    if let Some(card) = self.scene.card(node) {
                        self.view.reveal(card.area, self.size);
                    }
                    ui.memory_mut(|memory| memory.request_focus(access::card_id(node)));
                }
                CanvasRequest::Unrolled => {
                    self.unrolled = if self.unrolled.is_some() { None } else { Some(Box::default()) };
                }
                CanvasRequest::Neurons => {
                    for &node in &app.selection().nodes {
                        self.toggle_opened(node, app);
                    }
                }
                CanvasRequest::Rename(node) => self.rename = Rename::of(network, node),
            }
        }
    }

    /// The drawing, as the gesture machine asks about it.
    fn drawing<'a>(
        &'a self,
        network: &'a Network,
        selection: &'a Selection,
        words: &'a Words,
    ) -> Drawing<'a> {
        Drawing { scene: &self.scene, network, selection, words, verdicts: &self.verdicts }
    }

    /// What is in sight, with the marks of the moment.
    fn picture(&self, ui: &Ui, app: &App, flows: &BTreeMap<EdgeId, Flow>) -> Picture {
        let seen = self.view.visible(self.size).expand(24.0);
        let selection = &self.known_selection;
        let marks = self.marks(ui);
        let focused = ui.memory(egui::Memory::focused);
        let n_seen = self.scene.cards.iter().filter(|card| card.area.intersects(seen)).count();
        let crowded = n_seen > MOST_WITH_DETAILS;
        let name_size = names::size_on_cards(self.view.zoom(), self.scene.name_growth, crowded);
        let look = |card: &Arc<scene::Card>, hidden: bool| {
            let hovered = self.hovered.and_then(node_of) == Some(card.id) || marks.node == Some(card.id);
            Arc::new(CardLook {
                card: Arc::clone(card),
                selected: selection.nodes.contains(&card.id),
                hovered,
                focused: focused == Some(access::card_id(card.id)),
                pinned: app.pinned().contains(&card.id),
                lit_port: marks.port.filter(|(node, _)| *node == card.id).map(|(_, port)| port),
                crowded,
                name_size,
                hidden,
            })
        };
        let mut cards: Vec<Arc<CardLook>> = Vec::new();
        let mut hidden = std::collections::BTreeSet::new();
        for card in &self.scene.cards {
            if card.area.intersects(seen) {
                cards.push(look(card, false));
            }
        }
        let mut wires = Vec::new();
        let blank = Arc::new(Label::default());
        let in_sight = || self.scene.wires.iter().filter(|wire| wire.bounds.intersects(seen));
        let bundle = self.scene.bundle.clone().filter(|_| in_sight().nth(MOST_WIRES_IN_SIGHT).is_some());
        for wire in in_sight() {
            let hovered = self.hovered == Some(Hit::Wire(wire.id));
            let selected = selection.edges.contains(&wire.id);
            let lit = marks.wire == Some(wire.id);
            if bundle.is_some() && !(hovered || selected || lit) {
                continue;
            }
            for end in [wire.from, wire.to] {
                if let Some(card) = self.scene.card(end)
                    && !card.area.intersects(seen)
                    && hidden.insert(end)
                {
                    cards.push(look(card, true));
                }
            }
            wires.push(Arc::new(WireLook {
                wire: Arc::clone(wire),
                label: Arc::clone(self.texts.edges.get(&wire.id).unwrap_or(&blank)),
                selected,
                hovered,
                lit,
                crowded,
                taken: marks.taken == Some(wire.id),
                flow: flows.get(&wire.id).copied().unwrap_or_default(),
            }));
        }
        Picture { cards, wires, bundle }
    }

    /// What the gesture under way lights up.
    fn marks(&self, ui: &Ui) -> Marks {
        match self.machine.gesture() {
            Gesture::Wiring(pulled) => {
                let over = pulled.over.as_ref();
                let node = over.map(|&(from, to, ..)| match pulled.from {
                    WireEnd::Output(_) => to,
                    WireEnd::Input(..) => from,
                });
                let port = over
                    .filter(|(.., drop_result)| !matches!(drop_result, DropResult::Refused(_)))
                    .map(|&(_, to, port, _)| (to, port));
                Marks { node, port, taken: pulled.replacing, ..Marks::default() }
            }
            Gesture::Moving { over, .. } => Marks { wire: *over, ..Marks::default() },
            Gesture::Idle | Gesture::Pressed { .. } | Gesture::Marquee { .. } | Gesture::Panning => {
                let dropping = egui::DragAndDrop::payload::<PaletteEntry>(ui.ctx());
                let wire = dropping.filter(|entry| entry.takes_insertion()).and_then(|_| {
                    let at = self.pointer_on_canvas(ui)?;
                    self.scene.nearest_wire(at, hit_test::INSERTION_REACH)
                });
                Marks { wire, ..Marks::default() }
            }
        }
    }

    /// Where the pointer is on the canvas, wherever that is on the screen.
    fn pointer_on_canvas(&self, ui: &Ui) -> Option<Pos2> {
        let pointer = ui.ctx().pointer_latest_pos()?;
        let area = ui.ctx().read_response(canvas_id())?.rect;
        Some(self.view.canvas_from_local((pointer - area.min).to_pos2()))
    }

    /// A canvas rectangle on the screen.
    fn on_screen(&self, area: Rect, canvas: Rect) -> Rect {
        let at = |point| canvas.min + self.view.local_from_canvas(point).to_vec2();
        Rect::from_min_max(at(area.min), at(area.max))
    }
}

/// The node that a hit belongs to.
fn node_of(hit: Hit) -> Option<NodeId> {
    match hit {
        Hit::Card(node) | Hit::Output(node) | Hit::Input(node, _) => Some(node),
        Hit::Empty | Hit::Wire(_) => None,
    }
}
