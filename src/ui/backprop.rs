//! The backward pass as a list of steps in the order in which it runs, with the numbers of the
//! selected node.
//!
//! Must not know how gradients are computed.

use egui::{RichText, ScrollArea, Ui};

use super::act::Act;
use super::fields::{note_behind_ui, note_ui, wrapped_ui};
use super::findings::{Findings, with_formulas};
use super::formula::line::shapes_in_words;
use super::numbers::asked_ui;
use super::theme::{self, Theme};
use crate::app::{App, Command, ViewCommand};
use crate::explain::{self, Letter, Step, Tensor, backward_steps};
use crate::network::{CountedSteps, NodeKind, ParameterKey, ParameterRole};
use crate::train::{Pass, Values};
use crate::words::Words;

/// Names stand in a column of this width.
const NAME_WIDTH: f32 = 140.0;
/// In a narrow panel it is this share, so that the formulas begin in sight.
const NAME_SHARE: f32 = 0.22;
const LEAST_NAME: f32 = 56.0;
/// How many numbers of a gradient a line shows.
const SHOWN: usize = 4;

/// The panel.
pub(crate) fn backprop_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    if let Some(walk) = app.walk() {
        super::walk::walk_ui(ui, app, walk, words, out);
        return;
    }
    let findings = Findings::of(app);
    let steps = with_formulas(app, &findings, |formulas| backward_steps(&app.document().network, formulas));
    if steps.is_empty() {
        note_ui(ui, words.text("backprop-empty"));
        return;
    }
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let row_height = 44.0;
    let n_steps = steps.len();
    wrapped_ui(ui, |ui| {
        if ui.button(words.text("walk-open")).clicked() {
            acts.push(Act::Walk);
        }
        note_behind_ui(ui, words.text_with("backprop-title", &[("n", n_steps.into())]));
    });
    ui.add_space(2.0);
    ScrollArea::both().auto_shrink(false).show_rows(ui, row_height, n_steps, |ui, rows| {
        for i in rows {
            if let Some(step) = steps.get(i) {
                step_ui(ui, app, words, i, step, pass, row_height, out);
            }
        }
    });
}

#[expect(clippy::too_many_arguments, reason = "a row of a list draws from all of them")]
fn step_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    i: usize,
    step: &Step,
    pass: Option<&Pass>,
    height: f32,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let Some(node) = app.document().network.nodes.get(&step.node) else { return };
    let selected = app.selection().nodes.contains(&step.node);
    ui.horizontal(|ui| {
        ui.set_min_height(height);
        ui.spacing_mut().item_spacing.x = 12.0;
        let number = RichText::new(format!("{:>3}", i + 1)).font(theme::mono(11.0)).color(theme.weak);
        ui.label(number);
        let name = egui::Button::selectable(selected, RichText::new(&node.name).font(theme::strong(12.5)));
        let width = (NAME_SHARE * ui.clip_rect().width()).clamp(LEAST_NAME, NAME_WIDTH);
        let size = egui::vec2(width, height);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let response = ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_min_width(width);
            ui.add(name.truncate())
        });
        if response.inner.on_hover_text(words.text("backprop-select")).clicked() {
            out.push(Command::View(ViewCommand::Select { nodes: vec![step.node], edges: Vec::new() }));
        }
        ui.vertical(|ui| formula_ui(ui, app, words, step, (pass, selected), out));
    });
}

/// The line with its numbers, and under it the same line in shapes.
fn formula_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    step: &Step,
    (pass, selected): (Option<&Pass>, bool),
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.horizontal(|ui| {
        let line = format!("{} = {}", step.formula.result, step.formula.expression);
        let color = if selected { theme.accent } else { theme.text };
        ui.label(RichText::new(line).font(theme::mono(12.5)).color(color));
        if let Some(pass) = pass {
            numbers_ui(ui, app, words, pass, step, out);
        }
    });
    ui.horizontal(|ui| {
        let shapes = shapes_in_words(words, &step.formula.shapes);
        let uncounted = is_uncounted(app, step).then(|| words.text("backprop-uncounted"));
        for text in [Some(&shapes), step.formula.note.as_ref(), uncounted.as_ref()].into_iter().flatten() {
            ui.label(RichText::new(text).font(theme::mono(11.0)).color(theme.weak));
        }
    });
}

/// Whether the numbers are of a time step at which the loss does not count: its formula is that of the step
/// at which it does.
fn is_uncounted(app: &App, step: &Step) -> bool {
    let network = &app.document().network;
    let kind = network.nodes.get(&step.node).map(|node| &node.kind);
    let is_of_last = kind.and_then(NodeKind::loss).is_some_and(|loss| loss.counted == CountedSteps::Last);
    is_of_last && app.time_step() + 1 < network.n_steps
}

/// The first numbers of what the step made, each with its explanation behind a click.
fn numbers_ui(ui: &mut Ui, app: &App, words: &Words, pass: &Pass, step: &Step, out: &mut Vec<Command>) {
    let role = match step.letter {
        Letter::GradW => Some(ParameterRole::Weight),
        Letter::GradB => Some(ParameterRole::Bias),
        _ => None,
    };
    let key = role.map(|role| ParameterKey::Node(step.node, role));
    let theme = Theme::of(ui);
    let text = |text: String| RichText::new(text).font(theme::mono(11.5)).color(theme.accent);
    if key.and_then(|key| pass.parameters.get(&key)).is_some_and(|parameter| !parameter.trainable) {
        ui.label(text(words.text("inspector-frozen")));
        return;
    }
    let time_step = app.time_step();
    let tensor = match key {
        Some(key) => Tensor::ParameterGrad { key, time_step: None, sample: pass.shown_sample() },
        None => Tensor::Grad { node: step.node, time_step },
    };
    let Some(values) = explain::values_of(tensor, pass) else { return };
    let (row, shown, is_cut) = beginning(values, pass.shown_row());
    ui.spacing_mut().item_spacing.x = 0.0;
    let is_of_step = key.is_none() && app.document().network.n_steps > 1;
    let at = if is_of_step { format!("(t = {time_step}) ") } else { String::new() };
    ui.label(text(format!("{at}= [")));
    for (column, &x) in shown.iter().enumerate() {
        if column > 0 {
            ui.label(text(", ".to_owned()));
        }
        asked_ui(ui, words, text(explain::short(x)), tensor.at(row, column), out);
    }
    ui.label(text(if is_cut { ", …]".to_owned() } else { "]".to_owned() }));
}

/// The first numbers of one row, which row it is, and whether there are more.
fn beginning(values: &Values, row: Option<usize>) -> (usize, Vec<f64>, bool) {
    let row = row.filter(|_| values.shape().len() > 1).unwrap_or(0);
    let shown = (0..SHOWN).map_while(|column| values.get(row, column)).collect();
    (row, shown, values.n_columns() > SHOWN || values.n_rows() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_the_first_numbers_only() {
        let values = Values::new(vec![2, 5], (1..=10).map(f64::from).collect());
        assert_eq!(beginning(&values, None), (0, vec![1.0, 2.0, 3.0, 4.0], true));
        assert_eq!(beginning(&values, Some(1)), (1, vec![6.0, 7.0, 8.0, 9.0], true));
        assert_eq!(beginning(&Values::new(vec![], vec![1.0]), None), (0, vec![1.0], false));
    }
}
