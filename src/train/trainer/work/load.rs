//! How the trainer takes a model up, and what becomes of one that cannot be trained.
//!
//! Must not know how a session is made.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::super::RunRequest;
use super::super::publish::{Clock, Slice};
use super::Worker;
use crate::train::any::{open_session_while, training_precision};
use crate::train::health::HealthHistory;
use crate::train::progress::{RunState, StopReason};
use crate::train::session::SessionError;

impl Worker<'_> {
    pub(super) fn load(&mut self, job: RunRequest, number: u64) {
        self.outbox.copy.store(None);
        if job.position.step == 0 {
            self.clock = Clock::default();
        }
        self.revision = job.revision;
        *self.outbox.health.lock().unwrap_or_else(PoisonError::into_inner) =
            (job.revision, HealthHistory::default());
        self.watch = job.watch;
        self.forget_pass();
        self.path = None;
        self.state = RunState::Paused;
        self.outbox.is_running.store(false, Ordering::Release);
        let outbox = self.outbox;
        let is_wanted = || outbox.wanted_load.load(Ordering::Relaxed) == number;
        let RunRequest { network, parameters, data, training, position, .. } = job;
        let precision = training_precision(&parameters);
        let opened =
            open_session_while(precision, &network, &parameters, data, &training, position, &is_wanted);
        match opened {
            Ok(mut session) => {
                if let Some(state) = &job.optimizer {
                    session.set_optimizer_state(state);
                }
                self.session = Some(session);
                self.slice = Slice::new();
                self.is_stale = true;
                self.wants_evaluation = self.has_no_validation();
            }
            Err(error) => self.refuse(error),
        }
    }

    /// There is nothing that could be trained.
    pub(super) fn refuse(&mut self, error: SessionError) {
        self.session = None;
        self.forget_pass();
        self.state = RunState::Stopped(StopReason::CannotStart(error));
        self.publish_without_pass();
        self.outbox.is_running.store(false, Ordering::Release);
    }
}
