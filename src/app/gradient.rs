//! Looking hard at one gradient: which number is chosen, what a nudge of it does, and the gradient check
//! of all parameters, both in the background.
//!
//! Must not know how they are computed or drawn. Nothing is computed before a panel asks for it, and
//! nothing while the training runs.

use std::sync::Arc;

use crate::data::ReadTask as _;
use crate::explain::{Quantity, Tensor, Walk};
use crate::network::{NodeId, ParameterKey, Problem};
use crate::train::{GradientCheck, Moved, Nudge, NudgeRequest, Pass, check_gradients_while, nudge};
use crate::words::Message;

use super::jobs::{Background, Poll};
use super::{App, GradientCommand};

/// The step by which a number is nudged at first.
const FIRST_EPSILON: f64 = 1e-5;

/// What is chosen, and what was found out about it.
#[derive(Debug)]
pub(super) struct GradientState {
    chosen: Option<Quantity>,
    epsilon: f64,
    nudge: Option<(NudgeKey, Option<Arc<Nudge>>)>,
    nudging: Option<(NudgeKey, Background<Option<Nudge>>)>,
    check: Option<(u64, Arc<GradientCheck>)>,
    checking: Option<(u64, Background<CheckResult>)>,
    refused: Option<Message>,
}

type CheckResult = Result<Option<GradientCheck>, Vec<Problem>>;

/// All that decides what a nudge does: the revision of the document, and what was asked.
type NudgeKey = (u64, NudgeRequest);

impl Default for GradientState {
    fn default() -> Self {
        Self {
            chosen: None,
            epsilon: FIRST_EPSILON,
            nudge: None,
            nudging: None,
            check: None,
            checking: None,
            refused: None,
        }
    }
}

/// How the gradient check stands.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckState {
    /// It was not asked for.
    None,
    /// It runs; from 0 to 1.
    Running(f32),
    /// It cannot run, for this reason.
    Refused(Message),
    /// What it found.
    Done {
        /// The findings.
        check: Arc<GradientCheck>,
        /// Whether they are about the drawing and the weights as they stand.
        is_current: bool,
    },
}

impl App {
    /// The number whose gradient is looked at: a weight, a bias or an input.
    pub fn chosen_entry(&self) -> Option<Quantity> {
        self.gradient.chosen
    }

    /// By how much it is nudged.
    pub fn epsilon(&self) -> f64 {
        self.gradient.epsilon
    }

    /// The pass that is looked at, whole: a walk shows only a part of its own.
    pub fn whole_pass(&self) -> Option<&Arc<Pass>> {
        let newest = || self.training.snapshot.as_ref()?.pass.as_ref();
        self.walk().map(Walk::pass).or_else(newest)
    }

    /// What a nudge of the chosen number did, the newest that was measured.
    pub fn nudge(&self) -> Option<&Arc<Nudge>> {
        let (key, nudge) = self.gradient.nudge.as_ref()?;
        let chosen = self.moved_by(self.gradient.chosen?)?;
        nudge.as_ref().filter(|_| key.1.moved == chosen)
    }

    /// Whether a nudge was asked for that has not been computed, nor is on its way.
    pub fn wants_nudge(&self) -> bool {
        let Some(wanted) = self.nudge_key().filter(|_| !self.is_training()) else { return false };
        let is_done = self.gradient.nudge.as_ref().is_some_and(|(key, _)| *key == wanted);
        let is_under_way = self.gradient.nudging.as_ref().is_some_and(|(key, _)| *key == wanted);
        !is_done && !is_under_way
    }

    /// How the gradient check stands.
    pub fn gradient_check(&self) -> CheckState {
        let state = &self.gradient;
        if let Some((_, job)) = &state.checking {
            return CheckState::Running(job.fraction().unwrap_or(0.0));
        }
        match (&state.refused, &state.check) {
            (Some(reason), _) => CheckState::Refused(reason.clone()),
            (None, Some((revision, check))) => {
                CheckState::Done { check: Arc::clone(check), is_current: *revision == self.revision }
            }
            (None, None) => CheckState::None,
        }
    }

    /// The number that moves when this one is nudged; `None` for what is made of others.
    pub fn moved_by(&self, quantity: Quantity) -> Option<Moved> {
        let parameter = |key: ParameterKey| {
            let shape = &self.document.parameters.get(&key)?.shape;
            let sizes = if shape.len() > 1 { &shape[1..] } else { shape.as_slice() };
            let n_columns: usize = sizes.iter().product();
            Some(Moved::Parameter(key, quantity.row * n_columns + quantity.column))
        };
        let input = |node: NodeId, time_step: usize| {
            let kind = &self.document.network.nodes.get(&node)?.kind;
            let is_input = kind.data().is_some() && !kind.is_target();
            let moved = Moved::Input { node, time_step, row: quantity.row, feature: quantity.column };
            is_input.then_some(moved)
        };
        let over_wire = |edge, time_step| {
            let wire = self.document.network.edges.get(&edge)?;
            if wire.delay == 0 { input(wire.from, time_step) } else { None }
        };
        match quantity.tensor {
            Tensor::Parameter(key)
            | Tensor::ParameterGrad { key, .. }
            | Tensor::Update(key)
            | Tensor::UsedGrad(key)
            | Tensor::UpdateLine { key, .. }
            | Tensor::OptimizerState { key, .. } => parameter(key),
            Tensor::Output { node, time_step } | Tensor::Grad { node, time_step } => input(node, time_step),
            Tensor::PortValue { edge, time_step } | Tensor::PortGrad { edge, time_step } => {
                over_wire(edge, time_step)
            }
            Tensor::Mask { .. }
            | Tensor::LossValue(_)
            | Tensor::LossScale(_)
            | Tensor::Seed(_)
            | Tensor::TotalLoss
            | Tensor::TotalNorm
            | Tensor::ClipFactor
            | Tensor::GradNorm { .. }
            | Tensor::Metric(_)
            | Tensor::Column(_) => None,
        }
    }

    fn nudge_key(&self) -> Option<NudgeKey> {
        let moved = self.moved_by(self.gradient.chosen?)?;
        let pass = self.training.snapshot.as_ref().and_then(|snapshot| snapshot.pass.as_ref());
        let rows = pass.map(|pass| pass.rows.clone()).unwrap_or_default();
        Some((self.revision, NudgeRequest { moved, epsilon: self.gradient.epsilon, rows }))
    }

    pub(super) fn dispatch_gradient(&mut self, command: GradientCommand) {
        match command {
            GradientCommand::Choose(quantity) => {
                if self.moved_by(quantity).is_some() {
                    self.gradient.chosen = Some(quantity);
                }
            }
            GradientCommand::Epsilon(epsilon) => {
                if epsilon.is_finite() && epsilon != 0.0 {
                    self.gradient.epsilon = epsilon;
                }
            }
            GradientCommand::Nudge => self.start_nudge(),
            GradientCommand::Check => self.start_check(),
            GradientCommand::FindWays => self.start_lenses(),
            GradientCommand::Autograd(command) => self.dispatch_autograd(command),
            GradientCommand::CancelWays => self.cancel_lenses(),
            GradientCommand::CancelCheck => {
                if let Some((_, job)) = self.gradient.checking.take() {
                    job.cancel();
                }
            }
        }
    }

    fn start_nudge(&mut self) {
        if !self.wants_nudge() || !self.is_runnable() {
            return;
        }
        let (Some(key), Some(data)) = (self.nudge_key(), self.data.prepared.clone()) else { return };
        if let Some((_, job)) = self.gradient.nudging.take() {
            job.cancel();
        }
        let (network, parameters) = (self.document.network.clone(), self.document.parameters.clone());
        let request = key.1.clone();
        let job = Background::start(&self.wake, move |control| {
            let mut goes_on = || !control.is_cancelled();
            nudge(&network, &parameters, &data, &request, &mut goes_on).ok().flatten()
        });
        self.gradient.nudging = Some((key, job));
    }

    fn start_check(&mut self) {
        self.gradient.refused = None;
        if let Some(reason) = self.cannot_start() {
            self.gradient.refused = Some(reason);
            return;
        }
        let Some(data) = self.data.prepared.clone().filter(|_| self.gradient.checking.is_none()) else {
            return;
        };
        let (network, parameters) = (self.document.network.clone(), self.document.parameters.clone());
        let (seed, wake) = (self.document.training.seed, Arc::clone(&self.wake));
        let job = Background::start(&self.wake, move |control| {
            let mut told = 0;
            check_gradients_while(&network, &parameters, &data, seed, &mut |done, n| {
                control.progress(done as u64, n as u64);
                // A twentieth of the way is seen; every entry would be too often.
                if done * 20 / n.max(1) > told {
                    told = done * 20 / n.max(1);
                    wake();
                }
                !control.is_cancelled()
            })
        });
        self.gradient.checking = Some((self.revision, job));
    }

    /// Takes in what the jobs have found. Returns whether anything changed.
    pub(super) fn poll_gradient(&mut self) -> bool {
        let mut changed = false;
        if let Some((key, job)) = self.gradient.nudging.take() {
            match job.poll() {
                Poll::Running => self.gradient.nudging = Some((key, job)),
                Poll::Done(found) => {
                    self.gradient.nudge = Some((key, found.map(Arc::new)));
                    changed = true;
                }
                Poll::Lost => self.gradient.nudge = Some((key, None)),
            }
        }
        if let Some((revision, job)) = self.gradient.checking.take() {
            match job.poll() {
                Poll::Running => {
                    self.gradient.checking = Some((revision, job));
                    return changed;
                }
                Poll::Done(Ok(Some(check))) => self.gradient.check = Some((revision, Arc::new(check))),
                Poll::Done(Err(problems)) => {
                    self.gradient.refused = problems.first().map(crate::words::ToMessage::message);
                }
                Poll::Done(Ok(None)) | Poll::Lost => {}
            }
            changed = true;
        }
        changed
    }

    /// Whether a job about gradients is under way.
    pub fn is_measuring(&self) -> bool {
        self.gradient.nudging.is_some() || self.gradient.checking.is_some() || self.is_finding_lenses()
    }

    /// Forgets what belonged to another drawing.
    pub(super) fn forget_gradient(&mut self) {
        if let Some((_, job)) = self.gradient.checking.take() {
            job.cancel();
        }
        self.gradient = GradientState { epsilon: self.gradient.epsilon, ..GradientState::default() };
    }
}
