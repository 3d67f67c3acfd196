//! Where a loss and the activation before it are one step: the short delta, and the long way beside it.
//!
//! Must not know rules: both ways come from the definitions.

use egui::{RichText, Ui};

use super::super::fields::note_ui;
use super::super::theme;
use super::{NOTES, Shown};
use crate::app::Command;
use crate::explain::Quantity;

impl Shown<'_> {
    /// The two ways to a delta that a loss and its activation share.
    pub(super) fn shortcut_ui(&self, ui: &mut Ui, of: Quantity, out: &mut Vec<Command>) {
        let network = &self.app.document().network;
        let name = |node| network.nodes.get(&node).map(|node| node.name.clone()).unwrap_or_default();
        let Some(long) = self.explainer.long_way(of) else {
            if let Some((activation, loss)) = self.explainer.open_derivative(of) {
                let about = [("loss", name(loss).into()), ("activation", name(activation).into())];
                note_ui(ui, self.words.text_with("why-no-shortcut", &about));
            }
            return;
        };
        ui.add_space(6.0);
        ui.separator();
        ui.label(RichText::new(self.words.text("why-shortcut")).font(theme::strong(13.0)));
        let about = [("loss", name(long.loss).into()), ("activation", name(long.activation).into())];
        note_ui(ui, self.words.text_with("why-shortcut-note", &about));
        let card = self.explainer.card_of(of, Some(long.formula.clone()));
        if let (Some(signs), Some(mut numbers)) = (card.signs, card.numbers) {
            self.formula_ui(ui, &signs, NOTES, out);
            let value = self.explainer.evaluate(&long.formula);
            if let Some(value) = value {
                numbers.equal_to(value);
            }
            self.formula_ui(ui, &numbers, NOTES, out);
            let short = self.explainer.value(of);
            let key = match (short, value) {
                (Some(a), Some(b)) if b.is_finite() && is_near(a, b) => "why-shortcut-equal",
                (_, Some(b)) if !b.is_finite() => "why-shortcut-not-finite",
                _ => "why-shortcut-differs",
            };
            note_ui(ui, self.words.text(key));
        }
    }
}

/// Equal to rounding.
fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-5 * a.abs().max(b.abs()).max(1e-3)
}
