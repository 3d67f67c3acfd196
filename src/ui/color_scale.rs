//! The scale of a field's colors with the values at its ends, in a row over the plot.
//!
//! Must not know what the values are.

use egui::{Color32, Rect, Sense, Ui, Vec2, pos2, vec2};

use super::field_plot::STRENGTH;
use super::fields::wrap_before;
use super::matrix::paint_scale_to;
use super::theme::{self, Theme};
use crate::words::Words;

const FONT: f32 = 10.5;
const SCALE: Vec2 = vec2(56.0, 8.0);
/// Between the scale and the values.
const GAP: f32 = 4.0;

/// The scale from the value of the lowest color to that of the highest, never on two lines.
pub(crate) fn color_scale_ui(ui: &mut Ui, words: &Words, [low, high]: [String; 2]) {
    let font = theme::mono(FONT);
    let ink = Theme::of(ui).weak;
    let [left, right] =
        [&low, &high].map(|text| ui.painter().layout_no_wrap(text.clone(), font.clone(), ink));
    let size = vec2(left.size().x + right.size().x + SCALE.x + 2.0 * GAP, ui.spacing().interact_size.y);
    wrap_before(ui, size.x);
    let (place, response) = ui.allocate_exact_size(size, Sense::hover());
    let about = [("low", low.into()), ("high", high.into())];
    let about = words.text_with("color-scale", &about);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, about.as_str()));
    let center = place.center().y;
    let at = |x: f32, galley: &egui::Galley| pos2(x, center - galley.size().y / 2.0);
    let from = place.left() + left.size().x + GAP;
    let scale = Rect::from_min_size(pos2(from, center - SCALE.y / 2.0), SCALE);
    paint_scale_to(ui, scale, &Theme::of(ui).values, STRENGTH);
    ui.painter().galley(at(place.left(), &left), left, Color32::PLACEHOLDER);
    ui.painter().galley(at(scale.right() + GAP, &right), right, Color32::PLACEHOLDER);
    response.on_hover_text(about);
}
