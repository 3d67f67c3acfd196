//! From a piece of text to numbers, row after row.
//!
//! Lines without a quote go through a plain loop, which cuts and reads numbers in one pass; all
//! others, and those with something odd about them, are cut by the [`Splitter`]. A property test
//! holds the two together.
//!
//! A cell that is no number becomes the code of a word, held in a NaN: what the words of a column
//! mean is decided when all of them are known.
//!
//! Must not know files.

use std::collections::HashMap;

use super::number::{NumberFormat, leading_number, parse_number, trim};
use super::skipped::{SkipReason, SkippedLines, skip_lines};
use super::split::{Record, Splitter};
use crate::data::dialect::Delimiter;
use crate::data::error::{DataError, DataErrorKind};

/// How rows are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) splitter: Splitter,
    pub(super) numbers: NumberFormat,
    pub(super) n_columns: usize,
    pub(super) comment: Option<u8>,
    /// The cells of the header, where there is one: it may come again.
    pub(super) header: Vec<String>,
    /// The line of the header as it stands, without its end.
    pub(super) header_line: Vec<u8>,
}

/// The bits of a NaN that holds the code of a word.
const WORD: u64 = 0x7ffc_0000_0000_0000;

/// The value of a cell that holds this word.
pub(super) fn word_value(code: u32) -> f64 {
    f64::from_bits(WORD | u64::from(code))
}

/// The code of the word that a value stands for; none for numbers and missing cells.
pub(super) fn word_code(value: f64) -> Option<u32> {
    let bits = value.to_bits();
    (bits & 0xffff_ffff_0000_0000 == WORD).then_some(bits as u32)
}

/// The words of a column, in order of first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) list: Vec<String>,
    index: HashMap<String, u32>,
}

impl Words {
    /// The number of a word, which becomes known by it.
    pub(super) fn code(&mut self, word: &str) -> u32 {
        if let Some(&code) = self.index.get(word) {
            return code;
        }
        let code = self.list.len() as u32;
        self.list.push(word.to_owned());
        self.index.insert(word.to_owned(), code);
        code
    }
}

/// Rows read from a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// Row after row: a number, a missing value or the code of a word.
    pub(super) values: Vec<f64>,
    pub(super) n_rows: usize,
    /// The words of each column.
    pub(super) words: Vec<Words>,
    /// (row, line) at the start of each run of rows on consecutive lines; lines count from 0.
    pub(super) lines: Vec<(usize, u64)>,
    /// Lines of the whole piece.
    pub(super) n_lines: u64,
    /// Lines that rows stand on.
    pub(super) n_row_lines: u64,
    /// Lines that are no rows; lines count from 0.
    pub(super) skipped: Vec<SkippedLines>,
    /// Rows with fewer cells than there are columns.
    pub(super) short: Vec<usize>,
    /// What stopped the reading, with its line in the piece (counted from 1).
    pub(super) error: Option<DataError>,
    record: Record,
}

impl Piece {
    /// Forgets the rows, and keeps the memory.
    pub(super) fn restart(&mut self, n_columns: usize) {
        self.values.clear();
        self.n_rows = 0;
        self.words.clear();
        self.words.resize_with(n_columns, Words::default);
        self.lines.clear();
        self.n_lines = 0;
        self.n_row_lines = 0;
        self.skipped.clear();
        self.short.clear();
        self.error = None;
    }

    /// Reads whole lines without a quote.
    pub(super) fn plain(&mut self, text: &[u8], layout: &Layout) {
        let Delimiter::Sign(delimiter) = layout.splitter.delimiter else {
            self.records(text, true, layout, usize::MAX);
            return;
        };
        let n_columns = layout.n_columns;
        // A sign that is a delimiter too can only stand in quotes, and there are none here.
        let decimal = layout.numbers.decimal;
        let quick_decimal = if decimal == delimiter { 0 } else { decimal };
        let is_odd = |at: usize| {
            let first = text[at];
            first == b'\n'
                || first == b' '
                || first == b'\t'
                || Some(first) == layout.comment
                || (!layout.header_line.is_empty() && text[at..].starts_with(&layout.header_line))
        };
        let mut at = 0;
        while at < text.len() && self.error.is_none() {
            let (start, row) = (at, self.values.len());
            let mut column = 0;
            let mut is_regular = !is_odd(at);
            while is_regular {
                let end = match leading_number(&text[at..], quick_decimal) {
                    Some((value, n)) if is_cell_end(text.get(at + n).copied(), delimiter) => {
                        self.values.push(value);
                        at + n
                    }
                    _ => {
                        let length = text[at..].iter().position(|&byte| byte == delimiter || byte == b'\n');
                        let end = at + length.unwrap_or(text.len() - at);
                        self.cell(column, &text[at..end], layout.numbers);
                        end
                    }
                };
                column += 1;
                at = end;
                if text.get(at) != Some(&delimiter) {
                    break;
                }
                at += 1;
                is_regular = column < n_columns;
            }
            if is_regular && column == n_columns {
                self.end_row(1, n_columns);
                at += 1;
            } else {
                self.values.truncate(row);
                at = self.one_record(text, start, true, layout).unwrap_or(text.len());
            }
        }
    }

    /// Reads at most `n` records, and gives how many bytes they took.
    pub(super) fn records(&mut self, text: &[u8], is_all: bool, layout: &Layout, n: usize) -> usize {
        let mut at = 0;
        for _ in 0..n {
            if at >= text.len() || self.error.is_some() {
                break;
            }
            let Some(next) = self.one_record(text, at, is_all, layout) else { break };
            at = next;
        }
        at
    }

    fn one_record(&mut self, text: &[u8], at: usize, is_all: bool, layout: &Layout) -> Option<usize> {
        let mut record = std::mem::take(&mut self.record);
        let next = layout.splitter.next(text, at, is_all, &mut record);
        if next.is_some() {
            self.add(&record, layout);
        }
        self.record = record;
        next
    }

    fn add(&mut self, record: &Record, layout: &Layout) {
        if let Some(reason) = reason_to_skip(record, layout) {
            skip_lines(&mut self.skipped, self.n_lines, record.n_lines, reason);
            self.n_lines += record.n_lines;
            return;
        }
        for (column, cell) in record.iter().take(layout.n_columns).enumerate() {
            self.cell(column, cell, layout.numbers);
        }
        self.values.resize((self.n_rows + 1) * layout.n_columns, f64::NAN);
        let n_rows = self.n_rows;
        self.end_row(record.n_lines, layout.n_columns);
        if self.n_rows > n_rows && record.len() < layout.n_columns {
            self.short.push(n_rows);
        }
    }

    /// Ends a row of so many values; where none of them holds anything, it is a blank line.
    fn end_row(&mut self, n_lines: u64, n_columns: usize) {
        let start = self.values.len() - n_columns;
        let is_blank = |value: &f64| value.is_nan() && word_code(*value).is_none();
        if self.values[start..].iter().all(is_blank) {
            self.values.truncate(start);
            skip_lines(&mut self.skipped, self.n_lines, n_lines, SkipReason::Blank);
            self.n_lines += n_lines;
            return;
        }
        let expected = self.lines.last().map(|&(row, first)| first + (self.n_rows - row) as u64);
        if expected != Some(self.n_lines) {
            self.lines.push((self.n_rows, self.n_lines));
        }
        self.n_rows += 1;
        self.n_lines += n_lines;
        self.n_row_lines += n_lines;
    }

    /// Appends a cell that the quick way did not take.
    fn cell(&mut self, column: usize, cell: &[u8], numbers: NumberFormat) {
        let cell = cell.trim_ascii();
        let value = if cell.is_empty() {
            f64::NAN
        } else if let Some(value) = parse_number(cell, numbers) {
            value
        } else if let Ok(word) = std::str::from_utf8(cell) {
            let word = trim(word);
            if word.is_empty() { f64::NAN } else { word_value(self.words[column].code(word)) }
        } else {
            let error = DataError::new(DataErrorKind::Encoding("UTF-8"));
            self.error = self.error.take().or_else(|| Some(error.at_line(self.n_lines + 1)));
            f64::NAN
        };
        self.values.push(value);
    }
}

/// Why a record is no row, if it is none.
fn reason_to_skip(record: &Record, layout: &Layout) -> Option<SkipReason> {
    let (expected, found) = (layout.n_columns, record.len());
    let first = record.cell(0).trim_ascii();
    if layout.comment.is_some() && first.first().copied() == layout.comment && !record.is_quoted(0) {
        return Some(SkipReason::Comment);
    }
    if found <= 1 && record.is_blank() && !record.is_quoted(0) {
        return Some(SkipReason::Blank);
    }
    let is_header = || {
        let mut names = layout.header.iter().zip(record.iter());
        names.all(|(name, cell)| name.as_bytes() == cell.trim_ascii())
    };
    if !layout.header.is_empty() && found >= layout.header.len() && is_header() {
        return Some(SkipReason::RepeatedHeader);
    }
    let ragged = Some(SkipReason::Ragged { expected, found });
    if found > expected {
        let is_empty = record.iter().skip(expected).all(|cell| cell.trim_ascii().is_empty());
        return if is_empty { None } else { ragged };
    }
    if found == expected {
        return None;
    }
    if found == 1 && parse_number(first, layout.numbers).is_none() {
        return Some(SkipReason::Note);
    }
    // Between blanks nobody can tell which cell is the one that lacks.
    if found == 1 || layout.splitter.delimiter == Delimiter::Blanks { ragged } else { None }
}

/// Whether a cell ends before this byte.
fn is_cell_end(byte: Option<u8>, delimiter: u8) -> bool {
    byte.is_none_or(|byte| byte == delimiter || byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layout() -> Layout {
        Layout {
            splitter: Splitter {
                delimiter: Delimiter::Sign(b','),
                quote: Some(b'"'),
                escape: None,
                n_columns: Some(2),
            },
            numbers: NumberFormat { decimal: b'.', thousands: None },
            n_columns: 2,
            comment: Some(b'#'),
            header: vec!["b".to_owned(), "c".to_owned()],
            header_line: b"b,c".to_vec(),
        }
    }

    fn by_loop(text: &str) -> Piece {
        let mut piece = Piece::default();
        piece.restart(2);
        piece.plain(text.as_bytes(), &layout());
        piece
    }

    fn by_splitter(text: &str) -> Piece {
        let mut piece = Piece::default();
        piece.restart(2);
        piece.records(text.as_bytes(), true, &layout(), usize::MAX);
        piece
    }

    /// The cells, and everything else that was read.
    fn all(piece: &Piece) -> impl PartialEq + std::fmt::Debug + '_ {
        let cell = |(index, &value): (usize, &f64)| match word_code(value) {
            Some(code) => piece.words[index % 2].list[code as usize].clone(),
            None => format!("{:x}", value.to_bits()),
        };
        let cells: Vec<String> = piece.values.iter().enumerate().map(cell).collect();
        (cells, &piece.lines, piece.n_lines, piece.n_row_lines, &piece.skipped, &piece.short)
    }

    #[test]
    fn numbers_words_and_gaps_become_values() {
        let piece = by_loop("1,a\n\n2.5,\n,b\n-3,a");
        assert_eq!(piece.n_rows, 4);
        assert_eq!(piece.lines, [(0, 0), (1, 2)]);
        assert_eq!((piece.values[0], piece.values[2], piece.values[6]), (1.0, 2.5, -3.0));
        assert_eq!(piece.values[1].to_bits(), word_value(0).to_bits());
        assert_eq!((word_code(piece.values[5]), word_code(piece.values[7])), (Some(1), Some(0)));
        assert_eq!((word_code(piece.values[3]), piece.values[3].is_nan()), (None, true));
        assert_eq!(piece.words[1].list, ["a", "b"]);
    }

    #[test]
    fn lines_that_are_no_rows_are_named() {
        use SkipReason::{Blank, Comment, Note, Ragged, RepeatedHeader};
        let piece = by_loop("1,2\n  \n# x,y\nb,c\n3,4,\nsee page 4\n5\n1,2,3\n,\n");
        assert_eq!((piece.n_rows, piece.n_lines, piece.n_row_lines), (2, 9, 2));
        let reasons: Vec<_> = piece.skipped.iter().map(|left| (left.line, left.reason)).collect();
        let ragged = |found| Ragged { expected: 2, found };
        assert_eq!(
            reasons,
            [
                (1, Blank),
                (2, Comment),
                (3, RepeatedHeader),
                (5, Note),
                (6, ragged(1)),
                (7, ragged(3)),
                (8, Blank)
            ]
        );
    }

    proptest! {
        #[test]
        fn the_plain_loop_and_the_splitter_agree(text in "([0-9a-c.,# -]|,|,|\n|b,c\n|\n1,2){0,60}") {
            let (ours, theirs) = (by_loop(&text), by_splitter(&text));
            prop_assert_eq!(all(&ours), all(&theirs));
        }

        #[test]
        fn every_line_is_a_row_or_skipped(text in "([0-9a-c.,#\"' -]|,|,|\n|b,c\n|\n1,2){0,60}") {
            let piece = by_splitter(&text);
            let skipped: u64 = piece.skipped.iter().map(|left| left.n_lines).sum();
            prop_assert_eq!(piece.n_lines, piece.n_row_lines + skipped);
            prop_assert_eq!(piece.n_lines, text.lines().count() as u64);
        }
    }
}
