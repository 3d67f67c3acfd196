//! Time: how many steps the network is unrolled over, where gradients are cut, and what a
//! delayed wire carries before time began.
//!
//! Must not know how a network is unrolled.

use egui::{RichText, Ui};

use super::super::fields::{bare_check_ui, choice_ui, count_ui, form_ui, note_ui, row_label};
use super::super::findings::Findings;
use super::super::theme;
use super::initial;
use crate::app::{App, Command, EditCommand};
use crate::network::{Edge, EdgeId, InitialState};
use crate::words::Words;

/// The longest time and delay that can be typed.
const LONGEST: usize = 100_000;

/// Steps of the whole network.
pub(super) fn steps_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let network = &app.document().network;
    let (mut n_steps, mut truncate) = (network.n_steps, network.truncate);
    form_ui(ui, "time", |ui| {
        let label = words.text("time-steps");
        row_label(ui, label.clone());
        if let Some(new) = count_ui(ui, &label, n_steps, 1..=LONGEST, out) {
            n_steps = new;
        }
        ui.end_row();
        if !network.has_loops() {
            return;
        }
        let label = words.text("time-truncate");
        row_label(ui, label.clone());
        ui.horizontal(|ui| {
            let mut is_cut = truncate.is_some();
            bare_check_ui(ui, &mut is_cut, &label).on_hover_text(words.text("time-truncate-hint"));
            if is_cut != truncate.is_some() {
                truncate = is_cut.then_some(n_steps.div_ceil(2));
            }
            if let Some(k) = &mut truncate {
                let label = words.text("time-truncate-every");
                row_label(ui, label.clone());
                if let Some(new) = count_ui(ui, &label, *k, 1..=LONGEST, out) {
                    *k = new;
                }
            }
        });
        ui.end_row();
    });
    if (n_steps, truncate) != (network.n_steps, network.truncate) {
        out.push(Command::Edit(EditCommand::SetSteps { n_steps, truncate }));
    }
}

/// A selected wire: what it carries, how far back it goes, what it starts with.
pub(super) fn wire_ui(
    ui: &mut Ui,
    app: &App,
    findings: &Findings,
    words: &Words,
    id: EdgeId,
    out: &mut Vec<Command>,
) {
    let network = &app.document().network;
    let Some(edge) = network.edges.get(&id) else { return };
    let called = |node| network.nodes.get(&node).map_or("?", |node| node.name.as_str());
    let title = format!("{} → {}", called(edge.from), called(edge.to));
    ui.label(RichText::new(title).font(theme::strong(14.0)));
    if let Some(shape) = findings.shapes.edge(edge) {
        note_ui(ui, words.text_with("wire-carries", &[("shape", shape.to_string().into())]));
    }
    let mut new = edge.clone();
    form_ui(ui, "wire", |ui| {
        let label = words.text("canvas-loop-delay");
        row_label(ui, label.clone());
        if let Some(delay) = count_ui(ui, &label, edge.delay, shortest(app, edge)..=LONGEST, out) {
            new.delay = delay;
        }
        ui.end_row();
        if new.delay > 0 {
            initial_row(ui, words, &mut new);
        }
    });
    initial::initial_ui(ui, app, words, id, edge, out);
    if new != *edge {
        out.push(Command::Edit(EditCommand::SetEdge(id, new)));
    }
}

fn initial_row(ui: &mut Ui, words: &Words, edge: &mut Edge) {
    let label = words.text("wire-initial");
    row_label(ui, label.clone());
    let said = |initial| match initial {
        InitialState::Zeros => words.text("canvas-menu-initial-zeros"),
        InitialState::Trained => words.text("canvas-menu-initial-trained"),
    };
    let choices = [InitialState::Zeros, InitialState::Trained].map(|initial| (initial, said(initial)));
    if let Some(initial) = choice_ui(ui, &label, &edge.initial, choices, &said(edge.initial)) {
        edge.initial = initial;
    }
    ui.end_row();
}

/// A wire that closes a cycle keeps a delay of at least one step.
fn shortest(app: &App, edge: &Edge) -> usize {
    usize::from(app.document().network.reaches(edge.to, edge.from))
}
