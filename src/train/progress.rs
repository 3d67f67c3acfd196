//! How far a run has come, why it stopped, and how good it is.
//!
//! Must not know programs or threads: plain data with words.

use crate::network::{NodeId, Task};
use crate::words::{Message, ToMessage, short_number, with_minus};

use super::session::SessionError;
use super::state::RunPosition;

/// What a run is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum RunState {
    /// At rest, ready to go on.
    Paused,
    /// Training.
    Running,
    /// Ended by a stop rule or by a failure. It can be run again.
    Stopped(StopReason),
}

/// What one unit of work came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Advance {
    /// A batch was learned; its epoch goes on.
    Batch,
    /// A part of the evaluation at the end of an epoch was done.
    Evaluation,
    /// An epoch is finished, with its evaluation.
    Epoch {
        /// What came of it.
        record: EpochRecord,
        /// The stop rule that now holds, if any.
        stop: Option<StopReason>,
    },
    /// A number is not finite. Nothing was learned, and the last good weights are back.
    NotFinite(NotFinite),
}

/// Why a run ended by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum StopReason {
    /// As many epochs as were asked for.
    Epochs,
    /// The training loss reached the target.
    TargetLoss,
    /// No better loss for `patience` epochs.
    Patience,
    /// The run ended worse than it began.
    Diverged(Diverged),
    /// Somebody asked it to end, such as with Ctrl-C.
    Interrupted,
    /// A value was not finite. The last good weights were kept.
    NotFinite(NotFinite),
    /// The drawing cannot be trained.
    CannotStart(SessionError),
    /// The trainer failed; this is a fault of the program.
    Failure(String),
}

/// How a run got worse instead of better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diverged {
    /// The training loss that it is measured by: that of the run's first epoch, or a lower one that it
    /// had reached.
    pub from: f64,
    /// The training loss at the end.
    pub to: f64,
    /// The learning rate that most likely led there.
    pub learning_rate: f64,
}

/// Where a number first was not finite.
#[derive(Clone, Debug, PartialEq)]
pub struct NotFinite {
    /// The node whose number it is.
    pub node: Option<NodeId>,
    /// Its name.
    pub name: String,
    /// Which of its numbers.
    pub quantity: Quantity,
    /// Optimizer step of the run, counted from 1.
    pub step: u64,
    /// Time step, in networks with loops.
    pub time_step: usize,
    /// What most likely led there.
    pub cause: Cause,
}

/// Which number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Its value.
    Value,
    /// d loss / d its value.
    Gradient,
    /// A parameter after the update.
    Parameter,
}

/// The likely cause of a number that is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The data itself holds such a number.
    Data,
    /// A parameter was not finite before the pass.
    Parameter,
    /// Weights grew from step to step: the learning rate is too large.
    LearningRate,
    /// Gradients grew through many time steps.
    ExplodingThroughTime,
    /// The logarithm of a probability of zero, or a probability outside of 0 to 1.
    Logarithm,
    /// The number was too large for the type.
    Overflow,
}

/// How far training has come.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Progress {
    /// Finished epochs.
    pub epoch: usize,
    /// Epochs asked for.
    pub epochs: usize,
    /// Finished batches of the running epoch.
    pub batch: usize,
    /// Samples that they held.
    pub samples: usize,
    /// Batches in an epoch.
    pub n_batches: usize,
    /// Optimizer steps since the run began.
    pub step: u64,
    /// Training samples a second, lately.
    pub samples_per_second: f64,
    /// Seconds left until `epochs`, where that can be said.
    pub seconds_left: Option<f64>,
    /// The training loss of the newest finished epoch.
    pub train_loss: Option<f64>,
    /// The validation loss of the newest finished epoch.
    pub val_loss: Option<f64>,
}

/// How good predictions are; those that apply to the task.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Metrics {
    /// Mean absolute error, in original units.
    pub mae: Option<f64>,
    /// Root of the mean square error, in original units.
    pub rmse: Option<f64>,
    /// Coefficient of determination, the mean over outputs. `None` where the targets are constant.
    pub r2: Option<f64>,
    /// Share of right answers.
    pub accuracy: Option<f64>,
    /// For networks that forecast a column from its own past: the mean square error, in original
    /// units,
    pub mse: Option<f64>,
    /// and beside it that of "tomorrow is like today" (the persistence forecast): the newest value
    /// that the network reads, taken for the value to come.
    pub persistence_mse: Option<f64>,
}

/// What metrics are made of: sums over all answers of an evaluation, in original units.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MetricSums {
    /// How many numbers were predicted.
    pub n_numbers: u64,
    /// Σ |a − y|.
    pub absolute: f64,
    /// Of every output Σ (a − y)² and Σ (y − ȳ)².
    pub outputs: Vec<(f64, f64)>,
    /// How many answers were given, and how many of them were right.
    pub n_answers: u64,
    /// See `n_answers`.
    pub n_right: u64,
}

/// Counts of (true class, predicted class).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Confusion {
    /// Names of the classes.
    pub classes: Vec<String>,
    /// `counts[true][predicted]`.
    pub counts: Vec<Vec<u64>>,
    /// Rows of a class that is none of these, such as one that the training part does not have. They count
    /// as wrong.
    pub n_unknown: u64,
}

/// One pass over a part of the data without learning, dropout off.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// After which epoch.
    pub epoch: usize,
    /// Whether it is the validation part (else the training part).
    pub is_validation: bool,
    /// Mean total loss over the samples.
    pub loss: f64,
    /// What each drawn loss measures.
    pub losses: Vec<LossEvaluation>,
    /// For networks that forecast a column from its own past.
    pub series: Option<Series>,
}

/// One loss of an evaluation, and how good the predictions are that it measures.
#[derive(Clone, Debug, PartialEq)]
pub struct LossEvaluation {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Mean over the samples, without its weight in the total loss.
    pub loss: f64,
    /// The task that the metrics belong to.
    pub task: Task,
    /// The metrics.
    pub metrics: Metrics,
    /// The sums that they are made of.
    pub sums: MetricSums,
    /// For classification.
    pub confusion: Option<Confusion>,
}

/// A column forecast from its own past, in original units and in order of time.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Series {
    /// The column.
    pub name: String,
    /// 0-based rows of the data file.
    pub rows: Vec<usize>,
    /// What the file says.
    pub target: Vec<f64>,
    /// What the network says.
    pub prediction: Vec<f64>,
}

/// One finished epoch.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// Optimizer steps until its end.
    pub step: u64,
    /// Seconds of training until its end, where somebody has a clock.
    pub seconds: f64,
    /// Sample-weighted mean over the epoch's batches, each before its update.
    pub train_loss: f64,
    /// Loss on the validation part, where there is one.
    pub val_loss: Option<f64>,
    /// Metrics on the validation part, where there is one; else on the training part.
    pub metrics: Metrics,
}

impl Evaluation {
    /// The metrics of the first loss, which stand for the network where there is room for one set; none apply
    /// without a loss.
    pub fn metrics(&self) -> Metrics {
        self.losses.first().map(|first| first.metrics.clone()).unwrap_or_default()
    }
}

impl RunState {
    /// Whether batches are being learned right now.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running)
    }
}

impl StopReason {
    /// Whether it is bad news.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::NotFinite(_) | Self::Diverged(_) | Self::CannotStart(_) | Self::Failure(_))
    }
}

impl Progress {
    /// Where the run stands.
    pub fn position(&self) -> RunPosition {
        RunPosition { epoch: self.epoch, samples: self.samples, step: self.step }
    }
}

impl ToMessage for StopReason {
    fn message(&self) -> Message {
        match self {
            Self::Epochs => Message::new("train-stopped-epochs"),
            Self::TargetLoss => Message::new("train-stopped-target-loss"),
            Self::Patience => Message::new("train-stopped-patience"),
            Self::Diverged(Diverged { from, to, learning_rate }) => Message::new("train-stopped-diverged")
                .with("from", with_minus(&short_number(*from)))
                .with("to", with_minus(&short_number(*to)))
                .with("rate", learning_rate.to_string()),
            Self::Interrupted => Message::new("train-stopped-interrupted"),
            Self::NotFinite(found) => found.message(),
            Self::CannotStart(error) => error.message(),
            Self::Failure(text) => Message::new("train-stopped-failure").with("text", text.as_str()),
        }
    }
}

impl ToMessage for NotFinite {
    fn message(&self) -> Message {
        Message::new("train-stopped-not-finite")
            .with("node", self.name.as_str())
            .with("quantity", self.quantity.message())
            .with("step", self.step as f64)
            .with("cause", self.cause.message())
    }
}

impl ToMessage for Quantity {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Value => "train-quantity-value",
            Self::Gradient => "train-quantity-gradient",
            Self::Parameter => "train-quantity-parameter",
        })
    }
}

impl ToMessage for Cause {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Data => "train-cause-data",
            Self::Parameter => "train-cause-parameter",
            Self::LearningRate => "train-cause-learning-rate",
            Self::ExplodingThroughTime => "train-cause-exploding",
            Self::Logarithm => "train-cause-logarithm",
            Self::Overflow => "train-cause-overflow",
        })
    }
}
