//! Matrix products, all behind one function: [`product`].
//!
//! The only place of the package that holds `unsafe`: strided kernels behind asserts. Large products
//! run on the kernels of the crates `gemm-f32` and `gemm-f64` (on the products of a
//! 1024-2048-2048-10 network 1.1 to 1.4 times as fast as matrixmultiply, measured in turn in one run
//! on two cores with AVX-512), which choose their instructions at run time, on x86-64 and on Arm.
//! Must not know ops.

use std::cell::Cell;

use gemm_common::Parallelism;

use super::kernel::pooled_threads;
use super::{Matrix, Real};

/// Below this many multiply-adds plain loops beat packing (about 4 times on a 2-4-1 network).
const PLAIN_BELOW: usize = 512;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// How many allocations the kernels of large products have made on this thread so far: packing
/// buffers, which those crates offer no way round. Counts of a training step subtract them.
pub fn kernel_allocations() -> u64 {
    ALLOCATIONS.get()
}

/// Runs a kernel and counts its allocations apart.
fn counted(kernel: impl FnOnce()) {
    let allocations = allocation_counter::measure(kernel).count_total;
    ALLOCATIONS.set(ALLOCATIONS.get() + allocations);
}

/// Whether a factor is taken as it lies in memory or transposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As it lies.
    Plain,
    /// Transposed; nothing is copied.
    Transposed,
}

impl Side {
    /// Rows and columns of the factor as it enters the product.
    #[inline]
    fn size<T: Real>(self, matrix: &Matrix<T>) -> (usize, usize) {
        match self {
            Self::Plain => (matrix.nrows(), matrix.ncols()),
            Self::Transposed => (matrix.ncols(), matrix.nrows()),
        }
    }

    /// Row stride and column stride in numbers of a factor whose storage has `rows` rows.
    #[inline]
    fn strides(self, rows: usize) -> (isize, isize) {
        match self {
            Self::Plain => (1, rows.cast_signed()),
            Self::Transposed => (rows.cast_signed(), 1),
        }
    }
}

/// What f32 and f64 do differently in a large product.
pub trait Gemm: Sized {
    /// C ← α·A·B + β·C over column-major storage: A is m×k and B k×n as they enter the product,
    /// C is m×n. With β = 0 C is not read.
    #[doc(hidden)]
    fn gemm(
        size: [usize; 3],
        alpha: Self,
        a: (&[Self], Side),
        b: (&[Self], Side),
        beta: Self,
        c: &mut [Self],
    );
}

/// A product from this many multiply-adds on (some 80 µs on one thread) is worth waking a second one.
const SHARED_FROM: usize = 1 << 23;

/// A matrix as a kernel sees it: its first element, its row stride and its column stride.
#[derive(Clone, Copy)]
struct Strided<P> {
    first: P,
    row: isize,
    col: isize,
}

/// The three matrices of a product for a kernel, with the rows of A and C that one thread takes.
struct Task<T> {
    m: usize,
    k: usize,
    n: usize,
    a: Strided<*const T>,
    b: Strided<*const T>,
    c: Strided<*mut T>,
}

// SAFETY: the pointers of a task come from slices whose borrows outlive it, and two tasks that run
// at once write different rows of C.
#[expect(unsafe_code, reason = "tasks go to the threads of the pool")]
unsafe impl<T: Send + Sync> Send for Task<T> {}

impl<T> Clone for Task<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Task<T> {}

impl<T: Send + Sync> Task<T> {
    /// Checks that the slices hold what the sizes say. Element (i, j) of A then lies at i + j·m or
    /// i·k + j, below m·k, the checked length; likewise B and C.
    fn new([m, k, n]: [usize; 3], a: (&[T], Side), b: (&[T], Side), c: &mut [T]) -> Self {
        assert_eq!(a.0.len(), m * k, "A holds m·k numbers");
        assert_eq!(b.0.len(), k * n, "B holds k·n numbers");
        assert_eq!(c.len(), m * n, "C holds m·n numbers");
        let strided = |(slice, side): (&[T], Side), rows: usize, cols: usize| {
            let (row, col) = side.strides(if side == Side::Plain { rows } else { cols });
            Strided { first: slice.as_ptr(), row, col }
        };
        let (a, b) = (strided(a, m, k), strided(b, k, n));
        Self { m, k, n, a, b, c: Strided { first: c.as_mut_ptr(), row: 1, col: m.cast_signed() } }
    }

    /// The first `rows` rows and the rest; both write their own rows of C.
    fn split(self, rows: usize) -> [Self; 2] {
        assert!(rows <= self.m, "a task is split inside of its rows");
        let mut rest = self;
        rest.m -= rows;
        rest.a.first = self.a.first.wrapping_offset(rows.cast_signed() * self.a.row);
        rest.c.first = self.c.first.wrapping_offset(rows.cast_signed() * self.c.row);
        [Self { m: rows, ..self }, rest]
    }

    /// Runs `kernel` on all of it. In a pool a large product is shared out: by rows of C where A is
    /// transposed, so that each thread packs its own part of A (twice as fast where N is small), else
    /// as the kernel does it by itself.
    fn run(self, kernel: impl Fn(Self, Parallelism) + Copy + Send) {
        let threads = pooled_threads();
        if threads == 1 || self.m * self.k * self.n < SHARED_FROM {
            counted(|| kernel(self, Parallelism::None));
        } else if self.a.row == 1 {
            counted(|| kernel(self, Parallelism::Rayon(0)));
        } else {
            self.share(threads, kernel);
        }
    }

    /// Shares the rows of C among so many threads.
    fn share(self, threads: usize, kernel: impl Fn(Self, Parallelism) + Copy + Send) {
        let few = threads / 2;
        let rows = (self.m * few / threads).next_multiple_of(ROWS_TOGETHER);
        if few == 0 || rows >= self.m {
            return counted(|| kernel(self, Parallelism::None));
        }
        let [first, rest] = self.split(rows);
        rayon::join(move || first.share(few, kernel), move || rest.share(threads - few, kernel));
    }
}

/// Rows of C that a kernel computes together: a multiple of what every instruction set takes.
const ROWS_TOGETHER: usize = 48;

macro_rules! gemm {
    ($real:ty, $get_kernel:path) => {
        impl Gemm for $real {
            #[expect(unsafe_code, reason = "the one audited exception: the kernel takes raw pointers")]
            fn gemm(
                size: [usize; 3],
                alpha: Self,
                a: (&[Self], Side),
                b: (&[Self], Side),
                beta: Self,
                c: &mut [Self],
            ) {
                Task::new(size, a, b, c).run(move |task, threads| {
                    let Task { m, k, n, a, b, c } = task;
                    let kernel = $get_kernel();
                    // The kernel calls the factor of C alpha and that of the product beta.
                    // SAFETY: `Task` ties every element that these strides reach to the slices'
                    // lengths; C's elements are distinct, and `&mut` keeps it apart from A and B.
                    unsafe {
                        kernel(
                            m,
                            n,
                            k,
                            c.first,
                            c.col,
                            c.row,
                            beta != 0.0,
                            a.first,
                            a.col,
                            a.row,
                            b.first,
                            b.col,
                            b.row,
                            beta,
                            alpha,
                            false,
                            false,
                            false,
                            threads,
                        );
                    }
                });
            }
        }
    };
}
gemm!(f32, gemm_f32::gemm::f32::get_gemm_fn);
gemm!(f64, gemm_f64::gemm::f64::get_gemm_fn);

/// C ← A·B + β·C, where A and B enter plain or transposed. With β = 0 C is overwritten, whatever
/// it held (NaN included).
///
/// Panics when the sizes do not fit: the shape rules have ruled that out before.
#[inline]
pub fn product<T: Real>(
    (a, a_side): (&Matrix<T>, Side),
    (b, b_side): (&Matrix<T>, Side),
    beta: T,
    c: &mut Matrix<T>,
) {
    let (m, k) = a_side.size(a);
    let (k_b, n) = b_side.size(b);
    assert!(k == k_b && c.nrows() == m && c.ncols() == n, "the sizes of a product fit");
    if m * n * k >= PLAIN_BELOW {
        T::gemm([m, k, n], T::one(), (a.as_slice(), a_side), (b.as_slice(), b_side), beta, c.as_mut_slice());
    } else {
        plain([m, k, n], (a.as_slice(), a_side), (b.as_slice(), b_side), beta, c.as_mut_slice());
    }
}

/// The same with plain loops, for small products.
#[inline]
fn plain<T: Real>(
    [m, k, n]: [usize; 3],
    (a, a_side): (&[T], Side),
    (b, b_side): (&[T], Side),
    beta: T,
    c: &mut [T],
) {
    if m == 0 || n == 0 {
        return;
    }
    let (b_row, b_col) = if b_side == Side::Plain { (1, k) } else { (n, 1) };
    for (j, c) in c.chunks_exact_mut(m).enumerate() {
        match a_side {
            // A column of C is a sum of columns of A.
            Side::Plain => {
                if beta == T::zero() {
                    c.fill(T::zero());
                } else if beta != T::one() {
                    for c in c.iter_mut() {
                        *c *= beta;
                    }
                }
                for (l, a) in a.chunks_exact(m).enumerate() {
                    let b = b[l * b_row + j * b_col];
                    for (c, &a) in c.iter_mut().zip(a) {
                        *c += a * b;
                    }
                }
            }
            // An entry of C is a dot product with a stored column of A.
            Side::Transposed => {
                for (i, c) in c.iter_mut().enumerate() {
                    let a = &a[i * k..(i + 1) * k];
                    let mut sum = T::zero();
                    if b_side == Side::Plain {
                        for (&a, &b) in a.iter().zip(&b[j * k..(j + 1) * k]) {
                            sum += a * b;
                        }
                    } else {
                        for (l, &a) in a.iter().enumerate() {
                            sum += a * b[l * n + j];
                        }
                    }
                    *c = if beta == T::zero() { sum } else { sum + beta * *c };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers<T: Real>(rows: usize, cols: usize, salt: usize) -> Matrix<T> {
        Matrix::from_fn(rows, cols, |i, j| T::of((((i * 7 + j * 13 + salt * 29) % 23) as f64 - 11.0) / 4.0))
    }

    fn oriented<T: Real>(matrix: &Matrix<T>, side: Side) -> Matrix<T> {
        if side == Side::Plain { matrix.clone() } else { matrix.transpose() }
    }

    /// Rows, inner size and columns: small and large, thin on every side, and odd.
    const SIZES: [(usize, usize, usize); 13] = [
        (1, 1, 1),
        (2, 3, 4),
        (7, 8, 9),
        (8, 8, 8),
        (13, 17, 19),
        (64, 3, 40),
        (1, 600, 1),
        (1, 64, 32),
        (64, 32, 1),
        (9, 32, 64),
        (600, 1, 2),
        (33, 65, 34),
        (150, 130, 140),
    ];

    /// Entries are quarters of small integers, so every order of summation gives the same bits.
    fn check<T: Real>() {
        for (m, k, n) in SIZES {
            for a_side in [Side::Plain, Side::Transposed] {
                for b_side in [Side::Plain, Side::Transposed] {
                    for beta in [0.0, 1.0, 0.5] {
                        let a = oriented(&numbers::<T>(m, k, 1), a_side);
                        let b = oriented(&numbers::<T>(k, n, 2), b_side);
                        let start = numbers::<T>(m, n, 3);
                        let (plain_a, plain_b) = (oriented(&a, a_side), oriented(&b, b_side));
                        let beta = T::of(beta);
                        let expected = Matrix::from_fn(m, n, |i, j| {
                            let sum = (0..k).fold(T::zero(), |s, l| s + plain_a[(i, l)] * plain_b[(l, j)]);
                            sum + beta * start[(i, j)]
                        });
                        let mut c = start.clone();
                        product((&a, a_side), (&b, b_side), beta, &mut c);
                        assert_eq!(c, expected, "{m}×{k}×{n} {a_side:?} {b_side:?} β = {beta}");
                    }
                }
            }
        }
    }

    #[test]
    fn products_equal_the_definition_for_every_orientation_and_size() {
        check::<f64>();
        check::<f32>();
    }

    #[test]
    fn beta_zero_forgets_what_was_there() {
        for n in [2, 40] {
            let mut c = Matrix::from_element(n, n, f64::NAN);
            product((&numbers(n, n, 1), Side::Plain), (&numbers(n, n, 2), Side::Transposed), 0.0, &mut c);
            assert!(c.iter().all(|c| c.is_finite()));
        }
    }

    #[test]
    fn an_empty_inner_size_gives_zeros_and_empty_batches_give_nothing() {
        let mut c = Matrix::from_element(2, 3, 5.0);
        product((&Matrix::zeros(2, 0), Side::Plain), (&Matrix::zeros(0, 3), Side::Plain), 0.0, &mut c);
        assert_eq!(c, Matrix::zeros(2, 3));
        let mut c = Matrix::from_element(2, 3, 5.0);
        product(
            (&Matrix::zeros(0, 2), Side::Transposed),
            (&Matrix::zeros(3, 0), Side::Transposed),
            1.0,
            &mut c,
        );
        assert_eq!(c, Matrix::from_element(2, 3, 5.0));
        let mut c = Matrix::<f32>::zeros(4, 0);
        product((&numbers(3, 4, 1), Side::Transposed), (&Matrix::zeros(3, 0), Side::Plain), 0.0, &mut c);
        assert_eq!(c.len(), 0);
    }

    #[test]
    #[should_panic(expected = "the sizes of a product fit")]
    fn sizes_that_do_not_fit_are_refused() {
        let mut c = Matrix::<f64>::zeros(2, 2);
        product((&numbers(2, 3, 1), Side::Plain), (&numbers(2, 2, 2), Side::Plain), 0.0, &mut c);
    }
}
