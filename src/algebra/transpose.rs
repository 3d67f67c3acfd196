//! Transposes pushed to the leaves: the same formula for tensors that lie the other way round.
//!
//! `(A · B)ᵀ` becomes `Bᵀ · Aᵀ`, entry-by-entry operations take their parts transposed, a sum over
//! rows becomes one over columns. Must not know why somebody lays a tensor another way.

use std::sync::Arc;

use super::expression::{Axes, Expression, Part, Piece, Reduction};
use super::size::Size;

impl<L: Clone> Expression<L> {
    /// The same value with all transposes at the leaves. `rank` gives how many axes a leaf has; only
    /// leaves of two or more are ever transposed.
    #[must_use]
    pub fn with_transposes_at_leaves(&self, rank: &dyn Fn(&L) -> usize) -> Self {
        Pushing { rank }.push(self, false)
    }

    /// How many transposes are written.
    fn n_transposes(&self) -> usize {
        let below: usize = self.parts().map(|part| part.n_transposes()).sum();
        below + usize::from(matches!(self, Self::Transpose(_)))
    }
}

struct Pushing<'a, L> {
    rank: &'a dyn Fn(&L) -> usize,
}

impl<L: Clone> Pushing<'_, L> {
    /// The expression, or its transpose where `flip` says so. What has fewer than two axes is its own
    /// transpose.
    fn push(&self, of: &Expression<L>, flip: bool) -> Expression<L> {
        let part = |of: &Part<L>, flip: bool| Arc::new(self.push(of, flip));
        let flip = flip && of.rank(self.rank) >= 2;
        if flip && self.must_stay(of) {
            return Expression::Transpose(Arc::new(self.push(of, false)));
        }
        match of {
            Expression::Leaf(_) if flip => Expression::Transpose(Arc::new(of.clone())),
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
            Expression::Slice { axis, start, len, of: whole } if flip => {
                let axis = self.turned_axis(*axis, of);
                Expression::Slice { axis, start: *start, len: *len, of: part(whole, true) }
            }
            Expression::Concat { axis, parts } if flip => {
                let axis = self.turned_axis(*axis, of);
                Expression::Concat { axis, parts: parts.iter().map(|of| part(of, true)).collect() }
            }
            Expression::Broadcast { to, of } if flip => {
                Expression::Broadcast { to: turned_sizes(to), of: part(of, true) }
            }
            // One of its two sizes is 1: the numbers lie the same either way.
            Expression::Reshape { to, of } if flip && to.len() == 2 => {
                Expression::Reshape { to: turned_sizes(to), of: part(of, false) }
            }
            Expression::Reshape { to, of } => Expression::Reshape { to: to.clone(), of: part(of, false) },
            _ => of.rebuild(&mut |piece| match piece {
                Piece::Leaf(leaf) => Expression::Leaf(leaf.clone()),
                Piece::Part(part) => self.push(part, flip),
            }),
        }
    }

    /// Whether a transpose cannot go into an expression of two or more axes: it puts a vector together with a matrix, or gives
    /// the numbers other sizes.
    fn must_stay(&self, of: &Expression<L>) -> bool {
        let has_vector = || of.parts().any(|part| part.rank(self.rank) == 1);
        match of {
            Expression::Reshape { to, .. } => to.len() != 2 || !to.contains(&Size::Fixed(1)),
            Expression::Reduce { of, .. } => !self.is_flat(of),
            Expression::Leaf(_) | Expression::Named { .. } | Expression::Transpose(_) => false,
            _ => has_vector(),
        }
    }

    /// The axis of an expression that is this axis of its transpose.
    fn turned_axis(&self, axis: usize, of: &Expression<L>) -> usize {
        let rank = of.rank(self.rank);
        if axis + 2 >= rank { 2 * rank - 3 - axis } else { axis }
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

    /// Whether it is a matrix of matrices, so that a transpose turns the whole.
    fn is_flat(&self, of: &Expression<L>) -> bool {
        of.rank(self.rank) == 2 && !of.any_leaf(&|leaf| (self.rank)(leaf) > 2)
    }
}

/// The sizes of a transpose.
fn turned_sizes(sizes: &[Size]) -> Vec<Size> {
    let mut sizes = sizes.to_vec();
    if let [.., a, b] = sizes.as_mut_slice() {
        std::mem::swap(a, b);
    }
    sizes
}

fn with_fewer_transposes<L: Clone>(first: Expression<L>, other: Expression<L>) -> Expression<L> {
    if other.n_transposes() < first.n_transposes() { other } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_vector_beside_a_matrix_keeps_the_transpose_outside() {
        let rank = |name: &&str| if *name == "v" { 1 } else { 3 };
        let sum = (leaf("a") + leaf("v")).t();
        assert_eq!(sum.with_transposes_at_leaves(&rank), sum);
        let run = leaf("a").slice(2, 0, 1).t();
        assert_eq!(run.with_transposes_at_leaves(&rank), leaf("a").t().slice(1, 0, 1));
        let first = leaf("a").slice(0, 0, 1).t();
        assert_eq!(first.with_transposes_at_leaves(&rank), leaf("a").t().slice(0, 0, 1));
    }
}
