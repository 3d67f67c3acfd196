//! Fitting: means, deviations, ranges and categories of the training part, and of nothing else.
//!
//! Must not know what a sample is.

use super::columns::UsedColumn;
use super::{FittedColumn, FittedEncoding, Preprocessing};
use crate::data::settings::{DataSettings, Scaling};
use crate::data::table::Table;

/// Running numbers of one column.
#[derive(Clone, Default)]
struct Moments {
    n: usize,
    sum: f64,
    min: f64,
    max: f64,
    mean: f64,
    squares: f64,
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
    let empty = Moments { min: f64::INFINITY, max: f64::NEG_INFINITY, ..Moments::default() };
    let mut moments = vec![empty; columns.len()];
    let mut seen: Vec<Vec<bool>> = columns
        .iter()
        .map(|column| vec![false; column.values.categories().map_or(0, <[String]>::len)])
        .collect();
    for row in rows.clone() {
        let row = table.row(row);
        for ((column, moments), seen) in columns.iter().zip(&mut moments).zip(&mut seen) {
            let value = column.value(row);
            if value.is_nan() {
                continue;
            }
            if let Some(seen) = seen.get_mut(value as usize).filter(|_| column.values.categories().is_some())
            {
                *seen = true;
                continue;
            }
            moments.n += 1;
            moments.sum += value;
            moments.min = moments.min.min(value);
            moments.max = moments.max.max(value);
        }
    }
    for moments in &mut moments {
        moments.mean = if moments.n == 0 { 0.0 } else { moments.sum / moments.n as f64 };
    }
    let scaling =
        |column: &UsedColumn| if column.is_target { settings.target_scaling } else { settings.scaling };
    if columns.iter().any(|column| scaling(column) == Scaling::Standardize) {
        for row in rows {
            let row = table.row(row);
            for (column, moments) in columns.iter().zip(&mut moments) {
                let difference = column.value(row) - moments.mean;
                if !difference.is_nan() {
                    moments.squares += difference * difference;
                }
            }
        }
    }
    let fitted = columns.iter().zip(moments).zip(seen).map(|((column, moments), seen)| {
        let encoding = match column.values.categories() {
            Some(categories) => {
                FittedEncoding::OneHot { categories: categories.iter().cloned().zip(seen).collect() }
            }
            None => moments.encoding(scaling(column)),
        };
        FittedColumn { name: column.name.clone(), role: column.role, encoding }
    });
    Preprocessing { columns: fitted.collect() }
}

impl Moments {
    fn encoding(&self, scaling: Scaling) -> FittedEncoding {
        let (shift, scale) = match scaling {
            _ if self.n == 0 => (0.0, 1.0),
            Scaling::None => (0.0, 1.0),
            Scaling::Standardize => (self.mean, (self.squares / self.n as f64).sqrt()),
            Scaling::MinMax => (self.min, self.max - self.min),
        };
        // A constant column has nothing to divide by; rounding of the mean must not count.
        let is_constant = self.min == self.max || scale.is_nan() || scale <= 0.0 || scale.is_infinite();
        FittedEncoding::Number { shift, scale: if is_constant { 1.0 } else { scale }, fill: self.mean }
    }
}
