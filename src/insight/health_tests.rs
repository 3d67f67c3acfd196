//! Networks made ill, each named right, and healthy ones of which nothing is said.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::{Finding, Trouble, judge};
use crate::data::{DataRequest, DataSettings, SplitSettings, prepare};
use crate::document::{OptimizerSettings, TrainingSettings};
use crate::network::{
    Activation, Builder, LossKind, Network, NodeId, NodeKind, Parameter, ParameterKey, ParameterRole,
    Parameters,
};
use crate::train::{Advance, HealthHistory, LossHistory, Session};

const ROWS: usize = 64;
const WIDTH: usize = 8;

/// `n` hidden layers of eight units on 64 rows of a smooth function of two inputs.
pub(super) fn layers(n: usize, activation: Activation) -> (Network, Vec<NodeId>) {
    let mut builder = Builder::new();
    let x = builder.input(2);
    let y = builder.target(1);
    let mut dense = Vec::new();
    let mut last = x;
    for _ in 0..n {
        let layer = builder.dense(last, WIDTH);
        dense.push(layer);
        last = builder.activation(layer, activation);
    }
    let out = builder.dense(last, 1);
    dense.push(out);
    builder.loss(LossKind::Mse, out, y);
    let place = |n: usize| [(n % 8) as f64 / 3.5 - 1.0, (n / 8) as f64 / 3.5 - 1.0];
    builder.rows(x, (0..ROWS).map(|n| place(n).to_vec()).collect());
    builder.rows(y, (0..ROWS).map(|n| vec![(2.0 * place(n)[0]).sin() + place(n)[1]]).collect());
    (builder.finish(), dense)
}

pub(super) fn sgd(learning_rate: f64) -> TrainingSettings {
    TrainingSettings {
        optimizer: OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 },
        learning_rate,
        batch_size: 16,
        epochs: 60,
        ..TrainingSettings::default()
    }
}

/// What is found after training, and the names of the layers.
pub(super) fn found(network: &Network, parameters: &Parameters, settings: &TrainingSettings) -> Vec<Finding> {
    let split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let data = DataSettings { split, ..DataSettings::default() };
    let data = Arc::new(prepare(None, &data, &DataRequest::of(network), 1).unwrap());
    let mut session = Session::<f64>::new(network, parameters, data, settings).unwrap();
    let (mut health, mut losses) = (HealthHistory::default(), LossHistory::default());
    let mut step = 0;
    loop {
        if !session.is_evaluating() && step % 5 == 0 {
            health.push(Arc::new(session.health()));
        }
        step += 1;
        match session.advance() {
            Advance::Batch | Advance::Evaluation => {}
            Advance::Epoch { record, stop } => {
                losses.push(record);
                if stop.is_some() {
                    health.push(Arc::new(session.health()));
                    break;
                }
            }
            Advance::NotFinite(_) => {
                health.push(Arc::new(session.health()));
                break;
            }
        }
    }
    judge(&health, &losses)
}

pub(super) fn troubles(found: &[Finding]) -> Vec<Trouble> {
    found.iter().map(|finding| finding.trouble).collect()
}

/// Weights of a role multiplied and moved.
pub(super) fn change(
    parameters: &mut Parameters,
    node: NodeId,
    role: ParameterRole,
    of: impl Fn(f64) -> f64,
) {
    let parameter = parameters.get_mut(&ParameterKey::Node(node, role)).unwrap();
    let values: Vec<f64> = parameter.values.iter().map(|x| of(*x)).collect();
    *parameter = Parameter { values: Arc::new(values), ..parameter.clone() };
}

#[test]
fn ten_sigmoid_layers_vanish_in_the_first_one() {
    let (network, dense) = layers(10, Activation::Sigmoid);
    let found = found(&network, &network.initialize(1), &sgd(0.05));
    assert_eq!(troubles(&found), [Trouble::Vanishing], "{found:?}");
    assert_eq!(found[0].node, dense[0]);
}

#[test]
fn a_learning_rate_a_thousand_times_too_high_explodes() {
    let (network, _) = layers(2, Activation::Relu);
    let parameters = network.initialize(1);
    assert_eq!(found(&network, &parameters, &sgd(0.02)), []);
    let found = found(&network, &parameters, &sgd(20.0));
    assert_eq!(troubles(&found), [Trouble::Exploding], "{found:?}");
}

#[test]
fn a_bias_of_minus_ten_before_a_relu_kills_its_units() {
    let (network, dense) = layers(2, Activation::Relu);
    let mut parameters = network.initialize(1);
    change(&mut parameters, dense[1], ParameterRole::Bias, |_| -10.0);
    let found = found(&network, &parameters, &sgd(0.02));
    assert_eq!(troubles(&found), [Trouble::Dead], "{found:?}");
    assert!((found[0].size - 1.0).abs() < 1e-12);
    let killed = network.nodes.get(&found[0].node).unwrap();
    assert_eq!(killed.kind, NodeKind::Activation(Activation::Relu));
    assert!(network.edges.values().any(|edge| edge.from == dense[1] && edge.to == found[0].node));
}

#[test]
fn weights_a_thousand_times_too_large_saturate_a_tanh() {
    let (network, dense) = layers(2, Activation::Tanh);
    let mut parameters = network.initialize(1);
    change(&mut parameters, dense[0], ParameterRole::Weight, |w| 1_000.0 * w);
    change(&mut parameters, dense[0], ParameterRole::Bias, |_| 100.0);
    let found = found(&network, &parameters, &TrainingSettings { epochs: 5, ..sgd(1e-4) });
    assert_eq!(troubles(&found), [Trouble::Saturated], "{found:?}");
}

#[test]
fn a_learning_rate_is_called_too_high_or_too_low_only_where_it_is() {
    let (network, _) = layers(2, Activation::Tanh);
    let parameters = network.initialize(1);
    let of = |rate: f64| troubles(&found(&network, &parameters, &sgd(rate)));
    assert_eq!(of(1e-6), [Trouble::LearningRateTooLow]);
    for rate in [0.01, 0.03, 0.1] {
        assert_eq!(of(rate), [], "{rate}");
    }
    let adam = OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
    let of = |rate: f64| {
        let settings = TrainingSettings { optimizer: adam, ..sgd(rate) };
        troubles(&found(&network, &parameters, &settings))
    };
    assert_eq!(of(0.01), []);
    assert_eq!(of(10.0), [Trouble::LearningRateTooHigh]);
}

const STEPS: usize = 20;

/// Elman's network over 20 steps whose target is the first number of the sequence, or the last one; its
/// recurrent weights are `recurrent` times the identity.
pub(super) fn elman(activation: Activation, recurrent: f64, is_first: bool) -> (Network, Parameters, NodeId) {
    let mut builder = Builder::with_steps(STEPS);
    let (x, y) = (builder.input(1), builder.target(1));
    let of_input = builder.dense(x, WIDTH);
    let sum = builder.node(NodeKind::Add, &[of_input]);
    let state = builder.activation(sum, activation);
    let carried = builder.dense_without_bias(state, WIDTH);
    builder.loop_edge(carried, sum, 1);
    let out = builder.dense(state, 1);
    builder.loss(LossKind::Mse, out, y);
    let number = |row: usize, step: usize| if (row * 7 + step * row + step * 3) % 5 < 2 { 1.0 } else { -0.6 };
    let of_row = |row: usize| (0..STEPS).map(|step| number(row, step)).collect::<Vec<f64>>();
    let wanted = |row: usize| number(row, if is_first { 0 } else { STEPS - 1 });
    builder.rows(x, (0..ROWS).map(of_row).collect());
    builder.rows(y, (0..ROWS).map(|row| vec![wanted(row); STEPS]).collect());
    let network = builder.finish();
    let mut parameters = network.initialize(1);
    let identity = |idx: usize| if idx.is_multiple_of(WIDTH + 1) { recurrent } else { 0.0 };
    let key = ParameterKey::Node(carried, ParameterRole::Weight);
    parameters.get_mut(&key).unwrap().values = Arc::new((0..WIDTH * WIDTH).map(identity).collect());
    (network, parameters, carried)
}

#[test]
fn small_recurrent_weights_vanish_through_time_where_the_first_step_is_to_be_remembered() {
    let (network, parameters, carried) = elman(Activation::Tanh, 0.1, true);
    let ill = found(&network, &parameters, &TrainingSettings { epochs: 10, ..sgd(0.02) });
    assert_eq!(troubles(&ill), [Trouble::VanishingThroughTime], "{ill:?}");
    assert_eq!(ill[0].node, carried);
    // The same gradient vanishes where it does not matter: what is asked for lies at the last step.
    let (network, parameters, _) = elman(Activation::Tanh, 0.1, false);
    assert_eq!(found(&network, &parameters, &sgd(0.1)), []);
}

#[test]
fn large_recurrent_weights_explode_through_time() {
    let (network, parameters, carried) = elman(Activation::Identity, 1.6, true);
    let ill = found(&network, &parameters, &TrainingSettings { epochs: 5, ..sgd(1e-14) });
    assert_eq!(troubles(&ill), [Trouble::ExplodingThroughTime], "{ill:?}");
    assert_eq!(ill[0].node, carried);
    assert!(ill[0].size > 1e3);
}
