//! Automatic differentiation: ops, programs, traces, backward, optimizers, the gradient check.
//!
//! Must not know the drawing, files, threads, clocks or GUI.
//!
//! # The few types that matter
//! A [`ProgramBuilder`] strings [`Op`]s together into a [`Program`]; [`Program::parameters`]
//! gives the [`ParameterStore`], [`Program::trace`] the buffers of one batch size. Then, batch
//! after batch: fill the leaves, [`Program::run`] the pass, and let an [`Optimizer`] step in
//! [`Program::update`]. Both execute the actions of [`Program::schedule`], one after another.
//!
//! ```
//! use std::sync::Arc;
//! use vastavirta::autodiff::{ProgramBuilder, ops};
//! use vastavirta::tensor::Shape;
//!
//! let mut builder = ProgramBuilder::<f64>::new();
//! let x = builder.leaf("x", Shape::batched(&[1]));
//! let target = builder.leaf("target", Shape::batched(&[1]));
//! let weight = builder.parameter("weight", Shape::fixed(&[1, 1]));
//! let z = builder.apply(Arc::new(ops::Linear { bias: false }), &[x, weight])?;
//! let loss = builder.apply(Arc::new(ops::Mse), &[z, target])?;
//! builder.add_loss(loss, 1.0);
//! let program = builder.finish();
//!
//! let mut store = program.parameters();
//! let weight = store.ids().next().unwrap();
//! store.value_mut(weight)[(0, 0)] = 2.0;
//! let mut trace = program.trace(1);
//! trace.value_mut(x)[(0, 0)] = 3.0;
//! trace.value_mut(target)[(0, 0)] = 5.0;
//! program.run(&mut store, &mut trace);
//! assert_eq!(program.total_loss(&trace), 1.0); // (2·3 − 5)²
//! assert_eq!(store.grad(weight).unwrap()[(0, 0)], 6.0); // 2·(2·3 − 5)·3
//! # Ok::<(), vastavirta::tensor::ShapeError>(())
//! ```

mod builder;
pub mod clip;
mod fusion;
pub mod gradcheck;
mod graph;
mod op;
pub mod ops;
pub mod optimizer;
mod program;
mod rule;
mod run;
mod schedule;
mod shares;
mod store;
mod trace;
mod update_rule;

pub use builder::ProgramBuilder;
pub use graph::{Instruction, InstructionId, ParameterId, ValueId};
pub use op::{BackwardArgs, CUT, Op};
pub use optimizer::Optimizer;
pub use program::Program;
pub use rule::{Blocked, Probabilities, Rule, Share};
pub use schedule::{Action, Schedule, ScheduledAction};
pub use store::ParameterStore;
pub use trace::Trace;
pub use update_rule::{UpdateLeaf, UpdateLine, UpdateRule};

pub use crate::tensor::{Clip, Fans, Initializer, OptimizerKind, initial_values, random_stream};
