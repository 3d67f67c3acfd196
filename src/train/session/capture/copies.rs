//! How the tensors of one pass are copied: nodes with their ports, parameters, losses.
//!
//! Must not know which pass is wanted, nor what is looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::autodiff::{InstructionId, ParameterStore, Trace, ValueId};
use crate::network::{NodeId, ParameterKey};
use crate::tensor::{Matrix, Real};

use super::super::super::snapshot::{LossValue, NodePass, ParameterPass, PortPass};
use super::super::super::values::Values;
use super::super::Session;
use super::super::plan::{PlanLoss, PlanNode, PlanParameter, PlanRoot};
use super::View;

/// Per-step shares of one parameter are copied live up to this many numbers.
const MAX_LIVE_SHARES: usize = 1_000_000;

/// What an optimizer remembers is copied live where all parameters together have at most this many
/// numbers.
const MAX_LIVE_STATE: usize = 20_000;

/// What has been copied of one pass, each tensor once: a value stands at its node and at every port that it
/// feeds, and who looks at another node of a pass at rest still looks at most of the same tensors.
#[derive(Debug, Default)]
pub(in crate::train::session) struct Copied {
    /// For the pass being copied.
    now: Tensors,
    /// For the one copied before: what is still wanted of it goes over, the rest is let go.
    before: Tensors,
}

#[derive(Debug, Default)]
struct Tensors {
    values: BTreeMap<ValueId, Values>,
    grads: BTreeMap<ValueId, Values>,
    parameters: BTreeMap<ParameterKey, ParameterPass>,
    /// Whether the weights after the step are among them.
    goes_on: bool,
}

impl Copied {
    /// Begins another copy of the same pass.
    pub(super) fn begin(&mut self, goes_on: bool) {
        self.before = std::mem::take(&mut self.now);
        if self.before.goes_on != goes_on {
            self.before.parameters.clear();
        }
        self.now.goes_on = goes_on;
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        self.before = Tensors::default();
    }

    fn value(&mut self, id: ValueId, copy: impl FnOnce() -> Values) -> Values {
        let kept = self.before.values.remove(&id);
        self.now.values.entry(id).or_insert_with(|| kept.unwrap_or_else(copy)).clone()
    }

    fn grad(&mut self, id: ValueId, copy: impl FnOnce() -> Option<Values>) -> Option<Values> {
        if let Some(grad) = self.now.grads.get(&id) {
            return Some(grad.clone());
        }
        // One that was missing may have been completed since.
        let grad = self.before.grads.remove(&id).or_else(copy)?;
        self.now.grads.insert(id, grad.clone());
        Some(grad)
    }

    /// A parameter with its gradient and update.
    pub(super) fn parameter(
        &mut self,
        key: ParameterKey,
        copy: impl FnOnce() -> ParameterPass,
    ) -> ParameterPass {
        let parameter = self.before.parameters.remove(&key).unwrap_or_else(copy);
        self.now.parameters.insert(key, parameter.clone());
        parameter
    }
}

impl<T: Real> Session<T> {
    pub(super) fn copy_node(
        &self,
        view: &View<'_, T>,
        node: &PlanNode,
        (copied, scratch): (&mut Copied, &mut Matrix<T>),
    ) -> NodePass {
        let (program, store, trace) = (&self.program, view.store, view.trace);
        let instruction = program.instruction_of(node.output);
        let output = self.copy_value(view, node.output, copied);
        let grad_of = |value, copied: &mut Copied, scratch: &mut Matrix<T>| {
            let copy = || {
                let shape = program.shape(value).concrete(trace.batch());
                program.value_grad(store, trace, value, scratch).then(|| values(shape, scratch))
            };
            copied.grad(value, copy)
        };
        let grad = if node.is_target { None } else { grad_of(node.output, copied, scratch) };
        let mut ports = Vec::with_capacity(node.ports.len());
        for (arg, port) in node.ports.iter().enumerate() {
            let value = self.copy_value(view, port.value, copied);
            let is_there = trace.grad(port.value).is_some();
            let grad = match instruction.filter(|_| !port.is_detached) {
                Some(id) if is_there && program.is_whole_grad(id, arg) => {
                    grad_of(port.value, copied, scratch)
                }
                Some(id) => program
                    .edge_grad(store, trace, id, arg, scratch)
                    .then(|| values(value.shape().to_vec(), scratch)),
                None => None,
            };
            ports.push(PortPass { edge: port.edge, from: port.from, value, grad });
        }
        let mask = node.mask.map(|mask| self.copy_value(view, mask, copied));
        NodePass { output, grad, ports, fused_into: node.fused_into, mask }
    }

    fn copy_value(&self, view: &View<'_, T>, value: ValueId, copied: &mut Copied) -> Values {
        let copy = || {
            let shape = self.program.shape(value).concrete(view.trace.batch());
            values(shape, self.program.value(view.store, view.trace, value))
        };
        copied.value(value, copy)
    }

    pub(super) fn copy_parameter(
        &self,
        view: &View<'_, T>,
        used: &ParameterStore<T>,
        parameter: &PlanParameter,
        scratch: &mut Matrix<T>,
    ) -> ParameterPass {
        let (program, store, trace) = (&self.program, view.store, view.trace);
        let numbers = |matrix: &Matrix<T>| values(parameter.shape.clone(), matrix);
        let whole = store.grad(parameter.id);
        let uses = self.plan.uses_of(program, parameter);
        let share = whole.zip(view.sample).map(|(whole, sample)| {
            let mut share = Matrix::zeros(whole.nrows(), whole.ncols());
            for &(instruction, arg, _) in &uses {
                if program.edge_grad_of_sample(store, trace, instruction, arg, sample, scratch) {
                    share += &*scratch;
                }
            }
            share
        });
        let (optimizer, learning_rate) = (&self.optimizer, self.settings.learning_rate);
        let value = numbers(store.value(parameter.id));
        let grad = share.as_ref().or(whole).map(numbers);
        let preview = view.updates.then(|| optimizer.preview(used, parameter.id, learning_rate)).flatten();
        let shape = || parameter.shape.clone();
        let update = preview.map(|preview| Values::computed(shape(), |change| preview.change(change)));
        let updated = preview
            .filter(|_| view.goes_on)
            .map(|preview| Values::computed(shape(), |numbers| preview.updated(numbers)));
        let is_other = view.sample.is_some() || !std::ptr::eq(used, store);
        let used_grad = used.grad(parameter.id).filter(|_| view.updates && is_other).map(numbers);
        let copies_state = view.updates && (!view.is_live || self.n_numbers() <= MAX_LIVE_STATE);
        let names = self.optimizer.kind().state_names().iter().filter(|_| copies_state);
        let state =
            names.filter_map(|&name| Some((name, numbers(self.optimizer.state(parameter.id, name)?))));
        ParameterPass {
            state: state.collect(),
            used_grad,
            steps: self.optimizer.steps(parameter.id),
            name: parameter.name.clone(),
            value,
            grad,
            update,
            updated,
            trainable: store.is_trainable(parameter.id),
            grad_steps: if whole.is_some() {
                self.copy_steps(view, parameter, &uses, scratch)
            } else {
                Vec::new()
            },
        }
    }

    /// Each time step's own share of a parameter's gradient; nothing without loops, nor where a
    /// live view would have to copy too much.
    fn copy_steps(
        &self,
        view: &View<'_, T>,
        parameter: &PlanParameter,
        uses: &[(InstructionId, usize, usize)],
        scratch: &mut Matrix<T>,
    ) -> Vec<Values> {
        let n_steps = self.plan.n_steps;
        let value = view.store.value(parameter.id);
        if n_steps == 1 || (view.is_live && n_steps * value.len() > MAX_LIVE_SHARES) {
            return Vec::new();
        }
        let mut shares = vec![Matrix::zeros(value.nrows(), value.ncols()); n_steps];
        for &(instruction, arg, time_step) in uses {
            let has_share = match view.sample {
                Some(n) => {
                    self.program.edge_grad_of_sample(view.store, view.trace, instruction, arg, n, scratch)
                }
                None => self.program.edge_grad(view.store, view.trace, instruction, arg, scratch),
            };
            if let Some(share) = shares.get_mut(time_step)
                && has_share
            {
                *share += &*scratch;
            }
        }
        shares.iter().map(|share| values(parameter.shape.clone(), share)).collect()
    }

    pub(super) fn copy_losses(&self, trace: &Trace<T>, n_samples: usize) -> Vec<LossValue> {
        let of_loss = |loss: &PlanLoss| {
            let counted: Vec<usize> =
                loss.steps.iter().filter(|step| step.is_counted).map(|step| step.time_step).collect();
            let sum: f64 = loss
                .steps
                .iter()
                .filter(|step| step.is_counted)
                .map(|step| trace.value(step.output)[0].to_f64())
                .sum();
            let n_averaged = loss.averaged_steps();
            LossValue {
                node: loss.node,
                name: loss.name.clone(),
                kind: Some(loss.kind),
                weight: loss.weight,
                value: sum / n_averaged,
                scale: loss.weight / n_averaged / loss.entries(n_samples),
                seed: None,
                counted_steps: counted,
            }
        };
        let of_root = |root: &PlanRoot| LossValue {
            node: root.node,
            name: root.name.clone(),
            kind: None,
            weight: 1.0,
            value: self.program.root_number(trace, root.idx).to_f64(),
            scale: 1.0,
            seed: self.program.vector(root.idx).map(|v| {
                let shape = self.program.shape(root.value).concrete(n_samples);
                let n = shape.iter().product();
                Values::new(shape, v.iter().cycle().take(n).map(|x| x.to_f64()).collect())
            }),
            counted_steps: vec![root.time_step],
        };
        let losses = self.plan.losses.iter().map(of_loss);
        losses.chain(self.plan.roots.iter().map(of_root)).collect()
    }

    pub(super) fn grad_norms(
        &self,
        trace: &Trace<T>,
        wanted: &dyn Fn(&PlanNode) -> bool,
    ) -> BTreeMap<NodeId, Vec<Option<f64>>> {
        let mut norms = BTreeMap::<NodeId, Vec<Option<f64>>>::new();
        if self.plan.n_steps > 1 {
            let watched: BTreeSet<NodeId> =
                self.plan.nodes.iter().filter(|node| wanted(node)).map(|node| node.node).collect();
            for node in self.plan.nodes.iter().filter(|node| watched.contains(&node.node)) {
                let of_steps = norms.entry(node.node).or_insert_with(|| vec![None; self.plan.n_steps]);
                if let (Some(norm), Some(grad)) = (of_steps.get_mut(node.time_step), trace.grad(node.output))
                {
                    *norm = Some(grad.iter().map(|x| x.to_f64() * x.to_f64()).sum::<f64>().sqrt());
                }
            }
        }
        norms
    }
}

fn values<T: Real>(shape: Vec<usize>, matrix: &Matrix<T>) -> Values {
    // A slice, for a matrix's own iterator takes several times as long.
    Values::copied(shape, matrix.as_slice())
}
