//! From the schedule of a compiled drawing to the actions of its timeline.
//!
//! Must not know numbers, but for which parameters are frozen.

use super::{ActionKind, Phase, TimelineAction};
use crate::algebra::Expression;
use crate::autodiff::{Action, Clip, InstructionId, ScheduledAction, UpdateLine, ValueId};
use crate::compile::{CompileOptions, Compiled, compile_network};
use crate::explain::definition::Definitions;
use crate::explain::quantity::Tensor;
use crate::explain::update;
use crate::network::{EdgeId, NodeId, Origin, ParameterKey};
use crate::train::Pass;

/// The actions of a pass; `None` where the drawing cannot run.
pub(super) fn actions(definitions: &Definitions<'_>, pass: &Pass) -> Option<Vec<TimelineAction>> {
    let compiled = compile_network::<f64>(definitions.network(), CompileOptions::default()).ok()?;
    let sample = pass.shown_sample();
    let builder = Builder { definitions, pass, compiled: &compiled, sample };
    let scheduled = compiled.program.schedule().actions();
    let mut actions: Vec<_> = scheduled.iter().filter_map(|scheduled| builder.action(scheduled)).collect();
    builder.close_losses(&mut actions);
    Some(actions)
}

struct Builder<'a> {
    definitions: &'a Definitions<'a>,
    pass: &'a Pass,
    compiled: &'a Compiled<f64>,
    /// The sample whose shares of parameter gradients are shown.
    sample: Option<usize>,
}

/// A node at a time step.
type NodeCopy = (NodeId, usize);

impl Builder<'_> {
    fn action(&self, scheduled: &ScheduledAction) -> Option<TimelineAction> {
        let mut action = match scheduled.action {
            // Forgetting makes nothing: what it clears stays blank.
            Action::Clear => about_all(Phase::ZeroGrad, ActionKind::Clear),
            Action::Forward(id) => self.forward(id)?,
            Action::Seed(root) => self.seed(root)?,
            Action::Send { instruction, argument, to } => self.send(instruction, argument, to)?,
            Action::Clip => self.clip()?,
            Action::Update(id) => self.update(self.compiled.links.key(id)?)?,
        };
        action.is_for_showing = scheduled.is_for_showing;
        Some(action)
    }

    fn is_trained(&self, key: ParameterKey) -> bool {
        self.pass.parameters.get(&key).is_none_or(|parameter| parameter.trainable)
    }

    fn is_clipped(&self) -> bool {
        self.pass.optimizer.as_ref().is_some_and(|optimizer| optimizer.clip != Clip::None)
    }

    fn gradient(&self, key: ParameterKey, time_step: Option<usize>) -> Tensor {
        Tensor::ParameterGrad { key, time_step, sample: self.sample }
    }

    fn forward(&self, id: InstructionId) -> Option<TimelineAction> {
        let Compiled { program, links } = self.compiled;
        let output = program.instruction(id).output;
        match links.origin(output)? {
            Origin::Node { node, step: time_step } => {
                // A value that is detached on its way in is the source's own.
                if links.node(node, time_step)?.output != output {
                    return None;
                }
                let is_root = || program.losses().iter().any(|(root, _)| *root == output);
                let is_end = program.uses(output).is_empty() && is_root();
                let phase = if is_end { Phase::Loss } else { Phase::Model };
                let makes = Tensor::Output { node, time_step };
                Some(self.made((phase, ActionKind::Forward), (node, time_step), makes))
            }
            Origin::Initial { edge, row } => {
                let makes = Tensor::PortValue { edge, time_step: row };
                let to = self.definitions.network().edges.get(&edge)?.to;
                Some(self.made((Phase::Model, ActionKind::Forward), (to, row), makes))
            }
        }
    }

    /// The last forward of a loss gives its value over all time steps, the last of all their sum.
    fn close_losses(&self, actions: &mut [TimelineAction]) {
        let mut last = None;
        for node in self.pass.losses.iter().map(|loss| loss.node) {
            let is_of_node =
                |action: &TimelineAction| action.kind == ActionKind::Forward && action.node == Some(node);
            let Some(idx) = actions.iter().rposition(is_of_node) else { continue };
            actions[idx].writes.push(Tensor::LossValue(node));
            last = last.max(Some(idx));
        }
        if let Some(idx) = last {
            actions[idx].writes.push(Tensor::TotalLoss);
        }
    }

    fn seed(&self, root: usize) -> Option<TimelineAction> {
        let &(value, _) = self.compiled.program.losses().get(root)?;
        let Origin::Node { node, step: time_step } = self.compiled.links.origin(value)? else { return None };
        let makes = Tensor::Grad { node, time_step };
        let is_loss = self.definitions.network().nodes.get(&node)?.kind.is_loss();
        let definition =
            if is_loss { self.definitions.of(makes) } else { Some(self.definitions.root_seed(node)) };
        Some(made_by((Phase::Backward, ActionKind::Seed), (node, time_step), makes, definition))
    }

    fn send(&self, id: InstructionId, argument: usize, to: ValueId) -> Option<TimelineAction> {
        let Compiled { program, links } = self.compiled;
        let instruction = program.instruction(id);
        let origin = links.origin(instruction.output)?;
        if let Some(parameter) = program.parameter_of(to) {
            return self.send_to_parameter(links.key(parameter)?, origin);
        }
        let Origin::Node { node, step: time_step } = origin else { return None };
        if program.fused_op(id).is_some() {
            let prediction = links.node(node, time_step)?.inputs.first()?.edge;
            return self.send_past(prediction, *instruction.inputs.first()?, (node, time_step));
        }
        let input = links.node(node, time_step)?.inputs.get(argument)?;
        if input.is_detached {
            // Nothing goes on from where it was cut.
            return None;
        }
        let edge = input.edge;
        let makes = Tensor::PortGrad { edge, time_step };
        let definition = self.definitions.sent_over(edge, time_step);
        let kind = ActionKind::SendOver(edge);
        let mut action = made_by((Phase::Backward, kind), (node, time_step), makes, definition);
        action.writes.extend(self.arrives(edge, time_step));
        Some(action)
    }

    /// The gradient that a share over a wire is added to; none of an initial state.
    fn arrives(&self, edge: EdgeId, time_step: usize) -> Option<Tensor> {
        let drawn = self.definitions.network().edges.get(&edge)?;
        let time_step = time_step.checked_sub(drawn.delay)?;
        Some(Tensor::Grad { node: drawn.from, time_step })
    }

    /// A loss joined with an activation. What it would have sent the long way is shown beside it.
    fn send_past(&self, prediction: EdgeId, value: ValueId, loss: NodeCopy) -> Option<TimelineAction> {
        let links = &self.compiled.links;
        let Origin::Node { node: activation, step: time_step } = links.origin(value)? else { return None };
        let edge = links.node(activation, time_step)?.inputs.first()?.edge;
        let makes = Tensor::PortGrad { edge, time_step };
        let definition = self.definitions.fused_share(edge, prediction, (time_step, loss.1));
        let kind = ActionKind::SendPast { activation, edge, prediction };
        let mut action = made_by((Phase::Backward, kind), loss, makes, definition);
        action.writes.extend(self.arrives(edge, time_step));
        action.writes.push(Tensor::PortGrad { edge: prediction, time_step: loss.1 });
        action.writes.push(Tensor::Grad { node: activation, time_step });
        Some(action)
    }

    fn send_to_parameter(&self, key: ParameterKey, origin: Origin) -> Option<TimelineAction> {
        if !self.is_trained(key) {
            return None;
        }
        let of_edge = |edge| Some(self.definitions.network().edges.get(&edge)?.to);
        let copy = match origin {
            Origin::Node { node, step } => (node, step),
            Origin::Initial { edge, row } => (of_edge(edge)?, row),
        };
        let whole = self.gradient(key, None);
        let makes = if self.definitions.n_steps() > 1 { self.gradient(key, Some(copy.1)) } else { whole };
        let mut action = self.made((Phase::Backward, ActionKind::SendTo(key)), copy, makes);
        if makes != whole {
            action.writes.push(whole);
        }
        Some(action)
    }

    fn clip(&self) -> Option<TimelineAction> {
        if !self.is_clipped() {
            return None;
        }
        let keys =
            || self.compiled.links.parameters().map(|(key, _)| key).filter(|key| self.is_trained(*key));
        let mut action = about_all(Phase::Step, ActionKind::Clip);
        action.reads = keys().map(|key| self.gradient(key, None)).collect();
        let norm = [Tensor::TotalNorm, Tensor::ClipFactor];
        action.writes = norm.into_iter().filter(|tensor| self.definitions.of(*tensor).is_some()).collect();
        action.writes.extend(keys().map(Tensor::UsedGrad));
        Some(action)
    }

    fn update(&self, key: ParameterKey) -> Option<TimelineAction> {
        if self.pass.optimizer.is_none() || !self.is_trained(key) {
            return None;
        }
        let node = match key {
            ParameterKey::Node(node, _) => node,
            ParameterKey::Initial(edge) => self.definitions.network().edges.get(&edge)?.to,
        };
        let makes = Tensor::Update(key);
        let mut action = self.made((Phase::Step, ActionKind::Update(key)), (node, 0), makes);
        let is_own = |read: &Tensor| matches!(read, Tensor::UpdateLine { .. } | Tensor::UsedGrad(_));
        action.reads.retain(|read| !is_own(read));
        action.reads.insert(0, Tensor::Parameter(key));
        action.reads.dedup();
        let lines = update::lines(self.pass, key);
        let steps = lines.into_iter().filter(|line| *line != UpdateLine::Change);
        action.writes.extend(steps.map(|line| Tensor::UpdateLine { key, line }));
        if self.is_clipped() {
            action.reads.push(Tensor::UsedGrad(key));
        } else {
            action.reads.push(self.gradient(key, None));
            action.writes.push(Tensor::UsedGrad(key));
        }
        Some(action)
    }

    fn made(&self, what: (Phase, ActionKind), copy: NodeCopy, makes: Tensor) -> TimelineAction {
        made_by(what, copy, makes, self.definitions.of(makes))
    }
}

/// An action on all parameters at once.
fn about_all(phase: Phase, kind: ActionKind) -> TimelineAction {
    TimelineAction {
        phase,
        kind,
        node: None,
        time_step: 0,
        makes: None,
        definition: None,
        reads: Vec::new(),
        writes: Vec::new(),
        is_for_showing: false,
    }
}

/// An action of a node at a time step, which makes a tensor by a definition.
fn made_by(
    (phase, kind): (Phase, ActionKind),
    (node, time_step): NodeCopy,
    makes: Tensor,
    definition: Option<Expression<Tensor>>,
) -> TimelineAction {
    let mut reads = Vec::new();
    if let Some(definition) = &definition {
        definition.for_each_leaf(&mut |leaf| {
            if !reads.contains(leaf) {
                reads.push(*leaf);
            }
        });
    }
    let all = about_all(phase, kind);
    TimelineAction {
        node: Some(node),
        time_step,
        makes: Some(makes),
        definition,
        reads,
        writes: vec![makes],
        ..all
    }
}
