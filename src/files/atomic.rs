//! Writing a file so that a crash, a full disk or a pulled plug leaves the old one or the new one.
//!
//! Must not know what is written.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::FileError;

/// Writes `bytes` to `path`: a temporary file in the same directory, fsync, rename, fsync of the
/// directory. A symbolic link keeps being one; the mode of a file that was there is kept.
///
/// # Errors
/// [`FileError::Io`] names the path; the old file is untouched.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = |error: &std::io::Error| FileError::write(path, error);
    if target.is_dir() {
        return Err(failed(&std::io::Error::from(std::io::ErrorKind::IsADirectory)));
    }
    let directory = parent(&target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".vastavirta-").suffix(".tmp");
    let old_mode = with_mode(&mut builder, &target);
    let mut file = builder.tempfile_in(&directory).map_err(|e| failed(&e))?;
    file.write_all(bytes).map_err(|e| failed(&e))?;
    if let Some(mode) = old_mode {
        file.as_file().set_permissions(mode).map_err(|e| failed(&e))?;
    }
    file.as_file().sync_all().map_err(|e| failed(&e))?;
    file.persist(&target).map_err(|e| failed(&e.error))?;
    // The rename itself reaches the disk with the directory; where directories cannot be opened
    // (Windows) the rename is as durable as that system makes it.
    if let Ok(directory) = fs::File::open(&directory) {
        let _ = directory.sync_all();
    }
    Ok(())
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Gives a new file the mode of the old one, or that of an ordinary file (temporary ones are
/// private).
#[cfg(unix)]
fn with_mode(builder: &mut tempfile::Builder<'_, '_>, target: &Path) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    let old = fs::metadata(target).ok().map(|found| found.permissions());
    builder.permissions(old.clone().unwrap_or_else(|| fs::Permissions::from_mode(0o666)));
    old
}

#[cfg(not(unix))]
fn with_mode(_builder: &mut tempfile::Builder<'_, '_>, target: &Path) -> Option<fs::Permissions> {
    fs::metadata(target).ok().map(|found| found.permissions())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_old_file_is_replaced_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.ron");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_or_a_missing_directory_is_an_error_that_names_the_path() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path().to_owned(), dir.path().join("missing").join("model.ron")] {
            let error = write_atomically(&path, b"x").unwrap_err();
            assert!(matches!(error, FileError::Io { path: found, .. } if found == path));
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_the_mode_stays() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real.ron"), dir.path().join("link.ron"));
        fs::write(&real, "one").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_atomically(&link, b"two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"two");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
