//! Strings ops together, value after value, and finishes them into a program.
//!
//! A value can only be made from values that stand already, so the order of building is an
//! order of running, and nothing here or later recurses. Must not know how ops compute.

use std::collections::HashMap;
use std::sync::Arc;

use super::graph::{Graph, Instruction, InstructionId, ParameterId, Source, Value, ValueId};
use super::op::Op;
use super::ops::Identity;
use super::program::Program;
use crate::tensor::{Real, Shape, ShapeError};

/// Builds a [`Program`].
#[derive(Debug)]
pub struct ProgramBuilder<T: Real> {
    values: Vec<Value>,
    instructions: Vec<Instruction<T>>,
    parameters: Vec<ValueId>,
    losses: Vec<(ValueId, T)>,
    /// By place among the losses.
    vectors: Vec<Option<Vec<T>>>,
    /// Where each value stands among the losses.
    loss_idx: HashMap<ValueId, usize>,
    fuse: bool,
}

impl<T: Real> Default for ProgramBuilder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Real> ProgramBuilder<T> {
    /// Nothing yet. Fusing is on.
    pub fn new() -> Self {
        Self {
            values: Vec::new(),
            instructions: Vec::new(),
            parameters: Vec::new(),
            losses: Vec::new(),
            vectors: Vec::new(),
            loss_idx: HashMap::new(),
            fuse: true,
        }
    }

    /// Whether [`finish`](Self::finish) joins an activation and its loss into their stable form.
    #[must_use]
    pub fn fuse(mut self, fuse: bool) -> Self {
        self.fuse = fuse;
        self
    }

    fn push(&mut self, name: String, shape: Shape, source: Source) -> ValueId {
        let id = ValueId(self.values.len() as u32);
        self.values.push(Value { name, shape, source });
        id
    }

    /// A value that the caller fills before each run: an input, a target, a dropout mask. Zeros
    /// while nobody does.
    pub fn leaf(&mut self, name: impl Into<String>, shape: Shape) -> ValueId {
        self.push(name.into(), shape, Source::Leaf)
    }

    /// A value that training changes. Its [`ParameterId`] is its place among the parameters.
    pub fn parameter(&mut self, name: impl Into<String>, shape: Shape) -> ValueId {
        let parameter = ParameterId(self.parameters.len() as u32);
        let id = self.push(name.into(), shape, Source::Parameter(parameter));
        self.parameters.push(id);
        id
    }

    /// The output of `op` on values that stand already.
    ///
    /// # Errors
    /// When the op's rule of shapes refuses the inputs.
    pub fn apply(&mut self, op: Arc<dyn Op<T>>, inputs: &[ValueId]) -> Result<ValueId, ShapeError> {
        let shapes: Vec<&Shape> = inputs.iter().map(|id| self.shape(*id)).collect();
        let shape = op.infer_shape(&shapes)?;
        let workspace = op.workspace(&shapes);
        let instruction = InstructionId(self.instructions.len() as u32);
        let output = self.push(op.name().to_owned(), shape, Source::Computed(instruction));
        self.instructions.push(Instruction { op, inputs: inputs.to_vec(), output, workspace });
        Ok(output)
    }

    /// Starts backward at this value: counts `seed` times the number in the total loss. A loss, or
    /// any other scalar. Counting one value twice adds the seeds up; a seed of zero gives gradients
    /// that are computed zeros.
    pub fn add_loss(&mut self, value: ValueId, seed: T) {
        self.add_seeded(value, seed);
    }

    /// Starts backward at a value of several numbers with a vector v, in C order, the same for every
    /// sample: counts vᵀ·value in the total loss.
    pub fn add_root(&mut self, value: ValueId, v: Vec<T>) {
        let idx = self.add_seeded(value, T::one());
        self.vectors[idx] = Some(v);
    }

    /// Adds to the seed of a value, and gives its place among the losses.
    fn add_seeded(&mut self, value: ValueId, seed: T) -> usize {
        let value = match self.values[value.index()].source {
            // A parameter lives in the store and not in a trace: its copy is the root.
            Source::Parameter(_) => self.apply(Arc::new(Identity), &[value]).unwrap_or(value),
            Source::Leaf | Source::Computed(_) => value,
        };
        let idx = *self.loss_idx.entry(value).or_insert(self.losses.len());
        if let Some((_, sum)) = self.losses.get_mut(idx) {
            *sum += seed;
        } else {
            self.losses.push((value, seed));
            self.vectors.push(None);
        }
        idx
    }

    /// A value's shape.
    pub fn shape(&self, id: ValueId) -> &Shape {
        &self.values[id.index()].shape
    }

    /// The program: fuses where it may and makes the schedule.
    pub fn finish(self) -> Program<T> {
        let Self { values, instructions, parameters, losses, vectors, loss_idx: _, fuse } = self;
        Program::new(Graph::new(values, instructions, parameters, losses, vectors), fuse)
    }
}
