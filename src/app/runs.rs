//! Runs that are kept to be compared: the one at hand whenever it ends or is paused, and the same again with
//! other seeds, trained in the background.
//!
//! A run that training leaves enters the document as its weights do, beside the history: undo takes back what
//! a person did. Keeping single steps, naming and deleting runs are steps of the history.
//!
//! Must not know how a run is shown.

mod repeat;

use std::sync::Arc;

use crate::document::{
    Change, Document, MOST_RUN_POINTS, MadeRoom, Run, RunId, RunName, RunPoint, RunScores, Runs, actions,
};
use crate::network::Parameters;
use crate::train::{EpochRecord, Goal, Metrics};
use crate::words::{Message, ToMessage as _};

use super::{App, Tone};

pub(super) use repeat::Repeating;

/// Which run the training at hand is, and what became of others for it.
#[derive(Debug, Default)]
pub(super) struct KeptRuns {
    /// The newest [`RunId`] since the document was opened,
    last_id: u32,
    /// and the newest number that a run was called by.
    last_number: u32,
    at_hand: Option<AtHand>,
    /// The steps before the run at hand, where it goes on from another one.
    since: u64,
    /// The steps after which more than single batches began to be trained; none once that was kept.
    began: Option<u64>,
    made_room: MadeRoom,
}

/// A kept run that goes on when training does.
#[derive(Clone, Copy, Debug)]
struct AtHand {
    id: RunId,
    /// Optimizer steps of its weights.
    step: u64,
    /// The state of the history in which it was kept.
    state: u64,
    /// A person kept it as it is.
    stays: bool,
}

impl App {
    /// Whether there is a training that is not kept as it stands, and room for it.
    pub fn can_keep_run(&self) -> bool {
        let step = self.training.position.step;
        let is_kept =
            self.run_at_hand().is_some() && self.training.kept.at_hand.is_some_and(|it| it.step == step);
        let has_any = self.training.loss_history.last().is_some();
        has_any && !is_kept && !self.is_training() && self.document.room_for_runs() > 0
    }

    /// The kept run that is the training at hand.
    pub fn run_at_hand(&self) -> Option<RunId> {
        self.training.kept.at_hand.map(|it| it.id).filter(|id| self.document.runs.contains_key(id))
    }

    /// What went since the document was opened so that newer runs are kept.
    pub fn made_room(&self) -> &MadeRoom {
        &self.training.kept.made_room
    }

    /// The training since those steps as a run.
    fn run_since(&self, step: u64) -> Option<Run> {
        let records = self.training.loss_history.records();
        let curve = thinned(&records[records.partition_point(|record| record.step <= step)..]);
        (!curve.is_empty()).then(|| Run {
            name: RunName::default(),
            drawing: self.document.network.outline(),
            settings: self.document.training.clone(),
            curve,
            scores: self.newest_scores(),
            parameters: self.document.parameters.clone(),
        })
    }

    fn newest_scores(&self) -> RunScores {
        let last = self.training.loss_history.last();
        let metrics = last.map(|last| last.metrics.clone()).filter(|it| *it != Metrics::default());
        let evaluation = self.training.snapshot.as_ref().and_then(|snapshot| snapshot.evaluation.as_ref());
        let metrics = metrics.or_else(|| evaluation.map(|evaluation| evaluation.metrics()));
        scores(&metrics.unwrap_or_default())
    }

    /// Training begins: single batches are no run.
    pub(super) fn begin_run(&mut self, goal: Goal) {
        let is_run = !matches!(goal, Goal::Batches(_));
        self.training.kept.began = is_run.then_some(self.training.position.step);
    }

    /// What is trained from here on is another run than the one at hand.
    pub(super) fn end_run(&mut self, since: u64) {
        self.training.kept.at_hand = None;
        self.training.kept.since = since;
    }

    /// Keeps a run that came to rest. A run that was paused goes on; with other settings, other shapes of the
    /// weights, or a name of its own, it is a new one.
    pub(super) fn keep_rested_run(&mut self) {
        let began = self.training.kept.began.take();
        if began.is_none_or(|step| self.training.position.step <= step) {
            return;
        }
        if let Some(at_hand) = self.training.kept.at_hand.filter(|at_hand| !self.goes_on(*at_hand)) {
            self.end_run(at_hand.step);
        }
        let Some(mut run) = self.run_since(self.training.kept.since) else { return };
        let id = match self.training.kept.at_hand {
            Some(AtHand { id, .. }) => id,
            None => self.new_run_id(),
        };
        run.name = match self.document.runs.get(&id) {
            Some(kept) => kept.name.clone(),
            None => self.new_run_name(),
        };
        let (change, made_room) = actions::keep_runs(&self.document, vec![(id, run)]);
        // Beside the history, as the weights that it ended with.
        self.document.apply(change.edit);
        self.revision += 1;
        self.tell_made_room(made_room);
        self.take_at_hand(id, false);
    }

    fn goes_on(&self, at_hand: AtHand) -> bool {
        let shapes = |parameters: &Parameters| -> Vec<_> {
            parameters.iter().map(|(key, parameter)| (*key, parameter.shape.clone())).collect()
        };
        self.document.runs.get(&at_hand.id).is_some_and(|run| {
            let is_same_drawing =
                run.parameters.is_empty() || shapes(&run.parameters) == shapes(&self.document.parameters);
            !at_hand.stays && !run.is_named() && run.settings == self.document.training && is_same_drawing
        })
    }

    fn take_at_hand(&mut self, id: RunId, stays: bool) {
        let (step, state) = (self.training.position.step, self.history.state());
        self.training.kept.at_hand = Some(AtHand { id, step, state, stays });
    }

    /// Keeps what single steps came to, as one step of the history.
    pub(super) fn keep_run(&mut self) {
        let Some(mut run) = self.can_keep_run().then(|| self.run_since(self.training.kept.since)).flatten()
        else {
            return;
        };
        run.name = self.new_run_name();
        let id = self.new_run_id();
        self.perform_keeping(vec![(id, run)]);
        self.take_at_hand(id, true);
    }

    fn perform_keeping(&mut self, runs: Vec<(RunId, Run)>) {
        let (change, made_room) = actions::keep_runs(&self.document, runs);
        self.perform(change);
        self.tell_made_room(made_room);
    }

    fn tell_made_room(&mut self, more: MadeRoom) {
        let MadeRoom { runs, weights } = &mut self.training.kept.made_room;
        weights.extend(more.weights);
        weights.retain(|name| !more.runs.contains(name));
        runs.extend(more.runs);
    }

    /// An identity that no run had since the document was opened.
    fn new_run_id(&mut self) -> RunId {
        let newest = self.document.runs.keys().next_back().map_or(0, |id| id.0);
        let last_id = &mut self.training.kept.last_id;
        *last_id = newest.max(*last_id).saturating_add(1);
        RunId(*last_id)
    }

    /// A number that no run had since the document was opened.
    fn new_run_name(&mut self) -> RunName {
        let newest = self.document.runs.values().map(|run| run.name.number).max().unwrap_or(0);
        let last_number = &mut self.training.kept.last_number;
        *last_number = newest.max(*last_number).saturating_add(1);
        RunName::numbered(*last_number)
    }

    /// At rest the evaluation follows the weights: the run that ended with them has its scores, too.
    pub(super) fn score_rested_run(&mut self) {
        let Some(AtHand { id, step, state, .. }) = self.training.kept.at_hand else { return };
        let is_of_it = self.training.snapshot.as_ref().is_some_and(|snapshot| {
            !snapshot.state.is_running() && snapshot.progress.step == step && snapshot.evaluation.is_some()
        });
        if !is_of_it || state != self.history.state() {
            return;
        }
        let scores = self.newest_scores();
        if let Some(run) = self.document.runs.get_mut(&id).filter(|run| run.scores != scores) {
            Arc::make_mut(run).scores = scores;
            self.revision += 1;
        }
    }

    /// Runs that a step back brought back may be too many.
    pub(super) fn keep_runs_within_limits(&mut self, before: &Document) {
        let (Change { edit, .. }, made_room) = actions::make_room(&self.document, &before.runs);
        if !edit.is_empty() {
            self.document.apply(edit);
            self.tell_made_room(made_room);
        }
    }

    /// Takes back the weights of a run, from which another one begins; says why where they have no place in
    /// the drawing.
    pub(super) fn restore_run(&mut self, id: RunId) {
        let before = self.document.clone();
        if let Some(run) = before.runs.get(&id).filter(|run| !run.fits(&before.parameters)) {
            let reason = Message::new("runs-no-place").with("name", run.name.message());
            return self.notify(Tone::Warning, reason);
        }
        let change = actions::restore_run(&self.document, id);
        if change.is_empty() {
            return;
        }
        self.perform(change);
        self.forget_training();
        self.after_change(&before);
        self.reload_trainer();
    }
}

fn scores(metrics: &Metrics) -> RunScores {
    let Metrics { mae, rmse, r2, accuracy, mse: _, persistence_mse: _ } = metrics;
    RunScores { mae: *mae, rmse: *rmse, r2: *r2, accuracy: *accuracy }
}

/// Whether the runs of a document are those of its file. What was put back is the same again.
pub(super) fn is_saved(runs: &Runs, saved: &Runs) -> bool {
    let is_same = |(a, b): (&Arc<Run>, &Arc<Run>)| {
        let mut numbers = a.parameters.values().zip(b.parameters.values());
        Arc::ptr_eq(a, b)
            || (a.name == b.name
                && a.settings == b.settings
                && a.scores == b.scores
                && a.curve == b.curve
                && a.parameters.len() == b.parameters.len()
                && numbers.all(|(a, b)| Arc::ptr_eq(&a.values, &b.values)))
    };
    runs.len() == saved.len() && runs.values().zip(saved.values()).all(is_same)
}

/// At most as many points as a run keeps, the first and the last among them; those only that a file holds.
fn thinned(records: &[EpochRecord]) -> Vec<RunPoint> {
    let is_finite =
        |record: &&EpochRecord| record.train_loss.is_finite() && record.val_loss.is_none_or(f64::is_finite);
    let records: Vec<&EpochRecord> = records.iter().filter(is_finite).collect();
    let n = records.len().min(MOST_RUN_POINTS);
    let place = |idx: usize| if n > 1 { idx * (records.len() - 1) / (n - 1) } else { 0 };
    let point = |record: &EpochRecord| RunPoint {
        epoch: record.epoch,
        step: record.step,
        seconds: record.seconds,
        train_loss: record.train_loss,
        val_loss: record.val_loss,
    };
    (0..n).filter_map(|idx| records.get(place(idx)).map(|record| point(record))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_curve_keeps_its_ends_and_an_even_spread() {
        let record = |epoch| EpochRecord { epoch, train_loss: 1.0, ..EpochRecord::default() };
        let mut records: Vec<EpochRecord> = (1..=1_000).map(record).collect();
        let points = thinned(&records);
        assert_eq!(points.len(), MOST_RUN_POINTS);
        assert_eq!((points[0].epoch, points[MOST_RUN_POINTS - 1].epoch), (1, 1_000));
        assert!(points.windows(2).all(|pair| pair[0].epoch < pair[1].epoch));
        records.truncate(1);
        assert_eq!(thinned(&records).len(), 1);
        records[0].train_loss = f64::NAN;
        assert!(thinned(&records).is_empty());
    }
}
