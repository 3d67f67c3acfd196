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
//! Each lists every file that changes. What neither the compiler nor a test asks for is marked *nobody
//! asks*.
//!
//! **An op**: something that is computed, such as `Softsign`.
//! 1. `autodiff/ops/`: an activation that formulas call by a name of its own goes into `smooth.rs` or
//!    `rectifiers.rs`; a function of one number that is written out is an entry of the table in
//!    `functions.rs`: value, derivative (given x and a = f(x)), and both again as a rule in the words of
//!    [`algebra`]. Anything else implements [`autodiff::Op`]. Declare a kink where the value *or only the
//!    slope* bends. The doc comment gives the derivative, the kinks and the source.
//! 2. `autodiff/ops/mod.rs`: re-export it.
//! 3. One case in `tests/engine/free_ops.rs`, or in `tests/engine/rules.rs` for layers and losses; a function
//!    of one number also in `no_op_alarms_at_zero…` of `tests/engine/gradient_check.rs` (*nobody asks*).
//!    `cargo test --test engine` then compares it with differences, evaluates its rule, plants a
//!    wrong derivative and sees it caught.
//!
//! **A kind**: something that can be drawn. Its op comes first.
//! 1. `network/kinds/`: one line in the table of its family (`activations.rs`, `operations.rs`,
//!    `reductions.rs`, `losses.rs`): slug (its name in files and typed expressions), name, key, and what the
//!    family asks besides (what an activation gives). Palette, card, inspector, files and the command line
//!    read it there.
//! 2. `compile/ops.rs`: which op computes it. `explain/autograd/`: its `grad_fn` and what PyTorch saves.
//!    `export/pytorch/model.rs`: for an activation, its module. The compiler asks for these.
//! 3. `assets/locales/{en,fi}/`: `kind-…` in `panels.ftl` and `palette-hint-…` in `canvas.ftl`, named after
//!    the slug.
//! 4. `tests/interop/rebuild.py`: what PyTorch calls it (asked for where `VASTAVIRTA_PYTHON` names a Python
//!    with torch). A line in `every_operation_agrees_with_pytorch` of `tests/application/expressions.rs`, the
//!    layers in `cli/import.rs`, and the newest kind in `tests/architecture/kinds.rs` (*nobody asks*).
//! 5. `cargo test --test engine --test architecture`, `cargo test --lib -- words ui`,
//!    `cargo test --test application -- expressions interop`.
//!
//! **A panel**: something that can be looked at.
//! 1. `insight/` or `explain/`: what it shows as plain data from plain data, with tests. Long work takes
//!    a closure that says whether to go on.
//! 2. `app/`: who asks for it and where the newest answer is kept (`app/insight.rs` for what is computed
//!    off the window's thread); what a person can do there is a command in `app/command.rs`.
//! 3. `ui/NAME.rs` with its `mod` in `ui/mod.rs`: a function that draws `&App` and pushes commands.
//!    `ui/panes.rs`: the line that calls it. `ui/dock.rs`: the variant of `Pane`, its place in `Pane::ALL` (a
//!    warning asks), its key, a free shortcut (a test tells of a taken one), and its place in the first
//!    layout (a dozen tests ask). Menu, list of shortcuts and the tests of all panels follow from these.
//! 4. `assets/locales/{en,fi}/panels.ftl`: `pane-…`, and its texts, with an empty state that says what to do.
//! 5. `tests/application/`: what it says, found by its AccessKit names; every number in it answers a click
//!    (`numbers_answer.rs`).
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
