//! `import`: weights that were trained elsewhere, into a model or as a new one.

use std::path::{Path, PathBuf};

use clap::Args;

use super::dialect::DialectArgs;
use super::job::JobError;
use super::load::Opened;
use super::output::{self, note, say};
use crate::data::Preprocessing;
use crate::export::Tensors;
use crate::files::{FileError, ModelFile, read_model, read_sequential, read_weights_file, write_model};
use crate::words::Message;

/// Arguments of `import`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["into", "new"])), after_help = DESCRIPTION)]
pub struct ImportArgs {
    /// The weights, as a PyTorch project's `train.py` saves them.
    #[arg(value_name = "WEIGHTS.safetensors", requires = "into")]
    pub weights: Option<PathBuf>,
    /// The model that takes them over, by name and shape.
    #[arg(long, value_name = "MODEL.ron", requires = "weights")]
    pub into: Option<PathBuf>,
    /// The description of an `nn.Sequential`, of which a new model is made; see below.
    #[arg(long, value_name = "DESCRIPTION.json", requires = "out", conflicts_with = "weights")]
    pub new: Option<PathBuf>,
    /// Where to save the model; in place of the one given with --into without it.
    #[arg(long, value_name = "OUT.ron")]
    pub out: Option<PathBuf>,
}

/// How a description is made.
const DESCRIPTION: &str = "\
A description names the weights, the layers in order by PyTorch's classes (Linear, Dropout, ReLU, LeakyReLU,
ELU, GELU, SiLU, Softplus, Sigmoid, Tanh, Softsign, Softmax, Identity) with their settings, and maybe the loss.
For a trained nn.Sequential called model, this writes it:

    import json
    from safetensors.torch import save_file

    SETTINGS = (\"in_features\", \"out_features\", \"p\", \"negative_slope\", \"alpha\", \"approximate\", \"beta\", \"dim\")
    layers = [
        {\"kind\": type(layer).__name__, **{s: getattr(layer, s) for s in SETTINGS if hasattr(layer, s)}}
        for layer in model
    ]
    for layer, described in zip(model, layers):
        if hasattr(layer, \"bias\"):
            described[\"bias\"] = layer.bias is not None
    save_file(model.state_dict(), \"model.safetensors\")
    with open(\"model.json\", \"w\") as file:
        json.dump({\"weights\": \"model.safetensors\", \"layers\": layers, \"loss\": \"mse\"}, file)

Losses: mse, half_sum_of_squares, mae, huber, bce, bce_with_logits, cross_entropy, cross_entropy_with_logits.";

pub(super) fn run(args: &ImportArgs) -> Result<(), JobError> {
    let ImportArgs { weights, into, new, out } = args;
    match (weights, into, new, out) {
        (Some(weights), Some(model), None, out) => {
            import_into(weights, model, out.as_deref().unwrap_or(model))
        }
        (None, None, Some(description), Some(out)) => import_new(description, out),
        _ => Err(JobError::Usage(Message::new("import-usage"))),
    }
}

/// Takes weights over into a model. What its optimizer remembered belongs to other weights, and goes.
fn import_into(weights: &Path, path: &Path, out: &Path) -> Result<(), JobError> {
    let mut model = read_model(path).map_err(|error| JobError::cannot_open(path, &error))?;
    let document = &mut model.document;
    let tensors = read(weights)?;
    let fitting = tensors.fit(&document.network, &document.parameters);
    let fitting = fitting.map_err(|error| JobError::failed(&error))?;
    if let Some(message) = fitting.note() {
        note(&output::words(), &message);
    }
    let n = fitting.parameters.len();
    document.parameters = fitting.parameters;
    model.optimizer = None;
    if model.preprocessing.is_none() {
        model.preprocessing = fitted_now(path);
    }
    save(out, &model)?;
    say(&output::words(), &Message::new("import-done").with("n", n).with("path", out.display().to_string()))
}

/// What the weights were exported with: the fit of the model's own data, where it was never stored.
fn fitted_now(path: &Path) -> Option<Preprocessing> {
    let mut opened = Opened::open_as_it_is(Some(path), None, &DialectArgs::default()).ok()?;
    if opened.lacks_data() {
        return None;
    }
    let data = opened.prepare_for_training(false).ok()?;
    Some(data.preprocessing().clone()).filter(|fitted| !fitted.columns.is_empty())
}

/// Makes a model of a described `nn.Sequential`.
fn import_new(description: &Path, out: &Path) -> Result<(), JobError> {
    let (described, weights) =
        read_sequential(description).map_err(|error| JobError::cannot_open(description, &error))?;
    let document = described.document(read(&weights)?).map_err(|error| JobError::failed(&error))?;
    let n = document.parameters.len();
    save(out, &ModelFile { document, ..ModelFile::default() })?;
    say(
        &output::words(),
        &Message::new("import-new-done").with("n", n).with("path", out.display().to_string()),
    )
}

fn read(path: &Path) -> Result<Tensors, JobError> {
    let bytes = read_weights_file(path).map_err(|error: FileError| JobError::cannot_open(path, &error))?;
    Tensors::read(&bytes).map_err(|error| JobError::failed(&error))
}

fn save(path: &Path, model: &ModelFile) -> Result<(), JobError> {
    write_model(path, model).map_err(|error| JobError::cannot_save(path, &error))
}
