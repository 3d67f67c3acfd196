//! Boundary, What-if and the curves with unusual input: categories, constants, gaps, large and small numbers,
//! sequences, pictures, one input, no validation; and nothing that a former document left behind.
//!
//! Must not compute a prediction itself.

use std::sync::Arc;
use std::time::Duration;

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use vastavirta::app::{App, Command, Questions, TrainCommand, ViewCommand};
use vastavirta::data::Quiet;
use vastavirta::insight::{
    Effect, Field, FieldOf, FieldQuestion, InputKind, Model as Asked, Start, WhatIf, WhatIfQuestion, field,
    predict_all, what_if,
};
use vastavirta::network::NodeKind;
use vastavirta::train::{Goal, SampleView};
use vastavirta::words::Language;

use crate::unusual::{BCE, Files, Loss, MSE, Model, classes};
use crate::window::{Drawn, drawn, labels, open, rest, select, window};

const LIMIT: Duration = Duration::from_mins(2);

fn asked(app: &App) -> Asked {
    Asked {
        network: Arc::new(app.document().network.clone()),
        parameters: app.document().parameters.clone(),
        data: Arc::clone(app.prepared().unwrap()),
        settings: Arc::new(app.document().data.clone()),
    }
}

fn answer(model: &Asked, start: Start, changes: Vec<(usize, f64)>) -> WhatIf {
    what_if(model, &WhatIfQuestion { start, changes, ..WhatIfQuestion::default() }, &Quiet).unwrap()
}

fn says(harness: &Drawn, text: &str) -> bool {
    labels(harness).iter().any(|label| label.contains(text))
}

/// A constant, whole numbers, a category, and numbers of very different sizes with a gap.
const MIXED: &str = "one,whole,kind,large,small,y\n\
    5,1,a,2e12,3e-9,1.5\n5,4,b,-1e12,4e-9,2\n5,2,a,,1e-9,4\n5,9,b,5e12,-2e-9,3\n5,9,c,1e12,1e-9,3\n";

fn mixed() -> Files {
    let inputs = ["one", "whole", "kind", "large", "small"]
        .map(|name| (name, if name == "kind" { "Category" } else { "Number" }));
    Model { csv: MIXED, inputs: &inputs, width: 7, missing: "FillMean", ..Model::default() }.written()
}

#[test]
fn growing_by_one_is_the_central_difference_in_units_of_the_data_at_every_scale() {
    let files = mixed();
    let model = asked(&files.opened());
    for start in [Start::Mean, Start::Sample(0), Start::Sample(2)] {
        let at = answer(&model, start, Vec::new());
        assert_eq!(at.variables.len(), 5);
        assert!(at.values.iter().chain(&at.prediction).all(|value| value.is_finite()), "{:?}", at.values);
        for (idx, variable) in at.variables.iter().enumerate() {
            match (&at.effects[idx], &variable.kind) {
                (Effect::Slope(slope), InputKind::Number { .. }) => {
                    let h = 1e-3 * at.values[idx].abs().max(1e-9);
                    let said =
                        |by: f64| answer(&model, start, vec![(idx, at.values[idx] + by)]).prediction[0];
                    let expected = (said(h) - said(-h)) / (2.0 * h);
                    let allowed = 1e-6 * expected.abs().max(slope.abs()) + 1e-9 * at.prediction[0].abs() / h;
                    assert!((slope - expected).abs() <= allowed, "{}: {slope} for {expected}", variable.name);
                }
                (Effect::Choices(said), InputKind::Choice { names, .. }) => {
                    for (choice, said) in said.iter().enumerate() {
                        let chosen = answer(&model, start, vec![(idx, choice as f64)]).prediction[0];
                        assert!((said - chosen).abs() <= 1e-12 * chosen.abs().max(1.0), "{}", names[choice]);
                    }
                }
                other => panic!("{}: {other:?}", variable.name),
            }
        }
    }
    // A category has no mean: it starts from the most frequent one, the first of equally frequent ones or
    // the last, but one that there is.
    let at = answer(&model, Start::Mean, Vec::new());
    let InputKind::Choice { names, most } = &at.variables[2].kind else { panic!("no category") };
    assert!(names[*most] == "a" || names[*most] == "b");
    assert_eq!(at.values[2], *most as f64);
    // The gap is the mean of the others, as predictions have it.
    let predicted = predict_all(&model, &Quiet).unwrap();
    let at_gap = answer(&model, Start::Sample(2), Vec::new());
    assert_eq!(at_gap.values[3], 1.75e12);
    assert!(
        (at_gap.prediction[0] - predicted.heads[0].prediction(2)[0]).abs()
            <= 1e-12 * at_gap.prediction[0].abs()
    );
}

#[test]
fn every_slider_has_room_and_every_category_its_choice() {
    let files = mixed();
    let mut harness = drawn(Language::English, [1280.0, 1200.0]);
    files.shown(&mut harness, "pane-whatif");
    let start = harness.get_by_role_and_label(Role::ComboBox, "Where the other inputs stand");
    assert_eq!(start.value().as_deref(), Some("the mean, the most frequent category"));
    for name in ["one", "whole", "large", "small"] {
        let before = window(&mut harness).app().what_if().unwrap().result.values.clone();
        let slider = harness.get_by_role_and_label(Role::Slider, name);
        let range =
            [slider.accesskit_node().min_numeric_value(), slider.accesskit_node().max_numeric_value()];
        let [Some(min), Some(max)] = range else { panic!("{name}: {range:?}") };
        assert!(min < max && min.is_finite() && max.is_finite(), "{name}: {min} … {max}");
        slider.focus();
        harness.run_steps(2);
        for _ in 0..3 {
            harness.key_press(egui::Key::ArrowRight);
            harness.run_steps(2);
        }
        rest(&mut harness);
        let app = window(&mut harness).app();
        assert_ne!(app.what_if().unwrap().result.values, before, "{name}");
        assert!(!says(&harness, "NaN"));
    }
    harness.get_by_role_and_label(Role::ComboBox, "kind").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "c").click();
    rest(&mut harness);
    assert_eq!(window(&mut harness).app().what_if().unwrap().result.values[2], 2.0);
}

#[test]
fn a_row_of_none_of_the_known_categories_says_so_instead_of_naming_the_first() {
    // The last row, which validates, has a category that the others do not have.
    let csv = "x,k,y\n1,a,2\n2,b,4\n3,a,7\n4,q,8\n";
    let inputs = [("x", "Number"), ("k", "Category")];
    let files = Model { csv, inputs: &inputs, width: 4, validation: 0.25, ..Model::default() }.written();
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-whatif");
    window(&mut harness).app_mut().dispatch(Command::View(ViewCommand::Samples(SampleView::Alone(3))));
    rest(&mut harness);
    harness.get_by_label("Where the other inputs stand").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "row 4").click();
    rest(&mut harness);
    assert!(window(&mut harness).app().what_if().unwrap().result.values[1].is_nan());
    let shown = harness.get_by_role_and_label(Role::ComboBox, "k");
    assert_eq!(shown.value().as_deref(), Some("–"));
    assert!(!says(&harness, "NaN"));
}

const YES_OR_NO: &str = "x,y\n1,0\n2,1\n3,0\n4,1\n";

fn shown_field(harness: &mut Drawn) -> Arc<Field> {
    Arc::clone(window(harness).app().field().unwrap().result)
}

#[test]
fn a_boundary_over_one_input_is_its_curve_and_a_category_beside_it_is_said_to_have_no_axis() {
    let files = Model { losses: &[MSE], ..Model::default() }.written();
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-boundary");
    let field = shown_field(&mut harness);
    assert_eq!((field.y, field.values.len(), field.rows.len()), (None, field.n, 4));
    // Its ends are what the network says there.
    let model = asked(window(&mut harness).app());
    for idx in [0, field.n - 1] {
        let said = answer(&model, Start::Mean, vec![(0, field.place(idx)[0])]).prediction[0];
        assert!((said - field.values[idx]).abs() < 1e-9);
    }

    let inputs = [("x", "Number"), ("k", "Category")];
    let csv = "x,k,y\n1,a,2\n2,b,4\n3,a,7\n4,b,8\n";
    let files = Model { csv, inputs: &inputs, width: 3, ..Model::default() }.written();
    files.shown(&mut harness, "pane-boundary");
    assert!(says(&harness, "Categories stay as they are at the start: k."), "{:?}", labels(&harness));

    let files = Model { csv, inputs: &inputs[1..], width: 2, ..Model::default() }.written();
    files.shown(&mut harness, "pane-boundary");
    assert!(says(&harness, "There is no input that is a number."), "{:?}", labels(&harness));
}

#[test]
fn the_boundary_of_a_sequence_says_which_time_step_its_axes_change() {
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    open(&mut harness, "sine_rnn");
    window(&mut harness).show_pane("pane-boundary");
    rest(&mut harness);
    assert!(says(&harness, "The axes change the newest one"), "{:?}", labels(&harness));
    assert!(shown_field(&mut harness).values.iter().all(|value| value.is_finite()));
    open(&mut harness, "digits");
    window(&mut harness).show_pane("pane-boundary");
    rest(&mut harness);
    assert!(!says(&harness, "The axes change the newest one"));
    assert_eq!(shown_field(&mut harness).variables.len(), 64);
}

#[test]
fn a_picture_shows_the_prediction_where_its_unit_or_its_row_is_gone() {
    let files = Model { csv: YES_OR_NO, losses: &[BCE], ..Model::default() }.written();
    let app = files.opened();
    let model = asked(&app);
    let ask =
        |of, start| field(&model, FieldQuestion { of, start, ..FieldQuestion::default() }, &Quiet).unwrap();
    let prediction = ask(FieldOf::default(), Start::Mean);
    let target = app.document().network.nodes.iter().find(|(_, node)| node.kind.is_target()).unwrap();
    let gone = vastavirta::network::NodeId(999);
    for of in
        [FieldOf::Unit(gone, 3), FieldOf::Unit(*target.0, 0), FieldOf::Prediction(7), FieldOf::Output(9, 1)]
    {
        assert_eq!(ask(of, Start::Mean).values, prediction.values, "{of:?}");
    }
    assert_eq!(ask(FieldOf::default(), Start::Sample(4_000)).values, prediction.values);
    let question = WhatIfQuestion { head: 5, start: Start::Sample(4_000), ..WhatIfQuestion::default() };
    assert!(what_if(&model, &question, &Quiet).unwrap().prediction[0].is_finite());
}

#[test]
fn units_of_what_depends_on_a_target_are_not_offered() {
    let files = Model { csv: YES_OR_NO, losses: &[BCE], ..Model::default() }.written();
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-boundary");
    for (is, is_offered) in [
        (NodeKind::is_target as fn(&NodeKind) -> bool, false),
        (|kind: &NodeKind| matches!(kind, NodeKind::Dense(_)), true),
    ] {
        select(&mut harness, is);
        window(&mut harness).show_pane("pane-boundary");
        rest(&mut harness);
        assert!(says(&harness, "What is shown"), "{:?}", labels(&harness));
        harness.get_by_role_and_label(Role::ComboBox, "What is shown").click();
        rest(&mut harness);
        assert_eq!(says(&harness, ", unit 1"), is_offered);
        harness.key_press(egui::Key::Escape);
        rest(&mut harness);
    }
}

#[test]
fn of_two_losses_the_panels_show_either() {
    let csv = "x,y,z\n1,2,-1\n2,4,-3\n3,7,-4\n4,8,-9\n";
    let two = [MSE, Loss { kind: "Mae", columns: &["z"], ..MSE }];
    let files = Model { csv, losses: &two, ..Model::default() }.written();
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    files.shown(&mut harness, "pane-boundary");
    let first = shown_field(&mut harness);
    harness.get_by_label("What is shown").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "prediction of Loss 2").click();
    rest(&mut harness);
    let second = shown_field(&mut harness);
    assert_eq!((first.names[0].as_str(), second.names[0].as_str()), ("y", "z"));
    files.shown(&mut harness, "pane-whatif");
    harness.get_by_label("Predictions of which loss").click();
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Button, "Loss 2").click();
    rest(&mut harness);
    assert_eq!(window(&mut harness).app().what_if().unwrap().result.names, ["z"]);
}

#[test]
fn what_was_asked_of_one_document_is_not_asked_of_the_next() {
    let mut harness = drawn(Language::English, [1280.0, 1000.0]);
    open(&mut harness, "iris");
    window(&mut harness).show_pane("pane-whatif");
    rest(&mut harness);
    harness.get_by_role_and_label(Role::Slider, "sepal_length").focus();
    harness.run_steps(2);
    harness.key_press(egui::Key::ArrowRight);
    rest(&mut harness);
    assert_eq!(window(&mut harness).app().questions().what_if.as_ref().unwrap().changes.len(), 1);
    open(&mut harness, "auto_mpg");
    rest(&mut harness);
    assert!(window(&mut harness).app().questions().what_if.as_ref().unwrap().changes.is_empty());
}

#[test]
fn an_answer_in_sight_is_marked_when_it_is_about_older_weights() {
    let mut app = mixed().opened();
    let questions = Questions {
        field: Some(FieldQuestion::default()),
        what_if: Some(WhatIfQuestion::default()),
        ..Questions::default()
    };
    app.dispatch(Command::View(ViewCommand::Ask(Box::new(questions))));
    assert!(app.wait(LIMIT));
    assert!(app.field().unwrap().is_current && app.what_if().unwrap().is_current);
    let (key, parameter) = app.document().parameters.iter().next().unwrap();
    let edit = vastavirta::app::EditCommand::SetParameterEntry {
        key: *key,
        index: 0,
        value: parameter.values[0] + 1.0,
    };
    app.dispatch(Command::Edit(edit));
    let marked = |app: &App| [app.field().map(|it| it.is_current), app.what_if().map(|it| it.is_current)];
    assert_eq!(marked(&app), [Some(false), Some(false)]);
    assert!(app.wait(LIMIT));
    assert_eq!(marked(&app), [Some(true), Some(true)], "and answered anew");
}

#[test]
fn where_nothing_is_validated_words_stand_in_the_place_of_an_empty_curve() {
    let losses = [classes(2)];
    let csv = "x,y\n-2,a\n-1,a\n1,b\n2,b\n";
    for (validation, is_validated) in [(0.0, false), (0.25, true)] {
        let files =
            Model { csv, target: "Category", losses: &losses, validation, ..Model::default() }.written();
        let mut harness = drawn(Language::English, [1280.0, 1000.0]);
        files.shown(&mut harness, "pane-loss");
        window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::UntilDone)));
        rest(&mut harness);
        assert!(window(&mut harness).app().loss_history().records().len() >= 2);
        assert_eq!(says(&harness, "Plot: accuracy"), is_validated, "{:?}", labels(&harness));
        assert_eq!(says(&harness, "nothing is validated"), !is_validated);
        window(&mut harness).show_pane("pane-metrics");
        rest(&mut harness);
        assert_eq!(says(&harness, "No row is set aside for validation"), !is_validated);
        window(&mut harness).show_pane("pane-predictions");
        rest(&mut harness);
        harness.get_by_label("Rows of which part").click();
        rest(&mut harness);
        harness.get_by_role_and_label(Role::Button, "Validation").click();
        rest(&mut harness);
        assert_eq!(says(&harness, "No row is in the validation part."), !is_validated);
    }
}
