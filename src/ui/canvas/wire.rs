//! How a wire is painted: its curve and its arrow. Its label is painted by `pills`.
//!
//! Must not know the network, nor what a gesture means.

use std::sync::Arc;

use egui::epaint::Stroke;
use egui::{Color32, Painter, Pos2, Rect, Shape, pos2, vec2};
use egui_graphs::{DisplayEdge, DisplayNode, DrawContext, EdgeProps, MetadataFrame, Node};
use petgraph::{EdgeType, stable_graph::IndexType};

use super::card::{CardLook, SMALLEST_ZOOM_WITH_PORTS};
use super::card_text::Label;
use super::geometry::{PORT_RADIUS, Path};
use super::scene::Wire;
use crate::network::Severity;
use crate::ui::theme::Theme;

/// Whether a gradient comes back over a wire, during a walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flow {
    /// None has yet, or there is no walk.
    #[default]
    None,
    /// It has come.
    Come,
    /// The current action sends it.
    Current,
}

/// All that is painted of one wire.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each painted on its own")]
pub(crate) struct WireLook {
    /// The wire.
    pub(crate) wire: Arc<Wire>,
    /// What is written on it.
    pub(crate) label: Arc<Label>,
    /// Selected.
    pub(crate) selected: bool,
    /// Under the pointer.
    pub(crate) hovered: bool,
    /// Where a card would be inserted.
    pub(crate) lit: bool,
    /// Among so many that pills and arrows are left out.
    pub(crate) crowded: bool,
    /// In the hand: it is painted as the pulled wire instead.
    pub(crate) taken: bool,
    /// The walk's gradient over it.
    pub(crate) flow: Flow,
}

impl PartialEq for WireLook {
    /// The same wire and label, not equal ones: scenes are made anew when anything changes.
    fn eq(&self, other: &Self) -> bool {
        let marks =
            |look: &Self| (look.selected, look.hovered, look.lit, look.crowded, look.taken, look.flow);
        Arc::ptr_eq(&self.wire, &other.wire)
            && Arc::ptr_eq(&self.label, &other.label)
            && marks(self) == marks(other)
    }
}

/// Paints a [`WireLook`].
#[derive(Clone, Debug)]
pub(crate) struct WireDisplay {
    look: Arc<WireLook>,
}

impl From<EdgeProps<Arc<WireLook>>> for WireDisplay {
    fn from(props: EdgeProps<Arc<WireLook>>) -> Self {
        Self { look: props.payload }
    }
}

impl<Ty, Ix, D> DisplayEdge<Arc<CardLook>, Arc<WireLook>, Ty, Ix, D> for WireDisplay
where
    Ty: EdgeType,
    Ix: IndexType,
    D: DisplayNode<Arc<CardLook>, Arc<WireLook>, Ty, Ix>,
{
    fn shapes(
        &mut self,
        _start: &Node<Arc<CardLook>, Arc<WireLook>, Ty, Ix, D>,
        _end: &Node<Arc<CardLook>, Arc<WireLook>, Ty, Ix, D>,
        ctx: &DrawContext<'_>,
    ) -> Vec<Shape> {
        if self.look.taken {
            return Vec::new();
        }
        paint(&self.look, ctx.painter, ctx.meta, Theme::current(ctx.ctx))
    }

    fn update(&mut self, state: &EdgeProps<Arc<WireLook>>) {
        self.look = Arc::clone(&state.payload);
    }

    fn is_inside(
        &self,
        _start: &Node<Arc<CardLook>, Arc<WireLook>, Ty, Ix, D>,
        _end: &Node<Arc<CardLook>, Arc<WireLook>, Ty, Ix, D>,
        pos: Pos2,
    ) -> bool {
        self.look.wire.path.distance(pos) <= PORT_RADIUS
    }
}

/// The color of a wire.
pub(crate) fn ink(look: &WireLook, theme: &Theme) -> Color32 {
    let worst = look.label.findings.iter().map(|finding| finding.severity).max();
    match worst {
        _ if look.flow != Flow::None => theme.gradients.positive,
        _ if look.selected || look.lit => theme.accent,
        Some(Severity::Error) => theme.error,
        Some(Severity::Warning) => theme.warning,
        Some(Severity::Note) => theme.accent,
        None if look.wire.delay > 0 => theme.accent,
        None if look.hovered => theme.text,
        None => theme.wire,
    }
}

fn paint(look: &WireLook, painter: &Painter, meta: &MetadataFrame, theme: &Theme) -> Vec<Shape> {
    let is_loop = look.wire.delay > 0;
    let width = if look.lit || look.flow == Flow::Current {
        3.0
    } else if look.selected || look.hovered {
        2.2
    } else if look.flow == Flow::Come {
        1.8
    } else {
        1.6
    };
    let thinnest = if is_loop { 1.2 } else { 0.8 };
    let stroke = Stroke::new((width * meta.zoom).clamp(thinnest, 4.0), ink(look, theme));
    let mut shapes = Vec::with_capacity(4);
    let seen = painter.clip_rect();
    let has_arrow = !look.crowded && look.flow == Flow::None;
    paint_course(&look.wire.path, is_loop, has_arrow, stroke, (meta, seen), &mut shapes);
    if look.flow != Flow::None && meta.zoom >= SMALLEST_ZOOM_WITH_PORTS {
        shapes.extend(arrow_back(&look.wire.path, meta, stroke.color));
    }
    if look.label.is_cut && meta.zoom >= SMALLEST_ZOOM_WITH_PORTS {
        let end = look.wire.path.points(2).last().copied();
        shapes.extend(end.into_iter().flat_map(|end| cut(meta.canvas_to_screen_pos(end), meta.zoom, theme)));
    }
    shapes
}

/// The head of a gradient's arrow, at the output that it comes back to.
fn arrow_back(path: &Path, meta: &MetadataFrame, color: Color32) -> Option<Shape> {
    let points = path.points(16);
    let (first, second) = (*points.first()?, *points.get(1)?);
    let way = (second - first).normalized();
    let tip = meta.canvas_to_screen_pos(first + way * PORT_RADIUS);
    let (along, side) = (way * 9.0 * meta.zoom, way.rot90() * 4.5 * meta.zoom);
    Some(Shape::convex_polygon(vec![tip, tip + along + side, tip + along - side], color, Stroke::NONE))
}

/// The curve with its arrow; dashed where it goes back in time. Of a dashed one only what lies in
/// `seen`, a part of the screen, gets its dashes.
pub(crate) fn paint_course(
    path: &Path,
    dashed: bool,
    has_arrow: bool,
    stroke: Stroke,
    (meta, seen): (&MetadataFrame, Rect),
    shapes: &mut Vec<Shape>,
) {
    let zoom = meta.zoom;
    let detail = (14.0 * zoom.sqrt()) as usize;
    let mut points: Vec<Pos2> =
        path.points(detail.clamp(5, 24)).into_iter().map(|point| meta.canvas_to_screen_pos(point)).collect();
    let arrow =
        (has_arrow && zoom >= SMALLEST_ZOOM_WITH_PORTS).then(|| arrow(&points, zoom, stroke.color)).flatten();
    // The line ends where its arrow begins, so that a thick line does not blunt the tip.
    if arrow.is_some()
        && let Some(last) = points.last_mut()
    {
        *last -= vec2((PORT_RADIUS + 5.0) * zoom, 0.0);
    }
    if dashed {
        dash(&points, stroke, [(6.0 * zoom).max(4.5), (4.0 * zoom).max(3.0)], seen, shapes);
    } else {
        shapes.push(Shape::line(points, stroke));
    }
    shapes.extend(arrow);
}

/// Dashes along a line, where it is seen: a line may be a thousand screens long.
fn dash(points: &[Pos2], stroke: Stroke, [on, off]: [f32; 2], seen: Rect, shapes: &mut Vec<Shape>) {
    let (on, period) = (f64::from(on), f64::from(on + off));
    let seen = seen.expand(on as f32);
    let mut walked = 0.0;
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = f64::from(from.distance(to));
        if let Some((enters, leaves)) = part_inside(from, to, seen).filter(|_| length > 0.0) {
            let (start, end) = (walked + length * enters, walked + length * leaves);
            let between = |a: f32, b: f32, t: f64| (f64::from(a) + (f64::from(b) - f64::from(a)) * t) as f32;
            let at = |way: f64| {
                let t = (way - walked) / length;
                pos2(between(from.x, to.x, t), between(from.y, to.y, t))
            };
            let mut dash = (start / period).floor() * period;
            while dash < end {
                let (first, last) = (dash.max(start), (dash + on).min(end));
                if last > first {
                    shapes.push(Shape::line_segment([at(first), at(last)], stroke));
                }
                dash += period;
            }
        }
        walked += length;
    }
}

/// Which part of the way from one point to another lies inside of an area, from 0 to 1 (Liang and
/// Barsky 1984).
fn part_inside(from: Pos2, to: Pos2, area: Rect) -> Option<(f64, f64)> {
    let difference = |a: f32, b: f32| f64::from(b) - f64::from(a);
    let (x, y) = (difference(from.x, to.x), difference(from.y, to.y));
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    let borders = [
        (-x, difference(area.left(), from.x)),
        (x, difference(from.x, area.right())),
        (-y, difference(area.top(), from.y)),
        (y, difference(from.y, area.bottom())),
    ];
    for (towards, distance) in borders {
        if towards == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            enters = enters.max(distance / towards);
        } else {
            leaves = leaves.min(distance / towards);
        }
    }
    (enters < leaves).then_some((enters, leaves))
}

/// The arrow's head, in front of the port; wires always arrive from the left.
fn arrow(points: &[Pos2], zoom: f32, color: Color32) -> Option<Shape> {
    let tip = *points.last()? - vec2(PORT_RADIUS * zoom, 0.0);
    let back = vec2(-7.0 * zoom, 0.0);
    let side = vec2(0.0, 3.8 * zoom);
    Some(Shape::convex_polygon(vec![tip, tip + back - side, tip + back + side], color, Stroke::NONE))
}

/// Two bars across a wire before its arrow: gradients stop here.
fn cut(end: Pos2, zoom: f32, theme: &Theme) -> [Shape; 3] {
    let center = end - vec2((PORT_RADIUS + 14.0) * zoom, 0.0);
    let half = vec2(2.5, 7.0) * zoom;
    let gap = Rect::from_center_size(center, vec2(4.0, 6.0) * zoom);
    let bar = |x: f32| {
        let middle = center + vec2(x * zoom, 0.0);
        let (from, to) = (middle + vec2(half.x, -half.y) * 0.8, middle + vec2(-half.x, half.y) * 0.8);
        Shape::line_segment([from, to], Stroke::new((1.8 * zoom).max(1.0), theme.warning))
    };
    [Shape::rect_filled(gap, 0.0, theme.canvas), bar(-2.5), bar(2.5)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1000.0, 600.0) };

    fn dashes(points: &[Pos2]) -> Vec<[Pos2; 2]> {
        let mut shapes = Vec::new();
        dash(points, Stroke::new(1.0, Color32::WHITE), [6.0, 4.0], SCREEN, &mut shapes);
        let ends = |shape| match shape {
            Shape::LineSegment { points, .. } => Some(points),
            _ => None,
        };
        shapes.into_iter().filter_map(ends).collect()
    }

    #[test]
    fn a_short_line_gets_its_dashes_from_its_start() {
        let level = |from, to| [pos2(from, 50.0), pos2(to, 50.0)];
        assert_eq!(
            dashes(&level(100.0, 125.0)),
            [level(100.0, 106.0), level(110.0, 116.0), level(120.0, 125.0)]
        );
    }

    #[test]
    fn a_line_of_any_length_gets_dashes_only_where_it_is_seen() {
        for far in [1e5, 1e9, 1e12] {
            let found = dashes(&[pos2(-far, 300.0), pos2(far, 300.0)]);
            assert!((50..=150).contains(&found.len()), "{} dashes", found.len());
        }
        assert!(dashes(&[pos2(-1e9, 900.0), pos2(1e9, 900.0)]).is_empty());
        assert!(dashes(&[pos2(f32::NAN, 0.0), pos2(1.0, 1.0)]).is_empty());
    }
}
