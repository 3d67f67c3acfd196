//! When a node of a network with several time steps is computed: before the loop over time, in it,
//! or after it.
//!
//! Must not write Python.

use std::collections::{BTreeMap, BTreeSet};

use crate::network::{CountedSteps, EdgeId, InitialState, Network, NodeId, NodeKind, Wiring};

/// When a node is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Once, before the loop: it is the same at every time step.
    Before,
    /// At every time step.
    Within,
    /// Once, after the loop: only the last time step counts.
    After,
}

/// A value that travels from one time step to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// Whose output.
    pub(super) from: NodeId,
    /// How many time steps later it arrives.
    pub(super) delay: usize,
    /// The edge whose trained initial state it starts from; zeros without.
    pub(super) trained: Option<EdgeId>,
}

/// The order of a forward pass.
#[derive(Clone, Debug)]
pub(super) struct Timing {
    /// Nodes that lead to a loss, each after what it needs within a time step.
    pub(super) order: Vec<NodeId>,
    /// States in the order of their first use.
    pub(super) states: Vec<State>,
    moments: BTreeMap<NodeId, Moment>,
}

impl Timing {
    /// Works out what is computed when. An undelayed cycle gives an empty order; such a drawing has a
    /// problem and is not exported.
    pub(super) fn of(network: &Network) -> Self {
        let wiring = network.wiring();
        let order = network.topological_order().unwrap_or_default();
        let needed = needed(network, &wiring);
        let order: Vec<NodeId> = order.into_iter().filter(|id| needed.contains(id)).collect();
        let moments = if network.n_steps > 1 {
            moments(network, &wiring, &order)
        } else {
            order.iter().map(|&id| (id, Moment::Before)).collect()
        };
        let mut states = Vec::new();
        for &id in order.iter().chain(losses(network)) {
            for edge in wiring.incoming(id) {
                if let Some(state) = network.edges.get(edge).and_then(|drawn| State::of(*edge, drawn))
                    && !states.contains(&state)
                {
                    states.push(state);
                }
            }
        }
        Self { order, states, moments }
    }

    /// When a node is computed.
    pub(super) fn moment(&self, node: NodeId) -> Moment {
        self.moments.get(&node).copied().unwrap_or(Moment::Before)
    }
}

impl State {
    /// What a delayed edge carries; nothing for a plain one.
    pub(super) fn of(id: EdgeId, edge: &crate::network::Edge) -> Option<Self> {
        (edge.delay > 0).then(|| Self {
            from: edge.from,
            delay: edge.delay,
            trained: (edge.initial == InitialState::Trained).then_some(id),
        })
    }
}

fn losses(network: &Network) -> impl Iterator<Item = &NodeId> {
    network.nodes.iter().filter(|(_, node)| node.kind.loss().is_some()).map(|(id, _)| id)
}

/// Nodes from which a loss is reached, at any time step.
fn needed(network: &Network, wiring: &Wiring) -> BTreeSet<NodeId> {
    let mut needed = BTreeSet::new();
    let mut stack: Vec<NodeId> = losses(network).copied().collect();
    while let Some(at) = stack.pop() {
        for edge in wiring.incoming(at).iter().filter_map(|id| network.edges.get(id)) {
            if needed.insert(edge.from) {
                stack.push(edge.from);
            }
        }
    }
    needed
}

fn moments(network: &Network, wiring: &Wiring, order: &[NodeId]) -> BTreeMap<NodeId, Moment> {
    let mut moments = BTreeMap::new();
    // Forwards: what changes with time.
    for &id in order {
        let changes = network.nodes.get(&id).is_some_and(|node| match &node.kind {
            NodeKind::Input(data) | NodeKind::Target(data) => data.per_step,
            NodeKind::Dropout { .. } => true,
            NodeKind::Dense(_)
            | NodeKind::Activation(_)
            | NodeKind::Add
            | NodeKind::Multiply
            | NodeKind::Concat { .. }
            | NodeKind::Tensor(_)
            | NodeKind::Operation(_)
            | NodeKind::Reduce(_)
            | NodeKind::Reshape { .. }
            | NodeKind::Loss(_) => {
                let mut incoming = wiring.incoming(id).iter().filter_map(|edge| network.edges.get(edge));
                incoming.any(|edge| edge.delay > 0 || moments.get(&edge.from) != Some(&Moment::Before))
            }
        });
        moments.insert(id, if changes { Moment::Within } else { Moment::Before });
    }
    // Backwards: what only the last time step needs.
    let mut every = BTreeSet::new();
    for edge in network.edges.values().filter(|edge| edge.delay > 0) {
        every.extend([edge.from, edge.to]);
    }
    for &loss in losses(network) {
        let counted = network.nodes.get(&loss).and_then(|node| node.kind.loss()).map(|loss| loss.counted);
        if counted == Some(CountedSteps::Every) {
            every.extend(wiring.incoming(loss).iter().filter_map(|id| network.edges.get(id)).map(|e| e.from));
        }
    }
    for &id in order.iter().rev() {
        if every.contains(&id) {
            every.extend(wiring.incoming(id).iter().filter_map(|e| network.edges.get(e)).map(|e| e.from));
        } else if moments.get(&id) == Some(&Moment::Within) {
            moments.insert(id, Moment::After);
        }
    }
    moments
}
