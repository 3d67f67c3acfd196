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

/// How many characters [`short`] writes of a number, or one more; writes none.
pub fn short_length(x: f64) -> usize {
    let sign = usize::from(x < 0.0);
    sign + match x.abs() {
        0.0 => 6,
        ..1e-99 => 8,
        ..1e-9 => 7,
        // Rounded up, 9.99996 has a digit more than 9.9999.
        ..9.9999 => 6,
        ..99.9999 => 7,
        ..100.0 => 8,
        ..999.99 => 6,
        ..1e3 => 7,
        ..9999.9 => 6,
        ..9999.99 => 7,
        ..99999.0 => 5,
        ..999_999.0 => 6,
        ..1e6 => 7,
        ..9e9 => 5,
        ..9e99 => 6,
        f64::INFINITY => 1,
        ..f64::INFINITY => 7,
        _ => 3,
    }
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
    fn the_length_of_a_short_number_is_known_without_writing_it() {
        let mut numbers = vec![0.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, 1e-310, f64::MAX];
        for power in -120..120 {
            let ten = 10_f64.powi(power);
            numbers.extend([1.0, 1.234_56, 5.0, 9.4, 9.949, 9.951, 9.999_4, 9.999_96].map(|x| x * ten));
        }
        numbers.extend([9.5e-4, 9.9e-4, 99.999_94, 999.994, 9_999.94, 99_999.4, 999_999.4, 999_999.6]);
        for x in numbers.into_iter().flat_map(|x| [x, -x]) {
            let (text, length) = (short(x), short_length(x));
            let written = text.chars().count();
            assert!((written..=written + 1).contains(&length), "{text} has {written}, not {length}");
        }
        assert_eq!([-15.1717, 0.5, -1.2e-12].map(short_length), [8, 6, 8]);
    }

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
