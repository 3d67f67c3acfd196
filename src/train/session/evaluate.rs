//! Looking without learning: loss and metrics of a part of the data, and predictions.
//!
//! Dropout is off. Done in chunks, so that whoever drives the session can stop in between.

use std::sync::Arc;

use crate::data::{Feature, Prepared, answers_of};
use crate::network::{NodeId, Reduction, Takes, Task};
use crate::tensor::Real;

use super::super::loss_total::LossTotal;
use super::super::metrics::MetricsBuilder;
use super::super::progress::{Evaluation, LossEvaluation};
use super::super::values::Values;
use super::plan::{LossStep, PlanLoss};
use super::series::SeriesRun;
use super::{Session, Trace};

/// Rows of a chunk where the batch is smaller.
const CHUNK: usize = 256;

/// An evaluation under way.
#[derive(Debug)]
pub(super) struct EvaluationRun {
    is_validation: bool,
    /// Samples that are done.
    n_done: usize,
    chunk: usize,
    loss: LossTotal,
    /// Of each loss of the plan.
    losses: Vec<(LossTotal, MetricsBuilder)>,
    series: Option<SeriesRun>,
    prediction: Vec<f64>,
    target: Vec<f64>,
}

/// What a network says about some samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The loss whose first port it is.
    pub loss: NodeId,
    /// The node at the loss's target port.
    pub target: Option<NodeId>,
    /// The time step.
    pub time_step: usize,
    /// `[N, features]`, as the network gives them: scaled where the targets are.
    pub values: Values,
}

impl<T: Real> Session<T> {
    /// Starts to evaluate the validation (true) or the training part.
    pub fn begin_evaluation(&mut self, is_validation: bool) {
        let chunk = self.settings.batch_size.max(1).max(CHUNK.min(self.plan.affordable_rows));
        self.evaluating = Some(EvaluationRun {
            is_validation,
            n_done: 0,
            chunk,
            loss: LossTotal::default(),
            losses: self
                .plan
                .losses
                .iter()
                .map(|loss| (LossTotal::default(), metrics_of(loss, &self.data)))
                .collect(),
            series: SeriesRun::new(&self.plan, &self.data),
            prediction: Vec::new(),
            target: Vec::new(),
        });
    }

    /// Whether an evaluation is under way.
    pub fn is_evaluating(&self) -> bool {
        self.evaluating.is_some()
    }

    /// Does one chunk of the evaluation under way, and gives the result when it was the last.
    pub fn evaluate_chunk(&mut self) -> Option<Arc<Evaluation>> {
        let mut run = self.evaluating.take()?;
        let data = Arc::clone(&self.data);
        let part = if run.is_validation { data.validation() } else { data.train() };
        let end = (run.n_done + run.chunk).min(part.len());
        let samples = &part[run.n_done..end];
        if !samples.is_empty() {
            let trace = self.forward_only(samples);
            let loss = self.program.total_loss(&trace).to_f64();
            run.loss.add(loss, self.plan.summing_losses(&self.program, &trace), samples.len());
            for (loss, (total, metrics)) in self.plan.losses.iter().zip(&mut run.losses) {
                let own = loss.own_value(&trace);
                let summing = if loss.kind.reduction() == Reduction::Sum { own } else { 0.0 };
                total.add(own, summing, samples.len());
                for step in loss.steps.iter().filter(|step| step.is_counted) {
                    gather(&data, loss, step, &trace, metrics, (&mut run.prediction, &mut run.target));
                }
            }
            if let Some(series) = &mut run.series {
                series.add(&data, samples, &trace);
            }
            self.traces.put(trace);
        }
        run.n_done = end;
        if end < part.len() {
            self.evaluating = Some(run);
            return None;
        }
        let measured = self.plan.losses.iter().zip(&run.losses);
        let mut losses: Vec<LossEvaluation> =
            measured.map(|(loss, (total, metrics))| evaluated(loss, *total, metrics)).collect();
        let series = run.series.zip(losses.first_mut());
        let series = series.map(|(series, first)| series.finish(&mut first.metrics));
        let done = Arc::new(Evaluation {
            epoch: self.batches.epoch(),
            is_validation: run.is_validation,
            loss: run.loss.value(),
            losses,
            series,
        });
        self.evaluation = Some(Arc::clone(&done));
        Some(done)
    }

    /// Evaluates the validation (true) or the training part at once.
    pub fn evaluate(&mut self, is_validation: bool) -> Arc<Evaluation> {
        let interrupted = self.evaluating.take();
        self.begin_evaluation(is_validation);
        loop {
            if let Some(done) = self.evaluate_chunk() {
                self.evaluating = interrupted;
                return done;
            }
        }
    }

    /// What the network says about `samples`, dropout off; one entry a loss and time step.
    pub fn predict(&mut self, samples: &[u32]) -> Vec<Prediction> {
        let trace = self.forward_only(samples);
        let mut predictions = Vec::new();
        for loss in &self.plan.losses {
            for step in &loss.steps {
                let values = trace.value(step.prediction);
                predictions.push(Prediction {
                    loss: loss.node,
                    target: loss.target_node,
                    time_step: step.time_step,
                    values: Values::new(
                        vec![values.ncols(), values.nrows()],
                        values.iter().map(|x| x.to_f64()).collect(),
                    ),
                });
            }
        }
        self.traces.put(trace);
        predictions
    }

    fn forward_only(&mut self, samples: &[u32]) -> Trace<T> {
        let mut trace = self.traces.take(&self.program, samples.len());
        self.plan.feed.fill_to_look(&self.data, samples, &mut trace);
        self.program.forward(&self.store, &mut trace);
        trace
    }
}

fn evaluated(loss: &PlanLoss, total: LossTotal, metrics: &MetricsBuilder) -> LossEvaluation {
    let sums = metrics.sums();
    let (metrics, confusion) = metrics.finish();
    LossEvaluation {
        node: loss.node,
        name: loss.name.clone(),
        loss: total.value(),
        task: loss.kind.task(),
        metrics,
        sums,
        confusion,
    }
}

fn metrics_of(loss: &PlanLoss, data: &Prepared) -> MetricsBuilder {
    let threshold = if loss.kind.takes() == Takes::Logits { 0.0 } else { 0.5 };
    let target = loss.target_idx.and_then(|idx| data.nodes().get(idx));
    let classes = target.and_then(|target| answers_of(&target.features));
    MetricsBuilder::new(loss.kind.task(), loss.n_outputs, threshold, classes)
}

/// Feeds every sample of one time step to the metrics, numbers in original units. A probability has none.
fn gather<T: Real>(
    data: &Prepared,
    loss: &PlanLoss,
    step: &LossStep,
    trace: &Trace<T>,
    metrics: &mut MetricsBuilder,
    (prediction, target): (&mut Vec<f64>, &mut Vec<f64>),
) {
    let features: &[Feature] =
        loss.target_idx.and_then(|idx| data.nodes().get(idx)).map_or(&[], |node| &node.features);
    let is_number = loss.kind.task() == Task::Regression;
    let original = |(idx, x): (usize, &T)| {
        let x = x.to_f64();
        features.get(idx).filter(|_| is_number).map_or(x, |feature| feature.original(x))
    };
    let (a, y) = (trace.value(step.prediction), trace.value(step.target));
    for (a, y) in a.column_iter().zip(y.column_iter()) {
        prediction.clear();
        prediction.extend(a.iter().enumerate().map(original));
        target.clear();
        target.extend(y.iter().enumerate().map(original));
        metrics.add(prediction, target);
    }
}
