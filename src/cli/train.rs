//! `train`: a run in the terminal. However it ends, what was learned is saved where `--out` says.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::{TrainArgs, WindowRequest};
use super::dialect::DialectArgs;
use super::job::{JobError, exit_code};
use super::load::Opened;
use super::out::refuse_other_than_model;
use super::output::{self, note};
use super::train_report::{Report, saved_message};
use crate::app::signals::Interruption;
use crate::document::Document;
use crate::files::{FileError, FileStamp, ModelFile, probe_writable, too_large_to_save, write_model};
use crate::network::{Network, Parameters, Task};
use crate::train::{
    Advance, AnySession, EpochRecord, Evaluation, Metrics, Precision, RunPosition, StopReason,
    open_session_in, training_precision, with_product_threads,
};
use crate::words::Message;

pub(super) fn run(args: &TrainArgs) -> Result<(), JobError> {
    let TrainArgs { model, data, epochs, seed, refit, precision, out, force, json, dialect } = args;
    let target = out.as_deref().map(|out| Target::probed(out, *force)).transpose()?;
    let mut opened = Opened::open(Some(model), data.as_deref(), dialect)?;
    let document = &mut opened.model.document;
    if let Some(seed) = seed {
        document.training.seed = *seed;
        draw_anew(document);
        opened.model.optimizer = None;
        opened.model.position = RunPosition::default();
    }
    if let (Some(target), Some(size)) = (&target, too_large_to_save(&document.network)) {
        return Err(cannot_save_there(&target.path, &FileError::UnrolledTooLarge(size)));
    }
    let how = How { epochs: *epochs, is_refit: *refit, precision: precision.map(Into::into), json: *json };
    with_product_threads(|| train(opened, how, target.as_ref()))
}

/// How to train, beyond what the model says.
#[derive(Clone, Copy, Debug, Default)]
struct How {
    epochs: Option<usize>,
    is_refit: bool,
    precision: Option<Precision>,
    json: bool,
}

/// What the program does where no window can open: it says why and trains in the terminal.
pub fn train_without_window(reason: &str, request: &WindowRequest) -> ExitCode {
    let WindowRequest { model, data } = request;
    note(&output::words(), &Message::new("cli-no-window").with("reason", without_source(reason)));
    let opened = Opened::open(model.as_deref(), data.as_deref(), &DialectArgs::default());
    exit_code(opened.and_then(|opened| with_product_threads(|| train(opened, How::default(), None))))
}

/// The reason without the place in the sources that libraries put before it.
fn without_source(reason: &str) -> &str {
    let said = reason.rsplit_once(".rs:").and_then(|(_, after)| after.split_once(": "));
    said.map_or(reason, |(_, said)| said).trim_end_matches('.')
}

/// Where the trained model shall go: a run that takes an hour must have a place to end in.
struct Target {
    path: PathBuf,
    /// The file that stood there when the run began.
    found: Option<FileStamp>,
}

impl Target {
    /// Looks whether a model could be written there.
    fn probed(path: &Path, is_forced: bool) -> Result<Self, JobError> {
        refuse_other_than_model(path, is_forced)?;
        probe_writable(path).map_err(|error| cannot_save_there(path, &error))?;
        Ok(Self { path: path.to_owned(), found: FileStamp::of(path) })
    }

    /// Saves the model, and gives where. A file that somebody else changed meanwhile is not replaced, and
    /// where the place fails after all, another one is found.
    fn save(&self, model: &ModelFile) -> Result<PathBuf, JobError> {
        let words = output::words();
        let path = &self.path;
        let is_changed = FileStamp::of(path).is_some_and(|now| self.found.as_ref() != Some(&now));
        if is_changed {
            let message = Message::new("cli-train-out-changed").with("path", path.display().to_string());
            note(&words, &message);
        } else {
            match write_model(path, model) {
                Ok(()) => return Ok(path.clone()),
                Err(error) => note(&words, &JobError::about_saving(path, &error)),
            }
        }
        let beside = free_name(path);
        if is_changed && write_model(&beside, model).is_ok() {
            return Ok(beside);
        }
        let name = path.file_name().map_or_else(|| PathBuf::from("trained.ron"), PathBuf::from);
        let elsewhere = free_name(&std::env::temp_dir().join(name));
        match write_model(&elsewhere, model) {
            Ok(()) => Ok(elsewhere),
            Err(error) => Err(JobError::cannot_save(&elsewhere, &error)),
        }
    }
}

/// `trained-2.ron` beside `trained.ron`: the first such name that is free.
fn free_name(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut names = (2..).map(|n| path.with_file_name(format!("{stem}-{n}.ron")));
    names.find(|name| !name.exists()).unwrap_or_else(|| path.to_owned())
}

fn cannot_save_there(path: &Path, error: &FileError) -> JobError {
    JobError::Usage(JobError::about_saving(path, error))
}

/// New numbers from the seed; what is frozen keeps its own.
fn draw_anew(document: &mut Document) {
    let fresh: Parameters = document.network.initialize(document.training.seed);
    for (key, parameter) in fresh {
        let old = document.parameters.entry(key).or_insert_with(|| parameter.clone());
        if old.trainable {
            *old = parameter;
        }
    }
}

fn train(mut opened: Opened, how: How, target: Option<&Target>) -> Result<(), JobError> {
    let How { epochs, is_refit, precision, json } = how;
    let words = output::words();
    let data = opened.prepare_for_training(is_refit)?;
    opened.tell_problems(&words, &data)?;
    let document = &opened.model.document;
    let mut settings = document.training.clone();
    settings.epochs = epochs.unwrap_or(settings.epochs);
    let (network, parameters) = (&document.network, &document.parameters);
    let position = opened.model.position;
    let precision = precision.unwrap_or_else(|| training_precision(parameters));
    let mut session = open_session_in(precision, network, parameters, data.clone(), &settings, position)
        .map_err(|error| JobError::failed(&error))?;
    if let Some(state) = &opened.model.optimizer {
        session.set_optimizer_state(state);
    }
    session.begin_run();
    let interruption = Interruption::listen();
    let mut report = Report::new(&words, json, (position.epoch, settings.epochs), task_of(network));
    report.begin(&data)?;
    let Learned { record, reason, told } =
        learn(session.as_mut(), settings.epochs, &mut report, &interruption);
    report.clear();
    if matches!(reason, StopReason::NotFinite(_)) {
        session.restore_good();
    }
    let mut saved = None;
    if let Some(target) = target {
        opened.model.document.parameters.extend(session.parameters());
        opened.model.optimizer = Some(session.optimizer_state());
        opened.model.position = session.progress().position();
        opened.model.preprocessing = Some(data.preprocessing().clone());
        saved = Some(target.save(&opened.model)?);
    }
    // Where the terminal itself is gone, nobody is left to be told.
    if let Err(error) = told.and_then(|()| report.end(&record, &reason, saved.as_deref()))
        && !interruption.came()
    {
        note(&words, &saved_message(saved.as_deref()));
        return Err(error);
    }
    if reason == StopReason::Interrupted {
        return Err(JobError::Interrupted(interruption.exit_code()));
    }
    if reason.is_failure() { Err(JobError::failed(&reason)) } else { Ok(()) }
}

/// Which metrics apply: the first loss says it.
pub(super) fn task_of(network: &Network) -> Task {
    let mut losses = network.nodes.values().filter_map(|node| node.kind.loss());
    losses.next().map_or(Task::Regression, |loss| loss.kind.task())
}

/// What a run came to.
struct Learned {
    /// Its newest epoch.
    record: EpochRecord,
    reason: StopReason,
    /// Whether everything about it could be told.
    told: Result<(), JobError>,
}

/// Trains until a stop rule holds, somebody interrupts, or nobody can be told.
fn learn(
    session: &mut dyn AnySession,
    epochs: usize,
    report: &mut Report<'_>,
    interruption: &Interruption,
) -> Learned {
    if epochs == 0 {
        return Learned { record: only_evaluated(session), reason: StopReason::Epochs, told: Ok(()) };
    }
    let mut record =
        EpochRecord { epoch: session.progress().epoch, train_loss: f64::NAN, ..EpochRecord::default() };
    loop {
        if interruption.came() {
            return Learned { record, reason: StopReason::Interrupted, told: Ok(()) };
        }
        match session.advance() {
            Advance::Batch | Advance::Evaluation => {}
            Advance::NotFinite(found) => {
                return Learned { record, reason: StopReason::NotFinite(found), told: Ok(()) };
            }
            Advance::Epoch { record: newest, stop } => {
                record = newest;
                let is_line_due = report.is_line_due();
                // Without a validation part an epoch has metrics where they are to be seen only.
                if is_line_due && record.metrics == Metrics::default() {
                    record.metrics = evaluated(session, false).map(|done| done.metrics()).unwrap_or_default();
                }
                let told = report.epoch(&record, is_line_due);
                if told.is_err() || stop.is_some() {
                    return Learned { record, reason: stop.unwrap_or(StopReason::Interrupted), told };
                }
            }
        }
    }
}

/// Looks at one part of the data without learning.
fn evaluated(session: &mut dyn AnySession, is_validation: bool) -> Option<Arc<Evaluation>> {
    session.begin_evaluation(is_validation);
    while session.is_evaluating() {
        session.advance();
    }
    session.evaluation()
}

/// What stands where nothing is to be learned: the losses of both parts.
fn only_evaluated(session: &mut dyn AnySession) -> EpochRecord {
    let has_validation = !session.data().validation().is_empty();
    let train = evaluated(session, false);
    let judged = if has_validation { evaluated(session, true) } else { train.clone() };
    EpochRecord {
        epoch: session.progress().epoch,
        train_loss: train.map_or(f64::NAN, |evaluation| evaluation.loss),
        val_loss: judged.as_ref().filter(|_| has_validation).map(|evaluation| evaluation.loss),
        metrics: judged.map(|evaluation| evaluation.metrics()).unwrap_or_default(),
        ..EpochRecord::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_given_without_places_in_sources() {
        assert_eq!(
            without_source("os error at /x/linux/mod.rs:765: DISPLAY is not set."),
            "DISPLAY is not set"
        );
        assert_eq!(without_source("no OpenGL."), "no OpenGL");
    }
}
