//! A cell of a matrix that is typed into: the whole number is seen and selected.
//!
//! Must not know what becomes of the number.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Color32, Id, Key, Pos2, Rect, Ui, Vec2};

use super::super::fields::{name, parse_number};
use super::super::theme::{self, Theme};
use super::grid::Grid;
use super::{MatrixView, State};
use crate::explain;
use crate::words::Words;

/// A cell that is being typed into.
#[derive(Clone, Default)]
pub(super) struct Editing {
    cell: (usize, usize),
    text: String,
    fresh: bool,
    selected: bool,
}

impl MatrixView<'_> {
    pub(super) fn start_editing(&self, cell: (usize, usize)) -> Editing {
        let value = self.values.get(self.source_row(cell.0), cell.1).unwrap_or_default();
        Editing { cell, text: explain::plain(value, self.precision), fresh: true, selected: false }
    }

    pub(super) fn edit_ui(
        &self,
        ui: &mut Ui,
        id: Id,
        grid: &Grid,
        origin: Pos2,
        state: &mut State,
        words: &Words,
    ) -> Option<((usize, usize), f64)> {
        let editing = state.editing.as_mut()?;
        let font = theme::mono(11.5);
        let text = ui.painter().layout_no_wrap(editing.text.clone(), font.clone(), Color32::WHITE);
        let cell = grid.cell(origin, editing.cell.0, editing.cell.1).expand(1.0);
        let rect = field_rect(cell, text.size().x + 12.0, ui.clip_rect());
        let edit_id = id.with("edit");
        let is_fresh = std::mem::take(&mut editing.fresh);
        let has_focus = ui.memory(|memory| memory.has_focus(edit_id));
        if has_focus && !std::mem::replace(&mut editing.selected, true) {
            // The whole number: what is typed takes its place. A field without focus forgets it.
            let mut edit = TextEditState::load(ui.ctx(), edit_id).unwrap_or_default();
            let all = CCursorRange::two(CCursor::new(0), CCursor::new(editing.text.chars().count()));
            edit.cursor.set_char_range(Some(all));
            edit.store(ui.ctx(), edit_id);
        }
        let edit = egui::TextEdit::singleline(&mut editing.text)
            .id(edit_id)
            .font(font)
            .margin(egui::Margin::symmetric(3, 2));
        let response = ui.put(rect, edit);
        name(&response, &words.text("matrix-edit"));
        if is_fresh {
            response.request_focus();
        }
        let value = parse_number(&editing.text);
        if value.is_none() {
            ui.painter().rect_stroke(rect, 3.0, (1.5, Theme::of(ui).error), egui::StrokeKind::Outside);
        }
        let cell = editing.cell;
        if ui.input(|input| input.key_pressed(Key::Escape)) {
            state.editing = None;
            return None;
        }
        if response.lost_focus() {
            state.editing = None;
            let old = self.values.get(self.source_row(cell.0), cell.1);
            return value.filter(|new| Some(*new) != old).map(|new| (cell, new));
        }
        None
    }
}

/// Where a number is typed: over its cell, as wide as it is long, within what is seen.
fn field_rect(cell: Rect, width: f32, seen: Rect) -> Rect {
    let wide = cell.with_max_x(cell.left() + width.max(cell.width()));
    let over = (wide.right() - seen.right()).min(wide.left() - seen.left()).max(0.0);
    wide.translate(Vec2::new(-over, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_typed_into_a_field_as_wide_as_it_is_long_and_in_sight() {
        let seen = Rect::from_min_max(Pos2::ZERO, Pos2::new(300.0, 100.0));
        let cell = Rect::from_min_size(Pos2::new(230.0, 10.0), Vec2::new(58.0, 22.0));
        let field = field_rect(cell, 150.0, seen);
        assert_eq!((field.width(), field.right()), (150.0, 300.0));
        assert_eq!(field_rect(cell, 20.0, seen), cell);
        let too_long = field_rect(cell, 400.0, seen);
        assert_eq!((too_long.left(), too_long.width()), (0.0, 400.0));
    }
}
