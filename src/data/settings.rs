//! What a person chose about the data: part of the document, saved with the model.
//!
//! Must not hold the data itself, nor anything fitted to it but what trained weights rely on.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::dialect::Dialect;
use super::fingerprint::{FileChange, Fingerprint};
use super::prepare::Preprocessing;
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
    /// What was fitted when the weights were trained. Its columns are encoded as then; the others
    /// are fitted to the training part. `None` before any training.
    pub fitted: Option<Arc<Preprocessing>>,
}

impl DataSettings {
    /// Gives up what was fitted for columns that are used, read or scaled in another way than in
    /// `before`: changing a choice by hand asks for a new fit. Returns their names.
    pub fn forget_changed_fits(&mut self, before: &Self) -> Vec<String> {
        let Some(fitted) = &self.fitted else { return Vec::new() };
        let choice = |settings: &Self, column: &ColumnSettings| {
            let scaling = match (column.kind, column.role) {
                (ColumnKind::Category | ColumnKind::Date | ColumnKind::Text, _) => Scaling::None,
                (ColumnKind::Number, ColumnRole::Target) => settings.target_scaling,
                (ColumnKind::Number, ColumnRole::Feature | ColumnRole::Ignored) => settings.scaling,
            };
            (column.kind, column.role, scaling)
        };
        let choices = |settings: &Self| -> HashMap<String, _> {
            let columns = settings.columns.iter();
            columns.map(|column| (column.name.clone(), choice(settings, column))).collect()
        };
        let (new, old) = (choices(self), choices(before));
        let is_same = |name: &str| new.get(name) == old.get(name);
        let (kept, changed): (Vec<_>, Vec<_>) =
            fitted.columns.iter().cloned().partition(|column| is_same(&column.name));
        if !changed.is_empty() {
            self.fitted = (!kept.is_empty()).then(|| Arc::new(Preprocessing { columns: kept }));
        }
        changed.into_iter().map(|column| column.name).collect()
    }

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
