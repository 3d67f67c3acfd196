//! Finding how a file is written by looking at its first part.
//!
//! Must not read the rest, nor decide what columns are used for.

use super::names::{check_lengths, names};
use super::number::{is_missing, parse_number};
use super::source::{TextSource, count_line_ends};
use crate::data::dialect::{DecimalSign, Delimiter, Dialect, Encoding};
use crate::data::error::{DataError, DataErrorKind};

/// Bytes of a file that inspection looks at.
pub(super) const FIRST_PART: usize = 1 << 18;

/// Records that inspection looks at.
const N_RECORDS: usize = 200;

/// Rows of the preview.
const N_PREVIEW: usize = 20;

/// Delimiters that are looked for, the more deliberate ones first: they win a tie.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// What looking at the first part of a file found.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// How the file is written.
    pub dialect: Dialect,
    /// Whether it begins with a byte order mark.
    pub has_bom: bool,
    /// Column names, from the header or made up.
    pub names: Vec<String>,
    /// The first rows as they stand, without the header; a preview before anything is read.
    pub preview: Vec<Vec<String>>,
}

/// Looks at the first part of a file; `is_all` when there is no more.
pub(super) fn inspect(bytes: &[u8], is_all: bool) -> Result<Inspection, DataError> {
    if bytes.is_empty() {
        return Err(DataError::new(DataErrorKind::Empty));
    }
    let (encoding, has_bom) = find_encoding(bytes, is_all)?;
    let mut text = Vec::new();
    let mut source = TextSource::new(bytes, encoding, only_carriage_returns(bytes));
    source.fill(&mut text, bytes.len() * 2 + 16).or_else(|error| if is_all { Err(error) } else { Ok(()) })?;
    let (told, skipped) = delimiter_line(&text);
    text.drain(..skipped);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(DataError::new(DataErrorKind::Empty));
    }
    let quote = find_quote(&text);
    let delimiter = told.unwrap_or_else(|| find_delimiter(&text, quote, is_all));
    let records = records(&text, delimiter, quote, is_all);
    let decimal = find_decimal(&records);
    let header = find_header(&records, decimal);
    let names = names(records.first().map_or(&[], Vec::as_slice), header);
    check_lengths(&names)?;
    let preview = records.into_iter().skip(usize::from(header)).take(N_PREVIEW).collect();
    Ok(Inspection {
        dialect: Dialect {
            delimiter: Delimiter::Sign(delimiter),
            quote: Some(quote),
            decimal,
            header,
            encoding,
            ..Dialect::default()
        },
        has_bom,
        names,
        preview,
    })
}

/// Whether lines end with carriage returns only, as old Macintosh files write them.
pub(super) fn only_carriage_returns(bytes: &[u8]) -> bool {
    bytes.contains(&b'\r') && !bytes.contains(&b'\n')
}

/// Excel's first line `sep=;`: the delimiter that it tells, and the bytes that it takes.
pub(super) fn delimiter_line(text: &[u8]) -> (Option<u8>, usize) {
    let Some((&delimiter, rest)) = text.strip_prefix(b"sep=").and_then(<[u8]>::split_first) else {
        return (None, 0);
    };
    if !DELIMITERS.contains(&delimiter) {
        return (None, 0);
    }
    match rest {
        [b'\r', b'\n', ..] => (Some(delimiter), 7),
        [b'\n', ..] => (Some(delimiter), 6),
        _ => (None, 0),
    }
}

fn find_encoding(bytes: &[u8], is_all: bool) -> Result<(Encoding, bool), DataError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => return Ok((Encoding::Utf8, true)),
        [0xFF, 0xFE, ..] => return Ok((Encoding::Utf16Le, true)),
        [0xFE, 0xFF, ..] => return Ok((Encoding::Utf16Be, true)),
        _ => {}
    }
    if let Some(nul) = bytes.iter().position(|&byte| byte == 0) {
        // Western text in UTF-16 has a zero in nearly every pair, always on the same side.
        let look = &bytes[..bytes.len().min(4096) & !1];
        let zeros = |side: usize| look.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
        let (even, odd, pairs) = (zeros(0), zeros(1), look.len() / 2);
        if pairs > 0 && odd * 10 >= pairs * 6 && even * 20 <= pairs {
            return Ok((Encoding::Utf16Le, false));
        }
        if pairs > 0 && even * 10 >= pairs * 6 && odd * 20 <= pairs {
            return Ok((Encoding::Utf16Be, false));
        }
        return Err(binary(bytes, nul));
    }
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    let n_control = bytes.iter().filter(|byte| is_control(byte)).count();
    if n_control * 200 > bytes.len() {
        return Err(binary(bytes, bytes.iter().position(is_control).unwrap_or(0)));
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok((Encoding::Utf8, false)),
        Err(error) if error.error_len().is_none() && !is_all => Ok((Encoding::Utf8, false)),
        Err(_) => Ok((Encoding::Windows1252, false)),
    }
}

/// The error of a file that is not text, with the line of the first byte that shows it.
pub(super) fn binary(bytes: &[u8], at: usize) -> DataError {
    let line = count_line_ends(&bytes[..at]) + 1;
    DataError::new(DataErrorKind::Binary).at_line(line)
}

/// The quote that stands around whole cells more often.
fn find_quote(text: &[u8]) -> u8 {
    let around = |quote: u8| {
        text.windows(2)
            .filter(|pair| {
                let delimits = |byte: u8| DELIMITERS.contains(&byte) || byte == b'\n' || byte == b'\r';
                (pair[0] == quote && delimits(pair[1])) || (pair[1] == quote && delimits(pair[0]))
            })
            .count()
    };
    if around(b'\'') > 2 * around(b'"') { b'\'' } else { b'"' }
}

/// The first records as text; the last one is left out where the part may end within it.
fn records(text: &[u8], delimiter: u8, quote: u8, is_all: bool) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quote(quote)
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let records = reader.byte_records().map_while(Result::ok).take(N_RECORDS + 1);
    let cell = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
    let mut records: Vec<Vec<String>> = records.map(|record| record.iter().map(cell).collect()).collect();
    if records.len() > N_RECORDS || (!is_all && records.len() > 1) {
        records.pop();
    }
    records
}

/// The delimiter that gives the same number of cells on most lines, and numbers in most cells.
fn find_delimiter(text: &[u8], quote: u8, is_all: bool) -> u8 {
    let mut best = (0.0, b',');
    for delimiter in DELIMITERS {
        let records = records(text, delimiter, quote, is_all);
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        for record in &records {
            *counts.entry(record.len()).or_default() += 1;
        }
        let Some((&n_columns, &n_same)) = counts.iter().max_by_key(|&(&cells, &n)| (n, cells)) else {
            continue;
        };
        if n_columns < 2 {
            continue;
        }
        let cells = || records.iter().flatten().filter(|cell| !is_missing(cell.as_bytes()));
        let numeric =
            |decimal| cells().filter(|cell| parse_number(cell.as_bytes(), decimal).is_some()).count();
        let share = numeric(b'.').max(numeric(b',')) as f64 / cells().count().max(1) as f64;
        let score = 2.0 * n_same as f64 / records.len() as f64 + share;
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn find_decimal(records: &[Vec<String>]) -> DecimalSign {
    let count = |decimal: char| {
        let cells = records.iter().flatten().filter(|cell| cell.contains(decimal));
        cells.filter(|cell| parse_number(cell.as_bytes(), decimal as u8).is_some()).count()
    };
    if count(',') > count('.') { DecimalSign::Comma } else { DecimalSign::Point }
}

/// A first row without numbers above rows with numbers is a header; so is a first row of
/// words that do not come again below it.
fn find_header(records: &[Vec<String>], decimal: DecimalSign) -> bool {
    let Some((first, rest)) = records.split_first() else { return false };
    let is_number = |cell: &String| parse_number(cell.as_bytes(), decimal.byte()).is_some();
    if first.iter().any(is_number) || first.iter().all(String::is_empty) {
        return false;
    }
    if rest.iter().flatten().any(is_number) {
        return true;
    }
    let comes_again = |(column, name): (usize, &String)| rest.iter().any(|row| row.get(column) == Some(name));
    !first.iter().enumerate().any(comes_again)
}
