//! Single shares of a gradient, for showing: what one instruction sends back over one edge, of
//! the whole batch or of one sample.
//!
//! Must not change a run. Nothing here is asked for by training, so it may allocate.

use nalgebra::ComplexField;

use super::graph::{InstructionId, Source, ValueId};
use super::op::{BackwardArgs, Op};
use super::program::Program;
use super::store::ParameterStore;
use super::trace::Trace;
use crate::tensor::{Matrix, Real, Shape};

/// What one op sends to one of its arguments.
struct Share<'a, T: Real> {
    op: &'a dyn Op<T>,
    argument: usize,
    args: BackwardArgs<'a, T>,
}

impl<T: Real> Share<'_, T> {
    /// Adds it to `out`, or sets `out` where it is the first to arrive.
    fn add_to(&self, out: &mut Matrix<T>, is_first: bool) {
        if is_first {
            self.op.backward_first(&self.args, self.argument, out);
        } else {
            self.op.backward(&self.args, self.argument, out);
        }
    }
}

impl<T: Real> Program<T> {
    /// One edge's share: what instruction `id` alone sends back to its input `arg`, after a
    /// backward pass. Sizes `out` and returns true where there is a share. False where no gradient
    /// passes or arrives, where the parameter is frozen, and where the long way through a fused
    /// pair is not finite.
    ///
    /// In a fused pair the loss's share to the activation is the long-way value. The activation's
    /// share to its own input is the fused gradient, which training used, and what other users of
    /// the activation send through it.
    pub fn edge_grad(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        id: InstructionId,
        arg: usize,
        out: &mut Matrix<T>,
    ) -> bool {
        let asked = self.instruction(id);
        if self.is_frozen(store, asked.inputs[arg]) || self.is_constant(asked.inputs[arg]) {
            return false;
        }
        if let Some(grad) = trace.grad(asked.inputs[arg]).filter(|_| self.is_whole_grad(id, arg)) {
            out.clone_from(grad);
            return true;
        }
        fit(out, self.shape(asked.inputs[arg]).storage(trace.batch));
        let mut has_share = false;
        if arg == 0 {
            for loss in self.fused_losses(asked.output) {
                has_share |= self.add_fused_share(store, trace, loss, out, !has_share);
            }
        }
        let Some(grad_output) = trace.grad(asked.output).filter(|_| asked.op.passes(arg)) else {
            return has_share;
        };
        let inputs: Vec<&Matrix<T>> = asked.inputs.iter().map(|id| self.value(store, trace, *id)).collect();
        let output = trace.value(asked.output);
        // The scratch in the trace is that of the op that ran; the long way needs its own.
        let is_long_way = self.fused[id.index()].is_some();
        let own =
            is_long_way.then(|| scratch(&*asked.op, asked.workspace.as_ref(), &inputs, output, trace.batch));
        let workspace = own.as_ref().unwrap_or(&trace.workspaces[id.index()]);
        let args = BackwardArgs { inputs: &inputs, output, grad_output, workspace };
        Share { op: &*asked.op, argument: arg, args }.add_to(out, !has_share);
        !is_long_way || is_finite(out)
    }

    /// Whether what instruction `id` sends back to its input `arg` is all that arrives there: nothing else
    /// uses that value, and no root starts at it. What a fused loss sends is left out, for it goes past its
    /// activation.
    pub fn is_whole_grad(&self, id: InstructionId, arg: usize) -> bool {
        let value = self.instruction(id).inputs[arg];
        self.fused[id.index()].is_none() && self.uses(value) == [(id, arg)] && !self.graph.is_root(value)
    }

    /// Adds what a fused loss sends past its activation, straight to the activation's input.
    /// Returns whether there is such a share.
    fn add_fused_share(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        loss: InstructionId,
        out: &mut Matrix<T>,
        is_first: bool,
    ) -> bool {
        let output = self.instruction(loss).output;
        let (Some(fused), Some(grad_output)) = (&self.fused[loss.index()], trace.grad(output)) else {
            return false;
        };
        let inputs: Vec<&Matrix<T>> = fused.inputs.iter().map(|id| self.value(store, trace, *id)).collect();
        let args = BackwardArgs {
            inputs: &inputs,
            output: trace.value(output),
            grad_output,
            workspace: &trace.workspaces[loss.index()],
        };
        Share { op: &*fused.op, argument: 0, args }.add_to(out, is_first);
        true
    }

    /// One sample's part of [`edge_grad`](Self::edge_grad) to a parameter (for `grad_W` of sample n)
    /// or, for any other input, the sample's column of it. Where an instruction's output is shared
    /// by all samples, no part of it belongs to one: then it is the whole.
    pub fn edge_grad_of_sample(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        id: InstructionId,
        arg: usize,
        sample: usize,
        out: &mut Matrix<T>,
    ) -> bool {
        let asked = self.instruction(id);
        let to = asked.inputs[arg];
        let is_fixed = !self.shape(to).is_batched();
        if !is_fixed || !self.shape(asked.output).is_batched() {
            let has_share = self.edge_grad(store, trace, id, arg, out);
            if has_share && !is_fixed {
                *out = out.columns(sample, 1).into();
            }
            return has_share;
        }
        if self.is_frozen(store, to) || !asked.op.passes(arg) {
            return false;
        }
        let Some(grad_output) = trace.grad(asked.output) else { return false };
        let only = |id: ValueId, whole: &Matrix<T>| -> Matrix<T> {
            if self.shape(id).is_batched() { whole.columns(sample, 1).into() } else { whole.clone() }
        };
        let inputs: Vec<Matrix<T>> =
            asked.inputs.iter().map(|id| only(*id, self.value(store, trace, *id))).collect();
        let inputs: Vec<&Matrix<T>> = inputs.iter().collect();
        let output = only(asked.output, trace.value(asked.output));
        let args = BackwardArgs {
            inputs: &inputs,
            output: &output,
            grad_output: &only(asked.output, grad_output),
            // The scratch in the trace holds the whole batch.
            workspace: &scratch(&*asked.op, asked.workspace.as_ref(), &inputs, &output, 1),
        };
        fit(out, self.shape(to).storage(1));
        Share { op: &*asked.op, argument: arg, args }.add_to(out, true);
        true
    }

    /// dL/d value for showing: [`Trace::grad`], and for the output of a fused activation the
    /// long-way value of what its losses send, where that is finite. Returns whether there is one.
    pub fn value_grad(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        value: ValueId,
        out: &mut Matrix<T>,
    ) -> bool {
        let mut has_grad = trace.grad(value).inspect(|grad| out.clone_from(grad)).is_some();
        let mut share = Matrix::zeros(0, 0);
        for loss in self.fused_losses(value) {
            if !self.edge_grad(store, trace, loss, 0, &mut share) {
                return false;
            }
            if has_grad {
                *out += &share;
            } else {
                std::mem::swap(out, &mut share);
            }
            has_grad = true;
        }
        has_grad
    }

    fn is_frozen(&self, store: &ParameterStore<T>, value: ValueId) -> bool {
        matches!(self.graph.value(value).source, Source::Parameter(id) if !store.is_trainable(id))
    }
}

/// The scratch that `op` leaves for these inputs, computed on the side; empty where it wants none.
fn scratch<T: Real>(
    op: &dyn Op<T>,
    shape: Option<&Shape>,
    inputs: &[&Matrix<T>],
    output: &Matrix<T>,
    batch: usize,
) -> Matrix<T> {
    let Some(shape) = shape else { return Matrix::zeros(0, 0) };
    let (rows, cols) = shape.storage(batch);
    let mut workspace = Matrix::zeros(rows, cols);
    op.forward(inputs, &mut output.clone(), &mut workspace);
    workspace
}

fn fit<T: Real>(out: &mut Matrix<T>, (rows, cols): (usize, usize)) {
    if out.shape() != (rows, cols) {
        *out = Matrix::zeros(rows, cols);
    }
}

fn is_finite<T: Real>(numbers: &Matrix<T>) -> bool {
    numbers.iter().all(ComplexField::is_finite)
}
