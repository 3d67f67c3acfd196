//! Cards for the keyboard and for screen readers: pixels get names, focus and tooltips.
//!
//! Must not know how cards are painted.

use std::sync::Arc;

use egui::{
    Atom, Button, EventFilter, Id, Rect, RichText, Sense, Ui, Vec2, WidgetInfo, WidgetType, accesskit,
};

use super::card::{BADGE_RADIUS, badge_place, severity_color};
use super::card_text::Finding;
use super::gesture::Hit;
use super::input::select;
use super::{Canvas, node_of};
use crate::app::{App, Command, EditCommand, Selection};
use crate::network::NodeId;
use crate::ui::samples::{Together, rows_text};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// The invisible widget of a card.
pub(super) fn card_id(node: NodeId) -> Id {
    Id::new(("canvas card", node))
}

impl Canvas {
    /// Gives every visible card a name, the keyboard's focus, its tooltip and its badge.
    pub(super) fn nodes_ui(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        if !ui.input(|input| input.pointer.any_pressed() || input.pointer.any_released())
            && let Some(node) = self.wants_focus.take()
        {
            ui.memory_mut(|memory| memory.request_focus(card_id(node)));
        }
        let seen = self.view.visible(self.size);
        let focused = ui.memory(egui::Memory::focused);
        for card in self.scene.cards.iter().filter(|card| card.area.intersects(seen)) {
            let id = card_id(card.id);
            let place = self.on_screen(card.area, area).intersect(area);
            let response = ui.interact(place, id, Sense::focusable_noninteractive());
            let is_selected = app.selection().nodes.contains(&card.id);
            response.widget_info(|| {
                WidgetInfo::selected(WidgetType::SelectableLabel, true, is_selected, &card.text.spoken)
            });
            if focused == Some(id) {
                let keeps =
                    EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(id, keeps));
            }
            let was_pressed =
                ui.input(|input| input.has_accesskit_action_request(id, accesskit::Action::Click));
            let gained = response.gained_focus() && !ui.input(|input| input.pointer.any_down());
            if (was_pressed || gained) && !is_selected {
                select(&Selection::of_nodes([card.id]), out);
            }
            if !card.text.findings.is_empty() && !self.machine.is_busy() {
                self.badge_ui(ui, area, card.id, out);
            }
            let is_hovered = self.hovered == Some(Hit::Card(card.id)) && self.popup.is_none();
            if is_hovered && card.text.findings.is_empty() {
                response.on_hover_ui(|ui| self.card_tip_ui(ui, card.id, app, words));
            }
        }
        self.port_tip_ui(ui, area, app, words, out);
    }

    /// The badge of a card with problems: hover reads them, and offers what mends them.
    fn badge_ui(&self, ui: &mut Ui, area: Rect, node: NodeId, out: &mut Vec<Command>) {
        let Some(card) = self.scene.card(node) else { return };
        let center = area.min + self.view.local_from_canvas(badge_place(card.area)).to_vec2();
        let size = Vec2::splat(2.0 * (BADGE_RADIUS * self.view.zoom()).max(5.0) + 4.0);
        let place = Rect::from_center_size(center, size);
        if !area.contains(center) {
            return;
        }
        let response = ui.interact(place, Id::new(("canvas badge", node)), Sense::click());
        let spoken: Vec<&str> = card.text.findings.iter().map(|finding| finding.text.as_str()).collect();
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, spoken.join(". ")));
        egui::Popup::menu(&response).show(|ui| findings_ui(ui, &card.text.findings, out));
        response.on_hover_ui(|ui| findings_ui(ui, &card.text.findings, out));
    }

    /// What the strips of a card stand for, in numbers.
    fn card_tip_ui(&self, ui: &mut Ui, node: NodeId, app: &App, words: &Words) {
        let Some(card) = self.scene.card(node) else { return };
        ui.label(RichText::new(&card.text.name).font(theme::strong(13.0)));
        let setting = if card.text.detail == card.text.kind { "" } else { &card.text.detail };
        let kind = [card.text.kind.as_str(), setting].into_iter().filter(|text| !text.is_empty());
        ui.weak(kind.collect::<Vec<_>>().join(", "));
        let Some(strips) = self.strips.get(&node) else { return };
        let lines = [
            (&strips.values, "canvas-tip-values", Together::Mean),
            (&strips.grads, "canvas-tip-grads", Together::Sum),
        ];
        for (strip, key, together) in lines {
            if let Some(strip) = strip {
                let max = crate::ui::canvas::strips::short(strip.max);
                let rows = rows_text(app, words, together);
                let about = [("n", strip.n_features.into()), ("rows", rows.into()), ("max", max.into())];
                ui.label(words.text_with(key, &about));
            }
        }
    }

    /// What a port or a wire under the pointer is.
    fn port_tip_ui(&self, ui: &mut Ui, area: Rect, app: &App, words: &Words, out: &mut Vec<Command>) {
        let Some(hit) = self.hovered.filter(|_| self.popup.is_none() && self.menu_spot.is_none()) else {
            return;
        };
        let Some(pointer) = ui.ctx().pointer_latest_pos() else { return };
        let place = Rect::from_center_size(pointer, Vec2::splat(12.0)).intersect(area);
        let tip = |ui: &Ui| ui.interact(place, Id::new(("canvas tip", spot_name(hit))), Sense::hover());
        match hit {
            Hit::Input(node, port) => {
                let name = app.document().network.nodes.get(&node).and_then(|n| n.kind.ports().name(port));
                if let Some(name) = name {
                    use crate::words::ToMessage as _;
                    tip(ui).on_hover_text(words.say(&name.message()));
                }
            }
            Hit::Output(_) => {
                tip(ui).on_hover_text(words.text("canvas-port-output"));
            }
            Hit::Wire(edge) => {
                let Some(label) = self.texts.edges.get(&edge) else { return };
                tip(ui).on_hover_ui(|ui| {
                    ui.label(&label.spoken);
                    findings_ui(ui, &label.findings, out);
                });
            }
            Hit::Empty | Hit::Card(_) => {}
        }
    }
}

fn spot_name(hit: Hit) -> (u32, u32) {
    match hit {
        Hit::Empty => (0, 0),
        Hit::Wire(edge) => (1, edge.0),
        Hit::Card(_) | Hit::Output(_) | Hit::Input(..) => (2, node_of(hit).map_or(0, |node| node.0)),
    }
}

/// Problems, each with the button that mends it.
pub(crate) fn findings_ui(ui: &mut Ui, findings: &[Arc<Finding>], out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    ui.set_max_width(320.0);
    for finding in findings {
        ui.horizontal_top(|ui| {
            let sign =
                RichText::new("!").font(theme::strong(13.0)).color(severity_color(finding.severity, theme));
            ui.label(sign);
            ui.vertical(|ui| {
                ui.add(egui::Label::new(&finding.text).wrap());
                if let Some((name, fix)) = &finding.fix
                    && ui.add(Button::new(Atom::from(name.as_str()))).clicked()
                {
                    out.push(Command::Edit(EditCommand::Fix(fix.clone())));
                    ui.close();
                }
            });
        });
    }
}
