//! One of two values that must be of one size and are not: which port it arrives at, from where, how large.
//!
//! Must not know which rule they broke.

use super::{NodeKind, PortName};
use crate::tensor::Shape;
use crate::words::{Message, ToMessage};

/// One of two values that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The port it arrives at.
    pub port: PortName,
    /// The name of the node it comes from.
    pub source: String,
    /// Its size without N: `4`, or `3×4`.
    pub size: String,
}

impl Side {
    /// What arrives at a port of a node of this kind; `None` where it has no such port.
    pub(super) fn new(kind: &NodeKind, port: usize, source: &str, shape: &Shape) -> Option<Self> {
        let dims: Vec<String> = shape.dims().iter().map(ToString::to_string).collect();
        let size = if dims.is_empty() { "1".to_owned() } else { dims.join("×") };
        Some(Self { port: kind.ports().name(port)?, source: source.to_owned(), size })
    }
}

impl ToMessage for Side {
    fn message(&self) -> Message {
        let id = match self.port {
            PortName::Prediction => "side-prediction",
            // A loss has one target, but any node can be its prediction.
            PortName::Target => "side-target",
            PortName::Input | PortName::Any | PortName::Other | PortName::Exponent | PortName::Condition => {
                "side-input"
            }
        };
        Message::new(id).with("source", self.source.as_str())
    }
}

/// Adds both sides to a message, as `first` with `a` and `second` with `b`.
pub(super) fn with_sides(message: Message, [first, second]: &[Side; 2]) -> Message {
    message
        .with("first", first.message())
        .with("a", first.size.as_str())
        .with("second", second.message())
        .with("b", second.size.as_str())
}
