//! A gradient through time: the share of every step in a shared parameter's gradient, and how
//! large dZ is step by step, so that vanishing and exploding gradients can be seen.
//!
//! Must not know how shares are computed: they come with the pass.

use egui::{Id, RichText, Ui};
use egui_plot::{Line, PlotPoints, PlotResponse, uniform_grid_spacer};

use super::super::fields::note_ui;
use super::super::hover;
use super::super::matrix::MatrixView;
use super::super::numbers::Numbers;
use super::super::pictures::{Plotted, number_table, plot_ui};
use super::super::theme::{self, Theme};
use super::super::ticks;
use super::kept;
use crate::app::{Command, ViewCommand};
use crate::explain::Tensor;
use crate::network::NodeId;
use crate::train::Values;
use crate::words::Words;

/// The shares as one table, a row a time step under the row of their sum, and the share of the
/// chosen step as a matrix. `gradient` is the whole gradient as it is shown.
pub(super) fn shares_ui(
    ui: &mut Ui,
    numbers: Numbers<'_>,
    id: Id,
    (whole, gradient): (Tensor, &MatrixView<'_>),
    (shares, time_step): (&[Values], usize),
    out: &mut Vec<Command>,
) {
    let words = numbers.words;
    // One step's share of the same parameter and of the same samples.
    let share_at = |step: usize| match whole {
        Tensor::ParameterGrad { key, sample, .. } => {
            Tensor::ParameterGrad { key, time_step: Some(step), sample }
        }
        other => other,
    };
    let symbol = gradient.symbol;
    let title = words.text_with("time-shares", &[("matrix", symbol.into()), ("n", shares.len().into())]);
    egui::CollapsingHeader::new(title).id_salt(id.with("shares")).default_open(true).show(ui, |ui| {
        let n_columns = gradient.values.n_columns();
        let entry = |flat: usize| match gradient.cell_name {
            Some(cell) => cell(flat / n_columns.max(1), flat % n_columns.max(1)),
            None => flat.to_string(),
        };
        let step = |row: usize| if row == 0 { "Σ".to_owned() } else { format!("t={}", row - 1) };
        let table = kept::stack(ui, shares);
        let number = |row: usize, flat: usize| {
            let tensor = row.checked_sub(1).map_or(whole, share_at);
            tensor.at(flat / n_columns.max(1), flat % n_columns.max(1))
        };
        let stacked = MatrixView {
            symbol: &format!("{symbol}[t]"),
            values: &table,
            only_row: None,
            row_name: &step,
            column_name: &entry,
            cell_name: None,
            colors: gradient.colors,
            precision: gradient.precision,
            editable: false,
            number: Some(&number),
            about: None,
            cell_state: None,
        };
        numbers.as_it_stands_ui(ui, id.with("stack"), &stacked, out);
        if let Some(share) = shares.get(time_step) {
            let one =
                MatrixView { symbol: &format!("{symbol} (t = {time_step})"), values: share, ..*gradient };
            numbers.ui(ui, id.with("share"), share_at(time_step), &one, out);
        }
        let line = format!("{symbol} = Σₜ {symbol}[t]");
        ui.label(RichText::new(line).font(theme::mono(11.5)).color(Theme::of(ui).accent));
    });
}

/// ‖dZ‖ against the time step, on a logarithmic scale.
pub(super) fn norms_ui(
    ui: &mut Ui,
    words: &Words,
    id: Id,
    (node, letter, norms): (NodeId, &str, &[Option<f64>]),
    out: &mut Vec<Command>,
) {
    let points = norm_points(norms);
    let title = words.text_with("time-norms", &[("letter", letter.into())]);
    egui::CollapsingHeader::new(title).id_salt(id.with("norms")).default_open(true).show(ui, |ui| {
        if points.is_empty() {
            note_ui(ui, words.text("time-norms-none"));
            return;
        }
        let names = [words.text("inspector-time-step"), format!("‖{letter}‖")];
        let table = |most: usize| {
            let steps = norms.iter().enumerate().take(most);
            number_table(names.clone(), steps.map(|(t, norm)| vec![t as f64, norm.unwrap_or(f64::NAN)]))
        };
        let plotted = Plotted { title: &names[1], n_rows: norms.len(), table: &table };
        let draw = |ui: &mut Ui| draw_norms(ui, id, &names, &points, norms.len());
        let plot = plot_ui(ui, words, plotted, draw);
        // A click asks about the norm of the time step under the pointer.
        let time_step = plot.inner.filter(|step| norms.get(*step).is_some_and(Option::is_some));
        if let Some(time_step) = time_step.filter(|_| plot.response.clicked()) {
            out.push(Command::View(ViewCommand::Explain(Tensor::GradNorm { node, time_step }.at(0, 0))));
        }
        note_ui(ui, words.text("time-norms-note"));
    });
}

/// The curve; gives the time step under the pointer.
fn draw_norms(
    ui: &mut Ui,
    id: Id,
    [x_name, y_name]: &[String; 2],
    points: &[[f64; 2]],
    n_steps: usize,
) -> PlotResponse<Option<usize>> {
    let names = [x_name.clone(), y_name.clone()];
    let theme = Theme::of(ui);
    let interval = labeled_interval(n_steps);
    ticks::plot(id.with("norm plot"))
        .height(130.0)
        // Steps that no gradient reaches are seen as the gap that they are.
        .include_x(0.0)
        .include_x(n_steps.saturating_sub(1) as f64)
        .grid_color(theme.outline)
        .x_axis_label(x_name)
        .y_axis_label(y_name)
        .x_grid_spacer(uniform_grid_spacer(move |_| [interval, 10.0 * interval, 100.0 * interval]))
        .y_grid_spacer(ticks::y_marks(true))
        .y_axis_formatter(|mark, _| ticks::tick(mark, true))
        .x_axis_formatter(|mark, _| ticks::count(mark))
        .label_formatter(hover::says_counted(names, true))
        .show(ui, |plot| {
            let line = Line::new(y_name, PlotPoints::from(points.to_vec()));
            plot.line(line.color(theme.gradients.color(1.0)).width(2.0));
            plot.pointer_coordinate().map(|at| at.x.round().max(0.0) as usize)
        })
}

/// Where a gradient of a size that has a logarithm arrived: (t, log₁₀ of the norm).
fn norm_points(norms: &[Option<f64>]) -> Vec<[f64; 2]> {
    let steps = norms.iter().enumerate();
    let points = steps.filter_map(|(t, norm)| norm.map(|norm| [t as f64, norm.log10()]));
    points.filter(|[_, y]| y.is_finite()).collect()
}

/// The steps between two labels of the time axis: 1, 2 or 5 times a power of ten, with room for
/// about four intervals.
fn labeled_interval(n_steps: usize) -> f64 {
    let wanted = (n_steps as f64 / 4.0).max(1.0);
    let magnitude = 10_f64.powf(wanted.log10().floor());
    let rounds = [1.0, 2.0, 5.0].map(|digit| digit * magnitude);
    rounds.into_iter().find(|&interval| interval >= wanted).unwrap_or(10.0 * magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_of_zero_or_of_nothing_are_left_out_of_the_curve() {
        assert_eq!(norm_points(&[None, Some(0.0), Some(0.01)]), [[2.0, -2.0]]);
    }

    #[test]
    fn a_long_axis_of_time_has_few_and_round_labels() {
        let intervals = [1, 4, 10, 25, 1000].map(labeled_interval);
        assert_eq!(intervals, [1.0, 1.0, 5.0, 10.0, 500.0]);
    }
}
