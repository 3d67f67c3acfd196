//! Writing a file so that a crash, a full disk or a pulled plug leaves the old one or the new one.
//!
//! A device, a pipe or a read-only file is never replaced by a regular file, and a link stays one; a
//! file with several names (hard links) is refused, since replacing it would part them.
//! Must not know what is written.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::FileError;

const PREFIX: &str = ".vastavirta-";
const SUFFIX: &str = ".tmp";
/// Links that are followed at most.
const MAX_LINKS: usize = 40;

/// Writes `bytes` to `path`: a temporary file in the same directory, fsync, rename, fsync of the
/// directory. A symbolic link keeps being one; the mode of a file that was there is kept.
///
/// # Errors
/// Names the path or says what stands there; the old file is untouched.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let failed = |error: &io::Error| FileError::write(path, error);
    let target = writable_target(path)?;
    let directory = parent(&target);
    clear_leftovers(&directory);
    let (mut file, old_mode) = temporary_file(&target).map_err(|e| failed(&e))?;
    file.write_all(bytes).map_err(|e| failed(&e))?;
    if let Some(mode) = old_mode {
        file.as_file().set_permissions(mode).map_err(|e| failed(&e))?;
    }
    file.as_file().sync_all().map_err(|e| failed(&e))?;
    file.persist(&target).map_err(|e| failed(&e.error))?;
    // The rename itself reaches the disk with the directory; where directories cannot be opened
    // (Windows) the rename is as durable as that system makes it.
    if let Ok(directory) = File::open(&directory) {
        let _ = directory.sync_all();
    }
    Ok(())
}

/// Whether [`write_atomically`] could write there now: for work that takes long before it is saved.
///
/// # Errors
/// As there.
pub fn probe_writable(path: &Path) -> Result<(), FileError> {
    let target = writable_target(path)?;
    clear_leftovers(&parent(&target));
    temporary_file(&target).map(drop).map_err(|error| FileError::write(path, &error))
}

/// Removes temporary files that programs which were killed while they wrote left in a directory. Those
/// of a program that is still writing are locked and stay.
pub fn clear_leftovers(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        if let Ok(file) = File::options().write(true).open(&path)
            && file.try_lock().is_ok()
        {
            // Somebody else may have removed it meanwhile.
            let _ = fs::remove_file(&path);
        }
    }
}

/// A locked temporary file beside `target`, and the mode that the new file shall have.
fn temporary_file(target: &Path) -> io::Result<(NamedTempFile, Option<fs::Permissions>)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    let old_mode = with_mode(&mut builder, target);
    loop {
        let file = builder.tempfile_in(parent(target))?;
        // Between its making and its lock, another program may have taken it for a leftover. Where the
        // file system has no locks, nobody clears anything either.
        match file.as_file().try_lock() {
            Err(fs::TryLockError::WouldBlock) => {}
            Ok(()) if !file.path().exists() => {}
            Ok(()) | Err(fs::TryLockError::Error(_)) => return Ok((file, old_mode)),
        }
    }
}

/// The file that a path leads to, where it may be written: links are followed, also to a file that is
/// not there yet.
fn writable_target(path: &Path) -> Result<PathBuf, FileError> {
    let failed = |error: &io::Error| FileError::write(path, error);
    let mut target = path.to_owned();
    let mut n_links = 0;
    while fs::symlink_metadata(&target).is_ok_and(|found| found.is_symlink()) {
        n_links += 1;
        if n_links > MAX_LINKS {
            return Err(failed(&io::Error::from(io::ErrorKind::InvalidInput)));
        }
        let link = fs::read_link(&target).map_err(|e| failed(&e))?;
        target = parent(&target).join(link);
    }
    match fs::metadata(&target) {
        Ok(found) if found.is_dir() => Err(failed(&io::Error::from(io::ErrorKind::IsADirectory))),
        Ok(found) if !found.is_file() => Err(FileError::NoFile { path: path.to_owned() }),
        Ok(found) if found.permissions().readonly() => Err(FileError::ReadOnly { path: path.to_owned() }),
        Ok(found) if names(&found) > 1 => {
            Err(FileError::HardLinked { path: path.to_owned(), names: names(&found) })
        }
        // Whoever may not write into the file shall not replace it either.
        Ok(_) => match File::options().append(true).open(&target) {
            Ok(_) => Ok(target),
            Err(error) => Err(failed(&error)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(target),
        Err(error) => Err(failed(&error)),
    }
}

/// How many names a file has.
#[cfg(unix)]
fn names(found: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(found)
}

/// How many names a file has: not told here.
#[cfg(not(unix))]
fn names(_: &fs::Metadata) -> u64 {
    1
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
            for error in [write_atomically(&path, b"x").unwrap_err(), probe_writable(&path).unwrap_err()] {
                assert!(matches!(error, FileError::Io { path: found, .. } if found == path));
            }
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_probe_leaves_everything_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.ron");
        probe_writable(&path).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        fs::write(&path, "one").unwrap();
        probe_writable(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn what_a_killed_program_left_is_cleared_and_what_is_being_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let left = dir.path().join(".vastavirta-Ab12Cd.tmp");
        fs::write(&left, "half a mod").unwrap();
        let (held, _) = temporary_file(&dir.path().join("model.ron")).unwrap();
        fs::write(dir.path().join("notes.tmp"), "not ours").unwrap();
        write_atomically(&dir.path().join("other.ron"), b"x").unwrap();
        assert!(!left.exists() && held.path().exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
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
        // Neither does one that leads nowhere yet, nor one to itself.
        let (target, dangling) = (dir.path().join("later.ron"), dir.path().join("dangling.ron"));
        std::os::unix::fs::symlink("later.ron", &dangling).unwrap();
        write_atomically(&dangling, b"three").unwrap();
        assert!(fs::symlink_metadata(&dangling).unwrap().file_type().is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"three");
        let circle = dir.path().join("circle.ron");
        std::os::unix::fs::symlink("circle.ron", &circle).unwrap();
        assert!(write_atomically(&circle, b"four").is_err());
        assert!(fs::symlink_metadata(&circle).unwrap().file_type().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_several_names_is_refused_and_keeps_them() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one.ron"), dir.path().join("two.ron"));
        fs::write(&one, "old").unwrap();
        fs::hard_link(&one, &two).unwrap();
        for error in [write_atomically(&two, b"new").unwrap_err(), probe_writable(&two).unwrap_err()] {
            assert_eq!(error, FileError::HardLinked { path: two.clone(), names: 2 });
        }
        assert_eq!(fs::read(&one).unwrap(), b"old");
        fs::remove_file(&one).unwrap();
        write_atomically(&two, b"new").unwrap();
        assert_eq!(fs::read(&two).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_a_socket_or_a_read_only_file_is_refused_and_stays() {
        use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("socket.ron");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let read_only = dir.path().join("mine.ron");
        fs::write(&read_only, "one").unwrap();
        fs::set_permissions(&read_only, fs::Permissions::from_mode(0o444)).unwrap();
        let device = dir.path().join("null.ron");
        std::os::unix::fs::symlink("/dev/null", &device).unwrap();
        for path in [&socket, &device] {
            for error in [write_atomically(path, b"x").unwrap_err(), probe_writable(path).unwrap_err()] {
                assert_eq!(error, FileError::NoFile { path: path.clone() });
            }
        }
        assert_eq!(write_atomically(&read_only, b"x"), Err(FileError::ReadOnly { path: read_only.clone() }));
        assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        assert_eq!(fs::read(&read_only).unwrap(), b"one");
    }
}
