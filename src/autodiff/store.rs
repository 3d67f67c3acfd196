//! Parameters and their gradients, in the builder's order.
//!
//! Must not know optimizers, nor what a parameter is for.

use crate::tensor::{Matrix, Real, Shape};

/// Names a parameter of one program: its place in the builder's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterId(pub(super) u32);

impl ParameterId {
    /// Its place in the builder's order.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What training changes.
#[derive(Clone, Debug)]
pub struct ParameterStore<T: Real> {
    pub(super) names: Vec<String>,
    pub(super) shapes: Vec<Shape>,
    pub(super) values: Vec<Matrix<T>>,
    pub(super) grads: Vec<Matrix<T>>,
    pub(super) trainable: Vec<bool>,
    /// Whether the last backward pass left a gradient.
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

    /// Values and gradients of the parameters that the last backward pass reached.
    pub(super) fn reached_mut(&mut self) -> impl Iterator<Item = (usize, &mut Matrix<T>, &mut Matrix<T>)> {
        let flags = self.reached.iter().zip(&self.trainable);
        self.values
            .iter_mut()
            .zip(&mut self.grads)
            .zip(flags)
            .enumerate()
            .filter(|(_, (_, (reached, trainable)))| **reached && **trainable)
            .map(|(idx, ((value, grad), _))| (idx, value, grad))
    }
}
