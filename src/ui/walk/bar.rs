//! The walk bar under the drawing: buttons, choices, and playing by itself.
//!
//! Must not know what an action computes.

use egui::{
    Color32, EventFilter, FontId, Id, Key, Modifiers, Rect, RichText, Sense, TextStyle, TextWrapMode, Ui,
    UiBuilder, Vec2, WidgetInfo, WidgetType, vec2,
};

use super::ribbon::{PHASE_GAP, ribbon_ui};
use crate::app::{App, Command, WalkCommand};
use crate::explain::{Phase, Stride, Walk};
use crate::ui::fields::{choice_ui, choice_width, more_ui, sign_button};
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// How high the bar is: in one row, with the ribbon in a row of its own, and the choices, too.
const HEIGHT: f32 = 58.0;
const HEIGHT_OF_TWO_ROWS: f32 = 82.0;
const HEIGHT_OF_THREE_ROWS: f32 = 112.0;
/// With so little room for the drawing and the bar, the choices are in a menu.
const LOW: f32 = 260.0;
/// In narrower bars the ribbon has a row of its own: beside the buttons its names would have no room.
const NARROW: f32 = 860.0;
/// Left and right of the signs of its buttons, where they have no room for a row with speed and stride.
const CRAMPED_PADDING: f32 = 5.0;
/// Steps a second at speed 1.
const STEPS_A_SECOND: f64 = 1.5;
const SPEEDS: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
const STRIDES: [(Stride, &str); 3] =
    [(Stride::Action, "walk-by-operation"), (Stride::Node, "walk-by-node"), (Stride::Phase, "walk-by-phase")];
/// The buttons with the sign, key and command of each.
const BUTTONS: [(&str, &str, WalkCommand); 5] = [
    ("|◀", "walk-to-start", WalkCommand::Start),
    ("◀", "walk-back", WalkCommand::Back),
    ("▶", "walk-forward", WalkCommand::Forward),
    ("▶▶", "walk-next-phase", WalkCommand::NextPhase),
    ("▶|", "walk-to-end", WalkCommand::End),
];
/// The sign of the button that closes the bar.
const CLOSE: &str = "✕";
/// Between the buttons, and around what stands in the bar.
const BETWEEN: f32 = 4.0;
const AROUND: Vec2 = vec2(10.0, 6.0);
/// The menu beside the ribbon of a low bar, with the room before it.
const MENU: f32 = 26.0;
/// Behind the choices.
const BEHIND_CHOICES: f32 = 8.0;

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

/// How high the bar is under a drawing, in a room of this size for both.
pub(super) fn height(ui: &Ui, app: &App, words: &Words, room: Vec2) -> f32 {
    if room.x >= NARROW {
        HEIGHT
    } else if is_cramped(ui, app, words, room.x) && room.y >= LOW {
        HEIGHT_OF_THREE_ROWS
    } else {
        HEIGHT_OF_TWO_ROWS
    }
}

/// Whether a bar of this width is too narrow for a row of all buttons, choices and the count: with large text,
/// or in a language of long words.
fn is_cramped(ui: &Ui, app: &App, words: &Words, width: f32) -> bool {
    let Some(walk) = app.walk() else { return false };
    let font = TextStyle::Button.resolve(ui.style());
    let padding = 2.0 * ui.spacing().button_padding.x;
    let button = |text: &str| text_width(ui, text, font.clone()) + padding;
    let plays = ["walk-play", "walk-stop"].map(|key| button(&words.text(key)));
    let choices = [speed_text(SPEEDS[0]), words.text(stride_key(app))];
    let parts = BUTTONS.map(|(sign, ..)| button(sign)).into_iter();
    let parts = parts.chain([plays[0].max(plays[1]), BEHIND_CHOICES, count_width(ui, walk), button(CLOSE)]);
    let parts = parts.chain(choices.map(|shown| choice_width(ui, &shown)));
    parts.map(|part| part + BETWEEN).sum::<f32>() > width - 2.0 * AROUND.x
}

fn text_width(ui: &Ui, text: &str, font: FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
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
    let inside = area.shrink2(AROUND);
    let is_narrow = area.width() < NARROW;
    let (row, below) = inside.split_top_bottom_at_y(inside.bottom() - if is_narrow { 40.0 } else { 0.0 });
    let is_cramped = is_narrow && is_cramped(ui, app, words, area.width());
    let has_menu = is_cramped && area.height() < HEIGHT_OF_THREE_ROWS;
    let has_second = is_cramped && !has_menu;
    let (row, second) =
        row.split_top_bottom_at_y(row.bottom() - if has_second { row.height() / 2.0 } else { 0.0 });
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
    if is_cramped {
        inner.spacing_mut().button_padding.x = CRAMPED_PADDING;
    }
    buttons_ui(&mut inner, walk, words, &mut play, out);
    if has_second {
        let mut second = ui.new_child(row_of("walk choices", second));
        choices_ui(&mut second, app, words, &mut play, out);
        second.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| count_ui(ui, walk));
    } else if !has_menu {
        choices_ui(&mut inner, app, words, &mut play, out);
    }
    let mut below = below;
    if has_menu {
        let (ribbon, end) = below.split_left_right_at_x(below.right() - count_width(ui, walk) - MENU);
        below = ribbon.with_max_x(ribbon.right() - PHASE_GAP);
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let place = UiBuilder::new().id_salt("walk count").max_rect(end).layout(layout);
        let mut end = ui.new_child(place);
        more_ui(&mut end, &words.text("walk-choices"), |ui| choices_menu_ui(ui, app, words, &mut play, out));
        count_ui(&mut end, walk);
    }
    inner.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if sign_button(ui, CLOSE, &words.text("walk-close"), true).clicked() {
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
    let text = RichText::new(count(walk)).font(count_font());
    ui.add(egui::Label::new(text).wrap_mode(TextWrapMode::Extend));
}

fn count(walk: &Walk) -> String {
    format!("{} / {}", walk.cursor(), walk.len())
}

/// How wide the count is at its end, where it is widest.
fn count_width(ui: &Ui, walk: &Walk) -> f32 {
    text_width(ui, &format!("{n} / {n}", n = walk.len()), count_font())
}

fn count_font() -> FontId {
    theme::mono(12.5)
}

fn buttons_ui(ui: &mut Ui, walk: &Walk, words: &Words, play: &mut Play, out: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = BETWEEN;
    let (at_start, at_end) = (walk.cursor() == 0, walk.is_at_end());
    for (sign, key, command) in BUTTONS {
        let goes_back = matches!(command, WalkCommand::Start | WalkCommand::Back);
        let enabled = if goes_back { !at_start } else { !at_end };
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
    ui.spacing_mut().item_spacing.x = BETWEEN;
    let speeds = SPEEDS.map(|speed| (speed, speed_text(speed)));
    let shown = speed_text(play.speed);
    if let Some(speed) = choice_ui(ui, &words.text("walk-speed"), &play.speed, speeds, &shown) {
        play.speed = speed;
    }
    let stride = app.walk_stride();
    let shown = words.text(stride_key(app));
    let choices = STRIDES.map(|(stride, key)| (stride, words.text(key)));
    if let Some(stride) = choice_ui(ui, &words.text("walk-stride"), &stride, choices, &shown) {
        out.push(Command::Walk(WalkCommand::Stride(stride)));
    }
    ui.add_space(BEHIND_CHOICES);
}

/// What the chosen stride is called.
fn stride_key(app: &App) -> &'static str {
    let stride = app.walk_stride();
    STRIDES.iter().find(|(own, _)| *own == stride).map_or("walk-by-operation", |(_, key)| *key)
}

/// The same as entries of a menu.
fn choices_menu_ui(ui: &mut Ui, app: &App, words: &Words, play: &mut Play, out: &mut Vec<Command>) {
    for speed in SPEEDS {
        if ui.selectable_label(play.speed == speed, speed_text(speed)).clicked() {
            play.speed = speed;
        }
    }
    ui.separator();
    for (stride, key) in STRIDES {
        if ui.selectable_label(app.walk_stride() == stride, words.text(key)).clicked() {
            out.push(Command::Walk(WalkCommand::Stride(stride)));
        }
    }
}

fn speed_text(speed: f64) -> String {
    format!("{speed} ×")
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
