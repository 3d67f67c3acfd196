//! Expressions as one line of the literature's signs: `dA ⊙ A ⊙ (1 − A)`.
//!
//! With numbers for leaves the same line shows the numbers in place. A screen reader reads it as it
//! stands. Must not know where leaves come from.

use super::text::{Binding, Text, ValueOf, is_scalar, number, run, shortened};
use crate::algebra::{Axes, Comparison, Expression, Function, Part, Reduction};

const PARENTHESES: (&str, &str) = ("(", ")");

/// Prints in signs.
pub struct Symbols<'a, L> {
    /// What a leaf is written as.
    pub leaf: &'a dyn Fn(&L) -> String,
    /// Whether a leaf is one number: then ⊙ is written ·.
    pub is_scalar: &'a dyn Fn(&L) -> bool,
    /// The value of a scalar part, where there are numbers: finds the largest term of a long sum.
    pub value: Option<ValueOf<'a, L>>,
    /// Whether names are written out: `A ⊙ (1 − A)` for `σ′(Z)`.
    pub names_written_out: bool,
}

impl<L> Symbols<'_, L> {
    /// The line.
    pub fn line(&self, of: &Expression<L>) -> String {
        self.text(of).text
    }

    fn within(&self, of: &Expression<L>, needed: Binding) -> String {
        self.text(of).within(needed, PARENTHESES)
    }

    fn joined(&self, parts: &[&Part<L>], sign: &str, first: Binding, rest: Binding) -> String {
        let texts = parts.iter().enumerate();
        let texts = texts.map(|(at, part)| self.within(part, if at == 0 { first } else { rest }));
        texts.collect::<Vec<_>>().join(sign)
    }

    fn call(&self, name: &str, parts: &[Part<L>]) -> Text {
        let parts: Vec<String> = parts.iter().map(|part| self.line(part)).collect();
        Text::atom(format!("{name}({})", parts.join(", ")))
    }

    fn text(&self, of: &Expression<L>) -> Text {
        if let Some((how, terms)) = run(of) {
            return self.run(how, terms);
        }
        match of {
            Expression::Leaf(name) => Text::leaf((self.leaf)(name)),
            Expression::Number(value) | Expression::Setting { value, .. } => {
                Text::leaf(number(*value).replace('-', "−"))
            }
            Expression::BatchSize => Text::atom("N"),
            Expression::Named { body, .. } if self.names_written_out => self.text(body),
            Expression::Named { name, of, .. } if of.is_empty() => Text::atom(*name),
            Expression::Named { name, of, .. } => self.call(name, of),
            Expression::Apply(function, part) => self.apply(*function, part),
            Expression::Sum(terms) => {
                let terms: Vec<&Part<L>> = terms.iter().collect();
                Text::new(self.joined(&terms, " + ", Binding::Sum, Binding::Product), Binding::Sum)
            }
            Expression::Product(factors) => self.product(factors),
            Expression::Difference(a, b) => Text::new(
                format!("{} − {}", self.within(a, Binding::Sum), self.within(b, Binding::Product)),
                Binding::Sum,
            ),
            Expression::Quotient(a, b) => Text::new(
                format!("{} / {}", self.within(a, Binding::Product), self.within(b, Binding::Power)),
                Binding::Product,
            ),
            Expression::Power(a, b) => {
                let base = self.within(a, Binding::Atom);
                let exponent = self.within(b, Binding::Atom);
                let text = if exponent == "2" { format!("{base}²") } else { format!("{base}^{exponent}") };
                Text::new(text, Binding::Power)
            }
            Expression::Maximum(a, b) => self.call("max", &[Part::clone(a), Part::clone(b)]),
            Expression::Minimum(a, b) => self.call("min", &[Part::clone(a), Part::clone(b)]),
            Expression::Compare(how, a, b) => {
                let sign = match how {
                    Comparison::Greater => ">",
                    Comparison::Less => "<",
                    Comparison::Equal => "=",
                    Comparison::AtMost => "≤",
                };
                let (a, b) = (self.within(a, Binding::Sum), self.within(b, Binding::Sum));
                Text::atom(format!("[{a} {sign} {b}]"))
            }
            Expression::Where(condition, yes, no) => {
                let condition = self.line(condition);
                let condition = condition.trim_start_matches('[').trim_end_matches(']');
                Text::atom(format!("({condition} ? {} : {})", self.line(yes), self.line(no)))
            }
            Expression::Transpose(part) => {
                Text::new(format!("{}ᵀ", self.within(part, Binding::Atom)), Binding::Power)
            }
            Expression::MatrixProduct(a, b) => {
                let text =
                    format!("{} · {}", self.within(a, Binding::Product), self.within(b, Binding::Prefix));
                Text::new(text, Binding::Product)
            }
            Expression::Reduce { how, over, of, .. } => self.reduce(*how, *over, of),
            Expression::Slice { axis, start, len, of } => {
                let colons = ":, ".repeat(*axis);
                let end = start + len;
                Text::atom(format!("{}[{colons}{start}..{end}]", self.within(of, Binding::Atom)))
            }
            Expression::Concat { parts, .. } | Expression::List(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.line(part)).collect();
                Text::atom(format!("[{}]", parts.join(", ")))
            }
            Expression::Broadcast { of, .. } | Expression::Reshape { of, .. } => self.text(of),
        }
    }

    fn apply(&self, function: Function, part: &Part<L>) -> Text {
        let name = match function {
            Function::Negate => {
                return Text::new(format!("−{}", self.within(part, Binding::Power)), Binding::Prefix);
            }
            Function::Abs => return Text::atom(format!("|{}|", self.line(part))),
            Function::Sqrt => {
                return Text::new(format!("√{}", self.within(part, Binding::Atom)), Binding::Power);
            }
            Function::Expm1 => return Text::new(format!("exp({}) − 1", self.line(part)), Binding::Sum),
            Function::Ln1p => return Text::atom(format!("ln(1 + {})", self.within(part, Binding::Product))),
            Function::Exp => "exp",
            Function::Ln => "ln",
            Function::Sign => "sign",
            Function::Sigmoid => "σ",
            Function::Tanh => "tanh",
            Function::Erf => "erf",
            Function::Sin => "sin",
            Function::Cos => "cos",
            Function::Tan => "tan",
            Function::Round => "round",
        };
        Text::atom(format!("{name}({})", self.line(part)))
    }

    /// Factors with ⊙ between tensors and · where one is a number.
    fn product(&self, factors: &[Part<L>]) -> Text {
        let mut text = String::new();
        let mut last_is_scalar = true;
        for (at, factor) in factors.iter().enumerate() {
            let is_scalar = is_scalar(factor, self.is_scalar);
            if at > 0 {
                text.push_str(if is_scalar || last_is_scalar { " · " } else { " ⊙ " });
            }
            text.push_str(&self.within(factor, if at == 0 { Binding::Product } else { Binding::Power }));
            last_is_scalar = is_scalar;
        }
        Text::new(text, Binding::Product)
    }

    fn reduce(&self, how: Reduction, over: Axes, of: &Part<L>) -> Text {
        let index = match over {
            Axes::All => "",
            Axes::One(0) => "ₙ",
            Axes::One(1) => "ⱼ",
            Axes::One(_) => "ᵢ",
        };
        match how {
            Reduction::Sum => {
                let inner = self.text(of);
                // A sum of one name needs no parentheses around it.
                let binding = inner.binding.min(Binding::Power).max(Binding::Product);
                Text::new(format!("Σ{index} {}", inner.within(Binding::Product, PARENTHESES)), binding)
            }
            Reduction::Mean => Text::atom(format!("mean{index}({})", self.line(of))),
            Reduction::Max => Text::atom(format!("max{index}({})", self.line(of))),
            Reduction::Min => Text::atom(format!("min{index}({})", self.line(of))),
            Reduction::Prod => Text::atom(format!("prod{index}({})", self.line(of))),
            Reduction::LogSumExp => Text::atom(format!("ln Σ{index} exp({})", self.line(of))),
            Reduction::ArgMax => Text::atom(format!("argmax{index}({})", self.line(of))),
        }
    }

    /// A reduction of single numbers: all of them, or the first, the largest and the last with their
    /// count.
    fn run(&self, how: Reduction, terms: &[Part<L>]) -> Text {
        let short = shortened(terms, self.value);
        let shown: Vec<&Part<L>> =
            short.as_ref().map_or_else(|| terms.iter().collect(), |it| it.shown.clone());
        match how {
            Reduction::Sum | Reduction::Mean => {
                let sum = match &short {
                    None if terms.is_empty() => Text::atom("0"),
                    None => Text::new(
                        self.joined(&shown, " + ", Binding::Sum, Binding::Product),
                        if terms.len() == 1 { Binding::Product } else { Binding::Sum },
                    ),
                    Some(short) => {
                        let sum = self.joined(&shown, " + … + ", Binding::Sum, Binding::Product);
                        Text::atom(format!("Σₖ₌₁{} ({sum})", raised(short.n_terms)))
                    }
                };
                if how == Reduction::Sum {
                    return sum;
                }
                let sum = sum.within(Binding::Product, PARENTHESES);
                Text::new(format!("{sum} / {}", terms.len()), Binding::Product)
            }
            Reduction::Max | Reduction::Min | Reduction::Prod | Reduction::LogSumExp | Reduction::ArgMax => {
                let name = match how {
                    Reduction::Max => "max",
                    Reduction::Min => "min",
                    Reduction::Prod => "prod",
                    Reduction::ArgMax => "argmax",
                    _ => "ln Σ exp",
                };
                let joint = if short.is_some() { ", …, " } else { ", " };
                let terms: Vec<String> = shown.iter().map(|part| self.line(part)).collect();
                Text::atom(format!("{name}({})", terms.join(joint)))
            }
        }
    }
}

/// A count in raised digits.
fn raised(count: usize) -> String {
    let digit = |c: char| match c {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    };
    count.to_string().chars().map(digit).collect()
}

/// What the names in an expression stand for: `σ′(Z) = A ⊙ (1 − A)`, each once, outermost first.
pub fn notes<L: Clone>(of: &Expression<L>, symbols: &Symbols<'_, L>) -> Vec<String> {
    let mut notes = Vec::new();
    collect_notes(of, symbols, &mut notes);
    notes
}

fn collect_notes<L: Clone>(of: &Expression<L>, symbols: &Symbols<'_, L>, notes: &mut Vec<String>) {
    if let Expression::Named { body, .. } = of {
        let note = format!("{} = {}", symbols.line(of), symbols.line(body));
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    for part in of.parts() {
        collect_notes(part, symbols, notes);
    }
}

/// The same line in shapes: `[N, 2] · [2, 3]`. `sizes` gives those of a part.
pub fn shapes<L>(of: &Expression<L>, sizes: &dyn Fn(&Expression<L>) -> Option<String>) -> Option<String> {
    let is_scalar = |part: &Part<L>| sizes(part).is_some_and(|text| text == "[]");
    let joined = |parts: Vec<&Part<L>>, sign: &str| {
        let texts: Option<Vec<String>> = parts.into_iter().map(|part| shapes(part, sizes)).collect();
        texts.map(|texts| texts.join(sign))
    };
    match of {
        Expression::Sum(parts) => joined(parts.iter().collect(), " + "),
        Expression::Product(parts) if !parts.iter().all(is_scalar) => {
            joined(parts.iter().filter(|part| !is_scalar(part)).collect(), " ⊙ ")
        }
        Expression::MatrixProduct(a, b) => joined(vec![a, b], " · "),
        Expression::Reduce { how: Reduction::Sum, over: Axes::One(0), of, .. } => {
            Some(format!("Σₙ {}", shapes(of, sizes)?))
        }
        _ => sizes(of),
    }
}
