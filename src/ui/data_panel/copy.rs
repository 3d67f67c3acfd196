//! The table as text for another program, and as a file.
//!
//! Must not know how it is shown.

use super::super::copy_menu::CopyMenu;
use crate::data::{Cell, Table};
use crate::export::{TableCell, TableText};
use crate::train::Precision;
use crate::words::Words;

/// Does something with the menu of the table.
pub(super) fn with_menu<R>(table: &Table, words: &Words, with: impl FnOnce(CopyMenu<'_>) -> R) -> R {
    let text = |most: usize| text_of(table, most);
    let name = words.text("pane-data");
    with(CopyMenu { name: &name, n_rows: table.n_rows(), table: &text, picture: None })
}

fn text_of(table: &Table, most: usize) -> TableText {
    let cell = |row: usize, column: usize| match table.cell(row, column) {
        Cell::Missing => TableCell::Missing,
        Cell::Number(x) => TableCell::Number(x),
        Cell::Text(text) => TableCell::Text(text.to_owned()),
    };
    let row = |row: usize| (0..table.n_columns()).map(|column| cell(row, column)).collect();
    TableText {
        columns: table.columns().iter().map(|column| column.name.clone()).collect(),
        rows: (0..table.n_rows().min(most)).map(row).collect(),
        rank: 2,
        precision: Precision::F64,
    }
}
