//! Why a model cannot be written in a form.
//!
//! Must not know how it is shown.

use crate::network::{Network, Node, Problem};
use crate::train::SessionError;
use crate::words::{Message, ToMessage};

/// Why a model cannot be written in a form.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportError {
    /// The drawing cannot run: these errors stand in its way.
    Problems(Vec<Problem>),
    /// The numbers of a pass belong into the export, and none can be made.
    CannotRun(SessionError),
    /// The form has no words for a node.
    Inexpressible {
        /// The key of the form's name.
        form: &'static str,
        /// The node's name.
        node: String,
        /// What it is.
        kind: Message,
    },
    /// The form begins its backward pass at a loss, and the drawing at another node.
    RootWithoutLoss {
        /// The key of the form's name.
        form: &'static str,
        /// The root's name.
        node: String,
    },
}

impl ExportError {
    /// A form, by the key of its name, has no words for this node.
    pub(super) fn inexpressible(form: &'static str, node: &Node) -> Self {
        Self::Inexpressible { form, node: node.name.clone(), kind: node.kind.message() }
    }

    /// Refuses a drawing whose backward pass begins at a node that is no loss.
    pub(super) fn refuse_roots(form: &'static str, network: &Network) -> Result<(), Self> {
        let mut roots = network.roots.iter().filter_map(|id| network.nodes.get(id));
        match roots.find(|node| !node.kind.is_loss()) {
            Some(node) => Err(Self::RootWithoutLoss { form, node: node.name.clone() }),
            None => Ok(()),
        }
    }
}

impl From<SessionError> for ExportError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Problems(problems) => Self::Problems(problems),
            other => Self::CannotRun(other),
        }
    }
}

impl ToMessage for ExportError {
    fn message(&self) -> Message {
        match self {
            Self::Problems(problems) => Message::new("export-problems").with("n", problems.len()),
            Self::CannotRun(reason) => reason.message(),
            Self::Inexpressible { form, node, kind } => Message::new("export-inexpressible")
                .with("form", Message::new(form))
                .with("node", node.as_str())
                .with("kind", kind.clone()),
            Self::RootWithoutLoss { form, node } => Message::new("export-root-without-loss")
                .with("form", Message::new(form))
                .with("node", node.as_str()),
        }
    }
}
