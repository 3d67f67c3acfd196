//! Whether a file was changed by somebody else since it was seen last.
//!
//! Must not read it: its size and its time tell enough.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// What a file looked like from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl FileStamp {
    /// The file as it is now; `None` where there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self { bytes: found.len(), modified: found.modified().ok() })
    }
}
