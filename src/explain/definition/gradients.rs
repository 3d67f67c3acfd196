//! Which gradients reach what, and how each is made from those of its users.
//!
//! Must not know numbers.

use std::collections::BTreeSet;

use super::Definitions;
use crate::algebra::{Expression, Operand, Size, number};
use crate::autodiff::{Op, Rule, ops};
use crate::explain::quantity::Tensor;
use crate::network::{Edge, EdgeId, Node, NodeId, ParameterKey};

/// A loss joined with the activation before it.
struct FusedPair {
    /// The wire into the activation.
    edge: EdgeId,
    /// The wire from the activation into the loss.
    prediction: EdgeId,
    /// The activation's time step.
    time_step: usize,
    /// The loss's time step.
    loss_step: usize,
}

impl Definitions<'_> {
    /// The wires over which a node's output at a time step is used, each with the user's time step.
    pub(in crate::explain) fn uses(
        &self,
        node: NodeId,
        time_step: usize,
    ) -> impl Iterator<Item = (EdgeId, usize)> + '_ {
        self.wiring.outgoing(node).iter().filter_map(move |&id| {
            let at = time_step + self.edge(id)?.delay;
            (at < self.n_steps).then_some((id, at))
        })
    }

    /// Whether the user at the end of a wire sends a gradient back over it.
    fn sends(&self, edge: EdgeId, time_step: usize) -> bool {
        let (Some(drawn), Some(arg)) = (self.edge(edge), self.argument(edge)) else { return false };
        !self.is_detached(drawn, time_step)
            && self.op(drawn.to).is_some_and(|op| op.passes(arg))
            && self.reaches(drawn.to, time_step)
            && self.brings_a_variable(drawn, time_step)
    }

    /// Whether backward starts at a node that is no loss.
    pub(super) fn is_root(&self, node: NodeId, time_step: usize) -> bool {
        let is_last = self.is_any_time || time_step + 1 == self.n_steps;
        let is_loss = self.node(node).is_none_or(|node| node.kind.is_loss());
        is_last && !is_loss && self.network.roots.contains(&node)
    }

    /// The copies that depend on an input or on what learns, be it past a cut; the others are constants, which
    /// have no gradient.
    fn find_variables(&self) -> BTreeSet<(NodeId, usize)> {
        let mut variables = BTreeSet::new();
        let order = self.network.topological_order().unwrap_or_default();
        for time_step in 0..self.n_steps {
            for &id in &order {
                let Some(node) = self.node(id) else { continue };
                let is_fed = |edge: &EdgeId| {
                    self.edge(*edge).is_some_and(|drawn| match time_step.checked_sub(drawn.delay) {
                        Some(then) => variables.contains(&(drawn.from, then)),
                        None => true,
                    })
                };
                let is_variable = match node.kind.tensor() {
                    Some(tensor) => tensor.requires_grad,
                    None if node.is_unrecorded() => false,
                    None if node.kind.data().is_some() || node.kind.dense().is_some() => true,
                    None => self.incoming(id).iter().any(is_fed),
                };
                if is_variable {
                    variables.insert((id, time_step));
                }
            }
        }
        variables
    }

    /// Whether what a wire brings can have a gradient.
    fn brings_a_variable(&self, edge: &Edge, time_step: usize) -> bool {
        let variables = self.variables.get_or_init(|| self.find_variables());
        time_step.checked_sub(edge.delay).is_none_or(|then| variables.contains(&(edge.from, then)))
    }

    pub(super) fn find_reached(&self) -> BTreeSet<(NodeId, usize)> {
        let mut reached = BTreeSet::new();
        let order = self.network.topological_order().unwrap_or_default();
        let variables = self.variables.get_or_init(|| self.find_variables());
        for time_step in (0..self.n_steps).rev() {
            for &node in order.iter().rev() {
                let is_loss = self.node(node).is_some_and(|node| node.kind.loss().is_some())
                    || self.is_root(node, time_step);
                let is_target = self.node(node).is_some_and(|node| node.kind.is_target());
                let is_used = || {
                    self.uses(node, time_step).any(|(edge, at)| {
                        let (Some(drawn), Some(arg)) = (self.edge(edge), self.argument(edge)) else {
                            return false;
                        };
                        !self.is_detached(drawn, at)
                            && reached.contains(&(drawn.to, at))
                            && self.op(drawn.to).is_some_and(|op| op.passes(arg))
                    })
                };
                if is_loss || !is_target && variables.contains(&(node, time_step)) && is_used() {
                    reached.insert((node, time_step));
                }
            }
        }
        reached
    }

    /// d loss / d output: what every use sends back.
    pub(super) fn gradient(&self, node: NodeId, time_step: usize) -> Option<Expression<Tensor>> {
        if !self.reaches(node, time_step) {
            return None;
        }
        let loss = self.node(node)?.kind.loss().map(|loss| self.seed(loss, Some(time_step)));
        let root = self.is_root(node, time_step).then(|| self.root_seed(node));
        let shares = self.uses(node, time_step).filter(|&(edge, at)| self.sends(edge, at));
        let shares = shares.filter_map(|(edge, at)| self.long_way(edge, at));
        Some(Expression::total(loss.into_iter().chain(root).chain(shares).collect()))
    }

    /// What backward starts with at a root that is no loss: its vector v, or ones.
    pub(in crate::explain) fn root_seed(&self, node: NodeId) -> Expression<Tensor> {
        match self.network.seeds.get(&node) {
            Some(_) => Expression::Leaf(Tensor::Seed(node)),
            None => number(1.0).broadcast(self.sizes(Tensor::Grad { node, time_step: 0 })),
        }
    }

    /// What a wire's user sends back to a source that is no fused activation, or the long way.
    fn long_way(&self, edge: EdgeId, time_step: usize) -> Option<Expression<Tensor>> {
        let user = self.edge(edge)?.to;
        if !self.fused_losses(user, time_step).is_empty() {
            return self.port_gradient(edge, time_step);
        }
        let grad = Expression::Leaf(Tensor::Grad { node: user, time_step });
        self.share(user, time_step, self.argument(edge)?, &grad)
    }

    /// What an action of a backward pass sends over a wire by the rule of the op at its end: all that
    /// arrives over the wire, but for a fused activation only what its other users send through it.
    pub(in crate::explain) fn sent_over(&self, edge: EdgeId, time_step: usize) -> Option<Expression<Tensor>> {
        let user = self.edge(edge)?.to;
        if self.fused_losses(user, time_step).is_empty() {
            return self.long_way(edge, time_step);
        }
        let sent = self.uses(user, time_step).filter(|&(edge, at)| self.sends(edge, at));
        let others: Vec<_> = sent
            .filter(|&(edge, at)| self.fused_op(edge, at).is_none())
            .map(|(edge, time_step)| Expression::Leaf(Tensor::PortGrad { edge, time_step }))
            .collect();
        if others.is_empty() {
            return None;
        }
        self.share(user, time_step, self.argument(edge)?, &Expression::total(others))
    }

    /// What the op at the end of a wire sends back over it for the gradient of its output, and what each
    /// loss that it is joined with sends past it: with the step past which node it goes. Each is linear in
    /// one `Grad`; the long way through a joined loss is not among them unless `long_way` asks for it.
    pub(in crate::explain) fn local_shares(
        &self,
        (edge, time_step): (EdgeId, usize),
        long_way: bool,
    ) -> Vec<(Expression<Tensor>, Option<NodeId>)> {
        let Some(user) = self.edge(edge).map(|edge| edge.to).filter(|_| self.sends(edge, time_step)) else {
            return Vec::new();
        };
        if self.is_fused(edge, time_step) && !long_way {
            return Vec::new();
        }
        let grad = Expression::Leaf(Tensor::Grad { node: user, time_step });
        let own = self.argument(edge).and_then(|arg| self.share(user, time_step, arg, &grad));
        let mut shares: Vec<_> = own.map(|share| (share, None)).into_iter().collect();
        let joined = self.uses(user, time_step).filter(|&(loss, at)| self.is_fused(loss, at));
        shares.extend(
            joined
                .filter_map(|(loss, at)| Some((self.fused_share(edge, loss, (time_step, at))?, Some(user)))),
        );
        shares
    }

    /// Where backward starts at a node: the factor of its output in the total loss. None elsewhere, and
    /// where a loss does not count.
    pub(in crate::explain) fn seed_at(&self, node: NodeId, time_step: usize) -> Option<Expression<Tensor>> {
        let seed = match self.node(node)?.kind.loss() {
            Some(loss) => self.seed(loss, Some(time_step)),
            None if !self.is_root(node, time_step) => return None,
            None if self.network.seeds.contains_key(&node) => Expression::Leaf(Tensor::Seed(node)),
            None => number(1.0),
        };
        (seed != number(0.0)).then_some(seed)
    }

    /// What an op sends back to an argument, for an incoming gradient.
    fn share(
        &self,
        node: NodeId,
        time_step: usize,
        arg: usize,
        grad: &Expression<Tensor>,
    ) -> Option<Expression<Tensor>> {
        let rule = self.rule(node)?;
        rule.sent(arg)?
            .try_replace(&mut |leaf| self.operand(node, time_step, *leaf, Some(grad)).ok_or(()))
            .ok()
    }

    /// What is sent back over a wire. A fused activation hands on what its losses send past it, and what
    /// other users of it send through it.
    pub(super) fn port_gradient(&self, edge: EdgeId, time_step: usize) -> Option<Expression<Tensor>> {
        if !self.sends(edge, time_step) {
            return None;
        }
        let user = self.edge(edge)?.to;
        if self.fused_losses(user, time_step).is_empty() {
            return self.long_way(edge, time_step);
        }
        let uses = self.uses(user, time_step).filter(|&(edge, at)| self.sends(edge, at));
        let mut shares: Vec<Expression<Tensor>> =
            uses.filter_map(|(loss, at)| self.fused_share(edge, loss, (time_step, at))).collect();
        shares.extend(self.sent_over(edge, time_step));
        Some(Expression::total(shares))
    }

    /// What a fused loss at the end of `prediction` sends straight to the input `edge` of the
    /// activation before it.
    pub(in crate::explain) fn fused_share(
        &self,
        edge: EdgeId,
        prediction: EdgeId,
        (time_step, loss_step): (usize, usize),
    ) -> Option<Expression<Tensor>> {
        let pair = FusedPair { edge, prediction, time_step, loss_step };
        let rule = self.fused_rule(&pair)?;
        rule.sent(0)?.try_replace(&mut |leaf| self.fused_operand(&pair, *leaf).ok_or(())).ok()
    }

    /// The value of a loss that runs joined with the activation before it.
    pub(super) fn fused_value(&self, loss: NodeId, loss_step: usize) -> Option<Expression<Tensor>> {
        let prediction = *self.incoming(loss).first()?;
        let drawn = self.edge(prediction)?;
        let time_step = loss_step.checked_sub(drawn.delay)?;
        let edge = *self.incoming(drawn.from).first()?;
        let pair = FusedPair { edge, prediction, time_step, loss_step };
        let rule = self.fused_rule(&pair)?;
        rule.value.try_replace(&mut |leaf| self.fused_operand(&pair, *leaf).ok_or(())).ok()
    }

    fn fused_rule(&self, pair: &FusedPair) -> Option<Rule> {
        let op = self.fused_op(pair.prediction, pair.loss_step)?;
        let shape = self.shapes.node(self.edge(pair.edge)?.to)?;
        Some(op.rule(&[shape, shape, shape]))
    }

    /// What stands for a leaf of a fused rule: Z, A and the target.
    fn fused_operand(&self, pair: &FusedPair, leaf: Operand) -> Option<Expression<Tensor>> {
        let (activation, loss) = (self.edge(pair.edge)?.to, self.edge(pair.prediction)?.to);
        let (time_step, loss_step) = (pair.time_step, pair.loss_step);
        match leaf {
            Operand::Input(0) => self.arriving(pair.edge, time_step),
            Operand::Input(1) => Some(Expression::Leaf(Tensor::Output { node: activation, time_step })),
            Operand::Input(_) => self.arriving(*self.incoming(loss).get(1)?, loss_step),
            Operand::Output => Some(Expression::Leaf(Tensor::Output { node: loss, time_step: loss_step })),
            Operand::Grad => Some(Expression::Leaf(Tensor::Grad { node: loss, time_step: loss_step })),
        }
    }

    /// d loss / d parameter: of one time step or of all, of one sample or of the batch.
    pub(super) fn parameter_gradient(
        &self,
        key: ParameterKey,
        time_step: Option<usize>,
        sample: Option<usize>,
    ) -> Option<Expression<Tensor>> {
        let Some(time_step) = time_step else {
            if self.n_steps == 1 || self.is_any_time {
                return self.parameter_gradient(key, Some(self.middle()), sample);
            }
            let used = (0..self.n_steps).filter(|&step| self.uses_parameter(key, step));
            let share = |step| Expression::Leaf(Tensor::ParameterGrad { key, time_step: Some(step), sample });
            let shares: Vec<_> = used.map(share).collect();
            return (!shares.is_empty()).then(|| Expression::total(shares));
        };
        if !self.uses_parameter(key, time_step) {
            return None;
        }
        let share = match key {
            ParameterKey::Node(node, role) => {
                let held = self.held(node, time_step);
                let arg = held
                    .iter()
                    .position(|&tensor| tensor == Tensor::Parameter(ParameterKey::Node(node, role)))?;
                let grad = Expression::Leaf(Tensor::Grad { node, time_step });
                self.share(node, time_step, self.incoming(node).len() + arg, &grad)?
            }
            ParameterKey::Initial(edge) => {
                let rule = Op::<f64>::rule(&ops::Expand { row: time_step }, &[&self.parameter_shape(key)?]);
                rule.sent(0)?.replace(&mut |leaf| match leaf {
                    Operand::Grad => Expression::Leaf(Tensor::PortGrad { edge, time_step }),
                    Operand::Input(_) | Operand::Output => Expression::Leaf(Tensor::Parameter(key)),
                })
            }
        };
        let Some(sample) = sample else { return Some(share) };
        // A share is linear in the gradient, so one sample's part is that of its row alone.
        Some(share.replace(&mut |tensor| {
            let leaf = Expression::Leaf(*tensor);
            let is_batched = self.sizes(*tensor).first() == Some(&Size::Batch);
            if is_batched { leaf.slice(0, sample, 1) } else { leaf }
        }))
    }

    /// Whether a parameter gets a share at a time step.
    pub fn uses_parameter(&self, key: ParameterKey, time_step: usize) -> bool {
        match key {
            ParameterKey::Node(node, _) => {
                let is_unrecorded = self.node(node).is_some_and(Node::is_unrecorded);
                !is_unrecorded && self.reaches(node, time_step)
            }
            ParameterKey::Initial(edge) => {
                self.edge(edge).is_some_and(|drawn| time_step < drawn.delay) && self.sends(edge, time_step)
            }
        }
    }
}
