//! `.grad` between calls: `backward()` adds to it, `zero_grad()` forgets it, and the graph that a forward
//! pass built is freed by the first `backward()` unless it is retained.
//!
//! A state machine over the numbers of passes; must not know where a pass comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::Autograd;
use crate::network::{NodeId, ParameterKey};
use crate::train::{Pass, Values};
use crate::words::{Message, ToMessage};

/// Why `backward()` cannot run; PyTorch's own complaints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The graph was freed by an earlier `backward()`.
    Freed,
    /// No root requires a gradient.
    NoGrad,
}

/// What every `.grad` holds.
#[derive(Clone, Debug, Default)]
pub struct Grads {
    leaves: BTreeMap<ParameterKey, Values>,
    inner: BTreeMap<(NodeId, usize), Values>,
    retained: BTreeSet<NodeId>,
    retains_graph: bool,
    is_freed: bool,
    n_backward: usize,
    refused: Option<Refusal>,
}

impl Grads {
    /// A new forward pass built the graph anew. Leaves keep their `.grad`; inner values are new tensors.
    pub fn forward(&mut self) {
        self.is_freed = false;
        self.inner.clear();
        self.refused = None;
    }

    /// Everything starts anew: other leaves.
    pub fn restart(&mut self) {
        self.forward();
        self.zero_grad();
    }

    /// `optimizer.zero_grad()`: no leaf has a `.grad`.
    pub fn zero_grad(&mut self) {
        self.leaves.clear();
        self.n_backward = 0;
        self.refused = None;
    }

    /// Whether an inner value keeps its `.grad` from now on.
    pub fn set_retained(&mut self, node: NodeId, is_retained: bool) {
        if is_retained {
            self.retained.insert(node);
        } else {
            self.retained.remove(&node);
            self.inner.retain(|(other, _), _| *other != node);
        }
    }

    /// Whether `backward(retain_graph=True)` is called from now on.
    pub fn set_retains_graph(&mut self, retains: bool) {
        self.retains_graph = retains;
        self.refused = None;
    }

    /// `backward()` of a pass: adds its gradients to the leaves' and to those of retained values.
    ///
    /// # Errors
    /// When PyTorch would refuse; nothing changes but that [`refused`](Self::refused) says so.
    pub fn backward(&mut self, autograd: &Autograd, pass: &Pass) -> Result<(), Refusal> {
        let refused = if !autograd.is_differentiable {
            Some(Refusal::NoGrad)
        } else if self.is_freed && autograd.has_to_free {
            Some(Refusal::Freed)
        } else {
            None
        };
        self.refused = refused;
        if let Some(refusal) = refused {
            return Err(refusal);
        }
        for (&key, parameter) in pass.parameters.iter().filter(|(key, _)| autograd.reaches(**key)) {
            let shape = parameter.value.shape();
            // Where nothing comes here, PyTorch brings zeros: through a sign or a rounding.
            let zeros = || Values::new(shape.to_vec(), vec![0.0; parameter.value.len()]);
            let share = parameter.grad.clone().unwrap_or_else(zeros);
            add(&mut self.leaves, key, &share);
        }
        for (&(node, time_step), values) in &pass.nodes {
            if self.retained.contains(&node)
                && let Some(grad) = &values.grad
            {
                add(&mut self.inner, (node, time_step), grad);
            }
        }
        self.n_backward += 1;
        self.is_freed = !self.retains_graph;
        Ok(())
    }

    /// `.grad` of a leaf; `None` before `backward()`.
    pub fn of_leaf(&self, key: ParameterKey) -> Option<&Values> {
        self.leaves.get(&key)
    }

    /// `.grad` of an inner value that retains it.
    pub fn of_inner(&self, node: NodeId, time_step: usize) -> Option<&Values> {
        self.inner.get(&(node, time_step))
    }

    /// Whether an inner value keeps its `.grad`.
    pub fn is_retained(&self, node: NodeId) -> bool {
        self.retained.contains(&node)
    }

    /// Whether `backward()` leaves the graph.
    pub fn retains_graph(&self) -> bool {
        self.retains_graph
    }

    /// Whether the graph of the newest forward pass is gone.
    pub fn is_freed(&self) -> bool {
        self.is_freed
    }

    /// How many passes the leaves' `.grad` adds up.
    pub fn n_backward(&self) -> usize {
        self.n_backward
    }

    /// Why the newest `backward()` did nothing.
    pub fn refused(&self) -> Option<Refusal> {
        self.refused
    }
}

/// Adds numbers to those that are there; others of another shape make way.
fn add<K: Ord>(sums: &mut BTreeMap<K, Values>, key: K, share: &Values) {
    let sum = match sums.get(&key) {
        Some(before) if before.shape() == share.shape() => {
            let sums = before.data().iter().zip(share.data()).map(|(a, b)| a + b);
            Values::new(share.shape().to_vec(), sums.collect())
        }
        _ => share.clone(),
    };
    sums.insert(key, sum);
}

impl ToMessage for Refusal {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Freed => "autograd-freed",
            Self::NoGrad => "autograd-no-grad",
        })
    }
}
