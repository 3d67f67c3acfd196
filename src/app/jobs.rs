//! Work in the background: a thread, its progress, its cancellation, its result.
//!
//! Must not know what is worked on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, TryRecvError};

use crate::data::ReadTask;

use super::Wake;

/// A job whose result is picked up later.
#[derive(Debug)]
pub(super) struct Background<R> {
    result: Receiver<R>,
    control: Arc<Control>,
}

/// What the job and its owner share.
#[derive(Debug, Default)]
pub(super) struct Control {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

/// How a job stands.
#[derive(Debug)]
pub(super) enum Poll<R> {
    Running,
    Done(R),
    /// The job panicked.
    Lost,
}

impl<R: Send + 'static> Background<R> {
    /// Starts `work` on a thread of its own; `wake` is called when it is done. Where the system
    /// gives no thread, the work is lost.
    pub(super) fn start(wake: &Wake, work: impl FnOnce(&Control) -> R + Send + 'static) -> Self {
        let (sender, result) = crossbeam_channel::bounded(1);
        let control = Arc::new(Control::default());
        let (theirs, wake) = (Arc::clone(&control), Arc::clone(wake));
        let spawned = std::thread::Builder::new().name("job".to_owned()).spawn(move || {
            let done = work(&theirs);
            // Nobody may wait for it any more.
            let _ = sender.send(done);
            wake();
        });
        drop(spawned);
        Self { result, control }
    }

    pub(super) fn poll(&self) -> Poll<R> {
        match self.result.try_recv() {
            Ok(result) => Poll::Done(result),
            Err(TryRecvError::Empty) => Poll::Running,
            Err(TryRecvError::Disconnected) => Poll::Lost,
        }
    }

    /// Whether there is a result to be picked up.
    pub(super) fn is_done(&self) -> bool {
        !self.result.is_empty()
    }

    pub(super) fn cancel(&self) {
        self.control.cancelled.store(true, Ordering::Relaxed);
    }

    /// From 0 to 1, where it can be said.
    pub(super) fn fraction(&self) -> Option<f32> {
        let total = self.control.total.load(Ordering::Relaxed);
        (total > 0).then(|| self.control.done.load(Ordering::Relaxed) as f32 / total as f32)
    }
}

impl ReadTask for Control {
    fn progress(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
