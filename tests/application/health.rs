//! The health of the shipped examples, and the panel that shows it.
//!
//! Must not judge anything itself.

use std::sync::Arc;
use std::time::Duration;

use egui_kittest::kittest::Queryable;
use vastavirta::app::{App, Command, EditCommand, FileCommand, Questions, TrainCommand, ViewCommand};
use vastavirta::document::TrainingSettings;
use vastavirta::files::EXAMPLES;
use vastavirta::insight::Trouble;
use vastavirta::train::{Goal, RunState, StopReason};
use vastavirta::words::Language;

use crate::window::{drawn, open, settle, window};

const LIMIT: Duration = Duration::from_mins(4);

/// An example trained to its end by these settings while the health of its layers is watched.
fn watched(name: &str, settings: impl Fn(&TrainingSettings) -> TrainingSettings) -> App {
    let mut app = App::new(Arc::new(|| {}));
    app.dispatch(Command::File(FileCommand::OpenExample(name.to_owned())));
    assert!(app.wait(LIMIT));
    let questions = Questions { health: true, ..Questions::default() };
    app.dispatch(Command::View(ViewCommand::Ask(Box::new(questions))));
    let settings = settings(&app.document().training);
    app.dispatch(Command::Edit(EditCommand::SetTraining(settings)));
    assert!(app.wait(LIMIT));
    app.dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    assert!(app.wait(LIMIT), "{name}");
    await_last_look(&mut app);
    app
}

/// The last look follows the last snapshot; after numbers that are not finite there is none.
pub(crate) fn await_last_look(app: &mut App) {
    for _ in 0..1_000 {
        let is_of_newest =
            || app.health().last().is_some_and(|last| last.step == app.snapshot().unwrap().progress.step);
        if matches!(app.run_state(), RunState::Stopped(StopReason::NotFinite(_))) || is_of_newest() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        app.tick();
    }
}

#[test]
fn nothing_is_wrong_with_an_example_trained_as_shipped() {
    for (name, _) in EXAMPLES {
        let app = watched(name, Clone::clone);
        assert!(app.health().samples().len() > 1, "{name}");
        assert_eq!(app.health_findings(), [], "{name}");
    }
}

#[test]
fn a_learning_rate_a_thousand_times_as_high_is_named() {
    for name in ["auto_mpg", "digits"] {
        let app = watched(name, |shipped| TrainingSettings {
            learning_rate: 1_000.0 * shipped.learning_rate,
            epochs: 10,
            ..shipped.clone()
        });
        let found = app.health_findings();
        let named = [Trouble::Exploding, Trouble::LearningRateTooHigh];
        assert!(found.len() == 1 && named.contains(&found[0].trouble), "{name}: {found:?}");
    }
}

#[test]
fn the_panel_lists_every_layer_and_a_click_selects_it() {
    for language in [Language::English, Language::Finnish] {
        let mut harness = drawn(language, [1280.0, 800.0]);
        open(&mut harness, "xor");
        window(&mut harness).show_pane("pane-health");
        settle(&mut harness);
        window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(20))));
        settle(&mut harness);
        harness.run_steps(5);
        let app = window(&mut harness).app();
        let names: Vec<String> =
            app.health().last().unwrap().layers.iter().map(|layer| layer.name.clone()).collect();
        assert_eq!(names, ["Dense 1", "Sigmoid 1", "Dense 2", "Sigmoid 2"]);
        let last = names.last().unwrap();
        let buttons: Vec<_> = harness.get_all_by_label(last).collect();
        buttons.last().unwrap().click();
        settle(&mut harness);
        let app = window(&mut harness).app();
        let selected = app.selection().only_node().unwrap();
        assert_eq!(app.document().network.nodes[&selected].name, *last);
    }
}
