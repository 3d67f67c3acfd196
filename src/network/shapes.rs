//! Shapes of a drawing: every node's and every wire's, with what does not fit.
//!
//! The rules themselves stand in `tensor::shape`, which the ops use too. A delayed edge carries
//! its source's shape, so a loop is solved by going round until nothing new is learned.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::kinds::{Activation, index_of, over_axis};
use super::{Edge, Fix, Network, NodeId, NodeKind, Place, Problem, ProblemKind, Severity, Side, Wiring};
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
        let mut inference = Inference {
            network: self,
            wiring: &wiring,
            shapes: Shapes::default(),
            queue: self.nodes.keys().copied().collect(),
            unknown: self.nodes.keys().map(|&id| (id, wiring.incoming(id).len())).collect(),
            assumable: BTreeSet::new(),
        };
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
    /// Nodes to look at: all at first, then those whose last unknown input became known.
    queue: VecDeque<NodeId>,
    /// How many wires of a node bring a shape that is not known yet. A node is looked at again when
    /// the last of them does, not at each: of many wires that would be many looks at all of them.
    unknown: BTreeMap<NodeId, usize>,
    /// Elementwise nodes with a known input that are not known themselves.
    assumable: BTreeSet<NodeId>,
}

impl Inference<'_> {
    fn run(&mut self) {
        loop {
            while let Some(id) = self.queue.pop_front() {
                if self.shapes.nodes.contains_key(&id) {
                    continue;
                }
                match outcome(self.network, self.wiring, &self.shapes, id) {
                    Outcome::Known(shape) => self.learn(id, shape),
                    Outcome::Mismatch(_) => {
                        self.assumable.remove(&id);
                    }
                    Outcome::Waiting => {}
                }
            }
            // Elementwise nodes in a loop may wait for themselves: where nothing else is left to
            // learn, one known input tells the shape of the rest.
            let Some(id) = self.assumable.pop_first() else { return };
            let inputs = known_inputs(self.network, self.wiring, &self.shapes, id);
            // A number that is repeated tells nothing of the others.
            let largest = inputs.into_iter().flatten().max_by_key(|shape| shape.features());
            if let Some(shape) = largest.cloned() {
                self.learn(id, shape);
            }
        }
    }

    fn learn(&mut self, id: NodeId, shape: Shape) {
        self.assumable.remove(&id);
        if self.network.nodes.get(&id).is_some_and(|node| node.kind.has_output()) {
            for edge in self.wiring.outgoing(id).iter().filter_map(|e| self.network.edges.get(e)) {
                self.arrive(edge.to);
            }
        }
        self.shapes.nodes.insert(id, shape);
    }

    /// What one wire of `to` brings has become known.
    fn arrive(&mut self, to: NodeId) {
        if self.shapes.nodes.contains_key(&to) {
            return;
        }
        if let Some(unknown) = self.unknown.get_mut(&to) {
            *unknown = unknown.saturating_sub(1);
            if *unknown == 0 {
                self.queue.push_back(to);
            }
        }
        let is_elementwise = self.network.nodes.get(&to).is_some_and(|node| node.kind.is_elementwise());
        if is_elementwise {
            self.assumable.insert(to);
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
    let has_output = |id| network.nodes.get(&id).is_some_and(|node| node.kind.has_output());
    edges.map(|edge| shapes.edge(edge).filter(|_| has_output(edge.from))).collect()
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
            if data.features() == 0 {
                return Outcome::Waiting;
            }
            Ok(data.shape.clone())
        }
        NodeKind::Dense(dense) => match inputs.first() {
            // What Dense gives is known whatever arrives, so one open end hides no other.
            _ if dense.units == 0 => return Outcome::Waiting,
            None => Ok(Shape::batched(&[dense.units])),
            Some(x) => shape::linear(name, x, &Shape::fixed(&[dense.units, x.features()]), None),
        },
        NodeKind::Tensor(tensor) => Ok(Shape::fixed(&tensor.shape)),
        NodeKind::Operation(operation) if is_complete => operation.output_shape(&inputs),
        NodeKind::Reduce(reduce) if is_complete => match inputs.first() {
            Some(x) => reduce.output_shape(x),
            None => return Outcome::Waiting,
        },
        NodeKind::Reshape { shape } if is_complete => match inputs.first() {
            Some(x) => shape::reshape(name, x, shape),
            None => return Outcome::Waiting,
        },
        NodeKind::Loss(_) => match inputs.as_slice() {
            // A loss compares samples.
            [prediction, ..] if is_complete && !prediction.is_batched() => {
                shape::reduce(name, prediction, shape::Axis::Samples, false)
            }
            [prediction, target, ..] if is_complete => {
                let is_fit = if kind.is_over_features() { shape::row(name, 0, prediction) } else { Ok(0) };
                is_fit.and_then(|_| shape::loss(name, prediction, target))
            }
            _ => Ok(Shape::scalar()),
        },
        NodeKind::Activation(_) | NodeKind::Dropout { .. } if is_complete => match inputs.first() {
            Some(x) => match kind.activation() {
                Some(Activation::Softmax { dim }) => over_axis(name, x, dim),
                _ => Ok((*x).clone()),
            },
            None => shape::elementwise(name, &[]),
        },
        NodeKind::Add | NodeKind::Multiply if is_complete => shape::broadcast(name, &inputs),
        NodeKind::Concat { dim } if is_complete => {
            shape::concat(name, &inputs, index_of(*dim)).map(|(_, output)| output)
        }
        NodeKind::Activation(_)
        | NodeKind::Dropout { .. }
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat { .. }
        | NodeKind::Operation(_)
        | NodeKind::Reduce(_)
        | NodeKind::Reshape { .. } => return Outcome::Waiting,
    };
    match result {
        Ok(shape) => Outcome::Known(shape),
        Err(error) => Outcome::Mismatch(error),
    }
}

fn shape_problems(network: &Network, wiring: &Wiring, shapes: &Shapes) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lost = lost_in_loops(network, wiring, shapes);
    let widths = Widths { network, wiring, known: RefCell::default() };
    for (&id, node) in &network.nodes {
        match outcome(network, wiring, shapes, id) {
            Outcome::Mismatch(error) => problems.push(Problem {
                fix: units_fix(&widths, shapes, id, &error),
                kind: match sides(network, wiring, shapes, id, &error) {
                    Some(sides) => ProblemKind::SidesDiffer { node: node.name.clone(), sides },
                    None => ProblemKind::ShapeMismatch {
                        node: node.name.clone(),
                        expected: error.expected,
                        found: error.found,
                    },
                },
                at: Place::Node(id),
                severity: Severity::Error,
            }),
            Outcome::Waiting if lost.contains(&id) => problems.push(Problem {
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

/// The first input of a node and the one that does not go with it.
fn sides(
    network: &Network,
    wiring: &Wiring,
    shapes: &Shapes,
    id: NodeId,
    error: &ShapeError,
) -> Option<Box<[Side; 2]>> {
    let kind = &network.nodes.get(&id)?.kind;
    let side = |idx: usize| {
        let edge = network.edges.get(wiring.incoming(id).get(idx)?)?;
        let source = network.nodes.get(&edge.from)?;
        Side::new(kind, edge.port, &source.name, shapes.edge(edge)?)
    };
    let misfit = error.arg.filter(|&arg| arg > 0)?;
    Some(Box::new([side(0)?, side(misfit)?]))
}

/// The nodes whose shape follows from nothing: all their wires are drawn, and what they wait for waits
/// for them, or at least for one another. One of each knot is named, that with the smallest id.
fn lost_in_loops(network: &Network, wiring: &Wiring, shapes: &Shapes) -> BTreeSet<NodeId> {
    let mut waiting = BTreeSet::new();
    let mut excused = Vec::new();
    for (&id, node) in &network.nodes {
        let n_wires = wiring.incoming(id).len();
        match outcome(network, wiring, shapes, id) {
            Outcome::Waiting if n_wires > 0 && n_wires >= node.kind.ports().needed() => {
                waiting.insert(id);
            }
            // A missing wire or a mismatch further back is the real cause, and is reported there.
            Outcome::Waiting | Outcome::Mismatch(_) if shapes.node(id).is_none() => excused.push(id),
            Outcome::Waiting | Outcome::Mismatch(_) | Outcome::Known(_) => {}
        }
    }
    forget_behind(network, wiring, excused, &mut waiting);
    let mut lost = BTreeSet::new();
    while let Some(id) = waiting.pop_first() {
        lost.insert(id);
        forget_behind(network, wiring, vec![id], &mut waiting);
    }
    lost
}

/// Takes out of `waiting` whatever waits for one of `stack`.
fn forget_behind(network: &Network, wiring: &Wiring, mut stack: Vec<NodeId>, waiting: &mut BTreeSet<NodeId>) {
    while let Some(at) = stack.pop() {
        for edge in wiring.outgoing(at).iter().filter_map(|e| network.edges.get(e)) {
            if waiting.remove(&edge.to) {
                stack.push(edge.to);
            }
        }
    }
}

/// "Set units to 3", where the input that does not fit comes straight from a Dense node.
fn units_fix(widths: &Widths<'_>, shapes: &Shapes, id: NodeId, error: &ShapeError) -> Option<Fix> {
    let Widths { network, wiring, .. } = widths;
    let incoming = wiring.incoming(id);
    let source_of = |idx: usize| network.edges.get(incoming.get(idx)?).map(|edge| edge.from);
    let misfit = error.arg?;
    let pairs = [(source_of(0)?, source_of(misfit)?), (source_of(misfit)?, source_of(0)?)];
    // A loss asks the prediction to follow the target, an operation asks the later input.
    let is_loss = network.nodes.get(&id)?.kind.is_loss();
    let pairs = if is_loss { pairs } else { [pairs[1], pairs[0]] };
    pairs.into_iter().find_map(|(changed, model)| {
        let dense = widths.dense_behind(changed)?;
        let units = shapes.node(model)?.features();
        (widths.dense_behind(model) != Some(dense)).then_some(Fix::SetUnits { node: dense, units })
    })
}

/// Which node decides how wide another is.
struct Widths<'a> {
    network: &'a Network,
    wiring: &'a Wiring,
    /// What was found before, so that many mismatches behind one long chain walk it once.
    known: RefCell<BTreeMap<NodeId, Option<NodeId>>>,
}

impl Widths<'_> {
    /// The Dense node whose units decide the width of `node`'s output: itself, or the one behind
    /// nodes that keep the shape.
    fn dense_behind(&self, node: NodeId) -> Option<NodeId> {
        let mut at = node;
        let mut passed = BTreeSet::new();
        let mut known = self.known.borrow_mut();
        let found = loop {
            if let Some(&found) = known.get(&at) {
                break found;
            }
            if !passed.insert(at) {
                break None;
            }
            let Some(kind) = self.network.nodes.get(&at).map(|node| &node.kind) else { break None };
            if kind.dense().is_some() {
                break Some(at);
            }
            let wire = self.wiring.incoming(at).first().filter(|_| kind.keeps_shape());
            match wire.and_then(|wire| self.network.edges.get(wire)) {
                Some(edge) => at = edge.from,
                None => break None,
            }
        };
        known.extend(passed.into_iter().map(|node| (node, found)));
        found
    }
}
