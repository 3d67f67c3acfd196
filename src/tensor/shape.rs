//! Shapes and their rules, once for the ops and for the drawing.
//!
//! Must not know what is computed: only which shapes fit together, and what comes out.

mod broadcast;
mod tensors;

use std::fmt;

pub use broadcast::{Axis, MAX_RANK, broadcast, reduce, row};
pub use tensors::{
    MatMul, Run, axis, concat, feature_axis, matmul, reshape, select, slice, stack, transpose,
};

use crate::words::{Message, ToMessage};

/// The shape of a value in PyTorch's order. A batched shape starts with N, the samples of a
/// batch, which is not known until a batch is run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    batched: bool,
    dims: Vec<usize>,
}

impl Shape {
    /// `[N, dims…]`: one such tensor a sample.
    pub fn batched(dims: &[usize]) -> Self {
        Self { batched: true, dims: dims.to_vec() }
    }

    /// `[dims…]`, the same for every batch: parameters and losses.
    pub fn fixed(dims: &[usize]) -> Self {
        Self { batched: false, dims: dims.to_vec() }
    }

    /// `[]`, one number.
    pub fn scalar() -> Self {
        Self::fixed(&[])
    }

    /// Whether the shape starts with N.
    pub fn is_batched(&self) -> bool {
        self.batched
    }

    /// The sizes without N.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// Numbers a sample (batched), or numbers in all (fixed); the largest count there is where they
    /// are more than can be counted.
    pub fn features(&self) -> usize {
        self.dims.iter().fold(1, |product, &size| product.saturating_mul(size))
    }

    /// The sizes with N filled in.
    pub fn concrete(&self, n: usize) -> Vec<usize> {
        let first = if self.batched { Some(n) } else { None };
        first.into_iter().chain(self.dims.iter().copied()).collect()
    }

    /// Rows and columns of the column-major matrix that holds it, for a batch of `n`.
    pub fn storage(&self, n: usize) -> (usize, usize) {
        if self.batched {
            (self.features(), n)
        } else {
            match self.dims.as_slice() {
                [] => (1, 1),
                [f] => (*f, 1),
                [first, rest @ ..] => (rest.iter().product(), *first),
            }
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        let batch = if self.batched { Some("N".to_owned()) } else { None };
        for (idx, part) in batch.into_iter().chain(self.dims.iter().map(ToString::to_string)).enumerate() {
            if idx > 0 {
                f.write_str(", ")?;
            }
            f.write_str(&part)?;
        }
        f.write_str("]")
    }
}

/// Shapes that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// The op that refused, under its own name (`Linear`, `Add`, …).
    pub op: &'static str,
    /// Which input did not fit, counted from 0; `None` when it is their number.
    pub arg: Option<usize>,
    /// What would have fitted, such as `[N, 3]`: signs only, so that no language is fixed.
    pub expected: String,
    /// What came.
    pub found: String,
}

impl ToMessage for ShapeError {
    fn message(&self) -> Message {
        Message::new("problem-shape-mismatch")
            .with("node", self.op)
            .with("expected", self.expected.as_str())
            .with("found", self.found.as_str())
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.op, self.expected, self.found)
    }
}

impl std::error::Error for ShapeError {}

fn mismatch(
    op: &'static str,
    arg: usize,
    expected: impl fmt::Display,
    found: impl fmt::Display,
) -> ShapeError {
    ShapeError { op, arg: Some(arg), expected: expected.to_string(), found: found.to_string() }
}

/// So many inputs of any shape, in signs that every language reads.
fn count(n_inputs: usize) -> String {
    format!("[…] × {n_inputs}")
}

/// Refuses a wrong number of inputs.
///
/// # Errors
/// When `inputs` does not hold `n` shapes.
pub fn arity(op: &'static str, inputs: &[&Shape], n: usize) -> Result<(), ShapeError> {
    if inputs.len() == n {
        Ok(())
    } else {
        Err(ShapeError { op, arg: None, expected: count(n), found: count(inputs.len()) })
    }
}

/// Z = X Wᵀ + b: `[N, in]`, `[out, in]`, `[out]` → `[N, out]`.
///
/// # Errors
/// When X is not batched rows of features, W does not have its `in`, or b not W's `out`.
pub fn linear(
    op: &'static str,
    x: &Shape,
    weight: &Shape,
    bias: Option<&Shape>,
) -> Result<Shape, ShapeError> {
    let &[in_features] = x.dims() else {
        return Err(mismatch(op, 0, "[N, f]", x));
    };
    if !x.is_batched() {
        return Err(mismatch(op, 0, "[N, f]", x));
    }
    let out_features = match *weight.dims() {
        [out, inner] if inner == in_features && !weight.is_batched() => out,
        [out, _] => return Err(mismatch(op, 1, Shape::fixed(&[out, in_features]), weight)),
        _ => return Err(mismatch(op, 1, format!("[out, {in_features}]"), weight)),
    };
    if let Some(bias) = bias
        && *bias != Shape::fixed(&[out_features])
    {
        return Err(mismatch(op, 2, Shape::fixed(&[out_features]), bias));
    }
    Ok(Shape::batched(&[out_features]))
}

/// Inputs of one shape give that shape: Add, Multiply, every activation, Dropout.
///
/// # Errors
/// When there is no input, or one differs from the first.
pub fn elementwise(op: &'static str, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
    let Some((first, rest)) = inputs.split_first() else {
        return Err(ShapeError { op, arg: None, expected: count(1), found: count(0) });
    };
    for (idx, shape) in rest.iter().enumerate() {
        if shape != first {
            return Err(mismatch(op, idx + 1, first, shape));
        }
    }
    Ok((*first).clone())
}

/// As many inputs of one shape as there should be.
///
/// # Errors
/// When there are more or fewer than `n`, or one differs from the first.
pub fn alike(op: &'static str, inputs: &[&Shape], n: usize) -> Result<Shape, ShapeError> {
    arity(op, inputs, n)?;
    elementwise(op, inputs)
}

/// A loss: prediction `[N, out]` and target of the same shape give `[]`.
///
/// # Errors
/// When the target's shape is not the prediction's.
pub fn loss(op: &'static str, prediction: &Shape, target: &Shape) -> Result<Shape, ShapeError> {
    if prediction == target { Ok(Shape::scalar()) } else { Err(mismatch(op, 1, prediction, target)) }
}

/// One row of a fixed tensor, repeated for every sample: `[f]`, or row `row` of `[d, …]`,
/// → `[N, …]`.
///
/// # Errors
/// When the input is batched, has no sizes, or no such row.
pub fn expand(op: &'static str, input: &Shape, row: usize) -> Result<Shape, ShapeError> {
    match input.dims() {
        [features] if !input.is_batched() && row == 0 => Ok(Shape::batched(&[*features])),
        [n_rows, rest @ ..] if !input.is_batched() && !rest.is_empty() => {
            if row < *n_rows {
                return Ok(Shape::batched(rest));
            }
            let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
            Err(mismatch(op, 0, format!("[>{row}, {}]", rest.join(", ")), input))
        }
        _ => Err(mismatch(op, 0, "[f]", input)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn shapes_read_as_in_pytorch() {
        assert_eq!(Shape::batched(&[3]).to_string(), "[N, 3]");
        assert_eq!(Shape::fixed(&[2, 3]).to_string(), "[2, 3]");
        assert_eq!(Shape::scalar().to_string(), "[]");
        assert_eq!(Shape::batched(&[3]).concrete(5), [5, 3]);
    }

    #[test]
    fn storage_is_c_order_in_columns() {
        assert_eq!(Shape::batched(&[3]).storage(5), (3, 5));
        assert_eq!(Shape::fixed(&[2, 3]).storage(5), (3, 2));
        assert_eq!(Shape::fixed(&[4]).storage(5), (4, 1));
        assert_eq!(Shape::scalar().storage(5), (1, 1));
        assert_eq!(Shape::batched(&[2, 4, 4]).storage(5), (32, 5));
        assert_eq!(Shape::fixed(&[6, 2, 3, 3]).storage(5), (18, 6));
    }

    #[test]
    fn linear_names_the_weight_that_would_have_fitted() {
        let x = Shape::batched(&[3]);
        assert_eq!(
            linear("Linear", &x, &Shape::fixed(&[2, 3]), Some(&Shape::fixed(&[2]))).unwrap(),
            Shape::batched(&[2])
        );
        let error = linear("Linear", &x, &Shape::fixed(&[2, 4]), None).unwrap_err();
        assert_eq!((error.arg, error.expected.as_str(), error.found.as_str()), (Some(1), "[2, 3]", "[2, 4]"));
        let error = linear("Linear", &x, &Shape::fixed(&[2, 3]), Some(&Shape::fixed(&[3]))).unwrap_err();
        assert_eq!((error.arg, error.expected.as_str()), (Some(2), "[2]"));
        assert!(linear("Linear", &Shape::fixed(&[3]), &Shape::fixed(&[2, 3]), None).is_err());
    }

    #[test]
    fn elementwise_wants_equals() {
        let (a, b) = (Shape::batched(&[3]), Shape::batched(&[4]));
        assert_eq!(elementwise("Add", &[&a, &a]).unwrap(), a);
        assert_eq!(elementwise("Add", &[&a, &b]).unwrap_err().arg, Some(1));
        assert!(elementwise("Add", &[]).is_err());
        assert_eq!(loss("MSELoss", &a, &a).unwrap(), Shape::scalar());
        assert_eq!(
            loss("MSELoss", &a, &b).unwrap_err().to_string(),
            "MSELoss: expected [N, 3], found [N, 4]"
        );
    }

    #[test]
    fn expand_takes_an_existing_row_of_a_fixed_tensor() {
        assert_eq!(expand("Expand", &Shape::fixed(&[3]), 0).unwrap(), Shape::batched(&[3]));
        assert_eq!(expand("Expand", &Shape::fixed(&[2, 3]), 1).unwrap(), Shape::batched(&[3]));
        assert!(expand("Expand", &Shape::fixed(&[2, 3]), 2).is_err());
        assert!(expand("Expand", &Shape::batched(&[3]), 0).is_err());
    }
}
