//! One gradient split into its shares: by sample, by time step, by use.
//!
//! The shares add up to the gradient, which is why a value that is used several times has one gradient
//! all the same. Must not know how anything is drawn.

use super::definition::Definitions;
use super::entry::{entry, evaluate};
use super::quantity::{Quantity, Tensor};
use crate::algebra::Expression;
use crate::network::EdgeId;
use crate::train::Pass;

/// By what a gradient is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Each sample of the batch: of a parameter's gradient.
    Samples,
    /// Each time step: of the gradient of a parameter that a loop uses again and again.
    TimeSteps,
    /// Each wire over which a value is used: of a node's gradient. A share is the direct derivative
    /// through that use, the others held constant; the sum is the total one.
    Uses,
}

/// Which share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharePart {
    /// That of a sample of the batch, counted from 0.
    Sample(usize),
    /// That of a time step, from 0.
    TimeStep(usize),
    /// What is sent back over a wire.
    Use {
        /// The wire.
        edge: EdgeId,
        /// The time step of the node that sends it.
        time_step: usize,
    },
}

/// One share of a gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareOf {
    /// Which one.
    pub part: SharePart,
    /// Its name: the number that it is.
    pub quantity: Quantity,
    /// How it is made.
    pub formula: Expression<Quantity>,
    /// Its value.
    pub value: f64,
}

/// The shares of a gradient's number, in order; empty where it cannot be split so.
pub fn shares(definitions: &Definitions<'_>, pass: &Pass, of: Quantity, by: Split) -> Vec<ShareOf> {
    let parts: Vec<(SharePart, Tensor)> = match (by, of.tensor) {
        (Split::Samples, Tensor::ParameterGrad { key, time_step, sample: None }) => {
            let of_sample =
                |n| (SharePart::Sample(n), Tensor::ParameterGrad { key, time_step, sample: Some(n) });
            (0..pass.rows.len()).map(of_sample).collect()
        }
        (Split::TimeSteps, Tensor::ParameterGrad { key, time_step: None, sample }) => {
            let steps = (0..definitions.n_steps()).filter(|&step| definitions.uses_parameter(key, step));
            let of_step = |step| {
                (SharePart::TimeStep(step), Tensor::ParameterGrad { key, time_step: Some(step), sample })
            };
            steps.map(of_step).collect()
        }
        (Split::Uses, Tensor::Grad { node, time_step }) => {
            let over = |(edge, time_step)| {
                (SharePart::Use { edge, time_step }, Tensor::PortGrad { edge, time_step })
            };
            definitions.uses(node, time_step).map(over).collect()
        }
        _ => Vec::new(),
    };
    let share = |(part, tensor): (SharePart, Tensor)| {
        let quantity = tensor.at(of.row, of.column);
        let formula = written_out(definitions, &entry(definitions, quantity, pass.rows.len())?, pass)?;
        let (value, _) = evaluate(&formula, pass)?;
        Some(ShareOf { part, quantity, formula, value })
    };
    parts.into_iter().filter_map(share).collect()
}

/// Shares of time steps that a pass does not hold, such as those of one sample, by what they are made of.
fn written_out(
    definitions: &Definitions<'_>,
    formula: &Expression<Quantity>,
    pass: &Pass,
) -> Option<Expression<Quantity>> {
    formula
        .try_replace(&mut |leaf| match leaf.tensor {
            Tensor::ParameterGrad { .. } if leaf.value(pass).is_none() => {
                entry(definitions, *leaf, pass.rows.len()).ok_or(())
            }
            _ => Ok(Expression::Leaf(*leaf)),
        })
        .ok()
}
