//! The current action of a walk: formula, matrices in place, shapes, the line of code.
//!
//! Must not know how an action computes.

use egui::{RichText, Ui};

use super::bar::short_code;
use super::matrices::Placed;
use super::{action_name, purpose};
use crate::algebra::Expression;
use crate::app::{App, Command};
use crate::explain::print::{Convention, Layout, Names, Symbols, latex, marked};
use crate::explain::{ActionKind, CodeStyle, Definitions, Tensor, TimelineAction, Walk};
use crate::ui::fields::{note_behind_ui, note_ui};
use crate::ui::formula::Formula;
use crate::ui::formula::line::shapes_in_words;
use crate::ui::theme::{self, Theme};
use crate::words::Words;

/// More operands are counted instead of shown.
const MOST_OPERANDS: usize = 4;

/// The action just before the cursor.
pub(super) fn action_ui(ui: &mut Ui, app: &App, walk: &Walk, words: &Words, out: &mut Vec<Command>) {
    refusal_ui(ui, app, walk, words);
    let Some((idx, action)) = walk.current().zip(walk.current_action()) else {
        note_ui(ui, words.text("walk-begin"));
        return;
    };
    let definitions = app.definitions(walk.pass());
    let convention = app.convention();
    let names = Names::new(&definitions, convention.names);
    ui.horizontal_wrapped(|ui| {
        let about = [("n", walk.cursor().into()), ("action", action_name(app, words, action).into())];
        let title = words.text_with("walk-title", &about);
        ui.label(RichText::new(title).font(theme::strong(14.0)));
        note_behind_ui(ui, purpose(words, action));
    });
    let written = Written { definitions: &definitions, names: &names, convention };
    written.formula_ui(ui, words, action);
    written.matrices_ui(ui, walk, action, words, out);
    written.code_ui(ui, walk, idx, words);
    if action.is_for_showing {
        note_ui(ui, words.text("walk-for-showing"));
    }
}

/// Why the last choice was refused.
fn refusal_ui(ui: &mut Ui, app: &App, walk: &Walk, words: &Words) {
    let Some(refused) = app.walk_refusal() else { return };
    let Some(action) = walk.timeline().action(refused.action) else { return };
    let definitions = app.definitions(walk.pass());
    let names = Names::new(&definitions, app.convention().names);
    let missing: Vec<String> = refused.missing.iter().map(|tensor| names.symbol(*tensor)).collect();
    let action = ("action", action_name(app, words, action).into());
    let text = match refused.unfinished {
        Some(phase) if missing.is_empty() => {
            words.text_with("walk-refused-phase", &[action, ("phase", short_code(phase).into())])
        }
        _ => words.text_with("walk-refused", &[action, ("missing", missing.join(", ").into())]),
    };
    ui.add(egui::Label::new(RichText::new(text).color(Theme::of(ui).warning)).wrap());
}

/// What is needed to write the parts of an action.
struct Written<'a> {
    definitions: &'a Definitions<'a>,
    names: &'a Names<'a>,
    convention: Convention,
}

impl Written<'_> {
    /// `grad_W = dZᵀ X` with the shapes under it.
    fn formula_ui(&self, ui: &mut Ui, words: &Words, action: &TimelineAction) {
        let (Some(makes), Some(definition)) = (action.makes, action.definition.clone()) else { return };
        let Some(definition) = self.convention.rewritten(self.definitions, makes, definition) else { return };
        let theme = Theme::of(ui);
        let operands = operands(&definition);
        let is_scalar = |tensor: &Tensor| self.definitions.sizes(*tensor).is_empty();
        let sign = |tensor: &Tensor| {
            let latex = self.names.latex(*tensor);
            match operands.iter().position(|other| other == tensor) {
                Some(mark) => marked(mark, &latex),
                None => latex,
            }
        };
        let right = latex(&definition, &sign, &is_scalar, None);
        let leaf = |tensor: &Tensor| self.names.symbol(*tensor);
        let symbols = Symbols { leaf: &leaf, is_scalar: &is_scalar, value: None, names_written_out: false };
        let linear = format!("{} = {}", self.names.symbol(makes), symbols.line(&definition));
        let left = marked(operands.len(), &self.names.latex(makes));
        let color = |mark: usize| match operands.get(mark).copied().unwrap_or(makes) {
            tensor if tensor.is_gradient() => theme.gradient_text,
            _ => theme.value_text,
        };
        ui.add_space(6.0);
        let formula = Formula {
            parts: &[format!("{left} = {right}")],
            linear: &linear,
            size: 19.0,
            color: &color,
            is_lit: &|_| false,
        };
        formula.ui(ui);
        let shapes: Vec<String> = std::iter::once(makes)
            .chain(operands.iter().copied())
            .map(|tensor| {
                let shape = shapes_in_words(words, &self.shape(tensor));
                // A line breaks between two tensors only.
                format!("{} {shape}", self.names.symbol(tensor)).replace(' ', "\u{a0}")
            })
            .collect();
        ui.label(RichText::new(shapes.join("   ")).font(theme::mono(11.0)).color(theme.weak));
    }

    fn shape(&self, tensor: Tensor) -> String {
        let sizes = self.convention.sizes(self.definitions, tensor);
        let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
        format!("[{}]", sizes.join(", "))
    }

    /// What is made, and what it is made of, as matrices.
    fn matrices_ui(
        &self,
        ui: &mut Ui,
        walk: &Walk,
        action: &TimelineAction,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let Some(made) = action.makes.or_else(|| action.writes.first().copied()) else { return };
        let operands = action.definition.as_ref().map(operands).unwrap_or_default();
        ui.add_space(6.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            self.matrix_ui(ui, walk, made, words, out);
            for (i, &tensor) in operands.iter().take(MOST_OPERANDS).enumerate() {
                ui.label(RichText::new(if i == 0 { "←" } else { "," }).font(theme::mono(14.0)));
                self.matrix_ui(ui, walk, tensor, words, out);
            }
            if let ActionKind::Update(key) = action.kind {
                // What the optimizer's step is for: the parameter as it is from now on.
                ui.label(RichText::new("→").font(theme::mono(14.0)));
                self.matrix_ui(ui, walk, Tensor::Parameter(key), words, out);
            }
        });
    }

    fn matrix_ui(&self, ui: &mut Ui, walk: &Walk, tensor: Tensor, words: &Words, out: &mut Vec<Command>) {
        let sizes = self.definitions.sizes(tensor);
        let placed = Placed {
            tensor,
            symbol: &self.names.symbol(tensor),
            is_transposed: self.convention.is_transposed(tensor, &sizes),
        };
        placed.ui(ui, walk, self.definitions, words, out);
    }

    /// The lines of code with W as PyTorch keeps it or as the course does, and the call that stands for the phase.
    fn code_ui(&self, ui: &mut Ui, walk: &Walk, idx: usize, words: &Words) {
        let theme = Theme::of(ui);
        let id = egui::Id::new("walk code layout");
        let chosen: Option<Layout> = ui.data(|data| data.get_temp(id));
        let mut layout = chosen.unwrap_or(self.convention.layout);
        let convention = Convention { layout, ..self.convention };
        let style = CodeStyle { definitions: self.definitions, convention, names: self.names };
        let lines = walk.timeline().code(idx, &style);
        if lines.is_empty() {
            return;
        }
        ui.add_space(6.0);
        egui::Frame::NONE.fill(theme.control).corner_radius(6).inner_margin(8).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                for (own, key) in
                    [(Layout::PyTorch, "walk-code-pytorch"), (Layout::NumPy, "walk-code-course")]
                {
                    let response = ui.selectable_label(layout == own, words.text(key));
                    if response.on_hover_text(words.text("walk-code")).clicked() {
                        layout = own;
                        ui.data_mut(|data| data.insert_temp(id, own));
                    }
                }
            });
            for line in &lines {
                ui.label(RichText::new(line).font(theme::mono(12.0)));
            }
            if let Some(action) = walk.current_action() {
                note_ui(ui, words.text_with("walk-code-call", &[("call", action.phase.code().into())]));
            }
        });
    }
}

/// The tensors that a formula is made of, each once, in order.
fn operands(definition: &Expression<Tensor>) -> Vec<Tensor> {
    let mut operands = Vec::new();
    definition.for_each_leaf(&mut |leaf: &Tensor| {
        if !operands.contains(leaf) {
            operands.push(*leaf);
        }
    });
    operands
}
