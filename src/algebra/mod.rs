//! Expressions over tensors: one closed type for every formula of the program.
//!
//! Must not know ops, networks, or how a formula is drawn. Nothing here runs in a training step: an
//! expression is evaluated, rewritten or taken apart only when somebody asks.
//!
//! # The few types that matter
//! An [`Expression`] is built from leaves (what a leaf means is the caller's choice; a rule of the
//! engine speaks of [`Operand`]s) with ordinary operators. [`Evaluator`] computes it,
//! [`Expression::replace`] puts other leaves in, [`Entries`] gives the scalar formula of one entry,
//! and [`Expression::coefficient`] the factor of one leaf in it.
//!
//! ```
//! use vastavirta::algebra::{Array, Evaluator, Expression, Operand, grad, input};
//!
//! // What Z = X Wᵀ sends back to X: dX = dZ · W, [N, in] = [N, out] · [out, in].
//! let share = grad().dot(input(1));
//! let leaf = |operand: &Operand| match operand {
//!     Operand::Grad => Array::new(vec![1, 2], vec![1.0, 10.0]),
//!     _ => Array::new(vec![2, 2], vec![1.0, 2.0, -1.0, 4.0]),
//! };
//! let mut evaluator = Evaluator::<Operand, f64>::new(1, &leaf);
//! let value = evaluator.evaluate(&share)?;
//! assert_eq!(value.data(), [-9.0, 42.0]);
//! assert_eq!(evaluator.multiplications(), 4);
//! # Ok::<(), vastavirta::algebra::Misfit>(())
//! ```

mod array;
mod build;
mod entry;
mod evaluate;
mod expression;
mod function;
mod linear;
mod rewrite;
mod size;
mod transpose;
mod users;

pub use array::Array;
pub use build::{grad, input, number, output, setting};
pub use entry::{Entries, Entry};
pub use evaluate::Evaluator;
pub use expression::{Axes, Expression, Operand, Part, Piece, Rebuild, Reduction};
pub use function::{Comparison, Function};
pub use size::{Misfit, Size, broadcast, concrete, sizes_of};
pub use users::{Pattern, Users};
