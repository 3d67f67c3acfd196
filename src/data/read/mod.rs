//! Reading: from the bytes of a file to a [`Table`].
//!
//! Must not know what the columns are used for.

mod assemble;
mod guess;
mod inspect;
mod names;
mod number;
mod parse;
mod quoted;
mod rounds;
mod source;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use guess::guess_columns;
pub(super) use guess::{Unused, why_unused};
pub use inspect::Inspection;

use super::dialect::Dialect;
use super::error::{DataError, DataErrorKind};
use super::fingerprint::Fingerprinting;
use super::table::Table;
use assemble::Assembly;
use parse::Layout;
use quoted::csv_reader;
use rounds::read_rows;
use source::{TextSource, count_line_ends, io_error};

/// A text on its way into a table.
struct Reading<'r, 's> {
    /// Where the rest of the text comes from.
    source: &'r mut TextSource<'s>,
    /// What was taken off the source already.
    text: Vec<u8>,
    layout: Layout,
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
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_cells: 200_000_000, max_columns: 50_000, max_row_bytes: 16 << 20 }
    }
}

/// Who waits for a table: hears of progress and may cancel.
pub trait ReadTask {
    /// Hears how many bytes of how many have been read.
    fn progress(&self, _done: u64, _total: u64) {}

    /// Whether to give up; asked after every few megabytes.
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
    number::parse_number(word.as_bytes(), b'.')
}

/// Looks at the first part of a file and finds how it is written.
///
/// # Errors
/// When the file cannot be read, is empty, a directory or not text.
pub fn inspect_file(path: &Path) -> Result<Inspection, DataError> {
    let look = || {
        let (file, _) = open(path)?;
        let mut bytes = Vec::new();
        let n = file.take(inspect::FIRST_PART as u64 + 1).read_to_end(&mut bytes).map_err(io_error)?;
        bytes.truncate(inspect::FIRST_PART);
        inspect::inspect(&bytes, n <= inspect::FIRST_PART)
    };
    look().map_err(|error: DataError| error.in_file(path))
}

/// The same for bytes in memory.
///
/// # Errors
/// When they are empty or not text.
pub fn inspect_bytes(bytes: &[u8]) -> Result<Inspection, DataError> {
    let part = &bytes[..bytes.len().min(inspect::FIRST_PART)];
    inspect::inspect(part, part.len() == bytes.len())
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
    let mut first = Vec::new();
    let n = inspect::FIRST_PART as u64;
    reader.by_ref().take(n).read_to_end(&mut first).map_err(io_error)?;
    let only_carriage_returns = inspect::only_carriage_returns(&first);
    let all = std::io::Cursor::new(first).chain(&mut reader);
    let mut source = TextSource::new(all, dialect.encoding, only_carriage_returns);
    let mut text = Vec::new();
    source.fill(&mut text, inspect::FIRST_PART)?;
    if let Some(nul) = text.iter().position(|&byte| byte == 0) {
        return Err(inspect::binary(&text, nul));
    }
    let mut first_line = 1;
    let (_, skipped) = inspect::delimiter_line(&text);
    if skipped > 0 {
        text.drain(..skipped);
        first_line += 1;
    }
    let estimate = estimate_rows(&text, source.n_read(), source.is_done(), size);
    let head = read_head(&mut source, &mut text, dialect, limits)?;
    first_line += head.n_lines;
    let layout = Layout {
        delimiter: dialect.delimiter.byte(),
        quote: dialect.quote.unwrap_or(0),
        decimal: dialect.decimal.byte(),
        n_columns: head.names.len(),
    };
    let n_cells = estimate * layout.n_columns as u64;
    if n_cells > limits.max_cells {
        return Err(DataError::new(DataErrorKind::TooManyCells { found: n_cells, limit: limits.max_cells }));
    }
    let mut assembly = Assembly::new(head.names, first_line, *limits);
    assembly.reserve(n_cells + n_cells / 64)?;
    let reading = Reading { source: &mut source, text, layout, limits, assembly: &mut assembly };
    read_rows(reading, Waiting { task, size })?;
    drop(source);
    let mut table = assembly.finish(path)?;
    table.fingerprint = reader.fingerprint(table.n_rows(), table.n_columns());
    Ok(table)
}

/// Rows of the whole file, from its first part.
fn estimate_rows(text: &[u8], n_read: u64, is_done: bool, size: u64) -> u64 {
    let rows = count_line_ends(text) + 1;
    if is_done { rows } else { (rows as f64 * size as f64 / n_read.max(1) as f64).ceil() as u64 }
}

/// The first record, taken off the text where it is a header.
struct Head {
    names: Vec<String>,
    n_lines: u64,
}

fn read_head(
    source: &mut TextSource<'_>,
    text: &mut Vec<u8>,
    dialect: &Dialect,
    limits: &Limits,
) -> Result<Head, DataError> {
    loop {
        let mut reader = csv_reader(dialect.delimiter.byte(), dialect.quote.unwrap_or(0), text.as_slice());
        let mut record = csv::ByteRecord::new();
        let found = reader.read_byte_record(&mut record).unwrap_or(false);
        let end = reader.position().byte() as usize;
        if (found && end < text.len()) || source.is_done() {
            if !found {
                return Err(DataError::new(DataErrorKind::Empty));
            }
            if record.len() > limits.max_columns {
                let kind = DataErrorKind::TooManyColumns { found: record.len(), limit: limits.max_columns };
                return Err(DataError::new(kind));
            }
            let mut names = Vec::with_capacity(record.len());
            for cell in &record {
                let cell = std::str::from_utf8(cell)
                    .map_err(|_| DataError::new(DataErrorKind::Encoding("UTF-8")).at_line(1))?;
                names.push(cell.trim().to_owned());
            }
            let names = names::names(&names, dialect.header);
            names::check_lengths(&names)?;
            if !dialect.header {
                return Ok(Head { names, n_lines: 0 });
            }
            // The reader may stop between the two halves of a line end.
            let end = if text.get(end) == Some(&b'\n') && end > 0 && text[end - 1] == b'\r' {
                end + 1
            } else {
                end
            };
            let n_lines = count_line_ends(&text[..end]);
            text.drain(..end);
            return Ok(Head { names, n_lines });
        }
        if text.len() > limits.max_row_bytes {
            return Err(DataError::new(DataErrorKind::LongRow { limit: limits.max_row_bytes }).at_line(1));
        }
        source.fill(text, inspect::FIRST_PART)?;
    }
}
