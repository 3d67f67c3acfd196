//! Opened nodes: a frame beside the card that shows a Dense as neurons and an activation as its curve.
//! Keeps which are open and where their frames stand.
//!
//! Must not know what is drawn inside a frame.

use std::collections::BTreeMap;

use egui::epaint::{RectShape, Stroke, StrokeKind};
use egui::{
    Align2, CursorIcon, Id, Pos2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};

use super::gesture::Hit;
use super::scene::Scene;
use super::{Canvas, curve, neurons};
use crate::app::{App, Command};
use crate::network::{Network, Node, NodeId, NodeKind};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// The name of a card stands in its upper part.
const NAME_HEIGHT: f32 = 27.0;
/// Between a card and its frame.
const GAP: f32 = 24.0;
/// Height of a frame's title.
pub(super) const TITLE: f32 = 30.0;

/// By what the arrows of neurons are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ColorBy {
    /// The weight itself.
    #[default]
    Weight,
    /// What backward left of it.
    Gradient,
    /// Weight times input.
    Contribution,
}

impl ColorBy {
    pub(super) const ALL: [Self; 3] = [Self::Weight, Self::Gradient, Self::Contribution];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Weight => "neurons-by-weight",
            Self::Gradient => "neurons-by-gradient",
            Self::Contribution => "neurons-by-contribution",
        }
    }
}

/// Which nodes are open.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The top left corner of each frame, from that of its card, in canvas points.
    pub(super) frames: BTreeMap<NodeId, Vec2>,
    pub(super) color_by: ColorBy,
}

/// One frame on the screen.
pub(super) struct Frame<'a> {
    pub(super) node: NodeId,
    /// Its place on the screen, as large as the zoom makes it.
    pub(super) place: Rect,
    pub(super) zoom: f32,
    pub(super) app: &'a App,
    pub(super) words: &'a Words,
}

impl Frame<'_> {
    /// A point of the frame, given in canvas points from its top left corner.
    pub(super) fn at(&self, x: f32, y: f32) -> Pos2 {
        self.place.min + vec2(x, y) * self.zoom
    }

    /// The id of a part of it.
    pub(super) fn id(&self, part: impl egui::AsIdSalt) -> Id {
        Id::new(("opened node", self.node)).with(part)
    }

    /// What a node shows when it is open.
    pub(super) fn inside_ui(
        &self,
        ui: &Ui,
        node: &Node,
        ground: &Response,
        opened: &mut Opened,
        out: &mut Vec<Command>,
    ) {
        if self.zoom >= super::view::SMALLEST_ZOOM_WITH_TEXT {
            let title = self.words.text_with("neurons-opened", &[("name", node.name.as_str().into())]);
            let font = theme::strong(12.5 * self.zoom);
            ui.painter().text(self.at(12.0, 16.0), Align2::LEFT_CENTER, title, font, Theme::of(ui).text);
        }
        match (node.kind.dense(), node.kind.activation()) {
            (Some(dense), _) => neurons::neurons_ui(ui, self, dense, ground, opened, out),
            (None, Some(activation)) => curve::curve_ui(ui, self, activation, ground, out),
            (None, None) => {}
        }
    }
}

/// Whether a node of this kind can be opened.
pub(crate) fn can_open(kind: &NodeKind) -> bool {
    size_of(kind, 1).is_some()
}

/// The size of its frame in canvas points.
fn size_of(kind: &NodeKind, n_inputs: usize) -> Option<Vec2> {
    if let Some(dense) = kind.dense() {
        return neurons::frame_size(n_inputs, dense.units, dense.bias);
    }
    kind.activation().and_then(curve::frame_size)
}

impl Opened {
    /// Opens a node, or closes it; gives the frame's place on the canvas where it was opened.
    pub(super) fn toggle(&mut self, node: NodeId, app: &App, scene: &Scene) -> Option<Rect> {
        if self.frames.remove(&node).is_some() {
            return None;
        }
        let card = scene.card(node)?.area;
        let size = frame_size(app, node)?;
        let taken: Vec<Rect> = scene.cards.iter().map(|card| card.area).collect();
        let others: Vec<Rect> = self
            .frames
            .iter()
            .filter_map(|(&node, &corner)| {
                Some(Rect::from_min_size(scene.card(node)?.area.min + corner, frame_size(app, node)?))
            })
            .collect();
        let is_free = |place: &Rect| {
            let near = place.expand(4.0);
            !taken.iter().chain(&others).any(|other| other.intersects(near))
        };
        let below = pos2(card.left(), card.bottom() + GAP);
        let above = pos2(card.left(), card.top() - GAP - size.y);
        let tries = (0..12).flat_map(|n| {
            let down = vec2(0.0, 48.0 * n as f32);
            [below + down, above - down]
        });
        let places = tries.map(|corner| Rect::from_min_size(corner, size));
        let place = { places }.find(is_free).unwrap_or(Rect::from_min_size(below, size));
        self.frames.insert(node, place.min - card.min);
        Some(place.union(card))
    }

    /// Forgets what is gone or has grown too large.
    fn retain(&mut self, app: &App) {
        self.frames.retain(|&node, _| frame_size(app, node).is_some());
    }
}

pub(super) fn frame_size(app: &App, node: NodeId) -> Option<Vec2> {
    let network = &app.document().network;
    size_of(&network.nodes.get(&node)?.kind, n_inputs(app, network, node))
}

/// How many numbers arrive at a node.
pub(super) fn n_inputs(app: &App, network: &Network, node: NodeId) -> usize {
    let source = network.incoming(node).first().map(|(_, edge)| edge.from);
    source.and_then(|source| app.shapes().node(source)).map_or(1, crate::tensor::Shape::features)
}

impl Canvas {
    /// Opens or closes a node, and brings what was opened into sight.
    pub(super) fn toggle_opened(&mut self, node: NodeId, app: &App) {
        if let Some(place) = self.opened.toggle(node, app, &self.scene) {
            self.view.show(place, self.size);
        }
    }

    /// A double-click below the name of a card opens or closes it; on the name it is renamed.
    pub(super) fn open_at(&mut self, at: Pos2, app: &App) -> bool {
        let hit = self.scene.hit(at, 0.0, &app.selection().nodes);
        let Hit::Card(node) = hit else { return false };
        let Some(card) = self.scene.card(node) else { return false };
        let kind = app.document().network.nodes.get(&node).map(|node| &node.kind);
        if at.y < card.area.top() + NAME_HEIGHT || !kind.is_some_and(can_open) {
            return false;
        }
        self.toggle_opened(node, app);
        true
    }

    /// Every open frame, over the drawing.
    pub(super) fn opened_ui(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        self.opened.retain(app);
        let frames: Vec<(NodeId, Vec2)> =
            self.opened.frames.iter().map(|(&node, &corner)| (node, corner)).collect();
        let clip = ui.clip_rect();
        ui.set_clip_rect(area.intersect(clip));
        for (node, corner) in frames {
            let (Some(card), Some(size)) = (self.scene.card(node), frame_size(app, node)) else { continue };
            let on_canvas = Rect::from_min_size(card.area.min + corner, size);
            let place = self.on_screen(on_canvas, area);
            let card_place = self.on_screen(card.area, area);
            if !place.intersects(area) {
                continue;
            }
            let frame = Frame { node, place, zoom: self.view.zoom(), app, words };
            self.frame_ui(ui, area, &frame, card_place, out);
        }
        ui.set_clip_rect(clip);
    }

    fn frame_ui(&mut self, ui: &mut Ui, area: Rect, frame: &Frame<'_>, card: Rect, out: &mut Vec<Command>) {
        let theme = Theme::of(ui);
        let network = &frame.app.document().network;
        let Some(node) = network.nodes.get(&frame.node) else { return };
        let response = ui.interact(frame.place, frame.id("frame"), Sense::click_and_drag());
        let name = [("name", node.name.as_str().into())];
        let spoken = frame.words.text_with("neurons-opened", &name);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, spoken.as_str()));
        self.move_frame(ui, area, frame, &response);
        paint_tie(ui, frame.place, card);
        let stroke = Stroke::new(1.0, theme.outline);
        let shape = RectShape::new(
            frame.place,
            super::card::radius(8.0 * frame.zoom),
            theme.panel,
            stroke,
            StrokeKind::Inside,
        );
        ui.painter().add(shape);
        if close_ui(ui, frame) {
            self.opened.frames.remove(&frame.node);
        }
        frame.inside_ui(ui, node, &response, &mut self.opened, out);
        frame.menu_ui(ui, node, &self.opened, &response);
    }

    /// A frame is dragged by its ground; the wheel over it moves the canvas as everywhere.
    fn move_frame(&mut self, ui: &Ui, area: Rect, frame: &Frame<'_>, response: &Response) {
        self.navigate(ui, area, response);
        if response.dragged()
            && let Some(corner) = self.opened.frames.get_mut(&frame.node)
        {
            *corner += response.drag_delta() / frame.zoom;
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
    }
}

/// The cross in the corner.
fn close_ui(ui: &Ui, frame: &Frame<'_>) -> bool {
    let theme = Theme::of(ui);
    let center = pos2(frame.place.right() - 16.0 * frame.zoom, frame.place.top() + 16.0 * frame.zoom);
    let place = Rect::from_center_size(center, Vec2::splat((18.0 * frame.zoom).max(12.0)));
    let response = ui.interact(place, frame.id("close"), Sense::click());
    let label = frame.words.text("neurons-close");
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, label.as_str()));
    let ink = if response.hovered() || response.has_focus() { theme.text } else { theme.weak };
    let arm = place.width() * 0.22;
    for way in [vec2(arm, arm), vec2(arm, -arm)] {
        ui.painter().line_segment([center - way, center + way], (1.5, ink));
    }
    response.on_hover_text(label).clicked()
}

/// A fine line from the card to its frame.
fn paint_tie(ui: &Ui, frame: Rect, card: Rect) {
    let (from, to) = if frame.top() >= card.bottom() {
        (
            card.center_bottom(),
            pos2(card.center().x.clamp(frame.left() + 12.0, frame.right() - 12.0), frame.top()),
        )
    } else if frame.bottom() <= card.top() {
        (
            card.center_top(),
            pos2(card.center().x.clamp(frame.left() + 12.0, frame.right() - 12.0), frame.bottom()),
        )
    } else {
        (card.center(), frame.center())
    };
    let line = egui::Shape::dashed_line(&[from, to], Stroke::new(1.0, Theme::of(ui).wire), 3.0, 3.0);
    ui.painter().extend(line);
}
