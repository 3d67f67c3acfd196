//! How runs end, and that their losses do not depend on how the rows are cut into batches.

use super::*;

/// One Dense on six rows.
fn line(kind: LossKind) -> Network {
    let mut builder = Builder::new();
    let x = builder.input(1);
    let y = builder.target(1);
    let out = builder.dense(x, 1);
    builder.loss(kind, out, y);
    builder.rows(x, (0..6).map(|n| vec![f64::from(n)]).collect());
    builder.rows(y, (0..6).map(|n| vec![f64::from(2 * n + 1)]).collect());
    builder.finish()
}

#[test]
fn the_training_loss_does_not_depend_on_the_batch_size() {
    for kind in [LossKind::HalfSumOfSquares, LossKind::Mse] {
        let network = line(kind);
        let parameters = network.initialize(3);
        let losses = [1, 2, 4, 6].map(|batch_size| {
            // At a rate of zero, every batch sees the same weights.
            let settings = TrainingSettings { batch_size, ..sgd(0.0) };
            let mut session = session::<f64>(&network, &parameters, &settings);
            let (record, _) = session.epoch().unwrap();
            assert!((session.evaluate(false).loss - record.train_loss).abs() < 1e-12);
            record.train_loss
        });
        assert!(losses.iter().all(|loss| (loss - losses[3]).abs() < 1e-12 * losses[3]), "{losses:?}");
        // As one batch: the loss of its pass.
        let settings = TrainingSettings { batch_size: 6, ..sgd(0.0) };
        let rest = session::<f64>(&network, &parameters, &settings).rest().unwrap();
        assert!((rest - losses[3]).abs() < 1e-12 * rest);
    }
}

/// How a run of `epochs` ends.
fn end(network: &Network, settings: &TrainingSettings) -> StopReason {
    let mut session = session::<f64>(network, &network.initialize(3), settings);
    session.begin_run();
    loop {
        if let (_, Some(stop)) = session.epoch().unwrap() {
            return stop;
        }
    }
}

#[test]
fn a_run_that_ends_worse_than_it_began_diverged_and_names_its_rate() {
    let network = line(LossKind::Mse);
    for epochs in [1, 2, 10] {
        let StopReason::Diverged(found) = end(&network, &TrainingSettings { epochs, ..sgd(0.5) }) else {
            panic!("{epochs} epochs at a rate of 0.5 diverge");
        };
        assert!(found.to > found.from && found.learning_rate == 0.5, "{found:?}");
    }
}

#[test]
fn a_run_that_stays_where_it_is_or_gets_better_is_finished() {
    let network = line(LossKind::Mse);
    for rate in [0.0, 0.001, 0.05] {
        for (epochs, batch_size) in [(1, 6), (1, 1), (400, 2), (2_000, 6)] {
            let settings = TrainingSettings { batch_size, epochs, ..sgd(rate) };
            assert_eq!(end(&network, &settings), StopReason::Epochs, "rate {rate}, {epochs} epochs");
        }
    }
    // At the end of the run its own rows were measured.
    let mut session =
        session::<f64>(&xor(), &xor().initialize(3), &TrainingSettings { epochs: 1, ..sgd(0.1) });
    let (record, _) = session.epoch().unwrap();
    assert!(record.metrics.accuracy.is_some() && record.val_loss.is_none());
}

#[test]
fn a_resumed_run_that_fails_at_once_keeps_the_weights_it_began_with() {
    let network = line(LossKind::Mse);
    let parameters = network.initialize(3);
    let position = RunPosition { epoch: 4, samples: 0, step: 24 };
    let settings = TrainingSettings { batch_size: 1, ..sgd(1e200) };
    let mut session = session::<f64>(&network, &parameters, &settings).continued_from(position);
    while !matches!(session.advance(), Advance::NotFinite(_)) {}
    session.restore_good();
    assert_eq!(session.parameters(), parameters);
}
