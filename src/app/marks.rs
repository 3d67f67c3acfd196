//! Where settings were changed while a model was training, for the curves.
//!
//! Must not know curves.

use std::sync::Arc;

use super::App;
use crate::document::TrainingSettings;

/// Changes that are remembered.
const MOST: usize = 256;

/// Changes within so many seconds of training are one.
const ONE_CHANGE: f64 = 1.0;

/// Settings changed between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingsChange {
    /// Finished epochs, with the finished part of the running one.
    pub epoch: f64,
    /// Optimizer steps before it.
    pub step: u64,
    /// Seconds of training before it.
    pub seconds: f64,
    /// The settings that made the curve up to here,
    pub before: TrainingSettings,
    /// and those from here on.
    pub after: TrainingSettings,
}

impl App {
    /// Where settings were changed since the weights were drawn.
    pub fn settings_changes(&self) -> &[SettingsChange] {
        &self.training.changes
    }

    /// Remembers that the settings are other ones than `before` from here on.
    pub(super) fn mark_settings(&mut self, before: &TrainingSettings) {
        let Some(last) = self.training.loss_history.last() else { return };
        let progress = self.training.snapshot.as_ref().map(|snapshot| snapshot.progress);
        let progress = progress.unwrap_or_default();
        let begun = if progress.step >= last.step {
            progress.batch as f64 / progress.n_batches.max(1) as f64
        } else {
            0.0
        };
        let after = self.document.training.clone();
        let changes = Arc::make_mut(&mut self.training.changes);
        // Dragging a value is one change; what was trained before it was taken back is none of it.
        let is_same = |newest: &&mut SettingsChange| {
            newest.step == progress.step.max(last.step)
                || (last.seconds - newest.seconds < ONE_CHANGE && newest.before != after)
        };
        if let Some(newest) = changes.last_mut().filter(is_same) {
            newest.after = after;
            if newest.after == newest.before {
                changes.pop();
            }
            return;
        }
        if changes.len() >= MOST {
            changes.remove(0);
        }
        changes.push(SettingsChange {
            epoch: last.epoch.max(progress.epoch) as f64 + begun,
            step: progress.step.max(last.step),
            seconds: last.seconds,
            before: before.clone(),
            after,
        });
    }
}
