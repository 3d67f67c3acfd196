//! Runs that are kept to be compared: the one at hand, and the same again with other seeds, trained in the
//! background.
//!
//! Must not know how a run is shown.

use std::sync::Arc;
use std::time::Instant;

use crate::data::{self, DataRequest, DataSettings, ReadTask as _, Table};
use crate::document::{Document, MOST_RUN_POINTS, Run, RunPoint, RunScores, actions};
use crate::train::{
    Advance, EpochRecord, LossHistory, Metrics, RunPosition, open_session_while, training_precision,
};

use super::App;
use super::jobs::{Background, Control, Poll};

/// The same again with other seeds, under way.
#[derive(Debug)]
pub(super) struct Repeating {
    job: Background<Vec<Run>>,
    /// The document that it is about.
    n_documents: u64,
}

impl App {
    /// Whether there is a training to be kept, and room for it.
    pub fn can_keep_run(&self) -> bool {
        self.training.loss_history.last().is_some() && self.document.room_for_runs() > 0
    }

    /// How far "the same again with other seeds" has come, from 0 to 1, while it is under way.
    pub fn repeating(&self) -> Option<f32> {
        self.training.repeating.as_ref().map(|repeating| repeating.job.fraction().unwrap_or(0.0))
    }

    /// The training at hand, to be kept.
    pub(super) fn run_at_hand(&self) -> Option<Run> {
        let history = &self.training.loss_history;
        let metrics = history.last().map(|last| last.metrics.clone()).filter(|it| *it != Metrics::default());
        let evaluation = self.training.snapshot.as_ref().and_then(|snapshot| snapshot.evaluation.as_ref());
        let metrics = metrics.or_else(|| evaluation.map(|evaluation| evaluation.metrics.clone()));
        let curve = thinned(history.records());
        (!curve.is_empty()).then(|| Run {
            name: self.document.next_run_name(),
            settings: self.document.training.clone(),
            curve,
            scores: scores(&metrics.unwrap_or_default()),
            parameters: self.document.parameters.clone(),
        })
    }

    /// Trains the same again with the next `n` seeds, from newly drawn weights, beside whatever goes on.
    pub(super) fn repeat_run(&mut self, n: usize) {
        if self.training.repeating.is_some() || !self.is_runnable() {
            return;
        }
        let (document, table) = (self.document.clone(), self.data.table.clone());
        let n = n.min(document.room_for_runs());
        let job =
            Background::start(&self.wake, move |control| repeated(&document, table.as_ref(), n, control));
        self.training.repeating = Some(Repeating { job, n_documents: self.n_documents });
    }

    /// Stops it; what was finished is kept.
    pub(super) fn stop_repeating(&mut self) {
        if let Some(repeating) = &self.training.repeating {
            repeating.job.cancel();
        }
    }

    /// Takes in the runs that were trained. Returns whether there was anything new.
    pub(super) fn poll_runs(&mut self) -> bool {
        let Some(repeating) = self.training.repeating.take() else { return false };
        match repeating.job.poll() {
            Poll::Running if repeating.n_documents == self.n_documents => {
                self.training.repeating = Some(repeating);
                false
            }
            Poll::Done(runs) if repeating.n_documents == self.n_documents && !runs.is_empty() => {
                let before = self.document.clone();
                self.perform(actions::keep_runs(&self.document, runs));
                self.after_change(&before);
                true
            }
            Poll::Running | Poll::Done(_) | Poll::Lost => true,
        }
    }
}

/// The same document trained with other seeds; fewer where it was cancelled or cannot be trained.
fn repeated(document: &Document, table: Option<&Arc<Table>>, n: usize, control: &Control) -> Vec<Run> {
    let epochs = document.training.epochs.max(1) as u64;
    let mut runs = Vec::new();
    let mut kept = document.clone();
    for idx in 0..n {
        let done = idx as u64 * epochs;
        let mut again = document.clone();
        again.training.seed = document.training.seed.wrapping_add(idx as u64 + 1);
        // What was fitted was fitted to another split.
        again.data = DataSettings { fitted: None, ..again.data };
        let tell = |epoch: u64| control.progress(done + epoch, n as u64 * epochs);
        let Some(mut run) = trained(&mut again, table, control, &tell) else { break };
        run.name = kept.next_run_name();
        kept.runs.push(Arc::new(Run { name: run.name.clone(), ..Run::default() }));
        runs.push(run);
    }
    runs
}

/// One run from newly drawn weights; `None` where it was cancelled, failed or cannot begin.
fn trained(
    document: &mut Document,
    table: Option<&Arc<Table>>,
    control: &Control,
    tell: &dyn Fn(u64),
) -> Option<Run> {
    let reset = actions::reset(document, None);
    document.apply(reset.edit);
    let settings = document.training.clone();
    let request = DataRequest::of(&document.network);
    let data = data::prepare_while(table, &document.data, &request, settings.seed, control).ok()?;
    let (network, parameters) = (&document.network, &document.parameters);
    let goes_on = || !control.is_cancelled();
    let (precision, start) = (training_precision(parameters), RunPosition::default());
    let data = Arc::new(data);
    let mut session =
        open_session_while(precision, network, parameters, data, &settings, start, &goes_on).ok()?;
    session.begin_run();
    let (began, mut history) = (Instant::now(), LossHistory::default());
    loop {
        if control.is_cancelled() {
            return None;
        }
        match session.advance() {
            Advance::Batch | Advance::Evaluation => {}
            Advance::NotFinite(_) => return None,
            Advance::Epoch { mut record, stop } => {
                record.seconds = began.elapsed().as_secs_f64();
                tell(record.epoch as u64);
                history.push(record);
                if stop.is_some() {
                    break;
                }
            }
        }
    }
    let metrics = history.last().map(|last| last.metrics.clone()).unwrap_or_default();
    let curve = thinned(history.records());
    let parameters = session.parameters();
    Some(Run { name: String::new(), settings, curve, scores: scores(&metrics), parameters })
}

fn scores(metrics: &Metrics) -> RunScores {
    let Metrics { mae, rmse, r2, accuracy, mse: _, persistence_mse: _ } = metrics;
    RunScores { mae: *mae, rmse: *rmse, r2: *r2, accuracy: *accuracy }
}

/// At most as many points as a run keeps, the first and the last among them; those only that a file holds.
fn thinned(records: &[EpochRecord]) -> Vec<RunPoint> {
    let is_finite =
        |record: &&EpochRecord| record.train_loss.is_finite() && record.val_loss.is_none_or(f64::is_finite);
    let records: Vec<&EpochRecord> = records.iter().filter(is_finite).collect();
    let n = records.len().min(MOST_RUN_POINTS);
    let place = |idx: usize| if n > 1 { idx * (records.len() - 1) / (n - 1) } else { 0 };
    let point = |record: &EpochRecord| RunPoint {
        epoch: record.epoch,
        step: record.step,
        seconds: record.seconds,
        train_loss: record.train_loss,
        val_loss: record.val_loss,
    };
    (0..n).filter_map(|idx| records.get(place(idx)).map(|record| point(record))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_curve_keeps_its_ends_and_an_even_spread() {
        let record = |epoch| EpochRecord { epoch, train_loss: 1.0, ..EpochRecord::default() };
        let mut records: Vec<EpochRecord> = (1..=1_000).map(record).collect();
        let points = thinned(&records);
        assert_eq!(points.len(), MOST_RUN_POINTS);
        assert_eq!((points[0].epoch, points[MOST_RUN_POINTS - 1].epoch), (1, 1_000));
        assert!(points.windows(2).all(|pair| pair[0].epoch < pair[1].epoch));
        records.truncate(1);
        assert_eq!(thinned(&records).len(), 1);
        records[0].train_loss = f64::NAN;
        assert!(thinned(&records).is_empty());
    }
}
