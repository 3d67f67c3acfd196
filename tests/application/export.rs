//! Exported networks run elsewhere and compute the same numbers.
//!
//! Must not know how an export is written: Python runs it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use vastavirta::export::{Identifiers, pytorch, weights};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::Node;
use vastavirta::train::Precision;

use crate::random_networks::random_model;
use crate::support::{output_of, python_with, root, vastavirta};

/// What the written programs import.
pub(crate) const LIBRARIES: &str = "numpy, pandas, safetensors, torch";

/// Writes the module of a model into a folder, with its weights and the numbers that it must compute.
pub(crate) fn export_case(folder: &Path, model: &ModelFile, path: &Path) {
    fs::create_dir(folder).unwrap();
    let document = &model.document;
    let names = Identifiers::of(&document.network);
    let module = pytorch::model_py(&document.network, &document.parameters, &names, &[]);
    fs::write(folder.join("model.py"), module).unwrap();
    let parameters = document.network.parameter_specs();
    let bytes = weights::weights(&document.parameters, &names, Precision::F64);
    fs::write(folder.join("weights.safetensors"), bytes).unwrap();
    let nodes: BTreeMap<&str, &str> =
        document.network.nodes.iter().map(|(&id, node)| (names.node(id), node.name.as_str())).collect();
    let parameters: BTreeMap<&str, String> =
        parameters.iter().map(|spec| (spec.name.as_str(), names.state_dict_name(spec.key))).collect();
    let is_per_step = |node: &Node| node.kind.data().is_some_and(|data| data.per_step);
    let per_step: Vec<&str> = document
        .network
        .nodes
        .iter()
        .filter(|(_, node)| is_per_step(node))
        .map(|(&id, _)| names.node(id))
        .collect();
    let known = serde_json::json!({ "nodes": nodes, "parameters": parameters, "per_step": per_step });
    fs::write(folder.join("names.json"), known.to_string()).unwrap();
    let printed =
        output_of(&mut vastavirta(&["grad", &path.to_string_lossy(), "--precision", "f64", "--json"]));
    fs::write(folder.join("grad.json"), printed).unwrap();
}

/// Whether a model has no loss but a root of another kind: then a form that needs a loss refuses it by the
/// name of that root, and writes nothing.
pub(crate) fn is_refused_for_its_root(model: &ModelFile, path: &Path, form: &str) -> bool {
    let network = &model.document.network;
    let Some(root) = network.roots.first().and_then(|root| network.nodes.get(root)) else { return false };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("exported");
    let arguments = ["export", &path.to_string_lossy(), "--to", form, "--out", &out.to_string_lossy()];
    let output = vastavirta(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1), "{said}");
    assert!(said.contains(&format!("{} is a root without one", root.name)), "{said}");
    assert!(!out.exists());
    true
}

/// Lets PyTorch run all modules below a folder; gives what it says and whether all agreed.
pub(crate) fn run_modules(python: &Path, folder: &Path) -> (String, bool) {
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let script = root().join("tests/interop/exported.py");
    let output = Command::new(python).arg(script).args(cases).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.success())
}

#[test]
fn exported_modules_have_the_loss_and_the_gradients_of_shipped_models() {
    let Some(python) =
        python_with("exported_modules_have_the_loss_and_the_gradients_of_shipped_models", LIBRARIES)
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("saved_models")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ron") {
            continue;
        }
        let model = read_model(&path).unwrap();
        if !is_refused_for_its_root(&model, &path, "pytorch") {
            export_case(&folder.path().join(path.file_stem().unwrap()), &model, &path);
        }
    }
    let (said, agreed) = run_modules(&python, folder.path());
    assert!(agreed, "{said}");
}

#[test]
fn exported_modules_have_the_loss_and_the_gradients_of_random_networks() {
    let Some(python) =
        python_with("exported_modules_have_the_loss_and_the_gradients_of_random_networks", LIBRARIES)
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases");
    fs::create_dir(&cases).unwrap();
    let n_networks = std::env::var("VASTAVIRTA_NETWORKS").map_or(20, |n| n.parse().unwrap());
    for seed in 0..n_networks {
        let path = folder.path().join("model.ron");
        let model = random_model(seed);
        write_model(&path, &model).unwrap();
        export_case(&cases.join(format!("random_{seed:03}")), &model, &path);
    }
    let (said, agreed) = run_modules(&python, &cases);
    assert!(agreed, "{said}");
}

/// The losses of the last epoch that a written `train.py` printed.
pub(crate) fn printed_losses(said: &str) -> Vec<f64> {
    let last = said.lines().rfind(|line| line.starts_with("epoch ")).unwrap_or_else(|| panic!("{said}"));
    let number =
        |name: &str| last.split(&format!(" {name} ")).nth(1)?.split_whitespace().next()?.parse().ok();
    ["train_loss", "val_loss"].into_iter().filter_map(number).collect()
}

/// The same of `vastavirta train --json`.
pub(crate) fn own_losses(printed: &str) -> Vec<f64> {
    let mut lines = printed.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let last = lines.rfind(|line| line["done"] != true).unwrap();
    ["train_loss", "val_loss"].into_iter().filter_map(|name| last[name].as_f64()).collect()
}

pub(crate) fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, model: &str) {
    assert_eq!(found.len(), expected.len(), "{model}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance * expected.abs(), "{model}: {found} is not {expected}");
    }
}

#[test]
fn an_exported_project_trains_as_the_program_does_in_one_process_and_in_two() {
    let name = "an_exported_project_trains_as_the_program_does_in_one_process_and_in_two";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let folder = tempfile::tempdir().unwrap();
    for model in ["auto_mpg", "auto_mpg_fi", "iris", "digits", "sine_rnn", "xor"] {
        // The whole training part at once, so that no order of rows is left to chance.
        let path = folder.path().join(format!("{model}.ron"));
        let mut file = if model == "auto_mpg_fi" {
            let arguments = ["--target", "kulutus (mpg)", "--hidden", "8", "--out", &path.to_string_lossy()];
            let arguments = [&["new", "--data", "assets/auto_mpg_fi.csv"][..], &arguments].concat();
            output_of(&mut vastavirta(&arguments));
            read_model(&path).unwrap()
        } else {
            read_model(&root().join(format!("saved_models/{model}.ron"))).unwrap()
        };
        file.document.training.batch_size = 1_000_000;
        write_model(&path, &file).unwrap();
        let (path, out) = (path.to_string_lossy().into_owned(), folder.path().join(model));
        let expected = own_losses(&output_of(&mut vastavirta(&["train", &path, "--epochs", "5", "--json"])));
        output_of(&mut vastavirta(&["export", &path, "--to", "pytorch", "--out", &out.to_string_lossy()]));
        let train = |arguments: &[&str]| {
            let mut command = Command::new(&python);
            command.args(arguments).current_dir(&out).env("OMP_NUM_THREADS", "1").stdin(Stdio::null());
            printed_losses(&output_of(&mut command))
        };
        assert_close(&train(&["train.py", "--epochs", "5"]), &expected, 1e-4, model);
        if model == "auto_mpg" {
            let processes = ["-m", "torch.distributed.run", "--nproc_per_node=2", "train.py"];
            let two = train(&[&processes[..], &["--epochs", "5", "--device", "cpu"]].concat());
            assert_close(&two, &expected, 1e-4, "two processes");
            train(&["train.py", "--epochs", "3"]);
            let resumed = train(&["train.py", "--epochs", "5", "--resume"]);
            assert_close(&resumed, &expected, 1e-4, "stopped and resumed");
        }
    }
}
