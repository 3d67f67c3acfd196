//! Computing an expression, in either precision, and counting what it multiplies.
//!
//! Plain loops in the order of the formula: nothing is fused, blocked or reordered, so that the
//! engine's kernels have something independent to be compared with. Must not know ops.

use super::array::Array;
use super::expression::{Axes, Expression, Part, Reduction};
use super::size::{Misfit, Size, concrete};
use crate::tensor::Real;

/// Parts of what is neither a sum nor a product nor a list, at most.
const MOST_PARTS: usize = 3;

/// Computes expressions over leaves that somebody else knows.
pub struct Evaluator<'a, L, T> {
    batch: usize,
    leaf: &'a dyn Fn(&L) -> Array<T>,
    multiplications: u64,
}

impl<'a, L, T: Real> Evaluator<'a, L, T> {
    /// For a batch of `batch` samples; `leaf` gives the numbers of a leaf.
    pub fn new(batch: usize, leaf: &'a dyn Fn(&L) -> Array<T>) -> Self {
        Self { batch, leaf, multiplications: 0 }
    }

    /// How many scalar multiplications were done so far: those of matrix products and of ⊙.
    /// Divisions, powers and functions are not counted.
    pub fn multiplications(&self) -> u64 {
        self.multiplications
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// The first place where parts do not fit together.
    pub fn evaluate(&mut self, expression: &Expression<L>) -> Result<Array<T>, Misfit> {
        let parts = match expression {
            Expression::Leaf(name) => return Ok((self.leaf)(name)),
            Expression::Named { body, .. } => return self.evaluate(body),
            _ => {
                let parts = expression.parts();
                parts.map(|part| self.evaluate(part)).collect::<Result<Vec<_>, _>>()?
            }
        };
        let sizes_of_parts: Vec<Vec<Size>> = parts.iter().map(fixed).collect();
        let concrete_sizes = |to: &[Size]| concrete(to, self.batch);
        let sizes = match expression {
            Expression::Broadcast { to, of } => {
                let to: Vec<Size> = concrete_sizes(to).into_iter().map(Size::Fixed).collect();
                Expression::Broadcast { to, of: Part::clone(of) }.sizes_from(&sizes_of_parts, &|_| Vec::new())
            }
            _ => expression.sizes_from(&sizes_of_parts, &|_| Vec::new()),
        };
        let sizes = concrete(&sizes?, self.batch);
        let first =
            |parts: Vec<Array<T>>| parts.into_iter().next().unwrap_or_else(|| Array::scalar(T::zero()));
        Ok(match expression {
            Expression::Transpose(_) => transposed(&sizes, &parts),
            Expression::MatrixProduct(..) => {
                let inner = parts.first().and_then(|a| a.sizes().last()).copied().unwrap_or(0);
                self.multiplications += (sizes.iter().product::<usize>() * inner) as u64;
                product(&sizes, inner, &parts)
            }
            Expression::Reduce { how, over, .. } => reduce(*how, *over, sizes, &first(parts)),
            Expression::Slice { axis, start, .. } => {
                let of = first(parts);
                Array::from_fn(sizes, |index| {
                    let mut index = index.to_vec();
                    index[*axis] += start;
                    of.repeated_at(&index)
                })
            }
            Expression::Concat { axis, .. } => Array::from_fn(sizes, |index| {
                let mut index = index.to_vec();
                for part in &parts {
                    match index[*axis].checked_sub(part.sizes()[*axis]) {
                        None => return part.repeated_at(&index),
                        Some(rest) => index[*axis] = rest,
                    }
                }
                T::zero()
            }),
            Expression::Reshape { .. } => first(parts).reshaped(sizes),
            Expression::List(_) => {
                let numbers = parts.iter().map(|part| part.repeated_at(&[])).collect();
                Array::new(sizes, numbers)
            }
            _ => {
                let mut numbers = vec![T::zero(); parts.len()];
                Array::from_fn(sizes, |index| {
                    for (number, part) in numbers.iter_mut().zip(&parts) {
                        *number = part.repeated_at(index);
                    }
                    self.at_one_entry(expression, &numbers).unwrap_or_else(T::zero)
                })
            }
        })
    }

    /// The value of an expression that is one number of numbers, as [`Entries`](super::Entries) derives them: the
    /// same as [`evaluate`](Self::evaluate) gives, without arrays on the way.
    ///
    /// # Errors
    /// The first place where parts do not fit together.
    pub fn evaluate_number(&mut self, expression: &Expression<L>) -> Result<T, Misfit> {
        let before = self.multiplications;
        if let Some(number) = self.number(expression) {
            return Ok(number);
        }
        self.multiplications = before;
        let value = self.evaluate(expression)?;
        value.data().first().copied().ok_or_else(|| Misfit::new("one number", &[&fixed(&value)]))
    }

    /// `None` where something in it is more than one number, but for the list that a reduction runs over.
    fn number(&mut self, expression: &Expression<L>) -> Option<T> {
        match expression {
            Expression::Leaf(name) => {
                let value = (self.leaf)(name);
                value.sizes().is_empty().then(|| value.data().first().copied()).flatten()
            }
            Expression::Named { body, .. } => self.number(body),
            Expression::Broadcast { to, .. } if !to.is_empty() => None,
            Expression::Reduce { how, over: Axes::All, keep: false, of } => {
                let Expression::List(run) = &**of else { return None };
                let run: Vec<T> = run.iter().map(|part| self.number(part)).collect::<Option<_>>()?;
                Some(reduced(*how, &run))
            }
            Expression::Sum(parts) | Expression::Product(parts) => {
                let numbers: Vec<T> = parts.iter().map(|part| self.number(part)).collect::<Option<_>>()?;
                self.at_one_entry(expression, &numbers)
            }
            _ => {
                let (mut numbers, mut n) = ([T::zero(); MOST_PARTS], 0);
                for part in expression.parts() {
                    *numbers.get_mut(n)? = self.number(part)?;
                    n += 1;
                }
                self.at_one_entry(expression, &numbers[..n])
            }
        }
    }

    /// One entry of what is computed entry by entry, from its parts' numbers there; `None` for everything else.
    fn at_one_entry(&mut self, of: &Expression<L>, x: &[T]) -> Option<T> {
        let double = |f: &dyn Fn(f64, f64) -> f64| Some(T::of(f(x.first()?.to_f64(), x.get(1)?.to_f64())));
        match of {
            Expression::Number(value) | Expression::Setting { value, .. } => Some(T::of(*value)),
            Expression::BatchSize => Some(T::from_count(self.batch)),
            Expression::Apply(function, _) => Some(T::of(function.of(x.first()?.to_f64()))),
            Expression::Sum(_) => Some(fold(x, |a, b| a + b)),
            Expression::Product(_) => {
                self.multiplications += x.len().saturating_sub(1) as u64;
                Some(fold(x, |a, b| a * b))
            }
            Expression::Difference(..) => Some(fold(x, |a, b| a - b)),
            Expression::Quotient(..) => Some(fold(x, |a, b| a / b)),
            Expression::Power(..) => double(&|a, b| if b == 2.0 { a * a } else { a.powf(b) }),
            Expression::Maximum(..) => Some(fold(x, |a, b| if a < b { b } else { a })),
            Expression::Minimum(..) => Some(fold(x, |a, b| if a > b { b } else { a })),
            Expression::Compare(how, ..) => double(&|a, b| f64::from(u8::from(how.holds(a, b)))),
            Expression::Where(..) => match *x {
                [condition, yes, no] => Some(if condition == T::zero() { no } else { yes }),
                _ => None,
            },
            Expression::Broadcast { .. } => x.first().copied(),
            Expression::Leaf(_)
            | Expression::Named { .. }
            | Expression::Transpose(_)
            | Expression::MatrixProduct(..)
            | Expression::Reduce { .. }
            | Expression::Slice { .. }
            | Expression::Concat { .. }
            | Expression::Reshape { .. }
            | Expression::List(_) => None,
        }
    }
}

fn fixed<T: Real>(array: &Array<T>) -> Vec<Size> {
    array.sizes().iter().map(|&size| Size::Fixed(size)).collect()
}

fn fold<T: Real>(numbers: &[T], f: impl Fn(T, T) -> T) -> T {
    numbers.iter().copied().reduce(f).unwrap_or_else(T::zero)
}

fn transposed<T: Real>(sizes: &[usize], parts: &[Array<T>]) -> Array<T> {
    Array::from_fn(sizes.to_vec(), |index| {
        let mut index = index.to_vec();
        let n = index.len();
        if n >= 2 {
            index.swap(n - 2, n - 1);
        }
        parts.first().map_or_else(T::zero, |part| part.repeated_at(&index))
    })
}

fn product<T: Real>(sizes: &[usize], inner: usize, parts: &[Array<T>]) -> Array<T> {
    Array::from_fn(sizes.to_vec(), |index| match (index, parts) {
        ([lead @ .., row, column], [a, b]) => (0..inner).fold(T::zero(), |sum, at| {
            let (left, right) = ([lead, &[*row, at]].concat(), [lead, &[at, *column]].concat());
            sum + a.repeated_at(&left) * b.repeated_at(&right)
        }),
        _ => T::zero(),
    })
}

fn reduce<T: Real>(how: Reduction, over: Axes, sizes: Vec<usize>, of: &Array<T>) -> Array<T> {
    let Axes::One(axis) = over else { return Array::scalar(reduced(how, of.data())) };
    let len = of.sizes().get(axis).copied().unwrap_or(0);
    let keeps = sizes.len() == of.sizes().len();
    Array::from_fn(sizes, |index| {
        let mut index = index.to_vec();
        if !keeps {
            index.insert(axis, 0);
        }
        let run: Vec<T> = (0..len)
            .map(|at| {
                index[axis] = at;
                of.repeated_at(&index)
            })
            .collect();
        reduced(how, &run)
    })
}

fn reduced<T: Real>(how: Reduction, run: &[T]) -> T {
    let sum = |run: &mut dyn Iterator<Item = T>| run.fold(T::zero(), |sum, x| sum + x);
    match how {
        Reduction::Sum => sum(&mut run.iter().copied()),
        Reduction::Mean if run.is_empty() => T::zero(),
        Reduction::Mean => sum(&mut run.iter().copied()) / T::from_count(run.len()),
        Reduction::Max => largest(run).1,
        Reduction::Min => -largest(&run.iter().map(|&x| -x).collect::<Vec<_>>()).1,
        Reduction::Prod => run.iter().fold(T::one(), |product, &x| product * x),
        Reduction::LogSumExp => {
            let (_, largest) = largest(run);
            largest + sum(&mut run.iter().map(|&x| (x - largest).exp())).ln()
        }
        Reduction::ArgMax => T::from_count(largest(run).0),
    }
}

/// The largest number and the first place where it stands; NaN where one is, or where there is none.
fn largest<T: Real>(run: &[T]) -> (usize, T) {
    let Some((&first, rest)) = run.split_first() else { return (0, T::zero() / T::zero()) };
    rest.iter().enumerate().fold((0, first), |best, (at, &x)| {
        if x <= best.1 || best.1.to_f64().is_nan() { best } else { (at + 1, x) }
    })
}
