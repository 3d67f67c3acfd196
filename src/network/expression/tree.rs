//! A typed expression as a tree, and lists of numbers in it.

use super::error::{ExpressionError, Wrong};
use super::parse;
use super::token::Place;
use crate::network::{MAX_TYPED, TensorNode};

/// A part of a typed expression, with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    pub(super) what: Part,
    pub(super) place: Place,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Number(f64),
    /// `[1, 2]`, or what is listed in `cat([x, y])` and `(2, 3)`.
    List(Vec<Tree>),
    Name(String),
    Negative(Box<Tree>),
    Infix(&'static str, Box<Tree>, Box<Tree>),
    /// A function, or a method with the value before the dot as its first argument.
    Call {
        function: String,
        arguments: Vec<Tree>,
        keywords: Vec<(String, Tree)>,
    },
    /// `x.T`.
    Attribute(Box<Tree>, String),
    Index(Box<Tree>, Vec<Item>),
}

/// One item between the brackets of an index.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    At(isize),
    Run(Option<isize>, Option<isize>),
}

/// One line: `f = …`, or only `…`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    /// Whether it stands in a block `with torch.no_grad():`.
    pub(super) no_grad: bool,
    pub(super) name: Option<(String, Place)>,
    pub(super) value: Tree,
    /// Whether it says that `backward()` starts there.
    pub(super) is_root: bool,
}

impl Tree {
    /// `f.backward()` as f, and that it is such a call.
    pub(super) fn root(self) -> (Self, bool) {
        let place = self.place;
        match self.what {
            Part::Call { function, mut arguments, keywords }
                if function == "backward" && arguments.len() == 1 && keywords.is_empty() =>
            {
                (arguments.remove(0), true)
            }
            what => (Self { what, place }, false),
        }
    }

    /// A number that is written out, with its sign.
    pub(super) fn number(&self) -> Option<f64> {
        match &self.what {
            Part::Number(number) => Some(*number),
            Part::Negative(of) => of.number().map(|number| -number),
            _ => None,
        }
    }

    /// Numbers that are written out as one value or as nested lists of equal rows; `None` where something
    /// else stands among them.
    pub(super) fn numbers(&self) -> Option<Result<TensorNode, ExpressionError>> {
        let mut values = Vec::new();
        match self.collect(&mut values, 0)? {
            Ok(shape) => Some(Ok(TensorNode::new(&shape, values))),
            Err(place) if values.len() >= MAX_TYPED => Some(Err(place.wrong(Wrong::TooLarge))),
            Err(place) => Some(Err(place.wrong(Wrong::Ragged))),
        }
    }

    /// Adds the numbers in C order and gives the shape, or the place of what does not fit.
    fn collect(&self, values: &mut Vec<f64>, depth: usize) -> Option<Result<Vec<usize>, Place>> {
        let Part::List(items) = &self.what else {
            values.push(self.number()?);
            return Some(if values.len() > MAX_TYPED { Err(self.place) } else { Ok(Vec::new()) });
        };
        let mut inner: Option<Vec<usize>> = None;
        for item in items {
            let shape = match item.collect(values, depth + 1)? {
                Ok(shape) => shape,
                Err(place) => return Some(Err(place)),
            };
            if depth >= 2 || inner.as_ref().is_some_and(|inner| *inner != shape) {
                return Some(Err(item.place));
            }
            inner = Some(shape);
        }
        match inner {
            Some(inner) => Some(Ok([items.len()].into_iter().chain(inner).collect())),
            None => Some(Err(self.place)),
        }
    }
}

/// Numbers as a person types them into a tensor: one number, a Python list, or rows and columns pasted from
/// a spreadsheet.
///
/// # Errors
/// Where the text is none of these, or its rows are not equally long.
pub fn typed_numbers(text: &str) -> Result<TensorNode, ExpressionError> {
    if let Some(pasted) = pasted(text) {
        return Ok(pasted);
    }
    let statements = parse::statements(text)?;
    let at_start = Place { line: 1, column: 1 };
    let [Statement { value, .. }] = statements.as_slice() else { return Err(at_start.wrong(Wrong::Nothing)) };
    let expected = Wrong::Expected { expected: "[1, 2, 3]".to_owned(), found: text.trim().to_owned() };
    value.numbers().unwrap_or_else(|| Err(value.place.wrong(expected)))
}

/// Rows of numbers with tabs or spaces between them, as spreadsheets put them on the clipboard.
fn pasted(text: &str) -> Option<TensorNode> {
    if text.contains(['[', '(', '=']) {
        return None;
    }
    let number = |cell: &str| cell.trim().replace('−', "-").parse::<f64>().ok().filter(|it| it.is_finite());
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    // A decimal comma where tabs part the cells; otherwise a comma parts them.
    let cells = |line: &str| -> Option<Vec<f64>> {
        if line.contains('\t') {
            line.split('\t').map(|cell| number(&cell.replace(',', "."))).collect()
        } else {
            line.split([',', ';', ' ']).filter(|cell| !cell.is_empty()).map(number).collect()
        }
    };
    let rows: Vec<Vec<f64>> = lines.iter().map(|line| cells(line)).collect::<Option<_>>()?;
    let width = rows.first()?.len();
    if width == 0 || rows.iter().any(|row| row.len() != width) || rows.len() * width > MAX_TYPED {
        return None;
    }
    let shape = match (rows.len(), width) {
        (1, 1) => Vec::new(),
        (1, n) | (n, 1) => vec![n],
        (n, width) => vec![n, width],
    };
    Some(TensorNode::new(&shape, rows.concat()))
}
