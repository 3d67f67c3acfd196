//! Numbers on the axes of plots: as many digits as tell each from its neighbors.
//!
//! Must not know what is plotted.

use egui::Ui;
use egui_plot::{GridMark, PlotResponse};

/// Numbers of more digits than this are written with a power of ten.
const MOST_DIGITS: i32 = 6;

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
        return trimmed(format!("{value:.*}", decimals.max(0) as usize));
    }
    let digits = (magnitude(value) - magnitude(step) + 1).max(0) as usize;
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa.to_owned())),
        None => text,
    }
}

/// Without the zeros that say nothing.
fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Asks for one more frame after a plot has other bounds or another place: it gives an axis the room
/// that its numbers took the frame before.
pub(crate) fn settle<R>(ui: &Ui, plot: &PlotResponse<R>) {
    let bounds = plot.transform.bounds();
    let now = (*plot.transform.frame(), bounds.min(), bounds.max());
    let id = plot.response.id.with("settled");
    if ui.data(|data| data.get_temp(id)) != Some(now) {
        ui.data_mut(|data| data.insert_temp(id, now));
        ui.ctx().request_repaint();
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

    #[test]
    fn ticks_read_as_losses() {
        let one = |value, step_size, log| tick(GridMark { value, step_size }, log);
        assert_eq!(one(0.25, 0.05, false), "0.25");
        assert_eq!(one(-0.1, 0.1, false), "-0.1");
        assert_eq!(one(0.0, 0.1, false), "0");
        assert_eq!(one(40.0, 20.0, false), "40");
        assert_eq!(one(2e-8, 1e-8, false), "2e-8");
        assert_eq!(one(-1.0, 1.0, true), "0.1");
        assert_eq!(one(-6.0, 1.0, true), "1e-6");
        assert_eq!(one(7.0, 1.0, true), "1e7");
    }
}
