//! The gradient check finds what is wrong, and says what it cannot measure.

use std::sync::Arc;

use vastavirta::algebra::{grad, input};
use vastavirta::autodiff::gradcheck::{self, Outcome};
use vastavirta::autodiff::{BackwardArgs, Op, ProgramBuilder, Rule, ops};
use vastavirta::tensor::{Matrix, Shape, ShapeError};

/// A square whose derivative forgets the two.
#[derive(Debug)]
struct WrongSquare;

impl Op<f64> for WrongSquare {
    fn name(&self) -> &'static str {
        "WrongSquare"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0].clone())
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, _: &mut Matrix<f64>) {
        output.copy_from(&inputs[0].map(|x| x * x));
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, _: usize, grad_input: &mut Matrix<f64>) {
        *grad_input += args.grad_output.component_mul(args.inputs[0]);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        Rule::of_one(input(0).squared(), grad() * input(0))
    }
}

/// One Dense of `units` units on `features` inputs, an op behind it, half the sum of squares.
fn check(features: usize, units: usize, op: Arc<dyn Op<f64>>, x: f64, weight: f64) -> gradcheck::Report {
    let mut builder = ProgramBuilder::<f64>::new();
    let input = builder.leaf("x", Shape::batched(&[features]));
    let target = builder.leaf("target", Shape::batched(&[units]));
    let w = builder.parameter("weight", Shape::fixed(&[units, features]));
    let z = builder.apply(Arc::new(ops::Linear { bias: false }), &[input, w]).unwrap();
    let a = builder.apply(op, &[z]).unwrap();
    let loss = builder.apply(Arc::new(ops::HalfSumOfSquares), &[a, target]).unwrap();
    builder.add_loss(loss, 1.0);
    let program = builder.finish();
    let mut store = program.parameters();
    let id = store.ids().next().unwrap();
    store.value_mut(id).fill(weight);
    store.set_trainable(id, false);
    let mut trace = program.trace(1);
    trace.value_mut(input).fill(x);
    trace.value_mut(target).fill(-1.0);
    gradcheck::check(&program, &store, &mut trace, 7)
}

#[test]
fn a_right_derivative_passes_also_of_a_frozen_parameter() {
    let report = check(2, 2, Arc::new(ops::Tanh), 0.5, 0.3);
    assert_eq!((report.entries.len(), report.count(Outcome::Agrees)), (4, 4));
    assert!(report.passes() && !report.is_sample());
    assert!(report.entries.iter().all(|entry| entry.analytic != 0.0));
}

#[test]
fn a_wrong_derivative_is_found_and_named() {
    let report = check(1, 1, Arc::new(WrongSquare), 0.5, 0.75);
    assert!(!report.passes());
    let entry = report.entries[0];
    // The truth is twice what the op says.
    assert!((entry.numeric / entry.analytic - 2.0).abs() < 1e-6);
    assert_eq!((entry.outcome, entry.index), (Outcome::Differs, 0));
}

#[test]
fn an_entry_exactly_at_a_kink_is_reported_and_does_not_fail() {
    let report = check(1, 1, Arc::new(ops::Relu), 2.0, 0.0);
    assert_eq!(report.entries[0].outcome, Outcome::AtKink);
    assert!(report.passes());
}

#[test]
fn an_entry_near_a_kink_is_measured_with_a_smaller_step() {
    let report = check(1, 1, Arc::new(ops::Relu), 1.0, 3e-6);
    assert_eq!(report.entries[0].outcome, Outcome::Agrees);
}

#[test]
fn above_five_thousand_parameters_a_sample_is_checked_and_the_report_says_so() {
    let report = check(101, 60, Arc::new(ops::Tanh), 0.01, 0.02);
    assert!(report.is_sample() && report.passes());
    assert_eq!((report.n_entries, report.entries.len()), (6060, gradcheck::MAX_ENTRIES));
}
