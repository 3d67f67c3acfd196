//! The loss of many batches as if they were one: means are weighted by their samples, sums add up, so
//! that it does not depend on the batch size.
//!
//! Must not know how a loss is computed.

/// Losses of batches, added up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LossTotal {
    /// Means times their samples.
    weighted: f64,
    /// Sums over samples.
    sums: f64,
    samples: usize,
}

impl LossTotal {
    /// Adds a batch of `samples`, of whose `loss` the part `sums` adds up over its samples.
    pub(super) fn add(&mut self, loss: f64, sums: f64, samples: usize) {
        self.weighted += (loss - sums) * samples as f64;
        self.sums += sums;
        self.samples += samples;
    }

    /// The loss of all batches together.
    pub(super) fn value(&self) -> f64 {
        self.weighted / self.samples.max(1) as f64 + self.sums
    }
}
