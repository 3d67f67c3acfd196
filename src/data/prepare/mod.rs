//! Preparing: split, fit on the training part, and batches of encoded samples.
//!
//! Must not know how a table was read, nor what training does with a batch.

use std::sync::Arc;

use super::error::DataError;
use super::request::DataRequest;
use super::settings::{ColumnRole, DataSettings};
use super::table::Table;
use crate::network::NodeId;

/// What was fitted on the training part: plain data, stored with the model and reused by
/// prediction.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Preprocessing {
    /// The columns in use, in file order.
    pub columns: Vec<FittedColumn>,
}

/// One fitted column.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedColumn {
    /// Its name.
    pub name: String,
    /// Its role when it was fitted.
    pub role: ColumnRole,
    /// How its values become features.
    pub encoding: FittedEncoding,
}

/// How the values of a column become features.
#[derive(Clone, Debug, PartialEq)]
pub enum FittedEncoding {
    /// One feature: (x − shift) / scale.
    Number {
        /// The mean, the smallest value, or 0 without scaling.
        shift: f64,
        /// The population standard deviation, the range, or 1.
        scale: f64,
        /// Takes the place of a missing value: the mean of the training part.
        fill: f64,
    },
    /// One feature a category: 1 where the row has it, else 0.
    OneHot {
        /// Every category of the table, sorted, so that the number of features does not depend
        /// on the split; true where the training part has it. The others encode as all zeros.
        categories: Vec<(String, bool)>,
    },
}

/// One feature of an Input or a Target.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// `weight`, or `origin=USA` for a category; with column groups the first group's name.
    pub name: String,
    /// The column it comes from; empty for typed rows.
    pub column: String,
    /// The category, for one-hot features.
    pub category: Option<String>,
    /// Encoded = (original − shift) / scale.
    pub shift: f64,
    /// See `shift`.
    pub scale: f64,
}

impl Feature {
    /// An encoded value in the units of the file.
    pub fn original(&self, encoded: f64) -> f64 {
        encoded * self.scale + self.shift
    }
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
    pub typed: bool,
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
}

/// Data ready for training: samples, their two parts, and how each becomes numbers.
///
/// A sample is a usable row, a window, or a typed row; samples are numbered from 0 in file order.
#[derive(Clone, Debug)]
pub struct Prepared {
    preprocessing: Preprocessing,
    nodes: Vec<PreparedNode>,
    n_samples: usize,
    train: Vec<u32>,
    validation: Vec<u32>,
    dropped_rows: usize,
}

impl Prepared {
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
        self.nodes.iter().position(|prepared| prepared.node == node)
    }

    /// All usable samples.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// Samples of the training part, in file order.
    pub fn train(&self) -> &[u32] {
        &self.train
    }

    /// Samples of the validation part, in file order.
    pub fn validation(&self) -> &[u32] {
        &self.validation
    }

    /// Rows left out because a value is missing.
    pub fn dropped_rows(&self) -> usize {
        self.dropped_rows
    }

    /// The 0-based row of the table at which a sample begins (the typed row itself).
    pub fn row_of(&self, _sample: u32) -> usize {
        unimplemented!()
    }

    /// Writes `samples` as seen by node number `node` (of [`Prepared::nodes`]) at `step` into
    /// `output`: a features × N matrix, one sample a column. Allocates nothing. Numbers are
    /// computed in f64 and rounded once.
    ///
    /// Samples that do not exist, or an `output` of another size, leave what they cannot fill.
    pub fn fill_batch<T: nalgebra::RealField + Copy>(
        &self,
        _node: usize,
        _step: usize,
        _samples: &[u32],
        _output: &mut nalgebra::DMatrix<T>,
    ) {
        unimplemented!()
    }
}

/// Splits by `seed`, fits on the training part, and makes everything ready for batches.
/// Typed rows of nodes go before the table; a network all of whose nodes have typed rows needs
/// no table.
///
/// # Errors
/// When columns, rows or roles do not fit what the drawing asks for.
pub fn prepare(
    _table: Option<&Arc<Table>>,
    _settings: &DataSettings,
    _request: &DataRequest,
    _seed: u64,
) -> Result<Prepared, DataError> {
    unimplemented!()
}

/// The same with a stored fit, for prediction: nothing is fitted, every sample is in file order
/// in the training part, and columns are found by name. Use [`DataRequest::inputs_only`] where
/// the file has no targets.
///
/// # Errors
/// As [`prepare`], and when the file lacks a column that the fit names.
pub fn prepare_with(
    _table: Option<&Arc<Table>>,
    _settings: &DataSettings,
    _request: &DataRequest,
    _fitted: &Preprocessing,
) -> Result<Prepared, DataError> {
    unimplemented!()
}

/// How wide each Input and Target is with these settings: what `DataNode.features` follows.
/// Nodes for which nothing can be said yet are left out. Does not depend on the split.
pub fn widths(
    _table: Option<&Table>,
    _settings: &DataSettings,
    _request: &DataRequest,
) -> Vec<(NodeId, usize)> {
    unimplemented!()
}
