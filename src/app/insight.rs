//! What the panels about the trained network ask, and the newest answers: computed in the background
//! from the newest weights, and marked where they are about older ones.
//!
//! Must not know how anything is computed or shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::landscape::LandscapeBasis;
use super::study::{Answer, Study};
use super::{App, Wake};
use crate::data::Prepared;
use crate::insight::{
    self, Descent, DescentQuestion, Field, FieldQuestion, Filter, Landscape, LandscapeQuestion, Listing,
    Model, NoLandscape, NoRollout, Predictions, Rollout, RolloutQuestion, Sorting, Standpoint, WhatIf,
    WhatIfQuestion,
};
use crate::network::Parameters;

/// What the panels in sight want to know.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Questions {
    /// Predictions of every row, listed like this.
    pub rows: Option<RowsQuestion>,
    /// A sequence forecast on its own predictions.
    pub rollout: Option<Box<RolloutQuestion>>,
    /// What the network says over one or two inputs.
    pub field: Option<FieldQuestion>,
    /// What it would say if.
    pub what_if: Option<WhatIfQuestion>,
    /// Which ways optimizers go over a drawing of free tensors.
    pub descent: Option<Box<DescentQuestion>>,
    /// The loss around the weights.
    pub landscape: Option<Box<LandscapeQuestion>>,
    /// How the layers fare while they train.
    pub health: bool,
}

/// Which predictions are listed, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RowsQuestion {
    /// Which loss's, counted in the order of nodes.
    pub head: usize,
    /// Those of the second file that is scored, not of the model's own.
    pub of_scored: bool,
    /// Which rows.
    pub filter: Filter,
    /// In which order.
    pub sorting: Sorting,
}

/// The weights and the data that an answer is about. Equal where both are the very same.
#[derive(Clone, Debug)]
pub(super) struct Basis {
    run: u64,
    step: u64,
    parameters: Parameters,
    data: Arc<Prepared>,
}

impl Basis {
    /// The same weights with other rows.
    pub(super) fn about(self, data: Arc<Prepared>) -> Self {
        Self { data, ..self }
    }

    /// Optimizer steps of the weights.
    pub(super) fn step(&self) -> u64 {
        self.step
    }
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.parameters.values().zip(other.parameters.values());
        self.run == other.run
            && Arc::ptr_eq(&self.data, &other.data)
            && self.parameters.len() == other.parameters.len()
            && pairs.all(|(a, b)| Arc::ptr_eq(&a.values, &b.values))
    }
}

/// The predictions that a list was made of, with their rows and the file of these where it is the second
/// one; equal where the predictions are the very same.
#[derive(Clone, Debug)]
struct Listed {
    predictions: Arc<Predictions>,
    data: Arc<Prepared>,
    file: Option<PathBuf>,
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.predictions, &other.predictions)
    }
}

/// The questions and their answers.
#[derive(Debug, Default)]
pub(super) struct Studies {
    questions: Questions,
    predictions: Study<(), Basis, Predictions>,
    listing: Study<RowsQuestion, Listed, Listing>,
    rollout: Study<RolloutQuestion, Basis, Result<Rollout, NoRollout>>,
    field: Study<FieldQuestion, Basis, Field>,
    what_if: Study<WhatIfQuestion, Basis, WhatIf>,
    descent: Study<DescentQuestion, Basis, Descent>,
    pub(super) landscape: Study<LandscapeQuestion, LandscapeBasis, Result<Landscape, NoLandscape>>,
}

impl Studies {
    fn hold_anything(&self) -> bool {
        let Self { questions: _, predictions, listing, rollout, field, what_if, descent, landscape } = self;
        predictions.holds_anything()
            || listing.holds_anything()
            || rollout.holds_anything()
            || field.holds_anything()
            || what_if.holds_anything()
            || descent.holds_anything()
            || landscape.holds_anything()
    }

    /// Whether this is what is asked about the landscape.
    pub(super) fn asks_landscape(&self, question: &LandscapeQuestion) -> bool {
        self.questions.landscape.as_deref() == Some(question)
    }
}

impl App {
    /// What the panels asked last.
    pub fn questions(&self) -> &Questions {
        &self.studies.questions
    }

    /// The newest predictions of every row.
    pub fn predictions(&self) -> Option<Answer<'_, Predictions>> {
        let (key, result) = self.studies.predictions.answer()?;
        let is_current = self.basis().is_some_and(|basis| basis == key.basis);
        Some(Answer { result, is_current, step: key.basis.step })
    }

    /// The newest list of rows, and the predictions that it lists.
    pub fn listing(&self) -> Option<(Answer<'_, Listing>, &Arc<Predictions>)> {
        let of_scored = self.studies.questions.rows.is_some_and(|rows| rows.of_scored);
        let predictions = if of_scored { self.scored_predictions()? } else { self.predictions()? };
        let (key, result) = self.studies.listing.answer()?;
        let is_current = predictions.is_current
            && Arc::ptr_eq(&key.basis.predictions, predictions.result)
            && self.studies.questions.rows == Some(key.question);
        Some((Answer { result, is_current, step: predictions.step }, &key.basis.predictions))
    }

    /// The rows that the newest list is about, and their file where it is the second one.
    pub fn listed_data(&self) -> Option<(&Arc<Prepared>, Option<&Path>)> {
        let (key, _) = self.studies.listing.answer()?;
        Some((&key.basis.data, key.basis.file.as_deref()))
    }

    /// The newest forecast on its own predictions, or why there can be none.
    pub fn rollout(&self) -> Option<Answer<'_, Result<Rollout, NoRollout>>> {
        self.answer_of(&self.studies.rollout, self.studies.questions.rollout.as_deref())
    }

    /// The newest field over one or two inputs.
    pub fn field(&self) -> Option<Answer<'_, Field>> {
        self.answer_of(&self.studies.field, self.studies.questions.field.as_ref())
    }

    /// The newest answer to "what if".
    pub fn what_if(&self) -> Option<Answer<'_, WhatIf>> {
        self.answer_of(&self.studies.what_if, self.studies.questions.what_if.as_ref())
    }

    /// Whether there can be no field, such as without an input that is a number.
    pub fn has_no_field(&self) -> bool {
        self.is_refused(&self.studies.field, self.studies.questions.field.as_ref())
    }

    /// Whether "what if" cannot be answered.
    pub fn has_no_what_if(&self) -> bool {
        self.is_refused(&self.studies.what_if, self.studies.questions.what_if.as_ref())
    }

    fn is_refused<Q, A>(&self, study: &Study<Q, Basis, A>, asked: Option<&Q>) -> bool
    where
        Q: Clone + PartialEq,
        A: Send + 'static,
    {
        let basis = self.basis();
        asked.zip(basis.as_ref()).is_some_and(|(question, basis)| study.is_refused(question, basis))
    }

    /// The newest answer about inputs that somebody changed: what the drawing shows in place of the rows.
    pub fn changed_what_if(&self) -> Option<Answer<'_, WhatIf>> {
        let asked = self.studies.questions.what_if.as_ref()?;
        let (key, _) = self.studies.what_if.answer()?;
        let is_changed = !asked.changes.is_empty() && !key.question.changes.is_empty();
        self.what_if().filter(|_| is_changed)
    }

    /// The newest paths of optimizers.
    pub fn descent(&self) -> Option<Answer<'_, Descent>> {
        self.answer_of(&self.studies.descent, self.studies.questions.descent.as_deref())
    }

    fn answer_of<'a, Q, A>(&self, study: &'a Study<Q, Basis, A>, asked: Option<&Q>) -> Option<Answer<'a, A>>
    where
        Q: Clone + PartialEq,
        A: Send + 'static,
    {
        let (key, result) = study.answer()?;
        let is_current = asked == Some(&key.question) && self.basis().is_some_and(|basis| basis == key.basis);
        Some(Answer { result, is_current, step: key.basis.step })
    }

    /// Whether the network as it stands can be asked about rows: the drawing has problems, or there
    /// are no data.
    pub fn can_predict(&self) -> bool {
        let basis = self.basis();
        (basis.is_some() || self.is_training())
            && !basis.is_some_and(|basis| self.studies.predictions.is_refused(&(), &basis))
    }

    /// What was answered about a former document says nothing about this one; what is asked stays.
    pub(super) fn forget_answers(&mut self) {
        let questions = std::mem::take(&mut self.studies.questions);
        self.studies = Studies { questions, ..Studies::default() };
    }

    pub(super) fn set_questions(&mut self, questions: Questions) {
        self.studies.questions = questions;
    }

    /// Whether the snapshots of a running training shall hold its weights.
    pub(super) fn wants_weights(&self) -> bool {
        let Questions { rows, rollout, field, what_if, descent, landscape, health: _ } =
            &self.studies.questions;
        rows.is_some()
            || rollout.is_some()
            || field.is_some()
            || what_if.is_some()
            || descent.is_some()
            || landscape.is_some()
            || self.scored_file().is_some()
    }

    /// The weights of the moment and the data; none while the one does not fit the other.
    pub(super) fn basis(&self) -> Option<Basis> {
        let run = self.training.run_revision;
        let data = self.data.prepared.as_ref().filter(|_| self.data.prepared_revision == Some(run))?;
        if !self.is_runnable() {
            return None;
        }
        let (parameters, step) = if self.is_training() {
            let snapshot = self.training.snapshot.as_ref()?;
            let step = snapshot.pass.as_ref().map_or(snapshot.progress.step, |pass| pass.step);
            (Parameters::clone(snapshot.weights.as_ref()?), step)
        } else {
            (self.document.parameters.clone(), self.training.position.step)
        };
        Some(Basis { run, step, parameters, data: Arc::clone(data) })
    }

    pub(super) fn model(&self, basis: &Basis) -> Model {
        Model {
            network: Arc::new(self.document.network.clone()),
            parameters: basis.parameters.clone(),
            data: Arc::clone(&basis.data),
            settings: Arc::new(self.document.data.clone()),
        }
    }

    /// Takes in answers and starts what is asked. Returns whether there is anything new.
    pub(super) fn poll_studies(&mut self) -> bool {
        let mut studies = std::mem::take(&mut self.studies);
        let is_new = self.poll(&mut studies);
        self.studies = studies;
        is_new
    }

    fn poll(&self, studies: &mut Studies) -> bool {
        if studies.questions == Questions::default() && !studies.hold_anything() {
            return false;
        }
        let (wake, is_training): (&Wake, bool) = (&self.wake, self.is_training());
        let basis = self.basis();
        let basis = basis.as_ref();
        let model = || basis.map(|basis| self.model(basis));
        let Studies { questions, predictions, listing, rollout, field, what_if, descent, landscape } =
            studies;
        let mut is_new = false;
        if let Some(rows) = &questions.rows {
            is_new |= predictions.tick(&(), basis, is_training, wake, |()| {
                let model = model();
                move |control: &_| insight::predict_all(&model?, control)
            });
            let of_own = || predictions.answer().map(|(key, made)| (&key.basis, made));
            let made = if rows.of_scored { self.scored_answer() } else { of_own() };
            if let Some((basis, made)) = made {
                let (data, made) = (Arc::clone(&basis.data), Arc::clone(made));
                let listed = Listed {
                    predictions: Arc::clone(&made),
                    data: Arc::clone(&data),
                    file: self.scored_file().filter(|_| rows.of_scored).map(Path::to_path_buf),
                };
                is_new |= listing.tick(rows, Some(&listed), false, wake, |rows| {
                    let RowsQuestion { head, of_scored: _, filter, sorting } = *rows;
                    move |control: &_| insight::list(&made, head, &data, (filter, sorting), control)
                });
            }
        } else {
            predictions.forget();
            listing.forget();
        }
        if let Some(question) = &questions.rollout {
            is_new |= rollout.tick(question, basis, is_training, wake, |question| {
                let (model, question) = (model(), RolloutQuestion::clone(question));
                move |control: &_| insight::roll_out(&model?, question, control)
            });
        } else {
            rollout.forget();
        }
        if let Some(question) = &questions.field {
            is_new |= field.tick(question, basis, is_training, wake, |question| {
                let (model, question) = (model(), *question);
                move |control: &_| insight::field(&model?, question, control)
            });
        } else {
            field.forget();
        }
        if let Some(question) = &questions.what_if {
            is_new |= what_if.tick(question, basis, is_training, wake, |question| {
                let (model, question) = (model(), question.clone());
                move |control: &_| insight::what_if(&model?, &question, control)
            });
        } else {
            what_if.forget();
        }
        if let Some(question) = &questions.descent {
            is_new |= descent.tick(question, basis, is_training, wake, |question| {
                let (model, question) = (model(), DescentQuestion::clone(question));
                move |control: &_| insight::descent(&model?, &question, control)
            });
        } else {
            descent.forget();
        }
        if let Some(question) = &questions.landscape {
            let about = self.landscape_basis();
            is_new |= landscape.tick(question, about.as_ref(), is_training, wake, |question| {
                let (model, question, path) = (
                    model(),
                    LandscapeQuestion::clone(question),
                    about.as_ref().and_then(|it| it.path.clone()),
                );
                let step = basis.map_or(0, Basis::step);
                move |control: &_| {
                    let (model, path) = (&model?, path.as_deref());
                    insight::landscape(Standpoint { model, path, step }, question, control)
                }
            });
        } else {
            landscape.forget();
        }
        is_new
    }

    /// Whether an answer is being worked on.
    pub fn is_studying(&self) -> bool {
        let Studies { questions: _, predictions, listing, rollout, field, what_if, descent, landscape } =
            &self.studies;
        predictions.is_running()
            || listing.is_running()
            || rollout.is_running()
            || field.is_running()
            || what_if.is_running()
            || descent.is_running()
            || landscape.is_running()
    }
}
