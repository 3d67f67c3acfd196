//! The What-if panel: every input can be changed by hand, and the prediction and how much each input
//! matters follow.
//!
//! Must not compute anything.

mod copy;
mod prediction;

use egui::{Align, Button, FontId, Id, Layout, PointerButton, RichText, ScrollArea, Slider, TextStyle, Ui};

use self::prediction::prediction_ui;

use super::boundary::start_ui;
use super::fields::{MORE_WIDTH, button_width, choice_ui, name, note_ui, wrap_before, wrapped_ui};
use super::studies::freshness_ui;
use super::theme::{self, Theme};
use crate::app::{App, Questions};
use crate::explain;
use crate::insight::{Effect, InputKind, InputVariable, WhatIf, WhatIfQuestion};
use crate::network::NodeId;
use crate::words::Words;

/// Inputs that are laid out at most.
const MOST_INPUTS: usize = 128;
/// In narrower panels an input's effect stands under its name.
const NARROW: f32 = 190.0;
/// How short the slider of an input is at least.
const LEAST_SLIDER: f32 = 24.0;

/// The panel. `asks` takes what it wants to know.
pub(crate) fn what_if_ui(ui: &mut Ui, app: &App, words: &Words, asks: &mut Questions) {
    // Inputs are those of one document.
    let id = Id::new(("what-if question", app.n_documents()));
    let mut question: WhatIfQuestion = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    asks.what_if = Some(question.clone());
    if !app.can_predict() {
        note_ui(ui, words.text("insight-not-ready"));
        return;
    }
    if app.has_no_what_if() {
        return note_ui(ui, words.text("what-if-nothing"));
    }
    let Some(answer) = app.what_if() else { return note_ui(ui, words.text("insight-computing")) };
    let before = question.clone();
    let shown = answer.result;
    let reset = words.text("what-if-reset");
    let reset_width = button_width(ui, &reset);
    // The menu stands beside the button, or in a panel too narrow for both beside the sentence below it.
    let with_menu = reset_width + ui.spacing().item_spacing.x + MORE_WIDTH;
    let has_room = with_menu <= ui.available_width();
    let menu_ui = |ui: &mut Ui| {
        copy::with_menu((shown, &before), words, |menu| menu.button_ui(ui, words));
    };
    wrapped_ui(ui, |ui| {
        head_ui(ui, app, words, &mut question);
        let start = question.start;
        start_ui(ui, app, words, "what-if-start", &mut question.start);
        let has_changes = !question.changes.is_empty();
        wrap_before(ui, if has_room { with_menu } else { reset_width });
        let reset = ui.add_enabled(has_changes, Button::new(reset));
        if reset.on_hover_text(words.text("what-if-reset-hint")).clicked() || question.start != start {
            question.changes.clear();
        }
        if has_room {
            menu_ui(ui);
            freshness_ui(ui, words, &answer);
        }
    });
    if !has_room {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            menu_ui(ui);
            ui.with_layout(Layout::top_down(Align::Min), |ui| freshness_ui(ui, words, &answer));
        });
    }
    copy::with_menu((shown, &before), words, |menu| {
        menu.around(ui, words, |ui| {
            ScrollArea::vertical().id_salt("what-if").auto_shrink(false).show(ui, |ui| {
                prediction_ui(ui, words, shown, &mut question);
                ui.separator();
                for (idx, variable) in shown.variables.iter().enumerate().take(MOST_INPUTS) {
                    ui.push_id(idx, |ui| input_ui(ui, words, shown, (idx, variable), &mut question));
                }
            });
        });
    });
    if question != before {
        ui.data_mut(|data| data.insert_temp(id, question.clone()));
        asks.what_if = Some(question);
        ui.ctx().request_repaint();
    }
}

/// The losses of the drawing, in the order in which predictions are counted.
pub(super) fn losses(app: &App) -> Vec<NodeId> {
    let nodes = app.document().network.nodes.iter();
    nodes.filter(|(_, node)| node.kind.is_loss()).map(|(&id, _)| id).collect()
}

/// Of several losses, which one's prediction is asked about.
fn head_ui(ui: &mut Ui, app: &App, words: &Words, question: &mut WhatIfQuestion) {
    let losses = losses(app);
    if losses.len() < 2 {
        return;
    }
    question.head = question.head.min(losses.len() - 1);
    let node = |idx: usize| losses.get(idx).and_then(|loss| app.document().network.nodes.get(loss));
    let name = |idx: usize| node(idx).map_or_else(String::new, |node| node.name.clone());
    let choices = (0..losses.len()).map(|idx| (idx, name(idx)));
    let label = words.text("predictions-loss");
    if let Some(head) = choice_ui(ui, &label, &question.head, choices, &name(question.head)) {
        (question.head, question.output) = (head, None);
    }
}

fn text_width(ui: &Ui, text: &str, font: FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::WHITE).size().x
}

/// The number of the prediction that effects are about: what was just asked is shown at once.
fn output(shown: &WhatIf, question: &WhatIfQuestion) -> usize {
    question.output.map_or(shown.output, |idx| idx.min(shown.prediction.len().saturating_sub(1)))
}

fn input_ui(
    ui: &mut Ui,
    words: &Words,
    shown: &WhatIf,
    (idx, variable): (usize, &InputVariable),
    question: &mut WhatIfQuestion,
) {
    let theme = Theme::of(ui);
    // What was just asked is shown at once; the answer follows.
    let asked = question.changes.iter().rev().find(|(changed, _)| *changed == idx).map(|(_, value)| *value);
    let value = asked.or(shown.values.get(idx).copied()).unwrap_or(0.0);
    let is_changed = asked.is_some();
    let title =
        RichText::new(&variable.name).font(if is_changed { theme::strong(12.5) } else { theme::text(12.5) });
    let mut new = value;
    let title = title.color(if is_changed { theme.text } else { theme.weak });
    if ui.available_width() < NARROW || !variable.is_number() {
        ui.label(title);
        effect_ui(ui, words, shown, (idx, variable), value, question);
    } else {
        ui.horizontal(|ui| {
            ui.label(title);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                effect_ui(ui, words, shown, (idx, variable), value, question);
            });
        });
    }
    match &variable.kind {
        InputKind::Number { min, max, is_whole, .. } => {
            let width = ui.spacing().item_spacing.x
                + text_width(ui, "−5.8433", TextStyle::Button.resolve(ui.style()));
            let width = width + 2.0 * ui.spacing().button_padding.x;
            ui.horizontal(|ui| {
                let room = ui.available_width() - width;
                ui.spacing_mut().slider_width = room.max(LEAST_SLIDER);
                // A constant gets as much room to both sides as it is large.
                let room = if min < max { 0.0 } else { min.abs().max(1.0) };
                let ends = min - room..=max + room;
                let mut slider = Slider::new(&mut new, ends).clamping(egui::SliderClamping::Never);
                slider = slider.custom_formatter(|x, _| explain::short(x));
                slider = slider.custom_parser(super::fields::parse_number);
                if *is_whole && max - min <= 1_000.0 {
                    slider = slider.step_by(1.0);
                }
                name(&ui.add(slider), &variable.name);
            });
        }
        InputKind::Choice { names, .. } => {
            // A row may have none of the categories that the network knows.
            let held = value.is_finite().then_some(value as usize);
            let shown_text = held.and_then(|held| names.get(held)).map_or("–", String::as_str);
            let choices = names.iter().enumerate().map(|(choice, name)| (Some(choice), name.clone()));
            if let Some(Some(choice)) = choice_ui(ui, &variable.name, &held, choices, shown_text) {
                new = choice as f64;
            }
        }
    }
    // The button that opens the menu would move a slider, too.
    let asks_menu = ui.input(|input| {
        input.pointer.secondary_down() || input.pointer.button_released(PointerButton::Secondary)
    });
    if new != value && new.is_finite() && !asks_menu {
        question.changes.retain(|(changed, _)| *changed != idx);
        question.changes.push((idx, new));
    }
}

/// How much an input matters: "+1 → −2.1", or what each other category would give.
fn effect_ui(
    ui: &mut Ui,
    words: &Words,
    shown: &WhatIf,
    (idx, variable): (usize, &InputVariable),
    value: f64,
    question: &WhatIfQuestion,
) {
    let theme = Theme::of(ui);
    let of = shown.names.get(output(shown, question)).cloned().unwrap_or_default();
    let text = match (shown.effects.get(idx), &variable.kind) {
        (Some(Effect::Slope(slope)), _) => {
            let sign = if *slope > 0.0 { "+" } else { "" };
            let color = theme.gradients.color(if *slope >= 0.0 { 1.0 } else { -1.0 });
            let color = theme::mix(theme.text, color, 0.6);
            let slope = format!("{sign}{}", explain::short(*slope));
            let about = [
                ("input", variable.name.as_str().into()),
                ("of", of.into()),
                ("slope", slope.clone().into()),
            ];
            let hint = words.text_with("what-if-slope-hint", &about);
            let text = words.text_with("what-if-slope", &[("slope", slope.into())]);
            ui.label(RichText::new(text).font(theme::mono(11.5)).color(color)).on_hover_text(hint);
            return;
        }
        (Some(Effect::Choices(said)), InputKind::Choice { names, .. }) => {
            let others = names.iter().zip(said).enumerate().filter(|(choice, _)| *choice as f64 != value);
            let others = others.map(|(_, (name, said))| format!("{name} → {}", explain::short(*said)));
            others.take(3).collect::<Vec<_>>().join("   ")
        }
        (Some(Effect::Choices(_)) | None, _) => return,
    };
    let hint = words.text_with("what-if-choices-hint", &[("of", of.into())]);
    ui.add(egui::Label::new(RichText::new(text).font(theme::mono(11.5)).color(theme.weak)).wrap())
        .on_hover_text(hint);
}
