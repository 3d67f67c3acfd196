//! The ribbon of the walk bar: every phase with its actions, done ones filled.
//!
//! Must not know what an action computes.

use std::ops::Range;
use std::sync::Arc;

use egui::{Color32, CursorIcon, Galley, Rangef, Rect, Sense, Ui, WidgetInfo, WidgetType, pos2, vec2};

use super::action_name;
use super::bar::{bar_id, short_code};
use crate::app::{App, Command, WalkCommand};
use crate::explain::{Phase, TimelineAction, Walk};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// Between two phases, which are at least as wide as their names.
pub(super) const PHASE_GAP: f32 = 10.0;
/// Between two names of which the phases are narrower.
const NAME_GAP: f32 = 6.0;
/// Narrower cells are drawn as one.
const SMALLEST_CELL: f32 = 4.0;

/// The phases in order; a click or a drag goes there.
pub(super) fn ribbon_ui(ui: &Ui, place: Rect, app: &App, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
    if place.width() < 40.0 {
        return;
    }
    let theme = Theme::of(ui);
    let response = ui.interact(place, bar_id().with("ribbon"), Sense::click_and_drag());
    let current = walk.current_action().map(|action| action_name(app, words, action));
    let spoken = current.unwrap_or_else(|| words.text("walk-at-start"));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(WidgetType::Slider, true, words.text("walk-ribbon"));
        info.value = Some(walk.cursor() as f64);
        info.current_text_value = Some(spoken.clone());
        info
    });
    let names = names(ui, theme, walk);
    let cells = Cells::new(walk, place, &names);
    let held = response.is_pointer_button_down_on() || response.dragged() || response.clicked();
    if let Some(at) = response.interact_pointer_pos().filter(|_| held) {
        let cursor = cells.cursor_at(at.x);
        if cursor != walk.cursor() {
            out.push(Command::Walk(WalkCommand::GoTo(cursor)));
        }
        ui.memory_mut(|memory| memory.request_focus(bar_id()));
    }
    for (phase, actions, span) in &cells.phases {
        paint_phase(ui, theme, walk, *phase, actions.clone(), *span);
    }
    paint_names(ui, place, walk, &cells, names);
    if let Some(action) = response.hover_pos().and_then(|at| cells.action_at(walk, at.x)) {
        ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        if !response.dragged() {
            response.on_hover_text_at_pointer(action_name(app, words, action));
        }
    }
}

/// The phases' names, the one that the cursor stands in lit.
fn names(ui: &Ui, theme: &Theme, walk: &Walk) -> Vec<Arc<Galley>> {
    let phases = walk.phases().into_iter().filter(|(_, actions)| !actions.is_empty());
    let name = |(phase, _): (Phase, Range<usize>)| {
        let is_here = walk.phase() == phase && walk.cursor() > 0;
        let ink = if is_here { theme.accent } else { theme.weak };
        ui.painter().layout_no_wrap(short_code(phase).to_owned(), theme::mono(10.5), ink)
    };
    phases.map(name).collect()
}

/// Each name over the middle of its phase, moved aside where they would run into one another. Where there is
/// no room for all, that of the phase that the cursor stands in is there, and of the others those that fit.
fn paint_names(ui: &Ui, place: Rect, walk: &Walk, cells: &Cells, names: Vec<Arc<Galley>>) {
    let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
    let here: Vec<bool> = cells.phases.iter().map(|(phase, ..)| walk.phase() == *phase).collect();
    let wanted = cells.phases.iter().zip(&names);
    let wanted = wanted.map(|((.., span), name)| Wanted { span: span.x_range(), width: name.size().x });
    let lefts = places_of_names(place.x_range(), &wanted.collect::<Vec<_>>(), &here);
    for (left, name) in lefts.into_iter().zip(names) {
        if let Some(left) = left {
            painter.galley(pos2(left, place.top() + 4.0), name, Color32::PLACEHOLDER);
        }
    }
}

/// A name that is to stand over its phase.
#[derive(Clone, Copy)]
struct Wanted {
    /// Where the phase is.
    span: Rangef,
    /// How wide the name is.
    width: f32,
}

/// Where each name begins, of those that there is room for: first those marked, then from the left. None is
/// moved so far that its middle leaves its phase, for then it would seem to be that of another.
fn places_of_names(room: Rangef, wanted: &[Wanted], is_first: &[bool]) -> Vec<Option<f32>> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&idx| !is_first[idx]);
    let mut lefts = vec![None; wanted.len()];
    for idx in order {
        let tried: Vec<bool> =
            (0..wanted.len()).map(|other| other == idx || lefts[other].is_some()).collect();
        if let Some(placed) = placed(room, wanted, &tried) {
            lefts = placed;
        }
    }
    lefts
}

/// The chosen names side by side, each as near to the middle of its phase as the others let it; nothing where
/// one of them would leave its phase or the room.
fn placed(room: Rangef, wanted: &[Wanted], is_chosen: &[bool]) -> Option<Vec<Option<f32>>> {
    let middle = |name: &Wanted| name.span.center() - name.width / 2.0;
    let mut lefts: Vec<Option<f32>> =
        wanted.iter().zip(is_chosen).map(|(name, chosen)| chosen.then(|| middle(name))).collect();
    // As near to its middle as the one before it lets; then back from the right end.
    let mut end = room.min;
    for (left, name) in lefts.iter_mut().zip(wanted) {
        if let Some(left) = left {
            *left = left.max(end);
            end = *left + name.width + NAME_GAP;
        }
    }
    let mut start = room.max;
    for (left, name) in lefts.iter_mut().zip(wanted).rev() {
        if let Some(left) = left {
            *left = left.min(start - name.width);
            start = *left - NAME_GAP;
        }
    }
    let stands = |(left, name): (&Option<f32>, &Wanted)| {
        left.is_none_or(|left| {
            left >= room.min - 0.5 && name.span.expand(NAME_GAP).contains(left + name.width / 2.0)
        })
    };
    lefts.iter().zip(wanted).all(stands).then_some(lefts)
}

/// Where the cells of the ribbon stand.
struct Cells {
    phases: Vec<(Phase, Range<usize>, Rect)>,
}

impl Cells {
    /// Each phase is as wide as its name; what is left goes by the number of actions.
    fn new(walk: &Walk, place: Rect, names: &[Arc<Galley>]) -> Self {
        let phases: Vec<_> = walk.phases().into_iter().filter(|(_, actions)| !actions.is_empty()).collect();
        let room = (place.width() - PHASE_GAP * (phases.len().max(1) as f32 - 1.0)).max(1.0);
        let wanted: f32 = names.iter().map(|name| name.size().x).sum();
        let shrunk = (room / wanted.max(1.0)).min(1.0);
        let spare = (room - wanted).max(0.0);
        let total: f32 = phases.iter().map(|(_, actions)| actions.len() as f32).sum();
        let mut left = place.left();
        let phases = phases.into_iter().zip(names).map(|((phase, actions), name)| {
            let width = name.size().x * shrunk + spare * actions.len() as f32 / total.max(1.0);
            let span = Rect::from_min_size(pos2(left, place.bottom() - 18.0), vec2(width, 12.0));
            left += width + PHASE_GAP;
            (phase, actions, span)
        });
        Self { phases: phases.collect() }
    }

    /// The cursor that a place stands for: behind the action under it.
    fn cursor_at(&self, x: f32) -> usize {
        let mut cursor = 0;
        for (_, actions, span) in &self.phases {
            if x < span.left() {
                break;
            }
            let share = ((x - span.left()) / span.width()).clamp(0.0, 1.0);
            cursor = actions.start + ((share * actions.len() as f32).ceil() as usize).clamp(1, actions.len());
        }
        cursor
    }

    fn action_at<'a>(&self, walk: &'a Walk, x: f32) -> Option<&'a TimelineAction> {
        let place = self.cursor_at(x).checked_sub(1)?;
        walk.timeline().action(*walk.sequence().get(place)?)
    }
}

fn paint_phase(ui: &Ui, theme: &Theme, walk: &Walk, phase: Phase, actions: Range<usize>, span: Rect) {
    let painter = ui.painter();
    let n = actions.len() as f32;
    let pitch = span.width() / n;
    let color = phase_color(theme, phase);
    let last = walk.cursor().checked_sub(1);
    if pitch < SMALLEST_CELL {
        painter.rect(span, 3.0, theme.control, (1.0, theme.outline), egui::StrokeKind::Inside);
        let done = walk.cursor().clamp(actions.start, actions.end) - actions.start;
        let filled = Rect::from_min_size(span.min, vec2(span.width() * done as f32 / n, span.height()));
        painter.rect_filled(filled, 3.0, color);
        if done > 0 && last.is_some_and(|last| actions.contains(&last)) {
            painter.vline(filled.right(), span.y_range().expand(2.0), (2.0, theme.accent));
        }
        return;
    }
    for place in actions.clone() {
        let corner = pos2(span.left() + pitch * (place - actions.start) as f32, span.top());
        let gap = if pitch > 8.0 { 3.0 } else { 1.0 };
        let cell = Rect::from_min_size(corner, vec2(pitch - gap, span.height()));
        if place < walk.cursor() {
            painter.rect_filled(cell, 3.0, color);
        } else {
            painter.rect_stroke(cell, 3.0, (1.0, theme.outline), egui::StrokeKind::Inside);
        }
        if last == Some(place) {
            painter.rect_stroke(cell.expand(1.0), 3.0, (2.0, theme.accent), egui::StrokeKind::Outside);
        }
    }
}

/// Forward phases in the color of values, backward in that of gradients.
fn phase_color(theme: &Theme, phase: Phase) -> Color32 {
    match phase {
        Phase::ZeroGrad => theme.weak,
        Phase::Model | Phase::Loss | Phase::Step => theme.values.positive,
        Phase::Backward => theme.gradients.positive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_phases_move_aside_as_long_as_their_middles_stand_over_their_phases() {
        let name = |from: f32, to: f32, width: f32| Wanted { span: Rangef::new(from, to), width };
        let wanted = [
            name(0.0, 60.0, 60.0),
            name(62.0, 78.0, 40.0),
            name(80.0, 120.0, 20.0),
            name(130.0, 200.0, 60.0),
        ];
        let is_first = [false, false, true, false];
        let all = places_of_names(Rangef::new(0.0, 200.0), &wanted, &is_first);
        assert_eq!(all, [Some(0.0), None, Some(90.0), Some(135.0)]);
        let narrow =
            [name(0.0, 40.0, 60.0), name(42.0, 50.0, 40.0), name(52.0, 90.0, 20.0), name(92.0, 98.0, 60.0)];
        let some = places_of_names(Rangef::new(0.0, 100.0), &narrow, &is_first);
        assert_eq!(some, [Some(0.0), None, Some(66.0), None], "the marked one, and the first that fits");
    }
}
