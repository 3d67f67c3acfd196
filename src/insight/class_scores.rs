//! How good classifications are: precision, recall and F1 by class, the receiver operating
//! characteristic, and whether probabilities mean what they say.
//!
//! Must not know networks: it is fed with counts, or with probabilities and truths. Follows
//! scikit-learn's definitions, which its tests are compared with.

/// One class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScores {
    /// Of the rows said to be of the class, the share that is; none where none was said to be.
    pub precision: Option<f64>,
    /// Of the rows of the class, the share that was said to be; none where there is none.
    pub recall: Option<f64>,
    /// Their harmonic mean; none where neither is known or both are 0.
    pub f1: Option<f64>,
    /// How many rows are of the class.
    pub support: u64,
}

/// Scores by class from `counts[true][predicted]`.
pub fn class_scores(counts: &[Vec<u64>]) -> Vec<ClassScores> {
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let of_class = |class: usize| {
        let right = counts[class].get(class).copied().unwrap_or(0);
        let support: u64 = counts[class].iter().sum();
        let said: u64 = counts.iter().filter_map(|row| row.get(class)).sum();
        ClassScores {
            precision: share(right, said),
            recall: share(right, support),
            f1: share(2 * right, said + support),
            support,
        }
    };
    (0..counts.len()).map(of_class).collect()
}

/// The receiver operating characteristic of a yes-or-no answer.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RocCurve {
    /// False and true positive rates from (0, 0) to (1, 1), with the threshold that gives each.
    pub points: Vec<RocPoint>,
    /// The area under the curve.
    pub auc: f64,
}

/// One threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPoint {
    /// Rows that are not, but are said to be, as a share of those that are not.
    pub false_positive_rate: f64,
    /// Rows that are and are said to be, as a share of those that are.
    pub true_positive_rate: f64,
    /// What is said to be: a probability of at least this.
    pub threshold: f64,
}

/// The curve over (probability, truth); none where the truth is always the same. Rows of equal
/// probability move along a slanted line, as ties must (Fawcett 2006).
pub fn roc(mut answers: Vec<(f64, bool)>) -> Option<RocCurve> {
    answers.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let n_yes = answers.iter().filter(|answer| answer.1).count();
    let n_no = answers.len() - n_yes;
    if n_yes == 0 || n_no == 0 {
        return None;
    }
    let mut points =
        vec![RocPoint { false_positive_rate: 0.0, true_positive_rate: 0.0, threshold: f64::INFINITY }];
    let (mut yes, mut no, mut auc) = (0_usize, 0_usize, 0.0);
    for ties in answers.chunk_by(|a, b| a.0 == b.0) {
        let (yes_before, no_before) = (yes, no);
        yes += ties.iter().filter(|answer| answer.1).count();
        no += ties.iter().filter(|answer| !answer.1).count();
        auc += (no - no_before) as f64 * (yes + yes_before) as f64 / 2.0;
        points.push(RocPoint {
            false_positive_rate: no as f64 / n_no as f64,
            true_positive_rate: yes as f64 / n_yes as f64,
            threshold: ties[0].0,
        });
    }
    Some(RocCurve { points: thinned(points), auc: auc / (n_yes as f64 * n_no as f64) })
}

/// More points than a screen has pixels are not drawn.
const MOST_POINTS: usize = 2_000;

fn thinned(points: Vec<RocPoint>) -> Vec<RocPoint> {
    let stride = points.len().div_ceil(MOST_POINTS).max(1);
    let last = points.len() - 1;
    let kept = points.into_iter().enumerate().filter(|(idx, _)| idx % stride == 0 || *idx == last);
    kept.map(|(_, point)| point).collect()
}

/// One bin of probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability {
    /// The mean of the probabilities in the bin.
    pub said: f64,
    /// The share of them that came true.
    pub found: f64,
    /// How many there are.
    pub n: u64,
}

/// How often what was said with some probability is true, in `n_bins` bins of equal width; empty bins
/// are left out. Edges belong to the bin below them, 0 to the first.
pub fn reliability(answers: &[(f64, bool)], n_bins: usize) -> Vec<Reliability> {
    let mut bins = vec![(0.0, 0_u64, 0_u64); n_bins.max(1)];
    let last = bins.len() - 1;
    for &(probability, truth) in answers.iter().filter(|answer| answer.0.is_finite()) {
        let bin = ((probability * n_bins as f64).ceil() as usize).saturating_sub(1).min(last);
        let (sum, n_true, n) = &mut bins[bin];
        *sum += probability;
        *n_true += u64::from(truth);
        *n += 1;
    }
    let full = bins.into_iter().filter(|(_, _, n)| *n > 0);
    full.map(|(sum, n_true, n)| Reliability { said: sum / n as f64, found: n_true as f64 / n as f64, n })
        .collect()
}

#[cfg(test)]
#[path = "class_scores_tests.rs"]
mod tests;
