//! The paths of several optimizers over a function of free tensors: its curve or contour lines, one line for
//! each optimizer, and what each came to.
//!
//! Must not compute anything: paths come from the application.

use std::sync::Arc;

use egui::{Id, RichText, Ui};
use egui_plot::PlotResponse;

use crate::app::{App, Command, Questions};
use crate::explain::short;
use crate::export::TableText;
use crate::insight::{Descent, DescentPath, DescentQuestion};
use crate::network::{ParameterKey, ParameterRole};
use crate::tensor::OptimizerKind;
use crate::ui::class_colors::class_color;
use crate::ui::field_plot::{FieldPlot, path, ring};
use crate::ui::fields::{NumberField, choice_ui, compact, label_behind_ui, note_ui, row_label, wrapped_ui};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::scrolling::{LEAST_PLOT, rest_ui, scrolling_ui};
use crate::ui::studies::freshness_ui;
use crate::ui::theme::{self, Theme};
use crate::ui::ticks;
use crate::ui::training::optimizer_name;
use crate::words::Words;

/// Steps that are followed at first, and at most.
const STEPS: usize = 40;
const MOST_STEPS: f64 = 2_000.0;

/// What is chosen in the panel.
#[derive(Clone, Copy, PartialEq)]
struct Chosen {
    n_steps: usize,
    x: usize,
    y: Option<usize>,
}

/// Whether there is a function of tensors to go down: no data, and numbers that learn.
pub(super) fn has_free_tensors(app: &App) -> bool {
    let document = app.document();
    let is_free = |(key, parameter): (&ParameterKey, &crate::network::Parameter)| {
        parameter.trainable && matches!(key, ParameterKey::Node(_, ParameterRole::Value))
    };
    document.network.nodes.values().all(|node| node.kind.data().is_none())
        && document.parameters.iter().any(is_free)
}

/// The four that are compared, and the document's own where it is another one.
fn optimizers(own: OptimizerKind) -> Vec<OptimizerKind> {
    let sgd = |momentum| OptimizerKind::Sgd { momentum, nesterov: false, weight_decay: 0.0 };
    let mut all = vec![
        sgd(0.0),
        sgd(0.9),
        OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0 },
        OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
    ];
    if !all.contains(&own) {
        all.push(own);
    }
    all
}

/// SGD with momentum is told from SGD without.
fn name_of(optimizer: &OptimizerKind, words: &Words) -> String {
    match optimizer {
        OptimizerKind::Sgd { momentum, .. } if *momentum != 0.0 => {
            words.text_with("descent-momentum", &[("momentum", compact(*momentum).into())])
        }
        other => optimizer_name(other).to_owned(),
    }
}

/// The panel of a drawing of free tensors.
pub(super) fn descent_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    asks: &mut Questions,
    out: &mut Vec<Command>,
) {
    let id = Id::new("descent question");
    let held: Option<Chosen> = ui.data(|data| data.get_temp(id));
    let mut chosen = held.unwrap_or(Chosen { n_steps: STEPS, x: 0, y: Some(1) });
    let training = &app.document().training;
    asks.descent = Some(Box::new(DescentQuestion {
        optimizers: optimizers(training.optimizer),
        learning_rate: training.learning_rate,
        n_steps: chosen.n_steps,
        x: chosen.x,
        y: chosen.y,
    }));
    let Some(answer) = app.descent() else {
        let key = if app.is_studying() { "insight-computing" } else { "insight-not-ready" };
        return note_ui(ui, words.text(key));
    };
    let shown = answer.result;
    scrolling_ui(ui, "descent", |ui| {
        wrapped_ui(ui, |ui| {
            let label = words.text("descent-steps");
            row_label(ui, label.clone());
            let field =
                NumberField { name: &label, range: 1.0..=MOST_STEPS, logarithmic: false, whole: true };
            if let Some(n_steps) = field.ui(ui, chosen.n_steps as f64, out) {
                chosen.n_steps = n_steps as usize;
            }
            axes_ui(ui, words, shown, &mut chosen);
            let rate = [("rate", compact(training.learning_rate).into())];
            let rate = RichText::new(words.text_with("descent-rate", &rate)).color(Theme::of(ui).weak);
            label_behind_ui(ui, rate);
            freshness_ui(ui, words, &answer);
        });
        if ui.available_height() < LEAST_PLOT {
            rest_ui(ui, LEAST_PLOT, |ui| paths_ui(ui, words, shown));
            ui.add_space(ticks::AXIS_LABEL);
            told_ui(ui, words, shown);
        } else {
            beside_ui(ui, words, shown);
        }
    });
    if held != Some(chosen) {
        ui.data_mut(|data| data.insert_temp(id, chosen));
    }
}

/// The picture, and beside it what every path came to.
fn beside_ui(ui: &mut Ui, words: &Words, shown: &Arc<Descent>) {
    // The place is set beforehand: within a row nothing says how high it may be.
    let area = ui.available_rect_before_wrap();
    let area = area.with_max_y(area.max.y - ticks::AXIS_LABEL);
    let told = (0.38 * area.width()).clamp(190.0, 360.0).min(0.5 * area.width());
    let (left, right) = area.split_left_right_at_x(area.right() - told);
    let place = |rect| egui::UiBuilder::new().max_rect(rect).layout(egui::Layout::top_down(egui::Align::Min));
    ui.scope_builder(place(left.with_max_x(left.right() - 12.0)), |ui| paths_ui(ui, words, shown));
    ui.scope_builder(place(right), |ui| {
        scrolling_ui(ui, "paths", |ui| told_ui(ui, words, shown));
    });
}

/// Which numbers stand along the axes, where there are more than fit.
fn axes_ui(ui: &mut Ui, words: &Words, shown: &Descent, chosen: &mut Chosen) {
    let name = |idx: usize| shown.variables.get(idx).cloned().unwrap_or_default();
    if shown.variables.len() < 2 {
        return;
    }
    let all = || (0..shown.variables.len()).map(|idx| (idx, name(idx)));
    let label = words.text("boundary-x");
    if let Some(x) = choice_ui(ui, &label, &shown.x, all(), &name(shown.x)) {
        chosen.x = x;
    }
    let alone = words.text("descent-alone");
    let listed = std::iter::once((None, alone.clone())).chain(all().map(|(idx, name)| (Some(idx), name)));
    let now = shown.y.map_or(alone, name);
    if let Some(y) = choice_ui(ui, &words.text("boundary-y"), &shown.y, listed, &now) {
        chosen.y = y;
    }
}

/// The function with the paths over it.
fn paths_ui(ui: &mut Ui, words: &Words, shown: &Arc<Descent>) {
    let name = |idx: usize| shown.variables.get(idx).cloned().unwrap_or_default();
    let names = [name(shown.x), shown.y.map_or_else(|| "f".to_owned(), name)];
    let longest = shown.paths.iter().map(|path| path.points.len()).max().unwrap_or(0);
    let table = |most: usize| path_table(words, shown, &names, longest.min(most));
    let title = format!("{} / {}", names[1], names[0]);
    let plotted = Plotted { title: &title, n_rows: longest, table: &table };
    plot_ui(ui, words, plotted, |ui| draw(ui, shown, &names));
}

/// A row for each step: where every path stands, and the function there.
fn path_table(words: &Words, shown: &Descent, names: &[String; 2], n_rows: usize) -> TableText {
    let axes = if shown.y.is_some() { &names[..] } else { &names[..1] };
    let axes = || axes.iter().map(String::as_str).chain(["f"]);
    let of_path = |path: &DescentPath| {
        let owner = name_of(&path.optimizer, words);
        axes().map(|axis| format!("{owner}: {axis}")).collect::<Vec<_>>()
    };
    let columns = shown.paths.iter().flat_map(of_path);
    let rows = (0..n_rows).map(|step| {
        let at = shown.paths.iter().flat_map(|path| {
            let place = path.points.get(step).map_or([f64::NAN; 2], |point| *point);
            let value = path.values.get(step).copied().unwrap_or(f64::NAN);
            place.into_iter().take(axes().count() - 1).chain([value])
        });
        std::iter::once(step as f64).chain(at).collect()
    });
    number_table(std::iter::once(words.text("descent-steps")).chain(columns), rows)
}

fn draw(ui: &mut Ui, shown: &Arc<Descent>, names: &[String; 2]) -> PlotResponse<()> {
    let id = Id::new(("descent", shown.x, shown.y));
    let names = names.each_ref().map(String::as_str);
    let plot = FieldPlot { id, field: &shown.field, names, said: (&shown.field, "f"), is_log: false };
    plot.ui(ui, |plot, theme| {
        for (idx, way) in shown.paths.iter().enumerate() {
            path(plot, &way.points, theme, class_color(theme, idx));
        }
        if let Some(start) = shown.paths.first().and_then(|path| path.points.first()) {
            plot.points(ring(*start, theme));
        }
    })
}

/// What every path came to, in words.
fn told_ui(ui: &mut Ui, words: &Words, shown: &Descent) {
    let theme = Theme::of(ui);
    let list = |numbers: &[f64]| numbers.iter().map(|x| short(*x)).collect::<Vec<_>>().join(", ");
    if let Some(gradient) = shown.paths.first().and_then(|path| path.gradients.first()) {
        let gradient = [("gradient", list(gradient).into())];
        note_ui(ui, words.text_with("descent-same-gradient", &gradient));
    }
    for (idx, path) in shown.paths.iter().enumerate() {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(14.0, 12.0), egui::Sense::hover());
            let line = egui::Stroke::new(3.0, class_color(theme, idx));
            ui.painter().hline(rect.x_range(), rect.center().y, line);
            ui.label(RichText::new(name_of(&path.optimizer, words)).font(theme::strong(12.5)));
        });
        note_ui(ui, end_of(words, shown, path));
    }
}

/// Where a path ends, and at which value.
fn end_of(words: &Words, shown: &Descent, path: &DescentPath) -> String {
    let (Some(at), Some(value)) = (path.points.last(), path.values.last()) else {
        return words.text("descent-no-value");
    };
    let name = |idx: usize| shown.variables.get(idx).map_or("", String::as_str);
    let along = |idx: usize, at: f64| format!("{} = {}", name(idx), short(at));
    let axes = [Some(along(shown.x, at[0])), shown.y.map(|y| along(y, at[1]))];
    let place = axes.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let n = path.points.len() - 1;
    let about = [("n", n.into()), ("place", place.into()), ("value", short(*value).into())];
    words.text_with("descent-end", &about)
}
