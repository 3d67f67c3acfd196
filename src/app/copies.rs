//! Copies: pictures and tables that are written beside the work, never in its place.
//!
//! Must not know what is in them. Nothing that stands at the path is replaced without a question.

use std::path::PathBuf;
use std::sync::Arc;

use crate::files::{self, Existing, FileError};
use crate::words::{Message, ToMessage as _};

use super::data::file_name;
use super::jobs::{Background, Poll};
use super::{App, JobProgress, Question, Tone};

/// A copy on its way to the disk.
#[derive(Debug)]
pub(super) struct Writing {
    job: Background<Written>,
    path: PathBuf,
    bytes: Arc<Vec<u8>>,
}

/// How writing ended.
#[derive(Debug)]
enum Written {
    Done,
    /// Something else stands there.
    IsTaken,
    Failed(FileError),
}

impl App {
    /// Writes a copy in the background; asks first where a file is there and may not be replaced.
    pub(super) fn write_copy(&mut self, path: PathBuf, bytes: Arc<Vec<u8>>, replace: bool) {
        if replace {
            self.messages.question = None;
        }
        let (target, content) = (path.clone(), Arc::clone(&bytes));
        let job = Background::start(&self.wake, move |_| {
            if !replace && !matches!(files::existing_at(&target), Existing::Nothing) {
                return Written::IsTaken;
            }
            match files::write_atomically(&target, &content) {
                Ok(()) => Written::Done,
                Err(error) => Written::Failed(error),
            }
        });
        self.file.copying = Some(Writing { job, path, bytes });
    }

    pub(super) fn copy_progress(&self) -> Option<JobProgress> {
        let writing = self.file.copying.as_ref()?;
        let message = Message::new("files-saving").with("file", file_name(&writing.path));
        Some(JobProgress { message, fraction: None, can_cancel: false })
    }

    pub(super) fn poll_copy(&mut self) -> bool {
        let Some(writing) = &self.file.copying else { return false };
        let written = match writing.job.poll() {
            Poll::Running => return false,
            Poll::Done(written) => Some(written),
            Poll::Lost => None,
        };
        let Some(Writing { path, bytes, .. }) = self.file.copying.take() else { return true };
        let shown = path.display().to_string();
        match written {
            Some(Written::Done) => {
                self.notify(Tone::Info, Message::new("files-copy-saved").with("path", shown));
            }
            Some(Written::IsTaken) => {
                self.messages.next_question = Some(Question::ReplaceCopy { path, bytes });
            }
            Some(Written::Failed(error)) => {
                let message =
                    Message::new("files-cannot-save").with("file", shown).with("reason", error.message());
                self.notify(Tone::Error, message);
            }
            None => self.notify(Tone::Error, Message::new("files-job-lost")),
        }
        true
    }
}
