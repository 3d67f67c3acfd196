//! Optimizers with PyTorch's definitions; the learning rate comes with every step.
//!
//! Must not know programs or clipping: gradients stand in the store, and are used as they stand.

#![expect(clippy::inline_always, reason = "kernels must be inlined to get wide vector instructions")]

use super::graph::ParameterId;
use super::store::ParameterStore;
use crate::tensor::{Divisible, Kernel, Matrix, OptimizerKind, Real, shared};

/// What an optimizer remembers of one parameter.
#[derive(Clone, Debug)]
struct State<T: Real> {
    steps: u64,
    /// Rows and columns of the parameter.
    size: (usize, usize),
    tensors: Vec<Matrix<T>>,
}

/// Adam's bias corrections 1 − β₁ᵗ and 1 − β₂ᵗ at a step t: the same for all parameters that took as many
/// steps, so one step works them out once. 1 with other optimizers.
#[derive(Clone, Copy, Debug)]
struct Corrections {
    steps: u64,
    first: f64,
    second: f64,
}

impl Corrections {
    /// Those of the step with this number, from 1.
    fn at(kind: OptimizerKind, steps: u64) -> Self {
        match kind {
            OptimizerKind::Adam { beta1, beta2, .. } | OptimizerKind::AdamW { beta1, beta2, .. } => {
                let [first, second] = [beta1, beta2].map(|beta| 1.0 - beta.powf(steps as f64));
                Self { steps, first, second }
            }
            OptimizerKind::Sgd { .. } | OptimizerKind::RmsProp { .. } | OptimizerKind::Adagrad { .. } => {
                Self { steps, first: 1.0, second: 1.0 }
            }
        }
    }
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
        let state = &self.states[id.index()];
        let corrections = Corrections::at(self.kind, state.steps + 1);
        Some(Preview { kind: self.kind, corrections, state, value, grad, learning_rate })
    }
}

/// A step on one parameter that is not taken.
#[derive(Clone, Copy, Debug)]
pub struct Preview<'a, T: Real> {
    kind: OptimizerKind,
    corrections: Corrections,
    state: &'a State<T>,
    value: &'a [T],
    grad: &'a [T],
    learning_rate: f64,
}

impl<T: Real> Preview<'_, T> {
    /// Writes the parameter's numbers after the step.
    pub fn updated(&self, numbers: &mut [T]) {
        shared(self.try_on(numbers, |updated, _| updated));
    }

    /// Writes what the step adds to them.
    pub fn change(&self, numbers: &mut [T]) {
        shared(self.try_on(numbers, |updated, value| updated - value));
    }

    fn try_on<'b, F: Fn(T, T) -> T>(&'b self, shown: &'b mut [T], show: F) -> Trial<'b, T, F> {
        let mut tensors = self.state.tensors.iter().map(Matrix::as_slice);
        let state = [tensors.next(), tensors.next()].map(Option::unwrap_or_default);
        let Self { kind, corrections, value: w, grad: g, learning_rate, .. } = *self;
        Trial { kind, corrections, state, w, g, learning_rate, shown, show }
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

/// One step on one parameter or on a part of it.
struct Update<'a, T: Real> {
    kind: OptimizerKind,
    corrections: Corrections,
    /// The tensors that the kind names, in their order; empty where there are fewer.
    state: [&'a mut [T]; 2],
    w: &'a mut [T],
    g: &'a [T],
    learning_rate: f64,
}

impl<T: Real> Divisible for Update<'_, T> {
    fn entries(&self) -> usize {
        self.w.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let Self { kind, corrections, state: [one, two], w, g, learning_rate } = self;
        let (one_first, one_rest) = one.split_at_mut(at.min(one.len()));
        let (two_first, two_rest) = two.split_at_mut(at.min(two.len()));
        let ((w_first, w_rest), (g_first, g_rest)) = (w.split_at_mut(at), g.split_at(at));
        let part = |state, w, g| Update { kind, corrections, state, w, g, learning_rate };
        [part([one_first, two_first], w_first, g_first), part([one_rest, two_rest], w_rest, g_rest)]
    }
}

impl<T: Real> Kernel for Update<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { kind, corrections, state: [one, two], w, g, learning_rate } = self;
        let real = T::of;
        let lr = real(learning_rate);
        match kind {
            OptimizerKind::Sgd { momentum: 0.0, weight_decay, .. } => {
                let decay = real(weight_decay);
                for (w, &g) in w.iter_mut().zip(g) {
                    *w -= lr * (g + decay * *w);
                }
            }
            OptimizerKind::Sgd { momentum, nesterov, weight_decay } => {
                let (mu, decay) = (real(momentum), real(weight_decay));
                for ((w, &g), v) in w.iter_mut().zip(g).zip(one) {
                    let g = g + decay * *w;
                    *v = (mu * *v + g).or_zero();
                    *w -= lr * if nesterov { g + mu * *v } else { *v };
                }
            }
            OptimizerKind::RmsProp { alpha, eps, weight_decay, momentum } => {
                let (alpha, eps, decay, mu) = (real(alpha), real(eps), real(weight_decay), real(momentum));
                let entries = w.iter_mut().zip(g).zip(one);
                if momentum == 0.0 {
                    for ((w, &g), s) in entries {
                        let g = g + decay * *w;
                        *s = (alpha * *s + (T::one() - alpha) * g * g).or_zero();
                        *w -= lr * (g / (s.sqrt() + eps));
                    }
                } else {
                    for (((w, &g), s), v) in entries.zip(two) {
                        let g = g + decay * *w;
                        *s = (alpha * *s + (T::one() - alpha) * g * g).or_zero();
                        *v = (mu * *v + g / (s.sqrt() + eps)).or_zero();
                        *w -= lr * *v;
                    }
                }
            }
            OptimizerKind::Adagrad { eps, weight_decay } => {
                let (eps, decay) = (real(eps), real(weight_decay));
                for ((w, &g), s) in w.iter_mut().zip(g).zip(one) {
                    let g = g + decay * *w;
                    *s += g * g;
                    *w -= lr * (g / (s.sqrt() + eps));
                }
            }
            OptimizerKind::Adam { beta1, beta2, eps, weight_decay } => {
                let adam = AdamStep { beta1, beta2, eps, decay: weight_decay, keep: 1.0, learning_rate };
                adam.run(corrections, w, g, one, two);
            }
            OptimizerKind::AdamW { beta1, beta2, eps, weight_decay } => {
                let keep = 1.0 - learning_rate * weight_decay;
                let adam = AdamStep { beta1, beta2, eps, decay: 0.0, keep, learning_rate };
                adam.run(corrections, w, g, one, two);
            }
        }
    }
}

/// One step on one parameter or on a part of it that leaves all as it was.
struct Trial<'a, T: Real, F> {
    kind: OptimizerKind,
    corrections: Corrections,
    state: [&'a [T]; 2],
    w: &'a [T],
    g: &'a [T],
    learning_rate: f64,
    shown: &'a mut [T],
    /// What is shown, of a number after the step and before it.
    show: F,
}

impl<T: Real, F: Fn(T, T) -> T + Copy + Send> Divisible for Trial<'_, T, F> {
    fn entries(&self) -> usize {
        self.shown.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let Self { kind, corrections, state: [one, two], w, g, learning_rate, shown, show } = self;
        let (one_first, one_rest) = one.split_at(at.min(one.len()));
        let (two_first, two_rest) = two.split_at(at.min(two.len()));
        let ((w_first, w_rest), (g_first, g_rest)) = (w.split_at(at), g.split_at(at));
        let (shown_first, shown_rest) = shown.split_at_mut(at);
        let part = |state, w, g, shown| Trial { kind, corrections, state, w, g, learning_rate, shown, show };
        [
            part([one_first, two_first], w_first, g_first, shown_first),
            part([one_rest, two_rest], w_rest, g_rest, shown_rest),
        ]
    }
}

impl<T: Real, F: Fn(T, T) -> T> Kernel for Trial<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { kind, corrections, state: [one, two], w, g, learning_rate, shown, show } = self;
        let (mut copy_of_one, mut copy_of_two) = ([T::zero(); TRIED_TOGETHER], [T::zero(); TRIED_TOGETHER]);
        let parts =
            shown.chunks_mut(TRIED_TOGETHER).zip(w.chunks(TRIED_TOGETHER)).zip(g.chunks(TRIED_TOGETHER));
        for (idx, ((shown, w), g)) in parts.enumerate() {
            let start = idx * TRIED_TOGETHER;
            let state =
                [copied_part(one, start, &mut copy_of_one), copied_part(two, start, &mut copy_of_two)];
            shown.copy_from_slice(w);
            Update { kind, corrections, state, w: shown, g, learning_rate }.run();
            for (shown, &w) in shown.iter_mut().zip(w) {
                *shown = show(*shown, w);
            }
        }
    }
}

/// Numbers that a trial computes at a time: few enough that what it copies stays in the nearest cache.
const TRIED_TOGETHER: usize = 512;

/// The part of a tensor that starts here, copied; nothing of an empty tensor.
#[inline(always)]
fn copied_part<'a, T: Copy>(tensor: &[T], start: usize, copy: &'a mut [T; TRIED_TOGETHER]) -> &'a mut [T] {
    let part = tensor.get(start..tensor.len().min(start + TRIED_TOGETHER)).unwrap_or(&[]);
    let copy = &mut copy[..part.len()];
    copy.copy_from_slice(part);
    copy
}

/// One step of Adam, with the decay of either variant.
struct AdamStep {
    beta1: f64,
    beta2: f64,
    eps: f64,
    /// λ of Adam, added to the gradient.
    decay: f64,
    /// 1 − ηλ of AdamW, a factor on the weight.
    keep: f64,
    learning_rate: f64,
}

impl AdamStep {
    #[inline(always)]
    fn run<T: Real>(&self, corrections: Corrections, w: &mut [T], g: &[T], m: &mut [T], v: &mut [T]) {
        let real = T::of;
        let step_size = real(self.learning_rate / corrections.first);
        let root_scale = real(1.0 / corrections.second.sqrt());
        let (rest1, beta2, rest2) = (real(1.0 - self.beta1), real(self.beta2), real(1.0 - self.beta2));
        let (eps, decay, keep) = (real(self.eps), real(self.decay), real(self.keep));
        for (((w, &g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
            let g = g + decay * *w;
            *m = (*m + rest1 * (g - *m)).or_zero();
            *v = (beta2 * *v + rest2 * g * g).or_zero();
            *w = keep * *w - step_size * (*m / (v.sqrt() * root_scale + eps));
        }
    }
}
