//! Large products, on the kernels of the crates `gemm-f32` and `gemm-f64` (on the products of a
//! 1024-2048-2048-10 network 1.1 to 1.4 times as fast as matrixmultiply, measured in turn in one run
//! on two cores with AVX-512), which choose their instructions at run time, on x86-64 and on Arm.
//! Here they are shared among threads, and factors that lie badly in the cache laid out anew.
//!
//! The only place of the package that holds `unsafe`: strided kernels behind asserts. Must not know
//! ops.

use std::cell::RefCell;
use std::sync::OnceLock;

use gemm_common::Parallelism;

use super::Side;
use super::transpose::Transpose;
use crate::tensor::kernel::pooled_threads;
use crate::tensor::{Real, vectorized};

/// From this many multiply-adds on (some 80 µs on one thread) a product is worth waking a second one.
const SHARED_FROM: usize = 1 << 23;
/// Rows of C that a kernel computes together: a multiple of what every instruction set takes.
const ROWS_TOGETHER: usize = 48;
/// Columns of C that a kernel computes together.
const COLUMNS_TOGETHER: usize = 8;
/// Rows of A that are laid out anew at a time, so that they stay in the cache of one core.
const BLOCK_ROWS: usize = 192;
/// Bytes of each of them that are.
const BLOCK_BYTES: usize = 2048;
/// Rows this many bytes apart, or a multiple, share so few places in the cache that kernels which go
/// across them wait for memory.
const CROWDED: usize = 4096;

/// Calls what it is given, once.
type Around = fn(&mut dyn FnMut());

static AROUND_KERNELS: OnceLock<Around> = OnceLock::new();

/// From the first call on every kernel of a large product runs inside of `around`. Kernels allocate
/// packing buffers, which those crates offer no way round: who counts the allocations of a training
/// step leaves them out so.
pub fn run_kernels_inside(around: fn(&mut dyn FnMut())) {
    // The first one counts: it was put there for the same reason.
    let _ = AROUND_KERNELS.set(around);
}

/// What f32 and f64 do differently in a large product.
pub trait Gemm: Sized + 'static {
    /// Works in this thread's own room for a block laid out anew.
    #[doc(hidden)]
    fn with_block(work: impl FnOnce(&mut Vec<Self>));

    /// C ← A·B + β·C, on this thread.
    #[doc(hidden)]
    fn kernel(task: Task<'_, Self>, beta: Self);
}

/// C ← A·B + β·C over column-major storage: A is m×k and B k×n as they enter the product, C is m×n.
/// With β = 0 C is not read.
pub(super) fn product<T: Real>(size: [usize; 3], a: (&[T], Side), b: (&[T], Side), beta: T, c: &mut [T]) {
    Task::new(size, a, b, c).share(pooled_threads(), move |task| task.run(beta));
}

/// A factor as a kernel sees it: how far apart its rows and its columns are.
#[derive(Clone, Copy)]
struct Factor<'a, T> {
    numbers: &'a [T],
    row: usize,
    column: usize,
}

impl<'a, T> Factor<'a, T> {
    /// One with so many rows and columns as it enters the product.
    fn new((numbers, side): (&'a [T], Side), [rows, columns]: [usize; 2]) -> Self {
        let (row, column) = if side == Side::Plain { (1, rows) } else { (columns, 1) };
        Self { numbers, row, column }
    }

    /// What remains from a row and a column on.
    fn from(self, row: usize, column: usize) -> Self {
        Self { numbers: &self.numbers[row * self.row + column * self.column..], ..self }
    }

    /// Whether it has so many rows and columns.
    fn holds(&self, [rows, columns]: [usize; 2]) -> bool {
        let [Some(last_row), Some(last_column)] = [rows, columns].map(|size| size.checked_sub(1)) else {
            return true;
        };
        let last = match (last_row.checked_mul(self.row), last_column.checked_mul(self.column)) {
            (Some(down), Some(across)) => down.checked_add(across),
            _ => None,
        };
        last.is_some_and(|last| last < self.numbers.len())
    }
}

/// A product, or the part of one that makes a block of C.
#[doc(hidden)]
pub struct Task<'a, T> {
    m: usize,
    k: usize,
    n: usize,
    a: Factor<'a, T>,
    b: Factor<'a, T>,
    /// The first entry of the block of C; no other task at work writes to the block.
    c: *mut T,
    /// How far apart the columns of C are.
    c_column: usize,
}

// SAFETY: the pointer of a task comes from a slice whose borrow outlives it, and tasks that run at
// once write different blocks of C.
#[expect(unsafe_code, reason = "tasks go to the threads of the pool")]
unsafe impl<T: Send + Sync> Send for Task<'_, T> {}

impl<'a, T: Real> Task<'a, T> {
    /// All of a product. Checks that C holds what the sizes say; a kernel checks the factors.
    fn new([m, k, n]: [usize; 3], a: (&'a [T], Side), b: (&'a [T], Side), c: &'a mut [T]) -> Self {
        assert_eq!(Some(c.len()), m.checked_mul(n), "C holds m·n numbers");
        let (a, b) = (Factor::new(a, [m, k]), Factor::new(b, [k, n]));
        Self { m, k, n, a, b, c: c.as_mut_ptr(), c_column: m }
    }

    /// The task of the block of C, and the part of the sum, that start here and are so large.
    ///
    /// # Safety
    /// Parts that run at once must have blocks of C that do not overlap.
    #[expect(unsafe_code, reason = "two parts may point to the same numbers of C")]
    unsafe fn part(&self, [row, depth, column]: [usize; 3], [m, k, n]: [usize; 3]) -> Self {
        let inside =
            |start: usize, size: usize, whole: usize| start.checked_add(size).is_some_and(|end| end <= whole);
        assert!(
            inside(row, m, self.m) && inside(depth, k, self.k) && inside(column, n, self.n),
            "a part lies inside"
        );
        let c = self.c.wrapping_add(row + column * self.c_column);
        let (a, b) = (self.a.from(row, depth), self.b.from(depth, column));
        Self { m, k, n, a, b, c, c_column: self.c_column }
    }

    /// Shares a product that is worth it among so many threads, along the longer side of C.
    #[expect(unsafe_code, reason = "the two parts share out C")]
    fn share(self, threads: usize, work: impl Fn(Self) + Copy + Send) {
        let Self { m, k, n, .. } = self;
        let few = threads / 2;
        let by_rows = m > n;
        let (side, together) = if by_rows { (m, ROWS_TOGETHER) } else { (n, COLUMNS_TOGETHER) };
        let at = (side * few / threads).next_multiple_of(together);
        if few == 0 || at == 0 || at >= side || m.saturating_mul(k).saturating_mul(n) < SHARED_FROM {
            return work(self);
        }
        let (first, start, rest) = if by_rows {
            ([at, k, n], [at, 0, 0], [m - at, k, n])
        } else {
            ([m, k, at], [0, 0, at], [m, k, n - at])
        };
        // SAFETY: the first part ends where the second one begins, and `self` does nothing any more.
        let [first, rest] = unsafe { [self.part([0; 3], first), self.part(start, rest)] };
        rayon::join(move || first.share(few, work), move || rest.share(threads - few, work));
    }

    /// Computes all of it on this thread.
    fn run(self, beta: T) {
        let crowded = self.a.column == 1 && (self.a.row * size_of::<T>()).is_multiple_of(CROWDED);
        if crowded && self.n >= COLUMNS_TOGETHER { self.run_in_blocks(beta) } else { T::kernel(self, beta) }
    }

    /// The same where rows of A crowd in the cache (those of a weight of 2,048 inputs do): block by
    /// block, A is transposed into room of its own first, 1.1 to 1.4 times as fast in all.
    #[expect(unsafe_code, reason = "parts of C are computed one after another")]
    fn run_in_blocks(self, beta: T) {
        let most = BLOCK_BYTES / size_of::<T>();
        let depth = self.k.div_ceil(self.k.div_ceil(most)).next_multiple_of(16);
        T::with_block(|block| {
            block.resize(BLOCK_ROWS * most, T::zero());
            for start in (0..self.k).step_by(depth) {
                let k = depth.min(self.k - start);
                for row in (0..self.m).step_by(BLOCK_ROWS) {
                    let m = BLOCK_ROWS.min(self.m - row);
                    // SAFETY: one part after another is computed, none of them beside another.
                    let mut part = unsafe { self.part([row, start, 0], [m, k, self.n]) };
                    let to = &mut block[..m * k];
                    let (from, stride) = (part.a.numbers, part.a.row);
                    vectorized(m * k, Transpose { from, stride, rows: m, columns: k, to });
                    part.a = Factor::new((to, Side::Plain), [m, k]);
                    T::kernel(part, if start == 0 { beta } else { T::one() });
                }
            }
        });
    }
}

macro_rules! gemm {
    ($real:ty, $get_kernel:path) => {
        impl Gemm for $real {
            fn with_block(work: impl FnOnce(&mut Vec<Self>)) {
                thread_local! { static BLOCK: RefCell<Vec<$real>> = const { RefCell::new(Vec::new()) } }
                BLOCK.with_borrow_mut(work);
            }

            #[expect(unsafe_code, reason = "the one audited exception: the kernel takes raw pointers")]
            fn kernel(task: Task<'_, Self>, beta: Self) {
                let Task { m, k, n, a, b, c, c_column } = task;
                assert!(a.holds([m, k]) && b.holds([k, n]), "the factors hold what the sizes say");
                let kernel = $get_kernel();
                let [a_row, a_column, b_row, b_column, c_column] =
                    [a.row, a.column, b.row, b.column, c_column].map(usize::cast_signed);
                let mut run = || {
                    // The kernel calls the factor of C alpha and that of the product beta.
                    // SAFETY: `holds` has tied every element of A and B that these strides reach to
                    // the slices' lengths. C's block is a part of a slice of checked length, borrowed
                    // mutably for as long as the task lives, which keeps it apart from A and B.
                    unsafe {
                        kernel(
                            m,
                            n,
                            k,
                            c,
                            c_column,
                            1,
                            beta != 0.0,
                            a.numbers.as_ptr(),
                            a_column,
                            a_row,
                            b.numbers.as_ptr(),
                            b_column,
                            b_row,
                            beta,
                            1.0,
                            false,
                            false,
                            false,
                            Parallelism::None,
                        );
                    }
                };
                match AROUND_KERNELS.get() {
                    Some(around) => around(&mut run),
                    None => run(),
                }
            }
        }
    };
}
gemm!(f32, gemm_f32::gemm::f32::get_gemm_fn);
gemm!(f64, gemm_f64::gemm::f64::get_gemm_fn);

#[cfg(test)]
mod tests {
    use super::*;

    /// Small integers, so that every order of summation gives the same bits.
    fn numbers(n: usize) -> Vec<f64> {
        (0..n).map(|i| ((i * 7) % 23) as f64 - 11.0).collect()
    }

    #[test]
    fn threads_share_a_product_along_its_longer_side_and_leave_nothing_out() {
        for [m, k, n] in [[600, 320, 200], [200, 320, 600], [1000, 1024, 9], [9, 1024, 1000]] {
            let (a, b) = (numbers(m * k), numbers(k * n));
            let product = |threads: usize| {
                let mut c = vec![f64::NAN; m * n];
                let task = Task::new([m, k, n], (&a, Side::Transposed), (&b, Side::Plain), &mut c);
                task.share(threads, |task| task.run(0.0));
                c
            };
            let alone = product(1);
            for threads in 2..=5 {
                assert_eq!(product(threads), alone, "{m}×{k}×{n} on {threads} threads");
            }
        }
    }

    #[test]
    fn sizes_whose_product_wraps_around_are_refused() {
        let numbers = numbers(4);
        let huge = 1 << (usize::BITS / 2);
        let plain = Factor::new((&numbers, Side::Plain), [huge, huge + 1]);
        assert!(!plain.holds([huge, huge + 1]));
        assert!(Factor::new((&numbers, Side::Plain), [2, 2]).holds([2, 2]));
        assert!(plain.holds([0, huge]) && !plain.holds([1, huge + 1]));
        let made = std::panic::catch_unwind(|| {
            let mut c = [0.0; 0];
            Task::new([huge, 1, huge], (&numbers, Side::Plain), (&numbers, Side::Plain), &mut c);
        });
        assert!(made.is_err(), "m·n is 0 where it wraps around, and C is not that small");
    }

    #[test]
    #[should_panic(expected = "the factors hold what the sizes say")]
    fn a_factor_that_is_too_short_is_refused() {
        let (a, b, mut c) = (numbers(99), numbers(100), vec![0.0; 100]);
        Task::new([10, 10, 10], (&a, Side::Plain), (&b, Side::Plain), &mut c).run(0.0);
    }
}
