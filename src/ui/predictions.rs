//! The Predictions panel: what the network says about every row, beside the truth, with plots of how
//! right it is.
//!
//! Must not compute anything: lists and scores come from the application.

mod classes;
mod copy;
mod forecast;
mod plots;
mod score;
mod table;

use egui::{Align, Id, Layout, RichText, Ui};

use super::act::Act;
use super::fields::{check_ui, choice_ui, note_ui, wrap_before, wrapped_ui};
use super::numbers::asked_ui;
use super::samples::shown_sample;
use super::scrolling::scrolling_ui;
use super::studies::freshness_ui;
use super::theme::{self, Theme};
use crate::app::{App, Command, Questions, RowsQuestion, ViewCommand};
use crate::data::{Part, Prepared};
use crate::explain::{self, Metric, Tensor};
use crate::insight::{HeadPredictions, Listing, Predictions, RolloutQuestion};
use crate::network::Task;
use crate::train::{Metrics, SampleView};
use crate::words::Words;

/// Plots stand beside the table where the panel is at least this wide.
const WIDE: f32 = 560.0;
/// The table under which the plots stand is at least so high.
const LEAST_TABLE: f32 = 128.0;
/// Width of the plots beside the table: what the table leaves, between these.
const PLOTS_WIDTH: [f32; 2] = [272.0, 560.0];

/// What is drawn: one head's predictions, and which of them.
struct Shown<'a> {
    app: &'a App,
    words: &'a Words,
    data: &'a Prepared,
    predictions: &'a Predictions,
    head: &'a HeadPredictions,
    listing: &'a Listing,
    /// The second file, where its rows are listed: no other panel can show them.
    file: Option<String>,
}

impl Shown<'_> {
    /// The sample that all panels look at, where it is one of these rows.
    fn looked_at(&self) -> Option<usize> {
        shown_sample(self.app).filter(|_| self.file.is_none())
    }

    /// Looks at a row in all panels, or at the whole batch.
    fn look_at(&self, view: SampleView, out: &mut Vec<Command>) {
        if self.file.is_none() {
            out.push(Command::View(ViewCommand::Samples(view)));
        }
    }
}

/// The panel. `asks` takes what it wants to know.
pub(crate) fn predictions_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    asks: &mut Questions,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    // Rows, columns and classes are those of one document.
    let id = Id::new(("rows question", app.n_documents()));
    let mut question: RowsQuestion = ui.data_mut(|data| data.get_temp(id)).unwrap_or_default();
    let before = question;
    question_ui(ui, app, words, (&mut question, &mut asks.rollout), acts, out);
    if question != before {
        ui.data_mut(|data| data.insert_temp(id, question));
        ui.ctx().request_repaint();
    }
    asks.rows = Some(question);
}

fn question_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    (question, rollout): (&mut RowsQuestion, &mut Option<Box<RolloutQuestion>>),
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    if !app.can_predict() {
        note_ui(ui, words.text("insight-not-ready"));
        return;
    }
    // Without a second file its rows are not asked for.
    question.of_scored &= app.scored_file().is_some();
    let (Some((answer, predictions)), Some((data, file))) = (app.listing(), app.listed_data()) else {
        note_ui(ui, words.text("insight-computing"));
        return;
    };
    if predictions.n_samples != data.n_samples() {
        note_ui(ui, words.text("insight-computing"));
        return;
    }
    question.head = question.head.min(predictions.heads.len().saturating_sub(1));
    let Some(head) = predictions.heads.get(question.head) else {
        note_ui(ui, words.text("predictions-no-loss"));
        return;
    };
    let file = file.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let shown = Shown { app, words, data, predictions, head, listing: answer.result, file };
    let mut head_ui = |ui: &mut Ui, question: &mut RowsQuestion, out: &mut Vec<Command>| {
        wrapped_ui(ui, |ui| {
            choices_ui(ui, &shown, question);
            freshness_ui(ui, words, &answer);
            metrics_ui(ui, &shown, question, out);
            score::ask_ui(ui, app, words, acts);
        });
        score::scored_ui(ui, app, words, question.head, out);
        if let Some(file) = &shown.file {
            note_ui(ui, words.text_with("predictions-score-rows", &[("file", file.as_str().into())]));
        }
    };
    if ui.available_width() < WIDE {
        scrolling_ui(ui, "predictions", |ui| {
            head_ui(ui, question, out);
            let height = (0.8 * ui.available_height()).max(LEAST_TABLE);
            ui.allocate_ui(egui::vec2(ui.available_width(), height), |ui| {
                listed_ui(ui, &shown, question, out);
            });
            plots_ui(ui, &shown, question, rollout, out);
        });
        return;
    }
    head_ui(ui, question, out);
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        let room = ui.available_width() - 16.0;
        let [least, most] = PLOTS_WIDTH;
        let plots_width = (room - table::width(ui, &shown)).clamp(least, most);
        let width = room - plots_width;
        let top_down = Layout::top_down(Align::Min);
        ui.allocate_ui_with_layout(egui::vec2(width, height), top_down, |ui| {
            ui.set_max_width(width);
            listed_ui(ui, &shown, question, out);
        });
        ui.separator();
        ui.allocate_ui_with_layout(egui::vec2(plots_width, height), top_down, |ui| {
            scrolling_ui(ui, "prediction plots", |ui| plots_ui(ui, &shown, question, rollout, out));
        });
    });
}

/// The list with its menu.
fn listed_ui(ui: &mut Ui, shown: &Shown<'_>, question: &mut RowsQuestion, out: &mut Vec<Command>) {
    copy::with_menu(shown, |menu| {
        menu.around(ui, shown.words, |ui| table::table_ui(ui, shown, question, out));
    });
}

/// Which rows are listed.
fn choices_ui(ui: &mut Ui, shown: &Shown<'_>, question: &mut RowsQuestion) {
    let words = shown.words;
    if shown.predictions.heads.len() > 1 {
        let name = |idx: usize| {
            let loss = shown.predictions.heads.get(idx).map(|head| head.head.loss);
            let node = loss.and_then(|loss| shown.app.document().network.nodes.get(&loss));
            (idx, node.map_or_else(String::new, |node| node.name.clone()))
        };
        let heads: Vec<(usize, String)> = (0..shown.predictions.heads.len()).map(name).collect();
        let text = name(question.head).1;
        if let Some(head) = choice_ui(ui, &words.text("predictions-loss"), &question.head, heads, &text) {
            *question = RowsQuestion { head, ..RowsQuestion::default() };
        }
    }
    let key = |part: Option<Part>| match part {
        Some(Part::Training) => "predictions-training",
        Some(Part::Validation) => "predictions-validation",
        Some(Part::LeftOut) | None => "predictions-all",
    };
    let parts = [None, Some(Part::Training), Some(Part::Validation)];
    let parts = parts.map(|part| ((false, part), words.text(key(part))));
    let second = score::file_name(shown.app);
    let choices = parts.into_iter().chain(second.clone().map(|name| ((true, None), name)));
    let chosen = (question.of_scored, question.filter.part);
    let text = second.filter(|_| question.of_scored).unwrap_or_else(|| words.text(key(chosen.1)));
    if let Some(of) = choice_ui(ui, &words.text("predictions-part"), &chosen, choices, &text) {
        (question.of_scored, question.filter.part) = of;
    }
    let filter = &mut question.filter;
    if shown.head.n_classes().is_some() && shown.head.has_truth() {
        check_ui(ui, &mut filter.only_wrong, words.text("predictions-only-wrong"));
    } else {
        (filter.only_wrong, filter.cell) = (false, None);
    }
    if let Some((truth, said)) = filter.cell {
        let class = |idx: usize| shown.head.class_name(idx);
        let names = [("truth", class(truth).into()), ("said", class(said).into())];
        let text = format!("✕ {}", words.text_with("predictions-cell", &names));
        if ui.button(text).on_hover_text(words.text("predictions-cell-hint")).clicked() {
            filter.cell = None;
        }
    }
    let n = [("n", shown.listing.samples.len().into())];
    ui.label(RichText::new(words.text_with("predictions-rows", &n)).color(Theme::of(ui).weak));
    copy::with_menu(shown, |menu| menu.button_ui(ui, words));
}

/// The metrics of the part.
fn metrics_ui(ui: &mut Ui, shown: &Shown<'_>, question: &RowsQuestion, out: &mut Vec<Command>) {
    let Metrics { mae, rmse, r2, accuracy, mse: _, persistence_mse: _ } =
        &shown.head.metrics.of(question.filter.part).0;
    let percent = accuracy.map(|accuracy| format!("{:.2} %", accuracy * 100.0));
    let entries = [
        ("metric-accuracy", percent, Metric::Accuracy),
        ("metric-mae", mae.map(explain::short), Metric::Mae),
        ("metric-rmse", rmse.map(explain::short), Metric::Rmse),
        ("metric-r2", r2.map(explain::short), Metric::R2),
    ];
    // What is explained are the metrics of the newest evaluation: those of the same part.
    let evaluation = shown.app.snapshot().and_then(|snapshot| snapshot.evaluation.as_ref());
    let part = if evaluation.is_some_and(|it| it.is_validation) { Part::Validation } else { Part::Training };
    let is_explained = evaluation.is_some() && question.filter.part == Some(part) && shown.file.is_none();
    let weak = Theme::of(ui).weak;
    for (key, value, metric) in entries {
        if let Some(value) = value {
            let name = shown.words.text(key);
            let painter = ui.painter();
            let sizes = [(&name, theme::text(13.0)), (&value, theme::mono(12.0))]
                .map(|(text, font)| painter.layout_no_wrap(text.clone(), font, weak).size().x);
            // A number stays with its name.
            let room = sizes[0] + sizes[1] + 2.0 * ui.spacing().item_spacing.x;
            wrap_before(ui, room);
            ui.label(RichText::new(name).color(weak));
            let value = RichText::new(value).font(theme::mono(12.0));
            if is_explained {
                asked_ui(ui, shown.words, value, Tensor::Metric(metric).at(0, 0), out);
            } else {
                ui.label(value);
            }
        }
    }
}

fn plots_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    question: &mut RowsQuestion,
    rollout: &mut Option<Box<RolloutQuestion>>,
    out: &mut Vec<Command>,
) {
    if !shown.head.has_truth() {
        return note_ui(ui, shown.words.text("predictions-no-truth"));
    }
    if shown.listing.samples.is_empty() {
        return note_ui(ui, shown.words.text(nothing_listed(shown, question)));
    }
    match shown.head.task() {
        Task::Regression => {
            if shown.file.is_none() {
                forecast::forecast_ui(ui, shown, question.head, rollout, out);
            }
            plots::regression_ui(ui, shown, out);
        }
        Task::BinaryClassification | Task::Classification => classes::classes_ui(ui, shown, question),
    }
}

/// Why no row is listed.
fn nothing_listed(shown: &Shown<'_>, question: &RowsQuestion) -> &'static str {
    let filter = question.filter;
    let is_part = filter.part == Some(Part::Validation) && filter.cell.is_none() && !filter.only_wrong;
    if is_part && shown.file.is_none() && shown.data.validation().is_empty() {
        "predictions-not-validated"
    } else {
        "predictions-none-listed"
    }
}
