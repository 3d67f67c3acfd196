//! Renaming a node where it stands.
//!
//! Must not know which names are free: the edit sees to that.

use egui::{Id, Key, Rect, TextEdit, Ui, vec2};

use super::Canvas;
use crate::app::{App, Command, EditCommand};
use crate::network::{Network, NodeId};
use crate::ui::fields::mark_text;
use crate::ui::theme;
use crate::words::Words;

/// A name being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rename {
    node: NodeId,
    text: String,
    is_new: bool,
}

impl Rename {
    /// Starts with the name as it is.
    pub(crate) fn of(network: &Network, node: NodeId) -> Option<Self> {
        network.nodes.get(&node).map(|n| Self { node, text: n.name.clone(), is_new: true })
    }
}

impl Canvas {
    /// The field over the card's name; Enter or a click elsewhere takes it, Esc leaves it.
    pub(super) fn rename_ui(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let Some(mut rename) = self.rename.take() else { return };
        let Some(card) = self.scene.card(rename.node) else { return };
        let place = self.on_screen(card.area, area);
        let field =
            Rect::from_min_size(place.min + vec2(4.0, 3.0), vec2(place.width().max(110.0) - 8.0, 24.0));
        let id = Id::new("canvas rename");
        let edit = TextEdit::singleline(&mut rename.text)
            .id(id)
            .font(theme::strong(13.0))
            .hint_text(words.text("canvas-rename-hint"));
        let response = ui.put(field.intersect(area), edit);
        response.widget_info(|| {
            egui::WidgetInfo::text_edit(true, "", &rename.text, words.text("canvas-rename-hint"))
        });
        if rename.is_new {
            rename.is_new = false;
            // The clicks that opened it have selected the card: it must not take the keyboard back.
            self.wants_focus = None;
            response.request_focus();
            mark_text(ui.ctx(), id, 0..rename.text.chars().count());
            self.rename = Some(rename);
            ui.ctx().request_repaint();
            return;
        }
        if ui.input(|input| input.key_pressed(Key::Escape)) {
            return;
        }
        if response.lost_focus() {
            let name = rename.text.trim();
            let old = app.document().network.nodes.get(&rename.node).map(|node| node.name.as_str());
            if !name.is_empty() && old != Some(name) {
                out.push(Command::Edit(EditCommand::Rename(rename.node, name.to_owned())));
            }
            ui.memory_mut(|memory| memory.request_focus(super::access::card_id(rename.node)));
            return;
        }
        self.rename = Some(rename);
    }
}
