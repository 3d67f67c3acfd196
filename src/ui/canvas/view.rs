//! Which part of the canvas is seen: pan, and zoom in steps, so that texts are laid out for few
//! sizes only.
//!
//! Must not know what is drawn, nor egui's context.

use egui::emath::{Pos2, Rect, Vec2};

use super::names;

/// Steps per doubling of the zoom.
const STEPS_PER_DOUBLING: f32 = 6.0;
const SMALLEST_STEP: f32 = -24.0;
const LARGEST_STEP: f32 = 12.0;
/// So near to the canvas's edge, in screen points, a drag makes it run on.
pub(crate) const EDGE: f32 = 28.0;
/// How fast it runs at the edge itself, in screen points a second.
const EDGE_SPEED: f32 = 900.0;
/// Below this zoom no text is drawn.
pub(crate) const SMALLEST_ZOOM_WITH_TEXT: f32 = 0.36;
/// What is small is not enlarged further than this to fill the window.
const LARGEST_FIT: f32 = 1.6;
/// From this zoom on a long drawing is read piece by piece.
const READABLE_ZOOM: f32 = 0.5;
/// Around what is brought into sight, on each side, in screen points.
const REVEALED: f32 = 16.0;
/// Around a drawing that is fitted into its room, on both sides together.
const MARGIN: f32 = 48.0;
/// But of a small room no larger a part.
const LARGEST_MARGIN: f32 = 0.12;

/// Pan and zoom: a canvas point p is seen at p · zoom + pan, from the canvas's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    /// The zoom in steps: whole ones, until a drawing is fitted in.
    step: f32,
    /// Where the canvas's origin is seen.
    pub(crate) pan: Vec2,
    /// What a pinch has gathered towards the next step, in steps.
    rest: f32,
}

impl Default for View {
    fn default() -> Self {
        Self { step: 0.0, pan: Vec2::ZERO, rest: 0.0 }
    }
}

/// How fast the view pans, in screen points a second, while something is dragged at `pointer` in a
/// widget of this size, `moved` since it was taken hold of: the faster the nearer to the edge, and as
/// fast beyond it. What was taken at an edge pans only once it has clearly gone on towards it.
pub(crate) fn edge_speed(pointer: Pos2, moved: Vec2, size: Vec2) -> Vec2 {
    let along = |at: f32, moved: f32, length: f32| {
        let edge = EDGE.min(length / 4.0);
        let depth = |distance: f32| ((edge - distance) / edge).clamp(0.0, 1.0).powi(2);
        let speed = EDGE_SPEED * (depth(at) - depth(length - at));
        if speed * moved < 0.0 && moved.abs() > edge / 2.0 { speed } else { 0.0 }
    };
    Vec2::new(along(pointer.x, moved.x, size.x), along(pointer.y, moved.y, size.y))
}

/// The page on which a drawing has room at 100 %.
pub(crate) fn page_size(bounds: Rect) -> Vec2 {
    if bounds.is_positive() { bounds.size() + Vec2::splat(MARGIN) } else { Vec2::splat(2.0 * MARGIN) }
}

impl View {
    /// Screen points per canvas point.
    pub(crate) fn zoom(&self) -> f32 {
        (self.step / STEPS_PER_DOUBLING).exp2()
    }

    /// Where a point of the widget lies on the canvas.
    pub(crate) fn canvas_from_local(&self, local: Pos2) -> Pos2 {
        ((local.to_vec2() - self.pan) / self.zoom()).to_pos2()
    }

    /// Where a point of the canvas lies in the widget.
    pub(crate) fn local_from_canvas(&self, canvas: Pos2) -> Pos2 {
        (canvas.to_vec2() * self.zoom() + self.pan).to_pos2()
    }

    /// The part of the canvas that a widget of this size shows.
    pub(crate) fn visible(&self, size: Vec2) -> Rect {
        Rect::from_min_max(self.canvas_from_local(Pos2::ZERO), self.canvas_from_local(size.to_pos2()))
    }

    /// Zooms to the next whole steps; the canvas point under `about` stays where it is.
    pub(crate) fn zoom_by(&mut self, steps: i32, about: Pos2) {
        let fixed = self.canvas_from_local(about);
        let here = if steps > 0 { self.step.floor() } else { self.step.ceil() };
        self.step = (here + steps as f32).clamp(SMALLEST_STEP, LARGEST_STEP);
        self.pan = about.to_vec2() - fixed.to_vec2() * self.zoom();
    }

    /// Zooms by a factor, as a wheel or a pinch gives it; what makes no whole step is kept for later.
    pub(crate) fn zoom_by_factor(&mut self, factor: f32, about: Pos2) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        self.rest += factor.log2() * STEPS_PER_DOUBLING;
        let whole = self.rest.trunc();
        self.rest -= whole;
        if whole != 0.0 {
            self.zoom_by(whole as i32, about);
        }
    }

    /// The zoom 1, about the middle of the widget.
    pub(crate) fn reset_zoom(&mut self, size: Vec2) {
        let middle = (size / 2.0).to_pos2();
        let fixed = self.canvas_from_local(middle);
        self.step = 0.0;
        self.look_at(fixed, size);
    }

    /// Shows all of `bounds` in a widget of this size, as large as there is room up to a limit.
    pub(crate) fn fit(&mut self, bounds: Rect, size: Vec2) {
        self.fit_up_to(LARGEST_FIT, bounds, size);
    }

    /// Shows all of `bounds`, at 100 % where it has room.
    pub(crate) fn open(&mut self, bounds: Rect, size: Vec2) {
        self.fit_up_to(1.0, bounds, size);
    }

    /// Fits `bounds` into another size, if it is cut there or could be seen larger; otherwise it stays
    /// where it is.
    pub(crate) fn fit_anew(&mut self, bounds: Rect, size: Vec2) {
        let mut fitted = *self;
        fitted.open(bounds, size);
        let is_cut = !self.visible(size).contains_rect(bounds);
        if fitted.step > self.step || is_cut {
            *self = fitted;
        }
    }

    fn fit_up_to(&mut self, largest: f32, bounds: Rect, size: Vec2) {
        let (bounds, largest) = if bounds.is_positive() {
            (bounds, largest)
        } else {
            (Rect::from_center_size(Pos2::ZERO, Vec2::splat(1.0)), 1.0)
        };
        let margin = (LARGEST_MARGIN * size).min(Vec2::splat(MARGIN));
        let mut room = (size - margin).max(Vec2::splat(32.0));
        let zoom = |room: Vec2| (room.x / bounds.width()).min(room.y / bounds.height()).min(largest);
        // From afar names stand above their cards.
        let above = if zoom(room) < names::SMALLEST_ZOOM_ON_CARDS {
            names::ABOVE.min(LARGEST_MARGIN * size.y)
        } else {
            0.0
        };
        room.y = (room.y - above).max(32.0);
        let zoom = zoom(room);
        self.step = (zoom.log2() * STEPS_PER_DOUBLING).clamp(SMALLEST_STEP, LARGEST_STEP);
        self.rest = 0.0;
        self.look_at(bounds.center() - Vec2::new(0.0, above / 2.0 / self.zoom()), size);
    }

    /// Shows all of `bounds` where its texts stay readable so, otherwise its left end.
    pub(crate) fn fit_readable(&mut self, bounds: Rect, size: Vec2) {
        self.open(bounds, size);
        if self.zoom() < READABLE_ZOOM && bounds.is_positive() {
            self.step = READABLE_ZOOM.log2() * STEPS_PER_DOUBLING;
            self.look_at(bounds.center(), size);
            self.pan.x = (24.0 - bounds.left() * self.zoom()).round();
        }
    }

    /// How much of a widget is for what is brought into sight, in screen points.
    pub(crate) fn room(size: Vec2) -> Vec2 {
        (size - Vec2::splat(2.0 * REVEALED)).max(0.75 * size)
    }

    /// Goes so far away that something of this size has room, and so near that it can be read.
    pub(crate) fn make_room(&mut self, wanted: Vec2, size: Vec2) {
        let room = Self::room(size);
        let zoom = (room.x / wanted.x).min(room.y / wanted.y).min(self.zoom()).max(READABLE_ZOOM);
        if zoom != self.zoom() {
            let middle = (size / 2.0).to_pos2();
            let fixed = self.canvas_from_local(middle);
            self.step = zoom.log2() * STEPS_PER_DOUBLING;
            self.look_at(fixed, size);
        }
    }

    /// Shows all of `area`, from farther away if need be.
    pub(crate) fn show(&mut self, area: Rect, size: Vec2) {
        let room = self.visible(size).size() - Vec2::splat(32.0 / self.zoom());
        if area.width() > room.x || area.height() > room.y {
            self.open(area, size);
        } else {
            self.reveal(area, size);
        }
    }

    /// Puts a canvas point into the middle of a widget of this size.
    pub(crate) fn look_at(&mut self, canvas: Pos2, size: Vec2) {
        self.pan = (size / 2.0 - canvas.to_vec2() * self.zoom()).round();
    }

    /// Pans just so far that `area` is seen.
    pub(crate) fn reveal(&mut self, area: Rect, size: Vec2) {
        let margin = (size - Self::room(size)) / 2.0;
        let seen = self.visible(size).shrink2(margin / self.zoom());
        if seen.contains_rect(area) {
            return;
        }
        let shift = |low: f32, high: f32, seen_low: f32, seen_high: f32| {
            if low < seen_low {
                seen_low - low
            } else if high > seen_high {
                (seen_high - high).max(seen_low - low)
            } else {
                0.0
            }
        };
        let x = shift(area.left(), area.right(), seen.left(), seen.right());
        let y = shift(area.top(), area.bottom(), seen.top(), seen.bottom());
        self.pan += (Vec2::new(x, y) * self.zoom()).round();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::emath::{pos2, vec2};

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut view = View { pan: vec2(30.0, -12.0), ..View::default() };
        let pointer = pos2(200.0, 90.0);
        let before = view.canvas_from_local(pointer);
        view.zoom_by(3, pointer);
        assert!((view.canvas_from_local(pointer) - before).length() < 1e-3);
        assert!((view.zoom() - 2f32.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_slow_pinch_adds_up_to_a_step() {
        let mut view = View::default();
        for _ in 0..10 {
            view.zoom_by_factor(2f32.powf(0.0168), Pos2::ZERO);
        }
        assert!((view.zoom() - 2f32.powf(1.0 / 6.0)).abs() < 1e-6);
        view.zoom_by_factor(f32::NAN, Pos2::ZERO);
        view.zoom_by_factor(0.0, Pos2::ZERO);
        assert!(view.pan.is_finite());
    }

    #[test]
    fn a_fitted_drawing_follows_its_room_only_where_that_shows_more_of_it() {
        let bounds = Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 300.0));
        let mut view = View::default();
        view.open(bounds, vec2(600.0, 500.0));
        let before = view;
        view.fit_anew(bounds, vec2(600.0, 470.0));
        assert_eq!(view, before, "a line at the bottom moves nothing");
        view.fit_anew(bounds, vec2(600.0, 200.0));
        assert!(view.zoom() < before.zoom() && view.visible(vec2(600.0, 200.0)).contains_rect(bounds));
        view.fit_anew(bounds, vec2(600.0, 80.0));
        assert!(view.visible(vec2(600.0, 80.0)).contains_rect(bounds), "all of it, however small");
        view.fit_anew(bounds, vec2(1900.0, 900.0));
        assert!((view.zoom() - 1.0).abs() < 1e-6, "never larger than life: {}", view.zoom());
    }

    #[test]
    fn fit_shows_everything_and_never_enlarges() {
        let mut view = View::default();
        let bounds = Rect::from_min_max(pos2(-500.0, 40.0), pos2(2500.0, 900.0));
        view.fit(bounds, vec2(750.0, 500.0));
        assert!(view.visible(vec2(750.0, 500.0)).contains_rect(bounds));
        let small = Rect::from_center_size(pos2(5.0, 5.0), vec2(100.0, 64.0));
        view.fit(small, vec2(750.0, 500.0));
        assert!((view.zoom() - LARGEST_FIT).abs() < 1e-3, "larger than 100 %, within reason");
        view.fit(Rect::from_center_size(pos2(5.0, 5.0), vec2(540.0, 64.0)), vec2(750.0, 500.0));
        assert!((view.zoom() - 1.3).abs() < 1e-3, "as large as there is room");
        view.open(small, vec2(750.0, 500.0));
        assert_eq!(view.zoom(), 1.0);
        view.fit(Rect::from_center_size(pos2(5.0, 5.0), vec2(1404.0, 64.0)), vec2(750.0, 500.0));
        assert!((view.zoom() - 0.5).abs() < 1e-3, "as large as there is room");
        view.zoom_by(1, Pos2::ZERO);
        assert!((view.zoom() - 2f32.powf(-5.0 / 6.0)).abs() < 1e-3, "and whole steps from there");
        view.fit(Rect::NOTHING, vec2(0.0, 0.0));
        assert!(view.pan.is_finite() && view.zoom() > 0.0);
    }

    #[test]
    fn a_wide_drawing_stays_readable_and_begins_at_its_left() {
        let mut view = View::default();
        let size = vec2(750.0, 500.0);
        view.fit_readable(Rect::from_min_max(pos2(-100.0, 0.0), pos2(9000.0, 300.0)), size);
        assert!(view.zoom() >= READABLE_ZOOM);
        assert!(view.visible(size).contains(pos2(-100.0, 150.0)));
        view.fit_readable(Rect::from_min_max(pos2(0.0, 0.0), pos2(700.0, 300.0)), size);
        assert!(view.visible(size).contains(pos2(700.0, 300.0)), "what fits is shown whole");
    }

    #[test]
    fn a_drag_at_an_edge_pans_away_from_it_and_one_in_the_middle_does_not() {
        let size = vec2(400.0, 300.0);
        let speed = |x, y| edge_speed(pos2(x, y), pos2(x, y) - pos2(200.0, 150.0), size);
        assert_eq!(speed(200.0, 150.0), Vec2::ZERO);
        assert_eq!(speed(400.0, 150.0), vec2(-EDGE_SPEED, 0.0));
        assert_eq!(speed(-90.0, 400.0), vec2(EDGE_SPEED, -EDGE_SPEED), "outside");
        let near = speed(390.0, 150.0);
        assert!(near.x < 0.0 && near.x > -EDGE_SPEED && near.y == 0.0);
        let inwards = edge_speed(pos2(390.0, 150.0), vec2(-9.0, 0.0), size);
        assert_eq!(inwards, Vec2::ZERO, "on its way from the edge");
        assert_eq!(edge_speed(pos2(394.0, 150.0), vec2(4.0, 0.0), size), Vec2::ZERO, "a hand that trembles");
    }

    #[test]
    fn what_is_larger_than_the_window_is_shown_from_afar_and_the_rest_as_it_is() {
        let (mut view, size) = (View::default(), vec2(400.0, 300.0));
        let small = Rect::from_min_size(pos2(500.0, 100.0), vec2(100.0, 64.0));
        view.show(small, size);
        assert!(view.visible(size).contains_rect(small) && view.zoom() == 1.0);
        let large = Rect::from_min_size(pos2(-90.0, 100.0), vec2(900.0, 64.0));
        view.show(large, size);
        assert!(view.visible(size).contains_rect(large) && view.zoom() < 0.5);
    }

    #[test]
    fn room_is_made_for_what_is_larger_than_the_window_while_it_can_be_read() {
        let (mut view, size) = (View::default(), vec2(400.0, 80.0));
        view.make_room(vec2(100.0, 40.0), size);
        assert_eq!(view, View::default(), "there is room");
        let card = Rect::from_min_size(pos2(100.0, 500.0), vec2(100.0, 90.0));
        view.make_room(card.size(), size);
        view.reveal(card, size);
        assert!(view.visible(size).contains_rect(card) && view.zoom() > 0.6, "{}", view.zoom());
        view.make_room(vec2(100.0, 9000.0), size);
        assert!((view.zoom() - READABLE_ZOOM).abs() < 1e-6);
    }

    #[test]
    fn reveal_moves_only_what_is_hidden() {
        let mut view = View::default();
        let size = vec2(400.0, 300.0);
        view.reveal(Rect::from_min_size(pos2(100.0, 100.0), vec2(100.0, 64.0)), size);
        assert_eq!(view.pan, Vec2::ZERO);
        let hidden = Rect::from_min_size(pos2(500.0, 100.0), vec2(100.0, 64.0));
        view.reveal(hidden, size);
        assert!(view.visible(size).contains_rect(hidden) && view.pan.y == 0.0);
    }
}
