//! File ▸ Export: which form, the files that will be written with what stands in them, and where.
//!
//! Must not know any form, nor write a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Button, Context, Id, RichText, ScrollArea, TextEdit, Ui};

use super::super::convention::convention_choices_ui;
use super::super::fields::{name, note_ui, wrapped_ui};
use super::super::theme::{self, Theme};
use crate::app::{App, Command, ExportCommand, ExportOutcome, ExportPreview, Picked, Picking, Wake};
use crate::explain::print::Convention;
use crate::export::{ExportError, ExportedFile, Form, WRITERS, Writer};
use crate::words::{ToMessage as _, Words};

/// The most of a file that is shown.
const MOST_SHOWN: usize = 40_000;

/// The dialog while it is open.
pub(super) struct ExportDialog {
    writer: &'static Writer,
    folder: String,
    file_name: String,
    /// Which file is shown.
    shown: usize,
    /// The convention that was chosen here; the window's without it.
    convention: Option<Convention>,
    /// The text of a file, by its place among all of an export.
    text: Option<(Arc<Vec<ExportedFile>>, usize, String)>,
    picking: Option<Picking>,
    was_shown: bool,
}

impl ExportDialog {
    /// Opens with the first form, beside the model's own file.
    pub(super) fn open(app: &App, out: &mut Vec<Command>) -> Option<Self> {
        let writer = WRITERS.first()?;
        out.push(Command::Export(ExportCommand::Preview(writer, None)));
        let folder = app.path().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.map(Path::to_owned);
        let folder = folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let folder = std::path::absolute(&folder).unwrap_or(folder).display().to_string();
        Some(Self {
            writer,
            folder,
            file_name: String::new(),
            shown: 0,
            convention: None,
            text: None,
            picking: None,
            was_shown: false,
        })
    }

    /// Draws it; false when it is done with.
    pub(super) fn ui(
        &mut self,
        ctx: &Context,
        app: &App,
        words: &Words,
        wake: &Wake,
        out: &mut Vec<Command>,
    ) -> bool {
        let Some(preview) = app.export_preview() else {
            // It was written, or is not there yet in the frame that asked for it.
            return !self.was_shown;
        };
        if !self.was_shown {
            self.file_name = self.writer.proposed_name(&preview.title);
            self.was_shown = true;
        }
        self.take_picked();
        let mut close = false;
        let room = ctx.content_rect().size();
        let modal = super::modal("export", ctx).show(ctx, |ui| {
            ui.set_width(860.0_f32.min(room.x - 60.0).max(0.0));
            ui.heading(words.text("export-title"));
            ui.add_space(6.0);
            let height = (room.y - 280.0).clamp(80.0, 440.0);
            let size = egui::vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Min), |ui| {
                ui.set_height(height);
                ui.vertical(|ui| {
                    ui.set_width(210.0_f32.min(ui.available_width() / 3.0));
                    ScrollArea::vertical().id_salt("forms").max_height(height).show(ui, |ui| {
                        self.forms_ui(ui, preview, words, out);
                    });
                });
                ui.separator();
                ui.vertical(|ui| self.preview_ui(ui, preview, words));
            });
            ui.add_space(8.0);
            self.convention_ui(ui, preview, words, out);
            self.place_ui(ui, words, wake);
            outcome_ui(ui, preview, words);
            ui.add_space(6.0);
            close = self.buttons_ui(ui, preview, words, out);
        });
        if close || modal.should_close() {
            out.push(Command::Export(ExportCommand::Close));
            return false;
        }
        true
    }

    fn take_picked(&mut self) {
        match self.picking.as_ref().map(Picking::poll) {
            Some(Picked::Path(path)) => {
                self.folder = path.display().to_string();
                self.picking = None;
            }
            Some(Picked::Nothing) => self.picking = None,
            Some(Picked::Waiting) | None => {}
        }
    }

    fn forms_ui(&mut self, ui: &mut Ui, preview: &ExportPreview, words: &Words, out: &mut Vec<Command>) {
        for writer in WRITERS {
            let label = ui.radio(self.writer == writer, words.text(writer.name));
            if label.clicked() && self.writer != writer {
                self.writer = writer;
                self.shown = 0;
                self.file_name = writer.proposed_name(&preview.title);
                out.push(Command::Export(ExportCommand::Preview(writer, self.convention)));
            }
        }
    }

    /// The convention, for forms that leave the choice: another one writes them anew.
    fn convention_ui(&mut self, ui: &mut Ui, preview: &ExportPreview, words: &Words, out: &mut Vec<Command>) {
        if self.writer.convention.is_none() || preview.writer != self.writer {
            return;
        }
        let before = preview.convention;
        let chosen = wrapped_ui(ui, |ui| convention_choices_ui(ui, before, words)).inner;
        ui.add_space(4.0);
        if chosen != before {
            self.convention = Some(chosen);
            out.push(Command::Export(ExportCommand::Preview(self.writer, self.convention)));
        }
    }

    fn preview_ui(&mut self, ui: &mut Ui, preview: &ExportPreview, words: &Words) {
        let files = preview.files.as_ref().filter(|_| preview.writer == self.writer);
        match files {
            None => note_ui(ui, words.text("export-making")),
            Some(Err(error)) => refused_ui(ui, error, words),
            Some(Ok(files)) => {
                if files.len() > 1 {
                    wrapped_ui(ui, |ui| {
                        for (at, file) in files.iter().enumerate() {
                            let label = RichText::new(&file.name).font(theme::mono(12.0));
                            if ui.selectable_label(self.shown == at, label).clicked() {
                                self.shown = at;
                            }
                        }
                    });
                    ui.separator();
                }
                if files.get(self.shown).is_some() {
                    let salt = ("file", self.writer.slug, self.shown);
                    let text = self.text_of(files, words);
                    ScrollArea::both()
                        .id_salt(salt)
                        .max_height(ui.available_height())
                        .auto_shrink([false, false])
                        .show(ui, |ui| {
                            let text = RichText::new(text).font(theme::mono(11.5));
                            ui.add(egui::Label::new(text).extend().selectable(true));
                        });
                }
            }
        }
    }

    /// What stands in the shown file; of one that is no text, how large it is.
    fn text_of(&mut self, files: &Arc<Vec<ExportedFile>>, words: &Words) -> &str {
        let is_kept =
            self.text.as_ref().is_some_and(|(of, at, _)| Arc::ptr_eq(of, files) && *at == self.shown);
        if let Some(file) = files.get(self.shown).filter(|_| !is_kept) {
            let text = match std::str::from_utf8(&file.bytes) {
                Ok(text) if text.len() <= MOST_SHOWN => text.to_owned(),
                Ok(text) => text.chars().take(MOST_SHOWN).chain("\n…".chars()).collect(),
                Err(_) => words.text_with("export-bytes", &[("n", file.bytes.len().into())]),
            };
            self.text = Some((Arc::clone(files), self.shown, text));
        }
        self.text.as_ref().map_or("", |(_, _, text)| text)
    }

    fn place_ui(&mut self, ui: &mut Ui, words: &Words, wake: &Wake) {
        let width = (ui.available_width() - 240.0).max(80.0);
        egui::Grid::new("export place").num_columns(3).spacing([8.0, 6.0]).show(ui, |ui| {
            let folder = words.text("export-folder");
            ui.label(&folder);
            let size = egui::vec2(width, ui.spacing().interact_size.y);
            let edit = TextEdit::singleline(&mut self.folder).font(theme::mono(12.5));
            name(&ui.add_sized(size, edit.id(Id::new("export folder"))), &folder);
            if ui.add_enabled(self.picking.is_none(), Button::new(words.text("files-browse"))).clicked() {
                self.picking = Some(Picking::new(folder_dialog(&self.folder), wake.clone()));
            }
            ui.end_row();
            let key = if self.writer.form == Form::Folder { "export-new-folder" } else { "export-file" };
            let label = words.text(key);
            ui.label(&label);
            let edit = TextEdit::singleline(&mut self.file_name).font(theme::mono(12.5));
            name(&ui.add_sized(size, edit.id(Id::new("export name"))), &label);
            ui.end_row();
        });
    }

    /// Where it will be written; nothing where a name is missing.
    fn path(&self) -> Option<PathBuf> {
        let file_name = self.file_name.trim();
        (!file_name.is_empty()).then(|| Path::new(self.folder.trim()).join(file_name))
    }

    /// True when the dialog shall close.
    fn buttons_ui(
        &self,
        ui: &mut Ui,
        preview: &ExportPreview,
        words: &Words,
        out: &mut Vec<Command>,
    ) -> bool {
        let mut close = false;
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let theme = Theme::of(ui);
            let path = self.path();
            let replace =
                matches!(&preview.outcome, Some(ExportOutcome::IsThere(at)) if Some(at) == path.as_ref());
            let key = if replace { "files-replace" } else { "export-write" };
            let text = RichText::new(words.text(key)).color(theme.on_accent);
            let is_made = matches!(preview.files, Some(Ok(_))) && preview.writer == self.writer;
            let is_ready = is_made && path.is_some();
            if ui.add_enabled(is_ready, Button::new(text).fill(theme.accent)).clicked()
                && let Some(path) = path
            {
                out.push(Command::Export(ExportCommand::Write { path, replace }));
            }
            close = ui.button(words.text("files-cancel")).clicked();
        });
        close
    }
}

/// What stands in the way of an export, each problem on a line.
fn refused_ui(ui: &mut Ui, error: &ExportError, words: &Words) {
    let color = Theme::of(ui).error;
    ui.add(egui::Label::new(RichText::new(words.say(&error.message())).color(color)).wrap());
    if let ExportError::Problems(problems) = error {
        ui.add_space(4.0);
        for problem in problems {
            ui.add(egui::Label::new(format!("• {}", words.say(&problem.message()))).wrap());
        }
    }
}

fn outcome_ui(ui: &mut Ui, preview: &ExportPreview, words: &Words) {
    let theme = Theme::of(ui);
    let (text, color) = match &preview.outcome {
        None => return,
        Some(ExportOutcome::IsThere(path)) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (words.text_with("export-is-there", &[("file", name.into())]), theme.warning)
        }
        Some(ExportOutcome::Failed(message)) => (words.say(message), theme.error),
    };
    ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
}

/// The native dialog for a folder. It is made here, on the window's thread, and awaited elsewhere.
fn folder_dialog(text: &str) -> impl Future<Output = Option<PathBuf>> + Send + 'static {
    let mut dialog = rfd::AsyncFileDialog::new();
    let typed = Path::new(text.trim());
    if typed.is_dir() {
        dialog = dialog.set_directory(typed);
    }
    let picked = dialog.pick_folder();
    async move { picked.await.map(|handle| handle.path().to_owned()) }
}
