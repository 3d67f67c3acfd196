//! Data files: read in the background, then prepared for the drawing.
//!
//! Must not know how a file is read or prepared.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::data::{
    self, ColumnSummary, DataError, DataErrorKind, DataRequest, DataSettings, Dialect, DialectChoices,
    Inspection, Limits, Prepared, Table,
};
use crate::document::{Document, actions};
use crate::files::{DataSource, locate_data};
use crate::words::{Message, ToMessage};

use super::command::DataCommand;
use super::jobs::{Background, Control, Poll};
use super::notice::Lasts;
use super::ready::Preparing;
use super::{App, JobProgress, Question, Tone};

/// The data of the drawing, from the file to the samples.
#[derive(Debug, Default)]
pub(super) struct DataState {
    pub(super) table: Option<Arc<Table>>,
    pub(super) inspection: Option<Arc<Inspection>>,
    pub(super) summaries: Arc<Vec<ColumnSummary>>,
    /// The column that was taken for the target without being asked; a chosen one takes its place.
    pub(super) guessed_target: Option<String>,
    pub(super) prepared: Option<Arc<Prepared>>,
    pub(super) error: Option<DataError>,
    pub(super) refused: Option<RefusedFile>,
    pub(super) loading: Option<Loading>,
    /// A file that was read and waits for the answer to [`Question::Refit`].
    pub(super) arrived: Option<(Loaded, PathBuf)>,
    pub(super) preparing: Option<Preparing>,
    /// The run that the data were prepared for.
    pub(super) prepared_revision: Option<u64>,
}

/// A data file that could not be read. The open work is untouched by it.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedFile {
    /// The file.
    pub path: PathBuf,
    /// How it was read, where reading it another way may help.
    pub dialect: Option<Dialect>,
    /// What is wrong with it.
    pub error: DataError,
}

/// A data file on its way into memory.
#[derive(Debug)]
pub(super) struct Loading {
    job: Background<Result<Loaded, Box<RefusedFile>>>,
    path: PathBuf,
    /// Whether the document names the file already, as after Undo: only its table lacks.
    is_named: bool,
}

/// A data file in memory.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) inspection: Inspection,
    pub(super) table: Table,
    pub(super) summaries: Vec<ColumnSummary>,
}

impl App {
    pub(super) fn dispatch_data(&mut self, command: DataCommand) {
        match command {
            DataCommand::Load(path) => self.load(path, None),
            DataCommand::LoadAs(path, dialect) => self.load(path, Some(dialect)),
            DataCommand::Reload => {
                if let Some(path) = self.document.data.path.clone() {
                    self.load(path, Some(self.document.data.dialect.clone()));
                }
            }
            DataCommand::Cancel => {
                self.stop_opening();
                self.data.refused = None;
                self.forget_arrived();
                self.forget_notices(Lasts::UntilLoaded);
                if let Some(loading) = &self.data.loading {
                    loading.job.cancel();
                }
                self.stop_making_ready();
            }
            DataCommand::Set(settings) => self.set_data(*settings),
            DataCommand::Unload => self.unload(),
            DataCommand::Score(path) => self.score(path),
            DataCommand::KeepFit => self.answer_refit(false),
            DataCommand::FitAnew => self.answer_refit(true),
        }
    }

    fn set_data(&mut self, settings: DataSettings) {
        let before = self.document.clone();
        let settings = self.with_consequences(settings);
        let reads_again = settings.dialect != self.document.data.dialect;
        self.change_data(settings);
        self.after_change(&before);
        if reads_again {
            self.dispatch_data(DataCommand::Reload);
        }
    }

    pub(super) fn change_data(&mut self, settings: DataSettings) {
        let request = DataRequest::of(&self.document.network);
        let widths = data::widths(self.data.table.as_deref(), &settings, &request);
        self.perform(actions::set_data(&self.document, settings, &widths));
    }

    fn unload(&mut self) {
        self.messages.question = None;
        self.data.arrived = None;
        self.forget_notices(Lasts::UntilLoaded);
        let before = self.document.clone();
        self.take_table(None);
        let settings =
            DataSettings { path: None, fingerprint: None, columns: Vec::new(), ..self.document.data.clone() };
        self.change_data(settings);
        self.after_change(&before);
        self.reload_trainer();
    }

    fn load(&mut self, path: PathBuf, dialect: Option<Dialect>) {
        self.forget_arrived();
        if matches!(self.messages.question, Some(Question::DataMissing { .. } | Question::DataChanged(_))) {
            self.messages.question = None;
        }
        if let Some(loading) = &self.data.loading {
            loading.job.cancel();
        }
        let source = path.clone();
        self.data.refused = None;
        self.forget_notices(Lasts::UntilLoaded);
        let settings = &self.document.data;
        // Another file for trained weights is read as they know it.
        let known = (dialect.is_none() && settings.fitted.is_some())
            .then(|| (settings.clone(), DataRequest::of(&self.document.network)));
        let job = Background::start(&self.wake, move |control| {
            let loaded = match &known {
                Some((settings, request)) => read_known(&source, settings, request, control),
                None => read(&source, dialect.clone(), control),
            };
            loaded.map_err(|error| {
                let found = data::inspect_file(&source);
                let may_help = found.as_ref().err().is_none_or(|error| error.kind.is_about_contents());
                let dialect = may_help
                    .then(|| dialect.or_else(|| found.ok().map(|found| found.dialect)).unwrap_or_default());
                Box::new(RefusedFile { path: source, dialect, error })
            })
        });
        self.data.loading = Some(Loading { job, path, is_named: false });
    }

    /// After Undo or Redo: the table is that of the file that the document names now.
    pub(super) fn follow_file(&mut self, before: &Document) {
        let (old, now) = (&before.data, &self.document.data);
        if (&old.path, &old.dialect) == (&now.path, &now.dialect) {
            return;
        }
        if let Some(path) = now.path.clone() {
            self.load(path, Some(now.dialect.clone()));
            if let Some(loading) = &mut self.data.loading {
                loading.is_named = true;
            }
        } else {
            self.forget_arrived();
            if let Some(loading) = self.data.loading.take() {
                loading.job.cancel();
            }
            self.take_table(None);
            self.reload_trainer();
        }
    }

    /// A file that asked a question is not taken after all.
    fn forget_arrived(&mut self) {
        self.data.arrived = None;
        if matches!(self.messages.question, Some(Question::Refit { .. })) {
            self.messages.question = None;
        }
    }

    pub(super) fn loading_progress(&self) -> Option<JobProgress> {
        let loading = self.data.loading.as_ref()?;
        let name = file_name(&loading.path);
        Some(JobProgress {
            message: Message::new("data-loading").with("file", name),
            fraction: loading.job.fraction(),
            can_cancel: true,
        })
    }

    pub(super) fn poll_data(&mut self) -> bool {
        self.poll_loading() | self.poll_preparing()
    }

    fn poll_loading(&mut self) -> bool {
        let Some(loading) = &self.data.loading else { return false };
        if self.is_training() {
            // The file is there; it is taken in once the training rests.
            if let Some(trainer) = &mut self.training.trainer
                && loading.job.is_done()
            {
                trainer.pause();
            }
            return false;
        }
        match loading.job.poll() {
            Poll::Running => return false,
            Poll::Done(Ok(loaded)) => {
                let (path, is_named) = (loading.path.clone(), loading.is_named);
                self.data.loading = None;
                if is_named {
                    self.take_table(Some(loaded));
                    self.reload_trainer();
                } else {
                    self.take_arrived(loaded, path);
                }
            }
            Poll::Done(Err(refused)) => {
                self.data.loading = None;
                self.training.run_when_loaded = None;
                if !matches!(*refused.error.kind, DataErrorKind::Cancelled) {
                    self.notify_as(Tone::Error, refused.error.message(), Lasts::UntilLoaded);
                    self.data.refused = Some(*refused);
                }
            }
            Poll::Lost => {
                self.data.loading = None;
                self.training.run_when_loaded = None;
            }
        }
        true
    }

    /// Takes in the table of a model that was opened.
    pub(super) fn take_table(&mut self, loaded: Option<Loaded>) {
        self.data.inspection = None;
        self.data.table = None;
        self.data.summaries = Arc::default();
        self.data.guessed_target = None;
        if let Some(Loaded { inspection, table, summaries }) = loaded {
            self.data.inspection = Some(Arc::new(inspection));
            self.data.table = Some(Arc::new(table));
            self.data.summaries = Arc::new(summaries);
        }
    }
}

/// Reads a data file as trained weights know it.
fn read_known(
    path: &Path,
    known: &DataSettings,
    request: &DataRequest,
    control: &Control,
) -> Result<Loaded, DataError> {
    let limits = Limits::default();
    let source = locate_data(path);
    let inspect = || match &source {
        DataSource::Embedded(bytes) => data::inspect_bytes(bytes),
        DataSource::File(path) | DataSource::Missing(path) => data::inspect_file(path),
    };
    let mut inspection = inspect()?;
    let guessed = inspection.dialect.clone();
    let read = |dialect: &Dialect| match &source {
        DataSource::Embedded(bytes) => data::read_bytes(bytes, dialect, &limits, control),
        DataSource::File(path) | DataSource::Missing(path) => {
            data::read_table(path, dialect, &limits, control)
        }
    };
    let guess = |choices: DialectChoices| {
        let mut dialect = guessed.clone();
        choices.apply(&mut dialect);
        Ok(dialect)
    };
    let (table, dialect) = data::read_as_known(known, request, read, guess)?;
    inspection.dialect = dialect;
    let summaries = table.summaries();
    Ok(Loaded { inspection, table, summaries })
}

/// Reads a data file, or the copy of an example's data inside of the program.
pub(super) fn read(path: &Path, dialect: Option<Dialect>, control: &Control) -> Result<Loaded, DataError> {
    let limits = Limits::default();
    match locate_data(path) {
        DataSource::Embedded(bytes) => {
            let mut inspection = data::inspect_bytes(bytes)?;
            inspection.dialect = dialect.unwrap_or(inspection.dialect);
            let table = data::read_bytes(bytes, &inspection.dialect, &limits, control)?;
            let summaries = table.summaries();
            Ok(Loaded { inspection, table, summaries })
        }
        DataSource::File(path) | DataSource::Missing(path) => {
            let mut inspection = data::inspect_file(&path)?;
            inspection.dialect = dialect.unwrap_or(inspection.dialect);
            let table = data::read_table(&path, &inspection.dialect, &limits, control)?;
            let summaries = table.summaries();
            Ok(Loaded { inspection, table, summaries })
        }
    }
}

/// The last part of a path.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
