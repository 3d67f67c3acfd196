//! What the walk's current action reads and writes, marked on the drawing, and the wires over which a
//! gradient has come back.
//!
//! Must not know how an action computes.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::epaint::{RectShape, Stroke, StrokeKind};
use egui::{Color32, Galley, Painter, Pos2, Rect, Shape, Ui, Vec2, pos2, vec2};

use super::Canvas;
use super::scene::Wire;
use super::wire::Flow;
use crate::app::App;
use crate::explain::{ActionKind, Tensor, Visibility, Walk};
use crate::network::{EdgeId, Network, NodeId, ParameterKey};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// Between a ring and the words over it, between two lines of them, and between them and the canvas's sides.
const OVER_RING: f32 = 4.0;
const BETWEEN: f32 = 1.0;
const BESIDE: f32 = 5.0;

/// What an action does with a node.
#[derive(Default)]
struct Mark {
    reads: Vec<Tensor>,
    writes: Vec<Tensor>,
    is_missing: bool,
}

impl Mark {
    /// The colors of a line and of a text for what is read.
    fn read_inks(&self, theme: &Theme) -> (Color32, Color32) {
        if self.reads.iter().any(|tensor| tensor.is_gradient()) {
            (theme.gradients.positive, theme.gradient_text)
        } else {
            (theme.values.positive, theme.value_text)
        }
    }
}

/// Where the ring around a card is.
pub(super) fn ring_place(card: Rect, zoom: f32) -> Rect {
    card.expand((7.0 * zoom).max(3.0))
}

impl Canvas {
    /// The path under the pointer in the panel of the two ways.
    pub(super) fn lit_path_ui(&self, ui: &Ui, area: Rect) {
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let zoom = self.view.zoom();
        let lit = crate::ui::gradient::lenses::lit_path(ui.ctx());
        let ink = Theme::of(ui).gradients.positive;
        for wire in self.scene.wires.iter().filter(|wire| lit.wires.contains(&wire.id)) {
            let on_screen = |point: Pos2| area.min + self.view.local_from_canvas(point).to_vec2();
            let stroke = Stroke::new((3.0 * zoom).max(2.0), ink);
            painter.add(Shape::line(wire.path.points(24).into_iter().map(on_screen).collect(), stroke));
        }
        for node in lit.nodes {
            if let Some(card) = self.scene.card(node) {
                let place = self.on_screen(card.area, area).expand((5.0 * zoom).max(3.0));
                ring(&painter, place, ink, (3.0 * zoom).max(2.0), zoom);
            }
        }
    }

    /// Rings around what the current action reads and writes.
    pub(super) fn walk_rings_ui(&self, ui: &Ui, area: Rect, app: &App) {
        let theme = Theme::of(ui);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let zoom = self.view.zoom();
        let width = (2.0 * zoom).clamp(1.5, 3.0);
        for (_, mark, card) in self.marks_in_sight(area, app) {
            let place = ring_place(card, zoom);
            if mark.is_missing {
                ring(&painter, place.expand(3.0), theme.warning, width, zoom);
            }
            if !mark.writes.is_empty() {
                ring(&painter, place, theme.accent, 1.25 * width, zoom);
            } else if !mark.reads.is_empty() {
                dashed_ring(&painter, place, Stroke::new(width, mark.read_inks(theme).0));
            }
        }
    }

    /// What the current action reads and writes, in words over each card.
    pub(super) fn walk_texts_ui(&mut self, ui: &Ui, area: Rect, app: &App, words: &Words) {
        let theme = Theme::of(ui);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let zoom = self.view.zoom();
        let network = &app.document().network;
        let letters = |tensors: &[Tensor]| {
            let mut letters: Vec<&str> =
                tensors.iter().map(|tensor| tensor.letter(network).symbol()).collect();
            letters.dedup();
            letters.join(", ")
        };
        let font = theme::text((12.0 * zoom).max(9.0));
        let mut written = Vec::new();
        for (node, mark, card) in self.marks_in_sight(area, app) {
            let read_ink = mark.read_inks(theme).1;
            let lines = [("walk-writes", &mark.writes, theme.accent), ("walk-reads", &mark.reads, read_ink)];
            let lines = lines.into_iter().filter(|(_, tensors, _)| !tensors.is_empty());
            let lines: Vec<Arc<Galley>> = lines
                .map(|(key, tensors, ink)| {
                    let text = words.text_with(key, &[("what", letters(tensors).into())]);
                    painter.layout_no_wrap(text, font.clone(), ink)
                })
                .collect();
            let name = self.pills.names.iter().find(|name| name.node == node).map(|name| name.place);
            let around = name.map_or(ring_place(card, zoom), |name| ring_place(card, zoom).union(name));
            let sizes: Vec<Vec2> = lines.iter().map(|line| line.size()).collect();
            for (line, place) in lines.into_iter().zip(places_of_words(around, &sizes, area)) {
                painter.rect_filled(place.expand2(vec2(4.0, 0.0)), 3.0, theme.canvas);
                painter.galley(place.min, line, theme.text);
                written.push(place);
            }
        }
        self.pills.words = written;
    }

    /// The marks of the current action, with the places of their cards on the screen.
    fn marks_in_sight(&self, area: Rect, app: &App) -> Vec<(NodeId, Mark, Rect)> {
        let Some(walk) = app.walk() else { return Vec::new() };
        let marks = marks(app, walk, &app.document().network).into_iter();
        let placed = marks.filter_map(|(node, mark)| {
            let place = self.on_screen(self.scene.card(node)?.area, area);
            place.intersects(area).then_some((node, mark, place))
        });
        placed.collect()
    }
}

/// Where lines stand, each on the one before it, above a card with its ring; below it where the canvas ends
/// above, and within the canvas in any case.
fn places_of_words(around: Rect, lines: &[Vec2], area: Rect) -> Vec<Rect> {
    let height = lines.iter().map(|line| line.y + BETWEEN).sum::<f32>() - BETWEEN;
    let above = around.top() - OVER_RING - height;
    let below = around.bottom() + OVER_RING;
    let top = if above < area.top() && below + height <= area.bottom() { below } else { above };
    let mut bottom = (top + height).min(area.bottom()).max(area.top() + height);
    let place = |line: &Vec2| {
        let left = around.center().x - line.x / 2.0;
        let left = left.min(area.right() - BESIDE - line.x).max(area.left() + BESIDE);
        let place = Rect::from_min_size(pos2(left, bottom - line.y), *line);
        bottom = place.top() - BETWEEN;
        place
    };
    lines.iter().map(place).collect()
}

/// The nodes that the current action reads and writes, or only those that it writes.
pub(super) fn marked_nodes(app: &App, only_written: bool) -> Vec<NodeId> {
    let Some(walk) = app.walk() else { return Vec::new() };
    let marks = marks(app, walk, &app.document().network).into_iter();
    marks.filter(|(_, mark)| !only_written || !mark.writes.is_empty()).map(|(node, _)| node).collect()
}

/// The wires over which a gradient has come back, and the one over which it comes now.
pub(super) fn flows(app: &App, wires: &[Arc<Wire>]) -> BTreeMap<EdgeId, Flow> {
    let Some(walk) = app.walk() else { return BTreeMap::new() };
    let current = walk.current_action().and_then(|action| match action.kind {
        ActionKind::SendOver(edge) | ActionKind::SendPast { edge, .. } => Some(edge),
        _ => None,
    });
    let time_step = app.time_step();
    let flow = |edge: EdgeId| {
        let has_come = || {
            let visibility = walk.visibility(Tensor::PortGrad { edge, time_step });
            !matches!(visibility, Visibility::Blank | Visibility::Frozen)
        };
        if current == Some(edge) {
            Flow::Current
        } else if has_come() {
            Flow::Come
        } else {
            Flow::None
        }
    };
    wires.iter().map(|wire| (wire.id, flow(wire.id))).collect()
}

/// What the current action does, node by node; and what a refused one is missing.
fn marks(app: &App, walk: &Walk, network: &Network) -> BTreeMap<NodeId, Mark> {
    let mut marks: BTreeMap<NodeId, Mark> = BTreeMap::new();
    if let Some(action) = walk.current_action() {
        for &tensor in &action.reads {
            if let Some(node) = home(network, tensor) {
                marks.entry(node).or_default().reads.push(tensor);
            }
        }
        // Of a share that goes into a gradient the gradient is what one looks for.
        let is_share = |tensor: &Tensor| matches!(tensor, Tensor::PortGrad { .. });
        let whole: Vec<Tensor> = action.writes.iter().copied().filter(|tensor| !is_share(tensor)).collect();
        let writes = if whole.is_empty() { action.writes.clone() } else { whole };
        let is_of_all = matches!(action.kind, ActionKind::Clear | ActionKind::Clip);
        for tensor in writes.into_iter().filter(|_| !is_of_all) {
            if let Some(node) = home(network, tensor) {
                marks.entry(node).or_default().writes.push(tensor);
            }
        }
    }
    for &tensor in app.walk_refusal().map_or(&[][..], |refused| &refused.missing) {
        if let Some(node) = home(network, tensor) {
            marks.entry(node).or_default().is_missing = true;
        }
    }
    marks
}

/// The node on whose card a tensor is at home.
fn home(network: &Network, tensor: Tensor) -> Option<NodeId> {
    let from = |edge: EdgeId| network.edges.get(&edge).map(|edge| edge.from);
    match tensor {
        Tensor::Output { node, .. }
        | Tensor::Grad { node, .. }
        | Tensor::Mask { node, .. }
        | Tensor::LossValue(node)
        | Tensor::LossScale(node)
        | Tensor::Seed(node)
        | Tensor::GradNorm { node, .. } => Some(node),
        Tensor::PortValue { edge, .. } | Tensor::PortGrad { edge, .. } => from(edge),
        Tensor::Parameter(key)
        | Tensor::ParameterGrad { key, .. }
        | Tensor::Update(key)
        | Tensor::UsedGrad(key)
        | Tensor::UpdateLine { key, .. }
        | Tensor::OptimizerState { key, .. } => match key {
            ParameterKey::Node(node, _) => Some(node),
            ParameterKey::Initial(edge) => from(edge),
        },
        Tensor::TotalLoss
        | Tensor::TotalNorm
        | Tensor::ClipFactor
        | Tensor::Metric(_)
        | Tensor::Column(_) => None,
    }
}

fn ring(painter: &Painter, place: Rect, ink: Color32, width: f32, zoom: f32) {
    let radius = super::card::radius(10.0 * zoom + 3.0);
    let stroke = Stroke::new(width, ink);
    painter.add(RectShape::stroke(place, radius, stroke, StrokeKind::Inside));
}

fn dashed_ring(painter: &Painter, place: Rect, stroke: Stroke) {
    let corner = 6.0;
    let r = place;
    let path = [
        pos2(r.left() + corner, r.top()),
        pos2(r.right() - corner, r.top()),
        pos2(r.right(), r.top() + corner),
        pos2(r.right(), r.bottom() - corner),
        pos2(r.right() - corner, r.bottom()),
        pos2(r.left() + corner, r.bottom()),
        pos2(r.left(), r.bottom() - corner),
        pos2(r.left(), r.top() + corner),
        pos2(r.left() + corner, r.top()),
    ];
    painter.extend(Shape::dashed_line(&path, stroke, 6.0, 4.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_walk_stand_over_their_card_and_within_the_canvas() {
        let area = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 120.0));
        let lines = [vec2(60.0, 12.0), vec2(40.0, 12.0)];
        for left in [-90.0, -10.0, 100.0, 250.0, 290.0] {
            for top in [-30.0, 0.0, 10.0, 60.0, 110.0] {
                let card = Rect::from_min_size(pos2(left, top), vec2(80.0, 30.0));
                let [first, second] = places_of_words(card, &lines, area)[..] else { unreachable!("two") };
                assert!(area.contains_rect(first) && area.contains_rect(second), "{card}: {first}, {second}");
                assert!(!first.shrink(0.1).intersects(second), "{first}, {second}");
            }
        }
        let card = Rect::from_min_size(pos2(100.0, 60.0), vec2(80.0, 30.0));
        let places = places_of_words(card, &lines, area);
        assert!(places[0].bottom() < card.top() && places[1].bottom() < places[0].top(), "{places:?}");
        let high = Rect::from_min_size(pos2(100.0, 10.0), vec2(80.0, 30.0));
        assert!(places_of_words(high, &lines, area)[1].top() > high.bottom(), "below where it ends above");
    }
}
