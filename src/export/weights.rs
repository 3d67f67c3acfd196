//! Weights and optimizer states as safetensors: the file that PyTorch, NumPy and others read.
//!
//! Must not know files.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, TensorView, serialize};

use super::Identifiers;
use crate::network::{ParameterKey, Parameters};
use crate::train::{OptimizerState, Precision};

/// A tensor of a file: shape, and numbers in C order.
type Tensor<'a> = (Vec<usize>, &'a [f64]);

/// The parameters under their names in a state dict (`dense_1.weight`), `[out, in]`.
pub fn weights(parameters: &Parameters, names: &Identifiers, precision: Precision) -> Vec<u8> {
    let tensor = |(&key, parameter): (&ParameterKey, &'_ crate::network::Parameter)| {
        (names.state_dict_name(key), parameter.shape.clone(), std::sync::Arc::clone(&parameter.values))
    };
    let kept: Vec<_> = parameters.iter().map(tensor).collect();
    file(
        kept.iter().map(|(name, shape, values)| (name.clone(), (shape.clone(), values.as_slice()))),
        precision,
    )
}

/// What an optimizer remembers: `dense_1.weight/exp_avg`, and `dense_1.weight/step`, one number.
pub fn optimizer(
    state: &OptimizerState,
    parameters: &Parameters,
    names: &Identifiers,
    precision: Precision,
) -> Vec<u8> {
    let steps: Vec<[f64; 1]> = state.parameters.values().map(|of| [of.step as f64]).collect();
    let mut tensors: Vec<(String, Tensor<'_>)> = Vec::new();
    for ((&key, of), step) in state.parameters.iter().zip(&steps) {
        let name = names.state_dict_name(key);
        let shape = parameters.get(&key).map_or_else(Vec::new, |parameter| parameter.shape.clone());
        tensors.push((format!("{name}/step"), (Vec::new(), step.as_slice())));
        for (tensor, values) in &of.tensors {
            tensors.push((format!("{name}/{tensor}"), (shape.clone(), values.as_slice())));
        }
    }
    file(tensors.into_iter(), precision)
}

/// The bytes of a file, tensors in the order of their names. Empty where a shape does not hold its
/// numbers, which a parameter's always does.
fn file<'a>(tensors: impl Iterator<Item = (String, Tensor<'a>)>, precision: Precision) -> Vec<u8> {
    let dtype = match precision {
        Precision::F32 => Dtype::F32,
        Precision::F64 => Dtype::F64,
    };
    let bytes: BTreeMap<String, (Vec<usize>, Vec<u8>)> = tensors
        .map(|(name, (shape, values))| {
            let bytes = match precision {
                Precision::F32 => values.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect(),
                Precision::F64 => values.iter().flat_map(|x| x.to_le_bytes()).collect(),
            };
            (name, (shape, bytes))
        })
        .collect();
    let views = bytes
        .iter()
        .filter_map(|(name, (shape, data))| Some((name, TensorView::new(dtype, shape.clone(), data).ok()?)));
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    serialize(views, Some(metadata)).unwrap_or_default()
}
