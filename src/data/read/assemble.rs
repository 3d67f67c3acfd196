//! Pieces, in order, become one table.
//!
//! Must not know files or encodings.

use std::path::Path;

use super::Limits;
use super::parse::{Piece, Words};
use crate::data::error::{DataError, DataErrorKind};
use crate::data::fingerprint::Fingerprint;
use crate::data::table::{Column, ColumnContent, Table};

/// What a distinct word weighs against the limit of cells: its text, twice, and its entry.
const CELLS_PER_WORD: u64 = 16;

/// A table being put together.
#[derive(Debug)]
pub(super) struct Assembly {
    names: Vec<String>,
    words: Vec<Option<Words>>,
    values: Vec<f64>,
    n_rows: usize,
    lines: Vec<(usize, u64)>,
    /// The line, counted from 1, on which the next piece begins.
    next_line: u64,
    limits: Limits,
}

impl Assembly {
    pub(super) fn new(names: Vec<String>, first_line: u64, limits: Limits) -> Self {
        let words = names.iter().map(|_| None).collect();
        Self { names, words, values: Vec::new(), n_rows: 0, lines: Vec::new(), next_line: first_line, limits }
    }

    /// Takes the memory for about this many cells at once.
    pub(super) fn reserve(&mut self, n_cells: u64) -> Result<(), DataError> {
        let refused = || self.too_many(n_cells);
        let n = usize::try_from(n_cells).map_err(|_| refused())?;
        let taken = self.values.try_reserve_exact(n);
        taken.map_err(|_| self.too_many(n_cells))
    }

    /// Which columns hold words so far.
    pub(super) fn is_text(&self) -> impl Iterator<Item = bool> + '_ {
        self.words.iter().map(Option::is_some)
    }

    /// The line, counted from 1, on which the next piece begins.
    pub(super) fn next_line(&self) -> u64 {
        self.next_line
    }

    fn too_many(&self, found: u64) -> DataError {
        DataError::new(DataErrorKind::TooManyCells { found, limit: self.limits.max_cells })
    }

    /// Appends the rows of a piece, whose lines count from `next_line` on.
    pub(super) fn append(&mut self, piece: &mut Piece) -> Result<(), DataError> {
        self.append_at(piece, self.next_line)?;
        self.next_line += piece.n_lines;
        Ok(())
    }

    /// Appends the rows of a piece whose lines count from `first_line` on.
    pub(super) fn append_at(&mut self, piece: &mut Piece, first_line: u64) -> Result<(), DataError> {
        if let Some(mut error) = piece.error.take() {
            error.place.line = error.place.line.map(|line| line - 1 + first_line);
            return Err(error);
        }
        self.merge_words(piece);
        let n_words: usize = self.words.iter().flatten().map(|words| words.list.len()).sum();
        let n_cells = (self.values.len() + piece.values.len()) as u64 + n_words as u64 * CELLS_PER_WORD;
        if n_cells > self.limits.max_cells {
            return Err(self.too_many(n_cells));
        }
        self.values.extend_from_slice(&piece.values);
        for &(row, line) in &piece.lines {
            let (row, line) = (row + self.n_rows, line + first_line);
            let expected = self.lines.last().map(|&(first, at)| at + (row - first) as u64);
            if expected != Some(line) {
                self.lines.push((row, line));
            }
        }
        self.n_rows += piece.n_rows;
        Ok(())
    }

    /// Gives words of the piece the numbers that they have in the table.
    fn merge_words(&mut self, piece: &mut Piece) {
        let n = self.names.len();
        for (column, (known, new)) in self.words.iter_mut().zip(&piece.words).enumerate() {
            if known.is_none() && new.is_none() {
                continue;
            }
            let known = known.get_or_insert_with(|| {
                let mut words = Words::default();
                let earlier = self.values.iter_mut().skip(column).step_by(n);
                earlier.for_each(|value| *value = words.code_of_number(*value));
                words
            });
            let cells = piece.values.iter_mut().skip(column).step_by(n);
            if let Some(new) = new {
                let codes: Vec<f64> = new.list.iter().map(|word| known.code(word)).collect();
                cells.for_each(|value| {
                    if let Some(&code) = (!value.is_nan()).then(|| codes.get(*value as usize)).flatten() {
                        *value = code;
                    }
                });
            } else {
                cells.for_each(|value| *value = known.code_of_number(*value));
            }
        }
    }

    /// The table.
    pub(super) fn finish(mut self, path: Option<&Path>) -> Result<Table, DataError> {
        if self.n_rows == 0 {
            return Err(DataError::new(DataErrorKind::Empty));
        }
        if self.values.capacity() > self.values.len() / 4 * 5 {
            self.values.shrink_to_fit();
        }
        let levels = self.names.iter().map(|_| std::sync::OnceLock::new()).collect();
        let columns = self.names.into_iter().zip(self.words).map(|(name, words)| {
            let content = words.map_or(ColumnContent::Numbers, |words| ColumnContent::Text(words.list));
            Column { name, content }
        });
        let table = Table {
            levels,
            places: std::sync::OnceLock::new(),
            path: path.map(Path::to_path_buf),
            fingerprint: Fingerprint::default(),
            columns: columns.collect(),
            values: self.values,
            n_rows: self.n_rows,
            lines: self.lines,
        };
        if has_something_to_learn(&table) { Ok(table) } else { Err(DataError::new(DataErrorKind::NoNumbers)) }
    }
}

/// Whether a table has a column of numbers or, without one, at least two columns of categories
/// (words that come again and again).
fn has_something_to_learn(table: &Table) -> bool {
    let mut n_categories = 0;
    for (column, Column { content, .. }) in table.columns().iter().enumerate() {
        match content {
            ColumnContent::Numbers => {
                if (0..table.n_rows())
                    .any(|row| table.row(row).get(column).is_some_and(|value| !value.is_nan()))
                {
                    return true;
                }
            }
            ColumnContent::Text(words) => {
                n_categories += usize::from(
                    table.n_rows() >= 8 && words.len() <= 50 && words.len() * 4 <= table.n_rows(),
                );
            }
        }
    }
    n_categories >= 2
}
