//! The Loss panel: how the loss falls and metrics with it, by epoch, step or time.
//!
//! Must not know how training is done.

mod plot;

use egui::{Id, RichText, Ui, UiBuilder};

use super::copy_menu::CopyMenu;
use super::fields::{check_ui, choice_ui, note_ui, slider_ui, wrapped_ui};
use super::numbers::asked_ui;
use super::pictures::{self, name_plot, number_table};
use super::scrolling::{rest_ui, scrolling_ui};
use super::theme::{self, Theme};
use super::ticks;
use crate::app::{App, Command, ViewCommand};
use crate::explain::{self, Metric, Quantity, Tensor};
use crate::export::TableText;
use crate::train::EpochRecord;
use crate::words::Words;

pub(crate) use plot::curves_ui;

/// A curve is read in less height than other plots: a lower panel scrolls.
const LEAST: f32 = 124.0;
/// Two plots side by side need this much room.
const TWO_PLOTS: f32 = 520.0;
/// Between them.
const GAP: f32 = 10.0;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Of {
    #[default]
    Loss,
    Mae,
    Rmse,
    R2,
    Accuracy,
}

impl Of {
    /// The metrics.
    const METRICS: [Self; 4] = [Self::Accuracy, Self::Mae, Self::Rmse, Self::R2];

    fn key(self) -> &'static str {
        match self {
            Self::Loss => "plot-loss",
            Self::Mae => "metric-mae",
            Self::Rmse => "metric-rmse",
            Self::R2 => "metric-r2",
            Self::Accuracy => "metric-accuracy",
        }
    }

    fn metric(self) -> Metric {
        match self {
            Self::Loss => Metric::TrainLoss,
            Self::Mae => Metric::Mae,
            Self::Rmse => Metric::Rmse,
            Self::R2 => Metric::R2,
            Self::Accuracy => Metric::Accuracy,
        }
    }

    /// A metric of a finished epoch; of the loss, that on the validation part.
    fn of(self, record: &EpochRecord) -> Option<f64> {
        let metrics = &record.metrics;
        match self {
            Self::Loss => record.val_loss,
            Self::Mae => metrics.mae,
            Self::Rmse => metrics.rmse,
            Self::R2 => metrics.r2,
            Self::Accuracy => metrics.accuracy,
        }
    }
}

/// What stands along x.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Axis {
    #[default]
    Epoch,
    Step,
    Time,
}

impl Axis {
    const ALL: [Self; 3] = [Self::Epoch, Self::Step, Self::Time];

    fn key(self) -> &'static str {
        match self {
            Self::Epoch => "plot-epoch",
            Self::Step => "plot-step",
            Self::Time => "plot-time",
        }
    }

    fn of(self, record: &EpochRecord) -> f64 {
        match self {
            Self::Epoch => record.epoch as f64,
            Self::Step => record.step as f64,
            Self::Time => record.seconds,
        }
    }
}

/// How curves are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) struct Look {
    pub(crate) log: bool,
    pub(crate) axis: Axis,
    /// How much of a point is taken from those before it, 0 to 1.
    pub(crate) smoothing: f64,
    /// The metric beside the loss; `None` for the first that there is, `Some(Of::Loss)` for none.
    beside: Option<Of>,
}

/// The panel.
pub(crate) fn loss_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    scrolling_ui(ui, "loss", |ui| scrolled_ui(ui, app, words, out));
}

fn scrolled_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let history = app.loss_history();
    let id = Id::new("look of curves");
    let held: Look = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut look = held;
    // Without a validation part, metrics are measured once, at the end: no curve comes of that.
    let is_validated = history.records().iter().any(|record| record.val_loss.is_some());
    let metrics: Vec<Of> = Of::METRICS
        .into_iter()
        .filter(|of| is_validated && history.records().iter().any(|record| of.of(record).is_some()))
        .collect();
    let beside = look.beside.or(metrics.first().copied()).filter(|of| metrics.contains(of));
    wrapped_ui(ui, |ui| {
        if let Some(last) = history.last() {
            // The words in the colors of their curves: in a low panel the key of the plot has no room.
            let theme = Theme::of(ui);
            for (key, value, metric, color) in [
                ("plot-train", Some(last.train_loss), Metric::TrainLoss, theme.curve_train),
                ("plot-validation", last.val_loss, Metric::Loss, theme.curve_validation),
            ] {
                if let Some(value) = value {
                    ui.label(RichText::new(words.text(key)).color(color));
                    let value = RichText::new(explain::short(value)).font(theme::mono(12.0));
                    asked_ui(ui, words, value, Tensor::Metric(metric).at(0, 0), out);
                }
            }
        }
        if has_scaled_targets(app) {
            let weak = Theme::of(ui).weak;
            ui.label(RichText::new(words.text("plot-scaled")).color(weak));
        }
        if !is_validated && history.last().is_some() {
            let text = RichText::new(words.text("plot-not-validated")).color(Theme::of(ui).weak);
            ui.label(text).on_hover_text(words.text("plot-not-validated-hint"));
        }
        look_ui(ui, words, &mut look, beside, &metrics);
    });
    if look != held {
        ui.data_mut(|data| data.insert_temp(id, look));
    }
    if history.records().is_empty() {
        note_ui(ui, words.text("plot-nothing"));
        return;
    }
    // In a narrow panel the metric takes the place of the loss where somebody chose it.
    let alone = look.beside.filter(|of| metrics.contains(of)).unwrap_or_default();
    rest_ui(ui, LEAST, |ui| plots_ui(ui, app, words, (alone, beside), &look, out));
}

/// The loss and what stands beside it, or one alone.
fn plots_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    (alone, beside): (Of, Option<Of>),
    look: &Look,
    out: &mut Vec<Command>,
) {
    let room = ui.available_rect_before_wrap();
    let room = room.with_max_y(room.max.y - ticks::AXIS_LABEL);
    if let Some(of) = beside.filter(|_| room.width() >= TWO_PLOTS) {
        let (left, right) = room.split_left_right_at_fraction(0.5);
        let right = right.with_min_x(right.left() + GAP);
        for (of, rect) in [(Of::Loss, left), (of, right)] {
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
                let clicked = curves_ui(ui, app, words, of, look);
                after_ui(clicked, app, words, of, look, out);
            });
        }
        return;
    }
    ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
        let clicked = curves_ui(ui, app, words, alone, look);
        after_ui(clicked, app, words, alone, look, out);
    });
}

/// How the curves shall look.
fn look_ui(ui: &mut Ui, words: &Words, look: &mut Look, beside: Option<Of>, metrics: &[Of]) {
    check_ui(ui, &mut look.log, words.text("plot-log"));
    let choices = Axis::ALL.map(|axis| (axis, words.text(axis.key())));
    let shown = words.text(look.axis.key());
    if let Some(axis) = choice_ui(ui, &words.text("plot-axis"), &look.axis, choices, &shown) {
        look.axis = axis;
    }
    if !metrics.is_empty() {
        let none = words.text("plot-loss-alone");
        let choices = metrics.iter().map(|of| (*of, words.text(of.key())));
        let choices = choices.chain([(Of::Loss, none.clone())]);
        let shown = beside.map_or(none, |of| words.text(of.key()));
        if let Some(of) =
            choice_ui(ui, &words.text("plot-beside"), &beside.unwrap_or_default(), choices, &shown)
        {
            look.beside = Some(of);
        }
    }
    let label = words.text("plot-smoothing");
    let slider = egui::Slider::new(&mut look.smoothing, 0.0..=0.99).show_value(false);
    slider_ui(ui, &label, slider, 0.0).on_hover_text(words.text("plot-smoothing-hint"));
}

/// What a click on a plot does, and its menu.
fn after_ui(
    (response, clicked): (egui::Response, Option<Quantity>),
    app: &App,
    words: &Words,
    of: Of,
    look: &Look,
    out: &mut Vec<Command>,
) {
    // A point of the curve is a loss, or a metric, of an epoch.
    if let Some(asked) = clicked {
        out.push(Command::View(ViewCommand::Explain(asked)));
    }
    name_plot(&response, words, &words.text(of.key()));
    let records = app.loss_history().records();
    let title = words.text("pane-loss");
    let table = |most: usize| record_table(records, most);
    let picture = |dark: bool| pictures::of_curves(app, words, dark, of, look);
    let menu = CopyMenu { name: &title, n_rows: records.len(), table: &table, picture: Some(&picture) };
    menu.on(&response, words);
}

/// All that is known of the epochs, an epoch a row; of metrics those that there are.
fn record_table(records: &[EpochRecord], most: usize) -> TableText {
    let metrics: Vec<Of> =
        Of::METRICS.into_iter().filter(|of| records.iter().any(|record| of.of(record).is_some())).collect();
    let name = |of: &Of| match of {
        Of::Loss => "loss",
        Of::Mae => "mae",
        Of::Rmse => "rmse",
        Of::R2 => "r2",
        Of::Accuracy => "accuracy",
    };
    let titles = ["epoch", "step", "seconds", "train_loss", "val_loss"];
    let columns = titles.into_iter().chain(metrics.iter().map(name)).map(str::to_owned);
    let row = |record: &EpochRecord| {
        let counted = [record.epoch as f64, record.step as f64, record.seconds, record.train_loss];
        let rest = std::iter::once(record.val_loss).chain(metrics.iter().map(|of| of.of(record)));
        counted.into_iter().chain(rest.map(|x| x.unwrap_or(f64::NAN))).collect()
    };
    number_table(columns, records.iter().take(most).map(row))
}

/// Whether the loss is that of scaled targets.
pub(crate) fn has_scaled_targets(app: &App) -> bool {
    app.document().data.path.is_some() && app.document().data.target_scaling != crate::data::Scaling::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TableForm;
    use crate::train::Metrics;

    #[test]
    fn a_table_of_curves_has_the_metrics_that_there_are() {
        let metrics = Metrics { accuracy: Some(0.5), ..Metrics::default() };
        let first = EpochRecord { epoch: 1, step: 4, train_loss: 2.0, ..EpochRecord::default() };
        let second =
            EpochRecord { epoch: 2, step: 8, seconds: 0.5, train_loss: 1.0, val_loss: Some(3.0), metrics };
        assert_eq!(
            record_table(&[first, second], 9).written(TableForm::Csv),
            "epoch,step,seconds,train_loss,val_loss,accuracy\n1,4,0,2,,\n2,8,0.5,1,3,0.5"
        );
    }
}
