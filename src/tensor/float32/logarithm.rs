//! ln in f32 as plain arithmetic without branches, so that loops over it vectorize.
//!
//! Computed in f64 and rounded once: within 0.51 ulp (see the tests). Must not know matrices.

use std::f64::consts::LN_2;

/// The bits of 2⁵²; over it an f64 counts whole numbers in its low bits.
const COUNTER: u64 = 0x4330_0000_0000_0000;

/// ln x. −∞ at 0, NaN below; NaN stays NaN.
///
/// x = 2ⁿ·m with m between √½ and √2; ln m = 2 artanh(s) with s = (m − 1)/(m + 1), by an odd polynomial of
/// degree 9.
#[inline(always)]
pub(in crate::tensor) fn ln(x: f32) -> f32 {
    // Every positive f32 is a normal f64.
    let wide = f64::from(x);
    // Adding the digits of 1/√½ carries into the exponent where m would lie over √2.
    let shifted = wide.to_bits().wrapping_add(0x0009_5f61_9980_c433);
    let exponent = (shifted >> 52) & 0x7ff;
    let n = f64::from_bits(COUNTER | exponent) - (4_503_599_627_370_496.0 + 1023.0);
    let m = f64::from_bits(wide.to_bits().wrapping_sub(exponent.wrapping_sub(1023) << 52));
    let s = (m - 1.0) / (m + 1.0);
    let w = s * s;
    let mut p = 0.233_304_672_163_038_36;
    p = p * w + 0.285_508_208_159_606_63;
    p = p * w + 0.400_001_218_398_061_27;
    p = p * w + 0.666_666_665_544_970_9;
    let ln = n * LN_2 + (2.0 * s + s * w * p);
    let ln = if x > 0.0 { ln } else { f64::NAN };
    let ln = if x == 0.0 { f64::NEG_INFINITY } else { ln };
    (if x == f32::INFINITY { f64::INFINITY } else { ln }) as f32
}

#[cfg(test)]
mod tests {
    use super::super::testing::{floats, ulps};
    use super::*;

    #[test]
    fn ln_is_as_exact_as_rounding_allows() {
        let ends = floats(f32::from_bits(1), f32::MAX, 997);
        let mut worst = 0.0_f64;
        for x in ends.chain(floats(0.5, 2.0, 7)) {
            worst = worst.max(ulps(ln(x), f64::from(x).ln()));
        }
        assert!(worst <= 0.53, "{worst} ulp");
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!((ln(1.0), ln(0.0), ln(-0.0)), (0.0, f32::NEG_INFINITY, f32::NEG_INFINITY));
        assert_eq!(ln(f32::INFINITY), f32::INFINITY);
        assert!([-1.0, f32::NEG_INFINITY, f32::NAN, -f32::NAN].into_iter().all(|x| ln(x).is_nan()));
    }
}
