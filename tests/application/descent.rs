//! Going down free functions: the paths of optimizers are PyTorch's, they start with the same gradient and
//! part, and training moves the tensors themselves.
//!
//! Reference values come from `tests/reference/descent_paths.json` (recipe: `recipes.py` beside it).

use std::sync::Arc;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use serde_json::Value;
use vastavirta::app::{Command, EditCommand, ViewCommand};
use vastavirta::data::{DataRequest, DataSettings, ReadTask, prepare};
use vastavirta::insight::{Descent, DescentQuestion, Model, descent};
use vastavirta::tensor::OptimizerKind;
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::expressions::drawn;
use crate::support::root;
use crate::{flows, window};

const BOWL: &str = "f = x**2 + 3*y**2; x = 2; y = 1";

struct Task(bool);

impl ReadTask for Task {
    fn progress(&self, _: u64, _: u64) {}
    fn is_cancelled(&self) -> bool {
        self.0
    }
}

fn optimizers() -> Vec<OptimizerKind> {
    let sgd = |momentum| OptimizerKind::Sgd { momentum, nesterov: false, weight_decay: 0.0 };
    vec![
        sgd(0.0),
        sgd(0.9),
        OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0 },
        OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
    ]
}

fn asked(text: &str, question: &DescentQuestion, task: &Task) -> Option<Descent> {
    let document = drawn(text);
    let data = prepare(None, &DataSettings::default(), &DataRequest::of(&document.network), 1).unwrap();
    let model = Model {
        network: Arc::new(document.network.clone()),
        parameters: document.parameters.clone(),
        data: Arc::new(data),
        settings: Arc::new(document.data.clone()),
    };
    descent(&model, question, task)
}

fn question() -> DescentQuestion {
    DescentQuestion { optimizers: optimizers(), learning_rate: 0.1, n_steps: 10, x: 0, y: Some(1) }
}

fn assert_close(found: &[f64], expected: &Value, what: &str) {
    let expected: Vec<f64> = match expected {
        Value::Array(numbers) => numbers.iter().map(|number| number.as_f64().unwrap()).collect(),
        number => vec![number.as_f64().unwrap()],
    };
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{what}: {found} {expected}");
    }
}

#[test]
fn four_optimizers_go_pytorchs_ways_from_one_gradient() {
    let text = std::fs::read_to_string(root().join("tests/reference/descent_paths.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let found = asked(BOWL, &question(), &Task(false)).unwrap();
    assert_eq!(found.variables, ["x", "y"]);
    let names = ["SGD", "SGD, momentum 0.9", "RMSprop", "Adam"];
    for (path, name) in found.paths.iter().zip(names) {
        let expected = file["paths"][name].as_array().unwrap();
        assert_eq!(path.points.len(), expected.len());
        for (step, expected) in expected.iter().enumerate() {
            assert_close(&path.points[step], &expected["at"], name);
            assert_close(&[path.values[step]], &expected["f"], name);
            assert_close(&path.gradients[step], &expected["gradient"], name);
        }
    }
    let first: Vec<&Vec<f64>> = found.paths.iter().map(|path| &path.gradients[0]).collect();
    assert!(first.windows(2).all(|pair| pair[0] == pair[1]), "one gradient");
    let second: Vec<[f64; 2]> = found.paths.iter().map(|path| path.points[2]).collect();
    assert!(second.windows(2).all(|pair| pair[0] != pair[1]), "several ways");
    let [low, high] = found.field.x_range;
    assert!(low < 0.0 && high > 2.0, "the picture holds the start and the bottom: {low} {high}");
    let smallest = found.field.values.iter().copied().fold(f64::INFINITY, f64::min);
    assert!((0.0..0.05).contains(&smallest), "{smallest}");
}

#[test]
fn of_one_number_the_path_lies_on_the_curve_and_entries_are_told_apart() {
    let found = asked("f = (x - 1)**2; x = 3", &DescentQuestion { y: None, ..question() }, &Task(false));
    let found = found.unwrap();
    assert_eq!((found.y, found.field.y), (None, None));
    for path in &found.paths {
        assert!(path.points.iter().all(|[x, f]| ((x - 1.0).powi(2) - f).abs() < 1e-12));
    }
    let text = "f = sum(w**2); w = [[1, 2], [3, 4]]";
    let found = asked(text, &DescentQuestion { x: 1, y: Some(2), ..question() }, &Task(false)).unwrap();
    assert_eq!(found.variables, ["w[0, 0]", "w[0, 1]", "w[1, 0]", "w[1, 1]"]);
    assert_eq!(found.paths[0].points[0], [2.0, 3.0]);
    assert_eq!(found.paths[0].points[1], [1.6, 2.4], "all numbers move, two are seen");
}

#[test]
fn a_path_ends_where_the_function_has_no_value_and_stops_when_told_to() {
    let steep = DescentQuestion { learning_rate: 10.0, y: None, ..question() };
    let found = asked("f = log(x); x = 0.5", &steep, &Task(false)).unwrap();
    assert_eq!(found.paths[0].points.len(), 1, "one step leads to a negative number");
    assert!(asked(BOWL, &question(), &Task(true)).is_none());
    assert!(asked("f = x.detach(); x = 1", &question(), &Task(false)).is_some_and(|it| {
        it.paths.iter().all(|path| path.points.iter().all(|point| *point == path.points[0]))
    }));
}

#[test]
fn training_makes_a_root_smaller_by_moving_its_tensors() {
    let mut app = flows::app();
    flows::edit(&mut app, EditCommand::DrawExpression(BOWL.to_owned()));
    let mut training = app.document().training.clone();
    training.optimizer = optimizers()[0];
    training.learning_rate = 0.1;
    flows::edit(&mut app, EditCommand::SetTraining(training));
    flows::train(&mut app, Goal::Batches(1));
    let values: Vec<f64> =
        app.document().parameters.values().filter(|p| p.trainable).map(|p| p.values[0]).collect();
    for (found, expected) in values.iter().zip([1.6, 0.4]) {
        assert!((found - expected).abs() < 1e-6, "{values:?}");
    }
}

#[test]
fn the_panel_says_where_every_optimizer_came_to() {
    let mut harness = window::drawn(Language::English, [1280.0, 800.0]);
    let app = window::window(&mut harness).app_mut();
    app.dispatch(Command::Edit(EditCommand::DrawExpression(BOWL.to_owned())));
    let mut training = app.document().training.clone();
    training.learning_rate = 0.1;
    app.dispatch(Command::Edit(EditCommand::SetTraining(training)));
    app.dispatch(Command::View(ViewCommand::Select { nodes: Vec::new(), edges: Vec::new() }));
    window::window(&mut harness).show_pane("pane-boundary");
    harness.run_steps(3);
    window::settle(&mut harness);
    window::settle(&mut harness);
    let labels = window::labels(&harness);
    // No network with inputs is drawn, so there is no boundary: the tab says what it shows.
    let tabs = |title: &str| harness.query_all_by_role_and_label(Role::Button, title).count();
    assert_eq!((tabs("Paths"), tabs("Boundary")), (1, 0), "{labels:?}");
    let says = |part: &str| labels.iter().any(|label| label.contains(part));
    assert!(says("At the start the gradient is the same for all: (4.0000, 6.0000)"), "{labels:?}");
    for name in ["SGD", "SGD, momentum 0.9", "RMSprop", "Adam"] {
        assert!(labels.iter().any(|label| label == name), "{name}: {labels:?}");
    }
    assert_eq!(labels.iter().filter(|label| label.starts_with("after 40 steps: x = ")).count(), 4);
    assert!(harness.query_by_role_and_label(Role::SpinButton, "steps").is_some());
}
