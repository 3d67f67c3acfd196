//! sin, cos and tan in f32 as plain arithmetic without branches, so that loops over them vectorize.
//!
//! They are computed in f64 and rounded once, so that they stay within 0.51 ulp (see the tests). Angles up to [`NEAR_ANGLE`] only: taking multiples of π/2 off a larger one needs more digits of π
//! (Payne and Hanek 1983), which the system's library has. Must not know matrices.

use std::f64::consts::FRAC_2_PI;

/// The largest angle, in radians, for which these forms hold.
pub(in crate::tensor) const NEAR_ANGLE: f32 = 1e6;

/// Adding it to a number under 2⁵¹ rounds that number to a whole one in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// π/2 in two parts (Cody and Waite 1980); the first has 33 bits, so that its product with the number of
/// quarter turns is exact.
const QUARTER_TURN: [f64; 2] = [1.570_796_326_734_125_6, 6.077_100_506_506_193e-11];

/// An angle as so many quarter turns and what is left, at most π/4 to either side.
struct Reduced {
    /// Sine and cosine of what is left.
    sin: f64,
    cos: f64,
    /// The number of quarter turns, in its low bits.
    quarters: u64,
}

/// Cody and Waite's reduction, and the polynomials that come nearest to sine and cosine within ±π/4.
#[inline(always)]
fn reduce(x: f32) -> Reduced {
    let x = f64::from(x);
    let rounded = x * FRAC_2_PI + ROUNDER;
    let n = rounded - ROUNDER;
    let r = (x - n * QUARTER_TURN[0]) - n * QUARTER_TURN[1];
    let z = r * r;
    let mut p = 2.724_992_583_065_98e-6;
    p = p * z - 1.984_008_673_538_484_6e-4;
    p = p * z + 8.333_331_874_710_209e-3;
    p = p * z - 0.166_666_666_638_552_9;
    // Not r + r·z·p, which makes 0 of −0.
    let sin = r * (1.0 + z * p);
    let mut q = 2.454_794_208_507_157e-5;
    q = q * z - 1.388_830_303_589_486_6e-3;
    q = q * z + 4.166_666_465_950_221e-2;
    let cos = 1.0 - 0.5 * z + z * z * q;
    Reduced { sin, cos, quarters: rounded.to_bits() }
}

/// What a quarter turn makes of sine and cosine: sin(r + n·π/2).
#[inline(always)]
fn turned(at: &Reduced, quarters: u64) -> f64 {
    let value = if quarters & 1 == 0 { at.sin } else { at.cos };
    f64::from_bits(value.to_bits() ^ ((quarters & 2) << 62))
}

/// sin(x), x in radians, |x| ≤ [`NEAR_ANGLE`]. Odd; NaN stays NaN.
#[inline(always)]
pub(in crate::tensor) fn sin(x: f32) -> f32 {
    let at = reduce(x);
    turned(&at, at.quarters) as f32
}

/// cos(x), x in radians, |x| ≤ [`NEAR_ANGLE`]. Even; NaN stays NaN.
#[inline(always)]
pub(in crate::tensor) fn cos(x: f32) -> f32 {
    let at = reduce(x);
    turned(&at, at.quarters.wrapping_add(1)) as f32
}

/// tan(x), x in radians, |x| ≤ [`NEAR_ANGLE`]. Odd; NaN stays NaN.
#[inline(always)]
pub(in crate::tensor) fn tan(x: f32) -> f32 {
    let at = reduce(x);
    (turned(&at, at.quarters) / turned(&at, at.quarters.wrapping_add(1))) as f32
}

#[cfg(test)]
mod tests {
    use super::super::testing::{floats, ulps};
    use super::*;

    /// Every so-and-so-many-th angle of both signs, and the ones next to multiples of π/2, where nearly
    /// all digits cancel.
    fn angles() -> impl Iterator<Item = f32> {
        let near = (1..600_000).step_by(7).flat_map(|n| {
            let x = (f64::from(n) * std::f64::consts::FRAC_PI_2) as f32;
            [x.next_down(), x, x.next_up()]
        });
        floats(1e-9, NEAR_ANGLE, 997).chain(floats(-1e-9, -NEAR_ANGLE, 1009)).chain(near)
    }

    fn worst(f: impl Fn(f32) -> f32, truth: impl Fn(f64) -> f64) -> f64 {
        angles().map(|x| ulps(f(x), truth(f64::from(x)))).fold(0.0, f64::max)
    }

    #[test]
    fn angles_are_as_exact_as_rounding_allows() {
        for (name, worst) in
            [("sin", worst(sin, f64::sin)), ("cos", worst(cos, f64::cos)), ("tan", worst(tan, f64::tan))]
        {
            assert!(worst <= 0.53, "{name}: {worst} ulp");
        }
    }

    #[test]
    fn zeros_and_numbers_that_are_none() {
        assert_eq!((sin(0.0), cos(0.0), cos(-0.0), tan(0.0)), (0.0, 1.0, 1.0, 0.0));
        assert!(sin(-0.0).is_sign_negative() && tan(-0.0).is_sign_negative());
        for f in [sin, cos, tan] {
            assert!([f32::NAN, f32::INFINITY, f32::NEG_INFINITY].into_iter().all(|x| f(x).is_nan()));
        }
        assert_eq!(
            sin(f32::MIN_POSITIVE / 4.0),
            f32::MIN_POSITIVE / 4.0,
            "subnormal numbers keep their digits"
        );
    }
}
