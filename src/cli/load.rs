//! Opening a model together with its data.

use std::path::Path;
use std::sync::Arc;

use super::dialect::{DialectArgs, KindArg};
use super::job::JobError;
use super::output::{note, words};
use crate::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataError, DataErrorKind, DataRequest, DataSettings, Dialect,
    DialectChoices, FittedEncoding, Inspection, Limits, Prepared, Preprocessing, Quiet, SplitSettings, Table,
    data_problems, guess_columns, inspect_bytes_with, inspect_file, inspect_file_with, keep_roles, prepare,
    prepare_with, read_as_known, read_bytes, read_notes, read_table, unknown_columns, unused_columns,
};
use crate::document::Document;
use crate::files::{DataSource, FIRST_EXAMPLE, ModelFile, locate_data, open_example, read_model};
use crate::network::{Network, Problem, Severity};
use crate::words::{Message, ToMessage as _, Words};

/// A model with its data at hand.
#[derive(Debug)]
pub(super) struct Opened {
    /// The model.
    pub(super) model: ModelFile,
    /// The table, where any node takes columns of one.
    pub(super) table: Option<Arc<Table>>,
    /// Whether that is another file than the model's own.
    has_other_data: bool,
    /// Whether the model names data of its own.
    has_own_data: bool,
    /// How columns shall be read.
    kinds: Vec<KindArg>,
}

impl Opened {
    /// Opens `model` (the first example without one) with its own data, or with `data`.
    pub(super) fn open(
        model: Option<&Path>,
        data: Option<&Path>,
        dialect: &DialectArgs,
    ) -> Result<Self, JobError> {
        let opened = Self::open_as_it_is(model, data, dialect)?;
        if opened.lacks_data() { Err(JobError::Failed(Message::new("cli-no-data"))) } else { Ok(opened) }
    }

    /// The same for jobs that do without data where the model names none.
    pub(super) fn open_as_it_is(
        model: Option<&Path>,
        data: Option<&Path>,
        dialect: &DialectArgs,
    ) -> Result<Self, JobError> {
        let told = &dialect.choices();
        let mut model = match model {
            Some(path) => read_model(path).map_err(|error| JobError::cannot_open(path, &error))?,
            None => first_example()?,
        };
        if data.is_some() {
            forget_typed_rows(&mut model.document.network);
        }
        let request = DataRequest::of(&model.document.network);
        let needs_table = request.nodes.iter().any(|node| node.data.rows.is_none());
        let settings = &mut model.document.data;
        let has_own_data = settings.path.is_some();
        let table = if !needs_table && data.is_none() {
            None
        } else if let Some(path) = data {
            Some(read_other(path, settings, &request, told)?)
        } else if let Some(path) = settings.path.clone() {
            told.clone().apply(&mut settings.dialect);
            Some(read_own(&path, settings)?)
        } else {
            None
        };
        if let Some(table) = &table {
            if settings.columns.is_empty() && !dialect.kinds.is_empty() {
                settings.columns = guess_columns(table);
            }
            set_kinds(&mut settings.columns, &dialect.kinds)?;
        }
        let kinds = dialect.kinds.clone();
        Ok(Self { model, table: table.map(Arc::new), has_other_data: data.is_some(), has_own_data, kinds })
    }

    /// Whether nodes take columns of a table, and there is none.
    pub(super) fn lacks_data(&self) -> bool {
        let request = DataRequest::of(&self.model.document.network);
        self.table.is_none() && request.nodes.iter().any(|node| node.data.rows.is_none())
    }

    /// Splits the data for training. The preprocessing that trained weights rely on stays, unless
    /// it shall be fitted anew; which it is, is said where other data are named.
    pub(super) fn prepare_for_training(&mut self, is_refit: bool) -> Result<Arc<Prepared>, JobError> {
        let document = &mut self.model.document;
        let stored = self.model.preprocessing.clone().filter(|_| document.is_trained());
        if let Some(fitted) = stored.as_ref().filter(|_| !is_refit) {
            refuse_other_kinds(fitted, &self.kinds)?;
        }
        let has_stored = stored.is_some();
        document.data.fitted = stored.filter(|_| !is_refit).map(Arc::new);
        if has_stored && (self.has_other_data || is_refit) {
            note(&words(), &Message::new(if is_refit { "cli-fit-anew" } else { "cli-fit-kept" }));
        }
        self.prepare()
    }

    /// Splits the data, and fits what the settings do not hold fitted on the training part.
    fn prepare(&self) -> Result<Arc<Prepared>, JobError> {
        let document = &self.model.document;
        let request = DataRequest::of(&document.network);
        let seed = document.training.seed;
        let data = prepare(self.table.as_ref(), &document.data, &request, seed)?;
        refuse_other_widths(document, &data)?;
        Ok(Arc::new(data))
    }

    /// The same with the preprocessing that the model was trained with, where it has been: all
    /// rows in file order.
    pub(super) fn prepare_as_fitted(&self) -> Result<Arc<Prepared>, JobError> {
        match self.stored_fit() {
            Some(fitted) if self.table.is_some() => self.prepare_with(fitted),
            Some(_) | None => self.prepare(),
        }
    }

    fn stored_fit(&self) -> Option<&Preprocessing> {
        self.model.preprocessing.as_ref().filter(|fitted| !fitted.columns.is_empty())
    }

    /// All rows in file order, prepared as the model at `path` was trained. One that was never saved
    /// after training holds no fit, but its own data give the same one; one whose rows were typed
    /// in takes every number as it is.
    pub(super) fn prepare_to_evaluate(&self, path: &Path) -> Result<Arc<Prepared>, JobError> {
        if let Some(fitted) = self.stored_fit() {
            return self.prepare_with(fitted);
        }
        if self.has_own_data {
            return self.prepare_with(&fit_again(path)?);
        }
        let mut document = self.model.document.clone();
        document.data.split = SplitSettings { validation_fraction: 0.0, shuffle: false };
        let request = DataRequest::of(&document.network);
        let data = prepare(self.table.as_ref(), &document.data, &request, document.training.seed)?;
        refuse_other_widths(&document, &data)?;
        Ok(Arc::new(data))
    }

    fn prepare_with(&self, fitted: &Preprocessing) -> Result<Arc<Prepared>, JobError> {
        refuse_other_kinds(fitted, &self.kinds)?;
        let document = &self.model.document;
        let request = DataRequest::of(&document.network);
        let data = prepare_with(self.table.as_ref(), &document.data, &request, fitted)?;
        if data.n_samples() == 0 {
            let error = DataError::new(DataErrorKind::NoUsableRows(data.left_out().clone()));
            return Err(match self.table.as_ref().and_then(|table| table.path()) {
                Some(path) => error.in_file(path),
                None => error,
            }
            .into());
        }
        refuse_other_widths(document, &data)?;
        Ok(Arc::new(data))
    }

    /// What is wrong with the data for this network.
    pub(super) fn data_problems(&self, data: &Prepared) -> Vec<Problem> {
        let document = &self.model.document;
        data_problems(&document.network, &document.data, data, 0)
    }

    /// Says on stderr what is wrong with the data.
    ///
    /// # Errors
    /// When the loss cannot take the targets.
    pub(super) fn tell_problems(&self, words: &Words, data: &Prepared) -> Result<(), JobError> {
        let mut has_error = false;
        for problem in self.data_problems(data) {
            note(words, &problem.message());
            if let Some(fix) = &problem.fix {
                note(words, &Message::new("cli-check-fix").with("fix", fix.message()));
            }
            has_error |= problem.severity == Severity::Error;
        }
        if has_error { Err(JobError::Said) } else { Ok(()) }
    }
}

/// What the model's own data give when they are fitted as its training would.
pub(super) fn fit_again(model: &Path) -> Result<Preprocessing, JobError> {
    let opened = Opened::open(Some(model), None, &DialectArgs::default())?;
    Ok(opened.prepare()?.preprocessing().clone())
}

/// Reads columns as a person says.
///
/// # Errors
/// When there is no such column.
pub(super) fn set_kinds(columns: &mut [ColumnSettings], kinds: &[KindArg]) -> Result<(), JobError> {
    for KindArg { column: name, kind } in kinds {
        if let Some(column) = columns.iter_mut().find(|column| column.name == *name) {
            column.kind = *kind;
        } else {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let message = Message::new("cli-new-no-target")
                .with("target", name.as_str())
                .with("names", names.join(", "));
            return Err(JobError::Usage(message));
        }
    }
    Ok(())
}

/// Weights that were trained on numbers cannot take categories in their place, nor the other way round.
pub(super) fn refuse_other_kinds(fitted: &Preprocessing, kinds: &[KindArg]) -> Result<(), JobError> {
    let is_other = |told: &&KindArg| {
        let known = fitted.columns.iter().find(|column| column.name == told.column);
        known.is_some_and(|column| {
            matches!(column.encoding, FittedEncoding::Number { .. }) != (told.kind == ColumnKind::Number)
        })
    };
    match kinds.iter().find(is_other) {
        Some(told) => {
            Err(JobError::Usage(Message::new("cli-kind-fitted").with("column", told.column.as_str())))
        }
        None => Ok(()),
    }
}

/// Data that are named go before rows that were typed in.
fn forget_typed_rows(network: &mut Network) {
    for node in network.nodes.values_mut() {
        if let Some(data) = node.kind.data_mut() {
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
            // A folder or a device is there, and is named as what it is.
            if path.exists() {
                inspect_file(&path)?;
            }
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

/// Other data, read as the model knows its own; columns keep the roles that the model gives to
/// their names.
fn read_other(
    path: &Path,
    settings: &mut DataSettings,
    request: &DataRequest,
    told: &DialectChoices,
) -> Result<Table, JobError> {
    let (table, dialect) = read_any(path, settings, request, told)?;
    let columns = guess_columns(&table);
    if settings.columns.is_empty() {
        settings.columns = columns;
    } else {
        tell_unknown_columns(&table, settings);
        settings.columns = keep_roles(columns, &settings.columns);
    }
    settings.dialect = dialect;
    settings.fingerprint = Some(table.fingerprint());
    settings.path = Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    Ok(table)
}

/// Reads a file as a model knows it, where it has the model's columns, else as inspection finds it
/// to be written; what is `told` outranks both. Says what a person should know about the reading.
pub(super) fn read_any(
    path: &Path,
    known: &DataSettings,
    request: &DataRequest,
    told: &DialectChoices,
) -> Result<(Table, Dialect), JobError> {
    let mut known = known.clone();
    told.clone().apply(&mut known.dialect);
    let shipped = if path.exists() { DataSource::File(path.to_owned()) } else { locate_data(path) };
    let limits = Limits::default();
    let found = std::cell::RefCell::new(None);
    let with = |inspection: Result<Inspection, DataError>| {
        let inspection = inspection?;
        let dialect = inspection.dialect.clone();
        found.replace(Some(inspection));
        Ok(dialect)
    };
    let (table, dialect) = match shipped {
        DataSource::Embedded(bytes) => read_as_known(
            &known,
            request,
            |dialect| read_bytes(bytes, dialect, &limits, &Quiet),
            |choices| with(inspect_bytes_with(bytes, &told.clone().or(choices))),
        )?,
        DataSource::File(path) | DataSource::Missing(path) => read_as_known(
            &known,
            request,
            |dialect| read_table(&path, dialect, &limits, &Quiet),
            |choices| with(inspect_file_with(&path, &told.clone().or(choices))),
        )?,
    };
    let found = found.into_inner().filter(|found| found.dialect == dialect);
    for about in read_notes(&table, found.as_ref()) {
        note(&words(), &about.message());
    }
    Ok((table, dialect))
}

/// Says which columns of a table the model does not know.
pub(super) fn tell_unknown_columns(table: &Table, known: &DataSettings) {
    let is_any_used = known.columns.iter().any(|column| column.role != ColumnRole::Ignored);
    if let Some(message) = unknown_columns(table, &known.columns).filter(|_| is_any_used) {
        note(&words(), &message);
    }
}

/// A node that gets more or fewer features than it was drawn with would compute something else.
/// Columns that are not used for what they hold are named: they may be what is lacking.
pub(super) fn refuse_other_widths(document: &Document, data: &Prepared) -> Result<(), JobError> {
    let Document { network, data: settings, .. } = document;
    for prepared in data.nodes() {
        let Some(node) = network.nodes.get(&prepared.node) else { continue };
        let Some(drawn) = node.kind.data() else { continue };
        if drawn.features() != prepared.width() {
            let unused = data.table().map_or_else(Vec::new, |table| unused_columns(table, settings));
            for reason in unused {
                note(&words(), &reason);
            }
            let message = Message::new("cli-predict-width")
                .with("node", node.name.as_str())
                .with("expected", drawn.features())
                .with("found", prepared.width());
            return Err(JobError::Failed(message));
        }
    }
    Ok(())
}
