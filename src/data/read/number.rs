//! Numbers and missing values as they stand in cells.
//!
//! The quick way is the exact half of Clinger (1990), "How to read floating point numbers
//! accurately": a decimal with at most 2⁵³ as digits and at most 22 decimals is one exact
//! division. Everything else goes to the standard library's parser. Both round correctly, so
//! the numbers are the same bits either way.
//!
//! Must not know tables or files.

/// Powers of ten that f64 holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Words that mean "no value", in lower case.
const MARKERS: [&[u8]; 16] = [
    b"na", b"n/a", b"#n/a", b"nan", b"null", b"none", b"nil", b"?", b"-", b"--", b".", b"#div/0!",
    b"#value!", b"#ref!", b"#num!", b"<na>",
];

/// Whether a trimmed cell says that there is no value.
pub(super) fn is_missing(cell: &[u8]) -> bool {
    cell.is_empty() || (cell.len() <= 7 && MARKERS.iter().any(|marker| cell.eq_ignore_ascii_case(marker)))
}

/// Reads a plain number (`-12.5`, no exponent, at most 19 digits) from the start of `text`:
/// the number and how many bytes it took. `None` leaves it to [`parse_number`].
#[inline]
pub(super) fn leading_number(text: &[u8], decimal: u8) -> Option<(f64, usize)> {
    let negative = text.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let start = at;
    let mut digits = 0_u64;
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
        digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    let mut n_digits = at - start;
    let mut n_decimals = 0;
    if text.get(at) == Some(&decimal) {
        at += 1;
        let fraction = at;
        while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        n_decimals = at - fraction;
        n_digits += n_decimals;
    }
    if n_digits == 0 || n_digits > 19 || digits > 1 << 53 {
        return None;
    }
    let power = POWERS.get(n_decimals)?;
    let value = digits as f64 / power;
    Some((if negative { -value } else { value }, at))
}

/// The number in a cell, if it is one: `12`, `-1,5`, `+.5`, `1e-3`, `−4` with the typographic
/// minus, and `1 234,5` with thousands apart. Never infinite and never NaN.
pub(super) fn parse_number(cell: &[u8], decimal: u8) -> Option<f64> {
    let cell = cell.trim_ascii();
    if let Some((value, n)) = leading_number(cell, decimal)
        && n == cell.len()
    {
        return Some(value);
    }
    if cell.len() > 400 {
        return None;
    }
    let text = std::str::from_utf8(cell).ok()?;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    match rest.peek() {
        Some('-' | '\u{2212}') => {
            plain.push('-');
            rest.next();
        }
        Some('+') => {
            rest.next();
        }
        _ => {}
    }
    let (mut n_digits, mut seen_decimal, mut group) = (0_usize, false, None);
    while let Some(&c) = rest.peek() {
        if c.is_ascii_digit() {
            n_digits += 1;
            group = group.map(|n: usize| n + 1);
            plain.push(c);
        } else if c == char::from(decimal) && !seen_decimal {
            if group.is_some_and(|n| n != 3) {
                return None;
            }
            group = None;
            seen_decimal = true;
            plain.push('.');
        } else if matches!(c, ' ' | '\u{a0}' | '\u{202f}') && !seen_decimal && n_digits > 0 {
            if group.map_or(n_digits > 3, |n| n != 3) {
                return None;
            }
            group = Some(0);
        } else {
            break;
        }
        rest.next();
    }
    if n_digits == 0 || group.is_some_and(|n| n != 3) {
        return None;
    }
    match rest.next() {
        None => {}
        Some('e' | 'E') => {
            let exponent: String = rest.collect();
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(&exponent);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            plain.push('e');
            plain.push_str(&exponent);
        }
        Some(_) => return None,
    }
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in
            ["0", "-0", "1", "12.5", ".5", "5.", "+3", "1e3", "1E-7", "123456789012345678901234567890", "0.1"]
        {
            let expected: f64 = text.parse().expect("a number");
            let found = parse_number(text.as_bytes(), b'.').expect(text);
            assert_eq!(found.to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_a_typographic_minus_and_thousands_apart_are_numbers() {
        assert_eq!(parse_number(b"11,5", b','), Some(11.5));
        assert_eq!(parse_number("\u{2212}4,25".as_bytes(), b','), Some(-4.25));
        assert_eq!(parse_number("1\u{a0}234\u{a0}567,5".as_bytes(), b','), Some(1_234_567.5));
        assert_eq!(parse_number(b" 7 ", b'.'), Some(7.0));
    }

    #[test]
    fn words_and_half_numbers_are_not_numbers() {
        for text in [
            "", "-", ".", "1,5", "1.2.3", "abc", "inf", "NaN", "1e", "1e999", "12 34", "1 2", "0x10",
            "1_000", "e5",
        ] {
            assert_eq!(parse_number(text.as_bytes(), b'.'), None, "{text}");
        }
    }

    #[test]
    fn missing_markers_are_known_in_any_case() {
        for text in ["", "NA", "n/a", "NaN", "?", "null", "None", "#N/A"] {
            assert!(is_missing(text.as_bytes()), "{text}");
        }
        assert!(!is_missing(b"0"));
        assert!(!is_missing(b"USA"));
    }

    proptest! {
        #[test]
        fn any_finite_number_survives_being_written_and_read(value in proptest::num::f64::NORMAL) {
            let text = format!("{value}");
            prop_assert_eq!(parse_number(text.as_bytes(), b'.'), Some(value));
            let text = format!("{value:e}").replace('.', ",");
            prop_assert_eq!(parse_number(text.as_bytes(), b','), Some(value));
        }

        #[test]
        fn short_decimals_are_rounded_correctly(digits in 0_u64..10_000_000_000, decimals in 0_usize..10) {
            let text = format!("{}.{:0width$}", digits, digits % 10_u64.pow(decimals as u32), width = decimals);
            let expected: f64 = text.parse().expect("a number");
            prop_assert_eq!(parse_number(text.as_bytes(), b'.'), Some(expected));
        }
    }
}
