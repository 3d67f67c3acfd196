//! Which rows are listed and in which order, with what the listed rows come to: worst first, only the
//! validation part, only one cell of the confusion matrix.
//!
//! Must not know how a list is shown.

use super::class_scores::{Reliability, RocCurve, reliability, roc};
use super::predictions::{HeadPredictions, Predictions};
use crate::data::{Part, Prepared, ReadTask};

/// Bins of the reliability plot.
const N_BINS: usize = 10;

/// More points than this are not plotted; every so-many-th is.
const MOST_POINTS: usize = 4_000;

/// By what rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Their order in the file.
    #[default]
    Row,
    /// Training before validation.
    Part,
    /// The n-th number of the truth.
    Truth(usize),
    /// The predicted class.
    Class,
    /// The n-th number of the prediction.
    Prediction(usize),
    /// How wrong the network is.
    Error,
    /// A column of the table.
    Column(usize),
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sorting {
    /// By what.
    pub key: SortKey,
    /// The largest first.
    pub is_descending: bool,
}

/// Which rows are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only this part.
    pub part: Option<Part>,
    /// Only this true and this predicted class.
    pub cell: Option<(usize, usize)>,
    /// Only rows whose class was not found.
    pub only_wrong: bool,
}

/// The rows listed.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Listing {
    /// Samples, in order.
    pub samples: Vec<u32>,
    /// Some of them, evenly spread, for plots.
    pub plotted: Vec<u32>,
    /// For a yes-or-no answer or two classes.
    pub roc: Option<RocCurve>,
    /// For probabilities: of the answer yes, or of the class that was said.
    pub reliability: Vec<Reliability>,
}

/// Lists the rows of one head; none where the task was cancelled.
pub fn list(
    predictions: &Predictions,
    head: usize,
    data: &Prepared,
    (filter, sorting): (Filter, Sorting),
    task: &dyn ReadTask,
) -> Option<Listing> {
    let Some(head) = predictions.heads.get(head) else { return Some(Listing::default()) };
    let is_listed = |sample: &u32| {
        let at = *sample as usize;
        filter.part.is_none_or(|part| data.part_of_sample(*sample) == part)
            && filter.cell.is_none_or(|cell| head.classes_of(at) == Some(cell))
            && (!filter.only_wrong || head.is_wrong(at))
    };
    let mut samples: Vec<u32> = (0..predictions.n_samples as u32).filter(is_listed).collect();
    if task.is_cancelled() {
        return None;
    }
    let stride = samples.len().div_ceil(MOST_POINTS).max(1);
    let plotted = samples.iter().copied().step_by(stride).collect();
    let answers = answers(head, &samples);
    let reliability = reliability(&answers, N_BINS);
    let roc = if head.n_classes() == Some(2) { roc(answers) } else { None };
    if task.is_cancelled() {
        return None;
    }
    sort(&mut samples, head, data, sorting);
    Some(Listing { samples, plotted, roc, reliability })
}

/// Probabilities and whether they came true: of the second class or of yes; of more than two classes,
/// of the one that was said. Rows of a class that is not known stay out of it.
fn answers(head: &HeadPredictions, samples: &[u32]) -> Vec<(f64, bool)> {
    let of_sample = |&sample: &u32| {
        let sample = sample as usize;
        let (true_class, said) = head.classes_of(sample)?;
        match head.prediction(sample) {
            [of_yes] | [_, of_yes] => Some((*of_yes, true_class == 1)),
            prediction => Some((*prediction.get(said)?, true_class == said)),
        }
    };
    samples.iter().filter_map(of_sample).collect()
}

/// Sorts by a key that is computed once a row; rows of equal keys stay in file order, and those without
/// a number come last.
fn sort(samples: &mut [u32], head: &HeadPredictions, data: &Prepared, sorting: Sorting) {
    let key = |sample: u32| -> f64 {
        let at = sample as usize;
        match sorting.key {
            SortKey::Row => f64::from(sample),
            SortKey::Part => f64::from(u8::from(data.part_of_sample(sample) == Part::Validation)),
            SortKey::Truth(idx) => head.truth(at).get(idx).copied().unwrap_or(f64::NAN),
            SortKey::Prediction(idx) => head.prediction(at).get(idx).copied().unwrap_or(f64::NAN),
            SortKey::Class => head.said_class(at).map_or(f64::NAN, |said| said as f64),
            SortKey::Error => head.error(at).abs(),
            SortKey::Column(column) => {
                let row = data.newest_row(sample);
                data.table().and_then(|table| table.row(row).get(column).copied()).unwrap_or(f64::NAN)
            }
        }
    };
    let mut keyed: Vec<(f64, u32)> = samples.iter().map(|&sample| (key(sample), sample)).collect();
    keyed.sort_by(|a, b| {
        let order = if sorting.is_descending { b.0.total_cmp(&a.0) } else { a.0.total_cmp(&b.0) };
        a.0.is_nan().cmp(&b.0.is_nan()).then(order)
    });
    for (place, (_, sample)) in samples.iter_mut().zip(keyed) {
        *place = sample;
    }
}
