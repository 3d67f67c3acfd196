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
use vastavirta::app::{App, Command, TrainCommand, ViewCommand, WalkCommand};
use vastavirta::cli::bench::Workload;
use vastavirta::document::Document;
use vastavirta::explain::{Definitions, Quantity, Tensor};
use vastavirta::files::{FIRST_EXAMPLE, ModelFile, open_example, write_model};
use vastavirta::network::NodeKind;
use whole_window::WholeWindow;

#[path = "../tests/application/display.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod display;
#[path = "speed/learned.rs"]
mod learned;
#[path = "speed/screen.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod screen;
#[path = "../tests/application/support.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;
#[path = "speed/whole_window.rs"]
mod whole_window;

/// Each rate is taken over so long,
const SPAN: Duration = Duration::from_secs(6);
/// so many times.
const ROUNDS: usize = 3;

/// Processor time that the program has used so far, in seconds.
fn processor_seconds(window: &Window<'_>) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", window.process_id())).unwrap();
    // The name in brackets may hold spaces; user and system time are the 12th and 13th after it.
    let cells: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = cells[11..13].iter().map(|cell| cell.parse::<f64>().unwrap()).sum();
    ticks / 100.0
}

fn main() {
    // These need no display: `cargo bench --bench window -- walk`, or `-- learned`.
    if std::env::args().any(|argument| argument == "walk") {
        return walks_and_cards();
    }
    if std::env::args().any(|argument| argument == "learned") {
        return learned::measure();
    }
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
    let before = processor_seconds(&window);
    sleep(Duration::from_secs(10));
    println!("idle, of one core         {:.2} %", (processor_seconds(&window) - before) * 10.0);
    drop(window);

    let many = home.path().join("many.ron");
    write_model(&many, &many_nodes(1000)).unwrap();
    let mut window = Window::open(&display, home.path(), &[&many.to_string_lossy()]);
    window.find_where("the drawing", |widget| widget.label.starts_with("Dense 1, "));
    let zooming = frame_while_zooming(&display, &window);
    println!("a frame of 1,000 nodes    {:.0} ms of wall time, zooming", zooming.as_secs_f64() * 1e3);
    drop(window);

    for (what, trains) in [("a frame of `wide` at rest", false), ("a frame as `wide` trains", true)] {
        let [half, most] = half_and_most(frames_of_wide(trains));
        println!("{what:<25} {half:.1} ms of wall time, {most:.1} ms at most in 99 of 100");
    }
    walks_and_cards();
    learned::measure();

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

/// A walk under the hand, at most 8 ms a frame; the card of any number, at most 50 ms.
fn walks_and_cards() {
    let cards = [("a card of `digits`", example("digits")), ("a card of `wide`", wide())];
    let cards = cards.map(|(what, model)| (what, cards_of(&model)));
    let [half, most] = half_and_most(frames_of_a_walk());
    println!("scrubbing `digits`        {half:.1} ms of wall time, {most:.1} ms at most in 99 of 100");
    for (what, mut taken) in cards {
        taken.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let [half, most] = half_and_most(taken.iter().map(|(_, seconds)| *seconds).collect());
        println!("{what:<25} {half:.1} ms of wall time, {most:.1} ms at most in 99 of 100; the slowest:");
        for (of, seconds) in taken.iter().take(4) {
            println!("    {:.1} ms  {of:?}", seconds * 1e3);
        }
    }
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

/// Wall times of frames drawn every 16 ms while `wide` rests or trains on all cores: `ui` and
/// tessellation of the whole window, live matrices of a Dense selected, nothing painted.
fn frames_of_wide(trains: bool) -> Vec<f64> {
    let model = wide();
    let network = &model.document.network;
    let dense = network.nodes.iter().find(|(_, node)| matches!(node.kind, NodeKind::Dense(_)));
    let nodes = vec![*dense.unwrap().0];
    let mut shown = WholeWindow::open(&model);
    shown.dispatch(Command::View(ViewCommand::Select { nodes, edges: Vec::new() }));
    if trains {
        shown.dispatch(Command::Train(TrainCommand::Toggle));
    }
    shown.warm_up();
    let frame = |_| {
        let taken = shown.frame();
        sleep(Duration::from_millis(16).saturating_sub(taken));
        taken.as_secs_f64()
    };
    let frames = (0..600).map(frame).collect();
    assert_eq!(shown.window.app().run_state().is_running(), trains, "it trains");
    frames
}

fn example(name: &str) -> ModelFile {
    let mut file = open_example(name).unwrap().unwrap();
    let data = &mut file.document.data.path;
    let name = data.as_ref().and_then(|path| path.file_name());
    *data = name.map(|name| support::root().join("assets").join(name));
    file
}

fn wide() -> ModelFile {
    let (network, training) = Workload::Wide.typed(4);
    let parameters = network.initialize(1);
    ModelFile {
        document: Document { network, parameters, training, ..Document::default() },
        ..ModelFile::default()
    }
}

/// Frames while a walk of `digits` is dragged along its ribbon: the move and the frame that shows it.
fn frames_of_a_walk() -> Vec<f64> {
    let mut shown = WholeWindow::open(&example("digits"));
    shown.dispatch(Command::Walk(WalkCommand::Open));
    shown.settle();
    shown.window.show_pane("pane-backprop");
    shown.warm_up();
    let n_actions = shown.window.app().walk().unwrap().len();
    let scrub = |place: usize| {
        let began = Instant::now();
        // To and fro, so that each place is reached from both sides.
        let cursor = (place % (2 * n_actions)).min(2 * n_actions - place % (2 * n_actions));
        shown.dispatch(Command::Walk(WalkCommand::GoTo(cursor)));
        shown.frame();
        began.elapsed().as_secs_f64()
    };
    (0..600).map(scrub).collect()
}

/// How long it takes from a click to the card, over entries of every tensor of the pass.
fn cards_of(model: &ModelFile) -> Vec<(Quantity, f64)> {
    let mut shown = WholeWindow::open(model);
    shown.window.show_pane("pane-why");
    shown.warm_up();
    let nodes = model
        .document
        .network
        .nodes
        .keys()
        .flat_map(|&node| [Tensor::Output { node, time_step: 0 }, Tensor::Grad { node, time_step: 0 }]);
    let keys = model.document.parameters.keys();
    let keys = keys
        .flat_map(|&key| [Tensor::ParameterGrad { key, time_step: None, sample: None }, Tensor::Update(key)]);
    let all: Vec<Tensor> = nodes.chain(keys).collect();
    let entries = all.iter().flat_map(|tensor| [tensor.at(0, 0), tensor.at(0, 3)]);
    let card = |of: Quantity| {
        let began = Instant::now();
        shown.dispatch(Command::View(ViewCommand::Explain(of)));
        shown.settle();
        // Of a large network only what is looked at is copied: its numbers come a little later.
        while !has_numbers(shown.window.app(), of) {
            sleep(Duration::from_micros(200));
            shown.window.app_mut().tick();
        }
        shown.frame();
        (of, began.elapsed().as_secs_f64())
    };
    entries.map(card).collect()
}

/// Whether the pass at hand holds the node of a number and those that its formula takes numbers from.
fn has_numbers(app: &App, of: Quantity) -> bool {
    let network = &app.document().network;
    let mut nodes: Vec<_> = of.tensor.node(network).into_iter().collect();
    if let Some(definition) = Definitions::new(network, app.shapes()).of(of.tensor) {
        definition.for_each_leaf(&mut |leaf| nodes.extend(leaf.node(network)));
    }
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_ref());
    pass.is_some_and(|pass| nodes.iter().all(|&node| pass.node(node, 0).is_some()))
}

/// In milliseconds: half of them take less, and 99 of 100.
fn half_and_most(mut seconds: Vec<f64>) -> [f64; 2] {
    seconds.sort_by(f64::total_cmp);
    [0.5, 0.99].map(|share| seconds[(seconds.len() as f64 * share) as usize] * 1e3)
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
