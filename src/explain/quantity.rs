//! Which number: a name for every scalar that the program shows.
//!
//! A [`Tensor`] names a whole matrix of one pass, a [`Quantity`] one entry of it. Matrix cells,
//! formulas, links and the command line all speak of quantities. Must not know how a number is
//! made or drawn.

use crate::algebra::Entry;
use crate::autodiff::UpdateLine;
use crate::network::{EdgeId, Network, NodeId, ParameterKey};
use crate::train::{EpochRecord, Pass, Values};

use super::letter::{Letter, output_letter};

/// A tensor of one pass, by what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tensor {
    /// A node's output: X of an Input, Y, Z, A, or L of a loss before its weight.
    Output {
        /// The node.
        node: NodeId,
        /// The time step, from 0.
        time_step: usize,
    },
    /// d loss / d output of a node, the sum over all its uses: dX, dZ, dA, dL.
    Grad {
        /// The node.
        node: NodeId,
        /// The time step, from 0.
        time_step: usize,
    },
    /// What arrives over a wire.
    PortValue {
        /// The wire.
        edge: EdgeId,
        /// The time step of the node that receives it.
        time_step: usize,
    },
    /// The share of the gradient that is sent back over a wire.
    PortGrad {
        /// The wire.
        edge: EdgeId,
        /// The time step of the node that sends it back.
        time_step: usize,
    },
    /// The dropout mask M, with its 1/(1 − p).
    Mask {
        /// The Dropout node.
        node: NodeId,
        /// The time step, from 0.
        time_step: usize,
    },
    /// W, b, or a trained initial state.
    Parameter(ParameterKey),
    /// d loss / d parameter.
    ParameterGrad {
        /// The parameter.
        key: ParameterKey,
        /// One time step's share; all of them where there is none.
        time_step: Option<usize>,
        /// One sample's share, counted from 0; the sum over the batch where there is none.
        sample: Option<usize>,
    },
    /// What the optimizer adds to a parameter after the pass, Δ.
    Update(ParameterKey),
    /// The whole batch's gradient after clipping, as the optimizer uses it.
    UsedGrad(ParameterKey),
    /// What a line of the optimizer's step makes on the way to Δ.
    UpdateLine {
        /// The parameter.
        key: ParameterKey,
        /// Which line.
        line: UpdateLine,
    },
    /// What the optimizer remembers of a parameter from the steps before, by PyTorch's name.
    OptimizerState {
        /// The parameter.
        key: ParameterKey,
        /// `momentum_buffer`, `exp_avg`, …
        name: &'static str,
    },
    /// The value of a loss over its counted time steps, before its weight.
    LossValue(NodeId),
    /// s of dZ = (A − Y)·s, of a loss.
    LossScale(NodeId),
    /// v of a root that is no scalar: what backward starts with there.
    Seed(NodeId),
    /// The weighted sum of all losses.
    TotalLoss,
    /// ‖∇L‖ of all gradients together, which clipping by norm looks at.
    TotalNorm,
    /// What clipping by norm multiplies every gradient by.
    ClipFactor,
    /// ‖d loss / d output‖ of a node at a time step, in networks with loops.
    GradNorm {
        /// The node.
        node: NodeId,
        /// The time step, from 0.
        time_step: usize,
    },
    /// A metric of the newest evaluation; where the row is not 0, of the epoch that has this number. Where the
    /// column is not 0, of the loss with this number, counted from 1.
    Metric(Metric),
    /// A column of the data as the file has it; the row is the usable row.
    Column(usize),
}

/// A metric of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// The mean loss of the newest evaluation.
    Loss,
    /// The mean loss of the batches of the newest finished epoch, each before its own update.
    TrainLoss,
    /// The mean absolute error.
    Mae,
    /// The root of the mean squared error.
    Rmse,
    /// The share of the targets' variation that is explained.
    R2,
    /// The share of right answers.
    Accuracy,
}

/// One number: an entry of a tensor, at its place in the matrix as it is shown (a vector or a scalar is
/// one row; further axes follow one another in a row).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    /// Of which tensor.
    pub tensor: Tensor,
    /// The row: the sample of a batched value, the receiving unit of a weight.
    pub row: usize,
    /// The column.
    pub column: usize,
}

impl Quantity {
    /// The finished epoch that a metric is asked of; none for the newest one, and for other numbers.
    pub fn epoch(self) -> Option<usize> {
        (matches!(self.tensor, Tensor::Metric(_)) && self.row > 0).then_some(self.row)
    }

    /// The loss that a metric is asked of, counted from 0; none for the network's own, and for other numbers.
    pub fn loss(self) -> Option<usize> {
        self.column.checked_sub(1).filter(|_| matches!(self.tensor, Tensor::Metric(_)))
    }
}

impl Metric {
    /// It in the newest evaluation, of one of several losses.
    pub fn of_loss(self, loss: usize) -> Quantity {
        Tensor::Metric(self).at(0, loss + 1)
    }

    /// What it was after an epoch; none where it was not measured.
    pub fn of_epoch(self, record: &EpochRecord) -> Option<f64> {
        match self {
            Self::Loss => record.val_loss,
            Self::TrainLoss => Some(record.train_loss),
            Self::Mae => record.metrics.mae,
            Self::Rmse => record.metrics.rmse,
            Self::R2 => record.metrics.r2,
            Self::Accuracy => record.metrics.accuracy,
        }
    }

    /// It after this epoch.
    pub fn after(self, epoch: usize) -> Quantity {
        Tensor::Metric(self).at(epoch, 0)
    }
}

impl Tensor {
    /// One of its numbers.
    pub fn at(self, row: usize, column: usize) -> Quantity {
        Quantity { tensor: self, row, column }
    }

    /// The node that it belongs to.
    pub fn node(self, network: &Network) -> Option<NodeId> {
        match self {
            Self::Output { node, .. }
            | Self::Grad { node, .. }
            | Self::Mask { node, .. }
            | Self::GradNorm { node, .. }
            | Self::LossValue(node)
            | Self::LossScale(node)
            | Self::Seed(node) => Some(node),
            Self::PortValue { edge, .. } | Self::PortGrad { edge, .. } => Some(network.edges.get(&edge)?.to),
            Self::Parameter(key)
            | Self::ParameterGrad { key, .. }
            | Self::Update(key)
            | Self::UsedGrad(key)
            | Self::UpdateLine { key, .. }
            | Self::OptimizerState { key, .. } => match key {
                ParameterKey::Node(node, _) => Some(node),
                ParameterKey::Initial(edge) => Some(network.edges.get(&edge)?.to),
            },
            Self::TotalLoss | Self::TotalNorm | Self::ClipFactor | Self::Metric(_) | Self::Column(_) => None,
        }
    }

    /// The time step that it is of; of a parameter's gradient, that of the share.
    pub fn time_step(self) -> Option<usize> {
        match self {
            Self::Output { time_step, .. }
            | Self::Grad { time_step, .. }
            | Self::PortValue { time_step, .. }
            | Self::PortGrad { time_step, .. }
            | Self::Mask { time_step, .. }
            | Self::GradNorm { time_step, .. } => Some(time_step),
            Self::ParameterGrad { time_step, .. } => time_step,
            Self::Parameter(_)
            | Self::Update(_)
            | Self::UsedGrad(_)
            | Self::UpdateLine { .. }
            | Self::OptimizerState { .. }
            | Self::LossValue(_)
            | Self::LossScale(_)
            | Self::Seed(_)
            | Self::TotalLoss
            | Self::TotalNorm
            | Self::ClipFactor
            | Self::Metric(_)
            | Self::Column(_) => None,
        }
    }

    /// The same at another time: what stands at `from` stands at `to`.
    #[must_use]
    pub fn moved_in_time(mut self, from: usize, to: usize) -> Self {
        match &mut self {
            Self::Output { time_step, .. }
            | Self::Grad { time_step, .. }
            | Self::PortValue { time_step, .. }
            | Self::PortGrad { time_step, .. }
            | Self::Mask { time_step, .. }
            | Self::GradNorm { time_step, .. } => *time_step = (*time_step + to).saturating_sub(from),
            Self::Parameter(_)
            | Self::ParameterGrad { .. }
            | Self::Update(_)
            | Self::UsedGrad(_)
            | Self::UpdateLine { .. }
            | Self::OptimizerState { .. }
            | Self::LossValue(_)
            | Self::LossScale(_)
            | Self::Seed(_)
            | Self::TotalLoss
            | Self::TotalNorm
            | Self::ClipFactor
            | Self::Metric(_)
            | Self::Column(_) => {}
        }
        self
    }

    /// Whether it belongs to the color family of gradients.
    pub fn is_gradient(self) -> bool {
        match self {
            Self::Grad { .. }
            | Self::PortGrad { .. }
            | Self::ParameterGrad { .. }
            | Self::UsedGrad(_)
            | Self::Seed(_)
            | Self::GradNorm { .. } => true,
            Self::Output { .. }
            | Self::PortValue { .. }
            | Self::Mask { .. }
            | Self::Parameter(_)
            | Self::Update(_)
            | Self::UpdateLine { .. }
            | Self::OptimizerState { .. }
            | Self::LossValue(_)
            | Self::LossScale(_)
            | Self::TotalLoss
            | Self::TotalNorm
            | Self::ClipFactor
            | Self::Metric(_)
            | Self::Column(_) => false,
        }
    }

    /// Its letter, and the node or wire that it belongs to where there is one.
    pub fn letter(self, network: &Network) -> Letter {
        let of_node =
            |node: &NodeId| network.nodes.get(node).map_or(Letter::A, |node| output_letter(&node.kind));
        let of_source = |edge: &EdgeId| network.edges.get(edge).map_or(Letter::X, |edge| of_node(&edge.from));
        match self {
            Self::Output { node, .. } => of_node(&node),
            Self::Grad { node, .. } | Self::GradNorm { node, .. } => of_node(&node).gradient(),
            Self::PortValue { edge, .. } => of_source(&edge),
            Self::PortGrad { edge, .. } => of_source(&edge).gradient(),
            Self::Mask { .. } => Letter::M,
            Self::Parameter(key) | Self::OptimizerState { key, .. } => Letter::of_parameter(key),
            Self::ParameterGrad { key, .. }
            | Self::UsedGrad(key)
            | Self::UpdateLine { key, line: UpdateLine::Decayed } => Letter::of_parameter(key).gradient(),
            Self::Update(_) | Self::UpdateLine { .. } => Letter::Delta,
            Self::LossValue(_) | Self::TotalLoss | Self::Metric(_) => Letter::L,
            Self::LossScale(_) | Self::ClipFactor => Letter::S,
            Self::TotalNorm => Letter::Dl,
            Self::Seed(_) => Letter::V,
            Self::Column(_) => Letter::X,
        }
    }
}

impl Quantity {
    /// One entry of a tensor of an expression: a vector is one row, further axes follow one another.
    pub fn of_entry(entry: &Entry<Tensor>, sizes: &[usize]) -> Self {
        let (row, column) = match entry.index.as_slice() {
            [] => (0, 0),
            [column] => (0, *column),
            [row, rest @ ..] => {
                let inner = rest.iter().zip(sizes.iter().skip(1));
                (*row, inner.fold(0, |place, (&at, &size)| place * size + at))
            }
        };
        Self { tensor: entry.of, row, column }
    }

    /// Its index in a tensor of these sizes; the reverse of [`of_entry`](Self::of_entry).
    pub fn index(&self, sizes: &[usize]) -> Vec<usize> {
        match sizes {
            [] => Vec::new(),
            [_] => vec![self.column],
            [_, rest @ ..] => {
                let mut index = vec![0; rest.len()];
                let mut place = self.column;
                for (at, &size) in index.iter_mut().zip(rest).rev() {
                    *at = place % size.max(1);
                    place /= size.max(1);
                }
                std::iter::once(self.row).chain(index).collect()
            }
        }
    }

    /// The number itself, as a pass has it; `None` where that pass has no such number.
    pub fn value(&self, pass: &Pass) -> Option<f64> {
        let first = || (self.row == 0 && self.column == 0).then_some(());
        match self.tensor {
            Tensor::LossValue(node) => {
                first()?;
                Some(pass.losses.iter().find(|loss| loss.node == node)?.value)
            }
            Tensor::LossScale(node) => {
                first()?;
                Some(pass.losses.iter().find(|loss| loss.node == node)?.scale)
            }
            Tensor::TotalLoss => first().map(|()| pass.loss),
            Tensor::TotalNorm | Tensor::ClipFactor => {
                first()?;
                let optimizer = pass.optimizer?;
                let norm = optimizer.total_norm?;
                Some(if self.tensor == Tensor::TotalNorm { norm } else { optimizer.clip_factor })
            }
            Tensor::UpdateLine { key, line } => super::update::line_value(pass, (key, line), self),
            // Without a mask nothing is dropped.
            Tensor::Mask { node, time_step } if pass.node(node, time_step)?.mask.is_none() => Some(1.0),
            Tensor::GradNorm { node, time_step } => {
                first()?;
                *pass.grad_norms.get(&node)?.get(time_step)?
            }
            _ => values_of(self.tensor, pass)?.get(self.row, self.column),
        }
    }
}

/// All numbers of a tensor, also where a pass holds it as a number, or holds what it is made of.
pub fn numbers_of(tensor: Tensor, pass: &Pass) -> Option<Values> {
    match (tensor, values_of(tensor, pass)) {
        (_, Some(values)) => Some(values.clone()),
        (Tensor::UpdateLine { key, line }, None) => super::update::line_values(pass, (key, line)),
        (
            Tensor::LossValue(_)
            | Tensor::LossScale(_)
            | Tensor::TotalLoss
            | Tensor::TotalNorm
            | Tensor::ClipFactor
            | Tensor::GradNorm { .. },
            None,
        ) => Some(Values::new(Vec::new(), vec![tensor.at(0, 0).value(pass)?])),
        (Tensor::Mask { node, time_step }, None) => {
            // Without a mask nothing is dropped.
            let output = &pass.node(node, time_step)?.output;
            Some(Values::new(output.shape().to_vec(), vec![1.0; output.len()]))
        }
        _ => None,
    }
}

/// The numbers of a tensor, where a pass holds them as a tensor.
pub fn values_of(tensor: Tensor, pass: &Pass) -> Option<&Values> {
    let port = |edge: EdgeId, time_step: usize| {
        let at_step = pass.nodes.iter().filter(move |((_, at), _)| *at == time_step);
        at_step.flat_map(|(_, node)| &node.ports).find(|port| port.edge == edge)
    };
    match tensor {
        Tensor::Output { node, time_step } => Some(&pass.node(node, time_step)?.output),
        Tensor::Grad { node, time_step } => pass.node(node, time_step)?.grad.as_ref(),
        Tensor::PortValue { edge, time_step } => Some(&port(edge, time_step)?.value),
        Tensor::PortGrad { edge, time_step } => port(edge, time_step)?.grad.as_ref(),
        Tensor::Mask { node, time_step } => pass.node(node, time_step)?.mask.as_ref(),
        Tensor::Parameter(key) => Some(&pass.parameters.get(&key)?.value),
        Tensor::ParameterGrad { key, time_step, sample } => {
            let parameter = pass.parameters.get(&key)?;
            if sample != pass.shown_sample() {
                return None;
            }
            match time_step {
                None => parameter.grad.as_ref(),
                Some(step) => parameter.grad_steps.get(step),
            }
        }
        Tensor::Update(key) => pass.parameters.get(&key)?.update.as_ref(),
        Tensor::UsedGrad(key) => {
            let parameter = pass.parameters.get(&key)?;
            parameter.used_grad.as_ref().or(parameter.grad.as_ref())
        }
        Tensor::OptimizerState { key, name } => {
            let mut state = pass.parameters.get(&key)?.state.iter();
            state.find(|(other, _)| *other == name).map(|(_, values)| values)
        }
        Tensor::Seed(node) => pass.losses.iter().find(|loss| loss.node == node)?.seed.as_ref(),
        Tensor::UpdateLine { .. }
        | Tensor::LossValue(_)
        | Tensor::LossScale(_)
        | Tensor::TotalLoss
        | Tensor::TotalNorm
        | Tensor::ClipFactor
        | Tensor::GradNorm { .. }
        | Tensor::Metric(_)
        | Tensor::Column(_) => None,
    }
}
