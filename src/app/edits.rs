//! Edits of the document: what a command means, and who must hear of the change.
//!
//! Must not know how an edit is undone (`document`) nor how a network is trained.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::data::{self, DataRequest};
use crate::document::{Change, Document, Edit, Runs, actions};
use crate::network::{Network, NodeId, NodeKind, Parameters, Position, Refusal, expression};
use crate::train::{RunState, StopReason};
use crate::words::Message;

use super::command::{EditCommand, WireEnd};
use super::{App, Command, Selection};

/// How far copies lie from their originals, in canvas points.
const BESIDE: f32 = 32.0;
/// Units of the state of a pattern that is dropped.
const PATTERN_UNITS: usize = 8;

impl App {
    /// Whether this edit can be made while the training goes on: it moves things on the screen,
    /// or is a setting that training takes live.
    pub(super) fn is_live(command: &EditCommand) -> bool {
        matches!(
            command,
            EditCommand::BeginGesture
                | EditCommand::EndGesture
                | EditCommand::Move(_)
                | EditCommand::Align(_)
                | EditCommand::AutoLayout
                | EditCommand::Copy
                | EditCommand::SetTraining(_)
                | EditCommand::SetTrainable { .. }
                | EditCommand::RenameRun(..)
                | EditCommand::DeleteRun(_)
        )
    }

    pub(super) fn dispatch_edit(&mut self, command: EditCommand) {
        let before = self.document.clone();
        match command {
            EditCommand::Undo => {
                self.history.undo(&mut self.document);
                self.carry_fit(&before);
                self.follow_file(&before);
            }
            EditCommand::Redo => {
                self.history.redo(&mut self.document);
                self.carry_fit(&before);
                self.follow_file(&before);
            }
            EditCommand::BeginGesture => self.history.begin_gesture(),
            EditCommand::EndGesture => self.history.end_gesture(),
            EditCommand::Copy => self.copy(),
            EditCommand::Cut => {
                self.copy();
                self.delete_selection(false);
            }
            EditCommand::DeleteSelection { heal } => self.delete_selection(heal),
            EditCommand::Paste { at } => self.paste(at),
            EditCommand::Duplicate => {
                let nodes: Vec<NodeId> = self.looked_at.selection.nodes.iter().copied().collect();
                self.perform(actions::duplicate(&self.document, &nodes, BESIDE, BESIDE));
            }
            EditCommand::AddConnected { kind, position, wire } => self.add_connected(kind, position, wire),
            EditCommand::KeepRun => self.keep_run(),
            EditCommand::RestoreRun(id) => return self.restore_run(id),
            EditCommand::DrawExpression(text) => match expression::draw(&text) {
                Ok(drawn) => self.perform(actions::draw_expression(&self.document, &drawn)),
                Err(error) => self.refuse(&error),
            },
            other => match self.change_of(other) {
                Ok(change) => self.perform(change),
                Err(refusal) => self.refuse(&refusal),
            },
        }
        self.after_change(&before);
    }

    /// The change that a command asks for; nothing for those that are no single change.
    fn change_of(&self, command: EditCommand) -> Result<Change, Refusal> {
        let document = &self.document;
        Ok(match command {
            EditCommand::Fix(fix) => actions::fix(document, &fix),
            EditCommand::AddNode { kind, position } => actions::add_node(document, kind, position),
            EditCommand::AddPattern { pattern, position } => {
                actions::add_pattern(document, pattern, PATTERN_UNITS, position)
            }
            EditCommand::InsertOnEdge { kind, edge, position } => {
                actions::insert_on_edge(document, edge, kind, position)
            }
            EditCommand::InsertNodeOnEdge { node, edge, position } => {
                actions::insert_node_on_edge(document, edge, node, position)?
            }
            EditCommand::Connect { from, to, port, delay: 0 } => actions::connect(document, from, to, port)?,
            EditCommand::Connect { from, to, port, delay } => {
                actions::connect_loop(document, from, to, port, delay)?
            }
            EditCommand::SetEdge(id, edge) => actions::set_edge(document, id, edge),
            EditCommand::Delete { nodes, edges, heal } => actions::delete(document, &nodes, &edges, heal),
            EditCommand::Rename(node, name) => actions::rename(document, node, &name),
            EditCommand::SetKind(node, kind) => self.set_kind(node, kind),
            EditCommand::Move(places) => actions::move_nodes(document, &places),
            EditCommand::Align(alignment) => {
                let nodes: Vec<NodeId> = self.looked_at.selection.nodes.iter().copied().collect();
                actions::align(document, &nodes, alignment)
            }
            EditCommand::AutoLayout => actions::auto_layout(document, self.looked_at.room),
            EditCommand::SetSteps { n_steps, truncate } => actions::set_time(document, n_steps, truncate),
            EditCommand::SetParameterEntry { key, index, value } => {
                actions::set_entries(document, key, vec![(index, value)])
            }
            EditCommand::SetTrainable { key, trainable } => {
                actions::set_trainable(document, &[key], trainable)
            }
            EditCommand::SetNoGrad { nodes, no_grad } => actions::set_no_grad(document, &nodes, no_grad),
            EditCommand::SetRoot { node, is_root } => actions::set_root(document, node, is_root),
            EditCommand::SetSeed { node, seed } => actions::set_seed(document, node, seed),
            EditCommand::SetTraining(settings) => actions::set_training(document, settings),
            EditCommand::RenameRun(id, name) => actions::rename_run(document, id, &name),
            EditCommand::DeleteRun(id) => actions::delete_run(document, id),
            EditCommand::Undo
            | EditCommand::Redo
            | EditCommand::BeginGesture
            | EditCommand::EndGesture
            | EditCommand::KeepRun
            | EditCommand::RestoreRun(_)
            | EditCommand::AddConnected { .. }
            | EditCommand::DrawExpression(_)
            | EditCommand::DeleteSelection { .. }
            | EditCommand::Copy
            | EditCommand::Cut
            | EditCommand::Paste { .. }
            | EditCommand::Duplicate => single(Edit::Batch(Vec::new()), "edit-settings"),
        })
    }

    fn set_kind(&self, node: NodeId, kind: NodeKind) -> Change {
        let old = self.document.network.nodes.get(&node).map(|node| &node.kind);
        match kind.data() {
            Some(data) if old.is_some_and(|old| old.declaration() == kind.declaration()) => {
                actions::set_data_node(&self.document, node, data.clone())
            }
            _ => actions::change_kind(&self.document, node, kind),
        }
    }

    /// Applies a change as one step of the history, and with it what follows from it: the widths
    /// of data nodes. What it made becomes the selection.
    pub(super) fn perform(&mut self, change: Change) {
        let made = Selection {
            nodes: change.nodes.iter().copied().collect(),
            edges: if change.nodes.is_empty() {
                change.edges.iter().copied().collect()
            } else {
                BTreeSet::new()
            },
        };
        let before = self.document.network.clone();
        let is_own_gesture = !self.history.is_in_gesture();
        if is_own_gesture {
            self.history.begin_gesture();
        }
        self.history.perform(&mut self.document, change);
        let request = DataRequest::of(&self.document.network);
        let widths = data::widths(self.data.table.as_deref(), &self.document.data, &request);
        let widened = actions::set_features(&self.document, &widths);
        self.history.perform(&mut self.document, widened);
        self.follow_losses(&before);
        if is_own_gesture {
            self.history.end_gesture();
        }
        if !made.is_empty() {
            self.looked_at.selection = made;
        }
    }

    fn copy(&mut self) {
        let nodes: Vec<NodeId> = self.looked_at.selection.nodes.iter().copied().collect();
        if !nodes.is_empty() {
            self.clipboard = Some(actions::copy(&self.document, &nodes));
        }
    }

    fn delete_selection(&mut self, heal: bool) {
        let nodes: Vec<NodeId> = self.looked_at.selection.nodes.iter().copied().collect();
        let edges: Vec<_> = self.looked_at.selection.edges.iter().copied().collect();
        self.perform(actions::delete(&self.document, &nodes, &edges, heal));
    }

    fn paste(&mut self, at: Option<Position>) {
        let Some(fragment) = self.clipboard.clone() else { return };
        let center = at.unwrap_or_else(|| {
            let center = fragment.center();
            Position { x: center.x + BESIDE, y: center.y + BESIDE }
        });
        self.perform(actions::paste(&self.document, &fragment, center));
    }

    /// A node and its wire as one step; without the wire where it is refused.
    fn add_connected(&mut self, kind: NodeKind, position: Position, wire: WireEnd) {
        self.history.begin_gesture();
        let change = actions::add_node(&self.document, kind, position);
        let made = change.nodes.first().copied();
        self.perform(change);
        if let Some(new) = made {
            let wired = match wire {
                WireEnd::Output(from) => actions::connect(&self.document, from, new, 0),
                WireEnd::Input(to, port) => actions::connect(&self.document, new, to, port),
            };
            match wired {
                Ok(change) => self.perform(change),
                Err(refusal) => self.refuse(&refusal),
            }
            self.looked_at.selection = Selection::of_nodes([new]);
        }
        self.history.end_gesture();
    }

    /// Lays an example that nobody has changed yet out for the room that there is now: what ships was drawn
    /// for another screen.
    pub(super) fn arrange_example(&mut self) {
        let has_history = self.undo_label().is_some() || self.redo_label().is_some();
        if self.file.example.is_none() || self.looked_at.room.is_none() || self.is_dirty() || has_history {
            return;
        }
        let network = &mut self.document.network;
        let places = network.layout_in(self.looked_at.room);
        if network.nodes.iter().all(|(id, node)| places.get(id) == Some(&node.position)) {
            return;
        }
        for (id, place) in places {
            if let Some(node) = network.nodes.get_mut(&id) {
                node.position = place;
            }
        }
        self.revision += 1;
        self.n_documents += 1;
    }

    /// Tells everybody who depends on the document what became of it since `before`.
    pub(super) fn after_change(&mut self, before: &Document) {
        if !is_same_runs(&before.runs, &self.document.runs) {
            self.keep_runs_within_limits(before);
            self.revision += 1;
        }
        let are_parameters_same = is_same_parameters(&before.parameters, &self.document.parameters);
        if are_parameters_same
            && before.network == self.document.network
            && before.data == self.document.data
            && before.training == self.document.training
        {
            return;
        }
        self.revision += 1;
        self.looked_at.selection.retain_existing(&self.document.network);
        self.looked_at.pinned.retain(|node| self.document.network.nodes.contains_key(node));
        self.looked_at.why.retain_existing(&self.document.network);
        let is_redrawn = !is_same_drawing(&before.network, &self.document.network);
        if is_redrawn {
            self.find_problems();
        }
        let is_reprepared =
            before.data != self.document.data || before.training.seed != self.document.training.seed;
        // A batch that was too large may fit now.
        let is_refused = self
            .training
            .snapshot
            .as_ref()
            .is_some_and(|held| matches!(held.state, RunState::Stopped(StopReason::CannotStart(_))))
            && before.training != self.document.training;
        if is_redrawn || is_reprepared || is_refused {
            self.reload_trainer();
        } else {
            self.tell_parameters(&before.parameters);
        }
        if before.training != self.document.training {
            self.mark_settings(&before.training);
        }
        if before.training != self.document.training
            && let Some(trainer) = &mut self.training.trainer
        {
            trainer.set_training(self.document.training.clone());
        }
    }

    /// Tells the trainer which parameters were changed by hand.
    fn tell_parameters(&mut self, before: &Parameters) {
        let mut changed = Parameters::new();
        let mut flags = Vec::new();
        for (key, parameter) in &self.document.parameters {
            match before.get(key) {
                Some(old)
                    if Arc::ptr_eq(&old.values, &parameter.values) || old.values == parameter.values =>
                {
                    if old.trainable != parameter.trainable {
                        flags.push((*key, parameter.trainable));
                    }
                }
                _ => {
                    changed.insert(*key, parameter.clone());
                }
            }
        }
        let Some(trainer) = &mut self.training.trainer else { return };
        if !flags.is_empty() {
            trainer.set_trainable(flags);
        }
        if !changed.is_empty() {
            // The rows are prepared as before.
            let is_prepared = self.data.prepared_revision == Some(self.training.run_revision);
            self.training.run_revision += 1;
            if is_prepared {
                self.data.prepared_revision = Some(self.training.run_revision);
            }
            trainer.set_parameters(self.training.run_revision, changed);
        }
    }

    /// Puts a command off until the training rests.
    pub(super) fn put_off(&mut self, command: Command) {
        self.waiting.push_back(command);
        if self.is_training()
            && let Some(trainer) = &mut self.training.trainer
        {
            trainer.pause();
        }
    }
}

/// A change of a single edit.
fn single(edit: Edit, label: &'static str) -> Change {
    Change { edit, label: Message::new(label), nodes: Vec::new(), edges: Vec::new() }
}

/// Whether two drawings differ at most in where their nodes lie.
fn is_same_drawing(a: &Network, b: &Network) -> bool {
    a.edges == b.edges
        && a.n_steps == b.n_steps
        && a.truncate == b.truncate
        && a.roots == b.roots
        && a.seeds == b.seeds
        && a.nodes.len() == b.nodes.len()
        && a.nodes.iter().zip(&b.nodes).all(|((a_id, a), (b_id, b))| {
            a_id == b_id && a.name == b.name && a.kind == b.kind && a.no_grad == b.no_grad
        })
}

/// Whether two documents share their runs.
fn is_same_runs(a: &Runs, b: &Runs) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((a, one), (b, other))| a == b && Arc::ptr_eq(one, other))
}

/// Whether two documents share their parameters: every edit of one makes a copy of its own.
fn is_same_parameters(a: &Parameters, b: &Parameters) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|((a_key, a), (b_key, b))| {
            a_key == b_key
                && a.shape == b.shape
                && a.trainable == b.trainable
                && Arc::ptr_eq(&a.values, &b.values)
        })
}
