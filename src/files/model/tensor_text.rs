//! Numbers of a tensor as text: one readable string, a row of the matrix on each line.
//!
//! Every number is written in its shortest form that reads back to the same bits. Tensors whose
//! numbers are all exact in f32 (trained weights, optimizer state) are written as f32, which is
//! half as long: 3,000,000 numbers are about 30 MB. One string instead of three million RON
//! values is what keeps reading and writing fast. Must not know what the numbers mean.

use std::borrow::Cow;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid};

/// The numbers of a tensor in C order; the tag says how they were rounded when written.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum NumbersFile<'a> {
    /// All numbers are exact in f32 and written as such.
    F32(#[serde(borrow)] Cow<'a, str>),
    /// Numbers in f64.
    F64(#[serde(borrow)] Cow<'a, str>),
}

impl NumbersFile<'_> {
    /// Writes `values`, `row` numbers a line, each line after the first indented by `indent`.
    pub(super) fn write(values: &[f64], row: usize, indent: usize) -> Self {
        if values.iter().all(|v| f64::from(*v as f32).to_bits() == v.to_bits()) {
            Self::F32(Cow::Owned(lines(values, row, indent, |text, v| write_number(text, v as f32, v))))
        } else {
            Self::F64(Cow::Owned(lines(values, row, indent, |text, v| write_number(text, v, v))))
        }
    }

    /// Reads exactly `expected` finite numbers; `row` numbers a line are only used to name places.
    ///
    /// # Errors
    /// A word that is no finite number, or another count than expected, at `place`.
    pub(super) fn read(&self, expected: usize, row: usize, place: &str) -> Result<Vec<f64>, FileError> {
        match self {
            Self::F32(text) => numbers(text, expected, row, place, |word| {
                word.parse::<f32>().ok().filter(|v| v.is_finite()).map(f64::from)
            }),
            Self::F64(text) => {
                numbers(text, expected, row, place, |word| word.parse::<f64>().ok().filter(|v| v.is_finite()))
            }
        }
    }
}

/// Plain digits where they are short, an exponent elsewhere; both are the shortest round trip.
fn write_number(text: &mut String, shown: impl std::fmt::Display + std::fmt::LowerExp, value: f64) {
    let size = value.abs();
    let plain = size == 0.0 || (1e-4..1e9).contains(&size);
    // Writing to a string cannot fail.
    let _ = if plain { write!(text, "{shown}") } else { write!(text, "{shown:e}") };
}

fn lines(values: &[f64], row: usize, indent: usize, mut write_one: impl FnMut(&mut String, f64)) -> String {
    let mut text = String::with_capacity(values.len().saturating_mul(12));
    let row = row.max(1);
    let several = values.len() > row;
    for (idx, value) in values.iter().enumerate() {
        if idx % row == 0 && several {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
        } else if idx > 0 {
            text.push(' ');
        }
        write_one(&mut text, *value);
    }
    text
}

fn numbers(
    text: &str,
    expected: usize,
    row: usize,
    place: &str,
    read_one: impl Fn(&str) -> Option<f64>,
) -> Result<Vec<f64>, FileError> {
    // A number takes at least two bytes with its separator: a claimed shape takes no memory that
    // the file does not pay for.
    let mut values = Vec::with_capacity(expected.min(text.len() / 2 + 1));
    let row = row.max(1);
    for word in text.split_ascii_whitespace() {
        if values.len() == expected {
            let found = text.split_ascii_whitespace().count();
            return Err(FileError::invalid(place, Invalid::Count { expected, found }));
        }
        let Some(value) = read_one(word) else {
            let idx = values.len();
            let place = format!("{place}[{}][{}]", idx / row, idx % row);
            return Err(FileError::invalid(&place, Invalid::Number { found: shorten(word) }));
        };
        values.push(value);
    }
    if values.len() < expected {
        return Err(FileError::invalid(place, Invalid::Count { expected, found: values.len() }));
    }
    Ok(values)
}

fn shorten(word: &str) -> String {
    word.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn matrix_rows_stand_on_lines_of_their_own() {
        let NumbersFile::F64(text) = NumbersFile::write(&[0.1, 0.2, 0.3, 0.3, 0.2, 1e-9], 3, 2) else {
            unreachable!("0.1 is not exact in f32")
        };
        assert_eq!(text, "\n  0.1 0.2 0.3\n  0.3 0.2 1e-9");
        let NumbersFile::F32(text) = NumbersFile::write(&[0.5, -2.0], 2, 2) else {
            unreachable!("halves are exact in f32")
        };
        assert_eq!(text, "0.5 -2");
    }

    #[test]
    fn every_bit_comes_back() {
        let values =
            [0.0, -0.0, 0.1, f64::from(0.1_f32), 1e300, 5e-324, -123_456.789, f64::MAX, f64::from(f32::MIN)];
        for row in 1..4 {
            let read = NumbersFile::write(&values, row, 4).read(values.len(), row, "w").unwrap();
            assert!(values.iter().zip(&read).all(|(a, b)| a.to_bits() == b.to_bits()));
            let single: Vec<f64> =
                values.iter().map(|v| f64::from(*v as f32)).filter(|v| v.is_finite()).collect();
            let file = NumbersFile::write(&single, row, 4);
            assert!(matches!(file, NumbersFile::F32(_)));
            let read = file.read(single.len(), row, "w").unwrap();
            assert!(single.iter().zip(&read).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn a_bad_number_is_named_by_row_and_column() {
        for bad in ["NaN", "inf", "1e999", "x", "1.2.3"] {
            let text = format!("1 2 3\n4 {bad} 6");
            let error = NumbersFile::F64(Cow::Owned(text)).read(6, 3, "weight").unwrap_err();
            assert_eq!(error, FileError::invalid("weight[1][1]", Invalid::Number { found: bad.to_owned() }));
        }
    }

    #[test]
    fn too_few_and_too_many_numbers_are_counted() {
        let file = NumbersFile::F64(Cow::Borrowed("1 2 3"));
        let error = |expected| file.read(expected, 1, "b").unwrap_err();
        assert_eq!(error(4), FileError::invalid("b", Invalid::Count { expected: 4, found: 3 }));
        assert_eq!(error(2), FileError::invalid("b", Invalid::Count { expected: 2, found: 3 }));
        assert_eq!(
            error(usize::MAX),
            FileError::invalid("b", Invalid::Count { expected: usize::MAX, found: 3 })
        );
    }
}
