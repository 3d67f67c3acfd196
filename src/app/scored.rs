//! A second file that the network is scored on: read in the background, prepared as the model's own data
//! were, and measured anew with the newest weights.
//!
//! Must not know how predictions are made. Nothing is ever learned from its rows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::App;
use super::insight::Basis;
use super::jobs::{Background, Control, Poll};
use super::notice::{Lasts, Tone};
use super::study::{Answer, Study};
use crate::data::{
    self, DataRequest, DataSettings, Limits, Prepared, Preprocessing, Quiet, Table, guess_columns,
    inspect_file_with, keep_roles, needed_columns, read_as_known, read_table,
};
use crate::document::Document;
use crate::insight::{self, Predictions};
use crate::words::{Message, ToMessage};

/// More categories that the model does not know are not listed.
const MOST_CATEGORIES: usize = 5;
/// More columns than this are counted, not named.
const MOST_COLUMNS: usize = 8;

/// The file, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Scored {
    /// What is shown; it stays until another file has been read.
    shown: Option<Shown>,
    /// A file that shall be shown.
    wanted: Option<PathBuf>,
    loading: Option<Loading>,
    predictions: Study<(), Basis, Predictions>,
}

/// A file that was read.
#[derive(Debug)]
struct Shown {
    path: PathBuf,
    /// The model's own data: its rows are prepared with what was fitted to those.
    beside: Arc<Prepared>,
    data: Arc<Prepared>,
    notes: Vec<Message>,
}

/// A file that is being read.
#[derive(Debug)]
struct Loading {
    beside: Arc<Prepared>,
    job: Background<Result<(Prepared, Vec<Message>), Message>>,
}

impl App {
    /// The file that is scored beside the model's own data.
    pub fn scored_file(&self) -> Option<&Path> {
        let shown = self.scored.shown.as_ref().map(|shown| shown.path.as_path());
        shown.or(self.scored.wanted.as_deref())
    }

    /// What the network says about its rows.
    pub fn scored_predictions(&self) -> Option<Answer<'_, Predictions>> {
        let (key, result) = self.scored.predictions.answer()?;
        let is_current = self.scored_basis().is_some_and(|basis| basis == key.basis);
        Some(Answer { result, is_current, step: key.basis.step() })
    }

    /// Its rows, as they are prepared for the model.
    pub(super) fn scored_data(&self) -> Option<&Arc<Prepared>> {
        self.scored.shown.as_ref().map(|shown| &shown.data)
    }

    /// What should be known about its rows: what they lack, and what the model does not know.
    pub fn scored_notes(&self) -> &[Message] {
        self.scored.shown.as_ref().map_or(&[], |shown| &shown.notes)
    }

    /// What the newest predictions of its rows are about, and the predictions.
    pub(super) fn scored_answer(&self) -> Option<(&Basis, &Arc<Predictions>)> {
        self.scored.predictions.answer().map(|(key, made)| (&key.basis, made))
    }

    /// Whether it is being read or measured.
    pub fn is_scoring(&self) -> bool {
        self.scored.loading.is_some() || self.scored.predictions.is_running()
    }

    /// Scores another file once it has been read, or none from now on.
    pub(super) fn score(&mut self, path: Option<PathBuf>) {
        match path {
            Some(_) => (self.scored.wanted, self.scored.loading) = (path, None),
            None => self.scored = Scored::default(),
        }
    }

    fn scored_basis(&self) -> Option<Basis> {
        let data = Arc::clone(self.scored_data()?);
        Some(self.basis()?.about(data))
    }

    /// Reads the file where that is to be done, and takes in what came of it. Returns whether there was
    /// anything new.
    pub(super) fn poll_scored(&mut self) -> bool {
        let mut is_new = self.take_scored();
        if self.scored.shown.is_none() && self.scored.wanted.is_none() {
            return is_new;
        }
        let run = self.training.run_revision;
        let Some(prepared) = self.data.prepared.clone().filter(|_| self.data.prepared_revision == Some(run))
        else {
            return is_new;
        };
        // Rows are prepared anew where the model's own are: older ones do not fit any more.
        if let Some(older) = self.scored.shown.take_if(|shown| !Arc::ptr_eq(&shown.beside, &prepared)) {
            self.scored.wanted.get_or_insert(older.path);
            self.scored.predictions = Study::default();
        }
        if let Some(path) = self.scored.wanted.clone().filter(|_| self.scored.loading.is_none()) {
            let (document, fitted) = (self.document.clone(), prepared.preprocessing().clone());
            let job = move |_: &Control| prepared_from(&path, &document, &fitted);
            let job = Background::start(&self.wake, job);
            self.scored.loading = Some(Loading { beside: prepared, job });
        }
        let basis = self.scored_basis();
        let model = basis.as_ref().map(|basis| self.model(basis));
        let is_training = self.is_training();
        is_new |= self.scored.predictions.tick(&(), basis.as_ref(), is_training, &self.wake, |()| {
            move |control: &Control| insight::predict_all(&model?, control)
        });
        is_new
    }

    fn take_scored(&mut self) -> bool {
        let Some(Loading { beside, job }) = self.scored.loading.take() else { return false };
        let result = match job.poll() {
            Poll::Running => {
                self.scored.loading = Some(Loading { beside, job });
                return false;
            }
            Poll::Done(result) => result,
            Poll::Lost => Err(Message::new("predictions-score-lost")),
        };
        let Some(path) = self.scored.wanted.take() else { return false };
        match result {
            Ok((data, notes)) => {
                let shown = Shown { path, beside, data: Arc::new(data), notes };
                self.scored = Scored { shown: Some(shown), ..Scored::default() };
            }
            Err(reason) => {
                self.notify_as(Tone::Error, reason, Lasts::UntilLoaded);
            }
        }
        true
    }
}

/// Reads a file as the model knows its own data, and prepares it with what was fitted to those. A file
/// without the targets is predicted all the same.
fn prepared_from(
    path: &Path,
    document: &Document,
    fitted: &Preprocessing,
) -> Result<(Prepared, Vec<Message>), Message> {
    let (mut network, known) = (document.network.clone(), &document.data);
    // Rows that were typed in are not the file's.
    for node in network.nodes.values_mut() {
        if let Some(data) = node.kind.data_mut() {
            data.rows = None;
        }
    }
    let mut request = DataRequest::of(&network);
    let read = |dialect: &_| read_table(path, dialect, &Limits::default(), &Quiet);
    let guess = |choices| inspect_file_with(path, &choices).map(|inspection| inspection.dialect);
    let read = |request: &_| read_as_known(known, request, read, guess).map_err(|error| error.message());
    let (mut table, mut dialect) = read(&request)?;
    let mut notes = Vec::new();
    let lacking = lacking_targets(&table, known, &request);
    if !lacking.is_empty() {
        request = request.inputs_only();
        (table, dialect) = read(&request)?;
        notes.push(Message::new("predictions-score-no-truth").with("columns", lacking.join(", ")));
    }
    if let Some(reason) = lacking_inputs(path, &table, known, &request) {
        return Err(reason);
    }
    let columns = guess_columns(&table);
    let columns = if known.columns.is_empty() { columns } else { keep_roles(columns, &known.columns) };
    let settings = DataSettings { dialect, columns, ..known.clone() };
    let data = data::prepare_with(Some(&Arc::new(table)), &settings, &request, fitted)
        .map_err(|error| error.message())?;
    if data.n_samples() == 0 {
        return Err(Message::new("predictions-score-empty").with("file", path.display().to_string()));
    }
    for prepared in data.nodes() {
        let Some(node) = network.nodes.get(&prepared.node) else { continue };
        let drawn = node.kind.data().map_or(0, crate::network::DataNode::features);
        if drawn != prepared.width() {
            return Err(Message::new("cli-predict-width")
                .with("node", node.name.as_str())
                .with("expected", drawn)
                .with("found", prepared.width()));
        }
    }
    if data.left_out().left_out > 0 {
        notes.push(data.left_out().message());
    }
    let unknown = data.unknown_categories();
    notes.extend(unknown.iter().take(MOST_CATEGORIES).map(|category| category.message_from(1)));
    if unknown.len() > MOST_CATEGORIES {
        notes.push(Message::new("data-unknown-more").with("n", unknown.len() - MOST_CATEGORIES));
    }
    Ok((data, notes))
}

/// Says which columns Inputs read and the table does not have, and which it has.
fn lacking_inputs(
    path: &Path,
    table: &Table,
    known: &DataSettings,
    request: &DataRequest,
) -> Option<Message> {
    let needed = needed_columns(known, &request.clone().inputs_only());
    let names = needed.into_iter().map(|column| column.name);
    let lacking: Vec<String> = names.filter(|name| table.column_index(name).is_none()).collect();
    let found: Vec<&str> = table.columns().iter().map(|column| column.name.as_str()).collect();
    let list = |names: &[&str]| {
        let n_more = names.len().saturating_sub(MOST_COLUMNS);
        let listed = names[..names.len() - n_more].join(", ");
        if n_more == 0 { listed } else { format!("{listed} … (+{n_more})") }
    };
    let columns: Vec<&str> = lacking.iter().map(String::as_str).collect();
    (!lacking.is_empty()).then(|| {
        Message::new("predictions-score-no-input")
            .with("file", path.display().to_string())
            .with("columns", list(&columns))
            .with("found", list(&found))
    })
}

/// Columns that Targets take and the table does not have.
fn lacking_targets(table: &Table, known: &DataSettings, request: &DataRequest) -> Vec<String> {
    let inputs = needed_columns(known, &request.clone().inputs_only());
    let all = needed_columns(known, request);
    let targets = all.into_iter().filter(|column| inputs.iter().all(|input| input.name != column.name));
    targets.map(|column| column.name).filter(|name| table.column_index(name).is_none()).collect()
}
