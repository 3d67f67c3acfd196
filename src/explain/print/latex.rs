//! Expressions as LaTeX, within what the typesetter on the screen can set.
//!
//! Must not know what leaves mean: the caller gives their LaTeX.

use super::text::{Binding, Text, ValueOf, is_scalar, number, run, shortened};
use crate::algebra::{Axes, Comparison, Expression, Function, Part, Reduction};

const PARENTHESES: (&str, &str) = ("\\left(", "\\right)");

/// An expression as LaTeX, without dollar signs. `value` finds the largest term of a long sum.
pub fn latex<L>(
    of: &Expression<L>,
    leaf: &dyn Fn(&L) -> String,
    leaf_is_scalar: &dyn Fn(&L) -> bool,
    value: Option<ValueOf<'_, L>>,
) -> String {
    Printer { leaf, leaf_is_scalar, value }.text(of).text
}

/// LaTeX under a mark, by which whoever sets it finds operand number `mark` again: a color of its own.
/// Black is what stands under no mark.
pub fn marked(mark: usize, latex: &str) -> String {
    format!("{MARK}{:06x}}}{{{latex}}}", mark + 1)
}

const MARK: &str = "\\textcolor{#";

/// The same without the minus sign that it begins with, under a mark or not; nothing where it begins with
/// none.
pub fn without_minus(latex: &str) -> Option<String> {
    if let Some(rest) = latex.strip_prefix('-') {
        return Some(rest.trim_start().to_owned());
    }
    let (mark, inner) = latex.strip_prefix(MARK)?.split_once("}{")?;
    Some(format!("{MARK}{mark}}}{{{}", inner.strip_prefix('-')?))
}

/// A leaf; a negative number binds as its sign does, also under a mark.
fn leaf_text(text: String) -> Text {
    let inner = text.strip_prefix(MARK).and_then(|rest| rest.split_once("}{")).map(|(_, inner)| inner);
    let is_negative = inner.is_some_and(|inner| inner.starts_with('-'));
    if is_negative { Text::new(text, Binding::Prefix) } else { Text::leaf(text) }
}

struct Printer<'a, L> {
    leaf: &'a dyn Fn(&L) -> String,
    leaf_is_scalar: &'a dyn Fn(&L) -> bool,
    value: Option<ValueOf<'a, L>>,
}

impl<L> Printer<'_, L> {
    fn line(&self, of: &Expression<L>) -> String {
        self.text(of).text
    }

    fn within(&self, of: &Expression<L>, needed: Binding) -> String {
        self.text(of).within(needed, PARENTHESES)
    }

    fn list(&self, parts: &[Part<L>]) -> String {
        parts.iter().map(|part| self.line(part)).collect::<Vec<_>>().join(", ")
    }

    fn sum(&self, terms: &[&Part<L>], sign: &str) -> String {
        let texts = terms.iter().enumerate();
        let texts =
            texts.map(|(at, term)| self.within(term, if at == 0 { Binding::Sum } else { Binding::Product }));
        texts.collect::<Vec<_>>().join(sign)
    }

    fn text(&self, of: &Expression<L>) -> Text {
        if let Some((how, terms)) = run(of) {
            return self.run(how, terms);
        }
        let call = |name: &str, inner: String| Text::atom(format!("{name}\\left({inner}\\right)"));
        match of {
            Expression::Leaf(name) => leaf_text((self.leaf)(name)),
            Expression::Number(value) | Expression::Setting { value, .. } => Text::leaf(scientific(*value)),
            Expression::BatchSize => Text::atom("N"),
            Expression::Named { name, of, .. } if of.is_empty() => Text::atom(name_in_latex(name)),
            Expression::Named { name, of, .. } => call(&name_in_latex(name), self.list(of)),
            Expression::Apply(function, part) => self.apply(*function, part),
            Expression::Sum(terms) => {
                Text::new(self.sum(&terms.iter().collect::<Vec<_>>(), " + "), Binding::Sum)
            }
            Expression::Product(factors) => self.product(factors),
            Expression::Difference(a, b) => Text::new(
                format!("{} - {}", self.within(a, Binding::Sum), self.within(b, Binding::Product)),
                Binding::Sum,
            ),
            Expression::Quotient(a, b) => {
                Text::atom(format!("\\frac{{{}}}{{{}}}", self.line(a), self.line(b)))
            }
            Expression::Power(a, b) => {
                Text::new(format!("{}^{{{}}}", self.within(a, Binding::Atom), self.line(b)), Binding::Power)
            }
            Expression::Maximum(a, b) => call("\\max", self.list(&[Part::clone(a), Part::clone(b)])),
            Expression::Minimum(a, b) => call("\\min", self.list(&[Part::clone(a), Part::clone(b)])),
            Expression::Compare(how, a, b) => {
                Text::atom(format!("\\left[{}\\right]", self.comparison(*how, a, b)))
            }
            Expression::Where(condition, yes, no) => {
                let condition = match &**condition {
                    Expression::Compare(how, a, b) => self.comparison(*how, a, b),
                    other => self.line(other),
                };
                Text::atom(format!(
                    "\\begin{{cases}} {} & {condition} \\\\ {} & \\text{{else}} \\end{{cases}}",
                    self.line(yes),
                    self.line(no)
                ))
            }
            Expression::Transpose(part) => {
                Text::new(format!("{{{}}}^{{\\top}}", self.within(part, Binding::Atom)), Binding::Power)
            }
            Expression::MatrixProduct(a, b) => Text::new(
                format!("{} \\, {}", self.within(a, Binding::Product), self.within(b, Binding::Prefix)),
                Binding::Product,
            ),
            Expression::Reduce { how, over, of, .. } => self.reduce(*how, *over, of),
            Expression::Slice { axis, start, len, of } => {
                let colons = ":, ".repeat(*axis);
                let end = start + len;
                Text::atom(format!("{{{}}}_{{[{colons}{start}:{end}]}}", self.within(of, Binding::Atom)))
            }
            Expression::Concat { parts, .. } | Expression::List(parts) => {
                Text::atom(format!("\\left[{}\\right]", self.list(parts)))
            }
            Expression::Broadcast { of, .. } | Expression::Reshape { of, .. } => self.text(of),
        }
    }

    fn comparison(&self, how: Comparison, a: &Part<L>, b: &Part<L>) -> String {
        let sign = match how {
            Comparison::Greater => ">",
            Comparison::Less => "<",
            Comparison::Equal => "=",
            Comparison::AtMost => "\\le",
        };
        format!("{} {sign} {}", self.within(a, Binding::Sum), self.within(b, Binding::Sum))
    }

    fn apply(&self, function: Function, part: &Part<L>) -> Text {
        let name = match function {
            Function::Negate => {
                return Text::new(format!("-{}", self.within(part, Binding::Power)), Binding::Prefix);
            }
            Function::Abs => return Text::atom(format!("\\left|{}\\right|", self.line(part))),
            Function::Sqrt => return Text::atom(format!("\\sqrt{{{}}}", self.line(part))),
            Function::Exp => return Text::new(format!("e^{{{}}}", self.line(part)), Binding::Power),
            Function::Expm1 => {
                return Text::new(format!("e^{{{}}} - 1", self.line(part)), Binding::Sum);
            }
            Function::Ln1p => {
                return Text::atom(format!("\\ln\\left(1 + {}\\right)", self.within(part, Binding::Product)));
            }
            Function::Ln => "\\ln",
            Function::Sign => "\\operatorname{sign}",
            Function::Sigmoid => "\\sigma",
            Function::Tanh => "\\tanh",
            Function::Erf => "\\operatorname{erf}",
            Function::Sin => "\\sin",
            Function::Cos => "\\cos",
            Function::Tan => "\\tan",
            Function::Round => "\\operatorname{round}",
        };
        Text::atom(format!("{name}\\left({}\\right)", self.line(part)))
    }

    fn product(&self, factors: &[Part<L>]) -> Text {
        let mut text = String::new();
        let mut last_is_scalar = true;
        for (at, factor) in factors.iter().enumerate() {
            let is_scalar = is_scalar(factor, self.leaf_is_scalar);
            if at > 0 {
                text.push_str(if is_scalar || last_is_scalar { " \\cdot " } else { " \\odot " });
            }
            text.push_str(&self.within(factor, if at == 0 { Binding::Product } else { Binding::Power }));
            last_is_scalar = is_scalar;
        }
        Text::new(text, Binding::Product)
    }

    fn reduce(&self, how: Reduction, over: Axes, of: &Part<L>) -> Text {
        let index = match over {
            Axes::All => "",
            Axes::One(0) => "_{n}",
            Axes::One(1) => "_{j}",
            Axes::One(_) => "_{i}",
        };
        let name = match how {
            Reduction::Sum => {
                let text = format!("\\sum{index} {}", self.within(of, Binding::Product));
                return Text::new(text, Binding::Product);
            }
            Reduction::Mean => "\\operatorname{mean}",
            Reduction::Max => "\\max",
            Reduction::Min => "\\min",
            Reduction::Prod => "\\prod",
            Reduction::LogSumExp => {
                return Text::atom(format!("\\ln \\sum{index} e^{{{}}}", self.line(of)));
            }
            Reduction::ArgMax => "\\operatorname{argmax}",
        };
        Text::atom(format!("{name}{index}\\left({}\\right)", self.line(of)))
    }

    fn run(&self, how: Reduction, terms: &[Part<L>]) -> Text {
        let short = shortened(terms, self.value);
        let shown: Vec<&Part<L>> =
            short.as_ref().map_or_else(|| terms.iter().collect(), |it| it.shown.clone());
        let joint = if short.is_some() { ", \\ldots, " } else { ", " };
        let listed = || shown.iter().map(|part| self.line(part)).collect::<Vec<_>>().join(joint);
        match how {
            Reduction::Sum | Reduction::Mean => {
                let sum = match &short {
                    None if terms.is_empty() => Text::atom("0"),
                    None => Text::new(self.sum(&shown, " + "), Binding::Sum),
                    Some(short) => {
                        let sum = self.sum(&shown, " + \\cdots + ");
                        Text::new(
                            format!("\\sum_{{k=1}}^{{{}}} \\left({sum}\\right)", short.n_terms),
                            Binding::Product,
                        )
                    }
                };
                if how == Reduction::Sum {
                    return sum;
                }
                Text::atom(format!("\\frac{{{}}}{{{}}}", sum.text, terms.len()))
            }
            Reduction::Max => Text::atom(format!("\\max\\left({}\\right)", listed())),
            Reduction::Min => Text::atom(format!("\\min\\left({}\\right)", listed())),
            Reduction::Prod => Text::atom(format!("\\prod\\left({}\\right)", listed())),
            Reduction::LogSumExp => Text::atom(format!("\\ln \\sum \\exp\\left({}\\right)", listed())),
            Reduction::ArgMax => Text::atom(format!("\\operatorname{{argmax}}\\left({}\\right)", listed())),
        }
    }
}

/// A name of a rule in LaTeX: `σ′` is `\sigma'`.
fn name_in_latex(name: &str) -> String {
    let (name, primes) = match name.strip_suffix('′') {
        Some(name) => (name, "'"),
        None => (name, ""),
    };
    let name = match name {
        "σ" => "\\sigma".to_owned(),
        "Φ" => "\\Phi".to_owned(),
        "φ" => "\\varphi".to_owned(),
        "tanh" => "\\tanh".to_owned(),
        _ if name.chars().count() == 1 => name.to_owned(),
        _ => format!("\\operatorname{{{}}}", name.replace('_', "\\_")),
    };
    format!("{name}{primes}")
}

fn scientific(value: f64) -> String {
    let text = number(value);
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{digits} \\cdot 10^{{{exponent}}}"),
        None => text,
    }
}
