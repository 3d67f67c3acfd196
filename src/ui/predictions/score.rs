//! How good the network is on a second file, beside its own rows.
//!
//! Must not measure anything.

use egui::{RichText, Ui};

use crate::app::{App, Command, DataCommand};
use crate::explain;
use crate::train::Metrics;
use crate::ui::act::Act;
use crate::ui::fields::{note_ui, sign_button, wrapped_ui};
use crate::ui::studies::freshness_ui;
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// A button that asks for a file, as long as there is none.
pub(super) fn ask_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>) {
    if app.scored_file().is_some() {
        return;
    }
    let button = ui.button(words.text("menu-score-file"));
    if button.on_hover_text(words.text("predictions-score-hint")).clicked() {
        acts.push(Act::ScoreFile);
    }
}

/// What the second file is called.
pub(super) fn file_name(app: &App) -> Option<String> {
    let path = app.scored_file()?;
    Some(path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()))
}

/// The file's name and its metrics, in a row of their own.
pub(super) fn scored_ui(ui: &mut Ui, app: &App, words: &Words, head: usize, out: &mut Vec<Command>) {
    let (Some(path), Some(name)) = (app.scored_file(), file_name(app)) else { return };
    let weak = Theme::of(ui).weak;
    wrapped_ui(ui, |ui| {
        ui.label(RichText::new(&name).font(theme::strong(13.0))).on_hover_text(path.display().to_string());
        match app.scored_predictions() {
            None => {
                ui.label(RichText::new(words.text("insight-computing")).color(weak));
            }
            Some(answer) => {
                let rows = [("n", answer.result.n_samples.into())];
                ui.label(RichText::new(words.text_with("predictions-rows", &rows)).color(weak));
                if let Some(head) = answer.result.heads.get(head) {
                    metrics_ui(ui, words, &head.metrics.of(None).0);
                }
                freshness_ui(ui, words, &answer);
            }
        }
        let forget = words.text_with("predictions-score-forget", &[("file", name.into())]);
        if sign_button(ui, "×", &forget, true).on_hover_text(forget.as_str()).clicked() {
            out.push(Command::Data(DataCommand::Score(None)));
        }
    });
    for note in app.scored_notes() {
        note_ui(ui, words.say(note));
    }
}

fn metrics_ui(ui: &mut Ui, words: &Words, metrics: &Metrics) {
    let Metrics { mae, rmse, r2, accuracy, mse: _, persistence_mse: _ } = metrics;
    let percent = accuracy.map(|accuracy| format!("{:.2} %", accuracy * 100.0));
    let entries = [
        ("metric-accuracy", percent),
        ("metric-mae", mae.map(explain::short)),
        ("metric-rmse", rmse.map(explain::short)),
        ("metric-r2", r2.map(explain::short)),
    ];
    let weak = Theme::of(ui).weak;
    for (key, value) in entries {
        if let Some(value) = value {
            ui.label(RichText::new(words.text(key)).color(weak));
            ui.label(RichText::new(value).font(theme::mono(12.0)));
        }
    }
}
