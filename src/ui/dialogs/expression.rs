//! The page on which an expression is typed and drawn, and on which what is selected is read as one.
//!
//! Must not know how text becomes nodes.

use std::collections::BTreeSet;

use egui::accesskit;
use egui::{Button, Id, Key, RichText, ScrollArea, TextEdit, Ui};

use super::modal;
use crate::app::{App, Command, EditCommand};
use crate::network::NodeId;
use crate::network::expression::{as_expression, draw, torch_lines};
use crate::ui::fields::{copy_button, heading_ui, name, note_ui};
use crate::ui::theme::{self, Theme};
use crate::words::{ToMessage, Words};

/// What stands there before anything is typed.
const EXAMPLE: &str =
    "f = mean(sqrt(abs(sin(x**3 * y**2 / y**2)) / z))\nx = [1, 2, 3]\ny = [0.5, 1, 1.5]\nz = 0.5";

/// The page while it is open.
pub(crate) struct ExpressionDialog {
    text: String,
    /// What was selected when it opened, as one expression and as code.
    selected: Option<(String, String)>,
    is_new: bool,
}

impl ExpressionDialog {
    /// Reads what is selected; without a selection the whole drawing.
    pub(crate) fn new(app: &App) -> Self {
        let document = app.document();
        let chosen = &app.selection().nodes;
        let all: BTreeSet<NodeId> = document.network.nodes.keys().copied().collect();
        let nodes = if chosen.is_empty() { &all } else { chosen };
        let selected = (!nodes.is_empty()).then(|| {
            let code = torch_lines(&document.network, &document.parameters, nodes).join("\n");
            (as_expression(&document.network, &document.parameters, nodes), code)
        });
        Self { text: String::new(), selected, is_new: true }
    }

    /// Draws the page; false where it closes.
    pub(crate) fn ui(&mut self, ctx: &egui::Context, words: &Words, out: &mut Vec<Command>) -> bool {
        let mut stays = true;
        let response = modal("expression", ctx).show(ctx, |ui| {
            ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 48.0));
            heading_ui(ui, words.text("menu-expression"));
            note_ui(ui, words.text("expression-hint"));
            stays &= !self.typed_ui(ui, words, out);
            self.selected_ui(ui, words);
        });
        self.is_new = false;
        stays && !response.should_close()
    }

    /// The text with what is wrong in it; true where it was drawn.
    fn typed_ui(&mut self, ui: &mut Ui, words: &Words, out: &mut Vec<Command>) -> bool {
        let id = Id::new("expression text");
        // Taken before the field sees it, so that it begins no new line.
        let is_sent = ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, Key::Enter));
        let edit = TextEdit::multiline(&mut self.text).id(id).font(theme::mono(13.0)).desired_rows(5);
        let response = ui.add(edit.desired_width(f32::INFINITY).hint_text(EXAMPLE));
        name(&response, &words.text("menu-expression"));
        if self.is_new {
            response.request_focus();
        }
        let drawn = draw(&self.text);
        if let Err(error) = &drawn
            && !self.text.trim().is_empty()
        {
            let color = Theme::of(ui).error;
            let said = words.say(&error.message());
            let shown = ui.add(egui::Label::new(RichText::new(said.clone()).color(color)).wrap());
            // A screen reader says it when it changes, and again with the field.
            ui.ctx().accesskit_node_builder(shown.id, |node| node.set_live(accesskit::Live::Polite));
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_invalid(accesskit::Invalid::True);
                node.set_description(said);
            });
        }
        let label = words.text("expression-draw");
        let button = ui.add_enabled(drawn.is_ok(), Button::new(label).shortcut_text("Ctrl+Enter"));
        let is_drawn = drawn.is_ok() && (button.clicked() || is_sent);
        if is_drawn {
            out.push(Command::Edit(EditCommand::DrawExpression(self.text.clone())));
        }
        is_drawn
    }

    fn selected_ui(&self, ui: &mut Ui, words: &Words) {
        let Some((expression, code)) = &self.selected else { return };
        ui.separator();
        ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
            for (key, text) in [("expression-as-text", expression), ("expression-as-code", code)] {
                let label = words.text(key);
                ui.horizontal(|ui| {
                    heading_ui(ui, label.clone());
                    if copy_button(ui, &words.text_with("expression-copy", &[("what", label.into())]))
                        .clicked()
                    {
                        ui.ctx().copy_text(text.clone());
                    }
                });
                ui.add(egui::Label::new(RichText::new(text).font(theme::mono(12.0))).wrap().selectable(true));
            }
        });
    }
}
