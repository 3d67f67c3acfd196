//! Bounds of a model file, checked before memory is taken.
//!
//! Far above what the program can teach with, far below what would hurt a laptop.

use std::ops::RangeInclusive;

use super::error::{FileError, Invalid};

/// Bytes of a model file: about 15 million parameters with their Adam state.
pub(super) const MODEL_BYTES: u64 = 512 << 20;
/// Bytes of the preferences.
pub(super) const PREFERENCES_BYTES: u64 = 4 << 20;
/// Bytes that a file may spend on its unrolled graph.
pub(super) const UNROLLED_BYTES: u64 = 64 << 20;
/// How deep the text may nest.
pub(super) const DEPTH: usize = 64;
/// Nodes of a drawing.
pub(super) const NODES: usize = 100_000;
/// Edges of a drawing.
pub(super) const EDGES: usize = 1_000_000;
/// Units, features, columns, categories.
pub(super) const WIDTH: usize = 10_000_000;
/// Time steps, delays.
pub(super) const STEPS: usize = crate::network::MAX_STEPS;
/// Rows of a batch, epochs, patience.
pub(super) const COUNT: usize = 1_000_000_000;
/// Epochs, steps and samples that a run has done: exact in every number format.
pub(super) const LONG_COUNT: usize = 1 << 53;

/// Words that mean "no value".
pub(super) const WORDS: usize = 10_000;

/// A finite number.
pub(super) fn finite(place: &str, value: f64) -> Result<f64, FileError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(FileError::invalid(place, Invalid::Number { found: value.to_string() }))
    }
}

/// A finite number within bounds.
pub(super) fn in_range(place: &str, value: f64, range: &RangeInclusive<f64>) -> Result<f64, FileError> {
    let value = finite(place, value)?;
    if range.contains(&value) {
        Ok(value)
    } else {
        let (low, high) = (*range.start(), *range.end());
        Err(FileError::invalid(place, Invalid::OutOfRange { found: value.to_string(), low, high }))
    }
}

/// A count within bounds.
pub(super) fn within(place: &str, value: usize, low: usize, high: usize) -> Result<usize, FileError> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        let (low, high) = (low as f64, high as f64);
        Err(FileError::invalid(place, Invalid::OutOfRange { found: value.to_string(), low, high }))
    }
}
