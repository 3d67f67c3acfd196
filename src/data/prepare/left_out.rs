//! Which columns cost how many rows.
//!
//! Must not know what is done with the rows that are left.

use super::columns::UsedColumn;
use crate::data::parallel;
use crate::data::settings::MissingValues;
use crate::data::table::Table;
use crate::words::{Message, ToMessage};

/// More columns than this are counted, not named.
const MOST_NAMED: usize = 4;

/// Rows that lack a value in a column that must have one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Rows of the table.
    pub rows: usize,
    /// How many of them are left out.
    pub left_out: usize,
    /// Columns that lack values, and in how many rows; the costliest first.
    pub lacking: Vec<(String, usize)>,
}

/// Which rows have all the values that they need, and what the others lack. A row without its
/// target teaches nothing, so it is left out even where missing features are filled.
pub(super) fn usable_rows(
    table: &Table,
    used: &[UsedColumn],
    missing: MissingValues,
) -> (Vec<bool>, LeftOut) {
    let needed: Vec<&UsedColumn> =
        used.iter().filter(|column| missing == MissingValues::DropRows || column.is_target).collect();
    let lacks = |row: usize, column: &UsedColumn| table.row(row).get(column.index).is_none_or(|v| v.is_nan());
    let is_usable = parallel::collect(table.n_rows(), |row| needed.iter().all(|column| !lacks(row, column)));
    let mut counts = vec![0; needed.len()];
    let mut left_out = 0;
    for row in (0..is_usable.len()).filter(|&row| !is_usable[row]) {
        left_out += 1;
        for (count, column) in counts.iter_mut().zip(&needed) {
            *count += usize::from(lacks(row, column));
        }
    }
    let names = needed.iter().map(|column| column.name.clone());
    let mut lacking: Vec<(String, usize)> = names.zip(counts).filter(|(_, count)| *count > 0).collect();
    lacking.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    (is_usable, LeftOut { rows: table.n_rows(), left_out, lacking })
}

impl LeftOut {
    /// `90 lack Remark, 2 lack Price`; nothing where nothing is lacking.
    pub fn reasons(&self) -> Option<Message> {
        let n_more = self.lacking.len().saturating_sub(MOST_NAMED);
        let more = (n_more > 0).then(|| Message::new("data-lack-more").with("n", n_more));
        let named = self.lacking.iter().take(MOST_NAMED).map(|(column, count)| {
            Message::new("data-lack").with("n", *count).with("column", column.as_str())
        });
        let all: Vec<Message> = named.chain(more).collect();
        all.into_iter()
            .rev()
            .reduce(|rest, first| Message::new("data-lack-and").with("first", first).with("rest", rest))
    }
}

impl ToMessage for LeftOut {
    fn message(&self) -> Message {
        let message = Message::new("data-left-out").with("left-out", self.left_out).with("rows", self.rows);
        match self.reasons() {
            Some(reasons) => message.with("reasons", reasons),
            None => message.with("reasons", ""),
        }
    }
}
