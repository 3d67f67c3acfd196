//! What a person should know about how a file was read: lines left out, cells that did not fit,
//! guesses that may be wrong.
//!
//! Must not know how a file is read.

use super::read::{Inspection, SkipReason};
use super::reading::KindReason;
use super::table::Table;
use crate::words::{Message, ToMessage};

/// Something about a file that a person should know.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadNote {
    /// What it is.
    pub kind: ReadNoteKind,
    /// Where it shows first, counted from 1.
    pub line: Option<u64>,
}

/// What a person should know about a file.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadNoteKind {
    /// The encoding is a guess.
    Encoding {
        /// Its name.
        name: &'static str,
    },
    /// Commas within numbers might be decimal signs or thousands signs.
    Commas {
        /// They were read as decimal signs.
        as_decimals: bool,
    },
    /// Lines are left out.
    SkippedLines {
        /// Why.
        reason: SkipReason,
        /// How many.
        n_lines: u64,
    },
    /// Rows have fewer cells than there are columns.
    ShortRows {
        /// How many.
        n: usize,
    },
    /// Cells of a column of numbers are none.
    OddCells {
        /// The column.
        column: String,
        /// How many.
        n: usize,
        /// The first of them.
        text: String,
    },
    /// A column is of a kind for a reason that is not plain to see.
    Kind {
        /// The column.
        column: String,
        /// Why.
        reason: KindReason,
    },
}

/// More columns than this are not spoken of one by one.
const MOST_COLUMNS: usize = 20;

/// What there is to say about a table, and about how its file was found to be written.
pub fn read_notes(table: &Table, inspection: Option<&Inspection>) -> Vec<ReadNote> {
    let mut notes = Vec::new();
    if let Some(inspection) = inspection {
        if inspection.is_encoding_uncertain {
            let kind = ReadNoteKind::Encoding { name: inspection.dialect.encoding.name() };
            notes.push(ReadNote { kind, line: None });
        }
        if inspection.is_comma_uncertain {
            let as_decimals = inspection.dialect.thousands.is_none();
            notes.push(ReadNote { kind: ReadNoteKind::Commas { as_decimals }, line: None });
        }
    }
    for left in table.skipped_by_reason() {
        let is_plain = matches!(left.reason, SkipReason::Header | SkipReason::Hint | SkipReason::Blank);
        if !is_plain {
            let kind = ReadNoteKind::SkippedLines { reason: left.reason, n_lines: left.n_lines };
            notes.push(ReadNote { kind, line: Some(left.line) });
        }
    }
    if let Some(&row) = table.short_rows().first() {
        let kind = ReadNoteKind::ShortRows { n: table.short_rows().len() };
        notes.push(ReadNote { kind, line: Some(table.line_of(row)) });
    }
    for column in table.columns().iter().take(MOST_COLUMNS) {
        let name = column.name.clone();
        let reading = &column.reading;
        if let Some(odd) = reading.odd_cells.first() {
            let kind = ReadNoteKind::OddCells { column: name, n: reading.n_odd, text: odd.text.clone() };
            notes.push(ReadNote { kind, line: Some(odd.line) });
            continue;
        }
        let is_told = |reason: &&KindReason| {
            matches!(reason, KindReason::Affixes { .. } | KindReason::OtherSigns | KindReason::Mixed { .. })
        };
        if let Some(reason) = reading.reason.as_ref().filter(is_told) {
            let kind = ReadNoteKind::Kind { column: name, reason: reason.clone() };
            notes.push(ReadNote { kind, line: None });
        }
    }
    notes
}

impl ToMessage for SkipReason {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Header => "data-skipped-header",
            Self::Hint => "data-skipped-hint",
            Self::AboveTable => "data-skipped-above",
            Self::Comment => "data-skipped-comment",
            Self::Blank => "data-skipped-blank",
            Self::Units => "data-skipped-units",
            Self::RepeatedHeader => "data-skipped-repeated-header",
            Self::Note => "data-skipped-note",
            Self::Total => "data-skipped-total",
            Self::Ragged { expected, found } => {
                return Message::new("data-skipped-ragged").with("expected", *expected).with("found", *found);
            }
        })
    }
}

impl ToMessage for ReadNoteKind {
    fn message(&self) -> Message {
        match self {
            Self::Encoding { name } => Message::new("data-note-encoding").with("encoding", *name),
            Self::Commas { as_decimals: true } => Message::new("data-note-commas-decimal"),
            Self::Commas { as_decimals: false } => Message::new("data-note-commas-thousands"),
            Self::SkippedLines { reason, n_lines } => {
                Message::new("data-note-skipped").with("n", *n_lines as f64).with("reason", reason.message())
            }
            Self::ShortRows { n } => Message::new("data-note-short-rows").with("n", *n),
            Self::OddCells { column, n, text } => Message::new("data-note-odd-cells")
                .with("column", column.as_str())
                .with("n", *n)
                .with("text", text.as_str()),
            Self::Kind { column, reason } => Message::new("data-note-kind")
                .with("column", column.as_str())
                .with("reason", reason.message()),
        }
    }
}

impl ToMessage for ReadNote {
    fn message(&self) -> Message {
        let what = self.kind.message();
        match self.line {
            Some(line) => Message::new("data-note-at-line").with("what", what).with("line", line as f64),
            None => what,
        }
    }
}
