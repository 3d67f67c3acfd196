//! In which order a walk takes the actions of its pass.
//!
//! Must not know numbers.

use super::Walk;
use crate::explain::quantity::Tensor;
use crate::explain::timeline::{ActionKind, Phase};

/// The order of a walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the program runs.
    #[default]
    AsRun,
    /// All deltas first and then the gradients of the parameters, as textbooks write `backprop`.
    DeltasFirst,
    /// The learner picks the next action of `loss.backward()`.
    Own(Way),
}

/// By which way of backpropagation an order of one's own goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Way 1, all paths multiplied: any local derivative may come next. A gradient shows once all local
    /// derivatives between it and the loss are there.
    Paths,
    /// Way 2, from the end: an action whose delta is missing is refused.
    Steps,
}

/// Why an action may not come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which action, by its place in the timeline.
    pub action: usize,
    /// The tensors that it reads and that are not there yet.
    pub missing: Vec<Tensor>,
    /// The phase that has to be finished first, where an earlier one is not.
    pub unfinished: Option<Phase>,
}

impl Walk {
    /// Changes the order. The cursor goes behind the last action up to which the new order has done the
    /// same as the old.
    pub fn set_order(&mut self, order: Order) {
        let done: Vec<usize> = self.sequence.iter().take(self.cursor).copied().collect();
        self.order = order;
        let all: Vec<usize> = (0..self.timeline.len()).collect();
        self.sequence = match order {
            Order::AsRun => all,
            Order::DeltasFirst => self.deltas_first(all),
            // What was done in another order may have been picked just so.
            Order::Own(_) => done.clone(),
        };
        self.places = vec![None; self.timeline.len()];
        for (place, &action) in self.sequence.iter().enumerate() {
            self.places[action] = Some(place);
        }
        let mut is_done = vec![false; self.timeline.len()];
        for action in done {
            is_done[action] = true;
        }
        self.set_cursor(self.sequence.iter().take_while(|&&action| is_done[action]).count());
    }

    fn deltas_first(&self, mut all: Vec<usize>) -> Vec<usize> {
        let actions = self.timeline.actions();
        all.sort_by_key(|&idx| (actions[idx].phase, matches!(actions[idx].kind, ActionKind::SendTo(_))));
        all
    }

    /// Does an action of one's own choice next. What was chosen beyond the cursor is forgotten.
    ///
    /// # Errors
    /// Where it may not come next: it was done before, or what it reads is missing.
    pub fn choose(&mut self, action: usize) -> Result<(), Refused> {
        self.may_come_next(action)?;
        match self.order {
            Order::Own(_) => self.do_next(action),
            Order::AsRun | Order::DeltasFirst => {
                let _ = self.go_to_action(action);
            }
        }
        Ok(())
    }

    /// Whether an action may come next.
    ///
    /// # Errors
    /// Where it was done before, or what it reads is missing.
    pub fn may_come_next(&self, action: usize) -> Result<(), Refused> {
        let refused = |missing, unfinished| Err(Refused { action, missing, unfinished });
        let Some(asked) = self.timeline.action(action) else { return refused(Vec::new(), None) };
        if self.is_done(action) {
            return refused(Vec::new(), None);
        }
        let is_free = self.order == Order::Own(Way::Paths) && asked.phase == Phase::Backward;
        let is_missing = |tensor: &Tensor| {
            let writers = self.timeline.writers(*tensor);
            let may_wait = is_free && tensor.is_gradient();
            !may_wait && !writers.iter().all(|writer| self.has_effect(*writer))
        };
        let missing: Vec<Tensor> = asked.reads.iter().copied().filter(is_missing).collect();
        let unfinished = self.unfinished_before(asked.phase);
        if missing.is_empty() && unfinished.is_none() { Ok(()) } else { refused(missing, unfinished) }
    }

    /// The first of the earlier phases that is not finished: only within `loss.backward()` may the order
    /// change.
    fn unfinished_before(&self, phase: Phase) -> Option<Phase> {
        let actions = self.timeline.actions().iter().enumerate();
        let mut earlier = actions.take_while(|(_, action)| action.phase < phase);
        earlier.find(|(idx, _)| !self.is_done(*idx)).map(|(_, action)| action.phase)
    }

    /// The first action, in the order of running, that was not done: all that it reads was made before it, so
    /// it may always come next. Those before `from` are known to be done.
    pub(super) fn first_undone(&self, from: usize) -> Option<usize> {
        (from..self.timeline.len()).find(|&action| !self.is_done(action))
    }

    /// Puts an action behind the cursor and moves over it.
    pub(super) fn do_next(&mut self, action: usize) {
        if self.sequence.get(self.cursor) != Some(&action) {
            for dropped in self.sequence.drain(self.cursor..) {
                self.places[dropped] = None;
            }
            self.sequence.push(action);
            self.places[action] = Some(self.cursor);
        }
        self.set_cursor(self.cursor + 1);
    }

    /// Whether an action is done and all that it reads was there: by way 1 a local derivative alone
    /// makes no gradient yet.
    pub(super) fn has_effect(&self, action: usize) -> bool {
        if self.order != Order::Own(Way::Paths) {
            return self.is_done(action);
        }
        let effects = self.effects.get_or_init(|| self.find_effects());
        effects.get(action).is_some_and(|has_effect| *has_effect)
    }

    /// By action: whether it has an effect. What an action reads was made by earlier ones of the timeline, so
    /// one pass over it is enough.
    fn find_effects(&self) -> Vec<bool> {
        let mut effects = Vec::with_capacity(self.timeline.len());
        for (idx, action) in self.timeline.actions().iter().enumerate() {
            let gradients = action.reads.iter().filter(|tensor| tensor.is_gradient());
            let mut makers = gradients.flat_map(|tensor| self.timeline.writers(*tensor));
            let is_ready = makers.all(|&maker| effects.get(maker).is_none_or(|has_effect| *has_effect));
            effects.push(self.is_done(idx) && is_ready);
        }
        effects
    }
}
