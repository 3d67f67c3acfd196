//! Writing several files at once into a folder of their own: all of them, or none.
//!
//! Must not know what is written.

use std::fs;
use std::path::Path;

use super::error::FileError;

/// Makes the folder `path` with these files in it, under plain names. A folder that is there and
/// empty is used; one that holds anything is left alone.
///
/// # Errors
/// [`FileError::FolderNotEmpty`] where something is there already, [`FileError::Io`] where the
/// operating system refuses. Then nothing was written.
pub fn write_folder<'a>(
    path: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<(), FileError> {
    let failed = |error: &std::io::Error| FileError::write(path, error);
    let is_there = path.symlink_metadata().is_ok();
    if is_there && fs::read_dir(path).map_err(|e| failed(&e))?.next().is_some() {
        return Err(FileError::FolderNotEmpty { path: path.to_owned() });
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let making = tempfile::Builder::new()
        .prefix(".vastavirta-")
        .suffix(".tmp")
        .tempdir_in(parent)
        .map_err(|e| failed(&e))?;
    for (name, bytes) in files {
        let file = making.path().join(name);
        fs::write(&file, bytes).and_then(|()| fs::File::open(&file)?.sync_all()).map_err(|e| failed(&e))?;
    }
    open_to_others(making.path()).map_err(|e| failed(&e))?;
    if is_there {
        fs::remove_dir(path).map_err(|e| failed(&e))?;
    }
    let made = making.keep();
    fs::rename(&made, path).map_err(|e| {
        // What was made would be litter beside the folder that could not be made.
        let _ = fs::remove_dir_all(&made);
        failed(&e)
    })
}

/// Temporary folders are private; an export is an ordinary one.
#[cfg(unix)]
fn open_to_others(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_others(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn all_files_are_there_or_nothing_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("out");
        write_folder(&folder, [("a.txt", b"one".as_slice()), ("b.txt", b"two")]).unwrap();
        assert_eq!(fs::read(folder.join("b.txt")).unwrap(), b"two");
        let error = write_folder(&folder, [("c.txt", b"three".as_slice())]).unwrap_err();
        assert_eq!(error, FileError::FolderNotEmpty { path: folder.clone() });
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        let other = home.path().join("other");
        write_folder(&other, [("a.txt", b"one".as_slice()), ("no/such/folder", b"two")]).unwrap_err();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
