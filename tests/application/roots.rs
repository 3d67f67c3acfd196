//! Drawings that start backward elsewhere than at a loss, that read no data, or that give tensors
//! of another rank; and losses whose activation others watch.

use std::path::Path;
use std::sync::Arc;

use vastavirta::app::FileCommand;
use vastavirta::compile::{CompileOptions, compile_network};
use vastavirta::data::{DataRequest, DataSettings, Prepared, SplitSettings, prepare};
use vastavirta::document::{Document, TrainingSettings};
use vastavirta::files::{ModelFile, grad_json, read_model, write_model};
use vastavirta::network::{
    Activation, Builder, DataNode, InitialState, LossKind, Network, NodeId, NodeKind, Parameter,
    ParameterKey, ParameterRole, Parameters, ProblemKind, TypedRows,
};
use vastavirta::tensor::{Real, Shape};
use vastavirta::train::{Goal, Mode, Pass, Session, check_gradients};

use crate::flows;
use crate::support::root;

fn prepared(network: &Network) -> Arc<Prepared> {
    let split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let settings = DataSettings { split, ..DataSettings::default() };
    Arc::new(prepare(None, &settings, &DataRequest::of(network), 1).unwrap())
}

fn pass<T: Real>(network: &Network, parameters: &Parameters, samples: &[u32]) -> Pass {
    let settings = TrainingSettings::default();
    let mut session = Session::<T>::new(network, parameters, prepared(network), &settings).unwrap();
    session.pass_on(samples, Mode::Eval)
}

/// h ← w·h + b over three steps from a trained beginning: a drawing without data, whose last h is
/// the root.
fn autonomous() -> (Network, Parameters, NodeId) {
    let mut b = Builder::with_steps(3);
    let h = b.named("h", NodeKind::Dense(vastavirta::network::DenseNode::new(1)), &[]);
    let edge = b.edge(h, h, 0, 1, InitialState::Trained);
    let mut network = b.finish();
    network.roots.insert(h);
    let number = |shape: &[usize], value: f64| Parameter {
        shape: shape.to_vec(),
        values: Arc::new(vec![value]),
        trainable: true,
    };
    let parameters = Parameters::from([
        (ParameterKey::Node(h, ParameterRole::Weight), number(&[1, 1], 0.5)),
        (ParameterKey::Node(h, ParameterRole::Bias), number(&[1], 1.0)),
        (ParameterKey::Initial(edge), number(&[1, 1], 2.0)),
    ]);
    (network, parameters, h)
}

#[test]
fn a_drawing_without_data_runs_one_pass_on_no_row() {
    let (network, parameters, h) = autonomous();
    assert!(network.problems().is_empty(), "{:?}", network.problems());
    let pass = pass::<f64>(&network, &parameters, &[0]);
    // h = 2, 2, 2; dh₃/dw = h₂ + w·h₁ + w²·h₀, dh₃/db = 1 + w + w², dh₃/dh₀ = w³.
    assert_eq!((pass.rows.as_slice(), pass.loss), ([].as_slice(), 2.0));
    let grads: Vec<f64> = pass.parameters.values().map(|p| p.grad.as_ref().unwrap().data()[0]).collect();
    assert_eq!(grads, [3.5, 1.75, 0.125]);
    assert_eq!(pass.node(h, 2).unwrap().grad.as_ref().unwrap().data(), [1.0]);
    assert!(check_gradients(&network, &parameters, &prepared(&network), 1).unwrap().passes());

    let json: serde_json::Value = serde_json::from_str(&grad_json(&network, &pass, false).unwrap()).unwrap();
    assert_eq!(json["rows"], serde_json::json!([]));
    let expected = serde_json::json!([{
        "name": "h", "kind": "root", "weight": 1.0, "reduction": "sum", "counted_steps": [2], "value": 2.0
    }]);
    assert_eq!(json["losses"], expected);
}

#[test]
fn the_window_trains_a_drawing_without_data() {
    let (network, parameters, _) = autonomous();
    let mut document = Document { network, parameters, ..Document::default() };
    document.training.learning_rate = 0.125;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("autonomous.ron");
    write_model(&path, &ModelFile { document, ..ModelFile::default() }).unwrap();
    let mut app = flows::app();
    flows::file(&mut app, FileCommand::Open(path));
    assert!(app.problems().is_empty(), "{:?}", app.problems());
    let before = app.document().parameters.clone();
    flows::train(&mut app, Goal::Epochs(2));
    assert!(app.notices().is_empty(), "{:?}", app.notices());
    assert_eq!(app.loss_history().records().len(), 2);
    assert_ne!(app.document().parameters, before);
    let pass = app.snapshot().unwrap().pass.clone().unwrap();
    assert!(pass.rows.is_empty() && pass.loss < 2.0, "{}", pass.loss);
}

#[test]
fn a_root_is_one_number_a_sample_and_takes_the_place_of_a_loss() {
    let mut b = Builder::new();
    let x = b.input(2);
    b.rows(x, vec![vec![1.0, 2.0], vec![3.0, 4.0]]);
    let z = b.dense_without_bias(x, 1);
    let wide = b.dense(x, 2);
    let mut network = b.finish();
    let kinds = |network: &Network| -> Vec<ProblemKind> {
        network.problems().into_iter().map(|problem| problem.kind).collect()
    };
    assert!(kinds(&network).contains(&ProblemKind::NoLoss));
    network.roots.extend([z, wide]);
    let name = network.nodes[&wide].name.clone();
    assert_eq!(kinds(&network), [ProblemKind::RootNotScalar { node: name, found: "[N, 2]".into() }]);
    network.roots.remove(&wide);
    network.nodes.remove(&wide);
    network.edges.retain(|_, edge| edge.to != wide);
    assert!(kinds(&network).is_empty());
    // The numbers of a batch add up: d/dw = Σₙ x.
    let pass = pass::<f32>(&network, &network.initialize(1), &[0, 1]);
    let weight = &pass.parameters[&ParameterKey::Node(z, ParameterRole::Weight)];
    assert_eq!(weight.grad.as_ref().unwrap().data(), [4.0, 6.0]);
    let output: f64 = pass.node(z, 0).unwrap().output.data().iter().sum();
    assert!((pass.loss - output).abs() < 1e-6);
}

#[test]
fn typed_rows_may_be_tensors_and_json_nests_them() {
    let tensor = |values: [f64; 6]| DataNode {
        shape: Shape::batched(&[2, 3]),
        rows: Some(TypedRows { rows: vec![values.to_vec()] }),
        ..DataNode::new(6)
    };
    let mut b = Builder::new();
    let x = b.node(NodeKind::Input(tensor([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])), &[]);
    let a = b.activation(x, Activation::Identity);
    let y = b.node(NodeKind::Target(tensor([0.0; 6])), &[]);
    b.loss(LossKind::HalfSumOfSquares, a, y);
    let network = b.finish();
    assert!(network.problems().is_empty(), "{:?}", network.problems());
    let pass = pass::<f64>(&network, &Parameters::new(), &[0]);
    assert_eq!(pass.loss, 27.5);
    let json: serde_json::Value = serde_json::from_str(&grad_json(&network, &pass, false).unwrap()).unwrap();
    let node = &json["nodes"][1];
    assert_eq!(node["shape"], serde_json::json!([1, 2, 3]));
    assert_eq!(node["output"], serde_json::json!([[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]]));
    assert_eq!(node["grad"], node["output"], "dA = A − Y");

    let mut dense = network;
    dense.nodes.get_mut(&a).unwrap().kind = NodeKind::Dense(vastavirta::network::DenseNode::new(2));
    let problem = dense.problems().into_iter().next().unwrap().kind;
    assert!(matches!(problem, ProblemKind::ShapeMismatch { expected, .. } if expected == "[N, f]"));
}

/// Loss and dL/dw of the first weight of a model that lies with the tests.
fn of_case<T: Real>(name: &str) -> (f64, f64) {
    let path = Path::new(root()).join("tests/cases/models").join(name);
    let ModelFile { document, .. } = read_model(&path).unwrap();
    assert!(compile_network::<T>(&document.network, CompileOptions::default()).is_ok());
    let pass = pass::<T>(&document.network, &document.parameters, &[0]);
    let weight = pass.parameters.values().next().unwrap();
    (pass.loss, weight.grad.as_ref().unwrap().data()[0])
}

#[test]
fn a_watched_activation_leaves_loss_and_gradient_as_they_are_alone() {
    for (pair, expected) in [("sigmoid_bce", (40.0, 1.0)), ("softmax_ce", (800.0, 1.0))] {
        for name in [format!("{pair}_alone.ron"), format!("{pair}_watched.ron")] {
            assert_eq!(of_case::<f64>(&name), expected, "{name}");
            assert_eq!(of_case::<f32>(&name), expected, "{name}");
        }
    }
}
