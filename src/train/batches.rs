//! Which samples make the next batch: order, shuffling, the partial last batch.
//!
//! Must not know programs. The order of an epoch depends on the seed and the epoch's number
//! alone, so that a run that was paused, reloaded or resumed goes on alike.

use rand::seq::SliceRandom;

use crate::tensor::random_stream;

/// Streams of the training seed: these bits keep them apart from those of parameters and split.
const SHUFFLE_STREAM: u64 = 1 << 62;
const MASK_STREAM: u64 = 1 << 63;

/// The random stream that shuffles an epoch.
fn shuffle_stream(epoch: usize) -> u64 {
    SHUFFLE_STREAM | epoch as u64
}

/// The random stream that draws the dropout masks of a step. Drawing them again for the same
/// step gives the same masks.
pub(super) fn mask_stream(step: u64) -> u64 {
    MASK_STREAM | step
}

/// The samples of the training part, cut into batches.
#[derive(Clone, Debug)]
pub(super) struct Batches {
    /// Training samples in file order.
    samples: Vec<u32>,
    /// The order of the running epoch.
    order: Vec<u32>,
    /// Where the next batch begins in `order`.
    start: usize,
    /// Number of the running epoch, from 0.
    epoch: usize,
    /// Number of the next batch within the epoch, from 0.
    batch: usize,
    batch_size: usize,
    shuffle: bool,
    seed: u64,
}

impl Batches {
    /// Batches of the epoch with this number, after its first `n_done` samples, and all after it.
    pub(super) fn new(
        samples: &[u32],
        batch_size: usize,
        shuffle: bool,
        seed: u64,
        (epoch, n_done): (usize, usize),
    ) -> Self {
        let mut batches = Self {
            samples: samples.to_vec(),
            order: samples.to_vec(),
            start: 0,
            epoch,
            batch: 0,
            batch_size: batch_size.max(1),
            shuffle,
            seed,
        };
        batches.begin_epoch();
        // Of other data than those that it was counted on, it may be too much.
        if n_done < samples.len() {
            batches.start = n_done;
            batches.batch = n_done.div_ceil(batches.batch_size);
        }
        batches
    }

    fn begin_epoch(&mut self) {
        self.start = 0;
        self.batch = 0;
        self.order.copy_from_slice(&self.samples);
        if self.shuffle {
            self.order.shuffle(&mut random_stream(self.seed, shuffle_stream(self.epoch)));
        }
    }

    /// The samples of the next batch. Empty only where there are no samples at all.
    pub(super) fn next(&self) -> &[u32] {
        let end = (self.start + self.batch_size).min(self.order.len());
        &self.order[self.start..end]
    }

    /// Goes to the batch after. Returns whether that ended an epoch.
    pub(super) fn advance(&mut self) -> bool {
        self.start += self.next().len();
        self.batch += 1;
        let ended = self.start >= self.order.len();
        if ended {
            self.epoch += 1;
            self.begin_epoch();
        }
        ended
    }

    /// Other settings, from the next batch on; the running epoch keeps its order. Returns whether
    /// the next batch is another one now.
    pub(super) fn set(&mut self, batch_size: usize, shuffle: bool, seed: u64) -> bool {
        let before = self.next().len();
        self.batch_size = batch_size.max(1);
        let reorders = (self.shuffle, self.seed) != (shuffle, seed);
        self.shuffle = shuffle;
        self.seed = seed;
        if reorders && self.start == 0 {
            self.begin_epoch();
            return true;
        }
        self.next().len() != before
    }

    /// Training samples.
    pub(super) fn n_samples(&self) -> usize {
        self.samples.len()
    }

    /// Finished epochs.
    pub(super) fn epoch(&self) -> usize {
        self.epoch
    }

    /// Samples of the running epoch that were in a batch.
    pub(super) fn n_done(&self) -> usize {
        self.start
    }

    /// Finished batches of the running epoch.
    pub(super) fn batch(&self) -> usize {
        self.batch
    }

    /// Batches in an epoch, with the present batch size from here on.
    pub(super) fn n_batches(&self) -> usize {
        self.batch + (self.order.len() - self.start).div_ceil(self.batch_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(batches: &mut Batches) -> Vec<Vec<u32>> {
        let mut found = Vec::new();
        loop {
            found.push(batches.next().to_vec());
            if batches.advance() {
                return found;
            }
        }
    }

    #[test]
    fn an_epoch_visits_every_sample_once_and_ends_with_a_partial_batch() {
        let samples: Vec<u32> = (10..20).collect();
        let mut batches = Batches::new(&samples, 4, true, 7, (0, 0));
        let found = epoch(&mut batches);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
        let mut all: Vec<u32> = found.concat();
        assert_ne!(all, samples);
        all.sort_unstable();
        assert_eq!(all, samples);
        assert_eq!((batches.epoch(), batches.batch(), batches.n_batches()), (1, 0, 3));
    }

    #[test]
    fn the_order_depends_on_the_seed_and_the_epoch_alone() {
        let samples: Vec<u32> = (0..50).collect();
        let mut one = Batches::new(&samples, 8, true, 1, (0, 0));
        let first = epoch(&mut one);
        let second = epoch(&mut one);
        assert_ne!(first, second);
        assert_eq!(epoch(&mut Batches::new(&samples, 8, true, 1, (1, 0))), second);
        assert_ne!(epoch(&mut Batches::new(&samples, 8, true, 2, (0, 0))), first);
        let ordered = epoch(&mut Batches::new(&samples, 8, false, 1, (3, 0))).concat();
        assert_eq!(ordered, samples);
    }

    #[test]
    fn another_batch_size_takes_effect_within_the_epoch_without_losing_samples() {
        let samples: Vec<u32> = (0..10).collect();
        let mut batches = Batches::new(&samples, 4, false, 1, (0, 0));
        batches.advance();
        assert!(batches.set(3, false, 1));
        assert_eq!(batches.next(), [4, 5, 6]);
        assert_eq!(batches.n_batches(), 3);
        assert_eq!(epoch(&mut batches).concat(), [4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn an_epoch_goes_on_where_it_was_left() {
        let samples: Vec<u32> = (0..10).collect();
        let mut whole = Batches::new(&samples, 4, true, 3, (2, 0));
        whole.advance();
        let mut resumed = Batches::new(&samples, 4, true, 3, (2, whole.n_done()));
        assert_eq!((resumed.batch(), resumed.n_batches()), (whole.batch(), whole.n_batches()));
        assert_eq!(epoch(&mut resumed), epoch(&mut whole));
        let fewer = Batches::new(&samples[..3], 4, true, 3, (2, 4));
        assert_eq!(fewer.n_done(), 0, "these are other data");
    }
}
