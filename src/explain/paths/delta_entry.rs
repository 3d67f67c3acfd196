//! The entry of a delta that a path passes, term by term: where the path's local derivative stands in the
//! second of the two ways.
//!
//! Must not know how anything is drawn.

use super::{Factor, Path};
use crate::explain::definition::Definitions;
use crate::explain::entry::{entry, evaluate};
use crate::explain::quantity::{Quantity, Tensor};
use crate::network::Network;
use crate::train::Pass;

/// One entry of a delta as a sum of incoming gradients, each times its local derivative.
#[derive(Clone, Debug, PartialEq)]
pub struct DeltaEntry {
    /// Which entry.
    pub of: Quantity,
    /// Its terms, in the order of the gradients; none where backward starts there.
    pub terms: Vec<DeltaTerm>,
    /// Where among the terms the path's factor stands.
    pub on_path: Option<usize>,
    /// Their sum.
    pub value: f64,
}

/// An incoming gradient times a local derivative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeltaTerm {
    /// The gradient that arrives.
    pub gradient: Quantity,
    /// Its number.
    pub incoming: f64,
    /// The local derivative.
    pub factor: f64,
}

impl DeltaEntry {
    /// The entry of the gradient `tensor` that `path` passes on its way from the entry `start` of a gradient.
    /// `None` where the path does not pass it, and where the pass lacks a number.
    pub fn find(
        definitions: &Definitions<'_>,
        pass: &Pass,
        path: &Path,
        (start, tensor): (Quantity, Tensor),
    ) -> Option<Self> {
        let network = definitions.network();
        let (of, factor) = passed(network, path, (start, tensor))?;
        let formula = entry(definitions, of, pass.rows.len().max(1))?;
        let mut terms = Vec::new();
        for (gradient, factor) in formula.coefficients(&|leaf: &Quantity| leaf.tensor.is_gradient()) {
            let (factor, _) = evaluate(&factor, pass)?;
            terms.push(DeltaTerm { gradient, incoming: gradient.value(pass)?, factor });
        }
        let on_path = terms.iter().position(|term| leads_to(network, term.gradient, factor));
        let (value, _) = evaluate(&formula, pass)?;
        Some(Self { of, terms, on_path, value })
    }
}

/// The entry of a gradient at which a path passes it, and the factor with which the path goes on there.
fn passed<'a>(
    network: &Network,
    path: &'a Path,
    (start, tensor): (Quantity, Tensor),
) -> Option<(Quantity, &'a Factor)> {
    let first = path.factors.first()?;
    if tensor == start.tensor {
        return Some((start, first));
    }
    match tensor {
        // One time step's share of a parameter's gradient.
        Tensor::ParameterGrad { time_step, .. } => {
            let is_used_then = first.of?.tensor.time_step() == time_step;
            is_used_then.then_some((tensor.at(start.row, start.column), first))
        }
        Tensor::Grad { node, time_step } => {
            let output = Tensor::Output { node, time_step };
            if let Some(factor) = path.factors.iter().find(|it| it.with_respect_to.tensor == output) {
                let at = factor.with_respect_to;
                return Some((tensor.at(at.row, at.column), factor));
            }
            // Of a loss that counts once no factor goes on.
            let last = path.factors.last()?;
            let end = last.of.filter(|of| of.tensor == output)?;
            Some((tensor.at(end.row, end.column), last))
        }
        Tensor::PortGrad { edge, time_step } => {
            let wire = network.edges.get(&edge)?;
            let then = time_step.checked_sub(wire.delay);
            let factor = path.factors.iter().find(|factor| {
                let is_into = factor.of.is_some_and(|of| {
                    of.tensor.node(network) == Some(wire.to) && of.tensor.time_step() == Some(time_step)
                });
                let is_from = match factor.with_respect_to.tensor {
                    Tensor::Output { node, time_step } => node == wire.from && Some(time_step) == then,
                    _ => then.is_none(),
                };
                is_into && is_from
            })?;
            Some((tensor.at(factor.with_respect_to.row, factor.with_respect_to.column), factor))
        }
        _ => None,
    }
}

/// Whether a factor of a path belongs to the gradient that arrives: of the number that the path goes to.
fn leads_to(network: &Network, gradient: Quantity, factor: &Factor) -> bool {
    let Some(of) = factor.of else { return false };
    match gradient.tensor {
        Tensor::Grad { node, time_step } => {
            of == Tensor::Output { node, time_step }.at(gradient.row, gradient.column)
        }
        Tensor::ParameterGrad { time_step, .. } => of.tensor.time_step() == time_step,
        Tensor::PortGrad { edge, .. } => {
            network.edges.get(&edge).is_some_and(|wire| of.tensor.node(network) == Some(wire.to))
        }
        _ => false,
    }
}
