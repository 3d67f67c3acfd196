//! Criterion benches: `cargo bench --bench speed [FILTER]`.
//!
//! One module for each floor that has to be fast. Whole training steps beside PyTorch are measured by
//! `vastavirta bench` and `benches/peers/run.py`.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod canvas;
mod csv;
mod engine;
mod files;
mod screen;
mod steps;

criterion::criterion_main!(canvas::benches, csv::benches, engine::benches, files::benches, steps::benches);
