//! Operations that join several inputs: Add, Multiply, Concat.
//!
//! Must not know how they are computed.

use super::super::ports::Ports;
use super::declaration::{Declaration, Group, OutputLetter};

/// The sum of two or more inputs of one shape.
pub(super) const ADD: Declaration = Declaration {
    slug: "add",
    tag: "Add",
    base_name: "Add",
    key: "kind-add",
    group: Group::Operations,
    ports: Ports::Variadic { at_least: 2 },
    has_output: true,
    letter: OutputLetter::A,
    settings: &[],
};

/// The elementwise product of two or more inputs of one shape.
pub(super) const MULTIPLY: Declaration =
    Declaration { slug: "multiply", tag: "Multiply", base_name: "Multiply", key: "kind-multiply", ..ADD };

/// Features side by side, in port order.
pub(super) const CONCAT: Declaration =
    Declaration { slug: "concat", tag: "Concat", base_name: "Concat", key: "kind-concat", ..ADD };
