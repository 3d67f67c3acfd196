//! A table in memory: row-major numbers, where text columns hold the index of a dictionary.
//!
//! Row-major, because a batch gathers whole rows: one row is one run of memory. Eight bytes a
//! cell keep what the file said exactly enough for f64 work.
//!
//! Must not know what a column is used for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::dialect::Dialect;
use super::fingerprint::Fingerprint;
use super::moments::Moments;
use super::read::SkippedLines;
use super::reading::ColumnReading;

/// What a file held.
#[derive(Clone, Default)]
pub struct Table {
    pub(super) path: Option<PathBuf>,
    pub(super) fingerprint: Fingerprint,
    pub(super) columns: Vec<Column>,
    /// `n_rows × n_columns`, row after row; NaN where a value is missing.
    pub(super) values: Vec<f64>,
    pub(super) n_rows: usize,
    /// The cells of the header as they stand; none without one.
    pub(super) header: Vec<String>,
    /// How it was read.
    pub(super) dialect: Dialect,
    /// Lines of the file, and those that are no rows.
    pub(super) n_lines: u64,
    pub(super) skipped: Vec<SkippedLines>,
    pub(super) skipped_by_reason: Vec<SkippedLines>,
    /// Rows with fewer cells than there are columns.
    pub(super) short: Vec<usize>,
    /// (row, line) at the start of each run of rows that stand on consecutive lines.
    pub(super) lines: Vec<(usize, u64)>,
    /// Different numbers of each column, sorted; counted when first asked for.
    pub(super) levels: Vec<OnceLock<Vec<f64>>>,
    /// The index of the column of each name; listed when first asked for.
    pub(super) places: OnceLock<HashMap<String, usize>>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("columns", &self.columns)
            .field("values", &self.values)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name in the header, or `column 3` where there is none; unique within the table.
    pub name: String,
    /// What its cells hold.
    pub content: ColumnContent,
    /// How they were read.
    pub reading: ColumnReading,
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
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ColumnSummary {
    /// Cells without a value.
    pub missing: usize,
    /// Different values among the first rows.
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

    /// What the file was when it was read.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
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
        let list =
            || self.columns.iter().enumerate().map(|(index, column)| (column.name.clone(), index)).collect();
        self.places.get_or_init(list).get(name).copied()
    }

    /// How the file was read.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Lines of the file: rows and lines left out.
    pub fn n_lines(&self) -> u64 {
        self.n_lines
    }

    /// Lines of the file that are no rows, in order, each run with its reason.
    pub fn skipped(&self) -> &[SkippedLines] {
        &self.skipped
    }

    /// The same, all runs of a reason as one: the first line and the number of lines.
    pub fn skipped_by_reason(&self) -> &[SkippedLines] {
        &self.skipped_by_reason
    }

    /// Rows in which no column that `is_used` lacks its value.
    pub fn n_complete_rows(&self, is_used: &[bool]) -> usize {
        let is_complete = |row: &usize| {
            self.row(*row).iter().zip(is_used).all(|(value, is_used)| !is_used || !value.is_nan())
        };
        (0..self.n_rows).filter(is_complete).count()
    }

    /// Rows that have fewer cells than there are columns; the cells that lack are missing.
    pub fn short_rows(&self) -> &[usize] {
        &self.short
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

    /// The different numbers of a column, sorted: at most `limit` and one more. Counted once: a
    /// drawing that is edited asks for the width of its data nodes with every edit.
    pub(super) fn levels(&self, column: usize, limit: usize) -> &[f64] {
        let count = || {
            let mut levels: Vec<f64> = Vec::new();
            for row in self.values.chunks_exact(self.columns.len().max(1)) {
                // Adding zero makes one zero of the two.
                let value = row[column] + 0.0;
                if value.is_nan() {
                    continue;
                }
                if let Err(place) = levels.binary_search_by(|level| level.total_cmp(&value)) {
                    levels.insert(place, value);
                    if levels.len() > limit {
                        break;
                    }
                }
            }
            levels
        };
        self.levels.get(column).map_or(&[], |levels| levels.get_or_init(count))
    }

    /// All columns at a glance, in one pass over the rows. Distinct values are counted among the
    /// first 10,000 rows.
    pub fn summaries(&self) -> Vec<ColumnSummary> {
        let moments = Moments::of(self.columns.len(), self.n_rows, |index, values| {
            values.copy_from_slice(self.row(index));
        });
        let summary = |(column, moments): (usize, Moments)| {
            let is_numeric = moments.n > 0 && matches!(self.columns[column].content, ColumnContent::Numbers);
            ColumnSummary {
                missing: self.n_rows - moments.n,
                distinct: self.distinct(column),
                min: is_numeric.then_some(moments.min),
                max: is_numeric.then_some(moments.max),
                mean: is_numeric.then_some(moments.mean),
            }
        };
        moments.into_iter().enumerate().map(summary).collect()
    }

    /// One column at a glance.
    pub fn summary(&self, column: usize) -> ColumnSummary {
        self.summaries().into_iter().nth(column).unwrap_or_default()
    }

    /// Different values among the first rows.
    fn distinct(&self, column: usize) -> usize {
        let first = (0..self.n_rows.min(10_000)).map(|row| self.row(row)[column] + 0.0);
        let mut values: Vec<f64> = first.filter(|value| !value.is_nan()).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.dedup();
        values.len()
    }
}
