//! Losses: what is made small, with what each takes and what it says the network is for.
//!
//! Must not know how they are computed. A new one is added here; the compiler then asks for its
//! op in `compile/ops.rs`.

use super::super::ports::{PortName, Ports};
use super::declaration::{Declaration, Family, Group, OutputLetter, Range, Setting, family};

/// What all losses have in common.
const LOSS: Declaration = Declaration {
    slug: "",
    tag: "",
    base_name: "",
    key: "",
    group: Group::Losses,
    ports: Ports::Fixed(&[PortName::Prediction, PortName::Target]),
    has_output: false,
    letter: OutputLetter::L,
    settings: &[],
};

const DELTA: Setting = Setting {
    slug: "delta",
    key: "setting-delta",
    card_key: "canvas-delta",
    range: Range::AboveZero,
    typed: (1e-9, 1e9),
    default: 1.0,
    is_quiet: false,
};

/// How much a loss counts in the total.
pub const LOSS_WEIGHT: Setting = Setting {
    slug: "weight",
    key: "setting-weight",
    card_key: "canvas-loss-weight",
    range: Range::Finite,
    typed: (0.0, 1e9),
    default: 1.0,
    is_quiet: false,
};

/// What a loss wants to be known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) struct Judges {
    task: Task,
    takes: Takes,
    reduction: Reduction,
}

/// What a loss says the network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Numbers: MAE, RMSE, R².
    Regression,
    /// Yes or no for each output: accuracy.
    BinaryClassification,
    /// One of several classes: accuracy.
    Classification,
}

/// What a loss takes as its prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any numbers.
    Numbers,
    /// Probabilities, of which it takes logarithms.
    Probabilities,
    /// What becomes a probability by a sigmoid or a softmax, which the loss does itself.
    Logits,
}

/// How a loss becomes one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Mean over all N·out entries (times the counted steps).
    Mean,
    /// Mean over the N samples (times the counted steps).
    MeanOverSamples,
    /// Sum.
    Sum,
}

const fn judges(task: Task, takes: Takes, reduction: Reduction) -> Judges {
    Judges { task, takes, reduction }
}

family! {
    /// Losses, under PyTorch's names; reductions are PyTorch's too.
    LossKind like LOSS, each with Judges;
    /// Mean of (a − y)² over all N·out entries.
    Mse: "mse", "MSE", "kind-mse", judges(Task::Regression, Takes::Numbers, Reduction::Mean);
    /// ½ Σ (a − y)²: a sum, not a mean.
    HalfSumOfSquares: "half_sum_of_squares", "Half sum of squares", "kind-half-sum-of-squares",
        judges(Task::Regression, Takes::Numbers, Reduction::Sum);
    /// Mean of |a − y|.
    Mae: "mae", "MAE", "kind-mae", judges(Task::Regression, Takes::Numbers, Reduction::Mean);
    /// Huber's loss, mean.
    Huber {
        /// Where the square turns into a line.
        delta = DELTA
    }: "huber", "Huber", "kind-huber", judges(Task::Regression, Takes::Numbers, Reduction::Mean);
    /// Binary cross-entropy of probabilities, mean.
    Bce: "bce", "BCE", "kind-bce",
        judges(Task::BinaryClassification, Takes::Probabilities, Reduction::Mean);
    /// Binary cross-entropy of logits, mean.
    BceWithLogits: "bce_with_logits", "BCE with logits", "kind-bce-with-logits",
        judges(Task::BinaryClassification, Takes::Logits, Reduction::Mean);
    /// Cross-entropy of probabilities against one-hot (or any) target distributions, mean over N.
    CrossEntropy: "cross_entropy", "Cross-entropy", "kind-cross-entropy",
        judges(Task::Classification, Takes::Probabilities, Reduction::MeanOverSamples);
    /// Cross-entropy of logits, mean over N.
    CrossEntropyWithLogits: "cross_entropy_with_logits", "Cross-entropy with logits",
        "kind-cross-entropy-with-logits",
        judges(Task::Classification, Takes::Logits, Reduction::MeanOverSamples);
}

impl LossKind {
    /// PyTorch's name in `snake_case`.
    pub fn slug(self) -> &'static str {
        self.declaration().slug
    }

    /// What it says the network is for.
    pub fn task(self) -> Task {
        self.own().task
    }

    /// What it takes as its prediction.
    pub fn takes(self) -> Takes {
        self.own().takes
    }

    /// How the entries become one number.
    pub fn reduction(self) -> Reduction {
        self.own().reduction
    }

    /// The same loss for logits instead of probabilities, or the other way round.
    pub fn twin(self) -> Option<Self> {
        let wanted = match self.takes() {
            Takes::Probabilities => Takes::Logits,
            Takes::Logits => Takes::Probabilities,
            Takes::Numbers => return None,
        };
        Self::ALL.into_iter().find(|other| other.task() == self.task() && other.takes() == wanted)
    }
}

impl Reduction {
    /// PyTorch's word.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mean | Self::MeanOverSamples => "mean",
            Self::Sum => "sum",
        }
    }
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

/// Which steps a loss counts in a network with several steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CountedSteps {
    /// The last step only.
    #[default]
    Last,
    /// Every step; one mean over samples, steps and outputs.
    Every,
}

impl LossNode {
    /// A loss of weight 1 on the last step.
    pub fn new(kind: LossKind) -> Self {
        Self { kind, weight: LOSS_WEIGHT.default, counted: CountedSteps::Last }
    }
}
