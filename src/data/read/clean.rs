//! A table as it was read, written once more: UTF-8, commas, quotes where they are needed, as
//! RFC 4180 has it. The first line names the columns in any case. Cells keep the spelling of the file.
//!
//! Must not know what cells mean.

use std::io::{Read, Write};

use super::encoding::binary;
use super::head::find_head;
use super::source::TextSource;
use super::split::{Record, Splitter};
use crate::data::error::{DataError, DataErrorKind};
use crate::data::table::Table;

/// Bytes taken from the source at once.
const BLOCK: usize = 1 << 20;

/// Writes the header and the rows of `table`, whose file `bytes` are read once more.
///
/// # Errors
/// When the file cannot be read any more, or nothing can be written.
pub fn write_clean(bytes: impl Read + Send, table: &Table, out: &mut dyn Write) -> Result<(), DataError> {
    let dialect = table.dialect();
    let mut source = TextSource::new(bytes, dialect.encoding);
    let mut text = Vec::new();
    source.fill(&mut text, BLOCK)?;
    if let Some(nul) = text.iter().position(|&byte| byte == 0) {
        return Err(binary(&text, nul));
    }
    let n_columns = table.n_columns();
    let splitter = Splitter { n_columns: Some(n_columns), ..Splitter::of(dialect) };
    if table.header.is_empty() {
        write_row(table.columns().iter().map(|column| column.name.as_bytes()), out)?;
    } else {
        let names = table.columns().iter().map(|column| column.name.as_str());
        let shift = n_columns.saturating_sub(table.header.len());
        // A header that lacks the name of the rows' names lacks its first cell.
        let is_shifted = shift == 1
            && table.columns().get(1).map(|column| column.name.as_str())
                == table.header.first().map(|cell| cell.trim());
        let blank = String::new();
        let cell = |index: usize| {
            let index = if is_shifted { index.checked_sub(1) } else { Some(index) };
            index.and_then(|index| table.header.get(index)).unwrap_or(&blank).as_bytes()
        };
        write_row(names.enumerate().map(|(index, _)| cell(index)), out)?;
    }
    let mut skipped = table.skipped().iter().peekable();
    let (mut at, mut line, mut record) = (0, 1, Record::default());
    // The head is cut by its own rules: the lines that it takes are all left out.
    if let Some(head) = find_head(&text, source.is_done(), dialect)? {
        (at, line) = (head.at, head.next_line);
    }
    loop {
        let Some(next) = splitter.next(&text, at, source.is_done(), &mut record).filter(|_| at < text.len())
        else {
            if source.is_done() {
                return Ok(());
            }
            text.drain(..at);
            at = 0;
            source.fill(&mut text, BLOCK)?;
            continue;
        };
        at = next;
        while skipped.peek().is_some_and(|left| left.line + left.n_lines <= line) {
            skipped.next();
        }
        if skipped.peek().is_none_or(|left| line < left.line) {
            record.truncate(n_columns);
            let lacking = std::iter::repeat_n(&b""[..], n_columns - record.len());
            write_row(record.iter().chain(lacking), out)?;
        }
        line += record.n_lines;
    }
}

fn write_row<'a>(cells: impl Iterator<Item = &'a [u8]>, out: &mut dyn Write) -> Result<(), DataError> {
    let mut line = Vec::new();
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        if cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            line.push(b'"');
            for &byte in cell {
                if byte == b'"' {
                    line.push(b'"');
                }
                line.push(byte);
            }
            line.push(b'"');
        } else {
            line.extend_from_slice(cell);
        }
    }
    line.extend_from_slice(b"\r\n");
    out.write_all(&line).map_err(|error| DataError::new(DataErrorKind::Io(error.to_string())))
}
