//! What a cell of a matrix shows, and what a hand does with it.
//!
//! Must not know which matrix it stands in.

use crate::explain::Quantity;

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// Its number.
    #[default]
    Shown,
    /// Nothing has been computed yet: None.
    Blank,
    /// A number is asked for: it can be typed.
    #[cfg_attr(not(test), expect(dead_code, reason = "exercises ask for numbers"))]
    Asked,
    /// It was typed, rightly or not.
    #[cfg_attr(not(test), expect(dead_code, reason = "exercises ask for numbers"))]
    Answered {
        /// What was typed.
        text: String,
        /// Whether it is right; not said where it is not known.
        is_right: Option<bool>,
    },
}

/// What happened on a matrix in one frame.
#[derive(Debug, Default)]
pub(crate) struct MatrixEvents {
    /// The entry (in C order) that was typed in, with its number.
    pub(crate) typed: Option<(usize, f64)>,
    /// The row and the column of the cell under the pointer,
    pub(crate) hovered: Option<(usize, usize)>,
    /// and of the cell that was clicked, or asked about with the keyboard.
    pub(crate) clicked: Option<(usize, usize)>,
    /// The numbers that stand there, where the matrix knows them.
    pub(crate) hovered_number: Option<Quantity>,
    /// See [`hovered_number`](Self::hovered_number).
    pub(crate) clicked_number: Option<Quantity>,
}
