//! Where a number first was not finite, and what most likely led there.
//!
//! Looked for only once a loss is not finite, so it costs training nothing.

use crate::autodiff::{ParameterStore, Program, Trace};
use crate::network::{ParameterKey, Takes};
use crate::tensor::{Matrix, Real};

use super::super::progress::{Cause, NotFinite, Quantity};
use super::plan::{Plan, PlanNode};

/// Looks through the parameters, then through the values in the order in which they were
/// computed.
pub(super) fn find<T: Real>(
    program: &Program<T>,
    plan: &Plan,
    store: &ParameterStore<T>,
    trace: &Trace<T>,
    step: u64,
) -> NotFinite {
    let grown = if plan.n_steps > 1 { Cause::ExplodingThroughTime } else { Cause::LearningRate };
    for parameter in &plan.parameters {
        if has_bad(store.value(parameter.id)) {
            return NotFinite {
                node: match parameter.key {
                    ParameterKey::Node(node, _) => Some(node),
                    ParameterKey::Initial(_) => None,
                },
                name: parameter.name.clone(),
                quantity: Quantity::Parameter,
                step: step + 1,
                time_step: 0,
                cause: if step == 0 { Cause::Parameter } else { grown },
            };
        }
    }
    let found = |node: &PlanNode, cause| NotFinite {
        node: Some(node.node),
        name: node.name.clone(),
        quantity: Quantity::Value,
        step: step + 1,
        time_step: node.time_step,
        cause,
    };
    for node in &plan.nodes {
        if !has_bad(program.value(store, trace, node.output)) {
            continue;
        }
        let cause = if node.is_data {
            Cause::Data
        } else if node.loss.is_some_and(|loss| loss.takes() == Takes::Probabilities) {
            Cause::Logarithm
        } else if step > 0 {
            grown
        } else {
            Cause::Overflow
        };
        return found(node, cause);
    }
    // Every value is finite, so their weighted sum overflowed.
    let last = plan.nodes.iter().rev().find(|node| node.loss.is_some());
    last.map_or(
        NotFinite {
            node: None,
            name: String::new(),
            quantity: Quantity::Value,
            step: step + 1,
            time_step: 0,
            cause: Cause::Overflow,
        },
        |node| found(node, Cause::Overflow),
    )
}

pub(super) fn has_bad<T: Real>(numbers: &Matrix<T>) -> bool {
    numbers.iter().any(|x| !x.is_finite())
}
