//! Exported projects read every kind of file as the program does, and are what linters like.
//!
//! Must not know how they are written: Python runs them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use vastavirta::document::{ClipSettings, OptimizerSettings};
use vastavirta::export::Identifiers;
use vastavirta::files::{EXAMPLES, ModelFile, read_model, write_model};
use vastavirta::network::{Builder, LossKind};

use crate::export::is_refused_for_its_root;
use crate::support::{output_of, python_with, root, vastavirta};

const LIBRARIES: &str = "numpy, pandas, safetensors, torch";

/// Exports a model as a PyTorch project with the numbers of its Inputs and Targets.
fn export_project(home: &Path, name: &str, model: &Path) -> PathBuf {
    let folder = home.join(name);
    let (path, out) = (model.to_string_lossy(), folder.to_string_lossy());
    output_of(&mut vastavirta(&["export", &path, "--to", "pytorch", "--out", &out]));
    let document = read_model(model).unwrap().document;
    let names = Identifiers::of(&document.network);
    let nodes: BTreeMap<&str, &str> =
        document.network.nodes.iter().map(|(&id, node)| (names.node(id), node.name.as_str())).collect();
    fs::write(folder.join("names.json"), serde_json::json!({ "nodes": nodes }).to_string()).unwrap();
    fs::write(folder.join("grad.json"), output_of(&mut vastavirta(&["grad", &path, "--json"]))).unwrap();
    folder
}

/// A model for a CSV file that predicts its last column.
fn model_for(data: &Path, out: &Path) -> bool {
    let inspected = vastavirta(&["inspect", &data.to_string_lossy(), "--json"]).output().unwrap();
    let inspected: serde_json::Value = serde_json::from_slice(&inspected.stdout).unwrap();
    let columns = inspected["columns"].as_array().unwrap();
    let Some(target) = columns.iter().rfind(|column| column["kind"] == "number") else { return false };
    let target = target["name"].as_str().unwrap();
    let (data, out) = (data.to_string_lossy(), out.to_string_lossy());
    let arguments = ["new", "--data", &data, "--target", target, "--hidden", "2", "--out", &out];
    vastavirta(&arguments).output().unwrap().status.success()
}

#[test]
fn projects_read_a_file_as_the_program_does() {
    let Some(python) = python_with("projects_read_a_file_as_the_program_does", LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut projects = Vec::new();
    for model in ["auto_mpg", "iris", "sine_rnn", "digits"] {
        projects.push(export_project(home.path(), model, &root().join(format!("saved_models/{model}.ron"))));
    }
    let tables = [
        "numbers-with-affixes",
        "almost-numeric-column",
        "lines-around-the-table",
        "missing-value-tokens",
        "thousands-comma-taken-as-decimal",
        "whitespace-delimited",
        "file-tails-and-hints",
    ];
    for folder in tables {
        let files = fs::read_dir(root().join("tests/cases/tables").join(folder)).unwrap();
        for path in files.map(|entry| entry.unwrap().path()) {
            let name = format!("{folder}_{}", path.file_stem().unwrap().to_string_lossy());
            let model = home.path().join(&name).with_extension("ron");
            if model_for(&path, &model) {
                projects.push(export_project(home.path(), &name, &model));
            }
        }
    }
    assert!(projects.len() > 20, "{}", projects.len());
    let script = root().join("tests/interop/prepared.py");
    let output = Command::new(&python).arg(script).args(&projects).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
}

#[test]
fn written_code_is_what_linters_like_and_says_where_it_comes_from() {
    let name = "written_code_is_what_linters_like_and_says_where_it_comes_from";
    let Some(python) = python_with(name, "ruff") else { return };
    let home = tempfile::tempdir().unwrap();
    for model in ["auto_mpg", "sine_rnn", "lstm_sine", "dag_skip", "iris"] {
        let path = root().join(format!("saved_models/{model}.ron"));
        let path = path.to_string_lossy();
        let folder = home.path().join(model);
        output_of(&mut vastavirta(&["export", &path, "--to", "pytorch", "--out", &folder.to_string_lossy()]));
        let file = folder.join("by_hand.py");
        output_of(&mut vastavirta(&["export", &path, "--to", "numpy", "--out", &file.to_string_lossy()]));
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "py") {
                let text = fs::read_to_string(&file).unwrap();
                let head: Vec<&str> = text.lines().take(2).collect();
                assert!(head[0].contains("Vastavirta 0."), "{head:?}");
                assert!(head[1].contains("Samples are rows") && head[1].contains("seed"), "{head:?}");
            }
        }
        let run_in = |folder: &Path, arguments: &[&str]| {
            output_of(Command::new(&python).arg("-m").args(arguments).current_dir(folder));
        };
        let run = |arguments: &[&str]| run_in(&folder, arguments);
        run(&["compileall", "-q", "."]);
        run(&["ruff", "check", "--isolated", "."]);
        run(&["ruff", "format", "--check", "--isolated", "."]);
        // Imports are in order wherever the check runs: in the project, or beside it.
        run(&["ruff", "check", "--extend-select", "I", "."]);
        run_in(home.path(), &["ruff", "check", "--extend-select", "I", model]);
    }
}

#[test]
fn a_model_without_data_and_one_that_is_all_frozen_export_and_run() {
    let name = "a_model_without_data_and_one_that_is_all_frozen_export_and_run";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut builder = Builder::new();
    let input = builder.input(2);
    let dense = builder.dense(input, 1);
    builder.dense(input, 3);
    let target = builder.target(1);
    builder.loss(LossKind::Mse, dense, target);
    let mut model = ModelFile::default();
    model.document.network = builder.finish();
    model.document.parameters = model.document.network.initialize(3);
    for is_frozen in [false, true] {
        for parameter in model.document.parameters.values_mut() {
            parameter.trainable = !is_frozen;
        }
        let path = home.path().join("m.ron");
        write_model(&path, &model).unwrap();
        let path = path.to_string_lossy();
        let folder = home.path().join(format!("frozen_{is_frozen}"));
        output_of(&mut vastavirta(&["export", &path, "--to", "pytorch", "--out", &folder.to_string_lossy()]));
        let file = folder.join("by_hand.py");
        output_of(&mut vastavirta(&["export", &path, "--to", "numpy", "--out", &file.to_string_lossy()]));
        fs::write(folder.join("d.csv"), "Input 1 1,Input 1 2,Target 1 1\n1,2,3\n2,0,1\n0,1,1\n").unwrap();
        let run = |arguments: &[&str]| {
            output_of(Command::new(&python).args(arguments).current_dir(&folder).stdin(Stdio::null()))
        };
        let said = run(&["train.py", "--epochs", "2", "--data", "d.csv"]);
        assert!(said.contains("epoch 2"), "{said}");
        run(&["by_hand.py"]);
        let refused = Command::new(&python).arg("train.py").current_dir(&folder).output().unwrap();
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--data"));
    }
}

/// Every optimizer with each of its settings in use.
fn optimizers() -> Vec<OptimizerSettings> {
    let sgd = |momentum, nesterov| OptimizerSettings::Sgd { momentum, nesterov, weight_decay: 0.01 };
    let rms_prop =
        |momentum| OptimizerSettings::RmsProp { alpha: 0.9, eps: 1e-8, weight_decay: 0.01, momentum };
    let all = vec![
        sgd(0.0, false),
        sgd(0.9, false),
        sgd(0.9, true),
        rms_prop(0.0),
        rms_prop(0.5),
        OptimizerSettings::Adagrad { eps: 1e-10, weight_decay: 0.01 },
        OptimizerSettings::Adam { beta1: 0.8, beta2: 0.99, eps: 1e-8, weight_decay: 0.01 },
        OptimizerSettings::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.1 },
    ];
    // The compiler asks for a new one here; it belongs into the list, too.
    let place = |optimizer: &OptimizerSettings| match optimizer {
        OptimizerSettings::Sgd { .. } => 0,
        OptimizerSettings::RmsProp { .. } => 1,
        OptimizerSettings::Adagrad { .. } => 2,
        OptimizerSettings::Adam { .. } => 3,
        OptimizerSettings::AdamW { .. } => 4,
    };
    assert_eq!(all.iter().map(place).collect::<BTreeSet<_>>().len(), 5);
    all
}

#[test]
fn each_optimizer_of_a_project_takes_the_steps_of_the_program_in_both_precisions() {
    let name = "each_optimizer_of_a_project_takes_the_steps_of_the_program_in_both_precisions";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    let clips =
        [ClipSettings::None, ClipSettings::Norm { max_norm: 0.3 }, ClipSettings::Value { clip_value: 0.02 }];
    let mut projects = Vec::new();
    for (at, optimizer) in optimizers().into_iter().enumerate() {
        let mut model = read_model(&root().join("saved_models/iris.ron")).unwrap();
        let training = &mut model.document.training;
        training.optimizer = optimizer;
        training.batch_size = 1_000_000;
        training.learning_rate = 0.02;
        training.clip = clips[at % clips.len()];
        let (path, folder) = (home.path().join(format!("{at}.ron")), home.path().join(at.to_string()));
        write_model(&path, &model).unwrap();
        let path = path.to_string_lossy();
        // Every other one has something to remember from two epochs here; five more on both sides.
        if at % 2 == 1 {
            output_of(&mut vastavirta(&["train", &path, "--epochs", "2", "--out", &path]));
        }
        output_of(&mut vastavirta(&["export", &path, "--to", "pytorch", "--out", &folder.to_string_lossy()]));
        let runs = ["f32", "f64"].map(|precision| {
            let arguments = ["train", &path, "--epochs", "5", "--precision", precision, "--json"];
            let losses = own_epochs(&output_of(&mut vastavirta(&arguments)));
            serde_json::json!([["--epochs", "5", "--precision", precision], losses])
        });
        fs::write(folder.join("runs.json"), serde_json::json!(runs).to_string()).unwrap();
        projects.push(folder);
    }
    let mut command = Command::new(&python);
    command.arg(root().join("tests/interop/trained.py")).args(&projects).env("OMP_NUM_THREADS", "1");
    let said = output_of(command.stdin(Stdio::null()));
    assert!(said.contains("compared 16 runs"), "{said}");
}

/// The losses of every epoch that `vastavirta train --json` printed, those of the two parts.
fn own_epochs(printed: &str) -> Vec<Vec<f64>> {
    let lines = printed.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let epochs = lines.filter(|line| line["done"] != true);
    let losses = |line: serde_json::Value| {
        ["train_loss", "val_loss"].into_iter().filter_map(|name| line[name].as_f64()).collect()
    };
    epochs.map(losses).collect()
}

#[test]
fn every_shipped_model_trains_in_its_project_with_no_other_file_at_hand() {
    let name = "every_shipped_model_trains_in_its_project_with_no_other_file_at_hand";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut projects = Vec::new();
    for (name, text) in EXAMPLES {
        // Alone in a folder, as somebody who only has the program would get it.
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        let path = folder.join("models").join(format!("{name}.ron"));
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        if is_refused_for_its_root(&read_model(&path).unwrap(), &path, "pytorch") {
            continue;
        }
        let project = folder.join("project");
        let (path, out) = (path.to_string_lossy().into_owned(), project.to_string_lossy().into_owned());
        output_of(&mut vastavirta(&["export", &path, "--to", "pytorch", "--out", &out]));
        fs::remove_dir_all(folder.join("models")).unwrap();
        fs::write(project.join("runs.json"), r#"[[["--epochs", "1"], null]]"#).unwrap();
        projects.push(project);
    }
    assert!(projects.len() > 10, "{projects:?}");
    let mut command = Command::new(&python);
    command.arg(root().join("tests/interop/trained.py")).args(&projects).env("OMP_NUM_THREADS", "1");
    let said = output_of(command.stdin(Stdio::null()));
    assert!(said.contains(&format!("compared {} runs", projects.len())), "{said}");
}
