//! All that leaves the process: model files, preferences, rescued work, shipped examples. The
//! only home of serde.
//!
//! Start with [`read_model`] and [`write_model`]; [`ModelFile`] is what they carry. Everything is
//! written atomically, and whatever the bytes, reading ends in a value or in a [`FileError`] that
//! names the place. Must not know the window, nor start a thread.

mod atomic;
mod autosave;
mod error;
mod examples;
mod limits;
mod model;
mod places;
mod preferences;

pub use atomic::write_atomically;
pub use autosave::{Autosave, Rescued};
pub use error::{FileAction, FileError, Invalid};
pub use examples::{EXAMPLES, FIRST_EXAMPLE, open_example, shipped_data};
pub use model::{DataSource, MODEL_VERSION, ModelFile, locate_data, read_model, write_model};
pub use places::{CONFIG_DIR_VARIABLE, config_dir};
pub use preferences::{Preferences, ThemeChoice, read_preferences, write_preferences};
