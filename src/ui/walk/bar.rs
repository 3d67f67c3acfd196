//! The walk bar under the drawing: buttons, the ribbon of phases, and playing by itself.
//!
//! Must not know what an action computes.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    Color32, CursorIcon, EventFilter, Galley, Id, Key, Modifiers, Rangef, Rect, RichText, Sense, Ui,
    UiBuilder, WidgetInfo, WidgetType, pos2, vec2,
};

use super::action_name;
use crate::app::{App, Command, WalkCommand};
use crate::explain::{Phase, Stride, TimelineAction, Walk};
use crate::ui::fields::{choice_ui, sign_button};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// How high the bar is: in one row, with the ribbon in a row of its own, and the choices, too.
const HEIGHT: f32 = 58.0;
const HEIGHT_OF_TWO_ROWS: f32 = 82.0;
const HEIGHT_OF_THREE_ROWS: f32 = 112.0;
/// In narrower bars the ribbon has a row of its own: beside the buttons its names would have no room.
const NARROW: f32 = 860.0;
/// In still narrower ones, such as with large text, speed and stride do.
const CRAMPED: f32 = 480.0;
/// Steps a second at speed 1.
const STEPS_A_SECOND: f64 = 1.5;
const SPEEDS: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
/// Between two phases, which are at least as wide as their names.
const PHASE_GAP: f32 = 10.0;
/// Between two names of which the phases are narrower.
const NAME_GAP: f32 = 6.0;
/// Narrower cells are drawn as one.
const SMALLEST_CELL: f32 = 4.0;

/// Playing by itself.
#[derive(Clone, Copy, Debug)]
struct Play {
    is_on: bool,
    speed: f64,
    /// When the next step is due, in seconds.
    due: f64,
}

impl Default for Play {
    fn default() -> Self {
        Self { is_on: false, speed: 1.0, due: 0.0 }
    }
}

/// The bar as a whole: it has the focus while the arrow keys walk.
pub(crate) fn bar_id() -> Id {
    Id::new("walk bar")
}

/// The bar takes the keys as soon as it is drawn: it may not be there yet.
pub(crate) fn give_focus(ctx: &egui::Context) {
    ctx.data_mut(|data| data.insert_temp(bar_id().with("wants focus"), true));
}

/// How high the bar is at this width.
pub(super) fn height(width: f32) -> f32 {
    match width {
        ..CRAMPED => HEIGHT_OF_THREE_ROWS,
        ..NARROW => HEIGHT_OF_TWO_ROWS,
        _ => HEIGHT,
    }
}

/// Draws the bar.
pub(crate) fn bar_ui(ui: &mut Ui, area: Rect, app: &App, words: &Words, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    ui.painter().rect_filled(area, 0.0, theme.panel);
    ui.painter().hline(area.x_range(), area.top(), (1.0, theme.outline));
    let ground = ui.interact(area, bar_id(), Sense::click());
    ground.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, words.text("walk-bar")));
    let wants_focus: Option<bool> = ui.data_mut(|data| data.remove_temp(bar_id().with("wants focus")));
    if ground.clicked() || wants_focus == Some(true) {
        ground.request_focus();
    }
    let inside = area.shrink2(vec2(10.0, 6.0));
    let is_narrow = area.width() < NARROW;
    let (row, below) = inside.split_top_bottom_at_y(inside.bottom() - if is_narrow { 40.0 } else { 0.0 });
    let is_cramped = area.width() < CRAMPED;
    let (row, second) =
        row.split_top_bottom_at_y(row.bottom() - if is_cramped { row.height() / 2.0 } else { 0.0 });
    let row_of = |name: &str, place: Rect| {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        UiBuilder::new().id_salt(name).max_rect(place).layout(layout)
    };
    let mut inner = ui.new_child(row_of("walk bar", row));
    let Some(walk) = app.walk() else {
        inner.label(RichText::new(words.text("walk-waits")).color(theme.weak));
        if inner.button(words.text("walk-close")).clicked() {
            out.push(Command::Walk(WalkCommand::Close));
        }
        return;
    };
    let mut play: Play = ui.data(|data| data.get_temp(bar_id())).unwrap_or_default();
    buttons_ui(&mut inner, walk, words, &mut play, out);
    if is_cramped {
        let mut second = ui.new_child(row_of("walk choices", second));
        choices_ui(&mut second, app, words, &mut play, out);
        second.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| count_ui(ui, walk));
    } else {
        choices_ui(&mut inner, app, words, &mut play, out);
    }
    inner.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if sign_button(ui, "✕", &words.text("walk-close"), true).clicked() {
            out.push(Command::Walk(WalkCommand::Close));
        }
        if !is_cramped {
            count_ui(ui, walk);
        }
        let place = if is_narrow { below } else { ui.available_rect_before_wrap() };
        ribbon_ui(ui, place, app, walk, words, out);
    });
    keys(ui, walk, &mut play, out);
    advance(ui, walk, &mut play, out);
    ui.data_mut(|data| data.insert_temp(bar_id(), play));
    if ui.memory(|memory| memory.has_focus(bar_id())) {
        ui.painter().rect_stroke(
            area.shrink(1.0),
            4.0,
            (1.5, theme.accent.gamma_multiply(0.6)),
            egui::StrokeKind::Inside,
        );
    }
}

/// How many actions were done, of how many.
fn count_ui(ui: &mut Ui, walk: &Walk) {
    let count = format!("{} / {}", walk.cursor(), walk.len());
    ui.add(egui::Label::new(RichText::new(count).font(theme::mono(12.5))).truncate());
}

fn buttons_ui(ui: &mut Ui, walk: &Walk, words: &Words, play: &mut Play, out: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let (at_start, at_end) = (walk.cursor() == 0, walk.is_at_end());
    for (sign, key, enabled, command) in [
        ("|◀", "walk-to-start", !at_start, WalkCommand::Start),
        ("◀", "walk-back", !at_start, WalkCommand::Back),
        ("▶", "walk-forward", !at_end, WalkCommand::Forward),
        ("▶▶", "walk-next-phase", !at_end, WalkCommand::NextPhase),
        ("▶|", "walk-to-end", !at_end, WalkCommand::End),
    ] {
        if sign_button(ui, sign, &words.text(key), enabled).clicked() {
            play.is_on = false;
            out.push(Command::Walk(command));
        }
    }
    let key = if play.is_on { "walk-stop" } else { "walk-play" };
    if ui.button(words.text(key)).clicked() {
        play.is_on = !play.is_on;
        play.due = 0.0;
        if play.is_on && at_end {
            out.push(Command::Walk(WalkCommand::Start));
        }
    }
}

/// How fast it plays, and how far a step goes.
fn choices_ui(ui: &mut Ui, app: &App, words: &Words, play: &mut Play, out: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let speeds = SPEEDS.map(|speed| (speed, format!("{speed} ×")));
    let shown = format!("{} ×", play.speed);
    if let Some(speed) = choice_ui(ui, &words.text("walk-speed"), &play.speed, speeds, &shown) {
        play.speed = speed;
    }
    let strides = [
        (Stride::Action, "walk-by-operation"),
        (Stride::Node, "walk-by-node"),
        (Stride::Phase, "walk-by-phase"),
    ];
    let stride = app.walk_stride();
    let shown = strides.iter().find(|(own, _)| *own == stride).map_or("walk-by-operation", |(_, key)| *key);
    let choices = strides.map(|(stride, key)| (stride, words.text(key)));
    if let Some(stride) = choice_ui(ui, &words.text("walk-stride"), &stride, choices, &words.text(shown)) {
        out.push(Command::Walk(WalkCommand::Stride(stride)));
    }
    ui.add_space(8.0);
}

/// The phases in order; a click or a drag goes there.
fn ribbon_ui(ui: &Ui, place: Rect, app: &App, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
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
    let wanted = cells.phases.iter().zip(&names).map(|((.., span), name)| (span.center().x, name.size().x));
    let lefts = places_of_names(place.x_range(), &wanted.collect::<Vec<_>>(), &here);
    for (left, name) in lefts.into_iter().zip(names) {
        if let Some(left) = left {
            painter.galley(pos2(left, place.top() + 4.0), name, Color32::PLACEHOLDER);
        }
    }
}

/// Where each name begins, of those that there is room for: first those marked, then from the left. `wanted`
/// has the middle and the width of each.
fn places_of_names(room: Rangef, wanted: &[(f32, f32)], is_first: &[bool]) -> Vec<Option<f32>> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&idx| !is_first[idx]);
    let mut lefts: Vec<Option<f32>> = vec![None; wanted.len()];
    let mut free = room.span() + NAME_GAP;
    for idx in order {
        let (middle, width) = wanted[idx];
        if width + NAME_GAP <= free {
            free -= width + NAME_GAP;
            lefts[idx] = Some(middle - width / 2.0);
        }
    }
    // As near to its middle as the one before it lets; then back from the right end.
    let mut end = room.min;
    for (left, (_, width)) in lefts.iter_mut().zip(wanted) {
        if let Some(left) = left {
            *left = left.max(end);
            end = *left + width + NAME_GAP;
        }
    }
    let mut start = room.max;
    for (left, (_, width)) in lefts.iter_mut().zip(wanted).rev() {
        if let Some(left) = left {
            *left = left.min(start - width);
            start = *left - NAME_GAP;
        }
    }
    lefts
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

/// The line of PyTorch without the object that it is called on.
pub(super) fn short_code(phase: Phase) -> &'static str {
    let code = phase.code();
    code.rsplit_once('.').map_or(code, |(_, call)| call)
}

/// The arrow keys walk while the bar has the focus.
fn keys(ui: &Ui, walk: &Walk, play: &mut Play, out: &mut Vec<Command>) {
    if !ui.memory(|memory| memory.has_focus(bar_id())) {
        return;
    }
    let keeps = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(bar_id(), keeps));
    let pressed = |key: Key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    for (key, command) in [
        (Key::ArrowRight, WalkCommand::Forward),
        (Key::ArrowLeft, WalkCommand::Back),
        (Key::ArrowDown, WalkCommand::NextPhase),
        (Key::Home, WalkCommand::Start),
        (Key::End, WalkCommand::End),
    ] {
        for _ in 0..pressed(key) {
            play.is_on = false;
            out.push(Command::Walk(command));
        }
    }
    if pressed(Key::ArrowUp) > 0 {
        play.is_on = false;
        out.push(Command::Walk(WalkCommand::GoTo(phase_before(walk))));
    }
    if pressed(Key::Space) > 0 {
        play.is_on = !play.is_on;
        play.due = 0.0;
    }
}

/// The beginning of the phase, or of the one before where the cursor stands there.
fn phase_before(walk: &Walk) -> usize {
    let starts = walk.phases().into_iter().map(|(_, actions)| actions.start);
    starts.filter(|&start| start < walk.cursor()).max().unwrap_or(0)
}

/// Goes on by itself while it plays, and asks for the frame in which the next step is due.
fn advance(ui: &Ui, walk: &Walk, play: &mut Play, out: &mut Vec<Command>) {
    if !play.is_on {
        return;
    }
    if walk.is_at_end() && play.due > 0.0 {
        play.is_on = false;
        return;
    }
    let now = ui.input(|input| input.time);
    let pause = 1.0 / (STEPS_A_SECOND * play.speed);
    if now >= play.due {
        if play.due > 0.0 {
            out.push(Command::Walk(WalkCommand::Forward));
        }
        play.due = now + pause;
    }
    ui.ctx().request_repaint_after_secs((play.due - now).max(0.001) as f32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_phases_move_aside_before_one_is_left_out() {
        let wanted = [(30.0, 60.0), (70.0, 40.0), (90.0, 20.0), (180.0, 60.0)];
        let is_first = [false, false, true, false];
        let all = places_of_names(Rangef::new(0.0, 200.0), &wanted, &is_first);
        assert_eq!(all, [Some(0.0), Some(66.0), Some(112.0), Some(140.0)]);
        let some = places_of_names(Rangef::new(0.0, 100.0), &wanted, &is_first);
        assert_eq!(some, [Some(0.0), None, Some(80.0), None], "the marked one, and the first that fits");
    }
}
