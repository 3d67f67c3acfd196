//! Finding how a file is written, from its first part and samples of the rest.
//!
//! Must not read the table, nor decide what columns are used for.

use super::encoding::{Guess, find_encoding};
use super::frame::{Frame, Placed, find_frame, placed_records};
use super::head::{find_head, hint};
use super::measure::{find_comment, find_splitter};
use super::signs::{Evidence, Signs};
use super::source::TextSource;
use super::split::Splitter;
use crate::data::dialect::{Delimiter, Dialect, DialectChoices, usual_missing};
use crate::data::error::{DataError, DataErrorKind};

/// Bytes of a file that inspection looks at in one piece.
pub(super) const FIRST_PART: usize = 1 << 19;

/// Rows of the preview.
const N_PREVIEW: usize = 20;

/// Bytes of a file for inspection: its first part, and pieces of the rest.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) first: Vec<u8>,
    /// Whether the first part is all there is.
    pub(super) is_all: bool,
    /// Pieces of the rest, each with broken lines at its ends.
    pub(super) pieces: Vec<Vec<u8>>,
}

/// What looking at a file found.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// How the file is written.
    pub dialect: Dialect,
    /// Whether it begins with a byte order mark.
    pub has_bom: bool,
    /// Whether the encoding is no more than a guess.
    pub is_encoding_uncertain: bool,
    /// Whether commas within numbers might be decimal signs or thousands signs.
    pub is_comma_uncertain: bool,
    /// Column names, from the header or made up.
    pub names: Vec<String>,
    /// The first rows as they stand, without the header; a preview before anything is read.
    pub preview: Vec<Vec<String>>,
}

/// Looks at a sample of a file. What a person chose is kept.
pub(super) fn inspect(sample: &Sample, choices: &DialectChoices) -> Result<Inspection, DataError> {
    if sample.first.is_empty() {
        return Err(DataError::new(DataErrorKind::Empty));
    }
    let Guess { encoding, has_bom, is_uncertain } = find_encoding(sample, choices.encoding)?;
    let decoded = |bytes: &[u8], is_all: bool| {
        let mut text = Vec::new();
        let read = TextSource::new(bytes, encoding).fill(&mut text, bytes.len() * 3 + 16);
        // The end of a part may lie within a character.
        if is_all { read.map(|()| text) } else { Ok(text) }
    };
    let whole = decoded(&sample.first, sample.is_all)?;
    let told = hint(&whole);
    let text = &whole[told.map_or(0, |(_, n)| n)..];
    let skipped = choices.skip.unwrap_or(0).saturating_sub(usize::from(told.is_some()));
    let text = &text[lines_end(text, skipped)..];
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(DataError::new(DataErrorKind::Empty));
    }
    let mut choices = choices.clone();
    choices.delimiter = choices.delimiter.or_else(|| told.map(|(sign, _)| Delimiter::Sign(sign)));
    let missing = choices.missing.clone().unwrap_or_else(usual_missing);
    let mut comment = choices.comment.unwrap_or_else(|| find_comment(text));
    let splitter = find_splitter(text, sample.is_all, comment, &choices);
    if choices.comment.is_none() && is_header_comment(text, comment, splitter) {
        comment = None;
    }
    let records = placed_records(text, sample.is_all, splitter, comment, &missing);
    let Frame { skip, header, first } = find_frame(&records, choices.skip.is_none());
    let header = choices.header.unwrap_or(header);
    let skip = choices.skip.unwrap_or(if skip > 0 { skip + usize::from(told.is_some()) } else { 0 });
    let rows = &records[(first + usize::from(header)).min(records.len())..];
    let pieces: Vec<Vec<u8>> =
        sample.pieces.iter().map(|piece| decoded(piece, false)).collect::<Result<_, _>>()?;
    let signs = find_signs(rows, &pieces, splitter);
    let dialect = Dialect {
        encoding,
        delimiter: splitter.delimiter,
        quote: splitter.quote,
        escape: splitter.escape,
        decimal: choices.decimal.unwrap_or(signs.decimal),
        thousands: choices.thousands.unwrap_or(signs.thousands),
        header,
        skip,
        comment,
        missing,
    };
    let names = find_head(&whole, true, &dialect)?.map_or_else(Vec::new, |head| head.names);
    let is_comma_uncertain = signs.is_uncertain && choices.decimal.is_none() && choices.thousands.is_none();
    let row = |placed: &Placed| {
        placed.record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect()
    };
    let preview = rows.iter().take(N_PREVIEW).map(row).collect();
    Ok(Inspection {
        dialect,
        has_bom,
        is_encoding_uncertain: is_uncertain,
        is_comma_uncertain,
        names,
        preview,
    })
}

/// Where `n` lines of a text end.
fn lines_end(text: &[u8], n: usize) -> usize {
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    if n == 0 { 0 } else { ends.take(n).last().unwrap_or(0) }
}

/// Whether the only comment is a header with the comment sign before its first name, as in
/// `#id,start,end`: it has as many cells as the row below it.
fn is_header_comment(text: &[u8], comment: Option<u8>, splitter: Splitter) -> bool {
    let Some(sign) = comment else { return false };
    let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    if second.first() == Some(&sign) || first.get(1).is_none_or(u8::is_ascii_whitespace) {
        return false;
    }
    let n_cells = |line: &[u8]| {
        let mut record = super::split::Record::default();
        splitter.next(line, 0, true, &mut record);
        record.len()
    };
    n_cells(first) > 1 && n_cells(first) == n_cells(second)
}

/// The signs within numbers, after all cells of the sample.
fn find_signs(rows: &[Placed], pieces: &[Vec<u8>], splitter: Splitter) -> Signs {
    let mut columns: Vec<Vec<String>> = Vec::new();
    let mut add = |record: &super::split::Record| {
        for (column, cell) in record.iter().enumerate() {
            if columns.len() == column {
                columns.push(Vec::new());
            }
            // Nothing is learned from a cell without a digit.
            if cell.len() < 64 && cell.iter().any(u8::is_ascii_digit) {
                columns[column].push(String::from_utf8_lossy(cell.trim_ascii()).into_owned());
            }
        }
    };
    for placed in rows {
        add(&placed.record);
    }
    let mut record = super::split::Record::default();
    for piece in pieces {
        let begin = piece.iter().position(|&byte| byte == b'\n').map_or(piece.len(), |at| at + 1);
        let end = piece.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let mut at = begin;
        while at < end {
            let Some(next) = splitter.next(&piece[..end], at, false, &mut record) else { break };
            at = next;
            add(&record);
        }
    }
    let mut evidence = Evidence::default();
    for cells in &columns {
        evidence.add_column(cells.iter().map(String::as_str));
    }
    evidence.signs(splitter.delimiter)
}
