//! How cost grows with the work: `cargo bench --bench growth` prints a table for README.
//!
//! Each row varies one size and keeps the others. Its exponent p is the slope between the last two
//! sizes in log–log: time ∝ sizeᵖ. Nothing may be worse than linear in the number of time steps, of
//! samples or of nodes; a layer's width enters its weights twice.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

#[path = "speed/screen.rs"]
mod screen;

use std::time::{Duration, Instant};

use egui::vec2;
use vastavirta::autodiff::OptimizerKind;
use vastavirta::cli::bench::{Answer, Run, elman, feed_forward};
use vastavirta::network::{Activation, LossKind, Network};
use vastavirta::train::with_product_threads;

use screen::{Screen, timed};

/// Frames that are timed together.
const FRAMES: u64 = 40;

/// How long one size is measured; its fastest run counts.
const SPAN: Duration = Duration::from_millis(600);

/// A chain of `depth` hidden layers of `width` units.
fn layers(width: usize, depth: usize) -> Network {
    let sizes: Vec<usize> = std::iter::repeat_n(width, depth + 1).chain([1]).collect();
    feed_forward(&sizes, Activation::Relu, Activation::Identity, LossKind::Mse)
}

/// Seconds of one training step.
fn step(network: &Network, batch: usize) -> f64 {
    let adam = OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
    let mut run = Run::new(network, batch, Answer::Number, (adam, 1e-6)).unwrap();
    with_product_threads(|| {
        fastest(|| {
            let began = Instant::now();
            run.step();
            began.elapsed()
        })
    })
}

/// Seconds of one frame of the canvas, drawn anew, with all nodes in sight.
fn frame(n_nodes: usize) -> f64 {
    let mut screen = Screen::new(n_nodes, vec2(1280.0, 800.0));
    let mut right = true;
    // So many at once that the system's clock of processor time sees them.
    fastest(|| {
        timed(FRAMES, || {
            right = !right;
            screen.canvas.pan_by(vec2(if right { 1.0 } else { -1.0 }, 0.0));
            std::hint::black_box(screen.frame(Vec::new()));
        })
    }) / FRAMES as f64
}

/// The fastest of the runs that fit into [`SPAN`], in seconds, after one to warm up.
fn fastest(mut run: impl FnMut() -> Duration) -> f64 {
    run();
    let (began, mut best) = (Instant::now(), Duration::MAX);
    while began.elapsed() < SPAN {
        best = best.min(run());
    }
    best.as_secs_f64()
}

/// Measures and prints one row of the table.
fn row<const N: usize>(what: &str, sizes: [usize; N], seconds: impl Fn(usize) -> f64) {
    let times = sizes.map(seconds);
    let cells: Vec<String> =
        sizes.iter().zip(times).map(|(size, time)| format!("{size}: {}", readable(time))).collect();
    let slope = |i: usize| (times[i + 1] / times[i]).ln() / (sizes[i + 1] as f64 / sizes[i] as f64).ln();
    println!("| {what} | {} | {:.2} |", cells.join(", "), slope(N - 2));
}

fn readable(seconds: f64) -> String {
    if seconds < 1e-3 { format!("{:.1} µs", seconds * 1e6) } else { format!("{:.2} ms", seconds * 1e3) }
}

fn main() {
    println!("| what grows | time at each size | exponent |\n|---|---|---|");
    row("width of 2 hidden layers, batch 32", [64, 128, 256, 512, 1024], |width| step(&layers(width, 2), 32));
    row("depth in layers of 64, batch 32", [2, 8, 32, 128, 512], |depth| step(&layers(64, depth), 32));
    row("batch, 2 hidden layers of 64", [8, 32, 128, 512, 2048], |batch| step(&layers(64, 2), batch));
    row("time steps T of 8→64 tanh, batch 32", [10, 32, 100, 316, 1000], |n| step(&elman(8, 64, n), 32));
    row("nodes on the canvas, a frame drawn anew", [10, 100, 1000, 10_000], frame);
}
