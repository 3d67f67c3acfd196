//! Numbers within sentences.
//!
//! Must not know what they count or measure; cells of matrices have digits of their own.

/// A number for people: five significant digits.
pub fn short_number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return format!("{value}");
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{value:.4e}");
    }
    let decimals = (4 - size.log10().floor() as i32).max(0) as usize;
    format!("{value:.decimals$}")
}

/// The hyphens of a number that programs read too, as the minus signs that people read: `-2.5e-9` is `−2.5e−9`.
/// Hyphens of words and names stay.
pub fn with_minus(text: &str) -> String {
    let mut before = [' '; 2];
    let mut rest = text.chars().peekable();
    let mut signed = String::with_capacity(text.len() + 2);
    while let Some(sign) = rest.next() {
        let is_exponent = before[1] == 'e' && before[0].is_ascii_digit();
        let is_begun = !before[1].is_alphanumeric() && before[1] != '-';
        let has_digits = rest.peek().is_some_and(|next| next.is_ascii_digit() || matches!(next, '.' | '∞'));
        let is_minus = sign == '-' && has_digits && (is_exponent || is_begun);
        signed.push(if is_minus { '−' } else { sign });
        before = [before[1], sign];
    }
    signed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_of_numbers_become_minus_signs_and_those_of_words_stay() {
        for (text, signed) in [
            ("-2.5e-9", "−2.5e−9"),
            ("[-1, 2, -.5]", "[−1, 2, −.5]"),
            ("lr 1e-8", "lr 1e−8"),
            ("iris-2.csv", "iris-2.csv"),
            ("2026-11-26", "2026-11-26"),
            ("Cross-entropy 1", "Cross-entropy 1"),
        ] {
            assert_eq!(with_minus(text), signed);
        }
    }

    #[test]
    fn numbers_for_people_have_five_digits() {
        let shown = [0.0, 0.298_371_109, -12.345_678, 123_456.7, 1e-7].map(short_number);
        assert_eq!(shown, ["0", "0.29837", "-12.346", "123457", "1.0000e-7"]);
    }
}
