//! The Data panel: how the file was read, what its columns are used for, how values are prepared.
//!
//! Must not know how a file is read. Every change is a new [`DataSettings`], sent as one command.

mod copy;
mod fitted;
mod parts;
mod preview;
mod reading;
mod settings;

pub(crate) use fitted::fitted_node_ui;
pub(crate) use preview::find_row;
pub(crate) use settings::sequence_ui;

use std::path::{Path, PathBuf};

use egui::{Align, Button, Frame, Id, Label, Layout, ProgressBar, RichText, ScrollArea, TextEdit, Ui};

use self::parts::{parts_text, parts_ui, parts_width};
use super::act::Act;
use super::fields::{
    MORE_WIDTH, heading_ui, label_before_ui, label_behind_ui, name, note_ui, sign_button, wrapped_ui,
};
use super::theme::{self, Theme};
use crate::app::{App, Command, DataCommand};
use crate::data::{DataError, DataSettings, read_notes};
use crate::network::{ProblemKind, Severity};
use crate::words::{ToMessage, Words};

/// The settings stand beside the preview where the panel is at least this wide.
const WIDE: f32 = 620.0;

/// Findings about the data above the preview; the Problems panel has them all.
const MOST_FINDINGS: usize = 3;

/// The height of quiet sentences.
const QUIET: f32 = 12.0;

/// Width of the settings beside the preview.
const SETTINGS_WIDTH: f32 = 296.0;

/// The panel. `acts` takes what only the window does: asking for a file.
pub(crate) fn data_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>, out: &mut Vec<Command>) {
    progress_ui(ui, app, words, out);
    refused_ui(ui, app, words, out);
    let settings = &app.document().data;
    if settings.path.is_none() {
        empty_ui(ui, app, words, acts, out);
        return;
    }
    let mut new = settings.clone();
    if ui.available_width() >= WIDE {
        file_ui(ui, app, words, acts, out);
        error_ui(ui, app, words);
        findings_ui(ui, app, words);
        let height = ui.available_height();
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(
                egui::vec2(SETTINGS_WIDTH, height),
                Layout::top_down(Align::Min),
                |ui| {
                    ScrollArea::vertical().id_salt("data settings").auto_shrink(false).show(ui, |ui| {
                        settings_ui(ui, app, words, &mut new, out);
                    });
                },
            );
            ui.separator();
            ui.vertical(|ui| preview::preview_ui(ui, app, words, &mut new, out));
        });
    } else {
        ScrollArea::vertical().id_salt("data settings").auto_shrink(false).show(ui, |ui| {
            file_ui(ui, app, words, acts, out);
            error_ui(ui, app, words);
            findings_ui(ui, app, words);
            with_wheel_left(ui, |ui| preview::preview_ui(ui, app, words, &mut new, out));
            settings_ui(ui, app, words, &mut new, out);
        });
    }
    if new != *settings {
        out.push(Command::Data(DataCommand::Set(Box::new(new))));
    }
}

/// The table in a panel that scrolls: the wheel is left to the panel, until the table is clicked.
fn with_wheel_left(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let id = Id::new("wheel of the table");
    let is_clicked: bool = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let wheel = |input: &mut egui::InputState| std::mem::take(&mut input.smooth_scroll_delta.y);
    let left = if is_clicked { 0.0 } else { ui.input_mut(wheel) };
    let area = ui.allocate_ui(egui::vec2(ui.available_width(), 260.0), add).response.rect;
    ui.input_mut(|input| input.smooth_scroll_delta.y += left);
    if ui.input(|input| input.pointer.any_pressed()) {
        let is_clicked = ui.rect_contains_pointer(area);
        ui.data_mut(|data| data.insert_temp(id, is_clicked));
    }
}

fn settings_ui(ui: &mut Ui, app: &App, words: &Words, new: &mut DataSettings, out: &mut Vec<Command>) {
    notes_ui(ui, app, words);
    reading::reading_ui(ui, words, &mut new.dialect, out);
    settings::preparing_ui(ui, words, new);
    settings::split_ui(ui, app, words, new, out);
    if app.document().network.n_steps > 1 {
        sequence_ui(ui, words, new, out);
    }
    fitted::fitted_ui(ui, app, words);
}

/// What is good to know about how the file was read.
fn notes_ui(ui: &mut Ui, app: &App, words: &Words) {
    let Some(table) = app.table() else { return };
    let notes = read_notes(table, app.inspection().map(AsRef::as_ref));
    if notes.is_empty() {
        return;
    }
    heading_ui(ui, words.text("data-notes"));
    for note in notes {
        note_ui(ui, words.say(&note.message()));
    }
}

/// A file on its way into memory.
fn progress_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let Some(job) = app.job().filter(|job| job.can_cancel) else { return };
    ui.horizontal(|ui| {
        ui.label(words.say(&job.message));
        let bar = match job.fraction {
            Some(fraction) => ProgressBar::new(fraction).show_percentage(),
            None => ProgressBar::new(0.0).animate(true),
        };
        let response = ui.add(bar.desired_width(160.0).desired_height(14.0));
        name(&response, &words.text("data-progress"));
        if ui.button(words.text("data-cancel")).clicked() {
            out.push(Command::Data(DataCommand::Cancel));
        }
    });
}

/// The name of the file, how large it is, and what can be done with it.
fn file_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>, out: &mut Vec<Command>) {
    let path = app.document().data.path.clone().unwrap_or_default();
    let name_ui = |ui: &mut Ui| {
        let label = ui.label(RichText::new(short_name(&path)).font(theme::strong(13.5)));
        label.on_hover_text(path.display().to_string());
    };
    if ui.available_width() < WIDE {
        wrapped_ui(ui, |ui| {
            name_ui(ui);
            for button in BUTTONS {
                file_button_ui(ui, words, button, acts, out);
            }
            columns_ui(ui, app, words);
            parts_ui(ui, app, words);
        });
        return;
    }
    let is_whole = ui
        .horizontal(|ui| {
            name_ui(ui);
            // From the right: the buttons stay whole, and the sentences take what room they leave.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for button in BUTTONS.into_iter().rev() {
                    file_button_ui(ui, words, button, acts, out);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    columns_ui(ui, app, words);
                    let has_room = parts_width(ui, app, words) <= ui.available_width();
                    if has_room {
                        parts_ui(ui, app, words);
                    }
                    has_room
                })
                .inner
            })
            .inner
        })
        .inner;
    if !is_whole {
        parts_ui(ui, app, words);
    }
}

/// What can be done with the file, by the keys of the buttons.
const BUTTONS: [&str; 3] = ["menu-load-data", "data-reload", "data-unload"];

fn file_button_ui(ui: &mut Ui, words: &Words, key: &str, acts: &mut Vec<Act>, out: &mut Vec<Command>) {
    let response = ui.add(Button::new(RichText::new(words.text(key)).size(12.0)).small());
    let (hint, command) = match key {
        "data-reload" => ("menu-reload-data", DataCommand::Reload),
        "data-unload" => ("menu-unload-data", DataCommand::Unload),
        _ => {
            if response.clicked() {
                acts.push(Act::LoadData);
            }
            return;
        }
    };
    if response.on_hover_text(words.text(hint)).clicked() {
        out.push(Command::Data(command));
    }
}

/// How large the table is, and its menu.
fn columns_ui(ui: &mut Ui, app: &App, words: &Words) {
    let Some(table) = app.table() else { return };
    let size = [("rows", table.n_rows().into()), ("columns", table.n_columns().into())];
    let text = RichText::new(words.text_with("data-size", &size)).color(Theme::of(ui).weak).size(QUIET);
    label_before_ui(ui, text, MORE_WIDTH);
    copy::with_menu(table, words, |menu| menu.button_ui(ui, words));
}

fn quiet_ui(ui: &mut Ui, text: String) -> egui::Response {
    let text = RichText::new(text).color(Theme::of(ui).weak).size(QUIET);
    label_behind_ui(ui, text)
}

/// The last part of a path.
fn short_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// A file that could not be read: what is wrong, and other ways to read it. Scrolls by itself, and
/// leaves room for the file that is loaded.
fn refused_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let Some(refused) = app.refused_file() else { return };
    let theme = Theme::of(ui);
    let share = if app.document().data.path.is_some() { 0.6 } else { 1.0 };
    let height = ui.available_height() * share;
    Frame::NONE.fill(theme.error.gamma_multiply(0.12)).corner_radius(4).inner_margin(8).show(ui, |ui| {
        let area = ScrollArea::vertical().id_salt("refused").max_height((height - 20.0).max(40.0));
        area.auto_shrink([false, true]).show(ui, |ui| {
            ui.horizontal(|ui| {
                let title = words.text_with("data-refused", &[("file", short_name(&refused.path).into())]);
                ui.label(RichText::new(title).font(theme::strong(13.0)));
                if sign_button(ui, "×", &words.text("data-refused-close"), true).clicked() {
                    out.push(Command::Data(DataCommand::Cancel));
                }
            });
            let what = words.say(&refused.error.kind.message());
            let said = match place_text(&refused.error, words) {
                Some(place) => format!("{place}: {what}"),
                None => what,
            };
            ui.add(egui::Label::new(RichText::new(said).color(theme.error)).wrap());
            note_ui(ui, refused.path.display().to_string());
            let Some(dialect) = &refused.dialect else {
                note_ui(ui, words.text("data-refused-stays"));
                return;
            };
            note_ui(ui, words.text("data-refused-hint"));
            ui.push_id("refused", |ui| {
                let mut new = dialect.clone();
                reading::reading_ui(ui, words, &mut new, out);
                if new != *dialect {
                    out.push(Command::Data(DataCommand::LoadAs(refused.path.clone(), new)));
                }
            });
        });
    });
    ui.add_space(4.0);
}

/// The line and the column of an error, where they are known.
fn place_text(error: &DataError, words: &Words) -> Option<String> {
    let place = &error.place;
    match (place.line, place.column) {
        (None, None) => None,
        (Some(line), None) => Some(words.text_with("data-place-line", &[("line", (line as f64).into())])),
        (line, Some(column)) => {
            let name = place.column_name.clone().unwrap_or_default();
            let line = line.unwrap_or(1) as f64;
            let about = [("line", line.into()), ("column", column.into()), ("name", name.into())];
            Some(words.text_with("data-place-line-column", &about))
        }
    }
}

/// What is wrong with the data, where they are.
fn error_ui(ui: &mut Ui, app: &App, words: &Words) {
    let Some(error) = app.data_error() else { return };
    let theme = Theme::of(ui);
    let frame = Frame::NONE.fill(theme.error.gamma_multiply(0.12)).corner_radius(4).inner_margin(6);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let text = RichText::new(words.say(&error.message())).color(theme.error);
        ui.add(egui::Label::new(text).wrap());
    });
}

/// What the data cost and what the model does not know of them: the first findings.
fn findings_ui(ui: &mut Ui, app: &App, words: &Words) {
    let theme = Theme::of(ui);
    let findings = app.problems().iter().filter(|problem| matches!(problem.kind, ProblemKind::OfData { .. }));
    for problem in findings.filter(|problem| problem.severity < Severity::Error).take(MOST_FINDINGS) {
        let color = if problem.severity == Severity::Warning { theme.warning } else { theme.weak };
        let text = RichText::new(words.say(&problem.message())).color(color).size(12.0);
        ui.add(Label::new(text).wrap());
    }
}

/// What to do where there is no file yet.
fn empty_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>, out: &mut Vec<Command>) {
    ScrollArea::vertical().id_salt("no data").auto_shrink(false).show(ui, |ui| {
        if app.prepared().is_none() {
            heading_ui(ui, words.text("data-none"));
            note_ui(ui, words.text("data-none-hint"));
        } else {
            heading_ui(ui, words.text("data-typed"));
            if let Some(prepared) = app.prepared() {
                note_ui(ui, parts_text(prepared, words));
            }
        }
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if ui.button(words.text("menu-load-data")).clicked() {
                acts.push(Act::LoadData);
            }
            path_ui(ui, words, out);
        });
        ui.add_space(4.0);
        note_ui(ui, words.text("data-drop-hint"));
        if app.prepared().is_some() {
            let mut new = app.document().data.clone();
            settings::split_ui(ui, app, words, &mut new, out);
            if new != app.document().data {
                out.push(Command::Data(DataCommand::Set(Box::new(new))));
            }
        } else if app.document().network.nodes.values().any(|node| node.kind.data().is_some()) {
            error_ui(ui, app, words);
        }
    });
}

/// A box for a path and a button that loads it.
fn path_ui(ui: &mut Ui, words: &Words, out: &mut Vec<Command>) {
    let id = Id::new("data path");
    let mut path: String = ui.data_mut(|data| data.get_temp(id)).unwrap_or_default();
    let width = (ui.available_width() - 70.0).clamp(80.0, 360.0);
    let edit = TextEdit::singleline(&mut path).desired_width(width).hint_text(words.text("data-path-hint"));
    let response = ui.add(edit);
    name(&response, &words.text("data-path"));
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let typed = path.trim().trim_matches('"');
    let load = ui.add_enabled(!typed.is_empty(), egui::Button::new(words.text("data-load")));
    if (load.clicked() || entered) && !typed.is_empty() {
        out.push(Command::Data(DataCommand::Load(PathBuf::from(typed))));
    }
    ui.data_mut(|data| data.insert_temp(id, path));
}
