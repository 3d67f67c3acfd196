//! Exports keep to their folder and stay what they are whatever things are called: nodes, tensors, columns,
//! classes, the model, its data and the folders on the way to them.
//!
//! Must not know how they are written: Python runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use vastavirta::export::WRITERS;
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::{
    Builder, DataNode, DenseNode, LossKind, LossNode, NodeKind, Operation, TensorNode,
};

use crate::onnx;
use crate::support::{output_of, python_with, vastavirta};

/// Names that would leave their string, their comment, their line or their folder.
const HOSTILE: [&str; 8] = [
    "\"\"\"\nimport os; os.remove('x')",
    "*/ ' \\",
    "../../evil",
    "# {x} %(y)s",
    "läpinäkyvä \u{202e}nimi",
    "lambda",
    "Z1",
    "self",
];

/// The same of columns: three that are read, and the classes.
const COLUMNS: [&str; 4] = ["\"\"\"\nimport os", "*/ ' \\{x} @NODES@", "../../evil", "cla\"ss\\\n#"];

/// The name of a model file.
const MODEL: &str = "x'\"\"\"; import os #.ron";

/// A drawing in which everything has a hostile name.
fn hostile_model() -> ModelFile {
    let mut builder = Builder::new();
    let input = builder.named(HOSTILE[0], NodeKind::Input(DataNode::new(2)), &[]);
    builder.rows(input, vec![vec![0.5, -1.0], vec![1.5, 2.0]]);
    let mut last = input;
    for name in &HOSTILE[1..6] {
        last = builder.named(name, NodeKind::Dense(DenseNode::new(2)), &[last]);
    }
    let target = builder.named(HOSTILE[6], NodeKind::Target(DataNode::new(2)), &[]);
    builder.rows(target, vec![vec![0.0, 1.0], vec![1.0, 0.5]]);
    builder.named(HOSTILE[7], NodeKind::Loss(LossNode::new(LossKind::Mse)), &[last, target]);
    let mut model = ModelFile::default();
    model.document.network = builder.finish();
    model.document.parameters = model.document.network.initialize(3);
    model
}

/// A drawing in which tensors that learn and free operations have hostile names, one as long as names may
/// be.
fn hostile_tensors() -> ModelFile {
    let long = "pitkä nimi".repeat(20);
    let mut builder = Builder::new();
    let input = builder.named("N", NodeKind::Input(DataNode::new(2)), &[]);
    builder.rows(input, vec![vec![0.5, -1.0], vec![1.5, 2.0]]);
    let mut tensor = |name: &str, shape: &[usize]| {
        let values = (0..shape.iter().product()).map(|at: usize| 0.75 - 0.25 * at as f64).collect();
        let mut tensor = TensorNode::new(shape, values);
        tensor.requires_grad = true;
        builder.named(name, NodeKind::Tensor(tensor), &[])
    };
    let matrix = tensor("\"\"\"}]) $$ \\end{document} \u{1b}[2J", &[2, 2]);
    let vector = tensor("loss\r\n*/ -->", &[2]);
    let product = builder.named(&long, NodeKind::Operation(Operation::MatMul), &[input, matrix]);
    let sum = builder.named("np", NodeKind::Add, &[product, vector]);
    let squared = builder.named("__init__", NodeKind::Operation(Operation::Pow { exponent: 2.0 }), &[sum]);
    let target = builder.named("SAMPLES", NodeKind::Target(DataNode::new(2)), &[]);
    builder.rows(target, vec![vec![0.0, 1.0], vec![1.0, 0.5]]);
    builder.named("W1", NodeKind::Loss(LossNode::new(LossKind::Mse)), &[squared, target]);
    let mut model = ModelFile::default();
    model.document.network = builder.finish();
    model.document.parameters = model.document.network.initialize(3);
    model
}

/// A model that `new` makes of a file whose name, folder, columns and classes are hostile.
fn hostile_columns(inner: &Path) -> PathBuf {
    let folder = inner.join("d'#\"\"\" {x}\\*\n\\end{document} $$ -->");
    fs::create_dir(&folder).unwrap();
    let data = folder.join("%(y)s @PREDICTIONS@ \"ä\\\nevil.csv");
    let long = "pitkä 'nimi\" ".repeat(10);
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let classes = ["\"\"\" %(y)s {x}\n*/\\\"", "../a", "Läpi $$ \\end{document} -->"].map(quoted);
    let mut text =
        COLUMNS.iter().copied().chain([long.trim()]).map(quoted).collect::<Vec<_>>().join(",") + "\n";
    for row in 0_i32..12 {
        let class = &classes[row as usize % 3];
        let line = format!("{row}.5,{},{},{class},{}\n", row * row % 7, 5 - row, row * 5 % 3);
        text.push_str(&line);
    }
    fs::write(&data, text).unwrap();
    let path = inner.join(MODEL);
    let arguments = ["--target", COLUMNS[3], "--hidden", "2", "--out", &path.to_string_lossy()];
    output_of(&mut vastavirta(&[&["new", "--data", &data.to_string_lossy()][..], &arguments].concat()));
    path
}

#[test]
fn hostile_names_stay_names_in_every_form() {
    let name = "hostile_names_stay_names_in_every_form";
    let Some(python) = python_with(name, "marimo, numpy, pandas, ruff, safetensors, torch") else { return };
    for model in [hostile_model(), hostile_tensors()] {
        assert_stays_inside(&python, |inner| {
            let path = inner.join(MODEL);
            write_model(&path, &model).unwrap();
            path
        });
    }
}

#[test]
fn hostile_columns_classes_and_paths_stay_names_in_every_form() {
    let name = "hostile_columns_classes_and_paths_stay_names_in_every_form";
    let Some(python) = python_with(name, "marimo, numpy, pandas, ruff, safetensors, torch") else { return };
    assert_stays_inside(&python, hostile_columns);
    let home = tempfile::tempdir().unwrap();
    let path = hostile_columns(home.path());
    let document = read_model(&path).unwrap().document;
    let columns: Vec<&str> = document.data.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns[..4], COLUMNS);
}

#[test]
fn an_onnx_model_of_hostile_columns_takes_raw_rows() {
    let name = "an_onnx_model_of_hostile_columns_takes_raw_rows";
    let Some(python) = python_with(name, onnx::LIBRARIES) else { return };
    let home = tempfile::tempdir().unwrap();
    let path = hostile_columns(home.path());
    let data = path.with_file_name(read_model(&path).unwrap().document.data.path.unwrap());
    let cases = home.path().join("cases");
    fs::create_dir(&cases).unwrap();
    onnx::raw_rows_case(&cases.join("hostile"), &path, &data);
    onnx::assert_agree(&python, &cases);
}

/// Writes the model that is put into a folder in every form, runs what was written, and looks for what it left
/// elsewhere.
fn assert_stays_inside(python: &Path, put: impl FnOnce(&Path) -> PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let inner = home.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let path = put(&inner);
    for writer in WRITERS {
        let out = inner.join(writer.slug);
        let arguments =
            ["export", &path.to_string_lossy(), "--to", writer.slug, "--out", &out.to_string_lossy()];
        output_of(&mut vastavirta(&arguments));
        let again = inner.join(format!("{}_again", writer.slug));
        let arguments =
            ["export", &path.to_string_lossy(), "--to", writer.slug, "--out", &again.to_string_lossy()];
        output_of(&mut vastavirta(&arguments));
        assert_eq!(bytes_of(&out), bytes_of(&again), "{}: same model, same bytes", writer.slug);
    }
    let in_folder = |arguments: &[&str]| {
        let mut command = Command::new(python);
        output_of(
            command.args(arguments).current_dir(&inner).env("OMP_NUM_THREADS", "1").stdin(Stdio::null()),
        )
    };
    fs::rename(inner.join("numpy"), inner.join("by_hand.py")).unwrap();
    fs::rename(inner.join("marimo"), inner.join("notebook.py")).unwrap();
    let said = in_folder(&["by_hand.py"]);
    assert!(said.contains("agree"), "{said}\n{}", fs::read_to_string(inner.join("by_hand.py")).unwrap());
    in_folder(&["notebook.py"]);
    let said = in_folder(&["pytorch/train.py", "--epochs", "1"]);
    assert!(said.contains("train_loss"), "{said}");
    let written =
        in_folder(&["-m", "ruff", "format", "--check", "--isolated", "by_hand.py", "notebook.py", "pytorch"]);
    assert!(written.contains("already formatted"), "{written}");
    let left: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["inner"]);
}

/// The bytes of a file, or of all files of a folder in order.
fn bytes_of(path: &Path) -> Vec<u8> {
    if path.is_file() {
        return fs::read(path).unwrap();
    }
    let mut files: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|path| fs::read(path).unwrap()).collect()
}
