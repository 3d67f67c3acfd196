//! Numbers as they stand in cells.
//!
//! The quick way is the exact half of Clinger (1990), "How to read floating point numbers
//! accurately": a decimal with at most 2⁵³ as digits and at most 22 decimals is one exact
//! division. Everything else goes to the standard library's parser. Both round correctly, so
//! the numbers are the same bits either way.
//!
//! Must not know tables or files.

use crate::data::dialect::Dialect;

/// Powers of ten that f64 holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberFormat {
    pub(super) decimal: u8,
    /// Between groups of three digits, beside spaces.
    pub(super) thousands: Option<char>,
}

impl NumberFormat {
    /// The format of a dialect.
    pub(super) fn of(dialect: &Dialect) -> Self {
        Self { decimal: dialect.decimal.byte(), thousands: dialect.thousands }
    }

    /// Whether `c` may stand between groups of digits.
    fn groups(self, c: char) -> bool {
        match c {
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => true,
            '\u{2019}' => self.thousands == Some('\''),
            _ => Some(c) == self.thousands,
        }
    }
}

/// Without blanks around it, those that no eye sees included.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    })
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

/// The number in a cell, if it is one: `12`, `-1,5`, `+.5`, `1e-3`, `1.5D+03`, `3.5-`, `(3.5)`, the
/// minus as it is typeset, and `1 234,5` with thousands apart. Never infinite and never NaN.
pub(super) fn parse_number(cell: &[u8], format: NumberFormat) -> Option<f64> {
    let cell = cell.trim_ascii();
    if let Some((value, n)) = leading_number(cell, format.decimal)
        && n == cell.len()
    {
        return Some(value);
    }
    if cell.len() > 400 || !cell.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let (is_negative, text) = sign(trim(std::str::from_utf8(cell).ok()?));
    let (digits, exponent) = match text.find(['e', 'E', 'd', 'D']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let mut plain = String::with_capacity(text.len());
    if is_negative {
        plain.push('-');
    }
    plain_digits(digits, format, &mut plain)?;
    if let Some(exponent) = exponent {
        let (is_negative, digits) = match exponent.strip_prefix(MINUS) {
            Some(digits) => (true, digits),
            None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        plain.push_str(if is_negative { "e-" } else { "e" });
        plain.push_str(digits);
    }
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A minus, as it is typed and as it is typeset.
const MINUS: [char; 3] = ['-', '\u{2212}', '\u{2013}'];

/// Takes a sign off: before the number, after it (as mainframes write it), or as the brackets of
/// bookkeepers.
fn sign(text: &str) -> (bool, &str) {
    if let Some(rest) = text.strip_prefix(MINUS) {
        return (true, rest.trim_start());
    }
    if let Some(rest) = text.strip_suffix(MINUS) {
        return (true, rest.trim_end());
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inner);
    }
    (false, text.strip_prefix('+').unwrap_or(text))
}

/// Digits, maybe in groups, with at most one decimal sign, as Rust writes them.
fn plain_digits(text: &str, format: NumberFormat, plain: &mut String) -> Option<()> {
    let (whole, fraction) = match text.split_once(char::from(format.decimal)) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_grouped = whole.contains(|c| format.groups(c));
    let n_groups = if is_grouped { whole.split(|c| format.groups(c)).count() } else { 1 };
    let mut before: Option<char> = None;
    for (index, group) in whole.split(|c| format.groups(c)).enumerate() {
        let n = group.len();
        let is_last = index + 1 == n_groups;
        let fits = match (is_grouped, index) {
            (false, _) => true,
            (true, 0) => (1..=3).contains(&n),
            // India counts in groups of two above the thousand.
            (true, _) => n == 3 || (n == 2 && !is_last && format.thousands == Some(',')),
        };
        if !fits || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        plain.push_str(group);
    }
    for c in whole.chars().filter(|c| !c.is_ascii_digit()) {
        // One number is grouped in one way.
        if before.replace(c).is_some_and(|before| before != c) {
            return None;
        }
    }
    let mut n_digits = whole.len();
    if let Some(fraction) = fraction {
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        n_digits += fraction.len();
        plain.push('.');
        plain.push_str(fraction);
    }
    (n_digits > 0).then_some(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    const POINT: NumberFormat = NumberFormat { decimal: b'.', thousands: None };
    const COMMA: NumberFormat = NumberFormat { decimal: b',', thousands: None };

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in
            ["0", "-0", "1", "12.5", ".5", "5.", "+3", "1e3", "1E-7", "123456789012345678901234567890", "0.1"]
        {
            let expected: f64 = text.parse().expect("a number");
            let found = parse_number(text.as_bytes(), POINT).expect(text);
            assert_eq!(found.to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_a_typographic_minus_and_thousands_apart_are_numbers() {
        assert_eq!(parse_number(b"11,5", COMMA), Some(11.5));
        assert_eq!(parse_number("\u{2212}4,25".as_bytes(), COMMA), Some(-4.25));
        assert_eq!(parse_number("1\u{a0}234\u{a0}567,5".as_bytes(), COMMA), Some(1_234_567.5));
        assert_eq!(parse_number(b" 7 ", POINT), Some(7.0));
    }

    #[test]
    fn words_and_half_numbers_are_not_numbers() {
        for text in [
            "", "-", ".", "1,5", "1.2.3", "abc", "inf", "NaN", "1e", "1e999", "12 34", "1 2", "0x10",
            "1_000", "e5",
        ] {
            assert_eq!(parse_number(text.as_bytes(), POINT), None, "{text}");
        }
    }

    #[test]
    fn thousands_are_taken_out_where_they_stand_in_threes() {
        let english = NumberFormat { thousands: Some(','), ..POINT };
        assert_eq!(parse_number(b"1,234,567.5", english), Some(1_234_567.5));
        assert_eq!(parse_number(b"12,34,567", english), Some(1_234_567.0));
        assert_eq!(parse_number(b"-1,234", english), Some(-1_234.0));
        let german = NumberFormat { thousands: Some('.'), ..COMMA };
        assert_eq!(parse_number(b"1.234,50", german), Some(1_234.5));
        let swiss = NumberFormat { thousands: Some('\''), ..POINT };
        assert_eq!(parse_number("1'234.50".as_bytes(), swiss), Some(1_234.5));
        assert_eq!(parse_number("1\u{2019}234.50".as_bytes(), swiss), Some(1_234.5));
        for text in ["1,23", "1,2345", "1234,567", "1,234 567", ",234", "1,,234", "1.234,5"] {
            assert_eq!(parse_number(text.as_bytes(), english), None, "{text}");
        }
    }

    #[test]
    fn signs_and_exponents_of_other_programs_are_understood() {
        for (text, value) in [
            ("3.5-", -3.5),
            ("(3.5)", -3.5),
            ("\u{2013}0.50", -0.5),
            ("- 4", -4.0),
            ("1.5D+03", 1500.0),
            ("2.5d-04", 2.5e-4),
            ("1e\u{2212}3", 1e-3),
            ("\u{a0}1\u{200b}", 1.0),
        ] {
            assert_eq!(parse_number(text.as_bytes(), POINT), Some(value), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_finite_number_survives_being_written_and_read(value in proptest::num::f64::NORMAL) {
            let text = format!("{value}");
            prop_assert_eq!(parse_number(text.as_bytes(), POINT), Some(value));
            let text = format!("{value:e}").replace('.', ",");
            prop_assert_eq!(parse_number(text.as_bytes(), COMMA), Some(value));
        }

        #[test]
        fn short_decimals_are_rounded_correctly(digits in 0_u64..10_000_000_000, decimals in 0_usize..10) {
            let text = format!("{}.{:0width$}", digits, digits % 10_u64.pow(decimals as u32), width = decimals);
            let expected: f64 = text.parse().expect("a number");
            prop_assert_eq!(parse_number(text.as_bytes(), POINT), Some(expected));
        }
    }
}
