//! The two kinds of numbers: f32 trains, f64 explains and checks.
//!
//! Must not know matrices or ops: scalars only, and what f32 and f64 do differently.

use super::block::Block;
use super::float32;
use super::product::Gemm;

/// A block of numbers of either kind.
#[derive(Debug)]
pub enum Kept {
    /// 32 bits.
    F32(Block<f32>),
    /// 64 bits.
    F64(Block<f64>),
}

/// A real number the engine can run on: f32 or f64.
pub trait Real: nalgebra::RealField + bytemuck::Pod + Default + Gemm + Send + Sync {
    /// `"f32"` or `"f64"`, as `--precision` writes it.
    const NAME: &'static str;

    /// The smallest positive number with all its digits.
    const MIN_NORMAL: Self;

    /// The smallest positive number whose product with ε, the distance from 1 to the next number,
    /// has all its digits.
    const MIN_FACTOR: Self;

    /// The largest angle, in radians, that [`sin_near`](Self::sin_near) and its like take; none where they
    /// are the library's functions anyhow.
    const NEAR_ANGLE: Option<Self>;

    /// The nearest number of this kind.
    fn of(value: f64) -> Self;

    /// Numbers of this kind, as what they are; no copy.
    fn kept(numbers: Block<Self>) -> Kept;

    /// The same number; exact for both kinds.
    fn to_f64(self) -> f64;

    /// A count as a number.
    #[inline]
    fn from_count(count: usize) -> Self {
        Self::of(count as f64)
    }

    /// The error function, erf(x) = 2/√π ∫₀ˣ e^(−t²) dt.
    #[must_use]
    fn erf(self) -> Self;

    /// eˣ.
    #[must_use]
    fn exp_of(self) -> Self;

    /// ln(1 + x), accurate near zero.
    #[must_use]
    fn ln_1p_of(self) -> Self;

    /// tanh(x).
    #[must_use]
    fn tanh_of(self) -> Self;

    /// ln x. −∞ at 0, NaN below.
    #[must_use]
    fn ln_of(self) -> Self;

    /// sin x for angles up to [`NEAR_ANGLE`](Self::NEAR_ANGLE): no branch, so that loops over it vectorize.
    #[must_use]
    fn sin_near(self) -> Self;

    /// cos x, likewise.
    #[must_use]
    fn cos_near(self) -> Self;

    /// tan x, likewise.
    #[must_use]
    fn tan_near(self) -> Self;

    /// sin x for every x, in radians: the same bits as [`sin_near`](Self::sin_near) where that holds.
    #[inline]
    #[must_use]
    fn sin_of(self) -> Self {
        if is_near(self) { self.sin_near() } else { self.sin() }
    }

    /// cos x, likewise.
    #[inline]
    #[must_use]
    fn cos_of(self) -> Self {
        if is_near(self) { self.cos_near() } else { self.cos() }
    }

    /// tan x, likewise.
    #[inline]
    #[must_use]
    fn tan_of(self) -> Self {
        if is_near(self) { self.tan_near() } else { self.tan() }
    }

    /// This number, or zero where it is so small that it has lost digits (subnormal). Most
    /// processors add and multiply those many times more slowly, and a running mean of zeros or a
    /// vanishing gradient would otherwise rest among them.
    #[inline(always)]
    #[must_use]
    fn or_zero(self) -> Self {
        if self.abs() < Self::MIN_NORMAL { Self::zero() } else { self }
    }

    /// The same for a number that products will take up: zero, too, where a small factor would make
    /// it subnormal.
    #[inline(always)]
    #[must_use]
    fn or_zero_in_products(self) -> Self {
        if self.abs() < Self::MIN_FACTOR { Self::zero() } else { self }
    }

    /// σ(x) = 1/(1 + e⁻ˣ), without overflow at either end.
    #[inline(always)]
    #[must_use]
    fn sigmoid_of(self) -> Self {
        Self::one() / (Self::one() + (-self).exp_of())
    }
}

fn is_near<T: Real>(angle: T) -> bool {
    T::NEAR_ANGLE.is_some_and(|largest| angle.abs() <= largest)
}

impl Real for f64 {
    const NAME: &'static str = "f64";
    const MIN_NORMAL: Self = Self::MIN_POSITIVE;
    const MIN_FACTOR: Self = Self::MIN_POSITIVE / Self::EPSILON;
    const NEAR_ANGLE: Option<Self> = None;

    fn kept(numbers: Block<Self>) -> Kept {
        Kept::F64(numbers)
    }

    #[inline]
    fn of(value: f64) -> Self {
        value
    }

    #[inline]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline]
    fn erf(self) -> Self {
        libm::erf(self)
    }

    #[inline]
    fn exp_of(self) -> Self {
        Self::exp(self)
    }

    #[inline]
    fn ln_1p_of(self) -> Self {
        Self::ln_1p(self)
    }

    #[inline]
    fn tanh_of(self) -> Self {
        Self::tanh(self)
    }

    #[inline]
    fn ln_of(self) -> Self {
        Self::ln(self)
    }

    #[inline]
    fn sin_near(self) -> Self {
        Self::sin(self)
    }

    #[inline]
    fn cos_near(self) -> Self {
        Self::cos(self)
    }

    #[inline]
    fn tan_near(self) -> Self {
        Self::tan(self)
    }
}

impl Real for f32 {
    const NAME: &'static str = "f32";
    const MIN_NORMAL: Self = Self::MIN_POSITIVE;
    const MIN_FACTOR: Self = Self::MIN_POSITIVE / Self::EPSILON;
    const NEAR_ANGLE: Option<Self> = Some(float32::NEAR_ANGLE);

    fn kept(numbers: Block<Self>) -> Kept {
        Kept::F32(numbers)
    }

    #[inline(always)]
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline]
    fn erf(self) -> Self {
        libm::erff(self)
    }

    #[inline(always)]
    fn exp_of(self) -> Self {
        float32::exp(self)
    }

    #[inline]
    fn ln_1p_of(self) -> Self {
        Self::ln_1p(self)
    }

    #[inline(always)]
    fn tanh_of(self) -> Self {
        float32::tanh(self)
    }

    #[inline(always)]
    fn ln_of(self) -> Self {
        float32::ln(self)
    }

    #[inline(always)]
    fn sin_near(self) -> Self {
        float32::sin(self)
    }

    #[inline(always)]
    fn cos_near(self) -> Self {
        float32::cos(self)
    }

    #[inline(always)]
    fn tan_near(self) -> Self {
        float32::tan(self)
    }
}
