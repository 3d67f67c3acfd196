//! The model file: new, open, and the question before unsaved work is lost. How it is saved stands in
//! `save`.
//!
//! Must not know the format. Reading happens in the background; the open work stays as it is until a
//! file has been read to its end.

use std::path::PathBuf;
use std::sync::Arc;

use crate::data::DataError;
use crate::document::{Document, History};
use crate::files::{self, DataSource, FileAction, FileError, FileStamp, ModelFile, locate_data};
use crate::network::Parameters;
use crate::train::{OptimizerState, SampleView};
use crate::words::{Message, ToMessage};

use super::command::{Command, DataCommand, EditCommand, FileCommand, UnsavedAnswer};
use super::data::{Loaded, read};
use super::jobs::{Background, Control, Poll};
use super::notice::Lasts;
use super::runs::KeptRuns;
use super::save::{SaveState, Saved};
use super::{App, JobProgress, Question, Selection, Tone, Used};

/// What is known of the model file.
#[derive(Debug, Default)]
pub(super) struct FileState {
    pub(super) path: Option<PathBuf>,
    pub(super) example: Option<String>,
    /// What the file holds.
    pub(super) saved: Saved,
    pub(super) may_close: bool,
    opening: Option<Background<Result<Opened, OpenError>>>,
    pub(super) saving: SaveState,
    /// A picture or a table that is being written.
    pub(super) copying: Option<super::copies::Writing>,
    /// What the file looked like when it was opened or saved last.
    pub(super) stamp: Option<FileStamp>,
    /// Where to save once the save that is under way has ended, and whether the model is saved there already.
    pub(super) save_next: Option<(PathBuf, bool)>,
    /// What goes on once the question is answered or the work is saved.
    pub(super) next: Option<FileCommand>,
}

/// Why a model could not be opened.
#[derive(Debug)]
struct OpenError {
    path: PathBuf,
    error: FileError,
}

/// Where a model comes from.
#[derive(Clone, Debug)]
pub(super) enum OpenedFrom {
    /// A file.
    Path(PathBuf),
    /// An example inside of the program.
    Example(String),
    /// Work that was rescued, with the path that it had.
    Rescued(Box<ModelFile>, Option<PathBuf>),
}

/// A model with its data, ready to take the place of the open one.
#[derive(Debug)]
pub(super) struct Opened {
    source: OpenedFrom,
    model: ModelFile,
    data: Option<Result<Loaded, DataError>>,
    missing: Option<PathBuf>,
    /// What its file looked like before it was read.
    stamp: Option<FileStamp>,
}

impl App {
    pub(super) fn dispatch_file(&mut self, command: FileCommand) {
        match command {
            FileCommand::New | FileCommand::Open(_) | FileCommand::OpenExample(_) | FileCommand::Quit
                if self.is_dirty() || self.is_training() || self.repeating().is_some() =>
            {
                self.pause_quietly();
                // What is finished of it is kept, and so may be saved.
                self.stop_repeating();
                self.file.next = Some(command);
                self.messages.question = Some(Question::Unsaved);
            }
            FileCommand::New | FileCommand::Open(_) | FileCommand::OpenExample(_) | FileCommand::Quit => {
                self.go_on(command);
            }
            FileCommand::OpenAny(path) => {
                self.dispatch(if files::is_model_path(&path) {
                    Command::File(FileCommand::Open(path))
                } else {
                    Command::Data(DataCommand::Load(path))
                });
            }
            FileCommand::Save => match self.file.path.clone() {
                Some(path) => self.look_then_save(path, true),
                None => self.messages.question = Some(Question::WhereToSave { typed: None, reason: None }),
            },
            FileCommand::SaveAs(path) => {
                if matches!(self.messages.question, Some(Question::WhereToSave { .. })) {
                    self.messages.question = None;
                }
                self.look_then_save(path, false);
            }
            FileCommand::Replace(path) => {
                self.messages.question = None;
                self.save(path);
            }
            FileCommand::SaveWithSteps { n_steps, path } => {
                self.messages.question = None;
                let truncate = self.document.network.truncate;
                self.dispatch_edit(EditCommand::SetSteps { n_steps, truncate });
                self.save(path);
            }
            FileCommand::SaveCopy { path, bytes, replace } => self.write_copy(path, bytes, replace),
            FileCommand::Answer(answer) => self.answer(answer),
            FileCommand::Recover => self.recover(),
            FileCommand::DiscardRecovery => self.discard_recovery(),
            FileCommand::ImportWeights(path) => self.import_weights(path),
            FileCommand::ClearRecent => self.used.push(Used::Cleared),
        }
    }

    fn pause_quietly(&mut self) {
        if let Some(trainer) = &mut self.training.trainer {
            trainer.pause();
        }
    }

    fn answer(&mut self, answer: UnsavedAnswer) {
        match (self.messages.question.take(), answer) {
            (Some(Question::ReplaceCopy { .. }), _) => {}
            (Some(Question::Replace { path, .. }), UnsavedAnswer::Cancel) => {
                self.messages.question = Some(Question::WhereToSave { typed: Some(path), reason: None });
            }
            (_, answer) => self.go_on_with(answer),
        }
    }

    fn go_on_with(&mut self, answer: UnsavedAnswer) {
        match answer {
            UnsavedAnswer::Save => self.dispatch_file(FileCommand::Save),
            UnsavedAnswer::Discard => {
                if let Some(next) = self.file.next.take() {
                    self.go_on(next);
                }
            }
            UnsavedAnswer::Cancel => self.file.next = None,
        }
    }

    /// Does what would lose unsaved work; that it may is settled.
    pub(super) fn go_on(&mut self, command: FileCommand) {
        match command {
            FileCommand::New => {
                self.replace(Document::default(), None);
                self.file.path = None;
                self.file.example = None;
                self.take_table(None);
            }
            FileCommand::Open(path) => self.open(OpenedFrom::Path(path)),
            FileCommand::OpenExample(name) => self.open(OpenedFrom::Example(name)),
            FileCommand::Quit => {
                self.forget_rescue();
                self.file.may_close = true;
            }
            other => self.dispatch_file(other),
        }
    }

    /// Stays with the open work; a file that is still being read is put away when it is there.
    pub(super) fn stop_opening(&mut self) {
        if let Some(opening) = self.file.opening.take() {
            opening.cancel();
        }
    }

    /// Whether a model is being opened.
    pub(super) fn is_opening(&self) -> bool {
        self.file.opening.is_some()
    }

    pub(super) fn open(&mut self, source: OpenedFrom) {
        self.file.opening = Some(Background::start(&self.wake, move |control| open(source, control)));
    }

    pub(super) fn file_progress(&self) -> Option<JobProgress> {
        let Some(opening) = &self.file.opening else {
            return self.saving_progress().or_else(|| self.copy_progress());
        };
        let message = Message::new("files-opening");
        Some(JobProgress { message, fraction: opening.fraction(), can_cancel: true })
    }

    pub(super) fn poll_file(&mut self) -> bool {
        self.poll_opening() | self.poll_save() | self.poll_copy()
    }

    fn poll_opening(&mut self) -> bool {
        let Some(opening) = &self.file.opening else { return false };
        let result = match opening.poll() {
            Poll::Running => return false,
            Poll::Done(result) => Some(result),
            Poll::Lost => None,
        };
        self.file.opening = None;
        match result {
            Some(Ok(opened)) => self.take_opened(opened),
            Some(Err(OpenError { path, error })) => {
                let message = Message::new("files-cannot-open")
                    .with("file", path.display().to_string())
                    .with("reason", error.message());
                self.notify_as(Tone::Error, message, Lasts::UntilOpened);
            }
            None => self.notify(Tone::Error, Message::new("files-job-lost")),
        }
        true
    }

    fn take_opened(&mut self, opened: Opened) {
        let Opened { source, model, data, missing, stamp } = opened;
        let ModelFile { mut document, optimizer, position, preprocessing } = model;
        // Weights that were trained rely on what was fitted then; others rely on nothing yet.
        let is_relied_on = preprocessing.is_some() && document.is_trained();
        document.data.fitted = preprocessing.filter(|_| is_relied_on).map(Arc::new);
        let table = data.as_ref().and_then(|data| data.as_ref().ok()).map(|loaded| &loaded.table);
        let change = table.and_then(|table| document.data.change_to(table));
        if let Some(table) = table {
            document.data.fingerprint.get_or_insert(table.fingerprint());
        }
        self.replace(document, optimizer);
        self.training.position = position;
        self.file.saved.step = position.step;
        self.file.stamp = stamp;
        match source {
            OpenedFrom::Path(path) => {
                self.remember_model(path.clone());
                self.file.path = Some(path);
                self.file.example = None;
            }
            OpenedFrom::Example(name) => {
                self.file.path = None;
                self.file.example = Some(name);
            }
            OpenedFrom::Rescued(_, path) => {
                self.file.path = path;
                self.file.example = None;
                self.history.mark_unsaved();
            }
        }
        self.arrange_example();
        match data {
            Some(Ok(loaded)) => self.take_table(change.is_none().then_some(loaded)),
            Some(Err(error)) => {
                self.take_table(None);
                self.notify_as(Tone::Error, error.message(), Lasts::UntilLoaded);
            }
            None => self.take_table(None),
        }
        self.messages.next_question =
            change.map(Question::DataChanged).or_else(|| missing.map(|path| Question::DataMissing { path }));
    }

    /// Another document takes the place of the open one.
    fn replace(&mut self, document: Document, optimizer: Option<OptimizerState>) {
        if let Some(trainer) = &mut self.training.trainer {
            trainer.unload();
        }
        self.training.run_when_loaded = None;
        self.document = document;
        self.history = History::new();
        self.revision += 1;
        self.n_documents += 1;
        self.score(None);
        self.forget_answers();
        self.forget_gradient();
        self.forget_walk();
        self.messages.next_question = None;
        self.looked_at.selection = Selection::default();
        self.looked_at.pinned.clear();
        self.looked_at.why.close();
        self.looked_at.time_step = 0;
        self.looked_at.samples = SampleView::Batch;
        self.data.prepared = None;
        self.data.error = None;
        self.data.refused = None;
        self.findings.insists = false;
        for over in [Lasts::UntilLoaded, Lasts::UntilOpened] {
            self.forget_notices(over);
        }
        self.forget_training();
        self.training.kept = KeptRuns::default();
        self.training.optimizer = optimizer;
        self.file.saved = Saved { runs: self.document.runs.clone(), ..Saved::default() };
        self.file.may_close = false;
        self.training.stored = Parameters::clone(&self.document.parameters);
        self.training.stored_fit.clone_from(&self.document.data.fitted);
        self.data.arrived = None;
        self.findings.of_data.clear();
        self.find_problems();
        self.reload_trainer();
    }
}

/// Reads a model and its data.
fn open(source: OpenedFrom, control: &Control) -> Result<Opened, OpenError> {
    let mut stamp = None;
    let model = match &source {
        OpenedFrom::Path(path) => {
            stamp = FileStamp::of(path);
            // A program that was killed while it saved may have left something behind.
            path.parent().into_iter().for_each(files::clear_leftovers);
            files::read_model(path)
        }
        OpenedFrom::Example(name) => files::open_example(name).unwrap_or_else(|| {
            Err(FileError::Io {
                path: PathBuf::from(name),
                action: FileAction::Read,
                kind: std::io::ErrorKind::NotFound,
                reason: String::new(),
                folder: None,
            })
        }),
        OpenedFrom::Rescued(model, _) => Ok(ModelFile::clone(model)),
    };
    let path = || match &source {
        OpenedFrom::Path(path) => path.clone(),
        OpenedFrom::Example(name) => PathBuf::from(name),
        OpenedFrom::Rescued(_, path) => path.clone().unwrap_or_default(),
    };
    let model = model.map_err(|error| OpenError { path: path(), error })?;
    let mut missing = None;
    let data = model.document.data.path.as_deref().and_then(|path| match locate_data(path) {
        DataSource::Missing(path) => {
            missing = Some(path);
            None
        }
        DataSource::File(_) | DataSource::Embedded(_) => {
            Some(read(path, Some(model.document.data.dialect.clone()), control))
        }
    });
    Ok(Opened { source, model, data, missing, stamp })
}
