//! Kept runs as they stand in a file, and back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::error::{FileError, Invalid};
use super::super::limits::{self, finite, within};
use super::tensor_file::{ParameterFile, check_numbers, read_parameters};
use super::training_file::TrainingFile;
use crate::document::{
    MOST_RUN_LETTERS, MOST_RUN_NUMBERS, MOST_RUN_POINTS, MOST_RUNS, Run, RunId, RunName, RunPoint, RunScores,
    Runs,
};
use crate::network::MOST_OUTLINE_LETTERS;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunFile<'a> {
    /// 0 in older files: there it stands in the name of a run that nobody named.
    #[serde(default, skip_serializing_if = "is_zero")]
    number: u32,
    /// Empty where nobody gave it one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    drawing: String,
    training: TrainingFile,
    /// Epoch, step, seconds, training loss, validation loss.
    curve: Vec<(usize, u64, f64, f64, Option<f64>)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mae: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rmse: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r2: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accuracy: Option<f64>,
    #[serde(borrow)]
    parameters: Vec<ParameterFile<'a>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl RunFile<'_> {
    pub(super) fn new(run: &Run) -> Self {
        let Run { name: RunName { number, given }, drawing, settings, curve, scores, parameters } = run;
        let RunScores { mae, rmse, r2, accuracy } = *scores;
        let point = |point: &RunPoint| {
            let RunPoint { epoch, step, seconds, train_loss, val_loss } = *point;
            (epoch, step, seconds, train_loss, val_loss)
        };
        Self {
            number: *number,
            name: given.clone().unwrap_or_default(),
            drawing: drawing.clone(),
            training: TrainingFile::new(settings),
            curve: curve.iter().map(point).collect(),
            mae,
            rmse,
            r2,
            accuracy,
            parameters: parameters.iter().map(ParameterFile::new).collect(),
        }
    }

    fn read(self, place: &str) -> Result<Run, FileError> {
        let Self { number, name, drawing, training, curve, mae, rmse, r2, accuracy, parameters } = self;
        for (field, text, limit) in
            [("name", &name, MOST_RUN_LETTERS), ("drawing", &drawing, MOST_OUTLINE_LETTERS)]
        {
            let found = text.chars().count();
            if found > limit {
                let problem = Invalid::LongName { found, limit };
                return Err(FileError::invalid(&format!("{place}.{field}"), problem));
            }
        }
        within(&format!("{place}.curve"), curve.len(), 0, MOST_RUN_POINTS)?;
        let score = |field: &str, value: Option<f64>| {
            value.map(|value| finite(&format!("{place}.{field}"), value)).transpose()
        };
        let scores = RunScores {
            mae: score("mae", mae)?,
            rmse: score("rmse", rmse)?,
            r2: score("r2", r2)?,
            accuracy: score("accuracy", accuracy)?,
        };
        let point =
            |(idx, (epoch, step, seconds, train_loss, val_loss)): (usize, (usize, u64, f64, f64, _))| {
                let place = format!("{place}.curve[{idx}]");
                let number = |value| finite(&place, value);
                Ok(RunPoint {
                    epoch: within(&place, epoch, 0, limits::LONG_COUNT)?,
                    step: within(&place, usize::try_from(step).unwrap_or(usize::MAX), 0, limits::LONG_COUNT)?
                        as u64,
                    seconds: number(seconds)?,
                    train_loss: number(train_loss)?,
                    val_loss: Option::map(val_loss, number).transpose()?,
                })
            };
        let run = Run {
            name: called(number, name),
            drawing,
            settings: training.read()?,
            curve: curve.into_iter().enumerate().map(point).collect::<Result<_, FileError>>()?,
            scores,
            parameters: read_parameters(parameters)?,
        };
        check(&run, place)?;
        Ok(run)
    }
}

/// All runs of a model.
pub(super) fn read_runs(files: Vec<RunFile<'_>>) -> Result<Runs, FileError> {
    within("runs", files.len(), 0, MOST_RUNS)?;
    let read = |(idx, file): (usize, RunFile<'_>)| file.read(&format!("runs[{idx}]"));
    let mut runs: Vec<Run> = files.into_iter().enumerate().map(read).collect::<Result<_, FileError>>()?;
    within("runs.parameters", runs.iter().map(Run::n_numbers).sum(), 0, MOST_RUN_NUMBERS)?;
    let mut newest = runs.iter().map(|run| run.name.number).max().unwrap_or(0);
    for run in runs.iter_mut().filter(|run| run.name.number == 0) {
        newest = newest.saturating_add(1);
        run.name.number = newest;
    }
    Ok((1..).map(RunId).zip(runs.into_iter().map(Arc::new)).collect())
}

/// What a run is called; without a number it comes from an older file, where `Run 3` was no name.
fn called(number: u32, name: String) -> RunName {
    let stands_for = |number: &u32| *number > 0 && name == format!("Run {number}");
    let named = name.strip_prefix("Run ").and_then(|number| number.parse().ok()).filter(stands_for);
    match named.filter(|_| number == 0) {
        Some(number) => RunName::numbered(number),
        None => RunName { number, given: Some(name).filter(|name| !name.is_empty()) },
    }
}

/// Whether a run's numbers are finite: what reading and writing both ask for. Their shapes need not be the
/// drawing's: it may have changed since.
pub(super) fn check(run: &Run, place: &str) -> Result<(), FileError> {
    for (idx, parameter) in run.parameters.values().enumerate() {
        check_numbers(&format!("{place}.parameters[{idx}].values"), &parameter.values, &parameter.shape)?;
    }
    Ok(())
}
