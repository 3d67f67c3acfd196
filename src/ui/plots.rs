//! The Metrics panel: how good the predictions are.
//!
//! Must not know how training is done.

use egui::{RichText, ScrollArea, TextWrapMode, Ui, WidgetText};

use super::confusion::confusion_ui;
use super::fields::{heading_ui, note_ui};
use super::series::series_ui;
use super::theme::{self, Theme};
use crate::app::{App, Command, ViewCommand};
use crate::explain::{self, Metric, Quantity, Tensor};
use crate::network::Task;
use crate::train::{LossEvaluation, Metrics};
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
        let has_several = evaluation.losses.len() > 1;
        if has_several {
            note_ui(ui, words.text("metrics-total"));
        }
        ui.add_space(4.0);
        if has_several || evaluation.losses.is_empty() {
            let total = Card::asked("metric-loss", explain::short(evaluation.loss), Metric::Loss);
            cards_ui(ui, words, [total], &|metric| Tensor::Metric(metric).at(0, 0), out);
        }
        for (idx, of) in evaluation.losses.iter().enumerate() {
            ui.push_id(("loss", idx), |ui| {
                if has_several {
                    heading_ui(ui, of.name.as_str());
                }
                let quantity = |metric: Metric| {
                    if has_several { metric.of_loss(idx) } else { Tensor::Metric(metric).at(0, 0) }
                };
                cards_ui(ui, words, cards(of), &quantity, out);
                if of.task == Task::Regression {
                    note_ui(ui, words.text("metrics-units"));
                }
                // What is forecast in order of time is what the first loss compares.
                if let Some(series) = evaluation.series.as_ref().filter(|_| idx == 0) {
                    series_ui(ui, words, series);
                }
                if let Some(confusion) = &of.confusion {
                    heading_ui(ui, words.text("metrics-confusion"));
                    confusion_ui(ui, words, confusion, None);
                }
            });
        }
    });
}

/// Whether no row is set aside to check what was learned.
pub(super) fn is_nothing_validated(app: &App) -> bool {
    app.prepared().is_some_and(|data| data.validation().is_empty())
}

/// A metric as a card.
struct Card {
    key: &'static str,
    value: Option<String>,
    /// What a click explains.
    metric: Option<Metric>,
}

impl Card {
    fn asked(key: &'static str, value: String, metric: Metric) -> Self {
        Self { key, value: Some(value), metric: Some(metric) }
    }
}

/// The metrics of one loss that apply.
fn cards(of: &LossEvaluation) -> [Card; 7] {
    let Metrics { mae, rmse, r2, accuracy, mse, persistence_mse } = &of.metrics;
    let percent = accuracy.map(|accuracy| format!("{:.2} %", accuracy * 100.0));
    let number = |key, value: &Option<f64>, metric| Card { key, value: value.map(explain::short), metric };
    [
        Card { key: "metric-accuracy", value: percent, metric: Some(Metric::Accuracy) },
        number("metric-mae", mae, Some(Metric::Mae)),
        number("metric-rmse", rmse, Some(Metric::Rmse)),
        number("metric-r2", r2, Some(Metric::R2)),
        number("metric-mse", mse, None),
        number("metric-persistence", persistence_mse, None),
        Card::asked("metric-loss", explain::short(of.loss), Metric::Loss),
    ]
}

fn cards_ui(
    ui: &mut Ui,
    words: &Words,
    cards: impl IntoIterator<Item = Card>,
    quantity: &dyn Fn(Metric) -> Quantity,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    ui.horizontal_wrapped(|ui| {
        for Card { key, value, metric } in cards {
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
                out.push(Command::View(ViewCommand::Explain(quantity(metric))));
            }
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(words.text("why-hint"));
        }
    });
}
