//! From an unrolled graph to a program, with the links back to what was drawn.
//!
//! Must not know data or training. Every copy of every node becomes one value; copies share the
//! parameters of the node that they are copies of.

mod links;
mod ops;
mod parameters;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use ops::op_of;

pub use links::{DataLink, InputLink, Links, LossLink, LossStep, MaskLink, NodeLink, RootLink};

use crate::autodiff::{Op, Program, ProgramBuilder, ValueId};
use crate::network::{
    CountedSteps, EdgeId, InitialState, LossNode, Network, Node, NodeId, NodeKind, Origin, ParameterKey,
    ParameterRole, ParameterSpec, Place, Problem, ProblemKind, Severity, Shapes, UnrolledGraph, UnrolledNode,
};
use crate::tensor::{Real, Shape, ShapeError};

/// How a program is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileOptions {
    /// Join sigmoid + BCE and softmax + cross-entropy into their stable forms.
    pub fuse: bool,
    /// Cut gradients where the unrolled graph is truncated; the gradient check does not.
    pub truncate: bool,
    /// Let every backward pass compute the gradients of inputs, too.
    pub input_grads: bool,
}

impl Default for CompileOptions {
    /// As training runs it.
    fn default() -> Self {
        Self { fuse: true, truncate: true, input_grads: false }
    }
}

impl CompileOptions {
    /// As numbers are shown: gradients of inputs, too.
    pub fn for_showing() -> Self {
        Self { input_grads: true, ..Self::default() }
    }

    /// As the gradient check runs it: the full gradient, however training truncates.
    pub fn for_checking() -> Self {
        Self { truncate: false, ..Self::default() }
    }
}

/// A program, and which drawn node every value of it belongs to.
#[derive(Clone, Debug)]
pub struct Compiled<T: Real> {
    /// The ops in order.
    pub program: Program<T>,
    /// Where each value comes from, and where each node went.
    pub links: Links,
}

/// Unrolls and compiles a drawing.
///
/// # Errors
/// The problems that forbid it.
pub fn compile_network<T: Real>(
    network: &Network,
    options: CompileOptions,
) -> Result<Compiled<T>, Vec<Problem>> {
    compile(network, &network.unroll()?, options, &|| true).map_err(|reason| match reason {
        NotCompiled::Problems(problems) => problems,
        NotCompiled::Stopped => Vec::new(),
    })
}

/// The same as long as somebody waits for it: `goes_on` is asked now and then.
///
/// # Errors
/// The problems that forbid it, or that nobody waits any more.
pub fn compile_network_while<T: Real>(
    network: &Network,
    options: CompileOptions,
    goes_on: &dyn Fn() -> bool,
) -> Result<Compiled<T>, NotCompiled> {
    compile(network, &network.unroll().map_err(NotCompiled::Problems)?, options, goes_on)
}

/// Why there is no program.
#[derive(Clone, Debug, PartialEq)]
pub enum NotCompiled {
    /// The drawing has problems.
    Problems(Vec<Problem>),
    /// Nobody waits any more.
    Stopped,
}

/// So many nodes are compiled before it is asked whether to go on.
const NODES_AT_ONCE: usize = 4_096;

/// Compiles an unrolled drawing. A graph that does not belong to the network is a problem of the
/// node at which that shows.
fn compile<T: Real>(
    network: &Network,
    graph: &UnrolledGraph,
    options: CompileOptions,
    goes_on: &dyn Fn() -> bool,
) -> Result<Compiled<T>, NotCompiled> {
    let while_wanted = || if goes_on() { Ok(()) } else { Err(NotCompiled::Stopped) };
    let shapes = network.infer_shapes().0;
    let specs = network.parameter_specs_with(&shapes);
    let mut builder = ProgramBuilder::<T>::new().fuse(options.fuse);
    let mut links = Links::new(graph.n_steps);
    let mut parameters = BTreeMap::new();
    for spec in specs {
        let ParameterSpec { key, name, shape, .. } = spec;
        parameters.insert(key, builder.parameter(name, Shape::fixed(&shape)));
        links.add_parameter(key);
    }
    let mut copies =
        Copies { network, graph, options, shapes, parameters, builder, links, values: Vec::new() };
    for nodes in graph.nodes.chunks(NODES_AT_ONCE) {
        while_wanted()?;
        for node in nodes {
            let problem = |error: CompileError| NotCompiled::Problems(vec![error.into_problem(network)]);
            let value = copies.add(node).map_err(problem)?;
            copies.values.push(value);
        }
    }
    let Copies { builder, mut links, .. } = copies;
    while_wanted()?;
    let program = builder.finish().with_input_grads(options.input_grads);
    while_wanted()?;
    links.finish(&program);
    Ok(Compiled { program, links })
}

/// The copies made so far.
struct Copies<'a, T: Real> {
    network: &'a Network,
    graph: &'a UnrolledGraph,
    options: CompileOptions,
    shapes: Shapes,
    parameters: BTreeMap<ParameterKey, ValueId>,
    builder: ProgramBuilder<T>,
    links: Links,
    /// By place in the unrolled graph.
    values: Vec<ValueId>,
}

impl<T: Real> Copies<'_, T> {
    fn add(&mut self, node: &UnrolledNode) -> Result<ValueId, CompileError> {
        match node.origin {
            Origin::Initial { edge, row } => self.add_initial(edge, row),
            Origin::Node { node: id, step } => self.add_node(id, step, node),
        }
    }

    /// A row of an initial state: zeros, or a trained row repeated for every sample.
    fn add_initial(&mut self, edge: EdgeId, row: usize) -> Result<ValueId, CompileError> {
        let error = || CompileError::Edge(edge);
        let drawn = self.network.edges.get(&edge).ok_or_else(error)?;
        let value = match drawn.initial {
            InitialState::Zeros => {
                let shape = self.shapes.edge(drawn).ok_or_else(error)?.clone();
                self.builder.leaf(format!("zeros {}.{row}", edge.0), shape)
            }
            InitialState::Trained => {
                let parameter = *self.parameters.get(&ParameterKey::Initial(edge)).ok_or_else(error)?;
                let expand = Arc::new(crate::autodiff::ops::Expand { row });
                self.builder.apply(expand, &[parameter]).map_err(|_| error())?
            }
        };
        self.links.add_initial(edge, value);
        Ok(value)
    }

    fn add_node(&mut self, id: NodeId, step: usize, copy: &UnrolledNode) -> Result<ValueId, CompileError> {
        let drawn = self.network.nodes.get(&id).ok_or(CompileError::Node(id))?;
        let (inputs, input_links) = self.inputs(id, copy)?;
        let mut mask = None;
        let output = match &drawn.kind {
            NodeKind::Input(data) | NodeKind::Target(data) => {
                let leaf = self.builder.leaf(drawn.name.as_str(), data.shape.clone());
                let is_target = matches!(drawn.kind, NodeKind::Target(_));
                self.links.add_data(is_target, DataLink { node: id, step, value: leaf });
                leaf
            }
            NodeKind::Dense(dense) => {
                let mut args = inputs;
                let roles = [ParameterRole::Weight, ParameterRole::Bias];
                for role in roles.into_iter().take(if dense.bias { 2 } else { 1 }) {
                    let key = ParameterKey::Node(id, role);
                    let parameter = *self.parameters.get(&key).ok_or(CompileError::Node(id))?;
                    let is_recorded = !drawn.is_unrecorded();
                    args.push(if is_recorded { parameter } else { self.unrecorded(id, parameter)? });
                }
                self.apply(id, ops::dense(dense.bias), &args)?
            }
            NodeKind::Tensor(_) => {
                let key = ParameterKey::Node(id, ParameterRole::Value);
                let value = *self.parameters.get(&key).ok_or(CompileError::Node(id))?;
                self.computed(id, &drawn.kind, &[value])?
            }
            kind @ (NodeKind::Activation(_)
            | NodeKind::Add
            | NodeKind::Multiply
            | NodeKind::Concat { .. }
            | NodeKind::Reduce(_)
            | NodeKind::Reshape { .. }) => self.computed(id, kind, &inputs)?,
            kind @ (NodeKind::Dropout { .. } | NodeKind::Operation(_)) => {
                if let Some(noise) = kind.noise() {
                    let first = *inputs.first().ok_or(CompileError::Node(id))?;
                    let shape = self.builder.shape(first).clone();
                    let leaf = self.builder.leaf(format!("{} mask", drawn.name), shape);
                    self.links.masks.push(MaskLink { node: id, step, value: leaf, noise });
                    mask = Some(leaf);
                }
                let args: Vec<ValueId> = inputs.into_iter().chain(mask).collect();
                self.computed(id, kind, &args)?
            }
            NodeKind::Loss(loss) => {
                let value = self.apply(id, ops::loss(loss.kind), &inputs)?;
                let (seed, is_counted) = seed(loss, step, self.graph.n_steps);
                self.builder.add_loss(value, T::of(seed));
                self.links.add_loss(id, loss, LossStep { step, value, seed, is_counted });
                value
            }
        };
        let is_root = !drawn.kind.is_loss() && self.network.roots.contains(&id);
        if is_root && step + 1 == self.graph.n_steps {
            match self.network.seeds.get(&id) {
                None => self.builder.add_loss(output, T::one()),
                Some(seed) => {
                    let shape = self.builder.shape(output);
                    if seed.shape != shape.dims() {
                        let (expected, found) = (shape.dims(), seed.shape.as_slice());
                        return Err(CompileError::Seed(id, Shape::fixed(expected), Shape::fixed(found)));
                    }
                    self.builder.add_root(output, seed.values.iter().map(|&v| T::of(v)).collect());
                }
            }
            self.links.roots.push(RootLink { node: id, step, value: output });
        }
        let link = NodeLink { output, instruction: None, inputs: input_links, mask, fused_into: None };
        self.links.add_node(id, step, link);
        Ok(output)
    }

    /// The values that arrive at a copy, detached where the graph says so.
    fn inputs(
        &mut self,
        id: NodeId,
        copy: &UnrolledNode,
    ) -> Result<(Vec<ValueId>, Vec<InputLink>), CompileError> {
        // Room for a weight and a bias, too.
        let mut inputs = Vec::with_capacity(copy.inputs.len() + 2);
        let mut links = Vec::with_capacity(copy.inputs.len());
        let is_unrecorded = self.network.nodes.get(&id).is_some_and(Node::is_unrecorded);
        for input in &copy.inputs {
            let source = *self.values.get(input.source).ok_or(CompileError::Edge(input.edge))?;
            let is_truncated = input.detached && self.options.truncate;
            let is_detached = is_truncated || is_unrecorded;
            let value = match (is_unrecorded, is_truncated) {
                (true, _) => self.unrecorded(id, source)?,
                (false, true) => self.apply(id, ops::detach(), &[source])?,
                (false, false) => source,
            };
            links.push(InputLink { edge: input.edge, value, source, is_detached });
            inputs.push(value);
        }
        Ok((inputs, links))
    }

    /// A value on its way into what is computed under `no_grad`.
    fn unrecorded(&mut self, id: NodeId, value: ValueId) -> Result<ValueId, CompileError> {
        self.apply(id, Arc::new(crate::autodiff::ops::Barrier::NoGrad), &[value])
    }

    /// The value of the op that computes a kind of node.
    fn computed(&mut self, id: NodeId, kind: &NodeKind, inputs: &[ValueId]) -> Result<ValueId, CompileError> {
        let shapes: Vec<&Shape> = inputs.iter().map(|&input| self.builder.shape(input)).collect();
        let op = ops::computing(kind, &shapes).map_err(|error| CompileError::Misfit(id, error))?;
        self.apply(id, op.ok_or(CompileError::Node(id))?, inputs)
    }

    fn apply(&mut self, id: NodeId, op: Arc<dyn Op<T>>, inputs: &[ValueId]) -> Result<ValueId, CompileError> {
        self.builder.apply(op, inputs).map_err(|error| CompileError::Misfit(id, error))
    }
}

/// How much one step of a loss counts in the total, and whether it counts at all. A mean over
/// several steps is one mean over samples, steps and outputs; a sum stays a sum.
fn seed(loss: &LossNode, step: usize, n_steps: usize) -> (f64, bool) {
    use crate::network::Reduction;
    match (loss.counted, loss.kind.reduction()) {
        (CountedSteps::Last, _) if step + 1 == n_steps => (loss.weight, true),
        (CountedSteps::Last, _) => (0.0, false),
        (CountedSteps::Every, Reduction::Sum) => (loss.weight, true),
        (CountedSteps::Every, Reduction::Mean | Reduction::MeanOverSamples) => {
            (loss.weight / n_steps as f64, true)
        }
    }
}

/// What in an unrolled graph does not belong to its drawing.
enum CompileError {
    /// Shapes that do not fit at a node.
    Misfit(NodeId, ShapeError),
    /// A root whose vector v has other sizes: the root's, and the vector's.
    Seed(NodeId, Shape, Shape),
    /// A node that is not drawn, or not so.
    Node(NodeId),
    /// An edge that is not drawn, or not so.
    Edge(EdgeId),
}

impl CompileError {
    fn into_problem(self, network: &Network) -> Problem {
        let name = |id: NodeId| network.nodes.get(&id).map_or_else(String::new, |node| node.name.clone());
        let (at, kind) = match self {
            Self::Misfit(id, ShapeError { expected, found, .. }) => {
                (Place::Node(id), ProblemKind::ShapeMismatch { node: name(id), expected, found })
            }
            Self::Seed(id, expected, found) => {
                let (expected, found) = (expected.to_string(), found.to_string());
                (Place::Node(id), ProblemKind::SeedMisfit { node: name(id), expected, found })
            }
            Self::Node(id) => (Place::Node(id), ProblemKind::UnknownShape { node: name(id) }),
            Self::Edge(edge) => (Place::Edge(edge), ProblemKind::LooseEnd),
        };
        Problem { kind, at, severity: Severity::Error, fix: None }
    }
}
