//! Categories that the fit does not know: each is named once, with the rows that have it.
//!
//! Must not decide what is done about them; they encode as all zeros.

use std::collections::HashSet;

use super::columns::UsedColumn;
use super::lookup::Fitted;
use super::{FittedColumn, FittedEncoding};
use crate::data::table::Table;
use crate::words::Message;

/// Rows that are named; the others are counted.
const MOST_NAMED: usize = 5;

/// A category that the model was not trained with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCategory {
    /// The column.
    pub column: String,
    /// What its cells say.
    pub category: String,
    /// What the model knows instead, where it differs by capitals only.
    pub similar: Option<String>,
    /// The first rows that have it, counted from 0.
    pub rows: Vec<usize>,
    /// How many rows have it.
    pub n_rows: usize,
}

/// The categories of `table` that `fitted` does not know, by column and order of first appearance.
pub(super) fn unknown_categories(
    table: &Table,
    used: &[UsedColumn],
    fitted: &Fitted<'_>,
) -> Vec<UnknownCategory> {
    let of_column = |column: &UsedColumn| {
        let known = fitted.column(&column.name);
        known.map_or_else(|_| Vec::new(), |known| unknown_of(table, column, known))
    };
    used.iter().flat_map(of_column).collect()
}

fn unknown_of(table: &Table, column: &UsedColumn, fitted: &FittedColumn) -> Vec<UnknownCategory> {
    let (Some(found), FittedEncoding::OneHot { categories }) = (column.values.categories(), &fitted.encoding)
    else {
        return Vec::new();
    };
    let known = categories.iter().filter(|(_, in_training)| *in_training).map(|(known, _)| known);
    let known: HashSet<&String> = known.collect();
    let is_known = |word: &String| known.contains(word);
    let similar = |word: &str| {
        let lower = word.to_lowercase();
        categories.iter().map(|(known, _)| known).find(|known| known.to_lowercase() == lower).cloned()
    };
    let mut unknown: Vec<Option<UnknownCategory>> = found
        .iter()
        .map(|word| {
            (!is_known(word)).then(|| UnknownCategory {
                column: column.name.clone(),
                category: word.clone(),
                similar: similar(word).filter(|known| known != word),
                rows: Vec::new(),
                n_rows: 0,
            })
        })
        .collect();
    if unknown.iter().all(Option::is_none) {
        return Vec::new();
    }
    for row in 0..table.n_rows() {
        let value = column.value(table.row(row));
        if value.is_nan() {
            continue;
        }
        if let Some(Some(category)) = unknown.get_mut(value as usize) {
            category.n_rows += 1;
            if category.rows.len() < MOST_NAMED {
                category.rows.push(row);
            }
        }
    }
    let mut unknown: Vec<UnknownCategory> = unknown.into_iter().flatten().collect();
    unknown.retain(|category| category.n_rows > 0);
    unknown.sort_by_key(|category| category.rows.first().copied());
    unknown
}

impl UnknownCategory {
    /// What is said of it, with rows counted from `first_row`.
    pub fn message_from(&self, first_row: usize) -> Message {
        let rows: Vec<String> = self.rows.iter().map(|row| (row + first_row).to_string()).collect();
        let rows = rows.join(", ");
        let n_more = self.n_rows - self.rows.len();
        let rows = if n_more > 0 {
            Message::new("data-rows-and-more").with("rows", rows).with("n", n_more)
        } else {
            Message::new("data-rows").with("rows", rows).with("n", self.n_rows)
        };
        let key = if self.similar.is_some() { "data-unknown-similar" } else { "data-unknown-category" };
        Message::new(key)
            .with("column", self.column.as_str())
            .with("category", self.category.as_str())
            .with("similar", self.similar.clone().unwrap_or_default())
            .with("rows", rows)
    }
}
