//! The choice of a convention, in the View menu and below an explanation.
//!
//! Must not know what a convention does to a formula.

use egui::Ui;

use super::fields::choice_ui;
use crate::app::{Command, ViewCommand};
use crate::explain::print::{BiasStyle, Convention, Layout, NameStyle, ReductionPlace};
use crate::words::Words;

const LAYOUTS: [(Layout, &str, &str); 3] = [
    (Layout::PyTorch, "convention-pytorch", "Z = X Wᵀ + b"),
    (Layout::NumPy, "convention-numpy", "Z = X W + b"),
    (Layout::Columns, "convention-columns", "z = W x + b"),
];
const NAMES: [(NameStyle, &str); 2] =
    [(NameStyle::Node, "convention-node"), (NameStyle::Layer, "convention-layer")];
const REDUCTIONS: [(ReductionPlace, &str); 2] = [
    (ReductionPlace::Loss, "convention-mean-loss"),
    (ReductionPlace::Parameters, "convention-mean-parameters"),
];
const BIASES: [(BiasStyle, &str); 2] =
    [(BiasStyle::Apart, "convention-bias-apart"), (BiasStyle::Ones, "convention-bias-ones")];

/// The choices as entries of a menu.
pub(crate) fn convention_menu_ui(ui: &mut Ui, convention: Convention, words: &Words, out: &mut Vec<Command>) {
    let mut new = convention;
    let mut entry = |ui: &mut Ui, is_chosen: bool, text: String, chosen: Convention| {
        if ui.selectable_label(is_chosen, text).clicked() {
            new = chosen;
            ui.close();
        }
    };
    for (layout, key, formula) in LAYOUTS {
        let text = format!("{}   {formula}", words.text(key));
        entry(ui, convention.layout == layout, text, Convention { layout, ..convention });
    }
    ui.separator();
    for (names, key) in NAMES {
        entry(ui, convention.names == names, words.text(key), Convention { names, ..convention });
    }
    ui.separator();
    for (reduction, key) in REDUCTIONS {
        let chosen = Convention { reduction, ..convention };
        entry(ui, convention.reduction == reduction, words.text(key), chosen);
    }
    ui.separator();
    for (bias, key) in BIASES {
        entry(ui, convention.bias == bias, words.text(key), Convention { bias, ..convention });
    }
    send(convention, new, out);
}

/// The choices as a row of boxes.
pub(crate) fn convention_row_ui(ui: &mut Ui, convention: Convention, words: &Words, out: &mut Vec<Command>) {
    let new = convention_choices_ui(ui, convention, words);
    send(convention, new, out);
}

/// The same where the choice is nobody else's; gives it.
pub(crate) fn convention_choices_ui(ui: &mut Ui, convention: Convention, words: &Words) -> Convention {
    let mut new = convention;
    let formula = LAYOUTS.iter().find(|(layout, ..)| *layout == convention.layout);
    let formula = formula.map_or("", |(_, _, formula)| formula);
    let layouts = LAYOUTS.map(|(layout, key, formula)| (layout, format!("{}   {formula}", words.text(key))));
    let label = words.text("convention-layout");
    new.layout = choice_ui(ui, &label, &convention.layout, layouts, formula).unwrap_or(new.layout);
    let text_of = |key: Option<&str>| key.map_or_else(String::new, |key| words.text(key));
    let shown = NAMES.iter().find(|(names, _)| *names == convention.names).map(|(_, key)| *key);
    let names = NAMES.map(|(names, key)| (names, words.text(key)));
    let label = words.text("convention-names");
    new.names = choice_ui(ui, &label, &convention.names, names, &text_of(shown)).unwrap_or(new.names);
    let shown = REDUCTIONS.iter().find(|(place, _)| *place == convention.reduction).map(|(_, key)| *key);
    let reductions = REDUCTIONS.map(|(place, key)| (place, words.text(key)));
    let label = words.text("convention-mean");
    let chosen = choice_ui(ui, &label, &convention.reduction, reductions, &text_of(shown));
    new.reduction = chosen.unwrap_or(new.reduction);
    let shown = BIASES.iter().find(|(bias, _)| *bias == convention.bias).map(|(_, key)| *key);
    let biases = BIASES.map(|(bias, key)| (bias, words.text(key)));
    let label = words.text("convention-bias");
    new.bias = choice_ui(ui, &label, &convention.bias, biases, &text_of(shown)).unwrap_or(new.bias);
    new
}

fn send(old: Convention, new: Convention, out: &mut Vec<Command>) {
    if new != old {
        out.push(Command::View(ViewCommand::Convention(new)));
    }
}
