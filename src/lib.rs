//! Vastavirta: draw a neural network, train it on a CSV, and see every number of
//! backpropagation while it happens.
//!
//! # Bird's-eye view
//! Four graphs, four names, each with links back to the one before it:
//!
//! ```text
//! Network (drawn, may hold delayed loops)
//!    → UnrolledGraph (acyclic, T steps, shared parameters)
//!       → Program (compiled ops in order, buffers allocated once)
//!          → Trace (values and gradients of one run)
//! ```
//!
//! Data flows one way: a [`app`] command → a [`document`] edit → [`compile`] → the
//! [`train`]er thread → a snapshot → the panels of [`ui`]. A view never edits the model
//! behind the history's back.
//!
//! # Code map (floors from the top; a floor imports only floors above it)
//! | floor | what lives there | what it must not know |
//! |---|---|---|
//! | [`words`] | messages as data, and the tables that turn them into English or Finnish | everything below |
//! | [`tensor`] | `Real`, `Matrix`, `Shape`, products | files, threads, clocks, GUI |
//! | [`algebra`] | expressions over tensors: evaluated, rewritten, taken apart entry by entry | ops, networks, drawing |
//! | [`autodiff`] | ops and their rules, `Program`, `Trace`, backward, gradient check, optimizers, initialisers | the drawing, files, threads, GUI |
//! | [`network`] | what people draw: nodes, edges, kinds, problems, shapes, unrolling | autodiff |
//! | [`compile`](mod@compile) | `UnrolledGraph` → `Program`, with the links back | data, training |
//! | [`data`] | CSV, roles, preprocessing, split, batches | training, GUI |
//! | [`document`] | the edited thing as a value: edits and their inverses, undo history | training, files |
//! | [`train`] | the pure session, the trainer thread, snapshots, metrics | files, GUI |
//! | [`insight`] | predictions of every row, how good they are, what the network says elsewhere | files, threads, GUI |
//! | [`explain`] | formulas and lessons as plain data | drawing on a screen |
//! | [`export`] | the network as PyTorch and others write it: plain data in, bytes out | files, GUI |
//! | [`files`] | all that leaves the process; the only home of `serde` | GUI |
//! | [`app`] | the application without a window: commands, dispatch, jobs | egui |
//! | [`ui`] | egui; reads `&App`, sends commands | how a command is done |
//! | [`cli`] | the same jobs from the terminal | egui |
//!
//! # Invariants (each is a test in `tests/architecture.rs`)
//! - `tensor`, `algebra` and `autodiff` know no file, thread, clock or GUI.
//! - `network` and `autodiff` never import each other.
//! - egui appears only in `ui/` and `main.rs`; `serde` only in `files/`; threads only in
//!   `train/` and `app/`.
//! - Running a compiled `Program` cannot fail; a bad drawing is a list of `Problem`s.

pub mod algebra;
pub mod app;
pub mod autodiff;
pub mod cli;
pub mod compile;
pub mod data;
pub mod document;
pub mod explain;
pub mod export;
pub mod files;
pub mod insight;
pub mod network;
pub mod tensor;
pub mod train;
pub mod ui;
pub mod words;
