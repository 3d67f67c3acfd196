//! The bar at the top: menus, the buttons of the training, and how far it has come.
//!
//! Must not know how training is done.

use egui::{Button, RichText, Ui};

use super::act::Act;
use super::curves::has_scaled_targets;
use super::fields::{self, NumberField, choice_ui, choice_width, more_ui, sign_button};
use super::menu::{MenuContext, menu_style, menu_ui};
use super::theme::{self, Theme};
use super::training::{optimizer_choices, optimizer_name};
use crate::app::{App, Command, EditCommand, TrainCommand, ViewCommand};
use crate::document::TrainingSettings;
use crate::explain::{self, Metric, Tensor};
use crate::tensor::OptimizerKind;
use crate::train::{Metrics, Progress, SampleView, Tempo};
use crate::words::Words;

/// The least size of the button that starts and pauses.
const TRAIN: egui::Vec2 = egui::vec2(76.0, 22.0);
/// Between the buttons and the settings.
const GROUP_GAP: f32 = 10.0;
/// Room for the numbers of the epoch and the loss.
const NUMBERS: f32 = 330.0;

/// The whole bar: one row, or two where the window is too narrow for one.
pub(crate) fn top_bar_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    context: &MenuContext<'_>,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    let memory = egui::Id::new("width of the top bar");
    let known: f32 = ui.data(|data| data.get_temp(memory)).unwrap_or_default();
    let room = ui.available_width();
    let in_one_row = known <= room;
    let menus = egui::containers::menu::MenuConfig::new().style(menu_style);
    let bar = egui::MenuBar::new().config(menus).style(menu_style).ui(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let mut width = width_of(ui, |ui| {
            menu_ui(ui, app, words, context, acts, out);
            ui.add_space(12.0);
        });
        // From here on ordinary buttons, not entries of a menu bar.
        ui.reset_style();
        ui.spacing_mut().item_spacing.x = 5.0;
        if in_one_row {
            width += width_of(ui, |ui| training_ui(ui, app, words, false, acts, out));
        }
        progress_ui(ui, app, words, out);
        width
    });
    let mut width = bar.inner + NUMBERS;
    if !in_one_row {
        let row = |ui: &mut Ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            let is_folded = full_width(ui, app, words) > ui.available_width();
            let width = width_of(ui, |ui| training_ui(ui, app, words, is_folded, acts, out));
            if is_folded { room } else { width }
        };
        // In a very narrow window, even more rows; how wide they would be in one is not known then.
        let rows = ui.horizontal_wrapped(row);
        let has_wrapped = rows.response.rect.height() > 1.5 * ui.spacing().interact_size.y;
        width += if has_wrapped { room } else { rows.inner };
    }
    ui.data_mut(|data| data.insert_temp(memory, width));
    if in_one_row != (width <= room) {
        ui.ctx().request_discard("the top bar takes another number of rows");
    }
}

/// How wide that is which `add` puts into a row.
fn width_of(ui: &mut Ui, add: impl FnOnce(&mut Ui)) -> f32 {
    let start = ui.cursor().left();
    add(ui);
    ui.cursor().left() - start
}

/// The buttons of the training and its most used settings; where it is folded, some of them in a menu.
fn training_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    is_folded: bool,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    controls_ui(ui, app, words, acts);
    if !is_folded {
        tempo_ui(ui, app, words, out);
        if sign_button(ui, "↺", &words.text("menu-reset-seed"), true).clicked() {
            acts.push(Act::ResetSeed);
        }
        ui.add_space(GROUP_GAP);
    }
    learning_rate_ui(ui, app, words, out);
    if is_folded {
        more_ui(ui, &words.text("top-more"), |ui| folded_ui(ui, app, words, acts, out));
    } else {
        optimizer_ui(ui, app, words, out);
    }
    ui.add_space(10.0);
}

/// How wide the row of the training is where nothing of it is folded away.
fn full_width(ui: &Ui, app: &App, words: &Words) -> f32 {
    let settings = &app.document().training;
    let spacing = ui.spacing();
    let font = egui::TextStyle::Button.resolve(ui.style());
    let text = |text: String| ui.painter().layout_no_wrap(text, font.clone(), egui::Color32::WHITE).size().x;
    let button = |label: String| text(label) + 2.0 * spacing.button_padding.x;
    let buttons = ["top-step-batch", "top-step-epoch"].map(|key| button(words.text(key)));
    let widths = [
        button(format!("▶ {}", words.text(train_key(app).1))).max(TRAIN.x),
        choice_width(ui, &short_tempo_text(app.tempo(), words)),
        button("↺".to_owned()),
        text(words.text("top-lr")),
        button(fields::compact(settings.learning_rate)).max(spacing.interact_size.x),
        choice_width(ui, optimizer_name(&settings.optimizer)),
    ];
    let gaps = (buttons.len() + widths.len()) as f32 * spacing.item_spacing.x + GROUP_GAP;
    buttons.iter().chain(&widths).sum::<f32>() + gaps
}

/// What has no room in the row, as entries of a menu.
fn folded_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>, out: &mut Vec<Command>) {
    if ui.button(words.text("menu-reset-seed")).clicked() {
        acts.push(Act::ResetSeed);
    }
    ui.separator();
    for tempo in Tempo::ALL {
        if ui.selectable_label(app.tempo() == tempo, tempo_text(tempo, words)).clicked() {
            out.push(Command::Train(TrainCommand::SetTempo(tempo)));
        }
    }
    ui.separator();
    let settings = &app.document().training;
    for (optimizer, name) in optimizer_choices(&settings.optimizer) {
        if ui.selectable_label(settings.optimizer == optimizer, name).clicked() {
            set_optimizer(app, optimizer, out);
        }
    }
}

fn set_optimizer(app: &App, optimizer: OptimizerKind, out: &mut Vec<Command>) {
    let settings = TrainingSettings { optimizer, ..app.document().training.clone() };
    out.push(Command::Edit(EditCommand::SetTraining(settings)));
}

/// The sign and the name of the button that starts and pauses.
fn train_key(app: &App) -> (&'static str, &'static str) {
    if app.run_state().is_running() { ("⏸", "top-pause") } else { ("▶", "top-train") }
}

fn controls_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>) {
    let theme = Theme::of(ui);
    let (sign, key) = train_key(app);
    let text = RichText::new(format!("{sign} {}", words.text(key))).color(theme.on_accent);
    let button = Button::new(text).fill(theme.accent).stroke(egui::Stroke::NONE).min_size(TRAIN);
    let hint = |act: Act, ui: &Ui| {
        let key = act.shortcut().map(|shortcut| ui.ctx().format_shortcut(&shortcut)).unwrap_or_default();
        format!("{} ({key})", words.text(act.key()))
    };
    if ui.add(button).on_hover_text(hint(Act::TrainToggle, ui)).clicked() {
        acts.push(Act::TrainToggle);
    }
    for (act, key) in [(Act::StepBatch, "top-step-batch"), (Act::StepEpoch, "top-step-epoch")] {
        if ui.button(words.text(key)).on_hover_text(hint(act, ui)).clicked() {
            acts.push(act);
        }
    }
}

/// How many batches a second are learned.
fn tempo_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let tempo = app.tempo();
    let choices = Tempo::ALL.map(|tempo| (tempo, tempo_text(tempo, words)));
    let shown = short_tempo_text(tempo, words);
    if let Some(tempo) = choice_ui(ui, &words.text("top-tempo"), &tempo, choices, &shown) {
        out.push(Command::Train(TrainCommand::SetTempo(tempo)));
    }
}

/// The same where there is little room.
fn short_tempo_text(tempo: Tempo, words: &Words) -> String {
    match tempo {
        Tempo::Full => words.text("tempo-full-short"),
        Tempo::PerSecond(n) => words.text_with("tempo-per-second-short", &[("n", (n as usize).into())]),
    }
}

/// `5 batches a second`, or as fast as it goes.
pub(crate) fn tempo_text(tempo: Tempo, words: &Words) -> String {
    match tempo {
        Tempo::Full => words.text("tempo-full"),
        Tempo::PerSecond(n) => words.text_with("tempo-per-second", &[("n", (n as usize).into())]),
    }
}

fn learning_rate_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let settings = &app.document().training;
    ui.label(RichText::new(words.text("top-lr")).color(theme.weak))
        .on_hover_text(words.text("training-learning-rate"));
    let field = NumberField {
        name: &words.text("training-learning-rate"),
        range: 0.0..=1e6,
        logarithmic: true,
        whole: false,
    };
    if let Some(learning_rate) = field.ui(ui, settings.learning_rate, out) {
        let mut settings = settings.clone();
        settings.learning_rate = learning_rate;
        out.push(Command::Edit(EditCommand::SetTraining(settings)));
    }
}

fn optimizer_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let settings = &app.document().training;
    let name = optimizer_name(&settings.optimizer);
    let choices = optimizer_choices(&settings.optimizer);
    if let Some(optimizer) =
        choice_ui(ui, &words.text("training-optimizer"), &settings.optimizer, choices, name)
    {
        set_optimizer(app, optimizer, out);
    }
}

/// A number of the bar: its name, the number, and what it is measured in.
struct Reading {
    key: &'static str,
    value: String,
    unit: Option<&'static str>,
}

/// How far the training has come; what does not fit is left out, the least needed first.
fn progress_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let snapshot = app.snapshot();
    let progress = snapshot.map(|snapshot| snapshot.progress).unwrap_or_default();
    let epochs = if snapshot.is_some() && progress.epochs > 0 {
        progress.epochs
    } else {
        app.document().training.epochs
    };
    let plain = |key, value| Reading { key, value, unit: None };
    let mut readings = vec![plain("top-epoch", format!("{} / {epochs}", progress.epoch))];
    let unit = has_scaled_targets(app).then_some("top-scaled");
    let pass = snapshot.and_then(|snapshot| snapshot.pass.as_ref());
    let of_pass = match pass.map(|pass| pass.view) {
        Some(SampleView::Alone(_)) => "top-row-loss",
        Some(SampleView::Batch | SampleView::Sample(_)) | None => "top-batch-loss",
    };
    let losses = match progress.train_loss {
        Some(loss) => [("top-loss", Some(loss)), ("top-validation-loss", progress.val_loss)],
        None => [(of_pass, pass.map(|pass| pass.loss)), ("top-validation-loss", None)],
    };
    let losses = losses.into_iter().filter_map(|(key, loss)| Some((key, loss?)));
    readings.extend(losses.map(|(key, loss)| Reading { key, value: explain::short(loss), unit }));
    // The numbers of the panels are those of the batch that comes next.
    let batch = plain("top-batch", format!("{} / {}", progress.batch + 1, progress.n_batches));
    let mut batch = Some(batch).filter(|_| progress.n_batches > 1);
    // Within an epoch it is what moves from step to step; between two it may give way to the others.
    if progress.batch > 0 || app.run_state().is_running() {
        let place = readings.len().min(2);
        readings.splice(place..place, batch.take());
    }
    let evaluation = snapshot.and_then(|snapshot| snapshot.evaluation.as_ref());
    let metrics = evaluation.map(|evaluation| evaluation.metrics());
    readings.extend(metrics.as_ref().and_then(main_metric).map(|(key, value)| plain(key, value)));
    readings.extend(batch);
    let left = progress.seconds_left.filter(|_| app.run_state().is_running());
    readings.extend(left.map(|seconds| plain("top-left", duration(seconds))));
    for mut reading in readings {
        if !reading_ui(ui, words, &reading, out) {
            reading.unit = None;
            if !reading_ui(ui, words, &reading, out) && reading.key == "top-loss" {
                reading.key = "metric-loss";
                reading_ui(ui, words, &reading, out);
            }
        }
    }
    // Before any training there is nothing to show.
    let has_begun = progress.epoch > 0 || progress.batch > 0 || app.run_state().is_running();
    if has_begun && ui.available_width() > 48.0 {
        bar_ui(ui, words, progress, epochs);
    }
}

/// The one metric that fits the bar.
fn main_metric(metrics: &Metrics) -> Option<(&'static str, String)> {
    if let Some(accuracy) = metrics.accuracy {
        return Some(("metric-accuracy", format!("{:.1} %", accuracy * 100.0)));
    }
    metrics.mae.map(|mae| ("metric-mae", explain::short(mae)))
}

/// A reading; false where there is no room for it.
fn reading_ui(ui: &mut Ui, words: &Words, reading: &Reading, out: &mut Vec<Command>) -> bool {
    let theme = Theme::of(ui);
    let weak = |key: &str| RichText::new(words.text(key)).color(theme.weak);
    let value = RichText::new(&reading.value).font(theme::mono(12.5));
    let texts = [Some(weak(reading.key)), Some(value), reading.unit.map(weak)];
    let texts: Vec<_> = texts
        .into_iter()
        .flatten()
        .map(|text| {
            let (wrap, style) = (egui::TextWrapMode::Extend, egui::TextStyle::Body);
            egui::WidgetText::from(text).into_galley(ui, Some(wrap), f32::INFINITY, style)
        })
        .collect();
    let width: f32 = texts.iter().map(|text| text.size().x + ui.spacing().item_spacing.x).sum();
    let fits = width <= ui.available_width();
    if fits {
        let hint = match reading.key {
            "top-loss" | "metric-loss" => Some("top-loss-hint"),
            "top-validation-loss" => Some("top-validation-loss-hint"),
            "top-batch-loss" => Some("top-batch-loss-hint"),
            "top-row-loss" => Some("top-row-loss-hint"),
            "top-batch" => Some("top-batch-hint"),
            _ => None,
        };
        let asked = explained(reading.key);
        for text in texts {
            let sense = if asked.is_some() { egui::Sense::click() } else { egui::Sense::hover() };
            let response = ui.add(egui::Label::new(text).sense(sense));
            if response.clicked()
                && let Some(tensor) = asked
            {
                out.push(Command::View(ViewCommand::Explain(tensor.at(0, 0))));
            }
            if let Some(hint) = hint {
                response.on_hover_text(words.text(hint));
            }
        }
        ui.add_space(6.0);
    }
    fits
}

/// The number behind a reading.
fn explained(key: &str) -> Option<Tensor> {
    Some(match key {
        "top-batch-loss" | "top-row-loss" => Tensor::TotalLoss,
        "top-loss" | "metric-loss" => Tensor::Metric(Metric::TrainLoss),
        "top-validation-loss" => Tensor::Metric(Metric::Loss),
        "metric-accuracy" => Tensor::Metric(Metric::Accuracy),
        "metric-mae" => Tensor::Metric(Metric::Mae),
        _ => return None,
    })
}

fn bar_ui(ui: &mut Ui, words: &Words, progress: Progress, epochs: usize) {
    let theme = Theme::of(ui);
    let width = ui.available_width().min(120.0);
    let batches = progress.batch as f32 / progress.n_batches.max(1) as f32;
    let done = (progress.epoch as f32 + batches.clamp(0.0, 1.0)) / epochs.max(1) as f32;
    let done = done.clamp(0.0, 1.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let (rect, response) = ui.allocate_exact_size(egui::vec2(width, 8.0), egui::Sense::hover());
        let painter = ui.painter();
        painter.rect(rect, 4.0, theme.control, (1.0, theme.outline), egui::StrokeKind::Inside);
        let mut filled = rect.shrink(1.0);
        filled.set_width((rect.width() - 2.0) * done);
        painter.rect_filled(filled, 3.0, theme.accent);
        let label = words.text_with("top-progress", &[("percent", f64::from((done * 100.0).round()).into())]);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::WidgetType::ProgressIndicator, true, label.as_str())
        });
        response.on_hover_text(label);
    });
}

/// `1:05` or `2:03:04`.
fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "…".to_owned();
    }
    let seconds = seconds.clamp(0.0, 3.6e6).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(duration(5.4), "0:05");
        assert_eq!(duration(65.0), "1:05");
        assert_eq!(duration(7_384.0), "2:03:04");
        assert_eq!(duration(f64::INFINITY), "…");
        assert_eq!(duration(-1.0), "0:00");
    }
}
