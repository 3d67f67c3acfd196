//! Counts, means, deviations and ranges of the columns of a table, of all its rows or of some.
//!
//! Rows are taken in blocks. Within a block the mean comes first and the squares around it second,
//! so that large values with small differences lose nothing; the blocks are then put together in
//! order (Chan, Golub and `LeVeque` 1983, "Algorithms for computing the sample variance"). Blocks
//! may run on several threads: the numbers do not depend on how many.
//!
//! Must not know what the numbers are for.

use super::parallel;

/// Rows of a block: they stay in a processor's cache for the second look.
const ROWS: usize = 2048;

/// Running numbers of one column. A missing value, which is NaN, counts nowhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    /// Values that are there.
    pub(super) n: usize,
    /// Their mean; 0 where there are none.
    pub(super) mean: f64,
    /// The sum of (value − mean)².
    pub(super) squares: f64,
    /// The smallest value; ∞ where there are none.
    pub(super) min: f64,
    /// The largest value; −∞ where there are none.
    pub(super) max: f64,
}

impl Moments {
    const NONE: Self = Self { n: 0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    /// The moments of `n_columns` columns over `n_rows` rows; `write(i, row)` writes row i.
    pub(super) fn of(n_columns: usize, n_rows: usize, write: impl Fn(usize, &mut [f64]) + Sync) -> Vec<Self> {
        let block = |block: usize| {
            let rows = block * ROWS..n_rows.min((block + 1) * ROWS);
            Self::of_block(n_columns, rows, &write)
        };
        let blocks: Vec<Vec<Self>> = parallel::collect(n_rows.div_ceil(ROWS), block);
        let mut all = vec![Self::NONE; n_columns];
        for block in blocks {
            for (all, block) in all.iter_mut().zip(block) {
                *all = all.with(block);
            }
        }
        all
    }

    fn of_block(
        n_columns: usize,
        rows: std::ops::Range<usize>,
        write: impl Fn(usize, &mut [f64]),
    ) -> Vec<Self> {
        let mut values = vec![0.0; rows.len() * n_columns];
        let mut moments = vec![Self::NONE; n_columns];
        if n_columns == 0 {
            return moments;
        }
        for (row, values) in rows.zip(values.chunks_exact_mut(n_columns)) {
            write(row, values);
            for (moments, &value) in moments.iter_mut().zip(&*values) {
                let is_missing = value.is_nan();
                moments.n += usize::from(!is_missing);
                moments.mean += if is_missing { 0.0 } else { value };
                // A comparison with NaN is false, so a missing value changes neither.
                moments.min = if value < moments.min { value } else { moments.min };
                moments.max = if value > moments.max { value } else { moments.max };
            }
        }
        for moments in &mut moments {
            moments.mean /= moments.n.max(1) as f64;
        }
        for values in values.chunks_exact(n_columns) {
            for (moments, &value) in moments.iter_mut().zip(values) {
                let difference = if value.is_nan() { 0.0 } else { value - moments.mean };
                moments.squares += difference * difference;
            }
        }
        moments
    }

    /// The moments of both sets of values.
    fn with(self, other: Self) -> Self {
        if self.n == 0 {
            return other;
        }
        let n = self.n + other.n;
        let (share, difference) = (other.n as f64 / n as f64, other.mean - self.mean);
        Self {
            n,
            mean: self.mean + difference * share,
            squares: self.squares + other.squares + difference * difference * share * self.n as f64,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// The population standard deviation.
    pub(super) fn deviation(self) -> f64 {
        (self.squares / self.n as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_give_what_one_look_at_all_values_gives() {
        let n = 3 * ROWS + 5;
        // Large values with small differences, some of them missing.
        let value = |i: usize| if i % 7 == 3 { f64::NAN } else { 1e9 + (i * i % 1000) as f64 / 8.0 };
        let [found] = Moments::of(1, n, |i, row| row.fill(value(i)))[..] else { panic!("one column") };
        let values: Vec<f64> = (0..n).map(value).filter(|value| !value.is_nan()).collect();
        // Around 1e9, where every difference is exact.
        let mean = values.iter().map(|value| value - 1e9).sum::<f64>() / values.len() as f64;
        let squares: f64 = values.iter().map(|value| (value - 1e9 - mean).powi(2)).sum();
        assert_eq!((found.n, found.min, found.max), (values.len(), 1e9, 1e9 + 124.5));
        assert!((found.mean - 1e9 - mean).abs() < 1e-6, "{found:?}, {mean}");
        assert!((found.squares / squares - 1.0).abs() < 1e-9, "{found:?}, {squares}");
    }

    #[test]
    fn nothing_and_gaps_only_have_no_moments() {
        assert_eq!(Moments::of(1, 0, |_, _| {}), [Moments::NONE]);
        assert_eq!(Moments::of(2, 3 * ROWS, |_, row| row.fill(f64::NAN)), [Moments::NONE; 2]);
        assert!(Moments::of(0, 5, |_, _| {}).is_empty());
    }
}
