//! What the window exports is in the window's convention, whichever of all that is, says so at its head, and
//! computes the same.
//!
//! Must not know how an export is written: Python runs it.

use std::fs;
use std::path::PathBuf;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{App, Command, ExportCommand, FileCommand, ViewCommand};
use vastavirta::explain::print::{BiasStyle, Convention, Layout, NameStyle, ReductionPlace};
use vastavirta::export::Writer;
use vastavirta::words::{Language, Words};

use crate::export_by_hand::run;
use crate::flows::{self, app, file};
use crate::support::{output_of, python_with, root, vastavirta};
use crate::window::{Drawn, drawn, labels, open, settle, window};

/// All that can be chosen.
fn conventions() -> Vec<Convention> {
    let mut all = Vec::new();
    for layout in [Layout::PyTorch, Layout::NumPy, Layout::Columns] {
        for names in [NameStyle::Node, NameStyle::Layer] {
            for reduction in [ReductionPlace::Loss, ReductionPlace::Parameters] {
                for bias in [BiasStyle::Apart, BiasStyle::Ones] {
                    all.push(Convention { layout, names, reduction, bias });
                }
            }
        }
    }
    all
}

/// The one file of an export as the window's preview shows it.
fn previewed(app: &mut App, convention: Convention, form: &str) -> String {
    app.dispatch(Command::View(ViewCommand::Convention(convention)));
    app.dispatch(Command::Export(ExportCommand::Preview(Writer::named(form).unwrap(), None)));
    flows::settle(app);
    let files = app.export_preview().unwrap().files.clone().unwrap().unwrap();
    String::from_utf8(files[0].bytes.clone()).unwrap()
}

fn opened(model: &str) -> App {
    let mut app = app();
    file(&mut app, FileCommand::Open(root().join(format!("saved_models/{model}.ron"))));
    app
}

#[test]
fn the_first_lines_say_the_convention_of_the_window() {
    let mut app = opened("mazur");
    for convention in conventions() {
        for form in ["numpy", "marimo", "latex", "markdown"] {
            let text = previewed(&mut app, convention, form);
            let head = text.lines().take(3).collect::<String>().replace('\\', "");
            // Where nobody chose one, code is written as the course does.
            let is_chosen = convention != Convention::default() || matches!(form, "latex" | "markdown");
            let layout = if is_chosen { convention.layout } else { Layout::NumPy };
            let lies = match layout {
                Layout::PyTorch => "Samples are rows, a weight is [out, in]",
                Layout::NumPy => "Samples are rows, a weight is [in, out]",
                Layout::Columns => "Samples are columns, a weight is [out, in]",
            };
            assert!(head.contains(lies), "{form}, {convention:?}: {head}");
            let has_ones = convention.bias == BiasStyle::Ones;
            assert_eq!(head.contains("a bias is the last"), has_ones, "{form}: {head}");
            let is_late = convention.reduction == ReductionPlace::Parameters;
            assert_eq!(head.contains("stands at the parameters"), is_late, "{form}: {head}");
        }
    }
}

#[test]
fn files_by_hand_compute_the_same_in_every_convention() {
    let name = "files_by_hand_compute_the_same_in_every_convention";
    let Some(python) = python_with(name, "marimo, numpy, torch") else { return };
    let home = tempfile::tempdir().unwrap();
    let (mut files, mut notebooks): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    for (model, every, rows) in
        [("mazur", 1, "0..1"), ("dag_skip", 1, "0..3"), ("iris", 5, "0..8"), ("sine_rnn", 5, "0..8")]
    {
        let path = root().join(format!("saved_models/{model}.ron"));
        let arguments = ["grad", &path.to_string_lossy(), "--rows", rows, "--precision", "f64", "--json"];
        let printed = output_of(&mut vastavirta(&arguments));
        let mut app = opened(model);
        for (at, convention) in conventions().into_iter().enumerate().filter(|(at, _)| at % every == 0) {
            let case = home.path().join(format!("{model}_{at}"));
            fs::create_dir(&case).unwrap();
            fs::write(case.join("network.py"), previewed(&mut app, convention, "numpy")).unwrap();
            let known = serde_json::json!({ "parameters": {}, "truncated": false });
            fs::write(case.join("names.json"), known.to_string()).unwrap();
            fs::write(case.join("grad.json"), &printed).unwrap();
            let notebook = home.path().join(format!("{model}_{at}.py"));
            fs::write(&notebook, previewed(&mut app, convention, "marimo")).unwrap();
            files.push(case);
            notebooks.push(notebook);
        }
    }
    let (said, agreed) = run(&python, "by_hand.py", &files);
    assert!(agreed, "{said}");
    let (said, agreed) = run(&python, "notebooks.py", &notebooks);
    assert!(agreed, "{said}");
}

/// The text of the preview.
fn shown(harness: &Drawn) -> String {
    labels(harness).into_iter().find(|text| text.starts_with("# iris, written by")).unwrap_or_default()
}

#[test]
fn the_preview_is_of_the_form_and_the_convention_that_are_chosen_and_paths_are_read_whole() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "iris");
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::E);
    settle(&mut harness);
    settle(&mut harness);
    assert!(shown(&harness).contains("class Network(nn.Module):"), "{}", shown(&harness));
    harness.get_by_label(&english("export-numpy")).click();
    settle(&mut harness);
    settle(&mut harness);
    let text = shown(&harness);
    assert!(text.contains("import numpy as np") && text.contains("a weight is [in, out]"), "{text}");
    harness.get_by_role_and_label(Role::ComboBox, &english("convention-layout")).click();
    harness.run_steps(4);
    harness.get_by_label_contains("z = W x + b").click();
    settle(&mut harness);
    settle(&mut harness);
    assert!(shown(&harness).contains("Samples are columns"), "{}", shown(&harness));
    let convention = window(&mut harness).app().convention();
    assert_eq!(convention, Convention::default(), "the window keeps its own");
    let label = english("export-folder");
    let field = harness.get_by_role_and_label(Role::TextInput, &label);
    assert!(field.rect().width() > 400.0, "{:?}", field.rect());
}

fn english(key: &str) -> String {
    Words::new(Language::English).text(key)
}
