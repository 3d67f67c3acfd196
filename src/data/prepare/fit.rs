//! Fitting: means, deviations, ranges and categories of the training part, and of nothing else.
//!
//! Must not know what a sample is.

use super::columns::UsedColumn;
use super::{FittedColumn, FittedEncoding, Preprocessing};
use crate::data::moments::Moments;
use crate::data::settings::{DataSettings, Scaling};
use crate::data::table::Table;

/// Fits the columns in use to `rows`, the rows of the training part.
pub(super) fn fit(
    table: &Table,
    columns: &[UsedColumn],
    settings: &DataSettings,
    rows: &[u32],
) -> Preprocessing {
    let moments = Moments::of(columns.len(), rows.len(), |index, values| {
        let row = table.row(rows[index] as usize);
        for (value, column) in values.iter_mut().zip(columns) {
            *value = column.value(row);
        }
    });
    let fitted = columns.iter().zip(moments).map(|(column, moments)| {
        let scaling = if column.is_target { settings.target_scaling } else { settings.scaling };
        let encoding = match column.values.categories() {
            Some(categories) => {
                FittedEncoding::OneHot { categories: seen_categories(table, column, categories, rows) }
            }
            None => number_encoding(moments, scaling),
        };
        FittedColumn { name: column.name.clone(), role: column.role, encoding }
    });
    Preprocessing { columns: fitted.collect() }
}

/// Each category, and whether one of the rows has it.
fn seen_categories(
    table: &Table,
    column: &UsedColumn,
    categories: &[String],
    rows: &[u32],
) -> Vec<(String, bool)> {
    let mut seen = vec![false; categories.len()];
    for &row in rows {
        let value = column.value(table.row(row as usize));
        if let Some(seen) = seen.get_mut(value as usize).filter(|_| !value.is_nan()) {
            *seen = true;
        }
    }
    categories.iter().cloned().zip(seen).collect()
}

pub(super) fn number_encoding(moments: Moments, scaling: Scaling) -> FittedEncoding {
    let Moments { n, mean, min, max, .. } = moments;
    let (shift, scale) = match scaling {
        Scaling::Standardize if n > 0 => (mean, moments.deviation()),
        Scaling::MinMax if n > 0 => (min, max - min),
        Scaling::None | Scaling::Standardize | Scaling::MinMax => (0.0, 1.0),
    };
    // A constant column has nothing to divide by; rounding of the mean must not count.
    let is_constant = min == max || scale.is_nan() || scale <= 0.0 || scale.is_infinite();
    FittedEncoding::Number { shift, scale: if is_constant { 1.0 } else { scale }, fill: mean }
}
