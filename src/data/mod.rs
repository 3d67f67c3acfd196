//! Data: from a CSV file (or typed rows) to batches that a network can take.
//!
//! The way of a file: [`inspect_file`] finds how it is written, [`read_table`] reads it into a
//! [`Table`], [`guess_columns`] proposes roles, [`prepare`] splits, fits the [`Preprocessing`]
//! on the training part and gives a [`Prepared`], whose [`Prepared::fill_batch`] writes batches.
//!
//! Must not know training or the window.

mod check;
mod dialect;
mod error;
mod fingerprint;
mod known;
mod moments;
mod notes;
mod parallel;
mod prepare;
mod read;
mod reading;
mod request;
mod settings;
mod table;
#[cfg(test)]
mod tests;

pub use check::{data_problems, unused_columns};
pub use dialect::{DecimalSign, Delimiter, Dialect, DialectChoices, Encoding, usual_missing};
pub use error::{DataError, DataErrorKind, Expected, Place};
pub use fingerprint::{FileChange, Fingerprint};
pub use known::{keep_roles, read_as_known, unknown_columns};
pub use notes::{ReadNote, ReadNoteKind, read_notes};
pub use prepare::{
    CellSource, Feature, FittedColumn, FittedEncoding, LeftOut, Part, Prepared, PreparedNode, Preprocessing,
    UnknownCategory, answers_of, needed_columns, prepare, prepare_while, prepare_with, widths,
};
pub use read::{
    Inspection, Limits, Quiet, ReadTask, SkipReason, SkippedLines, guess_columns, inspect_bytes,
    inspect_bytes_with, inspect_file, inspect_file_with, missing_folder, read_bytes, read_table, write_clean,
};
pub use reading::{ColumnReading, KindReason, OddCell};
pub use request::{DataRequest, NodeRequest};
pub use settings::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, MissingValues, Scaling, SequenceLayout,
    SplitSettings,
};
pub use table::{Cell, Column, ColumnContent, ColumnSummary, Table};
