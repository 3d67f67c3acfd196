//! `export --to svg` and `--to png`: pictures without a display.

use std::path::PathBuf;

use super::arguments::ExportArgs;
use super::export_target::PictureForm;
use super::job::JobError;
use super::out::refuse_any;
use super::output::{self, print, say};
use crate::export::image::{png, svg};
use crate::files::write_atomically;
use crate::ui::pictures::{Subject, of_model};
use crate::words::Message;

/// Pixels a point.
const SCALE: f32 = 2.0;

pub(super) fn run(args: &ExportArgs, form: PictureForm) -> Result<(), JobError> {
    let words = output::words();
    let subject = match args.of.as_deref() {
        None => Subject::Drawing,
        Some("loss") => Subject::Loss { epochs: args.epochs },
        Some("metrics") => Subject::Metrics { epochs: args.epochs },
        Some(name) => Subject::Parameter(name.to_owned()),
    };
    let stem = args.model.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let path = match (form, &args.out) {
        (PictureForm::Svg, None) => None,
        (PictureForm::Svg | PictureForm::Png, Some(path)) => Some(path.clone()),
        (PictureForm::Png, None) => Some(PathBuf::from(format!("{stem}.png"))),
    };
    if let Some(path) = &path {
        refuse_any(path, args.force)?;
    }
    let picture =
        of_model(&args.model, args.data.as_deref(), &subject, args.dark, &words).map_err(JobError::Failed)?;
    let bytes = match form {
        PictureForm::Png => {
            png(&picture, SCALE).ok_or_else(|| JobError::Failed(Message::new("picture-too-large")))?
        }
        PictureForm::Svg => svg(&picture).into_bytes(),
    };
    let Some(path) = path else { return print(String::from_utf8_lossy(&bytes).trim_end()) };
    write_atomically(&path, &bytes).map_err(|error| JobError::cannot_save(&path, &error))?;
    say(&words, &Message::new("export-picture-done").with("path", path.display().to_string()))
}
