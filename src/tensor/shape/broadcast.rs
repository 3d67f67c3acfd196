//! Rules for tensors of any rank: broadcasting, reducing, and what needs a row of features.
//!
//! N is an axis of its own: sizes are compared after N, and a size of features never meets N,
//! even where the two numbers happen to be equal.

use super::{Shape, ShapeError, count, mismatch};

/// The most sizes that a value may have, N not counted.
pub const MAX_RANK: usize = 4;

/// What a reduction runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// N: the samples of a batch.
    Samples,
    /// A size after N, counted from 0.
    Feature(usize),
    /// All sizes, N among them.
    All,
}

/// Inputs put together entry by entry with PyTorch's broadcasting of the sizes after N: from the
/// last one on, a size of 1 or a missing one is repeated. The output is batched where an input is.
///
/// # Errors
/// When there is no input, two sizes differ and neither is 1, or there are more than [`MAX_RANK`].
pub fn broadcast(op: &'static str, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
    let Some((first, rest)) = inputs.split_first() else {
        return Err(ShapeError { op, arg: None, expected: count(1), found: count(0) });
    };
    let mut dims = first.dims().to_vec();
    for (idx, shape) in rest.iter().enumerate() {
        let rank = dims.len().max(shape.dims().len());
        let size =
            |dims: &[usize], axis: usize| (axis + dims.len()).checked_sub(rank).map_or(1, |at| dims[at]);
        let joined: Option<Vec<usize>> = (0..rank)
            .map(|axis| match (size(&dims, axis), size(shape.dims(), axis)) {
                (a, b) if a == b || b == 1 => Some(a),
                (1, b) => Some(b),
                _ => None,
            })
            .collect();
        let is_batched = inputs[..=idx].iter().any(|input| input.is_batched());
        dims = joined.ok_or_else(|| mismatch(op, idx + 1, shape_of(is_batched, &dims), shape))?;
    }
    let is_batched = inputs.iter().any(|input| input.is_batched());
    checked_rank(op, shape_of(is_batched, &dims))
}

/// A sum, a mean or a maximum over an axis. With `keep` a reduced size stays as 1; N cannot stay.
///
/// # Errors
/// When there is no such axis.
pub fn reduce(op: &'static str, x: &Shape, axis: Axis, keep: bool) -> Result<Shape, ShapeError> {
    let mut dims = x.dims().to_vec();
    match axis {
        Axis::Samples if !x.is_batched() => Err(mismatch(op, 0, "[N, …]", x)),
        Axis::Samples => Ok(Shape::fixed(&dims)),
        Axis::Feature(at) if at >= dims.len() => {
            Err(mismatch(op, 0, format!("[{}]", "…, ".repeat(at) + "f"), x))
        }
        Axis::Feature(at) => {
            if keep {
                dims[at] = 1;
            } else {
                dims.remove(at);
            }
            Ok(shape_of(x.is_batched(), &dims))
        }
        Axis::All => Ok(Shape::fixed(if keep { &[1; MAX_RANK][..dims.len().min(MAX_RANK)] } else { &[] })),
    }
}

/// An input that must be one row of features for each sample: `[N, f]`.
///
/// # Errors
/// When it is not.
pub fn row(op: &'static str, arg: usize, x: &Shape) -> Result<usize, ShapeError> {
    match *x.dims() {
        [features] if x.is_batched() => Ok(features),
        _ => Err(mismatch(op, arg, "[N, f]", x)),
    }
}

pub(super) fn shape_of(is_batched: bool, dims: &[usize]) -> Shape {
    if is_batched { Shape::batched(dims) } else { Shape::fixed(dims) }
}

pub(super) fn checked_rank(op: &'static str, shape: Shape) -> Result<Shape, ShapeError> {
    if shape.dims().len() <= MAX_RANK {
        Ok(shape)
    } else {
        Err(ShapeError { op, arg: None, expected: format!("≤ {MAX_RANK}"), found: shape.to_string() })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn batched(dims: &[usize]) -> Shape {
        Shape::batched(dims)
    }

    #[test]
    fn sizes_are_repeated_from_the_last_one_on() {
        let of = |inputs: &[&Shape]| broadcast("Add", inputs);
        assert_eq!(of(&[&batched(&[2, 3]), &Shape::fixed(&[3])]).unwrap(), batched(&[2, 3]));
        assert_eq!(of(&[&Shape::scalar(), &batched(&[3]), &batched(&[1])]).unwrap(), batched(&[3]));
        assert_eq!(of(&[&Shape::fixed(&[2, 1]), &Shape::fixed(&[1, 3])]).unwrap(), Shape::fixed(&[2, 3]));
        let error = of(&[&batched(&[3]), &batched(&[2])]).unwrap_err();
        assert_eq!((error.arg, error.expected.as_str(), error.found.as_str()), (Some(1), "[N, 3]", "[N, 2]"));
        assert!(of(&[]).is_err());
        assert!(of(&[&Shape::fixed(&[1; 5])]).is_err());
    }

    #[test]
    fn the_samples_are_never_taken_for_features() {
        // Five samples of one feature and a fixed row of five: [N, 1] and [5] give [N, 5], never
        // [5, 5] or an entry for each sample.
        let joined = broadcast("Multiply", &[&batched(&[1]), &Shape::fixed(&[5])]).unwrap();
        assert_eq!((joined.clone(), joined.concrete(5)), (batched(&[5]), vec![5, 5]));
        // A fixed matrix stands after N, where PyTorch without a batch would lay its rows along N.
        let matrix = broadcast("Add", &[&batched(&[3]), &Shape::fixed(&[2, 3])]).unwrap();
        assert_eq!(matrix, batched(&[2, 3]));
        assert!(broadcast("Add", &[&batched(&[3]), &Shape::fixed(&[4])]).is_err());
    }

    #[test]
    fn a_reduction_takes_an_axis_away_or_leaves_one() {
        let x = batched(&[2, 3]);
        let of = |axis, keep| reduce("Sum", &x, axis, keep);
        assert_eq!(of(Axis::Feature(0), false).unwrap(), batched(&[3]));
        assert_eq!(of(Axis::Feature(1), true).unwrap(), batched(&[2, 1]));
        assert_eq!(of(Axis::Samples, false).unwrap(), Shape::fixed(&[2, 3]));
        assert_eq!(of(Axis::All, false).unwrap(), Shape::scalar());
        assert_eq!(of(Axis::Feature(2), false).unwrap_err().found, "[N, 2, 3]");
        assert!(reduce("Sum", &Shape::fixed(&[2]), Axis::Samples, false).is_err());
    }

    #[test]
    fn a_row_of_features_is_batched_and_of_rank_one() {
        assert_eq!(row("Softmax", 0, &batched(&[3])).unwrap(), 3);
        assert!(row("Softmax", 0, &Shape::fixed(&[3])).is_err());
        assert!(row("Softmax", 0, &batched(&[3, 1])).is_err());
    }
}
