//! What the panels about the trained network have in common: saying which weights an answer is about.
//!
//! Must not know what was asked.

use egui::{RichText, Ui};

use super::fields::label_behind_ui;
use super::theme::Theme;
use crate::app::Answer;
use crate::words::Words;

/// Which weights an answer was made with, and whether newer ones are being looked at.
pub(crate) fn freshness_ui<A>(ui: &mut Ui, words: &Words, answer: &Answer<'_, A>) {
    let theme = Theme::of(ui);
    let step = [("step", (answer.step as f64).into())];
    let (key, color) =
        if answer.is_current { ("insight-step", theme.weak) } else { ("insight-step-older", theme.warning) };
    label_behind_ui(ui, RichText::new(words.text_with(key, &step)).color(color));
}
