//! A session against numbers known from elsewhere, and against itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ends;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::data::{DataRequest, DataSettings, SplitSettings, prepare};
use crate::document::{ClipSettings, OptimizerSettings};
use crate::network::{
    Activation, Builder, LossKind, NodeId, NodeKind, Parameter, ParameterKey, ParameterRole,
};
use crate::train::progress::{Cause, Quantity};
use crate::train::{Pass, SampleView, Watch};

fn sgd(learning_rate: f64) -> TrainingSettings {
    TrainingSettings {
        optimizer: OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 },
        learning_rate,
        ..TrainingSettings::default()
    }
}

/// All rows train.
fn data_of(network: &Network) -> Arc<Prepared> {
    let settings = DataSettings {
        split: SplitSettings { validation_fraction: 0.0, shuffle: false },
        ..DataSettings::default()
    };
    Arc::new(prepare(None, &settings, &DataRequest::of(network), 1).unwrap())
}

fn session<T: Real>(network: &Network, parameters: &Parameters, settings: &TrainingSettings) -> Session<T> {
    Session::new(network, parameters, data_of(network), settings).unwrap()
}

fn set(parameters: &mut Parameters, node: NodeId, role: ParameterRole, values: &[f64], trainable: bool) {
    let parameter = parameters.get_mut(&ParameterKey::Node(node, role)).unwrap();
    *parameter = Parameter { values: Arc::new(values.to_vec()), trainable, ..parameter.clone() };
}

/// Matt Mazur's step by step example: 2-2-2, half sum of squares, biases frozen.
fn mazur() -> (Network, Parameters, [NodeId; 2]) {
    let mut builder = Builder::new();
    let x = builder.input(2);
    let y = builder.target(2);
    let hidden = builder.dense(x, 2);
    let a1 = builder.activation(hidden, Activation::Sigmoid);
    let out = builder.dense(a1, 2);
    let a2 = builder.activation(out, Activation::Sigmoid);
    builder.loss(LossKind::HalfSumOfSquares, a2, y);
    builder.rows(x, vec![vec![0.05, 0.10]]);
    builder.rows(y, vec![vec![0.01, 0.99]]);
    let network = builder.finish();
    let mut parameters = network.initialize(1);
    set(&mut parameters, hidden, ParameterRole::Weight, &[0.15, 0.20, 0.25, 0.30], true);
    set(&mut parameters, hidden, ParameterRole::Bias, &[0.35, 0.35], false);
    set(&mut parameters, out, ParameterRole::Weight, &[0.40, 0.45, 0.50, 0.55], true);
    set(&mut parameters, out, ParameterRole::Bias, &[0.60, 0.60], false);
    (network, parameters, [hidden, out])
}

/// 2-4-1 sigmoid with BCE on the four rows of exclusive or.
fn xor() -> Network {
    let mut builder = Builder::new();
    let x = builder.input(2);
    let y = builder.target(1);
    let hidden = builder.dense(x, 4);
    let a1 = builder.activation(hidden, Activation::Sigmoid);
    let out = builder.dense(a1, 1);
    let a2 = builder.activation(out, Activation::Sigmoid);
    builder.loss(LossKind::Bce, a2, y);
    builder.rows(x, vec![vec![0.0, 0.0], vec![0.0, 1.0], vec![1.0, 0.0], vec![1.0, 1.0]]);
    builder.rows(y, vec![vec![0.0], vec![1.0], vec![1.0], vec![0.0]]);
    builder.finish()
}

fn everything() -> Watch {
    Watch { nodes: BTreeSet::new(), view: SampleView::Batch, time_steps: None, ..Watch::default() }
}

#[test]
fn one_step_of_mazurs_example_gives_the_published_loss() {
    let (network, parameters, [hidden, _]) = mazur();
    let mut session = session::<f64>(&network, &parameters, &sgd(0.5));
    assert!((session.rest().unwrap() - 0.298_371_109).abs() < 1e-9);
    session.update();
    assert!((session.rest().unwrap() - 0.291_027_774).abs() < 1e-9);
    let after = session.parameters();
    let weight = &after[&ParameterKey::Node(hidden, ParameterRole::Weight)].values;
    assert!((weight[0] - 0.149_780_716).abs() < 1e-9);
    let bias = &after[&ParameterKey::Node(hidden, ParameterRole::Bias)].values;
    assert_eq!(**bias, [0.35, 0.35], "a frozen bias stays");
}

#[test]
fn a_pass_adds_up_and_the_next_step_adds_exactly_the_update_shown() {
    let (network, parameters, [hidden, out]) = mazur();
    let settings = TrainingSettings { clip: ClipSettings::Norm { max_norm: 0.01 }, ..sgd(0.5) };
    let mut session = session::<f64>(&network, &parameters, &settings);
    let pass = session.capture(&everything());
    let key = ParameterKey::Node(out, ParameterRole::Weight);
    let shown = &pass.parameters[&key];
    let grad = shown.grad.as_ref().unwrap();
    assert!((grad.data()[0] - 0.082_167_041).abs() < 1e-9, "unclipped: {}", grad.data()[0]);
    assert_eq!(shown.value.shape(), [2, 2]);
    // grad_W = dZᵀ · X, from the numbers shown beside it.
    let node = pass.node(out, 0).unwrap();
    let (x, dz) = (&node.ports[0].value, node.grad.as_ref().unwrap());
    assert!((dz.data()[0] * x.data()[0] - grad.data()[0]).abs() < 1e-15);
    // dX of the hidden layer, though training has no need of it.
    assert!(pass.node(hidden, 0).unwrap().ports[0].grad.is_some());
    let bias = &pass.parameters[&ParameterKey::Node(out, ParameterRole::Bias)];
    assert_eq!((&bias.grad, &bias.update), (&None, &None), "frozen is none");
    session.update();
    let after = &session.parameters()[&key].values;
    for (idx, value) in after.iter().enumerate() {
        let sum = shown.value.data()[idx] + shown.update.as_ref().unwrap().data()[idx];
        assert!((sum - value).abs() < 1e-15);
    }
    let update = shown.update.as_ref().unwrap();
    assert!(update.largest() < 0.5 * 0.01, "the update is clipped: {}", update.largest());
}

#[test]
fn exclusive_or_is_learned_to_the_end() {
    let network = xor();
    let settings = TrainingSettings {
        optimizer: OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
        learning_rate: 0.05,
        batch_size: 4,
        epochs: 2_000,
        target_loss: Some(0.009),
        ..TrainingSettings::default()
    };
    for seed in 1..=5 {
        let settings = TrainingSettings { seed, ..settings.clone() };
        let mut session = session::<f32>(&network, &network.initialize(seed), &settings);
        let stop = loop {
            if let (_, Some(stop)) = session.epoch().unwrap() {
                break stop;
            }
        };
        assert_eq!(stop, StopReason::TargetLoss, "seed {seed}");
        let evaluation = session.evaluate(false);
        assert!(evaluation.loss < 0.01);
        assert_eq!(evaluation.losses[0].metrics.accuracy, Some(1.0));
        assert_eq!(evaluation.losses[0].confusion.as_ref().unwrap().counts, [[2, 0], [0, 2]]);
    }
}

/// A drawing with dropout and partial batches, where every random stream matters.
fn noisy() -> Network {
    let mut builder = Builder::new();
    let x = builder.input(2);
    let y = builder.target(1);
    let hidden = builder.dense(x, 8);
    let dropped = builder.node(NodeKind::Dropout { p: 0.5 }, &[hidden]);
    let relu = builder.activation(dropped, Activation::Relu);
    let out = builder.dense(relu, 1);
    builder.loss(LossKind::Mse, out, y);
    let rows: Vec<Vec<f64>> = (0..10).map(|n| vec![f64::from(n) / 10.0, f64::from(n % 3)]).collect();
    builder.rows(y, rows.iter().map(|row| vec![row[0] - row[1]]).collect());
    builder.rows(x, rows);
    builder.finish()
}

fn bits(session: &Session<f32>) -> Vec<u64> {
    let parameters = session.parameters();
    parameters.values().flat_map(|parameter| parameter.values.iter().map(|x| x.to_bits())).collect()
}

#[test]
fn the_same_seed_gives_the_same_bits_and_looking_changes_nothing() {
    let network = noisy();
    let settings = TrainingSettings { batch_size: 4, ..TrainingSettings::default() };
    let run = |seed, looks: bool| {
        let settings = TrainingSettings { seed, ..settings.clone() };
        let mut session = session::<f32>(&network, &network.initialize(7), &settings);
        for step in 0..20 {
            if looks {
                let view = [SampleView::Batch, SampleView::Sample(1), SampleView::Alone(0)][step % 3];
                session.capture(&Watch { view, ..everything() });
                session.pass_on(&[3, 4], Mode::Train);
                session.evaluate(false);
            }
            session.advance();
        }
        bits(&session)
    };
    assert_eq!(run(1, false), run(1, false));
    assert_eq!(run(1, false), run(1, true));
    assert_ne!(run(1, false), run(2, false));
}

fn sum_of_shares(passes: &[Pass], key: ParameterKey) -> Vec<f64> {
    let mut sum = vec![0.0; passes[0].parameters[&key].value.data().len()];
    for pass in passes {
        for (sum, share) in sum.iter_mut().zip(pass.parameters[&key].grad.as_ref().unwrap().data()) {
            *sum += share;
        }
    }
    sum
}

#[test]
fn any_row_runs_alone_whether_or_not_it_is_in_the_batch() {
    let network = noisy();
    let settings = TrainingSettings { batch_size: 2, ..TrainingSettings::default() };
    let mut session = session::<f64>(&network, &network.initialize(7), &settings);
    for row in 0..10 {
        let alone = session.capture(&Watch { view: SampleView::Alone(row), ..everything() });
        assert_eq!((alone.view, alone.rows.as_slice()), (SampleView::Alone(row), [row].as_slice()));
        let x = alone.nodes.values().find(|node| node.ports.is_empty()).unwrap();
        assert_eq!(x.output.data(), [row as f64 / 10.0, (row % 3) as f64]);
    }
    let outside = session.capture(&Watch { view: SampleView::Alone(10), ..everything() });
    assert_eq!(outside.view, SampleView::Batch);
}

#[test]
fn the_shares_of_all_samples_sum_to_the_gradient_of_the_batch() {
    let network = noisy();
    let settings = TrainingSettings { batch_size: 4, ..TrainingSettings::default() };
    let mut session = session::<f64>(&network, &network.initialize(7), &settings);
    let whole = session.capture(&everything());
    let shares: Vec<Pass> =
        (0..4).map(|n| session.capture(&Watch { view: SampleView::Sample(n), ..everything() })).collect();
    for (key, parameter) in &whole.parameters {
        for (sum, whole) in sum_of_shares(&shares, *key).iter().zip(parameter.grad.as_ref().unwrap().data()) {
            assert!((sum - whole).abs() < 1e-12);
        }
    }
    // Alone the same row has a mean over one sample instead of four.
    let alone = session.capture(&Watch { view: SampleView::Alone(whole.rows[2]), ..everything() });
    assert_eq!(alone.rows, [whole.rows[2]]);
    for (key, parameter) in &alone.parameters {
        let share = shares[2].parameters[key].grad.as_ref().unwrap().data();
        for (alone, share) in parameter.grad.as_ref().unwrap().data().iter().zip(share) {
            assert!((alone - 4.0 * share).abs() < 1e-12);
        }
    }
}

#[test]
fn settings_change_while_it_runs_without_losing_progress() {
    let network = noisy();
    let mut session =
        session::<f32>(&network, &network.initialize(7), &TrainingSettings { batch_size: 4, ..sgd(0.01) });
    session.advance();
    let before = session.parameters();
    session.set_training(&TrainingSettings { batch_size: 2, ..sgd(0.02) }).unwrap();
    assert_eq!(session.parameters(), before);
    assert_eq!(session.progress().step, 1);
    assert_eq!((session.progress().batch, session.progress().n_batches), (1, 4), "six samples are left");
    session.set_training(&TrainingSettings { batch_size: 2, ..TrainingSettings::default() }).unwrap();
    session.advance();
    let state = session.optimizer_state();
    assert!(state.parameters.values().all(|parameter| parameter.step == 1));
    assert!(state.parameters.values().all(|parameter| parameter.tensors.contains_key("exp_avg")));
}

#[test]
fn a_run_that_goes_on_from_its_saved_state_is_the_same_run() {
    let network = noisy();
    let settings = TrainingSettings { batch_size: 5, ..TrainingSettings::default() };
    let mut whole = session::<f32>(&network, &network.initialize(7), &settings);
    // Two epochs, and half of the third.
    for _ in 0..2 {
        whole.epoch().unwrap();
    }
    whole.advance();
    let position = whole.progress().position();
    assert_eq!((position.epoch, position.samples, position.step), (2, 5, 5));
    let mut resumed = session::<f32>(&network, &whole.parameters(), &settings).continued_from(position);
    resumed.set_optimizer_state(&whole.optimizer_state());
    for _ in 0..2 {
        whole.epoch().unwrap();
        resumed.epoch().unwrap();
    }
    assert_eq!(bits(&whole), bits(&resumed));
}

#[test]
fn a_number_that_is_not_finite_is_named_and_the_last_good_weights_come_back() {
    let network = noisy();
    let settings = TrainingSettings { batch_size: 10, ..sgd(1e20) };
    let mut session = session::<f32>(&network, &network.initialize(7), &settings);
    let start = session.parameters();
    let found = loop {
        if let Advance::NotFinite(found) = session.advance() {
            break found;
        }
    };
    assert_eq!(found.cause, Cause::LearningRate);
    assert!(found.node.is_some() && found.step > 1);
    session.restore_good();
    assert_eq!(session.parameters(), start);
    session.set_training(&sgd(0.01)).unwrap();
    assert!(matches!(session.advance(), Advance::Epoch { .. } | Advance::Batch), "it can go on");
}

#[test]
fn a_weight_that_was_never_finite_is_named_at_its_node() {
    let (network, mut parameters, [hidden, _]) = mazur();
    set(&mut parameters, hidden, ParameterRole::Weight, &[f64::NAN, 0.2, 0.25, 0.3], true);
    let mut session = session::<f64>(&network, &parameters, &sgd(0.5));
    let found = session.rest().unwrap_err();
    assert_eq!((found.node, found.quantity), (Some(hidden), Quantity::Parameter));
    assert_eq!((found.step, found.cause), (1, Cause::Parameter));
}

#[test]
fn patience_and_epochs_end_a_run() {
    let (network, parameters, _) = mazur();
    let mut session = session::<f64>(
        &network,
        &parameters,
        &TrainingSettings { epochs: 100, patience: Some(3), ..sgd(0.0) },
    );
    let mut n_epochs = 0;
    let stop = loop {
        n_epochs += 1;
        if let (_, Some(stop)) = session.epoch().unwrap() {
            break stop;
        }
    };
    assert_eq!((stop, n_epochs), (StopReason::Patience, 4), "nothing gets better at a rate of zero");
    session.set_training(&TrainingSettings { epochs: 2, ..sgd(0.1) }).unwrap();
    session.begin_run();
    assert_eq!(session.epoch().unwrap().1, None);
    assert_eq!(session.epoch().unwrap().1, Some(StopReason::Epochs));
}

#[test]
fn a_step_allocates_nothing_once_its_buffers_stand() {
    let network = noisy();
    let settings = TrainingSettings { batch_size: 4, ..TrainingSettings::default() };
    let mut session = session::<f32>(&network, &network.initialize(7), &settings);
    for _ in 0..40 {
        session.advance();
    }
    let counted = allocation_counter::measure(|| {
        for _ in 0..40 {
            session.advance();
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn the_steps_of_a_loop_have_shares_that_sum_to_the_gradient() {
    let mut builder = Builder::with_steps(4);
    let x = builder.input(1);
    let y = builder.target(1);
    let from_input = builder.dense(x, 3);
    let no_inputs: [NodeId; 0] = [];
    let from_state = builder.node(
        NodeKind::Dense(crate::network::DenseNode { bias: false, ..crate::network::DenseNode::new(3) }),
        &no_inputs,
    );
    let sum = builder.node(NodeKind::Add, &[from_input, from_state]);
    let state = builder.activation(sum, Activation::Tanh);
    builder.loop_edge(state, from_state, 0);
    let out = builder.dense(state, 1);
    builder.loss(LossKind::Mse, out, y);
    builder.rows(x, vec![vec![0.1, 0.2, 0.3, 0.4], vec![0.5, -0.5, 0.5, -0.5]]);
    builder.rows(y, vec![vec![1.0; 4], vec![0.0; 4]]);
    let network = builder.finish();
    let mut session = session::<f64>(&network, &network.initialize(3), &sgd(0.1));
    let pass = session.capture(&everything());
    assert_eq!(pass.grad_norms[&state].len(), 4);
    for parameter in pass.parameters.values() {
        assert_eq!(parameter.grad_steps.len(), 4);
        for (idx, whole) in parameter.grad.as_ref().unwrap().data().iter().enumerate() {
            let sum: f64 = parameter.grad_steps.iter().map(|share| share.data()[idx]).sum();
            assert!((sum - whole).abs() < 1e-14);
        }
    }
    // The output is judged at the last step only, so its weight has a share there alone.
    let shares = &pass.parameters[&ParameterKey::Node(out, ParameterRole::Weight)].grad_steps;
    assert_eq!(shares.iter().filter(|share| share.largest() > 0.0).count(), 1);
    assert!(pass.node(state, 2).unwrap().grad.as_ref().unwrap().largest() > 0.0);
}
