//! What the network says over two inputs, or over one, with the rows of the data over it.
//!
//! Must not know where a field comes from.

use std::sync::Arc;

use egui::{Color32, Id, Ui};
use egui_plot::{PlotPoints, PlotResponse, PlotUi, Points};

use crate::app::{App, Command, ViewCommand};
use crate::export::TableText;
use crate::insight::{Field, FieldRow};
use crate::network::Task;
use crate::train::SampleView;
use crate::ui::class_colors::class_color;
use crate::ui::field_plot::{FieldPlot, ring, scale};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::samples::shown_sample;
use crate::ui::theme::Theme;
use crate::words::Words;

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
    let has_y = field.y.is_some();
    let has_classes = !field.classes.is_empty();
    let rows = field.values.iter().enumerate().take(most).map(|(idx, &value)| {
        let class = field.classes.get(idx).map(|&class| f64::from(class));
        let place = field.place(idx).into_iter().take(if has_y { 2 } else { 1 });
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
    let id = Id::new(("field", field.x, field.y));
    let names = names.each_ref().map(String::as_str);
    let said = words.text("predictions-said");
    let plot = FieldPlot { id, field, names, said: (field, &said), is_log: false };
    plot.ui(ui, |plot, theme| rows(plot, field, theme, looked_at))
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
        plot.points(ring(row.at, theme));
    }
}
