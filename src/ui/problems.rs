//! What is wrong with the drawing, and what is still to be done, as a list: a click selects the place, a button mends it.
//!
//! Must not know what a fix does.

use egui::{RichText, ScrollArea, Ui};

use super::fields::{heading_ui, note_ui};
use super::findings::Findings;
use super::theme::Theme;
use crate::app::{App, Command, EditCommand, ViewCommand};
use crate::network::{Place, Problem, Severity};
use crate::words::{ToMessage, Words};

/// The panel.
pub(crate) fn problems_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let findings = Findings::of(app);
    let is_stopped = app.problems().iter().any(|problem| problem.severity == Severity::Error);
    // The drawing may be finished and still nothing be there to train on.
    let missing = if is_stopped { None } else { app.cannot_start() };
    let is_fine = app.problems().iter().all(|problem| problem.severity == Severity::Note);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        if is_fine && missing.is_none() {
            note_ui(ui, words.text("problems-none"));
        }
        for problem in &findings.problems {
            problem_ui(ui, words, problem, out);
        }
        if findings.to_do.is_empty() && missing.is_none() {
            return;
        }
        heading_ui(ui, words.text("problems-to-do"));
        for problem in &findings.to_do {
            to_do_ui(ui, words, problem, out);
        }
        if let Some(missing) = missing {
            line_ui(ui, words, TO_DO, &words.say(&missing), None, out);
        }
    });
}

/// The sign of what is still to be done, and what it means.
const TO_DO: (&str, &str) = ("○", "problems-to-do");

/// One finding with its fix.
pub(crate) fn problem_ui(ui: &mut Ui, words: &Words, problem: &Problem, out: &mut Vec<Command>) {
    let (sign, meaning) = match problem.severity {
        Severity::Error => ("●", "problems-error"),
        Severity::Warning => ("▲", "problems-warning"),
        Severity::Note => ("ℹ", "problems-note"),
    };
    line_ui(ui, words, (sign, meaning), &words.say(&problem.message()), Some(problem), out);
}

/// Something that is still to be drawn.
pub(crate) fn to_do_ui(ui: &mut Ui, words: &Words, problem: &Problem, out: &mut Vec<Command>) {
    line_ui(ui, words, TO_DO, &words.say(&problem.message()), Some(problem), out);
}

fn line_ui(
    ui: &mut Ui,
    words: &Words,
    (sign, meaning): (&str, &str),
    text: &str,
    problem: Option<&Problem>,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let color = match sign {
        "●" => theme.error,
        "▲" => theme.warning,
        "ℹ" => theme.accent,
        _ => theme.weak,
    };
    let fix = problem.and_then(|problem| problem.fix.as_ref());
    ui.horizontal(|ui| {
        ui.label(RichText::new(sign).color(color)).on_hover_text(words.text(meaning));
        let fix_width = if fix.is_some() { 150.0 } else { 0.0 };
        ui.scope(|ui| {
            ui.set_max_width((ui.available_width() - fix_width).max(80.0));
            let color = if sign == TO_DO.0 { theme.weak } else { theme.text };
            let label = egui::Label::new(RichText::new(text).color(color)).wrap().sense(egui::Sense::click());
            let response = ui.add(label);
            if let Some(select) = problem.and_then(|problem| selection(&problem.at))
                && response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
            {
                out.push(Command::View(select));
            }
        });
        if let Some(fix) = fix
            && ui.button(words.say(&fix.message())).clicked()
        {
            out.push(Command::Edit(EditCommand::Fix(fix.clone())));
        }
    });
}

/// What to select to see the place.
fn selection(place: &Place) -> Option<ViewCommand> {
    let (nodes, edges) = match place {
        Place::Node(node) => (vec![*node], Vec::new()),
        Place::Edge(edge) => (Vec::new(), vec![*edge]),
        Place::Edges(edges) => (Vec::new(), edges.clone()),
        Place::Network => return None,
    };
    Some(ViewCommand::Select { nodes, edges })
}
