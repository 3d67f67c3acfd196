//! Where a number at an input comes from: the cell of the table and what is done to it.
//!
//! The same that filling a batch does, as an expression. Must not know programs.

use super::columns::Fill;
use super::prepared::{Filling, Prepared};
use crate::algebra::{Comparison, Expression, Operand, input, number, setting};
use crate::network::NodeId;

/// The cell behind a number, and how the one becomes the other.
#[derive(Clone, Debug, PartialEq)]
pub struct CellSource {
    /// The row of the table, from 0.
    pub row: usize,
    /// The column of the table, from 0.
    pub column: usize,
    /// The number from the cell (input 0).
    pub rule: Expression<Operand>,
}

impl Prepared {
    /// Where feature number `feature` of a data node comes from, for a sample at a time step. `None` for
    /// rows that were typed in.
    pub fn source(&self, node: NodeId, step: usize, sample: u32, feature: usize) -> Option<CellSource> {
        let at = self.node_index(node)?;
        let Filling::Columns(steps) = &self.nodes().get(at)?.filling else { return None };
        let fills = steps.get(if steps.len() > 1 { step } else { 0 })?;
        let row = self.row_at(at, step, sample);
        let mut rest = feature;
        for fill in fills {
            match rest.checked_sub(fill.width()) {
                None => {
                    let column = fill.column();
                    let cell = self.cell(row, column)?;
                    return Some(CellSource { row, column, rule: fill.rule(cell, rest) });
                }
                Some(after) => rest = after,
            }
        }
        None
    }

    /// The number of a cell of the table; NaN where it is missing.
    pub fn cell(&self, row: usize, column: usize) -> Option<f64> {
        self.table()?.row(row).get(column).copied()
    }
}

impl Fill {
    fn column(&self) -> usize {
        match self {
            Self::Number { column, .. } | Self::OneHot { column, .. } => *column,
        }
    }

    /// What becomes of this cell.
    fn rule(&self, cell: f64, feature: usize) -> Expression<Operand> {
        match self {
            Self::Number { words, shift, scale, missing, .. } => {
                let word = words.as_ref().and_then(|words| words.get(cell as usize).copied());
                let value = match word {
                    _ if cell.is_nan() => setting("fill", *missing).named("fill", Vec::new()),
                    Some(number_of_word) => number(number_of_word),
                    None => input(0),
                };
                if *shift == 0.0 && *scale == 1.0 {
                    return value;
                }
                let shift = setting("shift", *shift).named("shift", Vec::new());
                let scale = setting("scale", *scale).named("scale", Vec::new());
                (value - shift) / scale
            }
            Self::OneHot { feature_of, .. } => {
                match feature_of.iter().find(|(_, place)| *place == feature) {
                    Some((value, _)) => input(0).compared(Comparison::Equal, number(*value)),
                    // The training part never saw it.
                    None => number(0.0),
                }
            }
        }
    }
}
