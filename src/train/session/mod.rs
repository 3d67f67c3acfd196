//! One training run as a value: pure steps, no threads, no clock.
//!
//! A session rests between steps on the *pass at rest*: the forward and backward pass of the
//! batch that comes next, not yet followed by its update. So the weights at rest are those that
//! the pass used, those that a save writes, and the next step adds exactly the update shown.
//! The same seed gives the same bits: every random number comes from a stream of its own, named
//! by epoch or step.
//!
//! Must not know files, threads or the window.

mod capture;
mod diagnose;
mod evaluate;
mod health;
mod parameters;
mod plan;
mod series;
#[cfg(test)]
mod tests;
mod traces;

use std::sync::Arc;

use crate::autodiff::{Optimizer, ParameterStore, Program, Trace};
use crate::data::Prepared;
use crate::document::TrainingSettings;
use crate::network::{Network, Parameters, Problem};
use crate::tensor::Real;

use super::batches::Batches;
use super::feed::Mode;
use super::loss_total::LossTotal;
use super::progress::{Advance, Diverged, EpochRecord, Evaluation, Metrics, NotFinite, Progress, StopReason};
use super::state::RunPosition;
use capture::Copied;
use evaluate::EvaluationRun;
use plan::Plan;
use traces::Traces;

pub use evaluate::Prediction;
pub use plan::SessionError;

/// Weights are kept as "last good" at most this often, so that it costs next to nothing.
const STEPS_BETWEEN_GOOD: u64 = 32;

/// One training run.
#[derive(Debug)]
pub struct Session<T: Real> {
    program: Program<T>,
    plan: Plan,
    store: ParameterStore<T>,
    optimizer: Optimizer<T>,
    settings: TrainingSettings,
    data: Arc<Prepared>,
    batches: Batches,
    traces: Traces<T>,
    /// The pass at rest, when it has been computed.
    rest: Option<Rest<T>>,
    /// Samples of the running batch, so that none is borrowed while buffers change.
    samples: Vec<u32>,
    step: u64,
    epoch_loss: LossTotal,
    /// Samples learned from since the session began.
    n_learned: u64,
    /// The epoch in which the run began; `settings.epochs` counts from here.
    run_began: usize,
    train_loss: Option<f64>,
    val_loss: Option<f64>,
    best_loss: Option<f64>,
    epochs_without_better: usize,
    /// The training losses of the run's first and best epochs, to tell whether it diverged.
    first_loss: Option<f64>,
    lowest_loss: Option<f64>,
    evaluating: Option<EvaluationRun>,
    /// The evaluation under way is the one at the end of an epoch.
    ends_epoch: bool,
    evaluation: Option<Arc<Evaluation>>,
    good: Good<T>,
}

/// The pass at rest.
#[derive(Debug)]
struct Rest<T: Real> {
    trace: Trace<T>,
    loss: f64,
    /// What the panels have of it.
    copied: Copied,
}

/// The last weights with a finite loss.
#[derive(Debug)]
struct Good<T: Real> {
    store: ParameterStore<T>,
    step: u64,
    /// Whether there are any yet.
    is_kept: bool,
}

/// Refuses a pass over so many rows where it takes more numbers than can be held.
fn check_pass<T: Real>(program: &Program<T>, n_rows: usize) -> Result<(), SessionError> {
    match Problem::too_large_batch(n_rows, program.pass_numbers(n_rows)) {
        Some(problem) => Err(SessionError::Problems(vec![problem])),
        None => Ok(()),
    }
}

impl<T: Real> Session<T> {
    /// A run of `network` on `data` from `parameters` on.
    ///
    /// # Errors
    /// When the drawing has problems, has no loss, or no row is left for training.
    pub fn new(
        network: &Network,
        parameters: &Parameters,
        data: Arc<Prepared>,
        settings: &TrainingSettings,
    ) -> Result<Self, SessionError> {
        Self::new_while(network, parameters, data, settings, &|| true)
    }

    /// The same as long as somebody waits for it: `goes_on` is asked now and then.
    ///
    /// # Errors
    /// As [`Self::new`], and when nobody waits any more.
    pub fn new_while(
        network: &Network,
        parameters: &Parameters,
        data: Arc<Prepared>,
        settings: &TrainingSettings,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Self, SessionError> {
        let (program, plan) = plan::compile_plan::<T>(network, &data, goes_on)?;
        if data.train().is_empty() {
            return Err(SessionError::NoRows);
        }
        check_pass(&program, settings.batch_size.min(data.train().len()))?;
        let store = program.parameters();
        let mut session = Self {
            optimizer: Optimizer::new(settings.optimizer, &store),
            good: Good { store: store.clone(), step: 0, is_kept: false },
            batches: Batches::new(data.train(), settings.batch_size, settings.shuffle, settings.seed, (0, 0)),
            samples: Vec::with_capacity(settings.batch_size.min(data.train().len())),
            settings: settings.clone(),
            program,
            plan,
            store,
            data,
            traces: Traces::new(),
            rest: None,
            step: 0,
            epoch_loss: LossTotal::default(),
            n_learned: 0,
            run_began: 0,
            train_loss: None,
            val_loss: None,
            best_loss: None,
            epochs_without_better: 0,
            first_loss: None,
            lowest_loss: None,
            evaluating: None,
            ends_epoch: false,
            evaluation: None,
        };
        session.set_parameters(parameters);
        Ok(session)
    }

    /// Goes on where another session of the same model stopped.
    #[must_use]
    pub fn continued_from(mut self, position: RunPosition) -> Self {
        let RunPosition { epoch, samples, step } = position;
        let settings = &self.settings;
        let place = (epoch, samples);
        self.batches =
            Batches::new(self.data.train(), settings.batch_size, settings.shuffle, settings.seed, place);
        self.run_began = epoch;
        self.step = step;
        self
    }

    /// Whether a pass over so many rows at once can be held.
    ///
    /// # Errors
    /// The problem of a drawing that is too large for it.
    pub fn check_rows(&self, n_rows: usize) -> Result<(), SessionError> {
        check_pass(&self.program, n_rows)
    }

    /// Settings changed while it runs. Progress is kept; the optimizer's state is kept as long as
    /// the optimizer is of the same kind.
    ///
    /// # Errors
    /// When the new batch is too large to be held. The old settings stay.
    pub fn set_training(&mut self, settings: &TrainingSettings) -> Result<(), SessionError> {
        self.check_rows(settings.batch_size.min(self.batches.n_samples()))?;
        let kind = settings.optimizer;
        if std::mem::discriminant(&settings.optimizer) == std::mem::discriminant(&self.settings.optimizer) {
            self.optimizer.set_kind(kind);
        } else {
            self.optimizer = Optimizer::new(kind, &self.store);
        }
        self.settings = settings.clone();
        self.forget_copies();
        if self.batches.set(settings.batch_size, settings.shuffle, settings.seed) {
            self.forget_rest();
        }
        Ok(())
    }

    /// Starts to count `settings.epochs` and patience from here.
    pub fn begin_run(&mut self) {
        self.run_began = self.batches.epoch();
        self.best_loss = None;
        self.epochs_without_better = 0;
        self.first_loss = None;
        self.lowest_loss = None;
    }

    /// Computes the pass at rest, if it is not there yet, and gives its loss.
    ///
    /// # Errors
    /// Where a number is not finite, with its place and the likely cause. The pass stays to be
    /// looked at.
    pub fn rest(&mut self) -> Result<f64, NotFinite> {
        if let Some(rest) = &self.rest {
            return self.checked(rest);
        }
        self.samples.clear();
        self.samples.extend_from_slice(self.batches.next());
        let mut trace = self.traces.take(&self.program, self.samples.len());
        let stream = (self.settings.seed, self.step);
        self.plan.feed.fill(&self.data, &self.samples, Mode::Train, stream, &mut trace);
        self.program.run(&mut self.store, &mut trace);
        let loss = self.program.total_loss(&trace).to_f64();
        let rest = Rest { trace, loss, copied: Copied::default() };
        let checked = self.checked(&rest);
        self.rest = Some(rest);
        checked
    }

    fn checked(&self, rest: &Rest<T>) -> Result<f64, NotFinite> {
        if rest.loss.is_finite() {
            Ok(rest.loss)
        } else {
            Err(diagnose::find(&self.program, &self.plan, &self.store, &rest.trace, self.step))
        }
    }

    /// Whether a pass is at rest.
    pub fn is_at_rest(&self) -> bool {
        self.rest.is_some()
    }

    fn forget_rest(&mut self) {
        if let Some(rest) = self.rest.take() {
            self.traces.put(rest.trace);
        }
    }

    /// Learns from the pass at rest: clips, lets the optimizer step, and goes to the next batch.
    /// Returns whether that ended an epoch. Without a pass at rest it does nothing.
    pub fn update(&mut self) -> bool {
        let Some(rest) = self.rest.take() else { return false };
        self.keep_good();
        let settings = &self.settings;
        self.program.update(&mut self.store, &mut self.optimizer, settings.clip, settings.learning_rate);
        self.step += 1;
        let n = rest.trace.batch();
        self.epoch_loss.add(rest.loss, self.plan.summing_losses(&self.program, &rest.trace), n);
        self.n_learned += n as u64;
        self.traces.put(rest.trace);
        self.batches.advance()
    }

    /// The pass had a finite loss: its weights are good.
    fn keep_good(&mut self) {
        if !self.good.is_kept || self.step >= self.good.step + STEPS_BETWEEN_GOOD {
            for id in self.store.ids() {
                self.good.store.value_mut(id).copy_from(self.store.value(id));
            }
            self.good.step = self.step;
            self.good.is_kept = true;
        }
    }

    /// Brings the last good weights back and forgets the optimizer's state. Returns the step that
    /// they belong to.
    pub fn restore_good(&mut self) -> u64 {
        self.forget_rest();
        if !self.good.is_kept {
            return self.step;
        }
        for id in self.store.ids() {
            self.store.value_mut(id).copy_from(self.good.store.value(id));
        }
        self.optimizer = Optimizer::new(self.settings.optimizer, &self.store);
        self.good.step
    }

    /// One unit of work: a batch, or a part of an evaluation. Small enough that whoever calls it
    /// in a loop can stop soon.
    pub fn advance(&mut self) -> Advance {
        if self.evaluating.is_some() {
            return self.advance_evaluation();
        }
        if let Err(found) = self.rest() {
            return Advance::NotFinite(found);
        }
        if !self.update() {
            return Advance::Batch;
        }
        let train_loss = std::mem::take(&mut self.epoch_loss).value();
        self.train_loss = Some(train_loss);
        let has_validation = !self.data.validation().is_empty();
        // Without a validation part the end of a run is judged by the training part.
        let is_end = || self.stop_rule(train_loss, self.without_better(train_loss)).is_some();
        if has_validation || is_end() {
            self.begin_evaluation(has_validation);
            self.ends_epoch = true;
            return Advance::Evaluation;
        }
        self.val_loss = None;
        self.finish_epoch(train_loss, Metrics::default())
    }

    fn advance_evaluation(&mut self) -> Advance {
        let Some(done) = self.evaluate_chunk() else { return Advance::Evaluation };
        if !std::mem::take(&mut self.ends_epoch) {
            return Advance::Evaluation;
        }
        self.val_loss = done.is_validation.then_some(done.loss);
        let train_loss = self.train_loss.unwrap_or(f64::NAN);
        let newest = if done.is_validation { train_loss } else { done.loss };
        self.finish_epoch(newest, done.metrics())
    }

    /// Trains to the end of the running epoch.
    ///
    /// # Errors
    /// Where a number is not finite.
    pub fn epoch(&mut self) -> Result<(EpochRecord, Option<StopReason>), NotFinite> {
        loop {
            match self.advance() {
                Advance::Batch | Advance::Evaluation => {}
                Advance::Epoch { record, stop } => return Ok((record, stop)),
                Advance::NotFinite(found) => return Err(found),
            }
        }
    }

    /// Records the epoch and looks at the stop rules; `newest_loss` is the training loss as it is known
    /// best.
    fn finish_epoch(&mut self, newest_loss: f64, metrics: Metrics) -> Advance {
        let train_loss = self.train_loss.unwrap_or(f64::NAN);
        let (epoch, step, val_loss) = (self.batches.epoch(), self.step, self.val_loss);
        let record = EpochRecord { epoch, step, train_loss, val_loss, metrics, ..EpochRecord::default() };
        let judged = self.val_loss.unwrap_or(train_loss);
        self.epochs_without_better = self.without_better(judged);
        if self.epochs_without_better == 0 {
            self.best_loss = Some(judged);
        }
        let first = *self.first_loss.get_or_insert(train_loss);
        let lowest = self.lowest_loss.map_or(train_loss, |lowest| lowest.min(train_loss));
        self.lowest_loss = Some(lowest);
        let stop = self.stop_rule(train_loss, self.epochs_without_better);
        let is_end = matches!(stop, Some(StopReason::Epochs | StopReason::Patience));
        let diverged = is_end.then(|| self.diverged(first, lowest, newest_loss)).flatten();
        Advance::Epoch { record, stop: diverged.map(StopReason::Diverged).or(stop) }
    }

    /// Epochs without a better loss once one with this loss is over.
    fn without_better(&self, judged: f64) -> usize {
        if self.best_loss.is_none_or(|best| judged < best) { 0 } else { self.epochs_without_better + 1 }
    }

    fn stop_rule(&self, train_loss: f64, epochs_without_better: usize) -> Option<StopReason> {
        let settings = &self.settings;
        if settings.target_loss.is_some_and(|target| train_loss <= target) {
            Some(StopReason::TargetLoss)
        } else if settings.patience.is_some_and(|patience| epochs_without_better >= patience.max(1)) {
            Some(StopReason::Patience)
        } else if self.batches.epoch() >= self.run_began.saturating_add(settings.epochs) {
            Some(StopReason::Epochs)
        } else {
            None
        }
    }

    /// Whether a run that began with the loss `first` and reached `lowest` ends badly: worse than it began,
    /// by more than batches differ, or a thousand times worse than it was.
    fn diverged(&self, first: f64, lowest: f64, newest: f64) -> Option<Diverged> {
        /// Losses are told apart from here on.
        const NOISE: f64 = 1e-9;
        let from = if newest > first + 0.05 * first.abs() {
            first
        } else if lowest > 0.0 && newest > 1_000.0 * lowest.max(1e-6 * first) {
            lowest
        } else {
            return None;
        };
        let learning_rate = self.settings.learning_rate;
        (newest > NOISE).then_some(Diverged { from, to: newest, learning_rate })
    }

    /// How far it has come. Times are for whoever has a clock.
    pub fn progress(&self) -> Progress {
        Progress {
            epoch: self.batches.epoch(),
            epochs: self.run_began.saturating_add(self.settings.epochs),
            batch: self.batches.batch(),
            samples: self.batches.n_done(),
            n_batches: self.batches.n_batches(),
            step: self.step,
            samples_per_second: 0.0,
            seconds_left: None,
            train_loss: self.train_loss,
            val_loss: self.val_loss,
        }
    }

    /// The newest finished evaluation.
    pub fn evaluation(&self) -> Option<&Arc<Evaluation>> {
        self.evaluation.as_ref()
    }

    /// Numbers in all parameters together.
    pub fn n_numbers(&self) -> usize {
        self.store.n_numbers()
    }

    /// Optimizer steps, and samples learned from, since the session began.
    pub fn work_done(&self) -> (u64, u64) {
        (self.step, self.n_learned)
    }

    /// Samples of the training part.
    pub fn n_samples(&self) -> usize {
        self.batches.n_samples()
    }

    /// The data that it trains on.
    pub fn data(&self) -> &Arc<Prepared> {
        &self.data
    }
}
