//! Sums and products of any number of values whose shapes differ, and a choice between two, with PyTorch's
//! broadcasting of the sizes after N.

use super::aligned::Layout;
use crate::algebra::{Expression, grad, number};
use crate::autodiff::{BackwardArgs, Blocked, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// Σ or ∏ of any number of values whose shapes differ, with broadcasting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    is_product: bool,
    layout: Layout,
}

impl Fold {
    /// Their sum.
    ///
    /// # Errors
    /// When they cannot be broadcast.
    pub fn sum(inputs: &[&Shape]) -> Result<Self, ShapeError> {
        let output = shape::broadcast("Add", inputs)?;
        Ok(Self { is_product: false, layout: Layout::new(inputs, &output) })
    }

    /// Their product.
    ///
    /// # Errors
    /// When they cannot be broadcast.
    pub fn product(inputs: &[&Shape]) -> Result<Self, ShapeError> {
        let output = shape::broadcast("Mul", inputs)?;
        Ok(Self { is_product: true, layout: Layout::new(inputs, &output) })
    }
}

impl<T: Real> Op<T> for Fold {
    fn name(&self) -> &'static str {
        if self.is_product { "Mul" } else { "Add" }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::broadcast(<Self as Op<T>>::name(self), inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        output.fill(if self.is_product { T::one() } else { T::zero() });
        let y = output.as_mut_slice();
        for (arg, input) in inputs.iter().enumerate() {
            let x = input.as_slice();
            self.layout.walk([arg], y.len(), |at, [i]| {
                y[at] = if self.is_product { y[at] * x[i] } else { y[at] + x[i] };
            });
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        let (to, g) = (grad_input.as_mut_slice(), args.grad_output.as_slice());
        self.layout.walk([arg], g.len(), |at, [i]| {
            let mut share = g[at];
            if self.is_product {
                let others = args.inputs.iter().enumerate().filter(|(other, _)| *other != arg);
                for (other, input) in others {
                    share *= input.as_slice()[self.layout.place(other, at)];
                }
            }
            to[i] += share;
        });
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let written = |without: Option<usize>| {
            let all = (0..inputs.len()).filter(move |arg| Some(*arg) != without);
            all.map(|arg| self.layout.written(arg))
        };
        let share = |arg: usize| {
            let factors = std::iter::once(grad()).chain(written(Some(arg)).filter(|_| self.is_product));
            Share::Sent(self.layout.returned(arg, Expression::product(factors.collect())))
        };
        let value = written(None).collect();
        let value = if self.is_product { Expression::product(value) } else { Expression::total(value) };
        Rule::new(value, (0..inputs.len()).map(share).collect())
    }
}

/// a where the condition is not 0, else b, entry by entry with broadcasting (`where`).
///
/// To a goes the gradient where the condition holds, to b the rest; none to the condition. Nothing that is
/// not finite comes over from the side that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    layout: Layout,
}

impl Where {
    /// For a condition and two values of these shapes.
    ///
    /// # Errors
    /// When they cannot be broadcast.
    pub fn new(inputs: &[&Shape]) -> Result<Self, ShapeError> {
        shape::arity("Where", inputs, 3)?;
        Ok(Self { layout: Layout::new(inputs, &shape::broadcast("Where", inputs)?) })
    }
}

impl<T: Real> Op<T> for Where {
    fn name(&self) -> &'static str {
        "Where"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Where", inputs, 3)?;
        shape::broadcast("Where", inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let [condition, a, b] = [inputs[0].as_slice(), inputs[1].as_slice(), inputs[2].as_slice()];
        let y = output.as_mut_slice();
        self.layout.walk([0, 1, 2], y.len(), |at, [c, i, j]| {
            y[at] = if condition[c] == T::zero() { b[j] } else { a[i] };
        });
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        let (condition, g) = (args.inputs[0].as_slice(), args.grad_output.as_slice());
        let to = grad_input.as_mut_slice();
        self.layout.walk([0, arg], g.len(), |at, [c, i]| {
            if (condition[c] == T::zero()) == (arg == 2) {
                to[i] += g[at];
            }
        });
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let written = |arg: usize| self.layout.written(arg);
        let (yes, no) = (written(0).choose(grad(), number(0.0)), written(0).choose(number(0.0), grad()));
        let shares = vec![
            Share::Blocked(Blocked::Flat),
            Share::Sent(self.layout.returned(1, yes)),
            Share::Sent(self.layout.returned(2, no)),
        ];
        Rule::new(written(0).choose(written(1), written(2)), shares)
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        (arg == 0).then_some(Blocked::Flat)
    }

    fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
        sides.extend(inputs[0].iter().map(|&condition| i8::from(condition != T::zero())));
    }
}
