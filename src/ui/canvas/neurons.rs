//! A Dense opened into neurons and weighted arrows, x₁ –w01→ z₀ as on a course page: thickness and color
//! by weight, by gradient or by contribution.
//!
//! Must not know where its frame stands.

mod numbers;

use egui::epaint::{CircleShape, Stroke};
use egui::{
    Align2, Color32, CursorIcon, Pos2, Rect, Response, Sense, Shape, Ui, Vec2, WidgetInfo, WidgetType, pos2,
    vec2,
};

use self::numbers::Numbers;
use super::opened::{ColorBy, Frame, Opened, TITLE};
use super::view::SMALLEST_ZOOM_WITH_TEXT;
use crate::app::{Command, GradientCommand, ViewCommand};
use crate::explain::{self, Quantity, Tensor};
use crate::export::{TableCell, TableText};
use crate::network::{DenseNode, ParameterKey, ParameterRole};
use crate::ui::names::{entry_name, feature_name};
use crate::ui::theme::{self, Diverging, Theme};

/// A Dense of more units stays closed.
const MOST_UNITS: usize = 16;
/// Of more inputs the first ones are shown.
const MOST_INPUTS: usize = 16;
/// More arrows than this carry their names only under the pointer.
const MOST_NAMED: usize = 20;
/// Below the title: by what the arrows are drawn.
const CHOICES: f32 = 26.0;
const WIDTH: f32 = 372.0;
/// From the frame's left edge to the middle of the inputs, and of the units.
const INPUTS: f32 = 96.0;
const UNITS: f32 = 264.0;
const RADIUS: f32 = 13.0;
/// How near to an arrow counts, in screen points.
const REACH: f32 = 6.0;

/// The size of the frame; `None` where the Dense is too large to be opened.
pub(super) fn frame_size(n_inputs: usize, units: usize, bias: bool) -> Option<Vec2> {
    if units == 0 || units > MOST_UNITS || n_inputs == 0 {
        return None;
    }
    let layout = Layout::new(n_inputs, units, bias);
    let rows = layout.left().max(units) as f32;
    let note = if layout.hidden > 0 { 18.0 } else { 0.0 };
    Some(vec2(WIDTH, TITLE + CHOICES + rows * layout.pitch + 14.0 + note))
}

/// How many circles stand on each side, and how far apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    inputs: usize,
    hidden: usize,
    units: usize,
    bias: bool,
    pitch: f32,
}

impl Layout {
    fn new(n_inputs: usize, units: usize, bias: bool) -> Self {
        let inputs = n_inputs.min(MOST_INPUTS);
        let rows = (inputs + usize::from(bias)).max(units);
        let pitch = if rows <= 4 { 44.0 } else { 32.0 };
        Self { inputs, hidden: n_inputs - inputs, units, bias, pitch }
    }

    /// Circles on the left: inputs, and the 1 that the bias is multiplied with.
    fn left(&self) -> usize {
        self.inputs + usize::from(self.bias)
    }

    /// The middle of circle `i` of `n`, from the top of the frame.
    fn height(&self, i: usize, n: usize) -> f32 {
        let rows = self.left().max(self.units) as f32;
        TITLE + CHOICES + self.pitch * (rows / 2.0 + i as f32 - (n as f32 - 1.0) / 2.0)
    }

    fn input(&self, i: usize) -> Pos2 {
        pos2(INPUTS, self.height(i, self.left()))
    }

    fn unit(&self, unit: usize) -> Pos2 {
        pos2(UNITS, self.height(unit, self.units))
    }
}

/// One weight as an arrow.
struct Arrow {
    quantity: Quantity,
    name: String,
    /// Both ends on the screen.
    ends: [Pos2; 2],
    /// Where its name stands.
    label: Pos2,
    weight: Option<f64>,
    /// What it is drawn by.
    shown: Option<f64>,
}

/// Draws the inside of the frame.
pub(super) fn neurons_ui(
    ui: &Ui,
    frame: &Frame<'_>,
    dense: &DenseNode,
    ground: &Response,
    opened: &mut Opened,
    out: &mut Vec<Command>,
) {
    let Some(numbers) = Numbers::of(frame) else { return };
    let n_inputs = super::opened::n_inputs(frame.app, &frame.app.document().network, frame.node);
    let layout = Layout::new(n_inputs, dense.units, dense.bias);
    let has_text = frame.zoom >= SMALLEST_ZOOM_WITH_TEXT;
    if has_text {
        choices_ui(ui, frame, opened);
    }
    let arrows = arrows(frame, &numbers, layout, opened.color_by);
    let largest = arrows.iter().filter_map(|arrow| arrow.shown).filter(|x| x.is_finite());
    let largest = largest.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let theme = Theme::of(ui);
    let colors = if opened.color_by == ColorBy::Gradient { &theme.gradients } else { &theme.values };
    let chosen = frame.app.chosen_entry();
    let pointer = ground.hover_pos();
    let nearest = pointer.and_then(|at| nearest(&arrows, at));
    for (i, arrow) in arrows.iter().enumerate() {
        let is_lit = nearest == Some(i) || chosen == Some(arrow.quantity);
        paint_arrow(ui, frame.zoom, arrow, largest, colors, is_lit);
    }
    paint_circles(ui, frame, &numbers, layout, has_text);
    if has_text {
        let names_all = arrows.len() <= MOST_NAMED;
        for (i, arrow) in arrows.iter().enumerate() {
            let is_lit = nearest == Some(i) || chosen == Some(arrow.quantity);
            if label_ui(ui, frame, arrow, names_all || is_lit, is_lit) {
                explain(arrow.quantity, out);
            }
        }
        paint_note(ui, frame, layout);
    }
    if let Some(arrow) = nearest.and_then(|i| arrows.get(i)) {
        ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        if ground.clicked() {
            explain(arrow.quantity, out);
        }
        ground.clone().on_hover_text_at_pointer(spoken(frame, arrow));
    }
}

/// A click on an arrow is a click on that weight.
fn explain(quantity: Quantity, out: &mut Vec<Command>) {
    out.push(Command::Gradient(GradientCommand::Choose(quantity)));
    out.push(Command::View(ViewCommand::Explain(quantity)));
}

/// By what the arrows are drawn: three words of which one is chosen.
fn choices_ui(ui: &Ui, frame: &Frame<'_>, opened: &mut Opened) {
    let theme = Theme::of(ui);
    let mut x = 12.0 * frame.zoom;
    for choice in ColorBy::ALL {
        let text = frame.words.text(choice.key());
        let is_chosen = opened.color_by == choice;
        let ink = if is_chosen { theme.accent } else { theme.weak };
        let galley = ui.painter().layout_no_wrap(text.clone(), theme::text(11.0 * frame.zoom), ink);
        let corner = frame.place.min + vec2(x, TITLE * frame.zoom);
        let place = Rect::from_min_size(corner, galley.size() + vec2(10.0, 4.0) * frame.zoom);
        x += place.width() + 4.0 * frame.zoom;
        let response = ui.interact(place, frame.id(choice.key()), Sense::click());
        response
            .widget_info(|| WidgetInfo::selected(WidgetType::RadioButton, true, is_chosen, text.as_str()));
        if response.clicked() {
            opened.color_by = choice;
        }
        if is_chosen || response.hovered() || response.has_focus() {
            let fill = if is_chosen { theme.accent_faint } else { theme.control };
            ui.painter().rect_filled(place, 4.0 * frame.zoom, fill);
        }
        ui.painter().galley(corner + vec2(5.0, 2.0) * frame.zoom, galley, ink);
    }
}

fn arrows(frame: &Frame<'_>, numbers: &Numbers<'_>, layout: Layout, by: ColorBy) -> Vec<Arrow> {
    let stored = &frame.app.document().parameters;
    let mut arrows = Vec::with_capacity(layout.units * layout.left());
    for unit in 0..layout.units {
        for input in 0..layout.left() {
            let is_bias = input == layout.inputs;
            let role = if is_bias { ParameterRole::Bias } else { ParameterRole::Weight };
            let key = ParameterKey::Node(numbers.dense, role);
            let Some(parameter) = stored.get(&key) else { continue };
            let (row, column) = if is_bias { (0, unit) } else { (unit, input) };
            let (weight, shown) = numbers.entry(parameter, role, (row, column), by);
            let screen = |point: Pos2| frame.at(point.x, point.y);
            let (from, to) = (screen(layout.input(input)), screen(layout.unit(unit)));
            let way = (to - from).normalized() * RADIUS * frame.zoom;
            let ends = [from + way, to - way];
            // Arrows fan out from their input: names of different units stand apart along the way.
            let share = 0.2 + 0.42 * unit as f32 / (layout.units.max(2) - 1) as f32;
            arrows.push(Arrow {
                quantity: Tensor::Parameter(key).at(row, column),
                name: entry_name(key, &parameter.shape, row, column),
                ends,
                label: ends[0].lerp(ends[1], share),
                weight,
                shown,
            });
        }
    }
    arrows
}

/// What the arrows are drawn by as a matrix: a row for each unit, a column for each input and the bias.
pub(super) fn table(frame: &Frame<'_>, dense: &DenseNode, by: ColorBy, most: usize) -> Option<TableText> {
    let numbers = Numbers::of(frame)?;
    let n_inputs = super::opened::n_inputs(frame.app, &frame.app.document().network, frame.node);
    let stored = |role| frame.app.document().parameters.get(&ParameterKey::Node(numbers.dense, role));
    let cell = |role, at| {
        let shown = stored(role).and_then(|parameter| numbers.entry(parameter, role, at, by).1);
        shown.map_or(TableCell::Missing, TableCell::Number)
    };
    let row = |unit: usize| {
        let weights = (0..n_inputs).map(|input| cell(ParameterRole::Weight, (unit, input)));
        weights.chain(dense.bias.then(|| cell(ParameterRole::Bias, (0, unit)))).collect()
    };
    let names = (0..n_inputs).map(|input| feature_name(frame.app, numbers.source, input));
    Some(TableText {
        columns: names.chain(dense.bias.then(|| "bias".to_owned())).collect(),
        rows: (0..dense.units.min(most)).map(row).collect(),
        rank: 2,
        precision: numbers.precision(),
    })
}

/// The arrow nearest to a point, where one is near.
fn nearest(arrows: &[Arrow], at: Pos2) -> Option<usize> {
    let distance = |arrow: &Arrow| {
        let [from, to] = arrow.ends;
        let way = to - from;
        let t = ((at - from).dot(way) / way.length_sq().max(1e-6)).clamp(0.0, 1.0);
        at.distance(from + way * t)
    };
    let near = arrows.iter().enumerate().map(|(i, arrow)| (distance(arrow), i));
    let near = near.filter(|(distance, _)| *distance <= REACH);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, i)| i)
}

/// A line from its color's scale, thicker the larger the number; dashed where that is negative, so that
/// the sign is seen without color.
fn paint_arrow(ui: &Ui, zoom: f32, arrow: &Arrow, largest: f64, colors: &Diverging, is_lit: bool) {
    let theme = Theme::of(ui);
    let share = match arrow.shown {
        Some(shown) if largest > 0.0 && shown.is_finite() => (shown / largest) as f32,
        _ => 0.0,
    };
    let ink = if is_lit {
        theme.accent
    } else if arrow.shown.is_none() {
        theme.outline
    } else {
        // The pale middle of the scale would not be seen on the panel.
        let end = if share < 0.0 { colors.negative } else { colors.positive };
        theme::mix(theme.wire, end, 0.35 + 0.65 * share.abs())
    };
    let width = (0.9 + 3.4 * share.abs() + if is_lit { 0.8 } else { 0.0 }) * zoom.max(0.5);
    let [from, to] = arrow.ends;
    let stroke = Stroke::new(width, ink);
    let way = (to - from).normalized();
    let head = (5.0 + 1.2 * width) * zoom.max(0.5);
    let neck = to - way * head * 0.8;
    if share < 0.0 {
        ui.painter().extend(Shape::dashed_line(&[from, neck], stroke, 6.0 * zoom, 4.0 * zoom));
    } else {
        ui.painter().line_segment([from, neck], stroke);
    }
    let side = way.rot90() * head * 0.42;
    let corners = vec![to, to - way * head + side, to - way * head - side];
    ui.painter().add(Shape::convex_polygon(corners, ink, Stroke::NONE));
}

/// The name of an arrow: a button for the keyboard and screen readers, wherever it is clicked.
fn label_ui(ui: &Ui, frame: &Frame<'_>, arrow: &Arrow, is_shown: bool, is_lit: bool) -> bool {
    let theme = Theme::of(ui);
    let ink = if is_lit { theme.on_accent } else { theme.text };
    let galley = ui.painter().layout_no_wrap(arrow.name.clone(), theme::mono(10.0 * frame.zoom), ink);
    let place = Rect::from_center_size(arrow.label, galley.size() + vec2(6.0, 1.0) * frame.zoom);
    let response = ui.interact(place, frame.id(arrow.quantity), Sense::click());
    let label = spoken(frame, arrow);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_lit, label.as_str()));
    let is_lit = is_lit || response.hovered() || response.has_focus();
    if is_shown || is_lit {
        let fill = if is_lit { theme.accent } else { theme.panel };
        let ink = if is_lit { theme.on_accent } else { theme.text };
        ui.painter().rect_filled(place, 4.0 * frame.zoom, fill);
        ui.painter().galley_with_override_text_color(place.center() - galley.size() / 2.0, galley, ink);
    }
    response.on_hover_text(label).clicked()
}

/// `w01 = 0.2000, ∂L/∂w01 = 0.1960`.
fn spoken(frame: &Frame<'_>, arrow: &Arrow) -> String {
    let pass = frame.app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let grad = match arrow.quantity.tensor {
        Tensor::Parameter(key) => pass.and_then(|pass| {
            pass.parameters.get(&key)?.grad.as_ref()?.get(arrow.quantity.row, arrow.quantity.column)
        }),
        _ => None,
    };
    let none = || frame.words.text("gradient-none");
    let weight = arrow.weight.map_or_else(none, explain::short);
    let grad = grad.map_or_else(none, explain::short);
    format!("{name} = {weight}, ∂L/∂{name} = {grad}", name = arrow.name)
}

fn paint_circles(ui: &Ui, frame: &Frame<'_>, numbers: &Numbers<'_>, layout: Layout, has_text: bool) {
    let theme = Theme::of(ui);
    let circle = |center: Pos2, ink: Color32, text: &str| {
        let stroke = Stroke::new(1.6 * frame.zoom.max(0.5), ink);
        let radius = RADIUS * frame.zoom;
        ui.painter().add(CircleShape { center, radius, fill: theme.node, stroke });
        if has_text {
            let size = if text.chars().count() > 3 { 8.0 } else { 10.5 };
            let font = theme::mono(size * frame.zoom);
            ui.painter().text(center, Align2::CENTER_CENTER, text, font, theme.text);
        }
    };
    let screen = |point: Pos2| frame.at(point.x, point.y);
    let beside = |at: Pos2, up: f32, align: Align2, text: String, ink: Color32| {
        let way = if align == Align2::RIGHT_CENTER { -1.0 } else { 1.0 };
        let at = at + vec2(way * (RADIUS + 6.0), up) * frame.zoom;
        ui.painter().text(at, align, text, theme::mono(10.0 * frame.zoom), ink);
    };
    let values = theme.values.positive;
    for input in 0..layout.inputs {
        let at = screen(layout.input(input));
        let name = feature_name(frame.app, numbers.source, input);
        let is_long = name.chars().count() > 4;
        circle(at, values, if is_long { "x" } else { &name });
        if !has_text {
            continue;
        }
        let shown = numbers.input().and_then(|values| numbers.shown(values, input));
        let up = if is_long { 6.0 } else { 0.0 };
        if is_long {
            let short: String = name.chars().take(12).collect();
            beside(at, -6.0, Align2::RIGHT_CENTER, short, theme.weak);
        }
        if let Some(x) = shown {
            beside(at, up, Align2::RIGHT_CENTER, explain::short(x), theme.text);
        }
    }
    if layout.bias {
        circle(screen(layout.input(layout.inputs)), theme.weak, "1");
    }
    for unit in 0..layout.units {
        let at = screen(layout.unit(unit));
        circle(at, theme.gradients.positive, &format!("z{unit}"));
        if !has_text {
            continue;
        }
        let z = numbers.output(numbers.dense).and_then(|values| numbers.shown(values, unit));
        let a = numbers.activation.and_then(|node| numbers.output(node));
        let a = a.and_then(|values| numbers.shown(values, unit));
        let dz = numbers.grad(numbers.dense).and_then(|values| numbers.total(values, unit));
        let lines = [("z", z, theme.text), ("a", a, theme.text), ("dz", dz, theme.gradients.positive)];
        let lines: Vec<_> = lines.into_iter().filter_map(|(name, x, ink)| Some((name, x?, ink))).collect();
        let middle = (lines.len() as f32 - 1.0) / 2.0;
        for (i, (name, x, ink)) in lines.iter().enumerate() {
            let line = 13.0_f32.min(layout.pitch / 3.0);
            let up = (i as f32 - middle) * line;
            beside(at, up, Align2::LEFT_CENTER, format!("{name:<2} {}", explain::short(*x)), *ink);
        }
    }
}

/// How many inputs are left out.
fn paint_note(ui: &Ui, frame: &Frame<'_>, layout: Layout) {
    if layout.hidden == 0 {
        return;
    }
    let text = frame.words.text_with("neurons-hidden", &[("n", layout.hidden.into())]);
    let at = pos2(frame.place.left() + 12.0 * frame.zoom, frame.place.bottom() - 12.0 * frame.zoom);
    let font = theme::text(10.5 * frame.zoom);
    ui.painter().text(at, Align2::LEFT_CENTER, text, font, Theme::of(ui).weak);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dense_of_up_to_sixteen_units_can_be_opened() {
        assert!(frame_size(3, 16, true).is_some());
        assert_eq!(frame_size(3, 17, true), None);
        let wide = frame_size(64, 10, true);
        assert!(wide.is_some_and(|size| size.y < 700.0), "the first inputs of many are shown: {wide:?}");
    }

    #[test]
    fn circles_of_both_sides_stand_inside_the_frame_and_apart() {
        for (inputs, units, bias) in [(1, 1, false), (2, 2, true), (16, 16, true), (40, 3, false)] {
            let layout = Layout::new(inputs, units, bias);
            let height = frame_size(inputs, units, bias).map_or(0.0, |size| size.y);
            let left = (0..layout.left()).map(|i| layout.input(i).y);
            for y in left.chain((0..units).map(|unit| layout.unit(unit).y)) {
                assert!(y - RADIUS >= TITLE + CHOICES && y + RADIUS <= height, "{y} of {height}");
            }
        }
    }
}
