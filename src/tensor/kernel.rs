//! Loops over many numbers: compiled for every level of vector instructions, and shared with the
//! pool of threads that the caller may belong to.
//!
//! Must not know what is computed, or start a thread.

use pulp::{Arch, Simd, WithSimd};

use super::Real;

/// A loop that is compiled once for every level of vector instructions. `run` must be
/// `#[inline(always)]`, or it keeps the plain instructions it was compiled with.
pub trait Kernel {
    /// What the loop gives.
    type Output;

    /// The loop.
    fn run(self) -> Self::Output;
}

/// Below this many numbers the choice of vector instructions costs more than it saves.
const PLAIN_BELOW: usize = 32;

/// Runs a loop over `len` numbers with the widest vector instructions of the processor that the program finds itself
/// on. The arithmetic, and so every bit of the result, is the same on all levels: nothing is
/// contracted or reordered.
#[inline(always)]
pub fn vectorized<K: Kernel>(len: usize, kernel: K) -> K::Output {
    if len < PLAIN_BELOW { kernel.run() } else { Arch::new().dispatch(Vectorized(kernel)) }
}

struct Vectorized<K>(K);

impl<K: Kernel> WithSimd for Vectorized<K> {
    type Output = K::Output;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> K::Output {
        self.0.run()
    }
}

/// A loop over entries that do not look at each other, so that it can be cut anywhere.
pub trait Divisible: Kernel<Output = ()> + Send + Sized {
    /// How many entries.
    fn entries(&self) -> usize;

    /// The first `at` entries and the rest.
    fn split(self, at: usize) -> [Self; 2];
}

/// From this many entries on (some 10 µs on one thread) a loop is worth waking a second one.
const SHARED_FROM: usize = 1 << 16;

/// Runs a loop as [`vectorized`] does; in a pool of threads a long one is shared out. The result is
/// the same, bit by bit.
#[inline(always)]
pub fn shared<K: Divisible>(kernel: K) {
    let len = kernel.entries();
    if len < SHARED_FROM { vectorized(len, kernel) } else { share(kernel, pooled_threads()) }
}

fn share<K: Divisible>(kernel: K, threads: usize) {
    let len = kernel.entries();
    if threads == 1 || len < SHARED_FROM {
        return vectorized(len, kernel);
    }
    let few = threads / 2;
    let [first, rest] = kernel.split(len * few / threads);
    rayon::join(|| share(first, few), || share(rest, threads - few));
}

/// Copies numbers over others, as many; in a pool of threads a long copy is shared out.
pub fn copy<T: Copy + Send + Sync>(from: &[T], to: &mut [T]) {
    shared(Copying { from, to });
}

struct Copying<'a, T> {
    from: &'a [T],
    to: &'a mut [T],
}

impl<T: Copy + Send + Sync> Divisible for Copying<'_, T> {
    fn entries(&self) -> usize {
        self.to.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let ((from, from_rest), (to, to_rest)) = (self.from.split_at(at), self.to.split_at_mut(at));
        [Copying { from, to }, Copying { from: from_rest, to: to_rest }]
    }
}

impl<T: Copy> Kernel for Copying<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.to.copy_from_slice(self.from);
    }
}

/// What a loop over numbers finds, from what it finds in parts of them; in a pool of threads many are shared
/// out. `both` must not mind how they were parted.
pub fn found_in<T: Sync, R: Send>(
    numbers: &[T],
    find: impl Fn(&[T]) -> R + Copy + Sync,
    both: impl Fn(R, R) -> R + Copy + Sync,
) -> R {
    if numbers.len() < SHARED_FROM || pooled_threads() == 1 {
        return find(numbers);
    }
    let (first, rest) = numbers.split_at(numbers.len() / 2);
    let (first, rest) = rayon::join(|| found_in(first, find, both), || found_in(rest, find, both));
    both(first, rest)
}

/// The sum of the squares, in double precision; in a pool of threads a long one is shared out.
pub fn sum_of_squares<T: Real>(numbers: &[T]) -> f64 {
    found_in(numbers, |part| vectorized(part.len(), Squares(part)), |first, rest| first + rest)
}

struct Squares<'a, T>(&'a [T]);

impl<T: Real> Kernel for Squares<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let square = |x: T| x.to_f64() * x.to_f64();
        // Several at a time: one by one each would wait for the one before.
        let (together, rest) = self.0.as_chunks::<16>();
        let lanes = together.iter().fold([0.0; 16], |mut lanes, numbers| {
            for (lane, &x) in lanes.iter_mut().zip(numbers) {
                *lane += square(x);
            }
            lanes
        });
        lanes.into_iter().sum::<f64>() + rest.iter().map(|&x| square(x)).sum::<f64>()
    }
}

/// How many threads the caller's pool has; 1 where it belongs to none. Only within a pool are the
/// others at hand within microseconds.
pub(super) fn pooled_threads() -> usize {
    if rayon::current_thread_index().is_some() { rayon::current_num_threads() } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts how often each entry was seen.
    struct Touch<'a>(&'a mut [u8]);

    impl Kernel for Touch<'_> {
        type Output = ();

        #[inline(always)]
        fn run(self) {
            self.0.iter_mut().for_each(|seen| *seen += 1);
        }
    }

    impl Divisible for Touch<'_> {
        fn entries(&self) -> usize {
            self.0.len()
        }

        fn split(self, at: usize) -> [Self; 2] {
            let (first, rest) = self.0.split_at_mut(at);
            [Touch(first), Touch(rest)]
        }
    }

    #[test]
    fn squares_are_summed_wherever_they_stand() {
        for n in [0, 1, 15, 16, 17, 100_000] {
            let numbers: Vec<f32> = (0..n).map(|idx| (idx % 64) as f32 - 30.0).collect();
            let expected: f64 = numbers.iter().map(|&x| f64::from(x).powi(2)).sum();
            // Whole numbers: no order of summation rounds.
            assert_eq!(sum_of_squares(&numbers), expected, "{n}");
        }
        assert_eq!(sum_of_squares(&[1e30_f32, 0.0]).sqrt(), f64::from(1e30_f32), "it goes beyond an f32");
    }

    #[test]
    fn every_entry_is_seen_once_however_many_threads_share_the_loop() {
        for threads in 1..=5 {
            for len in [0, 1, SHARED_FROM - 1, SHARED_FROM, 3 * SHARED_FROM + 1] {
                let mut seen = vec![0; len];
                share(Touch(&mut seen), threads);
                assert!(seen.iter().all(|&seen| seen == 1), "{len} entries, {threads} threads");
            }
        }
    }
}
