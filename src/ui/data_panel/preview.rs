//! The table as it was read, with a role and a kind to choose above every column.
//!
//! Must not read anything: rows come from memory, and only those in sight are laid out.

use std::sync::Arc;

use egui::{Align, Id, Label, Layout, RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::super::fields::{choice_ui, name, note_ui, sign_button};
use super::super::samples::{shown_row, view_of_row};
use super::super::scrolling::bar_of_table;
use super::super::theme::{self, Theme};
use super::copy;
use crate::app::{App, Command, ViewCommand};
use crate::data::{self, Cell, ColumnKind, ColumnRole, ColumnSettings, ColumnSummary, DataSettings, Part};
use crate::explain;
use crate::words::{Message, ToMessage, Words, with_minus};

/// Words for "missing" and odd cells told of a column.
const MOST_TOLD: usize = 5;

/// Columns laid out at once; the others are a page away.
const PAGE: usize = 32;

const ROW: f32 = 18.0;
const HEADER: f32 = 68.0;

/// Where the row that shall be scrolled to is kept until the table is drawn.
fn wanted_row() -> Id {
    Id::new("wanted row")
}

/// Brings a row into sight when the table is drawn next.
pub(crate) fn find_row(ctx: &egui::Context, row: usize) {
    ctx.data_mut(|data| data.insert_temp(wanted_row(), row));
}

/// The preview. A click on a row shows it as its own batch, another one the whole batch again.
pub(super) fn preview_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    settings: &mut DataSettings,
    out: &mut Vec<Command>,
) {
    let Some(table) = app.table() else {
        note_ui(ui, words.text("data-not-read"));
        return;
    };
    let first = page_ui(ui, words, table.n_columns());
    let shown = first..(first + PAGE).min(table.n_columns());
    let summaries = app.summaries();
    let prepared = app.prepared().filter(|prepared| prepared.table().is_some_and(|t| Arc::ptr_eq(t, table)));
    let looked_at = prepared.and_then(|_| shown_row(app));
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    let bar = bar_of_table(ui, HEADER);
    let area = ScrollArea::horizontal().id_salt("preview").auto_shrink(false).scroll_bar_visibility(bar);
    area.show(ui, |ui| {
        let wanted: Option<usize> = ui.data_mut(|data| data.remove_temp(wanted_row()));
        let mut builder = TableBuilder::new(ui);
        if let Some(row) = wanted {
            builder = builder.scroll_to_row(row, Some(Align::Center));
        }
        builder
            .id_salt(("preview", first))
            .striped(true)
            .sense(Sense::click())
            .auto_shrink(false)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(44.0))
            .columns(Column::initial(92.0).at_least(64.0).resizable(true).clip(true), shown.len())
            .header(HEADER, |mut header| {
                header.col(|ui| {
                    ui.label(RichText::new(words.text("data-row")).color(theme.weak));
                });
                for column in shown.clone() {
                    header.col(|ui| {
                        ui.push_id(column, |ui| {
                            let read = &table.columns()[column];
                            ui.vertical(|ui| header_ui(ui, words, read, settings, summaries.get(column)));
                        });
                    });
                }
            })
            .body(|body| {
                body.rows(ROW, table.n_rows(), |mut line| {
                    let row = line.index();
                    let part = prepared.map(|prepared| prepared.part_of_row(row));
                    line.set_selected(looked_at == Some(row));
                    let mut is_asked = false;
                    line.col(|ui| is_asked = row_name_ui(ui, words, row, part));
                    for column in shown.clone() {
                        line.col(|ui| {
                            let name = &table.columns()[column].name;
                            let is_used = settings
                                .columns
                                .iter()
                                .any(|c| c.name == *name && c.role != ColumnRole::Ignored);
                            let is_faint = !is_used || part == Some(Part::LeftOut);
                            cell_ui(ui, table.cell(row, column), is_faint);
                        });
                    }
                    let response = line.response();
                    copy::with_menu(table, words, |menu| menu.on(&response, words));
                    is_asked |= response.clicked();
                    if let Some(view) = view_of_row(app, row).filter(|_| is_asked) {
                        out.push(Command::View(ViewCommand::Samples(view)));
                    }
                });
            });
    });
}

/// Name, role and kind of a column.
fn header_ui(
    ui: &mut Ui,
    words: &Words,
    read: &data::Column,
    settings: &mut DataSettings,
    summary: Option<&ColumnSummary>,
) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let name = read.name.as_str();
    let Some(column) = settings.columns.iter_mut().find(|column| column.name == name) else {
        ui.label(name);
        return;
    };
    let theme = Theme::of(ui);
    let color = match column.role {
        ColumnRole::Feature => theme.text,
        ColumnRole::Target => theme.accent,
        ColumnRole::Ignored => theme.weak,
    };
    let title = Label::new(RichText::new(name).font(theme::strong(12.5)).color(color)).truncate();
    let response = ui.add(title);
    if let Some(summary) = summary {
        response.on_hover_ui(|ui| summary_ui(ui, words, read, summary));
    }
    choices_ui(ui, words, column);
}

fn choices_ui(ui: &mut Ui, words: &Words, column: &mut ColumnSettings) {
    // The head of the table has room for two lines.
    ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
    let roles = [
        (ColumnRole::Feature, words.text("data-role-feature")),
        (ColumnRole::Target, words.text("data-role-target")),
        (ColumnRole::Ignored, words.text("data-role-ignored")),
    ];
    let named = [("column", column.name.as_str().into())];
    let shown = shown(&roles, &column.role);
    if let Some(role) = choice_ui(ui, &words.text_with("data-role-of", &named), &column.role, roles, &shown) {
        column.role = role;
    }
    let kinds = [
        (ColumnKind::Number, words.text("data-kind-number")),
        (ColumnKind::Category, words.text("data-kind-category")),
        (ColumnKind::Date, words.text("data-kind-date")),
        (ColumnKind::Text, words.text("data-kind-text")),
    ];
    let named = [("column", column.name.as_str().into())];
    let shown = self::shown(&kinds, &column.kind);
    if let Some(kind) = choice_ui(ui, &words.text_with("data-kind-of", &named), &column.kind, kinds, &shown) {
        column.kind = kind;
    }
}

fn shown<T: PartialEq>(choices: &[(T, String)], value: &T) -> String {
    choices.iter().find(|(choice, _)| choice == value).map_or(String::new(), |(_, text)| text.clone())
}

/// A column at a glance.
fn summary_ui(ui: &mut Ui, words: &Words, read: &data::Column, summary: &ColumnSummary) {
    ui.label(RichText::new(&read.name).font(theme::strong(13.0)));
    let plain = Message::new("data-reason-plain");
    ui.label(words.say(&read.reading.reason.as_ref().map_or(plain, ToMessage::message)));
    let counts = [("missing", summary.missing.into()), ("distinct", summary.distinct.into())];
    ui.label(words.text_with("data-summary-counts", &counts));
    if let (Some(min), Some(mean), Some(max)) = (summary.min, summary.mean, summary.max) {
        let numbers = [
            ("min", explain::short(min).into()),
            ("mean", explain::short(mean).into()),
            ("max", explain::short(max).into()),
        ];
        ui.label(words.text_with("data-summary-numbers", &numbers));
    }
    for (token, n) in read.reading.missing_tokens.iter().take(MOST_TOLD) {
        let about = [("token", token.as_str().into()), ("n", (*n).into())];
        ui.label(words.text_with("data-summary-token", &about));
    }
    for odd in read.reading.odd_cells.iter().take(MOST_TOLD) {
        let about = [("line", (odd.line as f64).into()), ("text", odd.text.as_str().into())];
        ui.label(words.text_with("data-summary-odd", &about));
    }
}

/// The number of a row, marked with the part that it belongs to: a button that shows the row.
fn row_name_ui(ui: &mut Ui, words: &Words, row: usize, part: Option<Part>) -> bool {
    let theme = Theme::of(ui);
    let (sign, key, color) = match part {
        None => ("", None, theme.weak),
        Some(Part::Training) => ("", Some("data-part-training"), theme.weak),
        Some(Part::Validation) => ("v ", Some("data-part-validation"), theme.curve_validation),
        Some(Part::LeftOut) => ("– ", Some("data-part-left-out"), theme.warning),
    };
    let text = RichText::new(format!("{sign}{}", row + 1)).font(theme::mono(11.5)).color(color);
    let is_usable = matches!(part, Some(Part::Training | Part::Validation));
    let sense = if is_usable { Sense::click() } else { Sense::hover() };
    let response = ui.add(egui::Button::new(text).frame(false).small().sense(sense));
    name(&response, &words.text_with("data-show-row", &[("row", (row + 1).into())]));
    let is_clicked = response.clicked();
    if let Some(key) = key {
        response.on_hover_ui(|ui| {
            ui.label(words.text(key));
            if is_usable {
                ui.label(words.text("data-show-row-hint"));
            }
        });
    }
    is_clicked
}

fn cell_ui(ui: &mut Ui, cell: Cell<'_>, is_faint: bool) {
    let theme = Theme::of(ui);
    let color = if is_faint { theme.weak } else { theme.text };
    let text = match cell {
        Cell::Missing => RichText::new("–").color(theme.warning),
        Cell::Number(value) => {
            RichText::new(with_minus(&value.to_string())).font(theme::mono(12.0)).color(color)
        }
        Cell::Text(text) => RichText::new(text).size(12.5).color(color),
    };
    ui.add(Label::new(text).truncate().selectable(false));
}

/// Which columns are laid out: where there are many, a page of them. Gives the first.
fn page_ui(ui: &mut Ui, words: &Words, n_columns: usize) -> usize {
    if n_columns <= PAGE {
        return 0;
    }
    let id = Id::new("preview page");
    let last_page = (n_columns - 1) / PAGE;
    let mut page = ui.data_mut(|data| data.get_temp::<usize>(id)).unwrap_or(0).min(last_page);
    ui.horizontal(|ui| {
        if sign_button(ui, "◀", &words.text("data-page-previous"), page > 0).clicked() {
            page -= 1;
        }
        let (from, to) = (page * PAGE + 1, ((page + 1) * PAGE).min(n_columns));
        let which = [("from", from.into()), ("to", to.into()), ("n", n_columns.into())];
        ui.label(words.text_with("data-page", &which));
        if sign_button(ui, "▶", &words.text("data-page-next"), page < last_page).clicked() {
            page += 1;
        }
    });
    ui.data_mut(|data| data.insert_temp(id, page));
    page * PAGE
}
