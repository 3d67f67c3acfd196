//! What can go wrong with a file, as data: where it stands and what was found.
//!
//! Must not know any language; `assets/locales/*/files.ftl` says it, after whoever tells of it has
//! named the file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::data::missing_folder;
use crate::words::{Message, ToMessage};

/// An unrolled graph that is too large to be saved, and what would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnrolledTooLarge {
    /// The drawing's number of time steps.
    pub n_steps: usize,
    /// Copies of nodes it would have.
    pub nodes: usize,
    /// Bytes it would take.
    pub bytes: u64,
    /// A number of steps that would do.
    pub fewer: usize,
}

/// A file could not be read or written. The file on disk and the open work stay as they were.
#[derive(Clone, Debug, PartialEq)]
pub enum FileError {
    /// The operating system refused.
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Whether it was being read or written.
        action: FileAction,
        /// Why, as far as a person can help it.
        kind: ErrorKind,
        /// What the operating system said.
        reason: String,
        /// The uppermost folder of the path that is missing.
        folder: Option<PathBuf>,
    },
    /// A device, a pipe or something else that is no regular file stands where one shall be written.
    NoFile {
        /// Where.
        path: PathBuf,
    },
    /// The file that shall be replaced is write-protected.
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file has other names (hard links), which would keep the old contents.
    HardLinked {
        /// The file.
        path: PathBuf,
        /// How many names it has.
        names: u64,
    },
    /// Something stands already where a folder was to be written.
    FolderNotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The file is larger than any model should be.
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is a device, a pipe or another thing that is no plain file.
    NotAFile,
    /// The text begins with a byte order mark.
    ByteOrderMark {
        /// Of this encoding.
        encoding: &'static str,
    },
    /// A quote is not closed, or closes a later one.
    OpenQuote {
        /// The line, from 1, on which it opens.
        line: usize,
    },
    /// The file is not text.
    NotText {
        /// The first line (from 1) that is not UTF-8.
        line: usize,
    },
    /// The file does not read as RON with the fields of a model.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader expected or found.
        reason: String,
    },
    /// A field is missing.
    MissingField {
        /// Line of the end of the thing that lacks it, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The field.
        field: String,
    },
    /// The file was written by a newer program, or is none of ours.
    UnknownVersion {
        /// The version in the file.
        found: u64,
        /// The newest version this program reads.
        newest: u32,
    },
    /// The unrolled graph is too large to be saved.
    UnrolledTooLarge(UnrolledTooLarge),
    /// The text reads, but what it says cannot be.
    Invalid {
        /// Where, as a path in the file: `network.edges[3].to`.
        place: String,
        /// What is wrong there.
        problem: Invalid,
    },
}

/// What was being done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// Reading it.
    Read,
    /// Writing it.
    Write,
}

/// What cannot be, at its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Invalid {
    /// A word stands where a finite number belongs.
    Number {
        /// The word.
        found: String,
    },
    /// Too few or too many numbers.
    Count {
        /// How many belong there.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A tensor has another shape than the drawing gives it.
    Shape {
        /// The shape that the drawing gives, as shown: `[2, 3]`.
        expected: String,
        /// The shape in the file.
        found: String,
    },
    /// A name with more characters than a name may have.
    LongName {
        /// How many it has.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A node or an edge is named that does not exist.
    Unknown {
        /// Its id.
        id: u32,
    },
    /// An id, a name or a parameter appears twice.
    Duplicate {
        /// What appears twice.
        what: String,
    },
    /// A number lies outside its bounds.
    OutOfRange {
        /// The number.
        found: String,
        /// The smallest allowed.
        low: f64,
        /// The largest allowed.
        high: f64,
    },
    /// A word that is none of those known there.
    Word {
        /// Those known.
        expected: String,
        /// The word.
        found: String,
    },
    /// No encoding has this name.
    Encoding {
        /// The name.
        found: String,
    },
    /// A parameter that the drawing needs is not in the file.
    MissingParameter {
        /// Its name, such as `Dense 1.weight`.
        name: String,
    },
    /// The stored unrolled graph and the drawing disagree.
    Unrolled {
        /// What unrolling the drawing gives there.
        expected: String,
        /// What the file says.
        found: String,
    },
}

impl FileError {
    /// Something that cannot be, at a place.
    pub(super) fn invalid(place: &str, problem: Invalid) -> Self {
        Self::Invalid { place: place.to_owned(), problem }
    }

    /// An error of the operating system while reading.
    pub(super) fn read(path: &Path, error: &std::io::Error) -> Self {
        Self::io(path, FileAction::Read, error)
    }

    /// An error of the operating system while writing.
    pub(super) fn write(path: &Path, error: &std::io::Error) -> Self {
        Self::io(path, FileAction::Write, error)
    }

    fn io(path: &Path, action: FileAction, error: &std::io::Error) -> Self {
        let kind = error.kind();
        let folder = if kind == ErrorKind::NotFound { missing_folder(path) } else { None };
        Self::Io { path: path.to_owned(), action, kind, reason: error.to_string(), folder }
    }

    /// What the RON reader found, with its place.
    pub(super) fn syntax(error: &ron::error::SpannedError, newest: u32) -> Self {
        let ron::error::SpannedError { code, span } = error;
        let (line, column) = (span.start.line, span.start.col);
        match code {
            ron::Error::MissingStructField { field, .. } => {
                Self::MissingField { line: span.end.line, column: span.end.col, field: (*field).to_owned() }
            }
            ron::Error::Message(text) => {
                match text.strip_prefix(super::model::VERSION_MARK).and_then(|n| n.parse().ok()) {
                    Some(found) => Self::UnknownVersion { found, newest },
                    None => Self::Syntax { line, column, reason: text.clone() },
                }
            }
            other => Self::Syntax { line, column, reason: other.to_string() },
        }
    }
}

impl ToMessage for UnrolledTooLarge {
    fn message(&self) -> Message {
        let Self { n_steps, nodes, bytes, fewer } = *self;
        Message::new("files-unrolled-too-large")
            .with("steps", n_steps)
            .with("nodes", nodes)
            .with("megabytes", megabytes(bytes))
            .with("fewer", fewer)
    }
}

impl ToMessage for FileError {
    fn message(&self) -> Message {
        match self {
            Self::Io { folder: Some(folder), .. } => {
                Message::new("files-no-folder").with("folder", folder.display().to_string())
            }
            Self::Io { path: _, action, kind, reason, folder: None } => match (kind, action) {
                (ErrorKind::NotFound, FileAction::Read) => Message::new("files-not-found"),
                (ErrorKind::PermissionDenied, FileAction::Read) => Message::new("files-not-readable"),
                (ErrorKind::PermissionDenied, FileAction::Write) => Message::new("files-not-writable"),
                (ErrorKind::IsADirectory, FileAction::Read) => Message::new("files-read-folder"),
                (ErrorKind::IsADirectory, FileAction::Write) => Message::new("files-write-folder"),
                _ => Message::new("files-io").with("reason", reason.as_str()),
            },
            Self::NoFile { path: _ } => Message::new("files-write-no-file"),
            Self::ReadOnly { path: _ } => Message::new("files-write-read-only"),
            Self::HardLinked { path: _, names } => {
                Message::new("files-write-hard-linked").with("names", *names as f64)
            }
            Self::FolderNotEmpty { .. } => Message::new("files-folder-not-empty"),
            Self::TooLarge { bytes, limit } => Message::new("files-too-large")
                .with("megabytes", megabytes(*bytes))
                // Rounded down, so that a size that is larger also looks so.
                .with("limit", (*limit as f64 / 1e5).floor() / 10.0),
            Self::NotAFile => Message::new("files-not-a-file"),
            Self::ByteOrderMark { encoding } => {
                Message::new("files-byte-order-mark").with("encoding", *encoding)
            }
            Self::OpenQuote { line } => Message::new("files-open-quote").with("line", *line),
            Self::NotText { line } => Message::new("files-not-text").with("line", *line),
            Self::Syntax { line, column, reason } => Message::new("files-syntax")
                .with("line", *line)
                .with("column", *column)
                .with("reason", reason.as_str()),
            Self::MissingField { line, column, field } => Message::new("files-missing-field")
                .with("line", *line)
                .with("column", *column)
                .with("field", field.as_str()),
            Self::UnknownVersion { found, newest } => Message::new("files-unknown-version")
                .with("found", *found as f64)
                .with("newest", f64::from(*newest)),
            Self::UnrolledTooLarge(size) => size.message(),
            Self::Invalid { place, problem } => {
                Message::new("files-invalid").with("place", place.as_str()).with("problem", problem.message())
            }
        }
    }
}

impl ToMessage for Invalid {
    fn message(&self) -> Message {
        match self {
            Self::Number { found } => Message::new("files-invalid-number").with("found", found.as_str()),
            Self::Count { expected, found } => {
                Message::new("files-invalid-count").with("expected", *expected).with("found", *found)
            }
            Self::Shape { expected, found } => Message::new("files-invalid-shape")
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Self::LongName { found, limit } => {
                Message::new("files-invalid-long-name").with("found", *found).with("limit", *limit)
            }
            Self::Unknown { id } => Message::new("files-invalid-unknown").with("id", id.to_string()),
            Self::Duplicate { what } => Message::new("files-invalid-duplicate").with("what", what.as_str()),
            Self::OutOfRange { found, low, high } => Message::new("files-invalid-range")
                .with("found", found.as_str())
                .with("low", low.to_string())
                .with("high", high.to_string()),
            Self::Word { expected, found } => Message::new("files-invalid-word")
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Self::Encoding { found } => Message::new("files-invalid-encoding").with("found", found.as_str()),
            Self::MissingParameter { name } => {
                Message::new("files-invalid-missing-parameter").with("name", name.as_str())
            }
            Self::Unrolled { expected, found } => Message::new("files-invalid-unrolled")
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
        }
    }
}

fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).ceil() / 10.0
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::words::in_english(&self.message()))
    }
}

impl std::error::Error for FileError {}
