//! Lines of a file that are no rows of its table, each with its reason.
//!
//! Must not know how lines are told apart.

/// Lines that follow one another and are no rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedLines {
    /// The first of them, counted from 1.
    pub line: u64,
    /// How many there are.
    pub n_lines: u64,
    /// Why they are no rows.
    pub reason: SkipReason,
}

/// Why a line is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// It names the columns.
    Header,
    /// It tells the delimiter, as Excel's `sep=;` does.
    Hint,
    /// It stands above the table: a title, or another line of headings.
    AboveTable,
    /// It begins with the comment sign.
    Comment,
    /// Nothing stands on it.
    Blank,
    /// It tells the units of the columns.
    Units,
    /// It is the header once more.
    RepeatedHeader,
    /// It is a note: text alone where a row has several cells.
    Note,
    /// It sums up the rows above it.
    Total,
    /// It has another number of cells than the table has columns.
    Ragged {
        /// Columns of the table.
        expected: usize,
        /// Cells of the line.
        found: usize,
    },
}

/// Appends lines to a list, to the run before where they follow it for the same reason.
pub(super) fn skip_lines(list: &mut Vec<SkippedLines>, line: u64, n_lines: u64, reason: SkipReason) {
    match list.last_mut() {
        Some(last) if last.line + last.n_lines == line && last.reason == reason => last.n_lines += n_lines,
        _ if n_lines == 0 => {}
        Some(_) | None => list.push(SkippedLines { line, n_lines, reason }),
    }
}

/// All runs of a reason as one: its first line and how many lines there are of it. Rows of any
/// wrong length are one kind, for which the first stands.
pub(super) fn by_reason(list: &[SkippedLines]) -> Vec<SkippedLines> {
    let mut found: Vec<SkippedLines> = Vec::new();
    let same = |a: SkipReason, b: SkipReason| std::mem::discriminant(&a) == std::mem::discriminant(&b);
    for left in list {
        match found.iter_mut().find(|known| same(known.reason, left.reason)) {
            Some(known) => known.n_lines += left.n_lines,
            None => found.push(left.clone()),
        }
    }
    found
}
