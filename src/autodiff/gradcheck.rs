//! The gradient check: what backward computes, against central differences of the loss.
//!
//! Must not know where a program comes from. The caller turns dropout, clipping and truncation
//! off, and fills at most 32 rows.

use std::ops::Range;
use std::sync::Arc;

use super::builder::ProgramBuilder;
use super::graph::{InstructionId, ParameterId, ValueId};
use super::op::CUT;
use super::program::Program;
use super::store::ParameterStore;
use super::trace::Trace;
use crate::tensor::{Matrix, random_stream};

/// Above this many parameters only a sample of each tensor is checked.
pub const MAX_ENTRIES: usize = 5_000;

/// Multiplications that a check may take, about: half a minute on one core. Where a pass is costly, fewer
/// entries are checked.
const MAX_WORK: usize = 20_000_000_000;

/// The steps tried for an entry, relative to 1e-5·max(1, |w|): smaller ones where ±h crosses a kink or
/// the loss bends strongly, larger ones where rounding hides the slope.
const STEPS: [f64; 6] = [1.0, 0.1, 10.0, 0.01, 100.0, 0.001];

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// |a − n| ≤ 1e-6·max(|a|, |n|) + 1e-9, and what rounding of the two losses allows besides.
    Agrees,
    /// Not checked: every h that was tried crosses a kink (ReLU, |·|, …), so that differences do not
    /// measure a slope, or the derivative is cut on purpose.
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
    /// How far the entry was moved for that.
    pub h: f64,
    /// The loss with the entry moved down and up by that much.
    pub losses: [f64; 2],
    /// What became of it.
    pub outcome: Outcome,
}

/// The whole check.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Every entry that was looked at, parameter after parameter.
    pub entries: Vec<Entry>,
    /// How many entries there are in all.
    pub n_entries: usize,
}

impl Report {
    /// Whether only a sample was looked at.
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

/// Checks every parameter (frozen ones too), or a sample of each tensor drawn with `seed`: above
/// [`MAX_ENTRIES`] numbers, and where a pass is so costly that all of them would take too long. `trace`
/// holds the filled leaves; values and gradients in it are overwritten, the parameters are left as they
/// were. Values that no gradient passes to (targets) are held fixed, as backward holds them.
pub fn check(
    program: &Program<f64>,
    store: &ParameterStore<f64>,
    trace: &mut Trace<f64>,
    seed: u64,
) -> Report {
    check_while(program, store, trace, seed, &mut |_, _| true).unwrap_or_default()
}

/// The same, telling `goes_on` after every entry how many of how many are done; `None` once it says no.
pub fn check_while(
    program: &Program<f64>,
    store: &ParameterStore<f64>,
    trace: &mut Trace<f64>,
    seed: u64,
    goes_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Report> {
    let mut store = store.clone();
    let ids: Vec<ParameterId> = store.ids().collect();
    for &id in &ids {
        store.set_trainable(id, true);
    }
    program.run(&mut store, trace);
    let rounding = rounding(program, &store, trace);

    let n_entries = store.n_numbers();
    let wanted = MAX_ENTRIES.min(MAX_WORK / work(program, trace.batch()).saturating_mul(2).max(1)).max(1);
    let mut entries = Vec::new();
    {
        let mut held = with_held_targets(program, &store, trace);
        let (program, trace) = held.as_mut().map_or((program, &mut *trace), |(held, trace)| (&*held, trace));
        let mut probe = Probe { program, trace, rounding, base: Vec::new(), sides: Vec::new() };
        probe.program.forward(&store, probe.trace);
        probe.base = probe.kink_sides(&store);
        let mut n_before = 0;
        for id in ids {
            let analytic = store.grad(id).cloned();
            let len = store.value(id).len();
            let share = share(n_before..n_before + len, n_entries, wanted);
            n_before += len;
            for index in chosen(len, share, seed, id) {
                let analytic = analytic.as_ref().map_or(0.0, |grad| grad[index]);
                entries.push(probe.entry(&mut store, id, index, analytic));
                if !goes_on(entries.len(), n_entries.min(wanted)) {
                    return None;
                }
            }
        }
    }
    program.run(&mut store, trace);
    Some(Report { entries, n_entries })
}

/// How many of the numbers in `place` (of `n` in all) are checked where `wanted` are checked in all.
fn share(place: Range<usize>, n: usize, wanted: usize) -> usize {
    if n <= wanted {
        return place.len();
    }
    let before = |at: usize| (at as u128 * wanted as u128 / n as u128) as usize;
    before(place.end) - before(place.start)
}

/// Which `share` entries of a tensor of `len` numbers are checked, in order.
fn chosen(len: usize, share: usize, seed: u64, id: ParameterId) -> Vec<usize> {
    if share >= len {
        return (0..len).collect();
    }
    let mut rng = random_stream(seed, id.index() as u64);
    let mut chosen = rand::seq::index::sample(&mut rng, len, share).into_vec();
    chosen.sort_unstable();
    chosen
}

/// Multiplications of a forward pass, roughly: every number that is read or made, and a parameter once
/// a sample.
fn work(program: &Program<f64>, batch: usize) -> usize {
    let numbers = |id: ValueId| {
        let (rows, columns) = program.shape(id).storage(batch);
        let n = rows.saturating_mul(columns);
        if program.parameter_of(id).is_some() { n.saturating_mul(batch) } else { n }
    };
    program
        .instruction_ids()
        .map(|id| program.instruction(id))
        .flat_map(|instruction| instruction.inputs.iter().chain([&instruction.output]))
        .fold(0, |sum, &id| sum.saturating_add(numbers(id)))
}

/// How far rounding may move the loss: every number on the way to it may be off by an ulp, and its
/// gradient says what that does to the loss.
fn rounding(program: &Program<f64>, store: &ParameterStore<f64>, trace: &Trace<f64>) -> f64 {
    let size = |value: &Matrix<f64>, grad: &Matrix<f64>| -> f64 {
        value.iter().zip(grad.iter()).map(|(value, grad)| (value * grad).abs()).sum()
    };
    let values = (0..program.n_values()).map(|idx| ValueId(idx as u32));
    let values: f64 = values.filter_map(|id| trace.grad(id).map(|grad| size(trace.value(id), grad))).sum();
    let parameters: f64 =
        store.ids().filter_map(|id| store.grad(id).map(|grad| size(store.value(id), grad))).sum();
    f64::EPSILON * (values + parameters)
}

/// The same program with a leaf in place of everything that no gradient passes to, filled with what
/// stands there now. `None` where nothing but leaves stands there anyway.
fn with_held_targets(
    program: &Program<f64>,
    store: &ParameterStore<f64>,
    trace: &Trace<f64>,
) -> Option<(Program<f64>, Trace<f64>)> {
    let is_held = |id: InstructionId, arg: usize, input: ValueId| {
        program.instruction(id).op.blocked(arg).is_some()
            && (program.instruction_of(input).is_some() || program.parameter_of(input).is_some())
    };
    let mut instructions = program.instruction_ids();
    let holds = |id: InstructionId| {
        let inputs = &program.instruction(id).inputs;
        inputs.iter().enumerate().any(|(arg, &input)| is_held(id, arg, input))
    };
    if !instructions.any(holds) {
        return None;
    }
    let is_fused = program.instruction_ids().any(|id| program.fused_op(id).is_some());
    let mut builder = ProgramBuilder::new().fuse(is_fused);
    // By value of the old program, the new one; and which leaves are filled from where.
    let mut new_ids: Vec<ValueId> = Vec::with_capacity(program.n_values());
    let mut filled: Vec<(ValueId, ValueId)> = Vec::new();
    for old in (0..program.n_values()).map(|idx| ValueId(idx as u32)) {
        let (name, shape) = (program.name(old), program.shape(old).clone());
        let new = if let Some(id) = program.instruction_of(old) {
            let instruction = program.instruction(id);
            let inputs = instruction.inputs.iter().enumerate().map(|(arg, &input)| {
                if !is_held(id, arg, input) {
                    return new_ids[input.index()];
                }
                let leaf = builder.leaf(program.name(input), program.shape(input).clone());
                filled.push((leaf, input));
                leaf
            });
            let inputs: Vec<ValueId> = inputs.collect();
            builder.apply(Arc::clone(&instruction.op), &inputs).ok()?
        } else if program.parameter_of(old).is_some() {
            builder.parameter(name, shape)
        } else {
            let leaf = builder.leaf(name, shape);
            filled.push((leaf, old));
            leaf
        };
        new_ids.push(new);
    }
    for (root, &(loss, seed)) in program.losses().iter().enumerate() {
        match program.vector(root) {
            Some(v) => builder.add_root(new_ids[loss.index()], v.to_vec()),
            None => builder.add_loss(new_ids[loss.index()], seed),
        }
    }
    let held = builder.finish();
    let mut held_trace = held.trace(trace.batch());
    for (leaf, old) in filled {
        held_trace.value_mut(leaf).copy_from(program.value(store, trace, old));
    }
    Some((held, held_trace))
}

/// Measures the loss at moved parameters.
struct Probe<'a> {
    program: &'a Program<f64>,
    trace: &'a mut Trace<f64>,
    /// How far rounding may move the loss.
    rounding: f64,
    base: Vec<i8>,
    sides: Vec<i8>,
}

/// The slope that differences over one h measure.
#[derive(Clone, Copy, Debug)]
struct Slope {
    h: f64,
    value: f64,
    /// The two losses; of an extrapolated slope those of the smaller h.
    losses: [f64; 2],
}

impl Slope {
    /// The slope at h = 0, where the error of both is proportional to h² (Richardson).
    fn extrapolated(self, other: Self) -> Self {
        let (fine, coarse) = if self.h < other.h { (self, other) } else { (other, self) };
        let ratio = (fine.h / coarse.h) * (fine.h / coarse.h);
        Self { value: fine.value + (fine.value - coarse.value) * ratio / (1.0 - ratio), ..fine }
    }
}

impl Probe<'_> {
    /// On which side of its kink every entry of the last forward pass lies.
    fn kink_sides(&mut self, store: &ParameterStore<f64>) -> Vec<i8> {
        let mut sides = std::mem::take(&mut self.sides);
        sides.clear();
        for id in self.program.instruction_ids() {
            // The stable form of a loss has no kink where the loss itself may be cut.
            if self.program.fused_op(id).is_some() {
                continue;
            }
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

    /// The slope over ±h, and whether a kink lies between.
    fn slope(
        &mut self,
        store: &mut ParameterStore<f64>,
        id: ParameterId,
        index: usize,
        h: f64,
    ) -> (Slope, bool) {
        let w = store.value(id)[index];
        let (high, low) = (w + h, w - h);
        let (loss_high, crosses_high) = self.loss(store, id, index, high);
        let (loss_low, crosses_low) = self.loss(store, id, index, low);
        let value = (loss_high - loss_low) / (high - low);
        let slope = Slope { h, value, losses: [loss_low, loss_high] };
        (slope, crosses_high || crosses_low)
    }

    fn entry(
        &mut self,
        store: &mut ParameterStore<f64>,
        id: ParameterId,
        index: usize,
        analytic: f64,
    ) -> Entry {
        let first_h = 1e-5 * store.value(id)[index].abs().max(1.0);
        let found = |slope: Slope, outcome| Entry {
            parameter: id,
            index,
            analytic,
            numeric: slope.value,
            h: slope.h,
            losses: slope.losses,
            outcome,
        };
        let mut measured: Vec<Slope> = Vec::new();
        let mut first = None;
        for (attempt, step) in STEPS.into_iter().enumerate() {
            let (slope, crosses) = self.slope(store, id, index, first_h * step);
            first.get_or_insert(slope);
            if crosses || (attempt > 0 && self.is_drowned(slope, analytic)) {
                continue;
            }
            // The error of a difference shrinks with h², so two of them tell what is left at h = 0.
            let extrapolated = measured.iter().map(|other| slope.extrapolated(*other));
            if let Some(agreed) = [slope].into_iter().chain(extrapolated).find(|s| self.agrees(*s, analytic))
            {
                return found(agreed, Outcome::Agrees);
            }
            measured.push(slope);
        }
        let unmeasured = Slope { h: first_h, value: f64::NAN, losses: [f64::NAN; 2] };
        let first = first.unwrap_or(unmeasured);
        match measured.first() {
            Some(&slope) if !self.base.contains(&CUT) => found(slope, Outcome::Differs),
            _ => found(first, Outcome::AtKink),
        }
    }

    fn agrees(&self, slope: Slope, analytic: f64) -> bool {
        let largest = analytic.abs().max(slope.value.abs());
        (analytic - slope.value).abs() <= 1e-6 * largest + 1e-9 + self.allowed(slope.h)
    }

    /// What rounding may do to a slope: it moves both losses.
    fn allowed(&self, h: f64) -> f64 {
        2.0 * self.rounding / h
    }

    /// Whether rounding would hide a wrong derivative at this h.
    fn is_drowned(&self, slope: Slope, analytic: f64) -> bool {
        self.allowed(slope.h) > 1e-9_f64.max(0.01 * analytic.abs().max(slope.value.abs()))
    }
}
