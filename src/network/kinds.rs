//! What a node can be, with its settings. Names are PyTorch's.
//!
//! Must not know how a kind is computed. A new kind is added here first; the compiler then
//! lists every place that must learn of it (no `_ =>` on these enums).

use crate::tensor::Initializer;

/// What a node does.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// Feature columns of the data, or rows typed in.
    Input(DataNode),
    /// Target columns of the data, or rows typed in. No gradient enters it.
    Target(DataNode),
    /// Z = X Wᵀ + b, linear only.
    Dense(DenseNode),
    /// An elementwise nonlinearity, or softmax over the features of each sample.
    Activation(Activation),
    /// The sum of two or more inputs of one shape.
    Add,
    /// The elementwise product of two or more inputs of one shape.
    Multiply,
    /// Features side by side, in port order.
    Concat,
    /// Zeroes features with probability `p` while training and scales the rest by 1/(1−p).
    Dropout {
        /// Probability of zeroing, in [0, 1).
        p: f64,
    },
    /// Port 0 is the prediction, port 1 the target.
    Loss(LossNode),
}

impl NodeKind {
    /// The settings of an Input or a Target; none for the others.
    pub fn data(&self) -> Option<&DataNode> {
        let (Self::Input(data) | Self::Target(data)) = self else { return None };
        Some(data)
    }

    /// The same to be changed.
    pub fn data_mut(&mut self) -> Option<&mut DataNode> {
        let (Self::Input(data) | Self::Target(data)) = self else { return None };
        Some(data)
    }

    /// The settings of a loss; none for the others.
    pub fn loss(&self) -> Option<&LossNode> {
        let Self::Loss(loss) = self else { return None };
        Some(loss)
    }
}

/// Settings of an Input or a Target.
#[derive(Clone, Debug, PartialEq)]
pub struct DataNode {
    /// How many features it gives, after preprocessing. Follows the columns or the typed rows
    /// where there are any; otherwise it is set by hand.
    pub features: usize,
    /// Column names it takes; empty means every feature (or target) column of the data.
    pub columns: Vec<String>,
    /// Rows typed in by hand; they go before any data file.
    pub rows: Option<TypedRows>,
    /// For a network with several steps: does this node read a new row at every step (true),
    /// or one value per window (false; an Input is then the same at every step).
    pub per_step: bool,
}

/// Rows typed in by hand. Each row holds `steps × features` numbers, step after step
/// (one step where there are no loops).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TypedRows {
    /// The numbers, row after row; all rows are equally long.
    pub rows: Vec<Vec<f64>>,
}

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

/// Activations, under PyTorch's names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// x.
    Identity,
    /// max(0, x); relu′(0) = 0.
    Relu,
    /// x where positive, else `negative_slope`·x.
    LeakyRelu {
        /// Slope for negative x; PyTorch's default is 0.01.
        negative_slope: f64,
    },
    /// x where positive, else `alpha`·(eˣ − 1).
    Elu {
        /// Scale of the negative part; PyTorch's default is 1.
        alpha: f64,
    },
    /// x·Φ(x), the exact form with erf.
    Gelu,
    /// x·σ(x).
    Silu,
    /// ln(1 + eˣ).
    Softplus,
    /// σ(x) = 1/(1 + e⁻ˣ).
    Sigmoid,
    /// tanh(x).
    Tanh,
    /// eˣⁱ / Σⱼ eˣʲ over the features of each sample.
    Softmax,
}

/// Settings of a Loss node.
#[derive(Clone, Debug, PartialEq)]
pub struct LossNode {
    /// Which loss.
    pub kind: LossKind,
    /// Its weight in the total; losses add up.
    pub weight: f64,
    /// Which steps of a sequence count.
    pub counted: CountedSteps,
}

/// Losses, under PyTorch's names; reductions are PyTorch's too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LossKind {
    /// Mean of (a − y)² over all N·out entries.
    Mse,
    /// ½ Σ (a − y)²: a sum, not a mean.
    HalfSumOfSquares,
    /// Mean of |a − y|.
    Mae,
    /// Huber's loss, mean.
    Huber {
        /// Where the square turns into a line; PyTorch's default is 1.
        delta: f64,
    },
    /// Binary cross-entropy of probabilities, mean.
    Bce,
    /// Binary cross-entropy of logits, mean.
    BceWithLogits,
    /// Cross-entropy of probabilities against one-hot (or any) target distributions, mean over N.
    CrossEntropy,
    /// Cross-entropy of logits, mean over N.
    CrossEntropyWithLogits,
}

/// Which steps a loss counts in a network with several steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CountedSteps {
    /// The last step only.
    #[default]
    Last,
    /// Every step; one mean over samples, steps and outputs.
    Every,
}
