//! What PyTorch keeps: the function behind every operation and what it saved, `.grad` between calls, and the
//! section of the inspector that shows them.
//!
//! Reference values come from `tests/reference/autograd_*.json` (recipes: `recipes.py` beside them).

use std::collections::BTreeSet;

use egui_kittest::kittest::Queryable;
use serde_json::Value;
use vastavirta::app::{AutogradCommand, Command, EditCommand, GradientCommand, ViewCommand};
use vastavirta::document::Document;
use vastavirta::explain::{Autograd, Kept, Refusal};
use vastavirta::network::expression::numbers_as_text;
use vastavirta::network::{
    Builder, DenseNode, LossKind, LossNode, Network, NodeId, NodeKind, ParameterKey, ParameterRole,
    TensorNode,
};
use vastavirta::words::Language;

use crate::expressions::drawn;
use crate::flows;
use crate::support::root;
use crate::window;

fn reference(name: &str) -> Value {
    let path = root().join("tests/reference").join(format!("autograd_{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn named(network: &Network, name: &str) -> NodeId {
    network.nodes.iter().find(|(_, node)| node.name == name).map(|(&id, _)| id).unwrap()
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn shape(value: &Value) -> Vec<usize> {
    match value {
        Value::Array(parts) => std::iter::once(parts.len()).chain(shape(&parts[0])).collect(),
        _ => Vec::new(),
    }
}

/// The same as the recipes write it, for a batch of `n`.
fn as_json(kept: &Kept, n: usize) -> Value {
    let saved = kept.saved.iter();
    let saved = saved.map(|saved| (saved.name.to_owned(), serde_json::json!(saved.shape.concrete(n))));
    let saved: serde_json::Map<String, Value> = saved.collect();
    serde_json::json!({
        "requires_grad": kept.requires_grad, "is_leaf": kept.is_leaf, "grad_fn": kept.grad_fn, "saved": saved,
    })
}

fn assert_same(kept: &Kept, expected: &Value, what: &str) {
    let found = as_json(kept, 2);
    for field in ["requires_grad", "is_leaf", "grad_fn", "saved"] {
        assert_eq!(found[field], expected[field], "{what}: {field}");
    }
}

fn of(document: &Document) -> Autograd {
    let network = &document.network;
    Autograd::new(network, &network.infer_shapes().0, &document.parameters)
}

/// Gives a tensor other sizes, and a gradient or none.
fn set_tensor(document: &mut Document, name: &str, tensor: TensorNode) {
    let Some((&id, node)) = document.network.nodes.iter_mut().find(|(_, node)| node.name == name) else {
        return;
    };
    let key = ParameterKey::Node(id, ParameterRole::Value);
    document.parameters.get_mut(&key).unwrap().trainable = tensor.requires_grad;
    node.kind = NodeKind::Tensor(tensor);
}

/// A node of a kind after an Input of rows, or a loss of tensors, under the recipe's name.
fn node(name: &str) -> (Network, NodeId) {
    let mut b = Builder::new();
    let tensor = || NodeKind::Tensor(TensorNode::new(&[2, 3], vec![0.5; 6]));
    let id = match name {
        "dense" | "dense_without_bias" => {
            let x = b.input(3);
            let dense = DenseNode { bias: name == "dense", ..DenseNode::new(2) };
            b.node(NodeKind::Dense(dense), &[x])
        }
        "dropout" => {
            let x = b.node(tensor(), &[]);
            b.node(NodeKind::Dropout { p: 0.5 }, &[x])
        }
        loss => {
            let kind = LossKind::ALL.into_iter().find(|kind| kind.slug() == loss).unwrap();
            let (p, y) = (b.node(tensor(), &[]), b.node(tensor(), &[]));
            b.node(NodeKind::Loss(LossNode::new(kind)), &[p, y])
        }
    };
    (b.finish(), id)
}

#[test]
fn every_operation_has_pytorchs_function_and_saves_what_it_saves() {
    let file = reference("functions");
    let mut covered = BTreeSet::from(["tensor", "input", "target", "identity"]);
    for run in file["runs"].as_array().unwrap() {
        // More than two axes cannot be typed: such tensors get their sizes afterwards.
        let [x, y] = ["x", "y"].map(|name| match shape(&run[name]).len() {
            0..=2 => numbers_as_text(&shape(&run[name]), &flat(&run[name])),
            _ => "[1]".to_owned(),
        });
        let operation = run["text"].as_str().unwrap();
        let both = if operation.contains('y') { format!("; y = {y}") } else { String::new() };
        let mut document = drawn(&format!("f = {operation}; x = {x}{both}"));
        for (place, name) in ["x", "y"].into_iter().enumerate() {
            let requires_grad = run["requires_grad_of"][place].as_bool().unwrap();
            let tensor = TensorNode::new(&shape(&run[name]), flat(&run[name]));
            set_tensor(&mut document, name, TensorNode { requires_grad, ..tensor });
        }
        let f = named(&document.network, "f");
        covered.insert(document.network.nodes[&f].kind.slug());
        assert_same(of(&document).of(f).unwrap(), run, &format!("{operation} {}", run["requires_grad_of"]));
    }
    for (name, expected) in file["nodes"].as_object().unwrap() {
        let (network, id) = node(name);
        let parameters = network.initialize(1);
        covered.insert(network.nodes[&id].kind.slug());
        let document = Document { network, parameters, ..Document::default() };
        assert_same(of(&document).of(id).unwrap(), expected, name);
    }
    let missing: Vec<&str> =
        NodeKind::palette().iter().map(NodeKind::slug).filter(|slug| !covered.contains(slug)).collect();
    assert!(missing.is_empty(), "not compared with PyTorch: {missing:?}");
}

fn send(app: &mut vastavirta::app::App, command: AutogradCommand) {
    app.dispatch(Command::Gradient(GradientCommand::Autograd(command)));
}

#[test]
fn grads_add_up_and_are_forgotten_as_in_pytorch() {
    let mut app = flows::app();
    let text = "f = sum(h * y); h = x**2; x = [1.5, -2]; y = [1, -1]";
    flows::edit(&mut app, EditCommand::DrawExpression(text.to_owned()));
    flows::settle(&mut app);
    let [x, h, y] = ["x", "h", "y"].map(|name| named(&app.document().network, name));
    let constant = match &app.document().network.nodes[&y].kind {
        NodeKind::Tensor(tensor) => NodeKind::Tensor(tensor.clone().constant()),
        _ => unreachable!(),
    };
    flows::edit(&mut app, EditCommand::SetKind(y, constant));
    flows::settle(&mut app);
    let key = ParameterKey::Node(x, ParameterRole::Value);
    send(&mut app, AutogradCommand::RetainGrad(h, true));
    send(&mut app, AutogradCommand::RetainGraph(true));
    for step in reference("accumulation")["steps"].as_array().unwrap() {
        match step["call"].as_str().unwrap() {
            "before" => {}
            "backward" => send(&mut app, AutogradCommand::Backward),
            "forward, backward" => {
                send(&mut app, AutogradCommand::RetainGraph(false));
                send(&mut app, AutogradCommand::Forward);
                send(&mut app, AutogradCommand::Backward);
            }
            "refused" => {
                let before = app.grads().of_leaf(key).cloned();
                send(&mut app, AutogradCommand::Backward);
                assert_eq!(app.grads().refused(), Some(Refusal::Freed));
                assert_eq!(app.grads().of_leaf(key), before.as_ref(), "nothing was added");
                let said = step["said"].as_str().unwrap();
                assert_eq!(said, "Trying to backward through the graph a second time");
                continue;
            }
            _ => {
                send(&mut app, AutogradCommand::ZeroGrad);
                assert_eq!(app.grads().of_leaf(key), None, "zero_grad() leaves None");
                send(&mut app, AutogradCommand::Forward);
                send(&mut app, AutogradCommand::Backward);
            }
        }
        let found = [app.grads().of_leaf(key), app.grads().of_inner(h, 0)];
        for (found, name) in found.into_iter().zip(["x", "h"]) {
            let expected = (!step[name].is_null()).then(|| flat(&step[name]));
            assert_eq!(found.map(|values| values.data().to_vec()), expected, "{}: {name}", step["call"]);
        }
    }
    // A changed number is a new forward pass: leaves go on adding up.
    flows::edit(&mut app, EditCommand::SetParameterEntry { key, index: 0, value: 10.0 });
    flows::settle(&mut app);
    send(&mut app, AutogradCommand::Backward);
    assert_eq!(app.grads().refused(), None);
    assert_eq!(app.grads().of_leaf(key).unwrap().data(), [3.0 + 20.0, 4.0 + 4.0]);
}

#[test]
fn a_graph_that_saved_nothing_is_gone_through_again() {
    let mut app = flows::app();
    flows::edit(&mut app, EditCommand::DrawExpression("f = z + z; z = 1".to_owned()));
    flows::settle(&mut app);
    let key = ParameterKey::Node(named(&app.document().network, "z"), ParameterRole::Value);
    send(&mut app, AutogradCommand::Backward);
    send(&mut app, AutogradCommand::Backward);
    assert_eq!(app.grads().refused(), None);
    let expected = reference("accumulation")["sum_twice"].as_f64().unwrap();
    assert_eq!(app.grads().of_leaf(key).unwrap().data(), [expected]);
}

#[test]
fn without_a_tensor_that_requires_a_gradient_backward_refuses() {
    let mut app = flows::app();
    flows::edit(&mut app, EditCommand::DrawExpression("f = x.detach()**2; x = 3".to_owned()));
    flows::settle(&mut app);
    send(&mut app, AutogradCommand::Backward);
    assert_eq!(app.grads().refused(), Some(Refusal::NoGrad));
}

#[test]
fn through_a_sign_pytorch_brings_zeros_where_the_program_brings_nothing() {
    let mut app = flows::app();
    flows::edit(&mut app, EditCommand::DrawExpression("f = sum(sign(x)); x = [1, 2]".to_owned()));
    flows::settle(&mut app);
    let key = ParameterKey::Node(named(&app.document().network, "x"), ParameterRole::Value);
    let pass = app.snapshot().unwrap().pass.clone().unwrap();
    assert_eq!(pass.parameters[&key].grad, None);
    send(&mut app, AutogradCommand::Backward);
    assert_eq!(app.grads().of_leaf(key).unwrap().data(), [0.0, 0.0]);
}

#[test]
fn a_wire_is_marked_where_what_requires_a_gradient_ends() {
    let text = "f = sum(where(x > y, x.detach(), x)); x = [1, 2]; y = [3, 1]";
    let Document { network, .. } = drawn(text);
    let ends: BTreeSet<&str> =
        network.cut_wires().keys().map(|edge| network.nodes[&network.edges[edge].to].kind.slug()).collect();
    // The condition of `where` requires no gradient any more: it is cut at the comparison.
    assert_eq!(ends, BTreeSet::from(["gt", "detach"]));
}

#[test]
fn the_section_of_the_inspector_shows_the_calls_and_what_they_come_to() {
    let mut harness = window::drawn(Language::English, [1280.0, 1000.0]);
    let app = window::window(&mut harness).app_mut();
    app.dispatch(Command::Edit(EditCommand::DrawExpression("f = x**2 * 3; x = 2".to_owned())));
    window::settle(&mut harness);
    let network = &window::window(&mut harness).app().document().network;
    let [x, h] = ["x", "Pow 1"].map(|name| named(network, name));
    let select = |harness: &mut window::Drawn, node| {
        let command = ViewCommand::Select { nodes: vec![node], edges: Vec::new() };
        window::window(harness).app_mut().dispatch(Command::View(command));
        window::settle(harness);
    };
    let says = |harness: &window::Drawn, text: &str| {
        window::labels(harness).iter().any(|label| label.contains(text))
    };
    select(&mut harness, x);
    assert!(says(&harness, "Before backward() every .grad is None"));
    harness.get_by_label("backward()").click();
    harness.run_steps(3);
    assert!(says(&harness, "12") && says(&harness, "The graph is freed"));
    harness.get_by_label("backward()").click();
    harness.run_steps(3);
    assert!(says(&harness, "Trying to backward through the graph a second time"));
    harness.get_by_label("forward()").click();
    harness.run_steps(3);
    harness.get_by_label("backward()").click();
    harness.run_steps(3);
    assert!(says(&harness, "24") && says(&harness, "the sum of 2 gradients"), "doubled, and it says why");
    harness.get_by_label("zero_grad()").click();
    harness.run_steps(3);
    assert!(says(&harness, "Before backward() every .grad is None"));

    select(&mut harness, h);
    assert!(says(&harness, "<PowBackward0>") && says(&harness, "self []"));
    assert!(says(&harness, "not kept for a value that is no leaf"));
    harness.get_by_label("retain_grad()").click();
    harness.run_steps(3);
    harness.get_by_label("forward()").click();
    harness.run_steps(3);
    harness.get_by_label("backward()").click();
    harness.run_steps(3);
    let grads = window::window(&mut harness).app().grads();
    assert_eq!(grads.of_inner(h, 0).unwrap().data(), [3.0]);
    assert!(!says(&harness, "not kept for a value that is no leaf"));
}
