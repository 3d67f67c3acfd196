//! What may be replaced by what a job writes: its own kind of file, anything else only when told to.
//!
//! Must not write anything.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use super::job::JobError;
use crate::files::{Existing, existing_at};
use crate::words::Message;

/// So much of a first line is looked at, in bytes.
const BEGINNING: u64 = 4096;

/// A model replaces a model.
pub(super) fn refuse_other_than_model(path: &Path, is_forced: bool) -> Result<(), JobError> {
    match existing_at(path) {
        // A device or a pipe is refused when it is written, for a better reason.
        Existing::Other if !is_forced && path.is_file() => Err(refused("cli-out-no-model", path)),
        Existing::Nothing | Existing::Model | Existing::Other => Ok(()),
    }
}

/// Predictions replace predictions, which begin with the number of the row.
pub(super) fn refuse_other_than_predictions(path: &Path, is_forced: bool) -> Result<(), JobError> {
    let begins_with_row = || {
        let mut line = Vec::new();
        let file = File::open(path).map(|file| file.take(BEGINNING));
        let is_read = file.and_then(|file| BufReader::new(file).read_until(b'\n', &mut line)).is_ok();
        is_read && line.strip_prefix(b"row").is_some_and(|rest| !rest.starts_with(b" ") && !rest.is_empty())
    };
    let is_other = !is_forced && path.is_file() && !begins_with_row();
    if is_other { Err(refused("cli-out-no-predictions", path)) } else { Ok(()) }
}

/// Nothing is replaced: the file may be the one that is read.
pub(super) fn refuse_any(path: &Path, is_forced: bool) -> Result<(), JobError> {
    if path.is_file() && !is_forced { Err(refused("cli-out-exists", path)) } else { Ok(()) }
}

fn refused(key: &'static str, path: &Path) -> JobError {
    JobError::Usage(Message::new(key).with("path", path.display().to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_its_own_kind_of_file_is_replaced_without_being_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (model, predictions) = (at("m.ron", "(version: 1)"), at("p.csv", "row,y\n0,1\n"));
        let (notes, rows) = (at("n.txt", "notes"), at("d.csv", "row count,y\n1,2\n"));
        assert_eq!(refuse_other_than_model(&model, false), Ok(()));
        assert_eq!(refuse_other_than_predictions(&predictions, false), Ok(()));
        for other in [&notes, &predictions] {
            assert!(matches!(refuse_other_than_model(other, false), Err(JobError::Usage(_))));
            assert_eq!(refuse_other_than_model(other, true), Ok(()));
        }
        for other in [&notes, &rows, &model] {
            assert!(matches!(refuse_other_than_predictions(other, false), Err(JobError::Usage(_))));
        }
        assert!(refuse_any(&predictions, false).is_err() && refuse_any(&predictions, true).is_ok());
        let nothing = folder.path().join("new");
        assert!(refuse_any(&nothing, false).is_ok() && refuse_other_than_model(&nothing, false).is_ok());
    }
}
