//! The course's exercise in a real window, drawn from an empty canvas by dragging its nodes and wires.
//!
//! Needs what `real_window` needs.

use std::thread::sleep;
use std::time::Duration;

use vastavirta::network::Severity;

use crate::display::{Display, Widget, Window, number_after};
use crate::screen::{card, draw, save_as, saved, wire};

/// f = mean(sqrt(abs(sin(x**3 * y**2 / y**2)) / z)): palette entry, name, place in the window.
const NODES: [(&str, &str, (f64, f64)); 12] = [
    ("Tensor", "Tensor 1", (260.0, 110.0)),
    ("Pow", "Pow 1", (400.0, 110.0)),
    ("Tensor", "Tensor 2", (260.0, 220.0)),
    ("Pow", "Pow 2", (400.0, 220.0)),
    ("Multiply", "Multiply 1", (550.0, 130.0)),
    ("Div", "Div 1", (690.0, 190.0)),
    ("Sin", "Sin 1", (820.0, 190.0)),
    ("Abs", "Abs 1", (400.0, 340.0)),
    ("Tensor", "Tensor 3", (400.0, 440.0)),
    ("Div", "Div 2", (540.0, 380.0)),
    ("Sqrt", "Sqrt 1", (680.0, 380.0)),
    ("Mean", "Mean 1", (820.0, 380.0)),
];

/// Two ports stand so far above and below the middle of a card.
const UP: f64 = 10.0;

/// From, to, and how far above or below the middle of the card its port is.
const WIRES: [(&str, &str, f64); 12] = [
    ("Tensor 1", "Pow 1", 0.0),
    ("Tensor 2", "Pow 2", 0.0),
    ("Pow 1", "Multiply 1", -UP),
    ("Pow 2", "Multiply 1", UP),
    ("Multiply 1", "Div 1", -UP),
    ("Pow 2", "Div 1", UP),
    ("Div 1", "Sin 1", 0.0),
    ("Sin 1", "Abs 1", 0.0),
    ("Abs 1", "Div 2", -UP),
    ("Tensor 3", "Div 2", UP),
    ("Div 2", "Sqrt 1", 0.0),
    ("Sqrt 1", "Mean 1", 0.0),
];

/// Drags a node from the palette, whose list is longer than the window: searched for first.
fn drag_in(window: &mut Window<'_>, (entry, name, place): (&str, &str, (f64, f64))) {
    let search = |widget: &Widget| widget.role == "TextInput" && widget.rect[2] < 250.0;
    let (x, y) = window.find_where("the search", search).center();
    window.click_at(x, y);
    window.key("ctrl+a");
    window.type_text(entry);
    window.find_where("what was typed", |widget| search(widget) && widget.value == entry);
    let (x, y) =
        window.find_where(entry, |w| w.role == "Button" && w.label == entry && w.rect[2] < 200.0).center();
    window.drag((x, y), place);
    card(window, name);
}

fn select(window: &mut Window<'_>, name: &str) {
    let (x, y) = card(window, name).center();
    window.click_at(x, y);
}

/// Clicks something in the inspector once it stands still: its sections open slowly.
fn click_in_inspector(window: &mut Window<'_>, what: &str, is_it: impl Fn(&Widget) -> bool) {
    window.find_where(what, &is_it);
    sleep(Duration::from_secs(1));
    let (x, y) = window.find_where(what, &is_it).center();
    window.click_at(x, y);
}

fn tick(window: &mut Window<'_>, label: &str) {
    let is_it = |widget: &Widget| widget.role == "CheckBox" && widget.label == label;
    let before = window.find_where(label, is_it);
    click_in_inspector(window, label, is_it);
    window.wait_for(label, |widgets| widgets.iter().any(|w| is_it(w) && w.state != before.state));
}

/// Types the numbers of a tensor into its field.
fn type_values(window: &mut Window<'_>, name: &str, numbers: &str) {
    select(window, name);
    let values = |widget: &Widget| widget.role == "MultilineTextInput" && widget.label == "values";
    click_in_inspector(window, "its numbers", values);
    window.key("ctrl+a");
    window.type_text(numbers);
}

/// The numbers in brackets on the screen.
fn find_numbers(window: &mut Window<'_>, what: &str, numbers: &str) {
    window.find_where(what, |widget| widget.text().replace('−', "-") == numbers);
}

#[test]
fn the_exercise_is_solved_from_an_empty_canvas_by_dragging_its_nodes_and_wires() {
    let test = "the_exercise_is_solved_from_an_empty_canvas_by_dragging_its_nodes_and_wires";
    let Some(display) = Display::start(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    draw(&mut window, &[]);
    for node in NODES {
        drag_in(&mut window, node);
    }
    window.photograph("functions-1-nodes");
    for (from, to, above_or_below) in WIRES {
        wire(&mut window, from, to, above_or_below);
    }
    for (name, numbers) in [("Tensor 1", "[1, 2, 3]"), ("Tensor 2", "[0.5, 1, 1.5]"), ("Tensor 3", "0.5")] {
        type_values(&mut window, name, numbers);
    }
    select(&mut window, "Pow 1");
    let exponent = |w: &Widget| w.role == "SpinButton" && w.label == "exponent";
    click_in_inspector(&mut window, "the exponent", exponent);
    window.key("ctrl+a");
    window.type_text("3");
    window.key("Return");
    window.find_where("the exponent as typed", |widget| exponent(widget) && widget.value == "3");
    select(&mut window, "Mean 1");
    tick(&mut window, "backward() starts here");
    // Without data, loss or optimizer it runs at once.
    window.wait_for("f", |widgets| {
        number_after(widgets, "batch loss").is_some_and(|f| (f - 1.3623).abs() < 1e-9)
    });
    window.photograph("functions-2-drawn");
    select(&mut window, "Tensor 1");
    let is_backward = |widget: &Widget| widget.role == "Button" && widget.label == "backward()";
    click_in_inspector(&mut window, "backward()", is_backward);
    find_numbers(&mut window, "x.grad", "[0.4165, -0.4137, -1.9011]");
    window.photograph("functions-3-backward");
    select(&mut window, "Tensor 3");
    find_numbers(&mut window, "z.grad", "-1.3623");
    // y leaves the quotient, but for rounding.
    select(&mut window, "Tensor 2");
    window.find_where("that it is rounding", |widget| widget.text().contains("only rounding"));

    // Under no_grad nothing of it is recorded, and x gets no gradient.
    select(&mut window, "Abs 1");
    tick(&mut window, "no_grad");
    window.find_where("the cut", |widget| widget.label.contains("which records nothing"));
    window.photograph("functions-4-no-grad");
    window.key("ctrl+z");
    let path = home.path().join("chain.ron");
    save_as(&mut window, &path);
    let network = saved(&path).document.network;
    assert_eq!((network.nodes.len(), network.edges.len(), network.roots.len()), (12, 12, 1));
    assert!(network.problems().iter().all(|problem| problem.severity < Severity::Warning));
    assert!(network.nodes.values().all(|node| !node.no_grad));
    window.quit();
}
