//! Two ways to one gradient, computed in the background: all paths multiplied, and the chain of deltas.
//!
//! Must not know how either is drawn. Nothing is computed before a panel asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::data::ReadTask as _;
use crate::explain::{
    Definitions, DeltaEntry, Multiplications, Paths, Quantity, Tensor, Timeline, delta_chain, multiplications,
};
use crate::train::Pass;

use super::App;
use super::jobs::{Background, Poll};

/// Above this many parameters the multiplications of the whole gradient are not counted.
const MOST_COUNTED: usize = 2_000;

/// What was found about one entry of a gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Lenses {
    /// Which number's derivative.
    pub of: Quantity,
    /// The same as a number of the pass: its gradient, as backward left it.
    pub gradient: Quantity,
    /// Way 1.
    pub paths: Paths,
    /// Way 2: the gradients that it is made of, itself last.
    pub chain: Vec<Tensor>,
    /// By path, in the order listed: the entries of the chain's deltas that it passes.
    pub along: Vec<BTreeMap<Tensor, DeltaEntry>>,
    /// What backward computed; `None` where the pass does not hold it.
    pub backward: Option<f64>,
    /// How many multiplications each way needs for the whole gradient; `None` where that is too much to
    /// count.
    pub whole: Option<Multiplications>,
    /// The sample that is followed, where the batch has several.
    pub sample: Option<usize>,
}

impl Lenses {
    /// Whether both ways end in the same number, to rounding.
    pub fn is_equal(&self) -> Option<bool> {
        let backward = self.backward?;
        let largest = self.paths.sum.abs().max(backward.abs());
        Some((self.paths.sum - backward).abs() <= 1e-6 * largest + 1e-12)
    }
}

/// All that decides what is found: the number, the weights, and the pass by its step.
type Key = (Quantity, u64, u64);

/// The lenses that were found last, and those on their way.
#[derive(Debug, Default)]
pub(super) struct LensState {
    found: Option<(Key, Option<Arc<Lenses>>)>,
    finding: Option<(Key, Background<Option<Lenses>>)>,
    /// A complete pass is waited for: paths run through all nodes at all time steps.
    wants_pass: bool,
}

impl App {
    /// Both ways to the chosen number's derivative, where they are found.
    pub fn lenses(&self) -> Option<&Arc<Lenses>> {
        let (key, lenses) = self.lenses.found.as_ref()?;
        lenses.as_ref().filter(|_| self.lens_key() == Some(*key))
    }

    /// Whether the ways are asked for and neither found nor on their way.
    pub fn wants_lenses(&self) -> bool {
        let Some(wanted) = self.lens_key().filter(|_| !self.is_training()) else { return false };
        let is_done = self.lenses.found.as_ref().is_some_and(|(key, _)| *key == wanted);
        let is_under_way = self.lenses.finding.as_ref().is_some_and(|(key, _)| *key == wanted);
        !is_done && !is_under_way
    }

    /// Whether the ways are being looked for.
    pub fn is_finding_lenses(&self) -> bool {
        self.lenses.finding.is_some()
    }

    fn lens_key(&self) -> Option<Key> {
        let (snapshot, pass) = (self.training.snapshot.as_ref()?, self.whole_pass()?);
        Some((self.gradient_of(self.chosen_entry()?)?, snapshot.revision, pass.step))
    }

    /// The gradient of a number that can be nudged: of one sample, where several are in the batch.
    fn gradient_of(&self, of: Quantity) -> Option<Quantity> {
        let pass = self.whole_pass()?;
        let sample = pass.shown_sample();
        Some(match of.tensor {
            Tensor::Parameter(key) | Tensor::ParameterGrad { key, .. } => {
                Tensor::ParameterGrad { key, time_step: None, sample }.at(of.row, of.column)
            }
            Tensor::Output { node, time_step } | Tensor::Grad { node, time_step } => {
                Tensor::Grad { node, time_step }.at(of.row, of.column)
            }
            _ => return None,
        })
    }

    pub(super) fn start_lenses(&mut self) {
        if !self.wants_lenses() {
            return;
        }
        let (Some(key), Some(of)) = (self.lens_key(), self.chosen_entry()) else { return };
        let Some(pass) = self.whole_pass().map(Arc::clone) else { return };
        self.lenses.wants_pass = !self.is_complete(&pass);
        if self.lenses.wants_pass {
            return;
        }
        self.cancel_lenses();
        let (network, shapes) = (self.document.network.clone(), Arc::clone(self.shapes()));
        let n_parameters: usize = self.document.parameters.values().map(|p| p.values.len()).sum();
        let job = Background::start(&self.wake, move |control| {
            let definitions = Definitions::new(&network, &shapes).with_updates_of(&pass);
            let is_cancelled = || control.is_cancelled();
            find(&definitions, &pass, (of, key.0), n_parameters, &is_cancelled)
        });
        self.lenses.finding = Some((key, job));
    }

    /// Whether the lenses wait for a complete pass.
    pub(super) fn lenses_want_pass(&self) -> bool {
        self.lenses.wants_pass
    }

    pub(super) fn cancel_lenses(&mut self) {
        if let Some((_, job)) = self.lenses.finding.take() {
            job.cancel();
        }
    }

    /// Takes in what was found. Returns whether anything changed.
    pub(super) fn poll_lenses(&mut self) -> bool {
        let Some((key, job)) = self.lenses.finding.take() else { return false };
        match job.poll() {
            Poll::Running => {
                self.lenses.finding = Some((key, job));
                return false;
            }
            Poll::Done(found) => self.lenses.found = Some((key, found.map(Arc::new))),
            Poll::Lost => self.lenses.found = Some((key, None)),
        }
        true
    }
}

fn find(
    definitions: &Definitions<'_>,
    pass: &Pass,
    (of, gradient): (Quantity, Quantity),
    n_parameters: usize,
    is_cancelled: &dyn Fn() -> bool,
) -> Option<Lenses> {
    let paths = Paths::find(definitions, pass, gradient, is_cancelled)?;
    let whole = if n_parameters <= MOST_COUNTED {
        let timeline = Timeline::new(definitions, pass)?;
        multiplications(definitions, &timeline, is_cancelled)
    } else {
        None
    };
    let sample = match gradient.tensor {
        Tensor::ParameterGrad { sample, .. } => sample,
        _ => None,
    };
    let chain = delta_chain(definitions, gradient.tensor);
    let mut along = Vec::new();
    for path in &paths.listed {
        if is_cancelled() {
            return None;
        }
        let entries = chain.iter().filter_map(|&tensor| {
            Some((tensor, DeltaEntry::find(definitions, pass, path, (gradient, tensor))?))
        });
        along.push(entries.collect());
    }
    Some(Lenses { of, gradient, paths, chain, along, backward: gradient.value(pass), whole, sample })
}
