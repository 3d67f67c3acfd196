//! LSTM and GRU drawn from gates by the ready-made patterns, against `torch.nn.LSTM` and
//! `torch.nn.GRU` (how the numbers were made stands in each file).

use std::sync::Arc;

use serde_json::Value;
use vastavirta::compile::CompileOptions;
use vastavirta::document::actions;
use vastavirta::document::{Change, Document};
use vastavirta::network::{
    CountedSteps, DataNode, DenseNode, EdgeId, InitialState, LossKind, LossNode, NodeId, NodeKind,
    ParameterKey, ParameterRole, PatternKind, Position,
};
use vastavirta::tensor::Real;

use crate::drawn::{Feed, Pass, assert_close};
use crate::drawn_references::{by_step, flat, reference};

/// A pattern dropped on an empty drawing, wired to x and to a Dense output with its loss.
struct Drawn {
    document: Document,
    reference: Value,
    x: NodeId,
    state: NodeId,
    output: NodeId,
    target: NodeId,
}

fn draw(name: &str, kind: PatternKind) -> Drawn {
    let reference = reference(name);
    let n_steps = by_step(&reference["inputs"]["x"]).len();
    let is_every_step = by_step(&reference["targets"]).len() > 1;
    let mut document = Document::default();
    let mut act = |action: &dyn Fn(&Document) -> Change| {
        let change = action(&document);
        let made = change.nodes.clone();
        document.apply(change.edit);
        made
    };
    let at = Position::default();
    let nodes = act(&|document| actions::add_pattern(document, kind, 3, at));
    let pattern = kind.draw(3);
    let placed = |id: NodeId| nodes[pattern.network.nodes.keys().position(|&old| old == id).unwrap()];
    let mut add = |kind: NodeKind| act(&|document| actions::add_node(document, kind.clone(), at))[0];
    let x = add(NodeKind::Input(DataNode::new(2)));
    let output = add(NodeKind::Dense(DenseNode::new(1)));
    let target = add(NodeKind::Target(DataNode { per_step: is_every_step, ..DataNode::new(1) }));
    let counted = if is_every_step { CountedSteps::Every } else { CountedSteps::Last };
    let loss = add(NodeKind::Loss(LossNode { counted, ..LossNode::new(LossKind::Mse) }));
    let state = placed(pattern.output);
    let entries = pattern.entries.iter().map(|&(node, port)| (x, placed(node), port));
    for (from, to, port) in entries.chain([(state, output, 0), (output, loss, 0), (target, loss, 1)]) {
        act(&|document| actions::connect(document, from, to, port).unwrap());
    }
    act(&|document| actions::set_steps(document, n_steps));
    assert_eq!(document.network.problems(), [], "{name}");
    Drawn { document, reference, x, state, output, target }
}

impl Drawn {
    fn named(&self, name: &str) -> NodeId {
        *self.document.network.nodes.iter().find(|(_, node)| node.name == name).unwrap().0
    }

    /// The delayed edge that leaves a node.
    fn loop_from(&self, node: NodeId) -> EdgeId {
        let loops = self.document.network.edges.iter().filter(|(_, edge)| edge.delay > 0);
        *loops.into_iter().find(|(_, edge)| edge.from == node).unwrap().0
    }

    /// PyTorch's parameter, as rows.
    fn rows(&self, section: &str, name: &str) -> Vec<Vec<f64>> {
        self.reference[section][name].as_array().unwrap().iter().map(flat).collect()
    }

    fn set(&mut self, key: ParameterKey, values: Vec<f64>) {
        let parameter = self.document.parameters.get_mut(&key).unwrap();
        assert_eq!(parameter.values.len(), values.len());
        parameter.values = Arc::new(values);
    }

    /// Every parameter of the drawing with PyTorch's number for it, taken from `section`
    /// (`parameters` or `gradients`). `gates` names the gates in PyTorch's order of rows.
    fn pairs(&self, section: &str, gates: &[&str]) -> Vec<(ParameterKey, Vec<f64>)> {
        let (ih, hh) = (self.rows(section, "weight_ih"), self.rows(section, "weight_hh"));
        let (bi, bh) = (self.rows(section, "bias_ih"), self.rows(section, "bias_hh"));
        let mut pairs = Vec::new();
        let mut push = |name: &str, weight: Vec<f64>, bias: Vec<f64>| {
            let node = self.named(name);
            pairs.push((ParameterKey::Node(node, ParameterRole::Weight), weight));
            pairs.push((ParameterKey::Node(node, ParameterRole::Bias), bias));
        };
        for (gate, first) in gates.iter().zip((0..).step_by(3)) {
            let rows = first..first + 3;
            let beside = rows.clone().flat_map(|row| [ih[row].clone(), hh[row].clone()].concat());
            if *gate == "n" {
                push("Wn 1", ih[rows.clone()].concat(), bi[rows.clone()].concat());
                push("Un 1", hh[rows.clone()].concat(), bh[rows].concat());
                continue;
            }
            // Two biases of one sum: their values add up, their gradients are the same.
            let sum = |row: usize| if section == "parameters" { bi[row][0] + bh[row][0] } else { bi[row][0] };
            push(&format!("W{gate} 1"), beside.collect(), rows.map(sum).collect());
        }
        let output = |role| ParameterKey::Node(self.output, role);
        pairs.push((output(ParameterRole::Weight), flat(&self.reference[section]["Wy"])));
        pairs.push((output(ParameterRole::Bias), flat(&self.reference[section]["by"])));
        pairs
    }

    fn check<T: Real>(&mut self, gates: &[&str], initials: &[(&str, EdgeId)], tolerance: f64) {
        for &(_, edge) in initials {
            let change = actions::set_initial(&self.document, edge, InitialState::Trained);
            self.document.apply(change.edit);
        }
        for (key, values) in self.pairs("parameters", gates) {
            self.set(key, values);
        }
        for &(name, edge) in initials {
            self.set(ParameterKey::Initial(edge), flat(&self.reference["parameters"][name]));
        }
        let feed = Feed::from([
            (self.x, by_step(&self.reference["inputs"]["x"])),
            (self.target, by_step(&self.reference["targets"])),
        ]);
        let Document { network, parameters, .. } = &self.document;
        let pass = Pass::<T>::run(network, parameters, &feed, 2, CompileOptions::for_showing());
        assert_close("loss", &[pass.loss()], &flat(&self.reference["values"]["loss"]), tolerance);
        let cell = network.nodes.iter().find(|(_, node)| node.name == "c 1").map(|(&id, _)| id);
        for (name, value) in self.reference["values"].as_object().unwrap() {
            let node = match &name[..1] {
                "h" => self.state,
                "y" => self.output,
                "c" => cell.unwrap(),
                _ => continue,
            };
            let step = name[1..].parse().unwrap();
            assert_close(name, &pass.value(node, step), &flat(value), tolerance);
            let grad = &self.reference["value_gradients"][name];
            if !grad.is_null() {
                assert_close(&format!("d{name}"), &pass.grad(node, step).unwrap(), &flat(grad), tolerance);
            }
        }
        for (key, expected) in self.pairs("gradients", gates) {
            assert_close(&format!("{key:?}"), &pass.parameter_grad(key).unwrap(), &expected, tolerance);
        }
        for &(name, edge) in initials {
            let found = pass.parameter_grad(ParameterKey::Initial(edge)).unwrap();
            assert_close(name, &found, &flat(&self.reference["gradients"][name]), tolerance);
        }
        for (step, expected) in by_step(&self.reference["input_gradients"]["x"]).iter().enumerate() {
            assert_close(&format!("dx{step}"), &pass.grad(self.x, step).unwrap(), expected, tolerance);
        }
    }
}

#[test]
fn an_lstm_from_gates_equals_pytorchs() {
    let gates = ["i", "f", "g", "o"];
    let mut plain = draw("lstm_last_step", PatternKind::Lstm);
    plain.check::<f64>(&gates, &[], 1e-10);
    plain.check::<f32>(&gates, &[], 1e-5);
    let mut trained = draw("lstm_every_step_trained_initial_state", PatternKind::Lstm);
    let initials = [
        ("h_initial", trained.loop_from(trained.state)),
        ("c_initial", trained.loop_from(trained.named("c 1"))),
    ];
    trained.check::<f64>(&gates, &initials, 1e-10);
    trained.check::<f32>(&gates, &initials, 1e-5);
}

#[test]
fn a_gru_from_gates_equals_pytorchs() {
    let gates = ["r", "z", "n"];
    let mut plain = draw("gru_last_step", PatternKind::Gru);
    plain.check::<f64>(&gates, &[], 1e-10);
    plain.check::<f32>(&gates, &[], 1e-5);
    let mut trained = draw("gru_every_step_trained_initial_state", PatternKind::Gru);
    let initials = [("h_initial", trained.loop_from(trained.state))];
    trained.check::<f64>(&gates, &initials, 1e-10);
    trained.check::<f32>(&gates, &initials, 1e-5);
}
