//! The printed lines of a pass are right: NumPy runs them to the program's numbers, in every convention, and
//! the typesetter of the screen takes the LaTeX.
//!
//! Must not know any op. `VASTAVIRTA_RANDOM_NETWORKS` says how many random networks (20).

use std::process::Command;

use serde_json::{Value, json};
use vastavirta::explain::print::{
    BiasStyle, Convention, Layout, NUMPY_PRELUDE, NameStyle, Names, Product, ReductionPlace, latex, numpy,
};
use vastavirta::explain::{Definitions, Tensor, backward_lines, forward_lines};
use vastavirta::files::ModelFile;
use vastavirta::train::{Mode, Pass, Values};

use crate::explained::{first_rows, session, shipped};
use crate::random_networks::random_model;
use crate::support::{python, root};

fn conventions() -> Vec<Convention> {
    let mut all = Vec::new();
    for layout in [Layout::PyTorch, Layout::NumPy, Layout::Columns] {
        for reduction in [ReductionPlace::Loss, ReductionPlace::Parameters] {
            for bias in [BiasStyle::Apart, BiasStyle::Ones] {
                let names = if bias == BiasStyle::Apart { NameStyle::Layer } else { NameStyle::Node };
                all.push(Convention { layout, names, reduction, bias });
            }
        }
    }
    all
}

fn stored(values: &Values) -> Value {
    json!({"shape": values.shape(), "data": values.data()})
}

/// The lines of one pass in a convention, with what they start from and what they must give.
fn printed(name: &str, model: &ModelFile, pass: &Pass, convention: Convention) -> Value {
    let network = &model.document.network;
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &shapes);
    let names = Names::new(&definitions, convention.names);
    let product = if convention.layout == Layout::NumPy { Product::Dot } else { Product::At };
    let forward = forward_lines(&definitions, convention);
    let backward = backward_lines(&definitions, convention);
    let lines: Vec<String> = forward
        .iter()
        .chain(&backward)
        .map(|line| {
            let rank = |leaf: &Tensor| convention.sizes(&definitions, *leaf).len();
            let code = numpy(&line.expression, product, &|leaf: &Tensor| names.code(*leaf), &rank);
            format!("{} = {code}", names.code(line.tensor))
        })
        .collect();
    let (mut givens, mut expected) = (serde_json::Map::new(), serde_json::Map::new());
    for line in forward.iter().chain(&backward) {
        // A frozen parameter has no gradient to compare with.
        if let Some(values) = convention.shown(&definitions, line.tensor, pass) {
            expected.insert(names.code(line.tensor), stored(&values));
        }
    }
    for line in forward.iter().chain(&backward) {
        line.expression.for_each_leaf(&mut |leaf| {
            let code = names.code(*leaf);
            let is_made = forward.iter().chain(&backward).any(|line| line.tensor == *leaf);
            if !is_made {
                let values = convention.shown(&definitions, *leaf, pass);
                givens.insert(code, stored(&values.unwrap_or_else(|| panic!("{name}: no {leaf:?}"))));
            }
        });
    }
    json!({
        "name": format!("{name}, {convention:?}"), "prelude": NUMPY_PRELUDE, "n": pass.rows.len(),
        "givens": givens, "lines": lines, "expected": expected,
    })
}

#[test]
fn numpy_runs_the_lines_of_a_pass_to_its_numbers() {
    let Some(python) = python("numpy_runs_the_lines_of_a_pass_to_its_numbers") else { return };
    let mut runs = Vec::new();
    let mut add = |name: &str, model: &ModelFile| {
        let mut session = session::<f64>(model);
        let rows = first_rows(&session, 5);
        let pass = session.pass_on(&rows, Mode::Train);
        for convention in conventions() {
            runs.push(printed(name, model, &pass, convention));
        }
    };
    for (name, model) in shipped() {
        add(name, &model);
    }
    let n_random =
        std::env::var("VASTAVIRTA_RANDOM_NETWORKS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    for seed in 0..n_random {
        add(&format!("random {seed}"), &random_model(seed));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passes.json");
    std::fs::write(&path, serde_json::to_vec(&runs).unwrap()).unwrap();
    let output =
        Command::new(python).arg(root().join("tests/interop/run_lines.py")).arg(path).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_typesetter_takes_every_line() {
    let models = shipped().into_iter().map(|(_, model)| model).chain((0..20).map(random_model));
    for model in models {
        let network = &model.document.network;
        let shapes = network.infer_shapes().0;
        let definitions = Definitions::new(network, &shapes);
        for convention in conventions() {
            let names = Names::new(&definitions, convention.names);
            let lines = forward_lines(&definitions, convention);
            for line in lines.into_iter().chain(backward_lines(&definitions, convention)) {
                let is_scalar = |leaf: &Tensor| definitions.sizes(*leaf).is_empty();
                let right = latex(&line.expression, &|leaf: &Tensor| names.latex(*leaf), &is_scalar, None);
                let text = format!("{} = {right}", names.latex(line.tensor));
                let parsed = ratex_parser::parse(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
                let laid_out = ratex_layout::layout(&parsed, &ratex_layout::LayoutOptions::default());
                assert!(laid_out.width > 0.0, "{text}");
            }
        }
    }
}
