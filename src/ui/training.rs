//! The settings of the training: optimizer with its options, batches, stop rules, clipping, seed.
//!
//! Must not know how training is done.

use egui::{ScrollArea, Ui};

use super::fields::{
    NumberField, bare_check_ui, choice_ui, count_ui, form_of_names_ui, heading_ui, names_width, note_ui,
    number_ui, own_if_same_kind, row_label,
};
use crate::app::{App, Command, EditCommand};
use crate::document::{ClipSettings, OptimizerSettings, TrainingSettings};
use crate::words::Words;

/// The largest count that can be typed.
const MANY: usize = 1_000_000_000;
/// The names of all settings: the widest decides where the values of all sections stand.
const NAMES: [&str; 18] = [
    "training-optimizer",
    "training-learning-rate",
    "training-momentum",
    "training-nesterov",
    "training-weight-decay",
    "training-alpha",
    "training-eps",
    "training-beta1",
    "training-beta2",
    "training-batch-size",
    "training-shuffle",
    "training-seed",
    "training-epochs",
    "training-target-loss",
    "training-patience",
    "training-clip",
    "training-max-norm",
    "training-clip-limit",
];

/// The panel.
pub(crate) fn training_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let before = &app.document().training;
        let mut settings = before.clone();
        heading_ui(ui, words.text("training-optimizer"));
        let names = names_width(ui, NAMES.iter().map(|key| words.text(key)));
        form_of_names_ui(ui, "optimizer", names, |ui| optimizer_ui(ui, words, &mut settings, out));
        heading_ui(ui, words.text("training-batches"));
        form_of_names_ui(ui, "batches", names, |ui| batches_ui(ui, words, &mut settings, out));
        heading_ui(ui, words.text("training-stop"));
        form_of_names_ui(ui, "stop", names, |ui| stop_ui(ui, words, &mut settings, out));
        heading_ui(ui, words.text("training-clip"));
        form_of_names_ui(ui, "clip", names, |ui| clip_ui(ui, words, &mut settings, out));
        note_ui(ui, words.text("training-clip-note"));
        if settings != *before {
            out.push(Command::Edit(EditCommand::SetTraining(settings)));
        }
    });
}

fn optimizer_ui(ui: &mut Ui, words: &Words, settings: &mut TrainingSettings, out: &mut Vec<Command>) {
    let label = words.text("training-optimizer");
    row_label(ui, label.clone());
    let choices = optimizer_choices(&settings.optimizer);
    let shown = optimizer_name(&settings.optimizer);
    if let Some(optimizer) = choice_ui(ui, &label, &settings.optimizer, choices, shown) {
        settings.optimizer = optimizer;
    }
    ui.end_row();
    number_row(
        ui,
        words,
        "training-learning-rate",
        &mut settings.learning_rate,
        TrainingSettings::LEARNING_RATE,
        out,
    );
    match &mut settings.optimizer {
        OptimizerSettings::Sgd { momentum, nesterov, weight_decay } => {
            number_row(ui, words, "training-momentum", momentum, OptimizerSettings::MOMENTUM, out);
            row_label(ui, words.text("training-nesterov"));
            bare_check_ui(ui, nesterov, &words.text("training-nesterov"));
            ui.end_row();
            number_row(ui, words, "training-weight-decay", weight_decay, OptimizerSettings::POSITIVE, out);
        }
        OptimizerSettings::RmsProp { alpha, eps, weight_decay, momentum } => {
            number_row(ui, words, "training-alpha", alpha, OptimizerSettings::MOMENTUM, out);
            number_row(ui, words, "training-eps", eps, OptimizerSettings::POSITIVE, out);
            number_row(ui, words, "training-momentum", momentum, OptimizerSettings::MOMENTUM, out);
            number_row(ui, words, "training-weight-decay", weight_decay, OptimizerSettings::POSITIVE, out);
        }
        OptimizerSettings::Adagrad { eps, weight_decay } => {
            number_row(ui, words, "training-eps", eps, OptimizerSettings::POSITIVE, out);
            number_row(ui, words, "training-weight-decay", weight_decay, OptimizerSettings::POSITIVE, out);
        }
        OptimizerSettings::Adam { beta1, beta2, eps, weight_decay }
        | OptimizerSettings::AdamW { beta1, beta2, eps, weight_decay } => {
            number_row(ui, words, "training-beta1", beta1, OptimizerSettings::BETA, out);
            number_row(ui, words, "training-beta2", beta2, OptimizerSettings::BETA, out);
            number_row(ui, words, "training-eps", eps, OptimizerSettings::POSITIVE, out);
            number_row(ui, words, "training-weight-decay", weight_decay, OptimizerSettings::POSITIVE, out);
        }
    }
}

fn batches_ui(ui: &mut Ui, words: &Words, settings: &mut TrainingSettings, out: &mut Vec<Command>) {
    count_row(ui, words, "training-batch-size", &mut settings.batch_size, out);
    row_label(ui, words.text("training-shuffle"));
    bare_check_ui(ui, &mut settings.shuffle, &words.text("training-shuffle"));
    ui.end_row();
    let label = words.text("training-seed");
    row_label(ui, label.clone());
    let field =
        NumberField { name: &label, range: 0.0..=9_007_199_254_740_991.0, logarithmic: false, whole: true };
    if let Some(seed) = field.ui(ui, settings.seed as f64, out) {
        settings.seed = seed as u64;
    }
    ui.end_row();
}

fn stop_ui(ui: &mut Ui, words: &Words, settings: &mut TrainingSettings, out: &mut Vec<Command>) {
    count_row(ui, words, "training-epochs", &mut settings.epochs, out);
    row_label(ui, words.text("training-target-loss"));
    ui.horizontal(|ui| {
        let label = words.text("training-target-loss");
        if let Some(on) = switch_ui(ui, &label, settings.target_loss.is_some()) {
            settings.target_loss = on.then_some(0.01);
        }
        if let Some(target) = &mut settings.target_loss {
            let field = NumberField { name: &label, range: 0.0..=1e9, logarithmic: true, whole: false };
            if let Some(new) = field.ui(ui, *target, out) {
                *target = new;
            }
        }
    });
    ui.end_row();
    row_label(ui, words.text("training-patience"));
    ui.horizontal(|ui| {
        let label = words.text("training-patience");
        if let Some(on) = switch_ui(ui, &label, settings.patience.is_some()) {
            settings.patience = on.then_some(10);
        }
        if let Some(patience) = &mut settings.patience {
            if let Some(new) = count_ui(ui, &label, *patience, 1..=MANY, out) {
                *patience = new;
            }
            ui.label(words.text("training-patience-unit"));
        }
    });
    ui.end_row();
}

fn clip_ui(ui: &mut Ui, words: &Words, settings: &mut TrainingSettings, out: &mut Vec<Command>) {
    let label = words.text("training-clip");
    row_label(ui, label.clone());
    let choices = [
        (ClipSettings::None, words.text("training-clip-none")),
        (ClipSettings::Norm { max_norm: 1.0 }, words.text("training-clip-norm")),
        (ClipSettings::Value { clip_value: 1.0 }, words.text("training-clip-value")),
    ];
    let choices = choices.map(|(choice, text)| (own_if_same_kind(choice, &settings.clip), text));
    let shown = choices.iter().find(|(choice, _)| *choice == settings.clip);
    let shown = shown.map_or(String::new(), |(_, text)| text.clone());
    if let Some(clip) = choice_ui(ui, &label, &settings.clip, choices, &shown) {
        settings.clip = clip;
    }
    ui.end_row();
    match &mut settings.clip {
        ClipSettings::None => {}
        ClipSettings::Norm { max_norm } => {
            number_row(ui, words, "training-max-norm", max_norm, 0.0..=1e9, out);
        }
        ClipSettings::Value { clip_value } => {
            number_row(ui, words, "training-clip-limit", clip_value, 0.0..=1e9, out);
        }
    }
}

fn number_row(
    ui: &mut Ui,
    words: &Words,
    key: &str,
    value: &mut f64,
    range: std::ops::RangeInclusive<f64>,
    out: &mut Vec<Command>,
) {
    number_ui(ui, &words.text(key), value, range, true, out);
    ui.end_row();
}

fn count_row(ui: &mut Ui, words: &Words, key: &str, value: &mut usize, out: &mut Vec<Command>) {
    let label = words.text(key);
    row_label(ui, label.clone());
    if let Some(new) = count_ui(ui, &label, *value, 1..=MANY, out) {
        *value = new;
    }
    ui.end_row();
}

/// A check box without a text of its own beside a named row.
fn switch_ui(ui: &mut Ui, label: &str, on: bool) -> Option<bool> {
    let mut new = on;
    bare_check_ui(ui, &mut new, label);
    (new != on).then_some(new)
}

/// What an optimizer is called in PyTorch.
pub(crate) fn optimizer_name(optimizer: &OptimizerSettings) -> &'static str {
    match optimizer {
        OptimizerSettings::Sgd { .. } => "SGD",
        OptimizerSettings::RmsProp { .. } => "RMSprop",
        OptimizerSettings::Adagrad { .. } => "Adagrad",
        OptimizerSettings::Adam { .. } => "Adam",
        OptimizerSettings::AdamW { .. } => "AdamW",
    }
}

/// Every optimizer with PyTorch's defaults; the current one with its own settings.
pub(crate) fn optimizer_choices(current: &OptimizerSettings) -> Vec<(OptimizerSettings, String)> {
    let defaults = [
        OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 },
        OptimizerSettings::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0 },
        OptimizerSettings::Adagrad { eps: 1e-10, weight_decay: 0.0 },
        OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
        OptimizerSettings::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
    ];
    defaults
        .into_iter()
        .map(|choice| (own_if_same_kind(choice, current), optimizer_name(&choice).to_owned()))
        .collect()
}
