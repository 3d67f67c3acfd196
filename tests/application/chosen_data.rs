//! Data files and roles that a person chooses, takes back and chooses again, without a window.
//!
//! Must not know how a file is read.

use std::path::Path;

use vastavirta::app::{App, Command, DataCommand, EditCommand};
use vastavirta::data::{ColumnRole, DialectChoices};

use crate::flows::{app, asset, edit, example, settle};

fn load(app: &mut App, path: &Path) {
    app.dispatch(Command::Data(DataCommand::Load(path.to_owned())));
    settle(app);
}

fn n_rows(app: &App) -> Option<usize> {
    app.table().map(|table| table.n_rows())
}

fn step(app: &mut App, command: EditCommand) {
    edit(app, command);
    settle(app);
}

#[test]
fn undoing_a_file_brings_its_table_along() {
    let mut app = example("iris");
    let before = app.document().data.clone();
    load(&mut app, &asset("auto_mpg.csv"));
    let after = app.document().clone();
    assert_eq!(n_rows(&app), Some(398));
    step(&mut app, EditCommand::Undo);
    assert_eq!((n_rows(&app), &app.document().data.columns), (Some(150), &before.columns));
    assert!(app.data_error().is_none() && app.redo_label().is_some());
    step(&mut app, EditCommand::Redo);
    assert_eq!((n_rows(&app), app.document()), (Some(398), &after));
    // Back and forth without waiting ends where the document is.
    edit(&mut app, EditCommand::Undo);
    edit(&mut app, EditCommand::Redo);
    edit(&mut app, EditCommand::Undo);
    settle(&mut app);
    assert_eq!(n_rows(&app), Some(150));
}

#[test]
fn undoing_the_first_file_leaves_no_table_and_redoing_it_brings_it_back() {
    let mut app = app();
    load(&mut app, &asset("iris.csv"));
    assert_eq!(n_rows(&app), Some(150));
    step(&mut app, EditCommand::Undo);
    assert_eq!((n_rows(&app), &app.document().data.path), (None, &None));
    step(&mut app, EditCommand::Redo);
    assert_eq!(n_rows(&app), Some(150));
}

#[test]
fn undoing_another_way_of_reading_reads_the_old_way() {
    let mut app = app();
    load(&mut app, &asset("iris.csv"));
    let mut settings = app.document().data.clone();
    let choices = DialectChoices { header: Some(false), ..DialectChoices::default() };
    choices.apply(&mut settings.dialect);
    app.dispatch(Command::Data(DataCommand::Set(Box::new(settings))));
    settle(&mut app);
    assert_eq!(n_rows(&app), Some(151));
    while !app.document().data.dialect.header {
        step(&mut app, EditCommand::Undo);
    }
    assert_eq!(n_rows(&app), Some(150));
}

#[test]
fn a_chosen_target_takes_the_place_of_the_guessed_one_and_further_ones_are_added() {
    let mut app = app();
    load(&mut app, &asset("iris.csv"));
    let targets = |app: &App| -> Vec<String> {
        let columns = app.document().data.columns.iter();
        columns.filter(|c| c.role == ColumnRole::Target).map(|c| c.name.clone()).collect()
    };
    let choose = |app: &mut App, name: &str| {
        let mut settings = app.document().data.clone();
        settings.columns.iter_mut().find(|c| c.name == name).unwrap().role = ColumnRole::Target;
        app.dispatch(Command::Data(DataCommand::Set(Box::new(settings))));
        settle(app);
    };
    let guessed = targets(&app);
    assert_eq!(guessed.len(), 1);
    let names: Vec<String> = app.document().data.columns.iter().map(|c| c.name.clone()).collect();
    choose(&mut app, &names[0]);
    assert_eq!(targets(&app), [names[0].clone()]);
    let old = app.document().data.columns.iter().find(|c| c.name == guessed[0]).unwrap();
    assert_eq!(old.role, ColumnRole::Feature);
    choose(&mut app, &guessed[0]);
    assert_eq!(targets(&app).len(), 2);
}
