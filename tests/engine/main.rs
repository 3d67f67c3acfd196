//! The engine from outside: PyTorch's float64 numbers, central differences, random graphs, memory.
//!
//! `tests/reference/*.json` hold the numbers; each names what it is. Must not know the drawing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod activations;
mod case;
mod free_ops;
mod fusion;
mod gradient_check;
mod graphs;
mod losses;
mod memory;
mod networks;
mod optimizers;
mod rules;
mod schedule;
mod sequences;
mod update_rules;
