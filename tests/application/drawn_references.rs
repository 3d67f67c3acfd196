//! Reference values of PyTorch, met by networks that were drawn: feed-forward ones, skip
//! connections, several losses, Elman's network through time, LSTM and GRU from gates.
//!
//! Tolerance: 1e-10 in f64 and 1e-5 in f32, times the largest magnitude of the tensor where that
//! is above 1.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use vastavirta::compile::CompileOptions;
use vastavirta::network::{
    Activation, Builder, CountedSteps, InitialState, LossKind, LossNode, Network, NodeId, NodeKind,
    ParameterKey, ParameterRole, Parameters,
};
use vastavirta::tensor::Real;

use crate::drawn::{Feed, Pass, assert_close};
use crate::support::root;

/// A drawn network, and which node and parameter each name of the reference means.
struct Case {
    reference: Value,
    network: Network,
    /// Reference name of a value → node and step.
    values: BTreeMap<String, (NodeId, usize)>,
    /// Reference name of a parameter → key.
    parameters: BTreeMap<&'static str, ParameterKey>,
    input: NodeId,
    targets: Vec<(NodeId, Vec<Vec<f64>>)>,
}

pub(crate) fn reference(name: &str) -> Value {
    let path = root().join("tests/reference").join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// All numbers of nested lists, in order.
pub(crate) fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

/// `[N, features]` as one step, `[N, T, features]` as T steps.
pub(crate) fn by_step(value: &Value) -> Vec<Vec<f64>> {
    let rows = value.as_array().unwrap();
    let is_sequence = rows[0][0].is_array();
    if !is_sequence {
        return vec![flat(value)];
    }
    let n_steps = rows[0].as_array().unwrap().len();
    (0..n_steps).map(|step| rows.iter().flat_map(|row| flat(&row[step])).collect()).collect()
}

fn weight(node: NodeId) -> ParameterKey {
    ParameterKey::Node(node, ParameterRole::Weight)
}

fn bias(node: NodeId) -> ParameterKey {
    ParameterKey::Node(node, ParameterRole::Bias)
}

impl Case {
    fn new(name: &str, network: Network, input: NodeId) -> Self {
        assert_eq!(network.problems(), [], "{name}");
        let reference = reference(name);
        Self {
            reference,
            network,
            values: BTreeMap::new(),
            parameters: BTreeMap::new(),
            input,
            targets: Vec::new(),
        }
    }

    fn value(mut self, name: impl Into<String>, node: NodeId, step: usize) -> Self {
        self.values.insert(name.into(), (node, step));
        self
    }

    fn dense(mut self, weight_name: &'static str, bias_name: Option<&'static str>, node: NodeId) -> Self {
        self.parameters.insert(weight_name, weight(node));
        if let Some(name) = bias_name {
            self.parameters.insert(name, bias(node));
        }
        self
    }

    fn target(mut self, node: NodeId) -> Self {
        self.targets.push((node, by_step(&self.reference["targets"])));
        self
    }

    fn parameters(&self) -> Parameters {
        let mut parameters = self.network.initialize(1);
        for (name, key) in &self.parameters {
            let values = flat(&self.reference["parameters"][name]);
            let parameter = parameters.get_mut(key).unwrap();
            assert_eq!(values.len(), parameter.values.len(), "{name}");
            parameter.values = Arc::new(values);
        }
        parameters
    }

    fn pass<T: Real>(&self, parameters: &Parameters) -> Pass<T> {
        let x = by_step(&self.reference["inputs"]["x"]);
        let n_rows = self.reference["inputs"]["x"].as_array().unwrap().len();
        let mut feed: Feed = self.targets.iter().cloned().collect();
        feed.insert(self.input, x);
        Pass::run(&self.network, parameters, &feed, n_rows, CompileOptions::for_showing())
    }

    /// Compares everything that the reference holds, in both precisions.
    fn check(&self) {
        self.check_in::<f64>(1e-10);
        self.check_in::<f32>(1e-5);
    }

    fn check_in<T: Real>(&self, tolerance: f64) {
        let pass = self.pass::<T>(&self.parameters());
        self.check_pass(&pass, tolerance);
        for (name, &key) in &self.parameters {
            let found = pass.parameter_grad(key).unwrap();
            assert_close(name, &found, &flat(&self.reference["gradients"][name]), tolerance);
        }
    }

    /// Values, gradients of values and of the input.
    fn check_pass<T: Real>(&self, pass: &Pass<T>, tolerance: f64) {
        let reference = &self.reference;
        if reference["values"]["loss"].is_number() {
            assert_close("loss", &[pass.loss()], &flat(&reference["values"]["loss"]), tolerance);
        }
        for (name, &(node, step)) in &self.values {
            let (value, grad) = (&reference["values"][name], &reference["value_gradients"][name]);
            assert_close(name, &pass.value(node, step), &flat(value), tolerance);
            if !grad.is_null() {
                let found = pass.grad(node, step).unwrap();
                assert_close(&format!("d{name}"), &found, &flat(grad), tolerance);
            }
        }
        if !reference["input_gradients"]["x"].is_null() {
            for (step, expected) in by_step(&reference["input_gradients"]["x"]).iter().enumerate() {
                assert_close(
                    &format!("dx{step}"),
                    &pass.grad(self.input, step).unwrap(),
                    expected,
                    tolerance,
                );
            }
        }
    }
}

/// x → Dense → hidden → Dense → (output activation) → loss.
fn two_layers(
    name: &str,
    widths: [usize; 3],
    hidden: Activation,
    output: Option<Activation>,
    kind: LossKind,
) -> Case {
    let mut b = Builder::new();
    let x = b.input(widths[0]);
    let z1 = b.dense(x, widths[1]);
    let a1 = b.activation(z1, hidden);
    let z2 = b.dense(a1, widths[2]);
    let a2 = output.map_or(z2, |activation| b.activation(z2, activation));
    let y = b.target(widths[2]);
    b.loss(kind, a2, y);
    let case = Case::new(name, b.finish(), x).dense("W1", Some("b1"), z1).dense("W2", Some("b2"), z2);
    case.value("z1", z1, 0).value("a1", a1, 0).value("z2", z2, 0).value("a2", a2, 0).target(y)
}

#[test]
fn grad_w_2x3_as_on_the_page() {
    let mut case = two_layers("grad_w_2x3", [3, 2, 1], Activation::Sigmoid, None, LossKind::Mse);
    for (ours, theirs) in [("a1", "h"), ("a2", "y")] {
        let place = case.values.remove(ours).unwrap();
        case.values.insert(theirs.into(), place);
    }
    case.values.remove("z2");
    case.check();
    let w1 = case.pass::<f64>(&case.parameters()).parameter_grad(case.parameters["W1"]).unwrap();
    assert_close("W1", &w1, &[0.098, 0.196, 0.294, 0.1078, 0.2156, 0.3234], 1e-9);
}

#[test]
fn mazurs_example() {
    let sigmoid = Activation::Sigmoid;
    two_layers("mazur_2_2_2", [2, 2, 2], sigmoid, Some(sigmoid), LossKind::HalfSumOfSquares).check();
}

#[test]
fn binary_cross_entropy_of_one_sample_and_of_a_batch() {
    let sigmoid = Activation::Sigmoid;
    two_layers("bce_2_3_1_one_sample", [2, 3, 1], sigmoid, Some(sigmoid), LossKind::Bce).check();
    two_layers("bce_2_3_1_batch", [2, 3, 1], sigmoid, Some(sigmoid), LossKind::Bce).check();
}

#[test]
fn softmax_and_cross_entropy() {
    let name = "softmax_cross_entropy";
    let mut case =
        two_layers(name, [4, 5, 3], Activation::Relu, Some(Activation::SOFTMAX), LossKind::CrossEntropy);
    let probabilities = case.values.remove("a2").unwrap();
    case.values.insert("p".into(), probabilities);
    let classes = flat(&case.reference["targets"]);
    case.targets[0].1 = vec![one_hot(&classes, 3)];
    case.check();
}

fn one_hot(classes: &[f64], n: usize) -> Vec<f64> {
    classes.iter().flat_map(|&class| (0..n).map(move |idx| f64::from(idx as f64 == class))).collect()
}

#[test]
fn the_bias_trick() {
    let mut b = Builder::new();
    let x = b.input(3);
    let z1 = b.dense_without_bias(x, 3);
    let a1 = b.activation(z1, Activation::Sigmoid);
    let z2 = b.dense_without_bias(a1, 1);
    let a2 = b.activation(z2, Activation::Sigmoid);
    let y = b.target(1);
    b.loss(LossKind::HalfSumOfSquares, a2, y);
    let case = Case::new("mse_sigmoid_bias_trick", b.finish(), x).dense("W1", None, z1).dense("W2", None, z2);
    case.value("z1", z1, 0).value("a1", a1, 0).value("z2", z2, 0).value("a2", a2, 0).target(y).check();
}

#[test]
fn a_skip_connection_with_add_and_concat() {
    let mut b = Builder::new();
    let x = b.input(3);
    let z1 = b.dense(x, 4);
    let h1 = b.activation(z1, Activation::Tanh);
    let z2 = b.dense(h1, 4);
    let h2 = b.activation(z2, Activation::Relu);
    let sum = b.node(NodeKind::Add, &[h1, h2]);
    let cat = b.node(NodeKind::CONCAT, &[sum, x]);
    let out = b.dense(cat, 1);
    let y = b.target(1);
    b.loss(LossKind::Mse, out, y);
    let case = Case::new("dag_add_concat", b.finish(), x);
    let case = case.dense("W1", Some("b1"), z1).dense("W2", Some("b2"), z2).dense("W3", Some("b3"), out);
    let case = case.value("h1", h1, 0).value("h2", h2, 0).value("sum", sum, 0).value("concat", cat, 0);
    case.value("y", out, 0).target(y).check();
}

#[test]
fn two_losses_add_up_with_their_weights() {
    let mut b = Builder::new();
    let x = b.input(2);
    let z = b.dense(x, 3);
    let h = b.activation(z, Activation::Tanh);
    let za = b.dense(h, 2);
    let yb = b.dense(h, 1);
    let (classes, numbers) = (b.target(2), b.target(1));
    let loss_a = b.loss(LossKind::CrossEntropyWithLogits, za, classes);
    let half = LossNode { weight: 0.5, ..LossNode::new(LossKind::Mse) };
    let loss_b = b.node(NodeKind::Loss(half), &[yb, numbers]);
    let case = Case::new("two_losses", b.finish(), x).dense("W1", Some("b1"), z);
    let case = case.dense("Wa", Some("ba"), za).dense("Wb", Some("bb"), yb);
    let case = case.value("h", h, 0).value("za", za, 0).value("yb", yb, 0);
    let mut case = case.value("loss_a", loss_a, 0).value("loss_b", loss_b, 0).target(numbers);
    case.targets.push((classes, vec![one_hot(&[0.0, 1.0, 1.0], 2)]));
    case.check();
}

/// The nodes of an Elman network.
struct Elman {
    case: Case,
    hidden: NodeId,
    recurrent: NodeId,
}

/// `Dense(x) + Dense(h before, no bias) → tanh → Dense → MSE`, as the references have it.
fn elman(name: &str, counted: CountedSteps, initial: InitialState, truncate: Option<usize>) -> Elman {
    let reference = reference(name);
    let sizes = |name: &str| reference["parameters"][name].as_array().unwrap().len();
    let n_steps = by_step(&reference["inputs"]["x"]).len();
    let features = reference["inputs"]["x"][0][0].as_array().unwrap().len();
    let (units, outputs) = (sizes("bh"), sizes("by"));
    let mut b = Builder::with_steps(n_steps);
    let x = b.input(features);
    let wx = b.dense(x, units);
    let sum = b.node(NodeKind::Add, &[wx]);
    let h = b.activation(sum, Activation::Tanh);
    let wh = b.dense_without_bias(h, units);
    b.edge(wh, sum, 1, 0, InitialState::Zeros);
    let y = b.dense(h, outputs);
    let target = b.target(outputs);
    let loss = LossNode { counted, ..LossNode::new(LossKind::Mse) };
    b.node(NodeKind::Loss(loss), &[y, target]);
    let mut network = b.finish();
    network.truncate = truncate;
    let back = crate::drawn::edge_between(&network, h, wh);
    let edge = network.edges.get_mut(&back).unwrap();
    (edge.delay, edge.initial) = (1, initial);
    let case = Case::new(name, network, x).dense("Wxh", Some("bh"), wx).dense("Whh", None, wh);
    let mut case = case.dense("Why", Some("by"), y).target(target);
    if initial == InitialState::Trained {
        case.parameters.insert("h0", ParameterKey::Initial(back));
    }
    // Some references count their steps from 1, some from 0; one names its last output plainly.
    let names = case.reference["values"].as_object().cloned().unwrap_or_default();
    for name in names.keys().filter(|name| *name != "loss") {
        let node = if name.starts_with('h') { h } else { y };
        let first = usize::from(!names.contains_key("h0"));
        let step = name[1..].parse::<usize>().map_or(n_steps - 1, |number| number - first);
        case = case.value(name.as_str(), node, step);
    }
    Elman { case, hidden: h, recurrent: wh }
}

#[test]
fn elman_networks_with_the_loss_on_the_last_step() {
    elman("rnn_scalar_t3", CountedSteps::Last, InitialState::Zeros, None).case.check();
    elman("rnn_2_3_1_t5", CountedSteps::Last, InitialState::Zeros, None).case.check();
}

#[test]
fn an_elman_network_with_the_loss_on_every_step() {
    elman("rnn_loss_every_step", CountedSteps::Every, InitialState::Zeros, None).case.check();
}

#[test]
fn a_trained_initial_state_gets_its_gradient() {
    elman("rnn_trained_initial_state", CountedSteps::Last, InitialState::Trained, None).case.check();
}

#[test]
fn truncation_cuts_the_gradient_and_leaves_the_values() {
    let Elman { case, hidden, .. } =
        elman("rnn_truncated_k2", CountedSteps::Last, InitialState::Zeros, Some(2));
    // The state before the cut gets no gradient at all, so the input there gets none either.
    truncated_in::<f64>(&case, hidden, 1e-10);
    truncated_in::<f32>(&case, hidden, 1e-5);
}

fn truncated_in<T: Real>(case: &Case, hidden: NodeId, tolerance: f64) {
    let pass = case.pass::<T>(&case.parameters());
    let grads: Vec<_> = (0..4).map(|step| pass.grad(hidden, step)).collect();
    assert!(grads[2].is_some() && grads[3].is_some());
    let is_nothing = |grad: &Option<Vec<f64>>| grad.iter().flatten().all(|value| *value == 0.0);
    assert!(is_nothing(&grads[0]) && is_nothing(&grads[1]), "{grads:?}");
    let expected = by_step(&case.reference["input_gradients"]["x"]);
    for (step, expected) in expected.iter().enumerate() {
        let found = pass.grad(case.input, step).unwrap_or_else(|| vec![0.0; expected.len()]);
        assert_close(&format!("dx{step}"), &found, expected, tolerance);
    }
    assert_close("loss", &[pass.loss()], &flat(&case.reference["values"]["loss"]), tolerance);
    for (name, &key) in &case.parameters {
        let found = pass.parameter_grad(key).unwrap();
        assert_close(name, &found, &flat(&case.reference["gradients"][name]), tolerance);
    }
}

#[test]
fn each_step_has_its_share_of_the_shared_weight() {
    let Elman { case, recurrent, .. } =
        elman("rnn_grad_steps", CountedSteps::Last, InitialState::Zeros, None);
    shares_in::<f64>(&case, recurrent, 1e-10);
    shares_in::<f32>(&case, recurrent, 1e-5);
}

fn shares_in<T: Real>(case: &Case, recurrent: NodeId, tolerance: f64) {
    let pass = case.pass::<T>(&case.parameters());
    let steps = case.reference["grad_steps"].as_array().unwrap();
    let mut sum = vec![0.0; 9];
    for (step, expected) in steps.iter().enumerate() {
        let share = pass.share(recurrent, step, weight(recurrent)).unwrap();
        assert_close(&format!("step {step}"), &share, &flat(expected), tolerance);
        sum.iter_mut().zip(&share).for_each(|(sum, share)| *sum += share);
    }
    assert_close("sum of the shares", &sum, &flat(&case.reference["grad"]), tolerance);
    let whole = pass.parameter_grad(weight(recurrent)).unwrap();
    assert_close("gradient", &whole, &flat(&case.reference["grad"]), tolerance);
}
