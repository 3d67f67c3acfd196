//! What was fitted on the training part: the numbers behind every encoded value.
//!
//! Must not fit anything.

use egui::{CollapsingHeader, RichText, Ui};

use super::super::fields::note_ui;
use super::super::theme::{self, Theme};
use crate::app::App;
use crate::data::{FittedColumn, FittedEncoding};
use crate::explain;
use crate::network::NodeId;
use crate::words::Words;

/// Columns shown at once: more would only cost time.
const MOST: usize = 200;

/// What was fitted for one Input or Target, shown with the node.
pub(crate) fn fitted_node_ui(ui: &mut Ui, app: &App, words: &Words, node: NodeId) {
    let Some(prepared) = app.prepared() else { return };
    let Some(index) = prepared.node_index(node) else { return };
    let features = &prepared.nodes()[index].features;
    let of_node = |column: &&FittedColumn| features.iter().any(|feature| feature.column == column.name);
    let columns: Vec<&FittedColumn> = prepared.preprocessing().columns.iter().filter(of_node).collect();
    if columns.is_empty() {
        return;
    }
    CollapsingHeader::new(words.text("data-fitted")).id_salt(("fitted", node)).show(ui, |ui| {
        columns_ui(ui, words, columns.into_iter());
    });
}

/// Shift and scale, or categories, of each column in use.
pub(super) fn fitted_ui(ui: &mut Ui, app: &App, words: &Words) {
    let Some(prepared) = app.prepared() else { return };
    let columns = &prepared.preprocessing().columns;
    if columns.is_empty() {
        return;
    }
    ui.add_space(6.0);
    let title = RichText::new(words.text("data-fitted")).font(theme::strong(13.0));
    CollapsingHeader::new(title).id_salt("fitted").show(ui, |ui| {
        note_ui(ui, words.text("data-fitted-note"));
        columns_ui(ui, words, columns.iter());
    });
}

fn columns_ui<'a>(ui: &mut Ui, words: &Words, columns: impl ExactSizeIterator<Item = &'a FittedColumn>) {
    let n = columns.len();
    for column in columns.take(MOST) {
        ui.add_space(2.0);
        ui.label(RichText::new(&column.name).strong());
        let text = RichText::new(column_text(column, words)).font(theme::mono(11.5));
        ui.add(egui::Label::new(text.color(Theme::of(ui).weak)).wrap());
    }
    if n > MOST {
        note_ui(ui, words.text_with("data-more-columns", &[("n", (n - MOST).into())]));
    }
}

fn column_text(column: &FittedColumn, words: &Words) -> String {
    match &column.encoding {
        FittedEncoding::Number { shift, scale, .. } if *shift == 0.0 && *scale == 1.0 => {
            words.text("data-fitted-as-is")
        }
        FittedEncoding::Number { shift, scale, .. } => {
            let sign = if *shift < 0.0 { "+" } else { "−" };
            format!("(x {sign} {}) / {}", explain::short(shift.abs()), explain::short(*scale))
        }
        FittedEncoding::OneHot { categories } => {
            let name = |(category, is_known): &(String, bool)| {
                if *is_known {
                    category.clone()
                } else {
                    words.text_with("data-fitted-unseen", &[("category", category.as_str().into())])
                }
            };
            let names: Vec<String> = categories.iter().take(MOST).map(name).collect();
            names.join(" · ")
        }
    }
}
