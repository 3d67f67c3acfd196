//! How right classes are: the confusion matrix, whose cells filter the list, scores by class, the
//! receiver operating characteristic, and whether probabilities come true.
//!
//! Must not count anything.

use egui::{RichText, ScrollArea, Ui};
use egui_plot::{Line, Plot, PlotPoints, Points};

use super::Shown;
use crate::app::RowsQuestion;
use crate::export::{TableCell, TableText};
use crate::insight::{ClassScores, Reliability, RocCurve, class_scores};
use crate::train::{Confusion, Precision};
use crate::ui::confusion::confusion_ui;
use crate::ui::copy_menu::CopyMenu;
use crate::ui::fields::{heading_ui, note_ui};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::theme::{self, Theme};
use crate::ui::ticks;

const HEIGHT: f32 = 170.0;
/// What is said of each class.
const SCORES: [&str; 4] =
    ["predictions-precision", "predictions-recall", "predictions-f1", "predictions-support"];

pub(super) fn classes_ui(ui: &mut Ui, shown: &Shown<'_>, question: &mut RowsQuestion) {
    let words = shown.words;
    if let Some(confusion) = &shown.head.metrics.of(question.filter.part).1 {
        heading_ui(ui, words.text("metrics-confusion"));
        confusion_ui(ui, words, confusion, Some(&mut question.filter.cell));
        heading_ui(ui, words.text("predictions-scores"));
        scores_ui(ui, shown, confusion);
    }
    if let Some(roc) = &shown.listing.roc {
        let auc = [("auc", format!("{:.4}", roc.auc).into())];
        heading_ui(ui, words.text_with("predictions-roc", &auc));
        roc_ui(ui, shown, roc);
    } else if shown.head.n_classes() == Some(2) {
        heading_ui(ui, words.text("predictions-no-roc-title"));
        note_ui(ui, no_roc(shown));
    }
    if !shown.listing.reliability.is_empty() {
        heading_ui(ui, words.text("predictions-reliability"));
        note_ui(ui, words.text("predictions-reliability-note"));
        reliability_ui(ui, shown, &shown.listing.reliability);
    }
}

/// Why there is no ROC curve: it takes rows of both classes.
fn no_roc(shown: &Shown<'_>) -> String {
    let known = |sample: &u32| shown.head.true_class(*sample as usize);
    match shown.listing.samples.iter().find_map(known) {
        Some(class) => {
            let class = shown.head.class_name(class);
            shown.words.text_with("predictions-no-roc", &[("class", class.into())])
        }
        None => shown.words.text("predictions-no-known-class"),
    }
}

fn scores_ui(ui: &mut Ui, shown: &Shown<'_>, confusion: &Confusion) {
    let words = shown.words;
    let scores = class_scores(&confusion.counts);
    let class = |idx: usize| confusion.classes.get(idx).cloned().unwrap_or_default();
    let titles = SCORES.map(|key| words.text(key));
    let table = |most: usize| score_table(&titles, &scores, class, most);
    let title = words.text("predictions-scores");
    let menu = CopyMenu { name: &title, n_rows: scores.len(), table: &table, picture: None };
    let weak = Theme::of(ui).weak;
    menu.around(ui, words, |ui| {
        ScrollArea::horizontal().id_salt("class scores").show(ui, |ui| {
            egui::Grid::new("class scores").spacing([10.0, 2.0]).show(ui, |ui| {
                ui.label("");
                for title in &titles {
                    ui.label(RichText::new(title).size(11.0).color(weak));
                }
                ui.end_row();
                for (idx, scores) in scores.iter().enumerate() {
                    ui.label(RichText::new(class(idx)).size(12.0));
                    let hints = ["predictions-no-precision", "predictions-no-recall", "predictions-no-f1"];
                    for (share, hint) in [scores.precision, scores.recall, scores.f1].into_iter().zip(hints) {
                        match share {
                            Some(share) => number_ui(ui, format!("{:.1} %", share * 100.0)),
                            None => number_ui(ui, "–".to_owned()).on_hover_text(words.text(hint)),
                        };
                    }
                    number_ui(ui, scores.support.to_string());
                    ui.end_row();
                }
            });
        });
    });
}

fn number_ui(ui: &mut Ui, text: String) -> egui::Response {
    ui.label(RichText::new(text).font(theme::mono(11.5)))
}

/// A class a row; what there is not is empty.
fn score_table(
    titles: &[String; 4],
    scores: &[ClassScores],
    class: impl Fn(usize) -> String,
    most: usize,
) -> TableText {
    let number = |x: Option<f64>| x.map_or(TableCell::Missing, TableCell::Number);
    let row = |(idx, scores): (usize, &ClassScores)| {
        let shares = [scores.precision, scores.recall, scores.f1, Some(scores.support as f64)];
        std::iter::once(TableCell::Text(class(idx))).chain(shares.map(number)).collect()
    };
    TableText {
        columns: std::iter::once("class".to_owned()).chain(titles.iter().cloned()).collect(),
        rows: scores.iter().enumerate().take(most).map(row).collect(),
        rank: 2,
        precision: Precision::F64,
    }
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
