//! A field as a plot: colors with contour lines, regions of classes, or a curve; and a path over it.
//!
//! Must not know where a field comes from, nor what it is about.

use std::sync::Arc;

use egui::{Color32, ColorImage, Id, TextureHandle, TextureOptions, Ui};
use egui_plot::{Line, PlotImage, PlotPoint, PlotPoints, PlotResponse, PlotUi, Points};

use super::class_colors::class_color;
use super::theme::{Theme, mix};
use super::{hover, ticks};
use crate::explain;
use crate::insight::Field;
use crate::network::Task;

/// How strong the colors at the ends of a scale are: over them rows and lines are still seen.
pub(crate) const STRENGTH: f32 = 0.8;
/// Lines of equal value.
const N_CONTOURS: usize = 7;

/// A field and how it is read.
pub(crate) struct FieldPlot<'a> {
    /// Which plot it is: another one has other bounds.
    pub(crate) id: Id,
    pub(crate) field: &'a Arc<Field>,
    /// What stands along the axes.
    pub(crate) names: [&'a str; 2],
    /// The field whose numbers are said under the pointer, and what they are called.
    pub(crate) said: (&'a Field, &'a str),
    /// Whether the heights of a curve are logarithms.
    pub(crate) is_log: bool,
}

impl FieldPlot<'_> {
    /// The plot, with what `over` draws over it.
    pub(crate) fn ui(&self, ui: &mut Ui, over: impl FnOnce(&mut PlotUi<'_>, &Theme)) -> PlotResponse<()> {
        let theme = Theme::of(ui);
        let Self { id, field, names: [x_name, y_name], said: (read, read_name), is_log } = *self;
        let has_two = field.y.is_some();
        let texture = has_two.then(|| texture(ui, field, theme));
        let upright = ticks::upright_name(ui, y_name);
        let shown = ticks::plot(id)
            .allow_boxed_zoom(false)
            .show_grid(!has_two)
            .grid_color(theme.outline)
            .set_margin_fraction(if has_two { egui::Vec2::ZERO } else { egui::vec2(0.02, 0.05) })
            .x_axis_label(x_name)
            .y_axis_label(upright)
            .x_axis_formatter(|mark, _| ticks::tick(mark, false))
            .y_grid_spacer(ticks::y_marks_above_corner(is_log))
            .y_axis_formatter(move |mark, _| ticks::tick(mark, is_log))
            .label_formatter(hover::says(move |at| {
                let [x, y] = at.map(explain::short);
                let y = has_two.then(|| format!("{y_name} {y}"));
                let reading = hover::reading(read, at).map(|text| format!("{read_name} {text}"));
                [Some(format!("{x_name} {x}")), y, reading]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("\n")
            }))
            .show(ui, |plot| {
                match &texture {
                    Some(texture) => {
                        // The outermost points lie on the ends of the axes, in the middle of their pixels.
                        let grown = |range| grown(range, field.n);
                        picture(plot, texture, grown(field.x_range), grown(field.y_range));
                        contours(plot, field, theme);
                    }
                    None => curve(plot, field, theme),
                }
                over(plot, theme);
            });
        ticks::frame_ui(ui, &shown);
        shown
    }
}

/// Half a point further to both sides.
fn grown([from, to]: [f64; 2], n: usize) -> [f64; 2] {
    let half = 0.5 * (to - from) / n.saturating_sub(1).max(1) as f64;
    [from - half, to + half]
}

/// An image between two places of both axes.
pub(crate) fn picture(
    plot: &mut PlotUi<'_>,
    texture: &TextureHandle,
    [left, right]: [f64; 2],
    [bottom, top]: [f64; 2],
) {
    let center = PlotPoint::new(f64::midpoint(left, right), f64::midpoint(bottom, top));
    let size = egui::vec2((right - left) as f32, (top - bottom) as f32);
    plot.image(PlotImage::new("", texture.id(), center, size).allow_hover(false));
}

/// A line through points with a dot on each; a rim keeps it apart from a field of its own color.
pub(crate) fn path(plot: &mut PlotUi<'_>, points: &[[f64; 2]], theme: &Theme, color: Color32) {
    let line = |width| Line::new("", PlotPoints::from(points.to_vec())).width(width).allow_hover(false);
    plot.line(line(4.0).color(theme.panel));
    plot.line(line(2.0).color(color));
    dots(plot, points, theme, color);
}

/// Dots with a rim.
pub(crate) fn dots(plot: &mut PlotUi<'_>, points: &[[f64; 2]], theme: &Theme, color: Color32) {
    let dots = |radius| Points::new("", PlotPoints::from(points.to_vec())).radius(radius).allow_hover(false);
    plot.points(dots(3.2).color(theme.panel));
    plot.points(dots(2.2).color(color));
}

/// A ring around a place.
pub(crate) fn ring(at: [f64; 2], theme: &Theme) -> Points<'static> {
    let ring = Points::new("", PlotPoints::from(vec![at])).allow_hover(false);
    ring.filled(false).color(theme.text).radius(7.0)
}

/// The field as an image, made anew where the field or the theme is another one.
fn texture(ui: &Ui, field: &Arc<Field>, theme: &Theme) -> TextureHandle {
    let id = ui.id().with("field texture");
    let held: Option<(Arc<Field>, bool, TextureHandle)> = ui.data(|data| data.get_temp(id));
    if let Some((of, is_dark, texture)) = held
        && Arc::ptr_eq(&of, field)
        && is_dark == theme.dark
    {
        return texture;
    }
    let n = field.n;
    let color = coloring(field, theme);
    // Images begin at the top, fields at the bottom.
    let rows = (0..n).rev().flat_map(|row| (0..n).map(move |column| row * n + column));
    let image = ColorImage::new([n, n], rows.map(color).collect());
    let options = if field.classes.is_empty() { TextureOptions::LINEAR } else { TextureOptions::NEAREST };
    let texture = ui.ctx().load_texture("field", image, options);
    let kept = (Arc::clone(field), theme.dark, texture.clone());
    ui.data_mut(|data| data.insert_temp(id, kept));
    texture
}

/// The color of each point.
fn coloring<'a>(field: &'a Field, theme: &'a Theme) -> impl Fn(usize) -> Color32 + 'a {
    let scale = scale(field);
    let n_classes = field.names.len().max(2) as f64;
    move |idx| {
        let value = field.values.get(idx).copied().unwrap_or(f64::NAN);
        if value.is_nan() {
            return theme.panel;
        }
        match field.classes.get(idx) {
            Some(&class) => {
                // From "no better than chance" to "sure".
                let strength = ((value - 1.0 / n_classes) / (1.0 - 1.0 / n_classes)).clamp(0.0, 1.0);
                mix(theme.panel, class_color(theme, usize::from(class)), 0.12 + 0.5 * strength as f32)
            }
            None => theme.values.color(STRENGTH * scale(value)),
        }
    }
}

/// What the colors of a field say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    /// Which class.
    Classes,
    /// How large a value is.
    Scale,
    /// Nothing: it is a curve.
    Curve,
}

impl Colors {
    /// Those of a field.
    pub(crate) fn of(field: &Field) -> Self {
        match field.y {
            _ if !field.classes.is_empty() => Self::Classes,
            Some(_) => Self::Scale,
            None => Self::Curve,
        }
    }
}

/// The values at the ends of the scale of colors: 0 and 1 for probabilities, as far below zero as above it
/// for numbers of both signs, otherwise, and for logarithms, the smallest and the largest.
pub(crate) fn scale_ends(field: &Field) -> Option<[f64; 2]> {
    if field.task != Task::Regression {
        return Some([0.0, 1.0]);
    }
    let [min, max] = field.extent()?;
    let largest = max.max(-min);
    let has_middle = min < 0.0 && max > 0.0 && !field.is_logarithm;
    Some(if has_middle { [-largest, largest] } else { [min, max] })
}

/// Values on −1 … 1, the ends of the scale.
pub(crate) fn scale(field: &Field) -> impl Fn(f64) -> f32 + use<> {
    let [min, max] = scale_ends(field).unwrap_or([0.0, 1.0]);
    let (middle, half) = (f64::midpoint(min, max), (0.5 * (max - min)).max(f64::MIN_POSITIVE));
    move |value| ((value - middle) / half) as f32
}

fn contours(plot: &mut PlotUi<'_>, field: &Field, theme: &Theme) {
    let Some([min, max]) = field.extent().filter(|_| field.classes.is_empty()) else { return };
    let levels: Vec<(f64, f32)> = if field.task == Task::Regression {
        let step = (max - min) / (N_CONTOURS + 1) as f64;
        (1..=N_CONTOURS).map(|n| (min + step * n as f64, 1.0)).collect()
    } else {
        vec![(0.25, 0.8), (0.5, 2.2), (0.75, 0.8)]
    };
    for (level, width) in levels {
        for piece in field.contour(level) {
            let line = Line::new("", PlotPoints::from(piece.to_vec())).width(width).allow_hover(false);
            plot.line(line.color(theme.text.gamma_multiply(if width > 2.0 { 0.9 } else { 0.45 })));
        }
    }
}

/// A line; over one input the likeliest class has its color.
fn curve(plot: &mut PlotUi<'_>, field: &Field, theme: &Theme) {
    let class = |idx: usize| field.classes.get(idx).copied();
    let finite: Vec<usize> = (0..field.values.len()).filter(|&idx| field.values[idx].is_finite()).collect();
    let mut before = None;
    for piece in finite.chunk_by(|&a, &b| class(a) == class(b)) {
        // A piece begins where the one before it ends.
        let points = before.into_iter().chain(piece.iter().copied());
        let points = points.map(|idx| [field.place(idx)[0], field.values[idx]]);
        let color = class(piece[0]).map_or(theme.curve_train, |class| class_color(theme, usize::from(class)));
        plot.line(Line::new("", points.collect::<PlotPoints<'_>>()).color(color).width(2.5));
        before = piece.last().copied();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_both_signs_have_zero_in_the_middle_of_the_scale_and_logarithms_do_not() {
        let of = |values: Vec<f64>| Field::of_numbers(2, [0.0, 1.0], Some([0.0, 1.0]), values);
        assert_eq!(scale_ends(&of(vec![-3.0, 0.0, 0.5, 1.0])), Some([-3.0, 3.0]));
        assert_eq!(scale_ends(&of(vec![2.0, 4.0, 3.0, 2.5])), Some([2.0, 4.0]));
        let logarithms = Field { is_logarithm: true, ..of(vec![-3.0, 0.0, 0.5, 1.0]) };
        assert_eq!(scale_ends(&logarithms), Some([-3.0, 1.0]));
    }
}
