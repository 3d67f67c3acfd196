//! Every number on the screen answers a click with its card: a sweep over all panels by what a screen reader
//! hears.
//!
//! Must not look at pixels. What answers no click is listed in [`EXEMPT`], with the reason.

use std::collections::BTreeSet;

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{CheckState, Command, GradientCommand, TrainCommand, ViewCommand, WalkCommand};
use vastavirta::explain::{self, Quantity, Tensor};
use vastavirta::network::{ParameterKey, ParameterRole};
use vastavirta::train::{Goal, Precision};
use vastavirta::ui::Window;
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, open, settle, window};

/// What answers no click, by panel or by what is heard, and why.
const EXEMPT: [(&str, &str); 11] = [
    ("pane-data", "the cells are the file's own; at an Input each has its card"),
    ("pane-predictions", "answers for rows that no pass holds; a row's number shows its pass"),
    ("pane-whatif", "answers to a question of one's own, which no pass holds"),
    ("pane-landscape", "losses of weights that no pass holds; they stand in sentences"),
    ("pane-health", "what was at steps whose passes are gone, and shares of units"),
    ("pane-runs", "what runs ended with, whose passes are gone"),
    ("SpinButton", "a setting, or an input of a question, typed by hand"),
    ("a sentence", "says in words what numbers beside it say"),
    ("‖∇L‖", "the length of the list that stands under it"),
    ("measured", "losses that a nudge or the gradient check measured, and their differences"),
    ("the color scale", "ticks of an axis; heard by its name"),
];

/// Whether a computed number stands in a text: with four decimals, with a power of ten, or as a percentage.
/// Constants of formulas and of code have fewer.
fn has_number(text: &str) -> bool {
    let is_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let is_percentage = text.contains('%');
    text.split(|c: char| c.is_whitespace() || "[](),=·:".contains(c)).any(|word| {
        let word = word.trim_start_matches(['−', '+', '±']).trim_end_matches(['.', '%']);
        let (mantissa, power) = word.split_once('e').unwrap_or((word, ""));
        let power = power.trim_start_matches('−');
        let least = if power.is_empty() && !is_percentage { 4 } else { 1 };
        let decimals = mantissa.split_once('.').filter(|(whole, rest)| is_digits(whole) && is_digits(rest));
        is_digits(power) && decimals.is_some_and(|(whole, rest)| !whole.is_empty() && rest.len() >= least)
    })
}

/// A widget that shows a number, as a test finds it again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    role: String,
    text: String,
}

fn all_nodes(harness: &Drawn) -> Vec<egui_kittest::Node<'_>> {
    let (mut all, mut rest) = (Vec::new(), vec![harness.root()]);
    while let Some(node) = rest.pop() {
        rest.extend(node.children());
        all.push(node);
    }
    all
}

fn heard(node: &egui_kittest::Node<'_>) -> Shown {
    let accessible = node.accesskit_node();
    let text = accessible.label().or_else(|| accessible.value()).unwrap_or_default();
    Shown { role: format!("{:?}", accessible.role()), text }
}

/// All widgets that show a number.
fn numbers(harness: &Drawn) -> BTreeSet<Shown> {
    let shown = all_nodes(harness).into_iter().map(|node| heard(&node));
    shown.filter(|shown| shown.role != "TextRun" && has_number(&shown.text)).collect()
}

/// Why a widget need not answer.
fn exempt(shown: &Shown, measured: &BTreeSet<String>) -> Option<&'static str> {
    let is = |what: &str| EXEMPT.iter().find(|(name, _)| *name == what).map(|(_, reason)| *reason);
    let text = shown.text.as_str();
    if shown.role == "SpinButton" {
        is("SpinButton")
    } else if text.starts_with("‖∇L‖") {
        is("‖∇L‖")
    } else if measured.contains(text) {
        is("measured")
    } else if shown.role == "Label" && text.ends_with('.') && text.contains(' ') {
        is("a sentence")
    } else {
        None
    }
}

/// What the nudge and the gradient check have measured, as it stands on the screen.
fn measured(harness: &mut Drawn) -> BTreeSet<String> {
    let app = window(harness).app();
    let mut found = BTreeSet::new();
    let scientific = |x: f64| format!("{x:.4e}").replace('-', "−");
    if let Some(nudge) = app.nudge() {
        let both = [Some(nudge.difference()), nudge.predicted()];
        found.extend(both.into_iter().flatten().flat_map(|x| [scientific(x), explain::short(x)]));
    }
    if let CheckState::Done { check, .. } = app.gradient_check() {
        for entry in check.parameters.iter().flat_map(|parameter| &parameter.entries) {
            let [low, high] = entry.losses;
            found.extend([low, high, entry.numeric].map(|x| explain::full(x, Precision::F64)));
            found.insert(explain::short(entry.h));
        }
    }
    found
}

/// Clicks on every number and asks every matrix that a scene shows, beside what `before` showed. Gives how
/// many answered.
fn sweep(harness: &mut Drawn, scene: &str, pane: &str, before: &BTreeSet<Shown>) -> usize {
    let measured = measured(harness);
    let mut n_answers = 0;
    for shown in numbers(harness).difference(before) {
        if exempt(shown, &measured).is_some() {
            continue;
        }
        forget(harness, pane);
        let found = all_nodes(harness).into_iter().find(|node| heard(node) == *shown);
        let Some(at) = found.map(|node| node.rect().center()) else { continue };
        if is_cut(harness, shown, at.y) {
            continue;
        }
        harness.hover_at(at);
        harness.drag_at(at);
        harness.drop_at(at);
        harness.run_steps(3);
        assert!(window(harness).app().why().current().is_some(), "{scene}: {shown:?} answers no click");
        n_answers += 1;
    }
    let shown = all_nodes(harness).into_iter().map(|node| heard(&node).text);
    let matrices: BTreeSet<String> = shown.filter(|text| text.starts_with("Matrix ")).collect();
    for label in matrices {
        forget(harness, pane);
        let Some(matrix) = harness.query_all_by_label(&label).next() else { continue };
        matrix.focus();
        harness.run_steps(2);
        harness.key_press(egui::Key::Space);
        harness.run_steps(3);
        assert!(window(harness).app().why().current().is_some(), "{scene}: {label} answers no key");
        n_answers += 1;
    }
    n_answers
}

/// Whether this is the last row of the list of partial derivatives, of which little may be in sight.
fn is_cut(harness: &Drawn, shown: &Shown, y: f32) -> bool {
    let rows = all_nodes(harness).into_iter().filter(|node| heard(node).text.starts_with("∂L/∂"));
    let last = rows.map(|node| node.rect().center().y).fold(0.0, f32::max);
    shown.role == "Button" && shown.text.starts_with("∂L/∂") && y >= last
}

/// Nothing is explained any more, and the panel is in front.
fn forget(harness: &mut Drawn, pane: &str) {
    window(harness).app_mut().dispatch(Command::View(ViewCommand::CloseWhy));
    window(harness).show_pane(pane);
    harness.run_steps(2);
}

/// An example after one epoch, in a window with room for all of a panel.
fn trained(example: &str) -> Drawn {
    let mut harness = drawn(Language::English, [2100.0, 1900.0]);
    open(&mut harness, example);
    let run = TrainCommand::Run(Goal::Epochs(1));
    window(&mut harness).app_mut().dispatch(Command::Train(run));
    settle(&mut harness);
    harness
}

#[test]
fn every_number_of_every_panel_answers_a_click() {
    for (example, least) in [("mazur", 20), ("iris", 20), ("auto_mpg", 20)] {
        let mut harness = trained(example);
        window(&mut harness).show_pane("pane-problems");
        settle(&mut harness);
        let mut n_answers = sweep(&mut harness, example, "pane-problems", &BTreeSet::new());
        let everywhere = numbers(&harness);
        for pane in Window::pane_keys() {
            // The drawing stays in sight: its numbers are among those that were tried first.
            if pane == "pane-canvas" || EXEMPT.iter().any(|(name, _)| *name == pane) {
                continue;
            }
            forget(&mut harness, pane);
            settle(&mut harness);
            n_answers += sweep(&mut harness, &format!("{example}, {pane}"), pane, &everywhere);
        }
        assert!(n_answers >= least, "{example}: only {n_answers} numbers were found");
    }
}

#[test]
fn every_number_of_every_nodes_inspector_answers() {
    for example in ["mazur", "bce_2_3_1", "iris", "dag_skip", "sine_rnn"] {
        let mut harness = trained(example);
        let nodes: Vec<_> = window(&mut harness).app().document().network.nodes.keys().copied().collect();
        let everywhere = numbers(&harness);
        let mut n_answers = 0;
        for node in nodes {
            let select = ViewCommand::Select { nodes: vec![node], edges: Vec::new() };
            window(&mut harness).app_mut().dispatch(Command::View(select));
            forget(&mut harness, "pane-inspector");
            settle(&mut harness);
            let scene = format!("{example}, node {node:?}");
            n_answers += sweep(&mut harness, &scene, "pane-inspector", &everywhere);
        }
        assert!(n_answers >= 8, "{example}: {n_answers}");
    }
}

#[test]
fn every_number_of_a_closer_look_at_a_gradient_answers() {
    let mut harness = trained("mazur");
    let everywhere = numbers(&harness);
    let network = &window(&mut harness).app().document().network;
    let dense = *network.nodes.iter().find(|(_, node)| node.name == "Dense 1").unwrap().0;
    let key = ParameterKey::Node(dense, ParameterRole::Weight);
    let of: Quantity = Tensor::Parameter(key).at(0, 1);
    for command in [GradientCommand::Choose(of), GradientCommand::Check] {
        window(&mut harness).app_mut().dispatch(Command::Gradient(command));
    }
    for look in ["Nudge and look", "Gradient check", "Two ways"] {
        forget(&mut harness, "pane-gradient");
        harness.get_by_label(look).click();
        for _ in 0..3 {
            settle(&mut harness);
        }
        let n_answers = sweep(&mut harness, look, "pane-gradient", &everywhere);
        assert!(n_answers >= 9, "{look}: {n_answers}");
    }
}

#[test]
fn every_number_of_a_walk_answers() {
    for example in ["mazur", "iris", "sine_rnn"] {
        let mut harness = trained(example);
        let everywhere = numbers(&harness);
        window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::Open));
        settle(&mut harness);
        let walk = window(&mut harness).app().walk().unwrap();
        let ends: Vec<usize> = walk.phases().into_iter().map(|(_, actions)| actions.end).collect();
        let mut n_answers = 0;
        for end in ends {
            window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::GoTo(end)));
            forget(&mut harness, "pane-backprop");
            n_answers += sweep(&mut harness, &format!("{example}, walk {end}"), "pane-backprop", &everywhere);
        }
        assert!(n_answers >= 8, "{example}: {n_answers}");
    }
}

#[test]
fn metrics_of_the_evaluated_part_answer_beside_the_predictions() {
    let mut harness = trained("auto_mpg");
    window(&mut harness).show_pane("pane-predictions");
    for _ in 0..3 {
        settle(&mut harness);
    }
    let choice = harness.get_by_role_and_label(Role::ComboBox, "Rows of which part");
    choice.click();
    harness.run_steps(3);
    harness.get_by_label("Validation").click();
    for _ in 0..3 {
        settle(&mut harness);
    }
    let metrics = window(&mut harness).app().snapshot().unwrap().evaluation.as_ref().unwrap().metrics();
    let mae = explain::short(metrics.mae.unwrap());
    let lowest = all_nodes(&harness).into_iter().filter(|node| heard(node).text == mae);
    let lowest = lowest.map(|node| node.rect().center()).max_by(|a, b| a.y.total_cmp(&b.y)).unwrap();
    harness.hover_at(lowest);
    harness.drag_at(lowest);
    harness.drop_at(lowest);
    harness.run_steps(3);
    let explained = window(&mut harness).app().why().current();
    assert_eq!(explained, Some(Tensor::Metric(explain::Metric::Mae).at(0, 0)));
}
