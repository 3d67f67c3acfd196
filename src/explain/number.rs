//! Numbers as text: short for a cell, full for a closer look, plain for other programs.
//!
//! Must not know where a number comes from.

use crate::train::Precision;

/// A number for a cell of a matrix: four decimals where they hold two digits that count (a computed
/// zero is 0.0000), else powers of ten. The minus sign is the real one, so that the sign is seen without color.
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return not_finite(x);
    }
    // Of a negative zero no sign is shown.
    let (x, magnitude) = (if x == 0.0 { 0.0 } else { x }, x.abs());
    let text = if magnitude > 0.0 && !(9.5e-4..1e6).contains(&magnitude) {
        format!("{x:.1e}")
    } else if magnitude < 100.0 {
        format!("{x:.4}")
    } else {
        // About five digits in all.
        let decimals = usize::from(magnitude < 1e4) + usize::from(magnitude < 1e3);
        format!("{x:.decimals$}")
    };
    text.replace('-', "−")
}

/// Every digit that the number has: the shortest text that gives the same bits back.
pub fn full(x: f64, precision: Precision) -> String {
    if !x.is_finite() {
        return not_finite(x);
    }
    plain(x, precision).replace('-', "−")
}

/// The same for other programs: an ASCII minus, `NaN`, `inf`.
pub fn plain(x: f64, precision: Precision) -> String {
    let magnitude = x.abs();
    let exponent = magnitude != 0.0 && !(1e-5..1e15).contains(&magnitude);
    match (precision, exponent) {
        (Precision::F32, false) => format!("{}", x as f32),
        (Precision::F32, true) => format!("{:e}", x as f32),
        (Precision::F64, false) => format!("{x}"),
        (Precision::F64, true) => format!("{x:e}"),
    }
}

/// A number of the screen in LaTeX: `−1.2e−5` is `-1.2 \cdot 10^{-5}`.
pub fn latex_number(text: &str) -> String {
    let text = text.replace('−', "-").replace('∞', "\\infty");
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{digits}{{\\cdot}}10^{{{exponent}}}"),
        None => text,
    }
}

fn not_finite(x: f64) -> String {
    if x.is_nan() {
        "NaN".to_owned()
    } else if x > 0.0 {
        "∞".to_owned()
    } else {
        "−∞".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_keep_about_five_digits() {
        for (x, text) in [
            (0.0, "0.0000"),
            (-0.0, "0.0000"),
            (0.098, "0.0980"),
            (-1.4, "−1.4000"),
            (0.000_49, "4.9e−4"),
            (0.000_88, "8.8e−4"),
            (0.000_96, "0.0010"),
            (-1.25e-7, "−1.2e−7"),
            (123.456, "123.46"),
            (4_567.89, "4567.9"),
            (45_678.9, "45679"),
            (1.5e9, "1.5e9"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "−∞"),
        ] {
            assert_eq!(short(x), text);
        }
    }

    #[test]
    fn full_numbers_give_the_same_bits_back() {
        let x = f64::from(0.1_f32);
        assert_eq!(full(x, Precision::F32), "0.1");
        assert_eq!(full(x, Precision::F64), "0.10000000149011612");
        assert_eq!(full(-2.5e-9, Precision::F64), "−2.5e−9");
        assert_eq!(plain(-2.5e-9, Precision::F64), "-2.5e-9");
        for x in [0.1_f64, 1.0 / 3.0, -7.25e-12, 6.02e23, f64::MIN_POSITIVE] {
            assert_eq!(plain(x, Precision::F64).parse(), Ok(x));
        }
    }
}
