//! A question about the trained network that is answered in the background: one job at a time, newest
//! question first, the last answer kept until a newer one is there.
//!
//! Must not know what is asked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Wake;
use super::jobs::{Background, Control, Poll};

/// While the training runs, a question is asked again after this many times as long as its answer took:
/// training loses less than one in so many.
const REST: u32 = 25;

/// A question with the weights and the data that it is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key<Q, B> {
    pub(super) question: Q,
    pub(super) basis: B,
}

/// What was asked, what is being worked on, and the newest answer.
#[derive(Debug)]
pub(super) struct Study<Q, B, A> {
    running: Option<Running<Q, B, A>>,
    answer: Option<(Key<Q, B>, Arc<A>)>,
    /// What could not be answered, so that it is not asked again and again.
    refused: Option<Key<Q, B>>,
    /// When the last job ended, and how long it took.
    ended: Option<(Instant, Duration)>,
}

/// A question that is being answered.
#[derive(Debug)]
struct Running<Q, B, A> {
    key: Key<Q, B>,
    began: Instant,
    job: Background<Option<A>>,
}

/// An answer as a panel sees it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a, A> {
    /// What came out.
    pub result: &'a Arc<A>,
    /// Whether it is about what is asked now; else weights, data or the question have changed since.
    pub is_current: bool,
    /// Optimizer steps of the weights that it was made with.
    pub step: u64,
}

impl<Q, B, A> Default for Study<Q, B, A> {
    fn default() -> Self {
        Self { running: None, answer: None, refused: None, ended: None }
    }
}

impl<Q: Clone + PartialEq, B: Clone + PartialEq, A: Send + 'static> Study<Q, B, A> {
    /// Takes in what was finished and starts what is wanted; `job` makes the work. Returns whether there
    /// is a new answer.
    pub(super) fn tick<J>(
        &mut self,
        question: &Q,
        basis: Option<&B>,
        is_training: bool,
        wake: &Wake,
        job: impl FnOnce(&Q) -> J,
    ) -> bool
    where
        J: FnOnce(&Control) -> Option<A> + Send + 'static,
    {
        let is_new = self.take();
        if let Some(running) = &self.running
            && running.key.question != *question
        {
            running.job.cancel();
        }
        let Some(basis) = basis.filter(|_| self.running.is_none()) else { return is_new };
        let is_same = |key: &Key<Q, B>| key.question == *question && key.basis == *basis;
        let is_known = self.answer.as_ref().is_some_and(|(key, _)| is_same(key))
            || self.refused.as_ref().is_some_and(is_same);
        let is_too_early = is_training && self.rests();
        if !(is_known || is_too_early) {
            let key = Key { question: question.clone(), basis: basis.clone() };
            let job = Background::start(wake, job(question));
            self.running = Some(Running { key, began: Instant::now(), job });
        }
        is_new
    }

    /// Nobody asks any more.
    pub(super) fn forget(&mut self) {
        if let Some(running) = &self.running {
            running.job.cancel();
        }
        *self = Self { ended: self.ended, ..Self::default() };
    }

    fn take(&mut self) -> bool {
        let Some(running) = self.running.take() else { return false };
        match running.job.poll() {
            Poll::Running => {
                self.running = Some(running);
                return false;
            }
            Poll::Done(Some(answer)) => self.answer = Some((running.key, Arc::new(answer))),
            Poll::Done(None) if running.job.is_cancelled() => {}
            Poll::Done(None) | Poll::Lost => self.refused = Some(running.key),
        }
        self.ended = Some((Instant::now(), running.began.elapsed()));
        true
    }

    /// Whether it is too early to take processor time from the training again.
    fn rests(&self) -> bool {
        self.ended.is_some_and(|(ended, took)| ended.elapsed() < took * REST)
    }

    /// Whether there is an answer or work on one.
    pub(super) fn holds_anything(&self) -> bool {
        self.answer.is_some() || self.running.is_some()
    }

    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The newest answer with what it is about.
    pub(super) fn answer(&self) -> Option<(&Key<Q, B>, &Arc<A>)> {
        self.answer.as_ref().map(|(key, answer)| (key, answer))
    }

    /// Whether this was asked and cannot be answered.
    pub(super) fn is_refused(&self, question: &Q, basis: &B) -> bool {
        self.refused.as_ref().is_some_and(|key| key.question == *question && key.basis == *basis)
    }
}
