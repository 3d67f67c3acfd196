//! The trainer thread from inside: take commands, do a slice of work, publish when due.
//!
//! A panic in the work becomes a message; the thread goes on and takes the next job.

mod copies;
mod evaluation;
mod health;
mod load;
mod path;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::network::Parameters;

use super::super::any::AnySession;
use super::super::control::{Goal, Tempo, Watch};
use super::super::path::WeightPath;
use super::super::progress::{Advance, Progress, RunState, StopReason};
use super::super::snapshot::{Pass, Snapshot};
use super::publish::{Clock, Due, Pace, Slice, Speed};
use super::{Outbox, TrainerCommand};

/// What the thread holds.
struct Worker<'a> {
    outbox: &'a Outbox,
    wake: &'a Arc<dyn Fn() + Send + Sync>,
    session: Option<Box<dyn AnySession>>,
    revision: u64,
    sequence: u64,
    watch: Watch,
    state: RunState,
    goal: Goal,
    tempo: Tempo,
    /// When the next batch of a run that is slowed down is due.
    next_batch: Option<Instant>,
    pace: Pace,
    slice: Slice,
    speed: Speed,
    clock: Clock,
    /// Something changed that the newest snapshot does not show.
    is_stale: bool,
    /// Whether it publishes while it trains.
    publishes: bool,
    last_pass: Option<Arc<Pass>>,
    /// The weights of that pass, where they are watched.
    last_weights: Option<Arc<Parameters>>,
    /// The path of the weights since the model was taken up or its weights were set.
    path: Option<WeightPath>,
    /// The same as it was then, for the snapshots.
    last_path: Option<Arc<WeightPath>>,
    /// The training part was not evaluated since the weights changed.
    wants_evaluation: bool,
    /// When the evaluation of a running training began, and when the next one is due.
    evaluation_began: Option<Instant>,
    evaluation_due: Option<Instant>,
    /// When the weights are left for whoever keeps unsaved work.
    copy_due: Option<Instant>,
    /// When the health of the layers is looked at next.
    health_due: Option<Instant>,
}

/// The thread's life.
pub(super) fn run(commands: &Receiver<TrainerCommand>, outbox: &Outbox, wake: &Arc<dyn Fn() + Send + Sync>) {
    let mut worker = Worker {
        outbox,
        wake,
        session: None,
        revision: 0,
        sequence: 0,
        watch: Watch::default(),
        state: RunState::Paused,
        goal: Goal::UntilDone,
        tempo: Tempo::Full,
        next_batch: None,
        pace: Pace::new(),
        slice: Slice::new(),
        speed: Speed::new(Instant::now(), 0.0),
        clock: Clock::default(),
        is_stale: false,
        publishes: true,
        last_pass: None,
        last_weights: None,
        path: None,
        last_path: None,
        wants_evaluation: false,
        evaluation_began: None,
        evaluation_due: None,
        copy_due: None,
        health_due: None,
    };
    loop {
        let first = if worker.has_work() {
            match worker.time_to_wait(Instant::now()) {
                Some(time) => commands.recv_timeout(time).ok(),
                None => commands.try_recv().ok(),
            }
        } else {
            match commands.recv() {
                Ok(command) => Some(command),
                Err(_) => return,
            }
        };
        let mut next = first;
        while let Some(command) = next {
            if matches!(command, TrainerCommand::Stop) {
                return;
            }
            worker.guarded(|worker| worker.handle(command));
            outbox.handled.fetch_add(1, Ordering::Release);
            next = commands.try_recv().ok();
        }
        worker.guarded(Worker::work);
    }
}

impl Worker<'_> {
    /// Runs `job`; a panic in it ends the training with a message.
    fn guarded(&mut self, job: impl FnOnce(&mut Self)) {
        let result = catch_unwind(AssertUnwindSafe(|| job(self)));
        if let Err(panic) = result {
            let text = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            self.session = None;
            self.forget_pass();
            self.state = RunState::Stopped(StopReason::Failure(text));
            self.publish_without_pass();
            self.outbox.is_running.store(false, Ordering::Release);
        }
    }

    fn forget_pass(&mut self) {
        self.last_pass = None;
        self.last_weights = None;
        self.last_path = None;
    }

    fn has_work(&self) -> bool {
        self.session.as_ref().is_some_and(|session| {
            self.state.is_running() || self.is_stale || self.wants_evaluation || session.is_evaluating()
        })
    }

    /// Until the next batch of a run that is slowed down, where nothing else is to be done.
    fn time_to_wait(&self, now: Instant) -> Option<Duration> {
        let due = self.next_batch.filter(|_| self.state.is_running() && !self.is_stale)?;
        due.checked_duration_since(now).filter(|time| !time.is_zero())
    }

    fn handle(&mut self, command: TrainerCommand) {
        match command {
            TrainerCommand::Load(job, number) => self.load(*job, number),
            TrainerCommand::Unload => {
                self.session = None;
                self.forget_pass();
                self.state = RunState::Paused;
                self.outbox.snapshot.store(None);
                self.outbox.copy.store(None);
                self.outbox.is_running.store(false, Ordering::Release);
            }
            TrainerCommand::Run(goal) => self.begin(goal),
            TrainerCommand::Pause => self.rest(RunState::Paused),
            TrainerCommand::SetTraining(settings) => {
                self.is_stale = true;
                let set = self.session.as_mut().map(|session| session.set_training(&settings));
                if let Some(Err(error)) = set {
                    self.leave_full();
                    self.refuse(error);
                }
            }
            TrainerCommand::SetParameters(revision, parameters) => {
                self.revision = revision;
                self.wants_evaluation = self.has_no_validation();
                self.path = None;
                self.with_session(|session| session.set_parameters(&parameters));
            }
            TrainerCommand::SetTrainable(changes) => self.with_session(|session| {
                for (key, trainable) in changes {
                    session.set_trainable(key, trainable);
                }
            }),
            TrainerCommand::SetOptimizerState(state) => {
                self.with_session(|session| session.set_optimizer_state(&state));
            }
            TrainerCommand::Watch(watch) => {
                self.is_stale |= self.watch != watch;
                self.health_due = self.health_due.filter(|_| !watch.health);
                self.watch = watch;
            }
            TrainerCommand::SetTempo(tempo) => {
                self.tempo = tempo;
                self.next_batch = None;
            }
            TrainerCommand::Publish(wanted) => self.publishes = wanted,
            TrainerCommand::Full => self.leave_full(),
            TrainerCommand::Free(snapshot) => drop(snapshot),
            TrainerCommand::Stop => {}
            #[cfg(test)]
            #[expect(clippy::panic, reason = "a panic to be caught")]
            TrainerCommand::Panic => panic!("provoked"),
        }
    }

    fn with_session(&mut self, change: impl FnOnce(&mut dyn AnySession)) {
        if let Some(session) = &mut self.session {
            change(session.as_mut());
            self.is_stale = true;
        }
    }

    fn has_no_validation(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.data().validation().is_empty())
    }

    /// Whether the weights of the moment were evaluated at the end of their epoch.
    fn is_evaluated(&self) -> bool {
        let Some(session) = &self.session else { return false };
        let progress = session.progress();
        progress.samples == 0
            && session.evaluation().is_some_and(|done| !done.is_validation && done.epoch == progress.epoch)
    }

    fn begin(&mut self, goal: Goal) {
        let Some(session) = &mut self.session else { return };
        if matches!(self.state, RunState::Stopped(_)) || session.progress().epoch >= session.progress().epochs
        {
            session.begin_run();
        }
        self.goal = goal;
        self.next_batch = None;
        self.health_due = None;
        self.state = RunState::Running;
        self.outbox.is_running.store(true, Ordering::Release);
        self.speed = Speed::new(Instant::now(), epochs_of(&session.progress()));
        self.clock.start(Instant::now());
        self.publish_without_pass();
        // How it begins tells what goes wrong later.
        self.look_at_health_now_and_then();
    }

    /// Comes to rest: the last snapshot says so at once, one of the pass at rest follows, and the
    /// full state is left to be picked up.
    fn rest(&mut self, state: RunState) {
        let was_running = self.state.is_running();
        self.clock.stop(Instant::now());
        if was_running || matches!(state, RunState::Stopped(_)) {
            self.state = state;
        }
        if was_running {
            self.wants_evaluation = self.has_no_validation() && !self.is_evaluated();
            self.publish_without_pass();
        }
        self.is_stale = true;
        self.health_due = None;
        self.leave_full();
        self.outbox.is_running.store(false, Ordering::Release);
    }

    fn work(&mut self) {
        if self.session.is_none() {
            return;
        }
        if self.state.is_running() {
            self.train();
            if self.state.is_running() {
                self.leave_copy_now_and_then();
                self.look_at_health_now_and_then();
            }
            match self.pace.due(Instant::now()) {
                Some(Due::Pass) if self.publishes => self.publish(),
                Some(Due::Progress) if self.publishes => self.publish_without_pass(),
                _ => {}
            }
        } else if self.is_stale {
            self.publish();
            self.look_at_health_at_rest();
        } else {
            self.evaluate_at_rest();
        }
    }

    /// A slice of training.
    fn train(&mut self) {
        if let Some(beat) = self.tempo.beat() {
            self.train_to_the_beat(beat);
            return;
        }
        let began = Instant::now();
        for _ in 0..self.slice.n() {
            if !self.advance() {
                return;
            }
        }
        let now = Instant::now();
        self.slice.took(now.duration_since(began));
        self.evaluate_now_and_then(now);
    }

    /// One batch when it is due, and a snapshot of what came of it.
    fn train_to_the_beat(&mut self, beat: Duration) {
        let now = Instant::now();
        if self.next_batch.is_none_or(|due| now >= due) {
            let step = self.n_steps_done();
            let goes_on = self.advance();
            if self.n_steps_done() > step {
                // A batch that took longer than a beat is not made up for.
                self.next_batch = Some((self.next_batch.unwrap_or(now) + beat).max(now));
            }
            if !goes_on {
                return;
            }
            self.evaluate_now_and_then(now);
        }
        if self.is_stale && self.publishes {
            self.publish();
        }
    }

    fn n_steps_done(&self) -> u64 {
        self.session.as_ref().map_or(0, |session| session.work_done().0)
    }

    /// One unit of work; false where the run came to rest.
    fn advance(&mut self) -> bool {
        self.keep_path();
        let Some(session) = &mut self.session else { return false };
        let (step, learned) = session.work_done();
        let advance = session.advance();
        let (step_now, learned_now) = session.work_done();
        self.is_stale = true;
        self.speed.add(learned_now - learned);
        if let Goal::Batches(left) = &mut self.goal
            && step_now > step
        {
            *left = left.saturating_sub(1);
        }
        match self.judge(advance) {
            Some(state) => {
                self.rest(state);
                false
            }
            None => true,
        }
    }

    /// What a unit of work means for the run; `Some` where it comes to rest.
    fn judge(&mut self, advance: Advance) -> Option<RunState> {
        let is_batch_goal_done = |goal: &Goal| matches!(goal, Goal::Batches(0));
        match advance {
            Advance::Batch | Advance::Evaluation => {
                let evaluating = self.session.as_ref().is_some_and(|session| session.is_evaluating());
                (is_batch_goal_done(&self.goal) && !evaluating).then_some(RunState::Paused)
            }
            Advance::Epoch { mut record, stop } => {
                record.seconds = self.clock.seconds(Instant::now());
                let mut records = self.outbox.records.lock().unwrap_or_else(PoisonError::into_inner);
                records.push(record);
                drop(records);
                if let Goal::Epochs(left) = &mut self.goal {
                    *left = left.saturating_sub(1);
                }
                // Single steps go on past the stop rules: somebody asked for exactly that many.
                match self.goal {
                    Goal::UntilDone => stop.map(RunState::Stopped),
                    Goal::Batches(0) | Goal::Epochs(0) => Some(RunState::Paused),
                    Goal::Batches(_) | Goal::Epochs(_) => None,
                }
            }
            Advance::NotFinite(found) => {
                self.publish();
                self.look_at_health();
                if let Some(session) = &mut self.session {
                    session.restore_good();
                }
                Some(RunState::Stopped(StopReason::NotFinite(found)))
            }
        }
    }

    fn publish(&mut self) {
        let began = Instant::now();
        self.is_stale = false;
        if let Some(session) = &mut self.session {
            self.last_pass = Some(Arc::new(session.capture(&self.watch)));
            self.last_weights = self.watch.weights.then(|| Arc::new(session.parameters()));
        }
        self.last_path = self.path_to_show();
        self.publish_without_pass();
        self.pace.copied(began, Instant::now());
    }

    /// Publishes state and progress with the last pass that was copied.
    fn publish_without_pass(&mut self) {
        self.sequence += 1;
        let now = Instant::now();
        let mut progress = Progress::default();
        let mut evaluation = None;
        if let Some(session) = &self.session {
            progress = session.progress();
            progress.samples_per_second = self.speed.per_second(now);
            if self.state.is_running() {
                let target = match self.goal {
                    Goal::UntilDone => progress.epochs as f64,
                    Goal::Epochs(left) => (progress.epoch + left) as f64,
                    Goal::Batches(_) => epochs_of(&progress),
                };
                progress.seconds_left = self.speed.seconds_left(now, epochs_of(&progress), target);
            }
            evaluation = session.evaluation();
        }
        let snapshot = Snapshot {
            revision: self.revision,
            sequence: self.sequence,
            state: self.state.clone(),
            progress,
            pass: self.last_pass.clone(),
            weights: self.last_weights.clone(),
            path: self.last_path.clone(),
            evaluation,
        };
        self.outbox.snapshot.store(Some(Arc::new(snapshot)));
        self.pace.published(now);
        (self.wake)();
    }
}

/// Finished epochs and the finished part of the running one.
fn epochs_of(progress: &Progress) -> f64 {
    progress.epoch as f64 + progress.batch as f64 / progress.n_batches.max(1) as f64
}
