//! The edited thing as a value: what a person makes and may undo.
//!
//! Must not know training, files or the window.

pub mod actions;
mod edit;
mod history;
mod runs;
mod settings;

#[cfg(test)]
mod insertion_tests;
#[cfg(test)]
mod tests;

use crate::data::DataSettings;
use crate::network::{Network, Parameters};

pub use actions::{Change, Fragment};
pub use edit::Edit;
pub use history::History;
pub use runs::{
    MOST_RUN_LETTERS, MOST_RUN_NUMBERS, MOST_RUN_POINTS, MOST_RUNS, MadeRoom, Run, RunId, RunName, RunPoint,
    RunScores, Runs, Spread, spreads, within_limits,
};
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
    /// Trainings that are kept.
    pub runs: Runs,
}

impl Document {
    /// Whether any weight that learns is another than the seed draws: by training, or by hand.
    pub fn is_trained(&self) -> bool {
        let specs = self.network.parameter_specs();
        specs.iter().any(|spec| {
            let Some(found) = self.parameters.get(&spec.key).filter(|found| found.trainable) else {
                return false;
            };
            let drawn = spec.initialize(self.training.seed);
            // Training in f32 hands the drawn numbers back rounded.
            let is_same = |(a, b): (&f64, &f64)| *a as f32 == *b as f32;
            found.shape != drawn.shape || !found.values.iter().zip(drawn.values.iter()).all(is_same)
        })
    }
}
