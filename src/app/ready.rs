//! Making a run ready: data prepared, the network compiled, both stopped when told to.
//!
//! Must not know how data are prepared or how a network is compiled.

use std::sync::Arc;

use crate::data::{self, DataError, DataErrorKind, DataRequest, DataSettings, Prepared, ReadTask, Table};
use crate::network::{Network, Place, Problem, ProblemKind, Severity};
use crate::train::{RunState, SampleView, SessionError, StopReason, Trainer};
use crate::words::{Message, ToMessage};

use super::jobs::{Background, Poll};
use super::{App, JobProgress};

/// Tables with at most this many cells are prepared within the frame.
const PREPARED_AT_ONCE: usize = 100_000;

/// Data being prepared, and for which revision of the run.
#[derive(Debug)]
pub(super) struct Preparing {
    job: Background<Result<Ready, DataError>>,
    revision: u64,
}

/// Prepared data, and what is wrong with them for the drawing.
#[derive(Debug)]
struct Ready {
    prepared: Prepared,
    problems: Vec<Problem>,
}

impl App {
    /// Data being prepared, or the network being compiled.
    pub(super) fn readying_progress(&self) -> Option<JobProgress> {
        let progress = |key, fraction| JobProgress { message: Message::new(key), fraction, can_cancel: true };
        if let Some(preparing) = &self.data.preparing {
            return Some(progress("data-preparing-rows", preparing.job.fraction()));
        }
        let is_compiling = self.training.trainer.as_ref().is_some_and(Trainer::is_loading);
        is_compiling.then(|| progress("train-compiling", None))
    }

    /// Neither data nor network are made ready until Train is pressed or something changes.
    pub(super) fn stop_making_ready(&mut self) {
        self.training.run_when_loaded = None;
        if let Some(preparing) = &self.data.preparing {
            preparing.job.cancel();
        }
        if let Some(trainer) = &mut self.training.trainer {
            trainer.stop_loading();
        }
    }

    /// What was stopped is made ready after all.
    pub(super) fn make_ready_after_all(&mut self) {
        if self.data.error.as_ref().is_some_and(|error| *error.kind == DataErrorKind::Cancelled) {
            self.data.error = None;
            self.data.prepared_revision = None;
            self.training.needs_load = true;
        }
        let stopped = RunState::Stopped(StopReason::CannotStart(SessionError::Stopped));
        if self.training.snapshot.as_ref().is_some_and(|held| held.state == stopped) {
            self.training.needs_load = true;
        }
    }

    /// Prepares the data for the drawing. Returns whether that is done, one way or the other.
    pub(super) fn prepare(&mut self) -> bool {
        if self.data.loading.is_some() {
            return false;
        }
        if let Some(preparing) = &self.data.preparing {
            if preparing.revision == self.training.run_revision {
                return false;
            }
            self.data.preparing = None;
        }
        if self.data.prepared_revision == Some(self.training.run_revision) {
            return true;
        }
        let request = DataRequest::of(&self.document.network);
        let (table, settings) = (self.data.table.clone(), self.document.data.clone());
        let seed = self.document.training.seed;
        let is_small =
            table.as_ref().is_none_or(|table| table.n_rows() * table.n_columns() <= PREPARED_AT_ONCE);
        if is_small {
            let result =
                prepare(&self.document.network, table.as_ref(), &settings, &request, seed, &data::Quiet);
            self.take_prepared(result);
            return true;
        }
        let network = self.document.network.clone();
        let job = Background::start(&self.wake, move |control| {
            prepare(&network, table.as_ref(), &settings, &request, seed, control)
        });
        self.data.preparing = Some(Preparing { job, revision: self.training.run_revision });
        false
    }

    fn take_prepared(&mut self, result: Result<Ready, DataError>) {
        self.data.prepared_revision = Some(self.training.run_revision);
        match result {
            Ok(Ready { prepared, problems }) => {
                self.findings.of_data = problems;
                if matches!(self.looked_at.samples, SampleView::Alone(n) if n >= prepared.n_samples()) {
                    self.looked_at.samples = SampleView::Batch;
                }
                self.data.prepared = Some(Arc::new(prepared));
                self.data.error = None;
            }
            Err(error) => {
                self.data.prepared = None;
                let is_of_rows = matches!(*error.kind, DataErrorKind::NoUsableRows(_));
                self.findings.of_data = is_of_rows.then(|| no_rows(&error)).into_iter().collect();
                self.data.error = Some(error);
            }
        }
        self.gather_problems();
    }

    pub(super) fn poll_preparing(&mut self) -> bool {
        let Some(preparing) = &self.data.preparing else { return false };
        let is_current = preparing.revision == self.training.run_revision;
        match preparing.job.poll() {
            Poll::Running => return false,
            Poll::Done(result) => {
                self.data.preparing = None;
                if is_current {
                    self.take_prepared(result);
                }
            }
            Poll::Lost => {
                self.data.preparing = None;
                self.data.prepared_revision = Some(self.training.run_revision);
            }
        }
        true
    }
}

/// Prepares data, and looks what is wrong with them for the drawing.
fn prepare(
    network: &Network,
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    seed: u64,
    task: &dyn ReadTask,
) -> Result<Ready, DataError> {
    let prepared = data::prepare_while(table, settings, request, seed, task)?;
    let problems = data::data_problems(network, settings, &prepared, 1);
    Ok(Ready { prepared, problems })
}

fn no_rows(error: &DataError) -> Problem {
    let kind = ProblemKind::OfData { what: error.message() };
    Problem { kind, at: Place::Network, severity: Severity::Error, fix: None }
}
