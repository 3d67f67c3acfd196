//! Rewriting: other leaves in the place of leaves, and the sum of absolute terms.
//!
//! Must not know what leaves mean.

use std::convert::Infallible;
use std::sync::Arc;

use super::expression::{Expression, Part, Piece, Reduction};
use super::function::Function;

impl<L> Expression<L> {
    /// The same node with other parts: `rebuild` gives what takes the place of each, and of a leaf.
    #[must_use]
    pub fn rebuild<M>(&self, rebuild: &mut dyn FnMut(Piece<'_, L>) -> Expression<M>) -> Expression<M> {
        let result: Result<_, Infallible> = self.try_rebuild(&mut |piece| Ok(rebuild(piece)));
        let Ok(expression) = result;
        expression
    }

    /// The same expression with every leaf replaced by what `leaf` makes of it.
    #[must_use]
    pub fn replace<M>(&self, leaf: &mut dyn FnMut(&L) -> Expression<M>) -> Expression<M> {
        self.rebuild(&mut |piece| match piece {
            Piece::Leaf(name) => leaf(name),
            Piece::Part(part) => part.replace(leaf),
        })
    }

    /// The same where a leaf may have nothing to be replaced by.
    ///
    /// # Errors
    /// The first that `leaf` gives.
    pub fn try_replace<M, E>(
        &self,
        leaf: &mut dyn FnMut(&L) -> Result<Expression<M>, E>,
    ) -> Result<Expression<M>, E> {
        self.try_rebuild(&mut |piece| match piece {
            Piece::Leaf(name) => leaf(name),
            Piece::Part(part) => part.try_replace(leaf),
        })
    }
}

impl<L: Clone> Expression<L> {
    /// The same without factors of 1.
    #[must_use]
    pub fn without_factors_of_one(&self) -> Self {
        let is_one = |of: &Part<L>| matches!(&**of, Self::Number(1.0));
        match self {
            Self::Leaf(_) => self.clone(),
            Self::Product(factors) => {
                let factors = factors.iter().map(|factor| factor.without_factors_of_one());
                Self::product(factors.filter(|factor| !matches!(factor, Self::Number(1.0))).collect())
            }
            Self::Quotient(a, b) if is_one(b) => a.without_factors_of_one(),
            _ => self.rebuild(&mut |piece| match piece {
                Piece::Leaf(leaf) => Self::Leaf(leaf.clone()),
                Piece::Part(part) => part.without_factors_of_one(),
            }),
        }
    }

    /// Σ|terms|: the same expression with every term taken by its absolute value, so that nothing
    /// cancels. What two ways of computing one number may differ by grows with it.
    #[must_use]
    pub fn absolute_terms(&self) -> Self {
        let one = |part: &Part<L>| Arc::new(part.absolute_terms());
        let all = |parts: &[Part<L>]| parts.iter().map(one).collect();
        match self {
            Self::Number(value) => Self::Number(value.abs()),
            Self::Named { body, .. } => body.absolute_terms(),
            Self::Apply(Function::Negate, of) => of.absolute_terms(),
            Self::Sum(parts) => Self::Sum(all(parts)),
            Self::Difference(a, b) => Self::Sum(vec![one(a), one(b)]),
            Self::Product(parts) => Self::Product(all(parts)),
            Self::Quotient(a, b) => {
                Self::Quotient(one(a), Arc::new(Self::Apply(Function::Abs, Arc::clone(b))))
            }
            Self::MatrixProduct(a, b) => Self::MatrixProduct(one(a), one(b)),
            Self::Where(condition, a, b) => Self::Where(Arc::clone(condition), one(a), one(b)),
            Self::Transpose(of) => Self::Transpose(one(of)),
            Self::Reduce { how: how @ (Reduction::Sum | Reduction::Mean), over, keep, of } => {
                Self::Reduce { how: *how, over: *over, keep: *keep, of: one(of) }
            }
            Self::Slice { axis, start, len, of } => {
                Self::Slice { axis: *axis, start: *start, len: *len, of: one(of) }
            }
            Self::Concat { axis, parts } => Self::Concat { axis: *axis, parts: all(parts) },
            Self::Broadcast { to, of } => Self::Broadcast { to: to.clone(), of: one(of) },
            Self::Reshape { to, of } => Self::Reshape { to: to.clone(), of: one(of) },
            Self::List(parts) => Self::List(all(parts)),
            Self::Leaf(_)
            | Self::Setting { .. }
            | Self::BatchSize
            | Self::Apply(..)
            | Self::Power(..)
            | Self::Maximum(..)
            | Self::Minimum(..)
            | Self::Compare(..)
            | Self::Reduce { .. } => Self::Apply(Function::Abs, Arc::new(self.clone())),
        }
    }
}
