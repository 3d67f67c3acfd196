//! Many numbers in memory of their own, written once and then read.
//!
//! The system hands out memory a page at a time. For a weight of millions that takes several times as long as
//! filling it, unless the pages are large ones. Must not know whose numbers they are.

use std::fmt;
use std::ops::Deref;

use super::Real;

/// Numbers in memory of their own.
pub struct Block<T>(Memory<T>);

enum Memory<T> {
    Ours(Vec<T>),
    #[cfg(target_os = "linux")]
    Mapped(mapped::Mapped<T>),
}

impl<T: Real> Block<T> {
    /// So many numbers: `fill` is given zeros to write over.
    pub fn filled(n: usize, fill: impl FnOnce(&mut [T])) -> Self {
        #[cfg(target_os = "linux")]
        if let Some(mut mapped) = mapped::Mapped::zeros(n) {
            fill(mapped.numbers_mut());
            return Self(Memory::Mapped(mapped));
        }
        let mut ours = vec![T::zero(); n];
        fill(&mut ours);
        Self(Memory::Ours(ours))
    }
}

impl<T: Real> Deref for Block<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.0 {
            Memory::Ours(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::Mapped(mapped) => mapped.numbers(),
        }
    }
}

impl<T: Real> fmt::Debug for Block<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.len(), T::NAME)
    }
}

#[cfg(target_os = "linux")]
mod mapped {
    use std::marker::PhantomData;

    use memmap2::{Advice, MmapMut};

    use crate::tensor::Real;

    /// From so many bytes on, two large pages of most processors, a mapping of its own is worth its calls.
    const FROM: usize = 4 << 20;

    /// Memory straight from the system.
    pub(super) struct Mapped<T> {
        bytes: MmapMut,
        holds: PhantomData<T>,
    }

    impl<T: Real> Mapped<T> {
        /// `None` for few numbers, and where the system refuses.
        pub(super) fn zeros(n: usize) -> Option<Self> {
            let len = n.checked_mul(size_of::<T>()).filter(|&len| len >= FROM)?;
            let bytes = MmapMut::map_anon(len).ok()?;
            // Without large pages it is as good, and slower.
            let _ = bytes.advise(Advice::HugePage);
            Some(Self { bytes, holds: PhantomData })
        }

        pub(super) fn numbers(&self) -> &[T] {
            // A mapping begins with a page.
            bytemuck::cast_slice(&self.bytes)
        }

        pub(super) fn numbers_mut(&mut self) -> &mut [T] {
            bytemuck::cast_slice_mut(&mut self.bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Real>() {
        for n in [0, 1, 1000, (4 << 20) / size_of::<T>() - 1, (4 << 20) / size_of::<T>(), 3_000_001] {
            let number = |idx: usize| T::of((idx % 1009) as f64 - 500.0);
            let block = Block::<T>::filled(n, |numbers| {
                assert!(numbers.iter().all(|x| *x == T::zero()), "{n}: zeros to write over");
                for (idx, x) in numbers.iter_mut().enumerate() {
                    *x = number(idx);
                }
            });
            assert_eq!(block.len(), n);
            assert!(block.iter().enumerate().all(|(idx, x)| *x == number(idx)), "{n} numbers as written");
        }
    }

    #[test]
    fn blocks_of_every_size_hold_what_was_written() {
        check::<f32>();
        check::<f64>();
    }
}
