//! Order of a drawing: which node comes before which within one step, and the cycles that
//! forbid it. Iterative throughout: a chain of any length is walked without recursion.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{EdgeId, Network, NodeId, Wiring};

/// A cycle of wires without delay.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// The nodes on it, in the direction of the wires.
    pub nodes: Vec<NodeId>,
    /// Its wires; the last one leads back to the first node, and would make a good loop edge.
    pub edges: Vec<EdgeId>,
}

impl Network {
    /// The nodes in an order in which every node comes after its undelayed inputs.
    ///
    /// # Errors
    /// One cycle of each knot of nodes that wait for one another.
    pub fn topological_order(&self) -> Result<Vec<NodeId>, Vec<Cycle>> {
        let wiring = self.wiring();
        let mut waiting: BTreeMap<NodeId, usize> = self.nodes.keys().map(|&id| (id, 0)).collect();
        for edge in self.undelayed() {
            if let Some(count) = waiting.get_mut(&edge.to) {
                *count += 1;
            }
        }
        let mut ready: VecDeque<NodeId> =
            waiting.iter().filter(|(_, count)| **count == 0).map(|(&id, _)| id).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(id) = ready.pop_front() {
            order.push(id);
            for edge in wiring.outgoing(id).iter().filter_map(|e| self.edges.get(e)) {
                if edge.delay > 0 {
                    continue;
                }
                if let Some(count) = waiting.get_mut(&edge.to) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push_back(edge.to);
                    }
                }
            }
        }
        if order.len() == self.nodes.len() { Ok(order) } else { Err(self.cycles(&wiring)) }
    }

    /// Whether `to` depends on `from` within one step (or is `from`).
    pub fn reaches(&self, from: NodeId, to: NodeId) -> bool {
        let wiring = self.wiring();
        let mut seen = BTreeSet::from([from]);
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            if at == to {
                return true;
            }
            for edge in wiring.outgoing(at).iter().filter_map(|e| self.edges.get(e)) {
                if edge.delay == 0 && seen.insert(edge.to) {
                    stack.push(edge.to);
                }
            }
        }
        false
    }

    /// All nodes that depend on `from`, at once or in later time steps, and itself.
    pub fn dependents(&self, from: NodeId) -> BTreeSet<NodeId> {
        let wiring = self.wiring();
        let mut seen = BTreeSet::from([from]);
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            for edge in wiring.outgoing(at).iter().filter_map(|edge| self.edges.get(edge)) {
                if seen.insert(edge.to) {
                    stack.push(edge.to);
                }
            }
        }
        seen
    }

    fn undelayed(&self) -> impl Iterator<Item = &super::Edge> {
        self.edges
            .values()
            .filter(|e| e.delay == 0 && self.nodes.contains_key(&e.from) && self.nodes.contains_key(&e.to))
    }

    /// One cycle of each strongly connected part that has one.
    fn cycles(&self, wiring: &Wiring) -> Vec<Cycle> {
        let components = self.components(wiring);
        components.iter().filter_map(|part| self.cycle_within(wiring, part)).collect()
    }

    /// The shortest way round a strongly connected part, from the node where a signal enters it.
    fn cycle_within(&self, wiring: &Wiring, part: &BTreeSet<NodeId>) -> Option<Cycle> {
        let enters = |id: NodeId| {
            let mut sources = wiring.incoming(id).iter().filter_map(|e| self.edges.get(e));
            sources.any(|e| e.delay == 0 && !part.contains(&e.from))
        };
        let start = part.iter().copied().find(|&id| enters(id)).or_else(|| part.first().copied())?;
        let mut came_by: BTreeMap<NodeId, EdgeId> = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for &id in wiring.outgoing(at) {
                let Some(edge) = self.edges.get(&id) else { continue };
                if edge.delay > 0 || !part.contains(&edge.to) || came_by.contains_key(&edge.to) {
                    continue;
                }
                came_by.insert(edge.to, id);
                if edge.to == start {
                    return Some(self.walk_back(&came_by, start));
                }
                queue.push_back(edge.to);
            }
        }
        None
    }

    fn walk_back(&self, came_by: &BTreeMap<NodeId, EdgeId>, start: NodeId) -> Cycle {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let mut at = start;
        while let Some(&id) = came_by.get(&at) {
            let Some(edge) = self.edges.get(&id) else { break };
            edges.push(id);
            nodes.push(edge.from);
            at = edge.from;
            if at == start {
                break;
            }
        }
        nodes.reverse();
        edges.reverse();
        Cycle { nodes, edges }
    }

    /// Strongly connected parts over undelayed wires (Tarjan 1972, with an explicit stack).
    fn components(&self, wiring: &Wiring) -> Vec<BTreeSet<NodeId>> {
        let mut search = Search::default();
        for &root in self.nodes.keys() {
            if search.index.contains_key(&root) {
                continue;
            }
            search.enter(root);
            let mut path: Vec<(NodeId, usize)> = vec![(root, 0)];
            while let Some((at, next)) = path.pop() {
                if let Some(id) = wiring.outgoing(at).get(next) {
                    path.push((at, next + 1));
                    let Some(edge) = self.edges.get(id).filter(|e| e.delay == 0) else { continue };
                    if !self.nodes.contains_key(&edge.to) {
                        continue;
                    }
                    if !search.index.contains_key(&edge.to) {
                        search.enter(edge.to);
                        path.push((edge.to, 0));
                    } else if search.open.contains(&edge.to) {
                        let index = search.index_of(edge.to);
                        search.lower(at, index);
                    }
                } else {
                    search.leave(at);
                    if let Some((parent, _)) = path.last() {
                        let low = search.low_of(at);
                        search.lower(*parent, low);
                    }
                }
            }
        }
        search.parts
    }
}

/// The state of Tarjan's search.
#[derive(Default)]
struct Search {
    index: BTreeMap<NodeId, usize>,
    low: BTreeMap<NodeId, usize>,
    stack: Vec<NodeId>,
    open: BTreeSet<NodeId>,
    parts: Vec<BTreeSet<NodeId>>,
}

impl Search {
    fn enter(&mut self, id: NodeId) {
        let number = self.index.len();
        self.index.insert(id, number);
        self.low.insert(id, number);
        self.stack.push(id);
        self.open.insert(id);
    }

    fn index_of(&self, id: NodeId) -> usize {
        self.index.get(&id).copied().unwrap_or(usize::MAX)
    }

    fn low_of(&self, id: NodeId) -> usize {
        self.low.get(&id).copied().unwrap_or(usize::MAX)
    }

    fn lower(&mut self, id: NodeId, to: usize) {
        if let Some(low) = self.low.get_mut(&id) {
            *low = (*low).min(to);
        }
    }

    fn leave(&mut self, id: NodeId) {
        if self.low_of(id) != self.index_of(id) {
            return;
        }
        let mut part = BTreeSet::new();
        while let Some(top) = self.stack.pop() {
            self.open.remove(&top);
            part.insert(top);
            if top == id {
                break;
            }
        }
        self.parts.push(part);
    }
}
