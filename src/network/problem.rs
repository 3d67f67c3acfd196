//! Findings about a drawing: where, what was expected, what was found, and what to do.
//!
//! Must not know how they are shown. A bad drawing is never an error of a function.

use super::side::with_sides;
use super::{EdgeId, Fix, Large, NodeId, PortName, Side, Stop};
use crate::words::{Message, ToMessage};

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub at: Place,
    /// Whether the network can run all the same.
    pub severity: Severity,
    /// What would mend it, where one thing plainly does.
    pub fix: Option<Fix>,
}

/// Where a finding belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A node.
    Node(NodeId),
    /// A wire.
    Edge(EdgeId),
    /// Several wires together, such as a cycle.
    Edges(Vec<EdgeId>),
    /// The network as a whole.
    Network,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; nothing need be done.
    Note,
    /// Runs, but probably not as meant.
    Warning,
    /// Cannot run.
    Error,
}

/// What is wrong. Shapes are written as on the screen (`[N, 3]`).
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemKind {
    /// There is nothing yet.
    Empty,
    /// No Loss node and no other root.
    NoLoss,
    /// `backward()` cannot start at a value of several numbers a sample without a vector v.
    RootNotScalar {
        /// The node's name.
        node: String,
        /// Its shape.
        found: String,
    },
    /// A root's vector v has other sizes than the root.
    SeedMisfit {
        /// The node's name.
        node: String,
        /// The root's sizes without N.
        expected: String,
        /// The vector's.
        found: String,
    },
    /// No Target node, and a loss waits for one.
    NoTarget,
    /// A port without a wire.
    MissingInput {
        /// The node's name.
        node: String,
        /// The port.
        port: PortName,
    },
    /// A node with any number of inputs has too few.
    TooFewInputs {
        /// The node's name.
        node: String,
        /// How many are needed.
        expected: usize,
        /// How many arrive.
        found: usize,
    },
    /// A second wire on a port that takes one, or a port that the node does not have.
    WireWithoutPort {
        /// The receiving node's name.
        node: String,
        /// How many ports it has.
        ports: usize,
    },
    /// A wire from or to a node that does not exist.
    LooseEnd,
    /// A wire that leaves a loss.
    LossHasNoOutput {
        /// The loss's name.
        node: String,
    },
    /// A Target used as an input.
    TargetAsInput {
        /// The Target's name.
        target: String,
        /// The receiving node's name.
        node: String,
    },
    /// Inputs whose shapes do not go together.
    ShapeMismatch {
        /// The node's name.
        node: String,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// Two inputs that must be of one size and are not.
    SidesDiffer {
        /// The node's name.
        node: String,
        /// What arrives, the first input first.
        sides: Box<[Side; 2]>,
    },
    /// A loss for numbers learns classes.
    ClassesAsNumbers {
        /// The loss's name.
        loss: String,
        /// The Target's name.
        target: String,
        /// How many classes there are.
        n: usize,
    },
    /// The shape follows from nothing: a loop without a node that has a width.
    UnknownShape {
        /// The node's name.
        node: String,
    },
    /// A cycle with no delay in it.
    CycleWithoutDelay {
        /// The names of the nodes on it, in order.
        nodes: Vec<String>,
    },
    /// A loss of probabilities gets numbers that need not lie in [0, 1].
    NotProbabilities {
        /// The loss's name.
        loss: String,
        /// The name of the node before it.
        source: String,
    },
    /// No gradient goes back through a node on whose way there is something that could learn.
    GradientStops {
        /// The node's name.
        node: String,
        /// Why.
        stop: Stop,
    },
    /// No gradient reaches anything that could learn.
    NothingLearns {
        /// The name of a node at which it stops.
        node: String,
        /// Why.
        stop: Stop,
    },
    /// No gradient of one root reaches anything that could learn, while those of others do.
    RootReachesNothing {
        /// The root's name.
        root: String,
        /// The name of a node at which its gradient stops.
        node: String,
        /// Why.
        stop: Stop,
    },
    /// A loss "with logits" gets what already went through a softmax or sigmoid.
    AlreadyProbabilities {
        /// The loss's name.
        loss: String,
        /// The name of the node before it.
        source: String,
    },
    /// Two nodes of one name.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A node without a name.
    EmptyName,
    /// No loss depends on the node.
    Unused {
        /// The node's name.
        node: String,
    },
    /// A data node that does not know how many features it has.
    NoWidth {
        /// The node's name.
        node: String,
    },
    /// Typed rows of a wrong length.
    RowLength {
        /// The node's name.
        node: String,
        /// Which row, from 1.
        row: usize,
        /// How many numbers it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// Typed rows with a number that is not finite.
    RowNotFinite {
        /// The node's name.
        node: String,
        /// Which row, from 1.
        row: usize,
    },
    /// Two data nodes with unequal numbers of typed rows.
    RowCount {
        /// The node's name.
        node: String,
        /// How many rows the first data node has.
        expected: usize,
        /// How many this one has.
        found: usize,
    },
    /// A setting out of its range.
    Setting {
        /// The node's name; empty for the network's own settings.
        node: String,
        /// PyTorch's name of the setting.
        setting: &'static str,
        /// The range.
        expected: &'static str,
        /// What it is.
        found: f64,
    },
    /// A loop in a network with one step: only its initial state would ever be seen.
    LoopWithoutSteps,
    /// The data say so, not the drawing.
    OfData {
        /// What.
        what: Message,
    },
    /// A loss of probabilities gets a target outside of 0 to 1.
    TargetOutside {
        /// The Target's name.
        target: String,
        /// The loss's name.
        loss: String,
        /// What the loss gets.
        found: f64,
        /// What it was before scaling.
        original: f64,
        /// The first row of this kind.
        place: Message,
        /// How many rows there are of this kind.
        count: usize,
    },
    /// A cross-entropy gets targets that do not add up to 1.
    TargetSum {
        /// The Target's name.
        target: String,
        /// The loss's name.
        loss: String,
        /// What the row adds up to.
        found: f64,
        /// The first row of this kind.
        place: Message,
        /// How many rows there are of this kind.
        count: usize,
    },
    /// More than the program can hold.
    TooLarge {
        /// Of what.
        what: Large,
        /// The most it takes.
        limit: usize,
        /// What the drawing asks for.
        found: usize,
    },
}

impl Problem {
    /// Whether it only says what is still to be done: nobody has drawn it yet.
    pub fn is_unfinished(&self) -> bool {
        matches!(
            self.kind,
            ProblemKind::Empty
                | ProblemKind::NoLoss
                | ProblemKind::NoTarget
                | ProblemKind::MissingInput { .. }
                | ProblemKind::TooFewInputs { .. }
                | ProblemKind::NoWidth { .. }
                | ProblemKind::Unused { .. }
        )
    }
}

impl ToMessage for Problem {
    fn message(&self) -> Message {
        self.kind.message()
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::words::in_english(&self.message()))
    }
}

impl ToMessage for ProblemKind {
    fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("problem-empty"),
            Self::NoLoss => Message::new("problem-no-loss"),
            Self::RootNotScalar { node, found } => {
                node_message("problem-root-not-scalar", node).with("found", found.as_str())
            }
            Self::SeedMisfit { node, expected, found } => node_message("problem-seed-misfit", node)
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Self::NoTarget => Message::new("problem-no-target"),
            Self::MissingInput { node, port } => {
                node_message("problem-missing-input", node).with("port", port.message())
            }
            Self::TooFewInputs { node, expected, found } => {
                counted(node_message("problem-too-few-inputs", node), *expected, *found)
            }
            Self::WireWithoutPort { node, ports } => {
                node_message("problem-wire-without-port", node).with("ports", *ports)
            }
            Self::LooseEnd => Message::new("problem-loose-end"),
            Self::LossHasNoOutput { node } => node_message("problem-loss-has-no-output", node),
            Self::TargetAsInput { target, node } => {
                node_message("problem-target-as-input", node).with("target", target.as_str())
            }
            Self::ShapeMismatch { node, expected, found } => node_message("problem-shape-mismatch", node)
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Self::SidesDiffer { node, sides } => with_sides(node_message("problem-sides", node), sides),
            Self::ClassesAsNumbers { loss, target, n } => Message::new("problem-classes-as-numbers")
                .with("loss", loss.as_str())
                .with("target", target.as_str())
                .with("n", *n),
            Self::UnknownShape { node } => node_message("problem-unknown-shape", node),
            Self::CycleWithoutDelay { nodes } => {
                Message::new("problem-cycle-without-delay").with("nodes", shortened(nodes, " → "))
            }
            Self::NotProbabilities { loss, source } => Message::new("problem-not-probabilities")
                .with("loss", loss.as_str())
                .with("source", source.as_str()),
            Self::GradientStops { node, stop } => {
                node_message("problem-gradient-stops", node).with("why", stop.message())
            }
            Self::NothingLearns { node, stop } => {
                node_message("problem-nothing-learns", node).with("why", stop.message())
            }
            Self::RootReachesNothing { root, node, stop } => {
                node_message("problem-root-reaches-nothing", node)
                    .with("root", root.as_str())
                    .with("why", stop.message())
            }
            Self::AlreadyProbabilities { loss, source } => Message::new("problem-already-probabilities")
                .with("loss", loss.as_str())
                .with("source", source.as_str()),
            Self::DuplicateName { name } => {
                Message::new("problem-duplicate-name").with("name", name.as_str())
            }
            Self::EmptyName => Message::new("problem-empty-name"),
            Self::Unused { node } => node_message("problem-unused", node),
            Self::NoWidth { node } => node_message("problem-no-width", node),
            Self::RowLength { node, row, expected, found } => {
                counted(node_message("problem-row-length", node).with("row", *row), *expected, *found)
            }
            Self::RowNotFinite { node, row } => {
                node_message("problem-row-not-finite", node).with("row", *row)
            }
            Self::RowCount { node, expected, found } => {
                counted(node_message("problem-row-count", node), *expected, *found)
            }
            Self::Setting { node, setting, expected, found } => {
                let id = if node.is_empty() { "problem-network-setting" } else { "problem-setting" };
                node_message(id, node)
                    .with("setting", *setting)
                    .with("expected", *expected)
                    .with("found", *found)
            }
            Self::LoopWithoutSteps => Message::new("problem-loop-without-steps"),
            Self::OfData { what } => what.clone(),
            Self::TargetOutside { target, loss, found, original, place, count } => {
                let key = if (found - original).abs() > 1e-6 {
                    "problem-target-outside-scaled"
                } else {
                    "problem-target-outside"
                };
                target_message(key, target, loss, *found, place, *count)
                    .with("original", six_digits(*original))
            }
            Self::TargetSum { target, loss, found, place, count } => {
                target_message("problem-target-sum", target, loss, *found, place, *count)
            }
            Self::TooLarge { what, limit, found } => what.message(*limit, *found),
        }
    }
}

fn node_message(id: &'static str, node: &str) -> Message {
    Message::new(id).with("node", node)
}

/// Names in a row, of which a long row leaves out the middle.
fn shortened(names: &[String], between: &str) -> String {
    const MOST: usize = 8;
    match names {
        [first, second, third, fourth, .., before, last] if names.len() > MOST => {
            let shown = [first, second, third, fourth].map(String::as_str);
            let ends = [before.as_str(), last.as_str()];
            [&shown[..], &["…"], &ends[..]].concat().join(between)
        }
        _ => names.join(between),
    }
}

fn target_message(
    id: &'static str,
    target: &str,
    loss: &str,
    found: f64,
    place: &Message,
    count: usize,
) -> Message {
    Message::new(id)
        .with("target", target)
        .with("loss", loss)
        .with("found", six_digits(found))
        .with("place", place.clone())
        .with("count", count)
}

/// Six digits tell enough of a number that does not belong where it stands.
fn six_digits(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

fn counted(message: Message, expected: usize, found: usize) -> Message {
    message.with("expected", expected).with("found", found)
}
