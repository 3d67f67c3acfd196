//! What egui painted as a picture of paths and outlines of glyphs.
//!
//! Must not know what was painted.

use std::collections::BTreeMap;

use egui::epaint::{
    CircleShape, ClippedShape, ColorMode, CornerRadiusF32, EllipseShape, Mesh, PathShape, RectShape,
    TextShape,
};
use egui::{Color32, ColorImage, ImageData, Pos2, Rect, Shape, Stroke, StrokeKind, TextureId, Vec2};

use super::outlines::Outlines;
use crate::export::image::{Color, Glyph, Item, Mark, Segment, VectorImage};

/// How far the points of a cubic curve lie along the tangents of a quarter of a circle.
const QUARTER: f32 = 0.552_285;

/// Neighboring pixels of an image lie so far over one another that nothing shines through between them.
const OVERLAP: f32 = 0.5;

/// The images that meshes show.
pub(super) type Images = BTreeMap<TextureId, ImageData>;

/// Takes the shapes in `area`, on `background`.
pub(super) fn picture(
    shapes: &[ClippedShape],
    area: Rect,
    background: Color32,
    title: &str,
    (fonts, images): (&egui::FontDefinitions, &Images),
) -> VectorImage {
    let mut taker = Taker { area, outlines: Outlines::new(fonts), images, clip: area, items: Vec::new() };
    for clipped in shapes {
        taker.clip = clipped.clip_rect.intersect(area);
        if taker.clip.is_positive() {
            taker.shape(&clipped.shape);
        }
    }
    VectorImage {
        width: area.width(),
        height: area.height(),
        title: title.to_owned(),
        background: color(background).unwrap_or([255; 4]),
        items: taker.items,
        glyphs: taker.outlines.into_found(),
    }
}

struct Taker<'a> {
    area: Rect,
    outlines: Outlines<'a>,
    images: &'a Images,
    clip: Rect,
    items: Vec<Item>,
}

impl Taker<'_> {
    fn point(&self, at: Pos2) -> [f32; 2] {
        let at = at - self.area.min;
        [at.x, at.y]
    }

    fn add(&mut self, mark: Mark) {
        let clip = self.clip.translate(-self.area.min.to_vec2());
        let clip = Some([clip.min.x, clip.min.y, clip.max.x, clip.max.y]);
        self.items.push(Item { clip, mark });
    }

    fn path(&mut self, segments: Vec<Segment>, fill: Color32, stroke: Stroke) {
        let stroke = color(stroke.color).filter(|_| stroke.width > 0.0).map(|color| (color, stroke.width));
        let fill = color(fill);
        if !segments.is_empty() && (fill.is_some() || stroke.is_some()) {
            self.add(Mark::Path { segments, fill, stroke });
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Noop | Shape::Callback(_) => {}
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(CircleShape { center, radius, fill, stroke }) => {
                let segments = self.ellipse(*center, Vec2::splat(*radius));
                self.path(segments, *fill, *stroke);
            }
            Shape::Ellipse(EllipseShape { center, radius, fill, stroke, .. }) => {
                let segments = self.ellipse(*center, *radius);
                self.path(segments, *fill, *stroke);
            }
            Shape::LineSegment { points, stroke } => {
                let segments = self.polyline(points, false);
                self.path(segments, Color32::TRANSPARENT, *stroke);
            }
            Shape::Path(PathShape { points, closed, fill, stroke }) => {
                let segments = self.polyline(points, *closed);
                let fill = if *closed { *fill } else { Color32::TRANSPARENT };
                self.path(segments, fill, Stroke::new(stroke.width, solid(&stroke.color)));
            }
            Shape::Rect(rect) => self.rectangle(rect),
            Shape::Text(text) => self.text(text),
            Shape::Mesh(mesh) => self.mesh(mesh),
            Shape::QuadraticBezier(curve) => {
                let [a, b, c] = curve.points.map(|point| self.point(point));
                let segments = closed_if(curve.closed, vec![Segment::Move(a), Segment::Quadratic(b, c)]);
                self.path(segments, curve.fill, Stroke::new(curve.stroke.width, solid(&curve.stroke.color)));
            }
            Shape::CubicBezier(curve) => {
                let [a, b, c, d] = curve.points.map(|point| self.point(point));
                let segments = closed_if(curve.closed, vec![Segment::Move(a), Segment::Cubic(b, c, d)]);
                self.path(segments, curve.fill, Stroke::new(curve.stroke.width, solid(&curve.stroke.color)));
            }
        }
    }

    fn polyline(&self, points: &[Pos2], closed: bool) -> Vec<Segment> {
        let mut points = points.iter().map(|&point| self.point(point));
        let Some(first) = points.next() else { return Vec::new() };
        closed_if(closed, std::iter::once(Segment::Move(first)).chain(points.map(Segment::Line)).collect())
    }

    fn ellipse(&self, center: Pos2, radius: Vec2) -> Vec<Segment> {
        self.rounded(Rect::from_center_size(center, 2.0 * radius), [radius; 4])
    }

    /// A rectangle with rounded corners: from the upper left one clockwise.
    fn rounded(&self, rect: Rect, radii: [Vec2; 4]) -> Vec<Segment> {
        let half = rect.size() / 2.0;
        let [nw, ne, se, sw] = radii.map(|radius| radius.min(half).max(Vec2::ZERO));
        let at = |corner: Pos2, x: f32, y: f32| self.point(corner + Vec2::new(x, y));
        let (left_top, right_top) = (rect.left_top(), rect.right_top());
        let (right_bottom, left_bottom) = (rect.right_bottom(), rect.left_bottom());
        let rest = 1.0 - QUARTER;
        let mut segments =
            vec![Segment::Move(at(left_top, nw.x, 0.0)), Segment::Line(at(right_top, -ne.x, 0.0))];
        let mut corner = |radius: Vec2, curve: Segment, line: [f32; 2]| {
            if radius != Vec2::ZERO {
                segments.push(curve);
            }
            segments.push(Segment::Line(line));
        };
        corner(
            ne,
            Segment::Cubic(
                at(right_top, -ne.x * rest, 0.0),
                at(right_top, 0.0, ne.y * rest),
                at(right_top, 0.0, ne.y),
            ),
            at(right_bottom, 0.0, -se.y),
        );
        corner(
            se,
            Segment::Cubic(
                at(right_bottom, 0.0, -se.y * rest),
                at(right_bottom, -se.x * rest, 0.0),
                at(right_bottom, -se.x, 0.0),
            ),
            at(left_bottom, sw.x, 0.0),
        );
        corner(
            sw,
            Segment::Cubic(
                at(left_bottom, sw.x * rest, 0.0),
                at(left_bottom, 0.0, -sw.y * rest),
                at(left_bottom, 0.0, -sw.y),
            ),
            at(left_top, 0.0, nw.y),
        );
        if nw != Vec2::ZERO {
            let to = at(left_top, nw.x, 0.0);
            segments.push(Segment::Cubic(at(left_top, 0.0, nw.y * rest), at(left_top, nw.x * rest, 0.0), to));
        }
        segments.push(Segment::Close);
        segments
    }

    fn rectangle(&mut self, shape: &RectShape) {
        // What is blurred is the shadow of something that stands above the picture.
        if shape.blur_width > 0.0 {
            return;
        }
        let radii = CornerRadiusF32::from(shape.corner_radius);
        let radii = |by: f32| {
            [radii.nw, radii.ne, radii.se, radii.sw]
                .map(|r| Vec2::splat(if r > 0.0 { (r + by).max(0.0) } else { 0.0 }))
        };
        if shape.fill != Color32::TRANSPARENT {
            let segments = self.rounded(shape.rect, radii(0.0));
            self.path(segments, shape.fill, Stroke::NONE);
        }
        if !shape.stroke.is_empty() {
            let by = shape.stroke.width / 2.0
                * match shape.stroke_kind {
                    StrokeKind::Inside => -1.0,
                    StrokeKind::Middle => 0.0,
                    StrokeKind::Outside => 1.0,
                };
            let segments = self.rounded(shape.rect.expand(by), radii(by));
            self.path(segments, Color32::TRANSPARENT, shape.stroke);
        }
    }

    /// An image as rectangles, one for each run of equal pixels in a row.
    fn image(&mut self, place: Rect, image: &ColorImage) {
        let pixel = place.size() / Vec2::new(image.width() as f32, image.height() as f32);
        let clip = self.clip;
        self.clip = clip.intersect(place);
        for (row, pixels) in image.pixels.chunks_exact(image.width().max(1)).enumerate() {
            let mut column = 0;
            for run in pixels.chunk_by(|a, b| a == b) {
                let from = place.min + pixel * Vec2::new(column as f32, row as f32);
                let size = pixel * Vec2::new(run.len() as f32, 1.0) + Vec2::splat(OVERLAP);
                let segments = self.rounded(Rect::from_min_size(from, size), [Vec2::ZERO; 4]);
                self.path(segments, run[0], Stroke::NONE);
                column += run.len();
            }
        }
        self.clip = clip;
    }

    /// A whole image, or triangles of one color each. What shows a part of a texture is left out.
    fn mesh(&mut self, mesh: &Mesh) {
        if let Some(ImageData::Color(image)) = self.images.get(&mesh.texture_id) {
            return self.image(mesh.calc_bounds(), image);
        }
        for triangle in mesh.indices.chunks_exact(3) {
            let corner = |idx: usize| mesh.vertices.get(triangle[idx] as usize);
            let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
            if [a, b, c].iter().any(|vertex| vertex.uv != egui::epaint::WHITE_UV) {
                continue;
            }
            let mix = |channel: fn(&Color32) -> u8| {
                let sum: u16 = [a, b, c].iter().map(|vertex| u16::from(channel(&vertex.color))).sum();
                (sum / 3) as u8
            };
            let fill = Color32::from_rgba_premultiplied(
                mix(Color32::r),
                mix(Color32::g),
                mix(Color32::b),
                mix(Color32::a),
            );
            let segments = self.polyline(&[a.pos, b.pos, c.pos], true);
            self.path(segments, fill, Stroke::NONE);
        }
    }

    fn text(&mut self, shape: &TextShape) {
        let galley = &shape.galley;
        let mut chars = galley.job.text.char_indices().peekable();
        let mut runs: Vec<(Color32, String, Vec<Glyph>)> = Vec::new();
        let (sin, cos) = shape.angle.sin_cos();
        for row in &galley.rows {
            for glyph in &row.row.glyphs {
                let byte = chars.next().map_or(galley.job.text.len(), |(byte, _)| byte);
                let holds = |section: &&egui::text::LayoutSection| section.byte_range.end.0 > byte;
                let section = galley.job.sections.iter().find(holds).or(galley.job.sections.last());
                let Some(format) = section.map(|section| &section.format) else { continue };
                let at = row.pos.to_vec2() + glyph.pos.to_vec2();
                let turned = Vec2::new(at.x * cos - at.y * sin, at.x * sin + at.y * cos);
                // A blank has no outline, but it is said.
                let outline = self.outlines.find(&format.font_id.family, glyph.chr);
                let placed = outline.map(|outline| Glyph {
                    outline,
                    at: self.point(shape.pos + turned),
                    size: format.font_id.size,
                    angle: shape.angle.to_degrees(),
                });
                let own =
                    if format.color == Color32::PLACEHOLDER { shape.fallback_color } else { format.color };
                let own = shape.override_text_color.unwrap_or(own).gamma_multiply(shape.opacity_factor);
                match runs.last_mut().filter(|(color, ..)| *color == own) {
                    Some((_, text, glyphs)) => {
                        text.push(glyph.chr);
                        glyphs.extend(placed);
                    }
                    None => runs.push((own, glyph.chr.to_string(), placed.into_iter().collect())),
                }
            }
            if row.ends_with_newline {
                chars.next();
            }
        }
        for (own, text, glyphs) in runs {
            if let Some(color) = color(own).filter(|_| !glyphs.is_empty()) {
                self.add(Mark::Text { text, glyphs, color });
            }
        }
    }
}

fn closed_if(closed: bool, mut segments: Vec<Segment>) -> Vec<Segment> {
    if closed && !segments.is_empty() {
        segments.push(Segment::Close);
    }
    segments
}

/// The color of a line; one that changes along the line is not used here.
fn solid(mode: &ColorMode) -> Color32 {
    match mode {
        ColorMode::Solid(color) => *color,
        ColorMode::UV(_) => Color32::GRAY,
    }
}

/// A color as a picture has it; none where nothing would be seen.
fn color(color: Color32) -> Option<Color> {
    (color.a() > 0).then(|| color.to_srgba_unmultiplied())
}
