//! What the panels see of a training run: the numbers of one pass, copied.
//!
//! Must not know programs, threads or the window. All of one snapshot belongs to one forward
//! and backward pass: W and b as that pass used them, gradients as backward left them
//! (unclipped), and beside them the update Δ that the optimizer makes of them. While training
//! rests (paused, stepping), the pass shown is that of the batch that comes next, so W is also
//! what a save writes, and the next step adds exactly the Δ shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::autodiff::{Clip, OptimizerKind};
use crate::network::{EdgeId, LossKind, NodeId, ParameterKey, Parameters};

use super::path::WeightPath;
use super::progress::{Evaluation, Progress, RunState};

/// The newest state of a training run.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The revision of the document that this run was compiled from; others are stale.
    pub revision: u64,
    /// Counts the published snapshots of a trainer; a larger one is newer.
    pub sequence: u64,
    /// Running, at rest, or stopped and why.
    pub state: RunState,
    /// How far training has come.
    pub progress: Progress,
    /// The numbers of one pass; `None` where there is no data to run on.
    pub pass: Option<Arc<Pass>>,
    /// The weights of the whole network as that pass used them, where they were asked for.
    pub weights: Option<Arc<Parameters>>,
    /// The path that the weights took, where they were asked for.
    pub path: Option<Arc<WeightPath>>,
    /// The newest finished evaluation on the validation part (or else the training part).
    pub evaluation: Option<Arc<Evaluation>>,
}

/// Which samples the panels show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SampleView {
    /// Every sample of the batch; `grad_W` is the sum of their shares.
    #[default]
    Batch,
    /// Row n of the batch's values, and that sample's share of `grad_W`. Counts from 0 within the
    /// batch.
    Sample(usize),
    /// Usable row (or window) n of the data, in whichever part it is, run as a batch of one. Counts
    /// from 0, as [`Pass::rows`] does.
    Alone(usize),
}

/// Which floating-point type the run computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits. A number shown in full is the shortest that gives the same f32.
    F32,
    /// 64 bits.
    F64,
}

/// A tensor copied out of a run: numbers in C order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Values {
    shape: Vec<usize>,
    data: Arc<Vec<f64>>,
    largest: f64,
}

/// The numbers of one forward and backward pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// Counts optimizer steps from the start of the run; the first pass is 0.
    pub step: u64,
    /// What the numbers were computed with.
    pub precision: Precision,
    /// Which samples `nodes` and `parameters` show (asked for by [`super::Watch`]).
    pub view: SampleView,
    /// Usable rows (or windows) of the data that made this batch, in batch order. With
    /// [`SampleView::Alone`] just the one.
    pub rows: Vec<usize>,
    /// The weighted sum of all losses.
    pub loss: f64,
    /// Each loss of its own.
    pub losses: Vec<LossValue>,
    /// Watched nodes, at every time step.
    pub nodes: BTreeMap<(NodeId, usize), NodePass>,
    /// Parameters of watched nodes and of delayed edges that touch them.
    pub parameters: BTreeMap<ParameterKey, ParameterPass>,
    /// What the optimizer makes of the gradients after this pass; `None` where nothing is updated.
    pub optimizer: Option<OptimizerPass>,
    /// ‖dZ‖ of watched nodes by time step; empty without loops.
    pub grad_norms: BTreeMap<NodeId, Vec<Option<f64>>>,
}

/// How the gradients of one pass become updates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimizerPass {
    /// Which optimizer.
    pub kind: OptimizerKind,
    /// η.
    pub learning_rate: f64,
    /// How gradients are clipped before.
    pub clip: Clip,
    /// ‖∇L‖ over all gradients that are updated with, which clipping by norm looks at (`total_norm` of
    /// PyTorch's `clip_grad_norm_`); `None` where nothing is clipped by it.
    pub total_norm: Option<f64>,
    /// How many parameters these gradients are of.
    pub n_grads: usize,
    /// What clipping by norm multiplies every gradient by; 1 where it leaves them.
    pub clip_factor: f64,
}

/// The value of one loss node or other root.
#[derive(Clone, Debug, PartialEq)]
pub struct LossValue {
    /// The loss node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Which loss; `None` for another root, whose value, or vᵀ·value, is summed over the samples.
    pub kind: Option<LossKind>,
    /// Its weight in the total.
    pub weight: f64,
    /// Its value, before the weight; the mean over the counted steps, or their sum.
    pub value: f64,
    /// s of dZ = (A − Y)·s: 1/(N·out), 1/N or 1, with the loss's weight and the number of counted
    /// steps in it.
    pub scale: f64,
    /// The vector v that backward starts with at a root, once for every sample; `None` where it starts
    /// with 1.
    pub seed: Option<Values>,
    /// The time steps that count, from 0.
    pub counted_steps: Vec<usize>,
}

/// One node at one time step.
///
/// The letters: Dense shows X (the port's value), Z ([`output`](Self::output)), dZ
/// ([`grad`](Self::grad)) and dX (the port's grad); an activation shows Z (the port's value), A
/// (`output`), dA (`grad`) and dZ (the port's grad).
#[derive(Clone, Debug, PartialEq)]
pub struct NodePass {
    /// The node's value, `[N, features]`; `[]` for a loss.
    pub output: Values,
    /// d loss / d output, summed over all uses. `None` where nothing reached it. In a fused
    /// pair the long-way value where that is finite.
    pub grad: Option<Values>,
    /// One entry an input port, in port order.
    pub ports: Vec<PortPass>,
    /// The loss that this activation is fused into, if any.
    pub fused_into: Option<NodeId>,
    /// The dropout mask with its 1/(1−p), where the pass had one.
    pub mask: Option<Values>,
}

/// One input port of a node at one time step.
#[derive(Clone, Debug, PartialEq)]
pub struct PortPass {
    /// The edge that feeds it.
    pub edge: EdgeId,
    /// The node that it comes from.
    pub from: NodeId,
    /// The value that arrived.
    pub value: Values,
    /// The share of the gradient that the node sends back over this edge.
    pub grad: Option<Values>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterPass {
    /// Its name, such as `Dense 1.weight`.
    pub name: String,
    /// The numbers as the pass used them, `[out, in]`, `[out]` or `[delay, features]`.
    pub value: Values,
    /// What backward left, unclipped: the sum over the batch, or with [`SampleView::Sample`] that
    /// sample's share. `None` where it is frozen or was not reached.
    pub grad: Option<Values>,
    /// What the optimizer adds to the value after this pass. `None` where it adds nothing because
    /// the parameter is frozen or not reached, and with [`SampleView::Alone`].
    pub update: Option<Values>,
    /// The numbers after that update, to the bit as the next pass uses them.
    pub updated: Option<Values>,
    /// The whole batch's gradient after clipping, where it is another than `grad`.
    pub used_grad: Option<Values>,
    /// What the optimizer remembers from the steps before, by PyTorch's names. Empty in networks too
    /// large to copy it.
    pub state: Vec<(&'static str, Values)>,
    /// How many steps the optimizer has taken on it.
    pub steps: u64,
    /// False where it is frozen.
    pub trainable: bool,
    /// In unrolled networks each copy's own share of `grad`, in order of time; else empty.
    pub grad_steps: Vec<Values>,
}

impl Values {
    /// Numbers with their shape.
    pub fn new(shape: Vec<usize>, data: Vec<f64>) -> Self {
        Self::sharing(shape, Arc::new(data))
    }

    /// The same, without a copy of numbers that somebody else holds, too.
    pub fn sharing(shape: Vec<usize>, data: Arc<Vec<f64>>) -> Self {
        debug_assert_eq!(shape.iter().product::<usize>(), data.len(), "a shape and its numbers agree");
        let largest = largest(&data);
        Self { shape, data, largest }
    }

    /// The shape, `[N, features]` for batched values and `[out, in]` for weights; `[]` is a scalar.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers, row after row; an f32 is held exactly.
    pub fn data(&self) -> &[f64] {
        &self.data
    }

    /// Rows when shown as a matrix: a vector or a scalar is one row.
    pub fn n_rows(&self) -> usize {
        match self.shape.len() {
            0 | 1 => 1,
            _ => self.shape[0],
        }
    }

    /// Columns when shown as a matrix.
    pub fn n_columns(&self) -> usize {
        match self.shape.len() {
            0 => 1,
            1 => self.shape[0],
            _ => self.shape[1..].iter().product(),
        }
    }

    /// The number in a row and a column of the matrix shown, where there is one.
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        let n_columns = self.n_columns();
        if column >= n_columns {
            return None;
        }
        self.data.get(row * n_columns + column).copied()
    }

    /// One row of the matrix shown; empty outside of it.
    pub fn row(&self, row: usize) -> &[f64] {
        let n_columns = self.n_columns();
        self.data.get(row * n_columns..(row + 1) * n_columns).unwrap_or(&[])
    }

    /// One row of a batched value as a value of its own, `[1, …]`.
    #[must_use]
    pub fn only_row(&self, row: usize) -> Self {
        let data = self.row(row).to_vec();
        let n_rows = usize::from(!data.is_empty());
        match self.shape.get(1..) {
            Some(sizes @ [_, ..]) => Self::new([&[n_rows], sizes].concat(), data),
            _ => Self::new(vec![n_rows, data.len()], data),
        }
    }

    /// The largest finite magnitude, for color scales; 0 where there is none. Found once, when the
    /// numbers are copied: whoever draws them asks in every frame.
    pub fn largest(&self) -> f64 {
        self.largest
    }
}

/// The largest finite magnitude of some numbers; 0 where there is none.
pub fn largest(numbers: &[f64]) -> f64 {
    let magnitude = |x: f64| if x.abs() < f64::INFINITY { x.abs() } else { 0.0 };
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    // Several at a time: one by one each would wait for the one before.
    let (together, rest) = numbers.as_chunks::<8>();
    let lanes = together.iter().fold([0.0; 8], |mut lanes, numbers| {
        for (lane, &x) in lanes.iter_mut().zip(numbers) {
            *lane = larger(*lane, magnitude(x));
        }
        lanes
    });
    lanes.into_iter().chain(rest.iter().map(|&x| magnitude(x))).fold(0.0, larger)
}

impl Pass {
    /// A node at a time step, where it was watched.
    pub fn node(&self, node: NodeId, time_step: usize) -> Option<&NodePass> {
        self.nodes.get(&(node, time_step))
    }

    /// The sample whose share of the parameters' gradients is shown; `None` where it is their sum.
    pub fn shown_sample(&self) -> Option<usize> {
        match self.view {
            SampleView::Sample(n) => Some(n),
            SampleView::Batch | SampleView::Alone(_) => None,
        }
    }

    /// The row of the batched values that the view asks for: `Some(n)` for one sample (0 when it
    /// ran alone), `None` for the whole batch.
    pub fn shown_row(&self) -> Option<usize> {
        match self.view {
            SampleView::Batch => None,
            SampleView::Sample(n) => Some(n),
            SampleView::Alone(_) => Some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_magnitude_is_found_wherever_it_stands_and_only_among_finite_numbers() {
        for n in [1, 7, 8, 9, 40, 43] {
            for at in 0..n {
                let mut numbers: Vec<f64> = (0..n).map(|i| i as f64 / 50.0).collect();
                numbers[at] = -3.5;
                assert_eq!(largest(&numbers), 3.5, "{at} of {n}");
                numbers[at] = f64::NEG_INFINITY;
                numbers[n - 1 - at] = f64::NAN;
                let rest = (0..n).filter(|&i| i != at && i != n - 1 - at).max();
                assert_eq!(largest(&numbers), rest.map_or(0.0, |i| i as f64 / 50.0), "{at} of {n}");
            }
        }
        assert_eq!(largest(&[]), 0.0);
    }
}
