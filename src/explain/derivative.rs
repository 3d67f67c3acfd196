//! Functions and their derivatives as they are written, one place for all activations.
//!
//! Must not know how they are computed.

use crate::network::{Activation, LossKind};

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

/// dZ of an activation from its dA: expression, shapes, rule.
pub(super) fn activation_back(
    activation: Activation,
    da: &str,
    z: &str,
    a: &str,
    own: &str,
) -> (String, String, Option<String>) {
    match activation {
        Activation::Identity => (da.to_owned(), format!("{own} = {own}"), None),
        Activation::Softmax => (
            format!("{a} ⊙ ({da} − Σⱼ {da} ⊙ {a})"),
            format!("{own} = {own} ⊙ ({own} − [N, 1])"),
            Some(derivative_rule(activation)),
        ),
        Activation::Relu
        | Activation::LeakyRelu { .. }
        | Activation::Elu { .. }
        | Activation::Gelu
        | Activation::Silu
        | Activation::Softplus
        | Activation::Sigmoid
        | Activation::Tanh => (
            format!("{da} ⊙ {}′({z})", function_name(activation)),
            format!("{own} = {own} ⊙ {own}"),
            Some(derivative_rule(activation)),
        ),
    }
}

/// A loss as it is written.
pub(super) fn loss_expression(kind: LossKind) -> &'static str {
    match kind {
        LossKind::Mse => "mean((A − Y)²)",
        LossKind::HalfSumOfSquares => "½ · Σ (A − Y)²",
        LossKind::Mae => "mean(|A − Y|)",
        LossKind::Huber { .. } => "mean(huber(A − Y))",
        LossKind::Bce => "−mean(Y ⊙ ln A + (1 − Y) ⊙ ln(1 − A))",
        LossKind::BceWithLogits => "−mean(Y ⊙ ln σ(Z) + (1 − Y) ⊙ ln(1 − σ(Z)))",
        LossKind::CrossEntropy => "−1/N · Σ Y ⊙ ln A",
        LossKind::CrossEntropyWithLogits => "−1/N · Σ Y ⊙ ln softmax(Z)",
    }
}
