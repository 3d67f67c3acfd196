//! Pieces, in order, become one table.
//!
//! Must not know files or encodings.

use std::path::Path;

use super::Limits;
use super::columns::{Decision, decide};
use super::head::Head;
use super::number::NumberFormat;
use super::parse::{Piece, Words, word_code, word_value};
use super::skipped::{SkipReason, SkippedLines, by_reason, skip_lines};
use crate::data::dialect::Dialect;
use crate::data::error::{DataError, DataErrorKind};
use crate::data::fingerprint::Fingerprint;
use crate::data::reading::OddCell;
use crate::data::table::{Column, ColumnContent, Table};

/// What a distinct word weighs against the limit of cells: its text, twice, and its entry.
const CELLS_PER_WORD: u64 = 16;

/// Odd cells of a column that are kept.
const MOST_ODD: usize = 20;

/// Words that begin a row that sums up the others, in lower case.
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "average",
    "mean",
    "yhteensä",
    "summa",
    "keskiarvo",
    "gesamt",
    "summe",
    "totaal",
    "totalt",
    "totale",
];

/// A table being put together.
#[derive(Debug)]
pub(super) struct Assembly {
    names: Vec<String>,
    header: Vec<String>,
    words: Vec<Words>,
    values: Vec<f64>,
    n_rows: usize,
    lines: Vec<(usize, u64)>,
    skipped: Vec<SkippedLines>,
    short: Vec<usize>,
    /// Lines that rows stand on.
    n_row_lines: u64,
    /// The line, counted from 1, on which the next piece begins.
    next_line: u64,
    limits: Limits,
}

impl Assembly {
    pub(super) fn new(head: Head, limits: Limits) -> Self {
        Self {
            words: head.names.iter().map(|_| Words::default()).collect(),
            names: head.names,
            header: head.written,
            values: Vec::new(),
            n_rows: 0,
            lines: Vec::new(),
            skipped: head.skipped,
            short: Vec::new(),
            n_row_lines: 0,
            next_line: head.next_line,
            limits,
        }
    }

    /// Takes the memory for about this many cells at once.
    pub(super) fn reserve(&mut self, n_cells: u64) -> Result<(), DataError> {
        let refused = || self.too_many(n_cells);
        let n = usize::try_from(n_cells).map_err(|_| refused())?;
        let taken = self.values.try_reserve_exact(n);
        taken.map_err(|_| self.too_many(n_cells))
    }

    /// The line, counted from 1, on which the next piece begins.
    pub(super) fn next_line(&self) -> u64 {
        self.next_line
    }

    fn too_many(&self, found: u64) -> DataError {
        DataError::new(DataErrorKind::TooManyCells { found, limit: self.limits.max_cells })
    }

    /// Appends the rows of a piece.
    pub(super) fn append(&mut self, piece: &mut Piece) -> Result<(), DataError> {
        let first_line = self.next_line;
        if let Some(mut error) = piece.error.take() {
            error.place.line = error.place.line.map(|line| line - 1 + first_line);
            return Err(error);
        }
        self.merge_words(piece);
        let n_words: usize = self.words.iter().map(|words| words.list.len()).sum();
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
        for left in &piece.skipped {
            skip_lines(&mut self.skipped, left.line + first_line, left.n_lines, left.reason);
        }
        self.short.extend(piece.short.iter().map(|row| row + self.n_rows));
        self.n_rows += piece.n_rows;
        self.n_row_lines += piece.n_row_lines;
        self.next_line += piece.n_lines;
        Ok(())
    }

    /// Gives words of the piece the codes that they have in the table.
    fn merge_words(&mut self, piece: &mut Piece) {
        let n = self.names.len();
        for (column, (known, new)) in self.words.iter_mut().zip(&piece.words).enumerate() {
            if new.list.is_empty() {
                continue;
            }
            let codes: Vec<u32> = new.list.iter().map(|word| known.code(word)).collect();
            for value in piece.values.iter_mut().skip(column).step_by(n) {
                if let Some(&code) = word_code(*value).and_then(|code| codes.get(code as usize)) {
                    *value = word_value(code);
                }
            }
        }
    }

    /// The table of a file with `n_lines` lines.
    pub(super) fn finish(
        mut self,
        path: Option<&Path>,
        dialect: &Dialect,
        n_lines: u64,
    ) -> Result<Table, DataError> {
        self.refuse_ragged()?;
        let mut decisions = self.decide(dialect);
        if self.drop_last_rows(&decisions, n_lines) {
            decisions = self.decide(dialect);
        }
        let found = self.n_row_lines + self.skipped.iter().map(|left| left.n_lines).sum::<u64>();
        if found != n_lines {
            return Err(DataError::new(DataErrorKind::LinesLost { lines: n_lines, found }));
        }
        if self.n_rows == 0 && !self.limits.only_looked_at {
            return Err(DataError::new(DataErrorKind::Empty));
        }
        if self.values.capacity() > self.values.len() / 4 * 5 {
            self.values.shrink_to_fit();
        }
        let names = std::mem::take(&mut self.names);
        let mut columns = Vec::with_capacity(names.len());
        for (index, (name, decision)) in names.into_iter().zip(decisions).enumerate() {
            columns.push(self.settle(index, name, decision));
        }
        let table = Table {
            levels: columns.iter().map(|_| std::sync::OnceLock::new()).collect(),
            places: std::sync::OnceLock::new(),
            path: path.map(Path::to_path_buf),
            fingerprint: Fingerprint::default(),
            columns,
            values: self.values,
            n_rows: self.n_rows,
            header: self.header,
            dialect: dialect.clone(),
            n_lines,
            skipped_by_reason: by_reason(&self.skipped),
            skipped: self.skipped,
            short: self.short,
            lines: self.lines,
        };
        if self.limits.only_looked_at || has_something_to_learn(&table) {
            Ok(table)
        } else {
            Err(DataError::new(DataErrorKind::NoNumbers))
        }
    }

    /// A table in which every other line does not fit is read the wrong way.
    fn refuse_ragged(&self) -> Result<(), DataError> {
        let ragged = || {
            self.skipped.iter().filter_map(|left| match left.reason {
                SkipReason::Ragged { expected, found } => Some((left, expected, found)),
                _ => None,
            })
        };
        let n: u64 = ragged().map(|(left, ..)| left.n_lines).sum();
        match ragged().next() {
            Some((left, expected, found)) if n >= self.n_rows as u64 => {
                Err(DataError::new(DataErrorKind::Ragged { expected, found }).at_line(left.line))
            }
            _ => Ok(()),
        }
    }

    fn decide(&self, dialect: &Dialect) -> Vec<Decision> {
        let n = self.names.len();
        let numbers = NumberFormat::of(dialect);
        let decide = |(column, words): (usize, &Words)| {
            decide(words, || self.values.iter().skip(column).step_by(n).copied(), numbers, &dialect.missing)
        };
        self.words.iter().enumerate().map(decide).collect()
    }

    /// Takes rows off the end that are none: empty ones, notes, sums. Whether there were any.
    fn drop_last_rows(&mut self, decisions: &[Decision], n_lines: u64) -> bool {
        let n = self.names.len();
        let n_rows = self.n_rows;
        while self.n_rows > 0 {
            let row = &self.values[(self.n_rows - 1) * n..];
            let Some(reason) = self.reason_to_drop(row, decisions) else { break };
            let line = self.line_of(self.n_rows - 1);
            let place = self.skipped.partition_point(|left| left.line < line);
            let next = self.skipped.get(place).map_or(n_lines + 1, |left| left.line);
            let n_lines = next - line;
            match self.skipped.get_mut(place) {
                Some(after) if after.reason == reason => {
                    after.line = line;
                    after.n_lines += n_lines;
                }
                _ => self.skipped.insert(place, SkippedLines { line, n_lines, reason }),
            }
            self.n_row_lines -= n_lines;
            self.n_rows -= 1;
            self.values.truncate(self.n_rows * n);
        }
        self.short.retain(|&row| row < self.n_rows);
        self.lines.retain(|&(row, _)| row < self.n_rows);
        self.n_rows < n_rows
    }

    /// Why the last row is none, if it is none.
    fn reason_to_drop(&self, row: &[f64], decisions: &[Decision]) -> Option<SkipReason> {
        let is_filled = |value: f64| !value.is_nan() || word_code(value).is_some();
        let Some(first) = row.iter().position(|&value| is_filled(value)) else {
            return Some(SkipReason::Blank);
        };
        let n_filled = row.iter().filter(|&&value| is_filled(value)).count();
        let word = word_code(row[first]).and_then(|code| self.words[first].list.get(code as usize))?;
        let cells = self.values.iter().skip(first).step_by(row.len());
        let is_once = cells.filter(|value| value.to_bits() == row[first].to_bits()).count() == 1;
        let is_total = TOTALS.contains(&word.trim_end_matches(':').to_lowercase().as_str());
        if is_total && is_once && n_filled > 1 {
            return Some(SkipReason::Total);
        }
        // A note stands alone, in place of a number or of a short word.
        let is_strange = decisions[first].odd_word(row[first]).is_some();
        let is_note = is_strange || word.chars().count() > 24 || word.contains(':');
        (is_note && n_filled == 1 && row.len() > 2 && self.n_rows > 2).then_some(SkipReason::Note)
    }

    fn line_of(&self, row: usize) -> u64 {
        let run = self.lines.partition_point(|&(start, _)| start <= row);
        let run = run.checked_sub(1).and_then(|run| self.lines.get(run));
        run.map_or(row as u64 + 1, |&(start, line)| line + (row - start) as u64)
    }

    /// Turns the words of a column into what was decided about them.
    fn settle(&mut self, column: usize, name: String, mut decision: Decision) -> Column {
        let n = self.words.len();
        let mut reading = std::mem::take(&mut decision.reading);
        if !self.words[column].list.is_empty() {
            for row in 0..self.n_rows {
                let value = self.values[row * n + column];
                if reading.odd_cells.len() < MOST_ODD
                    && let Some(code) = decision.odd_word(value)
                {
                    let text = self.words[column].list[code].clone();
                    reading.odd_cells.push(OddCell { line: self.line_of(row), text });
                }
                self.values[row * n + column] = decision.settled(value);
            }
        }
        Column { name, content: decision.content, reading }
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
