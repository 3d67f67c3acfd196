//! A nudge of one number: how the loss moves, beside what the gradient says, and the loss along that
//! one variable with its tangent.
//!
//! Must not know how the loss is computed.

use egui::{Align, DragValue, Grid, Layout, RichText, Ui};
use egui_plot::{Line, PlotPoints, PlotResponse, Points};

use super::super::fields::{compact, name, note_ui, parse_number, wrapped_ui};
use super::super::hover;
use super::super::numbers::asked_ui;
use super::super::pictures::{Plotted, number_table, plot_ui};
use super::super::theme::{self, Theme};
use super::super::ticks;
use super::{gradient_of, name_of};
use crate::app::{App, Command, GradientCommand};
use crate::explain::{self, Quantity, Tensor};
use crate::train::Nudge;
use crate::words::Words;

/// From this width on the plot stands beside the numbers.
const SIDE_BY_SIDE: f32 = 420.0;
/// Steps that are offered.
const OFFERED: [f64; 3] = [1e-5, 0.1, 1.0];

/// What a nudge of the chosen number does.
pub(super) fn nudge_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let Some(chosen) = app.chosen_entry() else {
        note_ui(ui, words.text("nudge-choose"));
        return;
    };
    if app.wants_nudge() {
        out.push(Command::Gradient(GradientCommand::Nudge));
    }
    let (variable, owner) = name_of(app, words, chosen);
    let nudge = app.nudge();
    ui.horizontal(|ui| {
        ui.label(RichText::new(&variable).font(theme::mono(14.0)));
        if let Some(nudge) = nudge {
            let value = RichText::new(format!("= {}", explain::short(nudge.value))).font(theme::mono(12.5));
            asked_ui(ui, words, value, chosen, out);
        }
        ui.label(RichText::new(owner).color(Theme::of(ui).weak));
    });
    step_ui(ui, app, words, out);
    let Some(nudge) = nudge else {
        let key = if app.is_measuring() { "nudge-running" } else { "nudge-nothing" };
        note_ui(ui, words.text(key));
        return;
    };
    let gradient = gradient_of(app, chosen);
    let about = words.text_with("nudge-rows", &[("n", nudge.n_rows.into())]);
    if ui.available_width() < SIDE_BY_SIDE {
        numbers_ui(ui, words, &variable, (nudge, gradient), out);
        note_ui(ui, about);
        curve_ui(ui, words, &variable, nudge);
        return;
    }
    ui.columns_const(|[left, right]| {
        left.with_layout(Layout::top_down(Align::LEFT), |ui| {
            numbers_ui(ui, words, &variable, (nudge, gradient), out);
            note_ui(ui, about);
        });
        curve_ui(right, words, &variable, nudge);
    });
}

/// ε: typed, dragged, or one of those offered.
fn step_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let mut epsilon = app.epsilon();
    wrapped_ui(ui, |ui| {
        let label = words.text("nudge-step");
        ui.label(RichText::new("ε").font(theme::mono(13.0))).on_hover_text(&label);
        let speed = (epsilon.abs() * 0.02).max(1e-9);
        let field = DragValue::new(&mut epsilon)
            .speed(speed)
            .range(-1e6..=1e6)
            .update_while_editing(false)
            .custom_formatter(|x, _| compact(x))
            .custom_parser(parse_number);
        let response = ui.add(field);
        name(&response, &label);
        for offered in OFFERED {
            let text = if offered == 1.0 { words.text("nudge-one") } else { compact(offered) };
            if ui.selectable_label(epsilon == offered, text).clicked() {
                epsilon = offered;
            }
        }
        let sign = ui.button("±");
        name(&sign, &words.text("nudge-sign"));
        if sign.on_hover_text(words.text("nudge-sign")).clicked() {
            epsilon = -epsilon;
        }
    });
    if epsilon != app.epsilon() {
        out.push(Command::Gradient(GradientCommand::Epsilon(epsilon)));
    }
}

/// The two numbers beside each other, and in words how near they are.
fn numbers_ui(
    ui: &mut Ui,
    words: &Words,
    variable: &str,
    (nudge, gradient): (&Nudge, Quantity),
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let none = words.text("gradient-none");
    let grad = nudge.grad.map_or_else(|| none.clone(), explain::short);
    let predicted = nudge.predicted().map_or(none, scientific);
    let lines = [
        (format!("L({variable})"), explain::short(nudge.loss), theme.text, Some(Tensor::TotalLoss.at(0, 0))),
        ("ΔL".to_owned(), scientific(nudge.difference()), theme.text, None),
        (format!("∂L/∂{variable}"), grad, theme.gradients.positive, Some(gradient)),
        (format!("∂L/∂{variable} · ε"), predicted, theme.gradients.positive, None),
    ];
    Grid::new("nudge numbers").num_columns(2).spacing([12.0, 2.0]).show(ui, |ui| {
        for (formula, number, ink, of) in lines {
            ui.label(RichText::new(formula).font(theme::mono(12.0)).color(theme.weak));
            let number = RichText::new(number).font(theme::mono(12.0)).color(ink);
            match of {
                Some(of) => asked_ui(ui, words, number, of, out),
                None => drop(ui.label(number)),
            }
            ui.end_row();
        }
    });
    if let Some(predicted) = nudge.predicted() {
        let off = (nudge.difference() - predicted).abs();
        let share = off / predicted.abs().max(nudge.difference().abs());
        let key = if off == 0.0 || share < 1e-3 { "nudge-near" } else { "nudge-far" };
        note_ui(ui, words.text_with(key, &[("off", explain::short(off).into())]));
    }
}

/// Five digits and a power of ten, so that two small numbers can be compared.
fn scientific(x: f64) -> String {
    if x == 0.0 || (1e-2..1e4).contains(&x.abs()) {
        return explain::short(x);
    }
    format!("{x:.4e}").replace('-', "−")
}

/// The loss along the one variable, with the tangent and the nudge.
fn curve_ui(ui: &mut Ui, words: &Words, variable: &str, nudge: &Nudge) {
    let (Some(first), Some(last)) = (nudge.curve.first(), nudge.curve.last()) else { return };
    let table = |most: usize| {
        let rows = nudge.curve.iter().take(most).map(|point| point.to_vec());
        number_table([variable.to_owned(), "L".to_owned()], rows)
    };
    let title = format!("L({variable})");
    let plotted = Plotted { title: &title, n_rows: nudge.curve.len(), table: &table };
    plot_ui(ui, words, plotted, |ui| draw(ui, words, variable, nudge, first[0]..last[0]));
}

fn draw(
    ui: &mut Ui,
    words: &Words,
    variable: &str,
    nudge: &Nudge,
    along: std::ops::Range<f64>,
) -> PlotResponse<()> {
    let theme = Theme::of(ui);
    let height = (ui.available_height() - 4.0).clamp(130.0, 280.0);
    ticks::plot("loss along one variable")
        .height(height)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .grid_color(theme.outline)
        .x_axis_label(variable)
        .y_axis_label("L")
        .x_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_axis_formatter(|mark, _| ticks::tick(mark, false))
        .label_formatter(hover::says_both([variable.to_owned(), "L".to_owned()]))
        .show(ui, |plot| {
            let curve = PlotPoints::from(nudge.curve.clone());
            plot.line(Line::new(words.text("nudge-curve"), curve).color(theme.curve_train).width(2.0));
            if let Some(tangent) = tangent(nudge, along.clone()) {
                let line = Line::new(words.text("nudge-tangent"), PlotPoints::from(tangent));
                plot.line(line.color(theme.gradients.positive).width(1.5));
            }
            let points = vec![[nudge.value, nudge.loss], [nudge.value + nudge.epsilon, nudge.moved_loss]];
            let dots = Points::new(words.text("nudge-points"), PlotPoints::from(points));
            plot.points(dots.color(theme.text).radius(3.5));
        })
}

/// Both ends of the tangent, as far as it stays about as high as the curve.
fn tangent(nudge: &Nudge, along: std::ops::Range<f64>) -> Option<Vec<[f64; 2]>> {
    let grad = nudge.grad?;
    let highest = nudge.curve.iter().fold(nudge.loss, |high, point| high.max(point[1]));
    let lowest = nudge.curve.iter().fold(nudge.loss, |low, point| low.min(point[1]));
    let room = (0.6 * (highest - lowest)).max(1e-12);
    let reach = if grad == 0.0 { f64::INFINITY } else { room / grad.abs() };
    let ends = [(nudge.value - reach).max(along.start), (nudge.value + reach).min(along.end)];
    Some(ends.map(|x| [x, nudge.loss + grad * (x - nudge.value)]).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tangent_ends_where_the_curve_does_or_where_it_leaves_its_height() {
        let curve = vec![[-1.0, 1.0], [0.0, 0.0], [1.0, 1.0]];
        let flat = Nudge {
            value: 0.0,
            epsilon: 0.1,
            loss: 0.0,
            moved_loss: 0.01,
            grad: Some(0.0),
            curve,
            n_rows: 1,
        };
        assert_eq!(tangent(&flat, -1.0..1.0), Some(vec![[-1.0, 0.0], [1.0, 0.0]]));
        let steep = Nudge { grad: Some(6.0), ..flat.clone() };
        let ends = tangent(&steep, -1.0..1.0).unwrap_or_default();
        assert!((ends[1][0] - 0.1).abs() < 1e-12 && (ends[1][1] - 0.6).abs() < 1e-12, "{ends:?}");
        assert_eq!(tangent(&Nudge { grad: None, ..flat }, -1.0..1.0), None);
    }

    #[test]
    fn small_differences_keep_five_digits() {
        assert_eq!(scientific(1.96e-6), "1.9600e−6");
        assert_eq!(scientific(0.5), "0.5000");
        assert_eq!(scientific(0.0), "0.0000");
    }
}
