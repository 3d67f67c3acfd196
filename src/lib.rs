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
//! # Where to start reading
//! One number's way through the program, a file each: [`network`] (what is drawn),
//! [`compile`](mod@compile) (drawn → computed), [`autodiff::Op`] and [`autodiff::Rule`] (how one
//! operation computes and explains itself), `autodiff/schedule.rs` and `autodiff/run.rs` (the list of
//! actions, and running it), `train/session/mod.rs` (a training run as a value),
//! `explain/quantity.rs` and `explain/definition.rs` (any number as an expression),
//! `app/command.rs` (everything a person can do), `ui/window.rs` (a frame).
//!
//! # Recipes
//! Each lists every file that must change; the compiler and the tests named ask for what is forgotten.
//!
//! **An op**: something that is computed, such as `Softsign`.
//! 1. `autodiff/ops/`: beside its like. A function of one number is an entry of the table in
//!    `functions.rs`: value, derivative (given x and a = f(x)), kinks, and the same as a rule in the
//!    words of [`algebra`]. Anything else implements [`autodiff::Op`]. Its doc comment gives the
//!    derivative, kinks, and the source.
//! 2. `autodiff/ops/mod.rs`: re-export it.
//! 3. `tests/engine/free_ops.rs` (or the list beside it for layers and losses): one case. The tests then
//!    compare it with central differences, evaluate its rule, plant wrong derivatives and see them
//!    caught: `cargo test --test engine`.
//!
//! **A kind**: something that can be drawn.
//! 1. `network/kinds/`: one line in the table of its family (`activations.rs`, `operations.rs`,
//!    `reductions.rs`, `losses.rs`): slug (its name in files and typed expressions), name, key. Palette,
//!    card, inspector, files and the command line read it from there.
//! 2. `compile/ops.rs`: which op computes it. The compiler asks.
//! 3. `export/pytorch/model.rs`: for an activation, the module of `torch.nn`. The compiler asks.
//! 4. `assets/locales/{en,fi}/`: `kind-…` in `panels.ftl` and `palette-hint-…` in `canvas.ftl`, each
//!    named after the slug. Tests in `words` and `ui` ask.
//! 5. `tests/interop/rebuild.py`: what PyTorch calls it, so that random drawings are compared with it;
//!    `tests/architecture/kinds.rs`: name it as the newest kind, and see in how few files it stands.
//!
//! **A panel**: something that can be looked at.
//! 1. `insight/` or `explain/`: what it shows as plain data from plain data, with tests. Long work takes
//!    a closure that says whether to go on.
//! 2. `app/`: who asks for it and where the newest answer is kept (`app/insight.rs` for what is computed
//!    off the window's thread); what a person can do there is a command in `app/command.rs`.
//! 3. `ui/NAME.rs`: a function that draws `&App` and pushes commands; `ui/panes.rs`: the line that calls
//!    it; `ui/dock.rs`: the variant of `Pane` with its key, its shortcut and its place in the first
//!    layout; `ui/act.rs`: its line in the list of shortcuts. The compiler asks for most of these.
//! 4. `assets/locales/{en,fi}/`: `pane-…` and its texts, with an empty state that says what to do.
//! 5. `tests/application/`: what it says, found by its AccessKit names.
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
