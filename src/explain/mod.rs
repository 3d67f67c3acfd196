//! Formulas and lessons as plain data: which line made which matrix, with which shapes.
//!
//! Must not know how anything is drawn or computed. Convention: PyTorch's, samples are rows,
//! W is `[out, in]`, Z = X · Wᵀ + b.

mod derivative;
mod formula;
mod number;
mod steps;

pub use derivative::{derivative_rule, function_name};
pub use formula::{Formula, Formulas, Letter, output_letter};
pub use number::{full, plain, short};
pub use steps::{Step, backward_steps};
