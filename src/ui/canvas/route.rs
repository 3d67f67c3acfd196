//! The courses of wires: straight where nothing stands between, around cards where something
//! does, and loops in lanes above.
//!
//! Must not know the network; it sees rectangles. Cards are found through a coarse grid, so that
//! routing stays linear in the number of cards and wires.

use std::collections::HashMap;

use egui::emath::{Pos2, Rect, pos2};

use super::geometry::Path;

const CELL_WIDTH: f32 = 256.0;
const CELL_HEIGHT: f32 = 128.0;
/// Distance of a lane from the cards it passes.
const CLEARANCE: f32 = 26.0;
/// Distance between two lanes.
const LANE_PITCH: f32 = 22.0;
/// Wires farther apart than this many grid cells are drawn straight: looking at every card on
/// their way would cost more than it shows.
const LONGEST_SEARCH: i32 = 64;
/// A wire that goes back at least so far to another row of cards runs between the rows.
const WRAP: f32 = 120.0;
/// How many rows of cards a lane goes around at most.
const MOST_DETOURS: usize = 4;
/// How many of the newest lanes are kept apart from a new one.
const LANES_REMEMBERED: usize = 64;

/// Routes the wires of one drawing, one after another.
pub(crate) struct Router {
    cards: Vec<Rect>,
    cells: HashMap<(i32, i32), Vec<usize>>,
    lanes: Vec<(f32, f32, f32)>,
}

impl Router {
    /// A router around these cards.
    pub(crate) fn new(cards: impl Iterator<Item = Rect>) -> Self {
        let cards: Vec<Rect> = cards.collect();
        let mut cells: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
        for (index, card) in cards.iter().enumerate() {
            for cell in cells_of(*card) {
                cells.entry(cell).or_default().push(index);
            }
        }
        Self { cards, cells, lanes: Vec::new() }
    }

    /// The course from an output to an input, each with the index of its card.
    pub(crate) fn path(
        &mut self,
        (source, from): (usize, Pos2),
        (target, to): (usize, Pos2),
        is_loop: bool,
    ) -> Path {
        let direct = Path::direct(from, to);
        let level = (from.y - to.y).abs() < 72.0;
        let turns_back = to.x < from.x + 8.0;
        if is_loop || (turns_back && level) {
            let lane = self.lane_above(from, to);
            return Path::along(from, to, lane);
        }
        if let Some(between) = self.row_gap(from, to, source, target) {
            let lane = self.free_lane(to.x, from.x, between, (to.y - from.y).signum());
            return Path::along(from, to, lane);
        }
        if turns_back || !self.is_blocked(&direct, source, target) {
            return direct;
        }
        let lane = self.lane_around(from, to, source, target);
        Path::along(from, to, lane)
    }

    /// Cards that touch an area.
    fn touching(&self, area: Rect) -> Vec<usize> {
        let mut found: Vec<usize> = cells_of(area)
            .filter_map(|cell| self.cells.get(&cell))
            .flatten()
            .copied()
            .filter(|&index| self.cards.get(index).is_some_and(|card| card.intersects(area)))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn is_blocked(&self, path: &Path, source: usize, target: usize) -> bool {
        let bounds = path.bounds();
        if bounds.width() > CELL_WIDTH * LONGEST_SEARCH as f32 || bounds.width() < 96.0 {
            return false;
        }
        let between = self.touching(bounds);
        let points = path.points(12);
        // A level wire has two points; look at its inside too.
        let inside = (1..16).map(|i| {
            let (from, to) = (points[0], points[points.len() - 1]);
            if points.len() == 2 { from.lerp(to, i as f32 / 16.0) } else { points[i.min(points.len() - 1)] }
        });
        let inside: Vec<Pos2> = inside.collect();
        between.into_iter().filter(|&card| card != source && card != target).any(|card| {
            self.cards
                .get(card)
                .is_some_and(|card| inside.iter().any(|point| card.shrink(3.0).contains(*point)))
        })
    }

    /// The height half-way between two rows of cards, for a wire from the end of one to the beginning
    /// of the other; none for cards that do not stand so.
    fn row_gap(&self, from: Pos2, to: Pos2, source: usize, target: usize) -> Option<f32> {
        let (source, target) = (self.cards.get(source)?, self.cards.get(target)?);
        let (above, below) = if from.y < to.y { (source, target) } else { (target, source) };
        let wraps = from.x - to.x > WRAP && below.top() - above.bottom() > LANE_PITCH;
        wraps.then(|| f32::midpoint(above.bottom(), below.top()))
    }

    /// A lane above everything between the two ends (a loop's).
    fn lane_above(&mut self, from: Pos2, to: Pos2) -> f32 {
        let (left, right) = (from.x.min(to.x) - 40.0, from.x.max(to.x) + 40.0);
        let (top, bottom) = (from.y.min(to.y) - 32.0, from.y.max(to.y) + 32.0);
        let passed = self.touching(Rect::from_min_max(pos2(left, top - CLEARANCE), pos2(right, bottom)));
        let top = passed.iter().filter_map(|&card| self.cards.get(card)).map(Rect::top).fold(top, f32::min);
        self.free_lane(left, right, top - CLEARANCE, -1.0)
    }

    /// A lane over or under what stands between the two ends, whichever is nearer.
    fn lane_around(&mut self, from: Pos2, to: Pos2, source: usize, target: usize) -> f32 {
        let (left, right) = (from.x + 4.0, to.x - 4.0);
        let band = Rect::from_min_max(
            pos2(left, from.y.min(to.y) - CLEARANCE),
            pos2(right, from.y.max(to.y) + CLEARANCE),
        );
        let between: Vec<Rect> = self
            .touching(band)
            .into_iter()
            .filter(|&card| card != source && card != target)
            .filter_map(|card| self.cards.get(card).copied())
            .collect();
        let top = between.iter().map(Rect::top).fold(f32::INFINITY, f32::min).min(band.bottom());
        let bottom = between.iter().map(Rect::bottom).fold(f32::NEG_INFINITY, f32::max).max(band.top());
        let (over, under) = (top - CLEARANCE, bottom + CLEARANCE);
        // The port that it goes to decides where both sides are as near.
        let middle = to.y * 0.6 + from.y * 0.4;
        if (middle - over).abs() <= (under - middle).abs() {
            self.free_lane(left, right, over, -1.0)
        } else {
            self.free_lane(left, right, under, 1.0)
        }
    }

    /// The first lane from `y` in a direction (−1 up, 1 down) that no wire has taken on this
    /// stretch and no card stands in; of many cards in its way it passes a few.
    fn free_lane(&mut self, left: f32, right: f32, mut y: f32, direction: f32) -> f32 {
        let recent = self.lanes.len().saturating_sub(LANES_REMEMBERED);
        let is_taken = |y: f32| {
            self.lanes[recent..].iter().any(|&(other_left, other_right, other)| {
                other_left < right && left < other_right && (other - y).abs() < LANE_PITCH * 0.9
            })
        };
        for _ in 0..MOST_DETOURS {
            // Each lane can be in the way twice; where f32 can no longer step on, none gets free.
            for _ in 0..2 * LANES_REMEMBERED {
                if !is_taken(y) {
                    break;
                }
                y += direction * LANE_PITCH;
            }
            let stretch = Rect::from_min_max(pos2(left, y - 12.0), pos2(right, y + 12.0));
            let edges = self.touching(stretch).into_iter().filter_map(|card| self.cards.get(card));
            let beyond = if direction < 0.0 {
                edges.map(|card| card.top() - CLEARANCE).reduce(f32::min)
            } else {
                edges.map(|card| card.bottom() + CLEARANCE).reduce(f32::max)
            };
            let Some(beyond) = beyond else { break };
            y = beyond;
        }
        self.lanes.push((left, right, y));
        y
    }
}

/// The grid cells that an area touches; none for an area that is not finite.
fn cells_of(area: Rect) -> impl Iterator<Item = (i32, i32)> {
    let cell = |value: f32, size: f32| (value / size).floor() as i32;
    let finite = area.is_finite();
    let (left, top) = (cell(area.left(), CELL_WIDTH), cell(area.top(), CELL_HEIGHT));
    let right = cell(area.right(), CELL_WIDTH).min(left.saturating_add(LONGEST_SEARCH));
    let bottom = cell(area.bottom(), CELL_HEIGHT).min(top.saturating_add(LONGEST_SEARCH));
    (left..=right).filter(move |_| finite).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::emath::vec2;

    fn row(n: usize) -> Vec<Rect> {
        (0..n).map(|i| Rect::from_center_size(pos2(i as f32 * 180.0, 0.0), vec2(112.0, 64.0))).collect()
    }

    fn crosses(path: &Path, card: Rect) -> bool {
        path.points(32)
            .windows(2)
            .any(|pair| (0..=20).any(|i| card.shrink(2.0).contains(pair[0].lerp(pair[1], i as f32 / 20.0))))
    }

    #[test]
    fn neighbors_are_joined_by_a_straight_wire() {
        let cards = row(2);
        let path = Router::new(cards.iter().copied()).path(
            (0, cards[0].right_center()),
            (1, cards[1].left_center()),
            false,
        );
        assert_eq!(path.points(8).len(), 2);
    }

    #[test]
    fn a_skip_connection_goes_around_the_cards_between() {
        let cards = row(4);
        let mut router = Router::new(cards.iter().copied());
        let first = router.path((0, cards[0].right_center()), (3, cards[3].left_center()), false);
        let second = router.path((0, cards[0].right_center()), (3, cards[3].left_center()), false);
        for path in [&first, &second] {
            assert!(!crosses(path, cards[1]) && !crosses(path, cards[2]));
        }
        assert!((first.middle().y - second.middle().y).abs() > 15.0, "two skips take two lanes");
    }

    #[test]
    fn loops_run_above_their_cards_and_apart() {
        let cards = row(3);
        let mut router = Router::new(cards.iter().copied());
        let outer = router.path((2, cards[2].right_center()), (0, cards[0].left_center()), true);
        let own = router.path((1, cards[1].right_center()), (1, cards[1].left_center()), true);
        for path in [&outer, &own] {
            assert!(path.middle().y < -50.0);
            assert!(cards.iter().all(|&card| !crosses(path, card)));
        }
        assert!((outer.middle().y - own.middle().y).abs() > 15.0);
    }

    #[test]
    fn a_wire_to_the_next_row_runs_between_the_rows() {
        let mut cards = row(4);
        cards.extend(row(3).into_iter().map(|card| card.translate(vec2(0.0, 160.0))));
        let mut router = Router::new(cards.iter().copied());
        let down = router.path((3, cards[3].right_center()), (4, cards[4].left_center()), false);
        let up = router.path((6, cards[6].right_center()), (0, cards[0].left_center()), false);
        assert_eq!(down.middle().y, 80.0);
        for path in [&down, &up] {
            assert!(cards.iter().all(|&card| !crosses(path, card)));
        }
    }

    #[test]
    fn a_loop_goes_around_a_card_that_stands_above() {
        let mut cards = row(3);
        cards.push(Rect::from_center_size(pos2(180.0, -70.0), vec2(112.0, 64.0)));
        let mut router = Router::new(cards.iter().copied());
        let path = router.path((2, cards[2].right_center()), (0, cards[0].left_center()), true);
        assert!(!crosses(&path, cards[3]));
    }

    #[test]
    fn places_so_far_away_that_f32_cannot_step_on_hang_nothing() {
        for at in [1e9, 1e12, 1e30] {
            let card = |x: f32| Rect::from_center_size(pos2(at + x, at), vec2(112.0, 64.0));
            let cards = [card(0.0), card(180.0)];
            let mut router = Router::new(cards.into_iter());
            for _ in 0..3 {
                router.path((1, cards[1].right_center()), (0, cards[0].left_center()), true);
            }
        }
    }

    #[test]
    fn places_that_are_not_finite_hang_nothing() {
        let cards = [Rect::from_center_size(pos2(f32::NAN, 0.0), vec2(100.0, 64.0)), Rect::EVERYTHING];
        let mut router = Router::new(cards.into_iter());
        let path = router.path((0, pos2(f32::INFINITY, 0.0)), (1, pos2(0.0, f32::NAN)), false);
        assert!(!path.points(8).is_empty());
    }
}
