//! The application without a window: commands come in, state changes, getters show it.
//!
//! Must not know egui. The window and the tests drive the same [`App`]: they send a [`Command`]
//! to [`App::dispatch`] and call [`App::tick`] once a frame, which takes in what background jobs
//! and the trainer have made.
//!
//! An edit while the training runs pauses it; the edit itself is done a moment later, when the
//! trainer has handed over the weights that the edit builds on.

mod autograd;
mod command;
mod copies;
mod data;
mod edits;
mod file;
mod findings;
mod fit;
mod gradient;
mod health;
mod insight;
mod jobs;
mod keeper;
mod landscape;
mod lenses;
mod marks;
mod notice;
mod pick;
mod ready;
mod rescue;
mod runs;
mod save;
mod scored;
mod selection;
pub mod signals;
mod study;
mod training;
mod transfer;
mod view;
mod walk;
mod why;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::document::{Document, Fragment, History};

pub use crate::document::actions::Alignment;
pub use crate::network::PatternKind as Pattern;
pub use autograd::AutogradCommand;
pub use command::{
    Command, DataCommand, EditCommand, FileCommand, GradientCommand, ResetTo, TrainCommand, UnsavedAnswer,
    ViewCommand, WireEnd,
};
pub use data::RefusedFile;
pub use gradient::CheckState;
pub use insight::{Questions, RowsQuestion};
pub use lenses::Lenses;
pub use marks::SettingsChange;
pub use notice::{JobProgress, Lasts, Notice, Question, Tone, Used};
pub use pick::{Picked, Picking};
pub use selection::Selection;
pub use study::Answer;
pub use transfer::{ExportCommand, ExportOutcome, ExportPreview};
pub use walk::WalkCommand;
pub use why::Why;

/// Asks whoever shows the program to look again; called from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The application without a window.
pub struct App {
    document: Document,
    history: History,
    revision: u64,
    n_documents: u64,
    clipboard: Option<Fragment>,
    looked_at: view::LookedAt,
    findings: findings::Findings,
    messages: notice::Messages,
    data: data::DataState,
    training: training::TrainingState,
    gradient: gradient::GradientState,
    autograd: autograd::AutogradState,
    /// What the panels ask about the trained network.
    studies: insight::Studies,
    /// A second file that the network is scored on.
    scored: scored::Scored,
    walk: walk::WalkState,
    lenses: lenses::LensState,
    file: file::FileState,
    transfer: transfer::Transfer,
    rescue: Option<rescue::Rescue>,
    used: Vec<Used>,
    /// Commands that wait until the training rests.
    waiting: VecDeque<Command>,
    wake: Wake,
}

impl App {
    /// An empty drawing that leaves no traces: no autosave, no recovery. `wake` is called when
    /// [`Self::tick`] has something to take in.
    pub fn new(wake: Wake) -> Self {
        let mut app = Self {
            document: Document::default(),
            history: History::new(),
            revision: 0,
            n_documents: 0,
            clipboard: None,
            looked_at: view::LookedAt::default(),
            findings: findings::Findings::default(),
            messages: notice::Messages::default(),
            data: data::DataState::default(),
            training: training::TrainingState::default(),
            gradient: gradient::GradientState::default(),
            autograd: autograd::AutogradState::default(),
            studies: insight::Studies::default(),
            scored: scored::Scored::default(),
            walk: walk::WalkState::default(),
            lenses: lenses::LensState::default(),
            file: file::FileState::default(),
            transfer: transfer::Transfer::default(),
            rescue: None,
            used: Vec::new(),
            waiting: VecDeque::new(),
            wake,
        };
        app.find_problems();
        app
    }

    /// The same with autosave: unsaved work is kept in `config_dir`, after `interval` at the
    /// earliest, and what an earlier run left behind there is offered.
    pub fn with_autosave(wake: Wake, config_dir: &Path, interval: Duration) -> Self {
        let mut app = Self::new(wake);
        app.open_rescue(config_dir, interval);
        app
    }

    /// Does what is asked, or says in a notice why not. While the training runs, what needs it to
    /// rest is put off until it does; later commands keep their place behind it.
    pub fn dispatch(&mut self, command: Command) {
        // A run that ended since the last tick left weights that this may build on.
        self.take_full();
        if self.must_wait(&command) {
            self.put_off(command);
            self.wait_a_moment();
            return;
        }
        self.handle(command);
        self.settle();
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::View(command) => self.dispatch_view(command),
            Command::File(command) => self.dispatch_file(command),
            Command::Edit(command) => self.dispatch_edit(command),
            Command::Train(command) => self.dispatch_train(command),
            Command::Data(command) => self.dispatch_data(command),
            Command::Gradient(command) => self.dispatch_gradient(command),
            Command::Walk(command) => self.dispatch_walk(command),
            Command::Export(command) => self.dispatch_export(command),
        }
    }

    /// Takes in what jobs and the trainer have made since the last call. Returns whether anything
    /// changed that a window would show.
    pub fn tick(&mut self) -> bool {
        let mut changed = self.take_snapshot();
        changed |= self.take_full();
        changed |= self.do_waiting();
        changed |= self.poll_data();
        changed |= self.poll_file();
        changed |= self.poll_gradient();
        changed |= self.begin_walk();
        changed |= self.poll_lenses();
        changed |= self.poll_transfer();
        changed |= self.poll_runs();
        self.settle();
        changed |= self.poll_studies();
        changed |= self.poll_scored();
        changed
    }

    /// Sends the trainer what it has to know by now.
    fn settle(&mut self) {
        if self.messages.question.is_none() {
            self.messages.question = self.messages.next_question.take();
        }
        self.keep_rescue();
        self.know_autograd();
        self.load_trainer();
        self.forget_outdated_notices();
        self.tell_watch();
        if let Some(trainer) = &mut self.training.trainer {
            trainer.flush();
        }
    }

    /// Whether a command has to wait until the training rests, or for one that waits already.
    fn must_wait(&self, command: &Command) -> bool {
        // Stopping a job waits for nothing.
        let stops = matches!(command, Command::Data(DataCommand::Cancel));
        let needs_rest = match command {
            Command::Edit(edit) => !Self::is_live(edit),
            Command::Train(TrainCommand::Reset(_))
            | Command::Data(DataCommand::Set(_) | DataCommand::KeepFit | DataCommand::FitAnew)
            | Command::Export(ExportCommand::Preview(..))
            | Command::File(FileCommand::SaveWithSteps { .. } | FileCommand::ImportWeights(_))
            | Command::Gradient(GradientCommand::Check) => true,
            Command::View(_)
            | Command::File(_)
            | Command::Train(_)
            | Command::Data(_)
            | Command::Gradient(_)
            | Command::Export(_)
            | Command::Walk(_) => false,
        };
        // What belongs to the model that is being opened waits for it.
        let needs_model = matches!(command, Command::Train(_) | Command::Data(_)) && !stops;
        let keeps_order = matches!(command, Command::Edit(_) | Command::Data(_)) && !stops;
        (needs_rest && self.is_training())
            || (needs_model && self.is_opening())
            || (keeps_order && !self.waiting.is_empty())
    }

    fn do_waiting(&mut self) -> bool {
        if self.waiting.is_empty() || self.is_training() || self.is_opening() {
            return false;
        }
        // What the trainer left on coming to rest is what the edits build on.
        self.take_full();
        for command in std::mem::take(&mut self.waiting) {
            self.handle(command);
        }
        true
    }

    /// Paths that were opened, saved or loaded since the last call, for the recent files.
    pub fn take_used(&mut self) -> Vec<Used> {
        std::mem::take(&mut self.used)
    }

    fn remember_model(&mut self, path: PathBuf) {
        self.used.push(Used::Model(path));
    }
}
