//! Compiled ops in order: what is run, with which values, and how the passes go over it.
//!
//! Running cannot fail: shapes were checked while building. Must not know the drawing.

use std::sync::Arc;

use super::op::{LocalRule, Op};
use super::plan::{Fused, Plan, Reach};
use super::store::{ParameterId, ParameterStore};
use super::trace::{Done, Trace};
use crate::tensor::{Matrix, Real, Shape};

/// Names a value of one program: a leaf, a parameter, or an op's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub(super) u32);

impl ValueId {
    /// Its place in the builder's order.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Names an instruction of one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstructionId(pub(super) u32);

impl InstructionId {
    /// Its place in the order of running.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One op with its inputs and its output.
#[derive(Clone, Debug)]
pub struct Instruction<T: Real> {
    /// What is computed.
    pub op: Arc<dyn Op<T>>,
    /// From which values, in the op's order.
    pub inputs: Vec<ValueId>,
    /// Which value it makes.
    pub output: ValueId,
    pub(super) workspace: Option<Shape>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Leaf,
    Parameter(ParameterId),
    Computed(InstructionId),
}

#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) source: Source,
}

/// Ops in an order that can be run, each with links to the values it reads and makes.
#[derive(Clone, Debug)]
pub struct Program<T: Real> {
    pub(super) values: Vec<Value>,
    pub(super) instructions: Vec<Instruction<T>>,
    pub(super) parameters: Vec<ValueId>,
    pub(super) losses: Vec<(ValueId, T)>,
    pub(super) uses: Vec<Vec<(InstructionId, usize)>>,
    /// By instruction: the stable form of a loss that was joined with its activation.
    pub(super) fused: Vec<Option<Fused<T>>>,
    pub(super) plan: Plan<T>,
}

impl<T: Real> Program<T> {
    pub(super) fn new(
        values: Vec<Value>,
        instructions: Vec<Instruction<T>>,
        parameters: Vec<ValueId>,
        losses: Vec<(ValueId, T)>,
        fuse: bool,
    ) -> Self {
        let mut uses = vec![Vec::new(); values.len()];
        for (idx, instruction) in instructions.iter().enumerate() {
            for (arg, input) in instruction.inputs.iter().enumerate() {
                uses[input.index()].push((InstructionId(idx as u32), arg));
            }
        }
        let mut program = Self {
            fused: vec![None; instructions.len()],
            values,
            instructions,
            parameters,
            losses,
            uses,
            plan: Plan::empty(),
        };
        if fuse {
            program.find_fused();
        }
        program.plan = Plan::new(&program, false);
        program
    }

    /// Joins a loss with the activation that makes its prediction, where nothing else looks at
    /// the activation.
    fn find_fused(&mut self) {
        for (idx, instruction) in self.instructions.iter().enumerate() {
            let Some(&prediction) = instruction.inputs.first() else { continue };
            let Source::Computed(producer) = self.values[prediction.index()].source else { continue };
            let used_once = self.uses[prediction.index()].len() == 1;
            if !used_once || self.losses.iter().any(|(id, _)| *id == prediction) {
                continue;
            }
            let made_by = &self.instructions[producer.index()];
            if let (Some(op), &[before]) =
                (instruction.op.fused_with(&*made_by.op), made_by.inputs.as_slice())
            {
                let inputs = [before, prediction].into_iter().chain(instruction.inputs[1..].iter().copied());
                self.fused[idx] = Some(Fused { op, inputs: inputs.collect(), activation: producer });
            }
        }
    }

    /// Whether backward also computes gradients that no parameter needs, such as those of inputs.
    /// Off by default: training goes without, and [`complete_grads`](Self::complete_grads)
    /// computes them when they are to be shown.
    #[must_use]
    pub fn with_input_grads(mut self, wanted: bool) -> Self {
        self.plan = Plan::new(&self, wanted);
        self
    }

    /// Buffers for a batch of `batch` samples. A trace belongs to the program that made it.
    pub fn trace(&self, batch: usize) -> Trace<T> {
        let buffer = |shape: &Shape| {
            let (rows, cols) = shape.storage(batch);
            Matrix::zeros(rows, cols)
        };
        let empty = || Matrix::zeros(0, 0);
        let values = self.values.iter().map(|value| match value.source {
            Source::Parameter(_) => empty(),
            Source::Leaf | Source::Computed(_) => buffer(&value.shape),
        });
        let grads = self.values.iter().zip(&self.plan.reach).map(|(value, reach)| match reach {
            Reach::Main => buffer(&value.shape),
            Reach::No | Reach::Rest => empty(),
        });
        let workspaces = self.instructions.iter().map(|it| it.workspace.as_ref().map_or_else(empty, buffer));
        Trace {
            batch,
            values: values.collect(),
            grads: grads.collect(),
            reach: self.plan.reach.clone(),
            done: Done::Nothing,
            workspaces: workspaces.collect(),
            gather: Vec::new(),
        }
    }

    /// The parameters, all zeros and trainable, in the builder's order.
    pub fn parameters(&self) -> ParameterStore<T> {
        let infos = self.parameters.iter().map(|id| &self.values[id.index()]);
        ParameterStore::new(infos.map(|value| (value.name.clone(), value.shape.clone())))
    }

    /// Σ seed·value over the losses, after a forward pass.
    pub fn total_loss(&self, trace: &Trace<T>) -> T {
        self.losses.iter().fold(T::zero(), |sum, &(id, seed)| sum + seed * trace.values[id.index()][0])
    }

    /// The losses with their seeds.
    pub fn losses(&self) -> &[(ValueId, T)] {
        &self.losses
    }

    /// How many instructions there are.
    pub fn n_instructions(&self) -> usize {
        self.instructions.len()
    }

    /// All instructions in the order of running.
    pub fn instruction_ids(&self) -> impl Iterator<Item = InstructionId> + use<T> {
        (0..self.instructions.len() as u32).map(InstructionId)
    }

    /// An instruction as it was built; a loss that was fused keeps its own op here.
    pub fn instruction(&self, id: InstructionId) -> &Instruction<T> {
        &self.instructions[id.index()]
    }

    /// The instruction that makes a value; `None` for leaves and parameters.
    pub fn instruction_of(&self, value: ValueId) -> Option<InstructionId> {
        match self.values[value.index()].source {
            Source::Computed(id) => Some(id),
            Source::Leaf | Source::Parameter(_) => None,
        }
    }

    /// Which parameter a value is, if it is one.
    pub fn parameter_of(&self, value: ValueId) -> Option<ParameterId> {
        match self.values[value.index()].source {
            Source::Parameter(id) => Some(id),
            Source::Leaf | Source::Computed(_) => None,
        }
    }

    /// The value that a parameter is.
    pub fn value_of(&self, parameter: ParameterId) -> ValueId {
        self.parameters[parameter.index()]
    }

    /// Where a value goes: instruction and argument, in the order of running.
    pub fn uses(&self, value: ValueId) -> &[(InstructionId, usize)] {
        &self.uses[value.index()]
    }

    /// How many values there are.
    pub fn n_values(&self) -> usize {
        self.values.len()
    }

    /// A value's shape.
    pub fn shape(&self, value: ValueId) -> &Shape {
        &self.values[value.index()].shape
    }

    /// A value's name: as given for leaves and parameters, the op's name otherwise.
    pub fn name(&self, value: ValueId) -> &str {
        &self.values[value.index()].name
    }

    /// How a gradient passes through an instruction to one of its inputs.
    pub fn local_rule(&self, id: InstructionId, arg: usize) -> LocalRule {
        self.instructions[id.index()].op.local_rule(arg)
    }

    /// The loss that took an activation's gradient over, if this value is such an activation's
    /// output: backward goes from the loss straight to the activation's input.
    pub fn fused_into(&self, value: ValueId) -> Option<InstructionId> {
        let &[(loss, 0)] = self.uses(value) else { return None };
        self.fused[loss.index()].as_ref().map(|_| loss)
    }

    /// The stable form that a loss runs as, if it was fused.
    pub fn fused_op(&self, loss: InstructionId) -> Option<&dyn Op<T>> {
        self.fused[loss.index()].as_ref().map(|fused| &*fused.op)
    }

    /// Any value, wherever it lives.
    pub fn value<'a>(&self, store: &'a ParameterStore<T>, trace: &'a Trace<T>, id: ValueId) -> &'a Matrix<T> {
        match self.values[id.index()].source {
            Source::Parameter(parameter) => store.value(parameter),
            Source::Leaf | Source::Computed(_) => trace.value(id),
        }
    }
}
