//! Undo and redo. What a person does in one gesture is one step.
//!
//! Must not know training: trained numbers enter the document beside the history, and no undo
//! rolls them back.

use super::actions::Change;
use super::{Document, Edit};
use crate::words::Message;

/// So many steps can be undone; older ones are forgotten.
const LIMIT: usize = 1_000;

/// Undo and redo of one document.
#[derive(Clone, Debug)]
pub struct History {
    undo: Vec<UndoStep>,
    redo: Vec<UndoStep>,
    gesture: Option<Gesture>,
    /// Counts up with every new state, so that equal numbers mean the same document.
    last_state: u64,
    state: u64,
    saved: Option<u64>,
}

#[derive(Clone, Debug)]
struct UndoStep {
    label: Message,
    edit: Edit,
    /// The state that the document is in once `edit` has been applied.
    leads_to: u64,
}

#[derive(Clone, Debug)]
struct Gesture {
    label: Option<Message>,
    /// Inverses, newest last.
    inverses: Vec<Edit>,
    began_at: u64,
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

impl History {
    /// An empty history of a document that is saved as it is.
    pub fn new() -> Self {
        Self { undo: Vec::new(), redo: Vec::new(), gesture: None, last_state: 0, state: 0, saved: Some(0) }
    }

    /// Applies a change and remembers how to take it back. A change without any edit in it
    /// leaves no step behind.
    pub fn perform(&mut self, document: &mut Document, change: Change) {
        if change.edit.is_empty() {
            return;
        }
        let inverse = document.apply(change.edit);
        let came_from = self.state;
        self.last_state += 1;
        self.state = self.last_state;
        self.redo.clear();
        if let Some(gesture) = &mut self.gesture {
            gesture.label.get_or_insert(change.label);
            gesture.inverses.push(inverse);
        } else {
            self.push_undo(UndoStep { label: change.label, edit: inverse, leads_to: came_from });
        }
    }

    /// Everything performed until [`History::end_gesture`] is one step. Gestures do not nest: a
    /// second begin ends the first.
    pub fn begin_gesture(&mut self) {
        self.end_gesture();
        self.gesture = Some(Gesture { label: None, inverses: Vec::new(), began_at: self.state });
    }

    /// Ends the gesture; what was performed in it becomes one step, under its first label.
    pub fn end_gesture(&mut self) {
        let Some(gesture) = self.gesture.take() else { return };
        let Some(label) = gesture.label else { return };
        let mut inverses = gesture.inverses;
        inverses.reverse();
        self.push_undo(UndoStep { label, edit: Edit::Batch(inverses), leads_to: gesture.began_at });
    }

    /// Whether a gesture is under way.
    pub fn is_in_gesture(&self) -> bool {
        self.gesture.is_some()
    }

    /// Takes the newest step back. Gives its label, `None` where there is none.
    pub fn undo(&mut self, document: &mut Document) -> Option<Message> {
        self.end_gesture();
        let step = self.undo.pop()?;
        let came_from = self.state;
        let inverse = document.apply(step.edit);
        self.state = step.leads_to;
        self.redo.push(UndoStep { label: step.label.clone(), edit: inverse, leads_to: came_from });
        Some(step.label)
    }

    /// Does the step again that was undone last. Gives its label, `None` where there is none.
    pub fn redo(&mut self, document: &mut Document) -> Option<Message> {
        self.end_gesture();
        let step = self.redo.pop()?;
        let came_from = self.state;
        let inverse = document.apply(step.edit);
        self.state = step.leads_to;
        self.undo.push(UndoStep { label: step.label.clone(), edit: inverse, leads_to: came_from });
        Some(step.label)
    }

    /// What undo would take back.
    pub fn undo_label(&self) -> Option<&Message> {
        match &self.gesture {
            Some(Gesture { label: Some(label), .. }) => Some(label),
            _ => self.undo.last().map(|step| &step.label),
        }
    }

    /// What redo would do again.
    pub fn redo_label(&self) -> Option<&Message> {
        self.redo.last().map(|step| &step.label)
    }

    /// How many steps can be undone and redone.
    pub fn depth(&self) -> (usize, usize) {
        (self.undo.len(), self.redo.len())
    }

    /// Which state the document is in: equal numbers mean equal documents (training apart).
    pub fn state(&self) -> u64 {
        self.state
    }

    /// Says that the document has been saved as it now is.
    pub fn mark_saved(&mut self) {
        self.saved = Some(self.state);
    }

    /// Says that the document has never been saved as it now is (recovered, newly trained).
    pub fn mark_unsaved(&mut self) {
        self.saved = None;
    }

    /// Whether the document is as it was when it was last saved.
    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.state)
    }

    fn push_undo(&mut self, step: UndoStep) {
        self.undo.push(step);
        if self.undo.len() > LIMIT {
            self.undo.remove(0);
        }
    }
}
