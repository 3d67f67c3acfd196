//! The command line as a person or a script meets it: output, files and exit codes.
//!
//! Must not look inside the program. Reference values come from `tests/reference`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{output_of, root, vastavirta};

/// The program, speaking English whatever the terminal and the preferences say.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = vastavirta(arguments);
    command.env("VASTAVIRTA_CONFIG_DIR", root().join("target/no-preferences"));
    command.env("LC_ALL", "C");
    command
}

pub(crate) fn ran(arguments: &[&str]) -> String {
    output_of(&mut program(arguments))
}

pub(crate) fn failed(arguments: &[&str]) -> (i32, String) {
    let Output { status, stderr, .. } = program(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn grad(model: &str) -> Value {
    json(&ran(&["grad", model, "--json"]))
}

fn reference(name: &str) -> Value {
    json(&fs::read_to_string(root().join("tests/reference").join(name)).unwrap())
}

fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|entry| entry["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Every number of a nested list, in order.
fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap_or_else(|| panic!("{number} is no number"))],
    }
}

fn assert_close(found: &Value, expected: &Value, tolerance: f64, what: &str) {
    let (found, expected) = (flat(found), flat(expected));
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
    }
}

/// Compares a printed pass with a reference: parameters W1, b1, W2, … belong to Dense 1, Dense 2, …
fn assert_like_reference(pass: &Value, reference: &Value) {
    assert_close(&pass["loss"], &reference["values"]["loss"], 1e-10, "loss");
    for (letter, expected) in reference["gradients"].as_object().unwrap() {
        let (role, number) = letter.split_at(1);
        let role = if role == "W" { "weight" } else { "bias" };
        let name = format!("Dense {number}.{role}");
        let parameter = named(&pass["parameters"], &name);
        assert_close(&parameter["value"], &reference["parameters"][letter], 0.0, &name);
        if parameter["trainable"] == true {
            assert_close(&parameter["grad"], expected, 1e-10, &name);
        } else {
            assert!(parameter["grad"].is_null(), "{name} is frozen");
        }
    }
    let input = named(&pass["nodes"], "Input 1");
    assert_close(&input["grad"], &reference["input_gradients"]["x"], 1e-10, "the gradient of x");
}

#[test]
fn grad_of_the_course_page_gives_the_2x3_matrix() {
    let pass = grad("saved_models/grad_w_2x3.ron");
    let weight = named(&pass["parameters"], "Dense 1.weight");
    let expected = json("[[0.098, 0.196, 0.294], [0.1078, 0.2156, 0.3234]]");
    assert_close(&weight["grad"], &expected, 1e-9, "grad_W");
    assert_eq!(weight["shape"], json("[2, 3]"));
    assert_eq!(
        (&pass["mode"], &pass["precision"], &pass["rows"]),
        (&json("\"eval\""), &json("\"f64\""), &json("[0]"))
    );
    assert_like_reference(&pass, &reference("grad_w_2x3.json"));
}

#[test]
fn hand_examples_agree_with_pytorch() {
    for (model, name) in [
        ("saved_models/mazur.ron", "mazur_2_2_2.json"),
        ("saved_models/bce_2_3_1.ron", "bce_2_3_1_one_sample.json"),
        ("saved_models/dag_skip.ron", "dag_add_concat.json"),
    ] {
        assert_like_reference(&grad(model), &reference(name));
    }
}

#[test]
fn mazur_learns_as_on_his_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mazur.ron");
    let out = out.to_str().unwrap();
    let before = grad("saved_models/mazur.ron");
    assert_close(&before["loss"], &json("0.298371109"), 5e-10, "the loss");
    ran(&["train", "saved_models/mazur.ron", "--epochs", "1", "--out", out]);
    let after = grad(out);
    assert_close(&after["loss"], &json("0.291027774"), 5e-10, "the loss after one step");
    let expected = &reference("mazur_2_2_2.json")["weights_after_one_step"];
    for (letter, name) in [("W1", "Dense 1.weight"), ("W2", "Dense 2.weight")] {
        assert_close(&named(&after["parameters"], name)["value"], &expected[letter], 1e-12, name);
    }
    assert_close(
        &named(&after["parameters"], "Dense 1.bias")["value"],
        &json("[0.35, 0.35]"),
        0.0,
        "frozen b",
    );
}

#[test]
fn training_in_two_parts_is_training_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (half, whole, twice) = (path("half.ron"), path("whole.ron"), path("twice.ron"));
    ran(&["train", "saved_models/mazur.ron", "--epochs", "10", "--out", &whole]);
    ran(&["train", "saved_models/mazur.ron", "--epochs", "5", "--out", &half]);
    ran(&["train", &half, "--epochs", "5", "--out", &twice]);
    assert_eq!(grad(&whole)["parameters"], grad(&twice)["parameters"]);
}

#[test]
fn the_same_seed_gives_the_same_bits_twice() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, seed: &str| {
        let out = folder.path().join(name);
        let model = "saved_models/auto_mpg.ron";
        let out_arg = out.to_str().unwrap();
        let said = ran(&["train", model, "--epochs", "2", "--seed", seed, "--json", "--out", out_arg]);
        let lines: Vec<String> =
            said.lines().filter(|line| !line.contains("done")).map(str::to_owned).collect();
        (lines, fs::read(out).unwrap())
    };
    let (first, second, other) = (run("a.ron", "3"), run("b.ron", "3"), run("c.ron", "4"));
    assert!(first == second, "seed 3 gave two different runs");
    assert!(first.0 != other.0, "seeds 3 and 4 gave the same run");
}

#[test]
fn train_prints_one_object_a_line_and_leaves_the_model_alone() {
    let model = root().join("saved_models/iris.ron");
    let before = fs::read(&model).unwrap();
    let said = ran(&["train", "saved_models/iris.ron", "--epochs", "3", "--json"]);
    assert!(fs::read(&model).unwrap() == before);
    let lines: Vec<Value> = said.lines().map(json).collect();
    assert_eq!(lines.len(), 4);
    for (idx, line) in lines[..3].iter().enumerate() {
        assert_eq!(line["epoch"], idx + 1);
        assert!(line["train_loss"].is_number() && line["val_loss"].is_number());
        assert!(line["metrics"]["val_accuracy"].is_number() && line.get("done").is_none());
    }
    assert_eq!(lines[3]["done"], true);
    assert_eq!(lines[3]["reason"], "epochs");
    let said = ran(&["train", "saved_models/xor.ron", "--epochs", "1", "--json"]);
    let first = json(said.lines().next().unwrap());
    assert!(first["val_loss"].is_null() && first["metrics"]["val_accuracy"].is_null());
}

#[test]
fn every_shipped_model_passes_its_check() {
    for entry in fs::read_dir(root().join("saved_models")).unwrap() {
        let path = entry.unwrap().path();
        let said = ran(&["check", path.to_str().unwrap()]);
        assert!(said.contains("The gradient check passes"), "{said}");
        // It shows what cannot be learned.
        let is_refused = path.file_stem().unwrap() == "step_refused";
        let expected = if is_refused { "Warning at Loss of the step" } else { "no problems" };
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_model_with_a_problem_fails_its_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.ron");
    let text = fs::read_to_string(root().join("saved_models/mazur.ron")).unwrap();
    let edge = "            (id: 1, from: 1, to: 2, port: 0, delay: 0, initial: Zeros),\n";
    assert!(text.contains(edge));
    fs::write(&path, text.replace(edge, "")).unwrap();
    let output = program(&["check", path.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("Dense 1"), "{said}");
}

#[test]
fn a_trained_model_predicts_new_data_in_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (model, new, predicted) = (path("iris.ron"), path("new.csv"), path("p.csv"));
    ran(&["train", "saved_models/iris.ron", "--epochs", "30", "--out", &model]);
    // Other order, other separator, a decimal comma, no target, and one row that lacks a value.
    let text =
        "petal_width;petal_length;sepal_width;sepal_length\n0,2;1,4;3,5;5,1\n;1,4;3,5;5,1\n2,5;6,0;3,3;6,3\n";
    fs::write(&new, text).unwrap();
    ran(&["predict", &model, "--data", &new, "--out", &predicted]);
    let text = fs::read_to_string(&predicted).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    assert_eq!(lines[0], ["row", "species", "species=setosa", "species=versicolor", "species=virginica"]);
    assert_eq!(lines[1][..2], ["0", "setosa"]);
    assert_eq!(lines[2], ["1", "", "", "", ""]);
    assert_eq!(lines[3][..2], ["2", "virginica"]);
    assert!(lines[1][2].starts_with("0,"), "{text}");
    // Prediction and `grad` see the same network.
    let mpg = ran(&["predict", "saved_models/auto_mpg.ron", "--data", "assets/auto_mpg.csv"]);
    let mut lines = mpg.lines();
    assert_eq!(lines.next(), Some("row,mpg"));
    assert_eq!(lines.count(), 398);
}

#[test]
fn rows_are_chosen_by_number_or_range() {
    let one = json(&ran(&["grad", "saved_models/iris.ron", "--row", "7", "--json"]));
    let range = json(&ran(&["grad", "saved_models/iris.ron", "--rows", "6..9", "--json"]));
    assert_eq!((&one["rows"], &range["rows"]), (&json("[7]"), &json("[6, 7, 8]")));
    let input = |pass: &Value| named(&pass["nodes"], "Input 1")["output"].clone();
    assert_eq!(input(&one)[0], input(&range)[1]);
    assert_eq!(
        json(&ran(&["grad", "saved_models/iris.ron", "--json"]))["rows"].as_array().unwrap().len(),
        16
    );
    let f32 = json(&ran(&["grad", "saved_models/dag_skip.ron", "--precision", "f32", "--json"]));
    assert_close(&f32["loss"], &grad("saved_models/dag_skip.ron")["loss"], 1e-6, "the loss in f32");
    assert_ne!(f32["loss"], grad("saved_models/dag_skip.ron")["loss"]);
}

#[test]
fn failures_are_said_and_have_their_exit_codes() {
    let (code, said) = failed(&["train", "nowhere/model.ron"]);
    assert!(code == 1 && said.contains("nowhere/model.ron"), "{code}: {said}");
    let (code, said) = failed(&["grad", "saved_models/mazur.ron", "--row", "1", "--json"]);
    assert!(code == 2 && said.contains("row 1"), "{code}: {said}");
    let (code, said) = failed(&["train", "saved_models/iris.ron", "--out", "nowhere/out.ron"]);
    assert!(code == 2 && said.contains("nowhere/out.ron"), "{code}: {said}");
    let (code, said) = failed(&["train", "saved_models/iris.ron", "--data", "assets/xor.csv"]);
    assert!(code == 1 && said.contains("sepal_length"), "{code}: {said}");
    assert_eq!(failed(&["train"]).0, 2);
    assert_eq!(failed(&["predict", "saved_models/iris.ron"]).0, 2);
}

#[test]
fn a_damaged_model_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.ron");
    let text = fs::read_to_string(root().join("saved_models/grad_w_2x3.ron")).unwrap();
    for (from, to, expected) in [
        ("0.3 0.2 0.1", "0.3 NaN 0.1", "parameters[0].values[1][1]: NaN"),
        ("version: 1", "version: 12", "version 12"),
        ("        seed: 1,\n", "", "seed"),
        ("shape: [2, 3]", "shape: [3, 2]", "Dense 1.weight"),
        ("from: 4, to: 6", "from: 44, to: 6", "44"),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let (code, said) = failed(&["check", path.to_str().unwrap()]);
        assert!(code == 1 && said.contains(expected), "{expected}: {code}: {said}");
    }
}

#[test]
fn the_terminal_is_spoken_to_in_its_language() {
    let said = output_of(program(&["grad", "saved_models/mazur.ron"]).env("LC_ALL", "fi_FI.UTF-8"));
    assert!(said.contains("häviö = 0.29837"), "{said}");
    assert!(ran(&["grad", "saved_models/mazur.ron"]).contains("loss = 0.29837"));
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let mut child = program(&["train", "saved_models/xor.ron", "--json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn examples_train_from_any_directory_without_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("iris.ron");
    fs::copy(root().join("saved_models/iris.ron"), &copy).unwrap();
    let said =
        output_of(program(&["train", "iris.ron", "--epochs", "1"]).current_dir(Path::new(folder.path())));
    assert!(said.contains("epoch 1 of 1"), "{said}");
}
