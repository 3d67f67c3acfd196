//! Numbers: [`Real`], [`Matrix`], [`Shape`] and the rules of shapes, products, random starts.
//!
//! Must not know files, clocks, GUI, or what a derivative is. Starts no thread: large work is shared
//! with the pool that the caller runs in, where it runs in one.
//!
//! # How a tensor lies in memory
//! A tensor of shape `[a, b]` is a column-major matrix of `b` rows and `a` columns, which is
//! byte for byte C order, as NumPy and PyTorch store it. A batched value `[N, features]` is
//! therefore `features × N`: one sample is one contiguous column. A weight `[out, in]` is
//! `in × out`: one receiving unit is one column. A bias `[f]` is `f × 1` and a scalar `[]` is
//! `1 × 1`. Only this floor and the ops know it; everything else reads shapes in PyTorch's order.

#![expect(
    clippy::inline_always,
    reason = "scalar functions must vanish inside the loops over entries, or nothing vectorizes"
)]

mod block;
mod float32;
mod init;
mod kernel;
mod optimizer;
mod product;
mod real;
pub mod shape;

pub use block::Block;
pub use init::{Fans, Initializer, initial_values, random_stream};
pub use kernel::{Divisible, Kernel, copy, found_in, shared, sum_of_squares, vectorized};
pub use optimizer::{Clip, OptimizerKind};
pub(crate) use product::product_of_slices;
pub use product::{Gemm, Side, product, run_kernels_inside};
pub use real::{Kept, Real};
pub use shape::{MAX_RANK, Shape, ShapeError};

/// A matrix of nalgebra, column-major. See the floor's own page for what lies where.
pub type Matrix<T> = nalgebra::DMatrix<T>;
