//! Predictions of a sequence in order of time, beside the truth and beside the simplest guess,
//! "tomorrow is like today".
//!
//! Must not know how predictions are made: it is fed with traces.

use crate::autodiff::{Trace, ValueId};
use crate::data::{Feature, Prepared};
use crate::network::Task;
use crate::tensor::Real;

use super::super::progress::{Metrics, Series};
use super::plan::{LossStep, Plan};

/// The most points that are kept; errors are counted over all of them.
const MOST_POINTS: usize = 4_000;

/// A series under way.
#[derive(Debug)]
pub(super) struct SeriesRun {
    /// The data node of the target, and what turns its first feature into original units.
    target_idx: usize,
    target: Feature,
    /// Today's value: the leaf, the feature's place in it, and its units.
    today: ValueId,
    today_place: usize,
    today_feature: Feature,
    /// The last counted step of the loss.
    time_step: usize,
    prediction: ValueId,
    truth: ValueId,
    sum_prediction: f64,
    sum_persistence: f64,
    n: usize,
    series: Series,
}

impl SeriesRun {
    /// A series for the first loss of a sequence network, where the column to be forecast is also
    /// one that the network reads at every step; `None` elsewhere.
    pub(super) fn new(plan: &Plan, data: &Prepared) -> Option<Self> {
        let loss = plan.losses.first()?;
        if plan.n_steps < 2 || loss.kind.task() != Task::Regression {
            return None;
        }
        let target_idx = loss.target_idx?;
        let target = data.nodes().get(target_idx)?.features.first()?.clone();
        let LossStep { time_step, prediction, target: truth, .. } =
            *loss.steps.iter().rfind(|step| step.is_counted)?;
        let mut read = plan.feed.read_at(time_step);
        let (today, today_place, today_feature) = read.find_map(|(prepared_idx, value)| {
            let node = data.nodes().get(prepared_idx)?;
            let is_read = !node.is_target && node.per_step && !node.is_typed;
            let same = |feature: &Feature| feature.column == target.column && feature.category.is_none();
            let place = node.features.iter().position(same).filter(|_| is_read)?;
            Some((value, place, node.features[place].clone()))
        })?;
        Some(Self {
            target_idx,
            series: Series { name: target.name.clone(), ..Series::default() },
            target,
            today,
            today_place,
            today_feature,
            time_step,
            prediction,
            truth,
            sum_prediction: 0.0,
            sum_persistence: 0.0,
            n: 0,
        })
    }

    /// One chunk of samples after its forward pass.
    pub(super) fn add<T: Real>(&mut self, data: &Prepared, samples: &[u32], trace: &Trace<T>) {
        for (column, &sample) in samples.iter().enumerate() {
            let at = |value: ValueId, place: usize| trace.value(value)[(place, column)].to_f64();
            let prediction = self.target.original(at(self.prediction, 0));
            let truth = self.target.original(at(self.truth, 0));
            let today = self.today_feature.original(at(self.today, self.today_place));
            self.sum_prediction += (prediction - truth).powi(2);
            self.sum_persistence += (today - truth).powi(2);
            self.n += 1;
            if self.series.rows.len() < MOST_POINTS {
                self.series.rows.push(data.row_at(self.target_idx, self.time_step, sample));
                self.series.target.push(truth);
                self.series.prediction.push(prediction);
            }
        }
    }

    /// What was gathered, and both errors.
    pub(super) fn finish(self, metrics: &mut Metrics) -> Series {
        let n = self.n.max(1) as f64;
        metrics.mse = Some(self.sum_prediction / n);
        metrics.persistence_mse = Some(self.sum_persistence / n);
        self.series
    }
}
