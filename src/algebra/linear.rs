//! Linearity in some leaves, and the coefficient of one leaf in a scalar formula.
//!
//! A share is linear in the gradient that comes in, so the local derivative ∂out[i]/∂in[j] is the
//! coefficient of the gradient's entry i in the share's entry j: derived, never stated a second
//! time. Must not know what leaves mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression::{Expression, Part, Reduction};
use super::function::Function;
use super::size::{Misfit, Size, concrete};

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
                Some(product_with(parts, at, own))
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

impl<L: Clone + Ord> Expression<L> {
    /// In a scalar formula that is linear in the leaves for which `is` holds: the factor of each of them,
    /// found in one go. Leaves whose factor is zero by its form are left out.
    pub fn coefficients(&self, is: &dyn Fn(&L) -> bool) -> BTreeMap<L, Self> {
        let mut found: BTreeMap<L, Vec<Self>> = BTreeMap::new();
        self.collect_coefficients(is, &|factor| factor, &mut found);
        let factors = found.into_iter().filter_map(|(leaf, terms)| Some((leaf, sum(terms)?)));
        factors.filter(|(_, factor)| *factor != Self::Number(0.0)).collect()
    }

    /// Adds the factors; `outer` puts around a factor what stands around this part.
    fn collect_coefficients(
        &self,
        is: &dyn Fn(&L) -> bool,
        outer: &dyn Fn(Self) -> Self,
        found: &mut BTreeMap<L, Vec<Self>>,
    ) {
        let mut all = |parts: &[Part<L>], outer: &dyn Fn(Self) -> Self| {
            for part in parts {
                part.collect_coefficients(is, outer, found);
            }
        };
        match self {
            Self::Leaf(leaf) if is(leaf) => {
                found.entry(leaf.clone()).or_default().push(outer(Self::Number(1.0)));
            }
            Self::Named { body: part, .. }
            | Self::Transpose(part)
            | Self::Slice { of: part, .. }
            | Self::Broadcast { of: part, .. }
            | Self::Reshape { of: part, .. } => part.collect_coefficients(is, outer, found),
            Self::Sum(parts) => all(parts, outer),
            Self::Reduce { how: how @ (Reduction::Sum | Reduction::Mean), of: run, .. } => {
                let Self::List(parts) = &**run else { return };
                let count = parts.len() as f64;
                match how {
                    Reduction::Mean => all(parts, &|factor| outer(factor / Self::Number(count))),
                    _ => all(parts, outer),
                }
            }
            Self::Product(parts) => {
                let Some(at) = parts.iter().position(|part| part.any_leaf(is)) else { return };
                parts[at].collect_coefficients(is, &|factor| outer(product_with(parts, at, factor)), found);
            }
            Self::Difference(a, b) => {
                a.collect_coefficients(is, outer, found);
                b.collect_coefficients(is, &|factor| outer(-factor), found);
            }
            Self::Quotient(a, b) => {
                let divided = |factor| outer(Self::Quotient(Arc::new(factor), Arc::clone(b)));
                a.collect_coefficients(is, &divided, found);
            }
            Self::Where(condition, yes, no) => {
                let zero = || Self::Number(0.0);
                let chosen = |yes, no| outer(Self::Where(Arc::clone(condition), Arc::new(yes), Arc::new(no)));
                yes.collect_coefficients(is, &|factor| chosen(factor, zero()), found);
                no.collect_coefficients(is, &|factor| chosen(zero(), factor), found);
            }
            Self::Apply(Function::Negate, part) => {
                part.collect_coefficients(is, &|factor| outer(-factor), found);
            }
            Self::Leaf(_)
            | Self::Number(_)
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
            | Self::List(_) => {}
        }
    }
}

impl<L> Expression<L> {
    /// How many scalar multiplications of a number that depends on the leaves for which `is` holds it
    /// takes, by the evaluator's count. What else is multiplied, such as local derivatives among
    /// themselves, is left out.
    ///
    /// # Errors
    /// Where parts do not fit together.
    pub fn multiplications_with(
        &self,
        is: &dyn Fn(&L) -> bool,
        sizes: &dyn Fn(&L) -> Vec<Size>,
        batch: usize,
    ) -> Result<u64, Misfit> {
        if !self.any_leaf(is) {
            return Ok(0);
        }
        let n_entries = |of: &Self| -> Result<u64, Misfit> {
            Ok(concrete(&of.sizes(sizes)?, batch).iter().product::<usize>() as u64)
        };
        let own = match self {
            Self::Named { body, .. } => return body.multiplications_with(is, sizes, batch),
            Self::Product(parts) if parts.iter().any(|part| !part.any_leaf(is)) => n_entries(self)?,
            Self::MatrixProduct(a, _) => {
                let inner = concrete(&a.sizes(sizes)?, batch).last().copied().unwrap_or(0);
                n_entries(self)? * inner as u64
            }
            _ => 0,
        };
        let inner = self.parts().map(|part| part.multiplications_with(is, sizes, batch));
        Ok(own + inner.sum::<Result<u64, Misfit>>()?)
    }
}

/// A product with another factor at one place; factors of 1 are left out.
fn product_with<L: Clone + PartialEq>(parts: &[Part<L>], at: usize, own: Expression<L>) -> Expression<L> {
    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
    let mut factors: Vec<Part<L>> = others.map(|(_, part)| Arc::clone(part)).collect();
    if own != Expression::Number(1.0) {
        factors.insert(at.min(factors.len()), Arc::new(own));
    }
    if factors.len() == 1 { (*factors.remove(0)).clone() } else { Expression::Product(factors) }
}

fn sum<L>(mut terms: Vec<Expression<L>>) -> Option<Expression<L>> {
    match terms.len() {
        0 | 1 => terms.pop(),
        _ => Some(Expression::total(terms)),
    }
}
