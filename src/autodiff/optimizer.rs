//! Optimizers with PyTorch's definitions; the learning rate comes with every step.
//!
//! Must not know programs or clipping: gradients stand in the store, and are used as they stand.

mod preview;
mod step;

use super::graph::ParameterId;
use super::store::ParameterStore;
use crate::tensor::{Matrix, OptimizerKind, Real, shared};
pub use preview::Preview;
use step::{Corrections, Update};

/// What an optimizer remembers of one parameter.
#[derive(Clone, Debug)]
struct State<T: Real> {
    steps: u64,
    /// Rows and columns of the parameter.
    size: (usize, usize),
    tensors: Vec<Matrix<T>>,
}

/// An optimizer with what it remembers of every parameter.
#[derive(Clone, Debug)]
pub struct Optimizer<T: Real> {
    kind: OptimizerKind,
    states: Vec<State<T>>,
    /// Of the newest step.
    corrections: Corrections,
}

impl<T: Real> Optimizer<T> {
    /// A fresh optimizer for the parameters of `store`.
    pub fn new(kind: OptimizerKind, store: &ParameterStore<T>) -> Self {
        let state = |value: &Matrix<T>| {
            let (rows, cols) = value.shape();
            let tensors = kind.state_names().iter().map(|_| Matrix::zeros(rows, cols)).collect();
            State { steps: 0, size: (rows, cols), tensors }
        };
        let states = store.values.iter().map(state).collect();
        Self { kind, states, corrections: Corrections::at(kind, 1) }
    }

    /// Which optimizer it is.
    pub fn kind(&self) -> OptimizerKind {
        self.kind
    }

    /// Changes settings and keeps what it remembers wherever the new kind keeps the same tensors
    /// under the same names; the rest starts at zero.
    pub fn set_kind(&mut self, kind: OptimizerKind) {
        let old_names = self.kind.state_names();
        for state in &mut self.states {
            let (rows, cols) = state.size;
            let mut old: Vec<Option<Matrix<T>>> = state.tensors.drain(..).map(Some).collect();
            state.tensors = kind
                .state_names()
                .iter()
                .map(|name| {
                    let kept = old_names.iter().position(|old_name| old_name == name);
                    kept.and_then(|idx| old[idx].take()).unwrap_or_else(|| Matrix::zeros(rows, cols))
                })
                .collect();
        }
        self.kind = kind;
        self.corrections = Corrections::at(kind, 1);
    }

    /// Steps taken on a parameter (PyTorch's `step`); one without a gradient takes none.
    pub fn steps(&self, id: ParameterId) -> u64 {
        self.states[id.index()].steps
    }

    /// Sets the number of steps taken, when a saved state is read back.
    pub fn set_steps(&mut self, id: ParameterId, steps: u64) {
        self.states[id.index()].steps = steps;
    }

    /// A tensor it keeps for a parameter, by PyTorch's name.
    pub fn state(&self, id: ParameterId, name: &str) -> Option<&Matrix<T>> {
        let idx = self.kind.state_names().iter().position(|known| *known == name)?;
        self.states[id.index()].tensors.get(idx)
    }

    /// The same, to be set when a saved state is read back. Its size must stay.
    pub fn state_mut(&mut self, id: ParameterId, name: &str) -> Option<&mut Matrix<T>> {
        let idx = self.kind.state_names().iter().position(|known| *known == name)?;
        self.states[id.index()].tensors.get_mut(idx)
    }

    /// One step on one parameter, if it has a gradient.
    pub fn update(&mut self, store: &mut ParameterStore<T>, id: ParameterId, learning_rate: f64) {
        if let Some((value, grad)) = store.value_and_grad_mut(id) {
            let state = &mut self.states[id.index()];
            state.steps += 1;
            if state.steps != self.corrections.steps {
                self.corrections = Corrections::at(self.kind, state.steps);
            }
            state.update(self.kind, self.corrections, value, grad, learning_rate);
        }
    }

    /// The step that [`update`](Self::update) would take on a parameter, without taking it; `None` where it
    /// has no gradient.
    pub fn preview<'a>(
        &'a self,
        store: &'a ParameterStore<T>,
        id: ParameterId,
        learning_rate: f64,
    ) -> Option<Preview<'a, T>> {
        let (value, grad) = (store.value(id).as_slice(), store.grad(id)?.as_slice());
        let own = &self.states[id.index()];
        let mut tensors = own.tensors.iter().map(Matrix::as_slice);
        let state = [tensors.next(), tensors.next()].map(Option::unwrap_or_default);
        let corrections = Corrections::at(self.kind, own.steps + 1);
        Some(Preview { kind: self.kind, corrections, state, value, grad, learning_rate })
    }
}

impl<T: Real> State<T> {
    /// What one step does to the parameter and to the tensors.
    fn update(
        &mut self,
        kind: OptimizerKind,
        corrections: Corrections,
        value: &mut Matrix<T>,
        grad: &Matrix<T>,
        learning_rate: f64,
    ) {
        let mut tensors = self.tensors.iter_mut().map(Matrix::as_mut_slice);
        let state = [tensors.next(), tensors.next()].map(Option::unwrap_or_default);
        let (w, g) = (value.as_mut_slice(), grad.as_slice());
        shared(Update { kind, corrections, state, w, g, learning_rate });
    }
}
