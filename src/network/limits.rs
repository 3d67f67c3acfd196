//! How large a drawing may be. Checked before memory is taken; what is larger is a problem of the
//! drawing, or refused where a file says it.
//!
//! Far above what the program can teach with, far below what would hurt a laptop.

use super::{Network, Place, Position, Problem, ProblemKind, Severity, Shapes, Wiring, specs};
use crate::words::Message;

/// Numbers in all parameters together.
pub const MAX_PARAMETERS: usize = 100_000_000;
/// Copies of nodes in the unrolled graph.
pub const MAX_UNROLLED_NODES: usize = 2_000_000;
/// Wires between those copies.
pub(super) const MAX_UNROLLED_WIRES: usize = 10_000_000;
/// Numbers that all nodes together give for one sample, at all time steps.
pub(super) const MAX_VALUES: usize = 100_000_000;
/// Numbers that one pass over a batch holds: values, gradients and what ops keep between them.
pub const MAX_PASS_NUMBERS: usize = 500_000_000;
/// Wires that arrive at one node: an op asks for its inputs once for each of them.
pub const MAX_WIRES_OF_A_NODE: usize = 4_096;
/// The largest number of a port: what is drawn can be saved and opened again.
pub const MAX_PORT: usize = 1_000_000;
/// Time steps, and steps that a wire goes back in time.
pub const MAX_STEPS: usize = 1_000_000;
/// Characters of a node's name.
pub const MAX_NAME_CHARS: usize = 200;
/// How far from the origin a node may lie in each direction, in canvas points: beyond, f32 no longer
/// tells neighboring places apart.
pub const MAX_POSITION: f32 = 1e6;

/// What there is too much of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Large {
    /// Numbers in all parameters.
    Parameters,
    /// Copies of nodes over time.
    Copies,
    /// Wires between those copies.
    CopiedWires,
    /// Numbers that a node gives for one sample.
    ValueOf(String),
    /// Numbers that all nodes give for one sample.
    Values,
    /// Wires that arrive at a node.
    WiresOf(String),
    /// Numbers of a pass over so many rows at once.
    Batch(usize),
}

impl Large {
    /// What to say about `found`, where at most `limit` can be held.
    pub(super) fn message(&self, limit: usize, found: usize) -> Message {
        let about = match self {
            Self::Parameters => Message::new("problem-too-large-parameters"),
            Self::Copies => Message::new("problem-too-large-copies"),
            Self::CopiedWires => Message::new("problem-too-large-copied-wires"),
            Self::ValueOf(node) => Message::new("problem-too-large-value").with("node", node.as_str()),
            Self::Values => Message::new("problem-too-large-values"),
            Self::WiresOf(node) => Message::new("problem-too-large-wires").with("node", node.as_str()),
            Self::Batch(rows) => Message::new("problem-too-large-batch").with("rows", *rows),
        };
        about.with("expected", limit).with("found", found)
    }

    /// A problem of the whole drawing, where there is more than `limit` allows.
    fn problem(self, limit: usize, found: usize) -> Option<Problem> {
        let kind = ProblemKind::TooLarge { what: self, limit, found };
        (found > limit).then_some(Problem { kind, at: Place::Network, severity: Severity::Error, fix: None })
    }
}

impl Problem {
    /// A pass over so many rows at once takes too many numbers.
    pub fn too_large_batch(rows: usize, n_numbers: usize) -> Option<Self> {
        Large::Batch(rows).problem(MAX_PASS_NUMBERS, n_numbers)
    }
}

impl Position {
    /// The nearest place where a node may lie.
    #[must_use]
    pub fn within_bounds(self) -> Self {
        let bounded = |at: f32| if at.is_nan() { 0.0 } else { at.clamp(-MAX_POSITION, MAX_POSITION) };
        Self { x: bounded(self.x), y: bounded(self.y) }
    }
}

/// A name cut to what a node may be called.
pub fn short_name(name: &str) -> &str {
    name.char_indices().nth(MAX_NAME_CHARS).map_or(name, |(end, _)| name.get(..end).unwrap_or(name))
}

/// What of a drawing is too large to be held.
pub(super) fn check(network: &Network, wiring: &Wiring, shapes: &Shapes, problems: &mut Vec<Problem>) {
    let mut a_step = 0_usize;
    for (&id, node) in &network.nodes {
        let wires = Large::WiresOf(node.name.clone()).problem(MAX_WIRES_OF_A_NODE, wiring.incoming(id).len());
        problems.extend(wires.map(|problem| Problem { at: Place::Node(id), ..problem }));
        let features = shapes.node(id).map_or(0, crate::tensor::Shape::features);
        a_step = a_step.saturating_add(features);
        let large = Large::ValueOf(node.name.clone()).problem(MAX_VALUES, features);
        problems.extend(large.map(|problem| Problem { at: Place::Node(id), ..problem }));
    }
    let values = a_step.saturating_mul(network.n_steps);
    problems.extend(Large::Values.problem(MAX_VALUES, values));
    let n_parameters = specs::total(&network.parameter_specs_with(shapes));
    problems.extend(Large::Parameters.problem(MAX_PARAMETERS, n_parameters));
    let size = network.unrolled_size();
    problems.extend(Large::Copies.problem(MAX_UNROLLED_NODES, size.nodes));
    problems.extend(Large::CopiedWires.problem(MAX_UNROLLED_WIRES, size.edges));
}
