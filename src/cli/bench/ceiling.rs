//! What the machine can do at best: fused multiply-adds that wait for nothing but each other, and a
//! large matrix product, both on all threads.
//!
//! Must not know workloads.

use std::hint::black_box;
use std::time::{Duration, Instant};

use pulp::{Arch, Simd, WithSimd};

use crate::tensor::{Matrix, Side, product};

/// How long each of the two is tried; the best time counts.
const SPAN: Duration = Duration::from_millis(800);
/// Rows and columns of the product's matrices.
const SIZE: usize = 1024;

/// 10⁹ floating-point operations a second in f32, of all threads together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ceiling {
    /// In fused multiply-adds on registers: the processor's limit.
    pub fma_gflops: f64,
    /// In a product of two 1024×1024 matrices: what a network of large layers can come near to.
    pub product_gflops: f64,
}

/// Measures both, on the threads of the pool that this runs in.
pub(super) fn measure() -> Ceiling {
    let fma = Chains { rounds: 200_000 };
    let chains = || black_box(Arch::new().dispatch(black_box(fma)));
    // Where the system gave no pool, rayon's own would panic.
    let has_pool = rayon::current_thread_index().is_some();
    let n_threads = if has_pool { rayon::current_num_threads() } else { 1 };
    let fma_gflops = rate(fma.flops() * n_threads as f64, || {
        if has_pool {
            rayon::broadcast(|_| chains());
        } else {
            chains();
        }
    });
    let a = Matrix::<f32>::from_fn(SIZE, SIZE, |row, column| (row + 2 * column) as f32 / SIZE as f32);
    let b = a.transpose();
    let mut c = Matrix::<f32>::zeros(SIZE, SIZE);
    let product_gflops = rate(2.0 * (SIZE as f64).powi(3), || {
        product((&a, Side::Plain), (&b, Side::Plain), 0.0, &mut c);
    });
    Ceiling { fma_gflops, product_gflops }
}

/// 10⁹ operations a second, where `work` makes so many and its fastest run counts.
fn rate(operations: f64, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    let start = Instant::now();
    while start.elapsed() < SPAN {
        let begin = Instant::now();
        work();
        best = best.min(begin.elapsed().as_secs_f64());
    }
    operations / best * 1e-9
}

/// Independent chains of fused multiply-adds: enough to hide each one's latency, few enough to stay
/// in registers.
#[derive(Clone, Copy, Debug)]
struct Chains {
    rounds: usize,
}

impl Chains {
    const COUNT: usize = 12;

    fn flops(self) -> f64 {
        2.0 * (self.rounds * Self::COUNT * Arch::new().dispatch(Lanes)) as f64
    }
}

impl WithSimd for Chains {
    type Output = f32;

    #[expect(clippy::inline_always, reason = "or the loop keeps the plain instructions it was compiled with")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (factor, addend) = (simd.splat_f32s(black_box(0.5)), simd.splat_f32s(black_box(0.25)));
        let mut chains = [addend; Self::COUNT];
        for _ in 0..self.rounds {
            for chain in &mut chains {
                *chain = simd.mul_add_f32s(*chain, factor, addend);
            }
        }
        simd.reduce_sum_f32s(chains.into_iter().fold(addend, |sum, chain| simd.add_f32s(sum, chain)))
    }
}

/// How many f32 a vector register holds.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_compute_what_they_are_counted_for() {
        // z ← z/2 + 1/4 stays within reach of its fixed point 1/2 from every start; here it starts
        // at 1/4: all lanes of all chains come to 1/2, and the fold begins with 1/4 a lane.
        let lanes = Arch::new().dispatch(Lanes) as f32;
        let sum = Arch::new().dispatch(Chains { rounds: 100 });
        assert_eq!(sum, lanes * (0.25 + 0.5 * Chains::COUNT as f32));
    }
}
