//! Plots with a menu: what can be taken along from them, their numbers as tables, and what a screen reader
//! hears of them.
//!
//! Must not know what is plotted.

use egui::{Response, Ui, WidgetInfo, WidgetType};
use egui_plot::PlotResponse;

use super::of_plot;
use crate::export::{TableCell, TableText};
use crate::train::Precision;
use crate::ui::copy_menu::CopyMenu;
use crate::ui::fields::name;
use crate::ui::ticks;
use crate::words::Words;

/// What the menu of a plot says of it.
#[derive(Clone, Copy)]
pub(crate) struct Plotted<'a> {
    /// What it shows, in words.
    pub(crate) title: &'a str,
    /// How many rows its numbers have.
    pub(crate) n_rows: usize,
    /// Its numbers, no more rows than this.
    pub(crate) table: &'a dyn Fn(usize) -> TableText,
}

impl Plotted<'_> {
    /// A small button that opens the menu, for the row of the plot's title. `draw` draws the plot as large as
    /// its page.
    pub(crate) fn button_ui(self, ui: &mut Ui, words: &Words, draw: impl Fn(&mut Ui)) {
        self.with_menu(&draw, |menu| menu.button_ui(ui, words));
    }

    fn with_menu(self, draw: &dyn Fn(&mut Ui), with: impl FnOnce(CopyMenu<'_>)) {
        let Plotted { title, n_rows, table } = self;
        let picture = |dark: bool| of_plot(title, dark, draw);
        with(CopyMenu { name: title, n_rows, table, picture: Some(&picture) });
    }
}

/// A plot with its menu. `draw` draws it again for a picture.
pub(crate) fn plot_ui<R>(
    ui: &mut Ui,
    words: &Words,
    plot: Plotted<'_>,
    draw: impl Fn(&mut Ui) -> PlotResponse<R>,
) -> PlotResponse<R> {
    let shown = draw(ui);
    ticks::settle(ui, &shown);
    name_plot(&shown.response, words, plot.title);
    plot.with_menu(&|ui| drop(draw(ui)), |menu| menu.on(&shown.response, words));
    shown
}

/// What a screen reader hears of a plot.
pub(crate) fn name_plot(response: &Response, words: &Words, title: &str) {
    let label = words.text_with("plot-name", &[("name", title.into())]);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, label.as_str()));
    name(response, &label);
}

/// Columns of numbers as a table, NaN for none.
pub(crate) fn number_table(
    columns: impl IntoIterator<Item = String>,
    rows: impl IntoIterator<Item = Vec<f64>>,
) -> TableText {
    let cell = |x: f64| if x.is_nan() { TableCell::Missing } else { TableCell::Number(x) };
    TableText {
        columns: columns.into_iter().collect(),
        rows: rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
        rank: 2,
        precision: Precision::F64,
    }
}

/// Curves over one axis as a table: a row for each place along it, a column for each curve.
pub(crate) fn curves_table(along: &str, curves: &[(String, Vec<[f64; 2]>)], most: usize) -> TableText {
    let mut places: Vec<f64> = curves.iter().flat_map(|(_, points)| points.iter().map(|p| p[0])).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    places.truncate(most);
    let mut left: Vec<_> = curves.iter().map(|(_, points)| points.iter().peekable()).collect();
    let rows = places.iter().map(|&place| {
        let at = left
            .iter_mut()
            .map(|points| points.next_if(|point| point[0] == place).map_or(f64::NAN, |point| point[1]));
        std::iter::once(place).chain(at).collect::<Vec<f64>>()
    });
    let names = std::iter::once(along.to_owned()).chain(curves.iter().map(|(name, _)| name.clone()));
    number_table(names, rows.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TableForm;

    #[test]
    fn curves_meet_at_the_places_that_they_share() {
        let curves = [
            ("a".to_owned(), vec![[0.0, 1.0], [1.0, 2.0], [2.0, 3.0]]),
            ("b".to_owned(), vec![[1.0, 5.0], [3.0, 6.0]]),
        ];
        let text = curves_table("x", &curves, usize::MAX).written(TableForm::Csv);
        assert_eq!(text, "x,a,b\n0,1,\n1,2,5\n2,3,\n3,,6");
        assert_eq!(curves_table("x", &curves, 1).rows.len(), 1);
    }
}
