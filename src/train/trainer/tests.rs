//! The thread driven from outside, as the application drives it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use super::*;
use crate::data::{DataRequest, DataSettings, SplitSettings, prepare};
use crate::network::{Activation, Builder, LossKind};
use crate::train::{RunPosition, RunState, StopReason};

fn job(units: usize, epochs: usize) -> RunRequest {
    let mut builder = Builder::new();
    let x = builder.input(2);
    let y = builder.target(1);
    let hidden = builder.dense(x, units);
    let a = builder.activation(hidden, Activation::Tanh);
    let second = builder.dense(a, units);
    let out = builder.dense(second, 1);
    builder.loss(LossKind::Mse, out, y);
    builder.rows(x, (0..64).map(|n| vec![f64::from(n) / 64.0, f64::from(n % 5)]).collect());
    builder.rows(y, (0..64).map(|n| vec![f64::from(n % 7)]).collect());
    let network = builder.finish();
    let settings = DataSettings {
        split: SplitSettings { validation_fraction: 0.25, shuffle: true },
        ..DataSettings::default()
    };
    RunRequest {
        revision: 5,
        parameters: network.initialize(1),
        data: Arc::new(prepare(None, &settings, &DataRequest::of(&network), 1).unwrap()),
        network: Arc::new(network),
        optimizer: None,
        training: TrainingSettings { epochs, ..TrainingSettings::default() },
        watch: Watch::default(),
        position: RunPosition::default(),
    }
}

fn trainer() -> Trainer {
    Trainer::spawn(Arc::new(|| {})).unwrap()
}

fn until<R>(mut look: impl FnMut() -> Option<R>) -> R {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "nothing came");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_loaded_model_shows_its_first_pass_at_rest() {
    let mut trainer = trainer();
    trainer.load(job(4, 10));
    let snapshot = until(|| trainer.snapshot());
    assert_eq!((snapshot.revision, &snapshot.state), (5, &RunState::Paused));
    let pass = snapshot.pass.as_ref().unwrap();
    assert_eq!((pass.step, pass.rows.len(), pass.nodes.len()), (0, 32, 7));
    assert!(!trainer.is_busy());
}

#[test]
fn steps_go_exactly_as_far_as_asked_and_no_epoch_is_dropped() {
    let mut trainer = trainer();
    trainer.load(job(4, 300));
    trainer.run(Goal::Batches(1));
    until(|| (!trainer.is_busy()).then_some(()));
    assert_eq!(trainer.take_full().unwrap().position.step, 1);
    trainer.run(Goal::Epochs(2));
    until(|| (!trainer.is_busy()).then_some(()));
    let full = trainer.take_full().unwrap();
    assert_eq!((full.position.epoch, full.position.step), (2, 4), "48 samples are two batches of 32");
    trainer.run(Goal::UntilDone);
    until(|| (!trainer.is_busy()).then_some(()));
    let snapshot = trainer.snapshot().unwrap();
    assert_eq!(snapshot.state, RunState::Stopped(StopReason::Epochs));
    let epochs: Vec<usize> = trainer.take_records().records().iter().map(|record| record.epoch).collect();
    assert_eq!(epochs, (1..=300).collect::<Vec<_>>());
}

#[test]
fn a_run_that_is_slowed_down_shows_every_batch_and_hears_a_pause_between_two() {
    let mut trainer = trainer();
    trainer.load(job(4, 300));
    trainer.set_tempo(Tempo::PerSecond(20));
    let began = Instant::now();
    trainer.run(Goal::Batches(4));
    let mut seen = Vec::new();
    until(|| {
        seen.extend(trainer.snapshot().and_then(|snapshot| snapshot.pass.clone()).map(|pass| pass.step));
        (!trainer.is_busy()).then_some(())
    });
    assert!(began.elapsed() >= Duration::from_millis(150), "three beats lie between four batches");
    seen.dedup();
    assert!((1..=3).all(|step| seen.contains(&step)), "{seen:?}");
    trainer.set_tempo(Tempo::PerSecond(1));
    trainer.run(Goal::UntilDone);
    until(|| trainer.snapshot().filter(|snapshot| snapshot.progress.step == 5));
    trainer.pause();
    until(|| (!trainer.is_busy()).then_some(()));
    assert_eq!(trainer.take_full().unwrap().position.step, 5);
    trainer.set_tempo(Tempo::Full);
    trainer.run(Goal::Epochs(200));
    until(|| (!trainer.is_busy()).then_some(()));
}

#[test]
fn a_run_that_began_says_so_before_its_first_batch() {
    let mut trainer = trainer();
    trainer.load(job(256, usize::MAX >> 1));
    trainer.run(Goal::UntilDone);
    while trainer.is_starting() {
        std::hint::spin_loop();
    }
    assert_eq!(trainer.snapshot().unwrap().state, RunState::Running);
}

#[test]
fn a_pause_is_heard_within_a_tenth_of_a_second() {
    let mut trainer = trainer();
    trainer.load(job(256, usize::MAX >> 1));
    trainer.run(Goal::UntilDone);
    until(|| trainer.snapshot().filter(|snapshot| snapshot.state.is_running()));
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    trainer.pause();
    until(|| (!trainer.is_busy()).then_some(()));
    let took = began.elapsed();
    assert!(took < Duration::from_millis(100), "{took:?}");
    let (full, snapshot) = (trainer.take_full().unwrap(), trainer.snapshot().unwrap());
    assert_eq!(snapshot.state, RunState::Paused);
    // The pass at rest, which follows, uses the weights that were handed over.
    let pass = until(|| {
        trainer.snapshot().and_then(|s| s.pass.clone()).filter(|pass| pass.step == full.position.step)
    });
    assert_eq!(pass.step, full.position.step);
}

#[test]
fn a_hand_edit_is_shown_under_the_new_revision() {
    let mut trainer = trainer();
    let mut job = job(4, 10);
    job.revision = 1;
    let mut parameters = job.parameters.clone();
    trainer.load(job);
    let before = until(|| trainer.snapshot()).pass.as_ref().unwrap().loss;
    for parameter in parameters.values_mut() {
        parameter.values = Arc::new(vec![0.0; parameter.values.len()]);
    }
    trainer.set_parameters(2, parameters);
    let after = until(|| trainer.snapshot().filter(|snapshot| snapshot.revision == 2));
    let pass = after.pass.as_ref().unwrap();
    assert_ne!(pass.loss, before);
    assert!(pass.parameters.values().all(|parameter| parameter.value.largest() == 0.0));
}

#[test]
fn a_panic_becomes_a_message_and_the_next_job_is_taken() {
    let mut trainer = trainer();
    trainer.load(job(4, 10));
    trainer.provoke_panic();
    let snapshot = until(|| {
        trainer
            .snapshot()
            .filter(|snapshot| matches!(snapshot.state, RunState::Stopped(StopReason::Failure(_))))
    });
    assert_eq!(snapshot.state, RunState::Stopped(StopReason::Failure("provoked".to_owned())));
    trainer.load(job(4, 10));
    until(|| trainer.snapshot().filter(|snapshot| snapshot.state == RunState::Paused));
}
