//! A table in memory: row-major numbers, where text columns hold the index of a dictionary.
//!
//! Row-major, because a batch gathers whole rows: one row is one run of memory. Eight bytes a
//! cell keep what the file said exactly enough for f64 work.
//!
//! Must not know what a column is used for.

use std::path::{Path, PathBuf};

/// What a file held.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table {
    pub(super) path: Option<PathBuf>,
    pub(super) columns: Vec<Column>,
    /// `n_rows × n_columns`, row after row; NaN where a value is missing.
    pub(super) values: Vec<f64>,
    pub(super) n_rows: usize,
    /// (row, line) at the start of each run of rows that stand on consecutive lines.
    pub(super) lines: Vec<(usize, u64)>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name in the header, or `column 3` where there is none; unique within the table.
    pub name: String,
    /// What its cells hold.
    pub content: ColumnContent,
}

/// What the cells of a column hold.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnContent {
    /// Numbers only.
    Numbers,
    /// Words, or words among numbers; the dictionary is in order of first appearance.
    Text(Vec<String>),
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Empty, or one of the markers such as `NA`.
    Missing,
    /// A number.
    Number(f64),
    /// A word.
    Text(&'a str),
}

/// What can be said about a column at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSummary {
    /// Cells without a value.
    pub missing: usize,
    /// Different values among the first rows, counted up to a limit.
    pub distinct: usize,
    /// Smallest number, where there are numbers.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
    /// Mean of the numbers.
    pub mean: Option<f64>,
}

impl Table {
    /// The file that it was read from.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The columns, in file order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Rows, without the header.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Columns.
    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// The index of the column of this name.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// One row: a number, or the index of a dictionary entry, or NaN for each column.
    pub fn row(&self, row: usize) -> &[f64] {
        let n = self.columns.len();
        self.values.get(row * n..(row + 1) * n).unwrap_or(&[])
    }

    /// One cell; missing outside the table.
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let value = self.row(row).get(column).copied().unwrap_or(f64::NAN);
        if value.is_nan() {
            return Cell::Missing;
        }
        match self.columns.get(column).map(|column| &column.content) {
            Some(ColumnContent::Numbers) => Cell::Number(value),
            Some(ColumnContent::Text(words)) => {
                words.get(value as usize).map_or(Cell::Missing, |word| Cell::Text(word))
            }
            None => Cell::Missing,
        }
    }

    /// The line of the file on which a row begins, counted from 1.
    pub fn line_of(&self, row: usize) -> u64 {
        let run = self.lines.partition_point(|&(start, _)| start <= row);
        match run.checked_sub(1).and_then(|run| self.lines.get(run)) {
            Some(&(start, line)) => line + (row - start) as u64,
            None => row as u64 + 1,
        }
    }

    /// A column at a glance. Distinct values are counted among the first 10,000 rows, up to 1,000.
    pub fn summary(&self, column: usize) -> ColumnSummary {
        let mut missing = 0;
        let mut distinct = std::collections::BTreeSet::new();
        let (mut min, mut max, mut sum, mut n) = (f64::INFINITY, f64::NEG_INFINITY, 0.0, 0_usize);
        for row in 0..self.n_rows {
            let value = self.row(row).get(column).copied().unwrap_or(f64::NAN);
            if value.is_nan() {
                missing += 1;
                continue;
            }
            if row < 10_000 && distinct.len() < 1_000 {
                distinct.insert(value.to_bits());
            }
            min = min.min(value);
            max = max.max(value);
            sum += value;
            n += 1;
        }
        let numeric =
            n > 0 && matches!(self.columns.get(column), Some(Column { content: ColumnContent::Numbers, .. }));
        ColumnSummary {
            missing,
            distinct: distinct.len(),
            min: numeric.then_some(min),
            max: numeric.then_some(max),
            mean: numeric.then_some(sum / n.max(1) as f64),
        }
    }
}
