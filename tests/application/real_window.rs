//! The main job in a real window: drawn, wired, trained, saved and opened again with mouse and keys.
//!
//! Needs Xvfb, xdotool and ImageMagick; without them `cargo test` says that it skipped this, and
//! `VASTAVIRTA_REQUIRE_WINDOW=1` makes it a failure.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use vastavirta::files::{ModelFile, read_model};
use vastavirta::network::ParameterRole;

use crate::display::{Display, Widget, Window};
use crate::support;

/// Where the nodes are put: palette entry, name, place in the window.
const DRAWING: [(&str, &str, (f64, f64)); 6] = [
    ("Input", "Input 1", (240.0, 140.0)),
    ("Dense", "Dense 1", (410.0, 140.0)),
    ("Sigmoid", "Sigmoid 1", (590.0, 140.0)),
    ("Dense", "Dense 2", (770.0, 140.0)),
    ("Target", "Target 1", (410.0, 320.0)),
    ("MSE", "MSE 1", (660.0, 320.0)),
];

/// The card of a node on the canvas: its spoken text is its name, its kind and its settings.
fn card(window: &mut Window<'_>, name: &str) -> Widget {
    let spoken = format!("{name}, ");
    window.find_where(name, |widget| widget.label.starts_with(&spoken) && widget.rect[0] > 150.0)
}

/// Pulls a wire from a node's output to another node's input.
fn wire(window: &mut Window<'_>, from: &str, to: &str, above_or_below: f64) {
    let [_, top, right, bottom] = card(window, from).rect;
    let output = (right, f64::midpoint(top, bottom));
    let [left, top, _, bottom] = card(window, to).rect;
    window.drag(output, (left, f64::midpoint(top, bottom) + above_or_below));
}

/// The number that stands after a label of the top bar.
fn number_after(widgets: &[Widget], label: &str) -> Option<f64> {
    let at = widgets.iter().find(|widget| widget.text() == label && widget.rect[3] < 34.0)?.rect[2];
    let after = widgets.iter().filter(|widget| widget.rect[3] < 34.0 && widget.rect[0] >= at);
    let mut after: Vec<&Widget> = after.collect();
    after.sort_by(|a, b| a.rect[0].total_cmp(&b.rect[0]));
    after.iter().find_map(|widget| widget.text().split(' ').next()?.parse().ok())
}

fn saved(path: &Path) -> ModelFile {
    read_model(path).unwrap_or_else(|error| panic!("{error}"))
}

/// Types a path into the dialog that a shortcut opened.
fn answer_with_path(window: &mut Window<'_>, chord: &str, path: &Path) {
    window.key(chord);
    window.find("Path of the file");
    window.key("ctrl+a");
    window.type_text(&path.to_string_lossy());
    window.key("Return");
}

#[test]
fn the_main_job_is_done_with_mouse_and_keys() {
    let Some(display) = Display::start("the_main_job_is_done_with_mouse_and_keys") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    window.photograph("1-first-example");

    // Draw.
    window.key("ctrl+n");
    window.wait_for("an empty canvas", |widgets| !widgets.iter().any(|w| w.label.starts_with("Dense 1, ")));
    for (entry, name, place) in DRAWING {
        let (x, y) = window.find_where(entry, |w| w.text() == entry && w.rect[2] < 200.0).center();
        window.drag((x, y), place);
        card(&mut window, name);
    }
    for (from, to) in [("Input 1", "Dense 1"), ("Dense 1", "Sigmoid 1"), ("Sigmoid 1", "Dense 2")] {
        wire(&mut window, from, to, 0.0);
    }
    wire(&mut window, "Dense 2", "MSE 1", -10.0);
    wire(&mut window, "Target 1", "MSE 1", 10.0);
    window.photograph("2-drawn");

    // Load the data, and mend what does not fit: one target needs one unit.
    answer_with_path(&mut window, "ctrl+l", &support::root().join("assets/auto_mpg.csv"));
    window.find_where("the row count of the data", |w| w.text().contains("398"));
    window.click("Problems");
    window.click("Set units to 1");
    window.photograph("3-data");

    // Train, and see the loss fall.
    window.click("Loss");
    window.key("F5");
    let epoch = |widgets: &[Widget]| number_after(widgets, "epoch").unwrap_or(0.0);
    let widgets = window.wait_for("two epochs", |widgets| epoch(widgets) >= 2.0);
    let early = number_after(&widgets, "loss").unwrap();
    window.wait_for("a falling loss", |widgets| {
        epoch(widgets) >= 10.0 && number_after(widgets, "loss").is_some_and(|loss| loss < 0.9 * early)
    });

    // See the gradient of a Dense node.
    let (x, y) = card(&mut window, "Dense 1").center();
    window.click_at(x, y);
    window.find_where("grad_W", |widget| widget.label == "Matrix grad_W" && !widget.value.is_empty());
    window.photograph("4-training");
    window.find("Pause");
    window.key("F5");
    window.find("Train");

    // Save, and open again.
    let model = home.path().join("drawn.ron");
    answer_with_path(&mut window, "ctrl+shift+s", &model);
    window.wait_for("the saved file", |_| model.exists());
    drop(window);
    let first = saved(&model);
    assert_eq!(first.document.network.nodes.len(), DRAWING.len());
    assert_eq!(first.document.network.edges.len(), 5);
    assert!(first.document.network.problems().is_empty(), "{:?}", first.document.network.problems());
    let weights = first
        .document
        .parameters
        .keys()
        .filter(|key| matches!(key, vastavirta::network::ParameterKey::Node(_, ParameterRole::Weight)));
    assert_eq!(weights.count(), 2);

    let mut window = Window::open(&display, home.path(), &[&model.to_string_lossy()]);
    for (_, name, _) in DRAWING {
        card(&mut window, name);
    }
    window.photograph("5-opened-again");
    let copy = home.path().join("copy.ron");
    answer_with_path(&mut window, "ctrl+shift+s", &copy);
    window.wait_for("the second file", |_| copy.exists());
    let second = saved(&copy);
    assert_eq!(second.document.network, first.document.network);
    assert_eq!(second.document.parameters, first.document.parameters);
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&model).unwrap());
}

#[test]
fn an_idle_window_uses_under_two_percent_of_a_core() {
    let Some(display) = Display::start("an_idle_window_uses_under_two_percent_of_a_core") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    sleep(Duration::from_secs(3));
    let before = window.processor_seconds();
    sleep(Duration::from_secs(10));
    let used = window.processor_seconds() - before;
    assert!(used < 0.2, "{used} s of processor in 10 s of doing nothing");
}

#[test]
fn without_a_display_the_example_trains_in_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let output = support::vastavirta(&[])
        .current_dir(home.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .env("HOME", home.path())
        .env("VASTAVIRTA_CONFIG_DIR", home.path().join("config"))
        .env("LANG", "en_US.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{}\n{said}", output.status);
    assert!(said.contains("epoch") && said.contains("loss"), "{said}");
}
