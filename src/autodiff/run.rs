//! The passes themselves: the schedule's actions, executed.
//!
//! Must not know what is drawn or why it is run. Allocates nothing, but for `complete_grads` on
//! its first call.

use super::clip;
use super::op::{BackwardArgs, Op};
use super::optimizer::Optimizer;
use super::program::Program;
use super::schedule::{Action, Location, Reach};
use super::store::ParameterStore;
use super::trace::{Done, Trace};
use crate::tensor::{Clip, Matrix, Real};

/// Calls `run` with the inputs of an instruction gathered into one slice.
#[inline]
fn with_inputs<T: Real, R>(
    locations: &[Location],
    values: &[Matrix<T>],
    parameters: &[Matrix<T>],
    gather: &mut Vec<&'static Matrix<T>>,
    run: impl FnOnce(&[&Matrix<T>]) -> R,
) -> R {
    let find = |location: &Location| match *location {
        Location::Value(idx) => &values[idx as usize],
        Location::Parameter(idx) => &parameters[idx as usize],
    };
    match locations {
        [a] => run(&[find(a)]),
        [a, b] => run(&[find(a), find(b)]),
        [a, b, c] => run(&[find(a), find(b), find(c)]),
        _ => {
            let mut inputs: Vec<&Matrix<T>> = std::mem::take(gather);
            inputs.extend(locations.iter().map(find));
            let result = run(&inputs);
            inputs.clear();
            // An empty list holds no borrow; collecting it in place keeps its memory for next time.
            *gather = inputs.into_iter().map_while(|_| None).collect();
            result
        }
    }
}

impl<T: Real> Program<T> {
    /// One whole pass, all that the schedule holds before clipping: forgets the gradients of the
    /// last pass, computes every value from the leaves in `trace` and the parameters in `store`,
    /// and from the losses back the gradients of trainable parameters (into `store`) and of the
    /// values on the way (into `trace`).
    pub fn run(&self, store: &mut ParameterStore<T>, trace: &mut Trace<T>) {
        self.run_observed(store, trace, |_| ());
    }

    /// [`run`](Self::run), calling `has_run` with each op that has run: for measuring.
    #[inline]
    pub fn run_observed(
        &self,
        store: &mut ParameterStore<T>,
        trace: &mut Trace<T>,
        mut has_run: impl FnMut(&dyn Op<T>),
    ) {
        self.zero_grad(store);
        self.run_forward(store, trace, &mut has_run);
        self.run_backward(store, trace, &mut has_run);
    }

    /// `Clear`: no parameter has a gradient any more.
    pub fn zero_grad(&self, store: &mut ParameterStore<T>) {
        store.reached.fill(false);
    }

    /// The forward pass alone: every value from the leaves in `trace` and the parameters in
    /// `store`.
    pub fn forward(&self, store: &ParameterStore<T>, trace: &mut Trace<T>) {
        self.run_forward(store, trace, |_| ());
    }

    /// The backward pass alone, after [`forward`](Self::forward): adds the gradients of the total
    /// loss to those that parameters have since [`zero_grad`](Self::zero_grad).
    pub fn backward(&self, store: &mut ParameterStore<T>, trace: &mut Trace<T>) {
        self.run_backward(store, trace, |_| ());
    }

    /// Backward from a vector v at the root of [`rooted_at`](Self::rooted_at), `[features, N]`, after
    /// [`forward`](Self::forward): the vector–Jacobian product vᵀ · ∂root/∂x of every value x on the way.
    pub fn backward_from(&self, store: &mut ParameterStore<T>, trace: &mut Trace<T>, v: &Matrix<T>) {
        for &(root, _) in &self.graph.losses {
            let grad = &mut trace.grads[root.index()];
            if grad.shape() == v.shape() {
                grad.copy_from(v);
            }
        }
        self.send_back(false, store, trace, |_| ());
        trace.done = Done::Training;
    }

    /// The step after a pass: clips the gradients and lets the optimizer change every parameter
    /// that has one.
    pub fn update(
        &self,
        store: &mut ParameterStore<T>,
        optimizer: &mut Optimizer<T>,
        clip: Clip,
        learning_rate: f64,
    ) {
        for scheduled in self.schedule.update() {
            match scheduled.action {
                Action::Clip => clip::apply(clip, store),
                Action::Update(id) => optimizer.update(store, id, learning_rate),
                Action::Clear | Action::Forward(_) | Action::Seed(_) | Action::Send { .. } => {}
            }
        }
    }

    /// Computes the gradients that training leaves out because no parameter needs them, such as
    /// those of inputs. For showing; does nothing where they stand already.
    pub fn complete_grads(&self, store: &mut ParameterStore<T>, trace: &mut Trace<T>) {
        if trace.done != Done::Training {
            return;
        }
        let values = self.graph.values.iter().zip(&self.schedule.reach).zip(&mut trace.grads);
        for ((value, reach), grad) in values {
            if *reach == Reach::Showing && grad.is_empty() {
                let (rows, cols) = value.shape.storage(trace.batch);
                *grad = Matrix::zeros(rows, cols);
            }
        }
        self.send_back(true, store, trace, |_| ());
        trace.done = Done::All;
    }

    #[inline]
    fn run_forward(
        &self,
        store: &ParameterStore<T>,
        trace: &mut Trace<T>,
        mut has_run: impl FnMut(&dyn Op<T>),
    ) {
        trace.done = Done::Nothing;
        for scheduled in self.schedule.forward() {
            let Action::Forward(id) = scheduled.action else { continue };
            let running = &self.schedule.running[id.index()];
            let workspace = &mut trace.workspaces[id.index()];
            let (before, after) = trace.values.split_at_mut(running.output);
            let output = &mut after[0];
            with_inputs(&running.inputs, before, &store.values, &mut trace.gather, |inputs| {
                running.op.forward(inputs, output, workspace);
                has_run(&*running.op);
            });
        }
    }

    #[inline]
    fn run_backward(
        &self,
        store: &mut ParameterStore<T>,
        trace: &mut Trace<T>,
        has_run: impl FnMut(&dyn Op<T>),
    ) {
        for scheduled in self.schedule.seeds() {
            let Action::Seed(loss) = scheduled.action else { continue };
            let (id, seed) = self.graph.losses[loss];
            let grad = &mut trace.grads[id.index()];
            match self.vector(loss) {
                None => grad.fill(seed),
                Some(v) => {
                    for (grad, &v) in grad.iter_mut().zip(v.iter().cycle()) {
                        *grad = seed * v;
                    }
                }
            }
        }
        self.send_back(false, store, trace, has_run);
        trace.done = Done::Training;
    }

    /// Executes the sends of training, or those for showing. What one instruction sends is sent
    /// from one gathering of its inputs.
    #[inline]
    fn send_back(
        &self,
        for_showing: bool,
        store: &mut ParameterStore<T>,
        trace: &mut Trace<T>,
        mut has_run: impl FnMut(&dyn Op<T>),
    ) {
        let ParameterStore { values: parameters, grads: parameter_grads, trainable, reached, .. } = store;
        for sender in &self.schedule.senders {
            let sends = self.schedule.sends_of(sender, for_showing);
            if sends.is_empty() {
                continue;
            }
            let id = sender.instruction;
            let running = &self.schedule.running[id.index()];
            let workspace = &trace.workspaces[id.index()];
            let output = &trace.values[running.output];
            let (before, after) = trace.grads.split_at_mut(running.output);
            let grad_output = &after[0];
            with_inputs(&running.inputs, &trace.values, parameters, &mut trace.gather, |inputs| {
                let args = BackwardArgs { inputs, output, grad_output, workspace };
                for send in sends {
                    let Action::Send { argument, .. } = send.action else { continue };
                    let (grad_input, is_first) = match running.inputs[argument] {
                        Location::Value(idx) => (&mut before[idx as usize], send.is_first),
                        Location::Parameter(idx) if trainable[idx as usize] => {
                            // A gradient that was kept from an earlier pass is added to.
                            let was_reached = std::mem::replace(&mut reached[idx as usize], true);
                            (&mut parameter_grads[idx as usize], !was_reached)
                        }
                        Location::Parameter(_) => continue,
                    };
                    if is_first {
                        running.op.backward_first(&args, argument, grad_input);
                    } else {
                        running.op.backward(&args, argument, grad_input);
                    }
                }
                has_run(&*running.op);
            });
        }
    }
}
