//! The general term of a long sum, `Σₙ dZₙ₀ xₙ₁`: found only where every term of the sum is that one with
//! its indices in place, and the indices run over all of their axes.
//!
//! Must not know numbers, or how a formula is written.

use std::sync::Arc;

use super::print::{Index, Sign, Signs};
use super::quantity::Quantity;
use crate::algebra::{Axes, Expression, Part, Piece, Reduction, Size};

/// A sum of more terms than this is written by its general term.
const MOST_SIGNS: usize = 3;

/// A formula with signs, its long sums by their general terms.
pub(super) fn general(signs: &Signs<'_>, of: &Expression<Quantity>) -> Expression<Sign> {
    if let Expression::Reduce {
        how: how @ (Reduction::Sum | Reduction::Mean), over: Axes::All, of: list, ..
    } = of
        && let Expression::List(terms) = &**list
        && terms.len() > MOST_SIGNS
        && let Some(run) = Run::of(signs, terms)
    {
        return run.write(signs, *how, &terms[0]);
    }
    of.rebuild(&mut |piece| match piece {
        Piece::Leaf(leaf) => Expression::Leaf(signs.sign(*leaf)),
        Piece::Part(part) => general(signs, part),
    })
}

/// Up to so many terms are compared in all that is no operand, too.
const MOST_COMPARED: usize = 4096;

/// How one coordinate of an operand changes from term to term.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Along {
    /// Not at all.
    Nothing,
    /// By one with the inner index.
    Inner,
    /// By one with the outer index.
    Outer,
}

/// How the row and the column of one operand change.
type Coordinates = [Along; 2];

/// A sum over one index, or over an outer and an inner one: its terms in order are those of the inner
/// index for each of the outer one.
struct Run {
    /// Of the operands in the order in which they stand in a term.
    operands: Vec<(Quantity, Coordinates)>,
    outer: Index,
    inner: Index,
    n_outer: usize,
}

impl Run {
    /// The run that some terms are; `None` where they are none.
    fn of(signs: &Signs<'_>, terms: &[Part<Quantity>]) -> Option<Self> {
        let leaves = |at: usize| {
            let mut leaves = Vec::new();
            terms[at].for_each_leaf(&mut |leaf| leaves.push(*leaf));
            leaves
        };
        let first = leaves(0);
        let changed = |at: usize, along: Along| -> Option<Vec<Coordinates>> {
            let other = leaves(at);
            let pairs = first.iter().zip(&other);
            let changes =
                pairs.map(|(a, b)| match (b.row.checked_sub(a.row)?, b.column.checked_sub(a.column)?) {
                    _ if a.tensor != b.tensor => None,
                    (row @ (0 | 1), column @ (0 | 1)) => {
                        Some([row, column].map(|by| if by == 1 { along } else { Along::Nothing }))
                    }
                    _ => None,
                });
            changes.collect::<Option<Vec<_>>>().filter(|_| first.len() == other.len())
        };
        let mut coordinates = changed(1, Along::Inner)?;
        let is_term = |coordinates: &[Coordinates], at: usize, [outer, inner]: [usize; 2]| {
            let mut expected = first.iter().zip(coordinates);
            let mut agrees = true;
            terms[at].for_each_leaf(&mut |leaf| {
                agrees &= expected.next().is_some_and(|(first, coordinates)| {
                    let [row, column] = coordinates.map(|along| match along {
                        Along::Nothing => 0,
                        Along::Inner => inner,
                        Along::Outer => outer,
                    });
                    *leaf == first.tensor.at(first.row + row, first.column + column)
                });
            });
            agrees && expected.next().is_none()
        };
        let n_inner = (1..terms.len()).find(|&at| !is_term(&coordinates, at, [0, at])).unwrap_or(terms.len());
        if !terms.len().is_multiple_of(n_inner) {
            return None;
        }
        if n_inner < terms.len() {
            for (own, other) in coordinates.iter_mut().zip(changed(n_inner, Along::Outer)?) {
                for (own, other) in own.iter_mut().zip(other) {
                    match (*own, other) {
                        (_, Along::Nothing) => {}
                        (Along::Nothing, _) => *own = other,
                        _ => return None,
                    }
                }
            }
        }
        let n_outer = terms.len() / n_inner;
        let form = |at: usize| terms[at].replace(&mut |_| Expression::Leaf(()));
        let (first_form, last) = (form(0), terms.len() - 1);
        let all = (0..terms.len()).all(|at| {
            let is_compared = last < MOST_COMPARED || [1, n_inner, last].contains(&at);
            is_term(&coordinates, at, [at / n_inner, at % n_inner])
                && (!is_compared || form(at) == first_form)
        });
        let operands: Vec<_> = first.into_iter().zip(coordinates).collect();
        let is_whole = operands.iter().all(|operand| runs_over_all(signs, operand, [n_outer, n_inner]));
        (all && is_whole).then(|| {
            let over_samples = |along| operands.iter().any(|operand| is_of_samples(signs, operand, along));
            let inner = if over_samples(Along::Inner) { Index::Sample } else { Index::Other };
            let outer = match inner {
                _ if over_samples(Along::Outer) => Index::Sample,
                Index::Other => Index::Outer,
                _ => Index::Other,
            };
            Self { operands, outer, inner, n_outer }
        })
    }

    /// The sum of the general term, which is the first one with indices in place.
    fn write(&self, signs: &Signs<'_>, how: Reduction, first: &Part<Quantity>) -> Expression<Sign> {
        let mut operands = self.operands.iter();
        let term = first.replace(&mut |leaf| {
            let mut sign = signs.sign(*leaf);
            let along = operands.next().map_or([Along::Nothing; 2], |(_, coordinates)| *coordinates);
            let moved =
                [leaf.tensor.at(leaf.row + 1, leaf.column), leaf.tensor.at(leaf.row, leaf.column + 1)];
            for (along, moved) in along.into_iter().zip(moved) {
                let index = match along {
                    Along::Nothing => continue,
                    Along::Inner => self.inner,
                    Along::Outer => self.outer,
                };
                // Which place of the sign is the row, and which the column, is the convention's.
                for (own, other) in sign.indices.iter_mut().zip(signs.sign(moved).indices) {
                    if matches!(own, Index::At(_)) && *own != other {
                        *own = index;
                    }
                }
            }
            Expression::Leaf(sign)
        });
        let over = |index: Index, of: Expression<Sign>| Expression::Reduce {
            how,
            over: Axes::One(axis(index)),
            keep: false,
            of: Arc::new(of),
        };
        let inner = over(self.inner, term);
        if self.n_outer > 1 { over(self.outer, inner) } else { inner }
    }
}

/// The axis by which printers know a sum's index.
fn axis(index: Index) -> usize {
    match index {
        Index::Sample => 0,
        Index::Other | Index::At(_) => 1,
        Index::Outer => 2,
    }
}

/// Whether the indices of an operand begin at 0 and run to the end of their axes.
fn runs_over_all(
    signs: &Signs<'_>,
    (first, coordinates): &(Quantity, Coordinates),
    [n_outer, n_inner]: [usize; 2],
) -> bool {
    let sizes = signs.counts(first.tensor);
    // Further axes than two follow one another in a row: their index is not one of the sign's.
    let n = match *sizes.as_slice() {
        [] => [1, 1],
        [columns] => [1, columns],
        [rows, columns] => [rows, columns],
        _ => return *coordinates == [Along::Nothing; 2],
    };
    let starts = [first.row, first.column].into_iter().zip(n);
    coordinates.iter().zip(starts).all(|(along, (start, n))| match along {
        Along::Nothing => true,
        Along::Inner => start == 0 && n == n_inner,
        Along::Outer => start == 0 && n == n_outer,
    })
}

/// Whether an index runs over the samples of an operand.
fn is_of_samples(signs: &Signs<'_>, (first, coordinates): &(Quantity, Coordinates), along: Along) -> bool {
    coordinates[0] == along && signs.own_sizes(first.tensor).first() == Some(&Size::Batch)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::definition::Definitions;
    use super::super::entry::entry;
    use super::super::print::{Convention, Layout, Signs, latex};
    use super::super::quantity::Tensor;
    use super::*;
    use crate::network::{
        Builder, LossKind, Network, NodeId, NodeKind, Operation, ReduceKind, ReduceNode, TensorNode,
    };

    /// The LaTeX of how a node's first number is made.
    fn written(network: &Network, node: NodeId, convention: Convention, batch: usize) -> String {
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(network, &shapes);
        let of = Tensor::Output { node, time_step: 0 }.at(0, 0);
        let formula = entry(&definitions, of, batch).unwrap();
        let mut operands = Vec::new();
        formula.for_each_leaf(&mut |leaf| operands.push(*leaf));
        let signs = Signs::new(&definitions, convention, batch, operands);
        latex(&general(&signs, &formula), &|sign| signs.latex(sign), &|_| true, None)
    }

    #[test]
    fn a_sum_over_samples_and_outputs_has_both_indices() {
        let mut b = Builder::new();
        let x = b.input(2);
        let z = b.dense(x, 3);
        let y = b.target(3);
        let loss = b.loss(LossKind::Mse, z, y);
        let network = b.finish();
        let text = written(&network, loss, Convention::default(), 4);
        assert!(text.contains("z_{nj}") && text.contains("y_{nj}"), "{text}");
        // One sample has the outputs alone, and its index is not written.
        let text = written(&network, loss, Convention::default(), 1);
        assert!(text.contains("z_{0}") && text.contains("z_{2}") && !text.contains('n'), "{text}");
        // In columns the sample comes last.
        let columns = Convention { layout: Layout::Columns, ..Convention::default() };
        let text = written(&network, loss, columns, 4);
        assert!(text.contains("z_{jn}") && text.contains("y_{jn}"), "{text}");
    }

    #[test]
    fn a_product_runs_over_the_index_that_its_factors_share() {
        let mut b = Builder::new();
        let x = b.input(5);
        let z = b.dense_without_bias(x, 1);
        let y = b.target(1);
        b.loss(LossKind::Mse, z, y);
        let text = written(&b.finish(), z, Convention::default(), 2);
        assert_eq!(text, "\\sum_{j} x_{0j} \\cdot w_{0j}");
    }

    #[test]
    fn a_sum_over_both_axes_of_a_tensor_has_two_indices_and_one_over_a_part_has_none() {
        let mut b = Builder::new();
        let tensor = NodeKind::Tensor(TensorNode::new(&[2, 6], (0..12).map(f64::from).collect()));
        let x = b.node(tensor, &[]);
        let all = b.node(NodeKind::Reduce(ReduceNode::over_all(ReduceKind::Sum)), &[x]);
        let part = b.node(NodeKind::Operation(Operation::Slice { dim: 1.0, start: 1.0, end: 5.0 }), &[x]);
        let of_part = b.node(NodeKind::Reduce(ReduceNode::over_all(ReduceKind::Sum)), &[part]);
        let network = b.finish();
        let text = written(&network, all, Convention::default(), 1);
        assert_eq!(text, "\\sum_{i} \\sum_{j} x_{ij}");
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(&network, &shapes);
        // Of the slice itself the sum is whole; of what it was cut from it is not.
        let whole = written(&network, of_part, Convention::default(), 1);
        assert!(whole.contains("_{ij}"), "{whole}");
        let signs = Signs::new(&definitions, Convention::default(), 1, []);
        let columns = (1..5).map(|column| Tensor::Output { node: x, time_step: 0 }.at(0, column));
        let terms: Vec<Part<Quantity>> = columns.map(|leaf| Arc::new(Expression::Leaf(leaf))).collect();
        assert!(Run::of(&signs, &terms).is_none(), "columns 1 to 4 of 6 are not all j");
        assert!(Run::of(&signs, &terms[..3].iter().rev().cloned().collect::<Vec<_>>()).is_none());
    }
}
