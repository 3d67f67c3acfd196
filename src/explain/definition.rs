//! How every tensor of a drawing is made, as an expression of other tensors.
//!
//! The ops' rules with the drawing's names put in: nothing is stated here a second time. Must not
//! know numbers or how a formula is drawn.

mod gradients;

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::quantity::Tensor;
use crate::algebra::{Expression, Operand, Size, number, setting, sizes_of};
use crate::autodiff::{Op, Rule, ops};
use crate::compile::op_of;
use crate::network::{
    CountedSteps, Edge, EdgeId, InitialState, LossNode, Network, Node, NodeId, NodeKind, ParameterKey,
    ParameterRole, Reduction as LossReduction, Shapes, Wiring,
};
use crate::tensor::Shape;
use crate::train::Pass;

/// The definitions of one drawing.
pub struct Definitions<'a> {
    network: &'a Network,
    shapes: &'a Shapes,
    wiring: Wiring,
    /// T; more than the drawing has where any time step is meant.
    n_steps: usize,
    /// The pass whose update is explained, if any.
    pass: Option<&'a Pass>,
    /// Whether any time step is meant: nothing is cut, and every step of a loss counts.
    is_any_time: bool,
    reached: OnceCell<BTreeSet<(NodeId, usize)>>,
    /// The copies that depend on an input or on what learns.
    variables: OnceCell<BTreeSet<(NodeId, usize)>>,
}

impl<'a> Definitions<'a> {
    /// Of a drawing with its shapes.
    pub fn new(network: &'a Network, shapes: &'a Shapes) -> Self {
        let wiring = network.wiring();
        let n_steps = network.n_steps.max(1);
        Self {
            network,
            shapes,
            wiring,
            n_steps,
            pass: None,
            is_any_time: false,
            reached: OnceCell::new(),
            variables: OnceCell::new(),
        }
    }

    /// The same for formulas that hold at any time step; [`middle`](Self::middle) stands for it.
    pub fn at_any_time(network: &'a Network, shapes: &'a Shapes) -> Self {
        let delay = longest_delay(network);
        Self { n_steps: 2 * delay + 1, is_any_time: true, ..Self::new(network, shapes) }
    }

    /// The same with the updates of a pass.
    #[must_use]
    pub fn with_updates_of(mut self, pass: &'a Pass) -> Self {
        self.pass = Some(pass);
        self
    }

    /// A time step with every delay before and after it.
    pub fn middle(&self) -> usize {
        if self.is_any_time { longest_delay(self.network) } else { 0 }
    }

    /// The drawing.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// T.
    pub fn n_steps(&self) -> usize {
        self.n_steps
    }

    /// The wires that arrive at a node, in port order.
    pub fn incoming(&self, node: NodeId) -> &[EdgeId] {
        self.wiring.incoming(node)
    }

    /// The output that a wire brings into a time step; `None` before time began.
    pub fn source_of(&self, edge: EdgeId, time_step: usize) -> Option<Tensor> {
        let drawn = self.edge(edge)?;
        Some(Tensor::Output { node: drawn.from, time_step: time_step.checked_sub(drawn.delay)? })
    }

    /// The axes of a tensor; none where its shape is not known.
    pub fn sizes(&self, tensor: Tensor) -> Vec<Size> {
        let of_node = |node: NodeId| self.shapes.node(node).map_or_else(Vec::new, sizes_of);
        let of_edge =
            |edge: EdgeId| self.network.edges.get(&edge).map_or_else(Vec::new, |it| of_node(it.from));
        match tensor {
            Tensor::Output { node, .. }
            | Tensor::Grad { node, .. }
            | Tensor::Mask { node, .. }
            | Tensor::Seed(node) => of_node(node),
            Tensor::PortValue { edge, .. } | Tensor::PortGrad { edge, .. } => of_edge(edge),
            Tensor::Parameter(key)
            | Tensor::ParameterGrad { key, .. }
            | Tensor::Update(key)
            | Tensor::UsedGrad(key)
            | Tensor::UpdateLine { key, .. }
            | Tensor::OptimizerState { key, .. } => {
                self.parameter_shape(key).map_or_else(Vec::new, |it| sizes_of(&it))
            }
            Tensor::LossValue(_)
            | Tensor::LossScale(_)
            | Tensor::TotalLoss
            | Tensor::TotalNorm
            | Tensor::ClipFactor
            | Tensor::GradNorm { .. }
            | Tensor::Metric(_)
            | Tensor::Column(_) => Vec::new(),
        }
    }

    /// How a tensor is made; `None` for what is given (data, parameters, masks) and for what nothing
    /// reaches.
    pub fn of(&self, tensor: Tensor) -> Option<Expression<Tensor>> {
        match tensor {
            Tensor::Output { node, time_step } => {
                if let Some(joined) = self.fused_value(node, time_step) {
                    return Some(joined);
                }
                let rule = self.rule(node)?;
                rule.value.try_replace(&mut |leaf| self.operand(node, time_step, *leaf, None).ok_or(())).ok()
            }
            Tensor::Grad { node, time_step } => self.gradient(node, time_step),
            Tensor::PortValue { edge, time_step } => self.arriving(edge, time_step),
            Tensor::PortGrad { edge, time_step } => self.port_gradient(edge, time_step),
            Tensor::ParameterGrad { key, time_step, sample } => {
                self.parameter_gradient(key, time_step, sample)
            }
            Tensor::LossValue(node) => self.loss_value(node),
            Tensor::LossScale(node) => {
                let Some(loss) = self.node(node)?.kind.loss() else {
                    // Backward starts at any other root with 1.
                    return self.network.roots.contains(&node).then_some(Expression::Number(1.0));
                };
                let seed = self.seed(loss, None);
                Some(match loss.kind.reduction() {
                    LossReduction::Sum => seed,
                    LossReduction::Mean | LossReduction::MeanOverSamples => {
                        seed / self.averaged_over(node, loss)?
                    }
                })
            }
            Tensor::TotalLoss => {
                let losses =
                    self.network.nodes.iter().filter_map(|(&id, node)| Some((id, node.kind.loss()?)));
                let weighted = losses.map(|(id, loss)| {
                    let value = Expression::Leaf(Tensor::LossValue(id));
                    if loss.weight == 1.0 { value } else { loss.weight * value }
                });
                let last = self.n_steps - 1;
                let roots = self.network.roots.iter().filter(|&&root| self.is_root(root, last));
                let roots = roots.map(|&root| Expression::Leaf(Tensor::LossValue(root)));
                Some(Expression::total(weighted.chain(roots).collect()))
            }
            Tensor::GradNorm { node, time_step } => self.reaches(node, time_step).then(|| {
                let grad = Expression::Leaf(Tensor::Grad { node, time_step });
                grad.squared().sum().apply(crate::algebra::Function::Sqrt)
            }),
            Tensor::Update(_)
            | Tensor::UsedGrad(_)
            | Tensor::UpdateLine { .. }
            | Tensor::TotalNorm
            | Tensor::ClipFactor => super::update::definition(self.pass?, tensor),
            Tensor::Parameter(_)
            | Tensor::Mask { .. }
            | Tensor::OptimizerState { .. }
            | Tensor::Seed(_)
            | Tensor::Metric(_)
            | Tensor::Column(_) => None,
        }
    }

    /// Whether a gradient reaches a node's output at a time step.
    pub fn reaches(&self, node: NodeId, time_step: usize) -> bool {
        self.reached.get_or_init(|| self.find_reached()).contains(&(node, time_step))
    }

    /// The losses that run joined with this activation, each with the time step of its copy.
    pub fn fused_losses(&self, node: NodeId, time_step: usize) -> Vec<(NodeId, usize)> {
        self.uses(node, time_step)
            .filter(|&(edge, at)| self.fused_op(edge, at).is_some())
            .filter_map(|(edge, at)| Some((self.network.edges.get(&edge)?.to, at)))
            .collect()
    }

    /// Whether a loss runs joined with the activation that this wire brings to it.
    pub fn is_fused(&self, edge: EdgeId, time_step: usize) -> bool {
        self.fused_op(edge, time_step).is_some()
    }

    fn node(&self, node: NodeId) -> Option<&'a Node> {
        self.network.nodes.get(&node)
    }

    fn edge(&self, edge: EdgeId) -> Option<&'a Edge> {
        self.network.edges.get(&edge)
    }

    fn op(&self, node: NodeId) -> Option<Arc<dyn Op<f64>>> {
        let shapes = self.argument_shapes(node)?;
        op_of(&self.node(node)?.kind, &shapes.iter().collect::<Vec<_>>())
    }

    /// The rule of a node's op on the shapes that arrive at it.
    pub fn rule(&self, node: NodeId) -> Option<Rule> {
        let shapes = self.argument_shapes(node)?;
        Some(self.op(node)?.rule(&shapes.iter().collect::<Vec<_>>()))
    }

    /// The shapes of an op's arguments: of its ports, and then of its parameters or its mask.
    fn argument_shapes(&self, node: NodeId) -> Option<Vec<Shape>> {
        let port = |edge: &EdgeId| self.shapes.edge(self.edge(*edge)?).cloned();
        let mut shapes: Vec<Shape> = self.incoming(node).iter().map(port).collect::<Option<_>>()?;
        for tensor in self.held(node, 0) {
            shapes.push(match tensor {
                Tensor::Parameter(key) => self.parameter_shape(key)?,
                _ => shapes.first()?.clone(),
            });
        }
        Some(shapes)
    }

    /// The axes of one argument of a node's op.
    pub(super) fn argument_sizes(&self, node: NodeId, arg: usize) -> Vec<Size> {
        let shapes = self.argument_shapes(node).unwrap_or_default();
        shapes.get(arg).map_or_else(Vec::new, sizes_of)
    }

    /// What stands for a leaf of a node's rule other than the incoming gradient.
    pub(super) fn argument_of(
        &self,
        node: NodeId,
        time_step: usize,
        leaf: Operand,
    ) -> Option<Expression<Tensor>> {
        self.operand(node, time_step, leaf, None)
    }

    /// What an op takes beside its ports: parameters and a mask.
    fn held(&self, node: NodeId, time_step: usize) -> Vec<Tensor> {
        let parameter = |role| Tensor::Parameter(ParameterKey::Node(node, role));
        match self.node(node).map(|node| &node.kind) {
            Some(NodeKind::Dense(dense)) => {
                let bias = dense.bias.then(|| parameter(ParameterRole::Bias));
                [parameter(ParameterRole::Weight)].into_iter().chain(bias).collect()
            }
            Some(NodeKind::Tensor(_)) => vec![parameter(ParameterRole::Value)],
            Some(kind @ (NodeKind::Dropout { .. } | NodeKind::Operation(_))) => {
                kind.noise().map(|_| Tensor::Mask { node, time_step }).into_iter().collect()
            }
            Some(
                NodeKind::Input(_)
                | NodeKind::Target(_)
                | NodeKind::Activation(_)
                | NodeKind::Add
                | NodeKind::Multiply
                | NodeKind::Concat { .. }
                | NodeKind::Reduce(_)
                | NodeKind::Reshape { .. }
                | NodeKind::Loss(_),
            )
            | None => Vec::new(),
        }
    }

    fn parameter_shape(&self, key: ParameterKey) -> Option<Shape> {
        match key {
            ParameterKey::Node(node, ParameterRole::Value) => self.shapes.node(node).cloned(),
            ParameterKey::Node(node, role) => {
                let dense = self.node(node)?.kind.dense()?;
                let input = self.shapes.edge(self.edge(*self.incoming(node).first()?)?)?;
                Some(match role {
                    ParameterRole::Weight => Shape::fixed(&[dense.units, input.features()]),
                    ParameterRole::Bias | ParameterRole::Value => Shape::fixed(&[dense.units]),
                })
            }
            ParameterKey::Initial(edge) => {
                let drawn = self.edge(edge)?;
                Some(Shape::fixed(&[drawn.delay, self.shapes.edge(drawn)?.features()]))
            }
        }
    }

    /// What stands for a leaf of a node's rule; `grad` is what stands for the incoming gradient.
    fn operand(
        &self,
        node: NodeId,
        time_step: usize,
        leaf: Operand,
        grad: Option<&Expression<Tensor>>,
    ) -> Option<Expression<Tensor>> {
        match leaf {
            Operand::Input(arg) => {
                let ports = self.incoming(node);
                match ports.get(arg) {
                    Some(edge) => self.arriving(*edge, time_step),
                    None => self.held(node, time_step).get(arg - ports.len()).copied().map(Expression::Leaf),
                }
            }
            Operand::Output => Some(Expression::Leaf(Tensor::Output { node, time_step })),
            Operand::Grad => grad.cloned(),
        }
    }

    /// What a wire brings into a time step: its source's output then, or its state before time began.
    fn arriving(&self, edge: EdgeId, time_step: usize) -> Option<Expression<Tensor>> {
        let drawn = self.edge(edge)?;
        if let Some(then) = time_step.checked_sub(drawn.delay) {
            return Some(Expression::Leaf(Tensor::Output { node: drawn.from, time_step: then }));
        }
        let sizes = self.shapes.edge(drawn).map(sizes_of)?;
        let key = ParameterKey::Initial(edge);
        match drawn.initial {
            InitialState::Zeros => Some(number(0.0).broadcast(sizes)),
            InitialState::Trained => {
                let shape = self.parameter_shape(key)?;
                let rule = Op::<f64>::rule(&ops::Expand { row: time_step }, &[&shape]);
                Some(rule.value.replace(&mut |_| Expression::Leaf(Tensor::Parameter(key))))
            }
        }
    }

    fn is_detached(&self, edge: &Edge, time_step: usize) -> bool {
        let is_unrecorded = self.node(edge.to).is_some_and(Node::is_unrecorded);
        is_unrecorded || !self.is_any_time && self.network.is_detached(time_step, edge.delay)
    }

    /// The port number that a wire arrives at, among those in use.
    fn argument(&self, edge: EdgeId) -> Option<usize> {
        self.incoming(self.edge(edge)?.to).iter().position(|other| *other == edge)
    }

    /// The stable form of a loss with the activation that a wire brings to it.
    fn fused_op(&self, edge: EdgeId, time_step: usize) -> Option<Arc<dyn Op<f64>>> {
        let drawn = self.edge(edge)?;
        let is_prediction = self.argument(edge)? == 0 && time_step >= drawn.delay;
        if !is_prediction || self.is_detached(drawn, time_step) || self.incoming(drawn.from).len() != 1 {
            return None;
        }
        self.op(drawn.to)?.fused_with(&*self.op(drawn.from)?)
    }

    /// How much a loss counts in the total at a time step, or at each that counts.
    fn seed(&self, loss: &LossNode, time_step: Option<usize>) -> Expression<Tensor> {
        let is_last = time_step.is_none_or(|step| self.is_any_time || step + 1 == self.n_steps);
        let n_steps = self.network.n_steps.max(1);
        match (loss.counted, loss.kind.reduction()) {
            (CountedSteps::Last, _) if !is_last => number(0.0),
            (CountedSteps::Every, LossReduction::Mean | LossReduction::MeanOverSamples) if n_steps > 1 => {
                number(loss.weight) / setting("T", n_steps as f64)
            }
            (CountedSteps::Last | CountedSteps::Every, _) => number(loss.weight),
        }
    }

    /// How many entries one step's loss averages over.
    fn averaged_over(&self, node: NodeId, loss: &LossNode) -> Option<Expression<Tensor>> {
        let prediction = self.shapes.edge(self.edge(*self.incoming(node).first()?)?)?;
        Some(match loss.kind.reduction() {
            LossReduction::Mean => Expression::count_of(prediction),
            LossReduction::MeanOverSamples => Expression::BatchSize,
            LossReduction::Sum => number(1.0),
        })
    }

    /// A loss over its counted time steps: their mean, or for a sum their sum.
    fn loss_value(&self, node: NodeId) -> Option<Expression<Tensor>> {
        let last = self.n_steps - 1;
        if self.is_root(node, last) {
            let output = Expression::Leaf(Tensor::Output { node, time_step: last });
            return Some(match self.network.seeds.get(&node) {
                Some(_) => (Expression::Leaf(Tensor::Seed(node)) * output).sum(),
                None => output.sum(),
            });
        }
        let loss = self.node(node)?.kind.loss()?;
        let at = |time_step: usize| Expression::Leaf(Tensor::Output { node, time_step });
        let counted = match loss.counted {
            CountedSteps::Last => self.n_steps - 1..self.n_steps,
            CountedSteps::Every => 0..self.n_steps,
        };
        let n = counted.len();
        let sum = Expression::total(counted.map(at).collect());
        Some(match loss.kind.reduction() {
            LossReduction::Mean | LossReduction::MeanOverSamples if n > 1 => sum / number(n as f64),
            LossReduction::Mean | LossReduction::MeanOverSamples | LossReduction::Sum => sum,
        })
    }
}

fn longest_delay(network: &Network) -> usize {
    network.edges.values().map(|edge| edge.delay).max().unwrap_or(0)
}
