//! Calls and signs of a typed expression: which kind each draws, and what it takes.

use super::error::{ExpressionError, Wrong};
use super::token::Place;
use super::tree::{Part, Tree};
use crate::network::{Activation, Family, NodeKind, Operation, Written};

/// The arguments of a call.
pub(super) struct Call<'t> {
    pub(super) function: &'t str,
    pub(super) arguments: &'t [Tree],
    pub(super) keywords: &'t [(String, Tree)],
    pub(super) place: Place,
}

impl Call<'_> {
    pub(super) fn takes(&self, counts: std::ops::RangeInclusive<usize>) -> Result<(), ExpressionError> {
        if counts.contains(&self.arguments.len()) {
            return Ok(());
        }
        let (least, most) = (counts.start(), counts.end());
        Err(self.wrong_count(&if least == most { least.to_string() } else { format!("{least}–{most}") }))
    }

    pub(super) fn wrong_count(&self, expected: &str) -> ExpressionError {
        self.place.wrong(Wrong::Arguments {
            function: self.function.to_owned(),
            expected: expected.to_owned(),
            found: self.arguments.len(),
        })
    }

    pub(super) fn takes_keywords(&self, known: &[&str]) -> Result<(), ExpressionError> {
        match self.keywords.iter().find(|(keyword, _)| !known.contains(&keyword.as_str())) {
            None => Ok(()),
            Some((keyword, value)) => Err(value.place.wrong(Wrong::UnknownKeyword {
                function: self.function.to_owned(),
                keyword: keyword.clone(),
            })),
        }
    }

    pub(super) fn expected(&self, expected: &str) -> ExpressionError {
        let found = format!("{}(…)", self.function);
        self.place.wrong(Wrong::Expected { expected: expected.to_owned(), found })
    }

    /// A number by keyword, or at a place among the arguments.
    pub(super) fn setting(&self, keyword: &str, idx: usize) -> Result<Option<f64>, ExpressionError> {
        let by_keyword = self.keywords.iter().find(|(name, _)| name == keyword).map(|(_, value)| value);
        match by_keyword.or_else(|| self.arguments.get(idx)) {
            None => Ok(None),
            Some(tree) if tree.what == Part::Name("None".to_owned()) => Ok(None),
            Some(tree) => {
                let expected =
                    || Wrong::Expected { expected: "1".to_owned(), found: self.function.to_owned() };
                tree.number().map(Some).ok_or_else(|| tree.place.wrong(expected()))
            }
        }
    }
}

pub(super) fn infix(sign: &str, place: Place) -> Result<NodeKind, ExpressionError> {
    let operation = Operation::ALL.into_iter().find(|it| it.written() == Written::Infix(own(sign)));
    Ok(match (sign, operation) {
        ("+", _) => NodeKind::Add,
        ("*", _) => NodeKind::Multiply,
        (_, Some(operation)) => NodeKind::Operation(operation),
        _ => return Err(place.wrong(Wrong::UnknownFunction(sign.to_owned()))),
    })
}

/// A sign as the declarations hold it.
fn own(sign: &str) -> &'static str {
    ["-", "/", "@", ">", ">=", "<", "=="].into_iter().find(|own| *own == sign).unwrap_or("")
}

/// The kind that a function of values draws.
pub(super) fn function(name: &str) -> Option<NodeKind> {
    let operation = |operation| Some(NodeKind::Operation(operation));
    match name {
        "add" => return Some(NodeKind::Add),
        "mul" | "multiply" => return Some(NodeKind::Multiply),
        "sub" | "subtract" => return operation(Operation::Sub),
        "div" | "divide" | "true_divide" => return operation(Operation::Div),
        "pow" | "power" => return operation(Operation::Power),
        "mm" | "bmm" | "dot" | "mv" => return operation(Operation::MatMul),
        "t" | "transpose" => return operation(Operation::Transpose),
        "negative" => return operation(Operation::Neg),
        "absolute" => return operation(Operation::Abs),
        "clip" | "clamp" => return operation(Operation::Clamp { min: -1e9, max: 1e9 }),
        "heaviside" => return operation(Operation::Step),
        _ => {}
    }
    let by_name = Operation::ALL.into_iter().find(|it| it.declaration().slug == name);
    let activation = || Activation::ALL.into_iter().find(|it| it.declaration().slug == name);
    by_name.map(NodeKind::Operation).or_else(|| activation().map(NodeKind::Activation))
}
