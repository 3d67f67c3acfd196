//! A session of either precision behind one face, for the trainer thread.
//!
//! Small networks train in f64: every number then has the digits that a hand calculation is
//! compared with, at no cost that anyone could notice. Larger ones train in f32.

use std::sync::Arc;

use crate::data::Prepared;
use crate::document::TrainingSettings;
use crate::network::{Network, ParameterKey, Parameters};
use crate::tensor::Real;

use super::control::Watch;
use super::health::HealthSample;
use super::progress::{Advance, Evaluation, Progress};
use super::session::{Session, SessionError};
use super::snapshot::{Pass, Precision};
use super::state::{OptimizerState, RunPosition};

/// Networks with at most this many numbers in their parameters train in f64.
const MAX_F64_NUMBERS: usize = 1_000;

/// The precision in which a network with these parameters trains.
pub fn training_precision(parameters: &Parameters) -> Precision {
    let n_numbers: usize = parameters.values().map(|parameter| parameter.values.len()).sum();
    if n_numbers <= MAX_F64_NUMBERS { Precision::F64 } else { Precision::F32 }
}

/// A session, whatever it computes with. Each method is [`Session`]'s own.
pub trait AnySession: Send {
    /// See [`Session::advance`].
    fn advance(&mut self) -> Advance;
    /// See [`Session::capture`].
    fn capture(&mut self, watch: &Watch) -> Pass;
    /// See [`Session::health`].
    fn health(&mut self) -> HealthSample;
    /// See [`Session::begin_run`].
    fn begin_run(&mut self);
    /// See [`Session::work_done`].
    fn work_done(&self) -> (u64, u64);
    /// See [`Session::progress`].
    fn progress(&self) -> Progress;
    /// See [`Session::set_training`].
    ///
    /// # Errors
    /// As there.
    fn set_training(&mut self, settings: &TrainingSettings) -> Result<(), SessionError>;
    /// See [`Session::set_parameters`].
    fn set_parameters(&mut self, parameters: &Parameters);
    /// See [`Session::set_trainable`].
    fn set_trainable(&mut self, key: ParameterKey, trainable: bool);
    /// See [`Session::parameters`].
    fn parameters(&self) -> Parameters;
    /// See [`Session::layout`].
    fn layout(&self) -> Vec<(ParameterKey, usize)>;
    /// See [`Session::copy_numbers`].
    fn copy_numbers(&self, numbers: &mut Vec<f64>);
    /// See [`Session::optimizer_state`].
    fn optimizer_state(&self) -> OptimizerState;
    /// See [`Session::set_optimizer_state`].
    fn set_optimizer_state(&mut self, state: &OptimizerState);
    /// See [`Session::restore_good`].
    fn restore_good(&mut self) -> u64;
    /// See [`Session::begin_evaluation`].
    fn begin_evaluation(&mut self, is_validation: bool);
    /// See [`Session::is_evaluating`].
    fn is_evaluating(&self) -> bool;
    /// See [`Session::evaluation`].
    fn evaluation(&self) -> Option<Arc<Evaluation>>;
    /// See [`Session::data`].
    fn data(&self) -> &Arc<Prepared>;
}

/// A session of the given precision, going on from `position`.
///
/// # Errors
/// As [`Session::new`].
pub fn open_session_in(
    precision: Precision,
    network: &Network,
    parameters: &Parameters,
    data: Arc<Prepared>,
    settings: &TrainingSettings,
    position: RunPosition,
) -> Result<Box<dyn AnySession>, SessionError> {
    open_session_while(precision, network, parameters, data, settings, position, &|| true)
}

/// The same as long as somebody waits for it: `goes_on` is asked now and then.
///
/// # Errors
/// As [`Session::new_while`].
pub fn open_session_while(
    precision: Precision,
    network: &Network,
    parameters: &Parameters,
    data: Arc<Prepared>,
    settings: &TrainingSettings,
    position: RunPosition,
    goes_on: &dyn Fn() -> bool,
) -> Result<Box<dyn AnySession>, SessionError> {
    Ok(match precision {
        Precision::F32 => {
            let session = Session::<f32>::new_while(network, parameters, data, settings, goes_on)?;
            Box::new(session.continued_from(position))
        }
        Precision::F64 => {
            let session = Session::<f64>::new_while(network, parameters, data, settings, goes_on)?;
            Box::new(session.continued_from(position))
        }
    })
}

impl<T: Real> AnySession for Session<T> {
    fn advance(&mut self) -> Advance {
        self.advance()
    }

    fn capture(&mut self, watch: &Watch) -> Pass {
        self.capture(watch)
    }

    fn health(&mut self) -> HealthSample {
        self.health()
    }

    fn begin_run(&mut self) {
        self.begin_run();
    }

    fn work_done(&self) -> (u64, u64) {
        self.work_done()
    }

    fn progress(&self) -> Progress {
        self.progress()
    }

    fn set_training(&mut self, settings: &TrainingSettings) -> Result<(), SessionError> {
        self.set_training(settings)
    }

    fn set_parameters(&mut self, parameters: &Parameters) {
        self.set_parameters(parameters);
    }

    fn set_trainable(&mut self, key: ParameterKey, trainable: bool) {
        self.set_trainable(key, trainable);
    }

    fn parameters(&self) -> Parameters {
        self.parameters()
    }

    fn layout(&self) -> Vec<(ParameterKey, usize)> {
        self.layout()
    }

    fn copy_numbers(&self, numbers: &mut Vec<f64>) {
        self.copy_numbers(numbers);
    }

    fn optimizer_state(&self) -> OptimizerState {
        self.optimizer_state()
    }

    fn set_optimizer_state(&mut self, state: &OptimizerState) {
        self.set_optimizer_state(state);
    }

    fn restore_good(&mut self) -> u64 {
        self.restore_good()
    }

    fn begin_evaluation(&mut self, is_validation: bool) {
        self.begin_evaluation(is_validation);
    }

    fn is_evaluating(&self) -> bool {
        self.is_evaluating()
    }

    fn evaluation(&self) -> Option<Arc<Evaluation>> {
        self.evaluation().cloned()
    }

    fn data(&self) -> &Arc<Prepared> {
        self.data()
    }
}
