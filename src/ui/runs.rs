//! The Runs panel: trainings that are kept, side by side, with what differs between them marked.
//!
//! Must not train anything.

mod copy;
mod drawn;

use egui::{RichText, ScrollArea, Ui};

use super::fields::{
    MORE_WIDTH, bare_check_ui, button_width, name, note_ui, sign_button, wrap_before, wrapped_ui,
};
use super::settings_words;
use super::theme::{self, SCROLL_BAR, Theme};
use crate::app::{App, Command, EditCommand, TrainCommand};
use crate::document::{MOST_RUN_LETTERS, MOST_RUNS, MadeRoom, Run, RunId, RunName, Runs, spreads};
use crate::explain;
use crate::words::{ToMessage as _, Words, with_minus};

pub(super) use drawn::{Band, Dashes, DrawnRun, SAMPLE, bands, drawn, sample_ui};

/// Other seeds that are tried at once.
const N_SEEDS: usize = 5;
/// Names that are told of what is no longer kept.
const TOLD: usize = 5;
/// Room for a name.
const NAME_WIDTH: f32 = 110.0;
/// Longer settings are cut in the middle.
const SETTING_LETTERS: usize = 48;

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
        let names: Vec<String> = spread.runs.iter().map(|id| called(words, &runs[id].name)).collect();
        let about = [
            ("n", names.len().into()),
            ("names", names.join(", ").into()),
            ("mean", explain::short(spread.mean).into()),
            ("deviation", explain::short(spread.deviation).into()),
        ];
        ui.add(egui::Label::new(words.text_with("runs-spread", &about)).wrap());
    }
    let width = ui.available_width();
    copy::with_menu(runs, words, |menu| menu.around(ui, words, |ui| table_ui(ui, app, words, out)));
    ui.vertical(|ui| {
        // Not as wide as the table may be.
        ui.set_max_width(width);
        note_ui(ui, words.text_with("runs-limits", &[("most", MOST_RUNS.into())]));
        // The last line stays clear of the scroll bar.
        ui.add_space(SCROLL_BAR);
    });
}

/// What a run is called in the window's language.
pub(super) fn called(words: &Words, name: &RunName) -> String {
    words.say(&name.message())
}

/// Every setting of a run, and what was drawn.
fn listed(words: &Words, run: &Run) -> Vec<(&'static str, String)> {
    let drawing = Some(run.drawing.clone()).filter(|drawing| !drawing.is_empty());
    let drawing = drawing.map(|drawing| ("runs-drawing", drawing));
    drawing.into_iter().chain(settings_words::listed(words, &run.settings)).collect()
}

/// What is no longer kept, and why.
fn made_room_ui(ui: &mut Ui, words: &Words, made_room: &MadeRoom) {
    let MadeRoom { runs, weights } = made_room;
    for (key, names) in [("runs-made-room", runs), ("runs-made-room-weights", weights)] {
        // The newest are told.
        let told = names.iter().rev().take(TOLD).rev();
        let told: Vec<String> = told.map(|name| called(words, name)).collect();
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
            let text = words.text_with("runs-seeds", &n);
            // The menu stands beside it.
            wrap_before(ui, button_width(ui, &text) + ui.spacing().item_spacing.x + MORE_WIDTH);
            let button = ui.add_enabled(can, egui::Button::new(text));
            if button.on_hover_text(words.text("runs-seeds-hint")).clicked() {
                out.push(Command::Train(TrainCommand::Repeat(N_SEEDS)));
            }
        }
        Some(fraction) => {
            ui.add(egui::ProgressBar::new(fraction).desired_width(120.0).show_percentage());
            if ui.button(words.text("runs-stop")).clicked() {
                out.push(Command::Train(TrainCommand::StopRepeating));
            }
            if app.repeats_older_drawing() {
                let theme = Theme::of(ui);
                ui.label(RichText::new(words.text("runs-older-drawing")).color(theme.warning));
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
    let all: Vec<Vec<(&'static str, String)>> = runs.values().map(|run| listed(words, run)).collect();
    let columns = columns(&all);
    let scores = score_keys(runs);
    let drawing = app.document().network.outline();
    let mut chosen = drawn::chosen(ui);
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
                let mut is_drawn = drawn::is_drawn(runs, &chosen, *id);
                let label = words.text_with("runs-draw", &[("name", run.name.message().into())]);
                if bare_check_ui(ui, &mut is_drawn, &label).changed() {
                    chosen.insert(*id, is_drawn);
                }
                name_ui(ui, words, *id, run, out);
            });
            let is_other =
                !run.fits(&app.document().parameters) || !(run.drawing.is_empty() || run.drawing == drawing);
            ui.horizontal(|ui| {
                actions_ui(ui, words, *id, run, run.fits(&app.document().parameters), out);
                if is_other {
                    let mark = ui.label(RichText::new("≠").color(theme.warning));
                    let said = words.text("runs-other-drawing");
                    name(&mark.on_hover_text(said.as_str()), &said);
                }
            });
            let last = run.curve.last();
            number_ui(ui, last.map(|last| last.epoch.to_string()));
            number_ui(ui, last.map(|last| explain::short(last.train_loss)));
            number_ui(ui, last.and_then(|last| last.val_loss).map(explain::short));
            for key in &scores {
                number_ui(ui, score(run, key).map(|score| score_text(key, score)));
            }
            for (key, differs) in &columns {
                let value = value_of(&all[idx], key).unwrap_or("—");
                let short = cut(value);
                let text = RichText::new(with_minus(&short)).font(theme::mono(12.0));
                let shown =
                    ui.label(if *differs { text.color(theme.text).strong() } else { text.color(theme.weak) });
                if short != value {
                    shown.on_hover_text(with_minus(value));
                }
            }
            ui.end_row();
        }
    });
    if chosen != before {
        drawn::choose(ui, chosen);
    }
}

/// The color of its curve, and its name.
fn name_ui(ui: &mut Ui, words: &Words, run_id: RunId, run: &Run, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let about = [("name", run.name.message().into())];
    drawn::sample_ui(ui, drawn::color_of(theme, run_id), drawn::dashes_of(run_id));
    // What is being typed is kept until the field is left.
    let id = ui.id().with(("run name", run_id));
    let given = run.name.given.clone().unwrap_or_default();
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_else(|| given.clone());
    let number = called(words, &RunName::numbered(run.name.number));
    let field = egui::TextEdit::singleline(&mut text).hint_text(number).char_limit(MOST_RUN_LETTERS);
    let response = ui.add_sized([NAME_WIDTH, ui.spacing().interact_size.y], field);
    name(&response, &words.text_with("runs-rename", &about));
    if response.lost_focus() {
        ui.data_mut(|data| data.remove_temp::<String>(id));
        if text != given {
            out.push(Command::Edit(EditCommand::RenameRun(run_id, text)));
        }
    } else if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, text));
    }
}

fn actions_ui(ui: &mut Ui, words: &Words, id: RunId, run: &Run, fits: bool, out: &mut Vec<Command>) {
    let about = [("name", run.name.message().into())];
    let label = words.text_with("runs-restore", &about);
    let restore = sign_button(ui, "↺", &label, fits && !run.parameters.is_empty());
    let hint = match (run.parameters.is_empty(), fits) {
        (true, _) => words.text("runs-no-weights"),
        (false, true) => words.text("runs-restore-hint"),
        (false, false) => words.text_with("runs-no-place", &about),
    };
    if restore.on_hover_text(hint.as_str()).on_disabled_hover_text(hint.as_str()).clicked() {
        out.push(Command::Edit(EditCommand::RestoreRun(id)));
    }
    let label = words.text_with("runs-delete", &about);
    if sign_button(ui, "×", &label, true).on_hover_text(label.as_str()).clicked() {
        out.push(Command::Edit(EditCommand::DeleteRun(id)));
    }
}

/// A long setting without its middle.
fn cut(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() <= SETTING_LETTERS {
        return value.to_owned();
    }
    let half = SETTING_LETTERS / 2;
    let (begin, end) = (&letters[..half], &letters[letters.len() - half + 1..]);
    begin.iter().chain(&['…']).chain(end).collect()
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
    fn a_long_setting_is_cut_in_the_middle() {
        assert_eq!(cut("Dense 8"), "Dense 8");
        let short = cut(&("a".repeat(60) + "z"));
        assert!(short.chars().count() == SETTING_LETTERS && short.starts_with('a') && short.ends_with('z'));
    }

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
