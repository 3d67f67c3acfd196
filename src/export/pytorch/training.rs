//! `train.py`, `predict.py` and what stands beside them: settings filled into programs that are the
//! same for every model.
//!
//! Must not know the drawing.

use super::data::truth;
use super::filled;
use crate::document::{ClipSettings, OptimizerSettings};
use crate::export::Subject;
use crate::export::python::{Code, number, visible};
use crate::train::Precision;

const TRAIN: &str = include_str!("templates/train.py");
const PREDICT: &str = include_str!("templates/predict.py");
const README: &str = include_str!("templates/README.md");

pub(super) fn train_py(subject: &Subject<'_>) -> String {
    let settings = &subject.document.training;
    let (state_names, keeps_step) = state(&settings.optimizer);
    let optional = |value: Option<String>| value.unwrap_or_else(|| "None".to_owned());
    let names: Vec<String> = state_names.iter().map(|name| format!("\"{name}\"")).collect();
    let values = [
        ("@EPOCHS@", settings.epochs.to_string()),
        ("@BATCH_SIZE@", settings.batch_size.to_string()),
        ("@LEARNING_RATE@", number(settings.learning_rate)),
        ("@SEED@", settings.seed.to_string()),
        ("@SHUFFLE@", truth(settings.shuffle)),
        ("@TARGET_LOSS@", optional(settings.target_loss.map(number))),
        ("@PATIENCE@", optional(settings.patience.map(|n| n.to_string()))),
        ("@PRECISION@", precision(subject).to_owned()),
        ("@OPTIMIZER@", optimizer(&settings.optimizer)),
        ("@STATE_NAMES@", format!("[{}]", names.join(", "))),
        ("@KEEPS_STEP@", truth(keeps_step)),
        ("@CLIP@", clip(&settings.clip)),
    ];
    heading(subject) + &filled(TRAIN, &values)
}

pub(super) fn predict_py(subject: &Subject<'_>) -> String {
    heading(subject) + &filled(PREDICT, &[("@PRECISION@", precision(subject).to_owned())])
}

pub(super) fn readme(subject: &Subject<'_>) -> String {
    filled(
        README,
        &[("@TITLE@", visible(subject.title)), ("@VERSION@", env!("CARGO_PKG_VERSION").to_owned())],
    )
}

/// Where this project's own modules lie, so that a linter sorts their imports the same from wherever it runs.
pub(super) fn ruff_toml(subject: &Subject<'_>) -> String {
    heading(subject) + "src = [\".\"]\n"
}

/// The rows at which the samples of both parts begin.
pub(super) fn rows_json(subject: &Subject<'_>) -> String {
    let rows = |samples: &[u32]| {
        let rows: Vec<String> = samples.iter().map(|&s| subject.data.row_of(s).to_string()).collect();
        rows.join(", ")
    };
    if subject.data.nodes().is_empty() {
        return "{\"n_rows\": 0, \"train\": [], \"validation\": []}\n".to_owned();
    }
    let n_rows = subject.data.table().map_or(subject.data.n_samples(), |table| table.n_rows());
    let (train, validation) = (rows(subject.data.train()), rows(subject.data.validation()));
    format!("{{\"n_rows\": {n_rows}, \"train\": [{train}], \"validation\": [{validation}]}}\n")
}

fn heading(subject: &Subject<'_>) -> String {
    let mut code = Code::new();
    for line in subject.heading() {
        code.comment(&line);
    }
    code.into_text()
}

fn precision(subject: &Subject<'_>) -> &'static str {
    match subject.precision {
        Precision::F32 => "f32",
        Precision::F64 => "f64",
    }
}

/// The optimizer as PyTorch makes it.
fn optimizer(settings: &OptimizerSettings) -> String {
    let (class, arguments) = match *settings {
        OptimizerSettings::Sgd { momentum, nesterov, weight_decay } => (
            "SGD",
            vec![
                ("momentum", number(momentum)),
                ("nesterov", truth(nesterov)),
                ("weight_decay", number(weight_decay)),
            ],
        ),
        OptimizerSettings::RmsProp { alpha, eps, weight_decay, momentum } => (
            "RMSprop",
            vec![
                ("alpha", number(alpha)),
                ("eps", number(eps)),
                ("weight_decay", number(weight_decay)),
                ("momentum", number(momentum)),
            ],
        ),
        OptimizerSettings::Adagrad { eps, weight_decay } => {
            ("Adagrad", vec![("eps", number(eps)), ("weight_decay", number(weight_decay))])
        }
        OptimizerSettings::Adam { beta1, beta2, eps, weight_decay } => (
            "Adam",
            vec![
                ("betas", format!("({}, {})", number(beta1), number(beta2))),
                ("eps", number(eps)),
                ("weight_decay", number(weight_decay)),
            ],
        ),
        OptimizerSettings::AdamW { beta1, beta2, eps, weight_decay } => (
            "AdamW",
            vec![
                ("betas", format!("({}, {})", number(beta1), number(beta2))),
                ("eps", number(eps)),
                ("weight_decay", number(weight_decay)),
            ],
        ),
    };
    let settings: Vec<String> =
        arguments.iter().map(|(name, value)| format!("        {name}={value},\n")).collect();
    format!("{class}(\n        trainable,\n        lr=lr,\n{}    )", settings.concat())
}

/// What an optimizer keeps for a parameter under PyTorch's names, and whether it counts its steps.
fn state(settings: &OptimizerSettings) -> (Vec<&'static str>, bool) {
    match *settings {
        OptimizerSettings::Sgd { momentum, .. } if momentum != 0.0 => (vec!["momentum_buffer"], false),
        OptimizerSettings::Sgd { .. } => (Vec::new(), false),
        OptimizerSettings::RmsProp { momentum, .. } if momentum != 0.0 => {
            (vec!["square_avg", "momentum_buffer"], true)
        }
        OptimizerSettings::RmsProp { .. } => (vec!["square_avg"], true),
        OptimizerSettings::Adagrad { .. } => (vec!["sum"], true),
        OptimizerSettings::Adam { .. } | OptimizerSettings::AdamW { .. } => {
            (vec!["exp_avg", "exp_avg_sq"], true)
        }
    }
}

fn clip(settings: &ClipSettings) -> String {
    match *settings {
        ClipSettings::None => "    del weights  # Nothing was chosen.".to_owned(),
        ClipSettings::Norm { max_norm } => {
            format!("    torch.nn.utils.clip_grad_norm_(weights, {})", number(max_norm))
        }
        ClipSettings::Value { clip_value } => {
            format!("    torch.nn.utils.clip_grad_value_(weights, {})", number(clip_value))
        }
    }
}
