//! Building expressions so that they read as mathematics: operators, `dot`, `t`, sums.
//!
//! `*` is entry by entry (⊙), `dot` the matrix product. Must not know what leaves mean.

use std::ops::{Add, Div, Mul, Neg, Sub};
use std::sync::Arc;

use super::expression::{Axes, Expression, Operand, Part, Reduction};
use super::function::{Comparison, Function};
use super::size::{Size, sizes_of};
use crate::tensor::Shape;

/// An input of an op, by number.
pub fn input(arg: usize) -> Expression<Operand> {
    Expression::Leaf(Operand::Input(arg))
}

/// What an op computed.
pub fn output() -> Expression<Operand> {
    Expression::Leaf(Operand::Output)
}

/// d loss / d output.
pub fn grad() -> Expression<Operand> {
    Expression::Leaf(Operand::Grad)
}

/// A number.
pub fn number<L>(value: f64) -> Expression<L> {
    Expression::Number(value)
}

/// A setting with its name.
pub fn setting<L>(name: &'static str, value: f64) -> Expression<L> {
    Expression::Setting { name, value }
}

impl<L> Expression<L> {
    fn part(self) -> Part<L> {
        Arc::new(self)
    }

    /// How many numbers a value of this shape holds: N·out, or N·out·… .
    pub fn count_of(shape: &Shape) -> Self {
        let factors: Vec<Part<L>> = sizes_of(shape)
            .into_iter()
            .map(|size| match size {
                Size::Batch => Self::BatchSize.part(),
                Size::Fixed(size) => Self::Number(size as f64).part(),
            })
            .collect();
        if factors.is_empty() { Self::Number(1.0) } else { Self::Product(factors) }
    }

    /// The matrix product.
    #[must_use]
    pub fn dot(self, other: Self) -> Self {
        Self::MatrixProduct(self.part(), other.part())
    }

    /// The last two axes exchanged.
    #[must_use]
    pub fn t(self) -> Self {
        Self::Transpose(self.part())
    }

    /// A function of every entry.
    #[must_use]
    pub fn apply(self, function: Function) -> Self {
        Self::Apply(function, self.part())
    }

    /// x · x, entry by entry.
    #[must_use]
    pub fn squared(self) -> Self {
        Self::Power(self.part(), Self::Number(2.0).part())
    }

    /// To a power, entry by entry.
    #[must_use]
    pub fn power(self, exponent: Self) -> Self {
        Self::Power(self.part(), exponent.part())
    }

    /// The larger of two numbers, entry by entry.
    #[must_use]
    pub fn at_least(self, other: Self) -> Self {
        Self::Maximum(self.part(), other.part())
    }

    /// The smaller of two numbers, entry by entry.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        Self::Minimum(self.part(), other.part())
    }

    /// 1 where a comparison holds, else 0.
    #[must_use]
    pub fn compared(self, how: Comparison, other: Self) -> Self {
        Self::Compare(how, self.part(), other.part())
    }

    /// `yes` where this is not 0, else `no`.
    #[must_use]
    pub fn choose(self, yes: Self, no: Self) -> Self {
        Self::Where(self.part(), yes.part(), no.part())
    }

    /// The sum of all entries.
    #[must_use]
    pub fn sum(self) -> Self {
        self.over_all(Reduction::Sum)
    }

    /// The mean of all entries.
    #[must_use]
    pub fn mean(self) -> Self {
        self.over_all(Reduction::Mean)
    }

    /// A reduction over one axis, which is gone afterwards.
    #[must_use]
    pub fn over(self, how: Reduction, axis: usize) -> Self {
        Self::Reduce { how, over: Axes::One(axis), keep: false, of: self.part() }
    }

    /// A reduction over one axis, which stays with size 1.
    #[must_use]
    pub fn over_kept(self, how: Reduction, axis: usize) -> Self {
        Self::Reduce { how, over: Axes::One(axis), keep: true, of: self.part() }
    }

    /// A run of an axis.
    #[must_use]
    pub fn slice(self, axis: usize, start: usize, len: usize) -> Self {
        Self::Slice { axis, start, len, of: self.part() }
    }

    /// Parts side by side along an axis.
    pub fn concat(axis: usize, parts: Vec<Self>) -> Self {
        Self::Concat { axis, parts: parts.into_iter().map(Arc::new).collect() }
    }

    /// Repeated to these sizes.
    #[must_use]
    pub fn broadcast(self, to: Vec<Size>) -> Self {
        Self::Broadcast { to, of: self.part() }
    }

    /// The same numbers in C order under other sizes.
    #[must_use]
    pub fn reshape(self, to: Vec<Size>) -> Self {
        Self::Reshape { to, of: self.part() }
    }

    /// One number from all entries.
    #[must_use]
    pub fn over_all(self, how: Reduction) -> Self {
        Self::Reduce { how, over: Axes::All, keep: false, of: self.part() }
    }

    /// The same, written by a name that is applied to `of`.
    #[must_use]
    pub fn named(self, name: &'static str, of: Vec<Self>) -> Self {
        Self::Named { name, of: of.into_iter().map(Arc::new).collect(), body: self.part() }
    }

    /// The product of several factors, entry by entry; 1 of none.
    pub fn product(mut factors: Vec<Self>) -> Self {
        match factors.pop() {
            None => Self::Number(1.0),
            Some(only) if factors.is_empty() => only,
            Some(last) => Self::Product(factors.into_iter().chain([last]).map(Arc::new).collect()),
        }
    }

    /// The sum of several terms, entry by entry; 0 of none.
    pub fn total(mut terms: Vec<Self>) -> Self {
        match terms.pop() {
            None => Self::Number(0.0),
            Some(only) if terms.is_empty() => only,
            Some(last) => Self::Sum(terms.into_iter().chain([last]).map(Arc::new).collect()),
        }
    }
}

impl<L> From<f64> for Expression<L> {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

/// A chain of additions is one sum.
impl<L> Add for Expression<L> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        match self {
            Self::Sum(mut terms) => {
                terms.push(other.part());
                Self::Sum(terms)
            }
            first => Self::Sum(vec![first.part(), other.part()]),
        }
    }
}

/// Entry by entry; a chain of multiplications is one product.
impl<L> Mul for Expression<L> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        match self {
            Self::Product(mut factors) => {
                factors.push(other.part());
                Self::Product(factors)
            }
            first => Self::Product(vec![first.part(), other.part()]),
        }
    }
}

impl<L> Sub for Expression<L> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::Difference(self.part(), other.part())
    }
}

impl<L> Div for Expression<L> {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        Self::Quotient(self.part(), other.part())
    }
}

impl<L> Neg for Expression<L> {
    type Output = Self;

    fn neg(self) -> Self {
        self.apply(Function::Negate)
    }
}

/// `number ⊙ expression`, so that a rule may say `2.0 * x`.
impl<L> Mul<Expression<L>> for f64 {
    type Output = Expression<L>;

    fn mul(self, other: Expression<L>) -> Expression<L> {
        Expression::Number(self) * other
    }
}

/// `number − expression`, so that a rule may say `1.0 - a`.
impl<L> Sub<Expression<L>> for f64 {
    type Output = Expression<L>;

    fn sub(self, other: Expression<L>) -> Expression<L> {
        Expression::Number(self) - other
    }
}

/// `number + expression`, so that a rule may say `1.0 + x`.
impl<L> Add<Expression<L>> for f64 {
    type Output = Expression<L>;

    fn add(self, other: Expression<L>) -> Expression<L> {
        Expression::Number(self) + other
    }
}
