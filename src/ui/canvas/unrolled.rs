//! View ▸ Unrolled: the copies of every node, step beside step, to look at and not to edit.
//!
//! Must not know how a drawing is unrolled. It borrows the canvas's own drawing: the unrolled
//! graph is looked at as if someone had drawn it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::{Align2, Frame, Id, Rect, Sense, Slider, Ui, Vec2, WidgetInfo, WidgetType, vec2};

use super::access::card_id;
use super::card_text::{CardText, CardTexts, Label};
use super::scene::{Scene, Shift};
use super::strips::Strips;
use super::view::View;
use super::{Canvas, canvas_id, node_of};
use crate::app::{App, Command, Selection, ViewCommand};
use crate::network::{
    DataNode, Edge, EdgeId, InitialState, Network, Node, NodeId, NodeKind, Origin, Position, UnrolledGraph,
};
use crate::ui::findings::Findings;
use crate::ui::theme::{self, Theme};
use crate::words::{Language, Words};

/// The most steps that are shown at once.
const MOST_STEPS: usize = 64;
/// Of a larger graph only the shown steps are unrolled.
const MOST_COPIES: usize = 200_000;
/// From the last node of a step to the first of the next, in canvas points.
const STEP_GAP: f32 = 240.0;
/// From one initial state to the next, downwards.
const STATE_PITCH: f32 = 88.0;

/// The unrolled graph as it is looked at.
#[derive(Default)]
pub(crate) struct Unrolled {
    n_shown: usize,
    made_of: Option<(u64, Language, usize)>,
    graph: Network,
    texts: CardTexts,
    pub(super) scene: Scene,
    pub(super) view: View,
    /// What each copy is a copy of.
    origins: BTreeMap<NodeId, (NodeId, usize)>,
    /// What each state before time began goes into: the wire, its end, and the time step there.
    states: BTreeMap<NodeId, (EdgeId, NodeId, usize)>,
    problem: Option<String>,
}

impl Unrolled {
    fn read(&mut self, app: &App, words: &Words, size: Vec2) {
        let network = &app.document().network;
        let most = network.n_steps.clamp(1, MOST_STEPS);
        if self.n_shown == 0 {
            self.n_shown = most.min(5);
        }
        self.n_shown = self.n_shown.clamp(1, most);
        let made_of = (app.revision(), words.language(), self.n_shown);
        if self.made_of == Some(made_of) {
            return;
        }
        self.made_of = Some(made_of);
        // The whole graph is the truth; only of an enormous one no more is made than is shown.
        let is_enormous = network.unrolled_size().nodes > MOST_COPIES;
        let unrolled = if is_enormous {
            Network { n_steps: self.n_shown, ..network.clone() }.unroll()
        } else {
            network.unroll()
        };
        match unrolled {
            Ok(unrolled) => {
                let findings = Findings::of(app);
                let drawn = CardTexts::new(network, &findings.shapes, &[], words);
                self.problem = None;
                self.draw(network, &unrolled, &drawn, words);
            }
            Err(problems) => {
                *self = Self { n_shown: self.n_shown, made_of: self.made_of, ..Self::default() };
                let problem = problems.first().map(|problem| {
                    use crate::words::ToMessage as _;
                    words.say(&problem.message())
                });
                self.problem = problem;
            }
        }
        self.scene = Scene::new(&self.graph, &self.texts.nodes, &Shift::default());
        self.view.fit_readable(self.scene.bounds(), size);
    }

    /// Draws the copies as if someone had drawn them: the drawing once a step, side by side, with
    /// the initial states in a column before the first.
    fn draw(&mut self, network: &Network, unrolled: &UnrolledGraph, drawn: &CardTexts, words: &Words) {
        self.graph = Network::default();
        self.texts = CardTexts::default();
        self.origins.clear();
        self.states.clear();
        let places = || network.nodes.values().map(|node| node.position);
        let left = places().map(|place| place.x).fold(f32::INFINITY, f32::min);
        let right = places().map(|place| place.x).fold(f32::NEG_INFINITY, f32::max);
        let top = places().map(|place| place.y).fold(f32::INFINITY, f32::min);
        let pitch = right - left + STEP_GAP;
        let mut n_states = 0;
        for (place, copy) in unrolled.nodes.iter().enumerate() {
            let id = copy_id(place);
            let (node, card_text) = match copy.origin {
                Origin::Node { step, .. } | Origin::Initial { row: step, .. } if step >= self.n_shown => {
                    continue;
                }
                Origin::Node { node, step } => {
                    let Some(original) = network.nodes.get(&node) else { continue };
                    self.origins.insert(id, (node, step));
                    let card_text = drawn
                        .nodes
                        .get(&node)
                        .map(|card_text| card_text.as_ref().clone())
                        .unwrap_or_default();
                    let args = [("name", card_text.spoken.as_str().into()), ("step", step.into())];
                    let spoken = words.text_with("unrolled-copy", &args);
                    let name = format!("{} t={step}", original.name);
                    let x = original.position.x + pitch * step as f32;
                    let position = Position { x, ..original.position };
                    let node = Node { name, position, ..original.clone() };
                    (node, CardText { spoken, detail: String::new(), ..card_text })
                }
                Origin::Initial { edge, row } => {
                    let Some(wire) = network.edges.get(&edge) else { continue };
                    let source = network.nodes.get(&wire.from).map_or("", |node| node.name.as_str());
                    let name = format!("{source} t=−{}", wire.delay.saturating_sub(row));
                    let key = match wire.initial {
                        InitialState::Zeros => "unrolled-zeros",
                        InitialState::Trained => "unrolled-trained",
                    };
                    let detail = words.text(key);
                    let spoken = format!("{name}, {detail}");
                    let position = Position { x: left - STEP_GAP, y: top + STATE_PITCH * n_states as f32 };
                    n_states += 1;
                    self.states.insert(id, (edge, wire.to, row));
                    let card_text = CardText { detail, spoken, has_output: true, ..CardText::default() };
                    (Node::new(name, NodeKind::Input(DataNode::new(0)), position), card_text)
                }
            };
            self.texts.nodes.insert(id, Arc::new(CardText { name: node.name.clone(), ..card_text }));
            self.graph.nodes.insert(id, node);
            for input in &copy.inputs {
                let id_of_edge = EdgeId(self.graph.edges.len() as u32);
                let port = network.edges.get(&input.edge).map_or(0, |wire| wire.port);
                let from = copy_id(input.source);
                let edge = Edge { from, to: id, port, delay: 0, initial: InitialState::Zeros };
                self.graph.edges.insert(id_of_edge, edge);
                let label =
                    drawn.edges.get(&input.edge).map(|label| label.as_ref().clone()).unwrap_or_default();
                let delay = if input.detached { words.text("unrolled-detached") } else { label.delay };
                self.texts.edges.insert(id_of_edge, Arc::new(Label { delay, findings: Vec::new(), ..label }));
            }
        }
    }
}

impl Unrolled {
    /// The node and the time step whose numbers fill a card.
    fn seen(&self, copy: NodeId) -> Option<(NodeId, usize)> {
        let state = self.states.get(&copy).map(|&(_, node, time_step)| (node, time_step));
        self.origins.get(&copy).copied().or(state)
    }
}

fn copy_id(place: usize) -> NodeId {
    NodeId(place as u32 + 1)
}

impl Canvas {
    /// The unrolled graph in place of the drawing.
    pub(super) fn unrolled_ui(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        mut unrolled: Box<Unrolled>,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) -> Option<Box<Unrolled>> {
        unrolled.read(app, words, self.size);
        self.borrow(&mut unrolled);
        let selected = std::mem::take(&mut self.known_selection);
        let copies = unrolled
            .origins
            .iter()
            .filter(|(_, (node, step))| app.selection().nodes.contains(node) && *step == app.time_step());
        self.known_selection = Selection::of_nodes(copies.map(|(&copy, _)| copy));
        let seen = self.view.visible(self.size);
        let copies = self.scene.cards.iter().filter(|card| card.area.intersects(seen));
        let copies: BTreeSet<(NodeId, usize)> = copies.filter_map(|card| unrolled.seen(card.id)).collect();
        if copies != *app.seen_copies() {
            out.push(Command::View(ViewCommand::SeeCopies(copies)));
        }
        let strips = strips_of_copies(&unrolled, app);
        if let Some(response) = ui.ctx().read_response(canvas_id()) {
            self.look_around(ui, area, &response, &unrolled, app, out);
        }
        let picture = self.picture(ui, app, &BTreeMap::new());
        self.painted.paint(ui, area, self.view, picture, &strips, self.strips_of);
        self.pills_ui(ui, area);
        ui.interact(area, canvas_id(), Sense::click_and_drag());
        for card in &self.scene.cards {
            let place = self.on_screen(card.area, area);
            if place.intersects(area) {
                let response =
                    ui.interact(place.intersect(area), card_id(card.id), Sense::focusable_noninteractive());
                response
                    .widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, card.text.spoken.as_str()));
            }
        }
        self.strips_caption_ui(ui, area, app, words);
        self.known_selection = selected;
        self.borrow(&mut unrolled);
        let stays = bar_ui(ui, area, &mut unrolled, app, words);
        stays.then_some(unrolled)
    }

    /// Swaps the drawing for the unrolled graph, or back.
    fn borrow(&mut self, unrolled: &mut Unrolled) {
        std::mem::swap(&mut self.scene, &mut unrolled.scene);
        std::mem::swap(&mut self.texts, &mut unrolled.texts);
        std::mem::swap(&mut self.view, &mut unrolled.view);
    }

    /// Wheel, drag, and a click that selects the original at that step.
    fn look_around(
        &mut self,
        ui: &Ui,
        area: Rect,
        response: &egui::Response,
        unrolled: &Unrolled,
        app: &App,
        out: &mut Vec<Command>,
    ) {
        self.navigate(ui, area, response);
        if response.dragged() {
            self.view.pan += response.drag_delta();
        }
        if response.clicked()
            && let Some(pointer) = ui.ctx().pointer_latest_pos()
        {
            let at = self.view.canvas_from_local((pointer - area.min).to_pos2());
            let copy = node_of(self.scene.hit(at, 4.0, &app.selection().nodes));
            if let Some(&(node, step)) = copy.and_then(|copy| unrolled.origins.get(&copy)) {
                out.push(Command::View(ViewCommand::Select { nodes: vec![node], edges: Vec::new() }));
                out.push(Command::View(ViewCommand::TimeStep(step)));
            }
        }
    }
}

/// The strips of each copy, at its step.
fn strips_of_copies(unrolled: &Unrolled, app: &App) -> BTreeMap<NodeId, Arc<Strips>> {
    if let Some(answer) = app.changed_what_if() {
        let of = |place: &(NodeId, usize)| answer.result.activations.get(place).map(Strips::of_value);
        let copies = unrolled.origins.iter().map(|(&copy, place)| (copy, of(place)));
        return copies.filter_map(|(copy, strips)| Some((copy, Arc::new(strips?)))).collect();
    }
    let Some(pass) = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref()) else {
        return BTreeMap::new();
    };
    let copies = unrolled.origins.iter().map(|(&copy, &(node, step))| (copy, Strips::of(pass, node, step)));
    let states = unrolled
        .states
        .iter()
        .map(|(&copy, &(edge, node, step))| (copy, Strips::of_arriving(pass, edge, node, step)));
    copies.chain(states).filter_map(|(copy, strips)| Some((copy, Arc::new(strips?)))).collect()
}

/// What is shown, how many steps of it, and the way back; says whether it stays.
fn bar_ui(ui: &mut Ui, area: Rect, unrolled: &mut Unrolled, app: &App, words: &Words) -> bool {
    let theme = Theme::of(ui);
    let n_steps = app.document().network.n_steps;
    if let Some(problem) = &unrolled.problem {
        let painter = ui.painter().with_clip_rect(area);
        painter.text(area.center(), Align2::CENTER_CENTER, problem, theme::text(14.0), theme.error);
    }
    let mut stays = true;
    egui::Area::new(Id::new("unrolled bar")).fixed_pos(area.min + vec2(12.0, 10.0)).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(words.text_with("unrolled-title", &[("steps", n_steps.into())]));
                let label = ui.label(words.text("unrolled-shown"));
                let most = n_steps.clamp(1, MOST_STEPS);
                ui.add(Slider::new(&mut unrolled.n_shown, 1..=most)).labelled_by(label.id);
                stays = !ui.button(words.text("unrolled-back")).clicked();
            });
        });
    });
    stays
}
