//! The forecast of a sequence: one step ahead over the validation part, or from a chosen row on, rolled out
//! on its own predictions.
//!
//! Must not forecast anything.

use egui::{Id, Ui};

use super::Shown;
use crate::app::Command;
use crate::explain;
use crate::insight::{MOST_ROWS_AHEAD, RolloutQuestion};
use crate::ui::fields::{check_ui, count_ui, note_ui, row_label, wrapped_ui};
use crate::ui::samples::shown_sample;
use crate::ui::series::{rollout_ui, series_ui};
use crate::ui::studies::freshness_ui;
use crate::words::ToMessage;

/// Rows that are forecast at first.
const ROWS_AHEAD: usize = 100;

/// What is chosen.
#[derive(Clone, Copy, PartialEq)]
struct Chosen {
    is_rolled_out: bool,
    /// The last known row where one was typed, and the sample that was looked at then: another sample
    /// begins anew.
    after: Option<(Option<usize>, usize)>,
    n_rows: usize,
}

/// The plot with what it is about; nothing where rows are no sequence. `asks` takes what it wants to know.
pub(super) fn forecast_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    head: usize,
    asks: &mut Option<Box<RolloutQuestion>>,
    out: &mut Vec<Command>,
) {
    let evaluation = shown.app.snapshot().and_then(|snapshot| snapshot.evaluation.as_ref());
    // What is kept of the evaluation is the series of the first loss.
    let series = evaluation.and_then(|evaluation| evaluation.series.as_ref()).filter(|_| head == 0);
    if !shown.data.is_windowed() {
        return;
    }
    let id = Id::new(("forecast", shown.app.n_documents()));
    let held: Option<Chosen> = ui.data(|data| data.get_temp(id));
    let mut chosen = held.unwrap_or(Chosen { is_rolled_out: false, after: None, n_rows: ROWS_AHEAD });
    let check = check_ui(ui, &mut chosen.is_rolled_out, shown.words.text("rollout-check"));
    check.on_hover_text(shown.words.text("rollout-check-hint"));
    if chosen.is_rolled_out {
        rolled_out_ui(ui, shown, head, &mut chosen, asks, out);
    } else if let Some(series) = series {
        series_ui(ui, shown.words, series);
    }
    if held != Some(chosen) {
        ui.data_mut(|data| data.insert_temp(id, chosen));
        ui.ctx().request_repaint();
    }
}

fn rolled_out_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    head: usize,
    chosen: &mut Chosen,
    asks: &mut Option<Box<RolloutQuestion>>,
    out: &mut Vec<Command>,
) {
    let words = shown.words;
    let looked_at = shown_sample(shown.app);
    chosen.after = chosen.after.filter(|(of, _)| *of == looked_at);
    let after = chosen.after.map_or_else(|| first_after(shown, looked_at), |(_, after)| after);
    *asks = Some(Box::new(RolloutQuestion { head, after, n_rows: chosen.n_rows }));
    match shown.app.rollout() {
        None => note_ui(ui, words.text("insight-computing")),
        Some(answer) => match answer.result.as_ref() {
            Err(reason) => note_ui(ui, words.say(&reason.message())),
            Ok(rollout) => {
                rollout_ui(ui, words, rollout);
                if let Some([one_step, rolled]) = rollout.errors() {
                    let about =
                        [("one", explain::short(one_step).into()), ("rolled", explain::short(rolled).into())];
                    note_ui(ui, words.text_with("rollout-errors", &about));
                }
                freshness_ui(ui, words, &answer);
            }
        },
    }
    let n_rows = shown.data.table().map_or(1, |table| table.n_rows().max(1));
    wrapped_ui(ui, |ui| {
        let label = words.text("rollout-after");
        row_label(ui, label.as_str());
        if let Some(row) = count_ui(ui, &label, after + 1, 1..=n_rows, out) {
            chosen.after = Some((looked_at, row - 1));
        }
        let label = words.text("rollout-rows");
        row_label(ui, label.as_str());
        if let Some(n_rows) = count_ui(ui, &label, chosen.n_rows, 1..=MOST_ROWS_AHEAD, out) {
            chosen.n_rows = n_rows;
        }
    });
}

/// The newest row of the sample that is looked at; else of the first one that was not learned from.
fn first_after(shown: &Shown<'_>, looked_at: Option<usize>) -> usize {
    let sample = looked_at.map(|sample| sample as u32);
    let sample = sample.or_else(|| shown.data.validation().first().copied()).unwrap_or(0);
    shown.data.newest_row(sample)
}
