//! The gradient looked at closely: the list of all partial derivatives, a nudge, the gradient check, and
//! nodes opened into neurons and curves.
//!
//! Must not look at pixels: names, values and what the application did with a click.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{CheckState, Command, GradientCommand, WalkCommand};
use vastavirta::autodiff::gradcheck::Outcome;
use vastavirta::explain::Tensor;
use vastavirta::network::{NodeId, ParameterKey, ParameterRole};
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, select, settle, window};

fn node_named(harness: &mut Drawn, name: &str) -> NodeId {
    let network = &window(harness).app().document().network;
    *network.nodes.iter().find(|(_, node)| node.name == name).unwrap().0
}

/// Chooses an entry of the first Dense's weight and lets the nudge be measured.
fn choose(harness: &mut Drawn, row: usize, column: usize) {
    let network = &window(harness).app().document().network;
    let first = if network.nodes.values().any(|node| node.name == "Wx 1") { "Wx 1" } else { "Dense 1" };
    let node = node_named(harness, first);
    let key = ParameterKey::Node(node, ParameterRole::Weight);
    let chosen = Tensor::Parameter(key).at(row, column);
    window(harness).app_mut().dispatch(Command::Gradient(GradientCommand::Choose(chosen)));
    harness.run_steps(3);
    settle(harness);
    harness.run_steps(3);
}

#[test]
fn the_gradient_is_listed_as_all_partial_derivatives_by_name() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    window(&mut harness).show_pane("pane-gradient");
    harness.run_steps(3);
    let labels = labels(&harness);
    for wanted in ["∂L/∂w00 (Dense 1) = 0.0980", "∂L/∂w01 (Dense 1) = 0.1960"] {
        assert!(labels.iter().any(|label| label == wanted), "{wanted}: {labels:?}");
    }
}

#[test]
fn a_small_nudge_changes_the_loss_by_what_the_gradient_foretells() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    window(&mut harness).show_pane("pane-gradient");
    choose(&mut harness, 0, 1);
    let nudge = window(&mut harness).app().nudge().cloned().unwrap();
    assert!((nudge.grad.unwrap() - 0.196).abs() < 1e-9, "{nudge:?}");
    assert!((nudge.difference() - nudge.predicted().unwrap()).abs() < 1e-9, "{nudge:?}");
    let lowest = nudge.curve.first().unwrap()[0];
    let highest = nudge.curve.last().unwrap()[0];
    assert!(lowest < nudge.value && nudge.value < highest);
    harness.get_by_label("grow by one").click();
    harness.run_steps(3);
    settle(&mut harness);
    harness.run_steps(3);
    let nudge = window(&mut harness).app().nudge().cloned().unwrap();
    assert_eq!(nudge.epsilon, 1.0);
    assert!((nudge.difference() - nudge.predicted().unwrap()).abs() > 1e-3, "the loss is no straight line");
}

#[test]
fn an_input_can_be_grown_by_one() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    window(&mut harness).show_pane("pane-gradient");
    let node = node_named(&mut harness, "Input 1");
    let app = window(&mut harness).app_mut();
    let input = Tensor::Output { node, time_step: 0 }.at(0, 0);
    app.dispatch(Command::Gradient(GradientCommand::Epsilon(1.0)));
    app.dispatch(Command::Gradient(GradientCommand::Choose(input)));
    harness.run_steps(3);
    settle(&mut harness);
    let app = window(&mut harness).app();
    let nudge = app.nudge().cloned().unwrap();
    let pass = app.snapshot().unwrap().pass.clone().unwrap();
    let x = pass.node(node, 0).unwrap().output.get(0, 0).unwrap();
    assert_eq!((nudge.value, nudge.epsilon), (x, 1.0));
    let shown = pass.node(node, 0).unwrap().grad.as_ref().unwrap().get(0, 0).unwrap();
    assert!((nudge.grad.unwrap() - shown).abs() < 1e-9);
}

#[test]
fn the_gradient_check_runs_beside_the_window_and_says_what_it_found() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    window(&mut harness).show_pane("pane-gradient");
    harness.run_steps(3);
    harness.get_by_label("Gradient check").click();
    harness.run_steps(2);
    harness.get_by_label("Check all gradients").click();
    harness.run_steps(2);
    settle(&mut harness);
    harness.run_steps(3);
    let CheckState::Done { check, is_current } = window(&mut harness).app().gradient_check() else {
        panic!("the check has not ended")
    };
    assert!(is_current && check.passes() && check.count(Outcome::Agrees) == 12);
    choose(&mut harness, 0, 0);
    let said = labels(&harness);
    for wanted in ["Passed: all 12 entries", "L(w00 + ε)", "Agrees: relative error"] {
        assert!(said.iter().any(|label| label.contains(wanted)), "{wanted}: {said:?}");
    }
}

#[test]
fn a_stopped_check_leaves_nothing_behind() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "digits");
    let app = window(&mut harness).app_mut();
    app.dispatch(Command::Gradient(GradientCommand::Check));
    assert!(matches!(app.gradient_check(), CheckState::Running(_)));
    app.dispatch(Command::Gradient(GradientCommand::CancelCheck));
    assert_eq!(app.gradient_check(), CheckState::None);
}

#[test]
fn a_dense_opens_into_neurons_whose_arrows_are_its_weights() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "grad_w_2x3");
    select(&mut harness, |kind| kind.dense().is_some());
    harness.key_press(egui::Key::N);
    harness.run_steps(3);
    let said = labels(&harness);
    assert!(said.iter().any(|label| label == "Dense 1, opened"), "{said:?}");
    harness.get_by_label_contains("w01 = ").click();
    harness.run_steps(3);
    let node = node_named(&mut harness, "Dense 1");
    let key = ParameterKey::Node(node, ParameterRole::Weight);
    assert_eq!(window(&mut harness).app().chosen_entry(), Some(Tensor::Parameter(key).at(0, 1)));
    harness.get_by_label("by gradient").click();
    harness.run_steps(2);
    harness.key_press(egui::Key::N);
    harness.run_steps(3);
    assert!(!labels(&harness).iter().any(|label| label == "Dense 1, opened"), "N closes it again");
}

#[test]
fn an_activation_opens_into_its_curve() {
    let mut harness = drawn(Language::Finnish, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    select(&mut harness, |kind| kind.activation().is_some());
    harness.key_press(egui::Key::N);
    harness.run_steps(3);
    assert!(labels(&harness).iter().any(|label| label == "Sigmoid 1, avattuna"));
}

#[test]
fn both_ways_to_a_gradient_end_in_the_same_number() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    window(&mut harness).show_pane("pane-gradient");
    harness.run_steps(3);
    harness.get_by_label("Two ways").click();
    choose(&mut harness, 0, 0);
    let lenses = window(&mut harness).app().lenses().cloned().unwrap();
    assert_eq!(lenses.is_equal(), Some(true), "{lenses:?}");
    assert_eq!(lenses.paths.n_paths.to_string(), "2", "by both units of the second layer");
    assert!((lenses.paths.sum - 0.000_438_568).abs() < 1e-9, "{}", lenses.paths.sum);
    let factors = lenses.paths.listed.iter().flat_map(|path| &path.factors);
    assert!({ factors }.any(|factor| (factor.value - 0.186_815_602).abs() < 1e-8), "the worked example's o′");
    let said = labels(&harness);
    assert!(said.iter().any(|label| label == "equal ✓"), "{said:?}");
    assert!(said.iter().any(|label| label.contains("2 of 2 paths")), "{said:?}");
    assert!(said.iter().any(|label| label.contains("] = 0.1868 · ")), "the worked example's o′: {said:?}");
}

#[test]
fn a_path_under_the_pointer_lights_its_factor_in_each_delta_of_the_other_way() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "mazur");
    window(&mut harness).show_pane("pane-gradient");
    harness.run_steps(3);
    harness.get_by_label("Two ways").click();
    choose(&mut harness, 0, 0);
    // The number that is lit is told as the line's description.
    let lit = |harness: &Drawn| {
        let lines = harness.query_all_by_role(Role::Label).map(|node| node.accesskit_node());
        lines.filter_map(|node| Some((node.value()?, node.description()?))).collect::<Vec<_>>()
    };
    assert_eq!(lit(&harness), [], "nothing is lit before a path is pointed at");
    let paths: Vec<String> = labels(&harness)
        .into_iter()
        .filter(|label| label.starts_with("∂Z") && label.contains(" · "))
        .collect();
    assert_eq!(paths.len(), 2, "{:?}", labels(&harness));
    for path in paths {
        harness.get_by_label(&path).hover();
        harness.run_steps(3);
        // `∂Z1[0]/∂W1[0, 0] = 0.0500 · … = …`: the numbers of its factors.
        let factors: Vec<&str> = path.split(" · ").filter_map(|factor| factor.split(" = ").nth(1)).collect();
        let lit = lit(&harness);
        for factor in &factors[..factors.len() - 1] {
            let holder = lit.iter().find(|(_, value)| value == factor);
            let (label, _) = holder.unwrap_or_else(|| panic!("{factor} of {path} is not lit in {lit:?}"));
            assert!(label.contains(&format!("· {factor}")), "{label}");
        }
    }
}

#[test]
fn both_ways_are_found_through_time_with_and_without_a_walk() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "sine_rnn");
    window(&mut harness).show_pane("pane-gradient");
    harness.run_steps(3);
    harness.get_by_label("Two ways").click();
    for walks in [false, true] {
        if walks {
            window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::Open));
            settle(&mut harness);
        }
        choose(&mut harness, usize::from(walks), 0);
        for _ in 0..6 {
            harness.run_steps(3);
            settle(&mut harness);
        }
        let lenses = window(&mut harness).app().lenses().cloned().unwrap_or_else(|| panic!("walks: {walks}"));
        assert_eq!(lenses.is_equal(), Some(true), "walks: {walks}");
    }
}
