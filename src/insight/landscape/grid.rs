//! The loss at many places of a plane in the space of all weights.
//!
//! Must not know where the directions come from.

use super::directions::{Direction, Flat};
use crate::autodiff::{ParameterId, ParameterStore, Trace};
use crate::data::ReadTask;
use crate::insight::field::Field;
use crate::insight::model::Model;
use crate::insight::predictor::Predictor;
use crate::network::MAX_PASS_NUMBERS;
use crate::tensor::Real;

/// Multiplications that a landscape may cost at rest, and while the training runs.
const BUDGET: usize = 1_800_000_000;
const QUICK_BUDGET: usize = 60_000_000;
/// Points along a side: an odd number, so that the weights stand on one of them.
const SIDES: [usize; 4] = [33, 25, 17, 11];
/// Points of a curve.
const CURVE: usize = 129;
/// With fewer training rows than this the loss would be another one.
const FEWEST_ROWS: usize = 64;

/// Everything that a loss elsewhere takes.
pub(super) struct Surface<T: Real> {
    predictor: Predictor<T>,
    trace: Trace<T>,
    /// Where each parameter that moves stands: its numbers, and how they change along both axes.
    moving: Vec<(ParameterId, Vec<f64>, [Vec<f64>; 2])>,
    n_side: usize,
    rows: [usize; 2],
}

impl<T: Real> Surface<T> {
    pub(super) fn new(
        model: &Model,
        flat: &Flat,
        directions: &[Direction; 2],
        is_quick: bool,
    ) -> Option<Self> {
        let predictor = Predictor::<T>::new(&model.network, &model.parameters, &model.data).ok()?;
        let train = model.data.train();
        let budget = if is_quick { QUICK_BUDGET } else { BUDGET };
        let per_row = predictor.store.n_numbers().max(1) * predictor.compiled.links.n_steps.max(1);
        let affordable = MAX_PASS_NUMBERS / predictor.compiled.program.pass_numbers(1).max(1);
        let rows_at = |side: usize| budget / (side * side * per_row);
        // A coarser picture of all rows before a fine one of a few.
        let n_side = SIDES.into_iter().find(|side| rows_at(*side) >= train.len()).unwrap_or(SIDES[3]);
        let n_rows = rows_at(n_side).max(FEWEST_ROWS).min(affordable).min(train.len()).max(1);
        let spread = |row: usize| train.get(row * train.len() / n_rows).copied().unwrap_or(0);
        let samples: Vec<u32> = (0..n_rows).map(spread).collect();
        let mut trace = predictor.compiled.program.trace(samples.len());
        predictor.feed.fill_to_look(&model.data, &samples, &mut trace);
        let mut moving = Vec::new();
        for (key, range) in flat.places() {
            let Some(id) = predictor.compiled.links.parameter(key) else { continue };
            let along = directions.each_ref().map(|direction| {
                direction.0.get(range.clone()).map_or_else(|| vec![0.0; range.len()], <[f64]>::to_vec)
            });
            let numbers = flat.numbers().get(range).unwrap_or(&[]).to_vec();
            if along.iter().flatten().any(|number| *number != 0.0) {
                moving.push((id, numbers, along));
            }
        }
        let rows = [n_rows, train.len()];
        Some(Self { predictor, trace, moving, n_side, rows })
    }

    /// The loss over the axes, at the center, and over how many rows; none where the task was cancelled.
    pub(super) fn computed(
        mut self,
        ranges: [[f64; 2]; 2],
        center: [f64; 2],
        has_two: bool,
        task: &dyn ReadTask,
    ) -> Option<(Field, f64, [usize; 2])> {
        let n = if has_two { self.n_side } else { CURVE };
        let mut store = self.predictor.store.clone();
        let loss = self.loss_at(&mut store, [0.0, 0.0]);
        // Moved by exactly nothing in the middle; the axes hold where that is.
        let y_range = has_two.then_some(ranges[1]);
        let moved = |[x, y]: [f64; 2]| self.loss_at(&mut store, [x, if has_two { y } else { 0.0 }]);
        let mut field = Field::measured(n, ranges[0], y_range, task, moved)?;
        field.x_range = field.x_range.map(|at| center[0] + at);
        if has_two {
            field.y_range = field.y_range.map(|at| center[1] + at);
        }
        Some((field, loss, self.rows))
    }

    fn loss_at(&mut self, store: &mut ParameterStore<T>, [a, b]: [f64; 2]) -> f64 {
        for (id, numbers, [x, y]) in &self.moving {
            let moved = numbers.iter().zip(x.iter().zip(y));
            for (entry, (number, (x, y))) in store.value_mut(*id).as_mut_slice().iter_mut().zip(moved) {
                *entry = T::of(number + a * x + b * y);
            }
        }
        self.predictor.compiled.program.forward(store, &mut self.trace);
        self.predictor.compiled.program.total_loss(&self.trace).to_f64()
    }
}
