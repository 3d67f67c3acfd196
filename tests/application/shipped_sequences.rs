//! The examples with loops, drawn in code: the next value of a noisy sine from the 25 before it.

use vastavirta::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, Scaling, SequenceLayout, SplitSettings,
};
use vastavirta::document::{Change, ClipSettings, Document, OptimizerSettings, TrainingSettings, actions};
use vastavirta::network::{DataNode, DenseNode, LossKind, LossNode, NodeId, NodeKind, PatternKind, Position};

use crate::shipped_models::csv;
use crate::support::{output_of, vastavirta};

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
    act(&actions::auto_layout);
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
