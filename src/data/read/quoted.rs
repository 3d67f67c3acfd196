//! Text with quotes, in which a line end need not end a row: read by the `csv` crate alone.
//!
//! Must not know what cells mean.

use std::io::Read;

use super::parse::Piece;
use super::source::{TextSource, count_line_ends};
use super::{Reading, Waiting};
use crate::data::error::{DataError, DataErrorKind};

/// Rows read between two looks at the clock and the limits.
const ROWS_AT_ONCE: usize = 4096;

/// Bytes taken from the source at once.
const BLOCK: usize = 1 << 20;

/// A text already taken out, then the rest of the file. Every line ends with a line feed alone,
/// the last one too: only so can lines be counted from the `csv` crate's positions.
pub(super) struct QuotedText<'s, 'a> {
    front: Vec<u8>,
    taken: usize,
    source: &'s mut TextSource<'a>,
    is_new: bool,
    is_ended: bool,
    /// Bytes given since a row began, and how many there may be.
    n_given: usize,
    max_row_bytes: usize,
    /// What went wrong while reading on: `Read` can only carry the operating system's errors.
    pub(super) error: Option<DataError>,
}

impl<'s, 'a> QuotedText<'s, 'a> {
    pub(super) fn new(front: Vec<u8>, source: &'s mut TextSource<'a>, max_row_bytes: usize) -> Self {
        Self {
            front,
            taken: 0,
            source,
            is_new: true,
            is_ended: false,
            n_given: 0,
            max_row_bytes,
            error: None,
        }
    }

    /// Takes the next block out of the source, with plain line ends.
    fn refill(&mut self) -> Result<(), DataError> {
        if self.n_given > self.max_row_bytes {
            return Err(DataError::new(DataErrorKind::LongRow { limit: self.max_row_bytes }));
        }
        if !self.is_new || self.front.is_empty() {
            self.front.clear();
            self.source.fill(&mut self.front, BLOCK)?;
        }
        self.is_new = false;
        self.taken = 0;
        while self.front.last() == Some(&b'\r') && !self.source.is_done() {
            self.source.fill(&mut self.front, 1)?;
        }
        let mut kept = 0;
        for at in 0..self.front.len() {
            if self.front[at] == b'\r' && self.front.get(at + 1) == Some(&b'\n') {
                continue;
            }
            self.front[kept] = self.front[at];
            kept += 1;
        }
        self.front.truncate(kept);
        if self.source.is_done() && !self.is_ended {
            self.is_ended = true;
            if self.front.last().is_some_and(|&byte| byte != b'\n') {
                self.front.push(b'\n');
            }
        }
        Ok(())
    }
}

impl Read for QuotedText<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if (self.is_new || self.taken == self.front.len())
            && let Err(error) = self.refill()
        {
            self.error = Some(error);
            return Err(std::io::Error::other("unreadable"));
        }
        let n = buffer.len().min(self.front.len() - self.taken);
        buffer[..n].copy_from_slice(&self.front[self.taken..self.taken + n]);
        self.taken += n;
        self.n_given += n;
        Ok(n)
    }
}

/// The `csv` crate's reader as we use it: rows of any length, all of them data.
pub(super) fn csv_reader<R: Read>(delimiter: u8, quote: u8, reader: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quote(quote)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 17)
        .from_reader(reader)
}

/// Reads one record: the line on which it begins, counted from 0. The crate's own position lies
/// before the blank lines in front of the record, so lines are counted back from its end.
pub(super) fn read_record(
    reader: &mut csv::Reader<&mut QuotedText<'_, '_>>,
    record: &mut csv::ByteRecord,
) -> Result<Option<u64>, csv::Error> {
    if !reader.read_byte_record(record)? {
        return Ok(None);
    }
    reader.get_mut().n_given = 0;
    let within = count_line_ends(record.as_slice());
    Ok(Some(reader.position().line().saturating_sub(2 + within)))
}

/// Reads all the rest through the `csv` crate.
pub(super) fn read_quoted(reading: Reading<'_, '_>, waiting: Waiting<'_>) -> Result<(), DataError> {
    let Reading { source, text, layout, limits, assembly } = reading;
    let first_line = assembly.next_line();
    let mut rest = QuotedText::new(text, source, limits.max_row_bytes);
    let mut record = csv::ByteRecord::new();
    let mut piece = Piece::default();
    piece.restart(assembly.is_text());
    let mut reader = csv_reader(layout.delimiter, layout.quote, &mut rest);
    let outcome = loop {
        let line = match read_record(&mut reader, &mut record) {
            Err(error) => break Err(error),
            Ok(None) => break Ok(()),
            Ok(Some(line)) => line,
        };
        let is_good = piece.record(&record, line, layout);
        if !is_good || piece.n_rows == ROWS_AT_ONCE {
            assembly.append_at(&mut piece, first_line)?;
            piece.restart(assembly.is_text());
            waiting.look_up(reader.get_ref().source.n_read())?;
        }
    };
    let line = first_line + reader.position().line().saturating_sub(1);
    if let Err(error) = outcome {
        let error = rest.error.take().unwrap_or_else(|| DataError::new(DataErrorKind::Io(error.to_string())));
        let line = error.place.line.unwrap_or(line);
        return Err(error.at_line(line));
    }
    assembly.append_at(&mut piece, first_line)
}
