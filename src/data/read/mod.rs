//! Reading: from the bytes of a file to a [`Table`].
//!
//! Must not know what the columns are used for.

mod assemble;
mod cell_kind;
mod clean;
mod columns;
mod encoding;
mod frame;
mod guess;
mod head;
mod inspect;
mod measure;
mod names;
mod number;
mod parse;
mod quoted;
mod rounds;
mod signs;
mod skipped;
mod source;
mod spans;
mod split;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

pub use clean::write_clean;
pub use guess::guess_columns;
pub(super) use guess::{Unused, why_unused};
pub use inspect::Inspection;
pub use skipped::{SkipReason, SkippedLines};

use super::dialect::{Dialect, DialectChoices};
use super::error::{DataError, DataErrorKind};
use super::fingerprint::Fingerprinting;
use super::table::Table;
use assemble::Assembly;
use head::read_head;
use inspect::Sample;
use number::NumberFormat;
use parse::Layout;
use rounds::read_rows;
use source::{TextSource, count_line_ends, io_error};
use split::Splitter;

/// Pieces of a large file that inspection looks at beside its first part.
const N_PIECES: u64 = 48;

/// Bytes of each of them.
const PIECE: u64 = 1 << 14;

/// A text on its way into a table.
struct Reading<'r, 's> {
    /// Where the rest of the text comes from.
    source: &'r mut TextSource<'s>,
    /// What was taken off the source already.
    text: Vec<u8>,
    layout: &'r Layout,
    limits: &'r Limits,
    assembly: &'r mut Assembly,
}

/// Somebody who waits for a table, and the bytes there are to read.
#[derive(Clone, Copy)]
struct Waiting<'t> {
    task: &'t dyn ReadTask,
    size: u64,
}

impl Waiting<'_> {
    /// Tells how far it is, and hears whether to go on.
    fn look_up(self, n_read: u64) -> Result<(), DataError> {
        self.task.progress(n_read.min(self.size), self.size);
        if self.task.is_cancelled() { Err(DataError::new(DataErrorKind::Cancelled)) } else { Ok(()) }
    }
}

/// What memory should hold; more is refused before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Cells of a table, eight bytes each.
    pub max_cells: u64,
    /// Columns of a table.
    pub max_columns: usize,
    /// Bytes of one row.
    pub max_row_bytes: usize,
    /// Whether a table is only looked at: it may hold words alone or no rows, in which nothing is to
    /// learn.
    pub only_looked_at: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_cells: 200_000_000, max_columns: 50_000, max_row_bytes: 16 << 20, only_looked_at: false }
    }
}

/// Who waits for a table, or for its preparation: hears of progress and may cancel.
pub trait ReadTask {
    /// Hears how many bytes (or stages) of how many are done.
    fn progress(&self, _done: u64, _total: u64) {}

    /// Whether to give up; asked after every few megabytes and every stage.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody waits: no progress, no cancellation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl ReadTask for Quiet {}

/// The uppermost folder of a path that does not exist; none where the file's folder does.
pub fn missing_folder(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    path.ancestors().skip(1).take_while(|folder| !folder.is_dir()).last().map(Path::to_owned)
}

/// Opens a plain file: the file and its size.
fn open(path: &Path) -> Result<(File, u64), DataError> {
    let about = std::fs::metadata(path).map_err(|error| match missing_folder(path) {
        Some(folder) if error.kind() == std::io::ErrorKind::NotFound => {
            DataError::new(DataErrorKind::NoFolder { folder: folder.display().to_string() })
        }
        _ => io_error(error),
    })?;
    if about.is_dir() {
        return Err(DataError::new(DataErrorKind::Directory));
    }
    if !about.is_file() {
        return Err(DataError::new(DataErrorKind::NotAFile));
    }
    Ok((File::open(path).map_err(io_error)?, about.len()))
}

/// The number in a word of a table, where numbers stand with a decimal point.
pub(in crate::data) fn parse_plain_number(word: &str) -> Option<f64> {
    let numbers = NumberFormat { decimal: b'.', thousands: None };
    number::parse_number(word.as_bytes(), numbers)
}

/// Looks at the first part of a file and at pieces of the rest, and finds how it is written.
///
/// # Errors
/// When the file cannot be read, is empty, a directory or not text.
pub fn inspect_file(path: &Path) -> Result<Inspection, DataError> {
    inspect_file_with(path, &DialectChoices::default())
}

/// The same where a person chose some of it.
///
/// # Errors
/// As [`inspect_file`].
pub fn inspect_file_with(path: &Path, choices: &DialectChoices) -> Result<Inspection, DataError> {
    let look = || {
        let (mut file, size) = open(path)?;
        let mut sample = Sample::default();
        let n = file.by_ref().take(inspect::FIRST_PART as u64 + 1).read_to_end(&mut sample.first);
        sample.is_all = n.map_err(io_error)? <= inspect::FIRST_PART;
        sample.first.truncate(inspect::FIRST_PART);
        let rest = size.saturating_sub(inspect::FIRST_PART as u64);
        let step = (rest / N_PIECES).max(PIECE);
        // The last piece ends where the file ends.
        let starts = (1..=N_PIECES).map(|n| size.saturating_sub((n - 1) * step + PIECE));
        for start in starts.take_while(|&start| start > inspect::FIRST_PART as u64) {
            file.seek(SeekFrom::Start(start)).map_err(io_error)?;
            let mut piece = Vec::new();
            file.by_ref().take(PIECE).read_to_end(&mut piece).map_err(io_error)?;
            sample.pieces.push(piece);
        }
        inspect::inspect(&sample, choices)
    };
    look().map_err(|error: DataError| error.in_file(path))
}

/// The same for bytes in memory.
///
/// # Errors
/// When they are empty or not text.
pub fn inspect_bytes(bytes: &[u8]) -> Result<Inspection, DataError> {
    inspect_bytes_with(bytes, &DialectChoices::default())
}

/// The same where a person chose some of it.
///
/// # Errors
/// As [`inspect_bytes`].
pub fn inspect_bytes_with(bytes: &[u8], choices: &DialectChoices) -> Result<Inspection, DataError> {
    let first = bytes[..bytes.len().min(inspect::FIRST_PART)].to_vec();
    let is_all = first.len() == bytes.len();
    let rest = &bytes[first.len()..];
    let step = (rest.len() / N_PIECES as usize).max(PIECE as usize);
    let pieces = rest.chunks(step).map(|chunk| chunk[chunk.len().saturating_sub(PIECE as usize)..].to_vec());
    inspect::inspect(&Sample { is_all, pieces: pieces.collect(), first }, choices)
}

/// Reads a whole file.
///
/// # Errors
/// With file, line and column where known: see [`DataErrorKind`].
pub fn read_table(
    path: &Path,
    dialect: &Dialect,
    limits: &Limits,
    task: &dyn ReadTask,
) -> Result<Table, DataError> {
    let read = || {
        let (file, size) = open(path)?;
        read(file, size, dialect, limits, task, Some(path))
    };
    read().map_err(|error: DataError| error.in_file(path))
}

/// The same for bytes in memory (an embedded example, a test).
///
/// # Errors
/// As [`read_table`].
pub fn read_bytes(
    bytes: &[u8],
    dialect: &Dialect,
    limits: &Limits,
    task: &dyn ReadTask,
) -> Result<Table, DataError> {
    read(bytes, bytes.len() as u64, dialect, limits, task, None)
}

fn read(
    reader: impl Read + Send,
    size: u64,
    dialect: &Dialect,
    limits: &Limits,
    task: &dyn ReadTask,
    path: Option<&Path>,
) -> Result<Table, DataError> {
    let mut reader = Fingerprinting::new(reader);
    let mut source = TextSource::new(&mut reader, dialect.encoding);
    let mut text = Vec::new();
    source.fill(&mut text, inspect::FIRST_PART)?;
    if let Some(nul) = text.iter().position(|&byte| byte == 0) {
        return Err(encoding::binary(&text, nul));
    }
    let estimate = estimate_rows(&text, source.n_read(), source.is_done(), size);
    let head = read_head(&mut source, &mut text, dialect, limits)?;
    let n_columns = head.names.len();
    let layout = Layout {
        splitter: Splitter { n_columns: Some(n_columns), ..Splitter::of(dialect) },
        numbers: NumberFormat::of(dialect),
        n_columns,
        comment: dialect.comment,
        header: head.cells.clone(),
        header_line: head.line.clone(),
    };
    let n_cells = estimate * n_columns as u64;
    if n_cells > limits.max_cells {
        return Err(DataError::new(DataErrorKind::TooManyCells { found: n_cells, limit: limits.max_cells }));
    }
    let mut assembly = Assembly::new(head, *limits);
    assembly.reserve(n_cells + n_cells / 64)?;
    let reading = Reading { source: &mut source, text, layout: &layout, limits, assembly: &mut assembly };
    read_rows(reading, Waiting { task, size })?;
    let n_lines = source.n_lines();
    drop(source);
    let mut table = assembly.finish(path, dialect, n_lines)?;
    table.fingerprint = reader.fingerprint(table.n_rows(), table.n_columns());
    Ok(table)
}

/// Rows of the whole file, from its first part.
fn estimate_rows(text: &[u8], n_read: u64, is_done: bool, size: u64) -> u64 {
    let rows = count_line_ends(text) + 1;
    if is_done { rows } else { (rows as f64 * size as f64 / n_read.max(1) as f64).ceil() as u64 }
}
