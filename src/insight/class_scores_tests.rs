//! Scores of classifications against scikit-learn 1.9.1's, computed once.
//!
//! ```python
//! import numpy as np
//! from sklearn.calibration import calibration_curve
//! from sklearn.metrics import precision_recall_fscore_support, roc_auc_score, roc_curve
//! p = np.array([((i * 37 + 11) % 50) / 50 for i in range(24)]); p[5] = p[6]; p[20] = p[3]
//! y = np.array([int(((i * 29 + 7) % 24) / 24 < p[i] * 0.8 + 0.1) for i in range(24)])
//! roc_curve(y, p, drop_intermediate=False); roc_auc_score(y, p); calibration_curve(y, p, n_bins=5)
//! t, s = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3], [0, 1, 0, 1, 1, 2, 1, 2, 0, 2, 1]
//! precision_recall_fscore_support(t, s, labels=[0, 1, 2, 3], zero_division=np.nan)
//! ```

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

const TRUTH: [u8; 24] = [0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1];
const PROBABILITY: [f64; 24] = [
    0.22, 0.96, 0.7, 0.44, 0.18, 0.66, 0.66, 0.4, 0.14, 0.88, 0.62, 0.36, 0.1, 0.84, 0.58, 0.32, 0.06, 0.8,
    0.54, 0.28, 0.44, 0.76, 0.5, 0.24,
];

fn answers() -> Vec<(f64, bool)> {
    PROBABILITY.iter().zip(TRUTH).map(|(&probability, truth)| (probability, truth == 1)).collect()
}

fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
    }
}

#[test]
fn the_roc_curve_and_its_area_are_those_of_scikit_learn() {
    let roc = roc(answers()).unwrap();
    assert_near(&[roc.auc], &[0.75]);
    let twelfths = |n: &[u8]| -> Vec<f64> { n.iter().map(|&n| f64::from(n) / 12.0).collect() };
    let false_positives = [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3, 5, 6, 7, 8, 8, 8, 9, 9, 10, 11, 12];
    let true_positives = [0, 1, 2, 3, 3, 4, 4, 6, 7, 8, 9, 9, 9, 9, 9, 9, 10, 11, 11, 12, 12, 12, 12];
    let rates: Vec<f64> = roc.points.iter().map(|point| point.false_positive_rate).collect();
    assert_near(&rates, &twelfths(&false_positives));
    let rates: Vec<f64> = roc.points.iter().map(|point| point.true_positive_rate).collect();
    assert_near(&rates, &twelfths(&true_positives));
    let thresholds: Vec<f64> = roc.points[1..].iter().map(|point| point.threshold).collect();
    assert_near(&thresholds[..6], &[0.96, 0.88, 0.84, 0.8, 0.76, 0.7]);
}

#[test]
fn one_class_alone_has_no_roc_curve() {
    assert_eq!(roc(vec![(0.1, true), (0.9, true)]), None);
    assert_eq!(roc(Vec::new()), None);
}

#[test]
fn reliability_is_scikit_learns_calibration_curve() {
    let bins = reliability(&answers(), 5);
    let said: Vec<f64> = bins.iter().map(|bin| bin.said).collect();
    let found: Vec<f64> = bins.iter().map(|bin| bin.found).collect();
    assert_near(&said, &[0.12, 0.91 / 3.0, 0.5, 0.7, 2.68 / 3.0]);
    assert_near(&found, &[0.25, 1.0 / 3.0, 0.4, 2.0 / 3.0, 1.0]);
    assert_eq!(bins.iter().map(|bin| bin.n).sum::<u64>(), 24);
    let edge = reliability(&[(1.0, true), (0.0, false)], 10);
    assert_eq!((edge[0].n, edge[1].n), (1, 1), "0 and 1 fall into the first and the last bin");
}

#[test]
fn precision_recall_and_f1_are_those_of_scikit_learn() {
    let truth = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3];
    let said = [0, 1, 0, 1, 1, 2, 1, 2, 0, 2, 1];
    let mut counts = vec![vec![0; 4]; 4];
    truth.iter().zip(said).for_each(|(&truth, said): (&usize, usize)| counts[truth][said] += 1);
    let scores = class_scores(&counts);
    let two_thirds = 2.0 / 3.0;
    let known = |share: fn(&ClassScores) -> Option<f64>| -> Vec<f64> {
        scores.iter().map(|class| share(class).unwrap_or(f64::NAN)).collect()
    };
    assert_near(&known(|class| class.precision)[..3], &[two_thirds, 0.6, two_thirds]);
    assert_eq!(scores[3].precision, None, "nothing was said to be of the last class");
    assert_near(&known(|class| class.recall), &[two_thirds, 0.75, two_thirds, 0.0]);
    assert_near(&known(|class| class.f1), &[two_thirds, two_thirds, two_thirds, 0.0]);
    assert_eq!(scores.iter().map(|class| class.support).collect::<Vec<_>>(), [3, 4, 3, 1]);
}
