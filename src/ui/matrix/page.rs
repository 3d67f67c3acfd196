//! The parts of a matrix and where they lie, and a page that shows all of it: what a picture is taken of.
//!
//! Must not know which matrix it is, nor what hands do to it.

use egui::{Color32, Sense, Ui, Vec2};

use super::MatrixView;
use super::grid::{GAP, Grid, NAMED_ROW, ROW};
use super::width::{MOST_CELL, cell_width, most_characters};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// Names of rows get no more room.
const MAX_LABELS: f32 = 96.0;
/// So many names of rows are measured, from the first to the last.
const MOST_MEASURED: usize = 32;
/// The height of a heading on a page of its own, and the least width of that page.
const HEADING: f32 = 28.0;
const MIN_PAGE: f32 = 320.0;
/// Matrices up to this size say the name of every cell.
const NAMED: (usize, usize) = (6, 12);

/// How large a matrix is with its heading and without scrolling, at most.
pub(crate) fn whole_size(matrix: &MatrixView<'_>) -> Vec2 {
    let grid = matrix.grid(MAX_LABELS, MOST_CELL);
    (grid.size() + Vec2::new(0.0, HEADING)).max(Vec2::new(MIN_PAGE, 0.0))
}

impl MatrixView<'_> {
    /// Heading and numbers, and nothing to do with them: a page of a picture.
    pub(crate) fn page_ui(&self, ui: &mut Ui, words: &Words) {
        ui.horizontal(|ui| {
            self.title_ui(ui);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| self.scale_ui(ui, words));
        });
        let labels = self.labels_width(ui);
        let cell = cell_width(most_characters(self.values));
        let grid = self.grid(labels, self.with_headings(ui, labels, cell));
        let (rect, _) = ui.allocate_exact_size(grid.size(), Sense::hover());
        let seen = ui.clip_rect().intersect(rect).translate(-rect.min.to_vec2());
        self.paint(ui, &grid, seen, rect.min, self.is_named());
    }

    /// Where everything lies, with this much room for the names of rows and for each cell.
    pub(super) fn grid(&self, labels: f32, cell: f32) -> Grid {
        let row = if self.is_named() { NAMED_ROW } else { ROW };
        Grid { n_rows: self.n_rows(), n_columns: self.values.n_columns(), labels, cell, row }
    }

    /// How wide cells are with whole headings over them, as far as there is room for all columns.
    pub(super) fn with_headings(&self, ui: &Ui, labels: f32, cell: f32) -> f32 {
        let n_columns = self.values.n_columns();
        if n_columns == 0 || n_columns > NAMED.1 {
            return cell;
        }
        let longest = (0..n_columns).map(|column| label_width(ui, (self.column_name)(column)));
        let wanted = (longest.fold(0.0, f32::max) + 6.0).min(MOST_CELL);
        let room = (ui.available_width() - labels) / n_columns as f32 - GAP;
        cell.max(wanted.min(room.floor()))
    }

    /// How many rows are shown.
    pub(super) fn n_rows(&self) -> usize {
        if self.only_row.is_some() { 1 } else { self.values.n_rows() }
    }

    /// Whether every cell says its name.
    pub(super) fn is_named(&self) -> bool {
        self.cell_name.is_some() && self.n_rows() <= NAMED.0 && self.values.n_columns() <= NAMED.1
    }

    /// The room that names of rows need.
    pub(super) fn labels_width(&self, ui: &Ui) -> f32 {
        let n_rows = self.n_rows();
        let measured =
            (0..n_rows).step_by(n_rows.div_ceil(MOST_MEASURED).max(1)).chain(n_rows.checked_sub(1));
        let widths = measured.map(|row| label_width(ui, (self.row_name)(self.source_row(row))));
        (widths.fold(12.0, f32::max) + 8.0).min(MAX_LABELS)
    }

    pub(super) fn title_ui(&self, ui: &mut Ui) {
        let theme = Theme::of(ui);
        ui.label(egui::RichText::new(self.symbol).font(theme::strong(13.0)));
        let shape: Vec<String> = self.values.shape().iter().map(ToString::to_string).collect();
        let shape = format!("[{}]", shape.join(", "));
        ui.label(egui::RichText::new(shape).font(theme::mono(11.0)).color(theme.weak));
    }
}

/// How wide the name of a row or a column is.
fn label_width(ui: &Ui, text: String) -> f32 {
    ui.painter().layout_no_wrap(text, theme::text(10.5), Color32::WHITE).size().x
}
