//! Every op, one file a family: value, derivative, rule and tests together.
//!
//! Must not know programs. Values are features × N in memory (one sample a column); formulas in
//! the docs are in PyTorch's order, where samples are rows.

#![expect(
    clippy::inline_always,
    reason = "scalar functions must vanish inside the loops over entries, or nothing vectorizes"
)]

mod arithmetic;
mod binary_cross_entropy;
mod cross_entropy;
pub(super) mod elementwise;
mod linear;
mod rectifiers;
mod regression;
mod routing;
mod smooth;
mod softmax;
#[cfg(test)]
pub(crate) mod testing;

pub use arithmetic::{Add, Multiply};
pub use binary_cross_entropy::{Bce, BceWithLogits, SigmoidBce};
pub use cross_entropy::{CrossEntropy, CrossEntropyWithLogits, SoftmaxCrossEntropy};
pub use linear::Linear;
pub use rectifiers::{Elu, LeakyRelu, Relu};
pub use regression::{HalfSumOfSquares, Huber, Mae, Mse};
pub use routing::{Concat, Detach, Dropout, Expand, Identity};
pub use smooth::{Gelu, Sigmoid, Silu, Softplus, Tanh};
pub use softmax::Softmax;
