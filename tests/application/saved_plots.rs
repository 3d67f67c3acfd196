//! Every plot of every panel is saved by its menu as SVG, as PNG and as CSV: each file is well-formed, and its
//! numbers are those that the plot shows.
//!
//! Must not know how a picture is painted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use quick_xml::events::Event;
use vastavirta::app::{App, Command, GradientCommand, TrainCommand, ViewCommand};
use vastavirta::explain::Tensor;
use vastavirta::network::{ParameterKey, ParameterRole};
use vastavirta::train::{Goal, SampleView};
use vastavirta::words::Language;

use crate::copy_menus::{heard, only};
use crate::window::{Drawn, drawn, labels, open, rest, select, settle, window};

/// Columns of numbers that a plot shows.
type Columns = Vec<Vec<f64>>;

/// What stands in a plot, asked from the application; by the beginning of the plot's title.
type Shown = (&'static str, fn(&App) -> Columns);

/// An example, a panel, what is chosen there, and the plots that it shows then.
type Case = (&'static str, &'static str, Option<&'static str>, &'static [Shown]);

const PLOTS: &[Case] = &[
    ("iris", "pane-loss", None, &[("Plot: loss", losses), ("Plot: accuracy", accuracies)]),
    ("iris", "pane-metrics", None, &[("of class setosa, predicted setosa", confusion)]),
    ("iris", "pane-predictions", None, &[("Plot: Do probabilities come true?", reliability)]),
    ("iris", "pane-boundary", None, &[("Plot: sepal_width / sepal_length", field)]),
    ("iris", "pane-health", None, &[("Plot: Weights", steps)]),
    ("iris", "pane-health", Some("Activations"), &[("Plot: Activations", files_alone)]),
    ("iris", "pane-health", Some("Gradients"), &[("Plot: Gradients", files_alone)]),
    ("iris", "pane-health", Some("Gradient norm"), &[("Plot: Gradient norm", steps)]),
    ("iris", "pane-health", Some("Update / weight"), &[("Plot: Update / weight", steps)]),
    ("iris", "pane-health", Some("Dead and saturated"), &[("Plot: Dead and saturated", steps)]),
    ("iris", "pane-landscape", None, &[("Plot: Landscape", landscape)]),
    ("iris", "pane-gradient", None, &[("Plot: L(", nudge)]),
    ("xor", "pane-predictions", None, &[("Plot: true positives / false positives", roc)]),
    (
        "auto_mpg",
        "pane-predictions",
        None,
        &[("Plot: Prediction / Truth", scatter), ("Plot: Error / Prediction", residuals)],
    ),
    ("sine_rnn", "pane-metrics", None, &[("Plot: value", series)]),
    ("x2_plus_3y2", "pane-boundary", None, &[("Plot: ", descent)]),
];

/// Its files are looked at, its numbers are others' to check.
fn files_alone(_: &App) -> Columns {
    Vec::new()
}

fn losses(app: &App) -> Columns {
    let records = app.loss_history().records();
    let epochs = records.iter().map(|record| record.epoch as f64).collect();
    vec![epochs, records.iter().map(|record| record.train_loss).collect()]
}

fn accuracies(app: &App) -> Columns {
    vec![app.loss_history().records().iter().filter_map(|record| record.metrics.accuracy).collect()]
}

fn confusion(app: &App) -> Columns {
    let evaluation = app.snapshot().unwrap().evaluation.clone().unwrap();
    let counts = &evaluation.losses[0].confusion.as_ref().unwrap().counts;
    (0..counts.len()).map(|said| counts.iter().map(|row| row[said] as f64).collect()).collect()
}

fn reliability(app: &App) -> Columns {
    let bins = &app.listing().unwrap().0.result.reliability;
    vec![bins.iter().map(|bin| bin.said).collect(), bins.iter().map(|bin| bin.found).collect()]
}

fn roc(app: &App) -> Columns {
    let points = &app.listing().unwrap().0.result.roc.as_ref().unwrap().points;
    let of = |pick: fn(&vastavirta::insight::RocPoint) -> f64| points.iter().map(pick).collect();
    vec![of(|point| point.false_positive_rate), of(|point| point.true_positive_rate)]
}

fn field(app: &App) -> Columns {
    let field = app.field().unwrap().result;
    let along = |axis: usize| (0..field.n_points()).map(|idx| field.place(idx)[axis]).collect();
    vec![along(0), along(1), field.values.clone()]
}

fn landscape(app: &App) -> Columns {
    let answer = app.landscape().unwrap();
    let field = &answer.result.as_ref().as_ref().unwrap().field;
    vec![field.values.clone()]
}

/// Where along the axis of steps the points stand.
fn steps(app: &App) -> Columns {
    vec![app.health().samples().iter().map(|sample| sample.step as f64).collect()]
}

fn nudge(app: &App) -> Columns {
    let curve = &app.nudge().unwrap().curve;
    (0..2).map(|axis| curve.iter().map(|point| point[axis]).collect()).collect()
}

fn scatter(app: &App) -> Columns {
    let (answer, predictions) = app.listing().unwrap();
    let head = &predictions.heads[0];
    let plotted = || answer.result.plotted.iter().map(|&sample| sample as usize);
    vec![
        plotted().map(|sample| head.truth(sample)[0]).collect(),
        plotted().map(|sample| head.prediction(sample)[0]).collect(),
    ]
}

fn residuals(app: &App) -> Columns {
    let (answer, predictions) = app.listing().unwrap();
    let head = &predictions.heads[0];
    let plotted = answer.result.plotted.iter().map(|&sample| head.error(sample as usize));
    vec![scatter(app)[1].clone(), plotted.collect()]
}

fn series(app: &App) -> Columns {
    let evaluation = app.snapshot().unwrap().evaluation.clone().unwrap();
    let series = evaluation.series.as_ref().unwrap();
    vec![series.target.clone(), series.prediction.clone()]
}

fn descent(app: &App) -> Columns {
    let answer = app.descent().unwrap();
    let finite = |values: &[f64]| values.iter().copied().take_while(|value| value.is_finite()).collect();
    answer.result.paths.iter().map(|path| finite(&path.values)).collect()
}

/// An example after two epochs, every panel at rest.
fn trained(example: &str) -> Drawn {
    let mut harness = drawn(Language::English, [1700.0, 1900.0]);
    open(&mut harness, example);
    // What is looked at while it trains keeps its history.
    window(&mut harness).show_pane("pane-health");
    rest(&mut harness);
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(2))));
    settle(&mut harness);
    let app = window(&mut harness).app_mut();
    let is_weight = |key: &&ParameterKey| {
        matches!(key, ParameterKey::Node(_, ParameterRole::Weight | ParameterRole::Value))
    };
    let key = *app.document().parameters.keys().find(is_weight).unwrap();
    app.dispatch(Command::Gradient(GradientCommand::Choose(Tensor::Parameter(key).at(0, 0))));
    app.dispatch(Command::View(ViewCommand::Samples(SampleView::Batch)));
    rest(&mut harness);
    harness
}

/// Saves by an entry of the menu that is open.
fn save(harness: &mut Drawn, entry: &str, path: &Path) {
    harness.get_by_label(entry).click();
    harness.run_steps(3);
    let ending = path.extension().unwrap().to_string_lossy().into_owned();
    let field = harness.get_by_role_and_label(Role::TextInput, "Path of the file").value().unwrap();
    assert!(field.ends_with(&format!(".{ending}")), "{entry}: {field}");
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run_steps(1);
    harness.event(egui::Event::Text(path.to_string_lossy().into_owned()));
    harness.run_steps(1);
    harness.key_press(Key::Enter);
    harness.run_steps(1);
    settle(harness);
}

const ENTRIES: [(&str, &str); 3] =
    [("Save picture as SVG …", "svg"), ("Save picture as PNG …", "png"), ("Save numbers as CSV …", "csv")];

/// A plot in sight is saved three ways by its menu, and each file is whole.
pub(crate) fn assert_saved_three_ways(harness: &mut Drawn, title: &str) {
    let found = heard(harness, |_, label| label.contains(title));
    let label = found.first().unwrap_or_else(|| panic!("no {title}")).clone();
    saved(harness, &label, |harness| only(harness, &label).click_secondary());
}

/// Saves something three ways; gives the columns of its numbers.
fn saved(harness: &mut Drawn, label: &str, open_menu: impl Fn(&mut Drawn)) -> Columns {
    let folder = tempfile::tempdir().unwrap();
    let path = |ending: &str| folder.path().join(format!("plot.{ending}"));
    for (entry, ending) in ENTRIES {
        open_menu(harness);
        harness.run_steps(3);
        assert!(harness.query_by_label(entry).is_some(), "{label} has no entry {entry}");
        save(harness, entry, &path(ending));
    }
    assert_svg(&fs::read_to_string(path("svg")).unwrap(), label);
    assert_png(&fs::read(path("png")).unwrap(), label);
    columns(&path("csv"), label)
}

/// It is XML, has a size and a title, and draws something.
fn assert_svg(text: &str, label: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let (mut tags, mut depth) = (BTreeMap::<Vec<u8>, usize>::new(), 0_i32);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{label}: {error}")) {
            Event::Start(tag) => {
                for attribute in tag.attributes() {
                    let value = attribute.unwrap_or_else(|error| panic!("{label}: {error}")).value;
                    assert!(!value.windows(3).any(|part| part == b"NaN" || part == b"inf"), "{label}");
                }
                depth += 1;
                *tags.entry(tag.name().as_ref().to_vec()).or_default() += 1;
            }
            Event::Empty(tag) => *tags.entry(tag.name().as_ref().to_vec()).or_default() += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{label}");
    let n = |name: &str| tags.get(name.as_bytes()).copied().unwrap_or(0);
    assert!(n("svg") == 1 && n("title") >= 1 && n("path") >= 3, "{label}: {tags:?}");
}

/// It has a size and more than its background.
fn assert_png(bytes: &[u8], label: &str) {
    let map = tiny_skia::Pixmap::decode_png(bytes).unwrap_or_else(|error| panic!("{label}: {error}"));
    assert!(map.width() > 200 && map.height() > 60, "{label}: {} × {}", map.width(), map.height());
    let colors: BTreeSet<_> =
        map.pixels().iter().map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    assert!(colors.len() > 8, "{label}: {} colors", colors.len());
}

/// Every row has a cell for each title, and every number is one; what is missing is NaN.
fn columns(path: &Path, label: &str) -> Columns {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let n = reader.headers().unwrap().len();
    let mut columns = vec![Vec::new(); n];
    for record in reader.records() {
        let record = record.unwrap_or_else(|error| panic!("{label}: {error}"));
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(if cell.is_empty() { f64::NAN } else { cell.parse().unwrap_or(f64::NAN) });
        }
    }
    assert!(columns.iter().flatten().any(|number| number.is_finite()), "{label} has no numbers");
    columns
}

/// Whether these numbers stand one after the other in a column, as a whole or at its beginning.
fn holds(column: &[f64], wanted: &[f64]) -> bool {
    let is_near =
        |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * b.abs().max(1e-300) || (a.is_nan() && b.is_nan());
    let known: Vec<f64> = column.iter().copied().filter(|number| number.is_finite()).collect();
    [column, &known]
        .iter()
        .any(|column| column.len() >= wanted.len() && column.iter().zip(wanted).all(is_near))
}

#[test]
fn every_plot_is_saved_as_svg_png_and_csv_with_the_numbers_that_it_shows() {
    let mut opened: Option<(&str, Drawn)> = None;
    for &(example, pane, choice, plots) in PLOTS {
        let mut harness = match opened.take() {
            Some((of, harness)) if of == example => harness,
            _ => trained(example),
        };
        window(&mut harness).show_pane(pane);
        rest(&mut harness);
        if let Some(choice) = choice {
            harness.get_by_role_and_label(Role::ComboBox, "What is plotted").click();
            rest(&mut harness);
            harness.get_by_role_and_label(Role::Button, choice).click();
            rest(&mut harness);
        }
        for (title, shown) in plots {
            let found = heard(&harness, |_, label| label.contains(title));
            let label = found.first().unwrap_or_else(|| panic!("{example}, {pane}: no {title}")).clone();
            let columns = saved(&mut harness, &label, |harness| only(harness, &label).click_secondary());
            for wanted in shown(window(&mut harness).app()) {
                let is_there = columns.iter().any(|column| holds(column, &wanted));
                assert!(is_there && !wanted.is_empty(), "{example}, {label}: {wanted:?} in {columns:?}");
            }
        }
        opened = Some((example, harness));
    }
}

#[test]
fn a_forecast_on_its_own_predictions_is_saved_three_ways() {
    let mut harness = trained("sine_rnn");
    window(&mut harness).show_pane("pane-predictions");
    rest(&mut harness);
    harness.get_by_role_and_label(Role::CheckBox, "On its own predictions").click();
    rest(&mut harness);
    let app = window(&mut harness).app();
    let rollout = app.rollout().unwrap().result.as_ref().as_ref().unwrap().clone();
    let found = heard(&harness, |_, label| label.contains("Plot: value"));
    let label = found.first().unwrap().clone();
    let columns = saved(&mut harness, &label, |harness| only(harness, &label).click_secondary());
    for wanted in [&rollout.one_step, &rollout.rolled] {
        let finite: Vec<f64> = wanted.iter().copied().filter(|number| number.is_finite()).collect();
        assert!(columns.iter().any(|column| holds(column, &finite)), "{finite:?} in {columns:?}");
    }
}

#[test]
fn the_norms_of_a_gradient_through_time_are_saved_three_ways() {
    let mut harness = trained("sine_rnn");
    select(&mut harness, |kind| kind.activation().is_some());
    rest(&mut harness);
    assert_saved_three_ways(&mut harness, "Plot: ‖");
}

#[test]
fn curves_of_other_runs_and_their_band_are_saved_three_ways() {
    let mut harness = trained("xor");
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Repeat(3)));
    rest(&mut harness);
    assert!(window(&mut harness).app().document().runs.len() >= 4);
    window(&mut harness).show_pane("pane-loss");
    rest(&mut harness);
    assert_saved_three_ways(&mut harness, "Plot: loss");
}

#[test]
fn an_activation_s_curve_is_saved_three_ways() {
    let mut harness = trained("xor");
    select(&mut harness, |kind| kind.activation().is_some());
    harness.key_press(Key::N);
    harness.run_steps(10);
    let opened = labels(&harness).into_iter().find(|label| label.ends_with(", opened")).unwrap();
    let more = format!("More for {}", opened.trim_end_matches(", opened"));
    let columns = saved(&mut harness, &opened, |harness| harness.get_by_label(&more).click());
    let [z, value, slope] = columns.as_slice() else { panic!("{} columns", columns.len()) };
    for ((z, a), slope) in z.iter().zip(value).zip(slope) {
        let expected = 1.0 / (1.0 + (-z).exp());
        assert!((a - expected).abs() < 1e-6 && (slope - expected * (1.0 - expected)).abs() < 1e-6);
    }
}
