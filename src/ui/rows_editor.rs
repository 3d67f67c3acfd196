//! Where an Input or a Target takes its rows from: columns of the file, or rows typed in here.
//!
//! Must not know the data: it edits a [`DataNode`], and the command is sent by whoever shows it.

mod text;

use egui::{Align, Button, Layout, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};

use super::data_panel::sequence_ui;
use super::fields::{
    NumberField, check_ui, choice_ui, count_ui, note_ui, row_label, row_label_of_choice, sign_button,
    wrapped_ui,
};
use super::theme::{self, Theme};
use crate::app::{App, Command, DataCommand};
use crate::data::ColumnRole;
use crate::network::{DataNode, TypedRows};
use crate::words::Words;

/// Most columns of a grid of typed rows that are laid out.
const MOST_FEATURES: usize = 64;

/// Most rows that can be typed.
const MOST_ROWS: usize = 100_000;

const ROW: f32 = 22.0;

/// Where a node takes its rows from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowsSource {
    /// All columns of its role.
    Role,
    /// Columns chosen by name.
    Chosen,
    /// Rows typed in.
    Typed,
}

/// The source of a data node, and what belongs to it: columns to choose or rows to type.
pub(crate) fn source_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    is_target: bool,
    data: &mut DataNode,
    out: &mut Vec<Command>,
) {
    let source = match (&data.rows, data.columns.is_empty()) {
        (Some(_), _) => RowsSource::Typed,
        (None, false) => RowsSource::Chosen,
        (None, true) => RowsSource::Role,
    };
    let role = words.text(if is_target { "rows-all-targets" } else { "rows-all-features" });
    let choices = [
        (RowsSource::Role, role),
        (RowsSource::Chosen, words.text("rows-chosen")),
        (RowsSource::Typed, words.text("rows-typed")),
    ];
    let label = words.text("rows-source");
    wrapped_ui(ui, |ui| {
        let shown =
            choices.iter().find(|(choice, _)| *choice == source).map_or(String::new(), |(_, t)| t.clone());
        row_label_of_choice(ui, label.as_str(), &shown);
        if let Some(chosen) = choice_ui(ui, &label, &source, choices, &shown) {
            choose(app, is_target, data, chosen);
        }
    });
    match source {
        RowsSource::Role => {}
        RowsSource::Chosen => columns_ui(ui, app, words, data),
        RowsSource::Typed => rows_ui(ui, app, words, data, out),
    }
    let settings = &app.document().data;
    if source != RowsSource::Typed && !is_target && steps(app, data) > 1 && settings.path.is_some() {
        let mut new = settings.clone();
        sequence_ui(ui, words, &mut new, out);
        if new != *settings {
            out.push(Command::Data(DataCommand::Set(Box::new(new))));
        }
    }
}

/// Goes over to another source, with something sensible to start from.
fn choose(app: &App, is_target: bool, data: &mut DataNode, source: RowsSource) {
    data.rows = None;
    data.columns.clear();
    match source {
        RowsSource::Role => {}
        RowsSource::Chosen => {
            let role = if is_target { ColumnRole::Target } else { ColumnRole::Feature };
            let columns = &app.document().data.columns;
            data.columns = columns.iter().filter(|c| c.role == role).map(|c| c.name.clone()).collect();
            if data.columns.is_empty() {
                data.columns.extend(columns.first().map(|column| column.name.clone()));
            }
        }
        RowsSource::Typed => {
            // A node that knows no width yet starts with one feature: a cell to type in.
            data.set_features(data.features().max(1));
            let n_rows = other_rows(app).unwrap_or(1);
            data.rows = Some(TypedRows { rows: vec![vec![0.0; data.features() * steps(app, data)]; n_rows] });
        }
    }
}

/// How many rows another node has typed in: all nodes need the same number.
fn other_rows(app: &App) -> Option<usize> {
    let nodes = app.document().network.nodes.values();
    nodes.filter_map(|node| node.kind.data()?.rows.as_ref()).map(|typed| typed.rows.len()).find(|&n| n > 0)
}

fn steps(app: &App, data: &DataNode) -> usize {
    if data.per_step { app.document().network.n_steps.max(1) } else { 1 }
}

/// Each column of the file, taken or not.
fn columns_ui(ui: &mut Ui, app: &App, words: &Words, data: &mut DataNode) {
    let columns = &app.document().data.columns;
    if columns.is_empty() {
        note_ui(ui, words.text("rows-no-columns"));
        return;
    }
    ScrollArea::vertical().id_salt("columns").max_height(150.0).auto_shrink([false, true]).show(ui, |ui| {
        for column in columns {
            let mut is_taken = data.columns.contains(&column.name);
            if check_ui(ui, &mut is_taken, &column.name).changed() {
                if is_taken {
                    data.columns.push(column.name.clone());
                } else if data.columns.len() > 1 {
                    data.columns.retain(|name| *name != column.name);
                }
            }
        }
    });
}

/// The grid of typed rows.
fn rows_ui(ui: &mut Ui, app: &App, words: &Words, data: &mut DataNode, out: &mut Vec<Command>) {
    let n_steps = steps(app, data);
    let mut features = data.features().max(1);
    let Some(typed) = &mut data.rows else { return };
    wrapped_ui(ui, |ui| {
        let label = words.text("rows-features");
        row_label(ui, label.clone());
        if let Some(new) = count_ui(ui, &label, features, 1..=MOST_FEATURES, out) {
            reshape(typed, features, new, n_steps);
            features = new;
        }
        let label = words.text("rows-count");
        row_label(ui, label.clone());
        if let Some(new) = count_ui(ui, &label, typed.rows.len(), 1..=MOST_ROWS, out) {
            typed.rows.resize(new, vec![0.0; features * n_steps]);
        }
    });
    grid_ui(ui, words, typed, features, n_steps, out);
    let features = text::text_ui(ui, words, typed, n_steps).unwrap_or(features);
    data.set_features(features);
}

/// Keeps every number that still has a place.
fn reshape(typed: &mut TypedRows, from: usize, to: usize, n_steps: usize) {
    for row in &mut typed.rows {
        let old = std::mem::take(row);
        for step in 0..n_steps {
            for feature in 0..to {
                let kept = if feature < from { old.get(step * from + feature) } else { None };
                row.push(kept.copied().unwrap_or(0.0));
            }
        }
    }
}

fn grid_ui(
    ui: &mut Ui,
    words: &Words,
    typed: &mut TypedRows,
    features: usize,
    n_steps: usize,
    out: &mut Vec<Command>,
) {
    let n_columns = (features * n_steps).min(MOST_FEATURES);
    let theme = Theme::of(ui);
    let mut gone = None;
    let can_go = typed.rows.len() > 1;
    let name_of = |column: usize| {
        if n_steps > 1 {
            format!("x{}, t{}", column % features, column / features)
        } else {
            format!("x{column}")
        }
    };
    ScrollArea::horizontal().id_salt("typed rows").auto_shrink([false, true]).show(ui, |ui| {
        TableBuilder::new(ui)
            .id_salt("typed rows")
            .striped(true)
            .auto_shrink([false, true])
            .max_scroll_height(200.0)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(28.0))
            .columns(Column::exact(64.0), n_columns)
            .column(Column::exact(26.0))
            .header(ROW, |mut header| {
                header.col(|_| {});
                for column in 0..n_columns {
                    header.col(|ui| {
                        ui.label(RichText::new(name_of(column)).font(theme::mono(11.5)).color(theme.weak));
                    });
                }
                header.col(|_| {});
            })
            .body(|body| {
                body.rows(ROW, typed.rows.len(), |mut line| {
                    let index = line.index();
                    line.col(|ui| {
                        let text = RichText::new((index + 1).to_string()).font(theme::mono(11.5));
                        ui.label(text.color(theme.weak));
                    });
                    for column in 0..n_columns {
                        line.col(|ui| {
                            let Some(value) = typed.rows.get_mut(index).and_then(|row| row.get_mut(column))
                            else {
                                return;
                            };
                            let place = [("row", (index + 1).into()), ("column", name_of(column).into())];
                            let label = words.text_with("rows-cell", &place);
                            let field = NumberField {
                                name: &label,
                                range: f64::MIN..=f64::MAX,
                                logarithmic: false,
                                whole: false,
                            };
                            if let Some(new) = field.ui(ui, *value, out) {
                                *value = new;
                            }
                        });
                    }
                    line.col(|ui| {
                        let place = [("row", (index + 1).into())];
                        let label = words.text_with("rows-delete", &place);
                        if sign_button(ui, "×", &label, can_go).clicked() {
                            gone = Some(index);
                        }
                    });
                });
            });
    });
    if let Some(index) = gone {
        typed.rows.remove(index);
    }
    if ui.add(Button::new(words.text("rows-add")).small()).clicked() {
        typed.rows.push(vec![0.0; features * n_steps]);
    }
}
