//! When the trainer evaluates: now and then while it trains, to the end at rest.
//!
//! Must not know what an evaluation computes.

use std::time::{Duration, Instant};

use super::{Advance, Worker};

/// Between two evaluations of the training part of a running training, at least; and the share of
/// time that they may take is one in [`EVALUATION_SHARE`].
const EVALUATION_INTERVAL: Duration = Duration::from_millis(500);
const EVALUATION_SHARE: u32 = 30;

impl Worker<'_> {
    /// Without a validation part the training part is evaluated now and then; its chunks take
    /// turns with nothing, but a pause is heard between them.
    pub(super) fn evaluate_now_and_then(&mut self, now: Instant) {
        if !self.has_no_validation() {
            return;
        }
        let Some(session) = &mut self.session else { return };
        if session.is_evaluating() {
            return;
        }
        if let Some(began) = self.evaluation_began.take() {
            let cost = now.duration_since(began);
            self.evaluation_due = Some(now + EVALUATION_INTERVAL.max(cost * EVALUATION_SHARE));
        } else if self.evaluation_due.is_none_or(|due| now >= due) {
            self.evaluation_began = Some(now);
            session.begin_evaluation(false);
        }
    }

    /// At rest there is time to finish an evaluation, chunk by chunk.
    pub(super) fn evaluate_at_rest(&mut self) {
        if self.wants_evaluation {
            self.wants_evaluation = false;
            if let Some(session) = &mut self.session
                && !session.is_evaluating()
            {
                session.begin_evaluation(false);
            }
        }
        let Some(session) = &mut self.session else { return };
        if session.is_evaluating() {
            let advance = session.advance();
            if !session.is_evaluating() {
                self.is_stale = true;
            }
            if let Advance::Epoch { .. } = advance {
                self.judge(advance);
            }
        }
    }
}
