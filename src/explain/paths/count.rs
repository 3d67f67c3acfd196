//! How many multiplications the whole gradient takes, by either way: why backpropagation is worth its
//! name.
//!
//! For one sample. Must not know values.

use std::collections::BTreeMap;

use num_bigint::BigUint;

use super::scalars::{Scalar, Scalars};
use super::{Counts, is_one};
use crate::explain::definition::Definitions;
use crate::explain::quantity::Tensor;
use crate::explain::timeline::{Phase, Timeline};
use crate::network::ParameterKey;

/// Scalar multiplications of the gradient of every trained parameter, for one sample. What local
/// derivatives cost is left out of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multiplications {
    /// Every path of every entry multiplied of its own.
    pub by_paths: BigUint,
    /// From the end, each delta once.
    pub by_steps: u64,
}

/// Both counts; `None` once `is_cancelled` says so. The timeline tells what training computes.
pub fn multiplications(
    definitions: &Definitions<'_>,
    timeline: &Timeline,
    is_cancelled: &dyn Fn() -> bool,
) -> Option<Multiplications> {
    let by_steps = by_steps(definitions, timeline);
    let mut counter = Counter { scalars: Scalars::new(definitions, 1), known: BTreeMap::new(), is_cancelled };
    let mut all = Counts::default();
    for (key, time_step) in trained(timeline) {
        let sizes = crate::algebra::concrete(&definitions.sizes(Tensor::Parameter(key)), 1);
        let (rows, columns) = match sizes.as_slice() {
            [] => (1, 1),
            [columns] => (1, *columns),
            [rows, rest @ ..] => (*rows, rest.iter().product()),
        };
        let tensor = Tensor::ParameterGrad { key, time_step: Some(time_step), sample: Some(0) };
        for place in 0..rows * columns {
            if is_cancelled() {
                return None;
            }
            let quantity = tensor.at(place / columns, place % columns);
            let Some(start) = counter.scalars.start(quantity) else { continue };
            for link in &start.links {
                let is_trivial = link.formula.as_ref().is_none_or(is_one);
                all.add(&counter.counts(&link.to)?.longer(is_trivial));
            }
        }
    }
    Some(Multiplications { by_paths: all.multiplications(), by_steps })
}

/// The parameters that get shares, with the time step of each.
fn trained(timeline: &Timeline) -> Vec<(ParameterKey, usize)> {
    let is_send = |action: &&crate::explain::TimelineAction| action.phase == Phase::Backward;
    let sends = timeline.actions().iter().filter(is_send);
    sends
        .filter_map(|action| match action.makes? {
            Tensor::ParameterGrad { key, .. } => Some((key, action.time_step)),
            _ => None,
        })
        .collect()
}

fn by_steps(definitions: &Definitions<'_>, timeline: &Timeline) -> u64 {
    let sends = timeline.actions().iter().filter(|it| it.phase == Phase::Backward && !it.is_for_showing);
    let sizes = |tensor: &Tensor| definitions.sizes(*tensor);
    let count = |action: &crate::explain::TimelineAction| {
        let definition = action.definition.as_ref()?;
        definition.multiplications_with(&|leaf: &Tensor| leaf.is_gradient(), &sizes, 1).ok()
    };
    sends.filter_map(count).sum()
}

struct Counter<'a> {
    scalars: Scalars<'a>,
    /// By number: the paths from it to the loss.
    known: BTreeMap<Scalar, Counts>,
    is_cancelled: &'a dyn Fn() -> bool,
}

impl Counter<'_> {
    /// The paths from a number to the loss. Iterative: a path may be as long as there are time steps.
    fn counts(&mut self, of: &Scalar) -> Option<Counts> {
        let mut waiting = vec![of.clone()];
        while let Some(scalar) = waiting.last() {
            if (self.is_cancelled)() {
                return None;
            }
            if self.known.contains_key(scalar) {
                waiting.pop();
                continue;
            }
            let links = self.scalars.next(scalar, false).links;
            let unknown: Vec<Scalar> = links
                .iter()
                .map(|link| &link.to)
                .filter(|to| !self.known.contains_key(to))
                .cloned()
                .collect();
            if !unknown.is_empty() {
                waiting.extend(unknown);
                continue;
            }
            let mut counts = Counts::default();
            if let Some(seed) = self.scalars.seed(scalar) {
                counts.add(&Counts::one().longer(is_one(&seed)));
            }
            for link in &links {
                let Some(after) = self.known.get(&link.to) else { continue };
                counts.add(&after.longer(link.formula.as_ref().is_none_or(is_one)));
            }
            self.known.insert(scalar.clone(), counts);
            waiting.pop();
        }
        self.known.get(of).cloned()
    }
}
