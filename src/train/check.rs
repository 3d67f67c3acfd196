//! The gradient check of a drawing: every parameter of it, on its first rows.
//!
//! In f64, dropout and clipping off, nothing truncated, on the first 32 usable rows at most.

use std::collections::BTreeMap;

use crate::autodiff::ParameterId;
use crate::autodiff::gradcheck::{self, Entry, Outcome};
use crate::compile::{CompileOptions, compile_network};
use crate::data::Prepared;
use crate::network::{Network, ParameterKey, Parameters, Problem};

use super::feed::Feed;

/// Rows that the check runs on, at most.
pub const MAX_CHECKED_ROWS: usize = 32;

/// What the gradient check found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GradientCheck {
    /// Parameter by parameter.
    pub parameters: Vec<CheckedParameter>,
    /// Rows that it ran on.
    pub n_rows: usize,
    /// Whether only a sample of the entries was checked.
    pub is_sample: bool,
}

/// What was found about one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedParameter {
    /// Which one.
    pub key: ParameterKey,
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// The entries that were checked.
    pub entries: Vec<Entry>,
}

impl GradientCheck {
    /// How many entries had this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.parameters.iter().map(|parameter| parameter.count(outcome)).sum()
    }

    /// Whether none differs.
    pub fn passes(&self) -> bool {
        self.count(Outcome::Differs) == 0
    }
}

impl CheckedParameter {
    /// How many entries had this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }

    /// What was found about one of its numbers, where it was checked.
    pub fn entry(&self, index: usize) -> Option<&Entry> {
        let place = self.entries.binary_search_by_key(&index, |entry| entry.index).ok()?;
        self.entries.get(place)
    }

    /// How many entries the parameter has.
    pub fn n_entries(&self) -> usize {
        self.shape.iter().product()
    }

    /// The entry whose two gradients lie farthest apart, leaving out those at a kink.
    pub fn worst(&self) -> Option<&Entry> {
        let error = |entry: &Entry| (entry.analytic - entry.numeric).abs();
        let measured = self.entries.iter().filter(|entry| entry.outcome != Outcome::AtKink);
        measured.max_by(|a, b| error(a).total_cmp(&error(b)))
    }
}

/// Checks the gradient of every parameter against central differences. Above 5,000 numbers a
/// sample of each tensor, drawn with `seed`.
///
/// # Errors
/// The problems that keep the drawing from running.
pub fn check_gradients(
    network: &Network,
    parameters: &Parameters,
    data: &Prepared,
    seed: u64,
) -> Result<GradientCheck, Vec<Problem>> {
    let check = check_gradients_while(network, parameters, data, seed, &mut |_, _| true)?;
    Ok(check.unwrap_or_default())
}

/// The same, telling `goes_on` after every entry how many of how many are done; `None` once it says no.
///
/// # Errors
/// The problems that keep the drawing from running.
pub fn check_gradients_while(
    network: &Network,
    parameters: &Parameters,
    data: &Prepared,
    seed: u64,
    goes_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Option<GradientCheck>, Vec<Problem>> {
    let compiled = compile_network::<f64>(network, CompileOptions::for_checking())?;
    let n_rows = data.n_samples().min(MAX_CHECKED_ROWS);
    if let Some(problem) = Problem::too_large_batch(n_rows, compiled.program.pass_numbers(n_rows)) {
        return Err(vec![problem]);
    }
    let store = compiled.store(parameters);
    let samples: Vec<u32> = (0..n_rows as u32).collect();
    let mut trace = compiled.program.trace(samples.len());
    Feed::new(&compiled.links, data).fill_to_look(data, &samples, &mut trace);
    let report = gradcheck::check_while(&compiled.program, &store, &mut trace, seed, goes_on);
    let Some(report) = report else { return Ok(None) };
    let is_sample = report.is_sample();
    let mut entries: BTreeMap<ParameterId, Vec<Entry>> = BTreeMap::new();
    for entry in &report.entries {
        entries.entry(entry.parameter).or_default().push(*entry);
    }
    let checked = compiled.links.parameters().map(|(key, id)| CheckedParameter {
        key,
        name: store.name(id).to_owned(),
        shape: store.shape(id).dims().to_vec(),
        entries: entries.remove(&id).unwrap_or_default(),
    });
    Ok(Some(GradientCheck { parameters: checked.collect(), n_rows: samples.len(), is_sample }))
}
