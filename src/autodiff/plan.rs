//! What both passes do, step by step, worked out once when a program is finished: which op
//! really runs (a loss may run fused), where its inputs lie, which gradients it sends where.
//!
//! Must not know numbers.

use std::ops::Range;
use std::sync::Arc;

use super::op::Op;
use super::program::{InstructionId, Program, Source, ValueId};
use crate::tensor::Real;

/// A loss joined with the activation that makes its prediction.
#[derive(Clone, Debug)]
pub(super) struct Fused<T: Real> {
    /// The stable form.
    pub(super) op: Arc<dyn Op<T>>,
    /// Activation's input, activation's output, target.
    pub(super) inputs: Vec<ValueId>,
    /// The activation's instruction.
    pub(super) activation: InstructionId,
}

/// Which pass computes a value's gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// None: no loss depends on it (or only past a blocked edge), or it is a parameter.
    No,
    /// The training pass: some parameter's gradient needs it, or it was asked for.
    Main,
    /// Only for showing.
    Rest,
}

/// Where an input lies, or where a gradient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the trace.
    Value(u32),
    /// In the parameter store.
    Parameter(u32),
}

/// One step of the forward pass.
#[derive(Clone, Debug)]
pub(super) struct Step<T: Real> {
    pub(super) op: Arc<dyn Op<T>>,
    pub(super) inputs: Vec<Place>,
    pub(super) output: usize,
}

/// One gradient sent: to which argument, where it goes, and whether it is the first to arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Send {
    pub(super) arg: usize,
    pub(super) to: Place,
    pub(super) first: bool,
}

/// One step of a backward pass: a forward step (by index) and what it sends.
#[derive(Clone, Debug)]
pub(super) struct BackStep {
    pub(super) step: usize,
    pub(super) sends: Range<usize>,
}

/// A backward pass.
#[derive(Clone, Debug, Default)]
pub(super) struct BackPass {
    pub(super) steps: Vec<BackStep>,
    pub(super) sends: Vec<Send>,
}

/// Both passes.
#[derive(Clone, Debug)]
pub(super) struct Plan<T: Real> {
    pub(super) steps: Vec<Step<T>>,
    pub(super) main: BackPass,
    pub(super) rest: BackPass,
    /// By value.
    pub(super) reach: Vec<Reach>,
    /// By parameter: whether the main pass sends it a gradient.
    pub(super) parameter_reached: Vec<bool>,
}

impl<T: Real> Plan<T> {
    pub(super) fn empty() -> Self {
        Self {
            steps: Vec::new(),
            main: BackPass::default(),
            rest: BackPass::default(),
            reach: Vec::new(),
            parameter_reached: Vec::new(),
        }
    }

    /// Plans both passes. With `input_grads` the main pass computes every gradient there is.
    pub(super) fn new(program: &Program<T>, input_grads: bool) -> Self {
        let place = |id: ValueId| match program.values[id.index()].source {
            Source::Parameter(parameter) => Place::Parameter(parameter.0),
            Source::Leaf | Source::Computed(_) => Place::Value(id.0),
        };
        let mut is_fused_away = vec![false; program.instructions.len()];
        let steps: Vec<Step<T>> = program
            .instructions
            .iter()
            .zip(&program.fused)
            .map(|(instruction, fused)| {
                let (op, inputs) = match fused {
                    Some(fused) => {
                        is_fused_away[fused.activation.index()] = true;
                        (&fused.op, &fused.inputs)
                    }
                    None => (&instruction.op, &instruction.inputs),
                };
                let inputs = inputs.iter().map(|id| place(*id)).collect();
                Step { op: Arc::clone(op), inputs, output: instruction.output.index() }
            })
            .collect();

        let reach = reach(program, &steps, &is_fused_away, input_grads);
        let (mut main, mut rest) = (BackPass::default(), BackPass::default());
        let mut arrived: Vec<bool> = vec![false; program.values.len()];
        for (id, _) in &program.losses {
            arrived[id.index()] = true;
        }
        let mut parameter_reached = vec![false; program.parameters.len()];
        for (idx, step) in steps.iter().enumerate().rev() {
            if reach[step.output] == Reach::No || is_fused_away[idx] {
                continue;
            }
            for pass in [&mut main, &mut rest] {
                pass.steps.push(BackStep { step: idx, sends: pass.sends.len()..pass.sends.len() });
            }
            for (arg, &to) in step.inputs.iter().enumerate() {
                if !step.op.local_rule(arg).passes() {
                    continue;
                }
                let (pass, first) = match to {
                    Place::Parameter(parameter) => {
                        let reached = &mut parameter_reached[parameter as usize];
                        (&mut main, !std::mem::replace(reached, true))
                    }
                    Place::Value(value) => {
                        let pass = match reach[value as usize] {
                            Reach::No => continue,
                            Reach::Main => &mut main,
                            Reach::Rest => &mut rest,
                        };
                        (pass, !std::mem::replace(&mut arrived[value as usize], true))
                    }
                };
                pass.sends.push(Send { arg, to, first });
            }
            for pass in [&mut main, &mut rest] {
                let end = pass.sends.len();
                if let Some(last) = pass.steps.last_mut() {
                    last.sends.end = end;
                }
                pass.steps.pop_if(|last| last.sends.is_empty());
            }
        }
        Self { steps, main, rest, reach, parameter_reached }
    }
}

/// Which pass computes each value's gradient: from the losses backwards to find what is reached,
/// from the parameters forwards to find what a parameter's gradient needs.
fn reach<T: Real>(
    program: &Program<T>,
    steps: &[Step<T>],
    is_fused_away: &[bool],
    input_grads: bool,
) -> Vec<Reach> {
    let n = program.values.len();
    let mut reached = vec![false; n];
    for (id, _) in &program.losses {
        reached[id.index()] = true;
    }
    for (step, fused_away) in steps.iter().zip(is_fused_away).rev() {
        for (arg, to) in step.inputs.iter().enumerate() {
            if let Place::Value(value) = *to
                && reached[step.output]
                && !fused_away
                && step.op.local_rule(arg).passes()
            {
                reached[value as usize] = true;
            }
        }
    }
    let mut leads_to_parameter = vec![input_grads; n];
    for step in steps {
        leads_to_parameter[step.output] |= step.inputs.iter().enumerate().any(|(arg, from)| {
            let leads = match *from {
                Place::Parameter(_) => true,
                Place::Value(value) => leads_to_parameter[value as usize],
            };
            leads && step.op.local_rule(arg).passes()
        });
    }
    let mut reach: Vec<Reach> = reached
        .iter()
        .zip(&leads_to_parameter)
        .map(|(reached, leads)| match (reached, leads) {
            (false, _) => Reach::No,
            (true, true) => Reach::Main,
            (true, false) => Reach::Rest,
        })
        .collect();
    for (id, _) in &program.losses {
        reach[id.index()] = Reach::Main;
    }
    reach
}
