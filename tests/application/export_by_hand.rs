//! Exported NumPy files and marimo notebooks run, and compute the program's own numbers.
//!
//! Must not know how they are written: Python runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vastavirta::explain::print::{Convention, Layout, NameStyle, Names};
use vastavirta::explain::{Definitions, Tensor};
use vastavirta::files::{ModelFile, read_model, write_model};

use crate::export::is_refused_for_its_root;
use crate::random_networks::random_model;
use crate::support::{output_of, python_with, root, vastavirta};

/// All shipped models.
fn shipped() -> Vec<PathBuf> {
    let files = fs::read_dir(root().join("saved_models")).unwrap().map(|entry| entry.unwrap().path());
    let mut models: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "ron")).collect();
    models.sort();
    models
}

/// Exports a model as NumPy in a convention, with the numbers that it must compute.
pub(crate) fn export_case(folder: &Path, model: &ModelFile, path: &Path, convention: &str) {
    fs::create_dir_all(folder).unwrap();
    let (path, file) = (path.to_string_lossy(), folder.join("network.py"));
    let file = file.to_string_lossy();
    output_of(&mut vastavirta(&[
        "export",
        &path,
        "--to",
        "numpy",
        "--convention",
        convention,
        "--out",
        &file,
    ]));
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let layout = match convention {
        "numpy" => Layout::NumPy,
        "textbook" => Layout::Columns,
        _ => Layout::PyTorch,
    };
    let names = Names::new(
        &definitions,
        Convention { layout, names: NameStyle::Layer, ..Convention::default() }.names,
    );
    let parameters: serde_json::Map<String, serde_json::Value> = network
        .parameter_specs()
        .into_iter()
        .map(|spec| {
            let grad = Tensor::ParameterGrad { key: spec.key, time_step: None, sample: None };
            (spec.name, serde_json::json!([names.code(Tensor::Parameter(spec.key)), names.code(grad)]))
        })
        .collect();
    let truncated = network.truncate.is_some_and(|k| k < network.n_steps);
    let known = serde_json::json!({ "parameters": parameters, "layout": convention, "truncated": truncated });
    fs::write(folder.join("names.json"), known.to_string()).unwrap();
    let printed = output_of(&mut vastavirta(&["grad", &path, "--precision", "f64", "--json"]));
    fs::write(folder.join("grad.json"), printed).unwrap();
}

/// Runs a script of `tests/interop` on files; gives what it says and whether all was well.
pub(crate) fn run(python: &Path, script: &str, files: &[PathBuf]) -> (String, bool) {
    let script = root().join("tests/interop").join(script);
    let output = Command::new(python).arg(script).args(files).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.success())
}

#[test]
fn numpy_files_have_the_loss_and_the_gradients_of_the_program() {
    let name = "numpy_files_have_the_loss_and_the_gradients_of_the_program";
    let Some(python) = python_with(name, "numpy") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    for path in shipped() {
        let model = read_model(&path).unwrap();
        if is_refused_for_its_root(&model, &path, "numpy") {
            continue;
        }
        let case = home.path().join(path.file_stem().unwrap());
        export_case(&case, &model, &path, "numpy");
        cases.push(case);
    }
    let n_networks = std::env::var("VASTAVIRTA_NETWORKS").map_or(20, |n| n.parse().unwrap());
    for seed in 0..n_networks {
        let path = home.path().join(format!("random_{seed}.ron"));
        let model = random_model(seed);
        write_model(&path, &model).unwrap();
        let case = home.path().join(format!("random_{seed}"));
        export_case(&case, &model, &path, ["numpy", "pytorch", "textbook"][seed as usize / 3 % 3]);
        cases.push(case);
    }
    let (said, agreed) = run(&python, "by_hand.py", &cases);
    assert!(agreed, "{said}");
}

#[test]
fn notebooks_agree_with_pytorch_and_pass_the_strict_check() {
    let name = "notebooks_agree_with_pytorch_and_pass_the_strict_check";
    let Some(python) = python_with(name, "marimo, numpy, torch, ruff") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut models = shipped();
    for seed in 0..4 {
        let path = home.path().join(format!("random_{seed}.ron"));
        write_model(&path, &random_model(seed)).unwrap();
        models.push(path);
    }
    let mut notebooks = Vec::new();
    for path in models {
        if is_refused_for_its_root(&read_model(&path).unwrap(), &path, "marimo") {
            continue;
        }
        let notebook = home.path().join(path.file_stem().unwrap()).with_extension("py");
        let (path, out) = (path.to_string_lossy(), notebook.to_string_lossy());
        output_of(&mut vastavirta(&["export", &path, "--to", "marimo", "--out", &out]));
        notebooks.push(notebook);
    }
    for arguments in [&["marimo", "check", "--strict"][..], &["ruff", "format", "--check", "--isolated"]] {
        output_of(Command::new(&python).arg("-m").args(arguments).args(&notebooks));
    }
    let (said, agreed) = run(&python, "notebooks.py", &notebooks);
    // A unit of a random network may be switched off: then its weight moves nothing.
    let idle = said.lines().filter(|line| line.contains("moves nothing") && !line.starts_with("random"));
    assert!(agreed && idle.count() == 0, "{said}");
}
