//! A number that somebody computed by hand, and whether it is right: as far as it was written.
//!
//! Must not know where the right number comes from.

/// A number as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    value: f64,
    /// One unit of the last digit that was written.
    unit: f64,
}

/// Whether a claim is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimCheck {
    /// Right, as far as it was written.
    Right,
    /// The other sign, otherwise right.
    WrongSign,
    /// Cut off instead of rounded: right but for the last digit.
    NotRounded,
    /// Another number.
    Wrong,
}

impl Claim {
    /// Reads a number with a decimal point or comma, and with an exponent where it has one; `None` where it
    /// is none.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String =
            text.trim().replace(['−', '–'], "-").replace(',', ".").split_whitespace().collect();
        let lower = plain.to_ascii_lowercase();
        let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
        let digits = mantissa.trim_start_matches(['-', '+']);
        let is_number = digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.contains(|c: char| c.is_ascii_digit())
            && digits.matches('.').count() <= 1;
        if !is_number {
            return None;
        }
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let exponent: i32 = exponent.parse().ok()?;
        let value: f64 = lower.parse().ok()?;
        // Made from text, so that it is the double nearest to the power of ten.
        let unit: f64 = format!("1e{}", exponent - i32::try_from(decimals).ok()?).parse().ok()?;
        (value.is_finite() && unit > 0.0).then_some(Self { value, unit })
    }

    /// The number that was claimed.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether it is `exact`, rounded to the digits that were written.
    pub fn check(&self, exact: f64) -> ClaimCheck {
        // Half a unit; a little more, for halves that are no doubles.
        let slack = 1e-9 * self.unit + 4.0 * f64::EPSILON * exact.abs();
        let is_within = |exact: f64, units: f64| (exact - self.value).abs() <= units * self.unit + slack;
        if is_within(exact, 0.5) {
            ClaimCheck::Right
        } else if is_within(-exact, 0.5) {
            ClaimCheck::WrongSign
        } else if is_within(exact, 1.0) && self.value.abs() < exact.abs() {
            ClaimCheck::NotRounded
        } else {
            ClaimCheck::Wrong
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_claim_is_right_as_far_as_it_was_written() {
        let exact = 0.082_167_040_564_230_78;
        for text in ["0.082167041", "0,0822", " 0.08217", "0,1", "8.2167e-2", "+0.0821670406"] {
            assert_eq!(Claim::parse(text).unwrap().check(exact), ClaimCheck::Right, "{text}");
        }
        assert_eq!(Claim::parse("0.0821").unwrap().check(exact), ClaimCheck::NotRounded);
        assert_eq!(Claim::parse("−0,0822").unwrap().check(exact), ClaimCheck::WrongSign);
        assert_eq!(Claim::parse("0.0823").unwrap().check(exact), ClaimCheck::Wrong);
        // 0.5 is halfway: either neighbor is a rounding of it.
        assert_eq!(Claim::parse("1").unwrap().check(0.5), ClaimCheck::Right);
    }

    #[test]
    fn what_is_no_number_is_no_claim() {
        for text in ["", "x", "1.2.3", "1,000.5", "e5", "inf", "NaN", "--1", "1e99999"] {
            assert_eq!(Claim::parse(text), None, "{text}");
        }
    }
}
