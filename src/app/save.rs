//! Saving the model: what would be replaced, the question about it, the trainer's weights, the write.
//!
//! Must not know the format. What cannot be saved is asked about again, with the path as it was typed:
//! nothing that a person wrote is lost on the way.

use std::path::PathBuf;

use crate::document::Runs;
use crate::files::{self, Existing, FileError, FileStamp, ModelFile};
use crate::network::Parameters;
use crate::train::FullState;
use crate::words::{Message, ToMessage};

use super::data::file_name;
use super::jobs::{Background, Poll};
use super::{App, JobProgress, Question};

/// How far a save has come.
#[derive(Debug, Default)]
pub(super) enum SaveState {
    /// Nothing is being saved.
    #[default]
    Idle,
    /// What stands at the path is looked at; `is_own` says that the model was saved there before.
    Looking { job: Background<(Existing, Option<FileStamp>)>, path: PathBuf, is_own: bool },
    /// The trainer hands over its weights first.
    WaitingForWeights { path: PathBuf },
    /// On its way to the disk.
    Writing { job: Background<Result<Option<FileStamp>, FileError>>, path: PathBuf, saved: Saved },
}

/// What a file holds of the open work.
#[derive(Debug, Default)]
pub(super) struct Saved {
    /// The state of the history.
    pub(super) state: u64,
    /// Optimizer steps of the weights.
    pub(super) step: u64,
    /// The kept runs.
    pub(super) runs: Runs,
}

impl App {
    /// Saves under a path, once it is known that nothing is lost by it; otherwise asks.
    pub(super) fn look_then_save(&mut self, path: PathBuf, is_own: bool) {
        if matches!(self.file.saving, SaveState::Writing { .. }) {
            // Two writes at once could end with the older one on the disk.
            self.file.save_next = Some((path, is_own));
            return;
        }
        let target = path.clone();
        let job =
            Background::start(&self.wake, move |_| (files::existing_at(&target), FileStamp::of(&target)));
        self.file.saving = SaveState::Looking { job, path, is_own };
    }

    /// Saves under a path that may be replaced.
    pub(super) fn save(&mut self, path: PathBuf) {
        if let Some(size) = files::too_large_to_save(&self.document.network) {
            self.messages.question = Some(Question::FewerSteps { path, size });
        } else if self.is_training()
            && let Some(trainer) = &mut self.training.trainer
        {
            trainer.request_full();
            self.file.saving = SaveState::WaitingForWeights { path };
        } else {
            self.write(path);
        }
    }

    /// The trainer has handed its weights over.
    pub(super) fn save_with(&mut self, full: &FullState) {
        debug_assert_eq!(full.position, self.training.position, "the document holds these weights");
        self.write_waiting();
    }

    fn write_waiting(&mut self) -> bool {
        match std::mem::take(&mut self.file.saving) {
            SaveState::WaitingForWeights { path } => {
                self.write(path);
                true
            }
            other => {
                self.file.saving = other;
                false
            }
        }
    }

    fn write(&mut self, path: PathBuf) {
        let model = self.model_file();
        let target = path.clone();
        let job = Background::start(&self.wake, move |_| {
            files::write_model(&target, &model).map(|()| FileStamp::of(&target))
        });
        let step = self.training.position.step;
        let saved = Saved { state: self.history.state(), step, runs: self.document.runs.clone() };
        self.file.saving = SaveState::Writing { job, path, saved };
    }

    /// The open work as a file holds it.
    pub fn model_file(&self) -> ModelFile {
        let mut document = self.document.clone();
        let kept = document.data.fitted.take();
        let prepared = self.data.prepared.as_ref().map(|prepared| prepared.preprocessing().clone());
        ModelFile {
            document,
            optimizer: self.fitting_optimizer().filter(|state| !state.parameters.is_empty()),
            position: self.training.position,
            preprocessing: prepared.or_else(|| kept.as_deref().cloned()),
        }
    }

    pub(super) fn saving_progress(&self) -> Option<JobProgress> {
        let path = match &self.file.saving {
            SaveState::Idle => return None,
            SaveState::Looking { path, .. }
            | SaveState::WaitingForWeights { path }
            | SaveState::Writing { path, .. } => path,
        };
        let message = Message::new("files-saving").with("file", file_name(path));
        Some(JobProgress { message, fraction: None, can_cancel: false })
    }

    pub(super) fn poll_save(&mut self) -> bool {
        match std::mem::take(&mut self.file.saving) {
            SaveState::Looking { job, path, is_own } => match job.poll() {
                Poll::Running => {
                    self.file.saving = SaveState::Looking { job, path, is_own };
                    return false;
                }
                Poll::Done((existing, stamp)) => self.take_look(existing, stamp.as_ref(), path, is_own),
                Poll::Lost => self.ask_again(path, Message::new("files-job-lost")),
            },
            SaveState::Writing { job, path, saved } => match job.poll() {
                Poll::Running => {
                    self.file.saving = SaveState::Writing { job, path, saved };
                    return false;
                }
                Poll::Done(Ok(stamp)) => {
                    self.file.stamp = stamp;
                    self.take_saved(path, saved);
                }
                Poll::Done(Err(error)) => {
                    let message = Message::new("files-cannot-save")
                        .with("file", file_name(&path))
                        .with("reason", error.message());
                    self.ask_again(path, message);
                }
                Poll::Lost => self.ask_again(path, Message::new("files-job-lost")),
            },
            other => {
                self.file.saving = other;
                // A training that ended without handing anything over left its weights here.
                return !self.is_training() && self.write_waiting();
            }
        }
        if let Some((path, is_own)) = self.file.save_next.take() {
            self.look_then_save(path, is_own);
        }
        true
    }

    fn take_look(&mut self, existing: Existing, stamp: Option<&FileStamp>, path: PathBuf, is_own: bool) {
        // A file that this program never saw is not known to have changed.
        let has_changed = is_own && self.file.stamp.is_some() && self.file.stamp.as_ref() != stamp;
        match existing {
            Existing::Nothing => self.save(path),
            Existing::Model if is_own && !has_changed => self.save(path),
            Existing::Model => self.ask(Question::Replace { path, is_model: true, has_changed }),
            Existing::Other => self.ask(Question::Replace { path, is_model: false, has_changed }),
        }
    }

    fn take_saved(&mut self, path: PathBuf, saved: Saved) {
        if self.history.state() == saved.state {
            self.history.mark_saved();
        }
        self.file.saved = saved;
        self.training.stored = Parameters::clone(&self.document.parameters);
        self.training.stored_fit.clone_from(&self.document.data.fitted);
        self.remember_model(path.clone());
        self.file.path = Some(path);
        self.file.example = None;
        if let Some(next) = self.file.next.take() {
            self.go_on(next);
        }
    }

    /// What could not be saved is asked about again, with the reason.
    fn ask_again(&mut self, path: PathBuf, reason: Message) {
        self.ask(Question::WhereToSave { typed: Some(path), reason: Some(reason) });
    }

    /// Asks now, or after the question that waits already.
    fn ask(&mut self, question: Question) {
        if self.messages.question.is_none() {
            self.messages.question = Some(question);
        } else {
            self.messages.next_question = Some(question);
        }
    }
}
