//! The expression type itself: what a formula can be made of, and how it is taken apart and put
//! together again.
//!
//! The type is closed: it holds no closure and calls nothing back, so that an expression is
//! checked against an op and never the op against itself. Must not know numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::function::{Comparison, Function};
use super::size::Size;

/// A part of an expression. Parts are shared, so that copies and rewritings stay cheap.
pub type Part<L> = Arc<Expression<L>>;

/// A tensor-valued formula with leaves of type `L`. Axes stand in PyTorch's order, the samples of a
/// batch first; entrywise operations broadcast as NumPy does, from the last axis on.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression<L> {
    /// Something with a name of its own.
    Leaf(L),
    /// A number, `[]`.
    Number(f64),
    /// A number with a name, `[]`: a setting of an op or of an optimizer.
    Setting {
        /// As PyTorch calls it.
        name: &'static str,
        /// What it is set to.
        value: f64,
    },
    /// N, the number of samples in the batch, `[]`.
    BatchSize,
    /// `body`, written by a name: `σ′(Z)` for A ⊙ (1 − A), or `s` for 1/N.
    Named {
        /// The name.
        name: &'static str,
        /// What the name is applied to; nothing where it stands alone.
        of: Vec<Part<L>>,
        /// What it means.
        body: Part<L>,
    },
    /// A function of one number, entry by entry.
    Apply(Function, Part<L>),
    /// a + b + …, entry by entry.
    Sum(Vec<Part<L>>),
    /// a ⊙ b ⊙ …, entry by entry.
    Product(Vec<Part<L>>),
    /// a − b, entry by entry.
    Difference(Part<L>, Part<L>),
    /// a ÷ b, entry by entry.
    Quotient(Part<L>, Part<L>),
    /// a to the power b, entry by entry.
    Power(Part<L>, Part<L>),
    /// The larger of two numbers, entry by entry; the first where they do not compare.
    Maximum(Part<L>, Part<L>),
    /// The smaller of two numbers, entry by entry; the first where they do not compare.
    Minimum(Part<L>, Part<L>),
    /// 1 where it holds, else 0, entry by entry.
    Compare(Comparison, Part<L>, Part<L>),
    /// The second where the first is not 0, else the third, entry by entry.
    Where(Part<L>, Part<L>, Part<L>),
    /// The last two axes exchanged.
    Transpose(Part<L>),
    /// `[…, a, k] · […, k, b]` → `[…, a, b]`; what stands before the last two axes is broadcast.
    MatrixProduct(Part<L>, Part<L>),
    /// One number from many, over one axis or all.
    Reduce {
        /// Which number.
        how: Reduction,
        /// Over what.
        over: Axes,
        /// Whether the reduced axis stays, with size 1.
        keep: bool,
        /// Of what.
        of: Part<L>,
    },
    /// A run of an axis.
    Slice {
        /// Which axis.
        axis: usize,
        /// Where the run begins.
        start: usize,
        /// How long it is.
        len: usize,
        /// Of what.
        of: Part<L>,
    },
    /// Parts side by side along an axis.
    Concat {
        /// Which axis.
        axis: usize,
        /// In this order.
        parts: Vec<Part<L>>,
    },
    /// Repeated to these sizes.
    Broadcast {
        /// The sizes.
        to: Vec<Size>,
        /// Of what.
        of: Part<L>,
    },
    /// The same numbers in C order under other sizes.
    Reshape {
        /// The sizes.
        to: Vec<Size>,
        /// Of what.
        of: Part<L>,
    },
    /// Scalars side by side, `[k]`: what one entry of a product or of a reduction runs over.
    List(Vec<Part<L>>),
}

/// One number from many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Their sum.
    Sum,
    /// Their sum divided by their count; 0 of nothing.
    Mean,
    /// The largest; NaN where one is.
    Max,
    /// The smallest; NaN where one is.
    Min,
    /// Their product; 1 of nothing.
    Prod,
    /// ln Σ eˣ, with the largest subtracted first.
    LogSumExp,
    /// The place of the largest, the first of equals.
    ArgMax,
}

/// What a reduction runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Everything: the result is `[]`.
    All,
    /// One axis.
    One(usize),
}

/// What a rebuilding finds in an expression.
#[derive(Debug)]
pub enum Piece<'a, L> {
    /// The expression is a leaf.
    Leaf(&'a L),
    /// A part of it.
    Part(&'a Part<L>),
}

/// What takes the place of a leaf or of a part.
pub type Rebuild<'a, L, M, E> = &'a mut dyn FnMut(Piece<'_, L>) -> Result<Part<M>, E>;

/// What a rule speaks of: the values at an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operand {
    /// An input, by number. A dropout mask is one, too.
    Input(usize),
    /// What the op computed.
    Output,
    /// d loss / d output, the gradient that comes in.
    Grad,
}

impl<L> Expression<L> {
    /// Its parts, from left to right; those of a name are what it is applied to and then its body.
    pub fn parts(&self) -> impl Iterator<Item = &Part<L>> + use<'_, L> {
        let (many, few): (&[Part<L>], [Option<&Part<L>>; 3]) = match self {
            Self::Leaf(_) | Self::Number(_) | Self::Setting { .. } | Self::BatchSize => (&[], [None; 3]),
            Self::Named { of, body, .. } => (of, [Some(body), None, None]),
            Self::Sum(parts) | Self::Product(parts) | Self::Concat { parts, .. } | Self::List(parts) => {
                (parts, [None; 3])
            }
            Self::Difference(a, b)
            | Self::Quotient(a, b)
            | Self::Power(a, b)
            | Self::Maximum(a, b)
            | Self::Minimum(a, b)
            | Self::Compare(_, a, b)
            | Self::MatrixProduct(a, b) => (&[], [Some(a), Some(b), None]),
            Self::Where(a, b, c) => (&[], [Some(a), Some(b), Some(c)]),
            Self::Apply(_, of)
            | Self::Transpose(of)
            | Self::Reduce { of, .. }
            | Self::Slice { of, .. }
            | Self::Broadcast { of, .. }
            | Self::Reshape { of, .. } => (&[], [Some(of), None, None]),
        };
        many.iter().chain(few.into_iter().flatten())
    }

    /// The same node with other parts: `rebuild` gives what takes the place of each, and of a leaf.
    ///
    /// # Errors
    /// The first that `rebuild` gives.
    pub fn try_rebuild<M: Clone, E>(&self, rebuild: Rebuild<'_, L, M, E>) -> Result<Expression<M>, E> {
        if let Self::Leaf(leaf) = self {
            return rebuild(Piece::Leaf(leaf)).map(Arc::unwrap_or_clone);
        }
        let mut one = |of: &Part<L>| rebuild(Piece::Part(of));
        Ok(match self {
            // Answered above; without a leaf there is nothing to rebuild.
            Self::Leaf(_) | Self::BatchSize => Expression::BatchSize,
            Self::Number(value) => Expression::Number(*value),
            Self::Setting { name, value } => Expression::Setting { name, value: *value },
            Self::Named { name, of, body } => {
                let of = of.iter().map(&mut one).collect::<Result<_, E>>()?;
                Expression::Named { name, of, body: one(body)? }
            }
            Self::Apply(function, of) => Expression::Apply(*function, one(of)?),
            Self::Sum(parts) => Expression::Sum(parts.iter().map(one).collect::<Result<_, E>>()?),
            Self::Product(parts) => Expression::Product(parts.iter().map(one).collect::<Result<_, E>>()?),
            Self::List(parts) => Expression::List(parts.iter().map(one).collect::<Result<_, E>>()?),
            Self::Difference(a, b) => Expression::Difference(one(a)?, one(b)?),
            Self::Quotient(a, b) => Expression::Quotient(one(a)?, one(b)?),
            Self::Power(a, b) => Expression::Power(one(a)?, one(b)?),
            Self::Maximum(a, b) => Expression::Maximum(one(a)?, one(b)?),
            Self::Minimum(a, b) => Expression::Minimum(one(a)?, one(b)?),
            Self::Compare(how, a, b) => Expression::Compare(*how, one(a)?, one(b)?),
            Self::Where(a, b, c) => Expression::Where(one(a)?, one(b)?, one(c)?),
            Self::Transpose(of) => Expression::Transpose(one(of)?),
            Self::MatrixProduct(a, b) => Expression::MatrixProduct(one(a)?, one(b)?),
            Self::Reduce { how, over, keep, of } => {
                Expression::Reduce { how: *how, over: *over, keep: *keep, of: one(of)? }
            }
            Self::Slice { axis, start, len, of } => {
                Expression::Slice { axis: *axis, start: *start, len: *len, of: one(of)? }
            }
            Self::Concat { axis, parts } => {
                let parts = parts.iter().map(one).collect::<Result<_, E>>()?;
                Expression::Concat { axis: *axis, parts }
            }
            Self::Broadcast { to, of } => Expression::Broadcast { to: to.clone(), of: one(of)? },
            Self::Reshape { to, of } => Expression::Reshape { to: to.clone(), of: one(of)? },
        })
    }

    /// Whether a leaf for which `is` holds stands anywhere in it.
    pub fn any_leaf(&self, is: &dyn Fn(&L) -> bool) -> bool {
        match self {
            Self::Leaf(leaf) => is(leaf),
            _ => self.parts().any(|part| part.any_leaf(is)),
        }
    }

    /// Calls `see` with it and with what it is made of, from the outside in; with a part that several others
    /// share once. `see` says whether to look at what a part is made of, too.
    pub fn for_each_part(&self, see: &mut dyn FnMut(&Self) -> bool) {
        self.see_parts(see, &mut BTreeSet::new());
    }

    /// `seen` has where shared parts lie.
    fn see_parts(&self, see: &mut dyn FnMut(&Self) -> bool, seen: &mut BTreeSet<usize>) {
        if !see(self) {
            return;
        }
        for part in self.parts() {
            if Arc::strong_count(part) == 1 || seen.insert(Arc::as_ptr(part).addr()) {
                part.see_parts(see, seen);
            }
        }
    }

    /// Calls `see` with every leaf, from left to right, as often as it stands there.
    pub fn for_each_leaf<'a>(&'a self, see: &mut dyn FnMut(&'a L)) {
        match self {
            Self::Leaf(leaf) => see(leaf),
            // What a name is applied to stands in its body, too.
            Self::Named { body, .. } => body.for_each_leaf(see),
            _ => self.parts().for_each(|part| part.for_each_leaf(see)),
        }
    }
}
