//! What can go wrong with data, as data: which file, which line, which column, what was
//! expected, what was found. What to do about it is part of each sentence.
//!
//! Must not know any language.

use std::fmt;
use std::path::PathBuf;

use super::prepare::LeftOut;
use crate::words::{Message, ToMessage};

/// Data could not be read or prepared. The open work is untouched by it.
#[derive(Clone, Debug, PartialEq)]
pub struct DataError {
    /// Where it went wrong, as far as known.
    pub place: Place,
    /// What went wrong.
    pub kind: Box<DataErrorKind>,
}

/// A place in a file. Each part may be unknown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// The file.
    pub path: Option<PathBuf>,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// The column of the table, counted from 1.
    pub column: Option<usize>,
    /// Its name.
    pub column_name: Option<String>,
}

/// What was expected of a column or a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// At least one feature column.
    Features,
    /// At least one target column.
    Targets,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum DataErrorKind {
    /// There is no such file.
    NotFound,
    /// There is not even its folder: the uppermost one that is missing.
    NoFolder {
        /// The folder.
        folder: String,
    },
    /// The file may not be read.
    PermissionDenied,
    /// It is a directory.
    Directory,
    /// It is a device, a pipe or another thing that is no plain file.
    NotAFile,
    /// The operating system says this.
    Io(String),
    /// The file holds no rows.
    Empty,
    /// The file is not text.
    Binary,
    /// A byte that the encoding does not allow; holds the encoding's name.
    Encoding(&'static str),
    /// A row with another number of cells than the rows before.
    Ragged {
        /// Cells in the first row.
        expected: usize,
        /// Cells in this row.
        found: usize,
    },
    /// Lines of the file are neither rows nor left out for a reason: a fault of this program.
    LinesLost {
        /// Lines of the file.
        lines: u64,
        /// Lines that were accounted for.
        found: u64,
    },
    /// No column holds numbers.
    NoNumbers,
    /// A cell of a number column holds something else.
    NotANumber {
        /// What it holds.
        found: String,
    },
    /// More cells than memory should hold.
    TooManyCells {
        /// How many there are, estimated before reading.
        found: u64,
        /// How many are allowed.
        limit: u64,
    },
    /// More columns than a table may have.
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A column's name is longer than any sensible name.
    LongName {
        /// Characters it has.
        found: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// More features than a node may take.
    TooManyFeatures {
        /// The node.
        node: String,
        /// How many its columns give.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// One row is longer than any sensible row.
    LongRow {
        /// Bytes allowed.
        limit: usize,
    },
    /// A category column with more categories than a network should take.
    TooManyCategories {
        /// How many there are.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A column that the settings, a node or a stored preprocessing names is not in the file.
    UnknownColumn {
        /// Its name.
        name: String,
    },
    /// No file is loaded, and this node has no typed rows.
    NoData {
        /// The node.
        node: String,
    },
    /// No column has the role that this node needs.
    NoColumns {
        /// The node.
        node: String,
        /// What was looked for.
        expected: Expected,
    },
    /// Every row lacks a value in a used column.
    NoUsableRows(LeftOut),
    /// Too few rows for a single window.
    TooFewRows {
        /// Rows needed for one window.
        needed: usize,
        /// Rows there are.
        found: usize,
    },
    /// Typed rows of two nodes differ in number, or one node has typed rows and another has none.
    RowCounts {
        /// One node.
        node: String,
        /// Its rows.
        rows: usize,
        /// Another node.
        other: String,
        /// The other's rows.
        other_rows: usize,
    },
    /// A typed row has another length than the node's steps × features.
    TypedRowLength {
        /// The node.
        node: String,
        /// The row, counted from 1.
        row: usize,
        /// Numbers expected.
        expected: usize,
        /// Numbers found.
        found: usize,
    },
    /// Columns cannot be cut into as many equal groups as there are steps.
    UnevenGroups {
        /// The node.
        node: String,
        /// Features of the columns.
        features: usize,
        /// Steps.
        steps: usize,
    },
    /// The person cancelled.
    Cancelled,
}

impl DataError {
    /// An error at an unknown place.
    pub fn new(kind: DataErrorKind) -> Self {
        Self { place: Place::default(), kind: Box::new(kind) }
    }

    /// The error with its line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.place.line = Some(line);
        self
    }

    /// The error with its column: 0-based index and name.
    #[must_use]
    pub fn at_column(mut self, index: usize, name: impl Into<String>) -> Self {
        self.place.column = Some(index + 1);
        self.place.column_name = Some(name.into());
        self
    }

    /// The error with its file.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.place.path = Some(path.into());
        self
    }
}

impl DataErrorKind {
    /// Whether the file might be read another way: not where it is missing, empty or may not be opened.
    pub fn is_about_contents(&self) -> bool {
        !matches!(
            self,
            Self::NotFound
                | Self::NoFolder { .. }
                | Self::PermissionDenied
                | Self::Directory
                | Self::NotAFile
                | Self::Io(_)
                | Self::Empty
        )
    }
}

impl ToMessage for DataErrorKind {
    fn message(&self) -> Message {
        match self {
            Self::NotFound => Message::new("data-error-not-found"),
            Self::NoFolder { folder } => Message::new("data-error-no-folder").with("folder", folder.as_str()),
            Self::PermissionDenied => Message::new("data-error-permission"),
            Self::Directory => Message::new("data-error-directory"),
            Self::NotAFile => Message::new("data-error-not-a-file"),
            Self::Io(text) => Message::new("data-error-io").with("reason", text.as_str()),
            Self::Empty => Message::new("data-error-empty"),
            Self::Binary => Message::new("data-error-binary"),
            Self::Encoding(name) => Message::new("data-error-encoding").with("encoding", *name),
            Self::Ragged { expected, found } => {
                Message::new("data-error-ragged").with("expected", *expected).with("found", *found)
            }
            Self::LinesLost { lines, found } => Message::new("data-error-lines-lost")
                .with("lines", *lines as f64)
                .with("found", *found as f64),
            Self::NoNumbers => Message::new("data-error-no-numbers"),
            Self::NotANumber { found } => {
                Message::new("data-error-not-a-number").with("found", found.as_str())
            }
            Self::TooManyCells { found, limit } => Message::new("data-error-too-many-cells")
                .with("found", *found as f64)
                .with("limit", *limit as f64),
            Self::TooManyColumns { found, limit } => {
                Message::new("data-error-too-many-columns").with("found", *found).with("limit", *limit)
            }
            Self::LongName { found, limit } => {
                Message::new("data-error-long-name").with("found", *found).with("limit", *limit)
            }
            Self::TooManyFeatures { node, found, limit } => Message::new("data-error-too-many-features")
                .with("node", node.as_str())
                .with("found", *found)
                .with("limit", *limit),
            Self::LongRow { limit } => Message::new("data-error-long-row").with("limit", *limit),
            Self::TooManyCategories { found, limit } => {
                Message::new("data-error-too-many-categories").with("found", *found).with("limit", *limit)
            }
            Self::UnknownColumn { name } => {
                Message::new("data-error-unknown-column").with("name", name.as_str())
            }
            Self::NoData { node } => Message::new("data-error-no-data").with("node", node.as_str()),
            Self::NoColumns { node, expected: Expected::Features } => {
                Message::new("data-error-no-features").with("node", node.as_str())
            }
            Self::NoColumns { node, expected: Expected::Targets } => {
                Message::new("data-error-no-targets").with("node", node.as_str())
            }
            Self::NoUsableRows(left_out) => match left_out.reasons() {
                Some(reasons) => Message::new("data-error-rows-lack-values")
                    .with("rows", left_out.rows)
                    .with("reasons", reasons),
                None => Message::new("data-error-no-usable-rows").with("rows", left_out.rows),
            },
            Self::TooFewRows { needed, found } => {
                Message::new("data-error-too-few-rows").with("needed", *needed).with("found", *found)
            }
            Self::RowCounts { node, rows, other, other_rows } => Message::new("data-error-row-counts")
                .with("node", node.as_str())
                .with("rows", *rows)
                .with("other", other.as_str())
                .with("other-rows", *other_rows),
            Self::TypedRowLength { node, row, expected, found } => {
                Message::new("data-error-typed-row-length")
                    .with("node", node.as_str())
                    .with("row", *row)
                    .with("expected", *expected)
                    .with("found", *found)
            }
            Self::UnevenGroups { node, features, steps } => Message::new("data-error-uneven-groups")
                .with("node", node.as_str())
                .with("features", *features)
                .with("steps", *steps),
            Self::Cancelled => Message::new("data-error-cancelled"),
        }
    }
}

impl ToMessage for DataError {
    fn message(&self) -> Message {
        let what = self.kind.message();
        let Place { path, line, column, column_name } = &self.place;
        let file = path.as_ref().map(|path| path.display().to_string());
        match (file, line, column) {
            (None, None, None) => what,
            (None, None, Some(column)) => Message::new("data-error-at-column")
                .with("column", *column)
                .with("name", column_name.clone().unwrap_or_default())
                .with("what", what),
            (None, Some(line), None) => {
                Message::new("data-error-at-line").with("line", *line as f64).with("what", what)
            }
            (None, Some(line), Some(column)) => Message::new("data-error-at-line-column")
                .with("line", *line as f64)
                .with("column", *column)
                .with("name", column_name.clone().unwrap_or_default())
                .with("what", what),
            (Some(file), None, None) => {
                Message::new("data-error-in-file").with("file", file).with("what", what)
            }
            (Some(file), None, Some(column)) => Message::new("data-error-in-file-column")
                .with("file", file)
                .with("column", *column)
                .with("name", column_name.clone().unwrap_or_default())
                .with("what", what),
            (Some(file), Some(line), None) => Message::new("data-error-in-file-line")
                .with("file", file)
                .with("line", *line as f64)
                .with("what", what),
            (Some(file), Some(line), Some(column)) => Message::new("data-error-in-file-line-column")
                .with("file", file)
                .with("line", *line as f64)
                .with("column", *column)
                .with("name", column_name.clone().unwrap_or_default())
                .with("what", what),
        }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::words::in_english(&self.message()))
    }
}

impl std::error::Error for DataError {}
