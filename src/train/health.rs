//! How the numbers of a network fare while it trains: distributions of weights, activations and gradients,
//! layer by layer, and a bounded history of them.
//!
//! Must not know how a pass is run, or what is healthy.

use std::sync::Arc;

use crate::network::{NodeId, ParameterKey};

/// Bins of a distribution.
pub const N_BINS: usize = 32;
/// Samples that are kept at most: as many as a plot shows apart.
const MOST_SAMPLES: usize = 240;

/// The distribution of some numbers between the smallest and the largest of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    /// The lower end of the first bin.
    pub low: f64,
    /// The upper end of the last bin.
    pub high: f64,
    /// How many numbers lie in each bin.
    pub counts: [u32; N_BINS],
    /// Numbers that were looked at.
    pub n: u32,
    /// Of them, zeros that have no place in a logarithmic distribution.
    pub n_zero: u32,
    /// Of them, numbers that are not finite.
    pub n_not_finite: u32,
    /// The root of the mean of the squares of those that are finite.
    pub rms: f64,
}

impl Bins {
    /// The distribution of the numbers themselves.
    pub fn linear(numbers: &[f64]) -> Self {
        Self::of(numbers, |x| x)
    }

    /// The distribution of log₁₀ of their magnitudes, the zeros apart.
    pub fn logarithmic(numbers: &[f64]) -> Self {
        Self::of(numbers, |x| x.abs().log10())
    }

    fn of(numbers: &[f64], place: impl Fn(f64) -> f64) -> Self {
        let mut bins = Self {
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            counts: [0; N_BINS],
            n: numbers.len() as u32,
            n_zero: 0,
            n_not_finite: 0,
            rms: 0.0,
        };
        let mut n_finite = 0_u32;
        for &x in numbers {
            if !x.is_finite() {
                bins.n_not_finite += 1;
                continue;
            }
            n_finite += 1;
            bins.rms += x * x;
            let at = place(x);
            if at.is_finite() {
                bins.low = bins.low.min(at);
                bins.high = bins.high.max(at);
            } else {
                bins.n_zero += 1;
            }
        }
        bins.rms = (bins.rms / f64::from(n_finite.max(1))).sqrt();
        if bins.low > bins.high {
            (bins.low, bins.high) = (0.0, 0.0);
            return bins;
        }
        let per_unit = N_BINS as f64 / (bins.high - bins.low).max(f64::MIN_POSITIVE);
        for &x in numbers {
            let at = place(x);
            if x.is_finite() && at.is_finite() {
                let bin = ((at - bins.low) * per_unit) as usize;
                bins.counts[bin.min(N_BINS - 1)] += 1;
            }
        }
        bins
    }
}

/// One parameter in one sample.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterHealth {
    /// Which one.
    pub key: ParameterKey,
    /// Its name, such as `Dense 1.weight`.
    pub name: String,
    /// Whether it is a matrix of weights, not a bias or a state.
    pub is_matrix: bool,
    /// The distribution of its numbers.
    pub value: Bins,
    /// The distribution of log₁₀ of its gradient's magnitudes; `None` where it has none.
    pub grad: Option<Bins>,
    /// The gradient's norm.
    pub grad_norm: Option<f64>,
    /// ‖Δ‖ / ‖W‖: how much of itself the next update changes. `None` where nothing is updated, where
    /// all numbers are zero, and in parameters too large to foresee an update.
    pub update_ratio: Option<f64>,
}

/// One layer in one sample: a node with parameters, or an activation.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerHealth {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Whether no loss reads its output.
    pub is_hidden: bool,
    /// The places of the layers that depend on it: those between it and a loss.
    pub ahead: Arc<Vec<usize>>,
    /// The distribution of its output over the batch and all time steps.
    pub output: Bins,
    /// Of a ReLU: which units gave something other than zero for any row, a bit each.
    pub active: Option<Units>,
    /// Of a sigmoid or tanh: the share of outputs so near to an end that next to no gradient passes.
    pub saturated: Option<f64>,
    /// Its parameters.
    pub parameters: Vec<ParameterHealth>,
}

/// A bit for each unit of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    /// How many units.
    pub n: usize,
    /// Their bits, 64 in a word.
    pub bits: Vec<u64>,
}

impl Units {
    /// No unit is marked.
    pub fn none(n: usize) -> Self {
        Self { n, bits: vec![0; n.div_ceil(64)] }
    }

    /// Marks a unit.
    pub fn mark(&mut self, unit: usize) {
        if let Some(word) = self.bits.get_mut(unit / 64) {
            *word |= 1 << (unit % 64);
        }
    }

    /// Marks what another marks, too.
    pub fn unite(&mut self, other: &Self) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// The share of units that are not marked.
    pub fn share_unmarked(&self) -> f64 {
        let marked: u32 = self.bits.iter().map(|word| word.count_ones()).sum();
        1.0 - f64::from(marked) / self.n.max(1) as f64
    }
}

/// A value that is carried from one time step to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct StateHealth {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// The norm of its gradient at each time step, from the first on; `None` where none passes.
    pub step_norms: Vec<Option<f64>>,
}

/// All layers at one moment, from the pass of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthSample {
    /// Optimizer steps before it.
    pub step: u64,
    /// Rows of the batch.
    pub rows: usize,
    /// Rows of the training part.
    pub of_rows: usize,
    /// The batch's loss.
    pub loss: f64,
    /// The layers in the order of computing.
    pub layers: Vec<LayerHealth>,
    /// What is carried through time; nothing without loops.
    pub states: Vec<StateHealth>,
}

/// Samples over time: a fixed number however long it trains.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct HealthHistory {
    samples: Vec<Arc<HealthSample>>,
    /// Steps from one sample to the next, at least.
    gap: u64,
}

impl HealthHistory {
    /// What is kept, in order of time.
    pub fn samples(&self) -> &[Arc<HealthSample>] {
        &self.samples
    }

    /// The newest sample.
    pub fn last(&self) -> Option<&HealthSample> {
        self.samples.last().map(AsRef::as_ref)
    }

    /// Adds what came after all others. A sample of other layers, or of an earlier step, begins anew.
    pub fn push(&mut self, sample: Arc<HealthSample>) {
        let nodes = |sample: &HealthSample| sample.layers.iter().map(|layer| layer.node).collect::<Vec<_>>();
        if self.last().is_some_and(|last| sample.step < last.step || nodes(last) != nodes(&sample)) {
            *self = Self::default();
        }
        let replaces = match self.samples.as_slice() {
            [.., last] if last.step == sample.step => true,
            // The first one stays.
            [.., before, last] => last.step - before.step < self.gap,
            _ => false,
        };
        if replaces {
            self.samples.pop();
        }
        self.samples.push(sample);
        if self.samples.len() > MOST_SAMPLES {
            self.thin();
        }
    }

    /// Adds what came after all others.
    pub fn append(&mut self, other: Self) {
        other.samples.into_iter().for_each(|sample| self.push(sample));
    }

    /// Keeps about half of the samples, evenly spread.
    fn thin(&mut self) {
        let samples = std::mem::take(&mut self.samples);
        let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return };
        let even = (last.step - first.step) / (MOST_SAMPLES as u64 / 2);
        self.gap = even.max(2 * self.gap).max(1);
        let newest = samples.len() - 1;
        for (idx, sample) in samples.into_iter().enumerate() {
            let is_far = self.samples.last().is_none_or(|kept| sample.step - kept.step >= self.gap);
            if is_far || idx == newest {
                self.samples.push(sample);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn sample(step: u64) -> Arc<HealthSample> {
        Arc::new(HealthSample {
            step,
            rows: 1,
            of_rows: 9,
            loss: 1.0,
            layers: Vec::new(),
            states: Vec::new(),
        })
    }

    #[test]
    fn bins_count_every_finite_number_once_and_the_others_apart() {
        let bins = Bins::linear(&[0.0, 1.0, 2.0, 3.2, f64::NAN, f64::INFINITY]);
        assert_eq!((bins.low, bins.high), (0.0, 3.2));
        assert_eq!((bins.n, bins.n_not_finite, bins.n_zero), (6, 2, 0));
        assert_eq!(bins.counts.iter().sum::<u32>(), 4);
        assert_eq!((bins.counts[0], bins.counts[10], bins.counts[N_BINS - 1]), (1, 1, 1));
        // √((0 + 1 + 4 + 10.24) / 4)
        assert!((bins.rms - 3.81_f64.sqrt()).abs() < 1e-12);
        let bins = Bins::logarithmic(&[0.0, -1e-3, 1e3]);
        assert_eq!((bins.low, bins.high, bins.n_zero), (-3.0, 3.0, 1));
        assert_eq!(Bins::linear(&[]).counts.iter().sum::<u32>(), 0);
        assert_eq!(Bins::linear(&[2.0; 5]).counts[0], 5);
    }

    #[test]
    fn a_long_training_keeps_the_first_the_newest_and_an_even_spread() {
        let mut history = HealthHistory::default();
        for step in (0..1_000_000).step_by(50) {
            history.push(sample(step));
            assert!(history.samples().len() <= MOST_SAMPLES);
            assert_eq!(history.last().unwrap().step, step);
        }
        let steps: Vec<u64> = history.samples().iter().map(|sample| sample.step).collect();
        assert!(steps[0] == 0 && steps.is_sorted() && steps.len() > MOST_SAMPLES / 4, "{}", steps.len());
        assert!(steps.windows(2).all(|pair| pair[1] - pair[0] <= 1_000_000 / 30));
    }

    #[test]
    fn the_same_step_is_kept_once_and_an_earlier_one_begins_anew() {
        let mut history = HealthHistory::default();
        for step in [0, 1, 2, 2] {
            history.push(sample(step));
        }
        assert_eq!(history.samples().len(), 3);
        history.push(sample(0));
        assert_eq!(history.samples().len(), 1);
    }

    #[test]
    fn units_count_what_nobody_marks() {
        let (mut one, mut other) = (Units::none(70), Units::none(70));
        one.mark(0);
        other.mark(69);
        one.unite(&other);
        assert!((one.share_unmarked() - 68.0 / 70.0).abs() < 1e-12);
    }
}
