//! A loss landscape as a plot: colors and contour lines, or a curve, with the path of the weights over it;
//! and its numbers as a table.
//!
//! Must not know where a landscape comes from.

use std::sync::Arc;

use egui::{Ui, Vec2};
use egui_plot::{Line, MarkerShape, PlotPoints, PlotResponse, Points};

use crate::explain;
use crate::export::TableText;
use crate::insight::{Field, Landscape};
use crate::ui::boundary::{contours, curve, image, reading, texture};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::theme::Theme;
use crate::ui::ticks;
use crate::words::Words;

/// What is drawn.
pub(super) struct Shown<'a> {
    pub(super) words: &'a Words,
    pub(super) landscape: &'a Landscape,
    /// What stands along the axes.
    pub(super) names: &'a [String; 2],
    pub(super) is_linear: bool,
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

    /// A loss as it stands on the axis of a curve.
    fn height(&self, loss: f64) -> f64 {
        if self.is_linear { loss } else { loss.log10() }
    }
}

fn draw(ui: &mut Ui, shown: &Shown<'_>) -> PlotResponse<()> {
    let theme = Theme::of(ui);
    let field = shown.field();
    let loss = shown.words.text("plot-loss");
    let has_two = field.y.is_some();
    let [x_name, y_name] =
        [shown.names[0].clone(), if has_two { shown.names[1].clone() } else { loss.clone() }];
    let texture = has_two.then(|| texture(ui, field, theme));
    let is_log = !shown.is_linear && !has_two;
    let (hover, hover_names) = (Arc::clone(&shown.landscape.field), [x_name.clone(), y_name.clone()]);
    ticks::plot(("landscape", has_two, is_log, &x_name))
        .allow_boxed_zoom(false)
        .show_grid(!has_two)
        .grid_color(theme.outline)
        .set_margin_fraction(if has_two { Vec2::ZERO } else { egui::vec2(0.02, 0.05) })
        .x_axis_label(x_name)
        .y_axis_label(y_name)
        .x_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_grid_spacer(ticks::y_marks(is_log))
        .y_axis_formatter(move |mark, _| ticks::tick(mark, is_log))
        .label_formatter(move |position| {
            let point = match position {
                egui_plot::HoverPosition::NearDataPoint { position, .. }
                | egui_plot::HoverPosition::Elsewhere { position } => position,
            };
            let [x, y] = [point.x, point.y].map(explain::short);
            let along_y = if has_two { format!("\n{} {y}", hover_names[1]) } else { String::new() };
            let reading = reading(&hover, [point.x, point.y]).map(|text| format!("\n{loss} {text}"));
            Some(format!("{} {x}{along_y}{}", hover_names[0], reading.unwrap_or_default()))
        })
        .show(ui, |plot| {
            match &texture {
                Some(texture) => {
                    image(plot, field, texture);
                    contours(plot, field, theme);
                }
                None => curve(plot, field, theme),
            }
            let path: Vec<[f64; 2]> = shown.landscape.path.iter().map(|mark| mark.at).collect();
            let path = if has_two { path } else { on_curve(field, &path) };
            let line = |width| Line::new("", PlotPoints::from(path.clone())).width(width).allow_hover(false);
            let dots = |at: Vec<[f64; 2]>| Points::new("", PlotPoints::from(at)).allow_hover(false);
            if has_two {
                // A rim keeps the path apart from a field of its own color.
                plot.line(line(4.0).color(theme.panel));
                plot.line(line(2.0).color(theme.accent));
            }
            plot.points(dots(path.clone()).color(theme.panel).radius(3.2));
            plot.points(dots(path.clone()).color(theme.accent).radius(2.2));
            let end = match shown.landscape.center {
                center if has_two => center,
                [x, _] => [x, shown.height(shown.landscape.loss)],
            };
            let ring = |at| dots(vec![at]).filled(false).color(theme.text).radius(6.0);
            plot.points(ring(end).shape(MarkerShape::Cross));
            if let Some(start) = path.first().filter(|_| has_two) {
                plot.points(ring(*start));
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
    path.iter().filter_map(place).collect()
}

/// Every point of the picture with its loss, then the path with its steps.
fn table(landscape: &Landscape, most: usize) -> TableText {
    let field = &landscape.field;
    let at = |idx: usize, [from, to]: [f64; 2]| from + (to - from) * idx as f64 / (field.n - 1).max(1) as f64;
    let along_y = |y: f64| if field.y.is_some() { y } else { f64::NAN };
    let points = field.values.iter().enumerate().map(|(idx, &loss)| {
        let y = along_y(at(idx / field.n, field.y_range));
        vec![f64::NAN, at(idx % field.n, field.x_range), y, loss]
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
    use crate::network::Task;

    #[test]
    fn a_path_along_one_direction_lies_on_the_curve_and_stands_in_the_table() {
        let field = Arc::new(Field {
            variables: Vec::new(),
            x: 0,
            y: None,
            n: 3,
            x_range: [-1.0, 1.0],
            y_range: [0.0, 1.0],
            values: vec![4.0, 0.0, 2.0],
            classes: Vec::new(),
            names: Vec::new(),
            n_outputs: 1,
            task: Task::Regression,
            rows: Vec::new(),
        });
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
