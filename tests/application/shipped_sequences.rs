//! The examples with loops, drawn in code: the next value of a noisy sine from the 25 before it.

use std::collections::BTreeSet;
use std::fs;

use ron::Value;
use vastavirta::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, Scaling, SequenceLayout, SplitSettings,
};
use vastavirta::document::{Change, ClipSettings, Document, OptimizerSettings, TrainingSettings, actions};
use vastavirta::files::read_model;
use vastavirta::network::{DataNode, DenseNode, LossKind, LossNode, NodeId, NodeKind, PatternKind, Position};
use vastavirta::words::{ToMessage, in_english};

use crate::shipped_models::csv;
use crate::support::{output_of, root, vastavirta};

/// How many values the next one is foretold from.
const WINDOW: usize = 25;

/// Elman's network with 16 units.
pub(crate) fn sine_rnn() -> Document {
    sequence(PatternKind::Elman, 16, 40)
}

/// The same with an LSTM, drawn from its gates.
pub(crate) fn lstm_sine() -> Document {
    sequence(PatternKind::Lstm, 8, 40)
}

fn sequence(pattern: PatternKind, units: usize, epochs: usize) -> Document {
    let mut document = Document::default();
    let mut act = |action: &dyn Fn(&Document) -> Change| -> Vec<NodeId> {
        let Change { edit, nodes, .. } = action(&document);
        document.apply(edit);
        nodes
    };
    let at = Position::default();
    let value = || vec!["value".to_owned()];
    let mut add = |kind: NodeKind| act(&|document| actions::add_node(document, kind.clone(), at))[0];
    let x = add(NodeKind::Input(DataNode { columns: value(), ..DataNode::new(1) }));
    let output = add(NodeKind::Dense(DenseNode::new(1)));
    let target = add(NodeKind::Target(DataNode { columns: value(), per_step: false, ..DataNode::new(1) }));
    let loss = add(NodeKind::Loss(LossNode::new(LossKind::Mse)));
    let cell = act(&|document| actions::add_pattern(document, pattern, units, at));
    let drawn = pattern.draw(units);
    let placed = |id: NodeId| cell[drawn.network.nodes.keys().position(|&old| old == id).unwrap()];
    let entries = drawn.entries.iter().map(|&(node, port)| (x, placed(node), port));
    let state = placed(drawn.output);
    for (from, to, port) in entries.chain([(state, output, 0), (output, loss, 0), (target, loss, 1)]) {
        act(&|document| actions::connect(document, from, to, port).unwrap());
    }
    act(&|document| actions::set_steps(document, WINDOW));
    act(&|document| actions::auto_layout(document, None));
    document.data = sine();
    document.training = TrainingSettings {
        optimizer: OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
        learning_rate: 0.005,
        clip: ClipSettings::Norm { max_norm: 1.0 },
        epochs,
        ..TrainingSettings::default()
    };
    document.parameters = document.network.initialize(document.training.seed);
    document
}

fn sine() -> DataSettings {
    let column = |name: &str, role: ColumnRole| ColumnSettings {
        name: name.to_owned(),
        role,
        kind: ColumnKind::Number,
    };
    let columns = vec![column("t", ColumnRole::Ignored), column("value", ColumnRole::Feature)];
    DataSettings {
        split: SplitSettings { validation_fraction: 0.2, shuffle: false },
        sequence: SequenceLayout::Windows { stride: 1, horizon: 1 },
        ..csv("sine_sequence.csv", columns, Scaling::None, Scaling::None)
    }
}

/// A field of a structure in RON, whatever the structure is called.
fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Map(fields) = value else { return None };
    let is_it = |key: &Value| matches!(key, Value::String(key) if key == name);
    fields.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let Some(Value::Seq(items)) = field(value, name) else { panic!("no list {name} in {value:?}") };
    items
}

fn count(value: &Value, name: &str) -> Option<usize> {
    let Value::Number(number) = field(value, name)? else { return None };
    Some(number.into_f64() as usize)
}

/// One copy in the unrolled section of a file.
#[derive(Debug)]
pub(crate) struct Copied {
    /// The drawn node and the step; none for what an edge carries before time began.
    node: Option<(usize, usize)>,
    /// Places of the sources in the list, with the drawn edges that they come over.
    inputs: Vec<(usize, usize)>,
}

/// The unrolled section of a model file, read as plain RON.
pub(crate) fn unrolled_section(text: &str) -> Vec<Copied> {
    let file: Value = ron::from_str(text).unwrap();
    let Some(Value::Option(Some(unrolled))) = field(&file, "unrolled") else { panic!("nothing unrolled") };
    let copy = |copy: &Value| {
        let of = field(copy, "of").unwrap();
        let input = |input: &Value| (count(input, "from").unwrap(), count(input, "edge").unwrap());
        Copied {
            node: count(of, "id").map(|id| (id, count(of, "step").unwrap())),
            inputs: list(copy, "inputs").iter().map(input).collect(),
        }
    };
    list(unrolled, "nodes").iter().map(copy).collect()
}

#[test]
fn the_unrolled_section_of_a_file_has_every_step_and_no_cycle_and_stores_parameters_once() {
    for name in ["sine_rnn", "lstm_sine"] {
        let text = fs::read_to_string(root().join(format!("saved_models/{name}.ron"))).unwrap();
        let file: Value = ron::from_str(&text).unwrap();
        let drawing = field(&file, "network").unwrap();
        let (nodes, edges) = (list(drawing, "nodes"), list(drawing, "edges"));
        let copies = unrolled_section(&text);

        let of_nodes: Vec<_> = copies.iter().filter_map(|copy| copy.node).collect();
        let ids = nodes.iter().map(|node| count(node, "id").unwrap());
        let expected: BTreeSet<_> = ids.flat_map(|id| (0..WINDOW).map(move |step| (id, step))).collect();
        assert_eq!(of_nodes.len(), expected.len(), "{name}");
        assert_eq!(of_nodes.into_iter().collect::<BTreeSet<_>>(), expected, "{name}");
        let n_loops = edges.iter().filter(|edge| count(edge, "delay") == Some(1)).count();
        assert_eq!(copies.iter().filter(|copy| copy.node.is_none()).count(), n_loops, "{name}");

        for (place, copy) in copies.iter().enumerate() {
            for &(from, edge) in &copy.inputs {
                assert!(from < place, "{name}: {copy:?} at {place} takes what comes later");
                let edge = edges.iter().find(|drawn| count(drawn, "id") == Some(edge)).unwrap();
                let (to, step) = copy.node.unwrap();
                assert_eq!(count(edge, "to"), Some(to), "{name}");
                let then = step.checked_sub(count(edge, "delay").unwrap());
                assert_eq!(
                    copies[from].node,
                    then.map(|then| (count(edge, "from").unwrap(), then)),
                    "{name}"
                );
            }
        }

        // RON read as plain values forgets the names of variants: Weight and Bias are told apart by the text.
        let of: Vec<_> = text.lines().filter_map(|line| line.trim().strip_prefix("of: ")).collect();
        assert_eq!(of.len(), list(&file, "parameters").len(), "{name}");
        assert_eq!(of.iter().collect::<BTreeSet<_>>().len(), of.len(), "{name}: stored once");
        let n_weights = of.iter().filter(|of| of.starts_with("Weight(")).count();
        assert_eq!(n_weights, text.matches("kind: Dense(").count(), "{name}: one weight a drawn layer");
    }
}

#[test]
fn a_file_whose_drawing_was_changed_by_hand_is_refused_and_the_place_named() {
    let text = fs::read_to_string(root().join("saved_models/sine_rnn.ron")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.ron");
    // At step 7 the state is taken from step 5 instead of 6.
    let copies = unrolled_section(&text);
    let (place, copy) = copies
        .iter()
        .enumerate()
        .find(|(_, copy)| matches!(copy.node, Some((_, 7))) && copy.inputs.iter().any(|&(_, edge)| edge == 4))
        .unwrap();
    let (id, step) = copy.node.unwrap();
    let from = copy.inputs[0].0;
    let line = |from: usize| format!("(of: Node(id: {id}, step: {step}), inputs: [(from: {from}, edge: 4)])");
    assert!(text.contains(&line(from)));
    fs::write(&path, text.replace(&line(from), &line(from - 8))).unwrap();
    let said = in_english(&read_model(&path).unwrap_err().message());
    assert!(said.contains(&format!("unrolled.nodes[{place}]")) && said.contains("step 7"), "{said}");
}

#[test]
fn sine_rnn_errs_less_than_a_third_of_tomorrow_is_like_today() {
    let printed = output_of(&mut vastavirta(&["train", "saved_models/sine_rnn.ron", "--json"]));
    let last: serde_json::Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    let (mse, baseline) = (&last["metrics"]["val_mse"], &last["metrics"]["val_persistence_mse"]);
    let (mse, baseline) = (mse.as_f64().unwrap(), baseline.as_f64().unwrap());
    assert!((mse - last["val_loss"].as_f64().unwrap()).abs() < 1e-6, "unscaled, both are one number");
    // 200 consecutive differences of a sine with a period of 20 rows and some noise.
    assert!((0.03..0.05).contains(&baseline), "{baseline}");
    assert!(mse < baseline / 3.0, "{mse} against {baseline}");
}
