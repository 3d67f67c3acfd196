//! Text with quotes, in which a line end need not end a row: read in order, on one thread.
//!
//! Must not know what cells mean.

use super::parse::Piece;
use super::{Reading, Waiting};
use crate::data::error::{DataError, DataErrorKind};

/// Rows read between two looks at the clock and the limits.
const ROWS_AT_ONCE: usize = 4096;

/// Bytes taken from the source at once.
const BLOCK: usize = 1 << 20;

/// Reads all the rest, record after record.
pub(super) fn read_quoted(reading: Reading<'_, '_>, waiting: Waiting<'_>) -> Result<(), DataError> {
    let Reading { source, mut text, layout, limits, assembly } = reading;
    let mut piece = Piece::default();
    let mut taken = 0;
    loop {
        piece.restart(layout.n_columns);
        let n = piece.records(&text[taken..], source.is_done(), layout, ROWS_AT_ONCE);
        taken += n;
        assembly.append(&mut piece)?;
        waiting.look_up(source.n_read())?;
        if taken == text.len() && source.is_done() {
            return Ok(());
        }
        if n == 0 || taken == text.len() {
            if source.is_done() {
                // The text ends within a record, which the splitter does not let happen.
                return Ok(());
            }
            text.drain(..taken);
            taken = 0;
            if text.len() > limits.max_row_bytes {
                let kind = DataErrorKind::LongRow { limit: limits.max_row_bytes };
                return Err(DataError::new(kind).at_line(assembly.next_line()));
            }
            source.fill(&mut text, BLOCK)?;
        }
    }
}
