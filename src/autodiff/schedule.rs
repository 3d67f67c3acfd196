//! What runs in which order: every action of a training step, worked out once when a program is
//! finished. Training executes this list and a walk shows it, so the two never differ.
//!
//! Must not know numbers.

use std::ops::Range;
use std::sync::Arc;

use super::fusion::Fused;
use super::graph::{Graph, InstructionId, ParameterId, Source, ValueId};
use super::op::Op;
use super::rule::Blocked;
use crate::tensor::Real;

/// One operation of a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Forgets the parameters' gradients (`zero_grad`). Left out, the sends add to what is there.
    Clear,
    /// Computes an instruction's output.
    Forward(InstructionId),
    /// Starts backward at a loss or another root: sets its gradient to its seed. Counted in
    /// `Program::losses`.
    Seed(usize),
    /// Sends a gradient back from an instruction's output to one of its inputs.
    Send {
        /// Which instruction. A loss that was joined with an activation sends past it.
        instruction: InstructionId,
        /// Which argument of the op that runs.
        argument: usize,
        /// The value or parameter that receives it.
        to: ValueId,
    },
    /// Clips the gradients, where clipping is on.
    Clip,
    /// The optimizer's step on one parameter.
    Update(ParameterId),
}

/// An action with what else the schedule knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduledAction {
    /// What is done.
    pub action: Action,
    /// Only for showing: no parameter's gradient needs it, so training leaves it out.
    pub is_for_showing: bool,
    /// The first share that reaches a gradient in a pass sets it; later ones add.
    pub is_first: bool,
}

/// Which pass computes a value's gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// None: no loss depends on it (or only past a blocked edge), or it is a parameter.
    No,
    /// Training: some parameter's gradient needs it, or it was asked for.
    Training,
    /// Only for showing.
    Showing,
}

/// Where an input lies, or where a gradient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// In the trace.
    Value(u32),
    /// In the parameter store.
    Parameter(u32),
}

/// An instruction as it runs: a loss may run in its stable form.
#[derive(Clone, Debug)]
pub(super) struct Running<T: Real> {
    pub(super) op: Arc<dyn Op<T>>,
    pub(super) inputs: Vec<Location>,
    pub(super) output: usize,
}

/// What one instruction sends, as runs of the schedule's actions: all of it is sent from one
/// gathering of the instruction's inputs.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) instruction: InstructionId,
    training: Range<usize>,
    showing: Range<usize>,
}

/// The actions of a training step in order: clear, forward, seed, send, clip, update.
#[derive(Clone, Debug)]
pub struct Schedule<T: Real> {
    actions: Vec<ScheduledAction>,
    forward: Range<usize>,
    seeds: Range<usize>,
    sends: Range<usize>,
    /// In the order in which they send.
    pub(super) senders: Vec<Sender>,
    /// By instruction.
    pub(super) running: Vec<Running<T>>,
    /// By value.
    pub(super) reach: Vec<Reach>,
    /// By value: whether it depends on an input or a parameter. A constant has no gradient.
    pub(super) is_variable: Vec<bool>,
}

impl<T: Real> Schedule<T> {
    /// With `input_grads` training computes every gradient there is.
    pub(super) fn new(graph: &Graph<T>, fused: &[Option<Fused<T>>], input_grads: bool) -> Self {
        let running: Vec<Running<T>> = graph
            .instructions
            .iter()
            .zip(fused)
            .map(|(instruction, fused)| {
                let (op, inputs) = match fused {
                    Some(fused) => (&fused.op, &fused.inputs),
                    None => (&instruction.op, &instruction.inputs),
                };
                let inputs = inputs.iter().map(|id| locate(graph, *id)).collect();
                Running { op: Arc::clone(op), inputs, output: instruction.output.index() }
            })
            .collect();
        let is_variable = variables(graph, &running);
        let reach = reach(graph, &running, &is_variable, input_grads);

        let mut actions = vec![training(Action::Clear)];
        // What nothing else reads, such as a loss, waits until the model is done.
        let (ends, model): (Vec<InstructionId>, Vec<InstructionId>) =
            (0..running.len() as u32).map(InstructionId).partition(|id| is_end(graph, *id));
        actions.extend(model.into_iter().chain(ends).map(|id| training(Action::Forward(id))));
        let forward = 1..actions.len();
        actions.extend((0..graph.losses.len()).map(|loss| training(Action::Seed(loss))));
        let seeds = forward.end..actions.len();
        let (senders, updated) = add_sends(graph, &running, &reach, &mut actions);
        let sends = seeds.end..actions.len();
        actions.push(training(Action::Clip));
        actions.extend(updated.into_iter().map(|id| training(Action::Update(id))));
        Self { actions, forward, seeds, sends, senders, running, reach, is_variable }
    }

    /// All actions of a training step, in the order in which they run.
    pub fn actions(&self) -> &[ScheduledAction] {
        &self.actions
    }

    /// The forward pass.
    pub(super) fn forward(&self) -> &[ScheduledAction] {
        &self.actions[self.forward.clone()]
    }

    /// Where backward starts.
    pub(super) fn seeds(&self) -> &[ScheduledAction] {
        &self.actions[self.seeds.clone()]
    }

    /// What an instruction sends in training, or only for showing.
    #[inline]
    pub(super) fn sends_of(&self, sender: &Sender, for_showing: bool) -> &[ScheduledAction] {
        let run = if for_showing { &sender.showing } else { &sender.training };
        &self.actions[run.clone()]
    }

    /// Clipping and the optimizer's step.
    pub(super) fn update(&self) -> &[ScheduledAction] {
        &self.actions[self.sends.end..]
    }
}

impl Action {
    /// The instruction that is run or sends.
    pub fn instruction(self) -> Option<InstructionId> {
        match self {
            Self::Forward(instruction) | Self::Send { instruction, .. } => Some(instruction),
            Self::Clear | Self::Seed(_) | Self::Clip | Self::Update(_) => None,
        }
    }
}

/// Whether an instruction makes a loss or another root that nothing reads.
fn is_end<T: Real>(graph: &Graph<T>, id: InstructionId) -> bool {
    let output = graph.instruction(id).output;
    graph.uses[output.index()].is_empty() && graph.is_root(output)
}

/// An action that training needs.
fn training(action: Action) -> ScheduledAction {
    ScheduledAction { action, is_for_showing: false, is_first: true }
}

fn locate<T: Real>(graph: &Graph<T>, id: ValueId) -> Location {
    match graph.value(id).source {
        Source::Parameter(parameter) => Location::Parameter(parameter.0),
        Source::Leaf | Source::Computed(_) => Location::Value(id.0),
    }
}

/// Adds what every instruction sends back, the last instruction first; of one instruction,
/// parameters receive before inputs, and what only showing needs comes last. Returns who sends, and
/// the parameters that a gradient reaches.
fn add_sends<T: Real>(
    graph: &Graph<T>,
    running: &[Running<T>],
    reach: &[Reach],
    actions: &mut Vec<ScheduledAction>,
) -> (Vec<Sender>, Vec<ParameterId>) {
    let mut arrived = vec![false; graph.values.len()];
    for (id, _) in &graph.losses {
        arrived[id.index()] = true;
    }
    let mut senders = Vec::new();
    for (idx, run) in running.iter().enumerate().rev() {
        if reach[run.output] == Reach::No {
            continue;
        }
        let instruction = InstructionId(idx as u32);
        let start = actions.len();
        for (argument, to) in run.inputs.iter().enumerate().filter(|(argument, _)| run.op.passes(*argument)) {
            let (to, is_for_showing) = match *to {
                Location::Parameter(parameter) => (graph.parameters[parameter as usize], false),
                Location::Value(value) => match reach[value as usize] {
                    Reach::No => continue,
                    Reach::Training => (ValueId(value), false),
                    Reach::Showing => (ValueId(value), true),
                },
            };
            let action = Action::Send { instruction, argument, to };
            actions.push(ScheduledAction { action, is_for_showing, is_first: false });
        }
        let sends = &mut actions[start..];
        sends.sort_by_key(|send| (send.is_for_showing, !goes_to_parameter(graph, send.action)));
        for send in &mut *sends {
            if let Action::Send { to, .. } = send.action {
                send.is_first = !std::mem::replace(&mut arrived[to.index()], true);
            }
        }
        let middle = start + sends.partition_point(|send| !send.is_for_showing);
        senders.push(Sender { instruction, training: start..middle, showing: middle..actions.len() });
    }
    let parameters = (0..).map(ParameterId).zip(&graph.parameters);
    let updated = parameters.filter(|(_, value)| arrived[value.index()]).map(|(id, _)| id).collect();
    (senders, updated)
}

fn goes_to_parameter<T: Real>(graph: &Graph<T>, action: Action) -> bool {
    matches!(action, Action::Send { to, .. } if matches!(graph.value(to).source, Source::Parameter(_)))
}

/// Which values depend on an input or a parameter, be it past a cut: all but tensors that require no gradient,
/// what is computed under `no_grad`, and what is made of these alone. For parameters it says nothing.
fn variables<T: Real>(graph: &Graph<T>, running: &[Running<T>]) -> Vec<bool> {
    let is_leaf = |value: &super::graph::Value| matches!(value.source, Source::Leaf);
    let mut is_variable: Vec<bool> = graph.values.iter().map(is_leaf).collect();
    for run in running {
        let varies = |(argument, from): (usize, &Location)| match *from {
            Location::Parameter(_) => run.op.passes(argument),
            Location::Value(value) => {
                is_variable[value as usize]
                    && !matches!(run.op.blocked(argument), Some(Blocked::Mask | Blocked::NoGrad))
            }
        };
        let varies = run.inputs.iter().enumerate().any(varies);
        is_variable[run.output] = varies;
    }
    is_variable
}

/// Which pass computes each value's gradient: from the losses backwards to find what is reached,
/// from the parameters forwards to find what a parameter's gradient needs. With `input_grads` training
/// computes every gradient there is.
fn reach<T: Real>(
    graph: &Graph<T>,
    running: &[Running<T>],
    is_variable: &[bool],
    input_grads: bool,
) -> Vec<Reach> {
    let n = graph.values.len();
    let mut reached = vec![false; n];
    for (id, _) in &graph.losses {
        reached[id.index()] = true;
    }
    for run in running.iter().rev() {
        if !reached[run.output] {
            continue;
        }
        for (argument, to) in run.inputs.iter().enumerate() {
            if let Location::Value(value) = *to
                && run.op.passes(argument)
            {
                reached[value as usize] = true;
            }
        }
    }
    let mut leads_to_parameter = if input_grads { is_variable.to_vec() } else { vec![false; n] };
    for run in running {
        leads_to_parameter[run.output] |= run.inputs.iter().enumerate().any(|(argument, from)| {
            let leads = match *from {
                Location::Parameter(_) => true,
                Location::Value(value) => leads_to_parameter[value as usize],
            };
            leads && run.op.passes(argument)
        });
    }
    let mut reach: Vec<Reach> = (0..n)
        .map(|value| match (reached[value] && is_variable[value], leads_to_parameter[value]) {
            (false, _) => Reach::No,
            (true, true) => Reach::Training,
            (true, false) => Reach::Showing,
        })
        .collect();
    for (id, _) in &graph.losses {
        reach[id.index()] = Reach::Training;
    }
    reach
}
