//! Trainings that a person kept, to be compared: what they were told, how they went, what they ended with.
//!
//! Must not know how training is done.

use std::sync::Arc;

use super::{Document, TrainingSettings};
use crate::network::Parameters;

/// Runs that a document keeps at most.
pub const MOST_RUNS: usize = 32;
/// Points of a run's curves that are kept at most.
pub const MOST_RUN_POINTS: usize = 256;
/// Numbers of weights that all runs of a document keep together at most: about 12 MB in a file.
pub const MOST_RUN_NUMBERS: usize = 1_000_000;
/// Characters of a run's name at most.
pub const MOST_RUN_LETTERS: usize = 80;

/// A training that was kept.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Run {
    /// What it is called.
    pub name: String,
    /// How it was trained, with its seed.
    pub settings: TrainingSettings,
    /// How the loss fell, thinned.
    pub curve: Vec<RunPoint>,
    /// How good its predictions were at the end.
    pub scores: RunScores,
    /// The weights at its end; none where the document has no room for them.
    pub parameters: Parameters,
}

/// One finished epoch of a run.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct RunPoint {
    /// Counted from 1.
    pub epoch: usize,
    /// Optimizer steps until its end.
    pub step: u64,
    /// Seconds of training until its end.
    pub seconds: f64,
    /// The loss on the training part.
    pub train_loss: f64,
    /// The loss on the validation part, where there is one.
    pub val_loss: Option<f64>,
}

/// Metrics at the end of a run, those that apply.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct RunScores {
    /// Mean absolute error.
    pub mae: Option<f64>,
    /// Root of the mean square error.
    pub rmse: Option<f64>,
    /// Coefficient of determination.
    pub r2: Option<f64>,
    /// Share of right answers.
    pub accuracy: Option<f64>,
}

impl Run {
    /// The loss by which it is judged at its end: on the validation part, where there is one.
    pub fn final_loss(&self) -> Option<f64> {
        let last = self.curve.last()?;
        Some(last.val_loss.unwrap_or(last.train_loss))
    }

    /// Numbers of its weights.
    pub fn n_numbers(&self) -> usize {
        self.parameters.values().map(|parameter| parameter.values.len()).sum()
    }

    /// Whether another run was told the same but for its seed.
    pub fn differs_by_seed_only(&self, other: &Self) -> bool {
        let seed = other.settings.seed;
        TrainingSettings { seed, ..self.settings.clone() } == other.settings
    }
}

impl Document {
    /// How many more runs can be kept.
    pub fn room_for_runs(&self) -> usize {
        MOST_RUNS.saturating_sub(self.runs.len())
    }

    /// A name that no run has yet: `Run 3`.
    pub fn next_run_name(&self) -> String {
        let is_free = |name: &String| self.runs.iter().all(|run| run.name != *name);
        let names = (self.runs.len() + 1..).map(|n| format!("Run {n}"));
        names.into_iter().find(is_free).unwrap_or_default()
    }
}

/// Runs that differ by their seed only, taken together.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Places of the runs.
    pub runs: Vec<usize>,
    /// The mean of their final losses,
    pub mean: f64,
    /// and the standard deviation, with n − 1.
    pub deviation: f64,
}

/// Mean and spread of all groups of at least two runs that differ by their seed only.
pub fn spreads(runs: &[Arc<Run>]) -> Vec<Spread> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (idx, run) in runs.iter().enumerate() {
        let same = |group: &&mut Vec<usize>| runs[group[0]].differs_by_seed_only(run);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(idx),
            None => groups.push(vec![idx]),
        }
    }
    let spread = |group: Vec<usize>| {
        let losses: Vec<f64> = group.iter().filter_map(|&idx| runs[idx].final_loss()).collect();
        let n = losses.len();
        if n < 2 {
            return None;
        }
        let mean = losses.iter().sum::<f64>() / n as f64;
        let squares = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>();
        Some(Spread { runs: group, mean, deviation: (squares / (n - 1) as f64).sqrt() })
    };
    groups.into_iter().filter_map(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64, loss: f64) -> Arc<Run> {
        let settings = TrainingSettings { seed, ..TrainingSettings::default() };
        let point = RunPoint { epoch: 1, train_loss: 9.0, val_loss: Some(loss), ..RunPoint::default() };
        Arc::new(Run { settings, curve: vec![point], ..Run::default() })
    }

    #[test]
    fn runs_of_other_seeds_have_a_mean_and_a_spread() {
        let mut other = Run::clone(&run(1, 5.0));
        other.settings.learning_rate = 0.5;
        let runs = [run(1, 1.0), run(2, 2.0), Arc::new(other), run(3, 6.0)];
        let found = spreads(&runs);
        // Mean of 1, 2 and 6 is 3; √((4 + 1 + 9) / 2).
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].runs.as_slice(), found[0].mean), (&[0, 1, 3][..], 3.0));
        assert!((found[0].deviation - 7.0_f64.sqrt()).abs() < 1e-12);
    }
}
