//! Parameters and optimizer state, in and out of a session, by the drawing's own names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::autodiff::ParameterId;
use crate::network::{Parameter, ParameterKey, Parameters};
use crate::tensor::Real;

use super::super::state::{OptimizerState, ParameterState};
use super::Session;

impl<T: Real> Session<T> {
    /// Takes numbers and frozen flags over, for parameters that the network has with the same
    /// shape; others are left alone. The pass at rest is computed anew.
    pub fn set_parameters(&mut self, parameters: &Parameters) {
        self.forget_rest();
        for planned in &self.plan.parameters {
            let Some(parameter) = parameters.get(&planned.key) else { continue };
            let values = self.store.value_mut(planned.id);
            if values.len() == parameter.values.len() && planned.shape == parameter.shape {
                for (mine, given) in values.iter_mut().zip(parameter.values.iter()) {
                    *mine = T::of(*given);
                }
            }
            self.store.set_trainable(planned.id, parameter.trainable);
        }
    }

    /// Freezes or unfreezes a parameter. The pass at rest is computed anew.
    pub fn set_trainable(&mut self, key: ParameterKey, trainable: bool) {
        self.forget_rest();
        for planned in self.plan.parameters.iter().filter(|planned| planned.key == key) {
            self.store.set_trainable(planned.id, trainable);
        }
    }

    /// The parameters as the pass at rest uses them.
    pub fn parameters(&self) -> Parameters {
        let copied = |id: ParameterId| self.store.value(id).iter().map(|x| x.to_f64()).collect();
        self.plan
            .parameters
            .iter()
            .map(|planned| {
                let parameter = Parameter {
                    shape: planned.shape.clone(),
                    values: Arc::new(copied(planned.id)),
                    trainable: self.store.is_trainable(planned.id),
                };
                (planned.key, parameter)
            })
            .collect()
    }

    /// The parameters in the order of [`Self::copy_numbers`], with how many numbers each has.
    pub fn layout(&self) -> Vec<(ParameterKey, usize)> {
        let planned = self.plan.parameters.iter();
        planned.map(|planned| (planned.key, self.store.value(planned.id).len())).collect()
    }

    /// Appends the numbers of all parameters, each in C order.
    pub fn copy_numbers(&self, numbers: &mut Vec<f64>) {
        for planned in &self.plan.parameters {
            numbers.extend(self.store.value(planned.id).iter().map(|x| x.to_f64()));
        }
    }

    /// The optimizer's state, for a file or for a session of a changed drawing.
    pub fn optimizer_state(&self) -> OptimizerState {
        let mut parameters = BTreeMap::<ParameterKey, ParameterState>::new();
        for planned in &self.plan.parameters {
            let step = self.optimizer.steps(planned.id);
            if step == 0 {
                continue;
            }
            let names = self.optimizer.kind().state_names().iter();
            let tensors = names
                .filter_map(|&name| {
                    let values = self.optimizer.state(planned.id, name)?;
                    Some((name.to_owned(), Arc::new(values.iter().map(|x| x.to_f64()).collect::<Vec<f64>>())))
                })
                .collect();
            parameters.insert(planned.key, ParameterState { step, tensors });
        }
        OptimizerState { optimizer: self.settings.optimizer, parameters }
    }

    /// Takes optimizer state over, where optimizer, parameter and shape are the same.
    pub fn set_optimizer_state(&mut self, state: &OptimizerState) {
        if std::mem::discriminant(&state.optimizer) != std::mem::discriminant(&self.settings.optimizer) {
            return;
        }
        self.forget_copies();
        for planned in &self.plan.parameters {
            let Some(given) = state.parameters.get(&planned.key) else { continue };
            let n = self.store.value(planned.id).len();
            if given.tensors.values().any(|values| values.len() != n) {
                continue;
            }
            self.optimizer.set_steps(planned.id, given.step);
            for (name, values) in &given.tensors {
                if let Some(mine) = self.optimizer.state_mut(planned.id, name) {
                    for (mine, given) in mine.iter_mut().zip(values.iter()) {
                        *mine = T::of(*given);
                    }
                }
            }
        }
    }
}
