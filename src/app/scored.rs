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
    self, DataRequest, DataSettings, Limits, Prepared, Preprocessing, Quiet, guess_columns,
    inspect_file_with, keep_roles, read_as_known, read_table,
};
use crate::document::Document;
use crate::insight::{self, Predictions};
use crate::words::{Message, ToMessage};

/// The file, and what came of it.
#[derive(Debug, Default)]
pub(super) struct Scored {
    path: Option<PathBuf>,
    /// The model's own data: its rows are prepared with what was fitted to those.
    beside: Option<Arc<Prepared>>,
    loading: Option<Background<Result<Prepared, Message>>>,
    data: Option<Arc<Prepared>>,
    predictions: Study<(), Basis, Predictions>,
}

impl App {
    /// The file that is scored beside the model's own data.
    pub fn scored_file(&self) -> Option<&Path> {
        self.scored.path.as_deref()
    }

    /// What the network says about its rows.
    pub fn scored_predictions(&self) -> Option<Answer<'_, Predictions>> {
        let (key, result) = self.scored.predictions.answer()?;
        let is_current = self.scored_basis().is_some_and(|basis| basis == key.basis);
        Some(Answer { result, is_current, step: key.basis.step() })
    }

    /// Its rows, as they are prepared for the model.
    pub(super) fn scored_data(&self) -> Option<&Arc<Prepared>> {
        self.scored.data.as_ref()
    }

    /// What the newest predictions of its rows are about, and the predictions.
    pub(super) fn scored_answer(&self) -> Option<(&Basis, &Arc<Predictions>)> {
        self.scored.predictions.answer().map(|(key, made)| (&key.basis, made))
    }

    /// Whether it is being read or measured.
    pub fn is_scoring(&self) -> bool {
        self.scored.loading.is_some() || self.scored.predictions.is_running()
    }

    /// Scores another file from now on, or none.
    pub(super) fn score(&mut self, path: Option<PathBuf>) {
        self.scored = Scored { path, ..Scored::default() };
    }

    fn scored_basis(&self) -> Option<Basis> {
        let data = Arc::clone(self.scored.data.as_ref()?);
        Some(self.basis()?.about(data))
    }

    /// Reads the file where that is to be done, and takes in what came of it. Returns whether there was
    /// anything new.
    pub(super) fn poll_scored(&mut self) -> bool {
        let mut is_new = self.take_scored();
        let Some(path) = self.scored.path.clone() else { return is_new };
        let run = self.training.run_revision;
        let Some(prepared) = self.data.prepared.clone().filter(|_| self.data.prepared_revision == Some(run))
        else {
            return is_new;
        };
        // Rows are prepared anew where the model's own are.
        if !self.scored.beside.as_ref().is_some_and(|beside| Arc::ptr_eq(beside, &prepared)) {
            let (document, fitted) = (self.document.clone(), prepared.preprocessing().clone());
            self.scored = Scored { path: Some(path.clone()), beside: Some(prepared), ..Scored::default() };
            let job = move |_: &Control| prepared_from(&path, &document, &fitted);
            self.scored.loading = Some(Background::start(&self.wake, job));
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
        let Some(loading) = &self.scored.loading else { return false };
        let result = match loading.poll() {
            Poll::Running => return false,
            Poll::Done(result) => result,
            Poll::Lost => Err(Message::new("predictions-score-lost")),
        };
        self.scored.loading = None;
        match result {
            Ok(data) => self.scored.data = Some(Arc::new(data)),
            Err(reason) => {
                self.scored = Scored::default();
                self.notify_as(Tone::Error, reason, Lasts::UntilLoaded);
            }
        }
        true
    }
}

/// Reads a file as the model knows its own data, and prepares it with what was fitted to those.
fn prepared_from(path: &Path, document: &Document, fitted: &Preprocessing) -> Result<Prepared, Message> {
    let (mut network, known) = (document.network.clone(), &document.data);
    // Rows that were typed in are not the file's.
    for node in network.nodes.values_mut() {
        if let Some(data) = node.kind.data_mut() {
            data.rows = None;
        }
    }
    let request = DataRequest::of(&network);
    let read = |dialect: &_| read_table(path, dialect, &Limits::default(), &Quiet);
    let guess = |choices| inspect_file_with(path, &choices).map(|inspection| inspection.dialect);
    let (table, dialect) = read_as_known(known, &request, read, guess).map_err(|error| error.message())?;
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
    Ok(data)
}
