//! `export`: the network as other programs take it.

use std::path::{Path, PathBuf};

use super::arguments::{ExportArgs, ExportTarget};
use super::job::JobError;
use super::load::Opened;
use super::output::{self, print, say};
use crate::export::{ExportedFile, Subject, mermaid, pytorch};
use crate::files::{write_atomically, write_folder};
use crate::network::Severity;
use crate::train::training_precision;
use crate::words::Message;

pub(super) fn run(args: &ExportArgs) -> Result<(), JobError> {
    let words = output::words();
    let mut opened = Opened::open(Some(&args.model), args.data.as_deref(), &args.dialect.choices())?;
    if opened.model.document.network.problems().iter().any(|found| found.severity == Severity::Error) {
        return Err(JobError::Failed(Message::new("cli-has-problems")));
    }
    let title = args.model.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    match args.to {
        ExportTarget::Mermaid => {
            let text = mermaid::diagram(&opened.model.document.network);
            match &args.out {
                Some(path) => write_atomically(path, text.as_bytes())
                    .map_err(|error| JobError::cannot_save(path, &error)),
                None => print(text.trim_end()),
            }
        }
        ExportTarget::Pytorch => {
            let data = opened.prepare_for_training(false)?;
            let document = &opened.model.document;
            let subject = Subject {
                title: &title,
                document,
                data: &data,
                optimizer: opened.model.optimizer.as_ref(),
                precision: training_precision(&document.parameters),
            };
            let folder = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{title}_pytorch")));
            write(&folder, &pytorch::project(&subject))?;
            let path = folder.display().to_string();
            say(&words, &Message::new("cli-export-pytorch").with("path", path))
        }
    }
}

fn write(folder: &Path, files: &[ExportedFile]) -> Result<(), JobError> {
    let files = files.iter().map(|file| (file.name, file.bytes.as_slice()));
    write_folder(folder, files).map_err(|error| JobError::cannot_save(folder, &error))
}
