//! What the walk's current action reads and writes, marked on the drawing, and the gradients that have
//! flowed back over the wires.
//!
//! Must not know how an action computes.

use std::collections::BTreeMap;

use egui::epaint::{RectShape, Stroke, StrokeKind};
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Ui, pos2, vec2};

use super::Canvas;
use super::scene::Wire;
use super::view::SMALLEST_ZOOM_WITH_TEXT;
use crate::app::App;
use crate::explain::{ActionKind, Tensor, Visibility, Walk};
use crate::network::{EdgeId, Network, NodeId, ParameterKey};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// What an action does with a node.
#[derive(Default)]
struct Mark {
    reads: Vec<Tensor>,
    writes: Vec<Tensor>,
    is_missing: bool,
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
            // The wire's label stays readable.
            let label = Rect::from_center_size(on_screen(wire.path.middle()), vec2(56.0, 18.0) * zoom);
            let stroke = Stroke::new((3.0 * zoom).max(2.0), ink);
            for pair in wire.path.points(128).windows(2) {
                let ends = [on_screen(pair[0]), on_screen(pair[1])];
                if !ends.iter().any(|end| label.contains(*end)) {
                    painter.line_segment(ends, stroke);
                }
            }
        }
        for node in lit.nodes {
            if let Some(card) = self.scene.card(node) {
                let place = self.on_screen(card.area, area).expand((5.0 * zoom).max(3.0));
                ring(&painter, place, ink, (3.0 * zoom).max(2.0), zoom);
            }
        }
    }

    /// Marks what the current action reads and writes.
    pub(super) fn walk_marks_ui(&self, ui: &Ui, area: Rect, app: &App, words: &Words) {
        let Some(walk) = app.walk() else { return };
        let theme = Theme::of(ui);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let network = &app.document().network;
        self.paint_flows(&painter, area, app, walk, theme);
        for (node, mark) in marks(app, walk, network) {
            let Some(card) = self.scene.card(node) else { continue };
            let place = self.on_screen(card.area, area);
            if place.intersects(area) {
                self.paint_mark(&painter, place, &mark, network, (theme, words));
            }
        }
    }

    fn paint_mark(
        &self,
        painter: &Painter,
        card: Rect,
        mark: &Mark,
        network: &Network,
        (theme, words): (&Theme, &Words),
    ) {
        let zoom = self.view.zoom();
        let place = card.expand((7.0 * zoom).max(3.0));
        let (read_color, read_ink) = if mark.reads.iter().any(|tensor| tensor.is_gradient()) {
            (theme.gradients.positive, theme.gradient_text)
        } else {
            (theme.values.positive, theme.value_text)
        };
        let width = (2.0 * zoom).clamp(1.5, 3.0);
        if mark.is_missing {
            ring(painter, place.expand(3.0), theme.warning, width, zoom);
        }
        if !mark.writes.is_empty() {
            ring(painter, place, theme.accent, 1.25 * width, zoom);
        } else if !mark.reads.is_empty() {
            dashed_ring(painter, place, Stroke::new(width, read_color));
        }
        if zoom < SMALLEST_ZOOM_WITH_TEXT {
            return;
        }
        let letters = |tensors: &[Tensor]| {
            let mut letters: Vec<&str> =
                tensors.iter().map(|tensor| tensor.letter(network).symbol()).collect();
            letters.dedup();
            letters.join(", ")
        };
        let font = theme::text((12.0 * zoom).max(9.0));
        let mut up = place.top() - 4.0;
        let lines = [("walk-writes", &mark.writes, theme.accent), ("walk-reads", &mark.reads, read_ink)];
        for (key, tensors, ink) in lines {
            if tensors.is_empty() {
                continue;
            }
            let text = words.text_with(key, &[("what", letters(tensors).into())]);
            let at = pos2(place.center().x, up);
            let galley = painter.layout_no_wrap(text, font.clone(), ink);
            let drawn = Align2::CENTER_BOTTOM.anchor_size(at, galley.size());
            painter.rect_filled(drawn.expand2(vec2(4.0, 0.0)), 3.0, theme.canvas.gamma_multiply(0.85));
            painter.galley(drawn.min, galley, ink);
            up = drawn.top() - 1.0;
        }
    }

    /// The wires over which a gradient has come, with its shape, against the arrow.
    fn paint_flows(&self, painter: &Painter, area: Rect, app: &App, walk: &Walk, theme: &Theme) {
        let current = walk.current_action().and_then(|action| match action.kind {
            ActionKind::SendOver(edge) | ActionKind::SendPast { edge, .. } => Some(edge),
            _ => None,
        });
        let time_step = app.time_step();
        for wire in &self.scene.wires {
            let tensor = Tensor::PortGrad { edge: wire.id, time_step };
            let has_come = !matches!(walk.visibility(tensor), Visibility::Blank | Visibility::Frozen);
            if has_come || current == Some(wire.id) {
                self.paint_flow(painter, area, wire, current == Some(wire.id), theme);
            }
        }
    }

    fn paint_flow(&self, painter: &Painter, area: Rect, wire: &Wire, is_current: bool, theme: &Theme) {
        let zoom = self.view.zoom();
        let on_screen = |point: Pos2| area.min + self.view.local_from_canvas(point).to_vec2();
        let points: Vec<Pos2> = wire.path.points(16).into_iter().map(on_screen).collect();
        let ink = theme.gradients.positive;
        let width = if is_current { 3.0 } else { 1.8 } * zoom.max(0.6);
        let (Some(&first), Some(&second)) = (points.first(), points.get(1)) else { return };
        painter.add(Shape::line(points.clone(), Stroke::new(width, ink)));
        arrow_head(
            painter,
            first + (second - first).normalized() * 5.0 * zoom,
            first - second,
            9.0 * zoom,
            ink,
        );
        if zoom < SMALLEST_ZOOM_WITH_TEXT {
            return;
        }
        let Some(label) = self.texts.edges.get(&wire.id).filter(|label| !label.shape.is_empty()) else {
            return;
        };
        let text = format!("← {}", label.shape);
        let color = if is_current { theme.on_accent } else { ink };
        let galley = painter.layout_no_wrap(text, theme::mono(10.0 * zoom), color);
        let center = on_screen(wire.path.middle());
        let pill = Rect::from_center_size(center, galley.size() + vec2(12.0, 5.0) * zoom);
        let fill = if is_current { ink } else { theme.node };
        let stroke = Stroke::new(1.0, ink);
        painter.add(RectShape::new(pill, super::card::radius(9.0 * zoom), fill, stroke, StrokeKind::Inside));
        let at = Align2::CENTER_CENTER.anchor_size(center, galley.size()).min;
        let shown = if is_current { theme.panel } else { ink };
        painter.galley_with_override_text_color(at, galley, shown);
    }
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

fn arrow_head(painter: &Painter, tip: Pos2, way: egui::Vec2, length: f32, ink: Color32) {
    let way = way.normalized();
    let side = way.rot90() * length * 0.5;
    let back = tip - way * length;
    painter.add(Shape::convex_polygon(vec![tip, back + side, back - side], ink, Stroke::NONE));
}
