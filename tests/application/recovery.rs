//! What a crash leaves behind, and what the next start makes of it, without a window.
//!
//! Work is kept without any frame: by a timer of its own.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use vastavirta::app::{App, Command, EditCommand, FileCommand, Question, TrainCommand, UnsavedAnswer};
use vastavirta::network::NodeId;
use vastavirta::train::Goal;
use vastavirta::words::in_english;

use crate::flows::settle;

/// The application as the window starts it, where `config_dir` is what outlives it.
fn start(config_dir: &Path) -> App {
    wait_for_the_end_of_others(config_dir);
    let mut app = App::with_autosave(Arc::new(|| {}), config_dir, Duration::ZERO);
    settle(&mut app);
    app
}

/// Waits until no lock is held below `config_dir`. A process that another test is starting at this moment
/// holds copies of all open files for an instant, and with them the locks of a program that has ended.
fn wait_for_the_end_of_others(config_dir: &Path) {
    let Ok(files) = std::fs::read_dir(config_dir.join("autosave")) else { return };
    let paths = files.map(|entry| entry.unwrap().path());
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "lock")) {
        File::options().write(true).open(path).unwrap().lock().unwrap();
    }
}

fn file(app: &mut App, command: FileCommand) {
    app.dispatch(Command::File(command));
    settle(app);
}

/// Trains and edits the first example, and ends without a farewell.
fn crash(config_dir: &Path) -> App {
    let mut app = start(config_dir);
    file(&mut app, FileCommand::OpenExample("auto_mpg".to_owned()));
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(7))));
    settle(&mut app);
    app.dispatch(Command::Edit(EditCommand::Rename(NodeId(2), "first".to_owned())));
    settle(&mut app);
    assert!(app.is_dirty());
    app
}

fn is_offered(app: &App) -> bool {
    matches!(app.question(), Some(Question::Recover { .. }))
}

/// Files of work in the place of autosaves.
fn kept(config_dir: &Path) -> Vec<std::path::PathBuf> {
    let found = std::fs::read_dir(config_dir.join("autosave")).unwrap().map(|entry| entry.unwrap().path());
    found.filter(|path| path.extension().is_some_and(|extension| extension == "ron")).collect()
}

#[test]
fn recovered_work_is_whole_and_counts_as_unsaved() {
    let directory = tempfile::tempdir().unwrap();
    let lost = crash(directory.path()).model_file();
    assert_eq!(lost.optimizer.as_ref().unwrap().parameters.values().next().unwrap().step, 7);

    let mut app = start(directory.path());
    assert!(is_offered(&app), "{:?}", app.question());
    file(&mut app, FileCommand::Recover);
    assert_eq!((app.question(), app.notices()), (None, [].as_slice()));
    assert_eq!(app.model_file(), lost, "network, weights, roles, optimizer and preprocessing");
    assert!(app.is_dirty());
    assert_eq!(app.table().unwrap().n_rows(), 398);
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(1))));
    settle(&mut app);
    assert_eq!(app.optimizer_state().unwrap().parameters.values().next().unwrap().step, 8);

    // A crash right after the recovery loses nothing either, and offers the work once.
    drop(app);
    let mut app = start(directory.path());
    assert!(is_offered(&app));
    file(&mut app, FileCommand::DiscardRecovery);
    assert_eq!((app.question(), kept(directory.path())), (None, Vec::new()));
    drop(app);
    assert!(!is_offered(&start(directory.path())));
}

#[test]
fn the_work_is_on_the_disk_at_every_moment_of_its_recovery() {
    let directory = tempfile::tempdir().unwrap();
    drop(crash(directory.path()));
    let mut app = start(directory.path());
    app.dispatch(Command::File(FileCommand::Recover));
    assert_eq!(kept(directory.path()).len(), 1, "nothing has been read yet");
    drop(app);
    assert!(is_offered(&start(directory.path())), "the work is offered again");
}

#[test]
fn a_clean_exit_and_saved_work_leave_no_offer() {
    let directory = tempfile::tempdir().unwrap();
    let mut app = crash(directory.path());
    assert_eq!(kept(directory.path()).len(), 1);
    file(&mut app, FileCommand::Quit);
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Discard));
    assert!(app.may_close());
    drop(app);
    assert!(!is_offered(&start(directory.path())));

    let mut app = crash(directory.path());
    file(&mut app, FileCommand::SaveAs(directory.path().join("mine.ron")));
    assert!(kept(directory.path()).is_empty(), "{:?}", app.notices());
    drop(app);
    assert!(!is_offered(&start(directory.path())));
}

#[test]
fn damaged_work_is_told_of_once_and_hinders_nothing() {
    let directory = tempfile::tempdir().unwrap();
    drop(crash(directory.path()));
    let work = kept(directory.path()).remove(0);
    let whole = std::fs::read(&work).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"", b"\xFF\xFE\0", b"(version: 1)", &[b'('; 5_000]] {
        std::fs::write(&work, damaged).unwrap();
        let mut app = start(directory.path());
        assert_eq!((app.question(), app.notices().len()), (None, 1));
        let said = in_english(&app.notices()[0].message);
        assert!(said.contains("cannot be recovered") && said.contains(".damaged"), "{said}");
        file(&mut app, FileCommand::OpenExample("xor".to_owned()));
        assert_eq!(app.example(), Some("xor"));
        drop(app);
        assert!(start(directory.path()).notices().is_empty());
    }
    // What a newer version of the program left is left to it.
    let newer = String::from_utf8(whole).unwrap().replacen("version: 1", "version: 99", 1);
    std::fs::write(&work, &newer).unwrap();
    let app = start(directory.path());
    assert_eq!((app.question(), app.notices().len()), (None, 0));
    assert_eq!(std::fs::read_to_string(&work).unwrap(), newer);
}

/// Waits until `holds`; no frame is drawn and nothing asked of the program meanwhile.
fn without_a_frame(what: &str, holds: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_mins(1), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The work in the place of autosaves, read as the next start would.
fn kept_step(config_dir: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(kept(config_dir).pop()?).ok()?;
    let (_, step) = text.split_once("progress: Some((")?.1.split_once("step: ")?;
    step.split_once(',')?.0.parse().ok()
}

#[test]
fn a_window_that_draws_no_frames_keeps_its_edits_and_its_training() {
    let directory = tempfile::tempdir().unwrap();
    let mut app = App::with_autosave(Arc::new(|| {}), directory.path(), Duration::from_millis(50));
    file(&mut app, FileCommand::OpenExample("auto_mpg".to_owned()));
    assert!(kept(directory.path()).is_empty());
    app.dispatch(Command::Edit(EditCommand::Rename(NodeId(2), "first".to_owned())));
    without_a_frame("the edit is kept", || !kept(directory.path()).is_empty());

    let training =
        vastavirta::document::TrainingSettings { epochs: 1_000_000_000, ..app.document().training.clone() };
    app.dispatch(Command::Edit(EditCommand::SetTraining(training)));
    app.dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
    let early = || kept_step(directory.path()).is_some_and(|step| step > 0);
    without_a_frame("training is kept", early);
    let first = kept_step(directory.path());
    without_a_frame("newer weights are kept", || kept_step(directory.path()) > first);
    drop(app);
    assert!(is_offered(&start(directory.path())));
}

#[test]
fn work_is_kept_at_once_when_the_program_is_asked_to_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut app = App::with_autosave(Arc::new(|| {}), directory.path(), Duration::from_hours(1));
    file(&mut app, FileCommand::OpenExample("auto_mpg".to_owned()));
    for name in ["first", "second"] {
        app.dispatch(Command::Edit(EditCommand::Rename(NodeId(2), name.to_owned())));
        app.last_chance().unwrap()();
        let text = std::fs::read_to_string(kept(directory.path()).pop().unwrap()).unwrap();
        assert!(text.contains(&format!("\"{name}\"")));
    }
    file(&mut app, FileCommand::Quit);
    file(&mut app, FileCommand::Answer(UnsavedAnswer::Discard));
    assert!(kept(directory.path()).is_empty());
}

#[test]
fn where_nothing_can_be_kept_the_program_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let file_in_the_way = directory.path().join("config");
    std::fs::write(&file_in_the_way, "").unwrap();
    let app = App::with_autosave(Arc::new(|| {}), &file_in_the_way, Duration::ZERO);
    let said = in_english(&app.notices()[0].message);
    assert!(said.contains("will not be kept") && said.contains("config"), "{said}");
}

#[cfg(unix)]
#[test]
fn work_is_kept_while_a_file_that_never_comes_is_being_opened() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe.csv");
    crate::support::output_of(std::process::Command::new("mkfifo").arg(&pipe));
    let mut app = start(directory.path());
    file(&mut app, FileCommand::OpenExample("mazur".to_owned()));
    app.dispatch(Command::File(FileCommand::OpenAny(pipe)));
    app.dispatch(Command::Edit(EditCommand::Rename(NodeId(2), "first".to_owned())));
    app.tick();
    without_a_frame("work is kept", || kept(directory.path()).len() == 1);
}
