//! Training: a pure session (one step at a time), the trainer thread around it, the snapshots
//! that it publishes, and metrics.
//!
//! Must not know files or the window. Threads and clocks live only in [`trainer`](Trainer); the threads of
//! large products in [`with_product_threads`].

mod any;
mod batches;
mod check;
mod control;
mod feed;
mod health;
mod history;
mod loss_total;
mod metric_rules;
mod metrics;
mod nudge;
mod path;
mod progress;
mod session;
mod snapshot;
mod state;
mod threads;
mod trainer;
mod values;

pub use any::{AnySession, open_session_in, open_session_while, training_precision};
pub use check::{CheckedParameter, GradientCheck, MAX_CHECKED_ROWS, check_gradients, check_gradients_while};
pub use control::{Goal, Tempo, Watch};
pub use feed::{Feed, Mode};
pub use health::{
    Bins, HealthHistory, HealthSample, LayerHealth, N_BINS, ParameterHealth, StateHealth, Units,
};
pub use history::LossHistory;
pub use metric_rules::{MetricRule, metric_rules};
pub use metrics::{MetricsBuilder, first_largest, true_class};
pub use nudge::{Moved, Nudge, NudgeRequest, nudge};
pub use path::{PathPoint, WeightPath};
pub use progress::{
    Advance, Cause, Confusion, Diverged, EpochRecord, Evaluation, LossEvaluation, MetricSums, Metrics,
    NotFinite, Progress, Quantity, RunState, Series, StopReason,
};
pub use session::{Prediction, Session, SessionError};
pub use snapshot::{
    LossValue, NodePass, OptimizerPass, ParameterPass, Pass, PortPass, Precision, SampleView, Snapshot,
};
pub use state::{OptimizerState, ParameterState, RunPosition};
pub use threads::{Priority, set_priority, with_product_threads};
pub use trainer::{FullState, RunRequest, TrainedCopy, Trainer};
pub use values::{Values, largest};
