//! What can be seen of the program, and what is looked at.
//!
//! Must not change the document.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::data::{ColumnSummary, DataError, Inspection, Prepared, Table};
use crate::document::{Document, Fragment};
use crate::explain::print::Convention;
use crate::network::{NodeId, Problem, Room, Shapes};
use crate::train::{LossHistory, RunState, SampleView, Snapshot, Tempo, Trainer};
use crate::words::Message;

use super::runs::is_saved;
use super::{App, JobProgress, Notice, Question, RefusedFile, Selection, ViewCommand, Why};

/// What is selected and looked at: nothing of it is in the file.
#[derive(Debug, Default)]
pub(super) struct LookedAt {
    pub(super) selection: Selection,
    pub(super) pinned: BTreeSet<NodeId>,
    pub(super) samples: SampleView,
    pub(super) time_step: usize,
    /// Which number is explained.
    pub(super) why: Why,
    /// The convention that formulas, shapes, matrices and code are shown in.
    pub(super) convention: Convention,
    /// Copies of nodes that are in sight of the unrolled graph, with their time steps.
    pub(super) seen_copies: BTreeSet<(NodeId, usize)>,
    /// The room that the drawing has on the screen, where there is one.
    pub(super) room: Option<Room>,
}

impl App {
    /// The thing being edited.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Counts the drawings that were opened, begun or laid out for another screen, one after the other.
    pub fn n_documents(&self) -> u64 {
        self.n_documents
    }

    /// Counts changes of the document; equal revisions mean an equal document.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The shapes of the drawing, as far as they are known.
    pub fn shapes(&self) -> &Arc<Shapes> {
        &self.findings.shapes
    }

    /// What is wrong with the drawing, errors first.
    pub fn problems(&self) -> &Arc<Vec<Problem>> {
        &self.findings.problems
    }

    /// What is selected.
    pub fn selection(&self) -> &Selection {
        &self.looked_at.selection
    }

    /// Nodes pinned to the panels.
    pub fn pinned(&self) -> &BTreeSet<NodeId> {
        &self.looked_at.pinned
    }

    /// What was copied.
    pub fn clipboard(&self) -> Option<&Fragment> {
        self.clipboard.as_ref()
    }

    /// Which samples the panels show.
    pub fn samples(&self) -> SampleView {
        self.looked_at.samples
    }

    /// The room that the drawing has on the screen, as the window told last.
    pub fn room(&self) -> Option<Room> {
        self.looked_at.room
    }

    /// The convention that formulas, shapes, matrices and code are shown in.
    pub fn convention(&self) -> Convention {
        self.looked_at.convention
    }

    /// Which time step of an unrolled network is shown.
    pub fn time_step(&self) -> usize {
        self.looked_at.time_step
    }

    /// Copies of nodes that are in sight of the unrolled graph.
    pub fn seen_copies(&self) -> &BTreeSet<(NodeId, usize)> {
        &self.looked_at.seen_copies
    }

    /// The table that was read.
    pub fn table(&self) -> Option<&Arc<Table>> {
        self.data.table.as_ref()
    }

    /// Each column of the table at a glance.
    pub fn summaries(&self) -> &Arc<Vec<ColumnSummary>> {
        &self.data.summaries
    }

    /// What inspecting the data file found.
    pub fn inspection(&self) -> Option<&Arc<Inspection>> {
        self.data.inspection.as_ref()
    }

    /// The data ready for training: features, classes, scaling as fitted, parts.
    pub fn prepared(&self) -> Option<&Arc<Prepared>> {
        self.data.prepared.as_ref()
    }

    /// Why the data do not fit the drawing.
    pub fn data_error(&self) -> Option<&DataError> {
        self.data.error.as_ref()
    }

    /// The data file that could not be read, until another one is.
    pub fn refused_file(&self) -> Option<&RefusedFile> {
        self.data.refused.as_ref()
    }

    /// The newest numbers of the training run that fit the drawing as it stands.
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.walked_snapshot().or(self.training.snapshot.as_ref())
    }

    /// What the trainer is doing.
    pub fn run_state(&self) -> RunState {
        if self.training.trainer.as_ref().is_some_and(Trainer::is_starting) {
            return RunState::Running;
        }
        self.training.snapshot.as_ref().map_or(RunState::Paused, |snapshot| snapshot.state.clone())
    }

    /// How fast runs go.
    pub fn tempo(&self) -> Tempo {
        self.training.tempo
    }

    /// Every finished epoch.
    pub fn loss_history(&self) -> &Arc<LossHistory> {
        &self.training.loss_history
    }

    /// What there is to tell, oldest first.
    pub fn notices(&self) -> &[Notice] {
        &self.messages.notices
    }

    /// The question that waits for an answer.
    pub fn question(&self) -> Option<&Question> {
        self.messages.question.as_ref()
    }

    /// The job in the background.
    pub fn job(&self) -> Option<JobProgress> {
        self.loading_progress().or_else(|| self.file_progress()).or_else(|| self.readying_progress())
    }

    /// The model file, where it has one.
    pub fn path(&self) -> Option<&Path> {
        self.file.path.as_deref()
    }

    /// The example that is open, by its name.
    pub fn example(&self) -> Option<&str> {
        self.file.example.as_deref()
    }

    /// Whether there are unsaved changes, of the drawing or by training.
    pub fn is_dirty(&self) -> bool {
        !self.history.is_saved()
            || self.training.position.step != self.file.saved.step
            || !is_saved(&self.document.runs, &self.file.saved.runs)
    }

    /// The label of the edit that Undo would take back.
    pub fn undo_label(&self) -> Option<Message> {
        self.history.undo_label().cloned()
    }

    /// The label of the edit that Redo would do again.
    pub fn redo_label(&self) -> Option<Message> {
        self.history.redo_label().cloned()
    }

    /// Whether the window may close now.
    pub fn may_close(&self) -> bool {
        self.file.may_close
    }

    pub(super) fn dispatch_view(&mut self, command: ViewCommand) {
        match command {
            ViewCommand::Select { nodes, edges } => {
                self.looked_at.selection =
                    Selection { nodes: nodes.into_iter().collect(), edges: edges.into_iter().collect() };
            }
            ViewCommand::ToggleNode(node) => self.looked_at.selection.toggle_node(node),
            ViewCommand::SelectAll => {
                self.looked_at.selection = Selection {
                    nodes: self.document.network.nodes.keys().copied().collect(),
                    edges: self.document.network.edges.keys().copied().collect(),
                };
            }
            ViewCommand::SelectNone => self.looked_at.selection = Selection::default(),
            ViewCommand::TogglePin(node) => {
                if !self.looked_at.pinned.remove(&node) {
                    self.looked_at.pinned.insert(node);
                }
            }
            ViewCommand::Samples(view) => {
                self.looked_at.samples = view;
                self.renew_walk(false);
            }
            ViewCommand::TimeStep(step) => {
                self.looked_at.time_step = step.min(self.document.network.n_steps.saturating_sub(1));
            }
            ViewCommand::SeeCopies(copies) => self.looked_at.seen_copies = copies,
            ViewCommand::Ask(questions) => self.set_questions(*questions),
            ViewCommand::Room(room) => {
                self.looked_at.room = Some(room);
                self.arrange_example();
            }
            ViewCommand::DismissNotice(id) => self.messages.notices.retain(|notice| notice.id != id),
            ViewCommand::DismissNotices => self.messages.notices.clear(),
            ViewCommand::ShowUnfinished => self.insist(),
            ViewCommand::Explain(quantity) => self.looked_at.why.explain(quantity),
            ViewCommand::Follow(quantity) => self.looked_at.why.follow(quantity),
            ViewCommand::ExplainBack(at) => self.looked_at.why.back_to(at),
            ViewCommand::CloseWhy => self.looked_at.why.close(),
            ViewCommand::Convention(convention) => self.looked_at.convention = convention,
        }
        self.looked_at.selection.retain_existing(&self.document.network);
    }
}
