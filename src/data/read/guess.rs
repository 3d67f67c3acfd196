//! A role and a kind for every column: a proposal that a person may change.
//!
//! Must not know the drawing.

use crate::data::settings::{ColumnKind, ColumnRole, ColumnSettings};
use crate::data::table::{ColumnContent, ColumnSummary, Table};

/// More different words than this are not categories but free text.
const MAX_CATEGORIES: usize = 50;

/// More different whole numbers than this are not classes.
const MAX_CLASSES: usize = 20;

/// Words in a column's name that say it is what one wants to predict.
const TARGET_WORDS: [&str; 16] = [
    "target",
    "label",
    "labels",
    "class",
    "output",
    "outcome",
    "response",
    "species",
    "digit",
    "mpg",
    "price",
    "quality",
    "diagnosis",
    "survived",
    "tavoite",
    "luokka",
];

/// Words in a name that say its whole numbers are classes, not amounts.
const CLASS_WORDS: [&str; 7] = ["label", "labels", "class", "species", "digit", "diagnosis", "luokka"];

/// A column that lacks more than this share of its values would cost too many rows.
const MOST_MISSING: f64 = 0.5;

/// Proposes roles and kinds: one target (a column named like one, else the last useful one); free
/// text, row numbers, mostly empty and constant columns ignored; everything else a feature.
pub fn guess_columns(table: &Table) -> Vec<ColumnSettings> {
    let summaries = table.summaries();
    let is_useful = |column: usize| {
        let summary = &summaries[column];
        let n_values = table.n_rows() - summary.missing;
        if why_unused(table, summary, column).is_some() {
            return false;
        }
        match table.columns()[column].content {
            ColumnContent::Numbers => n_values > 0 && !is_row_number(table, column),
            ColumnContent::Text(ref words) => {
                words.len() <= MAX_CATEGORIES && words.len() * 2 <= n_values.max(3)
            }
        }
    };
    let mut useful: Vec<usize> = (0..table.n_columns()).filter(|&column| is_useful(column)).collect();
    if useful.len() < 2 {
        // Better a row number than no feature at all.
        let has_numbers = |column: &usize| {
            matches!(table.columns()[*column].content, ColumnContent::Numbers)
                && summaries[*column].mean.is_some()
        };
        useful =
            (0..table.n_columns()).filter(|column| useful.contains(column) || has_numbers(column)).collect();
    }
    let named = useful.iter().copied().rev().find(|&column| {
        let name = &table.columns()[column].name;
        name.eq_ignore_ascii_case("y") || has_word(name, &TARGET_WORDS)
    });
    let target = named.or(useful.last().copied());
    let guess = |column: usize| {
        let name = table.columns()[column].name.clone();
        let is_target = Some(column) == target;
        let kind = match table.columns()[column].content {
            ColumnContent::Text(_) => table.columns()[column].reading.kind,
            ColumnContent::Numbers
                if is_target && has_word(&name, &CLASS_WORDS) && is_class(table, column) =>
            {
                ColumnKind::Category
            }
            ColumnContent::Numbers => ColumnKind::Number,
        };
        let role = if is_target {
            ColumnRole::Target
        } else if useful.contains(&column) {
            ColumnRole::Feature
        } else {
            ColumnRole::Ignored
        };
        ColumnSettings { name, role, kind }
    };
    (0..table.n_columns()).map(guess).collect()
}

/// Why the values of a column make it no feature and no target by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Unused {
    /// Most rows lack it.
    Empty,
    /// It says the same in every row.
    Constant,
}

/// Why a column is no feature and no target by itself, where its values are the reason.
pub(in crate::data) fn why_unused(table: &Table, summary: &ColumnSummary, column: usize) -> Option<Unused> {
    if summary.missing as f64 > MOST_MISSING * table.n_rows() as f64 {
        return Some(Unused::Empty);
    }
    is_constant(table, summary, column).then_some(Unused::Constant)
}

/// Whether a column says the same in every row: nothing can be learned from it, nor about it.
fn is_constant(table: &Table, summary: &ColumnSummary, column: usize) -> bool {
    let n_values = table.n_rows() - summary.missing;
    n_values > 1
        && match &table.columns()[column].content {
            ColumnContent::Numbers => summary.min == summary.max,
            ColumnContent::Text(words) => words.len() == 1,
        }
}

/// Whether a name has one of these words in it, as a word of its own.
fn has_word(name: &str, words: &[&str]) -> bool {
    name.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| words.contains(&part))
}

/// Whether a column counts the rows from 0 or 1 on, and stands where such a column stands or is
/// called what such a column is called.
fn is_row_number(table: &Table, column: usize) -> bool {
    let value = |row: usize| table.row(row)[column];
    let is_first = column == 0 && table.n_rows() >= 10;
    let is_named = has_word(&table.columns()[column].name, &["id", "index", "row", "nr", "no", "unnamed"]);
    let is_start = table.n_rows() > 2 && (value(0) == 0.0 || value(0) == 1.0);
    (is_first || is_named) && is_start && (1..table.n_rows()).all(|row| value(row) == value(row - 1) + 1.0)
}

/// Whether a column of numbers holds few different whole ones.
fn is_class(table: &Table, column: usize) -> bool {
    let mut classes = std::collections::BTreeSet::new();
    (0..table.n_rows()).map(|row| table.row(row)[column]).filter(|value| !value.is_nan()).all(|value| {
        classes.insert(value as i64);
        value.fract() == 0.0 && classes.len() <= MAX_CLASSES
    })
}
