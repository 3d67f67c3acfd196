//! Running a job, and what its failures come to.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::arguments::Job;
use super::bench::bench;
use super::{check, evaluate, explain, export, grad, import, inspect, new, output, predict, train, walk};
use crate::data::DataError;
use crate::files::FileError;
use crate::words::{Message, ToMessage};

/// A job that did not end well.
#[derive(Clone, Debug, PartialEq)]
pub enum JobError {
    /// The job failed: exit code 1.
    Failed(Message),
    /// What was asked for does not fit the model: exit code 2.
    Usage(Message),
    /// The job said itself what it found: exit code 1, no further words.
    Said,
    /// Nobody reads the output any more (`| head`): the job ends, all is well.
    NobodyReads,
    /// The system asked the job to end, and it did, with this exit code.
    Interrupted(u8),
}

impl Job {
    /// Does the job.
    pub fn run(&self) -> ExitCode {
        exit_code(match self {
            Self::Train(args) => train::run(args),
            Self::Grad(args) => grad::run(args),
            Self::Explain(args) => explain::run(args),
            Self::Walk(args) => walk::run(args),
            Self::Check(args) => check::run(args),
            Self::Predict(args) => predict::run(args),
            Self::Evaluate(args) => evaluate::run(args),
            Self::New(args) => new::run(args),
            Self::Export(args) => export::run(args),
            Self::Import(args) => import::run(args),
            Self::Inspect(args) => inspect::run(args),
            Self::Bench(args) => {
                return match bench(args, &output::words()) {
                    Ok(code) => code,
                    Err(error) => exit_code(Err(error.into())),
                };
            }
        })
    }
}

/// Says on stderr what went wrong, and gives the exit code.
pub(super) fn exit_code(result: Result<(), JobError>) -> ExitCode {
    let (message, code) = match result {
        Ok(()) | Err(JobError::NobodyReads) => return ExitCode::SUCCESS,
        Err(JobError::Said) => return ExitCode::FAILURE,
        Err(JobError::Interrupted(code)) => return ExitCode::from(code),
        Err(JobError::Failed(message)) => (message, ExitCode::FAILURE),
        Err(JobError::Usage(message)) => (message, ExitCode::from(2)),
    };
    output::note(&output::words(), &message);
    code
}

impl JobError {
    /// The job failed for a reason that can be said.
    pub(super) fn failed(reason: &impl ToMessage) -> Self {
        Self::Failed(reason.message())
    }

    /// This file cannot be opened.
    pub(super) fn cannot_open(path: &Path, error: &FileError) -> Self {
        Self::Failed(Self::about_file("files-cannot-open", path, error))
    }

    /// This file cannot be saved.
    pub(super) fn cannot_save(path: &Path, error: &FileError) -> Self {
        Self::Failed(Self::about_saving(path, error))
    }

    /// Why this file cannot be saved.
    pub(super) fn about_saving(path: &Path, error: &FileError) -> Message {
        Self::about_file("files-cannot-save", path, error)
    }

    fn about_file(key: &'static str, path: &Path, error: &FileError) -> Message {
        let file = path.display().to_string();
        Message::new(key).with("file", file).with("reason", error.message())
    }
}

impl From<DataError> for JobError {
    fn from(error: DataError) -> Self {
        Self::failed(&error)
    }
}

impl From<io::Error> for JobError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::NobodyReads
        } else {
            Self::Failed(Message::new("cli-cannot-print").with("reason", error.to_string()))
        }
    }
}
