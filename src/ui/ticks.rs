//! The axes of plots: where their numbers stand, and as many digits as tell each from its neighbors.
//!
//! Must not know what is plotted.

use egui::Ui;
use egui_plot::{AxisHints, GridInput, GridMark, Plot, PlotResponse};

use crate::words::with_minus;

/// From one number of a horizontal axis to the next, in points, and of a vertical one.
const APART: [f32; 2] = [64.0, 20.0];

/// The distance of `GridInput::base_step_size`, in points: what a plot is made with.
const BASE: f32 = 8.0;

/// The name of a horizontal axis hangs so far below the room that a plot is given.
pub(crate) const AXIS_LABEL: f32 = 10.0;

/// So near to the lower end of a vertical axis its number would touch those of the horizontal one, in points.
const CORNER: f32 = 9.0;

/// Numbers of more digits than this are written with a power of ten.
const MOST_DIGITS: i32 = 6;
/// So much of a plot's height is its x-axis.
const X_AXIS: f32 = 32.0;

/// A plot whose axes have numbers at ones, twos and fives, none of them faded, and which leaves the wheel to
/// what it stands in.
pub(crate) fn plot<'a>(id: impl egui::AsId) -> Plot<'a> {
    Plot::new(id)
        .allow_scroll(false)
        .grid_spacing(BASE..=300.0)
        .custom_x_axes(vec![x_axis()])
        .custom_y_axes(vec![AxisHints::new_y().label_spacing(APART[1] - 1.0..=APART[1])])
        .x_grid_spacer(|input| marks(&input, APART[0]))
        .y_grid_spacer(|input| marks(&input, APART[1]))
}

/// The horizontal axis of [`plot`], for one that says more.
pub(crate) fn x_axis() -> AxisHints<'static> {
    AxisHints::new_x().label_spacing(APART[0] - 1.0..=APART[0])
}

/// The marks of a vertical axis, which may hold log₁₀.
pub(crate) fn y_marks(is_log: bool) -> impl Fn(GridInput) -> Vec<GridMark> {
    move |input| if is_log { log_marks(&input) } else { marks(&input, APART[1]) }
}

/// The same for an axis whose plot has no margin: none so low that its number touches those of the horizontal
/// axis.
pub(crate) fn y_marks_above_corner(is_log: bool) -> impl Fn(GridInput) -> Vec<GridMark> {
    let marks = y_marks(is_log);
    move |input| {
        let least = input.bounds.0 + f64::from(CORNER / BASE) * input.base_step_size.abs();
        let mut marks = marks(input);
        if marks.iter().filter(|mark| mark.value >= least).count() > 1 {
            marks.retain(|mark| mark.value >= least);
        }
        marks
    }
}

/// The frame of a plot whose picture covers it, drawn over the picture.
pub(crate) fn frame_ui<R>(ui: &Ui, plot: &PlotResponse<R>) {
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter().rect_stroke(*plot.transform.frame(), 2.0, line, egui::StrokeKind::Inside);
}

/// Marks at 1, 2, 5 or 1, 3 or 1 times powers of ten; where fewer have room, as on any other axis.
fn log_marks(input: &GridInput) -> Vec<GridMark> {
    let least = input.base_step_size.abs() * f64::from(APART[1] / BASE);
    let ones: &[f64] = match least {
        _ if least < 0.05 => return marks(input, APART[1]),
        _ if least < 0.3 => &[1.0, 2.0, 5.0],
        _ if least < 0.47 => &[1.0, 3.0],
        _ if least < 1.0 => &[1.0],
        _ => return marks(input, APART[1]),
    };
    let (from, to) = (input.bounds.0.floor() as i32, input.bounds.1.ceil() as i32);
    let step_size = 1.0 / ones.len() as f64;
    let decade = |power: i32| {
        ones.iter().map(move |one| GridMark { value: f64::from(power) + one.log10(), step_size })
    };
    (from..to.saturating_add(1)).flat_map(decade).collect()
}

/// Marks at multiples of 1, 2 or 5 times a power of ten, `apart` points or more from one another.
fn marks(input: &GridInput, apart: f32) -> Vec<GridMark> {
    const MOST: f64 = 1000.0;
    let least = input.base_step_size.abs() * f64::from(apart / BASE);
    let (from, to) = input.bounds;
    if !(least.is_normal() && (to - from).is_finite()) {
        return Vec::new();
    }
    let power = 10_f64.powf(least.log10().floor());
    let step_size = [1.0, 2.0, 5.0].map(|one| one * power).into_iter().find(|step| *step >= least);
    let step_size = step_size.unwrap_or(10.0 * power);
    let (first, last) = ((from / step_size).ceil(), (to / step_size).floor());
    if last - first > MOST {
        return Vec::new();
    }
    (0..=(last - first).max(-1.0) as i64)
        .map(|n| GridMark { value: (first + n as f64) * step_size, step_size })
        .collect()
}

/// Bounds between which a curve of one number lies in the middle; none for other curves.
pub(crate) fn around(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let size = low.abs().max(high.abs());
    let pad = if size > 0.0 { 0.1 * size } else { 1.0 };
    (low <= high && high - low <= 1e-9 * size).then_some([low - pad, high + pad])
}

/// A number on an axis; on a logarithmic one the axis holds log₁₀.
pub(crate) fn tick(mark: GridMark, log: bool) -> String {
    if !log {
        return number(mark.value, mark.step_size);
    }
    let value = 10_f64.powf(mark.value);
    // The lower neighbor is the nearer one.
    number(value, value * (1.0 - 10_f64.powf(-mark.step_size)))
}

/// A whole number on an axis of counts; nothing between two of them.
pub(crate) fn count(mark: GridMark) -> String {
    if mark.value.fract() == 0.0 { format!("{}", mark.value) } else { String::new() }
}

/// `value` with as many digits as differ from those of a neighbor `step` away.
fn number(value: f64, step: f64) -> String {
    if !(value.is_finite() && step.is_finite() && step != 0.0) {
        return String::new();
    }
    if value.abs() < step.abs() * 1e-6 {
        return "0".to_owned();
    }
    let magnitude = |x: f64| x.abs().log10().floor() as i32;
    let decimals = 1 - magnitude(step);
    if decimals <= MOST_DIGITS && magnitude(value) < MOST_DIGITS {
        return with_minus(&trimmed(format!("{value:.*}", decimals.max(0) as usize)));
    }
    let digits = (magnitude(value) - magnitude(step) + 1).max(0) as usize;
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => with_minus(&format!("{}e{exponent}", trimmed(mantissa.to_owned()))),
        None => text,
    }
}

/// Without the zeros that say nothing.
fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The name of an axis that is written upwards; none where the plot is lower than the name is long.
pub(crate) fn upright_name(ui: &Ui, name: &str) -> String {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let length = ui.painter().layout_no_wrap(name.to_owned(), font, egui::Color32::WHITE).size().x;
    if length + X_AXIS < ui.available_height() { name.to_owned() } else { String::new() }
}

/// Asks for one more frame after a plot has other bounds or another place: it gives an axis the room
/// that its numbers took the frame before. The first is not shown at all.
pub(crate) fn settle<R>(ui: &Ui, plot: &PlotResponse<R>) {
    let bounds = plot.transform.bounds();
    let now = (*plot.transform.frame(), bounds.min(), bounds.max());
    let id = plot.response.id.with("settled");
    let before = ui.data(|data| data.get_temp(id));
    if before != Some(now) {
        ui.data_mut(|data| data.insert_temp(id, now));
        ui.ctx().request_repaint();
        if before.is_none() {
            ui.ctx().request_discard("a plot has its axes from now on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(first: f64, step_size: f64, log: bool) -> Vec<String> {
        (0..12).map(|n| tick(GridMark { value: first + step_size * f64::from(n), step_size }, log)).collect()
    }

    #[test]
    fn no_two_ticks_of_an_axis_are_the_same_however_small_the_range() {
        for log in [false, true] {
            for step in [1e-9, 2.5e-7, 1e-3, 0.05, 0.1, 1.0] {
                for first in [-6.0, -0.3, 0.0, 0.125, 3.0] {
                    let mut labels = labels(first, step, log);
                    let n = labels.len();
                    labels.sort();
                    labels.dedup();
                    assert_eq!(labels.len(), n, "{first} + {step}, {log}: {labels:?}");
                    assert!(labels.iter().all(|label| label.len() <= 18), "{labels:?}");
                }
            }
        }
    }

    fn at(from: f64, to: f64, points: f32, apart: f32) -> Vec<f64> {
        let base_step_size = (to - from) / f64::from(points) * f64::from(BASE);
        marks(&GridInput { bounds: (from, to), base_step_size }, apart)
            .iter()
            .map(|mark| mark.value)
            .collect()
    }

    #[test]
    fn an_axis_has_two_numbers_or_more_as_soon_as_there_is_room_for_three() {
        for (from, to) in [(0.0, 1.0), (-3.0, 4.0), (0.0, 0.026), (1e-9, 7e-9), (-1e6, 1e6), (0.4021, 0.8018)]
        {
            for apart in APART {
                for room in [5.1, 8.0, 20.0] {
                    let marks = at(from, to, room * apart, apart);
                    let step = (marks[1] - marks[0]) / (to - from) * f64::from(room * apart);
                    assert!(
                        marks.len() >= 2 && step >= f64::from(apart) - 1e-3,
                        "{from}..{to}: {marks:?}, {step}"
                    );
                    let rounding = 1e-12 * (to - from);
                    let seen = from - rounding..=to + rounding;
                    assert!(marks.iter().all(|mark| seen.contains(mark)), "{marks:?}");
                }
            }
        }
        assert_eq!(at(0.0, 1.0, 100.0, 20.0), [0.0, 0.2, 0.4, 3.0 * 0.2, 0.8, 1.0]);
        assert!(at(0.0, 0.0, 100.0, 20.0).is_empty() && at(f64::NAN, 1.0, 100.0, 20.0).is_empty());
    }

    #[test]
    fn a_logarithmic_axis_has_numbers_within_a_decade() {
        let of = |from: f64, to: f64| {
            let base_step_size = (to - from) / 200.0 * f64::from(BASE);
            let marks = log_marks(&GridInput { bounds: (from, to), base_step_size });
            let seen = marks.into_iter().filter(|mark| (from..=to).contains(&mark.value));
            seen.map(|mark| tick(mark, true)).collect::<Vec<_>>()
        };
        assert_eq!(of(-2.0, 0.0), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(of(-3.0, 0.5), ["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3"]);
        assert_eq!(
            of(-8.0, 1.0),
            ["1e−8", "1e−7", "1e−6", "1e−5", "0.0001", "0.001", "0.01", "0.1", "1", "10"]
        );
        assert!(of(-0.05, 0.05).len() >= 3);
        assert!(of(-300.0, 0.0).len() >= 3);
    }

    #[test]
    fn a_curve_of_one_number_lies_in_the_middle() {
        let of = |values: &[f64]| around(values.iter().copied());
        assert_eq!(of(&[1.0, 1.0]), Some([0.9, 1.1]));
        assert_eq!(of(&[0.0]), Some([-1.0, 1.0]));
        assert_eq!(of(&[-2.0, -2.0]), Some([-2.2, -1.8]));
        assert_eq!((of(&[1.0, 1.1]), of(&[])), (None, None));
    }

    #[test]
    fn ticks_read_as_losses() {
        let one = |value, step_size, log| tick(GridMark { value, step_size }, log);
        assert_eq!(one(0.25, 0.05, false), "0.25");
        assert_eq!(one(-0.1, 0.1, false), "−0.1");
        assert_eq!(one(0.0, 0.1, false), "0");
        assert_eq!(one(40.0, 20.0, false), "40");
        assert_eq!(one(2e-8, 1e-8, false), "2e−8");
        assert_eq!(one(-1.0, 1.0, true), "0.1");
        assert_eq!(one(-6.0, 1.0, true), "1e−6");
        assert_eq!(one(7.0, 1.0, true), "1e7");
    }
}
