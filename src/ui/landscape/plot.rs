//! A loss landscape as a plot, with the path of the weights over it; and its numbers as a table.
//!
//! Must not know where a landscape comes from.

use std::sync::Arc;

use egui::{Id, Ui};
use egui_plot::{MarkerShape, PlotResponse};

use crate::explain;
use crate::export::TableText;
use crate::insight::{Field, Landscape};
use crate::ui::color_scale::color_scale_ui;
use crate::ui::field_plot::{FieldPlot, dots, path, ring, scale_ends};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::words::Words;

/// What is drawn.
pub(super) struct Shown<'a> {
    pub(super) words: &'a Words,
    pub(super) landscape: &'a Landscape,
    /// What stands along the axes.
    pub(super) names: &'a [String; 2],
    is_linear: bool,
}

impl<'a> Shown<'a> {
    /// On a scale of logarithms unless a linear one is asked for, or the only one.
    pub(super) fn new(
        words: &'a Words,
        landscape: &'a Landscape,
        names: &'a [String; 2],
        linear: bool,
    ) -> Self {
        Self { words, landscape, names, is_linear: linear || !landscape.has_logarithm() }
    }
}

impl Shown<'_> {
    /// The loss, or its logarithm.
    fn field(&self) -> &Arc<Field> {
        if self.is_linear { &self.landscape.field } else { &self.landscape.logarithm }
    }

    /// As large as there is room.
    pub(super) fn ui(&self, ui: &mut Ui) {
        self.with_plotted(|plotted| drop(plot_ui(ui, self.words, plotted, |ui| draw(ui, self))));
    }

    /// A small button that opens the menu of the plot.
    pub(super) fn button_ui(&self, ui: &mut Ui) {
        self.with_plotted(|plotted| plotted.button_ui(ui, self.words, |ui| drop(draw(ui, self))));
    }

    fn with_plotted(&self, with: impl FnOnce(Plotted<'_>)) {
        let Landscape { field, path, .. } = self.landscape;
        let table = |most: usize| table(self.landscape, most);
        let title = self.words.text("pane-landscape");
        with(Plotted { title: &title, n_rows: field.values.len() + path.len(), table: &table });
    }

    /// What the colors of a surface stand for.
    pub(super) fn scale_ui(&self, ui: &mut Ui) {
        let ends = scale_ends(self.field()).filter(|_| self.field().y.is_some());
        let Some(ends) = ends else { return };
        let loss = |end: f64| explain::short(if self.is_linear { end } else { 10.0_f64.powf(end) });
        color_scale_ui(ui, self.words, ends.map(loss));
    }

    /// A loss as it stands on the axis of a curve.
    fn height(&self, loss: f64) -> f64 {
        if self.is_linear { loss } else { loss.log10() }
    }
}

fn draw(ui: &mut Ui, shown: &Shown<'_>) -> PlotResponse<()> {
    let (landscape, field) = (shown.landscape, shown.field());
    let loss = shown.words.text("plot-loss");
    let has_two = field.y.is_some();
    let [x_name, y_name] = shown.names.each_ref().map(String::as_str);
    let names = [x_name, if has_two { y_name } else { &loss }];
    let is_log = !shown.is_linear && !has_two;
    let id = Id::new(("landscape", has_two, is_log, x_name));
    let plot = FieldPlot { id, field, names, said: (&landscape.field, &loss), is_log };
    plot.ui(ui, |plot, theme| {
        let points: Vec<[f64; 2]> = landscape.path.iter().map(|mark| mark.at).collect();
        let end = if has_two {
            path(plot, &points, theme, theme.accent);
            landscape.center
        } else {
            dots(plot, &on_curve(field, &points), theme, theme.accent);
            [landscape.center[0], shown.height(landscape.loss)]
        };
        if end.iter().all(|at| at.is_finite()) {
            plot.points(ring(end, theme).shape(MarkerShape::Cross));
        }
        if let Some(start) = points.first().filter(|_| has_two) {
            plot.points(ring(*start, theme));
        }
    })
}

/// The points of a path along one direction, each on the curve.
fn on_curve(field: &Field, path: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let [from, to] = field.x_range;
    let place = |&[x, _]: &[f64; 2]| {
        let at = (x - from) / (to - from) * (field.n - 1) as f64;
        let left = at.floor().max(0.0) as usize;
        let [low, high] = [left, left + 1].map(|idx| field.values.get(idx).copied());
        Some([x, low? + (at - left as f64) * (high.or(low)? - low?)])
    };
    path.iter().filter_map(place).filter(|at| at.iter().all(|at| at.is_finite())).collect()
}

/// Every point of the picture with its loss, then the path with its steps.
fn table(landscape: &Landscape, most: usize) -> TableText {
    let field = &landscape.field;
    let along_y = |y: f64| if field.y.is_some() { y } else { f64::NAN };
    let points = field.values.iter().enumerate().map(|(idx, &loss)| {
        let [x, y] = field.place(idx);
        vec![f64::NAN, x, along_y(y), loss]
    });
    let path = landscape.path.iter().map(|mark| {
        let [x, y] = mark.at;
        vec![mark.step as f64, x, along_y(y), f64::NAN]
    });
    let names = ["step", "x", "y", "loss"].map(str::to_owned);
    number_table(names, points.chain(path).take(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TableForm;
    use crate::insight::PathMark;

    #[test]
    fn a_path_along_one_direction_lies_on_the_curve_and_stands_in_the_table() {
        let field = Arc::new(Field::of_numbers(3, [-1.0, 1.0], None, vec![4.0, 0.0, 2.0]));
        assert_eq!(on_curve(&field, &[[0.5, 9.0], [1.0, 9.0]]), [[0.5, 1.0], [1.0, 2.0]]);
        let landscape = Landscape {
            logarithm: Arc::clone(&field),
            field,
            loss: 0.0,
            center: [0.0, 0.0],
            path: vec![PathMark { step: 7, at: [0.5, 0.0] }],
            shown: None,
            explained: None,
            rows: [1, 1],
        };
        let text = table(&landscape, 9).written(TableForm::Csv);
        assert_eq!(text, "step,x,y,loss\n,-1,,4\n,0,,0\n,1,,2\n7,0.5,,");
    }
}
