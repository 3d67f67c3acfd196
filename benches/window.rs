//! What the open window costs: `cargo bench --bench window`, on an otherwise idle machine.
//!
//! Measures, with `auto_mpg.ron` under a virtual display and software drawing: the time to the first
//! frame, resident memory, processor time while nothing happens, and how much training slows down while the
//! window shows it (`vastavirta bench --publishing` tells what snapshots alone cost). Rates alternate, so
//! that a slower minute hits both.

#![expect(clippy::unwrap_used, reason = "a measurement fails by panicking")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement prints what it finds")]

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use display::{Display, Window};
use screen::many_nodes;
use vastavirta::files::{FIRST_EXAMPLE, open_example, write_model};

#[path = "../tests/application/display.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod display;
#[path = "speed/screen.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod screen;
#[path = "../tests/application/support.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

/// Each rate is taken over so long,
const SPAN: Duration = Duration::from_secs(6);
/// so many times.
const ROUNDS: usize = 3;

fn main() {
    let Some(display) = Display::start("the window bench") else { return };
    let home = tempfile::tempdir().unwrap();
    let model = home.path().join("auto_mpg.ron");
    let mut file = open_example(FIRST_EXAMPLE).unwrap().unwrap();
    file.document.training.epochs = 100_000_000;
    file.document.data.path = Some(support::root().join("assets/auto_mpg.csv"));
    write_model(&model, &file).unwrap();
    let shown = model.to_string_lossy().into_owned();

    let first_frames = (0..5).map(|_| {
        let start = Instant::now();
        let mut window = Window::start(&display, home.path(), &[&shown]);
        window.find_where("the drawing", |widget| widget.label.starts_with("Dense 1, "));
        start.elapsed().as_secs_f64()
    });
    println!("first usable frame        {:.2} s (median of 5)", median(first_frames.collect()));
    let window = Window::start(&display, home.path(), &[&shown]);
    sleep(Duration::from_secs(3));
    println!("resident memory           {:.0} MB", window.resident_megabytes());
    let before = window.processor_seconds();
    sleep(Duration::from_secs(10));
    println!("idle, of one core         {:.2} %", (window.processor_seconds() - before) * 10.0);
    drop(window);

    let many = home.path().join("many.ron");
    write_model(&many, &many_nodes(1000)).unwrap();
    let mut window = Window::open(&display, home.path(), &[&many.to_string_lossy()]);
    window.find_where("the drawing", |widget| widget.label.starts_with("Dense 1, "));
    let zooming = frame_while_zooming(&display, &window);
    println!("a frame of 1,000 nodes    {:.0} ms of wall time, zooming", zooming.as_secs_f64() * 1e3);
    drop(window);

    let (mut alone, mut drawn) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(in_the_terminal(&shown));
        drawn.push(in_a_window(&display, home.path(), &shown));
    }
    let [alone, drawn] = [alone, drawn].map(median);
    let slower = (1.0 - drawn / alone) * 100.0;
    println!("training, terminal        {alone:.0} epochs/s");
    println!("with the open window      {drawn:.0} epochs/s, {slower:.1} % slower");
}

/// Wall time a frame while the wheel turns to and fro: layout, tessellation, painting in software, and
/// writing the trace.
fn frame_while_zooming(display: &Display, window: &Window<'_>) -> Duration {
    const TURNS: usize = 150;
    display.xdotool(&["mousemove", "550", "270"]);
    let (before, start) = (window.frame(), Instant::now());
    let turn = ["click", "4", "sleep", "0.005", "click", "5", "sleep", "0.005"];
    display.xdotool(&turn.repeat(TURNS));
    start.elapsed() / u32::try_from(window.frame() - before).unwrap().max(1)
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Epochs a second of `vastavirta train`, which prints nothing in between: the difference of a long run
/// and a short one, so that its start does not count.
fn in_the_terminal(model: &str) -> f64 {
    let seconds = |epochs: usize| {
        let start = Instant::now();
        support::output_of(&mut support::vastavirta(&["train", model, "--epochs", &epochs.to_string()]));
        start.elapsed().as_secs_f64()
    };
    let (few, many) = (1_000, 41_000);
    (many - few) as f64 / (seconds(many) - seconds(few))
}

/// Epochs a second behind the open window.
fn in_a_window(display: &Display, home: &Path, model: &str) -> f64 {
    let mut window = Window::open(display, home, &[model]);
    window.find_where("the drawing", |widget| widget.label.starts_with("Dense 1, "));
    window.key("F5");
    window.wait_for("the first epoch", |widgets| display::number_after(widgets, "epoch") >= Some(1.0));
    sleep(Duration::from_secs(1));
    let mut epoch = || {
        let widgets =
            window.wait_for("an epoch", |widgets| display::number_after(widgets, "epoch").is_some());
        display::number_after(&widgets, "epoch").unwrap()
    };
    let (first, start) = (epoch(), Instant::now());
    sleep(SPAN);
    (epoch() - first) / start.elapsed().as_secs_f64()
}
