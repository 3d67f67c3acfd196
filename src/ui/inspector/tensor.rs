//! Settings of tensors, reductions and reshapes: numbers typed as a list, axes, sizes.
//!
//! Must not know how text becomes numbers.

use egui::{Id, TextEdit, Ui};

use super::super::fields::{
    NumberField, check_ui, choice_ui, name, note_ui, row_label, row_label_of_choice, wrapped_ui,
};
use super::super::theme;
use crate::app::{App, Command, EditCommand};
use crate::network::expression::{numbers_as_text, typed_numbers};
use crate::network::{NodeId, ParameterKey, ParameterRole, ReduceNode, TensorNode};
use crate::words::{ToMessage, Words};

/// Longer tensors are edited in the grid only.
const MOST_NUMBERS: usize = 10_000;

/// The numbers as text, and whether they require a gradient.
pub(super) fn tensor_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: NodeId,
    tensor: &mut TensorNode,
    out: &mut Vec<Command>,
) {
    let key = ParameterKey::Node(id, ParameterRole::Value);
    let held = app.document().parameters.get(&key);
    let response = check_ui(ui, &mut tensor.requires_grad, "requires_grad");
    response.on_hover_text(words.text("tensor-requires-grad-hint"));
    let values = held.map_or(tensor.values.as_slice(), |parameter| parameter.values.as_slice());
    if values.len() > MOST_NUMBERS {
        return note_ui(ui, words.text("rows-too-many"));
    }
    let field = TypedField {
        id: ui.id().with(("tensor", id)),
        label: "tensor-values",
        hint: "tensor-values-hint",
        shape: &tensor.shape,
        values,
    };
    let Some(typed) = typed_ui(ui, words, &field) else { return };
    if typed.values == tensor.values {
        // Training has moved away from what was typed: the same numbers again bring it back.
        let moved = typed.values.iter().zip(values).enumerate().filter(|(_, (typed, now))| typed != now);
        out.extend(
            moved.map(|(index, (&value, _))| {
                Command::Edit(EditCommand::SetParameterEntry { key, index, value })
            }),
        );
    }
    (tensor.shape, tensor.values) = (typed.shape, typed.values);
}

/// Numbers with their sizes, to be typed as a number, a list or cells of a spreadsheet.
pub(super) struct TypedField<'a> {
    /// The field's own id.
    pub(super) id: Id,
    /// The message key of its name,
    pub(super) label: &'static str,
    /// and of what may be typed.
    pub(super) hint: &'static str,
    /// The sizes now.
    pub(super) shape: &'a [usize],
    /// The numbers now.
    pub(super) values: &'a [f64],
}

/// Draws the field; gives what was typed where it reads as other numbers.
pub(super) fn typed_ui(ui: &mut Ui, words: &Words, field: &TypedField<'_>) -> Option<TensorNode> {
    let label = words.text(field.label);
    row_label(ui, label.clone());
    // While it is being written the text stays as it is, also where it makes no sense yet.
    let is_written = ui.memory(|memory| memory.has_focus(field.id));
    let kept: Option<String> = ui.data(|data| data.get_temp(field.id));
    let now = || numbers_as_text(field.shape, field.values);
    let mut text = kept.filter(|_| is_written).unwrap_or_else(now);
    let edit = TextEdit::multiline(&mut text).id(field.id).font(theme::mono(12.0)).desired_rows(1);
    let response = ui.add(edit.desired_width(f32::INFINITY));
    name(&response, &label);
    let response = response.on_hover_text(words.text(field.hint));
    let read = typed_numbers(&text);
    if let Err(error) = &read {
        note_ui(ui, words.say(&error.message()));
    }
    ui.data_mut(|data| data.insert_temp(field.id, text));
    let is_other = |typed: &TensorNode| typed.shape != field.shape || typed.values != field.values;
    read.ok().filter(|typed| response.changed() && is_other(typed))
}

/// Over which axis a reduction goes, and whether the axis stays.
pub(super) fn reduce_ui(ui: &mut Ui, words: &Words, reduce: &mut ReduceNode, out: &mut Vec<Command>) {
    wrapped_ui(ui, |ui| {
        let label = words.text("setting-dim");
        let all = words.text("reduce-all");
        let choices = [None, Some(-1), Some(0), Some(1), Some(2), Some(3)]
            .map(|dim: Option<isize>| (dim, dim.map_or_else(|| all.clone(), |dim| dim.to_string())));
        let shown = reduce.dim.map_or_else(|| all.clone(), |dim| dim.to_string());
        row_label_of_choice(ui, label.as_str(), &shown);
        if let Some(chosen) = choice_ui(ui, &label, &reduce.dim, choices, &shown) {
            reduce.dim = chosen;
        }
        check_ui(ui, &mut reduce.keepdim, "keepdim");
        let _ = out;
    });
}

/// The sizes of a reshape, N not among them.
pub(super) fn sizes_ui(ui: &mut Ui, words: &Words, shape: &mut Vec<usize>, out: &mut Vec<Command>) {
    wrapped_ui(ui, |ui| {
        row_label(ui, words.text("setting-shape"));
        for (axis, size) in shape.iter_mut().enumerate() {
            let label = words.text_with("setting-size", &[("axis", axis.into())]);
            let field = NumberField { name: &label, range: 1.0..=1e6, logarithmic: false, whole: true };
            if let Some(new) = field.ui(ui, *size as f64, out) {
                *size = new as usize;
            }
        }
        if shape.len() < crate::tensor::MAX_RANK && ui.button("+").clicked() {
            shape.push(1);
        }
        if !shape.is_empty() && ui.button("−").clicked() {
            shape.pop();
        }
    });
}
