//! Every row with truth, prediction and error: sorted by a click on a title, only rows in sight laid out.
//!
//! Must not sort anything: the list comes in order.

use egui::{Align, Button, Id, Label, Layout, RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::Shown;
use super::plots::of_output;
use crate::app::{Command, RowsQuestion};
use crate::data::{Cell, Part};
use crate::explain;
use crate::insight::{HeadPredictions, Picture, SortKey, Sorting};
use crate::network::Task;
use crate::train::SampleView;
use crate::ui::fields::name;
use crate::ui::scrolling::bar_of_table;
use crate::ui::theme::{self, Theme};

const ROW: f32 = 18.0;
/// Width of the column with the rows' numbers.
const ROW_NAME: f32 = 60.0;
/// Rows with a picture.
const PICTURE_ROW: f32 = 36.0;
const HEADER: f32 = 22.0;
/// Longer titles are cut.
const WIDEST: f32 = 190.0;
/// Numbers of a prediction, and columns of the file, that are laid out at most.
const MOST_OUTPUTS: usize = 12;
const MOST_COLUMNS: usize = 24;

/// One column of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Field {
    /// The inputs as a picture.
    Picture,
    Truth(usize),
    Said,
    Prediction(usize),
    Error,
    /// A column of the file.
    Column(usize),
    /// A number of an Input whose rows were typed in: its place in the prepared data, the feature.
    Typed(usize, usize),
}

/// How wide all columns are before a hand has made one wider.
pub(super) fn width(ui: &Ui, shown: &Shown<'_>) -> f32 {
    let fields = fields(shown, Picture::find(shown.data));
    let apart = ui.spacing().item_spacing.x;
    let widths = fields.into_iter().map(|field| field_width(ui, shown, field) + apart);
    ROW_NAME + widths.sum::<f32>() + apart + ui.spacing().scroll.bar_width
}

/// The list. A click on a row makes it the row that everything shows; another one the whole batch again.
pub(super) fn table_ui(ui: &mut Ui, shown: &Shown<'_>, question: &mut RowsQuestion, out: &mut Vec<Command>) {
    let picture = Picture::find(shown.data);
    let fields = fields(shown, picture);
    let height = if picture.is_some() { PICTURE_ROW } else { ROW };
    let samples = &shown.listing.samples;
    let looked_at = shown.looked_at();
    let wanted = newly_shown(ui, looked_at, samples);
    let widths: Vec<f32> = fields.iter().map(|&field| field_width(ui, shown, field)).collect();
    ui.spacing_mut().item_spacing.y = 2.0;
    let bar = bar_of_table(ui, HEADER);
    let area = ScrollArea::horizontal().id_salt("predictions table").auto_shrink(false);
    area.scroll_bar_visibility(bar).show(ui, |ui| {
        let mut builder = TableBuilder::new(ui);
        if let Some(row) = wanted {
            builder = builder.scroll_to_row(row, Some(Align::Center));
        }
        builder = builder
            .id_salt("predictions rows")
            .striped(true)
            .sense(Sense::click())
            .auto_shrink(false)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(ROW_NAME));
        for width in widths {
            builder = builder.column(Column::initial(width).at_least(52.0).resizable(true).clip(true));
        }
        builder
            .header(HEADER, |mut header| {
                header.col(|ui| title_ui(ui, shown, SortKey::Row, &shown.words.text("data-row"), question));
                for &field in &fields {
                    header.col(|ui| field_title_ui(ui, shown, field, question));
                }
            })
            .body(|body| {
                body.rows(height, samples.len(), |mut line| {
                    let Some(&sample) = samples.get(line.index()) else { return };
                    let is_shown = looked_at == Some(sample as usize);
                    line.set_selected(is_shown);
                    let mut is_asked = false;
                    line.col(|ui| is_asked = row_name_ui(ui, shown, sample));
                    for &field in &fields {
                        line.col(|ui| match picture.filter(|_| field == Field::Picture) {
                            Some(picture) => picture_ui(ui, shown, picture, sample),
                            None => cell_ui(ui, shown, field, sample),
                        });
                    }
                    if is_asked || line.response().clicked() {
                        let view =
                            if is_shown { SampleView::Batch } else { SampleView::Alone(sample as usize) };
                        shown.look_at(view, out);
                    }
                });
            });
    });
}

/// Where the sample that another panel has just chosen stands in the list.
fn newly_shown(ui: &Ui, looked_at: Option<usize>, samples: &[u32]) -> Option<usize> {
    let id = Id::new("predictions shown");
    let before: Option<Option<usize>> = ui.data(|data| data.get_temp(id));
    if before == Some(looked_at) {
        return None;
    }
    ui.data_mut(|data| data.insert_temp(id, looked_at));
    samples.iter().position(|&sample| Some(sample as usize) == looked_at)
}

fn fields(shown: &Shown<'_>, picture: Option<Picture>) -> Vec<Field> {
    let head = shown.head;
    let n = head.n_kept.min(MOST_OUTPUTS);
    let mut fields: Vec<Field> = if is_of_classes(head) {
        let said = (0..n).map(Field::Prediction);
        [Field::Truth(0), Field::Said, Field::Error].into_iter().chain(said).collect()
    } else {
        let pairs = (0..n).flat_map(|idx| [Field::Truth(idx), Field::Prediction(idx)]);
        pairs.chain([Field::Error]).collect()
    };
    if !head.has_truth() {
        fields.retain(|field| !matches!(field, Field::Truth(_) | Field::Error));
    }
    if picture.is_some() {
        fields.insert(0, Field::Picture);
    }
    fields.extend(input_fields(shown).into_iter().take(MOST_COLUMNS));
    fields
}

/// Whether rows have names of classes; the numbers of a single yes-or-no output say as much.
pub(super) fn is_of_classes(head: &HeadPredictions) -> bool {
    head.n_classes().is_some() && (head.task() == Task::Classification || head.n_kept > 1)
}

/// The class that a row says, and of one that the network does not know what its cell says.
pub(super) fn truth_text(shown: &Shown<'_>, sample: u32) -> Option<String> {
    let head = shown.head;
    if let Some(class) = head.true_class(sample as usize) {
        return Some(head.class_name(class));
    }
    let table = shown.data.table()?;
    let column = table.column_index(&head.head.features.first()?.column)?;
    match table.cell(shown.data.row_told(true, usize::MAX, sample).0, column) {
        Cell::Missing => None,
        Cell::Number(value) => Some(value.to_string()),
        Cell::Text(text) => Some(text.to_owned()),
    }
}

/// What the Inputs read, in file order.
fn input_fields(shown: &Shown<'_>) -> Vec<Field> {
    let inputs = shown.data.nodes().iter().enumerate().filter(|(_, node)| !node.is_target);
    let mut fields: Vec<Field> = Vec::new();
    for (place, node) in inputs {
        for (idx, feature) in node.features.iter().enumerate() {
            let column = shown.data.table().and_then(|table| table.column_index(&feature.column));
            let field = column.map_or(Field::Typed(place, idx), Field::Column);
            if !fields.contains(&field) && fields.len() < MOST_COLUMNS {
                fields.push(field);
            }
        }
    }
    fields
}

/// As wide as the title, within reason: titles of several outputs differ at their ends.
fn field_width(ui: &Ui, shown: &Shown<'_>, field: Field) -> f32 {
    let (_, text) = title(shown, field);
    let galley = ui.painter().layout_no_wrap(text + " ▼", theme::text(12.0), Theme::of(ui).text);
    (galley.size().x + 2.0 * ui.spacing().button_padding.x).clamp(86.0, WIDEST)
}

/// What stands above a field, and by what a click on it sorts.
fn title(shown: &Shown<'_>, field: Field) -> (Option<SortKey>, String) {
    let words = shown.words;
    let head = shown.head;
    let (key, text) = match field {
        Field::Picture => return (None, words.text("predictions-picture")),
        Field::Truth(idx) if is_of_classes(head) => (SortKey::Truth(idx), words.text("predictions-truth")),
        Field::Truth(idx) => (SortKey::Truth(idx), of_output(shown, "predictions-truth", idx)),
        Field::Said => (SortKey::Class, words.text("predictions-said")),
        Field::Prediction(idx) if is_of_classes(head) => {
            let class = [("class", head.class_name(idx).into())];
            (SortKey::Prediction(idx), words.text_with("predictions-probability", &class))
        }
        Field::Prediction(idx) => (SortKey::Prediction(idx), of_output(shown, "predictions-said", idx)),
        Field::Error => (SortKey::Error, words.text(error_key(head.task()))),
        Field::Column(column) => {
            let name = shown.data.table().map(|table| table.columns()[column].name.clone());
            (SortKey::Column(column), name.unwrap_or_default())
        }
        Field::Typed(place, idx) => {
            let feature = shown.data.nodes().get(place).and_then(|node| node.features.get(idx));
            let name = feature.map(|feature| feature.name.clone()).unwrap_or_default();
            return (None, name);
        }
    };
    (Some(key), text)
}

fn field_title_ui(ui: &mut Ui, shown: &Shown<'_>, field: Field, question: &mut RowsQuestion) {
    match title(shown, field) {
        (Some(key), text) => title_ui(ui, shown, key, &text, question),
        (None, text) => {
            let weak = Theme::of(ui).weak;
            ui.add(Label::new(RichText::new(text).color(weak).size(12.0)).truncate());
        }
    }
}

/// What the error is.
fn error_key(task: Task) -> &'static str {
    match task {
        Task::Regression => "predictions-error",
        Task::BinaryClassification | Task::Classification => "predictions-miss",
    }
}

/// A title that sorts. What is large is worth to be seen first, except of names and rows.
fn title_ui(ui: &mut Ui, shown: &Shown<'_>, key: SortKey, text: &str, question: &mut RowsQuestion) {
    let theme = Theme::of(ui);
    let sorting = question.sorting;
    let is_by_this = sorting.key == key;
    let mark = match (is_by_this, sorting.is_descending) {
        (false, _) => "",
        (true, true) => " ▼",
        (true, false) => " ▲",
    };
    let color = if is_by_this { theme.text } else { theme.weak };
    let text_shown = RichText::new(format!("{text}{mark}")).font(theme::text(12.0)).color(color);
    let response = ui.add(Button::new(text_shown).frame(false).truncate());
    name(&response, &shown.words.text_with("predictions-sort", &[("column", text.into())]));
    let hint = if key == SortKey::Error { "predictions-sort-worst" } else { "predictions-sort-hint" };
    if response.on_hover_text(format!("{text}\n{}", shown.words.text(hint))).clicked() {
        let is_descending = if is_by_this { !sorting.is_descending } else { key != SortKey::Row };
        question.sorting = Sorting { key, is_descending };
    }
}

/// The row's number in the file, marked where it belongs to the validation part: a button that shows it.
fn row_name_ui(ui: &mut Ui, shown: &Shown<'_>, sample: u32) -> bool {
    let theme = Theme::of(ui);
    let row = shown.data.row_told(true, usize::MAX, sample).0;
    let is_validation = shown.data.part_of_sample(sample) == Part::Validation;
    let (sign, color, key) = if shown.file.is_some() {
        ("◦ ", theme.accent, "predictions-score-row")
    } else if is_validation {
        ("v ", theme.curve_validation, "data-part-validation")
    } else {
        ("", theme.weak, "data-part-training")
    };
    let text = RichText::new(format!("{sign}{}", row + 1)).font(theme::mono(11.5)).color(color);
    let response = ui.add(Button::new(text).frame(false).small());
    name(&response, &shown.words.text_with("data-show-row", &[("row", (row + 1).into())]));
    let is_clicked = response.clicked();
    let about = [("file", shown.file.as_deref().unwrap_or_default().into())];
    response.on_hover_text(shown.words.text_with(key, &about));
    is_clicked
}

/// The inputs of a row as a picture, from its smallest to its largest number.
fn picture_ui(ui: &mut Ui, shown: &Shown<'_>, picture: Picture, sample: u32) {
    let theme = Theme::of(ui);
    let pixels = picture.pixels(shown.data, sample);
    let side = PICTURE_ROW - 4.0;
    let (rect, _) = ui.allocate_exact_size(egui::vec2(side, side), Sense::hover());
    let fold = |f: fn(f64, f64) -> f64, from| pixels.iter().copied().fold(from, f);
    let (min, max) = (fold(f64::min, f64::INFINITY), fold(f64::max, f64::NEG_INFINITY));
    let pixel = side / picture.side as f32;
    for (idx, &value) in pixels.iter().enumerate() {
        let (row, column) = (idx / picture.side, idx % picture.side);
        let corner = rect.min + pixel * egui::vec2(column as f32, row as f32);
        let share = if max > min { (value - min) / (max - min) } else { 0.0 };
        let fill = theme::mix(theme.canvas, theme.text, share as f32);
        ui.painter().rect_filled(egui::Rect::from_min_size(corner, egui::Vec2::splat(pixel)), 0.0, fill);
    }
}

fn cell_ui(ui: &mut Ui, shown: &Shown<'_>, field: Field, sample: u32) {
    let theme = Theme::of(ui);
    let head = shown.head;
    let at = sample as usize;
    let number = |value: Option<&f64>| {
        let text = value.map_or_else(|| "–".to_owned(), |&value| explain::short(value));
        RichText::new(text).font(theme::mono(12.0))
    };
    let text = match field {
        Field::Picture => return,
        Field::Truth(_) if is_of_classes(head) => {
            let text = truth_text(shown, sample).unwrap_or_else(|| "–".to_owned());
            let text = RichText::new(text).size(12.5);
            if head.true_class(at).is_some() {
                text
            } else {
                let unknown = Label::new(text.color(theme.warning)).truncate().selectable(false);
                ui.add(unknown).on_hover_text(shown.words.text("predictions-unknown-class"));
                return;
            }
        }
        Field::Truth(idx) => number(head.truth(at).get(idx)),
        Field::Said => {
            let said = head.said_class(at).map_or_else(|| "–".to_owned(), |said| head.class_name(said));
            let text = RichText::new(said).size(12.5);
            // A wrong class is seen without color, too.
            if head.is_wrong(at) { text.color(theme.error).underline() } else { text }
        }
        Field::Prediction(idx) => number(head.prediction(at).get(idx)),
        Field::Error => {
            let error = head.error(at);
            let text = number(Some(&error));
            if head.is_wrong(at) { text.color(theme.error) } else { text }
        }
        Field::Column(column) => column_text(shown, column, sample, theme),
        Field::Typed(place, idx) => {
            let mut values = crate::tensor::Matrix::<f64>::zeros(shown.data.nodes()[place].width(), 1);
            shown.data.fill_batch(place, usize::MAX, &[sample], &mut values);
            number(values.get(idx)).color(theme.weak)
        }
    };
    ui.add(Label::new(text).truncate().selectable(false));
}

fn column_text(shown: &Shown<'_>, column: usize, sample: u32, theme: &Theme) -> RichText {
    let row = shown.data.newest_row(sample);
    match shown.data.table().map_or(Cell::Missing, |table| table.cell(row, column)) {
        Cell::Missing => RichText::new("–").color(theme.warning),
        Cell::Number(value) => RichText::new(value.to_string()).font(theme::mono(12.0)).color(theme.weak),
        Cell::Text(text) => RichText::new(text).size(12.5).color(theme.weak),
    }
}
