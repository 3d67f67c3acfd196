//! Which delimiter and quote a text is written with: each candidate is tried, and the one wins by
//! which the text falls into the most even table of cells that mean something.
//!
//! After van den Burg, Nazábal and Sutton (2019), "Wrangling messy CSV files by detecting row and
//! type patterns", and García (2024), "Detecting CSV file dialects by table uniformity measurement
//! and data type inference". The measure is the product of how even the rows are in their number
//! of cells, how much of the text the cells tell apart, and how many cells look like something.
//!
//! Must not know numbers' signs, headers or files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cell_kind::{CellKind, cell_kind};
use super::split::{Record, Splitter};
use crate::data::dialect::{Delimiter, DialectChoices};

/// Records that a candidate is measured on.
const N_RECORDS: usize = 400;

/// Bytes that a candidate is measured on.
const N_BYTES: usize = 1 << 17;

/// Signs that delimit and how readily each is believed; the first wins a tie.
const SIGNS: [(u8, f64); 12] = [
    (b',', 1.0),
    (b';', 1.0),
    (b'\t', 1.0),
    (b'|', 1.0),
    (0x1f, 1.0),
    (b'~', 0.8),
    (b'^', 0.8),
    (b'#', 0.8),
    (b'*', 0.6),
    (b'=', 0.6),
    (b':', 0.6),
    (b' ', 0.8),
];

/// Signs at the start of lines that are no rows.
pub(super) const COMMENTS: [u8; 4] = [b'#', b'%', b'!', b'*'];

/// How readily runs of blanks are believed to delimit.
const BLANKS: f64 = 0.8;

/// Finds how a text falls into cells; choices are kept. `None` where it has no cells at all.
pub(super) fn find_splitter(
    text: &[u8],
    is_all: bool,
    comment: Option<u8>,
    choices: &DialectChoices,
) -> Splitter {
    let (text, is_all) = match text.get(..N_BYTES) {
        Some(part) => (part, false),
        None => (text, is_all),
    };
    let text = &without_comments(text, comment);
    let delimiters = match choices.delimiter {
        Some(delimiter) => vec![(delimiter, 1.0)],
        None => delimiters(text),
    };
    let quotes = match choices.quote {
        Some(quote) => vec![quote],
        None if text.contains(&b'\'') => vec![Some(b'"'), Some(b'\'')],
        None => vec![Some(b'"')],
    };
    let escapes = match choices.escape {
        Some(escape) => vec![escape],
        None if text.windows(2).any(|pair| pair == b"\\\"") => vec![None, Some(b'\\')],
        None => vec![None],
    };
    let usual = Delimiter::Sign(b',');
    let mut best = Splitter {
        delimiter: choices.delimiter.unwrap_or(usual),
        quote: quotes[0],
        escape: escapes[0],
        n_columns: None,
    };
    let mut best_score = 0.0;
    for &(delimiter, belief) in &delimiters {
        for &quote in &quotes {
            for &escape in &escapes {
                let splitter = Splitter { delimiter, quote, escape, n_columns: None };
                let score = belief * score(splitter, text, is_all);
                if score > best_score {
                    (best, best_score) = (splitter, score);
                }
            }
        }
    }
    best
}

/// The sign that the first line begins with, where not all lines do.
pub(super) fn find_comment(text: &[u8]) -> Option<u8> {
    let starts = || {
        let lines = text.split(|&byte| byte == b'\n').take(N_RECORDS).map(<[u8]>::trim_ascii);
        lines.filter_map(|line| line.first().copied())
    };
    let first = starts().next().filter(|byte| COMMENTS.contains(byte))?;
    starts().any(|byte| byte != first).then_some(first)
}

/// The text without the lines that begin with this sign.
fn without_comments(text: &[u8], comment: Option<u8>) -> Cow<'_, [u8]> {
    let Some(comment) = comment else { return Cow::Borrowed(text) };
    let lines = text.split_inclusive(|&byte| byte == b'\n');
    let is_row = |line: &&[u8]| line.trim_ascii_start().first() != Some(&comment);
    Cow::Owned(lines.filter(is_row).flatten().copied().collect())
}

/// Delimiters that stand in the text, and how readily each is believed.
fn delimiters(text: &[u8]) -> Vec<(Delimiter, f64)> {
    let stands = SIGNS.into_iter().filter(|(sign, _)| text.contains(sign));
    let mut found: Vec<(Delimiter, f64)> =
        stands.map(|(sign, belief)| (Delimiter::Sign(sign), belief)).collect();
    if text.contains(&b' ') {
        found.push((Delimiter::Blanks, BLANKS));
    }
    found
}

/// How good a table the text makes, from 0 on.
fn score(splitter: Splitter, text: &[u8], is_all: bool) -> f64 {
    let sample = Sample::new(splitter, text, is_all);
    let Some(width) = sample.width() else { return 0.0 };
    // One word between apostrophes is no proof that apostrophes quote.
    if splitter.quote == Some(b'\'') && sample.n_proper_quotes < 2 {
        return 0.0;
    }
    // What stands around the table says nothing about how the table is written.
    let is_row = |row: &&Row| row.cells == width;
    let first = sample.rows.iter().position(|row| is_row(&row)).unwrap_or(0);
    let last = sample.rows.iter().rposition(|row| is_row(&row)).unwrap_or(0);
    let table = &sample.rows[first..=last];
    let n = table.len() as f64;
    let n_same = table.iter().filter(is_row).count() as f64;
    let n_changes = table.windows(2).filter(|pair| pair[0].cells != pair[1].cells).count() as f64;
    let evenness = n_same / n / (1.0 + n_changes / n) * (n / sample.rows.len() as f64).sqrt();
    // Cells that are empty in every row tell nothing apart.
    let n_filled = table.iter().filter(is_row).map(|row| row.filled).max().unwrap_or(0).max(1) as f64;
    let richness = ((n_filled - 1.0 + 0.001) / n_filled).sqrt();
    let n_cells: usize = table.iter().map(|row| row.cells).sum();
    let meaning = table.iter().map(|row| row.known).sum::<f64>() / n_cells as f64;
    evenness.powf(1.5) * richness * meaning * sample.properness()
}

/// A record in a few numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    cells: usize,
    /// Cells up to the last one that is not empty.
    filled: usize,
    /// Cells that look like something; some count for less than one.
    known: f64,
}

/// A text that was cut into cells, in a few numbers.
#[derive(Debug, Default)]
struct Sample {
    rows: Vec<Row>,
    n_proper_quotes: usize,
    n_stray_quotes: usize,
}

impl Sample {
    fn new(splitter: Splitter, text: &[u8], is_all: bool) -> Self {
        let mut sample = Self::default();
        let (mut at, mut record) = (0, Record::default());
        while at < text.len() && sample.rows.len() < N_RECORDS {
            let Some(next) = splitter.next(text, at, is_all, &mut record) else { break };
            at = next;
            if record.len() > 1 || !record.is_blank() {
                sample.add(&record, splitter);
            }
        }
        sample
    }

    fn add(&mut self, record: &Record, splitter: Splitter) {
        let (mut known, mut filled) = (0.0, 0);
        for (index, cell) in record.iter().enumerate() {
            let is_quoted = record.is_quoted(index);
            let first = cell.trim_ascii_start().first().copied();
            let opens = first.is_some() && (first == Some(b'"') || first == splitter.quote);
            self.n_proper_quotes += usize::from(is_quoted);
            self.n_stray_quotes += usize::from(!is_quoted && opens);
            let kind = cell_kind(cell);
            if kind != CellKind::Empty {
                filled = index + 1;
            }
            known += match kind {
                CellKind::Number | CellKind::Date | CellKind::Address => 1.0,
                // Between two of many blanks there is no cell.
                CellKind::Empty if splitter.delimiter == Delimiter::Sign(b' ') => 0.0,
                CellKind::Empty => 0.8,
                CellKind::Words => 0.9,
                CellKind::Prose | CellKind::Other if is_quoted => 0.9,
                CellKind::Prose => 0.6,
                CellKind::Other => 0.1,
            };
        }
        self.rows.push(Row { cells: record.len(), filled, known });
    }

    /// The number of cells of the rows that most cells stand in, where there are several such rows.
    fn width(&self) -> Option<usize> {
        let mut counts = BTreeMap::<usize, usize>::new();
        for row in &self.rows {
            *counts.entry(row.cells).or_default() += 1;
        }
        counts.into_iter().max_by_key(|&(width, n)| (n.min(2), n * width)).map(|(width, _)| width)
    }

    /// From 1, where every quote that opens a cell closes one, down to a half.
    fn properness(&self) -> f64 {
        let n = self.n_proper_quotes + self.n_stray_quotes;
        if n == 0 { 1.0 } else { 0.5 + 0.5 * self.n_proper_quotes as f64 / n as f64 }
    }
}
