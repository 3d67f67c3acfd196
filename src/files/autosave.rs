//! Work that a crash would lose: kept beside the preferences, offered again at the next start.
//!
//! Each running program holds the lock of a slot of its own; a slot with work in it whose lock is
//! free belongs to a program that did not end well. Must not know when to save.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::atomic::{clear_leftovers, write_atomically};
use super::error::FileError;
use super::limits;
use super::model::{Form, ModelFile, model_text, parse_model, read_text};
use crate::words::{Message, ToMessage};

/// How many programs at once, and how many pieces of rescued work.
const SLOTS: u32 = 64;

/// The place where this program keeps its unsaved work.
#[derive(Debug)]
pub struct Autosave {
    work: PathBuf,
    /// Holds the slot's lock until the program ends, in whatever way.
    _lock: File,
}

/// Why unsaved work cannot be kept.
#[derive(Clone, Debug, PartialEq)]
pub enum NoAutosave {
    /// The folder cannot be written.
    Folder {
        /// Which one.
        path: PathBuf,
        /// Why not.
        error: FileError,
    },
    /// As many programs run, or ended badly, as there are slots.
    AllTaken {
        /// Where the slots are.
        path: PathBuf,
    },
}

impl ToMessage for NoAutosave {
    fn message(&self) -> Message {
        match self {
            Self::Folder { path, error } => Message::new("files-no-autosave-folder")
                .with("path", path.display().to_string())
                .with("reason", error.message()),
            Self::AllTaken { path } => {
                Message::new("files-no-autosave-slot").with("path", path.display().to_string())
            }
        }
    }
}

/// Work of an earlier program that did not end well.
#[derive(Debug)]
pub struct Rescued {
    /// When it was kept.
    pub saved: Option<SystemTime>,
    work: PathBuf,
    /// Keeps other programs from offering the same work.
    _lock: File,
}

impl Autosave {
    /// Takes a free slot below `config_dir` and finds what earlier programs left behind there,
    /// newest first.
    ///
    /// # Errors
    /// In place of the slot, when there is none.
    pub fn open(config_dir: &Path) -> (Result<Self, NoAutosave>, Vec<Rescued>) {
        let dir = config_dir.join("autosave");
        let unwritable = |error: &std::io::Error| {
            let error = FileError::write(&dir, error);
            NoAutosave::Folder { path: dir.clone(), error }
        };
        let mut rescued = Vec::new();
        if let Err(error) = fs::create_dir_all(&dir) {
            return (Err(unwritable(&error)), rescued);
        }
        clear_leftovers(&dir);
        let mut own = Err(NoAutosave::AllTaken { path: dir.clone() });
        for slot in 0..SLOTS {
            let work = dir.join(format!("{slot}.autosave.ron"));
            let lock = dir.join(format!("{slot}.lock"));
            let has_work = work.is_file();
            if !has_work && own.is_ok() {
                continue;
            }
            let lock = match File::options().create(true).truncate(false).write(true).open(lock) {
                Ok(lock) => lock,
                Err(error) => {
                    if own.is_err() {
                        own = Err(unwritable(&error));
                    }
                    continue;
                }
            };
            if lock.try_lock().is_err() {
                continue;
            }
            if has_work {
                let saved = fs::metadata(&work).and_then(|meta| meta.modified()).ok();
                rescued.push(Rescued { saved, work, _lock: lock });
            } else {
                own = Ok(Self { work, _lock: lock });
            }
        }
        rescued.sort_by_key(|work| std::cmp::Reverse(work.saved));
        (own, rescued)
    }

    /// Keeps the work; `original` is the model's own file, where it has one. The unrolled graph is
    /// left out.
    ///
    /// # Errors
    /// As [`super::write_model`].
    pub fn keep(&self, model: &ModelFile, original: Option<&Path>) -> Result<(), FileError> {
        let text = model_text(model, model.document.data.path.clone(), Form::Rescue { original })?;
        write_atomically(&self.work, text.as_bytes())
    }

    /// Forgets the work: it is saved, or was thrown away by its owner.
    pub fn forget(&self) {
        // Work that is not there is forgotten already.
        let _ = fs::remove_file(&self.work);
    }
}

impl Rescued {
    /// The work, and the path of its own file where it had one.
    ///
    /// # Errors
    /// As [`super::read_model`].
    pub fn read(&self) -> Result<(ModelFile, Option<PathBuf>), FileError> {
        parse_model(&read_text(&self.work, limits::MODEL_BYTES)?)
    }

    /// Puts work that cannot be read where it is not offered again, and says where it is.
    pub fn put_aside(self) -> PathBuf {
        let aside = self.work.with_extension("damaged");
        match fs::rename(&self.work, &aside) {
            Ok(()) => aside,
            Err(_) => self.work,
        }
    }

    /// Throws the work away.
    pub fn discard(self) {
        let _ = fs::remove_file(&self.work);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn work_of_a_program_that_ended_badly_is_offered_once_and_only_then() {
        let dir = tempfile::tempdir().unwrap();
        let (own, rescued) = Autosave::open(dir.path());
        let own = own.unwrap();
        assert!(rescued.is_empty());
        own.keep(&ModelFile::default(), Some(Path::new("/a/model.ron"))).unwrap();
        // While that program runs, another one is not offered its work.
        let (second, rescued) = Autosave::open(dir.path());
        assert!(second.is_ok() && rescued.is_empty());
        drop(own);
        let (_third, mut rescued) = Autosave::open(dir.path());
        let found = rescued.pop().unwrap();
        assert!(rescued.is_empty());
        let (model, original) = found.read().unwrap();
        assert_eq!((model, original), (ModelFile::default(), Some(PathBuf::from("/a/model.ron"))));
        found.discard();
        assert!(Autosave::open(dir.path()).1.is_empty());
    }

    #[test]
    fn forgotten_work_is_not_offered() {
        let dir = tempfile::tempdir().unwrap();
        let own = Autosave::open(dir.path()).0.unwrap();
        own.keep(&ModelFile::default(), None).unwrap();
        own.forget();
        drop(own);
        assert!(Autosave::open(dir.path()).1.is_empty());
    }

    #[test]
    fn without_a_slot_it_is_said_why() {
        let dir = tempfile::tempdir().unwrap();
        let programs: Vec<_> = (0..SLOTS).map(|_| Autosave::open(dir.path()).0.unwrap()).collect();
        let slots = dir.path().join("autosave");
        assert_eq!(Autosave::open(dir.path()).0.unwrap_err(), NoAutosave::AllTaken { path: slots });
        drop(programs);
        // A file stands where the folder should be.
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Autosave::open(&file).0.unwrap_err(), NoAutosave::Folder { .. }));
    }

    #[test]
    fn what_a_killed_program_was_writing_is_cleared() {
        let dir = tempfile::tempdir().unwrap();
        let slots = dir.path().join("autosave");
        fs::create_dir_all(&slots).unwrap();
        let left = slots.join(".vastavirta-xyz.tmp");
        fs::write(&left, "half").unwrap();
        let _own = Autosave::open(dir.path());
        assert!(!left.exists());
    }
}
