//! What a network would say if an input were another one, and how much each input matters: ∂ŷ/∂x in the
//! units of the data.
//!
//! Must not know sliders. One pass answers for all inputs: a vector–Jacobian product from one output.

use std::collections::BTreeMap;

use super::inputs::{InputKind, InputVariable, Point, Start, variables};
use super::model::Model;
use super::predictions::names_of;
use super::predictor::Predictor;
use crate::autodiff::Program;
use crate::compile::Compiled;
use crate::data::{Prepared, ReadTask};
use crate::network::{NodeId, Takes, Task};
use crate::tensor::{Matrix, Real};
use crate::train::{Precision, Values, first_largest};

use super::head::Head;

/// Networks whose pass holds more numbers than this show no activations.
const MOST_ACTIVATIONS: usize = 60_000;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WhatIfQuestion {
    /// Which loss's prediction.
    pub head: usize,
    /// Of which of its numbers the effects are; where nobody has said, of the class that is likeliest at the
    /// start, or of the first number.
    pub output: Option<usize>,
    /// Where it starts.
    pub start: Start,
    /// Inputs that have another value, by their number, in original units.
    pub changes: Vec<(usize, f64)>,
}

/// What the network says.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// The inputs.
    pub variables: Vec<InputVariable>,
    /// The value of each, in its own unit; the number of the category.
    pub values: Vec<f64>,
    /// What it is at the start.
    pub starts: Vec<f64>,
    /// The prediction in original units.
    pub prediction: Vec<f64>,
    /// The prediction at the start.
    pub before: Vec<f64>,
    /// Names of its numbers.
    pub names: Vec<String>,
    /// What is learned.
    pub task: Task,
    /// The number of the prediction that effects are about.
    pub output: usize,
    /// How much each input matters.
    pub effects: Vec<Effect>,
    /// The value of every node that needs no target, by time step; none of networks with very many numbers.
    pub activations: BTreeMap<(NodeId, usize), Values>,
}

/// How much an input matters to one number of the prediction.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// ∂ŷ/∂x in original units.
    Slope(f64),
    /// What the number would be with each category.
    Choices(Vec<f64>),
}

/// Answers; none where the network cannot be run or the task was cancelled.
pub fn what_if(model: &Model, question: &WhatIfQuestion, task: &dyn ReadTask) -> Option<WhatIf> {
    match model.precision() {
        Precision::F32 => answer::<f32>(model, question, task),
        Precision::F64 => answer::<f64>(model, question, task),
    }
}

fn answer<T: Real>(model: &Model, question: &WhatIfQuestion, task: &dyn ReadTask) -> Option<WhatIf> {
    let data = &model.data;
    let mut predictor = Predictor::<T>::new(&model.network, &model.parameters, data).ok()?;
    let heads = model.heads();
    let head = heads.get(question.head).or(heads.first())?;
    let last = predictor.compiled.links.n_steps.saturating_sub(1);
    let variables = variables(data, last);
    let point = Point::new(&predictor, data, &variables, question.start);
    let starts: Vec<f64> = variables.iter().map(|variable| point.value(variable)).collect();
    let mut values = starts.clone();
    for &(idx, value) in &question.changes {
        values.iter_mut().skip(idx).take(1).for_each(|held| *held = value);
    }
    let changed = |row: &[(usize, f64)]| -> Vec<(usize, f64)> {
        question.changes.iter().chain(row).copied().filter(|(idx, _)| *idx < variables.len()).collect()
    };
    let mut asking = Asking { data, point: &point, variables: &variables, head };
    let before = asking.predict(&predictor, &[Vec::new()])?.pop()?;
    let prediction = asking.predict(&predictor, &[changed(&[])])?.pop()?;
    let likeliest = || first_largest(&before).filter(|_| head.task() == Task::Classification);
    let output = question.output.or_else(likeliest).unwrap_or(0).min(prediction.len().saturating_sub(1));
    if task.is_cancelled() {
        return None;
    }
    let slopes = asking.slopes(&mut predictor, &changed(&[]), output)?;
    let mut effects = Vec::with_capacity(variables.len());
    for (idx, (variable, slope)) in variables.iter().zip(slopes).enumerate() {
        let effect = match &variable.kind {
            InputKind::Number { .. } => Effect::Slope(slope),
            InputKind::Choice { names, .. } => {
                let rows: Vec<_> = (0..names.len()).map(|choice| changed(&[(idx, choice as f64)])).collect();
                let said = asking.predict(&predictor, &rows)?;
                Effect::Choices(said.iter().filter_map(|numbers| numbers.get(output).copied()).collect())
            }
        };
        effects.push(effect);
    }
    let activations = asking.activations(&predictor, model, &changed(&[]));
    let names = names_of(head, prediction.len());
    let task = head.task();
    Some(WhatIf { variables, values, starts, prediction, before, names, task, output, effects, activations })
}

/// A point and what is asked about it.
struct Asking<'a> {
    data: &'a Prepared,
    point: &'a Point,
    variables: &'a [InputVariable],
    head: &'a Head,
}

impl Asking<'_> {
    /// The prediction with each list of changes, in original units.
    fn predict<T: Real>(
        &mut self,
        predictor: &Predictor<T>,
        rows: &[Vec<(usize, f64)>],
    ) -> Option<Vec<Vec<f64>>> {
        let output = predictor.output(self.head.prediction)?;
        let mut said = Vec::with_capacity(rows.len());
        for rows in rows.chunks(predictor.chunk()) {
            let mut trace = predictor.compiled.program.trace(rows.len());
            predictor.feed.fill_to_look(self.data, &vec![0; rows.len()], &mut trace);
            self.point.fill(&mut trace);
            for (row, changes) in rows.iter().enumerate() {
                for &(idx, value) in changes {
                    self.point.set(&mut trace, row, &self.variables[idx], value);
                }
            }
            predictor.compiled.program.forward(&predictor.store, &mut trace);
            for row in 0..rows.len() {
                let mut numbers = Vec::new();
                predictor.read(&trace, output, row, &mut numbers);
                self.head.original(&mut numbers);
                said.push(numbers);
            }
        }
        Some(said)
    }

    /// The value of every node that needs no target.
    fn activations<T: Real>(
        &self,
        predictor: &Predictor<T>,
        model: &Model,
        changes: &[(usize, f64)],
    ) -> BTreeMap<(NodeId, usize), Values> {
        let Compiled { program, links } = &predictor.compiled;
        let mut activations = BTreeMap::new();
        if program.pass_numbers(1) > MOST_ACTIVATIONS {
            return activations;
        }
        let mut trace = program.trace(1);
        predictor.feed.fill_to_look(self.data, &[0], &mut trace);
        self.point.fill(&mut trace);
        for &(idx, value) in changes {
            self.point.set(&mut trace, 0, &self.variables[idx], value);
        }
        program.forward(&predictor.store, &mut trace);
        // What a target makes of it is the row's own, not this point's.
        let with_target = model.with_target();
        for (node, copies) in links.nodes().filter(|(node, _)| !with_target.contains(node)) {
            for (time_step, copy) in copies.iter().enumerate() {
                let values = program.value(&predictor.store, &trace, copy.output);
                let shape = program.shape(copy.output).concrete(1);
                let numbers = values.iter().map(|value| value.to_f64()).collect();
                activations.insert((node, time_step), Values::new(shape, numbers));
            }
        }
        activations
    }

    /// ∂ of one number of the prediction / ∂ every input, in original units.
    fn slopes<T: Real>(
        &mut self,
        predictor: &mut Predictor<T>,
        changes: &[(usize, f64)],
        output: usize,
    ) -> Option<Vec<f64>> {
        let root = predictor.output(self.head.prediction)?;
        let program: Program<T> = predictor.compiled.program.clone().rooted_at(root);
        for id in predictor.store.ids() {
            predictor.store.set_trainable(id, false);
        }
        let mut trace = program.trace(1);
        predictor.feed.fill_to_look(self.data, &[0], &mut trace);
        self.point.fill(&mut trace);
        for &(idx, value) in changes {
            self.point.set(&mut trace, 0, &self.variables[idx], value);
        }
        program.forward(&predictor.store, &mut trace);
        let mut numbers = Vec::new();
        predictor.read(&trace, root, 0, &mut numbers);
        let seed = self.seed(&numbers, output);
        let seed = Matrix::from_iterator(seed.len(), 1, seed.into_iter().map(T::of));
        program.backward_from(&mut predictor.store, &mut trace, &seed);
        let slope = |variable: &InputVariable| self.point.gradient(&trace, variable) / variable.scale();
        Some(self.variables.iter().map(slope).collect())
    }

    /// ∂ of one original number of the prediction / ∂ its encoded numbers.
    fn seed(&self, encoded: &[f64], output: usize) -> Vec<f64> {
        let head = self.head;
        let mut original = encoded.to_vec();
        head.original(&mut original);
        let p = original.get(output).copied().unwrap_or(0.0);
        let is_output = |idx: usize| f64::from(u8::from(idx == output));
        (0..encoded.len())
            .map(|idx| match (head.kind.takes(), head.task()) {
                (Takes::Logits, Task::BinaryClassification) => is_output(idx) * p * (1.0 - p),
                (Takes::Logits, _) => p * (is_output(idx) - original[idx]),
                (Takes::Probabilities, _) => is_output(idx),
                (Takes::Numbers, _) => {
                    is_output(idx) * head.features.get(idx).map_or(1.0, |feature| feature.scale)
                }
            })
            .collect()
    }
}
