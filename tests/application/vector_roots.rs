//! Roots that are no scalars: `backward(v)` starts with a typed vector v, and gives vᵀJ as PyTorch does.
//!
//! Reference values come from `tests/reference/vector_roots.json` (recipe: `recipes.py` beside it).

use std::sync::Arc;

use serde_json::Value;
use vastavirta::app::{Command, EditCommand};
use vastavirta::compile::{CompileOptions, compile_network};
use vastavirta::data::{DataRequest, DataSettings, SplitSettings, prepare};
use vastavirta::document::{Document, History, TrainingSettings, actions};
use vastavirta::explain::{ActionKind, Definitions, Paths, Tensor, Timeline, numbers_of};
use vastavirta::files::{ModelFile, grad_json, read_model, write_model};
use vastavirta::network::expression::torch_lines;
use vastavirta::network::{
    Activation, Builder, Fix, Network, NodeId, Parameter, ParameterKey, ParameterRole, Parameters,
    ProblemKind, Seed,
};
use vastavirta::train::{Mode, Pass, Session, check_gradients};

use crate::expressions::{drawn, pass_of};
use crate::flows;
use crate::support::root;

fn case(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join("tests/reference/vector_roots.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    file["cases"][name].clone()
}

/// The numbers of a nested list, in C order.
fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn assert_close(found: &[f64], expected: &Value) {
    let expected = flat(expected);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
    }
}

fn named(network: &Network, name: &str) -> NodeId {
    network.nodes.iter().find(|(_, node)| node.name == name).map(|(&id, _)| id).unwrap()
}

/// The drawing of a text with its `f` as the root of a vector.
fn rooted(text: &str, shape: &[usize], v: &Value) -> (Network, Parameters, NodeId) {
    let Document { mut network, parameters, .. } = drawn(text);
    let f = named(&network, "f");
    network.roots.insert(f);
    network.seeds.insert(f, Seed::new(shape, flat(v)));
    (network, parameters, f)
}

fn vector() -> (Network, Parameters, NodeId) {
    rooted("f = x**2 * y; x = [1, 2, 3]; y = [0.5, -1, 2]", &[3], &case("vector")["v"])
}

#[test]
fn a_vector_and_a_matrix_give_pytorchs_vector_jacobian_products() {
    let matrix = "f = sin(a @ b); a = [[1, 2], [3, 4]]; b = [[0.5, -1], [2, 0.25]]";
    let of_matrix = rooted(matrix, &[2, 2], &case("matrix")["v"]);
    for (name, (network, parameters, f)) in [("vector", vector()), ("matrix", of_matrix)] {
        assert!(network.problems().is_empty(), "{:?}", network.problems());
        let pass = pass_of(&network, &parameters);
        let reference = case(name);
        assert_close(&[pass.loss], &reference["value"]);
        assert_close(pass.node(f, 0).unwrap().grad.as_ref().unwrap().data(), &reference["v"]);
        for (tensor, expected) in reference["gradients"].as_object().unwrap() {
            let key = ParameterKey::Node(named(&network, tensor), ParameterRole::Value);
            assert_close(pass.parameters[&key].grad.as_ref().unwrap().data(), expected);
        }
        let request = DataRequest::of(&network);
        let data = prepare(None, &DataSettings::default(), &request, 1).unwrap();
        assert!(check_gradients(&network, &parameters, &data, 1).unwrap().passes(), "differences agree");
    }
}

#[test]
fn every_sample_of_a_batch_starts_with_the_same_vector() {
    let reference = case("batch");
    let mut b = Builder::new();
    let x = b.input(3);
    b.rows(x, vec![vec![1.0, 2.0, 3.0], vec![-1.0, 0.5, 2.0]]);
    let z = b.dense(x, 2);
    let f = b.activation(z, Activation::Tanh);
    let mut network = b.finish();
    network.roots.insert(f);
    network.seeds.insert(f, Seed::new(&[2], flat(&reference["v"])));
    let number = |shape: &[usize], values: &[f64]| Parameter {
        shape: shape.to_vec(),
        values: Arc::new(values.to_vec()),
        trainable: true,
    };
    let weight = ParameterKey::Node(z, ParameterRole::Weight);
    let bias = ParameterKey::Node(z, ParameterRole::Bias);
    let parameters = Parameters::from([
        (weight, number(&[2, 3], &[0.1, 0.2, 0.3, -0.4, 0.5, 0.6])),
        (bias, number(&[2], &[0.1, -0.2])),
    ]);
    let split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let settings = DataSettings { split, ..DataSettings::default() };
    let data = Arc::new(prepare(None, &settings, &DataRequest::of(&network), 1).unwrap());
    let training = TrainingSettings::default();
    let mut session = Session::<f64>::new(&network, &parameters, data, &training).unwrap();
    let pass: Pass = session.pass_on(&[0, 1], Mode::Eval);
    assert_close(&[pass.loss], &reference["value"]);
    assert_close(pass.parameters[&weight].grad.as_ref().unwrap().data(), &reference["gradients"]["weight"]);
    assert_close(pass.parameters[&bias].grad.as_ref().unwrap().data(), &reference["gradients"]["bias"]);
    let json: Value = serde_json::from_str(&grad_json(&network, &pass, false).unwrap()).unwrap();
    assert_eq!(json["losses"][0]["v"], serde_json::json!([[3.0, -0.5], [3.0, -0.5]]));
    let alone = session.pass_on(&[0], Mode::Eval);
    assert_eq!(alone.losses[0].seed.as_ref().unwrap().shape(), [1, 2]);
}

#[test]
fn the_walk_and_the_paths_start_with_v_and_not_with_1() {
    let (network, parameters, f) = vector();
    let pass = pass_of(&network, &parameters);
    let shapes = network.infer_shapes().0;
    let definitions = Definitions::new(&network, &shapes);
    let timeline = Timeline::new(&definitions, &pass).unwrap();
    let seed = timeline.actions().iter().find(|action| action.kind == ActionKind::Seed).unwrap();
    assert!(seed.starts_with_vector());
    assert_eq!(seed.reads, [Tensor::Seed(f)]);
    assert_close(numbers_of(Tensor::Seed(f), &pass).unwrap().data(), &case("vector")["v"]);
    let key = ParameterKey::Node(named(&network, "x"), ParameterRole::Value);
    let of_x = Tensor::ParameterGrad { key, time_step: None, sample: None };
    for (place, expected) in flat(&case("vector")["gradients"]["x"]).into_iter().enumerate() {
        let paths = Paths::find(&definitions, &pass, of_x.at(0, place), &|| false).unwrap();
        assert!((paths.sum - expected).abs() < 1e-12, "{} {expected}", paths.sum);
        let last = paths.listed[0].factors.last().unwrap();
        assert_eq!(last.value, flat(&case("vector")["v"])[place], "the path ends at v");
    }
    let code = torch_lines(&network, &parameters, &network.nodes.keys().copied().collect());
    assert_eq!(code.last().unwrap(), "f.backward(torch.tensor([0.1, 1, -2], dtype=f.dtype).expand_as(f))");
}

#[test]
fn a_missing_and_a_misshapen_vector_are_problems_with_a_fix() {
    let (mut network, parameters, f) = vector();
    network.seeds.clear();
    let mut document = Document { network, parameters, ..Document::default() };
    let ones = Fix::SetSeed { node: f, ones: Some(vec![3]) };
    let problem = document.network.problems().remove(0);
    assert!(matches!(problem.kind, ProblemKind::RootNotScalar { .. }));
    assert_eq!(problem.fix, Some(ones.clone()));
    let mut history = History::default();
    let change = actions::fix(&document, &ones);
    history.perform(&mut document, change);
    assert_eq!(document.network.seeds[&f], Seed::ones(&[3]));
    assert!(document.network.problems().is_empty());

    let short = Seed::new(&[2], vec![1.0, 2.0]);
    let change = actions::set_seed(&document, f, Some(short));
    history.perform(&mut document, change);
    let problem = document.network.problems().remove(0);
    let kind = ProblemKind::SeedMisfit { node: "f".into(), expected: "[3]".into(), found: "[2]".into() };
    assert_eq!((problem.kind, problem.fix), (kind, Some(ones)));
    assert!(compile_network::<f64>(&document.network, CompileOptions::default()).is_err());

    // The mark takes its vector along, and undo brings both back.
    let before = document.clone();
    let change = actions::set_root(&document, f, false);
    history.perform(&mut document, change);
    assert!(document.network.seeds.is_empty() && document.network.roots.is_empty());
    history.undo(&mut document);
    assert_eq!(document, before);
    let change = actions::delete(&document, &[f], &[], false);
    history.perform(&mut document, change);
    assert!(document.network.seeds.is_empty());
    history.undo(&mut document);
    assert_eq!(document, before);
}

#[test]
fn a_file_keeps_the_vector_and_refuses_a_damaged_one() {
    let (network, parameters, f) = vector();
    let document = Document { network, parameters, ..Document::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vector.ron");
    write_model(&path, &ModelFile { document: document.clone(), ..ModelFile::default() }).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let read = read_model(&path).unwrap();
    assert_eq!(read.document.network, document.network);
    write_model(&path, &read).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        read_model(&path).unwrap_err().to_string()
    };
    assert!(refused(&format!("root: {}", f.0), "root: 99").contains("network.seeds[0].root"));
    assert!(refused("1.0, -2.0])", "1.0])").contains("network.seeds[0].values"));
}

#[test]
fn one_undo_takes_a_typed_vector_back() {
    let mut app = flows::app();
    flows::edit(&mut app, EditCommand::DrawExpression("f = x**2; x = [1, 2]".to_owned()));
    let f = named(&app.document().network, "f");
    flows::edit(&mut app, EditCommand::SetRoot { node: f, is_root: true });
    assert_eq!(app.problems().len(), 1);
    let seed = Some(Seed::new(&[2], vec![1.0, 10.0]));
    flows::edit(&mut app, EditCommand::SetSeed { node: f, seed });
    assert!(app.problems().is_empty(), "{:?}", app.problems());
    app.dispatch(Command::Edit(EditCommand::Undo));
    assert!(app.document().network.seeds.is_empty() && app.document().network.roots.contains(&f));
}
