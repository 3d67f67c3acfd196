//! The drawing unrolled over T steps: an acyclic graph whose copies share their weights.
//!
//! Must not know how anything is computed. Iterative throughout: T = 10,000 is an ordinary size.

use std::collections::BTreeMap;

use super::{EdgeId, Network, NodeId, Problem, Severity};

/// The unrolled drawing. Initial states stand first, then the copies step after step, each after
/// everything that it needs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct UnrolledGraph {
    /// T.
    pub n_steps: usize,
    /// All copies; inputs refer to them by their place in this list.
    pub nodes: Vec<UnrolledNode>,
}

/// One copy of a node at one step, or one row of an initial state.
#[derive(Clone, Debug, PartialEq)]
pub struct UnrolledNode {
    /// What it is a copy of.
    pub origin: Origin,
    /// What it takes, in port order. Empty for initial states and data nodes.
    pub inputs: Vec<UnrolledInput>,
}

/// What a copy is a copy of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Row `row` of a delayed edge's initial state: what the edge carries into step `row`, that
    /// is, its source's value at the time `row − delay`, before time began.
    Initial {
        /// The delayed edge.
        edge: EdgeId,
        /// Which row, from 0.
        row: usize,
    },
    /// A node at a step.
    Node {
        /// The drawn node.
        node: NodeId,
        /// The step, from 0.
        step: usize,
    },
}

/// One input of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnrolledInput {
    /// The place of the source in [`UnrolledGraph::nodes`]; always before the receiver.
    pub source: usize,
    /// The drawn edge that it comes over.
    pub edge: EdgeId,
    /// Truncated here: the value passes, its gradient does not.
    pub detached: bool,
}

/// What unrolling would make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnrolledSize {
    /// Copies and rows of initial states.
    pub nodes: usize,
    /// Wires between them.
    pub edges: usize,
    /// About how many bytes a saved file would spend on them.
    pub bytes: usize,
}

impl Network {
    /// Unrolls the drawing over its T steps.
    ///
    /// # Errors
    /// The problems that forbid it, where the drawing has any of severity `Error`.
    pub fn unroll(&self) -> Result<UnrolledGraph, Vec<Problem>> {
        let problems: Vec<_> =
            self.problems().into_iter().filter(|problem| problem.severity == Severity::Error).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        // A cycle without delay is among the problems, so the order exists.
        Ok(self.topological_order().map(|order| self.unroll_in_order(&order)).unwrap_or_default())
    }

    /// How large the unrolled graph would be, without making it.
    pub fn unrolled_size(&self) -> UnrolledSize {
        let rows =
            self.edges.values().map(|edge| edge.delay.min(self.n_steps)).fold(0, usize::saturating_add);
        let nodes = self.nodes.len().saturating_mul(self.n_steps).saturating_add(rows);
        let edges = self.edges.len().saturating_mul(self.n_steps);
        let bytes = nodes.saturating_mul(48).saturating_add(edges.saturating_mul(40));
        UnrolledSize { nodes, edges, bytes }
    }

    fn unroll_in_order(&self, order: &[NodeId]) -> UnrolledGraph {
        let n_steps = self.n_steps;
        let wiring = self.wiring();
        let place: BTreeMap<NodeId, usize> = order.iter().enumerate().map(|(idx, &id)| (id, idx)).collect();
        let mut nodes = Vec::with_capacity(order.len() * n_steps);
        let mut initial_at = BTreeMap::new();
        for (&edge, drawn) in &self.edges {
            initial_at.insert(edge, nodes.len());
            let rows = 0..drawn.delay.min(n_steps);
            nodes.extend(
                rows.map(|row| UnrolledNode { origin: Origin::Initial { edge, row }, inputs: Vec::new() }),
            );
        }
        let first_copy = nodes.len();
        // The wires of each node, found once: (edge, place of the source, delay, first initial row).
        let wires: Vec<Vec<(EdgeId, usize, usize, usize)>> = order
            .iter()
            .map(|&id| {
                let edges = wiring.incoming(id).iter();
                edges
                    .filter_map(|&edge| {
                        let drawn = self.edges.get(&edge)?;
                        Some((edge, *place.get(&drawn.from)?, drawn.delay, *initial_at.get(&edge)?))
                    })
                    .collect()
            })
            .collect();
        for step in 0..n_steps {
            for (&node, wires) in order.iter().zip(&wires) {
                let inputs = wires.iter().map(|&(edge, source, delay, initial)| UnrolledInput {
                    source: match step.checked_sub(delay) {
                        Some(then) => first_copy + then * order.len() + source,
                        None => initial + step,
                    },
                    edge,
                    detached: self.is_detached(step, delay),
                });
                let inputs = inputs.collect();
                nodes.push(UnrolledNode { origin: Origin::Node { node, step }, inputs });
            }
        }
        UnrolledGraph { n_steps, nodes }
    }

    /// Whether what an edge of this delay brings into `step` crosses a border of truncation: the
    /// state is detached before the steps k, 2k, …
    pub fn is_detached(&self, step: usize, delay: usize) -> bool {
        let Some(k) = self.truncate.filter(|&k| k > 0) else { return false };
        match step.checked_sub(delay) {
            Some(then) => then / k < step / k,
            None => step >= k,
        }
    }
}

impl UnrolledGraph {
    /// The same graph without truncation, as the gradient check uses it.
    #[must_use]
    pub fn without_truncation(mut self) -> Self {
        for input in self.nodes.iter_mut().flat_map(|node| &mut node.inputs) {
            input.detached = false;
        }
        self
    }

    /// The first copy in which two unrolled graphs differ, `None` where they are equal: what a
    /// file says when its drawing and its unrolled graph do not belong together.
    pub fn first_difference(&self, other: &Self) -> Option<Origin> {
        let differs = |(a, b): &(&UnrolledNode, &UnrolledNode)| a != b;
        if let Some((a, _)) = self.nodes.iter().zip(&other.nodes).find(differs) {
            return Some(a.origin);
        }
        let n = self.nodes.len().min(other.nodes.len());
        self.nodes.get(n).or_else(|| other.nodes.get(n)).map(|node| node.origin)
    }
}
