//! What the program has to tell: errors in words, as long as they are true, questions, and the progress
//! of jobs.
//!
//! Must not know how they are shown.

use std::path::PathBuf;
use std::sync::Arc;

use crate::data::FileChange;
use crate::files::UnrolledTooLarge;
use crate::train::RunState;
use crate::words::{Message, ToMessage as _};

use super::App;

/// What is told and asked.
#[derive(Debug, Default)]
pub(super) struct Messages {
    pub(super) notices: Vec<Notice>,
    pub(super) next_notice: u64,
    pub(super) question: Option<Question>,
    /// Asked once that one is answered.
    pub(super) next_question: Option<Question>,
}

/// Something to tell, until it is dismissed or no longer true.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Names it for [`super::ViewCommand::DismissNotice`].
    pub id: u64,
    /// How bad it is.
    pub tone: Tone,
    /// What to say.
    pub message: Message,
    /// How long it is true.
    pub lasts: Lasts,
}

/// How long a notice is true. What is no longer true goes without being dismissed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// It stays true: something has happened.
    Always,
    /// Until the document is edited; this state of the history belongs to it.
    UntilEdited(u64),
    /// As long as training cannot start for this reason.
    WhileUnready,
    /// As long as the run rests where it ended.
    WhileEnded,
    /// Until a data file is loaded.
    UntilLoaded,
    /// Until a model is opened.
    UntilOpened,
    /// Until unsaved work can be kept again.
    UntilKept,
}

/// How bad a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something was asked for and could not be done as asked.
    Warning,
    /// Something failed.
    Error,
}

/// A question that waits for an answer before the program goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Going on would lose unsaved changes: answer with [`super::FileCommand::Answer`].
    Unsaved,
    /// Saving needs a path: answer with [`super::FileCommand::SaveAs`], or
    /// [`super::FileCommand::Answer`] with Cancel.
    WhereToSave {
        /// The path that was given before.
        typed: Option<PathBuf>,
        /// Why it could not be saved there.
        reason: Option<Message>,
    },
    /// Saving would replace a file: answer with [`super::FileCommand::Replace`], or
    /// [`super::FileCommand::Answer`] with Cancel, which asks for another path.
    Replace {
        /// The file.
        path: PathBuf,
        /// Whether it is a model; other people's files need a warning.
        is_model: bool,
        /// Whether it is the open model's own file, which somebody else changed since.
        has_changed: bool,
    },
    /// A picture or a table would replace a file: answer with [`super::FileCommand::SaveCopy`], or
    /// [`super::FileCommand::Answer`] with Cancel.
    ReplaceCopy {
        /// The file.
        path: PathBuf,
        /// What would stand in it.
        bytes: Arc<Vec<u8>>,
    },
    /// An earlier run left unsaved work: answer with [`super::FileCommand::Recover`] or
    /// [`super::FileCommand::DiscardRecovery`].
    Recover {
        /// The model file that the work belongs to, where it had one.
        path: Option<PathBuf>,
        /// The name to show.
        name: String,
    },
    /// The unrolled graph is too large to be saved: answer with
    /// [`super::FileCommand::SaveWithSteps`], or [`super::FileCommand::Answer`] with Cancel.
    FewerSteps {
        /// Where the model shall be saved.
        path: PathBuf,
        /// How large it is, and how many steps would do.
        size: UnrolledTooLarge,
    },
    /// The model's data file is missing: answer with [`super::DataCommand::Load`] or
    /// [`super::DataCommand::Unload`].
    DataMissing {
        /// The file as the model names it.
        path: PathBuf,
    },
    /// The model's data file has changed since the model was saved: answer with
    /// [`super::DataCommand::Reload`], [`super::DataCommand::Load`] or [`super::DataCommand::Unload`].
    DataChanged(FileChange),
    /// Another data file was read for trained weights: answer with
    /// [`super::DataCommand::KeepFit`], [`super::DataCommand::FitAnew`] or
    /// [`super::DataCommand::Cancel`].
    Refit {
        /// The file.
        path: PathBuf,
        /// Columns that the weights were trained with and that the file lacks: with any, the
        /// preprocessing cannot be kept.
        lacks: Vec<String>,
    },
}

/// A job in the background.
#[derive(Clone, Debug, PartialEq)]
pub struct JobProgress {
    /// What is being done, in words.
    pub message: Message,
    /// From 0 to 1, where it can be said.
    pub fraction: Option<f32>,
    /// Whether it can be stopped.
    pub can_cancel: bool,
}

/// What the list of recent files should learn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Used {
    /// This model was opened or saved.
    Model(PathBuf),
    /// This data file was loaded.
    Data(PathBuf),
    /// The list shall be empty.
    Cleared,
}

impl App {
    /// Tells of something that has happened.
    pub(super) fn notify(&mut self, tone: Tone, message: Message) {
        self.notify_as(tone, message, Lasts::Always);
    }

    /// Tells of something for as long as it is true. What is said again moves to the end.
    pub(super) fn notify_as(&mut self, tone: Tone, message: Message, lasts: Lasts) {
        self.messages.notices.retain(|notice| notice.message != message);
        self.messages.notices.push(Notice { id: self.messages.next_notice, tone, message, lasts });
        self.messages.next_notice += 1;
    }

    /// What lasted so long is over.
    pub(super) fn forget_notices(&mut self, lasts: Lasts) {
        self.messages.notices.retain(|notice| notice.lasts != lasts);
    }

    /// Takes back what is no longer true.
    pub(super) fn forget_outdated_notices(&mut self) {
        if self.messages.notices.is_empty() {
            return;
        }
        let reason = self.cannot_start();
        let end = match self.run_state() {
            RunState::Stopped(end) => Some(end.message()),
            RunState::Paused | RunState::Running => None,
        };
        let state = self.history.state();
        self.messages.notices.retain(|notice| match notice.lasts {
            Lasts::WhileUnready => reason.as_ref() == Some(&notice.message),
            Lasts::WhileEnded => end.as_ref() == Some(&notice.message),
            Lasts::UntilEdited(told_at) => told_at == state,
            Lasts::Always | Lasts::UntilLoaded | Lasts::UntilOpened | Lasts::UntilKept => true,
        });
    }
}
