//! The literature's letters of matrices.
//!
//! Must not know numbers or drawing.

use crate::network::{NodeKind, ParameterKey, ParameterRole};

/// The literature's letter of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    /// What a layer receives.
    X,
    /// Pre-activation: what Dense gives and an activation receives.
    Z,
    /// Activation: what every other node gives.
    A,
    /// What is wanted.
    Y,
    /// The loss.
    L,
    /// Weights, `[out, in]`.
    W,
    /// Bias, `[out]`.
    B,
    /// The state of a loop before time began, `[delay, features]`.
    H,
    /// A dropout mask.
    M,
    /// The scale of a loss's gradient.
    S,
    /// d loss / d X.
    Dx,
    /// d loss / d Z, the delta of the literature.
    Dz,
    /// d loss / d A.
    Da,
    /// d loss / d loss, times the loss's weight: where the backward pass begins.
    Dl,
    /// d loss / d W.
    GradW,
    /// d loss / d b.
    GradB,
    /// d loss / d initial state.
    GradH,
    /// What an optimizer adds to a parameter.
    Delta,
    /// The vector that backward starts with at a root that is no scalar.
    V,
}

impl Letter {
    /// Every letter.
    pub const ALL: [Self; 19] = [
        Self::X,
        Self::Z,
        Self::A,
        Self::Y,
        Self::L,
        Self::W,
        Self::B,
        Self::H,
        Self::M,
        Self::S,
        Self::Dx,
        Self::Dz,
        Self::Da,
        Self::Dl,
        Self::GradW,
        Self::GradB,
        Self::GradH,
        Self::Delta,
        Self::V,
    ];

    /// As it stands on the screen.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::X => "X",
            Self::Z => "Z",
            Self::A => "A",
            Self::Y => "Y",
            Self::L => "L",
            Self::W => "W",
            Self::B => "b",
            Self::H => "h₀",
            Self::M => "M",
            Self::S => "s",
            Self::Dx => "dX",
            Self::Dz => "dZ",
            Self::Da => "dA",
            Self::Dl => "dL",
            Self::GradW => "grad_W",
            Self::GradB => "grad_b",
            Self::GradH => "grad_h₀",
            Self::Delta => "Δ",
            Self::V => "v",
        }
    }

    /// In LaTeX.
    pub fn latex(self) -> &'static str {
        match self {
            Self::Dx => "\\mathrm{d}X",
            Self::Dz => "\\mathrm{d}Z",
            Self::Da => "\\mathrm{d}A",
            Self::Dl => "\\mathrm{d}L",
            Self::GradW => "\\mathrm{grad\\_W}",
            Self::GradB => "\\mathrm{grad\\_b}",
            Self::GradH => "\\mathrm{grad\\_h}_0",
            Self::H => "h_0",
            Self::Delta => "\\Delta",
            Self::X
            | Self::Z
            | Self::A
            | Self::Y
            | Self::L
            | Self::W
            | Self::B
            | Self::M
            | Self::S
            | Self::V => self.symbol(),
        }
    }

    /// As a name in code.
    pub fn code(self) -> &'static str {
        match self {
            Self::H => "h0",
            Self::GradW => "dW",
            Self::GradB => "db",
            Self::GradH => "dh0",
            Self::Delta => "delta",
            Self::X
            | Self::Z
            | Self::A
            | Self::Y
            | Self::L
            | Self::W
            | Self::B
            | Self::M
            | Self::S
            | Self::Dx
            | Self::Dz
            | Self::Da
            | Self::Dl
            | Self::V => self.symbol(),
        }
    }

    /// Whether it belongs to the color family of gradients.
    pub fn is_gradient(self) -> bool {
        matches!(
            self,
            Self::Dx | Self::Dz | Self::Da | Self::Dl | Self::GradW | Self::GradB | Self::GradH | Self::V
        )
    }

    /// The letter of the gradient with respect to this value.
    #[must_use]
    pub fn gradient(self) -> Self {
        match self {
            Self::X | Self::Dx => Self::Dx,
            Self::Z | Self::Dz => Self::Dz,
            Self::W | Self::GradW => Self::GradW,
            Self::B | Self::GradB => Self::GradB,
            Self::H | Self::GradH => Self::GradH,
            Self::L | Self::Dl => Self::Dl,
            Self::A | Self::Y | Self::M | Self::Da => Self::Da,
            Self::S | Self::Delta | Self::V => self,
        }
    }

    /// The letter of a parameter.
    pub fn of_parameter(key: ParameterKey) -> Self {
        match key {
            ParameterKey::Node(_, ParameterRole::Weight) => Self::W,
            ParameterKey::Node(_, ParameterRole::Bias) => Self::B,
            ParameterKey::Node(_, ParameterRole::Value) => Self::X,
            ParameterKey::Initial(_) => Self::H,
        }
    }
}

/// The letter of a node's output.
pub fn output_letter(kind: &NodeKind) -> Letter {
    match kind {
        NodeKind::Input(_) | NodeKind::Tensor(_) => Letter::X,
        NodeKind::Target(_) => Letter::Y,
        NodeKind::Dense(_) => Letter::Z,
        NodeKind::Loss(_) => Letter::L,
        NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat { .. }
        | NodeKind::Dropout { .. }
        | NodeKind::Operation(_)
        | NodeKind::Reduce(_)
        | NodeKind::Reshape { .. } => Letter::A,
    }
}
