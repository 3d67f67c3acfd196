//! What can be taken along from a matrix: its numbers as text for another program, a file of them, a
//! picture.
//!
//! Must not know which matrix it is.

use std::sync::Arc;

use egui::Ui;

use super::MatrixView;
use crate::export::{TableCell, TableForm, TableText};
use crate::ui::pictures::{self, Content, Offer, offer};
use crate::words::Words;

impl MatrixView<'_> {
    /// The entries of its menu.
    pub(super) fn menu_ui(&self, ui: &mut Ui, words: &Words) {
        ui.set_min_width(180.0);
        copy_as_ui(ui, words, || self.table());
        ui.separator();
        if ui.button(words.text("matrix-save-picture")).clicked() {
            let picture = pictures::of_matrix(self, ui.visuals().dark_mode, words);
            let content = Content::Picture(Arc::new(picture));
            offer(ui.ctx(), Offer { name: self.symbol.to_owned(), content });
            ui.close();
        }
        if ui.button(words.text("matrix-save-numbers")).clicked() {
            let text = self.table().written(TableForm::Csv) + "\n";
            offer(ui.ctx(), Offer { name: self.symbol.to_owned(), content: Content::Table(Arc::new(text)) });
            ui.close();
        }
    }

    /// The shown numbers with the names of their columns.
    fn table(&self) -> TableText {
        let rows = self.only_row.map_or(0..self.values.n_rows(), |row| row..row + 1);
        let rows = rows.map(|row| self.values.row(row).iter().map(|&x| TableCell::Number(x)).collect());
        TableText {
            columns: (0..self.values.n_columns()).map(self.column_name).collect(),
            rows: rows.collect(),
            rank: self.values.shape().len(),
            precision: self.precision,
        }
    }
}

/// The entries "copy as", one a form. `table` is made when one is chosen.
pub(crate) fn copy_as_ui(ui: &mut Ui, words: &Words, table: impl FnOnce() -> TableText) {
    ui.weak(words.text("copy-as"));
    let mut chosen = None;
    for form in TableForm::ALL {
        if ui.button(words.text(form.key())).clicked() {
            chosen = Some(form);
        }
    }
    if let Some(form) = chosen {
        let table = table();
        // A tensor holds no words: NumPy's array of objects does.
        let form = if table.can_be(form) { form } else { TableForm::NumPy };
        ui.ctx().copy_text(table.written(form));
        ui.close();
    }
}
