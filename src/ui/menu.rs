//! The menus: names and keys from [`super::act`], so that nothing stands in two places.
//!
//! Must not know how an act is done.

use std::path::Path;

use egui::{Button, Ui};

use super::act::{Act, CanvasAct};
use super::dock::{Dock, Pane};
use super::panes::title_key;
use super::top_bar::tempo_text;
use crate::app::{Alignment, App, Command, FileCommand};
use crate::files::{Preferences, ThemeChoice};
use crate::train::Tempo;
use crate::words::{Language, Words};

/// What a menu leaves free of the window's height: the menu bar, and its own frame.
const ROOM_AROUND_MENU: f32 = 56.0;

/// What the menus show besides the application.
pub(crate) struct MenuContext<'a> {
    /// Which panes are shown.
    pub(crate) dock: &'a Dock,
    /// Theme, language, recent files.
    pub(crate) preferences: &'a Preferences,
}

/// The menu bar; what was chosen goes to `acts` and `out`.
pub(crate) fn menu_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    context: &MenuContext<'_>,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    ui.menu_button(words.text("menu-file"), |ui| {
        long_menu_ui(ui, |ui| file_ui(ui, app, words, context, acts, out));
    });
    ui.menu_button(words.text("menu-edit"), |ui| long_menu_ui(ui, |ui| edit_ui(ui, app, words, acts)));
    ui.menu_button(words.text("menu-view"), |ui| {
        long_menu_ui(ui, |ui| view_ui(ui, app, words, context, acts, out));
    });
    ui.menu_button(words.text("menu-train"), |ui| {
        for act in [Act::TrainToggle, Act::StepBatch, Act::StepEpoch, Act::Walk] {
            act_ui(ui, words, act, true, acts);
        }
        ui.menu_button(words.text("top-tempo"), |ui| {
            for tempo in Tempo::ALL {
                if ui.selectable_label(app.tempo() == tempo, tempo_text(tempo, words)).clicked() {
                    acts.push(Act::Tempo(tempo));
                    ui.close();
                }
            }
        });
        ui.separator();
        for act in [Act::ResetSeed, Act::ResetStored] {
            act_ui(ui, words, act, true, acts);
        }
    });
    ui.menu_button(words.text("menu-help"), |ui| {
        for act in [Act::Shortcuts, Act::About] {
            act_ui(ui, words, act, true, acts);
        }
    });
}

fn file_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    context: &MenuContext<'_>,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    act_ui(ui, words, Act::New, true, acts);
    act_ui(ui, words, Act::Open, true, acts);
    ui.menu_button(words.text("menu-examples"), |ui| {
        long_menu_ui(ui, |ui| {
            for (name, _) in crate::files::EXAMPLES {
                if ui.button(egui::RichText::new(*name).monospace()).clicked() {
                    out.push(Command::File(FileCommand::OpenExample((*name).to_owned())));
                    ui.close();
                }
            }
        });
    });
    let recent = &context.preferences.recent_models;
    ui.add_enabled_ui(!recent.is_empty(), |ui| {
        ui.menu_button(words.text("menu-recent"), |ui| {
            for path in recent {
                if ui.button(short_path(path)).on_hover_text(path.display().to_string()).clicked() {
                    out.push(Command::File(FileCommand::Open(path.clone())));
                    ui.close();
                }
            }
            ui.separator();
            act_ui(ui, words, Act::ClearRecent, true, acts);
        });
    });
    ui.separator();
    act_ui(ui, words, Act::Save, true, acts);
    act_ui(ui, words, Act::SaveAs, true, acts);
    act_ui(ui, words, Act::SavePicture, !app.document().network.nodes.is_empty(), acts);
    ui.separator();
    act_ui(ui, words, Act::LoadData, true, acts);
    act_ui(ui, words, Act::ReloadData, true, acts);
    act_ui(ui, words, Act::UnloadData, true, acts);
    ui.separator();
    act_ui(ui, words, Act::Export, true, acts);
    act_ui(ui, words, Act::ImportWeights, true, acts);
    ui.separator();
    act_ui(ui, words, Act::Quit, true, acts);
}

fn edit_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>) {
    let history = [(Act::Undo, app.undo_label()), (Act::Redo, app.redo_label())];
    for (act, label) in history {
        let text = match &label {
            Some(label) => format!("{}: {}", words.text(act.key()), words.say(label)),
            None => words.text(act.key()),
        };
        entry_ui(ui, text, act, label.is_some(), acts);
    }
    ui.separator();
    let anything = !app.selection().is_empty();
    for act in [Act::Cut, Act::Copy] {
        act_ui(ui, words, act, anything, acts);
    }
    act_ui(ui, words, Act::Paste, true, acts);
    for act in [Act::Duplicate, Act::Delete, Act::DeleteHeal] {
        act_ui(ui, words, act, anything, acts);
    }
    ui.separator();
    act_ui(ui, words, Act::SelectAll, true, acts);
    act_ui(ui, words, Act::SelectNone, anything, acts);
    act_ui(ui, words, Act::Pin, !app.selection().nodes.is_empty(), acts);
    ui.separator();
    ui.add_enabled_ui(app.selection().nodes.len() > 1, |ui| {
        ui.menu_button(words.text("menu-align"), |ui| {
            for alignment in Alignment::ALL {
                act_ui(ui, words, Act::Align(alignment), true, acts);
            }
        });
    });
    act_ui(ui, words, Act::AutoLayout, true, acts);
    act_ui(ui, words, Act::Expression, true, acts);
}

fn view_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    context: &MenuContext<'_>,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    for act in [CanvasAct::Fit, CanvasAct::ZoomIn, CanvasAct::ZoomOut, CanvasAct::ZoomReset] {
        act_ui(ui, words, Act::Canvas(act), true, acts);
    }
    let has_loops = app.document().network.has_loops();
    act_ui(ui, words, Act::Canvas(CanvasAct::Unrolled), has_loops, acts);
    act_ui(ui, words, Act::Canvas(CanvasAct::Neurons), !app.selection().nodes.is_empty(), acts);
    ui.separator();
    ui.menu_button(words.text("menu-panels"), |ui| {
        long_menu_ui(ui, |ui| panes_ui(ui, app, words, context, acts));
    });
    act_ui(ui, words, Act::ResetLayout, true, acts);
    ui.separator();
    for act in [Act::TextLarger, Act::TextSmaller, Act::TextReset] {
        act_ui(ui, words, act, true, acts);
    }
    ui.separator();
    ui.menu_button(words.text("convention"), |ui| {
        super::convention::convention_menu_ui(ui, app.convention(), words, out);
    });
    ui.menu_button(words.text("menu-theme"), |ui| {
        for theme in [ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark] {
            let act = Act::Theme(theme);
            if ui.selectable_label(context.preferences.theme == theme, words.text(act.key())).clicked() {
                acts.push(act);
                ui.close();
            }
        }
    });
    ui.menu_button(words.text("menu-language"), |ui| {
        for language in Language::CHOICES {
            if ui.selectable_label(words.language() == language, language.own_name()).clicked() {
                acts.push(Act::Language(language));
                ui.close();
            }
        }
    });
}

/// Every pane, with a mark at those that are shown.
fn panes_ui(ui: &mut Ui, app: &App, words: &Words, context: &MenuContext<'_>, acts: &mut Vec<Act>) {
    for pane in Pane::ALL {
        let act = Act::TogglePane(pane);
        let visible = context.dock.is_visible(pane);
        let mark = egui::RichText::new(if visible { "✓" } else { "  " });
        let mut button = Button::new((mark, words.text(title_key(pane, app))));
        if let Some(shortcut) = act.shortcut() {
            button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
        }
        let response = ui.add(button);
        response.widget_info(|| {
            let name = words.text(title_key(pane, app));
            egui::WidgetInfo::selected(egui::WidgetType::Checkbox, true, visible, name)
        });
        if response.clicked() {
            acts.push(act);
            ui.close();
        }
    }
}

/// One entry with its key.
fn act_ui(ui: &mut Ui, words: &Words, act: Act, enabled: bool, acts: &mut Vec<Act>) {
    entry_ui(ui, words.text(act.key()), act, enabled, acts);
}

fn entry_ui(ui: &mut Ui, text: String, act: Act, enabled: bool, acts: &mut Vec<Act>) {
    let mut button = Button::new(text);
    if let Some(shortcut) = act.shortcut() {
        button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
    }
    if ui.add_enabled(enabled, button).clicked() {
        acts.push(act);
        ui.close();
    }
}

/// The entries of a menu, which scroll where the window is lower than they are.
pub(crate) fn long_menu_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::ScrollArea::vertical().max_height(menu_room(ui)).show(ui, add);
}

/// How high a menu may be.
pub(crate) fn menu_room(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() - ROOM_AROUND_MENU).max(ROOM_AROUND_MENU)
}

/// How entries of menus look: no frame until they are touched, and room around the text.
pub(crate) fn menu_style(style: &mut egui::Style) {
    egui::containers::menu::menu_style(style);
    style.spacing.button_padding = egui::vec2(8.0, 3.0);
    style.spacing.item_spacing.y = 2.0;
}

/// The end of a path, enough to tell recent files apart.
pub(crate) fn short_path(path: &Path) -> String {
    let name =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    match path.parent().and_then(|parent| parent.file_name()) {
        Some(parent) => format!("{}/{name}", parent.to_string_lossy()),
        None => name,
    }
}
