//! How the height of the window is shared between the drawing and the panels below it, while nobody has
//! chosen another share: in a low window, or with large text, the panels get a larger one.
//!
//! Must not know what a panel shows.

use egui_tiles::{Container, Linear, LinearDir, Tile, TileId};

use super::{Dock, Pane};
use crate::ui::scrolling::LEAST_PLOT;

/// The panels' share of a window with room for both, in hundredths, as the first layout has it.
const LOWER_PART: f32 = 38.0;
/// So high the panels can be used: tabs, a row of choices and a plot.
const LOWER_LEAST: f32 = 64.0 + LEAST_PLOT;
/// But the drawing keeps as much of a low window.
const LARGEST_PART: f32 = 50.0;
/// Shares that differ by less are the same.
const SAME: f32 = 0.1;

/// The share that was set last, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split {
    column: TileId,
    part: f32,
}

/// The panels' share, in hundredths of this height.
fn lower_part(height: f32) -> f32 {
    LOWER_PART.max((100.0 * LOWER_LEAST / height.max(1.0)).min(LARGEST_PART))
}

/// The drawing and the panels below it; nothing where a column holds anything else.
fn pair(dock: &Dock, column: TileId) -> Option<(&Linear, TileId, TileId)> {
    let Some(Tile::Container(Container::Linear(linear))) = dock.tree.tiles.get(column) else { return None };
    let &[upper, lower] = linear.children.as_slice() else { return None };
    let is_pair =
        linear.dir == LinearDir::Vertical && dock.tree.tiles.get_pane(&upper) == Some(&Pane::Canvas);
    is_pair.then_some((linear, upper, lower))
}

/// The panels' share of a column, in hundredths.
fn share_below(dock: &Dock, column: TileId) -> Option<f32> {
    let (linear, upper, lower) = pair(dock, column)?;
    let (above, below) = (linear.shares[upper], linear.shares[lower]);
    Some(100.0 * below / (above + below).max(1e-6))
}

impl Dock {
    /// The column whose heights nobody has chosen: with the shares of the first layout, over the whole
    /// height of the window.
    pub(super) fn automatic_split(&self) -> Option<Split> {
        let root = self.tree.root()?;
        let mut columns = vec![root];
        if let Some(Tile::Container(Container::Linear(row))) = self.tree.tiles.get(root)
            && row.dir == LinearDir::Horizontal
        {
            columns.extend(&row.children);
        }
        columns.into_iter().find_map(|column| {
            let part = share_below(self, column)?;
            ((part - LOWER_PART).abs() < SAME).then_some(Split { column, part })
        })
    }

    /// Shares this height anew, unless someone has moved the border since.
    pub(super) fn keep_split(&mut self, height: f32) {
        let split = self.untouched_split();
        self.split = split.map(|Split { column, .. }| Split { column, part: lower_part(height) });
        if let Some(Split { column, part }) = self.split
            && let Some((_, upper, lower)) = pair(self, column)
            && let Some(Tile::Container(Container::Linear(linear))) = self.tree.tiles.get_mut(column)
        {
            linear.shares.set_share(upper, 100.0 - part);
            linear.shares.set_share(lower, part);
        }
    }

    /// The column whose border stands where it was set last.
    fn untouched_split(&self) -> Option<Split> {
        self.split.filter(|split| {
            share_below(self, split.column).is_some_and(|part| (part - split.part).abs() < SAME)
        })
    }

    /// The shares of a column as they are remembered: for a window with room for both where nobody has
    /// chosen others, so that the next window shares its own height.
    pub(super) fn remembered_shares(&self, column: TileId) -> Option<[f32; 2]> {
        let is_automatic = self.untouched_split().is_some_and(|split| split.column == column);
        is_automatic.then_some([100.0 - LOWER_PART, LOWER_PART])
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn lower(dock: &Dock) -> f32 {
        share_below(dock, dock.split.unwrap().column).unwrap()
    }

    #[test]
    fn the_panels_get_a_larger_share_of_a_low_window_and_their_own_again_in_a_high_one() {
        let mut dock = Dock::default();
        let first = dock.to_text();
        for (height, wanted) in [(767.0, 38.0), (667.0, 38.0), (500.0, 44.8), (300.0, 50.0), (1000.0, 38.0)] {
            dock.keep_split(height);
            assert!((lower(&dock) - wanted).abs() < 0.1, "{} of {height}", lower(&dock));
            assert_eq!(dock.to_text(), first, "the next window shares its own height");
        }
    }

    #[test]
    fn a_border_that_was_moved_stays_where_it_is() {
        let mut dock = Dock::default();
        dock.keep_split(300.0);
        let column = dock.split.unwrap().column;
        let (_, upper, _) = pair(&dock, column).unwrap();
        if let Some(Tile::Container(Container::Linear(linear))) = dock.tree.tiles.get_mut(column) {
            linear.shares.set_share(upper, 80.0);
        }
        let moved = share_below(&dock, column).unwrap();
        dock.keep_split(700.0);
        assert_eq!(share_below(&dock, column), Some(moved));
        let text = dock.to_text();
        assert!(text.contains("61.5:canvas"), "{text}");
        let mut again = Dock::from_text(&text).unwrap();
        again.keep_split(300.0);
        assert_eq!(again.to_text(), text, "nor does another start move it");
    }

    #[test]
    fn layouts_of_another_kind_are_left_alone() {
        for text in ["v(30.0:t1(why,boundary),70.0:h(80.0:canvas,20.0:t1(loss)))", "t0(canvas,loss)"] {
            let mut dock = Dock::from_text(text).unwrap();
            let before = dock.to_text();
            dock.keep_split(200.0);
            assert_eq!(dock.to_text(), before);
        }
    }
}
