//! What the tests of every op share: running one op, and comparing it with differences.

use crate::autodiff::{BackwardArgs, Op};
use crate::tensor::{Matrix, Real, Shape};

/// A matrix as it reads in PyTorch: a slice a row.
pub(crate) fn rows(rows: &[&[f64]]) -> Matrix<f64> {
    let features = rows.first().map_or(0, |row| row.len());
    Matrix::from_iterator(features, rows.len(), rows.iter().flat_map(|row| row.iter().copied()))
}

/// Shapes for inputs of these sizes: every input batched, except what a Linear takes as weight.
fn output_size<T: Real>(op: &dyn Op<T>, inputs: &[&Matrix<T>]) -> (usize, usize) {
    let is_linear = matches!(op.name(), "Addmm" | "Mm");
    let shapes: Vec<Shape> = inputs
        .iter()
        .enumerate()
        .map(|(arg, input)| match (is_linear, arg) {
            (true, 1) => Shape::fixed(&[input.ncols(), input.nrows()]),
            (true, 2) => Shape::fixed(&[input.nrows()]),
            _ => Shape::batched(&[input.nrows()]),
        })
        .collect();
    let shapes: Vec<&Shape> = shapes.iter().collect();
    op.infer_shape(&shapes).map(|shape| shape.storage(inputs[0].ncols())).unwrap_or_default()
}

/// The op's output.
pub(crate) fn forward<T: Real>(op: &dyn Op<T>, inputs: &[&Matrix<T>]) -> Matrix<T> {
    let (n_rows, n_cols) = output_size(op, inputs);
    let mut output = Matrix::from_element(n_rows, n_cols, T::of(f64::NAN));
    op.forward(inputs, &mut output, &mut Matrix::zeros(0, 0));
    output
}

/// The gradient of every input; zeros where none passes. Checks on the way that adding and
/// setting agree.
pub(crate) fn backward_all<T: Real>(
    op: &dyn Op<T>,
    inputs: &[&Matrix<T>],
    grad_output: &Matrix<T>,
) -> Vec<Matrix<T>> {
    let output = forward(op, inputs);
    let workspace = Matrix::zeros(0, 0);
    let args = BackwardArgs { inputs, output: &output, grad_output, workspace: &workspace };
    let mut grads = Vec::new();
    for (arg, input) in inputs.iter().enumerate() {
        let mut set = Matrix::from_element(input.nrows(), input.ncols(), T::of(f64::NAN));
        if op.passes(arg) {
            op.backward_first(&args, arg, &mut set);
            let mut added = Matrix::from_element(input.nrows(), input.ncols(), T::one());
            op.backward(&args, arg, &mut added);
            for (&added, &set) in added.iter().zip(set.iter()) {
                let rounding = T::of(4.0) * T::default_epsilon() * set.abs().max(T::one());
                assert!((added - T::one() - set).abs() <= rounding, "adding is setting plus one");
            }
        } else {
            set.fill(T::zero());
        }
        grads.push(set);
    }
    grads
}

/// Compares every gradient with central differences of Σ w·output, w = 1, −2, 3, 1, −2, 3, …
pub(crate) fn check_gradients(op: &dyn Op<f64>, inputs: &[&Matrix<f64>]) {
    let output = forward(op, inputs);
    let weights = Matrix::from_fn(output.nrows(), output.ncols(), |i, j| [1.0, -2.0, 3.0][(i + j) % 3]);
    let grads = backward_all(op, inputs, &weights);
    let loss = |inputs: &[&Matrix<f64>]| forward(op, inputs).component_mul(&weights).sum();
    for (arg, grad) in grads.iter().enumerate() {
        if !op.passes(arg) {
            continue;
        }
        for entry in 0..grad.len() {
            let h = 1e-6 * inputs[arg][entry].abs().max(1.0);
            let moved = |by: f64| {
                let mut input = inputs[arg].clone();
                input[entry] += by;
                let mut all = inputs.to_vec();
                all[arg] = &input;
                loss(&all)
            };
            let numeric = (moved(h) - moved(-h)) / (2.0 * h);
            let analytic = grad[entry];
            assert!(
                (analytic - numeric).abs() <= 1e-6 * analytic.abs().max(numeric.abs()).max(1e-3),
                "{} input {arg} entry {entry}: {analytic} against {numeric}",
                op.name()
            );
        }
    }
}
