//! `export`: the network as other programs take it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::ExportArgs;
use super::check::print_problems;
use super::export_target::ExportTarget;
use super::grad::samples;
use super::job::JobError;
use super::load::Opened;
use super::out::refuse_any;
use super::output::{self, print_lines, say};
use super::picture;
use crate::data::Prepared;
use crate::export::{ExportError, ExportedFile, Form, Subject};
use crate::files::{data_file, write_atomically, write_folder};
use crate::network::Network;
use crate::train::training_precision;
use crate::words::ToMessage as _;

pub(super) fn run(args: &ExportArgs) -> Result<(), JobError> {
    let writer = match args.to {
        ExportTarget::Form(writer) => writer,
        ExportTarget::Picture(form) => return picture::run(args, form),
    };
    let title = args.model.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let path = match (writer.form, &args.out) {
        (Form::Text(_), None) => None,
        (_, out) => Some(out.clone().unwrap_or_else(|| PathBuf::from(writer.proposed_name(&title)))),
    };
    if let Some(path) = &path {
        refuse_any(path, args.force)?;
    }
    let mut opened = Opened::open_as_it_is(Some(&args.model), args.data.as_deref(), &args.dialect)?;
    let data = if opened.lacks_data() {
        Arc::new(Prepared::without_rows())
    } else {
        opened.prepare_for_training(false)?
    };
    let samples =
        if data.nodes().is_empty() { Vec::new() } else { samples(None, args.rows.as_ref(), &opened, &data)? };
    let document = &opened.model.document;
    let data_file = document.data.path.as_deref().map(data_file);
    let subject = Subject {
        title: &title,
        document,
        data: &data,
        samples: &samples,
        optimizer: opened.model.optimizer.as_ref(),
        precision: training_precision(&document.parameters),
        convention: args.convention.map(Into::into),
        data_file: data_file.as_ref(),
    };
    let files = writer.write(&subject).map_err(|error| refused(&document.network, &error))?;
    match path {
        None => print_text(&files),
        Some(path) => {
            write(writer.form, &path, &files)?;
            say(&output::words(), &writer.done(&path))
        }
    }
}

/// Says which problems stand in the way, or what the form has no words for.
fn refused(network: &Network, error: &ExportError) -> JobError {
    match error {
        ExportError::Problems(problems) => match print_problems(&output::words(), network, problems) {
            Ok(()) => JobError::Failed(error.message()),
            Err(error) => error,
        },
        ExportError::CannotRun(_)
        | ExportError::Inexpressible { .. }
        | ExportError::RootWithoutLoss { .. } => JobError::Failed(error.message()),
    }
}

fn print_text(files: &[ExportedFile]) -> Result<(), JobError> {
    files.iter().try_for_each(|file| print_lines(String::from_utf8_lossy(&file.bytes).trim_end()))
}

fn write(form: Form, path: &Path, files: &[ExportedFile]) -> Result<(), JobError> {
    let written = match (form, files) {
        (Form::Text(_) | Form::Binary(_), [file]) => write_atomically(path, &file.bytes),
        _ => write_folder(path, files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()))),
    };
    written.map_err(|error| JobError::cannot_save(path, &error))
}
