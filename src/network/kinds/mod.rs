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
mod reductions;
mod tensors;

pub use activations::{Activation, Gives, Stuck};
pub use data::{DataNode, TypedRows};
pub use declaration::{Declaration, Family, Group, OutputLetter, Range, Setting, SettingValue};
pub use layers::{DenseNode, UNITS};
pub use losses::{CountedSteps, LOSS_WEIGHT, LossKind, LossNode, Reduction, Takes, Task};
pub(crate) use operations::index_of;
pub(in crate::network) use operations::over_axis;
pub use operations::{Noise, Operation, Stop, Written};
pub use reductions::{ReduceKind, ReduceNode};
pub use tensors::{MAX_TYPED, TensorNode};

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
    /// An elementwise nonlinearity, or softmax over an axis of each sample.
    Activation(Activation),
    /// The sum of two or more inputs of one shape.
    Add,
    /// The elementwise product of two or more inputs of one shape.
    Multiply,
    /// Side by side along an axis, in port order.
    Concat {
        /// Which axis, as PyTorch counts them: N is 0 where there is one, −1 is the last.
        dim: f64,
    },
    /// Zeroes features with probability `p` while training and scales the rest by 1/(1−p).
    Dropout {
        /// Probability of zeroing, in [0, 1).
        p: f64,
    },
    /// Port 0 is the prediction, port 1 the target.
    Loss(LossNode),
    /// Numbers typed into the drawing.
    Tensor(TensorNode),
    /// A function, a product, a comparison, or what moves numbers about.
    Operation(Operation),
    /// One number from many.
    Reduce(ReduceNode),
    /// The same numbers under other sizes, N not among them.
    Reshape {
        /// The sizes.
        shape: Vec<usize>,
    },
}

impl NodeKind {
    /// Side by side along the last axis.
    pub const CONCAT: Self = Self::Concat { dim: operations::USUALLY_LAST.default };

    /// What the kind declares about itself.
    pub fn declaration(&self) -> &'static Declaration {
        match self {
            Self::Input(_) => &data::INPUT,
            Self::Target(_) => &data::TARGET,
            Self::Dense(_) => &layers::DENSE,
            Self::Activation(activation) => activation.declaration(),
            Self::Add => &operations::ADD,
            Self::Multiply => &operations::MULTIPLY,
            Self::Concat { .. } => &operations::CONCAT,
            Self::Dropout { .. } => &layers::DROPOUT,
            Self::Loss(loss) => loss.kind.declaration(),
            Self::Tensor(_) => &tensors::TENSOR,
            Self::Operation(operation) => operation.declaration(),
            Self::Reduce(reduce) => reduce.kind.declaration(),
            Self::Reshape { .. } => &operations::RESHAPE,
        }
    }

    /// Every kind once, with the settings that a new node starts with, in the palette's order:
    /// data, layers, activations, functions, operations, reductions, losses.
    pub fn palette() -> Vec<Self> {
        let mut kinds = vec![
            Self::Input(DataNode::new(0)),
            Self::Target(DataNode::new(0)),
            Self::Tensor(TensorNode::scalar(1.0)),
            Self::Dense(DenseNode::new(UNITS.default as usize)),
            Self::Dropout { p: 0.5 },
        ];
        kinds.extend(Activation::ALL.into_iter().map(Self::Activation));
        let (functions, operations): (Vec<Operation>, Vec<Operation>) =
            Operation::ALL.into_iter().partition(|it| it.declaration().group == Group::Functions);
        kinds.extend(functions.into_iter().map(Self::Operation));
        kinds.extend([Self::Add, Self::Multiply, Self::CONCAT]);
        kinds.extend(operations.into_iter().map(Self::Operation));
        kinds.push(Self::Reshape { shape: vec![1] });
        kinds.extend(ReduceKind::ALL.into_iter().map(|kind| Self::Reduce(ReduceNode::over_all(kind))));
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
        match self {
            Self::Reduce(reduce) => {
                let dim = reduce.dim.map(|dim| ("dim", SettingValue::Whole(dim)));
                return dim.into_iter().chain([("keepdim", SettingValue::Flag(reduce.keepdim))]).collect();
            }
            Self::Reshape { shape } => return vec![("shape", SettingValue::Sizes(shape.clone()))],
            _ => {}
        }
        let value = |setting: &Setting, value: f64| match setting.range {
            Range::Whole => SettingValue::Whole(index_of(value)),
            Range::Finite | Range::AboveZero | Range::AtLeastOne | Range::BelowOne => {
                SettingValue::Number(value)
            }
        };
        let told = self.numbers().into_iter().filter(|(setting, it)| setting.tells(*it));
        told.map(|(setting, it)| (setting.slug, value(setting, it))).collect()
    }

    /// Its numeric settings with their values.
    pub fn numbers(&self) -> Vec<(&'static Setting, f64)> {
        let values = match self {
            Self::Dense(dense) => vec![dense.units as f64],
            Self::Activation(activation) => activation.numbers(),
            Self::Dropout { p } => vec![*p],
            Self::Concat { dim } => vec![*dim],
            Self::Loss(loss) => loss.kind.numbers(),
            Self::Operation(operation) => operation.numbers(),
            Self::Input(_)
            | Self::Target(_)
            | Self::Add
            | Self::Multiply
            | Self::Tensor(_)
            | Self::Reduce(_)
            | Self::Reshape { .. } => Vec::new(),
        };
        self.declaration().settings.iter().zip(values).collect()
    }

    /// The same kind with another value of one of its numeric settings, counted as in
    /// [`numbers`](Self::numbers).
    #[must_use]
    pub fn with_number(mut self, idx: usize, value: f64) -> Self {
        let numbers = match &mut self {
            Self::Activation(activation) => activation.numbers_mut(),
            Self::Operation(operation) => operation.numbers_mut(),
            Self::Loss(loss) => loss.kind.numbers_mut(),
            Self::Dropout { p } => vec![p],
            Self::Concat { dim } => vec![dim],
            Self::Input(_)
            | Self::Target(_)
            | Self::Dense(_)
            | Self::Add
            | Self::Multiply
            | Self::Tensor(_)
            | Self::Reduce(_)
            | Self::Reshape { .. } => Vec::new(),
        };
        if let Some(number) = numbers.into_iter().nth(idx) {
            *number = value;
        }
        self
    }

    /// What its numbers can be.
    pub fn gives(&self) -> Gives {
        match self {
            Self::Input(_) | Self::Target(_) | Self::Tensor(_) => Gives::Data,
            Self::Activation(activation) => activation.own(),
            Self::Multiply | Self::Concat { .. } | Self::Reshape { .. } => Gives::SameAsInputs,
            Self::Dense(_)
            | Self::Add
            | Self::Dropout { .. }
            | Self::Loss(_)
            | Self::Operation(_)
            | Self::Reduce(_) => Gives::Numbers,
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

    /// Whether it is computed entry by entry from all its inputs, so that in a loop they have one shape.
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
            Self::Activation(activation) => !activation.is_entrywise(),
            Self::Loss(loss) => loss.kind.reduction() == Reduction::MeanOverSamples,
            Self::Input(_)
            | Self::Target(_)
            | Self::Dense(_)
            | Self::Add
            | Self::Multiply
            | Self::Concat { .. }
            | Self::Dropout { .. }
            | Self::Tensor(_)
            | Self::Operation(_)
            | Self::Reduce(_)
            | Self::Reshape { .. } => false,
        }
    }

    /// Whether it puts the entries of its inputs together at the same places, as broadcasting lays them.
    pub fn joins_entry_by_entry(&self) -> bool {
        match self {
            Self::Add | Self::Multiply => true,
            Self::Operation(operation) => !matches!(
                operation,
                Operation::MatMul
                    | Operation::Transpose
                    | Operation::Slice { .. }
                    | Operation::Select { .. }
                    | Operation::Stack { .. }
            ),
            Self::Input(_)
            | Self::Target(_)
            | Self::Tensor(_)
            | Self::Dense(_)
            | Self::Dropout { .. }
            | Self::Activation(_)
            | Self::Concat { .. }
            | Self::Reduce(_)
            | Self::Reshape { .. }
            | Self::Loss(_) => false,
        }
    }

    /// Whether the order of its inputs lays them side by side.
    pub fn is_concat(&self) -> bool {
        matches!(self, Self::Concat { .. })
    }

    /// The settings of a Tensor; none for the others.
    pub fn tensor(&self) -> Option<&TensorNode> {
        let Self::Tensor(tensor) = self else { return None };
        Some(tensor)
    }

    /// Which operation it is; none for the others.
    pub fn operation(&self) -> Option<Operation> {
        let Self::Operation(operation) = self else { return None };
        Some(*operation)
    }

    /// The axis of a reduction, or the sizes of a reshape, in signs that every language reads.
    pub fn shape_setting(&self) -> Option<String> {
        match self {
            Self::Reduce(reduce) => reduce.dim.map(|dim| format!("dim {dim}")),
            Self::Reshape { shape } => Some(format!("{shape:?}")),
            _ => None,
        }
    }

    /// Why no gradient goes back over a port; `None` where one does.
    pub fn stop(&self, port: usize) -> Option<Stop> {
        self.operation()?.stop(port)
    }

    /// What it takes by chance beside its inputs.
    pub fn noise(&self) -> Option<Noise> {
        match self.dropout() {
            Some(p) => Some(Noise::Dropout { p }),
            None => self.operation()?.noise(),
        }
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
