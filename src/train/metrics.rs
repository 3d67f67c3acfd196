//! How good predictions are: MAE, RMSE and R² in original units, accuracy, confusion matrix.
//!
//! Must not know programs or data files: it is fed one sample after the other.

use super::progress::{Confusion, MetricSums, Metrics};
use crate::network::Task;

/// The largest number of classes for which a confusion matrix is counted.
const MAX_CONFUSION_CLASSES: usize = 100;

/// Gathers predictions and targets and says how well they agree.
#[derive(Clone, Debug)]
pub struct MetricsBuilder {
    task: Task,
    /// What counts as yes: 0.5 for probabilities, 0 for logits.
    threshold: f64,
    classes: Vec<String>,
    n_entries: u64,
    n_answers: u64,
    n_right: u64,
    sum_abs: f64,
    outputs: Vec<OutputSums>,
    counts: Vec<u64>,
    /// Answers whose true class is none of the classes.
    n_unknown: u64,
}

/// Sums over one output.
#[derive(Clone, Copy, Debug, Default)]
struct OutputSums {
    n: f64,
    /// Σ (prediction − target)².
    residual: f64,
    /// Running mean of the targets, after Welford (1962).
    mean: f64,
    /// Σ (target − mean)², after Welford.
    total: f64,
}

impl MetricsBuilder {
    /// For `n_outputs` outputs. `classes` names the classes of a confusion matrix; where there are
    /// none, they are numbered from 0. Several yes-or-no outputs with a class each exclude one another:
    /// they give one answer together.
    pub fn new(task: Task, n_outputs: usize, threshold: f64, classes: Option<Vec<String>>) -> Self {
        let n_classes = match task {
            Task::Regression => 0,
            Task::BinaryClassification if n_outputs == 1 => 2,
            Task::BinaryClassification => n_outputs * usize::from(classes.is_some()),
            Task::Classification => n_outputs,
        };
        let n_classes = if n_classes > MAX_CONFUSION_CLASSES { 0 } else { n_classes };
        let classes = classes
            .filter(|classes| classes.len() == n_classes)
            .unwrap_or_else(|| (0..n_classes).map(|class| class.to_string()).collect());
        Self {
            task,
            threshold,
            classes,
            n_entries: 0,
            n_answers: 0,
            n_right: 0,
            sum_abs: 0.0,
            outputs: vec![OutputSums::default(); n_outputs],
            counts: vec![0; n_classes * n_classes],
            n_unknown: 0,
        }
    }

    /// One sample: a prediction and its target, as many numbers each as there are outputs. Of numbers in
    /// the units of the data, of classes as the loss takes them.
    pub fn add(&mut self, prediction: &[f64], target: &[f64]) {
        match self.task {
            Task::Regression => self.add_numbers(prediction, target),
            Task::BinaryClassification if self.outputs.len() == 1 || self.classes.is_empty() => {
                for (&a, &y) in prediction.iter().zip(target) {
                    let (predicted, truth) = (usize::from(a > self.threshold), usize::from(y > 0.5));
                    self.n_answers += 1;
                    self.n_right += u64::from(predicted == truth);
                    if self.classes.len() == 2 {
                        self.counts[truth * 2 + predicted] += 1;
                    }
                }
            }
            Task::BinaryClassification | Task::Classification => {
                let Some(predicted) = first_largest(prediction) else { return };
                self.n_answers += 1;
                // A class that is not known is never found.
                let Some(truth) = true_class(target) else {
                    self.n_unknown += 1;
                    return;
                };
                self.n_right += u64::from(predicted == truth);
                let n_classes = self.classes.len();
                if predicted < n_classes && truth < n_classes {
                    self.counts[truth * n_classes + predicted] += 1;
                }
            }
        }
    }

    fn add_numbers(&mut self, prediction: &[f64], target: &[f64]) {
        for ((sums, &a), &y) in self.outputs.iter_mut().zip(prediction).zip(target) {
            let error = a - y;
            self.sum_abs += error.abs();
            self.n_entries += 1;
            sums.n += 1.0;
            sums.residual += error * error;
            let from_mean = y - sums.mean;
            sums.mean += from_mean / sums.n;
            sums.total += from_mean * (y - sums.mean);
        }
    }

    /// The sums so far.
    pub fn sums(&self) -> MetricSums {
        MetricSums {
            n_numbers: self.n_entries,
            absolute: self.sum_abs,
            outputs: self.outputs.iter().map(|sums| (sums.residual, sums.total)).collect(),
            n_answers: self.n_answers,
            n_right: self.n_right,
        }
    }

    /// What was gathered. R² is the mean over the outputs whose targets vary.
    pub fn finish(&self) -> (Metrics, Option<Confusion>) {
        let mut metrics = Metrics::default();
        if self.n_entries > 0 {
            let n = self.n_entries as f64;
            let residual: f64 = self.outputs.iter().map(|sums| sums.residual).sum();
            metrics.mae = Some(self.sum_abs / n);
            metrics.rmse = Some((residual / n).sqrt());
            let varied: Vec<f64> = self
                .outputs
                .iter()
                .filter(|sums| sums.total > 0.0)
                .map(|sums| 1.0 - sums.residual / sums.total)
                .collect();
            metrics.r2 = (!varied.is_empty()).then(|| varied.iter().sum::<f64>() / varied.len() as f64);
        }
        if self.n_answers > 0 {
            metrics.accuracy = Some(self.n_right as f64 / self.n_answers as f64);
        }
        let n_classes = self.classes.len();
        let confusion = (n_classes > 0 && self.n_answers > 0).then(|| Confusion {
            classes: self.classes.clone(),
            counts: self.counts.chunks(n_classes).map(<[u64]>::to_vec).collect(),
            n_unknown: self.n_unknown,
        });
        (metrics, confusion)
    }
}

/// The index of the largest number, the first of equals: which class is predicted. `None` without
/// numbers.
pub fn first_largest(numbers: &[f64]) -> Option<usize> {
    let mut best = None;
    for (index, &number) in numbers.iter().enumerate() {
        if best.is_none_or(|(_, most)| number > most) {
            best = Some((index, number));
        }
    }
    best.map(|(index, _)| index)
}

/// The class that a target names; none where it names none of them, as of a class that the training part
/// does not have.
pub fn true_class(target: &[f64]) -> Option<usize> {
    first_largest(target).filter(|&class| target[class] > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regression_metrics_follow_their_definitions() {
        let mut builder = MetricsBuilder::new(Task::Regression, 1, 0.5, None);
        // Errors 1, −1, 2, 0; targets 1, 2, 3, 6 with mean 3 and Σ (y − 3)² = 4 + 1 + 0 + 9 = 14.
        for (a, y) in [(2.0, 1.0), (1.0, 2.0), (5.0, 3.0), (6.0, 6.0)] {
            builder.add(&[a], &[y]);
        }
        let (metrics, confusion) = builder.finish();
        assert_eq!(metrics.mae, Some(1.0));
        assert_eq!(metrics.rmse, Some((6.0_f64 / 4.0).sqrt()));
        assert!((metrics.r2.unwrap_or(0.0) - (1.0 - 6.0 / 14.0)).abs() < 1e-12);
        assert_eq!((metrics.accuracy, confusion), (None, None));
    }

    #[test]
    fn constant_targets_have_no_r2() {
        let mut builder = MetricsBuilder::new(Task::Regression, 1, 0.5, None);
        builder.add(&[1.0], &[2.0]);
        builder.add(&[3.0], &[2.0]);
        assert_eq!(builder.finish().0.r2, None);
    }

    #[test]
    fn classes_are_counted_by_the_largest_output() {
        let names = Some(vec!["setosa".into(), "versicolor".into(), "virginica".into()]);
        let mut builder = MetricsBuilder::new(Task::Classification, 3, 0.5, names);
        builder.add(&[0.8, 0.1, 0.1], &[1.0, 0.0, 0.0]);
        builder.add(&[0.2, 0.3, 0.5], &[0.0, 1.0, 0.0]);
        let (metrics, confusion) = builder.finish();
        assert_eq!(metrics.accuracy, Some(0.5));
        let counts = confusion.map(|confusion| confusion.counts);
        assert_eq!(counts, Some(vec![vec![1, 0, 0], vec![0, 0, 1], vec![0, 0, 0]]));
    }

    #[test]
    fn a_class_that_is_not_known_is_never_found_and_is_not_the_first_one() {
        let mut builder = MetricsBuilder::new(Task::Classification, 2, 0.5, None);
        builder.add(&[0.9, 0.1], &[1.0, 0.0]);
        builder.add(&[0.9, 0.1], &[0.0, 0.0]);
        let (metrics, confusion) = builder.finish();
        assert_eq!(metrics.accuracy, Some(0.5));
        let confusion = confusion.map(|confusion| (confusion.counts, confusion.n_unknown));
        assert_eq!(confusion, Some((vec![vec![1, 0], vec![0, 0]], 1)));
    }

    #[test]
    fn yes_or_no_outputs_of_one_column_answer_together() {
        let names = Some(vec!["no".into(), "yes".into()]);
        let mut builder = MetricsBuilder::new(Task::BinaryClassification, 2, 0.5, names);
        // Both say no, the second more loudly.
        builder.add(&[0.1, 0.4], &[0.0, 1.0]);
        builder.add(&[0.1, 0.4], &[1.0, 0.0]);
        let (metrics, confusion) = builder.finish();
        assert_eq!(metrics.accuracy, Some(0.5));
        assert_eq!(confusion.map(|confusion| confusion.counts), Some(vec![vec![0, 1], vec![0, 1]]));
    }

    #[test]
    fn logits_say_yes_above_zero() {
        let mut builder = MetricsBuilder::new(Task::BinaryClassification, 1, 0.0, None);
        builder.add(&[0.2], &[1.0]);
        builder.add(&[-0.2], &[1.0]);
        let (metrics, confusion) = builder.finish();
        assert_eq!(metrics.accuracy, Some(0.5));
        assert_eq!(confusion.map(|confusion| confusion.counts), Some(vec![vec![0, 0], vec![1, 1]]));
    }
}
