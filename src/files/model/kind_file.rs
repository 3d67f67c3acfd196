//! Node kinds as they stand in a file, and back.
//!
//! Variants are tagged from outside, the only form that survives RON both ways.

use serde::{Deserialize, Serialize};

use super::super::error::FileError;
use super::super::limits::{self, finite, within};
use crate::network::{
    Activation, CountedSteps, DataNode, DenseNode, Initializer, LossKind, LossNode, NodeKind, TypedRows,
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum KindFile {
    Input { features: usize, columns: Vec<String>, rows: Option<Vec<Vec<f64>>>, per_step: bool },
    Target { features: usize, columns: Vec<String>, rows: Option<Vec<Vec<f64>>>, per_step: bool },
    Dense { units: usize, bias: bool, weight_init: InitializerFile, bias_init: InitializerFile },
    Activation(ActivationFile),
    Add,
    Multiply,
    Concat,
    Dropout { p: f64 },
    Loss { kind: LossKindFile, weight: f64, counted: CountedFile },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum InitializerFile {
    LinearDefault,
    Zeros,
    Constant { value: f64 },
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, std: f64 },
    XavierUniform,
    XavierNormal,
    KaimingUniform,
    KaimingNormal,
    Eye { gain: f64 },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum ActivationFile {
    Identity,
    Relu,
    LeakyRelu { negative_slope: f64 },
    Elu { alpha: f64 },
    Gelu,
    Silu,
    Softplus,
    Sigmoid,
    Tanh,
    Softmax,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum LossKindFile {
    Mse,
    HalfSumOfSquares,
    Mae,
    Huber { delta: f64 },
    Bce,
    BceWithLogits,
    CrossEntropy,
    CrossEntropyWithLogits,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum CountedFile {
    Last,
    Every,
}

impl KindFile {
    pub(super) fn new(kind: &NodeKind) -> Self {
        match kind {
            NodeKind::Input(DataNode { features, columns, rows, per_step }) => Self::Input {
                features: *features,
                columns: columns.clone(),
                rows: rows.as_ref().map(|TypedRows { rows }| rows.clone()),
                per_step: *per_step,
            },
            NodeKind::Target(DataNode { features, columns, rows, per_step }) => Self::Target {
                features: *features,
                columns: columns.clone(),
                rows: rows.as_ref().map(|TypedRows { rows }| rows.clone()),
                per_step: *per_step,
            },
            NodeKind::Dense(DenseNode { units, bias, weight_init, bias_init }) => Self::Dense {
                units: *units,
                bias: *bias,
                weight_init: InitializerFile::new(*weight_init),
                bias_init: InitializerFile::new(*bias_init),
            },
            NodeKind::Activation(activation) => Self::Activation(ActivationFile::new(*activation)),
            NodeKind::Add => Self::Add,
            NodeKind::Multiply => Self::Multiply,
            NodeKind::Concat => Self::Concat,
            NodeKind::Dropout { p } => Self::Dropout { p: *p },
            NodeKind::Loss(LossNode { kind, weight, counted }) => Self::Loss {
                kind: LossKindFile::new(*kind),
                weight: *weight,
                counted: match counted {
                    CountedSteps::Last => CountedFile::Last,
                    CountedSteps::Every => CountedFile::Every,
                },
            },
        }
    }

    pub(super) fn read(self, place: &str) -> Result<NodeKind, FileError> {
        Ok(match self {
            Self::Input { features, columns, rows, per_step } => {
                NodeKind::Input(data_node(features, columns, rows, per_step, place)?)
            }
            Self::Target { features, columns, rows, per_step } => {
                NodeKind::Target(data_node(features, columns, rows, per_step, place)?)
            }
            Self::Dense { units, bias, weight_init, bias_init } => NodeKind::Dense(DenseNode {
                units: within(&format!("{place}.units"), units, 0, limits::WIDTH)?,
                bias,
                weight_init: weight_init.read(&format!("{place}.weight_init"))?,
                bias_init: bias_init.read(&format!("{place}.bias_init"))?,
            }),
            Self::Activation(activation) => NodeKind::Activation(activation.read(place)?),
            Self::Add => NodeKind::Add,
            Self::Multiply => NodeKind::Multiply,
            Self::Concat => NodeKind::Concat,
            Self::Dropout { p } => NodeKind::Dropout { p: finite(&format!("{place}.p"), p)? },
            Self::Loss { kind, weight, counted } => NodeKind::Loss(LossNode {
                kind: kind.read(place)?,
                weight: finite(&format!("{place}.weight"), weight)?,
                counted: match counted {
                    CountedFile::Last => CountedSteps::Last,
                    CountedFile::Every => CountedSteps::Every,
                },
            }),
        })
    }
}

fn data_node(
    features: usize,
    columns: Vec<String>,
    rows: Option<Vec<Vec<f64>>>,
    per_step: bool,
    place: &str,
) -> Result<DataNode, FileError> {
    within(&format!("{place}.features"), features, 0, limits::WIDTH)?;
    for (row_idx, row) in rows.iter().flatten().enumerate() {
        for (column_idx, value) in row.iter().enumerate() {
            finite(&format!("{place}.rows[{row_idx}][{column_idx}]"), *value)?;
        }
    }
    Ok(DataNode { features, columns, rows: rows.map(|rows| TypedRows { rows }), per_step })
}

impl InitializerFile {
    fn new(initializer: Initializer) -> Self {
        match initializer {
            Initializer::LinearDefault => Self::LinearDefault,
            Initializer::Zeros => Self::Zeros,
            Initializer::Constant { value } => Self::Constant { value },
            Initializer::Uniform { low, high } => Self::Uniform { low, high },
            Initializer::Normal { mean, std } => Self::Normal { mean, std },
            Initializer::XavierUniform => Self::XavierUniform,
            Initializer::XavierNormal => Self::XavierNormal,
            Initializer::KaimingUniform => Self::KaimingUniform,
            Initializer::KaimingNormal => Self::KaimingNormal,
            Initializer::Eye { gain } => Self::Eye { gain },
        }
    }

    fn read(self, place: &str) -> Result<Initializer, FileError> {
        Ok(match self {
            Self::LinearDefault => Initializer::LinearDefault,
            Self::Zeros => Initializer::Zeros,
            Self::Constant { value } => Initializer::Constant { value: finite(place, value)? },
            Self::Uniform { low, high } => {
                Initializer::Uniform { low: finite(place, low)?, high: finite(place, high)? }
            }
            Self::Normal { mean, std } => {
                Initializer::Normal { mean: finite(place, mean)?, std: finite(place, std)? }
            }
            Self::XavierUniform => Initializer::XavierUniform,
            Self::XavierNormal => Initializer::XavierNormal,
            Self::KaimingUniform => Initializer::KaimingUniform,
            Self::KaimingNormal => Initializer::KaimingNormal,
            Self::Eye { gain } => Initializer::Eye { gain: finite(place, gain)? },
        })
    }
}

impl ActivationFile {
    fn new(activation: Activation) -> Self {
        match activation {
            Activation::Identity => Self::Identity,
            Activation::Relu => Self::Relu,
            Activation::LeakyRelu { negative_slope } => Self::LeakyRelu { negative_slope },
            Activation::Elu { alpha } => Self::Elu { alpha },
            Activation::Gelu => Self::Gelu,
            Activation::Silu => Self::Silu,
            Activation::Softplus => Self::Softplus,
            Activation::Sigmoid => Self::Sigmoid,
            Activation::Tanh => Self::Tanh,
            Activation::Softmax => Self::Softmax,
        }
    }

    fn read(self, place: &str) -> Result<Activation, FileError> {
        Ok(match self {
            Self::Identity => Activation::Identity,
            Self::Relu => Activation::Relu,
            Self::LeakyRelu { negative_slope } => Activation::LeakyRelu {
                negative_slope: finite(&format!("{place}.negative_slope"), negative_slope)?,
            },
            Self::Elu { alpha } => Activation::Elu { alpha: finite(&format!("{place}.alpha"), alpha)? },
            Self::Gelu => Activation::Gelu,
            Self::Silu => Activation::Silu,
            Self::Softplus => Activation::Softplus,
            Self::Sigmoid => Activation::Sigmoid,
            Self::Tanh => Activation::Tanh,
            Self::Softmax => Activation::Softmax,
        })
    }
}

impl LossKindFile {
    fn new(kind: LossKind) -> Self {
        match kind {
            LossKind::Mse => Self::Mse,
            LossKind::HalfSumOfSquares => Self::HalfSumOfSquares,
            LossKind::Mae => Self::Mae,
            LossKind::Huber { delta } => Self::Huber { delta },
            LossKind::Bce => Self::Bce,
            LossKind::BceWithLogits => Self::BceWithLogits,
            LossKind::CrossEntropy => Self::CrossEntropy,
            LossKind::CrossEntropyWithLogits => Self::CrossEntropyWithLogits,
        }
    }

    fn read(self, place: &str) -> Result<LossKind, FileError> {
        Ok(match self {
            Self::Mse => LossKind::Mse,
            Self::HalfSumOfSquares => LossKind::HalfSumOfSquares,
            Self::Mae => LossKind::Mae,
            Self::Huber { delta } => LossKind::Huber { delta: finite(&format!("{place}.delta"), delta)? },
            Self::Bce => LossKind::Bce,
            Self::BceWithLogits => LossKind::BceWithLogits,
            Self::CrossEntropy => LossKind::CrossEntropy,
            Self::CrossEntropyWithLogits => LossKind::CrossEntropyWithLogits,
        })
    }
}
