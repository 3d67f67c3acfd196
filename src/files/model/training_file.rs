//! Training settings and progress as they stand in a file, and back.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::super::error::FileError;
use super::super::limits::{self, finite, in_range, within};
use crate::document::{ClipSettings, OptimizerSettings, TrainingSettings};
use crate::train::RunPosition;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainingFile {
    optimizer: OptimizerFile,
    learning_rate: f64,
    batch_size: usize,
    shuffle: bool,
    epochs: usize,
    target_loss: Option<f64>,
    patience: Option<usize>,
    clip: ClipFile,
    seed: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgressFile {
    epoch: usize,
    samples: usize,
    step: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum ClipFile {
    Off,
    Norm { max_norm: f64 },
    Value { clip_value: f64 },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum OptimizerFile {
    Sgd { momentum: f64, nesterov: bool, weight_decay: f64 },
    RmsProp { alpha: f64, eps: f64, weight_decay: f64, momentum: f64 },
    Adagrad { eps: f64, weight_decay: f64 },
    Adam { beta1: f64, beta2: f64, eps: f64, weight_decay: f64 },
    AdamW { beta1: f64, beta2: f64, eps: f64, weight_decay: f64 },
}

impl TrainingFile {
    pub(super) fn new(training: &TrainingSettings) -> Self {
        let TrainingSettings {
            optimizer,
            learning_rate,
            batch_size,
            shuffle,
            epochs,
            target_loss,
            patience,
            clip,
            seed,
        } = training;
        Self {
            optimizer: OptimizerFile::new(*optimizer),
            learning_rate: *learning_rate,
            batch_size: *batch_size,
            shuffle: *shuffle,
            epochs: *epochs,
            target_loss: *target_loss,
            patience: *patience,
            clip: match *clip {
                ClipSettings::None => ClipFile::Off,
                ClipSettings::Norm { max_norm } => ClipFile::Norm { max_norm },
                ClipSettings::Value { clip_value } => ClipFile::Value { clip_value },
            },
            seed: *seed,
        }
    }

    pub(super) fn read(self) -> Result<TrainingSettings, FileError> {
        let Self { optimizer, learning_rate, batch_size, shuffle, epochs, target_loss, patience, clip, seed } =
            self;
        let limit =
            |field: &str, value| in_range(&format!("training.clip.{field}"), value, &(0.0..=f64::MAX));
        Ok(TrainingSettings {
            optimizer: optimizer.read("training.optimizer")?,
            learning_rate: in_range(
                "training.learning_rate",
                learning_rate,
                &TrainingSettings::LEARNING_RATE,
            )?,
            batch_size: within("training.batch_size", batch_size, 1, limits::COUNT)?,
            shuffle,
            epochs: within("training.epochs", epochs, 0, limits::COUNT)?,
            target_loss: target_loss.map(|loss| finite("training.target_loss", loss)).transpose()?,
            patience: patience.map(|n| within("training.patience", n, 0, limits::COUNT)).transpose()?,
            clip: match clip {
                ClipFile::Off => ClipSettings::None,
                ClipFile::Norm { max_norm } => ClipSettings::Norm { max_norm: limit("max_norm", max_norm)? },
                ClipFile::Value { clip_value } => {
                    ClipSettings::Value { clip_value: limit("clip_value", clip_value)? }
                }
            },
            seed,
        })
    }
}

impl ProgressFile {
    /// Nothing where nothing was trained.
    pub(super) fn new(position: RunPosition) -> Option<Self> {
        let RunPosition { epoch, samples, step } = position;
        (position != RunPosition::default()).then_some(Self { epoch, samples, step })
    }

    pub(super) fn read(self) -> Result<RunPosition, FileError> {
        let Self { epoch, samples, step } = self;
        let count = |field: &str, n| within(&format!("progress.{field}"), n, 0, limits::LONG_COUNT);
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        Ok(RunPosition {
            epoch: count("epoch", epoch)?,
            samples: count("samples", samples)?,
            step: count("step", step)? as u64,
        })
    }
}

impl OptimizerFile {
    pub(super) fn new(optimizer: OptimizerSettings) -> Self {
        match optimizer {
            OptimizerSettings::Sgd { momentum, nesterov, weight_decay } => {
                Self::Sgd { momentum, nesterov, weight_decay }
            }
            OptimizerSettings::RmsProp { alpha, eps, weight_decay, momentum } => {
                Self::RmsProp { alpha, eps, weight_decay, momentum }
            }
            OptimizerSettings::Adagrad { eps, weight_decay } => Self::Adagrad { eps, weight_decay },
            OptimizerSettings::Adam { beta1, beta2, eps, weight_decay } => {
                Self::Adam { beta1, beta2, eps, weight_decay }
            }
            OptimizerSettings::AdamW { beta1, beta2, eps, weight_decay } => {
                Self::AdamW { beta1, beta2, eps, weight_decay }
            }
        }
    }

    pub(super) fn read(self, place: &str) -> Result<OptimizerSettings, FileError> {
        let number = |field: &str, value, range: &RangeInclusive<f64>| {
            in_range(&format!("{place}.{field}"), value, range)
        };
        let positive = |field: &str, value| number(field, value, &OptimizerSettings::POSITIVE);
        let momentum = |field: &str, value| number(field, value, &OptimizerSettings::MOMENTUM);
        let beta = |field: &str, value| number(field, value, &OptimizerSettings::BETA);
        Ok(match self {
            Self::Sgd { momentum: mu, nesterov, weight_decay } => OptimizerSettings::Sgd {
                momentum: momentum("momentum", mu)?,
                nesterov,
                weight_decay: positive("weight_decay", weight_decay)?,
            },
            Self::RmsProp { alpha, eps, weight_decay, momentum: mu } => OptimizerSettings::RmsProp {
                alpha: momentum("alpha", alpha)?,
                eps: positive("eps", eps)?,
                weight_decay: positive("weight_decay", weight_decay)?,
                momentum: momentum("momentum", mu)?,
            },
            Self::Adagrad { eps, weight_decay } => OptimizerSettings::Adagrad {
                eps: positive("eps", eps)?,
                weight_decay: positive("weight_decay", weight_decay)?,
            },
            Self::Adam { beta1, beta2, eps, weight_decay } => OptimizerSettings::Adam {
                beta1: beta("beta1", beta1)?,
                beta2: beta("beta2", beta2)?,
                eps: positive("eps", eps)?,
                weight_decay: positive("weight_decay", weight_decay)?,
            },
            Self::AdamW { beta1, beta2, eps, weight_decay } => OptimizerSettings::AdamW {
                beta1: beta("beta1", beta1)?,
                beta2: beta("beta2", beta2)?,
                eps: positive("eps", eps)?,
                weight_decay: positive("weight_decay", weight_decay)?,
            },
        })
    }
}
