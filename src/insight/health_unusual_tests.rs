//! Unusual networks of which nothing may be said while they learn, and illnesses from several seeds.

use super::tests::{change, elman, found, layers, sgd, troubles};
use super::{Finding, Trouble};
use crate::network::{
    Activation, Builder, LossKind, LossNode, Network, NodeId, NodeKind, ParameterKey, ParameterRole,
    Parameters,
};

const SEEDS: std::ops::Range<u64> = 1..6;

fn seeded(network: &Network, rate: f64, seed: u64) -> Vec<Finding> {
    found(network, &network.initialize(seed), &sgd(rate))
}

fn freeze(parameters: &mut Parameters, nodes: &[NodeId]) {
    for (key, parameter) in parameters {
        let is_frozen = matches!(key, ParameterKey::Node(node, _) if nodes.contains(node));
        parameter.trainable &= !is_frozen;
    }
}

#[test]
fn nothing_is_said_of_dropout() {
    for activation in [Activation::Relu, Activation::Tanh] {
        for p in [0.2, 0.6] {
            let mut builder = Builder::new();
            let (x, y) = (builder.input(2), builder.target(1));
            let hidden = builder.dense(x, 16);
            let hidden = builder.activation(hidden, activation);
            let dropped = builder.node(NodeKind::Dropout { p }, &[hidden]);
            let out = builder.dense(dropped, 1);
            builder.loss(LossKind::Mse, out, y);
            rows(&mut builder, x, y);
            let network = builder.finish();
            for seed in SEEDS {
                assert_eq!(seeded(&network, 0.02, seed), [], "{activation:?} {p} {seed}");
            }
        }
    }
}

/// 64 rows of two numbers, and their sum.
fn rows(builder: &mut Builder, x: NodeId, y: NodeId) {
    let place = |n: usize| vec![(n % 8) as f64 / 3.5 - 1.0, (n / 8) as f64 / 3.5 - 1.0];
    builder.rows(x, (0..64).map(place).collect());
    builder.rows(y, (0..64).map(|n| vec![place(n).iter().sum::<f64>()]).collect());
}

#[test]
fn nothing_is_said_of_frozen_layers() {
    let (network, dense) = layers(3, Activation::Tanh);
    for frozen in [&dense[..1], &dense[1..3], &dense[3..], &dense[..3]] {
        for seed in SEEDS {
            let mut parameters = network.initialize(seed);
            freeze(&mut parameters, frozen);
            assert_eq!(found(&network, &parameters, &sgd(0.05)), [], "{frozen:?} {seed}");
        }
    }
    let mut parameters = network.initialize(1);
    freeze(&mut parameters, &dense);
    assert_eq!(found(&network, &parameters, &sgd(0.05)), [], "nothing learns");
}

#[test]
fn a_learning_rate_too_low_is_named_beside_a_frozen_layer() {
    let (network, dense) = layers(2, Activation::Tanh);
    for seed in SEEDS {
        let mut parameters = network.initialize(seed);
        freeze(&mut parameters, &dense[..1]);
        let found = found(&network, &parameters, &sgd(1e-6));
        assert_eq!(troubles(&found), [Trouble::LearningRateTooLow], "{seed}");
        assert_ne!(found[0].node, dense[0], "a frozen layer is not slow");
    }
}

#[test]
fn nothing_is_said_of_one_number() {
    let mut builder = Builder::new();
    let (x, y) = (builder.input(1), builder.target(1));
    let out = builder.dense_without_bias(x, 1);
    builder.loss(LossKind::Mse, out, y);
    builder.rows(x, (0..20).map(|n| vec![f64::from(n) / 10.0 - 1.0]).collect());
    builder.rows(y, (0..20).map(|n| vec![f64::from(n) / 5.0 - 2.0]).collect());
    let network = builder.finish();
    for seed in SEEDS {
        assert_eq!(seeded(&network, 0.1, seed), [], "{seed}");
        let told = troubles(&seeded(&network, 100.0, seed));
        assert!(told == [Trouble::Exploding] || told == [Trouble::LearningRateTooHigh], "{seed}: {told:?}");
    }
}

#[test]
fn nothing_is_said_of_many_layers_that_are_skipped() {
    let mut builder = Builder::new();
    let (x, y) = (builder.input(2), builder.target(1));
    let mut last = builder.dense(x, 8);
    for _ in 0..8 {
        let hidden = builder.dense(last, 8);
        let hidden = builder.activation(hidden, Activation::Sigmoid);
        let out = builder.dense(hidden, 8);
        last = builder.node(NodeKind::Add, &[last, out]);
    }
    let out = builder.dense(last, 1);
    builder.loss(LossKind::Mse, out, y);
    rows(&mut builder, x, y);
    let network = builder.finish();
    for seed in SEEDS {
        assert_eq!(seeded(&network, 2e-3, seed), [], "{seed}");
    }
}

#[test]
fn a_loss_that_counts_little_beside_another_is_not_a_vanishing_gradient() {
    let mut builder = Builder::new();
    let losses = [1e-6, 1.0].map(|weight| {
        let (x, y) = (builder.input(2), builder.target(1));
        let hidden = builder.dense(x, 8);
        let hidden = builder.activation(hidden, Activation::Tanh);
        let out = builder.dense(hidden, 1);
        rows(&mut builder, x, y);
        let loss = LossNode { weight, ..LossNode::new(LossKind::Mse) };
        builder.node(NodeKind::Loss(loss), &[out, y])
    });
    let network = builder.finish();
    assert_eq!(losses.map(|loss| network.incoming(loss).len()), [2, 2]);
    for seed in SEEDS {
        assert_eq!(seeded(&network, 0.02, seed), [], "{seed}");
    }
}

#[test]
fn nothing_is_said_of_a_loop_that_learns() {
    for seed in SEEDS {
        let (network, _, carried) = elman(Activation::Tanh, 0.9, false);
        let mut parameters = network.initialize(seed);
        change(&mut parameters, carried, ParameterRole::Weight, |w| 0.5 * w);
        assert_eq!(found(&network, &parameters, &sgd(0.02)), [], "{seed}");
    }
}

#[test]
fn illnesses_are_named_with_their_layer_from_every_seed() {
    for seed in SEEDS {
        let (network, dense) = layers(10, Activation::Sigmoid);
        let told = seeded(&network, 0.05, seed);
        assert_eq!((troubles(&told), told[0].node), (vec![Trouble::Vanishing], dense[0]), "{seed}");

        let (network, dense) = layers(3, Activation::Relu);
        let after = |node: NodeId| network.outgoing(node)[0].1.to;
        let mut parameters = network.initialize(seed);
        change(&mut parameters, dense[1], ParameterRole::Bias, |_| -10.0);
        let told = found(&network, &parameters, &sgd(0.02));
        assert_eq!(troubles(&told), [Trouble::Dead], "{seed}: {told:?}");
        assert_eq!(told[0].node, after(dense[1]), "{seed}");
        let told = troubles(&seeded(&network, 20.0, seed));
        assert!(told == [Trouble::Exploding] || told == [Trouble::LearningRateTooHigh], "{seed}: {told:?}");

        let (network, dense) = layers(2, Activation::Tanh);
        let after = |node: NodeId| network.outgoing(node)[0].1.to;
        let mut parameters = network.initialize(seed);
        change(&mut parameters, dense[1], ParameterRole::Weight, |w| 1_000.0 * w);
        change(&mut parameters, dense[1], ParameterRole::Bias, |_| 100.0);
        let told = found(&network, &parameters, &sgd(1e-4));
        assert_eq!(troubles(&told), [Trouble::Saturated], "{seed}: {told:?}");
        assert_eq!(told[0].node, after(dense[1]), "{seed}");
    }
}
