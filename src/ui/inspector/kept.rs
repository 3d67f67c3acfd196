//! Tables that take a look at every number to make: kept from one frame to the next, for as long as
//! they are shown and their numbers stay the same ones in memory.
//!
//! Must not know which panel shows them.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use egui::Ui;
use egui::cache::{ComputerMut, FrameCache};

use crate::network::Parameter;
use crate::train::Values;

/// The numbers of the document's parameter, not copied.
pub(super) fn parameter(ui: &Ui, parameter: &Parameter) -> Arc<Values> {
    ui.memory_mut(|memory| {
        let kept = memory.caches.cache::<FrameCache<Arc<Values>, Stored>>();
        Arc::clone(kept.get(Numbers(parameter)))
    })
}

/// A table of shape `[1 + T, entries]`: the sum of the shares first, then each share flattened.
pub(super) fn stack(ui: &Ui, shares: &[Values]) -> Arc<Values> {
    ui.memory_mut(|memory| {
        let kept = memory.caches.cache::<FrameCache<Stacked, Stack>>();
        Arc::clone(&kept.get(Shares(shares)).table)
    })
}

/// A parameter, told from others by its shape and where its numbers are. The values kept share the
/// numbers, so no others can take that place in memory.
#[derive(Clone, Copy)]
struct Numbers<'a>(&'a Parameter);

impl Hash for Numbers<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (Arc::as_ptr(&self.0.values), &self.0.shape).hash(state);
    }
}

#[derive(Default)]
struct Stored;

impl ComputerMut<Numbers<'_>, Arc<Values>> for Stored {
    fn compute(&mut self, Numbers(parameter): Numbers<'_>) -> Arc<Values> {
        Arc::new(Values::sharing(parameter.shape.clone(), Arc::clone(&parameter.values)))
    }
}

/// The shares of one gradient, told from others by where their numbers are.
#[derive(Clone, Copy)]
struct Shares<'a>(&'a [Values]);

impl Hash for Shares<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for share in self.0 {
            share.address().hash(state);
        }
        self.0.len().hash(state);
    }
}

/// A stack, with the shares it was made of: while they are held, no others take their places in memory.
struct Stacked {
    table: Arc<Values>,
    _shares: Arc<[Values]>,
}

#[derive(Default)]
struct Stack;

impl ComputerMut<Shares<'_>, Stacked> for Stack {
    fn compute(&mut self, Shares(shares): Shares<'_>) -> Stacked {
        Stacked { table: Arc::new(stacked(shares)), _shares: shares.into() }
    }
}

fn stacked(shares: &[Values]) -> Values {
    let n_entries = shares.first().map_or(0, Values::len);
    let mut data = vec![0.0; n_entries];
    for share in shares {
        for (sum, x) in data.iter_mut().zip(share.data()) {
            *sum += x;
        }
    }
    data.extend(shares.iter().flat_map(Values::data));
    Values::new(vec![1 + shares.len(), n_entries], data)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What two frames make of `make`.
    fn in_two_frames<T>(mut make: impl FnMut(&Ui, usize) -> T) -> Vec<T> {
        let ctx = egui::Context::default();
        let mut made = Vec::new();
        for frame in 0..2 {
            let output = ctx.run_ui(egui::RawInput::default(), |ui| made.push(make(ui, frame)));
            output.drop_without_applying_deltas();
        }
        made
    }

    #[test]
    fn the_stack_starts_with_the_sum_of_the_shares() {
        let shares = [Values::new(vec![1, 2], vec![1.0, 2.0]), Values::new(vec![1, 2], vec![0.5, -2.0])];
        let table = stacked(&shares);
        assert_eq!(table.shape(), [3, 2]);
        assert_eq!(table.data(), [1.5, 0.0, 1.0, 2.0, 0.5, -2.0]);
    }

    #[test]
    fn the_same_shares_are_stacked_once() {
        let shares = [Values::new(vec![2], vec![1.0, 2.0])];
        let tables = in_two_frames(|ui, _| stack(ui, &shares));
        assert!(tables.windows(2).all(|two| Arc::ptr_eq(&two[0], &two[1])));
    }

    #[test]
    fn a_parameter_is_looked_through_again_only_when_it_changed() {
        let mut weight = Parameter { shape: vec![2], values: Arc::new(vec![1.0, -2.0]), trainable: true };
        let kept = in_two_frames(|ui, _| parameter(ui, &weight));
        assert!(kept.windows(2).all(|two| Arc::ptr_eq(&two[0], &two[1])));
        assert_eq!(kept[0].data().as_ptr(), weight.values.as_ptr(), "the numbers are shared");
        drop(kept);

        let largest = in_two_frames(|ui, frame| {
            if frame == 1 {
                Arc::make_mut(&mut weight.values)[0] = 5.0;
            }
            parameter(ui, &weight).largest()
        });
        let last_of_each_frame = [largest[0], largest[largest.len() - 1]];
        assert_eq!(last_of_each_frame, [2.0, 5.0]);
    }
}
