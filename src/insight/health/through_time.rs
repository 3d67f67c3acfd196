//! Gradients that vanish or explode on their way back through time, judged by the norms that a carried
//! value's gradient has from step to step.
//!
//! Must not know how norms are measured. What learns in spite of it is not named.

use super::{EXPLODED, Finding, SLOW_EPOCHS, Seen, Trouble, VANISHED, recent};
use crate::train::{HealthHistory, StateHealth};

/// Looks that have to agree at least.
const FEWEST_LOOKS: usize = 2;

/// Gradients that grow from each step to the one before it.
pub(super) fn exploding(seen: &Seen<'_>) -> Option<Finding> {
    if seen.falls() != Some(false) {
        return None;
    }
    agreed(seen.history, Trouble::ExplodingThroughTime, |state| {
        let growth = first_norm(state)? / last_norm(state)?;
        (growth > EXPLODED).then_some(growth)
    })
}

/// Gradients of which next to nothing arrives at the first steps.
pub(super) fn vanishing(seen: &Seen<'_>) -> Option<Finding> {
    if seen.losses.records().len() < SLOW_EPOCHS || seen.falls() != Some(false) {
        return None;
    }
    agreed(seen.history, Trouble::VanishingThroughTime, |state| {
        let largest = norms(state).fold(0.0, f64::max);
        let share = first_norm(state)? / largest;
        (share < VANISHED).then_some(share)
    })
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
