//! Which entries of an expression's value a given entry of a leaf goes into.
//!
//! The way of [`entry`](super::entry) walked in reverse: a pattern of indices instead of every entry, so
//! that asking costs the size of the expression and never a tensor. Must not know what leaves mean.

use super::expression::{Axes, Expression, Part};
use super::size::{Size, concrete};

/// A set of entries: an index an axis, and every index where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(pub Vec<Option<usize>>);

impl Pattern {
    /// How many entries of a tensor of these sizes it holds.
    pub fn count(&self, sizes: &[usize]) -> usize {
        let free = self.0.iter().zip(sizes).filter(|(index, _)| index.is_none());
        free.map(|(_, &size)| size).product()
    }

    /// Its entries in C order.
    pub fn entries<'a>(&'a self, sizes: &'a [usize]) -> impl Iterator<Item = Vec<usize>> + 'a {
        (0..self.count(sizes)).map(move |mut rest| {
            let axes = self.0.iter().zip(sizes).rev();
            let mut index: Vec<usize> = axes
                .map(|(index, &size)| {
                    index.unwrap_or_else(|| {
                        let at = rest % size.max(1);
                        rest /= size.max(1);
                        at
                    })
                })
                .collect();
            index.reverse();
            index
        })
    }
}

/// Asks where entries go: knows the sizes of leaves and of the batch.
pub struct Users<'a, L> {
    batch: usize,
    sizes: &'a dyn Fn(&L) -> Vec<Size>,
}

impl<'a, L: PartialEq> Users<'a, L> {
    /// For a batch of `batch` samples; `sizes` gives the axes of a leaf.
    pub fn new(batch: usize, sizes: &'a dyn Fn(&L) -> Vec<Size>) -> Self {
        Self { batch, sizes }
    }

    /// The entries of the value of `of` that entry `index` of `leaf` goes into, once for every place
    /// that the leaf stands at.
    pub fn of(&self, of: &Expression<L>, leaf: &L, index: &[usize]) -> Vec<Pattern> {
        let mut found = Vec::new();
        self.collect(of, leaf, index, &mut found);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.dedup();
        found
    }

    fn collect(&self, of: &Expression<L>, leaf: &L, index: &[usize], found: &mut Vec<Pattern>) {
        match of {
            Expression::Leaf(name) => {
                if name == leaf {
                    found.push(Pattern(index.iter().copied().map(Some).collect()));
                }
            }
            Expression::Named { body, .. } => self.collect(body, leaf, index, found),
            _ => {
                for (place, part) in of.parts().enumerate() {
                    let mut inner = Vec::new();
                    self.collect(part, leaf, index, &mut inner);
                    let spread = inner.into_iter().flat_map(|pattern| self.spread(of, part, pattern));
                    found.extend(spread.filter_map(|pattern| self.above(of, place, part, pattern)));
                }
            }
        }
    }

    fn sizes_of(&self, of: &Expression<L>) -> Option<Vec<usize>> {
        of.sizes(self.sizes).ok().map(|sizes| concrete(&sizes, self.batch))
    }

    /// The same entries, place by place along the axis that a node puts its parts side by side on: all
    /// places of one part are not all places of the whole.
    fn spread(&self, of: &Expression<L>, part: &Part<L>, pattern: Pattern) -> Vec<Pattern> {
        let Expression::Concat { axis, .. } = of else { return vec![pattern] };
        let size = self.sizes_of(part).and_then(|sizes| sizes.get(*axis).copied());
        let (Some(None), Some(size)) = (pattern.0.get(*axis), size) else { return vec![pattern] };
        let at = |place| {
            let mut index = pattern.0.clone();
            index[*axis] = Some(place);
            Pattern(index)
        };
        (0..size).map(at).collect()
    }

    /// The entries of a node that entries of its part number `place` go into.
    fn above(
        &self,
        of: &Expression<L>,
        place: usize,
        part: &Part<L>,
        Pattern(mut index): Pattern,
    ) -> Option<Pattern> {
        match of {
            Expression::Transpose(_) => {
                let n = index.len();
                if n >= 2 {
                    index.swap(n - 2, n - 1);
                }
            }
            Expression::MatrixProduct(..) => {
                // Row of the first, column of the second; every other index is summed over.
                let free = if place == 0 { index.len() - 1 } else { index.len().checked_sub(2)? };
                *index.get_mut(free)? = None;
            }
            Expression::Reduce { over: Axes::All, .. } => index.clear(),
            Expression::Reduce { over: Axes::One(axis), keep, .. } => {
                if *axis < index.len() {
                    index.remove(*axis);
                    if *keep {
                        index.insert(*axis, Some(0));
                    }
                }
            }
            Expression::Slice { axis, start, len, .. } => {
                if let Some(Some(at)) = index.get_mut(*axis) {
                    *at = at.checked_sub(*start).filter(|at| at < len)?;
                }
            }
            Expression::Concat { axis, parts } => {
                let before = parts
                    .iter()
                    .take(place)
                    .map(|part| self.sizes_of(part).and_then(|sizes| sizes.get(*axis).copied()).unwrap_or(0));
                let before: usize = before.sum();
                if let Some(Some(at)) = index.get_mut(*axis) {
                    *at += before;
                }
            }
            Expression::Reshape { .. } => {
                let (inner, outer) = (self.sizes_of(part)?, self.sizes_of(of)?);
                index = reshaped(&index, &inner, &outer);
            }
            Expression::List(_) => index = vec![Some(place)],
            _ => index = repeated(&index, &self.sizes_of(part)?, &self.sizes_of(of)?),
        }
        Some(Pattern(index))
    }
}

/// What is repeated to a larger value goes into every repetition.
fn repeated(index: &[Option<usize>], inner: &[usize], outer: &[usize]) -> Vec<Option<usize>> {
    let missing = outer.len().saturating_sub(inner.len());
    let own = index.iter().zip(inner).zip(outer.iter().skip(missing));
    let own = own.map(|((&at, &size), &repeated)| if size == 1 && repeated != 1 { None } else { at });
    std::iter::repeat_n(None, missing).chain(own).collect()
}

fn reshaped(index: &[Option<usize>], inner: &[usize], outer: &[usize]) -> Vec<Option<usize>> {
    let flat = index.iter().zip(inner).try_fold(0, |place, (at, &size)| at.map(|at| place * size + at));
    let Some(mut rest) = flat else { return vec![None; outer.len()] };
    let mut index = vec![None; outer.len()];
    for (at, &size) in index.iter_mut().zip(outer).rev() {
        *at = Some(rest % size.max(1));
        rest /= size.max(1);
    }
    index
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::trivially_copy_pass_by_ref, reason = "tests")]

    use super::super::{Entries, number};
    use super::*;

    fn sizes(leaf: &char) -> Vec<Size> {
        match leaf {
            'x' => vec![Size::Batch, Size::Fixed(3)],
            'w' => vec![Size::Fixed(2), Size::Fixed(3)],
            _ => vec![Size::Fixed(2)],
        }
    }

    fn leaf(name: char) -> Expression<char> {
        Expression::Leaf(name)
    }

    #[test]
    fn the_users_of_an_entry_are_those_whose_formula_holds_it() {
        const BATCH: usize = 4;
        let z = leaf('x').dot(leaf('w').t()) + leaf('b');
        let mean = z.clone().over_kept(crate::algebra::Reduction::Mean, 0) * number(2.0);
        let pieces = Expression::Concat { axis: 1, parts: vec![leaf('x').into(), z.clone().into()] };
        for of in [z.clone(), mean, pieces, z.squared().sum()] {
            let entries = Entries::new(BATCH, &sizes);
            let outer = entries.sizes(&of).unwrap();
            for name in ['x', 'w', 'b'] {
                let inner = concrete(&sizes(&name), BATCH);
                let every =
                    |sizes: &[usize]| Pattern(vec![None; sizes.len()]).entries(sizes).collect::<Vec<_>>();
                for index in every(&inner) {
                    let patterns = Users::new(BATCH, &sizes).of(&of, &name, &index);
                    let mut found: Vec<_> = patterns.iter().flat_map(|it| it.entries(&outer)).collect();
                    found.sort();
                    found.dedup();
                    let holds = |at: &Vec<usize>| {
                        let formula = entries.entry(&of, at).unwrap();
                        formula.any_leaf(&|entry| entry.of == name && entry.index == index)
                    };
                    let expected: Vec<_> = every(&outer).into_iter().filter(holds).collect();
                    assert_eq!(found, expected, "{name} {index:?}");
                }
            }
        }
    }
}
