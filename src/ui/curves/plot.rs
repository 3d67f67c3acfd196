//! Curves of the loss or of a metric in one plot, with marks where settings were changed.
//!
//! Must not know which curves a person wants to see.

use egui::{Align2, Color32, RichText, Ui};
use egui_plot::{
    Corner, FilledArea, GridMark, Legend, Line, LineStyle, PlotPoint, PlotPoints, PlotTransform, PlotUi,
    Points, VLine,
};

use super::{Axis, Look, Of};
use crate::app::{App, SettingsChange};
use crate::document::{Run, RunPoint};
use crate::explain::{self, Metric, Quantity};
use crate::insight::{self, BandPoint};
use crate::train::EpochRecord;
use crate::ui::fields::{wrap_before, wrapped_ui};
use crate::ui::hover;
use crate::ui::runs::{self, Dashes, DrawnRun};
use crate::ui::settings_words;
use crate::ui::theme::{self, Theme};
use crate::ui::ticks::{self, tick};
use crate::words::{Words, with_minus};

/// Lower plots have no legend.
const LEGEND_HEIGHT: f32 = 120.0;
/// With more curves than this their names stand above the plot: a legend would cover the curves.
const LEGEND_CURVES: usize = 3;
/// Of so many changes of settings the newest are told in words; of others a line is drawn.
const TOLD_CHANGES: usize = 3;
/// From one line of words to the next.
const TOLD_HEIGHT: f32 = 14.0;
/// Longer ones are cut.
const TOLD_LETTERS: usize = 40;

/// One curve.
struct Curve {
    name: String,
    points: Vec<[f64; 2]>,
    color: Color32,
    dashes: Dashes,
    width: f32,
}

/// The curves alone, and the number behind the point that was clicked.
pub(crate) fn curves_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    of: Of,
    look: &Look,
) -> (egui::Response, Option<Quantity>) {
    let records = app.loss_history().records();
    let theme = Theme::of(ui);
    let log = look.log && of == Of::Loss;
    let mut curves = Vec::new();
    let mut add = |key: &str, color: Color32, value: &dyn Fn(&EpochRecord) -> Option<f64>| {
        let points = points(records, look.axis, value);
        curves.push(Curve { name: words.text(key), points, color, dashes: Dashes::Solid, width: 2.0 });
    };
    if of == Of::Loss {
        add("plot-train", theme.curve_train, &|record| Some(record.train_loss));
    }
    let has_validation = records.iter().any(|record| record.val_loss.is_some());
    if of != Of::Loss || has_validation {
        let key = if has_validation { "plot-validation" } else { "plot-train" };
        let color = if has_validation { theme.curve_validation } else { theme.curve_train };
        add(key, color, &|record| of.of(record));
    }
    let (x_name, y_name) = (words.text(look.axis.key()), words.text(of.key()));
    let hover_names = (x_name.clone(), y_name.clone());
    let is_counted = look.axis != Axis::Time;
    let axis = ticks::x_axis()
        .label(x_name)
        .formatter(move |mark, _| if is_counted { ticks::count(mark) } else { tick(mark, false) });
    // A metric is measured less often than the loss, and stands beside it.
    let ends = [records.first(), records.last()].into_iter().flatten().map(|record| look.axis.of(record));
    // A curve of one number has no size of its own.
    let y_bounds = match of {
        Of::Accuracy => Some([0.0, 1.0]),
        _ => ticks::around(curves.iter().flat_map(|curve| shown(&curve.points, log)).map(|[_, y]| y)),
    };
    // In a low panel the legend would cover the curves; the values above have the same names.
    let (runs, bands) =
        if of == Of::Loss { (runs::drawn(ui, app), runs::bands(ui, app)) } else { (Vec::new(), Vec::new()) };
    let bands: Vec<Spread> = bands.iter().map(|band| spread_of(words, band, look.axis)).collect();
    let runs: Vec<Curve> = runs.into_iter().map(|run| of_run(words, &run, look.axis)).collect();
    let has_many = curves.len() + runs.len() + bands.len() > LEGEND_CURVES;
    let has_room = ui.available_height() > LEGEND_HEIGHT;
    if has_many && has_room {
        names_ui(ui, &curves, &runs, &bands);
    }
    let mut plot = ticks::plot(("curves", of as u8, look.axis as u8));
    if has_room && !has_many {
        let falls = matches!(of, Of::Loss | Of::Mae | Of::Rmse);
        let corner = if falls { Corner::RightTop } else { Corner::RightBottom };
        plot = plot.legend(Legend::default().position(corner));
    }
    for x in ends {
        plot = plot.include_x(x);
    }
    for y in y_bounds.into_iter().flatten() {
        plot = plot.include_y(y);
    }
    let shown = plot
        .grid_color(theme.outline)
        .custom_x_axes(vec![axis])
        .y_axis_label(y_name)
        .y_grid_spacer(ticks::y_marks(log))
        .y_axis_formatter(move |mark, _| match of {
            Of::Accuracy => tick(percent(mark), false) + " %",
            _ => tick(mark, log),
        })
        .label_formatter(hover::says(move |[x, y]| {
            let value = if log { 10_f64.powf(y) } else { y };
            let x = if is_counted { format!("{x:.0}") } else { explain::short(x) };
            let value = match of {
                Of::Accuracy => explain::short(100.0 * value) + " %",
                _ => explain::short(value),
            };
            format!("{} {x}\n{} {value}", hover_names.0, hover_names.1)
        }))
        .show(ui, |plot| {
            change_lines(plot, theme, app.settings_changes(), look.axis);
            for spread in bands {
                draw_spread(plot, spread, log);
            }
            for curve in runs.into_iter().chain(curves) {
                draw(plot, curve, look.smoothing, log);
            }
        });
    ticks::settle(ui, &shown);
    change_words(ui, words, &shown.transform, app.settings_changes(), look.axis);
    let clicked = shown.response.interact_pointer_pos().filter(|_| shown.response.clicked());
    let asked = clicked.and_then(|at| {
        let PlotPoint { x, y } = shown.transform.value_from_position(at);
        nearest(records, of, look.axis, [x, if log { 10_f64.powf(y) } else { y }])
    });
    (shown.response, asked)
}

/// The number of the epoch nearest to a place of the plot; of its two losses the nearer one.
fn nearest(records: &[EpochRecord], of: Of, axis: Axis, [x, y]: [f64; 2]) -> Option<Quantity> {
    let distance = |record: &&EpochRecord| (axis.of(record) - x).abs();
    let record = records.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let is_nearer = |val_loss: f64| (val_loss - y).abs() < (record.train_loss - y).abs();
    let metric = match of.metric() {
        Metric::TrainLoss if record.val_loss.is_some_and(is_nearer) => Metric::Loss,
        metric => metric,
    };
    let is_newest = records.last().is_some_and(|last| last.epoch == record.epoch);
    // Of the newest epoch it is known what its numbers are made of.
    Some(metric.after(if is_newest { 0 } else { record.epoch }))
}

/// A share as a percentage.
fn percent(mark: GridMark) -> GridMark {
    GridMark { value: 100.0 * mark.value, step_size: 100.0 * mark.step_size }
}

/// The names of the curves, each beside a piece of its line.
fn names_ui(ui: &mut Ui, curves: &[Curve], runs: &[Curve], bands: &[Spread]) {
    wrapped_ui(ui, |ui| {
        let lines = curves.iter().chain(runs).map(|it| (&it.name, it.color, it.dashes));
        let means = bands.iter().map(|it| (&it.name, it.color, Dashes::Solid));
        for (name, color, dashes) in lines.chain(means) {
            let font = theme::text(12.0);
            let text = ui.painter().layout_no_wrap(name.clone(), font.clone(), Color32::PLACEHOLDER).size().x;
            wrap_before(ui, runs::SAMPLE.x + ui.spacing().item_spacing.x + text);
            runs::sample_ui(ui, color, dashes);
            ui.label(RichText::new(name).font(font));
        }
    });
}

/// A kept run's loss by which it is judged: on the validation part, where there is one.
fn judged(run: &Run, axis: Axis) -> Vec<[f64; 2]> {
    let point = |point: &RunPoint| {
        let x = match axis {
            Axis::Epoch => point.epoch as f64,
            Axis::Step => point.step as f64,
            Axis::Time => point.seconds,
        };
        [x, point.val_loss.unwrap_or(point.train_loss)]
    };
    run.curve.iter().map(point).collect()
}

fn of_run(words: &Words, drawn: &DrawnRun<'_>, axis: Axis) -> Curve {
    let DrawnRun { run, color, dashes, is_in_band } = *drawn;
    let width = if is_in_band { 1.0 } else { 2.0 };
    Curve { name: runs::called(words, &run.name), points: judged(run, axis), color, dashes, width }
}

/// Mean and spread of runs that differ by their seed only.
struct Spread {
    name: String,
    points: Vec<BandPoint>,
    color: Color32,
}

fn spread_of(words: &Words, band: &runs::Band<'_>, axis: Axis) -> Spread {
    let curves: Vec<_> = band.runs.iter().map(|run| judged(run, axis)).collect();
    let name = words.text_with("runs-band", &[("n", band.runs.len().into())]);
    Spread { name, points: insight::band(&curves), color: band.color }
}

/// A mean with a standard deviation to both sides. On a logarithmic scale what would lie below zero ends at
/// the lowest curve.
fn draw_spread(plot: &mut PlotUi<'_>, spread: Spread, log: bool) {
    let Spread { name, points, color } = spread;
    let place = |y: f64| if log { y.log10() } else { y };
    let below = |point: &BandPoint| {
        let low = point.mean - point.deviation;
        place(if log && low <= 0.0 { point.lowest } else { low })
    };
    let drawn = |point: &&BandPoint| below(point).is_finite() && place(point.mean).is_finite();
    let points: Vec<BandPoint> = points.iter().filter(drawn).copied().collect();
    let of = |value: &dyn Fn(&BandPoint) -> f64| points.iter().map(value).collect::<Vec<f64>>();
    let (xs, lows) = (of(&|point| point.x), of(&below));
    let highs = of(&|point| place(point.mean + point.deviation));
    let area = FilledArea::new(name.as_str(), &xs, &lows, &highs).fill_color(color.gamma_multiply(0.18));
    plot.add(area.allow_hover(false));
    let mean: Vec<[f64; 2]> = points.iter().map(|point| [point.x, place(point.mean)]).collect();
    plot.line(Line::new(name, PlotPoints::from(mean)).color(color).width(3.0));
}

/// A curve; where it is smoothed, faint as it is, and strong as it is smoothed.
fn draw(plot: &mut PlotUi<'_>, curve: Curve, smoothing: f64, log: bool) {
    let Curve { name, points, color, dashes, width } = curve;
    if smoothing > 0.0 && points.len() > 1 {
        let faint = PlotPoints::from(shown(&points, log));
        plot.line(Line::new("", faint).color(color.gamma_multiply(0.3)).width(1.0));
    }
    let points = shown(&smoothed(&points, smoothing), log);
    // A line of one point is not seen.
    if let [point] = points.as_slice() {
        plot.points(Points::new(name, PlotPoints::from(vec![*point])).color(color).radius(3.5));
    } else if !points.is_empty() {
        plot.line(Line::new(name, PlotPoints::from(points)).color(color).width(width).style(dashes.style()));
    }
}

/// Lines where settings were changed.
fn change_lines(plot: &mut PlotUi<'_>, theme: &Theme, changes: &[SettingsChange], axis: Axis) {
    for change in changes {
        let line = VLine::new("", place_of(change, axis)).color(theme.weak).width(1.0);
        plot.vline(line.style(LineStyle::dashed_dense()).allow_hover(false));
    }
}

/// Words beside the lines of the newest changes, above the axis, where a falling curve leaves room.
fn change_words(ui: &Ui, words: &Words, transform: &PlotTransform, changes: &[SettingsChange], axis: Axis) {
    let theme = Theme::of(ui);
    let frame = *transform.frame();
    let painter = ui.painter().with_clip_rect(frame);
    for (nth, change) in changes.iter().rev().take(TOLD_CHANGES).enumerate() {
        let x = transform.position_from_point(&PlotPoint::new(place_of(change, axis), 0.0)).x;
        let told = with_minus(&settings_words::difference(words, &change.before, &change.after));
        let mut text: String = told.chars().take(TOLD_LETTERS).collect();
        if text.len() < told.len() {
            text.push('…');
        }
        // Towards the middle, so that it is seen whole.
        let (anchor, gap) =
            if x > frame.center().x { (Align2::RIGHT_BOTTOM, -4.0) } else { (Align2::LEFT_BOTTOM, 4.0) };
        let at = egui::pos2(x + gap, frame.bottom() - 3.0 - TOLD_HEIGHT * nth as f32);
        let galley = painter.layout_no_wrap(text, theme::text(11.0), theme.text);
        let place = anchor.anchor_size(at, galley.size());
        painter.rect_filled(place.expand(1.0), 2.0, theme.panel.gamma_multiply(0.8));
        painter.galley(place.min, galley, theme.text);
    }
}

fn place_of(change: &SettingsChange, axis: Axis) -> f64 {
    match axis {
        Axis::Epoch => change.epoch,
        Axis::Step => change.step as f64,
        Axis::Time => change.seconds,
    }
}

/// Points of a curve.
fn points(records: &[EpochRecord], axis: Axis, value: &dyn Fn(&EpochRecord) -> Option<f64>) -> Vec<[f64; 2]> {
    records.iter().filter_map(|record| Some([axis.of(record), value(record)?])).collect()
}

/// What can be drawn of a curve; on a logarithmic scale log₁₀.
fn shown(points: &[[f64; 2]], log: bool) -> Vec<[f64; 2]> {
    let place = |&[x, y]: &[f64; 2]| [x, if log { y.log10() } else { y }];
    points.iter().map(place).filter(|point| point[1].is_finite()).collect()
}

/// Each point as a mean of itself and those before it, the nearer ones counting more; `weight` is what the
/// ones before count. Numbers that are not finite stay out of it.
fn smoothed(points: &[[f64; 2]], weight: f64) -> Vec<[f64; 2]> {
    let (mut sum, mut weights) = (0.0, 0.0);
    let mut mean = |&[x, y]: &[f64; 2]| {
        if !y.is_finite() {
            return [x, y];
        }
        sum = weight * sum + (1.0 - weight) * y;
        weights = weight * weights + (1.0 - weight);
        [x, sum / weights]
    };
    points.iter().map(&mut mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_scale_leaves_out_what_has_no_logarithm() {
        let records = [1.0, 0.1, 0.0, f64::NAN].map(|loss| [loss, loss]);
        assert_eq!(shown(&records, true), [[1.0, 0.0], [0.1, -1.0]]);
    }

    #[test]
    fn a_click_asks_for_the_epoch_under_it_and_for_the_nearer_of_its_losses() {
        let record = |epoch: usize, train_loss: f64| EpochRecord {
            epoch,
            step: 10 * epoch as u64,
            train_loss,
            val_loss: Some(2.0 * train_loss),
            ..EpochRecord::default()
        };
        let records = [record(1, 4.0), record(2, 3.0), record(3, 2.0)];
        let asked = |of, axis, at| nearest(&records, of, axis, at);
        assert_eq!(asked(Of::Loss, Axis::Epoch, [1.9, 3.1]), Some(Metric::TrainLoss.after(2)));
        assert_eq!(asked(Of::Loss, Axis::Epoch, [1.2, 7.5]), Some(Metric::Loss.after(1)));
        assert_eq!(asked(Of::Mae, Axis::Step, [12.0, 0.0]), Some(Metric::Mae.after(1)));
        assert_eq!(asked(Of::Loss, Axis::Epoch, [99.0, 0.0]), Some(Metric::TrainLoss.after(0)), "the newest");
        assert_eq!(nearest(&[], Of::Loss, Axis::Epoch, [0.0, 0.0]), None);
    }

    #[test]
    fn smoothing_is_a_weighted_mean_of_a_point_and_those_before_it() {
        let points = [[1.0, 8.0], [2.0, 4.0], [3.0, f64::NAN], [4.0, 0.0]];
        assert_eq!(smoothed(&points[..2], 0.0), points[..2]);
        let smooth = smoothed(&points, 0.5);
        // (8·½ + 4) / 1½ and (8·¼ + 4·½ + 0) / 1¾
        assert_eq!(smooth[0], [1.0, 8.0]);
        assert!((smooth[1][1] - 8.0 / 1.5).abs() < 1e-12);
        assert!(smooth[2][1].is_nan() && (smooth[3][1] - 4.0 / 1.75).abs() < 1e-12);
    }
}
