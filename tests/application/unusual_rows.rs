//! Predictions of unusual rows: classes that nobody has seen, one class alone, two targets, two losses, and
//! second files with this and that wrong. The panel and the terminal agree.
//!
//! Must not compute a metric itself, but for a handful of rows that one can count.

use std::path::Path;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use vastavirta::app::{App, Command, DataCommand, RowsQuestion, Tone};
use vastavirta::data::Part;
use vastavirta::insight::{Filter, HeadPredictions};
use vastavirta::train::Metrics;
use vastavirta::words::{Language, Words};

use crate::unusual::{BCE, Files, Loss, MSE, Model, asking, classes, score};
use crate::window::{Drawn, drawn, labels, rest, window};

/// The first head of the own rows.
fn head(app: &App) -> &HeadPredictions {
    &app.predictions().unwrap().result.heads[0]
}

/// Metrics of all rows are those that `evaluate` prints.
fn assert_as_evaluated(metrics: &Metrics, files: &Files, data: &Path) {
    let printed = files.evaluated(data);
    let found = [metrics.mae, metrics.rmse, metrics.r2, metrics.accuracy];
    for (key, found) in ["mae", "rmse", "r2", "accuracy"].into_iter().zip(found) {
        let expected = printed["metrics"][key].as_f64();
        assert_eq!(found.is_some(), expected.is_some(), "{key}");
        assert!((found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12, "{key}: {printed}");
    }
}

/// Predictions of all rows are those that `predict` prints.
fn assert_as_predicted(head: &HeadPredictions, files: &Files, data: &Path) {
    for (sample, line) in files.predicted(data).iter().enumerate() {
        let cells = &line[line.len() - head.n_kept..];
        for (&number, cell) in head.prediction(sample).iter().zip(cells) {
            assert!((number - cell.parse::<f64>().unwrap()).abs() < 1e-12, "{line:?}");
        }
        if head.head.classes().is_some() {
            let said = &line[line.len() - head.n_kept - 1];
            assert_eq!(*said, head.class_name(head.said_class(sample).unwrap()));
        }
    }
}

fn says(harness: &Drawn, text: &str) -> bool {
    labels(harness).iter().any(|label| label.contains(text))
}

const THREE: &str = "x,y\n0,a\n1,b\n2,a\n3,b\n4,a\n5,b\n6,c\n7,c\n";

#[test]
fn a_class_that_only_the_validation_rows_have_counts_as_wrong_and_never_as_the_first_one() {
    let losses = [classes(3)];
    let model = Model {
        csv: THREE,
        target: "Category",
        losses: &losses,
        width: 1,
        validation: 0.25,
        ..Model::default()
    };
    let files = model.written();
    let app = files.opened();
    let head = head(&app);
    let (metrics, confusion) = head.metrics.of(Some(Part::Validation));
    let confusion = confusion.as_ref().unwrap();
    assert_eq!((metrics.accuracy, confusion.n_unknown), (Some(0.0), 2));
    assert_eq!(confusion.counts.iter().flatten().sum::<u64>(), 0);
    assert_eq!(head.classes_of(6), None);
    assert!(head.is_wrong(6) && head.truth(6)[0].is_nan() && head.error(6) == 1.0);
    assert_as_evaluated(&head.metrics.of(None).0, &files, &files.data);
    assert_as_predicted(head, &files, &files.data);
    // The Problems panel names the rows.
    let words = Words::new(Language::English);
    let told =
        app.problems().iter().map(|problem| words.say(&vastavirta::words::ToMessage::message(problem)));
    let told: Vec<String> = told.collect();
    assert!(told.iter().any(|told| told.contains('c') && told.contains("7, 8")), "{told:?}");

    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-predictions");
    assert!(says(&harness, "2 rows are of a class that the network does not know"), "{:?}", labels(&harness));
    harness.get_by_label("Sort by 1 − P(truth)").click();
    rest(&mut harness);
    // What the file says stands in the table; no row of it is taken for the first class.
    assert!(labels(&harness).iter().filter(|label| label.as_str() == "c").count() >= 2);
}

#[test]
fn a_class_of_a_second_file_that_nobody_has_learned_counts_as_wrong_and_is_named() {
    let losses = [classes(2)];
    let csv = "x,y\n0,a\n1,b\n2,a\n3,b\n";
    let files = Model { csv, target: "Category", losses: &losses, ..Model::default() }.written();
    let mut app = files.opened();
    let second = files.second("second.csv", "x,y\n0,a\n1,d\n2,d\n3,b\n");
    score(&mut app, &second);
    let answer = app.scored_predictions().unwrap();
    let head = &answer.result.heads[0];
    let (metrics, confusion) = head.metrics.of(None);
    assert_eq!(confusion.as_ref().unwrap().n_unknown, 2);
    assert!(metrics.accuracy.unwrap() <= 0.5);
    assert_as_evaluated(metrics, &files, &second);
    assert_as_predicted(head, &files, &second);
    let notes: Vec<String> =
        app.scored_notes().iter().map(|note| Words::new(Language::English).say(note)).collect();
    assert!(notes.iter().any(|note| note.contains('d') && note.contains("2, 3")), "{notes:?}");
}

#[test]
fn where_only_one_class_occurs_words_stand_in_the_place_of_the_roc_curve() {
    let csv = "x,y\n0,1\n1,1\n2,1\n3,1\n4,0\n";
    let model = Model { csv, losses: &[BCE], validation: 0.2, ..Model::default() };
    let files = model.written();
    let mut app = files.opened();
    let roc = |app: &App| app.listing().unwrap().0.result.roc.is_some();
    assert!(roc(&app));
    let training = Filter { part: Some(Part::Training), ..Filter::default() };
    asking(&mut app, RowsQuestion { filter: training, ..RowsQuestion::default() });
    assert!(!roc(&app));

    let files = Model { csv: "x,y\n0,1\n1,1\n2,1\n", losses: &[BCE], ..Model::default() }.written();
    let mut harness = drawn(Language::English, [1280.0, 1300.0]);
    files.shown(&mut harness, "pane-predictions");
    assert!(says(&harness, "It needs rows of both classes: every listed row is of class 1."));
    let said = labels(&harness);
    assert!(!said.iter().any(|said| said.starts_with("ROC curve, AUC") || said.contains("NaN")), "{said:?}");
    // Three rows are enough for the reliability of what is said.
    assert!(said.iter().any(|said| said.starts_with("Plot: Do probabilities come true?")), "{said:?}");
    let head = &window(&mut harness).app().listing().unwrap().1.heads[0];
    assert_as_predicted(head, &files, &files.data);
}

#[test]
fn a_class_that_is_never_predicted_has_a_dash_for_its_precision() {
    // Every row is taken for the first class.
    let losses = [classes(2)];
    let csv = "x,y\n1,a\n2,a\n3,b\n";
    let files = Model { csv, target: "Category", losses: &losses, ..Model::default() }.written();
    let mut harness = drawn(Language::English, [1280.0, 1300.0]);
    files.shown(&mut harness, "pane-predictions");
    let head = &window(&mut harness).app().listing().unwrap().1.heads[0];
    let counts = head.metrics.of(None).1.as_ref().unwrap().counts.clone();
    assert_eq!(counts, [[2, 0], [1, 0]]);
    let said = labels(&harness);
    assert!(said.iter().any(|said| said == "–") && !said.iter().any(|said| said.contains("NaN")), "{said:?}");
    // scikit-learn: precision 2/3 of a; recall and F1 of b are 0.
    assert!(said.iter().any(|said| said == "66.7 %") && said.iter().any(|said| said == "0.0 %"));
}

#[test]
fn yes_and_no_may_be_other_numbers_than_0_and_1() {
    // 1 is learned as no, 2 as yes.
    let csv = "x,y\n-9,1\n-7,2\n7,2\n9,1\n";
    let files = Model { csv, losses: &[BCE], target_scaling: "MinMax", ..Model::default() }.written();
    let app = files.opened();
    let head = head(&app);
    let (metrics, confusion) = head.metrics.of(None);
    assert_eq!(metrics.accuracy, Some(0.5));
    let confusion = confusion.as_ref().unwrap();
    assert_eq!(
        (confusion.classes.as_slice(), confusion.counts.as_slice()),
        (["1", "2"].map(str::to_owned).as_slice(), [vec![1, 1], vec![1, 1]].as_slice())
    );
    assert!((0..4).all(|row| (0.0..=1.0).contains(&head.prediction(row)[0]) && head.error(row) <= 1.0));
    assert_eq!(head.truth(1), [2.0]);
    assert_as_evaluated(metrics, &files, &files.data);
    assert_as_predicted(head, &files, &files.data);
    let roc = app.listing().unwrap().0.result.roc.clone().unwrap();
    assert!((roc.auc - 0.5).abs() < 1e-12);
}

#[test]
fn yes_or_no_losses_of_two_class_names_say_a_class() {
    let bce = [Loss { kind: "Bce", activation: Some("Sigmoid"), columns: &["y"], width: 2 }];
    let csv = "x,y\n-2,no\n-1,yes\n1,yes\n2,no\n";
    let files = Model { csv, target: "Category", losses: &bce, ..Model::default() }.written();
    let app = files.opened();
    let head = head(&app);
    let (metrics, confusion) = head.metrics.of(None);
    let counts = &confusion.as_ref().unwrap().counts;
    assert_eq!(counts.iter().flatten().sum::<u64>(), 4);
    let right = (counts[0][0] + counts[1][1]) as f64;
    assert_eq!(metrics.accuracy, Some(right / 4.0));
    assert_eq!(head.class_name(1), "yes");
    assert!(app.listing().unwrap().0.result.roc.is_some());
    assert_as_evaluated(metrics, &files, &files.data);
    assert_as_predicted(head, &files, &files.data);
}

#[test]
fn of_two_targets_either_is_plotted_and_of_two_losses_either_is_listed() {
    let csv = "x,y,z\n1,2,-1\n2,4,-3\n3,7,-4\n4,8,-9\n";
    let both = [Loss { columns: &["y", "z"], width: 2, ..MSE }];
    let files = Model { csv, losses: &both, ..Model::default() }.written();
    let app = files.opened();
    assert_as_evaluated(&head(&app).metrics.of(None).0, &files, &files.data);
    assert_as_predicted(head(&app), &files, &files.data);
    let mut harness = drawn(Language::English, [1280.0, 1300.0]);
    files.shown(&mut harness, "pane-predictions");
    assert!(says(&harness, "Plot: Prediction y / Truth y"), "{:?}", labels(&harness));
    harness.get_by_label("Which output is plotted").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "z").click();
    rest(&mut harness);
    assert!(says(&harness, "Plot: Prediction z / Truth z") && says(&harness, "Plot: Error z / Prediction z"));

    let two = [MSE, Loss { kind: "Mae", columns: &["z"], ..MSE }];
    let files = Model { csv, losses: &two, ..Model::default() }.written();
    let app = files.opened();
    let predictions = app.predictions().unwrap().result;
    assert_eq!(predictions.heads.len(), 2);
    for (row, line) in files.predicted(&files.data).iter().enumerate() {
        for (head, cell) in predictions.heads.iter().zip(&line[1..]) {
            assert!((head.prediction(row)[0] - cell.parse::<f64>().unwrap()).abs() < 1e-12, "{line:?}");
        }
    }
    assert_as_evaluated(&head(&app).metrics.of(None).0, &files, &files.data);
    let mut harness = drawn(Language::English, [1280.0, 1300.0]);
    files.shown(&mut harness, "pane-metrics");
    assert!(!says(&harness, "NaN"));
    files.shown(&mut harness, "pane-predictions");
    harness.get_by_label("Predictions of which loss").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "Loss 2").click();
    rest(&mut harness);
    assert_eq!(window(&mut harness).app().questions().rows.unwrap().head, 1);
}

/// The errors that the application shows.
fn errors(app: &App) -> Vec<String> {
    let errors = app.notices().iter().filter(|notice| notice.tone == Tone::Error);
    errors.map(|notice| Words::new(Language::English).say(&notice.message)).collect()
}

const TWO_INPUTS: &str = "x,k,y\n1,a,2.5\n2,b,4\n3,a,7\n4,b,8\n";

fn two_inputs() -> Files {
    let inputs = [("x", "Number"), ("k", "Category")];
    Model { csv: TWO_INPUTS, inputs: &inputs, width: 3, ..Model::default() }.written()
}

#[test]
fn second_files_that_are_written_otherwise_are_scored_as_evaluate_does() {
    let files = two_inputs();
    let mut app = files.opened();
    for (name, text, n_rows, note) in [
        ("other_order.csv", "note,y,k,x\nhm,3,b,1.5\nho,4,a,2\n", 2, ""),
        ("semicolons.csv", "x;k;y\n1,5;a;2,25\n2,5;b;4,5\n", 2, ""),
        ("one_row.csv", "x,k,y\n3,b,6\n", 1, ""),
        ("unknown.csv", "x,k,y\n3,q,6\n2,b,5\n", 2, "q"),
        ("gaps.csv", "x,k,y\n3,b,6\n,b,5\n2,a,1\n", 2, "x"),
    ] {
        let path = files.second(name, text);
        score(&mut app, &path);
        assert_eq!(errors(&app), Vec::<String>::new(), "{name}");
        let answer = app.scored_predictions().unwrap();
        assert_eq!((answer.result.n_samples, app.scored_file()), (n_rows, Some(path.as_path())), "{name}");
        assert_as_evaluated(&answer.result.heads[0].metrics.of(None).0, &files, &path);
        let notes: Vec<String> =
            app.scored_notes().iter().map(|note| Words::new(Language::English).say(note)).collect();
        assert!(
            notes.is_empty() == note.is_empty() && notes.iter().all(|said| said.contains(note)),
            "{notes:?}"
        );
    }
}

#[test]
fn a_second_file_without_the_target_is_predicted_and_not_measured() {
    let files = two_inputs();
    let second = files.second("unlabeled.csv", "x;k\n1,5;b\n9;a\n");
    let mut app = files.opened();
    score(&mut app, &second);
    let answer = app.scored_predictions().unwrap();
    let head = &answer.result.heads[0];
    assert!(!head.has_truth() && head.metrics.of(None).0 == Metrics::default() && head.error(0).is_nan());
    let printed = files.predicted(&files.second("points.csv", "x,k\n1.5,b\n9,a\n"));
    for (row, line) in printed.iter().enumerate() {
        assert!((head.prediction(row)[0] - line.last().unwrap().parse::<f64>().unwrap()).abs() < 1e-12);
    }

    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    files.shown(&mut harness, "pane-predictions");
    window(&mut harness).app_mut().dispatch(Command::Data(DataCommand::Score(Some(second))));
    rest(&mut harness);
    assert!(says(&harness, "The file has no column y: its rows are predicted, nothing is measured."));
    harness.get_by_label("Rows of which part").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "unlabeled.csv").click();
    rest(&mut harness);
    let said = labels(&harness);
    assert!(said.iter().any(|said| said == "Sort by Prediction"), "{said:?}");
    assert!(!said.iter().any(|said| said == "Sort by Truth" || said == "Sort by Error"), "{said:?}");
    assert!(said.iter().any(|said| said.contains("nothing can be measured or plotted")), "{said:?}");
}

#[test]
fn a_second_file_that_does_not_do_is_refused_in_words_and_takes_nothing_away() {
    let files = two_inputs();
    let mut app = files.opened();
    let good = files.second("good.csv", "x,k,y\n1.5,b,3\n");
    score(&mut app, &good);
    let before = app.scored_predictions().unwrap().result.clone();
    for (name, text, told) in [
        ("no_input.csv", "k,y\na,3\n", ["no_input.csv has no column x", "k, y"]),
        ("empty.csv", "", ["empty.csv", "empty"]),
        ("header_only.csv", "x,k,y\n", ["header_only.csv", "row"]),
        ("all_gaps.csv", "x,k,y\n,a,1\n,b,2\n", ["all_gaps.csv", "lack"]),
        ("words.csv", "x,k,y\nmuch,a,3\nlittle,b,4\n", ["words.csv", "much"]),
    ] {
        score(&mut app, &files.second(name, text));
        let found = errors(&app).pop().unwrap_or_else(|| panic!("{name} was taken"));
        assert!(told.iter().all(|told| found.contains(told)), "{name}: {found}");
        assert_eq!(app.scored_file(), Some(good.as_path()), "{name}");
        assert_eq!(app.scored_predictions().unwrap().result, &before, "{name}");
    }
}
