//! A tensor of the pass as a matrix: in the convention chosen, each number with its formula under the
//! pointer and its explanation behind a click.
//!
//! Must not know which panel shows it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use egui::cache::{ComputerMut, FrameCache};
use egui::{Id, RichText, Ui};

use super::fields::note_ui;
use super::lit;
use super::matrix::{MatrixEvents, MatrixView};
use super::theme;
use super::why;
use crate::app::{App, Command, ViewCommand};
use crate::explain::print::Convention;
use crate::explain::{Definitions, Explainer, Quantity, Tensor};
use crate::network::{NodeId, Place, ProblemKind};
use crate::train::{Pass, Values};
use crate::words::{ToMessage as _, Words};

/// What is needed to show numbers of a pass.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<'a> {
    pub(crate) words: &'a Words,
    pub(crate) explainer: &'a Explainer<'a>,
    pub(crate) pass: Option<&'a Pass>,
}

impl Numbers<'_> {
    /// Draws a tensor. `matrix` shows it in PyTorch's order; here it is laid as the convention has it.
    /// Gives what was typed as the place in PyTorch's order with the number.
    pub(crate) fn ui(
        &self,
        ui: &mut Ui,
        id: Id,
        tensor: Tensor,
        matrix: &MatrixView<'_>,
        out: &mut Vec<Command>,
    ) -> Option<(Quantity, f64)> {
        let (convention, definitions) = (self.explainer.convention(), self.explainer.definitions());
        if convention.is_absorbed(tensor) {
            let about = [("matrix", matrix.symbol.into())];
            note_ui(ui, self.words.text_with("convention-absorbed", &about));
            return None;
        }
        let sizes = definitions.sizes(tensor);
        let is_turned = convention.is_column(&sizes) || convention.is_transposed(tensor, &sizes);
        let has_ones = convention.joined_bias(definitions, tensor).is_some();
        let number = |row: usize, column: usize| convention.quantity(definitions, tensor.at(row, column));
        let kept = self.laid(ui, tensor, matrix.values);
        // One sample of columns is a column.
        let only_column = matrix.only_row.filter(|_| is_turned).and_then(|row| column_of(&kept, row));
        let first = if only_column.is_some() { matrix.only_row.unwrap_or(0) } else { 0 };
        let number = |row: usize, column: usize| number(row, column + first);
        let inputs = kept.n_columns().min(kept.n_rows().max(kept.n_columns()));
        let one_of = |names: &dyn Fn(usize) -> String, at: usize, end: usize| {
            if has_ones && at + 1 == end { "1".to_owned() } else { names(at) }
        };
        let (rows, columns): (&dyn Fn(usize) -> String, &dyn Fn(usize) -> String) = if is_turned {
            (matrix.column_name, matrix.row_name)
        } else {
            (matrix.row_name, matrix.column_name)
        };
        let n_rows = kept.n_rows();
        let row_name = |row: usize| if is_turned { one_of(rows, row, n_rows) } else { rows(row) };
        let column_name =
            |column: usize| if is_turned { columns(column + first) } else { one_of(columns, column, inputs) };
        let about = |ui: &mut Ui, of: Quantity| self.about_ui(ui, of);
        let laid = MatrixView {
            values: only_column.as_ref().unwrap_or(&kept),
            only_row: matrix.only_row.filter(|_| !is_turned),
            row_name: &row_name,
            column_name: &column_name,
            number: self.pass.is_some().then_some(&number),
            about: Some(&about),
            ..*matrix
        };
        let events = laid.ui(ui, id, self.words);
        self.react(ui, &events, out);
        let n_columns = laid.values.n_columns().max(1);
        events.typed.map(|(index, value)| (number(index / n_columns, index % n_columns), value))
    }

    /// Draws a table of numbers that knows itself where each stands; no convention turns it.
    pub(crate) fn as_it_stands_ui(
        &self,
        ui: &mut Ui,
        id: Id,
        matrix: &MatrixView<'_>,
        out: &mut Vec<Command>,
    ) {
        let about = |ui: &mut Ui, of: Quantity| self.about_ui(ui, of);
        let events = MatrixView { about: Some(&about), ..*matrix }.ui(ui, id, self.words);
        self.react(ui, &events, out);
    }

    /// Lit under the pointer, explained behind a click.
    fn react(&self, ui: &Ui, events: &MatrixEvents, out: &mut Vec<Command>) {
        if let Some(of) = events.hovered_number {
            lit::light(ui.ctx(), self.explainer, of);
        }
        if let Some(of) = events.clicked_number {
            out.push(Command::View(ViewCommand::Explain(of)));
        }
    }

    /// How the number under the pointer is made.
    fn about_ui(&self, ui: &mut Ui, of: Quantity) {
        let line = self.explainer.line(of).unwrap_or_default();
        if !line.is_empty() {
            ui.set_max_width(420.0);
            ui.label(RichText::new(format!("= {line}")).font(theme::mono(12.0)));
        }
        ui.label(self.words.text("why-hint"));
    }

    /// A tensor's numbers as the convention shows them: kept while they are shown.
    fn laid<'v>(&self, ui: &Ui, tensor: Tensor, values: &'v Values) -> Laid<'v> {
        let convention = self.explainer.convention();
        let Some(pass) = self.pass.filter(|_| convention != Convention::default()) else {
            return Laid::Own(values);
        };
        let key = Key { convention, tensor, values, definitions: self.explainer.definitions(), pass };
        let kept = ui.memory_mut(|memory| {
            memory.caches.cache::<FrameCache<Option<Arc<Values>>, Turn>>().get(key).clone()
        });
        kept.map_or(Laid::Own(values), Laid::Kept)
    }
}

/// Numbers as they stand, or laid another way.
enum Laid<'a> {
    Own(&'a Values),
    Kept(Arc<Values>),
}

impl std::ops::Deref for Laid<'_> {
    type Target = Values;

    fn deref(&self) -> &Values {
        match self {
            Self::Own(values) => values,
            Self::Kept(values) => values,
        }
    }
}

fn column_of(values: &Values, column: usize) -> Option<Values> {
    let numbers: Option<Vec<f64>> = (0..values.n_rows()).map(|row| values.get(row, column)).collect();
    Some(Values::new(vec![values.n_rows(), 1], numbers?))
}

/// A number that stands by itself: a click asks why it is what it is.
pub(crate) fn asked_ui(
    ui: &mut Ui,
    words: &Words,
    text: impl Into<egui::WidgetText>,
    of: Quantity,
    out: &mut Vec<Command>,
) {
    let label = egui::Label::new(text).selectable(false).sense(egui::Sense::click());
    let response = ui.add(label).on_hover_cursor(egui::CursorIcon::PointingHand);
    if response.on_hover_text(words.text("why-hint")).clicked() {
        out.push(Command::View(ViewCommand::Explain(of)));
    }
}

/// A tensor in a convention, told from others by where its numbers are.
#[derive(Clone, Copy)]
struct Key<'a> {
    convention: Convention,
    tensor: Tensor,
    values: &'a Values,
    definitions: &'a Definitions<'a>,
    pass: &'a Pass,
}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.convention, self.tensor, self.values.address(), self.values.len()).hash(state);
        (self.pass.step, self.pass.rows.len()).hash(state);
    }
}

#[derive(Default)]
struct Turn;

impl ComputerMut<Key<'_>, Option<Arc<Values>>> for Turn {
    fn compute(&mut self, key: Key<'_>) -> Option<Arc<Values>> {
        key.convention.shown(key.definitions, key.tensor, key.pass).map(Arc::new)
    }
}

/// The numbers that the panels show now.
pub(crate) fn with_numbers<R>(app: &App, words: &Words, read: impl FnOnce(Numbers<'_>) -> R) -> R {
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    why::with_explainer(app, |explainer| read(Numbers { words, explainer, pass }))
}

/// Says why nothing has been computed yet.
pub(crate) fn no_numbers_ui(ui: &mut Ui, app: &App, words: &Words, of: Option<NodeId>) {
    let network = &app.document().network;
    let asks_for_vector =
        app.problems().iter().find(|problem| matches!(problem.kind, ProblemKind::RootNotScalar { .. }));
    let has_rows = app.prepared().is_some_and(|prepared| prepared.n_samples() > 0);
    let needs_rows = network.nodes.values().any(|node| node.kind.data().is_some());
    let text = match asks_for_vector {
        _ if !network.has_root() => words.text("inspector-no-root"),
        // The field for v already asks for it there.
        Some(problem) if of.is_some_and(|node| problem.at == Place::Node(node)) => return,
        Some(problem) => words.say(&problem.message()),
        None if needs_rows && !has_rows => words.text("inspector-no-pass"),
        None => words.text("inspector-no-pass-problems"),
    };
    note_ui(ui, text);
}
