//! Typed expressions and drawings, each made from the other: `f = mean(sqrt(abs(x)))` becomes nodes, and
//! a drawing is written as one expression or as PyTorch code, line by line.
//!
//! Must not know numbers beyond those that are typed, nor how anything is computed.

mod call;
mod draw;
mod error;
mod names;
mod parse;
mod python;
mod token;
mod tree;

pub use draw::{Drawn, draw, literal as numbers_as_text};
pub use error::ExpressionError;
pub use python::{as_expression, torch_call, torch_lines};
pub use tree::typed_numbers;
