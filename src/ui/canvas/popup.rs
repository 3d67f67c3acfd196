//! What opens on the canvas: the palette at the pointer, and the question whether a wire that
//! closes a cycle shall go back in time.
//!
//! Must not know what the palette's entries do.

use egui::{Area, DragValue, Frame, Id, Key, Order, Pos2, Rect, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::Canvas;
use super::scene::position;
use crate::app::{App, Command, EditCommand, WireEnd};
use crate::network::{EdgeId, NodeId};
use crate::ui::palette::{PaletteEntry, PaletteGroup};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// How high the list of the palette is.
const LIST_HEIGHT: f32 = 280.0;

/// What is open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Popup {
    /// The palette.
    Palette(PaletteOffer),
    /// The question about a cycle.
    Loop(LoopOffer),
}

/// The palette at a place of the canvas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PaletteOffer {
    /// The wire that was dropped here.
    wire: Option<WireEnd>,
    /// The edge that the new node shall be put into.
    edge: Option<EdgeId>,
    /// Where the new node will be.
    at: Pos2,
    /// Where the popup opens.
    place: Pos2,
    filter: String,
    chosen: usize,
    is_new: bool,
}

impl PaletteOffer {
    /// A palette for the end of a wire, for an edge, or for a place.
    pub(crate) fn new(wire: Option<WireEnd>, edge: Option<EdgeId>, at: Pos2, place: Pos2) -> Self {
        Self { wire, edge, at, place, filter: String::new(), chosen: 0, is_new: true }
    }

    /// Whether an entry could be used here.
    fn takes(&self, entry: &PaletteEntry) -> bool {
        match (self.wire, self.edge) {
            (Some(WireEnd::Output(_)), _) => entry.has_input(),
            (Some(WireEnd::Input(..)), _) => entry.has_output(),
            (None, Some(_)) => entry.takes_insertion(),
            (None, None) => true,
        }
    }

    fn command(&self, entry: &PaletteEntry) -> EditCommand {
        let snapped = super::geometry::snapped(self.at);
        // The wire's end stays where it was dropped: the node goes to its right, or left.
        let beside = match self.wire {
            Some(WireEnd::Output(_)) => snapped + vec2(56.0, 0.0),
            Some(WireEnd::Input(..)) => snapped - vec2(56.0, 0.0),
            None => snapped,
        };
        match (entry, self.wire, self.edge) {
            (PaletteEntry::Kind(kind), Some(wire), _) => {
                EditCommand::AddConnected { kind: kind.clone(), position: position(beside), wire }
            }
            (PaletteEntry::Kind(kind), None, Some(edge)) => {
                EditCommand::InsertOnEdge { kind: kind.clone(), edge, position: position(snapped) }
            }
            (entry, ..) => entry.add_at(position(snapped)),
        }
    }
}

/// A wire that would close a cycle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoopOffer {
    /// The sending node.
    pub(crate) from: NodeId,
    /// The receiving node.
    pub(crate) to: NodeId,
    /// Its port.
    pub(crate) port: usize,
    /// The wire that was moved.
    pub(crate) replacing: Option<EdgeId>,
    /// Steps back in time.
    pub(crate) delay: usize,
    /// Where the question opens.
    pub(crate) at: Pos2,
}

/// What a popup came to.
enum Answer {
    Open,
    Closed,
    Chosen(EditCommand),
}

impl Canvas {
    /// Shows what is open.
    pub(super) fn popup_ui(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let Some(mut popup) = self.popup.take() else { return };
        let place = match &popup {
            Popup::Palette(offer) => offer.place,
            Popup::Loop(offer) => offer.at,
        };
        let shown = Area::new(Id::new("canvas popup"))
            .order(Order::Foreground)
            .fixed_pos(place)
            .constrain_to(area.expand(200.0).intersect(ui.ctx().content_rect()))
            .show(ui.ctx(), |ui| {
                Frame::popup(ui.style())
                    .show(ui, |ui| match &mut popup {
                        Popup::Palette(offer) => palette_ui(ui, offer, words),
                        Popup::Loop(offer) => loop_ui(ui, offer, app, words),
                    })
                    .inner
            });
        let elsewhere = ui.input(|input| input.pointer.any_pressed())
            && ui.ctx().pointer_latest_pos().is_some_and(|pointer| !shown.response.rect.contains(pointer));
        let escaped = ui.input(|input| input.key_pressed(Key::Escape));
        match shown.inner {
            Answer::Chosen(edit) => {
                out.push(Command::Edit(edit));
                self.is_dropped = true;
            }
            Answer::Open if !elsewhere && !escaped => self.popup = Some(popup),
            Answer::Open | Answer::Closed => {}
        }
    }
}

fn palette_ui(ui: &mut Ui, offer: &mut PaletteOffer, words: &Words) -> Answer {
    ui.set_width(190.0);
    let title = if offer.wire.is_some() { "canvas-add-connected" } else { "canvas-add-node" };
    ui.label(RichText::new(words.text(title)).small().color(Theme::of(ui).weak));
    let (up, down, enter) = ui.input_mut(|input| {
        let none = egui::Modifiers::NONE;
        (
            input.consume_key(none, Key::ArrowUp),
            input.consume_key(none, Key::ArrowDown),
            input.key_pressed(Key::Enter),
        )
    });
    let field = ui.add(
        TextEdit::singleline(&mut offer.filter)
            .hint_text(words.text("palette-search"))
            .desired_width(f32::INFINITY),
    );
    if offer.is_new {
        offer.is_new = false;
        field.request_focus();
    }
    let entries: Vec<(PaletteGroup, Vec<PaletteEntry>)> = PaletteEntry::matching(&offer.filter, words)
        .into_iter()
        .map(|(group, entries)| (group, entries.into_iter().filter(|entry| offer.takes(entry)).collect()))
        .filter(|(_, entries): &(PaletteGroup, Vec<PaletteEntry>)| !entries.is_empty())
        .collect();
    let n: usize = entries.iter().map(|(_, entries)| entries.len()).sum();
    if field.changed() {
        // Names come before what is only said about an entry.
        let wanted = offer.filter.trim().to_lowercase();
        let named = |entry: &PaletteEntry| {
            entry.label(words).to_lowercase().contains(&wanted)
                || entry.base_name().to_lowercase().contains(&wanted)
        };
        offer.chosen = entries.iter().flat_map(|(_, entries)| entries).position(named).unwrap_or(0);
    }
    if down && offer.chosen + 1 < n {
        offer.chosen += 1;
    }
    if up {
        offer.chosen = offer.chosen.saturating_sub(1);
    }
    let mut picked = None;
    let mut number = 0;
    // As high with few entries as with many: a search does not make the popup jump, nor shrink for good.
    let height = LIST_HEIGHT.min(ui.ctx().content_rect().height() - 120.0).max(60.0);
    let list = ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink(false);
    list.show(ui, |ui| {
        for (group, entries) in &entries {
            ui.label(
                RichText::new(words.text(group.key())).font(theme::strong(10.0)).color(Theme::of(ui).weak),
            );
            for entry in entries {
                let is_chosen = number == offer.chosen;
                let button = egui::Button::selectable(is_chosen, entry.label(words))
                    .min_size(vec2(ui.available_width(), 20.0));
                let response = ui.add(button).on_hover_text(entry.hint(words));
                if is_chosen && (up || down) {
                    response.scroll_to_me(None);
                }
                if response.clicked() || (enter && is_chosen) {
                    picked = Some(offer.command(entry));
                }
                number += 1;
            }
        }
        if n == 0 {
            ui.weak(words.text("palette-nothing"));
        }
    });
    picked.map_or(Answer::Open, Answer::Chosen)
}

fn loop_ui(ui: &mut Ui, offer: &mut LoopOffer, app: &App, words: &Words) -> Answer {
    ui.set_max_width(280.0);
    ui.label(words.text("canvas-loop-question"));
    ui.horizontal(|ui| {
        let label = ui.label(words.text("canvas-loop-delay"));
        ui.add(DragValue::new(&mut offer.delay).range(1..=1000).prefix("t−")).labelled_by(label.id);
    });
    ui.horizontal(|ui| {
        let yes = ui.button(words.text("canvas-loop-yes"));
        if yes.clicked() || ui.input(|input| input.key_pressed(Key::Enter)) {
            let LoopOffer { from, to, port, delay, .. } = *offer;
            let old =
                offer.replacing.and_then(|id| app.document().network.edges.get(&id).map(|edge| (id, edge)));
            return Answer::Chosen(match old {
                Some((id, edge)) => {
                    let edge = crate::network::Edge { from, to, port, delay, initial: edge.initial };
                    EditCommand::SetEdge(id, edge)
                }
                None => EditCommand::Connect { from, to, port, delay },
            });
        }
        if ui.button(words.text("canvas-cancel")).clicked() { Answer::Closed } else { Answer::Open }
    })
    .inner
}
