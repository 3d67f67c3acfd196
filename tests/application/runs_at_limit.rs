//! Kept runs at the limit of weights that a document keeps, and runs taken back in the middle of something
//! else.
//!
//! Must not look inside of the application.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vastavirta::app::{App, Command, EditCommand, FileCommand, TrainCommand};
use vastavirta::document::{MOST_RUN_NUMBERS, Run, RunId, RunName};
use vastavirta::files::{ModelFile, write_model};
use vastavirta::network::{Parameter, ParameterKey, Parameters};
use vastavirta::train::Goal;

use crate::runs::{LIMIT, does, ids, kept, opened, train, with_settings};

const N_RUNS: usize = 20;

/// Memory of this process in MB; nothing where nobody says it.
fn memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? / 1_024)
}

/// A run with weights of its own, as many as a twentieth of the limit.
fn full(run: &Run, number: u32) -> Arc<Run> {
    let n = MOST_RUN_NUMBERS / N_RUNS;
    let key = *run.parameters.keys().find(|key| matches!(key, ParameterKey::Node(..))).unwrap();
    // Networks of so many weights learn in single precision.
    let value = |idx: usize| f64::from((idx as f32 + 0.1 * number as f32).sin());
    let values: Vec<f64> = (0..n).map(value).collect();
    let parameter = Parameter { shape: vec![n / 500, 500], values: Arc::new(values), trainable: true };
    let parameters = Parameters::from([(key, parameter)]);
    Arc::new(Run { name: RunName::numbered(number), parameters, ..run.clone() })
}

#[test]
fn twenty_runs_at_the_limit_are_saved_opened_deleted_and_undone_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full.ron");
    let mut app = opened("xor");
    train(&mut app, 2);
    let mut document = app.document().clone();
    let run = Arc::clone(&document.runs[&RunId(1)]);
    document.runs = (1..=N_RUNS as u32).map(|n| (RunId(n), full(&run, n))).collect();
    let written = ModelFile { document, ..ModelFile::default() };
    let timed = |what: &str, work: &mut dyn FnMut()| {
        let began = Instant::now();
        work();
        let took = began.elapsed();
        eprintln!("{what}: {took:?}, {:?} MB", memory());
        assert!(took < Duration::from_secs(20), "{what}: {took:?}");
    };
    timed("saved", &mut || write_model(&path, &written).unwrap());
    let bytes = fs::metadata(&path).unwrap().len();
    assert!(bytes < 13_000_000, "{bytes} bytes");
    let mut app = App::new(Arc::new(|| {}));
    timed("opened", &mut || does(&mut app, Command::File(FileCommand::Open(path.clone()))));
    let n_numbers = |app: &App| kept(app).iter().map(|run| run.n_numbers()).sum::<usize>();
    assert_eq!((ids(&app).len(), n_numbers(&app)), (N_RUNS, MOST_RUN_NUMBERS), "{:?}", app.notices());
    let before = kept(&app);
    timed("deleted", &mut || {
        for id in ids(&app) {
            does(&mut app, Command::Edit(EditCommand::DeleteRun(id)));
        }
    });
    assert_eq!(ids(&app), []);
    timed("undone", &mut || {
        for _ in 0..N_RUNS {
            does(&mut app, Command::Edit(EditCommand::Undo));
        }
    });
    let after = kept(&app);
    assert!(before.iter().zip(&after).all(|(a, b)| Arc::ptr_eq(a, b)), "weights are not copied");
    assert_eq!(n_numbers(&app), MOST_RUN_NUMBERS);
    // One more: the oldest gives its weights, and it is said.
    train(&mut app, 1);
    assert_eq!(ids(&app).len(), N_RUNS + 1);
    assert!(n_numbers(&app) <= MOST_RUN_NUMBERS);
    assert_eq!(app.made_room().weights, [RunName::numbered(1)]);
    timed("saved again", &mut || does(&mut app, Command::File(FileCommand::Save)));
    assert!(!app.is_dirty());
}

#[test]
fn a_run_is_taken_back_while_another_one_trains() {
    let mut app = opened("iris");
    train(&mut app, 2);
    let id = ids(&app)[0];
    let wanted = kept(&app)[0].parameters.clone();
    assert!(!wanted.is_empty());
    with_settings(&mut app, |settings| settings.learning_rate *= 0.5);
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(100_000))));
    let began = Instant::now();
    while app.loss_history().last().is_none_or(|last| last.epoch < 5) && began.elapsed() < LIMIT {
        app.tick();
    }
    assert!(app.run_state().is_running());
    app.dispatch(Command::Edit(EditCommand::RestoreRun(id)));
    assert!(app.wait(LIMIT));
    assert!(app.document().parameters == wanted, "no step of the other run comes after it");
    assert_eq!(ids(&app).len(), 2, "what the other one came to is kept");
    train(&mut app, 1);
    assert!(app.document().parameters != wanted);
    assert!(kept(&app)[0].parameters == wanted, "the kept run stays what it was");
}

#[test]
fn a_run_is_taken_back_in_the_middle_of_a_gesture_and_undone() {
    let mut app = opened("iris");
    train(&mut app, 1);
    let id = ids(&app)[0];
    let wanted = kept(&app)[0].parameters.clone();
    let (key, parameter) = app.document().parameters.iter().next().unwrap();
    let (key, value) = (*key, parameter.values[0] + 1.0);
    let entry = |value| Command::Edit(EditCommand::SetParameterEntry { key, index: 0, value });
    does(&mut app, entry(value));
    let edited = app.document().parameters.clone();
    does(&mut app, Command::Edit(EditCommand::BeginGesture));
    does(&mut app, entry(value + 1.0));
    does(&mut app, Command::Edit(EditCommand::RestoreRun(id)));
    assert_eq!(app.document().parameters, wanted);
    does(&mut app, Command::Edit(EditCommand::EndGesture));
    assert_eq!(app.document().parameters, wanted);
    let mut n_steps = 0;
    while app.document().parameters != edited {
        does(&mut app, Command::Edit(EditCommand::Undo));
        n_steps += 1;
        assert!(n_steps <= 2, "the edit before is found again");
    }
    for _ in 0..n_steps {
        does(&mut app, Command::Edit(EditCommand::Redo));
    }
    assert_eq!(app.document().parameters, wanted);
}
