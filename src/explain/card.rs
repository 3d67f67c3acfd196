//! Everything there is to say of one number: how it is made, with signs and with numbers, what it is made
//! of and what it goes into.
//!
//! One number costs its operands, never a tensor. Must not know words or how a formula is drawn.

use super::definition::Definitions;
use super::entry::evaluate_over;
use super::general::general;
use super::metric::metric_of;
use super::number::short;
use super::print::{Convention, Sign, Signs};
use super::quantity::{Metric, Quantity, Tensor};
use super::written::{Written, expanded, linear_of, notes, written};
use crate::algebra::{Entries, Entry, Expression, Size, concrete};
use crate::data::Prepared;
use crate::network::{Network, Shapes};
use crate::train::{EpochRecord, Evaluation, Pass, SampleView};

/// One number, explained.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Which number.
    pub of: Quantity,
    /// Its value; none where the pass has none.
    pub value: Option<f64>,
    /// How it is made, with signs; nothing for what is given.
    pub signs: Option<Written>,
    /// The same with numbers in place.
    pub numbers: Option<Written>,
    /// What the formula's names stand for, such as s.
    pub notes: Vec<Written>,
    /// What it is made of, each once, as far as the numbers show it.
    pub operands: Vec<Quantity>,
    /// How many numbers it is made of in all.
    pub n_operands: usize,
}

/// Explains the numbers of one pass in one convention.
pub struct Explainer<'a> {
    definitions: Definitions<'a>,
    convention: Convention,
    pass: Option<&'a Pass>,
    data: Option<&'a Prepared>,
    evaluation: Option<&'a Evaluation>,
    train_loss: Option<f64>,
    epochs: &'a [EpochRecord],
}

impl<'a> Explainer<'a> {
    /// Of a drawing with its shapes, and of a pass over it.
    pub fn new(
        network: &'a Network,
        shapes: &'a Shapes,
        convention: Convention,
        pass: Option<&'a Pass>,
    ) -> Self {
        let definitions = Definitions::new(network, shapes);
        let definitions = match pass {
            Some(pass) => definitions.with_updates_of(pass),
            None => definitions,
        };
        Self { definitions, convention, pass, data: None, evaluation: None, train_loss: None, epochs: &[] }
    }

    /// The same with the data: what stands at an input is explained by its cell.
    #[must_use]
    pub fn with_data(mut self, data: Option<&'a Prepared>) -> Self {
        self.data = data;
        self
    }

    /// The same with the newest evaluation: its metrics have values.
    #[must_use]
    pub fn with_evaluation(mut self, evaluation: Option<&'a Evaluation>) -> Self {
        self.evaluation = evaluation;
        self
    }

    /// The same with the training loss of the newest finished epoch.
    #[must_use]
    pub fn with_train_loss(mut self, train_loss: Option<f64>) -> Self {
        self.train_loss = train_loss;
        self
    }

    /// The same with what is kept of the finished epochs, in order of time.
    #[must_use]
    pub fn with_epochs(mut self, epochs: &'a [EpochRecord]) -> Self {
        self.epochs = epochs;
        self
    }

    /// The newest evaluation.
    pub fn evaluation(&self) -> Option<&'a Evaluation> {
        self.evaluation
    }

    /// The definitions behind it.
    pub fn definitions(&self) -> &Definitions<'a> {
        &self.definitions
    }

    /// The convention it writes in.
    pub fn convention(&self) -> Convention {
        self.convention
    }

    /// Which samples the pass shows.
    pub fn view(&self) -> Option<SampleView> {
        self.pass.map(|pass| pass.view)
    }

    /// The number of samples.
    pub fn batch(&self) -> usize {
        self.pass.map_or(1, |pass| pass.rows.len())
    }

    /// A number as the convention shows it.
    pub fn value(&self, of: Quantity) -> Option<f64> {
        if let Tensor::Column(column) = of.tensor {
            return self.data?.cell(of.row, column);
        }
        if let Tensor::Metric(metric) = of.tensor {
            if let Some(epoch) = of.epoch() {
                let idx = self.epochs.binary_search_by_key(&epoch, |record| record.epoch).ok()?;
                return metric.of_epoch(self.epochs.get(idx)?);
            }
            return match metric {
                Metric::TrainLoss => self.train_loss,
                metric => metric_of(metric, of, self.evaluation?),
            };
        }
        self.convention.value(&self.definitions, of, self.pass?)
    }

    /// The index of a number in the matrix shown; that of the only sample is left out.
    pub fn index(&self, of: Quantity) -> Vec<usize> {
        let place = self.convention.place(&self.definitions, of);
        let sizes = self.convention.sizes(&self.definitions, place.tensor);
        let index = place.index(&concrete(&sizes, self.batch()));
        let is_shown = |size: &Size| *size != Size::Batch || self.batch() > 1;
        let shown = index.into_iter().zip(&sizes).filter(|(_, size)| is_shown(size)).map(|(at, _)| at);
        let is_column = self.convention.is_column(&self.definitions.sizes(of.tensor));
        shown.take(if is_column { 1 } else { usize::MAX }).collect()
    }

    /// The sample that a number is of, as [`Pass::rows`] counts them; none for what is of no sample.
    pub fn sample_of(&self, of: Quantity) -> Option<usize> {
        let row = match of.tensor {
            Tensor::ParameterGrad { sample, .. } => sample?,
            _ if self.definitions.sizes(of.tensor).first() == Some(&Size::Batch) => of.row,
            _ => return None,
        };
        self.pass?.rows.get(row).copied()
    }

    /// The parameter that a number speaks of, by its sign: `w01`.
    pub fn parameter_name(&self, of: Quantity) -> String {
        let (Tensor::ParameterGrad { key, .. }
        | Tensor::Update(key)
        | Tensor::UsedGrad(key)
        | Tensor::UpdateLine { key, .. }
        | Tensor::OptimizerState { key, .. }) = of.tensor
        else {
            return String::new();
        };
        let of = Tensor::Parameter(key).at(of.row, of.column);
        let signs = Signs::new(&self.definitions, self.convention, self.batch(), [of]);
        linear_of(&signs.latex(&signs.sign(of)))
    }

    /// How a number is made from others; nothing for what is given and what nothing reaches.
    pub fn formula(&self, of: Quantity) -> Option<Expression<Quantity>> {
        self.of_definition(of).or_else(|| self.of_cell(of))
    }

    /// By the tensor's definition in the convention. The numbers it names are those of PyTorch's order, as
    /// everywhere.
    fn of_definition(&self, of: Quantity) -> Option<Expression<Quantity>> {
        let (convention, definitions, batch) = (self.convention, &self.definitions, self.batch());
        let place = convention.place(definitions, of);
        let definition = convention.definition(definitions, place.tensor)?;
        let sizes = |tensor: &Tensor| convention.sizes(definitions, *tensor);
        let index = place.index(&concrete(&sizes(&place.tensor), batch));
        let scalar = Entries::new(batch, &sizes).entry(&definition, &index).ok()?;
        Some(scalar.replace_shared(&|entry: &Entry<Tensor>| {
            let shown = Quantity::of_entry(entry, &concrete(&sizes(&entry.of), batch));
            Expression::Leaf(convention.quantity(definitions, shown))
        }))
    }

    /// How a number at an Input or a Target is made from its cell.
    fn of_cell(&self, of: Quantity) -> Option<Expression<Quantity>> {
        let Tensor::Output { node, time_step } = of.tensor else { return None };
        let sample = self.sample_of(of)?;
        let source = self.data?.source(node, time_step, sample as u32, of.column)?;
        let cell = Tensor::Column(source.column).at(source.row, 0);
        Some(source.rule.replace(&mut |_| Expression::Leaf(cell)))
    }

    /// Everything there is to say of a number.
    pub fn card(&self, of: Quantity) -> Card {
        self.card_of(of, self.formula(of))
    }

    /// The same for a formula that stands elsewhere.
    pub fn card_of(&self, of: Quantity, formula: Option<Expression<Quantity>>) -> Card {
        let mut card = Card {
            of,
            value: self.value(of),
            signs: None,
            numbers: None,
            notes: Vec::new(),
            operands: Vec::new(),
            n_operands: 0,
        };
        let Some(formula) = formula else { return card };
        let mut all: Vec<Quantity> = Vec::new();
        formula.for_each_leaf(&mut |leaf| all.push(*leaf));
        let signs =
            Signs::new(&self.definitions, self.convention, self.batch(), all.iter().copied().chain([of]));
        all.sort_unstable();
        all.dedup();
        card.n_operands = all.len();
        card.notes = notes(&signs, &formula);
        card.signs = Some(with_signs(&signs, of, &formula));
        let numbers = self.with_numbers(&formula, 0);
        for operand in &numbers.marks {
            if !card.operands.contains(operand) {
                card.operands.push(*operand);
            }
        }
        card.numbers = Some(numbers);
        card
    }

    /// One number's formula on one line: `dZ₀ · x₀ = 0.1385 · 0.5933`.
    pub fn line(&self, of: Quantity) -> Option<String> {
        let card = self.card(of);
        Some(format!("{} = {}", card.signs?.linear, card.numbers?.linear))
    }

    fn leaf_value(&self, leaf: &Quantity) -> Option<f64> {
        self.value(*leaf)
    }

    /// The value of a part of a formula.
    pub fn evaluate(&self, of: &Expression<Quantity>) -> Option<f64> {
        evaluate_over(of, &|leaf| self.leaf_value(leaf), self.batch())
    }

    /// Signs, numbers and result in one line: `Δw = −0.1 · g = −0.1 · 0.2 = −0.02`.
    pub fn equation(&self, of: Quantity) -> Option<Written> {
        let formula = self.formula(of)?;
        let mut all = vec![of];
        formula.for_each_leaf(&mut |leaf| all.push(*leaf));
        let signs = Signs::new(&self.definitions, self.convention, self.batch(), all);
        let mut written = with_signs(&signs, of, &formula);
        let numbers = self.with_numbers(&formula, written.marks.len());
        written.parts.extend(numbers.parts);
        written.marks.extend(numbers.marks);
        written.linear = format!("{} = {}", written.linear, numbers.linear);
        if let Some(value) = self.value(of) {
            written.equal_to(value);
        }
        Some(written)
    }

    /// `first` is the first mark.
    fn with_numbers(&self, formula: &Expression<Quantity>, first: usize) -> Written {
        let expanded = expanded(formula, self.batch());
        let text = |quantity: &Quantity| match self.value(*quantity) {
            Some(value) => super::number::latex_number(&short(value)),
            None => "\\text{None}".to_owned(),
        };
        let size = |part: &Expression<Quantity>| self.evaluate(part).unwrap_or(f64::NAN);
        written(&expanded, &text, Some(&size), first)
    }

    /// The numbers that a tensor's matrix has along one line through a number: for lighting rows and
    /// columns.
    pub fn sizes(&self, tensor: Tensor) -> Vec<usize> {
        concrete(&self.definitions.sizes(tensor), self.batch())
    }
}

fn with_signs(signs: &Signs<'_>, of: Quantity, formula: &Expression<Quantity>) -> Written {
    let own = signs.sign(of);
    let mut left = signs.latex(&own);
    if let Some(derivative) = signs.derivative(&own) {
        left = format!("{left} = {derivative}");
    }
    let general = general(signs, formula);
    let mut written = written(&general, &|sign: &Sign| signs.latex(sign), None, 0);
    written.parts.insert(0, left);
    written
}
