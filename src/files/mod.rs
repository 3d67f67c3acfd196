//! All that leaves the process: model files, preferences, rescued work, shipped examples. The
//! only home of serde.
//!
//! Start with [`read_model`] and [`write_model`]; [`ModelFile`] is what they carry. Everything is
//! written atomically, and whatever the bytes, reading ends in a value or in a [`FileError`] that
//! names the place. Must not know the window, nor start a thread.

mod atomic;
mod autosave;
mod bench_json;
mod convention_file;
mod epoch_json;
mod error;
mod examples;
mod existing;
mod folder;
mod grad_json;
mod inspect_json;
mod limits;
mod model;
mod places;
mod preferences;
mod sequential_json;
mod stamp;

pub use atomic::{clear_leftovers, probe_writable, write_atomically};
pub use autosave::{Autosave, NoAutosave, Rescued};
pub use bench_json::{BenchJson, PublishingJson};
pub use epoch_json::{done_json, epoch_json, evaluation_json};
pub use error::{FileAction, FileError, Invalid, UnrolledTooLarge};
pub use examples::{EXAMPLES, FIRST_EXAMPLE, open_example, shipped_data};
pub use existing::{Existing, existing_at};
pub use folder::write_folder;
pub use grad_json::{NotFiniteInPass, grad_json};
pub use inspect_json::{delimiter_name, inspect_json, sign_name};
pub use model::{
    DataSource, MODEL_VERSION, ModelFile, data_file, is_model_path, locate_data, read_model,
    too_large_to_save, write_model,
};
pub use places::{CONFIG_DIR_VARIABLE, config_dir};
pub use preferences::{Preferences, ThemeChoice, read_preferences, write_preferences};
pub use sequential_json::{read_sequential, read_weights_file};
pub use stamp::FileStamp;
