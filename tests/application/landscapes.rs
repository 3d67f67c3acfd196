//! The loss landscape through the application: the loss in its middle is the loss shown elsewhere, the path
//! of the training stands in it, and older answers are marked.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{App, Command, FileCommand, Questions, ViewCommand};
use vastavirta::insight::{Along, Landscape, LandscapeQuestion, NoLandscape};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::flows;
use crate::insights::assert_marked_until_renewed;
use crate::window::{Drawn, drawn, labels, open, rest, settle, window};

const QUESTION: LandscapeQuestion = LandscapeQuestion {
    along: Along::Random(1),
    is_surface: true,
    reach: 1.0,
    only_last_steps: false,
    is_quick: false,
};

/// The answer to a question, once it is current.
pub(crate) fn asked(app: &mut App, question: LandscapeQuestion) -> Result<Landscape, NoLandscape> {
    let questions = Questions { landscape: Some(Box::new(question)), ..Questions::default() };
    app.dispatch(Command::View(ViewCommand::Ask(Box::new(questions))));
    flows::settle(app);
    let answer = app.landscape().unwrap();
    assert!(answer.is_current);
    answer.result.as_ref().clone()
}

fn opened(example: &str) -> App {
    let mut app = flows::app();
    flows::file(&mut app, FileCommand::OpenExample(example.to_owned()));
    app
}

#[test]
fn the_landscape_of_a_training_holds_its_loss_and_its_path() {
    for example in ["xor", "iris", "sine_rnn", "mazur"] {
        let mut app = opened(example);
        let along = Along::Path;
        let before = asked(&mut app, LandscapeQuestion { along, ..QUESTION });
        assert_eq!(before.err(), Some(NoLandscape::NoPath), "{example}: nothing was trained");
        flows::train(&mut app, Goal::Batches(7));
        let found = asked(&mut app, LandscapeQuestion { along, ..QUESTION }).unwrap();
        let steps: Vec<u64> = found.path.iter().map(|mark| mark.step).collect();
        let all = steps.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(all && steps[0] == 0 && *steps.last().unwrap() == 7, "{example}: {steps:?}");
        let [x, y] = found.explained.unwrap();
        assert!(x >= y && x > 0.3 && x + y <= 1.0 + 1e-9, "{example}: {x} {y}");
        let random = asked(&mut app, QUESTION).unwrap();
        assert!((random.loss - found.loss).abs() < 1e-9, "{example}: one loss");
        let n = random.field.n;
        assert_eq!(random.path.len(), found.path.len());
        assert!((random.field.values[n * n / 2] - found.loss).abs() < 1e-9, "{example}");
    }
    // Where no row is held back, the evaluation is over the same rows.
    let mut app = opened("xor");
    flows::train(&mut app, Goal::Epochs(3));
    let found = asked(&mut app, QUESTION).unwrap();
    let evaluation = app.snapshot().unwrap().evaluation.clone().unwrap();
    assert!(!evaluation.is_validation);
    assert!((found.loss - evaluation.loss).abs() < 1e-12, "{} for {}", found.loss, evaluation.loss);
    assert_eq!(found.rows, [4, 4]);
}

#[test]
fn a_landscape_of_older_weights_is_marked_and_forgotten_when_nobody_asks() {
    let mut app = opened("xor");
    asked(&mut app, QUESTION).unwrap();
    assert_marked_until_renewed(&mut app, 3, |app| {
        app.landscape().map(|answer| (answer.is_current, answer.step))
    });
}

#[test]
fn the_path_is_recorded_only_while_somebody_looks() {
    let mut app = opened("xor");
    flows::train(&mut app, Goal::Batches(7));
    assert_eq!(asked(&mut app, QUESTION).unwrap().shown, None, "nobody looked");
    flows::train(&mut app, Goal::Batches(5));
    let steps = |found: &Landscape| found.path.iter().map(|mark| mark.step).collect::<Vec<_>>();
    let seen = asked(&mut app, QUESTION).unwrap();
    assert_eq!(steps(&seen), (7..=12).collect::<Vec<_>>());
    // The panel may be put away and shown again while nothing is trained.
    app.dispatch(Command::View(ViewCommand::Ask(Box::default())));
    flows::settle(&mut app);
    assert_eq!(asked(&mut app, QUESTION).unwrap().path, seen.path);
    app.dispatch(Command::View(ViewCommand::Ask(Box::default())));
    flows::train(&mut app, Goal::Batches(3));
    assert_eq!(asked(&mut app, QUESTION).unwrap().shown, None, "behind a gap it would be another path");
}

#[test]
fn the_panel_says_the_loss_the_path_and_what_the_axes_are() {
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    open(&mut harness, "xor");
    window(&mut harness).show_pane("pane-landscape");
    rest(&mut harness);
    let says = |harness: &Drawn, wanted: &str| labels(harness).iter().any(|said| said.contains(wanted));
    assert!(says(&harness, "where the weights stand (the cross), over all 4 rows"), "{:?}", labels(&harness));
    assert!(says(&harness, "Train some steps"));
    flows::train(window(&mut harness).app_mut(), Goal::Batches(20));
    rest(&mut harness);
    assert!(says(&harness, "The path goes from step 0 (the circle) to step 20."), "{:?}", labels(&harness));
    harness.get_by_label("Along what the weights are moved").click();
    rest(&mut harness);
    harness.get_by_label("Components of the path").click();
    rest(&mut harness);
    assert!(says(&harness, "The first component explains"), "{:?}", labels(&harness));
    harness.get_by_label("Along what the weights are moved").click();
    rest(&mut harness);
    harness.get_by_label("Single weights").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::ComboBox, "Weight along x");
    harness.get_by_role_and_label(Role::SpinButton, "Column of the weight along y");
    harness.get_by_label("Two directions").click();
    rest(&mut harness);
    assert!(harness.query_by_label("Weight along y").is_none());
    let landscape = window(&mut harness).app().landscape().unwrap().result.as_ref().clone().unwrap();
    assert_eq!(landscape.field.y, None);
}

#[test]
fn without_a_loss_the_panel_says_what_to_do() {
    for (language, told) in
        [(Language::English, "There is no loss yet"), (Language::Finnish, "Häviötä ei vielä ole")]
    {
        let mut harness = drawn(language, [1280.0, 900.0]);
        window(&mut harness).app_mut().dispatch(Command::File(FileCommand::New));
        settle(&mut harness);
        window(&mut harness).show_pane("pane-landscape");
        rest(&mut harness);
        assert!(labels(&harness).iter().any(|said| said.starts_with(told)), "{:?}", labels(&harness));
    }
}
