//! Why a wire that is being pulled cannot end where it is.
//!
//! Must not know how it is shown.

use super::Side;
use super::side::with_sides;
use crate::words::{Message, ToMessage};

/// Why a wire being pulled cannot end here.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// One of the two nodes is gone.
    NoSuchNode,
    /// The source is a Loss, which nothing can follow.
    LossHasNoOutput,
    /// The receiving node takes no (such) input.
    NoSuchPort,
    /// The port has a wire already.
    PortTaken,
    /// The wire would close a cycle; as a loop edge (delay of one step) it may be drawn.
    Cycle,
    /// The shapes do not go together.
    Shape {
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// The two sides must be of one size and are not.
    SidesDiffer(Box<[Side; 2]>),
}

impl Refusal {
    /// Whether the same wire may be drawn as a loop edge, with a delay of one step.
    pub fn offers_loop(&self) -> bool {
        matches!(self, Self::Cycle)
    }
}

impl ToMessage for Refusal {
    fn message(&self) -> Message {
        match self {
            Self::NoSuchNode => Message::new("refusal-no-such-node"),
            Self::LossHasNoOutput => Message::new("refusal-loss-has-no-output"),
            Self::NoSuchPort => Message::new("refusal-no-such-port"),
            Self::PortTaken => Message::new("refusal-port-taken"),
            Self::Cycle => Message::new("refusal-cycle"),
            Self::Shape { expected, found } => Message::new("refusal-shape")
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Self::SidesDiffer(sides) => with_sides(Message::new("refusal-sides"), sides),
        }
    }
}
