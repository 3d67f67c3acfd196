//! A tensor in place beside a formula: small ones with their numbers, larger ones as heat.
//!
//! Must not know which action it belongs to.

use egui::{Align2, Rect, Response, RichText, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use crate::app::{Command, GradientCommand, ViewCommand, WalkCommand};
use crate::explain::{self, Definitions, Quantity, Tensor, Visibility, Walk};
use crate::train::Values;
use crate::ui::matrix::{MatrixView, cell_width, most_characters};
use crate::ui::theme::{self, Diverging, Theme};
use crate::words::Words;

/// Numbers are written in matrices up to this size.
const MOST_ROWS: usize = 6;
const MOST_COLUMNS: usize = 6;
const CELL: Vec2 = Vec2::new(58.0, 20.0);
/// A larger matrix is drawn as heat, no larger than this.
const HEAT: Vec2 = Vec2::new(150.0, 110.0);

/// A tensor in its place beside a formula.
pub(super) struct Placed<'a> {
    pub(super) tensor: Tensor,
    /// What it is called.
    pub(super) symbol: &'a str,
    /// Whether the convention turns it over.
    pub(super) is_transposed: bool,
}

impl Placed<'_> {
    /// Draws it as far as the walk has come.
    pub(super) fn ui(
        &self,
        ui: &mut Ui,
        walk: &Walk,
        definitions: &Definitions<'_>,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let theme = Theme::of(ui);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            let note = match walk.visibility(self.tensor) {
                Visibility::Partial { arrived, of } => {
                    words.text_with("walk-partial", &[("arrived", arrived.into()), ("of", of.into())])
                }
                Visibility::Frozen => words.text("inspector-frozen"),
                Visibility::Shown | Visibility::Blank | Visibility::Updated => String::new(),
            };
            ui.horizontal(|ui| {
                ui.label(RichText::new(self.symbol).font(theme::strong(12.0)));
                if !note.is_empty() {
                    ui.label(RichText::new(note).size(11.0).color(theme.weak));
                }
            });
            match walk.values(definitions, self.tensor) {
                Some(values) if !values.is_empty() => self.values_ui(ui, walk, &values, words, out),
                _ => self.none_ui(ui, walk, words, out),
            }
        });
    }

    /// The number at a place of the matrix shown.
    fn quantity(&self, row: usize, column: usize) -> Quantity {
        if self.is_transposed { self.tensor.at(column, row) } else { self.tensor.at(row, column) }
    }

    fn values_ui(&self, ui: &mut Ui, walk: &Walk, values: &Values, words: &Words, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let turned;
        let values = if self.is_transposed {
            turned = transposed(values);
            &turned
        } else {
            values
        };
        let (tensor, symbol) = (self.tensor, self.symbol);
        let only_row = walk.pass().shown_row().filter(|row| {
            *row < values.n_rows() && values.shape().len() > 1 && is_batched(tensor) && !self.is_transposed
        });
        let (first, n_rows) = only_row.map_or((0, values.n_rows()), |row| (row, 1));
        let n_columns = values.n_columns();
        let has_numbers = n_rows <= MOST_ROWS && n_columns <= MOST_COLUMNS;
        let colors = if tensor.is_gradient() { &theme.gradients } else { &theme.values };
        let alone = only_row.map(|row| values.only_row(row));
        let shown = alone.as_ref().unwrap_or(values);
        let cell = if has_numbers {
            Vec2::new(cell_width(most_characters(shown)), CELL.y)
        } else {
            let side = (HEAT.x / n_columns as f32).min(HEAT.y / n_rows as f32).clamp(1.0, 12.0);
            Vec2::splat(side)
        };
        let fits = |room: f32, side: f32, n: usize| n.min((room / side).ceil() as usize).max(1);
        let (rows, columns) = if has_numbers {
            (n_rows, n_columns)
        } else {
            (fits(HEAT.y, cell.y, n_rows), fits(HEAT.x, cell.x, n_columns))
        };
        let max = shown.largest();
        let size = Vec2::new(cell.x * columns as f32, cell.y * rows as f32);
        let (place, response) = ui.allocate_exact_size(size + Vec2::splat(4.0), Sense::click());
        let text: Vec<String> = (0..36).map_while(|idx| shown.at(idx)).map(explain::short).collect();
        response.widget_info(|| {
            let label =
                format!("{symbol} = [{}{}]", text.join(", "), if shown.len() > 36 { ", …" } else { "" });
            WidgetInfo::labeled(WidgetType::Image, true, label)
        });
        self.menu_on(&response, (values, only_row), colors, walk, words);
        if !ui.is_rect_visible(place) {
            return;
        }
        ui.painter().rect_stroke(place, 4.0, (1.0, theme.wire), egui::StrokeKind::Inside);
        let corner = place.min + Vec2::splat(2.0);
        for row in 0..rows {
            for column in 0..columns {
                let Some(value) = shown.get(row, column) else { continue };
                let at = pos2(corner.x + column as f32 * cell.x, corner.y + row as f32 * cell.y);
                let gap = if cell.x > 6.0 { 1.0 } else { 0.0 };
                let area = Rect::from_min_size(at, cell).shrink(gap);
                let fill = colors.color_of(value, max);
                ui.painter().rect_filled(area, if has_numbers { 3.0 } else { 0.0 }, fill);
                if has_numbers {
                    let ink = colors.text_on(fill);
                    let text = explain::short(value);
                    ui.painter().text(area.center(), Align2::CENTER_CENTER, text, theme::mono(11.0), ink);
                }
            }
        }
        let pointed = response.hover_pos().or_else(|| response.interact_pointer_pos()).map(|at| {
            let way = at - corner;
            let row = ((way.y / cell.y).max(0.0) as usize).min(rows - 1);
            (row, ((way.x / cell.x).max(0.0) as usize).min(columns - 1))
        });
        let Some((row, column)) = pointed else { return };
        let at = pos2(corner.x + column as f32 * cell.x, corner.y + row as f32 * cell.y);
        ui.painter().rect_stroke(
            Rect::from_min_size(at, cell),
            3.0,
            (1.5, theme.accent),
            egui::StrokeKind::Inside,
        );
        let quantity = self.quantity(first + row, column);
        if response.clicked() {
            out.push(Command::View(ViewCommand::Explain(quantity)));
            out.push(Command::Gradient(GradientCommand::Choose(quantity)));
            out.push(Command::Walk(WalkCommand::GoToWriter(tensor)));
        }
        let value = shown
            .get(row, column)
            .map_or_else(String::new, |value| explain::full(value, walk.pass().precision));
        let is_elsewhere = walk.writer_of(tensor).is_some_and(|writer| walk.current() != Some(writer));
        response.on_hover_ui_at_pointer(|ui| {
            let text = format!("{symbol}[{}, {column}] = {value}", first + row);
            ui.label(RichText::new(text).font(theme::mono(12.0)));
            ui.label(words.text(if is_elsewhere { "walk-cell-hint" } else { "why-hint" }));
        });
    }

    /// What can be taken along from it.
    fn menu_on(
        &self,
        response: &Response,
        (values, only_row): (&Values, Option<usize>),
        colors: &Diverging,
        walk: &Walk,
        words: &Words,
    ) {
        let matrix = MatrixView {
            symbol: self.symbol,
            values,
            only_row,
            row_name: &|row| row.to_string(),
            column_name: &|column| column.to_string(),
            cell_name: None,
            colors,
            precision: walk.pass().precision,
            editable: false,
            number: None,
            about: None,
            cell_state: None,
        };
        matrix.with_menu(words, |menu| menu.on(response, words));
    }

    /// PyTorch's None; a click goes to the action that will write it.
    fn none_ui(&self, ui: &mut Ui, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let writer = walk.writer_of(self.tensor).filter(|writer| walk.sequence().contains(writer));
        let sense = if writer.is_some() { Sense::click() } else { Sense::hover() };
        let (place, response) = ui.allocate_exact_size(CELL, sense);
        let label = format!("{} = None", self.symbol);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, label.as_str()));
        let line = if response.hovered() && writer.is_some() { theme.accent } else { theme.outline };
        ui.painter().rect_stroke(place, 3.0, (1.0, line), egui::StrokeKind::Inside);
        ui.painter().text(place.center(), Align2::CENTER_CENTER, "None", theme::mono(11.0), theme.weak);
        if writer.is_some() {
            if response.clicked() {
                out.push(Command::Walk(WalkCommand::GoToWriter(self.tensor)));
            }
            response.on_hover_text(words.text("walk-none-hint"));
        }
    }
}

/// Whether the rows of a tensor are samples.
fn is_batched(tensor: Tensor) -> bool {
    matches!(
        tensor,
        Tensor::Output { .. }
            | Tensor::Grad { .. }
            | Tensor::PortValue { .. }
            | Tensor::PortGrad { .. }
            | Tensor::Mask { .. }
    )
}

/// Rows for columns.
fn transposed(values: &Values) -> Values {
    let (n_rows, n_columns) = (values.n_rows(), values.n_columns());
    let places = (0..n_columns).flat_map(|column| (0..n_rows).map(move |row| (row, column)));
    let data = places.filter_map(|(row, column)| values.get(row, column)).collect();
    Values::new(vec![n_columns, n_rows], data)
}
