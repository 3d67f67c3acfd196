//! Where the program keeps what is not the person's own files.
//!
//! Must not create anything.

use std::path::PathBuf;

/// Names another directory for preferences and rescued work: tests and portable installations.
pub const CONFIG_DIR_VARIABLE: &str = "VASTAVIRTA_CONFIG_DIR";

/// The directory of preferences and rescued work: [`CONFIG_DIR_VARIABLE`] where it is set, else
/// the operating system's place for such things. `None` where there is no home.
pub fn config_dir() -> Option<PathBuf> {
    match std::env::var_os(CONFIG_DIR_VARIABLE) {
        Some(dir) if !dir.is_empty() => Some(PathBuf::from(dir)),
        _ => directories::ProjectDirs::from("", "", "vastavirta").map(|dirs| dirs.config_dir().to_owned()),
    }
}
