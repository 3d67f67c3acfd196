//! The gradient check: what backward computes, against central differences of the loss.
//!
//! Must not know where a program comes from. The caller turns dropout, clipping and truncation
//! off, and fills at most 32 rows.

use super::graph::ParameterId;
use super::program::Program;
use super::store::ParameterStore;
use super::trace::Trace;
use crate::tensor::random_stream;

/// Above this many parameters only a sample of each tensor is checked.
pub const MAX_ENTRIES: usize = 5_000;

/// How often a smaller h is tried where ±h crosses a kink.
const RETRIES: usize = 3;

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// |a − n| ≤ 1e-6·max(|a|, |n|) + 1e-9.
    Agrees,
    /// Every h that was tried crosses a kink (ReLU, |·|, …): differences do not measure a slope.
    AtKink,
    /// They differ, or one is not a number.
    Differs,
}

/// One entry of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Which parameter.
    pub parameter: ParameterId,
    /// Which of its numbers, in C order.
    pub index: usize,
    /// What backward computes; 0 where no gradient reaches it.
    pub analytic: f64,
    /// What the differences say.
    pub numeric: f64,
    /// What became of it.
    pub outcome: Outcome,
}

/// The whole check.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every entry that was checked, parameter after parameter.
    pub entries: Vec<Entry>,
    /// How many entries there are in all.
    pub n_entries: usize,
}

impl Report {
    /// Whether only a sample was checked.
    pub fn is_sample(&self) -> bool {
        self.entries.len() < self.n_entries
    }

    /// How many entries had this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }

    /// Whether none differs.
    pub fn passes(&self) -> bool {
        self.count(Outcome::Differs) == 0
    }
}

/// Checks every parameter (frozen ones too), or above [`MAX_ENTRIES`] numbers a sample of each
/// tensor drawn with `seed`. `trace` holds the filled leaves; values and gradients in it are
/// overwritten, the parameters are left as they were.
pub fn check(
    program: &Program<f64>,
    store: &ParameterStore<f64>,
    trace: &mut Trace<f64>,
    seed: u64,
) -> Report {
    let mut store = store.clone();
    let ids: Vec<ParameterId> = store.ids().collect();
    for &id in &ids {
        store.set_trainable(id, true);
    }
    program.run(&mut store, trace);
    let mut probe = Probe { program, trace, base: Vec::new(), sides: Vec::new() };
    probe.base = probe.kink_sides(&store);

    let n_entries = store.n_numbers();
    let mut entries = Vec::new();
    for id in ids {
        let analytic = store.grad(id).cloned();
        for index in chosen(store.value(id).len(), n_entries, seed, id) {
            let analytic = analytic.as_ref().map_or(0.0, |grad| grad[index]);
            let (numeric, outcome) = probe.entry(&mut store, id, index, analytic);
            entries.push(Entry { parameter: id, index, analytic, numeric, outcome });
        }
    }
    program.run(&mut store, trace);
    Report { entries, n_entries }
}

/// Which entries of a tensor of `len` numbers are checked, in order.
fn chosen(len: usize, n_entries: usize, seed: u64, id: ParameterId) -> Vec<usize> {
    if n_entries <= MAX_ENTRIES || len == 0 {
        return (0..len).collect();
    }
    let share = (len * MAX_ENTRIES / n_entries).clamp(1, len);
    let mut rng = random_stream(seed, id.index() as u64);
    let mut chosen = rand::seq::index::sample(&mut rng, len, share).into_vec();
    chosen.sort_unstable();
    chosen
}

/// Measures the loss at moved parameters.
struct Probe<'a> {
    program: &'a Program<f64>,
    trace: &'a mut Trace<f64>,
    base: Vec<i8>,
    sides: Vec<i8>,
}

impl Probe<'_> {
    /// On which side of its kink every entry of the last forward pass lies.
    fn kink_sides(&mut self, store: &ParameterStore<f64>) -> Vec<i8> {
        let mut sides = std::mem::take(&mut self.sides);
        sides.clear();
        for id in self.program.instruction_ids() {
            let instruction = self.program.instruction(id);
            let inputs: Vec<_> = instruction
                .inputs
                .iter()
                .map(|input| self.program.value(store, self.trace, *input))
                .collect();
            instruction.op.kink_sides(&inputs, &mut sides);
        }
        sides
    }

    /// The loss with one number set, and whether an entry changed its side of a kink.
    fn loss(
        &mut self,
        store: &mut ParameterStore<f64>,
        id: ParameterId,
        index: usize,
        value: f64,
    ) -> (f64, bool) {
        let old = std::mem::replace(&mut store.value_mut(id)[index], value);
        self.program.forward(store, self.trace);
        let sides = self.kink_sides(store);
        let crosses = sides != self.base;
        self.sides = sides;
        store.value_mut(id)[index] = old;
        (self.program.total_loss(self.trace), crosses)
    }

    fn entry(
        &mut self,
        store: &mut ParameterStore<f64>,
        id: ParameterId,
        index: usize,
        analytic: f64,
    ) -> (f64, Outcome) {
        let w = store.value(id)[index];
        let mut h = 1e-5 * w.abs().max(1.0);
        let mut numeric = f64::NAN;
        for retry in 0..=RETRIES {
            let (high, low) = (w + h, w - h);
            let (loss_high, crosses_high) = self.loss(store, id, index, high);
            let (loss_low, crosses_low) = self.loss(store, id, index, low);
            numeric = (loss_high - loss_low) / (high - low);
            let largest = analytic.abs().max(numeric.abs());
            // With a smaller h the rounding of the loss itself weighs more.
            let rounding =
                if retry == 0 { 0.0 } else { 4.0 * f64::EPSILON * loss_high.abs().max(loss_low.abs()) / h };
            let agrees = (analytic - numeric).abs() <= 1e-6 * largest + 1e-9 + rounding;
            let crosses = crosses_high || crosses_low;
            if agrees && (!crosses || retry == 0) {
                return (numeric, Outcome::Agrees);
            }
            if !crosses {
                return (numeric, Outcome::Differs);
            }
            h /= 10.0;
        }
        (numeric, Outcome::AtKink)
    }
}
