//! The unrolled graph as a picture: the drawing once a step, side by side in the order of time.
//!
//! Must not know the canvas. Each step keeps the places that the person chose, so the picture is
//! their own drawing, and every delayed wire runs to the right.

use std::collections::BTreeMap;

use super::{EdgeId, InitialState, Network, NodeId, Origin, Position, Problem, UnrolledGraph};

/// From the last node of a step to the first of the next, in canvas points.
const GAP: f32 = 260.0;
/// From one initial state to the next, downwards.
const ROW: f32 = 90.0;

/// A picture of an unrolled graph.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct UnrolledView {
    /// The copies, by their place in the unrolled graph.
    pub copies: Vec<CopyView>,
    /// The wires between them.
    pub wires: Vec<WireView>,
    /// Where each step stands.
    pub columns: Vec<StepView>,
    /// How many steps the drawing has; the picture may show fewer.
    pub n_steps: usize,
}

/// One copy in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyView {
    /// What it is a copy of.
    pub origin: Origin,
    /// Its name: `Dense 1 t=2`, or `h 1 t=−1` for an initial state.
    pub name: String,
    /// Where it stands; its center.
    pub position: Position,
    /// Whether it is an initial state that is trained.
    pub is_trained_state: bool,
}

/// One wire in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireView {
    /// The place of the source among the copies.
    pub from: usize,
    /// The place of the receiver among the copies.
    pub to: usize,
    /// The drawn edge.
    pub edge: EdgeId,
    /// Whether it comes from an earlier step.
    pub is_delayed: bool,
    /// Whether truncation cuts the gradient here.
    pub is_detached: bool,
}

/// One step of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepView {
    /// The step, from 0.
    pub step: usize,
    /// Its leftmost node's center.
    pub left: f32,
    /// Its rightmost node's center.
    pub right: f32,
    /// Its topmost node's center.
    pub top: f32,
}

impl Network {
    /// A picture of the first `n_shown` steps of the unrolled drawing.
    ///
    /// # Errors
    /// The problems that forbid unrolling.
    pub fn unrolled_view(&self, n_shown: usize) -> Result<UnrolledView, Vec<Problem>> {
        let n_shown = n_shown.clamp(1, self.n_steps.max(1));
        // Problems are those of the whole drawing; only the shown steps are unrolled.
        let graph = self.unroll_first(n_shown)?;
        Ok(self.picture(&graph))
    }

    fn picture(&self, graph: &UnrolledGraph) -> UnrolledView {
        let positions = || self.nodes.values().map(|node| node.position);
        let left = positions().map(|p| p.x).fold(f32::INFINITY, f32::min);
        let right = positions().map(|p| p.x).fold(f32::NEG_INFINITY, f32::max);
        let top = positions().map(|p| p.y).fold(f32::INFINITY, f32::min);
        let pitch = right - left + GAP;
        let rows = self.initial_rows(graph);
        let copies = graph.nodes.iter().map(|node| match node.origin {
            Origin::Node { node, step } => self.copy_view(node, step, pitch),
            Origin::Initial { edge, row } => {
                let height = rows.get(&(edge, row)).copied().unwrap_or_default();
                self.state_view(edge, row, Position { x: left - GAP, y: top + ROW * height as f32 })
            }
        });
        let wires = graph.nodes.iter().enumerate().flat_map(|(to, node)| {
            node.inputs.iter().map(move |input| WireView {
                from: input.source,
                to,
                edge: input.edge,
                is_delayed: self.edges.get(&input.edge).is_some_and(|edge| edge.delay > 0),
                is_detached: input.detached,
            })
        });
        let columns = (0..graph.n_steps).map(|step| {
            let shift = pitch * step as f32;
            StepView { step, left: left + shift, right: right + shift, top }
        });
        UnrolledView {
            copies: copies.collect(),
            wires: wires.collect(),
            columns: columns.collect(),
            n_steps: self.n_steps,
        }
    }

    fn copy_view(&self, node: NodeId, step: usize, pitch: f32) -> CopyView {
        let drawn = self.nodes.get(&node);
        let at = drawn.map_or_else(Position::default, |drawn| drawn.position);
        CopyView {
            origin: Origin::Node { node, step },
            name: format!("{} t={step}", drawn.map_or("", |drawn| drawn.name.as_str())),
            position: Position { x: at.x + pitch * step as f32, y: at.y },
            is_trained_state: false,
        }
    }

    /// Row `row` of a delay d holds the source's value at time `row − d`.
    fn state_view(&self, edge: EdgeId, row: usize, position: Position) -> CopyView {
        let drawn = self.edges.get(&edge);
        let source =
            drawn.and_then(|drawn| self.nodes.get(&drawn.from)).map_or("", |node| node.name.as_str());
        let before = drawn.map_or(0, |drawn| drawn.delay).saturating_sub(row);
        CopyView {
            origin: Origin::Initial { edge, row },
            name: format!("{source} t=−{before}"),
            position,
            is_trained_state: drawn.is_some_and(|drawn| drawn.initial == InitialState::Trained),
        }
    }

    /// Initial states one below the other, in the order of the heights of those who read them.
    fn initial_rows(&self, graph: &UnrolledGraph) -> BTreeMap<(EdgeId, usize), usize> {
        let height = |edge: EdgeId| {
            let reader = self.edges.get(&edge).and_then(|drawn| self.nodes.get(&drawn.to));
            reader.map_or(0.0, |node| node.position.y)
        };
        let mut states: Vec<(EdgeId, usize)> = graph
            .nodes
            .iter()
            .filter_map(|node| match node.origin {
                Origin::Initial { edge, row } => Some((edge, row)),
                Origin::Node { .. } => None,
            })
            .collect();
        states.sort_by(|a, b| height(a.0).total_cmp(&height(b.0)).then(a.cmp(b)));
        states.into_iter().enumerate().map(|(idx, state)| (state, idx)).collect()
    }
}
