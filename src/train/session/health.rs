//! One look at all layers, from the pass at rest: outside of training steps, and over so many numbers of
//! each tensor that it takes little time.
//!
//! Must not know what is healthy.

use std::sync::Arc;

use crate::autodiff::{Clip, ParameterStore, Trace, ValueId, clip};
use crate::network::{Activation, Network, NodeId, NodeKind, ParameterKey, Stuck};
use crate::tensor::{Matrix, Real, sum_of_squares};

use super::super::health::{Bins, HealthSample, LayerHealth, ParameterHealth, StateHealth, Units};
use super::Session;
use super::plan::{PlanNode, PlanParameter};

/// Layers that are looked at.
const MOST_LAYERS: usize = 64;
/// Numbers of a tensor that are looked at, evenly spread over it.
const MOST_NUMBERS: usize = 1 << 14;
/// Updates are foreseen in networks of at most this many numbers.
const MOST_FORESEEN: usize = 1 << 22;
/// Units whose being active is told apart.
const MOST_UNITS: usize = 1 << 12;

/// A layer that is looked at.
#[derive(Debug)]
pub(super) struct PlanLayer {
    node: NodeId,
    name: String,
    is_hidden: bool,
    /// The places of the layers that depend on it.
    ahead: Arc<Vec<usize>>,
    /// Where it passes little or no gradient.
    stuck: Option<Stuck>,
    /// Its output at every time step.
    outputs: Vec<ValueId>,
    /// Places of its parameters in the plan.
    parameters: Vec<usize>,
}

/// A node whose value is carried through time.
#[derive(Debug)]
pub(super) struct PlanState {
    node: NodeId,
    name: String,
    /// Its value at every time step.
    outputs: Vec<ValueId>,
}

/// The nodes that delayed wires lead away from.
pub(super) fn plan_states(network: &Network, nodes: &[PlanNode]) -> Vec<PlanState> {
    let is_carried = |node: NodeId| network.edges.values().any(|edge| edge.from == node && edge.delay > 0);
    let mut states: Vec<PlanState> = Vec::new();
    for node in nodes {
        if let Some(state) = states.iter_mut().find(|state| state.node == node.node) {
            state.outputs.push(node.output);
        } else if states.len() < MOST_LAYERS && is_carried(node.node) {
            states.push(PlanState { node: node.node, name: node.name.clone(), outputs: vec![node.output] });
        }
    }
    states
}

/// The layers in the order of computing: nodes with parameters, and activations.
pub(super) fn plan_layers(
    network: &Network,
    nodes: &[PlanNode],
    parameters: &[PlanParameter],
) -> Vec<PlanLayer> {
    let owner = |key: ParameterKey| match key {
        ParameterKey::Node(node, _) => Some(node),
        ParameterKey::Initial(edge) => network.edges.get(&edge).map(|edge| edge.to),
    };
    let is_loss = |node: NodeId| network.nodes.get(&node).is_some_and(|node| node.kind.loss().is_some());
    let mut layers: Vec<PlanLayer> = Vec::new();
    for node in nodes.iter().filter(|node| !node.is_data && node.loss.is_none()) {
        if let Some(layer) = layers.iter_mut().find(|layer| layer.node == node.node) {
            layer.outputs.push(node.output);
            continue;
        }
        let own = parameters.iter().enumerate().filter(|(_, own)| owner(own.key) == Some(node.node));
        let own: Vec<usize> = own.map(|(idx, _)| idx).collect();
        let activation = match network.nodes.get(&node.node).map(|node| &node.kind) {
            Some(NodeKind::Activation(activation)) => Some(*activation),
            _ => None,
        };
        if layers.len() < MOST_LAYERS && (activation.is_some() || !own.is_empty()) {
            layers.push(PlanLayer {
                node: node.node,
                name: node.name.clone(),
                is_hidden: !network.edges.values().any(|edge| edge.from == node.node && is_loss(edge.to)),
                ahead: Arc::default(),
                stuck: activation.and_then(Activation::stuck),
                outputs: vec![node.output],
                parameters: own,
            });
        }
    }
    let nodes: Vec<NodeId> = layers.iter().map(|layer| layer.node).collect();
    for layer in &mut layers {
        let dependents = network.dependents(layer.node);
        let is_ahead = |(_, node): &(usize, &NodeId)| **node != layer.node && dependents.contains(node);
        layer.ahead = Arc::new(nodes.iter().enumerate().filter(is_ahead).map(|(idx, _)| idx).collect());
    }
    layers
}

impl<T: Real> Session<T> {
    /// How all layers fare in the pass at rest; computes that pass where it is not there yet.
    pub fn health(&mut self) -> HealthSample {
        // Numbers that are not finite are counted, not hidden.
        let _ = self.rest();
        let clipped = self.clipped();
        let used = clipped.as_ref().unwrap_or(&self.store);
        let mut numbers = Vec::new();
        let (layers, states, loss, rows) = match &self.rest {
            Some(rest) => {
                let layer = |layer: &PlanLayer| self.health_of_layer(&rest.trace, used, layer, &mut numbers);
                let layers = self.plan.layers.iter().map(layer).collect();
                let states = self.plan.states.iter().map(|state| health_of_state(&rest.trace, state));
                (layers, states.collect(), rest.loss, rest.trace.batch())
            }
            None => (Vec::new(), Vec::new(), f64::NAN, 0),
        };
        HealthSample { step: self.step, rows, of_rows: self.batches.n_samples(), loss, layers, states }
    }

    /// The gradients as the optimizer gets them, where clipping changes them.
    fn clipped(&self) -> Option<ParameterStore<T>> {
        let clips = self.settings.clip != Clip::None && self.n_numbers() <= MOST_FORESEEN;
        clips.then(|| {
            let mut store = self.store.clone();
            clip::apply(self.settings.clip, &mut store);
            store
        })
    }

    fn health_of_layer(
        &self,
        trace: &Trace<T>,
        used: &ParameterStore<T>,
        layer: &PlanLayer,
        numbers: &mut Vec<f64>,
    ) -> LayerHealth {
        let values = || layer.outputs.iter().map(|&id| self.program.value(&self.store, trace, id));
        gather(values(), numbers);
        let output = Bins::linear(numbers);
        let n_outside = |low: f64, high: f64| numbers.iter().filter(|a| !(low..=high).contains(a)).count();
        let (active, saturated) = match layer.stuck {
            Some(Stuck::AtZero) => (Some(active(values())), None),
            Some(Stuck::Outside { low, high }) => {
                (None, Some(n_outside(low, high) as f64 / numbers.len().max(1) as f64))
            }
            None => (None, None),
        };
        let parameters = layer.parameters.iter().filter_map(|&idx| self.plan.parameters.get(idx));
        LayerHealth {
            node: layer.node,
            name: layer.name.clone(),
            is_hidden: layer.is_hidden,
            ahead: Arc::clone(&layer.ahead),
            output,
            active,
            saturated,
            parameters: parameters.map(|parameter| self.health_of(used, parameter, numbers)).collect(),
        }
    }

    fn health_of(
        &self,
        used: &ParameterStore<T>,
        parameter: &PlanParameter,
        numbers: &mut Vec<f64>,
    ) -> ParameterHealth {
        let value = self.store.value(parameter.id);
        gather(std::iter::once(value), numbers);
        let bins = Bins::linear(numbers);
        let grad = self.store.grad(parameter.id);
        let grad_bins = grad.map(|grad| {
            gather(std::iter::once(grad), numbers);
            Bins::logarithmic(numbers)
        });
        let foreseen = (self.n_numbers() <= MOST_FORESEEN)
            .then(|| self.optimizer.preview(used, parameter.id, self.settings.learning_rate))
            .flatten();
        let size = norm(value);
        let update_ratio = foreseen.filter(|_| size > 0.0).map(|preview| {
            let mut change = Matrix::zeros(value.nrows(), value.ncols());
            preview.change(change.as_mut_slice());
            norm(&change) / size
        });
        ParameterHealth {
            key: parameter.key,
            name: parameter.name.clone(),
            is_matrix: matches!(parameter.key, ParameterKey::Node(..)) && parameter.shape.len() >= 2,
            value: bins,
            grad: grad_bins,
            grad_norm: grad.map(norm),
            update_ratio,
        }
    }
}

fn health_of_state<T: Real>(trace: &Trace<T>, state: &PlanState) -> StateHealth {
    let norm = |&output: &ValueId| trace.grad(output).map(norm);
    let step_norms = state.outputs.iter().map(norm).collect();
    StateHealth { node: state.node, name: state.name.clone(), step_norms }
}

fn norm<T: Real>(matrix: &Matrix<T>) -> f64 {
    sum_of_squares(matrix.as_slice()).sqrt()
}

/// Numbers of the matrices, evenly spread over them, written over `numbers`.
fn gather<'a, T: Real>(matrices: impl Iterator<Item = &'a Matrix<T>> + Clone, numbers: &mut Vec<f64>) {
    let n: usize = matrices.clone().map(Matrix::len).sum();
    let stride = n.div_ceil(MOST_NUMBERS).max(1);
    numbers.clear();
    // Where the next number stands, from the start of a matrix. A matrix's own iterator goes over all between.
    let mut next = 0;
    for matrix in matrices {
        let own = matrix.as_slice().get(next..).unwrap_or(&[]);
        numbers.extend(own.iter().step_by(stride).map(|x| x.to_f64()));
        next += own.len().div_ceil(stride) * stride;
        next -= matrix.len();
    }
}

/// Which units give something other than zero for any row at any time step.
fn active<'a, T: Real>(outputs: impl Iterator<Item = &'a Matrix<T>> + Clone) -> Units {
    let n = outputs.clone().map(Matrix::nrows).max().unwrap_or(0).min(MOST_UNITS);
    let mut units = Units::none(n);
    for output in outputs {
        for row in output.column_iter() {
            for (unit, a) in row.iter().enumerate().take(n) {
                if *a != T::zero() {
                    units.mark(unit);
                }
            }
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_evenly_across_matrices_of_all_sizes() {
        let sizes = [(1, 3), (300, 200), (0, 5), (1, 1), (7, 5000), (2, 2)];
        let mut count = 0.0_f32;
        let matrices = sizes.map(|(rows, columns)| {
            Matrix::from_fn(rows, columns, |_, _| {
                count += 1.0;
                count
            })
        });
        let mut gathered = vec![0.0];
        gather(matrices.iter(), &mut gathered);
        // 95,008 numbers, one in six of them.
        let expected: Vec<f64> = (0..95_008).step_by(6).map(|idx| f64::from(idx + 1)).collect();
        assert_eq!(gathered, expected);
    }
}
