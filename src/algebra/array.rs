//! Numbers with sizes: what an expression evaluates to.
//!
//! In C order, as NumPy and PyTorch store them. Must not know expressions.

use crate::tensor::{Matrix, Real};

/// A tensor of numbers in C order.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<T> {
    sizes: Vec<usize>,
    data: Vec<T>,
}

impl<T: Real> Array<T> {
    /// Numbers with their sizes; the numbers that are missing are 0, those too many are dropped.
    pub fn new(sizes: Vec<usize>, mut data: Vec<T>) -> Self {
        data.resize(sizes.iter().product(), T::zero());
        Self { sizes, data }
    }

    /// One number, `[]`.
    pub fn scalar(value: T) -> Self {
        Self { sizes: Vec::new(), data: vec![value] }
    }

    /// A value or a parameter of the engine under its sizes in PyTorch's order: a column-major
    /// matrix is C order read the other way round, so nothing moves.
    pub fn from_matrix(sizes: Vec<usize>, matrix: &Matrix<T>) -> Self {
        Self::new(sizes, matrix.as_slice().to_vec())
    }

    /// `f(entry)` for every place in turn.
    pub(super) fn from_fn(sizes: Vec<usize>, mut f: impl FnMut(&[usize]) -> T) -> Self {
        let n: usize = sizes.iter().product();
        let mut index = vec![0; sizes.len()];
        let mut data = Vec::with_capacity(n);
        for _ in 0..n {
            data.push(f(&index));
            for (place, size) in index.iter_mut().zip(&sizes).rev() {
                *place += 1;
                if *place < *size {
                    break;
                }
                *place = 0;
            }
        }
        Self { sizes, data }
    }

    /// The sizes of its axes.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The numbers in C order.
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// The same numbers under other sizes.
    pub(super) fn reshaped(self, sizes: Vec<usize>) -> Self {
        Self::new(sizes, self.data)
    }

    /// The number at a place of a larger tensor that this one is repeated to: axes count from the
    /// last, and where this one has a size of 1 its only number stands for all.
    pub(super) fn repeated_at(&self, index: &[usize]) -> T {
        let skipped = index.len().saturating_sub(self.sizes.len());
        let place = self
            .sizes
            .iter()
            .zip(&index[skipped..])
            .fold(0, |place, (&size, &at)| place * size + if size == 1 { 0 } else { at });
        self.data.get(place).copied().unwrap_or_else(T::zero)
    }
}
