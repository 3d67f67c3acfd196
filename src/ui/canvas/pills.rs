//! The labels of wires, painted over wires and the walk's rings: where each stands so that it covers no
//! card, no port, no name and no other label.
//!
//! Must not know the network, nor how wires are routed.

use std::sync::Arc;

use egui::epaint::{RectShape, Stroke, StrokeKind};
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Ui, Vec2, pos2, vec2};

use super::Canvas;
use super::card::radius;
use super::geometry::{PILL_HEIGHT, PORT_RADIUS, Path};
use super::names::{Name, above_cards};
use super::painted::Picture;
use super::view::View;
use super::walk_marks::ring_place;
use super::wire::{Flow, WireLook, ink};
use crate::ui::theme::{self, Theme};

/// Pills are not drawn smaller than at this zoom.
const SMALLEST_PILL: f32 = 0.75;
/// From still farther away they would say less than they cover.
const SMALLEST_ZOOM: f32 = 0.2;
/// Room for a port and an arrow's head between a pill and a card, in canvas points.
const BESIDE_CARD: f32 = PORT_RADIUS + 8.0;
/// Where along its wire a pill is tried: in the middle first.
const ALONG: [f32; 7] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
/// Between a pill above or below its wire and the cards beside it.
const APART: f32 = 1.0;

/// The painted pills, and the names above cards, until anything on the canvas is painted anew.
#[derive(Default)]
pub(crate) struct Pills {
    made_of: Option<(u64, bool)>,
    shapes: Vec<Shape>,
    /// Where they are, on the screen.
    pub(super) places: Vec<Rect>,
    /// The names above cards.
    pub(super) names: Vec<Name>,
    /// Where a walk has written over cards.
    pub(super) words: Vec<Rect>,
}

impl Pills {
    /// Where something is written beside cards.
    pub(super) fn taken(&self) -> impl Iterator<Item = Rect> {
        let names = self.names.iter().map(|name| name.place);
        self.places.iter().copied().chain(names).chain(self.words.iter().copied())
    }
}

impl Canvas {
    /// Paints the labels of all wires in sight, and the names that have no room on their cards.
    pub(super) fn pills_ui(&mut self, ui: &Ui, area: Rect) {
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let made_of = (self.painted.n_shows, self.follow.is_walking());
        if self.pills.made_of != Some(made_of) {
            let (theme, picture, zoom) = (Theme::of(ui), self.painted.picture(), self.view.zoom());
            let on_screen = |point: Pos2| area.min + self.view.local_from_canvas(point).to_vec2();
            let names = above_cards(picture, (zoom, area), &on_screen, &painter, theme);
            let (shapes, places) = painted(picture, (&self.view, made_of.1), area, &names, &painter, theme);
            self.pills = Pills { made_of: Some(made_of), shapes, places, names, words: Vec::new() };
        }
        painter.extend(self.pills.shapes.iter().cloned());
    }
}

fn painted(
    picture: &Picture,
    (view, is_walked): (&View, bool),
    area: Rect,
    names: &[Name],
    painter: &Painter,
    theme: &Theme,
) -> (Vec<Shape>, Vec<Rect>) {
    let zoom = view.zoom();
    let mut shapes = Vec::new();
    for name in names {
        let ground = name.place.expand2(vec2(2.0, 0.0));
        shapes.push(RectShape::filled(ground, radius(3.0), theme.canvas).into());
        shapes.push(Shape::galley(name.place.min, Arc::clone(&name.galley), theme.text));
    }
    if zoom < SMALLEST_ZOOM {
        return (shapes, Vec::new());
    }
    let on_screen = |point: Pos2| area.min + view.local_from_canvas(point).to_vec2();
    let cards = picture.cards.iter().map(|look| look.card.area);
    let cards = cards.map(|card| Rect::from_min_max(on_screen(card.min), on_screen(card.max)));
    // In a walk there are rings around cards.
    let cards = cards.map(|card| if is_walked { ring_place(card, zoom) } else { card });
    let cards = cards.chain(names.iter().map(|name| name.place)).collect();
    let mut places = Places { zoom, area, is_walked, cards, taken: Vec::new() };
    for look in picture.wires.iter().filter(|look| !look.crowded && !look.taken) {
        let (color, text_color, fill) = colors(look, theme);
        let Some(text) = text(look) else { continue };
        let scale = zoom.max(SMALLEST_PILL);
        let galley = painter.layout_no_wrap(text, theme::mono(10.5 * scale), text_color);
        let size = Vec2::new(galley.size().x + 10.0 * scale, PILL_HEIGHT * scale);
        let Some(center) = places.place(&look.wire.path, size, &on_screen) else { continue };
        let pill = Rect::from_center_size(center, size);
        let outline = Stroke::new(1.0, color);
        shapes.push(RectShape::new(pill, radius(size.y / 2.0), fill, outline, StrokeKind::Inside).into());
        let at = Align2::CENTER_CENTER.anchor_size(center, galley.size()).min;
        shapes.push(Shape::galley(at, galley, text_color));
    }
    (shapes, places.taken)
}

/// The shape that goes over the wire; with an arrow that of a gradient, which comes back.
fn text(look: &WireLook) -> Option<String> {
    if look.flow != Flow::None && !look.label.shape.is_empty() {
        return Some(format!("← {}", look.label.shape));
    }
    Some(look.label.pill()).filter(|text| !text.is_empty())
}

/// Outline, text and ground.
fn colors(look: &WireLook, theme: &Theme) -> (Color32, Color32, Color32) {
    let color = ink(look, theme);
    match look.flow {
        Flow::Current => (color, theme.panel, color),
        Flow::Come => (color, color, theme.node),
        Flow::None if look.wire.delay > 0 => (color, color, theme.node),
        Flow::None if color == theme.wire || color == theme.text => {
            (theme.outline, theme.weak, theme.control)
        }
        Flow::None => (color, color, theme.control),
    }
}

/// Where there is room, in screen points.
struct Places {
    zoom: f32,
    /// The canvas: what reaches out of it is cut.
    area: Rect,
    /// Whether a walk writes over the cards.
    is_walked: bool,
    cards: Vec<Rect>,
    taken: Vec<Rect>,
}

impl Places {
    /// The middle of a pill of this size: on its wire, else just above or below it, else above the cards at
    /// its ends; nowhere where there is no room.
    fn place(&mut self, path: &Path, size: Vec2, on_screen: &dyn Fn(Pos2) -> Pos2) -> Option<Pos2> {
        let points: Vec<Pos2> = path.points(16).into_iter().map(on_screen).collect();
        let middle = on_screen(path.middle());
        let beside_card = vec2(BESIDE_CARD * self.zoom, 1.0);
        let on_wire =
            std::iter::once(middle).chain(ALONG.into_iter().filter_map(|part| along(&points, part)));
        let found =
            on_wire.into_iter().find(|&at| self.is_free(Rect::from_center_size(at, size), beside_card));
        let found = found.or_else(|| {
            // A wire that hardly rises leaves room above and below it.
            let rise = path.bounds().height() * self.zoom;
            let off = PORT_RADIUS * self.zoom + size.y / 2.0 + 1.0;
            let beside = [middle - vec2(0.0, off), middle + vec2(0.0, off)];
            let is_free = |at: &Pos2| self.is_free(Rect::from_center_size(*at, size), Vec2::splat(APART));
            beside.into_iter().filter(|_| rise < size.y).find(is_free)
        });
        let found = found.or_else(|| {
            let (first, last) = (*points.first()?, *points.last()?);
            let is_at_end = |card: &&Rect| {
                let card = card.expand(1.0);
                card.contains(first) || card.contains(last)
            };
            let top = self.cards.iter().filter(is_at_end).map(Rect::top).fold(f32::INFINITY, f32::min);
            let above = pos2(middle.x, top - size.y / 2.0 - 3.0);
            let is_near = !self.is_walked
                && top.is_finite()
                && (first.y - last.y).abs() < size.y
                && self.zoom >= SMALLEST_PILL;
            let is_free = is_near && self.is_free(Rect::from_center_size(above, size), Vec2::splat(1.0));
            is_free.then_some(above)
        })?;
        self.taken.push(Rect::from_center_size(found, size));
        Some(found)
    }

    /// Whether a place is wholly in sight, covers no other pill and stays clear of every card.
    fn is_free(&self, place: Rect, clear: Vec2) -> bool {
        let pill = place.expand(1.0);
        let around = place.expand2(clear);
        self.area.contains_rect(place)
            && !self.taken.iter().any(|taken| taken.intersects(pill))
            && !self.cards.iter().any(|card| card.intersects(around))
    }
}

/// The point after a part of the way along a line.
fn along(points: &[Pos2], part: f32) -> Option<Pos2> {
    let pieces = || points.windows(2).map(|pair| (pair[0], pair[1], pair[0].distance(pair[1])));
    let mut left = part * pieces().map(|(.., length)| length).sum::<f32>();
    for (from, to, length) in pieces() {
        if left <= length && length > 0.0 {
            return Some(from.lerp(to, left / length));
        }
        left -= length;
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const SIZE: Vec2 = vec2(40.0, 18.0);

    fn places(cards: &[Rect]) -> Places {
        Places {
            zoom: 1.0,
            area: Rect::EVERYTHING,
            is_walked: false,
            cards: cards.to_vec(),
            taken: Vec::new(),
        }
    }

    fn card(left: f32, top: f32) -> Rect {
        Rect::from_min_size(pos2(left, top), vec2(100.0, 64.0))
    }

    /// From the right side of one card to the left side of another.
    fn wire(from: Rect, to: Rect) -> Path {
        Path::direct(from.right_center(), to.left_center())
    }

    #[test]
    fn a_pill_stands_on_its_wire_where_port_and_arrow_stay_in_sight() {
        let (from, to) = (card(0.0, 0.0), card(200.0, 0.0));
        let at = places(&[from, to]).place(&wire(from, to), SIZE, &|p| p).unwrap();
        assert_eq!(at, pos2(150.0, 32.0));
    }

    #[test]
    fn between_near_cards_it_stands_above_its_wire_and_between_nearer_ones_above_both() {
        let (from, to) = (card(0.0, 0.0), card(144.0, 0.0));
        let at = places(&[from, to]).place(&wire(from, to), SIZE, &|p| p).unwrap();
        assert!(at.x == 122.0 && at.y < 32.0 - PORT_RADIUS - SIZE.y / 2.0, "{at}");
        let to = card(120.0, 0.0);
        let at = places(&[from, to]).place(&wire(from, to), SIZE, &|p| p).unwrap();
        assert!(at.y < -SIZE.y / 2.0, "{at}");
        let mut walked = Places { is_walked: true, ..places(&[from, to]) };
        assert_eq!(walked.place(&wire(from, to), SIZE, &|p| p), None, "where a walk writes");
    }

    #[test]
    fn pills_of_wires_that_run_together_do_not_cover_one_another() {
        let (above, below, to) = (card(0.0, 0.0), card(0.0, 90.0), card(300.0, 40.0));
        let mut places = places(&[above, below, to]);
        for from in [above, below, above, below] {
            places.place(&wire(from, to), SIZE, &|p| p);
        }
        assert!(places.taken.len() >= 3, "{:?}", places.taken);
        for (idx, taken) in places.taken.iter().enumerate() {
            assert!(places.taken[..idx].iter().all(|other| !other.intersects(*taken)), "{:?}", places.taken);
        }
    }

    #[test]
    fn a_pill_stands_wholly_within_the_canvas() {
        let (from, to) = (card(0.0, 0.0), card(400.0, 0.0));
        let area = Rect::from_min_max(pos2(0.0, 0.0), pos2(260.0, 100.0));
        let mut places = Places { area, ..places(&[from, to]) };
        let at = places.place(&wire(from, to), SIZE, &|p| p).unwrap();
        assert!(area.contains_rect(Rect::from_center_size(at, SIZE)), "{at}");
        places.area = Rect::from_min_max(pos2(0.0, 0.0), pos2(120.0, 100.0));
        assert_eq!(places.place(&wire(from, to), SIZE, &|p| p), None);
    }

    #[test]
    fn a_pill_without_room_is_left_out() {
        let (from, to, over) = (card(0.0, 0.0), card(120.0, 0.0), card(60.0, -70.0));
        let mut places = places(&[from, to, over]);
        assert_eq!(places.place(&wire(from, to), SIZE, &|p| p), None);
        assert!(places.taken.is_empty());
    }
}
