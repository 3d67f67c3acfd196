//! A finished program: what is computed, in which order, and how to ask for it.
//!
//! Running cannot fail: shapes were checked while building. Must not know the drawing.

use super::fusion::{self, Fused};
use super::graph::{Graph, Instruction, InstructionId, ParameterId, Source, ValueId};
use super::op::Op;
use super::schedule::{Reach, Schedule};
use super::store::ParameterStore;
use super::trace::{Done, Trace};
use crate::tensor::{Matrix, Real, Shape};

/// Ops in an order that can be run, each with links to the values it reads and makes.
#[derive(Clone, Debug)]
pub struct Program<T: Real> {
    pub(super) graph: Graph<T>,
    /// By instruction: the stable form of a loss that was joined with its activation.
    pub(super) fused: Vec<Option<Fused<T>>>,
    pub(super) schedule: Schedule<T>,
}

impl<T: Real> Program<T> {
    pub(super) fn new(graph: Graph<T>, fuse: bool) -> Self {
        let fused = if fuse { fusion::find(&graph) } else { vec![None; graph.instructions.len()] };
        let schedule = Schedule::new(&graph, &fused, false);
        Self { graph, fused, schedule }
    }

    /// Whether backward also computes gradients that no parameter needs, such as those of inputs.
    /// Off by default: training goes without, and [`complete_grads`](Self::complete_grads)
    /// computes them when they are to be shown.
    #[must_use]
    pub fn with_input_grads(mut self, wanted: bool) -> Self {
        self.schedule = Schedule::new(&self.graph, &self.fused, wanted);
        self
    }

    /// The same values with backward starting at `root` alone, whatever losses there are, and computing
    /// every gradient on the way to the leaves: for [`backward_from`](Self::backward_from).
    #[must_use]
    pub fn rooted_at(mut self, root: ValueId) -> Self {
        self.graph.losses = vec![(root, T::one())];
        self.graph.vectors = vec![None];
        self.fused = vec![None; self.graph.instructions.len()];
        self.schedule = Schedule::new(&self.graph, &self.fused, true);
        self
    }

    /// What [`run`](Self::run) and [`update`](Self::update) execute, in order.
    pub fn schedule(&self) -> &Schedule<T> {
        &self.schedule
    }

    /// Buffers for a batch of `batch` samples. A trace belongs to the program that made it.
    pub fn trace(&self, batch: usize) -> Trace<T> {
        let buffer = |shape: &Shape| {
            let (rows, cols) = shape.storage(batch);
            Matrix::zeros(rows, cols)
        };
        let empty = || Matrix::zeros(0, 0);
        let values = self.graph.values.iter().map(|value| match value.source {
            Source::Parameter(_) => empty(),
            Source::Leaf | Source::Computed(_) => buffer(&value.shape),
        });
        let grads = self.graph.values.iter().zip(&self.schedule.reach).map(|(value, reach)| match reach {
            Reach::Training => buffer(&value.shape),
            Reach::No | Reach::Showing => empty(),
        });
        let workspaces = self.graph.instructions.iter().zip(&self.fused).map(|(instruction, fused)| {
            let shape = fused.as_ref().map_or(&instruction.workspace, |fused| &fused.workspace);
            shape.as_ref().map_or_else(empty, buffer)
        });
        Trace {
            batch,
            values: values.collect(),
            grads: grads.collect(),
            reach: self.schedule.reach.clone(),
            done: Done::Nothing,
            workspaces: workspaces.collect(),
            gather: Vec::new(),
        }
    }

    /// How many numbers a pass over `batch` samples holds at most: values, gradients and workspaces.
    /// To be asked before [`trace`](Self::trace) takes memory for them.
    pub fn pass_numbers(&self, batch: usize) -> usize {
        let size = |shape: &Shape| {
            let (rows, columns) = shape.storage(batch);
            rows.saturating_mul(columns)
        };
        let values = self.graph.values.iter().map(|value| match value.source {
            Source::Parameter(_) => 0,
            Source::Leaf | Source::Computed(_) => size(&value.shape).saturating_mul(2),
        });
        let workspaces = self.graph.instructions.iter().zip(&self.fused).map(|(instruction, fused)| {
            let shape = fused.as_ref().map_or(&instruction.workspace, |fused| &fused.workspace);
            shape.as_ref().map_or(0, size)
        });
        values.chain(workspaces).fold(0, usize::saturating_add)
    }

    /// The parameters, all zeros and trainable, in the builder's order.
    pub fn parameters(&self) -> ParameterStore<T> {
        let infos = self.graph.parameters.iter().map(|id| self.graph.value(*id));
        ParameterStore::new(infos.map(|value| (value.name.clone(), value.shape.clone())))
    }

    /// Σ seed·number over the losses and other roots, after a forward pass.
    pub fn total_loss(&self, trace: &Trace<T>) -> T {
        let seeds = self.losses().iter().enumerate();
        seeds.fold(T::zero(), |sum, (root, &(_, seed))| sum + seed * self.root_number(trace, root))
    }

    /// The number that a loss or another root, counted in [`losses`](Self::losses), stands for, before its
    /// seed: vᵀ·value where it has a vector v, otherwise the sum of its numbers.
    pub fn root_number(&self, trace: &Trace<T>, root: usize) -> T {
        let Some((id, _)) = self.graph.losses.get(root) else { return T::zero() };
        let values = trace.values[id.index()].as_slice();
        match (values, self.vector(root)) {
            (&[value], None) => value,
            (values, None) => values.iter().fold(T::zero(), |sum, &value| sum + value),
            (values, Some(v)) => {
                values.iter().zip(v.iter().cycle()).fold(T::zero(), |sum, (&value, &v)| sum + v * value)
            }
        }
    }

    /// The vector v that backward starts with at a root, in C order, the same for every sample; `None` where
    /// it starts with the seed.
    pub fn vector(&self, root: usize) -> Option<&[T]> {
        self.graph.vectors.get(root)?.as_deref()
    }

    /// The losses and other roots with their seeds.
    pub fn losses(&self) -> &[(ValueId, T)] {
        &self.graph.losses
    }

    /// All instructions in the order of running.
    pub fn instruction_ids(&self) -> impl Iterator<Item = InstructionId> + use<T> {
        (0..self.graph.instructions.len() as u32).map(InstructionId)
    }

    /// An instruction as it was built; a loss that was fused keeps its own op here.
    pub fn instruction(&self, id: InstructionId) -> &Instruction<T> {
        self.graph.instruction(id)
    }

    /// The instruction that makes a value; `None` for leaves and parameters.
    pub fn instruction_of(&self, value: ValueId) -> Option<InstructionId> {
        match self.graph.value(value).source {
            Source::Computed(id) => Some(id),
            Source::Leaf | Source::Parameter(_) => None,
        }
    }

    /// Which parameter a value is, if it is one.
    pub fn parameter_of(&self, value: ValueId) -> Option<ParameterId> {
        match self.graph.value(value).source {
            Source::Parameter(id) => Some(id),
            Source::Leaf | Source::Computed(_) => None,
        }
    }

    /// The value that a parameter is.
    pub fn value_of(&self, parameter: ParameterId) -> ValueId {
        self.graph.parameters[parameter.index()]
    }

    /// Where a value goes: instruction and argument, in the order of running.
    pub fn uses(&self, value: ValueId) -> &[(InstructionId, usize)] {
        &self.graph.uses[value.index()]
    }

    /// How many values there are.
    pub fn n_values(&self) -> usize {
        self.graph.values.len()
    }

    /// A value's shape.
    pub fn shape(&self, value: ValueId) -> &Shape {
        &self.graph.value(value).shape
    }

    /// A value's name: as given for leaves and parameters, the op's name otherwise.
    pub fn name(&self, value: ValueId) -> &str {
        &self.graph.value(value).name
    }

    /// The losses that were joined with the activation whose output this value is: backward goes
    /// from each of them straight to the activation's input. Other users of the value send to it
    /// as ever.
    pub fn fused_losses(&self, value: ValueId) -> impl Iterator<Item = InstructionId> + '_ {
        let is_fused = |&&(id, arg): &&(InstructionId, usize)| arg == 0 && self.fused[id.index()].is_some();
        self.uses(value).iter().filter(is_fused).map(|&(loss, _)| loss)
    }

    /// The stable form that a loss runs as, if it was fused.
    pub fn fused_op(&self, loss: InstructionId) -> Option<&dyn Op<T>> {
        self.fused[loss.index()].as_ref().map(|fused| &*fused.op)
    }

    /// Whether a value depends on no input and no parameter: then it has no gradient.
    pub fn is_constant(&self, value: ValueId) -> bool {
        self.parameter_of(value).is_none() && !self.schedule.is_variable[value.index()]
    }

    /// Any value, wherever it lives.
    pub fn value<'a>(&self, store: &'a ParameterStore<T>, trace: &'a Trace<T>, id: ValueId) -> &'a Matrix<T> {
        match self.graph.value(id).source {
            Source::Parameter(parameter) => store.value(parameter),
            Source::Leaf | Source::Computed(_) => trace.value(id),
        }
    }
}
