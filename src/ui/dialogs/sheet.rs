//! Two pages to read: the list of keys and gestures, and what this program is.
//!
//! Must not know what the keys do.

use egui::{Context, Label, RichText, ScrollArea, Ui};

use super::super::act::{ALSO, Act};
use super::super::fields::{heading_ui, note_ui};
use super::super::panes::title_key;
use super::super::theme::{self, Theme};
use crate::app::App;
use crate::words::Words;

const ARROWS: &str = "← ↑ → ↓";

/// What else keys do, and which, by where they do it.
const MORE_KEYS: [(&str, &[(&str, &str)]); 4] = [
    (
        "menu-keys-drawing",
        &[
            ("menu-key-rename", "F2"),
            ("menu-key-jump", ARROWS),
            ("menu-key-move", "Ctrl + ← ↑ → ↓"),
            ("menu-key-expression", "Ctrl+Enter"),
        ],
    ),
    (
        "menu-keys-walk",
        &[
            ("menu-key-walk-step", "←   →"),
            ("menu-key-walk-phase", "↑   ↓"),
            ("menu-key-walk-ends", "Home   End"),
            ("menu-key-walk-play", "menu-key-space"),
        ],
    ),
    (
        "menu-keys-matrix",
        &[
            ("menu-key-matrix-cell", ARROWS),
            ("menu-key-matrix-why", "menu-key-space"),
            ("menu-key-matrix-type", "Enter   F2"),
            ("menu-key-matrix-copy", "Ctrl+C"),
        ],
    ),
    (
        "menu-keys-anywhere",
        &[
            ("menu-key-panels", "Tab"),
            ("menu-key-press", "menu-key-press-how"),
            ("menu-key-copy-menu", "Shift+F10"),
            ("menu-key-give-up", "Esc"),
        ],
    ),
];

/// What the mouse does on the canvas, and how.
const GESTURES: [&str; 18] = [
    "menu-mouse-select",
    "menu-mouse-marquee",
    "menu-mouse-rename",
    "menu-mouse-open",
    "menu-mouse-add",
    "menu-mouse-move",
    "menu-mouse-wire",
    "menu-mouse-new-wired",
    "menu-mouse-unplug",
    "menu-mouse-insert",
    "menu-mouse-pan",
    "menu-mouse-zoom",
    "menu-mouse-menu",
    "menu-mouse-copy-menu",
    "menu-mouse-number",
    "menu-mouse-why",
    "menu-mouse-writer",
    "menu-mouse-drop",
];

/// The list of keys and gestures; true when it shall close.
pub(super) fn shortcuts_ui(ctx: &Context, app: &App, words: &Words) -> bool {
    page_ui(ctx, words, "shortcuts", "menu-shortcuts", 580.0, |ui| {
        let height = (ctx.content_rect().height() - 180.0).max(80.0);
        let list = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
        list.auto_shrink(false).show(ui, |ui| {
            list_ui(ui, "keys", |ui| {
                for act in Act::listed() {
                    let also = ALSO.iter().filter(|(other, _)| *other == act).map(|(_, shortcut)| *shortcut);
                    let keys: Vec<String> = act
                        .shortcut()
                        .into_iter()
                        .chain(also)
                        .map(|shortcut| ui.ctx().format_shortcut(&shortcut))
                        .collect();
                    let key = if let Act::Pane(pane) = act { title_key(pane, app) } else { act.key() };
                    line_ui(ui, words.text(key), keys.join("   "));
                }
            });
            for (place, lines) in MORE_KEYS {
                heading_ui(ui, words.text(place));
                list_ui(ui, place, |ui| {
                    for (key, keys) in lines {
                        let keys = if words.has(keys) { words.text(keys) } else { (*keys).to_owned() };
                        line_ui(ui, words.text(key), keys);
                    }
                });
            }
            heading_ui(ui, words.text("menu-mouse"));
            list_ui(ui, "gestures", |ui| {
                for gesture in GESTURES {
                    line_ui(ui, words.text(gesture), words.text(&format!("{gesture}-how")));
                }
            });
        });
    })
}

/// Two columns: what is done, and how.
fn list_ui(ui: &mut Ui, id: &str, add: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    let grid = egui::Grid::new(id).num_columns(2).spacing([12.0, 6.0]).min_col_width(0.4 * width);
    grid.max_col_width(0.57 * width).show(ui, add);
}

/// What is done, and how.
fn line_ui(ui: &mut Ui, what: String, how: String) {
    ui.add(Label::new(what).wrap());
    let how = RichText::new(how).font(theme::text(12.5)).color(Theme::of(ui).weak);
    ui.add(Label::new(how).wrap());
    ui.end_row();
}

/// What this program is; true when it shall close.
pub(super) fn about_ui(ctx: &Context, words: &Words) -> bool {
    page_ui(ctx, words, "about", "menu-about", 400.0, |ui| {
        ui.label(
            RichText::new(format!("Vastavirta {}", env!("CARGO_PKG_VERSION"))).font(theme::strong(20.0)),
        );
        ui.add_space(4.0);
        ui.add(egui::Label::new(words.text("menu-about-body")).wrap());
        ui.add_space(8.0);
        note_ui(ui, words.text("menu-about-fonts"));
        note_ui(ui, words.text("menu-about-license"));
    })
}

fn page_ui(
    ctx: &Context,
    words: &Words,
    id: &str,
    title: &str,
    width: f32,
    add: impl FnOnce(&mut Ui),
) -> bool {
    let mut close = false;
    let modal = super::modal(id, ctx).show(ctx, |ui| {
        ui.set_width(width.min(ctx.content_rect().width() - 40.0).max(0.0));
        ui.heading(words.text(title));
        ui.add_space(6.0);
        add(ui);
        ui.add_space(6.0);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            close = ui.button(words.text("menu-close")).clicked();
        });
    });
    close || modal.should_close()
}
