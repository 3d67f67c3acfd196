//! The list of actions is what runs: recorded calls against the schedule, action by action.

use std::sync::{Arc, Mutex};

use vastavirta::algebra::{Expression, grad, input};
use vastavirta::autodiff::{
    Action, BackwardArgs, Clip, Op, Optimizer, OptimizerKind, Program, ProgramBuilder, Rule, Share, ops,
};
use vastavirta::tensor::{Matrix, Shape, ShapeError};

/// What an op was asked for: its name and, for backward, the argument.
type Calls = Arc<Mutex<Vec<(&'static str, Option<usize>)>>>;

/// The sum of its inputs, writing down every call.
#[derive(Debug)]
struct Recorded(&'static str, Calls);

impl Op<f64> for Recorded {
    fn name(&self) -> &'static str {
        self.0
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0].clone())
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, _: &mut Matrix<f64>) {
        self.1.lock().unwrap().push((self.0, None));
        output[0] = inputs.iter().map(|input| input[0]).sum();
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, arg: usize, grad_input: &mut Matrix<f64>) {
        self.1.lock().unwrap().push((self.0, Some(arg)));
        grad_input[0] += args.grad_output[0];
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let value = Expression::total((0..inputs.len()).map(input).collect());
        Rule::new(value, inputs.iter().map(|_| Share::Sent(grad())).collect())
    }
}

/// root = second(first(x, w), x, v), both scalars.
fn program(calls: &Calls) -> Program<f64> {
    let mut builder = ProgramBuilder::<f64>::new();
    let x = builder.leaf("x", Shape::scalar());
    let w = builder.parameter("w", Shape::scalar());
    let v = builder.parameter("v", Shape::scalar());
    let first = builder.apply(Arc::new(Recorded("first", calls.clone())), &[x, w]).unwrap();
    let second = builder.apply(Arc::new(Recorded("second", calls.clone())), &[first, x, v]).unwrap();
    builder.add_loss(second, 1.0);
    builder.finish()
}

/// The calls that the schedule promises, with or without those that are only for showing.
fn promised(program: &Program<f64>, for_showing: bool) -> Vec<(&'static str, Option<usize>)> {
    let name = |id| program.instruction(id).op.name();
    let actions = program.schedule().actions().iter().filter(|action| action.is_for_showing == for_showing);
    actions
        .filter_map(|scheduled| match scheduled.action {
            Action::Forward(id) => Some((name(id), None)),
            Action::Send { instruction, argument, .. } => Some((name(instruction), Some(argument))),
            Action::Clear | Action::Seed(_) | Action::Clip | Action::Update(_) => None,
        })
        .collect()
}

#[test]
fn what_runs_is_what_the_schedule_lists() {
    let calls = Calls::default();
    let program = program(&calls);
    let (mut store, mut trace) = (program.parameters(), program.trace(1));
    program.run(&mut store, &mut trace);
    let recorded = std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(recorded, promised(&program, false));
    // Of one instruction, parameters receive before inputs: v before first, then w.
    let sends = [("second", Some(2)), ("second", Some(0)), ("first", Some(1))];
    assert_eq!(recorded, [[("first", None), ("second", None)].as_slice(), &sends].concat());

    program.complete_grads(&mut store, &mut trace);
    let recorded = std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(recorded, promised(&program, true));
    assert_eq!(recorded, [("second", Some(1)), ("first", Some(0))], "x is asked for only to be shown");
}

#[test]
fn a_training_step_is_listed_from_zero_grad_to_the_optimizers_step() {
    let program = program(&Calls::default());
    let words: Vec<&str> = program
        .schedule()
        .actions()
        .iter()
        .map(|scheduled| match scheduled.action {
            Action::Clear => "clear",
            Action::Forward(_) => "forward",
            Action::Seed(_) => "seed",
            Action::Send { .. } if scheduled.is_for_showing => "show",
            Action::Send { .. } => "send",
            Action::Clip => "clip",
            Action::Update(_) => "update",
        })
        .collect();
    let expected = "clear forward forward seed send send show send show clip update update";
    assert_eq!(words.join(" "), expected);
}

#[test]
fn gradients_that_are_kept_are_added_to() {
    let program = program(&Calls::default());
    let (mut store, mut trace) = (program.parameters(), program.trace(1));
    let id = store.ids().next().unwrap();
    program.run(&mut store, &mut trace);
    program.run(&mut store, &mut trace);
    assert_eq!(store.grad(id).unwrap()[0], 1.0, "a run begins with Clear");
    program.forward(&store, &mut trace);
    program.backward(&mut store, &mut trace);
    assert_eq!(store.grad(id).unwrap()[0], 2.0);
    program.zero_grad(&mut store);
    assert!(store.grad(id).is_none(), "none, not zero");
}

#[test]
fn a_frozen_parameter_is_listed_and_left_alone() {
    let calls = Calls::default();
    let program = program(&calls);
    let (mut store, mut trace) = (program.parameters(), program.trace(1));
    let ids: Vec<_> = store.ids().collect();
    store.set_trainable(ids[0], false);
    program.run(&mut store, &mut trace);
    assert!(!calls.lock().unwrap().contains(&("first", Some(1))));
    let kind = OptimizerKind::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 };
    let mut optimizer = Optimizer::new(kind, &store);
    program.update(&mut store, &mut optimizer, Clip::Value { clip_value: 0.25 }, 1.0);
    assert_eq!((store.value(ids[0])[0], store.value(ids[1])[0]), (0.0, -0.25));
}

#[test]
fn a_root_may_be_a_value_that_others_read_and_even_a_parameter() {
    // roots: s = w·w and, of weight 3, w itself: d/dw = 2w + 3.
    let mut builder = ProgramBuilder::<f64>::new();
    let w = builder.parameter("w", Shape::scalar());
    let square = builder.apply(Arc::new(ops::Multiply), &[w, w]).unwrap();
    builder.add_loss(square, 1.0);
    builder.add_loss(w, 3.0);
    let program = builder.finish();
    let (mut store, mut trace) = (program.parameters(), program.trace(1));
    let id = store.ids().next().unwrap();
    store.value_mut(id)[0] = 5.0;
    program.run(&mut store, &mut trace);
    assert_eq!((program.total_loss(&trace), store.grad(id).unwrap()[0]), (40.0, 13.0));
}
