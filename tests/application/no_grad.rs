//! `no_grad` and constants: what is not recorded sends no gradient back and has none, in the numbers of a pass,
//! as a typed expression and back, as PyTorch code, in files, and on the canvas.

use std::fs;

use egui_kittest::kittest::Queryable;
use serde_json::Value;
use vastavirta::app::{Command, EditCommand, ViewCommand};
use vastavirta::data::{DataRequest, DataSettings, SplitSettings, prepare};
use vastavirta::document::{Document, TrainingSettings};
use vastavirta::explain::{Autograd, Definitions, Tensor};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::expression::{as_expression, torch_lines};
use vastavirta::network::{
    Activation, Builder, LossKind, Network, NodeId, ParameterKey, ParameterRole, ProblemKind, Severity, Stop,
};
use vastavirta::train::check_gradients;
use vastavirta::words::Language;

use crate::export::{LIBRARIES, export_case, run_modules};
use crate::export_by_hand;
use crate::expressions::{all, check_with_pytorch, drawn, fingerprint, grad, named, pass_of, random_texts};
use crate::support::{output_of, python_with, vastavirta};
use crate::{interop, window};

const BLOCK: &str =
    "x = [1, 2, 3]\nwith torch.no_grad():\n    h = x ** 2\n    k = sin(h) + 1\nf = sum(h * x / k)";

/// Whether a node's value has a gradient in a pass.
fn has_grad(document: &Document, name: &str) -> bool {
    let pass = pass_of(&document.network, &document.parameters);
    pass.node(named(&document.network, name), 0).unwrap().grad.is_some()
}

#[test]
fn what_is_computed_under_no_grad_is_a_constant_to_the_rest() {
    let document = drawn("x = [1, 2, 3]\nwith torch.no_grad():\n    h = x ** 2\nf = sum(h * x)");
    let network = &document.network;
    let pass = pass_of(network, &document.parameters);
    // d Σ h·x = h, as PyTorch gives it; recorded it would be 3·x².
    assert_eq!(grad(network, &pass, "x").unwrap(), [1.0, 4.0, 9.0]);
    let h = named(network, "h");
    assert!(pass.node(h, 0).unwrap().grad.is_none(), "it requires none");
    let shapes = network.infer_shapes().0;
    let kept = Autograd::new(network, &shapes, &document.parameters).of(h).cloned().unwrap();
    assert!(!kept.requires_grad && kept.is_leaf && kept.grad_fn.is_none() && kept.saved.is_empty());
    let definitions = Definitions::new(network, &shapes);
    assert_eq!(definitions.of(Tensor::Grad { node: h, time_step: 0 }), None);
    assert_eq!(network.cut_wires().into_values().collect::<Vec<_>>(), [Stop::NoGrad]);
    let is_told =
        |problem: &ProblemKind| matches!(problem, ProblemKind::GradientStops { node, .. } if node == "h");
    assert!(network.problems().iter().any(|problem| is_told(&problem.kind)));
    let data = prepare(None, &DataSettings::default(), &DataRequest::of(network), 1).unwrap();
    assert!(check_gradients(network, &document.parameters, &data, 1).unwrap().passes());
}

#[test]
fn a_block_is_typed_and_written_as_python_has_it() {
    for text in [
        BLOCK.to_owned(),
        "x = 2; y = 3\nwith no_grad(): h = x * y\ng = h * x\nwith torch.no_grad():\n  k = g + h\nf = k * y + g".to_owned(),
        // The same twice, once recorded.
        "x = 2\nwith torch.no_grad():\n    h = exp(x)\nf = exp(x) * h".to_owned(),
    ] {
        let first = drawn(&text);
        let count = |document: &Document| document.network.nodes.values().filter(|node| node.no_grad).count();
        let printed = as_expression(&first.network, &first.parameters, &all(&first.network));
        assert!(printed.contains("with torch.no_grad():\n    "), "{printed}");
        let again = drawn(&printed);
        assert_eq!(fingerprint(&first), fingerprint(&again), "{text}\n→\n{printed}");
        assert_eq!(count(&first), count(&again));
        let code = torch_lines(&first.network, &first.parameters, &all(&first.network)).join("\n");
        assert!(code.contains("with torch.no_grad():\n    "), "{code}");
    }
    for (text, column) in [("with x:\n    y = 2", 6), ("with torch.no_grad()\n    y = 2", 21)] {
        let error = vastavirta::network::expression::draw(text).unwrap_err();
        assert_eq!((error.line, error.column), (1, column), "{text}");
    }
}

#[test]
fn blocks_agree_with_pytorch() {
    let mut texts =
        vec![BLOCK.to_owned(), "x = 2\nwith torch.no_grad():\n    h = exp(x)\nf = exp(x) * h".to_owned()];
    // The first half of a random expression unrecorded, and used by a second one.
    for pair in random_texts().chunks(2) {
        let [a, b] = pair else { continue };
        let (a, given) = a.split_once("; ").unwrap();
        let b = b.split_once("; ").unwrap().0.replacen("f = ", "", 1);
        let a = a.replacen("f = ", "", 1);
        texts.push(format!("{given}\nwith torch.no_grad():\n    h = {a}\nf = h * ({b}) + ({a}) * sin(h)"));
    }
    check_with_pytorch("blocks_agree_with_pytorch", &texts);
}

#[test]
fn constants_have_no_gradient_and_what_depends_on_the_input_keeps_its_own() {
    let document = drawn("x = [1, 2, 3]; c = tensor([4, 5, 6]); k = c * 2; s = step(x); f = sum(x * k * s)");
    assert!(!has_grad(&document, "k") && !has_grad(&document, "c"));
    // Nothing passes a step, but what arrives there is seen.
    assert!(has_grad(&document, "s") && has_grad(&document, "x"));
    let network = &document.network;
    assert!(network.is_constant(named(network, "k")) && !network.is_constant(named(network, "s")));
    let pass = pass_of(network, &document.parameters);
    for node in pass.nodes.values() {
        for port in &node.ports {
            assert!(!network.is_constant(port.from) || port.grad.is_none());
        }
    }
}

/// A network whose first layer is computed under `no_grad`.
fn model() -> (ModelFile, NodeId) {
    let mut b = Builder::new();
    let x = b.input(3);
    b.rows(x, vec![vec![0.5, -1.0, 2.0], vec![1.5, 0.25, -0.75], vec![-0.5, 0.75, 1.25]]);
    let held = b.dense(x, 4);
    let act = b.activation(held, Activation::Tanh);
    b.no_grad(held);
    b.no_grad(act);
    let z = b.dense(act, 2);
    let p = b.activation(z, Activation::SOFTMAX);
    let target = b.target(2);
    b.rows(target, vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![1.0, 0.0]]);
    b.loss(LossKind::CrossEntropy, p, target);
    let network = b.finish();
    assert!(network.problems().iter().all(|problem| problem.severity < Severity::Error));
    let parameters = network.initialize(7);
    let training = TrainingSettings { batch_size: 3, ..TrainingSettings::default() };
    let mut document = Document { network, parameters, training, ..Document::default() };
    document.data.split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    (ModelFile { document, ..ModelFile::default() }, held)
}

#[test]
fn a_layer_under_no_grad_keeps_its_weights_in_the_program_and_in_every_export() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("held.ron");
    let (model, held) = model();
    write_model(&path, &model).unwrap();
    assert_eq!(read_model(&path).unwrap().document.network, model.document.network);
    let printed =
        output_of(&mut vastavirta(&["grad", &path.to_string_lossy(), "--precision", "f64", "--json"]));
    let json: Value = serde_json::from_str(&printed).unwrap();
    let grads: Vec<bool> =
        json["parameters"].as_array().unwrap().iter().map(|it| it["grad"].is_null()).collect();
    assert_eq!(grads, [true, true, false, false], "{printed}");
    let trained = home.path().join("trained.ron");
    output_of(&mut vastavirta(&[
        "train",
        &path.to_string_lossy(),
        "--epochs",
        "3",
        "--out",
        &trained.to_string_lossy(),
    ]));
    let trained = read_model(&trained).unwrap();
    let key = ParameterKey::Node(held, ParameterRole::Weight);
    assert_eq!(trained.document.parameters[&key].values, model.document.parameters[&key].values);
    assert_ne!(trained.document.parameters, model.document.parameters);

    let name = "a_layer_under_no_grad_keeps_its_weights_in_the_program_and_in_every_export";
    let Some(python) = python_with(name, LIBRARIES) else { return };
    let runs = home.path().join("runs");
    fs::create_dir(&runs).unwrap();
    fs::write(runs.join("held.json"), &printed).unwrap();
    let (said, agreed) = interop::rebuild(&python, &runs);
    assert!(agreed, "{said}");
    let cases = home.path().join("cases");
    fs::create_dir(&cases).unwrap();
    export_case(&cases.join("held"), &model, &path);
    let (said, agreed) = run_modules(&python, &cases);
    assert!(agreed, "{said}");
    let case = home.path().join("numpy");
    export_by_hand::export_case(&case, &model, &path, "numpy");
    let (said, agreed) = export_by_hand::run(&python, "by_hand.py", &[case]);
    assert!(agreed, "{said}");
}

#[test]
fn the_canvas_shows_what_is_not_recorded_and_the_inspector_switches_it() {
    let mut harness = window::drawn(Language::English, [1280.0, 800.0]);
    let app = window::window(&mut harness).app_mut();
    app.dispatch(Command::Edit(EditCommand::DrawExpression(
        "f = sum(h * x); h = x ** 2; x = [1, 2]".to_owned(),
    )));
    let h = named(&app.document().network, "h");
    app.dispatch(Command::View(ViewCommand::Select { nodes: vec![h], edges: Vec::new() }));
    harness.run_steps(3);
    window::settle(&mut harness);
    let says = |labels: &[String], part: &str| labels.iter().any(|label| label.contains(part));
    assert!(!says(&window::labels(&harness), "which records nothing"));
    harness.get_by_label("no_grad").click();
    harness.run_steps(3);
    window::settle(&mut harness);
    let network =
        |harness: &mut window::Drawn| -> Network { window::window(harness).app().document().network.clone() };
    assert!(network(&mut harness).nodes[&h].is_unrecorded());
    let labels = window::labels(&harness);
    assert!(says(&labels, "it is computed under no_grad, which records nothing"), "{labels:?}");
    assert!(says(&labels, "None: it is computed under no_grad"), "{labels:?}");
    window::window(&mut harness).app_mut().dispatch(Command::Edit(EditCommand::Undo));
    assert!(!network(&mut harness).nodes[&h].no_grad);
}
