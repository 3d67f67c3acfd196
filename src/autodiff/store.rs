//! Parameters and their gradients, in the builder's order.
//!
//! Must not know optimizers, nor what a parameter is for.

use super::graph::ParameterId;
use crate::tensor::{Matrix, Real, Shape};

/// What training changes.
#[derive(Clone, Debug)]
pub struct ParameterStore<T: Real> {
    pub(super) names: Vec<String>,
    pub(super) shapes: Vec<Shape>,
    pub(super) values: Vec<Matrix<T>>,
    pub(super) grads: Vec<Matrix<T>>,
    pub(super) trainable: Vec<bool>,
    /// Whether a backward pass left a gradient.
    pub(super) reached: Vec<bool>,
}

impl<T: Real> ParameterStore<T> {
    pub(super) fn new(parameters: impl Iterator<Item = (String, Shape)>) -> Self {
        let (names, shapes): (Vec<_>, Vec<_>) = parameters.unzip();
        let zeros = |shape: &Shape| {
            let (rows, cols) = shape.storage(0);
            Matrix::zeros(rows, cols)
        };
        let values: Vec<_> = shapes.iter().map(zeros).collect();
        let n = values.len();
        Self {
            names,
            shapes,
            grads: values.clone(),
            values,
            trainable: vec![true; n],
            reached: vec![false; n],
        }
    }

    /// How many parameters (tensors) there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All of them, in the builder's order.
    pub fn ids(&self) -> impl Iterator<Item = ParameterId> + use<T> {
        (0..self.values.len() as u32).map(ParameterId)
    }

    /// Its name.
    pub fn name(&self, id: ParameterId) -> &str {
        &self.names[id.index()]
    }

    /// Its shape, in PyTorch's order.
    pub fn shape(&self, id: ParameterId) -> &Shape {
        &self.shapes[id.index()]
    }

    /// Its numbers.
    pub fn value(&self, id: ParameterId) -> &Matrix<T> {
        &self.values[id.index()]
    }

    /// Its numbers, to be set.
    pub fn value_mut(&mut self, id: ParameterId) -> &mut Matrix<T> {
        &mut self.values[id.index()]
    }

    /// dL/d parameter as the last backward pass left it; `None` where it is frozen or nothing
    /// reached it (PyTorch's `None`). A computed zero is a matrix of zeros.
    pub fn grad(&self, id: ParameterId) -> Option<&Matrix<T>> {
        let idx = id.index();
        (self.reached[idx] && self.trainable[idx]).then(|| &self.grads[idx])
    }

    /// The same, to be clipped.
    pub fn grad_mut(&mut self, id: ParameterId) -> Option<&mut Matrix<T>> {
        let idx = id.index();
        (self.reached[idx] && self.trainable[idx]).then(|| &mut self.grads[idx])
    }

    /// Its numbers to be changed, with its gradient if it has one.
    pub(super) fn value_and_grad_mut(&mut self, id: ParameterId) -> Option<(&mut Matrix<T>, &Matrix<T>)> {
        let idx = id.index();
        (self.reached[idx] && self.trainable[idx]).then(|| (&mut self.values[idx], &self.grads[idx]))
    }

    /// Whether training changes it.
    pub fn is_trainable(&self, id: ParameterId) -> bool {
        self.trainable[id.index()]
    }

    /// Freezes a parameter (PyTorch's `requires_grad = False`) or lets it train.
    pub fn set_trainable(&mut self, id: ParameterId, trainable: bool) {
        self.trainable[id.index()] = trainable;
        self.reached[id.index()] = false;
    }

    /// Numbers in all parameters together.
    pub fn n_numbers(&self) -> usize {
        self.values.iter().map(Matrix::len).sum()
    }

    /// The gradients that parameters have.
    pub(super) fn grads_mut(&mut self) -> impl Iterator<Item = &mut Matrix<T>> {
        let flags = self.reached.iter().zip(&self.trainable);
        let grads = self.grads.iter_mut().zip(flags);
        grads.filter(|(_, (reached, trainable))| **reached && **trainable).map(|(grad, _)| grad)
    }
}
