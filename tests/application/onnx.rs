//! Exported ONNX models give in onnxruntime what the program predicts.
//!
//! Must not know how a model is written: Python checks and runs it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use vastavirta::data::{Preprocessing, SequenceLayout};
use vastavirta::export::Identifiers;
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::insight::Head;
use vastavirta::network::{Takes, Task};

use crate::random_networks::random_model;
use crate::support::{output_of, python_with, root, vastavirta};

/// What the checks import.
pub(crate) const LIBRARIES: &str = "numpy, onnx, onnxruntime";

/// Lets Python check and run the models of all folders below `folder`.
pub(crate) fn assert_agree(python: &Path, folder: &Path) {
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(!cases.is_empty());
    let script = root().join("tests/interop/onnx_models.py");
    let output = Command::new(python).arg(script).args(cases).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

fn export(model: &Path, case: &Path) {
    let (model, out) = (model.to_string_lossy(), case.join("model.onnx"));
    output_of(&mut vastavirta(&["export", &model, "--to", "onnx", "--out", &out.to_string_lossy()]));
}

/// A case of raw rows: the CSV, and what the program predicts for it.
pub(crate) fn raw_rows_case(case: &Path, path: &Path, rows: &Path) {
    fs::create_dir(case).unwrap();
    export(path, case);
    fs::copy(rows, case.join("rows.csv")).unwrap();
    let out = case.join("predicted.csv");
    let arguments =
        ["predict", &path.to_string_lossy(), "--data", &rows.to_string_lossy(), "--precision", "f32"];
    output_of(vastavirta(&arguments).args(["--out", &out.to_string_lossy()]));
    let model = read_model(path).unwrap();
    let document = &model.document;
    let n_steps = document.network.n_steps;
    let horizon = match document.data.sequence {
        SequenceLayout::Windows { horizon, .. } if n_steps > 1 => horizon,
        SequenceLayout::Windows { .. } | SequenceLayout::ColumnGroups => 0,
    };
    let target = document.data.columns.iter().find(|c| c.role == vastavirta::data::ColumnRole::Target);
    let classes = target.map_or("", |column| column.name.as_str());
    let known = json!({
        "delimiter": char::from(document.data.dialect.delimiter.byte()).to_string(), "n_steps": n_steps, "rows_ahead": horizon, "classes": classes,
    });
    fs::write(case.join("case.json"), known.to_string()).unwrap();
}

/// A case of numbers: what data nodes gave in a pass, and what the predictions of all losses were.
pub(crate) fn pass_case(case: &Path, model: &ModelFile, path: &Path) {
    fs::create_dir(case).unwrap();
    export(path, case);
    let network = &model.document.network;
    let printed =
        output_of(&mut vastavirta(&["grad", &path.to_string_lossy(), "--precision", "f32", "--json"]));
    let pass: Value = serde_json::from_str(&printed).unwrap();
    let steps = |name: &str| -> Vec<Value> {
        let nodes = pass["nodes"].as_array().unwrap().iter().filter(|node| node["name"] == name);
        let mut steps: Vec<_> = nodes.map(|node| (node["step"].as_u64(), node["output"].clone())).collect();
        steps.sort_by_key(|(step, _)| *step);
        steps.into_iter().map(|(_, output)| output).collect()
    };
    let names = Identifiers::of(network);
    let mut inputs = serde_json::Map::new();
    for (&id, node) in &network.nodes {
        let Some(data) = node.kind.data() else { continue };
        let steps = steps(&node.name);
        let value = if data.per_step && steps.len() > 1 {
            // Rows first, time second.
            let n = steps[0].as_array().unwrap().len();
            json!(
                (0..n).map(|row| steps.iter().map(|step| &step[row]).collect::<Vec<_>>()).collect::<Vec<_>>()
            )
        } else {
            steps[0].clone()
        };
        inputs.insert(names.node(id).to_owned(), value);
    }
    let heads = Head::find(network, &model.document.data, &Preprocessing::default());
    let outputs: Vec<Value> = heads
        .iter()
        .map(|head| {
            let last = steps(&network.nodes[&head.prediction].name).pop().unwrap();
            let rows: Vec<Vec<f64>> = serde_json::from_value(last).unwrap();
            let rows = rows.into_iter().map(|row| match (head.kind.takes(), head.kind.task()) {
                (Takes::Logits, Task::BinaryClassification) => {
                    row.iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect()
                }
                (Takes::Logits, Task::Classification | Task::Regression) => {
                    let sum: f64 = row.iter().map(|z| z.exp()).sum();
                    row.iter().map(|z| z.exp() / sum).collect()
                }
                (Takes::Numbers | Takes::Probabilities, _) => row,
            });
            json!(rows.collect::<Vec<Vec<f64>>>())
        })
        // A function without a loss ends at its roots.
        .chain(network.roots.iter().map(|root| steps(&network.nodes[root].name).pop().unwrap()))
        .collect();
    fs::write(case.join("case.json"), json!({ "inputs": inputs, "outputs": outputs }).to_string()).unwrap();
}

#[test]
fn onnx_models_give_what_shipped_models_do_from_raw_rows_where_there_are_some() {
    let name = "onnx_models_give_what_shipped_models_do_from_raw_rows_where_there_are_some";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut n_raw = 0;
    for entry in fs::read_dir(root().join("saved_models")).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|e| e == "ron")) else {
            continue;
        };
        let model = read_model(&path).unwrap();
        let case = folder.path().join(name);
        let mut data = model.document.network.nodes.values().filter_map(|node| node.kind.data());
        if data.all(|data| data.rows.is_some()) {
            pass_case(&case, &model, &path);
        } else if let Some(data) = model.document.data.path.as_deref().and_then(Path::file_name) {
            n_raw += 1;
            // Weights that have learned something, with what was fitted for them.
            let trained = folder.path().join(path.file_name().unwrap());
            let arguments = ["train", &path.to_string_lossy(), "--epochs", "2"];
            output_of(vastavirta(&arguments).args(["--out", &trained.to_string_lossy()]));
            raw_rows_case(&case, &trained, &root().join("assets").join(data));
        }
    }
    assert!(n_raw > 3, "{n_raw} models with data");
    assert_agree(&python, folder.path());
}

#[test]
fn onnx_models_compute_what_random_networks_do() {
    let Some(python) = python_with("onnx_models_compute_what_random_networks_do", LIBRARIES) else { return };
    let folder = tempfile::tempdir().unwrap();
    let n_networks = std::env::var("VASTAVIRTA_NETWORKS").map_or(20, |n| n.parse().unwrap());
    for seed in 0..n_networks {
        let path = folder.path().join(format!("{seed:03}.ron"));
        let model = random_model(seed);
        write_model(&path, &model).unwrap();
        pass_case(&folder.path().join(format!("random_{seed:03}")), &model, &path);
    }
    assert_agree(&python, folder.path());
}

#[test]
fn hostile_names_stay_within_an_onnx_model_and_same_models_give_same_bytes() {
    let name = "hostile_names_stay_within_an_onnx_model_and_same_models_give_same_bytes";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut model = read_model(&root().join("saved_models/mazur.ron")).unwrap();
    let hostile =
        ["\"\"\"\nimport os", "../../x", "*/ int", "Päästöt (g/km)", "\u{202e}evil", "lambda", "</svg>"];
    for (node, name) in model.document.network.nodes.values_mut().zip(hostile) {
        node.name = name.to_owned();
    }
    let path = folder.path().join("hostile.ron");
    write_model(&path, &model).unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    pass_case(&one, &model, &path);
    pass_case(&two, &model, &path);
    assert_eq!(fs::read(one.join("model.onnx")).unwrap(), fs::read(two.join("model.onnx")).unwrap());
    assert_agree(&python, folder.path());
}
