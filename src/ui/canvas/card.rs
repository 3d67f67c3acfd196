//! How a card is painted: name, kind, strips of live values, ports, problems.
//!
//! Must not know the network, nor what a gesture means.

use std::sync::Arc;

use egui::epaint::{CircleShape, CornerRadius, Mesh, RectShape, Stroke, StrokeKind};
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Vec2, pos2, vec2};
use egui_graphs::{DisplayNode, DrawContext, MetadataFrame, NodeProps};
use petgraph::{EdgeType, stable_graph::IndexType};

use super::geometry::{CARD_MARGIN, PORT_RADIUS};
use super::names::NAME_SIZE;
use super::scene::Card;
use super::strips::{Strip, Strips};
use super::view::SMALLEST_ZOOM_WITH_TEXT;
use crate::network::Severity;
use crate::ui::theme::{self, Diverging, Theme};

/// Below this zoom ports, arrows and the gaps between cells are left out.
pub(crate) const SMALLEST_ZOOM_WITH_PORTS: f32 = 0.25;
/// The same for the names of cards that are among very many.
const SMALLEST_ZOOM_IN_A_CROWD: f32 = 0.7;
/// The same for what stands beside them.
const SMALLEST_DETAIL: f32 = 8.0;
/// The badge of a problem: its center from the card's top right corner, and its radius.
pub(crate) const BADGE_OFFSET: Vec2 = Vec2::new(-1.0, 1.0);
/// See [`BADGE_OFFSET`].
pub(crate) const BADGE_RADIUS: f32 = 8.0;

/// All that is painted of one card.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each painted on its own")]
pub(crate) struct CardLook {
    /// The card.
    pub(crate) card: Arc<Card>,
    /// Selected.
    pub(crate) selected: bool,
    /// Under the pointer, or where a pulled wire would end.
    pub(crate) hovered: bool,
    /// Has the keyboard's focus.
    pub(crate) focused: bool,
    /// Pinned to the panels.
    pub(crate) pinned: bool,
    /// The input port where a pulled wire would end.
    pub(crate) lit_port: Option<usize>,
    /// Among so many that only names are written, and those only where they are large.
    pub(crate) crowded: bool,
    /// How large names are written on cards, in screen points; nothing where they stand above them.
    pub(crate) name_size: Option<f32>,
    /// Only there so that a wire has an end: nothing is painted.
    pub(crate) hidden: bool,
}

impl PartialEq for CardLook {
    /// The same card, not an equal one: scenes are made anew when anything of them changes, and
    /// this is asked for every card in every frame.
    fn eq(&self, other: &Self) -> bool {
        let marks = |look: &Self| {
            (look.selected, look.hovered, look.focused, look.pinned, look.lit_port, look.crowded, look.hidden)
        };
        Arc::ptr_eq(&self.card, &other.card)
            && marks(self) == marks(other)
            && self.name_size == other.name_size
    }
}

/// Paints a [`CardLook`].
#[derive(Clone, Debug)]
pub(crate) struct CardDisplay {
    look: Arc<CardLook>,
}

impl From<NodeProps<Arc<CardLook>>> for CardDisplay {
    fn from(props: NodeProps<Arc<CardLook>>) -> Self {
        Self { look: props.payload }
    }
}

impl<E: Clone, Ty: EdgeType, Ix: IndexType> DisplayNode<Arc<CardLook>, E, Ty, Ix> for CardDisplay {
    fn closest_boundary_point(&self, dir: Vec2) -> Pos2 {
        let area = self.look.card.area;
        if dir == Vec2::ZERO {
            return area.center();
        }
        let half = area.size() / 2.0;
        let reach = (half.x / dir.x.abs()).min(half.y / dir.y.abs());
        area.center() + dir * reach
    }

    fn shapes(&mut self, ctx: &DrawContext<'_>) -> Vec<Shape> {
        if self.look.hidden {
            return Vec::new();
        }
        paint(&self.look, ctx.painter, ctx.meta, Theme::current(ctx.ctx))
    }

    fn update(&mut self, state: &NodeProps<Arc<CardLook>>) {
        self.look = Arc::clone(&state.payload);
    }

    fn is_inside(&self, pos: Pos2) -> bool {
        self.look.card.area.contains(pos)
    }
}

/// A canvas rectangle on the screen.
pub(crate) fn on_screen(meta: &MetadataFrame, area: Rect) -> Rect {
    Rect::from_min_max(meta.canvas_to_screen_pos(area.min), meta.canvas_to_screen_pos(area.max))
}

/// A corner radius, in screen points.
pub(crate) fn radius(points: f32) -> CornerRadius {
    CornerRadius::same(points.round().clamp(0.0, 255.0) as u8)
}

fn paint(look: &CardLook, painter: &Painter, meta: &MetadataFrame, theme: &Theme) -> Vec<Shape> {
    let zoom = meta.zoom;
    let card = &look.card;
    let area = on_screen(meta, card.area);
    let mut shapes = Vec::with_capacity(12);
    // A selected card is marked already.
    if look.focused && !look.selected {
        let ring = RectShape::stroke(
            area.expand(3.0),
            radius(8.0 * zoom + 3.0),
            Stroke::new(2.0, theme.accent.gamma_multiply(0.45)),
            StrokeKind::Outside,
        );
        shapes.push(ring.into());
    }
    let outline = if look.selected {
        Stroke::new(2.0, theme.accent)
    } else if look.hovered {
        Stroke::new(1.5, theme.wire)
    } else {
        Stroke::new(1.0, theme.outline)
    };
    let plain = if card.text.is_unrecorded { Stroke::NONE } else { outline };
    shapes.push(RectShape::new(area, radius(8.0 * zoom), theme.node, plain, StrokeKind::Inside).into());
    if card.text.is_unrecorded {
        // Dashes are fainter than a line.
        let stroke = if outline.width > 1.0 { outline } else { Stroke::new(1.25, theme.wire) };
        shapes.extend(dashed(area.shrink(0.5), 8.0 * zoom, stroke));
    }
    if look.pinned {
        let bar = Rect::from_min_size(area.min + vec2(0.0, 10.0 * zoom), vec2(3.0 * zoom, 14.0 * zoom));
        shapes.push(RectShape::filled(bar, radius(1.5 * zoom), theme.accent).into());
    }
    // A slot for the strips: one shape, so that new numbers are put into what was painted.
    shapes.push(Shape::Vec(Vec::new()));
    match look.name_size {
        None => {}
        Some(_) if look.crowded && zoom < SMALLEST_ZOOM_IN_A_CROWD => {}
        Some(size) if look.crowded || size <= NAME_SIZE * zoom => {
            paint_texts(look, painter, meta, theme, &mut shapes);
        }
        Some(size) => paint_far_texts(card, size, painter, meta, theme, &mut shapes),
    }
    if zoom >= SMALLEST_ZOOM_WITH_PORTS && !look.crowded {
        paint_ports(look, meta, theme, &mut shapes);
    }
    paint_badge(card, painter, meta, theme, &mut shapes);
    shapes
}

/// The outline of a card whose value is not recorded for the backward pass.
fn dashed(area: Rect, corner: f32, stroke: Stroke) -> Vec<Shape> {
    let mut path = Vec::new();
    egui::epaint::tessellator::path::rounded_rectangle(
        &mut path,
        area,
        egui::epaint::CornerRadiusF32::same(corner),
    );
    path.extend(path.first().copied());
    Shape::dashed_line(&path, stroke, 5.0, 3.5)
}

fn paint_texts(
    look: &CardLook,
    painter: &Painter,
    meta: &MetadataFrame,
    theme: &Theme,
    shapes: &mut Vec<Shape>,
) {
    let (card, zoom) = (&look.card, meta.zoom);
    let at = |x: f32, y: f32| meta.canvas_to_screen_pos(card.area.left_top() + vec2(x, y));
    let mut room = (card.area.width() - 2.0 * CARD_MARGIN) * zoom;
    if !look.crowded && !card.text.detail.is_empty() {
        let most = card.area.width() * zoom * 0.6;
        let detail = elided(painter, &card.text.detail, theme::text(10.5 * zoom), theme.weak, most);
        let right = at(card.area.width() - CARD_MARGIN, 16.0);
        room -= detail.size().x + 6.0 * zoom;
        shapes.push(Shape::galley(right - vec2(detail.size().x, detail.size().y / 2.0), detail, theme.weak));
    }
    let name =
        elided(painter, &card.text.name, theme::strong(NAME_SIZE * zoom), theme.text, room.max(12.0 * zoom));
    let name_at = at(CARD_MARGIN, 15.5) - vec2(0.0, name.size().y / 2.0);
    shapes.push(Shape::galley(name_at, name, theme.text));
}

/// The name larger than the zoom makes it, and the setting if there is room left for it.
fn paint_far_texts(
    card: &Card,
    size: f32,
    painter: &Painter,
    meta: &MetadataFrame,
    theme: &Theme,
    shapes: &mut Vec<Shape>,
) {
    let zoom = meta.zoom;
    let line = |x: f32, y: f32| meta.canvas_to_screen_pos(card.area.left_top() + vec2(x, y));
    let room = (card.area.width() - 2.0 * CARD_MARGIN) * zoom;
    let name = elided(painter, &card.text.name, theme::strong(size), theme.text, room);
    let left = room - name.size().x - 4.0 * zoom;
    shapes.push(Shape::galley(line(CARD_MARGIN, 15.5) - vec2(0.0, name.size().y / 2.0), name, theme.text));
    let size = (10.5 * zoom).max(SMALLEST_DETAIL);
    let detail = painter.layout_no_wrap(card.text.detail.clone(), theme::text(size), theme.weak);
    if detail.size().x <= left {
        let right = line(card.area.width() - CARD_MARGIN, 16.0);
        shapes.push(Shape::galley(right - vec2(detail.size().x, detail.size().y / 2.0), detail, theme.weak));
    }
}

/// One line of text that ends in … where it would be too wide.
pub(crate) fn elided(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<egui::Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    painter.layout_job(job)
}

/// Where a strip lies on a card: row 0 holds values, row 1 gradients.
pub(crate) fn strip_area(card: Rect, row: usize) -> Rect {
    let top = card.top() + 29.0 + 15.0 * row as f32;
    Rect::from_min_max(pos2(card.left() + CARD_MARGIN, top), pos2(card.right() - CARD_MARGIN, top + 11.0))
}

/// The two strips of a card; faint tracks where there are no numbers yet.
pub(crate) fn strip_shapes(
    look: &CardLook,
    strips: Option<&Strips>,
    meta: &MetadataFrame,
    theme: &Theme,
) -> Vec<Shape> {
    let card = &look.card;
    let mut shapes = Vec::with_capacity(4);
    let rows = match strips {
        Some(strips) => [strips.values.as_ref(), strips.grads.as_ref()],
        None => [None, None],
    };
    let tracks = if strips.is_some() || card.inputs.is_empty() { 1 } else { 2 };
    for (row, (strip, map)) in rows.into_iter().zip([&theme.values, &theme.gradients]).enumerate() {
        let area = on_screen(meta, strip_area(card.area, row));
        match strip {
            Some(strip) => paint_strip(strip, area, (meta.zoom, look.crowded), map, &mut shapes),
            None if row < tracks && look.crowded => {
                let mut track = Mesh::default();
                track.add_colored_rect(area, theme.canvas);
                shapes.push(Shape::mesh(track));
            }
            None if row < tracks => {
                shapes.push(RectShape::filled(area, radius(2.0 * meta.zoom), theme.canvas).into());
            }
            None => {}
        }
    }
    shapes
}

fn paint_strip(
    strip: &Strip,
    area: Rect,
    (zoom, crowded): (f32, bool),
    map: &Diverging,
    shapes: &mut Vec<Shape>,
) {
    let n = strip.cells.len().max(1) as f32;
    let pitch = area.width() / n;
    let gap = if pitch > 4.0 { (1.5 * zoom).min(pitch * 0.2) } else { 0.0 };
    let cell = |i: usize| {
        let left = area.left() + pitch * i as f32;
        Rect::from_min_max(pos2(left, area.top()), pos2(left + pitch - gap, area.bottom()))
    };
    let round = zoom >= SMALLEST_ZOOM_WITH_TEXT && pitch > 6.0 && !crowded;
    let mut plain = Mesh::default();
    for (i, &value) in strip.cells.iter().enumerate() {
        let color = map.color(value);
        if round {
            shapes.push(RectShape::filled(cell(i), radius(2.0 * zoom), color).into());
        } else {
            plain.add_colored_rect(cell(i), color);
        }
        // The sign is seen without color too: negative cells carry a minus.
        if value < 0.0 && pitch >= 7.0 {
            let middle = cell(i).center();
            let dash =
                Rect::from_center_size(middle, vec2((pitch * 0.4).min(6.0 * zoom), 1.2 * zoom.max(0.8)));
            plain.add_colored_rect(dash, map.text_on(color));
        }
    }
    if !plain.is_empty() {
        shapes.push(Shape::mesh(plain));
    }
}

fn paint_ports(look: &CardLook, meta: &MetadataFrame, theme: &Theme, shapes: &mut Vec<Shape>) {
    let size = PORT_RADIUS * meta.zoom;
    let width = (1.5 * meta.zoom).clamp(0.75, 2.0);
    for socket in &look.card.inputs {
        let center = meta.canvas_to_screen_pos(socket.at);
        let lit = look.lit_port == Some(socket.port);
        // A port that needs no wire is fainter: it is the next one of many.
        let (fill, color) = match (lit, socket.wire.is_some() || socket.needed) {
            (true, _) => (theme.accent, theme.accent),
            (false, true) => (theme.node, theme.wire),
            (false, false) => (theme.canvas, theme.outline),
        };
        let radius = if lit { size * 1.35 } else { size };
        shapes.push(CircleShape { center, radius, fill, stroke: Stroke::new(width, color) }.into());
    }
    if let Some(output) = look.card.output {
        let center = meta.canvas_to_screen_pos(output);
        let stroke = Stroke::new(width, theme.wire);
        shapes.push(CircleShape { center, radius: size, fill: theme.node, stroke }.into());
    }
}

/// The place of a card's badge, on the canvas.
pub(crate) fn badge_place(card: Rect) -> Pos2 {
    card.right_top() + BADGE_OFFSET
}

fn paint_badge(card: &Card, painter: &Painter, meta: &MetadataFrame, theme: &Theme, shapes: &mut Vec<Shape>) {
    let Some(worst) = card.text.findings.iter().map(|finding| finding.severity).max() else { return };
    let center = meta.canvas_to_screen_pos(badge_place(card.area));
    let color = severity_color(worst, theme);
    let radius = (BADGE_RADIUS * meta.zoom).max(3.0);
    shapes.push(CircleShape { center, radius, fill: color, stroke: Stroke::new(1.5, theme.canvas) }.into());
    if meta.zoom >= SMALLEST_ZOOM_WITH_TEXT {
        let sign = painter.layout_no_wrap("!".to_owned(), theme::strong(11.0 * meta.zoom), theme.panel);
        let at = Align2::CENTER_CENTER.anchor_size(center, sign.size()).min;
        shapes.push(Shape::galley(at, sign, theme.panel));
    }
}

/// The color of a problem.
pub(crate) fn severity_color(severity: Severity, theme: &Theme) -> Color32 {
    match severity {
        Severity::Error => theme.error,
        Severity::Warning => theme.warning,
        Severity::Note => theme.accent,
    }
}
