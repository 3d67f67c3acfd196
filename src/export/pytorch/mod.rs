//! A PyTorch project: the network as a module that reads as if a person had written it, its data,
//! its training (in one process or many), and its predictions.
//!
//! Must not know files. What PyTorch's text cannot say is refused by name, never written wrong.

mod data;
mod fits;
mod forward;
mod loss;
mod model;
mod timing;
mod training;

use super::{ExportError, ExportedFile, Identifiers, Subject, weights};
use data::{copied_data, data_py};
use forward::Forward;
use model::Drawing;

pub use model::model_py;
pub(super) use model::{arguments, write_class};

/// All files of the project of a drawing without problems.
pub(super) fn project(subject: &Subject<'_>) -> Result<Vec<ExportedFile>, ExportError> {
    let document = subject.document;
    ExportError::refuse_roots("export-pytorch", &document.network)?;
    let names = Identifiers::of(&document.network);
    let drawing = Drawing::new(&document.network, &names);
    if let Some(node) = fits::first_inexpressible(&drawing).and_then(|id| document.network.nodes.get(&id)) {
        return Err(ExportError::inexpressible("export-pytorch", node));
    }
    let forward = Forward::new(&drawing);
    let module = model_py(&document.network, &document.parameters, &names, &subject.heading());
    let mut files = vec![
        ExportedFile::text("model.py", module),
        ExportedFile::text("data.py", data_py(subject, &drawing, &forward)),
        ExportedFile::text("train.py", training::train_py(subject)),
        ExportedFile::text("predict.py", training::predict_py(subject)),
        ExportedFile::text("rows.json", training::rows_json(subject)),
        ExportedFile::text("requirements.txt", "numpy\npandas\nsafetensors\ntorch\n".to_owned()),
        ExportedFile::text("ruff.toml", training::ruff_toml(subject)),
        ExportedFile::text("README.md", training::readme(subject)),
        ExportedFile {
            name: "weights.safetensors".to_owned(),
            bytes: weights::weights(&document.parameters, &names, subject.precision),
        },
    ];
    if let Some(state) = subject.optimizer {
        let bytes = weights::optimizer(state, &document.parameters, &names, subject.precision);
        files.push(ExportedFile { name: "optimizer.safetensors".to_owned(), bytes });
    }
    files.extend(copied_data(subject));
    Ok(files)
}

/// A template with its marks filled in. What is filled in may look like a mark and stays as it is.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let (mut text, mut rest) = (String::new(), template);
    let next = |rest: &str| {
        let places = values.iter().filter_map(|(mark, value)| Some((rest.find(mark)?, mark.len(), value)));
        places.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, length, value)) = next(rest) {
        text.push_str(&rest[..at]);
        text.push_str(value);
        rest = &rest[at + length..];
    }
    text + rest
}
