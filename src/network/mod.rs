//! The drawn network: nodes, edges and their settings, exactly as a person drew them.
//!
//! Must not know how anything is computed (`autodiff`), where data comes from, or how it is
//! painted. A bad drawing is not an error but a list of problems bound to nodes and edges.

mod build;
mod check;
mod connect;
pub mod expression;
mod fix;
mod fold;
mod kinds;
mod layout;
mod limits;
mod names;
mod order;
mod outline;
mod parameters;
mod patterns;
mod ports;
mod problem;
mod refusal;
mod shapes;
mod side;
mod specs;
mod unroll;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use crate::tensor::Initializer;
pub use build::Builder;
pub use connect::Connections;
pub use fix::Fix;
pub(crate) use kinds::index_of;
pub use kinds::{
    Activation, CountedSteps, DataNode, Declaration, DenseNode, Family, Gives, Group, LOSS_WEIGHT, LossKind,
    LossNode, MAX_TYPED, NodeKind, Noise, Operation, OutputLetter, Range, ReduceKind, ReduceNode, Reduction,
    Setting, SettingValue, Stop, Stuck, Takes, Task, TensorNode, TypedRows, UNITS, Written,
};
pub use layout::Room;
pub(crate) use layout::{LAYER_GAP, card_width};
pub use limits::{
    Large, MAX_NAME_CHARS, MAX_PARAMETERS, MAX_PASS_NUMBERS, MAX_PORT, MAX_POSITION, MAX_STEPS,
    MAX_UNROLLED_NODES, MAX_WIRES_OF_A_NODE, short_name,
};
pub(crate) use names::{FreeNames, without_number};
pub use order::Cycle;
pub use outline::MOST_OUTLINE_LETTERS;
pub use parameters::{Parameter, ParameterKey, ParameterRole, Parameters, entry_name};
pub use patterns::{Pattern, PatternKind};
pub use ports::{PortName, Ports, Wiring};
pub use problem::{Place, Problem, ProblemKind, Severity};
pub use refusal::Refusal;
pub use shapes::Shapes;
pub use side::Side;
pub use specs::{ParameterSpec, total as n_parameters};
pub use unroll::{Origin, UnrolledGraph, UnrolledInput, UnrolledNode, UnrolledSize};

/// Names a node for its whole life; never used twice within one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Names an edge for its whole life; never used twice within one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeId(pub u32);

/// A place on the canvas, in canvas points; the node's centre.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Position {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// One drawn node. Every node has exactly one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique within the network; what parameters are called after (`Dense 1.weight`).
    pub name: String,
    /// What the node does, with its settings.
    pub kind: NodeKind,
    /// Where it is drawn.
    pub position: Position,
    /// Whether it is computed under PyTorch's `no_grad`; only asked of what has inputs and an output.
    pub no_grad: bool,
}

impl Node {
    /// A node that is computed as usual.
    pub fn new(name: impl Into<String>, kind: NodeKind, position: Position) -> Self {
        Self { name: name.into(), kind, position, no_grad: false }
    }

    /// Whether nothing of it is recorded: no gradient goes back through it, and its value requires none.
    pub fn is_unrecorded(&self) -> bool {
        self.no_grad && self.kind.has_way_through()
    }
}

/// One wire, from a node's output to an input port of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The node whose output is sent.
    pub from: NodeId,
    /// The node that receives it.
    pub to: NodeId,
    /// Which input port of `to`. Ports of one node are ordered; for nodes with any number of
    /// inputs (Add, Multiply, Concat) the ports need not be contiguous, only their order counts.
    pub port: usize,
    /// Steps back in time: 0 is an ordinary wire, 1 is a loop edge marked t−1.
    pub delay: usize,
    /// What a delayed edge carries before time began.
    pub initial: InitialState,
}

/// The value of a delayed edge at the steps before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum InitialState {
    /// Zeros.
    #[default]
    Zeros,
    /// A trained parameter of `delay` rows of shape `[features]` each, shared by the batch.
    Trained,
}

/// The drawn network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// All nodes, by id.
    pub nodes: BTreeMap<NodeId, Node>,
    /// All edges, by id.
    pub edges: BTreeMap<EdgeId, Edge>,
    /// How many time steps T the network is unrolled over; 1 without loops.
    pub n_steps: usize,
    /// Truncated backpropagation through time: the state is detached before steps k, 2k, …
    pub truncate: Option<usize>,
    /// Nodes that a person marked as roots: `backward()` starts there, too, at the last step.
    pub roots: BTreeSet<NodeId>,
    /// The vectors v of roots that are no scalars.
    pub seeds: BTreeMap<NodeId, Seed>,
}

/// The vector v of a root that is no scalar: `backward(v)` starts with it and gives vᵀJ, the gradient of vᵀf.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// The root's sizes without N: every sample starts with the same v.
    pub shape: Vec<usize>,
    /// The numbers in C order.
    pub values: Arc<Vec<f64>>,
}

impl Seed {
    /// Numbers of these sizes; those that are missing are 0.
    pub fn new(shape: &[usize], mut values: Vec<f64>) -> Self {
        values.resize(shape.iter().product(), 0.0);
        Self { shape: shape.to_vec(), values: Arc::new(values) }
    }

    /// Ones: the gradient of the sum.
    pub fn ones(shape: &[usize]) -> Self {
        Self::new(shape, vec![1.0; shape.iter().product()])
    }
}

impl Default for Network {
    fn default() -> Self {
        Self {
            nodes: BTreeMap::new(),
            edges: BTreeMap::new(),
            n_steps: 1,
            truncate: None,
            roots: BTreeSet::new(),
            seeds: BTreeMap::new(),
        }
    }
}
