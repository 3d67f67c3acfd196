//! `export --to svg` and `--to png`: pictures without a display.

use std::path::PathBuf;

use super::arguments::ExportArgs;
use super::export_target::PictureForm;
use super::job::JobError;
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
    let picture =
        of_model(&args.model, args.data.as_deref(), &subject, args.dark, &words).map_err(JobError::Failed)?;
    let stem = args.model.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let (bytes, path) = match (form, &args.out) {
        (PictureForm::Png, out) => {
            let bytes = png(&picture, SCALE);
            let bytes = bytes.ok_or_else(|| JobError::Failed(Message::new("picture-too-large")))?;
            (bytes, out.clone().unwrap_or_else(|| PathBuf::from(format!("{stem}.png"))))
        }
        (PictureForm::Svg, None) => return print(svg(&picture).trim_end()),
        (PictureForm::Svg, Some(path)) => (svg(&picture).into_bytes(), path.clone()),
    };
    write_atomically(&path, &bytes).map_err(|error| JobError::cannot_save(&path, &error))?;
    say(&words, &Message::new("export-picture-done").with("path", path.display().to_string()))
}
