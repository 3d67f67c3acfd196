//! Gradient clipping, between backward and the optimizer's step.
//!
//! Must not know optimizers. Pascanu, Mikolov and Bengio 2013 (by norm); Mikolov 2012 (by value).

use super::store::ParameterStore;
use crate::tensor::{Clip, Real};

/// What the norm is raised by before it divides, as in PyTorch.
pub const NORM_EPS: f64 = 1e-6;

/// Clips the gradients in the store.
pub fn apply<T: Real>(clip: Clip, store: &mut ParameterStore<T>) {
    match clip {
        Clip::None => {}
        Clip::Norm { max_norm } => {
            by_norm(store, T::of(max_norm));
        }
        Clip::Value { clip_value } => by_value(store, T::of(clip_value)),
    }
}

/// Scales all gradients together down to the 2-norm `max_norm` (`clip_grad_norm_`) and returns
/// their norm as it was. As in PyTorch the factor is `max_norm`/(norm + 10⁻⁶), at most 1.
pub fn by_norm<T: Real>(store: &mut ParameterStore<T>, max_norm: T) -> T {
    let mut sum = T::zero();
    for grad in store.grads_mut() {
        sum += grad.norm_squared();
    }
    let norm = sum.sqrt();
    let factor = max_norm / (norm + T::of(NORM_EPS));
    if factor < T::one() {
        for grad in store.grads_mut() {
            *grad *= factor;
        }
    }
    norm
}

/// Cuts every entry of every gradient to ± `clip_value` (`clip_grad_value_`). NaN stays NaN.
pub fn by_value<T: Real>(store: &mut ParameterStore<T>, clip_value: T) {
    for grad in store.grads_mut() {
        for entry in grad.iter_mut() {
            if *entry > clip_value {
                *entry = clip_value;
            } else if *entry < -clip_value {
                *entry = -clip_value;
            }
        }
    }
}
