//! Autosave and recovery: unsaved work is kept every few seconds and offered after a crash.
//!
//! Must not know where or how it is kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::files::{Autosave, FileError, ModelFile, Rescued};
use crate::words::{Message, ToMessage};

use super::data::file_name;
use super::file::OpenedFrom;
use super::keeper::{Keeper, Work};
use super::notice::Lasts;
use super::{App, Question, Tone};

/// What keeps unsaved work, and what earlier runs left.
#[derive(Debug)]
pub(super) struct Rescue {
    /// `None` where nothing can be kept.
    keeper: Option<Keeper>,
    /// Work to be offered, the newest last.
    rescued: Vec<Rescued>,
    offered: Option<(Box<ModelFile>, Option<PathBuf>, Rescued)>,
    /// What the keeper was handed last; `None` when it was told that nothing would be lost.
    handed: Option<Handed>,
    is_told: bool,
}

/// Names work that was handed over.
#[derive(Clone, Debug, PartialEq)]
struct Handed {
    revision: u64,
    run_revision: u64,
    path: Option<PathBuf>,
    is_unsaved: bool,
    trains: bool,
}

impl App {
    pub(super) fn open_rescue(&mut self, config_dir: &Path, interval: Duration) {
        let (own, mut rescued) = Autosave::open(config_dir);
        rescued.reverse();
        let keeper = own.map_err(|reason| reason.message()).and_then(|own| {
            Keeper::start(own, interval, &self.wake)
                .map_err(|error| Message::new("files-cannot-autosave").with("reason", error.to_string()))
        });
        let keeper = match keeper {
            Ok(keeper) => Some(keeper),
            Err(message) => {
                self.notify(Tone::Warning, message);
                None
            }
        };
        self.rescue = Some(Rescue { keeper, rescued, offered: None, handed: None, is_told: false });
        self.offer_rescued();
    }

    /// A way to keep unsaved work that needs no frame: for the moment when the system asks the program to
    /// end. `None` where nothing can be kept.
    pub fn last_chance(&self) -> Option<impl FnOnce() + Send + use<>> {
        self.rescue.as_ref()?.keeper.as_ref().map(Keeper::last_chance)
    }

    /// Offers the newest work that can be read. What is damaged is put aside and told of once; what
    /// a newer version wrote is left to it.
    fn offer_rescued(&mut self) {
        while let Some(work) = self.rescue.as_mut().and_then(|rescue| rescue.rescued.pop()) {
            match work.read() {
                Ok((model, path)) => {
                    let name = path.as_deref().map_or_else(String::new, file_name);
                    self.messages.question = Some(Question::Recover { path: path.clone(), name });
                    if let Some(rescue) = &mut self.rescue {
                        rescue.offered = Some((Box::new(model), path, work));
                    }
                    return;
                }
                Err(FileError::UnknownVersion { .. }) => {}
                Err(error) => {
                    let message = Message::new("files-cannot-recover")
                        .with("reason", error.message())
                        .with("path", work.put_aside().display().to_string());
                    self.notify(Tone::Warning, message);
                }
            }
        }
    }

    pub(super) fn recover(&mut self) {
        self.messages.question = None;
        let Some(rescue) = &mut self.rescue else { return };
        let Some((model, path, work)) = rescue.offered.take() else { return };
        if let Some(keeper) = &rescue.keeper {
            keeper.take_over(work);
        }
        self.open(OpenedFrom::Rescued(model, path));
    }

    pub(super) fn discard_recovery(&mut self) {
        self.messages.question = None;
        if let Some((_, _, work)) = self.rescue.as_mut().and_then(|rescue| rescue.offered.take()) {
            work.discard();
        }
        self.offer_rescued();
    }

    /// Hands unsaved work to whoever keeps it, as soon as it changes.
    pub(super) fn keep_rescue(&mut self) {
        self.tell_rescue_failure();
        let (is_unsaved, trains) = (self.is_dirty(), self.is_training());
        let Some(Rescue { keeper: Some(keeper), handed, .. }) = &self.rescue else { return };
        if !is_unsaved && !trains {
            // What is being opened may be work that was rescued.
            if handed.is_some() && !self.is_opening() {
                keeper.set_clean();
                self.set_handed(None);
            }
            return;
        }
        // A gesture is over soon, and until then it changes the drawing in every frame.
        if self.history.is_in_gesture() {
            return;
        }
        let (revision, run_revision) = (self.revision, self.training.run_revision);
        let now = Handed { revision, run_revision, path: self.file.path.clone(), is_unsaved, trains };
        if handed.as_ref() == Some(&now) {
            return;
        }
        let copy = self.training.trainer.as_ref().filter(|_| trains).map(crate::train::Trainer::trained_copy);
        let (model, path) = (self.model_file(), now.path.clone());
        keeper.hand_over(Work { model, path, revision, run_revision, copy, is_unsaved });
        self.set_handed(Some(now));
    }

    fn set_handed(&mut self, handed: Option<Handed>) {
        if let Some(rescue) = &mut self.rescue {
            rescue.handed = handed;
        }
    }

    /// Says once that work cannot be kept, until it can be again.
    fn tell_rescue_failure(&mut self) {
        let Some(rescue) = &mut self.rescue else { return };
        match rescue.keeper.as_ref().and_then(Keeper::take_outcome) {
            Some(Ok(())) => {
                rescue.is_told = false;
                self.forget_notices(Lasts::UntilKept);
            }
            Some(Err(error)) if !std::mem::replace(&mut rescue.is_told, true) => {
                let message = Message::new("files-cannot-autosave").with("reason", error.message());
                self.notify_as(Tone::Warning, message, Lasts::UntilKept);
            }
            Some(Err(_)) | None => {}
        }
    }

    /// The program ends as its owner wished: nothing is left behind.
    pub(super) fn forget_rescue(&mut self) {
        if let Some(keeper) = self.rescue.take().and_then(|rescue| rescue.keeper) {
            keeper.forget();
        }
    }

    /// Whether unsaved work is being written at the moment, or is about to be.
    pub(super) fn is_keeping(&self) -> bool {
        self.rescue.as_ref().and_then(|rescue| rescue.keeper.as_ref()).is_some_and(Keeper::is_busy)
    }
}
