//! The scalar formula of any number, and its value from the numbers that it is made of.
//!
//! Derived from the tensor's definition: no formula of an entry is written anywhere. One entry costs
//! its operands, never a tensor. Must not know how a formula is drawn.

use std::cell::Cell;

use super::definition::Definitions;
use super::quantity::{Quantity, Tensor, numbers_of};
use crate::algebra::{Array, Entries, Entry, Evaluator, Expression, Operand, concrete};
use crate::train::{Pass, Values};

/// A norm is made of whole tensors; one of more numbers than this is left as it is given.
const MOST_OPERANDS: usize = 20_000;

/// How a number is made from others; `None` for what is given (data, parameters, masks) and what
/// nothing reaches. `batch` is the number of samples.
pub fn entry(definitions: &Definitions<'_>, of: Quantity, batch: usize) -> Option<Expression<Quantity>> {
    let definition = definitions.of(of.tensor)?;
    let sizes = |tensor: &Tensor| definitions.sizes(*tensor);
    if let Tensor::TotalNorm | Tensor::GradNorm { .. } = of.tensor {
        let mut n_operands = 0;
        definition.for_each_leaf(&mut |leaf| {
            n_operands += concrete(&sizes(leaf), batch).iter().product::<usize>();
        });
        if n_operands > MOST_OPERANDS {
            return None;
        }
    }
    let index = of.index(&concrete(&definitions.sizes(of.tensor), batch));
    let scalar = Entries::new(batch, &sizes).entry(&definition, &index).ok()?;
    Some(scalar.replace_shared(&|entry: &Entry<Tensor>| {
        let sizes = concrete(&definitions.sizes(entry.of), batch);
        Expression::Leaf(Quantity::of_entry(entry, &sizes))
    }))
}

/// The value of a scalar formula, and how many numbers it multiplied; `None` where an operand has no
/// number in the pass.
pub fn evaluate(expression: &Expression<Quantity>, pass: &Pass) -> Option<(f64, u64)> {
    counted(expression, &|quantity: &Quantity| quantity.value(pass), pass.rows.len())
}

/// All numbers of a tensor by a formula for it; `None` where an operand has no numbers in the pass.
pub(super) fn evaluate_tensor(
    definitions: &Definitions<'_>,
    (tensor, formula): (Tensor, &Expression<Tensor>),
    pass: &Pass,
) -> Option<Values> {
    let is_missing = Cell::new(false);
    let batch = pass.rows.len();
    let numbers = |leaf: &Tensor| {
        let sizes = concrete(&definitions.sizes(*leaf), batch);
        let n: usize = sizes.iter().product();
        let found = numbers_of(*leaf, pass).map(|values| values.data().to_vec());
        let found = found.filter(|numbers| numbers.len() == n);
        is_missing.set(is_missing.get() || found.is_none());
        Array::new(sizes, found.unwrap_or_else(|| vec![f64::NAN; n]))
    };
    // A value of fewer axes is repeated.
    let whole = formula.clone().broadcast(definitions.sizes(tensor));
    let value = Evaluator::<_, f64>::new(batch, &numbers).evaluate(&whole).ok()?;
    (!is_missing.get()).then(|| Values::new(value.sizes().to_vec(), value.data().to_vec()))
}

/// The value of a scalar formula over any leaves.
pub(super) fn evaluate_over<L>(
    expression: &Expression<L>,
    leaf: &dyn Fn(&L) -> Option<f64>,
    batch: usize,
) -> Option<f64> {
    counted(expression, leaf, batch).map(|(value, _)| value)
}

fn counted<L>(
    expression: &Expression<L>,
    leaf: &dyn Fn(&L) -> Option<f64>,
    batch: usize,
) -> Option<(f64, u64)> {
    let is_missing = Cell::new(false);
    let number = |name: &L| {
        let value = leaf(name);
        is_missing.set(is_missing.get() || value.is_none());
        Array::scalar(value.unwrap_or(f64::NAN))
    };
    let mut evaluator = Evaluator::<_, f64>::new(batch, &number);
    let value = evaluator.evaluate_number(expression).ok()?;
    (!is_missing.get()).then_some((value, evaluator.multiplications()))
}

/// `∂out[i]/∂in[j]` of one node at one time step, by its rule: the coefficient of the incoming
/// gradient's entry in the share's entry. `None` where it is zero by its form or no gradient passes.
/// `arg` counts ports first and then parameters.
pub fn local_derivative(
    definitions: &Definitions<'_>,
    (out, arg): (Quantity, usize),
    input: &[usize],
    batch: usize,
) -> Option<Expression<Quantity>> {
    let Tensor::Output { node, time_step } = out.tensor else { return None };
    let rule = definitions.rule(node)?;
    let sizes_of_leaf = |leaf: &Operand| match leaf {
        Operand::Output | Operand::Grad => definitions.sizes(out.tensor),
        Operand::Input(arg) => definitions.argument_sizes(node, *arg),
    };
    let scalar = Entries::new(batch, &sizes_of_leaf).entry(rule.sent(arg)?, input).ok()?;
    let index = out.index(&concrete(&definitions.sizes(out.tensor), batch));
    let incoming = Entry { of: Operand::Grad, index };
    let factor = scalar.coefficient(&incoming, &|entry| entry.of == Operand::Grad)?;
    let leaf = |entry: &Entry<Operand>| {
        let tensor = definitions.argument_of(node, time_step, entry.of)?;
        let sizes = |tensor: &Tensor| definitions.sizes(*tensor);
        let scalar = Entries::new(batch, &sizes).entry(&tensor, &entry.index).ok()?;
        Some(scalar.replace_shared(&|entry: &Entry<Tensor>| {
            let sizes = concrete(&definitions.sizes(entry.of), batch);
            Expression::Leaf(Quantity::of_entry(entry, &sizes))
        }))
    };
    factor.try_replace(&mut |entry| leaf(entry).ok_or(())).ok()
}
