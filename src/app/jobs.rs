//! Work in the background: a thread, its progress, its cancellation, its result.
//!
//! Must not know what is worked on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, TryRecvError};

use crate::data::ReadTask;
use crate::train::{Priority, set_priority};

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
    /// gives no thread, the work is done before this returns: late is better than never.
    pub(super) fn start(wake: &Wake, work: impl FnOnce(&Control) -> R + Send + 'static) -> Self {
        Self::start_on(std::thread::Builder::new(), wake, work)
    }

    fn start_on(
        thread: std::thread::Builder,
        wake: &Wake,
        work: impl FnOnce(&Control) -> R + Send + 'static,
    ) -> Self {
        let (sender, result) = crossbeam_channel::bounded(1);
        let control = Arc::new(Control::default());
        let (theirs, wake) = (Arc::clone(&control), Arc::clone(wake));
        let job = move || {
            let done = work(&theirs);
            // Nobody may wait for it any more.
            let _ = sender.send(done);
            wake();
        };
        // Kept on this side, too: a thread that cannot be had takes what it was given along.
        let kept = Arc::new(Mutex::new(Some(job)));
        let given = Arc::clone(&kept);
        let take = |job: &Mutex<Option<_>>| job.lock().unwrap_or_else(PoisonError::into_inner).take();
        let spawned = thread.name("job".to_owned()).spawn(move || {
            set_priority(Priority::Job);
            take(&given).map(|job| job())
        });
        if spawned.is_err()
            && let Some(job) = take(&kept)
        {
            job();
        }
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

    pub(super) fn is_cancelled(&self) -> bool {
        self.control.is_cancelled()
    }

    /// From 0 to 1, where it can be said.
    pub(super) fn fraction(&self) -> Option<f32> {
        let total = self.control.total.load(Ordering::Relaxed);
        (total > 0).then(|| self.control.done.load(Ordering::Relaxed) as f32 / total as f32)
    }
}

impl<R> Drop for Background<R> {
    /// Nobody waits for the result any more.
    fn drop(&mut self) {
        self.control.cancelled.store(true, Ordering::Relaxed);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_thread_the_work_is_done_at_once() {
        let wake: Wake = Arc::new(|| {});
        // No machine has room for such a stack.
        let thread = std::thread::Builder::new().stack_size(usize::MAX >> 2);
        let job = Background::start_on(thread, &wake, |_| 42);
        assert!(job.is_done());
        assert!(matches!(job.poll(), Poll::Done(42)));
    }

    #[test]
    fn a_job_that_panics_is_lost_and_nothing_else() {
        let wake: Wake = Arc::new(|| {});
        let job = Background::<u32>::start(&wake, |_| std::panic::resume_unwind(Box::new(())));
        while matches!(job.poll(), Poll::Running) {
            std::thread::yield_now();
        }
        assert!(matches!(job.poll(), Poll::Lost));
    }
}
