//! How a matrix is painted: heat colors, numbers, names at the edges; only what is seen.
//!
//! Must not know what a hand does with it.

use egui::{Align2, Painter, Pos2, Rect, StrokeKind, Ui, Vec2};

use super::super::elide::without_end;
use super::super::lit;
use super::super::theme::{self, Diverging, Theme};
use super::MatrixView;
use super::cell::Cell;
use super::grid::{Grid, HEADER};
use super::width::NUMBERS;
use crate::explain;

impl MatrixView<'_> {
    pub(super) fn paint(&self, ui: &Ui, grid: &Grid, viewport: Rect, origin: Pos2, named: bool) {
        let theme = Theme::of(ui);
        let painter = ui.painter();
        let max = self.largest();
        let (rows, columns) = grid.seen(viewport);
        let font = theme::mono(NUMBERS);
        let lit = lit::of(ui.ctx());
        for row in rows.clone() {
            for column in columns.clone() {
                let Some(value) = self.values.get(self.source_row(row), column) else { continue };
                let rect = grid.cell(origin, row, column);
                if let Some(state) = self.cell_state {
                    let state = state(self.source_row(row), column);
                    if state != Cell::Shown {
                        paint_state(painter, theme, rect, &state);
                        continue;
                    }
                }
                let fill = self.colors.color_of(value, max);
                let ink = self.colors.text_on(fill);
                painter.rect_filled(rect, 3.0, fill);
                let mut center = rect.center();
                if let Some(cell_name) = self.cell_name.filter(|_| named) {
                    let place = rect.min + Vec2::new(5.0, 3.0);
                    let text = cell_name(self.source_row(row), column);
                    painter.text(place, Align2::LEFT_TOP, text, theme::text(9.0), ink.gamma_multiply(0.8));
                    center.y += 5.0;
                }
                painter.text(center, Align2::CENTER_CENTER, explain::short(value), font.clone(), ink);
                if let Some(number) = self.number(row, column)
                    && (lit.is_operand(number) || lit.is_hovered(number))
                {
                    painter.rect_stroke(rect, 3.0, (2.0, theme.accent), StrokeKind::Inside);
                }
            }
        }
        // Names stay at the edges while the numbers scroll under them.
        let edge = origin + viewport.min.to_vec2();
        let clip = painter.clip_rect();
        let left = Rect::from_min_size(edge, Vec2::new(grid.labels, viewport.height())).intersect(clip);
        let top = Rect::from_min_size(edge, Vec2::new(viewport.width(), HEADER)).intersect(clip);
        painter.rect_filled(left, 0.0, theme.panel);
        painter.rect_filled(top, 0.0, theme.panel);
        let label = theme::text(10.5);
        let row_painter = painter.with_clip_rect(left);
        for row in rows {
            let place = Pos2::new(edge.x + grid.labels - 6.0, grid.cell(origin, row, 0).center().y);
            if place.y > edge.y + HEADER {
                let text =
                    without_end(painter, &(self.row_name)(self.source_row(row)), &label, grid.labels - 6.0);
                row_painter.text(place, Align2::RIGHT_CENTER, text, label.clone(), theme.weak);
            }
        }
        let right_of_labels = top.with_min_x(top.min.x + grid.labels);
        for column in columns {
            let cell = grid.cell(origin, 0, column);
            let place = Pos2::new(cell.center().x, edge.y + HEADER / 2.0);
            let text = without_end(painter, &(self.column_name)(column), &label, grid.cell);
            let own = right_of_labels.intersect(cell.with_min_y(top.min.y).with_max_y(top.max.y));
            painter.with_clip_rect(own).text(place, Align2::CENTER_CENTER, text, label.clone(), theme.weak);
        }
    }
}

/// A cell that shows something else than its number.
fn paint_state(painter: &Painter, theme: &Theme, rect: Rect, state: &Cell) {
    let (text, ink, line) = match state {
        Cell::Shown => return,
        Cell::Blank => ("None", theme.weak, theme.outline),
        Cell::Asked => ("?", theme.accent, theme.accent),
        Cell::Answered { text, is_right } => {
            let color = match is_right {
                Some(true) => theme.accent,
                Some(false) => theme.error,
                None => theme.text,
            };
            (text.as_str(), color, color)
        }
    };
    painter.rect_stroke(rect, 3.0, (1.0, line), StrokeKind::Inside);
    let font = if *state == Cell::Blank { theme::text(10.0) } else { theme::mono(11.5) };
    painter.with_clip_rect(rect.intersect(painter.clip_rect())).text(
        rect.center(),
        Align2::CENTER_CENTER,
        text,
        font,
        ink,
    );
}

/// A color scale from −1 to 1.
pub(crate) fn paint_scale(ui: &Ui, rect: Rect, colors: &Diverging) {
    paint_scale_to(ui, rect, colors, 1.0);
}

/// A color scale from −`end` to `end`.
pub(crate) fn paint_scale_to(ui: &Ui, rect: Rect, colors: &Diverging, end: f32) {
    const STEPS: u16 = 28;
    let width = rect.width() / f32::from(STEPS);
    for step in 0..STEPS {
        let t = (f32::from(step) + 0.5) / f32::from(STEPS) * 2.0 - 1.0;
        let min = rect.min + Vec2::new(f32::from(step) * width, 0.0);
        let part = Rect::from_min_size(min, Vec2::new(width + 0.5, rect.height())).intersect(rect);
        ui.painter().rect_filled(part, 0.0, colors.color(end * t));
    }
}
