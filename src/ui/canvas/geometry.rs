//! The measures of cards, ports and wires, in canvas points.
//!
//! Must not know egui's context or the network: only points, rectangles and curves.

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

/// Height of a card that has at most two inputs.
pub(crate) const CARD_HEIGHT: f32 = 64.0;
/// Distance between the input ports of one card.
const PORT_PITCH: f32 = 20.0;
/// Radius of a port.
pub(crate) const PORT_RADIUS: f32 = 5.0;
/// Inner margin of a card, left and right.
pub(crate) const CARD_MARGIN: f32 = 10.0;
/// How wide a letter of a name is, and of what stands beside it, at the size of names on cards.
pub(crate) const LETTER: f32 = 7.6;
const DETAIL_LETTER: f32 = 6.2;
/// No card is wider.
const WIDEST_CARD: f32 = 216.0;
/// Grid to which moved cards snap.
pub(crate) const GRID: f32 = 8.0;
/// Height of the pill on a wire.
pub(crate) const PILL_HEIGHT: f32 = 18.0;

/// The size of a card, from the lengths of its texts and its number of input ports; no font is
/// asked, so that a drawing looks alike on every machine.
pub(crate) fn card_size(name: &str, detail: &str, n_inputs: usize) -> Vec2 {
    let text = name.chars().count() as f32 * LETTER + detail.chars().count() as f32 * DETAIL_LETTER;
    let width = (text + 2.0 * CARD_MARGIN + 14.0).clamp(88.0, WIDEST_CARD);
    let height = (n_inputs as f32 * PORT_PITCH + 12.0).max(CARD_HEIGHT);
    vec2((width / GRID).ceil() * GRID, height)
}

/// How much larger than on cards a name could be written so that it just fills its card; a name for which no
/// card is wide enough counts as one that fills the widest.
pub(crate) fn name_growth(name: &str, card: Rect) -> f32 {
    let room = card.width() - 2.0 * CARD_MARGIN;
    let length = (name.chars().count().max(1) as f32 * LETTER).min(WIDEST_CARD - 2.0 * CARD_MARGIN);
    room / length
}

/// Where input port number `slot` of `n_inputs` sits on a card.
pub(crate) fn input_place(card: Rect, slot: usize, n_inputs: usize) -> Pos2 {
    let middle = (n_inputs.max(1) - 1) as f32 / 2.0;
    pos2(card.left(), card.center().y + (slot as f32 - middle) * PORT_PITCH)
}

/// Where the output port of a card sits.
pub(crate) fn output_place(card: Rect) -> Pos2 {
    pos2(card.right(), card.center().y)
}

/// The nearest place on the grid.
pub(crate) fn snapped(at: Pos2) -> Pos2 {
    pos2((at.x / GRID).round() * GRID, (at.y / GRID).round() * GRID)
}

/// The course of a wire: cubic Bézier curves, each starting where the last one ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    curves: Vec<[Pos2; 4]>,
}

impl Path {
    /// From an output straight to an input, leaving to the right and arriving from the left.
    pub(crate) fn direct(from: Pos2, to: Pos2) -> Self {
        let ahead = to.x - from.x;
        let reach = if ahead >= 0.0 {
            (ahead * 0.5).max(((to.y - from.y).abs() * 0.4).min(36.0))
        } else {
            (-ahead * 0.35).clamp(48.0, 160.0)
        };
        Self { curves: vec![[from, from + vec2(reach, 0.0), to - vec2(reach, 0.0), to]] }
    }

    /// Around whatever stands between: to the height `lane`, along it, and down (or up) to the
    /// input. Works ahead (over other cards) and back (a loop).
    pub(crate) fn along(from: Pos2, to: Pos2, lane: f32) -> Self {
        if to.x - from.x > 96.0 {
            let (start, end) = (pos2(from.x + 48.0, lane), pos2(to.x - 48.0, lane));
            return Self {
                curves: vec![
                    [from, pos2(from.x + 30.0, from.y), pos2(start.x - 26.0, lane), start],
                    line(start, end),
                    [end, pos2(end.x + 26.0, lane), pos2(to.x - 30.0, to.y), to],
                ],
            };
        }
        let bulge = 46.0;
        let inset = ((from.x - to.x) * 0.3).clamp(8.0, 48.0);
        let (start, end) = (pos2(from.x - inset, lane), pos2(to.x + inset, lane));
        Self {
            curves: vec![
                [from, pos2(from.x + bulge, from.y), pos2(from.x + bulge, lane), start],
                line(start, end),
                [end, pos2(to.x - bulge, lane), pos2(to.x - bulge, to.y), to],
            ],
        }
    }

    /// The path as points, `detail` of them for each bent curve; straight pieces take two.
    pub(crate) fn points(&self, detail: usize) -> Vec<Pos2> {
        let mut points = Vec::with_capacity(self.curves.len() * detail + 1);
        for curve in &self.curves {
            if points.is_empty() {
                points.push(curve[0]);
            }
            let pieces = if is_straight(curve) { 1 } else { detail.max(2) };
            for i in 1..=pieces {
                points.push(point_at(curve, i as f32 / pieces as f32));
            }
        }
        points
    }

    /// The middle of the middle curve: where the pill sits.
    pub(crate) fn middle(&self) -> Pos2 {
        self.curves.get(self.curves.len() / 2).map_or(Pos2::ZERO, |curve| point_at(curve, 0.5))
    }

    /// How far `at` is from the path.
    pub(crate) fn distance(&self, at: Pos2) -> f32 {
        let points = self.points(16);
        points.windows(2).map(|pair| distance_to_segment(at, pair[0], pair[1])).fold(f32::INFINITY, f32::min)
    }

    /// A rectangle that holds the path (that of its control points).
    pub(crate) fn bounds(&self) -> Rect {
        let mut bounds = Rect::NOTHING;
        for curve in &self.curves {
            for &point in curve {
                bounds.extend_with(point);
            }
        }
        bounds
    }
}

/// The straight curve between two points.
fn line(from: Pos2, to: Pos2) -> [Pos2; 4] {
    [from, from.lerp(to, 1.0 / 3.0), from.lerp(to, 2.0 / 3.0), to]
}

fn is_straight(curve: &[Pos2; 4]) -> bool {
    curve.iter().all(|point| (point.y - curve[0].y).abs() < 0.5)
        && curve.windows(2).all(|pair| (pair[1].x - pair[0].x) * (curve[3].x - curve[0].x) >= 0.0)
}

fn point_at(curve: &[Pos2; 4], t: f32) -> Pos2 {
    let s = 1.0 - t;
    let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
    let sum =
        curve.iter().zip(weights).fold(Vec2::ZERO, |sum, (point, weight)| sum + point.to_vec2() * weight);
    sum.to_pos2()
}

fn distance_to_segment(at: Pos2, a: Pos2, b: Pos2) -> f32 {
    let along = b - a;
    let length_squared = along.length_sq();
    if length_squared == 0.0 {
        return at.distance(a);
    }
    let t = ((at - a).dot(along) / length_squared).clamp(0.0, 1.0);
    at.distance(a + along * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_path_starts_and_ends_at_its_ports() {
        let path = Path::direct(pos2(0.0, 0.0), pos2(200.0, 80.0));
        let points = path.points(12);
        assert_eq!(points.first(), Some(&pos2(0.0, 0.0)));
        assert!(points.last().is_some_and(|end| end.distance(pos2(200.0, 80.0)) < 1e-3));
        assert!((path.middle() - pos2(100.0, 40.0)).length() < 1e-3);
    }

    #[test]
    fn a_level_wire_needs_two_points() {
        assert_eq!(Path::direct(pos2(0.0, 5.0), pos2(100.0, 5.0)).points(16).len(), 2);
        assert!(Path::direct(pos2(0.0, 5.0), pos2(-100.0, 5.0)).points(16).len() > 2, "it must turn round");
    }

    #[test]
    fn distance_is_zero_on_the_path_and_grows_beside_it() {
        let path = Path::direct(pos2(0.0, 0.0), pos2(100.0, 0.0));
        assert!(path.distance(pos2(50.0, 0.0)) < 1e-3);
        assert!((path.distance(pos2(50.0, 7.0)) - 7.0).abs() < 1e-3);
        assert!((path.distance(pos2(-3.0, 4.0)) - 5.0).abs() < 1e-3);
    }

    #[test]
    fn a_loop_passes_along_its_lane() {
        let path = Path::along(pos2(600.0, 470.0), pos2(200.0, 470.0), 400.0);
        assert_eq!(path.middle(), pos2(400.0, 400.0));
        assert!(path.points(16).iter().all(|point| point.y >= 399.9 && point.y <= 470.1));
    }

    #[test]
    fn ports_of_a_card_stand_apart_and_inside_it() {
        let size = card_size("Add 1", "", 5);
        let card = Rect::from_center_size(Pos2::ZERO, size);
        for slot in 0..5 {
            assert!(card.expand(0.1).contains(input_place(card, slot, 5)));
        }
        assert!((input_place(card, 1, 5).y - input_place(card, 0, 5).y - 20.0).abs() < 1e-3);
        assert_eq!(input_place(card, 0, 1).y, output_place(card).y);
    }

    #[test]
    fn longer_texts_make_wider_cards_up_to_a_limit() {
        assert!(card_size("Dense with a name", "2 units", 1).x > card_size("x", "Input", 1).x);
        assert_eq!(card_size(&"long ".repeat(40), "2 units", 1).x, 216.0);
    }
}
