//! What was fitted for trained weights, the scaling of targets, and what is said about the data, as
//! the application does it without a window.

use std::fs;
use std::path::{Path, PathBuf};

use vastavirta::app::{App, Command, DataCommand, EditCommand, FileCommand, Question, ResetTo, TrainCommand};
use vastavirta::data::{ColumnRole, FittedEncoding, Scaling};
use vastavirta::network::{Fix, ProblemKind, Severity};
use vastavirta::train::Goal;

use crate::flows::{app, settle};
use crate::support::root;

fn case(name: &str) -> PathBuf {
    root().join("tests/cases/columns").join(name)
}

fn opened(path: &Path) -> App {
    let mut app = app();
    app.dispatch(Command::File(FileCommand::Open(path.to_owned())));
    settle(&mut app);
    assert_eq!(app.path(), Some(path), "{:?}", app.notices());
    app
}

fn data(app: &mut App, command: DataCommand) {
    app.dispatch(Command::Data(command));
    settle(app);
}

/// The shift of the first column of the fit in use.
fn shift(app: &App) -> f64 {
    let prepared = app.prepared().unwrap();
    match prepared.preprocessing().columns[0].encoding {
        FittedEncoding::Number { shift, .. } => shift,
        FittedEncoding::OneHot { .. } => panic!("a number was expected"),
    }
}

#[test]
fn another_file_for_trained_weights_asks_before_anything_is_fitted() {
    let mut app = opened(&case("refit_model.ron"));
    let stored = shift(&app);
    data(&mut app, DataCommand::Load(case("high.csv")));
    assert!(matches!(app.question(), Some(Question::Refit { lacks, .. }) if lacks.is_empty()));
    assert_eq!(app.table().unwrap().n_rows(), 442, "nothing is taken before the answer");
    data(&mut app, DataCommand::KeepFit);
    assert_eq!((app.question(), app.table().unwrap().n_rows()), (None, 140));
    assert_eq!(shift(&app), stored);

    data(&mut app, DataCommand::Load(case("train.csv")));
    data(&mut app, DataCommand::Cancel);
    assert_eq!((app.question(), app.table().unwrap().n_rows()), (None, 140));

    app.dispatch(Command::Edit(EditCommand::Undo));
    data(&mut app, DataCommand::Load(case("high.csv")));
    data(&mut app, DataCommand::FitAnew);
    assert_ne!(shift(&app), stored);
}

#[test]
fn columns_that_the_weights_need_and_the_file_lacks_are_named() {
    let mut app = opened(&case("refit_model.ron"));
    data(&mut app, DataCommand::Load(case("labels_0_1.csv")));
    let Some(Question::Refit { lacks, .. }) = app.question() else { panic!("{:?}", app.question()) };
    assert_eq!(lacks.len(), 11);
    assert!(lacks.contains(&"bmi".to_owned()));
    data(&mut app, DataCommand::FitAnew);
    assert_eq!(app.document().data.columns.len(), 2);
}

#[test]
fn training_binds_the_fit_to_the_weights_and_a_reset_frees_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = app();
    app.dispatch(Command::File(FileCommand::OpenExample("auto_mpg".into())));
    settle(&mut app);
    assert!(app.document().data.fitted.is_none(), "untrained weights rely on nothing");
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(1))));
    settle(&mut app);
    let fitted = app.document().data.fitted.clone().unwrap();
    // Another share validates: the weights keep what they were trained with.
    let mut settings = app.document().data.clone();
    settings.split.validation_fraction = 0.5;
    data(&mut app, DataCommand::Set(Box::new(settings.clone())));
    assert_eq!(app.prepared().unwrap().preprocessing(), &*fitted);
    // Saved and opened again, they still do.
    let path = folder.path().join("m.ron");
    app.dispatch(Command::File(FileCommand::SaveAs(path.clone())));
    settle(&mut app);
    let again = opened(&path);
    assert_eq!(again.document().data.fitted.as_ref(), Some(&fitted));
    assert_eq!(again.document().parameters, app.document().parameters);
    // Another scaling by hand asks for another fit of the numbers, and says so.
    settings = app.document().data.clone();
    settings.scaling = Scaling::MinMax;
    data(&mut app, DataCommand::Set(Box::new(settings)));
    let columns = &app.document().data.fitted.as_ref().unwrap().columns;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["mpg", "origin"]);
    assert!(app.notices().last().unwrap().message.id == "data-fit-anew");
    // Weights drawn anew rely on nothing; undone, on what they relied on.
    app.dispatch(Command::Train(TrainCommand::Reset(ResetTo::Seed)));
    settle(&mut app);
    assert!(app.document().data.fitted.is_none());
    app.dispatch(Command::Edit(EditCommand::Undo));
    settle(&mut app);
    assert!(app.document().data.fitted.is_some());
}

#[test]
fn the_almost_empty_column_is_not_the_target_and_scaling_follows_the_role() {
    let mut app = app();
    data(&mut app, DataCommand::Load(case("housing_fi.csv")));
    let settings = app.document().data.clone();
    let role = |name: &str| settings.columns.iter().find(|column| column.name == name).unwrap().role;
    assert_eq!(role("Huom"), ColumnRole::Ignored);
    assert_eq!(settings.columns.iter().filter(|column| column.role == ColumnRole::Target).count(), 1);
    let with_roles = |target: &str| {
        let mut new = settings.clone();
        for column in &mut new.columns {
            if column.name == target {
                column.role = ColumnRole::Target;
            } else if column.role == ColumnRole::Target {
                column.role = ColumnRole::Feature;
            }
        }
        new
    };
    assert_eq!(settings.target_scaling, Scaling::Standardize, "the year is a number");
    data(&mut app, DataCommand::Set(Box::new(with_roles("Kaupunki"))));
    assert_eq!(app.document().data.target_scaling, Scaling::None, "a town is not");
    data(&mut app, DataCommand::Set(Box::new(with_roles("Hinta (€)"))));
    assert_eq!(app.document().data.target_scaling, Scaling::Standardize);
    // What a person chose stays.
    let chosen =
        vastavirta::data::DataSettings { target_scaling: Scaling::MinMax, ..app.document().data.clone() };
    data(&mut app, DataCommand::Set(Box::new(chosen)));
    let mut other = with_roles("Kaupunki");
    other.target_scaling = Scaling::MinMax;
    data(&mut app, DataCommand::Set(Box::new(other)));
    assert_eq!(app.document().data.target_scaling, Scaling::MinMax);
}

#[test]
fn a_target_outside_of_its_loss_is_a_problem_whose_fix_can_be_undone() {
    for (model, file, fix) in [
        ("bce.ron", "labels_1_2.csv", Fix::TargetsToUnitRange),
        ("bce_standardized.ron", "labels_0_1.csv", Fix::TargetsAsInFile),
    ] {
        let mut app = opened(&case(model));
        data(&mut app, DataCommand::Load(case(file)));
        let problem = app.problems().first().unwrap().clone();
        assert!(matches!(problem.kind, ProblemKind::TargetOutside { .. }), "{problem}");
        assert_eq!((problem.severity, problem.fix.as_ref()), (Severity::Error, Some(&fix)));
        app.dispatch(Command::Edit(EditCommand::Fix(fix)));
        settle(&mut app);
        assert!(app.problems().iter().all(|problem| problem.severity != Severity::Error), "{model}");
        app.dispatch(Command::Edit(EditCommand::Undo));
        settle(&mut app);
        assert_eq!(app.problems().first(), Some(&problem));
    }
}

#[test]
fn what_costs_rows_stands_among_the_problems() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.csv");
    let remark = |row: usize| if row < 8 { "" } else { "1.5" };
    let rows: Vec<String> = (0..21).map(|row| format!("{row},{},{}", remark(row), row % 3)).collect();
    fs::write(&path, format!("a,Remark,y\n{}\n", rows.join("\n"))).unwrap();
    let mut app = opened(&case("two.ron"));
    data(&mut app, DataCommand::Load(path));
    let said: Vec<String> = app.problems().iter().map(ToString::to_string).collect();
    assert_eq!(said, ["8 of 21 rows left out: 8 lack Remark"]);
    assert_eq!(app.problems()[0].severity, Severity::Warning);
}
