//! What clipping and an optimizer's step do to the numbers of a parameter, as lines of expressions.
//!
//! Rules of the same type as those of ops, checked against the kernels in the same way; only the
//! rounding of vanishing numbers to zero is left out. Must not know programs.

use crate::algebra::{Expression, Function, Operand, input, number, setting};
use crate::tensor::{Clip, OptimizerKind};

/// What a line of an update speaks of. All have the size of the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdateLeaf {
    /// w, as the pass used it.
    Weight,
    /// d loss / d w, after clipping.
    Grad,
    /// What the optimizer remembers from the steps before, by PyTorch's name.
    State(&'static str),
    /// What an earlier line made.
    Line(UpdateLine),
}

/// What a line of an update makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdateLine {
    /// g + λw: the gradient with weight decay.
    Decayed,
    /// What the optimizer will remember, by PyTorch's name.
    State(&'static str),
    /// A running mean without the pull of its start at zero, m̂ or v̂, by PyTorch's name of the mean.
    Corrected(&'static str),
    /// Δ, what is added to w. Always the last line.
    Change,
}

/// One step on one parameter, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateRule {
    /// What is made, and from what; each line only from earlier ones.
    pub lines: Vec<(UpdateLine, Expression<UpdateLeaf>)>,
}

type Formula = Expression<UpdateLeaf>;

fn weight() -> Formula {
    Expression::Leaf(UpdateLeaf::Weight)
}

fn state(name: &'static str) -> Formula {
    Expression::Leaf(UpdateLeaf::State(name))
}

fn line(of: UpdateLine) -> Formula {
    Expression::Leaf(UpdateLeaf::Line(of))
}

fn root(of: Formula) -> Formula {
    of.apply(Function::Sqrt)
}

impl UpdateRule {
    /// The step number `step`, counted from 1, of an optimizer.
    pub fn of(kind: OptimizerKind, step: u64, learning_rate: f64) -> Self {
        let mut rule = Self { lines: Vec::new() };
        let lr = || setting("lr", learning_rate);
        match kind {
            OptimizerKind::Sgd { momentum, nesterov, weight_decay } => {
                let grad = rule.decayed(weight_decay);
                if momentum == 0.0 {
                    rule.change(-lr() * grad);
                    return rule;
                }
                let mu = || setting("momentum", momentum);
                let velocity = rule.remember("momentum_buffer", |old| mu() * old + grad.clone());
                rule.change(if nesterov { -lr() * (grad + mu() * velocity) } else { -lr() * velocity });
            }
            OptimizerKind::RmsProp { alpha, eps, weight_decay, momentum } => {
                let grad = rule.decayed(weight_decay);
                let alpha = || setting("alpha", alpha);
                let squares = rule
                    .remember("square_avg", |old| alpha() * old + (1.0 - alpha()) * grad.clone().squared());
                let scaled = grad / (root(squares) + setting("eps", eps));
                if momentum == 0.0 {
                    rule.change(-lr() * scaled);
                    return rule;
                }
                let mu = setting("momentum", momentum);
                let velocity = rule.remember("momentum_buffer", |old| mu * old + scaled);
                rule.change(-lr() * velocity);
            }
            OptimizerKind::Adagrad { eps, weight_decay } => {
                let grad = rule.decayed(weight_decay);
                let squares = rule.remember("sum", |old| old + grad.clone().squared());
                rule.change(-lr() * (grad / (root(squares) + setting("eps", eps))));
            }
            OptimizerKind::Adam { beta1, beta2, eps, weight_decay } => {
                let grad = rule.decayed(weight_decay);
                let direction = rule.adam([beta1, beta2, eps], step, grad);
                rule.change(-lr() * direction);
            }
            OptimizerKind::AdamW { beta1, beta2, eps, weight_decay } => {
                let direction = rule.adam([beta1, beta2, eps], step, Expression::Leaf(UpdateLeaf::Grad));
                let decay = lr() * setting("weight_decay", weight_decay) * weight();
                rule.change(-decay - lr() * direction);
            }
        }
        rule
    }

    /// m̂/(√v̂ + ε), with the lines of both running means.
    fn adam(&mut self, [beta1, beta2, eps]: [f64; 3], step: u64, grad: Formula) -> Formula {
        let (beta1, beta2) = (|| setting("beta1", beta1), || setting("beta2", beta2));
        let t = || setting("step", step as f64);
        let mean = self.remember("exp_avg", |old| beta1() * old + (1.0 - beta1()) * grad.clone());
        let squares = self.remember("exp_avg_sq", |old| beta2() * old + (1.0 - beta2()) * grad.squared());
        let mean = self.push(UpdateLine::Corrected("exp_avg"), mean / (1.0 - beta1().power(t())));
        let squares = self.push(UpdateLine::Corrected("exp_avg_sq"), squares / (1.0 - beta2().power(t())));
        mean / (root(squares) + setting("eps", eps))
    }

    /// The gradient with weight decay, where there is any.
    fn decayed(&mut self, weight_decay: f64) -> Formula {
        let grad = Expression::Leaf(UpdateLeaf::Grad);
        if weight_decay == 0.0 {
            return grad;
        }
        self.push(UpdateLine::Decayed, grad + setting("weight_decay", weight_decay) * weight())
    }

    fn remember(&mut self, name: &'static str, new: impl FnOnce(Formula) -> Formula) -> Formula {
        self.push(UpdateLine::State(name), new(state(name)))
    }

    fn change(&mut self, change: Formula) {
        self.push(UpdateLine::Change, change);
    }

    fn push(&mut self, made: UpdateLine, from: Formula) -> Formula {
        self.lines.push((made, from));
        line(made)
    }
}

impl Clip {
    /// What clipping makes of gradient number `arg` of `n_gradients`, which are the inputs.
    pub fn rule(self, arg: usize, n_gradients: usize) -> Expression<Operand> {
        match self {
            Self::None => input(arg),
            Self::Norm { max_norm } => {
                let squares = (0..n_gradients).map(|arg| input(arg).squared().sum()).collect();
                let norm = Expression::total(squares).apply(Function::Sqrt);
                let factor = setting("max_norm", max_norm) / (norm + number(1e-6));
                input(arg) * number(1.0).at_most(factor)
            }
            Self::Value { clip_value } => {
                let bound = || setting("clip_value", clip_value);
                input(arg).at_least(-bound()).at_most(bound())
            }
        }
    }
}
