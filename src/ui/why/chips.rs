//! The numbers that one is made of and goes into, each a link to its own card.
//!
//! Must not know formulas.

use egui::{Button, RichText, Ui};

use super::super::formula::family_color;
use super::super::lit;
use super::super::theme::{self, Theme};
use super::{Shown, label, title};
use crate::app::{Command, ViewCommand};
use crate::explain::{self, Card, Quantity, Tensor};

/// More operands are counted instead of shown.
const MOST_CHIPS: usize = 16;

/// What the number is made of.
pub(super) fn made_of_ui(ui: &mut Ui, shown: &Shown<'_>, card: &Card, out: &mut Vec<Command>) {
    if card.operands.is_empty() {
        return;
    }
    let chips: Vec<Quantity> = card.operands.iter().copied().take(MOST_CHIPS).collect();
    chips_ui(ui, shown, "why-made-of", &chips, card.n_operands, out);
}

/// What the number goes into.
pub(super) fn used_in_ui(ui: &mut Ui, shown: &Shown<'_>, of: Quantity, out: &mut Vec<Command>) {
    let uses = shown.explainer.uses(of);
    let n = uses.iter().map(|used| used.n).sum();
    let chips: Vec<Quantity> = uses.into_iter().flat_map(|used| used.named).take(MOST_CHIPS).collect();
    if !chips.is_empty() {
        chips_ui(ui, shown, "why-used-in", &chips, n, out);
    }
}

fn chips_ui(ui: &mut Ui, shown: &Shown<'_>, key: &str, chips: &[Quantity], n: usize, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    ui.add_space(8.0);
    ui.label(RichText::new(shown.words.text(key)).size(12.0).color(theme.weak));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(5.0, 5.0);
        for &of in chips {
            chip_ui(ui, shown, of, out);
        }
        let more = n.saturating_sub(chips.len());
        if more > 0 {
            let text = shown.words.text_with("why-more", &[("n", more.into())]);
            ui.label(RichText::new(text).size(12.0).color(theme.weak));
        }
    });
}

/// One number: its name, its value, a click to its card.
pub(super) fn chip_ui(ui: &mut Ui, shown: &Shown<'_>, of: Quantity, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let color = family_color(ui, of.tensor);
    let value = shown.explainer.value(of);
    let number = value.map_or_else(|| "None".to_owned(), explain::short);
    let mut job = egui::text::LayoutJob::default();
    let name = chip_name(shown, of);
    job.append(&name, 0.0, egui::TextFormat::simple(theme::mono(11.5), color));
    job.append(&number, 6.0, egui::TextFormat::simple(theme::mono(11.5), theme.text));
    let lit = lit::of(ui.ctx());
    let width = if lit.is_hovered(of) { 2.0 } else { 1.0 };
    let button = Button::new(job).fill(theme.panel).stroke((width, color)).corner_radius(5);
    let response = ui.add(button.wrap_mode(egui::TextWrapMode::Extend));
    let full = format!("{} = {number}", title(shown.app, shown.explainer, of, shown.words));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, full.as_str()));
    if response.hovered() || response.has_focus() {
        lit::light(ui.ctx(), shown.explainer, of);
    }
    if response.clicked() {
        out.push(Command::View(ViewCommand::Follow(of)));
    }
    response.on_hover_ui(|ui| shown.hover_ui(ui, of));
}

/// The label, with the node's name where the explained number is of another node.
fn chip_name(shown: &Shown<'_>, of: Quantity) -> String {
    let label = label(shown.app, shown.explainer, of, shown.words);
    let network = &shown.app.document().network;
    let own = shown.app.why().current().and_then(|current| current.tensor.node(network));
    let other = of.tensor.node(network);
    let is_parameter = matches!(of.tensor, Tensor::Update(_) | Tensor::UpdateLine { .. });
    match other.filter(|_| other != own && !is_parameter).and_then(|node| network.nodes.get(&node)) {
        Some(node) => format!("{} {label}", node.name),
        None => label,
    }
}
