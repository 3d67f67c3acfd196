//! Predictions of numbers as plots: predicted against true with the diagonal, and residuals.
//!
//! Must not know the table.

use egui::{Id, Ui};
use egui_plot::{Line, PlotPoints, PlotResponse, Points};

use super::Shown;
use crate::app::Command;
use crate::data::Cell;
use crate::export::TableText;
use crate::train::SampleView;
use crate::ui::fields::{choice_ui, heading_ui};
use crate::ui::hover;
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::theme::Theme;
use crate::ui::ticks;

const HEIGHT: f32 = 190.0;

/// Rows by which a column is found to hold numbers.
const LOOKED_AT: usize = 50;
/// A point so near to the pointer is meant by a click.
const REACH: f32 = 12.0;

/// Plots of one output.
pub(super) fn regression_ui(ui: &mut Ui, shown: &Shown<'_>, out: &mut Vec<Command>) {
    let idx = output_ui(ui, shown);
    let at = |sample: u32| -> Option<[f64; 2]> {
        let truth = *shown.head.truth(sample as usize).get(idx)?;
        let prediction = *shown.head.prediction(sample as usize).get(idx)?;
        (truth.is_finite() && prediction.is_finite()).then_some([truth, prediction])
    };
    let points: Vec<(u32, [f64; 2])> =
        shown.listing.plotted.iter().filter_map(|&sample| Some((sample, at(sample)?))).collect();
    let (truth, said) =
        (of_output(shown, "predictions-truth", idx), of_output(shown, "predictions-said", idx));
    let names = [truth.as_str(), said.as_str()];
    let scatter = Scatter { id: "predicted", points: &points, names, has_diagonal: true };
    ui.horizontal(|ui| {
        heading_ui(ui, shown.words.text("predictions-plot"));
        menu_ui(ui, shown, &scatter);
    });
    scatter_ui(ui, shown, &scatter, out);
    let error = of_output(shown, "predictions-error", idx);
    let (residuals, x_name) = ui
        .horizontal(|ui| {
            heading_ui(ui, shown.words.text("predictions-residuals"));
            let (residuals, x_name) = residuals_ui(ui, shown, &points, &said);
            let names = [x_name.as_str(), error.as_str()];
            let scatter = Scatter { id: "residuals", points: &residuals, names, has_diagonal: false };
            menu_ui(ui, shown, &scatter);
            (residuals, x_name)
        })
        .inner;
    let names = [x_name.as_str(), error.as_str()];
    let scatter = Scatter { id: "residuals", points: &residuals, names, has_diagonal: false };
    scatter_ui(ui, shown, &scatter, out);
}

/// Which of several outputs is plotted.
fn output_ui(ui: &mut Ui, shown: &Shown<'_>) -> usize {
    let n = shown.head.n_kept;
    if n < 2 {
        return 0;
    }
    let id = Id::new(("plotted output", shown.app.n_documents(), shown.head.head.loss));
    let held: usize = ui.data(|data| data.get_temp(id)).filter(|held| *held < n).unwrap_or(0);
    let name = |idx: usize| shown.head.names.get(idx).cloned().unwrap_or_default();
    let choices = (0..n).map(|idx| (idx, name(idx)));
    let label = shown.words.text("predictions-plotted");
    let Some(chosen) = choice_ui(ui, &label, &held, choices, &name(held)) else { return held };
    ui.data_mut(|data| data.insert_temp(id, chosen));
    ui.ctx().request_repaint();
    chosen
}

/// "Truth", or of one of several outputs "Truth mpg".
pub(super) fn of_output(shown: &Shown<'_>, key: &str, idx: usize) -> String {
    let what = shown.words.text(key);
    if shown.head.n_kept == 1 {
        return what;
    }
    let output = shown.head.names.get(idx).cloned().unwrap_or_default();
    shown.words.text_with("predictions-of", &[("what", what.into()), ("output", output.into())])
}

/// What the errors stand against, chosen here; the errors, and what stands along x.
fn residuals_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    points: &[(u32, [f64; 2])],
    said: &str,
) -> (Vec<(u32, [f64; 2])>, String) {
    let against = against_ui(ui, shown, said);
    let residual = |&(sample, [y, a]): &(u32, [f64; 2])| {
        let x = against.map_or(Some(a), |column| column_value(shown, column, sample))?;
        Some((sample, [x, a - y]))
    };
    let column = against.and_then(|column| shown.data.table()?.columns().get(column));
    let x_name = column.map_or(said, |column| column.name.as_str());
    (points.iter().filter_map(residual).collect(), x_name.to_owned())
}

/// Points with what stands along the axes.
struct Scatter<'a> {
    /// Which of the plots it is.
    id: &'a str,
    points: &'a [(u32, [f64; 2])],
    names: [&'a str; 2],
    /// Predictions are right on the diagonal; without it, where the error is zero.
    has_diagonal: bool,
}

impl Scatter<'_> {
    /// What its menu says of it.
    fn with_plotted<R>(&self, shown: &Shown<'_>, with: impl FnOnce(Plotted<'_>) -> R) -> R {
        let [x_name, y_name] = self.names;
        let table = |most: usize| self.table(shown, most);
        with(Plotted { title: &format!("{y_name} / {x_name}"), n_rows: self.points.len(), table: &table })
    }

    /// A point a row, with its row of the data counted from 1.
    fn table(&self, shown: &Shown<'_>, most: usize) -> TableText {
        let rows = self.points.iter().take(most).map(|(sample, [x, y])| {
            vec![(shown.data.row_told(true, usize::MAX, *sample).0 + 1) as f64, *x, *y]
        });
        let [x_name, y_name] = self.names.map(str::to_owned);
        number_table(["row".to_owned(), x_name, y_name], rows)
    }
}

/// A small button that opens the menu of a plot.
fn menu_ui(ui: &mut Ui, shown: &Shown<'_>, scatter: &Scatter<'_>) {
    scatter.with_plotted(shown, |plotted| {
        plotted.button_ui(ui, shown.words, |ui| drop(draw(ui, shown, scatter, ui.available_height())));
    });
}

/// Which column stands along x of the residuals; none for the prediction.
fn against_ui(ui: &mut Ui, shown: &Shown<'_>, said: &str) -> Option<usize> {
    let id = Id::new(("residuals against", shown.app.n_documents()));
    let table = shown.data.table()?;
    let held: Option<usize> = ui.data(|data| data.get_temp(id)).flatten();
    let is_number = |column: usize| {
        let mut looked_at = shown.listing.plotted.iter().take(LOOKED_AT);
        looked_at.any(|&sample| column_value(shown, column, sample).is_some())
    };
    let columns = table.columns().iter().enumerate().filter(|(idx, _)| is_number(*idx));
    let columns: Vec<(Option<usize>, String)> =
        columns.map(|(idx, column)| (Some(idx), column.name.clone())).collect();
    let held = held.filter(|held| columns.iter().any(|(column, _)| *column == Some(*held)));
    let choices: Vec<(Option<usize>, String)> =
        std::iter::once((None, said.to_owned())).chain(columns).collect();
    let name = choices.iter().find(|(column, _)| *column == held).map_or("", |(_, name)| name.as_str());
    let label = shown.words.text("predictions-against");
    let chosen = choice_ui(ui, &label, &held, choices.clone(), name);
    if let Some(chosen) = chosen {
        ui.data_mut(|data| data.insert_temp(id, chosen));
        ui.ctx().request_repaint();
    }
    chosen.unwrap_or(held)
}

/// What a column of the file holds in a sample's row, where it is a number.
fn column_value(shown: &Shown<'_>, column: usize, sample: u32) -> Option<f64> {
    match shown.data.table()?.cell(shown.data.newest_row(sample), column) {
        Cell::Number(value) => Some(value),
        Cell::Missing | Cell::Text(_) => None,
    }
}

/// Points, with the diagonal on which predictions are right, or with the line of no error. A click on
/// one shows its row everywhere.
fn scatter_ui(ui: &mut Ui, shown: &Shown<'_>, scatter: &Scatter<'_>, out: &mut Vec<Command>) {
    let draw = |ui: &mut Ui| draw(ui, shown, scatter, HEIGHT);
    let response = scatter.with_plotted(shown, |plotted| plot_ui(ui, shown.words, plotted, draw));
    if let Some(sample) = clicked(&response, scatter.points) {
        shown.look_at(SampleView::Alone(sample as usize), out);
    }
}

fn draw(ui: &mut Ui, shown: &Shown<'_>, scatter: &Scatter<'_>, height: f32) -> PlotResponse<()> {
    let theme = Theme::of(ui);
    let Scatter { id, points, names: [x_name, y_name], has_diagonal } = *scatter;
    let looked_at = shown.looked_at();
    let fold = |f: fn(f64, f64) -> f64, from: f64| points.iter().fold(from, |x, (_, point)| f(x, point[0]));
    let (from, to) = (fold(f64::min, f64::INFINITY), fold(f64::max, f64::NEG_INFINITY));
    let names = [x_name.to_owned(), y_name.to_owned()];
    ticks::plot(id)
        .height(height)
        .grid_color(theme.outline)
        .x_axis_label(x_name)
        .y_axis_label(y_name)
        .x_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_axis_formatter(|mark, _| ticks::tick(mark, false))
        .label_formatter(hover::says_both(names))
        .show(ui, |plot| {
            if from < to {
                let ends = if has_diagonal { [from, to] } else { [0.0, 0.0] };
                let line = PlotPoints::from(vec![[from, ends[0]], [to, ends[1]]]);
                plot.line(Line::new("", line).color(theme.weak).width(1.0).allow_hover(false));
            }
            for is_validation in [false, true] {
                let (color, name) = match &shown.file {
                    Some(file) => (theme.accent, file.clone()),
                    None if is_validation => (theme.curve_validation, shown.words.text("plot-validation")),
                    None => (theme.curve_train, shown.words.text("plot-train")),
                };
                let of_part = points.iter().filter(|(sample, _)| {
                    (shown.data.part_of_sample(*sample) == crate::data::Part::Validation) == is_validation
                });
                let of_part: Vec<[f64; 2]> = of_part.map(|(_, point)| *point).collect();
                let radius = if points.len() > 1_000 { 1.2 } else { 2.2 };
                let dots = Points::new(name, PlotPoints::from(of_part));
                plot.points(dots.color(color.gamma_multiply(0.75)).radius(radius));
            }
            let chosen = points.iter().find(|(sample, _)| Some(*sample as usize) == looked_at);
            if let Some((_, point)) = chosen {
                let dot = Points::new("", PlotPoints::from(vec![*point])).color(theme.text).radius(5.0);
                plot.points(dot.filled(false).shape(egui_plot::MarkerShape::Circle).allow_hover(false));
            }
        })
}

/// The point that was clicked.
fn clicked<R>(plot: &PlotResponse<R>, points: &[(u32, [f64; 2])]) -> Option<u32> {
    let pointer = plot.response.interact_pointer_pos().filter(|_| plot.response.clicked())?;
    let distance = |point: &[f64; 2]| plot.transform.position_from_point(&(*point).into()).distance(pointer);
    let nearest = points.iter().map(|(sample, point)| (*sample, distance(point)));
    let nearest = nearest.min_by(|a, b| a.1.total_cmp(&b.1))?;
    (nearest.1 <= REACH).then_some(nearest.0)
}
