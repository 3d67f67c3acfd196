//! The path that the weights took: those of the last steps, and a thinned rest back to the first.
//!
//! It is recorded only while somebody looks at it. A step takes no memory for it: the memory of all points is
//! taken when the recording begins and when it is shown, at most 48 MB, of which 16 MB are points; of a
//! network with 5,000 weights 15 MB.
//!
//! Must not know how weights are learned or shown.

use std::sync::Arc;

use crate::network::ParameterKey;

/// Points that are kept at most.
const MOST_POINTS: usize = 128;
/// Numbers of all points together at most (16 MB).
const MOST_NUMBERS: usize = 2_000_000;
/// A path of fewer points would tell nothing.
const FEWEST_POINTS: usize = 8;
/// Numbers that are copied a step, on the average: next to nothing beside what the step computes.
const NUMBERS_A_STEP: usize = 512;

/// All weights at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct PathPoint {
    /// Optimizer steps before it.
    pub step: u64,
    /// The numbers of all parameters, as the path's layout says.
    pub numbers: Vec<f64>,
}

/// Where the weights were, in order of time. Equal where it holds the very same steps of the same model.
#[derive(Debug, Default)]
pub struct WeightPath {
    layout: Arc<Vec<(ParameterKey, usize)>>,
    points: Vec<Arc<PathPoint>>,
    /// Memory for points to come: used once nobody holds what stands in it.
    spare: Vec<Arc<PathPoint>>,
}

impl PartialEq for WeightPath {
    fn eq(&self, other: &Self) -> bool {
        let ends = |path: &Self| {
            let step = |point: Option<&Arc<PathPoint>>| point.map(|point| point.step);
            (step(path.points.first()), step(path.points.last()), path.points.len())
        };
        Arc::ptr_eq(&self.layout, &other.layout) && ends(self) == ends(other)
    }
}

impl WeightPath {
    /// A path of parameters with so many numbers each.
    pub fn new(layout: Vec<(ParameterKey, usize)>) -> Self {
        let mut path = Self { layout: Arc::new(layout), ..Self::default() };
        let most = path.most();
        path.points.reserve_exact(most);
        path.spare.reserve_exact(2 * most + 1);
        path.take_memory();
        path
    }

    /// What is recorded by now, to be held by others. Takes memory for what is recorded meanwhile.
    #[must_use]
    pub fn shown(&mut self) -> Self {
        self.take_memory();
        Self { layout: Arc::clone(&self.layout), points: self.points.clone(), spare: Vec::new() }
    }

    /// Room for as many points as are kept, beside those that somebody holds; no more than twice as many.
    fn take_memory(&mut self) {
        let most = self.most();
        let n_free = self.spare.iter().filter(|point| is_free(point)).count();
        let n_more = most.saturating_sub(n_free).min((2 * most).saturating_sub(self.spare.len()));
        let n_numbers = self.n_numbers();
        let point = || Arc::new(PathPoint { step: 0, numbers: Vec::with_capacity(n_numbers) });
        self.spare.extend(std::iter::repeat_with(point).take(n_more));
    }

    /// Points that are kept; of very large networks none.
    fn most(&self) -> usize {
        let most = MOST_POINTS.min(MOST_NUMBERS / self.n_numbers());
        if most < FEWEST_POINTS { 0 } else { most }
    }

    /// Which parameters stand in a point, in order, with how many numbers each.
    pub fn layout(&self) -> &[(ParameterKey, usize)] {
        &self.layout
    }

    /// What is kept, in order of time.
    pub fn points(&self) -> &[Arc<PathPoint>] {
        &self.points
    }

    fn n_numbers(&self) -> usize {
        self.layout.iter().map(|(_, n)| n).sum::<usize>().max(1)
    }

    /// Whether the weights at a step belong to it: of large networks only now and then, of very large ones
    /// never.
    pub fn wants(&self, step: u64) -> bool {
        let gap = self.n_numbers().div_ceil(NUMBERS_A_STEP) as u64;
        self.most() > 0 && self.points.last().is_none_or(|last| step >= last.step + gap)
    }

    /// Adds the weights at a step after all others; `fill` writes their numbers, into the memory of a point
    /// that is let go. Where others hold all memory that there is, the step is left out.
    pub fn push(&mut self, step: u64, fill: impl FnOnce(&mut Vec<f64>)) {
        let let_go = if self.points.len() >= self.most() { self.least_missed() } else { None };
        if !self.spare.iter().chain(let_go.map(|idx| &self.points[idx])).any(is_free) {
            return;
        }
        self.spare.extend(let_go.map(|idx| self.points.remove(idx)));
        let Some(idx) = self.spare.iter().rposition(is_free) else { return };
        let mut point = self.spare.swap_remove(idx);
        if let Some(PathPoint { step: at, numbers }) = Arc::get_mut(&mut point) {
            *at = step;
            numbers.clear();
            fill(numbers);
            self.points.push(point);
        }
    }

    /// The point of the older half whose neighbors are nearest to each other: the first one and the last
    /// steps stay.
    fn least_missed(&self) -> Option<usize> {
        let older = &self.points[..=self.points.len() / 2];
        let gaps = older.windows(3).map(|three| three[2].step - three[0].step);
        gaps.enumerate().min_by_key(|(_, gap)| *gap).map(|(idx, _)| idx + 1)
    }
}

/// Whether nobody else holds a point.
fn is_free(point: &Arc<PathPoint>) -> bool {
    Arc::strong_count(point) == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::EdgeId;

    fn path(n: usize) -> WeightPath {
        WeightPath::new(vec![(ParameterKey::Initial(EdgeId(1)), n)])
    }

    #[test]
    fn the_first_and_the_last_steps_are_kept_and_the_older_ones_evenly_thinned() {
        let mut path = path(2);
        for step in 0..5_000 {
            assert!(path.wants(step) && !(step > 0 && path.wants(step - 1)));
            path.push(step, |numbers| numbers.extend([step as f64, 0.5]));
        }
        let steps: Vec<u64> = path.points().iter().map(|point| point.step).collect();
        assert_eq!((steps.len(), steps[0]), (MOST_POINTS, 0));
        assert!(steps.is_sorted_by(|a, b| a < b));
        let last: Vec<u64> = (5_000 - 60..5_000).collect();
        assert_eq!(&steps[MOST_POINTS - 60..], last, "every one of the last steps");
        let gaps = steps.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(gaps.max() <= Some(300), "{steps:?}");
        assert!(path.points().iter().all(|point| point.numbers == [point.step as f64, 0.5]));
    }

    #[test]
    fn large_networks_are_looked_at_now_and_then_and_very_large_ones_never() {
        let mut large = path(10 * NUMBERS_A_STEP);
        large.push(0, |_| {});
        assert!(!large.wants(9) && large.wants(10));
        assert!(!path(MOST_NUMBERS / 4).wants(0));
    }

    #[test]
    fn what_is_shown_stays_as_it_was_while_more_is_recorded() {
        let mut path = path(3);
        let mut shown: Vec<(u64, WeightPath)> = Vec::new();
        for step in 0..3_000 {
            path.push(step, |numbers| numbers.extend([step as f64; 3]));
            if step % 170 == 169 {
                shown.push((step, path.shown()));
                shown.drain(..shown.len().saturating_sub(3));
            }
            for (at, path) in &shown {
                assert!(path.points().last().is_some_and(|last| last.step <= *at));
                assert!(path.points().iter().all(|point| point.numbers == [point.step as f64; 3]));
            }
        }
        assert!(path.points().len() == MOST_POINTS && path.spare.len() <= 2 * MOST_POINTS + 1);
    }
}
