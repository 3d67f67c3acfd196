//! One whole pass as lines in an order in which they can be done: values, loss, deltas, gradients.
//!
//! Must not know numbers or how a line is printed.

use super::definition::Definitions;
use super::print::Convention;
use super::quantity::Tensor;
use crate::algebra::Expression;
use crate::network::{InitialState, NodeId, ParameterKey, ParameterRole};

/// One line: what is made, and how, in a convention.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What is made.
    pub tensor: Tensor,
    /// From what.
    pub expression: Expression<Tensor>,
}

/// The lines of the forward pass, time step after time step, and the losses.
pub fn forward_lines(definitions: &Definitions<'_>, convention: Convention) -> Vec<Definition> {
    let network = definitions.network();
    let order = network.topological_order().unwrap_or_default();
    let outputs = (0..definitions.n_steps())
        .flat_map(|time_step| order.iter().map(move |&node| Tensor::Output { node, time_step }));
    let losses = network.nodes.iter().filter(|(_, node)| node.kind.loss().is_some());
    let losses = losses.map(|(&node, _)| Tensor::LossValue(node)).chain([Tensor::TotalLoss]);
    made(definitions, convention, outputs.chain(losses))
}

/// The lines of the backward pass, from the last time step's losses to the first layer; of one node its
/// delta, then its parameters. Gradients of data are left out.
pub fn backward_lines(definitions: &Definitions<'_>, convention: Convention) -> Vec<Definition> {
    let network = definitions.network();
    let order = network.topological_order().unwrap_or_default();
    let n_steps = definitions.n_steps();
    let mut tensors = Vec::new();
    let mut parameters = Vec::new();
    for time_step in (0..n_steps).rev() {
        for &node in order.iter().rev() {
            add_deltas(definitions, node, time_step, &mut tensors);
            for key in parameters_of(definitions, node, time_step) {
                let step = (n_steps > 1).then_some(time_step);
                tensors.push(Tensor::ParameterGrad { key, time_step: step, sample: None });
                if n_steps > 1 && !parameters.contains(&key) {
                    parameters.push(key);
                }
            }
        }
    }
    let sums = parameters.into_iter();
    tensors.extend(sums.map(|key| Tensor::ParameterGrad { key, time_step: None, sample: None }));
    made(definitions, convention, tensors.into_iter())
}

fn made(
    definitions: &Definitions<'_>,
    convention: Convention,
    tensors: impl Iterator<Item = Tensor>,
) -> Vec<Definition> {
    let line = |tensor: Tensor| {
        let expression = convention.definition(definitions, tensor)?;
        Some(Definition { tensor, expression })
    };
    tensors.filter_map(line).collect()
}

/// The delta of a node's output; where losses are joined with it, only what others send to it. Then
/// what goes to an initial state.
fn add_deltas(definitions: &Definitions<'_>, node: NodeId, time_step: usize, tensors: &mut Vec<Tensor>) {
    let network = definitions.network();
    let is_data = network.nodes.get(&node).is_none_or(|node| node.kind.data().is_some());
    if is_data || !definitions.reaches(node, time_step) {
        return;
    }
    if definitions.fused_losses(node, time_step).is_empty() {
        tensors.push(Tensor::Grad { node, time_step });
    } else {
        let others = network.edges.iter().filter(|(_, edge)| edge.from == node);
        tensors.extend(others.filter_map(|(&edge, drawn)| {
            let at = time_step + drawn.delay;
            (at < definitions.n_steps() && !definitions.is_fused(edge, at))
                .then_some(Tensor::PortGrad { edge, time_step: at })
        }));
    }
    for &edge in definitions.incoming(node) {
        if definitions.uses_parameter(ParameterKey::Initial(edge), time_step) {
            tensors.push(Tensor::PortGrad { edge, time_step });
        }
    }
}

/// The parameters that get a share from a node at a time step.
fn parameters_of(definitions: &Definitions<'_>, node: NodeId, time_step: usize) -> Vec<ParameterKey> {
    let network = definitions.network();
    let mut keys = Vec::new();
    if let Some(dense) = network.nodes.get(&node).and_then(|node| node.kind.dense()) {
        keys.push(ParameterKey::Node(node, ParameterRole::Weight));
        keys.extend(dense.bias.then_some(ParameterKey::Node(node, ParameterRole::Bias)));
    }
    if network.nodes.get(&node).is_some_and(|node| node.kind.tensor().is_some()) {
        keys.push(ParameterKey::Node(node, ParameterRole::Value));
    }
    let is_trained = |edge| network.edges.get(edge).is_some_and(|it| it.initial == InitialState::Trained);
    let initial = definitions.incoming(node).iter().filter(|edge| is_trained(edge));
    keys.extend(initial.map(|edge| ParameterKey::Initial(*edge)));
    keys.retain(|&key| definitions.uses_parameter(key, time_step));
    keys
}
