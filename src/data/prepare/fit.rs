//! Fitting: means, deviations, ranges and categories of the training part, and of nothing else.
//!
//! Must not know what a sample is.

use super::columns::UsedColumn;
use super::{FittedColumn, FittedEncoding, Preprocessing};
use crate::data::settings::{DataSettings, Scaling};
use crate::data::table::Table;

/// Running numbers of all columns in use, one entry a column.
struct Moments {
    n: Vec<usize>,
    sum: Vec<f64>,
    min: Vec<f64>,
    max: Vec<f64>,
    mean: Vec<f64>,
    squares: Vec<f64>,
}

/// Fits the columns in use to `rows`, the rows of the training part.
///
/// Two passes over the rows: the mean first, then the squares around it, so that large values
/// with small differences lose nothing (the two-pass algorithm; Chan, Golub and `LeVeque` 1983).
pub(super) fn fit(
    table: &Table,
    columns: &[UsedColumn],
    settings: &DataSettings,
    rows: impl Iterator<Item = usize> + Clone,
) -> Preprocessing {
    let n_categories = |column: &UsedColumn| column.values.categories().map_or(0, <[String]>::len);
    let mut seen: Vec<Vec<bool>> = columns.iter().map(|column| vec![false; n_categories(column)]).collect();
    let categories: Vec<usize> =
        (0..columns.len()).filter(|&column| columns[column].values.categories().is_some()).collect();
    let mut moments = Moments::new(columns.len());
    let mut values = vec![0.0; columns.len()];
    for row in rows.clone() {
        take(table.row(row), columns, &mut values);
        moments.add(&values);
        for &column in &categories {
            let value = values[column];
            if let Some(seen) = seen[column].get_mut(value as usize).filter(|_| !value.is_nan()) {
                *seen = true;
            }
        }
    }
    moments.find_means();
    let scaling =
        |column: &UsedColumn| if column.is_target { settings.target_scaling } else { settings.scaling };
    if columns.iter().any(|column| scaling(column) == Scaling::Standardize) {
        for row in rows {
            take(table.row(row), columns, &mut values);
            moments.add_squares(&values);
        }
    }
    let fitted = columns.iter().zip(seen).enumerate().map(|(index, (column, seen))| {
        let encoding = match column.values.categories() {
            Some(categories) => {
                FittedEncoding::OneHot { categories: categories.iter().cloned().zip(seen).collect() }
            }
            None => moments.encoding(index, scaling(column)),
        };
        FittedColumn { name: column.name.clone(), role: column.role, encoding }
    });
    Preprocessing { columns: fitted.collect() }
}

/// The values of the columns in use, of one row.
#[inline]
fn take(row: &[f64], columns: &[UsedColumn], values: &mut [f64]) {
    for (value, column) in values.iter_mut().zip(columns) {
        *value = column.value(row);
    }
}

impl Moments {
    fn new(n: usize) -> Self {
        Self {
            n: vec![0; n],
            sum: vec![0.0; n],
            min: vec![f64::INFINITY; n],
            max: vec![f64::NEG_INFINITY; n],
            mean: vec![0.0; n],
            squares: vec![0.0; n],
        }
    }

    fn add(&mut self, values: &[f64]) {
        let counts = self.n.iter_mut().zip(&mut self.sum);
        let numbers = counts.zip(self.min.iter_mut().zip(&mut self.max));
        for (((n, sum), (min, max)), &value) in numbers.zip(values) {
            let is_missing = value.is_nan();
            *n += usize::from(!is_missing);
            *sum += if is_missing { 0.0 } else { value };
            // A comparison with NaN is false, so a missing value changes neither.
            *min = if value < *min { value } else { *min };
            *max = if value > *max { value } else { *max };
        }
    }

    fn find_means(&mut self) {
        for ((mean, &sum), &n) in self.mean.iter_mut().zip(&self.sum).zip(&self.n) {
            *mean = if n == 0 { 0.0 } else { sum / n as f64 };
        }
    }

    fn add_squares(&mut self, values: &[f64]) {
        for ((squares, &mean), &value) in self.squares.iter_mut().zip(&self.mean).zip(values) {
            let difference = if value.is_nan() { 0.0 } else { value - mean };
            *squares += difference * difference;
        }
    }

    fn encoding(&self, column: usize, scaling: Scaling) -> FittedEncoding {
        let (n, min, max) = (self.n[column], self.min[column], self.max[column]);
        let mean = self.mean[column];
        let (shift, scale) = match scaling {
            Scaling::Standardize if n > 0 => (mean, (self.squares[column] / n as f64).sqrt()),
            Scaling::MinMax if n > 0 => (min, max - min),
            Scaling::None | Scaling::Standardize | Scaling::MinMax => (0.0, 1.0),
        };
        // A constant column has nothing to divide by; rounding of the mean must not count.
        let is_constant = min == max || scale.is_nan() || scale <= 0.0 || scale.is_infinite();
        FittedEncoding::Number { shift, scale: if is_constant { 1.0 } else { scale }, fill: mean }
    }
}
