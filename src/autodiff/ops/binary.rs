//! Two values put together entry by entry, with PyTorch's broadcasting of the sizes after N.

use super::aligned::Layout;
use super::elementwise::{put, put_zipped, side};
use crate::algebra::{Comparison, Expression, Function, Operand, grad, number, output};
use crate::autodiff::{BackwardArgs, Blocked, Op, Rule, Share};
use crate::tensor::{Divisible, Kernel, Matrix, Real, Shape, ShapeError, shape, shared};

/// What two numbers become, under PyTorch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// a + b.
    Add,
    /// a − b.
    Sub,
    /// a · b.
    Mul,
    /// a / b: to a goes 1/b, to b goes −a/b².
    Div,
    /// aᵇ: to a goes b·aᵇ⁻¹ (0 where b is 0), to b goes aᵇ·ln a (0 where a is 0 and b is not negative).
    Pow,
    /// The larger; a tie shares its gradient half and half.
    Maximum,
    /// The smaller; a tie shares its gradient half and half.
    Minimum,
    /// 1 where a > b, else 0. No gradient passes, as with all comparisons.
    Greater,
    /// 1 where a ≥ b, else 0.
    GreaterEqual,
    /// 1 where a < b, else 0.
    Less,
    /// 1 where a = b, else 0.
    Equal,
}

/// Two values, entry by entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    pair: Pair,
    layout: Layout,
}

impl Pair {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Sub => "Sub",
            Self::Mul => "Mul",
            Self::Div => "Div",
            Self::Pow => "Pow",
            Self::Maximum => "Maximum",
            Self::Minimum => "Minimum",
            Self::Greater => "Gt",
            Self::GreaterEqual => "Ge",
            Self::Less => "Lt",
            Self::Equal => "Eq",
        }
    }

    fn is_comparison(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterEqual | Self::Less | Self::Equal)
    }

    /// The value, as a rule states it.
    fn value(self, a: Expression<Operand>, b: Expression<Operand>) -> Expression<Operand> {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Pow => a.power(b),
            Self::Maximum => a.at_least(b),
            Self::Minimum => a.at_most(b),
            Self::Greater => a.compared(Comparison::Greater, b),
            Self::GreaterEqual => b.compared(Comparison::AtMost, a),
            Self::Less => a.compared(Comparison::Less, b),
            Self::Equal => a.compared(Comparison::Equal, b),
        }
    }

    /// What goes back to `arg`, as large as the output.
    fn share(self, arg: usize, a: Expression<Operand>, b: Expression<Operand>) -> Expression<Operand> {
        let zero = || number(0.0);
        match (self, arg) {
            (Self::Sub, 1) => -grad(),
            (Self::Mul, 0) => grad() * b,
            (Self::Mul, _) => grad() * a,
            (Self::Div, 0) => grad() / b,
            (Self::Div, _) => -(grad() * a / b.squared()),
            (Self::Pow, 0) => {
                let slope = b.clone() * a.power(b.clone() - number(1.0));
                b.compared(Comparison::Equal, zero()).choose(zero(), grad() * slope)
            }
            (Self::Pow, _) => {
                let no_base = a.clone().compared(Comparison::Equal, zero());
                let no_slope = no_base * zero().compared(Comparison::AtMost, b);
                no_slope.choose(zero(), grad() * output() * a.apply(Function::Ln))
            }
            (Self::Maximum | Self::Minimum, _) => {
                let (own, other) = if arg == 0 { (a, b) } else { (b, a) };
                let wins = if self == Self::Maximum { Comparison::Greater } else { Comparison::Less };
                let tie = own.clone().compared(Comparison::Equal, other.clone());
                let wins = own.compared(wins, other);
                wins.choose(grad(), tie.choose(grad() / number(2.0), zero()))
            }
            (Self::Add | Self::Sub | Self::Greater | Self::GreaterEqual | Self::Less | Self::Equal, _) => {
                grad()
            }
        }
    }
}

impl Binary {
    /// For inputs of these shapes.
    ///
    /// # Errors
    /// When they cannot be broadcast.
    pub fn new(pair: Pair, inputs: &[&Shape]) -> Result<Self, ShapeError> {
        shape::arity(pair.name(), inputs, 2)?;
        let output = shape::broadcast(pair.name(), inputs)?;
        Ok(Self { pair, layout: Layout::new(inputs, &output) })
    }

    fn map<T: Real>(
        &self,
        inputs: &[&Matrix<T>],
        output: &mut Matrix<T>,
        f: impl Fn(T, T) -> T + Copy + Send,
    ) {
        if self.layout.is_plain {
            return put_zipped::<T, false>(output, inputs[0], inputs[1], f);
        }
        let (y, a, b) = (output.as_mut_slice(), inputs[0].as_slice(), inputs[1].as_slice());
        self.layout.walk([0, 1], y.len(), |at, [i, j]| y[at] = f(a[i], b[j]));
    }

    fn send<T: Real, const ADD: bool>(
        &self,
        args: &BackwardArgs<'_, T>,
        arg: usize,
        grad_input: &mut Matrix<T>,
        f: impl Fn(T, T, T, T) -> T + Copy + Send,
    ) {
        let (a, b) = (args.inputs[0].as_slice(), args.inputs[1].as_slice());
        let (y, g) = (args.output.as_slice(), args.grad_output.as_slice());
        if self.layout.is_plain {
            let send = SendBack::<_, _, ADD> { to: grad_input.as_mut_slice(), a, b, y, g, f };
            return shared(send);
        }
        if !ADD {
            grad_input.fill(T::zero());
        }
        let to = grad_input.as_mut_slice();
        self.layout.walk([0, 1], g.len(), |at, places| {
            to[places[arg]] += f(g[at], a[places[0]], b[places[1]], y[at]);
        });
    }

    fn share<T: Real, const ADD: bool>(&self, args: &BackwardArgs<'_, T>, arg: usize, to: &mut Matrix<T>) {
        let half = T::of(0.5);
        let zero = T::zero();
        match (self.pair, arg) {
            (Pair::Add, _) | (Pair::Sub, 0) => self.send::<T, ADD>(args, arg, to, |g, _, _, _| g),
            (Pair::Sub, _) => self.send::<T, ADD>(args, arg, to, |g, _, _, _| -g),
            (Pair::Mul, 0) => self.send::<T, ADD>(args, arg, to, |g, _, b, _| g * b),
            (Pair::Mul, _) => self.send::<T, ADD>(args, arg, to, |g, a, _, _| g * a),
            (Pair::Div, 0) => self.send::<T, ADD>(args, arg, to, |g, _, b, _| g / b),
            (Pair::Div, _) => self.send::<T, ADD>(args, arg, to, |g, a, b, _| -(g * a / (b * b))),
            (Pair::Pow, 0) => self.send::<T, ADD>(args, arg, to, |g, a, b, _| {
                if b == zero { zero } else { g * (b * power(a, b - T::one())) }
            }),
            (Pair::Pow, _) => {
                self.send::<T, ADD>(args, arg, to, |g, a, b, y| {
                    if a == zero && b >= zero { zero } else { g * y * a.ln_of() }
                });
            }
            (Pair::Maximum, 0) | (Pair::Minimum, 1) => {
                self.send::<T, ADD>(
                    args,
                    arg,
                    to,
                    |g, a, b, _| {
                        if a == b { g * half } else { where_true(g, a > b) }
                    },
                );
            }
            (Pair::Maximum | Pair::Minimum, _) => {
                self.send::<T, ADD>(
                    args,
                    arg,
                    to,
                    |g, a, b, _| {
                        if a == b { g * half } else { where_true(g, a < b) }
                    },
                );
            }
            // No gradient passes through a comparison.
            (Pair::Greater | Pair::GreaterEqual | Pair::Less | Pair::Equal, _) => {}
        }
    }
}

#[inline(always)]
fn where_true<T: Real>(g: T, is_true: bool) -> T {
    if is_true { g } else { T::zero() }
}

#[inline(always)]
fn power<T: Real>(a: T, b: T) -> T {
    if b == T::of(2.0) { a * a } else { a.powf(b) }
}

/// What is not a number wins.
#[inline(always)]
fn larger<T: Real>(a: T, b: T) -> T {
    if a >= b {
        a
    } else if b > a {
        b
    } else {
        a + b
    }
}

#[inline(always)]
fn one_if<T: Real>(holds: bool) -> T {
    if holds { T::one() } else { T::zero() }
}

impl<T: Real> Op<T> for Binary {
    fn name(&self) -> &'static str {
        self.pair.name()
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity(self.pair.name(), inputs, 2)?;
        shape::broadcast(self.pair.name(), inputs)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        match self.pair {
            Pair::Add => self.map(inputs, output, |a, b| a + b),
            Pair::Sub => self.map(inputs, output, |a, b| a - b),
            Pair::Mul => self.map(inputs, output, |a, b| a * b),
            Pair::Div => self.map(inputs, output, |a, b| a / b),
            Pair::Pow => self.map(inputs, output, power),
            // What is not a number wins, as in PyTorch.
            Pair::Maximum => self.map(inputs, output, |a, b| larger(a, b)),
            Pair::Minimum => self.map(inputs, output, |a, b| -larger(-a, -b)),
            Pair::Greater => self.map(inputs, output, |a, b| one_if(a > b)),
            Pair::GreaterEqual => self.map(inputs, output, |a, b| one_if(a >= b)),
            Pair::Less => self.map(inputs, output, |a, b| one_if(a < b)),
            Pair::Equal => self.map(inputs, output, |a, b| one_if(a == b)),
        }
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        self.share::<T, true>(args, arg, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        self.share::<T, false>(args, arg, grad_input);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let written = || (self.layout.written(0), self.layout.written(1));
        let (a, b) = written();
        let share = |arg: usize| {
            let (a, b) = written();
            match <Self as Op<T>>::blocked(self, arg) {
                Some(why) => Share::Blocked(why),
                None => Share::Sent(self.layout.returned(arg, self.pair.share(arg, a, b))),
            }
        };
        Rule::new(self.pair.value(a, b), vec![share(0), share(1)])
    }

    fn blocked(&self, _: usize) -> Option<Blocked> {
        self.pair.is_comparison().then_some(Blocked::Flat)
    }

    fn kink_sides(&self, inputs: &[&Matrix<T>], sides: &mut Vec<i8>) {
        let has_kink = self.pair.is_comparison() || matches!(self.pair, Pair::Maximum | Pair::Minimum);
        if has_kink {
            let (a, b) = (inputs[0].as_slice(), inputs[1].as_slice());
            let len = self.layout.output_len(inputs.iter().map(|input| input.len()));
            self.layout.walk([0, 1], len, |_, [i, j]| sides.push(side(a[i] - b[j])));
        }
    }
}

/// What goes back to an input that lies as the output does.
struct SendBack<'a, T, F, const ADD: bool> {
    to: &'a mut [T],
    a: &'a [T],
    b: &'a [T],
    y: &'a [T],
    g: &'a [T],
    f: F,
}

impl<T: Real, F: Fn(T, T, T, T) -> T, const ADD: bool> Kernel for SendBack<'_, T, F, ADD> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let inputs = self.a.iter().zip(self.b).zip(self.y).zip(self.g);
        for (to, (((&a, &b), &y), &g)) in self.to.iter_mut().zip(inputs) {
            put::<T, ADD>(to, (self.f)(g, a, b, y));
        }
    }
}

impl<T: Real, F: Fn(T, T, T, T) -> T + Copy + Send, const ADD: bool> Divisible for SendBack<'_, T, F, ADD> {
    fn entries(&self) -> usize {
        self.g.len()
    }

    fn split(self, at: usize) -> [Self; 2] {
        let (to_first, to_rest) = self.to.split_at_mut(at);
        let inputs = [self.a, self.b, self.y, self.g].map(|input| input.split_at(at));
        let [a, b, y, g] = inputs.map(|(first, _)| first);
        let first = Self { to: to_first, a, b, y, g, f: self.f };
        let [a, b, y, g] = inputs.map(|(_, rest)| rest);
        [first, Self { to: to_rest, a, b, y, g, f: self.f }]
    }
}
