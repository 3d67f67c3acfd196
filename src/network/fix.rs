//! What would mend a problem, where one thing plainly does.
//!
//! Must not know how it is done: `document::actions` does it.

use super::{EdgeId, LossKind, NodeId};
use crate::words::{Message, ToMessage};

/// What would mend a problem; `document::actions::fix` turns it into an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// Set the units of a Dense node.
    SetUnits {
        /// The Dense node.
        node: NodeId,
        /// The units.
        units: usize,
    },
    /// Give an edge a delay of one step.
    MakeLoop {
        /// The edge.
        edge: EdgeId,
    },
    /// Change which loss a Loss node computes.
    SetLoss {
        /// The Loss node.
        node: NodeId,
        /// The loss.
        kind: LossKind,
    },
    /// Put a Softmax before the loss and make it a cross-entropy.
    Classify {
        /// The Loss node.
        loss: NodeId,
    },
    /// Give the node the next free name.
    Rename {
        /// The node.
        node: NodeId,
    },
    /// Remove a wire.
    RemoveEdge {
        /// The wire.
        edge: EdgeId,
    },
    /// Set the number of time steps.
    SetSteps {
        /// T.
        n_steps: usize,
    },
    /// Set the features of a data node without data.
    SetFeatures {
        /// The data node.
        node: NodeId,
        /// The features.
        features: usize,
    },
    /// Start backward at a root with ones of these sizes; without a vector where there are none.
    SetSeed {
        /// The root.
        node: NodeId,
        /// The sizes without N.
        ones: Option<Vec<usize>>,
    },
    /// Take the targets as they stand in the file.
    TargetsAsInFile,
    /// Scale the targets to 0 … 1.
    TargetsToUnitRange,
}

impl ToMessage for Fix {
    fn message(&self) -> Message {
        match self {
            Self::SetUnits { units, .. } => Message::new("fix-set-units").with("units", *units),
            Self::MakeLoop { .. } => Message::new("fix-make-loop"),
            Self::SetLoss { kind, .. } => Message::new("fix-set-loss").with("loss", kind.message()),
            Self::Classify { .. } => Message::new("fix-classify"),
            Self::Rename { .. } => Message::new("fix-rename"),
            Self::RemoveEdge { .. } => Message::new("fix-remove-edge"),
            Self::SetSteps { n_steps } => Message::new("fix-set-steps").with("steps", *n_steps),
            Self::SetFeatures { features, .. } => {
                Message::new("fix-set-features").with("features", *features)
            }
            Self::SetSeed { ones: Some(_), .. } => Message::new("fix-seed-ones"),
            Self::SetSeed { ones: None, .. } => Message::new("fix-seed-none"),
            Self::TargetsAsInFile => Message::new("fix-targets-as-in-file"),
            Self::TargetsToUnitRange => Message::new("fix-targets-to-unit-range"),
        }
    }
}
