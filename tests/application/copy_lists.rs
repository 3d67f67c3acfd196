//! What is listed has the menu of plots and matrices too: runs, predictions, partial derivatives, how much each
//! input matters, and what an opened node shows.
//!
//! Must not know how a form writes a table.

use std::fs;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use vastavirta::app::{Command, EditCommand, TrainCommand};
use vastavirta::document::TrainingSettings;
use vastavirta::network::NodeKind;
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::pictures::copied;
use crate::window::{Drawn, drawn, labels, open, rest, select, window};

fn trained(example: &str) -> Drawn {
    let mut harness = drawn(Language::English, [1500.0, 1000.0]);
    open(&mut harness, example);
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(2))));
    rest(&mut harness);
    harness
}

fn shows(harness: &mut Drawn, pane: &'static str) {
    window(harness).show_pane(pane);
    rest(harness);
}

/// What the entries of the menu copy, opened by its button, by the other button of the mouse on something listed,
/// and by the key for menus.
fn taken(harness: &mut Drawn, name: &str, listed: &str) -> [String; 3] {
    harness.get_by_label(&format!("More for {name}")).click();
    harness.run_steps(4);
    let csv = copied(harness, "CSV");
    harness.run_steps(3);
    harness.query_all_by_label(listed).last().unwrap().click_secondary();
    harness.run_steps(4);
    let markdown = copied(harness, "Markdown table");
    harness.run_steps(3);
    harness.query_all_by_label(listed).last().unwrap().focus();
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run_steps(4);
    let tensor = copied(harness, "PyTorch tensor");
    harness.run_steps(3);
    assert!(harness.query_by_label("NumPy array").is_none(), "{name}: the menu stays open");
    [csv, markdown, tensor]
}

/// `Row 12`, without what follows elsewhere.
fn is_row(label: &str) -> bool {
    label.strip_prefix("Row ").is_some_and(|number| number.parse::<usize>().is_ok())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn runs_are_taken_along_with_all_their_settings() {
    let mut harness = trained("xor");
    // The run that was kept of that.
    let first = *window(&mut harness).app().document().runs.keys().next().unwrap();
    window(&mut harness).app_mut().dispatch(Command::Edit(EditCommand::DeleteRun(first)));
    for rate in [0.25, 0.75] {
        let app = window(&mut harness).app_mut();
        let settings = TrainingSettings { learning_rate: rate, ..app.document().training.clone() };
        app.dispatch(Command::Edit(EditCommand::SetTraining(settings)));
        app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(2))));
        rest(&mut harness);
    }
    shows(&mut harness, "pane-runs");
    let kept: Vec<_> = window(&mut harness).app().document().runs.values().cloned().collect();
    let [first, last] = [&kept[0], &kept[1]];
    let delete = format!("Delete Run {}", first.name.number);
    let [csv, markdown, tensor] = taken(&mut harness, "Runs", &delete);
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 3, "{csv}");
    let column = |title: &str| lines[0].iter().position(|it| *it == title).unwrap_or_else(|| panic!("{csv}"));
    let loss = |line: usize| lines[line][column("training")].parse::<f64>().unwrap();
    assert_eq!([1, 2].map(loss), [first, last].map(|run| run.curve.last().unwrap().train_loss));
    let rate = column("Learning rate");
    assert_eq!([lines[1][rate], lines[2][rate]], ["0.25", "0.75"]);
    // What differs stands before what does not, as on the screen.
    assert!(rate < column("Optimizer"), "{csv}");
    assert!(markdown.starts_with("| Run |"), "{markdown}");
    assert!(first_line(&tensor).contains("Learning rate") && !first_line(&tensor).contains("Optimizer"));
    assert!(tensor.contains("# Left out, as words: ") && tensor.contains("torch.tensor(["), "{tensor}");
}

#[test]
fn listed_predictions_are_taken_along_as_they_are_filtered_and_sorted() {
    let mut harness = trained("iris");
    shows(&mut harness, "pane-predictions");
    harness.get_by_label("Only wrong").click();
    rest(&mut harness);
    let n = window(&mut harness).app().listing().unwrap().0.result.samples.len();
    assert!(n > 0 && n < 150, "{n}");
    let row = labels(&harness).into_iter().rfind(|label| is_row(label)).unwrap();
    let [csv, markdown, tensor] = taken(&mut harness, "Predictions", &row);
    assert_eq!(first_line(&csv), "row,part,truth,prediction,p(setosa),p(versicolor),p(virginica),error");
    assert_eq!((csv.lines().count(), markdown.lines().count()), (n + 1, n + 2));
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_ne!(cells[2], cells[3], "{line}");
    }
    // A tensor takes the numbers and says what it leaves out.
    assert!(
        tensor.starts_with("# Columns: row, p(setosa), p(versicolor), p(virginica), error\n"),
        "{tensor}"
    );
    assert!(tensor.contains("# Left out, as words: part, truth, prediction\n"), "{tensor}");
}

#[test]
fn partial_derivatives_are_taken_along() {
    let mut harness = trained("grad_w_2x3");
    shows(&mut harness, "pane-gradient");
    let listed = labels(&harness).into_iter().find(|label| label.starts_with("∂L/∂w01 ")).unwrap();
    let [csv, markdown, tensor] = taken(&mut harness, "∇L", &listed);
    let app = window(&mut harness).app();
    let pass = app.snapshot().unwrap().pass.as_deref().unwrap();
    let grads: Vec<f64> =
        pass.parameters.values().flat_map(|p| p.grad.as_ref().unwrap().data()).copied().collect();
    let said: Vec<f64> = csv
        .lines()
        .skip(1)
        .take(grads.len())
        .map(|line| line.rsplit(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(said, grads);
    assert!(csv.contains("\nDense 1,w01,"), "{csv}");
    assert!(markdown.starts_with("| of | "), "{markdown}");
    assert!(tensor.contains("# Left out, as words: of, "), "{tensor}");
}

#[test]
fn what_each_input_matters_is_taken_along() {
    let mut harness = trained("auto_mpg");
    shows(&mut harness, "pane-whatif");
    let [csv, _, tensor] = taken(&mut harness, "What-if", "horsepower");
    let answer = window(&mut harness).app().what_if().unwrap().result;
    let line = csv.lines().find(|line| line.starts_with("horsepower,")).unwrap();
    let cells: Vec<&str> = line.split(',').collect();
    let at = answer.variables.iter().position(|variable| variable.name == "horsepower").unwrap();
    assert_eq!(cells[1].parse::<f64>().unwrap(), answer.values[at]);
    assert!(cells[3].parse::<f64>().unwrap() != 0.0, "{csv}");
    // A category is a row of its own, with what the network would say.
    let origins: Vec<&str> = csv.lines().filter(|line| line.starts_with("origin = ")).collect();
    assert_eq!(origins.len(), 3, "{csv}");
    let chosen = origins.iter().map(|line| line.split(',').nth(1).unwrap().parse::<f64>().unwrap());
    assert!((chosen.sum::<f64>() - 1.0).abs() < 1e-12, "{csv}");
    assert!(tensor.contains("# Left out, as words: input\n"), "{tensor}");
}

#[test]
fn an_opened_node_is_taken_along_as_numbers_and_as_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = trained("grad_w_2x3");
    for (name, is_it) in [
        ("Dense 1", (|kind| matches!(kind, NodeKind::Dense(_))) as fn(&NodeKind) -> bool),
        ("Sigmoid 1", |kind| matches!(kind, NodeKind::Activation(_))),
    ] {
        select(&mut harness, is_it);
        harness.key_press(Key::N);
        harness.run_steps(10);
        let frame = format!("{name}, opened");
        assert!(labels(&harness).contains(&frame), "{:?}", labels(&harness));
        let [csv, _, tensor] = taken(&mut harness, name, &frame);
        if name == "Dense 1" {
            assert_eq!(first_line(&csv), "x0,x1,x2,bias");
            let app = window(&mut harness).app();
            let pass = app.snapshot().unwrap().pass.as_deref().unwrap();
            let weight = pass.parameters.values().next().unwrap();
            let cell = csv.lines().nth(2).unwrap().split(',').nth(1).unwrap();
            assert_eq!(cell.parse::<f64>().ok(), weight.value.get(1, 1));
        } else {
            assert_eq!(first_line(&csv), "z,f(z),f′(z)");
            let middle: Vec<f64> =
                csv.lines().nth(61).unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
            assert_eq!(middle, [0.0, 0.5, 0.25]);
        }
        assert!(tensor.starts_with("torch.tensor([\n"), "{tensor}");
        let path = folder.path().join(format!("{name}.svg"));
        harness.get_by_label(&format!("More for {name}")).click();
        harness.run_steps(4);
        harness.get_by_label("Save picture as SVG …").click();
        harness.run_steps(4);
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.run_steps(2);
        harness.event(egui::Event::Text(path.to_string_lossy().into_owned()));
        harness.run_steps(2);
        harness.key_press(Key::Enter);
        rest(&mut harness);
        let picture = fs::read_to_string(&path).unwrap();
        let said = if name == "Dense 1" { "w01" } else { "f′(z)" };
        assert!(picture.contains(&format!("aria-label=\"{frame}\"")) && picture.contains(said), "{name}");
    }
}
