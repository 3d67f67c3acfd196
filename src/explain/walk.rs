//! A walk: a view over one finished pass, with a cursor between its actions.
//!
//! A number is visible once the actions that make it lie before the cursor; nothing is undone or
//! computed again, and any place is reached at once. Must not know how anything is drawn.

mod order;
mod shown;

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

pub use order::{Order, Refused, Way};

use super::definition::Definitions;
use super::entry::evaluate_tensor;
use super::quantity::{Quantity, Tensor, numbers_of, values_of};
use super::timeline::{Phase, Timeline, TimelineAction};
use crate::network::ParameterKey;
use crate::train::{Pass, Values};

/// How far one step of a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stride {
    /// One operation.
    Action,
    /// All operations of one node at one time step that stand together.
    Node,
    /// One phase.
    Phase,
}

/// What is to be seen of a tensor at a place of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Its numbers.
    Shown,
    /// Nothing yet, or nothing at all where no action makes it: PyTorch's None.
    Blank,
    /// The sum of some of the shares that it is made of.
    Partial {
        /// How many shares have arrived.
        arrived: usize,
        /// Of how many.
        of: usize,
    },
    /// The parameter is frozen: it gets no gradient and no update.
    Frozen,
    /// A parameter after its update.
    Updated,
}

/// A view over one pass with a cursor. The cursor counts the actions that lie before it.
#[derive(Clone, Debug)]
pub struct Walk {
    pass: Arc<Pass>,
    timeline: Arc<Timeline>,
    order: Order,
    /// The actions in this walk's order; in an order of one's own those chosen so far.
    sequence: Vec<usize>,
    /// By action: its place in `sequence`.
    places: Vec<Option<usize>>,
    cursor: usize,
    /// By action: whether it has an effect at the cursor. Found when it is asked for; see
    /// [`set_cursor`](Self::set_cursor).
    effects: OnceCell<Vec<bool>>,
}

impl Walk {
    /// A walk at its start, in the order in which the pass runs. `None` where the drawing cannot run.
    pub fn new(definitions: &Definitions<'_>, pass: Arc<Pass>) -> Option<Self> {
        let timeline = Arc::new(Timeline::new(definitions, &pass)?);
        let mut walk = Self {
            places: vec![None; timeline.len()],
            pass,
            timeline,
            order: Order::AsRun,
            sequence: Vec::new(),
            cursor: 0,
            effects: OnceCell::new(),
        };
        walk.set_order(Order::AsRun);
        Some(walk)
    }

    /// The pass that is looked at.
    pub fn pass(&self) -> &Arc<Pass> {
        &self.pass
    }

    /// Its actions, in the order in which they run.
    pub fn timeline(&self) -> &Arc<Timeline> {
        &self.timeline
    }

    /// The walk's order.
    pub fn order(&self) -> Order {
        self.order
    }

    /// How many actions lie before the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// How many actions the whole walk has.
    pub fn len(&self) -> usize {
        self.timeline.len()
    }

    /// Whether there is nothing to walk through.
    pub fn is_empty(&self) -> bool {
        self.timeline.is_empty()
    }

    /// Whether every action lies before the cursor.
    pub fn is_at_end(&self) -> bool {
        self.cursor == self.len()
    }

    /// The action just before the cursor, which is looked at: its place in the timeline.
    pub fn current(&self) -> Option<usize> {
        self.sequence.get(self.cursor.checked_sub(1)?).copied()
    }

    /// The same with all that is known of it.
    pub fn current_action(&self) -> Option<&TimelineAction> {
        self.timeline.action(self.current()?)
    }

    /// The action that [`forward`](Self::forward) does next.
    pub fn next(&self) -> Option<usize> {
        self.sequence.get(self.cursor).copied().or_else(|| self.first_undone(0))
    }

    /// The phase that the cursor stands in: of the action just before it, at the start the first.
    pub fn phase(&self) -> Phase {
        self.current_action().map_or(Phase::ZeroGrad, |action| action.phase)
    }

    /// The phases with their places in the walk. In an order of one's own too: only within
    /// `loss.backward()` may the order change.
    pub fn phases(&self) -> Vec<(Phase, Range<usize>)> {
        self.timeline.phases()
    }

    /// The actions in the walk's order, as far as it is known: places in the timeline.
    pub fn sequence(&self) -> &[usize] {
        &self.sequence
    }

    /// Whether an action lies before the cursor.
    pub fn is_done(&self, action: usize) -> bool {
        self.places.get(action).copied().flatten().is_some_and(|place| place < self.cursor)
    }

    /// Moves on by a stride. Returns whether it moved.
    pub fn forward(&mut self, stride: Stride) -> bool {
        let before = self.cursor;
        let Some(first) = self.next() else { return false };
        let mut undone = 0;
        while let Some(next) = self.next_from(&mut undone) {
            if !self.is_alike(first, next, stride) || (stride == Stride::Action && self.cursor > before) {
                break;
            }
            self.do_next(next);
        }
        self.cursor > before
    }

    /// Moves back by a stride. Returns whether it moved.
    pub fn back(&mut self, stride: Stride) -> bool {
        let before = self.cursor;
        let Some(last) = self.current() else { return false };
        while let Some(current) = self.current() {
            if !self.is_alike(last, current, stride) || (stride == Stride::Action && self.cursor < before) {
                break;
            }
            self.set_cursor(self.cursor - 1);
        }
        self.cursor < before
    }

    /// Moves the cursor to a place, at most the end.
    pub fn go_to(&mut self, cursor: usize) {
        let cursor = cursor.min(self.len());
        self.set_cursor(cursor.min(self.sequence.len()));
        let mut undone = 0;
        while self.cursor < cursor {
            let Some(next) = self.next_from(&mut undone) else { break };
            self.do_next(next);
        }
    }

    /// What comes next. All actions before `undone` are known to be done, so that going far looks at each
    /// action once.
    fn next_from(&self, undone: &mut usize) -> Option<usize> {
        if let Some(&next) = self.sequence.get(self.cursor) {
            return Some(next);
        }
        *undone = self.first_undone(*undone)?;
        Some(*undone)
    }

    /// Moves the cursor: what has an effect is to be found anew.
    fn set_cursor(&mut self, cursor: usize) {
        self.cursor = cursor;
        self.effects = OnceCell::new();
    }

    /// Moves the cursor just behind an action. Returns whether the action has a place in the walk's
    /// order already.
    pub fn go_to_action(&mut self, action: usize) -> bool {
        let Some(place) = self.places.get(action).copied().flatten() else { return false };
        self.set_cursor(place + 1);
        true
    }

    /// Moves just behind the action that wrote what is to be seen of a tensor. Returns whether there is one.
    pub fn go_to_writer_of(&mut self, tensor: Tensor) -> bool {
        self.writer_of(tensor).is_some_and(|action| self.go_to_action(action))
    }

    /// The action that wrote last what is to be seen of a tensor here; where it is blank, the one that will
    /// have written all of it. None of what is given: a parameter that was not updated yet was not written.
    pub fn writer_of(&self, tensor: Tensor) -> Option<usize> {
        let visibility = self.visibility(tensor);
        let written = match (tensor, visibility) {
            (Tensor::Parameter(key), Visibility::Updated) => Tensor::Update(key),
            _ => self.source(tensor),
        };
        let writers = self.timeline.writers(written).iter().copied();
        let place = |action: &usize| self.places.get(*action).copied().flatten();
        match visibility {
            Visibility::Blank => writers.max_by_key(place),
            _ => writers.filter(|&action| self.is_done(action)).max_by_key(place),
        }
    }

    /// What is to be seen of a tensor here.
    pub fn visibility(&self, tensor: Tensor) -> Visibility {
        if let Tensor::Parameter(key) = tensor {
            let is_updated = self.all_done(Tensor::Update(key));
            return if is_updated { Visibility::Updated } else { Visibility::Shown };
        }
        if frozen_key(tensor).is_some_and(|key| self.is_frozen(key)) {
            return Visibility::Frozen;
        }
        let tensor = self.source(tensor);
        let writers = self.timeline.writers(tensor);
        let of = writers.len();
        if of == 0 {
            // Data, parameters, masks and what the optimizer remembers are given.
            let is_made =
                tensor.is_gradient() || matches!(tensor, Tensor::Update(_) | Tensor::UpdateLine { .. });
            return if is_made { Visibility::Blank } else { Visibility::Shown };
        }
        match writers.iter().filter(|action| self.has_effect(**action)).count() {
            0 => Visibility::Blank,
            arrived if arrived < of => Visibility::Partial { arrived, of },
            _ => Visibility::Shown,
        }
    }

    /// The numbers of a tensor as they are to be seen here, a partial sum among them; `None` where it is
    /// blank or the pass does not hold it.
    pub fn values(&self, definitions: &Definitions<'_>, tensor: Tensor) -> Option<Values> {
        match self.visibility(tensor) {
            Visibility::Blank | Visibility::Frozen => None,
            Visibility::Shown => numbers_of(tensor, &self.pass),
            Visibility::Partial { .. } => self.partial(definitions, self.source(tensor)),
            Visibility::Updated => match tensor {
                Tensor::Parameter(key) => self.pass.parameters.get(&key)?.updated.clone(),
                _ => None,
            },
        }
    }

    /// One number as it is to be seen here.
    pub fn value(&self, definitions: &Definitions<'_>, quantity: Quantity) -> Option<f64> {
        match self.visibility(quantity.tensor) {
            Visibility::Shown => quantity.value(&self.pass),
            _ => self.values(definitions, quantity.tensor)?.get(quantity.row, quantity.column),
        }
    }

    /// What arrives over a wire is its source's own, where no action brings it; a norm is its gradient's.
    fn source(&self, tensor: Tensor) -> Tensor {
        match tensor {
            Tensor::PortValue { edge, time_step } if self.timeline.writers(tensor).is_empty() => {
                self.timeline.source_of(edge, time_step).unwrap_or(tensor)
            }
            Tensor::GradNorm { node, time_step } => Tensor::Grad { node, time_step },
            _ => tensor,
        }
    }

    /// The sum of the shares that have arrived.
    fn partial(&self, definitions: &Definitions<'_>, tensor: Tensor) -> Option<Values> {
        let arrived = self.timeline.writers(tensor).iter().filter(|action| self.has_effect(**action));
        let mut sum: Option<Values> = None;
        for &idx in arrived {
            let share = self.share(definitions, idx, tensor)?;
            sum = Some(match sum {
                None => share,
                Some(sum) => {
                    let data = sum.data().iter().zip(share.data()).map(|(a, b)| a + b).collect();
                    Values::new(sum.shape().to_vec(), data)
                }
            });
        }
        sum
    }

    /// What one action adds to a tensor.
    fn share(&self, definitions: &Definitions<'_>, idx: usize, into: Tensor) -> Option<Values> {
        let action = self.timeline.action(idx)?;
        let share = self.timeline.share_of(action, into)?;
        let is_alone = self.timeline.writers(share).len() == 1;
        if let Some(values) = values_of(share, &self.pass).filter(|_| is_alone) {
            return Some(values.clone());
        }
        let definition = action.definition.as_ref().filter(|_| action.makes == Some(share))?;
        evaluate_tensor(definitions, (share, definition), &self.pass)
    }

    fn is_frozen(&self, key: ParameterKey) -> bool {
        self.pass.parameters.get(&key).is_some_and(|parameter| !parameter.trainable)
    }

    fn all_done(&self, tensor: Tensor) -> bool {
        let writers = self.timeline.writers(tensor);
        !writers.is_empty() && writers.iter().all(|action| self.has_effect(*action))
    }

    /// Whether two actions belong to one stride.
    fn is_alike(&self, a: usize, b: usize, stride: Stride) -> bool {
        let (Some(a), Some(b)) = (self.timeline.action(a), self.timeline.action(b)) else { return false };
        match stride {
            Stride::Action => true,
            Stride::Node => (a.phase, a.node, a.time_step) == (b.phase, b.node, b.time_step),
            Stride::Phase => a.phase == b.phase,
        }
    }
}

/// The parameter whose gradient or update a tensor is.
fn frozen_key(tensor: Tensor) -> Option<ParameterKey> {
    match tensor {
        Tensor::ParameterGrad { key, .. }
        | Tensor::Update(key)
        | Tensor::UsedGrad(key)
        | Tensor::UpdateLine { key, .. } => Some(key),
        _ => None,
    }
}
