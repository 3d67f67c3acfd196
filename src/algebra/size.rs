//! Sizes of axes, where N may still be a symbol, and the rules by which parts fit together.
//!
//! Must not know numbers.

use std::fmt;

use super::expression::{Axes, Expression};
use crate::tensor::Shape;

/// The size of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// N, the samples of the batch.
    Batch,
    /// A number.
    Fixed(usize),
}

impl Size {
    /// The number, for a batch of `batch` samples.
    pub fn concrete(self, batch: usize) -> usize {
        match self {
            Self::Batch => batch,
            Self::Fixed(size) => size,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batch => f.write_str("N"),
            Self::Fixed(size) => write!(f, "{size}"),
        }
    }
}

/// The axes of a value, N first where it is batched.
pub fn sizes_of(shape: &Shape) -> Vec<Size> {
    let batch = shape.is_batched().then_some(Size::Batch);
    batch.into_iter().chain(shape.dims().iter().map(|&size| Size::Fixed(size))).collect()
}

/// The numbers of all axes, for a batch of `batch` samples.
pub fn concrete(sizes: &[Size], batch: usize) -> Vec<usize> {
    sizes.iter().map(|size| size.concrete(batch)).collect()
}

/// Parts of an expression whose sizes do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// What was to be done with them.
    pub at: &'static str,
    /// Their sizes, as text.
    pub found: String,
}

impl Misfit {
    /// Parts of these sizes do not fit.
    pub(super) fn new(at: &'static str, found: &[&[Size]]) -> Self {
        let sizes = |sizes: &&[Size]| {
            let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            format!("[{}]", sizes.join(", "))
        };
        Self { at, found: found.iter().map(sizes).collect::<Vec<_>>().join(" ") }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} do not fit", self.at, self.found)
    }
}

impl std::error::Error for Misfit {}

/// The sizes of two values put together entry by entry: NumPy's rule, from the last axis on; a size
/// of 1 is repeated.
///
/// # Errors
/// Where two sizes differ and neither is 1.
pub fn broadcast(a: &[Size], b: &[Size]) -> Result<Vec<Size>, Misfit> {
    let rank = a.len().max(b.len());
    let at = |sizes: &[Size], axis: usize| {
        (axis + sizes.len()).checked_sub(rank).map_or(Size::Fixed(1), |axis| sizes[axis])
    };
    (0..rank)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (size, other) if size == other => Ok(size),
            (Size::Fixed(1), size) | (size, Size::Fixed(1)) => Ok(size),
            _ => Err(Misfit::new("entry by entry", &[a, b])),
        })
        .collect()
}

impl<L> Expression<L> {
    /// How many axes its value has, where `leaf` knows those of the leaves and all parts fit together.
    pub fn rank(&self, leaf: &dyn Fn(&L) -> usize) -> usize {
        match self {
            Self::Leaf(name) => leaf(name),
            Self::Number(_)
            | Self::Setting { .. }
            | Self::BatchSize
            | Self::Reduce { over: Axes::All, .. } => 0,
            Self::Named { body, .. } => body.rank(leaf),
            Self::Reduce { over: Axes::One(_), keep, of, .. } => {
                of.rank(leaf).saturating_sub(usize::from(!keep))
            }
            Self::Broadcast { to, .. } | Self::Reshape { to, .. } => to.len(),
            Self::List(_) => 1,
            _ => self.parts().map(|part| part.rank(leaf)).max().unwrap_or(0),
        }
    }

    /// The sizes of its value, where `leaf` knows those of the leaves.
    ///
    /// # Errors
    /// The first place where parts do not fit together.
    pub fn sizes(&self, leaf: &dyn Fn(&L) -> Vec<Size>) -> Result<Vec<Size>, Misfit> {
        let parts: Vec<Vec<Size>> = match self {
            Self::Named { body, .. } => return body.sizes(leaf),
            _ => self.parts().map(|part| part.sizes(leaf)).collect::<Result<_, _>>()?,
        };
        self.sizes_from(&parts, leaf)
    }

    /// The sizes of its value, where its parts have the sizes `parts`; of a name, its body's.
    pub(super) fn sizes_from(
        &self,
        parts: &[Vec<Size>],
        leaf: &dyn Fn(&L) -> Vec<Size>,
    ) -> Result<Vec<Size>, Misfit> {
        let first = parts.first().map_or(&[][..], Vec::as_slice);
        match self {
            Self::Leaf(name) => Ok(leaf(name)),
            Self::Number(_)
            | Self::Setting { .. }
            | Self::BatchSize
            | Self::Reduce { over: Axes::All, .. } => Ok(Vec::new()),
            Self::Named { .. } => Ok(parts.last().cloned().unwrap_or_default()),
            Self::Apply(..) => Ok(first.to_vec()),
            Self::Sum(_)
            | Self::Product(_)
            | Self::Difference(..)
            | Self::Quotient(..)
            | Self::Power(..)
            | Self::Maximum(..)
            | Self::Minimum(..)
            | Self::Compare(..)
            | Self::Where(..) => parts.iter().try_fold(Vec::new(), |all, part| broadcast(&all, part)),
            Self::Transpose(_) => match first {
                [rest @ .., a, b] => Ok(rest.iter().copied().chain([*b, *a]).collect()),
                _ => Err(Misfit::new("transpose", &[first])),
            },
            Self::MatrixProduct(..) => match parts {
                [a, b] => match (a.as_slice(), b.as_slice()) {
                    ([a_lead @ .., rows, inner], [b_lead @ .., other, columns]) if inner == other => {
                        let lead = broadcast(a_lead, b_lead)?;
                        Ok(lead.into_iter().chain([*rows, *columns]).collect())
                    }
                    _ => Err(Misfit::new("matrix product", &[a, b])),
                },
                _ => Err(Misfit::new("matrix product", &[])),
            },
            Self::Reduce { over: Axes::One(axis), keep, .. } => {
                let mut sizes = first.to_vec();
                if *axis >= sizes.len() {
                    return Err(Misfit::new("reduce", &[first]));
                }
                if *keep {
                    sizes[*axis] = Size::Fixed(1);
                } else {
                    sizes.remove(*axis);
                }
                Ok(sizes)
            }
            Self::Slice { axis, len, start, .. } => {
                let mut sizes = first.to_vec();
                match sizes.get_mut(*axis) {
                    Some(size @ Size::Batch) => *size = Size::Fixed(*len),
                    Some(Size::Fixed(size)) if *start + *len <= *size => *size = *len,
                    _ => return Err(Misfit::new("slice", &[first])),
                }
                Ok(sizes)
            }
            Self::Concat { axis, .. } => concat(parts, *axis),
            Self::Broadcast { to, .. } => {
                if broadcast(first, to).as_ref() == Ok(to) {
                    Ok(to.clone())
                } else {
                    Err(Misfit::new("broadcast", &[first, to]))
                }
            }
            Self::Reshape { to, .. } => Ok(to.clone()),
            Self::List(parts) => Ok(vec![Size::Fixed(parts.len())]),
        }
    }
}

fn concat(parts: &[Vec<Size>], axis: usize) -> Result<Vec<Size>, Misfit> {
    let misfit = || Misfit::new("concat", &parts.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let mut all = parts.first().cloned().ok_or_else(misfit)?;
    for part in parts.get(1..).unwrap_or_default() {
        let fits = part.len() == all.len()
            && part.iter().zip(&all).enumerate().all(|(at, (size, other))| at == axis || size == other);
        match (all.get_mut(axis), part.get(axis)) {
            (Some(Size::Fixed(size)), Some(Size::Fixed(more))) if fits => *size += more,
            _ => return Err(misfit()),
        }
    }
    Ok(all)
}
