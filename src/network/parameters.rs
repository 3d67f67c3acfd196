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

/// The indices of a number that is counted in C order: `0, 2`; none of a scalar's.
fn indices(shape: &[usize], entry: usize) -> String {
    let mut rest = entry;
    let mut indices: Vec<String> = Vec::with_capacity(shape.len());
    for &size in shape.iter().rev() {
        indices.push((rest % size.max(1)).to_string());
        rest /= size.max(1);
    }
    indices.reverse();
    indices.join(", ")
}

/// A number of a tensor by name: `w[0, 2]`, or `x` of a scalar.
pub fn entry_name(name: &str, shape: &[usize], entry: usize) -> String {
    if shape.is_empty() { name.to_owned() } else { format!("{name}[{}]", indices(shape, entry)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_named_by_their_indices_in_c_order() {
        let names: Vec<String> = (0..6).map(|entry| indices(&[2, 3], entry)).collect();
        assert_eq!(names, ["0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"]);
        assert_eq!(entry_name("w", &[2, 2, 2], 7), "w[1, 1, 1]");
        assert_eq!(entry_name("x", &[], 0), "x");
    }
}
