//! Printed parts with how tightly they bind, and the terms of long sums: what all printers share.
//!
//! Must not know any notation.

use crate::algebra::{Axes, Expression, Part, Reduction};

/// The value of a scalar part: finds the largest term of a long sum.
pub type ValueOf<'a, L> = &'a dyn Fn(&Expression<L>) -> f64;

/// How tightly a printed part binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    /// A comparison or a choice.
    Loose,
    /// a + b, a − b.
    Sum,
    /// a · b, a / b.
    Product,
    /// −a.
    Prefix,
    /// aᵇ.
    Power,
    /// A name, a call, what stands in parentheses.
    Atom,
}

/// A printed part.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) binding: Binding,
}

impl Text {
    pub(super) fn new(text: impl Into<String>, binding: Binding) -> Self {
        Self { text: text.into(), binding }
    }

    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self::new(text, Binding::Atom)
    }

    /// A leaf, which may be a negative number.
    pub(super) fn leaf(text: String) -> Self {
        let binding = if text.starts_with(['−', '-']) { Binding::Prefix } else { Binding::Atom };
        Self { text, binding }
    }

    /// The text where at least `needed` must bind: in parentheses, where it binds less.
    pub(super) fn within(self, needed: Binding, parentheses: (&str, &str)) -> String {
        if self.binding >= needed {
            self.text
        } else {
            format!("{}{}{}", parentheses.0, self.text, parentheses.1)
        }
    }
}

/// What of a long sum is written: the first terms, the largest and the last, and how many there are.
pub(super) struct Shortened<'a, L> {
    pub(super) shown: Vec<&'a Part<L>>,
    pub(super) n_terms: usize,
}

/// The terms of a sum that are written, where there are more than may be. `value` finds the largest;
/// without it, it is left out.
pub(super) fn shortened<'a, L>(
    terms: &'a [Part<L>],
    value: Option<ValueOf<'_, L>>,
) -> Option<Shortened<'a, L>> {
    if terms.len() <= super::MOST_TERMS {
        return None;
    }
    let last = terms.len() - 1;
    let sizes = value.map(|value| (1..last).map(move |at| (at, value(&terms[at]).abs())));
    let largest = sizes.and_then(|sizes| sizes.max_by(|(_, a), (_, b)| a.total_cmp(b)));
    let largest = largest.map(|(at, _)| at);
    let shown = [Some(0), largest, Some(last)].into_iter().flatten().map(|at| &terms[at]).collect();
    Some(Shortened { shown, n_terms: terms.len() })
}

/// Whether the value is one number, where `leaf` knows it of leaves.
pub(super) fn is_scalar<L>(of: &Expression<L>, leaf: &dyn Fn(&L) -> bool) -> bool {
    match of {
        Expression::Leaf(name) => leaf(name),
        Expression::Reduce { over: Axes::All, .. } => true,
        Expression::Named { body, .. } => is_scalar(body, leaf),
        Expression::Broadcast { to, .. } | Expression::Reshape { to, .. } => to.is_empty(),
        Expression::List(_) => false,
        _ => of.parts().all(|part| is_scalar(part, leaf)),
    }
}

/// The terms of a reduction of scalars, or of a sum that is too long to be written whole.
pub(super) fn run<L>(of: &Expression<L>) -> Option<(Reduction, &[Part<L>])> {
    match of {
        Expression::Sum(terms) if terms.len() > super::MOST_TERMS => Some((Reduction::Sum, terms)),
        Expression::Reduce { how, over: Axes::All, of, .. } => match &**of {
            Expression::List(parts) => Some((*how, parts)),
            _ => None,
        },
        _ => None,
    }
}

/// A number of a formula: whole ones without a point, others with all their digits.
pub(super) fn number(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e15).contains(&magnitude) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}
