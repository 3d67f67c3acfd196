//! Transposes pushed to the leaves: the same formula for tensors that lie the other way round.
//!
//! `(A · B)ᵀ` becomes `Bᵀ · Aᵀ`, entry-by-entry operations take their parts transposed, a sum over
//! rows becomes one over columns. Must not know why somebody lays a tensor another way.

use std::sync::Arc;

use super::expression::{Axes, Expression, Part, Piece, Reduction};

impl<L: Clone> Expression<L> {
    /// The same value with all transposes at the leaves. `rank` gives how many axes a leaf has; only
    /// leaves of two or more are ever transposed.
    #[must_use]
    pub fn with_transposes_at_leaves(&self, rank: &dyn Fn(&L) -> usize) -> Self {
        Pushing { rank }.push(self, false)
    }

    /// How many transposes are written.
    fn n_transposes(&self) -> usize {
        let below: usize = self.parts().into_iter().map(|part| part.n_transposes()).sum();
        below + usize::from(matches!(self, Self::Transpose(_)))
    }
}

struct Pushing<'a, L> {
    rank: &'a dyn Fn(&L) -> usize,
}

impl<L: Clone> Pushing<'_, L> {
    /// The expression, or its transpose where `flip` says so. One number is its own transpose.
    fn push(&self, of: &Expression<L>, flip: bool) -> Expression<L> {
        let part = |of: &Part<L>, flip: bool| Arc::new(self.push(of, flip));
        match of {
            Expression::Leaf(leaf) if flip && (self.rank)(leaf) >= 2 => {
                Expression::Transpose(Arc::new(of.clone()))
            }
            Expression::Transpose(inner) => self.push(inner, !flip),
            Expression::MatrixProduct(a, b) if flip => {
                Expression::MatrixProduct(part(b, true), part(a, true))
            }
            Expression::Reduce { how, over: Axes::All, keep, of } => {
                let reduced =
                    |flip| Expression::Reduce { how: *how, over: Axes::All, keep: *keep, of: part(of, flip) };
                if self.is_flat(of) {
                    with_fewer_transposes(reduced(false), reduced(true))
                } else {
                    reduced(false)
                }
            }
            Expression::Reduce { how, over: Axes::One(axis), keep, of } => {
                self.push_reduction(*how, *axis, *keep, of, flip)
            }
            Expression::Slice { axis, start, len, of } if flip => {
                Expression::Slice { axis: 1 - axis.min(&1), start: *start, len: *len, of: part(of, true) }
            }
            Expression::Concat { axis, parts } if flip => {
                let parts = parts.iter().map(|of| part(of, true)).collect();
                Expression::Concat { axis: 1 - axis.min(&1), parts }
            }
            Expression::Broadcast { to, of } if flip => {
                let to = to.iter().rev().copied().collect();
                Expression::Broadcast { to, of: part(of, true) }
            }
            _ => of.rebuild(&mut |piece| match piece {
                Piece::Leaf(leaf) => Expression::Leaf(leaf.clone()),
                Piece::Part(part) => self.push(part, flip),
            }),
        }
    }

    /// A reduction over one axis of a matrix: over the other axis of its transpose, where that is
    /// written with fewer transposes.
    fn push_reduction(
        &self,
        how: Reduction,
        axis: usize,
        keep: bool,
        of: &Part<L>,
        flip: bool,
    ) -> Expression<L> {
        let reduced = |other: bool| Expression::Reduce {
            how,
            over: Axes::One(if other { 1 - axis.min(1) } else { axis }),
            keep,
            of: Arc::new(self.push(of, other)),
        };
        let turned = |of: Expression<L>| Expression::Transpose(Arc::new(of));
        if !self.is_flat(of) {
            return reduced(false);
        }
        match (keep, flip) {
            (false, _) => with_fewer_transposes(reduced(false), reduced(true)),
            (true, false) => with_fewer_transposes(reduced(false), turned(reduced(true))),
            (true, true) => with_fewer_transposes(reduced(true), turned(reduced(false))),
        }
    }

    /// Whether all leaves have at most two axes, so that a transpose turns the whole.
    fn is_flat(&self, of: &Expression<L>) -> bool {
        !of.any_leaf(&|leaf| (self.rank)(leaf) > 2)
    }
}

fn with_fewer_transposes<L: Clone>(first: Expression<L>, other: Expression<L>) -> Expression<L> {
    if other.n_transposes() < first.n_transposes() { other } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::Size;

    type Formula = Expression<&'static str>;

    fn leaf(name: &'static str) -> Formula {
        Expression::Leaf(name)
    }

    fn pushed(of: &Formula) -> Formula {
        of.with_transposes_at_leaves(&|_| 2)
    }

    #[test]
    fn a_product_turns_round() {
        assert_eq!(pushed(&leaf("a").dot(leaf("b").t()).t()), leaf("b").dot(leaf("a").t()));
        assert_eq!(pushed(&(leaf("a").t() * leaf("b").t()).t()), leaf("a") * leaf("b"));
    }

    #[test]
    fn a_sum_over_rows_becomes_one_over_columns() {
        let rows = leaf("a").t().over_kept(Reduction::Sum, 0).t();
        assert_eq!(pushed(&rows), leaf("a").over_kept(Reduction::Sum, 1));
        assert_eq!(pushed(&leaf("a").t().sum()), leaf("a").sum());
        let wide = leaf("a").t().broadcast(vec![Size::Batch, Size::Fixed(3)]).t();
        assert_eq!(pushed(&wide), leaf("a").broadcast(vec![Size::Fixed(3), Size::Batch]));
    }
}
