//! Prepared data: samples, their two parts, and batches of them.
//!
//! Must not know how any of it was fitted.

use std::sync::Arc;

use super::columns::Fill;
use super::samples::{SampleShape, Samples};
use super::{Feature, LeftOut, Preprocessing, UnknownCategory};
use crate::data::table::Table;
use crate::network::NodeId;
use crate::tensor::{Matrix, Real};

/// What a row is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The network learns from it.
    Training,
    /// It checks what was learned.
    Validation,
    /// A value is missing, or no sample reaches it.
    LeftOut,
}

/// An Input or a Target, ready to fill batches.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparedNode {
    /// Which node.
    pub node: NodeId,
    /// A Target (true) or an Input (false).
    pub is_target: bool,
    /// Whether each step has rows of its own.
    pub per_step: bool,
    /// Its features; as many as the node is wide.
    pub features: Vec<Feature>,
    /// Whether its rows were typed in.
    pub is_typed: bool,
    pub(super) filling: Filling,
}

/// Where the numbers of a node come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filling {
    /// Typed rows: row after row, step after step.
    Typed { values: Vec<f64>, n_steps: usize },
    /// Columns of the table; with column groups one list a step.
    Columns(Vec<Vec<Fill>>),
}

impl PreparedNode {
    /// Class names, where all features are the categories of a single column.
    pub fn classes(&self) -> Option<Vec<&str>> {
        let first = self.features.first()?;
        self.features
            .iter()
            .map(|feature| feature.category.as_deref().filter(|_| feature.column == first.column))
            .collect()
    }

    /// How many features it gives.
    pub fn width(&self) -> usize {
        self.features.len()
    }
}

/// Data ready for training: samples, their two parts, and how each becomes numbers.
///
/// A sample is a usable row, a window, or a typed row; samples are numbered from 0 in file order.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) table: Option<Arc<Table>>,
    pub(super) preprocessing: Preprocessing,
    pub(super) nodes: Vec<PreparedNode>,
    pub(super) shape: SampleShape,
    pub(super) samples: Samples,
    pub(super) left_out: LeftOut,
    pub(super) unknown: Vec<UnknownCategory>,
}

impl Prepared {
    /// The data of a drawing that asks for none: one pass, which reads no row.
    pub fn without_rows() -> Self {
        Self {
            table: None,
            preprocessing: Preprocessing::default(),
            nodes: Vec::new(),
            shape: SampleShape::Rows,
            samples: Samples::of_rows(vec![0], vec![0], Vec::new()),
            left_out: LeftOut::default(),
            unknown: Vec::new(),
        }
    }

    /// What was fitted on the training part.
    pub fn preprocessing(&self) -> &Preprocessing {
        &self.preprocessing
    }

    /// The Input and Target nodes, in id order.
    pub fn nodes(&self) -> &[PreparedNode] {
        &self.nodes
    }

    /// Where `node` stands in [`Prepared::nodes`].
    pub fn node_index(&self, node: NodeId) -> Option<usize> {
        self.nodes.binary_search_by_key(&node, |prepared| prepared.node).ok()
    }

    /// All usable samples.
    pub fn n_samples(&self) -> usize {
        self.samples.starts.len()
    }

    /// Samples of the training part, in file order.
    pub fn train(&self) -> &[u32] {
        &self.samples.train
    }

    /// Samples of the validation part, in file order.
    pub fn validation(&self) -> &[u32] {
        &self.samples.validation
    }

    /// Rows left out because a value is missing, and which columns lack it.
    pub fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// Categories of the table that the model was not trained with; they encode as all zeros.
    pub fn unknown_categories(&self) -> &[UnknownCategory] {
        &self.unknown
    }

    /// Whether samples are windows of consecutive rows.
    pub fn is_windowed(&self) -> bool {
        matches!(self.shape, SampleShape::Windows { .. })
    }

    /// Rows from the first to the last one of a sample: more than one where samples are windows.
    pub fn sample_length(&self) -> usize {
        self.shape.length()
    }

    /// How many rows the training and the validation samples read; a row of several windows counts once.
    pub fn n_rows_read(&self) -> [usize; 2] {
        self.samples.n_rows
    }

    /// The row that a Target without data would speak of at `step`, and how many rows after the
    /// newest row that the sample sees: what a prediction is about. The row may lie beyond the
    /// table.
    pub fn row_told(&self, per_step: bool, step: usize, sample: u32) -> (usize, usize) {
        let offset = |is_target| self.shape.offset(is_target, per_step, step);
        (self.row_of(sample) + offset(true), offset(true) - offset(false))
    }

    /// The 0-based row that is the newest one that a sample's Inputs read.
    pub fn newest_row(&self, sample: u32) -> usize {
        self.row_of(sample) + self.shape.offset(false, true, usize::MAX)
    }

    /// Which part a sample belongs to.
    pub fn part_of_sample(&self, sample: u32) -> Part {
        if self.samples.validation.binary_search(&sample).is_ok() { Part::Validation } else { Part::Training }
    }

    /// The table that samples come from; `None` where all rows were typed.
    pub fn table(&self) -> Option<&Arc<Table>> {
        self.table.as_ref()
    }

    /// The 0-based row at which a sample begins: of the table, or of the typed rows.
    pub fn row_of(&self, sample: u32) -> usize {
        self.samples.starts.get(sample as usize).map_or(0, |&row| row as usize)
    }

    /// The 0-based row that node number `node` reads of a sample at `step`.
    pub fn row_at(&self, node: usize, step: usize, sample: u32) -> usize {
        let offset =
            self.nodes.get(node).map_or(0, |node| self.shape.offset(node.is_target, node.per_step, step));
        self.row_of(sample) + offset
    }

    /// The sample that begins at a row, or the newest one that reaches over it.
    pub fn sample_at(&self, row: usize) -> Option<u32> {
        let starts = &self.samples.starts;
        let sample = starts.partition_point(|&start| start as usize <= row).checked_sub(1)?;
        (row < starts[sample] as usize + self.shape.length()).then_some(sample as u32)
    }

    /// Which part a row of the table belongs to.
    pub fn part_of_row(&self, row: usize) -> Part {
        match self.sample_at(row) {
            None => Part::LeftOut,
            Some(sample) => self.part_of_sample(sample),
        }
    }

    /// Rows of the table that lack nothing and that no sample reads all the same: too few of them follow one
    /// another, or the stride passes over them.
    pub fn n_rows_unreached(&self) -> usize {
        let read: usize = self.samples.n_rows.iter().sum();
        self.table.as_ref().map_or(0, |table| table.n_rows().saturating_sub(read + self.left_out.left_out))
    }

    /// Writes `samples` as seen by node number `node` (of [`Prepared::nodes`]) at `step` into
    /// `output`: a features × N matrix, one sample a column. Allocates nothing. Numbers are
    /// computed in f64 and rounded once.
    ///
    /// Samples that do not exist, or an `output` of another size, leave what they cannot fill.
    pub fn fill_batch<T: Real>(&self, node: usize, step: usize, samples: &[u32], output: &mut Matrix<T>) {
        let Some(node) = self.nodes.get(node) else { return };
        let width = node.features.len();
        if width == 0 || output.nrows() != width {
            return;
        }
        let columns = output.as_mut_slice().chunks_exact_mut(width);
        match &node.filling {
            Filling::Typed { values, n_steps } => {
                let step = if *n_steps > 1 { step.min(n_steps - 1) } else { 0 };
                for (&sample, features) in samples.iter().zip(columns) {
                    let start = (sample as usize * n_steps + step) * width;
                    let Some(row) = values.get(start..start + width) else { continue };
                    for (feature, &value) in features.iter_mut().zip(row) {
                        *feature = T::of(value);
                    }
                }
            }
            Filling::Columns(steps) => {
                let Some(table) = self.table.as_deref() else { return };
                let Some(fills) = steps.get(if steps.len() > 1 { step } else { 0 }) else { return };
                let offset = self.shape.offset(node.is_target, node.per_step, step);
                for (&sample, mut features) in samples.iter().zip(columns) {
                    let Some(&start) = self.samples.starts.get(sample as usize) else { continue };
                    let row = table.row(start as usize + offset);
                    if row.is_empty() {
                        continue;
                    }
                    for fill in fills {
                        let (own, rest) = features.split_at_mut(fill.width().min(features.len()));
                        fill.write(row, own, T::of);
                        features = rest;
                    }
                }
            }
        }
    }
}
