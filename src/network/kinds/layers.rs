//! Layers: Dense, and Dropout, which acts on a layer as a whole.
//!
//! Must not know how they are computed.

use super::super::ports::{PortName, Ports};
use super::declaration::{Declaration, Group, OutputLetter, Range, Setting};
use crate::tensor::Initializer;

/// Units, PyTorch's `out_features`.
pub const UNITS: Setting = Setting {
    slug: "units",
    key: "setting-units",
    card_key: "canvas-units",
    range: Range::AtLeastOne,
    typed: (1.0, 1e6),
    default: 4.0,
    is_quiet: false,
};

/// Probability of zeroing.
const P: Setting = Setting {
    slug: "p",
    key: "setting-p",
    card_key: "canvas-dropout",
    range: Range::BelowOne,
    typed: (0.0, 0.99),
    default: 0.5,
    is_quiet: false,
};

/// Z = X Wᵀ + b, linear only.
pub(super) const DENSE: Declaration = Declaration {
    slug: "dense",
    tag: "Dense",
    base_name: "Dense",
    key: "kind-dense",
    group: Group::Layers,
    ports: Ports::Fixed(&[PortName::Input]),
    has_output: true,
    letter: OutputLetter::Z,
    settings: &[UNITS],
};

/// Zeroes features with probability `p` while training and scales the rest by 1/(1−p).
pub(super) const DROPOUT: Declaration = Declaration {
    slug: "dropout",
    tag: "Dropout",
    base_name: "Dropout",
    key: "kind-dropout",
    letter: OutputLetter::A,
    settings: &[P],
    ..DENSE
};

/// Settings of a Dense node.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseNode {
    /// Units, PyTorch's `out_features`.
    pub units: usize,
    /// Whether b is added.
    pub bias: bool,
    /// How W starts.
    pub weight_init: Initializer,
    /// How b starts.
    pub bias_init: Initializer,
}

impl DenseNode {
    /// A Dense layer with bias, started as PyTorch starts `Linear`.
    pub fn new(units: usize) -> Self {
        Self {
            units,
            bias: true,
            weight_init: Initializer::LinearDefault,
            bias_init: Initializer::LinearDefault,
        }
    }
}
