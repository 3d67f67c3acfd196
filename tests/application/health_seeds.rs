//! The health of shipped networks from other seeds: nothing is said of them while they train as shipped, and
//! each illness that they are given is named right.
//!
//! Must not judge anything itself. More seeds on request: `VASTAVIRTA_SEEDS=10`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vastavirta::app::{
    App, Command, EditCommand, FileCommand, Questions, ResetTo, TrainCommand, ViewCommand,
};
use vastavirta::document::TrainingSettings;
use vastavirta::files::EXAMPLES;
use vastavirta::insight::{Finding, Trouble};
use vastavirta::network::{DenseNode, Initializer, NodeKind};
use vastavirta::train::Goal;

use crate::health::await_last_look;

const LIMIT: Duration = Duration::from_mins(4);

/// How many seeds are tried.
fn n_seeds(usual: u64) -> u64 {
    std::env::var("VASTAVIRTA_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn does(app: &mut App, command: Command) {
    app.dispatch(command);
    assert!(app.wait(LIMIT));
}

/// An example whose health is watched.
fn opened(name: &str) -> App {
    let mut app = App::new(Arc::new(|| {}));
    does(&mut app, Command::File(FileCommand::OpenExample(name.to_owned())));
    watches(&mut app);
    app
}

fn watches(app: &mut App) {
    let questions = Questions { health: true, ..Questions::default() };
    does(app, Command::View(ViewCommand::Ask(Box::new(questions))));
}

fn set(app: &mut App, change: impl FnOnce(&mut TrainingSettings)) {
    let mut settings = app.document().training.clone();
    change(&mut settings);
    does(app, Command::Edit(EditCommand::SetTraining(settings)));
}

/// The first layer starts otherwise.
fn starts(app: &mut App, weight_init: Initializer, bias_init: Initializer) {
    let nodes = &app.document().network.nodes;
    let (node, dense) = nodes.iter().find_map(|(id, node)| Some((*id, node.kind.dense()?.clone()))).unwrap();
    let kind = NodeKind::Dense(DenseNode { weight_init, bias_init, ..dense });
    does(app, Command::Edit(EditCommand::SetKind(node, kind)));
}

fn troubles(app: &App) -> Vec<Trouble> {
    app.health_findings().iter().map(|finding| finding.trouble).collect()
}

fn from_seed(app: &mut App, seed: u64) {
    set(app, |settings| settings.seed = seed);
    does(app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
}

/// Everything that is ever found while it trains to its end.
fn found(app: &mut App) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let began = Instant::now();
    app.dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    let mut take = |app: &App| {
        for finding in app.health_findings() {
            if found.iter().all(|known| (known.trouble, known.node) != (finding.trouble, finding.node)) {
                found.push(finding.clone());
            }
        }
    };
    while app.run_state().is_running() && began.elapsed() < LIMIT {
        app.tick();
        take(app);
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(app.wait(LIMIT));
    await_last_look(app);
    take(app);
    found
}

#[test]
fn nothing_is_said_of_an_example_from_other_seeds() {
    for (name, _) in EXAMPLES {
        for seed in 0..n_seeds(1) {
            let mut app = opened(name);
            from_seed(&mut app, 101 + seed);
            assert_eq!(found(&mut app), [], "{name} from seed {}", 101 + seed);
        }
    }
}

#[test]
fn nothing_is_said_of_an_example_that_is_opened_again_and_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("again.ron");
    for name in ["xor", "dag_skip", "rosebrock"] {
        for seed in 0..n_seeds(1) {
            let mut app = opened(name);
            from_seed(&mut app, 101 + seed);
            does(&mut app, Command::Train(TrainCommand::Run(Goal::UntilDone)));
            does(&mut app, Command::File(FileCommand::SaveAs(path.clone())));
            does(&mut app, Command::File(FileCommand::Open(path.clone())));
            watches(&mut app);
            set(&mut app, |settings| settings.epochs *= 2);
            assert_eq!(found(&mut app), [], "{name} from seed {}", 101 + seed);
            std::fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn a_learning_rate_a_thousand_times_too_high_is_named_from_every_seed() {
    for name in ["iris", "xor", "grad_w_2x3", "dag_skip", "sine_rnn"] {
        for seed in 0..n_seeds(1) {
            let mut app = opened(name);
            set(&mut app, |settings| {
                settings.learning_rate *= 1_000.0;
                settings.epochs = settings.epochs.min(100);
            });
            from_seed(&mut app, 101 + seed);
            found(&mut app);
            let told = troubles(&app);
            let named = [Trouble::Exploding, Trouble::LearningRateTooHigh];
            assert!(told.len() == 1 && named.contains(&told[0]), "{name} {seed}: {told:?}");
        }
    }
}

#[test]
fn a_learning_rate_ten_thousand_times_too_low_is_named_and_nothing_else() {
    // Of a drawing without a matrix of weights nothing is said.
    let without = ["x2_plus_3y2", "operation_chain", "shared_variable", "step_refused"];
    let mut others = Vec::new();
    for name in EXAMPLES.iter().map(|(name, _)| *name).filter(|name| !without.contains(name)) {
        for seed in 0..n_seeds(1) {
            let mut app = opened(name);
            set(&mut app, |settings| {
                settings.learning_rate *= 1e-4;
                settings.epochs = settings.epochs.min(100);
            });
            from_seed(&mut app, 101 + seed);
            found(&mut app);
            let told = troubles(&app);
            if told != [Trouble::LearningRateTooLow] {
                others.push((name, seed, told));
            }
        }
    }
    assert_eq!(others, []);
}

#[test]
fn a_bias_of_minus_ten_before_a_relu_is_named_dead() {
    for name in ["auto_mpg", "digits"] {
        for seed in 0..n_seeds(1) {
            let mut app = opened(name);
            starts(&mut app, Initializer::XavierUniform, Initializer::Constant { value: -10.0 });
            set(&mut app, |settings| settings.epochs = 3);
            from_seed(&mut app, 101 + seed);
            found(&mut app);
            let told = troubles(&app);
            let is_dead = |trouble: &Trouble| *trouble == Trouble::Dead;
            assert!(!told.is_empty() && told.iter().all(is_dead), "{name} {seed}: {told:?}");
        }
    }
}

#[test]
fn weights_far_too_large_before_a_tanh_or_sigmoid_are_named_saturated() {
    for name in ["iris", "xor", "five_layers"] {
        for seed in 0..n_seeds(1) {
            let mut app = opened(name);
            let large = Initializer::Normal { mean: 0.0, std: 1_000.0 };
            starts(&mut app, large, Initializer::Constant { value: 100.0 });
            set(&mut app, |settings| {
                settings.epochs = 5;
                settings.learning_rate *= 0.01;
            });
            from_seed(&mut app, 101 + seed);
            found(&mut app);
            let told = troubles(&app);
            let is_saturated = |trouble: &Trouble| *trouble == Trouble::Saturated;
            assert!(!told.is_empty() && told.iter().all(is_saturated), "{name} {seed}: {told:?}");
        }
    }
}
