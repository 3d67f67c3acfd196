//! Softmax, its logarithm and concatenation over any axis of a sample: PyTorch's numbers in a drawing, in every
//! export, and in files.
//!
//! Reference values come from `tests/reference/axes.json` (recipe: `autograd.py` beside it).

use std::fs;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;
use vastavirta::compile::op_of;
use vastavirta::data::{DataRequest, DataSettings, SplitSettings, prepare};
use vastavirta::document::{Document, TrainingSettings};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::{
    Activation, Builder, Network, NodeId, NodeKind, Operation, ParameterKey, ParameterRole, ReduceKind,
    ReduceNode, Severity, TensorNode,
};
use vastavirta::tensor::Shape;
use vastavirta::train::{Mode, Session};

use crate::drawn_references::{flat, reference};
use crate::export_by_hand::{export_case, run};
use crate::export_free::{learned, model_of, rows_and_tokens};
use crate::expressions::pass_of;
use crate::support::{output_of, python_with, vastavirta};
use crate::{interop, onnx};

/// The node that goes over an axis, from two values of one shape.
fn over(b: &mut Builder, function: &str, dim: f64, [x, y]: [NodeId; 2]) -> NodeId {
    match function {
        "softmax" => {
            let of = b.node(NodeKind::Multiply, &[x, y]);
            b.activation(of, Activation::Softmax { dim })
        }
        "log_softmax" => {
            let of = b.node(NodeKind::Operation(Operation::Sub), &[x, y]);
            b.node(NodeKind::Operation(Operation::LogSoftmax { dim }), &[of])
        }
        _ => {
            let squares = b.node(NodeKind::Multiply, &[y, y]);
            b.node(NodeKind::Concat { dim }, &[x, squares, x])
        }
    }
}

fn close(found: &[f64], wanted: &Value, case: &Value) {
    let wanted = flat(wanted);
    assert_eq!(found.len(), wanted.len());
    for (a, b) in found.iter().zip(wanted) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{case}: {a} {b}");
    }
}

/// sum(sin(g) · g), marked as the root.
fn rooted(mut b: Builder, g: NodeId) -> Network {
    let sine = b.node(NodeKind::Operation(Operation::Sin), &[g]);
    let product = b.node(NodeKind::Multiply, &[sine, g]);
    let sum = b.node(NodeKind::Reduce(ReduceNode::over_all(ReduceKind::Sum)), &[product]);
    let mut network = b.finish();
    network.roots.insert(sum);
    network
}

#[test]
fn every_axis_gives_pytorchs_values_and_gradients() {
    let file = reference("axes");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() == 36, "{}", cases.len());
    for case in cases {
        let shape: Vec<usize> = serde_json::from_value(case["shape"].clone()).unwrap();
        let n: usize = shape.iter().product();
        let mut b = Builder::new();
        let mut tensor = |number: fn(f64) -> f64| {
            let values = (0..n).map(|at| number(at as f64)).collect();
            b.node(NodeKind::Tensor(TensorNode::new(&shape, values)), &[])
        };
        let (x, y) = (tensor(f64::sin), tensor(|at| (2.0 * at).cos()));
        let g = over(&mut b, case["function"].as_str().unwrap(), case["dim"].as_f64().unwrap(), [x, y]);
        let network = rooted(b, g);
        assert!(network.problems().is_empty(), "{case}: {:?}", network.problems());
        let pass = pass_of(&network, &network.initialize(0));
        let output = &pass.node(g, 0).unwrap().output;
        assert_eq!(serde_json::json!(output.shape()), case["sizes"], "{case}");
        close(output.data(), &case["value"], case);
        for (node, name) in [(x, "x"), (y, "y")] {
            let grad =
                pass.parameters[&ParameterKey::Node(node, ParameterRole::Value)].grad.as_ref().unwrap();
            close(grad.data(), &case[name], case);
        }
    }
}

#[test]
fn a_batch_counts_its_axes_after_n_and_gives_each_sample_what_it_is_alone() {
    let file = reference("axes");
    for case in file["cases"].as_array().unwrap() {
        let shape: Vec<usize> = serde_json::from_value(case["shape"].clone()).unwrap();
        let n: usize = shape.iter().product();
        let dim = case["dim"].as_f64().unwrap();
        // Rows typed in, and the shape that each of them has; PyTorch's axis 0 is N here.
        let mut b = Builder::new();
        let mut input = |number: fn(f64) -> f64| {
            let x = b.input(n);
            let row: Vec<f64> = (0..n).map(|at| number(at as f64)).collect();
            let other = row.iter().map(|x| 1.0 - x).collect();
            b.rows(x, vec![row, other]);
            b.node(NodeKind::Reshape { shape: shape.clone() }, &[x])
        };
        let (x, y) = (input(f64::sin), input(|at| (2.0 * at).cos()));
        let dim = if dim < 0.0 { dim } else { dim + 1.0 };
        let g = over(&mut b, case["function"].as_str().unwrap(), dim, [x, y]);
        let network = rooted(b, g);
        assert!(network.problems().iter().all(|it| it.severity < Severity::Error), "{case}");
        let split = SplitSettings { validation_fraction: 0.0, shuffle: false };
        let settings = DataSettings { split, ..DataSettings::default() };
        let data = Arc::new(prepare(None, &settings, &DataRequest::of(&network), 1).unwrap());
        let training = TrainingSettings::default();
        let mut session = Session::<f64>::new(&network, &network.initialize(0), data, &training).unwrap();
        let pass = session.pass_on(&[0, 1], Mode::Eval);
        close(&pass.node(g, 0).unwrap().output.row(0), &case["value"], case);
        for (node, name) in [(x, "x"), (y, "y")] {
            close(&pass.node(node, 0).unwrap().grad.as_ref().unwrap().row(0), &case[name], case);
        }
    }
}

#[test]
fn n_is_no_axis_and_a_missing_axis_is_told_with_the_shape() {
    let kinds: [fn(f64) -> NodeKind; 3] = [
        |dim| NodeKind::Activation(Activation::Softmax { dim }),
        |dim| NodeKind::Operation(Operation::LogSoftmax { dim }),
        |dim| NodeKind::Concat { dim },
    ];
    for kind in kinds {
        for (dim, is_right) in [
            (-1.0, true),
            (1.0, true),
            (2.0, true),
            (-2.0, true),
            (0.0, false),
            (-3.0, false),
            (3.0, false),
            (0.5, false),
        ] {
            let mut b = Builder::new();
            let x = b.input(6);
            b.rows(x, vec![vec![0.0; 6]]);
            let tokens = b.node(NodeKind::Reshape { shape: vec![2, 3] }, &[x]);
            let kind = kind(dim);
            let inputs = vec![tokens; kind.ports().needed()];
            let made = b.node(kind.clone(), &inputs);
            let network = rooted(b, made);
            let errors: Vec<_> =
                network.problems().into_iter().filter(|it| it.severity == Severity::Error).collect();
            assert_eq!(errors.is_empty(), is_right, "{kind:?}: {errors:?}");
        }
    }
}

#[test]
fn rows_keep_their_fast_ops_and_their_stable_loss_under_either_name_of_their_axis() {
    let row = Shape::batched(&[3]);
    for dim in [-1.0, 1.0] {
        let softmax = op_of::<f64>(&NodeKind::Activation(Activation::Softmax { dim }), &[&row]).unwrap();
        assert!(softmax.probabilities().is_some(), "cross-entropy is computed together with it");
        let concat = op_of::<f64>(&NodeKind::Concat { dim }, &[&row, &row]).unwrap();
        assert_eq!(format!("{concat:?}"), "Concat");
    }
    let tokens = Shape::batched(&[2, 3]);
    for dim in [-1.0, 1.0] {
        let softmax = op_of::<f64>(&NodeKind::Activation(Activation::Softmax { dim }), &[&tokens]).unwrap();
        assert!(softmax.probabilities().is_none(), "no axis of tokens is that of the classes");
    }
}

/// A network that goes over the tokens of a sample in all three ways, with a loss.
fn model() -> ModelFile {
    let mut b = Builder::new();
    let [_, tokens] = rows_and_tokens(&mut b);
    let a = b.activation(tokens, Activation::Softmax { dim: 1.0 });
    let l = b.node(NodeKind::Operation(Operation::LogSoftmax { dim: -2.0 }), &[tokens]);
    let all = b.node(NodeKind::Concat { dim: 1.0 }, &[a, tokens, l]);
    let again = b.node(NodeKind::Concat { dim: -2.0 }, &[all, a]);
    let flat = b.node(NodeKind::Reshape { shape: vec![24] }, &[again]);
    let network = learned(b, flat);
    assert!(network.problems().is_empty(), "{:?}", network.problems());
    model_of(network)
}

#[test]
fn an_axis_is_kept_in_files_and_the_last_one_is_written_as_it_always_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("axes.ron");
    let model = model();
    write_model(&path, &model).unwrap();
    assert_eq!(read_model(&path).unwrap().document.network, model.document.network);
    let text = fs::read_to_string(&path).unwrap();
    for said in ["SoftmaxAlong(", "LogSoftmaxAlong(", "ConcatAlong("] {
        assert!(text.contains(said), "{text}");
    }
    let mut network = model.document.network.clone();
    for node in network.nodes.values_mut() {
        if let [(setting, _)] = node.kind.numbers()[..]
            && setting.slug == "dim"
        {
            node.kind = node.kind.clone().with_number(0, -1.0);
        }
    }
    let document = Document { network, ..model.document.clone() };
    write_model(&path, &ModelFile { document, ..ModelFile::default() }).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("Along") && text.contains("Softmax") && text.contains("Concat"), "{text}");
    // The longer name with the usual axis means the same, and is written short again.
    let long = text.replace("Activation(Softmax)", "Activation(SoftmaxAlong(dim: -1.0))");
    assert_ne!(long, text);
    fs::write(&path, long).unwrap();
    write_model(&path, &read_model(&path).unwrap()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn every_export_goes_over_the_axis_that_was_chosen() {
    let name = "every_export_goes_over_the_axis_that_was_chosen";
    let modules = "numpy, onnx, onnxruntime, torch, marimo, ruff";
    let Some(python) = python_with(name, modules) else { return };
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("axes.ron");
    let model = model();
    write_model(&path, &model).unwrap();
    let printed =
        output_of(&mut vastavirta(&["grad", &path.to_string_lossy(), "--precision", "f64", "--json"]));
    let json: Value = serde_json::from_str(&printed).unwrap();
    let of = |kind: &str| {
        let nodes = json["network"].as_array().unwrap();
        nodes.iter().find(|node| node["kind"] == kind).map(|node| node["settings"]["dim"].clone())
    };
    assert_eq!((of("softmax"), of("log_softmax")), (Some(1.into()), Some((-2).into())));
    let runs = home.path().join("runs");
    fs::create_dir(&runs).unwrap();
    fs::write(runs.join("axes.json"), &printed).unwrap();
    let (said, agreed) = interop::rebuild(&python, &runs);
    assert!(agreed, "{said}");

    let models = home.path().join("onnx");
    fs::create_dir(&models).unwrap();
    onnx::pass_case(&models.join("axes"), &model, &path);
    onnx::assert_agree(&python, &models);

    let case = home.path().join("numpy");
    export_case(&case, &model, &path, "numpy");
    let (said, agreed) = run(&python, "by_hand.py", &[case]);
    assert!(agreed, "{said}");

    let notebook = home.path().join("axes.py");
    let (path, out) = (path.to_string_lossy(), notebook.to_string_lossy());
    output_of(&mut vastavirta(&["export", &path, "--to", "marimo", "--out", &out]));
    output_of(Command::new(&python).args(["-m", "ruff", "format", "--check", "--isolated"]).arg(&notebook));
    let (said, agreed) = run(&python, "notebooks.py", &[notebook]);
    assert!(agreed && !said.contains("moves nothing"), "{said}");
}
