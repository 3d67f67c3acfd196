//! What PyTorch would keep of the drawing, and the `.grad` of its tensors between calls.
//!
//! Must not know how passes are made: it follows those that the trainer publishes.

use std::sync::Arc;

use super::App;
use crate::explain::{Autograd, Grads, rounding};
use crate::network::NodeId;
use crate::train::{Pass, SampleView};

/// About `.grad` and the graph, as PyTorch's calls of these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutogradCommand {
    /// Run the forward pass again: the graph is built anew.
    Forward,
    /// `backward()` of the pass that is shown.
    Backward,
    /// `zero_grad()`.
    ZeroGrad,
    /// Whether `backward()` retains the graph.
    RetainGraph(bool),
    /// Whether an inner value keeps its `.grad`.
    RetainGrad(NodeId, bool),
}

/// The state of `.grad`, and which pass the graph belongs to.
#[derive(Debug, Default)]
pub(super) struct AutogradState {
    grads: Grads,
    /// What is known of the drawing at a revision.
    known: Option<(u64, Arc<Autograd>)>,
    /// Run and step of the pass that built the graph.
    pass: Option<(u64, u64)>,
}

impl App {
    /// What PyTorch keeps of the drawing; `None` before anything was found.
    pub fn autograd(&self) -> Option<&Arc<Autograd>> {
        self.autograd.known.as_ref().map(|(_, autograd)| autograd)
    }

    /// The `.grad` of every tensor.
    pub fn grads(&self) -> &Grads {
        &self.autograd.grads
    }

    /// Why `backward()` has nothing to add: no pass, or one that shows a single sample.
    pub fn has_whole_pass(&self) -> bool {
        self.resting_pass().is_some()
    }

    /// Whether the gradient of a node's value, as it is shown, is nothing but rounding.
    pub fn is_rounding(&self, node: NodeId) -> bool {
        self.resting_pass()
            .is_some_and(|pass| rounding(&self.document.network, pass, self.time_step()).contains(&node))
    }

    fn resting_pass(&self) -> Option<&Arc<Pass>> {
        let pass = self.training.snapshot.as_ref()?.pass.as_ref()?;
        (pass.view == SampleView::Batch && !self.is_training()).then_some(pass)
    }

    pub(super) fn dispatch_autograd(&mut self, command: AutogradCommand) {
        self.know_autograd();
        match command {
            AutogradCommand::Forward => self.autograd.grads.forward(),
            AutogradCommand::ZeroGrad => self.autograd.grads.zero_grad(),
            AutogradCommand::RetainGraph(retains) => self.autograd.grads.set_retains_graph(retains),
            AutogradCommand::RetainGrad(node, retains) => self.autograd.grads.set_retained(node, retains),
            AutogradCommand::Backward => {
                let pass = self.resting_pass().cloned();
                if let (Some(pass), Some(autograd)) = (pass, self.autograd().cloned()) {
                    // What is refused is told where the button is.
                    let _ = self.autograd.grads.backward(&autograd, &pass);
                }
            }
        }
    }

    /// Looks at the drawing again where it changed.
    pub(super) fn know_autograd(&mut self) {
        if self.autograd.known.as_ref().is_some_and(|(revision, _)| *revision == self.revision) {
            return;
        }
        let Self { document, findings, .. } = self;
        let autograd = Autograd::new(&document.network, &findings.shapes, &document.parameters);
        self.autograd.known = Some((self.revision, Arc::new(autograd)));
    }

    /// Another drawing or other data: every tensor is a new one.
    pub(super) fn restart_autograd(&mut self) {
        self.autograd.grads.restart();
        self.autograd.pass = None;
    }

    /// A newer pass built the graph anew; after an optimizer's step the loop has called `zero_grad()`, too.
    pub(super) fn follow_pass(&mut self) {
        let Some(snapshot) = &self.training.snapshot else { return };
        let Some(pass) = &snapshot.pass else { return };
        let now = (snapshot.revision, pass.step);
        match self.autograd.pass.replace(now) {
            Some(before) if before == now => {}
            Some((_, step)) if step != pass.step => self.autograd.grads.restart(),
            _ => self.autograd.grads.forward(),
        }
    }
}
