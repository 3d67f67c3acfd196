//! Columns by name: those of the settings, and those of a fit. There may be very many.
//!
//! Must not know the table.

use std::collections::HashMap;

use super::{FittedColumn, Preprocessing};
use crate::data::error::{DataError, DataErrorKind, Expected};
use crate::data::request::NodeRequest;
use crate::data::settings::{ColumnKind, ColumnRole, ColumnSettings, DataSettings};

/// The columns of the settings, to be found by name.
pub(super) struct Columns<'a> {
    pub(super) settings: &'a DataSettings,
    by_name: HashMap<&'a str, &'a ColumnSettings>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(settings: &'a DataSettings) -> Self {
        // Of equal names the first counts.
        let named = settings.columns.iter().rev().map(|column| (column.name.as_str(), column));
        Self { settings, by_name: named.collect() }
    }

    /// The columns that a node takes: those it names, else all of its role.
    pub(super) fn of_node(&self, node: &NodeRequest) -> Result<Vec<&'a ColumnSettings>, DataError> {
        let (role, expected) = if node.is_target {
            (ColumnRole::Target, Expected::Targets)
        } else {
            (ColumnRole::Feature, Expected::Features)
        };
        let columns: Vec<&ColumnSettings> = if node.data.columns.is_empty() {
            self.settings.columns.iter().filter(|column| column.role == role).collect()
        } else {
            let unknown = |name: &String| DataError::new(DataErrorKind::UnknownColumn { name: name.clone() });
            let named = |name: &String| self.by_name.get(name.as_str()).copied().ok_or_else(|| unknown(name));
            node.data.columns.iter().map(named).collect::<Result<_, _>>()?
        };
        if columns.is_empty() {
            return Err(DataError::new(DataErrorKind::NoColumns { node: node.name.clone(), expected }));
        }
        Ok(columns)
    }
}

/// The columns of a stored fit, to be found by name.
pub(super) struct Fitted<'a>(HashMap<&'a str, &'a FittedColumn>);

impl<'a> Fitted<'a> {
    pub(super) fn of(preprocessing: &'a Preprocessing) -> Self {
        Self(preprocessing.columns.iter().rev().map(|column| (column.name.as_str(), column)).collect())
    }

    pub(super) fn column(&self, name: &str) -> Result<&'a FittedColumn, DataError> {
        let unknown = || DataError::new(DataErrorKind::UnknownColumn { name: name.to_owned() });
        self.0.get(name).copied().ok_or_else(unknown)
    }

    /// The fit of a column, if it was fitted as it is used: as numbers, or one-hot.
    pub(super) fn as_used(&self, column: &ColumnSettings) -> Option<&'a FittedColumn> {
        let is_number = |kind| kind == ColumnKind::Number;
        let fitted = self.0.get(column.name.as_str()).copied()?;
        (is_number(fitted.kind()) == is_number(column.kind)).then_some(fitted)
    }

    /// Puts these fits in the place of those of the same columns, fitted in the same way.
    pub(super) fn replace(&self, others: &mut Preprocessing) {
        for column in &mut others.columns {
            if let Some(own) = self.0.get(column.name.as_str()).filter(|own| own.kind() == column.kind()) {
                column.encoding = own.encoding.clone();
            }
        }
    }
}
