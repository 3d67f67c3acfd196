//! The thread that keeps unsaved work: it has a timer of its own, so that a window which draws no frames
//! loses nothing, and it keeps at once when the program is asked to end.
//!
//! Must not know documents: it is handed work, and writes it when it is due.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::files::{Autosave, FileError, ModelFile, Rescued};
use crate::train::{FullState, TrainedCopy};

use super::Wake;

/// While it trains, so often it is looked for newer weights at least.
const LOOK: Duration = Duration::from_secs(1);
/// How long the program waits for its work to be kept when it is asked to end.
const LAST_CHANCE: Duration = Duration::from_secs(5);

/// Work as the application last saw it.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) model: ModelFile,
    /// Its own file, where it has one.
    pub(super) path: Option<PathBuf>,
    /// Names the state of the document.
    pub(super) revision: u64,
    /// Names what the trainer has compiled.
    pub(super) run_revision: u64,
    /// Where the trainer leaves newer weights.
    pub(super) copy: Option<TrainedCopy>,
    /// Whether it would be lost as it stands, without any newer weights.
    pub(super) is_unsaved: bool,
}

/// Names a state of the work: revision and optimizer steps.
type Mark = (u64, u64);

impl Work {
    /// Weights that are newer than those of the model.
    fn newer(&self) -> Option<Arc<FullState>> {
        let full = self.copy.as_ref()?.newest()?;
        let is_newer = full.position.step > self.model.position.step;
        (is_newer && full.revision == self.run_revision).then_some(full)
    }

    /// What would be lost; `None` where nothing would be.
    fn mark(&self) -> Option<Mark> {
        let newer = self.newer().map(|full| full.position.step);
        (self.is_unsaved || newer.is_some())
            .then(|| (self.revision, newer.unwrap_or(self.model.position.step)))
    }

    /// The model with the newest weights.
    fn newest_model(&self) -> ModelFile {
        let mut model = self.model.clone();
        if let Some(full) = self.newer() {
            model.document.replace_trained(&full.parameters);
            model.optimizer = Some(full.optimizer.clone()).filter(|state| !state.parameters.is_empty());
            model.position = full.position;
        }
        model
    }
}

/// What the thread and the application share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    interval: Duration,
}

/// What the thread is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// Keep the work when it is due.
    #[default]
    InTime,
    /// Keep it now, whether it is due or not.
    Now,
    /// End.
    End,
}

#[derive(Debug, Default)]
struct State {
    work: Option<Arc<Work>>,
    /// The application said that nothing would be lost.
    is_clean: bool,
    /// What is on the disk.
    kept: Option<Mark>,
    /// Work of an earlier program that was taken over: it stays on the disk until it is kept as this
    /// program's own.
    taken: Option<Rescued>,
    last: Option<Instant>,
    is_writing: bool,
    order: Order,
    /// What became of the last write.
    outcome: Option<Result<(), FileError>>,
    has_failed: bool,
}

impl State {
    fn mark(&self) -> Option<Mark> {
        self.work.as_ref().and_then(|work| work.mark())
    }

    /// When it is time to write again.
    fn due(&self, interval: Duration) -> Option<Instant> {
        // Work that was taken over becomes this program's own at once.
        self.last.filter(|_| self.taken.is_none()).map(|last| last + interval)
    }

    /// Whether something is left of earlier work that is saved by now.
    fn has_leftover(&self) -> bool {
        self.is_clean && (self.kept.is_some() || self.taken.is_some())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread's life.
    fn run(&self, own: &Autosave, wake: &Wake) {
        let mut state = self.lock();
        while state.order != Order::End {
            let mark = state.mark();
            if mark.is_none() && state.has_leftover() {
                own.forget();
                state.kept = None;
                if let Some(work) = state.taken.take() {
                    work.discard();
                }
            }
            let is_new = mark.is_some() && mark != state.kept;
            let due =
                state.due(self.interval).filter(|due| *due > Instant::now() && state.order != Order::Now);
            if let (true, None, Some(work)) = (is_new, due, state.work.clone()) {
                state.is_writing = true;
                drop(state);
                let written = own.keep(&work.newest_model(), work.path.as_deref());
                state = self.lock();
                state.is_writing = false;
                state.last = Some(Instant::now());
                // What cannot be written is tried again once there is more of it.
                state.kept = mark;
                if written.is_ok()
                    && let Some(work) = state.taken.take()
                {
                    work.discard();
                }
                // A window at rest hears of it only where it changes what there is to be told.
                if std::mem::replace(&mut state.has_failed, written.is_err()) || written.is_err() {
                    wake();
                }
                state.outcome = Some(written);
                continue;
            }
            state.order = Order::InTime;
            self.changed.notify_all();
            let trains = state.work.as_ref().is_some_and(|work| work.copy.is_some());
            let wait = match due {
                Some(due) if is_new => Some(due.saturating_duration_since(Instant::now())),
                _ => trains.then(|| self.interval.max(LOOK)),
            };
            state = match wait {
                Some(wait) => {
                    let (state, _) =
                        self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner);
                    state
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

/// The thread with its place on the disk.
#[derive(Debug)]
pub(super) struct Keeper {
    own: Arc<Autosave>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread. Between two writes it waits `interval` at least; `wake` is called when one
    /// failed.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(own: Autosave, interval: Duration, wake: &Wake) -> std::io::Result<Self> {
        let own = Arc::new(own);
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), interval });
        let (theirs, place, wake) = (Arc::clone(&shared), Arc::clone(&own), Wake::clone(wake));
        let thread = std::thread::Builder::new()
            .name("autosave".to_owned())
            .spawn(move || theirs.run(&place, &wake))?;
        Ok(Self { own, shared, thread: Some(thread) })
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.lock());
        self.shared.changed.notify_all();
    }

    /// This would be lost.
    pub(super) fn hand_over(&self, work: Work) {
        self.change(|state| {
            state.work = Some(Arc::new(work));
            state.is_clean = false;
        });
    }

    /// Nothing would be lost: what was kept is forgotten.
    pub(super) fn set_clean(&self) {
        self.change(|state| {
            state.work = None;
            state.is_clean = true;
        });
    }

    /// Takes over the work of an earlier program, which stays on the disk until it is kept here.
    pub(super) fn take_over(&self, work: Rescued) {
        self.change(|state| {
            state.taken = Some(work);
            state.is_clean = false;
        });
    }

    /// Whether there is something to be written or forgotten now.
    pub(super) fn is_busy(&self) -> bool {
        let state = self.shared.lock();
        let mark = state.mark();
        let is_due = state.due(self.shared.interval).is_none_or(|due| due <= Instant::now());
        state.is_writing
            || (mark.is_none() && state.has_leftover())
            || (mark.is_some() && mark != state.kept && is_due)
    }

    /// What became of the last write, once.
    pub(super) fn take_outcome(&self) -> Option<Result<(), FileError>> {
        self.shared.lock().outcome.take()
    }

    /// A way to keep the work from another thread.
    pub(super) fn last_chance(&self) -> impl FnOnce() + Send + use<> {
        let shared = Arc::clone(&self.shared);
        move || {
            let mut state = shared.lock();
            state.order = Order::Now;
            shared.changed.notify_all();
            let is_kept = |state: &mut State| state.order == Order::Now || state.is_writing;
            state = match shared.changed.wait_timeout_while(state, LAST_CHANCE, is_kept) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
            drop(state);
        }
    }

    /// The program ends as its owner wished: nothing is left behind.
    pub(super) fn forget(mut self) {
        self.end();
        self.own.forget();
        if let Some(work) = self.shared.lock().taken.take() {
            work.discard();
        }
    }

    fn end(&mut self) {
        self.change(|state| state.order = Order::End);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended, too.
            let _ = thread.join();
        }
    }
}

impl Drop for Keeper {
    /// Waits for a write that is under way.
    fn drop(&mut self) {
        self.end();
    }
}
