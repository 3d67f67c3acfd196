//! The same again with other seeds, trained in the background beside whatever goes on.
//!
//! Must not know how a run is shown.

use std::sync::Arc;
use std::time::Instant;

use crate::data::{self, DataRequest, DataSettings, ReadTask, Table};
use crate::document::{Document, Run, RunName, actions};
use crate::train::{Advance, LossHistory, RunPosition, open_session_while, training_precision};

use super::{scores, thinned};
use crate::app::jobs::{Background, Control, Poll};
use crate::app::{App, Tone};
use crate::words::Message;

/// The same again with other seeds, under way.
#[derive(Debug)]
pub(in crate::app) struct Repeating {
    job: Background<Repeated>,
    /// The document that it is about,
    n_documents: u64,
    /// and what was drawn in it.
    drawing: String,
}

/// What became of it.
#[derive(Debug, Default)]
struct Repeated {
    runs: Vec<Run>,
    /// Runs that ended with numbers that are not finite, of which nothing is kept.
    n_diverged: usize,
}

impl App {
    /// How far "the same again with other seeds" has come, from 0 to 1, while it is under way.
    pub fn repeating(&self) -> Option<f32> {
        self.training.repeating.as_ref().map(|repeating| repeating.job.fraction().unwrap_or(0.0))
    }

    /// Whether what is repeated was drawn otherwise than the drawing is now.
    pub fn repeats_older_drawing(&self) -> bool {
        self.training.repeating.as_ref().is_some_and(|it| it.drawing != self.document.network.outline())
    }

    /// Trains the same again with the next `n` seeds, from newly drawn weights, beside whatever goes on.
    pub(in crate::app) fn repeat_run(&mut self, n: usize) {
        if self.training.repeating.is_some() || !self.is_runnable() {
            return;
        }
        let (document, table) = (self.document.clone(), self.data.table.clone());
        let n = n.min(document.room_for_runs());
        let drawing = document.network.outline();
        let job =
            Background::start(&self.wake, move |control| repeated(&document, table.as_ref(), n, control));
        self.training.repeating = Some(Repeating { job, n_documents: self.n_documents, drawing });
    }

    /// Stops it; what was finished is kept.
    pub(in crate::app) fn stop_repeating(&mut self) {
        if let Some(repeating) = &self.training.repeating {
            repeating.job.cancel();
        }
    }

    /// Takes in the runs that were trained. Returns whether there was anything new.
    pub(in crate::app) fn poll_runs(&mut self) -> bool {
        let Some(repeating) = self.training.repeating.take() else { return false };
        match repeating.job.poll() {
            Poll::Running if repeating.n_documents == self.n_documents => {
                self.training.repeating = Some(repeating);
                false
            }
            Poll::Done(repeated) if repeating.n_documents == self.n_documents => {
                self.take_repeated(repeated);
                true
            }
            Poll::Running | Poll::Done(_) | Poll::Lost => true,
        }
    }

    fn take_repeated(&mut self, Repeated { runs, n_diverged }: Repeated) {
        if n_diverged > 0 {
            self.notify(Tone::Warning, Message::new("runs-diverged").with("n", n_diverged));
        }
        if runs.is_empty() {
            return;
        }
        let before = self.document.clone();
        // Others may have been kept meanwhile: numbers follow the order of keeping.
        let named = |run| (self.new_run_id(), Run { name: self.new_run_name(), ..run });
        let runs = runs.into_iter().map(named).collect();
        self.perform_keeping(runs);
        self.after_change(&before);
    }
}

/// The same document trained with other seeds; fewer where it was cancelled or cannot be trained.
fn repeated(document: &Document, table: Option<&Arc<Table>>, n: usize, control: &Control) -> Repeated {
    let epochs = document.training.epochs.max(1) as u64;
    let mut repeated = Repeated::default();
    for idx in 0..n {
        let done = idx as u64 * epochs;
        let mut again = document.clone();
        again.training.seed = document.training.seed.wrapping_add(idx as u64 + 1);
        // What was fitted was fitted to another split.
        again.data = DataSettings { fitted: None, ..again.data };
        let tell = |epoch: u64| control.progress(done + epoch, n as u64 * epochs);
        match trained(&mut again, table, control, &tell) {
            Some(Some(run)) => repeated.runs.push(run),
            Some(None) => repeated.n_diverged += 1,
            None => break,
        }
    }
    repeated
}

/// Hears that the task is cancelled, and says nothing of its own: progress is that of all runs.
struct Quietly<'a>(&'a Control);

impl ReadTask for Quietly<'_> {
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// One run from newly drawn weights; `Some(None)` where it diverged, none where it was cancelled or cannot
/// begin.
#[expect(clippy::option_option, reason = "diverged is told from cancelled")]
fn trained(
    document: &mut Document,
    table: Option<&Arc<Table>>,
    control: &Control,
    tell: &dyn Fn(u64),
) -> Option<Option<Run>> {
    let reset = actions::reset(document, None);
    document.apply(reset.edit);
    let settings = document.training.clone();
    let request = DataRequest::of(&document.network);
    let data = data::prepare_while(table, &document.data, &request, settings.seed, &Quietly(control)).ok()?;
    let (network, parameters) = (&document.network, &document.parameters);
    let goes_on = || !control.is_cancelled();
    let (precision, start) = (training_precision(parameters), RunPosition::default());
    let data = Arc::new(data);
    let mut session =
        open_session_while(precision, network, parameters, data, &settings, start, &goes_on).ok()?;
    session.begin_run();
    let (began, mut history) = (Instant::now(), LossHistory::default());
    loop {
        if control.is_cancelled() {
            return None;
        }
        match session.advance() {
            Advance::Batch | Advance::Evaluation => {}
            Advance::NotFinite(_) => return Some(None),
            Advance::Epoch { mut record, stop } => {
                record.seconds = began.elapsed().as_secs_f64();
                tell(record.epoch as u64);
                history.push(record);
                if stop.is_some() {
                    break;
                }
            }
        }
    }
    let metrics = history.last().map(|last| last.metrics.clone()).unwrap_or_default();
    let curve = thinned(history.records());
    let parameters = session.parameters();
    let (name, drawing) = (RunName::default(), document.network.outline());
    Some(Some(Run { name, drawing, settings, curve, scores: scores(&metrics), parameters }))
}
