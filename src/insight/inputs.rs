//! The inputs of a network as a person knows them: a number in its own unit, or a choice; and a place to
//! start from, a row or the mean of all.
//!
//! Must not know how a network is run.

use super::predictor::Predictor;
use crate::autodiff::{Trace, ValueId};
use crate::data::{Feature, Prepared, PreparedNode};
use crate::tensor::{Matrix, Real};

/// Rows that are looked at to find an input's range; of more rows, as many evenly spread.
const MOST_ROWS: usize = 10_000;

/// One input that can be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct InputVariable {
    /// The column, or the feature where rows were typed in.
    pub name: String,
    /// What it can be.
    pub kind: InputKind,
    /// The node's place in the prepared data.
    place: usize,
    /// Its first feature there, and how many it has.
    first: usize,
    n_features: usize,
}

/// What an input can be.
#[derive(Clone, Debug, PartialEq)]
pub enum InputKind {
    /// A number, in its own unit.
    Number {
        /// Encoded = (original − shift) / scale.
        shift: f64,
        /// See `shift`.
        scale: f64,
        /// The smallest in the data.
        min: f64,
        /// The largest.
        max: f64,
        /// The mean.
        mean: f64,
        /// Whether all of them are whole numbers.
        is_whole: bool,
    },
    /// One of several categories.
    Choice {
        /// Their names.
        names: Vec<String>,
        /// The most frequent one.
        most: usize,
    },
}

/// Where inputs that are not changed come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Start {
    /// The mean of each number and the most frequent category.
    #[default]
    Mean,
    /// A sample.
    Sample(u32),
}

impl InputVariable {
    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        matches!(self.kind, InputKind::Number { .. })
    }

    /// The mean, or the number of the most frequent category.
    pub fn usual(&self) -> f64 {
        match &self.kind {
            InputKind::Number { mean, .. } => *mean,
            InputKind::Choice { most, .. } => *most as f64,
        }
    }

    /// Smallest and largest number with a little room around them, for an axis.
    pub fn range(&self) -> [f64; 2] {
        match self.kind {
            InputKind::Number { min, max, .. } => {
                let room = if max > min { 0.06 * (max - min) } else { 0.5 + 0.5 * min.abs() };
                [min - room, max + room]
            }
            InputKind::Choice { .. } => [0.0, 1.0],
        }
    }

    /// How much the encoded number changes with the original one.
    pub(super) fn scale(&self) -> f64 {
        match self.kind {
            InputKind::Number { scale, .. } => scale,
            InputKind::Choice { .. } => 1.0,
        }
    }

    /// Reads its value from a node's encoded features.
    fn decode(&self, features: &[f64]) -> f64 {
        let own = features.get(self.first..self.first + self.n_features).unwrap_or(&[]);
        match &self.kind {
            InputKind::Number { shift, scale, .. } => own.first().map_or(f64::NAN, |x| x * scale + shift),
            InputKind::Choice { .. } => {
                own.iter().position(|&x| x > 0.5).map_or(f64::NAN, |choice| choice as f64)
            }
        }
    }

    /// Writes a value into a node's encoded features. No category is all zeros.
    fn encode<T: Real>(&self, value: f64, features: &mut [T]) {
        let Some(own) = features.get_mut(self.first..self.first + self.n_features) else { return };
        match &self.kind {
            InputKind::Number { shift, scale, .. } => {
                for feature in own {
                    *feature = T::of((value - shift) / scale);
                }
            }
            InputKind::Choice { .. } => {
                for (choice, feature) in own.iter_mut().enumerate() {
                    *feature = if value == choice as f64 { T::one() } else { T::zero() };
                }
            }
        }
    }
}

/// The inputs that a network reads at its last time step, in file order.
pub(super) fn variables(data: &Prepared, last: usize) -> Vec<InputVariable> {
    let inputs = data.nodes().iter().enumerate().filter(|(_, node)| !node.is_target);
    inputs.flat_map(|(place, node)| variables_of(data, place, node, last)).collect()
}

fn variables_of(data: &Prepared, place: usize, node: &PreparedNode, last: usize) -> Vec<InputVariable> {
    let is_one_column =
        |a: &Feature, b: &Feature| a.category.is_some() && b.category.is_some() && a.column == b.column;
    let n = data.n_samples();
    let stride = n.div_ceil(MOST_ROWS).max(1);
    let samples: Vec<u32> = (0..n as u32).step_by(stride).collect();
    let mut values = Matrix::<f64>::zeros(node.width(), samples.len());
    data.fill_batch(place, last, &samples, &mut values);
    let mut first = 0;
    let mut found = Vec::new();
    for group in node.features.chunk_by(is_one_column) {
        let Some(feature) = group.first() else { continue };
        let (name, kind) = if feature.category.is_some() {
            let sums = (first..first + group.len()).map(|row| values.row(row).sum());
            let most = sums.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(choice, _)| choice);
            let names = group.iter().filter_map(|feature| feature.category.clone()).collect();
            (feature.column.clone(), InputKind::Choice { names, most })
        } else {
            let originals = values.row(first).iter().map(|&x| feature.original(x)).collect::<Vec<f64>>();
            let fold = |f: fn(f64, f64) -> f64, from| originals.iter().copied().fold(from, f);
            let (min, max) = (fold(f64::min, f64::INFINITY), fold(f64::max, f64::NEG_INFINITY));
            let mean = originals.iter().sum::<f64>() / originals.len().max(1) as f64;
            let is_whole = originals.iter().all(|x| (x - x.round()).abs() < 1e-9 * x.abs().max(1.0));
            let (shift, scale) = (feature.shift, feature.scale);
            (feature.name.clone(), InputKind::Number { shift, scale, min, max, mean, is_whole })
        };
        found.push(InputVariable { name, kind, place, first, n_features: group.len() });
        first += group.len();
    }
    found
}

/// Encoded numbers for every leaf that the Inputs fill: a row or the mean.
#[derive(Debug)]
pub(super) struct Point {
    /// Leaf, the node's place, time step, numbers.
    leaves: Vec<(ValueId, usize, usize, Vec<f64>)>,
    last: usize,
}

impl Point {
    /// The numbers at `start`; at the mean where there is no such sample.
    pub(super) fn new<T: Real>(
        predictor: &Predictor<T>,
        data: &Prepared,
        variables: &[InputVariable],
        start: Start,
    ) -> Self {
        let last = predictor.compiled.links.n_steps.saturating_sub(1);
        let leaf = |link: &crate::compile::DataLink| {
            let place = data.node_index(link.node)?;
            let width = data.nodes().get(place)?.width();
            let mut values = Matrix::<f64>::zeros(width, 1);
            if let Start::Sample(sample) = start
                && (sample as usize) < data.n_samples()
            {
                data.fill_batch(place, link.step, &[sample], &mut values);
            } else {
                for variable in variables.iter().filter(|variable| variable.place == place) {
                    variable.encode(variable.usual(), values.as_mut_slice());
                }
            }
            Some((link.value, place, link.step, values.as_slice().to_vec()))
        };
        Self { leaves: predictor.compiled.links.inputs.iter().filter_map(leaf).collect(), last }
    }

    /// The value of an input here, in its own unit.
    pub(super) fn value(&self, variable: &InputVariable) -> f64 {
        let mut leaves = self.leaves.iter();
        let leaf = leaves.find(|(_, place, step, _)| *place == variable.place && *step == self.last);
        leaf.map_or(f64::NAN, |(_, _, _, features)| variable.decode(features))
    }

    /// Writes these numbers into every row of a pass.
    pub(super) fn fill<T: Real>(&self, trace: &mut Trace<T>) {
        for (leaf, _, _, features) in &self.leaves {
            let matrix = trace.value_mut(*leaf);
            for mut column in matrix.column_iter_mut() {
                for (entry, &feature) in column.iter_mut().zip(features) {
                    *entry = T::of(feature);
                }
            }
        }
    }

    /// Gives an input another value in one row of a pass, at the last time step.
    pub(super) fn set<T: Real>(
        &self,
        trace: &mut Trace<T>,
        row: usize,
        variable: &InputVariable,
        value: f64,
    ) {
        let leaves = self.leaves.iter();
        for (leaf, ..) in leaves.filter(|leaf| leaf.1 == variable.place && leaf.2 == self.last) {
            let matrix = trace.value_mut(*leaf);
            let n_rows = matrix.nrows();
            let column = matrix.as_mut_slice().get_mut(row * n_rows..(row + 1) * n_rows);
            if let Some(features) = column {
                variable.encode(value, features);
            }
        }
    }

    /// The gradient of the pass with respect to an input of its first row, as encoded.
    pub(super) fn gradient<T: Real>(&self, trace: &Trace<T>, variable: &InputVariable) -> f64 {
        let mut leaves = self.leaves.iter();
        let leaf = leaves.find(|leaf| leaf.1 == variable.place && leaf.2 == self.last);
        let grad = leaf.and_then(|(leaf, ..)| trace.grad(*leaf));
        grad.and_then(|grad| grad.as_slice().get(variable.first)).map_or(0.0, |x| x.to_f64())
    }
}
