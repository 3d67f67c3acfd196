//! What the network says, in columns: name, bar, number, and how far it is from the start.
//!
//! Must not know how an input is changed.

use egui::{Align, Button, Color32, FontId, Label, Layout, Rect, RichText, Sense, Ui, UiBuilder, Vec2, pos2};

use super::{output, text_width};
use crate::explain;
use crate::insight::{WhatIf, WhatIfQuestion};
use crate::network::Task;
use crate::ui::class_colors::class_color;
use crate::ui::fields::name;
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// How wide the bar of a probability is; a narrower one is left out.
const LEAST_BAR: f32 = 24.0;
const MOST_BAR: f32 = 160.0;
const BAR_HEIGHT: f32 = 12.0;
const ROW_HEIGHT: f32 = 24.0;
const GAP: f32 = 8.0;
/// A name takes no larger share of a row; longer ones have a line of their own.
const MOST_NAME: f32 = 0.5;

/// The prediction. A click on one of several numbers asks about that one.
pub(super) fn prediction_ui(ui: &mut Ui, words: &Words, shown: &WhatIf, question: &mut WhatIfQuestion) {
    let rows = rows(shown);
    let columns = Columns::new(ui, &rows, shown.task);
    let asked = output(shown, question);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (idx, row) in rows.iter().enumerate() {
            if columns.row_ui(ui, words, row, rows.len() > 1 && idx == asked) {
                question.output = Some(idx);
            }
        }
    });
}

/// One number of the prediction.
struct Row {
    name: String,
    /// Of a probability: how large it is, and the class that it is of.
    probability: Option<(f32, usize)>,
    number: String,
    /// Since the start; empty where nothing changed.
    change: String,
}

fn rows(shown: &WhatIf) -> Vec<Row> {
    let written = |x: f64| match shown.task {
        Task::Regression => explain::short(x),
        Task::BinaryClassification | Task::Classification => format!("{:.1} %", x * 100.0).replace('-', "−"),
    };
    let row = |(idx, (&said, &before)): (usize, (&f64, &f64))| {
        let change = said - before;
        let sign = if change > 0.0 { "+" } else { "" };
        Row {
            name: shown.names.get(idx).cloned().unwrap_or_default(),
            probability: match shown.task {
                Task::Regression => None,
                // Of yes and no, the number is how probable yes is.
                Task::BinaryClassification => Some((said as f32, 1)),
                Task::Classification => Some((said as f32, idx)),
            },
            number: written(said),
            change: if said == before { String::new() } else { format!("{sign}{}", written(change)) },
        }
    };
    shown.prediction.iter().zip(&shown.before).enumerate().map(row).collect()
}

/// How wide the columns are, the same in every row.
struct Columns {
    name: f32,
    /// None where there is no room for it, or nothing to draw.
    bar: Option<f32>,
    number: f32,
    change: f32,
    /// Whether names have a line of their own.
    is_stacked: bool,
    number_font: FontId,
}

impl Columns {
    fn new(ui: &Ui, rows: &[Row], task: Task) -> Self {
        let is_number = task == Task::Regression;
        // A single number is what the panel is about.
        let number_font = theme::mono(if is_number && rows.len() == 1 { 17.0 } else { 13.0 });
        // Probabilities keep the room of the longest, so that bars do not change their length.
        let [longest, longest_change] =
            if is_number { ["", ""] } else { ["100.0 %", "+100.0 %"] }.map(str::to_owned);
        let widest = |texts: &mut dyn Iterator<Item = &String>, font: &FontId| {
            texts.map(|text| text_width(ui, text, font.clone())).fold(0.0, f32::max).ceil()
        };
        let number = widest(&mut rows.iter().map(|row| &row.number).chain([&longest]), &number_font);
        let change = widest(&mut rows.iter().map(|row| &row.change).chain([&longest_change]), &change_font());
        let padding = 2.0 * ui.spacing().button_padding.x;
        let name = widest(&mut rows.iter().map(|row| &row.name), &theme::strong(13.0)) + padding;
        let room = ui.available_width();
        let numbers = number + GAP + change;
        let least_bar = if is_number { 0.0 } else { LEAST_BAR + GAP };
        let is_stacked = name > MOST_NAME * room || name + GAP + least_bar + numbers > room;
        // In two lines, the change stands beside the name.
        let beside = if is_stacked { number } else { name + GAP + numbers };
        let bar = (room - beside - GAP).min(MOST_BAR);
        let bar = Some(bar).filter(|bar| !is_number && *bar >= LEAST_BAR);
        let name = if is_stacked { room } else { name };
        Self { name, bar, number, change, is_stacked, number_font }
    }

    /// One row; true where its name was clicked.
    fn row_ui(&self, ui: &mut Ui, words: &Words, row: &Row, is_asked: bool) -> bool {
        let theme = Theme::of(ui);
        let mut place = line_of(ui);
        let font = if is_asked { theme::strong(13.0) } else { theme::text(13.0) };
        let title = RichText::new(&row.name).font(font);
        let button = Button::selectable(is_asked, title).truncate();
        // A name of its own line leaves room for a change where there is one.
        let change = if self.is_stacked && !row.change.is_empty() { self.change + GAP } else { 0.0 };
        let width = (self.name - change).max(LEAST_BAR);
        let is_clicked = cell_ui(ui, &mut place, width, Align::Min, |ui| ui.add(button).clicked());
        if self.is_stacked {
            self.change_ui(ui, words, row, &mut place);
            place = line_of(ui);
        }
        if let Some((width, (share, class))) = self.bar.zip(row.probability) {
            cell_ui(ui, &mut place, width, Align::Min, |ui| {
                bar_ui(ui, share, class_color(theme, class), &row.name);
            });
        }
        let number = RichText::new(&row.number).font(self.number_font.clone());
        cell_ui(ui, &mut place, self.number, Align::Max, |ui| ui.add(Label::new(number).extend()));
        if !self.is_stacked {
            self.change_ui(ui, words, row, &mut place);
        }
        is_clicked
    }

    fn change_ui(&self, ui: &mut Ui, words: &Words, row: &Row, place: &mut Rect) {
        if row.change.is_empty() {
            return;
        }
        let change = RichText::new(&row.change).font(change_font()).color(Theme::of(ui).weak);
        cell_ui(ui, place, self.change, Align::Max, |ui| {
            ui.add(Label::new(change).extend()).on_hover_text(words.text("what-if-change-hint"))
        });
    }
}

/// Room for one line.
fn line_of(ui: &mut Ui) -> Rect {
    ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT), Sense::hover()).0
}

fn change_font() -> FontId {
    theme::mono(11.5)
}

/// Draws into the left end of `place`, and leaves the rest of it.
fn cell_ui<R>(ui: &mut Ui, place: &mut Rect, width: f32, align: Align, add: impl FnOnce(&mut Ui) -> R) -> R {
    let own = place.with_max_x(place.left() + width);
    *place = place.with_min_x(own.right() + GAP);
    let layout = match align {
        Align::Max => Layout::right_to_left(Align::Center),
        Align::Min | Align::Center => Layout::left_to_right(Align::Center),
    };
    add(&mut ui.new_child(UiBuilder::new().id_salt(own.left() as i32).max_rect(own).layout(layout)))
}

/// A share of a whole, on a track that is seen on any background.
fn bar_ui(ui: &mut Ui, share: f32, color: Color32, title: &str) {
    let (place, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), BAR_HEIGHT), Sense::hover());
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::WidgetType::ProgressIndicator, true, title);
        info.value = Some(f64::from(share));
        info
    });
    name(&response, title);
    let radius = BAR_HEIGHT / 2.0;
    ui.painter().rect_filled(place, radius, Theme::of(ui).control_pressed);
    let end = place.left() + place.width() * share.clamp(0.0, 1.0);
    let filled = Rect::from_min_max(place.min, pos2(end, place.bottom()));
    if filled.width() > 0.0 {
        // Clipped rather than rounded itself: a short one stays within the track.
        ui.painter().with_clip_rect(filled.intersect(ui.clip_rect())).rect_filled(place, radius, color);
    }
}
