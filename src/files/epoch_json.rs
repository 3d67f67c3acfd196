//! The lines that `train --json` prints while it runs, one object each, and what `evaluate --json`
//! prints.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::network::Task;
use crate::train::{EpochRecord, Evaluation, Metrics, StopReason};

#[derive(Debug, Serialize)]
struct EpochJson<'a> {
    epoch: usize,
    train_loss: Option<f64>,
    val_loss: Option<f64>,
    metrics: BTreeMap<String, Option<f64>>,
    #[serde(flatten)]
    done: Option<DoneJson<'a>>,
}

#[derive(Debug, Serialize)]
struct DoneJson<'a> {
    done: bool,
    reason: &'static str,
    out: Option<&'a str>,
}

/// One finished epoch as a line of JSON, without a line break. What does not apply is null.
pub fn epoch_json(record: &EpochRecord, task: Task) -> String {
    line(record, task, None)
}

/// The last line: the newest epoch once more, why training stopped, and what was written.
pub fn done_json(record: &EpochRecord, task: Task, reason: &StopReason, out: Option<&str>) -> String {
    let reason = match reason {
        StopReason::Epochs => "epochs",
        StopReason::TargetLoss => "target_loss",
        StopReason::Patience => "patience",
        StopReason::Diverged(_) => "diverged",
        StopReason::Interrupted => "interrupted",
        StopReason::NotFinite(_) => "not_finite",
        StopReason::CannotStart(_) => "cannot_start",
        StopReason::Failure(_) => "failure",
    };
    line(record, task, Some(DoneJson { done: true, reason, out }))
}

fn line(record: &EpochRecord, task: Task, done: Option<DoneJson<'_>>) -> String {
    let EpochRecord { epoch, step: _, seconds: _, train_loss, val_loss, metrics } = record;
    let is_validation = val_loss.is_some();
    let mut shown = BTreeMap::new();
    for (name, value) in named(metrics, task) {
        shown.insert(format!("val_{name}"), value.filter(|_| is_validation));
        // Without a validation part, the metrics are those of the training rows, where they are known.
        if let Some(value) = value.filter(|_| !is_validation) {
            shown.insert(format!("train_{name}"), Some(value));
        }
    }
    let json = EpochJson {
        epoch: *epoch,
        train_loss: Some(*train_loss).filter(|loss| loss.is_finite()),
        val_loss: val_loss.filter(|loss| loss.is_finite()),
        metrics: shown,
        done,
    };
    // Strings, lists and finite numbers always become JSON.
    serde_json::to_string(&json).unwrap_or_default()
}

/// The metrics that apply to the task; null where one cannot be said.
fn named(metrics: &Metrics, task: Task) -> Vec<(&'static str, Option<f64>)> {
    let Metrics { mae, rmse, r2, accuracy, mse, persistence_mse } = *metrics;
    let mut named = match task {
        Task::Regression => vec![("mae", mae), ("rmse", rmse), ("r2", r2)],
        Task::BinaryClassification | Task::Classification => vec![("accuracy", accuracy)],
    };
    if persistence_mse.is_some() {
        named.extend([("mse", mse), ("persistence_mse", persistence_mse)]);
    }
    named.into_iter().map(|(name, value)| (name, value.filter(|value| value.is_finite()))).collect()
}

#[derive(Debug, Serialize)]
struct EvaluationJson<'a> {
    rows: usize,
    loss: Option<f64>,
    metrics: BTreeMap<&'static str, Option<f64>>,
    /// Each of several losses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    losses: Vec<LossJson<'a>>,
}

#[derive(Debug, Serialize)]
struct LossJson<'a> {
    name: &'a str,
    loss: Option<f64>,
    metrics: BTreeMap<&'static str, Option<f64>>,
}

/// What `evaluate --json` prints: loss and metrics over `rows` rows. The metrics are those of the first loss;
/// where there are several, each stands with its own in `losses`.
pub fn evaluation_json(rows: usize, evaluation: &Evaluation) -> String {
    let finite = |loss: f64| Some(loss).filter(|loss| loss.is_finite());
    let mut losses: Vec<LossJson<'_>> = evaluation
        .losses
        .iter()
        .map(|of| LossJson {
            name: &of.name,
            loss: finite(of.loss),
            metrics: named(&of.metrics, of.task).into_iter().collect(),
        })
        .collect();
    let metrics = losses.first().map(|first| first.metrics.clone()).unwrap_or_default();
    if losses.len() == 1 {
        losses.clear();
    }
    let json = EvaluationJson { rows, loss: finite(evaluation.loss), metrics, losses };
    // Strings, lists and finite numbers always become JSON.
    serde_json::to_string(&json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_what_applies_and_null_for_what_does_not() {
        let metrics = Metrics { accuracy: Some(0.5), ..Metrics::default() };
        let mut record = EpochRecord { epoch: 3, train_loss: 0.25, metrics, ..EpochRecord::default() };
        assert_eq!(
            epoch_json(&record, Task::BinaryClassification),
            r#"{"epoch":3,"train_loss":0.25,"val_loss":null,"metrics":{"train_accuracy":0.5,"val_accuracy":null}}"#
        );
        record.val_loss = Some(0.5);
        record.metrics = Metrics { mae: Some(1.5), rmse: Some(2.0), ..Metrics::default() };
        assert_eq!(
            done_json(&record, Task::Regression, &StopReason::Patience, None),
            r#"{"epoch":3,"train_loss":0.25,"val_loss":0.5,"metrics":{"val_mae":1.5,"val_r2":null,"val_rmse":2.0},"done":true,"reason":"patience","out":null}"#
        );
    }
}
