//! The rule that every op states: its value, and what it sends back to each argument, as
//! expressions.
//!
//! A rule states what the engine computes, cuts included (only the rounding of vanishing numbers to
//! zero is left out). It is checked against the engine and read by whoever explains; running
//! never looks at it. Must not know programs.

use crate::algebra::{Expression, Operand, grad, input};
use crate::tensor::Shape;

/// What an op computes, and what it sends back.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The output, from the inputs.
    pub value: Expression<Operand>,
    /// One for each argument, in their order.
    pub shares: Vec<Share>,
}

/// What an op sends back to one of its arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Share {
    /// No gradient passes, and why.
    Blocked(Blocked),
    /// The share, linear in the gradient that comes in.
    Sent(Expression<Operand>),
}

/// Why no gradient passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It is a loss's target: what is wanted is given, not learned.
    Target,
    /// It is a mask drawn by chance.
    Mask,
    /// It was detached, by a person or where truncated backpropagation through time is cut.
    Detached,
    /// It goes into what is computed under `no_grad`.
    NoGrad,
    /// The value is flat almost everywhere, with jumps between: its slope is 0 or not there at all.
    Flat,
    /// The value is drawn by chance: another draw, not a slope, would answer a change.
    Drawn,
    /// It is a value that a fused loss only reads; its gradient goes past it.
    Skipped,
}

/// Which activation turns logits into probabilities: what a loss asks that has a stable form
/// together with one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probabilities {
    /// One probability an entry.
    Sigmoid,
    /// A distribution over the classes of each sample.
    Softmax,
}

impl Rule {
    /// A value and the share of each argument.
    pub fn new(value: Expression<Operand>, shares: Vec<Share>) -> Self {
        Self { value, shares }
    }

    /// An op of one argument.
    pub fn of_one(value: Expression<Operand>, share: Expression<Operand>) -> Self {
        Self::new(value, vec![Share::Sent(share)])
    }

    /// A function of each number alone, from its value and its derivative: dZ = dA ⊙ f′(Z).
    pub fn entrywise(
        value: Expression<Operand>,
        prime: &'static str,
        derivative: Expression<Operand>,
    ) -> Self {
        Self::of_one(value, grad() * derivative.named(prime, vec![input(0)]))
    }

    /// What an argument gets back; `None` where there is no such argument.
    pub fn share(&self, arg: usize) -> Option<&Share> {
        self.shares.get(arg)
    }

    /// The expression of what an argument gets back, where something is.
    pub fn sent(&self, arg: usize) -> Option<&Expression<Operand>> {
        match self.shares.get(arg)? {
            Share::Sent(share) => Some(share),
            Share::Blocked(_) => None,
        }
    }
}

/// The factor s of a loss that averages over `counted`: d loss / d loss divided by their count.
pub(super) fn scale_of_mean(counted: Expression<Operand>) -> Expression<Operand> {
    (grad() / counted).named("s", Vec::new())
}

/// The factor s of a loss that sums: d loss / d loss.
pub(super) fn scale_of_sum() -> Expression<Operand> {
    grad().named("s", Vec::new())
}

/// The count of samples, or of all entries, of an input of this shape.
pub(super) fn count_entries(shape: Option<&&Shape>) -> Expression<Operand> {
    shape.map_or(Expression::BatchSize, |shape| Expression::count_of(shape))
}
