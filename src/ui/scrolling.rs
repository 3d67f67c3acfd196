//! Panels that scroll as a whole where they are lower than what they show: with large text, or in a small
//! window.
//!
//! Must not know what a panel shows.

use std::ops::Range;

use egui::scroll_area::ScrollBarVisibility;
use egui::{Align, Layout, ScrollArea, Ui, UiBuilder};

/// A plot is never lower than this: its panel scrolls instead.
pub(super) const LEAST_PLOT: f32 = 160.0;

/// The contents of a panel, which scroll where they are higher than it.
pub(super) fn scrolling_ui<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    ScrollArea::vertical().id_salt(name).auto_shrink(false).show(ui, add).inner
}

/// What uses the room that is left in a scrolling panel, and at least `least` of height.
pub(super) fn rest_ui<R>(ui: &mut Ui, least: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    // Bounds are rounded: to fill the last point of the panel could already make it scroll.
    let place = room.with_max_y((room.bottom() - 1.0).max(room.top() + least));
    let layout = Layout::top_down(Align::Min);
    let added = add(&mut ui.new_child(UiBuilder::new().id_salt("rest").max_rect(place).layout(layout)));
    ui.advance_cursor_after_rect(place);
    added
}

/// Whether a table that scrolls sideways within a panel that scrolls shows its bar: egui keeps it in sight, so it
/// would lie over what stands above a table of which not even `head` is seen.
pub(super) fn bar_of_table(ui: &Ui, head: f32) -> ScrollBarVisibility {
    if ui.cursor().top() + head < ui.clip_rect().bottom() {
        ScrollBarVisibility::VisibleWhenNeeded
    } else {
        ScrollBarVisibility::AlwaysHidden
    }
}

/// Rows of one height as part of what scrolls already: a list with a bar of its own would hold the wheel back
/// from what stands around it. Only those in sight are drawn.
pub(super) fn rows_ui(ui: &mut Ui, height: f32, n: usize, add: impl FnOnce(&mut Ui, Range<usize>)) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let seen = ui.clip_rect().y_range();
    let top = ui.cursor().top();
    let before = |y: f32| (((y - top) / height).max(0.0) as usize).min(n);
    let rows = before(seen.min)..before(seen.max + height);
    let below = (n - rows.end) as f32 * height;
    ui.add_space(rows.start as f32 * height);
    add(ui, rows);
    ui.add_space(below);
}
