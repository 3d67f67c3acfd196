//! The Runs panel: trainings that are kept, side by side, with what differs between them marked.
//!
//! Must not train anything.

mod copy;

use std::collections::BTreeMap;

use egui::{Id, RichText, ScrollArea, Ui};

use super::class_colors::class_color;
use super::fields::{bare_check_ui, name, note_ui, sign_button, wrapped_ui};
use super::settings_words::listed;
use super::theme::{self, Theme};
use crate::app::{App, Command, EditCommand, TrainCommand};
use crate::document::{MOST_RUN_LETTERS, MOST_RUNS, MadeRoom, Run, RunId, Runs, spreads};
use crate::explain;
use crate::words::Words;

/// Other seeds that are tried at once.
const N_SEEDS: usize = 5;
/// Names that are told of what is no longer kept.
const TOLD: usize = 5;
/// Room for a name.
const NAME_WIDTH: f32 = 110.0;

/// Of the runs that nobody named, so many of the newest are drawn without being asked for.
const DRAWN: usize = 3;

/// Whether the curves of runs are drawn, where a person said so.
type Chosen = BTreeMap<RunId, bool>;

fn chosen(ui: &Ui) -> Chosen {
    ui.data(|data| data.get_temp(Id::new("drawn runs"))).unwrap_or_default()
}

/// Whether the curve of a run is drawn: as was chosen, else where it has a name or is one of the newest.
fn is_drawn(runs: &Runs, chosen: &Chosen, id: RunId) -> bool {
    let is_newest = || runs.keys().rev().take(DRAWN).any(|newest| *newest == id);
    chosen.get(&id).copied().unwrap_or_else(|| runs.get(&id).is_some_and(|run| run.is_named()) || is_newest())
}

fn color_of(theme: &Theme, id: RunId) -> egui::Color32 {
    class_color(theme, id.0.saturating_sub(1) as usize)
}

/// The runs whose curves are drawn beside that of the training at hand, each in its color.
pub(super) fn drawn<'a>(ui: &Ui, app: &'a App) -> Vec<(&'a Run, egui::Color32)> {
    let (chosen, theme, runs) = (chosen(ui), Theme::of(ui), &app.document().runs);
    let at_hand = app.run_at_hand();
    runs.iter()
        .filter(|(id, _)| Some(**id) != at_hand && is_drawn(runs, &chosen, **id))
        .map(|(id, run)| (run.as_ref(), color_of(theme, *id)))
        .collect()
}

/// The panel.
pub(crate) fn runs_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        // Words are wrapped to the panel; only the table may be wider than it.
        ui.set_max_width(ui.available_width());
        scrolled_ui(ui, app, words, out);
    });
}

fn scrolled_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let runs = &app.document().runs;
    wrapped_ui(ui, |ui| {
        buttons_ui(ui, app, words, out);
    });
    if runs.is_empty() {
        note_ui(ui, words.text("runs-nothing"));
        return;
    }
    made_room_ui(ui, words, app.made_room());
    for spread in spreads(runs) {
        let names: Vec<&str> = spread.runs.iter().map(|id| runs[id].name.as_str()).collect();
        let about = [
            ("n", names.len().into()),
            ("names", names.join(", ").into()),
            ("mean", explain::short(spread.mean).into()),
            ("deviation", explain::short(spread.deviation).into()),
        ];
        ui.add(egui::Label::new(words.text_with("runs-spread", &about)).wrap());
    }
    copy::with_menu(runs, words, |menu| menu.around(ui, words, |ui| table_ui(ui, app, words, out)));
}

/// What is no longer kept, and why.
fn made_room_ui(ui: &mut Ui, words: &Words, made_room: &MadeRoom) {
    let MadeRoom { runs, weights } = made_room;
    for (key, names) in [("runs-made-room", runs), ("runs-made-room-weights", weights)] {
        // The newest are told.
        let told: Vec<&str> = names.iter().rev().take(TOLD).rev().map(String::as_str).collect();
        let more = if told.len() < names.len() { "…, " } else { "" };
        let about = [("names", format!("{more}{}", told.join(", ")).into()), ("most", MOST_RUNS.into())];
        if !names.is_empty() {
            note_ui(ui, words.text_with(key, &about));
        }
    }
}

fn buttons_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let keep = ui.add_enabled(app.can_keep_run(), egui::Button::new(words.text("runs-keep")));
    let is_full = app.document().room_for_runs() == 0;
    let limit = [("most", MOST_RUNS.into())];
    let hint = if is_full { words.text_with("runs-full", &limit) } else { words.text("runs-keep-hint") };
    if keep.on_hover_text(hint.as_str()).on_disabled_hover_text(hint.as_str()).clicked() {
        out.push(Command::Edit(EditCommand::KeepRun));
    }
    let n = [("n", N_SEEDS.into())];
    match app.repeating() {
        None => {
            let can = app.cannot_start().is_none() && !is_full;
            let button = ui.add_enabled(can, egui::Button::new(words.text_with("runs-seeds", &n)));
            if button.on_hover_text(words.text("runs-seeds-hint")).clicked() {
                out.push(Command::Train(TrainCommand::Repeat(N_SEEDS)));
            }
        }
        Some(fraction) => {
            ui.add(egui::ProgressBar::new(fraction).desired_width(120.0).show_percentage());
            if ui.button(words.text("runs-stop")).clicked() {
                out.push(Command::Train(TrainCommand::StopRepeating));
            }
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
        }
    }
    if !app.document().runs.is_empty() {
        copy::with_menu(&app.document().runs, words, |menu| menu.button_ui(ui, words));
    }
    if is_full {
        note_ui(ui, hint);
    }
}

/// A run a row: how it ended, then its settings, those that differ first.
fn table_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let runs = &app.document().runs;
    let all: Vec<Vec<(&'static str, String)>> =
        runs.values().map(|run| listed(words, &run.settings)).collect();
    let columns = columns(&all);
    let scores = score_keys(runs);
    let mut chosen = chosen(ui);
    let before = chosen.clone();
    let small = |ui: &mut Ui, text: String| ui.label(RichText::new(text).size(11.5).color(theme.weak));
    egui::Grid::new("runs").striped(true).spacing([12.0, 4.0]).show(ui, |ui| {
        small(ui, words.text("runs-name"));
        ui.label("");
        for key in ["runs-epochs", "plot-train", "plot-validation"].into_iter().chain(scores.iter().copied())
        {
            small(ui, words.text(key));
        }
        for (key, differs) in &columns {
            let text = RichText::new(words.text(key)).size(11.5);
            ui.label(if *differs { text.color(theme.accent).strong() } else { text.color(theme.weak) });
        }
        ui.end_row();
        for (idx, (id, run)) in runs.iter().enumerate() {
            ui.horizontal(|ui| {
                let mut is_drawn = is_drawn(runs, &chosen, *id);
                let label = words.text_with("runs-draw", &[("name", run.name.as_str().into())]);
                if bare_check_ui(ui, &mut is_drawn, &label).changed() {
                    chosen.insert(*id, is_drawn);
                }
                name_ui(ui, words, *id, run, out);
            });
            ui.horizontal(|ui| actions_ui(ui, words, *id, run, out));
            let last = run.curve.last();
            number_ui(ui, last.map(|last| last.epoch.to_string()));
            number_ui(ui, last.map(|last| explain::short(last.train_loss)));
            number_ui(ui, last.and_then(|last| last.val_loss).map(explain::short));
            for key in &scores {
                number_ui(ui, score(run, key).map(|score| score_text(key, score)));
            }
            for (key, differs) in &columns {
                let value = value_of(&all[idx], key).unwrap_or("—");
                let text = RichText::new(value).font(theme::mono(12.0));
                ui.label(if *differs { text.color(theme.text).strong() } else { text.color(theme.weak) });
            }
            ui.end_row();
        }
    });
    if chosen != before {
        ui.data_mut(|data| data.insert_temp(Id::new("drawn runs"), chosen));
    }
}

/// The color of its curve, and its name.
fn name_ui(ui: &mut Ui, words: &Words, run_id: RunId, run: &Run, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let called = [("name", run.name.as_str().into())];
    let (rect, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), egui::Sense::hover());
    ui.painter().rect_filled(rect.shrink2(egui::vec2(0.0, 4.0)), 1.0, color_of(theme, run_id));
    // What is being typed is kept until the field is left.
    let id = ui.id().with(("run name", run_id));
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_else(|| run.name.clone());
    let field = egui::TextEdit::singleline(&mut text).char_limit(MOST_RUN_LETTERS);
    let response = ui.add_sized([NAME_WIDTH, ui.spacing().interact_size.y], field);
    name(&response, &words.text_with("runs-rename", &called));
    if response.lost_focus() {
        ui.data_mut(|data| data.remove_temp::<String>(id));
        if text != run.name {
            out.push(Command::Edit(EditCommand::RenameRun(run_id, text)));
        }
    } else if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, text));
    }
}

fn actions_ui(ui: &mut Ui, words: &Words, id: RunId, run: &Run, out: &mut Vec<Command>) {
    let called = [("name", run.name.as_str().into())];
    let label = words.text_with("runs-restore", &called);
    let restore = sign_button(ui, "↺", &label, !run.parameters.is_empty());
    let hint = words.text(if run.parameters.is_empty() { "runs-no-weights" } else { "runs-restore-hint" });
    if restore.on_hover_text(hint.as_str()).on_disabled_hover_text(hint.as_str()).clicked() {
        out.push(Command::Edit(EditCommand::RestoreRun(id)));
    }
    let label = words.text_with("runs-delete", &called);
    if sign_button(ui, "×", &label, true).on_hover_text(label.as_str()).clicked() {
        out.push(Command::Edit(EditCommand::DeleteRun(id)));
    }
}

fn number_ui(ui: &mut Ui, text: Option<String>) {
    ui.label(RichText::new(text.unwrap_or_default()).font(theme::mono(12.0)));
}

fn value_of<'a>(rows: &'a [(&'static str, String)], key: &str) -> Option<&'a str> {
    rows.iter().find(|(other, _)| *other == key).map(|(_, value)| value.as_str())
}

/// Every setting that any run has, and whether they differ in it: those first.
fn columns(all: &[Vec<(&'static str, String)>]) -> Vec<(&'static str, bool)> {
    let mut columns: Vec<(&'static str, bool)> = Vec::new();
    for &(key, _) in all.iter().flatten() {
        if columns.iter().all(|(other, _)| *other != key) {
            let first = all.first().and_then(|rows| value_of(rows, key));
            columns.push((key, all.iter().any(|rows| value_of(rows, key) != first)));
        }
    }
    columns.sort_by_key(|(_, differs)| !differs);
    columns
}

/// The metrics that any run has.
fn score_keys(runs: &Runs) -> Vec<&'static str> {
    let keys = ["metric-accuracy", "metric-mae", "metric-rmse", "metric-r2"];
    keys.into_iter().filter(|key| runs.values().any(|run| score(run, key).is_some())).collect()
}

fn score(run: &Run, key: &str) -> Option<f64> {
    let scores = &run.scores;
    match key {
        "metric-accuracy" => scores.accuracy,
        "metric-mae" => scores.mae,
        "metric-rmse" => scores.rmse,
        _ => scores.r2,
    }
}

fn score_text(key: &str, score: f64) -> String {
    if key == "metric-accuracy" { format!("{:.2} %", 100.0 * score) } else { explain::short(score) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_differ_stand_first_and_are_marked() {
        let run = |rate: &str, extra: bool| {
            let mut rows = vec![("optimizer", "Adam".to_owned()), ("rate", rate.to_owned())];
            rows.extend(extra.then(|| ("patience", "3".to_owned())));
            rows
        };
        let found = columns(&[run("0.1", false), run("0.2", true)]);
        assert_eq!(found, [("rate", true), ("patience", true), ("optimizer", false)]);
        assert_eq!(columns(&[run("0.1", false)]), [("optimizer", false), ("rate", false)]);
    }
}
