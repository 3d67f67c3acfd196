//! The passes themselves: forward, backward, and single shares of a gradient for showing.
//!
//! Must not know what is drawn or why it is run. Allocates nothing in `forward` and `backward`.

use super::op::BackwardArgs;
use super::plan::{BackPass, Place, Reach};
use super::program::{InstructionId, Program, Source, ValueId};
use super::store::ParameterStore;
use super::trace::{Done, Trace};
use crate::tensor::{Matrix, Real};
use nalgebra::ComplexField;

/// Calls `run` with the inputs of a step gathered into one slice.
#[inline]
fn with_inputs<T: Real, R>(
    places: &[Place],
    values: &[Matrix<T>],
    parameters: &[Matrix<T>],
    gather: &mut Vec<&'static Matrix<T>>,
    run: impl FnOnce(&[&Matrix<T>]) -> R,
) -> R {
    let find = |place: &Place| match *place {
        Place::Value(idx) => &values[idx as usize],
        Place::Parameter(idx) => &parameters[idx as usize],
    };
    match places {
        [a] => run(&[find(a)]),
        [a, b] => run(&[find(a), find(b)]),
        [a, b, c] => run(&[find(a), find(b), find(c)]),
        _ => {
            let mut inputs: Vec<&Matrix<T>> = std::mem::take(gather);
            inputs.extend(places.iter().map(find));
            let result = run(&inputs);
            inputs.clear();
            // An empty list holds no borrow; collecting it in place keeps its memory for next time.
            *gather = inputs.into_iter().map_while(|_| None).collect();
            result
        }
    }
}

impl<T: Real> Program<T> {
    /// Computes every value from the leaves in `trace` and the parameters in `store`.
    pub fn forward(&self, store: &ParameterStore<T>, trace: &mut Trace<T>) {
        self.forward_observed(store, trace, |_| ());
    }

    /// [`forward`](Self::forward), calling `has_run` with each op that has run: for measuring.
    #[inline]
    pub fn forward_observed(
        &self,
        store: &ParameterStore<T>,
        trace: &mut Trace<T>,
        mut has_run: impl FnMut(&'static str),
    ) {
        trace.done = Done::Nothing;
        for (step, workspace) in self.plan.steps.iter().zip(&mut trace.workspaces) {
            let (before, after) = trace.values.split_at_mut(step.output);
            let output = &mut after[0];
            with_inputs(&step.inputs, before, &store.values, &mut trace.gather, |inputs| {
                step.op.forward(inputs, output, workspace);
                has_run(step.op.name());
            });
        }
    }

    /// Computes the gradients of the total loss, after [`forward`](Self::forward): of trainable
    /// parameters into `store`, of the values on the way into `trace`.
    pub fn backward(&self, store: &mut ParameterStore<T>, trace: &mut Trace<T>) {
        self.backward_observed(store, trace, |_| ());
    }

    /// [`backward`](Self::backward), calling `has_run` with each op that has run: for measuring.
    #[inline]
    pub fn backward_observed(
        &self,
        store: &mut ParameterStore<T>,
        trace: &mut Trace<T>,
        has_run: impl FnMut(&'static str),
    ) {
        for &(id, seed) in &self.losses {
            trace.grads[id.index()].fill(seed);
        }
        store.reached.copy_from_slice(&self.plan.parameter_reached);
        self.run_back(&self.plan.main, store, trace, has_run);
        trace.done = Done::Main;
    }

    /// Computes the gradients that [`backward`](Self::backward) left out because no parameter
    /// needs them, such as those of inputs. For showing; does nothing where they stand already.
    pub fn complete_grads(&self, store: &mut ParameterStore<T>, trace: &mut Trace<T>) {
        if trace.done != Done::Main {
            return;
        }
        for ((value, reach), grad) in self.values.iter().zip(&self.plan.reach).zip(&mut trace.grads) {
            if *reach == Reach::Rest && grad.is_empty() {
                let (rows, cols) = value.shape.storage(trace.batch);
                *grad = Matrix::zeros(rows, cols);
            }
        }
        self.run_back(&self.plan.rest, store, trace, |_| ());
        trace.done = Done::All;
    }

    #[inline]
    fn run_back(
        &self,
        pass: &BackPass,
        store: &mut ParameterStore<T>,
        trace: &mut Trace<T>,
        mut has_run: impl FnMut(&'static str),
    ) {
        let ParameterStore { values: parameters, grads: parameter_grads, trainable, .. } = store;
        for back in &pass.steps {
            let step = &self.plan.steps[back.step];
            let workspace = &trace.workspaces[back.step];
            let output = &trace.values[step.output];
            let (before, after) = trace.grads.split_at_mut(step.output);
            let grad_output = &after[0];
            with_inputs(&step.inputs, &trace.values, parameters, &mut trace.gather, |inputs| {
                let args = BackwardArgs { inputs, output, grad_output, workspace };
                for send in &pass.sends[back.sends.clone()] {
                    let grad_input = match send.to {
                        Place::Value(idx) => &mut before[idx as usize],
                        Place::Parameter(idx) if trainable[idx as usize] => {
                            &mut parameter_grads[idx as usize]
                        }
                        Place::Parameter(_) => continue,
                    };
                    if send.first {
                        step.op.backward_first(&args, send.arg, grad_input);
                    } else {
                        step.op.backward(&args, send.arg, grad_input);
                    }
                }
                has_run(step.op.name());
            });
        }
    }

    /// One edge's share: what instruction `id` alone sends back to its input `arg`, after a
    /// backward pass. Sizes `out` and returns true where there is a share. False where no gradient
    /// passes or arrives, where the parameter is frozen, and where the long way through a fused
    /// pair is not finite.
    ///
    /// In a fused pair the loss's share to the activation is the long-way value, and the
    /// activation's share to its own input is the fused gradient, which training used.
    pub fn edge_grad(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        id: InstructionId,
        arg: usize,
        out: &mut Matrix<T>,
    ) -> bool {
        let asked = &self.instructions[id.index()];
        let to = asked.inputs[arg];
        if let Source::Parameter(parameter) = self.values[to.index()].source
            && !store.is_trainable(parameter)
        {
            return false;
        }
        // The activation of a fused pair answers with what its loss sent past it.
        let fused_loss = self.fused_into(asked.output);
        let (op, inputs, output) =
            match fused_loss.and_then(|loss| self.fused[loss.index()].as_ref().zip(Some(loss))) {
                Some((fused, loss)) => (&fused.op, &fused.inputs, self.instructions[loss.index()].output),
                None => (&asked.op, &asked.inputs, asked.output),
            };
        let Some(grad_output) = trace.grad(output).filter(|_| op.local_rule(arg).passes()) else {
            return false;
        };
        let inputs: Vec<&Matrix<T>> = inputs.iter().map(|id| self.value(store, trace, *id)).collect();
        let (rows, cols) = self.values[to.index()].shape.storage(trace.batch);
        if out.shape() != (rows, cols) {
            *out = Matrix::zeros(rows, cols);
        }
        let args = BackwardArgs {
            inputs: &inputs,
            output: trace.value(output),
            grad_output,
            workspace: &trace.workspaces[id.index()],
        };
        op.backward_first(&args, arg, out);
        self.fused[id.index()].is_none() || out.iter().all(ComplexField::is_finite)
    }

    /// One sample's part of [`edge_grad`](Self::edge_grad) to a parameter (for `grad_W` of sample n)
    /// or, for any other input, the sample's column of it.
    pub fn edge_grad_of_sample(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        id: InstructionId,
        arg: usize,
        sample: usize,
        out: &mut Matrix<T>,
    ) -> bool {
        let asked = &self.instructions[id.index()];
        let to = asked.inputs[arg];
        if !matches!(self.values[to.index()].source, Source::Parameter(_)) {
            let mut whole = Matrix::zeros(0, 0);
            if !self.edge_grad(store, trace, id, arg, &mut whole) {
                return false;
            }
            *out = if self.values[to.index()].shape.is_batched() {
                whole.columns(sample, 1).into()
            } else {
                whole
            };
            return true;
        }
        let Some(grad_output) = trace.grad(asked.output) else { return false };
        if self.parameter_of(to).is_some_and(|parameter| !store.is_trainable(parameter))
            || !asked.op.local_rule(arg).passes()
        {
            return false;
        }
        let only = |id: ValueId, whole: &Matrix<T>| -> Matrix<T> {
            if self.values[id.index()].shape.is_batched() {
                whole.columns(sample, 1).into()
            } else {
                whole.clone()
            }
        };
        let inputs: Vec<Matrix<T>> =
            asked.inputs.iter().map(|id| only(*id, self.value(store, trace, *id))).collect();
        let inputs: Vec<&Matrix<T>> = inputs.iter().collect();
        let args = BackwardArgs {
            inputs: &inputs,
            output: &only(asked.output, trace.value(asked.output)),
            grad_output: &only(asked.output, grad_output),
            workspace: &trace.workspaces[id.index()],
        };
        let (rows, cols) = self.values[to.index()].shape.storage(1);
        *out = Matrix::zeros(rows, cols);
        asked.op.backward(&args, arg, out);
        true
    }

    /// dL/d value for showing: [`Trace::grad`], or for the output of a fused activation the
    /// long-way value where that is finite. Returns whether there is one.
    pub fn value_grad(
        &self,
        store: &ParameterStore<T>,
        trace: &Trace<T>,
        value: ValueId,
        out: &mut Matrix<T>,
    ) -> bool {
        if let Some(loss) = self.fused_into(value) {
            return self.edge_grad(store, trace, loss, 0, out);
        }
        trace.grad(value).inspect(|grad| out.clone_from(grad)).is_some()
    }
}
