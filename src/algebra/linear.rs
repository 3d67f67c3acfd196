//! Linearity in some leaves, and the coefficient of one leaf in a scalar formula.
//!
//! A share is linear in the gradient that comes in, so the local derivative ∂out[i]/∂in[j] is the
//! coefficient of the gradient's entry i in the share's entry j: derived, never stated a second
//! time. Must not know what leaves mean.

use std::sync::Arc;

use super::expression::{Expression, Part, Reduction};
use super::function::Function;

impl<L> Expression<L> {
    /// Whether the value is linear in the leaves for which `is` holds, as far as its form shows:
    /// twice the leaves, twice the value. Needs at least one such leaf.
    pub fn is_linear_in(&self, is: &dyn Fn(&L) -> bool) -> bool {
        let free = |part: &Part<L>| !part.any_leaf(is);
        let linear = |part: &Part<L>| part.is_linear_in(is);
        match self {
            Self::Leaf(leaf) => is(leaf),
            Self::Named { body, .. } => linear(body),
            Self::Sum(parts) | Self::Concat { parts, .. } | Self::List(parts) => {
                // Zeros beside a linear part stay zeros.
                parts.iter().any(linear) && parts.iter().all(|part| linear(part) || is_zero(part))
            }
            Self::Product(parts) => {
                parts.iter().filter(|part| !free(part)).count() == 1
                    && parts.iter().all(|part| free(part) || linear(part))
            }
            Self::Difference(a, b) => {
                (linear(a) || is_zero(a)) && (linear(b) || is_zero(b)) && !(is_zero(a) && is_zero(b))
            }
            Self::Quotient(a, b) => linear(a) && free(b),
            Self::MatrixProduct(a, b) => linear(a) && free(b) || free(a) && linear(b),
            Self::Where(condition, a, b) => {
                free(condition)
                    && (linear(a) || is_zero(a))
                    && (linear(b) || is_zero(b))
                    && !(is_zero(a) && is_zero(b))
            }
            Self::Apply(Function::Negate, of)
            | Self::Transpose(of)
            | Self::Reduce { how: Reduction::Sum | Reduction::Mean, of, .. }
            | Self::Slice { of, .. }
            | Self::Broadcast { of, .. }
            | Self::Reshape { of, .. } => linear(of),
            Self::Number(_)
            | Self::Setting { .. }
            | Self::BatchSize
            | Self::Apply(..)
            | Self::Power(..)
            | Self::Maximum(..)
            | Self::Minimum(..)
            | Self::Compare(..)
            | Self::Reduce { .. } => false,
        }
    }
}

fn is_zero<L>(of: &Part<L>) -> bool {
    match &**of {
        Expression::Number(value) => *value == 0.0,
        Expression::Broadcast { of, .. } | Expression::Reshape { of, .. } => is_zero(of),
        _ => false,
    }
}

impl<L: Clone + PartialEq> Expression<L> {
    /// In a scalar formula that is linear in some leaves: the factor of the leaf `of`, where
    /// `is_other` holds for all of those leaves. `None` where it is zero by its form.
    pub fn coefficient(&self, of: &L, is_other: &dyn Fn(&L) -> bool) -> Option<Self> {
        let factor = |part: &Part<L>| part.coefficient(of, is_other);
        let shared = |part: Option<Self>| part.map(Arc::new);
        match self {
            Self::Leaf(leaf) => (leaf == of).then_some(Self::Number(1.0)),
            Self::Named { body, .. } => factor(body),
            Self::Sum(parts) => sum(parts.iter().filter_map(factor).collect()),
            Self::Reduce { how: Reduction::Sum, of: run, .. } => match &**run {
                Self::List(parts) => sum(parts.iter().filter_map(factor).collect()),
                _ => None,
            },
            Self::Reduce { how: Reduction::Mean, of: run, .. } => match &**run {
                Self::List(parts) => {
                    let count = Self::Number(parts.len() as f64);
                    sum(parts.iter().filter_map(factor).collect()).map(|sum| sum / count)
                }
                _ => None,
            },
            Self::Product(parts) => {
                let at = parts.iter().position(|part| part.any_leaf(is_other))?;
                let own = parts.get(at)?.coefficient(of, is_other)?;
                let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
                let mut factors: Vec<Part<L>> = others.map(|(_, part)| Arc::clone(part)).collect();
                if own != Self::Number(1.0) {
                    factors.insert(at.min(factors.len()), Arc::new(own));
                }
                Some(if factors.len() == 1 { (*factors.remove(0)).clone() } else { Self::Product(factors) })
            }
            Self::Difference(a, b) => match (factor(a), factor(b)) {
                (None, None) => None,
                (Some(a), None) => Some(a),
                (None, Some(b)) => Some(-b),
                (Some(a), Some(b)) => Some(a - b),
            },
            Self::Quotient(a, b) => Some(Self::Quotient(Arc::new(factor(a)?), Arc::clone(b))),
            Self::Where(condition, yes, no) => {
                let zero = || Arc::new(Self::Number(0.0));
                let (yes, no) = (shared(factor(yes)), shared(factor(no)));
                if yes.is_none() && no.is_none() {
                    return None;
                }
                let or_zero = |part: Option<Part<L>>| part.unwrap_or_else(zero);
                Some(Self::Where(Arc::clone(condition), or_zero(yes), or_zero(no)))
            }
            Self::Apply(Function::Negate, part) => factor(part).map(|factor| -factor),
            Self::Transpose(part)
            | Self::Slice { of: part, .. }
            | Self::Broadcast { of: part, .. }
            | Self::Reshape { of: part, .. } => factor(part),
            Self::Number(_)
            | Self::Setting { .. }
            | Self::BatchSize
            | Self::Apply(..)
            | Self::Power(..)
            | Self::Maximum(..)
            | Self::Minimum(..)
            | Self::Compare(..)
            | Self::MatrixProduct(..)
            | Self::Reduce { .. }
            | Self::Concat { .. }
            | Self::List(_) => None,
        }
    }
}

fn sum<L>(mut terms: Vec<Expression<L>>) -> Option<Expression<L>> {
    match terms.len() {
        0 | 1 => terms.pop(),
        _ => Some(Expression::total(terms)),
    }
}
