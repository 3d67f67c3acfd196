//! `train`: a run in the terminal, with a progress bar, lines of text, or lines of JSON.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::{TrainArgs, WindowRequest};
use super::job::{JobError, exit_code};
use super::load::Opened;
use super::output::{self, note, print, say, short};
use crate::document::Document;
use crate::files::{done_json, epoch_json, write_model};
use crate::network::{LossKind, Network, Parameters};
use crate::train::{
    Advance, AnySession, EpochRecord, Metrics, Precision, StopReason, Task, open_session_in,
    training_precision, with_product_threads,
};
use crate::words::{Message, ToMessage as _, Words};

/// Without a terminal and without JSON, so often is told how it goes.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

pub(super) fn run(args: &TrainArgs) -> Result<(), JobError> {
    let TrainArgs { model, data, epochs, seed, refit, precision, out, json } = args;
    if let Some(out) = out {
        refuse_unwritable(out)?;
    }
    let mut opened = Opened::open(Some(model), data.as_deref())?;
    let document = &mut opened.model.document;
    if let Some(seed) = seed {
        document.training.seed = *seed;
        draw_anew(document);
        opened.model.optimizer = None;
    }
    let how = How { epochs: *epochs, is_refit: *refit, precision: precision.map(Into::into), json: *json };
    with_product_threads(|| train(opened, how, out.as_deref()))
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
    let opened = Opened::open(model.as_deref(), data.as_deref());
    exit_code(opened.and_then(|opened| with_product_threads(|| train(opened, How::default(), None))))
}

/// The reason without the place in the sources that libraries put before it.
fn without_source(reason: &str) -> &str {
    let said = reason.rsplit_once(".rs:").and_then(|(_, after)| after.split_once(": "));
    said.map_or(reason, |(_, said)| said).trim_end_matches('.')
}

/// A model that can be trained for an hour must have a place to go to.
fn refuse_unwritable(out: &Path) -> Result<(), JobError> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    if out.is_dir() || parent.is_some_and(|parent| !parent.is_dir()) {
        let path = out.display().to_string();
        return Err(JobError::Usage(Message::new("cli-cannot-save-there").with("path", path)));
    }
    Ok(())
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

fn train(mut opened: Opened, how: How, out: Option<&Path>) -> Result<(), JobError> {
    let How { epochs, is_refit, precision, json } = how;
    let words = output::words();
    let data = opened.prepare_for_training(is_refit)?;
    opened.tell_problems(&words, &data)?;
    let document = &opened.model.document;
    let mut settings = document.training.clone();
    settings.epochs = epochs.unwrap_or(settings.epochs);
    let (network, parameters) = (&document.network, &document.parameters);
    let precision = precision.unwrap_or_else(|| training_precision(parameters));
    let mut session = open_session_in(precision, network, parameters, data.clone(), &settings, (0, 0))
        .map_err(|error| JobError::failed(&error))?;
    if let Some(state) = &opened.model.optimizer {
        session.set_optimizer_state(state);
    }
    session.begin_run();
    let mut report = Report::new(&words, json, settings.epochs, task_of(network));
    report.begin(&data)?;
    let end = learn(session.as_mut(), settings.epochs, &mut report);
    report.bar.finish_and_clear();
    let (record, reason) = end?;
    if let Some(out) = out {
        opened.model.document.parameters.extend(session.parameters());
        opened.model.optimizer = Some(session.optimizer_state());
        opened.model.preprocessing = Some(data.preprocessing().clone());
        write_model(out, &opened.model).map_err(|error| JobError::cannot_save(out, &error))?;
    }
    report.end(&record, &reason, out)
}

/// Which metrics apply: the first loss says it.
pub(super) fn task_of(network: &Network) -> Task {
    let mut losses = network.nodes.values().filter_map(|node| node.kind.loss());
    match losses.next().map(|loss| loss.kind) {
        Some(LossKind::Bce | LossKind::BceWithLogits) => Task::BinaryClassification,
        Some(LossKind::CrossEntropy | LossKind::CrossEntropyWithLogits) => Task::Classification,
        Some(LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. }) | None => {
            Task::Regression
        }
    }
}

/// Trains until a stop rule holds.
fn learn(
    session: &mut dyn AnySession,
    epochs: usize,
    report: &mut Report<'_>,
) -> Result<(EpochRecord, StopReason), JobError> {
    if epochs == 0 {
        return Ok((only_evaluated(session), StopReason::Epochs));
    }
    loop {
        match session.advance() {
            Advance::Batch | Advance::Evaluation => {}
            Advance::NotFinite(found) => return Err(JobError::failed(&found)),
            Advance::Epoch { record, stop } => {
                report.epoch(&record)?;
                if let Some(reason) = stop {
                    return Ok((record, reason));
                }
            }
        }
    }
}

/// What stands where nothing is to be learned: the losses of both parts.
fn only_evaluated(session: &mut dyn AnySession) -> EpochRecord {
    let has_validation = !session.data().validation().is_empty();
    let mut evaluate = |is_validation| {
        session.begin_evaluation(is_validation);
        while session.is_evaluating() {
            session.advance();
        }
        session.evaluation()
    };
    let train = evaluate(false);
    let judged = if has_validation { evaluate(true) } else { train.clone() };
    EpochRecord {
        epoch: 0,
        train_loss: train.map_or(f64::NAN, |evaluation| evaluation.loss),
        val_loss: judged.as_ref().filter(|_| has_validation).map(|evaluation| evaluation.loss),
        metrics: judged.map(|evaluation| evaluation.metrics.clone()).unwrap_or_default(),
    }
}

/// The key and the value of every metric.
pub(super) fn metric_parts(metrics: &Metrics) -> [(&'static str, Option<f64>); 6] {
    [
        ("cli-train-mae", metrics.mae),
        ("cli-train-rmse", metrics.rmse),
        ("cli-train-r2", metrics.r2),
        ("cli-train-accuracy", metrics.accuracy),
        ("cli-train-mse", metrics.mse),
        ("cli-train-persistence-mse", metrics.persistence_mse),
    ]
}

/// How the run is told.
struct Report<'a> {
    words: &'a Words,
    json: bool,
    epochs: usize,
    task: Task,
    bar: ProgressBar,
    last_line: Option<Instant>,
    /// The epoch of the newest line.
    told: Option<usize>,
}

impl<'a> Report<'a> {
    fn new(words: &'a Words, json: bool, epochs: usize, task: Task) -> Self {
        let bar = if json || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            let bar = ProgressBar::with_draw_target(Some(epochs as u64), ProgressDrawTarget::stderr());
            // The template is constant; where it could not be read the plain bar does.
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {msg}  {elapsed} / {eta}") {
                bar.set_style(style);
            }
            bar
        };
        Self { words, json, epochs, task, bar, last_line: None, told: None }
    }

    fn begin(&self, data: &crate::data::Prepared) -> Result<(), JobError> {
        if self.json {
            return Ok(());
        }
        let message = Message::new("cli-train-begin")
            .with("rows", data.train().len())
            .with("validation", data.validation().len())
            .with("epochs", self.epochs);
        say(self.words, &message)
    }

    fn epoch(&mut self, record: &EpochRecord) -> Result<(), JobError> {
        if self.json {
            return print(&epoch_json(record, self.task));
        }
        if self.bar.is_hidden() {
            if self.last_line.is_none_or(|then| then.elapsed() >= BETWEEN_LINES) {
                self.last_line = Some(Instant::now());
                self.told = Some(record.epoch);
                return print(&self.sentence(record));
            }
            return Ok(());
        }
        self.bar.set_position(record.epoch as u64);
        self.bar.set_message(self.sentence(record));
        Ok(())
    }

    /// `epoch 37 of 100: loss 0.0213, validation loss 0.0254, MAE 1.93`
    fn sentence(&self, record: &EpochRecord) -> String {
        let mut sentence = self.words.say(
            &Message::new("cli-train-epoch")
                .with("epoch", record.epoch)
                .with("epochs", self.epochs)
                .with("loss", short(record.train_loss)),
        );
        let parts = metric_parts(&record.metrics);
        for (key, value) in std::iter::once(("cli-train-val-loss", record.val_loss)).chain(parts) {
            if let Some(value) = value {
                sentence.push_str(", ");
                sentence.push_str(&self.words.say(&Message::new(key).with("value", short(value))));
            }
        }
        sentence
    }

    fn end(&self, record: &EpochRecord, reason: &StopReason, out: Option<&Path>) -> Result<(), JobError> {
        let out = out.map(|path| PathBuf::from(path).display().to_string());
        if self.json {
            return print(&done_json(record, self.task, reason, out.as_deref()));
        }
        if self.told != Some(record.epoch) {
            print(&self.sentence(record))?;
        }
        say(self.words, &reason.message())?;
        match out {
            Some(path) => say(self.words, &Message::new("cli-train-saved").with("path", path)),
            None => say(self.words, &Message::new("cli-train-not-saved")),
        }
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
