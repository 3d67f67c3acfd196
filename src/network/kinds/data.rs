//! Data nodes: Input and Target, bound to columns or to rows typed in.
//!
//! Must not know where data come from.

use super::super::ports::Ports;
use super::declaration::{Declaration, Group, OutputLetter};
use crate::tensor::Shape;

/// Feature columns of the data, or rows typed in.
pub(super) const INPUT: Declaration = Declaration {
    slug: "input",
    tag: "Input",
    base_name: "Input",
    key: "kind-input",
    group: Group::Data,
    ports: Ports::Fixed(&[]),
    has_output: true,
    letter: OutputLetter::X,
    settings: &[],
};

/// Target columns of the data, or rows typed in. No gradient enters it.
pub(super) const TARGET: Declaration = Declaration {
    slug: "target",
    tag: "Target",
    base_name: "Target",
    key: "kind-target",
    letter: OutputLetter::Y,
    ..INPUT
};

/// Settings of an Input or a Target.
#[derive(Clone, Debug, PartialEq)]
pub struct DataNode {
    /// What it gives for each sample, after preprocessing: `[N, features]`, or a tensor of another
    /// rank. Follows the columns or the typed rows where there are any; otherwise it is set by hand.
    pub shape: Shape,
    /// Column names it takes; empty means every feature (or target) column of the data.
    pub columns: Vec<String>,
    /// Rows typed in by hand; they go before any data file.
    pub rows: Option<TypedRows>,
    /// For a network with several steps: does this node read a new row at every step (true),
    /// or one value per window (false; an Input is then the same at every step).
    pub per_step: bool,
}

/// Rows typed in by hand. Each row holds `steps × features` numbers, step after step
/// (one step where there are no loops), those of a tensor in C order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TypedRows {
    /// The numbers, row after row; all rows are equally long.
    pub rows: Vec<Vec<f64>>,
}

impl DataNode {
    /// A data node that takes every feature (or target) column, a new row at every step.
    pub fn new(features: usize) -> Self {
        Self { shape: Shape::batched(&[features]), columns: Vec::new(), rows: None, per_step: true }
    }

    /// Numbers a sample.
    pub fn features(&self) -> usize {
        self.shape.features()
    }

    /// Gives it so many numbers a sample. A tensor of another rank stays one where it holds as many.
    pub fn set_features(&mut self, features: usize) {
        if self.features() != features {
            self.shape = Shape::batched(&[features]);
        }
    }
}
