//! Asking for a path: a box to type it in, the native dialog, recent files, shipped examples.
//!
//! Must not know what is done with the path, nor look at the disk.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Button, Context, Id, Key, RichText, ScrollArea, TextEdit, Ui};

use super::super::fields::{heading_ui, mark_text, note_ui};
use super::super::menu::short_path;
use super::super::pictures::Offer;
use super::super::theme::{self, Theme};
use crate::app::{App, Command, DataCommand, FileCommand, Picked, Picking, Question, Wake};
use crate::files::{Preferences, is_model_path};
use crate::words::Words;

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathTask {
    /// A model to open.
    Open,
    /// Where to save the model.
    SaveAs,
    /// A data file to load.
    LoadData,
    /// Where to save a picture or a table.
    SaveCopy,
    /// Weights to take over.
    ImportWeights,
    /// A second file to score the network on.
    ScoreFile,
}

/// The dialog while it is open.
pub(super) struct PathDialog {
    task: PathTask,
    text: String,
    /// Why the path that was typed before did not do.
    reason: Option<String>,
    picking: Option<Picking>,
    is_new: bool,
    /// What is saved, where it is not the model.
    offer: Option<Arc<Offer>>,
}

impl PathDialog {
    pub(super) fn new(task: PathTask, app: &App, words: &Words, preferences: &Preferences) -> Self {
        let (text, reason) = match (task, app.question()) {
            (PathTask::SaveAs, Some(Question::WhereToSave { typed, reason })) => {
                (typed.clone(), reason.as_ref().map(|reason| words.say(reason)))
            }
            (
                PathTask::SaveAs
                | PathTask::Open
                | PathTask::LoadData
                | PathTask::ImportWeights
                | PathTask::ScoreFile
                | PathTask::SaveCopy,
                _,
            ) => (None, None),
        };
        let text = match task {
            PathTask::SaveAs => text.unwrap_or_else(|| proposal(app, preferences)).display().to_string(),
            PathTask::Open
            | PathTask::LoadData
            | PathTask::ImportWeights
            | PathTask::ScoreFile
            | PathTask::SaveCopy => String::new(),
        };
        Self { task, text, reason, picking: None, is_new: true, offer: None }
    }

    /// Asks where to save a picture or a table: beside the model, if nothing else is typed.
    pub(super) fn of_offer(offer: Arc<Offer>, app: &App, words: &Words, preferences: &Preferences) -> Self {
        let mut dialog = Self::new(PathTask::SaveCopy, app, words, preferences);
        dialog.text = proposal(app, preferences).with_file_name(offer.file_name()).display().to_string();
        dialog.offer = Some(offer);
        dialog
    }

    /// Draws it; false when it is done with.
    pub(super) fn ui(
        &mut self,
        ctx: &Context,
        words: &Words,
        preferences: &Preferences,
        wake: &Wake,
        out: &mut Vec<Command>,
    ) -> bool {
        let mut chosen = None;
        if let Some(picking) = &self.picking {
            match picking.poll() {
                Picked::Waiting => {}
                Picked::Path(path) => chosen = Some(Choice::Path(path)),
                Picked::Nothing => self.picking = None,
            }
        }
        let mut cancel = false;
        let modal = super::modal("path", ctx).show(ctx, |ui| {
            ui.set_width(460.0_f32.min(ctx.content_rect().width() - 40.0).max(0.0));
            ui.heading(words.text(match self.task {
                PathTask::Open => "files-open-title",
                PathTask::SaveAs => "files-save-title",
                PathTask::LoadData => "files-data-title",
                PathTask::SaveCopy => "files-copy-title",
                PathTask::ImportWeights => "import-title",
                PathTask::ScoreFile => "predictions-score-title",
            }));
            ui.add_space(4.0);
            self.box_ui(ui, words, wake, &mut chosen);
            self.lists_ui(ui, words, preferences, &mut chosen);
            ui.add_space(6.0);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let key = if self.task.is_save() { "files-save" } else { "files-open" };
                let theme = Theme::of(ui);
                let text = RichText::new(words.text(key)).color(theme.on_accent);
                let typed = self.typed();
                let button = Button::new(text).fill(theme.accent);
                if ui.add_enabled(typed.is_some(), button).clicked() {
                    chosen = typed.map(Choice::Path);
                }
                cancel |= ui.button(words.text("files-cancel")).clicked();
            });
        });
        cancel |= modal.should_close();
        self.is_new = false;
        if let Some(choice) = chosen {
            out.extend(self.command(choice));
            return false;
        }
        !cancel
    }

    fn box_ui(&mut self, ui: &mut Ui, words: &Words, wake: &Wake, chosen: &mut Option<Choice>) {
        let label = words.text("files-path");
        note_ui(ui, label.clone());
        ui.horizontal(|ui| {
            let browse = words.text("files-browse");
            let width = (ui.available_width() - 110.0).max(60.0);
            let id = Id::new("path dialog");
            let edit =
                TextEdit::singleline(&mut self.text).id(id).font(theme::mono(12.5)).desired_width(width);
            let response = ui.add(edit);
            super::super::fields::name(&response, &label);
            if self.is_new {
                response.request_focus();
                mark_text(ui.ctx(), id, name_in(&self.text));
            }
            if response.changed() {
                self.reason = None;
            }
            if response.lost_focus()
                && ui.input(|input| input.key_pressed(Key::Enter))
                && let Some(path) = self.typed()
            {
                *chosen = Some(Choice::Path(path));
            }
            if ui.add_enabled(self.picking.is_none(), Button::new(browse)).clicked() {
                self.picking = Some(Picking::new(native_dialog(self.task, &self.text, words), wake.clone()));
            }
        });
        if self.picking.is_some() {
            note_ui(ui, words.text("files-browsing"));
        }
        if let Some(reason) = &self.reason {
            let color = Theme::of(ui).error;
            ui.add(egui::Label::new(RichText::new(reason).color(color)).wrap());
        } else if self.task == PathTask::SaveAs
            && let Some(typed) = self.typed()
        {
            let target = with_ending(typed.clone());
            if target != typed {
                let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
                note_ui(ui, words.text_with("files-saved-as", &[("file", name.into())]));
            }
        }
    }

    /// The path in the box; quotes around it, as file managers copy them, do not belong to it.
    fn typed(&self) -> Option<PathBuf> {
        let text = self.text.trim().trim_matches('"');
        (!text.is_empty()).then(|| PathBuf::from(text))
    }

    fn lists_ui(&self, ui: &mut Ui, words: &Words, preferences: &Preferences, chosen: &mut Option<Choice>) {
        let recent = match self.task {
            PathTask::Open => &preferences.recent_models,
            PathTask::LoadData | PathTask::ScoreFile => &preferences.recent_data,
            PathTask::SaveAs | PathTask::ImportWeights | PathTask::SaveCopy => return,
        };
        ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
            ui.take_available_width();
            if !recent.is_empty() {
                heading_ui(ui, words.text("files-recent"));
                for path in recent {
                    let response =
                        ui.link(file_name(short_path(path))).on_hover_text(path.display().to_string());
                    if response.clicked() {
                        *chosen = Some(Choice::Path(path.clone()));
                    }
                }
            }
            if self.task == PathTask::Open {
                heading_ui(ui, words.text("files-examples"));
                for (name, _) in crate::files::EXAMPLES {
                    if ui.link(file_name(*name)).clicked() {
                        *chosen = Some(Choice::Example((*name).to_owned()));
                    }
                }
            }
        });
    }

    fn command(&self, choice: Choice) -> Option<Command> {
        Some(match (self.task, choice) {
            (_, Choice::Example(name)) => Command::File(FileCommand::OpenExample(name)),
            (PathTask::SaveCopy, Choice::Path(path)) => {
                let offer = self.offer.as_ref()?;
                let path = offer.with_ending(path);
                let bytes = Arc::new(offer.bytes(&path)?);
                Command::File(FileCommand::SaveCopy { path, bytes, replace: false })
            }
            (PathTask::Open, Choice::Path(path)) => Command::File(FileCommand::Open(path)),
            (PathTask::SaveAs, Choice::Path(path)) => Command::File(FileCommand::SaveAs(with_ending(path))),
            (PathTask::LoadData, Choice::Path(path)) => Command::Data(DataCommand::Load(path)),
            (PathTask::ScoreFile, Choice::Path(path)) => Command::Data(DataCommand::Score(Some(path))),
            (PathTask::ImportWeights, Choice::Path(path)) => Command::File(FileCommand::ImportWeights(path)),
        })
    }
}

impl PathTask {
    /// Whether something is written.
    fn is_save(self) -> bool {
        matches!(self, Self::SaveAs | Self::SaveCopy)
    }
}

enum Choice {
    Path(PathBuf),
    Example(String),
}

/// A file's name, in letters that leave `2x3` as it is.
fn file_name(name: impl Into<String>) -> RichText {
    RichText::new(name).font(theme::mono(12.5))
}

/// Models end in `.ron`.
fn with_ending(path: PathBuf) -> PathBuf {
    let is_folder = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    if is_model_path(&path) || is_folder || path.file_name().is_none() {
        return path;
    }
    let mut text = path.into_os_string();
    text.push(".ron");
    PathBuf::from(text)
}

/// Where a model is saved if nothing else is typed: where it came from, or beside the newest one.
fn proposal(app: &App, preferences: &Preferences) -> PathBuf {
    let path = app.path().map_or_else(
        || {
            let name = app.example().unwrap_or("network").to_owned() + ".ron";
            let folder = preferences.recent_models.first().and_then(|path| path.parent());
            folder.map_or_else(|| PathBuf::from(&name), |folder| folder.join(&name))
        },
        Path::to_owned,
    );
    std::path::absolute(&path).unwrap_or(path)
}

/// The characters of a path that name its file, without the ending.
fn name_in(text: &str) -> Range<usize> {
    let start = text.rfind(std::path::MAIN_SEPARATOR).map_or(0, |at| at + 1);
    let (folder, name) = text.split_at(start);
    let endings = [".ron", ".svg", ".png", ".csv"];
    let stem = endings.into_iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let start = folder.chars().count();
    start..start + stem.chars().count()
}

/// The native dialog. It is made here, on the window's thread, and awaited elsewhere.
fn native_dialog(
    task: PathTask,
    text: &str,
    words: &Words,
) -> impl Future<Output = Option<PathBuf>> + Send + 'static {
    let mut dialog = rfd::AsyncFileDialog::new();
    let typed = Path::new(text.trim());
    if let Some(folder) = typed.parent().filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    let models = (words.text("files-kind-models"), ["ron"]);
    let data = (words.text("files-kind-data"), ["csv", "tsv", "txt"]);
    let weights = (words.text("import-kind-weights"), ["safetensors"]);
    let everything = (words.text("files-kind-all"), ["*"]);
    dialog = match task {
        PathTask::Open | PathTask::SaveAs => dialog.add_filter(models.0, &models.1),
        PathTask::LoadData | PathTask::ScoreFile => dialog.add_filter(data.0, &data.1),
        PathTask::SaveCopy => dialog,
        PathTask::ImportWeights => dialog.add_filter(weights.0, &weights.1),
    };
    dialog = dialog.add_filter(everything.0, &everything.1);
    let is_save = task.is_save();
    if is_save && let Some(name) = typed.file_name() {
        dialog = dialog.set_file_name(name.to_string_lossy());
    }
    let open = (!is_save).then(|| dialog.clone().pick_file());
    let save = is_save.then(|| dialog.save_file());
    async move {
        let handle = match (open, save) {
            (Some(open), _) => open.await,
            (None, Some(save)) => save.await,
            (None, None) => None,
        };
        handle.map(|handle| handle.path().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_an_ending_gets_one() {
        for (typed, saved) in [
            ("a/b", "a/b.ron"),
            ("a/b.ron", "a/b.ron"),
            ("a/b.RON", "a/b.RON"),
            ("a/b.v2", "a/b.v2.ron"),
            ("cars.csv", "cars.csv.ron"),
            ("..", ".."),
            ("a/", "a/"),
        ] {
            assert_eq!(with_ending(typed.into()), PathBuf::from(saved));
        }
    }

    #[test]
    fn the_name_of_a_path_is_marked_without_its_ending() {
        let marked =
            |text: &str| text.chars().skip(name_in(text).start).take(name_in(text).len()).collect::<String>();
        let folder = format!("työ{}", std::path::MAIN_SEPARATOR);
        assert_eq!(marked(&format!("{folder}äly.ron")), "äly");
        assert_eq!(marked(&format!("{folder}model.v2")), "model.v2");
        assert_eq!(marked("xor.ron"), "xor");
        assert_eq!(marked(""), "");
    }
}
