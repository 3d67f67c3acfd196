//! Tensor nodes: numbers typed into the drawing.
//!
//! Must not know who reads them. What they are now is a parameter (`ParameterRole::Value`), so that it can
//! be changed, learned and saved as every other; it is trainable where the tensor `requires_grad`.

use super::super::ports::Ports;
use super::declaration::{Declaration, Group, OutputLetter};

/// Numbers typed in.
pub(super) const TENSOR: Declaration = Declaration {
    slug: "tensor",
    tag: "Tensor",
    base_name: "Tensor",
    key: "kind-tensor",
    group: Group::Tensors,
    ports: Ports::Fixed(&[]),
    has_output: true,
    letter: OutputLetter::X,
    settings: &[],
};

/// The most numbers that are typed into one tensor.
pub const MAX_TYPED: usize = 100_000;

/// Settings of a Tensor node.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorNode {
    /// Its sizes: `[]` is one number.
    pub shape: Vec<usize>,
    /// The numbers as they were typed, in C order: where it starts, and what a reset goes back to.
    pub values: Vec<f64>,
    /// Whether they get a gradient, and the optimizer changes them.
    pub requires_grad: bool,
}

impl TensorNode {
    /// Numbers of these sizes; those that are missing are 0.
    pub fn new(shape: &[usize], mut values: Vec<f64>) -> Self {
        values.resize(shape.iter().product(), 0.0);
        Self { shape: shape.to_vec(), values, requires_grad: true }
    }

    /// The same without a gradient.
    #[must_use]
    pub fn constant(self) -> Self {
        Self { requires_grad: false, ..self }
    }

    /// One number.
    pub fn scalar(value: f64) -> Self {
        Self::new(&[], vec![value])
    }
}
