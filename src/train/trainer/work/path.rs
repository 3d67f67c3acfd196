//! When the weights are kept as points of the path that they took: while somebody looks at it.
//!
//! Must not know how many of them are kept.

use std::sync::Arc;

use super::Worker;
use crate::train::WeightPath;

impl Worker<'_> {
    /// Keeps the weights before a step, where they belong to the path.
    pub(super) fn keep_path(&mut self) {
        let Some(session) = &self.session else { return };
        if !self.watch.path {
            // It would go on behind a gap.
            self.path = None;
            return;
        }
        let step = session.progress().step;
        let path = self.path.get_or_insert_with(|| WeightPath::new(session.layout()));
        if path.wants(step) {
            path.push(step, |numbers| session.copy_numbers(numbers));
        }
    }

    /// The path up to the weights of the moment.
    pub(super) fn path_to_show(&mut self) -> Option<Arc<WeightPath>> {
        let path = self.path.as_mut().filter(|_| self.watch.path)?;
        Some(Arc::new(path.shown()))
    }
}
