//! The drawing keeps fitted into its room, and follows a walk: what the current action works on glides into
//! sight, where it is not in sight already.
//!
//! Must not know how an action computes. A hand that moves the drawing is left alone.

use std::collections::BTreeSet;

use egui::{Rect, Ui, Vec2, emath, vec2};

use super::view::View;
use super::{Canvas, walk_marks};
use crate::app::App;
use crate::network::NodeId;

/// A glide takes so many of the style's animation times.
const GLIDE: f64 = 3.0;
/// Around the cards that are brought into sight, in canvas points: their rings, and over them what they
/// read and write.
const AROUND: Vec2 = Vec2::new(10.0, 10.0);
pub(super) const OVER: f32 = 36.0;

/// The drawing as it was fitted into its room.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    view: View,
    /// Of the drawing alone.
    bounds: Rect,
    /// Of the widget.
    size: Vec2,
    /// With room for what a walk writes over the cards.
    is_walked: bool,
}

/// How far the walk has been followed.
#[derive(Default)]
pub(crate) struct Follow {
    /// The cursor, the room and the document that were looked at last.
    seen: Option<(usize, Vec2, u64)>,
    glide: Option<Glide>,
}

impl Follow {
    /// Whether a walk goes over the drawing.
    pub(super) fn is_walking(&self) -> bool {
        self.seen.is_some()
    }
}

/// A move of the drawing under way.
#[derive(Clone, Copy)]
struct Glide {
    from: Vec2,
    to: Vec2,
    start: f64,
    /// Where the last frame left it: if it is elsewhere, a hand has moved it.
    at: Vec2,
}

impl Canvas {
    /// Shows the whole drawing, and keeps it so.
    pub(super) fn fit_all(&mut self, app: &App) {
        let is_walked = app.walk().is_some();
        self.view.fit(self.fitted_area(is_walked), self.size);
        self.take_as_fitted(is_walked);
    }

    /// The view as it stands shows the drawing as it shall.
    pub(super) fn take_as_fitted(&mut self, is_walked: bool) {
        let (view, bounds, size) = (self.view, self.scene.bounds(), self.size);
        self.fit = Some(Fit { view, bounds, size, is_walked });
    }

    /// A drawing that nobody has moved or zoomed since it was fitted stays fitted when its room changes, or
    /// a walk begins to write over it.
    pub(super) fn keep_fitted(&mut self, app: &App) {
        let is_walked = app.walk().is_some();
        let Some(fit) = self.fit else { return };
        if (fit.size == self.size && fit.is_walked == is_walked) || self.machine.is_busy() {
            return;
        }
        if fit.view == self.view && fit.bounds == self.scene.bounds() {
            self.view.fit_anew(self.fitted_area(is_walked), self.size);
            self.take_as_fitted(is_walked);
        } else {
            self.fit = None;
        }
    }

    /// What is fitted in: the drawing, in a walk with what is written over its cards.
    fn fitted_area(&self, is_walked: bool) -> Rect {
        let bounds = self.scene.bounds();
        if is_walked { around(bounds) } else { bounds }
    }

    /// Whether the middle of each of these cards is in sight.
    pub(super) fn shows_middles_of(&self, nodes: &BTreeSet<NodeId>) -> bool {
        let seen = self.view.visible(self.size);
        let mut cards = nodes.iter().filter_map(|&node| self.scene.card(node));
        cards.all(|card| seen.contains(card.area.center()))
    }

    /// Brings what the walk's current action works on into sight when the walk has gone on, or the room has
    /// changed.
    pub(super) fn follow_walk(&mut self, ui: &Ui, app: &App) {
        let seen = app.walk().map(|walk| (walk.cursor(), self.size, app.n_documents()));
        let before = std::mem::replace(&mut self.follow.seen, seen);
        if seen.is_none() || self.machine.is_busy() {
            self.follow.glide = None;
        } else if before != seen {
            self.aim(ui, app);
        }
        self.glide(ui);
    }

    /// Stops where it is.
    pub(super) fn stop_glide(&mut self) {
        self.follow.glide = None;
    }

    fn aim(&mut self, ui: &Ui, app: &App) {
        let Some(area) = self.walked_area(app) else { return };
        let before = self.view;
        self.keep_untouched(|canvas| {
            if canvas.is_fitted() {
                canvas.view.make_room(area.size(), canvas.size);
            }
            canvas.view.reveal(area, canvas.size);
        });
        let target = self.view;
        let is_zoomed = target.zoom() != before.zoom();
        if target != before && !is_zoomed {
            let start = ui.input(|input| input.time);
            self.keep_untouched(|canvas| canvas.view.pan = before.pan);
            self.follow.glide = Some(Glide { from: before.pan, to: target.pan, start, at: before.pan });
        }
    }

    /// All cards that the current action reads and writes with the words over them; where there is no room for
    /// that, only what it writes, and where there is none for the words, only the cards.
    fn walked_area(&self, app: &App) -> Option<Rect> {
        let cards = |only_written: bool| {
            let nodes = walk_marks::marked_nodes(app, only_written);
            let cards = nodes.into_iter().filter_map(|node| self.scene.card(node));
            Some(cards.map(|card| card.area).fold(Rect::NOTHING, Rect::union)).filter(Rect::is_positive)
        };
        let all = cards(false)?;
        let written = cards(true).unwrap_or(all);
        let room = View::room(self.size) / self.walked_zoom(around(written).size());
        let areas = [around(all), around(written), written];
        let fitting = areas.into_iter().find(|area| area.width() <= room.x && area.height() <= room.y);
        Some(fitting.unwrap_or(written))
    }

    /// At which zoom something of this size is shown.
    fn walked_zoom(&self, wanted: Vec2) -> f32 {
        let mut view = self.view;
        if self.is_fitted() {
            view.make_room(wanted, self.size);
        }
        // A little less, so that what has just room enough counts as having it.
        view.zoom() * 0.999
    }

    /// Whether the drawing is as it was fitted: no hand has moved it.
    fn is_fitted(&self) -> bool {
        self.fit.is_some_and(|fit| fit.view == self.view)
    }

    fn glide(&mut self, ui: &Ui) {
        let Some(mut glide) = self.follow.glide.take_if(|glide| glide.at == self.view.pan) else {
            self.follow.glide = None;
            return;
        };
        let seconds = GLIDE * f64::from(ui.style().animation_time);
        let part = ((ui.input(|input| input.time) - glide.start) / seconds.max(1e-3)).clamp(0.0, 1.0) as f32;
        glide.at = if part < 1.0 {
            (glide.from + (glide.to - glide.from) * emath::easing::cubic_in_out(part)).round()
        } else {
            glide.to
        };
        self.keep_untouched(|canvas| canvas.view.pan = glide.at);
        if part < 1.0 {
            self.follow.glide = Some(glide);
            ui.ctx().request_repaint();
        }
    }

    /// Moves the view of a fitted drawing so that it still counts as one that no hand has moved.
    fn keep_untouched(&mut self, change: impl FnOnce(&mut Self)) {
        let is_fitted = self.is_fitted();
        change(self);
        if let Some(fit) = self.fit.as_mut().filter(|_| is_fitted) {
            fit.view = self.view;
        }
    }
}

/// Cards with their rings and the words over them.
fn around(area: Rect) -> Rect {
    Rect::from_min_max(area.min - AROUND - vec2(0.0, OVER), area.max + AROUND)
}
