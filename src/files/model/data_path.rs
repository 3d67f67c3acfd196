//! Where the data of a model is: relative to the model in its file, absolute in memory.
//!
//! A model and its data can so be moved together, and "Save as" elsewhere still finds the data.

use std::path::{Component, Path, PathBuf};

use super::super::examples;
use crate::export::DataFile;

/// Where the data can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// A file that exists.
    File(PathBuf),
    /// Data of an example, which ships inside of the program.
    Embedded(&'static [u8]),
    /// Neither: the person must be asked where it is.
    Missing(PathBuf),
}

/// Finds the data that a model names.
pub fn locate_data(path: &Path) -> DataSource {
    if path.is_file() {
        return DataSource::File(path.to_owned());
    }
    match examples::shipped_data(path) {
        Some(bytes) => DataSource::Embedded(bytes),
        None => DataSource::Missing(path.to_owned()),
    }
}

/// Where a program that is written finds the data that a model names.
pub fn data_file(path: &Path) -> DataFile {
    match locate_data(path) {
        DataSource::Embedded(bytes) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            DataFile::Inside { name, bytes }
        }
        DataSource::File(path) | DataSource::Missing(path) => {
            DataFile::At(std::path::absolute(&path).map_or(path, |path| tidy(&path)))
        }
    }
}

/// Makes the stored path absolute, seen from the directory of `model`.
pub(super) fn resolve(stored: &mut Option<PathBuf>, model: &Path) {
    if let Some(path) = stored
        && let Some(base) = directory(model)
    {
        *path = tidy(&base.join(&*path));
    }
}

/// The path as it is stored: relative to the directory of `model` where they share more than the
/// root, with `/` between its parts.
pub(super) fn relative(path: Option<&Path>, model: &Path) -> Option<PathBuf> {
    let path = path?;
    if path.is_relative() && !path.exists() {
        // The data of an example that was opened from inside of the program.
        return Some(with_slashes(path.components()));
    }
    let (Some(base), Ok(absolute)) = (directory(model), std::path::absolute(path)) else {
        return Some(path.to_owned());
    };
    let absolute = tidy(&absolute);
    let shared = base.components().zip(absolute.components()).take_while(|(a, b)| a == b).count();
    let names = base.components().take(shared).filter(|part| matches!(part, Component::Normal(_))).count();
    if names == 0 {
        return Some(absolute);
    }
    let up = base.components().skip(shared).map(|_| Component::ParentDir);
    Some(with_slashes(up.chain(absolute.components().skip(shared))))
}

fn directory(model: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(model).ok()?;
    Some(tidy(absolute.parent()?))
}

fn with_slashes<'a>(parts: impl Iterator<Item = Component<'a>>) -> PathBuf {
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    PathBuf::from(parts.join("/"))
}

/// Takes `.` and `name/..` out, as text: links are not followed.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidy.components().next_back(), Some(Component::Normal(_))) => {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn stored(data: &str, model: &str) -> String {
        relative(Some(Path::new(data)), Path::new(model)).unwrap_or_default().display().to_string()
    }

    #[test]
    fn data_is_stored_relative_to_its_model() {
        assert_eq!(stored("/home/a/data/x.csv", "/home/a/models/m.ron"), "../data/x.csv");
        assert_eq!(stored("/home/a/x.csv", "/home/a/m.ron"), "x.csv");
        assert_eq!(stored("/home/a/models/../x.csv", "/home/a/m.ron"), "x.csv");
    }

    #[test]
    fn data_that_shares_nothing_with_its_model_stays_absolute() {
        assert_eq!(stored("/data/x.csv", "/home/a/m.ron"), "/data/x.csv");
    }

    #[test]
    fn what_was_stored_is_found_again() {
        for (data, model) in [("/home/a/data/x.csv", "/home/b/m.ron"), ("/x/y.csv", "/z/m.ron")] {
            let mut path = relative(Some(Path::new(data)), Path::new(model));
            resolve(&mut path, Path::new(model));
            assert_eq!(path.as_deref(), Some(Path::new(data)));
        }
    }

    #[test]
    fn shipped_data_is_found_without_its_file() {
        let path = Path::new("../assets/xor.csv");
        assert!(matches!(locate_data(path), DataSource::Embedded(bytes) if bytes.starts_with(b"x1,x2,y")));
        let path = Path::new("/nowhere/own.csv");
        assert_eq!(locate_data(path), DataSource::Missing(path.to_owned()));
    }
}
