//! Every op, one file a family: value, derivative, rule and tests together.
//!
//! Must not know programs. Values are features × N in memory (one sample a column); formulas in
//! the docs are in PyTorch's order, where samples are rows.

#![expect(
    clippy::inline_always,
    reason = "scalar functions must vanish inside the loops over entries, or nothing vectorizes"
)]

mod aligned;
mod arithmetic;
mod binary;
mod binary_cross_entropy;
mod broadcast;
mod cross_entropy;
pub(super) mod elementwise;
mod functions;
mod linear;
mod matmul;
mod movement;
mod rectifiers;
mod reduce;
mod regression;
mod routing;
mod samples;
mod smooth;
mod softmax;
#[cfg(test)]
pub(crate) mod testing;

pub use arithmetic::{Add, Multiply};
pub use binary::{Binary, Pair};
pub use binary_cross_entropy::{Bce, BceWithLogits, SigmoidBce};
pub use broadcast::{Fold, Where};
pub use cross_entropy::{CrossEntropy, CrossEntropyWithLogits, SoftmaxCrossEntropy};
pub use functions::{Abs, Clamp, Cos, Exp, Log, Neg, Pow, Round, Sign, Sin, Softsign, Sqrt, Step, Tan};
pub use linear::Linear;
pub use matmul::MatMul;
pub use movement::{Join, Reshape, Slice, Transpose};
pub use rectifiers::{Elu, LeakyRelu, Relu};
pub use reduce::{Reduce, Total};
pub use regression::{HalfSumOfSquares, Huber, Mae, Mse};
pub use routing::{Barrier, Concat, Dropout, Expand, Identity};
pub use samples::{Bernoulli, Normal};
pub use smooth::{Gelu, Sigmoid, Silu, Softplus, Tanh};
pub use softmax::{Softmax, SoftmaxOver};
