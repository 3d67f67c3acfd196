//! Automatic layout: layers from left to right, in the manner of Sugiyama, Tagawa and Toda (1981).
//!
//! Must not know the canvas. Iterative throughout; 10,000 nodes are laid out in a blink.

use std::collections::BTreeMap;

use super::fold::{Column, Rows, mark_ends};
use super::{Network, Node, NodeId, Position};

/// Between the cards of two neighboring layers, in canvas points: a wire with its arrow, and the bend
/// of a loop.
pub(crate) const LAYER_GAP: f32 = 48.0;
/// From one node to the next within a layer.
const ROW_DISTANCE: f32 = 110.0;

/// Wires that jump over layers get invisible companions there, up to so many.
const MAX_COMPANIONS: usize = 20_000;
const SWEEPS: usize = 8;

/// From one node to a port of another.
type Link = (usize, usize, usize);

/// The room that a drawing has on the screen, in screen points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

impl Network {
    /// Places for all nodes: layers from left to right along undelayed wires, wires crossing as
    /// little as a few sweeps can manage, the whole centered around the origin.
    pub fn layout(&self) -> BTreeMap<NodeId, Position> {
        self.layout_in(None)
    }

    /// The same; a chain that would be too small to read in `room` goes on in further rows.
    pub fn layout_in(&self, room: Option<Room>) -> BTreeMap<NodeId, Position> {
        let ids: Vec<NodeId> = self.nodes.keys().copied().collect();
        let place: BTreeMap<NodeId, usize> = ids.iter().enumerate().map(|(idx, &id)| (id, idx)).collect();
        let edges: Vec<Link> = self
            .edges
            .values()
            .filter(|edge| edge.delay == 0)
            .filter_map(|edge| Some((*place.get(&edge.from)?, *place.get(&edge.to)?, edge.port)))
            .collect();
        let loops: Vec<(usize, usize)> = self
            .edges
            .values()
            .filter(|edge| edge.delay > 0)
            .filter_map(|edge| Some((*place.get(&edge.from)?, *place.get(&edge.to)?)))
            .collect();
        let widths: Vec<f32> = self.nodes.values().map(card_width).collect();
        let positions = layered(&widths, &edges, &loops, room);
        ids.into_iter().zip(positions).collect()
    }
}

/// About how wide a node's card is: its name, and beside it the setting or what the name leaves open.
pub(crate) fn card_width(node: &Node) -> f32 {
    let kind = node.kind.base_name();
    let beside = if let Some(dense) = node.kind.dense() {
        if dense.bias { 8 } else { 17 }
    } else if node.name.to_lowercase().contains(&kind.to_lowercase()) {
        0
    } else {
        kind.len()
    };
    let width = 34.0 + 7.6 * node.name.chars().count() as f32 + 6.2 * beside as f32;
    (width.clamp(88.0, 216.0) / 8.0).ceil() * 8.0
}

/// Places for nodes of these widths and their wires. Wires that go round a cycle are left aside.
fn layered(widths: &[f32], edges: &[Link], loops: &[(usize, usize)], room: Option<Room>) -> Vec<Position> {
    let n = widths.len();
    let layer = layers(n, edges);
    let forward: Vec<Link> = edges.iter().copied().filter(|&(a, b, _)| layer[a] < layer[b]).collect();
    let mut drawing = Drawing::new(&layer, &forward);
    drawing.order();
    drawing.place();
    let mut columns = vec![Column::default(); drawing.layers.len()];
    for (v, (&layer, &width)) in layer.iter().zip(widths).enumerate() {
        columns[layer].add(width, drawing.y[v]);
    }
    let wires = forward.iter().map(|&(a, b, _)| (layer[a], layer[b]));
    let loops = loops.iter().map(|&(a, b)| (layer[a], layer[b]));
    mark_ends(&mut columns, wires, loops);
    let rows = Rows::new(&columns, room);
    (0..n).map(|v| rows.place(layer[v], drawing.y[v])).collect()
}

/// The layer of every node: after all of its inputs; nodes without inputs just before the first
/// node that needs them.
fn layers(n: usize, edges: &[Link]) -> Vec<usize> {
    let mut outgoing = vec![Vec::new(); n];
    let mut waiting = vec![0_usize; n];
    for &(a, b, _) in edges {
        outgoing[a].push(b);
        waiting[b] += 1;
    }
    let has_inputs: Vec<bool> = waiting.iter().map(|&count| count > 0).collect();
    let mut layer = vec![0_usize; n];
    let mut is_done = vec![false; n];
    let mut ready: Vec<usize> = (0..n).filter(|&v| waiting[v] == 0).collect();
    ready.reverse();
    let mut next_stuck = 0;
    loop {
        let Some(v) = ready.pop() else {
            // Only cycles are left: open the next one at its first node.
            while next_stuck < n && is_done[next_stuck] {
                next_stuck += 1;
            }
            if next_stuck == n {
                break;
            }
            ready.push(next_stuck);
            continue;
        };
        if is_done[v] {
            continue;
        }
        is_done[v] = true;
        for &to in &outgoing[v] {
            if is_done[to] {
                continue;
            }
            layer[to] = layer[to].max(layer[v] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    for v in (0..n).filter(|&v| !has_inputs[v]) {
        if let Some(first) = outgoing[v].iter().map(|&to| layer[to]).min() {
            layer[v] = first.saturating_sub(1);
        }
    }
    layer
}

/// Nodes and companions by layer, with the wires between neighboring layers.
struct Drawing {
    layers: Vec<Vec<usize>>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// The port that each node leads to: a Target stands below the prediction it is compared with.
    port: Vec<usize>,
    rank: Vec<usize>,
    y: Vec<f32>,
}

impl Drawing {
    fn new(layer: &[usize], edges: &[Link]) -> Self {
        let n = layer.len();
        let n_layers = layer.iter().max().map_or(0, |last| last + 1);
        let mut layers = vec![Vec::new(); n_layers];
        for (v, &l) in layer.iter().enumerate() {
            layers[l].push(v);
        }
        let mut before = vec![Vec::new(); n];
        let mut after = vec![Vec::new(); n];
        let mut ports = vec![0; n];
        let mut companions = 0;
        for &(a, b, port) in edges {
            let span = layer[b] - layer[a];
            let mut last = a;
            if companions + span - 1 <= MAX_COMPANIONS {
                for between in &mut layers[layer[a] + 1..layer[b]] {
                    let v = before.len();
                    between.push(v);
                    before.push(vec![last]);
                    after.push(Vec::new());
                    ports.push(0);
                    after[last].push(v);
                    last = v;
                }
                companions += span - 1;
            }
            after[last].push(b);
            ports[last] = port;
            before[b].push(last);
        }
        let total = before.len();
        let mut drawing =
            Self { layers, before, after, port: ports, rank: vec![0; total], y: vec![0.0; total] };
        drawing.number();
        drawing
    }

    fn number(&mut self) {
        for layer in &self.layers {
            for (rank, &v) in layer.iter().enumerate() {
                self.rank[v] = rank;
            }
        }
    }

    /// Fewer crossings: each layer in the order of the middle of its neighbors, to and fro.
    fn order(&mut self) {
        for sweep in 0..SWEEPS {
            let forward = sweep % 2 == 0;
            let n = self.layers.len();
            for step in 0..n {
                let l = if forward { step } else { n - 1 - step };
                let neighbors = if forward { &self.before } else { &self.after };
                let rank = &self.rank;
                let middle = |v: usize| {
                    let near = &neighbors[v];
                    if near.is_empty() {
                        rank[v] as f64
                    } else {
                        near.iter().map(|&u| rank[u] as f64).sum::<f64>() / near.len() as f64
                    }
                };
                let port = |v: usize| if self.before[v].is_empty() { self.port[v] } else { 0 };
                let mut keyed: Vec<(f64, usize, usize)> =
                    self.layers[l].iter().map(|&v| (middle(v), port(v), v)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                for (at, (.., v)) in keyed.into_iter().enumerate() {
                    self.layers[l][at] = v;
                    self.rank[v] = at;
                }
            }
        }
    }

    /// Heights: every node as near the mean height of its neighbors as the order allows.
    fn place(&mut self) {
        for layer in &self.layers {
            let middle = (layer.len().saturating_sub(1)) as f32 / 2.0;
            for (rank, &v) in layer.iter().enumerate() {
                self.y[v] = ROW_DISTANCE * (rank as f32 - middle);
            }
        }
        for sweep in 0..SWEEPS {
            let forward = sweep % 2 == 0;
            let n = self.layers.len();
            for step in 0..n {
                let l = if forward { step } else { n - 1 - step };
                let wanted: Vec<f32> = self.layers[l].iter().map(|&v| self.wanted(v, forward)).collect();
                for (&v, y) in self.layers[l].iter().zip(spread(&wanted)) {
                    self.y[v] = y;
                }
            }
        }
    }

    fn wanted(&self, v: usize, forward: bool) -> f32 {
        let (first, second) =
            if forward { (&self.before[v], &self.after[v]) } else { (&self.after[v], &self.before[v]) };
        let near = if first.is_empty() { second } else { first };
        if near.is_empty() {
            return self.y[v];
        }
        near.iter().map(|&u| self.y[u]).sum::<f32>() / near.len() as f32
    }
}

/// The heights nearest to the wanted ones (least squares) that keep the order and the distance:
/// isotonic regression by pooling adjacent violators.
fn spread(wanted: &[f32]) -> Vec<f32> {
    let mut pools: Vec<(f32, usize)> = Vec::new();
    for (idx, &y) in wanted.iter().enumerate() {
        let mut pool = (y - ROW_DISTANCE * idx as f32, 1_usize);
        while let Some(&(mean, size)) = pools.last() {
            if mean <= pool.0 {
                break;
            }
            pools.pop();
            let joined = size + pool.1;
            pool = ((mean * size as f32 + pool.0 * pool.1 as f32) / joined as f32, joined);
        }
        pools.push(pool);
    }
    let flat = pools.into_iter().flat_map(|(mean, size)| std::iter::repeat_n(mean, size));
    flat.enumerate().map(|(idx, y)| y + ROW_DISTANCE * idx as f32).collect()
}
