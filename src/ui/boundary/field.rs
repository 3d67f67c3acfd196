//! A field as a plot: colors, contour lines or regions, and the rows of the data over it; or a curve.
//!
//! Must not know where a field comes from.

use std::sync::Arc;

use egui::{Color32, ColorImage, TextureHandle, TextureOptions, Ui};
use egui_plot::{Line, PlotImage, PlotPoint, PlotPoints, PlotResponse, PlotUi, Points};

use crate::app::{App, Command, ViewCommand};
use crate::explain;
use crate::export::TableText;
use crate::insight::{Field, FieldRow};
use crate::network::Task;
use crate::train::SampleView;
use crate::ui::class_colors::class_color;
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::samples::shown_sample;
use crate::ui::theme::{Theme, mix};
use crate::ui::ticks;
use crate::words::Words;

/// Lines of equal value.
const N_CONTOURS: usize = 7;
/// A row so near to the pointer is meant by a click.
const REACH: f32 = 12.0;

pub(super) fn field_ui(ui: &mut Ui, app: &App, words: &Words, field: &Arc<Field>, out: &mut Vec<Command>) {
    let name =
        |idx: usize| field.variables.get(idx).map_or_else(String::new, |variable| variable.name.clone());
    let y_name = field.y.map_or_else(|| field.names.first().cloned().unwrap_or_default(), name);
    let names = [name(field.x), y_name];
    let looked_at = shown_sample(app);
    let table = |most: usize| field_table(field, &names, words.text("predictions-said"), most);
    let title = format!("{} / {}", names[1], names[0]);
    let plotted = Plotted { title: &title, n_rows: field.values.len(), table: &table };
    let response = plot_ui(ui, words, plotted, |ui| draw(ui, words, field, &names, looked_at));
    let pointer = response.response.interact_pointer_pos().filter(|_| response.response.clicked());
    let Some(pointer) = pointer else { return };
    let distance = |row: &FieldRow| response.transform.position_from_point(&row.at.into()).distance(pointer);
    let nearest = field.rows.iter().map(|row| (row.sample, distance(row))).min_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((sample, _)) = nearest.filter(|(_, distance)| *distance <= REACH) {
        out.push(Command::View(ViewCommand::Samples(SampleView::Alone(sample as usize))));
    }
}

/// A row for each point: where it is, the value there, and the class where there are classes.
fn field_table(field: &Field, names: &[String; 2], said: String, most: usize) -> TableText {
    let (n, has_y) = (field.n, field.y.is_some());
    let has_classes = !field.classes.is_empty();
    let along = |[from, to]: [f64; 2], idx: usize| from + (to - from) * idx as f64 / (n - 1).max(1) as f64;
    let rows = field.values.iter().enumerate().take(most).map(|(idx, &value)| {
        let y = has_y.then(|| along(field.y_range, idx / n));
        let class = field.classes.get(idx).map(|&class| f64::from(class));
        let place = std::iter::once(along(field.x_range, idx % n)).chain(y);
        place.chain([value]).chain(class).collect()
    });
    let columns = [Some(names[0].clone()), has_y.then(|| names[1].clone()), Some(said)];
    let class = has_classes.then(|| "class".to_owned());
    number_table(columns.into_iter().chain([class]).flatten(), rows)
}

fn draw(
    ui: &mut Ui,
    words: &Words,
    field: &Arc<Field>,
    names: &[String; 2],
    looked_at: Option<usize>,
) -> PlotResponse<()> {
    let theme = Theme::of(ui);
    let texture = field.y.is_some().then(|| texture(ui, field, theme));
    let hover = Arc::clone(field);
    let (hover_names, said) = (names.clone(), words.text("predictions-said"));
    ticks::plot(("field", field.x, field.y))
        .allow_boxed_zoom(false)
        .show_grid(field.y.is_none())
        .grid_color(theme.outline)
        .set_margin_fraction(if field.y.is_some() { egui::Vec2::ZERO } else { egui::vec2(0.02, 0.05) })
        .x_axis_label(names[0].clone())
        .y_axis_label(ticks::upright_name(ui, &names[1]))
        .x_axis_formatter(|mark, _| ticks::tick(mark, false))
        .y_axis_formatter(|mark, _| ticks::tick(mark, false))
        .label_formatter(move |position| {
            let point = match position {
                egui_plot::HoverPosition::NearDataPoint { position, .. }
                | egui_plot::HoverPosition::Elsewhere { position } => position,
            };
            let [x, y] = [explain::short(point.x), explain::short(point.y)];
            let reading = reading(&hover, [point.x, point.y]).map(|text| format!("\n{said} {text}"));
            Some(format!("{} {x}\n{} {y}{}", hover_names[0], hover_names[1], reading.unwrap_or_default()))
        })
        .show(ui, |plot| {
            match &texture {
                Some(texture) => {
                    image(plot, field, texture);
                    contours(plot, field, theme);
                }
                None => curve(plot, field, theme),
            }
            rows(plot, field, theme, looked_at);
        })
}

/// The value under the pointer in words.
pub(crate) fn reading(field: &Field, [x, y]: [f64; 2]) -> Option<String> {
    let n = field.n;
    let place = |[from, to]: [f64; 2], at: f64| {
        let place = ((at - from) / (to - from) * (n - 1) as f64).round();
        (0.0..n as f64).contains(&place).then_some(place as usize)
    };
    let column = place(field.x_range, x)?;
    let row = if field.y.is_some() { place(field.y_range, y)? } else { 0 };
    let value = explain::short(*field.values.get(row * n + column)?);
    Some(match field.classes.get(row * n + column) {
        Some(&class) => format!("{} {value}", field.names.get(usize::from(class))?),
        None => value,
    })
}

/// The field as an image, made anew where the field or the theme is another one.
pub(crate) fn texture(ui: &Ui, field: &Arc<Field>, theme: &Theme) -> TextureHandle {
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
        let Some(&value) = field.values.get(idx) else { return theme.panel };
        match field.classes.get(idx) {
            Some(&class) => {
                // From "no better than chance" to "sure".
                let strength = ((value - 1.0 / n_classes) / (1.0 - 1.0 / n_classes)).clamp(0.0, 1.0);
                mix(theme.panel, class_color(theme, usize::from(class)), 0.12 + 0.5 * strength as f32)
            }
            None => theme.values.color(0.8 * scale(value)),
        }
    }
}

/// Values on −1 … 1: probabilities around a half, numbers of both signs around zero, others between the
/// smallest and the largest.
fn scale(field: &Field) -> impl Fn(f64) -> f32 + use<> {
    let [min, max] = field.extent().unwrap_or([0.0, 1.0]);
    let (middle, half) = if field.task != Task::Regression {
        (0.5, 0.5)
    } else if min < 0.0 && max > 0.0 {
        (0.0, max.max(-min))
    } else {
        (f64::midpoint(min, max), (0.5 * (max - min)).max(f64::MIN_POSITIVE))
    };
    move |value| ((value - middle) / half) as f32
}

pub(crate) fn image(plot: &mut PlotUi<'_>, field: &Field, texture: &TextureHandle) {
    // The outermost points lie on the ends of the axes, in the middle of their pixels.
    let grown = |[from, to]: [f64; 2]| (to - from) * field.n as f64 / (field.n - 1).max(1) as f64;
    let center = PlotPoint::new(
        f64::midpoint(field.x_range[0], field.x_range[1]),
        f64::midpoint(field.y_range[0], field.y_range[1]),
    );
    let size = egui::vec2(grown(field.x_range) as f32, grown(field.y_range) as f32);
    plot.image(PlotImage::new("", texture.id(), center, size).allow_hover(false));
}

pub(crate) fn contours(plot: &mut PlotUi<'_>, field: &Field, theme: &Theme) {
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

pub(crate) fn curve(plot: &mut PlotUi<'_>, field: &Field, theme: &Theme) {
    let [from, to] = field.x_range;
    let x = |idx: usize| from + (to - from) * idx as f64 / (field.n - 1).max(1) as f64;
    let points = field.values.iter().enumerate().map(|(idx, &value)| [x(idx), value]);
    let points: Vec<[f64; 2]> = points.filter(|point| point[1].is_finite()).collect();
    plot.line(Line::new("", PlotPoints::from(points)).color(theme.curve_train).width(2.5));
}

/// The rows of the data: of each class in its color, numbers in the field's.
fn rows(plot: &mut PlotUi<'_>, field: &Field, theme: &Theme, looked_at: Option<usize>) {
    let is_class = field.task == Task::Classification;
    let scale = scale(field);
    if field.y.is_none() && is_class {
        return;
    }
    let radius = if field.rows.len() > 500 { 2.0 } else { 3.2 };
    let dots = |at: Vec<[f64; 2]>| Points::new("", PlotPoints::from(at)).allow_hover(false);
    let color = |row: &FieldRow| {
        if !row.truth.is_finite() || field.y.is_none() {
            theme.weak.gamma_multiply(0.6)
        } else if is_class {
            class_color(theme, row.truth as usize)
        } else {
            theme.values.color(1.25 * scale(row.truth).clamp(-1.0, 1.0))
        }
    };
    let mut sorted: Vec<(Color32, [f64; 2])> = field.rows.iter().map(|row| (color(row), row.at)).collect();
    sorted.sort_by_key(|(color, _)| color.to_array());
    if field.y.is_some() {
        // A rim keeps a dot apart from a field of the same color.
        plot.points(
            dots(field.rows.iter().map(|row| row.at).collect()).color(theme.text).radius(radius + 0.9),
        );
    }
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        plot.points(dots(group.iter().map(|(_, at)| *at).collect()).color(group[0].0).radius(radius));
    }
    let chosen = field.rows.iter().find(|row| Some(row.sample as usize) == looked_at);
    if let Some(row) = chosen {
        plot.points(dots(vec![row.at]).filled(false).color(theme.text).radius(7.0));
    }
}
