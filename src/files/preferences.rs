//! What the program remembers about a person: language, theme, panel layout, recent files.
//!
//! Must not know what the layout means: the window keeps it as a string of its own.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::atomic::write_atomically;
use super::convention_file::ConventionFile;
use super::error::FileError;
use super::limits;
use super::model::read_text;
use super::places::config_dir;
use crate::explain::print::Convention;
use crate::words::Language;

const VERSION: u32 = 1;
const FILE_NAME: &str = "preferences.ron";
/// How many recent files are remembered.
const MAX_RECENT: usize = 12;

/// What the program remembers about a person.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Preferences {
    /// The language chosen; `None` follows the system.
    pub language: Option<Language>,
    /// Light, dark, or as the system.
    pub theme: ThemeChoice,
    /// The convention that formulas, shapes, matrices and code are shown in.
    pub convention: Convention,
    /// The size of texts in percent; `None` for the usual one.
    pub text_percent: Option<u16>,
    /// The layout of the panels, as the window wrote it.
    pub layout: Option<String>,
    /// Models opened or saved, newest first.
    pub recent_models: Vec<PathBuf>,
    /// Data files loaded, newest first.
    pub recent_data: Vec<PathBuf>,
}

/// Light, dark, or as the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Preferences {
    /// Puts a model first among the recent ones.
    pub fn remember_model(&mut self, path: &Path) {
        remember(&mut self.recent_models, path);
    }

    /// Puts a data file first among the recent ones.
    pub fn remember_data(&mut self, path: &Path) {
        remember(&mut self.recent_data, path);
    }

    /// Forgets the recent files.
    pub fn forget_recent(&mut self) {
        self.recent_models.clear();
        self.recent_data.clear();
    }
}

fn remember(recent: &mut Vec<PathBuf>, path: &Path) {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    recent.retain(|other| *other != path);
    recent.insert(0, path);
    recent.truncate(MAX_RECENT);
}

/// Reads the preferences; the defaults where there are none yet.
///
/// # Errors
/// When the file is damaged; the caller then goes on with the defaults and says so.
pub fn read_preferences() -> Result<Preferences, FileError> {
    match config_dir().map(|dir| dir.join(FILE_NAME)).filter(|path| path.is_file()) {
        Some(path) => parse(&read_text(&path, limits::PREFERENCES_BYTES)?),
        None => Ok(Preferences::default()),
    }
}

/// Writes the preferences. Does nothing where there is no home.
///
/// # Errors
/// When the operating system refuses.
pub fn write_preferences(preferences: &Preferences) -> Result<(), FileError> {
    let Some(dir) = config_dir() else { return Ok(()) };
    std::fs::create_dir_all(&dir).map_err(|error| FileError::write(&dir, &error))?;
    let path = dir.join(FILE_NAME);
    let layout = ron::ser::PrettyConfig::new().depth_limit(2).escape_strings(true).new_line("\n");
    let text = ron::Options::default()
        .to_string_pretty(&PreferencesFile::new(preferences), layout)
        .map_err(|error| FileError::Syntax { line: 0, column: 0, reason: error.to_string() })?;
    write_atomically(&path, text.as_bytes())
}

fn parse(text: &str) -> Result<Preferences, FileError> {
    let options = ron::Options::default().with_recursion_limit(limits::DEPTH);
    let file: PreferencesFile = options.from_str(text).map_err(|error| FileError::syntax(&error, VERSION))?;
    Ok(file.read())
}

/// Fields that are missing or unknown do no harm: preferences outlive versions of the program.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct PreferencesFile {
    version: u32,
    language: Option<String>,
    theme: ThemeFile,
    convention: ConventionFile,
    text_percent: Option<u16>,
    layout: Option<String>,
    recent_models: Vec<PathBuf>,
    recent_data: Vec<PathBuf>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
enum ThemeFile {
    #[default]
    System,
    Light,
    Dark,
}

impl PreferencesFile {
    fn new(preferences: &Preferences) -> Self {
        let Preferences { language, theme, convention, text_percent, layout, recent_models, recent_data } =
            preferences;
        let readable = |paths: &[PathBuf]| paths.iter().filter(|p| p.to_str().is_some()).cloned().collect();
        Self {
            version: VERSION,
            language: language.map(|language| language.code().to_owned()),
            theme: match theme {
                ThemeChoice::System => ThemeFile::System,
                ThemeChoice::Light => ThemeFile::Light,
                ThemeChoice::Dark => ThemeFile::Dark,
            },
            convention: ConventionFile::new(*convention),
            text_percent: *text_percent,
            layout: layout.clone(),
            recent_models: readable(recent_models),
            recent_data: readable(recent_data),
        }
    }

    fn read(self) -> Preferences {
        let Self {
            version: _,
            language,
            theme,
            convention,
            text_percent,
            layout,
            mut recent_models,
            mut recent_data,
        } = self;
        recent_models.truncate(MAX_RECENT);
        recent_data.truncate(MAX_RECENT);
        Preferences {
            language: language.as_deref().and_then(Language::from_code),
            theme: match theme {
                ThemeFile::System => ThemeChoice::System,
                ThemeFile::Light => ThemeChoice::Light,
                ThemeFile::Dark => ThemeChoice::Dark,
            },
            convention: convention.read(),
            text_percent: text_percent.map(|percent| percent.clamp(20, 500)),
            layout,
            recent_models,
            recent_data,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::explain::print::{BiasStyle, Layout};

    #[test]
    fn preferences_come_back_from_their_text() {
        let mut preferences = Preferences {
            language: Some(Language::Finnish),
            theme: ThemeChoice::Dark,
            convention: Convention {
                layout: Layout::Columns,
                bias: BiasStyle::Ones,
                ..Convention::default()
            },
            text_percent: Some(140),
            layout: Some("(a: \"quoted\\\")\n".to_owned()),
            ..Preferences::default()
        };
        preferences.remember_model(Path::new("/a/b.ron"));
        preferences.remember_data(Path::new("/a/ä.csv"));
        let text = ron::to_string(&PreferencesFile::new(&preferences)).unwrap();
        assert_eq!(parse(&text).unwrap(), preferences);
    }

    #[test]
    fn recent_files_are_few_and_newest_first() {
        let mut preferences = Preferences::default();
        for idx in 0..20 {
            preferences.remember_model(Path::new(&format!("/m{idx}.ron")));
        }
        preferences.remember_model(Path::new("/m15.ron"));
        assert_eq!(preferences.recent_models.len(), MAX_RECENT);
        assert_eq!(preferences.recent_models[..2], [PathBuf::from("/m15.ron"), PathBuf::from("/m19.ron")]);
    }

    #[test]
    fn preferences_of_other_versions_and_damaged_ones_do_no_harm() {
        assert_eq!(parse("(version: 9, new_field: [1, 2])").unwrap(), Preferences::default());
        assert!(matches!(parse("(theme: Purple)"), Err(FileError::Syntax { line: 1, .. })));
    }
}
