//! How values are prepared, and how rows are split: forms of the Data panel.
//!
//! Must not know the table.

use egui::Ui;

use super::super::fields::{
    NumberField, bare_check_ui, choice_ui, count_ui, form_ui, heading_ui, note_ui, row_label,
};
use crate::app::{App, Command};
use crate::data::{DataSettings, MissingValues, Scaling, SequenceLayout};
use crate::words::Words;

/// The longest stride or horizon that can be typed.
const FARTHEST: usize = 1_000_000;

/// A choice in a row of a form: its name, and each value with the key of its text.
fn row_ui<T: Clone + PartialEq, const N: usize>(
    ui: &mut Ui,
    words: &Words,
    key: &str,
    value: &mut T,
    choices: [(T, &str); N],
) {
    let label = words.text(key);
    row_label(ui, label.clone());
    let shown =
        choices.iter().find(|(choice, _)| choice == value).map_or(String::new(), |(_, key)| words.text(key));
    let listed = choices.map(|(choice, key)| (choice, words.text(key)));
    if let Some(chosen) = choice_ui(ui, &label, value, listed, &shown) {
        *value = chosen;
    }
    ui.end_row();
}

pub(super) fn check_row_ui(ui: &mut Ui, words: &Words, key: &str, value: &mut bool) {
    let label = words.text(key);
    row_label(ui, label.clone());
    bare_check_ui(ui, value, &label);
    ui.end_row();
}

/// Missing values and scaling.
pub(super) fn preparing_ui(ui: &mut Ui, words: &Words, settings: &mut DataSettings) {
    heading_ui(ui, words.text("data-preparing"));
    form_ui(ui, "data preparing", |ui| {
        let missing =
            [(MissingValues::DropRows, "data-missing-drop"), (MissingValues::FillMean, "data-missing-fill")];
        row_ui(ui, words, "data-missing", &mut settings.missing, missing);
        let scalings = [
            (Scaling::None, "data-scaling-none"),
            (Scaling::Standardize, "data-scaling-standardize"),
            (Scaling::MinMax, "data-scaling-minmax"),
        ];
        row_ui(ui, words, "data-scaling", &mut settings.scaling, scalings);
        row_ui(ui, words, "data-target-scaling", &mut settings.target_scaling, scalings);
    });
}

/// The share that validates, and whether it is drawn or the end of the file.
pub(super) fn split_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    settings: &mut DataSettings,
    out: &mut Vec<Command>,
) {
    heading_ui(ui, words.text("data-split"));
    let by_time = app.document().network.n_steps > 1
        && settings.path.is_some()
        && matches!(settings.sequence, SequenceLayout::Windows { .. });
    form_ui(ui, "data split", |ui| {
        let label = words.text("data-validation-share");
        row_label(ui, label.clone());
        let field = NumberField { name: &label, range: 0.0..=90.0, logarithmic: false, whole: true };
        let percent = settings.split.validation_fraction * 100.0;
        if let Some(new) = field.ui(ui, percent.round(), out) {
            settings.split.validation_fraction = new / 100.0;
        }
        ui.end_row();
        if !by_time {
            check_row_ui(ui, words, "data-split-shuffle", &mut settings.split.shuffle);
        }
    });
    if by_time {
        note_ui(ui, words.text("data-split-by-time"));
    } else if settings.split.shuffle {
        let seed = [("seed", app.document().training.seed.to_string().into())];
        note_ui(ui, words.text_with("data-split-seed", &seed));
    }
}

/// How rows become sequences.
pub(crate) fn sequence_ui(ui: &mut Ui, words: &Words, settings: &mut DataSettings, out: &mut Vec<Command>) {
    heading_ui(ui, words.text("data-sequence"));
    form_ui(ui, "data sequence", |ui| {
        let windows = match settings.sequence {
            SequenceLayout::Windows { .. } => settings.sequence,
            SequenceLayout::ColumnGroups => SequenceLayout::default(),
        };
        let layouts =
            [(windows, "data-sequence-windows"), (SequenceLayout::ColumnGroups, "data-sequence-groups")];
        row_ui(ui, words, "data-sequence-layout", &mut settings.sequence, layouts);
        if let SequenceLayout::Windows { stride, horizon } = &mut settings.sequence {
            let label = words.text("data-stride");
            row_label(ui, label.clone());
            if let Some(new) = count_ui(ui, &label, *stride, 1..=FARTHEST, out) {
                *stride = new;
            }
            ui.end_row();
            let label = words.text("data-horizon");
            row_label(ui, label.clone());
            if let Some(new) = count_ui(ui, &label, *horizon, 0..=FARTHEST, out) {
                *horizon = new;
            }
            ui.end_row();
        }
    });
}
