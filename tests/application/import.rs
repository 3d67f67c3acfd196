//! Weights that were trained in PyTorch come home: the program predicts and judges as the module does.
//!
//! Must not know how weights are matched.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use vastavirta::app::{App, Command as AppCommand, EditCommand, FileCommand};
use vastavirta::export::{Identifiers, weights};
use vastavirta::files::{read_model, write_model};
use vastavirta::network::TypedRows;
use vastavirta::train::Precision;

use crate::support::{output_of, python_with, root, vastavirta};

const LIBRARIES: &str = "numpy, pandas, safetensors, torch";

/// What the module itself says of all rows: loss, metrics.
const JUDGE: &str = "\
import json, sys
import torch
from safetensors.torch import load_file
import data, train
from model import Network
data.load(None, torch.float64)
network = Network().double()
network.load_state_dict(load_file('trained.safetensors'))
loss, metrics = train.evaluate(network, data.all_rows())
print(json.dumps({'loss': loss, 'metrics': metrics}))
";

fn python_in(python: &Path, folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(python);
    output_of(command.args(arguments).current_dir(folder).env("OMP_NUM_THREADS", "1").stdin(Stdio::null()))
}

/// The numbers of a table, row by row, without the heading and the first column.
fn numbers(table: &str) -> Vec<f64> {
    table
        .lines()
        .skip(1)
        .flat_map(|line| line.split(',').skip(1))
        .filter_map(|cell| cell.parse().ok())
        .collect()
}

#[test]
fn weights_trained_in_pytorch_predict_the_same_at_home() {
    let name = "weights_trained_in_pytorch_predict_the_same_at_home";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    for (model, data) in [("iris", "iris.csv"), ("auto_mpg", "auto_mpg.csv")] {
        let mut file = read_model(&root().join(format!("saved_models/{model}.ron"))).unwrap();
        file.document.training.batch_size = 64;
        let (path, project) = (home.path().join(format!("{model}.ron")), home.path().join(model));
        write_model(&path, &file).unwrap();
        let path = path.to_string_lossy();
        output_of(&mut vastavirta(&[
            "export",
            &path,
            "--to",
            "pytorch",
            "--out",
            &project.to_string_lossy(),
        ]));
        python_in(&python, &project, &["train.py", "--epochs", "3"]);
        let trained = project.join("trained.safetensors");
        output_of(&mut vastavirta(&["import", &trained.to_string_lossy(), "--into", &path]));
        let data = root().join("assets").join(data);
        let data = data.to_string_lossy();
        let arguments =
            ["predict.py", "--weights", "trained.safetensors", "--precision", "f64", "--data", &data];
        let theirs = numbers(&python_in(&python, &project, &arguments));
        let ours = output_of(&mut vastavirta(&["predict", &path, "--data", &data, "--precision", "f64"]));
        let ours = numbers(&ours);
        assert!(
            ours.len() > 100 && ours.len() == theirs.len(),
            "{model}: {} and {}",
            ours.len(),
            theirs.len()
        );
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!((ours - theirs).abs() <= 1e-5 * ours.abs().max(1.0), "{model}: {ours} is not {theirs}");
        }
        let theirs: serde_json::Value =
            serde_json::from_str(&python_in(&python, &project, &["-c", JUDGE])).unwrap();
        let ours = output_of(&mut vastavirta(&["evaluate", &path, "--json", "--precision", "f64"]));
        let ours: serde_json::Value = serde_json::from_str(&ours).unwrap();
        let judged = std::iter::once(("loss", &theirs["loss"], &ours["loss"])).chain(
            theirs["metrics"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, theirs)| (name.as_str(), theirs, &ours["metrics"][name])),
        );
        for (name, theirs, ours) in judged {
            let (theirs, ours) = (theirs.as_f64().unwrap(), ours.as_f64().unwrap_or(f64::NAN));
            assert!(
                (ours - theirs).abs() <= 1e-6 * ours.abs().max(1.0),
                "{model} {name}: {ours} is not {theirs}"
            );
        }
    }
}

#[test]
fn an_nn_sequential_becomes_a_model_that_computes_the_same() {
    let name = "an_nn_sequential_becomes_a_model_that_computes_the_same";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    // The snippet as the help shows it is what is run here.
    let help = vastavirta(&["import", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let snippet: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.contains("import json"))
        .take_while(|line| !line.starts_with("Losses"))
        .collect();
    let snippet: Vec<&str> = snippet.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    let snippet = snippet.join("\n");
    let made = "\
import torch
from torch import nn
torch.manual_seed(3)
model = nn.Sequential(nn.Linear(4, 5), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(5, 3, bias=False), nn.GELU(),
                      nn.Linear(3, 2), nn.Tanh()).double().eval()
";
    let asked =
        "\nprint(json.dumps(model(torch.tensor([[1.0, -2.0, 0.5, 3.0]], dtype=torch.float64)).tolist()))\n";
    let printed = python_in(&python, home.path(), &["-c", &format!("{made}{snippet}{asked}")]);
    let expected: Vec<Vec<f64>> = serde_json::from_str(&printed).unwrap();
    let (description, path) = (home.path().join("model.json"), home.path().join("m.ron"));
    let arguments = ["import", "--new", &description.to_string_lossy(), "--out", &path.to_string_lossy()];
    output_of(&mut vastavirta(&arguments));
    let mut model = read_model(&path).unwrap();
    for node in model.document.network.nodes.values_mut() {
        let is_target = node.kind.is_target();
        if let Some(data) = node.kind.data_mut() {
            let row = if is_target { vec![0.0, 0.0] } else { vec![1.0, -2.0, 0.5, 3.0] };
            data.rows = Some(TypedRows { rows: vec![row] });
        }
    }
    write_model(&path, &model).unwrap();
    let printed = output_of(&mut vastavirta(&["grad", &path.to_string_lossy(), "--json"]));
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let last = printed["nodes"].as_array().unwrap().iter().rfind(|node| node["kind"] == "tanh").unwrap();
    for (found, expected) in last["output"][0].as_array().unwrap().iter().zip(&expected[0]) {
        assert!((found.as_f64().unwrap() - expected).abs() <= 1e-12, "{found} is not {expected}");
    }
}

#[test]
fn weights_that_do_not_fit_are_refused_by_name_and_change_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (xor, iris) = (root().join("saved_models/xor.ron"), root().join("saved_models/iris.ron"));
    let model = read_model(&iris).unwrap();
    let names = Identifiers::of(&model.document.network);
    let file = home.path().join("w.safetensors");
    fs::write(&file, weights::weights(&model.document.parameters, &names, Precision::F32)).unwrap();
    let copy = home.path().join("xor.ron");
    fs::copy(&xor, &copy).unwrap();
    let output =
        vastavirta(&["import", &file.to_string_lossy(), "--into", &copy.to_string_lossy()]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("dense_1.weight [16, 4] ≠ [4, 2]"), "{said}");
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&xor).unwrap());
    fs::write(&file, b"no weights").unwrap();
    let output =
        vastavirta(&["import", &file.to_string_lossy(), "--into", &copy.to_string_lossy()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(vastavirta(&["import", "w.safetensors"]).output().unwrap().status.code(), Some(2));
}

/// Waits until the application is no longer busy with a file.
fn settle(app: &mut App, done: impl Fn(&App) -> bool) {
    for _ in 0..2_000 {
        app.tick();
        if done(app) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("{:?}", app.notices());
}

#[test]
fn imported_weights_are_one_edit_that_can_be_undone() {
    let home = tempfile::tempdir().unwrap();
    let mut app = App::new(std::sync::Arc::new(|| {}));
    app.dispatch(AppCommand::File(FileCommand::OpenExample("xor".to_owned())));
    settle(&mut app, |app| !app.document().network.nodes.is_empty());
    let before = app.document().parameters.clone();
    let mut other = before.clone();
    for parameter in other.values_mut() {
        parameter.values = std::sync::Arc::new(parameter.values.iter().map(|value| value + 1.0).collect());
    }
    let names = Identifiers::of(&app.document().network);
    let file = home.path().join("w.safetensors");
    fs::write(&file, weights::weights(&other, &names, Precision::F64)).unwrap();
    app.dispatch(AppCommand::File(FileCommand::ImportWeights(file)));
    settle(&mut app, |app| app.document().parameters == other);
    app.dispatch(AppCommand::Edit(EditCommand::Undo));
    assert_eq!(app.document().parameters, before);
}
