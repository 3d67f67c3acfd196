//! PNG: the same paths as pixels, smoothed at their edges.
//!
//! Must not know how a picture is made.

use tiny_skia::{FillRule, Mask, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::{Color, Mark, Segment, VectorImage};

/// More pixels than this on a side are not made.
const MAX_SIDE: f32 = 16_384.0;

/// The whole file, `scale` pixels a point. None for a picture without a size, or one that is too large.
pub fn png(image: &VectorImage, scale: f32) -> Option<Vec<u8>> {
    let (width, height) = ((image.width * scale).ceil(), (image.height * scale).ceil());
    if !(1.0..=MAX_SIDE).contains(&width) || !(1.0..=MAX_SIDE).contains(&height) {
        return None;
    }
    let mut canvas = Canvas {
        pixels: Pixmap::new(width as u32, height as u32)?,
        scale: Transform::from_scale(scale, scale),
        clip: None,
    };
    canvas.pixels.fill(color(image.background));
    let glyphs: Vec<Option<Path>> = image.glyphs.iter().map(|outline| path(outline)).collect();
    for item in &image.items {
        canvas.clip_to(item.clip.filter(|&clip| !image.shows_all(clip)));
        match &item.mark {
            Mark::Path { segments, fill, stroke } => {
                let Some(path) = path(segments) else { continue };
                if let Some(fill) = fill {
                    canvas.fill(&path, *fill, Transform::identity());
                }
                if let Some((color, width)) = stroke {
                    canvas.stroke(&path, *color, *width);
                }
            }
            Mark::Text { glyphs: placed, color, .. } => {
                for glyph in placed {
                    let Some(Some(outline)) = glyphs.get(glyph.outline) else { continue };
                    let place = Transform::from_translate(glyph.at[0], glyph.at[1])
                        .pre_rotate(glyph.angle)
                        .pre_scale(glyph.size, glyph.size);
                    canvas.fill(outline, *color, place);
                }
            }
        }
    }
    canvas.pixels.encode_png().ok()
}

/// The pixels so far.
struct Canvas {
    pixels: Pixmap,
    scale: Transform,
    /// What is painted into now, with the rectangle that it shows.
    clip: Option<([f32; 4], Mask)>,
}

impl Canvas {
    fn clip_to(&mut self, clip: Option<[f32; 4]>) {
        if self.clip.as_ref().map(|(known, _)| *known) == clip {
            return;
        }
        self.clip = clip.and_then(|clip| {
            let mut mask = Mask::new(self.pixels.width(), self.pixels.height())?;
            let [left, top, right, bottom] = clip;
            if let Some(rectangle) = Rect::from_ltrb(left, top, right, bottom) {
                mask.fill_path(&PathBuilder::from_rect(rectangle), FillRule::Winding, true, self.scale);
            }
            Some((clip, mask))
        });
    }

    fn fill(&mut self, path: &Path, fill: Color, place: Transform) {
        let transform = place.post_concat(self.scale);
        let mask = self.clip.as_ref().map(|(_, mask)| mask);
        self.pixels.fill_path(path, &paint(fill), FillRule::Winding, transform, mask);
    }

    fn stroke(&mut self, path: &Path, color: Color, width: f32) {
        let stroke = Stroke { width, ..Stroke::default() };
        let mask = self.clip.as_ref().map(|(_, mask)| mask);
        self.pixels.stroke_path(path, &paint(color), &stroke, self.scale, mask);
    }
}

fn path(segments: &[Segment]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in segments {
        match *segment {
            Segment::Move([x, y]) => builder.move_to(x, y),
            Segment::Line([x, y]) => builder.line_to(x, y),
            Segment::Quadratic([a, b], [x, y]) => builder.quad_to(a, b, x, y),
            Segment::Cubic([a, b], [c, d], [x, y]) => builder.cubic_to(a, b, c, d, x, y),
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

fn color([red, green, blue, alpha]: Color) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(red, green, blue, alpha)
}

fn paint(fill: Color) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(color(fill));
    paint
}
