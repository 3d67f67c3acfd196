//! The walk through a pass in the window without a screen: opened, moved by buttons and keys, refused,
//! closed.
//!
//! Must not look at pixels: names, values and what the application did with a click.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, TrainCommand, WalkCommand};
use vastavirta::explain::{self, ActionKind, Order, Phase, Stride, Tensor, Way};
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
    let is_lit =
        |node: &egui_kittest::Node<'_>| node.accesskit_node().description().as_deref() == Some("missing");
    let lit = harness.query_all_by_role(Role::Button).filter(is_lit).count();
    assert!(lit > 0, "the actions that would make what is missing are marked in the list");
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

/// Mazur's numbers in the order of his page: the letter of the matrix, its column, the number.
const WORKED: [(&str, &str, usize, f64); 18] = [
    ("Dense 1", "Z", 0, 0.3775),
    ("Dense 1", "Z", 1, 0.3925),
    ("Sigmoid 1", "A", 0, 0.593_269_992),
    ("Sigmoid 1", "A", 1, 0.596_884_378),
    ("Dense 2", "Z", 0, 1.105_905_967),
    ("Sigmoid 2", "A", 0, 0.751_365_070),
    ("Sigmoid 2", "A", 1, 0.772_928_465),
    ("Half sum of squares 1", "L", 0, 0.298_371_109),
    ("Sigmoid 2", "dA", 0, 0.741_365_070),
    ("Sigmoid 2", "dA", 1, -0.217_071_535),
    ("Dense 2", "dZ", 0, 0.138_498_562),
    ("Dense 2", "dZ", 1, -0.038_098_236),
    ("Dense 2", "grad_W", 0, 0.082_167_041),
    ("Sigmoid 1", "dA", 0, 0.036_350_306),
    ("Dense 1", "dZ", 0, 0.008_771_355),
    ("Dense 1", "grad_W", 0, 0.000_438_568),
    ("Dense 2", "W", 0, 0.358_916_480),
    ("Dense 1", "W", 0, 0.149_780_716),
];

#[test]
fn every_number_of_the_worked_example_is_on_the_screen_at_its_place_in_the_walk() {
    let mut harness = walking(Language::English);
    for (node, letter, column, expected) in WORKED {
        // The action is found in the list by its name, as a person finds it.
        let action = match letter {
            "dZ" | "dA" => delta_action(&mut harness, node, letter),
            _ => format!("{letter} of {node}"),
        };
        go_to_action(&mut harness, &action);
        harness.run_steps(2);
        let is_matrix = |label: &str| {
            let (name, numbers) = label.split_once(" = [").unwrap_or_default();
            let own = if letter.starts_with('d') { letter } else { name };
            !numbers.is_empty() && name.starts_with(own.trim_end_matches(char::is_numeric))
        };
        let shown = explain::short(expected);
        let matrix = labels(&harness).into_iter().find(|label| is_matrix(label) && label.contains(&shown));
        let matrix = matrix.unwrap_or_else(|| panic!("{action}: no {shown} in {:#?}", labels(&harness)));
        // Every digit of it stands under the pointer.
        let area = harness.get_by_label(&matrix).rect();
        harness.hover_at(area.left_top() + egui::vec2(31.0 + 58.0 * column as f32, 12.0));
        harness.run_steps(4);
        let digits = labels(&harness).into_iter().find_map(|label| {
            let (name, number) = label.split_once("] = ")?;
            name.contains('[').then(|| number.replace('−', "-").parse::<f64>().ok())?
        });
        let found = digits.unwrap_or_else(|| panic!("{action}: nothing under the pointer"));
        assert!((found - expected).abs() < 5e-9, "{action}: {found}, the page has {expected}");
    }
}

#[test]
fn a_click_on_a_number_of_the_walk_goes_to_the_action_that_wrote_it_and_explains_it() {
    let mut harness = walking(Language::English);
    to_end_of_backward(&mut harness);
    go_to_action(&mut harness, "grad_W of Dense 2");
    let before = cursor(&mut harness);
    let delta = labels(&harness).into_iter().find(|label| label.contains(" = [0.1385, ")).unwrap();
    harness.get_by_label(&delta).click();
    harness.run_steps(3);
    assert!(cursor(&mut harness) < before, "the delta was written earlier");
    let app = window(&mut harness).app();
    let made = app.walk().unwrap().current_action().unwrap().writes.clone();
    let explained = app.why().current().unwrap();
    assert!(made.contains(&explained.tensor), "{explained:?} is not among {made:?}");
    // A weight that no optimizer has changed yet was written by nothing: its click moves nothing.
    go_to_action(&mut harness, "Z of Dense 2");
    let before = cursor(&mut harness);
    let weight = labels(&harness).into_iter().find(|label| label.contains(" = [0.4000, 0.4500, ")).unwrap();
    harness.get_by_label(&weight).click();
    harness.run_steps(3);
    assert_eq!(cursor(&mut harness), before);
}

/// Behind the first action of this name.
fn go_to_action(harness: &mut Drawn, name: &str) {
    let app = window(harness).app();
    let (walk, network) = (app.walk().unwrap(), &app.document().network);
    let actions = walk.timeline().actions().iter();
    let found = actions.enumerate().find(|(_, action)| {
        let (Some(makes), Some(node)) = (action.makes, action.node) else { return false };
        let makes = match action.kind {
            ActionKind::Update(key) => Tensor::Parameter(key),
            _ => makes,
        };
        format!("{} of {}", makes.letter(network).symbol(), network.nodes[&node].name) == name
    });
    let place = found.unwrap_or_else(|| panic!("no action {name}")).0 + 1;
    walk_command(harness, WalkCommand::GoTo(place));
}

/// The action that makes the gradient of a node's output: of the node after it.
fn delta_action(harness: &mut Drawn, node: &str, letter: &str) -> String {
    let network = &window(harness).app().document().network;
    let own = *network.nodes.iter().find(|(_, it)| it.name == node).unwrap().0;
    let after = network.edges.values().find(|edge| edge.from == own).unwrap().to;
    format!("{letter} of {}", network.nodes[&after].name)
}
