//! What can be taken along from a matrix.
//!
//! Must not know which matrix it is.

use super::MatrixView;
use crate::export::{TableCell, TableText};
use crate::ui::copy_menu::CopyMenu;
use crate::ui::pictures;
use crate::words::Words;

impl MatrixView<'_> {
    /// Does something with its menu.
    pub(crate) fn with_menu<R>(&self, words: &Words, with: impl FnOnce(CopyMenu<'_>) -> R) -> R {
        let table = |most: usize| self.table(most);
        let picture = |dark: bool| pictures::of_matrix(self, dark, words);
        with(CopyMenu { name: self.symbol, n_rows: self.n_rows(), table: &table, picture: Some(&picture) })
    }

    /// The shown numbers with the names of their columns.
    fn table(&self, most: usize) -> TableText {
        let rows = self.only_row.map_or(0..self.values.n_rows(), |row| row..row + 1);
        let row = |row| self.values.row(row).iter().map(|&x| TableCell::Number(x)).collect();
        TableText {
            columns: (0..self.values.n_columns()).map(self.column_name).collect(),
            rows: rows.take(most).map(row).collect(),
            rank: self.values.shape().len(),
            precision: self.precision,
        }
    }
}
