//! Curves and metrics: how the loss falls, and how good the predictions are.
//!
//! Must not know how training is done.

use std::sync::Arc;

use egui::{RichText, ScrollArea, TextWrapMode, Ui, WidgetText};
use egui_plot::{AxisHints, Corner, Legend, Line, Plot, PlotPoints, Points};

use super::fields::{check_ui, heading_ui, note_ui};
use super::pictures::{self, Content, Offer, offer};
use super::series::series_ui;
use super::theme::{self, Theme};
use super::ticks::{self, tick};
use crate::app::{App, Command, ViewCommand};
use crate::explain::{self, Metric, Tensor};
use crate::network::Task;
use crate::train::{Confusion, EpochRecord, Evaluation, Metrics};
use crate::words::Words;

/// Lower plots have no legend.
const LEGEND_HEIGHT: f32 = 120.0;
/// Around the texts of a metric's card.
const CARD_MARGIN: f32 = 10.0;

/// The loss curves.
pub(crate) fn loss_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let history = app.loss_history();
    let id = egui::Id::new("log scale");
    let mut log: bool = ui.data_mut(|data| *data.get_persisted_mut_or_default(id));
    ui.horizontal_wrapped(|ui| {
        check_ui(ui, &mut log, words.text("plot-log"));
        ui.data_mut(|data| data.insert_persisted(id, log));
        if let Some(last) = history.last() {
            values_ui(ui, &words.text("plot-train"), Some(last.train_loss));
            values_ui(ui, &words.text("plot-validation"), last.val_loss);
        }
        if has_scaled_targets(app) {
            let weak = Theme::of(ui).weak;
            ui.label(RichText::new(words.text("plot-scaled")).color(weak));
        }
    });
    if history.records().is_empty() {
        note_ui(ui, words.text("plot-nothing"));
        return;
    }
    let response = curves_ui(ui, app, words, log);
    // A point of the curve is a loss.
    if response.clicked() {
        out.push(Command::View(ViewCommand::Explain(Tensor::TotalLoss.at(0, 0))));
    }
    response.context_menu(|ui| {
        if ui.button(words.text("plot-save-picture")).clicked() {
            let picture = pictures::of_loss(app, words, ui.visuals().dark_mode, log);
            offer(ui.ctx(), Offer { name: "loss".to_owned(), content: Content::Picture(Arc::new(picture)) });
            ui.close();
        }
        if ui.button(words.text("plot-save-numbers")).clicked() {
            let text = curves_csv(history.records());
            offer(ui.ctx(), Offer { name: "loss".to_owned(), content: Content::Table(Arc::new(text)) });
            ui.close();
        }
    });
}

/// What is drawn, an epoch a line.
fn curves_csv(records: &[EpochRecord]) -> String {
    let cell = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    let line =
        |record: &EpochRecord| format!("{},{},{}\n", record.epoch, record.train_loss, cell(record.val_loss));
    let lines: String = records.iter().map(line).collect();
    format!("epoch,train_loss,val_loss\n{lines}")
}

/// The curves alone.
pub(super) fn curves_ui(ui: &mut Ui, app: &App, words: &Words, log: bool) -> egui::Response {
    let history = app.loss_history();
    let theme = Theme::of(ui);
    let train = curve(history.records(), log, |record| Some(record.train_loss));
    let validation = curve(history.records(), log, |record| record.val_loss);
    let (x_name, y_name) = (words.text("plot-epoch"), words.text("plot-loss"));
    let hover_names = (x_name.clone(), y_name.clone());
    // Close enough for every tenth of a hundred epochs in a panel of the default width, and far enough
    // for the longest number.
    let last = history.last().map_or(0, |record| record.epoch).to_string();
    let widest = ui.painter().layout_no_wrap(last, theme::text(13.0), theme.text).size().x + 10.0;
    let epochs = AxisHints::new_x()
        .label(x_name)
        .label_spacing(widest.max(32.0)..=1.5 * widest.max(32.0))
        .formatter(|mark, _| ticks::count(mark));
    // In a low panel the legend would cover the curves; the values above have the same names.
    let mut plot = Plot::new("loss");
    if ui.available_height() > LEGEND_HEIGHT {
        plot = plot.legend(Legend::default().position(Corner::RightTop));
    }
    let shown = plot
        .allow_scroll(false)
        .grid_color(theme.outline)
        .custom_x_axes(vec![epochs])
        .y_axis_label(y_name)
        .y_axis_formatter(move |mark, _| tick(mark, log))
        .label_formatter(move |position| {
            let point = match position {
                egui_plot::HoverPosition::NearDataPoint { position, .. }
                | egui_plot::HoverPosition::Elsewhere { position } => position,
            };
            let loss = if log { 10_f64.powf(point.y) } else { point.y };
            Some(format!("{} {:.0}\n{} {}", hover_names.0, point.x, hover_names.1, explain::short(loss)))
        })
        .show(ui, |plot| {
            let curves = [
                ("plot-train", train, theme.curve_train),
                ("plot-validation", validation, theme.curve_validation),
            ];
            for (key, points, color) in curves {
                // A line of one point is not seen.
                if let [point] = points.as_slice() {
                    plot.points(
                        Points::new(words.text(key), PlotPoints::from(vec![*point])).color(color).radius(3.5),
                    );
                } else if !points.is_empty() {
                    plot.line(Line::new(words.text(key), PlotPoints::from(points)).color(color).width(2.0));
                }
            }
        });
    shown.response
}

/// Whether the loss is that of scaled targets.
pub(crate) fn has_scaled_targets(app: &App) -> bool {
    app.document().data.path.is_some() && app.document().data.target_scaling != crate::data::Scaling::None
}

/// Points of a curve, without what cannot be drawn.
fn curve(records: &[EpochRecord], log: bool, value: impl Fn(&EpochRecord) -> Option<f64>) -> Vec<[f64; 2]> {
    let points = records.iter().filter_map(|record| {
        let y = value(record)?;
        let y = if log { y.log10() } else { y };
        y.is_finite().then_some([record.epoch as f64, y])
    });
    points.collect()
}

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
        ui.add_space(4.0);
        numbers_ui(ui, words, &evaluation, out);
        if let Some(series) = &evaluation.series {
            heading_ui(ui, words.text("metrics-series"));
            series_ui(ui, words, series);
        }
        if let Some(confusion) = &evaluation.confusion {
            heading_ui(ui, words.text("metrics-confusion"));
            confusion_ui(ui, words, confusion);
        }
    });
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

/// Rows are true classes, columns predicted ones.
fn confusion_ui(ui: &mut Ui, words: &Words, confusion: &Confusion) {
    const GAP: f32 = 2.0;
    let theme = Theme::of(ui);
    // Narrower where that spares scrolling, but wide enough for a count.
    let n_columns = confusion.classes.len() + 1;
    let width = (ui.available_width() / n_columns as f32 - GAP).floor().clamp(36.0, 64.0);
    let largest = confusion.counts.iter().flatten().copied().max().unwrap_or(0) as f64;
    note_ui(ui, words.text("metrics-confusion-note"));
    egui::Grid::new("confusion").spacing([GAP, GAP]).min_col_width(width).show(ui, |ui| {
        ui.label("");
        for class in &confusion.classes {
            ui.vertical_centered(|ui| ui.label(RichText::new(class).size(11.0).color(theme.weak)));
        }
        ui.end_row();
        for (truth, row) in confusion.counts.iter().enumerate() {
            let class = confusion.classes.get(truth).map_or("", String::as_str);
            ui.label(RichText::new(class).size(11.0).color(theme.weak));
            for &count in row {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 22.0), egui::Sense::hover());
                let fill = theme.values.color_of(count as f64, largest);
                ui.painter().rect_filled(rect, 3.0, fill);
                let text = count.to_string();
                let ink = theme.values.text_on(fill);
                ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, text, theme::mono(11.5), ink);
            }
            ui.end_row();
        }
    });
}

fn values_ui(ui: &mut Ui, label: &str, value: Option<f64>) {
    let Some(value) = value else { return };
    let weak = Theme::of(ui).weak;
    ui.label(RichText::new(label).color(weak));
    ui.label(RichText::new(explain::short(value)).font(theme::mono(12.0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(losses: &[f64]) -> Vec<EpochRecord> {
        let record = |(i, &train_loss): (usize, &f64)| EpochRecord {
            epoch: i + 1,
            train_loss,
            val_loss: None,
            metrics: Metrics::default(),
        };
        losses.iter().enumerate().map(record).collect()
    }

    #[test]
    fn a_log_scale_leaves_out_what_has_no_logarithm() {
        let points = curve(&records(&[1.0, 0.1, 0.0, f64::NAN]), true, |r| Some(r.train_loss));
        assert_eq!(points, [[1.0, 0.0], [2.0, -1.0]]);
    }
}
