//! Matrix products, all behind one function: [`product`]. Small ones are plain loops, large ones run
//! on kernels (`large`).
//!
//! Must not know ops.

mod large;
mod transpose;

pub use large::{Gemm, run_kernels_inside};

use super::{Matrix, Real};

/// Below this many multiply-adds plain loops beat packing (about 4 times on a 2-4-1 network).
const PLAIN_BELOW: usize = 512;
/// Runs of fewer numbers that lie side by side cost more to set up than to add one by one.
const SHORT: usize = 8;

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
}

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
    sized([m, k, n], (a.as_slice(), a_side), (b.as_slice(), b_side), beta, c.as_mut_slice());
}

/// The same for column-major factors that are runs of larger buffers.
pub(crate) fn product_of_slices<T: Real>(
    [m, k, n]: [usize; 3],
    (a, a_side): (&[T], Side),
    (b, b_side): (&[T], Side),
    beta: T,
    c: &mut [T],
) {
    assert!(a.len() == m * k && b.len() == k * n && c.len() == m * n, "the sizes of a product fit");
    sized([m, k, n], (a, a_side), (b, b_side), beta, c);
}

/// The same once the sizes are known to fit. Where the sides are written down, nothing asks for them.
#[inline]
fn sized<T: Real>(
    [m, k, n]: [usize; 3],
    (a, a_side): (&[T], Side),
    (b, b_side): (&[T], Side),
    beta: T,
    c: &mut [T],
) {
    // No overflow: all three matrices are in memory.
    if m * n * k >= PLAIN_BELOW {
        return large::product([m, k, n], (a, a_side), (b, b_side), beta, c);
    }
    match (a_side, b_side) {
        (Side::Plain, Side::Plain) => plain::<T, false, false>([m, k, n], a, b, beta, c),
        (Side::Plain, Side::Transposed) => plain::<T, false, true>([m, k, n], a, b, beta, c),
        (Side::Transposed, Side::Plain) => plain::<T, true, false>([m, k, n], a, b, beta, c),
        (Side::Transposed, Side::Transposed) => plain::<T, true, true>([m, k, n], a, b, beta, c),
    }
}

/// The same with plain loops, for small products; compiled for each pair of sides.
fn plain<T: Real, const A_TRANSPOSED: bool, const B_TRANSPOSED: bool>(
    [m, k, n]: [usize; 3],
    a: &[T],
    b: &[T],
    beta: T,
    c: &mut [T],
) {
    // Rows and columns of A and of B lie so far apart.
    let (a_row, a_column) = if A_TRANSPOSED { (k, 1) } else { (1, m) };
    let (b_row, b_column) = if B_TRANSPOSED { (n, 1) } else { (1, k) };
    if m == 0 {
        return;
    }
    if (if A_TRANSPOSED { k } else { m }) < SHORT {
        // Entry by entry, with no loop over runs to be set up; added in the same order as below.
        for (j, c) in c.chunks_exact_mut(m).enumerate() {
            for (i, c) in c.iter_mut().enumerate() {
                let old = if beta == T::zero() { T::zero() } else { beta * *c };
                let (mut from_a, mut from_b) = (i * a_row, j * b_column);
                let mut sum = if A_TRANSPOSED { T::zero() } else { old };
                for _ in 0..k {
                    sum += a[from_a] * b[from_b];
                    from_a += a_column;
                    from_b += b_row;
                }
                *c = if A_TRANSPOSED && beta != T::zero() { sum + old } else { sum };
            }
        }
        return;
    }
    for (j, c) in c.chunks_exact_mut(m).enumerate() {
        if A_TRANSPOSED {
            // An entry of C is a dot product with a stored column of A.
            for (i, c) in c.iter_mut().enumerate() {
                let a = &a[i * k..(i + 1) * k];
                let mut sum = T::zero();
                if B_TRANSPOSED {
                    for (l, &a) in a.iter().enumerate() {
                        sum += a * b[l * n + j];
                    }
                } else {
                    for (&a, &b) in a.iter().zip(&b[j * k..(j + 1) * k]) {
                        sum += a * b;
                    }
                }
                *c = if beta == T::zero() { sum } else { sum + beta * *c };
            }
        } else {
            // A column of C is a sum of columns of A.
            if beta == T::zero() {
                c.fill(T::zero());
            } else if beta != T::one() {
                for c in c.iter_mut() {
                    *c *= beta;
                }
            }
            for (l, a) in a.chunks_exact(m).enumerate() {
                let b = b[l * b_row + j * b_column];
                for (c, &a) in c.iter_mut().zip(a) {
                    *c += a * b;
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
    const SIZES: [(usize, usize, usize); 15] = [
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
        (210, 1024, 9),
        (17, 1536, 8),
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
