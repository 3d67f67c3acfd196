//! A choice of several things: a button that shows the one chosen, whole wherever there is room for it.
//!
//! Must not know what is chosen.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Color32, ComboBox, Galley, Response, RichText, TextStyle, Ui, WidgetText, WidgetType};

use super::{label_before_ui, labeled, next_row, wrap_before};
use crate::ui::theme::Theme;

/// A text that is wider than the panel takes so many lines, and is cut after them.
const MOST_LINES: usize = 2;

/// One of several choices; gives the new one where another was chosen.
pub(crate) fn choice_ui<T: Clone + PartialEq>(
    ui: &mut Ui,
    label: &str,
    current: &T,
    choices: impl IntoIterator<Item = (T, String)>,
    shown: &str,
) -> Option<T> {
    wrap_before(ui, choice_width(ui, shown));
    let mut chosen = None;
    let text = fitted(ui, shown);
    let (is_cut, n_lines) = (text.elided, text.rows.len());
    let combo = ComboBox::from_id_salt(label)
        .width(0.0)
        .wrap_mode(egui::TextWrapMode::Extend)
        .selected_text(WidgetText::Galley(text));
    let response = combo.show_ui(ui, |ui| {
        for (choice, text) in choices {
            if ui.selectable_label(*current == choice, text).clicked() && choice != *current {
                chosen = Some(choice);
            }
        }
    });
    let info = egui::WidgetInfo {
        current_text_value: Some(shown.to_owned()),
        ..labeled(WidgetType::ComboBox, label)
    };
    response.response.widget_info(|| info.clone());
    if is_cut {
        response.response.on_hover_text(shown);
    }
    // The rows below it are as high as any others.
    if n_lines > 1 && ui.layout().main_wrap {
        next_row(ui);
    }
    chosen
}

/// How wide a choice is that shows this text in one line.
pub(crate) fn choice_width(ui: &Ui, shown: &str) -> f32 {
    let font = TextStyle::Button.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(shown.to_owned(), font, Color32::WHITE).size().x;
    text + beside_text(ui)
}

/// The name of a choice in front of it: in a row that wraps both stand in one, where that is wide enough.
pub(crate) fn row_label_of_choice(ui: &mut Ui, text: impl Into<String>, shown: &str) -> Response {
    let weak = Theme::of(ui).weak;
    let width = choice_width(ui, shown);
    label_before_ui(ui, RichText::new(text).color(weak), width)
}

/// What a choice needs beside its text.
fn beside_text(ui: &Ui) -> f32 {
    let spacing = ui.spacing();
    spacing.icon_width + spacing.icon_spacing + 2.0 * spacing.button_padding.x
}

/// The text of the button: in one line, or where the panel is too narrow for that in several.
fn fitted(ui: &Ui, shown: &str) -> Arc<Galley> {
    let room = (ui.available_size_before_wrap().x - beside_text(ui)).max(0.0);
    let font = TextStyle::Button.resolve(ui.style());
    let mut job = LayoutJob::simple(shown.to_owned(), font, Color32::PLACEHOLDER, room);
    // Where texts are to be cut, such as in the head of a table, there is a single line.
    let is_cut = !ui.layout().main_wrap && ui.wrap_mode() == egui::TextWrapMode::Truncate;
    job.wrap.max_rows = if is_cut { 1 } else { MOST_LINES };
    ui.painter().layout_job(job)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fields::wrapped_ui;
    use crate::ui::theme;

    #[test]
    fn a_text_is_shown_whole_in_two_lines_before_it_is_cut() {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let text = "the whole batch";
            ui.set_max_width(choice_width(ui, text) + 1.0);
            assert_eq!((fitted(ui, text).rows.len(), fitted(ui, text).elided), (1, false));
            ui.set_max_width(choice_width(ui, text) - 8.0);
            assert_eq!((fitted(ui, text).rows.len(), fitted(ui, text).elided), (2, false));
            ui.set_max_width(beside_text(ui) + 20.0);
            assert!(fitted(ui, text).elided, "no room for a word");
            ui.set_max_width(choice_width(ui, text) - 8.0);
            ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
            assert_eq!((fitted(ui, text).rows.len(), fitted(ui, text).elided), (1, true), "in a table");
        });
        output.drop_without_applying_deltas();
    }
    #[test]
    fn a_choice_stands_beside_its_name_in_every_row_that_is_wide_enough_for_both() {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let mut n_whole = 0;
        for width in (60..500).step_by(10) {
            for _ in 0..2 {
                let output = ctx.run_ui(egui::RawInput::default(), |ui| {
                    ui.set_max_width(width as f32);
                    wrapped_ui(ui, |ui| {
                        let _ = ui.button("prediction");
                        let (name, shown) = ("the others at", "the mean of all rows");
                        let label = row_label_of_choice(ui, name, shown);
                        let both = label.rect.width() + ui.spacing().item_spacing.x + choice_width(ui, shown);
                        choice_ui(ui, "choice", &0, [(0, shown.to_owned())], shown);
                        let is_beside = ui.cursor().y_range().contains(label.rect.center().y);
                        let has_room = both <= ui.max_rect().width();
                        assert!(is_beside || !has_room, "{width}: {label:?}, {:?}", ui.cursor());
                        n_whole += usize::from(has_room);
                        assert!(ui.min_rect().right() <= ui.max_rect().right() + 0.5, "{width}");
                    });
                });
                output.drop_without_applying_deltas();
            }
        }
        assert!(n_whole > 20);
    }
}
