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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people_have_five_digits() {
        let shown = [0.0, 0.298_371_109, -12.345_678, 123_456.7, 1e-7].map(short_number);
        assert_eq!(shown, ["0", "0.29837", "-12.346", "123457", "1.0000e-7"]);
    }
}
