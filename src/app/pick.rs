//! Waiting for a native file dialog on a thread of its own, so that the window goes on.
//!
//! Must not know which dialog library made the dialog: only that somebody will name a path.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread::Thread;

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use super::Wake;

/// A dialog that somebody is looking at.
pub struct Picking {
    answer: Receiver<Option<PathBuf>>,
}

/// What became of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// Still open.
    Waiting,
    /// A path was chosen.
    Path(PathBuf),
    /// It was closed without a choice, or could not be shown.
    Nothing,
}

impl Picking {
    /// Awaits `dialog` on a thread of its own; calls `wake` when it ended.
    pub fn new(dialog: impl Future<Output = Option<PathBuf>> + Send + 'static, wake: Wake) -> Self {
        let (sender, answer) = bounded(1);
        let waiting = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            // Nobody waits any longer where the send fails.
            let _ = sender.send(wait_for(dialog));
            // Gone before anybody is woken: who looks twice then finds nothing, never a dialog still open.
            drop(sender);
            wake();
        });
        // Without a thread the sender is gone, which reads as "nothing chosen".
        drop(waiting);
        Self { answer }
    }

    /// What became of it so far.
    pub fn poll(&self) -> Picked {
        match self.answer.try_recv() {
            Ok(Some(path)) => Picked::Path(path),
            Ok(None) | Err(TryRecvError::Disconnected) => Picked::Nothing,
            Err(TryRecvError::Empty) => Picked::Waiting,
        }
    }
}

/// Runs a future to its end on this thread, asleep while it has nothing to do.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_chosen_path_arrives_and_the_window_is_woken() {
        let (woken, wait) = bounded(1);
        let wake: Wake = Arc::new(move || woken.send(()).unwrap());
        let mut first = true;
        let dialog = std::future::poll_fn(move |context| {
            if std::mem::take(&mut first) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(Some(PathBuf::from("x.csv")))
        });
        let picking = Picking::new(dialog, wake);
        wait.recv().unwrap();
        assert_eq!(picking.poll(), Picked::Path(PathBuf::from("x.csv")));
        assert_eq!(picking.poll(), Picked::Nothing);
    }
}
