//! Which optimizer and which clipping a person chose, with their settings: what the document keeps
//! and the engine carries out.
//!
//! Must not know how either is done.

/// Which optimizer, with its settings under PyTorch's names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptimizerKind {
    /// `torch.optim.SGD`: g ← g + λw; v ← μv + g; w ← w − η·v (or, Nesterov, w ← w − η·(g + μv)).
    /// Polyak 1964; Nesterov 1983; Sutskever et al. 2013.
    Sgd {
        /// μ; 0 by default, which keeps no buffer.
        momentum: f64,
        /// Look ahead.
        nesterov: bool,
        /// λ.
        weight_decay: f64,
    },
    /// `torch.optim.RMSprop`: s ← αs + (1 − α)g²; w ← w − η·g/(√s + ε). Hinton 2012, lecture 6.
    RmsProp {
        /// α; 0.99 by default.
        alpha: f64,
        /// ε; 1e-8 by default.
        eps: f64,
        /// λ, added to the gradient.
        weight_decay: f64,
        /// μ; 0 by default, which keeps no buffer.
        momentum: f64,
    },
    /// `torch.optim.Adagrad`: s ← s + g²; w ← w − η·g/(√s + ε). Duchi, Hazan and Singer 2011.
    Adagrad {
        /// ε; 1e-10 by default.
        eps: f64,
        /// λ, added to the gradient.
        weight_decay: f64,
    },
    /// `torch.optim.Adam`: m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − η·m̂/(√v̂ + ε), with
    /// m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ). Kingma and Ba 2015.
    Adam {
        /// β₁; 0.9 by default.
        beta1: f64,
        /// β₂; 0.999 by default.
        beta2: f64,
        /// ε; 1e-8 by default.
        eps: f64,
        /// λ, added to the gradient.
        weight_decay: f64,
    },
    /// `torch.optim.AdamW`: first w ← w − ηλw, then Adam. Loshchilov and Hutter 2019.
    AdamW {
        /// β₁; 0.9 by default.
        beta1: f64,
        /// β₂; 0.999 by default.
        beta2: f64,
        /// ε; 1e-8 by default.
        eps: f64,
        /// λ, apart from the gradient; 0.01 by default.
        weight_decay: f64,
    },
}

impl OptimizerKind {
    /// The names of the tensors it keeps for every parameter, as in PyTorch's `state_dict`.
    pub fn state_names(&self) -> &'static [&'static str] {
        match self {
            Self::Sgd { momentum: 0.0, .. } => &[],
            Self::Sgd { .. } => &["momentum_buffer"],
            Self::RmsProp { momentum: 0.0, .. } => &["square_avg"],
            Self::RmsProp { .. } => &["square_avg", "momentum_buffer"],
            Self::Adagrad { .. } => &["sum"],
            Self::Adam { .. } | Self::AdamW { .. } => &["exp_avg", "exp_avg_sq"],
        }
    }
}

/// Gradient clipping, between backward and the optimizer's step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip {
    /// None.
    None,
    /// All gradients together are scaled down to this 2-norm (`clip_grad_norm_`).
    Norm {
        /// The largest norm.
        max_norm: f64,
    },
    /// Every entry is cut to ± this (`clip_grad_value_`).
    Value {
        /// The largest magnitude.
        clip_value: f64,
    },
}
