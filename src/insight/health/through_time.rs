//! Gradients that vanish or explode on their way back through time, judged by the norms that a carried
//! value's gradient has from step to step.
//!
//! Must not know how norms are measured. What learns in spite of it is not named.

use super::{EXPLODED, Finding, HARDLY_BETTER, Trouble, VANISHED, mean_loss, recent};
use crate::train::{HealthHistory, LossHistory, StateHealth};

/// Looks that have to agree at least.
const FEWEST_LOOKS: usize = 2;
/// Epochs that must have passed before a loss is said not to fall.
const FEWEST_EPOCHS: usize = 3;

/// Gradients that grow from each step to the one before it.
pub(super) fn exploding(history: &HealthHistory) -> Option<Finding> {
    if falls(history) {
        return None;
    }
    agreed(history, Trouble::ExplodingThroughTime, |state| {
        let growth = first_norm(state)? / last_norm(state)?;
        (growth > EXPLODED).then_some(growth)
    })
}

/// Gradients of which next to nothing arrives at the first steps.
pub(super) fn vanishing(history: &HealthHistory, losses: &LossHistory) -> Option<Finding> {
    if losses.records().len() < FEWEST_EPOCHS || falls(history) {
        return None;
    }
    agreed(history, Trouble::VanishingThroughTime, |state| {
        let largest = norms(state).fold(0.0, f64::max);
        let share = first_norm(state)? / largest;
        (share < VANISHED).then_some(share)
    })
}

fn falls(history: &HealthHistory) -> bool {
    let first = history.samples().first().map_or(f64::NAN, |first| first.loss);
    mean_loss(recent(history)) < HARDLY_BETTER * first
}

/// Norms of the steps that a gradient reaches: truncation cuts the others off on purpose.
fn norms(state: &StateHealth) -> impl DoubleEndedIterator<Item = f64> + '_ {
    state.step_norms.iter().flatten().copied().filter(|norm| *norm > 0.0)
}

fn first_norm(state: &StateHealth) -> Option<f64> {
    norms(state).next()
}

fn last_norm(state: &StateHealth) -> Option<f64> {
    norms(state).next_back()
}

/// The first carried value of which all recent looks say so.
fn agreed(
    history: &HealthHistory,
    trouble: Trouble,
    size: impl Fn(&StateHealth) -> Option<f64>,
) -> Option<Finding> {
    let recent = recent(history);
    let last = recent.last().filter(|_| recent.len() >= FEWEST_LOOKS)?;
    last.states.iter().enumerate().find_map(|(idx, state)| {
        let sizes: Option<Vec<f64>> =
            recent.iter().map(|sample| sample.states.get(idx).and_then(&size)).collect();
        let size = sizes?.last().copied()?;
        Some(Finding { trouble, node: state.node, layer: state.name.clone(), size })
    })
}
