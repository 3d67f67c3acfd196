//! Rules for what changes the sizes of a tensor: matrix products, transposes, slices, stacks.
//!
//! Sizes are PyTorch's. N is never cut, stacked or multiplied away here: a batched value is one such
//! tensor for each sample.

use super::broadcast::{Axis, broadcast, checked_rank, shape_of};
use super::{Shape, ShapeError, count, mismatch};

/// The axis that PyTorch calls `dim`: N is 0 where there is one, −1 is the last.
///
/// # Errors
/// When there is no such axis.
pub fn axis(op: &'static str, x: &Shape, dim: isize) -> Result<Axis, ShapeError> {
    let n_batch = usize::from(x.is_batched());
    let rank = x.dims().len() + n_batch;
    let at = if dim < 0 { rank.checked_add_signed(dim) } else { usize::try_from(dim).ok() };
    match at {
        Some(0) if x.is_batched() => Ok(Axis::Samples),
        Some(at) if at < rank => Ok(Axis::Feature(at - n_batch)),
        _ => Err(mismatch(op, 0, format!("−{rank} ≤ dim < {rank}"), format!("{x}, dim = {dim}"))),
    }
}

/// The same where N will not do: the axis after N, counted from 0.
///
/// # Errors
/// When there is no such axis, or it is N.
pub fn feature_axis(op: &'static str, x: &Shape, dim: isize) -> Result<usize, ShapeError> {
    match axis(op, x, dim)? {
        Axis::Feature(at) => Ok(at),
        Axis::Samples | Axis::All => Err(mismatch(op, 0, "dim ≠ 0 (N)", format!("{x}, dim = {dim}"))),
    }
}

/// The sizes of a matrix product, for one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatMul {
    /// Sizes before the last two; broadcast.
    pub lead: Vec<usize>,
    /// `[rows, inner] · [inner, columns]`.
    pub sizes: [usize; 3],
    /// What comes out.
    pub output: Shape,
}

/// `[…, a, k] @ […, k, b]` → `[…, a, b]`, as `torch.matmul` does for each sample: a value of one size is a
/// row on the left and a column on the right, and that size is gone afterwards.
///
/// # Errors
/// When an input has no sizes, or the inner sizes differ.
pub fn matmul(op: &'static str, a: &Shape, b: &Shape) -> Result<MatMul, ShapeError> {
    let split = |shape: &Shape, is_left: bool| match shape.dims() {
        [] => None,
        &[size] if is_left => Some((Vec::new(), 1, size)),
        &[size] => Some((Vec::new(), size, 1)),
        [lead @ .., rows, columns] => Some((lead.to_vec(), *rows, *columns)),
    };
    let (a_lead, rows, inner) = split(a, true).ok_or_else(|| mismatch(op, 0, "[…, a, k]", a))?;
    let (b_lead, b_inner, columns) = split(b, false).ok_or_else(|| mismatch(op, 1, "[…, k, b]", b))?;
    if inner != b_inner {
        return Err(mismatch(op, 1, format!("[…, {inner}, b]"), b));
    }
    let lead = broadcast(op, &[&Shape::fixed(&a_lead), &Shape::fixed(&b_lead)])?.dims().to_vec();
    let kept = [(a.dims().len() > 1).then_some(rows), (b.dims().len() > 1).then_some(columns)];
    let dims: Vec<usize> = lead.iter().copied().chain(kept.into_iter().flatten()).collect();
    let output = checked_rank(op, shape_of(a.is_batched() || b.is_batched(), &dims))?;
    Ok(MatMul { lead, sizes: [rows, inner, columns], output })
}

/// The last two sizes exchanged.
///
/// # Errors
/// When there are not two.
pub fn transpose(op: &'static str, x: &Shape) -> Result<Shape, ShapeError> {
    let mut dims = x.dims().to_vec();
    let n = dims.len();
    if n < 2 {
        return Err(mismatch(op, 0, "[…, a, b]", x));
    }
    dims.swap(n - 2, n - 1);
    Ok(shape_of(x.is_batched(), &dims))
}

/// The same numbers in C order under other sizes.
///
/// # Errors
/// When their count differs, or there are too many sizes.
pub fn reshape(op: &'static str, x: &Shape, to: &[usize]) -> Result<Shape, ShapeError> {
    let shape = checked_rank(op, shape_of(x.is_batched(), to))?;
    if shape.features() == x.features() { Ok(shape) } else { Err(mismatch(op, 0, shape, x)) }
}

/// A run of an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which axis after N.
    pub axis: usize,
    /// Where it begins.
    pub start: usize,
    /// How long it is.
    pub len: usize,
    /// What comes out.
    pub output: Shape,
}

/// `x[…, start:end]` along `dim`. Negative ends count from the last entry; what lies beyond is cut.
///
/// # Errors
/// When there is no such axis, or nothing is left.
pub fn slice(op: &'static str, x: &Shape, dim: isize, [start, end]: [isize; 2]) -> Result<Run, ShapeError> {
    let axis = feature_axis(op, x, dim)?;
    let mut dims = x.dims().to_vec();
    let size = dims[axis];
    let at = |place: isize| {
        let place = if place < 0 { size.saturating_add_signed(place) } else { place.unsigned_abs() };
        place.min(size)
    };
    let (start, end) = (at(start), at(end));
    if start >= end {
        return Err(mismatch(op, 0, format!("0 ≤ start < end ≤ {size}"), format!("{start}:{end}")));
    }
    dims[axis] = end - start;
    Ok(Run { axis, start, len: end - start, output: shape_of(x.is_batched(), &dims) })
}

/// `x[…, index]` along `dim`, which is gone afterwards.
///
/// # Errors
/// When there is no such axis or entry.
pub fn select(op: &'static str, x: &Shape, dim: isize, index: isize) -> Result<Run, ShapeError> {
    let axis = feature_axis(op, x, dim)?;
    let mut dims = x.dims().to_vec();
    let size = dims.remove(axis);
    let at = if index < 0 { size.checked_add_signed(index) } else { Some(index.unsigned_abs()) };
    let Some(start) = at.filter(|&at| at < size) else {
        return Err(mismatch(op, 0, format!("−{size} ≤ index < {size}"), index));
    };
    Ok(Run { axis, start, len: 1, output: shape_of(x.is_batched(), &dims) })
}

/// Equal shapes one after another along a new axis. Gives the axis after N, and what comes out.
///
/// # Errors
/// When there is no input, one differs, or there is no such axis.
pub fn stack(op: &'static str, inputs: &[&Shape], dim: isize) -> Result<(usize, Shape), ShapeError> {
    let Some((first, rest)) = inputs.split_first() else {
        return Err(ShapeError { op, arg: None, expected: count(1), found: count(0) });
    };
    if let Some(arg) = rest.iter().position(|shape| shape != first) {
        return Err(mismatch(op, arg + 1, first, rest[arg]));
    }
    let mut dims = first.dims().to_vec();
    dims.push(1);
    let axis = feature_axis(op, &shape_of(first.is_batched(), &dims), dim)?;
    dims.pop();
    dims.insert(axis, inputs.len());
    Ok((axis, checked_rank(op, shape_of(first.is_batched(), &dims))?))
}

/// Side by side along `dim`: `[N, a]`, `[N, b]`, … → `[N, a + b + …]` along the last one. Gives the axis after
/// N, and what comes out.
///
/// # Errors
/// When there is no input, no such axis, or the other sizes differ.
pub fn concat(op: &'static str, inputs: &[&Shape], dim: isize) -> Result<(usize, Shape), ShapeError> {
    let Some(first) = inputs.first() else {
        return Err(ShapeError { op, arg: None, expected: count(1), found: count(0) });
    };
    if first.dims().is_empty() {
        return Err(mismatch(op, 0, shape_of_any(first, 0), first));
    }
    let axis = feature_axis(op, first, dim)?;
    let others = |shape: &Shape| {
        (shape.is_batched(), shape.dims()[..axis].to_vec(), shape.dims()[axis + 1..].to_vec())
    };
    // What is too large to be counted is too large to be held, and the drawing's problems say so.
    let mut total: usize = 0;
    for (idx, shape) in inputs.iter().enumerate() {
        if shape.dims().len() != first.dims().len() || others(shape) != others(first) {
            return Err(mismatch(op, idx, shape_of_any(first, axis), shape));
        }
        total = total.saturating_add(shape.dims()[axis]);
    }
    let mut dims = first.dims().to_vec();
    dims[axis] = total;
    Ok((axis, shape_of(first.is_batched(), &dims)))
}

/// A shape as signs, with any size along an axis.
fn shape_of_any(shape: &Shape, axis: usize) -> String {
    let mut sizes: Vec<String> = shape.dims().iter().map(ToString::to_string).collect();
    match sizes.get_mut(axis) {
        Some(size) => "f".clone_into(size),
        None => sizes.push("f".to_owned()),
    }
    let batch = shape.is_batched().then(|| "N".to_owned());
    format!("[{}]", batch.into_iter().chain(sizes).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn fixed(dims: &[usize]) -> Shape {
        Shape::fixed(dims)
    }

    #[test]
    fn products_are_those_of_torch_matmul_for_each_sample() {
        let of = |a: &Shape, b: &Shape| matmul("Mm", a, b).map(|product| product.output);
        assert_eq!(of(&fixed(&[2, 3]), &fixed(&[3, 4])).unwrap(), fixed(&[2, 4]));
        assert_eq!(of(&fixed(&[3]), &fixed(&[3])).unwrap(), Shape::scalar());
        assert_eq!(of(&fixed(&[2, 3]), &fixed(&[3])).unwrap(), fixed(&[2]));
        assert_eq!(of(&Shape::batched(&[3]), &fixed(&[3, 4])).unwrap(), Shape::batched(&[4]));
        assert_eq!(of(&Shape::batched(&[5, 2, 3]), &fixed(&[3, 4])).unwrap(), Shape::batched(&[5, 2, 4]));
        assert_eq!(of(&fixed(&[2, 3]), &fixed(&[4, 3])).unwrap_err().expected, "[…, 3, b]");
        assert!(of(&Shape::scalar(), &fixed(&[1])).is_err());
    }

    #[test]
    fn n_is_the_first_axis_and_is_never_cut() {
        let x = Shape::batched(&[4, 5]);
        assert_eq!(axis("Sum", &x, 0).unwrap(), Axis::Samples);
        assert_eq!(axis("Sum", &x, -1).unwrap(), Axis::Feature(1));
        assert_eq!(axis("Sum", &fixed(&[4, 5]), 0).unwrap(), Axis::Feature(0));
        assert!(axis("Sum", &x, 3).is_err() && slice("Slice", &x, 0, [0, 1]).is_err());
        let run = slice("Slice", &x, 2, [-2, 9]).unwrap();
        assert_eq!((run.axis, run.start, run.len), (1, 3, 2));
        assert_eq!(run.output, Shape::batched(&[4, 2]));
        assert_eq!(select("Select", &x, 1, -1).unwrap().output, Shape::batched(&[5]));
        assert!(select("Select", &x, 1, 4).is_err() && slice("Slice", &x, 1, [2, 2]).is_err());
    }

    #[test]
    fn concat_adds_the_sizes_of_one_axis_and_wants_the_others_equal() {
        let of = |inputs: &[&Shape], dim| concat("Concat", inputs, dim);
        let (a, b) = (Shape::batched(&[3]), Shape::batched(&[4]));
        assert_eq!(of(&[&a, &b, &a], -1).unwrap(), (0, Shape::batched(&[10])));
        assert_eq!(of(&[&a, &b, &a], 1).unwrap(), of(&[&a, &b, &a], -1).unwrap());
        assert_eq!(of(&[&a, &Shape::scalar()], -1).unwrap_err().expected, "[N, f]");
        let (m, n) = (Shape::batched(&[2, 3]), Shape::batched(&[5, 3]));
        assert_eq!(of(&[&m, &n], 1).unwrap(), (0, Shape::batched(&[7, 3])));
        assert_eq!(of(&[&m, &n], -2).unwrap(), (0, Shape::batched(&[7, 3])));
        let error = of(&[&m, &n], 2).unwrap_err();
        assert_eq!((error.arg, error.expected.as_str()), (Some(1), "[N, 2, f]"));
        assert!(of(&[&m, &m], 0).is_err() && of(&[&m, &m], 3).is_err() && of(&[&m, &m], -3).is_err());
        assert_eq!(of(&[&fixed(&[2, 3]), &fixed(&[1, 3])], 0).unwrap(), (0, fixed(&[3, 3])));
        assert!(of(&[], -1).is_err());
    }

    #[test]
    fn stacks_get_a_new_axis() {
        let x = fixed(&[3]);
        assert_eq!(stack("Stack", &[&x, &x], 0).unwrap(), (0, fixed(&[2, 3])));
        assert_eq!(stack("Stack", &[&x, &x], -1).unwrap(), (1, fixed(&[3, 2])));
        assert_eq!(stack("Stack", &[&x, &fixed(&[2])], 0).unwrap_err().arg, Some(1));
        assert_eq!(reshape("View", &fixed(&[6]), &[2, 3]).unwrap(), fixed(&[2, 3]));
        assert!(reshape("View", &fixed(&[6]), &[4]).is_err());
        assert_eq!(transpose("T", &fixed(&[2, 3])).unwrap(), fixed(&[3, 2]));
    }
}
