//! What the panels about a trained network show is what the terminal prints.
//!
//! Must not compute a prediction itself.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use egui_kittest::kittest::{NodeT as _, Queryable};
use vastavirta::app::{
    App, Command, DataCommand, FileCommand, Questions, RowsQuestion, TrainCommand, ViewCommand,
};
use vastavirta::data::{Part, Prepared, Quiet};
use vastavirta::files::EXAMPLES;
use vastavirta::insight::{
    Effect, Field, FieldOf, FieldQuestion, Filter, InputKind, Model, Predictions, SortKey, Sorting, Start,
    WhatIfQuestion, field, predict_all, what_if,
};
use vastavirta::network::Task;
use vastavirta::tensor::Matrix;
use vastavirta::train::{Goal, SampleView};
use vastavirta::words::Language;

use crate::command_line::program;
use crate::support::{output_of, root};
use crate::window::{Drawn, drawn, open, rest, settle, window};

const LIMIT: Duration = Duration::from_mins(2);

fn asking(app: &mut App, rows: RowsQuestion) {
    let questions = Questions { rows: Some(rows), ..Questions::default() };
    app.dispatch(Command::View(ViewCommand::Ask(Box::new(questions))));
    assert!(app.wait(LIMIT));
}

/// An example after one epoch.
fn trained(name: &str) -> App {
    let mut app = App::new(Arc::new(|| {}));
    app.dispatch(Command::File(FileCommand::OpenExample(name.to_owned())));
    assert!(app.wait(LIMIT));
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(1))));
    assert!(app.wait(LIMIT), "{name}");
    app
}

/// The data file of a model; typed rows are written into one.
fn data_file(app: &App, folder: &Path) -> PathBuf {
    let prepared = app.prepared().unwrap();
    if prepared.table().is_some() {
        let path = app.document().data.path.as_deref();
        return root().join("assets").join(path.and_then(Path::file_name).unwrap());
    }
    let path = folder.join("typed.csv");
    fs::write(&path, typed_rows(prepared)).unwrap();
    path
}

fn typed_rows(prepared: &Prepared) -> String {
    let inputs: Vec<usize> =
        (0..prepared.nodes().len()).filter(|&idx| !prepared.nodes()[idx].is_target).collect();
    let names = inputs.iter().flat_map(|&idx| prepared.nodes()[idx].features.iter());
    let names: Vec<String> = names.map(|feature| feature.name.clone()).collect();
    let mut text = names.join(",");
    for sample in 0..prepared.n_samples() as u32 {
        let mut cells = Vec::new();
        for &idx in &inputs {
            let mut values = Matrix::<f64>::zeros(prepared.nodes()[idx].width(), 1);
            prepared.fill_batch(idx, 0, &[sample], &mut values);
            cells.extend(values.iter().map(ToString::to_string));
        }
        write!(text, "\n{}", cells.join(",")).unwrap();
    }
    text + "\n"
}

/// Compares every number of every row with what `predict` prints.
fn assert_predicted(app: &App, predictions: &Predictions, printed: &str, name: &str) {
    let prepared = app.prepared().unwrap();
    let mut lines = printed.lines();
    let titles: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let first = titles.len()
        - predictions
            .heads
            .iter()
            .map(|head| {
                head.n_kept
                    + usize::from(head.task() == Task::Classification && head.head.classes().is_some())
            })
            .sum::<usize>();
    let mut n_compared = 0;
    for sample in 0..predictions.n_samples {
        let row = prepared.row_told(true, usize::MAX, sample as u32).0;
        let line = rows.iter().find(|line| line[0] == row.to_string()).unwrap();
        let mut cells = line[first..].iter();
        for head in &predictions.heads {
            if head.head.classes().is_some() {
                let (_, said) = head.classes_of(sample).unwrap();
                assert_eq!(*cells.next().unwrap(), head.names[said], "{name}, row {row}");
            }
            for &number in head.prediction(sample) {
                let text: f64 = cells.next().unwrap().parse().unwrap();
                let number =
                    if app.document().parameters.values().map(|p| p.values.len()).sum::<usize>() > 1_000 {
                        f64::from(number as f32)
                    } else {
                        number
                    };
                let text = if text == number { text } else { f64::from(text as f32) };
                assert!(
                    (text - number).abs() <= 1e-12 * number.abs(),
                    "{name}, row {row}: {text} for {number}"
                );
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 0, "{name}");
}

/// Whether an example reads no data: then there is nothing to predict, and the terminal says so.
fn predicts_nothing(name: &str, folder: &Path) -> bool {
    let model = root().join(format!("saved_models/{name}.ron"));
    let network = vastavirta::files::read_model(&model).unwrap().document.network;
    if network.nodes.values().any(|node| node.kind.data().is_some()) {
        return false;
    }
    let data = folder.join("any.csv");
    fs::write(&data, "x\n1\n").unwrap();
    let (model, data) = (model.to_str().unwrap(), data.to_str().unwrap());
    let output = program(&["predict", model, "--data", data]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("reads no data"), "{name}: {said}");
    true
}

#[test]
fn predictions_and_metrics_of_every_example_are_those_of_the_terminal() {
    for &(name, _) in EXAMPLES {
        let folder = tempfile::tempdir().unwrap();
        if predicts_nothing(name, folder.path()) {
            continue;
        }
        let mut app = trained(name);
        let model = folder.path().join("model.ron");
        app.dispatch(Command::File(FileCommand::SaveAs(model.clone())));
        assert!(app.wait(LIMIT));
        asking(&mut app, RowsQuestion::default());
        let (answer, predictions) = app.listing().unwrap();
        assert!(answer.is_current, "{name}");
        assert_eq!(answer.result.samples.len(), predictions.n_samples);
        let data = data_file(&app, folder.path());
        let (model, data) = (model.to_str().unwrap(), data.to_str().unwrap());
        let printed = output_of(&mut program(&["predict", model, "--data", data]));
        assert_predicted(&app, predictions, &printed, name);
        let head = &predictions.heads[0];
        if let Some(evaluation) = &app.snapshot().unwrap().evaluation {
            let part = if evaluation.is_validation { Part::Validation } else { Part::Training };
            let (found, shown) = (&head.metrics.of(Some(part)).0, &evaluation.metrics());
            assert_near(found.mae, shown.mae, name);
            assert_near(found.accuracy, shown.accuracy, name);
        }
        // Of a sequence the terminal evaluates the windows over the border between the parts, too.
        if app.prepared().unwrap().is_windowed() {
            continue;
        }
        let printed = output_of(&mut program(&["evaluate", model, "--json"]));
        let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let metrics = &head.metrics.of(None).0;
        let found = [metrics.mae, metrics.rmse, metrics.r2, metrics.accuracy];
        for (key, found) in ["mae", "rmse", "r2", "accuracy"].into_iter().zip(found) {
            assert_near(found, json["metrics"][key].as_f64(), name);
        }
    }
}

fn assert_near(found: Option<f64>, expected: Option<f64>, name: &str) {
    assert_eq!(found.is_some(), expected.is_some(), "{name}");
    let (found, expected) = (found.unwrap_or(0.0), expected.unwrap_or(0.0));
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{name}: {found} for {expected}");
}

#[test]
fn an_answer_about_older_weights_is_marked_until_the_new_one_is_there() {
    let mut app = trained("iris");
    asking(&mut app, RowsQuestion::default());
    let step = app.predictions().unwrap().step;
    assert_marked_until_renewed(&mut app, step + 3, |app| {
        app.predictions().map(|answer| (answer.is_current, answer.step))
    });
}

/// Trains three batches up to `step`: the older answer is marked, a new one comes, and none is held once
/// nobody asks.
pub(crate) fn assert_marked_until_renewed(
    app: &mut App,
    step: u64,
    answer: impl Fn(&App) -> Option<(bool, u64)>,
) {
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(3))));
    let mut was_marked = false;
    for _ in 0..100_000 {
        app.tick();
        let Some((is_current, at)) = answer(app) else { continue };
        was_marked |= !is_current;
        if is_current && at == step {
            break;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    assert!(was_marked && answer(app) == Some((true, step)));
    app.dispatch(Command::View(ViewCommand::Ask(Box::default())));
    app.tick();
    assert!(answer(app).is_none(), "nobody asks, so nothing is held");
}

#[test]
fn the_worst_rows_come_first_and_a_cell_of_the_confusion_matrix_lists_its_rows() {
    let mut app = trained("iris");
    let sorting = Sorting { key: SortKey::Error, is_descending: true };
    asking(&mut app, RowsQuestion { sorting, ..RowsQuestion::default() });
    let (answer, predictions) = app.listing().unwrap();
    let head = &predictions.heads[0];
    let errors: Vec<f64> = answer.result.samples.iter().map(|&sample| head.error(sample as usize)).collect();
    assert!(errors.is_sorted_by(|a, b| a >= b) && errors.len() == 150);
    let counts = head.metrics.of(None).1.clone().unwrap().counts;
    for (truth, row) in counts.iter().enumerate() {
        for (said, &count) in row.iter().enumerate() {
            let filter = Filter { cell: Some((truth, said)), ..Filter::default() };
            asking(&mut app, RowsQuestion { filter, ..RowsQuestion::default() });
            assert_eq!(app.listing().unwrap().0.result.samples.len() as u64, count);
        }
    }
}

#[test]
fn a_click_on_a_prediction_shows_that_row_everywhere_and_another_one_the_batch() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "iris");
    window(&mut harness).show_pane("pane-predictions");
    rest(&mut harness);
    harness.get_by_label("Sort by 1 − P(truth)").click();
    rest(&mut harness);
    let samples = window(&mut harness).app().listing().unwrap().0.result.samples.clone();
    let worst = samples[0] as usize;
    let row = window(&mut harness).app().prepared().unwrap().row_of(samples[0]);
    let name = format!("Row {}", row + 1);
    harness.get_all_by_label(&name).next().unwrap().click();
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().samples(), SampleView::Alone(worst));
    harness.get_all_by_label(&name).next().unwrap().click();
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().samples(), SampleView::Batch);
}

fn model(app: &App) -> Model {
    Model {
        network: Arc::new(app.document().network.clone()),
        parameters: app.document().parameters.clone(),
        data: Arc::clone(app.prepared().unwrap()),
        settings: Arc::new(app.document().data.clone()),
    }
}

#[test]
fn slopes_are_central_differences_in_the_units_of_the_data() {
    for name in ["xor", "iris", "bce_2_3_1", "sine_rnn"] {
        let app = trained(name);
        let model = model(&app);
        for start in [Start::Mean, Start::Sample(3 % app.prepared().unwrap().n_samples() as u32)] {
            let ask = |changes| {
                let question =
                    WhatIfQuestion { start, changes, output: Some(0), ..WhatIfQuestion::default() };
                what_if(&model, &question, &Quiet).unwrap()
            };
            let at = ask(Vec::new());
            assert!(!at.variables.is_empty(), "{name}");
            for (idx, variable) in at.variables.iter().enumerate() {
                let Effect::Slope(slope) = at.effects[idx] else { continue };
                let InputKind::Number { scale, .. } = variable.kind else { continue };
                let h = 1e-5 * scale.abs();
                let said = |value| ask(vec![(idx, value)]).prediction[0];
                let expected = (said(at.values[idx] + h) - said(at.values[idx] - h)) / (2.0 * h);
                let error = (slope - expected).abs();
                assert!(error <= 1e-6 * expected.abs().max(1e-3), "{name}: {slope} for {expected}");
            }
        }
    }
}

#[test]
fn effects_are_about_the_likeliest_class_until_another_is_asked() {
    let app = trained("iris");
    let model = model(&app);
    for row in [0, 60, 140] {
        let start = Start::Sample(row);
        let answer = what_if(&model, &WhatIfQuestion { start, ..WhatIfQuestion::default() }, &Quiet).unwrap();
        let most = answer.prediction.iter().copied().fold(0.0, f64::max);
        assert_eq!(answer.prediction[answer.output], most, "{row}");
        let question = WhatIfQuestion { start, output: Some(1), ..WhatIfQuestion::default() };
        assert_eq!(what_if(&model, &question, &Quiet).unwrap().output, 1);
    }
}

#[test]
fn what_if_starts_with_the_prediction_of_its_row_and_tries_every_category() {
    let app = trained("auto_mpg");
    let model = model(&app);
    let predictions = predict_all(&model, &Quiet).unwrap();
    let question = WhatIfQuestion { start: Start::Sample(7), ..WhatIfQuestion::default() };
    let answer = what_if(&model, &question, &Quiet).unwrap();
    // In f32 a batch of one and a batch of many may differ in the last digits.
    let (said, expected) = (answer.prediction[0], predictions.heads[0].prediction(7)[0]);
    assert!((said - expected).abs() < 1e-4, "{said} for {expected}");
    for (idx, effect) in answer.effects.iter().enumerate() {
        let Effect::Choices(said) = effect else { continue };
        let same = said[answer.values[idx] as usize];
        assert!((same - answer.prediction[0]).abs() < 1e-4);
    }
}

#[test]
fn a_field_says_at_a_row_what_the_network_predicts_there() {
    let app = trained("xor");
    let model = model(&app);
    let predictions = predict_all(&model, &Quiet).unwrap();
    let question = FieldQuestion { x: 0, y: Some(1), ..FieldQuestion::default() };
    let shown = field(&model, question, &Quiet).unwrap();
    assert_eq!((shown.rows.len(), shown.values.len()), (4, shown.n * shown.n));
    let place =
        |[from, to]: [f64; 2], at: f64| ((at - from) / (to - from) * (shown.n - 1) as f64).round() as usize;
    for row in &shown.rows {
        let idx = place(shown.y_range, row.at[1]) * shown.n + place(shown.x_range, row.at[0]);
        let said = predictions.heads[0].prediction(row.sample as usize)[0];
        assert!((shown.values[idx] - said).abs() < 0.05, "{} for {said}", shown.values[idx]);
    }
    let unit = app.document().network.nodes.iter().find(|(_, node)| node.kind.activation().is_some());
    let of = FieldOf::Unit(*unit.unwrap().0, 1);
    let unit = field(&model, FieldQuestion { of, ..question }, &Quiet).unwrap();
    assert!(unit.n_outputs > 1 && unit.values != shown.values);
}

#[test]
fn the_contour_of_a_plane_is_a_straight_line() {
    let n = 11;
    let height = |idx: usize| (idx % n) as f64 + (idx / n) as f64;
    let plane = Field::of_numbers(n, [0.0, 10.0], Some([0.0, 10.0]), (0..n * n).map(height).collect());
    let pieces = plane.contour(6.5);
    assert!(!pieces.is_empty());
    assert!(pieces.iter().flatten().all(|[x, y]| (x + y - 6.5).abs() < 1e-12));
    assert!(plane.contour(100.0).is_empty());
}

#[test]
fn a_slider_changes_the_prediction_and_undoing_brings_it_back() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "iris");
    window(&mut harness).show_pane("pane-whatif");
    window(&mut harness).show_pane("pane-boundary");
    rest(&mut harness);
    assert!(window(&mut harness).app().field().unwrap().is_current);
    let before = window(&mut harness).app().what_if().unwrap().result.prediction.clone();
    let slider = harness
        .get_all_by_label("petal_length")
        .find(|node| node.accesskit_node().role() == egui::accesskit::Role::Slider);
    slider.unwrap().focus();
    harness.run_steps(2);
    for _ in 0..5 {
        harness.key_press(egui::Key::ArrowRight);
        harness.run_steps(2);
    }
    rest(&mut harness);
    assert_ne!(window(&mut harness).app().what_if().unwrap().result.prediction, before);
    // The drawing follows: what the last node says is the prediction.
    let app = window(&mut harness).app();
    let followed = app.changed_what_if().unwrap();
    let softmax = app.document().network.nodes.iter().find(|(_, node)| node.name == "Softmax 1").unwrap();
    let shown = &followed.result.activations[&(*softmax.0, 0)];
    assert!(followed.is_current && shown.data() == followed.result.prediction);
    assert!(app.document().network.nodes.iter().all(|(id, node)| {
        let is_shown = followed.result.activations.contains_key(&(*id, 0));
        is_shown != (node.kind.is_target() || node.kind.is_loss())
    }));
    harness.get_by_label("Undo changes").click();
    rest(&mut harness);
    assert_eq!(window(&mut harness).app().what_if().unwrap().result.prediction, before);
    assert!(window(&mut harness).app().changed_what_if().is_none());
}

#[test]
fn a_window_at_rest_looks_as_it_would_in_the_next_frame() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(2))));
    settle(&mut harness);
    let texts = |harness: &Drawn| -> Vec<(String, egui::Pos2)> {
        let shapes = harness.output().shapes.iter();
        shapes
            .filter_map(|shape| match &shape.shape {
                egui::Shape::Text(text) => Some((text.galley.text().to_owned(), text.pos)),
                _ => None,
            })
            .collect()
    };
    for pane in ["pane-boundary", "pane-predictions", "pane-loss", "pane-health"] {
        window(&mut harness).show_pane(pane);
        // The answers arrive; each frame asks for the next, or does not.
        harness.run_steps(1);
        // What is asked is answered, and the answer wakes the window once.
        assert!(window(&mut harness).app_mut().wait(LIMIT));
        harness.run_steps(1);
        let asks_for_more = |harness: &Drawn| {
            harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay.is_zero()
        };
        while asks_for_more(&harness) {
            harness.run_steps(1);
        }
        let at_rest = texts(&harness);
        harness.run_steps(1);
        assert_eq!(at_rest, texts(&harness), "{pane}");
    }
}

#[test]
fn a_second_file_is_scored_with_the_stored_preprocessing_as_evaluate_does() {
    let folder = tempfile::tempdir().unwrap();
    for (name, data) in [("auto_mpg", "auto_mpg.csv"), ("iris", "iris.csv")] {
        let mut app = trained(name);
        let model = folder.path().join(format!("{name}.ron"));
        app.dispatch(Command::File(FileCommand::SaveAs(model.clone())));
        assert!(app.wait(LIMIT));
        // A part of the file, so that a fit of its own would be another one.
        let text = fs::read_to_string(root().join("assets").join(data)).unwrap();
        let rows: Vec<&str> = text.lines().take(61).collect();
        let second = folder.path().join(format!("second_{data}"));
        fs::write(&second, rows.join("\n")).unwrap();

        let learned = app.document().parameters.clone();
        app.dispatch(Command::Data(DataCommand::Score(Some(second.clone()))));
        assert!(app.wait(LIMIT));
        let answer = app.scored_predictions().unwrap();
        let metrics = &answer.result.heads[0].metrics.of(None).0;
        let printed = output_of(&mut program(&[
            "evaluate",
            model.to_str().unwrap(),
            "--data",
            second.to_str().unwrap(),
            "--json",
        ]));
        let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(json["rows"], answer.result.n_samples, "{name}");
        let found = [metrics.mae, metrics.rmse, metrics.r2, metrics.accuracy];
        for (key, found) in ["mae", "rmse", "r2", "accuracy"].into_iter().zip(found) {
            assert_near(found, json["metrics"][key].as_f64(), name);
        }
        assert!(answer.is_current && app.document().parameters == learned);

        // Newer weights are measured anew; a file that is none is said to be.
        app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(1))));
        assert!(app.wait(LIMIT));
        let newer = app.scored_predictions().unwrap();
        assert!(newer.is_current && newer.step > 0);
        app.dispatch(Command::Data(DataCommand::Score(Some(folder.path().join("nowhere.csv")))));
        assert!(app.wait(LIMIT));
        // What was shown before stays.
        assert!(app.scored_file() == Some(second.as_path()) && !app.notices().is_empty());
    }
}

#[test]
fn rows_of_a_second_file_are_listed_apart_and_a_click_on_one_says_why_it_chooses_none() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(root().join("assets/iris.csv")).unwrap();
    let rows: Vec<&str> = text.lines().take(31).collect();
    let second = folder.path().join("second.csv");
    fs::write(&second, rows.join("\n")).unwrap();
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    open(&mut harness, "iris");
    let app = window(&mut harness).app_mut();
    app.dispatch(Command::Data(DataCommand::Score(Some(second.clone()))));
    assert!(app.wait(LIMIT));
    window(&mut harness).show_pane("pane-predictions");
    rest(&mut harness);
    harness.get_by_label("Rows of which part").click();
    rest(&mut harness);
    harness.get_by_role_and_label(egui::accesskit::Role::Button, "second.csv").click();
    rest(&mut harness);
    harness.get_by_label("Sort by 1 − P(truth)").click();
    rest(&mut harness);
    let app = window(&mut harness).app();
    let (answer, predictions) = app.listing().unwrap();
    assert!(answer.is_current);
    assert_eq!((answer.result.samples.len(), app.listed_data().unwrap().1), (30, Some(second.as_path())));
    assert!(Arc::ptr_eq(predictions, app.scored_predictions().unwrap().result));
    let head = &predictions.heads[0];
    let errors: Vec<f64> = answer.result.samples.iter().map(|&sample| head.error(sample as usize)).collect();
    assert!(errors.is_sorted_by(|a, b| a >= b));
    let row = app.listed_data().unwrap().0.row_of(answer.result.samples[0]);
    let said = crate::window::labels(&harness);
    assert!(said.iter().any(|said| said.starts_with("Listed are rows of second.csv")), "{said:?}");
    harness.get_all_by_label(&format!("Row {}", row + 1)).next().unwrap().click();
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().samples(), SampleView::Batch, "no row of the model's own");
    // Without the file, the model's own rows are listed again.
    window(&mut harness).app_mut().dispatch(Command::Data(DataCommand::Score(None)));
    rest(&mut harness);
    let app = window(&mut harness).app();
    assert_eq!((app.listing().unwrap().0.result.samples.len(), app.listed_data().unwrap().1), (150, None));
}
