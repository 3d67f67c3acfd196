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
use super::theme::{self, SCROLL_BAR, Theme};
use crate::app::{App, Command, ViewCommand};
use crate::explain::{self, Letter, Step, Tensor, backward_steps};
use crate::network::{CountedSteps, NodeKind, ParameterKey, ParameterRole};
use crate::train::{Pass, Values};
use crate::words::Words;

/// The column of names is as wide as the longest, but of the panel no larger a share, so that the formulas begin
/// in sight.
const NAME_SHARE: f32 = 0.36;
/// Around a name.
const NAME_MARGIN: f32 = 16.0;
/// How high a row is; in a narrow panel the numbers have a line of their own.
const ROW_HEIGHT: f32 = 44.0;
const ROW_HEIGHT_OF_NARROW: f32 = 60.0;
const NARROW: f32 = 520.0;
/// How many numbers of a gradient a line shows at most, and how many what is said under the pointer.
const SHOWN: usize = 4;
const TOLD: usize = 48;

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
    let is_narrow = ui.available_width() < NARROW;
    let row_height = if is_narrow { ROW_HEIGHT_OF_NARROW } else { ROW_HEIGHT };
    let n_steps = steps.len();
    let names = names_width(ui, app, &steps).min(NAME_SHARE * ui.available_width());
    wrapped_ui(ui, |ui| {
        if ui.button(words.text("walk-open")).clicked() {
            acts.push(Act::Walk);
        }
        note_behind_ui(ui, words.text_with("backprop-title", &[("n", n_steps.into())]));
    });
    ui.add_space(2.0);
    ScrollArea::both().auto_shrink(false).show_rows(ui, row_height, n_steps, |ui, rows| {
        // As far as the list is seen before it is scrolled sideways.
        let end = ui.max_rect().left() + ui.clip_rect().width() - SCROLL_BAR;
        let row = Row { app, words, pass, names, height: row_height, is_narrow, end };
        for i in rows {
            if let Some(step) = steps.get(i) {
                row.ui(ui, i, step, out);
            }
        }
    });
}

/// How wide the longest name of the steps is.
fn names_width(ui: &Ui, app: &App, steps: &[Step]) -> f32 {
    let nodes = &app.document().network.nodes;
    let names = steps.iter().filter_map(|step| Some(nodes.get(&step.node)?.name.clone()));
    let width = |name| {
        let color = egui::Color32::PLACEHOLDER;
        ui.painter().layout_no_wrap(name, theme::strong(12.5), color).size().x
    };
    names.map(width).fold(0.0, f32::max) + NAME_MARGIN
}

/// What every row of the list draws from.
#[derive(Clone, Copy)]
struct Row<'a> {
    app: &'a App,
    words: &'a Words,
    pass: Option<&'a Pass>,
    /// How wide the column of names is.
    names: f32,
    height: f32,
    /// Whether the numbers have a line of their own.
    is_narrow: bool,
    /// How far to the right they may reach.
    end: f32,
}

impl Row<'_> {
    fn ui(&self, ui: &mut Ui, i: usize, step: &Step, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let Some(node) = self.app.document().network.nodes.get(&step.node) else { return };
        let selected = self.app.selection().nodes.contains(&step.node);
        ui.horizontal(|ui| {
            ui.set_min_height(self.height);
            ui.spacing_mut().item_spacing.x = 12.0;
            let number = RichText::new(format!("{:>3}", i + 1)).font(theme::mono(11.0)).color(theme.weak);
            ui.label(number);
            let name =
                egui::Button::selectable(selected, RichText::new(&node.name).font(theme::strong(12.5)));
            let size = egui::vec2(self.names, self.height);
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            let response = ui.allocate_ui_with_layout(size, layout, |ui| {
                ui.set_min_width(self.names);
                ui.add(name.truncate())
            });
            if response.inner.on_hover_text(self.words.text("backprop-select")).clicked() {
                out.push(Command::View(ViewCommand::Select { nodes: vec![step.node], edges: Vec::new() }));
            }
            ui.vertical(|ui| formula_ui(ui, self, step, selected, out));
        });
    }
}

/// The line with its numbers, and under it the same line in shapes.
fn formula_ui(ui: &mut Ui, row: &Row<'_>, step: &Step, selected: bool, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let Row { app, words, .. } = *row;
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.horizontal(|ui| {
        let line = format!("{} = {}", step.formula.result, step.formula.expression);
        let color = if selected { theme.accent } else { theme.text };
        ui.label(RichText::new(line).font(theme::mono(12.5)).color(color));
        if !row.is_narrow {
            numbers_ui(ui, row, step, out);
        }
    });
    if row.is_narrow {
        ui.horizontal(|ui| numbers_ui(ui, row, step, out));
    }
    ui.horizontal(|ui| {
        let shapes = shapes_in_words(words, &step.formula.shapes);
        let uncounted = is_uncounted(app, step).then(|| words.text("backprop-uncounted"));
        // First what the numbers would contradict the formula without.
        for text in [uncounted.as_ref(), Some(&shapes), step.formula.note.as_ref()].into_iter().flatten() {
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

/// The first numbers of what the step made, as many as have room, each with its explanation behind a click.
fn numbers_ui(ui: &mut Ui, row: &Row<'_>, step: &Step, out: &mut Vec<Command>) {
    let Row { app, words, pass: Some(pass), end, .. } = *row else { return };
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
    let (row, told, is_cut) = beginning(values, pass.shown_row());
    ui.spacing_mut().item_spacing.x = 0.0;
    let is_of_step = key.is_none() && app.document().network.n_steps > 1;
    let at = if is_of_step { format!("(t = {time_step}) ") } else { String::new() };
    ui.label(text(format!("{at}= [")));
    let width = |text: &str| {
        let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::mono(11.5), theme.accent);
        galley.size().x
    };
    let widths: Vec<f32> = told.iter().map(|&x| width(&explain::short(x)) + width(", ")).collect();
    let n = fitting(&widths, end - ui.cursor().left(), width("…]"), is_cut);
    for (column, &x) in told.iter().enumerate().take(n) {
        if column > 0 {
            ui.label(text(", ".to_owned()));
        }
        asked_ui(ui, words, text(explain::short(x)), tensor.at(row, column), out);
    }
    if n == told.len() && !is_cut {
        ui.label(text("]".to_owned()));
        return;
    }
    let all: Vec<String> = told.iter().map(|&x| explain::short(x)).collect();
    let more = if is_cut { ", …" } else { "" };
    ui.label(text(", …]".to_owned())).on_hover_text(format!("[{}{more}]", all.join(", ")));
}

/// How many of the numbers stand whole in the room that there is, one at least: `widths` with what parts each
/// from the next, `rest` that of the sign for the others.
fn fitting(widths: &[f32], room: f32, rest: f32, is_cut: bool) -> usize {
    let most = widths.len().min(SHOWN);
    let fits = |&n: &usize| {
        let rest = if n == widths.len() && !is_cut { 0.0 } else { rest };
        widths[..n].iter().sum::<f32>() + rest <= room
    };
    (1..=most).rev().find(fits).unwrap_or(most.min(1))
}

/// The first numbers of one row, which row it is, and whether there are more.
fn beginning(values: &Values, row: Option<usize>) -> (usize, Vec<f64>, bool) {
    let row = row.filter(|_| values.shape().len() > 1).unwrap_or(0);
    let told = (0..TOLD).map_while(|column| values.get(row, column)).collect();
    (row, told, values.n_columns() > TOLD || values.n_rows() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_of_the_numbers_of_one_row() {
        let values = Values::new(vec![2, 5], (1..=10).map(f64::from).collect());
        assert_eq!(beginning(&values, None), (0, vec![1.0, 2.0, 3.0, 4.0, 5.0], true));
        assert_eq!(beginning(&values, Some(1)), (1, vec![6.0, 7.0, 8.0, 9.0, 10.0], true));
        assert_eq!(beginning(&Values::new(vec![], vec![1.0]), None), (0, vec![1.0], false));
        let long = Values::new(vec![TOLD + 1], vec![0.5; TOLD + 1]);
        assert_eq!(beginning(&long, None), (0, vec![0.5; TOLD], true));
    }

    #[test]
    fn a_line_shows_as_many_whole_numbers_as_have_room() {
        let widths = [40.0; 6];
        assert_eq!(fitting(&widths, 500.0, 10.0, true), SHOWN, "never more than a few");
        assert_eq!(fitting(&widths, 130.0, 10.0, true), 3);
        assert_eq!(fitting(&widths, 129.0, 10.0, true), 2, "none is cut in two");
        assert_eq!(fitting(&widths[..3], 120.0, 10.0, false), 3, "all of them need no sign for the rest");
        assert_eq!((fitting(&widths, 0.0, 10.0, true), fitting(&[], 0.0, 10.0, false)), (1, 0));
    }
}
