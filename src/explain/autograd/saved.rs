//! PyTorch's name of the function behind every operation, and the tensors that it keeps.
//!
//! One line for each kind, from PyTorch's `derivatives.yaml`. Must not know a drawing.

use crate::network::{Activation, LossKind, NodeKind, Operation, ParameterRole, ReduceKind, ReduceNode};
use crate::tensor::{Shape, shape};

/// A tensor that a function keeps for the backward pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// PyTorch's name: `self`, `other`, `result`, …
    pub name: &'static str,
    /// Its shape.
    pub shape: Shape,
}

/// What arrives at a function.
pub(super) struct Input {
    pub(super) shape: Shape,
    pub(super) requires_grad: bool,
    /// Whether its numbers lie in the order of a transposed tensor.
    pub(super) is_permuted: bool,
}

/// The function's name, what it keeps, and whether functions within keep something.
type Made = (Option<&'static str>, Vec<Saved>, bool);

/// What makes a node's value, where some input requires a gradient; `None` where it hands its input on.
pub(super) fn made_by(
    kind: &NodeKind,
    inputs: &[Input],
    output: &Shape,
    is_trained: &dyn Fn(ParameterRole) -> bool,
) -> Option<Made> {
    let first = inputs.first().map_or_else(Shape::scalar, |input| input.shape.clone());
    let keep = |name: &'static str, shape: &Shape| Saved { name, shape: shape.clone() };
    let plain = |name| Some((Some(name), Vec::new(), false));
    let of_self = |name| Some((Some(name), vec![keep("self", &first)], false));
    let of_result = |name| Some((Some(name), vec![keep("result", output)], false));
    match kind {
        NodeKind::Input(_) | NodeKind::Target(_) | NodeKind::Tensor(_) => None,
        NodeKind::Dense(dense) => {
            let weight = Shape::fixed(&[first.features(), dense.units]);
            let requires = inputs.first().is_some_and(|input| input.requires_grad);
            let trains = is_trained(ParameterRole::Weight);
            let (name, rows, columns) =
                if dense.bias { ("AddmmBackward0", "mat1", "mat2") } else { ("MmBackward0", "self", "mat2") };
            let saved = [(columns, &weight, requires), (rows, &first, trains)];
            Some((Some(name), kept_where(&saved), false))
        }
        NodeKind::Activation(activation) => match activation {
            Activation::Identity => None,
            Activation::Relu => of_result("ReluBackward0"),
            Activation::LeakyRelu { .. } => of_self("LeakyReluBackward0"),
            Activation::Elu { .. } => of_self("EluBackward0"),
            Activation::Gelu => of_self("GeluBackward0"),
            Activation::Silu => of_self("SiluBackward0"),
            Activation::Softplus => of_self("SoftplusBackward0"),
            Activation::Sigmoid => of_result("SigmoidBackward0"),
            Activation::Tanh => of_result("TanhBackward0"),
            // x / (1 + |x|).
            Activation::Softsign => {
                Some((Some("DivBackward0"), vec![keep("other", &first), keep("self", &first)], true))
            }
            Activation::Softmax { .. } => of_result("SoftmaxBackward0"),
        },
        NodeKind::Add => plain("AddBackward0"),
        NodeKind::Multiply => Some(product(inputs)),
        NodeKind::Concat { .. } => plain("CatBackward0"),
        NodeKind::Dropout { .. } => Some((Some("MulBackward0"), vec![keep("other", &first)], false)),
        NodeKind::Reshape { .. } => {
            let is_permuted = inputs.first().is_some_and(|input| input.is_permuted);
            plain(if is_permuted { "UnsafeViewBackward0" } else { "ViewBackward0" })
        }
        NodeKind::Reduce(reduce) => Some(reduction(*reduce, &first, output)),
        NodeKind::Operation(operation) => match operation {
            Operation::Neg => plain("NegBackward0"),
            Operation::Exp => of_result("ExpBackward0"),
            Operation::Log => of_self("LogBackward0"),
            Operation::Sqrt => of_result("SqrtBackward0"),
            Operation::Pow { .. } => of_self("PowBackward0"),
            Operation::Sin => of_self("SinBackward0"),
            Operation::Cos => of_self("CosBackward0"),
            Operation::Tan => of_result("TanBackward0"),
            Operation::Abs => of_self("AbsBackward0"),
            Operation::Sign => plain("SignBackward0"),
            Operation::Round => plain("RoundBackward0"),
            Operation::Clamp { .. } => of_self("ClampBackward1"),
            Operation::LogSoftmax { .. } => of_result("LogSoftmaxBackward0"),
            Operation::Sub => plain("SubBackward0"),
            Operation::Div => Some(quotient(inputs)),
            Operation::Power => {
                let saved = pair(inputs, ["self", "exponent"]);
                let result = keep("result", output);
                Some((Some("PowBackward1"), saved.into_iter().chain([result]).collect(), false))
            }
            Operation::MatMul => Some(matmul(inputs)),
            Operation::Maximum => Some((Some("MaximumBackward0"), pair(inputs, ["self", "other"]), false)),
            Operation::Minimum => Some((Some("MinimumBackward0"), pair(inputs, ["self", "other"]), false)),
            Operation::Where => Some((Some("WhereBackward0"), vec![keep("condition", &first)], false)),
            Operation::Transpose => plain("TransposeBackward0"),
            Operation::Slice { .. } => plain("SliceBackward0"),
            Operation::Select { .. } => plain("SelectBackward0"),
            Operation::Stack { .. } => plain("StackBackward0"),
            // These never require a gradient.
            Operation::Step
            | Operation::Detach
            | Operation::Bernoulli
            | Operation::Normal { .. }
            | Operation::Greater
            | Operation::GreaterEqual
            | Operation::Less
            | Operation::Equal => None,
        },
        NodeKind::Loss(loss) => {
            let both = || vec![keep("self", &first), keep("target", &first)];
            match loss.kind {
                LossKind::Mse => Some((Some("MseLossBackward0"), both(), false)),
                LossKind::Huber { .. } => Some((Some("HuberLossBackward0"), both(), false)),
                LossKind::Bce => Some((Some("BinaryCrossEntropyBackward0"), both(), false)),
                LossKind::BceWithLogits => {
                    Some((Some("BinaryCrossEntropyWithLogitsBackward0"), both(), false))
                }
                // 0.5 · Σ (a − y)².
                LossKind::HalfSumOfSquares => {
                    Some((Some("MulBackward0"), vec![keep("other", &Shape::scalar())], true))
                }
                // (a − y).abs().mean().
                LossKind::Mae => Some((Some("MeanBackward0"), Vec::new(), true)),
                // −Σ y · log p / N, the logarithm from `log_softmax` where logits come.
                LossKind::CrossEntropy => {
                    Some((Some("DivBackward0"), vec![keep("other", &Shape::scalar())], true))
                }
                LossKind::CrossEntropyWithLogits => Some((Some("DivBackward1"), Vec::new(), true)),
            }
        }
    }
}

/// The tensors whose condition holds.
fn kept_where(tensors: &[(&'static str, &Shape, bool)]) -> Vec<Saved> {
    let kept = tensors.iter().filter(|(.., is_kept)| *is_kept);
    kept.map(|(name, shape, _)| Saved { name, shape: (*shape).clone() }).collect()
}

/// Both inputs.
fn pair(inputs: &[Input], names: [&'static str; 2]) -> Vec<Saved> {
    let both = inputs.iter().zip(names);
    both.map(|(input, name)| Saved { name, shape: input.shape.clone() }).collect()
}

/// a · b · c is (a · b) · c: each factor is kept where the other one requires a gradient.
fn product(inputs: &[Input]) -> Made {
    let Some((last, before)) = inputs.split_last() else { return Made::default() };
    let shapes: Vec<&Shape> = before.iter().map(|input| &input.shape).collect();
    let left = shape::broadcast("Multiply", &shapes).unwrap_or_else(|_| last.shape.clone());
    let left_requires = before.iter().any(|input| input.requires_grad);
    let saved = [("other", &last.shape, left_requires), ("self", &left, last.requires_grad)];
    (Some("MulBackward0"), kept_where(&saved), left_requires && before.len() > 1)
}

/// a / b keeps b, and a where b requires a gradient.
fn quotient(inputs: &[Input]) -> Made {
    let [a, b] = inputs else { return Made::default() };
    let saved = [("other", &b.shape, true), ("self", &a.shape, b.requires_grad)];
    (Some("DivBackward0"), kept_where(&saved), false)
}

/// By the ranks of both: products of more than two axes are made of several functions, of which the last
/// names the result.
fn matmul(inputs: &[Input]) -> Made {
    let [a, b] = inputs else { return Made::default() };
    let rank = |input: &Input| input.shape.dims().len() + usize::from(input.shape.is_batched());
    let two = |name, [left, right]: [&'static str; 2]| {
        let saved = [(left, &a.shape, b.requires_grad), (right, &b.shape, a.requires_grad)];
        (Some(name), kept_where(&saved), false)
    };
    match (rank(a), rank(b)) {
        (1, 1) => two("DotBackward0", ["self", "tensor"]),
        (2, 2) => two("MmBackward0", ["self", "mat2"]),
        (2, 1) => two("MvBackward0", ["self", "vec"]),
        (1, 2) => (Some("SqueezeBackward4"), Vec::new(), true),
        (2, _) if a.requires_grad => (Some("CloneBackward0"), Vec::new(), true),
        _ => (Some("UnsafeViewBackward0"), Vec::new(), true),
    }
}

/// Over all, or over an axis.
fn reduction(reduce: ReduceNode, x: &Shape, output: &Shape) -> Made {
    let keep = |name: &'static str, shape: &Shape| Saved { name, shape: shape.clone() };
    let indices = || vec![keep("indices", output)];
    let both = || vec![keep("result", output), keep("self", x)];
    let is_over_all = reduce.dim.is_none();
    let (name, saved) = match (reduce.kind, is_over_all) {
        (ReduceKind::Sum, true) if !reduce.keepdim => ("SumBackward0", Vec::new()),
        (ReduceKind::Sum, _) => ("SumBackward1", Vec::new()),
        (ReduceKind::Mean, true) if !reduce.keepdim => ("MeanBackward0", Vec::new()),
        (ReduceKind::Mean, _) => ("MeanBackward1", Vec::new()),
        // Over all with the axes kept, the result is reshaped.
        (ReduceKind::Min | ReduceKind::Max | ReduceKind::Prod, true) if reduce.keepdim => {
            return (Some("ViewBackward0"), Vec::new(), true);
        }
        (ReduceKind::Min, true) => ("MinBackward1", both()),
        (ReduceKind::Max, true) => ("MaxBackward1", both()),
        (ReduceKind::Min, false) => ("MinBackward0", indices()),
        (ReduceKind::Max, false) => ("MaxBackward0", indices()),
        (ReduceKind::Prod, true) => ("ProdBackward0", both()),
        (ReduceKind::Prod, false) => ("ProdBackward1", both()),
        (ReduceKind::Norm, _) => ("LinalgVectorNormBackward0", both()),
    };
    (Some(name), saved, false)
}
