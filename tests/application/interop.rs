//! `grad --json` is enough to rebuild a network elsewhere: PyTorch does so and finds the same numbers.
//!
//! Must not know the format itself: `tests/interop/rebuild.py` reads it.

use std::fs;
use std::path::Path;
use std::process::Command;

use vastavirta::files::write_model;

use crate::random_networks::random_model;
use crate::support::{output_of, python, root, vastavirta};

/// Lets PyTorch rebuild all runs printed into a folder; gives what it says and whether all agreed.
pub(crate) fn rebuild(python: &Path, folder: &Path) -> (String, bool) {
    let mut runs: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    runs.sort();
    assert!(!runs.is_empty());
    let output =
        Command::new(python).arg(root().join("tests/interop/rebuild.py")).args(runs).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.success())
}

/// The shipped models, by path.
fn shipped() -> Vec<String> {
    let folder = root().join("saved_models");
    let mut models: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    models.sort();
    models
}

#[test]
fn pytorch_rebuilds_every_shipped_model() {
    let Some(python) = python("pytorch_rebuilds_every_shipped_model") else { return };
    let folder = tempfile::tempdir().unwrap();
    for (number, model) in shipped().iter().enumerate() {
        for precision in ["f64", "f32"] {
            for mode in ["eval", "train"] {
                let printed = output_of(&mut vastavirta(&[
                    "grad",
                    model,
                    "--precision",
                    precision,
                    "--mode",
                    mode,
                    "--json",
                ]));
                fs::write(folder.path().join(format!("{number}-{precision}-{mode}.json")), printed).unwrap();
            }
        }
    }
    let (said, agreed) = rebuild(&python, folder.path());
    assert!(agreed, "{said}");
}

#[test]
fn pytorch_rebuilds_random_networks() {
    let Some(python) = python("pytorch_rebuilds_random_networks") else { return };
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model.ron");
    let runs = folder.path().join("runs");
    fs::create_dir(&runs).unwrap();
    for seed in 0..60 {
        write_model(&model, &random_model(seed)).unwrap();
        let mode = if seed % 2 == 0 { "train" } else { "eval" };
        let printed = output_of(&mut vastavirta(&[
            "grad",
            &model.to_string_lossy(),
            "--precision",
            "f64",
            "--mode",
            mode,
            "--json",
        ]));
        fs::write(runs.join(format!("{seed:02}-{mode}.json")), printed).unwrap();
    }
    let (said, agreed) = rebuild(&python, &runs);
    assert!(agreed, "{said}");
}

#[test]
fn the_reader_notices_one_wrong_digit() {
    let Some(python) = python("the_reader_notices_one_wrong_digit") else { return };
    let folder = tempfile::tempdir().unwrap();
    let printed =
        output_of(&mut vastavirta(&["grad", "saved_models/grad_w_2x3.ron", "--precision", "f64", "--json"]));
    let wrong = printed.replacen("0.3234", "0.3235", 1);
    assert_ne!(wrong, printed);
    fs::write(folder.path().join("wrong.json"), wrong).unwrap();
    let (said, agreed) = rebuild(&python, folder.path());
    assert!(!agreed && said.contains("weight"), "{said}");
}

#[test]
fn every_reference_value_has_the_recipe_that_made_it() {
    let folder = root().join("tests/reference");
    let written = ["recipes.py", "autograd.py"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    let recipes = written.concat();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let families = ["activation_", "loss_", "optimizer_"];
        let key = families.iter().find_map(|family| name.strip_prefix(family)).unwrap_or(name);
        assert!(recipes.contains(&format!("\"{key}\": ")), "{name}.json has no recipe");
    }
    let Some(python) = python("every_reference_value_has_the_recipe_that_made_it") else { return };
    output_of(Command::new(python).arg(folder.join("recipes.py")));
}
