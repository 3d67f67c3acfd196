//! How an optimizer's update of one pass is made: Δ, what is remembered, and the gradient it uses.
//!
//! The optimizer's rule with the pass's names put in. Must not know how a formula is drawn.

use std::cell::Cell;

use super::entry::evaluate_over;
use super::quantity::{Quantity, Tensor, numbers_of};
use crate::algebra::{Array, Evaluator, Expression, Function, number, setting};
use crate::autodiff::{Clip, UpdateLeaf, UpdateLine, UpdateRule, clip};
use crate::network::ParameterKey;
use crate::train::{Pass, SampleView, Values};

/// How a tensor of an update is made; `None` for other tensors and where the pass was not followed
/// by an update.
pub(super) fn definition(pass: &Pass, tensor: Tensor) -> Option<Expression<Tensor>> {
    match tensor {
        Tensor::Update(key) => line(pass, key, UpdateLine::Change),
        Tensor::UpdateLine { key, line: of } => line(pass, key, of),
        Tensor::UsedGrad(key) => used_grad(pass, key),
        Tensor::ClipFactor => clip_factor(pass),
        Tensor::TotalNorm => total_norm(pass),
        _ => None,
    }
}

fn line(pass: &Pass, key: ParameterKey, of: UpdateLine) -> Option<Expression<Tensor>> {
    let rule = rule(pass, key)?;
    let (_, expression) = rule.lines.iter().find(|(made, _)| *made == of)?;
    Some(expression.replace(&mut |leaf| {
        Expression::Leaf(match *leaf {
            UpdateLeaf::Weight => Tensor::Parameter(key),
            UpdateLeaf::Grad => Tensor::UsedGrad(key),
            UpdateLeaf::State(name) => Tensor::OptimizerState { key, name },
            UpdateLeaf::Line(line) => Tensor::UpdateLine { key, line },
        })
    }))
}

/// The lines of a parameter's update in order; none where the pass was not followed by one.
pub(super) fn lines(pass: &Pass, key: ParameterKey) -> Vec<UpdateLine> {
    rule(pass, key).map_or_else(Vec::new, |rule| rule.lines.iter().map(|(made, _)| *made).collect())
}

fn rule(pass: &Pass, key: ParameterKey) -> Option<UpdateRule> {
    let optimizer = pass.optimizer.as_ref()?;
    let parameter = pass.parameters.get(&key)?;
    parameter.update.as_ref()?;
    Some(UpdateRule::of(optimizer.kind, parameter.steps + 1, optimizer.learning_rate))
}

/// The gradient after clipping, from the batch's; given where a single sample's share is shown.
fn used_grad(pass: &Pass, key: ParameterKey) -> Option<Expression<Tensor>> {
    let optimizer = pass.optimizer.as_ref()?;
    if let SampleView::Sample(_) = pass.view {
        return None;
    }
    let grad = Expression::Leaf(Tensor::ParameterGrad { key, time_step: None, sample: None });
    Some(match optimizer.clip {
        Clip::None => grad,
        Clip::Norm { .. } => grad * Expression::Leaf(Tensor::ClipFactor),
        Clip::Value { clip_value } => grad.at_least(number(-clip_value)).at_most(number(clip_value)),
    })
}

/// min(1, largest norm / (‖∇L‖ + ε)), as `clip_grad_norm_` has it.
fn clip_factor(pass: &Pass) -> Option<Expression<Tensor>> {
    let Clip::Norm { max_norm } = pass.optimizer.as_ref()?.clip else { return None };
    let most = setting("max_norm", max_norm) / (Expression::Leaf(Tensor::TotalNorm) + number(clip::NORM_EPS));
    Some(most.at_most(number(1.0)))
}

/// √ of the sum of the squares of all gradients; given where the pass has only some of them, or a single
/// sample's shares.
fn total_norm(pass: &Pass) -> Option<Expression<Tensor>> {
    let optimizer = pass.optimizer.as_ref()?;
    let keys: Vec<ParameterKey> =
        pass.parameters.iter().filter(|(_, it)| it.grad.is_some()).map(|(key, _)| *key).collect();
    let is_whole = keys.len() == optimizer.n_grads && !matches!(pass.view, SampleView::Sample(_));
    if !is_whole || !matches!(optimizer.clip, Clip::Norm { .. }) {
        return None;
    }
    let grads = keys.into_iter().map(|key| Tensor::ParameterGrad { key, time_step: None, sample: None });
    let squares = grads.map(|grad| Expression::Leaf(grad).squared().sum());
    Some(Expression::total(squares.collect()).apply(Function::Sqrt))
}

/// One number of a line, which no snapshot holds: computed from those that it does.
pub(super) fn line_value(pass: &Pass, (key, of): (ParameterKey, UpdateLine), at: &Quantity) -> Option<f64> {
    let leaf = |tensor: &Tensor| tensor.at(at.row, at.column).value(pass);
    evaluate_over(&line(pass, key, of)?, &leaf, pass.rows.len())
}

/// All numbers of a line, from those that the pass holds.
pub(super) fn line_values(pass: &Pass, (key, of): (ParameterKey, UpdateLine)) -> Option<Values> {
    let shape = pass.parameters.get(&key)?.value.shape().to_vec();
    let is_missing = Cell::new(false);
    let leaf = |tensor: &Tensor| {
        let found = numbers_of(*tensor, pass);
        is_missing.set(is_missing.get() || found.is_none());
        let numbers = found.unwrap_or_else(|| Values::new(Vec::new(), vec![f64::NAN]));
        Array::new(numbers.shape().to_vec(), numbers.data().to_vec())
    };
    let value = Evaluator::<_, f64>::new(pass.rows.len(), &leaf).evaluate(&line(pass, key, of)?).ok()?;
    (!is_missing.get() && value.sizes() == shape).then(|| Values::new(shape, value.data().to_vec()))
}
