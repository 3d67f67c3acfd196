//! Everything that a run has made, copied for others: when it rests, when it is asked, and now and then for
//! whoever keeps unsaved work.
//!
//! Must not know what they do with it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::FullState;
use super::Worker;

/// Between two copies of the weights for whoever keeps unsaved work, at least; and their share of time.
const COPY_INTERVAL: Duration = Duration::from_secs(2);
const COPY_SHARE: u32 = 100;

impl Worker<'_> {
    pub(super) fn leave_full(&self) {
        let Some(full) = self.full() else { return };
        self.outbox.copy.store(Some(Arc::clone(&full)));
        self.outbox.full.store(Some(full));
        (self.wake)();
    }

    /// While it trains, leaves its weights for whoever keeps unsaved work, so seldom that it costs next to
    /// nothing.
    pub(super) fn leave_copy_now_and_then(&mut self) {
        let began = Instant::now();
        if self.copy_due.is_some_and(|due| began < due) {
            return;
        }
        if let Some(full) = self.full() {
            self.outbox.copy.store(Some(full));
        }
        let now = Instant::now();
        self.copy_due = Some(now + COPY_INTERVAL.max(now.duration_since(began) * COPY_SHARE));
    }

    fn full(&self) -> Option<Arc<FullState>> {
        let session = self.session.as_ref()?;
        Some(Arc::new(FullState {
            revision: self.revision,
            parameters: session.parameters(),
            optimizer: session.optimizer_state(),
            position: session.progress().position(),
            is_at_rest: !self.state.is_running(),
        }))
    }
}
