//! Which rows make a sample, and which samples train or validate.
//!
//! Must not know columns or what values mean.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::data::error::{DataError, DataErrorKind};
use crate::data::settings::{SequenceLayout, SplitSettings};

/// The stream of the split: shuffling, dropout and weights draw from others, so that a change
/// of one leaves the others' numbers alone.
const SPLIT_STREAM: u64 = 0x53_50_4C_49_54;

/// How rows become samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SampleShape {
    /// Each row is a sample.
    Rows,
    /// Windows of consecutive rows.
    Windows {
        /// T.
        n_steps: usize,
        stride: usize,
        horizon: usize,
        /// Whether a Target reads rows too (prediction needs none).
        has_targets: bool,
    },
}

impl SampleShape {
    /// How a drawing of `n_steps` steps takes its rows.
    pub(super) fn new(layout: SequenceLayout, n_steps: usize, has_targets: bool) -> Self {
        match layout {
            SequenceLayout::Windows { stride, horizon } if n_steps > 1 => {
                Self::Windows { n_steps, stride: stride.max(1), horizon, has_targets }
            }
            SequenceLayout::Windows { .. } | SequenceLayout::ColumnGroups => Self::Rows,
        }
    }

    /// Rows from the first to the last one of a sample.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Rows => 1,
            Self::Windows { n_steps, horizon, has_targets, .. } => {
                n_steps + if has_targets { horizon } else { 0 }
            }
        }
    }

    /// Which row of its sample a node reads at a step. An Input with one value per window reads
    /// the window's last row, the newest that is known when a prediction is made.
    pub(super) fn offset(self, is_target: bool, per_step: bool, step: usize) -> usize {
        match self {
            Self::Rows => 0,
            Self::Windows { n_steps, horizon, .. } => {
                let step = if per_step { step.min(n_steps - 1) } else { n_steps - 1 };
                step + if is_target { horizon } else { 0 }
            }
        }
    }
}

/// Samples, named by the row at which they begin, in file order.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct Samples {
    pub(super) starts: Vec<u32>,
    pub(super) train: Vec<u32>,
    pub(super) validation: Vec<u32>,
    /// How many rows the samples of each part read; a row of several windows counts once.
    pub(super) n_rows: [usize; 2],
}

impl Samples {
    fn new(starts: Vec<u32>, train: Vec<u32>, validation: Vec<u32>, length: usize) -> Self {
        let n_rows = [&train, &validation].map(|part| {
            let mut end = 0;
            let ends = part.iter().map(|&sample| starts[sample as usize] as usize).map(|start| {
                let new = (start + length) - start.max(end);
                end = start + length;
                new
            });
            ends.sum()
        });
        Self { starts, train, validation, n_rows }
    }

    /// Samples that are a row each.
    pub(super) fn of_rows(starts: Vec<u32>, train: Vec<u32>, validation: Vec<u32>) -> Self {
        Self::new(starts, train, validation, 1)
    }
}

/// Cuts rows into samples and these into two parts. `is_usable` says of each row whether it has
/// all its values.
pub(super) fn samples(
    is_usable: &[bool],
    shape: SampleShape,
    split: SplitSettings,
    seed: u64,
) -> Result<Samples, DataError> {
    let samples = match shape {
        SampleShape::Rows => {
            let starts: Vec<u32> = is_usable
                .iter()
                .enumerate()
                .filter(|&(_, &usable)| usable)
                .map(|(row, _)| row as u32)
                .collect();
            let (train, validation) = split_rows(starts.len(), split, seed);
            Samples::of_rows(starts, train, validation)
        }
        SampleShape::Windows { stride, .. } => {
            let length = shape.length();
            if is_usable.len() < length {
                return Err(DataError::new(DataErrorKind::TooFewRows {
                    needed: length,
                    found: is_usable.len(),
                }));
            }
            // By time: windows before the border train, windows after it validate, and none
            // reaches over it.
            let n_validation =
                (is_usable.len() as f64 * split.validation_fraction.clamp(0.0, 1.0)).round() as usize;
            let border = is_usable.len() - n_validation.min(is_usable.len());
            let train = windows(&is_usable[..border], 0, length, stride);
            let validation = windows(&is_usable[border..], border, length, stride);
            let n_train = train.len() as u32;
            let n = n_train + validation.len() as u32;
            let starts = train.into_iter().chain(validation).collect();
            Samples::new(starts, (0..n_train).collect(), (n_train..n).collect(), length)
        }
    };
    Ok(samples)
}

/// Starts of the windows of `length` usable rows within a part that begins at row `first`.
fn windows(is_usable: &[bool], first: usize, length: usize, stride: usize) -> Vec<u32> {
    // How many usable rows stand together up to each row.
    let mut run = 0;
    let runs: Vec<usize> = is_usable
        .iter()
        .map(|&usable| {
            run = if usable { run + 1 } else { 0 };
            run
        })
        .collect();
    let n_starts = (is_usable.len() + 1).saturating_sub(length);
    (0..n_starts)
        .step_by(stride)
        .filter(|start| runs[start + length - 1] >= length)
        .map(|start| (first + start) as u32)
        .collect()
}

/// Splits `n` samples into training and validation, both in file order.
pub(super) fn split_rows(n: usize, split: SplitSettings, seed: u64) -> (Vec<u32>, Vec<u32>) {
    let fraction = split.validation_fraction.clamp(0.0, 1.0);
    let mut n_validation = (n as f64 * fraction).round() as usize;
    if fraction > 0.0 {
        n_validation = n_validation.max(1);
    }
    let n_validation = n_validation.min(n.saturating_sub(1));
    let mut order: Vec<u32> = (0..n as u32).collect();
    if split.shuffle && n_validation > 0 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(SPLIT_STREAM);
        order.shuffle(&mut random);
    }
    let mut validates = vec![false; n];
    for &sample in &order[n - n_validation..] {
        validates[sample as usize] = true;
    }
    (0..n as u32).partition(|&sample| !validates[sample as usize])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_seed_splits_the_same_way_and_another_seed_another_way() {
        let split = SplitSettings { validation_fraction: 0.2, shuffle: true };
        let (train, validation) = split_rows(392, split, 1);
        assert_eq!((train.len(), validation.len()), (314, 78));
        assert_eq!(split_rows(392, split, 1), (train.clone(), validation));
        assert_ne!(split_rows(392, split, 2).0, train);
    }

    #[test]
    fn without_shuffling_the_last_rows_validate() {
        let split = SplitSettings { validation_fraction: 0.25, shuffle: false };
        assert_eq!(split_rows(8, split, 1), (vec![0, 1, 2, 3, 4, 5], vec![6, 7]));
    }

    #[test]
    fn no_validation_part_leaves_all_rows_for_training() {
        let split = SplitSettings { validation_fraction: 0.0, shuffle: true };
        assert_eq!(split_rows(4, split, 3), (vec![0, 1, 2, 3], vec![]));
    }

    #[test]
    fn a_window_has_its_horizon_after_its_last_row() {
        let shape = SampleShape::Windows { n_steps: 3, stride: 1, horizon: 2, has_targets: true };
        assert_eq!(shape.length(), 5);
        assert_eq!([0, 1, 2].map(|step| shape.offset(false, true, step)), [0, 1, 2]);
        assert_eq!([0, 1, 2].map(|step| shape.offset(true, true, step)), [2, 3, 4]);
        assert_eq!(shape.offset(true, false, 0), 4);
        assert_eq!(shape.offset(false, false, 0), 2);
    }

    #[test]
    fn no_window_contains_an_unusable_row() {
        let usable = [true, true, false, true, true, true];
        assert_eq!(windows(&usable, 10, 2, 1), [10, 13, 14]);
        assert_eq!(windows(&usable, 0, 2, 2), [0, 4]);
        assert!(windows(&usable, 0, 7, 1).is_empty());
    }

    #[test]
    fn a_row_of_several_windows_is_counted_once() {
        let samples = Samples::new(vec![0, 1, 4, 10, 11], vec![0, 1, 2], vec![3, 4], 3);
        assert_eq!(samples.n_rows, [7, 4]);
        assert_eq!(Samples::of_rows(vec![2, 5, 7], vec![0, 2], vec![1]).n_rows, [2, 1]);
    }

    proptest! {
        #[test]
        fn no_window_straddles_the_border(
            n in 1_usize..200, n_steps in 2_usize..9, stride in 1_usize..5, horizon in 0_usize..4,
            fraction in 0.0..0.9,
        ) {
            let shape = SampleShape::Windows { n_steps, stride, horizon, has_targets: true };
            let split = SplitSettings { validation_fraction: fraction, shuffle: true };
            if let Ok(found) = samples(&vec![true; n], shape, split, 1) {
                let border = n - (n as f64 * fraction).round() as usize;
                for &sample in &found.train {
                    prop_assert!(found.starts[sample as usize] as usize + shape.length() <= border);
                }
                for &sample in &found.validation {
                    let start = found.starts[sample as usize] as usize;
                    prop_assert!(start >= border && start + shape.length() <= n);
                }
            }
        }

        #[test]
        fn every_row_is_in_exactly_one_part(n in 1_usize..300, fraction in 0.0..1.0, seed: u64) {
            let (train, validation) = split_rows(n, SplitSettings { validation_fraction: fraction, shuffle: true }, seed);
            let mut all = [train, validation].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..n as u32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn too_few_rows_for_a_window_is_an_error() {
        let shape = SampleShape::Windows { n_steps: 5, stride: 1, horizon: 1, has_targets: true };
        let error = samples(&[true; 4], shape, SplitSettings::default(), 1).unwrap_err();
        assert_eq!(*error.kind, DataErrorKind::TooFewRows { needed: 6, found: 4 });
    }
}
