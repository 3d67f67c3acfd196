//! Which op computes which kind of node.
//!
//! The only place where the drawing's words meet the engine's.

use std::sync::Arc;

use crate::autodiff::ops::{Pair, Total};
use crate::autodiff::{Op, ops};
use crate::network::{Activation, Family, LossKind, NodeKind, Operation, ReduceKind, ReduceNode, index_of};
use crate::tensor::{Real, Shape, ShapeError};

pub(super) fn dense<T: Real>(bias: bool) -> Arc<dyn Op<T>> {
    Arc::new(ops::Linear { bias })
}

pub(super) fn detach<T: Real>() -> Arc<dyn Op<T>> {
    Arc::new(ops::Barrier::Detach)
}

fn activation<T: Real>(activation: Activation, x: &Shape) -> Result<Arc<dyn Op<T>>, ShapeError> {
    Ok(match activation {
        Activation::Identity => Arc::new(ops::Identity),
        Activation::Relu => Arc::new(ops::Relu),
        Activation::LeakyRelu { negative_slope } => Arc::new(ops::LeakyRelu { negative_slope }),
        Activation::Elu { alpha } => Arc::new(ops::Elu { alpha }),
        Activation::Gelu => Arc::new(ops::Gelu),
        Activation::Silu => Arc::new(ops::Silu),
        Activation::Softplus => Arc::new(ops::Softplus),
        Activation::Sigmoid => Arc::new(ops::Sigmoid),
        Activation::Tanh => Arc::new(ops::Tanh),
        Activation::Softsign => Arc::new(ops::Softsign),
        Activation::Softmax { dim } => {
            let over = ops::SoftmaxOver::new(x, index_of(dim))?;
            if is_row(x) { Arc::new(ops::Softmax) } else { Arc::new(over) }
        }
    })
}

/// Whether each sample is one row, for which there are faster ops.
fn is_row(x: &Shape) -> bool {
    x.is_batched() && x.dims().len() == 1
}

fn operation<T: Real>(operation: Operation, inputs: &[&Shape]) -> Result<Arc<dyn Op<T>>, ShapeError> {
    let pair = |pair| -> Result<Arc<dyn Op<T>>, ShapeError> { Ok(Arc::new(ops::Binary::new(pair, inputs)?)) };
    let x = || inputs.first().copied().ok_or_else(|| unknown(operation.declaration().base_name));
    Ok(match operation {
        Operation::Neg => Arc::new(ops::Neg),
        Operation::Exp => Arc::new(ops::Exp),
        Operation::Log => Arc::new(ops::Log),
        Operation::Sqrt => Arc::new(ops::Sqrt),
        Operation::Pow { exponent } => Arc::new(ops::Pow { exponent }),
        Operation::Sin => Arc::new(ops::Sin),
        Operation::Cos => Arc::new(ops::Cos),
        Operation::Tan => Arc::new(ops::Tan),
        Operation::Abs => Arc::new(ops::Abs),
        Operation::Sign => Arc::new(ops::Sign),
        Operation::Step => Arc::new(ops::Step),
        Operation::Round => Arc::new(ops::Round),
        Operation::Clamp { min, max } => Arc::new(ops::Clamp { min, max }),
        Operation::LogSoftmax { dim } => Arc::new(ops::SoftmaxOver::log(x()?, index_of(dim))?),
        Operation::Detach => Arc::new(ops::Barrier::Detach),
        Operation::Bernoulli => Arc::new(ops::Bernoulli),
        Operation::Normal { std } => Arc::new(ops::Normal { std }),
        Operation::Sub => pair(Pair::Sub)?,
        Operation::Div => pair(Pair::Div)?,
        Operation::Power => pair(Pair::Pow)?,
        Operation::Maximum => pair(Pair::Maximum)?,
        Operation::Minimum => pair(Pair::Minimum)?,
        Operation::Greater => pair(Pair::Greater)?,
        Operation::GreaterEqual => pair(Pair::GreaterEqual)?,
        Operation::Less => pair(Pair::Less)?,
        Operation::Equal => pair(Pair::Equal)?,
        Operation::MatMul => Arc::new(ops::MatMul::new(inputs)?),
        Operation::Where => Arc::new(ops::Where::new(inputs)?),
        Operation::Transpose => Arc::new(ops::Transpose::new(x()?)?),
        Operation::Slice { dim, start, end } => {
            Arc::new(ops::Slice::run(x()?, index_of(dim), [index_of(start), index_of(end)])?)
        }
        Operation::Select { dim, index } => {
            Arc::new(ops::Slice::select(x()?, index_of(dim), index_of(index))?)
        }
        Operation::Stack { dim } => Arc::new(ops::Join::stack(inputs, index_of(dim))?),
    })
}

fn reduction<T: Real>(reduce: ReduceNode, x: &Shape) -> Result<Arc<dyn Op<T>>, ShapeError> {
    let total = match reduce.kind {
        ReduceKind::Sum => Total::Sum,
        ReduceKind::Mean => Total::Mean,
        ReduceKind::Min => Total::Min,
        ReduceKind::Max => Total::Max,
        ReduceKind::Prod => Total::Prod,
        ReduceKind::Norm => Total::Norm,
    };
    Ok(Arc::new(ops::Reduce::new(total, reduce.axis(x)?, reduce.keepdim, x)?))
}

/// A sum or a product: of one shape in one pass, otherwise with broadcasting.
fn fold<T: Real>(is_product: bool, inputs: &[&Shape]) -> Result<Arc<dyn Op<T>>, ShapeError> {
    let is_one_shape = inputs.windows(2).all(|pair| pair[0] == pair[1]);
    Ok(match (is_product, inputs.len()) {
        (false, _) if is_one_shape => Arc::new(ops::Add),
        (true, _) if is_one_shape => Arc::new(ops::Multiply),
        (false, 2) => Arc::new(ops::Binary::new(Pair::Add, inputs)?),
        (true, 2) => Arc::new(ops::Binary::new(Pair::Mul, inputs)?),
        (false, _) => Arc::new(ops::Fold::sum(inputs)?),
        (true, _) => Arc::new(ops::Fold::product(inputs)?),
    })
}

fn concat<T: Real>(inputs: &[&Shape], dim: isize) -> Result<Arc<dyn Op<T>>, ShapeError> {
    let join = ops::Join::concat(inputs, dim)?;
    Ok(if inputs.iter().all(|shape| is_row(shape)) { Arc::new(ops::Concat) } else { Arc::new(join) })
}

pub(super) fn loss<T: Real>(kind: LossKind) -> Arc<dyn Op<T>> {
    match kind {
        LossKind::Mse => Arc::new(ops::Mse),
        LossKind::HalfSumOfSquares => Arc::new(ops::HalfSumOfSquares),
        LossKind::Mae => Arc::new(ops::Mae),
        LossKind::Huber { delta } => Arc::new(ops::Huber { delta }),
        LossKind::Bce => Arc::new(ops::Bce),
        LossKind::BceWithLogits => Arc::new(ops::BceWithLogits),
        LossKind::CrossEntropy => Arc::new(ops::CrossEntropy),
        LossKind::CrossEntropyWithLogits => Arc::new(ops::CrossEntropyWithLogits),
    }
}

/// The op that computes a kind of node from inputs of these shapes; `None` for data nodes, which are
/// filled.
///
/// # Errors
/// When the inputs do not fit together.
pub(super) fn computing<T: Real>(
    kind: &NodeKind,
    inputs: &[&Shape],
) -> Result<Option<Arc<dyn Op<T>>>, ShapeError> {
    let x = || inputs.first().copied().ok_or_else(|| unknown(kind.base_name()));
    Ok(Some(match kind {
        NodeKind::Input(_) | NodeKind::Target(_) => return Ok(None),
        NodeKind::Dense(settings) => dense(settings.bias),
        NodeKind::Activation(kind) => activation(*kind, x()?)?,
        NodeKind::Add => fold(false, inputs)?,
        NodeKind::Multiply => fold(true, inputs)?,
        NodeKind::Concat { dim } => concat(inputs, index_of(*dim))?,
        NodeKind::Dropout { .. } => Arc::new(ops::Dropout),
        NodeKind::Loss(settings) => loss(settings.kind),
        NodeKind::Tensor(tensor) if tensor.requires_grad => Arc::new(ops::Identity),
        NodeKind::Tensor(_) => detach(),
        NodeKind::Operation(kind) => operation(*kind, inputs)?,
        NodeKind::Reduce(reduce) => reduction(*reduce, x()?)?,
        NodeKind::Reshape { shape } => Arc::new(ops::Reshape { to: shape.clone() }),
    }))
}

/// The same where nobody asks why there is none.
pub fn op_of<T: Real>(kind: &NodeKind, inputs: &[&Shape]) -> Option<Arc<dyn Op<T>>> {
    computing(kind, inputs).ok().flatten()
}

fn unknown(op: &'static str) -> ShapeError {
    ShapeError { op, arg: None, expected: "[…]".to_owned(), found: "–".to_owned() }
}
