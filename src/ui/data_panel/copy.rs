//! The table as text for another program, and as a file.
//!
//! Must not know how it is shown.

use std::sync::Arc;

use egui::Ui;

use super::super::matrix::copy_as_ui;
use super::super::pictures::{Content, Offer, offer};
use crate::data::{Cell, Table};
use crate::export::{TableCell, TableForm, TableText};
use crate::train::Precision;
use crate::words::Words;

/// A clipboard gets no more rows than this; a file gets all.
const MOST_COPIED: usize = 10_000;

/// What can be taken along from the table.
pub(super) fn menu_ui(ui: &mut Ui, words: &Words, table: &Table) {
    ui.set_min_width(180.0);
    copy_as_ui(ui, words, || text_of(table, MOST_COPIED));
    if table.n_rows() > MOST_COPIED {
        ui.weak(words.text_with("data-copy-rows", &[("n", MOST_COPIED.into())]));
    }
    ui.separator();
    if ui.button(words.text("matrix-save-numbers")).clicked() {
        let text = text_of(table, usize::MAX).written(TableForm::Csv) + "\n";
        offer(ui.ctx(), Offer { name: "data".to_owned(), content: Content::Table(Arc::new(text)) });
        ui.close();
    }
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
