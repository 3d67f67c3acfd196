//! A loss joined with its activation: whoever else reads the activation, and with scratch of
//! other sizes than the activation's own.

use std::sync::Arc;

use vastavirta::algebra::{Reduction, grad, input, number};
use vastavirta::autodiff::{BackwardArgs, Blocked, Op, ProgramBuilder, Rule, Share, ops};
use vastavirta::tensor::{Matrix, Real, Shape, ShapeError};

use crate::case::both_precisions;

/// z = w·1 through `activation` into `loss`, watched by an MSE of weight `watch` where given.
/// Returns loss and dL/dw of the first unit.
fn watched<T: Real>(
    (activation, loss): (Arc<dyn Op<T>>, Arc<dyn Op<T>>),
    weights: &[f64],
    target: &[f64],
    watch: Option<f64>,
) -> (f64, f64) {
    let features = Shape::batched(&[weights.len()]);
    let mut builder = ProgramBuilder::<T>::new();
    let x = builder.leaf("x", Shape::batched(&[1]));
    let y = builder.leaf("y", features);
    let w = builder.parameter("w", Shape::fixed(&[weights.len(), 1]));
    let z = builder.apply(Arc::new(ops::Linear { bias: false }), &[x, w]).unwrap();
    let a = builder.apply(activation, &[z]).unwrap();
    let loss = builder.apply(loss, &[a, y]).unwrap();
    builder.add_loss(loss, T::one());
    if let Some(weight) = watch {
        let mse = builder.apply(Arc::new(ops::Mse), &[a, y]).unwrap();
        builder.add_loss(mse, T::of(weight));
    }
    let program = builder.finish();
    assert_eq!(program.fused_losses(a).count(), 1);
    let (mut store, mut trace) = (program.parameters(), program.trace(1));
    let id = store.ids().next().unwrap();
    trace.value_mut(x).fill(T::one());
    for (idx, (weight, target)) in weights.iter().zip(target).enumerate() {
        store.value_mut(id)[idx] = T::of(*weight);
        trace.value_mut(y)[idx] = T::of(*target);
    }
    program.run(&mut store, &mut trace);
    (program.total_loss(&trace).to_f64(), store.grad(id).unwrap()[0].to_f64())
}

both_precisions! {
    fn a_watched_sigmoid_keeps_the_stable_way<T>() {
        let pair = || -> (Arc<dyn Op<T>>, Arc<dyn Op<T>>) { (Arc::new(ops::Sigmoid), Arc::new(ops::Bce)) };
        assert_eq!(watched(pair(), &[40.0], &[0.0], None), (40.0, 1.0));
        assert_eq!(watched(pair(), &[40.0], &[0.0], Some(0.0)), (40.0, 1.0));
    }

    fn a_watched_softmax_keeps_the_stable_way<T>() {
        let pair = || -> (Arc<dyn Op<T>>, Arc<dyn Op<T>>) {
            (Arc::new(ops::Softmax), Arc::new(ops::CrossEntropy))
        };
        let (weights, target) = ([800.0, 0.0], [0.0, 1.0]);
        assert_eq!(watched(pair(), &weights, &target, None), (800.0, 1.0));
        assert_eq!(watched(pair(), &weights, &target, Some(0.0)), (800.0, 1.0));
    }

    fn another_reader_adds_its_share_the_usual_way<T>() {
        // At z = 0 and y = 0: BCE sends σ(z) − y = ½; an MSE of weight 1 sends 2·½ to the
        // activation, which sends ½·½·1 on.
        let pair: (Arc<dyn Op<T>>, Arc<dyn Op<T>>) = (Arc::new(ops::Sigmoid), Arc::new(ops::Bce));
        let (loss, grad) = watched(pair, &[0.0], &[0.0], Some(1.0));
        assert!((loss - (2.0_f64.ln() + 0.25)).abs() < 1e-6);
        assert!((grad - 0.75).abs() < 1e-6);
    }
}

/// A = Z³, with 3Z² in its scratch, of Z's own size.
#[derive(Debug)]
struct Cube;

/// ½Σ(A − Y)², with A − Y in its scratch.
#[derive(Debug)]
struct HalfSquares;

/// The two in one, with 3Z²·(Z³ − Y) and a spare row in its scratch.
#[derive(Debug)]
struct CubeHalfSquares;

/// One more feature than `shape` has.
fn one_more(shape: &Shape) -> Shape {
    Shape::batched(&[shape.features() + 1])
}

impl Op<f64> for Cube {
    fn name(&self) -> &'static str {
        "Cube"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0].clone())
    }

    fn workspace(&self, inputs: &[&Shape]) -> Option<Shape> {
        Some(inputs[0].clone())
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, workspace: &mut Matrix<f64>) {
        output.copy_from(&inputs[0].map(|z| z * z * z));
        workspace.copy_from(&inputs[0].map(|z| 3.0 * z * z));
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, _: usize, grad_input: &mut Matrix<f64>) {
        assert_eq!(args.workspace.shape(), args.grad_output.shape(), "another op's scratch");
        *grad_input += args.grad_output.component_mul(args.workspace);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        Rule::of_one(input(0).power(number(3.0)), grad() * (3.0 * input(0).squared()))
    }
}

impl Op<f64> for HalfSquares {
    fn name(&self) -> &'static str {
        "HalfSquares"
    }

    fn infer_shape(&self, _: &[&Shape]) -> Result<Shape, ShapeError> {
        Ok(Shape::scalar())
    }

    fn workspace(&self, inputs: &[&Shape]) -> Option<Shape> {
        Some(inputs[0].clone())
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, workspace: &mut Matrix<f64>) {
        workspace.copy_from(&(inputs[0] - inputs[1]));
        output[0] = workspace.norm_squared() / 2.0;
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, _: usize, grad_input: &mut Matrix<f64>) {
        assert_eq!(args.workspace.shape(), args.inputs[0].shape(), "another op's scratch");
        *grad_input += args.workspace * args.grad_output[0];
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let difference = || input(0) - input(1);
        let shares = vec![Share::Sent(difference() * grad()), Share::Blocked(Blocked::Target)];
        Rule::new(0.5 * difference().squared().sum(), shares)
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        (arg > 0).then_some(Blocked::Target)
    }

    fn fused_with(&self, producer: &dyn Op<f64>) -> Option<Arc<dyn Op<f64>>> {
        (producer.name() == "Cube").then(|| Arc::new(CubeHalfSquares) as Arc<dyn Op<f64>>)
    }
}

impl Op<f64> for CubeHalfSquares {
    fn name(&self) -> &'static str {
        "CubeHalfSquares"
    }

    fn infer_shape(&self, _: &[&Shape]) -> Result<Shape, ShapeError> {
        Ok(Shape::scalar())
    }

    fn workspace(&self, inputs: &[&Shape]) -> Option<Shape> {
        Some(one_more(inputs[0]))
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, workspace: &mut Matrix<f64>) {
        let difference = inputs[1] - inputs[2];
        output[0] = difference.norm_squared() / 2.0;
        let share = inputs[0].zip_map(&difference, |z, difference| 3.0 * z * z * difference);
        workspace.rows_mut(0, share.nrows()).copy_from(&share);
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, _: usize, grad_input: &mut Matrix<f64>) {
        assert_eq!(args.workspace.nrows(), args.inputs[0].nrows() + 1, "another op's scratch");
        *grad_input += args.workspace.rows(0, grad_input.nrows()) * args.grad_output[0];
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let difference = || input(1) - input(2);
        let share = 3.0 * input(0).squared() * difference() * grad();
        let blocked = [Blocked::Skipped, Blocked::Target].map(Share::Blocked);
        let shares = [Share::Sent(share)].into_iter().chain(blocked).collect();
        Rule::new(0.5 * difference().squared().sum(), shares)
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        HalfSquares.blocked(arg)
    }
}

/// A = X ⊙ w for a weight that all samples share, with X in its scratch.
#[derive(Debug)]
struct Scale;

impl Op<f64> for Scale {
    fn name(&self) -> &'static str {
        "Scale"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0].clone())
    }

    fn workspace(&self, inputs: &[&Shape]) -> Option<Shape> {
        Some(inputs[0].clone())
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, workspace: &mut Matrix<f64>) {
        workspace.copy_from(inputs[0]);
        for (mut column, x) in output.column_iter_mut().zip(inputs[0].column_iter()) {
            column.copy_from(&x.component_mul(&inputs[1].column(0)));
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, arg: usize, grad_input: &mut Matrix<f64>) {
        assert_eq!(args.workspace.shape(), args.grad_output.shape(), "scratch of another batch");
        for (idx, grad) in args.grad_output.column_iter().enumerate() {
            if arg == 0 {
                let mut column = grad_input.column_mut(idx);
                column += grad.component_mul(&args.inputs[1].column(0));
            } else {
                let mut column = grad_input.column_mut(0);
                column += grad.component_mul(&args.workspace.column(idx));
            }
        }
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let shares =
            vec![Share::Sent(grad() * input(1)), Share::Sent((grad() * input(0)).over(Reduction::Sum, 0))];
        Rule::new(input(0) * input(1), shares)
    }
}

#[test]
fn shares_are_made_with_the_scratch_of_the_op_that_sends_them() {
    let row = Shape::batched(&[2]);
    let mut builder = ProgramBuilder::<f64>::new();
    let x = builder.leaf("x", row.clone());
    let y = builder.leaf("y", row);
    let w = builder.parameter("w", Shape::fixed(&[2]));
    let z = builder.apply(Arc::new(Scale), &[x, w]).unwrap();
    let a = builder.apply(Arc::new(Cube), &[z]).unwrap();
    let loss = builder.apply(Arc::new(HalfSquares), &[a, y]).unwrap();
    builder.add_loss(loss, 1.0);
    let program = builder.finish();
    assert_eq!(program.fused_op(program.instruction_of(loss).unwrap()).unwrap().name(), "CubeHalfSquares");
    let (mut store, mut trace) = (program.parameters(), program.trace(3));
    let id = store.ids().next().unwrap();
    store.value_mut(id).copy_from_slice(&[2.0, -1.0]);
    trace.value_mut(x).copy_from_slice(&[1.0, 2.0, -1.0, 0.5, 3.0, 1.0]);
    program.run(&mut store, &mut trace);

    // A = (xw)³ and Y = 0: dA = A, dZ = 3Z²·A.
    let share_of = |value, arg| {
        let mut out = Matrix::zeros(0, 0);
        let id = program.instruction_of(value).unwrap();
        assert!(program.edge_grad(&store, &trace, id, arg, &mut out));
        out
    };
    let (values_of_z, values_of_a) = (trace.value(z), trace.value(a));
    let expected = values_of_z.zip_map(values_of_a, |z, a| 3.0 * z * z * a);
    assert_eq!(share_of(a, 0), expected, "the activation answers with what its loss sent past it");
    assert_eq!(trace.grad(z).unwrap(), &expected);
    assert_eq!(share_of(loss, 0), *values_of_a, "the long way has the scratch of the plain loss");

    let of_scale = program.instruction_of(z).unwrap();
    let (mut sum, mut share) = (Matrix::zeros(2, 1), Matrix::zeros(0, 0));
    for sample in 0..3 {
        assert!(program.edge_grad_of_sample(&store, &trace, of_scale, 1, sample, &mut share));
        sum += &share;
    }
    assert_eq!(share_of(z, 1), sum, "the samples' shares add up to the batch's");
}
