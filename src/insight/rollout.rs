//! A sequence forecast many rows ahead: each prediction is fed back as if it were in the file, in original
//! units and through the stored preprocessing. Beside it the one-step forecasts, which always read the file,
//! and the truth.
//!
//! Must not know how a forecast is drawn.

use super::head::Head;
use super::model::Model;
use super::predictor::Predictor;
use crate::autodiff::ValueId;
use crate::data::{
    DataRequest, DataSettings, Feature, Prepared, PreparedNode, ReadTask, SequenceLayout, prepare_with,
};
use crate::network::Task;
use crate::tensor::{Matrix, Real};
use crate::train::Precision;
use crate::words::{Message, ToMessage};

/// Rows that are forecast at most.
pub const MOST_ROWS_AHEAD: usize = 5_000;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RolloutQuestion {
    /// Which loss's prediction, counted in the order of nodes.
    pub head: usize,
    /// The last row of the file that is known, counted from 0. Everything after it is forecast.
    pub after: usize,
    /// How many rows are forecast.
    pub n_rows: usize,
}

/// A forecast, row by row of the file. What there is not is NaN.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rollout {
    /// The column.
    pub name: String,
    /// The last row that was known: the one asked for, or the first from which a forecast can begin.
    pub after: usize,
    /// The rows, from the first that the first forecast reads.
    pub rows: Vec<usize>,
    /// What the file says.
    pub truth: Vec<f64>,
    /// What the network says when it reads the file up to the row before.
    pub one_step: Vec<f64>,
    /// What it says when it reads its own predictions after the last known row.
    pub rolled: Vec<f64>,
}

/// Why a network's predictions cannot be fed back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRollout {
    /// Samples are single rows, or rows that were typed in.
    NoWindows,
    /// A class is no number that an Input could read.
    Classes,
    /// Targets lie in the rows that are read: nothing is said about rows to come.
    NothingAhead,
    /// No Input reads the column that is predicted.
    TargetNotRead,
    /// These columns are read, too, and nobody predicts them.
    OtherInputs(Vec<String>),
    /// The file has no window without missing values before this row.
    NoStart(usize),
}

/// Forecasts row after row; none where the network cannot be run or the task was cancelled.
pub fn roll_out(
    model: &Model,
    question: RolloutQuestion,
    task: &dyn ReadTask,
) -> Option<Result<Rollout, NoRollout>> {
    match model.precision() {
        Precision::F32 => roll::<f32>(model, question, task),
        Precision::F64 => roll::<f64>(model, question, task),
    }
}

fn roll<T: Real>(
    model: &Model,
    question: RolloutQuestion,
    task: &dyn ReadTask,
) -> Option<Result<Rollout, NoRollout>> {
    let heads = model.heads();
    let head = heads.get(question.head)?;
    // The windows of `predict`: one a row, and over the end of the file, too.
    let SequenceLayout::Windows { horizon, .. } = model.settings.sequence else {
        return Some(Err(NoRollout::NoWindows));
    };
    let settings = DataSettings {
        sequence: SequenceLayout::Windows { stride: 1, horizon },
        ..DataSettings::clone(&model.settings)
    };
    let request = DataRequest::of(&model.network).inputs_only();
    let data = prepare_with(model.data.table(), &settings, &request, model.data.preprocessing()).ok()?;
    let read = match columns_read(head, &data) {
        Ok(read) => read,
        Err(reason) => return Some(Err(reason)),
    };
    let predictor = Predictor::<T>::new(&model.network, &model.parameters, &data).ok()?;
    let output = predictor.output(head.prediction)?;
    let forecaster = Forecaster { predictor, data: &data, head, output, read, horizon };
    forecaster.forecast(&question, task)
}

/// One feature of an Input: where it stands, and which number of the prediction it is.
struct ReadColumn {
    place: usize,
    feature_idx: usize,
    output_idx: usize,
}

/// What the Inputs read, where all of it is predicted.
fn columns_read(head: &Head, data: &Prepared) -> Result<Vec<ReadColumn>, NoRollout> {
    if !data.is_windowed() || data.nodes().iter().any(|node| node.is_typed) {
        return Err(NoRollout::NoWindows);
    }
    if head.task() != Task::Regression {
        return Err(NoRollout::Classes);
    }
    if data.row_told(true, usize::MAX, 0).1 == 0 {
        return Err(NoRollout::NothingAhead);
    }
    let is_number = |feature: &Feature| feature.category.is_none() && !feature.column.is_empty();
    let place_in_prediction = |read: &Feature| {
        let is_same = |told: &Feature| told.column == read.column && is_number(told);
        head.features.iter().position(is_same).filter(|_| is_number(read))
    };
    let (mut read, mut others) = (Vec::new(), Vec::new());
    for (place, node) in data.nodes().iter().enumerate() {
        for (feature_idx, feature) in node.features.iter().enumerate() {
            match place_in_prediction(feature) {
                Some(output_idx) => read.push(ReadColumn { place, feature_idx, output_idx }),
                None if !others.contains(&feature.column) => others.push(feature.column.clone()),
                None => {}
            }
        }
    }
    if read.is_empty() {
        Err(NoRollout::TargetNotRead)
    } else if others.is_empty() {
        Ok(read)
    } else {
        Err(NoRollout::OtherInputs(others))
    }
}

/// The numbers of the predicted columns, row after row from `first` on; NaN where there is none.
struct Rows {
    first: usize,
    width: usize,
    numbers: Vec<f64>,
}

impl Rows {
    fn new(first: usize, end: usize, width: usize) -> Self {
        Self { first, width, numbers: vec![f64::NAN; (end - first) * width] }
    }

    fn get(&self, row: usize, output_idx: usize) -> f64 {
        let place = row.checked_sub(self.first).map(|row| row * self.width + output_idx);
        place.and_then(|place| self.numbers.get(place).copied()).unwrap_or(f64::NAN)
    }

    fn set(&mut self, row: usize, output_idx: usize, number: f64) {
        let place = row.checked_sub(self.first).map(|row| row * self.width + output_idx);
        if let Some(place) = place.and_then(|place| self.numbers.get_mut(place)) {
            *place = number;
        }
    }

    fn of(&self, output_idx: usize) -> Vec<f64> {
        self.numbers.iter().skip(output_idx).step_by(self.width).copied().collect()
    }
}

/// Everything that forecasting a row takes.
struct Forecaster<'a, T: Real> {
    predictor: Predictor<T>,
    data: &'a Prepared,
    head: &'a Head,
    output: ValueId,
    read: Vec<ReadColumn>,
    horizon: usize,
}

impl<T: Real> Forecaster<'_, T> {
    fn forecast(
        &self,
        question: &RolloutQuestion,
        task: &dyn ReadTask,
    ) -> Option<Result<Rollout, NoRollout>> {
        // The first forecasts still read windows that end before the last known row.
        let reach = self.length() + self.horizon - 1;
        let Some(after) = self.first_start(question.after, reach) else {
            return Some(Err(NoRollout::NoStart(question.after)));
        };
        let (first, end) = (after + 1 - reach, after + 1 + question.n_rows.clamp(1, MOST_ROWS_AHEAD));
        let truth = self.truth(first, end);
        let one_step = self.one_step(after + 1, first, end, task)?;
        let rolled = self.rolled(&truth, after, end, task)?;
        let name = self.head.features.first().map_or_else(String::new, |feature| feature.name.clone());
        Some(Ok(Rollout {
            name,
            after,
            rows: (first..end).collect(),
            truth: truth.of(0),
            one_step: one_step.of(0),
            rolled: rolled.of(0),
        }))
    }

    /// Rows of a window.
    fn length(&self) -> usize {
        self.data.newest_row(0) - self.data.row_of(0) + 1
    }

    /// The sample that begins at a row.
    fn sample_from(&self, row: usize) -> Option<u32> {
        self.data.sample_at(row).filter(|&sample| self.data.row_of(sample) == row)
    }

    /// The last row at or before `after`, or else the next one after it, that ends `reach` rows without
    /// missing values.
    fn first_start(&self, after: usize, reach: usize) -> Option<usize> {
        let n_rows = self.data.table().map_or(0, |table| table.n_rows());
        let n_windows = reach + 1 - self.length();
        let is_start =
            |&row: &usize| (row + 1 - reach..).take(n_windows).all(|first| self.sample_from(first).is_some());
        let after = after.min(n_rows.checked_sub(1)?);
        let before = (reach - 1..=after).rev().find(is_start);
        before.or_else(|| (reach - 1..n_rows).skip_while(|row| *row < after).find(is_start))
    }

    /// What the file says of the rows, in original units.
    fn truth(&self, first: usize, end: usize) -> Rows {
        let mut rows = Rows::new(first, end, self.head.features.len());
        let reaches = |&sample: &u32| {
            let row = self.data.row_of(sample);
            row < end && row + self.length() > first
        };
        let samples: Vec<u32> = (0..self.data.n_samples() as u32).filter(reaches).collect();
        for (place, node) in self.data.nodes().iter().enumerate() {
            let mut values = Matrix::<f64>::zeros(node.width(), samples.len());
            for step in 0..self.length() {
                self.data.fill_batch(place, step, &samples, &mut values);
                for read in self.read.iter().filter(|read| read.place == place) {
                    let Some(feature) = node.features.get(read.feature_idx) else { continue };
                    for (column, &sample) in samples.iter().enumerate() {
                        let number = feature.original(values[(read.feature_idx, column)]);
                        rows.set(self.data.row_at(place, step, sample), read.output_idx, number);
                    }
                }
            }
        }
        rows
    }

    /// Forecasts from windows of the file alone, of the rows from `begin` on.
    fn one_step(&self, begin: usize, first: usize, end: usize, task: &dyn ReadTask) -> Option<Rows> {
        let mut rows = Rows::new(first, end, self.head.features.len());
        let ahead = self.length() - 1 + self.horizon;
        let samples: Vec<u32> = (begin..end).filter_map(|row| self.sample_from(row - ahead)).collect();
        let mut numbers = Vec::new();
        for samples in samples.chunks(self.predictor.chunk()) {
            if task.is_cancelled() {
                return None;
            }
            let program = &self.predictor.compiled.program;
            let mut trace = program.trace(samples.len());
            self.predictor.feed.fill_to_look(self.data, samples, &mut trace);
            program.forward(&self.predictor.store, &mut trace);
            for (column, &sample) in samples.iter().enumerate() {
                self.predictor.read(&trace, self.output, column, &mut numbers);
                self.head.original(&mut numbers);
                let row = self.data.row_of(sample) + ahead;
                numbers.iter().enumerate().for_each(|(idx, &number)| rows.set(row, idx, number));
            }
        }
        Some(rows)
    }

    /// Forecasts that read the file up to the row `after` and themselves behind it.
    fn rolled(&self, truth: &Rows, after: usize, end: usize, task: &dyn ReadTask) -> Option<Rows> {
        let mut known = Rows { numbers: truth.numbers.clone(), ..*truth };
        let program = &self.predictor.compiled.program;
        let mut trace = program.trace(1);
        self.predictor.feed.fill_to_look(self.data, &[0], &mut trace);
        let mut numbers = Vec::new();
        for row in after + 1..end {
            if task.is_cancelled() {
                return None;
            }
            let begin = row - self.horizon + 1 - self.length();
            for link in &self.predictor.compiled.links.inputs {
                let Some(place) = self.data.node_index(link.node) else { continue };
                let Some(node) = self.data.nodes().get(place) else { continue };
                let read_row = begin + self.data.row_at(place, link.step, 0) - self.data.row_of(0);
                let leaf = trace.value_mut(link.value);
                for read in self.read.iter().filter(|read| read.place == place) {
                    let number = known.get(read_row, read.output_idx);
                    if let Some(entry) = leaf.as_mut_slice().get_mut(read.feature_idx) {
                        *entry = T::of(encoded(node, read.feature_idx, number));
                    }
                }
            }
            program.forward(&self.predictor.store, &mut trace);
            self.predictor.read(&trace, self.output, 0, &mut numbers);
            self.head.original(&mut numbers);
            numbers.iter().enumerate().for_each(|(idx, &number)| known.set(row, idx, number));
        }
        let n_known = (after + 1 - known.first) * known.width;
        known.numbers.iter_mut().take(n_known).for_each(|number| *number = f64::NAN);
        Some(known)
    }
}

/// A number of the file as an Input reads it.
fn encoded(node: &PreparedNode, feature_idx: usize, number: f64) -> f64 {
    node.features.get(feature_idx).map_or(number, |feature| (number - feature.shift) / feature.scale)
}

impl Rollout {
    /// The root of the mean square error one step ahead and rolled out, over the rows whose truth is known;
    /// none where there is no such row.
    pub fn errors(&self) -> Option<[f64; 2]> {
        let of = |said: &[f64]| {
            let errors = said.iter().zip(&self.truth).map(|(said, truth)| said - truth);
            let squares: Vec<f64> =
                errors.filter(|error| error.is_finite()).map(|error| error * error).collect();
            let n = squares.len();
            (n > 0).then(|| (squares.into_iter().sum::<f64>() / n as f64).sqrt())
        };
        Some([of(&self.one_step)?, of(&self.rolled)?])
    }
}

impl ToMessage for NoRollout {
    fn message(&self) -> Message {
        match self {
            Self::NoWindows => Message::new("rollout-no-windows"),
            Self::Classes => Message::new("rollout-classes"),
            Self::NothingAhead => Message::new("rollout-nothing-ahead"),
            Self::TargetNotRead => Message::new("rollout-target-not-read"),
            Self::OtherInputs(columns) => {
                let n = columns.len();
                Message::new("rollout-other-inputs").with("columns", columns.join(", ")).with("n", n)
            }
            Self::NoStart(row) => Message::new("rollout-no-start").with("row", row + 1),
        }
    }
}
