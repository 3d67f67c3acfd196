//! What the colors and marks of a field mean: the classes, or a scale with the values at its ends, and how
//! rows of the two parts are drawn. It stands over the plot and covers none of it.
//!
//! Must not know where a field comes from.

use egui::{Color32, Rect, RichText, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

use crate::explain;
use crate::insight::Field;
use crate::network::Task;
use crate::ui::class_colors::class_color;
use crate::ui::color_scale::color_scale_ui;
use crate::ui::field_plot::{Colors, scale_ends};
use crate::ui::fields::wrap_before;
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// So many classes are listed.
const MOST_CLASSES: usize = 12;
const FONT: f32 = 11.5;
const MARK: f32 = 10.0;
/// Between the parts of one entry.
const GAP: f32 = 4.0;

/// The key. `has_parts` says whether rows for training and for validation are in sight.
pub(super) fn key_ui(ui: &mut Ui, words: &Words, field: &Field, has_parts: [bool; 2]) {
    let theme = Theme::of(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(10.0, 2.0);
        match Colors::of(field) {
            Colors::Classes => {
                for (idx, class) in field.names.iter().enumerate().take(MOST_CLASSES) {
                    entry_ui(ui, class, |ui, place| {
                        ui.painter().rect_filled(place, 2.0, class_color(theme, idx));
                    });
                }
                let n_more = field.names.len().saturating_sub(MOST_CLASSES);
                if n_more > 0 {
                    label_ui(ui, &words.text_with("boundary-more-classes", &[("n", n_more.into())]));
                }
            }
            Colors::Scale => field_scale_ui(ui, words, field),
            Colors::Curve => {
                entry_ui(ui, &words.text("predictions-said"), |ui, place| {
                    ui.painter().hline(place.x_range(), place.center().y, (2.5, theme.curve_train));
                });
            }
        }
        for (key, is_validation) in [("boundary-key-training", false), ("boundary-key-validation", true)] {
            if has_parts[usize::from(is_validation)] {
                entry_ui(ui, &words.text(key), |ui, place| {
                    ui.painter().add(mark(place.center(), is_validation, theme));
                });
            }
        }
    });
}

/// How rows of the two parts are marked: dots, and diamonds.
fn mark(center: egui::Pos2, is_validation: bool, theme: &Theme) -> Shape {
    let line = Stroke::new(1.2, theme.text);
    if !is_validation {
        return Shape::circle_stroke(center, 3.6, line);
    }
    let corners = [(0.0, -4.6), (4.6, 0.0), (0.0, 4.6), (-4.6, 0.0)];
    let corners = corners.map(|(x, y)| pos2(center.x + x, center.y + y));
    Shape::closed_line(corners.to_vec(), line)
}

fn field_scale_ui(ui: &mut Ui, words: &Words, field: &Field) {
    let Some(ends) = scale_ends(field) else { return };
    let is_number = field.task == Task::Regression;
    color_scale_ui(ui, words, ends.map(|end| if is_number { explain::short(end) } else { format!("{end}") }));
}

/// A mark and what it stands for, never on two lines.
fn entry_ui(ui: &mut Ui, text: &str, paint: impl FnOnce(&Ui, Rect)) {
    let font = theme::text(FONT);
    let width = ui.painter().layout_no_wrap(text.to_owned(), font, Color32::WHITE).size().x;
    wrap_before(ui, MARK + GAP + width);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        let (place, _) = ui.allocate_exact_size(Vec2::splat(MARK), Sense::hover());
        paint(ui, place);
        label_ui(ui, text);
    });
}

fn label_ui(ui: &mut Ui, text: &str) {
    let weak = Theme::of(ui).weak;
    ui.add(egui::Label::new(RichText::new(text).font(theme::text(FONT)).color(weak)).truncate());
}
