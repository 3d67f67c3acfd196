//! The Metrics panel: how good the predictions are.
//!
//! Must not know how training is done.

use egui::{RichText, ScrollArea, TextWrapMode, Ui, WidgetText};

use super::confusion::confusion_ui;
use super::fields::{heading_ui, note_ui};
use super::series::series_ui;
use super::theme::{self, Theme};
use crate::app::{App, Command, ViewCommand};
use crate::explain::{self, Metric, Tensor};
use crate::network::Task;
use crate::train::{Evaluation, Metrics};
use crate::words::Words;

/// Around the texts of a metric's card.
const CARD_MARGIN: f32 = 10.0;

/// The metrics of the task.
pub(crate) fn metrics_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let evaluation = app.snapshot().and_then(|snapshot| snapshot.evaluation.clone());
    let Some(evaluation) = evaluation else {
        note_ui(ui, words.text("metrics-nothing"));
        return;
    };
    ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        let part =
            words.text(if evaluation.is_validation { "metrics-validation" } else { "metrics-training" });
        let about = [("part", part.into()), ("epoch", evaluation.epoch.into())];
        note_ui(ui, words.text_with("metrics-about", &about));
        if is_nothing_validated(app) {
            note_ui(ui, words.text("metrics-not-validated"));
        }
        let n_losses = app.document().network.nodes.values().filter(|node| node.kind.is_loss()).count();
        let first = app.document().network.nodes.values().find(|node| node.kind.is_loss());
        if let Some(loss) = first.filter(|_| n_losses > 1) {
            note_ui(ui, words.text_with("metrics-of-loss", &[("loss", loss.name.as_str().into())]));
        }
        ui.add_space(4.0);
        numbers_ui(ui, words, &evaluation, out);
        if let Some(series) = &evaluation.series {
            series_ui(ui, words, series);
        }
        if let Some(confusion) = &evaluation.confusion {
            heading_ui(ui, words.text("metrics-confusion"));
            confusion_ui(ui, words, confusion, None);
        }
    });
}

/// Whether no row is set aside to check what was learned.
pub(super) fn is_nothing_validated(app: &App) -> bool {
    app.prepared().is_some_and(|data| data.validation().is_empty())
}

fn numbers_ui(ui: &mut Ui, words: &Words, evaluation: &Evaluation, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let Metrics { mae, rmse, r2, accuracy, mse, persistence_mse } = &evaluation.metrics;
    let percent = accuracy.map(|accuracy| format!("{:.2} %", accuracy * 100.0));
    let entries = [
        ("metric-accuracy", percent, Some(Metric::Accuracy)),
        ("metric-mae", mae.map(explain::short), Some(Metric::Mae)),
        ("metric-rmse", rmse.map(explain::short), Some(Metric::Rmse)),
        ("metric-r2", r2.map(explain::short), Some(Metric::R2)),
        ("metric-mse", mse.map(explain::short), None),
        ("metric-persistence", persistence_mse.map(explain::short), None),
        ("metric-loss", Some(explain::short(evaluation.loss)), Some(Metric::Loss)),
    ];
    ui.horizontal_wrapped(|ui| {
        for (key, value, metric) in entries {
            let Some(value) = value else { continue };
            let said = format!("{} {value}", words.text(key));
            let texts = [
                RichText::new(words.text(key)).size(11.5).color(theme.weak),
                RichText::new(value).font(theme::mono(17.0)),
            ];
            let lines = texts.map(|text| {
                let style = egui::TextStyle::Body;
                WidgetText::from(text).into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, style)
            });
            let width = lines.iter().fold(0.0_f32, |width, line| width.max(line.size().x));
            // A card that does not fit goes to the next row; its texts do not break.
            if ui.available_size_before_wrap().x < width + 2.0 * CARD_MARGIN {
                ui.end_row();
            }
            let card = egui::Frame::NONE.fill(theme.control).corner_radius(6).inner_margin(CARD_MARGIN);
            let shown =
                card.show(ui, |ui| ui.vertical(|ui| lines.into_iter().for_each(|line| drop(ui.label(line)))));
            let Some(metric) = metric else { continue };
            let response = ui.interact(shown.response.rect, ui.id().with(key), egui::Sense::click());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, said.as_str()));
            if response.clicked() {
                out.push(Command::View(ViewCommand::Explain(Tensor::Metric(metric).at(0, 0))));
            }
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(words.text("why-hint"));
        }
    });
    if evaluation.task == Task::Regression {
        note_ui(ui, words.text("metrics-units"));
    }
}
