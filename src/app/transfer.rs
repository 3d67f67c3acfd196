//! Export and import: the files of an export are made and shown before they are written, and weights that
//! come back are one edit of the history.
//!
//! Must not know any form: it goes through the list of writers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::data::Prepared;
use crate::document::actions;
use crate::explain::print::Convention;
use crate::export::{
    ExportError, ExportedFile, FittingWeights, Form, Subject, Tensors, WeightsError, Writer,
};
use crate::files::{self, FileError};
use crate::train::training_precision;
use crate::words::{Message, ToMessage as _};

use super::data::file_name;
use super::jobs::{Background, Poll};
use super::notice::Lasts;
use super::{App, Tone};

/// Samples whose numbers are written out, where a form does that.
const SHOWN_SAMPLES: usize = 8;

/// About exporting.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportCommand {
    /// Make the files of a form, and show them: in this convention, or else in the window's.
    Preview(&'static Writer, Option<Convention>),
    /// Write what is shown: into this folder, or as this file.
    Write {
        /// Where.
        path: PathBuf,
        /// Whether a file that stands there may go.
        replace: bool,
    },
    /// Show nothing any more.
    Close,
}

/// An export that is shown before it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportPreview {
    /// The form.
    pub writer: &'static Writer,
    /// What the model is called in it.
    pub title: String,
    /// The convention it is written in, where it leaves the choice.
    pub convention: Convention,
    /// Its files, or why there are none; nothing while they are made.
    pub files: Option<Result<Arc<Vec<ExportedFile>>, ExportError>>,
    /// What became of the last attempt to write it.
    pub outcome: Option<ExportOutcome>,
}

/// What became of an attempt to write an export.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportOutcome {
    /// A file of this name is there already.
    IsThere(PathBuf),
    /// It could not be written.
    Failed(Message),
}

/// What is on its way out or in.
#[derive(Debug, Default)]
pub(super) struct Transfer {
    preview: Option<ExportPreview>,
    making: Option<Background<Result<Vec<ExportedFile>, ExportError>>>,
    writing: Option<(Background<Result<(), ExportOutcome>>, PathBuf)>,
    reading: Option<(Background<Result<Tensors, ImportError>>, PathBuf)>,
}

/// Why weights could not be read.
#[derive(Debug)]
enum ImportError {
    File(FileError),
    Weights(WeightsError),
}

impl App {
    /// The export that is shown, if any.
    pub fn export_preview(&self) -> Option<&ExportPreview> {
        self.transfer.preview.as_ref()
    }

    pub(super) fn dispatch_export(&mut self, command: ExportCommand) {
        match command {
            ExportCommand::Preview(writer, convention) => self.preview(writer, convention),
            ExportCommand::Write { path, replace } => self.write_export(path, replace),
            ExportCommand::Close => {
                self.transfer.preview = None;
                self.transfer.making = None;
            }
        }
    }

    /// What the model is called: its file's name without the ending.
    fn title(&self) -> String {
        let stem = self.path().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        stem.or_else(|| self.example().map(str::to_owned)).unwrap_or_else(|| "network".to_owned())
    }

    /// The convention of the window where a person chose one, else the form's own.
    fn convention_for(&self, writer: &Writer) -> Convention {
        let chosen = self.convention();
        if chosen == Convention::default() { writer.convention.unwrap_or(chosen) } else { chosen }
    }

    fn preview(&mut self, writer: &'static Writer, convention: Option<Convention>) {
        let title = self.title();
        let document = self.document.clone();
        let data = self.data.prepared.clone().unwrap_or_else(|| Arc::new(Prepared::without_rows()));
        let optimizer = self.fitting_optimizer().filter(|state| !state.parameters.is_empty());
        let name = title.clone();
        let convention = convention.unwrap_or_else(|| self.convention_for(writer));
        self.transfer.making = Some(Background::start(&self.wake, move |_| {
            let n = if data.nodes().is_empty() { 0 } else { data.n_samples().min(SHOWN_SAMPLES) };
            let samples: Vec<u32> = (0..n as u32).collect();
            let data_file = document.data.path.as_deref().map(files::data_file);
            writer.write(&Subject {
                title: &name,
                document: &document,
                data: &data,
                samples: &samples,
                optimizer: optimizer.as_ref(),
                precision: training_precision(&document.parameters),
                convention: Some(convention),
                data_file: data_file.as_ref(),
            })
        }));
        self.transfer.preview = Some(ExportPreview { writer, title, convention, files: None, outcome: None });
    }

    fn write_export(&mut self, path: PathBuf, replace: bool) {
        let Some(preview) = &mut self.transfer.preview else { return };
        let Some(Ok(files)) = &preview.files else { return };
        preview.outcome = None;
        let (files, form, target) = (Arc::clone(files), preview.writer.form, path.clone());
        let job = Background::start(&self.wake, move |_| write(form, &target, &files, replace));
        self.transfer.writing = Some((job, path));
    }

    /// Reads weights, to take them over where they fit.
    pub(super) fn import_weights(&mut self, path: PathBuf) {
        let target = path.clone();
        let job = Background::start(&self.wake, move |_| {
            let bytes = files::read_weights_file(&target).map_err(ImportError::File)?;
            Tensors::read(&bytes).map_err(ImportError::Weights)
        });
        self.transfer.reading = Some((job, path));
    }

    /// Whether something is on its way out or in.
    pub(super) fn is_transferring(&self) -> bool {
        let Transfer { preview: _, making, writing, reading } = &self.transfer;
        making.is_some() || writing.is_some() || reading.is_some()
    }

    pub(super) fn poll_transfer(&mut self) -> bool {
        self.poll_making() | self.poll_writing() | self.poll_reading()
    }

    fn poll_making(&mut self) -> bool {
        let Some(job) = &self.transfer.making else { return false };
        let made = match job.poll() {
            Poll::Running => return false,
            Poll::Done(made) => made,
            Poll::Lost => {
                self.transfer.preview = None;
                self.transfer.making = None;
                self.notify(Tone::Error, Message::new("files-job-lost"));
                return true;
            }
        };
        self.transfer.making = None;
        if let Some(preview) = &mut self.transfer.preview {
            preview.files = Some(made.map(Arc::new));
        }
        true
    }

    fn poll_writing(&mut self) -> bool {
        let Some((job, _)) = &self.transfer.writing else { return false };
        let written = match job.poll() {
            Poll::Running => return false,
            Poll::Done(written) => written,
            Poll::Lost => Err(ExportOutcome::Failed(Message::new("files-job-lost"))),
        };
        let Some((_, path)) = self.transfer.writing.take() else { return true };
        match (written, self.transfer.preview.take()) {
            (Ok(()), Some(preview)) => {
                self.notify_as(Tone::Info, preview.writer.done(&path), Lasts::Always);
            }
            (Err(outcome), Some(preview)) => {
                self.transfer.preview = Some(ExportPreview { outcome: Some(outcome), ..preview });
            }
            (Err(ExportOutcome::Failed(reason)), None) => self.notify(Tone::Error, reason),
            (_, None) => {}
        }
        true
    }

    fn poll_reading(&mut self) -> bool {
        let Some((job, _)) = &self.transfer.reading else { return false };
        let read = match job.poll() {
            Poll::Running => return false,
            Poll::Done(read) => Some(read),
            Poll::Lost => None,
        };
        let Some((_, path)) = self.transfer.reading.take() else { return true };
        let cannot = |reason: Message| {
            Message::new("files-cannot-open").with("file", file_name(&path)).with("reason", reason)
        };
        match read {
            None => self.notify(Tone::Error, Message::new("files-job-lost")),
            Some(Err(ImportError::File(error))) => self.notify(Tone::Error, cannot(error.message())),
            Some(Err(ImportError::Weights(error))) => self.notify(Tone::Error, cannot(error.message())),
            Some(Ok(tensors)) => match tensors.fit(&self.document.network, &self.document.parameters) {
                Ok(fitting) => self.take_weights(fitting, &path),
                Err(error) => self.notify(Tone::Error, cannot(error.message())),
            },
        }
        true
    }

    /// The weights become the model's, as one edit; what the optimizer remembered belongs to other ones.
    fn take_weights(&mut self, fitting: FittingWeights, path: &Path) {
        if let Some(note) = fitting.note() {
            self.notify(Tone::Warning, note);
        }
        let before = self.document.clone();
        let n = fitting.parameters.len();
        self.perform(actions::replace_parameters(fitting.parameters));
        self.after_change(&before);
        let done = Message::new("import-taken").with("n", n).with("file", file_name(path));
        self.notify(Tone::Info, done);
    }
}

fn write(form: Form, path: &Path, made: &[ExportedFile], replace: bool) -> Result<(), ExportOutcome> {
    let written = match (form, made) {
        (Form::Text(_) | Form::Binary(_), [file]) => {
            if !replace && path.symlink_metadata().is_ok() {
                return Err(ExportOutcome::IsThere(path.to_owned()));
            }
            files::write_atomically(path, &file.bytes)
        }
        _ => files::write_folder(path, made.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()))),
    };
    written.map_err(|error| {
        let message =
            Message::new("files-cannot-save").with("file", file_name(path)).with("reason", error.message());
        ExportOutcome::Failed(message)
    })
}
