//! Links from a program back to the drawing: which value, instruction and parameter belongs to
//! which node at which step.
//!
//! Must not hold numbers.

use std::collections::BTreeMap;

use crate::autodiff::{InstructionId, ParameterId, Program, ValueId};
use crate::network::{EdgeId, LossKind, LossNode, NodeId, Noise, Origin, ParameterKey};
use crate::tensor::Real;

/// Where everything went.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// T.
    pub n_steps: usize,
    /// Leaves of Input nodes, by step and then by node order.
    pub inputs: Vec<DataLink>,
    /// Leaves of Target nodes, by step and then by node order.
    pub targets: Vec<DataLink>,
    /// Leaves that take dropout masks; all ones where dropout is off.
    pub masks: Vec<MaskLink>,
    /// Losses, in the order of the drawing.
    pub losses: Vec<LossLink>,
    /// Where each loss stands in `losses` until they are in order.
    loss_idx: BTreeMap<NodeId, usize>,
    /// Nodes that a person marked as roots, in the order of computing.
    pub roots: Vec<RootLink>,
    nodes: BTreeMap<NodeId, Vec<NodeLink>>,
    initials: BTreeMap<EdgeId, Vec<ValueId>>,
    keys: Vec<ParameterKey>,
    parameters: BTreeMap<ParameterKey, usize>,
    ids: Vec<ParameterId>,
    origins: Vec<Option<Origin>>,
}

/// One copy of a node.
#[derive(Clone, Debug)]
pub struct NodeLink {
    /// Its value.
    pub output: ValueId,
    /// What computes it; `None` for data nodes.
    pub instruction: Option<InstructionId>,
    /// What it takes, in port order: input `i` is argument `i` of the instruction.
    pub inputs: Vec<InputLink>,
    /// The leaf with its dropout mask.
    pub mask: Option<ValueId>,
    /// The loss that it is fused with, the first where there are several: that loss sends its
    /// gradient past this node, to the node before it.
    pub fused_into: Option<NodeId>,
}

/// One input of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputLink {
    /// The drawn edge.
    pub edge: EdgeId,
    /// What the instruction reads.
    pub value: ValueId,
    /// The source's value; another one than `value` where it is detached.
    pub source: ValueId,
    /// Whether truncation cuts the gradient here.
    pub is_detached: bool,
}

/// The leaf of a data node at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataLink {
    /// The node.
    pub node: NodeId,
    /// The step, from 0.
    pub step: usize,
    /// The leaf, `[N, features]`.
    pub value: ValueId,
}

/// The leaf that takes what a node needs by chance at a step: a dropout mask of zeros and 1/(1 − p), or
/// draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaskLink {
    /// The node.
    pub node: NodeId,
    /// The step, from 0.
    pub step: usize,
    /// The leaf, as large as the node's input.
    pub value: ValueId,
    /// What fills it.
    pub noise: Noise,
}

/// A node that is no loss and where backward starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RootLink {
    /// The node.
    pub node: NodeId,
    /// The last step, at which it is a root.
    pub step: usize,
    /// Its value there: one number a sample. Its sum over the samples is what is differentiated.
    pub value: ValueId,
}

/// One loss, with its copies.
#[derive(Clone, Debug, PartialEq)]
pub struct LossLink {
    /// The Loss node.
    pub node: NodeId,
    /// Which loss.
    pub kind: LossKind,
    /// Its weight in the total.
    pub weight: f64,
    /// Every step's copy, counted or not.
    pub steps: Vec<LossStep>,
}

/// One step's copy of a loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossStep {
    /// The step, from 0.
    pub step: usize,
    /// Its value, one number.
    pub value: ValueId,
    /// How much it counts in the total; 0 where it is not counted.
    pub seed: f64,
    /// Whether it is counted.
    pub is_counted: bool,
}

impl LossLink {
    /// The steps that count, from 0.
    pub fn counted_steps(&self) -> Vec<usize> {
        self.steps.iter().filter(|step| step.is_counted).map(|step| step.step).collect()
    }

    /// The loss before its weight: the mean over the counted steps' values, or for a sum their
    /// sum. `value` reads one number of the trace.
    pub fn value(&self, value: impl Fn(ValueId) -> f64) -> f64 {
        let counted = || self.steps.iter().filter(|step| step.is_counted).map(|step| value(step.value));
        match self.kind.reduction() {
            crate::network::Reduction::Sum => counted().sum(),
            crate::network::Reduction::Mean | crate::network::Reduction::MeanOverSamples => {
                counted().sum::<f64>() / counted().count().max(1) as f64
            }
        }
    }
}

impl Links {
    pub(super) fn new(n_steps: usize) -> Self {
        Self { n_steps, ..Self::default() }
    }

    /// A node's copy at a step.
    pub fn node(&self, node: NodeId, step: usize) -> Option<&NodeLink> {
        self.nodes.get(&node)?.get(step)
    }

    /// A node's copies, step after step.
    pub fn steps(&self, node: NodeId) -> &[NodeLink] {
        self.nodes.get(&node).map_or(&[], Vec::as_slice)
    }

    /// All nodes, in the order of their ids.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &[NodeLink])> {
        self.nodes.iter().map(|(&id, links)| (id, links.as_slice()))
    }

    /// The rows of a delayed edge's initial state, as far as they are used.
    pub fn initial(&self, edge: EdgeId) -> &[ValueId] {
        self.initials.get(&edge).map_or(&[], Vec::as_slice)
    }

    /// The program's id of a parameter.
    pub fn parameter(&self, key: ParameterKey) -> Option<ParameterId> {
        self.ids.get(*self.parameters.get(&key)?).copied()
    }

    /// The drawing's key of a parameter.
    pub fn key(&self, id: ParameterId) -> Option<ParameterKey> {
        self.keys.get(id.index()).copied()
    }

    /// All parameters, in the program's order.
    pub fn parameters(&self) -> impl Iterator<Item = (ParameterKey, ParameterId)> + '_ {
        self.keys.iter().copied().zip(self.ids.iter().copied())
    }

    /// The node and step, or the initial state, that a value belongs to; `None` for parameters.
    pub fn origin(&self, value: ValueId) -> Option<Origin> {
        self.origins.get(value.index()).copied().flatten()
    }

    pub(super) fn add_parameter(&mut self, key: ParameterKey) {
        self.parameters.insert(key, self.keys.len());
        self.keys.push(key);
    }

    pub(super) fn add_initial(&mut self, edge: EdgeId, value: ValueId) {
        self.initials.entry(edge).or_default().push(value);
    }

    pub(super) fn add_data(&mut self, is_target: bool, link: DataLink) {
        if is_target { self.targets.push(link) } else { self.inputs.push(link) }
    }

    pub(super) fn add_loss(&mut self, node: NodeId, loss: &LossNode, step: LossStep) {
        let idx = *self.loss_idx.entry(node).or_insert(self.losses.len());
        match self.losses.get_mut(idx) {
            Some(link) => link.steps.push(step),
            None => {
                self.losses.push(LossLink { node, kind: loss.kind, weight: loss.weight, steps: vec![step] });
            }
        }
    }

    pub(super) fn add_node(&mut self, node: NodeId, step: usize, link: NodeLink) {
        let copies = self.nodes.entry(node).or_default();
        debug_assert_eq!(copies.len(), step, "steps come in order");
        copies.push(link);
    }

    /// Fills in what only the finished program knows.
    pub(super) fn finish<T: Real>(&mut self, program: &Program<T>) {
        self.losses.sort_by_key(|loss| loss.node);
        self.loss_idx.clear();
        self.ids = program.parameters().ids().collect();
        self.origins = vec![None; program.n_values()];
        let origins = &mut self.origins;
        let mut set = |value: ValueId, origin: Origin| {
            if let Some(place) = origins.get_mut(value.index()) {
                *place = Some(origin);
            }
        };
        for (&edge, rows) in &self.initials {
            for (row, &value) in rows.iter().enumerate() {
                set(value, Origin::Initial { edge, row });
            }
        }
        let mut loss_of = BTreeMap::new();
        for loss in &self.losses {
            for step in &loss.steps {
                if let Some(instruction) = program.instruction_of(step.value) {
                    loss_of.insert(instruction, loss.node);
                }
            }
        }
        for (&node, copies) in &mut self.nodes {
            for (step, link) in copies.iter_mut().enumerate() {
                let origin = Origin::Node { node, step };
                link.instruction = program.instruction_of(link.output);
                link.fused_into =
                    program.fused_losses(link.output).find_map(|loss| loss_of.get(&loss).copied());
                for input in link.inputs.iter().filter(|input| input.is_detached) {
                    set(input.value, origin);
                }
                if let Some(mask) = link.mask {
                    set(mask, origin);
                }
                set(link.output, origin);
            }
        }
    }
}
