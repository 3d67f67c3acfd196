//! What the rows of a file are used for, in words: how many train and validate, as rows or in windows, and how
//! many do neither. The rows add up to those of the table.
//!
//! Must not know how rows become samples.

use egui::Ui;

use super::{QUIET, quiet_ui};
use crate::app::App;
use crate::data::Prepared;
use crate::ui::theme;
use crate::words::Words;

/// What the rows are used for, with the reasons under the pointer.
pub(super) fn parts_ui(ui: &mut Ui, app: &App, words: &Words) {
    let Some(prepared) = app.prepared() else { return };
    let response = quiet_ui(ui, parts_text(prepared, words));
    if let Some(hint) = parts_hint(prepared, words) {
        response.on_hover_text(hint);
    }
}

/// How wide that is in one line.
pub(super) fn parts_width(ui: &Ui, app: &App, words: &Words) -> f32 {
    let text = app.prepared().map(|prepared| parts_text(prepared, words)).unwrap_or_default();
    ui.painter().layout_no_wrap(text, theme::text(QUIET), egui::Color32::WHITE).size().x
}

/// How many samples train and validate, on how many rows, and how many rows were left out.
pub(super) fn parts_text(prepared: &Prepared, words: &Words) -> String {
    let [of_training, of_validation] = prepared.n_rows_read();
    let dropped = prepared.left_out().left_out + prepared.n_rows_unreached();
    let counts = [
        ("length", prepared.sample_length().into()),
        ("training", prepared.train().len().into()),
        ("training-rows", of_training.into()),
        ("validation", prepared.validation().len().into()),
        ("validation-rows", of_validation.into()),
        ("dropped", dropped.into()),
    ];
    words.text_with(if prepared.is_windowed() { "data-parts-windows" } else { "data-parts" }, &counts)
}

/// Why there are fewer windows than rows, and which rows are left out. Rows need no explanation.
fn parts_hint(prepared: &Prepared, words: &Words) -> Option<String> {
    let counts =
        [("lacking", prepared.left_out().left_out.into()), ("unreached", prepared.n_rows_unreached().into())];
    prepared.is_windowed().then(|| words.text_with("data-parts-windows-hint", &counts))
}
