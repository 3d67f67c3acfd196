//! Names: of kinds (for JSON, for new nodes) and of nodes (unique within a network).
//!
//! Must not know any language but PyTorch's: what a kind is called on screen is a message.

use std::collections::{HashMap, HashSet};

use super::{
    Activation, DataNode, DenseNode, Initializer, LossKind, LossNode, MAX_NAME_CHARS, Network, NodeKind,
    short_name,
};
use crate::words::{Message, ToMessage};

impl NodeKind {
    /// PyTorch's name in `snake_case`, as `grad --json` prints it (`dense`, `leaky_relu`, `mse`).
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Input(_) => "input",
            Self::Target(_) => "target",
            Self::Dense(_) => "dense",
            Self::Activation(activation) => activation.slug(),
            Self::Add => "add",
            Self::Multiply => "multiply",
            Self::Concat => "concat",
            Self::Dropout { .. } => "dropout",
            Self::Loss(loss) => loss.kind.slug(),
        }
    }

    /// What new nodes of this kind are called, before the number (`Dense`, `MSE`).
    pub fn base_name(&self) -> &'static str {
        match self {
            Self::Input(_) => "Input",
            Self::Target(_) => "Target",
            Self::Dense(_) => "Dense",
            Self::Activation(activation) => activation.base_name(),
            Self::Add => "Add",
            Self::Multiply => "Multiply",
            Self::Concat => "Concat",
            Self::Dropout { .. } => "Dropout",
            Self::Loss(loss) => loss.kind.base_name(),
        }
    }

    /// Every kind once, with the settings that a new node starts with, in the palette's order:
    /// data, layers, activations, operations, losses.
    pub fn palette() -> Vec<Self> {
        let mut kinds = vec![
            Self::Input(DataNode::new(0)),
            Self::Target(DataNode::new(0)),
            Self::Dense(DenseNode::new(4)),
            Self::Dropout { p: 0.5 },
        ];
        kinds.extend(Activation::ALL.into_iter().map(Self::Activation));
        kinds.extend([Self::Add, Self::Multiply, Self::Concat]);
        kinds.extend(LossKind::ALL.into_iter().map(|kind| Self::Loss(LossNode::new(kind))));
        kinds
    }
}

impl ToMessage for NodeKind {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Input(_) => "kind-input",
            Self::Target(_) => "kind-target",
            Self::Dense(_) => "kind-dense",
            Self::Activation(activation) => return activation.message(),
            Self::Add => "kind-add",
            Self::Multiply => "kind-multiply",
            Self::Concat => "kind-concat",
            Self::Dropout { .. } => "kind-dropout",
            Self::Loss(loss) => return loss.kind.message(),
        })
    }
}

impl Activation {
    /// Every activation, with PyTorch's default settings.
    pub const ALL: [Self; 10] = [
        Self::Identity,
        Self::Relu,
        Self::LeakyRelu { negative_slope: 0.01 },
        Self::Elu { alpha: 1.0 },
        Self::Gelu,
        Self::Silu,
        Self::Softplus,
        Self::Sigmoid,
        Self::Tanh,
        Self::Softmax,
    ];

    /// PyTorch's name in `snake_case`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Relu => "relu",
            Self::LeakyRelu { .. } => "leaky_relu",
            Self::Elu { .. } => "elu",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Softplus => "softplus",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Softmax => "softmax",
        }
    }

    /// What new nodes are called, before the number.
    pub fn base_name(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
            Self::Relu => "ReLU",
            Self::LeakyRelu { .. } => "Leaky ReLU",
            Self::Elu { .. } => "ELU",
            Self::Gelu => "GELU",
            Self::Silu => "SiLU",
            Self::Softplus => "Softplus",
            Self::Sigmoid => "Sigmoid",
            Self::Tanh => "Tanh",
            Self::Softmax => "Softmax",
        }
    }
}

impl ToMessage for Activation {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Identity => "kind-identity",
            Self::Relu => "kind-relu",
            Self::LeakyRelu { .. } => "kind-leaky-relu",
            Self::Elu { .. } => "kind-elu",
            Self::Gelu => "kind-gelu",
            Self::Silu => "kind-silu",
            Self::Softplus => "kind-softplus",
            Self::Sigmoid => "kind-sigmoid",
            Self::Tanh => "kind-tanh",
            Self::Softmax => "kind-softmax",
        })
    }
}

impl LossKind {
    /// Every loss, with PyTorch's default settings.
    pub const ALL: [Self; 8] = [
        Self::Mse,
        Self::HalfSumOfSquares,
        Self::Mae,
        Self::Huber { delta: 1.0 },
        Self::Bce,
        Self::BceWithLogits,
        Self::CrossEntropy,
        Self::CrossEntropyWithLogits,
    ];

    /// PyTorch's name in `snake_case`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::HalfSumOfSquares => "half_sum_of_squares",
            Self::Mae => "mae",
            Self::Huber { .. } => "huber",
            Self::Bce => "bce",
            Self::BceWithLogits => "bce_with_logits",
            Self::CrossEntropy => "cross_entropy",
            Self::CrossEntropyWithLogits => "cross_entropy_with_logits",
        }
    }

    /// What new nodes are called, before the number.
    pub fn base_name(self) -> &'static str {
        match self {
            Self::Mse => "MSE",
            Self::HalfSumOfSquares => "Half sum of squares",
            Self::Mae => "MAE",
            Self::Huber { .. } => "Huber",
            Self::Bce => "BCE",
            Self::BceWithLogits => "BCE with logits",
            Self::CrossEntropy => "Cross-entropy",
            Self::CrossEntropyWithLogits => "Cross-entropy with logits",
        }
    }

    /// How the entries become one number: a mean over all entries, over samples, or a sum.
    pub fn reduction(self) -> Reduction {
        match self {
            Self::Mse | Self::Mae | Self::Huber { .. } | Self::Bce | Self::BceWithLogits => Reduction::Mean,
            Self::CrossEntropy | Self::CrossEntropyWithLogits => Reduction::MeanOverSamples,
            Self::HalfSumOfSquares => Reduction::Sum,
        }
    }
}

impl ToMessage for LossKind {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Mse => "kind-mse",
            Self::HalfSumOfSquares => "kind-half-sum-of-squares",
            Self::Mae => "kind-mae",
            Self::Huber { .. } => "kind-huber",
            Self::Bce => "kind-bce",
            Self::BceWithLogits => "kind-bce-with-logits",
            Self::CrossEntropy => "kind-cross-entropy",
            Self::CrossEntropyWithLogits => "kind-cross-entropy-with-logits",
        })
    }
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

impl Reduction {
    /// PyTorch's word.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mean | Self::MeanOverSamples => "mean",
            Self::Sum => "sum",
        }
    }
}

impl DataNode {
    /// A data node that takes every feature (or target) column, a new row at every step.
    pub fn new(features: usize) -> Self {
        Self { features, columns: Vec::new(), rows: None, per_step: true }
    }
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

impl LossNode {
    /// A loss of weight 1 on the last step.
    pub fn new(kind: LossKind) -> Self {
        Self { kind, weight: 1.0, counted: super::CountedSteps::Last }
    }
}

impl Network {
    /// A name that no node has: `Dense 1`, `Dense 2`, …
    pub fn unique_name(&self, base: &str) -> String {
        FreeNames::beside(self).counted(base)
    }

    /// `name` where no other node than `except` has it, otherwise the next free one.
    pub fn unique_name_for(&self, name: &str, except: super::NodeId) -> String {
        FreeNames::of(self.nodes.iter().filter(|(id, _)| **id != except).map(|(_, node)| node)).take(name)
    }
}

/// Names that are given to new nodes: each is free, and none is tried twice.
pub(crate) struct FreeNames {
    taken: HashSet<String>,
    /// The first number after each base that is not known to be taken.
    next: HashMap<String, usize>,
}

impl FreeNames {
    /// Names that no node of `network` has.
    pub(crate) fn beside(network: &Network) -> Self {
        Self::of(network.nodes.values())
    }

    fn of<'a>(nodes: impl Iterator<Item = &'a super::Node>) -> Self {
        Self { taken: nodes.map(|node| node.name.clone()).collect(), next: HashMap::new() }
    }

    /// `name` where it is free, otherwise the next number that is: taken from then on.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let name = short_name(name);
        if self.taken.insert(name.to_owned()) { name.to_owned() } else { self.counted(without_number(name)) }
    }

    /// `base 1`, `base 2`, …, whichever is free first: taken from then on.
    fn counted(&mut self, base: &str) -> String {
        let next = self.next.entry(base.to_owned()).or_insert(1);
        loop {
            let number = format!(" {next}");
            let room = MAX_NAME_CHARS.saturating_sub(number.len());
            let name: String = base.chars().take(room).chain(number.chars()).collect();
            *next += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// `Dense 12` → `Dense`; a name without a number stays.
pub(crate) fn without_number(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((base, number)) if !base.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Node, NodeId, Position};

    #[test]
    fn new_names_count_on_from_the_first_free_number() {
        let mut network = Network::default();
        for name in ["Dense 1", "Dense 3", "hidden"] {
            let node = Node {
                name: name.into(),
                kind: NodeKind::Dense(DenseNode::new(1)),
                position: Position::default(),
            };
            network.nodes.insert(network.next_node_id(), node);
        }
        assert_eq!(network.unique_name("Dense"), "Dense 2");
        assert_eq!(network.unique_name_for("Dense 1", NodeId(1)), "Dense 1");
        assert_eq!(network.unique_name_for("Dense 1", NodeId(2)), "Dense 2");
        assert_eq!(network.unique_name_for("hidden", NodeId(1)), "hidden 1");
    }

    #[test]
    fn slugs_of_all_kinds_differ_and_are_words_of_code() {
        let slugs: Vec<_> = NodeKind::palette().iter().map(NodeKind::slug).collect();
        for (idx, slug) in slugs.iter().enumerate() {
            assert!(!slugs[..idx].contains(slug), "{slug} names two kinds");
            let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(!slug.is_empty() && slug.chars().all(is_word), "{slug} is not in snake_case");
        }
    }
}
