//! From a piece of text to numbers, row after row.
//!
//! Pieces without a quote go through a plain loop of our own, which cuts and reads numbers in
//! one pass; all others go through the `csv` crate. A property test holds the two together.
//!
//! Must not know files.

use std::collections::HashMap;

use super::number::{is_missing, leading_number, parse_number};
use crate::data::error::{DataError, DataErrorKind};

/// How rows are written within a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    pub(super) decimal: u8,
    pub(super) n_columns: usize,
}

/// The words of a text column, in order of first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) list: Vec<String>,
    index: HashMap<String, u32>,
}

impl Words {
    /// The number of a word, which becomes known by it.
    pub(super) fn code(&mut self, word: &str) -> f64 {
        if let Some(&code) = self.index.get(word) {
            return f64::from(code);
        }
        let code = self.list.len() as u32;
        self.list.push(word.to_owned());
        self.index.insert(word.to_owned(), code);
        f64::from(code)
    }

    /// The code of a number that turned up among words. Numbers are written one way whatever
    /// way the file wrote them, so that the order of rows does not matter.
    pub(super) fn code_of_number(&mut self, value: f64) -> f64 {
        if value.is_nan() { value } else { self.code(&value.to_string()) }
    }
}

/// Rows read from a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// Row after row; NaN where a value is missing.
    pub(super) values: Vec<f64>,
    pub(super) n_rows: usize,
    /// The words of each column that is not of numbers only.
    pub(super) words: Vec<Option<Words>>,
    /// (row, line) at the start of each run of rows on consecutive lines; lines count from 0.
    pub(super) lines: Vec<(usize, u64)>,
    /// Lines of the whole piece.
    pub(super) n_lines: u64,
    /// What stopped the reading, with its line in the piece (counted from 1).
    pub(super) error: Option<DataError>,
}

impl Piece {
    /// Forgets the rows, and keeps the memory; `is_text` tells which columns hold words so far.
    pub(super) fn restart(&mut self, is_text: impl Iterator<Item = bool>) {
        self.values.clear();
        self.n_rows = 0;
        self.words.clear();
        self.words.extend(is_text.map(|is_text| is_text.then(Words::default)));
        self.lines.clear();
        self.n_lines = 0;
        self.error = None;
    }

    /// Reads text without quotes.
    pub(super) fn plain(&mut self, text: &[u8], layout: Layout) {
        let Layout { delimiter, n_columns, .. } = layout;
        // A sign that is a delimiter too can only stand in quotes, and there are none here.
        let decimal = if layout.decimal == delimiter { 0 } else { layout.decimal };
        let mut at = 0;
        while at < text.len() {
            if let Some(next) = after_line_end(text, at) {
                at = next;
                self.n_lines += 1;
                continue;
            }
            self.begin_row(self.n_lines);
            let mut column = 0;
            loop {
                if column == n_columns {
                    let rest = text[at..].iter().take_while(|&&byte| byte != b'\n' && byte != b'\r');
                    let found = column + 1 + rest.filter(|&&byte| byte == delimiter).count();
                    self.ragged(n_columns, found);
                    return;
                }
                let quick =
                    if self.words[column].is_none() { leading_number(&text[at..], decimal) } else { None };
                let end = match quick {
                    Some((value, n)) if is_cell_end(text.get(at + n).copied(), delimiter) => {
                        self.values.push(value);
                        at + n
                    }
                    _ => {
                        let end = at
                            + text[at..]
                                .iter()
                                .position(|&byte| is_cell_end(Some(byte), delimiter))
                                .unwrap_or(text.len() - at);
                        if let Err(kind) = self.cell(column, &text[at..end], decimal) {
                            self.fail(kind);
                            return;
                        }
                        end
                    }
                };
                column += 1;
                at = end;
                if text.get(at) != Some(&delimiter) {
                    break;
                }
                at += 1;
            }
            if column != n_columns {
                self.ragged(n_columns, column);
                return;
            }
            self.n_rows += 1;
            if let Some(next) = after_line_end(text, at) {
                at = next;
                self.n_lines += 1;
            }
        }
    }

    /// Reads one record of the `csv` crate; `line` counts from 0.
    pub(super) fn record(&mut self, record: &csv::ByteRecord, line: u64, layout: Layout) -> bool {
        self.n_lines = line;
        self.begin_row(line);
        if record.len() != layout.n_columns {
            self.ragged(layout.n_columns, record.len());
            return false;
        }
        for (column, cell) in record.iter().enumerate() {
            if let Err(kind) = self.cell(column, cell, layout.decimal) {
                self.fail(kind);
                return false;
            }
        }
        self.n_rows += 1;
        true
    }

    fn begin_row(&mut self, line: u64) {
        let expected = self.lines.last().map(|&(row, first)| first + (self.n_rows - row) as u64);
        if expected != Some(line) {
            self.lines.push((self.n_rows, line));
        }
    }

    fn ragged(&mut self, expected: usize, found: usize) {
        self.fail(DataErrorKind::Ragged { expected, found });
    }

    fn fail(&mut self, kind: DataErrorKind) {
        self.error = Some(DataError::new(kind).at_line(self.n_lines + 1));
    }

    /// Appends a cell that the quick way did not take.
    fn cell(&mut self, column: usize, cell: &[u8], decimal: u8) -> Result<(), DataErrorKind> {
        let cell = cell.trim_ascii();
        let value = if is_missing(cell) {
            f64::NAN
        } else if let Some(value) = parse_number(cell, decimal) {
            match &mut self.words[column] {
                Some(words) => words.code_of_number(value),
                None => value,
            }
        } else {
            let word = std::str::from_utf8(cell).map_err(|_| DataErrorKind::Encoding("UTF-8"))?;
            if self.words[column].is_none() {
                let mut words = Words::default();
                let n = self.words.len();
                let earlier = self.values[..self.n_rows * n].iter_mut().skip(column).step_by(n);
                earlier.for_each(|value| *value = words.code_of_number(*value));
                self.words[column] = Some(words);
            }
            self.words[column].as_mut().map_or(f64::NAN, |words| words.code(word.trim()))
        };
        self.values.push(value);
        Ok(())
    }
}

/// Whether a cell ends before this byte.
fn is_cell_end(byte: Option<u8>, delimiter: u8) -> bool {
    byte.is_none_or(|byte| byte == delimiter || byte == b'\n' || byte == b'\r')
}

/// Where the next line begins, if a line ends at `at`.
fn after_line_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'\r' if text.get(at + 1) == Some(&b'\n') => Some(at + 2),
        b'\n' | b'\r' => Some(at + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::data::dialect::Encoding;
    use crate::data::read::quoted::{QuotedText, csv_reader, read_record};
    use crate::data::read::source::TextSource;
    use proptest::prelude::*;

    fn by_loop(text: &[u8], layout: Layout) -> Piece {
        let mut piece = Piece::default();
        piece.restart(std::iter::repeat_n(false, layout.n_columns));
        piece.plain(text, layout);
        piece
    }

    fn by_crate(text: &[u8], layout: Layout) -> Piece {
        let mut piece = Piece::default();
        piece.restart(std::iter::repeat_n(false, layout.n_columns));
        let mut source = TextSource::new(text, Encoding::Utf8, false);
        let mut rest = QuotedText::new(Vec::new(), &mut source, 1 << 20);
        let mut reader = csv_reader(layout.delimiter, layout.quote, &mut rest);
        let mut record = csv::ByteRecord::new();
        while let Some(line) = read_record(&mut reader, &mut record).unwrap() {
            if !piece.record(&record, line, layout) {
                break;
            }
        }
        piece
    }

    const COMMAS: Layout = Layout { delimiter: b',', quote: b'"', decimal: b'.', n_columns: 2 };

    #[test]
    fn numbers_words_and_gaps_become_values() {
        let piece = by_loop(b"1,a\n\n2.5,\r\n,b\n-3,a", COMMAS);
        assert_eq!(piece.n_rows, 4);
        assert_eq!(piece.lines, [(0, 0), (1, 2)]);
        assert!(piece.error.is_none());
        assert_eq!(format!("{:?}", piece.values), "[1.0, 0.0, 2.5, NaN, NaN, 1.0, -3.0, 0.0]");
        assert_eq!(piece.words[1].as_ref().unwrap().list, ["a", "b"]);
    }

    #[test]
    fn a_word_after_numbers_turns_the_numbers_into_words() {
        let piece = by_loop(b"1.50,0\n,0\nx,0\n1.5,0\n", COMMAS);
        assert_eq!(piece.words[0].as_ref().unwrap().list, ["1.5", "x"]);
        assert_eq!(format!("{:?}", piece.values), "[0.0, 0.0, NaN, 0.0, 1.0, 0.0, 0.0, 0.0]");
    }

    #[test]
    fn a_row_of_another_length_is_an_error_with_its_line() {
        for (text, found) in [(&b"1,2\n3\n"[..], 1), (b"1,2\n3,4,5,6\n", 4), (b"1,2\n3,4,\n", 3)] {
            let error = by_loop(text, COMMAS).error.unwrap();
            assert_eq!(*error.kind, DataErrorKind::Ragged { expected: 2, found });
            assert_eq!(error.place.line, Some(2));
        }
    }

    proptest! {
        #[test]
        fn the_plain_loop_and_the_csv_crate_agree(text in "([0-9a-c.,-]|,|,|\n|\r\n|\n1,2){0,60}") {
            let (ours, theirs) = (by_loop(text.as_bytes(), COMMAS), by_crate(text.as_bytes(), COMMAS));
            prop_assert_eq!(ours.n_rows, theirs.n_rows);
            prop_assert_eq!(&ours.error, &theirs.error);
            if ours.error.is_none() {
                prop_assert_eq!(format!("{:?}", ours.values), format!("{:?}", theirs.values));
                prop_assert_eq!(ours.lines, theirs.lines);
            }
        }
    }
}
