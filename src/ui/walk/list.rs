//! The list of a walk's actions, and beside it the current one.
//!
//! Must not know numbers.

use std::ops::Range;

use egui::{
    Align, Align2, Layout, Rangef, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo,
    WidgetType, pos2,
};

use super::action::action_ui;
use super::bar::short_code;
use super::{action_name, made_symbol, node_text};
use crate::app::{App, Command, WalkCommand};
use crate::explain::{Order, Phase, Walk, Way};
use crate::ui::elide::without_middle;
use crate::ui::fields::choice_ui;
use crate::ui::scrolling::rows_ui;
use crate::ui::theme::{self, Theme};
use crate::words::Words;

const ROW_HEIGHT: f32 = 24.0;
/// The list takes this share of the panel, within bounds.
const LIST_SHARE: f32 = 0.36;
const LIST_WIDTH: std::ops::RangeInclusive<f32> = 216.0..=280.0;
/// The names of phases have a column of their own.
const PHASE_WIDTH: f32 = 78.0;
/// In narrower panels the list stands above the current action.
const NARROW: f32 = 460.0;
/// Of those, lower ones scroll as a whole, with the list at the end.
const LOW: f32 = 260.0;

/// The panel while a walk is open.
pub(crate) fn walk_ui(ui: &mut Ui, app: &App, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
    let area = ui.available_rect_before_wrap();
    let is_narrow = area.width() < NARROW;
    // Words are wrapped to the panel; only matrices may be wider than it.
    let current_ui = |ui: &mut Ui, out: &mut Vec<Command>, after: &dyn Fn(&mut Ui, &mut Vec<Command>)| {
        let width = ui.available_width() - theme::SCROLL_BAR;
        ScrollArea::both().id_salt("walk action").auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(width);
            action_ui(ui, app, walk, words, out);
            after(ui, out);
        });
    };
    if is_narrow && area.height() < LOW {
        current_ui(ui, out, &|ui, out| {
            ui.add_space(8.0);
            order_ui(ui, walk, words, out);
            let rows = rows(walk);
            rows_ui(ui, ROW_HEIGHT, rows.len(), |ui, shown| {
                shown_rows_ui(ui, app, walk, words, (&rows, shown), out);
            });
        });
        return;
    }
    ui.advance_cursor_after_rect(area);
    let (left, right) = if is_narrow {
        let middle = area.top() + 0.4 * area.height();
        area.split_top_bottom_at_y(middle)
    } else {
        let width = (LIST_SHARE * area.width()).clamp(*LIST_WIDTH.start(), *LIST_WIDTH.end());
        area.split_left_right_at_x(area.left() + width)
    };
    let child = |ui: &mut Ui, place: Rect, name: &str| {
        let layout = Layout::top_down(Align::LEFT);
        let mut inner = ui.new_child(UiBuilder::new().id_salt(name).max_rect(place).layout(layout));
        inner.set_clip_rect(place.intersect(ui.clip_rect()));
        inner
    };
    let mut list = child(ui, left, "walk list");
    order_ui(&mut list, walk, words, out);
    list_ui(&mut list, app, walk, words, out);
    if !is_narrow {
        ui.painter().vline(right.left() + 6.0, area.y_range(), (1.0, Theme::of(ui).outline));
    }
    let place = if is_narrow { right } else { right.with_min_x(right.left() + 14.0) };
    current_ui(&mut child(ui, place, "walk action"), out, &|_, _| {});
}

/// In which order the actions come.
fn order_ui(ui: &mut Ui, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
    let orders = [
        (Order::AsRun, "walk-order-as-run"),
        (Order::DeltasFirst, "walk-order-deltas"),
        (Order::Own(Way::Paths), "walk-order-paths"),
        (Order::Own(Way::Steps), "walk-order-steps"),
    ];
    let shown = orders.iter().find(|(order, _)| *order == walk.order());
    let shown = words.text(shown.map_or("walk-order-as-run", |(_, key)| *key));
    let choices = orders.map(|(order, key)| (order, words.text(key)));
    ui.horizontal(|ui| {
        ui.label(RichText::new(words.text("walk-order")).color(Theme::of(ui).weak));
        if let Some(order) = choice_ui(ui, &words.text("walk-order"), &walk.order(), choices, &shown) {
            out.push(Command::Walk(WalkCommand::Order(order)));
        }
    });
}

fn list_ui(ui: &mut Ui, app: &App, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
    let rows = rows(walk);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut area = ScrollArea::vertical().id_salt("walk list").auto_shrink(false);
    let current = walk.current().and_then(|action| rows.iter().position(|&row| row == action));
    let id = ui.id().with("walk list follows");
    let seen: Option<Option<usize>> = ui.data(|data| data.get_temp(id));
    if seen != Some(current) {
        // The current row stays in the middle of the list while one walks.
        let middle = (ui.available_height() - ROW_HEIGHT) / 2.0;
        let offset = current.unwrap_or(0) as f32 * ROW_HEIGHT - middle;
        area = area.vertical_scroll_offset(offset.max(0.0));
        ui.data_mut(|data| data.insert_temp(id, current));
    }
    area.show_rows(ui, ROW_HEIGHT, rows.len(), |ui, shown| {
        shown_rows_ui(ui, app, walk, words, (&rows, shown), out);
    });
}

/// The rows in sight.
fn shown_rows_ui(
    ui: &mut Ui,
    app: &App,
    walk: &Walk,
    words: &Words,
    (rows, shown): (&[usize], Range<usize>),
    out: &mut Vec<Command>,
) {
    for row in shown {
        if let Some(&action) = rows.get(row) {
            let before = row.checked_sub(1).and_then(|row| rows.get(row)).copied();
            row_ui(ui, app, walk, words, action, before, out);
        }
    }
}

/// The actions in the walk's order; in an order of one's own those not chosen yet come after.
fn rows(walk: &Walk) -> Vec<usize> {
    let mut rows = walk.sequence().to_vec();
    if rows.len() < walk.len() {
        let chosen: std::collections::BTreeSet<usize> = rows.iter().copied().collect();
        rows.extend((0..walk.len()).filter(|action| !chosen.contains(action)));
    }
    rows
}

fn row_ui(
    ui: &mut Ui,
    app: &App,
    walk: &Walk,
    words: &Words,
    idx: usize,
    before: Option<usize>,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let timeline = walk.timeline();
    let Some(action) = timeline.action(idx) else { return };
    let before = before.and_then(|idx| timeline.action(idx));
    let (place, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT), Sense::click());
    let is_current = walk.current() == Some(idx);
    let refusal = app.walk_refusal();
    let is_missing =
        refusal.is_some_and(|refused| refused.missing.iter().any(|tensor| action.writes.contains(tensor)));
    response.widget_info(|| {
        let label = action_name(app, words, action);
        WidgetInfo::selected(WidgetType::SelectableLabel, true, is_current, label)
    });
    if is_missing {
        let missing = words.text("walk-is-missing");
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(missing));
    }
    if response.clicked() {
        out.push(Command::Walk(WalkCommand::Choose(idx)));
    }
    if ui.is_rect_visible(place) {
        if is_current {
            ui.painter().rect_filled(place, 5.0, theme.accent_faint);
        } else if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(place, 5.0, theme.control);
        }
        if is_missing {
            ui.painter().rect_stroke(place.shrink(1.0), 5.0, (1.5, theme.warning), egui::StrokeKind::Inside);
        }
        let is_done = walk.is_done(idx);
        let text = |at, align, text: String, font, ink| ui.painter().text(at, align, text, font, ink);
        let weak = if is_done || is_current { theme.text } else { theme.weak };
        if before.is_none_or(|before| before.phase != action.phase) {
            let at = place.left_center() + Vec2::new(6.0, 0.0);
            let size = if matches!(action.phase, Phase::ZeroGrad) { 9.5 } else { 10.5 };
            text(at, Align2::LEFT_CENTER, short_code(action.phase).to_owned(), theme::mono(size), theme.weak);
        }
        let is_gradient = action.makes.is_some_and(crate::explain::Tensor::is_gradient);
        let ink = match (is_done, is_gradient) {
            (true, true) => theme.gradient_text,
            (true, false) => theme.value_text,
            (false, _) => theme.weak,
        };
        let at = place.right_center() - Vec2::new(8.0, 0.0);
        let made = text(at, Align2::RIGHT_CENTER, made_symbol(app, action), theme::mono(11.5), ink);
        let is_same_node = before.is_some_and(|before| {
            (before.phase, before.node, before.time_step) == (action.phase, action.node, action.time_step)
        });
        if !is_same_node || is_current {
            let font = if is_current { theme::strong(12.0) } else { theme::text(12.0) };
            let room = Rangef::new(place.left() + PHASE_WIDTH, made.left() - 6.0);
            // A long name is shortened, its time step never.
            let (name, time) = node_text(app, words, action);
            let time_width = ui.painter().layout_no_wrap(time.clone(), font.clone(), weak).size().x;
            let name = without_middle(ui.painter(), &name, &font, room.span() - time_width);
            text(pos2(room.min, place.center().y), Align2::LEFT_CENTER, name + &time, font, weak);
        }
    }
    if action.is_for_showing {
        response.on_hover_text(words.text("walk-for-showing"));
    }
}
