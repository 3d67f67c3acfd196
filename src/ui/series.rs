//! A column forecast from its own past, over the series itself: one step ahead, or rolled out on its own
//! predictions.
//!
//! Must not know how predictions are made.

use egui::{Color32, RichText, Sense, Ui};
use egui_plot::{Line, LineStyle, PlotPoints, PlotResponse, VLine};

use super::class_colors::class_color;
use super::fields::{heading_ui, wrapped_ui};
use super::hover;
use super::pictures::{Plotted, number_table, plot_ui};
use super::theme::Theme;
use super::ticks;
use crate::export::TableText;
use crate::insight::Rollout;
use crate::train::Series;
use crate::words::Words;

const HEIGHT: f32 = 170.0;
/// On a page of its own the names of the curves stand above the plot.
const NAMES: f32 = 24.0;

/// Curves against the row of the file.
struct Curves<'a> {
    /// The column.
    name: &'a str,
    rows: &'a [usize],
    /// Key of the name, name in a table, numbers.
    lines: Vec<(&'static str, &'static str, &'a [f64])>,
    /// The last row that was known to a forecast.
    after: Option<usize>,
}

/// Forecasts one step ahead, with the truth.
pub(crate) fn series_ui(ui: &mut Ui, words: &Words, series: &Series) {
    let curves = vec![
        ("series-truth", "truth", series.target.as_slice()),
        ("series-prediction", "prediction", series.prediction.as_slice()),
    ];
    let curves = Curves { name: &series.name, rows: &series.rows, lines: curves, after: None };
    titled_ui(ui, words, &curves);
}

/// A forecast on its own predictions, with those one step ahead and the truth.
pub(crate) fn rollout_ui(ui: &mut Ui, words: &Words, rollout: &Rollout) {
    let curves = vec![
        ("series-truth", "truth", rollout.truth.as_slice()),
        ("series-one-step", "one_step", rollout.one_step.as_slice()),
        ("series-rolled", "rolled_out", rollout.rolled.as_slice()),
    ];
    let curves =
        Curves { name: &rollout.name, rows: &rollout.rows, lines: curves, after: Some(rollout.after) };
    titled_ui(ui, words, &curves);
}

fn titled_ui(ui: &mut Ui, words: &Words, curves: &Curves<'_>) {
    let table = |most: usize| table(curves, most);
    let plotted = Plotted { title: curves.name, n_rows: curves.rows.len(), table: &table };
    ui.horizontal(|ui| {
        heading_ui(ui, words.text("metrics-series"));
        plotted.button_ui(ui, words, |ui| drop(draw(ui, words, curves, ui.available_height() - NAMES)));
    });
    plot_ui(ui, words, plotted, |ui| draw(ui, words, curves, HEIGHT));
}

fn draw(ui: &mut Ui, words: &Words, curves: &Curves<'_>, height: f32) -> PlotResponse<()> {
    names_ui(ui, words, curves);
    let theme = Theme::of(ui);
    let (row, value) = (words.text("series-row"), curves.name.to_owned());
    let names = [row.clone(), value.clone()];
    ticks::plot(("series", curves.lines.len()))
        .height(height)
        .grid_color(theme.outline)
        .x_axis_label(row)
        .x_axis_formatter(|mark, _| ticks::count(mark))
        .y_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_axis_label(value)
        .label_formatter(hover::says_counted(names, false))
        .show(ui, |plot| {
            if let Some(after) = curves.after {
                let line = VLine::new("", (after + 1) as f64).color(theme.weak).width(1.0);
                plot.vline(line.style(LineStyle::dashed_dense()).allow_hover(false));
            }
            for ((key, _, values), color) in curves.lines.iter().zip(colors(theme)) {
                let points = PlotPoints::from(points(curves.rows, values));
                plot.line(Line::new(words.text(key), points).color(color).width(1.5));
            }
        })
}

/// The color of each curve, in order.
fn colors(theme: &Theme) -> [Color32; 3] {
    [theme.curve_train, theme.curve_validation, class_color(theme, 3)]
}

/// The names of the curves in their colors: a legend in the plot would cover it.
fn names_ui(ui: &mut Ui, words: &Words, curves: &Curves<'_>) {
    let colors = colors(Theme::of(ui));
    wrapped_ui(ui, |ui| {
        for ((key, ..), color) in curves.lines.iter().zip(colors) {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), Sense::hover());
            ui.painter().hline(rect.x_range(), rect.center().y, (2.5, color));
            ui.label(RichText::new(words.text(key)).size(12.0));
        }
    });
}

/// Rows are counted from 1, as people count them.
fn points(rows: &[usize], values: &[f64]) -> Vec<[f64; 2]> {
    let pairs = rows.iter().zip(values).filter(|(_, value)| value.is_finite());
    pairs.map(|(row, value)| [(row + 1) as f64, *value]).collect()
}

/// The numbers, rows counted from 1; what there is not is empty.
fn table(curves: &Curves<'_>, most: usize) -> TableText {
    let names = std::iter::once("row").chain(curves.lines.iter().map(|(_, name, _)| *name));
    let rows = curves.rows.iter().enumerate().take(most).map(|(idx, row)| {
        let of = |values: &[f64]| values.get(idx).copied().filter(|x| x.is_finite()).unwrap_or(f64::NAN);
        let numbers = curves.lines.iter().map(|(_, _, values)| of(values));
        std::iter::once((row + 1) as f64).chain(numbers).collect()
    });
    number_table(names.map(str::to_owned), rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TableForm;

    #[test]
    fn rows_count_from_one_and_gaps_stay_gaps() {
        assert_eq!(points(&[4, 5, 6], &[0.5, f64::NAN, 0.75]), [[5.0, 0.5], [7.0, 0.75]]);
        let curves = vec![("", "truth", [0.5, f64::NAN].as_slice()), ("", "said", [0.25, 1.0].as_slice())];
        let curves = Curves { name: "x", rows: &[4, 5], lines: curves, after: None };
        let text = table(&curves, 9).written(TableForm::Csv);
        assert_eq!(text, "row,truth,said\n5,0.5,0.25\n6,,1");
    }
}
