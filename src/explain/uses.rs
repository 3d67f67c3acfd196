//! What a number goes into: the other way round than how it is made.
//!
//! Found from the same definitions, near the number's node; one number costs the definitions around it,
//! never a tensor. Must not know words or drawing.

use std::collections::BTreeSet;

use super::card::Explainer;
use super::quantity::{Quantity, Tensor};
use crate::algebra::{Pattern, Users, concrete};
use crate::autodiff::UpdateLine;
use crate::network::{NodeId, ParameterKey, ParameterRole};
use crate::train::SampleView;

/// How many wires away a number may be used: a target reaches the delta that it is fused into over
/// three.
const REACH: usize = 3;
/// More nodes are not asked.
const MOST_NODES: usize = 64;
/// So many numbers of one tensor are named.
const MOST_NAMED: usize = 6;

/// A tensor that a number goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The first of its numbers that are made from it.
    pub named: Vec<Quantity>,
    /// How many there are.
    pub n: usize,
}

impl Explainer<'_> {
    /// What a number goes into, as far as the pass has it.
    pub fn uses(&self, of: Quantity) -> Vec<Use> {
        self.candidates(of.tensor).into_iter().filter_map(|tensor| self.used_in(of, tensor)).collect()
    }

    fn used_in(&self, of: Quantity, tensor: Tensor) -> Option<Use> {
        let definitions = self.definitions();
        let definition = definitions.of(tensor)?;
        if tensor == of.tensor || !definition.any_leaf(&|leaf| *leaf == of.tensor) {
            return None;
        }
        let sizes = |leaf: &Tensor| definitions.sizes(*leaf);
        let index = of.index(&concrete(&sizes(&of.tensor), self.batch()));
        let patterns = Users::new(self.batch(), &sizes).of(&definition, &of.tensor, &index);
        let outer = self.sizes(tensor);
        let n = patterns.iter().map(|pattern| pattern.count(&outer)).sum();
        let quantity = |index: Vec<usize>| {
            let entry = crate::algebra::Entry { of: tensor, index };
            Quantity::of_entry(&entry, &outer)
        };
        let entries = patterns.iter().flat_map(|pattern: &Pattern| pattern.entries(&outer));
        let named: Vec<Quantity> = entries
            .map(quantity)
            .take(MOST_NAMED)
            .filter(|&quantity| self.value(quantity).is_some())
            .collect();
        (!named.is_empty()).then_some(Use { named, n })
    }

    /// The tensors that may be made from one.
    fn candidates(&self, tensor: Tensor) -> Vec<Tensor> {
        let network = self.definitions().network();
        let mut found = Vec::new();
        if let Some(key) = key_of(tensor) {
            found.push(Tensor::ParameterGrad { key, time_step: None, sample: self.sample() });
            found.push(Tensor::UsedGrad(key));
            let states = ["momentum_buffer", "square_avg", "sum", "exp_avg", "exp_avg_sq"];
            let lines = [UpdateLine::Decayed].into_iter().chain(states.map(UpdateLine::State));
            let lines = lines.chain(["exp_avg", "exp_avg_sq"].map(UpdateLine::Corrected));
            found.extend(lines.map(|line| Tensor::UpdateLine { key, line }));
            found.push(Tensor::Update(key));
        }
        for time_step in self.time_steps(tensor) {
            for &node in &self.near(tensor) {
                found.push(Tensor::Output { node, time_step });
                found.push(Tensor::Grad { node, time_step });
                if let Some(dense) = network.nodes.get(&node).and_then(|node| node.kind.dense()) {
                    let bias = dense.bias.then_some(ParameterRole::Bias);
                    let roles = [ParameterRole::Weight].into_iter().chain(bias);
                    let step = (self.definitions().n_steps() > 1).then_some(time_step);
                    found.extend(roles.map(|role| Tensor::ParameterGrad {
                        key: ParameterKey::Node(node, role),
                        time_step: step,
                        sample: self.sample(),
                    }));
                }
            }
        }
        for &node in &self.near(tensor) {
            if network.nodes.get(&node).is_some_and(|node| node.kind.is_loss()) {
                found.push(Tensor::LossValue(node));
            }
        }
        found.extend([Tensor::TotalLoss, Tensor::TotalNorm, Tensor::ClipFactor]);
        let mut seen = BTreeSet::new();
        found.retain(|tensor| seen.insert(*tensor));
        found
    }

    /// The sample whose share of the gradients is shown.
    fn sample(&self) -> Option<usize> {
        match self.view() {
            Some(SampleView::Sample(sample)) => Some(sample),
            Some(SampleView::Batch | SampleView::Alone(_)) | None => None,
        }
    }

    /// The time steps at which a tensor may be used.
    fn time_steps(&self, tensor: Tensor) -> std::ops::Range<usize> {
        const AROUND: usize = 32;
        let n_steps = self.definitions().n_steps();
        let delays = self.definitions().network().edges.values().map(|edge| edge.delay);
        let delay = delays.max().unwrap_or(0);
        match tensor.time_step() {
            Some(step) => step.saturating_sub(delay)..(step + delay + 1).min(n_steps),
            None => 0..n_steps.min(AROUND),
        }
    }

    /// The nodes around a tensor's own.
    fn near(&self, tensor: Tensor) -> BTreeSet<NodeId> {
        let network = self.definitions().network();
        let mut near: BTreeSet<NodeId> = tensor.node(network).into_iter().collect();
        for _ in 0..REACH {
            let edges = network.edges.values();
            let ends = edges.filter(|edge| near.contains(&edge.from) || near.contains(&edge.to));
            let wider: BTreeSet<NodeId> = ends.flat_map(|edge| [edge.from, edge.to]).collect();
            if wider.len() > MOST_NODES {
                break;
            }
            near.extend(wider);
        }
        near
    }
}

fn key_of(tensor: Tensor) -> Option<ParameterKey> {
    match tensor {
        Tensor::Parameter(key)
        | Tensor::ParameterGrad { key, .. }
        | Tensor::UsedGrad(key)
        | Tensor::UpdateLine { key, .. }
        | Tensor::OptimizerState { key, .. } => Some(key),
        _ => None,
    }
}
