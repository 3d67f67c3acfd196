//! The edited thing as a value: what a person makes and may undo.
//!
//! Must not know training, files or the window.

pub mod actions;
mod edit;
mod history;
mod settings;

#[cfg(test)]
mod tests;

use crate::data::DataSettings;
use crate::network::{Network, Parameters};

pub use actions::{Change, Fragment};
pub use edit::Edit;
pub use history::History;
pub use settings::{ClipSettings, OptimizerSettings, TrainingSettings};

/// Everything a person edits, as one value. Optimizer state is not here: it belongs to a run.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Document {
    /// The drawing.
    pub network: Network,
    /// Weights, as typed, loaded, reset or last trained.
    pub parameters: Parameters,
    /// What was chosen about the data.
    pub data: DataSettings,
    /// What was chosen about training.
    pub training: TrainingSettings,
}
