//! Reductions under PyTorch's names: one number from many, over an axis or over all.
//!
//! Must not know how they are computed.

use super::super::ports::{PortName, Ports};
use super::declaration::{Declaration, Family, Group, OutputLetter, family};
use crate::tensor::shape::{self, Axis};
use crate::tensor::{Shape, ShapeError};

/// What all reductions have in common.
const REDUCTION: Declaration = Declaration {
    slug: "",
    tag: "",
    base_name: "",
    key: "",
    group: Group::Reductions,
    ports: Ports::Fixed(&[PortName::Input]),
    has_output: true,
    letter: OutputLetter::A,
    settings: &[],
};

family! {
    /// Reductions, under PyTorch's names.
    ReduceKind like REDUCTION, each with &'static str;
    /// Σ x.
    Sum: "sum", "Sum", "kind-sum", "sum";
    /// Σ x / n.
    Mean: "mean", "Mean", "kind-mean", "mean";
    /// The smallest.
    Min: "min", "Min", "kind-min", "min";
    /// The largest.
    Max: "max", "Max", "kind-max", "max";
    /// ∏ x.
    Prod: "prod", "Prod", "kind-prod", "prod";
    /// √Σ x².
    Norm: "norm", "Norm", "kind-norm", "norm";
}

impl ReduceKind {
    /// What Python calls it.
    pub fn function(self) -> &'static str {
        self.own()
    }
}

/// Settings of a reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReduceNode {
    /// Which number.
    pub kind: ReduceKind,
    /// Over which axis, as PyTorch counts them: N is 0 where there is one, −1 is the last. All without one.
    pub dim: Option<isize>,
    /// Whether the reduced axis stays, with size 1.
    pub keepdim: bool,
}

impl Eq for ReduceKind {}

impl ReduceNode {
    /// Over all numbers.
    pub fn over_all(kind: ReduceKind) -> Self {
        Self { kind, dim: None, keepdim: false }
    }

    /// Over what it goes in values of this shape.
    ///
    /// # Errors
    /// When there is no such axis.
    pub fn axis(self, x: &Shape) -> Result<Axis, ShapeError> {
        match self.dim {
            None => Ok(Axis::All),
            Some(dim) => shape::axis(self.kind.declaration().base_name, x, dim),
        }
    }

    /// The shape of its value.
    ///
    /// # Errors
    /// When there is no such axis.
    pub fn output_shape(self, x: &Shape) -> Result<Shape, ShapeError> {
        shape::reduce(self.kind.declaration().base_name, x, self.axis(x)?, self.keepdim)
    }
}
