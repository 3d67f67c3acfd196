//! What the optimizer makes of one parameter's gradient, line by line with numbers.
//!
//! Must not know the optimizers' rules: each line is a number with a formula of its own.

use egui::{RichText, Ui};

use super::super::fields::note_ui;
use super::super::theme;
use super::{NOTES, Shown};
use crate::app::Command;
use crate::autodiff::{UpdateLine, UpdateRule};
use crate::explain::{self, Quantity, Tensor};
use crate::network::ParameterKey;

impl Shown<'_> {
    /// The lines of the step on the parameter that a number speaks of.
    pub(super) fn optimizer_ui(&self, ui: &mut Ui, of: Quantity, out: &mut Vec<Command>) {
        let Some(key) = key_of(of.tensor) else { return };
        let pass = self.app.snapshot().and_then(|snapshot| snapshot.pass.clone());
        let Some(pass) = pass else { return };
        let (Some(optimizer), Some(parameter)) = (&pass.optimizer, pass.parameters.get(&key)) else { return };
        if parameter.update.is_none() {
            return;
        }
        let rule = UpdateRule::of(optimizer.kind, parameter.steps + 1, optimizer.learning_rate);
        ui.add_space(6.0);
        ui.separator();
        let name = crate::ui::training::optimizer_name(&self.app.document().training.optimizer);
        let about = [("optimizer", name.into()), ("step", (parameter.steps + 1).to_string().into())];
        ui.label(RichText::new(self.words.text_with("why-optimizer", &about)).font(theme::strong(13.0)));
        let at = |tensor: Tensor| tensor.at(of.row, of.column);
        let mut lines = vec![at(Tensor::UsedGrad(key))];
        lines.extend(rule.lines.iter().map(|(line, _)| match line {
            UpdateLine::Change => at(Tensor::Update(key)),
            line => at(Tensor::UpdateLine { key, line: *line }),
        }));
        for line in lines {
            self.line_ui(ui, line, out);
        }
        self.verdict_ui(ui, key, of);
    }

    /// `m_t = 0.9 · m_{t−1} + 0.1 · g = 0.9 · 0.02 + 0.1 · 0.05 = 0.0230`.
    fn line_ui(&self, ui: &mut Ui, of: Quantity, out: &mut Vec<Command>) {
        let Some(line) = self.explainer.equation(of) else { return };
        self.formula_ui(ui, &line, NOTES, out);
        ui.add_space(2.0);
    }

    /// What backpropagation gave, and what the optimizer made of it.
    fn verdict_ui(&self, ui: &mut Ui, key: ParameterKey, of: Quantity) {
        let at = |tensor: Tensor| self.explainer.value(tensor.at(of.row, of.column));
        let grad = at(Tensor::UsedGrad(key));
        let (Some(grad), Some(change), Some(weight)) =
            (grad, at(Tensor::Update(key)), at(Tensor::Parameter(key)))
        else {
            return;
        };
        let about = [
            ("grad", explain::short(grad).into()),
            ("change", explain::short(change).into()),
            ("before", explain::short(weight).into()),
            ("after", explain::short(weight + change).into()),
        ];
        let key = if grad * change > 0.0 { "why-optimizer-against" } else { "why-optimizer-verdict" };
        note_ui(ui, self.words.text_with(key, &about));
    }
}

fn key_of(tensor: Tensor) -> Option<ParameterKey> {
    match tensor {
        Tensor::Parameter(key)
        | Tensor::Update(key)
        | Tensor::UsedGrad(key)
        | Tensor::UpdateLine { key, .. }
        | Tensor::OptimizerState { key, .. }
        | Tensor::ParameterGrad { key, time_step: None, sample: None } => Some(key),
        _ => None,
    }
}
