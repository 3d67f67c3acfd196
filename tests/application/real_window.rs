//! The main job in a real window: drawn, wired, trained, saved and opened again with mouse and keys.
//!
//! Needs Xvfb, xdotool and ImageMagick; without them `cargo test` says that it skipped this, and
//! `VASTAVIRTA_REQUIRE_WINDOW=1` makes it a failure.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use vastavirta::network::ParameterRole;

use crate::display::{Display, Widget, Window, number_after};
use crate::screen::{answer_with_path, card, draw, mend, save_as, saved, wire};
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

#[test]
fn the_main_job_is_done_with_mouse_and_keys() {
    let Some(display) = Display::start("the_main_job_is_done_with_mouse_and_keys") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    window.photograph("1-first-example");

    draw(&mut window, &DRAWING);
    for (from, to) in [("Input 1", "Dense 1"), ("Dense 1", "Sigmoid 1"), ("Sigmoid 1", "Dense 2")] {
        wire(&mut window, from, to, 0.0);
    }
    wire(&mut window, "Dense 2", "MSE 1", -10.0);
    wire(&mut window, "Target 1", "MSE 1", 10.0);
    window.photograph("2-drawn");

    // Load the data, and mend what does not fit: one target needs one unit.
    answer_with_path(&mut window, "ctrl+l", &support::root().join("assets/auto_mpg.csv"));
    window.find_where("a loss that does not fit", |widget| widget.label.contains("target has 1"));
    mend(&mut window, "Set units to 1");
    window.open_tab("Data");
    window.photograph("3-data");

    // Train: one epoch for a first loss, then all the others, and see it fall.
    window.open_tab("Loss");
    window.key("F7");
    let epoch = |widgets: &[Widget]| number_after(widgets, "epoch").unwrap_or(0.0);
    let widgets = window.wait_for("one epoch", |widgets| epoch(widgets) == 1.0);
    let early = number_after(&widgets, "training loss").unwrap();
    let train = window.find_where("the button", |widget| widget.text() == "▶ Train");
    window.click_at(train.center().0, train.center().1);
    window.wait_for("a falling loss", |widgets| {
        epoch(widgets) >= 50.0
            && number_after(widgets, "training loss").is_some_and(|loss| loss < 0.9 * early)
    });

    // See the gradient of a Dense node.
    let (x, y) = card(&mut window, "Dense 1").center();
    window.click_at(x, y);
    window.find_where("grad_W", |widget| widget.label == "Matrix grad_W" && !widget.value.is_empty());
    window.wait_for("the last epoch", |widgets| epoch(widgets) == 100.0);
    window.photograph("4-trained");

    // Save, and open again.
    let model = home.path().join("drawn.ron");
    save_as(&mut window, &model);
    window.quit();
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
    save_as(&mut window, &copy);
    window.quit();
    let second = saved(&copy);
    assert_eq!(second.document.network, first.document.network);
    assert_eq!(second.document.parameters, first.document.parameters);
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&model).unwrap());
}

#[test]
fn an_idle_window_is_light() {
    let Some(display) = Display::start("an_idle_window_is_light") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut window = Window::open(&display, home.path(), &[]);
    window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
    sleep(Duration::from_secs(3));
    // Work is frames: a window that draws none uses no processor, on any machine.
    let before = window.frame();
    sleep(Duration::from_secs(10));
    let n_frames = window.frame() - before;
    assert!(n_frames <= 2, "{n_frames} frames in 10 s of doing nothing");
    let memory = window.resident_megabytes();
    assert!(memory < 200.0, "{memory} MB");
}

#[test]
fn a_window_that_the_system_ends_keeps_its_work() {
    let Some(display) = Display::start("a_window_that_the_system_ends_keeps_its_work") else { return };
    for (signal, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let home = tempfile::tempdir().unwrap();
        let mut window = Window::open(&display, home.path(), &[]);
        window.find_where("the first example", |widget| widget.label.starts_with("Dense 1, "));
        // A step of training is work that a save would keep.
        window.key("F7");
        window.wait_for("one epoch", |widgets| number_after(widgets, "epoch") == Some(1.0));
        let process = window.process_id().to_string();
        support::output_of(std::process::Command::new("kill").args(["-s", signal, &process]));
        assert_eq!(window.wait_for_end().code(), Some(code), "SIG{signal}");

        let mut window = Window::open(&display, home.path(), &[]);
        window.find("Recover");
        window.click("Recover");
        window.wait_for("the epoch", |widgets| number_after(widgets, "epoch") == Some(1.0));
        let home = home.path().join("config/autosave");
        let left = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(left.into_iter().all(|name| !name.to_string_lossy().ends_with(".tmp")));
    }
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
