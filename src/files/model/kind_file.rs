//! Node kinds as they stand in a file, and back.
//!
//! Variants are tagged from outside, the only form that survives RON both ways.

use serde::{Deserialize, Serialize};

use super::super::error::FileError;
use super::super::limits::{self, finite, within};
use super::family_file::InFile;
use crate::network::{
    Activation, CountedSteps, DataNode, DenseNode, Initializer, LossKind, LossNode, MAX_TYPED, NodeKind,
    Operation, ReduceKind, ReduceNode, TensorNode, TypedRows,
};
use crate::tensor::{MAX_RANK, Shape};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum KindFile {
    Input {
        features: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shape: Option<Vec<usize>>,
        columns: Vec<String>,
        rows: Option<Vec<Vec<f64>>>,
        per_step: bool,
    },
    Target {
        features: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shape: Option<Vec<usize>>,
        columns: Vec<String>,
        rows: Option<Vec<Vec<f64>>>,
        per_step: bool,
    },
    Dense {
        units: usize,
        bias: bool,
        weight_init: InitializerFile,
        bias_init: InitializerFile,
    },
    Activation(InFile<Activation>),
    Add,
    Multiply,
    Concat,
    /// Along another axis than the last.
    ConcatAlong {
        dim: f64,
    },
    Dropout {
        p: f64,
    },
    Loss {
        kind: InFile<LossKind>,
        weight: f64,
        counted: CountedFile,
    },
    Tensor {
        shape: Vec<usize>,
        values: Vec<f64>,
        requires_grad: bool,
    },
    Operation(InFile<Operation>),
    Reduce {
        kind: InFile<ReduceKind>,
        dim: Option<isize>,
        keepdim: bool,
    },
    Reshape {
        shape: Vec<usize>,
    },
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
pub(super) enum CountedFile {
    Last,
    Every,
}

impl KindFile {
    pub(super) fn new(kind: &NodeKind) -> Self {
        match kind {
            NodeKind::Input(DataNode { shape, columns, rows, per_step }) => Self::Input {
                features: shape.features(),
                shape: unless_row(shape),
                columns: columns.clone(),
                rows: rows.as_ref().map(|TypedRows { rows }| rows.clone()),
                per_step: *per_step,
            },
            NodeKind::Target(DataNode { shape, columns, rows, per_step }) => Self::Target {
                features: shape.features(),
                shape: unless_row(shape),
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
            NodeKind::Activation(activation) => Self::Activation(InFile(*activation)),
            NodeKind::Add => Self::Add,
            NodeKind::Multiply => Self::Multiply,
            NodeKind::Concat { .. } if *kind == NodeKind::CONCAT => Self::Concat,
            NodeKind::Concat { dim } => Self::ConcatAlong { dim: *dim },
            NodeKind::Dropout { p } => Self::Dropout { p: *p },
            NodeKind::Loss(LossNode { kind, weight, counted }) => Self::Loss {
                kind: InFile(*kind),
                weight: *weight,
                counted: match counted {
                    CountedSteps::Last => CountedFile::Last,
                    CountedSteps::Every => CountedFile::Every,
                },
            },
            NodeKind::Tensor(TensorNode { shape, values, requires_grad }) => {
                Self::Tensor { shape: shape.clone(), values: values.clone(), requires_grad: *requires_grad }
            }
            NodeKind::Operation(operation) => Self::Operation(InFile(*operation)),
            NodeKind::Reduce(ReduceNode { kind, dim, keepdim }) => {
                Self::Reduce { kind: InFile(*kind), dim: *dim, keepdim: *keepdim }
            }
            NodeKind::Reshape { shape } => Self::Reshape { shape: shape.clone() },
        }
    }

    pub(super) fn read(self, place: &str) -> Result<NodeKind, FileError> {
        Ok(match self {
            Self::Input { features, shape, columns, rows, per_step } => {
                let shape = read_shape(features, shape, place)?;
                NodeKind::Input(data_node(shape, columns, rows, per_step, place)?)
            }
            Self::Target { features, shape, columns, rows, per_step } => {
                let shape = read_shape(features, shape, place)?;
                NodeKind::Target(data_node(shape, columns, rows, per_step, place)?)
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
            Self::Concat => NodeKind::CONCAT,
            Self::ConcatAlong { dim } => NodeKind::Concat { dim: finite(&format!("{place}.dim"), dim)? },
            Self::Dropout { p } => NodeKind::Dropout { p: finite(&format!("{place}.p"), p)? },
            Self::Loss { kind, weight, counted } => NodeKind::Loss(LossNode {
                kind: kind.read(place)?,
                weight: finite(&format!("{place}.weight"), weight)?,
                counted: match counted {
                    CountedFile::Last => CountedSteps::Last,
                    CountedFile::Every => CountedSteps::Every,
                },
            }),
            Self::Tensor { shape, values, requires_grad } => {
                let tensor = read_tensor(&shape, values, place)?;
                NodeKind::Tensor(TensorNode { requires_grad, ..tensor })
            }
            Self::Operation(operation) => NodeKind::Operation(operation.read(place)?),
            Self::Reduce { kind, dim, keepdim } => {
                NodeKind::Reduce(ReduceNode { kind: kind.read(place)?, dim, keepdim })
            }
            Self::Reshape { shape } => {
                let n_numbers = checked_sizes(&shape, place)?;
                within(&format!("{place}.shape: numbers"), n_numbers, 0, limits::WIDTH)?;
                NodeKind::Reshape { shape }
            }
        })
    }
}

/// The sizes of a shape that is not a row of features; a row needs only its `features`.
fn unless_row(shape: &Shape) -> Option<Vec<usize>> {
    (shape.dims().len() != 1).then(|| shape.dims().to_vec())
}

/// A shape of at most [`MAX_RANK`] sizes that holds as many numbers as `features` says.
fn read_shape(features: usize, dims: Option<Vec<usize>>, place: &str) -> Result<Shape, FileError> {
    within(&format!("{place}.features"), features, 0, limits::WIDTH)?;
    let Some(dims) = dims else { return Ok(Shape::batched(&[features])) };
    within(&format!("{place}.shape: sizes"), dims.len(), 0, MAX_RANK)?;
    let shape = Shape::batched(&dims);
    within(&format!("{place}.shape: numbers"), shape.features(), features, features)?;
    Ok(shape)
}

/// How many numbers a tensor of these sizes holds, if there are not too many sizes.
fn checked_sizes(shape: &[usize], place: &str) -> Result<usize, FileError> {
    within(&format!("{place}.shape: sizes"), shape.len(), 0, MAX_RANK)?;
    Ok(Shape::fixed(shape).features())
}

fn read_tensor(shape: &[usize], values: Vec<f64>, place: &str) -> Result<TensorNode, FileError> {
    let n_numbers = checked_sizes(shape, place)?;
    within(&format!("{place}.shape: numbers"), n_numbers, 0, MAX_TYPED)?;
    within(&format!("{place}.values: numbers"), values.len(), n_numbers, n_numbers)?;
    for (idx, value) in values.iter().enumerate() {
        finite(&format!("{place}.values[{idx}]"), *value)?;
    }
    Ok(TensorNode::new(shape, values))
}

fn data_node(
    shape: Shape,
    columns: Vec<String>,
    rows: Option<Vec<Vec<f64>>>,
    per_step: bool,
    place: &str,
) -> Result<DataNode, FileError> {
    for (row_idx, row) in rows.iter().flatten().enumerate() {
        for (column_idx, value) in row.iter().enumerate() {
            finite(&format!("{place}.rows[{row_idx}][{column_idx}]"), *value)?;
        }
    }
    Ok(DataNode { shape, columns, rows: rows.map(|rows| TypedRows { rows }), per_step })
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
