//! The model file as a whole: there and back, and what it says about damaged ones.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::super::error::{FileError, Invalid};
use super::*;
use crate::data::{ColumnRole, FittedColumn, FittedEncoding, Preprocessing};
use crate::document::OptimizerSettings;
use crate::network::{
    Activation, CountedSteps, DataNode, DenseNode, Edge, EdgeId, InitialState, Initializer, LossKind,
    LossNode, Network, Node, NodeId, NodeKind, Parameter, ParameterKey, ParameterRole, Position, TypedRows,
};
use crate::train::{OptimizerState, ParameterState};

fn data(rows: &[&[f64]]) -> DataNode {
    let features = rows[0].len();
    let rows = TypedRows { rows: rows.iter().map(|row| row.to_vec()).collect() };
    DataNode { rows: Some(rows), per_step: false, ..DataNode::new(features) }
}

/// Input (3) → Dense (2) → Sigmoid → MSE ← Target (2), with an optimizer that has stepped.
pub(crate) fn small_model() -> ModelFile {
    let dense = DenseNode {
        units: 2,
        bias: true,
        weight_init: Initializer::XavierUniform,
        bias_init: Initializer::Zeros,
    };
    let kinds = [
        ("Input \"x\"", NodeKind::Input(data(&[&[1.0, 2.0, 3.0]]))),
        ("Dense 1", NodeKind::Dense(dense)),
        ("Sigmoid #1", NodeKind::Activation(Activation::Sigmoid)),
        ("Tähti\n1", NodeKind::Target(data(&[&[0.5, -1e-7]]))),
        (
            "MSE 1",
            NodeKind::Loss(LossNode { kind: LossKind::Mse, weight: 1.0, counted: CountedSteps::default() }),
        ),
    ];
    let mut network = Network::default();
    for (idx, (name, kind)) in kinds.into_iter().enumerate() {
        let position = Position { x: 100.0 + 150.1 * idx as f32, y: -20.0 };
        network.nodes.insert(NodeId(idx as u32), Node::new(name, kind, position));
    }
    for (idx, (from, to, port)) in [(0, 1, 0), (1, 2, 0), (2, 4, 0), (3, 4, 1)].into_iter().enumerate() {
        let edge = Edge { from: NodeId(from), to: NodeId(to), port, delay: 0, initial: InitialState::Zeros };
        network.edges.insert(EdgeId(idx as u32), edge);
    }
    let weight = ParameterKey::Node(NodeId(1), ParameterRole::Weight);
    let bias = ParameterKey::Node(NodeId(1), ParameterRole::Bias);
    let parameter = |shape: &[usize], values: &[f64], trainable| Parameter {
        shape: shape.to_vec(),
        values: Arc::new(values.to_vec()),
        trainable,
    };
    let mut document = Document { network, ..Document::default() };
    document.parameters.insert(weight, parameter(&[2, 3], &[0.1, 0.2, 0.3, 0.3, 0.2, 1e-30], true));
    document.parameters.insert(bias, parameter(&[2], &[-1.5, 0.25], false));
    document.data.path = Some("../assets/my data.csv".into());
    let tensors = BTreeMap::from([("exp_avg".to_owned(), Arc::new(vec![0.1_f32.into(); 6]))]);
    let optimizer = OptimizerState {
        optimizer: OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
        parameters: BTreeMap::from([(weight, ParameterState { step: 7, tensors })]),
    };
    let column =
        |name: &str, encoding| FittedColumn { name: name.to_owned(), role: ColumnRole::Feature, encoding };
    let preprocessing = Preprocessing {
        columns: vec![
            column("weight", FittedEncoding::Number { shift: 0.1, scale: 3.0, fill: 1.0 / 3.0 }),
            column(
                "origin",
                FittedEncoding::OneHot {
                    categories: vec![("EU".to_owned(), true), ("a,\"b".to_owned(), false)],
                },
            ),
        ],
    };
    let position = RunPosition { epoch: 3, samples: 4, step: 31 };
    ModelFile { document, optimizer: Some(optimizer), position, preprocessing: Some(preprocessing) }
}

fn text_of(model: &ModelFile) -> String {
    model_text(model, model.document.data.path.clone(), Form::Saved).unwrap()
}

/// What is said about the small model with one piece of its text exchanged.
fn said(from: &str, to: &str) -> FileError {
    let text = text_of(&small_model());
    assert!(text.contains(from), "{from} does not stand in\n{text}");
    parse_model(&text.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn a_model_comes_back_and_its_text_is_stable() {
    let model = small_model();
    let text = text_of(&model);
    let (read, original) = parse_model(&text).unwrap();
    assert_eq!((&read, original), (&model, None));
    assert_eq!(text_of(&read), text);
    assert!(text.contains("\n                0.1 0.2 0.3\n                0.3 0.2 1e-30"), "{text}");
}

#[test]
fn a_saved_model_finds_its_data_again_from_its_own_directory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("models").join("m.ron");
    std::fs::create_dir(dir.path().join("models")).unwrap();
    let mut model = small_model();
    model.document.data.path = Some(dir.path().join("d.csv"));
    write_model(&path, &model).unwrap();
    let first = std::fs::read(&path).unwrap();
    assert!(String::from_utf8(first.clone()).unwrap().contains("\"../d.csv\""));
    let read = read_model(&path).unwrap();
    assert_eq!(read, model);
    write_model(&path, &read).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), first);
}

#[test]
fn another_version_is_named_before_its_fields() {
    let error = parse_model("(version: 2, everything: [1, 2], is_new: ())").unwrap_err();
    assert_eq!(error, FileError::UnknownVersion { found: 2, newest: 1 });
}

#[test]
fn a_missing_field_is_named_with_its_place() {
    let error = said(", position: (100.0, -20.0)", "");
    assert!(
        matches!(&error, FileError::MissingField { line, field, .. } if *line > 1 && field == "position"),
        "{error:?}"
    );
}

#[test]
fn a_broken_text_is_named_with_line_and_column() {
    let error = said("trainable: true", "trainable: perhaps");
    assert!(
        matches!(&error, FileError::Syntax { line, column, .. } if *line > 5 && *column > 5),
        "{error:?}"
    );
    assert!(matches!(parse_model(""), Err(FileError::Syntax { line: 1, .. })));
}

#[test]
fn a_weight_that_is_no_number_is_named_with_row_and_column() {
    let place = "parameters[0].values[1][1]";
    let found = "NaN".to_owned();
    assert_eq!(said("0.3 0.2 1e-30", "0.3 NaN 1e-30"), FileError::invalid(place, Invalid::Number { found }));
    let mut model = small_model();
    let weight = model.document.parameters.values_mut().next().unwrap();
    weight.values = Arc::new(vec![0.0, 0.0, 0.0, 0.0, f64::NAN, 0.0]);
    let path = Path::new("/nowhere/model.ron");
    let found = "NaN".to_owned();
    let error = write_model(path, &model).unwrap_err();
    assert_eq!(error, FileError::invalid(place, Invalid::Number { found }));
}

#[test]
fn wrong_shapes_counts_and_ids_are_named() {
    let count = Invalid::Count { expected: 8, found: 6 };
    assert_eq!(said("shape: [2, 3]", "shape: [2, 4]"), FileError::invalid("parameters[0].values", count));
    let huge = said("shape: [2, 3]", "shape: [9999999, 9999999, 9999999]");
    assert!(matches!(huge, FileError::Invalid { problem: Invalid::Count { found: 6, .. }, .. }));
    assert_eq!(
        said("from: 3, to: 4", "from: 33, to: 4"),
        FileError::invalid("network.edges[3].from", Invalid::Unknown { id: 33 })
    );
    assert_eq!(
        said("of: Bias(node: 1)", "of: Bias(node: 9)"),
        FileError::invalid("parameters[1].of", Invalid::Unknown { id: 9 })
    );
    assert_eq!(
        said("(id: 2,", "(id: 1,"),
        FileError::invalid("network.nodes[2].id", Invalid::Duplicate { what: "1".to_owned() })
    );
}

#[test]
fn training_settings_outside_their_range_are_named_with_their_place() {
    for (from, to, place) in [
        ("beta1: 0.9,", "beta1: 1.0,", "training.optimizer.beta1"),
        ("beta2: 0.999,", "beta2: 1.5,", "training.optimizer.beta2"),
        ("eps: 1e-8", "eps: -1e-8", "training.optimizer.eps"),
        ("weight_decay: 0.0", "weight_decay: -0.1", "training.optimizer.weight_decay"),
        ("learning_rate: 0.", "learning_rate: -0.", "training.learning_rate"),
    ] {
        let FileError::Invalid { place: found, problem: Invalid::OutOfRange { .. } } = said(from, to) else {
            panic!("{to} is refused");
        };
        assert_eq!(found, place);
    }
}

#[test]
fn deep_nesting_and_long_claims_end_in_an_error() {
    for open in ["(", "[", "Some("] {
        assert!(parse_model(&open.repeat(100_000)).is_err());
    }
    let steps = said("n_steps: 1", "n_steps: 18446744073709551615");
    assert!(matches!(steps, FileError::Invalid { problem: Invalid::OutOfRange { .. }, .. }));
}

#[test]
fn text_that_is_no_text_is_named_by_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.ron");
    std::fs::write(&path, b"(\n version: 1,\n\xff\xfe)").unwrap();
    assert_eq!(read_model(&path).unwrap_err(), FileError::NotText { line: 3 });
    assert!(matches!(read_model(dir.path()), Err(FileError::Io { .. })));
}

mod damaged {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse_model(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn a_mutated_model_reads_or_is_refused(
            places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..8)
        ) {
            let mut bytes = text_of(&small_model()).into_bytes();
            for (place, byte, how) in places {
                let at = place.index(bytes.len());
                match how {
                    0 => bytes[at] = byte,
                    1 => { bytes.remove(at); }
                    _ => bytes.insert(at, byte),
                }
            }
            if let Ok((model, original)) = parse_model(&String::from_utf8_lossy(&bytes)) {
                let data = model.document.data.path.clone();
                let form = match original.as_deref() {
                    None => Form::Saved,
                    original => Form::Rescue { original },
                };
                let text = model_text(&model, data, form).unwrap();
                prop_assert_eq!(parse_model(&text).unwrap(), (model, original));
            }
        }

        #[test]
        fn any_names_come_back(name in ".{0,20}", column in "\\PC*", path in "[^\\x00]{1,20}") {
            let mut model = small_model();
            model.document.network.nodes.get_mut(&NodeId(1)).unwrap().name = name;
            model.preprocessing.as_mut().unwrap().columns[0].name = column;
            model.document.data.path = Some(path.into());
            prop_assert_eq!(parse_model(&text_of(&model)).unwrap().0, model);
        }
    }
}

#[test]
fn a_root_and_a_tensor_of_typed_rows_are_written_only_where_they_are() {
    let model = small_model();
    let plain = text_of(&model);
    assert!(!plain.contains("roots") && !plain.contains("shape: Some"), "{plain}");
    let mut model = model;
    model.document.network.roots.insert(NodeId(2));
    let data = model.document.network.nodes.get_mut(&NodeId(0)).and_then(|node| node.kind.data_mut());
    data.unwrap().shape = crate::tensor::Shape::batched(&[3, 1]);
    let text = text_of(&model);
    let bare: String = text.split_whitespace().collect();
    assert!(bare.contains("roots:[2,]") && bare.contains("features:3,shape:Some([3,1])"), "{text}");
    assert_eq!(parse_model(&text).unwrap().0.document, model.document);

    let refused =
        |from: &str, to: &str| parse_model(&text.replace(from, to)).map(|_| ()).unwrap_err().to_string();
    assert!(refused("            2,\n", "            9,\n").contains("roots[0]"));
    assert!(refused("Some([3, 1])", "Some([3, 2])").contains("shape"));
    assert!(refused("Some([3, 1])", "Some([3, 1, 1, 1, 1])").contains("shape"));
}
