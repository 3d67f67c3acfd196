//! Opening a model together with its data.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::job::JobError;
use super::output::{note, words};
use crate::data::{
    ColumnRole, ColumnSettings, DataRequest, DataSettings, Limits, Prepared, Quiet, Table, guess_columns,
    inspect_bytes, inspect_file, prepare, prepare_with, read_bytes, read_table,
};
use crate::files::{DataSource, FIRST_EXAMPLE, ModelFile, locate_data, open_example, read_model};
use crate::network::{Network, NodeKind};
use crate::words::{Message, ToMessage as _};

/// A model with its data at hand.
#[derive(Debug)]
pub(super) struct Opened {
    /// The model.
    pub(super) model: ModelFile,
    /// The table, where any node takes columns of one.
    pub(super) table: Option<Arc<Table>>,
}

impl Opened {
    /// Opens `model` (the first example without one) with its own data, or with `data`.
    pub(super) fn open(model: Option<&Path>, data: Option<&Path>) -> Result<Self, JobError> {
        let mut model = match model {
            Some(path) => read_model(path).map_err(|error| JobError::cannot_open(path, &error))?,
            None => first_example()?,
        };
        if data.is_some() {
            forget_typed_rows(&mut model.document.network);
        }
        let needs_table =
            DataRequest::of(&model.document.network).nodes.iter().any(|node| node.data.rows.is_none());
        let settings = &mut model.document.data;
        let table = if !needs_table && data.is_none() {
            None
        } else if let Some(path) = data {
            Some(read_other(path, settings)?)
        } else if let Some(path) = settings.path.clone() {
            Some(read_own(&path, settings)?)
        } else {
            return Err(JobError::Failed(Message::new("cli-no-data")));
        };
        Ok(Self { model, table: table.map(Arc::new) })
    }

    /// Splits the data, and fits the preprocessing on the training part.
    pub(super) fn prepare(&self) -> Result<Arc<Prepared>, JobError> {
        let document = &self.model.document;
        let request = DataRequest::of(&document.network);
        let seed = document.training.seed;
        let data = prepare(self.table.as_ref(), &document.data, &request, seed)?;
        refuse_other_widths(&document.network, &data)?;
        Ok(Arc::new(data))
    }

    /// The same with the preprocessing that the model was trained with, where it has been.
    pub(super) fn prepare_as_fitted(&self) -> Result<Arc<Prepared>, JobError> {
        let document = &self.model.document;
        match &self.model.preprocessing {
            Some(fitted) if self.table.is_some() => {
                let request = DataRequest::of(&document.network);
                let data = prepare_with(self.table.as_ref(), &document.data, &request, fitted)?;
                refuse_other_widths(&document.network, &data)?;
                Ok(Arc::new(data))
            }
            Some(_) | None => self.prepare(),
        }
    }
}

/// Data that are named go before rows that were typed in.
fn forget_typed_rows(network: &mut Network) {
    for node in network.nodes.values_mut() {
        if let NodeKind::Input(data) | NodeKind::Target(data) = &mut node.kind {
            data.rows = None;
        }
    }
}

fn first_example() -> Result<ModelFile, JobError> {
    let missing = || JobError::Failed(Message::new("cli-no-example").with("name", FIRST_EXAMPLE));
    let example = open_example(FIRST_EXAMPLE).ok_or_else(missing)?;
    example.map_err(|error| JobError::cannot_open(Path::new(FIRST_EXAMPLE), &error))
}

/// The model's own data, read as the model says.
fn read_own(path: &Path, settings: &mut DataSettings) -> Result<Table, JobError> {
    let table = match locate_data(path) {
        DataSource::File(path) => read_table(&path, &settings.dialect, &Limits::default(), &Quiet)?,
        DataSource::Embedded(bytes) => read_bytes(bytes, &settings.dialect, &Limits::default(), &Quiet)?,
        DataSource::Missing(path) => {
            let message = Message::new("cli-data-missing").with("path", path.display().to_string());
            return Err(JobError::Failed(message));
        }
    };
    if let Some(change) = settings.change_to(&table) {
        note(&words(), &Message::new("cli-data-changed").with("what", change.message()));
    }
    settings.fingerprint = Some(table.fingerprint());
    Ok(table)
}

/// Other data: how it is written is found by looking; columns keep the roles that the model gives
/// to their names.
fn read_other(path: &Path, settings: &mut DataSettings) -> Result<Table, JobError> {
    let (table, dialect) = read_any(path)?;
    let columns = guess_columns(&table);
    settings.columns =
        if settings.columns.is_empty() { columns } else { with_roles(columns, &settings.columns) };
    settings.dialect = dialect;
    settings.fingerprint = Some(table.fingerprint());
    settings.path = Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    Ok(table)
}

/// Reads a file as inspection finds it to be written.
pub(super) fn read_any(path: &Path) -> Result<(Table, crate::data::Dialect), JobError> {
    let shipped = if path.exists() { DataSource::File(path.to_owned()) } else { locate_data(path) };
    let limits = Limits::default();
    match shipped {
        DataSource::Embedded(bytes) => {
            let dialect = inspect_bytes(bytes)?.dialect;
            Ok((read_bytes(bytes, &dialect, &limits, &Quiet)?, dialect))
        }
        DataSource::File(path) | DataSource::Missing(path) => {
            let dialect = inspect_file(&path)?.dialect;
            Ok((read_table(&path, &dialect, &limits, &Quiet)?, dialect))
        }
    }
}

/// The model's columns first, in the model's order (the order of features is the order of the
/// columns of W), then what the file has besides.
pub(super) fn with_roles(found: Vec<ColumnSettings>, known: &[ColumnSettings]) -> Vec<ColumnSettings> {
    let names = |columns: &[ColumnSettings]| -> HashSet<String> {
        columns.iter().map(|column| column.name.clone()).collect()
    };
    let (known_names, found_names) = (names(known), names(&found));
    let is_there =
        |column: &&ColumnSettings| column.role != ColumnRole::Ignored || found_names.contains(&column.name);
    let mut columns: Vec<ColumnSettings> = known.iter().filter(is_there).cloned().collect();
    let others = found.into_iter().filter(|column| !known_names.contains(&column.name));
    columns.extend(others.map(|column| ColumnSettings { role: ColumnRole::Ignored, ..column }));
    columns
}

/// A node that gets more or fewer features than it was drawn with would compute something else.
pub(super) fn refuse_other_widths(network: &Network, data: &Prepared) -> Result<(), JobError> {
    for prepared in data.nodes() {
        let Some(node) = network.nodes.get(&prepared.node) else { continue };
        let (NodeKind::Input(drawn) | NodeKind::Target(drawn)) = &node.kind else { continue };
        if drawn.features != prepared.width() {
            let message = Message::new("cli-predict-width")
                .with("node", node.name.as_str())
                .with("expected", drawn.features)
                .with("found", prepared.width());
            return Err(JobError::Failed(message));
        }
    }
    Ok(())
}
