//! Where the table stands in its file: the lines above it, and whether its first row names the
//! columns.
//!
//! Must not know signs within numbers, or files.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::cell_kind::{CellKind, cell_kind};
use super::head::is_units;
use super::spans::{MOST_LINES, joined};
use super::split::{Record, Splitter};

/// Records that are looked at.
const N_RECORDS: usize = 500;

/// Rows above the table that may look like rows of it.
const MOST_ABOVE: usize = 20;

/// Titles that follow one another.
const MOST_TITLES: usize = 4;

/// A record and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Lines above it.
    pub(super) n_above: usize,
    pub(super) record: Record,
    /// What its cells look like; words that mean "no value" are empty cells.
    kinds: Vec<CellKind>,
}

/// Where the table stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Lines above the table.
    pub(super) skip: usize,
    /// Whether its first row names the columns.
    pub(super) header: bool,
    /// The first record of the table.
    pub(super) first: usize,
}

/// The records of a text, but for blank lines and comments.
pub(super) fn placed_records(
    text: &[u8],
    is_all: bool,
    splitter: Splitter,
    comment: Option<u8>,
    missing: &[String],
) -> Vec<Placed> {
    let (mut at, mut n_above, mut found) = (0, 0, Vec::new());
    while found.len() < N_RECORDS && at < text.len() {
        let mut record = Record::default();
        let Some(next) = splitter.next(text, at, is_all, &mut record) else { break };
        let starts = |sign: u8| text[at..].trim_ascii_start().first() == Some(&sign);
        let is_blank = record.len() <= 1 && record.is_blank() && !record.is_quoted(0);
        let is_comment = comment.is_some_and(starts);
        at = next;
        let n_lines = record.n_lines as usize;
        if !is_blank && !is_comment {
            let kinds = record.iter().map(|cell| kind(cell, missing)).collect();
            found.push(Placed { n_above, record, kinds });
        }
        n_above += n_lines;
    }
    found
}

fn kind(cell: &[u8], missing: &[String]) -> CellKind {
    let word = String::from_utf8_lossy(cell.trim_ascii()).to_lowercase();
    if missing.contains(&word) { CellKind::Empty } else { cell_kind(cell) }
}

impl Placed {
    fn len(&self) -> usize {
        self.kinds.len()
    }

    fn n_filled(&self) -> usize {
        self.kinds.iter().filter(|&&kind| kind != CellKind::Empty).count()
    }

    fn has_value(&self, column: usize) -> bool {
        matches!(self.kinds.get(column), Some(CellKind::Number | CellKind::Date))
    }

    fn has_words(&self, column: usize) -> bool {
        !self.has_value(column) && self.kinds.get(column).is_some_and(|&kind| kind != CellKind::Empty)
    }

    fn text(&self, column: usize) -> String {
        String::from_utf8_lossy(self.record.cell(column).trim_ascii()).into_owned()
    }

    fn number(&self, column: usize) -> Option<f64> {
        self.text(column).replace(',', ".").parse().ok().filter(|value: &f64| value.is_finite())
    }
}

/// Finds the table among records. Where `may_skip` is false, it begins with the first of them.
pub(super) fn find_frame(records: &[Placed], may_skip: bool) -> Frame {
    let width = width(records);
    let first = if may_skip { first_record(records, width) } else { 0 };
    let Some(table) = records.get(first..).filter(|table| !table.is_empty()) else {
        // A first line without an end in sight: rather names than numbers.
        return Frame { skip: 0, header: true, first: 0 };
    };
    let (n_more, header) = header(table, may_skip, first > 0);
    let first = first + n_more;
    let skip = if first == 0 { 0 } else { records[first].n_above };
    Frame { skip, header, first }
}

/// Cells of most records; a wider record weighs more, since notes are narrow.
fn width(records: &[Placed]) -> usize {
    let mut counts = BTreeMap::<usize, usize>::new();
    for placed in records {
        *counts.entry(placed.len()).or_default() += 1;
    }
    let weight = |width: usize, n: usize| if width < 2 { 0.0 } else { n as f64 * (width as f64).sqrt() };
    let rank = |&(width, n): &(usize, usize)| (n.min(2), weight(width, n));
    let most = counts.into_iter().max_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(Ordering::Equal));
    most.map_or(0, |(width, _)| width)
}

/// The first record of the table: past titles and notes, which have fewer cells or leave most empty.
fn first_record(records: &[Placed], width: usize) -> usize {
    let Some(mut first) = records.iter().position(|placed| placed.len() == width) else { return 0 };
    // Many lines of several cells are no title: rather a table whose rows differ.
    let n_rows = records[..first].iter().filter(|placed| placed.n_filled() > 1).count();
    if n_rows * 4 > records.len() {
        first = records.iter().position(|placed| placed.n_filled() > 1).unwrap_or(0);
    }
    let is_title = |index: usize| {
        let Some(title) = records.get(index) else { return false };
        // Below it stand other titles, and then a line of several cells.
        let next = records[index + 1..].iter().filter(|next| next.n_filled() > 0).take(MOST_TITLES);
        let is_above_cells = next.clone().any(|next| next.n_filled() > 1);
        let later = records[index + 1..].iter().take(MOST_ABOVE);
        let most = later.map(Placed::n_filled).max().unwrap_or(0);
        width > 1
            && title.n_filled() == 1
            && (title.has_words(0) || (width > 2 && (0..width).any(|column| title.has_words(column))))
            && (is_above_cells || most == width)
            && most > 1
    };
    let start = first;
    let is_empty = |index: usize| records.get(index).is_some_and(|placed| placed.n_filled() == 0);
    while first < start + MOST_ABOVE && (is_title(first) || (is_empty(first) && first + 1 < records.len())) {
        first += 1;
    }
    let Some(above) = first.checked_sub(1).and_then(|index| records.get(index)) else { return first };
    // A header may have other cells than the rows: one less for the names of the rows, empty ones.
    let has_extra = above.len() > width && above.kinds[width..].iter().all(|&kind| kind == CellKind::Empty);
    let lacks = above.len() < width && above.len() > 1 && {
        let empty =
            |placed: &Placed| placed.kinds.iter().skip(above.len()).all(|&kind| kind == CellKind::Empty);
        above.len() + 1 == width || records[first..].iter().filter(|placed| placed.len() == width).all(empty)
    };
    let names_all = (0..above.len().min(width)).all(|column| above.has_words(column));
    let is_like = names_all && above.len() > 2 && above.len() * 2 >= width;
    let has_values = (0..width).any(|column| records[first].has_value(column));
    // The names stand below it: it is a title whose commas look like delimiters.
    let names_follow = (0..width).all(|column| records[first].has_words(column))
        && records.get(first + 1).is_some_and(|next| (0..width).all(|column| next.has_value(column)));
    let is_header = names_all && !names_follow && (is_like || ((has_extra || lacks) && has_values));
    if is_header { first - 1 } else { first }
}

/// Whether the first of these records is a header; before that, how many records stand above it.
/// Where a title was found above them, words are names.
fn header(table: &[Placed], may_skip: bool, has_title: bool) -> (usize, bool) {
    let width = table.iter().map(Placed::len).max().unwrap_or(0);
    let has_names = has_title && table[0].n_filled() > 1 && !(0..width).any(|c| table[0].has_value(c));
    let body = if table.len() > 3 { &table[2..] } else { &table[table.len().min(1)..] };
    if body.is_empty() {
        // Words alone on one line name columns that have no rows yet.
        let names_all = |only: &Placed| (0..width).all(|column| only.has_words(column));
        return (0, table.first().is_some_and(names_all));
    }
    let is_numeric = |column: usize| {
        let (mut n_values, mut n) = (0, 0);
        for placed in
            body.iter().filter(|placed| placed.kinds.get(column).is_some_and(|k| *k != CellKind::Empty))
        {
            n += 1;
            n_values += usize::from(placed.has_value(column));
        }
        n > 0 && n_values * 3 >= n * 2
    };
    // R's row names shift the header by one.
    let shift = |placed: &Placed| usize::from(placed.len() + 1 == width && placed.len() > 1);
    let numeric: Vec<usize> = (0..width).filter(|&column| is_numeric(column)).collect();
    if numeric.is_empty() {
        return (0, has_names || names_nothing_below(table));
    }
    let cell = |placed: &Placed, column: usize| column.checked_sub(shift(placed));
    let n_words = |placed: &Placed| {
        numeric.iter().filter(|&&c| cell(placed, c).is_some_and(|c| placed.has_words(c))).count()
    };
    let n_values = |placed: &Placed| {
        numeric.iter().filter(|&&c| cell(placed, c).is_some_and(|c| placed.has_value(c))).count()
    };
    let is_text = |placed: &Placed| n_words(placed) > 0 && n_values(placed) == 0;
    let is_blank = |placed: &Placed| placed.n_filled() == 0;
    let above = table.iter().take(MOST_ABOVE).take_while(|placed| is_text(placed) || is_blank(placed));
    let n_lines = above.enumerate().filter(|(_, placed)| is_text(placed)).map(|(n, _)| n + 1).last();
    if let Some(lines) = n_lines.filter(|&n| may_skip && n <= MOST_LINES).map(|n| &table[..n]) {
        let cells: Vec<Vec<String>> = lines
            .iter()
            .map(|placed| (0..placed.len()).map(|column| placed.text(column)).collect())
            .collect();
        let has_units = lines[1..].iter().any(|placed| is_units(&placed.record, width));
        if lines.len() > 1 && !has_units && joined(cells.iter().map(Vec::as_slice)).is_some() {
            return (lines.len() - 1, true);
        }
    }
    let n_texts = table.iter().take(MOST_ABOVE).take_while(|placed| is_text(placed)).count();
    match n_texts {
        0 => (
            0,
            has_names || n_words(&table[0]) > n_values(&table[0]) || has_numbers_for_names(table, &numeric),
        ),
        n if n == table.len() => (0, true),
        1 => (0, true),
        n => {
            let last = &table[n - 1];
            let is_second = is_units(&table[1].record, width)
                || !may_skip
                || numeric.len() < 2
                || n > 5
                || n_words(last) < numeric.len();
            if is_second { (0, true) } else { (n - 1, true) }
        }
    }
}

/// Whether the first record of a table of words names its columns: none of its words comes again.
fn names_nothing_below(table: &[Placed]) -> bool {
    let Some((first, rest)) = table.split_first() else { return false };
    let is_name = |column: usize| first.has_words(column);
    let comes_again = |column: usize| {
        let name = first.text(column);
        rest.iter().any(|placed| column < placed.len() && placed.text(column) == name)
    };
    !rest.is_empty()
        && (0..first.len()).any(is_name)
        && (0..first.len())
            .all(|column| !first.has_value(column) && (!is_name(column) || !comes_again(column)))
}

/// Whether the first row holds numbers that are names: years, wavelengths, or numbers in quotes
/// above numbers without.
fn has_numbers_for_names(table: &[Placed], numeric: &[usize]) -> bool {
    let Some((first, rest)) = table.split_first() else { return false };
    let names: Vec<f64> = numeric.iter().filter_map(|&column| first.number(column)).collect();
    if names.len() != numeric.len() || rest.is_empty() {
        return false;
    }
    let is_quoted = |placed: &Placed| numeric.iter().all(|&column| placed.record.is_quoted(column));
    let has_quotes = |placed: &Placed| numeric.iter().any(|&column| placed.record.is_quoted(column));
    if is_quoted(first) && !rest.iter().any(has_quotes) {
        return true;
    }
    let is_year = |value: f64| (1000.0..=2999.0).contains(&value) && value.fract() == 0.0;
    let are_years = |values: &[f64]| values.iter().all(|&value| is_year(value));
    let rises = |values: &[f64]| {
        let steps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let is_even = steps.iter().all(|step| (step - steps[0]).abs() <= 1e-6 * step.abs());
        let is_one_way = steps.iter().all(|&step| step > 0.0) || steps.iter().all(|&step| step < 0.0);
        is_one_way
            && ((is_even && values.len() > 2) || values.len() > 4 || (are_years(values) && values.len() > 1))
    };
    let values = |placed: &Placed| -> Vec<f64> {
        numeric.iter().filter_map(|&column| placed.number(column)).collect()
    };
    let n_alike = rest.iter().filter(|placed| rises(&values(placed))).count();
    rises(&names) && n_alike * 4 <= rest.len()
}
