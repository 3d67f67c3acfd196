//! The matrices of a node: numbers of one pass, each with the line that made it.
//!
//! Must not know how they are computed. What is not there is said in words, never shown as zero.

use egui::{Id, RichText, Ui};

use super::super::fields::note_ui;
use super::super::findings::{Findings, with_formulas};
use super::super::formula::line;
use super::super::matrix::{MatrixView, matrix_width};
use super::super::names::feature_name;
use super::super::numbers::{Numbers, asked_ui, no_numbers_ui, with_numbers};
use super::super::samples::row_of;
use super::super::theme::{self, Theme};
use super::{kept, through_time};
use crate::app::{App, Command, EditCommand};
use crate::explain::{Formula, Formulas, Letter, Quantity, Tensor, output_letter};
use crate::network::{EdgeId, Node, NodeId, ParameterKey, ParameterRole};
use crate::train::{NodePass, Pass, Precision, Values};
use crate::words::Words;

/// What is needed to show the matrices of one node.
struct Shown<'a> {
    app: &'a App,
    words: &'a Words,
    id: NodeId,
    node: &'a Node,
    pass: Option<&'a Pass>,
    formulas: &'a Formulas<'a>,
    numbers: Numbers<'a>,
}

/// The letter of a parameter, and that of its entries.
fn letter_of(role: ParameterRole) -> (Letter, char) {
    match role {
        ParameterRole::Weight => (Letter::W, 'w'),
        ParameterRole::Bias => (Letter::B, 'b'),
        ParameterRole::Value => (Letter::X, 'x'),
    }
}

/// All matrices that the node's kind has.
pub(super) fn matrices_ui(
    ui: &mut Ui,
    app: &App,
    findings: &Findings,
    words: &Words,
    id: NodeId,
    node: &Node,
    out: &mut Vec<Command>,
) {
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    with_formulas(app, findings, |formulas| {
        with_numbers(app, words, |numbers| {
            let shown = Shown { app, words, id, node, pass, formulas, numbers };
            if pass.is_none() {
                no_numbers_ui(ui, app, words, Some(id));
            }
            if let Some(dense) = node.kind.dense() {
                shown.parameter_ui(ui, ParameterRole::Weight, out);
                if dense.bias {
                    shown.parameter_ui(ui, ParameterRole::Bias, out);
                }
            }
            if node.kind.tensor().is_some() {
                // Its value and its gradient are those of the parameter.
                return shown.parameter_ui(ui, ParameterRole::Value, out);
            }
            if !node.kind.is_target()
                && let Some(norms) =
                    pass.and_then(|pass| pass.grad_norms.get(&id)).filter(|norms| norms.len() > 1)
                // In the middle of a walk none may have arrived so far.
                && (norms.iter().any(Option::is_some) || !app.is_walking())
            {
                let letter = output_letter(&node.kind).gradient().symbol();
                through_time::norms_ui(ui, words, shown.matrix_id(ui, "norms"), (id, letter, norms), out);
            }
            match pass.and_then(|pass| pass.node(id, app.time_step())) {
                Some(numbers) => shown.values_ui(ui, numbers, out),
                None if app.is_walking() => note_ui(ui, words.text("walk-none-yet")),
                None if pass.is_some() => note_ui(ui, words.text("inspector-not-watched")),
                None => {}
            }
        });
    });
}

impl Shown<'_> {
    /// Output, its gradient, and what came in over each port.
    fn values_ui(&self, ui: &mut Ui, numbers: &NodePass, out: &mut Vec<Command>) {
        let time_step = self.app.time_step();
        let output = Tensor::Output { node: self.id, time_step };
        let grad = Tensor::Grad { node: self.id, time_step };
        let letter = output_letter(&self.node.kind);
        let own = |column: usize| feature_name(self.app, self.id, column);
        if self.node.kind.has_one_input()
            && let Some(port) = numbers.ports.first()
        {
            let from = port.from;
            let incoming = |column: usize| feature_name(self.app, from, column);
            let input = if self.node.kind.activation().is_some() { Letter::Z } else { Letter::X };
            let lines = (self.formulas.output(self.id), self.formulas.output_gradient(self.id));
            let pair = ((output, &numbers.output), (grad, numbers.grad.as_ref()));
            self.pair_ui(ui, letter, pair, &own, &lines, out);
            if let Some(mask) = &numbers.mask {
                let tensor = Tensor::Mask { node: self.id, time_step };
                self.matrix_ui(ui, "M", (tensor, mask), &own, None, out);
            }
            self.fused_ui(ui, numbers);
            let lines = (None, self.formulas.input_gradient(self.id, 0));
            let (value, grad) = port_tensors(port.edge, time_step);
            let pair = ((value, &port.value), (grad, port.grad.as_ref()));
            self.pair_ui(ui, input, pair, &incoming, &lines, out);
            return;
        }
        if self.node.kind.is_target() {
            self.matrix_ui(ui, letter.symbol(), (output, &numbers.output), &own, None, out);
            note_ui(ui, self.words.text("inspector-target-grad"));
        } else {
            let lines = (self.formulas.output(self.id), self.formulas.output_gradient(self.id));
            let pair = ((output, &numbers.output), (grad, numbers.grad.as_ref()));
            self.pair_ui(ui, letter, pair, &own, &lines, out);
        }
        if self.node.kind.is_loss() {
            self.scale_ui(ui, out);
        }
        self.ports_ui(ui, numbers, out);
    }

    /// What came in over each port, and what is sent back over it.
    fn ports_ui(&self, ui: &mut Ui, numbers: &NodePass, out: &mut Vec<Command>) {
        for (i, port) in numbers.ports.iter().enumerate() {
            let Some(source) = self.app.document().network.nodes.get(&port.from) else { continue };
            let letter = output_letter(&source.kind);
            let from = port.from;
            let names = |column: usize| feature_name(self.app, from, column);
            ui.push_id(("port", i), |ui| {
                let symbol = format!("{} ({})", letter.symbol(), source.name);
                let (value, grad) = port_tensors(port.edge, self.app.time_step());
                self.matrix_ui(ui, &symbol, (value, &port.value), &names, None, out);
                if source.kind.is_target() {
                    return;
                }
                let formula = self.formulas.input_gradient(self.id, i);
                let symbol = format!("{} → {}", letter.gradient().symbol(), source.name);
                match &port.grad {
                    Some(values) => {
                        self.matrix_ui(ui, &symbol, (grad, values), &names, formula.as_ref(), out);
                    }
                    None => self.none_ui(ui, &symbol, self.none_key(from)),
                }
            });
        }
    }

    /// A value and its gradient: side by side where both fit, with their lines below.
    fn pair_ui(
        &self,
        ui: &mut Ui,
        letter: Letter,
        (value, (of_grad, grad)): ((Tensor, &Values), (Tensor, Option<&Values>)),
        names: &dyn Fn(usize) -> String,
        lines: &(Option<Formula>, Option<Formula>),
        out: &mut Vec<Command>,
    ) {
        let gradient = letter.gradient().symbol();
        let Some(grad) = grad else {
            self.matrix_ui(ui, letter.symbol(), value, names, lines.0.as_ref(), out);
            return self.none_ui(ui, gradient, self.none_key(self.owner(of_grad)));
        };
        let grad = (of_grad, grad);
        if !self.fit_beside(ui, gradient, value.1, Some(grad.1)) {
            self.matrix_ui(ui, letter.symbol(), value, names, lines.0.as_ref(), out);
            self.matrix_ui(ui, gradient, grad, names, lines.1.as_ref(), out);
            return;
        }
        ui.columns_const(|[left, right]| {
            self.matrix_ui(left, letter.symbol(), value, names, None, out);
            self.matrix_ui(right, gradient, grad, names, None, out);
        });
        formula_ui(ui, self.words, lines.0.as_ref(), self.app.time_step(), out);
        formula_ui(ui, self.words, lines.1.as_ref(), self.app.time_step(), out);
    }

    /// Whose gradient it is: that of a wire is its source's.
    fn owner(&self, gradient: Tensor) -> NodeId {
        match gradient {
            Tensor::PortGrad { edge, .. } => {
                self.app.document().network.edges.get(&edge).map_or(self.id, |edge| edge.from)
            }
            _ => self.id,
        }
    }

    /// A batched value: rows are samples.
    fn matrix_ui(
        &self,
        ui: &mut Ui,
        symbol: &str,
        (tensor, values): (Tensor, &Values),
        names: &dyn Fn(usize) -> String,
        formula: Option<&Formula>,
        out: &mut Vec<Command>,
    ) {
        let theme = Theme::of(ui);
        let only_row = self.pass.and_then(Pass::shown_row).filter(|row| *row < values.n_rows());
        let rows = self.pass.map_or(&[][..], |pass| pass.rows.as_slice());
        // One number of the whole batch is of no row, and no unit gives it.
        let is_one_number = values.shape().is_empty();
        let row_name = |row: usize| match rows.get(row) {
            Some(&sample) if !is_one_number => (row_of(self.app, sample) + 1).to_string(),
            _ => String::new(),
        };
        let column_name = |column: usize| if is_one_number { String::new() } else { names(column) };
        let matrix = MatrixView {
            symbol,
            values,
            only_row: only_row.filter(|_| values.shape().len() > 1),
            row_name: &row_name,
            column_name: &column_name,
            cell_name: None,
            colors: if tensor.is_gradient() { &theme.gradients } else { &theme.values },
            precision: self.pass.map_or(Precision::F64, |pass| pass.precision),
            editable: false,
            number: None,
            about: None,
            cell_state: None,
        };
        self.numbers.ui(ui, self.matrix_id(ui, symbol), tensor, &matrix, out);
        formula_ui(ui, self.words, formula, self.app.time_step(), out);
    }

    /// W with `grad_W`, or b with `grad_b`. Without a pass, the numbers of the document.
    fn parameter_ui(&self, ui: &mut Ui, role: ParameterRole, out: &mut Vec<Command>) {
        let key = ParameterKey::Node(self.id, role);
        let theme = Theme::of(ui);
        let (letter, cell) = letter_of(role);
        let Some(parameter) = self.app.document().parameters.get(&key) else {
            let letter = [("letter", letter.symbol().into())];
            return note_ui(ui, self.words.text_with("inspector-no-parameter", &letter));
        };
        let newest = self.pass.and_then(|pass| pass.parameters.get(&key));
        let stored;
        let values = if let Some(newest) = newest {
            &newest.value
        } else {
            stored = kept::parameter(ui, parameter);
            stored.as_ref()
        };
        let source = self.app.document().network.incoming(self.id).first().map(|(_, edge)| edge.from);
        let unit = |unit: usize| feature_name(self.app, self.id, unit);
        let input = |column: usize| match (role, source) {
            (ParameterRole::Weight, Some(source)) => feature_name(self.app, source, column),
            (ParameterRole::Weight, None) | (ParameterRole::Value, _) => column.to_string(),
            (ParameterRole::Bias, _) => unit(column),
        };
        let row = |row: usize| match role {
            ParameterRole::Weight => unit(row),
            ParameterRole::Value if values.shape().len() > 1 => row.to_string(),
            ParameterRole::Bias | ParameterRole::Value => String::new(),
        };
        let wide = values.shape().iter().any(|&n| n > 10);
        let cell_name = |row: usize, column: usize| match role {
            ParameterRole::Value if values.shape().is_empty() => cell.to_string(),
            ParameterRole::Value if values.shape().len() == 1 => format!("{cell}{column}"),
            ParameterRole::Weight | ParameterRole::Value if wide => format!("{cell}{row},{column}"),
            ParameterRole::Weight | ParameterRole::Value => format!("{cell}{row}{column}"),
            ParameterRole::Bias => format!("{cell}{column}"),
        };
        let precision = self.pass.map_or(Precision::F64, |pass| pass.precision);
        let matrix = MatrixView {
            symbol: letter.symbol(),
            values,
            only_row: None,
            row_name: &row,
            column_name: &input,
            cell_name: Some(&cell_name),
            colors: &theme.values,
            precision,
            editable: true,
            number: None,
            about: None,
            cell_state: None,
        };
        let weight = Tensor::Parameter(key);
        let share =
            Tensor::ParameterGrad { key, time_step: None, sample: self.pass.and_then(Pass::shown_sample) };
        let gradient = letter.gradient();
        let grad = newest.and_then(|newest| newest.grad.as_ref());
        let beside = parameter.trainable && self.fit_beside(ui, gradient.symbol(), values, grad);
        let mut edited = None;
        let grad_matrix = |grad| MatrixView {
            symbol: gradient.symbol(),
            values: grad,
            colors: &theme.gradients,
            editable: false,
            ..matrix
        };
        if let Some(grad) = grad.filter(|_| beside) {
            ui.columns_const(|[left, right]| {
                edited = self.numbers.ui(left, self.matrix_id(left, letter.symbol()), weight, &matrix, out);
                let id = self.matrix_id(right, gradient.symbol());
                self.numbers.ui(right, id, share, &grad_matrix(grad), out);
            });
        } else {
            edited = self.numbers.ui(ui, self.matrix_id(ui, letter.symbol()), weight, &matrix, out);
        }
        if let Some((Quantity { tensor: Tensor::Parameter(key), row, column }, value)) = edited {
            let n_columns = self.app.document().parameters.get(&key).and_then(|it| it.shape.get(1)).copied();
            let index = row * n_columns.unwrap_or(0) + column;
            out.push(Command::Edit(EditCommand::SetParameterEntry { key, index, value }));
        }
        if !parameter.trainable {
            return self.none_ui(ui, gradient.symbol(), "inspector-frozen");
        }
        let Some(newest) = newest else { return };
        let Some(grad) = grad else {
            return self.none_ui(ui, gradient.symbol(), self.none_key(self.id));
        };
        if !beside {
            self.numbers.ui(ui, self.matrix_id(ui, gradient.symbol()), share, &grad_matrix(grad), out);
        }
        let formula = self.formulas.parameter_gradient(self.id, role);
        formula_ui(ui, self.words, formula.as_ref(), self.app.time_step(), out);
        if newest.grad_steps.len() > 1 {
            let id = self.matrix_id(ui, gradient.symbol());
            let shares = &newest.grad_steps;
            let at = self.app.time_step();
            through_time::shares_ui(ui, self.numbers, id, (share, &grad_matrix(grad)), (shares, at), out);
        }
        if let Some(update) = &newest.update {
            let matrix = MatrixView { symbol: "Δ", values: update, editable: false, ..matrix };
            self.update_ui(ui, key, letter, &matrix, out);
        }
    }

    /// What the optimizer adds.
    fn update_ui(
        &self,
        ui: &mut Ui,
        key: ParameterKey,
        letter: Letter,
        matrix: &MatrixView<'_>,
        out: &mut Vec<Command>,
    ) {
        let title = self.words.text_with("inspector-update", &[("letter", letter.symbol().into())]);
        ui.collapsing(title, |ui| {
            let id = self.matrix_id(ui, "update").with(letter.symbol());
            self.numbers.ui(ui, id, Tensor::Update(key), matrix, out);
            note_ui(ui, self.words.text("inspector-update-note"));
        });
    }

    fn fused_ui(&self, ui: &mut Ui, numbers: &NodePass) {
        let Some(loss) = numbers.fused_into.and_then(|loss| self.app.document().network.nodes.get(&loss))
        else {
            return;
        };
        note_ui(ui, self.words.text_with("inspector-fused", &[("loss", loss.name.as_str().into())]));
    }

    /// s of dZ = (A − Y) · s, as a number.
    fn scale_ui(&self, ui: &mut Ui, out: &mut Vec<Command>) {
        let loss = self.pass.and_then(|pass| pass.losses.iter().find(|loss| loss.node == self.id));
        if let Some(loss) = loss {
            let text = format!("s = {}", crate::explain::short(loss.scale));
            let text = RichText::new(text).font(theme::mono(11.5)).color(Theme::of(ui).weak);
            asked_ui(ui, self.words, text, Tensor::LossScale(self.id).at(0, 0), out);
        }
    }

    /// Why a node's value has no gradient: what is not recorded has none, and a constant has none.
    fn none_key(&self, node: NodeId) -> &'static str {
        let network = &self.app.document().network;
        if network.nodes.get(&node).is_some_and(Node::is_unrecorded) {
            "inspector-none-no-grad"
        } else if network.is_constant(node) {
            "inspector-none-constant"
        } else {
            none_key(self.app)
        }
    }

    /// A matrix that is not there, with the reason.
    fn none_ui(&self, ui: &mut Ui, symbol: &str, key: &str) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(symbol).font(theme::strong(13.0)));
            note_ui(ui, self.words.text(key));
        });
    }

    /// Whether a matrix and its gradient have room beside each other.
    fn fit_beside(&self, ui: &Ui, gradient: &str, values: &Values, grad: Option<&Values>) -> bool {
        let Some(grad) = grad else { return false };
        let id = self.matrix_id(ui, gradient).with("beside");
        let width = |values, side| matrix_width(ui, id.with(side), values) + 8.0;
        2.0 * width(values, 0).max(width(grad, 1)) <= ui.available_width()
    }

    fn matrix_id(&self, ui: &Ui, symbol: &str) -> Id {
        ui.id().with(("matrix", self.id, symbol))
    }
}

/// Why there is no gradient: in the middle of a walk only that it is not there yet is known.
pub(super) fn none_key(app: &App) -> &'static str {
    if app.walk().is_some_and(|walk| !walk.is_at_end()) { "walk-none-so-far" } else { "inspector-none" }
}

/// What arrives over a wire, and what is sent back.
fn port_tensors(edge: EdgeId, time_step: usize) -> (Tensor, Tensor) {
    (Tensor::PortValue { edge, time_step }, Tensor::PortGrad { edge, time_step })
}

/// The line that made a matrix.
fn formula_ui(
    ui: &mut Ui,
    words: &Words,
    formula: Option<&Formula>,
    time_step: usize,
    out: &mut Vec<Command>,
) {
    let Some(formula) = formula else { return };
    line::line_ui(ui, words, formula, time_step, out);
    ui.add_space(4.0);
}
