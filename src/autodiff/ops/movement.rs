//! Ops that move numbers to other places: transpose, reshape, slice, select, stack, concat of any rank.

use crate::algebra::{Expression, Operand, Size, grad, input, number, sizes_of};
use crate::autodiff::{BackwardArgs, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, shape};

/// The last two sizes exchanged (`mT`). dX is dY exchanged back. No kinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transpose {
    rows: usize,
    columns: usize,
}

impl Transpose {
    /// For inputs of this shape.
    ///
    /// # Errors
    /// When there are not two sizes.
    pub fn new(x: &Shape) -> Result<Self, ShapeError> {
        match *shape::transpose("T", x)?.dims() {
            [.., columns, rows] => Ok(Self { rows, columns }),
            _ => Ok(Self { rows: 1, columns: 1 }),
        }
    }

    /// Where each number of the output stood in the input.
    fn places(self, len: usize) -> impl Iterator<Item = usize> {
        let Self { rows, columns } = self;
        let size = (rows * columns).max(1);
        (0..len).map(move |at| {
            let (matrix, at) = (at / size, at % size);
            matrix * size + at % rows.max(1) * columns + at / rows.max(1)
        })
    }
}

impl<T: Real> Op<T> for Transpose {
    fn name(&self) -> &'static str {
        "Transpose"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Transpose", inputs, 1)?;
        shape::transpose("Transpose", inputs[0])
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (x, len) = (inputs[0].as_slice(), output.len());
        for (y, from) in output.iter_mut().zip(self.places(len)) {
            *y = x[from];
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let to = grad_input.as_mut_slice();
        for (&g, from) in args.grad_output.iter().zip(self.places(args.grad_output.len())) {
            to[from] += g;
        }
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        Rule::of_one(input(0).t(), grad().t())
    }
}

/// The same numbers in C order under other sizes (`reshape`). dX is dY under the old ones. No kinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reshape {
    /// The sizes, N not among them.
    pub to: Vec<usize>,
}

impl<T: Real> Op<T> for Reshape {
    fn name(&self) -> &'static str {
        "View"
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("View", inputs, 1)?;
        shape::reshape("View", inputs[0], &self.to)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        output.as_mut_slice().copy_from_slice(inputs[0].as_slice());
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        for (to, &g) in grad_input.iter_mut().zip(args.grad_output.iter()) {
            *to += g;
        }
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        let own = inputs.first().map_or_else(Vec::new, |shape| sizes_of(shape));
        let batch = own.first().copied().filter(|size| *size == Size::Batch);
        let to = batch.into_iter().chain(self.to.iter().map(|&size| Size::Fixed(size))).collect();
        Rule::of_one(input(0).reshape(to), grad().reshape(own))
    }
}

/// A run of an axis (`x[2:5]`), or one entry of it (`x[2]`), whose axis is gone afterwards.
///
/// dX is dY where it came from and 0 elsewhere. No kinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    run: shape::Run,
    x: Shape,
    is_select: bool,
}

impl Slice {
    /// `x[…, start:end]` along `dim`.
    ///
    /// # Errors
    /// When there is no such axis, or nothing is left.
    pub fn run(x: &Shape, dim: isize, [start, end]: [isize; 2]) -> Result<Self, ShapeError> {
        let run = shape::slice("Slice", x, dim, [start, end])?;
        Ok(Self { run, x: x.clone(), is_select: false })
    }

    /// `x[…, index]` along `dim`.
    ///
    /// # Errors
    /// When there is no such axis or entry.
    pub fn select(x: &Shape, dim: isize, index: isize) -> Result<Self, ShapeError> {
        let run = shape::select("Select", x, dim, index)?;
        Ok(Self { run, x: x.clone(), is_select: true })
    }

    /// Where each number of the output stood in the input.
    fn places(&self, len: usize) -> impl Iterator<Item = usize> + use<> {
        let dims = self.x.dims();
        let inner: usize = dims[self.run.axis + 1..].iter().product();
        let (taken, whole) = (self.run.len * inner, dims[self.run.axis] * inner);
        let start = self.run.start * inner;
        (0..len).map(move |at| at / taken.max(1) * whole + start + at % taken.max(1))
    }
}

impl<T: Real> Op<T> for Slice {
    fn name(&self) -> &'static str {
        if self.is_select { "Select" } else { "Slice" }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Slice", inputs, 1)?;
        if *inputs[0] == self.x {
            Ok(self.run.output.clone())
        } else {
            shape::elementwise("Slice", &[&self.x, inputs[0]])
        }
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (x, len) = (inputs[0].as_slice(), output.len());
        for (y, from) in output.iter_mut().zip(self.places(len)) {
            *y = x[from];
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, _: usize, grad_input: &mut Matrix<T>) {
        let to = grad_input.as_mut_slice();
        for (&g, from) in args.grad_output.iter().zip(self.places(args.grad_output.len())) {
            to[from] += g;
        }
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let sizes = sizes_of(&self.x);
        let axis = self.run.axis + usize::from(self.x.is_batched());
        let run = input(0).slice(axis, self.run.start, self.run.len);
        let with = |len: usize| {
            let mut sizes = sizes.clone();
            sizes[axis] = Size::Fixed(len);
            sizes
        };
        let value = if self.is_select { run.reshape(sizes_of(&self.run.output)) } else { run };
        let own = if self.is_select { grad().reshape(with(1)) } else { grad() };
        let zeros = |len: usize| (len > 0).then(|| number(0.0).broadcast(with(len)));
        let after = self.x.dims()[self.run.axis] - self.run.start - self.run.len;
        let parts = [zeros(self.run.start), Some(own), zeros(after)].into_iter().flatten();
        Rule::of_one(value, Expression::concat(axis, parts.collect()))
    }
}

/// Values side by side along an axis (`cat`), or along a new one (`stack`).
///
/// dXᵢ is the part of dY that came from Xᵢ. No kinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The axis after N.
    axis: usize,
    is_stack: bool,
    inputs: Vec<Shape>,
    output: Shape,
}

impl Join {
    /// Along an axis that all have.
    ///
    /// # Errors
    /// When the other sizes differ, or there is no such axis.
    pub fn concat(inputs: &[&Shape], dim: isize) -> Result<Self, ShapeError> {
        let (axis, output) = shape::concat("Cat", inputs, dim)?;
        Ok(Self { axis, is_stack: false, inputs: owned(inputs), output })
    }

    /// Along a new axis.
    ///
    /// # Errors
    /// When the shapes differ, or there is no such axis.
    pub fn stack(inputs: &[&Shape], dim: isize) -> Result<Self, ShapeError> {
        let (axis, output) = shape::stack("Stack", inputs, dim)?;
        Ok(Self { axis, is_stack: true, inputs: owned(inputs), output })
    }

    /// How long the run of an input is that stands in one piece.
    fn chunk(&self, arg: usize) -> usize {
        let inner: usize = self.output.dims()[self.axis + 1..].iter().product();
        let len = if self.is_stack { 1 } else { self.inputs[arg].dims()[self.axis] };
        len * inner
    }

    /// The places in the output that input `arg` fills, in its order.
    fn places(&self, arg: usize, len: usize) -> impl Iterator<Item = usize> + use<> {
        let before: usize = (0..arg).map(|arg| self.chunk(arg)).sum();
        let whole: usize = (0..self.inputs.len()).map(|arg| self.chunk(arg)).sum();
        let chunk = self.chunk(arg).max(1);
        (0..len).map(move |at| at / chunk * whole + before + at % chunk)
    }
}

fn owned(shapes: &[&Shape]) -> Vec<Shape> {
    shapes.iter().map(|&shape| shape.clone()).collect()
}

impl<T: Real> Op<T> for Join {
    fn name(&self) -> &'static str {
        if self.is_stack { "Stack" } else { "Cat" }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        for (idx, (shape, own)) in inputs.iter().zip(&self.inputs).enumerate() {
            shape::elementwise("Cat", &[own, shape])
                .map_err(|error| ShapeError { arg: Some(idx), ..error })?;
        }
        shape::arity("Cat", inputs, self.inputs.len()).map(|()| self.output.clone())
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let y = output.as_mut_slice();
        for (arg, input) in inputs.iter().enumerate() {
            for (&x, to) in input.iter().zip(self.places(arg, input.len())) {
                y[to] = x;
            }
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        let (g, len) = (args.grad_output.as_slice(), grad_input.len());
        for (to, from) in grad_input.iter_mut().zip(self.places(arg, len)) {
            *to += g[from];
        }
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let axis = self.axis + usize::from(self.output.is_batched());
        let part = |arg: usize| -> Expression<Operand> {
            if !self.is_stack {
                return input(arg);
            }
            let mut sizes = sizes_of(&self.output);
            sizes[axis] = Size::Fixed(1);
            input(arg).reshape(sizes)
        };
        let mut start = 0;
        let mut share = |arg: usize| {
            let len = if self.is_stack { 1 } else { self.inputs[arg].dims()[self.axis] };
            let run = grad().slice(axis, start, len);
            start += len;
            Share::Sent(if self.is_stack { run.reshape(sizes_of(&self.inputs[arg])) } else { run })
        };
        let shares = (0..self.inputs.len()).map(&mut share).collect();
        Rule::new(Expression::concat(axis, (0..self.inputs.len()).map(part).collect()), shares)
    }
}
