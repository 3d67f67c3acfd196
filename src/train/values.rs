//! A tensor copied out of a run: numbers in C order, and its shape.
//!
//! Panels, explanations and files read f64. A large tensor of an f32 run stays f32 until somebody asks for
//! all of its numbers: a weight of millions would otherwise take longer to copy than its card takes to
//! open. Must not know whose numbers they are.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::tensor::{Block, Kept, Real, copy, found_in};

/// From so many numbers on a tensor copied out of a run is kept as it was there.
const KEPT_FROM: usize = 1 << 15;

/// A tensor copied out of a run: numbers in C order.
#[derive(Clone, Debug, Default)]
pub struct Values {
    shape: Vec<usize>,
    numbers: Numbers,
    largest: f64,
}

/// The numbers themselves; clones share them.
#[derive(Clone, Debug)]
enum Numbers {
    Wide(Arc<Vec<f64>>),
    Kept(Arc<KeptNumbers>),
}

/// Numbers as a run computes with them, and those of an f32 run as f64 once somebody has asked for all of
/// them.
#[derive(Debug)]
struct KeptNumbers {
    held: Kept,
    widened: OnceLock<Vec<f64>>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Wide(Arc::default())
    }
}

impl Values {
    /// Numbers with their shape.
    pub fn new(shape: Vec<usize>, data: Vec<f64>) -> Self {
        Self::sharing(shape, Arc::new(data))
    }

    /// The same, without a copy of numbers that somebody else holds, too.
    pub fn sharing(shape: Vec<usize>, data: Arc<Vec<f64>>) -> Self {
        debug_assert_eq!(shape.iter().product::<usize>(), data.len(), "a shape and its numbers agree");
        let largest = largest(&data);
        Self { shape, numbers: Numbers::Wide(data), largest }
    }

    /// A copy of numbers as a run computes with them.
    pub fn copied<T: Real>(shape: Vec<usize>, numbers: &[T]) -> Self {
        if numbers.len() < KEPT_FROM {
            return Self::new(shape, numbers.iter().map(|x| x.to_f64()).collect());
        }
        Self::computed(shape, |kept| copy(numbers, kept))
    }

    /// Numbers that are computed for it, as a run computes; `compute` is given zeros to write over.
    pub fn computed<T: Real>(shape: Vec<usize>, compute: impl FnOnce(&mut [T])) -> Self {
        let n = shape.iter().product();
        if n < KEPT_FROM {
            let mut numbers = vec![T::zero(); n];
            compute(&mut numbers);
            return Self::new(shape, numbers.into_iter().map(T::to_f64).collect());
        }
        let block = Block::filled(n, compute);
        let largest = largest(&block).to_f64();
        let kept = KeptNumbers { held: T::kept(block), widened: OnceLock::new() };
        Self { shape, numbers: Numbers::Kept(Arc::new(kept)), largest }
    }

    /// The shape, `[N, features]` for batched values and `[out, in]` for weights; `[]` is a scalar.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// How many numbers.
    pub fn len(&self) -> usize {
        match self.as_held() {
            Held::Wide(numbers) => numbers.len(),
            Held::Narrow(numbers, _) => numbers.len(),
        }
    }

    /// Whether there is no number.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All numbers, row after row; an f32 is held exactly. The first to ask for all of a large tensor
    /// waits for them; [`at`](Self::at), [`get`](Self::get), [`row`](Self::row) and [`part`](Self::part) do not.
    pub fn data(&self) -> &[f64] {
        match self.as_held() {
            Held::Wide(numbers) => numbers,
            Held::Narrow(numbers, widened) => {
                widened.get_or_init(|| numbers.iter().copied().map(f64::from).collect())
            }
        }
    }

    /// Number `idx`, row after row.
    pub fn at(&self, idx: usize) -> Option<f64> {
        match self.as_held() {
            Held::Wide(numbers) => numbers.get(idx).copied(),
            Held::Narrow(numbers, _) => numbers.get(idx).copied().map(f64::from),
        }
    }

    /// Rows when shown as a matrix: a vector or a scalar is one row.
    pub fn n_rows(&self) -> usize {
        match self.shape.len() {
            0 | 1 => 1,
            _ => self.shape[0],
        }
    }

    /// Columns when shown as a matrix.
    pub fn n_columns(&self) -> usize {
        match self.shape.len() {
            0 => 1,
            1 => self.shape[0],
            _ => self.shape[1..].iter().product(),
        }
    }

    /// The number in a row and a column of the matrix shown, where there is one.
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        let n_columns = self.n_columns();
        if column >= n_columns {
            return None;
        }
        self.at(row * n_columns + column)
    }

    /// One row of the matrix shown; empty outside of it.
    pub fn row(&self, row: usize) -> Cow<'_, [f64]> {
        let n_columns = self.n_columns();
        self.part(row * n_columns..(row + 1) * n_columns)
    }

    /// The numbers from one place to another, row after row; none where it does not hold all of them.
    pub fn part(&self, place: Range<usize>) -> Cow<'_, [f64]> {
        match self.as_held() {
            Held::Wide(numbers) => Cow::Borrowed(numbers.get(place).unwrap_or(&[])),
            Held::Narrow(numbers, _) => {
                let numbers = numbers.get(place).unwrap_or(&[]);
                Cow::Owned(numbers.iter().copied().map(f64::from).collect())
            }
        }
    }

    /// One row of a batched value as a value of its own, `[1, …]`.
    #[must_use]
    pub fn only_row(&self, row: usize) -> Self {
        let data = self.row(row).into_owned();
        let n_rows = usize::from(!data.is_empty());
        match self.shape.get(1..) {
            Some(sizes @ [_, ..]) => Self::new([&[n_rows], sizes].concat(), data),
            _ => Self::new(vec![n_rows, data.len()], data),
        }
    }

    /// The largest finite magnitude, for color scales; 0 where there is none. Found once, when the
    /// numbers are copied: whoever draws them asks in every frame.
    pub fn largest(&self) -> f64 {
        self.largest
    }

    /// Where the numbers lie in memory: clones have the same address, other tensors that live at the same time have another.
    pub fn address(&self) -> usize {
        match self.as_held() {
            Held::Wide(numbers) => numbers.as_ptr().addr(),
            Held::Narrow(numbers, _) => numbers.as_ptr().addr(),
        }
    }

    fn as_held(&self) -> Held<'_> {
        match &self.numbers {
            Numbers::Wide(numbers) => Held::Wide(numbers),
            Numbers::Kept(kept) => match &kept.held {
                Kept::F64(numbers) => Held::Wide(numbers),
                Kept::F32(numbers) => Held::Narrow(numbers, &kept.widened),
            },
        }
    }
}

/// Numbers as they are held.
enum Held<'a> {
    Wide(&'a [f64]),
    /// With the place for the same as f64.
    Narrow(&'a [f32], &'a OnceLock<Vec<f64>>),
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && (0..self.len()).all(|idx| self.at(idx) == other.at(idx))
    }
}

/// The largest finite magnitude of some numbers; 0 where there is none.
pub fn largest<T: Real>(numbers: &[T]) -> T {
    let magnitude = |x: T| if x.abs() < T::of(f64::INFINITY) { x.abs() } else { T::zero() };
    let larger = |a: T, b: T| if a > b { a } else { b };
    let largest = |numbers: &[T]| {
        // Several at a time: one by one each would wait for the one before.
        let (together, rest) = numbers.as_chunks::<8>();
        let lanes = together.iter().fold([T::zero(); 8], |mut lanes, numbers| {
            for (lane, &x) in lanes.iter_mut().zip(numbers) {
                *lane = larger(*lane, magnitude(x));
            }
            lanes
        });
        lanes.into_iter().chain(rest.iter().map(|&x| magnitude(x))).fold(T::zero(), larger)
    };
    found_in(numbers, largest, larger)
}

#[cfg(test)]
mod tests {
    use super::super::threads::with_product_threads;
    use super::*;

    #[test]
    fn the_largest_of_many_numbers_is_found_by_several_threads_as_by_one() {
        let n = 300_000;
        for at in [0, n / 2 - 1, n / 2, n - 1] {
            let mut numbers: Vec<f32> = (0..n).map(|i| i as f32 / 1e6).collect();
            numbers[at] = -7.0;
            let shared = with_product_threads(|| largest(&numbers));
            assert_eq!((largest(&numbers), shared), (7.0, 7.0), "{at}");
        }
    }

    #[test]
    fn the_largest_magnitude_is_found_wherever_it_stands_and_only_among_finite_numbers() {
        for n in [1, 7, 8, 9, 40, 43] {
            for at in 0..n {
                let mut numbers: Vec<f64> = (0..n).map(|i| i as f64 / 50.0).collect();
                numbers[at] = -3.5;
                assert_eq!(largest(&numbers), 3.5, "{at} of {n}");
                numbers[at] = f64::NEG_INFINITY;
                numbers[n - 1 - at] = f64::NAN;
                let rest = (0..n).filter(|&i| i != at && i != n - 1 - at).max();
                assert_eq!(largest(&numbers), rest.map_or(0.0, |i| i as f64 / 50.0), "{at} of {n}");
            }
        }
        assert_eq!(largest::<f64>(&[]), 0.0);
    }

    #[test]
    fn a_large_tensor_of_f32_reads_as_if_it_were_wide() {
        let (n_rows, n_columns) = (300, 200);
        let numbers = |idx: usize| if idx == 777 { f32::NAN } else { (idx as f32).sin() * 1e-3 };
        let held: Vec<f32> = (0..n_rows * n_columns).map(numbers).collect();
        let narrow = Values::copied(vec![n_rows, n_columns], &held);
        let same = (0..n_rows * n_columns).map(|idx| f64::from(numbers(idx)));
        let wide = Values::new(vec![n_rows, n_columns], same.collect());
        assert!(matches!(narrow.as_held(), Held::Narrow(..)));
        assert_eq!((narrow.len(), narrow.largest()), (wide.len(), wide.largest()));
        let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        for row in [0, 3, 299, 300] {
            assert_eq!(bits(&narrow.row(row)), bits(&wide.row(row)));
            assert_eq!(bits(narrow.only_row(row).data()), bits(wide.only_row(row).data()));
            assert_eq!(narrow.get(row, 199).map(f64::to_bits), wide.get(row, 199).map(f64::to_bits));
            assert_eq!(narrow.get(row, 200), None);
        }
        let Held::Narrow(_, widened) = narrow.as_held() else { unreachable!() };
        assert!(widened.get().is_none(), "nobody has asked for all of them");
        assert_eq!(bits(narrow.data()), bits(wide.data()));
        assert_eq!(narrow.clone().data().as_ptr(), narrow.data().as_ptr(), "clones share them");
        assert_ne!(narrow, wide, "NaN equals nothing");
    }
}
