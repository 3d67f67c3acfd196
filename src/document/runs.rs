//! Trainings that are kept, to be compared: what they were told, how they went, what they ended with; and
//! which of them make room for newer ones.
//!
//! Must not know how training is done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Document, TrainingSettings};
use crate::network::{Parameter, ParameterKey, Parameters};
use crate::words::{Message, ToMessage};

/// Runs that a document keeps at most.
pub const MOST_RUNS: usize = 32;
/// Points of a run's curves that are kept at most.
pub const MOST_RUN_POINTS: usize = 256;
/// Numbers of weights that all runs of a document keep together at most: about 12 MB in a file, 20 MB in double precision.
pub const MOST_RUN_NUMBERS: usize = 1_000_000;
/// Characters of a run's name at most.
pub const MOST_RUN_LETTERS: usize = 80;
/// Names a run while its document is open, and is never used twice meanwhile. Files hold runs in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u32);

/// The runs of a document, the oldest first.
pub type Runs = BTreeMap<RunId, Arc<Run>>;

/// What a run is called: by its number, in whatever language is spoken, until a person gives it a name.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RunName {
    /// The how manieth run of the document it is.
    pub number: u32,
    /// The name that a person gave it.
    pub given: Option<String>,
}

/// A training that was kept.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Run {
    /// What it is called.
    pub name: RunName,
    /// What was drawn, as [`Network::outline`](crate::network::Network::outline) says; empty where nobody
    /// knows.
    pub drawing: String,
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

    /// Whether a person gave it its name.
    pub fn is_named(&self) -> bool {
        self.name.given.is_some()
    }

    /// Whether its weights have their places among those parameters, all of them; so have those of a run
    /// whose weights are not kept.
    pub fn fits(&self, parameters: &Parameters) -> bool {
        let has_place = |(key, own): (&ParameterKey, &Parameter)| {
            parameters.get(key).is_some_and(|other| other.shape == own.shape)
        };
        self.parameters.is_empty()
            || (self.parameters.len() == parameters.len() && self.parameters.iter().all(has_place))
    }

    /// Whether another run was drawn and told the same but for its seed.
    pub fn differs_by_seed_only(&self, other: &Self) -> bool {
        let seed = other.settings.seed;
        self.drawing == other.drawing
            && TrainingSettings { seed, ..self.settings.clone() } == other.settings
            && (other.parameters.is_empty() || self.fits(&other.parameters))
    }
}

impl RunName {
    /// That of a run which nobody named.
    pub fn numbered(number: u32) -> Self {
        Self { number, given: None }
    }
}

impl ToMessage for RunName {
    fn message(&self) -> Message {
        match &self.given {
            Some(name) => Message::new("runs-named").with("name", name.as_str()),
            None => Message::new("runs-numbered").with("n", f64::from(self.number)),
        }
    }
}

impl Document {
    /// How many more runs can be kept: those that nobody named make room.
    pub fn room_for_runs(&self) -> usize {
        MOST_RUNS.saturating_sub(self.runs.values().filter(|run| run.is_named()).count())
    }
}

/// What went so that newer runs are kept, by name.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MadeRoom {
    /// Runs that went.
    pub runs: Vec<RunName>,
    /// Runs whose weights went.
    pub weights: Vec<RunName>,
}

/// Brings runs within the limits. First the oldest go that nobody named, then the newest of the `new` ones;
/// in the same order runs lose their weights.
pub fn within_limits(mut runs: Runs, new: &BTreeSet<RunId>) -> (Runs, MadeRoom) {
    let mut made_room = MadeRoom::default();
    let gives_way = |(id, run): &(&RunId, &Arc<Run>)| !run.is_named() && !new.contains(id);
    while runs.len() > MOST_RUNS {
        let first = runs.iter().find(gives_way).or_else(|| runs.iter().rfind(|(id, _)| new.contains(id)));
        let Some(id) = first.or_else(|| runs.iter().next()).map(|(id, _)| *id) else { break };
        made_room.runs.extend(runs.remove(&id).map(|run| run.name.clone()));
    }
    let numbers = |runs: &mut dyn Iterator<Item = &Arc<Run>>| runs.map(|run| run.n_numbers()).sum::<usize>();
    while numbers(&mut runs.values()) > MOST_RUN_NUMBERS {
        // Nobody's weights go in vain.
        let staying = runs.iter().filter(|entry| !gives_way(entry)).map(|(_, run)| run);
        let would_do = numbers(&mut { staying }) <= MOST_RUN_NUMBERS;
        let has_weights = |(_, run): &(&RunId, &Arc<Run>)| !run.parameters.is_empty();
        let first = runs.iter().find(|entry| would_do && gives_way(entry) && has_weights(entry));
        let first = first.or_else(|| runs.iter().rfind(|entry| new.contains(entry.0) && has_weights(entry)));
        let first = first.or_else(|| runs.iter().find(has_weights)).map(|(id, _)| *id);
        let Some(run) = first.and_then(|id| runs.get_mut(&id)) else { break };
        Arc::make_mut(run).parameters = Parameters::new();
        made_room.weights.push(run.name.clone());
    }
    (runs, made_room)
}

/// Runs that differ by their seed only, taken together.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Which runs.
    pub runs: Vec<RunId>,
    /// The mean of their final losses,
    pub mean: f64,
    /// and the standard deviation, with n − 1.
    pub deviation: f64,
}

/// Mean and spread of all groups of at least two runs that differ by their seed only.
pub fn spreads(runs: &Runs) -> Vec<Spread> {
    let mut groups: Vec<Vec<(RunId, &Run)>> = Vec::new();
    for (id, run) in runs {
        let same = |group: &&mut Vec<(RunId, &Run)>| group[0].1.differs_by_seed_only(run);
        match groups.iter_mut().find(same) {
            Some(group) => {
                // The same seed again is no other luck: the newest counts.
                group.retain(|(_, other)| other.settings.seed != run.settings.seed);
                group.push((*id, run));
            }
            None => groups.push(vec![(*id, run)]),
        }
    }
    let spread = |group: Vec<(RunId, &Run)>| {
        let losses: Vec<f64> = group.iter().filter_map(|(_, run)| run.final_loss()).collect();
        let n = losses.len();
        if n < 2 {
            return None;
        }
        let mean = losses.iter().sum::<f64>() / n as f64;
        let squares = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>();
        let runs = group.into_iter().map(|(id, _)| id).collect();
        Some(Spread { runs, mean, deviation: (squares / (n - 1) as f64).sqrt() })
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
        let mut wider = Run::clone(&run(4, 7.0));
        wider.drawing = "Dense 9".to_owned();
        let all = [run(1, 1.0), run(2, 2.0), Arc::new(other), run(3, 6.0), Arc::new(wider)];
        let found = spreads(&numbered(all));
        // Mean of 1, 2 and 6 is 3; √((4 + 1 + 9) / 2).
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].runs.as_slice(), found[0].mean), (&[1, 2, 4].map(RunId)[..], 3.0));
        assert!((found[0].deviation - 7.0_f64.sqrt()).abs() < 1e-12);
    }

    fn numbered(runs: impl IntoIterator<Item = Arc<Run>>) -> Runs {
        (1..).map(RunId).zip(runs).collect()
    }

    /// `Run 3` has no name.
    fn called(name: &str) -> RunName {
        let number = name.strip_prefix("Run ").and_then(|number| number.parse().ok());
        let given = number.is_none().then(|| name.to_owned());
        RunName { number: number.unwrap_or(0), given }
    }

    fn weighing(name: &str, n: usize) -> Arc<Run> {
        let key = crate::network::ParameterKey::Initial(crate::network::EdgeId(1));
        let values = Arc::new(vec![0.0; n]);
        let parameter = crate::network::Parameter { shape: vec![n], values, trainable: true };
        let parameters = if n == 0 { Parameters::new() } else { Parameters::from([(key, parameter)]) };
        Arc::new(Run { name: called(name), parameters, ..Run::default() })
    }

    fn fit(runs: impl IntoIterator<Item = Arc<Run>>, new: &[u32]) -> (Vec<(RunName, usize)>, MadeRoom) {
        let new = new.iter().copied().map(RunId).collect();
        let (runs, made_room) = within_limits(numbered(runs), &new);
        (runs.values().map(|run| (run.name.clone(), run.n_numbers())).collect(), made_room)
    }

    #[test]
    fn the_oldest_run_that_nobody_named_makes_room() {
        let old = (1..=MOST_RUNS).map(|n| weighing(&format!("Run {n}"), 0));
        let mut old: Vec<Arc<Run>> = old.collect();
        old[0] = weighing("wide", 0);
        old[2] = weighing("Run 3b", 0);
        let (names, made_room) = fit(old.clone().into_iter().chain([weighing("Run 33", 0)]), &[33]);
        assert_eq!(made_room.runs, [called("Run 2")]);
        assert_eq!((names.len(), &names[0].0, &names[1].0), (MOST_RUNS, &called("wide"), &called("Run 3b")));
        assert_eq!(names[MOST_RUNS - 1].0, called("Run 33"));
        // Where all are named, the new one is not kept.
        let named = (0..MOST_RUNS).map(|n| weighing(&format!("{n}"), 0));
        let (names, made_room) = fit(named.chain([weighing("Run 33", 0)]), &[33]);
        assert_eq!((names.len(), made_room.runs), (MOST_RUNS, vec![called("Run 33")]));
    }

    #[test]
    fn weights_make_room_from_the_oldest_on_and_never_in_vain() {
        let half = MOST_RUN_NUMBERS / 2;
        let (kept, made_room) =
            fit([weighing("Run 1", half), weighing("Run 2", half), weighing("Run 3", half)], &[3]);
        assert_eq!(made_room, MadeRoom { runs: Vec::new(), weights: vec![called("Run 1")] });
        assert_eq!(kept.iter().map(|run| run.1).collect::<Vec<_>>(), [0, half, half]);
        let large = MOST_RUN_NUMBERS + 1;
        let (kept, made_room) = fit([weighing("Run 1", half), weighing("Run 2", large)], &[2]);
        assert_eq!((kept[0].1, kept[1].1, made_room.weights), (half, 0, vec![called("Run 2")]));
        // A name keeps its run's weights, too.
        let (kept, _) = fit([weighing("wide", half), weighing("Run 2", half), weighing("Run 3", half)], &[3]);
        assert_eq!(kept.iter().map(|run| run.1).collect::<Vec<_>>(), [half, 0, half]);
        let (kept, _) =
            fit([weighing("wide", half + 1), weighing("Run 2", 9), weighing("Run 3", half)], &[3]);
        assert_eq!(kept.iter().map(|run| run.1).collect::<Vec<_>>(), [half + 1, 9, 0]);
    }
}
