//! The walk through one pass: which pass, where in it, in which order.
//!
//! Must not know how a walk is drawn, nor how an action computes. While a walk is open, whatever shows
//! the pass shows it as far as the cursor has come: [`App::snapshot`] gives it so.

use std::sync::Arc;

use crate::explain::{ActionKind, Definitions, Order, Refused, Stride, Tensor, Walk};
use crate::train::{Pass, Snapshot};

use super::App;

/// Where a walk stands after a new pass has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    /// At its start.
    Start,
    /// Where the last one stood.
    SamePlace,
}

/// The walk that is open, if one is.
#[derive(Debug, Default)]
pub(super) struct WalkState {
    is_open: bool,
    walk: Option<Walk>,
    stride: StrideChoice,
    order: Order,
    /// A complete pass is waited for.
    wanted: Option<Begin>,
    /// What the panels see.
    shown: Option<Arc<Snapshot>>,
    refused: Option<Refused>,
    n_moves: u64,
}

/// How far one step goes; one operation at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct StrideChoice(Stride);

impl Default for StrideChoice {
    fn default() -> Self {
        Self(Stride::Action)
    }
}

/// About the walk through one pass. Changes no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkCommand {
    /// Begin a walk through the pass at rest.
    Open,
    /// Look at the newest pass again.
    Close,
    /// To the start.
    Start,
    /// To the end.
    End,
    /// One step on, as far as the chosen stride goes.
    Forward,
    /// One step back.
    Back,
    /// To the end of the phase, or of the next one.
    NextPhase,
    /// To a place: so many actions lie before the cursor.
    GoTo(usize),
    /// Behind an action, or, in an order of one's own, do it next.
    Choose(usize),
    /// Behind the last action that writes a tensor.
    GoToWriter(Tensor),
    /// How far a step goes.
    Stride(Stride),
    /// In which order the actions come.
    Order(Order),
}

impl App {
    /// Whether a walk is open, or its pass is on its way.
    pub fn is_walking(&self) -> bool {
        self.walk.is_open
    }

    /// The walk that is open.
    pub fn walk(&self) -> Option<&Walk> {
        self.walk.walk.as_ref()
    }

    /// How far one step of the walk goes.
    pub fn walk_stride(&self) -> Stride {
        self.walk.stride.0
    }

    /// The action that was refused last, and what it needs; nothing once the walk has moved on.
    pub fn walk_refusal(&self) -> Option<&Refused> {
        self.walk.refused.as_ref()
    }

    /// The definitions behind the numbers of a pass over the drawing as it stands.
    pub fn definitions<'a>(&'a self, pass: &'a Pass) -> Definitions<'a> {
        Definitions::new(&self.document.network, &self.findings.shapes).with_updates_of(pass)
    }

    /// What the panels see of the run while a walk is open.
    pub(super) fn walked_snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.walk.shown.as_ref()
    }

    /// Whether the whole network is watched, because a walk or the lenses wait for a complete pass.
    pub(super) fn wants_complete_pass(&self) -> bool {
        self.walk.wanted.is_some() || self.lenses_want_pass()
    }

    /// Whether a walk waits for a pass that can come.
    pub(super) fn awaits_walk(&self) -> bool {
        self.walk.wanted.is_some() && self.is_runnable() && self.training.trainer.is_some()
    }

    /// Closes the walk: its drawing is gone.
    pub(super) fn forget_walk(&mut self) {
        self.walk = WalkState { stride: self.walk.stride, ..WalkState::default() };
    }

    pub(super) fn dispatch_walk(&mut self, command: WalkCommand) {
        match command {
            WalkCommand::Open => {
                self.walk.is_open = true;
                self.walk.wanted = Some(Begin::Start);
            }
            WalkCommand::Close => {
                self.forget_walk();
                return;
            }
            WalkCommand::Stride(stride) => self.walk.stride = StrideChoice(stride),
            WalkCommand::Start
            | WalkCommand::End
            | WalkCommand::Forward
            | WalkCommand::Back
            | WalkCommand::NextPhase
            | WalkCommand::GoTo(_)
            | WalkCommand::Choose(_)
            | WalkCommand::GoToWriter(_)
            | WalkCommand::Order(_) => self.move_walk(command),
        }
        self.begin_walk();
    }

    fn move_walk(&mut self, command: WalkCommand) {
        let stride = self.walk.stride.0;
        let Some(walk) = &mut self.walk.walk else { return };
        let mut refused = None;
        match command {
            WalkCommand::Start => walk.go_to(0),
            WalkCommand::End => walk.go_to(walk.len()),
            WalkCommand::Forward => drop(walk.forward(stride)),
            WalkCommand::Back => drop(walk.back(stride)),
            WalkCommand::NextPhase => drop(walk.forward(Stride::Phase)),
            WalkCommand::GoTo(cursor) => walk.go_to(cursor),
            WalkCommand::Choose(action) => {
                let is_own = matches!(walk.order(), Order::Own(_));
                if !is_own || walk.is_done(action) {
                    walk.go_to_action(action);
                } else if let Err(reason) = walk.choose(action) {
                    refused = Some(reason);
                }
            }
            WalkCommand::GoToWriter(tensor) => drop(walk.go_to_writer_of(tensor)),
            WalkCommand::Order(order) => {
                walk.set_order(order);
                self.walk.order = order;
            }
            WalkCommand::Open | WalkCommand::Close | WalkCommand::Stride(_) => {}
        }
        self.walk.refused = refused;
        self.look_at_walked_time();
        self.show_walk();
    }

    /// The panels show the time step that the current action is of.
    fn look_at_walked_time(&mut self) {
        let action = self.walk.walk.as_ref().and_then(Walk::current_action);
        let Some(action) = action.filter(|action| action.node.is_some()) else { return };
        match action.kind {
            // Parameters are of no time.
            ActionKind::Clear | ActionKind::Clip | ActionKind::Update(_) => {}
            ActionKind::Forward
            | ActionKind::Seed
            | ActionKind::SendOver(_)
            | ActionKind::SendPast { .. }
            | ActionKind::SendTo(_) => self.looked_at.time_step = action.time_step,
        }
    }

    /// The drawing, the weights or what is looked at changed: a walk goes on with the new pass.
    pub(super) fn renew_walk(&mut self, from_start: bool) {
        if self.walk.is_open {
            let begin = if from_start { Begin::Start } else { Begin::SamePlace };
            self.walk.wanted = Some(begin);
        }
    }

    /// Takes the pass that the walk waits for, once it is there, complete and at rest.
    pub(super) fn begin_walk(&mut self) -> bool {
        let Some(begin) = self.walk.wanted.filter(|_| !self.is_training()) else { return false };
        let Some(pass) = self.training.snapshot.as_ref().and_then(|snapshot| snapshot.pass.clone()) else {
            return false;
        };
        if !self.is_complete(&pass) || pass.step < self.training.position.step {
            return false;
        }
        let definitions =
            Definitions::new(&self.document.network, &self.findings.shapes).with_updates_of(&pass);
        let Some(mut walk) = Walk::new(&definitions, Arc::clone(&pass)) else { return false };
        let cursor = self.walk.walk.as_ref().map_or(0, Walk::cursor);
        walk.set_order(self.walk.order);
        if begin == Begin::SamePlace {
            walk.go_to(cursor);
        }
        self.walk.walk = Some(walk);
        self.walk.wanted = None;
        self.walk.refused = None;
        self.show_walk();
        true
    }

    /// Whether a pass holds every node at every time step.
    pub(super) fn is_complete(&self, pass: &Pass) -> bool {
        let n_steps = self.document.network.n_steps.max(1);
        let steps = if self.document.network.has_loops() { n_steps } else { 1 };
        self.document
            .network
            .nodes
            .keys()
            .all(|&node| (0..steps).all(|time_step| pass.nodes.contains_key(&(node, time_step))))
    }

    /// What the panels see: the newest state of the run with the walk's pass as far as it has come.
    pub(super) fn show_walk(&mut self) {
        let (Some(walk), Some(newest)) = (&self.walk.walk, &self.training.snapshot) else { return };
        self.walk.n_moves += 1;
        let definitions =
            Definitions::new(&self.document.network, &self.findings.shapes).with_updates_of(walk.pass());
        let pass = walk.shown_pass(&definitions);
        self.walk.shown = Some(Arc::new(Snapshot {
            // Unlike any that a trainer counts.
            sequence: u64::MAX - self.walk.n_moves,
            pass: Some(Arc::new(pass)),
            ..Snapshot::clone(newest)
        }));
    }
}
