//! What a node can be, with its settings. Names are PyTorch's.
//!
//! Each kind declares itself once, in the file of its family: names, group, ports, letter and
//! settings. Whoever needs to know asks the declaration, or one of the questions below; nobody
//! else compares kinds. A kind that is added makes the compiler list every place that must learn
//! how it is computed. Must not know how that is done.

mod activations;
mod data;
mod declaration;
mod layers;
mod losses;
mod operations;

pub use activations::{Activation, Gives};
pub use data::{DataNode, TypedRows};
pub use declaration::{Declaration, Family, Group, OutputLetter, Range, Setting, SettingValue};
pub use layers::{DenseNode, UNITS};
pub use losses::{CountedSteps, LOSS_WEIGHT, LossKind, LossNode, Reduction, Takes, Task};

use super::ports::{PortName, Ports};
use crate::words::{Message, ToMessage};

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
    /// What the kind declares about itself.
    pub fn declaration(&self) -> &'static Declaration {
        match self {
            Self::Input(_) => &data::INPUT,
            Self::Target(_) => &data::TARGET,
            Self::Dense(_) => &layers::DENSE,
            Self::Activation(activation) => activation.declaration(),
            Self::Add => &operations::ADD,
            Self::Multiply => &operations::MULTIPLY,
            Self::Concat => &operations::CONCAT,
            Self::Dropout { .. } => &layers::DROPOUT,
            Self::Loss(loss) => loss.kind.declaration(),
        }
    }

    /// Every kind once, with the settings that a new node starts with, in the palette's order:
    /// data, layers, activations, operations, losses.
    pub fn palette() -> Vec<Self> {
        let mut kinds = vec![
            Self::Input(DataNode::new(0)),
            Self::Target(DataNode::new(0)),
            Self::Dense(DenseNode::new(UNITS.default as usize)),
            Self::Dropout { p: 0.5 },
        ];
        kinds.extend(Activation::ALL.into_iter().map(Self::Activation));
        kinds.extend([Self::Add, Self::Multiply, Self::Concat]);
        kinds.extend(LossKind::ALL.into_iter().map(|kind| Self::Loss(LossNode::new(kind))));
        kinds
    }

    /// PyTorch's name in `snake_case`, as `grad --json` prints it (`dense`, `leaky_relu`, `mse`).
    pub fn slug(&self) -> &'static str {
        self.declaration().slug
    }

    /// What new nodes of this kind are called, before the number (`Dense`, `MSE`).
    pub fn base_name(&self) -> &'static str {
        self.declaration().base_name
    }

    /// The input ports of this kind.
    pub fn ports(&self) -> Ports {
        self.declaration().ports
    }

    /// Whether a wire can leave it.
    pub fn has_output(&self) -> bool {
        self.declaration().has_output
    }

    /// The values of its settings under PyTorch's names, as `grad --json` prints them. How a node
    /// starts, and how much a loss counts, are not among them.
    pub fn settings(&self) -> Vec<(&'static str, SettingValue)> {
        if let Self::Dense(dense) = self {
            return vec![
                (UNITS.slug, SettingValue::Count(dense.units)),
                ("bias", SettingValue::Flag(dense.bias)),
            ];
        }
        let numbers = self.numbers().into_iter();
        numbers.map(|(setting, value)| (setting.slug, SettingValue::Number(value))).collect()
    }

    /// Its numeric settings with their values.
    pub fn numbers(&self) -> Vec<(&'static Setting, f64)> {
        let values = match self {
            Self::Dense(dense) => vec![dense.units as f64],
            Self::Activation(activation) => activation.numbers(),
            Self::Dropout { p } => vec![*p],
            Self::Loss(loss) => loss.kind.numbers(),
            Self::Input(_) | Self::Target(_) | Self::Add | Self::Multiply | Self::Concat => Vec::new(),
        };
        self.declaration().settings.iter().zip(values).collect()
    }

    /// What its numbers can be.
    pub fn gives(&self) -> Gives {
        match self {
            Self::Input(_) | Self::Target(_) => Gives::Data,
            Self::Activation(activation) => activation.own(),
            Self::Multiply | Self::Concat => Gives::SameAsInputs,
            Self::Dense(_) | Self::Add | Self::Dropout { .. } | Self::Loss(_) => Gives::Numbers,
        }
    }

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

    /// Whether its numbers come from the data as what is wanted.
    pub fn is_target(&self) -> bool {
        matches!(self, Self::Target(_))
    }

    /// The settings of a Dense; none for the others.
    pub fn dense(&self) -> Option<&DenseNode> {
        let Self::Dense(dense) = self else { return None };
        Some(dense)
    }

    /// Which activation it is; none for the others.
    pub fn activation(&self) -> Option<Activation> {
        let Self::Activation(activation) = self else { return None };
        Some(*activation)
    }

    /// The settings of a loss; none for the others.
    pub fn loss(&self) -> Option<&LossNode> {
        let Self::Loss(loss) = self else { return None };
        Some(loss)
    }

    /// The same to be changed.
    pub fn loss_mut(&mut self) -> Option<&mut LossNode> {
        let Self::Loss(loss) = self else { return None };
        Some(loss)
    }

    /// Whether it is a loss.
    pub fn is_loss(&self) -> bool {
        self.loss().is_some()
    }

    /// Whether it has exactly one input, whose wire is its only one.
    pub fn has_one_input(&self) -> bool {
        self.ports() == Ports::Fixed(&[PortName::Input])
    }

    /// Whether a signal passes through it, from an input to an output.
    pub fn has_way_through(&self) -> bool {
        self.has_output() && self.ports().needed() > 0
    }

    /// Whether it is computed entry by entry from all its inputs, so that they have one shape.
    pub fn is_elementwise(&self) -> bool {
        matches!(self, Self::Add | Self::Multiply)
    }

    /// Whether what leaves has the shape of the only input.
    pub fn keeps_shape(&self) -> bool {
        matches!(self, Self::Activation(_) | Self::Dropout { .. })
    }

    /// Whether it treats all features of the sample, which must stand in
    /// one row for that.
    pub fn is_over_features(&self) -> bool {
        match self {
            Self::Activation(activation) => *activation == Activation::Softmax,
            Self::Loss(loss) => loss.kind.reduction() == Reduction::MeanOverSamples,
            Self::Input(_)
            | Self::Target(_)
            | Self::Dense(_)
            | Self::Add
            | Self::Multiply
            | Self::Concat
            | Self::Dropout { .. } => false,
        }
    }

    /// Whether the order of its inputs lays them side by side.
    pub fn is_concat(&self) -> bool {
        matches!(self, Self::Concat)
    }

    /// Whether it drops entries at random while training.
    pub fn dropout(&self) -> Option<f64> {
        let Self::Dropout { p } = self else { return None };
        Some(*p)
    }
}

impl ToMessage for NodeKind {
    fn message(&self) -> Message {
        Message::new(self.declaration().key)
    }
}
