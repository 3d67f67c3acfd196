//! The gradient check finds what is wrong, and says what it cannot measure.

use std::sync::Arc;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use vastavirta::algebra::{grad, input};
use vastavirta::autodiff::gradcheck::{self, Outcome};
use vastavirta::autodiff::{BackwardArgs, Blocked, Op, Program, ProgramBuilder, Rule, ValueId, ops};
use vastavirta::tensor::{Matrix, Shape, ShapeError};

use super::rules::{Activated, Case, Numbers, cases};

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
fn no_op_alarms_at_zero_where_its_value_or_its_slope_bends() {
    let ops: [Arc<dyn Op<f64>>; 22] = [
        Arc::new(ops::Identity),
        Arc::new(ops::Relu),
        Arc::new(ops::LeakyRelu { negative_slope: 0.01 }),
        Arc::new(ops::Elu { alpha: 1.0 }),
        Arc::new(ops::Elu { alpha: 0.5 }),
        Arc::new(ops::Gelu),
        Arc::new(ops::Silu),
        Arc::new(ops::Softplus),
        Arc::new(ops::Sigmoid),
        Arc::new(ops::Tanh),
        Arc::new(ops::Softsign),
        Arc::new(ops::Neg),
        Arc::new(ops::Sin),
        Arc::new(ops::Cos),
        Arc::new(ops::Tan),
        Arc::new(ops::Abs),
        Arc::new(ops::Sign),
        Arc::new(ops::Step),
        Arc::new(ops::Round),
        Arc::new(ops::Clamp { min: 0.0, max: 1.0 }),
        Arc::new(ops::Pow { exponent: 2.0 }),
        Arc::new(ops::Pow { exponent: 3.0 }),
    ];
    for op in ops {
        let name = op.name();
        // A step h of the weight is a step of a thousand times h across zero.
        let report = check(1, 1, op, 1000.0, 0.0);
        assert!(report.passes(), "{name}: {:?}", report.entries);
    }
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

/// Any op with one derivative off by a thousandth.
#[derive(Debug)]
struct Planted {
    op: Arc<dyn Op<f64>>,
    arg: usize,
}

impl Op<f64> for Planted {
    fn name(&self) -> &'static str {
        "Planted"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        self.op.infer_shape(inputs)
    }

    fn workspace(&self, inputs: &[&Shape]) -> Option<Shape> {
        self.op.workspace(inputs)
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, workspace: &mut Matrix<f64>) {
        self.op.forward(inputs, output, workspace);
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, arg: usize, grad_input: &mut Matrix<f64>) {
        let mut share = Matrix::zeros(grad_input.nrows(), grad_input.ncols());
        self.op.backward(args, arg, &mut share);
        let factor = if arg == self.arg { 1.001 } else { 1.0 };
        *grad_input += share * factor;
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        self.op.rule(inputs)
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        self.op.blocked(arg)
    }

    fn kink_sides(&self, inputs: &[&Matrix<f64>], sides: &mut Vec<i8>) {
        self.op.kink_sides(inputs, sides);
    }
}

/// A program with `op` at its end, where each input that has a gradient hangs on a parameter of its own,
/// and those parameters by input. Where the op is no loss, the sum of squares stands behind it.
fn program_around(
    case: &Case<f64>,
    op: Arc<dyn Op<f64>>,
    moved: &[usize],
) -> (Program<f64>, Vec<ValueId>, ValueId) {
    let mut builder = ProgramBuilder::<f64>::new();
    let x = builder.leaf("x", Shape::batched(&[2]));
    let (mut values, mut leaves) = (Vec::new(), Vec::new());
    for (idx, (shape, numbers)) in case.inputs.iter().enumerate() {
        let value = match numbers {
            Numbers::Activated(Activated::Sigmoid) => {
                builder.apply(Arc::new(ops::Sigmoid), &[values[0]]).unwrap()
            }
            Numbers::Activated(Activated::Softmax) => {
                builder.apply(Arc::new(ops::Softmax), &[values[0]]).unwrap()
            }
            _ if !shape.is_batched() => builder.parameter("w", shape.clone()),
            _ if !moved.contains(&idx) => {
                let leaf = builder.leaf("leaf", shape.clone());
                leaves.push(leaf);
                leaf
            }
            numbers => {
                let features: usize = shape.dims().iter().product();
                let w = builder.parameter("weight", Shape::fixed(&[features, 2]));
                let mut z = builder.apply(Arc::new(ops::Linear { bias: false }), &[x, w]).unwrap();
                if shape.dims().len() != 1 {
                    z = builder.apply(Arc::new(ops::Reshape { to: shape.dims().to_vec() }), &[z]).unwrap();
                }
                match numbers {
                    Numbers::Any if !needs_positive(&op) => z,
                    _ => builder.apply(Arc::new(ops::Sigmoid), &[z]).unwrap(),
                }
            }
        };
        values.push(value);
    }
    let mut loss = builder.apply(op, &values).unwrap();
    if *builder.shape(loss) != Shape::scalar() {
        let target = builder.leaf("zeros", builder.shape(loss).clone());
        loss = builder.apply(Arc::new(ops::HalfSumOfSquares), &[loss, target]).unwrap();
    }
    builder.add_loss(loss, 1.0);
    (builder.finish(), leaves, x)
}

/// Whether an op has no value, or no slope, for numbers below zero.
fn needs_positive(op: &Arc<dyn Op<f64>>) -> bool {
    let name = format!("{op:?}");
    ["Log", "Sqrt", "Pow"].iter().any(|it| name.contains(it))
}

/// Checks an op on three samples, with the inputs `moved` hanging on parameters.
fn check_op(case: &Case<f64>, op: Arc<dyn Op<f64>>, moved: &[usize]) -> gradcheck::Report {
    let (program, leaves, x) = program_around(case, op, moved);
    let mut store = program.parameters();
    let mut next = 0.17;
    for id in store.ids().collect::<Vec<_>>() {
        store.value_mut(id).iter_mut().for_each(|w| {
            // No round factor: 37 would repeat itself after four numbers.
            next = (next * 37.7 + 0.31) % 1.9;
            *w = next - 0.85;
        });
    }
    let mut trace = program.trace(3);
    trace.value_mut(x).copy_from_slice(&[0.7, -1.2, 0.4, 0.9, -0.3, 1.6]);
    for leaf in leaves {
        // A mask, probabilities, or classes that add up to 1.
        trace.value_mut(leaf).iter_mut().enumerate().for_each(|(n, y)| *y = [1.0, 0.0, 0.25, 0.75][n % 4]);
    }
    gradcheck::check(&program, &store, &mut trace, 7)
}

#[test]
fn a_thousandth_planted_in_any_derivative_is_caught_and_none_else_is_blamed() {
    // The list that a test holds against all ops there are.
    for case in cases::<f64>(2, &mut ChaCha8Rng::seed_from_u64(5)) {
        let op = &case.op;
        let moved: Vec<usize> = (0..case.inputs.len()).filter(|&arg| has_gradient(&case, arg)).collect();
        // What sends nothing anywhere, as Detach or x⁰, has nothing to be wrong in.
        if moved.is_empty() || format!("{op:?}") == "Pow { exponent: 0.0 }" {
            continue;
        }
        let right = check_op(&case, Arc::clone(op), &moved);
        assert!(right.passes() && right.count(Outcome::AtKink) == 0, "{op:?}: {:?}", right.entries);
        for &arg in &moved {
            let wrong = check_op(&case, Arc::new(Planted { op: Arc::clone(op), arg }), &moved);
            assert!(!wrong.passes(), "{op:?}, argument {arg}");
            // Of several parameters, only those behind the wrong share differ.
            assert!(moved.len() == 1 || wrong.count(Outcome::Agrees) > 0, "{op:?}, argument {arg}");
        }
    }
}

/// Whether an op sends a gradient to an argument: none to targets and masks, nor through an activation
/// that it is fused with.
fn has_gradient(case: &Case<f64>, arg: usize) -> bool {
    let (_, numbers) = &case.inputs[arg];
    case.op.blocked(arg).is_none() && !matches!(numbers, Numbers::Activated(_))
}

/// Two Dense on one input; the second is the target of the first.
fn check_taught(loss: Arc<dyn Op<f64>>, weights: [f64; 2]) -> gradcheck::Report {
    let mut builder = ProgramBuilder::<f64>::new();
    let x = builder.leaf("x", Shape::batched(&[1]));
    let w: Vec<_> = (0..2).map(|_| builder.parameter("weight", Shape::fixed(&[1, 1]))).collect();
    let linear: Arc<dyn Op<f64>> = Arc::new(ops::Linear { bias: false });
    let z: Vec<_> = w.iter().map(|&w| builder.apply(Arc::clone(&linear), &[x, w]).unwrap()).collect();
    let loss = builder.apply(loss, &z).unwrap();
    builder.add_loss(loss, 1.0);
    let program = builder.finish();
    let mut store = program.parameters();
    for (id, weight) in store.ids().collect::<Vec<_>>().into_iter().zip(weights) {
        store.value_mut(id).fill(weight);
    }
    let mut trace = program.trace(2);
    trace.value_mut(x).copy_from_slice(&[1.0, 2.0]);
    gradcheck::check(&program, &store, &mut trace, 7)
}

#[test]
fn a_computed_target_is_held_fixed() {
    let report = check_taught(Arc::new(ops::Mse), [0.5, 0.7]);
    assert_eq!(report.count(Outcome::Agrees), 2, "{:?}", report.entries);
    // 2·(0.5 − 0.7)·mean of x² = −1 goes to the first; nothing enters through the target.
    assert!((report.entries[0].analytic + 1.0).abs() < 1e-12 && report.entries[0].numeric < -0.9);
    assert_eq!((report.entries[1].analytic, report.entries[1].numeric), (0.0, 0.0));
}

#[test]
fn the_rounding_of_large_numbers_that_nearly_cancel_is_no_alarm() {
    // L = (w·x − t·x)² with w·x = 10⁸: an ulp of it is larger than every tolerance.
    let report = check_taught(Arc::new(ops::Mse), [1e8, 1e8 - 0.25]);
    assert!(report.passes(), "{:?}", report.entries);
}

#[test]
fn a_costly_pass_bounds_the_entries_that_are_checked() {
    // A pass of 60 million multiplications leaves time for some 160 of 4,096 entries.
    let report = {
        let mut builder = ProgramBuilder::<f64>::new();
        let x = builder.leaf("x", Shape::batched(&[64]));
        let w = builder.parameter("weight", Shape::fixed(&[64, 64]));
        let mut z = x;
        for _ in 0..400 {
            z = builder.apply(Arc::new(ops::Linear { bias: false }), &[z, w]).unwrap();
        }
        let target = builder.leaf("target", Shape::batched(&[64]));
        let loss = builder.apply(Arc::new(ops::Mse), &[z, target]).unwrap();
        builder.add_loss(loss, 1.0);
        let program = builder.finish();
        let mut trace = program.trace(32);
        gradcheck::check(&program, &program.parameters(), &mut trace, 7)
    };
    assert_eq!(report.n_entries, 4_096);
    assert!(report.is_sample() && (100..250).contains(&report.entries.len()), "{}", report.entries.len());
}
