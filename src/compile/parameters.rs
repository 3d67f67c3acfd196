//! The document's parameters in a program's store, and back.
//!
//! Both hold the same numbers in the same order (C order of `[out, in]`), so nothing is
//! transposed here.

use std::sync::Arc;

use super::Compiled;
use crate::autodiff::ParameterStore;
use crate::network::{Parameter, Parameters};
use crate::tensor::Real;

impl<T: Real> Compiled<T> {
    /// A store with the numbers of `parameters`; what is missing there stays zero.
    pub fn store(&self, parameters: &Parameters) -> ParameterStore<T> {
        let mut store = self.program.parameters();
        self.load(&mut store, parameters);
        store
    }

    /// Puts the numbers of `parameters`, and which of them are frozen, into a store of this
    /// program. Parameters that are missing, or have another shape, stay as they are.
    pub fn load(&self, store: &mut ParameterStore<T>, parameters: &Parameters) {
        for (key, id) in self.links.parameters() {
            let Some(parameter) = parameters.get(&key) else { continue };
            if store.shape(id).dims() != parameter.shape || store.value(id).len() != parameter.values.len() {
                continue;
            }
            for (to, from) in store.value_mut(id).iter_mut().zip(parameter.values.iter()) {
                *to = T::of(*from);
            }
            if store.is_trainable(id) != parameter.trainable {
                store.set_trainable(id, parameter.trainable);
            }
        }
    }

    /// The store's numbers as parameters of the document.
    pub fn parameters(&self, store: &ParameterStore<T>) -> Parameters {
        let parameters = self.links.parameters().map(|(key, id)| {
            let values = store.value(id).iter().map(|value| value.to_f64()).collect();
            let shape = store.shape(id).dims().to_vec();
            (key, Parameter { shape, values: Arc::new(values), trainable: store.is_trainable(id) })
        });
        parameters.collect()
    }
}
