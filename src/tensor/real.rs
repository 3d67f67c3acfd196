//! The two kinds of numbers: f32 trains, f64 explains and checks.
//!
//! Must not know matrices or ops: scalars only, and what f32 and f64 do differently.

use super::float32;
use super::product::Gemm;

/// A real number the engine can run on: f32 or f64.
pub trait Real: nalgebra::RealField + Copy + Default + Gemm + Send + Sync + 'static {
    /// `"f32"` or `"f64"`, as `--precision` writes it.
    const NAME: &'static str;

    /// The smallest positive number with all its digits.
    const MIN_NORMAL: Self;

    /// The smallest positive number whose product with ε, the distance from 1 to the next number,
    /// has all its digits.
    const MIN_FACTOR: Self;

    /// The nearest number of this kind.
    fn of(value: f64) -> Self;

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

impl Real for f64 {
    const NAME: &'static str = "f64";
    const MIN_NORMAL: Self = Self::MIN_POSITIVE;
    const MIN_FACTOR: Self = Self::MIN_POSITIVE / Self::EPSILON;

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
}

impl Real for f32 {
    const NAME: &'static str = "f32";
    const MIN_NORMAL: Self = Self::MIN_POSITIVE;
    const MIN_FACTOR: Self = Self::MIN_POSITIVE / Self::EPSILON;

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
}
