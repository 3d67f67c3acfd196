//! An activation opened into its curve: f and f′, the points of the batch on it, and the tangent at the
//! chosen one.
//!
//! Must not know where its frame stands.

use egui::epaint::{CircleShape, Stroke};
use egui::{Align2, Pos2, Rect, Response, Shape, Ui, Vec2, pos2, vec2};

use super::opened::{Frame, TITLE};
use super::view::SMALLEST_ZOOM_WITH_TEXT;
use crate::app::{Command, ViewCommand};
use crate::explain::{self, CurvePoint, activation_curve};
use crate::export::TableText;
use crate::network::Activation;
use crate::train::{Pass, SampleView, Values};
use crate::ui::pictures::number_table;
use crate::ui::theme::{self, Theme};

/// Points of a curve.
pub(super) const N_POINTS: usize = 121;
/// Of a larger batch the first points are drawn.
const MOST_POINTS: usize = 600;
/// The curve reaches at least so far to both sides.
const LEAST_REACH: f64 = 4.0;

/// The size of the frame; `None` for what is no curve.
pub(super) fn frame_size(activation: Activation) -> Option<Vec2> {
    activation.is_entrywise().then_some(vec2(320.0, 236.0))
}

/// From numbers to the screen.
#[derive(Clone, Copy)]
struct Axes {
    place: Rect,
    reach: f64,
    low: f64,
    high: f64,
}

impl Axes {
    fn at(&self, z: f64, y: f64) -> Pos2 {
        let along = ((z + self.reach) / (2.0 * self.reach)) as f32;
        let up = ((y - self.low) / (self.high - self.low)) as f32;
        pos2(
            egui::lerp(self.place.left()..=self.place.right(), along),
            egui::lerp(self.place.bottom()..=self.place.top(), up),
        )
    }
}

/// One number of the batch on the curve.
#[derive(Clone, Copy)]
struct Dot {
    row: usize,
    column: usize,
    z: f64,
}

/// Draws the inside of the frame.
pub(super) fn curve_ui(
    ui: &Ui,
    frame: &Frame<'_>,
    activation: Activation,
    ground: &Response,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let zoom = frame.zoom;
    let pass = frame.app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let dots = dots(frame, pass);
    let reach = reach(&dots);
    let Some(curve) = activation_curve(activation, &places(reach)) else { return };
    let heights = curve.iter().flat_map(|point| [point.value, point.slope]);
    let (low, high) = heights.fold((0.0_f64, 0.0_f64), |(low, high), y| (low.min(y), high.max(y)));
    let room = 0.08 * (high - low).max(1e-9);
    let place = Rect::from_min_max(frame.at(14.0, TITLE + 24.0), frame.at(306.0, 204.0));
    let axes = Axes { place, reach, low: low - room, high: high + room };
    let line = Stroke::new(1.0, theme.outline);
    ui.painter().line_segment([axes.at(-reach, 0.0), axes.at(reach, 0.0)], line);
    ui.painter().line_segment([axes.at(0.0, axes.low), axes.at(0.0, axes.high)], line);
    let on_screen = |value: &dyn Fn(&CurvePoint) -> f64| -> Vec<Pos2> {
        curve.iter().map(|point| axes.at(point.z, value(point))).collect()
    };
    let width = (2.0 * zoom).max(1.0);
    ui.painter().line(on_screen(&|point| point.slope), Stroke::new(0.8 * width, theme.gradients.positive));
    ui.painter().line(on_screen(&|point| point.value), Stroke::new(width, theme.values.positive));
    let values: Vec<f64> = dots.iter().map(|dot| dot.z).collect();
    let on_curve = activation_curve(activation, &values).unwrap_or_default();
    let fill = theme.values.positive.gamma_multiply(0.8);
    for point in &on_curve {
        let center = axes.at(point.z, point.value);
        let radius = (2.6 * zoom).max(1.2);
        ui.painter().add(CircleShape { center, radius, fill, stroke: Stroke::new(0.6, theme.panel) });
    }
    let under = ground.hover_pos().and_then(|at| {
        let near = on_curve.iter().enumerate().map(|(i, p)| (axes.at(p.z, p.value).distance(at), i));
        near.filter(|(distance, _)| *distance <= 12.0).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, i)| i)
    });
    if let Some(dot) = under.and_then(|i| dots.get(i)).filter(|_| ground.clicked()) {
        out.push(Command::View(ViewCommand::Samples(SampleView::Sample(dot.row))));
    }
    let shown = pass.and_then(Pass::shown_row).unwrap_or(0);
    let chosen = under.or_else(|| dots.iter().position(|dot| dot.row == shown));
    if let Some((dot, point)) = chosen.and_then(|i| dots.get(i).zip(on_curve.get(i))) {
        tangent_ui(ui, frame, axes, *dot, *point);
    }
    if zoom >= SMALLEST_ZOOM_WITH_TEXT {
        legend_ui(ui, frame, axes);
    }
}

/// How far the curve goes to both sides: so far that it bears all points.
fn reach(dots: &[Dot]) -> f64 {
    let farthest = dots.iter().map(|dot| dot.z.abs()).filter(|z| z.is_finite()).fold(0.0, f64::max);
    LEAST_REACH.max(1.1 * farthest)
}

fn places(reach: f64) -> Vec<f64> {
    (0..N_POINTS).map(|i| reach * (2.0 * i as f64 / (N_POINTS - 1) as f64 - 1.0)).collect()
}

/// The curve as a table.
pub(super) fn table(frame: &Frame<'_>, activation: Activation, most: usize) -> TableText {
    let pass = frame.app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let curve = activation_curve(activation, &places(reach(&dots(frame, pass)))).unwrap_or_default();
    let names = ["z", "f(z)", "f′(z)"].map(str::to_owned);
    number_table(names, curve.iter().take(most).map(|point| vec![point.z, point.value, point.slope]))
}

/// What the activation receives, number by number; the row that is looked at, or the whole batch.
fn dots(frame: &Frame<'_>, pass: Option<&Pass>) -> Vec<Dot> {
    let values = |pass: &Pass| -> Option<Values> {
        Some(pass.node(frame.node, frame.app.time_step())?.ports.first()?.value.clone())
    };
    let Some(values) = pass.and_then(values) else { return Vec::new() };
    let n_columns = values.n_columns().max(1);
    let numbers = values.data().iter().enumerate().take(MOST_POINTS);
    numbers.map(|(i, &z)| Dot { row: i / n_columns, column: i % n_columns, z }).collect()
}

/// The tangent at one point, and its numbers.
fn tangent_ui(ui: &Ui, frame: &Frame<'_>, axes: Axes, dot: Dot, point: CurvePoint) {
    let theme = Theme::of(ui);
    let half = 0.28 * axes.reach;
    let end = |by: f64| axes.at(point.z + by, point.value + by * point.slope);
    let painter = ui.painter().with_clip_rect(axes.place.intersect(ui.clip_rect()));
    let stroke = Stroke::new((1.6 * frame.zoom).max(1.0), theme.accent);
    painter.line_segment([end(-half), end(half)], stroke);
    let foot = axes.at(point.z, 0.0);
    let center = axes.at(point.z, point.value);
    painter.extend(Shape::dashed_line(&[foot, center], Stroke::new(1.0, theme.wire), 3.0, 3.0));
    let radius = (4.0 * frame.zoom).max(2.0);
    painter.add(CircleShape { center, radius, fill: theme.accent, stroke: Stroke::new(1.0, theme.panel) });
    if frame.zoom < SMALLEST_ZOOM_WITH_TEXT {
        return;
    }
    let short = explain::short;
    let text = format!(
        "z{} = {}   f(z) = {}   f′(z) = {}",
        dot.column,
        short(point.z),
        short(point.value),
        short(point.slope)
    );
    let font = theme::mono(10.5 * frame.zoom);
    ui.painter().text(frame.at(14.0, 222.0), Align2::LEFT_CENTER, text, font, theme.text);
}

/// Which curve is which, and how far the axis reaches.
fn legend_ui(ui: &Ui, frame: &Frame<'_>, axes: Axes) {
    let theme = Theme::of(ui);
    let font = theme::mono(11.0 * frame.zoom);
    let mut x = 14.0;
    for (text, ink) in [("f(z)", theme.values.positive), ("f′(z)", theme.gradients.positive)] {
        let at = frame.at(x, TITLE + 10.0);
        ui.painter().line_segment([at, at + vec2(14.0 * frame.zoom, 0.0)], Stroke::new(2.0, ink));
        let at = at + vec2(19.0 * frame.zoom, 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, text, font.clone(), theme.text);
        x += 72.0;
    }
    let small = theme::mono(9.5 * frame.zoom);
    let zero = axes.at(0.0, 0.0).y + 3.0;
    let ends = [(-axes.reach, Align2::LEFT_TOP), (axes.reach, Align2::RIGHT_TOP)];
    for (z, align) in ends {
        let at = pos2(axes.at(z, 0.0).x, zero);
        ui.painter().text(at, align, explain::short(z), small.clone(), theme.weak);
    }
    let top = axes.at(0.0, axes.high) + vec2(4.0, 0.0);
    ui.painter().text(top, Align2::LEFT_TOP, explain::short(axes.high), small, theme.weak);
}
