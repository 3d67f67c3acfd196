//! What one step of every optimizer does to the numbers of a parameter, and to what it remembers of them.
//!
//! Must not know whose numbers they are.

#![expect(clippy::inline_always, reason = "kernels must be inlined to get wide vector instructions")]

use crate::tensor::{Divisible, Kernel, OptimizerKind, Real};

/// Adam's bias corrections 1 − β₁ᵗ and 1 − β₂ᵗ at a step t: the same for all parameters that took as many
/// steps, so one step works them out once. 1 with other optimizers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corrections {
    pub(super) steps: u64,
    first: f64,
    second: f64,
}

impl Corrections {
    /// Those of the step with this number, from 1.
    pub(super) fn at(kind: OptimizerKind, steps: u64) -> Self {
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

/// One step on one parameter or on a part of it.
pub(super) struct Update<'a, T: Real> {
    pub(super) kind: OptimizerKind,
    pub(super) corrections: Corrections,
    /// The tensors that the kind names, in their order; empty where there are fewer.
    pub(super) state: [&'a mut [T]; 2],
    pub(super) w: &'a mut [T],
    pub(super) g: &'a [T],
    pub(super) learning_rate: f64,
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
