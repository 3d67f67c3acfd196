//! The walk through a pass in the window without a screen: opened, moved by buttons and keys, refused,
//! closed.
//!
//! Must not look at pixels: names, values and what the application did with a click.

use egui::Key;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{Command, TrainCommand, WalkCommand};
use vastavirta::explain::{Order, Phase, Stride, Way};
use vastavirta::train::Goal;
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, settle, window};

fn walk_command(harness: &mut Drawn, command: WalkCommand) {
    window(harness).app_mut().dispatch(Command::Walk(command));
    harness.run_steps(2);
}

/// Opens Mazur's example and a walk through its pass.
fn walking(language: Language) -> Drawn {
    let mut harness = drawn(language, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    harness.key_press(Key::F9);
    harness.run_steps(2);
    settle(&mut harness);
    harness.run_steps(3);
    assert!(window(&mut harness).app().walk().is_some(), "F9 opens a walk");
    harness
}

fn cursor(harness: &mut Drawn) -> usize {
    window(harness).app().walk().unwrap().cursor()
}

/// To the end of `loss.backward()`.
fn to_end_of_backward(harness: &mut Drawn) {
    let walk = window(harness).app().walk().unwrap();
    let (_, actions) = walk.phases().into_iter().find(|(phase, _)| *phase == Phase::Backward).unwrap();
    walk_command(harness, WalkCommand::GoTo(actions.end));
}

#[test]
fn a_walk_begins_with_nothing_and_ends_with_the_pass_as_it_was() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    let before = window(&mut harness).app().snapshot().unwrap().pass.clone().unwrap();
    harness.key_press(Key::F9);
    harness.run_steps(2);
    settle(&mut harness);
    let shown = window(&mut harness).app().snapshot().unwrap().pass.clone().unwrap();
    let is_input = |node: &vastavirta::network::Node| node.kind.data().is_some();
    let nodes = &window(&mut harness).app().document().network.nodes.clone();
    for (node, time_step) in shown.nodes.keys() {
        assert!(is_input(&nodes[node]) && *time_step == 0, "only the data are there at the start");
    }
    assert!(shown.parameters.values().all(|p| p.grad.is_none() && p.update.is_none()));
    to_end_of_backward(&mut harness);
    let shown = window(&mut harness).app().snapshot().unwrap().pass.clone().unwrap();
    assert_eq!(shown.nodes, before.nodes);
    for (key, parameter) in &shown.parameters {
        assert_eq!(parameter.grad, before.parameters[key].grad);
        assert_eq!(parameter.value, before.parameters[key].value, "not stepped yet");
    }
    walk_command(&mut harness, WalkCommand::Close);
    let after = window(&mut harness).app().snapshot().unwrap().pass.clone().unwrap();
    assert_eq!(after, before);
}

#[test]
fn the_arrow_keys_walk_while_the_bar_has_the_focus() {
    let mut harness = walking(Language::English);
    assert_eq!(cursor(&mut harness), 0);
    for _ in 0..3 {
        harness.key_press(Key::ArrowRight);
        harness.run_steps(2);
    }
    assert_eq!(cursor(&mut harness), 3);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    assert_eq!(cursor(&mut harness), 2);
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert!(window(&mut harness).app().walk().unwrap().is_at_end());
    harness.key_press(Key::Home);
    harness.run_steps(2);
    assert_eq!(cursor(&mut harness), 0);
    harness.key_press(Key::F9);
    harness.run_steps(3);
    assert!(!window(&mut harness).app().is_walking(), "F9 on the bar closes the walk");
}

#[test]
fn buttons_walk_by_operation_by_node_and_by_phase() {
    let mut harness = walking(Language::English);
    harness.get_by_label("One step on").click();
    harness.run_steps(2);
    assert_eq!(cursor(&mut harness), 1);
    harness.get_by_label("To the end of the phase").click();
    harness.run_steps(2);
    assert_eq!(window(&mut harness).app().walk().unwrap().phase(), Phase::Model);
    walk_command(&mut harness, WalkCommand::Stride(Stride::Phase));
    harness.get_by_label("One step on").click();
    harness.run_steps(2);
    assert_eq!(window(&mut harness).app().walk().unwrap().phase(), Phase::Loss);
    harness.get_by_label("To the start").click();
    harness.run_steps(2);
    assert_eq!(cursor(&mut harness), 0);
}

#[test]
fn a_click_on_an_action_goes_there_and_shows_it_in_the_persons_language() {
    let mut harness = walking(Language::Finnish);
    to_end_of_backward(&mut harness);
    harness.run_steps(2);
    let said = labels(&harness);
    assert!(said.iter().any(|label| label.starts_with("Toiminto ")), "{said:?}");
    let listed = said.iter().find(|label| *label == "grad_W, Dense 2").cloned();
    let listed = listed.unwrap_or_else(|| panic!("{said:?}"));
    let before = cursor(&mut harness);
    harness.get_by_label(&listed).click();
    harness.run_steps(3);
    assert!(cursor(&mut harness) < before);
    let said = labels(&harness);
    assert!(said.iter().any(|label| label.contains("kirjoittaa") || label.contains("grad_W, Dense 2")));
}

#[test]
fn way_two_refuses_an_action_whose_delta_is_missing_and_names_it() {
    let mut harness = walking(Language::English);
    walk_command(&mut harness, WalkCommand::Order(Order::Own(Way::Steps)));
    let walk = window(&mut harness).app().walk().unwrap();
    let (_, backward) = walk.phases().into_iter().find(|(phase, _)| *phase == Phase::Backward).unwrap();
    walk_command(&mut harness, WalkCommand::GoTo(backward.start + 1));
    walk_command(&mut harness, WalkCommand::Choose(backward.end - 1));
    let refused = window(&mut harness).app().walk_refusal().cloned().unwrap();
    assert!(!refused.missing.is_empty());
    harness.run_steps(2);
    let said = labels(&harness);
    assert!(said.iter().any(|label| label.contains("cannot come next")), "{said:?}");
    walk_command(&mut harness, WalkCommand::Choose(backward.start + 1));
    assert_eq!(window(&mut harness).app().walk_refusal(), None);
}

#[test]
fn step_batch_walks_on_to_the_next_pass_and_training_leaves_the_walk_where_it_is() {
    let mut harness = walking(Language::English);
    to_end_of_backward(&mut harness);
    let first = window(&mut harness).app().walk().unwrap().pass().step;
    let app = window(&mut harness).app_mut();
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(1))));
    settle(&mut harness);
    let walk = window(&mut harness).app().walk().unwrap();
    assert_eq!((walk.pass().step, walk.cursor()), (first + 1, 0));
    to_end_of_backward(&mut harness);
    let app = window(&mut harness).app_mut();
    app.dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(3))));
    settle(&mut harness);
    let walk = window(&mut harness).app().walk().unwrap();
    assert_eq!(walk.pass().step, first + 1, "a walk belongs to one pass");
    assert!(walk.cursor() > 0);
}

#[test]
fn every_number_of_the_worked_example_stands_at_its_place_in_the_walk() {
    let mut harness = walking(Language::English);
    let app = window(&mut harness).app_mut();
    let walk = app.walk().unwrap().clone();
    let definitions = app.definitions(walk.pass());
    let mut found = Vec::new();
    for (idx, action) in walk.timeline().actions().iter().enumerate() {
        let mut here = walk.clone();
        here.go_to(idx + 1);
        let values = action.makes.and_then(|tensor| here.values(&definitions, tensor));
        found.extend(values.iter().flat_map(|values| values.data().to_vec()));
    }
    for number in [0.741_365_07, 0.082_167_041, 0.138_498_562, 0.298_371_109, 0.593_269_992] {
        assert!(found.iter().any(|x| (x.abs() - number).abs() < 5e-9), "{number} is not among {found:?}");
    }
}
