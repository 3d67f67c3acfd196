//! The confusion matrix: how often each class was taken for which, with its menu; where rows are listed, a
//! click on a cell lists those that it counts.
//!
//! Must not count anything.

use egui::{Align2, Grid, Label, Response, RichText, Sense, StrokeKind, Ui, WidgetInfo, WidgetType};

use super::copy_menu::CopyMenu;
use super::fields::{name, note_ui};
use super::pictures::{number_table, of_plot};
use super::theme::{self, Theme};
use crate::train::Confusion;
use crate::words::Words;

/// Between cells.
const GAP: f32 = 2.0;
const CELL_HEIGHT: f32 = 20.0;
/// A cell is as wide as there is room, between these.
const CELL_WIDTH: [f32; 2] = [20.0, 64.0];

/// A true class and the one that was said.
pub(crate) type Cell = (usize, usize);

/// The matrix. With `chosen`, cells can be chosen.
pub(crate) fn confusion_ui(
    ui: &mut Ui,
    words: &Words,
    confusion: &Confusion,
    mut chosen: Option<&mut Option<Cell>>,
) {
    note_ui(ui, words.text("metrics-confusion-note"));
    if confusion.n_unknown > 0 {
        note_ui(ui, words.text_with("metrics-unknown", &[("n", (confusion.n_unknown as f64).into())]));
    }
    let title = words.text("metrics-confusion");
    let table = |most: usize| {
        let rows = confusion.counts.iter().take(most);
        let numbers = |row: &Vec<u64>| row.iter().map(|&count| count as f64).collect();
        number_table(confusion.classes.iter().cloned(), rows.map(numbers))
    };
    let picture =
        |dark: bool| of_plot(&title, dark, |ui| grid_ui(ui, words, confusion, (false, None), &mut |_, _| {}));
    let n_rows = confusion.counts.len();
    let menu = CopyMenu { name: &title, n_rows, table: &table, picture: Some(&picture) };
    let shown = (chosen.is_some(), chosen.as_deref().copied().flatten());
    grid_ui(ui, words, confusion, shown, &mut |cell, response| {
        menu.on(response, words);
        if let Some(chosen) = chosen.as_deref_mut().filter(|_| response.clicked()) {
            *chosen = Some(cell).filter(|cell| *chosen != Some(*cell));
        }
    });
}

/// The cells; each is shown to `with`. Rows are true classes, columns predicted ones.
fn grid_ui(
    ui: &mut Ui,
    words: &Words,
    confusion: &Confusion,
    (can_choose, chosen): (bool, Option<Cell>),
    with: &mut dyn FnMut(Cell, &Response),
) {
    let theme = Theme::of(ui);
    let n_columns = confusion.classes.len() + 1;
    let [least, most] = CELL_WIDTH;
    let width = (ui.available_width() / n_columns as f32 - GAP).floor().clamp(least, most);
    let largest = confusion.counts.iter().flatten().copied().max().unwrap_or(0) as f64;
    let class = |idx: usize| confusion.classes.get(idx).map_or("", String::as_str);
    let label = |ui: &mut Ui, class: &str| {
        let text = RichText::new(class).size(11.0).color(theme.weak);
        ui.add_sized([width, 16.0], Label::new(text).truncate());
    };
    Grid::new("confusion").spacing([GAP, GAP]).min_col_width(width).show(ui, |ui| {
        ui.label("");
        confusion.classes.iter().for_each(|class| label(ui, class));
        ui.end_row();
        for (truth, row) in confusion.counts.iter().enumerate() {
            label(ui, class(truth));
            for (said, &count) in row.iter().enumerate() {
                let (rect, response) = ui.allocate_exact_size(egui::vec2(width, CELL_HEIGHT), Sense::click());
                let fill = theme.values.color_of(count as f64, largest);
                ui.painter().rect_filled(rect, 3.0, fill);
                if chosen == Some((truth, said)) || response.has_focus() {
                    ui.painter().rect_stroke(rect, 3.0, (2.0, theme.accent), StrokeKind::Inside);
                }
                let (text, font) = (count.to_string(), theme::mono(11.0));
                let ink = theme.values.text_on(fill);
                ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, ink);
                let about = [
                    ("truth", class(truth).into()),
                    ("said", class(said).into()),
                    ("n", (count as f64).into()),
                ];
                let (key, kind) = if can_choose {
                    ("predictions-cell-count", WidgetType::Button)
                } else {
                    ("metrics-cell-count", WidgetType::Label)
                };
                let about = words.text_with(key, &about);
                response.widget_info(|| WidgetInfo::labeled(kind, true, about.as_str()));
                name(&response, &about);
                with((truth, said), &response);
                response.on_hover_text(about);
            }
            ui.end_row();
        }
    });
}
