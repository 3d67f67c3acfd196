//! The rows of a layout: a chain that would be too small to read on the screen goes on below, as text does.
//!
//! Must not know nodes: it sees the columns of a drawing and where it may be broken.

use std::ops::Range;

use super::Position;
use super::layout::{LAYER_GAP, Room};

/// A drawing that fits its room at this zoom stays in one row: its texts can be read.
const READABLE_ZOOM: f32 = 0.75;
/// Height of a card, in canvas points.
const CARD_HEIGHT: f32 = 64.0;
/// Between the cards of two rows: room for the wire that runs back between them.
const ROW_GAP: f32 = 96.0;
/// Around a drawing that is fitted into its room.
const MARGIN: f32 = 48.0;

/// One layer of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    /// The widest of its cards.
    width: f32,
    /// The centers of its uppermost and its lowest card.
    low: f32,
    high: f32,
    /// Whether a row may end after it: nothing but one wire goes on.
    may_end: bool,
}

impl Default for Column {
    fn default() -> Self {
        Self { width: 0.0, low: f32::MAX, high: f32::MIN, may_end: false }
    }
}

impl Column {
    /// Takes in a card of this width at this height.
    pub(super) fn add(&mut self, width: f32, y: f32) {
        self.width = self.width.max(width);
        self.low = self.low.min(y);
        self.high = self.high.max(y);
    }
}

/// Marks where a row may end, from the columns of both ends of each wire and each loop. A loop is never torn
/// apart.
pub(super) fn mark_ends(
    columns: &mut [Column],
    wires: impl Iterator<Item = (usize, usize)>,
    loops: impl Iterator<Item = (usize, usize)>,
) {
    // How many wires cross each gap, as differences from the gap before; a loop counts for two.
    let mut crossing = vec![0_i64; columns.len() + 1];
    for (a, b, weight) in wires.map(|(a, b)| (a, b, 1)).chain(loops.map(|(a, b)| (a, b, 2))) {
        crossing[a.min(b)] += weight;
        crossing[a.max(b)] -= weight;
    }
    let mut n = 0;
    for (column, change) in columns.iter_mut().zip(crossing) {
        n += change;
        column.may_end = n <= 1;
    }
}

/// Where the columns stand.
pub(super) struct Rows {
    /// The middle of each column.
    x: Vec<f32>,
    /// What is added to the heights of its cards.
    y: Vec<f32>,
}

impl Rows {
    /// As few rows as make the drawing readable in `room`; one without a room.
    pub(super) fn new(columns: &[Column], room: Option<Room>) -> Self {
        let rows = room.map_or_else(|| broken_at(columns, f32::INFINITY), |room| rows_in(columns, room));
        let (width, height) = size(columns, &rows);
        let mut placed = Self { x: vec![0.0; columns.len()], y: vec![0.0; columns.len()] };
        let mut top = (CARD_HEIGHT - height) / 2.0;
        for row in rows {
            let (low, high) = heights(&columns[row.clone()]);
            let mut left = -width / 2.0;
            for idx in row {
                placed.x[idx] = (left + columns[idx].width / 2.0).round();
                placed.y[idx] = top - low;
                left += columns[idx].width + LAYER_GAP;
            }
            top += high - low + CARD_HEIGHT + ROW_GAP;
        }
        placed
    }

    /// The place of a card of this column and height.
    pub(super) fn place(&self, column: usize, y: f32) -> Position {
        Position { x: self.x[column], y: y + self.y[column] }
    }
}

/// More rows as long as texts are too small and become larger by it.
fn rows_in(columns: &[Column], room: Room) -> Vec<Range<usize>> {
    let zoom = |rows: &[Range<usize>]| {
        let (width, height) = size(columns, rows);
        (room.width / (width + MARGIN)).min(room.height / (height + MARGIN))
    };
    let mut best = broken_at(columns, f32::INFINITY);
    while zoom(&best) < READABLE_ZOOM {
        let next = balanced(columns, best.len() + 1);
        if next.len() <= best.len() || zoom(&next) <= zoom(&best) {
            break;
        }
        best = next;
    }
    best
}

/// At most so many rows, the longest as short as can be.
fn balanced(columns: &[Column], n_rows: usize) -> Vec<Range<usize>> {
    const HALVINGS: usize = 24;
    let whole = row_width(columns);
    let (mut low, mut high) = (0.0, whole);
    for _ in 0..HALVINGS {
        let middle = f32::midpoint(low, high);
        if broken_at(columns, middle).len() <= n_rows {
            high = middle;
        } else {
            low = middle;
        }
    }
    broken_at(columns, high)
}

/// Rows that end as late as they can without being wider than `most`, where they may end at all.
fn broken_at(columns: &[Column], most: f32) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut start = 0;
    while start < columns.len() {
        let (mut width, mut end, mut last) = (-LAYER_GAP, columns.len(), None);
        for (idx, column) in columns.iter().enumerate().skip(start) {
            width += column.width + LAYER_GAP;
            if width > most
                && let Some(at) = last
            {
                end = at;
                break;
            }
            if column.may_end {
                last = Some(idx + 1);
            }
        }
        rows.push(start..end);
        start = end;
    }
    rows
}

/// Width and height of the whole drawing.
fn size(columns: &[Column], rows: &[Range<usize>]) -> (f32, f32) {
    let mut whole = (0.0_f32, -ROW_GAP);
    for row in rows {
        let columns = &columns[row.clone()];
        let (low, high) = heights(columns);
        whole.0 = whole.0.max(row_width(columns));
        whole.1 += high - low + CARD_HEIGHT + ROW_GAP;
    }
    whole
}

fn row_width(columns: &[Column]) -> f32 {
    columns.iter().map(|column| column.width + LAYER_GAP).sum::<f32>() - LAYER_GAP
}

fn heights(columns: &[Column]) -> (f32, f32) {
    let (low, high) =
        columns.iter().fold((f32::MAX, f32::MIN), |(l, h), column| (l.min(column.low), h.max(column.high)));
    if low > high { (0.0, 0.0) } else { (low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Activation, Builder, LossKind, Network};

    /// Input, `n` times Dense and ReLU, a Dense, a Target and a loss.
    fn chain(n: usize) -> Network {
        let mut drawing = Builder::new();
        let mut last = drawing.input(3);
        for _ in 0..n {
            let dense = drawing.dense(last, 8);
            last = drawing.activation(dense, Activation::Relu);
        }
        let out = drawing.dense(last, 1);
        let target = drawing.target(1);
        drawing.loss(LossKind::Mse, out, target);
        drawing.finish()
    }

    fn n_rows(network: &Network, width: f32, height: f32) -> usize {
        // The Target stands below its row and begins none.
        let places = network.layout_in(Some(Room { width, height }));
        let mut ys: Vec<f32> = places
            .iter()
            .filter(|(id, _)| !matches!(network.nodes[id].kind, crate::network::NodeKind::Target(_)))
            .map(|(_, place)| place.y)
            .collect();
        ys.sort_by(f32::total_cmp);
        ys.windows(2).filter(|pair| pair[1] - pair[0] > 100.0).count() + 1
    }

    #[test]
    fn a_chain_takes_as_many_rows_as_the_screen_needs() {
        let network = chain(2);
        assert_eq!(n_rows(&network, 1400.0, 700.0), 1, "a screen of 1920");
        assert_eq!(n_rows(&network, 770.0, 430.0), 2, "a screen of 1280");
        let whole = network.layout();
        assert_eq!(network.layout_in(Some(Room { width: 1400.0, height: 700.0 })), whole);
        assert!(n_rows(&chain(40), 1400.0, 700.0) > 3);
        assert!(Network::default().layout_in(Some(Room { width: 0.0, height: 0.0 })).is_empty());
        assert_eq!(chain(2).layout_in(Some(Room { width: 0.0, height: 0.0 })).len(), 8);
    }

    #[test]
    fn rows_are_read_from_the_left_and_no_card_covers_another() {
        let network = chain(12);
        let places = network.layout_in(Some(Room { width: 800.0, height: 500.0 }));
        let all: Vec<(f32, Position)> = places
            .iter()
            .map(|(id, place)| (crate::network::layout::card_width(&network.nodes[id]), *place))
            .collect();
        for (at, (width, a)) in all.iter().enumerate() {
            for (other, b) in &all[at + 1..] {
                let apart = (a.x - b.x).abs() >= (width + other) / 2.0 || (a.y - b.y).abs() >= CARD_HEIGHT;
                assert!(apart, "{a:?} {b:?}");
            }
        }
        for edge in network.edges.values() {
            let (from, to) = (places[&edge.from], places[&edge.to]);
            assert!(from.x < to.x || from.y < to.y - CARD_HEIGHT, "{from:?} {to:?}");
        }
    }

    #[test]
    fn what_is_tied_together_by_more_than_one_wire_stays_in_one_row() {
        let mut drawing = Builder::new();
        let first = drawing.input(3);
        let mut last = first;
        for _ in 0..8 {
            last = drawing.dense(last, 3);
        }
        drawing.node(crate::network::NodeKind::Add, &[last, first]);
        let network = drawing.finish();
        let places = network.layout_in(Some(Room { width: 500.0, height: 500.0 }));
        let highest = places.values().map(|place| place.y).fold(f32::MIN, f32::max);
        let lowest = places.values().map(|place| place.y).fold(f32::MAX, f32::min);
        assert!(highest - lowest < CARD_HEIGHT + ROW_GAP, "{lowest} to {highest}");
    }
}
