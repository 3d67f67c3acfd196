//! What a network says about every row, beside the truth, and how good that is by part.
//!
//! Must not know how rows are sorted or shown. Numbers are held in columns, row after row, so that a
//! million rows are a few large lists.

use super::head::Head;
use super::model::Model;
use super::predictor::Predictor;
use crate::autodiff::{Trace, ValueId};
use crate::data::{Part, ReadTask, answers_of};
use crate::network::{Takes, Task};
use crate::tensor::Real;
use crate::train::{Confusion, Metrics, MetricsBuilder, Precision, first_largest, true_class};

/// At most this many numbers are held of all heads together (160 MB); of what would be more, only the
/// first outputs of each row are kept.
const MOST_NUMBERS: usize = 20_000_000;

/// What a network says about every sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// How many samples there are.
    pub n_samples: usize,
    /// What the network computes with.
    pub precision: Precision,
    /// One a loss.
    pub heads: Vec<HeadPredictions>,
}

/// The predictions of one loss.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadPredictions {
    /// Where they come from.
    pub head: Head,
    /// Names of the classes, or of the outputs.
    pub names: Vec<String>,
    /// How many numbers of each prediction are kept.
    pub n_kept: usize,
    /// How good they are on the training part, the validation part, and on all rows.
    pub metrics: PartMetrics,
    /// Row after row, in original units.
    prediction: Vec<f64>,
    /// The same of the truth; for classes its number only. Empty where the rows do not say it.
    truth: Vec<f64>,
    n_samples: usize,
}

/// Metrics by part.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PartMetrics {
    /// Of the training part.
    pub training: (Metrics, Option<Confusion>),
    /// Of the validation part.
    pub validation: (Metrics, Option<Confusion>),
    /// Of all rows.
    pub all: (Metrics, Option<Confusion>),
}

impl PartMetrics {
    /// Of one part, or of all rows.
    pub fn of(&self, part: Option<Part>) -> &(Metrics, Option<Confusion>) {
        match part {
            Some(Part::Training) => &self.training,
            Some(Part::Validation) => &self.validation,
            Some(Part::LeftOut) | None => &self.all,
        }
    }
}

impl HeadPredictions {
    /// What is learned.
    pub fn task(&self) -> Task {
        self.head.task()
    }

    /// How many numbers of the truth there are a row.
    pub fn n_truths(&self) -> usize {
        if self.task() == Task::Classification { 1 } else { self.n_kept }
    }

    /// What the network says about a sample, in original units; probabilities for classes.
    pub fn prediction(&self, sample: usize) -> &[f64] {
        self.prediction.get(sample * self.n_kept..(sample + 1) * self.n_kept).unwrap_or(&[])
    }

    /// What the data say, in original units; for classes the number of the class, NaN of one that is not
    /// known. Nothing where the rows do not say it.
    pub fn truth(&self, sample: usize) -> &[f64] {
        let n = self.n_truths();
        self.truth.get(sample * n..(sample + 1) * n).unwrap_or(&[])
    }

    /// Whether the rows say what the network shall say.
    pub fn has_truth(&self) -> bool {
        !self.truth.is_empty()
    }

    /// How many classes exclude one another; none for numbers and for yes-or-no outputs that do not.
    pub fn n_classes(&self) -> Option<usize> {
        match self.task() {
            Task::Regression => None,
            Task::BinaryClassification if self.n_kept == 1 => Some(2),
            Task::BinaryClassification => self.head.classes().map(|_| self.n_kept),
            Task::Classification => Some(self.n_kept),
        }
    }

    /// The class that the network says; none for numbers and for several yes-or-no outputs that do not
    /// exclude one another.
    pub fn said_class(&self, sample: usize) -> Option<usize> {
        self.n_classes()?;
        match self.prediction(sample) {
            [only] if self.task() == Task::BinaryClassification => Some(usize::from(*only > 0.5)),
            prediction => first_largest(prediction),
        }
    }

    /// The class that the data say; none where they say none that the network knows.
    pub fn true_class(&self, sample: usize) -> Option<usize> {
        self.n_classes()?;
        match (self.task(), self.truth(sample)) {
            (Task::BinaryClassification, [only]) => Some(usize::from(self.encoded(0, *only) > 0.5)),
            (Task::BinaryClassification, truth) => true_class(truth),
            (_, truth) => truth.first().filter(|class| class.is_finite()).map(|&class| class as usize),
        }
    }

    /// The class that the data say, and the one that the network says.
    pub fn classes_of(&self, sample: usize) -> Option<(usize, usize)> {
        Some((self.true_class(sample)?, self.said_class(sample)?))
    }

    /// Whether the network says another class than the data; one that it does not know is never found.
    pub fn is_wrong(&self, sample: usize) -> bool {
        let said = self.said_class(sample);
        self.has_truth() && said.is_some() && said != self.true_class(sample)
    }

    /// The name of a class; those of a single yes-or-no output are the numbers of the file.
    pub fn class_name(&self, class: usize) -> String {
        let answers = answers_of(&self.head.features);
        let names = answers.filter(|names| self.n_classes() == Some(names.len()));
        let names = names.as_ref().unwrap_or(&self.names);
        names.get(class).cloned().unwrap_or_else(|| class.to_string())
    }

    /// A number of the truth as the loss takes it.
    fn encoded(&self, idx: usize, original: f64) -> f64 {
        self.head.features.get(idx).map_or(original, |feature| feature.encoded(original))
    }

    /// How wrong the network is about a sample: for numbers the difference from the truth (of several
    /// the mean distance), for classes the probability that it does not give to the truth. NaN where the
    /// rows do not say the truth.
    pub fn error(&self, sample: usize) -> f64 {
        let (prediction, truth) = (self.prediction(sample), self.truth(sample));
        if truth.is_empty() {
            return f64::NAN;
        }
        match self.task() {
            Task::Regression if prediction.len() == 1 => {
                prediction.iter().zip(truth).map(|(a, y)| a - y).sum()
            }
            Task::Classification => {
                let class = self.true_class(sample);
                1.0 - class.and_then(|class| prediction.get(class)).copied().unwrap_or(0.0)
            }
            Task::Regression => {
                let sum: f64 = prediction.iter().zip(truth).map(|(a, y)| (a - y).abs()).sum();
                sum / prediction.len().max(1) as f64
            }
            Task::BinaryClassification => {
                let truth = truth.iter().enumerate().map(|(idx, &y)| self.encoded(idx, y));
                let sum: f64 = prediction.iter().zip(truth).map(|(a, y)| (a - y).abs()).sum();
                sum / prediction.len().max(1) as f64
            }
        }
    }

    /// How many samples there are.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }
}

/// Predicts every sample; none where the network cannot be run or the task was cancelled.
pub fn predict_all(model: &Model, task: &dyn ReadTask) -> Option<Predictions> {
    let heads = match model.precision() {
        Precision::F32 => gather::<f32>(model, task)?,
        Precision::F64 => gather::<f64>(model, task)?,
    };
    Some(Predictions { n_samples: model.data.n_samples(), precision: model.precision(), heads })
}

/// One head while its predictions are gathered.
struct Gathering {
    made: HeadPredictions,
    output: ValueId,
    /// None where the rows do not say it.
    target: Option<ValueId>,
    /// Prediction and target of every step that counts.
    counted: Vec<(ValueId, ValueId)>,
    metrics: [MetricsBuilder; 3],
}

fn gather<T: Real>(model: &Model, task: &dyn ReadTask) -> Option<Vec<HeadPredictions>> {
    let data = &model.data;
    let predictor = Predictor::<T>::new(&model.network, &model.parameters, data).ok()?;
    let heads = model.heads();
    let affordable = MOST_NUMBERS / data.n_samples().max(1) / heads.len().max(1) / 2;
    let mut heads: Vec<Gathering> =
        heads.into_iter().filter_map(|head| begin(&predictor, model, head, affordable.max(1))).collect();
    let mut is_validation = vec![false; data.n_samples()];
    data.validation().iter().for_each(|&sample| is_validation[sample as usize] = true);
    let (mut prediction, mut target) = (Vec::new(), Vec::new());
    let is_done = predictor.run(data, task, |range, trace| {
        for head in &mut heads {
            for (row, sample) in range.clone().enumerate() {
                let place = (trace, row, is_validation[sample]);
                head.add(&predictor, place, &mut prediction, &mut target);
            }
        }
    });
    is_done.then(|| heads.into_iter().map(Gathering::finish).collect())
}

fn begin<T: Real>(
    predictor: &Predictor<T>,
    model: &Model,
    head: Head,
    affordable: usize,
) -> Option<Gathering> {
    let links = &predictor.compiled.links;
    let (output, target) = (predictor.output(head.prediction)?, predictor.output(head.target)?);
    let loss = links.losses.iter().find(|loss| loss.node == head.loss)?;
    let at =
        |step| Some((predictor.output_at(head.prediction, step)?, predictor.output_at(head.target, step)?));
    let target = Some(target).filter(|_| model.has_truth(&head));
    let counted = loss.counted_steps().into_iter().filter(|_| target.is_some()).filter_map(at).collect();
    let n_outputs = predictor.compiled.program.shape(output).features();
    let names = names_of(&head, n_outputs);
    let threshold = if head.kind.takes() == Takes::Logits { 0.0 } else { 0.5 };
    let classes = answers_of(&head.features);
    let metrics = || MetricsBuilder::new(head.task(), n_outputs, threshold, classes.clone());
    let metrics = [metrics(), metrics(), metrics()];
    let made = HeadPredictions {
        names,
        n_kept: n_outputs.min(affordable),
        metrics: PartMetrics::default(),
        prediction: Vec::new(),
        truth: Vec::new(),
        n_samples: 0,
        head,
    };
    Some(Gathering { made, output, target, counted, metrics })
}

/// Names of the classes, or of the outputs.
pub(super) fn names_of(head: &Head, n_outputs: usize) -> Vec<String> {
    if let Some(classes) = head.classes() {
        return classes.into_iter().map(str::to_owned).collect();
    }
    match head.task() {
        Task::Classification if head.features.iter().all(|feature| feature.column.is_empty()) => {
            (0..n_outputs).map(|class| class.to_string()).collect()
        }
        Task::Regression | Task::BinaryClassification | Task::Classification => {
            head.features.iter().map(|feature| feature.name.clone()).collect()
        }
    }
}

impl Gathering {
    /// One sample of a pass.
    fn add<T: Real>(
        &mut self,
        predictor: &Predictor<T>,
        (trace, row, is_validation): (&Trace<T>, usize, bool),
        prediction: &mut Vec<f64>,
        target: &mut Vec<f64>,
    ) {
        let made = &mut self.made;
        for &(output, truth) in &self.counted {
            predictor.read(trace, output, row, prediction);
            predictor.read(trace, truth, row, target);
            // A probability has no other unit.
            if made.task() == Task::Regression {
                made.head.in_units(prediction);
                made.head.in_units(target);
            }
            let [training, validation, all] = &mut self.metrics;
            let part = if is_validation { validation } else { training };
            part.add(prediction, target);
            all.add(prediction, target);
        }
        predictor.read(trace, self.output, row, prediction);
        made.head.original(prediction);
        made.prediction.extend(prediction.iter().take(made.n_kept));
        made.n_samples += 1;
        let Some(truth) = self.target else { return };
        predictor.read(trace, truth, row, target);
        if made.task() == Task::Classification {
            made.truth.push(true_class(target).map_or(f64::NAN, |class| class as f64));
        } else {
            made.head.in_units(target);
            made.truth.extend(target.iter().take(made.n_kept));
        }
    }

    fn finish(self) -> HeadPredictions {
        let [training, validation, all] = self.metrics.map(|metrics| metrics.finish());
        HeadPredictions { metrics: PartMetrics { training, validation, all }, ..self.made }
    }
}
