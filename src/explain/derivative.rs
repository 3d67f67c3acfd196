//! Functions and their derivatives as they are written, one place for all activations.
//!
//! Must not know how they are computed.

use crate::network::Activation;

/// How an activation is written: `σ(Z)`.
pub fn function_name(activation: Activation) -> &'static str {
    match activation {
        Activation::Identity => "id",
        Activation::Relu => "relu",
        Activation::LeakyRelu { .. } => "leaky_relu",
        Activation::Elu { .. } => "elu",
        Activation::Gelu => "gelu",
        Activation::Silu => "silu",
        Activation::Softplus => "softplus",
        Activation::Sigmoid => "σ",
        Activation::Tanh => "tanh",
        Activation::Softmax => "softmax",
    }
}

/// The function and its derivative, spelled out: `σ′(Z) = A ⊙ (1 − A)`.
pub fn derivative_rule(activation: Activation) -> String {
    match activation {
        Activation::Identity => "id′(Z) = 1".to_owned(),
        Activation::Relu => "relu′(z) = z > 0 ? 1 : 0".to_owned(),
        Activation::LeakyRelu { negative_slope } => format!("leaky_relu′(z) = z > 0 ? 1 : {negative_slope}"),
        Activation::Elu { alpha } => format!("elu′(z) = z > 0 ? 1 : {alpha} · exp(z)"),
        Activation::Gelu => "gelu′(z) = Φ(z) + z · φ(z)".to_owned(),
        Activation::Silu => "silu′(z) = σ(z) · (1 + z · (1 − σ(z)))".to_owned(),
        Activation::Softplus => "softplus′(Z) = σ(Z)".to_owned(),
        Activation::Sigmoid => "σ′(Z) = A ⊙ (1 − A)".to_owned(),
        Activation::Tanh => "tanh′(Z) = 1 − A ⊙ A".to_owned(),
        Activation::Softmax => "∂aᵢ/∂zⱼ = aᵢ · ((i = j) − aⱼ)".to_owned(),
    }
}
