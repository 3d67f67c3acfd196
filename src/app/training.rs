//! The trainer as the application steers it: what it has compiled, what it is told, what it left.
//!
//! Must not know how a network is trained.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::data::{DataSettings, Preprocessing};
use crate::document::{Change, Edit, actions};
use crate::network::Parameters;
use crate::train::{
    FullState, Goal, LossHistory, OptimizerState, RunPosition, RunRequest, RunState, Snapshot, StopReason,
    Tempo, Trainer, Watch,
};
use crate::words::{Message, ToMessage};

use super::command::{ResetTo, TrainCommand};
use super::health::HealthState;
use super::marks::SettingsChange;
use super::notice::Lasts;
use super::runs::{KeptRuns, Repeating};
use super::{App, Tone};

/// How long an edit may hold the window back while a small network comes to rest.
const MOMENT: Duration = Duration::from_millis(4);

/// The trainer, what it was told, and what it left last.
#[derive(Debug, Default)]
pub(super) struct TrainingState {
    pub(super) trainer: Option<Trainer>,
    /// Names what the trainer has compiled; its snapshots carry it.
    pub(super) run_revision: u64,
    pub(super) needs_load: bool,
    pub(super) run_when_loaded: Option<Goal>,
    pub(super) snapshot: Option<Arc<Snapshot>>,
    pub(super) loss_history: Arc<LossHistory>,
    pub(super) health: HealthState,
    /// The first revision whose layers `health` is about.
    pub(super) health_since: u64,
    pub(super) changes: Arc<Vec<SettingsChange>>,
    /// The same again with other seeds, under way.
    pub(super) repeating: Option<Repeating>,
    pub(super) kept: KeptRuns,
    pub(super) optimizer: Option<OptimizerState>,
    pub(super) position: RunPosition,
    pub(super) watch: Watch,
    pub(super) tempo: Tempo,
    /// The weights of the file that was opened, for Reset, and what was fitted for them.
    pub(super) stored: Parameters,
    pub(super) stored_fit: Option<Arc<Preprocessing>>,
}

impl App {
    /// Whether the trainer is running, or has not yet said that it came to rest.
    pub(super) fn is_training(&self) -> bool {
        self.training.trainer.as_ref().is_some_and(Trainer::is_busy)
    }

    pub(super) fn dispatch_train(&mut self, command: TrainCommand) {
        match command {
            TrainCommand::Run(goal) => {
                self.run(goal);
                // One batch further, a walk goes on with its pass; it stays while a longer run goes on.
                if matches!(goal, Goal::Batches(_)) {
                    self.renew_walk(true);
                }
            }
            TrainCommand::Toggle if self.is_training() => self.pause(),
            TrainCommand::Toggle => self.run(Goal::UntilDone),
            TrainCommand::SetTempo(tempo) => {
                self.training.tempo = tempo;
                if let Some(trainer) = &mut self.training.trainer {
                    trainer.set_tempo(tempo);
                }
            }
            TrainCommand::Reset(to) => self.reset(to),
            TrainCommand::Repeat(n) => self.repeat_run(n),
            TrainCommand::StopRepeating => self.stop_repeating(),
        }
    }

    fn pause(&mut self) {
        self.training.run_when_loaded = None;
        if let Some(trainer) = &mut self.training.trainer {
            trainer.pause();
        }
    }

    fn run(&mut self, goal: Goal) {
        self.insist();
        self.make_ready_after_all();
        if self.is_runnable() && (self.data.loading.is_some() || self.data.preparing.is_some()) {
            self.training.run_when_loaded = Some(goal);
            return;
        }
        self.load_trainer();
        if let Some(reason) = self.cannot_start() {
            self.notify_as(Tone::Warning, reason, Lasts::WhileUnready);
            return;
        }
        self.rely_on_fit();
        self.begin_run(goal);
        if let Some(trainer) = &mut self.training.trainer {
            trainer.run(goal);
        }
    }

    /// Draws the weights anew, or takes those of the file; forgets optimizer state and curves.
    fn reset(&mut self, to: ResetTo) {
        let before = self.document.clone();
        let (change, fitted) = match to {
            ResetTo::Seed => (actions::reset(&self.document, None), None),
            ResetTo::Stored => {
                let edits = self.document.parameters.iter().filter_map(|(key, now)| {
                    let stored = self.training.stored.get(key).filter(|stored| stored.shape == now.shape)?;
                    Some((*key, Some(stored.clone())))
                });
                let change = Change {
                    edit: Edit::SetParameters(edits.collect()),
                    label: Message::new("edit-reset"),
                    nodes: Vec::new(),
                    edges: Vec::new(),
                };
                (change, self.training.stored_fit.clone())
            }
        };
        // What was fitted goes with the weights that relied on it.
        let data = DataSettings { fitted, ..self.document.data.clone() };
        let Change { edit, label, nodes, edges } = change;
        let edit = if data == self.document.data {
            edit
        } else {
            Edit::Batch(vec![edit, Edit::SetData(Box::new(data))])
        };
        self.perform(Change { edit, label, nodes, edges });
        self.forget_training();
        self.after_change(&before);
        self.reload_trainer();
    }

    /// Curves, counts and optimizer state start anew.
    pub(super) fn forget_training(&mut self) {
        self.training.optimizer = None;
        self.training.position = RunPosition::default();
        self.training.loss_history = Arc::default();
        self.training.health = HealthState::default();
        self.training.changes = Arc::default();
        self.end_run(0);
        if let Some(trainer) = &self.training.trainer {
            trainer.take_records();
        }
    }

    /// The drawing or the data changed: what the trainer holds is stale.
    pub(super) fn reload_trainer(&mut self) {
        self.training.run_revision += 1;
        self.training.needs_load = true;
        self.training.snapshot = None;
        self.training.health = HealthState::default();
        self.training.health_since = self.training.run_revision;
        self.restart_autograd();
        self.renew_walk(false);
        if !self.findings.of_data.is_empty() {
            self.findings.of_data.clear();
            self.gather_problems();
        }
    }

    /// Hands the trainer what it shall train, if that changed and can be trained at all.
    pub(super) fn load_trainer(&mut self) {
        if !self.training.needs_load || self.is_training() || self.history.is_in_gesture() {
            return;
        }
        if !self.prepare() {
            return;
        }
        self.training.needs_load = false;
        let job = self.job_to_load();
        let Some(job) = job else {
            if let Some(trainer) = &mut self.training.trainer {
                trainer.unload();
            }
            return;
        };
        if self.training.trainer.is_none() {
            match Trainer::spawn(Arc::clone(&self.wake)) {
                Ok(mut trainer) => {
                    trainer.set_tempo(self.training.tempo);
                    self.training.trainer = Some(trainer);
                }
                Err(error) => {
                    let reason = StopReason::Failure(error.to_string());
                    self.notify(Tone::Error, reason.message());
                    return;
                }
            }
        }
        self.training.watch = job.watch.clone();
        if let Some(trainer) = &mut self.training.trainer {
            trainer.load(job);
        }
        if let Some(goal) = self.training.run_when_loaded.take() {
            self.run(goal);
        }
    }

    fn job_to_load(&self) -> Option<RunRequest> {
        let data = Arc::clone(self.data.prepared.as_ref()?);
        if !self.is_runnable() || data.train().is_empty() {
            return None;
        }
        Some(RunRequest {
            revision: self.training.run_revision,
            network: Arc::new(self.document.network.clone()),
            parameters: self.document.parameters.clone(),
            optimizer: self.training.optimizer.clone(),
            data,
            training: self.document.training.clone(),
            watch: self.wanted_watch(),
            position: self.training.position,
        })
    }

    fn wanted_watch(&self) -> Watch {
        let network = &self.document.network;
        if self.wants_complete_pass() {
            let nodes = network.nodes.keys().copied().collect();
            return Watch {
                nodes,
                view: self.looked_at.samples,
                time_steps: None,
                weights: self.wants_weights(),
                path: self.questions().landscape.is_some(),
                health: self.questions().health,
            };
        }
        // An initial state comes with the node that takes it in.
        let wires = self.looked_at.selection.edges.iter().filter_map(|wire| network.edges.get(wire));
        let ends = wires.map(|wire| wire.to);
        let nodes = self.looked_at.selection.nodes.union(&self.looked_at.pinned).copied().chain(ends);
        let nodes = nodes.chain(self.explained_nodes());
        let seen = &self.looked_at.seen_copies;
        let time_steps = seen.iter().map(|&(_, time_step)| time_step).chain([self.looked_at.time_step]);
        Watch {
            nodes: nodes.chain(seen.iter().map(|&(node, _)| node)).collect(),
            view: self.looked_at.samples,
            time_steps: Some(time_steps.collect()),
            weights: self.wants_weights(),
            path: self.questions().landscape.is_some(),
            health: self.questions().health,
        }
    }

    pub(super) fn tell_watch(&mut self) {
        let wanted = self.wanted_watch();
        if wanted != self.training.watch
            && let Some(trainer) = &mut self.training.trainer
        {
            self.training.watch = wanted.clone();
            trainer.watch(wanted);
        }
    }

    /// Takes the newest snapshot and the finished epochs. Returns whether there was anything new.
    pub(super) fn take_snapshot(&mut self) -> bool {
        // In this order: what is seen of the layers is of the newest epoch at most.
        let has_looks = self.take_health();
        let has_records = self.take_records();
        if has_looks && !has_records {
            self.judge_health();
        }
        let Some(trainer) = &self.training.trainer else { return false };
        let newest = trainer.snapshot().filter(|snapshot| {
            snapshot.revision == self.training.run_revision
                && self.training.snapshot.as_ref().is_none_or(|held| held.sequence < snapshot.sequence)
        });
        let is_new = newest.is_some() || has_records || has_looks;
        if let Some(snapshot) = newest {
            self.training.position = snapshot.progress.position();
            self.tell_end(&snapshot);
            let before = self.training.snapshot.replace(snapshot);
            if let (Some(before), Some(trainer)) = (before, &mut self.training.trainer)
                && before.pass.as_ref().is_some_and(|pass| pass.is_large())
            {
                trainer.free(before);
            }
            self.score_rested_run();
            self.follow_pass();
            self.show_walk();
        }
        is_new
    }

    /// Takes in the finished epochs. Returns whether there were any.
    fn take_records(&mut self) -> bool {
        let Some(trainer) = &self.training.trainer else { return false };
        let records = trainer.take_records();
        let has_any = records.last().is_some();
        if has_any {
            Arc::make_mut(&mut self.training.loss_history).append(records);
            self.judge_health();
        }
        has_any
    }

    /// Says once why a run ended.
    fn tell_end(&mut self, snapshot: &Snapshot) {
        let RunState::Stopped(reason) = &snapshot.state else { return };
        let is_told = self.training.snapshot.as_ref().is_some_and(|held| held.state == snapshot.state);
        if !is_told {
            let tone = if reason.is_failure() { Tone::Error } else { Tone::Info };
            self.notify_as(tone, reason.message(), Lasts::WhileEnded);
        }
    }

    /// Takes over what the trainer left on coming to rest. Returns whether there was anything.
    pub(super) fn take_full(&mut self) -> bool {
        // Asked first: what the trainer leaves on coming to rest is there once it says that it rests.
        let mut rests = !self.is_training();
        let full = self.training.trainer.as_ref().and_then(Trainer::take_full);
        let full = full.filter(|full| full.revision == self.training.run_revision);
        if let Some(full) = &full {
            self.adopt(full);
            // Left by a run that ended since it was asked: what is saved with these weights has that run, too.
            rests |= full.is_at_rest;
        }
        if rests {
            self.take_records();
            self.keep_rested_run();
        }
        if let Some(full) = &full {
            self.save_with(full);
        }
        full.is_some()
    }

    fn adopt(&mut self, full: &FullState) {
        self.revision += 1;
        self.document.replace_trained(&full.parameters);
        self.training.optimizer = Some(full.optimizer.clone());
        self.training.position = full.position;
    }

    /// Waits a few milliseconds for the training to rest, so that an edit of a small network is
    /// done within the frame that asked for it.
    pub(super) fn wait_a_moment(&mut self) {
        let began = Instant::now();
        while began.elapsed() < MOMENT && !self.waiting.is_empty() {
            std::thread::sleep(Duration::from_micros(200));
            self.take_snapshot();
            self.take_full();
            self.do_waiting();
        }
        self.settle();
    }

    /// Blocks until jobs are done and the training rests, or the time is over; for tests and for
    /// work without a window. Returns whether everything came to rest.
    pub fn wait(&mut self, limit: Duration) -> bool {
        let began = Instant::now();
        loop {
            self.tick();
            let busy = self.is_training()
                || self.job().is_some()
                || self.data.preparing.is_some()
                || self.is_keeping()
                || self.is_studying()
                || !self.waiting.is_empty()
                || self.repeating().is_some()
                || self.is_scoring()
                || self.is_measuring()
                || self.awaits_walk()
                || self.is_transferring()
                || self.awaits_pass();
            if !busy {
                return true;
            }
            if began.elapsed() >= limit {
                return false;
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    /// Whether the pass at rest has not come yet: the first one of a model that was handed to the
    /// trainer, or the one that follows the newest weights.
    fn awaits_pass(&self) -> bool {
        if self.training.needs_load || self.training.trainer.is_none() {
            return false;
        }
        match &self.training.snapshot {
            Some(snapshot) if snapshot.revision == self.training.run_revision => match &snapshot.pass {
                Some(pass) => pass.step < self.training.position.step,
                // A short run can end before its first pass is copied; only a failure leaves none.
                None => !matches!(
                    snapshot.state,
                    RunState::Stopped(StopReason::CannotStart(_) | StopReason::Failure(_))
                ),
            },
            _ => self.job_to_load().is_some(),
        }
    }

    /// The weights and the optimizer's state as last handed over by the trainer.
    pub fn optimizer_state(&self) -> Option<&OptimizerState> {
        self.training.optimizer.as_ref()
    }

    /// The optimizer's state of those parameters that still exist with their shape.
    pub(super) fn fitting_optimizer(&self) -> Option<OptimizerState> {
        let state = self.training.optimizer.as_ref()?;
        let fits = |n: usize, key| self.document.parameters.get(key).is_some_and(|p| p.values.len() == n);
        let parameters: BTreeMap<_, _> = state
            .parameters
            .iter()
            .filter(|(key, kept)| {
                self.document.parameters.contains_key(key)
                    && kept.tensors.values().all(|values| fits(values.len(), key))
            })
            .map(|(key, kept)| (*key, kept.clone()))
            .collect();
        Some(OptimizerState { optimizer: state.optimizer, parameters })
    }
}
