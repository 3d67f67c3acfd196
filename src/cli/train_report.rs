//! How a run in the terminal is told: a progress bar, lines of text, or lines of JSON.
//!
//! Must not know how it is trained.

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::job::JobError;
use super::output::{print, say, short};
use crate::data::Prepared;
use crate::files::{done_json, epoch_json};
use crate::network::Task;
use crate::train::{EpochRecord, Metrics, StopReason};
use crate::words::{Message, ToMessage as _, Words};

/// Without a terminal and without JSON, so often is told how it goes.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

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
pub(super) struct Report<'a> {
    words: &'a Words,
    json: bool,
    /// Finished epochs before the run, and those asked for.
    began: usize,
    epochs: usize,
    task: Task,
    bar: ProgressBar,
    last_line: Option<Instant>,
    /// The epoch that the newest line tells of.
    told: Option<usize>,
}

impl<'a> Report<'a> {
    /// A run that begins after `began` epochs and shall do `epochs` more.
    pub(super) fn new(words: &'a Words, json: bool, (began, epochs): (usize, usize), task: Task) -> Self {
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
        Self { words, json, began, epochs, task, bar, last_line: None, told: None }
    }

    /// What is trained on.
    pub(super) fn begin(&self, data: &Prepared) -> Result<(), JobError> {
        if self.json {
            return Ok(());
        }
        let message = Message::new("cli-train-begin")
            .with("rows", data.train().len())
            .with("validation", data.validation().len())
            .with("epochs", self.epochs);
        say(self.words, &message)
    }

    /// Whether the next epoch will be told in a line of text.
    pub(super) fn is_line_due(&self) -> bool {
        !self.json
            && self.bar.is_hidden()
            && self.last_line.is_none_or(|then| then.elapsed() >= BETWEEN_LINES)
    }

    /// An epoch is finished; [`is_line_due`](Self::is_line_due) says whether a line tells of it.
    pub(super) fn epoch(&mut self, record: &EpochRecord, is_line_due: bool) -> Result<(), JobError> {
        if self.json {
            return print(&epoch_json(record, self.task));
        }
        if is_line_due {
            self.last_line = Some(Instant::now());
            self.told = Some(record.epoch);
            return print(&self.sentence(record));
        }
        if !self.bar.is_hidden() {
            self.bar.set_position(record.epoch.saturating_sub(self.began) as u64);
            self.bar.set_message(self.sentence(record));
        }
        Ok(())
    }

    /// `epoch 37 of 100: loss 0.0213, validation loss 0.0254, MAE 1.93`
    fn sentence(&self, record: &EpochRecord) -> String {
        let mut sentence = self.words.say(
            &Message::new("cli-train-epoch")
                .with("epoch", record.epoch)
                .with("epochs", self.began.saturating_add(self.epochs))
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

    /// Takes the progress bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// The run has ended; `saved` is where its model stands now.
    pub(super) fn end(
        &self,
        record: &EpochRecord,
        reason: &StopReason,
        saved: Option<&Path>,
    ) -> Result<(), JobError> {
        if self.json {
            let out = saved.map(|path| path.display().to_string());
            return print(&done_json(record, self.task, reason, out.as_deref()));
        }
        if self.told != Some(record.epoch) && record.train_loss.is_finite() {
            print(&self.sentence(record))?;
        }
        // What failed is said on standard error, with the exit code.
        if !reason.is_failure() {
            say(self.words, &reason.message())?;
        }
        say(self.words, &saved_message(saved))
    }
}

/// Where the model is.
pub(super) fn saved_message(saved: Option<&Path>) -> Message {
    match saved {
        Some(path) => Message::new("cli-train-saved").with("path", path.display().to_string()),
        None => Message::new("cli-train-not-saved"),
    }
}
