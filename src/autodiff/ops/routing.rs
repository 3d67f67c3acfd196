//! Ops that move numbers without changing them, or let them pass and not pass: identity, detach, concat,
//! expand, dropout.

use super::elementwise::{put, put_zipped};
use super::linear::sum_over_samples;
use crate::algebra::{Expression, Reduction, Size, grad, input, number, sizes_of};
use crate::autodiff::{BackwardArgs, Blocked, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// A = Z (PyTorch's `Identity`; an `Alias` in its graph). dZ = dA. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity;

impl<T: Real> Op<T> for Identity {
    fn name(&self) -> &'static str {
        "Alias"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::alike("Identity", inputs, 1)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        output.copy_from(inputs[0]);
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        *grad_input += args.grad_output;
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        grad_input.copy_from(args.grad_output);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        Rule::of_one(input(0), grad())
    }
}

/// Y = X, and no gradient goes back. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// PyTorch's `detach`: where truncated backpropagation through time is cut (Williams and Peng 1990).
    Detach,
    /// On the way into what is computed under PyTorch's `torch.no_grad`: nothing is recorded, so what is
    /// made of it alone has no gradient either.
    NoGrad,
}

impl Barrier {
    fn reason(self) -> Blocked {
        match self {
            Self::Detach => Blocked::Detached,
            Self::NoGrad => Blocked::NoGrad,
        }
    }
}

impl<T: Real> Op<T> for Barrier {
    fn name(&self) -> &'static str {
        match self {
            Self::Detach => "Detach",
            Self::NoGrad => "NoGrad",
        }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::alike(Op::<T>::name(self), inputs, 1)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        output.copy_from(inputs[0]);
    }

    fn backward(&self, _: &BackwardArgs<'_, T>, _: usize, _: &mut Matrix<T>) {}

    fn rule(&self, _: &[&Shape]) -> Rule {
        Rule::new(input(0), vec![Share::Blocked(self.reason())])
    }

    fn blocked(&self, _: usize) -> Option<Blocked> {
        Some(self.reason())
    }
}

/// Features side by side (`cat` along the features): `[N, a]`, `[N, b]`, … → `[N, a + b + …]`.
///
/// dXᵢ is the run of dY that came from Xᵢ. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concat;

impl<T: Real> Op<T> for Concat {
    fn name(&self) -> &'static str {
        "Cat"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::concat("Concat", inputs, -1).map(|(_, output)| output)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let mut offset = 0;
        for input in inputs {
            output.rows_mut(offset, input.nrows()).copy_from(*input);
            offset += input.nrows();
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        concat_share::<T, true>(args, arg, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        concat_share::<T, false>(args, arg, grad_input);
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let mut offset = 0;
        let mut share = |shape: &&Shape| {
            let start = offset;
            offset += shape.features();
            Share::Sent(grad().slice(1, start, shape.features()))
        };
        let shares = inputs.iter().map(&mut share).collect();
        Rule::new(Expression::concat(1, (0..inputs.len()).map(input).collect()), shares)
    }
}

fn concat_share<T: Real, const ADD: bool>(
    args: &BackwardArgs<'_, T>,
    arg: usize,
    grad_input: &mut Matrix<T>,
) {
    let offset: usize = args.inputs[..arg].iter().map(|input| input.nrows()).sum();
    let features = args.inputs[arg].nrows();
    if features == 0 {
        return;
    }
    let dy = args.grad_output.as_slice().chunks_exact(args.grad_output.nrows());
    for (dx, dy) in grad_input.as_mut_slice().chunks_exact_mut(features).zip(dy) {
        for (dx, &dy) in dx.iter_mut().zip(&dy[offset..offset + features]) {
            put::<T, ADD>(dx, dy);
        }
    }
}

/// One row of a parameter repeated for every sample (`expand`): `[f]`, or row `row` of `[d, f]`,
/// → `[N, f]`. The trained initial state of a loop is such a row.
///
/// d row = Σₙ dYₙ; other rows get zeros. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expand {
    /// Which row of `[d, f]`; 0 for `[f]`.
    pub row: usize,
}

impl<T: Real> Op<T> for Expand {
    fn name(&self) -> &'static str {
        "Expand"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Expand", inputs, 1)?;
        shape::expand("Expand", inputs[0], self.row)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        for mut sample in output.column_iter_mut() {
            sample.copy_from(&inputs[0].column(self.row));
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let features = grad_input.nrows();
        let row = &mut grad_input.as_mut_slice()[self.row * features..(self.row + 1) * features];
        sum_over_samples::<T, true>(args.grad_output, row);
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let sizes = inputs.first().map_or_else(Vec::new, |shape| sizes_of(shape));
        let &[n_rows, features] = sizes.as_slice() else {
            let to = [Size::Batch].into_iter().chain(sizes).collect();
            return Rule::of_one(input(0).broadcast(to), grad().over(Reduction::Sum, 0));
        };
        let row = input(0).slice(0, self.row, 1).broadcast(vec![Size::Batch, features]);
        let zeros = |n: usize| (n > 0).then(|| number(0.0).broadcast(vec![Size::Fixed(n), features]));
        let after = n_rows.concrete(0).saturating_sub(self.row + 1);
        let sum = grad().over_kept(Reduction::Sum, 0);
        let rows = [zeros(self.row), Some(sum), zeros(after)].into_iter().flatten();
        Rule::of_one(row, Expression::concat(0, rows.collect()))
    }
}

/// Y = X ⊙ M, where M holds 0 (with probability p) or 1/(1−p): inverted dropout (Srivastava et
/// al. 2014, section 10). The mask is an input that the caller draws, all ones when evaluating.
///
/// dX = dY ⊙ M; none to M. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropout;

impl<T: Real> Op<T> for Dropout {
    fn name(&self) -> &'static str {
        "NativeDropout"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::alike("Dropout", inputs, 2)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        put_zipped::<T, false>(output, inputs[0], inputs[1], |x, mask| x * mask);
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        put_zipped::<T, true>(grad_input, args.grad_output, args.inputs[1], |dy, mask| dy * mask);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        put_zipped::<T, false>(grad_input, args.grad_output, args.inputs[1], |dy, mask| dy * mask);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let shares = vec![Share::Sent(grad() * input(1)), Share::Blocked(Blocked::Mask)];
        Rule::new(input(0) * input(1), shares)
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        (arg > 0).then_some(Blocked::Mask)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;

    #[test]
    fn concat_puts_features_side_by_side_and_takes_them_apart() {
        let (a, b) = (rows(&[&[1.0], &[2.0]]), rows(&[&[3.0, 4.0], &[5.0, 6.0]]));
        assert_eq!(forward(&Concat, &[&a, &b]), rows(&[&[1.0, 3.0, 4.0], &[2.0, 5.0, 6.0]]));
        let grads = backward_all(&Concat, &[&a, &b], &rows(&[&[10.0, 20.0, 30.0], &[40.0, 50.0, 60.0]]));
        assert_eq!(grads, [rows(&[&[10.0], &[40.0]]), rows(&[&[20.0, 30.0], &[50.0, 60.0]])]);
        check_gradients(&Concat, &[&a, &b, &a]);
    }

    #[test]
    fn expand_repeats_a_row_and_sums_its_gradients() {
        let state = rows(&[&[1.0, 2.0], &[3.0, 4.0]]);
        let op = Expand { row: 1 };
        let mut output = Matrix::zeros(2, 3);
        op.forward(&[&state], &mut output, &mut Matrix::zeros(0, 0));
        assert_eq!(output, rows(&[&[3.0, 4.0], &[3.0, 4.0], &[3.0, 4.0]]));
        let grad_output = rows(&[&[1.0, 10.0], &[2.0, 20.0], &[3.0, 30.0]]);
        let mut grad = rows(&[&[7.0, 7.0], &[7.0, 7.0]]);
        let args = BackwardArgs {
            inputs: &[&state],
            output: &output,
            grad_output: &grad_output,
            workspace: &Matrix::zeros(0, 0),
        };
        op.backward_first(&args, 0, &mut grad);
        assert_eq!(grad, rows(&[&[0.0, 0.0], &[6.0, 60.0]]));
        op.backward(&args, 0, &mut grad);
        assert_eq!(grad, rows(&[&[0.0, 0.0], &[12.0, 120.0]]));
    }

    #[test]
    fn dropout_scales_what_stays_and_blocks_the_mask() {
        let (x, mask) = (rows(&[&[1.0, 2.0, 3.0]]), rows(&[&[0.0, 1.25, 1.25]]));
        assert_eq!(forward(&Dropout, &[&x, &mask]), rows(&[&[0.0, 2.5, 3.75]]));
        assert_eq!(backward_all(&Dropout, &[&x, &mask], &x)[0], rows(&[&[0.0, 2.5, 3.75]]));
        assert!(!Op::<f64>::passes(&Dropout, 1));
        check_gradients(&Dropout, &[&x, &mask]);
    }

    #[test]
    fn identity_passes_and_detach_blocks() {
        let x = rows(&[&[1.0, -2.0]]);
        assert_eq!(forward(&Identity, &[&x]), x);
        assert_eq!(forward(&Barrier::Detach, &[&x]), x);
        check_gradients(&Identity, &[&x]);
        assert!(!Op::<f64>::passes(&Barrier::Detach, 0));
        assert_eq!(forward(&Barrier::NoGrad, &[&x]), x);
        assert!(!Op::<f64>::passes(&Barrier::NoGrad, 0));
    }
}
