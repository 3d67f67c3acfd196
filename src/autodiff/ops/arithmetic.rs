//! Sums and products of values of one shape.

use super::elementwise::{put, put_zipped};
use crate::algebra::{Expression, grad, input};
use crate::autodiff::{BackwardArgs, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// Y = X₀ + X₁ + …, any number of inputs of one shape.
///
/// dXᵢ = dY: a sum hands its gradient on unchanged, to each of its inputs (Goodfellow et al. 2016,
/// section 6.5; the skip connections of He et al. 2016). No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add;

impl<T: Real> Op<T> for Add {
    fn name(&self) -> &'static str {
        "Add"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::elementwise("Add", inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        if let [a, b] = inputs {
            return put_zipped::<T, false>(output, a, b, |a, b| a + b);
        }
        output.copy_from(inputs[0]);
        for input in &inputs[1..] {
            *output += *input;
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        *grad_input += args.grad_output;
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        grad_input.copy_from(args.grad_output);
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let value = Expression::total((0..inputs.len()).map(input).collect());
        Rule::new(value, inputs.iter().map(|_| Share::Sent(grad())).collect())
    }
}

/// Y = X₀ ⊙ X₁ ⊙ …, entry by entry, any number of inputs of one shape (`mul`).
///
/// dXᵢ = dY ⊙ the product of the *other* inputs. Nothing is divided, so zeros are safe; x ⊙ x
/// gets both shares and with them 2x. No kinks. Used as a gate in Hochreiter and Schmidhuber 1997.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiply;

impl<T: Real> Op<T> for Multiply {
    fn name(&self) -> &'static str {
        "Mul"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::elementwise("Multiply", inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        if let [a, b] = inputs {
            return put_zipped::<T, false>(output, a, b, |a, b| a * b);
        }
        output.copy_from(inputs[0]);
        for input in &inputs[1..] {
            output.component_mul_assign(input);
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        multiply_share::<T, true>(args, arg, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        multiply_share::<T, false>(args, arg, grad_input);
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let all = 0..inputs.len();
        let value = Expression::product(all.clone().map(input).collect());
        let share = |arg: usize| {
            let others = all.clone().filter(|&other| other != arg).map(input);
            Share::Sent(Expression::product(std::iter::once(grad()).chain(others).collect()))
        };
        Rule::new(value, all.clone().map(share).collect())
    }
}

fn multiply_share<T: Real, const ADD: bool>(
    args: &BackwardArgs<'_, T>,
    arg: usize,
    grad_input: &mut Matrix<T>,
) {
    if let [a, b] = args.inputs {
        let other = if arg == 0 { b } else { a };
        return put_zipped::<T, ADD>(grad_input, args.grad_output, other, |g, other| g * other);
    }
    for (entry, (place, &g)) in
        grad_input.as_mut_slice().iter_mut().zip(args.grad_output.as_slice()).enumerate()
    {
        let others = args.inputs.iter().enumerate().filter(|(idx, _)| *idx != arg);
        put::<T, ADD>(place, others.fold(g, |product, (_, input)| product * input.as_slice()[entry]));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;

    #[test]
    fn sums_and_products_by_hand() {
        let (a, b, c) = (rows(&[&[1.0, 2.0]]), rows(&[&[3.0, -4.0]]), rows(&[&[0.5, 0.0]]));
        let g = rows(&[&[10.0, 100.0]]);
        assert_eq!(forward(&Add, &[&a, &b, &c]), rows(&[&[4.5, -2.0]]));
        assert_eq!(backward_all(&Add, &[&a, &b, &c], &g)[2], g);
        assert_eq!(forward(&Multiply, &[&a, &b, &c]), rows(&[&[1.5, 0.0]]));
        // d/dc (a·b·c) = a·b, also where c is zero
        assert_eq!(backward_all(&Multiply, &[&a, &b, &c], &g)[2], rows(&[&[30.0, -800.0]]));
    }

    #[test]
    fn gradients_equal_differences() {
        let (a, b, c) = (rows(&[&[1.0, 2.0]]), rows(&[&[3.0, -4.0]]), rows(&[&[0.5, 0.25]]));
        for inputs in [vec![&a, &b], vec![&a, &b, &c], vec![&a]] {
            check_gradients(&Add, &inputs);
            check_gradients(&Multiply, &inputs);
        }
    }

    #[test]
    fn a_value_times_itself_gets_both_shares() {
        let x = rows(&[&[3.0, -2.0]]);
        let grads = backward_all(&Multiply, &[&x, &x], &rows(&[&[1.0, 1.0]]));
        assert_eq!(&grads[0] + &grads[1], rows(&[&[6.0, -4.0]]));
    }
}
