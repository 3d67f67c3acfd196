//! A matrix on the screen: numbers on heat colors, names of rows and columns, every digit under
//! the pointer, copy as text, a cell edited in place. Only what is seen is drawn, so a matrix of
//! a million numbers scrolls as lightly as one of ten.
//!
//! Must not know which matrix it shows.

mod cell;
mod edit;
mod grid;
mod menu;
mod page;
mod paint;
mod width;

use egui::containers::scroll_area::ScrollSource;
use egui::{Event, EventFilter, Id, Key, Pos2, Rect, Response, ScrollArea, Sense, Ui, Vec2};

pub(crate) use self::cell::{Cell, MatrixEvents};
use self::edit::Editing;
use self::grid::{GAP, Grid, HEADER};
pub(crate) use self::page::whole_size;
pub(crate) use self::paint::{paint_scale, paint_scale_to};
pub(crate) use self::width::{cell_width, most_characters};
use super::clicks::DOUBLE_CLICK;
use super::fields::{copy_button, name};
use super::theme::{self, Diverging, Theme};
use crate::explain::{self, Quantity};
use crate::train::{Precision, Values, largest};
use crate::words::Words;

/// Larger matrices scroll.
const MAX_HEIGHT: f32 = 212.0;

/// How wide a matrix is without scrolling; `id` is the caller's own name of it.
pub(crate) fn matrix_width(ui: &Ui, id: Id, values: &Values) -> f32 {
    24.0 + values.n_columns() as f32 * (width::steady(ui, id, values) + GAP)
}

/// Says more of a number in its tooltip.
pub(crate) type About<'a> = &'a dyn Fn(&mut Ui, Quantity);

/// A matrix to show.
#[derive(Clone, Copy)]
pub(crate) struct MatrixView<'a> {
    /// Its letter, such as `grad_W`.
    pub(crate) symbol: &'a str,
    /// Its numbers.
    pub(crate) values: &'a Values,
    /// Only this row of it.
    pub(crate) only_row: Option<usize>,
    /// What a row is called.
    pub(crate) row_name: &'a dyn Fn(usize) -> String,
    /// What a column is called.
    pub(crate) column_name: &'a dyn Fn(usize) -> String,
    /// What a cell is called, such as `w01`.
    pub(crate) cell_name: Option<&'a dyn Fn(usize, usize) -> String>,
    /// The color family.
    pub(crate) colors: &'a Diverging,
    /// How many digits a number has.
    pub(crate) precision: Precision,
    /// Whether a cell can be typed into.
    pub(crate) editable: bool,
    /// Which number stands in a row and a column; nothing where no number of a pass does.
    pub(crate) number: Option<&'a dyn Fn(usize, usize) -> Quantity>,
    /// What more is said of the number under the pointer.
    pub(crate) about: Option<About<'a>>,
    /// What a cell shows; its number without it.
    pub(crate) cell_state: Option<&'a dyn Fn(usize, usize) -> Cell>,
}

/// What the matrix remembers between frames.
#[derive(Clone, Default)]
struct State {
    cursor: (usize, usize),
    editing: Option<Editing>,
    /// A cell that was clicked, and when: a second click may still mean to type into it.
    clicked: Option<((usize, usize), f64)>,
}

impl MatrixView<'_> {
    /// Draws it with its heading, and says what a hand does with it.
    pub(crate) fn ui(&self, ui: &mut Ui, id: Id, words: &Words) -> MatrixEvents {
        self.heading_ui(ui, words);
        let labels = self.labels_width(ui);
        let cell = self.with_headings(ui, labels, width::steady(ui, id, self.values));
        let grid = self.grid(labels, cell);
        if grid.n_rows == 0 || grid.n_columns == 0 {
            return MatrixEvents::default();
        }
        let named = self.is_named();
        // A bar below the numbers takes none of their room.
        let bar = if grid.size().x > ui.available_width() { theme::SCROLL_BAR } else { 0.0 };
        let height = grid.size().y.min(MAX_HEIGHT) + bar;
        // The wheel scrolls the panel, so that no matrix stops it; once clicked, it scrolls the matrix.
        let has_focus = ui.memory(|memory| memory.has_focus(id) || memory.has_focus(id.with("edit")));
        let mut area = ScrollArea::both()
            .id_salt(id)
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, true])
            .scroll_source(ScrollSource { mouse_wheel: has_focus, ..ScrollSource::default() });
        if !has_focus && let Some(offset) = sideways(ui, id, grid.size().x) {
            area = area.horizontal_scroll_offset(offset);
        }
        area.show_viewport(ui, |ui, viewport| self.grid_ui(ui, id, &grid, viewport, named, words)).inner
    }

    fn heading_ui(&self, ui: &mut Ui, words: &Words) {
        ui.horizontal(|ui| {
            self.title_ui(ui);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let label = words.text_with("matrix-copy", &[("matrix", self.symbol.into())]);
                self.with_menu(words, |menu| menu.button_ui(ui, words));
                if copy_button(ui, &label).clicked() {
                    ui.ctx().copy_text(self.as_text());
                }
                self.scale_ui(ui, words);
            });
        });
    }

    /// The color scale of this matrix, with numbers at its ends. Drawn from the right.
    fn scale_ui(&self, ui: &mut Ui, words: &Words) {
        let max = self.largest();
        if max == 0.0 {
            return;
        }
        let (weak, scale) = (Theme::of(ui).weak, words.text("matrix-scale"));
        let number = |text: String| egui::RichText::new(text).font(theme::mono(10.0)).color(weak);
        if ui.available_width() < 170.0 {
            let text = format!("±{}", explain::short(max));
            let width = ui.painter().layout_no_wrap(text.clone(), theme::mono(10.0), weak).size().x;
            if width <= ui.available_width() {
                name(&ui.label(number(text)).on_hover_text(&scale), &scale);
            }
            return;
        }
        name(&ui.label(number(explain::short(max))), &scale);
        let (rect, response) = ui.allocate_exact_size(Vec2::new(56.0, 8.0), Sense::hover());
        paint_scale(ui, rect, self.colors);
        response.on_hover_text(&scale);
        name(&ui.label(number(explain::short(-max))), &scale);
    }

    fn grid_ui(
        &self,
        ui: &mut Ui,
        id: Id,
        grid: &Grid,
        viewport: Rect,
        named: bool,
        words: &Words,
    ) -> MatrixEvents {
        ui.set_min_size(grid.size());
        let origin = ui.max_rect().min;
        let mut state: State = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        state.cursor = (state.cursor.0.min(grid.n_rows - 1), state.cursor.1.min(grid.n_columns - 1));
        let response = ui.interact(Rect::from_min_size(origin, grid.size()), id, Sense::click());
        self.announce(&response, state.cursor, words);
        self.with_menu(words, |menu| menu.on(&response, words));
        self.paint(ui, grid, viewport, origin, named);
        if response.has_focus() && state.editing.is_none() {
            let cell = grid.cell(origin, state.cursor.0, state.cursor.1);
            ui.painter().rect_stroke(cell, 3.0, (1.5, Theme::of(ui).accent), egui::StrokeKind::Inside);
        }
        let mut events = MatrixEvents::default();
        self.pointer(ui, &response, grid, origin, &mut state, words, &mut events);
        self.keys(ui, &response, grid, origin, &mut state, &mut events);
        let edited = self.edit_ui(ui, id, grid, origin, &mut state, words);
        ui.data_mut(|data| data.insert_temp(id, state));
        events.typed =
            edited.map(|((row, column), value)| (self.source_row(row) * grid.n_columns + column, value));
        events.hovered_number = events.hovered.and_then(|(row, column)| self.number(row, column));
        events.clicked_number = events.clicked.and_then(|(row, column)| self.number(row, column));
        events
    }

    /// The number in a row and a column as they are shown.
    fn number(&self, row: usize, column: usize) -> Option<Quantity> {
        self.number.map(|number| number(self.source_row(row), column))
    }

    /// What a screen reader hears: the matrix, and the cell under the cursor.
    fn announce(&self, response: &Response, (row, column): (usize, usize), words: &Words) {
        let label = words.text_with("matrix-name", &[("matrix", self.symbol.into())]);
        let cell = self.cell_text(row, column);
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::WidgetType::Other, true, label.as_str());
            info.current_text_value = Some(cell.clone());
            info
        });
        name(response, &label);
        response.ctx.accesskit_node_builder(response.id, |node| node.set_value(cell.clone()));
    }

    #[expect(clippy::too_many_arguments, reason = "one hand's place in one matrix")]
    fn pointer(
        &self,
        ui: &Ui,
        response: &Response,
        grid: &Grid,
        origin: Pos2,
        state: &mut State,
        words: &Words,
        events: &mut MatrixEvents,
    ) {
        Self::settle_click(ui, state, events);
        let Some(cell) = response.hover_pos().and_then(|place| grid.at(origin, place)) else { return };
        if response.clicked() {
            response.request_focus();
            state.cursor = cell;
            if self.editable {
                state.clicked = Some((cell, ui.input(|input| input.time)));
            } else {
                events.clicked = Some(cell);
            }
        }
        if response.double_clicked() && self.editable {
            state.clicked = None;
            state.editing = Some(self.start_editing(cell));
        }
        if state.editing.is_none() {
            events.hovered = Some(cell);
            let rect = grid.cell(origin, cell.0, cell.1);
            ui.painter().rect_stroke(rect, 3.0, (1.0, Theme::of(ui).text), egui::StrokeKind::Inside);
            response.clone().on_hover_ui_at_pointer(|ui| {
                ui.label(egui::RichText::new(self.cell_text(cell.0, cell.1)).font(theme::mono(12.0)));
                let between = [
                    ("row", (self.row_name)(self.source_row(cell.0)).into()),
                    ("column", (self.column_name)(cell.1).into()),
                ];
                ui.label(words.text_with("matrix-cell", &between));
                if let Some((about, number)) = self.about.zip(self.number(cell.0, cell.1)) {
                    about(ui, number);
                }
                if self.editable {
                    ui.label(words.text("matrix-edit-hint"));
                }
            });
        }
    }

    /// A click on a cell that can be typed into asks about its number, once it is no double click.
    fn settle_click(ui: &Ui, state: &mut State, events: &mut MatrixEvents) {
        let Some((cell, at)) = state.clicked else { return };
        let waited = ui.input(|input| input.time) - at;
        if waited > DOUBLE_CLICK {
            state.clicked = None;
            events.clicked = Some(cell);
        } else {
            ui.ctx().request_repaint_after_secs((DOUBLE_CLICK - waited) as f32 + 0.02);
        }
    }

    fn keys(
        &self,
        ui: &Ui,
        response: &Response,
        grid: &Grid,
        origin: Pos2,
        state: &mut State,
        events: &mut MatrixEvents,
    ) {
        if !response.has_focus() || state.editing.is_some() {
            return;
        }
        mark_focus(ui.ctx(), response.id);
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let before = state.cursor;
        let (mut copy, mut edit, mut ask) = (false, false, false);
        ui.input(|input| {
            for event in &input.events {
                match event {
                    Event::Copy => copy = true,
                    Event::Key { key, pressed: true, .. } => match key {
                        Key::ArrowLeft => state.cursor.1 = state.cursor.1.saturating_sub(1),
                        Key::ArrowRight => state.cursor.1 = (state.cursor.1 + 1).min(grid.n_columns - 1),
                        Key::ArrowUp => state.cursor.0 = state.cursor.0.saturating_sub(1),
                        Key::ArrowDown => state.cursor.0 = (state.cursor.0 + 1).min(grid.n_rows - 1),
                        Key::Enter if !self.editable => ask = true,
                        Key::Enter | Key::F2 => edit = true,
                        Key::Space => ask = true,
                        _ => {}
                    },
                    _ => {}
                }
            }
        });
        if state.cursor != before {
            let cell = grid.cell(origin, state.cursor.0, state.cursor.1);
            ui.scroll_to_rect(cell.expand2(Vec2::new(grid.labels, HEADER)), None);
        }
        if copy {
            ui.ctx().copy_text(self.as_text());
        }
        if ask {
            events.clicked = Some(state.cursor);
        }
        if edit && self.editable {
            state.editing = Some(self.start_editing(state.cursor));
        }
    }

    fn source_row(&self, row: usize) -> usize {
        self.only_row.unwrap_or(row)
    }

    fn largest(&self) -> f64 {
        match self.only_row {
            Some(row) => largest(&self.values.row(row)),
            None => self.values.largest(),
        }
    }

    /// `grad_W[0, 1] = 0.196`, every digit of it.
    fn cell_text(&self, row: usize, column: usize) -> String {
        let row = self.source_row(row);
        let Some(value) = self.values.get(row, column) else { return String::new() };
        let place = match self.values.shape().len() {
            0 => String::new(),
            1 => format!("[{column}]"),
            _ => format!("[{row}, {column}]"),
        };
        format!("{}{place} = {}", self.symbol, explain::full(value, self.precision))
    }

    /// The shown numbers for another program: tabs between columns, a line a row.
    fn as_text(&self) -> String {
        let rows = self.only_row.map_or(0..self.values.n_rows(), |row| row..row + 1);
        let lines = rows.map(|row| {
            let numbers = self.values.row(row);
            let cells = numbers.iter().map(|&x| explain::plain(x, self.precision));
            cells.collect::<Vec<_>>().join("\t")
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// How far a wheel that is turned sideways over a matrix brings it: that, no panel wants.
fn sideways(ui: &Ui, id: Id, width: f32) -> Option<f32> {
    let response = ui.ctx().read_response(id).filter(Response::contains_pointer)?;
    let by = ui.input(egui::InputState::smooth_scroll_delta).x;
    if by == 0.0 {
        return None;
    }
    let area = egui::scroll_area::State::load(ui.ctx(), ui.make_persistent_id(id))?;
    let most = (width - response.interact_rect.width()).max(0.0);
    Some((area.offset.x - by).clamp(0.0, most))
}

/// Whether a matrix has the keyboard, so that Ctrl+C copies numbers rather than nodes.
pub(crate) fn has_focus(ctx: &egui::Context) -> bool {
    let marked: Option<Id> = ctx.data(|data| data.get_temp(Id::new("focused matrix")));
    marked.is_some() && ctx.memory(egui::Memory::focused) == marked
}

fn mark_focus(ctx: &egui::Context, id: Id) {
    ctx.data_mut(|data| data.insert_temp(Id::new("focused matrix"), id));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(values: &Values, only_row: Option<usize>) -> MatrixView<'_> {
        MatrixView {
            symbol: "W",
            values,
            only_row,
            row_name: &|row| format!("h{row}"),
            column_name: &|column| format!("x{column}"),
            cell_name: None,
            colors: &theme::LIGHT.values,
            precision: Precision::F64,
            editable: true,
            number: None,
            about: None,
            cell_state: None,
        }
    }

    #[test]
    fn copied_text_has_tabs_between_columns_and_every_digit() {
        let values = Values::new(vec![2, 2], vec![0.1, -2.0, 1e-9, 1.0 / 3.0]);
        assert_eq!(matrix(&values, None).as_text(), "0.1\t-2\n1e-9\t0.3333333333333333");
        assert_eq!(matrix(&values, Some(1)).as_text(), "1e-9\t0.3333333333333333");
    }

    #[test]
    fn a_cell_that_is_asked_hides_its_number() {
        let states = [Cell::Blank, Cell::Asked, Cell::Answered { text: "0,5".to_owned(), is_right: None }];
        assert!(states.iter().all(|state| *state != Cell::default()));
    }

    #[test]
    fn a_cell_says_its_place_and_every_digit() {
        let values = Values::new(vec![1, 2], vec![0.1, -2.0]);
        assert_eq!(matrix(&values, None).cell_text(0, 1), "W[0, 1] = −2");
        assert_eq!(matrix(&values, None).cell_text(3, 1), "");
        let scalar = Values::new(vec![], vec![0.5]);
        assert_eq!(matrix(&scalar, None).cell_text(0, 0), "W = 0.5");
    }
}
