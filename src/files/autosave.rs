//! Work that a crash would lose: kept beside the preferences, offered again at the next start.
//!
//! Each running program holds the lock of a slot of its own; a slot with work in it whose lock is
//! free belongs to a program that did not end well. Must not know when to save.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::atomic::write_atomically;
use super::error::FileError;
use super::limits;
use super::model::{Form, ModelFile, model_text, parse_model, read_text};

/// How many programs at once, and how many pieces of rescued work.
const SLOTS: u32 = 64;

/// The place where this program keeps its unsaved work.
#[derive(Debug)]
pub struct Autosave {
    work: PathBuf,
    /// Holds the slot's lock until the program ends, in whatever way.
    _lock: File,
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
    /// newest first. `None` without a slot: the directory cannot be written.
    pub fn open(config_dir: &Path) -> (Option<Self>, Vec<Rescued>) {
        let dir = config_dir.join("autosave");
        let mut own = None;
        let mut rescued = Vec::new();
        if fs::create_dir_all(&dir).is_err() {
            return (own, rescued);
        }
        for slot in 0..SLOTS {
            let work = dir.join(format!("{slot}.autosave.ron"));
            let lock = dir.join(format!("{slot}.lock"));
            let has_work = work.is_file();
            if !has_work && own.is_some() {
                continue;
            }
            let options = File::options().create(true).truncate(false).write(true).open(lock);
            let Ok(lock) = options else { continue };
            if lock.try_lock().is_err() {
                continue;
            }
            if has_work {
                let saved = fs::metadata(&work).and_then(|meta| meta.modified()).ok();
                rescued.push(Rescued { saved, work, _lock: lock });
            } else {
                own = Some(Self { work, _lock: lock });
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
        assert!(second.is_some() && rescued.is_empty());
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
}
