//! The finished epochs of a model, thinned: a fixed number of points however long it trains.
//!
//! The first and the newest epoch are kept, and of every stretch of epochs those with the lowest and the
//! highest losses, so that no peak is lost. Must not know plots.

use super::progress::EpochRecord;

/// Points that are kept at most: more than the pixels of a wide screen.
const MOST_RECORDS: usize = 2_048;

/// The finished epochs of a model since its weights were drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LossHistory {
    /// In order of time.
    records: Vec<EpochRecord>,
    /// Epochs of a stretch, of which at most four are kept.
    stride: usize,
}

impl Default for LossHistory {
    fn default() -> Self {
        Self { records: Vec::new(), stride: 1 }
    }
}

impl LossHistory {
    /// What is kept, in order of time.
    pub fn records(&self) -> &[EpochRecord] {
        &self.records
    }

    /// The newest epoch.
    pub fn last(&self) -> Option<&EpochRecord> {
        self.records.last()
    }

    /// Adds the epoch that was finished after all others.
    pub fn push(&mut self, record: EpochRecord) {
        self.thin_last_stretch();
        self.records.push(record);
        while self.records.len() > MOST_RECORDS {
            self.stride = self.stride.saturating_mul(2);
            self.thin();
        }
    }

    /// Adds epochs that were finished after all others.
    pub fn append(&mut self, other: Self) {
        other.records.into_iter().for_each(|record| self.push(record));
    }

    /// What the newest epoch's stretch keeps once another epoch follows.
    fn thin_last_stretch(&mut self) {
        let Some(last) = self.records.last() else { return };
        let stretch = last.epoch / self.stride;
        let begins = self.records.iter().rposition(|record| record.epoch / self.stride != stretch);
        let begins = begins.map_or(0, |before| before + 1);
        // Nothing to be left out; the first epoch of all is kept beside its stretch.
        if self.records.len() - begins <= 2 {
            return;
        }
        let kept = extremes(&self.records[begins..]);
        let mut end = begins;
        for idx in begins..self.records.len() {
            if idx == 0 || kept.contains(&(idx - begins)) {
                self.records.swap(end, idx);
                end += 1;
            }
        }
        self.records.truncate(end);
    }

    /// Thins every stretch anew.
    fn thin(&mut self) {
        let records = std::mem::take(&mut self.records);
        let newest = records.len().saturating_sub(1);
        let mut from = 0;
        for stretch in records.chunk_by(|a, b| a.epoch / self.stride == b.epoch / self.stride) {
            let kept = extremes(stretch);
            for (idx, record) in stretch.iter().enumerate() {
                let at = from + idx;
                if at == 0 || at == newest || kept.contains(&idx) {
                    self.records.push(record.clone());
                }
            }
            from += stretch.len();
        }
    }
}

/// Places of the lowest and the highest losses of a stretch.
fn extremes(stretch: &[EpochRecord]) -> [usize; 4] {
    let train = |record: &EpochRecord| Some(record.train_loss);
    let validation = |record: &EpochRecord| record.val_loss;
    let lowest =
        |loss: &dyn Fn(&EpochRecord) -> Option<f64>| place(stretch, |record| loss(record), |a, b| a < b);
    let highest =
        |loss: &dyn Fn(&EpochRecord) -> Option<f64>| place(stretch, |record| loss(record), |a, b| a > b);
    [lowest(&train), highest(&train), lowest(&validation), highest(&validation)]
}

/// The first place whose loss beats all others; 0 where there is no loss.
fn place(
    stretch: &[EpochRecord],
    loss: impl Fn(&EpochRecord) -> Option<f64>,
    beats: impl Fn(f64, f64) -> bool,
) -> usize {
    let mut best: Option<(usize, f64)> = None;
    for (idx, record) in stretch.iter().enumerate() {
        if let Some(loss) = loss(record)
            && best.is_none_or(|(_, held)| beats(loss, held))
        {
            best = Some((idx, loss));
        }
    }
    best.map_or(0, |(idx, _)| idx)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn record(epoch: usize, train_loss: f64, val_loss: Option<f64>) -> EpochRecord {
        EpochRecord { epoch, train_loss, val_loss, ..EpochRecord::default() }
    }

    #[test]
    fn few_epochs_are_all_kept() {
        let mut history = LossHistory::default();
        (1..=2_000).for_each(|epoch| history.push(record(epoch, 1.0 / epoch as f64, None)));
        assert_eq!(history.records().len(), 2_000);
        assert!(history.records().iter().zip(1..).all(|(record, epoch)| record.epoch == epoch));
    }

    #[test]
    fn a_million_epochs_keep_first_last_peaks_and_an_even_spread() {
        let mut history = LossHistory::default();
        let loss = |epoch: usize| match epoch {
            123_456 => 1e6,
            654_321 => -1e6,
            _ => 1.0 + (epoch % 7) as f64,
        };
        let n = 1_000_000;
        for epoch in 1..=n {
            history.push(record(epoch, loss(epoch), Some(if epoch == 500_001 { 9e9 } else { 1.0 })));
            assert!(history.records().len() <= MOST_RECORDS);
            assert_eq!(history.last().unwrap().epoch, epoch);
        }
        let epochs: Vec<usize> = history.records().iter().map(|record| record.epoch).collect();
        assert!(epochs.is_sorted() && epochs.len() > MOST_RECORDS / 8);
        for kept in [1, 123_456, 654_321, 500_001, n] {
            assert!(epochs.binary_search(&kept).is_ok(), "epoch {kept}");
        }
        let widest = epochs.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(widest <= n / 100, "a gap of {widest} epochs");
        assert!(history.records.capacity() <= 4 * MOST_RECORDS);
    }

    #[test]
    fn what_was_thinned_elsewhere_is_added_in_order() {
        let mut whole = LossHistory::default();
        for part in 0..10 {
            let mut newer = LossHistory::default();
            (1..=100_000).for_each(|n| newer.push(record(part * 100_000 + n, 1.0, None)));
            whole.append(newer);
        }
        let epochs: Vec<usize> = whole.records().iter().map(|record| record.epoch).collect();
        assert!(epochs.is_sorted() && epochs.len() <= MOST_RECORDS);
        assert_eq!((epochs[0], whole.last().unwrap().epoch), (1, 1_000_000));
    }
}
