//! What an op is: a value, a derivative, and the rule that states both as expressions.
//!
//! Ops are pure: randomness comes in as an explicit input (a dropout mask), so that gradient
//! checks and stepping back see the same numbers. Must not know programs.

use std::fmt::Debug;
use std::sync::Arc;

use super::rule::{Blocked, Probabilities, Rule};
use crate::tensor::{Matrix, Real, Shape, ShapeError};

/// The side of an entry whose derivative is cut on purpose, so that it is not the slope of the value.
pub const CUT: i8 = i8::MAX;

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

    /// The value and the shares as expressions, for inputs of these shapes; N stays a symbol.
    /// Required, and checked against [`forward`](Self::forward) and [`backward`](Self::backward):
    /// no op without its explanation.
    fn rule(&self, inputs: &[&Shape]) -> Rule;

    /// Why no gradient passes to `inputs[arg]`; `None` where one does. The rule says the same;
    /// this is asked without shapes, instruction after instruction.
    fn blocked(&self, arg: usize) -> Option<Blocked> {
        let _ = arg;
        None
    }

    /// Whether a gradient passes to `inputs[arg]`.
    fn passes(&self, arg: usize) -> bool {
        self.blocked(arg).is_none()
    }

    /// [`backward`](Self::backward) for the first share that reaches a gradient: sets where that
    /// adds, so that no pass over memory is spent on zeroing.
    fn backward_first(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        grad_input.fill(T::zero());
        self.backward(args, arg, grad_input);
    }

    /// Appends, for every entry that has a kink, on which side of it the entry lies, or [`CUT`]. The
    /// gradient check compares: where a small step changes a side, differences do not measure a slope.
    fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
        let _ = (inputs, sides);
    }

    /// Whether this op turns logits into probabilities, and how: what a loss asks of the op that
    /// makes its prediction.
    fn probabilities(&self) -> Option<Probabilities> {
        None
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
