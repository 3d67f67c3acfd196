//! What is wrong with a typed expression, and where.

use crate::words::{Message, ToMessage};

/// What is wrong with a typed expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// The line, from 1.
    pub line: usize,
    /// The column of the first character that is wrong, from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: Wrong,
}

/// What is wrong at a place of a typed expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is nothing to draw.
    Nothing,
    /// Something else was expected here.
    Expected {
        /// What would have been right, in Python's signs.
        expected: String,
        /// What stands there; empty at the end of the line.
        found: String,
    },
    /// A name that nothing is assigned to.
    UnknownName(String),
    /// A function that is not known.
    UnknownFunction(String),
    /// A keyword that the function does not take.
    UnknownKeyword {
        /// The function.
        function: String,
        /// The keyword.
        keyword: String,
    },
    /// Too few or too many arguments.
    Arguments {
        /// The function.
        function: String,
        /// How many it takes.
        expected: String,
        /// How many were given.
        found: usize,
    },
    /// A name that is made of itself.
    Circle(String),
    /// The rows of a list are not equally long, or nest too deep.
    Ragged,
    /// It is too large or nests too deep to be drawn.
    TooLarge,
}

impl ToMessage for ExpressionError {
    fn message(&self) -> Message {
        let what = match &self.what {
            Wrong::Nothing => Message::new("expression-nothing"),
            Wrong::Expected { expected, found } if found.is_empty() => {
                Message::new("expression-ends").with("expected", expected.as_str())
            }
            Wrong::Expected { expected, found } => Message::new("expression-expected")
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Wrong::UnknownName(name) => Message::new("expression-unknown-name").with("name", name.as_str()),
            Wrong::UnknownFunction(name) => {
                Message::new("expression-unknown-function").with("name", name.as_str())
            }
            Wrong::UnknownKeyword { function, keyword } => Message::new("expression-unknown-keyword")
                .with("function", function.as_str())
                .with("keyword", keyword.as_str()),
            Wrong::Arguments { function, expected, found } => Message::new("expression-arguments")
                .with("function", function.as_str())
                .with("expected", expected.as_str())
                .with("found", *found),
            Wrong::Circle(name) => Message::new("expression-circle").with("name", name.as_str()),
            Wrong::Ragged => Message::new("expression-ragged"),
            Wrong::TooLarge => Message::new("expression-too-large"),
        };
        Message::new("expression-at").with("line", self.line).with("column", self.column).with("what", what)
    }
}
