//! All paths from one number to the loss, multiplied: the first of the two ways to a gradient.
//!
//! Computed forwards from the number: nothing here reads a delta. Every path is a product of local
//! derivatives, which are the coefficients of the ops' rules; their sum and their count are exact
//! without listing them. Must not know how anything is drawn.

mod count;
mod delta_entry;
mod scalars;

use std::collections::BTreeMap;

use num_bigint::BigUint;

pub use count::{Multiplications, multiplications};
pub use delta_entry::{DeltaEntry, DeltaTerm};

use super::definition::Definitions;
use super::entry::evaluate;
use super::quantity::Quantity;
use crate::algebra::Expression;
use crate::network::NodeId;
use crate::train::Pass;
use scalars::{Link, Scalar, Scalars};

/// At most so many paths are listed.
pub const MOST_PATHS: usize = 64;

/// The paths from one number to the loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// The largest by their product's magnitude, the largest first.
    pub listed: Vec<Path>,
    /// How many there are in all.
    pub n_paths: BigUint,
    /// The sum of all products.
    pub sum: f64,
    /// How many scalar multiplications it takes to multiply every path of its own.
    pub multiplications: BigUint,
    /// How many the other way takes for this number: each delta between it and the loss is made once.
    pub step_multiplications: u64,
}

/// One path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// From the number to the loss.
    pub factors: Vec<Factor>,
    /// All factors multiplied.
    pub product: f64,
}

/// One local derivative on a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Of which number the derivative is; of the last factor, where the loss is weighted, none.
    pub of: Option<Quantity>,
    /// With respect to which.
    pub with_respect_to: Quantity,
    /// How it is made.
    pub formula: Expression<Quantity>,
    /// Its value.
    pub value: f64,
    /// The activation that is jumped over where a loss was joined with it: one factor for both.
    pub past: Option<NodeId>,
}

/// What is known of all paths from the start up to one number.
#[derive(Clone, Debug, Default)]
struct Arrived {
    sum: f64,
    counts: Counts,
    /// The largest partial products.
    best: Vec<Best>,
}

/// Counts of paths, however many there are.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counts {
    paths: BigUint,
    /// Those whose factors are all 1 by their form.
    trivial: BigUint,
    /// The factors of all of them that are not.
    factors: BigUint,
}

/// A partial product, and where it came from.
#[derive(Clone, Copy, Debug)]
struct Best {
    product: f64,
    /// Which number before, which of its products, and over which link.
    via: Option<(usize, usize, usize)>,
}

impl Counts {
    fn one() -> Self {
        Self { paths: 1_u32.into(), trivial: 1_u32.into(), factors: BigUint::ZERO }
    }

    /// The same paths, each one factor longer.
    fn longer(&self, is_trivial: bool) -> Self {
        if is_trivial {
            return self.clone();
        }
        Self { paths: self.paths.clone(), trivial: BigUint::ZERO, factors: &self.factors + &self.paths }
    }

    fn add(&mut self, other: &Self) {
        self.paths += &other.paths;
        self.trivial += &other.trivial;
        self.factors += &other.factors;
    }

    /// A path of k factors that are not 1 takes k − 1 multiplications.
    fn multiplications(&self) -> BigUint {
        &self.factors - (&self.paths - &self.trivial)
    }
}

impl Paths {
    /// All paths from a number to the loss: from an entry of a parameter (of its gradient's tensor), from
    /// a node's output (of `Grad`), or from a wire (of `PortGrad`). Of a parameter's gradient its
    /// `sample` says whose paths are meant; all samples' without one. `None` for other tensors, where
    /// nothing reaches the number, where the pass does not hold what is needed, and after `is_cancelled`
    /// has said so.
    pub fn find(
        definitions: &Definitions<'_>,
        pass: &Pass,
        of: Quantity,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let scalars = Scalars::new(definitions, pass.rows.len().max(1));
        let start = scalars.start(of)?;
        let mut search = Search { pass, waiting: BTreeMap::new(), finished: Vec::new(), ends: Vec::new() };
        let mut found = Self {
            listed: Vec::new(),
            n_paths: BigUint::ZERO,
            sum: 0.0,
            multiplications: BigUint::ZERO,
            step_multiplications: start.multiplications,
        };
        let mut counts = Counts::default();
        let first = Arrived { sum: 1.0, counts: Counts::one(), best: vec![Best { product: 1.0, via: None }] };
        search.follow(&start.links, &first)?;
        while let Some((scalar, arrived)) = search.waiting.pop_first() {
            if is_cancelled() {
                return None;
            }
            if let Some(seed) = scalars.seed(&scalar) {
                let (value, _) = evaluate(&seed, pass)?;
                found.sum += arrived.sum * value;
                counts.add(&arrived.counts.longer(is_one(&seed)));
                let place = search.finished.len();
                let ends = arrived.best.iter().enumerate();
                search.ends.extend(ends.map(|(rank, best)| (best.product * value, place, rank)));
            }
            let next = scalars.next(&scalar, start.at.as_ref() == Some(&scalar));
            found.step_multiplications += next.multiplications;
            search.follow(&next.links, &arrived)?;
        }
        found.multiplications = counts.multiplications();
        found.n_paths = counts.paths;
        found.listed = search.list(&scalars, &start)?;
        Some(found)
    }
}

/// Whether a factor is 1 by its form.
fn is_one(formula: &Expression<Quantity>) -> bool {
    *formula == Expression::Number(1.0)
}

struct Search<'a> {
    pass: &'a Pass,
    /// What has arrived at numbers that were not looked at yet.
    waiting: BTreeMap<Scalar, Arrived>,
    /// The numbers looked at, the start first, with their largest partial products.
    finished: Vec<(Option<Scalar>, Vec<Best>)>,
    /// Products at losses: where from.
    ends: Vec<(f64, usize, usize)>,
}

impl Search<'_> {
    /// Finishes a number: hands what has arrived at it on over its links.
    fn follow(&mut self, links: &[Link], arrived: &Arrived) -> Option<()> {
        let place = self.finished.len();
        for (idx, link) in links.iter().enumerate() {
            let value = match &link.formula {
                Some(formula) => evaluate(formula, self.pass)?.0,
                None => 1.0,
            };
            let is_trivial = link.formula.as_ref().is_none_or(is_one);
            let next = self.waiting.entry(link.to.clone()).or_default();
            next.sum += arrived.sum * value;
            next.counts.add(&arrived.counts.longer(is_trivial));
            let products = arrived.best.iter().enumerate();
            next.best.extend(
                products.map(|(rank, best)| Best {
                    product: best.product * value,
                    via: Some((place, rank, idx)),
                }),
            );
            if next.best.len() > 4 * MOST_PATHS {
                keep_largest(&mut next.best);
            }
        }
        self.finished.push((None, arrived.best.clone()));
        Some(())
    }

    /// The largest products with their factors.
    fn list(mut self, scalars: &Scalars<'_>, start: &scalars::Start) -> Option<Vec<Path>> {
        self.ends.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        self.ends.truncate(MOST_PATHS);
        let ends = std::mem::take(&mut self.ends);
        ends.into_iter()
            .map(|(product, place, rank)| self.path(scalars, start, (product, place, rank)))
            .collect()
    }

    fn path(
        &self,
        scalars: &Scalars<'_>,
        start: &scalars::Start,
        (product, place, rank): (f64, usize, usize),
    ) -> Option<Path> {
        let mut steps = Vec::new();
        let mut at = self.finished.get(place)?.1.get(rank)?;
        while let Some((before, rank, link)) = at.via {
            steps.push(link);
            at = self.finished.get(before)?.1.get(rank)?;
        }
        let mut factors = Vec::new();
        let mut links = start.links.clone();
        let mut last = None;
        for link in steps.into_iter().rev() {
            let Link { to, formula, of, with_respect_to, past } = links.get(link)?.clone();
            if let Some(formula) = formula {
                let (value, _) = evaluate(&formula, self.pass)?;
                factors.push(Factor { of: Some(of), with_respect_to, formula, value, past });
            }
            links = scalars.next(&to, start.at.as_ref() == Some(&to)).links;
            last = Some((to, of));
        }
        let (end, with_respect_to) = last?;
        let seed = scalars.seed(&end)?;
        if !is_one(&seed) {
            let (value, _) = evaluate(&seed, self.pass)?;
            factors.push(Factor { of: None, with_respect_to, formula: seed, value, past: None });
        }
        Some(Path { factors, product })
    }
}

fn keep_largest(best: &mut Vec<Best>) {
    best.sort_by(|a, b| b.product.abs().total_cmp(&a.product.abs()));
    best.truncate(MOST_PATHS);
}
