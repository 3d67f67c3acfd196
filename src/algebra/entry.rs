//! The scalar formula of one entry, derived from the formula of the whole tensor.
//!
//! Entry (n, i) of A·Bᵀ is Σₖ aₙₖ bᵢₖ, of ⊙ a product, of a sum over an axis a sum; what is
//! repeated clips its index. One entry costs the operands it is made of, never a tensor. Must not
//! know what leaves mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression::{Axes, Expression, Part, Piece, Reduction};
use super::size::{Misfit, Size, concrete};

/// One number of a leaf.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry<L> {
    /// The leaf.
    pub of: L,
    /// Its place, one index an axis.
    pub index: Vec<usize>,
}

/// Entries of reductions and of products that have been derived, by where the expression lies and by their index.
type Known<L> = BTreeMap<(usize, Vec<usize>), Part<Entry<L>>>;

/// Derives entries: knows the sizes of leaves and of the batch.
pub struct Entries<'a, L> {
    batch: usize,
    sizes: &'a dyn Fn(&L) -> Vec<Size>,
}

impl<'a, L: Clone> Entries<'a, L> {
    /// For a batch of `batch` samples; `sizes` gives the axes of a leaf.
    pub fn new(batch: usize, sizes: &'a dyn Fn(&L) -> Vec<Size>) -> Self {
        Self { batch, sizes }
    }

    /// The sizes of an expression's value.
    ///
    /// # Errors
    /// Where its parts do not fit together.
    pub fn sizes(&self, of: &Expression<L>) -> Result<Vec<usize>, Misfit> {
        Ok(concrete(&of.sizes(self.sizes)?, self.batch))
    }

    /// The formula of the entry at `index`. The index may belong to a larger tensor that the value
    /// is repeated to.
    ///
    /// # Errors
    /// Where parts do not fit together, or the index lies outside.
    pub fn entry(&self, of: &Expression<L>, index: &[usize]) -> Result<Expression<Entry<L>>, Misfit> {
        self.part(of, index, &mut Known::new()).map(Arc::unwrap_or_clone)
    }

    /// The same as a part; what several entries of a run share is derived once.
    fn part(
        &self,
        of: &Expression<L>,
        index: &[usize],
        known: &mut Known<L>,
    ) -> Result<Part<Entry<L>>, Misfit> {
        let sizes = self.sizes(of)?;
        let index = clipped(index, &sizes)?;
        match of {
            Expression::Named { name, of: parts, body } if is_entrywise(body) => {
                let parts =
                    parts.iter().map(|part| self.part(part, &index, known)).collect::<Result<_, _>>()?;
                let body = self.part(body, &index, known)?;
                Ok(Arc::new(Expression::Named { name, of: parts, body }))
            }
            Expression::Named { body, .. } => self.part(body, &index, known),
            Expression::Transpose(part) => {
                let mut index = index.clone();
                let n = index.len();
                if n >= 2 {
                    index.swap(n - 2, n - 1);
                }
                self.part(part, &index, known)
            }
            Expression::MatrixProduct(a, b) => once(of, &index, known, |known| {
                Ok(reduced(Reduction::Sum, self.products(a, b, &index, known)?))
            }),
            Expression::Reduce { how, over, keep, of: part } => once(of, &index, known, |known| {
                Ok(reduced(*how, self.run((part, *over, *keep), &index, known)?))
            }),
            Expression::Slice { axis, start, of: part, .. } => {
                let mut index = index.clone();
                if let Some(at) = index.get_mut(*axis) {
                    *at += start;
                }
                self.part(part, &index, known)
            }
            Expression::Concat { axis, parts } => {
                let mut index = index.clone();
                for part in parts {
                    let len = self.sizes(part)?.get(*axis).copied().unwrap_or(0);
                    match index.get(*axis).and_then(|at| at.checked_sub(len)) {
                        None => return self.part(part, &index, known),
                        Some(rest) => index[*axis] = rest,
                    }
                }
                Err(outside(&index, &sizes))
            }
            Expression::Broadcast { of: part, .. } => self.part(part, &index, known),
            Expression::Reshape { of: part, .. } => {
                let mut place = index.iter().zip(&sizes).fold(0, |place, (&at, &size)| place * size + at);
                let mut inner = self.sizes(part)?;
                for size in inner.iter_mut().rev() {
                    let at = place % (*size).max(1);
                    place /= (*size).max(1);
                    *size = at;
                }
                self.part(part, &inner, known)
            }
            Expression::List(parts) => {
                let at =
                    index.first().and_then(|&at| parts.get(at)).ok_or_else(|| outside(&index, &sizes))?;
                self.part(at, &[], known)
            }
            Expression::Leaf(_)
            | Expression::Number(_)
            | Expression::Setting { .. }
            | Expression::BatchSize
            | Expression::Apply(..)
            | Expression::Sum(_)
            | Expression::Product(_)
            | Expression::Difference(..)
            | Expression::Quotient(..)
            | Expression::Power(..)
            | Expression::Maximum(..)
            | Expression::Minimum(..)
            | Expression::Compare(..)
            | Expression::Where(..) => {
                let rebuilt = of.try_rebuild(&mut |piece| match piece {
                    Piece::Leaf(name) => {
                        Ok(Arc::new(Expression::Leaf(Entry { of: name.clone(), index: index.clone() })))
                    }
                    Piece::Part(part) => self.part(part, &index, known),
                });
                rebuilt.map(Arc::new)
            }
        }
    }

    /// The terms of one entry of a product of matrices.
    fn products(
        &self,
        a: &Part<L>,
        b: &Part<L>,
        index: &[usize],
        known: &mut Known<L>,
    ) -> Result<Vec<Part<Entry<L>>>, Misfit> {
        let inner = self.sizes(a)?.last().copied().unwrap_or(0);
        let [lead @ .., row, column] = index else { return Err(outside(index, &[])) };
        let term = |at: usize| {
            let (left, right) = ([lead, &[*row, at]].concat(), [lead, &[at, *column]].concat());
            let factors = vec![self.part(a, &left, known)?, self.part(b, &right, known)?];
            Ok(Arc::new(Expression::Product(factors)))
        };
        (0..inner).map(term).collect()
    }

    /// The entries that one entry of a reduction runs over.
    fn run(
        &self,
        (of, over, keep): (&Part<L>, Axes, bool),
        index: &[usize],
        known: &mut Known<L>,
    ) -> Result<Vec<Part<Entry<L>>>, Misfit> {
        let sizes = self.sizes(of)?;
        match over {
            Axes::One(axis) => {
                let mut index = index.to_vec();
                if !keep {
                    index.insert(axis.min(index.len()), 0);
                }
                let at = |place: usize| {
                    if let Some(on_axis) = index.get_mut(axis) {
                        *on_axis = place;
                    }
                    self.part(of, &index, known)
                };
                (0..sizes.get(axis).copied().unwrap_or(0)).map(at).collect()
            }
            Axes::All => {
                let n: usize = sizes.iter().product();
                (0..n)
                    .map(|mut place| {
                        let mut index = vec![0; sizes.len()];
                        for (at, &size) in index.iter_mut().zip(&sizes).rev() {
                            *at = place % size;
                            place /= size;
                        }
                        self.part(of, &index, known)
                    })
                    .collect()
            }
        }
    }
}

/// What is derived for an expression and an index, for the first time or found again.
fn once<L>(
    of: &Expression<L>,
    index: &[usize],
    known: &mut Known<L>,
    derive: impl FnOnce(&mut Known<L>) -> Result<Part<Entry<L>>, Misfit>,
) -> Result<Part<Entry<L>>, Misfit> {
    let place = (std::ptr::from_ref(of).addr(), index.to_vec());
    if let Some(part) = known.get(&place) {
        return Ok(Arc::clone(part));
    }
    let part = derive(known)?;
    known.insert(place, Arc::clone(&part));
    Ok(part)
}

/// Whether every entry of an expression depends on the same entry of its leaves only.
fn is_entrywise<L>(of: &Expression<L>) -> bool {
    let moves = matches!(
        of,
        Expression::Transpose(_)
            | Expression::MatrixProduct(..)
            | Expression::Reduce { .. }
            | Expression::Slice { .. }
            | Expression::Concat { .. }
            | Expression::Reshape { .. }
            | Expression::List(_)
    );
    !moves && of.parts().all(|part| is_entrywise(part))
}

/// A reduction of scalars; of one scalar, where that changes nothing, the scalar itself.
fn reduced<L>(how: Reduction, mut run: Vec<Part<L>>) -> Part<L> {
    if run.len() == 1
        && !matches!(how, Reduction::ArgMax)
        && let Some(only) = run.pop()
    {
        return only;
    }
    let of = Arc::new(Expression::List(run));
    Arc::new(Expression::Reduce { how, over: Axes::All, keep: false, of })
}

/// The index within a value of these sizes: axes count from the last, an axis of size 1 is
/// repeated.
fn clipped(index: &[usize], sizes: &[usize]) -> Result<Vec<usize>, Misfit> {
    let skipped = index.len().checked_sub(sizes.len()).ok_or_else(|| outside(index, sizes))?;
    let at = |(&at, &size): (&usize, &usize)| match size {
        1 => Ok(0),
        _ if at < size => Ok(at),
        _ => Err(outside(index, sizes)),
    };
    index[skipped..].iter().zip(sizes).map(at).collect()
}

fn outside(index: &[usize], sizes: &[usize]) -> Misfit {
    let fixed = |sizes: &[usize]| sizes.iter().map(|&size| Size::Fixed(size)).collect::<Vec<_>>();
    Misfit::new("entry", &[&fixed(index), &fixed(sizes)])
}
