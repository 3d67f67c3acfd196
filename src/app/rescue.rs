//! Autosave and recovery: unsaved work is kept every few seconds and offered after a crash.
//!
//! Must not know where or how it is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::files::{Autosave, FileError, ModelFile, Rescued};
use crate::words::{Message, ToMessage};

use super::data::file_name;
use super::file::Source;
use super::jobs::{Background, Poll};
use super::notice::Lasts;
use super::{App, Question, Tone, Wake};

/// Where unsaved work is kept, and what earlier runs left.
#[derive(Debug)]
pub(super) struct Rescue {
    own: Option<Arc<Autosave>>,
    /// Work to be offered, the newest last.
    rescued: Vec<Rescued>,
    offered: Option<(Box<ModelFile>, Option<PathBuf>, Rescued)>,
    /// Work that was taken over: it stays on the disk until it is kept as this program's own.
    taken: Option<Rescued>,
    /// Between two autosaves, at least.
    interval: Duration,
    last: Instant,
    /// The revision and step that were kept last; `None` when nothing is kept.
    kept: Option<(u64, u64)>,
    job: Option<Background<Result<(), FileError>>>,
    /// When the next look at an idle program is arranged for.
    alarm: Option<Instant>,
    is_told: bool,
}

impl App {
    pub(super) fn open_rescue(&mut self, config_dir: &Path, interval: Duration) {
        let (own, mut rescued) = Autosave::open(config_dir);
        rescued.reverse();
        self.rescue = Some(Rescue {
            own: own.map(Arc::new),
            rescued,
            offered: None,
            taken: None,
            interval,
            last: Instant::now(),
            kept: None,
            job: None,
            alarm: None,
            is_told: false,
        });
        self.offer_rescued();
    }

    /// Offers the newest work that can be read. What is damaged is put aside and told of once; what
    /// a newer version wrote is left to it.
    fn offer_rescued(&mut self) {
        while let Some(work) = self.rescue.as_mut().and_then(|rescue| rescue.rescued.pop()) {
            match work.read() {
                Ok((model, path)) => {
                    let name = path.as_deref().map_or_else(String::new, file_name);
                    self.question = Some(Question::Recover { path: path.clone(), name });
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
        self.question = None;
        let Some(rescue) = &mut self.rescue else { return };
        let Some((model, path, work)) = rescue.offered.take() else { return };
        rescue.taken = Some(work);
        self.open(Source::Rescued(model, path));
    }

    pub(super) fn discard_recovery(&mut self) {
        self.question = None;
        if let Some((_, _, work)) = self.rescue.as_mut().and_then(|rescue| rescue.offered.take()) {
            work.discard();
        }
        self.offer_rescued();
    }

    /// Keeps unsaved work when it is time; forgets it once it is saved.
    pub(super) fn keep_rescue(&mut self) {
        if self.is_opening() {
            return;
        }
        let is_dirty = self.is_dirty();
        let state = (self.revision, self.step);
        let Some(rescue) = &mut self.rescue else { return };
        if let Some(job) = &rescue.job {
            match job.poll() {
                Poll::Running => return,
                Poll::Done(Ok(())) => {
                    rescue.is_told = false;
                    self.notices.retain(|notice| notice.lasts != Lasts::UntilKept);
                    if let Some(work) = rescue.taken.take() {
                        work.discard();
                    }
                }
                Poll::Lost => {}
                Poll::Done(Err(error)) => {
                    let is_told = std::mem::replace(&mut rescue.is_told, true);
                    rescue.job = None;
                    if !is_told {
                        let message = Message::new("files-cannot-autosave").with("reason", error.message());
                        self.notify_as(Tone::Warning, message, Lasts::UntilKept);
                    }
                    return;
                }
            }
            rescue.job = None;
        }
        let Some(own) = rescue.own.clone() else { return };
        if !is_dirty {
            if rescue.kept.take().is_some() {
                own.forget();
            }
            if let Some(work) = rescue.taken.take() {
                work.discard();
            }
            return;
        }
        if rescue.kept == Some(state) {
            return;
        }
        // Work that was taken over becomes this program's own at once.
        if rescue.last.elapsed() < rescue.interval && rescue.taken.is_none() {
            let due = rescue.last + rescue.interval;
            if rescue.alarm.replace(due) != Some(due) {
                wake_at(due, &self.wake);
            }
            return;
        }
        rescue.last = Instant::now();
        rescue.kept = Some(state);
        // While it trains, the weights of the moment arrive for the next time.
        if self.is_training()
            && let Some(trainer) = &mut self.trainer
        {
            trainer.request_full();
        }
        let (model, path) = (self.model_file(), self.file.path.clone());
        let job = Background::start(&self.wake, move |_| own.keep(&model, path.as_deref()));
        if let Some(rescue) = &mut self.rescue {
            rescue.job = Some(job);
        }
    }

    /// The program ends as its owner wished: nothing is left behind.
    pub(super) fn forget_rescue(&mut self) {
        let Some(Rescue { own, taken, job, .. }) = self.rescue.take() else { return };
        // What is being written at the moment would be left behind.
        while job.as_ref().is_some_and(|job| matches!(job.poll(), Poll::Running)) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if let Some(own) = own {
            own.forget();
        }
        if let Some(work) = taken {
            work.discard();
        }
    }

    /// Whether unsaved work is being written at the moment.
    pub(super) fn is_keeping(&self) -> bool {
        self.rescue.as_ref().is_some_and(|rescue| rescue.job.is_some())
    }
}

/// An idle window draws no frames, so somebody has to ask for the one that keeps the work.
fn wake_at(due: Instant, wake: &Wake) {
    let wake = Wake::clone(wake);
    let alarm = std::thread::Builder::new().name("autosave alarm".to_owned()).spawn(move || {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        wake();
    });
    // Without a thread the work is kept with the next frame.
    drop(alarm);
}
