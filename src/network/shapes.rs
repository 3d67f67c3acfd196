//! Shapes of a drawing: every node's and every wire's, with what does not fit.
//!
//! The rules themselves stand in `tensor::shape`, which the ops use too. A delayed edge carries
//! its source's shape, so a loop is solved by going round until nothing new is learned.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Edge, Fix, Network, NodeId, NodeKind, Place, Problem, ProblemKind, Severity, Wiring};
use crate::tensor::{Shape, ShapeError, shape};

/// The shapes of a drawing, as far as they are known.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Shapes {
    nodes: BTreeMap<NodeId, Shape>,
}

impl Shapes {
    /// The shape of a node's output, `None` where it does not follow yet.
    pub fn node(&self, node: NodeId) -> Option<&Shape> {
        self.nodes.get(&node)
    }

    /// The shape of what a wire carries: its source's, delayed or not.
    pub fn edge(&self, edge: &Edge) -> Option<&Shape> {
        self.node(edge.from)
    }
}

/// What a node's inputs allow to say about its output.
pub(super) enum Outcome {
    Known(Shape),
    Waiting,
    Mismatch(ShapeError),
}

impl Network {
    /// The shapes of all nodes, and the problems met on the way: shapes that do not fit and
    /// shapes that follow from nothing. Missing wires are not reported here.
    pub fn infer_shapes(&self) -> (Shapes, Vec<Problem>) {
        let wiring = self.wiring();
        let mut inference = Inference { network: self, wiring: &wiring, shapes: Shapes::default() };
        inference.run();
        let shapes = inference.shapes;
        let problems = shape_problems(self, &wiring, &shapes);
        (shapes, problems)
    }
}

struct Inference<'a> {
    network: &'a Network,
    wiring: &'a Wiring,
    shapes: Shapes,
}

impl Inference<'_> {
    fn run(&mut self) {
        let mut queue: VecDeque<NodeId> = self.network.nodes.keys().copied().collect();
        // Elementwise nodes in a loop may wait for themselves: where nothing else is left to
        // learn, one known input tells the shape of the rest.
        let mut candidates = BTreeSet::new();
        loop {
            while let Some(id) = queue.pop_front() {
                if self.shapes.nodes.contains_key(&id) {
                    continue;
                }
                match outcome(self.network, self.wiring, &self.shapes, id) {
                    Outcome::Known(shape) => {
                        candidates.remove(&id);
                        self.learn(id, shape, &mut queue);
                    }
                    Outcome::Waiting => {
                        candidates.insert(id);
                    }
                    Outcome::Mismatch(_) => {
                        candidates.remove(&id);
                    }
                }
            }
            let Some((id, shape)) = candidates.iter().find_map(|&id| Some((id, self.assumed(id)?))) else {
                return;
            };
            candidates.remove(&id);
            self.learn(id, shape, &mut queue);
        }
    }

    fn learn(&mut self, id: NodeId, shape: Shape, queue: &mut VecDeque<NodeId>) {
        self.shapes.nodes.insert(id, shape);
        queue.extend(self.wiring.outgoing(id).iter().filter_map(|e| self.network.edges.get(e)).map(|e| e.to));
    }

    /// The shape of an elementwise node from those of its inputs that are known.
    fn assumed(&self, id: NodeId) -> Option<Shape> {
        match self.network.nodes.get(&id)?.kind {
            NodeKind::Add | NodeKind::Multiply => {
                let inputs = known_inputs(self.network, self.wiring, &self.shapes, id);
                inputs.into_iter().flatten().next().cloned()
            }
            NodeKind::Activation(_)
            | NodeKind::Dropout { .. }
            | NodeKind::Input(_)
            | NodeKind::Target(_)
            | NodeKind::Dense(_)
            | NodeKind::Concat
            | NodeKind::Loss(_) => None,
        }
    }
}

/// The shapes that arrive, in port order; `None` for those not known (or no use as an input).
fn known_inputs<'a>(
    network: &Network,
    wiring: &Wiring,
    shapes: &'a Shapes,
    id: NodeId,
) -> Vec<Option<&'a Shape>> {
    let edges = wiring.incoming(id).iter().filter_map(|e| network.edges.get(e));
    edges.map(|edge| shapes.edge(edge).filter(|shape| shape.is_batched())).collect()
}

fn outcome(network: &Network, wiring: &Wiring, shapes: &Shapes, id: NodeId) -> Outcome {
    let Some(node) = network.nodes.get(&id) else { return Outcome::Waiting };
    outcome_with(&node.kind, &known_inputs(network, wiring, shapes, id))
}

/// The same for any inputs, in port order; `None` for those whose shape is not known.
pub(super) fn outcome_with(kind: &NodeKind, arriving: &[Option<&Shape>]) -> Outcome {
    let is_complete = arriving.len() >= kind.ports().needed() && arriving.iter().all(Option::is_some);
    let inputs: Vec<&Shape> = arriving.iter().copied().flatten().collect();
    let name = kind.base_name();
    let result = match kind {
        NodeKind::Input(data) | NodeKind::Target(data) => {
            if data.features == 0 {
                return Outcome::Waiting;
            }
            Ok(Shape::batched(&[data.features]))
        }
        NodeKind::Dense(dense) => match inputs.first() {
            // What Dense gives is known whatever arrives, so one open end hides no other.
            _ if dense.units == 0 => return Outcome::Waiting,
            None => Ok(Shape::batched(&[dense.units])),
            Some(x) => shape::linear(name, x, &Shape::fixed(&[dense.units, x.features()]), None),
        },
        NodeKind::Loss(_) => match inputs.as_slice() {
            [prediction, target, ..] if is_complete => shape::loss(name, prediction, target),
            _ => Ok(Shape::scalar()),
        },
        NodeKind::Activation(_) | NodeKind::Dropout { .. } if is_complete => {
            shape::elementwise(name, inputs.get(..1).unwrap_or_default())
        }
        NodeKind::Add | NodeKind::Multiply if is_complete => shape::elementwise(name, &inputs),
        NodeKind::Concat if is_complete => shape::concat(name, &inputs),
        NodeKind::Activation(_)
        | NodeKind::Dropout { .. }
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat => return Outcome::Waiting,
    };
    match result {
        Ok(shape) => Outcome::Known(shape),
        Err(error) => Outcome::Mismatch(error),
    }
}

fn shape_problems(network: &Network, wiring: &Wiring, shapes: &Shapes) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (&id, node) in &network.nodes {
        match outcome(network, wiring, shapes, id) {
            Outcome::Mismatch(error) => problems.push(Problem {
                fix: units_fix(network, wiring, shapes, id, &error),
                kind: ProblemKind::ShapeMismatch {
                    node: node.name.clone(),
                    expected: error.expected,
                    found: error.found,
                },
                at: Place::Node(id),
                severity: Severity::Error,
            }),
            Outcome::Waiting if is_lost_in_a_loop(network, wiring, shapes, id) => problems.push(Problem {
                kind: ProblemKind::UnknownShape { node: node.name.clone() },
                at: Place::Node(id),
                severity: Severity::Error,
                fix: None,
            }),
            Outcome::Waiting | Outcome::Known(_) => {}
        }
    }
    problems
}

/// Whether a node has all its wires, waits only for nodes that also do, and is the first of
/// them to be named: then the shape follows from nothing.
fn is_lost_in_a_loop(network: &Network, wiring: &Wiring, shapes: &Shapes, id: NodeId) -> bool {
    let mut seen = BTreeSet::from([id]);
    let mut stack = vec![id];
    while let Some(at) = stack.pop() {
        let Some(node) = network.nodes.get(&at) else { return false };
        let incoming = wiring.incoming(at);
        if at < id || incoming.len() < node.kind.ports().needed() || incoming.is_empty() {
            return false;
        }
        for edge in incoming.iter().filter_map(|e| network.edges.get(e)) {
            if shapes.node(edge.from).is_none() && seen.insert(edge.from) {
                stack.push(edge.from);
            }
        }
    }
    // A mismatch further back is the real cause, and is reported there.
    seen.iter().all(|&at| matches!(outcome(network, wiring, shapes, at), Outcome::Waiting))
}

/// "Set units to 3", where the input that does not fit comes straight from a Dense node.
fn units_fix(
    network: &Network,
    wiring: &Wiring,
    shapes: &Shapes,
    id: NodeId,
    error: &ShapeError,
) -> Option<Fix> {
    let incoming = wiring.incoming(id);
    let source_of = |idx: usize| network.edges.get(incoming.get(idx)?).map(|edge| edge.from);
    let misfit = error.arg?;
    let pairs = [(source_of(0)?, source_of(misfit)?), (source_of(misfit)?, source_of(0)?)];
    // A loss asks the prediction to follow the target, an operation asks the later input.
    let is_loss = matches!(network.nodes.get(&id)?.kind, NodeKind::Loss(_));
    let pairs = if is_loss { pairs } else { [pairs[1], pairs[0]] };
    pairs.into_iter().find_map(|(changed, model)| {
        let dense = dense_behind(network, wiring, changed)?;
        let units = shapes.node(model)?.features();
        (dense_behind(network, wiring, model) != Some(dense)).then_some(Fix::SetUnits { node: dense, units })
    })
}

/// The Dense node whose units decide the width of `node`'s output: itself, or the one behind
/// nodes that keep the shape.
fn dense_behind(network: &Network, wiring: &Wiring, node: NodeId) -> Option<NodeId> {
    let mut at = node;
    let mut seen = BTreeSet::new();
    while seen.insert(at) {
        match network.nodes.get(&at)?.kind {
            NodeKind::Dense(_) => return Some(at),
            NodeKind::Activation(_) | NodeKind::Dropout { .. } => {
                at = network.edges.get(wiring.incoming(at).first()?)?.from;
            }
            NodeKind::Input(_)
            | NodeKind::Target(_)
            | NodeKind::Add
            | NodeKind::Multiply
            | NodeKind::Concat
            | NodeKind::Loss(_) => return None,
        }
    }
    None
}
