//! The line that made a matrix: typeset, with its shapes, each tensor a link to its first number.
//!
//! Must not know where the line comes from.

use egui::{Color32, RichText, Ui};

use super::{Formula, family_color};
use crate::app::{Command, ViewCommand};
use crate::explain;
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// The height of an em.
const SIZE: f32 = 15.5;

/// Draws the line with its shapes and what its names stand for; `time_step` is the one shown.
pub(crate) fn line_ui(
    ui: &mut Ui,
    words: &Words,
    line: &explain::Formula,
    time_step: usize,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let colors: Vec<Color32> = line.marks.iter().map(|&tensor| family_color(ui, tensor)).collect();
    let linear = format!("{} = {}", line.result, line.expression);
    let formula = Formula {
        parts: &line.latex,
        linear: &linear,
        size: SIZE,
        color: &|mark| colors.get(mark).copied().unwrap_or(theme.text),
        is_lit: &|_| false,
    };
    let (_, pointed) = formula.ui(ui);
    if let Some(&tensor) = pointed.clicked.and_then(|mark| line.marks.get(mark)) {
        let tensor = tensor.moved_in_time(line.time_step, time_step);
        out.push(Command::View(ViewCommand::Explain(tensor.at(0, 0))));
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(12.0, 0.0);
        ui.horizontal_wrapped(|ui| {
            // Shapes and notes go to the next line as a whole.
            let shapes = shapes_in_words(words, &line.shapes);
            for text in [Some(&shapes), line.note.as_ref()].into_iter().flatten() {
                let width = ui.painter().layout_no_wrap(text.clone(), theme::mono(11.0), theme.weak).size().x;
                let label = egui::Label::new(RichText::new(text).font(theme::mono(11.0)).color(theme.weak));
                // Where even a whole line is too short, it breaks: it must not make the panel wider.
                ui.add(if width <= ui.max_rect().width() { label.extend() } else { label.wrap() });
            }
        });
    });
}

/// Shapes as a person says them: what has no axes is a scalar; of nothing but scalars it is said once.
pub(crate) fn shapes_in_words(words: &Words, shapes: &str) -> String {
    let scalar = words.text("shape-scalar");
    if shapes.contains("[]") && !shapes.chars().any(char::is_alphanumeric) {
        return scalar;
    }
    shapes.replace("[]", &scalar)
}
