//! Directions in the space of all weights, and the path that the weights took, projected on them.
//!
//! Must not know what the loss is.

use std::ops::Range;

use nalgebra::{DMatrix, SymmetricEigen};
use rand_distr::{Distribution, StandardNormal};

use super::WeightPlace;
use crate::data::ReadTask;
use crate::network::{Parameter, ParameterKey, ParameterRole, Parameters};
use crate::tensor::random_stream;
use crate::train::WeightPath;

/// The last so many steps of a path.
const LAST_STEPS: usize = 60;
/// The random streams of the directions begin here: initial values draw from others.
const DIRECTION_STREAM: u64 = 0x4C_41_4E_44;
/// A component that explains less than this of the path is rounding.
const NOTHING: f64 = 1e-14;

/// All parameters one after another.
pub(super) struct Flat {
    parameters: Vec<(ParameterKey, Range<usize>, Parameter)>,
    numbers: Vec<f64>,
}

/// A direction: as many numbers as there are in all parameters; nowhere where it is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Direction(pub(super) Vec<f64>);

/// One point of the path, as the difference to where the weights stand; zero where nothing learns.
pub(super) struct Displacement {
    pub(super) step: u64,
    away: Vec<f64>,
}

/// Principal components of a path.
pub(super) struct Principal {
    pub(super) directions: [Direction; 2],
    /// Shares of its squared distances.
    pub(super) explained: [f64; 2],
}

impl Direction {
    pub(super) fn norm(&self) -> f64 {
        norm(&self.0)
    }

    /// Whether it leads along another one, or nowhere.
    pub(super) fn is_along(&self, other: &Self) -> bool {
        let [own, others] = [self.norm(), other.norm()];
        if own == 0.0 || others == 0.0 {
            return true;
        }
        let cosine: f64 = self.0.iter().zip(&other.0).map(|(a, b)| (a / own) * (b / others)).sum();
        1.0 - cosine.abs() <= NOTHING
    }
}

fn largest(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |largest, number| largest.max(number.abs()))
}

/// The length of a vector, also where the squares of its numbers are no numbers of ours.
fn norm(numbers: &[f64]) -> f64 {
    let largest = largest(numbers);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * numbers.iter().map(|number| (number / largest).powi(2)).sum::<f64>().sqrt()
}

/// Σ a·b, both in a unit of so much.
fn dot(a: &[f64], b: &[f64], unit: f64) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a / unit) * (b / unit)).sum()
}

/// A unit in which the squares of a path's distances are numbers.
fn unit_of(displacements: &[Displacement]) -> f64 {
    let largest = displacements.iter().fold(0.0, |far: f64, point| far.max(largest(&point.away)));
    if largest > 0.0 { largest } else { 1.0 }
}

impl Flat {
    pub(super) fn of(parameters: &Parameters) -> Self {
        let mut flat = Self { parameters: Vec::with_capacity(parameters.len()), numbers: Vec::new() };
        for (&key, parameter) in parameters {
            let from = flat.numbers.len();
            flat.numbers.extend(parameter.values.iter());
            flat.parameters.push((key, from..flat.numbers.len(), parameter.clone()));
        }
        flat
    }

    /// Where each parameter stands.
    pub(super) fn places(&self) -> impl Iterator<Item = (ParameterKey, Range<usize>)> + '_ {
        self.parameters.iter().map(|(key, range, _)| (*key, range.clone()))
    }

    pub(super) fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    fn place(&self, key: ParameterKey) -> Option<&(ParameterKey, Range<usize>, Parameter)> {
        self.parameters.iter().find(|(other, ..)| *other == key)
    }

    fn index(&self, place: WeightPlace) -> Option<usize> {
        let (_, range, _) = self.place(place.key)?;
        Some(range.start + place.index).filter(|idx| range.contains(idx))
    }

    pub(super) fn number(&self, place: WeightPlace) -> f64 {
        self.index(place).and_then(|idx| self.numbers.get(idx).copied()).unwrap_or(0.0)
    }

    /// The path to the weights as they stand after `step`, which are its last point.
    pub(super) fn displacements(
        &self,
        path: Option<&WeightPath>,
        step: u64,
        only_last_steps: bool,
    ) -> Vec<Displacement> {
        let Some(path) = path else { return Vec::new() };
        let before = path.points().iter().filter(|point| point.step < step);
        let before: Vec<_> = before.filter(|point| point.numbers.iter().all(|x| x.is_finite())).collect();
        let skipped = if only_last_steps { before.len().saturating_sub(LAST_STEPS) } else { 0 };
        let mut displacements: Vec<Displacement> = Vec::with_capacity(before.len() + 1);
        for point in before.into_iter().skip(skipped) {
            let mut away = vec![0.0; self.numbers.len()];
            let mut from = 0;
            for &(key, n) in path.layout() {
                let known = point.numbers.get(from..from + n);
                from += n;
                let place = self.place(key).filter(|(_, range, known)| known.trainable && range.len() == n);
                let (Some(known), Some((_, range, _))) = (known, place) else { continue };
                let (Some(away), Some(now)) = (away.get_mut(range.clone()), self.numbers.get(range.clone()))
                else {
                    continue;
                };
                for ((away, known), now) in away.iter_mut().zip(known).zip(now) {
                    *away = known - now;
                }
            }
            displacements.push(Displacement { step: point.step, away });
        }
        if !displacements.is_empty() {
            displacements.push(Displacement { step, away: vec![0.0; self.numbers.len()] });
        }
        displacements
    }
}

/// One weight alone; nowhere where there is none.
pub(super) fn single(flat: &Flat, place: WeightPlace) -> Direction {
    let Some(idx) = flat.index(place) else { return Direction::default() };
    let mut direction = vec![0.0; flat.numbers.len()];
    direction[idx] = 1.0;
    Direction(direction)
}

/// Number `nth` of the directions of a seed, scaled per filter.
pub(super) fn random(flat: &Flat, seed: u64, nth: u64) -> Direction {
    let mut rng = random_stream(seed, DIRECTION_STREAM + nth);
    let mut direction = vec![0.0; flat.numbers.len()];
    for (key, range, parameter) in &flat.parameters {
        let (own, weights) = (&mut direction[range.clone()], &flat.numbers[range.clone()]);
        let n_filters = match (key, parameter.shape.as_slice()) {
            _ if !parameter.trainable || own.is_empty() => continue,
            (_, [n_filters, _, ..]) => *n_filters,
            // A free tensor without rows is one filter.
            (ParameterKey::Node(_, ParameterRole::Value), _) => 1,
            (ParameterKey::Node(..) | ParameterKey::Initial(_), _) => continue,
        };
        if matches!(key, ParameterKey::Initial(_)) {
            continue;
        }
        let width = weights.len() / n_filters.max(1);
        for (filter, weights) in own.chunks_mut(width.max(1)).zip(weights.chunks(width.max(1))) {
            filter.fill_with(|| StandardNormal.sample(&mut rng));
            let scale = norm(weights) / norm(filter).max(f64::MIN_POSITIVE);
            for number in filter {
                *number *= scale;
            }
        }
    }
    Direction(direction)
}

/// The first two principal components of a path about its end. `Some(None)` where it leads nowhere, none
/// where the task was cancelled.
#[expect(clippy::option_option, reason = "cancelled is told from nowhere")]
pub(super) fn principal(displacements: &[Displacement], task: &dyn ReadTask) -> Option<Option<Principal>> {
    // The end is zero: it adds nothing.
    let points = &displacements[..displacements.len().saturating_sub(1)];
    let n = points.len();
    let unit = unit_of(displacements);
    let mut products = DMatrix::<f64>::zeros(n, n);
    for i in 0..n {
        if task.is_cancelled() {
            return None;
        }
        for j in 0..=i {
            let product = dot(&points[i].away, &points[j].away, unit);
            products[(i, j)] = product;
            products[(j, i)] = product;
        }
    }
    let total = products.trace();
    if n == 0 || total <= 0.0 || !total.is_finite() {
        return Some(None);
    }
    // Of AAᵀ the vectors say how the points make up the components of AᵀA.
    let eigen = SymmetricEigen::new(products);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let component = |nth: usize| -> (Direction, f64) {
        let Some(&idx) = order.get(nth) else { return Default::default() };
        let share = eigen.eigenvalues[idx] / total;
        if share < NOTHING {
            return Default::default();
        }
        let mut direction = vec![0.0; points[0].away.len()];
        for (point, weight) in points.iter().zip(eigen.eigenvectors.column(idx).iter()) {
            direction.iter_mut().zip(&point.away).for_each(|(sum, away)| *sum += weight * (away / unit));
        }
        let norm = norm(&direction);
        // The path begins to the right of its end.
        let sign = if dot(&direction, &points[0].away, unit) < 0.0 { -1.0 } else { 1.0 };
        for number in &mut direction {
            *number *= sign / norm;
        }
        (Direction(direction), share)
    };
    let [(x, of_x), (y, of_y)] = [component(0), component(1)];
    Some(Some(Principal { directions: [x, y], explained: [of_x, of_y] }))
}

/// How far along two directions each point lies: the nearest place in their plane.
pub(super) fn projected(displacements: &[Displacement], directions: &[Direction; 2]) -> Vec<[f64; 2]> {
    let norms = directions.each_ref().map(|direction| Some(direction.norm()).filter(|norm| *norm > 0.0));
    // Along directions of length 1: the square of a length may be no number.
    let along = |axis: usize, away: &[f64]| {
        let norm = norms[axis].unwrap_or(1.0);
        directions[axis].0.iter().zip(away).map(|(x, away)| (x / norm) * away).sum::<f64>()
    };
    let [Some(x_norm), Some(y_norm)] = norms else {
        let place = |point: &Displacement| [along(0, &point.away) / norms[0].unwrap_or(1.0), 0.0];
        return displacements.iter().map(place).collect();
    };
    let unit: Vec<f64> = directions[1].0.iter().map(|y| y / y_norm).collect();
    let cosine = along(0, &unit);
    let determinant = 1.0 - cosine * cosine;
    let place = |point: &Displacement| {
        let [along_x, along_y] = [0, 1].map(|axis| along(axis, &point.away));
        let [x, y] = [along_x - along_y * cosine, along_y - along_x * cosine];
        [x / determinant / x_norm, y / determinant / y_norm]
    };
    displacements.iter().map(place).collect()
}

/// The share of the path's squared distances from its end that lies in the plane.
pub(super) fn shown_share(
    displacements: &[Displacement],
    [x, y]: &[Direction; 2],
    places: &[[f64; 2]],
) -> Option<f64> {
    let unit = unit_of(displacements);
    let total: f64 = displacements.iter().map(|point| dot(&point.away, &point.away, unit)).sum();
    let [x_norm, y_norm] = [x.norm(), y.norm()];
    let cosine = if y_norm > 0.0 {
        x.0.iter().zip(&y.0).map(|(x, y)| (x / x_norm) * (y / y_norm)).sum::<f64>()
    } else {
        0.0
    };
    let length = |[a, b]: &[f64; 2]| {
        let [a, b] = [a * x_norm / unit, b * y_norm / unit];
        a * a + 2.0 * a * b * cosine + b * b
    };
    (total > 0.0).then(|| (places.iter().map(length).sum::<f64>() / total).min(1.0))
}

impl Displacement {
    #[cfg(test)]
    pub(super) fn new(step: u64, away: Vec<f64>) -> Self {
        Self { step, away }
    }
}
