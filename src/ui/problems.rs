//! What is wrong with the drawing, as a list: a click selects the place, a button mends it.
//!
//! Must not know what a fix does.

use egui::{RichText, ScrollArea, Ui};

use super::fields::note_ui;
use super::findings::Findings;
use super::theme::Theme;
use crate::app::{App, Command, EditCommand, ViewCommand};
use crate::network::{Place, Problem, Severity};
use crate::words::{ToMessage, Words};

/// The panel.
pub(crate) fn problems_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let findings = Findings::of(app);
    if findings.problems.is_empty() {
        note_ui(ui, words.text("problems-none"));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        // The application lists the worst first.
        for problem in findings.problems.iter() {
            problem_ui(ui, words, problem, out);
        }
    });
}

/// One finding with its fix.
pub(crate) fn problem_ui(ui: &mut Ui, words: &Words, problem: &Problem, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let (color, sign) = match problem.severity {
        Severity::Error => (theme.error, "●"),
        Severity::Warning => (theme.warning, "▲"),
        Severity::Note => (theme.accent, "ℹ"),
    };
    ui.horizontal(|ui| {
        let severity = words.text(match problem.severity {
            Severity::Error => "problems-error",
            Severity::Warning => "problems-warning",
            Severity::Note => "problems-note",
        });
        ui.label(RichText::new(sign).color(color)).on_hover_text(severity);
        let fix_width = if problem.fix.is_some() { 150.0 } else { 0.0 };
        let text = words.say(&problem.message());
        ui.scope(|ui| {
            ui.set_max_width((ui.available_width() - fix_width).max(80.0));
            let label = egui::Label::new(text).wrap().sense(egui::Sense::click());
            let response = ui.add(label);
            if let Some(select) = selection(&problem.at)
                && response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
            {
                out.push(Command::View(select));
            }
        });
        if let Some(fix) = &problem.fix
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
