//! What reading found about a column, beside its values: its kind and why, the words that stood for
//! missing values, and the cells that did not fit.
//!
//! Must not know how it was found.

use super::settings::ColumnKind;
use crate::words::{Message, ToMessage};

/// How a column was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnReading {
    /// What its cells are.
    pub kind: ColumnKind,
    /// Why, where the cells are not all plain numbers.
    pub reason: Option<KindReason>,
    /// Words that stood for missing values, and how often each did.
    pub missing_tokens: Vec<(String, usize)>,
    /// Cells that are no numbers in a column of numbers, and so are missing: the first of them.
    pub odd_cells: Vec<OddCell>,
    /// How many such cells there are.
    pub n_odd: usize,
}

/// A cell that does not fit its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddCell {
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// What it says.
    pub text: String,
}

/// Why a column is of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindReason {
    /// No cell holds anything.
    Empty,
    /// Numbers with the same signs around them, such as `$` or ` kg`, which were taken off.
    Affixes {
        /// Before the numbers.
        before: String,
        /// After them.
        after: String,
    },
    /// Numbers with other decimal or thousands signs than the rest of the file.
    OtherSigns,
    /// Numbers but for a few cells.
    OddCells {
        /// How many cells are no numbers.
        odd: usize,
        /// Cells with anything in them.
        all: usize,
    },
    /// Numbers and words, too many of either to be a mistake.
    Mixed {
        /// Cells with numbers.
        numbers: usize,
        /// Cells with words.
        words: usize,
        /// One of the words.
        example: String,
    },
    /// Two words that mean yes and no.
    Booleans,
    /// Dates or times.
    Dates,
    /// Few different words.
    Words {
        /// How many.
        distinct: usize,
    },
    /// Many different words.
    FreeText {
        /// How many.
        distinct: usize,
    },
}

impl Default for ColumnReading {
    fn default() -> Self {
        Self {
            kind: ColumnKind::Number,
            reason: None,
            missing_tokens: Vec::new(),
            odd_cells: Vec::new(),
            n_odd: 0,
        }
    }
}

impl ToMessage for KindReason {
    fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("data-reason-empty"),
            Self::Affixes { before, after } => {
                let example = format!("{before}1{after}");
                Message::new("data-reason-affixes").with("example", example)
            }
            Self::OtherSigns => Message::new("data-reason-other-signs"),
            Self::OddCells { odd, all } => {
                Message::new("data-reason-odd-cells").with("odd", *odd).with("all", *all)
            }
            Self::Mixed { numbers, words, example } => Message::new("data-reason-mixed")
                .with("numbers", *numbers)
                .with("words", *words)
                .with("example", example.as_str()),
            Self::Booleans => Message::new("data-reason-booleans"),
            Self::Dates => Message::new("data-reason-dates"),
            Self::Words { distinct } => Message::new("data-reason-words").with("distinct", *distinct),
            Self::FreeText { distinct } => Message::new("data-reason-free-text").with("distinct", *distinct),
        }
    }
}
