//! A chain of free operations in a real window, drawn by dragging its nodes and wires: mean(sqrt(|x|)).
//!
//! Needs what `real_window` needs.

use std::thread::sleep;
use std::time::Duration;

use vastavirta::network::Severity;

use crate::display::{Display, Widget, Window, number_after};
use crate::screen::{card, draw, save_as, saved, wire};

/// Palette entry, name, place in the window.
const CHAIN: [(&str, &str, (f64, f64)); 4] = [
    ("Tensor", "Tensor 1", (260.0, 220.0)),
    ("Abs", "Abs 1", (430.0, 220.0)),
    ("Sqrt", "Sqrt 1", (600.0, 220.0)),
    ("Mean", "Mean 1", (770.0, 220.0)),
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

/// Clicks a box of the inspector once it stands still: its sections open slowly.
fn tick(window: &mut Window<'_>, label: &str) {
    let is_it = |widget: &Widget| widget.role == "CheckBox" && widget.label == label;
    let before = window.find_where(label, is_it);
    sleep(Duration::from_secs(1));
    let (x, y) = window.find_where(label, is_it).center();
    window.click_at(x, y);
    window.wait_for(label, |widgets| widgets.iter().any(|w| is_it(w) && w.state != before.state));
}

#[test]
fn a_chain_of_operations_is_solved_from_an_empty_canvas_by_dragging_its_nodes() {
    let test = "a_chain_of_operations_is_solved_from_an_empty_canvas_by_dragging_its_nodes";
    let Some(display) = Display::start(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    draw(&mut window, &[]);
    for node in CHAIN {
        drag_in(&mut window, node);
    }
    for [from, to] in [["Tensor 1", "Abs 1"], ["Abs 1", "Sqrt 1"], ["Sqrt 1", "Mean 1"]] {
        wire(&mut window, from, to, 0.0);
    }
    select(&mut window, "Tensor 1");
    let values = |widget: &Widget| widget.role == "MultilineTextInput" && widget.label == "values";
    let (x, y) = window.find_where("its numbers", values).center();
    window.click_at(x, y);
    window.key("ctrl+a");
    window.type_text("[4, -9, 16]");
    select(&mut window, "Mean 1");
    tick(&mut window, "backward() starts here");
    // Without data, loss or optimizer it runs at once: (2 + 3 + 4) / 3.
    window.wait_for("f", |widgets| number_after(widgets, "batch loss") == Some(3.0));
    window.photograph("functions-1-drawn");
    select(&mut window, "Tensor 1");
    let is_backward = |widget: &Widget| widget.role == "Button" && widget.label == "backward()";
    window.find_where("backward()", is_backward);
    // The section opens slowly.
    sleep(Duration::from_secs(1));
    let (x, y) = window.find_where("backward()", is_backward).center();
    window.click_at(x, y);
    // sign(x) / (2 √|x| · 3)
    window.find_where("x.grad", |w| w.text().replace('−', "-") == "[0.0833, -0.0556, 0.0417]");

    // Under no_grad nothing of it is recorded, and x gets no gradient.
    select(&mut window, "Abs 1");
    tick(&mut window, "no_grad");
    window.find_where("the cut", |widget| widget.label.contains("which records nothing"));
    window.photograph("functions-2-no-grad");
    window.key("ctrl+z");
    let path = home.path().join("chain.ron");
    save_as(&mut window, &path);
    let network = saved(&path).document.network;
    assert_eq!((network.nodes.len(), network.edges.len(), network.roots.len()), (4, 3, 1));
    assert!(network.problems().iter().all(|problem| problem.severity < Severity::Warning));
    assert!(network.nodes.values().all(|node| !node.no_grad));
    window.quit();
}
