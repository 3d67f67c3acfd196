//! A drawing as PyTorch's autograd sees it: which values require a gradient, the `grad_fn` that made each,
//! and what that keeps for the backward pass.
//!
//! Taken from PyTorch's derivative formulas and compared with PyTorch operation by operation. Must not know
//! numbers or the window.

mod grads;
mod saved;

use std::collections::{BTreeMap, BTreeSet};

use crate::network::{Network, Node, NodeId, NodeKind, Operation, ParameterKey, Parameters, Shapes, Stop};
use crate::tensor::Shape;

pub use grads::{Grads, Refusal};
pub use saved::Saved;

/// What PyTorch keeps beside the numbers of one node's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Whether a gradient is computed for it.
    pub requires_grad: bool,
    /// Whether nothing that requires a gradient made it.
    pub is_leaf: bool,
    /// The function that sends gradients back from it (`MulBackward0`); `None` for leaves.
    pub grad_fn: Option<&'static str>,
    /// The tensors that the function keeps for the backward pass, by PyTorch's names.
    pub saved: Vec<Saved>,
    /// Whether functions within it, which have no name of their own in the drawing, keep tensors, too.
    pub saves_within: bool,
}

/// A whole drawing.
#[derive(Clone, Debug, Default)]
pub struct Autograd {
    nodes: BTreeMap<NodeId, Kept>,
    /// Parameters to which `backward()` comes, also where it brings zeros.
    reached: BTreeSet<ParameterKey>,
    /// Whether some root requires a gradient.
    is_differentiable: bool,
    /// Whether freeing the graph frees something: tensors kept on the way from a root.
    has_to_free: bool,
}

impl Autograd {
    /// What PyTorch keeps for the code of this drawing.
    pub fn new(network: &Network, shapes: &Shapes, parameters: &Parameters) -> Self {
        let requiring = requiring(network, parameters);
        let wiring = network.wiring();
        let kept = |id: NodeId, node: &Node| {
            let kind = &node.kind;
            let requires_grad = requiring.contains(&id);
            let wires = wiring.incoming(id).iter().filter_map(|edge| network.edges.get(edge));
            let inputs: Vec<saved::Input> = wires
                .map(|edge| saved::Input {
                    shape: shapes.node(edge.from).cloned().unwrap_or_else(Shape::scalar),
                    requires_grad: requiring.contains(&edge.from) && stop_of(node, edge.port).is_none(),
                    is_permuted: is_permuted(network, edge.from),
                })
                .collect();
            let is_leaf = !requires_grad || kind.tensor().is_some();
            if is_leaf {
                return Kept {
                    requires_grad,
                    is_leaf,
                    grad_fn: None,
                    saved: Vec::new(),
                    saves_within: false,
                };
            }
            let output = shapes.node(id).cloned().unwrap_or_else(Shape::scalar);
            let is_trained = |role| {
                let key = ParameterKey::Node(id, role);
                parameters.get(&key).is_none_or(|parameter| parameter.trainable)
            };
            let made = saved::made_by(kind, &inputs, &output, &is_trained);
            // Identity hands its input on: the function is the input's own.
            let (grad_fn, saved, saves_within) = made.unwrap_or_default();
            Kept { requires_grad, is_leaf, grad_fn, saved, saves_within }
        };
        let nodes = network.nodes.iter().map(|(&id, node)| (id, kept(id, node))).collect();
        let mut autograd = Self { nodes, ..Self::default() };
        autograd.walk_back(network, parameters);
        autograd
    }

    /// Of one node.
    pub fn of(&self, node: NodeId) -> Option<&Kept> {
        self.nodes.get(&node)
    }

    /// Whether `backward()` comes to a parameter, be it with zeros.
    pub fn reaches(&self, key: ParameterKey) -> bool {
        self.reached.contains(&key)
    }

    /// From the roots back over all that requires a gradient.
    fn walk_back(&mut self, network: &Network, parameters: &Parameters) {
        let requires = |id: &NodeId| self.nodes.get(id).is_some_and(|kept| kept.requires_grad);
        let mut stack: Vec<NodeId> = network.all_roots().filter(requires).collect();
        let mut seen: BTreeSet<NodeId> = stack.iter().copied().collect();
        let wiring = network.wiring();
        let mut initials = BTreeSet::new();
        while let Some(at) = stack.pop() {
            let Some(node) = network.nodes.get(&at) else { continue };
            for &id in wiring.incoming(at) {
                let Some(edge) = network.edges.get(&id) else { continue };
                if stop_of(node, edge.port).is_some() {
                    continue;
                }
                initials.insert(ParameterKey::Initial(id));
                if requires(&edge.from) && seen.insert(edge.from) {
                    stack.push(edge.from);
                }
            }
        }
        let is_seen = |key: &ParameterKey| match key {
            ParameterKey::Node(node, _) => seen.contains(node),
            ParameterKey::Initial(_) => initials.contains(key),
        };
        let trained = parameters.iter().filter(|(_, parameter)| parameter.trainable);
        let reached = trained.map(|(&key, _)| key).filter(is_seen).collect();
        let keeps = |kept: &Kept| kept.saves_within || !kept.saved.is_empty();
        self.has_to_free = seen.iter().filter_map(|id| self.nodes.get(id)).any(keeps);
        self.is_differentiable = !seen.is_empty();
        self.reached = reached;
    }
}

/// Where PyTorch sends nothing back. Unlike here, it sends zeros back through `sign` and `round`.
fn stop_of(node: &Node, port: usize) -> Option<Stop> {
    let kind = &node.kind;
    if kind.is_loss() && port == 1 {
        return Some(Stop::Detached);
    }
    match kind.operation() {
        Some(Operation::Sign | Operation::Round) if !node.is_unrecorded() => None,
        _ => node.stop(port),
    }
}

/// The nodes whose values require a gradient: made from a number that learns.
fn requiring(network: &Network, parameters: &Parameters) -> BTreeSet<NodeId> {
    let trained = parameters.iter().filter(|(_, parameter)| parameter.trainable);
    let wiring = network.wiring();
    let mut found = BTreeSet::new();
    let mut stack = Vec::new();
    for (&key, _) in trained {
        let node = match key {
            ParameterKey::Node(node, _) => Some(node),
            ParameterKey::Initial(edge) => network.edges.get(&edge).map(|edge| edge.to),
        };
        let is_recorded = |id: &NodeId| network.nodes.get(id).is_some_and(|node| !node.is_unrecorded());
        stack.extend(node.filter(is_recorded).filter(|&node| found.insert(node)));
    }
    while let Some(at) = stack.pop() {
        for edge in wiring.outgoing(at).iter().filter_map(|edge| network.edges.get(edge)) {
            let passes = network.nodes.get(&edge.to).is_some_and(|to| stop_of(to, edge.port).is_none());
            if passes && found.insert(edge.to) {
                stack.push(edge.to);
            }
        }
    }
    found
}

/// Whether a value's numbers lie in another order than its sizes say: a transposed view.
fn is_permuted(network: &Network, mut node: NodeId) -> bool {
    let mut is_permuted = false;
    // A drawing has no cycle without a delay; a bound all the same.
    for _ in 0..network.nodes.len() {
        let kind = network.nodes.get(&node).map(|node| &node.kind);
        match kind.and_then(NodeKind::operation) {
            Some(Operation::Transpose) => is_permuted = !is_permuted,
            Some(Operation::Detach) => {}
            _ => return is_permuted,
        }
        let Some((_, edge)) = network.incoming(node).first().copied() else { return is_permuted };
        node = edge.from;
    }
    is_permuted
}
