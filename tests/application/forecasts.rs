//! A sequence forecast on its own predictions: the numbers are those of a loop of `predict` by hand, and where
//! there can be none, the reason is given.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{App, Command, DataCommand, FileCommand, Questions, RowsQuestion, ViewCommand};
use vastavirta::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataRequest, Dialect, Limits, Quiet, Scaling, SequenceLayout,
    prepare, read_table,
};
use vastavirta::document::Document;
use vastavirta::insight::{Model, NoRollout, Rollout, RolloutQuestion, roll_out};
use vastavirta::network::{DataNode, NodeKind};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::command_line::program;
use crate::flows;
use crate::shipped_sequences::sine_rnn;
use crate::support::{output_of, root};
use crate::window::{drawn, open, settle, window};

/// The sine, trained a little with scaled columns and this horizon.
fn trained(horizon: usize) -> App {
    let mut app = flows::app();
    flows::file(&mut app, FileCommand::OpenExample("sine_rnn".to_owned()));
    let mut settings = app.document().data.clone();
    settings.scaling = Scaling::Standardize;
    settings.target_scaling = Scaling::MinMax;
    settings.sequence = SequenceLayout::Windows { stride: 3, horizon };
    app.dispatch(Command::Data(DataCommand::Set(Box::new(settings))));
    flows::settle(&mut app);
    flows::train(&mut app, Goal::Epochs(1));
    app
}

fn asked(app: &mut App, question: RolloutQuestion) -> Result<Rollout, NoRollout> {
    let questions = Questions {
        rows: Some(RowsQuestion::default()),
        rollout: Some(Box::new(question)),
        ..Questions::default()
    };
    app.dispatch(Command::View(ViewCommand::Ask(Box::new(questions))));
    flows::settle(app);
    let answer = app.rollout().unwrap();
    assert!(answer.is_current);
    answer.result.as_ref().clone()
}

/// The values of the shipped series.
fn series() -> Vec<f64> {
    let text = fs::read_to_string(root().join("assets/sine_sequence.csv")).unwrap();
    text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().parse().unwrap()).collect()
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-9, "{what}: {found} for {expected}");
}

#[test]
fn a_forecast_on_its_own_predictions_is_a_loop_of_predict_by_hand() {
    for horizon in [1, 3] {
        let mut app = trained(horizon);
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("model.ron");
        app.dispatch(Command::File(FileCommand::SaveAs(model.clone())));
        flows::settle(&mut app);
        let after = 99;
        let found = asked(&mut app, RolloutQuestion { head: 0, after, n_rows: 7 }).unwrap();
        assert_eq!((found.name.as_str(), found.after), ("value", after));
        let data = folder.path().join("known.csv");
        let said_after = |known: &[f64]| -> f64 {
            let mut text = "t,value\n".to_owned();
            known.iter().enumerate().for_each(|(t, value)| writeln!(text, "{t},{value}").unwrap());
            fs::write(&data, text).unwrap();
            let printed = output_of(&mut program(&[
                "predict",
                model.to_str().unwrap(),
                "--data",
                data.to_str().unwrap(),
            ]));
            printed.lines().last().unwrap().split(',').nth(2).unwrap().parse().unwrap()
        };
        let truth = series();
        let mut known: Vec<f64> = truth[..=after].to_vec();
        for row in after + 1..=after + 7 {
            let place = found.rows.iter().position(|found| *found == row).unwrap();
            let said = said_after(&known[..=row - horizon]);
            assert_near(found.rolled[place], said, &format!("row {row}, horizon {horizon}"));
            assert_near(found.one_step[place], said_after(&truth[..=row - horizon]), "one step");
            assert_near(found.truth[place], truth[row], "truth");
            known.push(said);
        }
        // Windows of the file that end at the last known row are the same for both.
        let first = found.rows.iter().position(|row| *row == after + 1).unwrap();
        assert_near(found.rolled[first], found.one_step[first], "the first row");
        assert!((found.rolled[first + horizon] - found.one_step[first + horizon]).abs() > 1e-9);
        assert_eq!(found.rows[0], after + 2 - 25 - horizon, "what the first forecast reads is shown, too");
        assert!(found.rolled[..first].iter().all(|value| value.is_nan()));
    }
}

#[test]
fn a_forecast_goes_on_over_the_end_of_the_file_and_begins_where_a_window_is_whole() {
    let mut app = trained(1);
    let found = asked(&mut app, RolloutQuestion { head: 0, after: usize::MAX, n_rows: 10 }).unwrap();
    assert_eq!(found.after, 999);
    assert!(found.rolled[25..].iter().all(|value| value.is_finite()) && found.rolled.len() == 35);
    assert!(found.one_step[25].is_finite() && found.one_step[26..].iter().all(|value| value.is_nan()));
    assert!(found.truth[25..].iter().all(|value| value.is_nan()));
    assert_eq!(found.errors(), None, "nobody knows the truth");
    let found = asked(&mut app, RolloutQuestion { head: 0, after: 3, n_rows: 10 }).unwrap();
    assert_eq!((found.after, found.rows[0]), (24, 0));
    let [one_step, rolled] = found.errors().unwrap();
    let of = |said: &[f64]| {
        let squares: f64 = (25..35).map(|row| (said[row] - found.truth[row]).powi(2)).sum();
        (squares / 10.0).sqrt()
    };
    assert_near(one_step, of(&found.one_step), "one step");
    assert_near(rolled, of(&found.rolled), "rolled out");
}

/// The sine with other columns or settings, untrained.
fn refused(change: impl FnOnce(&mut Document)) -> Option<NoRollout> {
    let mut document = sine_rnn();
    change(&mut document);
    let path = root().join("assets/sine_sequence.csv");
    let table = read_table(&path, &Dialect::default(), &Limits::default(), &Quiet).unwrap();
    let request = DataRequest::of(&document.network);
    let data = prepare(Some(&Arc::new(table)), &document.data, &request, 1).unwrap();
    let model = Model {
        parameters: document.network.initialize(1),
        network: Arc::new(document.network),
        data: Arc::new(data),
        settings: Arc::new(document.data),
    };
    roll_out(&model, RolloutQuestion { head: 0, after: 99, n_rows: 5 }, &Quiet).unwrap().err()
}

fn read_columns(document: &mut Document, names: &[&str]) {
    let column = |name: &str, role| ColumnSettings { name: name.to_owned(), role, kind: ColumnKind::Number };
    document.data.columns = vec![column("t", ColumnRole::Feature), column("value", ColumnRole::Feature)];
    for node in document.network.nodes.values_mut() {
        if let NodeKind::Input(data) = &mut node.kind {
            let columns = names.iter().map(|&name| name.to_owned()).collect();
            *data = DataNode { columns, ..DataNode::new(names.len()) };
        }
    }
}

#[test]
fn where_nothing_can_be_fed_back_the_reason_is_given() {
    assert_eq!(refused(|_| {}), None);
    let others = refused(|document| read_columns(document, &["value", "t"]));
    assert_eq!(others, Some(NoRollout::OtherInputs(vec!["t".to_owned()])));
    assert_eq!(refused(|document| read_columns(document, &["t"])), Some(NoRollout::TargetNotRead));
    let nothing_ahead = refused(|document| {
        document.data.sequence = SequenceLayout::Windows { stride: 1, horizon: 0 };
    });
    assert_eq!(nothing_ahead, Some(NoRollout::NothingAhead));
}

#[test]
fn the_predictions_panel_rolls_the_sine_out_from_a_row() {
    for (language, check, after) in [
        (Language::English, "On its own predictions", "after row"),
        (Language::Finnish, "Omista ennusteista", "rivin jälkeen"),
    ] {
        let mut harness = drawn(language, [1280.0, 900.0]);
        open(&mut harness, "sine_rnn");
        window(&mut harness).show_pane("pane-predictions");
        for _ in 0..3 {
            settle(&mut harness);
        }
        harness.get_by_label(check).click();
        for _ in 0..3 {
            settle(&mut harness);
        }
        let asked = window(&mut harness).app().questions().rollout.clone().unwrap();
        let data = window(&mut harness).app().prepared().unwrap().clone();
        assert_eq!(asked.after, data.newest_row(data.validation()[0]), "the first row not learned from");
        let app = window(&mut harness).app();
        assert!(app.rollout().unwrap().result.is_ok());
        harness.get_by_role_and_label(Role::SpinButton, after);
    }
}
