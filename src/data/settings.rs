//! What a person chose about the data: part of the document, saved with the model.
//!
//! Must not hold the data itself nor anything fitted to it.

use std::path::PathBuf;

use super::dialect::Dialect;
use super::fingerprint::{FileChange, Fingerprint};
use super::table::Table;

/// Everything chosen about one data file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct DataSettings {
    /// The file, as given (relative to the model file where possible); `None` without one.
    pub path: Option<PathBuf>,
    /// What the file was when it was read last; `None` where that is not known.
    pub fingerprint: Option<Fingerprint>,
    /// How the file is read; what inspection found, changeable.
    pub dialect: Dialect,
    /// One entry a column, in file order.
    pub columns: Vec<ColumnSettings>,
    /// What happens to rows with missing values.
    pub missing: MissingValues,
    /// Scaling of numeric features (and, separately below, targets), fitted on the training part.
    pub scaling: Scaling,
    /// Scaling of numeric targets.
    pub target_scaling: Scaling,
    /// Training and validation parts.
    pub split: SplitSettings,
    /// How rows become sequences where the network has several time steps.
    pub sequence: SequenceLayout,
}

impl DataSettings {
    /// How the file differs from what it was when it was read last, if it does.
    pub fn change_to(&self, table: &Table) -> Option<FileChange> {
        let (before, now) = (self.fingerprint?, table.fingerprint());
        let path = self.path.clone().unwrap_or_default();
        (!before.is_of_same_bytes(&now)).then_some(FileChange { path, before, now })
    }
}

/// What a column is used for, and how it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSettings {
    /// The name in the header, or `column 3` where there is none.
    pub name: String,
    /// Feature, target or ignored.
    pub role: ColumnRole,
    /// How its cells are read.
    pub kind: ColumnKind,
}

/// What a column is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// Goes to Input nodes.
    Feature,
    /// Goes to Target nodes.
    Target,
    /// Goes nowhere.
    Ignored,
}

/// How a column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// One number a row: one feature.
    Number,
    /// One of a few words: one-hot, a feature for each category seen in the training part.
    Category,
    /// Dates or times; one-hot as a category where it is used at all.
    Date,
    /// Free text; one-hot as a category where it is used at all.
    Text,
}

/// What happens to missing values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MissingValues {
    /// Rows with a missing value in a used column are left out.
    #[default]
    DropRows,
    /// Numbers become the mean of the training part; a missing category is all zeros.
    FillMean,
}

/// Scaling of numeric columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scaling {
    /// As in the file.
    #[default]
    None,
    /// (x − mean) / population standard deviation; a constant column keeps scale 1.
    Standardize,
    /// (x − min) / (max − min); a constant column keeps scale 1.
    MinMax,
}

/// Training and validation parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitSettings {
    /// Share of the rows that validate, in [0, 1).
    pub validation_fraction: f64,
    /// Shuffle before the split (sequences of consecutive rows are always split by time).
    pub shuffle: bool,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { validation_fraction: 0.2, shuffle: true }
    }
}

/// How rows become sequences of T steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SequenceLayout {
    /// Windows of T consecutive rows.
    Windows {
        /// Rows between the starts of two windows.
        stride: usize,
        /// The target lies this many rows after the input row of the same step (for a target
        /// per window: after the window's last row).
        horizon: usize,
    },
    /// Each row holds T groups of columns, step after step.
    ColumnGroups,
}

impl Default for SequenceLayout {
    fn default() -> Self {
        Self::Windows { stride: 1, horizon: 1 }
    }
}
