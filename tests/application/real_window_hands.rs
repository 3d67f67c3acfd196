//! Keys and gestures as a hand makes them, in a real window: held keys, a file that is not replaced, a node put
//! on a loop wire, typed rows.
//!
//! Needs what `real_window` needs.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use vastavirta::document::Document;
use vastavirta::files::{ModelFile, write_model};
use vastavirta::network::{
    Activation, Builder, DenseNode, Edge, InitialState, LossKind, NodeId, NodeKind, ParameterKey, Position,
};

use crate::display::{Display, Widget, Window};
use crate::screen::{answer_with_path, card, draw, saved};

/// Every key that a test of the window presses, but for the one that ends it.
const KEYS: [&str; 24] = [
    "space",
    "Return",
    "Tab",
    "Escape",
    "Left",
    "Right",
    "Up",
    "Down",
    "ctrl+Right",
    "BackSpace",
    "Home",
    "End",
    "F2",
    "Escape",
    "ctrl+a",
    "ctrl+z",
    "ctrl+shift+z",
    "ctrl+c",
    "ctrl+plus",
    "ctrl+0",
    "f",
    "u",
    "0",
    "space",
];

/// Keys that open something; Escape closes it again.
const OPENING: [&str; 5] = ["ctrl+o", "ctrl+l", "ctrl+shift+s", "F1", "ctrl+s"];

/// Fails where the window has locked up: it draws no frame for a pointer that moves.
fn is_alive(window: &mut Window<'_>, after: &str) {
    let before = window.frame();
    for x in [500.0, 520.0, 540.0] {
        window.move_to(x, 380.0);
    }
    window.wait_for(&format!("a frame after {after}"), |_| true);
    for _ in 0..300 {
        if window.frame() > before {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("the window is frozen after {after}");
}

fn hold_every_key(window: &mut Window<'_>, place: &str) {
    for key in KEYS {
        window.key(key);
        is_alive(window, &format!("{key}, {place}"));
    }
}

#[test]
fn no_key_that_is_held_freezes_the_window() {
    let Some(display) = Display::start("no_key_that_is_held_freezes_the_window") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));

    // Over the canvas, where Space makes a drag pan.
    window.click_at(500.0, 440.0);
    hold_every_key(&mut window, "over the canvas");
    for key in OPENING {
        window.key(key);
        is_alive(&mut window, key);
        window.key("Escape");
        is_alive(&mut window, "Escape");
    }
    window.key("ctrl+shift+a");
    let before = card(&mut window, "Dense 1").rect;
    window.move_to(500.0, 440.0);
    window.hold("space");
    sleep(Duration::from_millis(150));
    window.drag((500.0, 440.0), (540.0, 400.0));
    window.let_go("space");
    window.wait_for("a canvas that was moved", |widgets| {
        let moved = widgets.iter().find(|widget| widget.label.starts_with("Dense 1, "));
        moved.is_some_and(|w| {
            (w.rect[0] - before[0] - 40.0).abs() < 3.0 && (w.rect[1] - before[1] + 40.0).abs() < 3.0
        })
    });

    // On a card, and while its name is typed with a space in it.
    let (x, y) = card(&mut window, "Dense 1").center();
    window.click_at(x, y);
    hold_every_key(&mut window, "on a card");
    let (x, y) = card(&mut window, "Dense 1").center();
    window.double_click_at(x, y);
    window.find("Name of the node");
    window.type_text("my");
    window.key("space");
    window.type_text("layer");
    window.key("Return");
    card(&mut window, "my layer");
    window.photograph("hands-1-renamed");

    // In a text field.
    let search = |widget: &Widget| widget.role == "TextInput" && widget.rect[2] < 250.0;
    let (x, y) = window.find_where("the search", search).center();
    window.click_at(x, y);
    window.type_text("cross");
    window.key("space");
    window.type_text("entropy");
    window.find_where("a search of two words", |widget| search(widget) && widget.value == "cross entropy");
    hold_every_key(&mut window, "in a text field");

    // On a control that has the keyboard: Space ticks it.
    let (x, y) = card(&mut window, "my layer").center();
    window.click_at(x, y);
    // The inspector may need a few frames to lay out what it shows anew.
    sleep(Duration::from_millis(500));
    let is_bias = |widget: &Widget| widget.role == "CheckBox" && widget.label == "bias";
    let bias = window.find_where("bias", is_bias);
    window.click_at(bias.center().0, bias.center().1);
    window.wait_for("no bias", |widgets| widgets.iter().any(|w| is_bias(w) && w.state != bias.state));
    // The drawing has changed, so leaving would ask about saving; the window just closes with the test.
    hold_every_key(&mut window, "on a control");
}

#[test]
fn a_file_that_is_no_model_survives_save_as() {
    let Some(display) = Display::start("a_file_that_is_no_model_survives_save_as") else { return };
    let home = tempfile::tempdir().unwrap();
    let thesis = home.path().join("thesis.ron");
    fs::write(&thesis, "Chapter one.").unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    // Without its ending: that is added.
    answer_with_path(&mut window, "ctrl+shift+s", &home.path().join("thesis"));
    window.find("Replace this file?");
    window.find_where("what would be lost", |widget| widget.text().contains("it is no model"));
    window.photograph("hands-2-replace");
    window.click("Choose another name");
    let is_path = |widget: &Widget| widget.label == "Path of the file";
    let field = window.find_where("the path as it was typed", is_path);
    assert_eq!(Path::new(&field.value), thesis);
    assert_eq!(fs::read_to_string(&thesis).unwrap(), "Chapter one.");
    // The name is marked: typing replaces it alone.
    window.type_text("model");
    window.key("Return");
    let model = home.path().join("model.ron");
    window.wait_for("the saved file", |_| model.exists());
    window.quit();
    assert_eq!(fs::read_to_string(&thesis).unwrap(), "Chapter one.");
    assert_eq!(saved(&model).document.network.nodes.len(), 8);
}

/// Dense(x) + h(t−1) → Tanh = h → MSE over three steps, its first state trained; and a Sigmoid without wires.
fn with_a_lone_node() -> (Document, ParameterKey) {
    let mut drawing = Builder::with_steps(3);
    let x = drawing.input(2);
    drawing.rows(x, vec![vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6]]);
    let from_x = drawing.node(NodeKind::Dense(DenseNode::new(2)), &[x]);
    let sum = drawing.node(NodeKind::Add, &[from_x]);
    let h = drawing.activation(sum, Activation::Tanh);
    let back = drawing.edge(h, sum, 1, 1, InitialState::Trained);
    let y = drawing.target(2);
    drawing.rows(y, vec![vec![0.5, -0.5, 0.5, -0.5, 0.5, -0.5]]);
    drawing.loss(LossKind::Mse, h, y);
    let lone = drawing.node(NodeKind::Activation(Activation::Sigmoid), &[]);
    let mut network = drawing.finish();
    network.nodes.get_mut(&lone).unwrap().position = Position { x: -120.0, y: 170.0 };
    let mut parameters = network.initialize(1);
    let state = ParameterKey::Initial(back);
    parameters.get_mut(&state).unwrap().values = vec![0.25, -0.75].into();
    (Document { network, parameters, ..Document::default() }, state)
}

#[test]
fn a_node_put_on_a_loop_wire_keeps_the_trained_state_and_is_one_step() {
    let test = "a_node_put_on_a_loop_wire_keeps_the_trained_state_and_is_one_step";
    let Some(display) = Display::start(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let model = home.path().join("loop.ron");
    let (document, state) = with_a_lone_node();
    write_model(&model, &ModelFile { document, ..ModelFile::default() }).unwrap();
    let before = saved(&model).document;
    let mut window = Window::open(&display, home.path(), &[&model.to_string_lossy()]);
    let (lone, add, tanh) =
        (card(&mut window, "Sigmoid 1"), card(&mut window, "Add 1"), card(&mut window, "Tanh 1"));
    // The loop runs above both cards.
    let zoom = (tanh.rect[3] - tanh.rect[1]) / 64.0;
    let lane = add.rect[1].min(tanh.rect[1]) - 26.0 * zoom;
    window.drag(lone.center(), (f64::midpoint(add.center().0, tanh.center().0), lane));
    window.photograph("hands-3-on-a-loop");
    window.key("ctrl+s");
    window.wait_for("the saved file", |_| saved(&model).document.network != before.network);
    let after = saved(&model).document;
    let named =
        |name: &str| -> NodeId { *after.network.nodes.iter().find(|(_, n)| n.name == name).unwrap().0 };
    let between = |from: &str, to: &str| -> Vec<&Edge> {
        let (from, to) = (named(from), named(to));
        after.network.edges.values().filter(|edge| edge.from == from && edge.to == to).collect()
    };
    let [first] = between("Tanh 1", "Sigmoid 1")[..] else { panic!("{:?}", after.network.edges) };
    let [second] = between("Sigmoid 1", "Add 1")[..] else { panic!("{:?}", after.network.edges) };
    assert_eq!((first.delay, first.initial, second.delay), (1, InitialState::Trained, 0));
    assert_eq!(*after.parameters[&state].values, [0.25, -0.75]);
    assert_eq!(after.network.problems(), []);
    window.key("ctrl+z");
    window.key("ctrl+s");
    window.wait_for("the drawing as it was", |_| saved(&model).document == before);
    window.quit();
}

#[test]
fn a_fresh_input_takes_typed_rows_at_once() {
    let Some(display) = Display::start("a_fresh_input_takes_typed_rows_at_once") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    draw(&mut window, &[("Input", "Input 1", (400.0, 240.0))]);
    let (x, y) = card(&mut window, "Input 1").center();
    window.click_at(x, y);
    let (x, y) =
        window.find_where("the columns", |w| w.role == "ComboBox" && w.label == "Rows from").center();
    window.click_at(x, y);
    window.click("typed rows");
    let cell = |widget: &Widget| widget.role == "SpinButton" && widget.label == "Row 1, x0";
    let (x, y) = window.find_where("a cell", cell).center();
    let says_no_width = |w: &Widget| w.text().contains("does not know how many features");
    window.wait_for("a node that knows its width", |widgets| !widgets.iter().any(says_no_width));
    window.click_at(x, y);
    window.key("ctrl+a");
    window.type_text("2.5");
    window.key("Return");
    window.photograph("hands-4-typed");
    let model = home.path().join("typed.ron");
    answer_with_path(&mut window, "ctrl+shift+s", &model);
    window.wait_for("the saved file", |_| model.exists());
    window.quit();
    let network = saved(&model).document.network;
    let NodeKind::Input(data) = &network.nodes.values().next().unwrap().kind else { panic!("{network:?}") };
    assert_eq!((data.features(), &data.rows.as_ref().unwrap().rows), (1, &vec![vec![2.5]]));
}
