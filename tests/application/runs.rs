//! Runs that are kept: by themselves, within limits, undone and redone, saved and opened again, restored,
//! repeated with other seeds.
//!
//! Must not look inside of the application.

use std::sync::Arc;
use std::time::Duration;

use egui_kittest::kittest::{NodeT as _, Queryable};
use vastavirta::app::{App, Command, EditCommand, FileCommand, ResetTo, TrainCommand};
use vastavirta::document::{MOST_RUNS, MadeRoom, Run, RunId, RunName, TrainingSettings, spreads};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, open, settle, window};

pub(crate) const LIMIT: Duration = Duration::from_mins(2);

pub(crate) fn opened(name: &str) -> App {
    let mut app = App::new(Arc::new(|| {}));
    app.dispatch(Command::File(FileCommand::OpenExample(name.to_owned())));
    assert!(app.wait(LIMIT));
    app
}

pub(crate) fn does(app: &mut App, command: Command) {
    app.dispatch(command);
    assert!(app.wait(LIMIT));
}

pub(crate) fn train(app: &mut App, epochs: usize) {
    does(app, Command::Train(TrainCommand::Run(Goal::Epochs(epochs))));
}

pub(crate) fn ids(app: &App) -> Vec<RunId> {
    app.document().runs.keys().copied().collect()
}

pub(crate) fn kept(app: &App) -> Vec<Arc<Run>> {
    app.document().runs.values().cloned().collect()
}

pub(crate) fn with_settings(app: &mut App, change: impl FnOnce(&mut TrainingSettings)) {
    let mut settings = app.document().training.clone();
    change(&mut settings);
    does(app, Command::Edit(EditCommand::SetTraining(settings)));
}

#[test]
fn a_run_that_ends_is_kept_by_itself_beside_the_history() {
    let mut app = opened("auto_mpg");
    with_settings(&mut app, |settings| settings.learning_rate *= 0.5);
    does(&mut app, Command::Edit(EditCommand::Undo));
    let (undo, redo) = (app.undo_label(), app.redo_label());
    train(&mut app, 3);
    let runs = kept(&app);
    assert_eq!((runs.len(), runs[0].curve.len(), &runs[0].name), (1, 3, &RunName::numbered(1)));
    assert!(runs[0].scores.mae.is_some() && runs[0].final_loss().is_some());
    assert_eq!(runs[0].parameters, app.document().parameters, "its end weights");
    assert!(!app.can_keep_run(), "it is kept");
    // What undo takes back is what a person did before, and what was undone can still be done again.
    assert_eq!((app.undo_label(), app.redo_label()), (undo, redo));
    does(&mut app, Command::Edit(EditCommand::Redo));
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_eq!(kept(&app), runs);
}

#[test]
fn a_paused_run_goes_on_and_other_settings_weights_or_a_name_begin_another() {
    let mut app = opened("xor");
    train(&mut app, 3);
    let first = ids(&app);
    train(&mut app, 2);
    assert_eq!((ids(&app), kept(&app)[0].curve.len()), (first.clone(), 5), "the same run, longer");
    // Single steps are no run, but can be kept.
    does(&mut app, Command::Train(TrainCommand::Run(Goal::Batches(1))));
    assert_eq!(kept(&app)[0].curve.len(), 5);
    assert!(app.can_keep_run());
    does(&mut app, Command::Edit(EditCommand::KeepRun));
    assert_eq!(kept(&app)[1].curve.len(), 6);
    does(&mut app, Command::Edit(EditCommand::KeepRun));
    assert_eq!(ids(&app).len(), 2, "nothing new to keep");
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_eq!(ids(&app), first);

    with_settings(&mut app, |settings| settings.learning_rate *= 0.5);
    train(&mut app, 2);
    let runs = kept(&app);
    assert_eq!((runs.len(), runs[0].curve.len()), (2, 5), "the first one is left as it was");
    assert!(runs[1].curve.iter().all(|point| point.epoch > 5) && runs[1].settings != runs[0].settings);

    let named = *ids(&app).last().unwrap();
    does(&mut app, Command::Edit(EditCommand::RenameRun(named, "slow".to_owned())));
    train(&mut app, 1);
    assert_eq!(kept(&app)[1].curve.len(), runs[1].curve.len(), "what has a name stays as it is");
    assert_eq!(ids(&app).len(), 3);

    does(&mut app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
    train(&mut app, 1);
    let runs = kept(&app);
    assert_eq!((runs.len(), runs[3].curve[0].epoch), (4, 1), "new weights, a new run");
}

#[test]
fn runs_are_named_deleted_and_restored_in_steps_that_can_be_undone() {
    let mut app = opened("auto_mpg");
    train(&mut app, 2);
    let (id, runs) = (ids(&app)[0], kept(&app));
    does(&mut app, Command::Edit(EditCommand::RenameRun(id, "  wide ".to_owned())));
    assert_eq!(kept(&app)[0].name, RunName { number: 1, given: Some("wide".to_owned()) });
    does(&mut app, Command::Edit(EditCommand::RenameRun(id, " ".to_owned())));
    assert_eq!(kept(&app)[0].name, RunName::numbered(1), "no name: its number again");
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert!(kept(&app)[0].is_named());
    does(&mut app, Command::Edit(EditCommand::DeleteRun(id)));
    assert!(kept(&app).is_empty());
    // A run that training leaves meanwhile takes nobody's place.
    train(&mut app, 1);
    assert_eq!(kept(&app)[0].curve.len(), 1);
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_eq!(kept(&app).iter().map(|run| run.name.number).collect::<Vec<_>>(), [1, 2]);
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_eq!(kept(&app)[0], runs[0], "as it was before it had a name");

    let newest = app.document().parameters.clone();
    assert_ne!(newest, runs[0].parameters);
    does(&mut app, Command::Edit(EditCommand::RestoreRun(id)));
    assert_eq!(app.document().parameters, runs[0].parameters);
    assert!(app.loss_history().records().is_empty(), "other weights, another curve");
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_eq!(app.document().parameters, newest);
    // What no longer exists is nothing to do.
    let steps = app.undo_label();
    for command in [EditCommand::RestoreRun(RunId(77)), EditCommand::DeleteRun(RunId(77))] {
        does(&mut app, Command::Edit(command));
    }
    does(&mut app, Command::Edit(EditCommand::RenameRun(RunId(77), "x".to_owned())));
    assert_eq!(app.undo_label(), steps);
}

#[test]
fn the_oldest_run_without_a_name_makes_room_and_a_step_back_stays_within_the_limit() {
    let mut app = opened("xor");
    let seed = |app: &mut App, n: u64| {
        with_settings(app, |settings| settings.seed = n);
        does(app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
        train(app, 1);
    };
    for n in 0..MOST_RUNS as u64 {
        seed(&mut app, 100 + n);
    }
    let full = ids(&app);
    assert_eq!((full.len(), app.made_room()), (MOST_RUNS, &MadeRoom::default()));
    does(&mut app, Command::Edit(EditCommand::RenameRun(full[0], "first".to_owned())));
    does(&mut app, Command::Edit(EditCommand::DeleteRun(full[2])));
    seed(&mut app, 999);
    assert_eq!((ids(&app).len(), app.made_room().runs.len()), (MOST_RUNS, 0));
    // Reset, settings, and then the deletion are taken back: the run is there again, another one made room.
    for _ in 0..3 {
        does(&mut app, Command::Edit(EditCommand::Undo));
    }
    let found = ids(&app);
    assert!(found.len() == MOST_RUNS && found.contains(&full[0]) && found.contains(&full[2]));
    assert_eq!(app.made_room().runs, [RunName::numbered(2)]);
    for n in 0..MOST_RUNS as u64 {
        seed(&mut app, 2_000 + n);
    }
    let names: Vec<RunName> = kept(&app).iter().map(|run| run.name.clone()).collect();
    assert_eq!((names.len(), names[0].given.as_deref()), (MOST_RUNS, Some("first")));
    let numbers: Vec<u32> = names.iter().map(|name| name.number).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "none is used again: {numbers:?}");
}

#[test]
fn kept_runs_come_back_from_a_file_and_files_without_them_keep_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.ron");
    let mut app = opened("iris");
    train(&mut app, 2);
    let mut document = app.document().clone();
    document.runs.clear();
    let without = ModelFile { document, ..ModelFile::default() };
    write_model(&path, &without).unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("runs:"));

    let path = folder.path().join("saved.ron");
    does(&mut app, Command::File(FileCommand::SaveAs(path.clone())));
    assert!(!app.is_dirty());
    let text = std::fs::read_to_string(&path).unwrap();
    let read = read_model(&path).unwrap();
    assert_eq!(read.document.runs, app.document().runs);
    write_model(&path, &read).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    // Limits are checked on reading.
    let run = Arc::clone(&read.document.runs[&RunId(1)]);
    let mut many = read.clone();
    many.document.runs = (0..=MOST_RUNS as u32).map(|n| (RunId(n), Arc::clone(&run))).collect();
    write_model(&path, &many).unwrap();
    assert!(read_model(&path).unwrap_err().to_string().contains("runs"));
    let cut = text.replacen("number: 1,", &format!("number: 1, name: \"{}\",", "x".repeat(81)), 1);
    assert_ne!(cut, text);
    std::fs::write(&path, cut).unwrap();
    assert!(read_model(&path).unwrap_err().to_string().contains("runs[0].name"));
}

#[test]
fn a_run_saved_while_it_trains_is_not_taken_for_one_that_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("running.ron");
    let mut app = opened("digits");
    app.dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    app.dispatch(Command::File(FileCommand::SaveAs(path.clone())));
    let began = std::time::Instant::now();
    while !path.exists() && began.elapsed() < LIMIT {
        app.tick();
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(read_model(&path).unwrap().document.runs.is_empty());
    while app.loss_history().records().is_empty() && began.elapsed() < LIMIT {
        app.tick();
        std::thread::sleep(Duration::from_millis(1));
    }
    does(&mut app, Command::Train(TrainCommand::Toggle));
    assert_eq!(kept(&app).len(), 1, "paused");
    assert_eq!(kept(&app)[0].parameters, app.document().parameters);
}

#[test]
fn the_same_again_with_other_seeds_has_a_mean_and_a_spread() {
    let mut app = opened("xor");
    let mut settings = app.document().training.clone();
    settings.epochs = 5;
    does(&mut app, Command::Edit(EditCommand::SetTraining(settings.clone())));
    let before = app.document().parameters.clone();
    does(&mut app, Command::Train(TrainCommand::Repeat(5)));
    let runs = kept(&app);
    let seeds: Vec<u64> = runs.iter().map(|run| run.settings.seed).collect();
    assert_eq!(seeds, (1..=5).map(|n| settings.seed + n).collect::<Vec<_>>());
    assert_eq!(app.document().parameters, before);
    let found = spreads(&app.document().runs);
    assert_eq!(found.len(), 1);
    assert!(found[0].runs.len() == 5 && found[0].deviation > 0.0);

    // A run is what the window's own training with that seed gives.
    settings.seed = seeds[0];
    does(&mut app, Command::Edit(EditCommand::SetTraining(settings)));
    does(&mut app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
    does(&mut app, Command::Train(TrainCommand::Run(Goal::UntilDone)));
    assert_eq!(app.document().parameters, runs[0].parameters);
}

#[test]
fn stopping_the_other_seeds_keeps_what_was_finished() {
    let mut app = opened("digits");
    app.dispatch(Command::Train(TrainCommand::Repeat(5)));
    assert!(app.repeating().is_some());
    app.dispatch(Command::Train(TrainCommand::StopRepeating));
    assert!(app.wait(LIMIT));
    assert!(app.repeating().is_none() && app.document().runs.len() < 5);
}

#[test]
fn the_panel_keeps_renames_and_deletes_with_its_own_controls() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    window(&mut harness).show_pane("pane-runs");
    let run = |harness: &mut Drawn, goal| {
        window(harness).app_mut().dispatch(Command::Train(TrainCommand::Run(goal)));
        settle(harness);
    };
    run(&mut harness, Goal::Epochs(3));
    assert!(harness.get_by_label("Keep this run").accesskit_node().is_disabled(), "it is kept already");
    run(&mut harness, Goal::Batches(1));
    harness.get_by_label("Keep this run").click();
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().document().runs.len(), 2);
    let field = harness.get_by_label("Name of Run 1");
    field.focus();
    harness.run_steps(2);
    harness.get_by_label("Name of Run 1").type_text("!");
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    settle(&mut harness);
    let name = kept(window(&mut harness).app())[0].name.clone();
    assert_eq!(name.given.as_deref(), Some("!"));
    // By keyboard, too.
    harness.get_by_label("Delete !").focus();
    harness.run_steps(2);
    harness.key_press(egui::Key::Space);
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().document().runs.len(), 1);
}

#[test]
fn named_and_newest_runs_are_drawn_beside_the_curve_and_the_run_at_hand_once() {
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    open(&mut harness, "xor");
    for n in 0..5 {
        let app = window(&mut harness).app_mut();
        app.dispatch(Command::Train(TrainCommand::Reset(ResetTo::Seed)));
        train(app, 2 + n);
    }
    let first = ids(window(&mut harness).app())[0];
    let rename = EditCommand::RenameRun(first, "narrow".to_owned());
    window(&mut harness).app_mut().dispatch(Command::Edit(rename));
    window(&mut harness).show_pane("pane-runs");
    settle(&mut harness);
    let is_on = |harness: &Drawn, name: &str| {
        let label = format!("Draw the curve of {name}");
        harness.get_by_label(&label).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    let all = ["narrow", "Run 2", "Run 3", "Run 4", "Run 5"];
    assert_eq!(all.map(|name| is_on(&harness, name)), [true, false, true, true, true]);
    harness.get_by_label("Draw the curve of Run 2").click();
    settle(&mut harness);
    assert!(is_on(&harness, "Run 2"));
}
