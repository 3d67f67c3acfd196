//! Where settings were changed stands on the curve, also when the change is taken back or made again.
//!
//! Must not know how a mark is drawn.

use vastavirta::app::{App, Command, EditCommand, ResetTo, SettingsChange, TrainCommand};

use crate::runs::{does, opened, train, with_settings};

/// Steps and learning rates before and after.
fn marks(app: &App) -> Vec<(u64, f64, f64)> {
    let mark =
        |change: &SettingsChange| (change.step, change.before.learning_rate, change.after.learning_rate);
    app.settings_changes().iter().map(mark).collect()
}

fn step(app: &App) -> u64 {
    app.loss_history().last().unwrap().step
}

fn undo(app: &mut App) {
    does(app, Command::Edit(EditCommand::Undo));
}

fn redo(app: &mut App) {
    does(app, Command::Edit(EditCommand::Redo));
}

#[test]
fn a_change_that_is_taken_back_at_once_leaves_no_mark_and_made_again_the_same_one() {
    let mut app = opened("xor");
    let rate = app.document().training.learning_rate;
    with_settings(&mut app, |settings| settings.learning_rate = 0.5 * rate);
    assert_eq!(marks(&app), [], "nothing was trained before it");
    undo(&mut app);
    train(&mut app, 3);
    let trained = step(&app);
    with_settings(&mut app, |settings| settings.learning_rate = 0.5 * rate);
    let there = [(trained, rate, 0.5 * rate)];
    assert_eq!(marks(&app), there);
    for _ in 0..2 {
        undo(&mut app);
        assert_eq!(marks(&app), [], "the curve goes on as before");
        redo(&mut app);
        assert_eq!(marks(&app), there);
    }
}

#[test]
fn a_change_that_is_taken_back_after_more_training_is_marked_where_it_was_taken_back() {
    let mut app = opened("xor");
    let rate = app.document().training.learning_rate;
    train(&mut app, 3);
    let changed = step(&app);
    with_settings(&mut app, |settings| settings.learning_rate = 0.5 * rate);
    train(&mut app, 4);
    let taken_back = step(&app);
    assert!(taken_back > changed);
    let first = (changed, rate, 0.5 * rate);
    undo(&mut app);
    assert_eq!(app.document().training.learning_rate, rate);
    assert_eq!(marks(&app), [first, (taken_back, 0.5 * rate, rate)]);
    redo(&mut app);
    assert_eq!(marks(&app), [first], "made again where it was taken back: nothing changed there");
    undo(&mut app);
    train(&mut app, 2);
    let again = step(&app);
    redo(&mut app);
    let expected = [first, (taken_back, 0.5 * rate, rate), (again, rate, 0.5 * rate)];
    assert_eq!(marks(&app), expected);
    assert!(app.settings_changes().iter().all(|change| change.before != change.after));
}

#[test]
fn two_changes_between_trainings_are_one_mark_whichever_of_them_is_taken_back() {
    let mut app = opened("xor");
    let rate = app.document().training.learning_rate;
    train(&mut app, 3);
    let at = step(&app);
    with_settings(&mut app, |settings| settings.learning_rate = 0.5 * rate);
    with_settings(&mut app, |settings| settings.batch_size = 2);
    assert_eq!(marks(&app), [(at, rate, 0.5 * rate)]);
    undo(&mut app);
    assert_eq!(marks(&app), [(at, rate, 0.5 * rate)]);
    assert_eq!(app.settings_changes()[0].after, app.document().training);
    undo(&mut app);
    assert_eq!(marks(&app), []);
}

#[test]
fn new_weights_begin_a_curve_without_marks() {
    let mut app = opened("xor");
    train(&mut app, 3);
    with_settings(&mut app, |settings| settings.learning_rate *= 0.5);
    assert_eq!(marks(&app).len(), 1);
    does(&mut app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
    assert_eq!(marks(&app), []);
    // The step back brings back weights and settings; the curve of what is trained from there on is a new one.
    undo(&mut app);
    undo(&mut app);
    let last = app.loss_history().last().map_or(0, |last| last.step);
    assert!(app.settings_changes().iter().all(|change| change.step <= last), "{:?}", marks(&app));
}
