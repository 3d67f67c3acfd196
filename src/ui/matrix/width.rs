//! How wide the cells of a matrix are: as wide as its widest number needs, and, while it stays in sight, never
//! narrower again, so that nothing jumps while a network trains.
//!
//! Must not know which matrix it is.

use egui::{Id, Ui};

use crate::explain;
use crate::train::Values;

/// The height of the numbers in cells.
pub(super) const NUMBERS: f32 = 11.5;
/// Every cell has room for so many characters, such as `−0.1234`,
const LEAST: usize = 7;
/// is as wide then,
const LEAST_WIDTH: f32 = 58.0;
/// and by this wider with each further character.
const PER_CHARACTER: f32 = 7.0;
/// Headings make cells no wider than this.
pub(super) const MOST_CELL: f32 = 96.0;
/// Of matrices with more numbers, some are looked at.
const MOST_LOOKED_AT: usize = 1 << 14;

/// What is remembered of a matrix from one frame to the next.
#[derive(Clone, Copy)]
struct Seen {
    characters: usize,
    frame: u64,
}

/// How wide a cell with a number of so many characters is.
pub(crate) fn cell_width(n_characters: usize) -> f32 {
    LEAST_WIDTH + n_characters.saturating_sub(LEAST) as f32 * PER_CHARACTER
}

/// How many characters the longest number of a matrix has.
pub(crate) fn most_characters(values: &Values) -> usize {
    let every = values.len().div_ceil(MOST_LOOKED_AT).max(1);
    let looked_at = (0..values.len()).step_by(every).filter_map(|idx| values.at(idx));
    looked_at.map(explain::short_length).max().unwrap_or(0)
}

/// How wide the cells of a matrix are. What has been in sight since the frame before does not shrink.
pub(super) fn steady(ui: &Ui, id: Id, values: &Values) -> f32 {
    let id = id.with(("characters", values.shape()));
    let frame = ui.ctx().cumulative_frame_nr();
    let held: Option<Seen> = ui.data(|data| data.get_temp(id));
    let held = held.filter(|seen| seen.frame + 1 >= frame).map_or(0, |seen| seen.characters);
    let characters = held.max(most_characters(values));
    ui.data_mut(|data| data.insert_temp(id, Seen { characters, frame }));
    cell_width(characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The widths of a matrix of one number in one frame after another.
    fn widths(numbers: &[Option<f64>]) -> Vec<f32> {
        let ctx = egui::Context::default();
        let mut widths = Vec::new();
        for number in numbers {
            let output = ctx.run_ui(egui::RawInput::default(), |ui| {
                if let Some(number) = number {
                    widths.push(steady(ui, Id::new("matrix"), &Values::new(vec![1, 1], vec![*number])));
                }
            });
            output.drop_without_applying_deltas();
        }
        widths
    }

    #[test]
    fn cells_grow_with_their_widest_number_and_do_not_shrink_while_they_are_in_sight() {
        assert_eq!(widths(&[Some(-0.5), Some(-15.1717), Some(0.5)]), [58.0, 65.0, 65.0]);
        assert_eq!(widths(&[Some(-1e-120)]), [72.0]);
    }

    #[test]
    fn a_matrix_that_comes_back_into_sight_is_as_wide_as_its_numbers_need() {
        assert_eq!(widths(&[Some(-15.1717), None, None, Some(0.5)]), [65.0, 58.0]);
    }
}
