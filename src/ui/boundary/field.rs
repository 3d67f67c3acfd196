//! What the network says over two inputs, or over one, with the rows of the data over it.
//!
//! Must not know where a field comes from.

use std::sync::Arc;

use egui::{Color32, Id, Ui};
use egui_plot::{MarkerShape, PlotPoints, PlotResponse, PlotUi, Points};

use super::key::key_ui;
use crate::app::{App, Command, ViewCommand};
use crate::data::Part;
use crate::export::TableText;
use crate::insight::{Field, FieldRow};
use crate::network::Task;
use crate::train::SampleView;
use crate::ui::class_colors::class_color;
use crate::ui::field_plot::{Colors, FieldPlot, ring, scale};
use crate::ui::pictures::{Plotted, number_table, plot_ui};
use crate::ui::samples::shown_sample;
use crate::ui::theme::Theme;
use crate::words::Words;

/// A row so near to the pointer is meant by a click.
const REACH: f32 = 12.0;

pub(super) fn field_ui(ui: &mut Ui, app: &App, words: &Words, field: &Arc<Field>, out: &mut Vec<Command>) {
    let name =
        |idx: usize| field.variables.get(idx).map_or_else(String::new, |variable| variable.name.clone());
    let y_name = match field.y {
        Some(idx) => name(idx),
        // Over one input stands how probable the likeliest class is.
        None if Colors::of(field) == Colors::Classes => words.text("boundary-probability"),
        None => {
            let y_name = field.names.first().cloned().unwrap_or_default();
            // A column forecast from its own past has the name of its input.
            let is_same = y_name == name(field.x);
            if is_same { format!("{} ({y_name})", words.text("predictions-said")) } else { y_name }
        }
    };
    let names = [name(field.x), y_name];
    let is_validation = |sample: u32| {
        let part = app.prepared().map(|data| data.part_of_sample(sample));
        part == Some(Part::Validation)
    };
    let looked_at = shown_sample(app);
    let shown = Shown { words, field, names: &names, looked_at, is_validation: &is_validation };
    let table = |most: usize| field_table(field, &names, words.text("predictions-said"), most);
    let title = format!("{} / {}", names[1], names[0]);
    let plotted = Plotted { title: &title, n_rows: field.values.len(), table: &table };
    let response = plot_ui(ui, words, plotted, |ui| shown.draw(ui));
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

/// What is drawn.
struct Shown<'a> {
    words: &'a Words,
    field: &'a Arc<Field>,
    /// What stands along the axes.
    names: &'a [String; 2],
    looked_at: Option<usize>,
    /// Whether a sample belongs to the validation part.
    is_validation: &'a dyn Fn(u32) -> bool,
}

impl Shown<'_> {
    /// The key, and the plot in the room under it.
    fn draw(&self, ui: &mut Ui) -> PlotResponse<()> {
        let &Self { words, field, names, .. } = self;
        let has = |part: bool| {
            has_rows(field) && field.rows.iter().any(|row| (self.is_validation)(row.sample) == part)
        };
        key_ui(ui, words, field, [false, true].map(has));
        let id = Id::new(("field", field.x, field.y));
        let names = names.each_ref().map(String::as_str);
        let said = words.text("predictions-said");
        let plot = FieldPlot { id, field, names, said: (field, &said), is_log: false };
        plot.ui(ui, |plot, theme| self.rows(plot, theme))
    }

    /// The rows of the data: of each class in its color, numbers in the field's; dots train, diamonds
    /// validate.
    fn rows(&self, plot: &mut PlotUi<'_>, theme: &Theme) {
        let field = self.field;
        if !has_rows(field) {
            return;
        }
        let is_class = field.task == Task::Classification;
        let scale = scale(field);
        let radius = if field.rows.len() > 500 { 2.0 } else { 3.2 };
        let color = |row: &FieldRow| {
            if !row.truth.is_finite() || field.y.is_none() {
                theme.weak.gamma_multiply(0.6)
            } else if is_class {
                class_color(theme, row.truth as usize)
            } else {
                theme.values.color(1.25 * scale(row.truth).clamp(-1.0, 1.0))
            }
        };
        for part in [false, true] {
            let of_part = field.rows.iter().filter(|row| (self.is_validation)(row.sample) == part);
            let mut sorted: Vec<(Color32, [f64; 2])> = of_part.map(|row| (color(row), row.at)).collect();
            sorted.sort_by_key(|(color, _)| color.to_array());
            let marks = |at: Vec<[f64; 2]>, radius: f32| {
                let marks = Points::new("", PlotPoints::from(at)).allow_hover(false);
                // A diamond of a dot's area is wider.
                if part {
                    marks.shape(MarkerShape::Diamond).radius(1.3 * radius)
                } else {
                    marks.radius(radius)
                }
            };
            if field.y.is_some() {
                // A rim keeps a mark apart from a field of the same color.
                let all = sorted.iter().map(|(_, at)| *at).collect();
                plot.points(marks(all, radius + 0.9).color(theme.text));
            }
            for group in sorted.chunk_by(|a, b| a.0 == b.0) {
                plot.points(marks(group.iter().map(|(_, at)| *at).collect(), radius).color(group[0].0));
            }
        }
        let chosen = field.rows.iter().find(|row| Some(row.sample as usize) == self.looked_at);
        if let Some(row) = chosen {
            plot.points(ring(row.at, theme));
        }
    }
}

/// Whether rows have a place in the plot: over a curve of classes, they have none.
fn has_rows(field: &Field) -> bool {
    field.y.is_some() || field.task != Task::Classification
}
