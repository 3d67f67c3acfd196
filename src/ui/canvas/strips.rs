//! The live strips of a card: a node's values and gradients, one cell a feature, from the newest
//! snapshot.
//!
//! Must not know where the card is or how cells are painted.

use crate::network::{EdgeId, NodeId};
use crate::train::{Pass, SampleView, Values};
use crate::ui::samples::Together;
use crate::words::with_minus;

/// The most cells of a strip; more features share cells.
pub(crate) const MOST_CELLS: usize = 32;

/// One strip.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strip {
    /// Each cell from −1 to 1 on the strip's own scale.
    pub(crate) cells: Vec<f32>,
    /// What 1 stands for.
    pub(crate) max: f64,
    /// How many features the strip shows.
    pub(crate) n_features: usize,
}

/// The two strips of a card.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Strips {
    /// The node's value (A or Z).
    pub(crate) values: Option<Strip>,
    /// d loss / d that value.
    pub(crate) grads: Option<Strip>,
}

impl Strips {
    /// The strips of one node at one time step. Over a batch, values are its mean and gradients
    /// its sum (each sample's gradient already carries 1/N where the loss is a mean).
    pub(crate) fn of(pass: &Pass, node: NodeId, time_step: usize) -> Option<Self> {
        let numbers = pass.nodes.get(&(node, time_step))?;
        Some(Self::made(&numbers.output, numbers.grad.as_ref(), pass.view))
    }

    /// The strips of what arrives at a node over one wire.
    pub(crate) fn of_arriving(pass: &Pass, edge: EdgeId, node: NodeId, time_step: usize) -> Option<Self> {
        let port = pass.nodes.get(&(node, time_step))?.ports.iter().find(|port| port.edge == edge)?;
        Some(Self::made(&port.value, port.grad.as_ref(), pass.view))
    }

    /// The strips of one value of one row, without gradients.
    pub(crate) fn of_value(value: &Values) -> Self {
        Self::made(value, None, SampleView::Batch)
    }

    fn made(value: &Values, grad: Option<&Values>, view: SampleView) -> Self {
        Self {
            values: strip(value, view, Together::Mean),
            grads: grad.and_then(|grad| strip(grad, view, Together::Sum)),
        }
    }
}

/// One strip of a tensor `[N, …]` (or of a scalar): the numbers of a sample in C order.
fn strip(values: &Values, view: SampleView, reduction: Together) -> Option<Strip> {
    let n_features = values.shape().iter().skip(1).product();
    if n_features == 0 || values.len() < n_features {
        return None;
    }
    let n_rows = values.len() / n_features;
    let of_row = |row: usize| values.part(row * n_features..(row + 1) * n_features);
    let mut features = vec![0.0_f64; n_features];
    match view {
        SampleView::Sample(row) if row < n_rows && n_rows > 1 => {
            features.copy_from_slice(&of_row(row));
        }
        SampleView::Batch | SampleView::Sample(_) | SampleView::Alone(_) => {
            for row in 0..n_rows {
                for (sum, value) in features.iter_mut().zip(&*of_row(row)) {
                    *sum += value;
                }
            }
            if reduction == Together::Mean {
                for sum in &mut features {
                    *sum /= n_rows as f64;
                }
            }
        }
    }
    let max = features.iter().map(|value| value.abs()).filter(|value| value.is_finite()).fold(0.0, f64::max);
    let per_cell = n_features.div_ceil(MOST_CELLS);
    let scale = if max > 0.0 { 1.0 / max } else { 0.0 };
    // Of features that share a cell, the one farthest from zero is shown.
    let farthest =
        |cell: &[f64]| cell.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
    let cells = features.chunks(per_cell).map(|cell| (farthest(cell) * scale) as f32).collect();
    Some(Strip { cells, max, n_features })
}

/// A number with four significant digits, for tooltips.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = value.abs().log10().floor();
    if (-4.0..6.0).contains(&digits) {
        let decimals = (3.0 - digits).max(0.0) as usize;
        with_minus(&format!("{value:.decimals$}"))
    } else {
        with_minus(&format!("{value:.3e}"))
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn values(shape: &[usize], data: &[f64]) -> Values {
        Values::new(shape.to_vec(), data.to_vec())
    }

    #[test]
    fn a_batch_shows_the_mean_of_values_and_the_sum_of_gradients() {
        let batch = values(&[2, 2], &[1.0, -4.0, 3.0, 0.0]);
        let mean = strip(&batch, SampleView::Batch, Together::Mean).expect("there are numbers");
        assert_eq!((mean.max, mean.cells), (2.0, vec![1.0, -1.0]));
        let sum = strip(&batch, SampleView::Batch, Together::Sum).expect("there are numbers");
        assert_eq!((sum.max, sum.cells), (4.0, vec![1.0, -1.0]));
        let row = strip(&batch, SampleView::Sample(1), Together::Mean).expect("there are numbers");
        assert_eq!((row.max, row.cells), (3.0, vec![1.0, 0.0]));
    }

    #[test]
    fn many_features_share_cells_and_the_largest_is_seen() {
        let mut data = vec![0.0; 100];
        data[97] = -5.0;
        let strip =
            strip(&values(&[1, 100], &data), SampleView::Batch, Together::Mean).expect("there are numbers");
        assert_eq!((strip.cells.len(), strip.n_features), (25, 100));
        assert_eq!(strip.cells[24], -1.0);
    }

    #[test]
    fn a_scalar_has_one_cell_and_nothing_has_none() {
        assert_eq!(
            strip(&values(&[], &[0.5]), SampleView::Batch, Together::Mean).map(|strip| strip.cells),
            Some(vec![1.0])
        );
        assert_eq!(strip(&values(&[0, 3], &[]), SampleView::Batch, Together::Mean), None);
        let zero = strip(&values(&[1, 2], &[0.0, 0.0]), SampleView::Batch, Together::Mean)
            .expect("there are numbers");
        assert_eq!(zero.cells, [0.0, 0.0]);
    }
}
