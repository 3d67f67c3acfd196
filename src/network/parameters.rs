//! Parameters of a drawn network: what training changes, kept by name and shape.
//!
//! Must not know optimizers. Numbers are f64, which holds every f32 exactly.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{EdgeId, NodeId};

/// Names a parameter for its whole life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterKey {
    /// A parameter of a node.
    Node(NodeId, ParameterRole),
    /// The trained initial state of a delayed edge.
    Initial(EdgeId),
}

/// Which parameter of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterRole {
    /// W, `[out, in]`.
    Weight,
    /// b, `[out]`.
    Bias,
    /// The numbers of a Tensor node.
    Value,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `[out, in]` for a weight, `[out]` for a bias, `[delay, features]` for an initial state.
    pub shape: Vec<usize>,
    /// The numbers in C order (row after row), shared between undo steps.
    pub values: Arc<Vec<f64>>,
    /// False where it is frozen: no gradient is asked for, as PyTorch's `requires_grad = False`.
    pub trainable: bool,
}

/// All parameters of a network.
pub type Parameters = BTreeMap<ParameterKey, Parameter>;
