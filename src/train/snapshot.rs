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
use super::values::Values;

/// Parameters of more numbers than this are no small matter to free.
const LARGE: usize = 1 << 18;

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

impl Pass {
    /// A node at a time step, where it was watched.
    pub fn node(&self, node: NodeId, time_step: usize) -> Option<&NodePass> {
        self.nodes.get(&(node, time_step))
    }

    /// Whether it holds so many numbers that freeing them takes time.
    pub fn is_large(&self) -> bool {
        self.parameters.values().map(|parameter| parameter.value.len()).sum::<usize>() > LARGE
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
