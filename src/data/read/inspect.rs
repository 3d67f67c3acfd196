//! Finding how a file is written, from its first part and samples of the rest.
//!
//! Must not read the table, nor decide what columns are used for.

use super::cell_kind::{CellKind, cell_kind};
use super::encoding::{Guess, find_encoding};
use super::frame::{Frame, Placed, find_frame, placed_records};
use super::head::{find_head, hint};
use super::measure::{find_comment, find_splitter};
use super::signs::{Evidence, Signs};
use super::source::TextSource;
use super::split::{Record, Splitter};
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
    let n_above = if choices.comment.is_none() { header_comment(text, comment, splitter) } else { None };
    if n_above.is_some() {
        comment = None;
    }
    let n_above = n_above.filter(|_| choices.skip.is_none()).unwrap_or(0);
    let text = &text[lines_end(text, n_above)..];
    let records = placed_records(text, sample.is_all, splitter, comment, &missing);
    let Frame { skip, header, first } = find_frame(&records, choices.skip.is_none() && n_above == 0);
    let header = choices.header.unwrap_or(header);
    let skip = skip + n_above;
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

/// Lines above a header that stands in a comment, as in `# id, start, end`: the last comment above the
/// first row has as many cells as that row, and names where the row has values.
fn header_comment(text: &[u8], comment: Option<u8>, splitter: Splitter) -> Option<usize> {
    let sign = comment?;
    let starts = |line: &[u8]| line.trim_ascii_start().first() == Some(&sign);
    let mut lines = text.split_inclusive(|&byte| byte == b'\n');
    let mut last = None;
    let (mut n_comments, mut row) = (0, &[][..]);
    for (n_above, line) in lines.by_ref().enumerate() {
        if starts(line) {
            (last, n_comments) = (Some((n_above, line)), n_comments + 1);
        } else if !line.trim_ascii().is_empty() {
            row = line;
            break;
        }
    }
    let (n_above, header) = last?;
    // Where more comments follow, they must stay comments.
    if lines.any(starts) {
        return None;
    }
    let cells = |line: &[u8]| {
        let mut record = Record::default();
        splitter.next(line, 0, true, &mut record);
        record
    };
    let (names, values) = (cells(header), cells(row));
    let is_attached = n_comments == 1 && header.trim_ascii().get(1).is_some_and(|b| !b.is_ascii_whitespace());
    let name = |cell: &[u8]| cell_kind(cell.trim_ascii_start().strip_prefix(&[sign]).unwrap_or(cell));
    let is_name = |cell: &[u8]| !matches!(name(cell), CellKind::Empty | CellKind::Number | CellKind::Date);
    let is_value = |cell: &[u8]| matches!(cell_kind(cell), CellKind::Number | CellKind::Date);
    let fits = names.len() > 1 && names.len() == values.len();
    (fits && (is_attached || (names.iter().all(is_name) && values.iter().any(is_value)))).then_some(n_above)
}

/// The signs within numbers, after all cells of the sample.
fn find_signs(rows: &[Placed], pieces: &[Vec<u8>], splitter: Splitter) -> Signs {
    let mut columns: Vec<Vec<String>> = Vec::new();
    let mut add = |record: &Record| {
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
    let mut record = Record::default();
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
