//! A column forecast from its own past, over the series itself.
//!
//! Must not know how predictions are made: they come with the newest evaluation.

use egui::Ui;
use egui_plot::{Corner, Legend, Line, Plot, PlotPoints};

use super::theme::Theme;
use super::ticks;
use crate::explain;
use crate::train::Series;
use crate::words::Words;

/// Both curves against the row of the file.
pub(crate) fn series_ui(ui: &mut Ui, words: &Words, series: &Series) {
    let theme = Theme::of(ui);
    let (row, value) = (words.text("series-row"), series.name.clone());
    let hover = (row.clone(), value.clone());
    let shown = Plot::new("series")
        .height(170.0)
        .legend(Legend::default().position(Corner::RightTop))
        .allow_scroll(false)
        .grid_color(theme.outline)
        .x_axis_label(row)
        .x_axis_formatter(|mark, _| ticks::count(mark))
        .y_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_axis_label(value)
        .label_formatter(move |position| {
            let point = match position {
                egui_plot::HoverPosition::NearDataPoint { position, .. }
                | egui_plot::HoverPosition::Elsewhere { position } => position,
            };
            Some(format!("{} {:.0}\n{} {}", hover.0, point.x, hover.1, explain::short(point.y)))
        })
        .show(ui, |plot| {
            let curves = [
                ("series-truth", &series.target, theme.curve_train),
                ("series-prediction", &series.prediction, theme.curve_validation),
            ];
            for (key, values, color) in curves {
                let points = PlotPoints::from(points(&series.rows, values));
                plot.line(Line::new(words.text(key), points).color(color).width(1.5));
            }
        });
    ticks::settle(ui, &shown);
}

/// Rows are counted from 1, as people count them.
fn points(rows: &[usize], values: &[f64]) -> Vec<[f64; 2]> {
    let pairs = rows.iter().zip(values).filter(|(_, value)| value.is_finite());
    pairs.map(|(row, value)| [(row + 1) as f64, *value]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_count_from_one_and_gaps_stay_gaps() {
        assert_eq!(points(&[4, 5, 6], &[0.5, f64::NAN, 0.75]), [[5.0, 0.5], [7.0, 0.75]]);
    }
}
