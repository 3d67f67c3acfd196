//! The numbers of one pass, copied for the panels and for `grad`.
//!
//! Nothing here changes the run: what training left out (gradients of inputs) is completed in
//! the trace, and shares of single edges and samples are computed on the side.

mod copies;

use std::collections::{BTreeMap, BTreeSet};

use crate::autodiff::{Clip, ParameterStore, Trace, clip};
use crate::network::{EdgeId, NodeId, ParameterKey};
use crate::tensor::{Matrix, Real};

use super::super::control::Watch;
use super::super::feed::Mode;
use super::super::snapshot::{OptimizerPass, Pass, Precision, SampleView};
use super::Session;
use super::plan::PlanNode;
pub(super) use copies::Copied;

/// A pass that, with its parameters, gradients and updates, holds at most this many numbers is
/// copied whole: that takes some tens of microseconds.
const SMALL: usize = 60_000;

/// What is copied of a pass.
struct View<'a, T: Real> {
    trace: &'a Trace<T>,
    store: &'a ParameterStore<T>,
    /// The sample whose shares of parameter gradients are wanted.
    sample: Option<usize>,
    /// Whether the optimizer's updates are wanted.
    updates: bool,
    /// Whether the weights after the step are wanted, too: a walk goes on to them.
    goes_on: bool,
    /// Whether it is copied again and again while somebody looks.
    is_live: bool,
}

impl<T: Real> Session<T> {
    /// Whether the network is so small that every pass is copied whole.
    pub fn is_small(&self) -> bool {
        self.is_small_over(|_| true)
    }

    /// Whether the copies of nodes that `counts` picks are so few that all of them are copied.
    fn is_small_over(&self, counts: impl Fn(&PlanNode) -> bool) -> bool {
        let batch = self.batches.next().len();
        let nodes = self.plan.nodes.iter().filter(|node| counts(node));
        let values: usize = nodes.map(|node| self.program.shape(node.output).features() * batch).sum();
        4 * values + 3 * self.n_numbers() <= SMALL
    }

    /// Copies what is watched of the pass at rest; computes that pass where it is not there yet.
    /// Numbers that are not finite are copied as they are.
    pub fn capture(&mut self, watch: &Watch) -> Pass {
        // What is not finite is shown, so that it can be found.
        let _ = self.rest();
        let Some(mut rest) = self.rest.take() else { return self.nothing(watch.view) };
        let batch = rest.trace.batch();
        let is_small = self.is_small();
        // Of a network that is large only because of its many time steps, those looked at are copied
        // whole.
        let is_step_small = watch.time_steps.is_some() && self.is_small_over(|node| node.time_step == 0);
        let wanted = |node: &PlanNode| {
            is_small
                || (is_step_small || watch.nodes.contains(&node.node))
                    && watch.time_steps.as_ref().is_none_or(|steps| steps.contains(&node.time_step))
        };
        let pass = match watch.view {
            SampleView::Alone(n) if n < self.data.n_samples() => {
                let (trace, store) = self.run_alone(&rest.trace, n as u32);
                let view = View {
                    trace: &trace,
                    store: &store,
                    sample: None,
                    updates: false,
                    goes_on: false,
                    is_live: true,
                };
                let pass = self.copy(&view, (vec![n], watch.view), &wanted, &mut Copied::default());
                self.traces.put(trace);
                pass
            }
            SampleView::Batch | SampleView::Sample(_) | SampleView::Alone(_) => {
                let leaves_out = |node: &PlanNode| !node.is_target && rest.trace.grad(node.output).is_none();
                if self.plan.nodes.iter().any(|node| wanted(node) && leaves_out(node)) {
                    self.program.complete_grads(&mut self.store, &mut rest.trace);
                }
                let (shown, sample) = match watch.view {
                    // The last batch of an epoch may be a short one.
                    SampleView::Sample(n) if batch > 0 => {
                        let n = n.min(batch - 1);
                        (SampleView::Sample(n), Some(n))
                    }
                    _ => (SampleView::Batch, None),
                };
                let rows = self.samples.iter().map(|&row| row as usize).collect();
                let view = View {
                    trace: &rest.trace,
                    store: &self.store,
                    sample,
                    updates: true,
                    goes_on: is_small || watch.time_steps.is_none(),
                    is_live: true,
                };
                // A sample has gradients of its own.
                let mut copied = std::mem::take(&mut rest.copied);
                if sample.is_some() {
                    copied = Copied::default();
                }
                let pass = self.copy(&view, (rows, shown), &wanted, &mut copied);
                if sample.is_none() {
                    rest.copied = copied;
                }
                pass
            }
        };
        self.rest = Some(rest);
        pass
    }

    /// Settings or the optimizer's state changed: updates are others than those copied.
    pub(super) fn forget_copies(&mut self) {
        if let Some(rest) = &mut self.rest {
            rest.copied = Copied::default();
        }
    }

    /// One forward and backward pass on rows of one's own choice, beside the run: nothing is
    /// learned, the run goes on as if it had not been. Everything is copied.
    pub fn pass_on(&mut self, samples: &[u32], mode: Mode) -> Pass {
        self.pass_beside(samples, mode, false)
    }

    /// The same with what the optimizer would make of the gradients.
    pub fn step_on(&mut self, samples: &[u32], mode: Mode) -> Pass {
        self.pass_beside(samples, mode, true)
    }

    fn pass_beside(&mut self, samples: &[u32], mode: Mode, updates: bool) -> Pass {
        let mut trace = self.traces.take(&self.program, samples.len());
        let mut store = self.store.clone();
        let stream = (self.settings.seed, self.step);
        self.plan.feed.fill(&self.data, samples, mode, stream, &mut trace);
        self.program.run(&mut store, &mut trace);
        self.program.complete_grads(&mut store, &mut trace);
        let rows = samples.iter().map(|&row| row as usize).collect();
        let view =
            View { trace: &trace, store: &store, sample: None, updates, goes_on: updates, is_live: false };
        let mut pass = self.copy(&view, (rows, SampleView::Batch), &|_| true, &mut Copied::default());
        if mode == Mode::Eval {
            for node in self.plan.nodes.iter().filter(|node| node.drops) {
                if let Some(pass) = pass.nodes.get_mut(&(node.node, node.time_step)) {
                    pass.mask = None;
                }
            }
        }
        self.traces.put(trace);
        pass
    }

    /// Runs one sample as a batch of one. One of the batch at hand keeps its masks.
    fn run_alone(&mut self, batch: &Trace<T>, sample: u32) -> (Trace<T>, ParameterStore<T>) {
        let mut trace = self.traces.take(&self.program, 1);
        let stream = (self.settings.seed, self.step);
        self.plan.feed.fill(&self.data, &[sample], Mode::Train, stream, &mut trace);
        if let Some(column) = self.samples.iter().position(|&other| other == sample) {
            for mask in self.plan.feed.masks() {
                let (own, whole) = (trace.value_mut(mask), batch.value(mask));
                // What is the same for all samples is not cut.
                if own.shape() == whole.shape() {
                    own.copy_from(whole);
                } else {
                    own.copy_from(&whole.columns(column, 1));
                }
            }
        }
        let mut store = self.store.clone();
        self.program.run(&mut store, &mut trace);
        self.program.complete_grads(&mut store, &mut trace);
        (trace, store)
    }

    fn nothing(&self, view: SampleView) -> Pass {
        Pass {
            step: self.step,
            precision: precision::<T>(),
            view,
            rows: Vec::new(),
            loss: f64::NAN,
            losses: Vec::new(),
            nodes: BTreeMap::new(),
            parameters: BTreeMap::new(),
            optimizer: None,
            grad_norms: BTreeMap::new(),
        }
    }

    fn copy(
        &self,
        view: &View<'_, T>,
        (rows, shown): (Vec<usize>, SampleView),
        wanted: &dyn Fn(&PlanNode) -> bool,
        copied: &mut Copied,
    ) -> Pass {
        copied.begin(view.goes_on);
        let mut scratch = Matrix::zeros(0, 0);
        let nodes: BTreeMap<_, _> = self
            .plan
            .nodes
            .iter()
            .filter(|node| wanted(node))
            .map(|node| {
                ((node.node, node.time_step), self.copy_node(view, node, (&mut *copied, &mut scratch)))
            })
            .collect();
        let clipping = self.settings.clip;
        let clipped = (view.updates && clipping != Clip::None).then(|| {
            let mut store = view.store.clone();
            clip::apply(clipping, &mut store);
            store
        });
        let used = clipped.as_ref().unwrap_or(view.store);
        let watched = || self.plan.nodes.iter().filter(|node| wanted(node));
        let watched_nodes: BTreeSet<NodeId> = watched().map(|node| node.node).collect();
        let watched_edges: BTreeSet<EdgeId> =
            watched().flat_map(|node| &node.ports).map(|port| port.edge).collect();
        let is_watched = |key: ParameterKey| match key {
            ParameterKey::Node(node, _) => watched_nodes.contains(&node),
            ParameterKey::Initial(edge) => watched_edges.contains(&edge),
        };
        let parameters = self
            .plan
            .parameters
            .iter()
            .filter(|parameter| is_watched(parameter.key))
            .map(|parameter| {
                let copy = || self.copy_parameter(view, used, parameter, &mut scratch);
                (parameter.key, copied.parameter(parameter.key, copy))
            })
            .collect();
        copied.end();
        Pass {
            step: self.step,
            precision: precision::<T>(),
            view: shown,
            loss: self.program.total_loss(view.trace).to_f64(),
            losses: self.copy_losses(view.trace, view.trace.batch()),
            // A drawing without data nodes runs on no row at all.
            rows: if self.data.nodes().is_empty() { Vec::new() } else { rows },
            nodes,
            parameters,
            optimizer: view.updates.then(|| {
                // Of a large network it is no small sum.
                let is_looked_at = matches!(clipping, Clip::Norm { .. });
                let total_norm = is_looked_at.then(|| total_norm(view.store));
                OptimizerPass {
                    kind: self.optimizer.kind(),
                    learning_rate: self.settings.learning_rate,
                    clip: clipping,
                    total_norm,
                    n_grads: view.store.ids().filter(|&id| view.store.grad(id).is_some()).count(),
                    clip_factor: clip_factor(clipping, total_norm),
                }
            }),
            grad_norms: self.grad_norms(view.trace, wanted),
        }
    }
}

/// The 2-norm of all gradients together, as `clip_grad_norm_` takes it.
fn total_norm<T: Real>(store: &ParameterStore<T>) -> f64 {
    let squares = store.ids().filter_map(|id| store.grad(id)).map(|grad| grad.norm_squared().to_f64());
    squares.sum::<f64>().sqrt()
}

/// What clipping by norm multiplies every gradient by.
fn clip_factor(clip: Clip, total_norm: Option<f64>) -> f64 {
    let (Clip::Norm { max_norm }, Some(total_norm)) = (clip, total_norm) else { return 1.0 };
    (max_norm / (total_norm + clip::NORM_EPS)).min(1.0)
}

fn precision<T: Real>() -> Precision {
    if T::NAME == "f32" { Precision::F32 } else { Precision::F64 }
}
