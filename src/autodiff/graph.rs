//! Values and instructions as they were strung together: what is made from what.
//!
//! Must not know in which order gradients go, nor numbers.

use std::sync::Arc;

use super::op::Op;
use crate::tensor::{Real, Shape};

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

/// Names a parameter of one program: its place in the builder's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId(pub(super) u32);

impl ParameterId {
    /// Its place in the builder's order.
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

/// All values and instructions of a program. Every instruction reads only values that stand
/// before its own, so their order is an order of running.
#[derive(Clone, Debug)]
pub(super) struct Graph<T: Real> {
    pub(super) values: Vec<Value>,
    pub(super) instructions: Vec<Instruction<T>>,
    pub(super) parameters: Vec<ValueId>,
    /// What backward starts from, each with its seed.
    pub(super) losses: Vec<(ValueId, T)>,
    /// By place in `losses`: the vector v of a root that is no scalar, in C order, the same for every sample.
    pub(super) vectors: Vec<Option<Vec<T>>>,
    /// By value: where it goes.
    pub(super) uses: Vec<Vec<(InstructionId, usize)>>,
    /// By value: whether backward starts from it.
    is_root: Vec<bool>,
}

impl<T: Real> Graph<T> {
    pub(super) fn new(
        values: Vec<Value>,
        instructions: Vec<Instruction<T>>,
        parameters: Vec<ValueId>,
        losses: Vec<(ValueId, T)>,
        vectors: Vec<Option<Vec<T>>>,
    ) -> Self {
        let mut uses = vec![Vec::new(); values.len()];
        for (idx, instruction) in instructions.iter().enumerate() {
            for (arg, input) in instruction.inputs.iter().enumerate() {
                uses[input.index()].push((InstructionId(idx as u32), arg));
            }
        }
        let mut is_root = vec![false; values.len()];
        for (value, _) in &losses {
            is_root[value.index()] = true;
        }
        Self { values, instructions, parameters, losses, vectors, uses, is_root }
    }

    /// Whether backward starts from a value.
    pub(super) fn is_root(&self, id: ValueId) -> bool {
        self.is_root[id.index()]
    }

    pub(super) fn value(&self, id: ValueId) -> &Value {
        &self.values[id.index()]
    }

    pub(super) fn instruction(&self, id: InstructionId) -> &Instruction<T> {
        &self.instructions[id.index()]
    }
}
