//! The head of a table: what stands above it, the names of its columns, and how many there are.
//!
//! Must not know what the cells below mean.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Limits;
use super::cell_kind::{CellKind, cell_kind};
use super::measure::COMMENTS;
use super::names::{check_lengths, names};
use super::skipped::{SkipReason, SkippedLines, skip_lines};
use super::source::{TextSource, count_line_ends};
use super::spans;
use super::split::{Record, Splitter};
use crate::data::dialect::Dialect;
use crate::data::error::{DataError, DataErrorKind};

/// Bytes read at once while the head is looked for.
const BLOCK: usize = 1 << 18;

/// Rows by which the number of columns is found.
const N_ROWS: usize = 500;

/// The head of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Head {
    /// A name for every column.
    pub(super) names: Vec<String>,
    /// The cells of the header as they are written once more, those of several lines joined; none
    /// without a header.
    pub(super) written: Vec<String>,
    /// The cells of its last line, without blanks around them.
    pub(super) cells: Vec<String>,
    /// That line, without the end.
    pub(super) line: Vec<u8>,
    /// Lines that are no rows so far.
    pub(super) skipped: Vec<SkippedLines>,
    /// The line, counted from 1, on which the rows begin.
    pub(super) next_line: u64,
    /// Where they begin in the text.
    pub(super) at: usize,
}

/// Takes the head off the text of a file, as far as `dialect` says that there is one.
pub(super) fn read_head(
    source: &mut TextSource<'_>,
    text: &mut Vec<u8>,
    dialect: &Dialect,
    limits: &Limits,
) -> Result<Head, DataError> {
    loop {
        if let Some(mut head) = find_head(text, source.is_done(), dialect)? {
            if head.names.len() > limits.max_columns {
                let kind =
                    DataErrorKind::TooManyColumns { found: head.names.len(), limit: limits.max_columns };
                return Err(DataError::new(kind).at_line(head.next_line));
            }
            text.drain(..head.at);
            head.at = 0;
            return Ok(head);
        }
        if text.len() > limits.max_row_bytes {
            return Err(DataError::new(DataErrorKind::LongRow { limit: limits.max_row_bytes }).at_line(1));
        }
        source.fill(text, BLOCK)?;
    }
}

/// The head of a text; `None` where more of it is needed.
pub(super) fn find_head(text: &[u8], is_all: bool, dialect: &Dialect) -> Result<Option<Head>, DataError> {
    let splitter = Splitter::of(dialect);
    let mut head = Head { next_line: 1, ..Head::default() };
    let hint = hint(text).map_or(0, |(_, n)| n);
    head.take(text, hint, SkipReason::Hint);
    let n_above = dialect.skip.saturating_sub(head.next_line as usize - 1);
    let Some(above) = lines_end(text, head.at, is_all, n_above) else { return Ok(None) };
    let (mut record, mut between, mut at) = (Record::default(), Vec::new(), above);
    let first = loop {
        let Some(next) = splitter.next(text, at, is_all, &mut record) else { return Ok(None) };
        if at == text.len() {
            return Err(DataError::new(DataErrorKind::Empty));
        }
        let reason = if record.len() <= 1 && record.is_blank() && !record.is_quoted(0) {
            SkipReason::Blank
        } else if is_comment(&record, dialect) {
            SkipReason::Comment
        } else {
            break next;
        };
        between.push((next - at, reason));
        at = next;
    };
    let (mut upper, mut joined, mut n_named) = (above, Vec::new(), 0);
    if dialect.header {
        let cells = cells_of(&record).map_err(|()| {
            let line = head.next_line + count_line_ends(&text[head.at..at]);
            DataError::new(DataErrorKind::Encoding("UTF-8")).at_line(line)
        })?;
        head.cells = trimmed(&cells);
        (upper, joined) = with_upper_lines(text, head.at..above, splitter, &head.cells);
        head.written = if upper < above { joined.clone() } else { cells };
        let last = (0..record.len()).rposition(|cell| record.is_quoted(cell) || !head.cells[cell].is_empty());
        n_named = last.map_or(0, |last| last + 1);
    }
    head.take(text, upper - head.at, SkipReason::AboveTable);
    head.take(text, above - upper, SkipReason::Header);
    for (n, reason) in between {
        head.take(text, n, reason);
    }
    if dialect.header {
        let line = &text[head.at..first];
        head.line = line.strip_suffix(b"\n").unwrap_or(line).to_vec();
        head.take(text, first - head.at, SkipReason::Header);
        if let Some(next) = splitter.next(text, head.at, is_all, &mut record)
            && is_units(&record, head.cells.len())
            && are_numbers_below(&record, &first_rows(text, next, is_all, splitter, dialect))
        {
            head.take(text, next - head.at, SkipReason::Units);
        }
    }
    let rows = first_rows(text, head.at, is_all, splitter, dialect);
    // One row may be cut short by the end of the part that was read.
    if rows.is_empty() && !is_all {
        return Ok(None);
    }
    if let Some(first) = joined.first_mut() {
        *first = without_comment_sign(first).to_owned();
    }
    let cells = names_to_columns(&joined, n_named, &rows);
    head.names = names(&cells, true);
    check_lengths(&head.names)?;
    Ok(Some(head))
}

impl Head {
    /// Leaves `n` bytes of text out.
    fn take(&mut self, text: &[u8], n: usize, reason: SkipReason) {
        let part = &text[self.at..self.at + n];
        let n_lines = count_line_ends(part) + u64::from(part.last().is_some_and(|&byte| byte != b'\n'));
        skip_lines(&mut self.skipped, self.next_line, n_lines, reason);
        self.next_line += n_lines;
        self.at += n;
    }
}

/// A first line such as `sep=;` or `"sep=;"`: the delimiter that it tells, and its bytes.
pub(super) fn hint(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let line = text[..end].trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(line);
    // A tab at the end was trimmed.
    match line.strip_prefix(b"sep=")? {
        [] if text[..end].ends_with(b"\t") => Some((b'\t', end + 1)),
        [delimiter] if delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() => {
            Some((*delimiter, end + 1))
        }
        _ => None,
    }
}

fn is_comment(record: &Record, dialect: &Dialect) -> bool {
    let first = record.cell(0).trim_ascii().first().copied();
    first.is_some() && first == dialect.comment && !record.is_quoted(0)
}

/// Where `n` lines end that begin at `at`; `None` where more of the text is needed.
fn lines_end(text: &[u8], at: usize, is_all: bool, n: usize) -> Option<usize> {
    (0..n).try_fold(at, |at, _| {
        let length = text[at..].iter().position(|&byte| byte == b'\n').map(|n| n + 1);
        length.or_else(|| is_all.then_some(text.len() - at)).map(|n| at + n)
    })
}

/// Where the header begins whose last line has these cells, and its names: lines right above may
/// name groups of columns.
fn with_upper_lines(
    text: &[u8],
    above: Range<usize>,
    splitter: Splitter,
    cells: &[String],
) -> (usize, Vec<String>) {
    let (mut at, mut record, mut lines) = (above.start, Record::default(), Vec::new());
    while at < above.end {
        let Some(next) = splitter.next(&text[..above.end], at, true, &mut record) else { break };
        if let Ok(cells) = cells_of(&record) {
            lines.push((at, trimmed(&cells)));
        }
        at = next;
    }
    let n_more = lines.len().saturating_sub(spans::MOST_LINES);
    let from = |first: usize| {
        let upper = lines[first..].iter().map(|(_, cells)| cells.as_slice());
        spans::joined(upper.chain([cells])).map(|names| (lines[first].0, names))
    };
    let is_filled = |first: &usize| lines[*first].1.iter().any(|cell| !cell.is_empty());
    let found = (n_more..lines.len()).filter(is_filled).find_map(from);
    found.unwrap_or_else(|| (above.end, cells.to_vec()))
}

fn cells_of(record: &Record) -> Result<Vec<String>, ()> {
    record.iter().map(|cell| std::str::from_utf8(cell).map(str::to_owned).map_err(|_| ())).collect()
}

/// A first name without the comment sign of a header that stands in a comment, as in `# id, start`.
fn without_comment_sign(name: &str) -> &str {
    let rest = name.strip_prefix(COMMENTS.map(char::from)).unwrap_or(name);
    if rest.starts_with(char::is_whitespace) { rest.trim_start() } else { name }
}

fn trimmed(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Units as they stand below names, in lower case; any word in brackets is one, too.
const UNITS: [&str; 65] = [
    "s", "ms", "us", "µs", "ns", "sec", "min", "h", "hr", "d", "day", "days", "yr", "year", "years", "m",
    "cm", "mm", "km", "µm", "nm", "in", "inch", "ft", "mi", "kg", "g", "mg", "lb", "lbs", "t", "n", "kn",
    "pa", "kpa", "mpa", "bar", "hpa", "j", "kj", "w", "kw", "kwh", "mw", "v", "mv", "ma", "ohm", "hz", "khz",
    "mhz", "ghz", "k", "c", "°c", "°f", "deg", "%", "m/s", "km/h", "m2", "m3", "m²", "m³", "l",
];

/// Whether a record tells the units of the columns above it: nothing but units and gaps.
pub(super) fn is_units(record: &Record, n_columns: usize) -> bool {
    let mut n_units = 0;
    let is_unit = |cell: &[u8]| {
        let Ok(cell) = std::str::from_utf8(cell) else { return false };
        let cell = cell.trim();
        let is_in =
            |open: char, close: char| cell.len() > 2 && cell.starts_with(open) && cell.ends_with(close);
        let is_named = UNITS.contains(&cell.to_lowercase().as_str());
        let has_number =
            cell.contains(|c: char| c.is_ascii_digit()) && cell_kind(cell.as_bytes()) == CellKind::Number;
        let is_unit = !has_number && (is_named || is_in('[', ']') || is_in('(', ')'));
        n_units += usize::from(is_unit);
        is_unit || matches!(cell, "" | "-" | "–" | "1")
    };
    record.len() >= 2.min(n_columns)
        && record.iter().all(is_unit)
        && n_units > 0
        && n_units * 2 >= record.len()
}

/// Whether every column that the record gives a unit holds numbers.
fn are_numbers_below(units: &Record, rows: &[FirstRow]) -> bool {
    (0..units.len()).filter(|&column| !units.cell(column).trim_ascii().is_empty()).all(|column| {
        let count = |flags: fn(&FirstRow) -> &Vec<bool>| {
            rows.iter().filter(|row| flags(row).get(column) == Some(&true)).count()
        };
        let (n_numbers, n_empty) = (count(|row| &row.is_number), count(|row| &row.is_empty));
        n_numbers > 0 && n_numbers * 3 >= rows.len().saturating_sub(n_empty) * 2
    })
}

/// The first rows: how many cells each has, and which of them are empty.
fn first_rows(
    text: &[u8],
    start: usize,
    is_all: bool,
    splitter: Splitter,
    dialect: &Dialect,
) -> Vec<FirstRow> {
    let (mut at, mut record, mut rows) = (start, Record::default(), Vec::new());
    while rows.len() < N_ROWS && at < text.len() {
        let Some(next) = splitter.next(text, at, is_all, &mut record) else { break };
        at = next;
        let is_blank = record.len() <= 1 && record.is_blank();
        if !is_blank && !is_comment(&record, dialect) {
            let kinds: Vec<CellKind> = record.iter().map(cell_kind).collect();
            // What is quoted stands there, though it may be blank.
            let is_empty = |(cell, &kind)| kind == CellKind::Empty && !record.is_quoted(cell);
            let is_empty = kinds.iter().enumerate().map(is_empty).collect();
            let is_number = kinds.iter().map(|&kind| kind == CellKind::Number).collect();
            rows.push(FirstRow { is_empty, is_number, first: record.cell(0).to_vec() });
        }
    }
    rows
}

/// A row by which the number of columns is found.
#[derive(Clone, Debug)]
struct FirstRow {
    is_empty: Vec<bool>,
    is_number: Vec<bool>,
    first: Vec<u8>,
}

/// A cell of the header for every column of the rows. The number of columns is that of most rows;
/// cells that are empty in all of them do not count beyond the header, of which the first `n_named` do.
fn names_to_columns(header: &[String], n_named: usize, rows: &[FirstRow]) -> Vec<String> {
    let mut counts = BTreeMap::<usize, usize>::new();
    for row in rows {
        *counts.entry(row.is_empty.len()).or_default() += 1;
    }
    // Most rows decide, but a width that is not rare is no mistake either.
    let most = counts.iter().max_by_key(|&(&n, &count)| (count * n.min(2), n)).map(|(&n, _)| n);
    let often = counts.iter().filter(|&(&n, &count)| n > 1 && count > 1 && count * 20 >= rows.len());
    let of_rows = most.map(|most| often.map(|(&n, _)| n).fold(most, usize::max));
    let filled = rows.iter().filter_map(|row| row.is_empty.iter().rposition(|empty| !empty)).max();
    let n_filled = filled.map_or(1, |last| last + 1);
    let Some(n_rows) = of_rows else { return header.to_vec() };
    let mut names = header.to_vec();
    if header.is_empty() {
        names.resize(n_rows.min(n_filled.max(1)), String::new());
    } else if header.len() > n_rows {
        // Names without cells are columns that lack, blank ones are none.
        names.truncate(n_named.max(n_rows));
    } else if header.len() < n_rows {
        let n = n_rows.min(n_filled).max(header.len());
        let n_alike = rows.iter().filter(|row| row.is_empty.len() == n).count();
        if n == header.len() + 1 && n_alike * 10 >= rows.len() * 9 && are_row_names(rows) {
            names.insert(0, String::new());
        }
        names.resize(n, String::new());
    }
    names
}

/// Whether the first cells name the rows, as R writes them: all different, none empty.
fn are_row_names(rows: &[FirstRow]) -> bool {
    let mut seen = BTreeSet::new();
    rows.iter().all(|row| !row.first.trim_ascii().is_empty() && seen.insert(&row.first))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn names_of(text: &str) -> Vec<String> {
        find_head(text.as_bytes(), true, &Dialect::default()).unwrap().unwrap().names
    }

    #[test]
    fn the_number_of_columns_is_that_of_the_rows() {
        assert_eq!(names_of("a,y,\n1,2\n2,3\n"), ["a", "y"]);
        assert_eq!(names_of("a,y\n1,2,\n2,3,\n"), ["a", "y"]);
        assert_eq!(names_of("a,y\nr1,1,2\nr2,2,3\n"), ["column 1", "a", "y"]);
        assert_eq!(names_of("a,y\n1,1,2\n1,2,3\n"), ["a", "y", "column 3"]);
        assert_eq!(names_of("a,b,c\n1,2\n3,4\n"), ["a", "b", "c"]);
    }

    #[test]
    fn hints_are_understood_with_and_without_quotes() {
        for text in ["sep=;\n1", "\"sep=;\"\n1"] {
            assert_eq!(hint(text.as_bytes()).unwrap().0, b';', "{text}");
        }
        assert_eq!(hint(b"sep=\t\n1"), Some((b'\t', 6)));
        assert_eq!(hint(b"separate;b\n1"), None);
    }

    #[test]
    fn a_line_of_units_is_known() {
        let record = |text: &str| {
            let mut record = Record::default();
            Splitter::of(&Dialect::default()).next(text.as_bytes(), 0, true, &mut record).unwrap();
            record
        };
        for text in ["s,kg", "[s],(kg)", "°C,%,"] {
            assert!(is_units(&record(text), 2), "{text}");
        }
        for text in ["1,2", "a1,b2", "age,price", "(1),(2)", ",-"] {
            assert!(!is_units(&record(text), 2), "{text}");
        }
    }
}
