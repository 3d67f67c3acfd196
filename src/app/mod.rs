//! The application without a window: commands come in, state changes, getters show it.
//!
//! Must not know egui. The window and the tests drive the same [`App`]: they send a [`Command`]
//! to [`App::dispatch`] and call [`App::tick`] once a frame, which takes in what background jobs
//! and the trainer have made.

mod command;
mod notice;
mod pick;
mod selection;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::document::Document;
use crate::network::NodeId;
use crate::train::{LossHistory, RunState, SampleView, Snapshot};

pub use command::{
    Alignment, Command, DataCommand, EditCommand, FileCommand, Pattern, ResetTo, TrainCommand, UnsavedAnswer,
    ViewCommand, WireEnd,
};
pub use notice::{JobProgress, Notice, Question, Tone};
pub use pick::{Picked, Picking};
pub use selection::Selection;

/// Asks whoever shows the program to look again; called from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The application without a window.
pub struct App {
    document: Document,
    revision: u64,
    selection: Selection,
    pinned: BTreeSet<NodeId>,
    samples: SampleView,
    time_step: usize,
    notices: Vec<Notice>,
    next_notice: u64,
    question: Option<Question>,
    loss_history: Arc<LossHistory>,
    snapshot: Option<Arc<Snapshot>>,
    wake: Wake,
}

impl App {
    /// An empty drawing. `wake` is called when [`Self::tick`] has something to take in.
    pub fn new(wake: Wake) -> Self {
        Self {
            document: Document::default(),
            revision: 0,
            selection: Selection::default(),
            pinned: BTreeSet::new(),
            samples: SampleView::default(),
            time_step: 0,
            notices: Vec::new(),
            next_notice: 0,
            question: None,
            loss_history: Arc::default(),
            snapshot: None,
            wake,
        }
    }

    /// Does what is asked, or says in a notice why not.
    pub fn dispatch(&mut self, command: Command) {
        match command {
            Command::View(command) => self.dispatch_view(command),
            Command::File(_) | Command::Edit(_) | Command::Train(_) | Command::Data(_) => (self.wake)(),
        }
    }

    /// Takes in what jobs and the trainer have made since the last call. Returns whether anything
    /// changed that a window would show.
    pub fn tick(&mut self) -> bool {
        false
    }

    /// The thing being edited.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Counts changes of the document; equal revisions mean an equal document.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What is selected.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Nodes pinned to the panels.
    pub fn pinned(&self) -> &BTreeSet<NodeId> {
        &self.pinned
    }

    /// Which samples the panels show.
    pub fn samples(&self) -> SampleView {
        self.samples
    }

    /// Which time step of an unrolled network is shown.
    pub fn time_step(&self) -> usize {
        self.time_step
    }

    /// The newest numbers of the training run that fit the drawing as it stands.
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.snapshot.as_ref()
    }

    /// What the trainer is doing.
    pub fn run_state(&self) -> RunState {
        self.snapshot.as_ref().map_or(RunState::Paused, |snapshot| snapshot.state.clone())
    }

    /// Every finished epoch.
    pub fn loss_history(&self) -> &Arc<LossHistory> {
        &self.loss_history
    }

    /// What there is to tell, oldest first.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The question that waits for an answer.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// The job in the background.
    pub fn job(&self) -> Option<JobProgress> {
        None
    }

    /// The model file, where it has one.
    pub fn path(&self) -> Option<&Path> {
        None
    }

    /// Whether there are unsaved changes.
    pub fn is_dirty(&self) -> bool {
        false
    }

    /// The label of the edit that Undo would take back.
    pub fn undo_label(&self) -> Option<crate::words::Message> {
        None
    }

    /// The label of the edit that Redo would do again.
    pub fn redo_label(&self) -> Option<crate::words::Message> {
        None
    }

    /// Whether the window may close now.
    pub fn may_close(&self) -> bool {
        false
    }

    fn dispatch_view(&mut self, command: ViewCommand) {
        match command {
            ViewCommand::Select { nodes, edges } => {
                self.selection =
                    Selection { nodes: nodes.into_iter().collect(), edges: edges.into_iter().collect() };
            }
            ViewCommand::ToggleNode(node) => self.selection.toggle_node(node),
            ViewCommand::ToggleEdge(edge) => self.selection.toggle_edge(edge),
            ViewCommand::SelectAll => {
                self.selection = Selection {
                    nodes: self.document.network.nodes.keys().copied().collect(),
                    edges: self.document.network.edges.keys().copied().collect(),
                };
            }
            ViewCommand::SelectNone => self.selection = Selection::default(),
            ViewCommand::TogglePin(node) => {
                if !self.pinned.remove(&node) {
                    self.pinned.insert(node);
                }
            }
            ViewCommand::Samples(view) => self.samples = view,
            ViewCommand::TimeStep(step) => self.time_step = step,
            ViewCommand::DismissNotice(id) => self.notices.retain(|notice| notice.id != id),
        }
        self.selection.retain_existing(&self.document.network);
    }

    #[expect(dead_code, reason = "the floors that report here land next")]
    fn notify(&mut self, tone: Tone, message: crate::words::Message) {
        self.notices.push(Notice { id: self.next_notice, tone, message });
        self.next_notice += 1;
    }
}
