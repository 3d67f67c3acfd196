//! What a single number is called in a typeset formula: `w_{01}`, `dZ_{0}`, `Σ` with its index.
//!
//! Must not know numbers or how a formula is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::names::update_letter;
use super::{Convention, Names};
use crate::algebra::{Size, concrete};
use crate::autodiff::UpdateLine;
use crate::explain::definition::Definitions;
use crate::explain::letter::Letter;
use crate::explain::quantity::{Metric, Quantity, Tensor};
use crate::network::NodeId;

/// An index of a number in a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// This one.
    At(usize),
    /// n, which a sum over the samples runs over.
    Sample,
    /// j, which any other sum runs over.
    Other,
    /// i, which the outer one of two such sums runs over.
    Outer,
}

/// A number of a formula with its indices as the convention writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The number; of a sum's general term the first.
    pub quantity: Quantity,
    /// One index an axis of the tensor shown.
    pub indices: Vec<Index>,
    /// The tensor shown: a bias may be a column of its weight.
    pub shown: Tensor,
}

/// Calls numbers by their signs within one formula.
pub struct Signs<'a> {
    definitions: &'a Definitions<'a>,
    convention: Convention,
    names: Names<'a>,
    batch: usize,
    /// Which tensors a letter stands for in this formula.
    owners: BTreeMap<&'static str, Vec<Tensor>>,
}

impl<'a> Signs<'a> {
    /// Signs for formulas of these numbers: where a letter stands for numbers of several nodes, it carries
    /// the node's name.
    pub fn new(
        definitions: &'a Definitions<'a>,
        convention: Convention,
        batch: usize,
        of: impl IntoIterator<Item = Quantity>,
    ) -> Self {
        let names = Names::new(definitions, convention.names);
        let mut signs = Self { definitions, convention, names, batch, owners: BTreeMap::new() };
        // A sum may run over very many numbers of few tensors.
        let mut seen = BTreeSet::new();
        for quantity in of {
            if !seen.insert(quantity.tensor) {
                continue;
            }
            let tensor = convention.place(definitions, quantity).tensor;
            let tensors = signs.owners.entry(signs.letter(tensor)).or_default();
            if !tensors.contains(&tensor) {
                tensors.push(tensor);
            }
        }
        signs
    }

    /// The number with its own indices.
    pub fn sign(&self, quantity: Quantity) -> Sign {
        let place = self.convention.place(self.definitions, quantity);
        let index = place.index(&concrete(&self.sizes(place.tensor), self.batch));
        let indices = index.into_iter().map(Index::At).collect();
        Sign { quantity, indices, shown: place.tensor }
    }

    /// The axes of a tensor as the convention shows it.
    pub fn sizes(&self, tensor: Tensor) -> Vec<Size> {
        self.convention.sizes(self.definitions, tensor)
    }

    /// The axes of a tensor as the program itself keeps it.
    pub fn own_sizes(&self, tensor: Tensor) -> Vec<Size> {
        self.definitions.sizes(tensor)
    }

    /// The same in numbers.
    pub fn counts(&self, tensor: Tensor) -> Vec<usize> {
        concrete(&self.own_sizes(tensor), self.batch)
    }

    /// The sign in LaTeX.
    pub fn latex(&self, sign: &Sign) -> String {
        let letter = self.letter(sign.shown);
        let mut above = String::new();
        let is_only = self.owners.get(letter).is_none_or(|tensors| tensors.len() < 2);
        if !is_only && let Some(owner) = self.names.owner(sign.shown) {
            above.push_str(&owner);
        }
        if let Tensor::ParameterGrad { sample: Some(sample), .. } = sign.shown {
            let _ = write!(above, "(n={sample})");
        }
        if let Some(time_step) = sign.shown.time_step().filter(|_| self.definitions.n_steps() > 1) {
            let _ = write!(above, "[{time_step}]");
        }
        let below = self.below(sign);
        let mut text = letter.to_owned();
        if !below.is_empty() {
            let _ = write!(text, "_{{{below}}}");
        }
        if !above.is_empty() {
            let _ = write!(text, "^{{{above}}}");
        }
        text
    }

    /// The indices; that of the only sample is left out.
    fn below(&self, sign: &Sign) -> String {
        if is_scalar_by_name(sign.shown) {
            return String::new();
        }
        let sizes = self.sizes(sign.shown);
        let shown = sign.indices.iter().zip(&sizes);
        let shown = shown.filter(|(_, size)| !(**size == Size::Batch && self.batch == 1));
        // The 1 of a column vector says nothing.
        let is_column = self.convention.is_column(&self.definitions.sizes(sign.shown));
        let shown = shown.take(if is_column { 1 } else { usize::MAX });
        let texts: Vec<String> = shown
            .map(|(index, _)| match index {
                Index::At(at) => at.to_string(),
                Index::Sample => "n".to_owned(),
                Index::Other => "j".to_owned(),
                Index::Outer => "i".to_owned(),
            })
            .collect();
        let is_short = texts.iter().all(|text| text.len() == 1);
        texts.join(if is_short { "" } else { "," })
    }

    fn letter(&self, tensor: Tensor) -> &'static str {
        let of = self.names.letter(tensor);
        if let Some(letter) = update_letter(tensor) {
            return letter.latex;
        }
        match tensor {
            Tensor::Update(_) | Tensor::UpdateLine { line: UpdateLine::Change, .. } => match of {
                Letter::B => "\\Delta b",
                Letter::H => "\\Delta h",
                _ => "\\Delta w",
            },
            Tensor::GradNorm { .. } => "\\|\\mathrm{d}Z\\|",
            Tensor::Metric(metric) => metric_letter(metric),
            Tensor::Column(_) => "c",
            _ => match of {
                Letter::X => "x",
                Letter::Z => "z",
                Letter::A => "a",
                Letter::Y => "y",
                Letter::L => "L",
                Letter::W => "w",
                Letter::B => "b",
                Letter::H => "h",
                Letter::M => "M",
                Letter::S => "s",
                Letter::Dx => "\\mathrm{d}X",
                Letter::Dz => "\\mathrm{d}Z",
                Letter::Da => "\\mathrm{d}A",
                Letter::Dl => "\\mathrm{d}L",
                Letter::GradW => "\\mathrm{d}W",
                Letter::GradB => "\\mathrm{d}b",
                Letter::GradH => "\\mathrm{d}h",
                Letter::Delta => "\\Delta",
                Letter::V => "v",
            },
        }
    }

    /// What a gradient is the derivative by, and its sign: `\frac{\partial L}{\partial w_{01}}`.
    pub fn derivative(&self, sign: &Sign) -> Option<String> {
        let of = match sign.shown {
            Tensor::ParameterGrad { key, .. } => Tensor::Parameter(key),
            Tensor::Grad { node, time_step } if !self.is_loss(node) => Tensor::Output { node, time_step },
            _ => return None,
        };
        let by = Sign { shown: of, ..sign.clone() };
        Some(format!("\\frac{{\\partial L}}{{\\partial {}}}", self.latex(&by)))
    }

    fn is_loss(&self, node: NodeId) -> bool {
        self.definitions.network().nodes.get(&node).is_some_and(|node| node.kind.is_loss())
    }
}

fn metric_letter(metric: Metric) -> &'static str {
    match metric {
        Metric::Loss | Metric::TrainLoss => "L",
        Metric::Mae => "\\mathrm{MAE}",
        Metric::Rmse => "\\mathrm{RMSE}",
        Metric::R2 => "R^2",
        Metric::Accuracy => "\\mathrm{accuracy}",
    }
}

/// Whether a sign already says all: the optimizer speaks of one parameter at a time.
fn is_scalar_by_name(tensor: Tensor) -> bool {
    matches!(
        tensor,
        Tensor::UsedGrad(_) | Tensor::OptimizerState { .. } | Tensor::UpdateLine { .. } | Tensor::Update(_)
    )
}
