//! A formula ready to be set: parts between which a line may break, operands under marks, long sums by
//! their general term.
//!
//! Must not know numbers or where a formula comes from.

use std::cell::RefCell;
use std::sync::Arc;

use super::number::{latex_number, short};
use super::print::{self, Sign, Signs, Symbols};
use super::quantity::Quantity;
use crate::algebra::{Axes, Expression, Function, Part, Reduction};

/// Names that a formula explains, at most and one more.
const MOST_NOTES: usize = 3;

/// A formula that can be set: parts between which a line may break, operands under marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// LaTeX, part after part; the operands are [`print::marked`].
    pub parts: Vec<String>,
    /// The number behind each mark.
    pub marks: Vec<Quantity>,
    /// The same as one line of text.
    pub linear: String,
}

impl Written {
    /// Adds what it comes to.
    pub fn equal_to(&mut self, value: f64) {
        self.parts.push(format!("=\\; {}", latex_number(&short(value))));
        self.linear = format!("{} = {}", self.linear, short(value));
    }
}

pub(super) fn notes(signs: &Signs<'_>, formula: &Expression<Quantity>) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    formula.for_each_part(&mut |of| {
        if let Expression::Named { body, .. } = of
            && found.len() <= MOST_NOTES
        {
            let signed =
                |of: &Expression<Quantity>| of.replace(&mut |leaf| Expression::Leaf(signs.sign(*leaf)));
            let text = |sign: &Sign| signs.latex(sign);
            let left = print::latex(&signed(of), &text, &|_| true, None);
            let mut note = written(&signed(body), &text, None, 0);
            note.parts.insert(0, left);
            if !found.contains(&note) {
                found.push(note);
            }
        }
        found.len() <= MOST_NOTES
    });
    found
}

/// What a leaf of a written formula stands for.
pub(super) trait Named {
    fn quantity(&self) -> Quantity;
}

impl Named for Quantity {
    fn quantity(&self) -> Quantity {
        *self
    }
}

impl Named for Sign {
    fn quantity(&self) -> Quantity {
        self.quantity
    }
}

/// A formula part after part, its operands under marks.
pub(super) fn written<L: Clone + Named>(
    formula: &Expression<L>,
    text: &dyn Fn(&L) -> String,
    value: Option<print::ValueOf<'_, L>>,
    first: usize,
) -> Written {
    let marks = RefCell::new(Vec::new());
    let leaf = |leaf: &L| {
        let mut marks = marks.borrow_mut();
        marks.push(leaf.quantity());
        print::marked(first + marks.len() - 1, &text(leaf))
    };
    let mut terms = terms(formula);
    if terms.len() > print::MOST_TERMS {
        // Sums of sums, none of them long by itself, are one long sum.
        terms = vec![(false, Arc::new(Expression::Sum(terms.into_iter().map(signed).collect())))];
    }
    let plain = |leaf: &L| linear_of(&text(leaf));
    let symbols = Symbols { leaf: &plain, is_scalar: &|_| true, value, names_written_out: false };
    let linear = match terms.as_slice() {
        [(false, whole)] => symbols.line(whole),
        _ => symbols.line(formula),
    };
    let mut parts = Vec::new();
    for (at, (is_minus, term)) in terms.into_iter().enumerate() {
        let latex = print::latex(&term, &leaf, &|_| true, value);
        let needs_parentheses = is_minus && matches!(&*term, Expression::Sum(_) | Expression::Difference(..));
        let latex = if needs_parentheses { format!("\\left({latex}\\right)") } else { latex };
        // Adding a negative number is subtracting.
        let (is_minus, latex) = match print::without_minus(&latex).filter(|_| at > 0 && !is_minus) {
            Some(positive) => (true, positive),
            None => (is_minus, latex),
        };
        let sign = match (at, is_minus) {
            (0, false) => "=\\;",
            (0, true) => "=\\; -",
            (_, false) => "+\\;",
            (_, true) => "-\\;",
        };
        parts.push(format!("{sign}{latex}"));
    }
    Written { parts, marks: marks.into_inner(), linear }
}

/// A term with its sign.
fn signed<L>((is_minus, term): (bool, Part<L>)) -> Part<L> {
    if is_minus { Arc::new(Expression::Apply(Function::Negate, term)) } else { term }
}

/// Names written out and N as a number: what is left is numbers.
pub(super) fn expanded(of: &Expression<Quantity>, batch: usize) -> Expression<Quantity> {
    of.written_out(&|part| match part {
        Expression::BatchSize => Some(batch as f64),
        Expression::Setting { value, .. } => Some(rounded(*value)),
        _ => None,
    })
}

/// Six digits of a number: enough to follow, few enough to read.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// The terms of a sum, each with whether it is subtracted; sums that are written whole stay one term.
fn terms<L: Clone>(of: &Expression<L>) -> Vec<(bool, Part<L>)> {
    match of {
        Expression::Sum(parts) if parts.len() <= print::MOST_TERMS => {
            parts.iter().flat_map(|part| terms(part)).collect()
        }
        Expression::Difference(a, b) => {
            let mut all = terms(a);
            all.push((true, Part::clone(b)));
            all
        }
        Expression::Reduce { how: Reduction::Sum, over: Axes::All, of: list, .. } => match &**list {
            Expression::List(parts) if (1..=print::MOST_TERMS).contains(&parts.len()) => {
                parts.iter().flat_map(|part| terms(part)).collect()
            }
            _ => vec![(false, Arc::new(of.clone()))],
        },
        _ => vec![(false, Arc::new(of.clone()))],
    }
}

/// A sign's LaTeX as a line reads it: `w_{01}` is `w01`.
pub(super) fn linear_of(latex: &str) -> String {
    let mut text = latex.to_owned();
    for (from, to) in [
        ("\\mathrm", ""),
        ("\\text", ""),
        ("\\hat", ""),
        ("\\Delta", "Δ"),
        ("\\infty", "∞"),
        ("{\\cdot}10^", "e"),
        ("\\|", "‖"),
        ("_", ""),
        ("^", " "),
        ("{", ""),
        ("}", ""),
        ("-", "−"),
    ] {
        text = text.replace(from, to);
    }
    text
}
