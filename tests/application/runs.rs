//! Runs that are kept: undone and redone, saved and opened again, restored, repeated with other seeds.
//!
//! Must not look inside of the application.

use std::sync::Arc;
use std::time::Duration;

use egui_kittest::kittest::Queryable;
use vastavirta::app::{App, Command, EditCommand, FileCommand, TrainCommand};
use vastavirta::document::{MOST_RUNS, spreads};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::window::{drawn, open, settle, window};

const LIMIT: Duration = Duration::from_mins(2);

fn opened(name: &str) -> App {
    let mut app = App::new(Arc::new(|| {}));
    app.dispatch(Command::File(FileCommand::OpenExample(name.to_owned())));
    assert!(app.wait(LIMIT));
    app
}

fn does(app: &mut App, command: Command) {
    app.dispatch(command);
    assert!(app.wait(LIMIT));
}

fn train(app: &mut App, epochs: usize) {
    does(app, Command::Train(TrainCommand::Run(Goal::Epochs(epochs))));
}

#[test]
fn a_run_is_kept_undone_named_restored_and_deleted() {
    let mut app = opened("auto_mpg");
    assert!(!app.can_keep_run());
    train(&mut app, 3);
    assert!(app.can_keep_run());
    let trained = app.document().parameters.clone();
    does(&mut app, Command::Edit(EditCommand::KeepRun));
    let kept = app.document().runs.clone();
    assert_eq!((kept.len(), kept[0].curve.len(), kept[0].name.as_str()), (1, 3, "Run 1"));
    assert!(kept[0].scores.mae.is_some() && kept[0].final_loss().is_some());
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert!(app.document().runs.is_empty());
    does(&mut app, Command::Edit(EditCommand::Redo));
    assert_eq!(app.document().runs, kept);

    does(&mut app, Command::Edit(EditCommand::RenameRun(0, "  wide ".to_owned())));
    assert_eq!(app.document().runs[0].name, "wide");
    does(&mut app, Command::Edit(EditCommand::RenameRun(0, " ".to_owned())));
    assert_eq!(app.document().runs[0].name, "wide");

    train(&mut app, 2);
    assert_ne!(app.document().parameters, trained);
    does(&mut app, Command::Edit(EditCommand::RestoreRun(0)));
    assert_eq!(app.document().parameters, trained);
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_ne!(app.document().parameters, trained);

    does(&mut app, Command::Edit(EditCommand::DeleteRun(0)));
    assert!(app.document().runs.is_empty());
    // What no longer exists is nothing to do.
    does(&mut app, Command::Edit(EditCommand::RestoreRun(7)));
    does(&mut app, Command::Edit(EditCommand::DeleteRun(7)));
}

#[test]
fn kept_runs_come_back_from_a_file_and_files_without_them_keep_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.ron");
    let mut app = opened("iris");
    train(&mut app, 2);
    let without = ModelFile { document: app.document().clone(), ..ModelFile::default() };
    write_model(&path, &without).unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("runs:"));

    does(&mut app, Command::Edit(EditCommand::KeepRun));
    let model = ModelFile { document: app.document().clone(), ..ModelFile::default() };
    write_model(&path, &model).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let read = read_model(&path).unwrap();
    assert_eq!(read.document.runs, app.document().runs);
    write_model(&path, &read).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    // Limits are checked on reading.
    let run = Arc::clone(&read.document.runs[0]);
    let mut many = read.clone();
    many.document.runs = vec![run; MOST_RUNS + 1];
    write_model(&path, &many).unwrap();
    assert!(read_model(&path).unwrap_err().to_string().contains("runs"));
    let cut = text.replacen("name: \"Run 1\"", &format!("name: \"{}\"", "x".repeat(81)), 1);
    assert_ne!(cut, text);
    std::fs::write(&path, cut).unwrap();
    assert!(read_model(&path).unwrap_err().to_string().contains("runs[0].name"));
}

#[test]
fn the_same_again_with_other_seeds_has_a_mean_and_a_spread() {
    let mut app = opened("xor");
    let mut settings = app.document().training.clone();
    settings.epochs = 5;
    does(&mut app, Command::Edit(EditCommand::SetTraining(settings.clone())));
    let before = app.document().parameters.clone();
    does(&mut app, Command::Train(TrainCommand::Repeat(5)));
    let runs = &app.document().runs;
    let seeds: Vec<u64> = runs.iter().map(|run| run.settings.seed).collect();
    assert_eq!(seeds, (1..=5).map(|n| settings.seed + n).collect::<Vec<_>>());
    assert_eq!(app.document().parameters, before);
    let found = spreads(runs);
    assert_eq!(found.len(), 1);
    assert!(found[0].runs.len() == 5 && found[0].deviation > 0.0);

    // A run is what the window's own training with that seed gives.
    settings.seed = seeds[0];
    let kept = Arc::clone(&runs[0]);
    does(&mut app, Command::Edit(EditCommand::SetTraining(settings)));
    does(&mut app, Command::Train(TrainCommand::Reset(vastavirta::app::ResetTo::Seed)));
    does(&mut app, Command::Train(TrainCommand::Run(Goal::UntilDone)));
    assert_eq!(app.document().parameters, kept.parameters);
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
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(3))));
    settle(&mut harness);
    window(&mut harness).show_pane("pane-runs");
    settle(&mut harness);
    harness.get_by_label("Keep this run").click();
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().document().runs.len(), 1);
    let field = harness.get_by_label("Name of Run 1");
    field.focus();
    harness.run_steps(2);
    harness.get_by_label("Name of Run 1").type_text("!");
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    settle(&mut harness);
    let name = window(&mut harness).app().document().runs[0].name.clone();
    assert!(name.contains('!') && name.contains("Run 1"), "{name}");
    harness.get_by_label(&format!("Delete {name}")).click();
    settle(&mut harness);
    assert!(window(&mut harness).app().document().runs.is_empty());
}
