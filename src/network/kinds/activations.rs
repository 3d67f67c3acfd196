//! Activations: each entry by entry, but for softmax over an axis of a sample.
//!
//! Must not know how they are computed. A new one is added here; the compiler then asks for its
//! op in `compile/ops.rs`.

use super::super::ports::{PortName, Ports};
use super::declaration::{Declaration, Family, Group, OutputLetter, Range, Setting, family};
use super::operations::USUALLY_LAST;

/// What all activations have in common.
const ACTIVATION: Declaration = Declaration {
    slug: "",
    tag: "",
    base_name: "",
    key: "",
    group: Group::Activations,
    ports: Ports::Fixed(&[PortName::Input]),
    has_output: true,
    letter: OutputLetter::A,
    settings: &[],
};

const NEGATIVE_SLOPE: Setting = Setting {
    slug: "negative_slope",
    key: "setting-negative-slope",
    card_key: "canvas-slope",
    range: Range::Finite,
    typed: (-1e6, 1e6),
    default: 0.01,
    is_quiet: false,
};

const ALPHA: Setting = Setting {
    slug: "alpha",
    key: "setting-alpha",
    card_key: "canvas-alpha",
    range: Range::Finite,
    typed: (-1e6, 1e6),
    default: 1.0,
    is_quiet: false,
};

/// What the numbers of a node can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Between 0 and 1 for certain.
    Probabilities,
    /// Anything.
    Numbers,
    /// Whatever the data say.
    Data,
    /// What its inputs are: it keeps probabilities probabilities.
    SameAsInputs,
}

family! {
    /// Activations, under PyTorch's names.
    Activation like ACTIVATION, each with Gives;
    /// x.
    Identity: "identity", "Identity", "kind-identity", Gives::SameAsInputs;
    /// max(0, x); relu′(0) = 0.
    Relu: "relu", "ReLU", "kind-relu", Gives::Numbers;
    /// x where positive, else `negative_slope`·x.
    LeakyRelu {
        /// Slope for negative x.
        negative_slope = NEGATIVE_SLOPE
    }: "leaky_relu", "Leaky ReLU", "kind-leaky-relu", Gives::Numbers;
    /// x where positive, else `alpha`·(eˣ − 1).
    Elu {
        /// Scale of the negative part.
        alpha = ALPHA
    }: "elu", "ELU", "kind-elu", Gives::Numbers;
    /// x·Φ(x), the exact form with erf.
    Gelu: "gelu", "GELU", "kind-gelu", Gives::Numbers;
    /// x·σ(x).
    Silu: "silu", "SiLU", "kind-silu", Gives::Numbers;
    /// ln(1 + eˣ).
    Softplus: "softplus", "Softplus", "kind-softplus", Gives::Numbers;
    /// σ(x) = 1/(1 + e⁻ˣ).
    Sigmoid: "sigmoid", "Sigmoid", "kind-sigmoid", Gives::Probabilities;
    /// tanh(x).
    Tanh: "tanh", "Tanh", "kind-tanh", Gives::Numbers;
    /// x / (1 + |x|).
    Softsign: "softsign", "Softsign", "kind-softsign", Gives::Numbers;
    /// eˣⁱ / Σⱼ eˣʲ over an axis of each sample: its features, if nothing else is said.
    Softmax {
        /// Over which axis.
        dim = USUALLY_LAST
    }: "softmax", "Softmax", "kind-softmax", Gives::Probabilities;
}

/// Where an activation passes little or no gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stuck {
    /// A unit that is zero for every row passes none.
    AtZero,
    /// Near its ends, outside of these bounds, next to none.
    Outside {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
}

impl Activation {
    /// Softmax over the last axis.
    pub const SOFTMAX: Self = Self::Softmax { dim: USUALLY_LAST.default };

    /// Whether it is computed entry by entry.
    pub fn is_entrywise(self) -> bool {
        !matches!(self, Self::Softmax { .. })
    }

    /// Where it passes little or no gradient, if anywhere.
    pub fn stuck(self) -> Option<Stuck> {
        match self {
            Self::Relu => Some(Stuck::AtZero),
            Self::Sigmoid => Some(Stuck::Outside { low: 0.01, high: 0.99 }),
            Self::Tanh => Some(Stuck::Outside { low: -0.99, high: 0.99 }),
            Self::Identity
            | Self::LeakyRelu { .. }
            | Self::Elu { .. }
            | Self::Gelu
            | Self::Silu
            | Self::Softplus
            | Self::Softsign
            | Self::Softmax { .. } => None,
        }
    }
}
