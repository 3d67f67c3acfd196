//! Reading: from the bytes of a file to a [`Table`].
//!
//! Must not know what the columns are used for, and starts no thread: [`ReadTask::run`] may be
//! given threads by whoever has them.

use std::path::Path;

use super::error::DataError;
use super::settings::{ColumnSettings, Dialect};
use super::table::Table;

/// What memory should hold; more is refused before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Cells of a table, eight bytes each.
    pub max_cells: u64,
    /// Columns of a table.
    pub max_columns: usize,
    /// Bytes of one row.
    pub max_row_bytes: usize,
    /// Categories of one column.
    pub max_categories: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_cells: 200_000_000, max_columns: 50_000, max_row_bytes: 16 << 20, max_categories: 1_000 }
    }
}

/// A piece of a file on its way to numbers; pieces do not depend on one another.
#[derive(Debug)]
pub struct ParseJob {}

impl ParseJob {
    /// Turns the piece's text into numbers.
    pub fn run(&mut self) {}
}

/// Who waits for a table: hears of progress, may cancel, may lend threads.
pub trait ReadTask {
    /// Hears how many bytes of how many have been read.
    fn progress(&self, _done: u64, _total: u64) {}

    /// Whether to give up; asked a few hundred times a second.
    fn is_cancelled(&self) -> bool {
        false
    }

    /// How many jobs [`ReadTask::run`] likes to get at once.
    fn lanes(&self) -> usize {
        1
    }

    /// Runs all jobs, in any order, on any threads, and returns when all are done.
    fn run(&self, jobs: &mut [ParseJob]) {
        for job in jobs {
            job.run();
        }
    }
}

/// Nobody waits: no progress, no cancellation, one lane.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl ReadTask for Quiet {}

/// What looking at the first part of a file found.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// How the file is written.
    pub dialect: Dialect,
    /// Whether it begins with a byte order mark.
    pub has_bom: bool,
    /// Column names, from the header or made up.
    pub names: Vec<String>,
    /// The first rows as they stand, without the header; a preview before anything is read.
    pub preview: Vec<Vec<String>>,
    /// Rows, estimated from the size of the file.
    pub estimated_rows: u64,
}

/// Looks at the first part of a file and finds how it is written.
///
/// # Errors
/// When the file cannot be read, is empty, a directory or not text.
pub fn inspect_file(_path: &Path) -> Result<Inspection, DataError> {
    unimplemented!()
}

/// The same for bytes in memory.
///
/// # Errors
/// When they are empty or not text.
pub fn inspect_bytes(_bytes: &[u8]) -> Result<Inspection, DataError> {
    unimplemented!()
}

/// Reads a whole file.
///
/// # Errors
/// With file, line and column where known: see [`super::DataErrorKind`].
pub fn read_table(
    _path: &Path,
    _dialect: &Dialect,
    _limits: &Limits,
    _task: &dyn ReadTask,
) -> Result<Table, DataError> {
    unimplemented!()
}

/// The same for bytes in memory (an embedded example, a test).
///
/// # Errors
/// As [`read_table`].
pub fn read_bytes(
    _bytes: &[u8],
    _dialect: &Dialect,
    _limits: &Limits,
    _task: &dyn ReadTask,
) -> Result<Table, DataError> {
    unimplemented!()
}

/// A role and a kind for every column: a proposal that a person may change.
pub fn guess_columns(_table: &Table) -> Vec<ColumnSettings> {
    unimplemented!()
}
