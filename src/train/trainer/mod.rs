//! The trainer thread as seen from outside: commands in, snapshots out, nothing shared that
//! either side could change under the other.
//!
//! Must not know documents, files or the window. Sending never blocks: what does not fit into the
//! bounded channel waits on the sender's side, in order.

mod publish;
#[cfg(test)]
mod tests;
mod work;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Sender, TrySendError};

use crate::data::Prepared;
use crate::document::TrainingSettings;
use crate::network::{Network, ParameterKey, Parameters};

use super::control::{Goal, Tempo, Watch};
use super::health::HealthHistory;
use super::history::LossHistory;
use super::snapshot::Snapshot;
use super::state::{OptimizerState, RunPosition};
use super::threads::{Priority, set_priority, with_product_threads};

/// Commands that fit into the channel at once.
const CHANNEL_SIZE: usize = 64;

/// Everything that a run is made from.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// Names what was compiled; every snapshot carries it.
    pub revision: u64,
    /// The drawing.
    pub network: Arc<Network>,
    /// Its weights.
    pub parameters: Parameters,
    /// The optimizer's state, where there is some.
    pub optimizer: Option<OptimizerState>,
    /// The data.
    pub data: Arc<Prepared>,
    /// How to train.
    pub training: TrainingSettings,
    /// What snapshots copy.
    pub watch: Watch,
    /// What was done before.
    pub position: RunPosition,
}

/// Everything that a run has made of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct FullState {
    /// The revision that it belongs to.
    pub revision: u64,
    /// The weights.
    pub parameters: Parameters,
    /// The optimizer's state.
    pub optimizer: OptimizerState,
    /// Where it stands.
    pub position: RunPosition,
    /// Whether the training came to rest with it.
    pub is_at_rest: bool,
}

/// What the trainer thread is told.
#[derive(Debug)]
pub(super) enum TrainerCommand {
    /// What to take up, and the number of this command.
    Load(Box<RunRequest>, u64),
    Unload,
    Run(Goal),
    Pause,
    SetTraining(Box<TrainingSettings>),
    SetParameters(u64, Parameters),
    SetTrainable(Vec<(ParameterKey, bool)>),
    SetOptimizerState(Box<OptimizerState>),
    Watch(Watch),
    SetTempo(Tempo),
    Publish(bool),
    Full,
    Free(Arc<Snapshot>),
    Stop,
    #[cfg(test)]
    Panic,
}

/// What the thread leaves for others to pick up.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    snapshot: ArcSwapOption<Snapshot>,
    full: ArcSwapOption<FullState>,
    /// The newest full state, left now and then while it trains, for whoever keeps unsaved work.
    copy: ArcSwapOption<FullState>,
    records: Mutex<LossHistory>,
    /// The revision that was taken up last, and the looks at the health of its layers since they were picked
    /// up.
    health: Mutex<(u64, HealthHistory)>,
    /// How many commands were handled.
    handled: AtomicU64,
    /// The number of the command whose model somebody waits for; 0 where nobody does.
    wanted_load: AtomicU64,
    /// Whether it trains. Set before a run counts as handled; cleared when everything that the run
    /// left can be picked up.
    is_running: AtomicBool,
}

/// Where a trainer leaves its weights now and then while it trains: for a thread that keeps unsaved work.
#[derive(Clone, Debug)]
pub struct TrainedCopy(Arc<Outbox>);

impl TrainedCopy {
    /// The weights that were left last.
    pub fn newest(&self) -> Option<Arc<FullState>> {
        self.0.copy.load_full()
    }
}

/// The trainer thread.
pub struct Trainer {
    commands: Sender<TrainerCommand>,
    backlog: VecDeque<TrainerCommand>,
    /// How many commands were given, and which of them was the last to start a run.
    n_given: u64,
    last_run: u64,
    last_load: u64,
    outbox: Arc<Outbox>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Trainer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trainer").field("backlog", &self.backlog).finish_non_exhaustive()
    }
}

impl Trainer {
    /// Starts the thread. It calls `wake` whenever it has left something to pick up.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn spawn(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (sender, receiver) = crossbeam_channel::bounded(CHANNEL_SIZE);
        let outbox = Arc::new(Outbox::default());
        let theirs = Arc::clone(&outbox);
        let thread = std::thread::Builder::new().name("trainer".to_owned()).spawn(move || {
            set_priority(Priority::Training);
            with_product_threads(|| work::run(&receiver, &theirs, &wake));
        })?;
        Ok(Self {
            commands: sender,
            backlog: VecDeque::new(),
            n_given: 0,
            last_run: 0,
            last_load: 0,
            outbox,
            thread: Some(thread),
        })
    }

    /// Takes a model up, at rest. One that is being compiled is given up for it.
    pub fn load(&mut self, job: RunRequest) {
        self.last_load = self.n_given + 1;
        self.outbox.wanted_load.store(self.last_load, Ordering::Relaxed);
        self.send(TrainerCommand::Load(Box::new(job), self.last_load));
    }

    /// Whether a model was handed over and is not compiled yet.
    pub fn is_loading(&self) -> bool {
        self.outbox.handled.load(Ordering::Acquire) < self.last_load
    }

    /// Gives up what is being compiled: its snapshot says [`StopReason::CannotStart`].
    ///
    /// [`StopReason::CannotStart`]: super::StopReason::CannotStart
    pub fn stop_loading(&mut self) {
        self.outbox.wanted_load.store(0, Ordering::Relaxed);
    }

    /// Lets the model go.
    pub fn unload(&mut self) {
        self.stop_loading();
        self.send(TrainerCommand::Unload);
    }

    /// Trains as far as `goal` says.
    pub fn run(&mut self, goal: Goal) {
        self.send(TrainerCommand::Run(goal));
        self.last_run = self.n_given;
    }

    /// Rests after the batch at hand.
    pub fn pause(&mut self) {
        self.send(TrainerCommand::Pause);
    }

    /// Other settings, from the next batch on.
    pub fn set_training(&mut self, settings: TrainingSettings) {
        self.send(TrainerCommand::SetTraining(Box::new(settings)));
    }

    /// Weights changed by hand. Snapshots carry `revision` from then on.
    pub fn set_parameters(&mut self, revision: u64, parameters: Parameters) {
        self.send(TrainerCommand::SetParameters(revision, parameters));
    }

    /// Freezes or unfreezes parameters.
    pub fn set_trainable(&mut self, changes: Vec<(ParameterKey, bool)>) {
        self.send(TrainerCommand::SetTrainable(changes));
    }

    /// Puts the optimizer into this state (an empty one forgets everything).
    pub fn set_optimizer_state(&mut self, state: OptimizerState) {
        self.send(TrainerCommand::SetOptimizerState(Box::new(state)));
    }

    /// How fast runs go, from the next batch on.
    pub fn set_tempo(&mut self, tempo: Tempo) {
        self.send(TrainerCommand::SetTempo(tempo));
    }

    /// Says what snapshots shall copy.
    pub fn watch(&mut self, watch: Watch) {
        self.send(TrainerCommand::Watch(watch));
    }

    /// Whether snapshots are published while it trains, as they are from the start. At rest they
    /// always are. A measurement of what publishing costs needs the run without.
    pub fn publish_while_running(&mut self, wanted: bool) {
        self.send(TrainerCommand::Publish(wanted));
    }

    /// Takes back a snapshot that nobody shows any more: giving the memory of millions of numbers back to the
    /// system takes as long as a frame, and should not take the time of the thread that draws.
    pub fn free(&mut self, snapshot: Arc<Snapshot>) {
        self.send(TrainerCommand::Free(snapshot));
    }

    /// Asks for everything that the run has made; [`Self::take_full`] gives it soon. Whenever the
    /// run comes to rest, it is there without being asked for.
    pub fn request_full(&mut self) {
        self.send(TrainerCommand::Full);
    }

    /// Never blocks; keeps the order.
    fn send(&mut self, command: TrainerCommand) {
        self.n_given += 1;
        self.backlog.push_back(command);
        self.flush();
    }

    /// Sends what did not fit before. To be called now and then, such as once a frame.
    pub fn flush(&mut self) {
        while let Some(command) = self.backlog.pop_front() {
            match self.commands.try_send(command) {
                Ok(()) => {}
                Err(TrySendError::Full(command)) => {
                    self.backlog.push_front(command);
                    return;
                }
                Err(TrySendError::Disconnected(_)) => return,
            }
        }
    }

    /// Whether it trains, or was told to and has not begun yet. Once it is false, snapshot and
    /// full state of the run's end can be picked up.
    pub fn is_busy(&self) -> bool {
        self.is_starting() || self.outbox.is_running.load(Ordering::Acquire)
    }

    /// Whether it was told to train and has not begun yet.
    pub fn is_starting(&self) -> bool {
        self.outbox.handled.load(Ordering::Acquire) < self.last_run
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.outbox.snapshot.load_full()
    }

    /// The newest full state, once.
    pub fn take_full(&self) -> Option<Arc<FullState>> {
        self.outbox.full.swap(None)
    }

    /// The epochs finished since the last call; thinned where there are very many.
    pub fn take_records(&self) -> LossHistory {
        std::mem::take(&mut *self.outbox.records.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The looks at the health of all layers since the last call, and the revision of the [`RunRequest`] that
    /// they are of.
    pub fn take_health(&self) -> (u64, HealthHistory) {
        let mut seen = self.outbox.health.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.0, std::mem::take(&mut seen.1))
    }

    /// Where it leaves its weights now and then.
    pub fn trained_copy(&self) -> TrainedCopy {
        TrainedCopy(Arc::clone(&self.outbox))
    }

    #[cfg(test)]
    pub(super) fn provoke_panic(&mut self) {
        self.send(TrainerCommand::Panic);
    }
}

impl Drop for Trainer {
    /// Waits for the batch at hand to end.
    fn drop(&mut self) {
        self.backlog.clear();
        self.stop_loading();
        // A thread that has ended already needs no command; a full channel is emptied by the thread.
        let _ = self.commands.send(TrainerCommand::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
