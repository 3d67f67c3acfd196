//! Kept runs in files, in both languages, beside edits and other trainings: what the program calls them, what
//! is saved at the end of a run, what is refused, what is drawn.
//!
//! Must not look inside of the application.

use std::sync::Arc;
use std::time::Duration;

use vastavirta::app::{App, Command, EditCommand, FileCommand, ResetTo, TrainCommand, UnsavedAnswer};
use vastavirta::document::{RunId, RunName, spreads};
use vastavirta::files::{ModelFile, read_model, write_model};
use vastavirta::network::{Activation, DenseNode, NodeKind};
use vastavirta::train::Goal;
use vastavirta::words::{Language, in_english};

use crate::runs::{LIMIT, does, ids, kept, opened, train, with_settings};
use crate::window::{drawn, labels, open, rest, settle, window};

#[test]
fn older_files_name_runs_in_english_and_are_read_as_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.ron");
    let mut app = opened("xor");
    train(&mut app, 1);
    with_settings(&mut app, |settings| settings.learning_rate *= 0.5);
    train(&mut app, 1);
    with_settings(&mut app, |settings| settings.learning_rate *= 0.5);
    train(&mut app, 1);
    does(&mut app, Command::File(FileCommand::SaveAs(path.clone())));
    let text = std::fs::read_to_string(&path).unwrap();
    // As it was written before runs had numbers and drawings.
    let mut old = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("drawing: ")) {
        let names = [("number: 1,", "Run 7"), ("number: 2,", "wide"), ("number: 3,", "Run 2")];
        let named = names.iter().find(|(number, _)| line.trim() == *number);
        old += &named.map_or_else(|| line.to_owned(), |(_, name)| format!("name: \"{name}\","));
        old.push('\n');
    }
    assert!(!old.contains("number:"), "{old}");
    std::fs::write(&path, &old).unwrap();
    let runs = read_model(&path).unwrap().document.runs;
    let names: Vec<RunName> = runs.values().map(|run| run.name.clone()).collect();
    let wide = RunName { number: 8, given: Some("wide".to_owned()) };
    assert_eq!(names, [RunName::numbered(7), wide, RunName::numbered(2)]);
    // A name that looks like one of them stays a name.
    let mut app = App::new(Arc::new(|| {}));
    does(&mut app, Command::File(FileCommand::Open(path.clone())));
    let first = ids(&app)[0];
    does(&mut app, Command::Edit(EditCommand::RenameRun(first, "Run 3".to_owned())));
    does(&mut app, Command::File(FileCommand::Save));
    does(&mut app, Command::Train(TrainCommand::Run(Goal::Epochs(1))));
    assert_eq!(kept(&app).last().unwrap().name, RunName::numbered(9));
    let runs = read_model(&path).unwrap().document.runs;
    assert_eq!(runs[&RunId(1)].name, RunName { number: 7, given: Some("Run 3".to_owned()) });
}

#[test]
fn a_save_at_the_very_end_of_a_run_holds_that_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("end.ron");
    let mut app = opened("xor");
    let mut n_ended = 0;
    for wait in (0..60).map(|n| Duration::from_micros(150 * n)) {
        does(&mut app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
        app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(40))));
        let began = std::time::Instant::now();
        while began.elapsed() < wait {
            std::thread::yield_now();
        }
        app.dispatch(Command::File(FileCommand::Save));
        if app.question().is_some() {
            app.dispatch(Command::File(FileCommand::SaveAs(path.clone())));
        }
        while app.job().is_some() && began.elapsed() < LIMIT {
            app.tick();
        }
        let saved = read_model(&path).unwrap();
        if saved.position.epoch == 40 {
            n_ended += 1;
            let last = saved.document.runs.values().last().unwrap().curve.last().copied().unwrap();
            assert_eq!((last.epoch, last.step), (40, saved.position.step), "after {wait:?}");
        }
        assert!(app.wait(LIMIT));
        let held: Vec<_> = read_model(&path).unwrap().document.runs.into_values().collect();
        assert!(app.is_dirty() || held == kept(&app), "nothing is lost that looks saved");
    }
    assert!(n_ended > 0, "no save came after the end");
}

#[test]
fn weights_that_have_no_place_in_the_drawing_any_more_are_refused_in_words() {
    let mut app = opened("xor");
    train(&mut app, 2);
    let (run, id) = (kept(&app)[0].clone(), ids(&app)[0]);
    let (&node, kind) = app
        .document()
        .network
        .nodes
        .iter()
        .find_map(|(id, node)| node.kind.dense().map(|dense| (id, dense.clone())))
        .unwrap();
    let wider = NodeKind::Dense(DenseNode { units: 7, ..kind });
    does(&mut app, Command::Edit(EditCommand::SetKind(node, wider)));
    let (before, steps) = (app.document().parameters.clone(), app.undo_label());
    assert!(!run.fits(&before) && run.drawing != app.document().network.outline());
    does(&mut app, Command::Edit(EditCommand::RestoreRun(id)));
    assert_eq!((&app.document().parameters, app.undo_label()), (&before, steps), "nothing is mixed");
    let said: Vec<String> = app.notices().iter().map(|notice| in_english(&notice.message)).collect();
    assert!(said.iter().any(|said| said.contains("Run 1") && said.contains("no place")), "{said:?}");
    does(&mut app, Command::Edit(EditCommand::Undo));
    does(&mut app, Command::Edit(EditCommand::RestoreRun(id)));
    assert_eq!(app.document().parameters, run.parameters);
    // Frozen is a thing of the drawing, not of a run.
    let key = *run.parameters.keys().next().unwrap();
    does(&mut app, Command::Edit(EditCommand::SetTrainable { key, trainable: false }));
    does(&mut app, Command::Edit(EditCommand::RestoreRun(id)));
    assert!(!app.document().parameters[&key].trainable);
}

#[test]
fn other_seeds_go_on_beside_a_training_and_an_edit_and_are_told_apart() {
    let mut app = opened("iris");
    with_settings(&mut app, |settings| settings.epochs = 6);
    let outline = app.document().network.outline();
    app.dispatch(Command::Train(TrainCommand::Repeat(5)));
    assert!(!app.repeats_older_drawing());
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(2))));
    while app.run_state().is_running() {
        app.tick();
    }
    app.tick();
    let network = &app.document().network;
    let tanh = *network.nodes.iter().find(|(_, node)| node.kind.activation().is_some()).unwrap().0;
    app.dispatch(Command::Edit(EditCommand::SetKind(tanh, NodeKind::Activation(Activation::Relu))));
    app.tick();
    let was_older = app.repeating().is_none() || app.repeats_older_drawing();
    assert!(app.wait(LIMIT) && was_older);
    let runs = kept(&app);
    let numbers: Vec<u32> = runs.iter().map(|run| run.name.number).collect();
    assert_eq!(numbers, (1..=6).collect::<Vec<u32>>(), "no number twice");
    assert!(runs.iter().all(|run| run.drawing == outline));
    assert_ne!(app.document().network.outline(), outline);
    // Runs of the new drawing are no part of the mean of the old ones.
    does(&mut app, Command::Train(TrainCommand::Repeat(2)));
    let found: Vec<usize> = spreads(&app.document().runs).iter().map(|spread| spread.runs.len()).collect();
    assert_eq!(found, [6, 2]);
    does(&mut app, Command::Edit(EditCommand::Undo));
    assert_eq!(kept(&app).len(), 6, "one step back takes both");
}

#[test]
fn closing_while_other_seeds_are_trained_asks_and_keeps_what_was_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("closed.ron");
    let mut app = opened("iris");
    with_settings(&mut app, |settings| settings.epochs = 20);
    does(&mut app, Command::File(FileCommand::SaveAs(path)));
    app.dispatch(Command::Train(TrainCommand::Repeat(5)));
    // One of them is finished.
    let began = std::time::Instant::now();
    while app.repeating().is_some_and(|done| done < 0.3) && began.elapsed() < LIMIT {
        app.tick();
    }
    assert!(!app.is_dirty());
    app.dispatch(Command::File(FileCommand::Quit));
    assert!(!app.may_close() && app.question().is_some(), "runs would be lost");
    assert!(app.wait(LIMIT));
    let n = kept(&app).len();
    assert!((1..5).contains(&n), "{n} were finished");
    app.dispatch(Command::File(FileCommand::Answer(UnsavedAnswer::Save)));
    assert!(app.wait(LIMIT) && app.may_close());
    assert_eq!(read_model(app.path().unwrap()).unwrap().document.runs.len(), n);
}

#[test]
fn a_seed_that_diverges_does_not_stop_the_others_and_is_told() {
    let mut app = opened("grad_w_2x3");
    with_settings(&mut app, |settings| settings.learning_rate *= 1_000.0);
    does(&mut app, Command::Train(TrainCommand::Repeat(3)));
    let said: Vec<String> = app.notices().iter().map(|notice| in_english(&notice.message)).collect();
    assert!(said.iter().any(|said| said.contains("With 3 other seeds")), "{said:?}");
}

#[test]
fn a_model_with_twenty_runs_at_the_limit_of_numbers_opens_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full.ron");
    let mut app = opened("digits");
    train(&mut app, 1);
    let mut document = app.document().clone();
    let run = Arc::clone(&document.runs[&RunId(1)]);
    document.runs = (1..=20).map(|n| (RunId(n), Arc::clone(&run))).collect();
    write_model(&path, &ModelFile { document, ..ModelFile::default() }).unwrap();
    let began = std::time::Instant::now();
    assert_eq!(read_model(&path).unwrap().document.runs.len(), 20);
    let took = began.elapsed();
    eprintln!("{} bytes in {took:?}", std::fs::metadata(&path).unwrap().len());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn runs_without_a_name_are_called_in_the_language_of_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("language.ron");
    let mut app = opened("xor");
    train(&mut app, 2);
    does(&mut app, Command::File(FileCommand::SaveAs(path.clone())));
    for (language, name, limit) in
        [(Language::English, "Run 1", "at most 32 runs"), (Language::Finnish, "Ajo 1", "enintään 32 ajoa")]
    {
        let mut harness = drawn(language, [1280.0, 900.0]);
        window(&mut harness).app_mut().dispatch(Command::File(FileCommand::Open(path.clone())));
        settle(&mut harness);
        window(&mut harness).show_pane("pane-runs");
        rest(&mut harness);
        let said = labels(&harness);
        assert!(said.iter().any(|said| said.contains(name)), "{said:?}");
        assert!(said.iter().any(|said| said.contains(limit)), "the limit is told: {said:?}");
        let other = if language == Language::English { "Ajo 1" } else { "Run 1" };
        assert!(said.iter().all(|said| !said.contains(other)), "{said:?}");
    }
}

#[test]
fn twelve_curves_have_their_names_above_the_plot_and_five_seeds_their_mean() {
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    open(&mut harness, "xor");
    let app = window(&mut harness).app_mut();
    with_settings(app, |settings| settings.epochs = 4);
    does(app, Command::Train(TrainCommand::Repeat(5)));
    for n in 0..7 {
        with_settings(app, |settings| settings.learning_rate = 0.01 * f64::from(n + 2));
        does(app, Command::Train(TrainCommand::Reset(ResetTo::Seed)));
        train(app, 3);
    }
    for id in ids(app) {
        does(app, Command::Edit(EditCommand::RenameRun(id, format!("try {}", id.0))));
    }
    window(&mut harness).show_pane("pane-loss");
    rest(&mut harness);
    let said = labels(&harness);
    for n in (1..=11).map(|n| format!("try {n}")) {
        assert!(said.contains(&n), "{n}: {said:?}");
    }
    assert!(said.iter().any(|said| said == "Mean of 5 seeds ± deviation"), "{said:?}");
}
