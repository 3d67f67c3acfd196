//! When the trainer looks at the health of all layers: often while somebody watches, else now and then.
//!
//! Must not know what a look sees.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::Worker;
use crate::train::{RunState, StopReason};

/// Between two looks while somebody watches, at least; and the share of time that they may take is
/// one in [`WATCHED_SHARE`].
const WATCHED_INTERVAL: Duration = Duration::from_millis(40);
const WATCHED_SHARE: u32 = 60;
/// The same while nobody does: enough to name what is wrong.
const INTERVAL: Duration = Duration::from_secs(1);
const SHARE: u32 = 250;

impl Worker<'_> {
    /// Looks where it is time to.
    pub(super) fn look_at_health_now_and_then(&mut self) {
        if self.health_due.is_none_or(|due| Instant::now() >= due) {
            self.look_at_health();
        }
    }

    /// At rest every change is seen where somebody watches.
    pub(super) fn look_at_health_at_rest(&mut self) {
        self.health_due = self.health_due.filter(|_| !self.watch.health);
        self.look_at_health_now_and_then();
    }

    /// Looks at all layers and leaves what it saw.
    pub(super) fn look_at_health(&mut self) {
        // What is back after a failure is not what failed.
        if matches!(self.state, RunState::Stopped(StopReason::NotFinite(_))) {
            return;
        }
        let began = Instant::now();
        let Some(session) = &mut self.session else { return };
        let sample = Arc::new(session.health());
        self.outbox.health.lock().unwrap_or_else(PoisonError::into_inner).1.push(sample);
        let (interval, share) =
            if self.watch.health { (WATCHED_INTERVAL, WATCHED_SHARE) } else { (INTERVAL, SHARE) };
        let now = Instant::now();
        self.health_due = Some(now + interval.max(now.duration_since(began) * share));
    }
}
