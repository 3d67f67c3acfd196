//! What is painted over the drawing while a hand is at work: the marquee, the pulled wire, the
//! reason of a refusal, the card being dragged in from the palette.
//!
//! Must not know commands, except for the palette's drop.

use egui::epaint::{CircleShape, RectShape, Stroke, StrokeKind};
use egui::{Align2, Area, DragAndDrop, Frame, Id, Order, Pos2, Rect, Response, RichText, Shape, Ui, vec2};
use egui_graphs::MetadataFrame;

use super::follow::OVER;
use super::geometry::{Path, card_size, output_place, snapped};
use super::gesture::{DropResult, Gesture, Pulled};
use super::scene::position;
use super::view::{EDGE, edge_speed};
use super::wire::paint_course;
use super::{Canvas, card, hit_test};
use crate::app::{App, Command, EditCommand, WireEnd};
use crate::ui::palette::PaletteEntry;
use crate::ui::samples::{Together, rows_text, shown_row};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// How long the reason of a refusal stays, in seconds.
const BUBBLE_SECONDS: f64 = 3.0;

/// Why a wire did not stay, for a while.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bubble {
    text: String,
    at: Pos2,
    until: f64,
}

impl Bubble {
    /// A bubble that opens now.
    pub(crate) fn new(text: String, at: Pos2, now: f64) -> Self {
        Self { text, at, until: now + BUBBLE_SECONDS }
    }
}

impl Canvas {
    /// Paints what belongs to the gesture under way.
    pub(super) fn overlay_ui(&mut self, ui: &mut Ui, area: Rect, app: &App, words: &Words) {
        let theme = Theme::of(ui);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        match self.machine.gesture() {
            Gesture::Marquee { from, to, .. } => {
                let place = self.on_screen(Rect::from_two_pos(*from, *to), area);
                let fill = theme.accent.gamma_multiply(0.10);
                let stroke = Stroke::new(1.0, theme.accent);
                painter.add(RectShape::new(place, 2.0, fill, stroke, StrokeKind::Inside));
            }
            Gesture::Wiring(pulled) => {
                painter.extend(self.pulled_shapes(pulled, area, theme));
                if let Some((text, is_refused)) = advice(pulled, words) {
                    let at = ui.ctx().pointer_latest_pos().unwrap_or(area.center());
                    bubble_ui(ui, at, &text, is_refused);
                }
            }
            Gesture::Idle | Gesture::Pressed { .. } | Gesture::Moving { .. } | Gesture::Panning => {}
        }
        let is_empty = self.scene.cards.is_empty() && app.document().network.nodes.is_empty();
        if is_empty && !DragAndDrop::has_any_payload(ui.ctx()) {
            let text = words.text("canvas-empty");
            let galley = painter.layout(text, theme::text(14.0), theme.weak, (area.width() - 32.0).max(0.0));
            let place = Align2::CENTER_CENTER.anchor_size(area.center(), galley.size());
            painter.galley(place.min, galley, theme.weak);
        }
        self.strips_caption_ui(ui, area, app, words);
        let now = ui.input(|input| input.time);
        if let Some(bubble) = self.refusal.take_if(|bubble| bubble.until > now) {
            bubble_ui(ui, bubble.at, &bubble.text, true);
            ui.ctx().request_repaint_after_secs((bubble.until - now) as f32 + 0.05);
            self.refusal = Some(bubble);
        } else {
            self.refusal = None;
        }
    }

    /// What the strips of the cards show, in a corner where no card, no name and no label is.
    pub(super) fn strips_caption_ui(&self, ui: &Ui, area: Rect, app: &App, words: &Words) {
        if app.snapshot().is_none_or(|snapshot| snapshot.pass.is_none()) {
            return;
        }
        let theme = Theme::of(ui);
        let rows = match app.changed_what_if() {
            Some(answer) if answer.is_current => words.text("canvas-what-if"),
            Some(_) => words.text("canvas-what-if-older"),
            None if shown_row(app).is_some() => rows_text(app, words, Together::Mean),
            None => words
                .text_with("canvas-strips-batch", &[("rows", rows_text(app, words, Together::Mean).into())]),
        };
        let text = words.text_with("canvas-strips", &[("rows", rows.into())]);
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let galley = painter.layout_no_wrap(text, theme::text(11.0), theme.weak);
        let inside = area.shrink2(vec2(10.0, 7.0));
        let corners = [
            (Align2::LEFT_BOTTOM, inside.left_bottom()),
            (Align2::RIGHT_BOTTOM, inside.right_bottom()),
            (Align2::LEFT_TOP, inside.left_top()),
            (Align2::RIGHT_TOP, inside.right_top()),
        ];
        // A walk writes over the cards.
        let over = if app.walk().is_some() { OVER * self.view.zoom() } else { 0.0 };
        let is_free = |place: &Rect| {
            let around = place.expand(4.0).with_max_y(place.bottom() + 4.0 + over);
            let is_covering =
                self.scene.cards.iter().any(|card| self.on_screen(card.area, area).intersects(around))
                    || self.pills.taken().any(|taken| taken.intersects(around));
            !is_covering && area.contains_rect(*place)
        };
        let mut places = corners.into_iter().map(|(align, at)| align.anchor_size(at, galley.size()));
        if let Some(place) = places.find(is_free) {
            // A wire may pass under it.
            painter.rect_filled(place.expand2(vec2(4.0, 1.0)), 3.0, theme.canvas);
            painter.galley(place.min, galley, theme.weak);
        }
    }

    fn pulled_shapes(&self, pulled: &Pulled, area: Rect, theme: &Theme) -> Vec<Shape> {
        let socket = |node, port| {
            self.scene.card(node).and_then(|card| card.inputs.iter().find(|socket| socket.port == port))
        };
        let loose = match (&pulled.over, pulled.from) {
            (Some((_, to, port, _)), WireEnd::Output(_)) => socket(*to, *port).map(|socket| socket.at),
            (Some((from, ..)), WireEnd::Input(..)) => {
                self.scene.card(*from).map(|card| output_place(card.area))
            }
            (None, _) => None,
        };
        let loose = loose.unwrap_or(pulled.at);
        let path = match pulled.from {
            WireEnd::Output(node) => {
                let Some(start) = self.scene.card(node).and_then(|card| card.output) else {
                    return Vec::new();
                };
                Path::direct(start, loose)
            }
            WireEnd::Input(node, port) => {
                let Some(end) = socket(node, port) else { return Vec::new() };
                Path::direct(loose, end.at)
            }
        };
        let drop_result = pulled.over.as_ref().map(|(.., drop_result)| drop_result);
        let color = match drop_result {
            Some(DropResult::Refused(_)) => theme.error,
            Some(DropResult::Fits | DropResult::ClosesCycle) | None => theme.accent,
        };
        let mut meta = MetadataFrame::new(None);
        meta.zoom = self.view.zoom();
        meta.pan = self.view.pan + area.min.to_vec2();
        let mut shapes = Vec::new();
        let stroke = Stroke::new(2.2 * meta.zoom.max(0.6), color);
        let is_loop = drop_result == Some(&DropResult::ClosesCycle);
        paint_course(&path, is_loop, pulled.over.is_some(), stroke, (&meta, area), &mut shapes);
        let end = meta.canvas_to_screen_pos(loose);
        if pulled.over.is_none() {
            shapes.push(CircleShape::filled(end, 4.0 * meta.zoom.max(0.6), color).into());
        }
        shapes
    }

    /// What is dragged in from the palette: a ghost under the pointer, and the drop.
    pub(super) fn palette_drop_ui(
        &mut self,
        ui: &Ui,
        response: &Response,
        area: Rect,
        app: &App,
        out: &mut Vec<Command>,
    ) {
        let Some(entry) = DragAndDrop::payload::<PaletteEntry>(ui.ctx()) else {
            self.carried_in = false;
            return;
        };
        let Some(pointer) = ui.ctx().pointer_latest_pos().filter(|pointer| area.contains(*pointer)) else {
            return;
        };
        self.carried_in |= area.shrink(EDGE).contains(pointer);
        if self.carried_in {
            let speed = edge_speed((pointer - area.min).to_pos2(), pointer - area.center(), area.size());
            self.run_at(ui, speed);
        }
        let at = self.view.canvas_from_local((pointer - area.min).to_pos2());
        let center = snapped(at);
        let name = entry.base_name();
        let size = card_size(name, "", 1) + 2.0 * entry.half_size();
        let ghost = self.on_screen(Rect::from_center_size(center, size), area);
        let theme = Theme::of(ui);
        let painter = ui.painter().with_clip_rect(area);
        let zoom = self.view.zoom();
        let stroke = Stroke::new(1.5, theme.accent);
        // What is under a large pattern stays visible.
        let fill = theme.node.gamma_multiply(if entry.kind().is_some() { 0.85 } else { 0.35 });
        painter.add(RectShape::new(ghost, card::radius(8.0 * zoom), fill, stroke, StrokeKind::Inside));
        painter.text(
            ghost.center(),
            Align2::CENTER_CENTER,
            name,
            theme::strong(13.0 * zoom.max(0.6)),
            theme.text,
        );
        ui.ctx().request_repaint();
        if let Some(entry) = response.dnd_release_payload::<PaletteEntry>() {
            let edge = if entry.takes_insertion() {
                self.scene.nearest_wire(at, hit_test::INSERTION_REACH)
            } else {
                None
            };
            let edge = edge.filter(|edge| app.document().network.edges.contains_key(edge));
            let command = match (&*entry, edge) {
                (PaletteEntry::Kind(kind), Some(edge)) => {
                    EditCommand::InsertOnEdge { kind: kind.clone(), edge, position: position(center) }
                }
                (entry, _) => entry.add_at(position(center)),
            };
            out.push(Command::Edit(command));
            self.is_dropped = true;
        }
    }
}

/// What to say beside a pulled wire: why it is refused, or what it would become.
fn advice(pulled: &Pulled, words: &Words) -> Option<(String, bool)> {
    match &pulled.over.as_ref()?.3 {
        DropResult::Refused(reason) => Some((reason.clone(), true)),
        DropResult::ClosesCycle => Some((words.text("canvas-becomes-loop"), false)),
        DropResult::Fits => None,
    }
}

/// A line of text beside the pointer.
fn bubble_ui(ui: &Ui, at: Pos2, text: &str, is_refused: bool) {
    let theme = Theme::of(ui);
    let color = if is_refused { theme.error } else { theme.accent };
    Area::new(Id::new("canvas bubble"))
        .order(Order::Tooltip)
        .fixed_pos(at + vec2(16.0, 14.0))
        .constrain(true)
        .interactable(false)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).stroke(Stroke::new(1.0, color)).show(ui, |ui| {
                ui.set_max_width(300.0);
                ui.label(RichText::new(text).color(color));
            });
        });
}
