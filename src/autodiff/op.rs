//! What an op is: a value, a derivative, and the words that explain it.
//!
//! Ops are pure: randomness comes in as an explicit input (a dropout mask), so that gradient
//! checks and stepping back see the same numbers. Must not know programs.

use std::fmt::Debug;
use std::sync::Arc;

use crate::tensor::{Matrix, Real, Shape, ShapeError};

/// One operation of a program.
pub trait Op<T: Real>: Debug + Send + Sync {
    /// Its name; also PyTorch's `grad_fn` name: "Pow" is `PowBackward0`.
    fn name(&self) -> &'static str;

    /// The output's shape.
    ///
    /// # Errors
    /// When the inputs do not fit together.
    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError>;

    /// Scratch that the forward and the backward pass share, if any.
    fn workspace(&self, inputs: &[&Shape]) -> Option<Shape> {
        let _ = inputs;
        None
    }

    /// Computes the output.
    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, workspace: &mut Matrix<T>);

    /// Adds dL/d `inputs[arg]` to `grad_input`; called once an edge, so x·x and shared weights
    /// need no special case.
    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>);

    /// How a gradient passes to `inputs[arg]`. Required: no op without its explanation.
    fn local_rule(&self, arg: usize) -> LocalRule;

    /// [`backward`](Self::backward) for the first share that reaches a gradient: sets where that
    /// adds, so that no pass over memory is spent on zeroing.
    fn backward_first(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        grad_input.fill(T::zero());
        self.backward(args, arg, grad_input);
    }

    /// Appends, for every entry that has a kink, on which side of it the entry lies. The gradient
    /// check compares: where a small step changes a side, differences do not measure a slope.
    fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
        let _ = (inputs, sides);
    }

    /// For a loss: the stable form of itself with the op `producer` that makes its prediction.
    /// It takes (producer's input, producer's output, target) and gives the same loss; its
    /// gradient goes to the producer's input in one step.
    fn fused_with(&self, producer: &dyn Op<T>) -> Option<Arc<dyn Op<T>>> {
        let _ = producer;
        None
    }
}

/// What a backward step may look at: the forward pass as it was, and the gradient that comes in.
#[derive(Debug)]
pub struct BackwardArgs<'a, T: Real> {
    /// The inputs of the forward pass.
    pub inputs: &'a [&'a Matrix<T>],
    /// The output of the forward pass.
    pub output: &'a Matrix<T>,
    /// dL/d output, the sum over all uses of the output.
    pub grad_output: &'a Matrix<T>,
    /// The scratch as the forward pass left it.
    pub workspace: &'a Matrix<T>,
}

/// How a gradient passes through an op to one of its inputs, in words a lesson can use.
/// Formulas are in PyTorch's convention (samples are rows); `dL/d output` is written `dA` for
/// activations, `dZ` for linear maps and `dY` elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalRule {
    /// Which output entries depend on which input entries.
    pub kind: RuleKind,
    /// The local derivative, such as `A ⊙ (1 − A)`.
    pub derivative: &'static str,
    /// The whole step, such as `dZ = dA ⊙ A ⊙ (1 − A)`.
    pub step: &'static str,
}

/// Which output entries depend on which input entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// No gradient passes: targets, masks, detached values.
    Blocked,
    /// Entry by entry.
    Elementwise,
    /// Z = X Wᵀ seen from X: through all units of the same sample.
    ProductInput,
    /// Z = X Wᵀ seen from W: one unit's weight, summed over the samples.
    ProductWeight,
    /// A value shared by all samples: summed over them.
    SumOverSamples,
    /// Within one sample, every output entry depends on every input entry.
    WithinSample,
    /// A run of features is handed on.
    Slice,
    /// One number from many: a loss.
    Reduction,
}

impl LocalRule {
    /// No gradient passes.
    pub const BLOCKED: Self = Self { kind: RuleKind::Blocked, derivative: "0", step: "none" };

    /// A rule in words.
    pub const fn new(kind: RuleKind, derivative: &'static str, step: &'static str) -> Self {
        Self { kind, derivative, step }
    }

    /// Whether a gradient passes at all.
    pub fn passes(&self) -> bool {
        self.kind != RuleKind::Blocked
    }
}
