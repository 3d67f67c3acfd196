//! A block of a matrix transposed in cache, with the widest vectors of the processor.
//!
//! Must not know products.

use crate::tensor::{Kernel, Real};

/// `to[c·rows + r] ← from[r·stride + c]`, for as many rows and columns as stand here.
pub(super) struct Transpose<'a, T> {
    pub(super) from: &'a [T],
    pub(super) stride: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) to: &'a mut [T],
}

/// Rows and columns of a tile that registers hold.
const TILE: usize = 16;

impl<T: Real> Kernel for Transpose<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { from, stride, rows, columns, to } = self;
        let whole = [rows, columns].map(|n| n / TILE * TILE);
        for r in (0..whole[0]).step_by(TILE) {
            for c in (0..whole[1]).step_by(TILE) {
                let mut tile = [[T::zero(); TILE]; TILE];
                for (i, row) in tile.iter_mut().enumerate() {
                    row.copy_from_slice(&from[(r + i) * stride + c..][..TILE]);
                }
                for j in 0..TILE {
                    let to = &mut to[(c + j) * rows + r..][..TILE];
                    for i in 0..TILE {
                        to[i] = tile[i][j];
                    }
                }
            }
        }
        for r in 0..rows {
            let rest = if r < whole[0] { whole[1] } else { 0 };
            for c in rest..columns {
                to[c * rows + r] = from[r * stride + c];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_finds_its_place() {
        for (rows, columns) in [(1, 1), (16, 16), (32, 48), (15, 40), (40, 15), (17, 33)] {
            let stride = columns + 3;
            let from: Vec<f64> = (0..rows * stride).map(|i| i as f64).collect();
            let mut to = vec![f64::NAN; rows * columns];
            Transpose { from: &from, stride, rows, columns, to: &mut to }.run();
            for r in 0..rows {
                for c in 0..columns {
                    assert_eq!(to[c * rows + r], from[r * stride + c]);
                }
            }
        }
    }
}
