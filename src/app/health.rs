//! How the layers fare: what the trainer saw of them over time, and what is unhealthy.
//!
//! Must not know how either is found.

use std::sync::Arc;

use super::App;
use crate::insight::{Finding, judge};
use crate::train::{HealthHistory, Trainer};

/// What was seen, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct HealthState {
    history: Arc<HealthHistory>,
    findings: Vec<Finding>,
}

impl App {
    /// What was seen of the layers since the weights were drawn or the drawing was changed.
    pub fn health(&self) -> &Arc<HealthHistory> {
        &self.training.health.history
    }

    /// What is unhealthy in it.
    pub fn health_findings(&self) -> &[Finding] {
        &self.training.health.findings
    }

    /// Takes in what the trainer saw since, which is judged later: with the epochs finished by then. Returns
    /// whether there was anything.
    pub(super) fn take_health(&mut self) -> bool {
        let Some((revision, seen)) = self.training.trainer.as_ref().map(Trainer::take_health) else {
            return false;
        };
        // What was seen of another drawing is not of this one.
        if seen.last().is_none() || revision < self.training.health_since {
            return false;
        }
        Arc::make_mut(&mut self.training.health.history).append(seen);
        true
    }

    /// Judges what was seen of the layers and of the loss.
    pub(super) fn judge_health(&mut self) {
        let state = &mut self.training.health;
        state.findings = judge(&state.history, &self.training.loss_history);
    }
}
