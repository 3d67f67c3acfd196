//! The trained initial state of a delayed wire: what it carries before time began, its gradient, and
//! what the optimizer adds.
//!
//! Must not know how they are computed: they come with the pass.

use egui::Ui;

use super::super::fields::note_ui;
use super::super::matrix::MatrixView;
use super::super::names::feature_name;
use super::super::numbers::with_numbers;
use super::super::theme::Theme;
use super::kept;
use super::matrices::none_key;
use crate::app::{App, Command, EditCommand};
use crate::explain::Tensor;
use crate::explain::output_letter;
use crate::network::{Edge, EdgeId, InitialState, NodeId, ParameterKey};
use crate::train::{Pass, Precision};
use crate::words::Words;

/// The initial states that a node takes in.
pub(super) fn initials_ui(ui: &mut Ui, app: &App, words: &Words, node: NodeId, out: &mut Vec<Command>) {
    for (id, edge) in app.document().network.incoming(node) {
        initial_ui(ui, app, words, id, edge, out);
    }
}

/// One initial state; nothing where the wire starts with zeros.
pub(super) fn initial_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: EdgeId,
    edge: &Edge,
    out: &mut Vec<Command>,
) {
    let key = ParameterKey::Initial(id);
    let Some(source) = app.document().network.nodes.get(&edge.from) else { return };
    let Some(parameter) = app.document().parameters.get(&key) else { return };
    if edge.delay == 0 || edge.initial != InitialState::Trained {
        return;
    }
    let pass: Option<&Pass> = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let newest = pass.and_then(|pass| pass.parameters.get(&key));
    let stored = kept::parameter(ui, parameter);
    let (letter, theme) = (output_letter(&source.kind), Theme::of(ui));
    let matrix = MatrixView {
        symbol: &format!("{} ({}, t<0)", letter.symbol(), source.name),
        values: newest.map_or(stored.as_ref(), |newest| &newest.value),
        only_row: None,
        row_name: &|row| format!("t=−{}", edge.delay.saturating_sub(row)),
        column_name: &|column| feature_name(app, edge.from, column),
        cell_name: None,
        colors: &theme.values,
        precision: pass.map_or(Precision::F64, |pass| pass.precision),
        editable: true,
        number: None,
        about: None,
        cell_state: None,
    };
    let salt = ui.id().with(("initial", id));
    let show = |ui: &mut Ui, name: &str, tensor: Tensor, matrix: &MatrixView<'_>, out: &mut Vec<Command>| {
        with_numbers(app, words, |numbers| numbers.ui(ui, salt.with(name), tensor, matrix, out))
    };
    if let Some((at, value)) = show(ui, "value", Tensor::Parameter(key), &matrix, out) {
        let index = at.row * matrix.values.n_columns() + at.column;
        out.push(Command::Edit(EditCommand::SetParameterEntry { key, index, value }));
    }
    let Some(newest) = newest else { return };
    let gradient = format!("{} ({}, t<0)", letter.gradient().symbol(), source.name);
    match &newest.grad {
        Some(grad) => {
            let colors = &theme.gradients;
            let matrix = MatrixView { symbol: &gradient, values: grad, colors, editable: false, ..matrix };
            let tensor = Tensor::ParameterGrad { key, time_step: None, sample: None };
            show(ui, "gradient", tensor, &matrix, out);
        }
        None if newest.trainable => note_ui(ui, format!("{gradient}: {}", words.text(none_key(app)))),
        None => note_ui(ui, format!("{gradient}: {}", words.text("inspector-frozen"))),
    }
    if let Some(update) = &newest.update {
        let title = words.text_with("inspector-update", &[("letter", matrix.symbol.into())]);
        ui.collapsing(title, |ui| {
            let matrix = MatrixView { symbol: "Δ", values: update, editable: false, ..matrix };
            show(ui, "update", Tensor::Update(key), &matrix, out);
            note_ui(ui, words.text("inspector-update-note"));
        });
    }
}
