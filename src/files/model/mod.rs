//! The model file: everything a person made and a run learned, as one `.ron`.
//!
//! The types of this directory are the format; the program's own types may change freely. Each
//! converts by full destructuring, so that the compiler asks what a change means for the file.
//! Written twice, the same model gives the same bytes.
//!
//! # Format, version 1
//! ```text
//! // Vastavirta model
//! (
//!     version: 1,
//!     network: (n_steps, truncate, nodes: [(id, name, position, kind)], edges: [(id, from, to, port, delay, initial)]),
//!     unrolled: Some((n_steps, nodes: [(of: Node(id, step), inputs: [(from, edge)])])),  // only with loops
//!     data: (path relative to this file, fingerprint of it, dialect, columns, missing, scaling, …),
//!     preprocessing: None or Some((columns fitted on the training part)),
//!     training: (optimizer, learning_rate, batch_size, …, seed),
//!     progress: Some((epoch: 10, samples: 0, step: 40)),  // only once it was trained
//!     parameters: [(of: Weight(node: 2), shape: [2, 3], trainable: true, values: F64("…"))],  // [] draws all from the seed
//!     runs: [(number, name, drawing, training, curve: [(epoch, step, seconds, train_loss, val_loss)], mae, …, parameters)],  // only kept runs
//!     optimizer: None or Some((of: Adam(…), parameters: [(of: Weight(node: 2), step: 10, tensors: [("exp_avg", F32("…"))])])),
//! )
//! ```
//! Weights are `[out, in]`, PyTorch's order: a row of numbers is one receiving unit.

mod data_file;
mod data_path;
mod dialect_file;
mod family_file;
mod fitted_file;
mod kind_file;
mod network_file;
mod open_quote;
mod runs_file;
mod tensor_file;
mod tensor_text;
#[cfg(test)]
mod tests;
mod training_file;
mod unrolled_file;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::atomic::write_atomically;
use super::error::FileError;
use super::limits;
use crate::data::Preprocessing;
use crate::document::Document;
use crate::train::{OptimizerState, RunPosition};

pub use data_path::{DataSource, data_file, locate_data};
pub use unrolled_file::too_large_to_save;

/// The newest format version that this program reads, and the one it writes.
pub const MODEL_VERSION: u32 = 1;
/// Begins the reader's message about a version that it does not know.
pub(super) const VERSION_MARK: &str = "unknown format version ";
const HEADING: &str = "// Vastavirta model\n";

/// What a model file holds.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ModelFile {
    /// The drawing, the weights, the choices about data and training.
    pub document: Document,
    /// What the optimizer remembered when it was saved.
    pub optimizer: Option<OptimizerState>,
    /// Where the run stood.
    pub position: RunPosition,
    /// What was fitted on the training part; prediction needs it.
    pub preprocessing: Option<Preprocessing>,
}

/// Whether a path names a model: anything else is taken for data.
pub fn is_model_path(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ron"))
}

/// Reads a model. A relative data path becomes absolute, seen from the model's directory.
///
/// # Errors
/// Names what is wrong and where; see [`FileError`]. Any bytes give a model or an error.
pub fn read_model(path: &Path) -> Result<ModelFile, FileError> {
    let mut model = parse_model(&read_text(path, limits::MODEL_BYTES)?)?.0;
    data_path::resolve(&mut model.document.data.path, path);
    Ok(model)
}

/// Writes a model atomically. The data path becomes relative to the model's directory where it can.
///
/// # Errors
/// When the model could not be read back (a weight that is no number, a wrong shape), or the
/// operating system refuses. The old file stays as it was.
pub fn write_model(path: &Path, model: &ModelFile) -> Result<(), FileError> {
    let stored = data_path::relative(model.document.data.path.as_deref(), path);
    let text = model_text(model, stored, Form::Saved)?;
    write_atomically(path, text.as_bytes())
}

/// What a model's text is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form<'a> {
    /// A file of the person's.
    Saved,
    /// Work kept against a crash: without the unrolled graph.
    Rescue {
        /// The model's own file, where it has one.
        original: Option<&'a Path>,
    },
}

/// A model from its text, with the data path as it stands there, and the path that a rescued
/// model had.
///
/// # Errors
/// As [`read_model`].
pub(super) fn parse_model(text: &str) -> Result<(ModelFile, Option<PathBuf>), FileError> {
    let options = ron::Options::default().with_recursion_limit(limits::DEPTH);
    let file: TextFile<'_> = options.from_str(text).map_err(|error| {
        let at = place_of(text, error.span.start);
        match FileError::syntax(&error, MODEL_VERSION) {
            syntax @ FileError::Syntax { .. } => match open_quote::opens_on_line(text, at) {
                Some(line) => FileError::OpenQuote { line },
                None => syntax,
            },
            other => other,
        }
    })?;
    file.read()
}

/// A model as text; `data` is the data path as it shall stand there.
///
/// # Errors
/// When the model could not be read back.
pub(super) fn model_text(
    model: &ModelFile,
    data: Option<PathBuf>,
    form: Form<'_>,
) -> Result<String, FileError> {
    let file = TextFile::new(model, data, form)?;
    let layout =
        ron::ser::PrettyConfig::new().depth_limit(3).escape_strings(false).new_line("\n").indentor("    ");
    let mut text = HEADING.to_owned();
    ron::Options::default()
        .to_writer_pretty(&mut text, &file, layout)
        .map_err(|error| FileError::Syntax { line: 0, column: 0, reason: error.to_string() })?;
    text.push('\n');
    let bytes = text.len() as u64;
    if bytes > limits::MODEL_BYTES {
        return Err(FileError::TooLarge { bytes, limit: limits::MODEL_BYTES });
    }
    Ok(text)
}

/// The byte at which a line and a column, each counted from 1, begin.
fn place_of(text: &str, at: ron::error::Position) -> usize {
    let lines = text.split_inclusive('\n').take(at.line.saturating_sub(1));
    let line = lines.map(str::len).sum::<usize>();
    let rest = text.get(line..).unwrap_or_default();
    line + rest.char_indices().nth(at.col.saturating_sub(1)).map_or(rest.len(), |(byte, _)| byte)
}

/// Reads a text file of at most `limit` bytes.
pub(super) fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    let content = read_bytes(path, limit)?;
    if let Some(encoding) = byte_order_mark(&content) {
        return Err(FileError::ByteOrderMark { encoding });
    }
    String::from_utf8(content).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        FileError::NotText { line: 1 + before.split(|byte| *byte == b'\n').count().saturating_sub(1) }
    })
}

/// Reads a file of at most `limit` bytes.
pub(super) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let failed = |error: std::io::Error| FileError::read(path, &error);
    // Asked before it is opened: a pipe would wait for whoever writes into it.
    let about = std::fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    if !about.is_file() {
        return Err(FileError::NotAFile);
    }
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    if bytes > limit {
        return Err(FileError::TooLarge { bytes, limit });
    }
    let mut content = Vec::with_capacity(bytes as usize + 1);
    // A pipe or a growing file may hold more than it said.
    file.take(limit + 1).read_to_end(&mut content).map_err(failed)?;
    if content.len() as u64 > limit {
        return Err(FileError::TooLarge { bytes: content.len() as u64, limit });
    }
    Ok(content)
}

/// The encoding whose mark a text begins with; a model begins with none.
fn byte_order_mark(content: &[u8]) -> Option<&'static str> {
    match content {
        [0xEF, 0xBB, 0xBF, ..] => Some("UTF-8"),
        [0xFF, 0xFE, ..] => Some("UTF-16 LE"),
        [0xFE, 0xFF, ..] => Some("UTF-16 BE"),
        _ => None,
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile<'a> {
    version: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    original: Option<String>,
    network: network_file::NetworkFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unrolled: Option<unrolled_file::UnrolledFile>,
    data: data_file::DataFile,
    preprocessing: Option<fitted_file::PreprocessingFile>,
    training: training_file::TrainingFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    progress: Option<training_file::ProgressFile>,
    #[serde(borrow)]
    parameters: Vec<tensor_file::ParameterFile<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    runs: Vec<runs_file::RunFile<'a>>,
    #[serde(borrow)]
    optimizer: Option<tensor_file::OptimizerStateFile<'a>>,
}

impl TextFile<'_> {
    fn new(model: &ModelFile, data: Option<PathBuf>, form: Form<'_>) -> Result<Self, FileError> {
        let ModelFile { document, optimizer, position, preprocessing } = model;
        let Document { network, parameters, data: data_settings, training, runs } = document;
        tensor_file::check(network, parameters, optimizer.as_ref())?;
        runs.values()
            .enumerate()
            .try_for_each(|(idx, run)| runs_file::check(run, &format!("runs[{idx}]")))?;
        let (unrolled, original) = match form {
            Form::Saved => (unrolled_file::UnrolledFile::of(network)?, None),
            Form::Rescue { original } => (None, original),
        };
        let mut data_settings = data_settings.clone();
        data_settings.path = data;
        Ok(Self {
            version: Version,
            original: original.map(|path| path.to_string_lossy().into_owned()),
            network: network_file::NetworkFile::new(network),
            unrolled,
            data: data_file::DataFile::new(&data_settings),
            preprocessing: preprocessing.as_ref().map(fitted_file::PreprocessingFile::new),
            training: training_file::TrainingFile::new(training),
            progress: training_file::ProgressFile::new(*position),
            parameters: parameters.iter().map(tensor_file::ParameterFile::new).collect(),
            runs: runs.values().map(|run| runs_file::RunFile::new(run)).collect(),
            optimizer: optimizer
                .as_ref()
                .map(|state| tensor_file::OptimizerStateFile::new(state, parameters)),
        })
    }

    fn read(self) -> Result<(ModelFile, Option<PathBuf>), FileError> {
        let Self {
            version: Version,
            original,
            network,
            unrolled,
            data,
            preprocessing,
            training,
            progress,
            parameters,
            runs,
            optimizer,
        } = self;
        let network = network.read()?;
        if let Some(unrolled) = unrolled {
            unrolled.check(&network)?;
        }
        let data = data.read()?;
        let preprocessing = preprocessing.map(fitted_file::PreprocessingFile::read).transpose()?;
        let training = training.read()?;
        let position = progress.map(training_file::ProgressFile::read).transpose()?.unwrap_or_default();
        let mut parameters = tensor_file::read_parameters(parameters)?;
        if parameters.is_empty() {
            // A drawing written by hand: its weights are drawn.
            parameters = network.initialize(training.seed);
        }
        let optimizer = optimizer.map(|state| state.read(&parameters)).transpose()?;
        tensor_file::check(&network, &parameters, optimizer.as_ref())?;
        let runs = runs_file::read_runs(runs)?;
        let document = Document { network, parameters, data, training, runs };
        Ok((ModelFile { document, optimizer, position, preprocessing }, original.map(PathBuf::from)))
    }
}

/// Always [`MODEL_VERSION`]; the first field, so that another version is met before its fields.
#[derive(Debug)]
struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(MODEL_VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            found if found == u64::from(MODEL_VERSION) => Ok(Self),
            found => Err(serde::de::Error::custom(format!("{VERSION_MARK}{found}"))),
        }
    }
}
