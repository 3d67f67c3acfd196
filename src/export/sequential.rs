//! An `nn.Sequential` that was trained elsewhere, as a drawing with its weights.
//!
//! Must not know the file that describes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::read_weights::{Tensors, WeightsError};
use crate::document::Document;
use crate::network::{
    Activation, Builder, DenseNode, LossKind, NodeKind, Parameter, ParameterKey, ParameterRole,
};

/// A described `nn.Sequential`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequential {
    /// Its layers in order; a layer's place is its name in the state dict (`0.weight`).
    pub layers: Vec<SequentialLayer>,
    /// The loss it was trained with; without it, the one that its last layer asks for.
    pub loss: Option<LossKind>,
}

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SequentialLayer {
    /// `nn.Linear`.
    Linear {
        /// What comes in.
        in_features: usize,
        /// What goes out.
        out_features: usize,
        /// Whether there is a bias; where nothing says so, if the weights hold one.
        bias: Option<bool>,
    },
    /// An activation.
    Activation(Activation),
    /// `nn.Dropout`.
    Dropout {
        /// The probability of a zero.
        p: f64,
    },
}

impl Sequential {
    /// The drawing with these weights: an Input, the layers, a Target and a loss.
    ///
    /// # Errors
    /// [`WeightsError::Misfit`] where a tensor is missing, misshapen, or belongs to no layer.
    pub fn document(&self, mut tensors: Tensors) -> Result<Document, WeightsError> {
        let first = self.layers.iter().find_map(|layer| match layer {
            SequentialLayer::Linear { in_features, .. } => Some(*in_features),
            SequentialLayer::Activation(_) | SequentialLayer::Dropout { .. } => None,
        });
        let mut width = first.unwrap_or(1);
        let mut builder = Builder::new();
        let mut last = builder.input(width);
        let mut found: BTreeMap<ParameterKey, Parameter> = BTreeMap::new();
        let (mut missing, mut misshapen) = (Vec::new(), Vec::new());
        for (at, layer) in self.layers.iter().enumerate() {
            match *layer {
                SequentialLayer::Linear { out_features, bias, .. } => {
                    let bias = bias.unwrap_or_else(|| tensors.0.contains_key(&format!("{at}.bias")));
                    let kind = NodeKind::Dense(DenseNode { bias, ..DenseNode::new(out_features) });
                    last = builder.node(kind, &[last]);
                    let mut take = |name: &str, role, shape: &[usize]| {
                        let name = format!("{at}.{name}");
                        match tensors.0.remove(&name) {
                            None => missing.push(name),
                            Some(tensor) if tensor.shape != shape => {
                                misshapen.push((name, format!("{shape:?}"), format!("{:?}", tensor.shape)));
                            }
                            Some(tensor) => {
                                let (shape, values) = (tensor.shape, Arc::new(tensor.values));
                                let parameter = Parameter { shape, values, trainable: true };
                                found.insert(ParameterKey::Node(last, role), parameter);
                            }
                        }
                    };
                    // What comes in must be what the layer before gives.
                    take("weight", ParameterRole::Weight, &[out_features, width]);
                    if bias {
                        take("bias", ParameterRole::Bias, &[out_features]);
                    }
                    width = out_features;
                }
                SequentialLayer::Activation(activation) => last = builder.activation(last, activation),
                SequentialLayer::Dropout { p } => last = builder.node(NodeKind::Dropout { p }, &[last]),
            }
        }
        if !missing.is_empty() || !misshapen.is_empty() || !tensors.0.is_empty() {
            let superfluous = tensors.0.into_keys().collect();
            return Err(WeightsError::Misfit { missing, misshapen, superfluous });
        }
        let target = builder.target(width);
        builder.loss(self.loss.unwrap_or_else(|| self.usual_loss()), last, target);
        Ok(Document { network: builder.finish(), parameters: found, ..Document::default() })
    }

    /// The loss that the last layer asks for.
    fn usual_loss(&self) -> LossKind {
        match self.layers.last() {
            Some(SequentialLayer::Activation(Activation::Sigmoid)) => LossKind::Bce,
            Some(SequentialLayer::Activation(Activation::Softmax { .. })) => LossKind::CrossEntropy,
            _ => LossKind::Mse,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::export::read_weights::Tensor;

    fn tensors(list: &[(&str, &[usize])]) -> Tensors {
        let tensor =
            |shape: &[usize]| Tensor { shape: shape.to_vec(), values: vec![0.5; shape.iter().product()] };
        Tensors(list.iter().map(|(name, shape)| ((*name).to_owned(), tensor(shape))).collect())
    }

    fn described() -> Sequential {
        Sequential {
            layers: vec![
                SequentialLayer::Linear { in_features: 4, out_features: 3, bias: Some(true) },
                SequentialLayer::Activation(Activation::Relu),
                SequentialLayer::Linear { in_features: 3, out_features: 2, bias: None },
                SequentialLayer::Activation(Activation::SOFTMAX),
            ],
            loss: None,
        }
    }

    #[test]
    fn a_sequential_becomes_a_drawing_without_problems_and_with_its_weights() {
        let given = tensors(&[("0.weight", &[3, 4]), ("0.bias", &[3]), ("2.weight", &[2, 3])]);
        let document = described().document(given).unwrap();
        let problems = document.network.problems();
        assert!(
            problems.iter().all(|problem| problem.severity < crate::network::Severity::Error),
            "{problems:?}"
        );
        let specs = document.network.parameter_specs();
        assert_eq!(specs.len(), 3);
        assert!(specs.iter().all(|spec| document.parameters[&spec.key].shape == spec.shape));
        assert!(
            document
                .network
                .nodes
                .values()
                .any(|node| node.kind.loss().is_some_and(|loss| loss.kind == LossKind::CrossEntropy))
        );
    }

    #[test]
    fn tensors_that_do_not_fit_a_layer_are_named() {
        let given = tensors(&[("0.weight", &[3, 5]), ("1.weight", &[3])]);
        let error = described().document(given).unwrap_err();
        let WeightsError::Misfit { missing, misshapen, superfluous } = error else { unreachable!() };
        assert_eq!(missing, ["0.bias", "2.weight"]);
        assert_eq!(misshapen, [("0.weight".to_owned(), "[3, 4]".to_owned(), "[3, 5]".to_owned())]);
        assert_eq!(superfluous, ["1.weight"]);
    }
}
