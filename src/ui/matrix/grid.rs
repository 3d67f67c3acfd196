//! Where the cells of a matrix lie, and which of them are seen.
//!
//! Must not know what stands in them.

use egui::{Pos2, Rect, Vec2};

/// The gap between two cells.
pub(super) const GAP: f32 = 2.0;
pub(super) const ROW: f32 = 22.0;
/// Rows of cells that carry their own small name.
pub(super) const NAMED_ROW: f32 = 31.0;
pub(super) const HEADER: f32 = 17.0;

/// Where everything lies.
pub(super) struct Grid {
    pub(super) n_rows: usize,
    pub(super) n_columns: usize,
    /// How wide names of rows and cells are, and how high rows.
    pub(super) labels: f32,
    pub(super) cell: f32,
    pub(super) row: f32,
}

impl Grid {
    pub(super) fn size(&self) -> Vec2 {
        let width = self.labels + self.n_columns as f32 * (self.cell + GAP);
        Vec2::new(width, HEADER + self.n_rows as f32 * (self.row + GAP))
    }

    pub(super) fn cell(&self, origin: Pos2, row: usize, column: usize) -> Rect {
        let x = self.labels + column as f32 * (self.cell + GAP);
        let y = HEADER + row as f32 * (self.row + GAP);
        Rect::from_min_size(origin + Vec2::new(x, y), Vec2::new(self.cell, self.row))
    }

    /// The cell at a place, where there is one.
    pub(super) fn at(&self, origin: Pos2, place: Pos2) -> Option<(usize, usize)> {
        let offset = place - origin;
        let column = ((offset.x - self.labels) / (self.cell + GAP)).floor();
        let row = ((offset.y - HEADER) / (self.row + GAP)).floor();
        let inside =
            column >= 0.0 && row >= 0.0 && column < self.n_columns as f32 && row < self.n_rows as f32;
        inside.then_some((row as usize, column as usize))
    }

    /// The rows and columns that a part of the matrix shows.
    pub(super) fn seen(&self, viewport: Rect) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let range = |from: f32, to: f32, step: f32, n: usize| {
            let first = (from / step).floor().max(0.0) as usize;
            let last = (to / step).ceil().max(0.0) as usize;
            first.min(n)..last.min(n)
        };
        let rows = range(viewport.min.y - HEADER, viewport.max.y - HEADER, self.row + GAP, self.n_rows);
        let columns = range(
            viewport.min.x - self.labels,
            viewport.max.x - self.labels,
            self.cell + GAP,
            self.n_columns,
        );
        (rows, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cells_in_view_are_drawn() {
        let grid = Grid { n_rows: 1_000, n_columns: 1_000, labels: 20.0, cell: 58.0, row: ROW };
        let viewport = Rect::from_min_size(Pos2::new(6_000.0, 2_400.0), Vec2::new(300.0, 200.0));
        let (rows, columns) = grid.seen(viewport);
        assert!(rows.len() <= 11 && columns.len() <= 7, "{rows:?} {columns:?}");
        let origin = Pos2::ZERO;
        let cell = grid.cell(origin, rows.start, columns.start);
        assert_eq!(grid.at(origin, cell.center()), Some((rows.start, columns.start)));
        assert_eq!(grid.at(origin, Pos2::new(5.0, 30.0)), None);
    }
}
