//! Expressions as NumPy code that runs.
//!
//! Must not know what leaves mean: the caller names them.

use super::text::{Binding, Text, number};
use crate::algebra::{Axes, Comparison, Expression, Function, Part, Reduction, Size};

/// What the printed lines need before they run: NumPy and the functions that it lacks.
pub const NUMPY_PRELUDE: &str = "\
import math
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def logsumexp(z, axis, keepdims=False):
    largest = np.max(z, axis=axis, keepdims=True)
    result = largest + np.log(np.sum(np.exp(z - largest), axis=axis, keepdims=True))
    return result if keepdims else np.squeeze(result, axis=axis)


erf = np.vectorize(math.erf, otypes=[float])
";

/// How a matrix product is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// `a @ b`.
    At,
    /// `a.dot(b)`, as the course writes it.
    Dot,
}

/// An expression as code; `leaf` names leaves, `rank` says how many axes each has. `N` is the number of
/// samples.
pub fn numpy<L>(
    of: &Expression<L>,
    product: Product,
    leaf: &dyn Fn(&L) -> String,
    rank: &dyn Fn(&L) -> usize,
) -> String {
    Printer { product, leaf, rank }.text(of).text
}

struct Printer<'a, L> {
    product: Product,
    leaf: &'a dyn Fn(&L) -> String,
    rank: &'a dyn Fn(&L) -> usize,
}

impl<L> Printer<'_, L> {
    fn line(&self, of: &Expression<L>) -> String {
        self.text(of).text
    }

    fn within(&self, of: &Expression<L>, needed: Binding) -> String {
        self.text(of).within(needed, ("(", ")"))
    }

    fn joined(&self, parts: &[Part<L>], sign: &str, first: Binding, rest: Binding) -> String {
        let texts = parts.iter().enumerate();
        let texts = texts.map(|(at, part)| self.within(part, if at == 0 { first } else { rest }));
        texts.collect::<Vec<_>>().join(sign)
    }

    fn call(&self, name: &str, parts: &[&Part<L>]) -> Text {
        let parts: Vec<String> = parts.iter().map(|part| self.line(part)).collect();
        Text::atom(format!("{name}({})", parts.join(", ")))
    }

    fn text(&self, of: &Expression<L>) -> Text {
        let two = |a: &Part<L>, sign: &str, b: &Part<L>, binding: Binding, right: Binding| {
            Text::new(format!("{} {sign} {}", self.within(a, binding), self.within(b, right)), binding)
        };
        match of {
            Expression::Leaf(name) => Text::leaf((self.leaf)(name)),
            Expression::Number(value) | Expression::Setting { value, .. } => Text::leaf(number(*value)),
            Expression::BatchSize => Text::atom("N"),
            Expression::Named { body, .. } => self.text(body),
            Expression::Apply(Function::Negate, part) => {
                Text::new(format!("-{}", self.within(part, Binding::Power)), Binding::Prefix)
            }
            Expression::Apply(function, part) => self.call(function_name(*function), &[part]),
            Expression::Sum(parts) => {
                Text::new(self.joined(parts, " + ", Binding::Sum, Binding::Product), Binding::Sum)
            }
            Expression::Product(parts) => {
                Text::new(self.joined(parts, " * ", Binding::Product, Binding::Power), Binding::Product)
            }
            Expression::Difference(a, b) => two(a, "-", b, Binding::Sum, Binding::Product),
            Expression::Quotient(a, b) => two(a, "/", b, Binding::Product, Binding::Power),
            Expression::Power(a, b) => Text::new(
                format!("{} ** {}", self.within(a, Binding::Atom), self.within(b, Binding::Atom)),
                Binding::Power,
            ),
            Expression::Maximum(a, b) => self.call("np.maximum", &[a, b]),
            Expression::Minimum(a, b) => self.call("np.minimum", &[a, b]),
            Expression::Compare(how, a, b) => {
                let sign = match how {
                    Comparison::Greater => ">",
                    Comparison::Less => "<",
                    Comparison::Equal => "==",
                    Comparison::AtMost => "<=",
                };
                let (a, b) = (self.within(a, Binding::Sum), self.within(b, Binding::Sum));
                Text::new(format!("{a} {sign} {b}"), Binding::Loose)
            }
            Expression::Where(condition, yes, no) => self.call("np.where", &[condition, yes, no]),
            // `.T` turns all axes round, not only the last two.
            Expression::Transpose(part) if part.rank(self.rank) > 2 => {
                Text::atom(format!("np.swapaxes({}, -1, -2)", self.line(part)))
            }
            Expression::Transpose(part) => Text::atom(format!("{}.T", self.within(part, Binding::Atom))),
            // `dot` is no product of the last two axes beyond matrices.
            Expression::MatrixProduct(a, b) if of.rank(self.rank) > 2 => {
                two(a, "@", b, Binding::Product, Binding::Power)
            }
            Expression::MatrixProduct(a, b) => match self.product {
                Product::At => two(a, "@", b, Binding::Product, Binding::Power),
                Product::Dot => {
                    Text::atom(format!("{}.dot({})", self.within(a, Binding::Atom), self.line(b)))
                }
            },
            Expression::Reduce { how, over, keep, of } => self.reduce(*how, *over, *keep, of),
            Expression::Slice { axis, start, len, of } => {
                let colons = ":, ".repeat(*axis);
                let end = start + len;
                Text::atom(format!("{}[{colons}{start}:{end}]", self.within(of, Binding::Atom)))
            }
            Expression::Concat { axis, parts } => {
                let parts: Vec<String> = parts.iter().map(|part| self.line(part)).collect();
                Text::atom(format!("np.concatenate([{}], axis={axis})", parts.join(", ")))
            }
            Expression::Broadcast { to, of } => {
                Text::atom(format!("np.broadcast_to({}, {})", self.line(of), tuple(to)))
            }
            Expression::Reshape { to, of } => {
                Text::atom(format!("{}.reshape({})", self.within(of, Binding::Atom), tuple(to)))
            }
            Expression::List(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.line(part)).collect();
                Text::atom(format!("np.array([{}])", parts.join(", ")))
            }
        }
    }

    fn reduce(&self, how: Reduction, over: Axes, keep: bool, of: &Part<L>) -> Text {
        let name = match how {
            Reduction::Sum => "np.sum",
            Reduction::Mean => "np.mean",
            Reduction::Max => "np.max",
            Reduction::Min => "np.min",
            Reduction::Prod => "np.prod",
            Reduction::LogSumExp => "logsumexp",
            Reduction::ArgMax => "np.argmax",
        };
        let mut arguments = vec![self.line(of)];
        match over {
            Axes::All if how == Reduction::LogSumExp => arguments.push("axis=None".to_owned()),
            Axes::All => {}
            Axes::One(axis) => arguments.push(format!("axis={axis}")),
        }
        if keep {
            arguments.push("keepdims=True".to_owned());
        }
        Text::atom(format!("{name}({})", arguments.join(", ")))
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Negate => "np.negative",
        Function::Exp => "np.exp",
        Function::Expm1 => "np.expm1",
        Function::Ln => "np.log",
        Function::Ln1p => "np.log1p",
        Function::Sqrt => "np.sqrt",
        Function::Abs => "np.abs",
        Function::Sign => "np.sign",
        Function::Sigmoid => "sigmoid",
        Function::Tanh => "np.tanh",
        Function::Erf => "erf",
        Function::Sin => "np.sin",
        Function::Cos => "np.cos",
        Function::Tan => "np.tan",
        Function::Round => "np.round",
    }
}

fn tuple(sizes: &[Size]) -> String {
    let comma = if sizes.len() == 1 { "," } else { "" };
    let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    format!("({}{comma})", sizes.join(", "))
}
