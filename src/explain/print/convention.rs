//! The conventions in use in the world, and a formula rewritten for one of them.
//!
//! Derived from PyTorch's form by rewriting: leaves that lie the other way round, the scale of the
//! loss moved to the parameters, the bias as one more column of the weight. Must not know how
//! anything is printed.

use std::sync::Arc;

use super::names::NameStyle;
use crate::algebra::{Axes, Expression, Part, Piece, Reduction, Size, number};
use crate::explain::definition::Definitions;
use crate::explain::quantity::Tensor;
use crate::network::{ParameterKey, ParameterRole};

/// How matrices lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// Samples are rows, W is `[out, in]`: Z = X Wᵀ + b.
    #[default]
    PyTorch,
    /// Samples are rows, W is `[in, out]`, as courses write NumPy: Z = X W + b.
    NumPy,
    /// Samples are columns, W is `[out, in]`, as textbooks write: z = W x + b.
    Columns,
}

/// Where the 1/N of a mean stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReductionPlace {
    /// In the loss: dZ = (A − Y)·s.
    #[default]
    Loss,
    /// At the parameters: dZ = A − Y, dW = s·dZᵀ X. The deltas shown are the engine's divided by s.
    Parameters,
}

/// How a bias is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BiasStyle {
    /// A vector of its own.
    #[default]
    Apart,
    /// The last column of W, against a column of ones beside X.
    Ones,
}

/// One convention. The default is PyTorch's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Convention {
    /// How matrices lie.
    pub layout: Layout,
    /// What they are called.
    pub names: NameStyle,
    /// Where 1/N stands.
    pub reduction: ReductionPlace,
    /// How a bias is written.
    pub bias: BiasStyle,
}

impl Convention {
    /// Whether a tensor of PyTorch's order with these axes lies the other way round.
    pub fn is_transposed(self, tensor: Tensor, sizes: &[Size]) -> bool {
        let is_weight = match tensor {
            Tensor::Parameter(key)
            | Tensor::ParameterGrad { key, .. }
            | Tensor::Update(key)
            | Tensor::UsedGrad(key)
            | Tensor::UpdateLine { key, .. }
            | Tensor::OptimizerState { key, .. } => {
                matches!(key, ParameterKey::Node(_, ParameterRole::Weight))
            }
            _ => false,
        };
        match self.layout {
            Layout::PyTorch => false,
            Layout::NumPy => is_weight,
            Layout::Columns => sizes.len() == 2 && !is_weight,
        }
    }

    /// Whether a vector is written as a column `[f, 1]`.
    pub fn is_column(self, sizes: &[Size]) -> bool {
        self.layout == Layout::Columns && sizes.len() == 1
    }

    /// The axes of a tensor as the convention shows it.
    pub fn sizes(self, definitions: &Definitions<'_>, tensor: Tensor) -> Vec<Size> {
        let mut sizes = definitions.sizes(tensor);
        if self.joined_bias(definitions, tensor).is_some()
            && let Some(Size::Fixed(inputs)) = sizes.get_mut(1)
        {
            *inputs += 1;
        }
        if self.is_column(&sizes) {
            sizes.push(Size::Fixed(1));
        } else if self.is_transposed(tensor, &sizes) {
            sizes.reverse();
        }
        sizes
    }

    /// The bias that stands as the last column of a weight (or of its gradient).
    pub fn joined_bias(self, definitions: &Definitions<'_>, tensor: Tensor) -> Option<Tensor> {
        if self.bias == BiasStyle::Apart {
            return None;
        }
        let bias = |key: ParameterKey| {
            let ParameterKey::Node(node, ParameterRole::Weight) = key else { return None };
            let dense = definitions.network().nodes.get(&node)?.kind.dense()?;
            dense.bias.then_some(ParameterKey::Node(node, ParameterRole::Bias))
        };
        match tensor {
            Tensor::Parameter(key) => Some(Tensor::Parameter(bias(key)?)),
            Tensor::ParameterGrad { key, time_step, sample } => {
                Some(Tensor::ParameterGrad { key: bias(key)?, time_step, sample })
            }
            _ => None,
        }
    }

    /// Whether a tensor is no tensor of its own here, but a column of another.
    pub fn is_absorbed(self, tensor: Tensor) -> bool {
        let is_bias = |key: ParameterKey| matches!(key, ParameterKey::Node(_, ParameterRole::Bias));
        self.bias == BiasStyle::Ones
            && match tensor {
                Tensor::Parameter(key) | Tensor::ParameterGrad { key, .. } => is_bias(key),
                _ => false,
            }
    }

    /// How a tensor is made in this convention.
    pub fn definition(self, definitions: &Definitions<'_>, tensor: Tensor) -> Option<Expression<Tensor>> {
        self.rewritten(definitions, tensor, definitions.of(tensor)?)
    }

    /// A formula of PyTorch's order for a tensor, in this convention; `None` where the tensor is a column
    /// of another here.
    pub fn rewritten(
        self,
        definitions: &Definitions<'_>,
        tensor: Tensor,
        mut of: Expression<Tensor>,
    ) -> Option<Expression<Tensor>> {
        if self.is_absorbed(tensor) {
            return None;
        }
        if self.bias == BiasStyle::Ones {
            of = self.with_ones(definitions, tensor, &of);
        }
        if self.reduction == ReductionPlace::Parameters {
            of = with_scale_at_parameters(definitions, tensor, of);
        }
        Some(self.laid_out(definitions, tensor, of))
    }

    /// A formula of PyTorch's order for the tensor's own layout here.
    fn laid_out(
        self,
        definitions: &Definitions<'_>,
        tensor: Tensor,
        of: Expression<Tensor>,
    ) -> Expression<Tensor> {
        if self.layout == Layout::PyTorch {
            return of;
        }
        let turned = self.turned_back(definitions, &of, true);
        let sizes = definitions.sizes(tensor);
        let result = match sizes.as_slice() {
            [size] if self.is_column(&sizes) => as_row(turned, *size).t(),
            _ if self.is_transposed(tensor, &sizes) => turned.t(),
            _ => turned,
        };
        // Every tensor that was turned has two axes here.
        result.with_transposes_at_leaves(&|leaf| self.sizes(definitions, *leaf).len())
    }

    /// A formula of PyTorch's order for leaves that lie as they do here. A column becomes a row again, which is
    /// as good as a vector where entries meet at the same place; elsewhere it becomes the vector itself.
    fn turned_back(
        self,
        definitions: &Definitions<'_>,
        of: &Expression<Tensor>,
        rows_are_vectors: bool,
    ) -> Expression<Tensor> {
        let stay_rows = rows_are_vectors
            && match of {
                Expression::MatrixProduct(..)
                | Expression::Reduce { over: Axes::One(_), .. }
                | Expression::Transpose(_)
                | Expression::Slice { .. }
                | Expression::Concat { .. }
                | Expression::List(_) => false,
                Expression::Broadcast { to, .. } => to.len() >= 2,
                _ => true,
            };
        let of_leaf = |leaf: Tensor| {
            let sizes = definitions.sizes(leaf);
            let as_it_lies = Expression::Leaf(leaf);
            match sizes.as_slice() {
                [size] if self.is_column(&sizes) && !stay_rows => {
                    Expression::Reshape { to: vec![*size], of: Arc::new(as_it_lies) }
                }
                _ if self.is_column(&sizes) || self.is_transposed(leaf, &sizes) => as_it_lies.t(),
                _ => as_it_lies,
            }
        };
        if let Expression::Leaf(leaf) = of {
            return of_leaf(*leaf);
        }
        of.rebuild(&mut |piece| match piece {
            Piece::Leaf(leaf) => of_leaf(*leaf),
            Piece::Part(part) => self.turned_back(definitions, part, stay_rows),
        })
    }

    /// The bias as the last column of W, against a column of ones beside X.
    fn with_ones(
        self,
        definitions: &Definitions<'_>,
        tensor: Tensor,
        of: &Expression<Tensor>,
    ) -> Expression<Tensor> {
        let is_joined = |weight: Tensor| self.joined_bias(definitions, weight).is_some();
        let beside_ones = |x: &Part<Tensor>, rows: Size| {
            let ones = number(1.0).broadcast(vec![rows, Size::Fixed(1)]);
            Expression::Concat { axis: 1, parts: vec![Part::clone(x), Arc::new(ones)] }
        };
        if let Tensor::ParameterGrad { sample, .. } = tensor
            && is_joined(tensor)
            && let Expression::MatrixProduct(dz, x) = of
        {
            let rows = if sample.is_some() { Size::Fixed(1) } else { Size::Batch };
            return Expression::MatrixProduct(Arc::clone(dz), Arc::new(beside_ones(x, rows)));
        }
        if let Expression::Sum(terms) = of
            && let [product, _] = terms.as_slice()
            && let Expression::MatrixProduct(x, weight) = &**product
            && let Expression::Transpose(inner) = &**weight
            && matches!(&**inner, Expression::Leaf(leaf) if is_joined(*leaf))
        {
            return Expression::MatrixProduct(Arc::new(beside_ones(x, Size::Batch)), Arc::clone(weight));
        }
        // Wherever else W stands, it stands without its last column.
        of.replace(&mut |leaf| match (leaf, definitions.sizes(*leaf).get(1)) {
            (Tensor::Parameter(_), Some(Size::Fixed(inputs))) if is_joined(*leaf) => {
                Expression::Leaf(*leaf).slice(1, 0, *inputs)
            }
            _ => Expression::Leaf(*leaf),
        })
    }
}

/// A vector as one row `[1, f]`.
fn as_row(of: Expression<Tensor>, size: Size) -> Expression<Tensor> {
    match of {
        Expression::Reduce { how: how @ Reduction::Sum, over: over @ Axes::One(0), keep: false, of } => {
            Expression::Reduce { how, over, keep: true, of }
        }
        // Leaves that were turned into columns are rows once they are turned back, and so is what is
        // made of them entry by entry.
        of if is_by_entry(&of) && has_turned_leaf(&of) => of,
        Expression::Product(factors) => Expression::Product(
            factors
                .into_iter()
                .map(|factor| match &*factor {
                    Expression::Reduce { over: Axes::One(0), .. } => {
                        Arc::new(as_row(Arc::unwrap_or_clone(factor), size))
                    }
                    _ => factor,
                })
                .collect(),
        ),
        other => Expression::Reshape { to: vec![Size::Fixed(1), size], of: Arc::new(other) },
    }
}

/// Whether each entry is made of the entries at the same place.
fn is_by_entry(of: &Expression<Tensor>) -> bool {
    match of {
        Expression::Leaf(_) | Expression::Number(_) | Expression::Setting { .. } | Expression::BatchSize => {
            true
        }
        Expression::Transpose(leaf) => matches!(**leaf, Expression::Leaf(_)),
        Expression::Named { .. }
        | Expression::Apply(..)
        | Expression::Sum(_)
        | Expression::Product(_)
        | Expression::Difference(..)
        | Expression::Quotient(..)
        | Expression::Power(..)
        | Expression::Maximum(..)
        | Expression::Minimum(..)
        | Expression::Compare(..)
        | Expression::Where(..) => of.parts().all(|part| is_by_entry(part)),
        _ => false,
    }
}

fn has_turned_leaf(of: &Expression<Tensor>) -> bool {
    matches!(of, Expression::Transpose(_)) || of.parts().any(|part| has_turned_leaf(part))
}

/// The scale s of the first loss, which all deltas are divided by where 1/N stands at the parameters.
pub fn common_scale(definitions: &Definitions<'_>) -> Option<Expression<Tensor>> {
    let losses = definitions.network().nodes.iter();
    let first = losses.filter(|(_, node)| node.kind.loss().is_some()).map(|(&id, _)| id).next()?;
    definitions.of(Tensor::LossScale(first))
}

fn with_scale_at_parameters(
    definitions: &Definitions<'_>,
    tensor: Tensor,
    of: Expression<Tensor>,
) -> Expression<Tensor> {
    let Some(scale) = common_scale(definitions) else { return of };
    match tensor {
        // The shares of time steps have it already.
        Tensor::ParameterGrad { time_step: None, .. } if definitions.n_steps() > 1 => of,
        Tensor::ParameterGrad { .. } => scale.named("s", Vec::new()) * of,
        Tensor::Grad { .. } | Tensor::PortGrad { .. } => {
            without_scale(definitions, &of, &scale).without_factors_of_one()
        }
        _ => of,
    }
}

/// Every s in a delta divided by the common one.
fn without_scale(
    definitions: &Definitions<'_>,
    of: &Expression<Tensor>,
    common: &Expression<Tensor>,
) -> Expression<Tensor> {
    if let Expression::Named { name: "s", body, .. } = of {
        let own = body.replace(&mut |leaf| definitions.of(*leaf).unwrap_or(Expression::Leaf(*leaf)));
        return if own == *common { number(1.0) } else { (own / common.clone()).named("s", Vec::new()) };
    }
    of.rebuild(&mut |piece| match piece {
        Piece::Leaf(leaf) => Expression::Leaf(*leaf),
        Piece::Part(part) => without_scale(definitions, part, common),
    })
}
