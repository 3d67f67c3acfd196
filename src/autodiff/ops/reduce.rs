//! One number from many, over an axis or over all of them: sum, mean, min, max, product, norm.

use crate::algebra::{
    Axes, Comparison, Expression, Function, Operand, Reduction, Size, grad, input, number, sizes_of,
};
use crate::autodiff::{BackwardArgs, Op, Rule};
use crate::tensor::shape::{self, Axis};
use crate::tensor::{Matrix, Real, Shape, ShapeError};

/// Which number, under PyTorch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Σ x; everyone gets the gradient.
    Sum,
    /// Σ x / n; everyone gets 1/n of it.
    Mean,
    /// The smallest. Over an axis the first of equals gets the gradient; over all (and over N) they share
    /// it evenly.
    Min,
    /// The largest. Over an axis the first of equals gets the gradient; over all (and over N) they share
    /// it evenly.
    Max,
    /// ∏ x; everyone gets the product of the others, exact where one or more are 0.
    Prod,
    /// √Σ x²; everyone gets x / norm, and 0 where the norm is 0.
    Norm,
}

/// A reduction of values of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduce {
    total: Total,
    axis: Axis,
    keep: bool,
    x: Shape,
}

/// A value seen as `[outer, len, inner]`, of which `len` is reduced.
#[derive(Clone, Copy, Debug)]
struct Runs {
    outer: usize,
    len: usize,
    inner: usize,
}

impl Total {
    fn name(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Mean => "Mean",
            Self::Min => "Min",
            Self::Max => "Max",
            Self::Prod => "Prod",
            Self::Norm => "LinalgVectorNorm",
        }
    }
}

impl Reduce {
    /// For values of the shape `x`; with `keep` a reduced size stays as 1.
    ///
    /// # Errors
    /// When there is no such axis.
    pub fn new(total: Total, axis: Axis, keep: bool, x: &Shape) -> Result<Self, ShapeError> {
        shape::reduce(total.name(), x, axis, keep)?;
        Ok(Self { total, axis, keep, x: x.clone() })
    }

    fn runs(&self, n_numbers: usize) -> Runs {
        let dims = self.x.dims();
        let (len, inner) = match self.axis {
            Axis::All => (n_numbers, 1),
            Axis::Samples => (n_numbers / self.x.features().max(1), self.x.features()),
            Axis::Feature(at) => (dims[at], dims[at + 1..].iter().product()),
        };
        Runs { outer: n_numbers / (len * inner).max(1), len, inner }
    }

    /// Of how many numbers each comes, in a rule.
    fn count(&self) -> Expression<Operand> {
        match self.axis {
            Axis::All => Expression::count_of(&self.x),
            Axis::Samples => Expression::BatchSize,
            Axis::Feature(at) => number(self.x.dims()[at] as f64),
        }
    }

    fn axes(&self) -> Axes {
        match self.axis {
            Axis::All => Axes::All,
            Axis::Samples => Axes::One(0),
            Axis::Feature(at) => Axes::One(at + usize::from(self.x.is_batched())),
        }
    }

    /// A reduction of `of`, which is as large as the input, with 1 for the reduced sizes.
    fn reduced(&self, how: Reduction, of: Expression<Operand>) -> Expression<Operand> {
        match self.axes() {
            Axes::All => of.over_all(how),
            Axes::One(axis) => of.over_kept(how, axis),
        }
    }

    /// The output or its gradient with 1 for the reduced sizes, so that it is repeated along them.
    fn kept(&self, of: Expression<Operand>) -> Expression<Operand> {
        match self.axes() {
            Axes::All if self.keep => of.over_all(Reduction::Sum),
            Axes::One(axis) if !self.keep || self.axis == Axis::Samples => {
                let mut sizes = sizes_of(&self.x);
                sizes[axis] = Size::Fixed(1);
                of.reshape(sizes)
            }
            Axes::All | Axes::One(_) => of,
        }
    }

    /// How a rule writes the places of the entries along the axis: 0, 1, 2, …
    fn places(&self) -> Option<Expression<Operand>> {
        let Axis::Feature(at) = self.axis else { return None };
        let numbers = (0..self.x.dims()[at]).map(|place| number(place as f64).into());
        let after = self.x.dims().len() - at - 1;
        let sizes = [self.x.dims()[at]].into_iter().chain(std::iter::repeat_n(1, after));
        Some(Expression::List(numbers.collect()).reshape(sizes.map(Size::Fixed).collect()))
    }

    /// Which share an entry gets whose value is the extreme one: the first of equals all of it, or each its
    /// part.
    fn extreme_share(&self, sign: f64) -> Expression<Operand> {
        let x = if sign < 0.0 { -input(0) } else { input(0) };
        let Some(places) = self.places() else {
            let top = self.reduced(Reduction::Max, x.clone());
            let is_top = x.compared(Comparison::Equal, top);
            return self.kept(grad()) * is_top.clone() / self.reduced(Reduction::Sum, is_top);
        };
        let first = self.reduced(Reduction::ArgMax, x);
        self.kept(grad()) * places.compared(Comparison::Equal, first)
    }

    fn share<T: Real>(&self, args: &BackwardArgs<'_, T>, to: &mut [T]) {
        let (x, y, g) = (args.inputs[0].as_slice(), args.output.as_slice(), args.grad_output.as_slice());
        let runs = self.runs(x.len());
        let n = T::from_count(runs.len.max(1));
        for (at, (&y, &g)) in y.iter().zip(g).enumerate() {
            let mut each = |f: &mut dyn FnMut(T) -> T| runs.of(at).for_each(|i| to[i] += f(x[i]));
            match self.total {
                Total::Sum => each(&mut |_| g),
                Total::Mean => {
                    let share = g / n;
                    each(&mut |_| share);
                }
                Total::Norm => each(&mut |x| if y == T::zero() { T::zero() } else { g * x / y }),
                Total::Min | Total::Max => self.share_extreme(runs.of(at), x, (y, g), to),
                Total::Prod => {
                    let (others, n_zeros) = product_of_others(runs.of(at).map(|i| x[i]));
                    each(&mut |x| match (x == T::zero(), n_zeros) {
                        (false, 0) => g * others / x,
                        (true, 1) => g * others,
                        _ => T::zero(),
                    });
                }
            }
        }
    }

    fn share_extreme<T: Real>(
        &self,
        run: impl Iterator<Item = usize> + Clone,
        x: &[T],
        (y, g): (T, T),
        to: &mut [T],
    ) {
        let is_top = |i: &usize| x[*i] == y;
        if self.places().is_some() {
            if let Some(first) = run.clone().find(is_top) {
                to[first] += g;
            }
            return;
        }
        let share = g / T::from_count(run.clone().filter(is_top).count().max(1));
        run.filter(is_top).for_each(|i| to[i] += share);
    }
}

/// The product of what is not 0, and how many zeros there are.
fn product_of_others<T: Real>(run: impl Iterator<Item = T>) -> (T, usize) {
    run.fold(
        (T::one(), 0),
        |(product, n_zeros), x| {
            if x == T::zero() { (product, n_zeros + 1) } else { (product * x, n_zeros) }
        },
    )
}

impl Runs {
    /// The places of the numbers that make the output's number `at`.
    fn of(self, at: usize) -> impl Iterator<Item = usize> + Clone {
        let first = at / self.inner.max(1) * self.len * self.inner + at % self.inner.max(1);
        (0..self.len).map(move |step| first + step * self.inner)
    }
}

impl<T: Real> Op<T> for Reduce {
    fn name(&self) -> &'static str {
        self.total.name()
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity(self.total.name(), inputs, 1)?;
        shape::reduce(self.total.name(), inputs[0], self.axis, self.keep)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let x = inputs[0].as_slice();
        let runs = self.runs(x.len());
        debug_assert_eq!(runs.outer * runs.inner, output.len(), "every run gives one number");
        for (at, y) in output.iter_mut().enumerate() {
            let run = || runs.of(at).map(|i| x[i]);
            let sum = |run: &mut dyn Iterator<Item = T>| run.fold(T::zero(), |sum, x| sum + x);
            *y = match self.total {
                Total::Sum if runs.inner == 1 => sum_of(&x[at * runs.len..(at + 1) * runs.len]),
                Total::Mean if runs.inner == 1 => {
                    sum_of(&x[at * runs.len..(at + 1) * runs.len]) / T::from_count(runs.len.max(1))
                }
                Total::Sum => sum(&mut run()),
                Total::Mean => sum(&mut run()) / T::from_count(runs.len.max(1)),
                Total::Norm => sum(&mut run().map(|x| x * x)).sqrt(),
                Total::Prod => run().fold(T::one(), |product, x| product * x),
                Total::Max => extreme(run()),
                Total::Min => -extreme(run().map(|x| -x)),
            };
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        self.share(args, grad_input.as_mut_slice());
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let value = match self.total {
            Total::Sum => self.reduced(Reduction::Sum, input(0)),
            Total::Mean => self.reduced(Reduction::Mean, input(0)),
            Total::Min => self.reduced(Reduction::Min, input(0)),
            Total::Max => self.reduced(Reduction::Max, input(0)),
            Total::Prod => self.reduced(Reduction::Prod, input(0)),
            Total::Norm => self.reduced(Reduction::Sum, input(0).squared()).apply(Function::Sqrt),
        };
        let sizes = shape::reduce("", &self.x, self.axis, self.keep).map(|shape| sizes_of(&shape));
        let sizes = sizes.unwrap_or_default();
        let is_as_wanted = match self.axes() {
            Axes::All => sizes.is_empty(),
            Axes::One(_) => self.keep && self.axis != Axis::Samples,
        };
        let value = if is_as_wanted { value } else { value.reshape(sizes) };
        let repeated = |of: Expression<Operand>| of.broadcast(sizes_of(&self.x));
        let share = match self.total {
            Total::Sum => repeated(self.kept(grad())),
            Total::Mean => repeated(self.kept(grad()) / self.count()),
            Total::Max => self.extreme_share(1.0),
            Total::Min => self.extreme_share(-1.0),
            Total::Norm => {
                let norm = self.kept(crate::algebra::output());
                let no_slope = norm.clone().compared(Comparison::Equal, number(0.0));
                no_slope.choose(number(0.0), self.kept(grad()) * input(0) / norm)
            }
            Total::Prod => {
                let is_zero = input(0).compared(Comparison::Equal, number(0.0));
                let others = self.reduced(Reduction::Prod, is_zero.clone().choose(number(1.0), input(0)));
                let n_zeros = self.reduced(Reduction::Sum, is_zero.clone());
                let is_count = |n: f64| n_zeros.clone().compared(Comparison::Equal, number(n));
                let share = self.kept(grad()) * others;
                is_zero.choose(
                    is_count(1.0).choose(share.clone(), number(0.0)),
                    is_count(0.0).choose(share / input(0), number(0.0)),
                )
            }
        };
        Rule::of_one(value, share)
    }

    fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
        if !matches!(self.total, Total::Min | Total::Max | Total::Norm) {
            return;
        }
        let x = inputs[0].as_slice();
        let runs = self.runs(x.len());
        for at in 0..runs.outer * runs.inner {
            let run = || runs.of(at).map(|i| x[i]);
            let top = match self.total {
                Total::Min => -extreme(run().map(|x| -x)),
                Total::Norm => T::zero(),
                _ => extreme(run()),
            };
            // Which entry is on top, and whether it stands there alone.
            let tops = || run().enumerate().filter(|(_, x)| *x == top);
            sides.push((tops().next().map_or(0, |(first, _)| first) % 50) as i8);
            sides.push(i8::from(tops().count() > 1));
        }
    }
}

/// Σ in sixteen running sums, which vectorize and round less than one.
fn sum_of<T: Real>(run: &[T]) -> T {
    let chunks = run.chunks_exact(16);
    let rest = chunks.remainder().iter().fold(T::zero(), |sum, &x| sum + x);
    let mut lanes = [T::zero(); 16];
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    lanes.iter().fold(rest, |sum, &lane| sum + lane)
}

/// The largest; NaN where one is.
fn extreme<T: Real>(run: impl Iterator<Item = T>) -> T {
    let larger = |a: T, b: T| {
        if b <= a {
            a
        } else if b > a {
            b
        } else {
            a + b
        }
    };
    run.reduce(larger).unwrap_or_else(|| T::zero() / T::zero())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;

    fn over(total: Total, axis: Axis) -> Reduce {
        Reduce::new(total, axis, false, &Shape::batched(&[3])).unwrap()
    }

    #[test]
    fn ties_go_to_the_first_over_an_axis_and_are_shared_over_all() {
        let x = rows(&[&[2.0, 5.0, 5.0], &[5.0, 1.0, 0.0]]);
        let axis = over(Total::Max, Axis::Feature(0));
        assert_eq!(forward(&axis, &[&x]).as_slice(), [5.0, 5.0]);
        let grads = backward_all(&axis, &[&x], &rows(&[&[1.0, 10.0]]).transpose());
        assert_eq!(grads[0].as_slice(), [0.0, 1.0, 0.0, 10.0, 0.0, 0.0]);
        let all = over(Total::Max, Axis::All);
        let third = 1.0 / 3.0;
        let grads = backward_all(&all, &[&x], &rows(&[&[1.0]]));
        assert_eq!(grads[0].as_slice(), [0.0, third, third, third, 0.0, 0.0]);
    }

    #[test]
    fn a_product_with_zeros_and_a_norm_of_zeros_have_their_slopes() {
        let prod = over(Total::Prod, Axis::Feature(0));
        let x = rows(&[&[2.0, 0.0, 3.0], &[0.0, 0.0, 3.0], &[2.0, 5.0, 3.0]]);
        let grads = backward_all(&prod, &[&x], &rows(&[&[1.0, 1.0, 1.0]]).transpose());
        assert_eq!(grads[0].as_slice(), [0.0, 6.0, 0.0, 0.0, 0.0, 0.0, 15.0, 6.0, 10.0]);
        let norm = over(Total::Norm, Axis::All);
        assert_eq!(backward_all(&norm, &[&rows(&[&[0.0; 3]])], &rows(&[&[1.0]]))[0], rows(&[&[0.0; 3]]));
    }

    #[test]
    fn gradients_equal_differences() {
        let x = rows(&[&[0.5, 1.25, -2.0], &[2.0, 3.5, 1.0]]);
        for total in [Total::Sum, Total::Mean, Total::Min, Total::Max, Total::Prod, Total::Norm] {
            for axis in [Axis::All, Axis::Samples, Axis::Feature(0)] {
                check_gradients(&over(total, axis), &[&x]);
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_not_overlooked() {
        assert!(extreme([1.0, f64::NAN, 2.0].into_iter()).is_nan());
    }
}
