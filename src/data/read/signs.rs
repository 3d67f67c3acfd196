//! Which decimal sign and which thousands sign a file writes: the evidence of its cells, counted.
//!
//! Must not know files.

use super::cell_kind::UNIT_SIGNS;
use super::number::trim;
use crate::data::dialect::{DecimalSign, Delimiter};

/// What cells say about the signs within numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Evidence {
    /// A comma, or a point, that must be the decimal sign: `1,5`, `0,125`, `1234,567`.
    decimal_commas: usize,
    decimal_points: usize,
    /// A comma, or a point, that must be the thousands sign: `1,234,567`, `1,234.5`.
    thousands_commas: usize,
    thousands_points: usize,
    apostrophes: usize,
    /// A comma that may be either: `1,234`.
    either_commas: usize,
    /// The same beside whole numbers of at most three digits in its column.
    beside_integers: usize,
}

/// The signs of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signs {
    pub(super) decimal: DecimalSign,
    pub(super) thousands: Option<char>,
    /// Only commas that may be either stand in the file.
    pub(super) is_uncertain: bool,
}

impl Evidence {
    /// Counts the cells of a column.
    pub(super) fn add_column<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        let before = self.either_commas;
        let mut n_integers = 0;
        for cell in cells {
            if !cell.is_empty() && cell.len() <= 3 && cell.bytes().all(|byte| byte.is_ascii_digit()) {
                n_integers += 1;
            } else {
                self.add(cell);
            }
        }
        if n_integers > 0 {
            self.beside_integers += self.either_commas - before;
        }
    }

    fn add(&mut self, cell: &str) {
        let cell = trim(cell).trim_matches(UNIT_SIGNS);
        let cell = cell.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '-' | '+' | '(' | ')' | '\u{2212}' | '\u{2013}')
        });
        let cell = cell.trim_matches(UNIT_SIGNS).trim_end_matches(char::is_alphabetic).trim();
        let is_number = cell.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{202f}')
        });
        if !is_number || !cell.contains(|c: char| c.is_ascii_digit()) {
            return;
        }
        let count = |sign: char| cell.matches(sign).count();
        let (n_commas, n_points) = (count(','), count('.'));
        // Digits between the signs.
        let groups: Vec<usize> = cell.split([',', '.', '\'', '\u{2019}', ' ']).map(str::len).collect();
        let last = groups.last().copied().unwrap_or(0);
        let are_threes = |groups: &[usize]| {
            groups.first().is_some_and(|&n| (1..=3).contains(&n))
                && groups.iter().skip(1).all(|&n| n == 3 || n == 2)
        };
        if count('\'') + count('\u{2019}') > 0 {
            let n =
                groups.len() - usize::from(n_points == 1 && cell.rfind('.') > cell.rfind(['\'', '\u{2019}']));
            self.apostrophes += usize::from(n > 1 && groups[1..n].iter().all(|&group| group == 3));
        }
        match (n_commas, n_points) {
            (0, 0) => {}
            (0, 1) => self.decimal_points += 1,
            (1, 0) => {
                let is_either =
                    last == 3 && groups.len() == 2 && (1..=3).contains(&groups[0]) && !cell.starts_with('0');
                if is_either { self.either_commas += 1 } else { self.decimal_commas += 1 }
            }
            (_, 0) if are_threes(&groups) && last == 3 => self.thousands_commas += 1,
            (0, _) if are_threes(&groups) && last == 3 => self.thousands_points += 1,
            (_, 1) if are_threes(&groups[..groups.len() - 1]) && cell.rfind('.') > cell.rfind(',') => {
                self.decimal_points += 1;
                self.thousands_commas += 1;
            }
            (1, _) if are_threes(&groups[..groups.len() - 1]) && cell.rfind(',') > cell.rfind('.') => {
                self.decimal_commas += 1;
                self.thousands_points += 1;
            }
            _ => {}
        }
    }

    /// What all of it comes to.
    pub(super) fn signs(self, delimiter: Delimiter) -> Signs {
        let other = (self.apostrophes > 0).then_some('\'');
        let comma = Signs {
            decimal: DecimalSign::Comma,
            thousands: if self.thousands_points > 0 { Some('.') } else { other },
            is_uncertain: false,
        };
        let n_thousands = self.thousands_commas + self.either_commas;
        let point = Signs {
            decimal: DecimalSign::Point,
            thousands: if n_thousands > 0 { Some(',') } else { other },
            is_uncertain: false,
        };
        if self.decimal_commas != 0 || self.decimal_points != 0 {
            // A point that is followed by three digits may be a thousands sign as well.
            return if self.decimal_commas > 0 && self.decimal_commas >= self.decimal_points {
                comma
            } else {
                point
            };
        }
        if self.thousands_points > 0 && self.thousands_commas == 0 {
            return comma;
        }
        if self.thousands_commas > 0 || self.either_commas == 0 {
            return point;
        }
        // Who separates cells by semicolons most likely needs the comma for decimals.
        let is_decimal = delimiter == Delimiter::Sign(b';') && self.beside_integers == 0;
        Signs { is_uncertain: true, ..if is_decimal { comma } else { point } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(cells: &[&str], delimiter: u8) -> (DecimalSign, Option<char>) {
        let mut evidence = Evidence::default();
        evidence.add_column(cells.iter().copied());
        let found = evidence.signs(Delimiter::Sign(delimiter));
        (found.decimal, found.thousands)
    }

    #[test]
    fn the_signs_within_numbers_are_told_apart() {
        use DecimalSign::{Comma, Point};
        for (cells, delimiter, expected) in [
            (&["1,5", "2"][..], b';', (Comma, None)),
            (&["1.5", "2"], b',', (Point, None)),
            (&["1,234", "850"], b',', (Point, Some(','))),
            (&["1,234", "850"], b';', (Point, Some(','))),
            (&["1,234", "2,345"], b';', (Comma, None)),
            (&["1,234", "0,345"], b',', (Comma, None)),
            (&["1,234,567"], b',', (Point, Some(','))),
            (&["1,234", "2.5"], b',', (Point, Some(','))),
            (&["1.234.567"], b';', (Comma, Some('.'))),
            (&["1.234,5"], b';', (Comma, Some('.'))),
            (&["1'234.50"], b';', (Point, Some('\''))),
            (&["$1,234.50", "-$7.25"], b',', (Point, Some(','))),
            (&["314 195,92"], b';', (Comma, None)),
            (&["1.234"], b',', (Point, None)),
            (&["12,34,567"], b',', (Point, Some(','))),
        ] {
            assert_eq!(signs(cells, delimiter), expected, "{cells:?}");
        }
    }
}
