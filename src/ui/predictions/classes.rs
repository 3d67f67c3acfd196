//! How right classes are: the confusion matrix, whose cells filter the list, scores by class, the
//! receiver operating characteristic, and whether probabilities come true.
//!
//! Must not count anything.

use egui::{RichText, Ui};
use egui_plot::{Line, Plot, PlotPoints, Points};

use super::Shown;
use crate::app::RowsQuestion;
use crate::export::TableText;
use crate::insight::{HeadPredictions, Reliability, RocCurve, class_scores};
use crate::network::Task;
use crate::train::Confusion;
use crate::ui::copy_menu::CopyMenu;
use crate::ui::fields::{heading_ui, name, note_ui};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::theme::{self, Theme};
use crate::ui::ticks;

const HEIGHT: f32 = 170.0;
const GAP: f32 = 2.0;

/// The name of a class; yes and no of a single output are 1 and 0.
pub(super) fn class_name(head: &HeadPredictions, class: usize) -> String {
    match head.task() {
        Task::Classification => head.names.get(class).cloned().unwrap_or_else(|| class.to_string()),
        Task::Regression | Task::BinaryClassification => class.to_string(),
    }
}

pub(super) fn classes_ui(ui: &mut Ui, shown: &Shown<'_>, question: &mut RowsQuestion) {
    let words = shown.words;
    if let Some(confusion) = &shown.head.metrics.of(question.filter.part).1 {
        heading_ui(ui, words.text("metrics-confusion"));
        confusion_ui(ui, shown, confusion, question);
        heading_ui(ui, words.text("predictions-scores"));
        scores_ui(ui, shown, confusion);
    }
    if let Some(roc) = &shown.listing.roc {
        let auc = [("auc", format!("{:.4}", roc.auc).into())];
        heading_ui(ui, words.text_with("predictions-roc", &auc));
        roc_ui(ui, shown, roc);
    }
    if !shown.listing.reliability.is_empty() {
        heading_ui(ui, words.text("predictions-reliability"));
        note_ui(ui, words.text("predictions-reliability-note"));
        reliability_ui(ui, shown, &shown.listing.reliability);
    }
}

/// Rows are true classes, columns predicted ones. A click lists the rows of a cell.
fn confusion_ui(ui: &mut Ui, shown: &Shown<'_>, confusion: &Confusion, question: &mut RowsQuestion) {
    let theme = Theme::of(ui);
    let n_columns = confusion.classes.len() + 1;
    let width = (ui.available_width() / n_columns as f32 - GAP).floor().clamp(20.0, 64.0);
    let largest = confusion.counts.iter().flatten().copied().max().unwrap_or(0) as f64;
    note_ui(ui, shown.words.text("metrics-confusion-note"));
    let label = |ui: &mut Ui, class: &str| {
        let text = RichText::new(class).size(11.0).color(theme.weak);
        ui.add_sized([width, 16.0], egui::Label::new(text).truncate());
    };
    let table = |most: usize| confusion_table(confusion, most);
    let title = shown.words.text("metrics-confusion");
    let menu = CopyMenu { name: &title, n_rows: confusion.counts.len(), table: &table, picture: None };
    egui::Grid::new("predictions confusion").spacing([GAP, GAP]).min_col_width(width).show(ui, |ui| {
        ui.label("");
        confusion.classes.iter().for_each(|class| label(ui, class));
        ui.end_row();
        for (truth, row) in confusion.counts.iter().enumerate() {
            label(ui, confusion.classes.get(truth).map_or("", String::as_str));
            for (said, &count) in row.iter().enumerate() {
                let (rect, response) = ui.allocate_exact_size(egui::vec2(width, 20.0), egui::Sense::click());
                let cell = Some((truth, said));
                let fill = theme.values.color_of(count as f64, largest);
                ui.painter().rect_filled(rect, 3.0, fill);
                if question.filter.cell == cell || response.has_focus() {
                    let line = (2.0, theme.accent);
                    ui.painter().rect_stroke(rect, 3.0, line, egui::StrokeKind::Inside);
                }
                let ink = theme.values.text_on(fill);
                let (text, font) = (count.to_string(), theme::mono(11.0));
                ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, text, font, ink);
                let class = |idx: usize| confusion.classes.get(idx).cloned().unwrap_or_default();
                let about = [
                    ("truth", class(truth).into()),
                    ("said", class(said).into()),
                    ("n", (count as f64).into()),
                ];
                let about = shown.words.text_with("predictions-cell-count", &about);
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::WidgetType::Button, true, about.as_str())
                });
                name(&response, &about);
                menu.on(&response, shown.words);
                if response.on_hover_text(about).clicked() {
                    question.filter.cell = if question.filter.cell == cell { None } else { cell };
                }
            }
            ui.end_row();
        }
    });
}

fn confusion_table(confusion: &Confusion, most: usize) -> TableText {
    let rows = confusion.counts.iter().take(most);
    number_table(
        confusion.classes.iter().cloned(),
        rows.map(|row| row.iter().map(|&count| count as f64).collect()),
    )
}

fn scores_ui(ui: &mut Ui, shown: &Shown<'_>, confusion: &Confusion) {
    let weak = Theme::of(ui).weak;
    let percent =
        |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0));
    egui::Grid::new("class scores").spacing([10.0, 2.0]).show(ui, |ui| {
        ui.label("");
        for key in ["predictions-precision", "predictions-recall", "predictions-f1", "predictions-support"] {
            ui.label(RichText::new(shown.words.text(key)).size(11.0).color(weak));
        }
        ui.end_row();
        for (class, scores) in class_scores(&confusion.counts).iter().enumerate() {
            let name = confusion.classes.get(class).map_or("", String::as_str);
            ui.label(RichText::new(name).size(12.0));
            for share in [scores.precision, scores.recall, scores.f1] {
                ui.label(RichText::new(percent(share)).font(theme::mono(11.5)));
            }
            ui.label(RichText::new(scores.support.to_string()).font(theme::mono(11.5)));
            ui.end_row();
        }
    });
}

fn roc_ui(ui: &mut Ui, shown: &Shown<'_>, roc: &RocCurve) {
    let points = roc.points.iter().map(|point| [point.false_positive_rate, point.true_positive_rate]);
    let points: Vec<[f64; 2]> = points.collect();
    let names =
        ["predictions-false-positives", "predictions-true-positives"].map(|key| shown.words.text(key));
    let table = |most: usize| number_table(names.clone(), points.iter().take(most).map(|p| p.to_vec()));
    let title = format!("{} / {}", names[1], names[0]);
    plot_ui(ui, shown.words, Plotted { title: &title, n_rows: points.len(), table: &table }, |ui| {
        let theme = Theme::of(ui);
        unit_plot("roc", &names, theme).show(ui, |plot| {
            plot.line(diagonal(theme));
            let curve = PlotPoints::from(points.clone());
            plot.line(Line::new("", curve).color(theme.curve_train).width(2.0));
        })
    });
}

fn reliability_ui(ui: &mut Ui, shown: &Shown<'_>, bins: &[Reliability]) {
    let names = ["predictions-said-probability", "predictions-found-share"].map(|key| shown.words.text(key));
    let largest = bins.iter().map(|bin| bin.n).max().unwrap_or(1) as f64;
    let table = |most: usize| {
        let rows = bins.iter().take(most).map(|bin| vec![bin.said, bin.found, bin.n as f64]);
        number_table(names.clone().into_iter().chain(["n".to_owned()]), rows)
    };
    let title = shown.words.text("predictions-reliability");
    plot_ui(ui, shown.words, Plotted { title: &title, n_rows: bins.len(), table: &table }, |ui| {
        let theme = Theme::of(ui);
        unit_plot("reliability", &names, theme).show(ui, |plot| {
            plot.line(diagonal(theme));
            let points: Vec<[f64; 2]> = bins.iter().map(|bin| [bin.said, bin.found]).collect();
            plot.line(Line::new("", PlotPoints::from(points)).color(theme.curve_train).width(1.5));
            for bin in bins {
                // The area of a dot tells how many rows it stands for.
                let radius = 2.0 + 5.0 * (bin.n as f64 / largest).sqrt() as f32;
                let dot = PlotPoints::from(vec![[bin.said, bin.found]]);
                plot.points(Points::new("", dot).color(theme.curve_train).radius(radius));
            }
        })
    });
}

/// The line on which a coin would lie, or honest probabilities.
fn diagonal(theme: &Theme) -> Line<'static> {
    let ends = PlotPoints::from(vec![[0.0, 0.0], [1.0, 1.0]]);
    Line::new("", ends).color(theme.weak).width(1.0).allow_hover(false)
}

fn unit_plot<'a>(id: &str, [x, y]: &[String; 2], theme: &Theme) -> Plot<'a> {
    ticks::plot(id)
        .height(HEIGHT)
        .allow_drag(false)
        .allow_zoom(false)
        .grid_color(theme.outline)
        .include_x(0.0)
        .include_x(1.0)
        .include_y(0.0)
        .include_y(1.0)
        .x_axis_label(x.clone())
        .y_axis_label(y.clone())
        .x_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_axis_formatter(|mark, _| ticks::tick(mark, false))
}
