//! A recurrent network in a real window: drawn with its loop, trained through time, saved and opened again.
//!
//! Needs what `real_window` needs.

use std::fs;

use vastavirta::network::{Edge, NodeId, NodeKind, ParameterKey, ParameterRole};

use crate::display::{Display, Widget, Window, number_after};
use crate::screen::{answer_with_path, card, draw, mend, save_as, saved, wire};
use crate::{shipped_sequences::unrolled_section, support};

/// An Elman network: palette entry, name, place in the window.
const ELMAN: [(&str, &str, (f64, f64)); 8] = [
    ("Input", "Input 1", (225.0, 140.0)),
    ("Dense", "Dense 1", (365.0, 140.0)),
    ("Add", "Add 1", (505.0, 140.0)),
    ("Tanh", "Tanh 1", (640.0, 140.0)),
    ("Dense", "Dense 2", (505.0, 270.0)),
    ("Dense", "Dense 3", (775.0, 140.0)),
    ("Target", "Target 1", (640.0, 270.0)),
    ("MSE", "MSE 1", (775.0, 270.0)),
];

fn tick(window: &mut Window<'_>, box_name: &str) {
    let is_it = |widget: &Widget| widget.role == "CheckBox" && widget.label == box_name;
    let (x, y) = window.find_where(box_name, is_it).center();
    window.click_at(x, y);
}

fn select(window: &mut Window<'_>, name: &str) {
    let (x, y) = card(window, name).center();
    window.click_at(x, y);
}

#[test]
fn an_elman_network_is_drawn_by_hand_trained_saved_and_opened_again() {
    let test = "an_elman_network_is_drawn_by_hand_trained_saved_and_opened_again";
    let Some(display) = Display::start(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    draw(&mut window, &ELMAN);
    wire(&mut window, "Input 1", "Dense 1", 0.0);
    wire(&mut window, "Dense 1", "Add 1", -10.0);
    wire(&mut window, "Add 1", "Tanh 1", 0.0);
    wire(&mut window, "Dense 2", "Add 1", 10.0);
    wire(&mut window, "Tanh 1", "Dense 3", 0.0);
    wire(&mut window, "Dense 3", "MSE 1", -10.0);
    wire(&mut window, "Target 1", "MSE 1", 10.0);

    // The wire that closes the cycle.
    wire(&mut window, "Tanh 1", "Dense 2", 0.0);
    window.find_where("the delay", |widget| widget.role == "SpinButton" && widget.value == "t−1");
    window.photograph("loop-1-offer");
    window.click("Make it a loop edge");
    window.wait_for("the loop edge", |widgets| !widgets.iter().any(|w| w.text() == "Make it a loop edge"));

    // The next value from those before it.
    answer_with_path(&mut window, "ctrl+l", &support::root().join("assets/sine_sequence.csv"));
    window.find_where("a loss that does not fit", |widget| widget.label.contains("target has 1"));
    mend(&mut window, "Set units to 1");
    select(&mut window, "Input 1");
    let rows = window.find_where("the columns", |w| w.role == "ComboBox" && w.label == "Rows from");
    window.click_at(rows.center().0, rows.center().1);
    window.click("chosen columns");
    tick(&mut window, "value");
    tick(&mut window, "t");
    select(&mut window, "Dense 2");
    tick(&mut window, "bias");

    let start = home.path().join("start.ron");
    save_as(&mut window, &start);
    window.open_tab("Loss");
    window.key("F7");
    let epoch = |widgets: &[Widget]| number_after(widgets, "epoch").unwrap_or(0.0);
    let widgets = window.wait_for("one epoch", |widgets| epoch(widgets) == 1.0);
    let early = number_after(&widgets, "training loss").unwrap();
    window.click("▶ Train");
    window.wait_for("the last epoch with a lower loss", |widgets| {
        epoch(widgets) == 100.0
            && number_after(widgets, "training loss").is_some_and(|loss| loss < 0.2 * early)
    });
    window.find_where("grad_W", |widget| widget.label == "Matrix grad_W" && !widget.value.is_empty());
    window.find_where("its shares", |widget| widget.label.starts_with("Shares of the 10 time steps"));
    window.photograph("loop-2-trained");
    let model = home.path().join("elman.ron");
    save_as(&mut window, &model);
    window.quit();

    // The file holds the loop, its unrolled graph, and weights that have learned.
    let (before, after) = (saved(&start).document, saved(&model).document);
    let network = &after.network;
    assert_eq!(network.problems(), []);
    let named = |name: &str| -> NodeId { *network.nodes.iter().find(|(_, n)| n.name == name).unwrap().0 };
    let loops: Vec<&Edge> = network.edges.values().filter(|edge| edge.delay > 0).collect();
    let [back] = loops[..] else { panic!("{loops:?}") };
    assert_eq!((back.from, back.to, back.delay), (named("Tanh 1"), named("Dense 2"), 1));
    assert!(matches!(&network.nodes[&named("Dense 2")].kind, NodeKind::Dense(dense) if !dense.bias));
    let copies = unrolled_section(&fs::read_to_string(&model).unwrap());
    assert_eq!(copies.len(), network.n_steps * ELMAN.len() + 1);
    for dense in ["Dense 1", "Dense 2", "Dense 3"] {
        let key = ParameterKey::Node(named(dense), ParameterRole::Weight);
        let weights = &after.parameters[&key].values;
        assert!(weights.iter().all(|weight| weight.is_finite()), "{dense}");
        assert_ne!(weights, &before.parameters[&key].values, "{dense}");
    }

    let mut window = Window::open(&display, home.path(), &[&model.to_string_lossy()]);
    for (_, name, _) in ELMAN {
        card(&mut window, name);
    }
    window.photograph("loop-3-opened-again");
    let copy = home.path().join("copy.ron");
    save_as(&mut window, &copy);
    window.quit();
    assert_eq!(saved(&copy).document.network, after.network);
    assert_eq!(saved(&copy).document.parameters, after.parameters);
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&model).unwrap());
}
