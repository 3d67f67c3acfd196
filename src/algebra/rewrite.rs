//! Rewriting: other leaves in the place of leaves, and the sum of absolute terms.
//!
//! Must not know what leaves mean.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use super::expression::{Expression, Part, Piece, Reduction};
use super::function::Function;

impl<L> Expression<L> {
    /// The same node with other parts: `rebuild` gives what takes the place of each, and of a leaf.
    #[must_use]
    pub fn rebuild<M: Clone>(&self, rebuild: &mut dyn FnMut(Piece<'_, L>) -> Expression<M>) -> Expression<M> {
        let result: Result<_, Infallible> = self.try_rebuild(&mut |piece| Ok(Arc::new(rebuild(piece))));
        let Ok(expression) = result;
        expression
    }

    /// The same expression with every leaf replaced by what `leaf` makes of it.
    #[must_use]
    pub fn replace<M: Clone>(&self, leaf: &mut dyn FnMut(&L) -> Expression<M>) -> Expression<M> {
        self.rebuild(&mut |piece| match piece {
            Piece::Leaf(name) => leaf(name),
            Piece::Part(part) => part.replace(leaf),
        })
    }

    /// The same where a leaf may have nothing to be replaced by.
    ///
    /// # Errors
    /// The first that `leaf` gives.
    pub fn try_replace<M: Clone, E>(
        &self,
        leaf: &mut dyn FnMut(&L) -> Result<Expression<M>, E>,
    ) -> Result<Expression<M>, E> {
        self.try_rebuild(&mut |piece| match piece {
            Piece::Leaf(name) => leaf(name).map(Arc::new),
            Piece::Part(part) => part.try_replace(leaf).map(Arc::new),
        })
    }

    /// The same as [`replace`](Self::replace) where what a leaf becomes depends on the leaf alone. Parts that
    /// several others share are shared still.
    #[must_use]
    pub fn replace_shared<M: Clone>(&self, leaf: &dyn Fn(&L) -> Expression<M>) -> Expression<M> {
        Shared { leaf, look: &|_| Look::AtParts, known: BTreeMap::new() }.rewritten(self)
    }
}

/// What is to be rewritten in the place of an expression that is no leaf.
enum Look<'a, L> {
    /// A number stands there.
    Number(f64),
    /// Another expression is looked at.
    At(&'a Part<L>),
    /// It stays; its parts are rewritten.
    AtParts,
}

/// Rewrites so that parts which several others share are shared still, and rewritten once.
struct Shared<'a, L, M> {
    leaf: &'a dyn Fn(&L) -> Expression<M>,
    look: &'a dyn for<'b> Fn(&'b Expression<L>) -> Look<'b, L>,
    /// What shared parts have become, by where they lie. Holding them keeps others from lying there.
    known: BTreeMap<usize, (Part<L>, Part<M>)>,
}

impl<L, M: Clone> Shared<'_, L, M> {
    fn rewritten(&mut self, of: &Expression<L>) -> Expression<M> {
        if let Expression::Leaf(name) = of {
            return (self.leaf)(name);
        }
        match (self.look)(of) {
            Look::Number(value) => Expression::Number(value),
            Look::At(other) => self.rewritten(other),
            Look::AtParts => {
                let result: Result<_, Infallible> = of.try_rebuild(&mut |piece| match piece {
                    Piece::Leaf(name) => Ok(Arc::new((self.leaf)(name))),
                    Piece::Part(part) => Ok(self.part(part)),
                });
                let Ok(expression) = result;
                expression
            }
        }
    }

    fn part(&mut self, part: &Part<L>) -> Part<M> {
        if Arc::strong_count(part) == 1 {
            return Arc::new(self.rewritten(part));
        }
        let place = Arc::as_ptr(part).addr();
        if let Some((_, known)) = self.known.get(&place) {
            return Arc::clone(known);
        }
        let made = Arc::new(self.rewritten(part));
        self.known.insert(place, (Arc::clone(part), Arc::clone(&made)));
        made
    }
}

impl<L: Clone> Expression<L> {
    /// The same with names written out, and a number wherever `number` knows one.
    #[must_use]
    pub fn written_out(&self, number: &dyn Fn(&Self) -> Option<f64>) -> Self {
        fn look<'b, L>(of: &'b Expression<L>, number: &dyn Fn(&Expression<L>) -> Option<f64>) -> Look<'b, L> {
            match of {
                Expression::Named { body, .. } => Look::At(body),
                _ => number(of).map_or(Look::AtParts, Look::Number),
            }
        }
        let leaf = |name: &L| Self::Leaf(name.clone());
        Shared { leaf: &leaf, look: &|of| look(of, number), known: BTreeMap::new() }.rewritten(self)
    }

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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::{Entries, Entry, Size, number, setting};
    use super::*;

    fn n_parts<L>(of: &Expression<L>) -> usize {
        let mut n = 0;
        of.for_each_part(&mut |_| {
            n += 1;
            true
        });
        n
    }

    /// Σ 2·(x − ln Σ eˣ) over 40 samples and 30 classes, with a name for the first x.
    fn formula() -> Expression<Entry<char>> {
        let x = || Expression::Leaf('x');
        let below = x().over_kept(Reduction::LogSumExp, 1);
        let loss = (setting("two", 2.0) * (x().named("z", vec![x()]) - below)).sum();
        let sizes = |_: &char| vec![Size::Batch, Size::Fixed(30)];
        Entries::new(40, &sizes).entry(&loss, &[]).unwrap()
    }

    #[test]
    fn what_entries_share_is_derived_once_and_stays_shared() {
        let whole = formula();
        let mut n_leaves = 0;
        whole.for_each_leaf(&mut |_| n_leaves += 1);
        assert_eq!(n_leaves, 40 * 30 * 31);
        // The logarithm of each sample has 30 leaves, a list of them and itself.
        let n = n_parts(&whole);
        assert!((40 * 32..40 * 32 + 40 * 30 * 8).contains(&n), "{n} parts");

        let place = |entry: &Entry<char>| Expression::Leaf((entry.index[0], entry.index[1]));
        let replaced = whole.replace_shared(&place);
        assert_eq!(replaced, whole.replace(&mut |entry| place(entry)));
        assert_eq!(n_parts(&replaced), n);

        let out = replaced.written_out(&|part| match part {
            Expression::Setting { value, .. } => Some(*value),
            _ => None,
        });
        assert!(n_parts(&out) < n, "names are gone");
        let Expression::Reduce { of, .. } = &out else { unreachable!() };
        let Expression::List(terms) = &**of else { unreachable!() };
        let [first, ..] = terms.as_slice() else { unreachable!() };
        let run = (0..30).map(|at| Arc::new(Expression::Leaf((0, at)))).collect();
        let below = Expression::Reduce {
            how: Reduction::LogSumExp,
            over: super::super::Axes::All,
            keep: false,
            of: Arc::new(Expression::List(run)),
        };
        assert_eq!(**first, number(2.0) * (Expression::Leaf((0, 0)) - below));
    }
}
