//! Two pages to read: the list of keys, and what this program is.
//!
//! Must not know what the keys do.

use egui::{Context, RichText, ScrollArea};

use super::super::act::Act;
use super::super::fields::{form_ui, note_ui};
use super::super::theme::{self, Theme};
use crate::words::Words;

/// The list of keys; true when it shall close.
pub(super) fn shortcuts_ui(ctx: &Context, words: &Words) -> bool {
    page_ui(ctx, words, "shortcuts", "menu-shortcuts", |ui| {
        let height = (ctx.content_rect().height() - 180.0).max(80.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            form_ui(ui, "keys", |ui| {
                for act in Act::LISTED {
                    let Some(shortcut) = act.shortcut() else { continue };
                    ui.label(words.text(act.key()));
                    ui.label(key_text(&ui.ctx().format_shortcut(&shortcut), ui));
                    ui.end_row();
                }
                for (key, keys) in [
                    ("menu-key-rename", "F2"),
                    ("menu-key-nudge", "← ↑ → ↓"),
                    ("menu-key-panels", "Tab"),
                    ("menu-key-size", "Ctrl +  Ctrl -"),
                ] {
                    ui.label(words.text(key));
                    ui.label(key_text(keys, ui));
                    ui.end_row();
                }
            });
        });
    })
}

/// What this program is; true when it shall close.
pub(super) fn about_ui(ctx: &Context, words: &Words) -> bool {
    page_ui(ctx, words, "about", "menu-about", |ui| {
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

fn page_ui(ctx: &Context, words: &Words, id: &str, title: &str, add: impl FnOnce(&mut egui::Ui)) -> bool {
    let mut close = false;
    let modal = super::modal(id, ctx).show(ctx, |ui| {
        ui.set_width(400.0_f32.min(ctx.content_rect().width() - 40.0).max(0.0));
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

fn key_text(text: &str, ui: &egui::Ui) -> RichText {
    RichText::new(text).font(theme::mono(12.0)).color(Theme::of(ui).weak)
}
