//! The actions of one pass, in the phases of a PyTorch training loop.
//!
//! Read off the schedule that training executes, with the drawing's names put in: each action knows
//! its node, its time step, the tensors that it reads and writes, and how the number is made. Must not
//! know which of them have been looked at, nor how anything is drawn.

mod build;
mod code;

use std::collections::BTreeMap;
use std::ops::Range;

use super::definition::Definitions;
use super::quantity::Tensor;
use crate::algebra::Expression;
use crate::network::{EdgeId, NodeId, ParameterKey};
use crate::train::Pass;
pub use code::CodeStyle;

/// A part of a training step, by the line of PyTorch that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// `optimizer.zero_grad()`: gradients are forgotten.
    ZeroGrad,
    /// `model(x)`: the forward pass.
    Model,
    /// `loss`: the losses, and other roots that nothing reads.
    Loss,
    /// `loss.backward()`: gradients flow back.
    Backward,
    /// `optimizer.step()`: clipping and the update of each parameter.
    Step,
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// Forgets the gradients of all parameters.
    Clear,
    /// Computes a node's output, or brings a trained initial state onto a wire.
    Forward,
    /// Starts backward at a loss or another root.
    Seed,
    /// Sends a share of a gradient back over a wire, to the node at its other end.
    SendOver(EdgeId),
    /// A loss sends past the activation that it was joined with, over the wire into the activation.
    SendPast {
        /// The activation.
        activation: NodeId,
        /// The wire into it.
        edge: EdgeId,
        /// The wire from it to the loss.
        prediction: EdgeId,
    },
    /// Sends a share of a gradient to a parameter.
    SendTo(ParameterKey),
    /// Clips the gradients of all parameters.
    Clip,
    /// The optimizer's step on a parameter.
    Update(ParameterKey),
}

/// One action of a pass.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineAction {
    /// In which phase.
    pub phase: Phase,
    /// What is done.
    pub kind: ActionKind,
    /// The node that does it; of an initial state the one that receives it. None where all parameters
    /// are meant.
    pub node: Option<NodeId>,
    /// The time step of that node, from 0.
    pub time_step: usize,
    /// What is computed first of all: the tensor that [`definition`](Self::definition) makes. Of a send
    /// its share, `PortGrad` or a parameter's gradient at one time step.
    pub makes: Option<Tensor>,
    /// How it is made.
    pub definition: Option<Expression<Tensor>>,
    /// What is read.
    pub reads: Vec<Tensor>,
    /// What is made or added to, `makes` first. A gradient that several actions add to stands in each
    /// of them.
    pub writes: Vec<Tensor>,
    /// No parameter's gradient needs it: training leaves it out.
    pub is_for_showing: bool,
}

/// All actions of one pass, in the order in which they run.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    actions: Vec<TimelineAction>,
    /// By tensor: the actions that make it or add to it, in order.
    writers: BTreeMap<Tensor, Vec<usize>>,
    /// By wire: where it comes from, and its delay.
    sources: BTreeMap<EdgeId, (NodeId, usize)>,
    n_steps: usize,
}

impl TimelineAction {
    /// Whether backward starts here with the vector v of a root that is no scalar.
    pub fn starts_with_vector(&self) -> bool {
        self.kind == ActionKind::Seed && self.reads.iter().any(|read| matches!(read, Tensor::Seed(_)))
    }
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::ZeroGrad, Self::Model, Self::Loss, Self::Backward, Self::Step];

    /// The line of PyTorch that does it.
    pub fn code(self) -> &'static str {
        match self {
            Self::ZeroGrad => "optimizer.zero_grad()",
            Self::Model => "model(x)",
            Self::Loss => "loss",
            Self::Backward => "loss.backward()",
            Self::Step => "optimizer.step()",
        }
    }
}

impl Timeline {
    /// The actions of a pass; `definitions` are those of its drawing, best
    /// [with its updates](Definitions::with_updates_of). Parameters that are frozen in the pass get no
    /// gradient. `None` where the drawing cannot run.
    pub fn new(definitions: &Definitions<'_>, pass: &Pass) -> Option<Self> {
        let actions = build::actions(definitions, pass)?;
        let mut writers: BTreeMap<Tensor, Vec<usize>> = BTreeMap::new();
        for (idx, action) in actions.iter().enumerate() {
            for &tensor in &action.writes {
                writers.entry(tensor).or_default().push(idx);
            }
        }
        let edges = definitions.network().edges.iter();
        let sources = edges.map(|(&id, edge)| (id, (edge.from, edge.delay))).collect();
        Some(Self { actions, writers, sources, n_steps: definitions.n_steps() })
    }

    /// The actions, in the order in which they run.
    pub fn actions(&self) -> &[TimelineAction] {
        &self.actions
    }

    /// One of them.
    pub fn action(&self, idx: usize) -> Option<&TimelineAction> {
        self.actions.get(idx)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// T.
    pub fn n_steps(&self) -> usize {
        self.n_steps
    }

    /// The phases with their actions; each stands in one run.
    pub fn phases(&self) -> Vec<(Phase, Range<usize>)> {
        let start = |phase: Phase| self.actions.partition_point(|action| action.phase < phase);
        let end = |phase: Phase| self.actions.partition_point(|action| action.phase <= phase);
        Phase::ALL.into_iter().map(|phase| (phase, start(phase)..end(phase))).collect()
    }

    /// The actions that make a tensor or add to it, in order; none of what is given, of what nothing
    /// reaches and of what is frozen.
    pub fn writers(&self, tensor: Tensor) -> &[usize] {
        self.writers.get(&tensor).map_or(&[], Vec::as_slice)
    }

    /// The output that arrives over a wire at a time step; `None` before time began.
    pub fn source_of(&self, edge: EdgeId, time_step: usize) -> Option<Tensor> {
        let &(node, delay) = self.sources.get(&edge)?;
        Some(Tensor::Output { node, time_step: time_step.checked_sub(delay)? })
    }

    /// What an action adds to a tensor that it writes: its share, by the name of the share alone.
    pub fn share_of(&self, action: &TimelineAction, into: Tensor) -> Option<Tensor> {
        match (action.kind, into) {
            (ActionKind::SendPast { activation, prediction, .. }, Tensor::Grad { node, .. })
                if node == activation =>
            {
                Some(Tensor::PortGrad { edge: prediction, time_step: action.time_step })
            }
            (ActionKind::SendPast { prediction, .. }, Tensor::PortGrad { edge, .. })
                if edge == prediction =>
            {
                Some(into)
            }
            _ => action.makes,
        }
    }

    /// Every tensor that some action makes.
    pub fn tensors(&self) -> impl Iterator<Item = Tensor> + '_ {
        self.writers.keys().copied()
    }
}
