//! Which parameters a drawing needs, with their shapes, and how they start.
//!
//! Must not know optimizers. Each parameter draws from a random stream of its own, so that a
//! node keeps its numbers whatever else is drawn.

use std::sync::Arc;

use super::{
    EdgeId, InitialState, Initializer, MAX_PARAMETERS, Network, NodeId, Parameter, ParameterKey,
    ParameterRole, Parameters, Shapes, TensorNode,
};
use crate::tensor::{Fans, initial_values, random_stream};

/// What is known of a parameter before it has numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSpec {
    /// Whose it is.
    pub key: ParameterKey,
    /// What it is called: `Dense 1.weight`.
    pub name: String,
    /// `[out, in]`, `[out]`, or `[delay, …]` with the sizes that the edge carries.
    pub shape: Vec<usize>,
    /// How it starts.
    pub initializer: Initializer,
    /// What the start depends on.
    pub fans: Fans,
    /// The numbers themselves, where a person typed them.
    pub typed: Option<Arc<Vec<f64>>>,
    /// Whether it learns at first.
    pub trainable: bool,
}

impl Network {
    /// The parameters that the drawing needs, as far as shapes are known, in the order of nodes
    /// (weight before bias), then of edges.
    pub fn parameter_specs(&self) -> Vec<ParameterSpec> {
        self.parameter_specs_with(&self.infer_shapes().0)
    }

    /// The same, where the shapes are at hand.
    pub fn parameter_specs_with(&self, shapes: &Shapes) -> Vec<ParameterSpec> {
        let wiring = self.wiring();
        let mut specs = Vec::new();
        for (&id, node) in &self.nodes {
            specs.extend(node.kind.tensor().map(|tensor| tensor_spec(id, &node.name, tensor)));
            let Some(dense) = node.kind.dense() else { continue };
            let input = wiring.incoming(id).first().and_then(|edge| self.edges.get(edge));
            let Some(x) = input.and_then(|edge| shapes.edge(edge)).filter(|x| x.is_batched()) else {
                continue;
            };
            if dense.units == 0 || x.features() == 0 {
                continue;
            }
            let fans = Fans { fan_in: x.features(), fan_out: dense.units };
            specs.push(ParameterSpec {
                key: ParameterKey::Node(id, ParameterRole::Weight),
                name: format!("{}.weight", node.name),
                shape: vec![dense.units, x.features()],
                initializer: dense.weight_init,
                fans,
                typed: None,
                trainable: true,
            });
            if dense.bias {
                specs.push(ParameterSpec {
                    key: ParameterKey::Node(id, ParameterRole::Bias),
                    name: format!("{}.bias", node.name),
                    shape: vec![dense.units],
                    initializer: dense.bias_init,
                    fans,
                    typed: None,
                    trainable: true,
                });
            }
        }
        specs.extend(self.initial_specs(shapes));
        specs
    }

    fn initial_specs(&self, shapes: &Shapes) -> Vec<ParameterSpec> {
        let mut names = std::collections::BTreeSet::new();
        let trained = self.edges.iter().filter(|(_, e)| e.delay > 0 && e.initial == InitialState::Trained);
        trained
            .filter_map(|(&id, edge)| {
                let source = self.nodes.get(&edge.from)?;
                let carried = shapes.edge(edge).filter(|shape| shape.is_batched())?;
                let features = carried.features();
                let to = self.nodes.get(&edge.to)?;
                let mut name = format!("{} → {}.initial", source.name, to.name);
                if !names.insert(name.clone()) {
                    name = format!("{} → {}.initial {}", source.name, to.name, id.0);
                    names.insert(name.clone());
                }
                Some(ParameterSpec {
                    key: ParameterKey::Initial(id),
                    name,
                    shape: std::iter::once(edge.delay).chain(carried.dims().iter().copied()).collect(),
                    initializer: Initializer::Zeros,
                    fans: Fans { fan_in: features, fan_out: features },
                    typed: None,
                    trainable: true,
                })
            })
            .collect()
    }

    /// Parameters as they start: each drawn from its own stream of `seed`, all trainable. Gives
    /// none where the drawing asks for more than [`MAX_PARAMETERS`] numbers.
    pub fn initialize(&self, seed: u64) -> Parameters {
        let specs = self.parameter_specs();
        if total(&specs) > MAX_PARAMETERS {
            return Parameters::new();
        }
        specs.iter().map(|spec| (spec.key, spec.initialize(seed))).collect()
    }
}

/// The numbers of a Tensor node, called as the node is.
fn tensor_spec(id: NodeId, name: &str, tensor: &TensorNode) -> ParameterSpec {
    ParameterSpec {
        key: ParameterKey::Node(id, ParameterRole::Value),
        name: name.to_owned(),
        shape: tensor.shape.clone(),
        initializer: Initializer::Zeros,
        fans: Fans { fan_in: 1, fan_out: 1 },
        typed: Some(Arc::new(tensor.values.clone())),
        trainable: tensor.requires_grad,
    }
}

/// How many numbers the parameters hold together.
pub fn total(specs: &[ParameterSpec]) -> usize {
    specs.iter().fold(0, |sum, spec| sum.saturating_add(spec.n_values()))
}

impl ParameterSpec {
    /// How many numbers it holds.
    pub fn n_values(&self) -> usize {
        self.shape.iter().fold(1, |product, &dim| product.saturating_mul(dim))
    }

    /// The parameter as it starts, drawn from its own stream of `seed`.
    pub fn initialize(&self, seed: u64) -> Parameter {
        let values = self.typed.clone().unwrap_or_else(|| {
            let mut rng = random_stream(seed, stream(self.key));
            Arc::new(initial_values(self.initializer, &self.shape, self.fans, &mut rng))
        });
        Parameter { shape: self.shape.clone(), values, trainable: self.trainable }
    }
}

/// The random stream of a parameter. Streams below 2³⁴ belong to parameters; whoever else draws
/// from the same seed takes a number above.
fn stream(key: ParameterKey) -> u64 {
    let number = |id: u32, role: u64| (u64::from(id) << 2) | role;
    match key {
        ParameterKey::Node(NodeId(id), ParameterRole::Weight) => number(id, 0),
        ParameterKey::Node(NodeId(id), ParameterRole::Bias) => number(id, 1),
        ParameterKey::Initial(EdgeId(id)) => number(id, 2),
        ParameterKey::Node(NodeId(id), ParameterRole::Value) => number(id, 3),
    }
}
