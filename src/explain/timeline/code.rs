//! The lines of code of an action, in a convention.
//!
//! Must not know numbers. A gradient that several actions add to is set by the first and added to by the
//! others, so that the lines of all actions, one after another, are the pass.

use super::{ActionKind, Timeline, TimelineAction};
use crate::algebra::Expression;
use crate::autodiff::UpdateLine;
use crate::explain::definition::Definitions;
use crate::explain::print::{Convention, Layout, Names, Product, numpy};
use crate::explain::quantity::Tensor;

/// What a printed line needs to know.
#[derive(Clone, Copy)]
pub struct CodeStyle<'a> {
    /// The definitions of the drawing, with the updates of the pass.
    pub definitions: &'a Definitions<'a>,
    /// In which convention.
    pub convention: Convention,
    /// What tensors are called.
    pub names: &'a Names<'a>,
}

impl CodeStyle<'_> {
    /// `name = expression`, in this convention; `None` where the tensor is a column of another here.
    pub fn line(&self, name: Tensor, expression: Expression<Tensor>) -> Option<String> {
        let code = self.right_side(name, expression)?;
        Some(format!("{} = {code}", self.names.code(name)))
    }

    fn right_side(&self, makes: Tensor, expression: Expression<Tensor>) -> Option<String> {
        let expression = self.convention.rewritten(self.definitions, makes, expression)?;
        let product = if self.convention.layout == Layout::NumPy { Product::Dot } else { Product::At };
        let rank = |leaf: &Tensor| self.convention.sizes(self.definitions, *leaf).len();
        Some(numpy(&expression, product, &|leaf: &Tensor| self.names.code(*leaf), &rank))
    }

    fn defined(&self, tensor: Tensor) -> Option<String> {
        self.line(tensor, self.definitions.of(tensor)?)
    }

    fn is_absorbed(&self, tensor: Tensor) -> bool {
        self.convention.is_absorbed(tensor)
    }
}

impl Timeline {
    /// The lines of NumPy of an action. Those of all actions in order, after the prelude and with the
    /// data, the parameters and the optimizer's state given, compute the pass. Empty where the action's
    /// tensor is a column of another in this convention.
    pub fn code(&self, idx: usize, style: &CodeStyle<'_>) -> Vec<String> {
        let Some(action) = self.action(idx) else { return Vec::new() };
        match action.kind {
            ActionKind::Clear => self.clear(style).into_iter().collect(),
            ActionKind::Forward => {
                let totals = action.writes.iter().skip(1).filter_map(|tensor| style.defined(*tensor));
                defined(action, style).into_iter().chain(totals).collect()
            }
            ActionKind::Seed => defined(action, style).into_iter().collect(),
            ActionKind::SendOver(_) | ActionKind::SendPast { .. } | ActionKind::SendTo(_) => {
                self.send(idx, action, style)
            }
            ActionKind::Clip => action.writes.iter().filter_map(|tensor| style.defined(*tensor)).collect(),
            // A bias that is a column of its weight is changed with it.
            ActionKind::Update(key) if style.is_absorbed(Tensor::Parameter(key)) => Vec::new(),
            ActionKind::Update(key) => {
                let makes = |tensor: &Tensor| style.defined(*tensor);
                let lines = action.writes.iter().skip(1).filter(|tensor| !style.is_absorbed(**tensor));
                // The gradient that is used comes before what is made of it.
                let (used, lines): (Vec<&Tensor>, Vec<&Tensor>) =
                    lines.partition(|tensor| matches!(tensor, Tensor::UsedGrad(_)));
                let mut code: Vec<String> = used.into_iter().chain(lines).filter_map(makes).collect();
                code.extend(makes(&Tensor::Update(key)));
                let weight = style.names.code(Tensor::Parameter(key));
                code.push(format!("{weight} = {weight} + {}", style.names.code(Tensor::Update(key))));
                for tensor in &action.writes {
                    if let Tensor::UpdateLine { line: UpdateLine::State(name), .. } = *tensor {
                        let state = style.names.code(Tensor::OptimizerState { key, name });
                        code.push(format!("{state} = {}", style.names.code(*tensor)));
                    }
                }
                code
            }
        }
    }

    /// What must be there before the lines of all actions: data, parameters, masks, and what the optimizer
    /// remembers.
    pub fn givens(&self, style: &CodeStyle<'_>) -> Vec<Tensor> {
        let mut givens = Vec::new();
        let mut add = |leaf: &Tensor| {
            if self.writers(*leaf).is_empty() && !style.is_absorbed(*leaf) && !givens.contains(leaf) {
                givens.push(*leaf);
            }
        };
        for action in &self.actions {
            let definitions = action.writes.iter().filter_map(|tensor| match tensor {
                Tensor::PortGrad { .. } | Tensor::Grad { .. } | Tensor::ParameterGrad { .. } => None,
                _ => style.definitions.of(*tensor),
            });
            for definition in definitions.chain(action.definition.clone()) {
                definition.for_each_leaf(&mut add);
            }
        }
        givens
    }

    fn clear(&self, style: &CodeStyle<'_>) -> Option<String> {
        let is_cleared = |tensor: &Tensor| {
            matches!(tensor, Tensor::ParameterGrad { time_step: None, .. }) && !style.is_absorbed(*tensor)
        };
        let names: Vec<String> =
            self.tensors().filter(is_cleared).map(|tensor| style.names.code(tensor)).collect();
        (!names.is_empty()).then(|| format!("{} = None", names.join(" = ")))
    }

    /// The share by its own name where it is shown beside others, and the gradient that it goes into.
    fn send(&self, idx: usize, action: &TimelineAction, style: &CodeStyle<'_>) -> Vec<String> {
        let (Some(makes), Some(definition)) = (action.makes, action.definition.clone()) else {
            return Vec::new();
        };
        let Some(right) = style.right_side(makes, definition) else { return Vec::new() };
        let into = match action.writes.get(1) {
            Some(&grad) if !is_long_way(action, grad) => grad,
            _ => makes,
        };
        // Others read the share of a wire, or of a time step, by its own name.
        let is_read = into != makes && (matches!(makes, Tensor::ParameterGrad { .. }) || self.is_read(makes));
        let (mut lines, right) = if is_read {
            (vec![self.added(idx, makes, &right, style)], style.names.code(makes))
        } else {
            (Vec::new(), right)
        };
        lines.push(self.added(idx, into, &right, style));
        lines
    }

    fn is_read(&self, tensor: Tensor) -> bool {
        self.actions.iter().any(|action| action.reads.contains(&tensor))
    }

    fn added(&self, idx: usize, into: Tensor, right: &str, style: &CodeStyle<'_>) -> String {
        let name = style.names.code(into);
        let is_first = self.writers(into).first() == Some(&idx);
        if is_first { format!("{name} = {right}") } else { format!("{name} = {name} + {right}") }
    }
}

/// Whether a tensor is what a joined loss would have sent the long way.
fn is_long_way(action: &TimelineAction, tensor: Tensor) -> bool {
    match (action.kind, tensor) {
        (ActionKind::SendPast { activation, .. }, Tensor::Grad { node, .. }) => node == activation,
        (ActionKind::SendPast { prediction, .. }, Tensor::PortGrad { edge, .. }) => edge == prediction,
        _ => false,
    }
}

fn defined(action: &TimelineAction, style: &CodeStyle<'_>) -> Option<String> {
    style.line(action.makes?, action.definition.clone()?)
}
